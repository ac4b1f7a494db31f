//! Periods: which day an order belongs to, and whether the books are still open for it.

use chrono_tz::Tz;

use super::facts::DoctorFacts;
use super::finding::{Finding, Matter, count};
use crate::model::code;
use crate::model::rules::ClosedPeriod;

/// The code of records that wait because the books are closed.
const CLOSED: &str = code::PERIOD_CLOSED;

pub fn closing_date(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let held = facts.state.known().map_or(0, |known| {
        let held = known.problems.iter();
        held.filter(|problem| problem.reason.code == CLOSED).count()
    });
    let Some(closed) = books.company.closed_through else {
        return vec![Finding::ok("the books have no closing date")];
    };
    let said = format!("the books are closed through {closed}");
    if held > 0 {
        return vec![
            Finding::problem(format!("{said}, and {} for that time", waiting(held)))
                .cause("nothing dated on or before the closing date can be written")
                .fix("move the closing date in QuickBooks (Account and settings, Advanced), or set `closed_period = \"first_open_day\"` in `[books.policy]`; then run `udsync retry --all`"),
        ];
    }
    let policy = match facts.config.rules.policy.closed_period {
        ClosedPeriod::Hold => "what is dated before is held",
        ClosedPeriod::FirstOpenDay => "what is new and dated before goes to the first open day",
    };
    let today = facts
        .now
        .with_timezone(&facts.config.rules.timezone)
        .date_naive();
    let finding = if closed >= today {
        Finding::warning(format!("{said}, which is not over yet"))
            .cause("nothing that is sold now can be posted")
            .fix("move the closing date in QuickBooks (Account and settings, Advanced)")
    } else {
        Finding::note(said).cause(policy)
    };
    vec![finding]
}

fn waiting(held: usize) -> String {
    let verb = if held == 1 { "waits" } else { "wait" };
    format!("{} {verb}", count(held as u64, "record"))
}

pub fn timezone(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(shop) = facts.shop.done() else {
        return Vec::new();
    };
    let ours = facts.config.rules.timezone;
    let theirs = &shop.about.timezone;
    let nothing_ran = (facts.state.known()).is_none_or(|known| known.last_run.is_none());
    if nothing_ran && !facts.config.says("books.timezone") {
        return vec![Finding::ok(format!(
            "the days of the books will be those of the shop, `{theirs}`"
        ))];
    }
    if is_same_zone(theirs, ours, facts) {
        return vec![Finding::ok(format!(
            "the shop and the books are in `{ours}`"
        ))];
    }
    vec![
        Finding::warning(format!(
            "the shop is in `{theirs}`, the books are in `{ours}`"
        ))
        .cause("an order near midnight gets another day in the books than the shop shows")
        .fix(format!(
            "set `timezone = \"{theirs}\"` in `[books]` if the days shall be the shop's"
        ))
        .matter(Matter::Config),
    ]
}

/// Names of one zone differ; what counts is that it is the same time there, now and half a year from now.
fn is_same_zone(theirs: &str, ours: Tz, facts: &DoctorFacts) -> bool {
    use chrono::{FixedOffset, Offset, TimeDelta, TimeZone};
    let at = |days: i64| facts.now + TimeDelta::days(days);
    let offset = |time: chrono::DateTime<chrono::Utc>| {
        ours.offset_from_utc_datetime(&time.naive_utc()).fix()
    };
    if let Ok(zone) = theirs.parse::<Tz>() {
        let there = |time: chrono::DateTime<chrono::Utc>| {
            zone.offset_from_utc_datetime(&time.naive_utc()).fix()
        };
        return [0, 182]
            .map(at)
            .iter()
            .all(|time| there(*time) == offset(*time));
    }
    // A bare offset says nothing about summer.
    theirs
        .parse::<FixedOffset>()
        .is_ok_and(|there| [0, 182].map(at).iter().any(|time| there == offset(*time)))
}
