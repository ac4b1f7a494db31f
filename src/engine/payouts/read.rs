//! Reading: payouts with their rows, the orders that these are about, and what is posted of both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use crate::books::payouts::{
    FROM_BANK, PayoutSides, PostedPayout, is_bill, is_to_be_billed, payout_key, with_owners,
};
use crate::connector::port::{Ask, GatewayReader, Pulled, ShopReader};
use crate::model::document::{Application, DocumentKey, LineKind, Role};
use crate::model::link::{LinkState, Posted};
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::payout::{Payout, PayoutOwner, PayoutRow, PayoutRowKind};
use crate::model::plan::Subject;
use crate::store::{Memory, StoreError};

use super::super::error::EngineError;

/// As many orders as are asked for at once.
const CHUNK: usize = 100;
/// An order is made so many days before it is paid at most.
const DAYS_BEFORE: i64 = 7;

/// A payout and its rows.
#[derive(Clone, Debug)]
pub struct PayoutRead {
    pub payout: Payout,
    pub rows: Vec<PayoutRow>,
}

/// Payouts with everything that they are compared with.
#[derive(Clone, Debug, Default)]
pub struct PayoutMonth {
    pub payouts: Vec<PayoutRead>,
    pub orders: BTreeMap<u64, Order>,
    /// What is posted of fees order by order.
    pub fees_posted: BTreeMap<u64, Money>,
    /// By the payout's id.
    pub posted: BTreeMap<String, PostedPayout>,
}

impl PayoutMonth {
    /// What one of them is compared with.
    pub fn sides<'a>(&'a self, read: &'a PayoutRead) -> PayoutSides<'a> {
        PayoutSides {
            payout: &read.payout,
            rows: &read.rows,
            orders: &self.orders,
            fees_posted: &self.fees_posted,
            posted: self.posted.get(&read.payout.id),
        }
    }
}

/// Reads the rows of these payouts and what belongs to them.
pub async fn read_month<G: GatewayReader, S: ShopReader>(
    gateway: &G,
    source: &S,
    memory: &dyn Memory,
    target: &str,
    payouts: Vec<Payout>,
) -> Result<PayoutMonth, EngineError> {
    let mut month = PayoutMonth::default();
    for payout in payouts {
        let rows = gateway.rows(&payout).await?;
        month.payouts.push(PayoutRead { payout, rows });
    }
    month.orders = orders(source, month.payouts.iter().flat_map(|read| &read.rows)).await?;
    for read in &mut month.payouts {
        let rows = std::mem::take(&mut read.rows);
        read.rows = with_owners(rows, &month.orders);
    }
    remember(&mut month, memory, target)?;
    Ok(month)
}

/// The orders of the rows: those that are written on them, whoever wrote it, and of what then still has none those of the days around
/// the payment.
pub(super) async fn orders<'a, S: ShopReader>(
    source: &S,
    rows: impl Iterator<Item = &'a PayoutRow> + Clone,
) -> Result<BTreeMap<u64, Order>, EngineError> {
    let mut orders = BTreeMap::new();
    let said = rows
        .clone()
        .flat_map(|row| [row.order(), row.behind.said_order]);
    let named: BTreeSet<u64> = said.flatten().collect();
    let named: Vec<u64> = named.into_iter().collect();
    for chunk in named.chunks(CHUNK) {
        take(&mut orders, source.fetch(chunk).await?);
    }
    let needs_order = |row: &&PayoutRow| {
        let is_named = row.source.is_some() || row.behind.said_number.is_some();
        matches!(row.kind, PayoutRowKind::Charge | PayoutRowKind::Refund) && is_named
    };
    let open = with_owners(rows.filter(needs_order).cloned().collect(), &orders);
    let mut times: Vec<DateTime<Utc>> = open
        .iter()
        .filter(|row| row.owner == PayoutOwner::Unsaid)
        .map(|row| row.behind.paid_at.unwrap_or(row.at))
        .collect();
    times.sort_unstable();
    for (first, last) in spans(&times) {
        let ask = Ask {
            created_after: Some(first - Duration::days(DAYS_BEFORE)),
            created_before: Some(last + Duration::days(1)),
            ..Ask::default()
        };
        let mut place = None;
        loop {
            let page = source.pull(&ask, place.as_ref()).await?;
            take(&mut orders, page.records);
            match page.next {
                Some(next) => place = Some(next),
                None => break,
            }
        }
    }
    Ok(orders)
}

/// Times that are near each other, as spans: a refund may be about a payment of months ago, and nobody reads all that lies between.
fn spans(times: &[DateTime<Utc>]) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut spans: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for time in times {
        match spans.last_mut() {
            Some((_, last)) if *time - *last <= Duration::days(DAYS_BEFORE) => *last = *time,
            _ => spans.push((*time, *time)),
        }
    }
    spans
}

fn take(orders: &mut BTreeMap<u64, Order>, pulled: Vec<Pulled>) {
    for one in pulled {
        if let Pulled::Order(order, _) = one {
            orders.insert(order.id, *order);
        }
    }
}

