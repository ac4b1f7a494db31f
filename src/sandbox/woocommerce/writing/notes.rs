//! Notes of orders. A private one moves nothing and is heard of by nobody; one to the shopper is a mail.

use serde_json::{Map, Value, json};

use super::super::answer::{SandboxShopAnswer, error};
use super::super::api::ShopCall;
use super::super::dates;
use super::super::shop::ShopShop;
use super::mails::{self, SHOPPER};
use super::{truth, wrong_type};

const ALLOWS: &str = "GET, POST";
const ONE_ALLOWS: &str = "GET, DELETE";

fn no_order() -> SandboxShopAnswer {
    error(
        404,
        "woocommerce_rest_order_invalid_id",
        "Invalid order ID.",
    )
    .with("allow", ALLOWS)
}

fn no_note() -> SandboxShopAnswer {
    error(404, "woocommerce_rest_invalid_id", "Invalid resource ID.").with("allow", ONE_ALLOWS)
}

/// All of an order, the newest first, on one page.
pub fn list(shop: &ShopShop, call: &ShopCall<'_>, order: u64) -> SandboxShopAnswer {
    if !shop.orders.contains_key(&order) {
        return error(
            404,
            "woocommerce_rest_shop_order_invalid_id",
            "Invalid order ID.",
        )
        .with("allow", ALLOWS);
    }
    let wanted = match call.query.one("type") {
        Some("customer") => Some(true),
        Some("internal") => Some(false),
        _ => None,
    };
    let notes = shop.notes.get(&order).into_iter().flatten().rev();
    let shown: Vec<Value> = notes
        .filter(|note| wanted.is_none_or(|wanted| note["customer_note"] == wanted))
        .map(|note| with_links(call, order, note))
        .collect();
    SandboxShopAnswer::data(json!(shown), "note", ALLOWS)
}

pub fn one(shop: &ShopShop, call: &ShopCall<'_>, order: u64, id: u64) -> SandboxShopAnswer {
    let mut notes = shop.notes.get(&order).into_iter().flatten();
    match notes.find(|note| note["id"] == id) {
        None => no_note(),
        Some(note) => SandboxShopAnswer::data(with_links(call, order, note), "note", ONE_ALLOWS),
    }
}

fn with_links(call: &ShopCall<'_>, order: u64, note: &Value) -> Value {
    let home = format!("{}/wp-json/wc/v3/orders/{order}", call.home);
    let mut note = note.clone();
    note["_links"] = json!({
        "self": [{"href": format!("{home}/notes/{}", note["id"]), "targetHints": {"allow": ["GET", "DELETE"]}}],
        "collection": [{"href": format!("{home}/notes")}],
        "up": [{"href": home}]
    });
    note
}

pub(super) fn add(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    order: u64,
    given: &Map<String, Value>,
) -> SandboxShopAnswer {
    let text = match given.get("note") {
        None => {
            let said = r#"{"code":"rest_missing_callback_param","message":"Missing parameter(s): note","data":{"status":400,"params":["note"]}}"#;
            return SandboxShopAnswer::json_text(400, said.to_owned());
        }
        Some(Value::String(text)) => text.clone(),
        Some(_) => return wrong_type("note", "string"),
    };
    let to_shopper = match given.get("customer_note").map_or(Some(false), truth) {
        Some(to_shopper) => to_shopper,
        None => return wrong_type("customer_note", "boolean"),
    };
    if !shop.orders.contains_key(&order) {
        return no_order();
    }
    let is_by_user = given.get("added_by_user").and_then(truth) == Some(true);
    let author = if is_by_user { "admin" } else { "WooCommerce" };
    let note = keep(shop, order, &text, to_shopper, author);
    if to_shopper {
        mails::send(shop, "customer_note", SHOPPER, order);
    }
    let mut answer = SandboxShopAnswer::data(with_links(call, order, &note), "note", ALLOWS);
    answer.status = 201;
    let home = format!("{}/wp-json/wc/v3/orders/{order}/notes", call.home);
    answer.with("location", format!("{home}/{}", note["id"]))
}

/// What the shop itself writes down.
pub(super) fn add_own(shop: &mut ShopShop, order: u64, text: &str) {
    keep(shop, order, text, false, "WooCommerce");
}

fn keep(shop: &mut ShopShop, order: u64, text: &str, to_shopper: bool, author: &str) -> Value {
    shop.last_note += 1;
    let now = shop.now();
    let note = json!({"id": shop.last_note, "author": author, "date_created": dates::local_text(now, shop.site.timezone),
        "date_created_gmt": dates::gmt_text(now), "note": text, "customer_note": to_shopper});
    shop.notes.entry(order).or_default().push(note.clone());
    note
}

pub(super) fn delete(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    order: u64,
    id: u64,
) -> SandboxShopAnswer {
    if call.query.one("force") != Some("true") {
        let message = "Webhooks do not support trashing.";
        return error(501, "woocommerce_rest_trash_not_supported", message);
    }
    let notes = shop.notes.entry(order).or_default();
    let Some(at) = notes.iter().position(|note| note["id"] == id) else {
        return no_note();
    };
    let note = notes.remove(at);
    SandboxShopAnswer::data(with_links(call, order, &note), "note", ONE_ALLOWS)
}
