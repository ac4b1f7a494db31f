//! One run: what it came to, its documents page by page, and what it left open, each with its reason.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::visit::{PageResult, PageVisit, see_other};
use crate::app::App;
use crate::engine::outcome::Report;
use crate::engine::so_far::{figures_so_far, has_told};
use crate::model::plan::{Action, Entity, RemoteKind, Subject};
use crate::model::run::{Change, RunStatus};
use crate::model::service::Service;
use crate::run::Failure;
use crate::run::document::run_document;
use crate::server::problem::HttpProblem;
use crate::store::{Attempts, History, Memory, ProblemFilter, Problems, Store};

/// Documents on a page.
const ROWS: usize = 50;
/// Changes that are no document are read past, a page of this size at a time.
const READ_AT_ONCE: u32 = 51;
/// Of what a run left open so many stand on its page.
const PROBLEMS: u32 = 50;

pub async fn page(visit: PageVisit) -> PageResult {
    let id = visit.named("id").to_owned();
    let after = visit
        .query
        .one("after")
        .and_then(|after| after.parse().ok());
    let sought = id.clone();
    let current = visit.shop().runs.current();
    let is_here = current.as_ref().is_some_and(|run| run.run_id == id);
    let found = visit
        .with_app(move |app| of_history(app, &sought, after.unwrap_or(0), is_here))
        .await?;
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

fn of_history(app: &App, id: &str, after: i64, is_here: bool) -> Result<Option<Value>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(None);
    };
    let Some(mut run) = store.run(id)?.filter(|run| run.id == id) else {
        return Ok(None);
    };
    // Names in what was posted are sealed where there is a key. Without it the page has none.
    let _ = app.unveil_to_look(&store);
    let filter = ProblemFilter {
        run: Some(run.id.clone()),
        ..ProblemFilter::default()
    };
    let problems = store.problems_page(&filter, PROBLEMS)?;
    let problems_total = store.count_problems_like(&filter)?;
    // A run that has not told its figures yet is counted from the journal; every other is read page by page. One that goes on here tells
    // how far it is by itself.
    let is_told = has_told(&store, &run)?;
    if !is_told && !is_here {
        figures_so_far(&store, &mut run)?;
    }
    let (changes, next) = match is_told {
        true => some_of(&store, &run.id, after)?,
        false => (store.done_first(&run.id, ROWS as u32)?, None),
    };
    let is_cut = !is_told && changes.len() == ROWS;
    let labels: Vec<String> = changes.iter().map(|change| change.label.clone()).collect();
    let mut names = CustomerNames::default();
    let customers = changes
        .iter()
        .map(|change| names.of(&store, change))
        .collect::<Result<Vec<_>, Failure>>()?;
    let report = Report {
        changes,
        problems,
        ..Report::default()
    };
    let mut document = json!(run_document(&run, &report, true));
    if let Some(rows) = document["changes"].as_array_mut() {
        for ((row, label), customer) in rows.iter_mut().zip(labels).zip(customers) {
            row["label"] = json!(label);
            row["customer"] = json!(customer);
            // The bytes that were sent are not for a table.
            row["body"] = Value::Null;
        }
    }
    let undoes = store.takes_back(&run.id)?;
    let has_written = run
        .tallies
        .get(Service::BOOKS.as_str())
        .is_some_and(|tally| tally.created + tally.updated + tally.voided + tally.deleted > 0);
    Ok(Some(json!({
        "run": document,
        "next_after": next,
        "is_cut": is_cut,
        "problems_total": problems_total,
        "progress": null,
        "undoes": undoes,
        "can_undo": has_written && undoes.is_none() && run.status != RunStatus::Running,
    })))
}

/// Who documents are for, as far as it is remembered: a customer that udsync made or changed is known by what it sent then.
#[derive(Default)]
struct CustomerNames(BTreeMap<String, Option<String>>);

impl CustomerNames {
    fn of(&mut self, store: &Store, change: &Change) -> Result<Option<String>, Failure> {
        if change.source.entity == Entity::Customer {
            return Ok(None);
        }
        let body = change.body.as_deref();
        let body: Option<Value> = body.and_then(|body| serde_json::from_str(body).ok());
        let Some(named) = body
            .as_ref()
            .and_then(|body| body["CustomerRef"]["value"].as_str())
        else {
            return Ok(None);
        };
        if let Some(known) = self.0.get(named) {
            return Ok(known.clone());
        }
        let found = name_of(store, &change.target, named)?;
        self.0.insert(named.to_owned(), found.clone());
        Ok(found)
    }
}

/// The name of a customer by its id in the books, or by the reference that stood for one that was made in the same run.
fn name_of(store: &Store, target: &str, named: &str) -> Result<Option<String>, Failure> {
    let keys: Vec<String> = match named.strip_prefix("@customer:") {
        Some(key) => vec![key.to_owned()],
        None => {
            let links = store.links_of_remote(target, RemoteKind::Customer.as_str(), named)?;
            let subjects = links.into_iter().map(|link| link.subject);
            subjects
                .filter_map(|subject| match subject {
                    Subject::Customer(key) => Some(key),
                    _ => None,
                })
                .collect()
        }
    };
    for key in &keys {
        let sent = store.name_sent(key)?.and_then(|change| change.body);
        let body: Option<Value> = sent.and_then(|body| serde_json::from_str(&body).ok());
        if let Some(name) = body.as_ref().and_then(|body| body["DisplayName"].as_str()) {
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
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
