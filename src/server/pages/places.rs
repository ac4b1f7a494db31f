//! Places: where the front leads, and the pages that only say which command does what they will do.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::visit::{PageResult, PageVisit, see_other};
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

async fn place(visit: PageVisit, here: &str, title: &str, says: &str, command: &str) -> PageResult {
    let content = json!({ "says": says, "command": command });
    visit.page("place.html", here, title, content).await
}

<<<<<<< HEAD
pub async fn reconcile(visit: PageVisit) -> PageResult {
    let says = "What was posted can be added up month by month, and held against the books of QuickBooks. For now a terminal does it.";
    place(visit, "reconcile", "Reconcile", says, "udsync report sales").await
}

pub async fn explain(visit: PageVisit) -> PageResult {
    let says = "Where each cent of a document comes from, down to the field of the shop, or why an order is not posted. For now a terminal tells it.";
    place(visit, "explain", "Explain", says, "udsync explain 1042").await
=======
pub async fn conflicts(visit: PageVisit) -> PageResult {
    let says = "A document that somebody changed in QuickBooks is never overwritten. Each of them is listed with what waits; a terminal shows what differs.";
    place(visit, "conflicts", "Conflicts", says, "udsync retry --list").await
>>>>>>> c523ad3 (pages: reconcile, explain and undo; what waits is read a page at a time; links, keys and drafts that strangers found wanting)
}