/// What the state file knows to be posted.
fn remember(month: &mut PayoutMonth, memory: &dyn Memory, target: &str) -> Result<(), StoreError> {
    for order in month.orders.keys() {
        for link in memory.links_of_order(target, *order)? {
            if let (Subject::Document(key), LinkState::Active, Some(posted)) =
                (&link.subject, link.state, &link.posted)
                && key.role == Role::Fee
            {
                month.fees_posted.insert(*order, posted.total);
            }
        }
    }
    let billed = Billed::read(memory, target)?;
    for read in &month.payouts {
        if let Some(posted) = posted_of(memory, target, &read.payout, &billed)? {
            month.posted.insert(read.payout.id.clone(), posted);
        }
    }
    Ok(())
}

/// What is on the bills that stand.
#[derive(Debug, Default)]
pub(super) struct Billed {
    /// By the key of the payout's fees: what the bill holds of it, and the orders of that bill.
    payouts: BTreeMap<DocumentKey, (Money, Arc<BTreeSet<u64>>)>,
}

impl Billed {
    pub(super) fn read(memory: &dyn Memory, target: &str) -> Result<Billed, StoreError> {
        let mut billed = Billed::default();
        for link in memory.payout_links(target)? {
            let Subject::Document(key) = &link.subject else {
                continue;
            };
            if link.state != LinkState::Active || !is_bill(&key.origin.id()) {
                continue;
            }
            let document = link.posted.and_then(|posted| posted.document);
            let named = document.map(|document| document.applies_to);
            let named: Vec<Application> = named
                .into_iter()
                .flatten()
                .filter(|one| one.to.role == Role::Fee)
                .collect();
            let orders = named.iter().filter_map(|one| one.to.order());
            let orders = Arc::new(orders.collect::<BTreeSet<u64>>());
            for one in named.iter().filter(|one| one.to.order().is_none()) {
                let known = (one.amount, Arc::clone(&orders));
                billed.payouts.insert(one.to, known);
            }
        }
        Ok(billed)
    }

    /// The fees of a payout are on one of them.
    pub(super) fn has(&self, fees: &DocumentKey) -> bool {
        self.payouts.contains_key(fees)
    }
}

/// What is posted of a payout; `None`: nothing is.
fn posted_of(
    memory: &dyn Memory,
    target: &str,
    payout: &Payout,
    billed: &Billed,
) -> Result<Option<PostedPayout>, StoreError> {
    let document = |role| -> Result<Option<Posted>, StoreError> {
        let link = memory.link(target, &Subject::Document(payout_key(payout, role)))?;
        let standing = link.filter(|link| link.state == LinkState::Active);
        Ok(standing.and_then(|link| link.posted))
    };
    let fees_in = |posted: &Posted| -> (Money, usize) {
        let lines = posted.document.iter().flat_map(|document| &document.lines);
        let fees: Vec<Money> = lines
            .filter(|line| line.kind == LineKind::GatewayFee)
            .map(|line| line.amount)
            .collect();
        (fees.iter().copied().sum(), fees.len())
    };
    let transfer = document(Role::Transfer)?;
    let (taken, given) = (document(Role::Fee)?, document(Role::Credit)?);
    let on_bill = billed.payouts.get(&payout_key(payout, Role::Fee));
    if transfer.is_none() && taken.is_none() && given.is_none() && on_bill.is_none() {
        return Ok(None);
    }
    let mut posted = PostedPayout::default();
    if let Some((fees, orders)) = on_bill {
        posted.fees += *fees;
        posted.has_fees = true;
        posted.is_billed = true;
        posted.covers.extend(orders.iter().copied());
    }
    if let Some(transfer) = transfer {
        let mut lines = transfer.document.iter().flat_map(|one| &one.lines);
        posted.has_transfer = true;
        posted.is_to_be_billed = transfer.document.as_ref().is_some_and(is_to_be_billed);
        posted.amount = match lines.any(|line| line.description == FROM_BANK) {
            true => -transfer.total,
            false => transfer.total,
        };
    }
    if let Some(taken) = taken {
        let (fees, count) = fees_in(&taken);
        posted.fees += fees;
        posted.has_fees |= count > 0;
        let covered = taken.document.iter().flat_map(|one| &one.applies_to);
        posted
            .covers
            .extend(covered.filter_map(|one| one.to.order()));
    }
    if let Some(given) = given {
        let (fees, count) = fees_in(&given);
        posted.fees -= fees;
        posted.has_fees |= count > 0;
    }
    Ok(Some(posted))
}

impl PayoutMonth {
    /// Payouts without their rows: only what is posted of them is looked up.
    pub fn remembered(
        memory: &dyn Memory,
        target: &str,
        payouts: Vec<Payout>,
    ) -> Result<PayoutMonth, StoreError> {
        let mut month = PayoutMonth {
            payouts: payouts
                .into_iter()
                .map(|payout| PayoutRead {
                    payout,
                    rows: Vec::new(),
                })
                .collect(),
            ..PayoutMonth::default()
        };
        remember(&mut month, memory, target)?;
        Ok(month)
    }
}
