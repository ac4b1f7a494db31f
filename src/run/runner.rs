//! The runner: takes the lock, and goes with a request through the one story of a run, to its answer.
//!
//! It decides whether a person must be asked, and never asks; it says what happens, and never prints. A run that shows its plan and a
//! run that carries it out are the same up to the plan. What shows it is handed a [`LedgerReader`], which cannot write.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::Instrument;

use super::aim::Aim;
use super::answer::{RunAnswer, RunOutcome};
use super::failure::{Failure, exit};
use super::later;
use super::legs::{LegReports, Legs};
use super::listener::Listener;
use super::lock::{self, LockedRun};
use super::moved::carry_over;
use super::parts::{Parts, under_way};
use super::request::{Ending, RunRequest, RunSubject, Selection};
use super::scope::is_sweep_due;
use super::story::Story;
use super::to_undo::with_run_to_undo;
use crate::app::App;
use crate::app::notify;
use crate::connector::port::{LedgerReader, LedgerWriter, ShopReader};
use crate::connector::quickbooks::QuickBooks;
use crate::connector::woocommerce::WooCommerce;
use crate::engine::context::Patience;
use crate::model::clock::local;
use crate::model::code;
use crate::model::event::Event;
use crate::model::plan::{Entity, Plan};
use crate::model::run::{Run, RunStatus};
use crate::model::service::Service;
use crate::store::{History, HistoryWriter, Memory, Problems, Store};

/// A silence that is longer is explained.
const TELL_AFTER: Duration = Duration::from_secs(3);

/// An opened shop with its lock, ready for one run.
pub struct Runner {
    pub app: App,
    /// The run that will come of it.
    pub run_id: String,
    pub store: Store,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) listener: Listener,
    pub(super) lock: Mutex<LockedRun>,
    pub(super) patience: Patience,
    /// What is done here is nobody's business: no owner is told.
    is_sandbox: bool,
}

impl Runner {
    /// Takes the lock for the request, or waits for it as long as was said.
    pub async fn open(
        app: App,
        request: &RunRequest,
        wait: Duration,
        stop: Arc<AtomicBool>,
        listener: Listener,
    ) -> Result<Runner, Failure> {
        let lock = lock::take(&app, &request.words(), wait, &stop, &listener).await?;
        let store = app.store()?;
        let mut app = app;
        let keeps = request.ending == Ending::Apply;
        if let Some(told) = app.settle_zone(&store, keeps).await? {
            listener.note(told);
        }
        if keeps {
            store.close_abandoned_runs(app.clock.now())?;
        }
        Ok(Runner {
            patience: patience(&app),
            app,
            run_id: uuid::Uuid::now_v7().to_string(),
            store,
            stop,
            listener,
            lock: Mutex::new(lock),
            is_sandbox: false,
        })
    }

    /// What is done is done in the sandbox: no owner is told.
    pub fn in_sandbox(mut self) -> Runner {
        self.is_sandbox = true;
        self
    }

    /// With another patience than the configuration gives.
    pub fn with_patience(mut self, patience: Patience) -> Runner {
        self.patience = patience;
        self
    }

    /// The whole of a run. An error is what kept it from beginning.
    pub async fn run(&self, request: RunRequest) -> Result<RunOutcome, Failure> {
        self.run_as(request, |books| books).await
    }

    /// As [`Runner::run`], with something around the books: how a test pulls the plug.
    pub async fn run_as<T: LedgerWriter>(
        &self,
        request: RunRequest,
        as_target: impl FnOnce(QuickBooks) -> T,
    ) -> Result<RunOutcome, Failure> {
        if request.guard.idempotency_key.is_some() {
            self.app.unveil_to_look(&self.store)?;
        }
        let request = with_run_to_undo(&self.store, request)?;
        if let Some(before) = self.done_before(&request)? {
            return Ok(before);
        }
        let span = tracing::info_span!("run", id = self.run_id);
        // On the heap, as are its larger parts: the state of a whole run is too much for the stack of a worker thread.
        let done = Box::pin(self.once(&request, as_target));
        let done = done.instrument(span).await;
        if request.ending == Ending::Apply {
            self.tell_owner(&request, &done).await;
        }
        Ok(RunOutcome::Ran(Box::new(done?)))
    }

