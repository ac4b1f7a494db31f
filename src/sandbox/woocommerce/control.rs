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

use super::World;
use super::removal;
use super::shop::{Touch, Writer};
use super::snapshot;
use crate::stand::control::{self, done, found, lay_over, taken, wrong};

pub fn routes() -> axum::Router<Arc<World>> {
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
        .route("/_sandbox/writer", post(start_writer).delete(stop_writer))
        .route("/_sandbox/clock", post(clock))
        .route("/_sandbox/site", post(site))
        .route("/_sandbox/snapshot", get(snapshot_out).put(snapshot_in))
}

type Shared = State<Arc<World>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Upsert {
    order: Value,
    refunds: Option<Vec<Value>>,
    #[serde(default)]
    keep_modified: bool,
}

async fn put_order(
    State(world): Shared,
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
async fn get_order(State(world): Shared, Path(id): Path<u64>) -> Response {
    match world.shop().orders.get(&id) {
        Some(entry) => {
            let refunds: Vec<&Value> = entry.refunds.iter().map(|refund| &**refund).collect();
            Json(json!({"order": *entry.order, "refunds": refunds})).into_response()
        }
        None => wrong(StatusCode::NOT_FOUND, "there is no such order"),
    }
}

async fn set_order(
    State(world): Shared,
    Path(id): Path<u64>,
    Json(fields): Json<Map<String, Value>>,
) -> Response {
    found(world.shop().set(id, &fields), "order")
}

async fn trash(State(world): Shared, Path(id): Path<u64>) -> Response {
    found(world.shop().trash(id), "order")
}

async fn restore(State(world): Shared, Path(id): Path<u64>) -> Response {
    found(world.shop().restore(id), "order")
}

async fn delete_order(State(world): Shared, Path(id): Path<u64>) -> Response {
    found(world.shop().delete(id), "order")
}

async fn add_refund(
    State(world): Shared,
    Path(id): Path<u64>,
    Json(refund): Json<Value>,
) -> Response {
    match world.shop().add_refund(id, refund) {
        Some(refund) => (StatusCode::CREATED, Json((*refund).clone())).into_response(),
        None => wrong(StatusCode::NOT_FOUND, "there is no such order"),
    }
}

async fn delete_refund(State(world): Shared, Path((id, refund)): Path<(u64, u64)>) -> Response {
    found(world.shop().delete_refund(id, refund), "refund")
}

async fn put_product(
    State(world): Shared,
    Path(id): Path<u64>,
    Json(mut product): Json<Value>,
) -> Response {
    if !product.is_object() {
        return wrong(StatusCode::BAD_REQUEST, "a product must be an object");
    }
    product["id"] = json!(id);
    world.shop().products.insert(id, product);
    done()
}

async fn delete_product(State(world): Shared, Path(id): Path<u64>) -> Response {
    found(removal::product(&mut world.shop(), id), "product")
}

async fn put_customer(
    State(world): Shared,
    Path(id): Path<u64>,
    Json(mut customer): Json<Value>,
) -> Response {
    if !customer.is_object() {
        return wrong(StatusCode::BAD_REQUEST, "a customer must be an object");
    }
    customer["id"] = json!(id);
    world.shop().customers.insert(id, customer);
    done()
}

/// As in a real shop, the orders of somebody who is deleted become those of a guest.
async fn delete_customer(State(world): Shared, Path(id): Path<u64>) -> Response {
    let mut shop = world.shop();
    let orders: Vec<u64> = shop
        .orders
        .iter()
        .filter(|(_, entry)| entry.order["customer_id"] == id)
        .map(|(order, _)| *order)
        .collect();
    let guest = Map::from_iter([("customer_id".to_owned(), json!(0))]);
    for order in orders {
        shop.set(order, &guest);
    }
    found(shop.customers.remove(&id).is_some(), "customer")
}

async fn start_writer(State(world): Shared, Json(given): Json<Value>) -> Response {
    let writer = serde_json::from_value::<Writer>(given);
    taken(writer.map(|writer| world.shop().writer = Some(writer)))
}

async fn stop_writer(State(world): Shared) -> Response {
    world.shop().writer = None;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    offset_seconds: i64,
}

async fn clock(State(world): Shared, Json(given): Json<Value>) -> Response {
    let clock = serde_json::from_value::<Clock>(given);
    taken(clock.map(|clock| world.shop().clock_offset = clock.offset_seconds))
}

/// What an owner changes under the shop's settings, while it runs.
async fn site(State(world): Shared, Json(given): Json<Map<String, Value>>) -> Response {
    taken(lay_over(&mut world.shop().site, given))
}

async fn snapshot_out(State(world): Shared) -> Response {
    Json(snapshot::take(&world.shop())).into_response()
}

async fn snapshot_in(State(world): Shared, Json(given): Json<Value>) -> Response {
    taken(snapshot::put_back(&mut world.shop(), given))
}
