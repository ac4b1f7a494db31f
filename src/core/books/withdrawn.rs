//! Withdrawn orders: cancelled, in the trash, or gone from the shop.
//!
//! Withdrawing an order gives no money back, so only an invoice that nobody paid is voided. It is
//! never deleted: its number stays in the sequence.

use super::case::{self, OrderCase};
use super::status::Sold;
use super::{Decision, HeldDocument, OrderAccount};
use super::{decide, hold, sale};
use crate::model::company::Company;
use crate::model::document::{DocumentKind, Role};
use crate::model::link::Posted;
use crate::model::rules::{CancelledInvoice, Rules};

/// What was withdrawn, as far as it matters here.
struct Withdrawal<'a> {
    id: u64,
    number: &'a str,
    /// `cancelled`, `trashed`, `deleted`: for messages.
    word: &'static str,
    /// The shop says that the money came.
    paid: bool,
    posted: &'a [Posted],
    rules: &'a Rules,
    company: &'a Company,
}

pub(super) fn account(case: &OrderCase<'_>) -> OrderAccount {
    let order = case.order;
    let withdrawal = Withdrawal {
        id: order.id,
        number: &order.number,
        word: if order.status == "trash" {
            "trashed"
        } else {
            "cancelled"
        },
        paid: order.paid_at.is_some(),
        posted: case.posted,
        rules: case.rules,
        company: case.company,
    };
    let sale = case.posted(Role::Sale).filter(|sale| !sale.voided);
    let Some(sale) = sale else {
        return withdrawal.account();
    };
    let paid = sale.kind == DocumentKind::SalesReceipt
        || order.paid_at.is_some()
        || case.posted(Role::Payment).is_some();
    let something_new = order
        .refunds
        .iter()
        .any(|refund| case.posted(Role::Refund(refund.id)).is_none())
        || (sale.kind == DocumentKind::Invoice && case.posted(Role::Payment).is_none());
    if !paid || !something_new {
        return withdrawal.account();
    }
    // Money that came in or went back after the sale is still a fact.
    let mut sold = Sold::new(sale.kind, order.paid_at.or(Some(order.created_at)));
    sold.withdrawn = true;
    let mut account = sale::account(case, sold);
    if account.entries.is_empty() {
        account.entries = decide::all_kept(case.posted);
    }
    account.warnings.push(hold::cancelled_after_payment(
        order.id,
        &order.number,
        withdrawal.word,
    ));
    account
}

pub(super) fn account_deleted(
    id: u64,
    number: &str,
    posted: &[Posted],
    rules: &Rules,
    company: &Company,
) -> OrderAccount {
    Withdrawal {
        id,
        number,
        word: "deleted",
        paid: false,
        posted,
        rules,
        company,
    }
    .account()
}

impl Withdrawal<'_> {
    fn account(&self) -> OrderAccount {
        if self.posted.is_empty() {
            return OrderAccount::skipped(hold::cancelled_before_posting(
                self.id,
                self.number,
                self.word,
            ));
        }
        let mut account = OrderAccount {
            entries: decide::all_kept(self.posted),
            ..OrderAccount::default()
        };
        if case::is_open_invoice(self.posted) && !self.paid {
            if self.rules.policy.cancelled_invoice == CancelledInvoice::Void {
                self.void_sale(&mut account);
            }
        } else if self.posted.iter().any(|posted| !posted.voided) {
            account.warnings.push(hold::cancelled_after_payment(
                self.id,
                self.number,
                self.word,
            ));
        }
        account
    }

    fn void_sale(&self, account: &mut OrderAccount) {
        for entry in &mut account.entries {
            if entry.document.key.role != Role::Sale {
                continue;
            }
            match self.company.closed_through {
                Some(closed) if entry.document.date <= closed => account.holds.push(HeldDocument {
                    subject: Some(entry.document.key),
                    reason: hold::change_in_closed_period(
                        self.id,
                        self.number,
                        &format!("voided invoice `{}`", entry.document.number),
                        entry.document.date,
                        closed,
                    ),
                }),
                _ => entry.decision = Decision::Void,
            }
        }
    }
}
