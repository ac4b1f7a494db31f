//! Thin values: what is left of a write, of an outcome or of an answer once nobody is in it.
//!
//! They still say what it was, by figures, numbers and dates, and digests say whether it was the very same.

use serde::Deserialize;
use serde_json::Value;

use super::cards;
use super::columns::read_json;
use super::error::SqlTrouble;
use super::packed::needed;
use super::veil::take_people;
use crate::model::document::Document;
use crate::model::fingerprint::Fingerprint;
use crate::model::ticket::Write;

/// What identifies a write once nobody is left in it. Beside its fields in the JSON.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Digests {
    /// Of the document with everything in it.
    pub whole: Option<Fingerprint>,
    /// Of the body.
    pub sent: Option<Fingerprint>,
}

/// What was meant by a write, of what is kept of it: without its body and whoever is in its document, and with what identifies it.
pub(super) fn meant(kept: &str) -> Result<(Write, Digests), SqlTrouble> {
    const COLUMN: &str = "ticket_writes.intent";
    let intent = with_digests(&needed(kept, COLUMN)?);
    let write = read_json(&without_people(&intent), COLUMN)?;
    Ok((write, read_json(&intent, COLUMN)?))
}

/// The JSON of a write with its digests. Any other is left as it is.
pub(super) fn with_digests(intent: &str) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(intent) else {
        return intent.to_owned();
    };
    if !fields.contains_key("action") {
        return intent.to_owned();
    }
    if !fields.contains_key("whole")
        && let Some(document) = fields
            .get("document")
            .filter(|document| !document.is_null())
        && let Ok(document) = serde_json::from_value::<Document>(document.clone())
    {
        let digest = Fingerprint::of(&document);
        fields.insert("whole".to_owned(), digest.as_str().into());
    }
    if !fields.contains_key("sent")
        && let Some(body) = fields.get("body").and_then(Value::as_str)
        && !body.is_empty()
    {
        let digest = Fingerprint::of_bytes(body.as_bytes());
        fields.insert("sent".to_owned(), digest.as_str().into());
    }
    Value::Object(fields).to_string()
}

/// What was found of a customer, without the name.
pub(super) fn without_name(outcome: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(outcome).ok()?;
    let label = value.get_mut("done")?.get_mut("label")?;
    if label.as_str() == Some("") {
        return None;
    }
    *label = "".into();
    Some(value.to_string())
}

/// A run's answer without the bodies in it.
pub(super) fn without_bodies(answer: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(answer).ok()?;
    for change in value.get_mut("changes")?.as_array_mut()? {
        if let Some(body) = change.get_mut("body") {
            *body = Value::Null;
        }
    }
    let text = serde_json::to_string_pretty(&value).expect("it was read as JSON");
    Some(text + "\n")
}

/// A value in which nobody is left. What is damaged cannot be read, and so nothing of it is left.
pub(super) fn without_people(json: &str) -> String {
    if let Some(card) = cards::card_alone(json) {
        return card;
    }
    let Ok(mut value) = serde_json::from_str::<Value>(json) else {
        return json.to_owned();
    };
    take_people(&mut value);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("people");
    }
    value.to_string()
}

/// Whether somebody is in a value, sealed or not.
pub(super) fn names_somebody(json: &str) -> bool {
    // What is damaged may name anybody.
    if cards::card_alone(json).is_some() {
        return true;
    }
    let Ok(mut value) = serde_json::from_str::<Value>(json) else {
        return false;
    };
    value.get("people").is_some() || take_people(&mut value).is_some()
}
