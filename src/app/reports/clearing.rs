//! The accounts that the money of a shop goes through, rolled forward: what each had, what came, what went, what it holds.
//!
//! Only what was posted by us is in it. What a payout was made of besides sales and fees, a dispute or a reserve, stands among the
//! fees: it was taken from the account, or given to it.

use std::collections::BTreeMap;

use super::{ReportCheck, ReportColumns, ReportTable, RowSum};
use crate::app::days::DayRange;
use crate::app::double_entry::{Unwritten, each_standing};
use crate::books::double_entry::money_account;
use crate::books::payouts::FROM_BANK;
use crate::model::document::DocumentKind;
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::store::Memory;

pub(super) const CLEARING: ReportColumns = ReportColumns {
    words: &["currency", "account"],
    count: "documents",
    amounts: &["opening", "sales", "refunds", "fees", "payouts", "closing"],
    checks: &[],
};

/// Of the totals alone: over several days the openings of all of them add up to nothing that means anything.
pub(super) const OF_TOTALS: &[ReportCheck] = &[ReportCheck {
    label: "rolled forward less closing",
    plus: &["opening", "sales"],
    minus: &["refunds", "fees", "payouts", "closing"],
}];

pub(super) const NOTE: &str = "opening + sales - refunds - fees - payouts = closing, out of what udsync posted. Payouts are there once `udsync sync payouts` \
     has posted them: then closing is what the gateway still holds, or has on its way.";

/// The places of the amounts in a row.
const OPENING: usize = 0;
const SALES: usize = 1;
const REFUNDS: usize = 2;
const FEES: usize = 3;
const PAYOUTS: usize = 4;
const CLOSING: usize = 5;

/// Rolls each account from its first document on, and keeps the days that were asked for.
pub(super) fn roll_forward<S: Memory>(state: &S, table: &mut ReportTable) -> Result<(), Unwritten> {
    let mut opening: BTreeMap<Vec<String>, Money> = BTreeMap::new();
    let so_far = DayRange {
        from: None,
        until: table.days.until,
    };
    let first = table.days.from;
    each_standing(state, so_far, &mut |_, posted| {
        let Some(posted) = posted else {
            return Ok(());
        };
        for (place, account, amount) in moved(posted) {
            let mut amounts = [Money::ZERO; 6];
            amounts[place] = amount;
            if first.is_some_and(|first| posted.date < first) {
                let key = vec![posted.currency.clone(), account];
                *opening.entry(key).or_default() += gained(&amounts);
            } else {
                table.add(posted.date, &[&posted.currency, &account], 1, &amounts);
            }
        }
        Ok(())
    })?;
    opening.retain(|_, amount| !amount.is_zero());
    for (key, amount) in &opening {
        // An account in which nothing moved still holds what it held.
        let total = table.totals.entry(key.clone()).or_default();
        total.add(0, &[Money::ZERO; 6]);
        total.amounts[OPENING] = *amount;
    }
    for total in table.totals.values_mut() {
        close(total);
    }
    // Rows are in the order of their days.
    let mut holds = opening;
    for (key, row) in &mut table.rows {
        let held = holds.entry(key[1..].to_vec()).or_default();
        row.amounts[OPENING] = *held;
        close(row);
        *held = row.amounts[CLOSING];
    }
    Ok(())
}

fn close(row: &mut RowSum) {
    row.amounts[CLOSING] = row.amounts[OPENING] + gained(&row.amounts);
}

fn gained(amounts: &[Money]) -> Money {
    amounts[SALES] - amounts[REFUNDS] - amounts[FEES] - amounts[PAYOUTS]
}

/// What a document does to which accounts. An invoice and a credit memo move no money. Of a transfer the other end is no account of ours
/// unless it takes the money of a gateway too.
fn moved(posted: &Posted) -> Vec<(usize, String, Money)> {
    let total = posted.total;
    let (place, amount) = match posted.kind {
        DocumentKind::Invoice
        | DocumentKind::CreditMemo
        | DocumentKind::Bill
        | DocumentKind::VendorCredit => return Vec::new(),
        DocumentKind::SalesReceipt | DocumentKind::Payment => (SALES, total),
        DocumentKind::RefundReceipt => (REFUNDS, total),
        DocumentKind::Purchase | DocumentKind::BillPayment => (FEES, total),
        DocumentKind::Deposit => (FEES, -total),
        DocumentKind::Transfer => return transferred(posted),
    };
    let account = money_account(posted.kind, posted.document.as_ref());
    vec![(place, account.names.join(":"), amount)]
}

/// What reached the bank leaves the account it came from; what the gateway took back from the bank comes to it.
fn transferred(posted: &Posted) -> Vec<(usize, String, Money)> {
    let Some(document) = &posted.document else {
        return Vec::new();
    };
    let named = |name: &str| {
        let parts: Vec<&str> = name.split(':').map(str::trim).collect();
        parts.join(":")
    };
    let from = document.account.as_deref().map(named);
    let to = document.lines.first().map(|line| named(&line.item.0));
    // Which end is the bank stands on the line.
    let back = document
        .lines
        .iter()
        .any(|line| line.description == FROM_BANK);
    match (from, to) {
        (_, Some(to)) if back => vec![(PAYOUTS, to, -posted.total)],
        (Some(from), _) => vec![(PAYOUTS, from, posted.total)],
        _ => Vec::new(),
    }
}
