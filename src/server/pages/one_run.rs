//! One run: what it came to, its documents page by page, and what it left open, each with its reason.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::visit::{PageResult, PageVisit, see_other};
use crate::app::App;
use crate::engine::outcome::Report;
use crate::engine::so_far::so_far;
use crate::model::plan::Action;
use crate::model::run::{Change, RunStatus};
use crate::run::Failure;
use crate::run::document::run_document;
use crate::server::problem::HttpProblem;
use crate::store::{History, Problems, Store};

/// Documents on a page.
const ROWS: usize = 50;
/// Changes that are no document are read past, a page of this size at a time.
const READ_AT_ONCE: u32 = 200;

pub async fn page(visit: PageVisit) -> PageResult {
    let id = visit.named("id").to_owned();
    let after = visit
        .query
        .one("after")
        .and_then(|after| after.parse().ok());
    let sought = id.clone();
    let found = visit
        .with_app(move |app| of_history(app, &sought, after.unwrap_or(0)))
        .await?;
    let current = visit.shop().runs.current();
    let mut content = match found {
        Some(found) => found,
        // A dry run is in no history; its plan has a page of its own.
        None if visit.shop().runs.ended(&id).is_some()
            || current.is_some_and(|run| run.run_id == id) =>
        {
            return Ok(see_other(&format!("{}/sync/{id}", visit.base())));
        }
        None => {
            let unknown = "there is no run with this id, or it was a dry run more than a day ago";
            return Err(
                HttpProblem::new(StatusCode::NOT_FOUND, "run_unknown", unknown)
                    .hint("the history lists the runs that there are")
                    .into(),
            );
        }
    };
    let current = visit.shop().runs.current();
    if let Some(current) = current.filter(|run| run.run_id == id) {
        content["progress"] = json!(current.progress);
    }
    content["is_first"] = json!(after.is_none());
    let title = format!("Run {}", &id[..id.len().min(8)]);
    visit.page("run.html", "history", &title, content).await
}

fn of_history(app: &App, id: &str, after: i64) -> Result<Option<Value>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(None);
    };
    let Some(mut run) = store.run(id)?.filter(|run| run.id == id) else {
        return Ok(None);
    };
    let problems = store.problems_of_run(&run.id)?;
    // A run that has not told its figures yet is counted from the journal; every other is read page by page.
    let is_told = !matches!(run.status, RunStatus::Running | RunStatus::Interrupted);
    let (changes, next) = match is_told {
        true => some_of(&store, &run.id, after)?,
        false => {
            let mut all = so_far(&store, &mut run)?;
            all.retain(is_shown);
            all.truncate(ROWS);
            (all, None)
        }
    };
    let labels: Vec<String> = changes.iter().map(|change| change.label.clone()).collect();
    let report = Report {
        changes,
        problems,
        ..Report::default()
    };
    let mut document = json!(run_document(&run, &report, true));
    if let Some(rows) = document["changes"].as_array_mut() {
        for (row, label) in rows.iter_mut().zip(labels) {
            row["label"] = json!(label);
            // The bytes that were sent are not for a table.
            row["body"] = Value::Null;
        }
    }
    Ok(Some(
        json!({ "run": document, "next_after": next, "progress": null }),
    ))
}

fn is_shown(change: &Change) -> bool {
    change.action != Action::None
}

/// A page of changes, and the number behind which the next one begins.
fn some_of(store: &Store, id: &str, after: i64) -> Result<(Vec<Change>, Option<i64>), Failure> {
    let (mut shown, mut last) = (Vec::new(), after);
    loop {
        let read = store.changes_after(id, last, READ_AT_ONCE)?;
        let is_end = read.len() < READ_AT_ONCE as usize;
        for (number, change) in read {
            if is_shown(&change) {
                if shown.len() == ROWS {
                    return Ok((shown, Some(last)));
                }
                shown.push(change);
            }
            last = number;
        }
        if is_end {
            return Ok((shown, None));
        }
    }
}
