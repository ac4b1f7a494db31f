//! Webhooks: from raw bytes to a row in the inbox. A webhook names a record to look at; nothing of its body reaches the books.

use std::sync::Arc;

use axum::Router;

use super::shops::ServedShop;
use super::state::ServerState;

/// Where webhooks are posted to.
pub fn routes(_state: Arc<ServerState>) -> Router {
    Router::new()
}

/// Works the inbox of a shop off until the server ends. It runs on a thread of its own.
pub async fn work(state: Arc<ServerState>, _shop: Arc<ServedShop>) {
    state.stop.asked().await;
}

/// Why webhooks of a shop cannot be accepted now.
pub fn not_ready(_state: &ServerState, _shop: &ServedShop) -> Option<String> {
    None
}

/// Figures about webhooks in the Prometheus text format.
pub fn figures(_state: &ServerState) -> String {
    String::new()
}
