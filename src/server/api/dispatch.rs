//! Dispatch: from a request to its handler. Everything that a row of the table can refuse is refused here, in one order for all: who it
//! is, whether they may, whether it is there, the method, what is accepted, what is sent, and whether that makes sense.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::operation::{ApiCall, ApiOperation, AuditedChange, JSON, not_there, unprocessable};
use super::schema;
use super::{TABLE, idempotency};
use crate::server::access::{Caller, forgery};
use crate::server::guard::whole;
use crate::server::problem::{HttpProblem, PointedError};
use crate::server::shops::ServedShop;
use crate::server::state::ServerState;
use crate::server::to_its_end;

/// An operation, and what its address names.
type Matched = (&'static ApiOperation, BTreeMap<&'static str, String>);

pub async fn dispatch(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let response = answer(&state, request)
        .await
        .unwrap_or_else(IntoResponse::into_response);
    let nth = match response.status() {
        status if status.is_server_error() => 2,
        status if status.is_client_error() => 1,
        _ => 0,
    };
    state.api.answered[nth].fetch_add(1, Ordering::Relaxed);
    response
}

async fn answer(state: &Arc<ServerState>, request: Request) -> Result<Response, HttpProblem> {
    let (parts, body) = request.into_parts();
    let caller = state.access.caller(state, &parts).await?;
    forgery::check(state, &parts, caller.session.is_some())?;
    answer_to(state, caller, parts, body).await
}

/// Answers somebody who is known already. The pages of the dashboard ask here for whoever looks at them, so that a page and a program
/// are let in, refused and written down alike.
pub async fn answer_to(
    state: &Arc<ServerState>,
    caller: Caller,
    parts: Parts,
    body: Body,
) -> Result<Response, HttpProblem> {
    let path = parts.uri.path().strip_prefix("/api").unwrap_or_default();
    let (operation, named) = find(&parts.method, path)?;
    let changes = operation.has_effect;
    if caller.role < operation.role {
        if changes {
            // A token in an address is a secret, and what is too long to be a name is nobody's.
            let target = named.values().next().map(String::as_str);
            let target =
                target.filter(|name| name.len() <= 100 && !operation.path.contains("{token}"));
            let nothing = (None, None);
            state
                .access
                .record(&caller, None, operation.id, target, nothing, "role_too_low")
                .await;
        }
        return Err(role_too_low(&caller, operation));
    }
    for (name, schema, _) in &operation.path_params {
        let given = Value::String(named.get(name).cloned().unwrap_or_default());
        if !schema::mistakes(schema, &given, &TABLE.components).is_empty() {
            return Err(HttpProblem::of_status(StatusCode::NOT_FOUND, ""));
        }
    }
    let asked: Vec<(String, String)> = parts
        .uri
        .query()
        .map(|query| {
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect()
        })
        .unwrap_or_default();
    let shop = match operation.of_shop {
        true => shop_of(state, &caller, &asked)?,
        false => Ok(None),
    };
    let mut call = ApiCall {
        state: state.clone(),
        caller,
        shop: shop.clone().unwrap_or_default(),
        path: named,
        query: Map::new(),
        body: Value::Null,
        headers: parts.headers.clone(),
        kind: JSON,
    };
    if let Some(exists) = operation.exists
        && call.shop.is_some()
    {
        let looking = call.clone();
        let is_there = call.with_app(move |app| exists(app, &looking)).await?;
        if !is_there {
            return Err(not_there());
        }
    }
    call.kind = accepted(operation, &parts.headers)?;
    let body = whole(body).await?;
    let mut mistakes = Vec::new();
    call.body = body_of(operation, &parts, &body)?;
    if let Some((schema, _)) = &operation.body
        && !call.body.is_null()
    {
        mistakes.extend(schema::mistakes(schema, &call.body, &TABLE.components));
    }
    call.query = query_of(operation, &asked, &TABLE.components, &mut mistakes);
    let key = match operation.has_key {
        true => idempotency::key(&parts.headers, &call.body),
        false => Ok(None),
    };
    if let Err((place, wrong)) = &key {
        mistakes.push(PointedError {
            pointer: (*place).to_owned(),
            detail: (*wrong).to_owned(),
        });
    }
    // Of several shops none is guessed; that is told once everything else that is missing can be told too.
    if let Err(unclear) = shop {
        return Err(with_mistakes(unclear, mistakes));
    }
    if !mistakes.is_empty() {
        return Err(with_mistakes(
            unprocessable("the request does not make sense"),
            mistakes,
        ));
    }
    let key = key.unwrap_or_default();
    let what = format!("{} {path}", operation.method);
    let state = state.clone();
    let work = async move {
        let Some(key) = key else {
            return Ok(handled(operation, call).await);
        };
        let (caller, body) = (call.caller.clone(), call.body.clone());
        let shop = call.shop.as_ref().map_or("", |shop| &shop.name).to_owned();
        let work = handled(operation, call);
        idempotency::once(&state, &caller, &shop, key, (&what, &body), work).await
    };
    if !changes {
        return work.await;
    }
    // Whoever hangs up does not leave a change half told: what was begun goes on to its row in the audit and to the answer that is
    // kept for its key.
    to_its_end(work).await
}

