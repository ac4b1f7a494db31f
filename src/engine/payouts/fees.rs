//! Fees that a payout holds already: the order's own fee document is not made beside it, whatever the rules say by now.

use std::collections::BTreeSet;

use crate::model::order::Order;
use crate::model::plan::Subject;
use crate::store::{Memory, StoreError};

/// Takes the fee from orders of which a payout that is posted holds it.
pub fn leave_out_fees<'a>(
    memory: &dyn Memory,
    target: &str,
    orders: impl Iterator<Item = &'a mut Order>,
) -> Result<(), StoreError> {
    let mut with_fee = orders
        .filter(|order| order.gateway_fee.is_some())
        .peekable();
    if with_fee.peek().is_none() {
        return Ok(());
    }
    let covered = covered(memory, target)?;
    for order in with_fee.filter(|order| covered.contains(&order.id)) {
        order.gateway_fee = None;
    }
    Ok(())
}

/// The orders whose fee is posted with a payout.
fn covered(memory: &dyn Memory, target: &str) -> Result<BTreeSet<u64>, StoreError> {
    let mut covered = BTreeSet::new();
    for link in memory.payout_links(target)? {
        if !matches!(link.subject, Subject::Document(_)) {
            continue;
        }
        let document = link
            .posted
            .as_ref()
            .and_then(|posted| posted.document.as_ref());
        let fees = document
            .into_iter()
            .flat_map(|document| &document.applies_to);
        covered.extend(fees.filter_map(|fee| fee.to.order()));
    }
    Ok(covered)
}
