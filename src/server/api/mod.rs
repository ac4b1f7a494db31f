//! The REST API: the documents of the command line, over HTTP, for whoever is allowed to.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;

use super::state::ServerState;

/// Everything below `/api` but webhooks, with who may use it.
pub fn routes(_state: Arc<ServerState>) -> Router {
    Router::new()
}

/// Whether a request carries what makes its sender a viewer of all shops.
pub async fn is_viewer(_state: &ServerState, _request: &Parts) -> bool {
    false
}

/// Figures about the API in the Prometheus text format.
pub fn figures(_state: &ServerState) -> String {
    String::new()
}
