//! The accountant: an order, its refunds and what is already posted become ledger documents, or a hold.
//!
//! Everything here is a pure function over typed values, so that a dry run, a run and a test come to
//! the same answer. The shop's figures are the truth: nothing is worked out again from rates, and a
//! document equals the order to the cent or is not posted. What this room does not do: it reads no
//! service and no clock, it knows no ledger's ids, and it does not decide when to write.

mod afresh;
pub mod agreed_fields;
mod amount_only;
mod believed;
mod case;
mod content;
mod date;
mod decide;
mod deposit;
pub mod double_entry;
mod drafted;
pub mod explained;
mod fee;
mod figures;
pub mod gaps;
mod hold;
mod ignored_tax;
mod item_key;
mod kept_item;
mod lines;
mod mirror;
pub mod names;
mod note;
mod number;
mod overlay;
mod payment;
pub mod payouts;
pub mod propose;
pub mod reconciled;
mod refund;
mod row;
mod sale;
mod status;
mod tax;
#[cfg(test)]
mod tests;
mod withdrawn;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::model::company::Company;
use crate::model::decimals::Coarsened;
use crate::model::document::{Document, DocumentKey, Role};
use crate::model::fault::Reason;
use crate::model::link::Posted;
use crate::model::order::Order;
use crate::model::overlay::{Mapped, Overlay};
use crate::model::rules::Rules;

pub use afresh::account_afresh;
pub use believed::{at_own_decimals, is_doubted, with_doubt};
pub use hold::way_out;
pub use ignored_tax::with_ignored_tax;

use case::OrderCase;
use status::OrderState;

/// What the books shall hold for one order, and what a person must look at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderAccount {
    /// In the order in which they must be written.
    pub entries: Vec<Entry>,
    pub holds: Vec<HeldDocument>,
    /// Remarks on the order as a whole; those on one document are with its entry.
    pub warnings: Vec<Reason>,
    /// Nothing is to be posted and nothing is wrong.
    pub skip: Option<Reason>,
}

/// Something that must not be written until a person has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDocument {
    /// The document that waits; `None` when the whole order does.
    pub subject: Option<DocumentKey>,
    pub reason: Reason,
}

/// One document and what is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub document: Document,
    pub decision: Decision,
    pub warnings: Vec<Reason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Create,
    /// It is posted and its content differs, or nobody remembers its content: the caller compares.
    Update,
    Void,
    /// It stands as it should, or it is not ours to touch.
    Keep,
}

/// Works out what the books shall hold for an order. `mapped` is what the shop's own mapping made of it, if there is one.
pub fn account(
    order: &Order,
    mapped: Option<&Mapped>,
    posted: &[Posted],
    rules: &Rules,
    company: &Company,
) -> OrderAccount {
    let remembered = remembered_overlay(posted);
    let case = OrderCase {
        order,
        overlay: match mapped {
            Some(Mapped::Overlay(overlay)) => Some(overlay.as_ref()),
            // What is in the books stays our business, and keeps its words.
            Some(Mapped::Skip(_)) => remembered,
            Some(Mapped::Refused(_)) | None => None,
        },
        posted,
        rules,
        company,
        is_afresh: false,
    };
    match status::standing(&case) {
        OrderState::Sold(sold) => match mapped {
            Some(Mapped::Refused(reason)) => OrderAccount::held(reason.clone()),
            Some(Mapped::Skip(reason)) if posted.iter().all(|posted| posted.voided) => {
                OrderAccount::skipped(reason.clone())
            }
            _ => sale::account(&case, sold),
        },
        OrderState::Withdrawn => withdrawn::account(&case),
        OrderState::LeftAlone(warning) => OrderAccount {
            entries: decide::all_kept(posted),
            warnings: vec![warning],
            ..OrderAccount::default()
        },
        OrderState::NotYet(reason) => OrderAccount::skipped(reason),
        OrderState::Unclear(reason) => OrderAccount::held(reason),
    }
}

/// The words on the sale as it was posted.
fn remembered_overlay(posted: &[Posted]) -> Option<&Overlay> {
    let sale = case::posted_as(posted, Role::Sale)?;
    Some(&sale.document.as_ref()?.overlay)
}

/// The whole order waits, and nothing of it is touched.
pub fn held(reason: Reason) -> OrderAccount {
    OrderAccount::held(reason)
}

/// An order from before the first day that is posted: nothing of it is, whoever names it.
pub fn before_start(order: &Order, start: NaiveDate, zone: Tz) -> OrderAccount {
    OrderAccount::skipped(hold::before_start(
        order,
        date::day(order.created_at, zone),
        start,
    ))
}

/// Whether an order is a sale, so that its buyer is a customer of the books.
pub fn is_sale(order: &Order, rules: &Rules, company: &Company) -> bool {
    let case = OrderCase {
        order,
        overlay: None,
        posted: &[],
        rules,
        company,
        is_afresh: false,
    };
    matches!(status::standing(&case), OrderState::Sold(_))
}

/// Whether the shop has taken the order back, so that nothing new is posted for it.
pub fn is_withdrawn(order: &Order) -> bool {
    status::is_withdrawn(&order.status)
}

/// Why a payment waits that would settle an invoice together with a credit memo that is held.
pub fn payment_waits(order: &Order, because: &Reason) -> Reason {
    hold::payment_waits(order, because)
}

/// The number that the sale of an order has, or would have.
pub fn sale_number(
    order: &Order,
    mapped: Option<&Mapped>,
    rules: &Rules,
    company: &Company,
) -> String {
    let overlay = match mapped {
        Some(Mapped::Overlay(overlay)) => Some(overlay.as_ref()),
        _ => None,
    };
    number::sale(&OrderCase {
        order,
        overlay,
        posted: &[],
        rules,
        company,
        is_afresh: false,
    })
}

/// Why an order is not posted that the shop's own mapping leaves out.
pub fn mapping_skipped(order: &Order, because: &str) -> Reason {
    hold::mapping_skipped(order, because)
}

/// Why nothing is changed that was made with more decimals than the shop shows by now.
pub fn decimals_changed(coarsened: &Coarsened) -> Reason {
    hold::decimals_changed(coarsened)
}

/// Why an order waits that the shop's own mapping could not be applied to.
pub fn mapping_refused(order: &Order, why: &str) -> Reason {
    hold::mapping_refused(order, why)
}

/// Why a mapping's number cannot be that of a document, in words that follow it.
pub fn number_trouble(number: &str) -> Option<String> {
    number::trouble(number)
}

/// Works out what becomes of the documents of an order that the shop no longer has.
pub fn account_deleted(
    order_id: u64,
    number: &str,
    posted: &[Posted],
    rules: &Rules,
    company: &Company,
) -> OrderAccount {
    withdrawn::account_deleted(order_id, number, posted, rules, company)
}

impl OrderAccount {
    fn held(reason: Reason) -> OrderAccount {
        OrderAccount {
            holds: vec![HeldDocument {
                subject: None,
                reason,
            }],
            ..OrderAccount::default()
        }
    }

    fn skipped(reason: Reason) -> OrderAccount {
        OrderAccount {
            skip: Some(reason),
            ..OrderAccount::default()
        }
    }

    /// Adds a document, or the reason why it must wait. Says whether it was added.
    fn enter(&mut self, key: DocumentKey, entry: Result<Entry, Reason>) -> bool {
        match entry {
            Ok(entry) => {
                self.entries.push(entry);
                true
            }
            Err(reason) => {
                self.holds.push(HeldDocument {
                    subject: Some(key),
                    reason,
                });
                false
            }
        }
    }
}
