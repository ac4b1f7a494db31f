//! Settles what was written: both sides are read once more, and what they say then is what was agreed.
//!
//! Neither the plan nor an answer without an error moves what is remembered. Whoever is stopped before this finds, in the next run, two
//! sides that say the same, and agrees on that without a write.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::draw::{DrawnRecord, PendingField, agree, tried};
use super::sides::{self, SaidFields};
use crate::books::agreed_fields::{FieldReadBack, read_back, writes_of_the_day};
use crate::books::names::Party;
use crate::connector::port::{Detail, LedgerReader, ShopReader};
use crate::engine::error::EngineError;
use crate::model::agreed::{
    AgreedField, AgreedPair, AgreedRecord, AgreedSide, FieldConflict, MeantWrite, OwnWrite,
};
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Entity, RecordKey};
use crate::model::shop_change::ShopOutcome;
use crate::store::{StateWriter, StoreError};

/// Keeps what the plan found to be agreed, files what waits for a person, and what a rule is about to decide. Nothing of it depends on a
/// write.
pub fn remember_plan(
    store: &dyn StateWriter,
    target: &str,
    run_id: &str,
    drawn: &[DrawnRecord],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut records = Vec::with_capacity(drawn.len());
    for one in drawn {
        for (conflict, by) in &one.over {
            store.settle_conflict(target, conflict, by, now)?;
        }
        // What is decided is open until it stands: a run that dies in between leaves nobody's value unread.
        let decided = one.writes.values();
        let decided = decided.filter_map(|pending| pending.conflict.as_ref());
        for conflict in one.open.iter().chain(decided) {
            let conflict = FieldConflict {
                run: run_id.to_owned(),
                since: now,
                ..conflict.clone()
            };
            store.open_conflict(target, &conflict)?;
        }
        let mut record = agreed_in(&one.record, run_id, now);
        for (field, pending) in &one.writes {
            mean(&mut record, *field, pending, run_id, now);
        }
        records.push(record);
    }
    store.agree(target, &records)
}

/// Remembers what is about to be written, and agrees on nothing by it.
fn mean(
    record: &mut AgreedRecord,
    field: AgreedField,
    pending: &PendingField,
    run_id: &str,
    now: DateTime<Utc>,
) {
    if !record.fields.contains_key(&field) {
        tried(record, field, &pending.before, Vec::new(), now);
    }
    if let Some(base) = record.fields.get_mut(&field) {
        base.meant = Some(MeantWrite {
            run: run_id.to_owned(),
            before: pending.before.clone(),
            to_shop: pending.write.to_shop.clone(),
            to_books: pending.write.to_books.clone(),
        });
    }
}

/// Reads what was written back, on both sides, and remembers what stands there.
pub async fn settle<S: ShopReader, F: LedgerReader>(
    source: &S,
    finder: &F,
    store: &dyn StateWriter,
    run_id: &str,
    drawn: &[DrawnRecord],
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let written: Vec<&DrawnRecord> = drawn.iter().filter(|one| !one.writes.is_empty()).collect();
    if written.is_empty() {
        return Ok(());
    }
    let records: Vec<&AgreedRecord> = written.iter().map(|one| &one.record).collect();
    let now_in_shop = in_shop(source, &records).await?;
    let now_in_books = in_books(finder, &records).await?;
    let sent = sent_to_shop(store, run_id)?;
    let mut records = Vec::new();
    for one in written {
        let source = &one.record.source;
        let in_books = (source.entity, one.record.remote.clone());
        let (Some(shop), Some(books)) = (now_in_shop.get(source), now_in_books.get(&in_books))
        else {
            continue;
        };
        let was_sent = sent.contains(source);
        let (record, stand) = settled(one, (shop, books), was_sent, run_id, now);
        for pending in stand {
            settle_conflict(store, finder.name(), run_id, pending, now)?;
        }
        records.push(record);
    }
    Ok(store.agree(finder.name(), &records)?)
}

/// What is agreed of a record once both sides were read again, and the writes that stand. Pure.
pub(super) fn settled<'d>(
    one: &'d DrawnRecord,
    (shop, books): (&SaidFields, &SaidFields),
    was_sent: bool,
    run_id: &str,
    now: DateTime<Utc>,
) -> (AgreedRecord, Vec<&'d PendingField>) {
    let mut record = agreed_in(&one.record, run_id, now);
    let mut stand = Vec::new();
    for (field, pending) in &one.writes {
        let Some(after) = pair(*field, shop, books) else {
            continue;
        };
        let pair = match read_back(&pending.before, &pending.write, &after) {
            FieldReadBack::Agreed(pair) => pair,
            FieldReadBack::NotDone | FieldReadBack::NotKept
                if was_sent && pending.write.to_shop.is_some() =>
            {
                let writes = own_writes(pending, now);
                tried(&mut record, *field, &pending.before, writes, now);
                continue;
            }
            _ => continue,
        };
        let agreed = record.fields.get(field).filter(|base| !base.only_tried);
        let agreed = agreed.map(|base| base.pair.clone());
        agree(&mut record, *field, pair, now);
        let base = record
            .fields
            .get_mut(field)
            .expect("it was put there just now");
        run_id.clone_into(&mut base.run);
        base.before = agreed;
        base.writes.extend(own_writes(pending, now));
        base.writes = writes_of_the_day(&base.writes, now);
        stand.push(pending);
    }
    (record, stand)
}

