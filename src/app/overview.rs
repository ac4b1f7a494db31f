//! Overview: how a shop stands and what to do next, from what lies on this machine. No service is asked, nothing is written and no key
//! is looked for, so it answers at once and under any lock.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::cut_off::{again, short_id};
use super::{App, connecting};
use crate::engine::schedule::work::{due_of, next_at};
use crate::model::code::{self, exit};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::{Run, RunError, RunStatus, Tally};
use crate::model::schedule::Schedule;
use crate::model::service::Service;
use crate::store::{
    Calendar, History, Lock, Memory, Notices, Problems, RunFilter, Store, StoreError,
};

/// How a shop stands, in a word. The first that fits is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopStanding {
    /// There is no configuration.
    NotSetUp,
    /// A run is at work.
    Working,
    /// A service that the configuration names has no credentials.
    NotConnected,
    /// A service has refused its credentials for good.
    ConnectionBroken,
    /// The last run ended before its work was done.
    RunFailed,
    /// Records wait for a person.
    Waiting,
    /// Nothing ever ran.
    NeverRun,
    InStep,
}

/// The document of `status`: one shop, or none.
#[derive(Debug, Serialize)]
pub struct ShopOverview {
    schema: &'static str,
    pub shop: Option<String>,
    pub standing: ShopStanding,
    /// How the command ends.
    pub exit: u8,
    pub timezone: Option<&'static str>,
    pub connections: Vec<ConnectionSeen>,
    pub working: Option<WorkSeen>,
    pub last_run: Option<RunSeen>,
    /// When a sync last came to its end.
    pub last_sync: Option<String>,
    /// Orders with a document in the books.
    pub posted: usize,
    pub waiting: WaitingSeen,
    pub schedules: SchedulesSeen,
    pub reads: Option<ReadsSeen>,
    /// What is wrong until somebody mends it, as the owner was told.
    pub incidents: Vec<IncidentSeen>,
    /// What will need a person soon.
    pub warning: Option<String>,
    /// What to type next, the best first.
    pub next: Vec<NextStep>,
    #[serde(skip)]
    pub run: Option<Run>,
    /// The newest run that says how the shop stands.
    #[serde(skip)]
    telling: Option<Run>,
}

/// A service that the configuration names.
#[derive(Debug, Serialize)]
pub struct ConnectionSeen {
    pub service: &'static str,
    /// `working`, `broken`, `missing`, as far as it is known here.
    pub state: &'static str,
    /// What it is connected to.
    pub what: Option<String>,
    /// When it ends whatever is done.
    pub ends: Option<String>,
}

/// A run that is going on.
#[derive(Debug, Serialize)]
pub struct WorkSeen {
    pub command: Option<String>,
    pub since: Option<String>,
    pub progress: Option<String>,
}

/// The newest run.
#[derive(Debug, Serialize)]
pub struct RunSeen {
    pub run_id: String,
    pub command: String,
    pub entities: Vec<String>,
    pub status: &'static str,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub error: Option<RunError>,
    pub targets: std::collections::BTreeMap<String, Tally>,
}

/// What needs a person or another try.
#[derive(Debug, Default, Serialize)]
pub struct WaitingSeen {
    pub held: u64,
    pub failed: u64,
    pub parked: u64,
    pub conflicts: u64,
    /// By code, the most frequent first.
    pub causes: Vec<CauseSeen>,
}

#[derive(Debug, Serialize)]
pub struct CauseSeen {
    pub code: String,
    pub count: u64,
    /// The first of them, to be typed.
    pub first: String,
}

impl WaitingSeen {
    pub fn all(&self) -> u64 {
        self.held + self.failed + self.parked + self.conflicts
    }

    fn of(problems: &[Problem]) -> WaitingSeen {
        let mut seen = WaitingSeen::default();
        for problem in problems {
            let count = match problem.state {
                ProblemState::Held => &mut seen.held,
                ProblemState::Failed => &mut seen.failed,
                ProblemState::Parked => &mut seen.parked,
                ProblemState::Conflict => &mut seen.conflicts,
                ProblemState::SetAside => continue,
            };
            *count += 1;
            let code = &problem.reason.code;
            match seen.causes.iter_mut().find(|cause| cause.code == *code) {
                Some(cause) => cause.count += 1,
                None => seen.causes.push(CauseSeen {
                    code: code.clone(),
                    count: 1,
                    first: problem.id.clone(),
                }),
            }
        }
        // The order of those that are equally frequent stays that of the problems.
        seen.causes
            .sort_by_key(|cause| std::cmp::Reverse(cause.count));
        seen
    }
}

