//! Overlays on documents: the words that a shop's own mapping puts in the place of the accountant's.
//!
//! A mapping speaks of an order, the books hold documents: sales forms take the words, a payment and an expense have no place for
//! them. Here is also the promise that no mapping touches money, because nothing here writes to a figure, a date, a tax
//! code or an account; a property test holds it to that.

use super::note;
use crate::model::company::{ClassTracking, Company};
use crate::model::document::{Document, Role};
use crate::model::fault::Reason;
use crate::model::order::{Address, Order};
use crate::model::overlay::{AddressParts, Overlay};

/// The document with the mapping's words on it. Words that the accountant would have written anyway leave no trace, so that
/// a mapping which repeats the accountant changes nothing.
pub(super) fn laid_over(order: &Order, said: &Overlay, mut document: Document) -> Document {
    if !document.kind.is_sales_form() {
        return document;
    }
    let mut put_on = Overlay {
        class: said.class.clone(),
        location: said.location.clone(),
        custom: said.custom.clone(),
        ..Overlay::default()
    };
    if let Some(said) = &said.note {
        let note = whose_note(order, said, document.key.role);
        // The accountant writes on one line what a template may have left as it was.
        if note::one_line(&note) != document.note {
            document.note.clone_from(&note);
            put_on.note = Some(note);
        }
    }
    if said.memo.is_some() && said.memo != document.memo {
        document.memo.clone_from(&said.memo);
        put_on.memo.clone_from(&said.memo);
    }
    put_on.bill_to = address(&said.bill_to, &mut document.bill_to);
    put_on.ship_to = address(&said.ship_to, &mut document.ship_to);
    document.overlay = put_on;
    document
}

/// A refund says besides which one it is and why.
fn whose_note(order: &Order, said: &str, role: Role) -> String {
    let Role::Refund(id) = role else {
        return said.to_owned();
    };
    match order.refunds.iter().find(|refund| refund.id == id) {
        Some(refund) => note::of_refund(said.to_owned(), refund),
        None => said.to_owned(),
    }
}

fn address(said: &AddressParts, on_document: &mut Option<Address>) -> AddressParts {
    let theirs = on_document.clone().unwrap_or_default();
    let put_on = said.unlike(&theirs);
    if !put_on.is_empty() {
        *on_document = Some(put_on.over(&theirs));
    }
    put_on
}

/// What stays on a document although the mapping no longer says it: a reference can be changed through the API, and not taken off.
pub(super) fn left_behind(before: &Overlay, now: &Document, company: &Company) -> Vec<Reason> {
    let mut left = Vec::new();
    let mut leave = |what: &str, name: &str| {
        left.push(
            Reason::new(
                "mapping_left_behind",
                format!(
                    "{} `{}` keeps the {what} `{name}` in QuickBooks, though the mapping no longer gives it one",
                    now.kind, now.number
                ),
            )
            .hint(format!("take the {what} off the document in QuickBooks")),
        );
    };
    if let (Some(class), None) = (&before.class, &now.overlay.class)
        && company.classes == ClassTracking::PerDocument
    {
        leave("class", class);
    }
    if let (Some(location), None) = (&before.location, &now.overlay.location) {
        leave("location", location);
    }
    left
}
