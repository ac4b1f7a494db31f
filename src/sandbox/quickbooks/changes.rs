//! Change data capture: what changed since a moment, a kind at a time.

use super::entity::Entity;
use super::fault::{Done, Fault};
use super::figures::stamp;
use super::search::{moment, whole_seconds};
use super::world::{Row, State, World};
use chrono::{Duration, Utc};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most objects one answer holds, over all kinds together.
const MOST: usize = 1000;

pub fn answer(world: &World, query: &BTreeMap<String, String>) -> Done<Value> {
    let since = query
        .get("changedSince")
        .ok_or_else(|| Fault::missing("changedSince"))?;
    let since = moment(world, None, since).ok_or_else(|| Fault::bad_date("changedSince", since))?;
    if since < Utc::now() - Duration::days(30) {
        return Err(Fault::new(
            "2190",
            "Invalid Date Range",
            "The date range isn't valid.",
        ));
    }
    let names = query
        .get("entities")
        .ok_or_else(|| Fault::missing("entities"))?;
    let mut left = MOST;
    let mut responses = Vec::new();
    for name in names.split(',').map(str::trim) {
        let entity = Entity::any_case(name).filter(|e| {
            !matches!(
                e,
                Entity::TaxCode | Entity::TaxRate | Entity::CompanyInfo | Entity::Preferences
            )
        });
        let entity = entity.ok_or_else(|| {
            Fault::new(
                "2000",
                "Invalid or unsupported object name",
                format!("{name} is not supported"),
            )
        })?;
        let mut rows: Vec<&Row> = world
            .rows(entity)
            .map(|(_, row)| row)
            .filter(|r| whole_seconds(r.updated) >= since)
            .collect();
        rows.sort_by_key(|r| (r.state == State::Deleted, r.updated));
        rows.truncate(left);
        left -= rows.len();
        responses.push(response(entity, &rows));
    }
    Ok(json!([{ "QueryResponse": responses }]))
}

fn response(entity: Entity, rows: &[&Row]) -> Value {
    if rows.is_empty() {
        return json!({});
    }
    let shown: Vec<Value> = rows
        .iter()
        .map(|row| {
            if row.state == State::Deleted {
                stub(row)
            } else {
                row.value()
            }
        })
        .collect();
    let mut out = Map::new();
    out.insert("startPosition".into(), 1.into());
    out.insert("maxResults".into(), shown.len().into());
    if entity.is_document() {
        out.insert("totalCount".into(), shown.len().into());
    }
    out.insert(entity.name().into(), Value::Array(shown));
    Value::Object(out)
}

fn stub(row: &Row) -> Value {
    json!({
        "domain": "QBO",
        "status": "Deleted",
        "Id": row.object().get("Id"),
        "MetaData": { "LastUpdatedTime": stamp(row.updated) },
    })
}
