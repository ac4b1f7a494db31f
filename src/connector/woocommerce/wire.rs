//! Orders and refunds in the words of `wc/v3`: only the fields that matter to books.
//!
//! Left out on purpose: `price` of a line, which is a float derived from its total, `amount` of a fee, which is what
//! was asked and not what was charged, `subtotal` of taxes, and every time in the shop's own zone, which is
//! ambiguous for an hour each autumn.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::values::{Amount, PhpList, PhpObject, Text, WireAmount, WireId, WireNumber, WireTime};

#[derive(Deserialize)]
pub(super) struct WireOrder<'a> {
    pub id: u64,
    #[serde(default)]
    pub order_key: Text,
    pub number: Text,
    pub status: Text,
    pub currency: Text,
    pub date_created_gmt: WireTime,
    pub date_modified_gmt: WireTime,
    #[serde(default)]
    pub date_paid_gmt: WireTime,
    #[serde(default)]
    pub date_completed_gmt: WireTime,
    pub total: WireAmount,
    pub total_tax: WireAmount,
    #[serde(default)]
    pub customer_id: WireId,
    #[serde(default)]
    pub billing: PhpObject<WireAddress>,
    #[serde(default)]
    pub shipping: PhpObject<WireAddress>,
    #[serde(default)]
    pub payment_method: Text,
    #[serde(default)]
    pub payment_method_title: Text,
    #[serde(default)]
    pub transaction_id: Text,
    #[serde(default)]
    pub customer_note: Text,
    #[serde(borrow, default)]
    pub meta_data: PhpList<Meta<'a>>,
    #[serde(borrow)]
    pub line_items: PhpList<WireItem<'a>>,
    #[serde(borrow, default)]
    pub shipping_lines: PhpList<WireShipping<'a>>,
    #[serde(borrow, default)]
    pub fee_lines: PhpList<WireFee<'a>>,
    #[serde(default)]
    pub tax_lines: PhpList<WireTaxLine>,
    #[serde(default)]
    pub coupon_lines: PhpList<WireCoupon>,
    /// Required: without it refunds would be lost silently. That there are some is taken from here, and which ones.
    #[serde(borrow)]
    pub refunds: PhpList<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireAddress {
    pub first_name: Text,
    pub last_name: Text,
    pub company: Text,
    pub address_1: Text,
    pub address_2: Text,
    pub city: Text,
    pub state: Text,
    pub postcode: Text,
    pub country: Text,
    pub email: Text,
    pub phone: Text,
}

/// Anybody's extra: the value may be of any kind and is looked at only when it is wanted.
#[derive(Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(default)]
    pub key: Text,
    #[serde(borrow, default)]
    pub value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub display_key: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub display_value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct WireItem<'a> {
    pub id: u64,
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub product_id: WireId,
    #[serde(default)]
    pub variation_id: WireId,
    #[serde(default)]
    pub quantity: WireNumber,
    #[serde(default)]
    pub subtotal: Amount,
    pub total: WireAmount,
    #[serde(default)]
    pub total_tax: Amount,
    #[serde(default)]
    pub taxes: PhpList<WireTaxShare>,
    #[serde(default)]
    pub sku: Option<Text>,
    #[serde(borrow, default)]
    pub meta_data: PhpList<Meta<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireShipping<'a> {
    pub id: u64,
    #[serde(default)]
    pub method_title: Text,
    pub total: WireAmount,
    #[serde(default)]
    pub total_tax: Amount,
    #[serde(default)]
    pub taxes: PhpList<WireTaxShare>,
    #[serde(borrow, default)]
    pub meta_data: PhpList<Meta<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireFee<'a> {
    pub id: u64,
    #[serde(default)]
    pub name: Text,
    pub total: WireAmount,
    #[serde(default)]
    pub total_tax: Amount,
    #[serde(default)]
    pub taxes: PhpList<WireTaxShare>,
    #[serde(borrow, default)]
    pub meta_data: PhpList<Meta<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireTaxShare {
    /// The rate's id.
    pub id: u64,
    #[serde(default)]
    pub total: Amount,
}

#[derive(Deserialize)]
pub(super) struct WireTaxLine {
    pub rate_id: u64,
    #[serde(default)]
    pub rate_code: Text,
    #[serde(default)]
    pub label: Text,
    #[serde(default)]
    pub compound: bool,
    #[serde(default)]
    pub rate_percent: WireNumber,
    #[serde(default)]
    pub tax_total: Amount,
    #[serde(default)]
    pub shipping_tax_total: Amount,
}

#[derive(Deserialize)]
pub(super) struct WireCoupon {
    #[serde(default)]
    pub code: Text,
}

#[derive(Deserialize)]
pub(super) struct WireRefund<'a> {
    pub id: u64,
    pub date_created_gmt: WireTime,
    pub amount: WireAmount,
    #[serde(default)]
    pub reason: Text,
    #[serde(default)]
    pub refunded_payment: bool,
    #[serde(borrow)]
    pub line_items: PhpList<WireItem<'a>>,
    #[serde(borrow, default)]
    pub shipping_lines: PhpList<WireShipping<'a>>,
    #[serde(borrow, default)]
    pub fee_lines: PhpList<WireFee<'a>>,
    #[serde(default)]
    pub tax_lines: PhpList<WireTaxLine>,
}

/// A refund as its order names it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireRefundName {
    pub id: WireId,
}

/// A row of the shop-wide list of refunds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireRefundRow {
    pub parent_id: WireId,
    pub date_created_gmt: WireTime,
}
