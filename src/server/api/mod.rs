//! The REST API: the documents of the command line, over HTTP, for whoever is allowed to.
//!
//! Each group of routes is a file with a table of [`ApiOperation`]s. A request goes through `dispatch` before any of them sees it: who
//! sent it, whether they may, whether it makes sense. What can be said in the table is said there, so that the document, the rights and
//! the refusals are one thing; what a handler still refuses is what only the state can tell.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `operation` | a row of the table, and a request that passed |
//! | `schema` | what a body or an answer holds, and the check of it |
//! | `shapes` | the schemas of the documents |
//! | `dispatch` | from the request to the handler, with all refusals in their order |
//! | `openapi` | the document, made of the table |
//! | `etag`, `idempotency`, `page` | what was seen, what was done, where a list goes on |
//! | `tables` | a list as a file, while it is read |
//! | `state`, `under_way`, `sign_ins`, `streams` | what is kept in memory |
//! | `runs`, `failures`, `undo`, `history`, `schedules`, `settings`, `integrations`, `mappings`, `mapping_drafts`, `mapping_records`, `deliveries`, `proofs`, `payouts`, `conflicts`, `looks`, `stream` | the groups |

mod conflicts;
mod deliveries;
pub(super) mod dispatch;
mod etag;
pub(super) mod failures;
mod history;
mod idempotency;
pub(super) mod integrations;
mod looks;
mod mapping_drafts;
mod mapping_records;
mod mappings;
pub mod openapi;
pub mod operation;
mod page;
mod payout_shapes;
mod payouts;
pub(super) mod proofs;
pub(super) mod runs;
mod schedules;
pub mod schema;
mod settings;
mod shapes;
mod sign_ins;
mod state;
mod stream;
mod streams;
mod tables;
mod under_way;
mod undo;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::request::Parts;
use axum::routing::any;

use super::state::ServerState;
use operation::ApiOperation;

pub use state::ApiState;

/// The operations and the schemas that they speak of, made once.
struct ApiTable {
    operations: Vec<ApiOperation>,
    components: serde_json::Value,
}

static TABLE: LazyLock<ApiTable> = LazyLock::new(|| ApiTable {
    operations: operations(),
    components: shapes::components(),
});

/// Everything that can be done.
pub fn operations() -> Vec<ApiOperation> {
    [
        runs::operations(),
        failures::operations(),
        undo::operations(),
        history::operations(),
        schedules::operations(),
        settings::operations(),
        integrations::operations(),
        mappings::operations(),
        mapping_drafts::operations(),
        deliveries::operations(),
        proofs::operations(),
        payouts::operations(),
        conflicts::operations(),
        looks::operations(),
        stream::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Everything below `/api` but webhooks, with who may use it.
pub fn routes(state: Arc<ServerState>) -> Router {
    Router::new()
        .route("/api", any(dispatch::dispatch))
        .route("/api/", any(dispatch::dispatch))
        .route("/api/{*rest}", any(dispatch::dispatch))
        .with_state(state)
}

/// Whether a request carries what makes its sender a viewer of all shops.
pub async fn is_viewer(state: &ServerState, request: &Parts) -> bool {
    let Ok(caller) = state.access.caller(state, request).await else {
        return false;
    };
    state.shops.names().all(|shop| caller.shops.holds(shop))
}

/// Figures about the API in the Prometheus text format.
pub fn figures(state: &ServerState) -> String {
    use std::fmt::Write;
    let mut text = String::from(
        "# HELP udsync_api_answers_total Answers of the API by how they ended.\n# TYPE udsync_api_answers_total counter\n",
    );
    for (result, number) in ["ok", "refused", "fault"].iter().zip(&state.api.answered) {
        let number = number.load(std::sync::atomic::Ordering::Relaxed);
        writeln!(
            text,
            "udsync_api_answers_total{{result=\"{result}\"}} {number}"
        )
        .expect("a string takes everything");
    }
    text
}
