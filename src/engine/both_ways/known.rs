//! What was agreed on so far, as far as a run needs it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::model::agreed::{AgreedField, AgreedRecord, FieldConflict};
use crate::model::both::{BothWays, FieldFlow, ProductField, SyncDirection};
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Entity, RecordKey};
use crate::store::{StateReader, StoreError};

/// What is remembered of the records that both sides share, and by which rules they are compared.
pub struct KnownAgreements<'a> {
    pub both: &'a BothWays,
    /// Another one than before voids what was agreed.
    pub made_by: Fingerprint,
    /// With how many decimals the shop has its prices, and whether they hold tax.
    pub decimals: u32,
    pub prices_include_tax: Option<bool>,
    pub now: DateTime<Utc>,
    records: BTreeMap<(Entity, String), AgreedRecord>,
    conflicts: BTreeMap<(Entity, String, AgreedField), FieldConflict>,
}

impl<'a> KnownAgreements<'a> {
    pub fn load(
        store: &dyn StateReader,
        target: &str,
        both: &'a BothWays,
        mappings: Option<&Fingerprint>,
        asked: &BTreeSet<(Entity, String)>,
        now: DateTime<Utc>,
    ) -> Result<KnownAgreements<'a>, StoreError> {
        let mut known = KnownAgreements {
            both,
            made_by: Fingerprint::of(&mappings),
            decimals: 2,
            prices_include_tax: None,
            now,
            records: BTreeMap::new(),
            conflicts: BTreeMap::new(),
        };
        for entity in [Entity::Customer, Entity::Product] {
            if !known.goes_both_ways(entity) {
                continue;
            }
            for mut record in store.agreed(target, entity)? {
                let key = (entity, record.source.id.clone());
                if asked.contains(&key) {
                    ask_again(&mut record);
                }
                known.records.insert(key, record);
            }
        }
        if !known.is_off() {
            for conflict in store.open_conflicts(target)? {
                let source = &conflict.source;
                let key = (source.entity, source.id.clone(), conflict.field);
                known.conflicts.insert(key, conflict);
            }
        }
        Ok(known)
    }

    pub fn goes_both_ways(&self, entity: Entity) -> bool {
        let direction = match entity {
            Entity::Customer => self.both.customers,
            Entity::Product => self.both.products,
            Entity::Order | Entity::Refund | Entity::Payout => return false,
        };
        direction == SyncDirection::Both
    }

    pub fn is_off(&self) -> bool {
        !self.goes_both_ways(Entity::Customer) && !self.goes_both_ways(Entity::Product)
    }

    /// What is to be said once for all records.
    pub fn remark(&self) -> Option<String> {
        let rule = self.both.product(ProductField::Price);
        let is_meant = self.goes_both_ways(Entity::Product) && rule.flow != FieldFlow::Off;
        let has_tax = is_meant && self.prices_include_tax == Some(true);
        has_tax.then(|| {
            "the shop's prices include tax, and those of QuickBooks do not: prices are left alone on both sides".to_owned()
        })
    }

    pub fn record(&self, source: &RecordKey) -> Option<&AgreedRecord> {
        self.records.get(&(source.entity, source.id.clone()))
    }

    pub fn conflict(&self, source: &RecordKey, field: AgreedField) -> Option<&FieldConflict> {
        let key = (source.entity, source.id.clone(), field);
        self.conflicts.get(&key)
    }

    pub fn has_conflict(&self, source: &RecordKey) -> bool {
        let mut conflicts = self.conflicts.values();
        conflicts.any(|conflict| {
            conflict.source.entity == source.entity && conflict.source.id == source.id
        })
    }

    /// Whether nothing happened to a record on either side since both agreed, so that nothing has to be read of it.
    pub fn is_quiet(
        &self,
        source: &RecordKey,
        remote: &str,
        revision: &str,
        shop: &Fingerprint,
    ) -> bool {
        let Some(known) = self.record(source) else {
            return false;
        };
        !revision.is_empty()
            && known.remote == remote
            && known.revision == revision
            && known.shop == *shop
            && known.made_by == self.made_by
            && !self.has_conflict(source)
    }

    /// The records of a kind that are known, by id.
    pub fn of(&self, entity: Entity) -> impl Iterator<Item = &AgreedRecord> {
        let records = self.records.values();
        records.filter(move |record| record.source.entity == entity)
    }
}

/// Somebody asks for it again: what was taken back is decided once more from what was agreed before.
fn ask_again(record: &mut AgreedRecord) {
    record.revision.clear();
    record.fields.retain(|_, base| {
        if !std::mem::take(&mut base.taken_back) {
            return true;
        }
        match base.before.take() {
            Some(before) => {
                base.pair = before;
                true
            }
            None => false,
        }
    });
}
