//! Failures: what is held or failed; tried again, or set aside.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, AuditedChange, answer, unprocessable};
use super::page;
use super::runs::{begin, consent_of};
use super::schema::{
    Schema, document, line, list as list_of, nullable, object, page as page_of, reference, set,
    text, word,
};
use crate::app::App;
use crate::model::problem::Problem;
use crate::run::document::{problems_document, time};
use crate::run::{Ending, Failure, Guard, RunRequest, RunSubject};
use crate::server::blocking;
use crate::server::problem::HttpProblem;
use crate::store::{ProblemFilter, Problems, ProblemsWriter, Store};

const STATES: [&str; 5] = ["held", "failed", "parked", "conflict", "set_aside"];

pub fn operations() -> Vec<ApiOperation> {
    let id = || json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$" });
    let about_one = |operation: ApiOperation| {
        operation
            .path_param(
                "id",
                json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$" }),
                "The id of the problem, `F7K2`",
            )
            .where_is(is_there)
    };
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
        about_one(ApiOperation::post(
            "/sync/failures/{id}/restore",
            "restoreFailure",
            "Take back that one of them was set aside",
        ))
        .answers_nothing(204, "The next run looks at it again")
        .refuses(409, "It is not set aside")
        .by(restore),
        about_one(ApiOperation::get(
            "/sync/failures/{id}",
            "getFailure",
            "Look at one of them, and at the answer that would let it go on",
        ))
        .answers(200, "The problem", failure_shape())
        .by(get),
        about_one(ApiOperation::post(
            "/sync/failures/{id}/answer",
            "answerFailure",
            "Give the answer that a held record waits for: one line of the configuration",
        ))
        .body(object([("value", line(200))], []))
        .answers(200, "The line as it is now", answered_shape())
        .refuses(409, "No single line mends it, or there is no file")
        .by(give_answer),
    ]
}

fn failure_shape() -> Schema {
    let choice = object([("value", text()), ("words", text())], []);
    let way_out = object(
        [
            ("key", text()),
            ("question", text()),
            ("section", text()),
            ("choices", list_of(choice)),
        ],
        [],
    );
    document(
        "udsync/failure/1",
        [
            ("problem", reference("HeldRecord")),
            ("way_out", nullable(way_out)),
        ],
        [],
    )
}

fn answered_shape() -> Schema {
    document(
        "udsync/failure-answer/1",
        [
            ("key", text()),
            ("before", nullable(text())),
            ("after", text()),
        ],
        [],
    )
}

fn is_there(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    Ok(called(app, call.path("id"))?.is_some())
}

/// A problem by its id, set aside or not.
fn called(app: &App, id: &str) -> Result<Option<Problem>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(None);
    };
    Ok(store.problem_called(id)?.map(|filed| filed.problem))
}

/// In the order of the list, which no change of a problem changes.
fn place(problem: &Problem) -> [String; 2] {
    let at = problem
        .first_seen
        .to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
    [at, problem.id.clone()]
}

