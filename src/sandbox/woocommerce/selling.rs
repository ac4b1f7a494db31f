//! A shop in motion: orders that come in by themselves, are sent after a while, and now and then are given back in part.
//!
//! A new order is a copy of one that was paid before, with numbers, lines and times of its own, so that it fits whatever shop
//! this is: its taxes, its goods and its people. What was there when the shop opened is left alone.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::ShopWorld;
use super::dates;
use super::money::{Cents, cents, text};
use super::shop::{ShopShop, Touch};

/// How the payment of an order that came in by itself is called.
const PAYMENT: &str = "ch_moving_";
/// What is given back at times, if the order was worth more.
const GOODWILL: Cents = 500;

impl ShopShop {
    /// A step in the life of the shop: somebody buys, every third time an order goes out, and every seventh something is given back.
    pub fn live(&mut self) {
        if self.sell().is_none() {
            return;
        }
        self.sales += 1;
        if self.sales.is_multiple_of(3)
            && let Some(id) = self.moving("processing")
        {
            let fields =
                json!({"status": "completed", "date_completed_gmt": dates::gmt_text(self.now())});
            self.set(id, fields.as_object().expect("an object was written above"));
        }
        if self.sales.is_multiple_of(7)
            && let Some(id) = self.moving("completed")
        {
            let refund =
                json!({"amount": text(GOODWILL), "reason": "Goodwill", "refunded_payment": true});
            self.add_refund(id, refund);
        }
    }

    /// The first order of that status that came in by itself and had nothing given back.
    fn moving(&self, status: &str) -> Option<u64> {
        let found = self.orders.iter().find(|(_, entry)| {
            let order = &entry.order;
            let total = order["total"].as_str().and_then(cents);
            entry.status == status
                && entry.refunds.is_empty()
                && total.is_some_and(|total| total > GOODWILL)
                && order["transaction_id"]
                    .as_str()
                    .is_some_and(|id| id.starts_with(PAYMENT))
        });
        found.map(|(id, _)| *id)
    }

    /// Makes an order that was paid this moment; its number, or nothing where there is none to copy.
    pub fn sell(&mut self) -> Option<u64> {
        let bought: Vec<u64> = self
            .orders
            .iter()
            .filter(|(_, entry)| {
                matches!(entry.status.as_str(), "processing" | "completed")
                    && entry.refunds.is_empty()
                    && entry.order["date_paid_gmt"].is_string()
            })
            .map(|(id, _)| *id)
            .collect();
        if bought.is_empty() {
            return None;
        }
        let model = *self.seeded.pick(&bought);
        let mut order = (*self.orders.get(&model)?.order).clone();
        let id = self.fresh_id();
        let now = dates::gmt_text(self.now());
        order["number"] = json!(id.to_string());
        order["order_key"] = json!(self.order_key(id));
        order["status"] = json!("processing");
        order["transaction_id"] = json!(format!("{PAYMENT}{id}"));
        for name in ["date_created", "date_modified", "date_paid"] {
            order[name] = Value::Null;
            order[format!("{name}_gmt")] = json!(now);
        }
        for name in ["date_completed", "date_completed_gmt"] {
            order[name] = Value::Null;
        }
        for list in [
            "line_items",
            "tax_lines",
            "shipping_lines",
            "fee_lines",
            "coupon_lines",
        ] {
            for line in order[list].as_array_mut().into_iter().flatten() {
                line["id"] = json!(self.fresh_id());
            }
        }
        order["meta_data"] = json!([]);
        self.put(id, order, None, Touch::Keep);
        Some(id)
    }
}

/// Sells for as long as the stand-in runs, and as often as its manner says.
pub async fn sell(world: Arc<ShopWorld>) {
    loop {
        let rung = world.outgoing.bell.notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        let every = world.shop().sending.sells_every_ms;
        let Some(every) = every else {
            rung.await;
            continue;
        };
        tokio::time::sleep(Duration::from_millis(every.max(1))).await;
        let mut shop = world.shop();
        if shop.sending.sells_every_ms.is_some() {
            shop.live();
        }
    }
}