/// What this run has sent to the shop, whatever came of it. What was never sent says nothing of what the shop keeps.
fn sent_to_shop(store: &dyn StateWriter, run_id: &str) -> Result<BTreeSet<RecordKey>, StoreError> {
    let made = store.done_in_shop_by(run_id)?;
    let sent = made.into_iter().filter(|one| {
        matches!(
            one.outcome,
            Some(ShopOutcome::Done(_) | ShopOutcome::Refused(_))
        )
    });
    Ok(sent.map(|one| one.step.source).collect())
}

/// A record with the run in which what is new of it was agreed.
fn agreed_in(record: &AgreedRecord, run_id: &str, now: DateTime<Utc>) -> AgreedRecord {
    let mut record = record.clone();
    let new = record.fields.values_mut();
    for base in new.filter(|base| base.run.is_empty()) {
        run_id.clone_into(&mut base.run);
        base.agreed_at = now;
    }
    record
}

pub(super) fn settle_conflict(
    store: &dyn StateWriter,
    target: &str,
    run_id: &str,
    pending: &PendingField,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let by = pending.write.decided.as_ref().map(|(_, by)| by);
    let (Some(conflict), Some(by)) = (&pending.conflict, by) else {
        return Ok(());
    };
    let conflict = FieldConflict {
        run: run_id.to_owned(),
        since: now,
        ..conflict.clone()
    };
    store.settle_conflict(target, &conflict, by, now)
}

fn own_writes(pending: &PendingField, now: DateTime<Utc>) -> Vec<OwnWrite> {
    let write = &pending.write;
    let sides = [
        (AgreedSide::Books, &write.to_books),
        (AgreedSide::Shop, &write.to_shop),
    ];
    let written = sides.into_iter().filter_map(|(to, value)| {
        Some(OwnWrite {
            at: now,
            to,
            value: Fingerprint::of(&value.as_deref()?),
        })
    });
    written.collect()
}

pub(super) fn pair(
    field: AgreedField,
    shop: &SaidFields,
    books: &SaidFields,
) -> Option<AgreedPair> {
    Some(AgreedPair {
        shop: shop.get(&field)?.known(field)?.to_owned(),
        books: books.get(&field)?.known(field)?.to_owned(),
    })
}

pub(super) async fn in_shop<S: ShopReader>(
    source: &S,
    written: &[&AgreedRecord],
) -> Result<BTreeMap<RecordKey, SaidFields>, EngineError> {
    let ids = |entity: Entity| -> BTreeSet<u64> {
        let of = written.iter().map(|one| &one.source);
        let of = of.filter(|source| source.entity == entity);
        of.filter_map(|source| source.id.parse().ok()).collect()
    };
    let by_id: BTreeMap<(Entity, &str), &RecordKey> = written
        .iter()
        .map(|one| &one.source)
        .map(|source| ((source.entity, source.id.as_str()), source))
        .collect();
    let mut said = BTreeMap::new();
    let accounts = ids(Entity::Customer);
    if !accounts.is_empty() {
        for listed in source.shoppers_named(Detail::Needed, &accounts).await? {
            let Ok(shopper) = listed.record else { continue };
            let id = shopper.id.to_string();
            if let Some(key) = by_id.get(&(Entity::Customer, id.as_str())) {
                let party = Party::of_account(&shopper, "", None);
                said.insert((*key).clone(), sides::of_shopper(&shopper, &party.buyer));
            }
        }
    }
    let products = ids(Entity::Product);
    if !products.is_empty() {
        for listed in source.goods(Detail::Needed, &products).await? {
            let Ok(product) = listed.record else { continue };
            let id = product.id.to_string();
            if let Some(key) = by_id.get(&(Entity::Product, id.as_str())) {
                said.insert((*key).clone(), sides::of_product(&product, Some(false)));
            }
        }
    }
    Ok(said)
}

pub(super) async fn in_books<F: LedgerReader>(
    finder: &F,
    written: &[&AgreedRecord],
) -> Result<BTreeMap<(Entity, String), SaidFields>, EngineError> {
    let ids = |entity: Entity| -> Vec<String> {
        let of = written.iter().filter(|one| one.source.entity == entity);
        let ids: BTreeSet<String> = of.map(|one| one.remote.clone()).collect();
        ids.into_iter().collect()
    };
    let mut said = BTreeMap::new();
    let customers = ids(Entity::Customer);
    if !customers.is_empty() {
        for card in finder.customers(&customers).await?.into_iter().flatten() {
            let key = (Entity::Customer, card.remote.id.clone());
            said.insert(key, sides::of_customer(&card));
        }
    }
    let items = ids(Entity::Product);
    if !items.is_empty() {
        for item in finder.items(&items).await?.into_iter().flatten() {
            said.insert((Entity::Product, item.id.clone()), sides::of_item(&item));
        }
    }
    Ok(said)
}
