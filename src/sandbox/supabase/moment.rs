//! Times and days as PostgreSQL reads and prints them in a session whose zone is UTC.
//!
//! Read are the ISO forms, with and without an offset. Not imitated: `now`, `infinity`, names of months and zones, and years
//! before Christ, all of which are refused as no time at all.

use chrono::{DateTime, NaiveDate, Utc};

#[derive(Debug, PartialEq, Eq)]
pub enum SandboxDatabaseUnread {
    /// No time at all.
    Syntax,
    /// It reads like one, but no calendar has it.
    Range {
        /// PostgreSQL suspects another order of day and month.
        month: bool,
    },
}

/// Microseconds since 1970.
pub fn time(text: &str) -> Result<i64, SandboxDatabaseUnread> {
    let text = trimmed(text);
    let (day, rest) = split_day(text)?;
    if rest.is_empty() {
        let day = calendar(day)?;
        return micros(day, 0, 0, 0, 0, 0);
    }
    let clock = rest
        .strip_prefix(['T', 't', ' '])
        .ok_or(SandboxDatabaseUnread::Syntax)?
        .trim_start();
    let (clock, offset) = zone(clock)?;
    let mut parts = clock.split(':');
    let mut two = || -> Result<Option<&str>, SandboxDatabaseUnread> {
        match parts.next() {
            None => Ok(None),
            Some(part) => Ok(Some(part)),
        }
    };
    let hour = digits(two()?.ok_or(SandboxDatabaseUnread::Syntax)?)?;
    let minute = digits(two()?.ok_or(SandboxDatabaseUnread::Syntax)?)?;
    let (second, fraction) = match two()? {
        None => (0, 0),
        Some(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            (digits(whole)?, millionths(fraction)?)
        }
    };
    if two()?.is_some() {
        return Err(SandboxDatabaseUnread::Syntax);
    }
    let day = calendar(day)?;
    if hour > 24 || minute > 59 || second > 60 {
        return Err(SandboxDatabaseUnread::Range { month: false });
    }
    micros(day, hour, minute, second, fraction, offset)
}

pub fn day(text: &str) -> Result<NaiveDate, SandboxDatabaseUnread> {
    let text = trimmed(text);
    let (day, rest) = split_day(text)?;
    if !rest.is_empty() {
        // A time is read and its hours are dropped.
        time(text)?;
    }
    calendar(day)
}

/// `2026-03-08T07:30:00+00:00`, with as many decimals as it has.
pub fn print_time(micros: i64) -> String {
    let (seconds, fraction) = of(micros);
    format!("{}{fraction}+00:00", seconds.format("%Y-%m-%dT%H:%M:%S"))
}

/// As a cast to text has it.
pub fn cast_time(micros: i64) -> String {
    let (seconds, fraction) = of(micros);
    format!("{}{fraction}+00", seconds.format("%Y-%m-%d %H:%M:%S"))
}

fn of(micros: i64) -> (DateTime<Utc>, String) {
    let time = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    let fraction = match micros.rem_euclid(1_000_000) {
        0 => String::new(),
        some => format!(".{some:06}").trim_end_matches('0').to_owned(),
    };
    (time, fraction)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace())
}

type DatabaseParts<'a> = (&'a str, &'a str, &'a str);

fn split_day(text: &str) -> Result<(DatabaseParts<'_>, &str), SandboxDatabaseUnread> {
    let figures = text.bytes().take_while(u8::is_ascii_digit).count();
    if figures == 8 {
        return Ok(((&text[..4], &text[4..6], &text[6..8]), &text[8..]));
    }
    let year = &text[..figures];
    let rest = text[figures..]
        .strip_prefix('-')
        .ok_or(SandboxDatabaseUnread::Syntax)?;
    let (month, rest) = rest.split_once('-').ok_or(SandboxDatabaseUnread::Syntax)?;
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(length);
    let fits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if fits(year, 4..=6) && fits(month, 1..=2) && fits(day, 1..=2) {
        Ok(((year, month, day), rest))
    } else {
        Err(SandboxDatabaseUnread::Syntax)
    }
}

