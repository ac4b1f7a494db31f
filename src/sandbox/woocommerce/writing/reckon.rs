//! Reckoning anew: what WooCommerce does to an order as soon as a change of it carries an address or a line, with the tax rates of today.
//!
//! A rate that was deleted takes its tax along. Rounding is per line and rate, prices are net; what coupons and the subtotal setting do
//! is not imitated.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::super::shop::ShopShop;

const LISTS: [&str; 4] = ["line_items", "shipping_lines", "fee_lines", "coupon_lines"];

/// Whether such a change has the shop reckon.
pub(super) fn is_due(given: &serde_json::Map<String, Value>) -> bool {
    ["billing", "shipping"]
        .iter()
        .chain(&LISTS)
        .any(|name| given.contains_key(*name))
}

/// One rate that holds for an order.
struct Rate {
    id: u64,
    code: String,
    label: String,
    percent: Decimal,
    on_shipping: bool,
    class: String,
}

fn amount(value: &Value) -> Decimal {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

fn two(amount: Decimal) -> Decimal {
    let rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded + Decimal::new(0, 2)
}

fn text(amount: Decimal) -> String {
    format!("{:.2}", two(amount))
}

fn rates(shop: &ShopShop, order: &Value) -> Vec<Rate> {
    let at = match order["shipping"]["country"].as_str() {
        Some(country) if !country.is_empty() => &order["shipping"],
        _ => &order["billing"],
    };
    let holds = |rate: &&Value| {
        let fits = |name: &str| {
            let wanted = rate[name].as_str().unwrap_or("");
            wanted.is_empty() || at[name] == wanted
        };
        fits("country") && fits("state")
    };
    let read = |rate: &Value| {
        let word = |name: &str| rate[name].as_str().unwrap_or("").to_owned();
        let parts = [
            word("country"),
            word("state"),
            word("name").to_uppercase(),
            rate["priority"].to_string(),
        ];
        let code: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Rate {
            id: rate["id"].as_u64().unwrap_or(0),
            code: code.join("-"),
            label: word("name"),
            percent: amount(&rate["rate"]),
            on_shipping: rate["shipping"] == true,
            class: word("class"),
        }
    };
    shop.taxes.iter().filter(holds).map(read).collect()
}

/// The taxes on an amount, by rate.
fn taxed<'r>(net: Decimal, rates: impl Iterator<Item = &'r Rate>) -> Vec<(&'r Rate, Decimal)> {
    let hundred = Decimal::from(100);
    rates
        .map(|rate| (rate, two(net * rate.percent / hundred)))
        .collect()
}

/// Works the order out anew, as it stands.
pub(super) fn anew(shop: &ShopShop, order: &mut Value) {
    let rates = rates(shop, order);
    let mut by_rate: Vec<(u64, Decimal, Decimal)> = Vec::new();
    let mut gather = |rate: &Rate, tax: Decimal, on_shipping: bool| {
        let at = by_rate
            .iter()
            .position(|(id, _, _)| *id == rate.id)
            .unwrap_or_else(|| {
                by_rate.push((rate.id, Decimal::ZERO, Decimal::ZERO));
                by_rate.len() - 1
            });
        let (_, goods, shipping) = &mut by_rate[at];
        *(if on_shipping { shipping } else { goods }) += tax;
    };
    let (mut net, mut cart_tax, mut shipping_tax) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for list in ["line_items", "fee_lines", "shipping_lines"] {
        let on_shipping = list == "shipping_lines";
        for line in order[list].as_array_mut().into_iter().flatten() {
            let class = match line["tax_class"].as_str() {
                Some("") | None => "standard",
                Some(class) => class,
            };
            let is_taxed = line["tax_status"] != "none";
            let fits = |rate: &&Rate| {
                is_taxed && rate.class == class && (!on_shipping || rate.on_shipping)
            };
            let total = amount(&line["total"]);
            let after = taxed(total, rates.iter().filter(fits));
            let before = taxed(amount(&line["subtotal"]), rates.iter().filter(fits));
            let is_goods = list == "line_items";
            let rows = after.iter().zip(&before).map(|((rate, tax), (_, subtotal))| {
                json!({"id": rate.id, "total": text(*tax), "subtotal": if is_goods { text(*subtotal) } else { String::new() }})
            });
            line["taxes"] = rows.collect();
            let tax: Decimal = after.iter().map(|(_, tax)| tax).sum();
            line["total_tax"] = json!(text(tax));
            if is_goods {
                line["subtotal_tax"] = json!(text(before.iter().map(|(_, tax)| tax).sum()));
            }
            for (rate, tax) in after {
                gather(rate, tax, on_shipping);
            }
            net += total;
            *(if on_shipping {
                &mut shipping_tax
            } else {
                &mut cart_tax
            }) += tax;
        }
    }
    let known = order["tax_lines"].as_array().cloned().unwrap_or_default();
    let lines = by_rate.iter().filter_map(|(id, goods, shipping)| {
        let rate = rates.iter().find(|rate| rate.id == *id)?;
        let kept = known.iter().find(|line| line["rate_id"] == *id);
        let line_id = kept.map_or(json!(0), |line| line["id"].clone());
        let percent: serde_json::Number = rate.percent.normalize().to_string().parse().ok()?;
        Some(json!({"id": line_id, "rate_code": rate.code, "rate_id": id, "label": rate.label, "compound": false,
            "tax_total": text(*goods), "shipping_tax_total": text(*shipping), "rate_percent": percent, "meta_data": []}))
    });
    order["tax_lines"] = lines.collect();
    order["cart_tax"] = json!(text(cart_tax));
    order["shipping_tax"] = json!(text(shipping_tax));
    order["total_tax"] = json!(text(cart_tax + shipping_tax));
    order["total"] = json!(text(net + cart_tax + shipping_tax));
}
