//! Lines: what was sold, sent and charged, as it stands on a document.
//!
//! Amounts are always without tax, also where the shop types its prices with tax. Nothing here looks
//! at coupons' amounts or at list prices: the money is in the lines.

use super::case::OrderCase;
use super::drafted::{Coding, Drafted};
use super::item_key::{fee_key, key};
use super::kept_item;
use super::tax::Taxes;
use crate::model::document::LineKind;
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{FeeLine, ItemLine, ShippingLine};
use crate::model::rules::Discounts;

/// The lines of a sale, in the order of its document.
pub(super) fn of_sale(case: &OrderCase<'_>, taxes: &Taxes<'_>) -> Result<Vec<Drafted>, Reason> {
    let order = case.order;
    let mut lines = Vec::new();
    let mut discounts: Vec<Drafted> = Vec::new();
    for item in &order.items {
        let coding = taxes.coding(&item.taxes, &format!("line `{}`", item.id))?;
        if case.rules.policy.discounts == Discounts::Line {
            add_discount(&mut discounts, item, &coding);
        }
        lines.push(sold(case, item, coding));
    }
    discounts.retain(|discount| !discount.line.amount.is_zero());
    lines.extend(discounts);
    for shipping in &order.shipping_lines {
        if shipping.total.rounded().is_zero() {
            continue;
        }
        let coding = taxes.coding(&shipping.taxes, &format!("shipping line `{}`", shipping.id))?;
        lines.push(shipped(shipping, shipping.total.rounded(), coding).sourced(shipping.id));
    }
    for fee in &order.fees {
        if fee.total.rounded().is_zero() {
            continue;
        }
        let coding = taxes.coding(&fee.taxes, &format!("fee line `{}`", fee.id))?;
        lines.push(charged(case, fee, fee.total.rounded(), coding).sourced(fee.id));
    }
    Ok(lines)
}

fn sold(case: &OrderCase<'_>, item: &ItemLine, coding: Coding) -> Drafted {
    let amount = case.line_amount(item);
    let remark = match case.rules.policy.discounts {
        Discounts::Net => coupon_remark(case, item),
        Discounts::Line => String::new(),
    };
    let key = kept_item::sold(case, item, amount);
    let mut drafted = Drafted::of(LineKind::Item, key, amount, coding)
        .described(&format!("{}{remark}", described(item)))
        .counted(item.quantity)
        .sourced(item.id);
    drafted.base = item.total.rounded();
    drafted
}

/// One negative line for each tax code, in the order in which the codes appear.
fn add_discount(discounts: &mut Vec<Drafted>, item: &ItemLine, coding: &Coding) {
    let amount = item.total.rounded() - item.subtotal.rounded();
    if amount.is_zero() {
        return;
    }
    match discounts
        .iter_mut()
        .find(|known| known.line.tax_code == coding.code)
    {
        Some(known) => known.line.amount += amount,
        None => {
            let coding = Coding {
                code: coding.code.clone(),
                rates: Vec::new(), // The base is with the items, whose rates may differ under one code.
            };
            let mut drafted = Drafted::of(LineKind::Discount, key("discount"), amount, coding)
                .described("Discount");
            drafted.base = Money::ZERO;
            discounts.push(drafted);
        }
    }
}

pub(super) fn shipped(shipping: &ShippingLine, amount: Money, coding: Coding) -> Drafted {
    Drafted::of(LineKind::Shipping, key("shipping"), amount, coding).described(&shipping.title)
}

pub(super) fn charged(
    case: &OrderCase<'_>,
    fee: &FeeLine,
    amount: Money,
    coding: Coding,
) -> Drafted {
    let item = fee_key(case.rules, &fee.name, fee.total.is_negative());
    Drafted::of(LineKind::Fee, item, amount, coding).described(&fee.name)
}

/// The visible line for cents that the shop's own figures do not explain.
pub(super) fn rounding(amount: Money, coding: Coding) -> Drafted {
    Drafted::of(LineKind::Rounding, key("rounding"), amount, coding)
        .described("Rounding difference")
}

pub(super) fn adjustment(amount: Money, coding: Coding) -> Drafted {
    Drafted::of(LineKind::Item, key("refund_adjustment"), amount, coding)
        .described("Refund without lines")
}

/// The name of the goods, then what makes the variation.
pub(super) fn described(item: &ItemLine) -> String {
    if item.attributes.is_empty() {
        return item.name.clone();
    }
    let attributes: Vec<String> = item
        .attributes
        .iter()
        .map(|(label, value)| format!("{label}: {value}"))
        .collect();
    format!("{} ({})", item.name, attributes.join(", "))
}

fn coupon_remark(case: &OrderCase<'_>, item: &ItemLine) -> String {
    let off = item.total.rounded() - item.subtotal.rounded();
    if !off.is_negative() {
        String::new()
    } else if case.order.coupons.is_empty() {
        format!(" (discount: {off})")
    } else {
        format!(" (coupon {}: {off})", case.order.coupons.join(", "))
    }
}
