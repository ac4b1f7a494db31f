//! Notes: what a document says about itself to the people who keep the books.
//!
//! The marker that lets us find our own documents is not written here: the target adds it below.

use chrono::NaiveDate;

use super::case::OrderCase;
use crate::model::order::Refund;

/// QuickBooks takes 4,000 characters; the rest is left for the marker.
const LONGEST: usize = 3_800;
/// As much of a buyer's note as fits under a document.
const LONGEST_MEMO: usize = 1_000;

pub(super) fn sale(case: &OrderCase<'_>) -> String {
    let order = case.order;
    let mut note = format!("Woo order {}", one_line(&order.number));
    let title = one_line(&order.payment_title);
    if !title.is_empty() {
        note.push_str(&format!(" ({title})"));
    }
    let transaction = one_line(&order.transaction);
    if !transaction.is_empty() {
        note.push_str(&format!(", transaction {transaction}"));
    }
    cut(&note, LONGEST)
}

pub(super) fn refund(case: &OrderCase<'_>, refund: &Refund) -> String {
    of_refund(sale(case), refund)
}

/// The note of a sale, and which refund of it this is.
pub(super) fn of_refund(sale: String, refund: &Refund) -> String {
    let mut note = format!("{sale}, refund {}", refund.id);
    let reason = one_line(&refund.reason);
    if !reason.is_empty() {
        note.push_str(&format!(": {reason}"));
    }
    cut(&note, LONGEST)
}

/// The note of a document that could not carry its own date.
pub(super) fn moved(note: &str, true_date: NaiveDate) -> String {
    format!("Dated {true_date}, which lies in a closed period\n{note}")
}

/// The day that a document would have had, where a closed period moved it.
pub(super) fn moved_from(note: &str) -> Option<NaiveDate> {
    note.lines()
        .filter_map(|line| line.trim().strip_prefix("Dated ")?.split_once(','))
        .filter_map(|(day, _)| day.parse().ok())
        .find(|day| says_moved(note, *day))
}

/// Whether a note says so of this day.
pub(super) fn says_moved(note: &str, true_date: NaiveDate) -> bool {
    note.lines()
        .any(|line| line.trim() == moved("", true_date).trim())
}

/// What the buyer wrote, where the shop wants it on its documents.
pub(super) fn memo(case: &OrderCase<'_>) -> Option<String> {
    let note = case.order.customer_note.trim();
    (case.rules.policy.customer_note && !note.is_empty()).then(|| cut(note, LONGEST_MEMO))
}

pub(super) fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text.to_owned(),
    }
}
