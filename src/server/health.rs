//! Health: whether the process works, whether it can do its work, and figures about it.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::state::ServerState;

/// For a listener that may be exposed: whether the process works, and nothing else.
pub fn alive() -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" }))
}

/// For the listener of API and dashboard.
pub fn routes(_state: Arc<ServerState>) -> Router {
    alive()
}
