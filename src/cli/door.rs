//! The door of a run that writes: with the lock, through the guards, to an answer. `sync`, `apply` and `retry` come
//! through it with different scopes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Deserialize;
use tracing::Instrument;

use crate::connector::port::{Finder, Source, Target};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::apply::Hands;
use crate::engine::deliver::Patience;
use crate::engine::gather::Scope;
use crate::engine::run::{
    Desk, Planned, Report, carry_out, draw_up, settle_first, unsettled_orders,
};
use crate::model::event::Event;
use crate::model::plan::Plan;
use crate::model::run::{Run, RunStatus, Tally};
use crate::store::Store;

use super::args::{GuardArgs, Output};
use super::consent::consent;
use super::document::run_document;
use super::progress::Progress;
use super::report::{Failure, exit};
use super::saved::check_fresh;
use super::session::{Session, stop_on_signals};
use super::{csv, out, show};

/// An opened shop with its lock, on the way to a run that writes.
pub struct Door {
    pub session: Session,
    command: &'static str,
    entities: Vec<String>,
    guard: GuardArgs,
    events: bool,
    progress: Progress,
    stop: Arc<AtomicBool>,
    pub store: Store,
    _lock: crate::store::Lock,
}

impl Door {
    pub fn open(
        session: Session,
        command: &'static str,
        entities: Vec<String>,
        guard: &GuardArgs,
        events: bool,
    ) -> Result<Door, Failure> {
        let lock = session.lock(&format!("{command} {}", entities.join(" ")))?;
        let store = session.app.store()?;
        store.close_abandoned_runs(session.app.clock.now())?;
        Ok(Door {
            progress: Progress::new(&session, events),
            stop: stop_on_signals(),
            session,
            command,
            entities,
            guard: guard.clone(),
            events,
            store,
            _lock: lock,
        })
    }

    /// The whole of a run that writes: settle what is open, plan, ask, carry out, file, print.
    pub async fn write(
        &self,
        mode: &str,
        scope: impl Fn(&Door, &str, &BTreeSet<u64>) -> Result<Scope, Failure>,
        saved: Option<Plan>,
    ) -> Result<u8, Failure> {
        if let Some(code) = self.done_before()? {
            return Ok(code);
        }
        let app = &self.session.app;
        app.check_credentials(&self.store)?;
        let source = app.source()?;
        let target = app.target(&self.store)?;
        app.check_owner(&self.store, &source)?;
        let mut run = Run {
            id: uuid::Uuid::now_v7().to_string(),
            shop: app.config.shop.name.clone(),
            command: self.command.to_owned(),
            entities: self.entities.clone(),
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
        let tell = |event: Event| self.progress.tell(event);
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
        note_unknown(&planned);
        consent(&self.session, &self.guard, &self.store, &planned)?;
        Ok(carry_out(&desk, &hands, &planned, may_replan).await?)
    }

    fn patience(&self) -> Patience {
        let mut patience = Patience::default();
        if let Some(pause) = self.session.app.first_pause {
            patience.first_pause = pause;
            // Whoever is in such a hurry does not wait for minutes either.
            patience.wait_max = Duration::from_secs(3);
        }
        patience
    }

    /// Prints what an earlier run under the same key did, and says how it ended.
    fn done_before(&self) -> Result<Option<u8>, Failure> {
        let Some(key) = &self.guard.idempotency_key else {
            return Ok(None);
        };
        let Some(text) = self.store.keyed_run(key)? else {
            return Ok(None);
        };
        let before: Before = serde_json::from_str(&text).unwrap_or_default();
        match self.session.output {
            Output::Json if self.events => out::print_json_line(
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

    fn finish(&self, run: &Run, target: &str, report: &Report) -> Result<u8, Failure> {
        let document = || run_document(run, target, report, self.session.all);
        if let Some(fault) = &report.end {
            let mut failure = Failure::from(fault.clone());
            match self.session.output {
                // One document, and it is the one that says what is wrong.
                Output::Json => failure.run = serde_json::value::to_raw_value(&document()).ok(),
                Output::Text | Output::Csv => {
                    print(&self.session, run, target, report, self.events);
                }
            }
            return Err(failure);
        }
        // A run that was cut short is no answer to a key: the next one under it goes on.
        if let Some(key) = &self.guard.idempotency_key
            && !report.interrupted
        {
            let text = serde_json::to_string_pretty(&document())
                .expect("our own values always have a JSON form");
            self.store.remember_keyed_run(key, &format!("{text}\n"))?;
        }
        print(&self.session, run, target, report, self.events);
        Ok(if report.interrupted {
            exit::INTERRUPTED
        } else if report.problems.is_empty() {
            exit::DONE
        } else {
            exit::PROBLEMS
        })
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
