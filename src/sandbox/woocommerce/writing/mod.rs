//! Writing through the API: orders and their status, notes, refunds, products, variations, accounts, each as WooCommerce 10.5 was seen to
//! do it.
//!
//! What a write sets off counts for more than what it answers: every mail is kept (`/_sandbox/mails`), stock moves, webhooks fire,
//! totals are worked out anew, and each request is kept with its body (`/_sandbox/writes`), so that a test can say what must never
//! be among them.
//!
//! Not imitated: making orders, products and accounts, deleting anything but notes, lines that are added to an order, meta by id.

mod accounts;
mod goods;
pub(super) mod mails;
mod notes;
mod order;
mod reckon;
mod refund;
mod status;

use serde_json::{Map, Value, json};

use super::answer::{SandboxShopAnswer, ShopRefused, error, invalid_params};
use super::api::{ShopCall, ShopRoute};
use super::shop::ShopShop;

pub(super) use notes::{list as notes_of, one as note};

/// A batch holds no more.
const BATCH_MAX: usize = 100;

/// Whether the shop looks at the values: alone it does, inside a batch it does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Alone,
    InBatch,
}

/// Carries a write out, and keeps what was sent. `None`: it is not imitated.
pub(super) fn carry_out(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    route: ShopRoute<'_>,
    method: &str,
    body: &[u8],
) -> Option<SandboxShopAnswer> {
    let given = match read(body) {
        Ok(given) => given,
        Err(answer) => return Some(answer),
    };
    let kept = json!(given);
    let answer = match (route, method) {
        (ShopRoute::Order(id), "PUT" | "POST" | "PATCH") => {
            order::change(shop, call, id, &given, Looks::Alone)
        }
        (ShopRoute::OrdersBatch, "PUT" | "POST" | "PATCH") => batch(shop, call, &given, "order"),
        (ShopRoute::ProductsBatch, "PUT" | "POST" | "PATCH") => {
            batch(shop, call, &given, "product")
        }
        (ShopRoute::CustomersBatch, "PUT" | "POST" | "PATCH") => {
            batch(shop, call, &given, "customer")
        }
        (ShopRoute::VariationsBatch(parent), "PUT" | "POST" | "PATCH") => {
            variations(shop, call, &given, parent)
        }
        (ShopRoute::OrderNotes(id), "POST") => notes::add(shop, call, id, &given),
        (ShopRoute::OrderNote(order, id), "DELETE") => notes::delete(shop, call, order, id),
        (ShopRoute::OrderRefunds(id), "POST") => refund::make(shop, call, id, &given),
        (ShopRoute::Product(id), "PUT" | "POST" | "PATCH") => {
            goods::change_product(shop, call, id, &given, Looks::Alone)
        }
        (ShopRoute::Variation(parent, id), "PUT" | "POST" | "PATCH") => {
            goods::change_variation(shop, call, parent, id, &given, Looks::Alone)
        }
        (ShopRoute::Customer(id), "PUT" | "POST" | "PATCH") => {
            accounts::change(shop, call, id, &given, Looks::Alone)
        }
        _ => return None,
    };
    shop.written
        .push(json!({"method": method, "path": call.path, "body": kept, "status": answer.status}));
    Some(answer)
}

/// An empty body, `[]` and `{}` say nothing, and are no mistake.
fn read(body: &[u8]) -> Result<Map<String, Value>, SandboxShopAnswer> {
    let text = std::str::from_utf8(body).unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(given)) => Ok(given),
        Ok(_) => Ok(Map::new()),
        Err(_) => Err(error(400, "rest_invalid_json", "Invalid JSON body passed.")),
    }
}

/// Several of a kind: 200, with what went wrong inside.
fn batch(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    given: &Map<String, Value>,
    kind: &'static str,
) -> SandboxShopAnswer {
    each(shop, given, |shop, id, one| match kind {
        "order" => order::change(shop, call, id, one, Looks::InBatch),
        "product" => goods::change_product(shop, call, id, one, Looks::InBatch),
        _ => accounts::change(shop, call, id, one, Looks::InBatch),
    })
}

fn variations(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    given: &Map<String, Value>,
    parent: u64,
) -> SandboxShopAnswer {
    each(shop, given, |shop, id, one| {
        goods::change_variation(shop, call, parent, id, one, Looks::InBatch)
    })
}

fn each(
    shop: &mut ShopShop,
    given: &Map<String, Value>,
    change: impl Fn(&mut ShopShop, u64, &Map<String, Value>) -> SandboxShopAnswer,
) -> SandboxShopAnswer {
    let updates = given.get("update").and_then(Value::as_array);
    let updates = updates.cloned().unwrap_or_default();
    if updates.len() > BATCH_MAX {
        let message = "Unable to accept more than 100 items for this request.";
        return error(413, "woocommerce_rest_request_entity_too_large", message);
    }
    let mut done = Vec::new();
    for one in &updates {
        let one = one.as_object().cloned().unwrap_or_default();
        let id = one.get("id").and_then(Value::as_u64).unwrap_or(0);
        let answer = change(shop, id, &one);
        let said: Value = serde_json::from_str(&answer.text()).unwrap_or_default();
        done.push(match answer.status {
            200 | 201 => said,
            _ => json!({"id": id, "error": said}),
        });
    }
    let said = match given.contains_key("update") {
        true => json!({"update": done}),
        false => json!({}),
    };
    SandboxShopAnswer::data(said, "", "POST, PUT, PATCH")
}

/// PHP's idea of a yes; `None` where it is neither.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Null => Some(false),
        Value::Bool(yes) => Some(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn wrong_type(name: &'static str, kind: &str) -> SandboxShopAnswer {
    invalid_params(&[ShopRefused {
        name,
        code: "rest_invalid_type",
        message: format!("{name} is not of type {kind}."),
        param: Some(name.to_owned()),
    }])
}

fn refused(name: &'static str, code: &'static str, message: String) -> SandboxShopAnswer {
    invalid_params(&[ShopRefused {
        name,
        code,
        message,
        param: None,
    }])
}

/// Lays meta over what is there. Internal keys vanish without a word, but for the few that are obeyed elsewhere.
fn lay_meta(shop: &mut ShopShop, kept: &Value, given: &Value) -> Value {
    const INTERNAL: [&str; 9] = [
        "_order_total",
        "_paid_date",
        "_date_paid",
        "_order_stock_reduced",
        "_order_key",
        "_order_tax",
        "_transaction_id",
        "_payment_method",
        "_customer_user",
    ];
    let mut meta = kept.as_array().cloned().unwrap_or_default();
    for one in given.as_array().into_iter().flatten() {
        let Some(key) = one["key"].as_str().filter(|key| !INTERNAL.contains(key)) else {
            continue;
        };
        match meta.iter_mut().find(|known| known["key"] == key) {
            Some(known) => known["value"] = one["value"].clone(),
            None => {
                let id = shop.fresh_meta();
                meta.push(json!({"id": id, "key": key, "value": one["value"]}));
            }
        }
    }
    json!(meta)
}