    async fn once<T: LedgerWriter>(
        &self,
        request: &RunRequest,
        as_target: impl FnOnce(QuickBooks) -> T,
    ) -> Result<RunAnswer, Failure> {
        let app = &self.app;
        let problems = match request.subject {
            RunSubject::Problems(None) => self.store.problems(None, false)?,
            _ => Vec::new(),
        };
        let aim = Aim::of(&request.subject, &app.config, &problems);
        if matches!(request.subject, RunSubject::Records(_)) && aim == Aim::default() {
            return Err(switched_off(&request.entities()));
        }
        let mut run = Run {
            id: self.run_id.clone(),
            shop: app.config.shop.name.clone(),
            command: request.command.to_owned(),
            entities: request.entities(),
            mode: request.mode().to_owned(),
            dry_run: request.ending == Ending::Show,
            status: RunStatus::Running,
            started_at: app.clock.now(),
            finished_at: None,
            tallies: BTreeMap::new(),
            error: None,
        };
        let opened = self.opened(request, aim, as_target).await;
        let (legs, mut reports) = opened.map_err(|failure| self.broke(run.clone(), failure))?;
        // The answer is that of the request as it was made: a key stands for what was asked, not for what became of it.
        let swept = self.swept(request, aim, &legs.source)?;
        let going = swept.as_ref().unwrap_or(request);
        going.mode().clone_into(&mut run.mode);
        legs.count(&mut run, &reports);
        if request.ending == Ending::Apply {
            self.store.begin_run(&run)?;
        }
        let mut parts = Parts::of(&run);
        let plan = loop {
            let story = Story {
                runner: self,
                request: going,
                aim,
                legs: &legs,
                troubled: super::request::ids_among(&problems, Entity::Order),
                parts: &parts,
            };
            let plan = self
                .telling_of_pauses(&legs, Box::pin(story.tell_it(&mut run, &mut reports)))
                .await;
            if !reports.goes_on() {
                break plan;
            }
            run = parts.next(run, std::mem::take(&mut reports), app.clock.now());
            self.store.begin_run(&run)?;
        };
        self.warn_of_the_end();
        self.answer(request, run, reports, plan, parts)
    }

    /// The legs, if they are those of this state file.
    async fn opened<T: LedgerWriter>(
        &self,
        request: &RunRequest,
        aim: Aim,
        as_target: impl FnOnce(QuickBooks) -> T,
    ) -> Result<(Legs<T>, LegReports), Failure> {
        // What is kept of people is sealed or not at all, and an earlier run may have left something open that has to be read.
        match request.ending {
            Ending::Apply => {
                self.app.unveil(&self.store)?;
                self.app.drop_old_bodies(&self.store)?;
            }
            Ending::Show => self.app.unveil_to_look(&self.store)?,
        }
        let (legs, reports) = Legs::open(&self.app, &self.store, aim, as_target)?;
        // Only what may write can carry anything over.
        if request.ending == Ending::Apply {
            let is_said = request.guard.allow_moved;
            let moved = carry_over(&self.app, &self.store, &legs.source, is_said).await?;
            moved.into_iter().for_each(|told| self.listener.note(told));
        }
        self.app.check_owner(&self.store, &legs.source)?;
        Ok((legs, reports))
    }

    /// One that could not begin is looked for in the history like any other.
    fn broke(&self, mut run: Run, failure: Failure) -> Failure {
        if run.dry_run {
            return failure;
        }
        let kept = self.store.begin_run(&run).and_then(|()| {
            run.status = later::status_of(&failure);
            run.error = Some(later::kept(&failure, &run));
            run.finished_at = Some(self.app.clock.now());
            self.store.finish_run(&run)
        });
        if let Err(error) = kept {
            self.listener
                .note(format!("the history could not be kept: {error}"));
        }
        failure
    }

