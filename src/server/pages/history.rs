//! History: the runs, with filters, page by page; what came newer meanwhile; and all of it as a table to save.

use axum::http::{HeaderName, Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::form::mistakes;
use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit, html};
use crate::run::sheet;

/// So many newer runs are counted; more are "many".
const NEWER_MAX: &str = "50";

const FILTERS: [&str; 4] = ["entity", "status", "since", "until"];

/// What was chosen. A field that was left empty chooses nothing.
fn chosen(visit: &PageVisit) -> Vec<(&'static str, &str)> {
    FILTERS
        .into_iter()
        .filter_map(|name| Some((name, visit.query.one(name)?)))
        .collect()
}

/// The same as part of an address.
fn as_query(chosen: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(chosen)
        .finish()
}

pub async fn page(visit: PageVisit) -> PageResult {
    let filters = chosen(&visit);
    let mut asked = filters.clone();
    if let Some(cursor) = visit.query.one("cursor") {
        asked.push(("cursor", cursor));
    }
    let found = visit.get("/sync/history", &asked).await;
    let (status, found, wrong) = match found {
        Ok(found) => (StatusCode::OK, found, Value::Null),
        Err(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
            (refusal.status, json!({ "items": [] }), mistakes(&refusal))
        }
        Err(refusal) => return Err(refusal),
    };
    let content = json!({
        "runs": found["items"],
        "next_cursor": found["next_cursor"],
        "is_first": visit.query.one("cursor").is_none(),
        "chosen": visit.query.shown(&[]),
        "is_chosen": !filters.is_empty(),
        "query": as_query(&filters),
        "mistakes": wrong,
        "has_spreadsheets": cfg!(feature = "xlsx"),
    });
    visit
        .page_as(status, "history.html", "history", "History", content)
        .await
}

/// How many runs came since the newest one that somebody sees. Rows are not moved under their eyes: a link is.
pub async fn newer(visit: PageVisit) -> PageResult {
    let mut asked = chosen(&visit);
    asked.push(("limit", NEWER_MAX));
    let found = visit.get("/sync/history", &asked).await?;
    let than = visit.query.one("than").unwrap_or_default();
    let runs = found["items"].as_array();
    let newer = runs
        .into_iter()
        .flatten()
        .take_while(|run| run["run_id"] != than)
        .count();
    let address = format!("{}/history?{}", visit.base(), as_query(&chosen(&visit)));
    let content = json!({ "newer": newer, "address": address });
    let text = super::render::render("newer.html", &content);
    Ok(html(StatusCode::OK, text))
}

/// All runs that were chosen, or another list of the past, as a file.
pub async fn export(visit: PageVisit) -> PageResult {
    match visit.named("kind") {
        "deliveries.csv" => return super::deliveries::save(&visit).await,
        "audit.csv" => return super::deliveries::save_audit(&visit).await,
        _ => {}
    }
    let kind = match visit.named("kind") {
        "csv" => "text/csv",
        "xlsx" => sheet::SPREADSHEET,
        _ => return Err(no_such_table()),
    };
    let chosen = chosen(&visit);
    let accept = [("accept", kind)];
    let answer = visit.raw(Method::GET, "/sync/history", &chosen, &accept, Value::Null);
    let mut answer: Response = answer.await?;
    // What goes to the disk of somebody is read by no script.
    answer.headers_mut().insert(
        HeaderName::from_static("x-download-options"),
        axum::http::HeaderValue::from_static("noopen"),
    );
    Ok(answer)
}

fn no_such_table() -> PageRefusal {
    crate::server::problem::HttpProblem::of_status(StatusCode::NOT_FOUND, "").into()
}
