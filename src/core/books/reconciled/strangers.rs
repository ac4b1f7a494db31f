//! Strangers: documents that a person entered and that look like one of ours. Nobody deletes one for it: it is shown, with what speaks for
//! it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::money::Money;
use crate::model::plan::RemoteKind;
use crate::model::statement::StatedDocument;

use super::alike::{near, same_use};
use super::difference::{DifferenceCode, DifferenceDraft};
use super::orders::Compared;
use super::sides::{BothSides, ExpectedDocument, OrderSide};
use super::{StatedIndex, reference};

/// One of ours that it could be a copy of.
struct Likely<'a> {
    order: u64,
    number: &'a str,
    expected: &'a ExpectedDocument,
    of: &'a StatedDocument,
    reasons: Vec<&'static str>,
}

/// Ours, by currency and total.
type Worth<'a> = BTreeMap<(&'a str, Money), Vec<(u64, &'a OrderSide, &'a ExpectedDocument)>>;

pub(super) fn find(sides: &BothSides, index: &StatedIndex<'_>, compared: &mut Compared) {
    let mut taken = BTreeSet::new();
    let mut worth = Worth::new();
    for (id, order) in &sides.orders {
        for expected in order.expected.iter().filter(|expected| !expected.is_void) {
            let document = &expected.document;
            let of = worth
                .entry((&document.currency, document.total))
                .or_default();
            of.push((*id, order, expected));
        }
    }
    for stranger in &index.unmarked {
        if stranger.is_voided() || stranger.found.total.is_zero() {
            continue;
        }
        let Some(likely) = likeliest(&worth, index, stranger, &taken) else {
            continue;
        };
        let document = &likely.expected.document;
        taken.insert((
            likely.of.found.remote.entity,
            likely.of.found.remote.id.clone(),
        ));
        compared.differences.push(DifferenceDraft {
            code: DifferenceCode::DuplicateByHand,
            key: Some(document.key),
            order: Some(likely.order),
            number: Some(likely.number.to_owned()),
            document: Some(reference(stranger)),
            document_number: Some(stranger.found.label.clone()),
            what: "total".to_owned(),
            currency: document.currency.clone(),
            shop: Money::ZERO.to_string(),
            books: stranger.found.total.to_string(),
            difference: Some(stranger.found.total),
            cause: format!(
                "somebody entered it by hand beside {}: {}",
                reference(likely.of),
                likely.reasons.join(", ")
            ),
            hint: "if it is the same sale, delete the one by hand in QuickBooks; if it is another, `udsync reconcile accept {id} --why TEXT`"
                .to_owned(),
        });
    }
}

/// The one that most speaks for; each of ours has one copy at most, and the oldest comes first.
fn likeliest<'a>(
    worth: &Worth<'a>,
    index: &StatedIndex<'a>,
    stranger: &StatedDocument,
    taken: &BTreeSet<(RemoteKind, String)>,
) -> Option<Likely<'a>> {
    let found = &stranger.found;
    let currency = found.currency.as_deref()?;
    let mut best: Option<Likely<'a>> = None;
    for (id, order, expected) in worth.get(&(currency, found.total)).into_iter().flatten() {
        let document = &expected.document;
        if !same_use(document.kind, stranger) || !near(stranger, document) {
            continue;
        }
        let Some(of) = index.standing(&document.key).filter(|of| !of.is_voided()) else {
            continue;
        };
        if taken.contains(&(of.found.remote.entity, of.found.remote.id.clone())) {
            continue;
        }
        let mut reasons = Vec::new();
        if names(&found.label, &order.number) || names(&stranger.note, &order.number) {
            reasons.push("it names the order's number");
        }
        if found.customer.is_some() && found.customer == of.found.customer {
            reasons.push("it has the same customer");
        }
        if reasons.is_empty() {
            continue;
        }
        reasons.push("the same amount");
        if found.date == of.found.date {
            reasons.push("the same day");
        }
        let is_better = |best: &Likely<'_>| best.reasons.len() < reasons.len();
        if best.as_ref().is_none_or(is_better) {
            best = Some(Likely {
                order: *id,
                number: &order.number,
                expected,
                of,
                reasons,
            });
        }
    }
    best
}

/// Whether a text has the number as a word of its own: `1042` is not in `10420`.
fn names(text: &str, number: &str) -> bool {
    if number.is_empty() {
        return false;
    }
    let is_part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(number).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + number.len()..].chars().next();
        !is_part(before) && !is_part(after)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_number_is_named_as_a_word_and_not_inside_of_another() {
        assert!(names("WC-1042", "1042"));
        assert!(names("order 1042, paid", "1042"));
        assert!(!names("10420", "1042"));
        assert!(!names("paid", ""));
    }
}
