//! ETags: what somebody saw of a thing, so that nobody overwrites what they have not seen.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::operation::{ApiCall, answer};
use crate::model::fingerprint::Fingerprint;
use crate::server::problem::HttpProblem;

/// The tag of what can be changed of a thing.
pub fn of(changeable: &impl Serialize) -> String {
    format!("\"{}\"", Fingerprint::of(changeable).short())
}

/// Lets a change pass that was made of what is there now.
pub fn check(call: &ApiCall, now: &str, is_required: bool) -> Result<(), HttpProblem> {
    let seen: Vec<&str> = tags(&call.headers, header::IF_MATCH);
    if seen.is_empty() {
        return match is_required {
            false => Ok(()),
            true => Err(HttpProblem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if_match_missing",
                "a change must say in `If-Match` what it was made of",
            )
            .hint("read it first, and send the `ETag` of that answer")),
        };
    }
    if seen.iter().any(|tag| *tag == "*" || *tag == now) {
        return Ok(());
    }
    Err(HttpProblem::new(
        StatusCode::PRECONDITION_FAILED,
        "changed_meanwhile",
        "somebody changed it meanwhile; nothing was overwritten",
    )
    .hint("read it again, and make the change anew"))
}

/// A document with its tag; nothing for whoever has it still.
pub fn tagged(
    call: &ApiCall,
    status: StatusCode,
    tag: &str,
    document: &impl Serialize,
) -> Response {
    let value = HeaderValue::from_str(tag).expect("a tag is hex between quotes");
    let known = tags(&call.headers, header::IF_NONE_MATCH);
    let is_known = known
        .iter()
        .any(|known| *known == "*" || known.trim_start_matches("W/") == tag);
    if status == StatusCode::OK && is_known && call.body.is_null() {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, value)]).into_response();
    }
    let mut response = answer(status, document);
    response.headers_mut().insert(header::ETAG, value);
    response
}

fn tags(headers: &HeaderMap, name: header::HeaderName) -> Vec<&str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .collect()
}
