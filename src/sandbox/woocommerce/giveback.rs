//! Refunds of orders made by [`super::basket`], with lines or by amount only.

use serde_json::{Value, json};

use super::basket::{RATES, ShopIds};
use super::dates;
use super::money::{Cents, cents, divide, text};

/// What is given back of an order.
#[derive(Debug, Clone, Default)]
pub struct Giveback {
    pub id: u64,
    pub at: i64,
    pub reason: String,
    /// Position of the line and how many of it.
    pub lines: Vec<(usize, i64)>,
    pub shipping: bool,
    pub through_gateway: bool,
}

/// A refund with lines: each carries its share of price and tax.
pub fn with_lines(
    order: &Value,
    giveback: &Giveback,
    zone: chrono_tz::Tz,
    ids: &mut ShopIds,
) -> Value {
    let mut amount = 0;
    let mut by_rate: Vec<(u64, Cents, Cents)> = Vec::new();
    let mut lines = Vec::new();
    for (at, quantity) in &giveback.lines {
        let sold = &order["line_items"][*at];
        let part = ShopPart {
            quantity: *quantity,
            of: sold["quantity"].as_i64().unwrap_or(1).max(1),
        };
        let mut line = negative(sold, part, ids, &mut amount, &mut by_rate, false);
        line["quantity"] = json!(-quantity);
        let total = part.of_text(&sold["total"]);
        (line["subtotal"], line["subtotal_tax"]) =
            (line["total"].clone(), line["total_tax"].clone());
        line["price"] = json!(total as f64 / *quantity as f64 / 100.0);
        lines.push(line);
    }
    let mut shipping = Vec::new();
    if giveback.shipping {
        for sold in order["shipping_lines"].as_array().into_iter().flatten() {
            shipping.push(negative(
                sold,
                ShopPart { quantity: 1, of: 1 },
                ids,
                &mut amount,
                &mut by_rate,
                true,
            ));
        }
    }
    let tax_lines: Vec<Value> = by_rate
        .iter()
        .filter_map(|(id, goods, shipping)| {
            let rate = RATES.iter().find(|rate| rate.id == *id)?;
            Some(json!({"id": ids.line(), "rate_code": rate.code, "rate_id": id, "label": rate.label, "compound": false,
                "tax_total": text(-goods), "shipping_tax_total": text(-shipping), "rate_percent": rate.share as f64 / 1000.0, "meta_data": []}))
        })
        .collect();
    let mut refund = bare(order, giveback, amount, zone, ids);
    refund["line_items"] = json!(lines);
    refund["shipping_lines"] = json!(shipping);
    refund["tax_lines"] = json!(tax_lines);
    refund
}

/// A refund that says nothing but its amount.
pub fn amount_only(
    order: &Value,
    giveback: &Giveback,
    amount: Cents,
    zone: chrono_tz::Tz,
    ids: &mut ShopIds,
) -> Value {
    bare(order, giveback, amount, zone, ids)
}

fn bare(
    order: &Value,
    giveback: &Giveback,
    amount: Cents,
    zone: chrono_tz::Tz,
    ids: &mut ShopIds,
) -> Value {
    let full = order["total"].as_str().and_then(cents) == Some(amount);
    json!({"id": giveback.id, "parent_id": order["id"], "date_created": dates::local_text(giveback.at, zone),
        "date_created_gmt": dates::gmt_text(giveback.at), "amount": text(amount), "reason": giveback.reason, "refunded_by": 1,
        "refunded_payment": giveback.through_gateway,
        "meta_data": [{"id": ids.meta(), "key": "_refund_type", "value": if full { "full" } else { "partial" }}],
        "line_items": [], "shipping_lines": [], "tax_lines": [], "fee_lines": []})
}

/// So many units of how many.
#[derive(Clone, Copy)]
struct ShopPart {
    quantity: i64,
    of: i64,
}

impl ShopPart {
    fn of_text(self, amount: &Value) -> Cents {
        divide(
            amount.as_str().and_then(cents).unwrap_or(0) * self.quantity,
            self.of,
        )
    }
}

/// A sold line with its sign turned, pointing back at the line it undoes.
fn negative(
    sold: &Value,
    part: ShopPart,
    ids: &mut ShopIds,
    amount: &mut Cents,
    by_rate: &mut Vec<(u64, Cents, Cents)>,
    shipping: bool,
) -> Value {
    let mut line = sold.clone();
    let total = part.of_text(&sold["total"]);
    let mut tax = 0;
    for row in line["taxes"].as_array_mut().into_iter().flatten() {
        let given = part.of_text(&row["total"]);
        tax += given;
        row["total"] = json!(text(-given));
        if !shipping {
            row["subtotal"] = row["total"].clone();
        }
        let rate = row["id"].as_u64().unwrap_or(0);
        let at = match by_rate.iter().position(|(known, _, _)| *known == rate) {
            Some(at) => at,
            None => {
                by_rate.push((rate, 0, 0));
                by_rate.len() - 1
            }
        };
        let (_, on_goods, on_shipping) = &mut by_rate[at];
        *(if shipping { on_shipping } else { on_goods }) += given;
    }
    *amount += total + tax;
    let of = sold["id"].to_string();
    line["id"] = json!(ids.line());
    line["total"] = json!(text(-total));
    line["total_tax"] = json!(text(-tax));
    line["meta_data"] = json!([{"id": ids.meta(), "key": "_refunded_item_id", "value": of, "display_key": "_refunded_item_id", "display_value": of}]);
    line
}
