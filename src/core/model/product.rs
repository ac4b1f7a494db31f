//! Products: what the shop has to sell, each variation by itself.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub id: u64,
    /// Of a variation: the variable product it belongs to.
    pub parent: Option<u64>,
    pub kind: ProductKind,
    /// Of a variation as the shop's order lines say it, `Parent - attributes`.
    pub name: String,
    /// `None`: it has none of its own.
    pub sku: Option<String>,
    /// `publish`, `draft`, `trash`: an open set.
    pub status: String,
    pub virtual_: bool,
    pub downloadable: bool,
    pub price: Option<Decimal>,
    pub regular_price: Option<Decimal>,
    pub description: String,
    pub manages_stock: bool,
    pub stock: Option<Decimal>,
    /// Of a variation those of its parent.
    pub categories: Vec<Category>,
    pub created_at: Option<DateTime<Utc>>,
    pub modified_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    Simple,
    /// Sold through its variations only.
    Variable,
    Variation,
    /// A page that shows other products.
    Grouped,
    /// Sold elsewhere.
    External,
    /// A plugin's own kind, which is sold as a simple one is.
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: u64,
    pub name: String,
    pub slug: String,
}

impl Product {
    /// Identifies the content, whatever the time of change says. Stock moves with every order and is no part of it.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut content = self.clone();
        content.modified_at = None;
        content.stock = None;
        Fingerprint::of(&content)
    }
}
