//! Refusals: why there is no such page, or why a form was not done, in the words of the API.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::run::Failure;
use crate::server::problem::{HttpProblem, PROBLEM_JSON};

/// Why there is no such page, or why a form was not done.
#[derive(Clone, Debug)]
pub struct PageRefusal {
    pub status: StatusCode,
    /// As the API says it: `code`, `detail`, `hint`, `errors`.
    pub document: Value,
    /// What a program is told besides: how long to wait, how to sign in.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl PageRefusal {
    pub fn code(&self) -> &str {
        self.document["code"].as_str().unwrap_or_default()
    }
}

impl PageRefusal {
    /// The answer for a program.
    pub fn as_document(&self) -> Response {
        let kind = HeaderValue::from_static(PROBLEM_JSON);
        let text = self.document.to_string();
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], text).into_response();
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

impl From<HttpProblem> for PageRefusal {
    fn from(problem: HttpProblem) -> PageRefusal {
        PageRefusal {
            status: problem.status_code(),
            document: problem.document(),
            headers: problem.headers(),
        }
    }
}

impl From<Failure> for PageRefusal {
    fn from(failure: Failure) -> PageRefusal {
        HttpProblem::from(failure).into()
    }
}
