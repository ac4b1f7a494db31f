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
use crate::connector::port::{Finder, Source};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::apply::Hands;
use crate::engine::deliver::Patience;
use crate::engine::gather::{Reach, Scope};
use crate::engine::run::{Planned, Report, carry_out, settle_first};
use crate::engine::survey::Trouble;
use crate::model::event::Event;
use crate::model::fault::Fault;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::Plan;
use crate::model::run::{Run, RunStatus, Tally};
use crate::store::{Lock, Store};

use super::aim::Aim;
use super::args::{GuardArgs, Output, WaitArgs};
use super::consent::{consent, leave_voids};
use super::document::run_document;
use super::legs::{Besides, Came, Legs, Reading, first_pause, heed_loss, mirror};
use super::progress::{Progress, doing};
use super::report::{Failure, exit};
use super::saved::check_fresh;
use super::session::{Session, stop_on_signals};
use super::show::Mood;
use super::unknown::{none_known, note_unknown};
use super::{csv, later, metrics, out, show};

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

/// What a run is about: where its records go, and which ones.
pub struct Going<'a> {
    pub aim: Aim,
    pub mode: &'static str,
    /// The database is asked what it holds.
    pub verify: bool,
    pub scope: &'a dyn Fn(&Door, &str, &Besides) -> Result<Scope, Failure>,
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

    /// The whole of a run that writes: settle what is open, read, plan, ask, carry out, file, print, tell.
    pub async fn write(&self, errand: Going<'_>, saved: Option<Plan>) -> Result<u8, Failure> {
        if let Some(code) = self.done_before()? {
            return Ok(code);
        }
        let done = self.write_once(&errand, saved).await;
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

    async fn write_once(&self, errand: &Going<'_>, saved: Option<Plan>) -> Result<u8, Failure> {
        let app = &self.session.app;
        let mut run = Run {
            id: self.run_id.clone(),
            shop: app.config.shop.name.clone(),
            command: self.errand.command.to_owned(),
            entities: self.errand.entities.clone(),
            mode: errand.mode.to_owned(),
            dry_run: false,
            status: RunStatus::Running,
            started_at: app.clock.now(),
            finished_at: None,
            tallies: BTreeMap::new(),
            error: None,
        };
        let (legs, mut came) = match self.legs_of(errand) {
            Ok(opened) => opened,
            Err(failure) => {
                // One that could not begin is looked for in the history like any other.
                self.store.begin_run(&run)?;
                self.broke(&mut run, &failure)?;
                return Err(failure);
            }
        };
        legs.count(&mut run, &came);
        self.store.begin_run(&run)?;
        let span = tracing::info_span!("run", id = run.id);
        let work = self
            .run(&mut run, &legs, errand, saved, &mut came)
            .instrument(span);
        match &legs.books {
            Some(books) => telling_of_pauses(books, &self.progress, work).await,
            None => work.await,
        }
        self.progress.clear();
        warn_of_the_end(&self.session, &self.store);
        self.finish(&run, came)
    }

    fn legs_of(&self, errand: &Going<'_>) -> Result<(Legs, Came), Failure> {
        let app = &self.session.app;
        let opened = Legs::open(app, &self.store, errand.aim)?;
        app.check_owner(&self.store, &opened.0.source)?;
        Ok(opened)
    }

    /// Writes down that a run ended so.
    fn broke(&self, run: &mut Run, failure: &Failure) -> Result<(), Failure> {
        run.status = later::status_of(failure);
        run.error = Some(later::kept(failure, run));
        run.finished_at = Some(self.session.app.clock.now());
        Ok(self.store.finish_run(run)?)
    }

    /// Does it, and keeps what came of it, whatever that is.
    async fn run(
        &self,
        run: &mut Run,
        legs: &Legs,
        errand: &Going<'_>,
        saved: Option<Plan>,
        came: &mut Came,
    ) {
        let tell = |event: Event| {
            self.lock.borrow_mut().tell(&event);
            self.progress.tell(event);
        };
        let done = self.legs(run, legs, errand, saved, came, &tell).await;
        if let Err(failure) = done {
            came.fail(failure);
            // What it was about to keep may be the very thing that failed; then the next run closes this one.
            if run.finished_at.is_none() {
                let _ = self.keep(run, legs, came);
            }
        }
    }

    async fn legs(
        &self,
        run: &mut Run,
        legs: &Legs,
        errand: &Going<'_>,
        saved: Option<Plan>,
        came: &mut Came,
        tell: &dyn Fn(Event),
    ) -> Result<(), Failure> {
        let app = &self.session.app;
        let mappings = match legs.mappings(app).await {
            Ok(mappings) => mappings,
            Err(failure) => {
                came.fail(failure);
                return self.keep(run, legs, came);
            }
        };
        let mut reading = Reading {
            app,
            store: &self.store,
            legs,
            database: None,
            mappings: &mappings,
            stop: &self.stop,
            tell,
            aim: errand.aim,
            verify: errand.verify,
            allow_shrunken: self.errand.guard.allow_shrunken,
        };
        reading.database = legs.ready_database(first_pause(app), came).await;
        heed_loss(&mut reading, came).await?;
        let done = self.go(run, &reading, errand, saved, came).await;
        if let Err(failure) = done {
            came.fail(failure);
        }
        self.keep(run, legs, came)?;
        if !came.is_interrupted() {
            // Only now the log of this run is whole.
            mirror(&reading, came).await?;
            self.keep(run, legs, came)?;
        }
        Ok(())
    }

    /// Writes down how the run stands.
    fn keep(&self, run: &mut Run, legs: &Legs, came: &mut Came) -> Result<(), Failure> {
        legs.count(run, came);
        run.status = status(came);
        let end = came.reports().find_map(|report| report.end.clone());
        let failure = came.failure.clone().or(end.map(Failure::from));
        run.error = failure.map(|failure| later::kept(&failure, run));
        if run.finished_at.is_none() {
            // A copy has filed its own on its way.
            if let Some(books) = &came.books {
                self.store.record_changes(&run.id, &books.changes)?;
            }
        }
        run.finished_at = Some(self.session.app.clock.now());
        Ok(self.store.finish_run(run)?)
    }

    /// Settles what is open, reads, plans, asks, and writes.
    async fn go(
        &self,
        run: &Run,
        reading: &Reading<'_>,
        errand: &Going<'_>,
        saved: Option<Plan>,
        came: &mut Came,
    ) -> Result<(), Failure> {
        let (app, legs) = (&self.session.app, reading.legs);
        let hands = legs.books.as_ref().map(|target| Hands {
            target,
            store: &self.store,
            rules: &app.config.rules,
            run_id: &run.id,
            clock: &app.clock,
            stop: &self.stop,
            patience: self.patience(),
            tell: reading.tell,
        });
        let mut resumed = BTreeSet::new();
        if let Some(hands) = &hands {
            match settle_first(hands).await {
                Ok(orders) => resumed = orders,
                Err(Trouble::Fault(fault)) if reading.database.is_some() => {
                    came.books = Some(Report {
                        end: Some(fault),
                        ..Report::default()
                    });
                }
                Err(trouble) => return Err(trouble.into()),
            }
        }
        if reading.database.is_none() && (hands.is_none() || came.books.is_some()) {
            return Ok(());
        }
        let mut besides = legs.besides(app, &self.store)?;
        besides.books.extend(&resumed);
        let mut scope = (errand.scope)(self, legs.source.address(), &besides)?;
        if saved.is_none() {
            // What was found out just now may be half of an order: the other half belongs to this run, whatever it is
            // about.
            scope.besides.extend(resumed);
        }
        let planned = reading.read(&scope, Some(&run.id), came).await?;
        // Both sides have answered, so this is the right pair.
        if came.failure.is_none() {
            app.bind(&self.store, &legs.source)?;
            legs.remember_mappings(app, &self.store, reading.mappings)?;
        }
        let swept =
            matches!(scope.reach, Reach::Full) && scope.moves_cursor && errand.aim.both().orders;
        let Some(mut planned) = planned else {
            return self.note_sweep(swept && hands.is_none(), legs, run, came);
        };
        let (Some(books), Some(hands)) = (&legs.books, &hands) else {
            return Ok(());
        };
        let may_replan = saved.is_none();
        if let Some(saved) = saved {
            // What is carried out is the plan as it was made just now. It is the saved one to the byte in all that is
            // written; a file can be edited.
            check_fresh(&saved, &planned.plan)?;
            planned.complete_through = None;
        }
        self.progress.clear();
        // What is tried again may be gone from the shop by now; what is named by hand should be there.
        if self.errand.command == "sync"
            && let Some(failure) = none_known(&scope, &planned)
        {
            return Err(failure);
        }
        if self.errand.voice != Voice::Silent {
            note_unknown(&planned);
        }
        self.check_home(&planned, &legs.source).await?;
        leave_voids(&self.session, &self.errand.guard, &mut planned);
        consent(&self.session, &self.errand.guard, &self.store, &planned)?;
        let swept = swept && planned.complete_through.is_some();
        came.books = Some(carry_out(&reading.desk(books), hands, &planned, may_replan).await?);
        self.note_sweep(swept, legs, run, came)
    }

    /// Remembers that every order was read and has reached everything it was to reach.
    fn note_sweep(&self, swept: bool, legs: &Legs, run: &Run, came: &Came) -> Result<(), Failure> {
        let whole = came.failure.is_none()
            && !came.is_interrupted()
            && came.reports().all(|report| report.end.is_none());
        if swept && whole {
            self.store
                .note_sweep(legs.source.address(), run.started_at)?;
        }
        Ok(())
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
                let whole = ["succeeded", "partial"].contains(&before.status.as_str());
                let mood = if whole { Mood::Did } else { Mood::DidSoFar };
                let figures = show::summary_of(&before.targets, mood);
                out::print(&format!("{figures}\n"));
                out::say(&format!(
                    "note: run {} had this key; nothing was done again",
                    before.run_id
                ));
            }
        }
        let clean = before.status == RunStatus::Succeeded.as_str();
        Ok(Some(if clean { exit::DONE } else { exit::PROBLEMS }))
    }

    fn print(&self, run: &Run, report: &Report) {
        if self.errand.voice != Voice::Silent {
            let line_by_line = self.errand.voice == Voice::Events;
            print(&self.session, run, report, line_by_line);
        }
    }

    fn finish(&self, run: &Run, mut came: Came) -> Result<u8, Failure> {
        let whole = came.whole();
        let ends: Vec<Fault> = came.reports().filter_map(|leg| leg.end.clone()).collect();
        for (nth, end) in ends.into_iter().enumerate() {
            if nth > 0 || came.failure.is_some() {
                out::say(&format!("note: {}", end.said));
            }
            came.fail(end.into());
        }
        let document = || run_document(run, &whole, self.session.all);
        if let Some(mut failure) = came.failure {
            let has_figures = came.books.is_some() || came.copy.is_some();
            match self.session.output {
                // One document, and it is the one that says what is wrong.
                Output::Json if has_figures => {
                    failure.run = serde_json::value::to_raw_value(&document()).ok();
                }
                Output::Text | Output::Csv if has_figures => {
                    // A leg that was stopped before it began has nothing to count.
                    let mut run = run.clone();
                    run.tallies.retain(|target, _| match target.as_str() {
                        "quickbooks" => came.books.is_some(),
                        _ => came.copy.is_some(),
                    });
                    self.print(&run, &whole);
                }
                _ => {}
            }
            return Err(failure);
        }
        // A run that was cut short is no answer to a key: the next one under it goes on.
        if let Some(key) = &self.errand.guard.idempotency_key
            && !whole.interrupted
        {
            let text = serde_json::to_string_pretty(&document())
                .expect("our own values always have a JSON form");
            self.store
                .remember_keyed_run(key, &self.asked, &format!("{text}\n"))?;
        }
        self.print(run, &whole);
        Ok(if whole.interrupted {
            exit::INTERRUPTED
        } else if whole.problems.is_empty() {
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

fn status(came: &Came) -> RunStatus {
    if came.is_interrupted() {
        RunStatus::Interrupted
    } else if let Some(failure) = &came.failure {
        later::status_of(failure)
    } else if came.reports().any(|report| report.end.is_some()) {
        RunStatus::Failed
    } else if came.problems().next().is_none() {
        RunStatus::Succeeded
    } else {
        RunStatus::Partial
    }
}

pub fn print(session: &Session, run: &Run, report: &Report, line_by_line: bool) {
    match session.output {
        Output::Text => {
            out::print(&show::report(
                report,
                &run.tallies,
                Mood::of(run),
                session.all,
            ));
            if session.sandbox.is_some() && !session.quiet && !run.dry_run {
                out::say(
                    "this was the sandbox: a shop and a company on this machine, gone by now\n\
                     `udsync sandbox` keeps them running: a second sync then posts nothing twice",
                );
            }
        }
        Output::Json if line_by_line => {
            out::print_json_line(&run_document(run, report, session.all))
        }
        Output::Json => out::print_json(&run_document(run, report, session.all)),
        Output::Csv => {
            out::print(&csv::changes(&report.changes, session.all));
            if !session.quiet {
                out::say(show::ending(report, &run.tallies, Mood::of(run)).trim_end());
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
