//! Events: what happens in a shop while it is served, numbered, for whoever listens.
//!
//! The last thousand are kept, so that a listener whose connection broke goes on where it was. Nothing of a person and no secret is
//! put here: an event says that something changed, and whoever is allowed to reads the rest.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

/// So many are kept for those who come back.
const KEPT_MAX: usize = 1_000;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A run began, came on or ended.
    Run,
    /// The inbox has more or less to do.
    Queue,
    /// A record is held, or is no more.
    Problem,
    /// Something is wrong until somebody mends it, or was mended.
    Incident,
}

impl EventKind {
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::Run => "run",
            EventKind::Queue => "queue",
            EventKind::Problem => "problem",
            EventKind::Incident => "incident",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct ServerEvent {
    pub id: u64,
    pub at: DateTime<Utc>,
    pub shop: String,
    pub kind: EventKind,
    pub data: Value,
}

/// The events of one shop.
pub struct Events {
    shop: String,
    kept: Mutex<VecDeque<Arc<ServerEvent>>>,
    sender: broadcast::Sender<Arc<ServerEvent>>,
}

/// What somebody hears who begins to listen.
pub struct Following {
    /// What came after the event that was named.
    pub before: Vec<Arc<ServerEvent>>,
    /// The newest event before now, or 0.
    pub newest: u64,
    /// What comes from now on. A listener that is too slow is told so, and begins anew.
    pub from_now: broadcast::Receiver<Arc<ServerEvent>>,
    /// Something after the event that was named is not kept any more: whoever shows a state reads it anew.
    pub has_gap: bool,
}

impl Events {
    pub fn new(shop: &str) -> Events {
        Events {
            shop: shop.to_owned(),
            kept: Mutex::default(),
            sender: broadcast::Sender::new(256),
        }
    }

    /// Tells everybody who listens.
    pub fn publish(&self, kind: EventKind, data: Value) {
        let at = Utc::now();
        // Numbers go on after a restart, so that whoever comes back with an old one is not taken for somebody from the future.
        let floor = u64::try_from(at.timestamp_micros()).unwrap_or_default();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let last = kept.back().map_or(0, |event| event.id);
        let event = Arc::new(ServerEvent {
            id: floor.max(last + 1),
            at,
            shop: self.shop.clone(),
            kind,
            data,
        });
        kept.push_back(event.clone());
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
        // Sent under the lock: everybody hears them in their order. That nobody listens is no fault.
        let _ = self.sender.send(event);
    }

    /// The number of the newest event, or 0 before there is any.
    pub fn newest(&self) -> u64 {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.back().map_or(0, |event| event.id)
    }

    /// Listens from now on, and hears first what came after the named event.
    pub fn follow(&self, after: Option<u64>) -> Following {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let from_now = self.sender.subscribe();
        let newest = kept.back().map_or(0, |event| event.id);
        let Some(after) = after else {
            return Following {
                before: Vec::new(),
                newest,
                from_now,
                has_gap: false,
            };
        };
        let is_kept = kept.iter().any(|event| event.id == after);
        Following {
            before: kept
                .iter()
                .filter(|event| event.id > after)
                .cloned()
                .collect(),
            newest,
            from_now,
            has_gap: !is_kept,
        }
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_that_comes_back_misses_nothing_and_hears_nothing_twice() {
        let events = Events::new("aurora");
        for nth in 0..3 {
            events.publish(EventKind::Run, Value::from(nth));
        }
        let all = events.follow(Some(0));
        assert!(all.has_gap, "the event 0 was never there");
        assert_eq!(all.before.len(), 3);
        let mut rest = events.follow(Some(all.before[0].id));
        assert!(!rest.has_gap);
        events.publish(EventKind::Queue, Value::from(3));
        let mut heard: Vec<Value> = rest.before.iter().map(|event| event.data.clone()).collect();
        heard.push(
            rest.from_now
                .recv()
                .await
                .expect("it was sent")
                .data
                .clone(),
        );
        assert_eq!(heard, [1, 2, 3]);
        assert!(events.follow(None).before.is_empty());
        assert_eq!(events.follow(None).newest, events.newest());
    }

    #[test]
    fn no_more_is_kept_than_fits_and_a_gap_is_told() {
        let events = Events::new("aurora");
        events.publish(EventKind::Run, Value::Null);
        let first = events.follow(Some(0)).before[0].id;
        for _ in 0..KEPT_MAX {
            events.publish(EventKind::Run, Value::Null);
        }
        let following = events.follow(Some(first));
        assert_eq!(following.before.len(), KEPT_MAX);
        assert!(following.has_gap);
    }
}