fn calendar((year, month, day): DatabaseParts<'_>) -> Result<NaiveDate, SandboxDatabaseUnread> {
    let (year, month, day) = (digits(year)?, digits(month)?, digits(day)?);
    if year == 0 || month == 0 || day == 0 {
        return Err(SandboxDatabaseUnread::Range { month: false });
    }
    if month > 12 {
        return Err(SandboxDatabaseUnread::Range { month: true });
    }
    if day > 31 {
        return Err(SandboxDatabaseUnread::Range { month: true });
    }
    i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(SandboxDatabaseUnread::Range { month: false })
}

/// The clock without its offset, and the offset in seconds.
fn zone(clock: &str) -> Result<(&str, i64), SandboxDatabaseUnread> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Ok((clock.trim_end(), 0));
    }
    let Some(at) = clock.rfind(['+', '-']) else {
        return Ok((clock, 0));
    };
    let (clock, offset) = clock.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let figures = offset[1..].replace(':', "");
    let (hours, minutes) = match figures.len() {
        1 | 2 => (figures.as_str(), "0"),
        4 => figures.split_at(2),
        _ => return Err(SandboxDatabaseUnread::Syntax),
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    if hours > 15 || minutes > 59 {
        return Err(SandboxDatabaseUnread::Range { month: false });
    }
    Ok((
        clock.trim_end(),
        sign * i64::from(hours * 3_600 + minutes * 60),
    ))
}

fn micros(
    day: NaiveDate,
    hour: u32,
    minute: u32,
    second: u32,
    fraction: i64,
    offset: i64,
) -> Result<i64, SandboxDatabaseUnread> {
    let midnight = day
        .and_hms_opt(0, 0, 0)
        .ok_or(SandboxDatabaseUnread::Syntax)?
        .and_utc();
    let seconds = i64::from(hour * 3_600 + minute * 60 + second) - offset;
    Ok((midnight.timestamp() + seconds) * 1_000_000 + fraction)
}

/// A fraction of a second, rounded to what PostgreSQL keeps.
fn millionths(text: &str) -> Result<i64, SandboxDatabaseUnread> {
    if text.is_empty() {
        return Ok(0);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(SandboxDatabaseUnread::Syntax);
    }
    let padded = format!("{text:0<7}");
    let kept: i64 = padded[..6]
        .parse()
        .map_err(|_| SandboxDatabaseUnread::Syntax)?;
    Ok(kept + i64::from(padded.as_bytes()[6] >= b'5'))
}

fn digits(text: &str) -> Result<u32, SandboxDatabaseUnread> {
    if text.is_empty() || text.len() > 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(SandboxDatabaseUnread::Syntax);
    }
    text.parse().map_err(|_| SandboxDatabaseUnread::Syntax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_in_utc_without_needless_zeros() {
        for (text, printed) in [
            ("2026-03-08T07:30:00Z", "2026-03-08T07:30:00+00:00"),
            ("2026-03-08 07:30:00", "2026-03-08T07:30:00+00:00"),
            (
                "2026-03-08 07:30:00.123400-05",
                "2026-03-08T12:30:00.1234+00:00",
            ),
            ("2026-03-08T07:30+05:30", "2026-03-08T02:00:00+00:00"),
            (
                "2026-03-08T07:30:00.1234567+0000",
                "2026-03-08T07:30:00.123457+00:00",
            ),
            ("2026-03-08", "2026-03-08T00:00:00+00:00"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5+00:00"),
        ] {
            assert_eq!(print_time(time(text).expect("a time")), printed);
        }
        assert_eq!(
            cast_time(time("2026-03-08T07:30:00Z").expect("a time")),
            "2026-03-08 07:30:00+00"
        );
        assert_eq!(
            day("20260308").expect("a day"),
            day("2026-03-08T23:00:00Z").expect("a day")
        );
    }

    #[test]
    fn what_no_calendar_has_is_told_apart_from_what_is_no_time() {
        for text in [
            "",
            "abc",
            "yesterday",
            "12:00",
            "2026-03",
            "2026-03-08T",
            "2026-03-08Tx",
        ] {
            assert_eq!(time(text), Err(SandboxDatabaseUnread::Syntax), "{text}");
        }
        for (text, month) in [
            ("0000-00-00 00:00:00", false),
            ("2026-13-45T00:00:00Z", true),
            ("2026-02-30", false),
            ("2026-01-01T25:00:00Z", false),
        ] {
            assert_eq!(
                time(text),
                Err(SandboxDatabaseUnread::Range { month }),
                "{text}"
            );
        }
    }
}
