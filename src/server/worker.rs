//! The workers of a shop, each on a thread of its own: one works its schedules off, keeps its sign-in fresh and sweeps, the other
//! works its inbox off. What waits for SQLite there holds up nobody who answers over HTTP.
//!
//! A worker that panicked is begun again. One that is stuck shows it by its pulse, and then the process does not say any more that it
//! is alive: a manager of services starts it anew.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedSender;

use super::Spoken;
use super::schedules::ScheduleWorker;
use super::shops::ServedShop;
use super::state::ServerState;
use super::sweep::Sweeper;
use crate::run::{Failure, Underway, on_a_thread};

/// After a panic. What panics at once must not fill the log.
const AFTER_PANIC: Duration = Duration::from_secs(5);
/// As soon as it is looked again whether a shop can be opened.
const AFTER_TROUBLE: Duration = Duration::from_secs(10);

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// The threads of all shops.
pub struct Workers(Vec<Underway<()>>);

impl Workers {
    pub fn start(
        state: &Arc<ServerState>,
        spoken: &UnboundedSender<Spoken>,
    ) -> Result<Workers, Failure> {
        let mut threads = Vec::new();
        for shop in state.shops.iter() {
            let (of, its, spoken) = (state.clone(), shop.clone(), spoken.clone());
            threads.push(begin("scheduler", state, move || {
                Box::pin(keep_in_step(of.clone(), its.clone(), spoken.clone()))
            })?);
            let (of, its) = (state.clone(), shop.clone());
            threads.push(begin("inbox", state, move || {
                let (state, shop) = (of.clone(), its.clone());
                Box::pin(async move {
                    let pulse = shop.clone();
                    pulse.inbox.beating(super::hooks::work(state, shop)).await;
                })
            })?);
        }
        Ok(Workers(threads))
    }

    /// Says that the process is alive, as long as every loop that works is.
    pub async fn watch(state: &ServerState, spoken: &UnboundedSender<Spoken>) {
        while !state.stop.is_asked() {
            let stuck = state
                .shops
                .iter()
                .flat_map(|shop| [&shop.scheduler, &shop.inbox])
                .any(|pulse| pulse.stuck_for().is_some());
            if !stuck {
                // Whoever does not listen any more needs no word.
                let _ = spoken.send(Spoken::Alive);
            }
            state.stop.rest(state.options.heartbeat).await;
        }
    }

    /// Waits for what is under way.
    pub async fn end(self, state: &ServerState) {
        for shop in state.shops.iter() {
            shop.runs.idle().await;
        }
        for worker in self.0 {
            worker.answer().await;
        }
    }
}

/// Schedules, sign-in and sweeps of one shop.
async fn keep_in_step(
    state: Arc<ServerState>,
    shop: Arc<ServedShop>,
    spoken: UnboundedSender<Spoken>,
) {
    let mut schedules = ScheduleWorker::new(shop.clone(), state.stop.clone(), spoken.clone());
    if state.options.many_shops {
        schedules = schedules.among_several();
    }
    let mut sweeper = Sweeper::new(shop.clone(), state.options.settings.sweep);
    let mut told: Option<String> = None;
    let mut tell = |failure: Option<Failure>| {
        // The same trouble every few seconds is one trouble.
        let words = failure.as_ref().map(|failure| failure.message.clone());
        if let Some(failure) = failure.filter(|_| told != words) {
            tracing::error!(
                shop = shop.name,
                code = failure.code,
                "a shop is not kept in step"
            );
            // Whoever does not listen any more has heard enough.
            let _ = spoken.send(Spoken::Trouble {
                shop: shop.name.clone(),
                failure,
            });
        }
        told = words;
    };
    let work = async {
        while !state.stop.is_asked() {
            let open = shop.open().and_then(|app| Ok(app.store().map(drop)?));
            if let Err(failure) = open {
                shop.scheduler
                    .is_troubled_by(Some(super::health::in_a_line(&failure)));
                tell(Some(failure));
                state.stop.rest(AFTER_TROUBLE).await;
                continue;
            }
            let mut pause = AFTER_TROUBLE;
            if state.options.sweeps {
                tell(sweeper.sweep_if_due().await.err());
                pause = sweeper.pause();
            }
            schedules.keep_fresh().await;
            if state.options.schedules {
                pause = pause.min(schedules.work_and_pause().await);
            }
            shop.scheduler
                .is_troubled_by(schedules.trouble().map(str::to_owned));
            // Not for so long that a clock that was set, or a file that broke, would not be noticed.
            let pause = pause.clamp(Duration::from_millis(100), AFTER_TROUBLE);
            tokio::select! {
                () = state.stop.rest(pause) => {}
                () = shop.sweeps.asked() => {}
            }
        }
    };
    shop.scheduler.beating(work).await;
}

/// Does the work until the server ends, and begins it anew after a panic.
fn begin(
    name: &'static str,
    state: &Arc<ServerState>,
    work: impl Fn() -> Work + Send + 'static,
) -> Result<Underway<()>, Failure> {
    let state = state.clone();
    on_a_thread(move || async move {
        while AssertUnwindSafe(work()).catch_unwind().await.is_err() && !state.stop.is_asked() {
            tracing::error!(worker = name, "a worker panicked and is begun again");
            state.stop.rest(AFTER_PANIC).await;
        }
    })
}
