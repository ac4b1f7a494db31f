//! Operations: one row for each thing that the API can do. Routes, rights, refusals and the document are all made of these rows.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::schema::{self, Schema};
use crate::app::App;
use crate::model::access::AccessRole;
use crate::run::Failure;
use crate::server::access::Caller;
use crate::server::problem::HttpProblem;
use crate::server::shops::ServedShop;
use crate::server::state::ServerState;
use crate::server::{asking, blocking};

pub const JSON: &str = "application/json";

/// What a handler answers.
pub type ApiAnswer = Result<Response, HttpProblem>;

type Handler =
    Arc<dyn Fn(ApiCall) -> Pin<Box<dyn Future<Output = ApiAnswer> + Send>> + Send + Sync>;

/// Whether there is what an address names, asked before anything else of the request is looked at.
type Exists = fn(&App, &ApiCall) -> Result<bool, Failure>;

/// One thing that can be done.
pub struct ApiOperation {
    pub method: Method,
    /// Below `/api`: `/sync/failures/{id}`.
    pub path: &'static str,
    pub id: &'static str,
    pub summary: &'static str,
    pub role: AccessRole,
    pub path_params: Vec<(&'static str, Schema, &'static str)>,
    pub query: Vec<(&'static str, Schema, &'static str)>,
    /// What a body must be, and whether there must be one.
    pub body: Option<(Schema, bool)>,
    /// It starts or makes something, and does so once for a key.
    pub has_key: bool,
    pub if_match: IfMatch,
    pub of_shop: bool,
    /// It changes something, and is written down. Of a GET only where a browser is sent to it by somebody else; a POST that only looks does not.
    pub has_effect: bool,
    pub answers: Vec<OperationAnswer>,
    /// Statuses of refusals beside those that every operation has.
    pub refuses: Vec<(u16, &'static str)>,
    pub exists: Option<Exists>,
    pub handler: Handler,
}

/// Whether whoever changes something must say what they saw of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMatch {
    No,
    Optional,
    Required,
}

/// What comes back where nothing is refused.
pub struct OperationAnswer {
    pub status: u16,
    pub what: &'static str,
    pub content: Vec<(&'static str, Schema)>,
    /// `Location`, `ETag`.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl ApiOperation {
    fn new(
        method: Method,
        path: &'static str,
        id: &'static str,
        summary: &'static str,
    ) -> ApiOperation {
        let method_changes = method != Method::GET;
        ApiOperation {
            role: match method_changes {
                false => AccessRole::Viewer,
                true => AccessRole::Operator,
            },
            method,
            path,
            id,
            summary,
            path_params: Vec::new(),
            query: Vec::new(),
            body: None,
            has_key: false,
            if_match: IfMatch::No,
            of_shop: true,
            has_effect: method_changes,
            answers: Vec::new(),
            refuses: Vec::new(),
            exists: None,
            handler: Arc::new(|_| Box::pin(async { Err(HttpProblem::fault("no handler")) })),
        }
    }

    pub fn get(path: &'static str, id: &'static str, summary: &'static str) -> ApiOperation {
        ApiOperation::new(Method::GET, path, id, summary)
    }

    pub fn post(path: &'static str, id: &'static str, summary: &'static str) -> ApiOperation {
        ApiOperation::new(Method::POST, path, id, summary)
    }

    /// Changes what is there already: whoever does so says what they saw.
    pub fn put(path: &'static str, id: &'static str, summary: &'static str) -> ApiOperation {
        let mut operation = ApiOperation::new(Method::PUT, path, id, summary);
        operation.if_match = IfMatch::Required;
        operation
    }

    pub fn delete(path: &'static str, id: &'static str, summary: &'static str) -> ApiOperation {
        let mut operation = ApiOperation::new(Method::DELETE, path, id, summary);
        operation.if_match = IfMatch::Required;
        operation
    }

    pub fn role(mut self, role: AccessRole) -> ApiOperation {
        self.role = role;
        self
    }

    /// A GET that changes something.
    pub fn with_effect(mut self) -> ApiOperation {
        self.has_effect = true;
        self
    }

    /// It is about the process and not about one of its shops.
    pub fn of_process(mut self) -> ApiOperation {
        self.of_shop = false;
        self
    }

    pub fn path_param(
        mut self,
        name: &'static str,
        schema: Schema,
        what: &'static str,
    ) -> ApiOperation {
        self.path_params.push((name, schema, what));
        self
    }

    pub fn query(mut self, name: &'static str, schema: Schema, what: &'static str) -> ApiOperation {
        self.query.push((name, schema, what));
        self
    }

    /// A list, read page by page.
    pub fn paged(self) -> ApiOperation {
        self.query(
            "limit",
            schema::integer(1, 200),
            "So many items; 50 if not given",
        )
        .query(
            "cursor",
            schema::line(400),
            "Where to go on, as the page before said in `next_cursor`",
        )
    }

    pub fn body(mut self, schema: Schema) -> ApiOperation {
        self.body = Some((schema, true));
        self
    }

    pub fn body_or_none(mut self, schema: Schema) -> ApiOperation {
        self.body = Some((schema, false));
        self
    }

    /// Once for a key.
    pub fn once(mut self) -> ApiOperation {
        self.has_key = true;
        self
    }

    pub fn if_match(mut self, if_match: IfMatch) -> ApiOperation {
        self.if_match = if_match;
        self
    }

    pub fn answers(mut self, status: u16, what: &'static str, schema: Schema) -> ApiOperation {
        self.answers.push(OperationAnswer {
            status,
            what,
            content: vec![(JSON, schema)],
            headers: Vec::new(),
        });
        self
    }

    pub fn answers_nothing(mut self, status: u16, what: &'static str) -> ApiOperation {
        self.answers.push(OperationAnswer {
            status,
            what,
            content: Vec::new(),
            headers: Vec::new(),
        });
        self
    }

    /// The last answer, as something else too.
    pub fn or_as(mut self, kind: &'static str) -> ApiOperation {
        if let Some(answer) = self.answers.last_mut() {
            answer.content.push((kind, schema::text()));
        }
        self
    }

    /// The last answer has this header.
    pub fn with_header(mut self, name: &'static str, what: &'static str) -> ApiOperation {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.push((name, what));
        }
        self
    }