/// Has it done, and writes down that it was.
async fn handled(operation: &ApiOperation, call: ApiCall) -> Response {
    let (state, caller) = (call.state.clone(), call.caller.clone());
    let shop = call.shop.as_ref().map(|shop| shop.name.clone());
    let named = call.path.values().next().cloned();
    let (mut response, outcome) = match (operation.handler)(call).await {
        Ok(response) => (response, "done".to_owned()),
        Err(problem) => {
            let code = problem.code().to_owned();
            (problem.into_response(), code)
        }
    };
    if operation.has_effect {
        let changed = response
            .extensions_mut()
            .remove::<AuditedChange>()
            .unwrap_or_default();
        let target = changed
            .target
            .or(named.filter(|_| !operation.path.contains("{token}")));
        let change = (changed.before, changed.after);
        let shop = shop.or(changed.shop);
        state
            .access
            .record(
                &caller,
                shop.as_deref(),
                operation.id,
                target.as_deref(),
                change,
                &outcome,
            )
            .await;
    }
    response
}

fn with_mistakes(problem: HttpProblem, mistakes: Vec<PointedError>) -> HttpProblem {
    mistakes.into_iter().fold(problem, |problem, mistake| {
        problem.error(mistake.pointer, mistake.detail)
    })
}

/// The operation that an address and a method name. A word that stands in a path goes before a name that could be anything.
fn find(method: &Method, path: &str) -> Result<Matched, HttpProblem> {
    // Whoever may read may ask whether there is something to read. Asking changes nothing.
    let (method, only_asks) = match *method {
        Method::HEAD => (&Method::GET, true),
        _ => (method, false),
    };
    let mut fitting: Vec<Matched> = TABLE
        .operations
        .iter()
        .filter_map(|operation| Some((operation, names_in(operation.path, path)?)))
        .collect();
    let fewest = fitting.iter().map(|(_, names)| names.len()).min();
    fitting.retain(|(_, names)| Some(names.len()) == fewest);
    let mut allowed: Vec<&str> = fitting
        .iter()
        .map(|(operation, _)| operation.method.as_str())
        .collect();
    if let Some(at) = fitting.iter().position(|(operation, _)| {
        operation.method == *method && !(only_asks && operation.has_effect)
    }) {
        return Ok(fitting.swap_remove(at));
    }
    if allowed.is_empty() {
        return Err(HttpProblem::of_status(StatusCode::NOT_FOUND, ""));
    }
    allowed.sort_unstable();
    let allow = HeaderValue::from_str(&allowed.join(", ")).expect("methods are plain words");
    Err(HttpProblem::of_status(StatusCode::METHOD_NOT_ALLOWED, "").header(header::ALLOW, allow))
}

