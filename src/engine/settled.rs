//! Settled: what other people have done about the money of a document. An invoice may have been paid by hand, in whole or in part, and a
//! payment may lie in a deposit.
//!
//! Nobody pays twice by us: what a person has entered counts, and where it does not add up a person has to look. Nobody's money is
//! moved either: what is in a deposit stays as it is, and what would have to follow it waits.

use crate::books::{Decision, Entry};
use crate::model::document::{Document, DocumentKey, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::link::LinkState;
use crate::model::money::Money;
use crate::model::plan::Remote;
use crate::model::ticket::{Found, FoundState};

use super::ours::known;
use super::standing::OrderStanding;

/// What can be typed where a person has the last word on a payment.
const THEN: &str = "then run `udsync retry --all`";

/// Who settled an invoice that a payment of ours was to settle; `None`: all of it is still owed.
///
/// An invoice that is paid in part, or beside which a payment lies that names it and settles nothing, is for a person to look at.
pub(super) fn by_others<'a>(
    standing: &'a OrderStanding<'_>,
    document: &Document,
) -> Result<Option<&'a Found>, Reason> {
    if document.kind != DocumentKind::Payment {
        return Ok(None);
    }
    for settled in &document.applies_to {
        let Some(invoice) = known(standing, settled.to) else {
            continue;
        };
        let Some(owed) = invoice.balance else {
            continue;
        };
        if invoice.state == FoundState::Voided || invoice.total.is_zero() {
            continue;
        }
        if owed.is_zero() {
            return Ok(Some(invoice));
        }
        if owed != invoice.total {
            return Err(in_part(standing, invoice, owed));
        }
        if let Some(stray) = stray(standing, document, invoice) {
            return Err(beside(standing, invoice, stray));
        }
    }
    Ok(None)
}

/// The payment that settled an invoice, as far as the books say which one it was.
pub(super) fn payer(invoice: &Found) -> Option<Remote> {
    invoice.payments.first().map(|id| Remote {
        entity: DocumentKind::Payment.into(),
        id: id.clone(),
        revision: String::new(),
    })
}

/// Why nothing is written for a payment that somebody else entered.
pub(super) fn settled(document: &Document, invoice: &Found) -> Reason {
    Reason::new(
        "settled_by_books",
        format!(
            "invoice `{}` (id {}) is settled in QuickBooks by a payment that udsync did not make, so none over {} is posted",
            invoice.label, invoice.remote.id, document.total
        ),
    )
}

/// A payment of the same customer that names the invoice as its reference, and of which something is left.
fn stray<'a>(
    standing: &'a OrderStanding<'_>,
    document: &Document,
    invoice: &Found,
) -> Option<&'a Found> {
    let named = standing.namesakes.get(&document.key);
    named.into_iter().flatten().find(|payment| {
        payment.state == FoundState::Active
            && payment.customer == invoice.customer
            && payment.unapplied.is_some_and(Money::is_positive)
    })
}

fn in_part(standing: &OrderStanding<'_>, invoice: &Found, owed: Money) -> Reason {
    Reason::new(
        "partly_settled",
        format!(
            "order {} is paid, but invoice `{}` (id {}) has been paid in part in QuickBooks by somebody else: of {} only {owed} is still owed there",
            standing.number, invoice.label, invoice.remote.id, invoice.total
        ),
    )
    .hint(format!(
        "enter the rest in QuickBooks, or unlink that payment from the invoice there; {THEN}"
    ))
}

fn beside(standing: &OrderStanding<'_>, invoice: &Found, stray: &Found) -> Reason {
    Reason::new(
        "partly_settled",
        format!(
            "order {} is paid, and QuickBooks has payment {} over {} that names invoice `{}` (id {}) as its reference and is not applied to it: it may be the same money",
            standing.number, stray.remote.id, stray.total, invoice.label, invoice.remote.id
        ),
    )
    .hint(format!(
        "apply it to the invoice in QuickBooks, or give it another reference number there; {THEN}"
    ))
}

