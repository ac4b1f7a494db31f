//! Answers in Stripe's form: objects, lists with a cursor, and errors with their words.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

pub struct StripeAnswer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl StripeAnswer {
    pub fn of(value: &Value) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: serde_json::to_string_pretty(value).unwrap_or_default(),
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn into_response(self, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert(
            "stripe-version",
            HeaderValue::from_static("2026-01-28.clover"),
        );
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// A refusal: its kind, its code if it has one, what it is about, and the words.
pub fn refusal(
    status: u16,
    kind: &str,
    code: Option<&str>,
    param: Option<&str>,
    said: &str,
) -> StripeAnswer {
    let mut error = json!({"message": said, "type": kind});
    if let Some(code) = code {
        error["code"] = json!(code);
        error["doc_url"] = json!(format!(
            "https://stripe.com/docs/error-codes/{}",
            code.replace('_', "-")
        ));
    }
    if let Some(param) = param {
        error["param"] = json!(param);
    }
    StripeAnswer {
        status,
        ..StripeAnswer::of(&json!({ "error": error }))
    }
}

/// A key as it may be shown: the beginning and the last four letters.
pub fn masked(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let shown = letters.len().min(8);
    let last: String = letters[letters.len().saturating_sub(4)..].iter().collect();
    let first: String = letters[..shown].iter().collect();
    format!(
        "{first}{}{last}",
        "*".repeat(letters.len().saturating_sub(12))
    )
}
