//! `schedule run`: works the schedules off, in the foreground, until somebody ends it. The work is `server::schedules`; here are its
//! words.

use clap::Args;
use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::super::args::{Global, Output};
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output, stop_by_signals};
use super::super::typed::{ended, said};
use super::super::{out, show};
use super::show::{local, result, rfc};
use super::system::System;
use crate::engine::schedule::work::SettledTime;
use crate::model::run::Run;
use crate::model::schedule::{Mode, Schedule};
use crate::run::{Word, later};
use crate::server::schedules::{ScheduleLook, ScheduleWorker, WorkedOff};
use crate::server::{ServedShop, Spoken};
use crate::store::Calendar;

/// Work the schedules off, in the foreground
///
/// Runs each schedule when it is due, one at a time, and what was missed once. A run that meets another at work is tried
/// again. SIGTERM and Ctrl-C end it after the requests under way. With --json it prints a line for each run.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule run\n  udsync schedule run --once --quiet\n  udsync schedule run --once"
)]
pub struct RunArgs {
    /// Do what is due now, then end: for cron
    #[arg(long)]
    pub once: bool,
}

/// Runs `schedule run`.
pub async fn run(global: &Global, args: &RunArgs) -> Result<u8, Failure> {
    let stop = stop_by_signals();
    // What is wrong from the beginning is told at once and ends it; later it may be an editor at work.
    let app = open_shop(global)?;
    let schedules = app.store()?.schedules()?;
    let (spoken, words) = unbounded_channel();
    let shop = {
        let global = global.clone();
        let opener = std::sync::Arc::new(move || open_shop(&global));
        ServedShop::new(
            &app.config.shop.name,
            opener,
            false,
            stop.clone(),
            spoken.clone(),
        )
    };
    let mut worker = ScheduleWorker::new(shop, stop.clone(), spoken);
    let system = System::new();
    let mut teller = WorkerTeller {
        global,
        system,
        told: Vec::new(),
        once: args.once,
    };
    if args.once {
        let look = teller.hear_out(words, worker.look()).await?;
        return Ok(teller.once(look, stop.is_asked()));
    }
    if schedules.is_empty() && !global.quiet {
        out::say(
            "note: there is no schedule yet; `udsync schedule add --defaults` adds the usual two",
        );
    }
    system.ready();
    let work = teller.hear_out(words, worker.forever());
    system.alive(work).await;
    system.stopping();
    if !global.quiet {
        out::say("stopped; what was begun is recorded and goes on with the next start");
    }
    Ok(exit::DONE)
}

/// Tells what the worker has to say.
struct WorkerTeller<'a> {
    global: &'a Global,
    system: System,
    told: Vec<ScheduledRun>,
    once: bool,
}

