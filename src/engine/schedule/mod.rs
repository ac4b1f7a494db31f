//! Schedule: when a line of cron means, and which of its times is due. Pure: the clock is an argument.
//!
//! A time that passed while the machine was off is not lost, and many of them are one run: a sync reads everything
//! since the last one, so running it n times would do the same work once and nothing n - 1 times. The run is made for
//! the latest time that passed, and stands for the earlier ones, which are counted.
//!
//! Daylight saving: a line with one minute and one hour (`30 2 * * *`) runs once a day whatever the clocks do. Where
//! its hour is skipped it runs at the first moment after, where its hour comes twice it runs the first time. A line
//! with stars, lists or steps follows the clock on the wall: what is skipped is skipped, what comes twice runs twice.

pub mod work;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, DurationRound, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use crate::model::schedule::Schedule;

/// Missed times are counted up to here; nobody needs to know more exactly.
const COUNTED_MAX: u32 = 10_000;

/// A clock that is corrected by more than this was wrong before.
const CLOCK_SLIP: Duration = Duration::hours(1);

/// Longer than any worker sleeps.
const ABOUT: Duration = Duration::minutes(2);

/// A line of cron with the clock that it is read by.
#[derive(Clone, Debug)]
pub struct Timetable {
    cron: Cron,
    zone: Tz,
}

/// A time whose run is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub slot: DateTime<Utc>,
    /// Earlier times that passed without a run.
    pub missed: u32,
}

/// Why a line of cron cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct WrongLine {
    pub said: String,
    pub hint: String,
}

impl Timetable {
    pub fn read(line: &str, zone: Tz) -> Result<Timetable, WrongLine> {
        let cron = parse(line).map_err(|()| wrong(line))?;
        let timetable = Timetable { cron, zone };
        // The thirtieth of February is well written and never comes.
        let some_day = DateTime::UNIX_EPOCH + Duration::days(365 * 50);
        match timetable.after(some_day) {
            Some(_) => Ok(timetable),
            None => Err(WrongLine {
                said: format!("there is never a time like `{line}`"),
                hint: "check the day and the month".to_owned(),
            }),
        }
    }

    /// The timetable of a schedule that was accepted before; `None` where a later program no longer reads its line.
    pub fn of(schedule: &Schedule) -> Option<Timetable> {
        let cron = parse(&schedule.cron).ok()?;
        let zone = schedule.timezone;
        Some(Timetable { cron, zone })
    }

    /// The first time after this one.
    pub fn after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = whole_second(at).with_timezone(&self.zone);
        let next = self.cron.find_next_occurrence(&local, false).ok()?;
        Some(next.to_utc())
    }

    /// The last time that has come by now.
    pub fn latest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = whole_second(now).with_timezone(&self.zone);
        let last = self.cron.find_previous_occurrence(&local, true).ok()?;
        Some(last.to_utc())
    }

    /// The next times, so many of them.
    pub fn next(&self, from: DateTime<Utc>, count: usize) -> Vec<DateTime<Utc>> {
        std::iter::successors(self.after(from), |at| self.after(*at))
            .take(count)
            .collect()
    }

    /// What is due now, if every time up to `through` is done.
    pub fn due(&self, through: DateTime<Utc>, now: DateTime<Utc>) -> Option<Due> {
        let slot = self.latest(now).filter(|slot| *slot > through)?;
        let mut missed = 0;
        let mut at = self.after(through)?;
        while at < slot && missed < COUNTED_MAX {
            missed += 1;
            at = self.after(at)?;
        }
        Some(Due { slot, missed })
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }
}

/// The time up to which everything is done, seen from now. If it lies far ahead, the clock was wrong when it was
/// written; waiting for it could take years, so only what comes due about now counts.
pub fn mended(through: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if through > now + CLOCK_SLIP {
        now - ABOUT
    } else {
        through
    }
}

/// A line in plain words, for whoever reads no cron; a line that cannot be read stays as it is.
pub fn in_words(line: &str) -> String {
    parse(line).map_or_else(|()| line.to_owned(), |cron| cron.describe())
}

/// Cron knows whole seconds only.
fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(Duration::seconds(1)).unwrap_or(at)
}

fn parse(line: &str) -> Result<Cron, ()> {
    CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build()
        .parse(line)
        .map_err(|_| ())
}

/// The fields of a line, with an example for each.
const FIELDS: [(&str, &str); 5] = [
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day", "1 to 31"),
    ("month", "1 to 12, or JAN to DEC"),
    ("weekday", "0 to 7, or SUN to SAT"),
];

const EXAMPLE: &str = "`0 2 * * *` is every day at 2:00, `*/15 * * * *` every quarter of an hour, `30 7 * * MON` Mondays at 7:30";

fn wrong(line: &str) -> WrongLine {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let hint = EXAMPLE.to_owned();
    if fields.len() == 6 && parse(&fields[1..].join(" ")).is_ok() {
        return WrongLine {
            said: format!(
                "`{line}` has six fields, and a cron line has five: minute hour day month weekday"
            ),
            hint: format!(
                "seconds are not offered: `--cron \"{}\"`",
                fields[1..].join(" ")
            ),
        };
    }
    if fields.len() != FIELDS.len() {
        let count = fields.len();
        let whole = format!("{} *", fields.join(" "));
        let hint = if parse(&whole).is_ok() {
            format!("did you mean `--cron \"{whole}\"`?")
        } else {
            hint
        };
        let noun = if count == 1 { "field" } else { "fields" };
        return WrongLine {
            said: format!(
                "`{line}` has {count} {noun}, and a cron line has five: minute hour day month weekday"
            ),
            hint,
        };
    }
    for (place, (name, range)) in FIELDS.iter().enumerate() {
        let mut alone = ["*"; 5];
        alone[place] = fields[place];
        if parse(&alone.join(" ")).is_err() {
            return WrongLine {
                said: format!(
                    "`{}` cannot be the {name} of a cron line: it is {range}",
                    fields[place]
                ),
                hint,
            };
        }
    }
    WrongLine {
        said: format!("`{line}` is not a cron line"),
        hint,
    }
}
