//! The accounts that the money of a shop goes through, rolled forward: what each had, what came, what went, what it holds.
//!
//! Only what was posted by us is in it. Payouts to the bank are not, by now: their column is there, so that the sum is the one that an
//! accountant knows, and stays at nothing.

use std::collections::BTreeMap;

use super::{ReportCheck, ReportColumns, ReportTable, RowSum};
use crate::app::days::DayRange;
use crate::app::double_entry::{Unwritten, each_standing};
use crate::books::double_entry::money_account;
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

pub(super) const NOTE: &str = "opening + sales - refunds - fees - payouts = closing, out of what udsync posted. Payouts to the bank are not posted by \
     udsync: closing is what the gateway has paid out since or still holds.";

/// The places of the amounts in a row.
const OPENING: usize = 0;
const SALES: usize = 1;
const REFUNDS: usize = 2;
const FEES: usize = 3;
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
        if let Some(posted) = posted
            && let Some((place, account)) = moved(posted)
        {
            let mut amounts = [Money::ZERO; 6];
            amounts[place] = posted.total;
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
    amounts[SALES] - amounts[REFUNDS] - amounts[FEES]
}

/// What a document does to which account. An invoice and a credit memo move no money.
fn moved(posted: &Posted) -> Option<(usize, String)> {
    let place = match posted.kind {
        DocumentKind::Invoice | DocumentKind::CreditMemo => return None,
        DocumentKind::SalesReceipt | DocumentKind::Payment => SALES,
        DocumentKind::RefundReceipt => REFUNDS,
        DocumentKind::Purchase => FEES,
    };
    let account = money_account(posted.kind, posted.document.as_ref());
    Some((place, account.names.join(":")))
}