/// What an address names where it fits a path; `None` where it does not.
fn names_in(template: &'static str, path: &str) -> Option<BTreeMap<&'static str, String>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut names = BTreeMap::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(names),
            (Some(wanted), Some(given)) => {
                let name = wanted
                    .strip_prefix('{')
                    .and_then(|name| name.strip_suffix('}'));
                match name {
                    Some(name) if !given.is_empty() => {
                        let text = percent_encoding::percent_decode_str(given)
                            .decode_utf8()
                            .ok()?;
                        names.insert(name, text.into_owned());
                    }
                    None if wanted == given => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

fn role_too_low(caller: &Caller, operation: &ApiOperation) -> HttpProblem {
    HttpProblem::new(
        StatusCode::FORBIDDEN,
        "role_too_low",
        format!(
            "this takes the role `{}`, and `{}` is {}",
            operation.role, caller.name, caller.role
        ),
    )
    .with("role_needed", operation.role.as_str())
    .hint(format!(
        "an owner makes another token with `udsync access add NAME --role {}`",
        operation.role
    ))
}

/// The shop that it is about. A shop that the caller may not see is not there. The inner error: it is not said which of several.
fn shop_of(
    state: &ServerState,
    caller: &Caller,
    asked: &[(String, String)],
) -> Result<Result<Option<Arc<ServedShop>>, HttpProblem>, HttpProblem> {
    let named = asked
        .iter()
        .find(|(name, _)| name == "shop")
        .map(|(_, shop)| shop);
    let mut visible = state
        .shops
        .iter()
        .filter(|shop| caller.shops.holds(&shop.name));
    let unknown = || {
        HttpProblem::new(
            StatusCode::NOT_FOUND,
            "shop_unknown",
            "there is no such shop here",
        )
    };
    match named {
        Some(name) => visible
            .find(|shop| shop.name == *name)
            .map(|shop| Ok(Some(shop.clone())))
            .ok_or_else(unknown),
        None => match (visible.next(), visible.next()) {
            (Some(only), None) => Ok(Ok(Some(only.clone()))),
            (None, _) => Err(unknown()),
            (Some(_), Some(_)) => Ok(Err(HttpProblem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "shop_unclear",
                "there are several shops here",
            )
            .error("?shop", "must name the shop")
            .hint("add `?shop=NAME`"))),
        },
    }
}

/// The best type of those that can be answered, as the caller ranks them.
fn accepted(operation: &ApiOperation, headers: &HeaderMap) -> Result<&'static str, HttpProblem> {
    let kinds: Vec<&'static str> = operation.kinds().collect();
    let usual = kinds.first().copied().unwrap_or(JSON);
    let given: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .collect();
    if given.is_empty() {
        return Ok(usual);
    }
    let fits = |range: &str, kind: &str| {
        let (main, _) = kind.split_once('/').unwrap_or((kind, ""));
        range == kind || range == "*/*" || range == format!("{main}/*")
    };
    let mut ranked: Vec<(u32, &str)> = given
        .iter()
        .map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default();
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            (quality.map_or(1000, thousandths), kind)
        })
        .filter(|(quality, _)| *quality > 0)
        .collect();
    ranked.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    let lower: Vec<String> = ranked
        .iter()
        .map(|(_, range)| range.to_ascii_lowercase())
        .collect();
    let wanted = lower
        .iter()
        .find_map(|range| kinds.iter().find(|kind| fits(range, kind)).copied());
    // What answers nothing has no type that somebody could mind.
    if kinds.is_empty() {
        return Ok(usual);
    }
    wanted.ok_or_else(|| {
        HttpProblem::new(
            StatusCode::NOT_ACCEPTABLE,
            "not_acceptable",
            format!("this is answered as {}", kinds.join(" or ")),
        )
    })
}

/// `0.8` as 800. What is no quality is one.
fn thousandths(text: &str) -> u32 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest: String = format!("{rest:0<3}").chars().take(3).collect();
    match (whole.parse::<u32>(), rest.parse::<u32>()) {
        (Ok(whole), Ok(rest)) => whole.saturating_mul(1000).saturating_add(rest).min(1000),
        _ => 1000,
    }
}

