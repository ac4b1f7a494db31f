//! Schedules as people make and see them: names, lines of cron, time zones, and what is shown of each.
//!
//! The command line and the server do it here. When something is due is the engine's business, and working it off the server's.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::failure::{Failure, exit};
use crate::engine::schedule::{Timetable, work};
use crate::model::schedule::{Schedule, WorkedTime};
use crate::store::{Calendar, Store};

const NAME_MAX: usize = 40;

/// A schedule as it is shown, with its next and its last time.
#[derive(Serialize)]
pub struct ScheduleView {
    pub name: String,
    pub cron: String,
    pub timezone: String,
    pub mode: &'static str,
    pub entities: Vec<String>,
    pub to: Vec<String>,
    pub yes: bool,
    pub max_changes: Option<u32>,
    pub enabled: bool,
    pub next: Option<String>,
    pub last: Option<LastTime>,
    /// Times that passed without a run before the last one, and are made up for by it.
    pub missed: u32,
    /// A time that has begun and is not done.
    pub open: Option<String>,
    pub again_at: Option<String>,
    #[serde(skip)]
    pub next_at: Option<DateTime<Utc>>,
}

/// The last time of it.
#[derive(Serialize)]
pub struct LastTime {
    pub at: String,
    pub ended_at: String,
    pub run_id: String,
    pub exit: u8,
    pub result: String,
    pub missed: u32,
    #[serde(skip)]
    pub slot: DateTime<Utc>,
}

impl ScheduleView {
    pub fn new(
        schedule: &Schedule,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<ScheduleView, Failure> {
        let last: Option<WorkedTime> = store.worked(&schedule.name, 1)?.into_iter().next();
        let due = work::due_of(schedule, now);
        let next_at = due
            .map(|due| due.slot)
            .or_else(|| work::next_at(schedule, now));
        Ok(ScheduleView {
            name: schedule.name.clone(),
            cron: schedule.cron.clone(),
            timezone: schedule.timezone.name().to_owned(),
            mode: schedule.mode.as_str(),
            entities: schedule.entities.clone(),
            to: schedule.to.clone(),
            yes: schedule.consent.yes,
            max_changes: schedule.consent.max_changes,
            enabled: schedule.enabled,
            next: next_at.map(rfc),
            missed: match (&due, &last) {
                (Some(due), _) if due.missed > 0 => due.missed,
                (_, Some(last)) => last.missed,
                _ => 0,
            },
            last: last.map(|last| LastTime {
                at: rfc(last.slot),
                ended_at: rfc(last.ended_at),
                result: result(last.exit, last.code.as_deref()),
                run_id: last.run_id,
                exit: last.exit,
                missed: last.missed,
                slot: last.slot,
            }),
            open: schedule.open.as_ref().map(|open| rfc(open.slot)),
            again_at: schedule
                .open
                .as_ref()
                .and_then(|open| open.again_at)
                .map(rfc),
            next_at,
        })
    }
}

/// The code of a run in a word.
pub fn result(exit: u8, code: Option<&str>) -> String {
    match (exit, code) {
        (exit::DONE, _) => "done".to_owned(),
        (exit::PROBLEMS, _) => "some held".to_owned(),
        (_, Some(code)) => code.to_owned(),
        (exit, None) => format!("exit {exit}"),
    }
}

pub fn rfc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// There is no schedule of this name.
pub fn unknown(store: &Store, name: &str) -> Failure {
    let names: Vec<String> = store
        .schedules()
        .unwrap_or_default()
        .into_iter()
        .map(|schedule| format!("`{}`", schedule.name))
        .collect();
    let hint = if names.is_empty() {
        "there is none yet: `udsync schedule add --defaults` adds the usual two".to_owned()
    } else {
        format!("there is {}", names.join(", "))
    };
    Failure::new("schedule_unknown", format!("there is no schedule `{name}`")).hint(hint)
}

/// Refuses what cannot be the name of a schedule.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('-') {
        return Ok(());
    }
    let proposed: String = name
        .to_lowercase()
        .split(|letter: char| !letter.is_ascii_lowercase() && !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let proposed: String = proposed.chars().take(NAME_MAX).collect();
    let example = if proposed.is_empty() {
        "nightly"
    } else {
        &proposed
    };
    Err(Failure::new(
        "schedule_name",
        format!("`{name}` cannot be the name of a schedule: it has a-z, 0-9 and -, and {NAME_MAX} letters at most"),
    )
    .hint(format!("`--name {example}`")))
}

/// Reads a line of cron.
pub fn timetable(cron: &str, zone: Tz) -> Result<Timetable, Failure> {
    Timetable::read(cron, zone)
        .map_err(|wrong| Failure::new("cron_wrong", wrong.said).hint(wrong.hint))
}

/// Finds a time zone by its name.
pub fn zone(name: &str) -> Result<Tz, Failure> {
    if let Ok(zone) = name.parse() {
        return Ok(zone);
    }
    let wanted = name.to_lowercase().replace(' ', "_");
    let near = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .find(|known| {
            let known = known.to_lowercase();
            known == wanted || known.rsplit('/').next() == Some(wanted.as_str())
        });
    let hint = match near {
        Some(near) => format!("did you mean `--timezone {near}`?"),
        None => "give a continent and a city, such as `--timezone America/Edmonton`".to_owned(),
    };
    Err(Failure::new(
        "timezone_unknown",
        format!("`{name}` is no time zone that is known here"),
    )
    .hint(hint))
}
