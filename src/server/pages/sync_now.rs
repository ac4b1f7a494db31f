//! Sync now: choose, look at the plan, write, and see what came of it.
//!
//! What is written is the plan that was looked at, or nothing. A run has one address from its first record to its end, so that a lid
//! may be closed and a page loaded again; without script the page says how to look again.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::ask::ApiReply;
use super::form::{SentForm, in_path, mistakes};
use super::plan::{PARTS, as_table, plan};
use super::progress::progress;
use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit};
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::run::sheet;
use crate::run::{RunSubject, Selection};
use crate::server::api::runs::{RunPart, document};
use crate::server::schedules::PAYOUTS;
use crate::store::History;

const PLACE: &str = "sync";
const TEMPLATE: &str = "sync.html";

/// What to sync, and a word on the run that is going on.
pub async fn choose(visit: PageVisit) -> PageResult {
    let form = visit.query.clone();
    chosen(&visit, StatusCode::OK, &form, None).await
}

/// The form, as it was filled in, with what was wrong with it.
async fn chosen(
    visit: &PageVisit,
    status: StatusCode,
    form: &SentForm,
    refusal: Option<&PageRefusal>,
) -> PageResult {
    let (targets, home) = visit
        .with_app(|app| Ok((app.config.sync.to.clone(), app.config.rules.timezone.name())))
        .await?;
    let is_sent = form.has("entity");
    let targets: Vec<Value> = targets
        .iter()
        .map(|target| {
            let is_chosen = !is_sent || form.all("to").any(|to| to == target.as_str());
            json!({ "name": target.as_str(), "title": target.title(), "chosen": is_chosen })
        })
        .collect();
    let current = visit.shop().runs.current();
    let busy = refusal.filter(|refusal| refusal.code() == "run_in_progress");
    let content = json!({
        "undoes": null,
        "state": "choose",
        "targets": targets,
        "form_zone": home,
        "filled": filled(form),
        "mistakes": refusal.map_or(json!({}), mistakes),
        "refusal": refusal.filter(|_| busy.is_none()).map(|refusal| &refusal.document),
        "busy": busy.map(|refusal| &refusal.document),
        "current": current.map(|current| json!(current)),
    });
    let title = if busy.is_some() {
        "Another run is under way"
    } else {
        "Sync"
    };
    visit.page_as(status, TEMPLATE, PLACE, title, content).await
}

fn filled(form: &SentForm) -> Value {
    let one = |name: &str| form.one(name).unwrap_or_default();
    json!({
        "entity": form.one("entity").unwrap_or("orders"),
        "mode": form.one("mode").unwrap_or("incremental"),
        "since": one("since"),
        "until": one("until"),
        "ids": one("ids"),
    })
}

/// The form becomes a dry run.
pub async fn foresee(visit: PageVisit) -> PageResult {
    let form = visit.form.clone();
    let body = asked(&form);
    match visit.post("/sync/dry-run", body).await {
        Ok(reply) => Ok(to_run(&visit, &reply)),
        Err(refusal) => chosen(&visit, refusal.status, &form, Some(&refusal)).await,
    }
}

/// The request that a program would send.
fn asked(form: &SentForm) -> Value {
    let entity = form.one("entity").unwrap_or("orders");
    // Which of them and where to is asked of records; whoever looks at payouts has left it as it was.
    let is_of_records = entity != PAYOUTS;
    let mut body = json!({ "entity": entity });
    if let Some(mode) = form.one("mode").filter(|_| is_of_records) {
        body["mode"] = json!(mode);
    }
    let filters: Map<String, Value> = ["since", "until"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), json!(form.one(name)?))))
        .collect();
    if !filters.is_empty() {
        body["filters"] = Value::Object(filters);
    }
    let ids = ids_of(form.one("ids").unwrap_or_default());
    if !ids.is_empty() {
        body["ids"] = json!(ids);
    }
    let to: Vec<&str> = form.all("to").collect();
    if !to.is_empty() && is_of_records {
        body["to"] = json!(to);
    }
    body
}

