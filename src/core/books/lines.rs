//! Lines: what was sold, sent and charged, as it stands on a document.
//!
//! Amounts are always without tax, also where the shop types its prices with tax. Nothing here looks
//! at coupons' amounts or at list prices: the money is in the lines.

use rust_decimal::{Decimal, RoundingStrategy};

use super::case::Case;
use super::kept_item;
use super::names::clean_name;
use super::note::{cut, one_line};
use super::tax::{Coding, Taxes};
use crate::model::document::{ItemKey, Line, LineKind};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{FeeLine, ItemLine, ShippingLine};
use crate::model::rules::{Discounts, Rules};

pub(super) const LONGEST_DESCRIPTION: usize = 4_000;
/// QuickBooks keeps unit prices to this many decimals.
const UNIT_PRICE_DECIMALS: u32 = 7;

/// A line with the rates that hang on it and the part of their base that it brings.
#[derive(Clone, Debug)]
pub(super) struct Drafted {
    pub line: Line,
    pub rates: Vec<String>,
    pub base: Money,
}

impl Drafted {
    /// A line of an amount, without a quantity.
    pub fn of(kind: LineKind, item: ItemKey, amount: Money, coding: Coding) -> Drafted {
        Drafted {
            line: Line {
                kind,
                item,
                description: String::new(),
                quantity: None,
                unit_price: None,
                amount,
                tax_code: coding.code,
                source_line: None,
            },
            rates: coding.rates,
            base: amount,
        }
    }

    pub fn described(mut self, description: &str) -> Drafted {
        self.line.description = cut(&one_line(description), LONGEST_DESCRIPTION);
        self
    }

    pub fn sourced(mut self, id: u64) -> Drafted {
        self.line.source_line = Some(id);
        self
    }

    /// Gives the line a quantity, so that quantity times price is the amount to the cent.
    pub fn counted(mut self, quantity: Decimal) -> Drafted {
        if quantity.is_zero() {
            return self;
        }
        let line = &mut self.line;
        match unit_price(line.amount, quantity) {
            Some(price) => {
                line.quantity = Some(quantity.normalize());
                line.unit_price = Some(price);
            }
            None => {
                line.quantity = Some(Decimal::ONE);
                line.unit_price = Some(two_decimals(line.amount.decimal()));
                let counted = format!("{} × {}", quantity.normalize(), line.description);
                line.description = cut(&counted, LONGEST_DESCRIPTION);
            }
        }
        self
    }
}

/// The price of one, where quantity times price gives the amount back to the cent.
fn unit_price(amount: Money, quantity: Decimal) -> Option<Decimal> {
    let price = amount
        .decimal()
        .checked_div(quantity)?
        .round_dp_with_strategy(UNIT_PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    let back = Money::new(quantity.checked_mul(price)?).ok()?;
    (back.rounded() == amount).then(|| two_decimals(price))
}

fn two_decimals(price: Decimal) -> Decimal {
    let mut price = price.normalize();
    if price.scale() < 2 {
        price.rescale(2);
    }
    price
}

/// The lines of a sale, in the order of its document.
pub(super) fn of_sale(case: &Case<'_>, taxes: &Taxes<'_>) -> Result<Vec<Drafted>, Reason> {
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

fn sold(case: &Case<'_>, item: &ItemLine, coding: Coding) -> Drafted {
    let amount = amount(case, item);
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

/// What stands on the line of goods: after coupons, or before them where these have a line of their own.
pub(super) fn amount(case: &Case<'_>, item: &ItemLine) -> Money {
    match case.rules.policy.discounts {
        Discounts::Net => item.total.rounded(),
        Discounts::Line => item.subtotal.rounded(),
    }
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

pub(super) fn charged(case: &Case<'_>, fee: &FeeLine, amount: Money, coding: Coding) -> Drafted {
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

pub(super) fn key(word: &str) -> ItemKey {
    ItemKey(word.to_owned())
}

/// What the shop says now that the line sells.
pub(super) fn item_key(item: &ItemLine) -> ItemKey {
    match &item.sku {
        None => key("fallback:deleted_product"),
        Some(sku) => key_of(sku, &item.name),
    }
}

/// What is sold under this SKU, or without one under this name.
pub(super) fn key_of(sku: &str, name: &str) -> ItemKey {
    let sku = sku.trim();
    if !sku.is_empty() {
        return ItemKey(format!("sku:{sku}"));
    }
    let name = clean_name(name);
    if name.is_empty() {
        key("name:Unnamed product")
    } else {
        ItemKey(format!("name:{name}"))
    }
}

pub(super) fn fee_key(rules: &Rules, name: &str, negative: bool) -> ItemKey {
    let wanted = one_line(name).to_lowercase();
    let mapped = rules
        .policy
        .fee_items
        .iter()
        .find(|(known, _)| one_line(known).to_lowercase() == wanted);
    match mapped {
        Some((_, item)) => key(item),
        None if negative => key(&rules.policy.negative_fee_item),
        None => key("fee"),
    }
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

fn coupon_remark(case: &Case<'_>, item: &ItemLine) -> String {
    let off = item.total.rounded() - item.subtotal.rounded();
    if !off.is_negative() {
        String::new()
    } else if case.order.coupons.is_empty() {
        format!(" (discount: {off})")
    } else {
        format!(" (coupon {}: {off})", case.order.coupons.join(", "))
    }
}

/// Where a line stands on a document.
pub(super) fn section(line: &Line) -> u8 {
    match line.kind {
        LineKind::Item if is_adjustment(line) => 4,
        LineKind::Item => 0,
        LineKind::Discount => 1,
        LineKind::Shipping => 2,
        LineKind::Fee => 3,
        LineKind::Rounding => 5,
        LineKind::GatewayFee => 6,
    }
}

/// Money that went back nobody knows for what.
pub(super) fn is_adjustment(line: &Line) -> bool {
    line.kind == LineKind::Item && line.item.0 == "refund_adjustment"
}
