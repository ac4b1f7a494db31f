//! Everything the pretended company holds, and the indexes to find it by.
//!
//! Objects are JSON as a client would read them. The world stores, finds and
//! numbers them; what makes an object right is decided by those who hand it in.

use super::bank::BankMark;
use super::company::{CompanyCompany, CompanyLimits, Switches};
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{folded, stamp, text_of};
use super::notify::{CompanyOperation, News};
use super::oauth::Grants;
use super::reports::ReportManner;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompanyState {
    Active,
    Voided,
    Deleted,
}

impl CompanyState {
    pub fn word(self) -> &'static str {
        match self {
            CompanyState::Active => "active",
            CompanyState::Voided => "voided",
            CompanyState::Deleted => "deleted",
        }
    }

    pub fn from_word(word: &str) -> Option<CompanyState> {
        [
            CompanyState::Active,
            CompanyState::Voided,
            CompanyState::Deleted,
        ]
        .into_iter()
        .find(|s| s.word() == word)
    }
}

pub struct CompanyRow {
    pub made: u64,
    pub state: CompanyState,
    pub seeded: bool,
    pub updated: DateTime<Utc>,
    /// The highest line id ever given out in this document.
    pub lines: u64,
    /// Oldest first. List entries keep only the last one.
    pub versions: Vec<Arc<Value>>,
}

impl CompanyRow {
    pub fn object(&self) -> &Map<String, Value> {
        static NOTHING: std::sync::LazyLock<Map<String, Value>> =
            std::sync::LazyLock::new(Map::new);
        self.versions
            .last()
            .and_then(|v| v.as_object())
            .unwrap_or(&NOTHING)
    }

    pub fn value(&self) -> Value {
        self.versions.last().map_or(Value::Null, |v| (**v).clone())
    }
}

type CompanyIndex = HashMap<&'static str, HashMap<String, BTreeSet<u64>>>;

/// Rows of one kind by id, and their ids by the order they were made.
#[derive(Default)]
pub struct CompanyTable {
    pub rows: HashMap<String, CompanyRow>,
    pub order: BTreeMap<u64, String>,
    index: CompanyIndex,
}

impl CompanyTable {
    fn index(&mut self, entity: CompanyEntity, made: u64, object: &Map<String, Value>, add: bool) {
        for field in entity.indexed() {
            let Some(text) = text_of(object, field) else {
                continue;
            };
            let keys = self.index.entry(field).or_default();
            let key = text.to_lowercase();
            if add {
                keys.entry(key).or_default().insert(made);
            } else if let Some(rows) = keys.get_mut(&key) {
                rows.remove(&made);
                if rows.is_empty() {
                    keys.remove(&key);
                }
            }
        }
    }

    /// The ids of rows whose indexed field has this text, in the order made.
    /// `None` means that the field has no index.
    pub fn having(&self, entity: CompanyEntity, field: &str, text: &str) -> Option<Vec<&String>> {
        entity.indexed().contains(&field).then(|| {
            let rows = self
                .index
                .get(field)
                .and_then(|keys| keys.get(&text.to_lowercase()));
            rows.into_iter()
                .flatten()
                .filter_map(|made| self.order.get(made))
                .collect()
        })
    }
}

pub struct CompanyWorld {
    began: DateTime<Utc>,
    /// So many of the company's seconds pass in one of ours; 0 and 1: it is of our time. A stand-in takes documents many times as fast as
    /// the service lets them in: with this they lie as far apart as they would there. No part of a snapshot.
    pub clock_speed: u32,
    pub realm: String,
    pub company: CompanyCompany,
    pub switches: Switches,
    pub limits: Option<CompanyLimits>,
    pub grants: Grants,
    pub tables: HashMap<CompanyEntity, CompanyTable>,
    names: HashMap<(usize, String), (CompanyEntity, String)>,
    pub next_id: [u64; 13],
    pub made: u64,
    pub next_number: u64,
    /// What each payment applies to an invoice or takes from a credit memo.
    pub applied: HashMap<(CompanyEntity, String), BTreeMap<String, Decimal>>,
    /// What the bank's statements say of the lines that documents have on an account: entity, id, account.
    pub marks: BTreeMap<(CompanyEntity, String, String), BankMark>,
    /// How reports look.
    pub reports: ReportManner,
    /// Answers by requestid, so that a repetition gets the very same bytes.
    pub answered: HashMap<String, Bytes>,
    /// Answers to batch items by requestid and bId.
    pub answered_items: HashMap<(String, String), Value>,
    /// What happened and is to be told.
    pub news: News,
}

