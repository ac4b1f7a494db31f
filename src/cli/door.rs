//! The door of a run that writes: with the lock, through the guards, to an answer. `sync`, `apply` and `retry` come
//! through it with different scopes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tracing::Instrument;

use crate::app::notify::{Broke, Ending};
use crate::connector::port::{Finder, Source, Target};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::apply::Hands;
use crate::engine::deliver::Patience;
use crate::engine::gather::{Reach, Scope};
use crate::engine::parked::unsettled_orders;
use crate::engine::run::{Desk, Planned, Report, carry_out, draw_up, settle_first};
use crate::model::event::Event;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::Plan;
use crate::model::run::{Run, RunStatus, Tally};
use crate::store::{Lock, Store};

use super::args::{GuardArgs, Output, WaitArgs};
use super::consent::consent;
use super::document::run_document;
use super::progress::{Progress, doing};
use super::report::{Failure, exit};
use super::saved::check_fresh;
use super::session::{Session, stop_on_signals};
use super::{csv, metrics, out, show};

/// An opened shop with its lock, on the way to a run that writes.
pub struct Door {
    pub session: Session,
    /// The run that will come of it.
    pub run_id: String,
    errand: Errand,
    /// A digest of what was asked for.
    asked: String,
    progress: Progress,
    stop: Arc<AtomicBool>,
    pub store: Store,
    lock: RefCell<Told>,
}

/// Under which name the state file keeps where the store says to live.
const HOME: &str = "home";

/// What somebody comes to the door for.
pub struct Errand {
    pub command: &'static str,
    pub entities: Vec<String>,
    pub guard: GuardArgs,
    pub wait: WaitArgs,
    pub voice: Voice,
}

/// Who hears how the run goes and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The answer is printed, progress is shown.
    Answer,
    /// A line of JSON for each event, the answer on the last.
    Events,
    /// Somebody else tells it.
    Silent,
}

impl Door {
    /// Takes the lock, or waits for it as long as was said. Listens for the signals that end a run.
    pub async fn open(session: Session, errand: Errand) -> Result<Door, Failure> {
        Door::open_under(session, errand, stop_on_signals()).await
    }

    /// As [`Door::open`], where somebody else listens for signals.
    pub async fn open_under(
        session: Session,
        errand: Errand,
        stop: Arc<AtomicBool>,
    ) -> Result<Door, Failure> {
        let words = format!("{} {}", errand.command, errand.entities.join(" "));
        let lock = session.lock(&words, &errand.wait, &stop).await?;
        let store = session.app.store()?;
        store.close_abandoned_runs(session.app.clock.now())?;
        Ok(Door {
            progress: Progress::new(&session, errand.voice),
            run_id: uuid::Uuid::now_v7().to_string(),
            stop,
            session,
            errand,
            asked: String::new(),
            store,
            lock: RefCell::new(Told::new(lock)),
        })
    }

    /// Says what this run is about, in words that are the same for the same run.
    pub fn asked(mut self, words: &str) -> Door {
        let whole = format!(
            "{} {} {words}",
            self.errand.command,
            self.errand.entities.join(" ")
        );
        self.asked = Fingerprint::of_bytes(whole.as_bytes()).to_string();
        self
    }

    /// The whole of a run that writes: settle what is open, plan, ask, carry out, file, print, tell.
    pub async fn write(
        &self,
        mode: &str,
        scope: impl Fn(&Door, &str, &BTreeSet<u64>) -> Result<Scope, Failure>,
        saved: Option<Plan>,
    ) -> Result<u8, Failure> {
        if let Some(code) = self.done_before()? {
            return Ok(code);
        }
        let done = self.write_once(mode, scope, saved).await;
        self.tell_owner(&done).await;
        if let Some(path) = &self.errand.guard.metrics_file
            && let Err(failure) = metrics::keep(&self.session.app, &self.store, path)
        {
            out::say(&format!(
                "note: no figures were written: {}",
                failure.message
            ));
        }
        done
    }

