//! Deliveries of webhooks, and who did what: the two other lists of the past.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::form::in_path;
use super::form::mistakes;
use super::visit::{PageResult, PageVisit};

const AUDIT: &str = "/audit";
const DELIVERIES: [&str; 3] = ["source", "verdict", "since"];
const AUDITED: [&str; 2] = ["since", "actor"];

async fn listed(
    visit: PageVisit,
    path: &str,
    filters: &[&'static str],
    (template, here, title): (&str, &str, &str),
) -> PageResult {
    let mut asked: Vec<(&str, &str)> = filters
        .iter()
        .filter_map(|name| Some((*name, visit.query.one(name)?)))
        .collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&asked)
        .finish();
    let is_chosen = !asked.is_empty();
    if let Some(cursor) = visit.query.one("cursor") {
        asked.push(("cursor", cursor));
    }
    let mut asking = visit.clone();
    if path == AUDIT {
        // It is about the process and not about one of its shops.
        asking.shop = None;
    }
    let (status, found, wrong) = match asking.get(path, &asked).await {
        Ok(found) => (StatusCode::OK, found, Value::Null),
        Err(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
            (refusal.status, json!({ "items": [] }), mistakes(&refusal))
        }
        Err(refusal) => return Err(refusal),
    };
    let content = json!({
        "items": found["items"],
        "next_cursor": found["next_cursor"],
        "is_first": visit.query.one("cursor").is_none(),
        "chosen": visit.query.shown(&[]),
        "is_chosen": is_chosen,
        "query": query,
        "mistakes": wrong,
    });
    visit.page_as(status, template, here, title, content).await
}

/// What is chosen of a list, all of it, as a file.
async fn saved(visit: &PageVisit, path: &str, filters: &[&'static str]) -> PageResult {
    let asked: Vec<(&str, &str)> = filters
        .iter()
        .filter_map(|name| Some((*name, visit.query.one(name)?)))
        .collect();
    let accept = [("accept", "text/csv")];
    visit
        .raw(Method::GET, path, &asked, &accept, Value::Null)
        .await
}

pub async fn save(visit: &PageVisit) -> PageResult {
    saved(visit, "/webhooks/deliveries", &DELIVERIES).await
}

pub async fn save_audit(visit: &PageVisit) -> PageResult {
    let mut asking = visit.clone();
    asking.shop = None;
    saved(&asking, AUDIT, &AUDITED).await
}

pub async fn page(visit: PageVisit) -> PageResult {
    let filters = DELIVERIES;
    let page = ("deliveries.html", "history", "Deliveries");
    listed(visit, "/webhooks/deliveries", &filters, page).await
}

/// Looks again at what a delivery named.
pub async fn replay(visit: PageVisit) -> PageResult {
    let path = format!("/webhooks/deliveries/{}/replay", in_path(visit.named("id")));
    visit.post(&path, Value::Null).await?;
    Ok(visit.on_to("deliveries?said=replayed"))
}

/// Who did what, which owners look at.
pub async fn audit(visit: PageVisit) -> PageResult {
    let page = ("audit.html", "history", "Who did what");
    listed(visit, AUDIT, &AUDITED, page).await
}
