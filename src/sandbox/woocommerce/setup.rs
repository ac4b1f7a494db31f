//! The setup of a stand-in: what the shop is and what it holds when it opens.
//!
//! An unknown key is an error, so that a typing mistake shows at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::payments::ShopPayments;
use super::sending::ShopSending;
use super::webhooks::Webhook;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShopSetup {
    pub seed: u64,
    pub site: ShopSite,
    pub keys: Vec<ShopKey>,
    /// True: PHP believes that it is on TLS, so Basic and keys in the query work.
    pub https: bool,
    /// The web server does not pass the Authorization header on.
    pub drop_authorization: bool,
    pub storage: ShopStorage,
    pub orders: Vec<Value>,
    pub refunds: BTreeMap<String, Vec<Value>>,
    pub products: Vec<Value>,
    pub customers: Vec<Value>,
    /// Tax rates as the API shows them; without any, the Canadian ones.
    pub taxes: Vec<Value>,
    /// Gateways as the API shows them, at least `id`, `title` and `enabled`.
    pub payment_gateways: Vec<Value>,
    /// Statuses beyond WooCommerce's own.
    pub statuses: Vec<String>,
    pub generate: Option<Generate>,
    pub clock_offset_seconds: i64,
    pub latency_ms: u64,
    pub concurrency_limit: Option<usize>,
    pub webhooks: Vec<Webhook>,
    pub sending: ShopSending,
    /// WooPayments, where the shop has it.
    pub payments: Option<ShopPayments>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShopSite {
    pub name: String,
    pub timezone: chrono_tz::Tz,
    pub currency: String,
    pub price_decimals: u32,
    pub prices_include_tax: bool,
    pub tax_round_at_subtotal: bool,
    /// Country and state, as in `CA:AB`.
    pub base: String,
    /// Mails that are switched off under the shop's settings, by WooCommerce's ids.
    pub mails_off: Vec<String>,
    /// The plugin that keeps mails quiet is there.
    pub quiet_plugin: bool,
}

impl Default for ShopSite {
    fn default() -> Self {
        Self {
            name: "Stand-in Shop".to_owned(),
            timezone: chrono_tz::America::Edmonton,
            currency: "CAD".to_owned(),
            price_decimals: 2,
            prices_include_tax: false,
            tax_round_at_subtotal: false,
            base: "CA:AB".to_owned(),
            mails_off: Vec::new(),
            quiet_plugin: false,
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ShopKey {
    pub key: String,
    pub secret: String,
    #[serde(default)]
    pub permissions: Permissions,
    #[serde(default)]
    pub role: ShopRole,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permissions {
    #[default]
    Read,
    Write,
    ReadWrite,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopRole {
    #[default]
    ShopManager,
    /// Somebody who may log in but has no right to see the shop's records.
    Customer,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopStorage {
    /// Order tables of their own, the default for new shops.
    #[default]
    Hpos,
    /// The older storage in the posts tables.
    Posts,
}

/// Orders made in bulk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Generate {
    pub orders: u64,
    /// How many different people buy.
    pub customers: u64,
    /// The share of those people who have an account; the others are guests.
    pub registered_share: f64,
    pub refund_share: f64,
    /// How many orders share one second of modification.
    pub same_second: u64,
    /// The first order's creation, in UTC.
    pub start: String,
    pub days: u64,
    pub first_id: u64,
    /// Currencies beside the shop's, in which every eighth order is paid, by buyers from abroad.
    pub currencies: Vec<String>,
    /// The ways to pay, in turn. Without any, most pay by card and some by PayPal.
    pub gateways: Vec<String>,
    /// Whether gateways write what they kept into the order.
    pub fees: bool,
    /// Nothing is given back after this moment, in UTC.
    pub until: Option<String>,
}

impl Default for Generate {
    fn default() -> Self {
        Self {
            orders: 0,
            customers: 100,
            registered_share: 0.5,
            refund_share: 0.0,
            same_second: 0,
            start: "2026-09-01T14:00:00".to_owned(),
            days: 60,
            first_id: 10_001,
            currencies: Vec::new(),
            gateways: Vec::new(),
            fees: false,
            until: None,
        }
    }
}