/// `4801, 4803 #4805`
fn ids_of(text: &str) -> Vec<&str> {
    let mut ids: Vec<&str> = text
        .split([',', ';', ' ', '\n', '\t'])
        .map(|id| id.trim().trim_start_matches('#'))
        .filter(|id| !id.is_empty())
        .collect();
    ids.dedup();
    ids
}

/// The same dry run once more: of a plan that is another one by now, or too old.
pub async fn foresee_again(visit: PageVisit) -> PageResult {
    let id = visit.named("run").to_owned();
    let Some(ended) = visit.shop().runs.ended(&id) else {
        return Ok(visit.on_to("sync"));
    };
    let body = match &ended.request.subject {
        RunSubject::Records(selection) => same_again(selection),
        RunSubject::Payouts(wanted) if wanted.only.is_none() => {
            let filters = days_of(wanted.since, wanted.until);
            json!({ "entity": PAYOUTS, "filters": filters })
        }
        RunSubject::Undo(undo) => {
            let partial = undo.partial || visit.form.has("partial");
            let mut body = json!({ "dry_run": true, "partial": partial });
            if let Some(why) = &undo.words.why {
                body["why"] = json!(why);
            }
            return super::undo::begin(&visit, &undo.run, body).await;
        }
        _ => return Ok(visit.on_to("sync")),
    };
    match visit.post("/sync/dry-run", body).await {
        Ok(reply) => Ok(to_run(&visit, &reply)),
        Err(refusal) => chosen(&visit, refusal.status, &SentForm::default(), Some(&refusal)).await,
    }
}

fn days_of(since: Option<NaiveDate>, until: Option<NaiveDate>) -> Map<String, Value> {
    let days = [("since", since), ("until", until)].into_iter();
    days.filter_map(|(name, day)| Some((name.to_owned(), json!(day?))))
        .collect()
}

fn same_again(selection: &Selection) -> Value {
    let words: Vec<String> = selection
        .entities
        .iter()
        .map(|entity| format!("{entity}s"))
        .collect();
    let entity = match words.as_slice() {
        [one] => one.as_str(),
        _ => "all",
    };
    let mut body =
        json!({ "entity": entity, "mode": if selection.full { "full" } else { "incremental" } });
    let mut filters = days_of(selection.since, selection.until);
    if !selection.statuses.is_empty() {
        filters.insert("status".to_owned(), json!(selection.statuses));
    }
    if !filters.is_empty() {
        body["filters"] = Value::Object(filters);
    }
    if !selection.ids.is_empty() {
        let ids: Vec<String> = selection.ids.iter().map(u64::to_string).collect();
        body["ids"] = json!(ids);
    }
    if !selection.to.is_empty() {
        let to: Vec<&str> = selection.to.iter().map(|target| target.as_str()).collect();
        body["to"] = json!(to);
    }
    if let Some(limit) = selection.limit {
        body["limit"] = json!(limit);
    }
    body
}

/// Carries out what the page has shown.
pub async fn write(visit: PageVisit) -> PageResult {
    let token = visit.form.one("token").unwrap_or_default().to_owned();
    let path = format!("/sync/confirm/{}", in_path(&token));
    let refusal = match visit.post(&path, Value::Null).await {
        Ok(reply) => return Ok(to_run(&visit, &reply)),
        Err(refusal) => refusal,
    };
    let run = visit.named("run").to_owned();
    let undoes = undoes(&visit, &run).await?;
    let content = json!({
        "undoes": undoes,
        "state": "not_written",
        "run": { "run_id": run },
        "can_again": visit.shop().runs.ended(&run).is_some(),
        "refusal": refusal.document,
        "current": visit.shop().runs.current().map(|current| json!(current)),
    });
    visit
        .page_as(
            refusal.status,
            TEMPLATE,
            PLACE,
            "Nothing was written",
            content,
        )
        .await
}

