//! The journal as `hledger` reads it; `hledger check --strict` finds nothing to say about it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDate;

use super::JournalEntry;
use crate::books::double_entry::AccountPath;

pub(super) fn begin(out: &mut dyn Write, words: &str) -> io::Result<()> {
    writeln!(out, "; {}\n\ndecimal-mark .", in_line(words))
}

pub(super) fn entry(out: &mut dyn Write, entry: &JournalEntry<'_>) -> io::Result<()> {
    let posted = entry.posted;
    // A bracket would end the code.
    let number = in_line(&posted.number).replace(['(', ')'], "-");
    writeln!(
        out,
        "\n{} * ({number}) {}  ; udsync: {}",
        posted.date, posted.kind, entry.origin
    )?;
    if let Some(rate) = posted
        .document
        .as_ref()
        .and_then(|document| document.exchange_rate)
    {
        writeln!(out, "    ; rate: {rate}")?;
    }
    for (name, posting) in &entry.postings {
        writeln!(out, "    {name}  {} {}", posting.amount, posted.currency)?;
    }
    Ok(())
}

pub(super) fn end(
    out: &mut dyn Write,
    accounts: &BTreeMap<String, (NaiveDate, AccountPath)>,
    currencies: &BTreeMap<String, NaiveDate>,
    words: &str,
) -> io::Result<()> {
    writeln!(out)?;
    for currency in currencies.keys() {
        writeln!(out, "commodity 1000.00 {currency}")?;
    }
    for name in accounts.keys() {
        writeln!(out, "account {name}")?;
    }
    writeln!(out, "\n; {words}")
}

/// A text that ends where its line does and begins no remark.
fn in_line(text: &str) -> String {
    text.replace(char::is_control, " ").replace(';', ",")
}
