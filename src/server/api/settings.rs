//! Settings: the configuration as it works, what is synced of each kind of record, and which world is served.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use toml_edit::Value as TomlValue;

use super::operation::{
    ApiAnswer, ApiCall, ApiOperation, AuditedChange, IfMatch, answer, unprocessable,
};
use super::schema::{day, document, flag, object, reference, set, word};
use super::{etag, shapes};
use crate::app::App;
use crate::config::{ConfigDraft, ConfigPlace, EditError, config_document, process_env, show};
use crate::model::access::AccessRole;
use crate::server::blocking;
use crate::server::problem::HttpProblem;

/// What may go both ways, and the ways there are.
const DIRECTED: [&str; 3] = ["customers", "products", "payments"];
const WAYS: [&str; 3] = ["to_books", "both", "off"];
const ENTITIES: [&str; 4] = ["orders", "customers", "products", "refunds"];

pub fn operations() -> Vec<ApiOperation> {
    let sandbox = || document("udsync/sandbox/1", [("enabled", flag())], []);
    let mut to = set(word(&shapes::TARGETS), 2);
    to["minItems"] = json!(1);
    let status = json!({ "type": "string", "pattern": "^[a-z0-9_-]{1,60}$" });
    vec![
        ApiOperation::get(
            "/sync/config",
            "getConfig",
            "Look at every effective value and where it comes from; secrets are never shown",
        )
        .answers(200, "The configuration", reference("Config"))
        .tagged()
        .by(config),
        ApiOperation::post(
            "/sync/entity-config",
            "changeEntityConfig",
            "Change what is synced of one kind of record",
        )
        .body(object(
            [("entity", word(&ENTITIES))],
            [
                ("to", to),
                ("statuses", set(status, 50)),
                ("start_date", day()),
            ],
        ))
        .if_match(IfMatch::Optional)
        .answers(200, "The configuration as it is now", reference("Config"))
        .tagged()
        .by(change),
        ApiOperation::post(
            "/sync/direction",
            "changeDirection",
            "Change which way one kind of record goes",
        )
        .body(object(
            [("entity", word(&DIRECTED)), ("direction", word(&WAYS))],
            [],
        ))
        .if_match(IfMatch::Optional)
        .answers(200, "The configuration as it is now", reference("Config"))
        .tagged()
        .by(change_direction),
        ApiOperation::get(
            "/sync/sandbox",
            "getSandbox",
            "Tell whether this process serves the sandbox",
        )
        .answers(200, "Which world it is", sandbox())
        .by(sandbox_is),
        ApiOperation::post(
            "/sync/sandbox",
            "changeSandbox",
            "Change which world this process serves",
        )
        .role(AccessRole::Owner)
        .body(object([("enabled", flag())], []))
        .answers(200, "It is so already", sandbox())
        .refuses(409, "It takes a restart: `command` says how")
        .by(change_sandbox),
    ]
}

fn shown(app: &App) -> Value {
    json!(config_document(&show(&app.config, &process_env)))
}

/// The tag is that of the file, with what the environment says beside it.
async fn config(call: ApiCall) -> ApiAnswer {
    let document = call.with_app(|app| Ok(shown(app))).await?;
    Ok(etag::tagged(
        &call,
        StatusCode::OK,
        &etag::of(&document),
        &document,
    ))
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityConfig {
    entity: String,
    #[serde(default)]
    to: Option<Vec<String>>,
    #[serde(default)]
    statuses: Option<Vec<String>>,
    #[serde(default)]
    start_date: Option<chrono::NaiveDate>,
}

impl EntityConfig {
    fn section(&self) -> &'static [&'static str] {
        match self.entity.as_str() {
            "orders" => &["sync", "orders"],
            "customers" => &["sync", "customers"],
            "products" => &["sync", "products"],
            _ => &["sync", "refunds"],
        }
    }

    fn put(&self, draft: &mut ConfigDraft) {
        let section = self.section();
        let place = |key: &str| ConfigPlace::Key(section, key.to_owned());
        if let Some(to) = &self.to {
            draft.put(&place("to"), to.iter().collect::<TomlValue>(), "");
        }
        if let Some(statuses) = &self.statuses {
            draft.put(
                &place("statuses"),
                statuses.iter().collect::<TomlValue>(),
                "",
            );
        }
        if let Some(day) = self.start_date {
            draft.put(&place("start_date"), day.to_string(), "");
        }
    }
}

