//! The days that a report or an export covers, as people name them. Days are those of the books: a document has its day already, and
//! a moment gets one by the zone of the books.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

/// From a day to a day, both within; an end that is open is as far as there are documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DayRange {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl DayRange {
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.whole().contains(&day)
    }

    /// With both ends.
    pub fn whole(&self) -> RangeInclusive<NaiveDate> {
        // The state file compares days as text, and so far the text of a day has four digits for the year.
        let first = NaiveDate::from_ymd_opt(1, 1, 1).expect("a day");
        let last = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");
        self.from.unwrap_or(first)..=self.until.unwrap_or(last)
    }

    /// Months, from the first day on.
    fn months(year: i32, first: u32, count: u32) -> Option<DayRange> {
        let from = NaiveDate::from_ymd_opt(year, first, 1)?;
        let until = from.checked_add_months(Months::new(count))?.pred_opt()?;
        (1..=9999).contains(&from.year()).then_some(DayRange {
            from: Some(from),
            until: Some(until),
        })
    }
}

/// `2026-10`, `2026-Q4`, `2026`
impl FromStr for DayRange {
    type Err = String;

    fn from_str(text: &str) -> Result<DayRange, String> {
        let wrong =
            || "write a month as 2026-10, a quarter as 2026-Q4, or a year as 2026".to_owned();
        let digits = |text: &str, count: usize| -> Option<u32> {
            let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse().ok()).flatten()
        };
        let (year, part) = match text.split_once('-') {
            Some((year, part)) => (year, Some(part)),
            None => (text, None),
        };
        let year = digits(year, 4)
            .and_then(|year| i32::try_from(year).ok())
            .ok_or_else(wrong)?;
        let range = match part {
            None => DayRange::months(year, 1, 12),
            Some(part) => match part.strip_prefix(['Q', 'q']) {
                Some(quarter) => digits(quarter, 1)
                    .filter(|quarter| (1..=4).contains(quarter))
                    .and_then(|quarter| DayRange::months(year, quarter * 3 - 2, 3)),
                None => digits(part, 2).and_then(|month| DayRange::months(year, month, 1)),
            },
        };
        range.ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_a_quarter_and_a_year_have_their_first_and_last_day() {
        for (text, from, until) in [
            ("2026-10", "2026-10-01", "2026-10-31"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-Q1", "2026-01-01", "2026-03-31"),
            ("2026-q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
        ] {
            let range: DayRange = text.parse().expect("a period");
            let days = range.whole();
            assert_eq!(
                (days.start().to_string(), days.end().to_string()),
                (from.to_owned(), until.to_owned())
            );
        }
        for text in [
            "",
            "26-10",
            "2026-1",
            "2026-13",
            "2026-Q5",
            "2026-10-01",
            "0000-01",
            "2026-+1",
        ] {
            let said = text.parse::<DayRange>().expect_err(text);
            assert!(said.starts_with("write a month as 2026-10"), "{said}");
        }
    }
}
