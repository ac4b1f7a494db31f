//! Problem details: a refusal or a fault as RFC 9457 has it, for every answer that is not what was asked for.
//!
//! Title and meaning come from the catalogue of codes, so that an API and a command line say the same of the same thing. A
//! [`Failure`] of the run library becomes one by itself. What went wrong inside is told by its code only.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::code::{self, CodeKind};
use crate::run::Failure;
use crate::store::StoreError;

/// The content type of such an answer.
pub const PROBLEM_JSON: &str = "application/problem+json";

tokio::task_local! {
    /// The id of the request that is being answered.
    pub(in crate::server) static REQUEST_ID: String;
}

/// The id of the request that is being answered, inside its handler.
pub fn request_id() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

/// An answer that is not what was asked for. In a box: it is carried through every result, and seldom there.
#[derive(Clone, Debug)]
pub struct HttpProblem(Box<Details>);

#[derive(Clone, Debug)]
struct Details {
    status: StatusCode,
    code: String,
    detail: String,
    hint: Option<String>,
    errors: Vec<PointedError>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One mistake of a request, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointedError {
    /// A JSON pointer into the body, or `?name` of the query.
    pub pointer: String,
    pub detail: String,
}

#[derive(Serialize)]
struct ProblemBody<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "<[PointedError]>::is_empty")]
    errors: &'a [PointedError],
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

impl HttpProblem {
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> HttpProblem {
        HttpProblem(Box::new(Details {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            hint: None,
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
        }))
    }

    /// A fault of ours. What it was stands in the log, beside the id of the request.
    pub fn fault(what: &str) -> HttpProblem {
        tracing::error!(
            request = request_id(),
            what,
            "a request could not be answered"
        );
        HttpProblem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_fault",
            "something went wrong here; the log says what, beside this request's id",
        )
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> HttpProblem {
        self.0.hint = Some(hint.into());
        self
    }

    /// With a mistake of the request and its place.
    #[must_use]
    pub fn error(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> HttpProblem {
        self.0.errors.push(PointedError {
            pointer: pointer.into(),
            detail: detail.into(),
        });
        self
    }

    /// With a member of its own, such as who holds the lock.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> HttpProblem {
        self.0.members.insert(member.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> HttpProblem {
        self.0.headers.push((name, value));
        self
    }

    /// The same, where a route knows better which status it is.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> HttpProblem {
        self.0.status = status;
        self
    }

    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What stands for a status that came without words: of a route that does not exist, a body that cannot be read …
    pub fn of_status(status: StatusCode, said: &str) -> HttpProblem {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("route_unknown", "there is nothing at this address"),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method_not_allowed",
                "this address does not know the method; `Allow` lists those it knows",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("body_too_large", "the body is larger than accepted here")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "media_type_unsupported",
                "the body must be JSON, and `Content-Type` must say so",
            ),
            status if status.is_server_error() => return HttpProblem::fault(said),
            _ => ("request_unreadable", "the request could not be understood"),
        };
        let detail = if said.is_empty() { detail } else { said };
        HttpProblem::new(status, code, detail)
    }
}

/// The status of a failure, by its kind: what the caller did, what stands in the way, what is out of reach, what is ours.
fn status_of(failure: &Failure) -> StatusCode {
    let Some(kind) = code::kind(&failure.code) else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    match kind {
        CodeKind::Here if failure.code.ends_with("_unknown") => StatusCode::NOT_FOUND,
        CodeKind::Here => StatusCode::INTERNAL_SERVER_ERROR,
        CodeKind::Usage
        | CodeKind::Skip
        | CodeKind::Warning
        | CodeKind::Held
        | CodeKind::Conflict
        | CodeKind::Failed
        | CodeKind::Row => StatusCode::UNPROCESSABLE_ENTITY,
        CodeKind::Setup
        | CodeKind::Credentials
        | CodeKind::Stale
        | CodeKind::Guard
        | CodeKind::Locked => StatusCode::CONFLICT,
        CodeKind::Unreachable | CodeKind::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Failure> for HttpProblem {
    fn from(failure: Failure) -> HttpProblem {
        let mut problem =
            HttpProblem::new(status_of(&failure), &failure.code, failure.message.clone());
        problem.0.hint.clone_from(&failure.hint);
        problem.0.errors = failure
            .complaints
            .iter()
            .map(|complaint| PointedError {
                pointer: format!("line {}", complaint.line),
                detail: complaint.message.clone(),
            })
            .collect();
        if let Some(reference) = &failure.reference {
            problem = problem.with("reference", reference.as_str());
        }
        problem
    }
}

impl From<StoreError> for HttpProblem {
    fn from(error: StoreError) -> HttpProblem {
        let is_busy = matches!(error, StoreError::Busy { .. });
        let problem = HttpProblem::from(Failure::from(error));
        match is_busy {
            // Nobody's fault, and over in a moment.
            true => problem
                .status(StatusCode::SERVICE_UNAVAILABLE)
                .header(header::RETRY_AFTER, HeaderValue::from_static("2")),
            false => problem,
        }
    }
}

impl HttpProblem {
    pub fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// Headers of the answer beside those that every answer has.
    pub fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        self.0.headers.clone()
    }

    /// A header of the answer.
    pub fn header_of(&self, name: &HeaderName) -> Option<&HeaderValue> {
        let mut headers = self.0.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The body of the answer.
    pub fn document(&self) -> Value {
        let details = &self.0;
        let title = code::row(&details.code).map_or_else(
            || details.status.canonical_reason().unwrap_or("refused"),
            |row| row.meaning,
        );
        let body = ProblemBody {
            kind: format!("urn:udsync:problem:{}", details.code),
            title,
            status: details.status.as_u16(),
            detail: &details.detail,
            instance: request_id().map(|id| format!("urn:uuid:{id}")),
            code: &details.code,
            hint: details.hint.as_deref(),
            errors: &details.errors,
            members: &details.members,
        };
        serde_json::to_value(&body).expect("our own values always have a JSON form")
    }
}

impl IntoResponse for HttpProblem {
    fn into_response(self) -> Response {
        let details = &self.0;
        let text = self.document().to_string();
        let mut response = (
            details.status,
            [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))],
            text,
        )
            .into_response();
        for (name, value) in &details.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(problem: HttpProblem) -> (StatusCode, Value) {
        let response = problem.into_response();
        let status = response.status();
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        let bytes = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .expect("it is whole");
        (status, serde_json::from_slice(&bytes).expect("it is JSON"))
    }

    #[tokio::test]
    async fn a_failure_says_over_http_what_it_says_at_a_terminal() {
        let failure = Failure::new("locked", "another run is at work").hint("wait for it");
        let (status, said) = body(HttpProblem::from(failure).with("holder", "sync orders")).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(
            said,
            serde_json::json!({
                "type": "urn:udsync:problem:locked", "title": "another run is working with this shop", "status": 409,
                "detail": "another run is at work", "code": "locked", "hint": "wait for it", "holder": "sync orders",
            })
        );
    }

    #[tokio::test]
    async fn a_problem_names_the_request_it_is_about() {
        let inside = REQUEST_ID.scope("0192".to_owned(), async {
            HttpProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "request_unreadable", "no")
                .error("/limit", "must be a whole number")
                .into_response()
        });
        let bytes = axum::body::to_bytes(inside.await.into_body(), 10_000)
            .await
            .expect("it is whole");
        let said: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        assert_eq!(said["instance"], "urn:uuid:0192");
        assert_eq!(said["errors"][0]["pointer"], "/limit");
    }
}
