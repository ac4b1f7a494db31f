//! Wishes: what a shop's own mapping says of a product beyond what the rules say.
//!
//! A wish is about an item that is yet to be made, and about its price later. What is absent stays as the rules have it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::fault::Reason;
use super::product::Product;

/// What a mapping came to for one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wished {
    Wish(Wish),
    /// The mapping leaves the product out.
    Skip(Reason),
    /// The mapping could not be applied to it.
    Refused(Reason),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub name: Option<String>,
    pub sku: Option<String>,
    pub description: Option<String>,
    pub purchase_description: Option<String>,
    pub kind: Option<WishedKind>,
    pub income_account: Option<String>,
    pub expense_account: Option<String>,
    pub asset_account: Option<String>,
    pub class: Option<String>,
    pub taxable: Option<bool>,
    pub price: Option<Decimal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WishedKind {
    Service,
    NonInventory,
    Inventory,
}

/// A product as the shop says it, with what the shop's own mapping wishes for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ware {
    pub product: Product,
    /// `None`: there is no mapping of the shop's own.
    pub wished: Option<Wished>,
}

impl Ware {
    pub fn wish(&self) -> Option<&Wish> {
        match &self.wished {
            Some(Wished::Wish(wish)) => Some(wish),
            _ => None,
        }
    }

    /// What the item is to cost, as far as anybody says.
    pub fn price(&self) -> Option<Decimal> {
        self.wish()
            .and_then(|wish| wish.price)
            .or(self.product.price)
    }
}
