//! Undo: a run taken back, from its own page: first what that would do, and what stands in the way.
//!
//! It is a run like any other, and is looked at, let go on and watched on the pages of sync. Owners only.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::form::in_path;
use super::refusal::PageRefusal;
use super::sync_now::to_run;
use super::visit::{PageResult, PageVisit};
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::server::api::runs::undo_is_for_owners;
use crate::server::problem::HttpProblem;
use crate::store::History;

const PLACE: &str = "history";
const TEMPLATE: &str = "undo.html";

/// The question: which run, and why.
pub async fn ask(visit: PageVisit) -> PageResult {
    asked(&visit, StatusCode::OK, None).await
}

async fn asked(visit: &PageVisit, status: StatusCode, refusal: Option<PageRefusal>) -> PageResult {
    if !visit.may(AccessRole::Owner) {
        return Err(undo_is_for_owners().into());
    }
    let id = visit.named("id").to_owned();
    let sought = id.clone();
    let found = visit
        .with_app(move |app| {
            let store = app.state_to_read()?;
            let run = store.run(&sought)?.filter(|run| run.id == sought);
            let undoes = store.takes_back(&sought)?;
            Ok(run.map(|run| (run.started_at, run.tallies, undoes)))
        })
        .await?;
    let Some((started_at, tallies, undoes)) = found else {
        return Err(HttpProblem::new(
            StatusCode::NOT_FOUND,
            "run_unknown",
            "there is no run with this id",
        )
        .hint("the history lists the runs that there are")
        .into());
    };
    let content = json!({
        "run": { "run_id": id, "started_at": crate::run::document::time(started_at), "books": tallies.get(Service::BOOKS.as_str()) },
        "undoes": undoes,
        "why": visit.form.one("why"),
        "partial": visit.form.has("partial"),
        "refusal": refusal.map(|refusal| refusal.document),
    });
    let title = format!("Take run {} back", &id[..id.len().min(8)]);
    visit
        .page_as(status, TEMPLATE, PLACE, &title, content)
        .await
}

/// A dry run of taking it back.
pub async fn foresee(visit: PageVisit) -> PageResult {
    let id = visit.named("id").to_owned();
    let mut body = json!({ "dry_run": true, "partial": visit.form.has("partial") });
    if let Some(why) = visit.form.one("why") {
        body["why"] = json!(why);
    }
    match begin(&visit, &id, body).await {
        Ok(response) => Ok(response),
        Err(refusal) if refusal.status == StatusCode::FORBIDDEN => Err(refusal),
        Err(refusal) => asked(&visit, refusal.status, Some(refusal)).await,
    }
}

pub async fn begin(
    visit: &PageVisit,
    id: &str,
    body: Value,
) -> Result<axum::response::Response, PageRefusal> {
    let path = format!("/undo/{}", in_path(id));
    let reply = visit.post(&path, body).await?;
    Ok(to_run(visit, &reply))
}
