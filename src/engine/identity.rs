//! Identity: whether an order is still the one that its documents were made of.
//!
//! A shop that was put back to a backup goes on with ids that it gave out before, and the new order looks like an edit of the old
//! one: same id, same number, other buyer and other goods. What was posted of the old one is not touched then; a person says
//! what becomes of the new one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};

use crate::model::clock::CLOCKS_APART;
use crate::model::code;
use crate::model::document::{DocumentKey, Role};
use crate::model::fault::Reason;
use crate::model::identity::Identity;
use crate::model::link::Link;
use crate::model::order::Order;
use crate::model::overlay::Mapped;
use crate::model::ticket::Found;
use crate::store::{StateReader, StoreError, of_order};

/// The shop's day and the day in UTC are not always the same.
const A_DAY: Days = Days::new(1);

/// What the identities of an order and its refunds say of its documents.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// It is not the order that was posted.
    pub stranger: Option<Reason>,
    /// Refunds that are not those that were posted.
    pub refunds: BTreeMap<DocumentKey, Reason>,
    /// To be remembered once there is a document.
    pub learned: Vec<(DocumentKey, Identity)>,
}

pub(super) fn judge(
    store: &dyn StateReader,
    target: &str,
    order: &Order,
    mapped: Option<&Mapped>,
    links: &BTreeMap<DocumentKey, Link>,
) -> Result<Judged, StoreError> {
    let mut judged = Judged::default();
    let known = match links.is_empty() {
        true => BTreeMap::new(),
        false => store.identities(target, order.id)?,
    };
    let sale = of_order(order.id);
    let is_now = order.identity();
    match known.get(&sale) {
        Some(posted) if !posted.is_same(&is_now) => {
            judged.stranger = Some(reused(order, links, Some(posted.created_at)));
            return Ok(judged);
        }
        Some(posted) if *posted == is_now => {}
        Some(_) => judged.learned.push((sale, is_now)),
        None if links.is_empty() || agrees(store, target, order, mapped, links)? => {
            judged.learned.push((sale, is_now));
        }
        None => {
            judged.stranger = Some(reused(order, links, None));
            return Ok(judged);
        }
    }
    for refund in &order.refunds {
        let key = DocumentKey::of_order(order.id, Role::Refund(refund.id));
        let is_now = refund.identity();
        match known.get(&key) {
            Some(posted) if !posted.is_same(&is_now) => {
                judged.refunds.insert(key, refund_reused(order, refund.id));
            }
            Some(_) => {}
            None => judged.learned.push((key, is_now)),
        }
    }
    Ok(judged)
}

/// Whether a document that was posted before identities were kept can be of this order: the order was there when it was posted,
/// and has the number that it was posted under.
fn agrees(
    store: &dyn StateReader,
    target: &str,
    order: &Order,
    mapped: Option<&Mapped>,
    links: &BTreeMap<DocumentKey, Link>,
) -> Result<bool, StoreError> {
    let sale = of_order(order.id);
    let Some(posted) = links.get(&sale).and_then(|link| link.posted.as_ref()) else {
        return Ok(true);
    };
    let was_there = match store.first_intended(target, sale)? {
        Some(first) => order.created_at <= first + CLOCKS_APART,
        None => !is_dated_before(posted.date, order.created_at),
    };
    let is_composed = matches!(mapped, Some(Mapped::Overlay(overlay)) if overlay.number.is_some())
        || posted
            .document
            .as_ref()
            .is_none_or(|document| document.overlay.number.is_some());
    let has_number = is_composed
        || [order.number.clone(), order.id.to_string()]
            .iter()
            .any(|number| posted.number.contains(number.as_str()));
    Ok(was_there && has_number)
}

fn is_dated_before(date: chrono::NaiveDate, created_at: DateTime<Utc>) -> bool {
    let created = created_at.date_naive();
    date < created.checked_sub_days(A_DAY).unwrap_or(created)
}

/// Of a document that is found by its marker alone: it cannot be older than what it was made of.
pub(super) fn found_before(order: &Order, key: DocumentKey, found: &Found) -> Option<Reason> {
    let created_at = match key.role {
        Role::Refund(id) => order.refunds.iter().find(|one| one.id == id)?.created_at,
        Role::Sale
        | Role::Payment
        | Role::Fee
        | Role::Transfer
        | Role::Credit
        | Role::Bill
        | Role::VendorCredit
        | Role::BillPayment => order.created_at,
    };
    let date = found
        .date
        .filter(|date| is_dated_before(*date, created_at))?;
    Some(
        Reason::new(
            CODE,
            format!(
                "{} {} (`{}`) in QuickBooks carries the mark of order {} (id {}) and is dated {date}, when that order was not there yet: the shop has given the id out a second time",
                found.remote.entity, found.remote.id, found.label, order.number, order.id
            ),
        )
        .hint(HINT),
    )
}

const CODE: &str = code::ORDER_ID_REUSED;

const HINT: &str = "a shop that was put back to a backup, or a copy of it, gives ids out again: see that `url` of `[woocommerce]` leads to \
     the shop itself; then enter the new one in QuickBooks by hand, and set it aside with `udsync retry --skip ID --why TEXT`";

fn reused(
    order: &Order,
    links: &BTreeMap<DocumentKey, Link>,
    before: Option<DateTime<Utc>>,
) -> Reason {
    let numbers: BTreeSet<&str> = links
        .values()
        .filter_map(|link| Some(link.posted.as_ref()?.number.as_str()))
        .collect();
    let numbers: Vec<String> = numbers.iter().map(|number| format!("`{number}`")).collect();
    let before = before.map_or_else(String::new, |before| {
        format!(
            ", and the posted one at {}",
            before.format("%Y-%m-%d %H:%M")
        )
    });
    Reason::new(
        CODE,
        format!(
            "order {} (id {}) is not the order that was posted as {}: the shop has given its id out a second time. This one was made at {}{before}. Nothing of the old one is touched",
            order.number,
            order.id,
            numbers.join(", "),
            order.created_at.format("%Y-%m-%d %H:%M"),
        ),
    )
    .hint(HINT)
}

fn refund_reused(order: &Order, refund: u64) -> Reason {
    Reason::new(
        CODE,
        format!(
            "refund {refund} of order {} (id {}) is not the refund that was posted under this id: it was made at another time. Nothing of the old one is touched",
            order.number, order.id
        ),
    )
    .hint(HINT)
}