    /// Notices about how it ended. Nothing of this can fail the run.
    async fn tell_owner(&self, done: &Result<u8, Failure>) {
        let ending = match done {
            Ok(exit::INTERRUPTED) => return,
            Ok(_) => Ending::Finished,
            Err(failure) => match (failure.exit, failure.code.as_str()) {
                // Somebody was there: to break it off, to say no, or to run the other one.
                (exit::INTERRUPTED | exit::LOCKED, _) | (_, "not_confirmed") => return,
                (exit, code) => Ending::Broke(Broke {
                    connection: exit == exit::CREDENTIALS,
                    code,
                    said: &failure.message,
                    hint: failure.hint.as_deref(),
                }),
            },
        };
        if self.session.sandbox.is_some() {
            return;
        }
        let command = format!("{} {}", self.errand.command, self.errand.entities.join(" "));
        match self
            .session
            .app
            .tell_of_run(&self.store, &command, ending)
            .await
        {
            Ok(unsent) => unsent
                .iter()
                .for_each(|unsent| out::say(&format!("note: {}", unsent.words()))),
            Err(error) => out::say(&format!("note: no notice could be kept: {error}")),
        }
    }

    async fn write_once(
        &self,
        mode: &str,
        scope: impl Fn(&Door, &str, &BTreeSet<u64>) -> Result<Scope, Failure>,
        saved: Option<Plan>,
    ) -> Result<u8, Failure> {
        let app = &self.session.app;
        let given = app.sign_in(&self.store)?;
        let source = app.source(&given)?;
        let target = app.target(&self.store, &given)?;
        app.check_owner(&self.store, &source)?;
        let mut run = Run {
            id: self.run_id.clone(),
            shop: app.config.shop.name.clone(),
            command: self.errand.command.to_owned(),
            entities: self.errand.entities.clone(),
            mode: mode.to_owned(),
            dry_run: false,
            status: RunStatus::Running,
            started_at: app.clock.now(),
            finished_at: None,
            tally: Tally::default(),
        };
        self.store.begin_run(&run)?;
        let span = tracing::info_span!("run", id = run.id);
        let work = self
            .run(&run, &source, &target, &scope, saved)
            .instrument(span);
        let outcome = telling_of_pauses(&target, &self.progress, work).await;
        self.progress.clear();
        run.finished_at = Some(app.clock.now());
        warn_of_the_end(&self.session, &self.store);
        match outcome {
            Ok(report) => {
                run.status = status(&report);
                run.tally = report.tally.clone();
                self.store.record_changes(&run.id, &report.changes)?;
                self.store.finish_run(&run)?;
                self.finish(&run, target.name(), &report)
            }
            Err(failure) => {
                run.status = match failure.exit {
                    exit::GUARD | exit::STALE_PLAN => RunStatus::Refused,
                    exit::INTERRUPTED => RunStatus::Interrupted,
                    _ => RunStatus::Failed,
                };
                run.tally.requests = target.requests();
                // What ended the run matters more than that its end could not be kept; the next run notes it.
                let _ = self.store.finish_run(&run);
                Err(failure)
            }
        }
    }

    async fn run<T: Target>(
        &self,
        run: &Run,
        source: &WooCommerce,
        target: &T,
        scope: &impl Fn(&Door, &str, &BTreeSet<u64>) -> Result<Scope, Failure>,
        saved: Option<Plan>,
    ) -> Result<Report, Failure> {
        let app = &self.session.app;
        let tell = |event: Event| {
            self.lock.borrow_mut().tell(&event);
            self.progress.tell(event);
        };
        let hands = Hands {
            target,
            store: &self.store,
            rules: &app.config.rules,
            run_id: &run.id,
            clock: &app.clock,
            stop: &self.stop,
            patience: self.patience(),
            tell: &tell,
        };
        let desk = Desk {
            source,
            finder: target,
            store: &self.store,
            rules: &app.config.rules,
            tell: &tell,
        };
        let resumed = settle_first(&hands).await?;
        let mut besides = unsettled_orders(&self.store, target.name())?;
        besides.extend(&resumed);
        let mut scope = scope(self, source.address(), &besides)?;
        if saved.is_none() {
            // What was found out just now may be half of an order: the other half belongs to this run, whatever it is
            // about.
            scope.besides.extend(resumed);
        }
        let mut planned = interruptible(&self.stop, draw_up(&desk, &scope)).await?;
        // Both sides have answered, so this is the right pair.
        app.bind(&self.store, source)?;
        let may_replan = saved.is_none();
        if let Some(saved) = saved {
            // What is carried out is the plan as it was made just now. It is the saved one to the byte in all that is
            // written; a file can be edited.
            check_fresh(&saved, &planned.plan)?;
            planned.complete_through = None;
        }
        self.progress.clear();
        if self.errand.voice != Voice::Silent {
            note_unknown(&planned);
        }
        self.check_home(&planned, source).await?;
        consent(&self.session, &self.errand.guard, &self.store, &planned)?;
        let swept = matches!(scope.reach, Reach::Full) && planned.complete_through.is_some();
        let report = carry_out(&desk, &hands, &planned, may_replan).await?;
        if swept && report.end.is_none() && !report.interrupted {
            self.store.note_sweep(source.address(), run.started_at)?;
        }
        Ok(report)
    }

