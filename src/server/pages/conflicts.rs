//! Conflicts: the fields on which the shop and the books do not agree, both sides of each, and the buttons that decide.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::form::in_path;
use super::visit::{PageResult, PageVisit};

const PLACE: &str = "conflicts";
const TEMPLATE: &str = "conflicts.html";

pub async fn page(visit: PageVisit) -> PageResult {
    shown(&visit, StatusCode::OK, Value::Null).await
}

async fn shown(visit: &PageVisit, status: StatusCode, undone: Value) -> PageResult {
    let mut query = vec![("limit", "100")];
    if let Some(cursor) = visit.query.one("cursor") {
        query.push(("cursor", cursor));
    }
    let found = visit.get("/conflicts", &query).await?;
    let content = json!({
        "items": found["items"],
        "next_cursor": found["next_cursor"],
        "is_first": visit.query.one("cursor").is_none(),
        "undone": undone,
        "outcome": visit.query.one("said"),
    });
    visit
        .page_as(status, TEMPLATE, PLACE, "Conflicts", content)
        .await
}

/// Decides one of them; the next sync writes it.
pub async fn resolve(visit: PageVisit) -> PageResult {
    let path = format!("/conflicts/{}/resolve", in_path(visit.named("id")));
    // Of the buttons one was pressed; whoever wrote a value of his own pressed the one beside it.
    let take = match visit.form.one("take") {
        Some("value") | None => visit.form.one("value").unwrap_or_default(),
        Some(side) => side,
    };
    match visit.post(&path, json!({ "take": take })).await {
        Ok(_) => Ok(visit.on_to("conflicts?said=decided")),
        Err(refusal) => {
            let text = |name: &str| refusal.document[name].as_str().unwrap_or_default();
            let of_field = refusal.document["errors"][0]["detail"].as_str();
            let says = of_field.unwrap_or_else(|| text("detail"));
            let undone = json!({ "id": visit.named("id"), "says": says, "code": refusal.code() });
            shown(&visit, refusal.status, undone).await
        }
    }
}
