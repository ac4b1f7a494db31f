//! The worker of an inbox: takes what is quiet, runs exactly those records through the one pipeline, and takes them out by the number
//! under which it took them.
//!
//! Whatever ends it in between, the names are still there: looking twice does no harm, because a run leaves what is right. While somebody
//! else has the lock it waits. What cannot be done rests, longer from time to time, and comes with the sweeps in the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::events::EventKind;
use super::super::runs::RunEnd;
use super::super::shops::ServedShop;
use super::super::state::ServerState;
use super::super::sweep::enabled;
use super::changes::BooksChanges;
use super::named;
use super::shop::{DeliveryTrouble, HookShop};
use super::told::{begin, end, guard};
use super::watch::Watch;
use crate::model::delivery::DeliverySource;
use crate::model::plan::Entity;
use crate::run::aim::Aim;
use crate::run::{Ending, Failure, NamedRecords, RunRequest, RunSubject, exit};
use crate::store::{Calendar, TakenThing};

/// Names of one run.
const AT_ONCE: usize = 100;
/// How often it is seen whether secrets were replaced.
const REFRESH: Duration = Duration::from_secs(5);
const TIDY: Duration = Duration::from_secs(60);
/// It looks by itself no seldomer than this.
const LOOK: Duration = Duration::from_secs(1);
/// After something that is not the fault of any name.
const AFTER_FAULT: Duration = Duration::from_secs(2);

pub(super) async fn work(state: Arc<ServerState>, shop: Arc<ServedShop>) {
    let hooks = loop {
        if state.stop.is_asked() {
            return;
        }
        match state.hook_shops.of(&shop) {
            Ok(hooks) => break hooks,
            // An editor at work, or a disk that is not there yet.
            Err(failure) => {
                tracing::error!(
                    shop = shop.name,
                    code = failure.code,
                    "the inbox could not be opened"
                );
                state.stop.rest(AFTER_FAULT).await;
            }
        }
    };
    let mut worker = Worker {
        changes: BooksChanges::new(&state),
        watch: Watch::new(&state),
        refreshed: Instant::now(),
        tidied: None,
        state,
        shop,
        hooks,
    };
    while !worker.state.stop.is_asked() {
        let pause = match worker.round().await {
            Ok(pause) => pause,
            Err(failure) => {
                tracing::warn!(
                    shop = worker.shop.name,
                    code = failure.code,
                    said = failure.message,
                    "the inbox waits"
                );
                AFTER_FAULT
            }
        };
        tokio::select! {
            () = worker.state.stop.rest(pause) => {}
            () = worker.hooks.ripens.notified() => {}
        }
    }
}

struct Worker {
    state: Arc<ServerState>,
    shop: Arc<ServedShop>,
    hooks: Arc<HookShop>,
    changes: BooksChanges,
    watch: Watch,
    refreshed: Instant,
    tidied: Option<Instant>,
}

impl Worker {
    /// One look at everything that may be due. Says how long nothing will be.
    async fn round(&mut self) -> Result<Duration, Failure> {
        self.tell().await?;
        if self.refreshed.elapsed() >= REFRESH {
            self.refreshed = Instant::now();
            self.hooks.refresh(&self.shop)?;
        }
        while self.work_off().await? {
            if self.state.stop.is_asked() {
                return Ok(Duration::ZERO);
            }
        }
        self.watch.look(&self.state, &self.shop, &self.hooks).await;
        self.changes
            .look(&self.state, &self.shop, &self.hooks)
            .await;
        self.tidy()?;
        let ripe = self.hooks.inbox.ripe_at(&self.hooks.name)?;
        let until = ripe.map(|at| (at - self.state.clock.now()).to_std().unwrap_or_default());
        Ok(until
            .map_or(LOOK, |until| until.min(LOOK))
            .max(Duration::from_millis(20)))
    }

