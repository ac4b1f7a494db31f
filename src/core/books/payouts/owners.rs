//! Owners: to which order a row belongs, where the service does not say it outright.
//!
//! A plugin writes the order's id and the site on a charge. Where it did not, the order knows the charge: its transaction. What another
//! site says of itself is believed.

use std::collections::BTreeMap;

use crate::model::order::Order;
use crate::model::payout::{PayoutOwner, PayoutRow};

/// The rows with their owners: an order that the shop has, by the charge where by nothing else.
pub fn with_owners(mut rows: Vec<PayoutRow>, orders: &BTreeMap<u64, Order>) -> Vec<PayoutRow> {
    let by_transaction: BTreeMap<&str, u64> = orders
        .values()
        .filter(|order| !order.transaction.is_empty())
        .map(|order| (order.transaction.as_str(), order.id))
        .collect();
    for row in &mut rows {
        if row.owner == PayoutOwner::Unsaid
            && let Some(source) = &row.source
            && let Some(order) = by_transaction.get(source.as_str())
        {
            row.owner = PayoutOwner::Order(*order);
        }
    }
    rows
}