    /// Refuses to write from a copy of the store. Such a copy has the same orders and goes on by itself: what is bought there
    /// to try something out is no sale. Asked only where something would be written.
    async fn check_home(&self, planned: &Planned, source: &WooCommerce) -> Result<(), Failure> {
        if planned.plan.writes() == 0 {
            return Ok(());
        }
        let Some(home) = source.home().await else {
            return Ok(());
        };
        let known = self.store.kept(HOME)?.map(|(known, _)| known);
        if known.as_ref() == Some(&home) {
            return Ok(());
        }
        if let Some(known) = known
            && !self.errand.guard.allow_moved
        {
            return Err(Failure::new(
                exit::GUARD,
                "store_clone",
                format!("the store says to live at `{home}`, and in the last run it was `{known}`: it may be a copy"),
            )
            .hint(
                "see that `url` of `[woocommerce]` leads to the store and not to a copy of it; if the store has really moved, run \
                 the command again with `--allow-moved`",
            ));
        }
        Ok(self.store.keep(HOME, &home, self.session.app.clock.now())?)
    }

    fn patience(&self) -> Patience {
        let mut patience = Patience {
            tries_max: self.session.app.config.sync.max_attempts,
            ..Patience::default()
        };
        if let Some(pause) = self.session.app.first_pause {
            patience.first_pause = pause;
            // Whoever is in such a hurry does not wait for minutes either.
            patience.wait_max = Duration::from_secs(3);
        }
        patience
    }

    /// Prints what an earlier run under the same key did, and says how it ended.
    fn done_before(&self) -> Result<Option<u8>, Failure> {
        let Some(key) = &self.errand.guard.idempotency_key else {
            return Ok(None);
        };
        let Some((text, asked)) = self.store.keyed_run(key)? else {
            return Ok(None);
        };
        if asked.is_some_and(|asked| asked != self.asked) {
            return Err(Failure::new(
                exit::USAGE,
                "key_of_another_run",
                format!("the key `{key}` stands for a run with other arguments"),
            )
            .hint("give this one a key of its own with `--idempotency-key KEY`"));
        }
        let before: Before = serde_json::from_str(&text).unwrap_or_default();
        match self.session.output {
            Output::Json if self.errand.voice == Voice::Events => out::print_json_line(
                &serde_json::value::RawValue::from_string(text.replace('\n', ""))
                    .unwrap_or_default(),
            ),
            Output::Json => out::print(&text),
            Output::Text | Output::Csv => {
                let target = before.targets.get("quickbooks").cloned();
                out::print(&format!(
                    "{}\n",
                    show::summary(&target.unwrap_or_default(), false)
                ));
                out::say(&format!(
                    "note: run {} had this key; nothing was done again",
                    before.run_id
                ));
            }
        }
        let clean = before.status == RunStatus::Succeeded.as_str();
        Ok(Some(if clean { exit::DONE } else { exit::PROBLEMS }))
    }

    fn print(&self, run: &Run, target: &str, report: &Report) {
        if self.errand.voice != Voice::Silent {
            let line_by_line = self.errand.voice == Voice::Events;
            print(&self.session, run, target, report, line_by_line);
        }
    }

    fn finish(&self, run: &Run, target: &str, report: &Report) -> Result<u8, Failure> {
        let document = || run_document(run, target, report, self.session.all);
        if let Some(fault) = &report.end {
            let mut failure = Failure::from(fault.clone());
            match self.session.output {
                // One document, and it is the one that says what is wrong.
                Output::Json => failure.run = serde_json::value::to_raw_value(&document()).ok(),
                Output::Text | Output::Csv => {
                    self.print(run, target, report);
                }
            }
            return Err(failure);
        }
        // A run that was cut short is no answer to a key: the next one under it goes on.
        if let Some(key) = &self.errand.guard.idempotency_key
            && !report.interrupted
        {
            let text = serde_json::to_string_pretty(&document())
                .expect("our own values always have a JSON form");
            self.store
                .remember_keyed_run(key, &self.asked, &format!("{text}\n"))?;
        }
        self.print(run, target, report);
        Ok(if report.interrupted {
            exit::INTERRUPTED
        } else if report.problems.is_empty() {
            exit::DONE
        } else {
            exit::PROBLEMS
        })
    }
}

