//! Work: which time of which schedule is to be run now, and what its end means. It writes down where it stands, so that
//! a power cut at any moment neither skips a time nor runs one twice.
//!
//! A time is *open* from when it is begun until it is done. Three things are on the disk, each in one transaction:
//!
//! 1. `begin` writes the time and the id that its run will have. A cut before: the time is still due. A cut after: it
//!    is open, and open is due.
//! 2. The run writes its own end under that id, as every run does.
//! 3. `settle` writes what came of the time and moves `through` over it. A cut between 2 and 3 leaves an open time whose
//!    run has ended: `begin` finds that run in the history, settles the time by it, and runs nothing.
//!
//! So a run that was cut short is made again, which does no harm because a sync does nothing twice, and a run that ended is
//! never made again. All three are called with the lock of the state file held: two workers on one file see each other's
//! times as done.

use chrono::{DateTime, Duration, Utc};

use super::{Due, Timetable, mended};
use crate::model::run::RunStatus;
use crate::model::schedule::{Open, Schedule, WorkedTime};
use crate::store::{Calendar, CalendarWriter, History, StoreError};

/// A service that is out of reach is tried again after five minutes, then after twice as long each time.
const PAUSE: Duration = Duration::minutes(5);
const PAUSE_MAX: Duration = Duration::hours(1);
/// Then the time is given up; the next one reads from where the last run stood.
const ATTEMPTS_MAX: u32 = 6;

/// How a run ended, as the schedules look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduledEnding {
    /// For good or ill: another run would end the same way until somebody did something.
    Done { exit: u8, code: Option<String> },
    /// The shop or the books were out of reach.
    OutOfReach { exit: u8, code: Option<String> },
    /// The program was asked to stop. The time stays open.
    CutShort,
}

/// What became of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettledTime {
    Done,
    /// It is tried again then.
    Again(DateTime<Utc>),
    /// It stays open for whoever works next.
    Open,
}

/// The exit codes that a run of the history stands for.
const CLEAN: u8 = 0;
const PROBLEMS: u8 = 3;
const REFUSED: u8 = 7;

/// What is to be run now, the longest due first.
pub fn due(
    calendar: &dyn Calendar,
    now: DateTime<Utc>,
) -> Result<Vec<(Schedule, Due)>, StoreError> {
    let mut due: Vec<(Schedule, Due)> = calendar
        .schedules()?
        .into_iter()
        .filter_map(|schedule| due_of(&schedule, now).map(|due| (schedule, due)))
        .collect();
    due.sort_by(|(one, at), (other, then)| (at.slot, &one.name).cmp(&(then.slot, &other.name)));
    Ok(due)
}

/// The time of a schedule that is to be run now.
pub fn due_of(schedule: &Schedule, now: DateTime<Utc>) -> Option<Due> {
    if !schedule.enabled {
        return None;
    }
    let timetable = Timetable::of(schedule)?;
    let due = timetable.due(mended(schedule.through, now), now)?;
    let waits = schedule.open.as_ref().is_some_and(|open| {
        // A later time does not wait for what an earlier one found.
        open.slot >= due.slot && open.again_at.is_some_and(|again| now < again)
    });
    (!waits).then_some(due)
}

/// When there will be something to do, if nothing is due now.
pub fn next_at(schedule: &Schedule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if !schedule.enabled {
        return None;
    }
    let next = Timetable::of(schedule)?.after(now)?;
    let again = schedule.open.as_ref().and_then(|open| open.again_at);
    Some(
        again
            .filter(|again| *again > now)
            .map_or(next, |again| again.min(next)),
    )
}

/// Opens the time that is due under the id of the run that will be made for it. `None` where nothing is due any more:
/// another worker did it, or a run that ended just before a power cut.
pub fn begin(
    calendar: &dyn CalendarWriter,
    history: &dyn History,
    name: &str,
    run_id: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Schedule, Due)>, StoreError> {
    let Some(mut schedule) = calendar.schedule(name)? else {
        return Ok(None);
    };
    let Some(due) = due_of(&schedule, now) else {
        return Ok(None);
    };
    let same = schedule.open.clone().filter(|open| open.slot == due.slot);
    if let Some(open) = &same
        && let Some((exit, ended_at)) = ended(history, &open.run_id)?
    {
        calendar.end_slot(
            name,
            &WorkedTime {
                slot: due.slot,
                missed: due.missed,
                run_id: open.run_id.clone(),
                ended_at,
                exit,
                code: None,
            },
        )?;
        return Ok(None);
    }
    let open = Open {
        slot: due.slot,
        run_id: run_id.to_owned(),
        begun_at: now,
        attempts: same.map_or(0, |open| open.attempts),
        again_at: None,
    };
    calendar.open_slot(name, &open)?;
    schedule.open = Some(open);
    Ok(Some((schedule, due)))
}

/// What a run that nobody settled came to. One that failed or was cut short is made again.
fn ended(history: &dyn History, run_id: &str) -> Result<Option<(u8, DateTime<Utc>)>, StoreError> {
    let Some(run) = history.run(run_id)? else {
        return Ok(None);
    };
    let exit = match run.status {
        RunStatus::Succeeded => CLEAN,
        RunStatus::Partial => PROBLEMS,
        RunStatus::Refused => REFUSED,
        RunStatus::Running | RunStatus::Failed | RunStatus::Interrupted => return Ok(None),
    };
    Ok(run.finished_at.map(|at| (exit, at)))
}

/// Writes down what came of the time that `begin` opened.
pub fn settle(
    calendar: &dyn CalendarWriter,
    schedule: &Schedule,
    due: &Due,
    ending: ScheduledEnding,
    now: DateTime<Utc>,
) -> Result<SettledTime, StoreError> {
    let Some(open) = &schedule.open else {
        return Ok(SettledTime::Open);
    };
    let (exit, code) = match ending {
        ScheduledEnding::CutShort => return Ok(SettledTime::Open),
        ScheduledEnding::OutOfReach { .. } if open.attempts + 1 < ATTEMPTS_MAX => {
            let again_at = now + pause(open.attempts);
            let open = Open {
                attempts: open.attempts + 1,
                again_at: Some(again_at),
                ..open.clone()
            };
            calendar.open_slot(&schedule.name, &open)?;
            return Ok(SettledTime::Again(again_at));
        }
        ScheduledEnding::OutOfReach { exit, code } | ScheduledEnding::Done { exit, code } => {
            (exit, code)
        }
    };
    calendar.end_slot(
        &schedule.name,
        &WorkedTime {
            slot: due.slot,
            missed: due.missed,
            run_id: open.run_id.clone(),
            ended_at: now,
            exit,
            code,
        },
    )?;
    Ok(SettledTime::Done)
}

fn pause(attempts: u32) -> Duration {
    (PAUSE * 2_i32.pow(attempts.min(8))).min(PAUSE_MAX)
}