impl WorkerTeller<'_> {
    /// Does the work, and tells meanwhile.
    async fn hear_out<T>(
        &mut self,
        mut words: UnboundedReceiver<Spoken>,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = std::pin::pin!(work);
        let done = loop {
            tokio::select! {
                biased;
                Some(word) = words.recv() => self.tell(word),
                done = &mut work => break done,
            }
        };
        while let Ok(word) = words.try_recv() {
            self.tell(word);
        }
        done
    }

    fn tell(&mut self, word: Spoken) {
        match word {
            Spoken::Worked { worked, .. } => self.tell_of_run(*worked),
            Spoken::Trouble { failure, .. } => {
                out::say(ended(failure, self.global).words().trim_end());
            }
            Spoken::Status(words) => self.system.status(&words),
            Spoken::Run { word, .. } => say_word(self.global, None, &word),
            // Only the schedules run here, and each of their runs is told above.
            Spoken::Alive | Spoken::Ended { .. } => {}
        }
    }

    fn tell_of_run(&mut self, worked: WorkedOff) {
        let told = ScheduledRun::new(&worked, |words| said(words, self.global));
        match output(self.global) {
            Output::Json if !self.once => out::print_json_line(&told),
            Output::Json => {}
            Output::Text | Output::Csv => {
                let silent = self.global.quiet && told.exit == exit::DONE;
                if !silent {
                    out::answer(&format!("{}\n", told.line()));
                }
            }
        }
        self.told.push(told);
    }

    /// The answer of a single look.
    fn once(&self, look: ScheduleLook, is_stopped: bool) -> u8 {
        if output(self.global) == Output::Json {
            out::print_json(&ScheduleRunDocument {
                schema: "udsync/schedule-run/1",
                worked: &self.told,
            });
        }
        if is_stopped {
            return exit::INTERRUPTED;
        }
        if let Some(locked) = look.locked {
            if !self.global.quiet {
                out::say(&format!(
                    "note: {}; what is due is tried again",
                    locked.message
                ));
            }
            return exit::LOCKED;
        }
        if self.told.is_empty() && !self.global.quiet && output(self.global) == Output::Text {
            out::answer("nothing is due\n");
        }
        // Held records are kept for later; anything else that did not end well weighs more.
        let codes = self.told.iter().map(|told| told.exit);
        let worst = codes.max_by_key(|code| match *code {
            exit::DONE => 0,
            exit::PROBLEMS => 1,
            _ => 2,
        });
        worst.unwrap_or(exit::DONE)
    }
}

/// What a run that nobody watches says, as far as it is worth a line.
pub fn say_word(global: &Global, shop: Option<&str>, word: &Word) {
    let before = shop.map(|shop| format!("{shop}: ")).unwrap_or_default();
    match word {
        Word::Note(text) => out::say(&format!("{before}note: {text}")),
        Word::Remark(text) if !global.quiet => out::say(&format!("{before}{text}")),
        Word::Remark(_) | Word::Event(_) | Word::Question(_) => {}
    }
}

#[derive(Serialize)]
struct ScheduleRunDocument<'a> {
    schema: &'static str,
    worked: &'a [ScheduledRun],
}

/// One run, as it is told.
#[derive(Serialize)]
pub struct ScheduledRun {
    schema: &'static str,
    schedule: String,
    at: String,
    missed: u32,
    run_id: String,
    pub exit: u8,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    again_at: Option<String>,
    #[serde(skip)]
    when: String,
    #[serde(skip)]
    summary: Option<String>,
    #[serde(skip)]
    again: Option<String>,
}

impl ScheduledRun {
    /// `typed`: what is to be typed, as it is typed for the shop.
    pub fn new(worked: &WorkedOff, typed: impl Fn(&str) -> String) -> ScheduledRun {
        let schedule = &worked.schedule;
        let failure = worked.outcome.as_ref().err();
        let exit = worked
            .outcome
            .as_ref()
            .map_or_else(|failure| failure.exit, |exit| *exit);
        let again = match worked.settled {
            SettledTime::Again(at) => Some(at),
            SettledTime::Done | SettledTime::Open => None,
        };
        ScheduledRun {
            schema: "udsync/schedule-slot/1",
            schedule: schedule.name.clone(),
            at: rfc(worked.due.slot),
            missed: worked.due.missed,
            run_id: worked.run_id.clone(),
            exit,
            result: result(exit, failure.map(|failure| failure.code.as_str())),
            message: failure.map(|failure| failure.message.clone()),
            hint: failure
                .and_then(|failure| hint(schedule, failure))
                .map(|hint| typed(&hint)),
            again_at: again.map(rfc),
            when: local(worked.due.slot, schedule.timezone),
            summary: worked.run.as_ref().map(summary),
            again: again.map(|at| local(at, schedule.timezone)),
        }
    }

    /// In a line, with its hints below.
    pub fn line(&self) -> String {
        format!("{} {}: {}", self.when, self.schedule, self.words())
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

fn summary(run: &Run) -> String {
    format!(
        "{} (run {})",
        show::summary_of(&run.tallies, show::Mood::of(run)),
        run.id
    )
}
