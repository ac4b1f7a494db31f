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
use super::mishap::Rule;
use super::removal;
use super::shop::{Touch, Writer};
use super::snapshot;

pub fn routes() -> axum::Router<Arc<World>> {
    axum::Router::new()
        .route(
            "/_sandbox/mishaps",
            get(mishaps).post(add_mishaps).delete(clear_mishaps),
        )
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
        .route("/_sandbox/requests", get(requests).delete(clear_requests))
        .route("/_sandbox/counts", get(counts))
        .route("/_sandbox/writer", post(start_writer).delete(stop_writer))
        .route("/_sandbox/clock", post(clock))
        .route("/_sandbox/site", post(site))
        .route("/_sandbox/snapshot", get(snapshot_out).put(snapshot_in))
}

type Shared = State<Arc<World>>;

fn done() -> Response {
    Json(json!({"ok": true})).into_response()
}

fn wrong(status: StatusCode, message: impl Into<String>) -> Response {
    (status, Json(json!({"error": message.into()}))).into_response()
}

fn found(found: bool, what: &str) -> Response {
    if found {
        done()
    } else {
        wrong(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }
}

async fn mishaps(State(world): Shared) -> Response {
    Json(world.mishaps().list()).into_response()
}

async fn add_mishaps(State(world): Shared, Json(given): Json<Value>) -> Response {
    let list = match given {
        Value::Array(list) => list,
        one => vec![one],
    };
    let rules: Result<Vec<Rule>, _> = list.into_iter().map(serde_json::from_value).collect();
    match rules {
        Err(error) => wrong(StatusCode::BAD_REQUEST, error.to_string()),
        Ok(rules) => {
            rules.into_iter().for_each(|rule| world.mishaps().add(rule));
            done()
        }
    }
}

async fn clear_mishaps(State(world): Shared) -> Response {
    world.mishaps().clear();
    done()
}

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
    found(world.shop().orders.remove(&id).is_some(), "order")
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

async fn requests(State(world): Shared) -> Response {
    Json(world.log.requests()).into_response()
}

async fn clear_requests(State(world): Shared) -> Response {
    world.log.clear();
    done()
}

async fn counts(State(world): Shared) -> Response {
    Json(world.log.counts()).into_response()
}

async fn start_writer(State(world): Shared, Json(given): Json<Value>) -> Response {
    match serde_json::from_value::<Writer>(given) {
        Ok(writer) => {
            world.shop().writer = Some(writer);
            done()
        }
        Err(error) => wrong(StatusCode::BAD_REQUEST, error.to_string()),
    }
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
    match serde_json::from_value::<Clock>(given) {
        Ok(clock) => {
            world.shop().clock_offset = clock.offset_seconds;
            done()
        }
        Err(error) => wrong(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

/// What an owner changes under the shop's settings, while it runs.
async fn site(State(world): Shared, Json(given): Json<Map<String, Value>>) -> Response {
    let mut shop = world.shop();
    let mut site = json!(shop.site);
    for (name, value) in given {
        site[name] = value;
    }
    match serde_json::from_value(site) {
        Ok(site) => {
            shop.site = site;
            done()
        }
        Err(error) => wrong(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

async fn snapshot_out(State(world): Shared) -> Response {
    Json(snapshot::take(&world.shop())).into_response()
}

async fn snapshot_in(State(world): Shared, Json(given): Json<Value>) -> Response {
    match snapshot::put_back(&mut world.shop(), given) {
        Ok(()) => done(),
        Err(error) => wrong(StatusCode::BAD_REQUEST, error),
    }
}
