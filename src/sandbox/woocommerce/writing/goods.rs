//! Changes of products and variations. Nearly everything is taken with 200, what it does is another matter: a price that is no number
//! empties the price, a figure of stock that nobody keeps is ignored.

use serde_json::{Map, Value, json};

use super::super::answer::{SandboxShopAnswer, error};
use super::super::api::ShopCall;
use super::super::catalogue;
use super::super::dates;
use super::super::orders::ITEM_ALLOWS;
use super::super::shop::ShopShop;
use super::{Looks, lay_meta, truth, wrong_type};

pub(super) fn change_product(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    id: u64,
    given: &Map<String, Value>,
    looks: Looks,
) -> SandboxShopAnswer {
    if looks == Looks::Alone
        && let Some(answer) = wrong(given)
    {
        return answer;
    }
    match shop.products.get(&id) {
        None => {
            let status = if looks == Looks::Alone { 400 } else { 404 };
            return error(status, "woocommerce_rest_product_invalid_id", "Invalid ID.")
                .with("allow", ITEM_ALLOWS);
        }
        Some(product) if product["type"] == "variation" => {
            let message = "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.";
            return error(404, "woocommerce_rest_invalid_product_id", message);
        }
        Some(_) => {}
    }
    if let Some(answer) = lay_over(shop, id, given) {
        return answer;
    }
    shop.run_hook("woocommerce_update_product", "product", id);
    catalogue::product(shop, call, id)
}

pub(super) fn change_variation(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    parent: u64,
    id: u64,
    given: &Map<String, Value>,
    looks: Looks,
) -> SandboxShopAnswer {
    if looks == Looks::Alone
        && let Some(answer) = wrong(given)
    {
        return answer;
    }
    let is_there = shop
        .products
        .get(&id)
        .is_some_and(|one| one["type"] == "variation" && one["parent_id"] == parent);
    if !is_there {
        let code = "woocommerce_rest_product_variation_invalid_id";
        return error(404, code, "Invalid ID.").with("allow", ITEM_ALLOWS);
    }
    let mut given = given.clone();
    // Its name is made of its attributes.
    given.remove("name");
    given.remove("short_description");
    if let Some(answer) = lay_over(shop, id, &given) {
        return answer;
    }
    // The parent moves too; the webhook names the variation alone.
    touch(shop, parent);
    shop.run_hook("woocommerce_update_product_variation", "product", id);
    catalogue::variation(shop, call, parent, id)
}

fn wrong(given: &Map<String, Value>) -> Option<SandboxShopAnswer> {
    for name in [
        "regular_price",
        "sale_price",
        "name",
        "sku",
        "short_description",
    ] {
        let is_odd = |value: &&Value| !(value.is_string() || value.is_null());
        if given.get(name).filter(is_odd).is_some() {
            return Some(wrong_type(name, "string"));
        }
    }
    let stock = given.get("stock_quantity");
    let is_whole = |value: &Value| match value {
        Value::Null => true,
        Value::Number(number) => number.is_i64(),
        Value::String(text) => text.parse::<i64>().is_ok(),
        _ => false,
    };
    if stock.is_some_and(|stock| !is_whole(stock)) {
        return Some(wrong_type("stock_quantity", "integer"));
    }
    None
}

/// Lays what was given over a product. Where the SKU is taken nothing of the request is kept.
fn lay_over(shop: &mut ShopShop, id: u64, given: &Map<String, Value>) -> Option<SandboxShopAnswer> {
    if let Some(sku) = given.get("sku").and_then(Value::as_str)
        && let Some(owner) = owner_of(shop, id, sku)
    {
        let said = json!({"code": "product_invalid_sku", "message": "Invalid or duplicated SKU.",
            "data": {"status": 400, "resource_id": owner, "unique_sku": format!("{sku}-1")}});
        return Some(SandboxShopAnswer::json_text(400, said.to_string()));
    }
    let meta = given.get("meta_data").cloned();
    let meta = meta.map(|meta| {
        let kept = shop.products[&id]["meta_data"].clone();
        lay_meta(shop, &kept, &meta)
    });
    let product = shop.products.get_mut(&id)?;
    if let Some(meta) = meta {
        product["meta_data"] = meta;
    }
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    // An empty name alone moves no time.
    let says_nothing = given.len() == 1 && text("name") == Some("");
    if let Some(name) = text("name").filter(|name| !name.is_empty()) {
        product["name"] = json!(clean(name));
    }
    if let Some(words) = text("short_description") {
        product["short_description"] = json!(clean(words).replace("< ", "&lt; "));
    }
    for name in ["description", "sku", "status", "catalog_visibility"] {
        if let Some(value) = text(name) {
            product[name] = json!(value);
        }
    }
    prices(product, given);
    stock(product, given);
    if !says_nothing {
        touch(shop, id);
    }
    None
}

