//! Fees that a payout holds already: the order's own fee document is not made beside it, whatever the rules say by now.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use crate::connector::port::LedgerReader;
use crate::model::document::{DocumentKind, Role};
use crate::model::fault::{Fault, Remedy};
use crate::model::order::Order;
use crate::model::origin::Origin;
use crate::model::plan::Subject;
use crate::model::rules::{GatewayFees, Rules};
use crate::store::{Memory, StoreError};

use super::super::error::EngineError;

/// A payout arrives so many days after its orders at most.
const DAYS_LATER: u64 = 30;

/// Stops where the state file was lost, and the books hold fees of payouts of which nobody knows any more what orders they are of:
/// order by order they would be posted a second time.
pub async fn mind_lost_fees<F: LedgerReader>(
    finder: &F,
    memory: &dyn Memory,
    rules: &Rules,
    orders: impl Iterator<Item = &Order>,
) -> Result<(), EngineError> {
    let is_concerned =
        rules.policy.gateway_fees == GatewayFees::Expense && rules.payouts.bank.is_some();
    let with_fee = orders.filter(|order| order.gateway_fee.is_some());
    let first: Option<NaiveDate> = with_fee.map(|order| order.created_at.date_naive()).min();
    let Some(first) = first.filter(|_| is_concerned) else {
        return Ok(());
    };
    let kinds = [DocumentKind::Purchase, DocumentKind::Bill];
    let found = finder.dated(&kinds, first).await?;
    let mut lost: Option<NaiveDate> = None;
    for found in found {
        let Some(marker) = found.marker.filter(|one| one.store == rules.store) else {
            continue;
        };
        let is_of_payout = matches!(marker.key.origin, Origin::Payout(_))
            && matches!(marker.key.role, Role::Fee | Role::Bill);
        let subject = Subject::Document(marker.key);
        if is_of_payout && memory.link(finder.name(), &subject)?.is_none() {
            lost = lost.into_iter().chain(found.date).min();
        }
    }
    let Some(lost) = lost else {
        return Ok(());
    };
    let since = (lost - Days::new(DAYS_LATER)).with_day(1).unwrap_or(lost);
    Err(EngineError::Fault(
        Fault::new(
            Remedy::Stop,
            "payouts_first",
            "the books hold fees that were posted with payouts, and this state file does not know of which orders they are",
        )
        .hint(format!(
            "run `udsync sync payouts --since {since}` first, which takes them up"
        )),
    ))
}

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
