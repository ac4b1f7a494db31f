//! A change of an order, alone or inside a batch.

use serde_json::{Map, Value, json};

use super::super::answer::{SandboxShopAnswer, error};
use super::super::api::ShopCall;
use super::super::dates;
use super::super::orders;
use super::super::params::and_list;
use super::super::shop::ShopShop;
use super::super::whole::merge;
use super::{Looks, lay_meta, notes, reckon, refused, status, truth, wrong_type};

/// What a request may say that the shop puts where it says.
const PLAIN: [&str; 9] = [
    "transaction_id",
    "customer_note",
    "currency",
    "customer_id",
    "payment_method",
    "payment_method_title",
    "customer_ip_address",
    "billing",
    "shipping",
];

pub(super) fn change(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    id: u64,
    given: &Map<String, Value>,
    looks: Looks,
) -> SandboxShopAnswer {
    if looks == Looks::Alone
        && let Some(answer) = wrong(shop, given)
    {
        return answer;
    }
    let Some(entry) = shop.orders.get(&id) else {
        return error(400, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
            .with("allow", orders::ITEM_ALLOWS);
    };
    let mut order = (*entry.order).clone();
    lay_over(shop, id, &mut order, given);
    if reckon::is_due(given) {
        reckon::anew(shop, &mut order);
    }
    let was = order["status"].as_str().unwrap_or("").to_owned();
    if let Some(to) = given.get("status").and_then(Value::as_str) {
        if to == "trash" {
            // Only a batch lets it through.
            shop.trash(id);
            return orders::one(shop, call, id);
        }
        let to = meant(shop, to);
        status::become_of(shop, id, &mut order, &to, false);
        if to == "refunded" && was != "refunded" {
            refund_rest(shop, id, &mut order);
        }
    }
    if given.get("set_paid").and_then(truth) == Some(true) && status::needs_payment(&order) {
        pay(shop, id, &mut order);
    }
    let only_flags = is_only_stock_flag(given);
    let fields = changed(&shop.orders[&id].order, &order);
    if only_flags || (was == "trash" && given.contains_key("status")) {
        shop.set_quietly(id, &fields);
    } else {
        shop.set(id, &fields);
    }
    orders::one(shop, call, id)
}

/// What a request alone is refused for.
fn wrong(shop: &ShopShop, given: &Map<String, Value>) -> Option<SandboxShopAnswer> {
    match given.get("status") {
        None => {}
        Some(Value::String(to)) => {
            let known = shop.statuses();
            if !known.contains(to) {
                let message = format!("status is not one of {}.", and_list(&known));
                return Some(refused("status", "rest_not_in_enum", message));
            }
        }
        Some(_) => return Some(wrong_type("status", "string")),
    }
    let paid = given.get("set_paid");
    if paid.is_some_and(|paid| truth(paid).is_none()) {
        return Some(wrong_type("set_paid", "boolean"));
    }
    None
}

/// Inside a batch nobody looks: with a prefix it is cut off, and what does not exist is the first status there is.
fn meant(shop: &ShopShop, to: &str) -> String {
    let bare = to.strip_prefix("wc-").unwrap_or(to);
    match shop.statuses().iter().any(|known| known == bare) {
        true => bare.to_owned(),
        false => "pending".to_owned(),
    }
}

fn lay_over(shop: &mut ShopShop, id: u64, order: &mut Value, given: &Map<String, Value>) {
    for name in PLAIN {
        if let Some(value) = given.get(name) {
            merge(&mut order[name], value);
        }
    }
    for list in ["line_items", "shipping_lines", "fee_lines"] {
        for change in given
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let lines = order[list].as_array_mut().into_iter().flatten();
            for line in lines.filter(|line| line["id"] == change["id"]) {
                merge(line, change);
            }
        }
    }
    if let Some(meta) = given.get("meta_data") {
        order["meta_data"] = lay_meta(shop, &order["meta_data"], meta);
        for one in meta.as_array().into_iter().flatten() {
            match (one["key"].as_str(), one["value"].as_str()) {
                (Some("_order_stock_reduced"), value) => {
                    shop.stock_taken.insert(id, value == Some("yes"));
                }
                (Some("_date_paid"), Some(seconds)) => {
                    if let Ok(at) = seconds.parse() {
                        status::put_date(order, "date_paid", &dates::gmt_text(at));
                    }
                }
                _ => {}
            }
        }
    }
}

/// That flag alone is obeyed without a webhook.
fn is_only_stock_flag(given: &Map<String, Value>) -> bool {
    let meta = given.get("meta_data").and_then(Value::as_array);
    given.len() == 1
        && meta.is_some_and(|meta| {
            !meta.is_empty() && meta.iter().all(|one| one["key"] == "_order_stock_reduced")
        })
}

fn pay(shop: &mut ShopShop, id: u64, order: &mut Value) {
    let transaction = order["transaction_id"].as_str().unwrap_or("");
    let words = match transaction {
        "" => "Payment complete.".to_owned(),
        paid => format!(
            "Payment via {} ({paid}).",
            order["payment_method_title"].as_str().unwrap_or("")
        ),
    };
    notes::add_own(shop, id, &words);
    let to = match status::needs_processing(shop, order) {
        true => "processing",
        false => "completed",
    };
    status::become_of(shop, id, order, to, true);
}

/// The status says that everything was given back: a refund of the rest comes of it, which moves no money.
fn refund_rest(shop: &mut ShopShop, id: u64, order: &mut Value) {
    notes::add_own(
        shop,
        id,
        "Order status set to refunded. To return funds to the customer you will need to issue a refund through your payment gateway.",
    );
    let amount = order["total"].clone();
    let refund =
        json!({"amount": amount, "reason": "Order fully refunded.", "refunded_payment": false});
    if let Some(made) = shop.add_refund(id, refund) {
        let summary = super::super::whole::summary(&made);
        if let Some(list) = order["refunds"].as_array_mut() {
            list.insert(0, summary);
        }
    }
}

/// The fields that differ, so that what did not change stays as it is. The dates of change are the storage's business.
fn changed(before: &Value, after: &Value) -> Map<String, Value> {
    let fields = after.as_object().into_iter().flatten();
    fields
        .filter(|(name, value)| {
            before[name.as_str()] != **value && !name.starts_with("date_modified")
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
