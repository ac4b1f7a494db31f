//! Reads what a request asks for, before it is decided whether it gets it.

use super::entity::Entity;
use super::fault::{Done, Fault};
use super::write::Work;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request as it came in.
pub struct Raw {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub content_type: String,
    pub body: bytes::Bytes,
}

pub struct Write {
    pub entity: Entity,
    pub work: Work,
    pub body: Value,
    pub allow_duplicate_number: bool,
}

pub struct Item {
    pub id: String,
    pub what: What,
}

pub enum What {
    Authorize,
    Token,
    Revoke,
    Query(String),
    Read(Entity, String),
    Changes,
    Write(Box<Write>),
    Batch(Vec<Item>),
    /// Something that is refused as soon as the caller proved who they are.
    Refused(Fault),
}

pub struct Call {
    /// Whether it was sent as a write, even if it cannot be read as one.
    posted: bool,
    pub realm: Option<String>,
    pub what: What,
    pub requestid: Option<String>,
}

impl Call {
    pub fn class(&self) -> &'static str {
        match &self.what {
            What::Authorize | What::Token | What::Revoke => "auth",
            What::Write(_) | What::Batch(_) => "write",
            What::Refused(_) if self.posted => "write",
            _ => "read",
        }
    }

    /// The writes in this call: one, or those of a batch.
    pub fn writes(&self) -> Vec<&Write> {
        match &self.what {
            What::Write(write) => vec![write],
            What::Batch(items) => items
                .iter()
                .filter_map(|i| match &i.what {
                    What::Write(write) => Some(&**write),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    pub fn operations(&self) -> Vec<String> {
        match &self.what {
            What::Batch(items) => items.iter().map(|i| operation(&i.what)).collect(),
            one => vec![operation(one)],
        }
    }
}

fn operation(what: &What) -> String {
    match what {
        What::Authorize => "authorize".into(),
        What::Token => "token".into(),
        What::Revoke => "revoke".into(),
        What::Query(text) => {
            let mut words = text
                .split_whitespace()
                .skip_while(|w| !w.eq_ignore_ascii_case("from"));
            let name = words.nth(1).unwrap_or_default();
            match Entity::any_case(name) {
                Some(entity) => format!("query {}", entity.name()),
                None => format!("query {name}"),
            }
        }
        What::Read(entity, _) => format!("read {}", entity.name()),
        What::Changes => "cdc".into(),
        What::Write(write) => format!("{} {}", write.work.word(), write.entity.name()),
        What::Batch(_) => "batch".into(),
        What::Refused(_) => "refused".into(),
    }
}

pub fn read(raw: &Raw) -> Call {
    let parts: Vec<&str> = raw.path.trim_matches('/').split('/').collect();
    let requestid = raw.query.get("requestid").cloned();
    let posted = raw.method == "POST" && parts.last() != Some(&"query");
    let (realm, what) = match parts.as_slice() {
        ["connect", "oauth2"] if raw.method == "GET" => (None, What::Authorize),
        ["oauth2", "v1", "tokens", "bearer"] if raw.method == "POST" => (None, What::Token),
        ["v2", "oauth2", "tokens", "revoke"] if raw.method == "POST" => (None, What::Revoke),
        ["v3", "company", realm, rest @ ..] => (
            Some((*realm).to_owned()),
            below(raw, rest).unwrap_or_else(What::Refused),
        ),
        _ => (None, What::Refused(unknown_path(&raw.path))),
    };
    Call {
        posted,
        realm,
        what,
        requestid,
    }
}

fn unknown_path(path: &str) -> Fault {
    Fault::unsupported(&format!("Could not find resource for relative : {path}"))
}

fn below(raw: &Raw, rest: &[&str]) -> Done<What> {
    match (raw.method.as_str(), rest) {
        ("GET", ["query"]) => {
            let text = raw
                .query
                .get("query")
                .ok_or_else(|| Fault::query_syntax("<EOF>"))?;
            Ok(What::Query(text.clone()))
        }
        ("POST", ["query"]) => {
            if !raw.content_type.starts_with("application/text")
                && !raw.content_type.starts_with("text/plain")
            {
                return Err(content_type(&raw.content_type));
            }
            Ok(What::Query(String::from_utf8_lossy(&raw.body).into_owned()))
        }
        ("GET", ["cdc"]) => Ok(What::Changes),
        ("GET", ["preferences"]) => Ok(What::Read(Entity::Preferences, "1".into())),
        ("GET", [name, id]) => {
            let entity = Entity::in_path(name).ok_or_else(|| unknown_path(&raw.path))?;
            Ok(What::Read(entity, (*id).to_owned()))
        }
        ("POST", ["batch"]) => batch(&json(raw)?),
        ("POST", [name]) => {
            let entity = Entity::in_path(name).ok_or_else(|| unknown_path(&raw.path))?;
            let body = json(raw)?;
            let work = work(raw, &body)?;
            let includes = |word: &str| {
                raw.query
                    .get("include")
                    .is_some_and(|i| i.split(',').any(|w| w == word))
            };
            let allow_duplicate_number = includes("allowduplicatedocnum");
            if work == Work::Void && entity == Entity::SalesReceipt && !includes("void") {
                return Err(Fault::unsupported("void of SalesReceipt this way"));
            }
            Ok(What::Write(Box::new(Write {
                entity,
                work,
                body,
                allow_duplicate_number,
            })))
        }
        _ => Err(unknown_path(&raw.path)),
    }
}

fn work(raw: &Raw, body: &Value) -> Done<Work> {
    let void = raw
        .query
        .get("include")
        .is_some_and(|i| i.split(',').any(|w| w == "void"));
    let by_id = if body.get("Id").is_some_and(|id| !id.is_null()) {
        Work::Update
    } else {
        Work::Create
    };
    match raw.query.get("operation").map(String::as_str) {
        None if void => Err(Fault::unsupported("include=void without operation=update")),
        None => Ok(by_id),
        Some("update") if void => Ok(Work::Void),
        Some("update") => Ok(Work::Update),
        Some("create") => Ok(Work::Create),
        Some("delete") => Ok(Work::Delete),
        Some("void") => Ok(Work::Void),
        Some(other) => Err(Fault::unsupported(other)),
    }
}

fn json(raw: &Raw) -> Done<Value> {
    if !raw.content_type.starts_with("application/json") {
        return Err(content_type(&raw.content_type));
    }
    serde_json::from_slice(&raw.body).map_err(|e| Fault::unreadable(&e.to_string()))
}

fn content_type(given: &str) -> Fault {
    Fault::new(
        "1050",
        "Invalid Content Type",
        format!("The content type {given} is not supported here"),
    )
}

fn batch(body: &Value) -> Done<What> {
    let body = body
        .as_object()
        .ok_or_else(|| Fault::unreadable("the body is not an object"))?;
    if let Some(other) = body.keys().find(|k| *k != "BatchItemRequest") {
        return Err(Fault::unknown_field(other, "IntuitBatchRequest"));
    }
    let items = body
        .get("BatchItemRequest")
        .and_then(Value::as_array)
        .filter(|l| !l.is_empty());
    let items = items.ok_or_else(|| Fault::missing("BatchItemRequest"))?;
    if items.len() > 30 {
        let text = format!("The batch has {} items, 30 are allowed", items.len());
        return Err(Fault::new("1040", "Batch size exceeds allowed limit", text));
    }
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let id = item
            .get("bId")
            .and_then(Value::as_str)
            .ok_or_else(|| Fault::missing("bId"))?;
        if id.is_empty() || id.chars().count() > 10 {
            return Err(Fault::length("bId", 1, 10, id.chars().count()));
        }
        if out.iter().any(|o| o.id == id) {
            return Err(Fault::new(
                "2600",
                "Invalid Request",
                format!("bId {id} is used twice"),
            ));
        }
        out.push(Item {
            id: id.to_owned(),
            what: batch_item(item).unwrap_or_else(What::Refused),
        });
    }
    Ok(What::Batch(out))
}

fn batch_item(item: &Value) -> Done<What> {
    let item = item
        .as_object()
        .ok_or_else(|| Fault::unreadable("a batch item is not an object"))?;
    if let Some(query) = item.get("Query") {
        if let Some(other) = item
            .keys()
            .find(|k| !matches!(k.as_str(), "bId" | "Query" | "operation"))
        {
            return Err(Fault::unknown_field(other, "BatchItemRequest"));
        }
        let text = query
            .as_str()
            .ok_or_else(|| Fault::bad_type("Query", "a text"))?;
        return Ok(What::Query(text.to_owned()));
    }
    let known = |k: &str| matches!(k, "bId" | "operation" | "optionsData");
    let mut named = item.keys().filter(|k| !known(k));
    let name = named.next().ok_or_else(|| Fault::missing("Query"))?;
    if let Some(other) = named.next() {
        return Err(Fault::unknown_field(other, "BatchItemRequest"));
    }
    let entity =
        Entity::exact(name).ok_or_else(|| Fault::unknown_field(name, "BatchItemRequest"))?;
    let options = item
        .get("optionsData")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let has = |word: &str| options.split(',').any(|w| w.trim() == word);
    let work = match item.get("operation").and_then(Value::as_str) {
        None => return Err(Fault::missing("operation")),
        Some("create") => Work::Create,
        Some("update") if has("void") => Work::Void,
        Some("update") => Work::Update,
        Some("delete") => Work::Delete,
        Some(other) => return Err(Fault::bad_enum("operation", other)),
    };
    let allow_duplicate_number = has("allowduplicatedocnum");
    Ok(What::Write(Box::new(Write {
        entity,
        work,
        body: item[name].clone(),
        allow_duplicate_number,
    })))
}