/// The lock, with what it tells others of how far the run is.
struct Told {
    lock: Lock,
    total: Option<u64>,
    last: Instant,
}

/// The lock file is written no oftener than this while a stage goes on.
const BETWEEN: Duration = Duration::from_secs(1);

impl Told {
    fn new(lock: Lock) -> Told {
        Told {
            lock,
            total: None,
            last: Instant::now(),
        }
    }

    fn tell(&mut self, event: &Event) {
        match event {
            Event::Stage { stage, total } => {
                self.total = *total;
                self.say(doing(*stage));
            }
            Event::Progress { stage, done } if self.last.elapsed() >= BETWEEN => {
                let of = self
                    .total
                    .map_or_else(String::new, |total| format!(" of {total}"));
                self.say(&format!("{}: {done}{of}", doing(*stage)));
            }
            Event::Waiting { seconds, .. } => {
                self.say(&format!("waiting {seconds} s for the books"))
            }
            Event::Progress { .. } | Event::Written { .. } | Event::Problem { .. } => {}
        }
    }

    fn say(&mut self, words: &str) {
        self.last = Instant::now();
        self.lock.progress(words);
    }
}

/// What is needed of an earlier run's document.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Before {
    run_id: String,
    status: String,
    targets: BTreeMap<String, Tally>,
}

/// What is about to end is told of once in every run: the connection, and the reads of the month.
pub fn warn_of_the_end(session: &Session, store: &Store) {
    if session.quiet {
        return;
    }
    let app = &session.app;
    let warnings = [app.connection_warning(store), app.reads_warning(store)];
    for warning in warnings.into_iter().flatten() {
        out::say(&format!("warning: {warning}"));
    }
}

/// A silence that is longer is explained.
const TELL_AFTER: Duration = Duration::from_secs(3);

/// Tells of pauses that the books ask for, whoever keeps them, while the work goes on.
pub async fn telling_of_pauses<T>(
    target: &impl Finder,
    progress: &Progress,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_millis(500)) => {
                if let Some(left) = target.waiting().filter(|left| *left >= TELL_AFTER) {
                    progress.held_up(target.name(), left);
                }
            }
        }
    }
}

/// An id that was asked for by hand and is nobody's is worth a word.
pub fn note_unknown(planned: &Planned) {
    for id in &planned.unknown {
        out::say(&format!("note: the store has no order with id {id}"));
    }
}

fn status(report: &Report) -> RunStatus {
    if report.interrupted {
        RunStatus::Interrupted
    } else if report.end.is_some() {
        RunStatus::Failed
    } else if report.problems.is_empty() {
        RunStatus::Succeeded
    } else {
        RunStatus::Partial
    }
}

pub fn print(session: &Session, run: &Run, target: &str, report: &Report, line_by_line: bool) {
    match session.output {
        Output::Text => {
            out::print(&show::report(report, run.dry_run, session.all));
            if session.sandbox.is_some() && !session.quiet && !run.dry_run {
                out::say(
                    "this was the sandbox: a shop and a company on this machine, gone by now\n\
                     `udsync sandbox` keeps them running: a second sync then posts nothing twice",
                );
            }
        }
        Output::Json if line_by_line => {
            out::print_json_line(&run_document(run, target, report, session.all))
        }
        Output::Json => out::print_json(&run_document(run, target, report, session.all)),
        Output::Csv => {
            out::print(&csv::changes(&report.changes, session.all));
            if !session.quiet {
                out::say(show::ending(report, run.dry_run).trim_end());
            }
        }
    }
}

/// Reading can be broken off at any time: nothing has been written yet.
pub async fn interruptible<T, E: Into<Failure>>(
    stop: &AtomicBool,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    let stopped = async {
        while !stop.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        result = work => result.map_err(Into::into),
        () = stopped => Err(Failure::new(
            exit::INTERRUPTED,
            "interrupted",
            "interrupted before anything was written",
        )),
    }
}