    /// Takes what is ripe and runs it. Says whether anything was.
    async fn work_off(&mut self) -> Result<bool, Failure> {
        let (state, hooks) = (&self.state, &self.hooks);
        let taken = hooks.inbox.take(&hooks.name, AT_ONCE, state.clock.now())?;
        if taken.is_empty() {
            return Ok(false);
        }
        let app = self.shop.open()?;
        let store = app.store()?;
        let of = |source| {
            taken
                .iter()
                .filter(move |one| one.source == source)
                .collect::<Vec<&TakenThing>>()
        };
        let (from_shop, from_books) = (
            of(DeliverySource::Woocommerce),
            of(DeliverySource::Quickbooks),
        );
        let mut records = NamedRecords::default();
        named::of_shop(&store, &from_shop, &mut records)?;
        let mut in_run: Vec<TakenThing> = from_shop.into_iter().cloned().collect();
        let asked = match from_books.is_empty() {
            true => Ok(()),
            false => named::of_books(&app, &store, &from_books, &mut records).await,
        };
        let from_books: Vec<TakenThing> = from_books.into_iter().cloned().collect();
        match asked {
            Ok(()) => in_run.extend(from_books),
            // The shop's names do not wait for the books.
            Err(failure) => self.rest(&from_books, &failure)?,
        }
        // Lists are looked at where the shop has asked for them, by webhooks as by sweeps.
        let wanted = enabled(&app.config, &store.schedules()?);
        if !wanted.contains(&Entity::Customer) {
            records.customers.clear();
        }
        if !wanted.contains(&Entity::Product) {
            records.products.clear();
        }
        let subject = RunSubject::Named(Box::new(records));
        let aim = Aim::of(&subject, &app.config, &[]);
        drop(store);
        if aim.books.is_empty() && aim.copy.is_empty() {
            // Nothing of ours, or nothing that is synced.
            hooks.inbox.done(&hooks.name, &in_run, None)?;
            return Ok(true);
        }
        let request = RunRequest {
            command: "webhook",
            subject,
            ending: Ending::Apply,
            guard: guard(&self.shop),
            lists_unchanged: false,
        };
        self.publish(in_run.len(), "running");
        match self.shop.runs.wait_and_run(request).await {
            Ok(end) => self.settle(&in_run, &end)?,
            // The names stay as they are: somebody else works, or this process ends.
            Err(failure) if matches!(failure.exit, exit::LOCKED | exit::INTERRUPTED) => {
                return Err(failure);
            }
            Err(failure) => self.rest(&in_run, &failure)?,
        }
        Ok(true)
    }

    /// Takes out what was looked at.
    fn settle(&self, taken: &[TakenThing], end: &RunEnd) -> Result<(), Failure> {
        if let Some(failure) = &end.failure {
            if failure.exit == exit::INTERRUPTED {
                return Err(failure.clone());
            }
            return self.rest(taken, failure);
        }
        if end.exit == exit::INTERRUPTED {
            return Err(Failure::new(
                "interrupted",
                "the run was interrupted; what it was about is looked at again",
            ));
        }
        let document: Value = end
            .document
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let problems = document["problems"].as_array().cloned().unwrap_or_default();
        // What a person must decide is in the list of problems, and looking again changes nothing about it.
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let failed: Vec<(String, String)> = problems
            .iter()
            .filter(|problem| problem["state"] == "failed" && problem["retryable"] == true)
            .map(|problem| &problem["source"])
            .map(|source| (word(&source["entity"]), word(&source["id"])))
            .collect();
        let (mut resting, mut done) = (Vec::new(), Vec::new());
        if failed.is_empty() {
            done.extend_from_slice(taken);
        } else {
            let store = self.shop.open()?.store()?;
            for one in taken {
                let mut waits = false;
                for (entity, id) in &failed {
                    waits = waits || named::is_about(&store, one, entity, id)?;
                }
                let list = if waits { &mut resting } else { &mut done };
                list.push(one.clone());
            }
        }
        let inbox = &self.hooks.inbox;
        inbox.done(&self.hooks.name, &done, Some(&end.run_id))?;
        if !resting.is_empty() {
            inbox.put_off(&self.hooks.name, &resting, self.state.clock.now())?;
        }
        self.publish(done.len(), "done");
        Ok(())
    }

    fn rest(&self, taken: &[TakenThing], failure: &Failure) -> Result<(), Failure> {
        tracing::warn!(
            shop = self.shop.name,
            code = failure.code,
            names = taken.len(),
            "looked in vain; it is tried again later"
        );
        self.hooks
            .inbox
            .put_off(&self.hooks.name, taken, self.state.clock.now())?;
        self.publish(taken.len(), "resting");
        Ok(())
    }

    /// Tells the owner what the handlers have met.
    async fn tell(&self) -> Result<(), Failure> {
        let met = self.hooks.met();
        if met.is_empty() {
            return Ok(());
        }
        for (nth, trouble) in met.iter().cloned().enumerate() {
            let told = match trouble {
                DeliveryTrouble::Begins(concern) => begin(&self.state, &self.shop, concern).await,
                DeliveryTrouble::Ends(subject) => end(&self.state, &self.shop, subject).await,
            };
            if told.is_err() {
                // The state is busy or shut: it is told as soon as it is not.
                self.hooks.meet_again(met[nth..].to_vec());
                return told;
            }
        }
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        if self.tidied.is_some_and(|last| last.elapsed() < TIDY) {
            return Ok(());
        }
        // A step at a time, so that a delivery that comes meanwhile waits for no more than that.
        if !self.hooks.inbox.tidy(self.state.clock.now())? {
            self.tidied = Some(Instant::now());
            self.hooks.forget();
        }
        Ok(())
    }

    fn publish(&self, names: usize, status: &str) {
        let depth = self.hooks.inbox.depth(&self.hooks.name).unwrap_or_default();
        self.shop.events.publish(
            EventKind::Queue,
            serde_json::json!({ "status": status, "names": names, "waiting": depth.waiting, "resting": depth.resting }),
        );
    }
}
