//! The lock of a run: waiting for whoever has it, and telling others how far this run is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::listener::Listener;
use crate::app::App;
use crate::model::event::Event;
use crate::store::{Lock, LockError};

/// Between two attempts at a lock that somebody else has.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The lock file is written no oftener than this while a stage goes on.
const BETWEEN: Duration = Duration::from_secs(1);

/// Takes the lock, or says who has it, since when and how far they are. Waits for it where that was asked for, and tells once for
/// whom.
pub async fn take(
    app: &App,
    command: &str,
    wait: Duration,
    stop: &AtomicBool,
    listener: &Listener,
) -> Result<LockedRun, Failure> {
    let began = Instant::now();
    let mut told = false;
    loop {
        let held = match app.lock(command) {
            Err(LockError::Held(held)) if held.certain => held,
            other => return Ok(LockedRun::new(other?)),
        };
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(LockError::Held(held).into());
        }
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::new(
                "interrupted",
                "interrupted while it waited for the lock; nothing was written",
            ));
        }
        if !told {
            told = true;
            listener.remark(format!("waiting for the lock: {held}"));
        }
        tokio::time::sleep(left.min(LOOK_AGAIN)).await;
    }
}

/// The lock, with what it tells others of how far the run is.
pub struct LockedRun {
    lock: Lock,
    total: Option<u64>,
    last: Instant,
}

impl LockedRun {
    fn new(lock: Lock) -> LockedRun {
        LockedRun {
            lock,
            total: None,
            last: Instant::now(),
        }
    }

    pub fn tell(&mut self, event: &Event) {
        match event {
            Event::Stage { stage, total } => {
                self.total = *total;
                self.say(stage.words());
            }
            Event::Progress { stage, done } if self.last.elapsed() >= BETWEEN => {
                let of = self
                    .total
                    .map_or_else(String::new, |total| format!(" of {total}"));
                self.say(&format!("{}: {done}{of}", stage.words()));
            }
            Event::Waiting { seconds, .. } => {
                self.say(&format!("waiting {seconds} s for the books"));
            }
            Event::Progress { .. } | Event::Written { .. } | Event::Problem { .. } => {}
        }
    }

    fn say(&mut self, words: &str) {
        self.last = Instant::now();
        self.lock.progress(words);
    }
}
