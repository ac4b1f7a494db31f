//! Afresh: what the books should hold of an order by what the shop says now, for whoever proves that they do.
//!
//! It is the accountant's own work, but for what a posted document keeps of the past: here nothing is kept, so that a figure, a day or an
//! account that went wrong is seen. Only the kind of a document is taken from the books, because an order that was invoiced stays
//! invoiced. An order that was withdrawn after it was paid is still the sale that it was.

use super::case::{OrderCase, is_open_invoice};
use super::status::{OrderState, Sold};
use super::{Decision, OrderAccount, decide, sale, status};
use crate::model::company::Company;
use crate::model::document::Role;
use crate::model::link::Posted;
use crate::model::order::Order;
use crate::model::overlay::Mapped;
use crate::model::rules::{CancelledInvoice, Rules};

/// Works out what the books should hold. `posted` says which documents there are, or were, and of which kind; none of them counts as
/// voided.
pub fn account_afresh(
    order: &Order,
    mapped: Option<&Mapped>,
    posted: &[Posted],
    rules: &Rules,
    company: &Company,
) -> OrderAccount {
    let overlay = match mapped {
        Some(Mapped::Overlay(overlay)) => Some(overlay.as_ref()),
        Some(Mapped::Skip(reason)) if posted.is_empty() => {
            return OrderAccount::skipped(reason.clone());
        }
        Some(Mapped::Refused(reason)) if posted.is_empty() => {
            return OrderAccount::held(reason.clone());
        }
        _ => None,
    };
    let case = OrderCase {
        order,
        overlay,
        posted,
        rules,
        company,
        is_afresh: true,
    };
    match status::standing(&case) {
        OrderState::Sold(sold) => without_former(&case, sale::account(&case, sold)),
        OrderState::Withdrawn => withdrawn(&case),
        OrderState::LeftAlone(_) => still_sold(&case),
        OrderState::NotYet(reason) => OrderAccount::skipped(reason),
        OrderState::Unclear(reason) => OrderAccount::held(reason),
    }
}

fn withdrawn(case: &OrderCase<'_>) -> OrderAccount {
    if case.posted(Role::Sale).is_none() {
        return super::withdrawn::account(case);
    }
    let is_voided = is_open_invoice(case.posted)
        && case.order.paid_at.is_none()
        && case.rules.policy.cancelled_invoice == CancelledInvoice::Void;
    if !is_voided {
        return still_sold(case);
    }
    let mut account = OrderAccount {
        entries: decide::all_kept(case.posted),
        ..OrderAccount::default()
    };
    for entry in &mut account.entries {
        entry.decision = Decision::Void;
    }
    account
}

/// What was posted of an order that would not be posted any more stays, so it must be right.
fn still_sold(case: &OrderCase<'_>) -> OrderAccount {
    match case.posted(Role::Sale) {
        Some(sale) => {
            let sold = Sold::new(sale.kind, status::paid_on(case));
            without_former(case, sale::account(case, sold))
        }
        None => OrderAccount::default(),
    }
}

/// Refunds that the shop no longer has are nothing that it says now.
fn without_former(case: &OrderCase<'_>, mut account: OrderAccount) -> OrderAccount {
    account.entries.retain(|entry| {
        let Role::Refund(id) = entry.document.key.role else {
            return true;
        };
        case.order.refunds.iter().any(|refund| refund.id == id)
    });
    account
}
