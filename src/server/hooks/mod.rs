//! Webhooks: from raw bytes to a row in the inbox, and from there to a look at the record. A webhook names a record to look at; nothing
//! of its body reaches the books.
//!
//! A handler verifies, parses, writes one row and answers. It asks no service, takes no lock of a run and knows no mapping. What it could
//! not keep it does not accept: a sender that repeats does so then, and for the others there is the sweep.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `receive` | the routes, up to the answer |
//! | `shop` | what a shop needs for that: its inbox and its secrets |
//! | `worker` | takes names that are quiet, and runs exactly those records |
//! | `named` | which records a name means |
//! | `told` | what is the matter with webhooks, for whoever has to know |
//! | `changes` | asks the books what changed, for what no webhook told |
//! | `watch` | looks after the webhooks in the shop, with every sweep |

mod changes;
mod named;
mod receive;
mod shop;
mod told;
mod watch;
mod worker;

use std::sync::Arc;

use super::shops::ServedShop;
use super::state::ServerState;
use crate::model::delivery::DeliveryVerdict;

pub use receive::routes;
pub(super) use shop::HookShops;

/// Works the inbox of a shop off until the server ends. It runs on a thread of its own.
pub async fn work(state: Arc<ServerState>, shop: Arc<ServedShop>) {
    worker::work(state, shop).await;
}

/// Why webhooks of a shop cannot be accepted now.
pub fn not_ready(state: &ServerState, shop: &ServedShop) -> Option<String> {
    let hooks = match state.hook_shops.of(shop) {
        Ok(hooks) => hooks,
        Err(failure) => return Some(failure.message.clone()),
    };
    hooks.inbox.check().err().map(|error| error.to_string())
}

/// Figures about webhooks in the Prometheus text format.
pub fn figures(state: &ServerState) -> String {
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
            rows.iter()
                .for_each(|row| text.push_str(&format!("{name}{row}\n")));
        }
    };
    let (mut waiting, mut age, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    let now = state.clock.now();
    for shop in state.shops.iter() {
        let Ok(hooks) = state.hook_shops.of(shop) else {
            continue;
        };
        let name = &shop.name;
        if let Ok(depth) = hooks.inbox.depth(name) {
            for (what, count) in [
                ("waiting", depth.waiting),
                ("resting", depth.resting),
                ("for_sweep", depth.for_sweep),
            ] {
                waiting.push(format!("{{shop=\"{name}\",what=\"{what}\"}} {count}"));
            }
            let oldest = depth.oldest.map_or(0, |at| (now - at).num_seconds().max(0));
            age.push(format!("{{shop=\"{name}\"}} {oldest}"));
        }
        for (source, verdict, count) in hooks.answered.all() {
            answered.push(format!(
                "{{shop=\"{name}\",source=\"{source}\",verdict=\"{}\"}} {count}",
                DeliveryVerdict::as_str(verdict)
            ));
        }
    }
    family(
        "udsync_inbox_names",
        "gauge",
        "Names of records that wait to be looked at.",
        waiting,
    );
    family(
        "udsync_inbox_oldest_seconds",
        "gauge",
        "Age of the oldest name that waits.",
        age,
    );
    family(
        "udsync_deliveries_total",
        "counter",
        "Deliveries since the start, by what became of them.",
        answered,
    );
    text
}
