//! Failures: what is held or failed; tried again, or set aside.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, AuditedChange, answer, unprocessable};
use super::page;
use super::runs::{begin, consent_of};
use super::schema::{line, object, page as page_of, reference, set, word};
use crate::app::App;
use crate::model::problem::Problem;
use crate::run::document::problems_document;
use crate::run::{Ending, Failure, Guard, RunRequest, RunSubject};
use crate::store::{Problems, ProblemsWriter, Store};

const STATES: [&str; 5] = ["held", "failed", "parked", "conflict", "set_aside"];

pub fn operations() -> Vec<ApiOperation> {
    let id = || json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$" });
    let started = |operation: ApiOperation| {
        operation
            .answers(202, "It runs", reference("Started"))
            .with_header("Location", "Where it can be looked at")
            .refuses(409, "Another run is at work: `holder`, `since`, `progress`")
    };
    vec![
        ApiOperation::get(
            "/sync/failures",
            "listFailures",
            "List what is held or failed",
        )
        .paged()
        .query(
            "state",
            word(&STATES),
            "Only those in this state; what is set aside is listed only if it is asked for",
        )
        .query("code", line(60), "Only those with this code")
        .answers(
            200,
            "A page of problems, the oldest first",
            page_of("udsync/failures/1", reference("HeldRecord")),
        )
        .by(list),
        started(
            ApiOperation::post(
                "/sync/retry",
                "retryFailures",
                "Try again what is held or failed",
            )
            .body_or_none(object(
                [],
                [("ids", set(id(), 1000)), ("idempotency_key", line(255))],
            ))
            .once(),
        )
        .by(retry),
        started(
            ApiOperation::post(
                "/sync/failures/{id}/retry",
                "retryFailure",
                "Try one of them again",
            )
            .path_param("id", id(), "The id of the problem, `F7K2`")
            .where_is(is_there)
            .once(),
        )
        .by(retry_one),
        ApiOperation::post(
            "/sync/failures/{id}/skip",
            "skipFailure",
            "Set one of them aside for good",
        )
        .path_param("id", id(), "The id of the problem, `F7K2`")
        .where_is(is_there)
        .body(object([("why", line(500))], []))
        .once()
        .answers_nothing(204, "It is set aside")
        .by(skip),
    ]
}

fn problems(app: &App, set_aside_too: bool) -> Result<Vec<Problem>, Failure> {
    match Store::open_read_only(&app.state)? {
        Some(store) => Ok(store.problems(None, set_aside_too)?),
        None => Ok(Vec::new()),
    }
}

fn is_there(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    let id = call.path("id");
    let known = problems(app, true)?;
    Ok(known
        .iter()
        .any(|problem| problem.id.eq_ignore_ascii_case(id)))
}

/// In the order of the list, which no change of a problem changes.
fn place(problem: &Problem) -> [String; 2] {
    let at = problem
        .first_seen
        .to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
    [at, problem.id.clone()]
}

async fn list(call: ApiCall) -> ApiAnswer {
    let after = page::after(&call, "failures")?;
    let state = call.text("state").map(str::to_owned);
    let code = call.text("code").map(str::to_owned);
    let limit = page::limit(&call);
    let mut found = call
        .with_app(move |app| {
            problems(app, state.as_deref() == Some("set_aside")).map(|found| (found, state))
        })
        .await
        .map(|(mut found, state)| {
            found.retain(|problem| {
                state
                    .as_deref()
                    .is_none_or(|state| problem.state.as_str() == state)
                    && code
                        .as_deref()
                        .is_none_or(|code| problem.reason.code == code)
                    && after.as_ref().is_none_or(|after| place(problem) > *after)
            });
            found
        })?;
    found.sort_by_key(place);
    found.truncate(limit.saturating_add(1));
    let document = page::page(
        "udsync/failures/1",
        found,
        limit,
        |problem| {
            let [at, id] = place(problem);
            page::cursor("failures", [&at, &id])
        },
        view,
    );
    Ok(answer(StatusCode::OK, &document))
}

/// As `retry --list` has it.
fn view(problem: &Problem) -> Value {
    let mut document = json!(problems_document(std::slice::from_ref(problem)));
    document["problems"][0].take()
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AskedIds {
    ids: Vec<String>,
    #[serde(rename = "idempotency_key")]
    _key: Option<String>,
}

async fn retry(call: ApiCall) -> ApiAnswer {
    let asked: AskedIds = match call.body.is_null() {
        true => AskedIds::default(),
        false => call.body()?,
    };
    if asked.ids.is_empty() {
        return try_again(&call, None).await;
    }
    let known = call.with_app(|app| problems(app, true)).await?;
    let mut chosen = Vec::new();
    let mut problem = unprocessable("not all of these ids are known");
    for (nth, id) in asked.ids.iter().enumerate() {
        match known
            .iter()
            .find(|problem| problem.id.eq_ignore_ascii_case(id))
        {
            Some(known) => chosen.push(known.clone()),
            None => {
                problem = problem.error(format!("/ids/{nth}"), "nothing is held or failed under it")
            }
        }
    }
    if chosen.len() < asked.ids.len() {
        return Err(problem);
    }
    try_again(&call, Some(chosen)).await
}

async fn retry_one(call: ApiCall) -> ApiAnswer {
    let id = call.path("id").to_owned();
    let mut known = call.with_app(|app| problems(app, true)).await?;
    known.retain(|problem| problem.id.eq_ignore_ascii_case(&id));
    try_again(&call, Some(known)).await
}

async fn try_again(call: &ApiCall, chosen: Option<Vec<Problem>>) -> ApiAnswer {
    let request = RunRequest {
        command: "api",
        subject: RunSubject::Problems(chosen),
        ending: Ending::Apply,
        guard: Guard {
            consent: consent_of(call.shop().is_sandbox),
            ..Guard::default()
        },
        lists_unchanged: false,
    };
    begin(call, request, "orders").await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhySkipped {
    why: String,
}

async fn skip(call: ApiCall) -> ApiAnswer {
    let WhySkipped { why } = call.body()?;
    let id = call.path("id").to_owned();
    let told = why.clone();
    let aside = call
        .with_app(move |app| Ok(app.store()?.set_aside(&id, &told, app.clock.now())?))
        .await?;
    let Some(aside) = aside else {
        return Err(super::operation::not_there());
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(aside.id),
        before: None,
        after: Some(json!({ "state": "set_aside", "why": why })),
    });
    Ok(response)
}
