//! Payouts: whether what reached the bank is what the shop sold, gave back and was charged for, row by row and to the cent.
//!
//! Everything is compared with a tolerance of nothing. What cannot be explained stops its payout and no other. Pure: what the service,
//! the shop and the books say comes in, and what holds and what does not comes out.
//!
//! | equation | says |
//! | --- | --- |
//! | P1 | the rows of a payout add up to what reached the bank |
//! | P2 | each charge is what its order came to, and each refund one of its refunds |
//! | P3 | the fees that are posted are those that were kept |
//! | P4 | the clearing account holds what the service still owes, and what is on its way |
//! | P5 | what is entered for the bank is what reached it |

mod bills;
mod equation;
mod open;
mod owners;
mod posting;
mod shares;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::payout::{Payout, PayoutOwner, PayoutRow, PayoutRowKind, RowsKnown};

pub use bills::{BILL_ROLES, BillMonth, PayoutFees, bill, is_bill, is_to_be_billed, month_of_bill};
pub use equation::{Equation, EquationState, equation};
pub use open::unbooked;
pub use owners::with_owners;
pub use posting::{
    FROM_BANK, PayoutEntry, PayoutPlan, PostedPayout, account_payout, clearing_account,
    clearing_of, payout_key,
};
pub use shares::{RowShare, ShareKind, shares};

/// A payout with everything that it is compared with.
#[derive(Clone, Copy, Debug)]
pub struct PayoutSides<'a> {
    pub payout: &'a Payout,
    /// Its rows without the payout itself. Empty where the service does not say.
    pub rows: &'a [PayoutRow],
    /// The orders of the rows, as the shop has them.
    pub orders: &'a BTreeMap<u64, Order>,
    /// What of their fees is posted order by order.
    pub fees_posted: &'a BTreeMap<u64, Money>,
    /// What is entered for this payout; `None`: nothing is.
    pub posted: Option<&'a PostedPayout>,
}

/// What came of comparing one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayoutCheck {
    pub equations: Vec<Equation>,
    /// What cannot be explained.
    pub unexplained: Vec<Reason>,
    /// What it is made of, added up.
    pub shares: Vec<RowShare>,
}

impl PayoutCheck {
    /// Nothing of it is wrong. What was not compared is not wrong.
    pub fn holds(&self) -> bool {
        self.unexplained.is_empty()
            && self
                .equations
                .iter()
                .all(|one| one.state != EquationState::Differs)
    }
}

/// Compares a payout with what it is made of.
pub fn check_payout(sides: &PayoutSides<'_>) -> PayoutCheck {
    let known = sides.payout.rows_known == RowsKnown::Whole;
    let mut unexplained = Vec::new();
    let equations = match known {
        true => {
            unexplained.extend(
                sides
                    .rows
                    .iter()
                    .filter_map(|row| unexplained_row(sides, row)),
            );
            vec![
                rows_add_up(sides),
                orders_agree(sides),
                fees_agree(sides),
                bank_agrees(sides),
            ]
        }
        false => {
            let why = match sides.payout.rows_known {
                RowsKnown::NotYet => "its rows are not complete yet",
                _ => "it was made by hand and has no rows",
            };
            vec![
                Equation::unchecked("P1", "rows add up to the payout", why),
                Equation::unchecked("P2", "charges and refunds are those of the orders", why),
                Equation::unchecked("P3", "fees posted are fees kept", why),
                bank_agrees(sides),
            ]
        }
    };
    PayoutCheck {
        equations,
        unexplained,
        shares: shares(sides.rows),
    }
}

fn rows_add_up(sides: &PayoutSides<'_>) -> Equation {
    let rows = sides.rows.iter().map(PayoutRow::net).sum();
    equation("P1", "rows add up to the payout", rows, sides.payout.amount)
}

/// Why a row has no place in the books of this shop.
fn unexplained_row(sides: &PayoutSides<'_>, row: &PayoutRow) -> Option<Reason> {
    let said = |why: String| {
        Some(Reason::new("payout_row_unexplained", why).hint(format!(
            "look at {} in {}",
            row.id,
            sides.payout.gateway.title()
        )))
    };
    if let Some(trouble) = &row.trouble {
        return Some(
            Reason::new("payout_row_unexplained", trouble.clone())
                .hint("correct the file or its mapping, then `udsync sync payouts --file FILE`"),
        );
    }
    if row.currency != sides.payout.currency {
        return said(format!(
            "row {} of payout {} is in {}, and the payout in {}",
            row.id, sides.payout.id, row.currency, sides.payout.currency
        ));
    }
    let needs_order = matches!(row.kind, PayoutRowKind::Charge | PayoutRowKind::Refund);
    match (&row.owner, row.kind) {
        (_, PayoutRowKind::Unknown) => said(format!(
            "row {} of payout {} over {} is a `{}`, which udsync does not know",
            row.id, sides.payout.id, row.amount, row.word
        )),
        (PayoutOwner::Order(id), _) if needs_order && !sides.orders.contains_key(id) => {
            said(format!(
                "row {} of payout {} over {} is for order id {id}, which the shop does not have",
                row.id, sides.payout.id, row.amount
            ))
        }
        (PayoutOwner::Unsaid, _) if needs_order => said(format!(
            "{} {} of payout {} over {} belongs to no order",
            row.kind.as_str(),
            row.id,
            sides.payout.id,
            row.amount
        )),
        _ => None,
    }
}

