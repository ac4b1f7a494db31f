//! Dates the way WordPress reads and writes them.
//!
//! Each moment of an order is printed twice, shop-local and in UTC, both without a
//! zone and in whole seconds. Dates in filters may carry a zone or not and are
//! misread in one combination; see [`Moment::against_gmt`].

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

const FORM: &str = "%Y-%m-%dT%H:%M:%S";

/// Prints seconds since 1970 as UTC, without a zone.
pub fn gmt_text(at: i64) -> String {
    naive(at).format(FORM).to_string()
}

/// Prints seconds since 1970 as the shop's own wall clock.
pub fn local_text(at: i64, zone: Tz) -> String {
    local(at, zone).format(FORM).to_string()
}

/// Reads `2026-11-20T10:00:00` as UTC; a trailing `Z` is tolerated.
pub fn from_gmt(text: &str) -> Option<i64> {
    let bare = text.strip_suffix('Z').unwrap_or(text);
    let read = NaiveDateTime::parse_from_str(bare, FORM).ok()?;
    Some(read.and_utc().timestamp())
}

/// Reads `2026-11-20T10:00:00` as the shop's wall clock.
pub fn from_local(text: &str, zone: Tz) -> Option<i64> {
    Some(instant(
        NaiveDateTime::parse_from_str(text, FORM).ok()?,
        zone,
    ))
}

/// How far the shop is from UTC at a moment, in seconds.
pub fn offset(at: i64, zone: Tz) -> i64 {
    i64::from(
        zone.offset_from_utc_datetime(&naive(at))
            .fix()
            .local_minus_utc(),
    )
}

fn naive(at: i64) -> NaiveDateTime {
    DateTime::<Utc>::from_timestamp(at, 0)
        .unwrap_or_default()
        .naive_utc()
}

fn local(at: i64, zone: Tz) -> NaiveDateTime {
    zone.from_utc_datetime(&naive(at)).naive_local()
}

/// PHP takes the earlier of two readings in autumn, and in the hour that spring
/// leaves out it goes on counting from before the change.
fn instant(wall: NaiveDateTime, zone: Tz) -> i64 {
    match zone.from_local_datetime(&wall).earliest() {
        Some(found) => found.timestamp(),
        None => {
            let before = wall - Duration::hours(3);
            let offset = zone
                .from_local_datetime(&before)
                .earliest()
                .map_or(0, |at| i64::from(at.offset().fix().local_minus_utc()));
            wall.and_utc().timestamp() - offset
        }
    }
}

/// A date as it came in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    wall: NaiveDateTime,
    /// Seconds east of Greenwich, when the text carried a zone.
    zone: Option<i64>,
}

impl Moment {
    /// Reads what WordPress accepts; everything else is "Invalid date.".
    ///
    /// Date and time to the second are needed, with `T`, `t` or a space between;
    /// a fraction is dropped. A bare plus sign has become a space on its way here
    /// and is refused like any other stray character.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 19 || !matches!(bytes[10], b'T' | b't' | b' ') {
            return None;
        }
        let shape_is_right = bytes[..19].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            13 | 16 => *byte == b':',
            10 => true,
            _ => byte.is_ascii_digit(),
        });
        if !shape_is_right {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if !(1..=12).contains(&month)
            || !(1..=31).contains(&day)
            || hour > 24
            || minute > 59
            || second > 59
        {
            return None;
        }
        // The 30th of February is the 2nd of March to PHP, so days are added.
        let first = NaiveDate::from_ymd_opt(year as i32, month as u32, 1)?;
        let wall = first.and_hms_opt(0, 0, 0)?
            + Duration::days(day - 1)
            + Duration::seconds(hour * 3600 + minute * 60 + second);
        if wall.year() < 1 {
            return None;
        }
        Some(Self {
            wall,
            zone: zone_of(text.get(19..)?)?,
        })
    }

    /// The moment to compare a UTC column with.
    ///
    /// A date with a zone together with `dates_are_gmt` is the trap: it is turned
    /// into shop-local time first and then taken for UTC, so it is off by the shop's
    /// distance from Greenwich.
    pub fn against_gmt(self, dates_are_gmt: bool, shop: Tz) -> i64 {
        match (self.zone, dates_are_gmt) {
            (None, true) => self.wall.and_utc().timestamp(),
            (None, false) => instant(self.wall, shop),
            (Some(east), false) => self.wall.and_utc().timestamp() - east,
            (Some(east), true) => {
                let at = self.wall.and_utc().timestamp() - east;
                at + offset(at, shop)
            }
        }
    }
}

/// What follows the seconds: an optional fraction, then nothing, `Z` or an offset.
/// The outer `None` means that it is none of these.
fn zone_of(rest: &str) -> Option<Option<i64>> {
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(fraction.len());
            if end == 0 {
                return None;
            }
            &fraction[end..]
        }
        None => rest,
    };
    match rest.as_bytes() {
        [] => Some(None),
        [b'Z' | b'z'] => Some(Some(0)),
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let two = |pair: &[u8]| match pair {
                [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from((a - b'0') * 10 + (b - b'0'))),
                _ => None,
            };
            let east = match digits.len() {
                2 => two(digits)? * 3600,
                5 if digits[2] == b':' => two(&digits[..2])? * 3600 + two(&digits[3..])? * 60,
                _ => return None,
            };
            Some(Some(if *sign == b'-' { -east } else { east }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{America::Vancouver, Europe::Berlin};

    #[test]
    fn only_full_dates_are_taken() {
        for good in [
            "2026-11-20T10:00:00",
            "2026-11-20 10:00:00",
            "2026-11-20T10:00:00.123Z",
            "2026-11-20T10:00:00-08:00",
        ] {
            assert!(Moment::read(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "2026-11-20",
            "2026-11-20T10:00",
            "20261120T100000",
            "1763000000",
            "yesterday",
            "not-a-date",
            "2026-13-45T99:00:00",
            "2026-11-20T10:00:00 00:00",
            "2026-11-20T10:00:00+0000",
            "2026-11-20T10:00:00.",
        ] {
            assert!(Moment::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_zone_and_the_flag_together_are_wrong_by_the_shops_offset() {
        let noon = from_gmt("2026-11-20T12:00:00").expect("a date");
        let read = |text: &str| Moment::read(text).expect("a date");
        assert_eq!(
            read("2026-11-20T12:00:00").against_gmt(true, Vancouver),
            noon
        );
        assert_eq!(
            read("2026-11-20T04:00:00").against_gmt(false, Vancouver),
            noon
        );
        assert_eq!(
            read("2026-11-20T12:00:00Z").against_gmt(false, Vancouver),
            noon
        );
        assert_eq!(
            read("2026-11-20T12:00:00Z").against_gmt(true, Vancouver),
            noon - 8 * 3600
        );
        assert_eq!(
            read("2026-11-20T12:00:00Z").against_gmt(true, Berlin),
            noon + 3600
        );
    }

    #[test]
    fn the_clock_change_of_autumn_is_read_as_its_first_hour() {
        let first = from_local("2026-11-01T01:30:00", Vancouver).expect("a date");
        assert_eq!(gmt_text(first), "2026-11-01T08:30:00");
        assert_eq!(
            local_text(first, Vancouver),
            local_text(first + 3600, Vancouver)
        );
        assert_eq!(
            gmt_text(from_local("2026-03-08T02:30:00", Vancouver).expect("a date")),
            "2026-03-08T10:30:00"
        );
    }
}
