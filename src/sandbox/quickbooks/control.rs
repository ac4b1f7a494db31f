//! What tests do behind the service's back: look, meddle, plan mishaps.
//!
//! Nothing here needs a token and nothing here is counted as a request.

use super::company::{Company, Limits};
use super::entity::Entity;
use super::fault::Fault;
use super::figures::text_of;
use super::gate::Shared;
use super::journal::Journal;
use super::links;
use super::mishap::{Rule, Standing};
use super::snapshot;
use super::world::World;
use super::write::{Job, Work, perform};
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use std::sync::Arc;

type Desk = With<Arc<Shared>>;

pub fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_sandbox/documents", get(documents))
        .route("/_sandbox/objects/{entity}", get(objects))
        .route("/_sandbox/requests", get(requests).delete(forget_requests))
        .route("/_sandbox/counts", get(counts))
        .route(
            "/_sandbox/mishaps",
            get(mishaps).post(plan_mishaps).delete(forget_mishaps),
        )
        .route("/_sandbox/create", post(create))
        .route("/_sandbox/edit", post(edit))
        .route("/_sandbox/at_work", get(at_work))
        .route("/_sandbox/void", post(void))
        .route("/_sandbox/delete", post(delete))
        .route("/_sandbox/company", get(company).post(change_company))
        .route("/_sandbox/expire_tokens", post(expire_tokens))
        .route("/_sandbox/expire_codes", post(expire_codes))
        .route(
            "/_sandbox/kill_newest_refresh_token",
            post(kill_newest_refresh_token),
        )
        .route("/_sandbox/oauth", get(oauth).post(change_oauth))
        .route("/_sandbox/snapshot", get(take_snapshot).put(put_snapshot))
}

fn wrong(status: StatusCode, why: impl std::fmt::Display) -> Response {
    (status, Json(json!({ "error": why.to_string() }))).into_response()
}

async fn documents(With(shared): Desk) -> Json<Value> {
    let world = shared.world();
    let kinds = Entity::ALL.into_iter().filter(|e| e.is_document());
    let mut rows: Vec<_> = kinds
        .flat_map(|e| world.rows(e).map(move |(id, row)| (e, id, row)))
        .collect();
    rows.sort_by_key(|(_, _, row)| row.made);
    let shown = rows.into_iter().map(|(entity, id, row)| {
        let history: Vec<Value> = row.versions.iter().map(|v| (**v).clone()).collect();
        json!({
            "entity": entity.name(),
            "id": id,
            "made": row.made,
            "state": row.state.word(),
            "seeded": row.seeded,
            "object": row.value(),
            "history": history,
        })
    });
    Json(shown.collect())
}

async fn objects(With(shared): Desk, Path(name): Path<String>) -> Response {
    let Some(entity) = Entity::any_case(&name) else {
        return wrong(
            StatusCode::NOT_FOUND,
            format!("`{name}` is not a kind of object"),
        );
    };
    let world = shared.world();
    let shown: Value = world
        .rows(entity)
        .map(|(id, row)| {
            json!({ "id": id, "state": row.state.word(), "seeded": row.seeded, "object": row.value() })
        })
        .collect();
    Json(shown).into_response()
}

async fn requests(With(shared): Desk) -> Response {
    Json(&shared.desk().journal.entries).into_response()
}

async fn forget_requests(With(shared): Desk) -> StatusCode {
    shared.desk().journal = Journal::default();
    StatusCode::NO_CONTENT
}

async fn counts(With(shared): Desk) -> Response {
    Json(shared.desk().journal.counts.clone()).into_response()
}

/// How many requests are being worked on, waited for or not.
async fn at_work(With(shared): Desk) -> Response {
    Json(shared.at_work()).into_response()
}

async fn mishaps(With(shared): Desk) -> Json<Value> {
    Json(shared.desk().rules.iter().map(Standing::shown).collect())
}

