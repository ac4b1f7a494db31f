//! `history metrics`: figures by day, and for a collector.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use crate::app::App;
use crate::app::metered::Metered;
use crate::app::metrics::{RunsSum, seconds};
use crate::model::run::Tally;
use crate::run::figures::figures;
use crate::store::Store;

use super::args::{Global, MetricsArgs, Output};
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::table::{TextTable, width_of_answer};
use super::{file, out};
use crate::run::sheet as csv;

/// Runs `history metrics`.
pub fn metrics(global: &Global, args: &MetricsArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let figures = figures(&app, &store, args.since, args.until)?;
    let (days, metered) = (&figures.days, figures.metered);
    match output(global) {
        Output::Csv => out::print(&csv::metrics(days)),
        Output::Json => out::print_json(&figures.document()),
        Output::Text if days.is_empty() => out::answer("no runs in these days\n"),
        Output::Text => {
            out::answer(&text(days));
            if let Some(Metered { used, allowed }) = metered.filter(|metered| metered.allowed > 0) {
                out::answer(&format!(
                    "\n{used} of {allowed} reads that Intuit counts are used this month\n"
                ));
            }
        }
    }
    if let Some(path) = &args.metrics_file {
        keep(&app, &store, path)?;
    }
    Ok(exit::DONE)
}

/// Writes the figures for a collector.
pub fn keep(app: &App, store: &Store, path: &Path) -> Result<(), Failure> {
    file::write(path, app.prometheus(store)?.as_bytes())
}

fn text(days: &BTreeMap<NaiveDate, RunsSum>) -> String {
    let header = [
        "day", "runs", "errors", "read", "written", "waiting", "longest", "reads", "writes",
    ];
    let mut table = TextTable::new(&header, &[1, 2, 3, 4, 5, 6, 7, 8]);
    for (day, sum) in days {
        let total = |of: fn(&Tally) -> u64| sum.tallies.values().map(of).sum();
        let figures: [u64; 5] = [
            sum.runs,
            sum.errors,
            sum.read(),
            total(|tally| tally.created + tally.updated + tally.voided + tally.deleted),
            total(|tally| tally.held + tally.failed + tally.conflicts),
        ];
        let mut cells = vec![day.to_string()];
        cells.extend(figures.map(|figure| figure.to_string()));
        cells.push(format!("{} s", seconds(sum.ms_longest)));
        let requests: [u64; 2] = [
            total(|tally| tally.requests.reads),
            total(|tally| tally.requests.writes),
        ];
        cells.extend(requests.map(|figure| figure.to_string()));
        table.row(cells, String::new());
    }
    table.render(width_of_answer())
}
