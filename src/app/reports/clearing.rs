//! The accounts that the money of a shop goes through, rolled forward: what each had, what came, what went, what it holds.
//!
//! Only what was posted by us is in it. What a payout was made of besides sales and fees, a dispute or a reserve, has a column of its own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::documents::fees_of;
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
    amounts: &[
        "opening", "sales", "refunds", "fees", "other", "payouts", "closing",
    ],
    checks: &[],
};

/// Of the totals alone: over several days the openings of all of them add up to nothing that means anything.
pub(super) const OF_TOTALS: &[ReportCheck] = &[ReportCheck {
    label: "rolled forward less closing",
    plus: &["opening", "sales"],
    minus: &["refunds", "fees", "other", "payouts", "closing"],
}];

pub(super) const NOTE: &str = "opening + sales - refunds - fees - other - payouts = closing, out of what udsync posted. other is what payouts are made of \
     besides: disputes, reserves, adjustments. Payouts are there once `udsync sync payouts` has posted them: then closing is what the gateway still \
     holds, or has on its way.";

/// The places of the amounts in a row.
const OPENING: usize = 0;
const SALES: usize = 1;
const REFUNDS: usize = 2;
const FEES: usize = 3;
const OTHER: usize = 4;
const PAYOUTS: usize = 5;
const CLOSING: usize = 6;
const COLUMNS: usize = 7;

/// Rolls each account from its first document on, and keeps the days that were asked for.
pub(super) fn roll_forward<S: Memory>(state: &S, table: &mut ReportTable) -> Result<(), Unwritten> {
    let mut opening: BTreeMap<Vec<String>, Money> = BTreeMap::new();
    let so_far = DayRange {
        from: None,
        until: table.days.until,
    };
    let first = table.days.from;
    // What payouts brought to an account, by day: few, and kept until it is known which accounts are rolled.
    let mut arrived: BTreeMap<(NaiveDate, Vec<String>), (u64, Money)> = BTreeMap::new();
    let mut rolled: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut book = |day: NaiveDate, key: &[String], count: u64, amounts: &[Money; COLUMNS]| {
        if first.is_some_and(|first| day < first) {
            *opening.entry(key.to_vec()).or_default() += gained(amounts);
        } else {
            table.add(day, &[&key[0], &key[1]], count, amounts);
        }
    };
    each_standing(state, so_far, &mut |_, posted| {
        let Some(posted) = posted else {
            return Ok(());
        };
        if let Some((account, amounts)) = moved(posted) {
            let key = vec![posted.currency.clone(), account];
            book(posted.date, &key, 1, &amounts);
            rolled.insert(key);
        }
        if let Some((account, amount)) = arrival(posted) {
            let key = vec![posted.currency.clone(), account];
            let brought = arrived.entry((posted.date, key)).or_default();
            brought.0 += 1;
            brought.1 += amount;
        }
        Ok(())
    })?;
    // A bank account is rolled where money of buyers reaches it by itself: then what payouts brought there is in it too.
    for ((day, key), (count, amount)) in &arrived {
        if rolled.contains(key) {
            let mut amounts = [Money::ZERO; COLUMNS];
            amounts[PAYOUTS] = -*amount;
            book(*day, key, *count, &amounts);
        }
    }
    opening.retain(|_, amount| !amount.is_zero());
    for (key, amount) in &opening {
        // An account in which nothing moved still holds what it held.
        let total = table.totals.entry(key.clone()).or_default();
        total.add(0, &[Money::ZERO; COLUMNS]);
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
    let taken: Money = amounts[REFUNDS..CLOSING].iter().copied().sum();
    amounts[SALES] - taken
}

/// What a document does to the account of the gateway. An invoice and a credit memo move no money.
fn moved(posted: &Posted) -> Option<(String, [Money; COLUMNS])> {
    let total = posted.total;
    let mut amounts = [Money::ZERO; COLUMNS];
    match posted.kind {
        DocumentKind::Invoice
        | DocumentKind::CreditMemo
        | DocumentKind::Bill
        | DocumentKind::VendorCredit => return None,
        DocumentKind::SalesReceipt | DocumentKind::Payment => amounts[SALES] = total,
        DocumentKind::RefundReceipt => amounts[REFUNDS] = total,
        DocumentKind::BillPayment => amounts[FEES] = total,
        DocumentKind::Purchase | DocumentKind::Deposit => {
            let taken = match posted.kind {
                DocumentKind::Deposit => -total,
                _ => total,
            };
            let fees = fees_of(posted).unwrap_or_default();
            (amounts[FEES], amounts[OTHER]) = (fees, taken - fees);
        }
        DocumentKind::Transfer => {
            let ends = ends(posted)?;
            amounts[PAYOUTS] = ends.amount;
            return Some((ends.gateway, amounts));
        }
    };
    let account = money_account(posted.kind, posted.document.as_ref());
    Some((account.names.join(":"), amounts))
}

/// What a transfer brings to the bank.
fn arrival(posted: &Posted) -> Option<(String, Money)> {
    let ends = (posted.kind == DocumentKind::Transfer).then(|| ends(posted))??;
    Some((ends.bank?, ends.amount))
}

struct TransferEnds {
    gateway: String,
    bank: Option<String>,
    /// From the gateway to the bank; negative where the gateway took it back.
    amount: Money,
}

/// What reached the bank leaves the account it came from; what the gateway took back from the bank comes to it.
fn ends(posted: &Posted) -> Option<TransferEnds> {
    let document = posted.document.as_ref()?;
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
    let (gateway, bank, amount) = match back {
        true => (to?, from, -posted.total),
        false => (from?, to, posted.total),
    };
    Some(TransferEnds {
        gateway,
        bank,
        amount,
    })
}
