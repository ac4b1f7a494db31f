//! Schedules: what runs by itself, in plain words beside the cron line, and when it runs next in the shop's zone.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::ask::ApiReply;
use super::form::{SentForm, in_path, mistakes};
use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit};
use crate::engine::schedule::in_words;

/// More than this are on no page. Nobody has so many.
const MOST: &str = "200";

pub async fn page(visit: PageVisit) -> PageResult {
    shown(visit, StatusCode::OK, None).await
}

async fn shown(visit: PageVisit, status: StatusCode, refusal: Option<PageRefusal>) -> PageResult {
    let listed = visit.get("/sync/schedules", &[("limit", MOST)]).await?;
    let mut schedules = Vec::new();
    for schedule in listed["items"].as_array().into_iter().flatten() {
        let name = schedule["name"].as_str().unwrap_or_default();
        let reply = one(&visit, name).await?;
        schedules.push(dressed(reply));
    }
    let zone = visit
        .with_app(|app| Ok(app.config.rules.timezone.name()))
        .await?;
    let content = json!({
        "schedules": schedules,
        "refusal": refusal.as_ref().map(|refusal| &refusal.document),
        "mistakes": refusal.as_ref().map(mistakes),
        "typed": visit.form.shown(&["form"]),
        "typed_entities": visit.form.all("entities").collect::<Vec<_>>(),
        "typed_to": visit.form.all("to").collect::<Vec<_>>(),
        "shop_zone": zone,
    });
    visit
        .page_as(status, "schedules.html", "schedules", "Schedules", content)
        .await
}

async fn one(visit: &PageVisit, name: &str) -> Result<ApiReply, PageRefusal> {
    let path = format!("/sync/schedules/{}", in_path(name));
    visit.ask(Method::GET, &path, &[], &[], Value::Null).await
}

/// A schedule with its words and with the tag of what was seen.
fn dressed(reply: ApiReply) -> Value {
    let tag = reply.tag().map(str::to_owned);
    let mut schedule = reply.document;
    let cron = schedule["cron"].as_str().unwrap_or_default();
    schedule["words"] = json!(in_words(cron));
    schedule["tag"] = json!(tag);
    schedule
}

/// What a form says of a schedule, as the API takes it.
fn definition(form: &SentForm) -> Map<String, Value> {
    let mut given = Map::new();
    for name in ["name", "cron", "timezone", "mode"] {
        if let Some(value) = form.one(name) {
            given.insert(name.to_owned(), json!(value));
        }
    }
    // Without a line the API says what is missing, at the field.
    given.entry("cron").or_insert_with(|| json!(""));
    for name in ["entities", "to"] {
        let chosen: Vec<&str> = form.all(name).collect();
        given.insert(name.to_owned(), json!(chosen));
    }
    given
}

pub async fn add(visit: PageVisit) -> PageResult {
    let mut given = definition(&visit.form);
    given.entry("name").or_insert_with(|| json!(""));
    match visit.post("/sync/schedules", Value::Object(given)).await {
        Ok(_) => Ok(visit.on_to("schedules?said=added")),
        Err(refusal) => {
            let status = refusal.status;
            shown(visit, status, Some(refusal)).await
        }
    }
}

/// One schedule, to be changed.
pub async fn edit(visit: PageVisit) -> PageResult {
    edited(visit, StatusCode::OK, None).await
}

async fn edited(visit: PageVisit, status: StatusCode, refusal: Option<PageRefusal>) -> PageResult {
    let mut schedule = dressed(one(&visit, visit.named("name")).await?);
    // Whoever made a mistake has seen no more than before: what they send next is good for what they have seen, and for nothing newer.
    let is_shown_anew = refusal
        .as_ref()
        .is_none_or(|refusal| refusal.code() == "changed_meanwhile");
    if !is_shown_anew {
        schedule["tag"] = json!(visit.form.one("tag"));
    }
    let name = schedule["name"].as_str().unwrap_or_default().to_owned();
    let content = json!({
        "schedule": schedule,
        "refusal": refusal.as_ref().map(|refusal| &refusal.document),
        "mistakes": refusal.as_ref().map(mistakes),
        "typed": refusal.as_ref().map(|_| visit.form.shown(&["form"])),
    });
    let title = format!("Schedule {name}");
    visit
        .page_as(status, "schedule.html", "schedules", &title, content)
        .await
}

/// Changes what somebody saw. Where it is not so any more, they are shown what it is now, and nothing is overwritten.
pub async fn change(visit: PageVisit) -> PageResult {
    let name = visit.named("name").to_owned();
    let path = format!("/sync/schedules/{}", in_path(&name));
    let tag = visit.form.one("tag").unwrap_or_default().to_owned();
    let seen = [("if-match", tag.as_str())];
    let asked = match visit.form.one("do") {
        Some("remove") => {
            visit
                .ask(Method::DELETE, &path, &[], &seen, Value::Null)
                .await
        }
        Some(switch @ ("on" | "off")) => {
            let now = one(&visit, &name).await?.document;
            let mut given = Map::new();
            for field in ["cron", "entities", "timezone", "mode", "to"] {
                given.insert(field.to_owned(), now[field].clone());
            }
            given.insert("enabled".to_owned(), json!(switch == "on"));
            visit
                .ask(Method::PUT, &path, &[], &seen, Value::Object(given))
                .await
        }
        _ => {
            let mut given = definition(&visit.form);
            given.remove("name");
            given.insert("enabled".to_owned(), json!(visit.form.has("enabled")));
            visit
                .ask(Method::PUT, &path, &[], &seen, Value::Object(given))
                .await
        }
    };
    match asked {
        Ok(_) if visit.form.one("do") == Some("remove") => {
            Ok(visit.on_to("schedules?said=removed"))
        }
        Ok(_) => Ok(visit.on_to("schedules?said=changed")),
        Err(refusal) if refusal.status == StatusCode::NOT_FOUND => Err(refusal),
        Err(refusal) => {
            let status = refusal.status;
            edited(visit, status, Some(refusal)).await
        }
    }
}
