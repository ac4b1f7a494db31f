//! The API, asked from inside, as whoever looks at a page. What it refuses a program it refuses a page, and what is done through it is
//! in the audit under the same name.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

use super::refusal::PageRefusal;
use super::visit::PageVisit;
use crate::server::api::dispatch::answer_to;
use crate::server::problem::HttpProblem;

/// A second click waits for the answer of the first up to so many times a tenth of a second.
const PATIENCE: u32 = 100;

/// What the API answered.
#[derive(Debug)]
pub struct ApiReply {
    pub headers: HeaderMap,
    /// `null` where nothing was said.
    pub document: Value,
}

impl ApiReply {
    /// What a form must bring back so that nobody overwrites what they have not seen.
    pub fn tag(&self) -> Option<&str> {
        self.headers.get(header::ETAG)?.to_str().ok()
    }
}

impl PageVisit {
    /// Reads a document: `get("/sync/history", &[("limit", "5")])`.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, PageRefusal> {
        let reply = self.ask(Method::GET, path, query, &[], Value::Null);
        Ok(reply.await?.document)
    }

    /// Does something once for a key, as a form does that was made with it. One that is answered this very moment under the same key is
    /// waited for: a double click is one click.
    pub async fn post(&self, path: &str, body: Value) -> Result<ApiReply, PageRefusal> {
        let key = self.form.one("key");
        let headers: Vec<(&str, &str)> = key
            .map(|key| ("idempotency-key", key))
            .into_iter()
            .collect();
        let mut tries = 0;
        loop {
            let asked = self.ask(Method::POST, path, &[], &headers, body.clone());
            match asked.await {
                Err(refusal) if refusal.code() == "key_under_way" && tries < PATIENCE => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                answered => return answered,
            }
        }
    }

    /// Asks for anything. Headers such as `If-Match` go along.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&'static str, &str)],
        body: Value,
    ) -> Result<ApiReply, PageRefusal> {
        let response = self.raw(method, path, query, headers, body).await?;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map(|body| body.to_bytes());
        let document = serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or_default();
        match parts.status.is_success() || parts.status.is_redirection() {
            true => Ok(ApiReply {
                headers: parts.headers,
                document,
            }),
            false => Err(PageRefusal {
                status: parts.status,
                document,
                headers: [header::RETRY_AFTER, header::WWW_AUTHENTICATE]
                    .into_iter()
                    .filter_map(|name| Some((name.clone(), parts.headers.get(&name)?.clone())))
                    .collect(),
            }),
        }
    }

    /// The same, for what goes on to the browser as it is: a table that is saved.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&'static str, &str)],
        body: Value,
    ) -> Result<Response, PageRefusal> {
        let mut request = Request::builder()
            .method(method)
            .uri(self.inner_address(path, query));
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                request = request.header(*name, value);
            }
        }
        let body = match &body {
            Value::Null => Body::empty(),
            some => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(some.to_string())
            }
        };
        let request = request
            .body(body)
            .map_err(|error| HttpProblem::fault(&error.to_string()))?;
        let (parts, body) = request.into_parts();
        Ok(answer_to(&self.state, self.caller.clone(), parts, body).await?)
    }

    /// Where the API has it. It is told which shop, also where there is only one.
    fn inner_address(&self, path: &str, query: &[(&str, &str)]) -> String {
        let mut asked = url::form_urlencoded::Serializer::new(String::new());
        if let Some(shop) = &self.shop {
            asked.append_pair("shop", &shop.name);
        }
        asked.extend_pairs(query);
        format!("/api{path}?{}", asked.finish())
    }
}
