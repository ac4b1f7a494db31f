//! Integrations: what is connected, what is wrong with it, and how somebody connects it. Secrets go in and never come out.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{
    ApiAnswer, ApiCall, ApiOperation, AuditedChange, IfMatch, answer, unprocessable,
};
use super::schema::{Schema, document, flag, line, list, nullable, object, reference, text, word};
use super::settings::not_edited;
use super::sign_ins::SignInAnswered;
use super::{etag, shapes};
use crate::app::App;
use crate::app::connecting::{self, NewConnection};
use crate::config::{ConfigDraft, ConfigPlace};
use crate::connector::quickbooks::sign_in::{CHANCE, check_redirect, invite};
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::run::Failure;
use crate::server::problem::HttpProblem;
use crate::store::Store;

/// Where Intuit sends people back to, as it is registered with the app.
pub const CALLBACK: &str = "/api/integrations/quickbooks/callback";

pub fn operations() -> Vec<ApiOperation> {
    let of_service = |operation: ApiOperation| {
        operation.path_param(
            "platform",
            word(&Service::ALL.map(Service::as_str)),
            "The service",
        )
    };
    let all = |name: &str| document(name, [("items", list(reference("Connection")))], []);
    vec![
        ApiOperation::get(
            "/integrations/connections",
            "listConnections",
            "List what is connected",
        )
        .answers(
            200,
            "Each service that is configured or connected",
            all("udsync/connections/1"),
        )
        .by(connections),
        ApiOperation::get(
            "/integrations/health",
            "getHealth",
            "Tell whether all connections work, as far as is known without asking",
        )
        .answers(
            200,
            "What is wrong, and what mends it",
            document(
                "udsync/health/1",
                [("ok", flag()), ("items", list(reference("Connection")))],
                [],
            ),
        )
        .by(health),
        of_service(ApiOperation::get(
            "/integrations/{platform}/status",
            "getConnection",
            "Look at one connection",
        ))
        .answers(200, "The connection", with_schema())
        .tagged()
        .by(status),
        of_service(ApiOperation::post(
            "/integrations/{platform}/credentials",
            "connect",
            "Connect a service, or give it new credentials",
        ))
        .role(AccessRole::Owner)
        .body(credentials())
        .answers_nothing(204, "They work and are sealed in the state file")
        .refuses(
            409,
            "A run is at work, or there is no key to seal them with",
        )
        .by(connect),
        of_service(ApiOperation::delete(
            "/integrations/{platform}/credentials",
            "disconnect",
            "End a connection",
        ))
        .role(AccessRole::Owner)
        .if_match(IfMatch::Optional)
        .answers_nothing(204, "Nothing is stored of it any more")
        .refuses(409, "A run is at work")
        .by(disconnect),
        of_service(ApiOperation::post(
            "/integrations/{platform}/test",
            "testConnection",
            "Ask a service one harmless question",
        ))
        .role(AccessRole::Owner)
        .answers(200, "What it answered", tested())
        .by(test),
        ApiOperation::post(
            "/integrations/quickbooks/authorize",
            "authorize",
            "Begin to sign in to QuickBooks",
        )
        .role(AccessRole::Owner)
        .answers(
            200,
            "Where somebody signs in",
            document("udsync/authorize/1", [("url", text())], []),
        )
        .refuses(
            409,
            "No app is connected yet: its client id and secret are missing",
        )
        .by(authorize),
        ApiOperation::get(
            "/integrations/quickbooks/callback",
            "signedIn",
            "Come back from signing in to QuickBooks",
        )
        .role(AccessRole::Owner)
        .of_process()
        .with_effect()
        .query(
            "shop",
            shapes::shop_name(),
            "Not needed: it was said when the sign-in began",
        )
        .query("code", line(2000), "As Intuit gave it")
        .query("state", line(200), "As Intuit was given it")
        .query("realmId", line(40), "The company that was chosen")
        .query("error", line(200), "Why nobody signed in")
        .query("error_description", line(1000), "The same in more words")
        .answers_nothing(303, "It is connected; on to the dashboard")
        .with_header("Location", "The dashboard")
        .refuses(
            409,
            "Nobody here is expected back, or it is the answer to another sign-in",
        )
        .by(signed_in),
    ]
}

