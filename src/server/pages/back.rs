//! The way back from Intuit: whoever signed in there comes to an address of the API, and should read a page and no document.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde_json::Value;

use super::visit::{see_other, wants_a_page};
use crate::server::api::integrations::CALLBACK;
use crate::server::state::ServerState;

/// Leads a browser that comes back on to the page about the connection, with the code of what went wrong if something did.
pub async fn from_intuit(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let is_back = request.uri().path() == CALLBACK && wants_a_page(request.headers());
    let answer = next.run(request).await;
    if !is_back || !(answer.status().is_client_error() || answer.status().is_server_error()) {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    if parts.status == StatusCode::UNAUTHORIZED {
        return see_other("/sign-in");
    }
    let bytes = body.collect().await.map(|body| body.to_bytes());
    let bytes = bytes.unwrap_or_default();
    let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let shop = said["shop"].as_str().map(str::to_owned);
    let shop = shop.or_else(|| state.shops.only().map(|shop| shop.name.clone()));
    match (shop, said["code"].as_str()) {
        (Some(shop), Some(code)) => see_other(&format!(
            "/shop/{shop}/integrations?said=back-{code}#quickbooks"
        )),
        _ => (parts, bytes).into_response(),
    }
}
