//! Taken back: what becomes of what was agreed, when what a run wrote of it is taken back.
//!
//! Afterwards the two sides say different things, and both are meant: nobody has changed anything since. So what they say then is what
//! is agreed, and the next run finds nothing to do. What was agreed before the run is kept beside it, because whoever asks for the
//! record again wants it decided from there. It goes in three moments: [`mark`] before the first write, so that a run that is cut short
//! is never read as somebody's change; [`settle_taken_back`] when all is written; and `KnownAgreements` when it is asked for again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::settle::{in_books, in_shop, pair};
use super::sides;
use crate::books::agreed_fields;
use crate::connector::port::{LedgerReader, ShopReader};
use crate::engine::error::EngineError;
use crate::model::agreed::{AgreedBase, AgreedField, AgreedPair, AgreedRecord};
use crate::model::both::{CustomerField, ProductField};
use crate::model::draft::{CustomerChange, CustomerInBooks, ItemChange};
use crate::model::names::ItemEntry;
use crate::model::plan::{Entity, RecordKey};
use crate::model::shop_change::{AddressPart, ShopChange};
use crate::store::{StateReader, StateWriter, StoreError};

/// The fields of records that a run wrote, by kind and id.
pub type WrittenFields = BTreeMap<(Entity, String), BTreeSet<AgreedField>>;

/// With how many decimals a price is spelled where only its being another one counts.
const DECIMALS: u32 = 2;

/// Adds the fields of a record.
pub fn add_written(
    all: &mut WrittenFields,
    source: &RecordKey,
    fields: impl IntoIterator<Item = AgreedField>,
) {
    let key = (source.entity, source.id.clone());
    all.entry(key).or_default().extend(fields);
}

/// The fields that a change of the shop is about.
pub fn fields_in_shop(change: &ShopChange) -> BTreeSet<AgreedField> {
    use CustomerField::{
        BillingAddress, Company, Email, FirstName, LastName, Phone, ShippingAddress,
    };
    match change {
        ShopChange::Order { .. } => BTreeSet::new(),
        ShopChange::Customer { change, .. } => {
            let billing = change.billing.keys().map(|part| match part {
                AddressPart::FirstName => FirstName,
                AddressPart::LastName => LastName,
                AddressPart::Company => Company,
                AddressPart::Phone => Phone,
                _ => BillingAddress,
            });
            let shipping = change.shipping.keys().map(|_| ShippingAddress);
            let email = change.billing_email.iter().map(|_| Email);
            let all = billing.chain(shipping).chain(email);
            all.map(AgreedField::Customer).collect()
        }
        ShopChange::Product { change, .. } => {
            let said = [
                (ProductField::Name, change.name.is_some()),
                (ProductField::Sku, change.sku.is_some()),
                (ProductField::Price, change.regular_price.is_some()),
            ];
            let said = said.into_iter().filter(|(_, is_said)| *is_said);
            said.map(|(field, _)| AgreedField::Product(field)).collect()
        }
    }
}

/// What makes a customer what it was, and the fields that differ.
pub fn customer_as_before(
    former: &CustomerInBooks,
    now: &CustomerInBooks,
) -> (CustomerChange, BTreeSet<AgreedField>) {
    let other = |was: &String, is: &String| (was != is).then(|| was.clone());
    let change = CustomerChange {
        first_name: other(&former.first_name, &now.first_name),
        last_name: other(&former.last_name, &now.last_name),
        company: other(&former.company, &now.company),
        email: other(&former.email, &now.email),
        phone: other(&former.phone, &now.phone),
        mobile: other(&former.mobile, &now.mobile),
        note: other(&former.note, &now.note),
        website: other(&former.website, &now.website),
        billing: (former.billing != now.billing).then(|| former.billing.clone()),
        shipping: (former.shipping != now.shipping).then(|| former.shipping.clone()),
    };
    let (was, is) = (sides::of_customer(former), sides::of_customer(now));
    let differ = was.into_iter().filter(|(field, said)| is[field] != *said);
    (change, differ.map(|(field, _)| field).collect())
}

