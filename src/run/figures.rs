//! Figures: the history added up by day, for whoever asks.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::failure::Failure;
use crate::app::App;
use crate::app::metered::Metered;
use crate::app::metrics::{RunsSum, by_day, day_after, seconds, start_of};
use crate::model::run::Tally;
use crate::store::{History, RunFilter, Store};

/// Without a day to begin with.
const DAYS: u64 = 30;

/// Runs by day, and what they asked of the books.
pub struct Figures {
    pub shop: String,
    pub days: BTreeMap<NaiveDate, RunsSum>,
    pub metered: Option<Metered>,
}

/// The figures of these days, which are those of the books' time zone.
pub fn figures(
    app: &App,
    store: &Store,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Result<Figures, Failure> {
    let zone = app.config.rules.timezone;
    let today = app.clock.now().with_timezone(&zone).date_naive();
    let since = since.or_else(|| until.unwrap_or(today).checked_sub_days(Days::new(DAYS - 1)));
    let runs = store.runs(&RunFilter {
        since: since.map(|day| start_of(zone, day)),
        until: until.and_then(day_after).map(|day| start_of(zone, day)),
        ..RunFilter::default()
    })?;
    Ok(Figures {
        shop: app.config.shop.name.clone(),
        days: by_day(&runs, zone),
        metered: app.metered(store)?,
    })
}

impl Figures {
    /// Its form for machines.
    pub fn document(&self) -> MetricsDocument<'_> {
        MetricsDocument {
            schema: "udsync/metrics/1",
            shop: &self.shop,
            days: self.days.iter().map(day_view).collect(),
            reads_used_this_month: self.metered.map_or(0, |metered| metered.used),
            reads_allowed_per_month: self.metered.map_or(0, |metered| metered.allowed),
        }
    }
}

/// The document of `history metrics`.
#[derive(Serialize)]
pub struct MetricsDocument<'a> {
    schema: &'static str,
    shop: &'a str,
    days: Vec<DayOfRuns<'a>>,
    reads_used_this_month: u64,
    reads_allowed_per_month: u64,
}

#[derive(Serialize)]
struct DayOfRuns<'a> {
    day: NaiveDate,
    runs: u64,
    errors: u64,
    seconds_total: String,
    seconds_longest: String,
    targets: BTreeMap<&'a str, &'a Tally>,
}

fn day_view<'a>((day, sum): (&NaiveDate, &'a RunsSum)) -> DayOfRuns<'a> {
    DayOfRuns {
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
