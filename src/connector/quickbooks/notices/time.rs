//! The time of an event, in the three spellings that are seen: `2015-10-05T14:42:19-0700`, `2026-03-02T17:15:07.179851517Z`, and
//! milliseconds since 1970.

use chrono::{DateTime, Utc};

pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    // An offset without its colon.
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(at.to_utc());
    }
    let ms: i64 = text.parse().ok()?;
    DateTime::from_timestamp_millis(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_spellings_are_one_moment() {
        let at = |text: &str| read(text).map(|at| at.timestamp_millis());
        let moment = Some(1_444_081_339_000);
        assert_eq!(at("2015-10-05T14:42:19-0700"), moment);
        assert_eq!(at("2015-10-05T21:42:19.000Z"), moment);
        assert_eq!(at("1444081339000"), moment);
        assert_eq!(at("2015-10-05T21:42:19.000000000Z"), moment);
        for bad in ["", "yesterday", "2015-10-05", "99999999999999999999"] {
            assert_eq!(at(bad), None, "{bad}");
        }
    }
}