fn with_schema() -> Schema {
    let mut schema = shapes::components()["Connection"].take();
    schema["properties"]["schema"] = json!({ "type": "string", "const": "udsync/connection/1" });
    if let Some(required) = schema["required"].as_array_mut() {
        required.push(json!("schema"));
    }
    schema
}

fn tested() -> Schema {
    let error = object([("code", text()), ("message", text())], [("hint", text())]);
    document(
        "udsync/connect-test/1",
        [
            ("name", word(&Service::ALL.map(Service::as_str))),
            ("ok", flag()),
            ("what", nullable(text())),
            ("error", nullable(error)),
        ],
        [],
    )
}

/// Of each service its own; which fit, the address says.
fn credentials() -> Schema {
    let secret =
        || json!({ "type": "string", "minLength": 1, "maxLength": 4000, "writeOnly": true });
    object(
        [],
        [
            ("url", line(500)),
            ("key", secret()),
            ("secret", secret()),
            ("environment", word(&["sandbox", "production"])),
            (
                "company_id",
                json!({ "type": "string", "pattern": "^[0-9]{1,20}$" }),
            ),
            ("client_id", secret()),
            ("client_secret", secret()),
            ("refresh_token", secret()),
            ("transport", word(&["rest", "postgres"])),
            ("database_url", secret()),
        ],
    )
}

fn service_of(call: &ApiCall) -> Service {
    Service::from_word(call.path("platform")).expect("the path knows no other word")
}

fn all_of(app: &App) -> Result<Vec<Value>, Failure> {
    let store = app.state_to_read()?;
    Service::ALL
        .into_iter()
        .map(|service| Ok(json!(connecting::known(app, &store, service)?)))
        .collect()
}

/// Those that somebody wants or has.
fn in_use(all: Vec<Value>) -> Vec<Value> {
    let is_used = |one: &Value| one["configured"] == true || one["connected"] == true;
    all.into_iter().filter(is_used).collect()
}

async fn connections(call: ApiCall) -> ApiAnswer {
    let items = in_use(call.with_app(all_of).await?);
    Ok(answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/connections/1", "items": items }),
    ))
}

async fn health(call: ApiCall) -> ApiAnswer {
    let items = in_use(call.with_app(all_of).await?);
    let ok = items.iter().all(|one| one["state"] == "working");
    Ok(answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/health/1", "ok": ok, "items": items }),
    ))
}

async fn known(call: &ApiCall) -> Result<Value, HttpProblem> {
    let service = service_of(call);
    call.with_app(move |app| {
        let mut one = json!(connecting::known(app, &app.state_to_read()?, service)?);
        one["schema"] = json!("udsync/connection/1");
        Ok(one)
    })
    .await
}

