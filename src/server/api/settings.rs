//! Settings: the configuration as it works, what is synced of each kind of record, and which world is served.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use toml_edit::Value as TomlValue;

use super::operation::{
    ApiAnswer, ApiCall, ApiOperation, AuditedChange, IfMatch, answer, unprocessable,
};
use super::schema::{day, document, flag, nullable, object, reference, set, word};
use super::{etag, shapes};
use crate::app::App;
use crate::config::{ConfigDraft, ConfigPlace, EditError, config_document, process_env, show};
use crate::model::access::AccessRole;
use crate::model::both::{CustomerField, FieldFlow, PaidInBooks, ProductField};
use crate::server::blocking;
use crate::server::problem::HttpProblem;

/// What may go both ways, and the ways there are.
const DIRECTED: [&str; 3] = ["customers", "products", "payments"];
const WAYS: [&str; 3] = ["to_books", "both", "off"];
const KINDS: [&str; 5] = ["orders", "customers", "products", "refunds", "payments"];

pub fn operations() -> Vec<ApiOperation> {
    let sandbox = || document("udsync/sandbox/1", [("enabled", flag())], []);
    let to = || set(word(&shapes::TARGETS), 2);
    let status = || json!({ "type": "string", "pattern": "^[a-z0-9_-]{1,60}$" });
    let of_one = || {
        object(
            [("entity", word(&KINDS))],
            [
                ("enabled", flag()),
                ("to", to()),
                ("statuses", set(status(), 50)),
                ("start_date", nullable(day())),
                ("direction", word(&WAYS)),
            ],
        )
    };
    let several =
        json!({ "type": "array", "items": of_one(), "minItems": 1, "maxItems": KINDS.len() });
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
        .body(of_one())
        .if_match(IfMatch::Optional)
        .answers(200, "The configuration as it is now", reference("Config"))
        .tagged()
        .by(change),
        ApiOperation::post(
            "/sync/direction",
            "changeDirection",
            "Change which way one kind of record goes, or one field of it",
        )
        .body(object(
            [
                ("entity", word(&DIRECTED)),
                ("direction", word(FieldFlow::WORDS)),
            ],
            [
                ("field", word(&fields())),
                ("paid", word(PaidInBooks::WORDS)),
            ],
        ))
        .if_match(IfMatch::Optional)
        .answers(200, "The configuration as it is now", reference("Config"))
        .tagged()
        .by(change_direction),
        ApiOperation::post(
            "/sync/entity-configs",
            "changeEntityConfigs",
            "Change what is synced of several kinds of record: all of it, or nothing",
        )
        .body(object([("changes", several)], []))
        .if_match(IfMatch::Optional)
        .answers(200, "The configuration as it is now", reference("Config"))
        .tagged()
        .by(change_several),
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
    /// Off: it goes nowhere, until `to` names a target.
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    to: Option<Vec<String>>,
    #[serde(default)]
    statuses: Option<Vec<String>>,
    /// `Some(None)`: there is none any more.
    #[serde(default, deserialize_with = "said")]
    start_date: Option<Option<chrono::NaiveDate>>,
    #[serde(default)]
    direction: Option<String>,
}

/// What is said is told from what is not, also where it says nothing.
fn said<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(from).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityConfigs {
    changes: Vec<EntityConfig>,
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

    /// Why it cannot be done as it is said: of orders and refunds nothing goes back, and payments go wherever orders go.
    fn complaint(&self) -> Option<&'static str> {
        let says_where = self.enabled.is_some() || self.to.is_some();
        let says_more = self.statuses.is_some() || self.start_date.is_some();
        let is_directed = DIRECTED.contains(&self.entity.as_str());
        if self.direction.is_some() && !is_directed {
            return Some("only `customers`, `products` and `payments` have a `direction`");
        }
        if self.entity == "payments" && (says_where || says_more) {
            return Some(
                "of `payments` only the `direction` can be changed: they go where orders go",
            );
        }
        let says_something = says_where || says_more || self.direction.is_some();
        (!says_something).then_some(
            "give `enabled`, `to`, `statuses`, `start_date` or `direction` beside `entity`",
        )
    }

    fn put(&self, draft: &mut ConfigDraft) {
        if let Some(direction) = &self.direction {
            put_direction(draft, &self.entity, direction);
        }
        let section = self.section();
        let place = |key: &str| ConfigPlace::Key(section, key.to_owned());
        match (self.enabled, &self.to) {
            (Some(false), _) => {
                draft.put(&place("to"), TomlValue::Array(toml_edit::Array::new()), "");
            }
            (_, Some(to)) => {
                draft.put(&place("to"), to.iter().collect::<TomlValue>(), "");
            }
            // As in `[sync]`.
            (Some(true), None) => {
                draft.take_out(section, "to");
            }
            (None, None) => {}
        }
        if let Some(statuses) = &self.statuses {
            draft.put(
                &place("statuses"),
                statuses.iter().collect::<TomlValue>(),
                "",
            );
        }
        match self.start_date {
            Some(Some(day)) => {
                draft.put(&place("start_date"), day.to_string(), "");
            }
            Some(None) => {
                draft.take_out(section, "start_date");
            }
            None => {}
        }
    }
}