/// The body as a value; `null` where there is none.
fn body_of(operation: &ApiOperation, parts: &Parts, body: &Bytes) -> Result<Value, HttpProblem> {
    let text = |name: header::HeaderName| {
        let value = parts.headers.get(name)?;
        Some(value.to_str().unwrap_or_default().to_ascii_lowercase())
    };
    let Some((_, is_required)) = &operation.body else {
        if body.is_empty() {
            return Ok(Value::Null);
        }
        return Err(HttpProblem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media_type_unsupported",
            "this takes no body",
        ));
    };
    let kind = text(header::CONTENT_TYPE);
    let bare = kind
        .as_deref()
        .map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let is_encoded = text(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if body.is_empty() && !is_required && bare.is_none_or(|kind| kind == JSON) {
        return Ok(Value::Null);
    }
    if bare != Some(JSON) || is_encoded {
        return Err(HttpProblem::of_status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "",
        ));
    }
    let read: Result<Value, _> = serde_json::from_slice(body);
    match read {
        Ok(value) => {
            let value = schema::with_whole_numbers(value);
            // `null` is a body, and fits no schema of one.
            Ok(match value {
                Value::Null => json!([]),
                value => value,
            })
        }
        Err(error) => Err(HttpProblem::new(
            StatusCode::BAD_REQUEST,
            "body_unreadable",
            format!(
                "the body is not JSON: line {}, column {}",
                error.line(),
                error.column()
            ),
        )),
    }
}

/// The query by its names, each as its schema says.
fn query_of(
    operation: &ApiOperation,
    asked: &[(String, String)],
    components: &Value,
    mistakes: &mut Vec<PointedError>,
) -> Map<String, Value> {
    let mut found = Map::new();
    let mut wrong = |name: &str, detail: &str| {
        let shown: String = name.chars().take(60).collect();
        mistakes.push(PointedError {
            pointer: format!("?{shown}"),
            detail: detail.to_owned(),
        });
    };
    for (name, text) in asked {
        if name == "shop" && operation.of_shop {
            continue;
        }
        let Some((_, schema, _)) = operation.query.iter().find(|(known, ..)| known == name) else {
            wrong(name, "is not known here");
            continue;
        };
        let value = match schema.get("type").and_then(Value::as_str) {
            Some("integer") => text
                .parse::<u64>()
                .map_or_else(|_| json!(text), |number| json!(number)),
            Some("boolean") => match text.as_str() {
                "true" => json!(true),
                "false" => json!(false),
                other => json!(other),
            },
            _ => json!(text),
        };
        for mistake in schema::mistakes(schema, &value, components) {
            wrong(name, &mistake.detail);
        }
        if found.insert(name.clone(), value).is_some() {
            wrong(name, "is given twice");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_what_stands_in_its_place() {
        let names = |path: &str| names_in("/sync/failures/{id}/retry", path);
        assert_eq!(
            names("/sync/failures/F7K2/retry").expect("fits")["id"],
            "F7K2"
        );
        assert_eq!(
            names("/sync/failures/a%2Fb/retry").expect("fits")["id"],
            "a/b"
        );
        for other in [
            "/sync/failures//retry",
            "/sync/failures/F7K2",
            "/sync/failures/F7K2/retry/",
            "/sync/failures/%ff/retry",
            "/sync/failures/../retry/x",
        ] {
            assert!(names(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_type_that_is_wanted_most_is_answered() {
        let operation = ApiOperation::get("/x", "x", "X")
            .answers(200, "it", schema::text())
            .or_as("text/csv");
        let accept = |text: &str| {
            let value = HeaderValue::from_str(text).expect("a header");
            accepted(&operation, &HeaderMap::from_iter([(header::ACCEPT, value)])).ok()
        };
        assert_eq!(accepted(&operation, &HeaderMap::new()).ok(), Some(JSON));
        assert_eq!(accept("*/*"), Some(JSON));
        assert_eq!(accept("text/csv"), Some("text/csv"));
        assert_eq!(
            accept("application/json;q=0.5, text/*;q=0.9"),
            Some("text/csv")
        );
        assert_eq!(accept("application/json;q=0, text/csv"), Some("text/csv"));
        assert_eq!(accept("image/png"), None);
        assert_eq!(accept("application/json;q=0"), None);
    }
}
