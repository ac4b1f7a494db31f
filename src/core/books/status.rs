//! Status: what the shop's word for the state of an order means for the books.
//!
//! Paid means that there is a paid date; the status alone is not enough. The kind of sale that was
//! chosen first stays for good, so what is posted already is looked at before the table is.

use chrono::{DateTime, Utc};

use super::case::OrderCase;
use super::hold;
use crate::model::document::{DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::rules::{StatusMeaning, ZeroTotal};

pub(super) enum OrderState {
    Sold(Sold),
    /// Cancelled or in the trash.
    Withdrawn,
    /// Posted, and now in a state that would not have been posted: nothing is changed.
    LeftAlone(Reason),
    /// Not a sale yet, or never to be one.
    NotYet(Reason),
    /// A person must say.
    Unclear(Reason),
}

/// A sale, and how it goes into the books.
pub(super) struct Sold {
    /// A sales receipt or an invoice.
    pub kind: DocumentKind,
    /// When the money came, if it has.
    pub paid_on: Option<DateTime<Utc>>,
    pub warnings: Vec<Reason>,
    /// The sale was withdrawn after it was posted: the sale itself stays as it is.
    pub withdrawn: bool,
}

/// How an order would stand if nothing of it were posted.
pub(super) enum FreshState {
    Paid,
    Owed { expected: bool },
    Skip(Reason),
    Withdrawn,
    Unclear(Reason),
}

pub(super) fn standing(case: &OrderCase<'_>) -> OrderState {
    let order = case.order;
    let fresh = fresh(case);
    let Some(sale) = case.posted(Role::Sale) else {
        return match fresh {
            FreshState::Skip(reason) => OrderState::NotYet(reason),
            FreshState::Withdrawn => OrderState::Withdrawn,
            FreshState::Unclear(reason) => OrderState::Unclear(reason),
            FreshState::Paid | FreshState::Owed { .. } if skips_zero(case) => {
                OrderState::NotYet(hold::zero_total(order))
            }
            FreshState::Paid => {
                OrderState::Sold(Sold::new(DocumentKind::SalesReceipt, paid_on(case)))
            }
            FreshState::Owed { expected } => OrderState::Sold(owed(case, expected)),
        };
    };
    match fresh {
        FreshState::Withdrawn => OrderState::Withdrawn,
        FreshState::Unclear(reason) => OrderState::Unclear(reason),
        // A card authorisation would be skipped, but this order is in the books already.
        FreshState::Skip(reason) if reason.code == hold::AUTHORISED_ONLY => {
            again(case, sale.kind, true)
        }
        FreshState::Skip(reason) if sale.voided => OrderState::NotYet(reason),
        FreshState::Skip(_) => OrderState::LeftAlone(hold::status_went_back(order)),
        FreshState::Paid => again(case, sale.kind, true),
        FreshState::Owed { expected } => again(case, sale.kind, expected),
    }
}

/// A sale that is posted already, seen again.
fn again(case: &OrderCase<'_>, kind: DocumentKind, expected: bool) -> OrderState {
    if let Some(sale) = case.posted(Role::Sale)
        && sale.voided
    {
        return OrderState::Unclear(hold::sale_was_voided(case.order, sale));
    }
    let paid_on = paid_on(case);
    let was_paid = kind == DocumentKind::SalesReceipt
        || case
            .posted(Role::Payment)
            .is_some_and(|payment| !payment.voided && payment.total.is_positive());
    if was_paid && paid_on.is_none() {
        return OrderState::Unclear(hold::no_longer_paid(case.order));
    }
    match kind {
        DocumentKind::SalesReceipt => OrderState::Sold(Sold::new(kind, paid_on)),
        _ => OrderState::Sold(owed(case, expected)),
    }
}

fn owed(case: &OrderCase<'_>, expected: bool) -> Sold {
    let mut sold = Sold::new(DocumentKind::Invoice, paid_on(case));
    if sold.paid_on.is_none() && !expected {
        sold.warnings
            .push(hold::unpaid_without_invoice_gateway(case.order));
    }
    sold
}

/// The moment of payment; a status that is said to mean "paid" counts from the order's creation.
pub(super) fn paid_on(case: &OrderCase<'_>) -> Option<DateTime<Utc>> {
    let said = case.rules.policy.status_map.get(&case.order.status);
    case.order
        .paid_at
        .or_else(|| (said == Some(&StatusMeaning::AsPaid)).then_some(case.order.created_at))
}

fn skips_zero(case: &OrderCase<'_>) -> bool {
    case.order.total == Money::ZERO && case.rules.policy.zero_total == ZeroTotal::Skip
}

pub(super) fn is_withdrawn(status: &str) -> bool {
    matches!(status, "cancelled" | "trash")
}

pub(super) fn fresh(case: &OrderCase<'_>) -> FreshState {
    let order = case.order;
    let policy = &case.rules.policy;
    let on_account = policy.invoice_gateways.contains(&order.payment_method);
    let paid = order.paid_at.is_some();
    match order.status.as_str() {
        status if is_withdrawn(status) => return FreshState::Withdrawn,
        status => match policy.status_map.get(status) {
            Some(StatusMeaning::AsPaid) => return FreshState::Paid,
            Some(StatusMeaning::AsInvoice) => return FreshState::Owed { expected: true },
            Some(StatusMeaning::Skip) => {
                return FreshState::Skip(hold::skip(order, "status_skipped"));
            }
            None => {}
        },
    }
    match order.status.as_str() {
        "pending" => FreshState::Skip(hold::skip(order, "status_pending")),
        "failed" => FreshState::Skip(hold::skip(order, "status_failed")),
        "checkout-draft" | "auto-draft" | "draft" => {
            FreshState::Skip(hold::skip(order, "status_draft"))
        }
        "on-hold" | "processing" | "completed" | "refunded" if paid => FreshState::Paid,
        // A card that was only authorised is no revenue yet.
        "on-hold" if !on_account => FreshState::Skip(hold::authorised_only(order)),
        "on-hold" | "refunded" => FreshState::Owed { expected: true },
        "processing" | "completed" => FreshState::Owed {
            expected: on_account,
        },
        _ => FreshState::Unclear(hold::status_unmapped(order)),
    }
}

impl Sold {
    pub fn new(kind: DocumentKind, paid_on: Option<DateTime<Utc>>) -> Sold {
        Sold {
            kind,
            paid_on,
            warnings: Vec::new(),
            withdrawn: false,
        }
    }
}
