//! Alike: when two documents could be the same sale, and two sets of lines the same lines.

use chrono::NaiveDate;

use crate::model::document::DocumentKind;
use crate::model::fingerprint::Fingerprint;
use crate::model::money::Money;
use crate::model::statement::{StatedDocument, StatedLine};

/// So many days apart two documents can be the same sale.
const DAYS_APART: i64 = 3;

pub(super) fn near(stated: &StatedDocument, day: NaiveDate) -> bool {
    stated
        .found
        .date
        .is_some_and(|date| (date - day).num_days().abs() <= DAYS_APART)
}

/// Identifies the figures of a document and its lines, in whatever order they stand.
pub(super) fn figures_of(stated: &StatedDocument) -> String {
    let found = &stated.found;
    let mut lines: Vec<(&str, Money)> = stated
        .lines
        .iter()
        .map(|line| (line.item.as_str(), line.amount))
        .collect();
    lines.sort();
    let whole = (
        &found.currency,
        found.total,
        found.tax_total,
        &found.tax,
        lines,
    );
    Fingerprint::of(&whole).as_str().chars().take(12).collect()
}

/// Whether a document of a person could be what we have as this kind.
pub(super) fn same_use(kind: DocumentKind, stated: &StatedDocument) -> bool {
    let is = |kinds: &[DocumentKind]| {
        let theirs = stated.found.remote.entity.document();
        theirs.is_some_and(|theirs| kinds.contains(&theirs))
    };
    match kind {
        DocumentKind::SalesReceipt | DocumentKind::Invoice => {
            is(&[DocumentKind::SalesReceipt, DocumentKind::Invoice])
        }
        DocumentKind::RefundReceipt | DocumentKind::CreditMemo => {
            is(&[DocumentKind::RefundReceipt, DocumentKind::CreditMemo])
        }
        kind => is(&[kind]),
    }
}

/// Whether the lines are the same, in whatever order. An item that is not known is any.
pub(super) fn same_lines(expected: &[StatedLine], stated: &[StatedLine]) -> bool {
    let amounts = |lines: &[StatedLine]| {
        let mut amounts: Vec<Money> = lines
            .iter()
            .map(|line| line.amount)
            .filter(|amount| !amount.is_zero())
            .collect();
        amounts.sort();
        amounts
    };
    if amounts(expected) != amounts(stated) {
        return false;
    }
    let mut left: Vec<&StatedLine> = stated.iter().collect();
    let known = expected
        .iter()
        .filter(|line| !line.item.is_empty() && !line.amount.is_zero());
    for line in known {
        match left.iter().position(|other| *other == line) {
            Some(at) => drop(left.swap_remove(at)),
            None => return false,
        }
    }
    true
}

/// Lines in words.
pub(super) fn shown(lines: &[StatedLine]) -> String {
    let mut lines: Vec<String> = lines
        .iter()
        .filter(|line| !line.amount.is_zero())
        .map(|line| match line.item.as_str() {
            "" => line.amount.to_string(),
            item => format!("{} of item {item}", line.amount),
        })
        .collect();
    lines.sort();
    lines.join(", ")
}
