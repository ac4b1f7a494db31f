//! Status: what the shop's word for the state of an order means for the books.
//!
//! Paid means that there is a paid date; the status alone is not enough. The kind of sale that was
//! chosen first stays for good, so what is posted already is looked at before the table is.

use chrono::{DateTime, Utc};

use super::case::Case;
use super::hold;
use crate::model::document::{DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::rules::{StatusMeaning, ZeroTotal};

pub(super) enum Standing {
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
pub(super) enum Fresh {
    Paid,
    Owed { expected: bool },
    Skip(Reason),
    Withdrawn,
    Unclear(Reason),
}

pub(super) fn standing(case: &Case<'_>) -> Standing {
    let order = case.order;
    let fresh = fresh(case);
    let Some(sale) = case.posted(Role::Sale) else {
        return match fresh {
            Fresh::Skip(reason) => Standing::NotYet(reason),
            Fresh::Withdrawn => Standing::Withdrawn,
            Fresh::Unclear(reason) => Standing::Unclear(reason),
            Fresh::Paid | Fresh::Owed { .. } if skips_zero(case) => {
                Standing::NotYet(hold::zero_total(order))
            }
            Fresh::Paid => Standing::Sold(Sold::new(DocumentKind::SalesReceipt, paid_on(case))),
            Fresh::Owed { expected } => Standing::Sold(owed(case, expected)),
        };
    };
    match fresh {
        Fresh::Withdrawn => Standing::Withdrawn,
        Fresh::Unclear(reason) => Standing::Unclear(reason),
        // A card authorisation would be skipped, but this order is in the books already.
        Fresh::Skip(reason) if reason.code == hold::AUTHORISED_ONLY => again(case, sale.kind, true),
        Fresh::Skip(reason) if sale.voided => Standing::NotYet(reason),
        Fresh::Skip(_) => Standing::LeftAlone(hold::status_went_back(order)),
        Fresh::Paid => again(case, sale.kind, true),
        Fresh::Owed { expected } => again(case, sale.kind, expected),
    }
}

/// A sale that is posted already, seen again.
fn again(case: &Case<'_>, kind: DocumentKind, expected: bool) -> Standing {
    if let Some(sale) = case.posted(Role::Sale)
        && sale.voided
    {
        return Standing::Unclear(hold::sale_was_voided(case.order, sale));
    }
    let paid_on = paid_on(case);
    let was_paid = kind == DocumentKind::SalesReceipt
        || case
            .posted(Role::Payment)
            .is_some_and(|payment| !payment.voided && payment.total.is_positive());
    if was_paid && paid_on.is_none() {
        return Standing::Unclear(hold::no_longer_paid(case.order));
    }
    match kind {
        DocumentKind::SalesReceipt => Standing::Sold(Sold::new(kind, paid_on)),
        _ => Standing::Sold(owed(case, expected)),
    }
}

fn owed(case: &Case<'_>, expected: bool) -> Sold {
    let mut sold = Sold::new(DocumentKind::Invoice, paid_on(case));
    if sold.paid_on.is_none() && !expected {
        sold.warnings
            .push(hold::unpaid_without_invoice_gateway(case.order));
    }
    sold
}

/// The moment of payment; a status that is said to mean "paid" counts from the order's creation.
pub(super) fn paid_on(case: &Case<'_>) -> Option<DateTime<Utc>> {
    let said = case.rules.policy.status_map.get(&case.order.status);
    case.order
        .paid_at
        .or_else(|| (said == Some(&StatusMeaning::AsPaid)).then_some(case.order.created_at))
}

fn skips_zero(case: &Case<'_>) -> bool {
    case.order.total == Money::ZERO && case.rules.policy.zero_total == ZeroTotal::Skip
}

pub(super) fn is_withdrawn(status: &str) -> bool {
    matches!(status, "cancelled" | "trash")
}

pub(super) fn fresh(case: &Case<'_>) -> Fresh {
    let order = case.order;
    let policy = &case.rules.policy;
    let on_account = policy.invoice_gateways.contains(&order.payment_method);
    let paid = order.paid_at.is_some();
    match order.status.as_str() {
        status if is_withdrawn(status) => return Fresh::Withdrawn,
        status => match policy.status_map.get(status) {
            Some(StatusMeaning::AsPaid) => return Fresh::Paid,
            Some(StatusMeaning::AsInvoice) => return Fresh::Owed { expected: true },
            Some(StatusMeaning::Skip) => return Fresh::Skip(hold::skip(order, "status_skipped")),
            None => {}
        },
    }
    match order.status.as_str() {
        "pending" => Fresh::Skip(hold::skip(order, "status_pending")),
        "failed" => Fresh::Skip(hold::skip(order, "status_failed")),
        "checkout-draft" | "auto-draft" | "draft" => Fresh::Skip(hold::skip(order, "status_draft")),
        "on-hold" | "processing" | "completed" | "refunded" if paid => Fresh::Paid,
        // A card that was only authorised is no revenue yet.
        "on-hold" if !on_account => Fresh::Skip(hold::authorised_only(order)),
        "on-hold" | "refunded" => Fresh::Owed { expected: true },
        "processing" | "completed" => Fresh::Owed {
            expected: on_account,
        },
        _ => Fresh::Unclear(hold::status_unmapped(order)),
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