async fn status(call: ApiCall) -> ApiAnswer {
    let one = known(&call).await?;
    Ok(etag::tagged(&call, StatusCode::OK, &etag::of(&one), &one))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GivenCredentials {
    url: Option<String>,
    key: Option<SecretString>,
    secret: Option<SecretString>,
    environment: Option<String>,
    company_id: Option<String>,
    client_id: Option<SecretString>,
    client_secret: Option<SecretString>,
    refresh_token: Option<SecretString>,
    transport: Option<String>,
    database_url: Option<SecretString>,
}

/// A service, and a key of its section with the value that it gets.
type SettingToWrite = (Service, &'static str, String);

impl GivenCredentials {
    /// What belongs to this service, whole.
    fn of(self, service: Service) -> Result<(NewConnection, Vec<SettingToWrite>), HttpProblem> {
        let mut problem = unprocessable("these are not the credentials of this service");
        let mut is_wrong = false;
        let present = [
            ("url", self.url.is_some()),
            ("key", self.key.is_some()),
            ("secret", self.secret.is_some()),
            ("environment", self.environment.is_some()),
            ("company_id", self.company_id.is_some()),
            ("client_id", self.client_id.is_some()),
            ("client_secret", self.client_secret.is_some()),
            ("refresh_token", self.refresh_token.is_some()),
            ("transport", self.transport.is_some()),
            ("database_url", self.database_url.is_some()),
        ];
        let wanted: &[&str] = match service {
            Service::Woocommerce => &["url", "key", "secret"],
            Service::Quickbooks => &[
                "environment",
                "company_id",
                "client_id",
                "client_secret",
                "refresh_token",
            ],
            Service::Supabase if self.transport.as_deref() == Some("postgres") => {
                &["transport", "database_url"]
            }
            Service::Supabase => &["transport", "url", "key"],
            Service::Stripe => &["key"],
        };
        for (name, is_there) in present {
            if is_there != wanted.contains(&name) {
                is_wrong = true;
                let detail = if is_there {
                    "does not belong to it"
                } else {
                    "is missing"
                };
                problem = problem.error(format!("/{name}"), detail);
            }
        }
        if is_wrong {
            return Err(problem);
        }
        let text = |value: Option<String>| value.unwrap_or_default();
        let secret = |value: Option<SecretString>| value.unwrap_or_default();
        Ok(match service {
            Service::Woocommerce => (
                NewConnection::Woocommerce {
                    key: secret(self.key),
                    secret: secret(self.secret),
                },
                vec![(Service::Woocommerce, "url", text(self.url))],
            ),
            Service::Quickbooks => (
                NewConnection::Quickbooks {
                    client_id: secret(self.client_id),
                    client_secret: secret(self.client_secret),
                    refresh_token: secret(self.refresh_token),
                },
                vec![
                    (Service::Quickbooks, "environment", text(self.environment)),
                    (Service::Quickbooks, "company_id", text(self.company_id)),
                ],
            ),
            Service::Supabase if self.database_url.is_some() => (
                NewConnection::Postgres {
                    database_url: secret(self.database_url),
                },
                vec![(Service::Supabase, "transport", text(self.transport))],
            ),
            Service::Stripe => (
                NewConnection::Stripe {
                    key: secret(self.key),
                },
                vec![(Service::Stripe, "timeout", "30s".to_owned())],
            ),
            Service::Supabase => (
                NewConnection::Rest {
                    key: secret(self.key),
                },
                vec![
                    (Service::Supabase, "transport", text(self.transport)),
                    (Service::Supabase, "url", text(self.url)),
                ],
            ),
        })
    }
}

fn section(service: Service) -> &'static [&'static str] {
    const SHOP: [&str; 1] = [Service::SHOP.as_str()];
    const BOOKS: [&str; 1] = [Service::BOOKS.as_str()];
    const COPY: [&str; 1] = [Service::COPY.as_str()];
    const STRIPE: [&str; 1] = [Service::Stripe.as_str()];
    match service {
        Service::Woocommerce => &SHOP,
        Service::Quickbooks => &BOOKS,
        Service::Supabase => &COPY,
        Service::Stripe => &STRIPE,
    }
}

fn sandbox_is_fixed(call: &ApiCall) -> Result<(), HttpProblem> {
    if call.shop().is_sandbox {
        return Err(HttpProblem::new(
            StatusCode::CONFLICT,
            "sandbox_is_connected",
            "the sandbox brings its own services, and they are connected",
        ));
    }
    Ok(())
}

/// Tries them first. Only what works takes the place of what is there.
async fn connect(call: ApiCall) -> ApiAnswer {
    let service = service_of(&call);
    let given: GivenCredentials = call.body()?;
    let (new, settings) = given.of(service)?;
    sandbox_is_fixed(&call)?;
    let said: serde_json::Map<String, Value> = settings
        .iter()
        .map(|(_, key, value)| ((*key).to_owned(), json!(value)))
        .collect();
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let done = call
        .asking(move |app| async move {
            let mut draft = match ConfigDraft::open(&app.config.source_path) {
                Ok(draft) => draft,
                Err(error) => return Ok(Err(not_edited(error))),
            };
            for (name, key, value) in settings {
                draft.put(&ConfigPlace::Key(section(name), key.to_owned()), value, "");
            }
            let config = match draft.config() {
                Ok(config) => config,
                Err(complaints) => {
                    return Ok(Err(not_edited(crate::config::EditError::Wrong(Box::new(
                        complaints,
                    )))));
                }
            };
            let app = App { config, ..app };
            let _lock = app.lock("connect")?;
            let store = app.store()?;
            let before = connecting::ConnectionBefore::of(&app, &store, service)?;
            connecting::connect(&app, &store, new).await?;
            saved_or_put_back(&app, &store, &draft, before)
        })
        .await;
    done.map_err(in_the_way)??;
    Ok(changed(service, None, Some(Value::Object(said))))
}

/// A run that goes on needs the connection until it has ended.
fn in_the_way(problem: HttpProblem) -> HttpProblem {
    match problem.code() {
        "locked" => problem.hint("wait until it is done, and ask again"),
        _ => problem,
    }
}

fn changed(service: Service, before: Option<Value>, after: Option<Value>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(service.as_str().to_owned()),
        before,
        after,
    });
    response
}