pub fn to_run(visit: &PageVisit, reply: &ApiReply) -> Response {
    let id = reply.document["sync_id"].as_str().unwrap_or_default();
    visit.on_to(&format!("sync/{}", in_path(id)))
}

/// A run: while it reads, its plan, while it writes, and its end.
pub async fn run(visit: PageVisit) -> PageResult {
    let id = visit.named("run").to_owned();
    let (shop, sought) = (visit.shop().clone(), id.clone());
    let found = visit
        .with_app(move |app| {
            let now = app.clock.now();
            Ok((document(app, &shop, &sought, RunPart::Figures)?, now))
        })
        .await?;
    let (document, now) = match found {
        (Some(document), now) => (document, now),
        (None, _) => {
            let content = json!({ "state": "gone", "run": { "run_id": id }, "undoes": null });
            return visit
                .page_as(
                    StatusCode::NOT_FOUND,
                    TEMPLATE,
                    PLACE,
                    "This plan is gone",
                    content,
                )
                .await;
        }
    };
    let page = visit
        .query
        .one("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let state = state_of(&document);
    // Where nothing would be written, what is held is all there is to see.
    let first = if state == "nothing" { "held" } else { "write" };
    let part = visit.query.one("part");
    let part = part.filter(|part| PARTS.contains(part)).unwrap_or(first);
    let mut shown = plan(&document, part, page);
    if let Some(waits) = document["error"].get("waits") {
        // What was refused is in no list of changes: it was counted.
        let counts = waits.as_object().into_iter().flatten();
        let all: u64 = counts.filter_map(|(_, count)| count.as_u64()).sum();
        shown["documents"] = json!(all);
    }
    let mut summary = document.clone();
    if let Some(fields) = summary.as_object_mut() {
        // Bodies of documents are no part of a page.
        fields.remove("changes");
        fields.remove("problems");
    }
    let is_running = state == "reading" || state == "running";
    let undoes = undoes(&visit, &id).await?;
    let title = match &undoes {
        Some(_) => title_of_undo(state, &shown, &document),
        None => title(state, &shown, &document),
    };
    let may_write = match &undoes {
        Some(_) => visit.may(AccessRole::Owner),
        None => visit.may(AccessRole::Operator),
    };
    let content = json!({
        "state": state,
        "run": summary,
        "heading": title,
        "plan": shown,
        "done": outcome(&document),
        "progress": is_running.then(|| progress(&document, now)),
        "may_write": may_write,
        "undoes": undoes,
        "obstacles": document["details"],
        "can_again": visit.shop().runs.ended(&id).is_some(),
        "waits": document["waits"].as_u64().or(document["problems"].as_array().map(|all| all.len() as u64)),
    });
    let status = StatusCode::OK;
    visit
        .page_as(status, TEMPLATE, PLACE, &title, content)
        .await
}

/// The run that this one takes back, or would.
async fn undoes(visit: &PageVisit, id: &str) -> Result<Option<String>, PageRefusal> {
    if let Some(ended) = visit.shop().runs.ended(id) {
        return Ok(match &ended.request.subject {
            RunSubject::Undo(undo) => Some(undo.run.clone()),
            _ => None,
        });
    }
    let id = id.to_owned();
    visit
        .with_app(move |app| Ok(app.state_to_read()?.takes_back(&id)?))
        .await
}

/// The same words for a run that takes another one back.
fn title_of_undo(state: &str, plan: &Value, document: &Value) -> String {
    let documents = plan["documents"].as_u64().unwrap_or_default();
    match state {
        "reading" => "Reading the books".to_owned(),
        "running" => "Taking back".to_owned(),
        "nothing" => "Nothing to take back".to_owned(),
        "plan" => format!(
            "{} to take back; nothing is written yet",
            counted(documents, "document")
        ),
        "changed" => "The books have changed; nothing was taken back".to_owned(),
        "offered" => "The plan waits for your word; nothing was taken back".to_owned(),
        "done" => {
            let books = &document["targets"][Service::BOOKS.as_str()];
            let taken: u64 = ["updated", "voided", "deleted"]
                .iter()
                .filter_map(|word| books[*word].as_u64())
                .sum();
            format!("{} taken back", counted(taken, "document"))
        }
        _ if document["dry_run"] == true => "This run cannot be taken back as it is".to_owned(),
        _ => "Not all of it was taken back".to_owned(),
    }
}

fn state_of(document: &Value) -> &'static str {
    let is_dry = document["dry_run"] == true;
    let status = document["status"].as_str().unwrap_or_default();
    let code = document["error"]["code"].as_str().unwrap_or_default();
    match (status, is_dry) {
        ("running", true) => "reading",
        ("running", false) => "running",
        (_, true) if document["error"].is_object() => "broken",
        (_, true) if is_nothing(document) => "nothing",
        (_, true) => "plan",
        ("refused", false) if code == "plan_changed" => "changed",
        ("refused", false) if document.get("confirm_token").is_some() => "offered",
        ("succeeded" | "partial", false) => "done",
        _ => "broken",
    }
}

