//! The levers under `/_sandbox/`: what a merchant, a plugin or a host would do.
//!
//! They need no key, are not in the request log, and no mishap strikes them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::ShopWorld;
use super::removal;
use super::shop::{Touch, Writer};
use super::snapshot;
use super::webhooks::Webhook;
use crate::stand::control::{self, done, found, lay_over, taken, wrong};
use crate::stand::sending;

pub fn routes() -> axum::Router<Arc<ShopWorld>> {
    control::routes()
        .route("/_sandbox/orders/{id}", put(put_order).get(get_order))
        .route("/_sandbox/orders/{id}/set", post(set_order))
        .route("/_sandbox/orders/{id}/trash", post(trash))
        .route("/_sandbox/orders/{id}/restore", post(restore))
        .route("/_sandbox/orders/{id}/delete", post(delete_order))
        .route("/_sandbox/orders/{id}/refunds", post(add_refund))
        .route(
            "/_sandbox/orders/{id}/refunds/{refund}",
            delete(delete_refund),
        )
        .route(
            "/_sandbox/products/{id}",
            put(put_product).delete(delete_product),
        )
        .route(
            "/_sandbox/customers/{id}",
            put(put_customer).delete(delete_customer),
        )
        .merge(sending::routes())
        .route("/_sandbox/products/{id}/trash", post(trash_product))
        .route("/_sandbox/products/{id}/restore", post(restore_product))
        .route("/_sandbox/coupons/{id}/trash", post(trash_coupon))
        .route("/_sandbox/webhooks", get(webhooks).post(add_webhooks))
        .route("/_sandbox/webhooks/{id}", post(change_webhook))
        .route("/_sandbox/sending", get(manner).post(change_manner))
        .route("/_sandbox/orders/{id}/notes", get(notes))
        .route("/_sandbox/mails", get(mails).delete(forget_mails))
        .route("/_sandbox/writes", get(writes).delete(forget_writes))
        .route("/_sandbox/money", get(money))
        .route("/_sandbox/sell", post(sell))
        .route("/_sandbox/payments", get(payments).put(put_payments))
        .route("/_sandbox/writer", post(start_writer).delete(stop_writer))
        .route("/_sandbox/clock", get(what_clock).post(clock))
        .route("/_sandbox/site", post(site))
        .route("/_sandbox/snapshot", get(snapshot_out).put(snapshot_in))
}

type ShopShared = State<Arc<ShopWorld>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Upsert {
    order: Value,
    refunds: Option<Vec<Value>>,
    #[serde(default)]
    keep_modified: bool,
}

async fn put_order(
    State(world): ShopShared,
    Path(id): Path<u64>,
    Json(given): Json<Value>,
) -> Response {
    let upsert: Upsert = match serde_json::from_value(given) {
        Ok(upsert) => upsert,
        Err(error) => return wrong(StatusCode::BAD_REQUEST, error.to_string()),
    };
    if !upsert.order.is_object() {
        return wrong(StatusCode::BAD_REQUEST, "`order` must be an object");
    }
    let touch = if upsert.keep_modified {
        Touch::Keep
    } else {
        Touch::AsStored
    };
    world.shop().put(id, upsert.order, upsert.refunds, touch);
    done()
}

/// The order with its refunds in full, without keys and without links.
async fn get_order(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    match world.shop().orders.get(&id) {
        Some(entry) => {
            let refunds: Vec<&Value> = entry.refunds.iter().map(|refund| &**refund).collect();
            Json(json!({"order": *entry.order, "refunds": refunds})).into_response()
        }
        None => wrong(StatusCode::NOT_FOUND, "there is no such order"),
    }
}

async fn set_order(
    State(world): ShopShared,
    Path(id): Path<u64>,
    Json(fields): Json<Map<String, Value>>,
) -> Response {
    found(world.shop().set(id, &fields), "order")
}

async fn trash(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    found(world.shop().trash(id), "order")
}

async fn restore(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    found(world.shop().restore(id), "order")
}

async fn delete_order(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    found(world.shop().delete(id), "order")
}

