//! Owners: to which order a row belongs, where the service does not say it outright.
//!
//! A plugin writes an order and the site on a charge, and nothing on a refund. What the site calls itself there may be another address
//! than the one that the shop is asked at, and the order may be a number that is no id. But an order knows its payment: whatever was
//! written on a charge, the order whose transaction it is has it. What another site says of a payment that no order knows is believed.

use std::collections::BTreeMap;

use crate::model::order::Order;
use crate::model::payout::{PayoutOwner, PayoutRow, PayoutRowKind};

/// The rows with their owners: an order that the shop has, by the payment where by nothing else.
pub fn with_owners(mut rows: Vec<PayoutRow>, orders: &BTreeMap<u64, Order>) -> Vec<PayoutRow> {
    let by_transaction: BTreeMap<&str, u64> = orders
        .values()
        .filter(|order| !order.transaction.is_empty())
        .map(|order| (order.transaction.as_str(), order.id))
        .collect();
    for row in &mut rows {
        let known = row
            .payment_names()
            .find_map(|name| by_transaction.get(name).copied());
        if let Some(order) = known {
            row.owner = PayoutOwner::Order(order);
        } else if let Some(said) = &row.behind.said_number {
            row.owner =
                by_number(row, said, orders).map_or(PayoutOwner::Unsaid, PayoutOwner::Order);
        } else if row
            .order()
            .and_then(|id| orders.get(&id))
            .is_some_and(|order| knows_another(order, row))
        {
            row.owner = PayoutOwner::Unsaid;
        }
    }
    rows
}

/// The order of which a file has the number, or the id: where both stand for orders, it is the one that came to as much.
fn by_number(row: &PayoutRow, said: &str, orders: &BTreeMap<u64, Order>) -> Option<u64> {
    let by_id = said.parse().ok().and_then(|id| orders.get(&id));
    let by_number = orders.values().find(|order| order.number == said);
    let comes_to = |order: &&Order| order.total == row.amount;
    let is_charge = row.kind == PayoutRowKind::Charge;
    // An id that happens to be another order's number is no order of this row.
    let by_id = by_id.filter(|order| order.number == said || !is_charge || comes_to(order));
    let found = match (by_number, by_id) {
        (Some(number), Some(id)) if is_charge && !comes_to(&number) => Some(id),
        (number, id) => number.or(id),
    };
    found.map(|order| order.id)
}

/// Whether the order was paid by another payment of the same kind: then its id stands on the row by chance.
fn knows_another(order: &Order, row: &PayoutRow) -> bool {
    let kind = |name: &str| name.split_once('_').map(|(kind, _)| kind.to_owned());
    let of_order = kind(&order.transaction);
    of_order.is_some() && row.payment_names().any(|name| kind(name) == of_order)
}
