//! The whole world as JSON, out and in again.
//!
//! Indexes are not written; they are built anew. Planned mishaps and the journal
//! of requests are not part of the world and stay where they are.

use super::bank::BankMark;
use super::company::{CompanyCompany, CompanyLimits, Switches};
use super::entity::CompanyEntity;
use super::links;
use super::oauth::Grants;
use super::reports::ReportManner;
use super::world::{CompanyRow, CompanyState, CompanyWorld};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    realm: String,
    company: CompanyCompany,
    switches: Switches,
    limits: Option<CompanyLimits>,
    grants: Grants,
    next_id: [u64; 13],
    next_number: u64,
    made: u64,
    rows: Vec<CompanyKept>,
    marks: Vec<(String, String, String, BankMark)>,
    reports: ReportManner,
    answered: Vec<(String, String)>,
    answered_items: Vec<(String, String, Value)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyKept {
    entity: String,
    made: u64,
    state: String,
    seeded: bool,
    updated: DateTime<Utc>,
    lines: u64,
    versions: Vec<Value>,
}

pub fn take(world: &CompanyWorld) -> Value {
    let mut rows = Vec::new();
    for entity in CompanyEntity::ALL {
        rows.extend(world.rows(entity).map(|(_, row)| CompanyKept {
            entity: entity.name().into(),
            made: row.made,
            state: row.state.word().into(),
            seeded: row.seeded,
            updated: row.updated,
            lines: row.lines,
            versions: row.versions.iter().map(|v| (**v).clone()).collect(),
        }));
    }
    let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
    let whole = Whole {
        realm: world.realm.clone(),
        company: world.company.clone(),
        switches: world.switches,
        limits: world.limits,
        grants: world.grants.clone(),
        next_id: world.next_id,
        next_number: world.next_number,
        made: world.made,
        rows,
        marks: world
            .marks
            .iter()
            .map(|((entity, id, account), mark)| {
                (entity.name().into(), id.clone(), account.clone(), *mark)
            })
            .collect(),
        reports: world.reports.clone(),
        answered: world
            .answered
            .iter()
            .map(|(k, v)| (k.clone(), text(v)))
            .collect(),
        answered_items: world
            .answered_items
            .iter()
            .map(|((r, b), v)| (r.clone(), b.clone(), v.clone()))
            .collect(),
    };
    serde_json::to_value(whole).unwrap_or_default()
}

pub fn read(value: Value) -> Result<CompanyWorld, String> {
    let whole: Whole = serde_json::from_value(value).map_err(|e| e.to_string())?;
    let mut world = CompanyWorld::new(whole.realm, whole.company, whole.grants);
    world.switches = whole.switches;
    world.limits = whole.limits;
    world.next_id = whole.next_id;
    world.next_number = whole.next_number;
    for kept in whole.rows {
        let entity = CompanyEntity::exact(&kept.entity)
            .ok_or_else(|| format!("`{}` is not a kind of object", kept.entity))?;
        let state = CompanyState::from_word(&kept.state)
            .ok_or_else(|| format!("`{}` is not a state", kept.state))?;
        let versions: Vec<Arc<Value>> = kept.versions.into_iter().map(Arc::new).collect();
        let CompanyKept {
            made,
            seeded,
            updated,
            lines,
            ..
        } = kept;
        let row = CompanyRow {
            made,
            state,
            seeded,
            updated,
            lines,
            versions,
        };
        if entity.settles() && state != CompanyState::Deleted {
            note_links(&mut world, &row);
        }
        world.restore(entity, row);
    }
    world.made = whole.made;
    for (entity, id, account, mark) in whole.marks {
        let entity = CompanyEntity::exact(&entity)
            .ok_or_else(|| format!("`{entity}` is not a kind of object"))?;
        world.marks.insert((entity, id, account), mark);
    }
    world.reports = whole.reports;
    world.answered = whole
        .answered
        .into_iter()
        .map(|(k, v)| (k, Bytes::from(v)))
        .collect();
    world.answered_items = whole
        .answered_items
        .into_iter()
        .map(|(r, b, v)| ((r, b), v))
        .collect();
    Ok(world)
}

fn note_links(world: &mut CompanyWorld, row: &CompanyRow) {
    let id = row
        .object()
        .get("Id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    for link in links::links_of(row.object()) {
        let by = world.applied.entry((link.entity, link.id)).or_default();
        *by.entry(id.clone()).or_default() += link.amount;
    }
}
