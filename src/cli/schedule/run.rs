//! `schedule run`: works the schedules off, in the foreground, until somebody ends it.
//!
//! Each time that is due is the very run that `udsync sync` makes, in this process and with the lock. What
//! stands in the state file before and after is `engine::schedule::work`'s business. The configuration, the state
//! file and the schedules are opened anew for each look, so that a change needs no restart. Nobody is asked anything: a
//! run that needs consent ends with code 7, which is recorded and told like any other end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::super::args::{EntityName, Global, Output};
use super::super::hearing::{self, Voice};
use super::super::report::{Failure, exit};
use super::super::selection::meant;
use super::super::session::{Session, open_shop, output, stop_on_signals};
use super::super::{out, show};
use super::show::{local, result, rfc};
use super::system::System;
use crate::app::notify::{self, Broke};
use crate::engine::schedule::Due;
use crate::engine::schedule::work::{self, Ending, Settled};
use crate::model::schedule::{Mode, Schedule};
use crate::model::service::Service;
use crate::run::{
    Consent, Guard, Outcome, RunRequest, Runner, Selection, Subject, interruptible, later,
    listener, on_a_thread,
};
use crate::store::{Calendar, History};

/// A look is never longer ago than this: clocks are set, and laptops sleep.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// How soon a request to stop is noticed.
const BREATH: Duration = Duration::from_millis(100);
/// After another run had the lock.
const AFTER_LOCK: Duration = Duration::from_secs(5);

/// How often it is seen to that the sign-in to the books stays good.
const FRESHEN: Duration = Duration::from_secs(300);

/// Work the schedules off, in the foreground
///
/// Runs each schedule when it is due, one at a time, and what was missed once. A run that meets another at work is tried
/// again. SIGTERM and Ctrl-C end it after the requests under way. With --json it prints a line for each run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  udsync schedule run\n  udsync schedule run --once --quiet")]
pub struct RunArgs {
    /// Do what is due now, then end: for cron
    #[arg(long)]
    pub once: bool,
}

/// Runs `schedule run`.
pub async fn run(global: &Global, args: &RunArgs) -> Result<u8, Failure> {
    let stop = stop_on_signals();
    // What is wrong from the beginning is told at once and ends it; later it may be an editor at work.
    let app = open_shop(global)?;
    let schedules = app.store()?.schedules()?;
    let mut worker = Worker {
        global,
        stop,
        system: System::new(),
        trouble: None,
        stale: None,
        freshened: None,
        told: Vec::new(),
        once: args.once,
    };
    if args.once {
        return worker.once().await;
    }
    if schedules.is_empty() && !global.quiet {
        out::say(
            "note: there is no schedule yet; `udsync schedule add --defaults` adds the usual two",
        );
    }
    let system = worker.system;
    system.ready();
    system.alive(worker.forever()).await;
    system.stopping();
    if !global.quiet {
        out::say("stopped; what was begun is recorded and goes on with the next start");
    }
    Ok(exit::DONE)
}

struct Worker<'a> {
    global: &'a Global,
    stop: Arc<AtomicBool>,
    system: System,
    /// What kept it from looking last time. The same again is not told again.
    trouble: Option<String>,
    /// Why the sign-in could not be kept fresh last time.
    stale: Option<String>,
    freshened: Option<Instant>,
    told: Vec<Told>,
    once: bool,
}

/// How one look went.
#[derive(Default)]
struct Look {
    /// Somebody else is at work.
    locked: Option<Failure>,
    next: Option<(String, DateTime<Utc>)>,
}

