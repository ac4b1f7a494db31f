//! `report`: what was posted, added up by day or month, on the screen, as a table for a spreadsheet or on paper.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::double_entry::Unwritten;
use crate::app::papers::csv;
use crate::app::reports::{ReportKind, ReportTable, RowSpan, report as add_up};

use super::args::{Global, Output};
use super::days::PeriodArgs;
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::table::{TextTable, width_of_answer};
use super::{file, out, paper, plain};

/// Add up what was posted: sales, tax, fees, refunds, the accounts between; or what waits
///
/// Each row is a day or a month in one currency; totals stand below, by currency. A report counts the documents that stand in the books and that udsync
/// posted, by their own date; what was voided or deleted, what is held, and what a person entered is not in it. `problems` counts what
/// is held, failed or set aside, by the day on which it was met first. It is made from the state file alone, asks no service, and names no
/// customer. `clearing` follows the money: what each account between shop and bank had, got and gave, up to what it holds; its
/// column `payouts` is what `sync payouts` has posted.
/// `--output html`, `xlsx` and `pdf` make a page, a spreadsheet and paper of it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync report sales --period 2026-10\n  udsync report tax --period 2026-Q4 --by month --output csv --out tax.csv\n  udsync report refunds --from 2026-10-01 --until 2026-10-15 --json\n  udsync report sales --period 2026 --by month --output xlsx --out sales.xlsx\n  udsync report clearing --period 2026-10 --by month --output html --out clearing.html"
)]
pub struct ReportArgs {
    /// What is added up
    #[arg(value_name = "REPORT", value_enum)]
    pub what: ReportName,
    #[command(flatten)]
    pub days: PeriodArgs,
    /// A row for each of these
    #[arg(long, value_enum, default_value = "day")]
    pub by: RowName,
    /// Into this file; without it, to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportName {
    /// What was sold: goods, discounts, shipping, fees, tax
    Sales,
    /// Tax by rate: what was charged and what was given back
    Tax,
    /// What the gateways kept, by the account that paid it
    Fees,
    /// What was given back
    Refunds,
    /// What is held, failed or set aside
    Problems,
    /// Each account that money of the shop went through: opening + sales - refunds - fees - payouts = closing
    Clearing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowName {
    Day,
    Month,
}

/// Runs `report`.
pub fn report(global: &Global, args: &ReportArgs) -> Result<u8, Failure> {
    paper::check(global.paper(), args.out.as_deref())?;
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let kind = match args.what {
        ReportName::Sales => ReportKind::Sales,
        ReportName::Tax => ReportKind::Tax,
        ReportName::Fees => ReportKind::Fees,
        ReportName::Refunds => ReportKind::Refunds,
        ReportName::Problems => ReportKind::Problems,
        ReportName::Clearing => ReportKind::Clearing,
    };
    let span = match args.by {
        RowName::Day => RowSpan::Day,
        RowName::Month => RowSpan::Month,
    };
    let zone = app.config.rules.timezone;
    let table = match add_up(&store, zone, kind, args.days.range(), span) {
        Ok(table) => table,
        Err(Unwritten::State(error)) => return Err(error.into()),
        Err(Unwritten::File(error)) => unreachable!("adding up writes nothing: {error}"),
    };
    let to_file = args.out.as_deref().filter(|path| !file::is_stream(path));
    let made = table.paper(&app.config.rules.store);
    if let Some(form) = global.paper() {
        paper::print(&made, form, to_file)?;
        return Ok(exit::DONE);
    }
    let words = match output(global) {
        Output::Csv => {
            let rows = &made.tables[0];
            if to_file.is_some() {
                file::write_by(to_file, |out| csv::write(rows, out))?;
                return Ok(exit::DONE);
            }
            let mut bytes = Vec::new();
            csv::write(rows, &mut bytes).expect("a vector takes everything");
            String::from_utf8(bytes).expect("only text was written")
        }
        Output::Json => {
            let text = serde_json::to_string_pretty(&table.document())
                .expect("our own values always have a JSON form");
            plain::json(&format!("{text}\n")).into_owned()
        }
        Output::Text if table.is_empty() => "nothing in these days\n".to_owned(),
        Output::Text => {
            // A file is as wide as it takes, so that it is the same on every screen.
            let width = match to_file {
                Some(_) => None,
                None => width_of_answer(),
            };
            text(&table, width)
        }
    };
    match to_file {
        Some(path) => file::write(path, words.as_bytes())?,
        None => out::print(&words),
    }
    Ok(exit::DONE)
}

/// The rows, and the totals below.
fn text(table: &ReportTable, width: Option<usize>) -> String {
    let words = table.words();
    let header = table.header();
    let figures: Vec<usize> = (words + 1..header.len()).collect();
    let mut rows = TextTable::new(&header, &figures);
    for cells in table.rows() {
        rows.row(cells, String::new());
    }
    for mut cells in table.totals() {
        cells.insert(0, "total".to_owned());
        rows.row(cells, String::new());
    }
    rows.render(width)
}
