//! The proof: what came of it, as the document `udsync/reconcile/1` that scripts read. Nothing in it depends on when it was made.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::document::DocumentKey;
use crate::model::fingerprint::Fingerprint;
use crate::model::money::Money;

use super::StatedIndex;
use super::difference::Difference;
use super::moved::{MovedLine, moved};
use super::orders::{Compared, is_of_period};
use super::rolled::{RolledAccount, roll_forward};
use super::sheets::{ProofSheet, sheets};
use super::sides::{BothSides, HeldRecord, OrderSide};
use super::totals::{PeriodSums, SumPair};

#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    schema: &'static str,
    pub shop: String,
    pub period: ProofPeriod,
    /// With what the shop was compared.
    pub to: &'static str,
    /// Nothing differs but what a person accepted.
    pub proven: bool,
    pub totals: Vec<TotalLine>,
    /// The accounts that take the money of gateways, rolled forward.
    pub clearing: Vec<RolledAccount>,
    pub orders: OrderCounts,
    pub seen: SeenCounts,
    pub differences: Vec<Difference>,
    pub held: Vec<HeldLine>,
    /// What was posted on a later day because its own month was closed: out of the period, or into it.
    pub moved: Vec<MovedLine>,
    /// Questions to the books that count; no part of the proof.
    pub reads: u64,
    /// Identifies everything above but the questions.
    pub proof: String,
    #[serde(skip)]
    pub sheets: Vec<ProofSheet>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProofPeriod {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TotalLine {
    pub currency: String,
    pub what: String,
    pub shop: Money,
    pub books: Money,
    pub difference: Money,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrderCounts {
    pub compared: u64,
    pub equal: u64,
    pub different: u64,
}

/// Every order that something happened to in the period is one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SeenCounts {
    pub orders: u64,
    pub posted: u64,
    pub held: u64,
    /// By reason.
    pub skipped: BTreeMap<String, u64>,
}

/// What waits, or was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldLine {
    /// `None`: the shop's answer does not even say which one it is.
    pub order: Option<u64>,
    pub number: String,
    /// `None`: the whole order.
    pub document: Option<String>,
    pub state: &'static str,
    pub problem: Option<String>,
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

impl TotalLine {
    pub(super) fn of(currency: &str, what: &str, sums: SumPair) -> TotalLine {
        TotalLine {
            currency: currency.to_owned(),
            what: what.to_owned(),
            shop: sums.shop,
            books: sums.books,
            difference: sums.books - sums.shop,
        }
    }
}

impl Proof {
    /// Those that nobody accepted.
    pub fn open(&self) -> impl Iterator<Item = &Difference> {
        self.differences
            .iter()
            .filter(|difference| difference.accepted.is_none())
    }

    /// Nothing was left out, and nothing had to be accepted.
    pub fn is_clean(&self) -> bool {
        self.proven && self.differences.is_empty() && self.held.is_empty()
    }
}

pub(super) fn proof(
    sides: &BothSides,
    index: &StatedIndex<'_>,
    compared: Compared,
    differences: Vec<Difference>,
    sums: PeriodSums,
) -> Proof {
    assemble(ProofParts {
        shop: &sides.shop,
        to: sides.to,
        first: sides.first,
        last: sides.last,
        compared,
        differences,
        sums,
        clearing: roll_forward(sides),
        held: held(sides, index),
        moved: moved(sides, index),
        seen: seen(sides, index),
    })
}

/// What a proof is put together from.
pub(super) struct ProofParts<'a> {
    pub shop: &'a str,
    pub to: &'static str,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub compared: Compared,
    pub differences: Vec<Difference>,
    pub sums: PeriodSums,
    pub clearing: Vec<RolledAccount>,
    pub held: Vec<HeldLine>,
    pub moved: Vec<MovedLine>,
    pub seen: SeenCounts,
}

pub(super) fn assemble(parts: ProofParts<'_>) -> Proof {
    let ProofParts {
        compared,
        mut differences,
        sums,
        ..
    } = parts;
    differences.sort_by(|one, other| {
        let place = |it: &Difference| (it.order.is_none(), it.order, it.code, it.id.clone());
        place(one).cmp(&place(other))
    });
    let totals: Vec<TotalLine> = sums
        .whole
        .iter()
        .map(|((currency, what), pair)| TotalLine::of(currency, what, *pair))
        .collect();
    let different: BTreeSet<u64> = differences.iter().filter_map(|one| one.order).collect();
    let different = different.intersection(&compared.orders).count() as u64;
    let orders = OrderCounts {
        compared: compared.orders.len() as u64,
        equal: compared.orders.len() as u64 - different,
        different,
    };
    // Sums that differ although no order does would be a mistake of ours, and nothing is proven by one. So is it where the orders without a
    // difference do not add up: nothing that was accepted explains that.
    let proven = differences.iter().all(|one| one.accepted.is_some()) && compared.rest_agrees;
    let mut proof = Proof {
        schema: "udsync/reconcile/1",
        shop: parts.shop.to_owned(),
        period: ProofPeriod {
            from: parts.first,
            until: parts.last,
        },
        to: parts.to,
        proven,
        totals,
        clearing: parts.clearing,
        orders,
        seen: parts.seen,
        differences,
        held: parts.held,
        moved: parts.moved,
        reads: 0,
        proof: String::new(),
        sheets: Vec::new(),
    };
    proof.proof = Fingerprint::of(&proof).to_string();
    proof.sheets = sheets(&proof, &compared.rows, &sums.by_day);
    proof
}

/// Whether something of an order is a matter of the period.
fn touches(sides: &BothSides, index: &StatedIndex<'_>, id: u64, order: &OrderSide) -> bool {
    let range = DocumentKey::of_order(id, crate::model::document::Role::Sale)
        ..=DocumentKey::of_order(id, crate::model::document::Role::Fee);
    order.is_unclear
        || order.days.iter().any(|day| sides.covers(*day))
        || order
            .expected
            .iter()
            .any(|one| is_of_period(sides, index, order, one))
        || index.by_key.range(range).next().is_some()
}

fn held(sides: &BothSides, index: &StatedIndex<'_>) -> Vec<HeldLine> {
    let unread = sides.unread.iter();
    let mut lines: Vec<HeldLine> = unread
        .map(|held| HeldLine::of(None, String::new(), held))
        .collect();
    for (id, order) in &sides.orders {
        if !touches(sides, index, *id, order) {
            continue;
        }
        let held = order.held.iter();
        lines.extend(held.map(|held| HeldLine::of(Some(*id), order.number.clone(), held)));
    }
    lines
}

impl HeldLine {
    /// A line for the whole order or for a document of it.
    pub fn of(order: Option<u64>, number: String, held: &HeldRecord) -> HeldLine {
        HeldLine {
            order,
            number,
            document: held.subject.map(|key| key.to_string()),
            state: held.state,
            problem: held.problem.clone(),
            code: held.code.clone(),
            message: held.message.clone(),
            hint: held.hint.clone(),
        }
    }
}

fn seen(sides: &BothSides, index: &StatedIndex<'_>) -> SeenCounts {
    let mut counts = SeenCounts::default();
    for (id, order) in &sides.orders {
        if !touches(sides, index, *id, order) {
            continue;
        }
        counts.orders += 1;
        if !order.held.is_empty() {
            counts.held += 1;
        } else if let Some(code) = &order.skipped {
            *counts.skipped.entry(code.clone()).or_default() += 1;
        } else {
            counts.posted += 1;
        }
    }
    counts
}
