//! Moved: what was posted on the first open day because its own month was closed. It belongs to the month in which it was booked, on both
//! sides, and the month that it comes from says where it went.

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::money::Money;
use crate::model::statement::StatedDocument;

use super::super::note;
use super::StatedIndex;
use super::sides::{BothSides, ExpectedDocument, OrderSide};

/// One document that was posted on a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedLine {
    pub order: u64,
    pub number: String,
    pub document: String,
    pub document_number: String,
    pub currency: String,
    pub total: Money,
    /// Its own day.
    pub from: NaiveDate,
    /// The day that it was posted on.
    pub to: NaiveDate,
}

/// The day that it was moved to, if it was: later than its own, said by its note or by what is remembered, and not by a person since.
pub(super) fn moved_to(
    order: &OrderSide,
    expected: &ExpectedDocument,
    stated: &StatedDocument,
) -> Option<NaiveDate> {
    let document = &expected.document;
    let day = stated.found.date.filter(|day| *day > document.date)?;
    let remembered = order.remembered.get(&document.key);
    if remembered.is_some_and(|was| was.date != day) {
        return None;
    }
    let was_moved = remembered.is_some_and(|was| was.was_moved);
    (was_moved || note::says_moved(&stated.note, document.date)).then_some(day)
}

/// The day on which a document counts.
pub(super) fn booked_on(
    index: &StatedIndex<'_>,
    order: &OrderSide,
    expected: &ExpectedDocument,
) -> NaiveDate {
    let document = &expected.document;
    let standing = index.standing(&document.key);
    standing
        .filter(|stated| !stated.is_voided())
        .and_then(|stated| moved_to(order, expected, stated))
        .unwrap_or(document.date)
}

/// Everything that left the period like this, or came into it.
pub(super) fn moved(sides: &BothSides, index: &StatedIndex<'_>) -> Vec<MovedLine> {
    let mut lines = Vec::new();
    for (id, order) in &sides.orders {
        for expected in order.expected.iter().filter(|one| !one.is_void) {
            let document = &expected.document;
            let to = booked_on(index, order, expected);
            let is_meant = sides.covers(document.date) || sides.covers(to);
            if to == document.date || !is_meant || order.is_held(&document.key) {
                continue;
            }
            let standing = index.standing(&document.key);
            lines.push(MovedLine {
                order: *id,
                number: order.number.clone(),
                document: standing.map(super::reference).unwrap_or_default(),
                document_number: document.number.clone(),
                currency: document.currency.clone(),
                total: document.total,
                from: document.date,
                to,
            });
        }
    }
    lines
}
