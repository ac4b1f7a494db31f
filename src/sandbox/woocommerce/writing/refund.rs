//! Refunds made through the API, with the defaults that cost money: what is not said moves money and gives stock back.

use serde_json::{Map, Value, json};

use super::super::answer::{SandboxShopAnswer, error_with_number};
use super::super::api::ShopCall;
use super::super::money::{Cents, cents, text};
use super::super::refunds;
use super::super::shop::ShopShop;
use super::mails::{self, SHOPPER};
use super::{notes, status, truth, wrong_type};

pub(super) fn make(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    id: u64,
    given: &Map<String, Value>,
) -> SandboxShopAnswer {
    // Left out, both are yes.
    let says = |name: &'static str| match given.get(name).map_or(Some(true), truth) {
        Some(yes) => Ok(yes),
        None => Err(wrong_type(name, "boolean")),
    };
    let (moves_money, gives_stock) = match (says("api_refund"), says("api_restock")) {
        (Ok(money), Ok(stock)) => (money, stock),
        (Err(answer), _) | (_, Err(answer)) => return answer,
    };
    if given
        .get("amount")
        .is_some_and(|amount| !amount.is_string())
    {
        return wrong_type("amount", "string");
    }
    let Some(entry) = shop.orders.get(&id) else {
        return error_with_number(
            500,
            "woocommerce_rest_invalid_order_id",
            "Invalid order ID.",
            404,
        );
    };
    let order = entry.order.clone();
    let refunded: Cents = entry
        .refunds
        .iter()
        .filter_map(|one| cents(one["amount"].as_str()?))
        .sum();
    let amount = match amount_of(given) {
        Some(amount) if amount < 0 => {
            let message = "Refund amount must be greater than zero.";
            return error_with_number(500, "woocommerce_rest_invalid_order_refund", message, 400);
        }
        amount => amount,
    };
    let total = order["total"].as_str().and_then(cents).unwrap_or(0);
    let left = total - refunded;
    if amount.is_some_and(|amount| amount > left) {
        return cannot("Invalid refund amount.");
    }
    if moves_money {
        let gateway = order["payment_method"].as_str().unwrap_or("");
        let can = shop.gateways.iter().any(|one| {
            let mut supports = one["method_supports"].as_array().into_iter().flatten();
            one["id"] == gateway && supports.any(|what| what == "refunds")
        });
        if !can {
            return cannot(
                "The payment gateway for this order does not support automatic refunds.",
            );
        }
        shop.money_moved
            .push(json!({"order": id, "amount": amount.map(text)}));
    }
    if gives_stock {
        restock(shop, &order, given);
    }
    let refund = json!({"amount": amount.map_or(String::new(), text), "reason": given.get("reason").cloned().unwrap_or(json!("")),
        "refunded_payment": moves_money});
    let Some(made) = shop.add_refund(id, refund) else {
        return cannot("Invalid order ID.");
    };
    let is_whole = amount == Some(left) && left > 0;
    let kind = if is_whole {
        "customer_refunded_order"
    } else {
        "customer_partially_refunded_order"
    };
    mails::send(shop, kind, SHOPPER, id);
    if is_whole {
        let was = status::named(order["status"].as_str().unwrap_or(""));
        notes::add_own(
            shop,
            id,
            &format!("Order status changed from {was} to Refunded."),
        );
        shop.set(
            id,
            &Map::from_iter([("status".to_owned(), json!("refunded"))]),
        );
    }
    let shown = refunds::shown(call, id, &made, false, true);
    let mut answer = SandboxShopAnswer::data(shown, "refund", "GET, POST");
    answer.status = 201;
    answer
}

fn cannot(message: &str) -> SandboxShopAnswer {
    error_with_number(
        500,
        "woocommerce_rest_cannot_create_order_refund",
        message,
        500,
    )
}

/// What is given back; the sum of the lines where only they say it, nothing where nobody does.
fn amount_of(given: &Map<String, Value>) -> Option<Cents> {
    if let Some(said) = given.get("amount").and_then(Value::as_str) {
        // A third decimal is rounded.
        let rounded: rust_decimal::Decimal = said.parse().ok()?;
        let places = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        return cents(&format!("{:.2}", rounded.round_dp_with_strategy(2, places)));
    }
    let lines = given.get("line_items").and_then(Value::as_array)?;
    let of = |value: &Value| {
        value
            .as_f64()
            .map_or(0, |amount| (amount * 100.0).round() as Cents)
    };
    let line = |line: &Value| {
        let taxes = line["refund_tax"].as_array().into_iter().flatten();
        of(&line["refund_total"]) + taxes.map(|tax| of(&tax["refund_total"])).sum::<Cents>()
    };
    Some(lines.iter().map(line).sum())
}

/// As many as were said go back, whether or not so many were sold.
fn restock(shop: &mut ShopShop, order: &Value, given: &Map<String, Value>) {
    for back in given
        .get("line_items")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let quantity = back["quantity"].as_i64().unwrap_or(0);
        let mut lines = order["line_items"].as_array().into_iter().flatten();
        let Some(line) = lines.find(|line| line["id"] == back["id"] && quantity > 0) else {
            continue;
        };
        let product = line["product_id"].as_u64().unwrap_or(0);
        let keeps = shop
            .products
            .get(&product)
            .is_some_and(|one| one["manage_stock"] == true);
        if keeps {
            status::shift(shop, product, quantity);
        }
    }
}
