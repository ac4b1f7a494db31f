//! Reads what a request asks for, before it is decided whether it gets it.

use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::write::CompanyWork;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request as it came in.
pub struct CompanyRaw {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub content_type: String,
    pub body: bytes::Bytes,
}

pub struct CompanyWrite {
    pub entity: CompanyEntity,
    pub work: CompanyWork,
    pub body: Value,
    pub allow_duplicate_number: bool,
}

pub struct CompanyItem {
    pub id: String,
    pub what: CompanyWhat,
}

pub enum CompanyWhat {
    Authorize,
    Token,
    Revoke,
    Query(String),
    Read(CompanyEntity, String),
    Changes,
    Report(String),
    Write(Box<CompanyWrite>),
    Batch(Vec<CompanyItem>),
    /// Something that is refused as soon as the caller proved who they are.
    Refused(CompanyFault),
}

pub struct CompanyCall {
    /// Whether it was sent as a write, even if it cannot be read as one.
    posted: bool,
    pub realm: Option<String>,
    pub what: CompanyWhat,
    pub requestid: Option<String>,
}

impl CompanyCall {
    pub fn class(&self) -> &'static str {
        match &self.what {
            CompanyWhat::Authorize | CompanyWhat::Token | CompanyWhat::Revoke => "auth",
            CompanyWhat::Write(_) | CompanyWhat::Batch(_) => "write",
            CompanyWhat::Refused(_) if self.posted => "write",
            _ => "read",
        }
    }

    /// The writes in this call: one, or those of a batch.
    pub fn writes(&self) -> Vec<&CompanyWrite> {
        match &self.what {
            CompanyWhat::Write(write) => vec![write],
            CompanyWhat::Batch(items) => items
                .iter()
                .filter_map(|i| match &i.what {
                    CompanyWhat::Write(write) => Some(&**write),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    pub fn operations(&self) -> Vec<String> {
        match &self.what {
            CompanyWhat::Batch(items) => items.iter().map(|i| operation(&i.what)).collect(),
            one => vec![operation(one)],
        }
    }
}

fn operation(what: &CompanyWhat) -> String {
    match what {
        CompanyWhat::Authorize => "authorize".into(),
        CompanyWhat::Token => "token".into(),
        CompanyWhat::Revoke => "revoke".into(),
        CompanyWhat::Query(text) => {
            let mut words = text
                .split_whitespace()
                .skip_while(|w| !w.eq_ignore_ascii_case("from"));
            let name = words.nth(1).unwrap_or_default();
            match CompanyEntity::any_case(name) {
                Some(entity) => format!("query {}", entity.name()),
                None => format!("query {name}"),
            }
        }
        CompanyWhat::Read(entity, _) => format!("read {}", entity.name()),
        CompanyWhat::Changes => "cdc".into(),
        CompanyWhat::Report(name) => format!("report {name}"),
        CompanyWhat::Write(write) => format!("{} {}", write.work.word(), write.entity.name()),
        CompanyWhat::Batch(_) => "batch".into(),
        CompanyWhat::Refused(_) => "refused".into(),
    }
}

pub fn read(raw: &CompanyRaw) -> CompanyCall {
    let parts: Vec<&str> = raw.path.trim_matches('/').split('/').collect();
    let requestid = raw.query.get("requestid").cloned();
    let posted = raw.method == "POST" && parts.last() != Some(&"query");
    let (realm, what) = match parts.as_slice() {
        ["connect", "oauth2"] if raw.method == "GET" => (None, CompanyWhat::Authorize),
        ["oauth2", "v1", "tokens", "bearer"] if raw.method == "POST" => (None, CompanyWhat::Token),
        ["v2", "oauth2", "tokens", "revoke"] if raw.method == "POST" => (None, CompanyWhat::Revoke),
        ["v3", "company", realm, rest @ ..] => (
            Some((*realm).to_owned()),
            below(raw, rest).unwrap_or_else(CompanyWhat::Refused),
        ),
        _ => (None, CompanyWhat::Refused(unknown_path(&raw.path))),
    };
    CompanyCall {
        posted,
        realm,
        what,
        requestid,
    }
}

fn unknown_path(path: &str) -> CompanyFault {
    CompanyFault::unsupported(&format!("Could not find resource for relative : {path}"))
}

fn below(raw: &CompanyRaw, rest: &[&str]) -> CompanyDone<CompanyWhat> {
    match (raw.method.as_str(), rest) {
        ("GET", ["query"]) => {
            let text = raw
                .query
                .get("query")
                .ok_or_else(|| CompanyFault::query_syntax("<EOF>"))?;
            Ok(CompanyWhat::Query(text.clone()))
        }
        ("POST", ["query"]) => {
            if !raw.content_type.starts_with("application/text")
                && !raw.content_type.starts_with("text/plain")
            {
                return Err(content_type(&raw.content_type));
            }
            Ok(CompanyWhat::Query(
                String::from_utf8_lossy(&raw.body).into_owned(),
            ))
        }
        ("GET", ["cdc"]) => Ok(CompanyWhat::Changes),
        ("GET", ["reports", name]) => Ok(CompanyWhat::Report((*name).to_owned())),
        ("GET", ["preferences"]) => Ok(CompanyWhat::Read(CompanyEntity::Preferences, "1".into())),
        ("GET", [name, id]) => {
            let entity = CompanyEntity::in_path(name).ok_or_else(|| unknown_path(&raw.path))?;
            Ok(CompanyWhat::Read(entity, (*id).to_owned()))
        }
        ("POST", ["batch"]) => batch(&json(raw)?),
        ("POST", [name]) => {
            let entity = CompanyEntity::in_path(name).ok_or_else(|| unknown_path(&raw.path))?;
            let body = json(raw)?;
            let work = work(raw, &body)?;
            let includes = |word: &str| {
                raw.query
                    .get("include")
                    .is_some_and(|i| i.split(',').any(|w| w == word))
            };
            let allow_duplicate_number = includes("allowduplicatedocnum");
            if work == CompanyWork::Void
                && matches!(
                    entity,
                    CompanyEntity::SalesReceipt | CompanyEntity::BillPayment
                )
                && !includes("void")
            {
                return Err(CompanyFault::unsupported(&format!(
                    "void of {} this way",
                    entity.name()
                )));
            }
            Ok(CompanyWhat::Write(Box::new(CompanyWrite {
                entity,
                work,
                body,
                allow_duplicate_number,
            })))
        }
        _ => Err(unknown_path(&raw.path)),
    }
}

fn work(raw: &CompanyRaw, body: &Value) -> CompanyDone<CompanyWork> {
    let void = raw
        .query
        .get("include")
        .is_some_and(|i| i.split(',').any(|w| w == "void"));
    let by_id = if body.get("Id").is_some_and(|id| !id.is_null()) {
        CompanyWork::Update
    } else {
        CompanyWork::Create
    };
    match raw.query.get("operation").map(String::as_str) {
        None if void => Err(CompanyFault::unsupported(
            "include=void without operation=update",
        )),
        None => Ok(by_id),
        Some("update") if void => Ok(CompanyWork::Void),
        Some("update") => Ok(CompanyWork::Update),
        Some("create") => Ok(CompanyWork::Create),
        Some("delete") => Ok(CompanyWork::Delete),
        Some("void") => Ok(CompanyWork::Void),
        Some(other) => Err(CompanyFault::unsupported(other)),
    }
}

fn json(raw: &CompanyRaw) -> CompanyDone<Value> {
    if !raw.content_type.starts_with("application/json") {
        return Err(content_type(&raw.content_type));
    }
    serde_json::from_slice(&raw.body).map_err(|e| CompanyFault::unreadable(&e.to_string()))
}

fn content_type(given: &str) -> CompanyFault {
    CompanyFault::new(
        "1050",
        "Invalid Content Type",
        format!("The content type {given} is not supported here"),
    )
}

fn batch(body: &Value) -> CompanyDone<CompanyWhat> {
    let body = body
        .as_object()
        .ok_or_else(|| CompanyFault::unreadable("the body is not an object"))?;
    if let Some(other) = body.keys().find(|k| *k != "BatchItemRequest") {
        return Err(CompanyFault::unknown_field(other, "IntuitBatchRequest"));
    }
    let items = body
        .get("BatchItemRequest")
        .and_then(Value::as_array)
        .filter(|l| !l.is_empty());
    let items = items.ok_or_else(|| CompanyFault::missing("BatchItemRequest"))?;
    if items.len() > 30 {
        let text = format!("The batch has {} items, 30 are allowed", items.len());
        return Err(CompanyFault::new(
            "1040",
            "Batch size exceeds allowed limit",
            text,
        ));
    }
    let mut out: Vec<CompanyItem> = Vec::with_capacity(items.len());
    for item in items {
        let id = item
            .get("bId")
            .and_then(Value::as_str)
            .ok_or_else(|| CompanyFault::missing("bId"))?;
        if id.is_empty() || id.chars().count() > 10 {
            return Err(CompanyFault::length("bId", 1, 10, id.chars().count()));
        }
        if out.iter().any(|o| o.id == id) {
            return Err(CompanyFault::new(
                "2600",
                "Invalid Request",
                format!("bId {id} is used twice"),
            ));
        }
        out.push(CompanyItem {
            id: id.to_owned(),
            what: batch_item(item).unwrap_or_else(CompanyWhat::Refused),
        });
    }
    Ok(CompanyWhat::Batch(out))
}

fn batch_item(item: &Value) -> CompanyDone<CompanyWhat> {
    let item = item
        .as_object()
        .ok_or_else(|| CompanyFault::unreadable("a batch item is not an object"))?;
    if let Some(query) = item.get("Query") {
        if let Some(other) = item
            .keys()
            .find(|k| !matches!(k.as_str(), "bId" | "Query" | "operation"))
        {
            return Err(CompanyFault::unknown_field(other, "BatchItemRequest"));
        }
        let text = query
            .as_str()
            .ok_or_else(|| CompanyFault::bad_type("Query", "a text"))?;
        return Ok(CompanyWhat::Query(text.to_owned()));
    }
    let known = |k: &str| matches!(k, "bId" | "operation" | "optionsData");
    let mut named = item.keys().filter(|k| !known(k));
    let name = named.next().ok_or_else(|| CompanyFault::missing("Query"))?;
    if let Some(other) = named.next() {
        return Err(CompanyFault::unknown_field(other, "BatchItemRequest"));
    }
    let entity = CompanyEntity::exact(name)
        .ok_or_else(|| CompanyFault::unknown_field(name, "BatchItemRequest"))?;
    let options = item
        .get("optionsData")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let has = |word: &str| options.split(',').any(|w| w.trim() == word);
    let work = match item.get("operation").and_then(Value::as_str) {
        None => return Err(CompanyFault::missing("operation")),
        Some("create") => CompanyWork::Create,
        Some("update") if has("void") => CompanyWork::Void,
        Some("update") => CompanyWork::Update,
        Some("delete") => CompanyWork::Delete,
        Some(other) => return Err(CompanyFault::bad_enum("operation", other)),
    };
    let allow_duplicate_number = has("allowduplicatedocnum");
    Ok(CompanyWhat::Write(Box::new(CompanyWrite {
        entity,
        work,
        body: item[name].clone(),
        allow_duplicate_number,
    })))
}
