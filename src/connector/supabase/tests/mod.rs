//! Rows, from the plan of the requests to what is made of every bad answer.

mod answers;
mod planning;
mod server;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::schema::columns::sent;
use crate::model::raw::Raw;
use crate::model::row::{Columns, OncePrinted, Row, Table};

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// Puts something else into a column.
pub fn put(row: &mut Row, name: &str, value: Value) {
    let mut columns = row.columns.read();
    columns.insert(name.to_owned(), value);
    row.columns = Columns::of(&columns);
}

/// An order as a row, with everything in it that must be there.
pub fn order(id: u64) -> Row {
    let mut columns: Map<String, Value> = sent(Table::Orders)
        .map(|column| (column.name.to_owned(), Value::Null))
        .collect();
    for (name, value) in [
        ("shop", json!("aurora")),
        ("id", json!(id)),
        ("number", json!(id.to_string())),
        ("status", json!("completed")),
        ("currency", json!("CAD")),
        ("total", json!("19.90")),
        ("total_tax", json!("0.00")),
        ("guest", json!(false)),
        ("created_at", json!("2026-11-20T10:00:00Z")),
        ("modified_at", json!("2026-11-20T10:00:00Z")),
    ] {
        columns.insert(name.to_owned(), value);
    }
    for service in ["raw", "fingerprint", "source_at", "deleted_at"] {
        columns.remove(service);
    }
    Row {
        table: Table::Orders,
        id: id.to_string(),
        parent: None,
        source_at: Some(moment("2026-11-20T10:00:00Z")),
        columns: Columns::of(&columns),
        raw: Some(Raw::new(&format!(r#"{{"id":{id},"total":"19.90"}}"#))),
        deleted_at: None,
        printed: OncePrinted::default(),
    }
}
