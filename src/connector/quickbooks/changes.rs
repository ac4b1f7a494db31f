//! Changes of names: how it is told whether an update of a customer or an item was done.
//!
//! A name carries no marker of ours. But an update says only what it puts there, so it was done if all of that stands there, by
//! whomever. It is compared as JSON, because that is how both are written; numbers count by their value.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::model::fault::Fault;
use crate::model::plan::RemoteKind;
use crate::model::ticket::{Found, Write};

use super::client::BooksClient;
use super::query::{ANY, rows};
use super::{found, wire};

/// What stands in the books for each of these updates, with the content of its body where all of that is there.
pub async fn look(client: &BooksClient, writes: &[&Write]) -> Result<Vec<Option<Found>>, Fault> {
    let mut ids: BTreeMap<RemoteKind, Vec<&str>> = BTreeMap::new();
    for write in writes {
        if let Some(remote) = &write.remote {
            ids.entry(write.entity).or_default().push(&remote.id);
        }
    }
    let mut standing = Vec::new();
    for (entity, ids) in ids {
        let rows: Vec<Value> = rows(client, entity.as_str(), "Id", &ids, ANY).await?;
        standing.extend(rows.into_iter().map(|row| (entity, row)));
    }
    Ok(writes
        .iter()
        .map(|write| {
            let wanted = write.remote.as_ref()?;
            let (_, row) = standing
                .iter()
                .find(|(entity, row)| *entity == write.entity && row["Id"] == wanted.id.as_str())?;
            let mut found = name(write.entity, row)?;
            if holds(&write.body, row) {
                found.content = found::content_of_name(&write.body);
            }
            Some(found)
        })
        .collect())
}

fn name(entity: RemoteKind, row: &Value) -> Option<Found> {
    let text = row.to_string();
    match entity {
        RemoteKind::Customer => {
            found::person(&serde_json::from_str::<wire::PersonAnswer>(&text).ok()?)
        }
        RemoteKind::Vendor => {
            found::vendor(&serde_json::from_str::<wire::PersonAnswer>(&text).ok()?)
        }
        _ => found::item(&serde_json::from_str::<wire::ItemAnswer>(&text).ok()?),
    }
}

/// Whether everything that a body says stands there.
fn holds(body: &str, row: &Value) -> bool {
    const STAMPS: [&str; 3] = ["Id", "SyncToken", "sparse"];
    let Ok(fields) = serde_json::from_str::<Map<String, Value>>(body) else {
        return false;
    };
    fields
        .iter()
        .filter(|(field, _)| !STAMPS.contains(&field.as_str()))
        .all(|(field, meant)| is_there(meant, &row[field]))
}

fn is_there(meant: &Value, stands: &Value) -> bool {
    match (meant, stands) {
        (Value::Object(meant), Value::Object(stands)) => meant
            .iter()
            .all(|(field, meant)| is_there(meant, stands.get(field).unwrap_or(&Value::Null))),
        (Value::Number(_), Value::Number(_)) => match (number(meant), number(stands)) {
            (Some(meant), Some(stands)) => meant == stands,
            _ => meant == stands,
        },
        // An empty text comes back or not.
        (Value::String(text), Value::Null) => text.is_empty(),
        // QuickBooks drops blanks at the ends.
        (Value::String(meant), Value::String(stands)) => meant.trim() == stands.trim(),
        (meant, stands) => meant == stands,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    value.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_update_was_done_when_all_that_it_says_stands_there() {
        let body = r#"{"Id":"7","SyncToken":"3","sparse":true,"PrimaryPhone":{"FreeFormNumber":"604 "},"UnitPrice":12.50}"#;
        let stands = json!({
            "Id": "7", "SyncToken": "4", "DisplayName": "Ann Lee",
            "PrimaryPhone": { "FreeFormNumber": "604" }, "UnitPrice": 12.5
        });
        assert!(holds(body, &stands));
        let other = json!({ "Id": "7", "SyncToken": "4", "PrimaryPhone": { "FreeFormNumber": "1" }, "UnitPrice": 12.5 });
        assert!(!holds(body, &other));
        assert!(!holds(body, &json!({ "Id": "7", "SyncToken": "3" })));
        assert!(!found::content_of_name(body).is_empty());
        assert_eq!(found::content_of_name(r#"{"DisplayName":"Ann Lee"}"#), "");
    }
}
