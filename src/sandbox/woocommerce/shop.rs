//! The state of the shop: its orders with their refunds, products and customers.
//!
//! Orders are kept as the raw REST objects they are shown as. What lists filter and
//! sort by is read out once when an order changes, so that a list of thousands costs
//! one pass over small records.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::auth::Nonces;
use super::payments::ShopPayments;
use super::sending::{Queue, ShopSending};
use super::setup::{ShopKey, ShopSetup, ShopSite, ShopStorage};
use super::webhooks::{REFUND_DELETED, Webhook};
use super::whole::{complete, fill, merge, pair, summary};
use super::{dates, generate, settings};
use crate::stand::seeded::Seeded;
use crate::stand::sending::Outgoing;

/// WooCommerce's own statuses, in its order; a shop's extra ones stand before the draft.
const STATUSES: [&str; 8] = [
    "auto-draft",
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
];

/// An order with what lists need to know of it.
#[derive(Debug, Clone)]
pub struct ShopEntry {
    pub order: Arc<Value>,
    /// Newest first, in full.
    pub refunds: Vec<Arc<Value>>,
    pub status: String,
    pub created: i64,
    pub modified: i64,
    pub customer: u64,
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Writer {
    pub every_requests: u64,
    #[serde(default)]
    pub lists_seen: u64,
}

#[derive(Debug)]
pub struct ShopShop {
    pub site: ShopSite,
    /// The number of decimals under which the orders of the setup were made.
    pub opened_decimals: u32,
    pub keys: Vec<ShopKey>,
    pub https: bool,
    pub drop_authorization: bool,
    pub storage: ShopStorage,
    pub extra_statuses: Vec<String>,
    pub orders: BTreeMap<u64, ShopEntry>,
    pub products: BTreeMap<u64, Value>,
    pub customers: BTreeMap<u64, Value>,
    pub taxes: Vec<Value>,
    pub gateways: Vec<Value>,
    pub clock_offset: i64,
    pub latency_ms: u64,
    pub concurrency_limit: Option<usize>,
    pub writer: Option<Writer>,
    pub nonces: Nonces,
    pub seeded: Seeded,
    /// How many lists of related products were drawn.
    pub draws: Cell<u64>,
    pub next_id: u64,
    /// How often an id was deleted for good: a shop that is put back to a backup gives it out again, with another key.
    pub given_before: BTreeMap<u64, u32>,
    /// Scheme, host and port of the site.
    pub home: String,
    pub webhooks: BTreeMap<u64, Webhook>,
    /// The highest id that a webhook ever had.
    pub last_webhook: u64,
    /// The webhooks that a request had pinged.
    pub pings: Vec<u64>,
    pub sending: ShopSending,
    /// How many orders came in by themselves.
    pub sales: u64,
    /// The notes of orders, oldest first.
    pub notes: BTreeMap<u64, Vec<Value>>,
    pub last_note: u64,
    /// Every mail that would have been sent, oldest first.
    pub mails: Vec<Value>,
    /// Every write that came through the API, with its body and how it was answered.
    pub written: Vec<Value>,
    /// Every time a gateway was asked to give money back.
    pub money_moved: Vec<Value>,
    /// Whether the stock of an order is taken, where that does not follow from its status.
    pub stock_taken: BTreeMap<u64, bool>,
    /// The request at hand asks for no mails.
    pub is_quiet: bool,
    pub last_meta: u64,
    pub queue: Queue,
    pub outgoing: Arc<Outgoing>,
    pub payments: Option<ShopPayments>,
}

/// Whether a change moves `date_modified`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// As the storage would have it for the fields that changed.
    AsStored,
    /// Whatever the raw object says, or what was there before.
    Keep,
}

