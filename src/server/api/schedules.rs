//! Schedules: what runs by itself, made, looked at, changed and removed.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, AuditedChange, not_there, unprocessable};
use super::schema::{Schema, flag, line, object, page as page_of, reference, set, word};
use super::{etag, page, shapes};
use crate::app::App;
use crate::engine::schedule::Timetable;
use crate::model::schedule::{Mode, Schedule, ScheduleConsent};
use crate::run::Failure;
use crate::run::schedules::{ScheduleView, check_name, rfc, timetable, zone};
use crate::server::problem::HttpProblem;
use crate::server::schedules::PAYOUTS;
use crate::store::{Calendar, CalendarWriter, Store};

/// So many of the next times are shown.
const TIMES: usize = 5;

pub fn operations() -> Vec<ApiOperation> {
    let named = |operation: ApiOperation| {
        operation
            .path_param(
                "id",
                json!({ "type": "string", "pattern": "^[a-z0-9-]{1,40}$" }),
                "The name of the schedule",
            )
            .where_is(is_there)
    };
    vec![
        ApiOperation::get(
            "/sync/schedules",
            "listSchedules",
            "List the schedules with their next and last runs",
        )
        .paged()
        .answers(
            200,
            "A page of schedules, by name",
            page_of("udsync/schedules/1", reference("Schedule")),
        )
        .by(list),
        ApiOperation::post("/sync/schedules", "addSchedule", "Add a schedule")
            .body(definition(true))
            .once()
            .answers(201, "It is added", reference("Schedule"))
            .with_header("Location", "Where it is")
            .tagged()
            .refuses(409, "There is a schedule of this name already")
            .by(add),
        named(ApiOperation::get(
            "/sync/schedules/{id}",
            "getSchedule",
            "Look at a schedule",
        ))
        .answers(
            200,
            "The schedule, with its next five times",
            reference("Schedule"),
        )
        .tagged()
        .by(get),
        named(ApiOperation::put(
            "/sync/schedules/{id}",
            "changeSchedule",
            "Change a schedule",
        ))
        .body(definition(false))
        .answers(200, "It is changed", reference("Schedule"))
        .tagged()
        .by(change),
        named(ApiOperation::delete(
            "/sync/schedules/{id}",
            "removeSchedule",
            "Remove a schedule; the history of its runs stays",
        ))
        .answers_nothing(204, "It is removed")
        .by(remove),
    ]
}

