//! Ignored tax: what to write when the books work the tax out themselves after all.
//!
//! The total is what was charged, so it must stand; a few cents of tax that the books insist on go
//! to a visible rounding line. More than a few cents is for a person.

use super::drafted::{Coding, US_TAXED, US_UNTAXED};
use super::lines;
use crate::model::document::{Document, LineKind};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::rules::Rules;

/// The same document with the tax that the books insist on and a rounding line, so that its total stays;
/// `None` when the difference is more than a rounding line may be.
///
/// What is remembered as posted must still be the fingerprint of the document as it was planned, or
/// the next run would take it for an edit.
pub fn with_ignored_tax(
    document: &Document,
    tax_in_books: Money,
    rules: &Rules,
) -> Option<(Document, Reason)> {
    let difference = document.tax_total - tax_in_books;
    if difference.is_zero()
        || difference.abs() > rules.policy.rounding_max
        || tax_in_books.is_negative()
        || !difference.is_whole_cents()
        || document.lines.is_empty()
    {
        return None;
    }
    let mut changed = document.clone();
    changed.tax_total = tax_in_books;
    if let Some(largest) = changed
        .tax
        .iter_mut()
        .rev()
        .max_by_key(|tax| tax.amount.abs())
    {
        largest.amount -= difference;
    }
    match changed
        .lines
        .iter_mut()
        .find(|line| line.kind == LineKind::Rounding)
    {
        Some(rounding) => rounding.amount += difference,
        None => {
            let coding = Coding {
                code: untaxed_code(document, rules),
                rates: Vec::new(),
            };
            changed.lines.push(lines::rounding(difference, coding).line);
        }
    }
    changed
        .lines
        .retain(|line| line.kind != LineKind::Rounding || !line.amount.is_zero());
    let reason = Reason::new(
        "tax_override_ignored",
        format!(
            "QuickBooks took {tax_in_books} as the tax of {} `{}`, where the shop charged {}; the difference of {difference} is on a rounding line",
            document.kind, document.number, document.tax_total
        ),
    );
    Some((changed, reason))
}

/// The untaxed code in the words that the document itself uses.
fn untaxed_code(document: &Document, rules: &Rules) -> Option<String> {
    let codes: Vec<&str> = document
        .lines
        .iter()
        .filter_map(|line| line.tax_code.as_deref())
        .collect();
    if codes.is_empty() {
        None
    } else if codes
        .iter()
        .all(|code| [US_TAXED, US_UNTAXED].contains(code))
    {
        Some(US_UNTAXED.to_owned())
    } else {
        rules.tax.no_tax_code.clone()
    }
}