/// A dry run that has found nothing to write.
fn is_nothing(document: &Value) -> bool {
    let targets = document["targets"].as_object();
    let count = |tally: &Value| -> u64 {
        ["created", "updated", "voided", "deleted", "names"]
            .iter()
            .filter_map(|word| tally[*word].as_u64())
            .sum()
    };
    targets.is_none_or(|targets| targets.values().map(count).sum::<u64>() == 0)
}

fn title(state: &str, plan: &Value, document: &Value) -> String {
    let documents = plan["documents"].as_u64().unwrap_or_default();
    match state {
        "reading" if document["entities"] == json!([PAYOUTS]) => "Reading payouts".to_owned(),
        "reading" => "Reading the shop".to_owned(),
        "running" => "Writing to QuickBooks".to_owned(),
        "nothing" => "Nothing to write".to_owned(),
        "plan" if documents == 0 => "No document to write; names or rows only".to_owned(),
        "plan" => {
            let verb = if plan["all_create"] == true {
                "create"
            } else {
                "write"
            };
            format!(
                "{} to {verb}; nothing is written yet",
                counted(documents, "document")
            )
        }
        "changed" => "The plan has changed; nothing was written".to_owned(),
        "offered" => "The plan waits for your word; nothing was written".to_owned(),
        "done" => figures(&document["targets"][Service::BOOKS.as_str()]),
        _ if document["dry_run"] == true => "There is no plan".to_owned(),
        _ => match document["status"].as_str() {
            Some("interrupted") => "The run was interrupted".to_owned(),
            Some("refused") => "Nothing was written".to_owned(),
            _ => "The run did not come to its end".to_owned(),
        },
    }
}

/// What a run did, for its three lines.
fn outcome(document: &Value) -> Value {
    let tally = |target: Service| &document["targets"][target.as_str()];
    let (books, copy) = (tally(Service::BOOKS), tally(Service::COPY));
    let count = |tally: &Value, word: &str| tally[word].as_u64().unwrap_or_default();
    let rows: u64 = ["created", "updated", "deleted"]
        .iter()
        .map(|word| count(copy, word))
        .sum();
    let waits = ["held", "failed", "conflicts"]
        .iter()
        .any(|word| count(books, word) > 0);
    json!({
        "names": count(books, "names"),
        "rows": rows,
        "has_copy": copy.is_object(),
        "has_books": books.is_object(),
        "reads": count(&books["requests"], "reads"),
        "writes": count(&books["requests"], "writes"),
        "throttled": count(&books["requests"], "throttled"),
        "kind": if waits { "warn" } else { "good" },
        "books": figures(books),
    })
}

/// `29 created, 3 skipped, 3 held`, as the command line has it.
pub fn figures(tally: &Value) -> String {
    let words = [
        ("created", "created"),
        ("updated", "updated"),
        ("voided", "voided"),
        ("deleted", "deleted"),
        ("unchanged", "unchanged"),
        ("skipped", "skipped"),
        ("held", "held"),
        ("conflicts", "in conflict"),
        ("failed", "failed"),
    ];
    let parts: Vec<String> = words
        .iter()
        .filter_map(|(field, word)| {
            let count = tally[*field].as_u64().filter(|count| *count > 0)?;
            Some(format!("{count} {word}"))
        })
        .collect();
    match parts.is_empty() {
        true => "Nothing to do".to_owned(),
        false => parts.join(", "),
    }
}

