//! Numbers: what a document is called in the books.
//!
//! A number that is too long gives way to one made of ids, which always fits. A document that is
//! posted keeps its number, whatever the shop calls the order later. A shop's own mapping may number the sales; what hangs on a sale
//! derives its number from that.

use super::case::OrderCase;
use crate::model::document::Role;

/// QuickBooks cuts document numbers after this many characters.
const LONGEST: usize = 21;

pub(super) fn sale(case: &OrderCase<'_>) -> String {
    if let Some(posted) = case.posted(Role::Sale) {
        return posted.number.clone();
    }
    if let Some(mapped) = case.overlay.and_then(|overlay| overlay.number.as_ref()) {
        return mapped.clone();
    }
    let prefix = &case.rules.number_prefix;
    let number = case.order.number.trim();
    let wanted = format!("{prefix}{number}");
    if number.is_empty() || number.contains(char::is_control) || is_too_long(&wanted) {
        format!("{prefix}id{}", case.order.id)
    } else {
        wanted
    }
}

pub(super) fn refund(case: &OrderCase<'_>, id: u64) -> String {
    let short = format!("{}R{id}", case.rules.number_prefix);
    derived(case, Role::Refund(id), &format!("-R{id}"), short)
}

pub(super) fn fee(case: &OrderCase<'_>) -> String {
    let short = format!("{}F{}", case.rules.number_prefix, case.order.id);
    derived(case, Role::Fee, "-F", short)
}

/// The number of the sale with an ending, or the short form where that is too long.
fn derived(case: &OrderCase<'_>, role: Role, ending: &str, short: String) -> String {
    if let Some(posted) = case.posted(role) {
        return posted.number.clone();
    }
    let wanted = sale(case) + ending;
    if is_too_long(&wanted) { short } else { wanted }
}

/// Nothing shortens a number that somebody composed: two that were cut could become one.
pub(super) fn trouble(number: &str) -> Option<String> {
    if number.contains(char::is_control) {
        return Some("has a line break or another invisible character in it".to_owned());
    }
    let length = number.chars().count();
    (length > LONGEST).then(|| format!("has {length} characters, and QuickBooks takes {LONGEST}"))
}

fn is_too_long(number: &str) -> bool {
    number.chars().count() > LONGEST
}
