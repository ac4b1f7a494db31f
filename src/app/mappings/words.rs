//! The words that a store uses: its gateways, rates, statuses and currencies, for tables that should know them all.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::app::App;
use crate::connector::woocommerce::WooCommerce;
use crate::mapping::Used;
use crate::model::fault::Fault;
use crate::model::order::Order;
use crate::model::shop::Shop;

/// So far back, and so many of the newest orders, say enough.
const DAYS: i64 = 90;
const ORDERS: usize = 500;

/// Orders in these statuses are no records of anybody's.
const UNFINISHED: [&str; 4] = ["auto-draft", "checkout-draft", "draft", "trash"];

impl App {
    /// What the shop uses, by the last word of the path that holds it.
    pub async fn words_in_use(&self, store: &WooCommerce) -> Result<Used, Fault> {
        let about = store.describe().await?;
        let since = self.clock.now() - TimeDelta::days(DAYS);
        let recent = store.recent(since, ORDERS).await?;
        Ok(used(&about, &recent.orders))
    }
}

fn used(about: &Shop, orders: &[Order]) -> Used {
    let rates = || orders.iter().flat_map(|order| &order.tax_lines);
    let gateways = about.gateways.iter().filter(|gateway| gateway.enabled);
    let statuses = about.statuses.iter().map(|status| status.slug.clone());
    let words: [(&str, BTreeSet<String>); 5] = [
        (
            "payment_method",
            gateways
                .map(|gateway| gateway.id.clone())
                .chain(orders.iter().map(|order| order.payment_method.clone()))
                .collect(),
        ),
        (
            "status",
            statuses
                .chain(orders.iter().map(|order| order.status.clone()))
                .filter(|status| !UNFINISHED.contains(&status.as_str()))
                .collect(),
        ),
        (
            "rate_code",
            about
                .rates
                .iter()
                .map(|rate| rate.code.clone())
                .chain(rates().map(|rate| rate.rate_code.clone()))
                .collect(),
        ),
        (
            "rate_id",
            about
                .rates
                .iter()
                .map(|rate| rate.id.to_string())
                .chain(rates().map(|rate| rate.rate_id.to_string()))
                .collect(),
        ),
        (
            "currency",
            std::iter::once(about.currency.clone())
                .chain(orders.iter().map(|order| order.currency.clone()))
                .collect(),
        ),
    ];
    let words = words.into_iter().map(|(path, mut words)| {
        // Where nothing was to be paid there is no gateway.
        words.remove("");
        (path.to_owned(), words)
    });
    words.collect()
}
