//! `history metrics`: figures by day, and for a collector.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::app::App;
use crate::app::metered::Metered;
use crate::app::metrics::{Sum, by_day, seconds, start_of};
use crate::model::run::Tally;
use crate::store::{History, RunFilter, Store};

use super::args::{Global, MetricsArgs, Output, day_after};
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::table::{Table, width_of_answer};
use super::{csv, file, out};

/// Without a day to begin with.
const DAYS: u64 = 30;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    shop: &'a str,
    days: Vec<DayView<'a>>,
    reads_used_this_month: u64,
    reads_allowed_per_month: u64,
}

#[derive(Serialize)]
struct DayView<'a> {
    day: NaiveDate,
    runs: u64,
    errors: u64,
    seconds_total: String,
    seconds_longest: String,
    targets: BTreeMap<&'a str, &'a Tally>,
}

/// Runs `history metrics`.
pub fn metrics(global: &Global, args: &MetricsArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = match Store::open_read_only(&app.state)? {
        Some(store) => store,
        None => Store::in_memory()?,
    };
    let zone = app.config.rules.timezone;
    let today = app.clock.now().with_timezone(&zone).date_naive();
    let since = args.since.or_else(|| {
        args.until
            .unwrap_or(today)
            .checked_sub_days(Days::new(DAYS - 1))
    });
    let runs = store.runs(&RunFilter {
        since: since.map(|day| start_of(zone, day)),
        until: args
            .until
            .and_then(day_after)
            .map(|day| start_of(zone, day)),
        ..RunFilter::default()
    })?;
    let days = by_day(&runs, zone);
    let metered = app.metered(&store)?;
    match output(global) {
        Output::Csv => out::print(&csv::metrics(&days)),
        Output::Json => out::print_json(&Document {
            schema: "udsync/metrics/1",
            shop: &app.config.shop.name,
            days: days.iter().map(day_view).collect(),
            reads_used_this_month: metered.map_or(0, |metered| metered.used),
            reads_allowed_per_month: metered.map_or(0, |metered| metered.allowed),
        }),
        Output::Text if days.is_empty() => out::print("no runs in these days\n"),
        Output::Text => {
            out::print(&text(&days));
            if let Some(Metered { used, allowed }) = metered.filter(|metered| metered.allowed > 0) {
                out::print(&format!(
                    "\n{used} of {allowed} metered reads are used this month\n"
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

fn day_view<'a>((day, sum): (&NaiveDate, &'a Sum)) -> DayView<'a> {
    DayView {
        day: *day,
        runs: sum.runs,
        errors: sum.errors,
        seconds_total: seconds(sum.ms_total),
        seconds_longest: seconds(sum.ms_longest),
        targets: sum
            .tallies
            .iter()
            .map(|(target, tally)| (target.as_str(), tally))
            .collect(),
    }
}

fn text(days: &BTreeMap<NaiveDate, Sum>) -> String {
    let header = [
        "day", "runs", "errors", "read", "written", "waiting", "longest", "reads", "writes",
    ];
    let mut table = Table::new(&header, &[1, 2, 3, 4, 5, 6, 7, 8]);
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
