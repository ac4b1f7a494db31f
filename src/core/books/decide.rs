//! Decisions: what to do about a document, given what is posted.
//!
//! A posted document keeps its date, number, kind and exchange rate. One that was voided is never
//! touched again. A change in a closed period is the accountant's to make, and so it waits.

use super::case::OrderCase;
use super::{Decision, Entry};
use super::{date, hold, note, overlay};
use crate::model::document::{Document, DocumentKind};
use crate::model::fault::Reason;
use crate::model::link::Posted;
use crate::model::rules::{ClosedPeriod, EditAfterPosting};

pub(super) fn entry(case: &OrderCase<'_>, document: Document) -> Result<Entry, Reason> {
    let document = match case.overlay {
        Some(said) => overlay::laid_over(case.order, said, document),
        None => document,
    };
    match case.posted(document.key.role) {
        _ if case.is_afresh => Ok(Entry {
            document,
            decision: Decision::Keep,
            warnings: Vec::new(),
        }),
        None => new(case, document),
        Some(posted) => again(case, document, posted),
    }
}

fn new(case: &OrderCase<'_>, mut document: Document) -> Result<Entry, Reason> {
    if !date::is_likely(case, document.date) {
        return Err(hold::date_unlikely(
            case.order,
            &described(&document),
            document.date,
        ));
    }
    let mut warnings = Vec::new();
    if let Some(closed) = case.company.closed_through
        && document.date <= closed
    {
        let first_open = closed.succ_opt();
        match (case.rules.policy.closed_period, first_open) {
            (ClosedPeriod::FirstOpenDay, Some(open)) => {
                warnings.push(hold::date_moved(case.order, document.date, open));
                document.note = note::moved(&document.note, document.date);
                document.date = open;
                document.due = document.due.map(|due| due.max(open));
            }
            _ => {
                return Err(hold::period_closed(
                    case.order.id,
                    &case.order.number,
                    &described(&document),
                    document.date,
                    closed,
                ));
            }
        }
    }
    Ok(Entry {
        document,
        decision: Decision::Create,
        warnings,
    })
}

fn again(case: &OrderCase<'_>, mut document: Document, posted: &Posted) -> Result<Entry, Reason> {
    if posted.currency != document.currency {
        return Err(hold::currency_changed(case.order, posted));
    }
    if posted.voided {
        return Err(hold::document_was_voided(case.order, posted));
    }
    document.number = posted.number.clone();
    document.date = posted.date;
    if document.kind == DocumentKind::Invoice {
        document.due = posted
            .document
            .as_ref()
            .map_or(Some(posted.date), |remembered| remembered.due);
    }
    if let Some(remembered) = &posted.document {
        document.exchange_rate = remembered.exchange_rate;
    }
    let closed = case.company.closed_through;
    let is_closed = closed.is_some_and(|closed| posted.date <= closed);
    let edits_are_held = case.rules.policy.edit_after_posting == EditAfterPosting::Hold;
    let decision = match &posted.fingerprint {
        Some(fingerprint) if *fingerprint == document.fingerprint() => Decision::Keep,
        // The order is what it was. Other words alone open no closed period, and are no edit that a person has to judge.
        Some(_) if (is_closed || edits_are_held) && only_words_differ(&document, posted) => {
            let mut entry = kept(posted);
            let because = if is_closed {
                "its period is closed"
            } else {
                "`edit_after_posting` is `hold`"
            };
            entry.warnings.push(hold::mapping_waits(posted, because));
            return Ok(entry);
        }
        Some(_) if edits_are_held => {
            return Err(hold::edits_are_held(case.order, posted, document.total));
        }
        _ => Decision::Update,
    };
    if decision == Decision::Update
        && let Some(closed) = closed.filter(|_| is_closed)
    {
        if posted.fingerprint.is_none() && looks_the_same(&document, posted) {
            return Ok(kept(posted));
        }
        return Err(hold::change_in_closed_period(
            case.order.id,
            &case.order.number,
            &format!("change of {}", described(&document)),
            posted.date,
            closed,
        ));
    }
    let was = posted
        .document
        .as_ref()
        .filter(|_| decision == Decision::Update);
    let warnings = was.map_or_else(Vec::new, |was| {
        overlay::left_behind(&was.overlay, &document, case.company)
    });
    Ok(Entry {
        document,
        decision,
        warnings,
    })
}

/// Whether an edit of the mapping is all that happened.
fn only_words_differ(document: &Document, posted: &Posted) -> bool {
    let Some(was) = &posted.document else {
        return false;
    };
    let with_old_words = Document {
        overlay: was.overlay.clone(),
        ..document.clone()
    };
    posted.fingerprint.as_ref() == Some(&with_old_words.fingerprint())
}

/// As much as can be told of a document that was found in the books without a memory of it.
fn looks_the_same(document: &Document, posted: &Posted) -> bool {
    document.kind == posted.kind
        && document.total == posted.total
        && document.tax_total == posted.tax_total
}

fn described(document: &Document) -> String {
    format!("{} `{}`", document.kind, document.number)
}

/// A posted document that stays as it is.
pub(super) fn kept(posted: &Posted) -> Entry {
    Entry {
        document: as_posted(posted),
        decision: Decision::Keep,
        warnings: Vec::new(),
    }
}

pub(super) fn all_kept(posted: &[Posted]) -> Vec<Entry> {
    posted.iter().map(kept).collect()
}

/// The document as it was posted, or what is known of it.
pub(super) fn as_posted(posted: &Posted) -> Document {
    posted.document.clone().unwrap_or_else(|| Document {
        number: posted.number.clone(),
        date: posted.date,
        currency: posted.currency.clone(),
        total: posted.total,
        tax_total: posted.tax_total,
        ..Document::bare(posted.key, posted.kind)
    })
}
