//! Which days a report or an export covers, as flags say it.

use chrono::NaiveDate;
use clap::Args;

use crate::app::days::DayRange;
use crate::sandbox::demo;

#[derive(Clone, Copy, Debug, Args)]
pub struct PeriodArgs {
    /// Only documents of this month, quarter or year: 2026-10, 2026-Q4, 2026
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["from", "until"])]
    pub period: Option<DayRange>,
    /// From this day on; days are those of the books
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
}

impl PeriodArgs {
    /// Without any flag, all days.
    pub fn range(&self) -> DayRange {
        self.period.unwrap_or(DayRange {
            from: self.from,
            until: self.until,
        })
    }
}

/// The days of the sandbox are written down: there, nobody's calendar decides what is recent.
pub(super) fn days_of_sandbox(is_sandbox: bool, since: Option<NaiveDate>) -> Option<NaiveDate> {
    since.or_else(|| is_sandbox.then(|| demo::FIRST_DAY.parse().ok())?)
}
