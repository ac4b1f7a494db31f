//! The shop: what it says about itself, which decides how its orders are read and posted.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Facts about a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// As it identifies the shop.
    pub address: String,
    pub name: String,
    /// `America/Edmonton`, or an offset such as `+02:00` where the shop says no more.
    pub timezone: String,
    /// WooCommerce's version, where the key may see it.
    pub version: Option<String>,
    pub currency: String,
    /// Decimals of prices.
    pub decimals: u32,
    /// Two letters, and the state behind a colon where it has one: `CA:AB`.
    pub country: String,
    /// Taxes are calculated at all.
    pub taxes: bool,
    pub prices_include_tax: bool,
    pub gateways: Vec<Gateway>,
    pub rates: Vec<Rate>,
    /// Every status an order can have, also those that plugins add, without `wc-`.
    pub statuses: Vec<Status>,
    pub storage: Storage,
    /// What the key may not see, in the shop's words for it: `payment_gateways`.
    pub unseen: Vec<String>,
}

/// What is remembered of a shop that somebody connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedShop {
    pub address: String,
    pub name: String,
    pub storage: Storage,
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    pub id: String,
    pub title: String,
    pub enabled: bool,
}

/// A tax rate of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub id: u64,
    /// As orders carry it, `CA-AB-GST-1`.
    pub code: String,
    /// `GST`
    pub label: String,
    pub percent: Decimal,
    /// Two letters; empty is everywhere.
    pub country: String,
    pub state: String,
    /// `standard`, `reduced-rate`.
    pub class: String,
    pub priority: u32,
    pub compound: bool,
    pub shipping: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub slug: String,
    pub name: String,
}

/// How the shop keeps its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// In tables of their own. Every change moves an order's time of change.
    Tables,
    /// As posts, the older way. Most edits through the API move no time: only a full sweep finds them.
    Posts,
    /// The key may not see it.
    Unknown,
}
