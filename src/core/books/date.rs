//! Dates: on which day of the books something happened.
//!
//! The day is taken in the time zone of the books from an instant, never from the shop's local
//! time: the shop's zone is not the books' zone.

use chrono::{DateTime, Datelike, Days, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::case::OrderCase;
use crate::model::rules::SalesDate;

pub(super) fn day(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let utc = instant.naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    // Only at the very ends of the calendar can the local time not be told.
    utc.checked_add_offset(offset).unwrap_or(utc).date()
}

pub(super) fn day_of(case: &OrderCase<'_>, instant: DateTime<Utc>) -> NaiveDate {
    day(instant, case.rules.timezone)
}

/// The day of a sales receipt, as the policy `sales_date` chooses it.
pub(super) fn sales_receipt(case: &OrderCase<'_>) -> NaiveDate {
    let order = case.order;
    let chosen = match case.rules.policy.sales_date {
        SalesDate::DatePaid => order.paid_at,
        SalesDate::DateCreated => None,
        SalesDate::DateCompleted => order.completed_at,
    };
    day_of(case, chosen.unwrap_or(order.created_at))
}

pub(super) fn invoice(case: &OrderCase<'_>) -> NaiveDate {
    day_of(case, case.order.created_at)
}

/// Whether something can have happened on that day: not before there were such shops, and not long after the order was last
/// touched. A plugin that imports orders may write year 1 or year 9999.
pub(super) fn is_likely(case: &OrderCase<'_>, on: NaiveDate) -> bool {
    const FIRST_YEAR: i32 = 2000;
    const AHEAD: Days = Days::new(366);
    let touched = day_of(case, case.order.modified_at);
    let last = touched.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    on.year() >= FIRST_YEAR && on <= last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sale_before_midnight_in_the_books_belongs_to_the_day_before() {
        let instant = "2025-07-01T05:30:00Z".parse().expect("a time");
        let days = [Tz::America__Edmonton, Tz::UTC, Tz::Asia__Tokyo]
            .map(|zone| day(instant, zone).to_string());
        assert_eq!(days, ["2025-06-30", "2025-07-01", "2025-07-01"]);
    }

    #[test]
    fn the_ends_of_the_calendar_are_days_too() {
        for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            day(instant, Tz::America__Edmonton);
            day(instant, Tz::Asia__Tokyo);
        }
    }
}
