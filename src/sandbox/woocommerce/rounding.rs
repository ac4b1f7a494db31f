//! Rounding on reading: what the setting *Number of decimals* does to every order that is shown.
//!
//! It is the default of `dp`, which only formats. Beyond that the setting itself rounds an order's `total` and `total_tax`, and of each line
//! the tax of every rate before they are summed, whatever `dp` says. The lines' own amounts, the tax of each rate, `cart_tax`, and a
//! refund's `amount` keep what is stored. Nothing of it changes what is stored: with the setting put back all is as it was.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::fields;

/// Shows an order or a refund under this setting, with `dp` where it was given.
pub fn show(object: &mut Value, dp: Option<u32>, setting: u32, opened: u32) {
    let places = dp.unwrap_or(setting);
    if setting == opened && places == setting {
        // Raw objects are shown as they are.
        return;
    }
    for name in ["total", "total_tax"] {
        round(object, name, setting);
    }
    for list in ["line_items", "shipping_lines", "fee_lines"] {
        let lines = object.get_mut(list).and_then(Value::as_array_mut);
        for line in lines.into_iter().flatten() {
            sum_up(line, "total", "total_tax", setting);
            sum_up(line, "subtotal", "subtotal_tax", setting);
        }
    }
    fields::decimals(object, places);
}

/// The tax of a line is that of its rates, each rounded.
fn sum_up(line: &mut Value, of: &str, tax: &str, setting: u32) {
    if line.get(tax).is_none() {
        return;
    }
    let shares = line["taxes"].as_array().into_iter().flatten();
    let shares: Option<Vec<Decimal>> = shares
        .map(|share| share[of].as_str()?.parse().ok())
        .collect();
    match shares.filter(|shares| !shares.is_empty()) {
        Some(shares) => {
            let sum: Decimal = shares
                .into_iter()
                .map(|share| half_up(share, setting))
                .sum();
            line[tax] = Value::String(sum.to_string());
        }
        None => round(line, tax, setting),
    }
}

fn round(object: &mut Value, name: &str, setting: u32) {
    let Some(Value::String(text)) = object.get_mut(name) else {
        return;
    };
    if let Ok(amount) = text.parse::<Decimal>() {
        *text = half_up(amount, setting).to_string();
    }
}

fn half_up(amount: Decimal, places: u32) -> Decimal {
    amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}
