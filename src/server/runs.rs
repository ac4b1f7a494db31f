//! The runs of a shop that is served: one at a time, begun by hand over HTTP, by a webhook, a schedule or a sweep.
//!
//! It is the lock of the state file that lets one run at a time work, and so runs of a command line and of this process wait for each
//! other like any two. Each run has an OS thread of its own: what waits for SQLite there holds up nobody who answers over HTTP.
//!
//! What a run came to stands in the history, but for dry runs, which are in no history: their documents are kept here for a day.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{oneshot, watch};

use super::Spoken;
pub use super::ended::RunEnd;

use super::ended::{EndedRuns, PlanOffer};
use super::events::{EventKind, Events};
use super::shops::Opener;
use super::stop::Stop;
use crate::model::event::{Event, Stage};
use crate::model::plan::Plan;
use crate::run::{
    Ending, Failure, RunAnswer, RunOutcome, RunRequest, Runner, Word, exit, listener, on_a_thread,
};

/// Whoever looks on is told of progress at most this often.
const TOLD_EVERY: TimeDelta = TimeDelta::seconds(1);
/// Nobody waits for a lock longer than this; the worker asks again.
const WAIT_MAX: Duration = Duration::from_secs(3600);

/// The runs of one shop.
pub struct Runs {
    opener: Opener,
    is_sandbox: bool,
    events: Arc<Events>,
    stop: Stop,
    current: Mutex<Option<CurrentRun>>,
    ended: Mutex<EndedRuns>,
    /// Those who wait get the lock in the order in which they came.
    turn: tokio::sync::Mutex<()>,
    threads: watch::Sender<usize>,
    /// Where the words of runs go, if somebody hears them.
    spoken: Option<(String, UnboundedSender<Spoken>)>,
}

/// A run that is going on in this process.
#[derive(Clone, Debug, Serialize)]
pub struct CurrentRun {
    pub run_id: String,
    pub command: &'static str,
    pub entities: Vec<String>,
    pub mode: &'static str,
    pub dry_run: bool,
    pub started_at: DateTime<Utc>,
    pub progress: RunProgress,
}

/// How far it is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunProgress {
    pub stage: Option<Stage>,
    pub done: u64,
    pub total: Option<u64>,
    /// Left of a pause that a service asked for.
    pub waiting_s: u64,
    /// Who asked for it.
    pub waiting_for: Option<String>,
    /// When this stage began: what was done since then tells how fast it goes.
    pub stage_since: Option<DateTime<Utc>>,
    #[serde(skip)]
    told_at: Option<DateTime<Utc>>,
}

/// A run that has the lock.
#[derive(Debug)]
pub struct StartedRun {
    pub run_id: String,
    pub started_at: DateTime<Utc>,
    /// What it comes to. Nobody has to wait for it.
    pub end: oneshot::Receiver<Arc<RunEnd>>,
}

impl Runs {
    pub fn new(opener: Opener, is_sandbox: bool, events: Arc<Events>, stop: Stop) -> Runs {
        Runs {
            opener,
            is_sandbox,
            events,
            stop,
            current: Mutex::default(),
            ended: Mutex::default(),
            turn: tokio::sync::Mutex::new(()),
            threads: watch::Sender::new(0),
            spoken: None,
        }
    }

    /// With somebody who hears what runs say. Questions are never among it: nobody is there to answer.
    pub fn heard_by(mut self, shop: &str, spoken: UnboundedSender<Spoken>) -> Runs {
        self.spoken = Some((shop.to_owned(), spoken));
        self
    }

    /// Begins a run now, or says who has the lock.
    pub async fn start(self: &Arc<Runs>, request: RunRequest) -> Result<StartedRun, Failure> {
        self.begin(request, Duration::ZERO).await
    }

    /// Begins a run as soon as it is its turn.
    pub async fn wait_and_start(
        self: &Arc<Runs>,
        request: RunRequest,
    ) -> Result<StartedRun, Failure> {
        let _turn = tokio::select! {
            turn = self.turn.lock() => turn,
            () = self.stop.asked() => return Err(stopping()),
        };
        self.begin(request, WAIT_MAX).await
    }

    /// Waits until it is its turn, and then to the end of it.
    pub async fn wait_and_run(
        self: &Arc<Runs>,
        request: RunRequest,
    ) -> Result<Arc<RunEnd>, Failure> {
        let started = self.wait_and_start(request).await?;
        started
            .end
            .await
            .map_err(|_| broken("the thread of a run ended without a word"))
    }

