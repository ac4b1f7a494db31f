//! Parcels: a row as it goes over the wire, the same text for both ways into the database.
//!
//! Every column of the table is in every parcel, because over REST a column that is not named becomes null. The columns that the
//! database keeps itself are not sent.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use super::clean;
use super::schema::columns::{ColumnKind, sent};
use crate::model::fingerprint::Fingerprint;
use crate::model::row::Row;

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
        let mut parcel = Parcel {
            id: row.id.clone(),
            body: String::with_capacity(2_000 + row.raw.as_ref().map_or(0, |raw| raw.text().len())),
            replaced: Vec::new(),
            fingerprint: row.fingerprint().clone(),
            source_at: row.source_at,
        };
        let mut sign = '{';
        for column in sent(row.table) {
            parcel.body.push(sign);
            sign = ',';
            // Names of columns are plain letters.
            parcel.body.push('"');
            parcel.body.push_str(column.name);
            parcel.body.push_str("\":");
            match column.name {
                "raw" => parcel.raw(row),
                "fingerprint" => {
                    let fingerprint = parcel.fingerprint.as_str().to_owned();
                    parcel.text(&fingerprint);
                }
                "source_at" => parcel.time(row.source_at),
                "deleted_at" => parcel.time(row.deleted_at),
                name => parcel.value(name, column.kind, row.columns.get(name)),
            }
        }
        parcel.body.push('}');
        parcel
    }

    fn raw(&mut self, row: &Row) {
        let Some(raw) = &row.raw else {
            return self.body.push_str("null");
        };
        let clean = clean::json(raw.text());
        if matches!(clean, std::borrow::Cow::Owned(_)) {
            self.replaced.push("raw".to_owned());
        }
        self.body.push_str(&clean);
    }

    fn value(&mut self, name: &str, kind: ColumnKind, value: Option<&Value>) {
        let Some(value) = value else {
            return self.body.push_str("null");
        };
        if is_zero_date(kind, value) {
            self.replaced.push(name.to_owned());
            return self.body.push_str("null");
        }
        let clean = clean::value(value);
        if clean.is_some() {
            self.replaced.push(name.to_owned());
        }
        match clean.as_ref().unwrap_or(value) {
            Value::Null => self.body.push_str("null"),
            Value::Bool(true) => self.body.push_str("true"),
            Value::Bool(false) => self.body.push_str("false"),
            // Most texts are figures, times and words, which stand in JSON as they are.
            Value::String(text) if text.bytes().all(is_plain) => {
                self.body.push('"');
                self.body.push_str(text);
                self.body.push('"');
            }
            other => {
                let text = serde_json::to_string(other);
                self.body
                    .push_str(&text.expect("a value always has a JSON form"));
            }
        }
    }

    fn time(&mut self, at: Option<DateTime<Utc>>) {
        match at {
            // The database keeps no more than six digits, and rounds what it is given beyond them.
            Some(at) => self.text(&at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => self.body.push_str("null"),
        }
    }

    /// Text without anything that would have to be escaped.
    fn text(&mut self, text: &str) {
        self.body.push('"');
        self.body.push_str(text);
        self.body.push('"');
    }
}

/// Whether JSON writes it as it is.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// WordPress writes `0000-00-00 00:00:00` where there is no date, and no calendar has that day.
fn is_zero_date(kind: ColumnKind, value: &Value) -> bool {
    matches!(kind, ColumnKind::Timestamptz | ColumnKind::Date)
        && value
            .as_str()
            .is_some_and(|text| text.trim_start().starts_with("0000-00-00"))
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