impl ShopShop {
    pub fn open(setup: ShopSetup) -> io::Result<Self> {
        let mut shop = Self {
            taxes: settings::tax_rates(setup.taxes),
            gateways: settings::gateways(setup.payment_gateways),
            opened_decimals: setup.site.price_decimals,
            site: setup.site,
            keys: setup.keys,
            https: setup.https,
            drop_authorization: setup.drop_authorization,
            storage: setup.storage,
            extra_statuses: setup.statuses,
            orders: BTreeMap::new(),
            products: BTreeMap::new(),
            customers: BTreeMap::new(),
            clock_offset: setup.clock_offset_seconds,
            latency_ms: setup.latency_ms,
            concurrency_limit: setup.concurrency_limit,
            writer: None,
            nonces: Nonces::default(),
            seeded: Seeded::new(setup.seed),
            draws: Cell::new(setup.seed),
            next_id: 1,
            given_before: BTreeMap::new(),
            home: String::new(),
            webhooks: BTreeMap::new(),
            last_webhook: 0,
            pings: Vec::new(),
            sending: setup.sending,
            sales: 0,
            notes: BTreeMap::new(),
            last_note: 0,
            mails: Vec::new(),
            written: Vec::new(),
            money_moved: Vec::new(),
            stock_taken: BTreeMap::new(),
            is_quiet: false,
            last_meta: 900_000,
            queue: Queue::default(),
            outgoing: Arc::default(),
            payments: setup.payments,
        };
        let (mut orders, mut refunds) = (setup.orders, setup.refunds);
        let (mut products, mut customers) = (setup.products, setup.customers);
        if let Some(wanted) = setup.generate {
            let made = generate::make(setup.seed, &wanted, &shop.site).map_err(invalid)?;
            orders.extend(made.orders);
            refunds.extend(made.refunds);
            products.extend(made.products);
            customers.extend(made.customers);
        }
        shop.products = by_id(products, "product", shop.site.timezone)?;
        shop.customers = by_id(customers, "customer", shop.site.timezone)?;
        for order in orders {
            let id = order["id"]
                .as_u64()
                .ok_or_else(|| invalid("an order of the setup has no id".to_owned()))?;
            if shop.orders.contains_key(&id) {
                return Err(invalid(format!(
                    "the setup has two orders with the id {id}"
                )));
            }
            let own = refunds.remove(&id.to_string());
            shop.put(id, order, own, Touch::Keep);
        }
        if let Some(stray) = refunds.keys().next() {
            return Err(invalid(format!(
                "the setup has refunds of order {stray}, which it does not have"
            )));
        }
        // Only now, so that nobody is told of what was there when the shop opened.
        setup
            .webhooks
            .into_iter()
            .for_each(|webhook| shop.add_webhook(webhook));
        Ok(shop)
    }

