//! Removal: what deleting a product for good does to the orders that sold it.
//!
//! An order's line stores the name and the amounts; what it says of the product it looks up when it is shown. After the product is gone there
//! is nothing to look up: no id, no SKU. Of a deleted variation the product is left, with its own SKU. No time of change moves.

use std::sync::Arc;

use serde_json::{Value, json};

use super::shop::ShopShop;

/// Deletes a product with its variations, or one variation. False when nothing knows of it.
pub fn product(shop: &mut ShopShop, id: u64) -> bool {
    let mut is_known = shop.products.remove(&id).is_some();
    shop.products.retain(|_, other| other["parent_id"] != id);
    let parents: Vec<(u64, Value)> = shop
        .products
        .iter()
        .map(|(id, product)| (*id, product["sku"].clone()))
        .collect();
    let sku_of = |product: &Value| {
        let found = parents.iter().find(|(id, _)| *product == *id);
        found.map_or(json!(""), |(_, sku)| sku.clone())
    };
    for entry in shop.orders.values_mut() {
        let order = forgetting(&entry.order, id, &sku_of);
        is_known |= order.is_some();
        entry.order = order.map_or_else(|| entry.order.clone(), Arc::new);
        for refund in &mut entry.refunds {
            if let Some(changed) = forgetting(refund, id, &sku_of) {
                *refund = Arc::new(changed);
            }
        }
    }
    is_known
}

/// The order or refund as it is shown from now on; `None` where it is the same.
fn forgetting(object: &Value, id: u64, sku_of: &dyn Fn(&Value) -> Value) -> Option<Value> {
    let sells = |line: &Value| line["product_id"] == id || line["variation_id"] == id;
    if !object["line_items"].as_array()?.iter().any(sells) {
        return None;
    }
    let mut object = object.clone();
    let lines = object["line_items"].as_array_mut().into_iter().flatten();
    for line in lines.filter(|line| sells(line)) {
        line["parent_name"] = Value::Null;
        if line["product_id"] == id {
            line["product_id"] = json!(0);
            line["sku"] = Value::Null;
            line["global_unique_id"] = Value::Null;
            // The label of an attribute is the product's; what is left is its key.
            for meta in line["meta_data"].as_array_mut().into_iter().flatten() {
                meta["display_key"] = meta["key"].clone();
            }
        } else {
            line["sku"] = sku_of(&line["product_id"]);
        }
        line["variation_id"] = json!(0);
    }
    Some(object)
}