async fn change(call: ApiCall) -> ApiAnswer {
    let given: EntityConfig = call.body()?;
    put_all(call, vec![given]).await
}

async fn change_several(call: ApiCall) -> ApiAnswer {
    let EntityConfigs { changes } = call.body()?;
    put_all(call, changes).await
}

/// All of them in one edit of the file, which is checked whole before it is written.
async fn put_all(call: ApiCall, given: Vec<EntityConfig>) -> ApiAnswer {
    if let Some(complaint) = given.iter().find_map(EntityConfig::complaint) {
        return Err(unprocessable("this cannot be changed so").error("", complaint));
    }
    let named: Vec<&str> = given.iter().map(|one| one.entity.as_str()).collect();
    let target = named.join(", ");
    let put = move |draft: &mut ConfigDraft| {
        for one in &given {
            one.put(draft);
        }
    };
    edited(call, target, put).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Direction {
    entity: String,
    direction: String,
    /// One field alone.
    #[serde(default)]
    field: Option<String>,
    /// Of payments: how an order is told that it was paid in the books.
    #[serde(default)]
    paid: Option<String>,
}

/// The fields of customers and products that have a way of their own.
fn fields() -> Vec<&'static str> {
    let customers = CustomerField::ALL.iter().map(|field| field.as_str());
    let products = ProductField::ALL.iter().map(|field| field.as_str());
    customers.chain(products).collect()
}

impl Direction {
    /// The field that is meant, with the list that it is of.
    fn place(&self) -> Result<Option<ConfigPlace>, &'static str> {
        if self.paid.is_some() && self.entity != "payments" {
            return Err("only `payments` are told as `paid` says");
        }
        let Some(field) = &self.field else {
            return match WAYS.contains(&self.direction.as_str()) {
                true => Ok(None),
                false => Err("only a `field` can go `to_shop`"),
            };
        };
        let known = match self.entity.as_str() {
            "customers" => {
                CustomerField::from_word(field).map(|field| ("customers", field.as_str()))
            }
            "products" => ProductField::from_word(field).map(|field| ("products", field.as_str())),
            _ => return Err("only `customers` and `products` have fields"),
        };
        let (list, field) = known.ok_or("records of this kind have no such field")?;
        Ok(Some(ConfigPlace::Flow(list, field)))
    }
}

async fn change_direction(call: ApiCall) -> ApiAnswer {
    let given: Direction = call.body()?;
    let place = given
        .place()
        .map_err(|complaint| unprocessable("this cannot be changed so").error("", complaint))?;
    let target = match &given.field {
        Some(field) => format!("{}.{field}", given.entity),
        None => given.entity.clone(),
    };
    let put = move |draft: &mut ConfigDraft| {
        match &place {
            Some(place) => drop(draft.put(place, given.direction.as_str(), "")),
            None => put_direction(draft, &given.entity, &given.direction),
        }
        if let Some(paid) = &given.paid {
            let place = ConfigPlace::Key(&["both"], "paid".to_owned());
            draft.put(&place, paid.as_str(), "");
        }
    };
    edited(call, target, put).await
}

fn put_direction(draft: &mut ConfigDraft, entity: &str, direction: &str) {
    let place = ConfigPlace::Key(&["sync", "direction"], entity.to_owned());
    draft.put(&place, direction, "");
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
