//! Kept items: a line that is in the books keeps what it sells, whatever the shop says of the product later.
//!
//! An order keeps the name and the amounts of the day of the sale, but a shop looks the SKU up anew each time it shows the order: after
//! a product was deleted the line has none, after a variation was deleted it has that of the whole product, and a product that was
//! given another SKU shows the new one. None of that is a change of the sale. What makes a line another one is its name or its
//! amount; then it follows the shop.

use super::case::OrderCase;
use super::drafted::{LONGEST_DESCRIPTION, is_adjustment};
use super::item_key::item_key;
use super::note::{cut, one_line};
use crate::model::document::{ItemKey, Line, LineKind, Role};
use crate::model::money::Money;
use crate::model::order::ItemLine;

/// What a line of the order sells: as posted while it is the same line, else what the shop says now.
pub(super) fn sold(case: &OrderCase<'_>, item: &ItemLine, amount: Money) -> ItemKey {
    let same = |line: &Line| {
        line.source_line == Some(item.id)
            && line.amount == amount
            && is_named(&line.description, item)
    };
    posted(case, Role::Sale, same).unwrap_or_else(|| item_key(item))
}

/// What a row of a refund gives back: as posted while it is the same row, else the item that was sold.
pub(super) fn given_back(
    case: &OrderCase<'_>,
    refund: u64,
    row: &ItemLine,
    original: Option<&ItemLine>,
) -> ItemKey {
    let total = row.total.rounded();
    let same = |line: &Line| {
        line.source_line == row.refunds_line
            // Tax alone was posted with the amount that it was charged on.
            && (line.amount == -total || total.is_zero())
            && is_named(&line.description, original.unwrap_or(row))
    };
    posted(case, Role::Refund(refund), same).unwrap_or_else(|| match original {
        Some(original) => sold(case, original, case.line_amount(original)),
        None => item_key(row),
    })
}

fn posted(case: &OrderCase<'_>, role: Role, same: impl Fn(&Line) -> bool) -> Option<ItemKey> {
    let document = case.posted(role)?.document.as_ref()?;
    let mut goods = document
        .lines
        .iter()
        .filter(|line| line.kind == LineKind::Item && !is_adjustment(line));
    goods.find(|line| same(line)).map(|line| line.item.clone())
}

/// Whether the description is that of this line. Behind the name stand the attributes of a variation, whose labels a shop forgets with
/// the product, and what a coupon took off.
fn is_named(description: &str, item: &ItemLine) -> bool {
    let counted = format!("{} × ", item.quantity.abs().normalize());
    let described = description.strip_prefix(&counted).unwrap_or(description);
    let name = one_line(&item.name);
    match described.strip_prefix(&name) {
        Some(rest) => rest.is_empty() || rest.starts_with(" ("),
        // A name that is longer than a description was cut.
        None => described == cut(&name, LONGEST_DESCRIPTION),
    }
}