/// What the charges and refunds of the rows come to, and what the shop says that they are.
fn orders_agree(sides: &PayoutSides<'_>) -> Equation {
    const WORDS: &str = "charges and refunds are those of the orders";
    let mut charged: BTreeMap<u64, Vec<&PayoutRow>> = BTreeMap::new();
    let (mut gateway, mut shop, mut differing) = (Money::ZERO, Money::ZERO, Vec::new());
    let mut unread = 0_usize;
    for row in sides.rows {
        let Some(order) = row.order().and_then(|id| sides.orders.get(&id)) else {
            continue;
        };
        match row.kind {
            PayoutRowKind::Charge => charged.entry(order.id).or_default().push(row),
            PayoutRowKind::Refund => match amount_in(row, &order.currency) {
                Some(amount) => {
                    let back = -amount;
                    let is_one = order.refunds.iter().any(|refund| refund.amount == back);
                    let same = order
                        .refunds
                        .iter()
                        .map(|refund| refund.amount)
                        .sum::<Money>();
                    gateway += amount;
                    // Two that were given back at once come as one row from some services.
                    if is_one || same == back {
                        shop += amount;
                    } else {
                        differing.push(order.number.clone());
                    }
                }
                None => unread += 1,
            },
            _ => {}
        }
    }
    for (id, rows) in charged {
        let order = &sides.orders[&id];
        let amounts: Option<Vec<Money>> = rows
            .iter()
            .map(|row| amount_in(row, &order.currency))
            .collect();
        let Some(amounts) = amounts else {
            unread += 1;
            continue;
        };
        let sum: Money = amounts.into_iter().sum();
        gateway += sum;
        shop += order.total;
        if sum != order.total {
            differing.push(order.number.clone());
        }
    }
    let mut found = equation("P2", WORDS, gateway, shop);
    if !differing.is_empty() {
        differing.dedup();
        found.state = EquationState::Differs;
        found.why = Some(format!("order {}", differing.join(", ")));
    } else if unread > 0 {
        found.why = Some(format!(
            "{unread} in another currency than the payout were not compared"
        ));
    }
    found
}

/// A row in the currency of its order; `None` where the service does not say it.
fn amount_in(row: &PayoutRow, currency: &str) -> Option<Money> {
    match &row.charged {
        Some(charged) if charged.currency == currency => Some(match row.amount.is_negative() {
            true => -charged.amount.abs(),
            false => charged.amount,
        }),
        Some(_) => None,
        None => (row.currency == currency).then_some(row.amount),
    }
}

/// Fees posted order by order against those of the same rows; and once the payout is entered, all of them.
fn fees_agree(sides: &PayoutSides<'_>) -> Equation {
    const WORDS: &str = "fees posted are fees kept";
    let singly = posted_singly(sides.rows, sides.fees_posted);
    if let Some(posted) = sides.posted.filter(|posted| posted.has_fees) {
        let is_entered = |row: &&PayoutRow| match (row.kind, &row.owner) {
            (_, PayoutOwner::Elsewhere(_)) => false,
            // An order's own fee document may still be to come.
            (PayoutRowKind::Charge, PayoutOwner::Order(order)) => {
                posted.covers.contains(order) || singly.iter().any(|(known, _)| known == order)
            }
            _ => true,
        };
        let kept: Money = sides
            .rows
            .iter()
            .filter(is_entered)
            .map(PayoutRow::fee_share)
            .sum();
        let all: Money = singly.iter().map(|(_, amount)| *amount).sum();
        return equation("P3", WORDS, kept, all + posted.fees);
    }
    if singly.is_empty() {
        return Equation::unchecked("P3", WORDS, "no fee of it is posted");
    }
    let (mut kept, mut all, mut differing) = (Money::ZERO, Money::ZERO, Vec::new());
    for (order, amount) in &singly {
        let of_rows: Money = sides
            .rows
            .iter()
            .filter(|row| row.kind == PayoutRowKind::Charge && row.order() == Some(*order))
            .map(|row| row.fee)
            .sum();
        kept += of_rows;
        all += *amount;
        if of_rows != *amount {
            let named = sides.orders.get(order).map(|order| order.number.clone());
            differing.push(named.unwrap_or_else(|| order.to_string()));
        }
    }
    let mut found = equation("P3", WORDS, kept, all);
    if !differing.is_empty() {
        found.state = EquationState::Differs;
        found.why = Some(format!("order {}", differing.join(", ")));
    }
    found
}

/// Of the orders with a charge among the rows: what is posted of their fees.
pub(super) fn posted_singly(
    rows: &[PayoutRow],
    fees_posted: &BTreeMap<u64, Money>,
) -> Vec<(u64, Money)> {
    let mut orders: Vec<u64> = rows
        .iter()
        .filter(|row| row.kind == PayoutRowKind::Charge)
        .filter_map(PayoutRow::order)
        .collect();
    orders.sort_unstable();
    orders.dedup();
    orders
        .into_iter()
        .filter_map(|order| Some((order, *fees_posted.get(&order)?)))
        .collect()
}

fn bank_agrees(sides: &PayoutSides<'_>) -> Equation {
    const WORDS: &str = "entered for the bank is what reached it";
    match sides.posted.filter(|posted| posted.has_transfer) {
        Some(posted) => {
            let mut found = equation("P5", WORDS, sides.payout.amount, posted.amount);
            if found.state == EquationState::Holds && posted.at_bank == Some(false) {
                found.why = Some("the bank's line is not matched yet".to_owned());
            }
            found
        }
        None => Equation::unchecked("P5", WORDS, "it is not entered"),
    }
}

impl PayoutRow {
    /// What the service took for itself by this row: what it kept of it, or all of one that is a fee.
    pub fn fee_share(&self) -> Money {
        match self.kind {
            PayoutRowKind::Fee => self.fee - self.amount,
            _ => self.fee,
        }
    }
}
