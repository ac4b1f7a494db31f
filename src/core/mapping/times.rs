//! Times and dates: read as shops write them, written as tables want them.
//!
//! The shop's `…_gmt` fields are UTC and do not say so. A date of zeros, which old shops hold, is none.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

use super::problem::{ValueProblem, Why};

/// Reads a time; without a zone it is in UTC.
pub fn time(text: &str) -> Result<Option<DateTime<Utc>>, ValueProblem> {
    let text = text.trim();
    if text.is_empty() || text.starts_with("0000-00-00") {
        return Ok(None);
    }
    // Nothing that is a time is longer.
    if text.len() <= 40 {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Ok(within(time.to_utc()));
        }
        for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"] {
            if let Ok(time) = NaiveDateTime::parse_from_str(text, format) {
                return Ok(within(time.and_utc()));
            }
        }
    }
    Err(ValueProblem::new(Why::NotATime, "is not a time"))
}

/// A year that a shop can mean. Others would not survive being written and read again.
fn within(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    use chrono::Datelike as _;
    (1..=9999).contains(&time.year()).then_some(time)
}

pub fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Reads a date of ten characters.
pub fn date(text: &str) -> Result<Option<NaiveDate>, ValueProblem> {
    let text = text.trim();
    if text.is_empty() || text == "0000-00-00" {
        return Ok(None);
    }
    let parsed = (text.len() == 10)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten();
    parsed
        .map(Some)
        .ok_or_else(|| ValueProblem::new(Why::NotADate, "is not a date"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        for (text, meant) in [
            ("2026-03-08T07:30:00", Some("2026-03-08T07:30:00Z")),
            ("2026-03-08 07:30:00", Some("2026-03-08T07:30:00Z")),
            ("2026-03-08T07:30:00-08:00", Some("2026-03-08T15:30:00Z")),
            ("2026-03-08T07:30:00.5Z", Some("2026-03-08T07:30:00.500Z")),
            ("0000-00-00T00:00:00", None),
            ("", None),
        ] {
            let read = time(text).expect(text).map(written);
            assert_eq!(read.as_deref(), meant, "{text}");
        }
        for text in ["soon", "2026-03-08", "2026-13-08T07:30:00", "12:30"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