async fn change(call: ApiCall) -> ApiAnswer {
    let given: EntityConfig = call.body()?;
    if (&given.to, &given.statuses, &given.start_date) == (&None, &None, &None) {
        return Err(unprocessable("nothing is said that could be changed")
            .error("", "give `to`, `statuses` or `start_date` beside `entity`"));
    }
    let entity = given.entity.clone();
    edited(call, entity, move |draft| given.put(draft)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Direction {
    entity: String,
    direction: String,
}

async fn change_direction(call: ApiCall) -> ApiAnswer {
    let Direction { entity, direction } = call.body()?;
    let key = entity.clone();
    let put = move |draft: &mut ConfigDraft| {
        let place = ConfigPlace::Key(&["sync", "direction"], key);
        draft.put(&place, direction, "");
    };
    edited(call, entity, put).await
}

/// Puts something into the file of the shop, and answers with the configuration as it is then.
async fn edited(
    call: ApiCall,
    target: String,
    put: impl FnOnce(&mut ConfigDraft) + Send + 'static,
) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let (before, path) = call
        .with_app(|app| Ok((shown(app), app.config.source_path.clone())))
        .await?;
    etag::check(&call, &etag::of(&before), false)?;
    if call.shop().is_sandbox {
        return Err(sandbox_has_no_file());
    }
    let changes = blocking(move || -> Result<Vec<(String, Value, Value)>, EditError> {
        let mut draft = ConfigDraft::open(&path)?;
        put(&mut draft);
        let changes = draft
            .changes()
            .iter()
            .map(|change| {
                (
                    change.key.clone(),
                    json!(change.before),
                    json!(change.after),
                )
            })
            .collect();
        draft.edit().save()?;
        Ok(changes)
    })
    .await?
    .map_err(not_edited)?;
    let after = call.with_app(|app| Ok(shown(app))).await?;
    let mut response = etag::tagged(&call, StatusCode::OK, &etag::of(&after), &after);
    let pairs = |of: fn(&(String, Value, Value)) -> &Value| -> Value {
        changes
            .iter()
            .map(|change| (change.0.clone(), of(change).clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(target),
        before: Some(pairs(|(_, before, _)| before)),
        after: Some(pairs(|(_, _, after)| after)),
    });
    Ok(response)
}

pub fn sandbox_has_no_file() -> HttpProblem {
    HttpProblem::new(
        StatusCode::CONFLICT,
        "sandbox_has_no_file",
        "the sandbox has no configuration file that could be changed",
    )
    .hint("`udsync sandbox --into FOLDER` writes one")
}

/// Why the file was left as it was.
pub fn not_edited(error: EditError) -> HttpProblem {
    match error {
        EditError::Wrong(complaints) => complaints.located().into_iter().fold(
            HttpProblem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "config_invalid",
                "with this the configuration would have mistakes; it was left as it is",
            ),
            |problem, one| problem.error(format!("line {}", one.line), one.message),
        ),
        EditError::Changed { .. } => HttpProblem::new(
            StatusCode::CONFLICT,
            "config_changed",
            "somebody changed the configuration at the same moment; it was left as it is",
        )
        .hint("read it again, and make the change anew"),
        EditError::Load(_) | EditError::NotToml { .. } => HttpProblem::new(
            StatusCode::CONFLICT,
            "config_unreadable",
            "the configuration cannot be read, so nothing was put into it",
        )
        .hint("`udsync config check` shows every mistake"),
        EditError::Unwritten { .. } => HttpProblem::new(
            StatusCode::CONFLICT,
            "config_unwritten",
            "the configuration cannot be written by the user that runs the server",
        )
        .hint("let this user write to the file, or change it by hand"),
    }
}

async fn sandbox_is(call: ApiCall) -> ApiAnswer {
    let is_sandbox = call.shop().is_sandbox;
    let document = json!({ "schema": "udsync/sandbox/1", "enabled": is_sandbox });
    Ok(answer(StatusCode::OK, &document))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enabled {
    enabled: bool,
}

/// A process serves one world, with its own state; there is no way from one to the other within it.
async fn change_sandbox(call: ApiCall) -> ApiAnswer {
    let Enabled { enabled } = call.body()?;
    if enabled == call.shop().is_sandbox {
        return sandbox_is(call).await;
    }
    let command = match enabled {
        true => "udsync serve --sandbox",
        false => "udsync serve",
    };
    Err(HttpProblem::new(
        StatusCode::CONFLICT,
        "needs_restart",
        "the sandbox and the shop are two worlds, and a process serves one of them",
    )
    .with("command", command)
    .hint(format!("stop this one, and run `{command}`")))
}