/// Who has an SKU: letter case does not count, variations do, and what is in the trash does not.
fn owner_of(shop: &ShopShop, id: u64, sku: &str) -> Option<u64> {
    let wanted = sku.to_lowercase();
    let mut others = shop.products.iter().filter(|(other, _)| **other != id);
    let has = |(_, other): &(&u64, &Value)| {
        other["status"] != "trash"
            && other["sku"]
                .as_str()
                .is_some_and(|sku| sku.to_lowercase() == wanted)
    };
    others
        .find(has)
        .filter(|_| !wanted.is_empty())
        .map(|(id, _)| *id)
}

/// Scripts are cut out, and an ampersand is an entity.
fn clean(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(start) = text.find("<script") {
        let end = text[start..]
            .find('>')
            .map_or(text.len(), |at| start + at + 1);
        text.replace_range(start..end, "");
    }
    text.replace("</script>", "").replace('&', "&amp;")
}

/// A text as a price: commas go, and what is no number is no price.
fn price(text: &str) -> String {
    let bare = text.trim().replace(',', "");
    let number = bare.strip_prefix('-').unwrap_or(&bare);
    let is_number = !number.is_empty()
        && number
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.');
    if is_number { bare } else { String::new() }
}

fn prices(product: &mut Value, given: &Map<String, Value>) {
    if product["type"] == "variable" {
        return;
    }
    if let Some(text) = given.get("regular_price").and_then(Value::as_str) {
        product["regular_price"] = json!(price(text));
    }
    let number = |value: &Value| -> Option<rust_decimal::Decimal> { value.as_str()?.parse().ok() };
    let regular = number(&product["regular_price"]);
    if let Some(text) = given.get("sale_price").and_then(Value::as_str) {
        let sale = json!(price(text));
        if number(&sale)
            .zip(regular)
            .is_none_or(|(sale, regular)| sale < regular)
        {
            product["sale_price"] = sale;
        }
    }
    // A sale that saves nothing is over.
    let sale = number(&product["sale_price"]);
    if sale
        .zip(regular)
        .is_some_and(|(sale, regular)| sale >= regular)
    {
        product["sale_price"] = json!("");
    }
    let is_on_sale = number(&product["sale_price"]).is_some();
    product["price"] = if is_on_sale {
        product["sale_price"].clone()
    } else {
        product["regular_price"].clone()
    };
    product["on_sale"] = json!(is_on_sale);
    product["purchasable"] = json!(product["price"] != "");
}

fn stock(product: &mut Value, given: &Map<String, Value>) {
    if let Some(keeps) = given.get("manage_stock").and_then(truth) {
        let kept = product["manage_stock"] == true;
        product["manage_stock"] = json!(keeps);
        if !keeps {
            product["stock_quantity"] = Value::Null;
        } else if !kept && !given.contains_key("stock_quantity") {
            product["stock_status"] = json!("outofstock");
        }
    }
    if product["manage_stock"] != true {
        return;
    }
    let whole = |value: &Value| {
        value
            .as_i64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    };
    let figure = match (given.get("stock_quantity"), given.get("inventory_delta")) {
        // Nothing is as good as none.
        (Some(Value::Null), _) => Some(0),
        (Some(figure), _) => whole(figure),
        (None, Some(delta)) => {
            whole(delta).map(|delta| product["stock_quantity"].as_i64().unwrap_or(0) + delta)
        }
        (None, None) => None,
    };
    if let Some(figure) = figure {
        product["stock_quantity"] = json!(figure);
        product["stock_status"] = json!(if figure > 0 { "instock" } else { "outofstock" });
    }
}

fn touch(shop: &mut ShopShop, id: u64) {
    let (now, zone) = (shop.now(), shop.site.timezone);
    if let Some(product) = shop.products.get_mut(&id) {
        product["date_modified_gmt"] = json!(dates::gmt_text(now));
        product["date_modified"] = json!(dates::local_text(now, zone));
    }
}
