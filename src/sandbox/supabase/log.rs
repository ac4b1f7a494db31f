//! What was asked of the project, for tests that count and look. Keys are not kept.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

#[derive(Debug, Default)]
pub struct Log {
    kept: Mutex<Kept>,
    in_flight: AtomicUsize,
    largest: AtomicUsize,
}

#[derive(Debug, Default)]
struct Kept {
    requests: Vec<Value>,
    /// Grows when the log is emptied, so that a request that was under way then is not mixed up.
    emptied: u64,
    by_status: BTreeMap<u16, u64>,
    writes: u64,
    rows: u64,
}

/// What is kept of a request when it arrives.
pub struct Arrived<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub prefer: Option<&'a str>,
    pub bytes: usize,
    /// How many rows its body carries.
    pub rows: usize,
}

/// A request under way; it stops being one when this goes.
pub struct Flight {
    log: Arc<Log>,
    slot: (u64, usize),
}

impl Log {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin(self: &Arc<Self>, arrived: &Arrived<'_>) -> Flight {
        let in_flight = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.largest.fetch_max(in_flight, Ordering::SeqCst);
        let mut kept = self.kept();
        let at = kept.requests.len();
        kept.writes += u64::from(!matches!(arrived.method, "GET" | "HEAD"));
        kept.rows += arrived.rows as u64;
        kept.requests.push(json!({"n": at + 1, "method": arrived.method, "path": arrived.path, "query": arrived.query,
            "prefer": arrived.prefer, "bytes": arrived.bytes, "rows": arrived.rows, "status": null, "mishap": null}));
        Flight {
            log: self.clone(),
            slot: (kept.emptied, at),
        }
    }

    pub fn requests(&self) -> Value {
        Value::Array(self.kept().requests.clone())
    }

    pub fn clear(&self) {
        let mut kept = self.kept();
        let emptied = kept.emptied + 1;
        *kept = Kept {
            emptied,
            ..Kept::default()
        };
        self.largest
            .store(self.in_flight.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    pub fn counts(&self) -> Value {
        let kept = self.kept();
        let by_status: BTreeMap<String, u64> = kept
            .by_status
            .iter()
            .map(|(status, count)| (status.to_string(), *count))
            .collect();
        let requests = kept.requests.len() as u64;
        json!({"requests": requests, "reads": requests - kept.writes, "writes": kept.writes, "rows_sent": kept.rows,
            "largest_in_flight": self.largest.load(Ordering::SeqCst), "by_status": by_status})
    }
}

impl Flight {
    pub fn mishap(&self, word: &str) {
        self.note("mishap", json!(word));
    }

    /// The status sent; an answer that never arrives whole counts with the status it began with.
    pub fn status(&self, status: u16) {
        self.note("status", json!(status));
        *self.log.kept().by_status.entry(status).or_default() += 1;
    }

    fn note(&self, name: &str, value: Value) {
        let (emptied, at) = self.slot;
        let mut kept = self.log.kept();
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