/// What a schedule is. One that is there keeps its name.
fn definition(is_new: bool) -> Schema {
    let name = json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$" });
    let mut entities = set(word(&shapes::ENTITIES), shapes::ENTITIES.len());
    entities["minItems"] = json!(1);
    let others = [
        ("timezone", line(60)),
        ("mode", word(&["full", "incremental"])),
        ("to", set(word(&shapes::TARGETS), 2)),
        ("enabled", flag()),
    ];
    let cron = ("cron", line(200));
    match is_new {
        true => object([("name", name), cron, ("entities", entities)], others),
        false => {
            let [timezone, mode, to, enabled] = others;
            object(
                [cron, ("entities", entities)],
                [("name", name), timezone, mode, to, enabled],
            )
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleDefinition {
    #[serde(default)]
    name: Option<String>,
    cron: String,
    entities: Vec<String>,
    #[serde(default)]
    timezone: Option<String>,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    enabled: Option<bool>,
}

fn is_there(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    Ok(match Store::open_read_only(&app.state)? {
        Some(store) => store.schedule(call.path("id"))?.is_some(),
        None => false,
    })
}

/// What can be changed of a schedule.
fn changeable(schedule: &Schedule) -> Value {
    json!({
        "name": schedule.name,
        "cron": schedule.cron,
        "timezone": schedule.timezone.name(),
        "mode": schedule.mode.as_str(),
        "entities": schedule.entities,
        "to": schedule.to,
        "yes": schedule.consent.yes,
        "max_changes": schedule.consent.max_changes,
        "enabled": schedule.enabled,
    })
}

fn view(schedule: &Schedule, store: &Store, now: DateTime<Utc>) -> Result<Value, Failure> {
    let mut view = json!(ScheduleView::new(schedule, store, now)?);
    let times = match (schedule.enabled, Timetable::of(schedule)) {
        (true, Some(timetable)) => timetable.next(now, TIMES),
        _ => Vec::new(),
    };
    let times: Vec<String> = times.into_iter().map(rfc).collect();
    view["schema"] = json!("udsync/schedule/1");
    view["next_times"] = json!(times);
    Ok(view)
}

async fn list(call: ApiCall) -> ApiAnswer {
    let after = page::after(&call, "schedules")?.map(|[name, _]| name);
    let limit = page::limit(&call);
    let shown = call
        .with_app(move |app| {
            let Some(store) = Store::open_read_only(&app.state)? else {
                return Ok(Vec::new());
            };
            let all = store.schedules()?;
            all.iter()
                .filter(|schedule| after.as_ref().is_none_or(|after| schedule.name > *after))
                .take(limit.saturating_add(1))
                .map(|schedule| {
                    Ok((
                        schedule.name.clone(),
                        view(schedule, &store, app.clock.now())?,
                    ))
                })
                .collect::<Result<Vec<(String, Value)>, Failure>>()
        })
        .await?;
    let document = page::page(
        "udsync/schedules/1",
        shown,
        limit,
        |(name, _)| page::cursor("schedules", [name, ""]),
        |(_, view)| view.clone(),
    );
    Ok(super::operation::answer(StatusCode::OK, &document))
}

async fn get(call: ApiCall) -> ApiAnswer {
    let name = call.path("id").to_owned();
    let found = call
        .with_app(move |app| {
            let Some(store) = Store::open_read_only(&app.state)? else {
                return Ok(None);
            };
            let schedule = store.schedule(&name)?;
            schedule
                .map(|schedule| {
                    Ok((
                        changeable(&schedule),
                        view(&schedule, &store, app.clock.now())?,
                    ))
                })
                .transpose()
        })
        .await?;
    let (tag, document) = found.ok_or_else(not_there)?;
    Ok(etag::tagged(
        &call,
        StatusCode::OK,
        &etag::of(&tag),
        &document,
    ))
}

/// A mistake of a schedule, with its place.
fn wrong(pointer: &'static str) -> impl Fn(Failure) -> HttpProblem {
    move |failure| {
        let problem = unprocessable(&failure.message).error(pointer, failure.message.clone());
        match &failure.hint {
            Some(hint) => problem.hint(hint.clone()),
            None => problem,
        }
    }
}

/// The schedule that a definition makes out of what is there.
fn made(
    given: ScheduleDefinition,
    mut schedule: Schedule,
    now: DateTime<Utc>,
) -> Result<Schedule, HttpProblem> {
    let was_enabled = schedule.enabled;
    if let Some(name) = &given.timezone {
        schedule.timezone = zone(name).map_err(wrong("/timezone"))?;
    }
    timetable(&given.cron, schedule.timezone).map_err(wrong("/cron"))?;
    let are_payouts = |word: &String| word == PAYOUTS;
    if given.entities.iter().any(are_payouts) && !given.entities.iter().all(are_payouts) {
        let alone = Failure::new("usage", "payouts are synced by themselves")
            .hint("give them a schedule of their own, after that of the orders");
        return Err(wrong("/entities")(alone));
    }
    let before = changeable(&schedule);
    schedule.cron = given.cron;
    schedule.entities = given.entities;
    schedule.to = given.to;
    if let Some(mode) = given.mode.as_deref().and_then(Mode::from_word) {
        schedule.mode = mode;
    }
    schedule.enabled = given.enabled.unwrap_or(schedule.enabled);
    // What passed while it was another, or was off, is nobody's debt. What is already so keeps the time that is being worked off.
    if changeable(&schedule) != before || schedule.enabled != was_enabled {
        schedule.through = now;
        schedule.open = None;
    }
    Ok(schedule)
}

async fn add(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let given: ScheduleDefinition = call.body()?;
    let name = given.name.clone().unwrap_or_default();
    check_name(&name).map_err(wrong("/name"))?;
    let (zone, now) = call
        .with_app(|app| Ok((app.config.rules.timezone, app.clock.now())))
        .await?;
    let empty = Schedule {
        name: name.clone(),
        cron: String::new(),
        timezone: zone,
        mode: Mode::Incremental,
        entities: Vec::new(),
        to: Vec::new(),
        consent: ScheduleConsent::default(),
        enabled: true,
        through: now,
        open: None,
    };
    let schedule = made(given, empty, now)?;
    let adding = schedule.clone();
    let shown = call
        .with_app(move |app| {
            let store = app.store()?;
            match store.add_schedule(&adding)? {
                true => view(&adding, &store, now).map(Some),
                false => Ok(None),
            }
        })
        .await?;
    let Some(document) = shown else {
        return Err(HttpProblem::new(
            StatusCode::CONFLICT,
            "schedule_exists",
            format!("there is a schedule `{name}` already"),
        )
        .hint("change that one, or give this one another name"));
    };
    let mut response = etag::tagged(
        &call,
        StatusCode::CREATED,
        &etag::of(&changeable(&schedule)),
        &document,
    );
    let location = HeaderValue::from_str(&format!("/api/sync/schedules/{name}"));
    let location = location.expect("a name is of letters, digits and dashes");
    response.headers_mut().insert(header::LOCATION, location);
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(name),
        before: None,
        after: Some(changeable(&schedule)),
    });
    Ok(response)
}

async fn found(call: &ApiCall) -> Result<(Schedule, DateTime<Utc>), HttpProblem> {
    let name = call.path("id").to_owned();
    let found = call
        .with_app(move |app| Ok((app.store()?.schedule(&name)?, app.clock.now())))
        .await?;
    match found {
        (Some(schedule), now) => Ok((schedule, now)),
        (None, _) => Err(not_there()),
    }
}

async fn change(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let given: ScheduleDefinition = call.body()?;
    let (before, now) = found(&call).await?;
    if given.name.as_ref().is_some_and(|name| *name != before.name) {
        return Err(unprocessable("a schedule keeps its name")
            .error("/name", "differs from the name in the address"));
    }
    let schedule = made(given, before.clone(), now)?;
    etag::check(&call, &etag::of(&changeable(&before)), true)?;
    let changing = schedule.clone();
    let shown = call
        .with_app(move |app| {
            let store = app.store()?;
            match store.change_schedule(&changing)? {
                true => view(&changing, &store, now).map(Some),
                false => Ok(None),
            }
        })
        .await?;
    let document = shown.ok_or_else(not_there)?;
    let mut response = etag::tagged(
        &call,
        StatusCode::OK,
        &etag::of(&changeable(&schedule)),
        &document,
    );
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(schedule.name.clone()),
        before: Some(changeable(&before)),
        after: Some(changeable(&schedule)),
    });
    Ok(response)
}

async fn remove(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let (before, _) = found(&call).await?;
    etag::check(&call, &etag::of(&changeable(&before)), true)?;
    let name = before.name.clone();
    let removed = call
        .with_app(move |app| Ok(app.store()?.remove_schedule(&name)?))
        .await?;
    if !removed {
        return Err(not_there());
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(before.name.clone()),
        before: Some(changeable(&before)),
        after: None,
    });
    Ok(response)
}