    /// The run that is going on in this process. Whoever else has the lock is told by `Lock::look`.
    pub fn current(&self) -> Option<CurrentRun> {
        self.current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What a run came to that ended within the last day in this process: every dry run, and others while there is room.
    pub fn ended(&self, run_id: &str) -> Option<Arc<RunEnd>> {
        self.kept().end(run_id, Utc::now())
    }

    /// The run that was refused and offered this token.
    pub fn offered(&self, token: &str) -> Option<Arc<RunEnd>> {
        self.kept().offered(token)
    }

    /// The dry run that has shown its plan under this token.
    pub fn shown(&self, token: &str) -> Option<Arc<RunEnd>> {
        self.kept().shown(token)
    }

    /// The token that a run has offered, while it may be good.
    pub fn token_of(&self, run_id: &str) -> Option<String> {
        self.kept().token_of(run_id)
    }

    fn kept(&self) -> MutexGuard<'_, EndedRuns> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when no run of this process goes on any more.
    pub async fn idle(&self) {
        let mut threads = self.threads.subscribe();
        // The sender lives as long as this does, so that it cannot be lost.
        let _ = threads.wait_for(|threads| *threads == 0).await;
    }

    /// A run on a thread of its own, once it has the lock.
    async fn begin(
        self: &Arc<Runs>,
        request: RunRequest,
        wait: Duration,
    ) -> Result<StartedRun, Failure> {
        let (has_lock, begun) = oneshot::channel();
        let runs = self.clone();
        let working = Working::begin(&self.threads);
        // It answers through the channels: whoever no longer waits does not end it.
        on_a_thread(move || async move {
            let _working = working;
            runs.from_lock_to_end(request, wait, has_lock).await;
        })?;
        begun
            .await
            .unwrap_or_else(|_| Err(broken("its thread ended without a word")))
    }

    async fn from_lock_to_end(
        self: Arc<Runs>,
        request: RunRequest,
        wait: Duration,
        has_lock: oneshot::Sender<Result<StartedRun, Failure>>,
    ) {
        let locked = match self.open(request, wait).await {
            Ok(locked) => locked,
            Err(failure) => {
                let _ = has_lock.send(Err(failure));
                return;
            }
        };
        let (ends, end) = oneshot::channel();
        // Whoever is told the id may ask for it at once.
        locked.announce();
        // Whoever asked may be gone; the run that was begun goes on.
        let _ = has_lock.send(Ok(StartedRun {
            run_id: locked.runner.run_id.clone(),
            started_at: locked.started_at,
            end,
        }));
        let mut locked = locked;
        let came_to = locked.run().await;
        drop(locked);
        let _ = ends.send(came_to);
    }

    /// Takes the lock for a run on this thread. What must stand in the state file before it begins is written now.
    pub async fn open(
        self: &Arc<Runs>,
        request: RunRequest,
        wait: Duration,
    ) -> Result<OpenRun, Failure> {
        let app = (self.opener)()?;
        let clock = app.clock.clone();
        let (listener, mut words) = listener::channel();
        let opening = Runner::open(app, &request, wait, self.stop.flag(), listener);
        let runner = {
            let mut opening = std::pin::pin!(opening);
            loop {
                tokio::select! {
                    biased;
                    Some(word) = words.recv() => self.hear(word),
                    opened = &mut opening => break opened?,
                }
            }
        };
        let runner = if self.is_sandbox {
            runner.in_sandbox()
        } else {
            runner
        };
        Ok(OpenRun {
            runs: self.clone(),
            started_at: clock.now(),
            runner,
            request,
            words,
        })
    }

    fn hear(&self, word: Word) {
        let word = match word {
            Word::Question(question) => return question.answer(false),
            other => other,
        };
        match &word {
            Word::Event(event) => self.progress(event),
            Word::Note(text) => tracing::warn!(text, "a run says"),
            Word::Remark(text) => tracing::info!(text, "a run says"),
            Word::Question(_) => {}
        }
        if let Some((shop, spoken)) = &self.spoken {
            // Whoever does not listen any more has heard enough.
            let _ = spoken.send(Spoken::Run {
                shop: shop.clone(),
                word: Box::new(word),
            });
        }
    }

    /// Most looks find nothing, and nobody wants a line for each of them. Schedules tell of theirs.
    fn say_what_it_did(&self, command: &'static str, answer: &RunAnswer) {
        let is_worth_a_line = answer.has_changes || !answer.report.problems.is_empty();
        if let Some((shop, spoken)) = &self.spoken
            && is_worth_a_line
            && command != "schedule"
        {
            let _ = spoken.send(Spoken::Ended {
                shop: shop.clone(),
                command,
                tallies: answer.run.tallies.clone(),
            });
        }
    }

    fn progress(&self, event: &Event) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(current) = current.as_mut() else {
            return;
        };
        let progress = &mut current.progress;
        match event {
            Event::Stage { stage, total } => {
                *progress = RunProgress {
                    stage: Some(*stage),
                    total: *total,
                    stage_since: Some(Utc::now()),
                    ..RunProgress::default()
                };
                self.tell_of(current);
            }
            Event::Progress { done, .. } => {
                progress.done = *done;
                progress.waiting_s = 0;
                progress.waiting_for = None;
                self.tell_of_now_and_then(current);
            }
            Event::Waiting { target, seconds, .. } => {
                progress.waiting_s = *seconds;
                progress.waiting_for = Some(target.clone());
                self.tell_of_now_and_then(current);
            }
            Event::Problem { source, code, .. } => self.events.publish(
                EventKind::Problem,
                json!({ "run_id": current.run_id, "entity": source.entity, "id": source.id, "code": code }),
            ),
            Event::Written { .. } => {}
        }
    }