impl CompanyWorld {
    pub fn new(realm: String, company: CompanyCompany, grants: Grants) -> CompanyWorld {
        CompanyWorld {
            began: Utc::now(),
            clock_speed: 1,
            realm,
            company,
            switches: Switches::default(),
            limits: None,
            grants,
            tables: HashMap::new(),
            names: HashMap::new(),
            next_id: [101, 51, 1, 31, 2, 3, 1, 1, 701, 5, 101, 101, 1],
            made: 0,
            next_number: 1001,
            applied: HashMap::new(),
            marks: BTreeMap::new(),
            reports: ReportManner::default(),
            answered: HashMap::new(),
            answered_items: HashMap::new(),
            news: News::default(),
        }
    }

    /// By the company's own clock.
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        let faster = self.clock_speed.saturating_sub(1);
        let ahead = i32::try_from(faster).unwrap_or(i32::MAX);
        now + (now - self.began) * ahead
    }

    pub fn today(&self) -> NaiveDate {
        self.now()
            .with_timezone(&self.company.timezone)
            .date_naive()
    }

    pub fn take_id(&mut self, entity: CompanyEntity) -> String {
        let next = &mut self.next_id[entity.sequence()];
        *next += 1;
        (*next - 1).to_string()
    }

    /// The row of an object that is there; deleted documents are not.
    pub fn row(&self, entity: CompanyEntity, id: &str) -> Option<&CompanyRow> {
        self.any_row(entity, id)
            .filter(|row| row.state != CompanyState::Deleted)
    }

    pub fn any_row(&self, entity: CompanyEntity, id: &str) -> Option<&CompanyRow> {
        self.tables.get(&entity)?.rows.get(id)
    }

    pub fn object(&self, entity: CompanyEntity, id: &str) -> Option<&Map<String, Value>> {
        self.row(entity, id).map(CompanyRow::object)
    }

    /// An object that a client wants to read or change.
    pub fn wanted(&self, entity: CompanyEntity, id: &str) -> CompanyDone<&CompanyRow> {
        let pseudo = entity == CompanyEntity::TaxCode && matches!(id, "TAX" | "NON");
        if !pseudo && !id.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CompanyFault::bad_id(id));
        }
        self.row(entity, id).ok_or_else(CompanyFault::not_found)
    }

    /// Follows a reference: 2500 when nothing is there, 610 when it is inactive.
    pub fn follow(
        &self,
        entity: CompanyEntity,
        object: &Map<String, Value>,
        field: &str,
    ) -> CompanyDone<Option<&Map<String, Value>>> {
        let Some(reference) = object.get(field) else {
            return Ok(None);
        };
        let id = reference
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let found = self
            .object(entity, id)
            .ok_or_else(|| CompanyFault::no_such(entity, id))?;
        if found.get("Active") == Some(&Value::Bool(false)) {
            return Err(CompanyFault::not_found());
        }
        Ok(Some(found))
    }

    /// Who has this name already, other than `but`.
    pub fn named(
        &self,
        entity: CompanyEntity,
        name: &str,
        but: Option<&str>,
    ) -> Option<&(CompanyEntity, String)> {
        self.names
            .get(&(entity.sequence(), folded(name)))
            .filter(|(kind, id)| !(*kind == entity && Some(id.as_str()) == but))
    }

    pub fn find_named(&self, entity: CompanyEntity, name: &str) -> Option<String> {
        self.named(entity, name, None)
            .filter(|(kind, _)| *kind == entity)
            .map(|(_, id)| id.clone())
    }

    fn note_name(
        &mut self,
        entity: CompanyEntity,
        id: &str,
        object: &Map<String, Value>,
        add: bool,
    ) {
        if entity.is_document() {
            return;
        }
        let Some(name) = text_of(object, entity.name_field()) else {
            return;
        };
        let key = (entity.sequence(), folded(name));
        if add {
            self.names.entry(key).or_insert((entity, id.to_owned()));
        } else if self
            .names
            .get(&key)
            .is_some_and(|(kind, one)| *kind == entity && one == id)
        {
            self.names.remove(&key);
        }
    }

    /// Puts a new object in. The id must be in it already.
    pub fn insert(
        &mut self,
        entity: CompanyEntity,
        mut object: Map<String, Value>,
        seeded: bool,
    ) -> Value {
        let now = self.now();
        let at = stamp(now);
        object.insert(
            "MetaData".into(),
            json!({ "CreateTime": at, "LastUpdatedTime": at }),
        );
        object.insert("SyncToken".into(), "0".into());
        object.insert("domain".into(), "QBO".into());
        object.insert("sparse".into(), false.into());
        let id = text_of(&object, "Id").unwrap_or_default().to_owned();
        let lines = highest_line(&object);
        self.made += 1;
        let made = self.made;
        self.note_name(entity, &id, &object, true);
        let table = self.tables.entry(entity).or_default();
        table.index(entity, made, &object, true);
        table.order.insert(made, id.clone());
        let value = Value::Object(object);
        let versions = vec![Arc::new(value.clone())];
        let told = id.clone();
        table.rows.insert(
            id,
            CompanyRow {
                made,
                state: CompanyState::Active,
                seeded,
                updated: now,
                lines,
                versions,
            },
        );
        self.happened(entity, &told, CompanyOperation::Create);
        value
    }

    /// Puts a changed object in the place of the old one; `counted` moves the SyncToken.
    pub fn replace(
        &mut self,
        entity: CompanyEntity,
        id: &str,
        mut object: Map<String, Value>,
        counted: bool,
    ) -> Value {
        let now = self.now();
        let Some(row) = self
            .tables
            .get_mut(&entity)
            .and_then(|t| t.rows.get_mut(id))
        else {
            return Value::Null;
        };
        let old = row.versions.last().cloned();
        let old = old.as_ref().and_then(|v| v.as_object());
        let token: u64 = old
            .and_then(|o| text_of(o, "SyncToken"))
            .and_then(|t| t.parse().ok())
            .unwrap_or(0);
        let made = row.made;
        let created = old
            .and_then(|o| o.get("MetaData"))
            .and_then(|m| m.get("CreateTime"))
            .cloned();
        object.insert("Id".into(), id.into());
        object.insert(
            "SyncToken".into(),
            (token + u64::from(counted)).to_string().into(),
        );
        object.insert(
            "MetaData".into(),
            json!({ "CreateTime": created, "LastUpdatedTime": stamp(now) }),
        );
        object.insert("domain".into(), "QBO".into());
        object.insert("sparse".into(), false.into());
        if let Some(old) = old {
            self.note_name(entity, id, old, false);
        }
        self.note_name(entity, id, &object, true);
        let table = self.tables.entry(entity).or_default();
        if let Some(old) = old {
            table.index(entity, made, old, false);
        }
        table.index(entity, made, &object, true);
        let value = Value::Object(object);
        if let Some(row) = table.rows.get_mut(id) {
            row.updated = now;
            row.lines = row.lines.max(value.as_object().map_or(0, highest_line));
            if !entity.is_document() {
                row.versions.clear();
            }
            row.versions.push(Arc::new(value.clone()));
        }
        self.happened(entity, id, CompanyOperation::Update);
        value
    }

    /// Changes the state of a document; a deleted one leaves every index.
    pub fn set_state(&mut self, entity: CompanyEntity, id: &str, state: CompanyState) {
        let now = self.now();
        let Some(table) = self.tables.get_mut(&entity) else {
            return;
        };
        let Some(row) = table.rows.get_mut(id) else {
            return;
        };
        row.state = state;
        row.updated = now;
        if state == CompanyState::Deleted {
            let (made, last) = (row.made, row.versions.last().cloned());
            if let Some(object) = last.as_ref().and_then(|v| v.as_object()) {
                table.index(entity, made, object, false);
                // A name that a merge did away with is free again.
                self.note_name(entity, id, object, false);
            }
        }
        match state {
            CompanyState::Active => {}
            CompanyState::Voided => self.happened(entity, id, CompanyOperation::Void),
            CompanyState::Deleted => self.happened(entity, id, CompanyOperation::Delete),
        }
    }

    /// Puts a row back as a snapshot had it.
    pub fn restore(&mut self, entity: CompanyEntity, row: CompanyRow) {
        let object = row.object().clone();
        let id = text_of(&object, "Id").unwrap_or_default().to_owned();
        self.note_name(entity, &id, &object, true);
        self.made = self.made.max(row.made);
        let table = self.tables.entry(entity).or_default();
        table.order.insert(row.made, id.clone());
        if row.state != CompanyState::Deleted {
            table.index(entity, row.made, &object, true);
        }
        table.rows.insert(id, row);
    }

    /// The rows of one kind in the order they were made.
    pub fn rows(&self, entity: CompanyEntity) -> impl Iterator<Item = (&String, &CompanyRow)> {
        let table = self.tables.get(&entity);
        table.into_iter().flat_map(|t| {
            t.order
                .values()
                .filter_map(|id| Some((id, t.rows.get(id)?)))
        })
    }

    pub fn having(&self, entity: CompanyEntity, field: &str, text: &str) -> Vec<String> {
        let found = self
            .tables
            .get(&entity)
            .and_then(|t| t.having(entity, field, text));
        found.into_iter().flatten().cloned().collect()
    }

    /// `{"value", "name"}` for an object, as references are echoed.
    pub fn reference(&self, entity: CompanyEntity, id: &str) -> Value {
        let name = self
            .object(entity, id)
            .and_then(|o| text_of(o, entity.name_field()));
        match name {
            Some(name) => json!({ "value": id, "name": name }),
            None => json!({ "value": id }),
        }
    }
}

fn highest_line(object: &Map<String, Value>) -> u64 {
    let lines = object.get("Line").and_then(Value::as_array);
    let ids = lines
        .into_iter()
        .flatten()
        .filter_map(|l| l.get("Id")?.as_str()?.parse().ok());
    ids.max().unwrap_or(0)
}
