//! Sweeps, from the outside: where one is asked for, and what they came to. The work itself is done by `sweep`.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::run::Failure;

/// Where a sweep is asked for, and heard of. Asking ten times before it begins is asking once.
#[derive(Clone, Debug, Default)]
pub struct Sweeps(Arc<SweepAsked>);

#[derive(Debug, Default)]
struct SweepAsked {
    why: Mutex<Option<String>>,
    heard: Notify,
    figures: Mutex<SweepFigures>,
}

/// What sweeps came to since the start.
#[derive(Clone, Copy, Debug, Default)]
pub struct SweepFigures {
    pub done: u64,
    pub failed: u64,
    /// When the last one ended that did its work.
    pub last_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Sweeps {
    /// Asks for a sweep as soon as it can be. `why` goes into the log.
    pub fn ask(&self, why: &str) {
        let mut asked = self.0.why.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get_or_insert_with(|| why.to_owned());
        self.0.heard.notify_one();
    }

    /// What sweeps came to.
    pub fn figures(&self) -> SweepFigures {
        *self
            .0
            .figures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when one is asked for.
    pub(super) async fn asked(&self) {
        self.0.heard.notified().await;
    }

    pub(super) fn take(&self) -> Option<String> {
        self.0
            .why
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    pub(super) fn count(&self, ended: &Result<u8, Failure>) {
        let mut figures = self
            .0
            .figures
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match ended {
            Ok(_) => {
                figures.done += 1;
                figures.last_at = Some(chrono::Utc::now());
            }
            Err(_) => figures.failed += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asking_often_before_it_begins_is_asking_once() {
        let sweeps = Sweeps::default();
        sweeps.ask("a silence");
        sweeps.ask("a webhook that works again");
        sweeps.asked().await;
        assert_eq!(sweeps.take().as_deref(), Some("a silence"));
        assert_eq!(sweeps.take(), None);
    }
}
