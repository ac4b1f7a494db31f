//! `export`: every posted document as double entry, for a program that somebody else wrote.

use std::path::PathBuf;

use clap::Args;

use crate::app::double_entry::{JournalForm, JournalTally, Unwritten, write_journal};

use super::args::Global;
use super::days::PeriodArgs;
use super::report::{Failure, exit};
use super::session::open_shop;
use super::{file, out};

/// Write what was posted as double entry, for hledger or Beancount
///
/// Every document that stands in the books and that udsync posted is an entry whose sides add up to nothing, so that a program
/// of somebody else can check the books and look at them in its own way. What was voided or deleted, what is held, and what a person entered is left
/// out. It is made from the state file alone, asks no service, and names no customer. How accounts are named is told in
/// `udsync man accounting`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("program").required(true).args(["hledger", "beancount"])))]
#[command(
    after_help = "Examples:\n  udsync export --hledger --period 2026-10 --out october.journal\n  udsync export --beancount --from 2026-01-01 --out books.beancount\n  udsync export --hledger | hledger -f - balance"
)]
pub struct BooksExportArgs {
    /// Write a journal for hledger
    #[arg(long)]
    pub hledger: bool,
    /// Write a file for Beancount
    #[arg(long)]
    pub beancount: bool,
    #[command(flatten)]
    pub days: PeriodArgs,
    /// Into this file; without it, to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Runs `export`.
pub fn export(global: &Global, args: &BooksExportArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let form = if args.hledger {
        JournalForm::Hledger
    } else {
        JournalForm::Beancount
    };
    let rules = &app.config.rules;
    let mut written = Ok(JournalTally::default());
    file::write_by(args.out.as_deref(), |out| {
        written = write_journal(&store, rules, args.days.range(), form, out);
        match &written {
            // What was written so far is no journal, and does not take the place of one.
            Err(Unwritten::State(_)) => Err(std::io::Error::other("the state could not be read")),
            Err(Unwritten::File(error)) => {
                Err(std::io::Error::new(error.kind(), error.to_string()))
            }
            Ok(_) => Ok(()),
        }
    })
    .map_err(|failure| match &written {
        Err(Unwritten::State(error)) => error.clone().into(),
        _ => failure,
    })?;
    if let Ok(tally) = written
        && args
            .out
            .as_deref()
            .is_some_and(|path| !file::is_stream(path))
        && !global.quiet
    {
        out::say(&told(&tally));
    }
    Ok(exit::DONE)
}

fn told(tally: &JournalTally) -> String {
    let documents = match tally.documents {
        1 => "1 document".to_owned(),
        n => format!("{n} documents"),
    };
    let mut left_out = Vec::new();
    if tally.voided > 0 {
        left_out.push(format!("{} voided", tally.voided));
    }
    if tally.by_others > 0 {
        left_out.push(format!("{} entered by a person", tally.by_others));
    }
    match left_out.is_empty() {
        true => documents,
        false => format!("{documents}; left out: {}", left_out.join(", ")),
    }
}
