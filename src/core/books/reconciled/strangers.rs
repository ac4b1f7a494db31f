//! Strangers: documents that a person entered and that look like one of ours. Nobody deletes one for it: it is shown, with what speaks for
//! it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::model::document::DocumentKey;
use crate::model::money::Money;
use crate::model::plan::RemoteKind;
use crate::model::statement::StatedDocument;

use super::alike::{near, same_use};
use super::difference::{DifferenceCode, DifferenceDraft};
use super::orders::Compared;
use super::sides::BothSides;
use super::{StatedIndex, reference};

/// One of ours that something could be a copy of.
struct OneOfOurs<'a> {
    key: DocumentKey,
    order: u64,
    number: String,
    day: NaiveDate,
    of: &'a StatedDocument,
}

/// Which one it is a copy of, and what speaks for it.
struct Likely<'o, 'a> {
    ours: &'o OneOfOurs<'a>,
    reasons: Vec<&'static str>,
}

/// Ours, by currency and total.
type Worth<'a> = BTreeMap<(String, Money), Vec<OneOfOurs<'a>>>;

pub(super) fn find(sides: &BothSides, index: &StatedIndex<'_>, compared: &mut Compared) {
    let worth = ours(sides, index);
    let mut taken = BTreeSet::new();
    for stranger in &index.unmarked {
        if stranger.is_voided() || stranger.found.total.is_zero() {
            continue;
        }
        let Some(likely) = likeliest(sides, &worth, stranger, &taken) else {
            continue;
        };
        let ours = likely.ours;
        taken.insert((ours.of.found.remote.entity, ours.of.found.remote.id.clone()));
        compared.differences.push(DifferenceDraft {
            code: DifferenceCode::DuplicateByHand,
            key: Some(ours.key),
            order: Some(ours.order),
            number: Some(ours.number.clone()),
            document: Some(reference(stranger)),
            document_number: Some(stranger.found.label.clone()),
            what: "total".to_owned(),
            currency: stranger.found.currency.clone().unwrap_or_default(),
            shop: Money::ZERO.to_string(),
            books: stranger.found.total.to_string(),
            difference: Some(stranger.found.total),
            cause: format!(
                "somebody entered it by hand beside {}: {}",
                reference(ours.of),
                likely.reasons.join(", ")
            ),
            hint: "if it is the same sale, delete the one by hand in QuickBooks; if it is another, `udsync reconcile accept {id} --why TEXT`"
                .to_owned(),
            beside: String::new(),
        });
    }
}

/// What stands of ours for the orders of the period, and in the days around it.
fn ours<'a>(sides: &'a BothSides, index: &StatedIndex<'a>) -> Worth<'a> {
    let mut worth = Worth::new();
    let mut seen = BTreeSet::new();
    let place = |of: &StatedDocument| (of.found.remote.entity, of.found.remote.id.clone());
    for (id, order) in &sides.orders {
        for expected in order.expected.iter().filter(|expected| !expected.is_void) {
            let document = &expected.document;
            let standing = index.standing(&document.key);
            let Some(of) = standing.filter(|of| !of.is_voided()) else {
                continue;
            };
            seen.insert(place(of));
            let as_much = (document.currency.clone(), document.total);
            worth.entry(as_much).or_default().push(OneOfOurs {
                key: document.key,
                order: *id,
                number: order.number.clone(),
                day: document.date,
                of,
            });
        }
    }
    // The orders of the days around the period were not read. What we posted of them says enough.
    for of in &sides.beyond {
        let key = of.key_in(&sides.shop);
        let (Some(key), Some(day)) = (key, of.found.date) else {
            continue;
        };
        let Some(order) = key.order() else { continue };
        if of.is_voided() || !seen.insert(place(of)) {
            continue;
        }
        let as_much = (
            of.found.currency.clone().unwrap_or_default(),
            of.found.total,
        );
        worth.entry(as_much).or_default().push(OneOfOurs {
            key,
            order,
            number: number_in(&of.found.label).to_owned(),
            day,
            of,
        });
    }
    worth
}

/// What people call the order of a document with this number: `1042` of `WC-1042-R7`.
fn number_in(label: &str) -> &str {
    let number = label.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    number.split('-').next().unwrap_or_default()
}

/// The one that most speaks for; each of ours has one copy at most, and the oldest comes first. One of the two lies in the period.
fn likeliest<'o, 'a>(
    sides: &BothSides,
    worth: &'o Worth<'a>,
    stranger: &StatedDocument,
    taken: &BTreeSet<(RemoteKind, String)>,
) -> Option<Likely<'o, 'a>> {
    let found = &stranger.found;
    let as_much = (found.currency.clone()?, found.total);
    let mut best: Option<Likely<'o, 'a>> = None;
    for ours in worth.get(&as_much).into_iter().flatten() {
        let of = ours.of;
        let Some(kind) = of.found.remote.entity.document() else {
            continue;
        };
        if !same_use(kind, stranger) || !near(stranger, ours.day) {
            continue;
        }
        if !sides.is_in_period(stranger) && !sides.is_in_period(of) {
            continue;
        }
        if taken.contains(&(of.found.remote.entity, of.found.remote.id.clone())) {
            continue;
        }
        let mut reasons = Vec::new();
        if names(&found.label, &ours.number) || names(&stranger.note, &ours.number) {
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
        let is_better = |best: &Likely<'_, '_>| best.reasons.len() < reasons.len();
        if best.as_ref().is_none_or(is_better) {
            best = Some(Likely { ours, reasons });
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
    use super::{names, number_in};

    #[test]
    fn an_orders_number_is_read_out_of_a_documents() {
        assert_eq!(number_in("WC-1042"), "1042");
        assert_eq!(number_in("WC-1042-R7"), "1042");
        assert_eq!(number_in("by hand"), "");
    }

    #[test]
    fn a_number_is_named_as_a_word_and_not_inside_of_another() {
        assert!(names("WC-1042", "1042"));
        assert!(names("order 1042, paid", "1042"));
        assert!(!names("10420", "1042"));
        assert!(!names("paid", ""));
    }
}