/// What makes an item what it was, and the fields that differ. `None`: it had no price, and nothing takes one off an item.
pub fn item_as_before(
    former: &ItemEntry,
    now: &ItemEntry,
) -> Option<(ItemChange, BTreeSet<AgreedField>)> {
    if former.price.is_none() && now.price.is_some() {
        return None;
    }
    let change = ItemChange {
        name: (former.name != now.name).then(|| former.name.clone()),
        sku: (former.sku != now.sku).then(|| former.sku.clone().unwrap_or_default()),
        price: former.price.filter(|price| now.price != Some(*price)),
    };
    let (was, is) = (sides::of_item(former), sides::of_item(now));
    let differ = was.into_iter().filter(|(field, said)| is[field] != *said);
    Some((change, differ.map(|(field, _)| field).collect()))
}

/// Marks what is about to be taken back, before anything of it is written. `began` is when the run that wrote it did.
pub fn mark(
    store: &dyn StateWriter,
    target: &str,
    written: &WrittenFields,
    run: &str,
    began: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut marked = Vec::new();
    for mut record in every(store, target)? {
        let key = (record.source.entity, record.source.id.clone());
        let Some(fields) = written.get(&key) else {
            continue;
        };
        for field in fields {
            if let Some(base) = record.fields.get_mut(field) {
                match base.meant.take().filter(|meant| meant.run == run) {
                    // It was cut short: it wrote, and nobody has read that back since.
                    Some(meant) => {
                        let agreed = std::mem::replace(&mut base.pair, meant.written());
                        base.before = (!base.only_tried).then_some(agreed);
                        base.agreed_at = began;
                        base.only_tried = false;
                    }
                    // As an earlier version left it, which did not say whose the write was.
                    None if base.agreed_at < began => base.before = Some(base.pair.clone()),
                    None if base.run != run => base.before = None,
                    None => {}
                }
                base.taken_back = true;
                run.clone_into(&mut base.run);
                base.writes.clear();
            }
        }
        record.revision.clear();
        marked.push(record);
    }
    store.agree(target, &marked)
}

/// Reads both sides of what is marked, and remembers what they say as what is agreed. What was not taken back is marked no more.
pub async fn settle_taken_back<S: ShopReader, F: LedgerReader>(
    source: &S,
    finder: &F,
    store: &dyn StateWriter,
    run: &str,
    undoing: &str,
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let is_marked = |base: &AgreedBase| base.taken_back && base.run == run;
    let mut records = every(store, finder.name())?;
    records.retain(|record| record.fields.values().any(is_marked));
    if records.is_empty() {
        return Ok(());
    }
    let of: Vec<&AgreedRecord> = records.iter().collect();
    let (now_in_shop, now_in_books) = (in_shop(source, &of).await?, in_books(finder, &of).await?);
    for record in &mut records {
        let in_books = (record.source.entity, record.remote.clone());
        let (Some(shop), Some(books)) =
            (now_in_shop.get(&record.source), now_in_books.get(&in_books))
        else {
            continue;
        };
        for (field, base) in &mut record.fields {
            let Some(after) = pair(*field, shop, books).filter(|_| is_marked(base)) else {
                continue;
            };
            if after == base.pair {
                base.taken_back = false;
                continue;
            }
            let before = base.before.take();
            base.before = before.or_else(|| as_if_before(*field, &base.pair, &after));
            base.pair = after;
            base.agreed_at = now;
            undoing.clone_into(&mut base.run);
        }
    }
    Ok(store.agree(finder.name(), &records)?)
}

/// What both sides may have agreed on before a run of which that is not known: the side that was written had what it has again, and the
/// other one the same.
fn as_if_before(field: AgreedField, left: &AgreedPair, after: &AgreedPair) -> Option<AgreedPair> {
    match (left.shop == after.shop, left.books == after.books) {
        (false, true) => Some(AgreedPair {
            shop: after.shop.clone(),
            books: agreed_fields::in_books(field, &after.shop).unwrap_or_default(),
        }),
        (true, false) => Some(AgreedPair {
            shop: agreed_fields::in_shop(field, &after.books, DECIMALS).unwrap_or_default(),
            books: after.books.clone(),
        }),
        _ => None,
    }
}

fn every(
    store: &(impl StateReader + ?Sized),
    target: &str,
) -> Result<Vec<AgreedRecord>, StoreError> {
    let mut records = store.agreed(target, Entity::Customer)?;
    records.extend(store.agreed(target, Entity::Product)?);
    Ok(records)
}
