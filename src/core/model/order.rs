//! An order as a shop sold it: what was bought, what was charged, what was given back.
//!
//! Everything here is already read and right: times are instants, amounts are exact, an empty
//! text that means "does not apply" is `None`. Nothing is computed: the shop's figures are the truth.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::identity::Identity;
use super::money::Money;

/// One order with the refunds made on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The number is for people and may repeat; an id repeats where a shop was put back to a backup, see [`Order::identity`].
    pub id: u64,
    /// The digest of the key that the shop gave the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
    pub number: String,
    /// An open set: plugins add their own.
    pub status: String,
    pub currency: String,
    pub created_at: DateTime<Utc>,
    pub modified_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    /// What was charged.
    pub total: Money,
    pub total_tax: Money,
    pub buyer: Buyer,
    pub billing: Address,
    pub shipping: Address,
    /// The gateway's word for itself, `stripe`; empty when nothing was to be paid.
    pub payment_method: String,
    pub payment_title: String,
    pub transaction: String,
    pub customer_note: String,
    /// The shop treated the buyer as exempt from value added tax.
    pub vat_exempt: bool,
    pub gateway_fee: Option<GatewayFee>,
    pub items: Vec<ItemLine>,
    pub shipping_lines: Vec<ShippingLine>,
    pub fees: Vec<FeeLine>,
    pub tax_lines: Vec<TaxLine>,
    /// Coupon codes, for descriptions only; the money is in the lines.
    pub coupons: Vec<String>,
    /// In the order in which they were made.
    pub refunds: Vec<Refund>,
}

impl Order {
    /// Identifies the content of the order, whatever its time of change says.
    ///
    /// Two edits within one second have one time but two contents.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut content = self.clone();
        content.modified_at = DateTime::UNIX_EPOCH;
        Fingerprint::of(&content)
    }

    /// By what it is told from another order with the same id.
    pub fn identity(&self) -> Identity {
        Identity {
            key: self.key.clone(),
            created_at: self.created_at,
        }
    }

    /// The country the goods go to, else the one that is billed.
    pub fn destination(&self) -> &str {
        if self.shipping.country.is_empty() {
            &self.billing.country
        } else {
            &self.shipping.country
        }
    }
}

/// Who bought: an account of the shop, or a guest known by an e-mail address at best.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    pub account: Option<u64>,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
}

impl Buyer {
    /// As somebody looks for the buyer in a list: the company, or the person.
    pub fn name(&self) -> String {
        match self.company.trim() {
            "" => {
                let person = format!("{} {}", self.first_name.trim(), self.last_name.trim());
                person.trim().to_owned()
            }
            company => company.to_owned(),
        }
    }
}

/// A person never reaches a log by accident.
impl std::fmt::Debug for Buyer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Buyer")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub line_1: String,
    pub line_2: String,
    pub city: String,
    pub state: String,
    pub postcode: String,
    pub country: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Address")
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}

/// What the payment gateway kept, as far as it wrote it into the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayFee {
    pub amount: Money,
    /// Set where the gateway settles in a currency of its own.
    pub currency: Option<String>,
}

/// One rate on one line. `total` is `None` when the rate does not apply, zero when it applies at zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxShare {
    pub rate_id: u64,
    pub total: Option<Money>,
}

/// Goods. In a refund the figures are negative, as the shop writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLine {
    pub id: u64,
    pub name: String,
    pub product_id: Option<u64>,
    pub variation_id: Option<u64>,
    pub quantity: Decimal,
    /// Before coupons, without tax.
    pub subtotal: Money,
    /// After coupons, without tax.
    pub total: Money,
    pub total_tax: Money,
    pub taxes: Vec<TaxShare>,
    /// `None`: the product no longer exists. Empty: it has no SKU.
    pub sku: Option<String>,
    /// What makes the variation, as label and value, for the description.
    pub attributes: Vec<(String, String)>,
    /// In a refund: the line of the order that this gives back.
    pub refunds_line: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingLine {
    pub id: u64,
    pub title: String,
    pub total: Money,
    pub total_tax: Money,
    pub taxes: Vec<TaxShare>,
    pub refunds_line: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    pub id: u64,
    pub name: String,
    /// May be negative: a discount for a way of paying, a redeemed gift card.
    pub total: Money,
    pub total_tax: Money,
    pub taxes: Vec<TaxShare>,
    pub refunds_line: Option<u64>,
}

/// What the shop charged under one rate over the whole order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    pub rate_id: u64,
    pub rate_code: String,
    pub label: String,
    pub compound: bool,
    pub percent: Option<Decimal>,
    /// On goods and fees.
    pub tax_total: Money,
    pub shipping_tax_total: Money,
}

impl TaxLine {
    pub fn total(&self) -> Money {
        self.tax_total + self.shipping_tax_total
    }
}

/// Money given back. `amount` is positive, the lines are negative or absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub id: u64,
    pub created_at: DateTime<Utc>,
    pub amount: Money,
    pub reason: String,
    /// Went back through the gateway; otherwise it was booked by hand.
    pub through_gateway: bool,
    pub items: Vec<ItemLine>,
    pub shipping_lines: Vec<ShippingLine>,
    pub fees: Vec<FeeLine>,
    pub tax_lines: Vec<TaxLine>,
}

impl Refund {
    /// By what it is told from another refund with the same id.
    pub fn identity(&self) -> Identity {
        Identity {
            key: None,
            created_at: self.created_at,
        }
    }
}

impl Refund {
    pub fn has_rows(&self) -> bool {
        !(self.items.is_empty() && self.shipping_lines.is_empty() && self.fees.is_empty())
    }
}