/// What runs by itself.
#[derive(Debug, Default, Serialize)]
pub struct SchedulesSeen {
    pub enabled: usize,
    pub next: Option<NextTime>,
    /// Something has worked one of them off before; until then nobody knows whether anything will.
    pub worked: bool,
    /// The next time is over, and nothing has worked it off.
    pub late: bool,
}

#[derive(Debug, Serialize)]
pub struct NextTime {
    pub name: String,
    pub at: String,
    #[serde(skip)]
    pub when: DateTime<Utc>,
}

/// Reads that QuickBooks counts, of this calendar month.
#[derive(Debug, Serialize)]
pub struct ReadsSeen {
    pub used: u64,
    pub allowed: u64,
}

#[derive(Debug, Serialize)]
pub struct IncidentSeen {
    pub kind: &'static str,
    pub subject: String,
    pub title: String,
    pub since: String,
}

/// A command, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    pub command: String,
    pub why: String,
}

fn step(command: impl Into<String>, why: &str) -> NextStep {
    NextStep {
        command: command.into(),
        why: why.to_owned(),
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl ShopOverview {
    /// Where nobody has set anything up yet: the three commands to begin with.
    pub fn of_nothing() -> ShopOverview {
        ShopOverview {
            exit: exit::USAGE,
            next: vec![
                step(
                    "udsync sync orders --sandbox",
                    "tries it on a made-up shop and company on this machine; no account is needed",
                ),
                step(
                    "udsync init",
                    "sets up your own shop, one question after the other",
                ),
                step(
                    "udsync dry-run orders",
                    "then shows what would be posted, before anything is",
                ),
            ],
            ..ShopOverview::empty(ShopStanding::NotSetUp)
        }
    }

    fn empty(standing: ShopStanding) -> ShopOverview {
        ShopOverview {
            schema: "udsync/status/1",
            shop: None,
            standing,
            exit: exit::DONE,
            timezone: None,
            connections: Vec::new(),
            working: None,
            last_run: None,
            last_sync: None,
            posted: 0,
            waiting: WaitingSeen::default(),
            schedules: SchedulesSeen::default(),
            reads: None,
            incidents: Vec::new(),
            warning: None,
            next: Vec::new(),
            run: None,
            telling: None,
        }
    }

    /// The service that is to be connected first.
    pub fn unconnected(&self) -> Option<&ConnectionSeen> {
        self.connections.iter().find(|one| one.state != "working")
    }

    /// Why the last run ended early that says how the shop stands.
    pub fn failure(&self) -> Option<&RunError> {
        self.telling.as_ref()?.error.as_ref()
    }
}

impl App {
    /// How this shop stands. `flags` is what a command needs to mean this shop again, as ` --shop aurora`.
    pub fn overview(&self, store: &Store, flags: &str) -> Result<ShopOverview, StoreError> {
        let now = self.clock.now();
        let cut_off = self.cut_off(store)?;
        let mut runs = store.runs(&RunFilter::newest(now, LOOKED_AT))?;
        // Whatever time it was dated with, nothing came after it.
        if let Some(cut_off) = cut_off {
            runs.retain(|run| run.id != cut_off.id);
            runs.insert(0, cut_off);
        }
        let telling = runs.iter().find(|run| !is_declined(run)).cloned();
        let run = runs.into_iter().next();
        let problems = store.problems(None, false)?;
        let mut seen = ShopOverview {
            shop: Some(self.config.shop.name.clone()),
            timezone: Some(self.config.rules.timezone.name()),
            connections: self.connections_seen(store)?,
            working: Lock::look(&self.state).map(|held| match held.holder {
                Some(holder) => WorkSeen {
                    command: Some(holder.command),
                    since: Some(time(holder.since)),
                    progress: holder.progress,
                },
                None => WorkSeen {
                    command: None,
                    since: None,
                    progress: None,
                },
            }),
            last_run: run.as_ref().map(run_seen),
            last_sync: match store.synced_last()? {
                Some((at, true)) => Some(time(at)),
                _ => None,
            },
            posted: store.posted_count(Service::BOOKS.as_str())?,
            waiting: WaitingSeen::of(&problems),
            schedules: schedules_seen(store, now)?,
            reads: self.metered(store)?.map(|metered| ReadsSeen {
                used: metered.used,
                allowed: metered.allowed,
            }),
            incidents: incidents_seen(store)?,
            warning: self
                .connection_warning(store)
                .or_else(|| self.reads_warning(store)),
            run,
            telling,
            ..ShopOverview::empty(ShopStanding::InStep)
        };
        // Whoever is at work may have been started by it.
        seen.schedules.late &= seen.working.is_none();
        seen.standing = standing(&seen);
        seen.exit = exit_of(&seen);
        let today = now.with_timezone(&self.config.rules.timezone).date_naive();
        let going_on = match &seen.telling {
            Some(run) if run.status == RunStatus::Interrupted => again(store, run)?,
            _ => None,
        };
        let month = month_to_prove(store, today)?;
        seen.next = next(&seen, flags, month.as_deref(), going_on.as_deref());
        if seen.standing == ShopStanding::Waiting {
            let at = 1.min(seen.next.len());
            let ways = self.ways_on(&problems, flags);
            seen.next.splice(at..at, ways);
        }
        Ok(seen)
    }

    /// What goes on as soon as somebody types it: an answer that is given already, and a question that one answer settles.
    fn ways_on(&self, problems: &[Problem], flags: &str) -> Vec<NextStep> {
        let is_answered = |problem: &&Problem| self.is_answered(&problem.reason);
        let answered = problems.iter().find(is_answered).map(|problem| {
            step(
                format!("udsync retry {}{flags}", problem.id),
                "tries it again with the answer that stands in the configuration",
            )
        });
        let can_be_answered =
            |problem: &&Problem| !is_answered(problem) && self.way_out(&problem.reason).is_some();
        let asked = problems.iter().find(can_be_answered).map(|problem| {
            step(
                format!("udsync fix {}{flags}", problem.id),
                "asks the one thing that it waits for",
            )
        });
        answered.into_iter().chain(asked).collect()
    }

    fn connections_seen(&self, store: &Store) -> Result<Vec<ConnectionSeen>, StoreError> {
        let configured = Service::ALL
            .into_iter()
            .filter(|service| self.config.has(*service));
        configured
            .map(|service| {
                let known = connecting::known(self, store, service)?;
                Ok(ConnectionSeen {
                    service: service.as_str(),
                    state: known.state,
                    what: known.what,
                    ends: known.ends.map(time),
                })
            })
            .collect()
    }
}

fn run_seen(run: &Run) -> RunSeen {
    RunSeen {
        run_id: run.id.clone(),
        command: run.command.clone(),
        entities: run.entities.clone(),
        status: run.status.as_str(),
        started_at: time(run.started_at),
        finished_at: run.finished_at.map(time),
        error: run.error.clone(),
        targets: run.tallies.clone(),
    }
}

/// Whoever works the schedules off looks every minute; so long after its time nobody does.
const LATE: TimeDelta = TimeDelta::minutes(5);

fn schedules_seen(store: &dyn Calendar, now: DateTime<Utc>) -> Result<SchedulesSeen, StoreError> {
    let schedules = store.schedules()?;
    let enabled = schedules.iter().filter(|schedule| schedule.enabled);
    // What is due and was not worked off is the next thing, as in the list of schedules.
    let at = |schedule: &Schedule| {
        let due = due_of(schedule, now).map(|due| due.slot);
        due.or_else(|| next_at(schedule, now))
    };
    let times = enabled
        .clone()
        .filter_map(|schedule| Some((at(schedule)?, &schedule.name)));
    let next = times.min();
    let mut worked = false;
    for schedule in enabled.clone() {
        worked |= !store.worked(&schedule.name, 1)?.is_empty();
    }
    Ok(SchedulesSeen {
        enabled: enabled.count(),
        worked,
        late: next.is_some_and(|(when, _)| now - when >= LATE),
        next: next.map(|(when, name)| NextTime {
            name: name.clone(),
            at: time(when),
            when,
        }),
    })
}

fn incidents_seen(store: &dyn Notices) -> Result<Vec<IncidentSeen>, StoreError> {
    let open = store.open_incidents()?.into_iter();
    Ok(open
        .map(|incident| IncidentSeen {
            kind: incident.concern.kind.as_str(),
            subject: incident.concern.subject,
            title: incident.concern.title,
            since: time(incident.opened_at),
        })
        .collect())
}

/// So many runs are looked at for one that says how the shop stands.
const LOOKED_AT: u32 = 20;

/// Whether a run ended because of whoever was there: they said no, or named what cannot be taken back. Nothing of the shop is amiss.
fn is_declined(run: &Run) -> bool {
    run.error.as_ref().is_some_and(|error| {
        matches!(
            error.code.as_str(),
            code::NOT_CONFIRMED | code::UNDO_BLOCKED | code::UNDO_OF_UNDO | code::RUN_UNKNOWN
        )
    })
}

fn standing(seen: &ShopOverview) -> ShopStanding {
    let has = |state: &str| seen.connections.iter().any(|one| one.state == state);
    let broke = |run: &Run| {
        matches!(
            run.status,
            RunStatus::Failed | RunStatus::Refused | RunStatus::Interrupted
        )
    };
    if seen.working.is_some() {
        ShopStanding::Working
    } else if has("missing") || seen.connections.is_empty() {
        ShopStanding::NotConnected
    } else if has("broken") {
        ShopStanding::ConnectionBroken
    } else if seen.telling.as_ref().is_some_and(broke) {
        ShopStanding::RunFailed
    } else if seen.waiting.all() > 0 {
        ShopStanding::Waiting
    } else if seen.telling.is_none() {
        ShopStanding::NeverRun
    } else {
        ShopStanding::InStep
    }
}

fn exit_of(seen: &ShopOverview) -> u8 {
    match seen.standing {
        ShopStanding::NotSetUp => exit::USAGE,
        ShopStanding::NotConnected | ShopStanding::ConnectionBroken => exit::CREDENTIALS,
        ShopStanding::RunFailed => {
            let interrupted = |run: &Run| run.status == RunStatus::Interrupted;
            match seen.failure() {
                Some(error) => error.exit,
                None if seen.telling.as_ref().is_some_and(interrupted) => exit::INTERRUPTED,
                None => exit::FAILED,
            }
        }
        ShopStanding::Waiting => exit::PROBLEMS,
        ShopStanding::Working | ShopStanding::NeverRun | ShopStanding::InStep => exit::DONE,
    }
}

/// The latest month with documents: one that is over, if there is one.
fn month_to_prove(store: &dyn Memory, today: NaiveDate) -> Result<Option<String>, StoreError> {
    let books = Service::BOOKS.as_str();
    let last_of_before = today.with_day(1).and_then(|first| first.pred_opt());
    let over = store.last_posted(books, last_of_before.unwrap_or(today))?;
    let day = match over {
        Some(day) => Some(day),
        None => store.last_posted(books, today)?,
    };
    Ok(day.map(|day| day.format("%Y-%m").to_string()))
}

/// What to type next. Each was typed in exactly this state by a test.
fn next(
    seen: &ShopOverview,
    flags: &str,
    month: Option<&str>,
    going_on: Option<&str>,
) -> Vec<NextStep> {
    let udsync = |words: &str| format!("udsync {words}{flags}");
    let by_itself = || match seen.schedules.enabled {
        0 => Some(step(
            udsync("schedule add --defaults"),
            "has it run by itself from now on",
        )),
        _ => None,
    };
    let mut steps = match seen.standing {
        ShopStanding::NotSetUp => return ShopOverview::of_nothing().next,
        ShopStanding::Working => vec![step(
            udsync("history"),
            "shows the runs so far; the one at work is the first",
        )],
        ShopStanding::NotConnected | ShopStanding::ConnectionBroken => {
            let service = seen
                .unconnected()
                .map_or(Service::SHOP.as_str(), |one| one.service);
            vec![step(
                udsync(&format!("connect {service}")),
                "asks for what is needed and tries it",
            )]
        }
        ShopStanding::RunFailed => {
            let run = seen.telling.as_ref();
            let short = run.map_or_else(String::new, |run| short_id(&run.id));
            let mends = match going_on {
                Some(words) => step(
                    udsync(words),
                    "goes on where it ended; nothing is posted twice",
                ),
                // The check-up knows the shop and the books, and asks no payment service.
                None if run.is_some_and(|run| run.entities == ["payouts"]) => step(
                    udsync("payouts check"),
                    "asks the payment services again, and proves what they paid out",
                ),
                None => step(
                    udsync("doctor"),
                    "looks everything over and says what mends it",
                ),
            };
            vec![
                mends,
                step(
                    udsync(&format!("history {short}")),
                    "shows how the last run ended",
                ),
            ]
        }
        ShopStanding::Waiting => vec![step(
            udsync("retry --list"),
            "shows what waits, and what mends each",
        )],
        ShopStanding::NeverRun => vec![
            step(
                udsync("dry-run orders"),
                "shows what would be posted, before anything is",
            ),
            step(udsync("sync orders"), "posts it"),
        ],
        ShopStanding::InStep => {
            let proof = match month {
                Some(month) => step(
                    udsync(&format!("reconcile --period {month}")),
                    "proves that the books equal the shop",
                ),
                None => step(
                    udsync("sync orders"),
                    "looks at the shop again, and posts what is new",
                ),
            };
            by_itself().into_iter().chain([proof]).collect()
        }
    };
    if seen.standing == ShopStanding::Waiting {
        steps.extend(by_itself());
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_up_is_told_with_three_commands() {
        let seen = ShopOverview::of_nothing();
        assert_eq!(seen.next.len(), 3);
        assert_eq!(seen.standing, ShopStanding::NotSetUp);
    }
}