fn counted(number: u64, noun: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{many}")
}

/// The plan as a file: a table, or the document that programs read.
pub async fn saved(visit: PageVisit) -> PageResult {
    let (id, kind) = (
        visit.named("run").to_owned(),
        visit.named("kind").to_owned(),
    );
    let path = format!("/sync/status/{}", in_path(&id));
    let reply = visit.ask(Method::GET, &path, &[], &[], Value::Null).await?;
    let (header, rows) = as_table(&reply.document);
    let table = || sheet::rows(&header, rows.clone().into_iter());
    let (content_type, bytes) = match kind.as_str() {
        "plan.csv" => ("text/csv; charset=utf-8", table().into_bytes()),
        "plan.xlsx" => (
            sheet::SPREADSHEET,
            sheet::spreadsheet(&[("Plan", table())])?,
        ),
        "plan.json" => ("application/json", reply.document.to_string().into_bytes()),
        _ => {
            return Err(
                crate::server::problem::HttpProblem::of_status(StatusCode::NOT_FOUND, "").into(),
            );
        }
    };
    let name = format!("attachment; filename=\"{kind}\"");
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_request_of_a_program() {
        let form = SentForm::read(b"entity=orders&mode=full&since=2026-11-01&until=&ids=4801%2C+%234803&to=quickbooks&to=supabase");
        assert_eq!(
            asked(&form),
            json!({ "entity": "orders", "mode": "full", "filters": { "since": "2026-11-01" }, "ids": ["4801", "4803"],
                    "to": ["quickbooks", "supabase"] })
        );
        assert_eq!(asked(&SentForm::default()), json!({ "entity": "orders" }));
        let payouts = SentForm::read(
            b"entity=payouts&mode=incremental&since=2026-11-01&until=&ids=&to=quickbooks",
        );
        assert_eq!(
            asked(&payouts),
            json!({ "entity": "payouts", "filters": { "since": "2026-11-01" } }),
            "what is asked of records is not said of payouts"
        );
    }

    #[test]
    fn each_end_has_its_own_page() {
        let run = |fields: Value| {
            let mut document = json!({ "dry_run": false, "status": "succeeded", "targets": { "quickbooks": { "created": 1 } } });
            if let (Value::Object(document), Value::Object(fields)) = (&mut document, fields) {
                document.extend(fields);
            }
            state_of(&document)
        };
        assert_eq!(run(json!({})), "done");
        assert_eq!(run(json!({ "status": "running" })), "running");
        assert_eq!(
            run(json!({ "status": "running", "dry_run": true })),
            "reading"
        );
        assert_eq!(run(json!({ "dry_run": true })), "plan");
        assert_eq!(
            run(json!({ "dry_run": true, "targets": { "quickbooks": { "unchanged": 4 } } })),
            "nothing"
        );
        assert_eq!(
            run(json!({ "dry_run": true, "error": { "code": "credentials_refused" } })),
            "broken"
        );
        assert_eq!(
            run(json!({ "status": "refused", "error": { "code": "plan_changed" } })),
            "changed"
        );
        assert_eq!(
            run(
                json!({ "status": "refused", "confirm_token": "x", "error": { "code": "confirmation_needed" } })
            ),
            "offered"
        );
        assert_eq!(run(json!({ "status": "interrupted" })), "broken");
    }

    #[test]
    fn figures_are_the_words_of_the_command_line() {
        let tally = json!({ "created": 29, "skipped": 3, "held": 3, "failed": 0 });
        assert_eq!(figures(&tally), "29 created, 3 skipped, 3 held");
        assert_eq!(figures(&Value::Null), "Nothing to do");
    }
}