async fn disconnect(call: ApiCall) -> ApiAnswer {
    let service = service_of(&call);
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let before = known(&call).await?;
    etag::check(&call, &etag::of(&before), false)?;
    sandbox_is_fixed(&call)?;
    let ended = call
        .asking(move |app| async move {
            let _lock = app.lock("connect remove")?;
            Ok(connecting::disconnect(&app, &app.store()?, service).await?)
        })
        .await;
    let told = ended.map_err(in_the_way)?;
    if !told {
        return Err(HttpProblem::new(
            StatusCode::NOT_FOUND,
            "not_connected",
            "nothing is stored of this connection",
        ));
    }
    Ok(changed(
        service,
        Some(json!({ "what": before["what"] })),
        None,
    ))
}

async fn test(call: ApiCall) -> ApiAnswer {
    let service = service_of(&call);
    let asked = call
        .asking(move |app| async move {
            let store = app.store()?;
            Ok(app.probe(&store, service).await.map_err(Failure::from))
        })
        .await?;
    let (what, error) = match asked {
        Ok(what) => (Some(what).filter(|what| !what.is_empty()), None),
        Err(failure) => {
            let mut error = json!({ "code": failure.code, "message": failure.message });
            if let Some(hint) = &failure.hint {
                error["hint"] = json!(hint);
            }
            (None, Some(error))
        }
    };
    Ok(answer(
        StatusCode::OK,
        &json!({
            "schema": "udsync/connect-test/1",
            "name": service.as_str(),
            "ok": error.is_none(),
            "what": what,
            "error": error,
        }),
    ))
}

/// Where Intuit sends people back to: the address outside, or the very host that the request was for, where their cookie is.
fn callback(call: &ApiCall) -> String {
    let outside = call.state.options.settings.dashboard_url.as_ref();
    let host = call
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    match (outside, host) {
        (Some(url), _) => format!("{}{CALLBACK}", url.origin().ascii_serialization()),
        (None, Some(host)) => {
            let scheme = if call.state.options.tls.is_some() {
                "https"
            } else {
                "http"
            };
            format!("{scheme}://{host}{CALLBACK}")
        }
        (None, None) => format!("{}{CALLBACK}", call.state.main.url),
    }
}

async fn authorize(call: ApiCall) -> ApiAnswer {
    sandbox_is_fixed(&call)?;
    let redirect = callback(&call);
    let chance: [u8; CHANCE] =
        crate::safe::token::chance().map_err(|error| HttpProblem::fault(&error.to_string()))?;
    let invitation = call
        .with_app(move |app| {
            let store = app.store()?;
            connecting::check_key(app, &store)?;
            let keys = connecting::app_keys(app, &store)?;
            let Some(settings) = &app.config.quickbooks else {
                return Err(Failure::new(
                    "config_incomplete",
                    "the configuration has no `[quickbooks]` section",
                ));
            };
            check_redirect(&redirect, app.environment() == "production")?;
            Ok(invite(
                &settings.auth_url,
                &keys.client_id,
                &redirect,
                chance,
            ))
        })
        .await?;
    let url = invitation.address().to_owned();
    call.state
        .api
        .sign_ins
        .expect(call.caller.known_by(), &call.shop().name, invitation);
    Ok(answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/authorize/1", "url": url }),
    ))
}

