//! Parcels: a row as it goes over the wire, the same text for both ways into the database.
//!
//! Every column of the table is in every parcel, because over REST a column that is not named becomes null. The columns that the
//! database keeps itself are not sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use serde_json::value::RawValue;

use super::clean;
use super::schema::columns::{ColumnKind, columns};
use crate::model::fingerprint::Fingerprint;
use crate::model::row::{Row, Table};
use crate::model::told::write_text;

/// The fingerprint of a row that the shop has no more: it is like none of a row that is there.
pub const BURIED: &str = "buried";

pub struct Parcel {
    pub id: String,
    /// A JSON object.
    pub body: String,
    /// The columns in which something had to be replaced.
    pub replaced: Vec<String>,
    pub fingerprint: Fingerprint,
    pub source_at: Option<DateTime<Utc>>,
}

impl Parcel {
    pub fn of(row: &Row) -> Parcel {
        let mut replaced = Vec::new();
        let columns = row.columns.as_str();
        let kept = may_be_refused(columns).then(|| kept(row.table, columns, &mut replaced));
        let columns = kept.flatten().map_or(Cow::Borrowed(columns), Cow::Owned);
        let raw = row.raw.as_ref().map(|raw| clean::json(raw.text()));
        if matches!(raw, Some(Cow::Owned(_))) {
            replaced.push("raw".to_owned());
        }
        let raw = raw.as_deref().unwrap_or("null");
        let mut body = String::with_capacity(columns.len() + raw.len() + 220);
        // What is ours to say goes in before the object ends. Nothing in it would have to be escaped.
        body.push_str(columns.strip_suffix('}').unwrap_or(&columns));
        body.push_str(",\"raw\":");
        body.push_str(raw);
        body.push_str(",\"fingerprint\":\"");
        body.push_str(row.fingerprint().as_str());
        body.push('"');
        for (name, at) in [("source_at", row.source_at), ("deleted_at", row.deleted_at)] {
            body.push_str(",\"");
            body.push_str(name);
            body.push_str("\":");
            match at {
                // The database keeps no more than six digits, and rounds what it is given beyond them.
                Some(at) => {
                    body.push('"');
                    body.push_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true));
                    body.push('"');
                }
                None => body.push_str("null"),
            }
        }
        body.push('}');
        Parcel {
            id: row.id.clone(),
            body,
            replaced,
            fingerprint: row.fingerprint().clone(),
            source_at: row.source_at,
        }
    }
}

/// WordPress writes `0000-00-00 00:00:00` where there is no date, and no calendar has that day.
const ZERO_DATE: &str = "0000-00-00";

/// Whether there is something in these columns that has to be looked at more closely.
fn may_be_refused(columns: &str) -> bool {
    columns.contains("\\u0000") || columns.contains(ZERO_DATE)
}

/// The columns as the database can keep them. What is not concerned goes out with the very digits and signs that it has.
fn kept(table: Table, told: &str, replaced: &mut Vec<String>) -> Option<String> {
    let told: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(told).ok()?;
    let mut body = String::with_capacity(told.values().map(|raw| raw.get().len() + 32).sum());
    for (name, raw) in told {
        body.push(if body.is_empty() { '{' } else { ',' });
        write_text(&mut body, &name);
        body.push(':');
        let column = columns(table).iter().find(|column| column.name == name);
        let clean = match column.filter(|_| may_be_refused(raw.get())) {
            Some(column) => kept_value(column.kind, raw),
            None => None,
        };
        match clean {
            Some(clean) => {
                body.push_str(&clean.to_string());
                replaced.push(name.into_owned());
            }
            None => body.push_str(raw.get()),
        }
    }
    body.push('}');
    Some(body)
}

/// What stands in the place of a value that the database does not keep. `None`: it keeps it.
fn kept_value(kind: ColumnKind, raw: &RawValue) -> Option<Value> {
    let value: Value = serde_json::from_str(raw.get()).ok()?;
    match is_zero_date(kind, &value) {
        true => Some(Value::Null),
        false => clean::value(&value),
    }
}

fn is_zero_date(kind: ColumnKind, value: &Value) -> bool {
    matches!(kind, ColumnKind::Timestamptz | ColumnKind::Date)
        && value
            .as_str()
            .is_some_and(|text| text.trim_start().starts_with(ZERO_DATE))
}

/// Parcels as one JSON array.
pub fn load(parcels: &[Parcel]) -> String {
    let length: usize = parcels.iter().map(|parcel| parcel.body.len() + 1).sum();
    let mut body = String::with_capacity(length + 2);
    for (at, parcel) in parcels.iter().enumerate() {
        body.push(if at == 0 { '[' } else { ',' });
        body.push_str(&parcel.body);
    }
    body.push(']');
    body
}