    fn tell_of(&self, current: &mut CurrentRun) {
        current.progress.told_at = Some(Utc::now());
        self.events.publish(
            EventKind::Run,
            json!({ "run_id": current.run_id, "status": "running", "progress": current.progress }),
        );
    }

    /// Each document of a large run is no news for everybody who looks on.
    fn tell_of_now_and_then(&self, current: &mut CurrentRun) {
        let is_due = |told: DateTime<Utc>| Utc::now() - told >= TOLD_EVERY;
        if current.progress.told_at.is_none_or(is_due) {
            self.tell_of(current);
        }
    }
}

/// A run with its lock, on this thread.
pub struct OpenRun {
    runs: Arc<Runs>,
    started_at: DateTime<Utc>,
    pub runner: Runner,
    request: RunRequest,
    words: UnboundedReceiver<Word>,
}

impl OpenRun {
    /// From now on it is the run that is going on.
    fn announce(&self) -> CurrentRun {
        let request = &self.request;
        let current = CurrentRun {
            run_id: self.runner.run_id.clone(),
            command: request.command,
            entities: request.entities(),
            mode: request.mode(),
            dry_run: request.ending == Ending::Show,
            started_at: self.started_at,
            progress: RunProgress::default(),
        };
        *self
            .runs
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(current.clone());
        current
    }

    /// To the end of it. The lock is kept until this is dropped.
    pub async fn run(&mut self) -> Arc<RunEnd> {
        let request = self.request.clone();
        let current = self.announce();
        let told = |status: &str| {
            json!({ "run_id": current.run_id, "command": current.command, "entities": current.entities,
                    "dry_run": current.dry_run, "status": status })
        };
        self.runs.events.publish(EventKind::Run, told("running"));
        let outcome = {
            let mut work = std::pin::pin!(self.runner.run(request));
            loop {
                tokio::select! {
                    biased;
                    Some(word) = self.words.recv() => self.runs.hear(word),
                    done = &mut work => break done,
                }
            }
        };
        while let Ok(word) = self.words.try_recv() {
            self.runs.hear(word);
        }
        let now = self.runner.app.clock.now();
        let mut offer = None;
        let (exit, failure, document) = match outcome {
            Ok(RunOutcome::Ran(mut answer)) => {
                self.runs.say_what_it_did(self.request.command, &answer);
                // What nothing can be written of may be new all the same: carried out, it stands among what waits, with an id.
                let mut held = answer.report.problems.iter();
                let is_offered = answer.has_changes || held.any(|one| one.id.is_empty());
                if current.dry_run && is_offered && answer.failure.is_none() {
                    let plan = answer.plan.as_ref().map(Plan::fingerprint);
                    // Without chance there is no token, and the plan can be looked at all the same.
                    offer = PlanOffer::new(plan, now).ok().map(Arc::new);
                }
                if let Err(failure) = answer.list_all() {
                    tracing::warn!(error = failure.message, "only the first changes are listed");
                }
                let text = serde_json::to_string(&answer.document())
                    .expect("our own values always have a JSON form");
                (answer.exit(), answer.failure.clone(), Some(text))
            }
            Ok(RunOutcome::Before { document, .. }) => (exit::DONE, None, Some(document)),
            Err(failure) => (failure.exit, Some(failure), None),
        };
        let end = Arc::new(RunEnd {
            run_id: current.run_id.clone(),
            command: current.command,
            entities: current.entities.clone(),
            mode: current.mode,
            dry_run: current.dry_run,
            started_at: current.started_at,
            finished_at: now,
            offer,
            exit,
            failure,
            document,
            request: self.request.clone(),
        });
        self.runs.kept().keep(&end, Utc::now());
        self.is_over();
        self.runs
            .events
            .publish(EventKind::Run, told(status_word(&end)));
        end
    }
}

impl OpenRun {
    /// It goes on no more. One that is not this one is left alone.
    fn is_over(&self) {
        let mut current = (self.runs.current.lock()).unwrap_or_else(PoisonError::into_inner);
        if current
            .as_ref()
            .is_some_and(|current| current.run_id == self.runner.run_id)
        {
            *current = None;
        }
    }
}

/// A run that panics has ended too: nobody is told that it goes on.
impl Drop for OpenRun {
    fn drop(&mut self) {
        self.is_over();
    }
}

/// How it ended, as the history says it.
fn status_word(end: &RunEnd) -> &'static str {
    match &end.failure {
        Some(failure) => crate::run::later::status_of(failure).as_str(),
        None if end.exit == exit::DONE => "succeeded",
        None if end.exit == exit::INTERRUPTED => "interrupted",
        None => "partial",
    }
}

/// Counts the threads that work, also when one of them panics.
struct Working(watch::Sender<usize>);

impl Working {
    fn begin(threads: &watch::Sender<usize>) -> Working {
        threads.send_modify(|threads| *threads += 1);
        Working(threads.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.send_modify(|threads| *threads -= 1);
    }
}

fn stopping() -> Failure {
    Failure::new("interrupted", "the server is stopping; nothing was written")
}

fn broken(why: &str) -> Failure {
    Failure::new("internal_fault", format!("a run could not be begun: {why}"))
}