    /// The request made whole, where the configuration wants every order read again and it is time for it.
    fn swept(
        &self,
        request: &RunRequest,
        aim: Aim,
        source: &WooCommerce,
    ) -> Result<Option<RunRequest>, Failure> {
        let RunSubject::Records(selection) = &request.subject else {
            return Ok(None);
        };
        let address = source.address();
        let was_read = self.store.cursor(address, Entity::Order)?.is_some();
        // Where the books get orders no more, nobody goes on with it.
        if aim.books.orders && under_way(&self.store)?.is_some() {
            return Ok(None);
        }
        let last = self.store.swept_at(address)?;
        let now = self.app.clock.now();
        if !is_sweep_due(selection, &self.app.config, was_read, last, now) {
            return Ok(None);
        }
        let since = last.map_or("never yet".to_owned(), |at| {
            format!("last on {}", local(at, self.app.config.rules.timezone))
        });
        self.listener.remark(format!(
            "note: every order is read again ({since}): `full_sweep` in `[woocommerce]` says how often"
        ));
        let whole = Selection {
            full: true,
            ..selection.clone()
        };
        Ok(Some(RunRequest {
            subject: RunSubject::Records(whole),
            ..request.clone()
        }))
    }

    /// Notices about how it ended. Nothing of this can fail the run.
    async fn tell_owner(&self, request: &RunRequest, done: &Result<RunAnswer, Failure>) {
        let failure = match done {
            Ok(answer) if answer.exit() == exit::INTERRUPTED => return,
            Ok(answer) => answer.failure.as_ref(),
            Err(failure) => Some(failure),
        };
        let ending = match failure {
            None => notify::NoticedEnding::Finished,
            Some(failure) => match (failure.exit, failure.code.as_str()) {
                // Somebody was there: to break it off, to say no, or to run the other one.
                (exit::INTERRUPTED | exit::LOCKED, _)
                | (_, code::NOT_CONFIRMED | code::UNDO_BLOCKED | code::UNDO_OF_UNDO) => return,
                (exit, code) => notify::NoticedEnding::Broke(notify::Broke {
                    connection: exit == exit::CREDENTIALS,
                    code,
                    said: &failure.message,
                    hint: failure.hint.as_deref(),
                }),
            },
        };
        if self.is_sandbox {
            return;
        }
        let told = self
            .app
            .tell_of_run(&self.store, &request.words(), ending)
            .await;
        match told {
            Ok(unsent) => unsent
                .iter()
                .for_each(|unsent| self.listener.note(unsent.words())),
            Err(error) => self
                .listener
                .note(format!("no notice could be kept: {error}")),
        }
    }

    /// What an earlier run under the same key did.
    fn done_before(&self, request: &RunRequest) -> Result<Option<RunOutcome>, Failure> {
        let Some(key) = &request.guard.idempotency_key else {
            return Ok(None);
        };
        let Some((document, asked)) = self.store.keyed_run(key)? else {
            return Ok(None);
        };
        if asked.is_some_and(|asked| asked != request.digest()) {
            return Err(Failure::new(
                "key_of_another_run",
                format!("the key `{key}` stands for a run with other arguments"),
            )
            .hint("give this one a key of its own with `--idempotency-key KEY`"));
        }
        Ok(Some(RunOutcome::Before {
            key: key.clone(),
            document,
        }))
    }

    /// What is about to end is told of once in every run: the connection, and the reads of the month.
    fn warn_of_the_end(&self) {
        let warnings = [
            self.app.connection_warning(&self.store),
            self.app.reads_warning(&self.store),
        ];
        for warning in warnings.into_iter().flatten() {
            self.listener.remark(format!("warning: {warning}"));
        }
    }

