//! Compared: which of the records that are synced already would come out differently with another mapping.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::records;
use crate::connector::port::{Detail, Listing, Pulled, ShopReader};
use crate::connector::woocommerce::{RecordKind, WooCommerce};
use crate::mapping::shipped::Shipped;
use crate::mapping::{Compiled, MappingOutcome, check};
use crate::model::fault::Fault;
use crate::model::service::{Service, ServiceRole};
use crate::store::{Copies, Memory, Store, StoreError};

const BOOKS: &str = Service::BOOKS.as_str();

/// What the comparison came to.
#[derive(Serialize)]
pub struct MappingDiffDocument {
    pub schema: &'static str,
    pub name: String,
    /// What is compared: the mapping as it is now, and what it is compared with.
    pub now: String,
    pub against: String,
    /// Looked at.
    pub records: usize,
    pub changed: usize,
    /// Synced once, and the shop has them no more.
    pub gone: usize,
    /// How many records differ in a field.
    pub fields: BTreeMap<String, usize>,
    pub changes: Vec<ChangedRecord>,
}

/// A record that comes out differently.
#[derive(Serialize)]
pub struct ChangedRecord {
    pub id: Option<u64>,
    #[serde(skip)]
    pub title: String,
    pub differences: Vec<MappingDifference>,
}

/// A field that differs.
#[derive(Serialize)]
pub struct MappingDifference {
    pub row: usize,
    /// Of the target; `outcome` where the record is left out or refused by one of the two.
    pub field: String,
    pub before: Json,
    pub after: Json,
}

/// So many orders are asked for at once.
const CHUNK: usize = 100;
/// Two mappings and what came of comparing them.
pub struct MappingComparison {
    pub of: &'static Shipped,
    pub now: Arc<Compiled>,
    pub before: Arc<Compiled>,
    pub shipped: Arc<Compiled>,
    pub settings: Json,
    pub seen: usize,
    pub gone: usize,
    pub changes: Vec<ChangedRecord>,
}

impl MappingComparison {
    pub fn new(
        of: &'static Shipped,
        now: Arc<Compiled>,
        before: Arc<Compiled>,
        settings: Json,
    ) -> MappingComparison {
        let shipped = check(&of.path(), of.text, &Default::default());
        MappingComparison {
            of,
            now,
            before,
            shipped: Arc::new(shipped.expect("a test checks every shipped mapping")),
            settings,
            seen: 0,
            gone: 0,
            changes: Vec::new(),
        }
    }

    /// Both say the same, and no other file has a say: the shop need not be asked. `is_own`: the shop has a mapping of its own.
    pub fn is_idle(&self, is_own: bool) -> bool {
        let has_tables = |of: &Compiled| of.mapping.lookup.values().any(|one| one.csv.is_some());
        let same = self.now.mapping == self.before.mapping;
        same && (!is_own || !has_tables(&self.now))
    }