impl Worker<'_> {
    async fn once(&mut self) -> Result<u8, Failure> {
        let look = self.look().await?;
        if output(self.global) == Output::Json {
            out::print_json(&Document {
                schema: "udsync/schedule-run/1",
                worked: &self.told,
            });
        }
        if self.stopped() {
            return Ok(exit::INTERRUPTED);
        }
        if let Some(locked) = look.locked {
            if !self.global.quiet {
                out::say(&format!(
                    "note: {}; what is due is tried again",
                    locked.message
                ));
            }
            return Ok(exit::LOCKED);
        }
        if self.told.is_empty() && !self.global.quiet && output(self.global) == Output::Text {
            out::print("nothing is due\n");
        }
        // Held records are kept for later; anything else that did not end well weighs more.
        let codes = self.told.iter().map(|told| told.exit);
        let worst = codes.max_by_key(|code| match *code {
            exit::DONE => 0,
            exit::PROBLEMS => 1,
            _ => 2,
        });
        Ok(worst.unwrap_or(exit::DONE))
    }

    async fn forever(&mut self) {
        while !self.stopped() {
            self.keep_fresh().await;
            let look = self.look().await;
            let pause = match look {
                Ok(look) => {
                    self.trouble = None;
                    self.say_what_is_next(&look);
                    if look.locked.is_some() {
                        AFTER_LOCK
                    } else {
                        self.until(&look).min(LOOK_AGAIN)
                    }
                }
                Err(failure) => {
                    self.tell_trouble(&failure);
                    LOOK_AGAIN
                }
            };
            self.rest(pause).await;
        }
    }

    /// Renews the sign-in to the books before it runs out, so that a run does not begin with it, and so that a connection that
    /// was ended is told of before the next run finds it.
    async fn keep_fresh(&mut self) {
        if self.freshened.is_some_and(|last| last.elapsed() < FRESHEN) {
            return;
        }
        self.freshened = Some(Instant::now());
        let failure = match interruptible(&self.stop, freshen(self.global)).await {
            Ok(()) => None,
            Err(_) if self.stopped() => return,
            Err(failure) => Some(failure),
        };
        tell_owner(self.global, failure.as_ref()).await;
        let words = failure.map(|failure| failure.words());
        if let Some(words) = words
            .as_ref()
            .filter(|words| self.stale.as_ref() != Some(words))
        {
            out::say(words.trim_end());
        }
        self.stale = words;
    }

    /// Works off what is due now.
    async fn look(&mut self) -> Result<Look, Failure> {
        let app = open_shop(self.global)?;
        let store = app.store()?;
        let mut look = Look::default();
        for (schedule, _) in work::due(&store, app.clock.now())? {
            if self.stopped() {
                break;
            }
            match self.work_off(&schedule).await {
                Ok(()) => {}
                Err(failure) if failure.exit == exit::LOCKED => {
                    look.locked = Some(failure);
                    break;
                }
                Err(failure) => return Err(failure),
            }
        }
        let now = app.clock.now();
        look.next = store
            .schedules()?
            .iter()
            .filter_map(|schedule| {
                let at = work::next_at(schedule, now)?;
                Some((
                    at,
                    format!("{} at {}", schedule.name, local(at, schedule.timezone)),
                ))
            })
            .min()
            .map(|(at, words)| (words, at));
        Ok(look)
    }

    /// One run for the time of a schedule that is due. An error is what kept it from beginning or from being recorded.
    async fn work_off(&mut self, schedule: &Schedule) -> Result<(), Failure> {
        let session = Session::open(self.global, false).await?;
        let request = request(schedule, session.all);
        let (listener, words) = listener::channel();
        let (stop, system) = (self.stop.clone(), self.system);
        let (app, schedule) = (session.app.clone(), schedule.clone());
        let underway = on_a_thread(move || async move {
            let clock = app.clock.clone();
            let runner = Runner::open(app, &request, Duration::ZERO, stop, listener).await?;
            let begun = work::begin(
                &runner.store,
                &runner.store,
                &schedule.name,
                &runner.run_id,
                clock.now(),
            )?;
            let Some((schedule, due)) = begun else {
                return Ok(None);
            };
            system.status(&format!("running {}", schedule.name));
            tracing::info!(schedule = schedule.name, slot = %due.slot, run = runner.run_id, "begun");
            let outcome = match runner.run(request).await {
                Ok(Outcome::Ran(answer)) => answer.ended(),
                Ok(Outcome::Before { .. }) => Ok(exit::DONE),
                Err(failure) => Err(failure),
            };
            let settled = work::settle(
                &runner.store,
                &schedule,
                &due,
                ending(&outcome),
                clock.now(),
            )?;
            let told = Told::new(&schedule, &due, &runner, &outcome, &settled)?;
            Ok::<_, Failure>(Some((schedule, told)))
        })?;
        if let Some((schedule, told)) =
            hearing::hear_out(&session, Voice::Silent, words, underway.answer()).await?
        {
            self.tell(&schedule, told);
        }
        Ok(())
    }

    fn tell(&mut self, schedule: &Schedule, told: Told) {
        match output(self.global) {
            Output::Json if !self.once => out::print_json_line(&told),
            Output::Json => {}
            Output::Text | Output::Csv => {
                let silent = self.global.quiet && told.exit == exit::DONE;
                if !silent {
                    let when = local(told.when, schedule.timezone);
                    out::print(&format!("{when} {}: {}\n", told.schedule, told.words()));
                }
            }
        }
        self.told.push(told);
    }

    fn tell_trouble(&mut self, failure: &Failure) {
        let words = failure.words();
        if self.trouble.as_ref() != Some(&words) {
            out::say(words.trim_end());
            tracing::error!(code = failure.code, "the schedules could not be worked off");
            self.system.status(&failure.message);
            self.trouble = Some(words);
        }
    }

    fn say_what_is_next(&self, look: &Look) {
        let words = match (&look.locked, &look.next) {
            (Some(locked), _) => locked.message.clone(),
            (None, Some((words, _))) => format!("next: {words}"),
            (None, None) => "nothing will run by itself".to_owned(),
        };
        self.system.status(&words);
    }

    fn until(&self, look: &Look) -> Duration {
        let Some((_, at)) = &look.next else {
            return LOOK_AGAIN;
        };
        (*at - Utc::now()).to_std().unwrap_or_default().max(BREATH)
    }

    async fn rest(&self, pause: Duration) {
        let began = Instant::now();
        while !self.stopped() && began.elapsed() < pause {
            tokio::time::sleep(BREATH.min(pause)).await;
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Notices about a connection that ended, and about what time alone brings about. Nothing of this can stop the schedules: what
/// could not be sent is kept, and shown by `notify list`.
async fn tell_owner(global: &Global, failure: Option<&Failure>) {
    let Ok(app) = open_shop(global) else { return };
    let Ok(store) = app.store() else { return };
    let ended = failure.filter(|failure| failure.exit == exit::CREDENTIALS);
    let told = match ended {
        Some(failure) => {
            let broke = Broke {
                connection: true,
                code: &failure.code,
                said: &failure.message,
                hint: failure.hint.as_deref(),
            };
            app.tell_of_run(&store, "schedule run", notify::Ending::Broke(broke))
                .await
        }
        None => app.tell_of_time(&store).await,
    };
    if let Err(error) = told {
        tracing::error!(%error, "no notice could be kept");
    }
}

async fn freshen(global: &Global) -> Result<(), Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let given = app.sign_in(&store)?;
    Ok(app.target(&store, &given)?.keep_fresh().await?)
}

fn request(schedule: &Schedule, lists_unchanged: bool) -> RunRequest {
    use clap::ValueEnum;
    let entities: Vec<EntityName> = schedule
        .entities
        .iter()
        .filter_map(|word| EntityName::from_str(word, false).ok())
        .collect();
    let max_changes = schedule.consent.max_changes;
    RunRequest {
        command: "sync",
        subject: Subject::Records(Selection {
            entities: meant(&entities),
            to: schedule
                .to
                .iter()
                .filter_map(|word| Service::from_word(word))
                .collect(),
            full: schedule.mode == Mode::Full,
            ..Selection::default()
        }),
        ending: crate::run::Ending::Apply,
        guard: Guard {
            consent: if schedule.consent.yes {
                Consent::Given
            } else {
                Consent::Unattended
            },
            max_changes: max_changes.map(|max| usize::try_from(max).unwrap_or(usize::MAX)),
            ..Guard::default()
        },
        lists_unchanged,
    }
}

/// What the end of a run means for its time.
fn ending(outcome: &Result<u8, Failure>) -> Ending {
    let (exit, code) = match outcome {
        Ok(exit) => (*exit, None),
        Err(failure) => (failure.exit, Some(failure.code.clone())),
    };
    match exit {
        exit::INTERRUPTED => Ending::CutShort,
        // A state file that is busy for longer than usual gets free again like a service.
        exit::UNREACHABLE | exit::LOCKED => Ending::OutOfReach { exit, code },
        _ => Ending::Done { exit, code },
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    worked: &'a [Told],
}

/// One run, as it is told.
#[derive(Serialize)]
struct Told {
    schema: &'static str,
    schedule: String,
    at: String,
    missed: u32,
    run_id: String,
    exit: u8,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    again_at: Option<String>,
    #[serde(skip)]
    when: DateTime<Utc>,
    #[serde(skip)]
    summary: Option<String>,
    #[serde(skip)]
    again: Option<String>,
}

impl Told {
    fn new(
        schedule: &Schedule,
        due: &Due,
        runner: &Runner,
        outcome: &Result<u8, Failure>,
        settled: &Settled,
    ) -> Result<Told, Failure> {
        let failure = outcome.as_ref().err();
        let exit = outcome
            .as_ref()
            .map_or_else(|failure| failure.exit, |exit| *exit);
        let again = match settled {
            Settled::Again(at) => Some(*at),
            Settled::Done | Settled::Open => None,
        };
        Ok(Told {
            schema: "udsync/schedule-slot/1",
            schedule: schedule.name.clone(),
            at: rfc(due.slot),
            missed: due.missed,
            run_id: runner.run_id.clone(),
            exit,
            result: result(exit, failure.map(|failure| failure.code.as_str())),
            message: failure.map(|failure| failure.message.clone()),
            hint: failure.and_then(|failure| hint(schedule, failure)),
            again_at: again.map(rfc),
            when: due.slot,
            summary: summary(&runner.store, &runner.run_id)?,
            again: again.map(|at| local(at, schedule.timezone)),
        })
    }

    fn words(&self) -> String {
        let mut words = match (&self.message, &self.summary) {
            (Some(message), _) => message.clone(),
            (None, Some(summary)) => summary.clone(),
            (None, None) => self.result.clone(),
        };
        if self.missed > 0 {
            words.push_str(&format!("; {} earlier times were missed", self.missed));
        }
        if let Some(again) = &self.again {
            words.push_str(&format!("; tried again at {again}"));
        }
        if let Some(hint) = &self.hint {
            for line in hint.lines() {
                words.push_str(&format!("\n  hint: {line}"));
            }
        }
        words
    }
}

/// What to type, for somebody who reads it tomorrow and not at the command: a token for five minutes is of no use then.
fn hint(schedule: &Schedule, failure: &Failure) -> Option<String> {
    let full = if schedule.mode == Mode::Full {
        " --full"
    } else {
        ""
    };
    let by_hand = format!("udsync sync {}{full}", schedule.entities.join(" "));
    later::hint(failure, Some(&by_hand), Some(&schedule.name))
}

fn summary(history: &dyn History, run_id: &str) -> Result<Option<String>, Failure> {
    let run = history.run(run_id)?;
    Ok(run.map(|run| {
        format!(
            "{} (run {run_id})",
            show::summary_of(&run.tallies, show::Mood::of(&run))
        )
    }))
}
