//! Sweeps: a look at everything that changed since the last one, for what no webhook told.
//!
//! One at every start, one every `sweep`, and one whenever somebody asks for it: after a silence, or when a webhook that had been
//! switched off works again.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Where a sweep is asked for, and heard of. Asking ten times before it begins is asking once.
#[derive(Clone, Debug, Default)]
pub struct Sweeps(Arc<Asked>);

#[derive(Debug, Default)]
struct Asked {
    why: Mutex<Option<String>>,
    heard: Notify,
}

impl Sweeps {
    /// Asks for a sweep as soon as it can be. `why` goes into the log.
    pub fn ask(&self, why: &str) {
        let mut asked = self.0.why.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get_or_insert_with(|| why.to_owned());
        self.0.heard.notify_one();
    }

    /// Why one was asked for, once.
    pub(super) fn take(&self) -> Option<String> {
        self.0
            .why
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Ends when one is asked for.
    pub(super) async fn asked(&self) {
        self.0.heard.notified().await;
    }
}
