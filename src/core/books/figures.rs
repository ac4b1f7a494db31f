//! Figures: what must be true of an order's amounts before anything of it is posted.
//!
//! The total is what was charged and the tax is what the shop reports: neither is ever adjusted.

use super::case::OrderCase;
use super::hold;
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{Order, Refund};

pub(super) fn check(case: &OrderCase<'_>) -> Result<(), Reason> {
    let order = case.order;
    if case.is_foreign() && !case.company.multicurrency {
        return Err(hold::currency_not_enabled(
            order,
            &case.company.home_currency,
        ));
    }
    if let Some((what, amount)) = odd_amount(order) {
        return Err(hold::amount_precision(order, what, amount));
    }
    if order.total.is_negative() || order.total_tax.is_negative() {
        return Err(hold::negative_total(order));
    }
    let refunded = order.refunds.iter().map(|refund| refund.amount).sum();
    if refunded > order.total {
        return Err(hold::refund_exceeds_order(order, refunded));
    }
    if !case.company.uses_tax && !order.total_tax.is_zero() {
        return Err(hold::company_tax_off(order));
    }
    if !order.total_tax.is_zero() && order.tax_lines.is_empty() {
        return Err(hold::tax_lines_mismatch(
            order,
            None,
            order.total_tax,
            Money::ZERO,
        ));
    }
    Ok(())
}

/// The first amount with more decimals than the books keep. Raw tax rows have more and are never posted.
fn odd_amount(order: &Order) -> Option<(&'static str, Money)> {
    let items = order.items.iter().flat_map(|item| {
        [
            ("a line", item.total),
            ("a line before coupons", item.subtotal),
        ]
    });
    let shipping = order
        .shipping_lines
        .iter()
        .map(|line| ("shipping", line.total));
    let fees = order.fees.iter().map(|fee| ("a fee", fee.total));
    let taxes = order
        .tax_lines
        .iter()
        .flat_map(|line| [("tax", line.tax_total), ("tax", line.shipping_tax_total)]);
    [("its total", order.total), ("its tax", order.total_tax)]
        .into_iter()
        .chain(items)
        .chain(shipping)
        .chain(fees)
        .chain(taxes)
        .find(|(_, amount)| !amount.is_whole_cents())
}

pub(super) fn check_refund(order: &Order, refund: &Refund) -> Result<(), Reason> {
    let items = refund.items.iter().map(|item| item.total);
    let shipping = refund.shipping_lines.iter().map(|line| line.total);
    let fees = refund.fees.iter().map(|fee| fee.total);
    let taxes = refund.tax_lines.iter().map(|line| line.total());
    let odd = [refund.amount]
        .into_iter()
        .chain(items)
        .chain(shipping)
        .chain(fees)
        .chain(taxes)
        .find(|amount| !amount.is_whole_cents());
    match odd {
        Some(amount) => Err(hold::refund_amount_precision(order, refund, amount)),
        None => Ok(()),
    }
}
