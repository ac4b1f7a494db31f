//! Explain: from whatever somebody has in hand to where each cent of it comes from, or why it is not in the books.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::form::mistakes;
use super::visit::{PageResult, PageVisit};
use crate::model::access::AccessRole;

const PLACE: &str = "explain";
const TEMPLATE: &str = "explain.html";

pub async fn page(visit: PageVisit) -> PageResult {
    let what = visit.query.one("what").unwrap_or_default().to_owned();
    let on = visit.query.one("on").unwrap_or_default().to_owned();
    let mut content = json!({
        "what": what, "on": on, "answers": null, "unknown": false, "mistakes": {}, "refusal": null,
    });
    let may_look = visit.may(AccessRole::Operator);
    if what.is_empty() || !may_look {
        return visit.page(TEMPLATE, PLACE, "Explain", content).await;
    }
    let mut query = vec![("what", what.as_str())];
    if !on.is_empty() {
        query.push(("on", on.as_str()));
    }
    let mut status = StatusCode::OK;
    match visit.get("/explain", &query).await {
        Ok(found) => content["answers"] = found["answers"].clone(),
        Err(refusal) if refusal.status == StatusCode::NOT_FOUND => {
            status = refusal.status;
            content["unknown"] = json!(true);
        }
        Err(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
            status = refusal.status;
            content["mistakes"] = mistakes(&refusal);
            content["refusal"] = refusal.document;
        }
        Err(refusal) => return Err(refusal),
    }
    for answer in content["answers"].as_array_mut().into_iter().flatten() {
        let kind = answer["kind"].as_str().unwrap_or_default();
        let words = super::plan::kind_words(kind).0;
        if answer["tree"].is_object() {
            answer["kind_words"] = json!(words);
            let currency = answer["currency"].clone();
            put_currency(&mut answer["tree"], &currency);
        }
    }
    let title = format!("Explain {what}");
    visit
        .page_as(status, TEMPLATE, PLACE, &title, content)
        .await
}

/// A tree is drawn by a template that knows one node at a time.
fn put_currency(node: &mut Value, currency: &Value) {
    node["currency"] = currency.clone();
    for child in node["children"].as_array_mut().into_iter().flatten() {
        put_currency(child, currency);
    }
}
