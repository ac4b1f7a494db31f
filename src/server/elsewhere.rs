//! Elsewhere: what other processes do with the state of a shop. A run that somebody starts on the command line takes the lock and writes
//! into the same file, and whoever looks at the dashboard should see it without asking.
//!
//! It is looked only while somebody listens, and what is looked at is small: the lock, the newest run, what is open. It is held against
//! what was seen last, however long ago: a run that began and ended before the first look of a listener is told like any other.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::blocking;
use super::events::EventKind;
use super::shops::ServedShop;
use super::state::ServerState;
use crate::run::Failure;
use crate::store::{History, Lock, Notices, ProblemCause, Problems, RunFilter, Store};

const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What was seen of a shop.
#[derive(Clone, Debug, Default, PartialEq)]
struct ShopSeen {
    holder: Option<u32>,
    /// How far the run says to be that has the lock.
    progress: Option<String>,
    newest: Option<(String, &'static str)>,
    /// How many wait for what, and since when.
    problems: Vec<ProblemCause>,
    incidents: Vec<i64>,
}

/// Tells those who listen of what others do, until the server ends.
pub async fn watch(state: &Arc<ServerState>) {
    let each = state.shops.iter().map(|shop| watch_one(state, shop));
    futures_util::future::join_all(each).await;
}

async fn watch_one(state: &ServerState, shop: &Arc<ServedShop>) {
    // Where nothing can be seen yet, all that is seen later is new.
    let mut last = looked(shop).await.unwrap_or_default();
    while !state.stop.is_asked() {
        state.stop.rest(LOOK_AGAIN).await;
        // Runs of this process tell what they do themselves.
        if shop.events.listeners() == 0 || shop.runs.current().is_some() {
            continue;
        }
        let Some(seen) = looked(shop).await else {
            continue;
        };
        tell(shop, &last, &seen);
        last = seen;
    }
}

async fn looked(shop: &Arc<ServedShop>) -> Option<ShopSeen> {
    let its = shop.clone();
    blocking(move || look(&its)).await.ok()?.ok()
}

fn look(shop: &ServedShop) -> Result<ShopSeen, Failure> {
    let app = shop.open()?;
    let held = Lock::look(&app.state);
    let holder = held.and_then(|held| held.holder);
    let mut seen = ShopSeen {
        holder: holder.as_ref().map(|holder| holder.pid),
        progress: holder.and_then(|holder| holder.progress),
        ..ShopSeen::default()
    };
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(seen);
    };
    let newest = store.runs(&RunFilter::newest(app.clock.now(), 1))?;
    seen.newest = newest
        .into_iter()
        .next()
        .map(|run| (run.id, run.status.as_str()));
    seen.problems = store.problem_causes()?;
    let incidents = store.open_incidents()?;
    seen.incidents = incidents.into_iter().map(|incident| incident.id).collect();
    Ok(seen)
}

fn tell(shop: &ServedShop, last: &ShopSeen, seen: &ShopSeen) {
    let run = (&last.holder, &last.progress, &last.newest)
        != (&seen.holder, &seen.progress, &seen.newest);
    if run {
        let data = match &seen.newest {
            Some((id, status)) => json!({ "run_id": id, "status": status }),
            None => json!({}),
        };
        shop.events.publish(EventKind::Run, data);
    }
    if last.problems != seen.problems {
        shop.events
            .publish(EventKind::Problem, Value::Object(serde_json::Map::new()));
    }
    if last.incidents != seen.incidents {
        shop.events
            .publish(EventKind::Incident, Value::Object(serde_json::Map::new()));
    }
}