    /// The shop's clock, in seconds since 1970.
    pub fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        since.as_secs() as i64 + self.clock_offset
    }

    /// Every status an order can have here, without `any` and `trash`.
    pub fn statuses(&self) -> Vec<String> {
        let own = STATUSES.iter().map(|status| (*status).to_owned());
        own.chain(self.extra_statuses.iter().cloned())
            .chain(["checkout-draft".to_owned()])
            .collect()
    }

    pub fn fresh_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// Meta entries have numbers of their own.
    pub fn fresh_meta(&mut self) -> u64 {
        self.last_meta += 1;
        self.last_meta
    }

    /// Takes an order in, new or instead of the one with that id. `refunds`, when given,
    /// replace the ones it had, and the order's own short list of them.
    pub fn put(&mut self, id: u64, order: Value, refunds: Option<Vec<Value>>, touch: Touch) {
        let old = self.orders.get(&id).cloned();
        let old = old.as_ref();
        let mut order = match order {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        order.insert("id".to_owned(), json!(id));
        order.remove("_links");
        let undated = ["date_modified", "date_modified_gmt"]
            .iter()
            .all(|name| order.get(*name).is_none_or(Value::is_null));
        if let Some(old) = old.filter(|_| touch == Touch::Keep && undated) {
            order.insert(
                "date_modified_gmt".to_owned(),
                json!(dates::gmt_text(old.modified)),
            );
            order.insert(
                "date_modified".to_owned(),
                json!(dates::local_text(old.modified, self.site.timezone)),
            );
        }
        let new_refund = refunds.as_ref().is_some_and(|refunds| {
            let known: Vec<&Value> = old
                .iter()
                .flat_map(|old| &old.refunds)
                .map(|refund| &refund["id"])
                .collect();
            refunds.iter().any(|refund| !known.contains(&&refund["id"]))
        });
        let moves = touch == Touch::AsStored
            && (new_refund || self.moves(old.map(|old| &*old.order), &order));
        let modified = match old {
            _ if moves => Some(self.now()),
            Some(old) if touch == Touch::AsStored => Some(old.modified),
            _ => None,
        };
        let says_nothing = order
            .get("refunds")
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty);
        let derived = refunds.is_some() || says_nothing;
        let refunds = match refunds {
            Some(given) => {
                let mut list: Vec<Arc<Value>> = given
                    .into_iter()
                    .map(|refund| self.complete_refund(id, refund))
                    .collect();
                list.sort_by_key(|refund| {
                    std::cmp::Reverse((
                        refund["date_created_gmt"].as_str().map(str::to_owned),
                        refund["id"].as_u64(),
                    ))
                });
                list
            }
            None => old.map(|old| old.refunds.clone()).unwrap_or_default(),
        };
        complete(&mut order, self, modified);
        if derived {
            order.insert(
                "refunds".to_owned(),
                refunds.iter().map(|refund| summary(refund)).collect(),
            );
        }
        self.store(id, Value::Object(order), refunds);
        if old.is_none() {
            self.run_order_hook("woocommerce_new_order", id);
        }
        if new_refund {
            self.run_order_hook("woocommerce_order_refunded", id);
        }
        self.run_order_hook("woocommerce_update_order", id);
    }

    /// Drafts of the back office are nobody's business; those of the checkout are told of.
    fn run_order_hook(&mut self, hook: &str, id: u64) {
        let status = self.orders.get(&id).map(|entry| entry.status.as_str());
        if !matches!(status, Some("auto-draft" | "draft")) {
            self.run_hook(hook, "order", id);
        }
    }

    /// Takes in what the owner made in the back office. Whatever it lacks is filled in.
    pub fn add_webhook(&mut self, mut webhook: Webhook) {
        if webhook.id == 0 {
            webhook.id = self.last_webhook + 1;
        }
        if webhook.created == 0 {
            webhook.created = self.now();
        }
        self.last_webhook = self.last_webhook.max(webhook.id);
        self.webhooks.insert(webhook.id, webhook);
    }

    /// Keeps a webhook, and has it pinged as long as no ping was answered.
    pub fn keep_webhook(&mut self, webhook: Webhook) {
        if webhook.pending_ping && webhook.status == "active" {
            self.pings.push(webhook.id);
        }
        self.webhooks.insert(webhook.id, webhook);
    }

    /// Reads out what lists need and keeps the order.
    fn store(&mut self, id: u64, order: Value, refunds: Vec<Arc<Value>>) {
        let at = |name: &str| order[name].as_str().and_then(dates::from_gmt).unwrap_or(0);
        let highest = refunds
            .iter()
            .filter_map(|refund| refund["id"].as_u64())
            .max()
            .unwrap_or(0)
            .max(id);
        self.next_id = self.next_id.max(highest + 1);
        let entry = ShopEntry {
            status: order["status"].as_str().unwrap_or("pending").to_owned(),
            created: at("date_created_gmt"),
            modified: at("date_modified_gmt"),
            customer: order["customer_id"].as_u64().unwrap_or(0),
            order: Arc::new(order),
            refunds,
        };
        self.orders.insert(id, entry);
    }

    /// Whether such a change moves the modification date: always with tables of its
    /// own, and with posts only where the post itself changes.
    fn moves(&self, old: Option<&Value>, new: &Map<String, Value>) -> bool {
        let Some(old) = old.filter(|_| self.storage == ShopStorage::Posts) else {
            return true;
        };
        [
            "status",
            "customer_note",
            "date_created",
            "date_created_gmt",
        ]
        .iter()
        .any(|name| new.get(*name).is_some_and(|value| *value != old[*name]))
    }

    /// Changes single fields, as somebody who saves the order. False when there is no such order.
    pub fn set(&mut self, id: u64, fields: &Map<String, Value>) -> bool {
        let was_in_trash = self
            .orders
            .get(&id)
            .is_some_and(|one| one.status == "trash");
        let is_set = self.set_quietly(id, fields);
        // A status brings an order back from the trash without a word.
        if is_set && !(was_in_trash && fields.contains_key("status")) {
            self.run_order_hook("woocommerce_update_order", id);
        }
        is_set
    }

    /// Changes single fields and tells nobody; objects are merged, lists replaced. Of each pair of dates
    /// the other half follows. False when there is no such order.
    pub fn set_quietly(&mut self, id: u64, fields: &Map<String, Value>) -> bool {
        let Some(entry) = self.orders.get(&id) else {
            return false;
        };
        let old = entry.order.clone();
        let (modified_before, refunds) = (entry.modified, entry.refunds.clone());
        let mut order = old.as_object().cloned().unwrap_or_default();
        for (name, value) in fields {
            merge(order.entry(name.clone()).or_insert(Value::Null), value);
        }
        for name in [
            "date_created",
            "date_modified",
            "date_completed",
            "date_paid",
        ] {
            let gmt = format!("{name}_gmt");
            if fields.contains_key(&gmt) {
                order.insert(name.to_owned(), Value::Null);
            } else if fields.contains_key(name) {
                order.insert(gmt, Value::Null);
            }
        }
        let dated =
            fields.contains_key("date_modified") || fields.contains_key("date_modified_gmt");
        let modified = match dated {
            true => None,
            false if self.moves(Some(&old), &order) => Some(self.now()),
            false => Some(modified_before),
        };
        order.insert("id".to_owned(), json!(id));
        complete(&mut order, self, modified);
        self.store(id, Value::Object(order), refunds);
        true
    }

    /// Deletes an order for good. The next order with its id is another one.
    pub fn delete(&mut self, id: u64) -> bool {
        let was_there = self.orders.remove(&id).is_some();
        if was_there {
            self.notes.remove(&id);
            self.stock_taken.remove(&id);
            self.run_hook("woocommerce_before_delete_order", "order", id);
            self.run_hook("woocommerce_delete_order", "order", id);
            *self.given_before.entry(id).or_default() += 1;
        }
        was_there
    }

    /// What only this order has. A real shop draws it at random.
    pub fn order_key(&self, id: u64) -> String {
        match self.given_before.get(&id) {
            None => format!("wc_order_{id}"),
            Some(times) => format!("wc_order_{id}again{times}"),
        }
    }

    /// Changes one status, with the modification date, as trashing and restoring do.
    pub fn trash(&mut self, id: u64) -> bool {
        let Some(entry) = self.orders.get(&id) else {
            return false;
        };
        let mut meta = entry.order["meta_data"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let (was, now) = (format!("wc-{}", entry.status), self.now());
        for (key, value) in [
            ("_wp_trash_meta_status", was),
            ("_wp_trash_meta_time", now.to_string()),
        ] {
            let id = self.fresh_id();
            meta.push(json!({"id": id, "key": key, "value": value}));
        }
        let fields = json!({"status": "trash", "meta_data": meta});
        self.set_quietly(id, fields.as_object().expect("an object was written above"));
        self.run_hook("woocommerce_trash_order", "order", id);
        true
    }

    pub fn restore(&mut self, id: u64) -> bool {
        let Some(entry) = self.orders.get(&id) else {
            return false;
        };
        let meta = entry.order["meta_data"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let kept = meta
            .iter()
            .find(|one| one["key"] == "_wp_trash_meta_status")
            .and_then(|one| one["value"].as_str());
        let status = kept
            .map_or("pending", |kept| kept.trim_start_matches("wc-"))
            .to_owned();
        let rest: Vec<&Value> = meta
            .iter()
            .filter(|one| {
                !one["key"]
                    .as_str()
                    .unwrap_or("")
                    .starts_with("_wp_trash_meta_")
            })
            .collect();
        let fields = json!({"status": status, "meta_data": rest});
        self.set_quietly(id, fields.as_object().expect("an object was written above"));
        self.run_hook("woocommerce_untrash_order", "order", id);
        true
    }

    /// Adds a refund; that moves the order's modification date in either storage.
    pub fn add_refund(&mut self, id: u64, refund: Value) -> Option<Arc<Value>> {
        let entry = self.orders.get(&id)?;
        let (mut order, mut refunds) = ((*entry.order).clone(), entry.refunds.clone());
        let refund = self.complete_refund(id, refund);
        if let Some(list) = order["refunds"].as_array_mut() {
            list.insert(0, summary(&refund));
        }
        refunds.insert(0, refund.clone());
        let now = self.now();
        order["date_modified_gmt"] = json!(dates::gmt_text(now));
        order["date_modified"] = json!(dates::local_text(now, self.site.timezone));
        self.store(id, order, refunds);
        self.run_hook("woocommerce_order_refunded", "order", id);
        Some(refund)
    }

    /// Deletes a refund in the back office, without a trace: no date moves, and only a topic made of an action tells of it, unless
    /// the shop is a newer one.
    pub fn delete_refund(&mut self, id: u64, refund: u64) -> bool {
        let Some(entry) = self.orders.get_mut(&id) else {
            return false;
        };
        let before = entry.refunds.len();
        entry.refunds.retain(|kept| kept["id"] != refund);
        let mut order = (*entry.order).clone();
        if let Some(list) = order["refunds"].as_array_mut() {
            list.retain(|kept| kept["id"] != refund);
        }
        entry.order = Arc::new(order);
        let was_there = entry.refunds.len() < before;
        if was_there {
            self.run_hook("woocommerce_refund_deleted", "refund", refund);
            self.run_hook(REFUND_DELETED, "order", id);
        }
        was_there
    }

    fn complete_refund(&mut self, order: u64, refund: Value) -> Arc<Value> {
        let mut refund = match refund {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        if refund.get("id").and_then(Value::as_u64).is_none() {
            refund.insert("id".to_owned(), json!(self.fresh_id()));
        }
        refund.remove("_links");
        let id = refund["id"].as_u64().unwrap_or(0);
        self.next_id = self.next_id.max(id + 1);
        pair(
            &mut refund,
            "date_created",
            self.site.timezone,
            Some(self.now()),
        );
        let defaults = json!({"parent_id": order, "amount": "0.00", "reason": "", "refunded_by": 1, "refunded_payment": false,
            "meta_data": [], "line_items": [], "shipping_lines": [], "tax_lines": [], "fee_lines": []});
        fill(&mut refund, defaults);
        Arc::new(Value::Object(refund))
    }

    /// What the background writer does: somebody edits a random order's note.
    pub fn disturb(&mut self) {
        let ids: Vec<u64> = self.orders.keys().copied().collect();
        if ids.is_empty() {
            return;
        }
        let id = *self.seeded.pick(&ids);
        let note = format!(
            "Edited while you were reading ({})",
            self.seeded.below(1_000_000)
        );
        let fields = json!({"customer_note": note});
        self.set(id, fields.as_object().expect("an object was written above"));
    }

    /// Called before each list of orders.
    pub fn before_list(&mut self) {
        let Some(writer) = &mut self.writer else {
            return;
        };
        writer.lists_seen += 1;
        if writer.every_requests > 0 && writer.lists_seen.is_multiple_of(writer.every_requests) {
            self.disturb();
        }
    }
}

pub fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn by_id(list: Vec<Value>, what: &str, zone: chrono_tz::Tz) -> io::Result<BTreeMap<u64, Value>> {
    let mut map = BTreeMap::new();
    for mut one in list {
        let id = one["id"]
            .as_u64()
            .ok_or_else(|| invalid(format!("a {what} of the setup has no id")))?;
        if let Some(fields) = one.as_object_mut() {
            fields.remove("_links");
            pair(fields, "date_created", zone, None);
            pair(fields, "date_modified", zone, None);
        }
        map.insert(id, one);
    }
    Ok(map)
}