async fn add_refund(
    State(world): ShopShared,
    Path(id): Path<u64>,
    Json(refund): Json<Value>,
) -> Response {
    match world.shop().add_refund(id, refund) {
        Some(refund) => (StatusCode::CREATED, Json((*refund).clone())).into_response(),
        None => wrong(StatusCode::NOT_FOUND, "there is no such order"),
    }
}

async fn delete_refund(State(world): ShopShared, Path((id, refund)): Path<(u64, u64)>) -> Response {
    found(world.shop().delete_refund(id, refund), "refund")
}

async fn put_product(
    State(world): ShopShared,
    Path(id): Path<u64>,
    Json(mut product): Json<Value>,
) -> Response {
    if !product.is_object() {
        return wrong(StatusCode::BAD_REQUEST, "a product must be an object");
    }
    product["id"] = json!(id);
    let is_variation = product["type"] == "variation";
    let is_draft = product["status"] == "draft" || product["status"] == "auto-draft";
    let mut shop = world.shop();
    let is_new = shop.products.insert(id, product).is_none();
    let hook = match (is_new, is_variation) {
        (true, false) => "woocommerce_new_product",
        (true, true) => "woocommerce_new_product_variation",
        (false, false) => "woocommerce_update_product",
        (false, true) => "woocommerce_update_product_variation",
    };
    if !is_draft {
        shop.run_hook(hook, "product", id);
    }
    done()
}

/// The hook by which a product goes to the trash is that of every post, and so two topics tell of it.
async fn trash_product(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    let mut shop = world.shop();
    let Some(product) = shop.products.get_mut(&id) else {
        return found(false, "product");
    };
    product["status"] = json!("trash");
    shop.run_hook("wp_trash_post", "product", id);
    done()
}

async fn restore_product(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    let mut shop = world.shop();
    let Some(product) = shop.products.get_mut(&id) else {
        return found(false, "product");
    };
    product["status"] = json!("publish");
    shop.run_hook("woocommerce_update_product", "product", id);
    shop.run_hook("untrashed_post", "product", id);
    done()
}

/// There are no coupons here, but going to the trash they are heard of.
async fn trash_coupon(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    world.shop().run_hook("wp_trash_post", "coupon", id);
    done()
}

async fn webhooks(State(world): ShopShared) -> Response {
    Json(world.shop().webhooks.values().collect::<Vec<_>>()).into_response()
}

/// What the owner makes in the back office: one webhook or a list of them, with their secrets. Nothing is pinged.
async fn add_webhooks(State(world): ShopShared, Json(given): Json<Value>) -> Response {
    let given = match given {
        Value::Array(list) => Value::Array(list),
        one => json!([one]),
    };
    let made = serde_json::from_value::<Vec<Webhook>>(given);
    taken(made.map(|made| {
        let mut shop = world.shop();
        made.into_iter().for_each(|one| shop.add_webhook(one));
    }))
}

/// Lays fields over those of a webhook, among them what no request can: `demoted`, `failures`.
async fn change_webhook(
    State(world): ShopShared,
    Path(id): Path<u64>,
    Json(given): Json<Map<String, Value>>,
) -> Response {
    match world.shop().webhooks.get_mut(&id) {
        Some(webhook) => taken(lay_over(webhook, given)),
        None => found(false, "webhook"),
    }
}

async fn manner(State(world): ShopShared) -> Response {
    Json(&world.shop().sending).into_response()
}

async fn change_manner(
    State(world): ShopShared,
    Json(given): Json<Map<String, Value>>,
) -> Response {
    let answer = taken(lay_over(&mut world.shop().sending, given));
    world.outgoing.bell.notify_waiters();
    answer
}

/// Somebody buys what somebody bought before; answers with the number of the order.
async fn sell(State(world): ShopShared) -> Response {
    match world.shop().sell() {
        Some(id) => Json(json!({"id": id})).into_response(),
        None => wrong(
            StatusCode::CONFLICT,
            "there is no order to make another one of",
        ),
    }
}

