//! A shop in motion: orders that come in by themselves.
//!
//! A new order is a copy of one that was paid before, with numbers, lines and times of its own, so that it fits whatever shop
//! this is: its taxes, its goods and its people.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::World;
use super::dates;
use super::shop::{Shop, Touch};

impl Shop {
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
        order["transaction_id"] = json!(format!("ch_moving_{id}"));
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
pub async fn sell(world: Arc<World>) {
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
            shop.sell();
        }
    }
}