async fn list(call: ApiCall) -> ApiAnswer {
    let after = match page::after(&call, "failures")? {
        Some([at, id]) => {
            let at = DateTime::parse_from_rfc3339(&at).map_err(|_| page::wrong())?;
            Some((at.to_utc(), id))
        }
        None => None,
    };
    let state = call.text("state").map(str::to_owned);
    let filter = ProblemFilter {
        state: state.and_then(|word| serde_json::from_value(json!(word)).ok()),
        code: call.text("code").map(str::to_owned),
        after,
        ..ProblemFilter::default()
    };
    let limit = page::limit(&call);
    let most = u32::try_from(limit.saturating_add(1)).unwrap_or(u32::MAX);
    let found = call
        .with_app(move |app| match Store::open_read_only(&app.state)? {
            Some(store) => {
                let mut found = store.problems_page(&filter, most)?;
                for problem in &mut found {
                    type_for_shop(app, problem);
                }
                Ok(found)
            }
            None => Ok(Vec::new()),
        })
        .await?;
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

/// What is to be typed for it, as it is typed for its shop.
fn type_for_shop(app: &App, problem: &mut Problem) {
    let hint = problem.hint();
    problem.reason.hint = hint.map(|hint| app.typed(&hint));
}

/// As `retry --list` has it, with its times.
pub fn view(problem: &Problem) -> Value {
    let mut document = json!(problems_document(std::slice::from_ref(problem)));
    let mut view = document["problems"][0].take();
    view["since"] = json!(time(problem.first_seen));
    view["last_seen"] = json!(time(problem.last_seen));
    view["attempts"] = json!(problem.attempts);
    view
}

async fn get(call: ApiCall) -> ApiAnswer {
    let id = call.path("id").to_owned();
    let found = call
        .with_app(move |app| {
            let Some(store) = Store::open_read_only(&app.state)? else {
                return Ok(None);
            };
            let Some(mut filed) = store.problem_called(&id)? else {
                return Ok(None);
            };
            let way_out = app.way_out(&filed.problem.reason);
            type_for_shop(app, &mut filed.problem);
            Ok(Some((filed, way_out)))
        })
        .await?;
    let Some((filed, way_out)) = found else {
        return Err(super::operation::not_there());
    };
    let mut problem = view(&filed.problem);
    if let Some(why) = filed.why {
        problem["why"] = json!(why);
    }
    let way_out = way_out.map(|way| {
        let choices = way.choices.iter();
        let choices: Vec<Value> = choices
            .map(|choice| json!({ "value": choice.value, "words": choice.words }))
            .collect();
        json!({ "key": way.subject.key(), "question": way.question, "section": way.section, "choices": choices })
    });
    Ok(answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/failure/1", "problem": problem, "way_out": way_out }),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenAnswer {
    value: String,
}

/// Writes the one line that a record waits for. The next run looks at the record again, as after any change of the file.
async fn give_answer(call: ApiCall) -> ApiAnswer {
    let GivenAnswer { value } = call.body()?;
    let id = call.path("id").to_owned();
    let (way, app) = call
        .with_app(move |app| {
            let store = Store::open_read_only(&app.state)?;
            let filed = match &store {
                Some(store) => store.problem_called(&id)?,
                None => None,
            };
            let way = filed.and_then(|filed| app.way_out(&filed.problem.reason));
            Ok((way, app.clone()))
        })
        .await?;
    let Some(way) = way else {
        return Err(HttpProblem::new(
            StatusCode::CONFLICT,
            "answer_not_enough",
            "no single line of the configuration lets this record go on",
        )
        .hint("do what its hint says, and try it again"));
    };
    if !way.choices.iter().any(|choice| choice.value == value) {
        return Err(unprocessable("this is none of the answers").error(
            "/value",
            "must be one of the `choices` of `GET /api/sync/failures/{id}`",
        ));
    }
    if call.shop().is_sandbox {
        return Err(super::settings::sandbox_has_no_file());
    }
    let written = blocking(move || app.answer(&way, &value, false));
    let done = written.await?.map_err(super::settings::not_edited)?;
    let (key, before, after) = (done.key, done.before, done.after);
    let mut response = answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/failure-answer/1", "key": key, "before": before, "after": after }),
    );
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(key.clone()),
        before: Some(json!(before)),
        after: Some(json!(after)),
    });
    Ok(response)
}

async fn restore(call: ApiCall) -> ApiAnswer {
    let id = call.path("id").to_owned();
    let restored = call
        .with_app(move |app| Ok(app.store()?.restore(&id, app.clock.now())?))
        .await?;
    let Some(restored) = restored else {
        return Err(HttpProblem::new(
            StatusCode::CONFLICT,
            "not_set_aside",
            "it is not set aside, so there is nothing to take back",
        ));
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(restored.id),
        before: Some(json!({ "state": "set_aside" })),
        after: Some(json!({ "state": restored.state.as_str() })),
    });
    Ok(response)
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
    let ids = asked.ids.clone();
    let known = call
        .with_app(move |app| {
            let Some(store) = Store::open_read_only(&app.state)? else {
                return Ok(vec![None; ids.len()]);
            };
            let each = ids.iter().map(|id| Ok(store.problem_called(id)?));
            each.collect::<Result<Vec<_>, Failure>>()
        })
        .await?;
    let mut chosen = Vec::new();
    let mut problem = unprocessable("not all of these ids are known");
    for (nth, known) in known.into_iter().enumerate() {
        match known {
            Some(known) => chosen.push(known.problem),
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
    let known = call.with_app(move |app| called(app, &id)).await?;
    try_again(&call, Some(known.into_iter().collect())).await
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
