//! The mirror: a refund of all the rest, without lines, is the sale less what earlier refunds took.
//!
//! Setting an order to "refunded" makes such a refund. The shop does not say what it gives back, but
//! everything is given back, so nothing may be left on any item, tax code or rate.

use rust_decimal::Decimal;

use super::case::OrderCase;
use super::content::Content;
use super::drafted::{Drafted, is_adjustment, section};
use super::hold;
use super::lines;
use super::tax::{self, Taxes};
use crate::model::document::LineKind;
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::Refund;

/// What is left of the sale; `None` where an earlier refund took it nobody knows from what.
pub(super) fn content(
    case: &OrderCase<'_>,
    refund: &Refund,
    sale: &Content,
    taken: &[&Content],
) -> Result<Option<Content>, Reason> {
    let Some(mut lines) = lines_left(sale, taken) else {
        return Ok(None);
    };
    let tax_total = sale.tax_total - taken.iter().map(|taken| taken.tax_total).sum();
    let mut tax = sale.tax.clone();
    for amount in taken.iter().flat_map(|taken| &taken.tax) {
        match tax.iter_mut().find(|left| left.rate == amount.rate) {
            Some(left) => left.amount -= amount.amount,
            None => return Ok(None),
        }
    }
    if tax_total.is_negative() || tax.iter().any(|left| left.amount.is_negative()) {
        return Ok(None);
    }
    let sum: Money = lines.iter().map(|drafted| drafted.line.amount).sum();
    let residue = refund.amount - tax_total - sum;
    if residue.abs() > case.rounding_max() {
        return Ok(None);
    }
    let mut warnings = Vec::new();
    if !residue.is_zero() {
        lines.push(lines::rounding(residue, Taxes::of_sale(*case).no_tax()?));
        warnings.push(hold::rounding_of_refund(case.order, refund, residue));
    }
    if lines.is_empty() {
        return Ok(None);
    }
    Ok(Some(Content {
        total: refund.amount,
        tax_total,
        tax: tax::with_bases(tax, &lines),
        document_tax_code: sale.document_tax_code.clone(),
        lines,
        warnings,
    }))
}

/// The lines of the sale less those of earlier refunds, by what was sold and under which tax code.
fn lines_left(sale: &Content, taken: &[&Content]) -> Option<Vec<Drafted>> {
    let is_ours = |drafted: &&Drafted| drafted.line.kind != LineKind::Rounding;
    let mut left: Vec<Drafted> = sale.lines.iter().filter(is_ours).cloned().collect();
    let mut quantities: Vec<Decimal> = left
        .iter()
        .map(|drafted| drafted.line.quantity.unwrap_or_default())
        .collect();
    for row in taken.iter().flat_map(|taken| &taken.lines).filter(is_ours) {
        if is_adjustment(&row.line) {
            return None;
        }
        let source = left.iter().position(|known| is_same_source(known, row))?;
        quantities[source] =
            quantities[source].checked_sub(row.line.quantity.unwrap_or_default())?;
        let same_code = left.iter().position(|known| {
            is_same_source(known, row) && known.line.tax_code == row.line.tax_code
        });
        match same_code {
            Some(at) => {
                left[at].line.amount -= row.line.amount;
                left[at].base -= row.base;
            }
            None => {
                // Given back under another code, as an untaxed part of a taxed line is.
                let mut other = row.clone();
                other.line.amount = -row.line.amount;
                other.base = -row.base;
                left.insert(source + 1, other);
                quantities.insert(source + 1, Decimal::ZERO);
            }
        }
    }
    let mut lines: Vec<Drafted> = left
        .into_iter()
        .zip(quantities)
        .map(|(drafted, quantity)| recounted(drafted, quantity))
        .filter(|drafted| !drafted.line.amount.is_zero() || drafted.line.quantity.is_some())
        .collect();
    lines.sort_by_key(|drafted| section(&drafted.line));
    Some(lines)
}

/// A line of the order is one thing; only what came from none of them is told apart by its item.
fn is_same_source(known: &Drafted, row: &Drafted) -> bool {
    let (known, row) = (&known.line, &row.line);
    known.source_line == row.source_line
        && known.kind == row.kind
        && (known.source_line.is_some() || known.item == row.item)
}

fn recounted(mut drafted: Drafted, quantity: Decimal) -> Drafted {
    drafted.line.quantity = None;
    drafted.line.unit_price = None;
    if quantity.is_sign_negative() {
        return drafted;
    }
    drafted.counted(quantity)
}
