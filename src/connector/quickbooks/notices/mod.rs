//! Notices of QuickBooks: whether a delivery is its own, and which things in the books it names.
//!
//! There are two formats and one address for both, because a switch in Intuit's portal turns one into the other: an object with
//! `eventNotifications`, or a list of CloudEvents. They are told apart by their structure. A delivery holds up to a hundred events of
//! several companies, and is read one by one: what is odd about one of them spoils none of the others, and never the delivery, which
//! QuickBooks would only repeat.

mod changed;
mod time;

use serde_json::{Map, Value};

use crate::connector::signature::GivenSignature;
use crate::model::delivery::{
    DeliveredEvent, Delivery, DeliverySource, EventSays, LookAt, NamedThing,
};
use crate::model::fingerprint::Fingerprint;

pub use self::changed::{BookChanges, ChangedThing};

/// The header that a delivery is signed in.
pub const SIGNATURE: &str = "intuit-signature";

/// What is looked at: the documents that udsync writes, and the names that they carry.
pub const KINDS: [&str; 8] = [
    "SalesReceipt",
    "Invoice",
    "Payment",
    "RefundReceipt",
    "CreditMemo",
    "Purchase",
    "Customer",
    "Item",
];

/// So many kinds of events are named for people.
const NAMED_MAX: usize = 3;

/// Whether QuickBooks signed these bytes with one of the verifier tokens.
pub fn is_signed(given: GivenSignature, body: &[u8], tokens: &[secrecy::SecretString]) -> bool {
    given.is_of(body, tokens)
}

/// Reads a delivery whose signature was found to be good.
pub fn read(body: &[u8]) -> Delivery {
    let mut types = Vec::new();
    let events = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Array(events)) => {
            let events = events.iter();
            events.map(|event| cloud_event(event, &mut types)).collect()
        }
        Ok(Value::Object(fields)) if fields.contains_key("eventNotifications") => {
            notifications(&fields["eventNotifications"], &mut types)
        }
        _ => vec![odd(None)],
    };
    Delivery {
        source: DeliverySource::Quickbooks,
        topic: topic(types),
        is_listened_to: true,
        events,
    }
}

fn odd(company: Option<String>) -> DeliveredEvent {
    DeliveredEvent {
        company,
        says: EventSays::Odd,
    }
}

/// `{"specversion":"1.0","id":…,"type":"qbo.invoice.void.v1","intuitentityid":…,"intuitaccountid":…,"data":{}}`
fn cloud_event(event: &Value, types: &mut Vec<String>) -> DeliveredEvent {
    let Some(fields) = event.as_object() else {
        return odd(None);
    };
    let company = word(fields, "intuitaccountid");
    let kind = fields
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let (Some(company), Some(kind)) = (company.clone(), kind) else {
        return odd(company);
    };
    types.push(kind.clone());
    let says = match kind.split('.').collect::<Vec<_>>().as_slice() {
        ["qbo", entity, operation, "v1"] => {
            // It is sent again under the same name until it was taken.
            let name = word(fields, "id");
            let merged = fields
                .get("data")
                .and_then(|data| word(data.as_object()?, "deletedId"));
            let at = word(fields, "time");
            match (word(fields, "intuitentityid"), name) {
                (Some(id), Some(name)) => look(entity, operation, id, merged, at, |_| {
                    Fingerprint::of(&("cloudevent", &company, &name)).to_string()
                }),
                _ => EventSays::Odd,
            }
        }
        // Another version, another product: not for us.
        _ => EventSays::Nothing,
    };
    DeliveredEvent {
        company: Some(company),
        says,
    }
}

/// `[{"realmId":…,"dataChangeEvent":{"entities":[…]}}]`
fn notifications(list: &Value, types: &mut Vec<String>) -> Vec<DeliveredEvent> {
    let Some(list) = list.as_array() else {
        return vec![odd(None)];
    };
    let mut events = Vec::new();
    for one in list {
        let company = one.as_object().and_then(|fields| word(fields, "realmId"));
        let entities = one
            .pointer("/dataChangeEvent/entities")
            .and_then(Value::as_array);
        match (company, entities) {
            (Some(company), Some(entities)) => {
                let entities = entities.iter();
                events.extend(entities.map(|entity| legacy(&company, entity, types)));
            }
            (company, _) => events.push(odd(company)),
        }
    }
    events
}

/// `{"name":"Invoice","id":"266","operation":"Void","lastUpdated":…,"deletedId":…}`
fn legacy(company: &str, entity: &Value, types: &mut Vec<String>) -> DeliveredEvent {
    let mut says = || {
        let fields = entity.as_object()?;
        let (name, operation) = (word(fields, "name")?, word(fields, "operation")?);
        types.push(format!("{name}.{operation}"));
        let id = word(fields, "id")?;
        let (merged, at) = (word(fields, "deletedId"), word(fields, "lastUpdated"));
        let written = at.clone().unwrap_or_default();
        Some(look(&name, &operation, id.clone(), merged, at, |at| {
            // It has no name of its own. The moment counts, however it is spelled.
            let when = at.map_or(written, |at| at.timestamp_millis().to_string());
            Fingerprint::of(&("legacy", company, &name, &id, &operation, when)).to_string()
        }))
    };
    DeliveredEvent {
        company: Some(company.to_owned()),
        says: says().unwrap_or(EventSays::Odd),
    }
}

fn look(
    entity: &str,
    operation: &str,
    id: String,
    merged: Option<String>,
    at: Option<String>,
    told_as: impl FnOnce(Option<chrono::DateTime<chrono::Utc>>) -> String,
) -> EventSays {
    let mut kinds = KINDS.into_iter();
    let kind = kinds.find(|kind| kind.eq_ignore_ascii_case(entity));
    let operation = operation.to_ascii_lowercase();
    let is_known = matches!(
        operation.as_str(),
        "create"
            | "created"
            | "update"
            | "updated"
            | "delete"
            | "deleted"
            | "merge"
            | "merged"
            | "void"
            | "voided"
            | "emailed"
    );
    let Some(kind) = kind.filter(|_| is_known) else {
        return EventSays::Nothing;
    };
    let changed_at = at.as_deref().and_then(time::read);
    EventSays::Look(LookAt {
        merged: merged.filter(|other| operation.starts_with("merge") && *other != id),
        told_as: told_as(changed_at),
        thing: NamedThing::new(kind, id),
        changed_at,
    })
}

/// A text that says something, or a whole number. Ids are short.
fn word(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => {
            Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text.len() <= 200)
        }
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// For people: what it is about, with no more than a few kinds by name.
fn topic(types: Vec<String>) -> String {
    let mut named: Vec<String> = Vec::new();
    for one in types {
        let plain: String = one
            .chars()
            .filter(|letter| !letter.is_control())
            .take(60)
            .collect();
        if !named.contains(&plain) {
            named.push(plain);
        }
    }
    let more = named.len().saturating_sub(NAMED_MAX);
    named.truncate(NAMED_MAX);
    match more {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests;