/// What came of a payment that reached the books a moment after somebody else's: the books took it and had nothing to apply it to.
pub(super) fn came_too_late(label: &str, left: Money) -> Reason {
    Reason::new(
        "partly_settled",
        format!(
            "payment `{label}` was taken back: somebody else paid its invoice in QuickBooks at the same moment, and {left} of it settled nothing"
        ),
    )
    .hint("run `udsync retry --all`, which looks at the invoice again")
}

/// The same where it could not be taken back. It is remembered as one that is not right, so the next run looks at it.
pub(super) fn still_stands(label: &str, left: Money) -> Reason {
    Reason::new(
        "partly_settled",
        format!(
            "payment `{label}` stands in QuickBooks although {left} of it settle nothing: somebody else paid its invoice at the same moment, and it could not be taken back"
        ),
    )
    .hint("run `udsync retry --all`, which takes it back, or delete it in QuickBooks")
}

/// Whether a document can be changed as far as its money goes: not while it lies in a deposit.
pub(super) fn not_in_deposit(
    standing: &OrderStanding<'_>,
    document: &Document,
    found: &Found,
) -> Result<(), Reason> {
    if !found.is_deposited {
        return Ok(());
    }
    Err(Reason::new(
        "edited_after_posting",
        format!(
            "order {} changed, but its {} `{}` (id {}) over {} is part of a deposit in QuickBooks, where nothing can change it",
            standing.number, document.kind, document.number, found.remote.id, found.total
        ),
    )
    .hint("take it out of the deposit in QuickBooks and run `udsync retry --all`, or correct both there by hand and set the order aside with `udsync retry --skip ID --why TEXT`"))
}

/// The payment that must change with an invoice that gets another total. The invoice waits with it, so that neither stands alone; and
/// where somebody else has paid it, it waits for a person.
pub(super) fn that_follows<'a>(
    standing: &'a OrderStanding<'_>,
    document: &Document,
    found: &Found,
) -> Result<Option<&'a Entry>, Reason> {
    if document.kind != DocumentKind::Invoice || document.total == found.total {
        return Ok(None);
    }
    let key = document.key.beside(Role::Payment);
    let ours = our_payment(standing, key);
    if let Some(theirs) = found.payments.iter().find(|id| Some(id.as_str()) != ours) {
        return Err(paid_by_others(standing, document, found, theirs));
    }
    let mut entries = standing.account.entries.iter();
    Ok(entries.find(|entry| entry.document.key == key && entry.decision == Decision::Update))
}

/// The id of our own payment, if there is one.
fn our_payment<'a>(standing: &'a OrderStanding<'_>, key: DocumentKey) -> Option<&'a str> {
    let linked = standing.links.get(&key);
    let linked = linked.filter(|link| link.state != LinkState::Settled);
    linked
        .map(|link| link.remote.id.as_str())
        .or_else(|| Some(standing.adopted.get(&key)?.remote.id.as_str()))
}

fn paid_by_others(
    standing: &OrderStanding<'_>,
    document: &Document,
    found: &Found,
    payment: &str,
) -> Reason {
    Reason::new(
        "edited_after_posting",
        format!(
            "order {} would come to {} now, but its invoice `{}` (id {}) over {} has been paid in QuickBooks by somebody else (payment {payment}), and nobody's payment is moved",
            standing.number, document.total, found.label, found.remote.id, found.total
        ),
    )
    .hint("undo the change in the shop, or correct invoice and payment in QuickBooks by hand and set the order aside with `udsync retry --skip ID --why TEXT`")
}

/// What is said where our payment changes because its order did.
pub(super) fn follows_edit(
    standing: &OrderStanding<'_>,
    document: &Document,
    found: &Found,
) -> Reason {
    Reason::new(
        "payment_follows_edit",
        format!(
            "order {} was edited after it was paid: payment `{}` (id {}) over {} comes to {}, as the invoice does; the shop does not say whether money moved",
            standing.number, document.number, found.remote.id, found.total, document.total
        ),
    )
    .hint("compare it with what was really received")
}
