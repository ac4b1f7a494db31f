//! A run taken back, or shown how it would be. It is a run like any other: what it came to is looked at under `/sync/status`.

use serde::Deserialize;

use super::operation::{ApiAnswer, ApiCall, ApiOperation};
use super::runs::{begin, consent_of};
use super::schema::{flag, line, object, reference};
use super::shapes;
use crate::app::App;
use crate::engine::undo::UndoWords;
use crate::model::access::AccessRole;
use crate::run::{Ending, Failure, Guard, RunRequest, RunSubject, RunToUndo};
use crate::store::{History, Store};

pub fn operations() -> Vec<ApiOperation> {
    vec![
        ApiOperation::post("/undo/{run_id}", "undoRun", "Take a run back")
            .role(AccessRole::Owner)
            .path_param("run_id", shapes::run_id(), "The run that is taken back")
            .where_is(is_there)
            .body_or_none(object(
                [],
                [
                    ("dry_run", flag()),
                    ("partial", flag()),
                    ("why", line(500)),
                    ("idempotency_key", line(255)),
                ],
            ))
            .once()
            .answers(202, "It runs", reference("Started"))
            .with_header("Location", "Where it can be looked at")
            .refuses(409, "Another run is at work: `holder`, `since`, `progress`")
            .by(undo),
    ]
}

fn is_there(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    let id = call.path("run_id");
    match Store::open_read_only(&app.state)? {
        Some(store) => Ok(store.run(id)?.is_some_and(|run| run.id == id)),
        None => Ok(false),
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct UndoAsked {
    dry_run: bool,
    partial: bool,
    why: Option<String>,
    #[serde(rename = "idempotency_key")]
    _key: Option<String>,
}

async fn undo(call: ApiCall) -> ApiAnswer {
    let asked: UndoAsked = match call.body.is_null() {
        true => UndoAsked::default(),
        false => call.body()?,
    };
    let undo = RunToUndo {
        run: call.path("run_id").to_owned(),
        partial: asked.partial,
        words: UndoWords {
            by: format!("`{}` over the API", call.caller.name),
            why: asked.why,
        },
    };
    let request = RunRequest {
        command: "undo",
        subject: RunSubject::Undo(Box::new(undo)),
        ending: match asked.dry_run {
            true => Ending::Show,
            false => Ending::Apply,
        },
        guard: Guard {
            consent: consent_of(call.shop().is_sandbox),
            ..Guard::default()
        },
        lists_unchanged: false,
    };
    begin(&call, request, "orders").await
}
