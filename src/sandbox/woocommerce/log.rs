//! What was asked of the shop, for tests that count and look.
//!
//! Secrets and signatures are not kept: a log that holds them would be the one place
//! where a test could come to depend on them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use super::query::{Param, Query};

const HIDDEN: [&str; 2] = ["consumer_secret", "oauth_signature"];

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
    count: u64,
}

/// A request under way; it stops being one when this goes.
pub struct Flight {
    log: Arc<Log>,
    slot: Option<(u64, usize)>,
    pub in_flight: usize,
}

impl Log {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin(
        self: &Arc<Self>,
        method: &str,
        path: &str,
        query: &Query,
        manner: &str,
    ) -> Flight {
        let in_flight = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.largest.fetch_max(in_flight, Ordering::SeqCst);
        let mut kept = self.kept();
        kept.count += 1;
        let at = kept.requests.len();
        kept.requests.push(json!({"n": at + 1, "method": method, "path": path, "query": shown(query), "auth": manner,
            "status": null, "mishap": null}));
        Flight {
            log: self.clone(),
            slot: Some((kept.emptied, at)),
            in_flight,
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
        json!({"requests": kept.count, "largest_in_flight": self.largest.load(Ordering::SeqCst), "by_status": by_status})
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
        let Some((emptied, at)) = self.slot else {
            return;
        };
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

fn shown(query: &Query) -> Value {
    let mut map = Map::new();
    for (name, value) in query.params() {
        let value = match value {
            _ if HIDDEN.contains(&name.as_str()) => json!("…"),
            Param::One(text) => json!(text),
            Param::Many(list) => list.iter().map(|(_, one)| json!(one)).collect(),
        };
        map.insert(name.clone(), value);
    }
    Value::Object(map)
}
