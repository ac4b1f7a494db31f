//! The journal as Beancount reads it; `bean-check` finds nothing to say about it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDate;

use super::JournalEntry;
use crate::books::double_entry::AccountPath;

pub(super) fn begin(out: &mut dyn Write, words: &str) -> io::Result<()> {
    writeln!(out, "option \"title\" {}", quoted(words))
}

pub(super) fn entry(out: &mut dyn Write, entry: &JournalEntry<'_>) -> io::Result<()> {
    let posted = entry.posted;
    writeln!(
        out,
        "\n{} * {}\n  number: {}\n  udsync: {}",
        posted.date,
        quoted(posted.kind.as_str()),
        quoted(&posted.number),
        quoted(&entry.origin)
    )?;
    if let Some(rate) = posted
        .document
        .as_ref()
        .and_then(|document| document.exchange_rate)
    {
        writeln!(out, "  rate: {rate}")?;
    }
    for (name, posting) in &entry.postings {
        writeln!(out, "  {name}  {} {}", posting.amount, posted.currency)?;
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
    for (currency, day) in currencies {
        writeln!(out, "{day} commodity {currency}")?;
    }
    for (name, (day, account)) in accounts {
        writeln!(out, "{day} open {name}")?;
        let written = format!("{}:{}", account.root.as_str(), account.names.join(":"));
        if written != *name {
            writeln!(out, "  name: {}", quoted(&written))?;
        }
    }
    writeln!(out, "\n; {words}")
}

fn quoted(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}
