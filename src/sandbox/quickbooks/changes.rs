//! Change data capture: what changed since a moment, a kind at a time.

use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::stamp;
use super::search::{moment, whole_seconds};
use super::world::{CompanyRow, CompanyState, CompanyWorld};
use chrono::Duration;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most objects one answer holds, over all kinds together.
const MOST: usize = 1000;

pub fn answer(world: &CompanyWorld, query: &BTreeMap<String, String>) -> CompanyDone<Value> {
    let since = query
        .get("changedSince")
        .ok_or_else(|| CompanyFault::missing("changedSince"))?;
    let since =
        moment(world, None, since).ok_or_else(|| CompanyFault::bad_date("changedSince", since))?;
    if since < world.now() - Duration::days(30) {
        return Err(CompanyFault::new(
            "2190",
            "Invalid Date Range",
            "The date range isn't valid.",
        ));
    }
    let names = query
        .get("entities")
        .ok_or_else(|| CompanyFault::missing("entities"))?;
    let mut left = MOST;
    let mut responses = Vec::new();
    for name in names.split(',').map(str::trim) {
        let entity = CompanyEntity::any_case(name).filter(|e| {
            !matches!(
                e,
                CompanyEntity::TaxAgency
                    | CompanyEntity::TaxCode
                    | CompanyEntity::TaxRate
                    | CompanyEntity::CompanyInfo
                    | CompanyEntity::Preferences
            )
        });
        let entity = entity.ok_or_else(|| {
            CompanyFault::new(
                "2000",
                "Invalid or unsupported object name",
                format!("{name} is not supported"),
            )
        })?;
        let mut rows: Vec<&CompanyRow> = world
            .rows(entity)
            .map(|(_, row)| row)
            .filter(|r| whole_seconds(r.updated) >= since)
            .collect();
        rows.sort_by_key(|r| (r.state == CompanyState::Deleted, r.updated));
        rows.truncate(left);
        left -= rows.len();
        responses.push(response(entity, &rows));
    }
    Ok(json!([{ "QueryResponse": responses }]))
}

fn response(entity: CompanyEntity, rows: &[&CompanyRow]) -> Value {
    if rows.is_empty() {
        return json!({});
    }
    let shown: Vec<Value> = rows
        .iter()
        .map(|row| {
            if row.state == CompanyState::Deleted {
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

fn stub(row: &CompanyRow) -> Value {
    json!({
        "domain": "QBO",
        "status": "Deleted",
        "Id": row.object().get("Id"),
        "MetaData": { "LastUpdatedTime": stamp(row.updated) },
    })
}