async fn plan_mishaps(With(shared): Desk, Json(body): Json<Value>) -> Response {
    let list = match body {
        Value::Array(list) => list,
        one => vec![one],
    };
    let rules: Result<Vec<Rule>, _> = list.into_iter().map(serde_json::from_value).collect();
    match rules {
        Err(error) => wrong(StatusCode::BAD_REQUEST, error),
        Ok(rules) => {
            let mut desk = shared.desk();
            let first = desk.rules.len() as u64;
            let standing = rules
                .into_iter()
                .zip(first + 1..)
                .map(|(rule, seed)| Standing::new(rule, seed));
            desk.rules.extend(standing);
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

async fn forget_mishaps(With(shared): Desk) -> StatusCode {
    shared.desk().rules.clear();
    StatusCode::NO_CONTENT
}

/// Reads `{"entity", "id"}` and finds what it means.
fn target(world: &World, body: &Value) -> Result<(Entity, String), (StatusCode, String)> {
    let name = body
        .get("entity")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    let unknown = || {
        (
            StatusCode::BAD_REQUEST,
            format!("`{name}` is not a kind of object"),
        )
    };
    let entity = Entity::exact(name).ok_or_else(unknown)?;
    if world.row(entity, id).is_none() {
        return Err((StatusCode::NOT_FOUND, format!("there is no {name} `{id}`")));
    }
    Ok((entity, id.to_owned()))
}

/// A bookkeeper's change: taken as it is, counted as a change.
async fn edit(With(shared): Desk, Json(body): Json<Value>) -> Response {
    let mut world = shared.world();
    let (entity, id) = match target(&world, &body) {
        Ok(found) => found,
        Err((status, why)) => return wrong(status, why),
    };
    let old = world.object(entity, &id).cloned().unwrap_or_default();
    let mut object = old.clone();
    let Some(set) = body.get("set").and_then(Value::as_object) else {
        return wrong(StatusCode::BAD_REQUEST, "`set` is missing");
    };
    for (field, value) in set {
        if value.is_null() {
            object.remove(field);
        } else {
            object.insert(field.clone(), value.clone());
        }
    }
    let now = world.replace(entity, &id, object, true);
    if entity == Entity::Payment {
        let links = now.as_object().map(links::links_of).unwrap_or_default();
        links::settle_payment(&mut world, &id, &links::links_of(&old), &links);
    }
    if matches!(entity, Entity::Invoice | Entity::CreditMemo) && !set.contains_key("Balance") {
        links::refresh(&mut world, entity, &id);
    }
    links::settle_customer(&mut world, entity, &id, Some(&old));
    Json(world.row(entity, &id).map_or(now, |row| row.value())).into_response()
}

/// A bookkeeper's own document: `{"entity", "body"}`.
async fn create(With(shared): Desk, Json(body): Json<Value>) -> Response {
    let name = body.get("entity").and_then(Value::as_str);
    let Some(entity) = name.and_then(Entity::exact) else {
        return wrong(StatusCode::BAD_REQUEST, "`entity` is not a kind of object");
    };
    let job = Job {
        entity,
        work: Work::Create,
        body: body.get("body").cloned().unwrap_or_default(),
        allow_duplicate_number: true,
        by_person: true,
        tax_off: None,
    };
    match perform(&mut shared.world(), job) {
        Ok(object) => Json(object).into_response(),
        Err(fault) => wrong(StatusCode::BAD_REQUEST, Fault::inner(&fault)),
    }
}

fn by_hand(shared: &Shared, body: &Value, work: Work) -> Response {
    let mut world = shared.world();
    let (entity, id) = match target(&world, body) {
        Ok(found) => found,
        Err((status, why)) => return wrong(status, why),
    };
    let token = world
        .object(entity, &id)
        .and_then(|o| text_of(o, "SyncToken"))
        .unwrap_or_default()
        .to_owned();
    let job = Job {
        entity,
        work,
        body: json!({ "Id": id, "SyncToken": token }),
        allow_duplicate_number: true,
        by_person: true,
        tax_off: None,
    };
    match perform(&mut world, job) {
        Ok(object) => Json(object).into_response(),
        Err(fault) => wrong(StatusCode::BAD_REQUEST, Fault::inner(&fault)),
    }
}

async fn void(With(shared): Desk, Json(body): Json<Value>) -> Response {
    by_hand(&shared, &body, Work::Void)
}

async fn delete(With(shared): Desk, Json(body): Json<Value>) -> Response {
    by_hand(&shared, &body, Work::Delete)
}

async fn company(With(shared): Desk) -> Response {
    Json(shared.world().company.clone()).into_response()
}

const SWITCHES: [&str; 6] = [
    "one_name_at_a_time",
    "ignore_requestid",
    "ignore_tax_override",
    "latency_ms",
    "item_latency_ms",
    "gives_up_after_ms",
];

/// Lays settings over those of the company; switches and limits may be among them.
async fn change_company(With(shared): Desk, Json(body): Json<Value>) -> Response {
    let Value::Object(body) = body else {
        return wrong(StatusCode::BAD_REQUEST, "an object is expected");
    };
    let mut world = shared.world();
    match changed(&world, body) {
        Err(why) => wrong(StatusCode::BAD_REQUEST, why),
        Ok((company, switches, limits)) => {
            world.company = company;
            world.switches = switches;
            world.limits = limits;
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

type Settings = (Company, super::company::Switches, Option<Limits>);

fn changed(world: &World, body: Map<String, Value>) -> Result<Settings, serde_json::Error> {
    let mut company = serde_json::to_value(&world.company)?;
    let mut switches = serde_json::to_value(world.switches)?;
    let mut limits = serde_json::to_value(world.limits)?;
    for (name, value) in body {
        if name == "limits" {
            limits = value;
        } else if SWITCHES.contains(&name.as_str()) {
            switches[name] = value;
        } else {
            company[name] = value;
        }
    }
    Ok((
        serde_json::from_value(company)?,
        serde_json::from_value(switches)?,
        serde_json::from_value(limits)?,
    ))
}

async fn expire_tokens(With(shared): Desk) -> StatusCode {
    shared.world().grants.expire_all();
    StatusCode::NO_CONTENT
}

async fn expire_codes(With(shared): Desk) -> StatusCode {
    shared.world().grants.expire_codes();
    StatusCode::NO_CONTENT
}

async fn kill_newest_refresh_token(With(shared): Desk) -> StatusCode {
    shared.world().grants.kill_newest();
    StatusCode::NO_CONTENT
}

/// How the sign-in behaves; no token is shown.
async fn oauth(With(shared): Desk) -> Response {
    Json(&shared.world().grants.manners).into_response()
}

/// Lays settings over those of the sign-in.
async fn change_oauth(With(shared): Desk, Json(body): Json<Value>) -> Response {
    let Value::Object(body) = body else {
        return wrong(StatusCode::BAD_REQUEST, "an object is expected");
    };
    let mut world = shared.world();
    let mut manners = serde_json::to_value(&world.grants.manners).unwrap_or_default();
    for (name, value) in body {
        manners[name] = value;
    }
    match serde_json::from_value(manners) {
        Err(why) => wrong(StatusCode::BAD_REQUEST, why),
        Ok(manners) => {
            world.grants.manners = manners;
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

async fn take_snapshot(With(shared): Desk) -> Json<Value> {
    Json(snapshot::take(&shared.world()))
}

async fn put_snapshot(With(shared): Desk, Json(body): Json<Value>) -> Response {
    match snapshot::read(body) {
        Err(why) => wrong(StatusCode::BAD_REQUEST, why),
        Ok(world) => {
            shared.replace(world);
            StatusCode::NO_CONTENT.into_response()
        }
    }
}