async fn payments(State(world): ShopShared) -> Response {
    Json(&world.shop().payments).into_response()
}

/// WooPayments with another account, or none: rows come, payouts are finished, a payout fails after all.
async fn put_payments(State(world): ShopShared, Json(given): Json<Value>) -> Response {
    taken(serde_json::from_value(given).map(|given| world.shop().payments = given))
}

/// The notes of an order, oldest first, those of the shop's own among them.
async fn notes(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    Json(world.shop().notes.get(&id).cloned().unwrap_or_default()).into_response()
}

/// Every mail that the shop would have sent, oldest first.
async fn mails(State(world): ShopShared) -> Response {
    Json(&world.shop().mails).into_response()
}

async fn forget_mails(State(world): ShopShared) -> Response {
    world.shop().mails.clear();
    done()
}

/// Every write that came through the API, oldest first, with its body.
async fn writes(State(world): ShopShared) -> Response {
    Json(&world.shop().written).into_response()
}

async fn forget_writes(State(world): ShopShared) -> Response {
    world.shop().written.clear();
    done()
}

/// Every time a gateway was asked to give money back.
async fn money(State(world): ShopShared) -> Response {
    Json(&world.shop().money_moved).into_response()
}

async fn delete_product(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    found(removal::product(&mut world.shop(), id), "product")
}

async fn put_customer(
    State(world): ShopShared,
    Path(id): Path<u64>,
    Json(mut customer): Json<Value>,
) -> Response {
    if !customer.is_object() {
        return wrong(StatusCode::BAD_REQUEST, "a customer must be an object");
    }
    customer["id"] = json!(id);
    let mut shop = world.shop();
    if shop.customers.insert(id, customer).is_none() {
        shop.run_hook("woocommerce_new_customer", "customer", id);
    }
    shop.run_hook("woocommerce_update_customer", "customer", id);
    done()
}

/// As in a real shop, the orders of somebody who is deleted become those of a guest.
async fn delete_customer(State(world): ShopShared, Path(id): Path<u64>) -> Response {
    let mut shop = world.shop();
    let orders: Vec<u64> = shop
        .orders
        .iter()
        .filter(|(_, entry)| entry.order["customer_id"] == id)
        .map(|(order, _)| *order)
        .collect();
    let guest = Map::from_iter([("customer_id".to_owned(), json!(0))]);
    for order in orders {
        shop.set_quietly(order, &guest);
    }
    let gone = shop.customers.remove(&id);
    // Only the accounts of customers are told of.
    if gone
        .as_ref()
        .is_some_and(|gone| gone["role"].as_str().unwrap_or("customer") == "customer")
    {
        shop.run_hook("delete_user", "customer", id);
    }
    found(gone.is_some(), "customer")
}

async fn start_writer(State(world): ShopShared, Json(given): Json<Value>) -> Response {
    let writer = serde_json::from_value::<Writer>(given);
    taken(writer.map(|writer| world.shop().writer = Some(writer)))
}

async fn stop_writer(State(world): ShopShared) -> Response {
    world.shop().writer = None;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopClock {
    offset_seconds: i64,
}

async fn what_clock(State(world): ShopShared) -> Json<Value> {
    Json(json!({ "offset_seconds": world.shop().clock_offset }))
}

async fn clock(State(world): ShopShared, Json(given): Json<Value>) -> Response {
    let clock = serde_json::from_value::<ShopClock>(given);
    taken(clock.map(|clock| world.shop().clock_offset = clock.offset_seconds))
}

/// What an owner changes under the shop's settings, while it runs.
async fn site(State(world): ShopShared, Json(given): Json<Map<String, Value>>) -> Response {
    taken(lay_over(&mut world.shop().site, given))
}

async fn snapshot_out(State(world): ShopShared) -> Response {
    Json(snapshot::take(&world.shop())).into_response()
}

async fn snapshot_in(State(world): ShopShared, Json(given): Json<Value>) -> Response {
    taken(snapshot::put_back(&mut world.shop(), given))
}
