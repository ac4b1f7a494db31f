//! What becomes of an order with its status: mails, stock, the day it was paid, a note of the shop's own.

use serde_json::{Value, json};

use super::super::dates;
use super::super::money::cents;
use super::super::shop::ShopShop;
use super::mails::{self, SHOP, SHOPPER};
use super::notes;

/// The statuses under which the stock of an order is taken.
const TAKEN: [&str; 4] = ["on-hold", "processing", "completed", "refunded"];
/// Where it is taken, and where it is given back, as an order comes there.
const TAKES: [&str; 3] = ["on-hold", "processing", "completed"];
const GIVES_BACK: [&str; 2] = ["cancelled", "pending"];
/// At so few the shop is told, and at none once more.
const LOW: i64 = 2;

/// Whether nothing of an order has to be sent: then it is done when it is paid.
pub(super) fn needs_processing(shop: &ShopShop, order: &Value) -> bool {
    let lines = order["line_items"].as_array().into_iter().flatten();
    let known: Vec<bool> = lines
        .filter_map(|line| {
            let variation = line["variation_id"].as_u64().filter(|id| *id > 0);
            let id = variation.or_else(|| line["product_id"].as_u64())?;
            let product = shop.products.get(&id)?;
            Some(product["virtual"] == true && product["downloadable"] == true)
        })
        .collect();
    match known.is_empty() {
        true => order["needs_processing"] != false,
        false => known.iter().any(|is_nothing| !is_nothing),
    }
}

pub(super) fn needs_payment(order: &Value) -> bool {
    let total = order["total"].as_str().and_then(cents).unwrap_or(0);
    matches!(order["status"].as_str(), Some("pending" | "failed")) && total > 0
}

/// Takes an order from one status to another.
pub(super) fn become_of(shop: &mut ShopShop, id: u64, order: &mut Value, to: &str, as_paid: bool) {
    let from = order["status"].as_str().unwrap_or("pending").to_owned();
    if from == to {
        return;
    }
    order["status"] = json!(to);
    let is_editable = matches!(to, "pending" | "on-hold" | "auto-draft");
    order["is_editable"] = json!(is_editable);
    order["needs_payment"] = json!(needs_payment(order));
    let now = dates::gmt_text(shop.now());
    let is_paid = to == "completed" || (to == "processing" && needs_processing(shop, order));
    if is_paid && order["date_paid_gmt"].is_null() {
        put_date(order, "date_paid", &now);
    }
    if to == "completed" {
        put_date(order, "date_completed", &now);
    }
    move_stock(shop, id, order, &from, to);
    if !as_paid {
        let words = format!(
            "Order status changed from {} to {}.",
            named(&from),
            named(to)
        );
        notes::add_own(shop, id, &words);
    }
    send_mails(shop, id, &from, to);
}

pub(super) fn put_date(order: &mut Value, name: &str, gmt: &str) {
    order[format!("{name}_gmt")] = json!(gmt);
    // The other half follows.
    order[name] = Value::Null;
}

pub(super) fn named(slug: &str) -> String {
    match slug {
        "pending" => "Pending payment".to_owned(),
        "trash" => "trash".to_owned(),
        slug => {
            let words = slug.replace('-', " ");
            let mut letters = words.chars();
            letters.next().map_or(String::new(), |first| {
                first.to_uppercase().chain(letters).collect()
            })
        }
    }
}

fn send_mails(shop: &mut ShopShop, id: u64, from: &str, to: &str) {
    let was_unpaid = matches!(from, "pending" | "failed");
    if was_unpaid && TAKES.contains(&to) {
        mails::send(shop, "new_order", SHOP, id);
    }
    match (from, to) {
        ("cancelled" | "failed" | "on-hold" | "pending", "processing") => {
            mails::send(shop, "customer_processing_order", SHOPPER, id);
        }
        (_, "completed") => mails::send(shop, "customer_completed_order", SHOPPER, id),
        ("pending" | "failed" | "cancelled", "on-hold") => {
            mails::send(shop, "customer_on_hold_order", SHOPPER, id);
        }
        ("processing" | "on-hold", "cancelled") => mails::send(shop, "cancelled_order", SHOP, id),
        ("pending" | "on-hold", "failed") => {
            mails::send(shop, "customer_failed_order", SHOPPER, id);
            mails::send(shop, "failed_order", SHOP, id);
        }
        (_, "refunded") => mails::send(shop, "customer_refunded_order", SHOPPER, id),
        _ => {}
    }
}