    /// The last answer has a tag of what was seen; whoever has it still gets no second copy.
    pub fn tagged(self) -> ApiOperation {
        let is_get = self.method == Method::GET;
        let tagged = self.with_header("ETag", "What was seen, for `If-Match` and `If-None-Match`");
        match is_get {
            true => tagged.answers_nothing(304, "It is as `If-None-Match` says"),
            false => tagged,
        }
    }

    pub fn refuses(mut self, status: u16, why: &'static str) -> ApiOperation {
        self.refuses.push((status, why));
        self
    }

    /// It changes nothing, though it brings a body: it is in no audit.
    pub fn only_looks(mut self) -> ApiOperation {
        self.has_effect = false;
        self
    }

    pub fn where_is(mut self, exists: Exists) -> ApiOperation {
        self.exists = Some(exists);
        self
    }

    pub fn by<F, A>(mut self, handler: F) -> ApiOperation
    where
        F: Fn(ApiCall) -> A + Send + Sync + 'static,
        A: Future<Output = ApiAnswer> + Send + 'static,
    {
        self.handler = Arc::new(move |call| Box::pin(handler(call)));
        self
    }

    /// The types that it can answer in, the usual one first.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.answers
            .iter()
            .flat_map(|answer| answer.content.iter().map(|(kind, _)| *kind))
    }
}

/// A request that may be done and makes sense.
#[derive(Clone)]
pub struct ApiCall {
    pub state: Arc<ServerState>,
    pub caller: Caller,
    pub(super) shop: Option<Arc<ServedShop>>,
    pub(super) path: BTreeMap<&'static str, String>,
    pub(super) query: Map<String, Value>,
    pub(super) body: Value,
    pub headers: HeaderMap,
    /// The type that is wanted of those that can be answered.
    pub kind: &'static str,
}

impl ApiCall {
    /// The shop that it is about.
    pub fn shop(&self) -> &Arc<ServedShop> {
        self.shop
            .as_ref()
            .expect("an operation of a shop is refused without one")
    }

    pub fn path(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).and_then(Value::as_str)
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        self.query.get(name).and_then(Value::as_u64)
    }

    pub fn day(&self, name: &str) -> Option<chrono::NaiveDate> {
        self.text(name).and_then(|day| day.parse().ok())
    }

    /// The body, which fits its schema.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, HttpProblem> {
        serde_path_to_error::deserialize(self.body.clone()).map_err(|error| {
            let path = error
                .path()
                .to_string()
                .replace(['.', '['], "/")
                .replace(']', "");
            unprocessable("the body cannot be used")
                .error(format!("/{path}"), error.inner().to_string())
        })
    }

    /// Work with the shop as it is configured now, off the threads that answer.
    pub async fn with_app<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, HttpProblem> {
        let shop = self.shop().clone();
        Ok(blocking(move || work(&shop.open()?)).await??)
    }

    /// Work that asks services, on a thread and in a runtime of its own: nobody who answers over HTTP waits for it.
    pub async fn asking<T, A>(
        &self,
        work: impl FnOnce(App) -> A + Send + 'static,
    ) -> Result<T, HttpProblem>
    where
        T: Send + 'static,
        A: Future<Output = Result<T, Failure>>,
    {
        asking(self.shop().clone(), work).await
    }
}

/// A refusal of what is well written and makes no sense.
pub fn unprocessable(what: &str) -> HttpProblem {
    HttpProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "request_wrong", what)
}

/// A document as an answer.
pub fn answer(status: StatusCode, document: &impl Serialize) -> Response {
    let text = serde_json::to_string(document).expect("our own values always have a JSON form");
    (status, [(header::CONTENT_TYPE, JSON)], text).into_response()
}

/// What changed, for the audit. Handlers put it into the extensions of their answer.
#[derive(Clone, Debug, Default)]
pub struct AuditedChange {
    /// Where the address names no shop.
    pub shop: Option<String>,
    pub target: Option<String>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// What an address names is not there.
pub fn not_there() -> HttpProblem {
    HttpProblem::new(
        StatusCode::NOT_FOUND,
        "not_there",
        "there is nothing of this name",
    )
}
