//! What was asked of a stand-in, for tests that count and look.
//!
//! Keys, secrets and signatures are not kept: a log that holds them would be the one place where a test could come to depend on
//! them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::locked;

#[derive(Debug, Default)]
pub struct StandLog {
    kept: Mutex<StandKept>,
    in_flight: AtomicUsize,
    largest: AtomicUsize,
}

#[derive(Debug, Default)]
struct StandKept {
    requests: Vec<Value>,
    /// Grows when the log is emptied, so that a request that was under way then is not mixed up.
    emptied: u64,
    by_status: BTreeMap<u16, u64>,
}

/// A request under way; it stops being one when this goes.
pub struct Flight {
    log: Arc<StandLog>,
    slot: (u64, usize),
    pub in_flight: usize,
}

impl StandLog {
    /// Takes down a request as it arrives; what becomes of it is added later.
    pub fn begin(self: &Arc<Self>, mut request: Value) -> Flight {
        let in_flight = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.largest.fetch_max(in_flight, Ordering::SeqCst);
        let mut kept = locked(&self.kept);
        let at = kept.requests.len();
        request["n"] = json!(at + 1);
        request["status"] = Value::Null;
        request["mishap"] = Value::Null;
        kept.requests.push(request);
        Flight {
            log: self.clone(),
            slot: (kept.emptied, at),
            in_flight,
        }
    }

    pub fn requests(&self) -> Vec<Value> {
        locked(&self.kept).requests.clone()
    }

    pub fn clear(&self) {
        let mut kept = locked(&self.kept);
        let emptied = kept.emptied + 1;
        *kept = StandKept {
            emptied,
            ..StandKept::default()
        };
        self.largest
            .store(self.in_flight.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    pub fn counts(&self) -> Value {
        let kept = locked(&self.kept);
        json!({"requests": kept.requests.len(), "largest_in_flight": self.largest.load(Ordering::SeqCst), "by_status": kept.by_status})
    }
}

impl Flight {
    pub fn mishap(&self, word: &str) {
        self.note("mishap", json!(word));
    }

    /// The status sent; an answer that never arrives whole counts with the status it began with.
    pub fn status(&self, status: u16) {
        self.note("status", json!(status));
        let mut kept = locked(&self.log.kept);
        *kept.by_status.entry(status).or_default() += 1;
    }

    fn note(&self, name: &str, value: Value) {
        let (emptied, at) = self.slot;
        let mut kept = locked(&self.log.kept);
        if kept.emptied == emptied
            && let Some(request) = kept.requests.get_mut(at)
        {
            request[name] = value;
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.log.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}
