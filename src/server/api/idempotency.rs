//! Idempotency keys: the same request under the same key is done once, and answered the same for a day.
//!
//! Kept is what something came of. A refusal did nothing, so the same request may try again.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::model::fingerprint::Fingerprint;
use crate::server::problem::HttpProblem;
use crate::server::state::ServerState;
use crate::server::{access::Caller, blocking};
use crate::store::access::KeptAnswer;

/// Longer ones are no keys.
const KEY_MAX: usize = 255;
/// Headers of an answer that belong to what it says.
const KEPT_HEADERS: [&str; 3] = ["content-type", "location", "etag"];

/// The key of a request: the header, or its twin in the body, which is the same thing. `Err`: what is wrong with them.
pub fn key(
    headers: &HeaderMap,
    body: &Value,
) -> Result<Option<String>, (&'static str, &'static str)> {
    const NAME: &str = "header Idempotency-Key";
    let in_body = body.get("idempotency_key").and_then(Value::as_str);
    let mut given = headers.get_all("idempotency-key").iter();
    let Some(first) = given.next() else {
        return Ok(in_body.map(str::to_owned));
    };
    let text = first.to_str().unwrap_or_default().trim();
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let is_plain = bare.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if given.next().is_some() || bare.is_empty() || bare.len() > KEY_MAX || !is_plain {
        return Err((
            NAME,
            "must be given once, and be 1 to 255 letters that can be typed",
        ));
    }
    match in_body {
        Some(other) if other != bare => Err((NAME, "differs from `idempotency_key` of the body")),
        _ => Ok(Some(bare.to_owned())),
    }
}

/// Answers a request under its key: by doing it, or as it was answered before.
pub async fn once(
    state: &ServerState,
    caller: &Caller,
    shop: &str,
    key: String,
    asked: (&str, &Value),
    work: impl Future<Output = Response>,
) -> Result<Response, HttpProblem> {
    let digest = digest(asked);
    let whole = [caller.name.clone(), shop.to_owned(), key];
    let Some(_underway) = state.api.under_way.begin(whole.clone()) else {
        return Err(HttpProblem::new(
            StatusCode::CONFLICT,
            "key_under_way",
            "a request with this key is being answered",
        )
        .hint("wait for its answer, or ask again in a moment"));
    };
    let file = state.access.file.clone();
    let ([actor, shop, key], now) = (whole.clone(), state.clock.now());
    if let Some(before) = blocking(move || file.kept_answer(&actor, &shop, &key, now)).await?? {
        if before.digest != digest {
            return Err(HttpProblem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key_of_another_request",
                "this key stands for another request",
            )
            .error(
                "header Idempotency-Key",
                "was given with another request within the last day",
            )
            .hint("give this one a key of its own"));
        }
        return Ok(again(before));
    }
    let (parts, body) = work.await.into_parts();
    if !parts.status.is_success() {
        return Ok(Response::from_parts(parts, body));
    }
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    let kept = KeptAnswer {
        digest,
        status: parts.status.as_u16(),
        headers: KEPT_HEADERS
            .iter()
            .filter_map(|name| {
                let value = parts.headers.get(*name)?.to_str().ok()?;
                Some(((*name).to_owned(), value.to_owned()))
            })
            .collect(),
        body: body.to_vec(),
    };
    let file = state.access.file.clone();
    let ([actor, shop, key], now) = (whole, state.clock.now());
    // It is done. An answer that could not be kept must not make somebody do it again.
    let is_kept = blocking(move || file.keep_answer(&actor, &shop, &key, &kept, now)).await;
    if !matches!(is_kept, Ok(Ok(()))) {
        tracing::error!("the answer to a key could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The same for the same request. The key itself is not part of it.
fn digest((path, body): (&str, &Value)) -> String {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("idempotency_key");
    }
    Fingerprint::of(&(path, body)).to_string()
}

fn again(before: KeptAnswer) -> Response {
    let mut response = Response::new(Body::from(before.body));
    *response.status_mut() = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in before.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn header_and_body_are_one_key() {
        let headers = |key: &str| {
            let value = HeaderValue::from_str(key).expect("a header");
            HeaderMap::from_iter([(HeaderName::from_static("idempotency-key"), value)])
        };
        let body = json!({ "idempotency_key": "a" });
        let none = HeaderMap::new();
        assert_eq!(key(&none, &Value::Null), Ok(None));
        assert_eq!(key(&none, &body), Ok(Some("a".into())));
        assert_eq!(key(&headers("\"a\""), &body), Ok(Some("a".into())));
        assert_eq!(key(&headers("b"), &Value::Null), Ok(Some("b".into())));
        assert!(key(&headers("b"), &body).is_err());
        assert!(key(&headers("\"\""), &Value::Null).is_err());
        assert!(key(&headers(&"b".repeat(256)), &Value::Null).is_err());
    }

    #[test]
    fn the_key_is_no_part_of_what_it_stands_for() {
        let one = digest((
            "POST /a",
            &json!({ "mode": "full", "idempotency_key": "a" }),
        ));
        assert_eq!(one, digest(("POST /a", &json!({ "mode": "full" }))));
        assert_ne!(one, digest(("POST /a", &json!({ "mode": "incremental" }))));
        assert_ne!(one, digest(("POST /b", &json!({ "mode": "full" }))));
    }
}