/// What Intuit sent along.
fn brought(call: &ApiCall) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for name in ["code", "state", "realmId", "error"] {
        if let Some(value) = call.text(name) {
            pairs.append_pair(name, value);
        }
    }
    pairs.finish()
}

/// Whoever comes back was sent there by this very session: the answer of somebody else's sign-in would connect their company. The shop
/// is the one that the sign-in was begun for, whatever else is served or was begun since.
async fn signed_in(mut call: ApiCall) -> ApiAnswer {
    let taken = (call.state.api.sign_ins).take(call.caller.known_by(), &brought(&call));
    let not_begun = || {
        HttpProblem::new(
            StatusCode::CONFLICT,
            "sign_in_not_begun",
            "nobody of this session is expected back from Intuit",
        )
        .hint("begin again: `POST /api/integrations/quickbooks/authorize`")
    };
    let (shop, answered) = match taken {
        SignInAnswered::By(shop, answered) => (shop, answered),
        SignInAnswered::ByAnother(unfit) => return Err(Failure::from(unfit.fault()).into()),
        SignInAnswered::ByNobody => return Err(not_begun()),
    };
    let name = shop.clone();
    let of_shop = |problem: HttpProblem| problem.with("shop", name.as_str());
    let consent = answered.map_err(|unfit| of_shop(Failure::from(unfit.fault()).into()))?;
    // Whoever may not see the shop any more may not connect it either.
    let shop = (call.state.shops.get(&shop)).filter(|shop| call.caller.shops.holds(&shop.name));
    let shop = shop.cloned().ok_or_else(not_begun)?;
    call.shop = Some(shop.clone());
    let company = consent.company_id.clone();
    let _one_at_a_time = shop.changing.lock().await;
    let done = call
        .asking(move |app| async move {
            let mut draft = match ConfigDraft::open(&app.config.source_path) {
                Ok(draft) => draft,
                Err(error) => return Ok(Err(not_edited(error))),
            };
            let _lock = app.lock("connect")?;
            let store = app.store()?;
            let before = connecting::ConnectionBefore::of(&app, &store, Service::BOOKS)?;
            connecting::signed_in(&app, &store, &consent).await?;
            if app.config.company_id(&app.credentials).is_some() {
                return Ok(Ok(()));
            }
            // Without it no run would know whose books they are.
            let place = ConfigPlace::Key(section(Service::BOOKS), "company_id".to_owned());
            draft.put(&place, consent.company_id.clone(), "");
            saved_or_put_back(&app, &store, &draft, before)
        })
        .await;
    done.map_err(in_the_way)
        .and_then(|done| done)
        .map_err(of_shop)?;
    let to = format!("/shop/{}/integrations?said=signed-in#quickbooks", shop.name);
    let to = HeaderValue::from_str(&to).expect("a shop has a plain name");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    response.extensions_mut().insert(AuditedChange {
        shop: Some(shop.name.clone()),
        target: Some(Service::BOOKS.as_str().to_owned()),
        before: None,
        after: Some(json!({ "company_id": company })),
    });
    Ok(response)
}

/// Settings and credentials go together: where the file cannot be written, what was connected before is connected still.
fn saved_or_put_back(
    app: &App,
    store: &Store,
    draft: &ConfigDraft,
    before: connecting::ConnectionBefore,
) -> Result<Result<(), HttpProblem>, Failure> {
    match draft.edit().save() {
        Ok(_) => Ok(Ok(())),
        Err(error) => {
            before.put_back(app, store)?;
            Ok(Err(not_edited(error)))
        }
    }
}