    /// Tells of pauses that the books ask for, whoever keeps them, while the work goes on.
    async fn telling_of_pauses<T: LedgerReader, D>(
        &self,
        legs: &Legs<T>,
        work: impl Future<Output = D>,
    ) -> D {
        let Some(books) = &legs.books else {
            return work.await;
        };
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(Duration::from_millis(500)) => {
                    if let Some(left) = books.waiting().filter(|left| *left >= TELL_AFTER) {
                        self.listener.tell(Event::Waiting {
                            target: books.name().to_owned(),
                            // Rounded up: nobody waits for nothing.
                            seconds: left.as_secs() + u64::from(left.subsec_nanos() > 0),
                            why: "to stay within the requests that it allows".to_owned(),
                        });
                    }
                }
            }
        }
    }

    fn answer(
        &self,
        request: &RunRequest,
        mut run: Run,
        mut reports: LegReports,
        plan: Option<Plan>,
        parts: Parts,
    ) -> Result<RunAnswer, Failure> {
        let ends: Vec<_> = reports
            .reports()
            .filter_map(|leg| leg.end.clone())
            .collect();
        for (nth, end) in ends.into_iter().enumerate() {
            if nth > 0 || reports.failure.is_some() {
                self.listener.note(end.said.clone());
            }
            reports.fail(end.into());
        }
        if request.ending == Ending::Show {
            run.status = match &reports.failure {
                Some(failure) => later::status_of(failure),
                None => RunStatus::Succeeded,
            };
            run.finished_at = Some(self.app.clock.now());
        }
        let copied = reports.copy.as_ref().map(|copy| &copy.tally);
        let rows = copied.map_or(0, |tally| tally.created + tally.updated + tally.deleted);
        let documents = plan.as_ref().map_or(0, Plan::writes) as u64;
        let counted = [
            reports.books.as_ref().map(|_| Service::BOOKS.as_str()),
            reports.copy.as_ref().map(|_| Service::COPY.as_str()),
        ];
        let mut report = reports.whole();
        let runs = parts.join(&mut run, &mut report);
        let mut answer = RunAnswer {
            report,
            run,
            plan,
            has_changes: documents + rows > 0,
            counted: counted.into_iter().flatten().collect(),
            failure: reports.failure,
            all: request.lists_unchanged,
            listed_in: (!runs.is_empty()).then(|| (self.store.clone(), runs)),
        };
        // A run that was cut short is no answer to a key: the next one under it goes on.
        if let Some(key) = &request.guard.idempotency_key
            && answer.failure.is_none()
            && !answer.report.interrupted
        {
            // What was done is done, whether or not the history tells all of it.
            if let Err(failure) = answer.list_all() {
                self.listener.remark(format!(
                    "note: only the first changes are listed: {}",
                    failure.message
                ));
            }
            let text = serde_json::to_string_pretty(&answer.document())
                .expect("our own values always have a JSON form");
            self.store
                .remember_keyed_run(key, &request.digest(), &format!("{text}\n"))?;
        }
        Ok(answer)
    }
}

/// How patient runs of this shop are.
fn patience(app: &App) -> Patience {
    let mut patience = Patience {
        tries_max: app.config.sync.max_attempts,
        ..Patience::default()
    };
    if let Some(books) = &app.config.quickbooks {
        patience.settle_after = books.settle_after;
    }
    if let Some(pause) = app.first_pause {
        patience.first_pause = pause;
        // Whoever is in such a hurry does not wait for minutes either.
        patience.wait_max = Duration::from_secs(3);
    }
    patience
}

/// What the configuration sends nowhere is not synced without a word.
fn switched_off(entities: &[String]) -> Failure {
    let named = entities.join(", ");
    let first = entities.first().map_or("orders", String::as_str);
    Failure::new(
        "usage",
        format!("{named}: switched off, because `to` of `[sync.{first}]` is empty"),
    )
    .hint(format!(
        "name a target there, or for this once: `udsync sync {first} --to quickbooks`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server gives its runs to whichever thread is free.
    #[test]
    fn a_run_moves_between_threads() {
        fn moves<T: Send>(_: impl FnOnce(Runner, RunRequest) -> T) {}
        moves(|runner, request| async move { runner.run(request).await.map(|_| ()) });
    }
}
