//! Holds about tax: a rate without a code, a code too many, tax lines that do not add up.

use std::fmt::Write;

use super::{RETRY, named, named_refund};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{Order, Refund, TaxLine};

/// `CA-GST-1` (id 1), or the id alone when the order does not say what it is.
pub(in crate::books) fn named_rate(id: u64, rate: Option<&TaxLine>) -> String {
    match rate {
        Some(rate) => format!("`{}` (id {id})", rate.rate_code),
        None => format!("`{id}` (not among the order's tax lines)"),
    }
}

fn rate_word(id: u64, rate: Option<&TaxLine>) -> String {
    match rate {
        Some(rate) if !rate.rate_code.is_empty() => rate.rate_code.clone(),
        _ => id.to_string(),
    }
}

pub(in crate::books) fn tax_code_unmapped(
    order: &Order,
    line: &str,
    rates: &[(u64, Option<&TaxLine>)],
) -> Reason {
    let mut names = String::new();
    let mut words = String::new();
    for (at, (id, rate)) in rates.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        write!(names, "{comma}{}", named_rate(*id, *rate)).expect("a string takes everything");
        write!(words, "{comma}\"{}\"", rate_word(*id, *rate)).expect("a string takes everything");
    }
    Reason::new(
        "tax_code_unmapped",
        format!(
            "{} has no tax code for the rates {names} on {line}, and a guess would put tax into the wrong box of the return",
            named(order)
        ),
    )
    .hint(format!(
        "add `[[books.tax.codes]]` with `woo = [{words}]` and `code = \"<the QuickBooks tax code>\"`, {RETRY}"
    ))
}

pub(in crate::books) fn tax_rate_unmapped(
    order: &Order,
    id: u64,
    rate: Option<&TaxLine>,
) -> Reason {
    Reason::new(
        "tax_code_unmapped",
        format!(
            "{} has tax at the rate {}, and no QuickBooks tax rate is mapped to it",
            named(order),
            named_rate(id, rate)
        ),
    )
    .hint(format!(
        "add `\"{}\" = \"<the QuickBooks tax rate>\"` to `[books.tax.rates]`, {RETRY}",
        rate_word(id, rate)
    ))
}

pub(in crate::books) fn untaxed_code_missing(order: &Order) -> Reason {
    Reason::new(
        "tax_code_unmapped",
        format!(
            "{} needs a tax code for a line without tax, and none is set",
            named(order)
        ),
    )
    .hint(format!(
        "set `no_tax_code = \"<the QuickBooks tax code>\"` in `[books.tax]`, {RETRY}"
    ))
}

pub(in crate::books) fn document_code_missing(order: &Order) -> Reason {
    Reason::new(
        "tax_code_unmapped",
        format!(
            "{} has {} of tax and no tax code for the whole document is set",
            named(order),
            order.total_tax
        ),
    )
    .hint(format!(
        "set `us_txn_tax_code = \"<the QuickBooks tax code>\"` in `[books.tax]`, {RETRY}"
    ))
}

pub(in crate::books) fn two_document_codes(order: &Order, first: &str, second: &str) -> Reason {
    Reason::new(
        "tax_code_unmapped",
        format!(
            "{} needs the tax codes `{first}` and `{second}`, and a document can have only one",
            named(order)
        ),
    )
    .hint(format!(
        "map its rates to one code in `[[books.tax.codes]]`, {RETRY}"
    ))
}

pub(in crate::books) fn tax_lines_mismatch(
    order: &Order,
    refund: Option<&Refund>,
    stated: Money,
    lines: Money,
) -> Reason {
    let whose = refund.map_or_else(|| named(order), |refund| named_refund(order, refund));
    Reason::new(
        "tax_lines_mismatch",
        format!(
            "{whose} states tax of {stated}, but its tax lines add up to {lines}: nobody can say which rate the difference of {} belongs to",
            stated - lines
        ),
    )
    .hint(format!(
        "recalculate the order in WooCommerce (an external tax service writes no tax lines), {RETRY}"
    ))
}
