//! Open: what of the rows of an account is not in the books yet, by currency. The clearing account holds what the service still owes,
//! less this.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::books::payouts::{clearing_account, unbooked, with_owners};
use crate::connector::port::{GatewayReader, ShopReader};
use crate::model::document::Role;
use crate::model::link::LinkState;
use crate::model::money::Money;
use crate::model::payout::Payout;
use crate::model::plan::Subject;
use crate::model::rules::Rules;
use crate::store::{Memory, StoreError};

use super::super::error::EngineError;
use super::read::{PayoutMonth, PayoutRead, orders, read_month};

/// Adds up what is not in the books: of payouts since the first one that is, and of rows that are in no payout.
///
/// `payouts` are all since a day, `month` those of them that were read with their rows.
#[expect(
    clippy::too_many_arguments,
    reason = "both sides of the comparison, and what is known of each"
)]
pub async fn not_in_books<G: GatewayReader, S: ShopReader>(
    gateway: &G,
    source: &S,
    memory: &dyn Memory,
    target: &str,
    rules: &Rules,
    payouts: &[Payout],
    month: &PayoutMonth,
    days: (NaiveDate, NaiveDate),
) -> Result<BTreeMap<String, Money>, EngineError> {
    let (since, first) = days;
    let is_read = |payout: &&Payout| month.payouts.iter().all(|read| read.payout.id != payout.id);
    let missing: Vec<Payout> = payouts.iter().filter(is_read).cloned().collect();
    let rest = read_month(gateway, source, memory, target, missing).await?;
    let all: Vec<(&PayoutMonth, &PayoutRead)> = [month, &rest]
        .into_iter()
        .flat_map(|month| month.payouts.iter().map(move |read| (month, read)))
        .collect();
    let rows = all.iter().flat_map(|(_, read)| &read.rows);
    let paid_out: BTreeSet<&str> = rows.map(|row| row.id.as_str()).collect();
    let mut waiting = gateway.recent_rows(since).await?;
    waiting.retain(|row| !paid_out.contains(row.id.as_str()));
    let of_shop = orders(source, waiting.iter()).await?;
    let waiting = with_owners(waiting, &of_shop);
    let mut open: BTreeMap<String, Money> = BTreeMap::new();
    let shares = |currency: &str| {
        let like = payouts.iter().find(|payout| payout.currency == currency);
        let clearing = like.and_then(|payout| clearing_account(rules, payout));
        clearing.is_some() && clearing == rules.payouts.other_sites.as_ref()
    };
    for (month, read) in all {
        if read.payout.arrives < first {
            continue;
        }
        let posted = month.posted.get(&read.payout.id);
        for row in &read.rows {
            let own_fee = row
                .order()
                .is_some_and(|id| month.fees_posted.contains_key(&id));
            *open.entry(row.currency.clone()).or_default() +=
                unbooked(row, own_fee, posted, shares(&row.currency));
        }
    }
    for row in &waiting {
        let own_fee = match row.order() {
            Some(order) => has_own_fee(memory, target, order)?,
            None => false,
        };
        *open.entry(row.currency.clone()).or_default() +=
            unbooked(row, own_fee, None, shares(&row.currency));
    }
    Ok(open)
}

fn has_own_fee(memory: &dyn Memory, target: &str, order: u64) -> Result<bool, StoreError> {
    let links = memory.links_of_order(target, order)?;
    Ok(links.iter().any(|link| {
        link.state == LinkState::Active
            && matches!(&link.subject, Subject::Document(key) if key.role == Role::Fee)
    }))
}