fn move_stock(shop: &mut ShopShop, id: u64, order: &mut Value, from: &str, to: &str) {
    let is_taken = shop.stock_taken.get(&id).copied();
    let is_taken = is_taken.unwrap_or_else(|| TAKEN.contains(&from));
    if TAKES.contains(&to) && !is_taken {
        take(shop, id, order);
        shop.stock_taken.insert(id, true);
    } else if GIVES_BACK.contains(&to) && is_taken {
        give_back(shop, id, order);
        shop.stock_taken.insert(id, false);
    }
}

/// What a line was taken from, where its stock is kept.
fn kept_of(shop: &ShopShop, line: &Value) -> Option<u64> {
    let variation = line["variation_id"].as_u64().filter(|id| *id > 0);
    let id = variation.or_else(|| line["product_id"].as_u64())?;
    let product = shop.products.get(&id)?;
    match &product["manage_stock"] {
        Value::Bool(true) => Some(id),
        Value::String(_) => product["parent_id"].as_u64(),
        _ => None,
    }
}

fn reduced(line: &Value) -> Option<i64> {
    let mut meta = line["meta_data"].as_array()?.iter();
    let one = meta.find(|one| one["key"] == "_reduced_stock")?;
    one["value"].as_str()?.parse().ok()
}

fn take(shop: &mut ShopShop, id: u64, order: &mut Value) {
    let mut moved = Vec::new();
    let mut lines = order["line_items"].as_array().cloned().unwrap_or_default();
    for line in &mut lines {
        let quantity = line["quantity"].as_i64().unwrap_or(0);
        let Some(product) = kept_of(shop, line).filter(|_| reduced(line).is_none()) else {
            continue;
        };
        let (before, after) = shift(shop, product, -quantity);
        let meta = shop.fresh_meta();
        let quantity = quantity.to_string();
        if let Some(list) = line["meta_data"].as_array_mut() {
            list.push(json!({"id": meta, "key": "_reduced_stock", "value": quantity, "display_key": "_reduced_stock", "display_value": quantity}));
        }
        moved.push(format!(
            "{} ({before}&rarr;{after})",
            line["name"].as_str().unwrap_or("")
        ));
        if after <= LOW {
            mails::send_anyway(shop, "wordpress", SHOP, product);
        }
        if after < 0 {
            mails::send_anyway(shop, "wordpress", SHOP, product);
        }
    }
    order["line_items"] = json!(lines);
    if !moved.is_empty() {
        notes::add_own(
            shop,
            id,
            &format!("Stock levels reduced: {}", moved.join(", ")),
        );
    }
}

fn give_back(shop: &mut ShopShop, id: u64, order: &mut Value) {
    let mut moved = Vec::new();
    let mut lines = order["line_items"].as_array().cloned().unwrap_or_default();
    for line in &mut lines {
        let (Some(product), Some(quantity)) = (kept_of(shop, line), reduced(line)) else {
            continue;
        };
        let (before, after) = shift(shop, product, quantity);
        if let Some(list) = line["meta_data"].as_array_mut() {
            list.retain(|one| one["key"] != "_reduced_stock");
        }
        moved.push(format!(
            "{} ({before}&rarr;{after})",
            line["name"].as_str().unwrap_or("")
        ));
    }
    order["line_items"] = json!(lines);
    if !moved.is_empty() {
        notes::add_own(
            shop,
            id,
            &format!("Stock levels increased: {}", moved.join(", ")),
        );
    }
}

/// Moves the stock of a product, and says what it was and is. Its webhook is told of.
pub(super) fn shift(shop: &mut ShopShop, product: u64, by: i64) -> (i64, i64) {
    let Some(kept) = shop.products.get_mut(&product) else {
        return (0, 0);
    };
    let before = kept["stock_quantity"].as_i64().unwrap_or(0);
    let after = before + by;
    kept["stock_quantity"] = json!(after);
    kept["stock_status"] = json!(if after > 0 { "instock" } else { "outofstock" });
    shop.run_hook("woocommerce_update_product", "product", product);
    (before, after)
}
