//! What tests do behind the service's back: look, meddle, plan mishaps.
//!
//! Nothing here needs a token and nothing here is counted as a request.

use super::entity::CompanyEntity;
use super::fault::CompanyFault;
use super::figures::text_of;
use super::gate::CompanyShared;
use super::hand;
use super::ledger;
use super::links;
use super::merge::{self, Victim};
use super::notify::{CompanyEvent, CompanyOperation};
use super::snapshot;
use super::world::CompanyWorld;
use super::write::{CompanyJob, CompanyWork, perform};
use crate::stand::control::{self, done, lay_over, taken, wrong};
use crate::stand::sending::{self, Sends};
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

pub type CompanyControl = With<Arc<CompanyShared>>;

pub fn routes() -> Router<Arc<CompanyShared>> {
    control::routes()
        .route("/_sandbox/documents", get(documents))
        .route("/_sandbox/objects/{entity}", get(objects))
        .route("/_sandbox/create", post(create))
        .route("/_sandbox/edit", post(edit))
        .route("/_sandbox/at_work", get(at_work))
        .route("/_sandbox/void", post(void))
        .route("/_sandbox/delete", post(delete))
        .merge(hand::routes())
        .merge(sending::routes())
        .route("/_sandbox/merge", post(merge_names))
        .route("/_sandbox/email", post(email))
        .route("/_sandbox/notify", post(notify))
        .route("/_sandbox/sending", get(manner).post(change_manner))
        .route("/_sandbox/company", get(company).post(change_company))
        .route("/_sandbox/clock", post(clock))
        .route("/_sandbox/expire_tokens", post(expire_tokens))
        .route("/_sandbox/expire_codes", post(expire_codes))
        .route(
            "/_sandbox/kill_newest_refresh_token",
            post(kill_newest_refresh_token),
        )
        .route("/_sandbox/oauth", get(oauth).post(change_oauth))
        .route("/_sandbox/snapshot", get(take_snapshot).put(put_snapshot))
}

/// `{"offset_seconds"}`: what the answers say that the time is.
async fn clock(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    let offset = body["offset_seconds"].as_i64().unwrap_or_default();
    shared
        .clock_offset
        .store(offset, std::sync::atomic::Ordering::Relaxed);
    done()
}

