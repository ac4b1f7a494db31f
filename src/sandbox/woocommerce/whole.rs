//! Making raw objects whole: what a setup or a test leaves out is filled in.
//!
//! Tests say of an order what they are about and nothing else; the shop still shows all
//! its fields, with both halves of every date.

use serde_json::{Map, Value, json};

use super::dates;
use super::shop::ShopShop;

/// The short form of a refund that the order itself shows.
pub fn summary(refund: &Value) -> Value {
    let amount = refund["amount"].as_str().unwrap_or("0.00");
    json!({"id": refund["id"], "reason": refund["reason"], "total": format!("-{amount}")})
}

pub fn merge(into: &mut Value, change: &Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (name, value) in change {
                merge(into.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (into, change) => *into = change.clone(),
    }
}

pub fn fill(object: &mut Map<String, Value>, defaults: Value) {
    if let Value::Object(defaults) = defaults {
        for (name, value) in defaults {
            object.entry(name).or_insert(value);
        }
    }
}

/// Completes a pair of dates from whichever half is there, else from `fallback`.
pub fn pair(
    object: &mut Map<String, Value>,
    name: &str,
    zone: chrono_tz::Tz,
    fallback: Option<i64>,
) {
    let gmt = format!("{name}_gmt");
    let read = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let at = match (read(&gmt), read(name)) {
        (Some(gmt), _) => dates::from_gmt(&gmt),
        (None, Some(local)) => dates::from_local(&local, zone),
        (None, None) => fallback,
    };
    let Some(at) = at else {
        object.entry(gmt).or_insert(Value::Null);
        object.entry(name.to_owned()).or_insert(Value::Null);
        return;
    };
    // A raw object that has both halves is shown as it is, even if they disagree.
    if object.get(&gmt).is_none_or(Value::is_null) {
        object.insert(gmt, json!(dates::gmt_text(at)));
    }
    if object.get(name).is_none_or(Value::is_null) {
        object.insert(name.to_owned(), json!(dates::local_text(at, zone)));
    }
}

/// Fills in whatever a raw order left out, so that the shop shows a whole one.
pub fn complete(order: &mut Map<String, Value>, shop: &ShopShop, modified: Option<i64>) {
    let zone = shop.site.timezone;
    if let Some(at) = modified {
        order.insert("date_modified_gmt".to_owned(), json!(dates::gmt_text(at)));
        order.insert(
            "date_modified".to_owned(),
            json!(dates::local_text(at, zone)),
        );
    }
    pair(order, "date_created", zone, Some(shop.now()));
    let created = order["date_created_gmt"].as_str().and_then(dates::from_gmt);
    pair(order, "date_modified", zone, created);
    pair(order, "date_paid", zone, None);
    pair(order, "date_completed", zone, None);
    let id = order["id"].as_u64().unwrap_or(0);
    // Building the defaults costs more than looking; bulk orders come complete.
    if [
        "status",
        "total",
        "billing",
        "line_items",
        "order_key",
        "refunds",
        "number",
    ]
    .iter()
    .all(|name| order.contains_key(*name))
    {
        return;
    }
    let person = json!({"first_name": "", "last_name": "", "company": "", "address_1": "", "address_2": "", "city": "", "state": "",
        "postcode": "", "country": "", "phone": ""});
    let mut billing = person.clone();
    billing["email"] = json!("");
    let symbol = if order
        .get("currency")
        .and_then(Value::as_str)
        .unwrap_or(&shop.site.currency)
        .ends_with('D')
    {
        "$"
    } else {
        ""
    };
    fill(
        order,
        json!({"parent_id": 0, "status": "pending", "currency": shop.site.currency, "version": "10.2.4",
            "prices_include_tax": shop.site.prices_include_tax, "discount_total": "0.00", "discount_tax": "0.00",
            "shipping_total": "0.00", "shipping_tax": "0.00", "cart_tax": "0.00", "total": "0.00", "total_tax": "0.00",
            "customer_id": 0, "order_key": shop.order_key(id), "billing": billing, "shipping": person, "payment_method": "",
            "payment_method_title": "", "transaction_id": "", "customer_ip_address": "", "customer_user_agent": "",
            "created_via": "checkout", "customer_note": "", "cart_hash": "", "number": id.to_string(), "meta_data": [],
            "line_items": [], "tax_lines": [], "shipping_lines": [], "fee_lines": [], "coupon_lines": [], "refunds": [],
            "payment_url": "", "is_editable": false, "needs_payment": false, "needs_processing": true, "currency_symbol": symbol}),
    );
}
