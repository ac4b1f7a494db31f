//! When a notice goes out: at once, with the day's digest, or after the quiet hours. Pure.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::config::Notify;

/// The first moment at which something that is known now may be told.
pub fn due(notify: &Notify, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let at = match notify.digest_at {
        Some(time) => next(zone, time, now),
        None => now,
    };
    match notify.quiet_hours {
        Some((from, until)) if is_within(zone, at, from, until) => next(zone, until, at),
        _ => at,
    }
}

/// The next time the clocks of the zone show this time, or this very moment.
fn next(zone: Tz, time: NaiveTime, from: DateTime<Utc>) -> DateTime<Utc> {
    let today = from.with_timezone(&zone).date_naive();
    [Some(today), today.checked_add_days(Days::new(1))]
        .into_iter()
        .flatten()
        .map(|day| instant(zone, day, time))
        .find(|at| *at >= from)
        .unwrap_or(from)
}

/// A local time as a moment. In spring some times are left out: then it is the first one after them.
pub(super) fn instant(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = day.and_time(time);
    (0..=8)
        .map(|halves| local + TimeDelta::minutes(30 * halves))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// The hours may go over midnight. Their end is no longer quiet.
fn is_within(zone: Tz, at: DateTime<Utc>, from: NaiveTime, until: NaiveTime) -> bool {
    let time = at.with_timezone(&zone).time();
    if from < until {
        (from..until).contains(&time)
    } else {
        time >= from || time < until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDMONTON: Tz = chrono_tz::America::Edmonton;

    fn due_at(lines: &str, now: &str) -> String {
        let text = format!("[shop]\nname = \"a\"\n[books]\n[notify]\n{lines}");
        let config = crate::config::parse(&text, "udsync.toml").expect("a configuration");
        let now = now.parse().expect("a time");
        due(&config.notify, EDMONTON, now)
            .with_timezone(&EDMONTON)
            .format("%d %H:%M")
            .to_string()
    }

    #[test]
    fn at_once_or_after_the_quiet_hours() {
        let quiet = "quiet_hours = \"22:00-07:00\"";
        // Edmonton is seven hours behind in November.
        for (now, due) in [
            ("2026-11-21T20:00:00Z", "21 13:00"),
            ("2026-11-22T04:59:00Z", "21 21:59"),
            ("2026-11-22T05:00:00Z", "22 07:00"),
            ("2026-11-22T13:59:59Z", "22 07:00"),
            ("2026-11-22T14:00:00Z", "22 07:00"),
            ("2026-11-22T14:01:00Z", "22 07:01"),
        ] {
            assert_eq!(due_at(quiet, now), due, "{now}");
        }
        assert_eq!(due_at("", "2026-11-22T05:00:00Z"), "21 22:00");
        let noon = "quiet_hours = \"12:00-13:30\"";
        assert_eq!(due_at(noon, "2026-11-21T19:10:00Z"), "21 13:30");
        assert_eq!(due_at(noon, "2026-11-22T02:00:00Z"), "21 19:00");
    }

    #[test]
    fn a_digest_waits_for_its_hour_and_for_the_quiet_hours() {
        let digest = "digest = \"daily\"\ndigest_at = \"08:00\"";
        assert_eq!(due_at(digest, "2026-11-21T14:59:00Z"), "21 08:00");
        assert_eq!(due_at(digest, "2026-11-21T15:00:00Z"), "21 08:00");
        assert_eq!(due_at(digest, "2026-11-21T15:00:01Z"), "22 08:00");
        let both = format!("{digest}\nquiet_hours = \"22:00-09:00\"");
        assert_eq!(due_at(&both, "2026-11-21T14:00:00Z"), "21 09:00");
    }

    #[test]
    fn times_that_a_day_leaves_out_or_has_twice() {
        // On 8 March 2026 there is no 02:30, on 1 November 01:30 comes twice.
        let digest = "digest = \"daily\"\ndigest_at = \"02:30\"";
        assert_eq!(due_at(digest, "2026-03-08T08:00:00Z"), "08 03:00");
        let digest = "digest = \"daily\"\ndigest_at = \"01:30\"";
        assert_eq!(due_at(digest, "2026-11-01T07:00:00Z"), "01 01:30");
        assert_eq!(due_at(digest, "2026-11-01T07:31:00Z"), "02 01:30");
    }
}