async fn documents(With(shared): CompanyControl) -> Json<Value> {
    let world = shared.world();
    let kinds = CompanyEntity::ALL.into_iter().filter(|e| e.is_document());
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

async fn objects(With(shared): CompanyControl, Path(name): Path<String>) -> Response {
    let Some(entity) = CompanyEntity::any_case(&name) else {
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

/// How many requests are being worked on, waited for or not.
async fn at_work(With(shared): CompanyControl) -> Response {
    Json(shared.at_work()).into_response()
}

/// The id of what is called so: by its id, or as a person would by its name or its number.
pub fn called(world: &CompanyWorld, entity: CompanyEntity, word: &str) -> Option<String> {
    if world.row(entity, word).is_some() {
        return Some(word.to_owned());
    }
    let mut rows = world.rows(entity);
    let found = rows.find(|(id, _)| {
        let object = world.object(entity, id);
        let says = |field| object.and_then(|object| text_of(object, field)) == Some(word);
        ["DisplayName", "Name", "DocNumber"].into_iter().any(says)
    });
    Some(found?.0.clone())
}

/// Reads `{"entity", "id"}` and finds what it means; `id` may be a name or a number too.
fn target(
    world: &CompanyWorld,
    body: &Value,
) -> Result<(CompanyEntity, String), (StatusCode, String)> {
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
    let entity = CompanyEntity::exact(name).ok_or_else(unknown)?;
    match called(world, entity, id) {
        Some(id) => Ok((entity, id)),
        None => Err((StatusCode::NOT_FOUND, format!("there is no {name} `{id}`"))),
    }
}

/// A bookkeeper's change: taken as it is, counted as a change.
async fn edit(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    match edited(&mut shared.world(), &body) {
        Ok(now) => Json(now).into_response(),
        Err((status, why)) => wrong(status, why),
    }
}

pub fn edited(world: &mut CompanyWorld, body: &Value) -> Result<Value, (StatusCode, String)> {
    let (entity, id) = target(world, body)?;
    let old = world.object(entity, &id).cloned().unwrap_or_default();
    let mut object = old.clone();
    let Some(set) = body.get("set").and_then(Value::as_object) else {
        return Err((StatusCode::BAD_REQUEST, "`set` is missing".to_owned()));
    };
    for (field, value) in set {
        if value.is_null() {
            object.remove(field);
        } else {
            object.insert(field.clone(), value.clone());
        }
    }
    let now = world.replace(entity, &id, object, true);
    if entity.settles() {
        let links = now.as_object().map(links::links_of).unwrap_or_default();
        links::settle_payment(world, &id, &links::links_of(&old), &links);
    }
    if entity == CompanyEntity::Deposit {
        links::settle_deposit(world, &id, Some(&old), now.as_object());
    }
    if let Some(document) = now.as_object().filter(|_| entity.is_document()) {
        ledger::open_accounts(world, entity, document);
    }
    if entity.settled_by().is_some() && !set.contains_key("Balance") {
        links::refresh(world, entity, &id);
    }
    links::settle_party(world, entity, &id, Some(&old));
    Ok(world.row(entity, &id).map_or(now, |row| row.value()))
}

/// A bookkeeper's own document: `{"entity", "body"}`.
async fn create(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    let name = body.get("entity").and_then(Value::as_str);
    let Some(entity) = name.and_then(CompanyEntity::exact) else {
        return wrong(StatusCode::BAD_REQUEST, "`entity` is not a kind of object");
    };
    let job = CompanyJob {
        entity,
        work: CompanyWork::Create,
        body: body.get("body").cloned().unwrap_or_default(),
        allow_duplicate_number: true,
        by_person: true,
        tax_off: None,
    };
    match perform(&mut shared.world(), job) {
        Ok(object) => Json(object).into_response(),
        Err(fault) => wrong(StatusCode::BAD_REQUEST, CompanyFault::inner(&fault)),
    }
}

fn by_hand(shared: &CompanyShared, body: &Value, work: CompanyWork) -> Response {
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
    let job = CompanyJob {
        entity,
        work,
        body: json!({ "Id": id, "SyncToken": token }),
        allow_duplicate_number: true,
        by_person: true,
        tax_off: None,
    };
    match perform(&mut world, job) {
        Ok(object) => Json(object).into_response(),
        Err(fault) => wrong(StatusCode::BAD_REQUEST, CompanyFault::inner(&fault)),
    }
}

async fn void(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    by_hand(&shared, &body, CompanyWork::Void)
}

async fn delete(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    by_hand(&shared, &body, CompanyWork::Delete)
}

/// A bookkeeper finds that two names are one: `{"entity", "id", "victim"}`, with `left` `gone` or `inactive`.
async fn merge_names(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    let left = match body.get("left").cloned().map(serde_json::from_value) {
        None => Victim::default(),
        Some(Ok(left)) => left,
        Some(Err(why)) => return wrong(StatusCode::BAD_REQUEST, why),
    };
    let mut world = shared.world();
    let both = [body["id"].clone(), body["victim"].clone()]
        .map(|id| target(&world, &json!({ "entity": body["entity"], "id": id })));
    match both {
        [Ok((entity, id)), Ok((_, victim))] if id != victim && !entity.is_document() => {
            merge::merge(&mut world, entity, &id, &victim, left);
            Json(world.row(entity, &id).map(|row| row.value())).into_response()
        }
        [Err((status, why)), _] | [_, Err((status, why))] => wrong(status, why),
        _ => wrong(
            StatusCode::BAD_REQUEST,
            "two names of one kind can be merged",
        ),
    }
}

/// A document is sent by mail: `{"entity", "id"}`.
async fn email(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    let mut world = shared.world();
    let (entity, id) = match target(&world, &body) {
        Ok(found) => found,
        Err((status, why)) => return wrong(status, why),
    };
    let mut object = world.object(entity, &id).cloned().unwrap_or_default();
    object.insert("EmailStatus".into(), "EmailSent".into());
    world.news.quiet = true;
    let now = world.replace(entity, &id, object, true);
    world.news.quiet = false;
    world.happened(entity, &id, CompanyOperation::Emailed);
    Json(now).into_response()
}

/// What is told without having happened here: of another company of the same app, `{"realm", "name", "id", "operation", "victim"}`,
/// or whatever stands in `raw`. One or a list.
async fn notify(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    let list = match body {
        Value::Array(list) => Value::Array(list),
        one => json!([one]),
    };
    let told = serde_json::from_value::<Vec<Announcement>>(list);
    taken(told.map(|told| {
        let mut world = shared.world();
        for one in told {
            let event = CompanyEvent {
                realm: one.realm.unwrap_or_else(|| world.realm.clone()),
                name: one.name,
                id: one.id,
                operation: one.operation,
                at: Utc::now(),
                victim: one.victim,
                raw: one.raw,
                data: None,
            };
            world.news.note(event);
        }
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcement {
    realm: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    id: String,
    #[serde(default = "updated")]
    operation: CompanyOperation,
    victim: Option<String>,
    raw: Option<Value>,
}

fn updated() -> CompanyOperation {
    CompanyOperation::Update
}

async fn manner(With(shared): CompanyControl) -> Response {
    Json(&shared.world().news.manner).into_response()
}

async fn change_manner(
    With(shared): CompanyControl,
    Json(body): Json<Map<String, Value>>,
) -> Response {
    let answer = taken(lay_over(&mut shared.world().news.manner, body));
    shared.outgoing().bell.notify_waiters();
    answer
}

async fn company(With(shared): CompanyControl) -> Response {
    Json(shared.world().company.clone()).into_response()
}

const SWITCHES: [&str; 10] = [
    "protects_reconciled",
    "transfers_between_currencies",
    "negative_deposit_lines",
    "one_name_at_a_time",
    "ignore_requestid",
    "ignore_tax_override",
    "leave_unapplied",
    "latency_ms",
    "item_latency_ms",
    "gives_up_after_ms",
];

/// Lays settings over those of the company; switches and limits may be among them. All are taken, or none.
async fn change_company(
    With(shared): CompanyControl,
    Json(mut body): Json<Map<String, Value>>,
) -> Response {
    let mut world = shared.world();
    let (mut switches, mut limits) = (world.switches, world.limits);
    let mut laid = Ok(());
    if let Some(given) = body.remove("limits") {
        laid = serde_json::from_value(given).map(|given| limits = given);
    }
    let (given, body) = body
        .into_iter()
        .partition(|(name, _)| SWITCHES.contains(&name.as_str()));
    let laid = laid
        .and_then(|()| lay_over(&mut switches, given))
        .and_then(|()| lay_over(&mut world.company, body));
    if laid.is_ok() {
        world.switches = switches;
        world.limits = limits;
        world.happened(CompanyEntity::Preferences, "1", CompanyOperation::Update);
    }
    taken(laid)
}

async fn expire_tokens(With(shared): CompanyControl) -> Response {
    shared.world().grants.expire_all();
    done()
}

async fn expire_codes(With(shared): CompanyControl) -> Response {
    shared.world().grants.expire_codes();
    done()
}

async fn kill_newest_refresh_token(With(shared): CompanyControl) -> Response {
    shared.world().grants.kill_newest();
    done()
}

/// How the sign-in behaves; no token is shown.
async fn oauth(With(shared): CompanyControl) -> Response {
    Json(&shared.world().grants.manners).into_response()
}

/// Lays settings over those of the sign-in.
async fn change_oauth(
    With(shared): CompanyControl,
    Json(body): Json<Map<String, Value>>,
) -> Response {
    taken(lay_over(&mut shared.world().grants.manners, body))
}

async fn take_snapshot(With(shared): CompanyControl) -> Json<Value> {
    Json(snapshot::take(&shared.world()))
}

async fn put_snapshot(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    taken(snapshot::read(body).map(|world| shared.replace(world)))
}
