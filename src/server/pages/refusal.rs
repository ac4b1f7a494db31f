//! Refusals: why there is no such page, or why a form was not done, in the words of the API.

use axum::http::StatusCode;
use serde_json::Value;

use crate::run::Failure;
use crate::server::problem::HttpProblem;

/// Why there is no such page, or why a form was not done.
#[derive(Clone, Debug)]
pub struct PageRefusal {
    pub status: StatusCode,
    /// As the API says it: `code`, `detail`, `hint`, `errors`.
    pub document: Value,
}

impl PageRefusal {
    pub fn code(&self) -> &str {
        self.document["code"].as_str().unwrap_or_default()
    }
}

impl From<HttpProblem> for PageRefusal {
    fn from(problem: HttpProblem) -> PageRefusal {
        PageRefusal {
            status: problem.status_code(),
            document: problem.document(),
        }
    }
}

impl From<Failure> for PageRefusal {
    fn from(failure: Failure) -> PageRefusal {
        HttpProblem::from(failure).into()
    }
}