    /// Compares records that were synced before: these orders, or those that are wanted, the newest first where there is a limit.
    pub async fn look(
        &mut self,
        shop: &WooCommerce,
        synced: Vec<u64>,
        wanted: &BTreeSet<u64>,
        limit: usize,
    ) -> Result<(), Fault> {
        match records::kind_of(self.of) {
            RecordKind::Orders => {
                let mut ids: Vec<u64> = if wanted.is_empty() {
                    synced
                } else {
                    wanted.iter().copied().collect()
                };
                ids.sort_unstable();
                let ids = ids.split_off(ids.len().saturating_sub(limit));
                for chunk in ids.chunks(CHUNK) {
                    for pulled in shop.fetch(chunk).await? {
                        self.pulled(pulled);
                    }
                }
            }
            RecordKind::Customers => {
                let mut place = None;
                loop {
                    let page = shop.shoppers(Detail::Whole, place.as_ref()).await?;
                    place = self.page(page, wanted, limit);
                    if place.is_none() {
                        break;
                    }
                }
            }
            RecordKind::Products => {
                let mut place = None;
                loop {
                    let page = shop.products(Detail::Whole, place.as_ref()).await?;
                    place = self.page(page, wanted, limit);
                    if place.is_none() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn page<T>(
        &mut self,
        page: Listing<T>,
        wanted: &BTreeSet<u64>,
        limit: usize,
    ) -> Option<crate::connector::port::ScanPlace> {
        for listed in &page.records {
            let record = records::json(&listed.raw);
            let is_wanted =
                wanted.is_empty() || record["id"].as_u64().is_some_and(|id| wanted.contains(&id));
            if is_wanted && self.seen < limit {
                self.compare(&record);
            }
        }
        page.next.filter(|_| self.seen < limit)
    }

    fn pulled(&mut self, pulled: Pulled) {
        let Pulled::Order(order, told) = pulled else {
            // What cannot be understood has not been synced either.
            self.gone += usize::from(matches!(pulled, Pulled::Gone(_)));
            return;
        };
        if self.of.entity == "refunds" {
            for refund in &told.refunds {
                self.compare(&records::of_order(records::json(refund), order.id));
            }
        } else {
            self.compare(&records::json(&told.order));
        }
    }

    fn compare(&mut self, record: &Json) {
        self.seen += 1;
        let before = self.before.apply(record, &self.settings);
        let after = self.now.apply(record, &self.settings);
        if self.of.target == BOOKS && matches!(after, MappingOutcome::Skip(_)) {
            // What is in the books already is kept up as it was.
            return;
        }
        let (before, after) = (self.said(before, record), self.said(after, record));
        let differences = differences(&before, &after);
        // A field that is fed and empty is as good as one that nothing feeds.
        if differences.is_empty() {
            return;
        }
        self.changes.push(ChangedRecord {
            id: record["id"].as_u64(),
            title: records::title(self.of, record),
            differences,
        });
    }

    /// What the books would show. Where a mapping gives nothing they show what the rules say, and the shipped mapping says the same;
    /// a posted document keeps its number.
    fn said(&self, outcome: MappingOutcome, record: &Json) -> MappingOutcome {
        let (MappingOutcome::Document(mut document), BOOKS) = (outcome.clone(), self.of.target)
        else {
            return outcome;
        };
        let shipped = match self.shipped.apply(record, &self.settings) {
            MappingOutcome::Document(shipped) => {
                shipped.rows.into_iter().next().unwrap_or_default()
            }
            _ => Map::new(),
        };
        for row in &mut document.rows {
            complete(row, &shipped);
            if self.of.entity == "orders" {
                row.remove("number");
            }
        }
        MappingOutcome::Document(document)
    }

    pub fn document(self, now: &str, against: &str) -> MappingDiffDocument {
        let mut fields: BTreeMap<String, usize> = BTreeMap::new();
        for changed in &self.changes {
            let names: BTreeSet<&String> = changed
                .differences
                .iter()
                .map(|difference| &difference.field)
                .collect();
            for name in names {
                *fields.entry(name.clone()).or_default() += 1;
            }
        }
        MappingDiffDocument {
            schema: "udsync/mapping-diff/1",
            name: self.of.name(),
            now: now.to_owned(),
            against: against.to_owned(),
            records: self.seen,
            changed: self.changes.len(),
            gone: self.gone,
            fields,
            changes: self.changes,
        }
    }
}

/// The orders that a target has, by id.
pub fn synced_orders(state: Option<&Store>, target: &str) -> Result<Vec<u64>, StoreError> {
    let Some(state) = state else {
        return Ok(Vec::new());
    };
    Ok(match Service::from_word(target).map(Service::role) {
        Some(ServiceRole::Copy) => state.copied_orders(target)?,
        Some(ServiceRole::Books | ServiceRole::Shop | ServiceRole::Gateway) | None => {
            state.posted_orders(target)?
        }
    })
}

/// Puts what is not said there.
fn complete(row: &mut Map<String, Json>, otherwise: &Map<String, Json>) {
    for (field, value) in otherwise {
        match row.get_mut(field) {
            Some(Json::Object(part)) => {
                if let Json::Object(otherwise) = value {
                    complete(part, otherwise);
                }
            }
            Some(Json::Null) | None => {
                row.insert(field.clone(), value.clone());
            }
            Some(_) => {}
        }
    }
}

fn differences(before: &MappingOutcome, after: &MappingOutcome) -> Vec<MappingDifference> {
    if before == after {
        return Vec::new();
    }
    let (MappingOutcome::Document(before), MappingOutcome::Document(after)) = (before, after)
    else {
        return vec![MappingDifference {
            row: 0,
            field: "outcome".to_owned(),
            before: Json::from(words(before)),
            after: Json::from(words(after)),
        }];
    };
    let mut differences = Vec::new();
    for row in 0..before.rows.len().max(after.rows.len()) {
        let fields = |rows: &[Map<String, Json>]| {
            let mut fields = BTreeMap::new();
            if let Some(row) = rows.get(row) {
                flatten("", row, &mut fields);
            }
            fields
        };
        let (before, after) = (fields(&before.rows), fields(&after.rows));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let value =
                |fields: &BTreeMap<String, Json>| fields.get(name).cloned().unwrap_or(Json::Null);
            let (before, after) = (value(&before), value(&after));
            if before != after {
                differences.push(MappingDifference {
                    row,
                    field: name.clone(),
                    before,
                    after,
                });
            }
        }
    }
    differences
}

fn words(outcome: &MappingOutcome) -> String {
    match outcome {
        MappingOutcome::Document(_) => "mapped".to_owned(),
        MappingOutcome::Skip(because) => format!("skipped: {because}"),
        MappingOutcome::Refusal(refusal) => format!("refused: {refusal}"),
    }
}

/// Groups as names with points: `bill_to.city`.
fn flatten(group: &str, row: &Map<String, Json>, fields: &mut BTreeMap<String, Json>) {
    for (name, value) in row {
        let name = match group {
            "" => name.clone(),
            group => format!("{group}.{name}"),
        };
        match value {
            Json::Object(inner) if !inner.is_empty() && group.matches('.').count() < 3 => {
                flatten(&name, inner, fields);
            }
            value => {
                fields.insert(name, value.clone());
            }
        }
    }
}
