//! Conflicts: the fields on which the shop and the books do not agree, and the word that decides one.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::operation::{
    ApiAnswer, ApiCall, ApiOperation, AuditedChange, answer, not_there, unprocessable,
};
use super::page;
use super::schema::{Schema, document, line, nullable, object, page as page_of, reference, text};
use crate::app::App;
use crate::app::conflicts::{Undecided, view};
use crate::model::access::AccessRole;
use crate::model::agreed::FieldConflict;
use crate::run::Failure;
use crate::server::problem::HttpProblem;
use crate::store::Store;

pub fn operations() -> Vec<ApiOperation> {
    vec![
        ApiOperation::get(
            "/conflicts",
            "listConflicts",
            "List the fields on which the shop and the books do not agree",
        )
        .paged()
        .answers(
            200,
            "Both sides of each, and what they agreed on before",
            page_of("udsync/conflicts/1", reference("Conflict")),
        )
        .by(list),
        ApiOperation::post(
            "/conflicts/{id}/resolve",
            "resolveConflict",
            "Decide whose value is to stand; the next sync writes it",
        )
        .role(AccessRole::Operator)
        .path_param(
            "id",
            json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$" }),
            "The id of the conflict, `F7K2`",
        )
        .where_is(is_there)
        .body(object([("take", line(500))], [("field", line(50))]))
        .once()
        .answers(
            200,
            "It is kept, and holds as long as both sides say what they say now",
            object_of_conflict(),
        )
        .refuses(409, "It is settled already")
        .by(resolve),
    ]
}

fn object_of_conflict() -> Schema {
    document(
        "udsync/conflict/1",
        [
            ("conflict", reference("Conflict")),
            ("always", nullable(text())),
        ],
        [],
    )
}

fn with_people<T>(
    app: &App,
    ask: impl FnOnce(&Store) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(None);
    };
    app.unveil_to_look(&store)?;
    ask(&store).map(Some)
}

fn is_there(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    let found = with_people(
        app,
        |store| Ok(app.conflict_called(store, call.path("id"))?),
    )?;
    Ok(found.flatten().is_some())
}

fn place(conflict: &FieldConflict) -> [String; 2] {
    let since = conflict.since;
    [
        since.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true),
        conflict.id.clone(),
    ]
}

async fn list(call: ApiCall) -> ApiAnswer {
    let limit = page::limit(&call);
    let after = page::after(&call, "conflicts")?;
    let mut open = call
        .with_app(
            |app| Ok(with_people(app, |store| Ok(app.conflicts(store)?))?.unwrap_or_default()),
        )
        .await?;
    open.sort_by_key(place);
    open.retain(|conflict| after.as_ref().is_none_or(|after| place(conflict) > *after));
    open.truncate(limit.saturating_add(1));
    let page = page::page(
        "udsync/conflicts/1",
        open,
        limit,
        |conflict| {
            let [at, id] = place(conflict);
            page::cursor("conflicts", [&at, &id])
        },
        |conflict| json!(view(conflict)),
    );
    Ok(answer(StatusCode::OK, &page))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResolveBody {
    take: String,
    #[serde(default)]
    field: Option<String>,
}

async fn resolve(call: ApiCall) -> ApiAnswer {
    let body: ResolveBody = call.body()?;
    let id = call.path("id").to_owned();
    let decided = call
        .with_app(move |app| {
            let store = app.store()?;
            app.unveil(&store)?;
            match app.decide_conflict(&store, &id, &body.take, body.field.as_deref()) {
                Err(Undecided::Store(error)) => Err(error.into()),
                decided => Ok(decided.map(|decided| {
                    let always = app.line_of(&decided);
                    (json!(view(&decided)), always)
                })),
            }
        })
        .await?;
    let (conflict, always) = match decided {
        Ok(decided) => decided,
        Err(Undecided::Unknown | Undecided::Store(_)) => return Err(not_there()),
        Err(Undecided::Settled) => {
            return Err(HttpProblem::new(
                StatusCode::CONFLICT,
                "conflict_settled",
                "it is settled already",
            )
            .hint("look at what is open: `GET /api/conflicts`"));
        }
        Err(Undecided::OtherField(field)) => {
            return Err(unprocessable("the conflict is about another field")
                .error("/field", format!("must be `{field}`")));
        }
        Err(Undecided::Odd(why)) => {
            return Err(unprocessable("that cannot be taken").error("/take", why));
        }
    };
    let document = json!({"schema": "udsync/conflict/1", "conflict": conflict, "always": always});
    let mut response = answer(StatusCode::OK, &document);
    // Whose value it is; the value itself may be about a person.
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: conflict["id"].as_str().map(str::to_owned),
        before: None,
        after: Some(conflict["field"].clone()),
    });
    Ok(response)
}
