//! The document of the API in OpenAPI 3.1, made of the very table by which requests are let through and refused.

use serde_json::{Map, Value, json};

use super::operation::{ApiOperation, IfMatch, JSON, OperationAnswer};
use super::{operations, shapes};
use crate::server::problem::PROBLEM_JSON;

/// The version of the API. What is taken out of it, or means something else, is another first number.
pub const VERSION: &str = "1.0.0";

/// Refusals that any operation has.
const ALWAYS: [(u16, &str); 9] = [
    (400, "The request cannot be read"),
    (401, "Nobody is signed in: no token, or none that is good"),
    (403, "The role is too low, or a page of another site asks"),
    (404, "There is nothing of this name, or no such shop"),
    (406, "It is not answered in any type that is accepted"),
    (409, "Something stands in the way"),
    (421, "The request is for a host that is not served"),
    (422, "It makes no sense: each mistake has its place"),
    (429, "Too many tries to come in have failed"),
];

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for operation in operations() {
        let path = format!("/api{}", operation.path);
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[operation.method.as_str().to_lowercase()] = described(&operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "udsync",
            "version": VERSION,
            "summary": "Keeps a WooCommerce shop, its QuickBooks books and a copy in a database in step",
            "description": "Everything that the command line does, for whoever has the right. Times are RFC 3339 in UTC, money is text with a dot, ids are text. Unknown fields and parameters are refused.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "contact": { "name": "udsync", "url": "https://github.com/udsync/udsync" },
        },
        "servers": [{ "url": "http://127.0.0.1:8460", "description": "This machine" }],
        "security": [{ "token": [] }, { "session": [] }],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": shapes::components(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "`udsync access add NAME --role viewer` makes one" },
                "session": { "type": "apiKey", "in": "cookie", "name": "udsync_session", "description": "Of a browser that signed in; `__Host-udsync_session` on https" },
            },
            "responses": responses(),
        },
    })
}

const TAGS: [(&str, &str); 7] = [
    ("sync", "Runs, and what came of them"),
    ("integrations", "What is connected"),
    (
        "mappings",
        "Which fields of the shop feed which fields of the books and of the database",
    ),
    ("webhooks", "What came in"),
    ("doctor", "Whether everything is in order"),
    ("events", "What happens, while it happens"),
    ("access", "Who did what"),
];

fn tags() -> Value {
    TAGS.iter()
        .map(|(name, what)| json!({ "name": name, "description": what }))
        .collect()
}

fn tag(operation: &ApiOperation) -> &'static str {
    let first = operation.path.split('/').nth(1).unwrap_or_default();
    match first {
        "audit" | "openapi.json" => "access",
        first => TAGS
            .iter()
            .map(|(name, _)| *name)
            .find(|name| *name == first)
            .unwrap_or("sync"),
    }
}

fn described(operation: &ApiOperation) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": format!("{}. Takes the role `{}`.", operation.summary, operation.role),
        "tags": [tag(operation)],
        "x-role": operation.role,
        "parameters": parameters(operation),
        "responses": answers(operation),
    });
    if let Some((schema, is_required)) = &operation.body {
        described["requestBody"] = json!({
            "required": is_required,
            "content": { JSON: { "schema": schema } },
        });
    }
    described
}

fn parameters(operation: &ApiOperation) -> Value {
    let mut all = Vec::new();
    for (name, schema, what) in &operation.path_params {
        all.push(json!({ "name": name, "in": "path", "required": true, "schema": schema, "description": what }));
    }
    for (name, schema, what) in &operation.query {
        all.push(json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": what }));
    }
    if operation.of_shop {
        all.push(json!({
            "name": "shop", "in": "query", "required": false, "schema": shapes::shop_name(),
            "description": "The shop, where the token is for several",
        }));
    }
    let header = |name: &str, required: bool, schema: Value, what: &str| json!({ "name": name, "in": "header", "required": required, "schema": schema, "description": what });
    if operation.has_key {
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$" });
        all.push(header(
            "Idempotency-Key",
            false,
            schema,
            "The same request under the same key is done once, and answered the same for a day",
        ));
    }
    match operation.if_match {
        IfMatch::No => {}
        wanted => {
            let schema = json!({ "type": "string", "pattern": "^(\\*|\"[0-9a-f]{12}\")$" });
            let what = "The `ETag` of what the change was made of";
            all.push(header(
                "If-Match",
                wanted == IfMatch::Required,
                schema,
                what,
            ));
        }
    }
    Value::Array(all)
}

fn answers(operation: &ApiOperation) -> Value {
    let mut all = Map::new();
    for answer in &operation.answers {
        all.insert(answer.status.to_string(), answered(answer));
    }
    let refused = |all: &mut Map<String, Value>, status: u16| {
        let reference = json!({ "$ref": format!("#/components/responses/{}", name_of(status)) });
        all.entry(status.to_string()).or_insert(reference);
    };
    for (status, _) in ALWAYS {
        refused(&mut all, status);
    }
    for status in [500, 503] {
        refused(&mut all, status);
    }
    if operation.body.is_some() {
        refused(&mut all, 413);
        refused(&mut all, 415);
    }
    if operation.if_match != IfMatch::No {
        refused(&mut all, 412);
        refused(&mut all, 428);
    }
    for (status, why) in &operation.refuses {
        all.insert(status.to_string(), problem(why));
    }
    Value::Object(all)
}

fn answered(answer: &OperationAnswer) -> Value {
    let mut answered = json!({ "description": answer.what });
    if !answer.content.is_empty() {
        let content: Map<String, Value> = answer
            .content
            .iter()
            .map(|(kind, schema)| ((*kind).to_owned(), json!({ "schema": schema })))
            .collect();
        answered["content"] = Value::Object(content);
    }
    if !answer.headers.is_empty() {
        let headers: Map<String, Value> = answer
            .headers
            .iter()
            .map(|(name, what)| {
                let header = json!({ "description": what, "schema": { "type": "string" } });
                ((*name).to_owned(), header)
            })
            .collect();
        answered["headers"] = Value::Object(headers);
    }
    answered
}

const OTHERS: [(u16, &str); 6] = [
    (412, "Somebody changed it meanwhile"),
    (413, "The body is larger than 1 MB"),
    (415, "The body must be JSON"),
    (428, "`If-Match` is missing"),
    (500, "A fault here; the log has more"),
    (
        503,
        "A service is out of reach, or a file is held by somebody else; try later",
    ),
];

fn name_of(status: u16) -> String {
    format!("Refused{status}")
}

fn responses() -> Value {
    let all = ALWAYS.iter().chain(&OTHERS);
    let all: Map<String, Value> = all
        .map(|(status, what)| {
            let mut response = problem(what);
            if *status == 401 {
                response["headers"] = json!({ "WWW-Authenticate": { "description": "How to sign in", "schema": { "type": "string" } } });
            }
            if *status == 429 {
                response["headers"] = json!({ "Retry-After": { "description": "Seconds", "schema": { "type": "integer" } } });
            }
            (name_of(*status), response)
        })
        .collect();
    Value::Object(all)
}

fn problem(what: &str) -> Value {
    json!({
        "description": what,
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}
