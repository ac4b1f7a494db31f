//! Places: where the front leads.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};

use super::visit::see_other;
use crate::server::state::ServerState;

/// `/`: to today's page where there is one shop, else to all of them.
pub async fn front(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let caller = match state.access.caller(&state, &parts).await {
        Ok(caller) => caller,
        Err(problem) if problem.code() == "not_signed_in" => return see_other("/sign-in"),
        Err(problem) => return problem.into_response(),
    };
    let mut shops = state
        .shops
        .iter()
        .filter(|shop| caller.shops.holds(&shop.name));
    match (shops.next(), shops.next()) {
        (Some(only), None) => see_other(&format!("/shop/{}/today", only.name)),
        _ => see_other("/shops"),
    }
}

/// `/shop/NAME`.
pub async fn shop_front(Path(shop): Path<String>) -> Response {
    see_other(&format!("/shop/{}/today", super::form::in_path(&shop)))
}
