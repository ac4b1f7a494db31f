//! The whole shop as one JSON value, and back.
//!
//! Rules for mishaps, the request log, what waits to be sent and the nonces seen stay out: they belong to
//! the run and not to the shop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::payments::ShopPayments;
use super::sending::ShopSending;
use super::setup::{ShopKey, ShopSite, ShopStorage};
use super::shop::{ShopShop, Touch, Writer};
use super::webhooks::Webhook;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    site: ShopSite,
    keys: Vec<ShopKey>,
    https: bool,
    drop_authorization: bool,
    storage: ShopStorage,
    statuses: Vec<String>,
    orders: Vec<Value>,
    refunds: BTreeMap<String, Vec<Value>>,
    products: Vec<Value>,
    customers: Vec<Value>,
    taxes: Vec<Value>,
    payment_gateways: Vec<Value>,
    clock_offset_seconds: i64,
    latency_ms: u64,
    concurrency_limit: Option<usize>,
    writer: Option<Writer>,
    next_id: u64,
    #[serde(default)]
    given_before: BTreeMap<u64, u32>,
    #[serde(default)]
    notes: BTreeMap<u64, Vec<Value>>,
    #[serde(default)]
    last_note: u64,
    #[serde(default)]
    stock_taken: BTreeMap<u64, bool>,
    #[serde(default)]
    webhooks: Vec<Webhook>,
    #[serde(default)]
    sending: ShopSending,
    #[serde(default)]
    payments: Option<ShopPayments>,
}

pub fn take(shop: &ShopShop) -> Value {
    let with_refunds = shop
        .orders
        .iter()
        .filter(|(_, entry)| !entry.refunds.is_empty());
    let snapshot = Snapshot {
        site: shop.site.clone(),
        keys: shop.keys.clone(),
        https: shop.https,
        drop_authorization: shop.drop_authorization,
        storage: shop.storage,
        statuses: shop.extra_statuses.clone(),
        orders: shop
            .orders
            .values()
            .map(|entry| (*entry.order).clone())
            .collect(),
        refunds: with_refunds
            .map(|(id, entry)| {
                (
                    id.to_string(),
                    entry
                        .refunds
                        .iter()
                        .map(|refund| (**refund).clone())
                        .collect(),
                )
            })
            .collect(),
        products: shop.products.values().cloned().collect(),
        customers: shop.customers.values().cloned().collect(),
        taxes: shop.taxes.clone(),
        payment_gateways: shop.gateways.clone(),
        clock_offset_seconds: shop.clock_offset,
        latency_ms: shop.latency_ms,
        concurrency_limit: shop.concurrency_limit,
        writer: shop.writer.clone(),
        next_id: shop.next_id,
        given_before: shop.given_before.clone(),
        notes: shop.notes.clone(),
        last_note: shop.last_note,
        stock_taken: shop.stock_taken.clone(),
        webhooks: shop.webhooks.values().cloned().collect(),
        sending: shop.sending.clone(),
        payments: shop.payments.clone(),
    };
    serde_json::to_value(snapshot).unwrap_or_default()
}

/// Puts a snapshot in the place of what the shop holds; the error says what is wrong with it.
pub fn put_back(shop: &mut ShopShop, given: Value) -> Result<(), String> {
    let mut given: Snapshot = serde_json::from_value(given).map_err(|error| error.to_string())?;
    let id_of = |one: &Value| {
        one["id"]
            .as_u64()
            .ok_or_else(|| "a record of the snapshot has no id".to_owned())
    };
    let products = given
        .products
        .into_iter()
        .map(|one| Ok((id_of(&one)?, one)))
        .collect::<Result<_, String>>()?;
    let customers = given
        .customers
        .into_iter()
        .map(|one| Ok((id_of(&one)?, one)))
        .collect::<Result<_, String>>()?;
    let orders = given
        .orders
        .into_iter()
        .map(|one| Ok((id_of(&one)?, one)))
        .collect::<Result<Vec<_>, String>>()?;
    shop.site = given.site;
    shop.keys = given.keys;
    shop.https = given.https;
    shop.drop_authorization = given.drop_authorization;
    shop.storage = given.storage;
    shop.extra_statuses = given.statuses;
    shop.products = products;
    shop.customers = customers;
    shop.taxes = given.taxes;
    shop.gateways = given.payment_gateways;
    shop.clock_offset = given.clock_offset_seconds;
    shop.latency_ms = given.latency_ms;
    shop.concurrency_limit = given.concurrency_limit;
    shop.writer = given.writer;
    shop.orders.clear();
    // What is put back is told to nobody, and what was to be told of the other shop is forgotten.
    shop.webhooks.clear();
    shop.queue.clear();
    shop.sending = given.sending;
    shop.payments = given.payments;
    for (id, order) in orders {
        let refunds = given.refunds.remove(&id.to_string());
        shop.put(id, order, refunds, Touch::Keep);
    }
    shop.next_id = shop.next_id.max(given.next_id);
    shop.given_before = given.given_before;
    shop.notes = given.notes;
    shop.last_note = shop.last_note.max(given.last_note);
    shop.stock_taken = given.stock_taken;
    for webhook in given.webhooks {
        shop.last_webhook = shop.last_webhook.max(webhook.id);
        shop.webhooks.insert(webhook.id, webhook);
    }
    Ok(())
}
