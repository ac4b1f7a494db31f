//! Reading: from the shop's words to an order, or to an oddity that says where the trouble is.
//!
//! Each order is read by itself, so that one that makes no sense takes nobody else with it. Nothing is computed here
//! and nothing is guessed: what cannot be read exactly is odd.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::values::{Amount, PhpList, Text, read_time};
use super::wire::{
    Meta, WireAddress, WireFee, WireItem, WireOrder, WireRefund, WireRefundName, WireRefundRow,
    WireShipping, WireTaxLine, WireTaxShare,
};
use crate::connector::port::Odd;
use crate::connector::rows::ROW_MAX;
use crate::model::fingerprint::Fingerprint;
use crate::model::money::Money;
use crate::model::order::{
    Address, Buyer, FeeLine, GatewayFee, ItemLine, Order, Refund, ShippingLine, TaxLine, TaxShare,
};
use crate::model::told::escaped_unit;

/// An order whose refunds have still to be fetched.
pub(super) struct ReadOrder {
    pub order: Order,
    pub refunded: bool,
    /// Their ids; none where one of them cannot be read.
    pub refunds: BTreeSet<u64>,
}

/// Reads one order as `orders` or `orders/{id}` gives it; its refunds come from elsewhere.
///
/// `fee_meta` names further meta keys that hold what the payment gateway kept.
#[cfg(test)]
pub(crate) fn read_order(raw: &str, fee_meta: &[String]) -> Result<Order, Odd> {
    read(raw, fee_meta).map(|read| read.order)
}

pub(super) fn read(raw: &str, fee_meta: &[String]) -> Result<ReadOrder, Odd> {
    let wire: WireOrder<'_> = parse(raw).map_err(|(path, said)| odd(raw, path, said))?;
    let missing = |path: &str| odd(raw, path.to_owned(), "is missing".to_owned());
    let created_at = wire
        .date_created_gmt
        .0
        .ok_or_else(|| missing("date_created_gmt"))?;
    let modified_at = wire
        .date_modified_gmt
        .0
        .ok_or_else(|| missing("date_modified_gmt"))?;
    for (path, text) in [("status", &wire.status), ("currency", &wire.currency)] {
        if text.0.is_empty() {
            return Err(missing(path));
        }
    }
    let meta = &wire.meta_data.0;
    let vat_exempt = first(meta, "is_vat_exempt").as_deref() == Some("yes");
    let gateway_fee = gateway_fee(meta, fee_meta);
    let billing = wire.billing.0;
    let order = Order {
        id: wire.id,
        key: Some(wire.order_key.0)
            .filter(|key| !key.is_empty())
            .map(|key| Fingerprint::of_bytes(key.as_bytes())),
        // Only a plugin can empty the number; the id is what WooCommerce itself would show.
        number: if wire.number.0.is_empty() {
            wire.id.to_string()
        } else {
            wire.number.0
        },
        status: wire.status.0,
        // Some plugins write the code in lower case.
        currency: wire.currency.0.to_uppercase(),
        created_at,
        modified_at,
        paid_at: wire.date_paid_gmt.0,
        completed_at: wire.date_completed_gmt.0,
        total: wire.total.0,
        total_tax: wire.total_tax.0,
        buyer: Buyer {
            account: wire.customer_id.0,
            first_name: billing.first_name.0.clone(),
            last_name: billing.last_name.0.clone(),
            company: billing.company.0.clone(),
            email: billing.email.0.clone(),
            phone: billing.phone.0.clone(),
        },
        billing: address(billing),
        shipping: address(wire.shipping.0),
        payment_method: wire.payment_method.0,
        payment_title: wire.payment_method_title.0,
        transaction: wire.transaction_id.0,
        customer_note: wire.customer_note.0,
        vat_exempt,
        gateway_fee,
        items: wire.line_items.0.into_iter().map(item).collect(),
        shipping_lines: wire
            .shipping_lines
            .0
            .into_iter()
            .map(shipping_line)
            .collect(),
        fees: wire.fee_lines.0.into_iter().map(fee).collect(),
        tax_lines: wire.tax_lines.0.into_iter().map(tax_line).collect(),
        coupons: wire
            .coupon_lines
            .0
            .into_iter()
            .map(|coupon| coupon.code.0)
            .collect(),
        refunds: Vec::new(),
    };
    Ok(ReadOrder {
        order,
        refunded: !wire.refunds.0.is_empty(),
        refunds: named(&wire.refunds.0).unwrap_or_default(),
    })
}

/// The ids of the refunds that an order names, if all of them can be read.
fn named(refunds: &[&RawValue]) -> Option<BTreeSet<u64>> {
    let names = refunds.iter().map(|refund| {
        let name: WireRefundName = serde_json::from_str(refund.get()).ok()?;
        name.id.0
    });
    names.collect()
}

/// Puts the rows of `orders/{id}/refunds` on their order, in the order in which they were made.
pub(crate) fn add_refunds(order: &mut Order, rows: &[impl AsRef<str>]) -> Result<(), Odd> {
    for (place, raw) in rows.iter().enumerate() {
        let refund = read_refund(raw.as_ref()).map_err(|(path, said)| Odd {
            id: Some(order.id),
            number: Some(order.number.clone()),
            changed_at: Some(order.modified_at),
            path: format!("refunds[{place}].{path}"),
            said,
        })?;
        // A page can repeat what the page before it showed.
        if order.refunds.iter().all(|known| known.id != refund.id) {
            order.refunds.push(refund);
        }
    }
    order.refunds.sort_by_key(|refund| refund.id);
    Ok(())
}

fn read_refund(raw: &str) -> Result<Refund, (String, String)> {
    let wire: WireRefund<'_> = parse(raw)?;
    Ok(Refund {
        id: wire.id,
        created_at: wire
            .date_created_gmt
            .0
            .ok_or_else(|| ("date_created_gmt".to_owned(), "is missing".to_owned()))?,
        amount: wire.amount.0,
        reason: wire.reason.0,
        through_gateway: wire.refunded_payment,
        items: wire.line_items.0.into_iter().map(item).collect(),
        shipping_lines: wire
            .shipping_lines
            .0
            .into_iter()
            .map(shipping_line)
            .collect(),
        fees: wire.fee_lines.0.into_iter().map(fee).collect(),
        tax_lines: wire.tax_lines.0.into_iter().map(tax_line).collect(),
    })
}

pub(super) fn address(wire: WireAddress) -> Address {
    Address {
        line_1: wire.address_1.0,
        line_2: wire.address_2.0,
        city: wire.city.0,
        state: wire.state.0,
        postcode: wire.postcode.0,
        country: wire.country.0,
    }
}

fn item(wire: WireItem<'_>) -> ItemLine {
    let meta = &wire.meta_data.0;
    ItemLine {
        attributes: attributes(meta),
        refunds_line: refunds_line(meta),
        id: wire.id,
        name: wire.name.0,
        product_id: wire.product_id.0,
        variation_id: wire.variation_id.0,
        quantity: wire.quantity.0.unwrap_or_default(),
        // A line that names no price before coupons had no coupon.
        subtotal: wire.subtotal.0.unwrap_or(wire.total.0),
        total: wire.total.0,
        total_tax: wire.total_tax.0.unwrap_or(Money::ZERO),
        taxes: shares(wire.taxes),
        sku: wire.sku.map(|sku| sku.0),
    }
}

fn shipping_line(wire: WireShipping<'_>) -> ShippingLine {
    ShippingLine {
        refunds_line: refunds_line(&wire.meta_data.0),
        id: wire.id,
        title: wire.method_title.0,
        total: wire.total.0,
        total_tax: wire.total_tax.0.unwrap_or(Money::ZERO),
        taxes: shares(wire.taxes),
    }
}

fn fee(wire: WireFee<'_>) -> FeeLine {
    FeeLine {
        refunds_line: refunds_line(&wire.meta_data.0),
        id: wire.id,
        name: wire.name.0,
        total: wire.total.0,
        total_tax: wire.total_tax.0.unwrap_or(Money::ZERO),
        taxes: shares(wire.taxes),
    }
}

fn shares(wire: PhpList<WireTaxShare>) -> Vec<TaxShare> {
    wire.0
        .into_iter()
        .map(|share| TaxShare {
            rate_id: share.id,
            total: share.total.0,
        })
        .collect()
}

fn tax_line(wire: WireTaxLine) -> TaxLine {
    TaxLine {
        rate_id: wire.rate_id,
        rate_code: wire.rate_code.0,
        label: wire.label.0,
        compound: wire.compound,
        percent: wire.rate_percent.0,
        tax_total: wire.tax_total.0.unwrap_or(Money::ZERO),
        shipping_tax_total: wire.shipping_tax_total.0.unwrap_or(Money::ZERO),
    }
}

/// What the gateway wrote into the order about its own share; the first key that holds an amount wins.
fn gateway_fee(meta: &[Meta<'_>], further: &[String]) -> Option<GatewayFee> {
    const KEYS: [&str; 5] = [
        "_stripe_fee",
        "_wcpay_transaction_fee",
        PAYPAL_FEES,
        "_paypal_transaction_fee",
        "PayPal Transaction Fee",
    ];
    let keys = KEYS.into_iter();
    keys.chain(further.iter().map(String::as_str))
        .find_map(|key| match key {
            PAYPAL_FEES => paypal_fee(meta),
            _ => plain_fee(meta, key),
        })
}

/// A fee that stands there as an amount.
fn plain_fee(meta: &[Meta<'_>], key: &str) -> Option<GatewayFee> {
    let amount = first(meta, key)?.parse::<Money>().ok()?;
    // Stripe settles in a currency of its own; the others write theirs in the currency that was charged.
    let currency = (key == "_stripe_fee")
        .then(|| first(meta, "_stripe_currency"))
        .flatten()
        .filter(|code| !code.is_empty())
        .map(|code| code.to_ascii_uppercase());
    Some(GatewayFee { amount, currency })
}

const PAYPAL_FEES: &str = "_ppcp_paypal_fees";
/// The same of all refunds of the order together.
const PAYPAL_REFUND_FEES: &str = "_ppcp_paypal_refund_fees";

/// How the current PayPal plugin writes what PayPal did with the money.
#[derive(Deserialize)]
struct PaypalShares {
    #[serde(default)]
    gross_amount: Option<PaypalSum>,
    paypal_fee: PaypalSum,
    #[serde(default)]
    net_amount: Option<PaypalSum>,
}

#[derive(Deserialize)]
struct PaypalSum {
    #[serde(default)]
    currency_code: Text,
    value: Amount,
}

/// What PayPal kept in the end: its fee, without what it gave back of it with refunds.
fn paypal_fee(meta: &[Meta<'_>]) -> Option<GatewayFee> {
    let kept = paypal_shares(meta, PAYPAL_FEES)?.paypal_fee;
    let mut amount = kept.value.0?;
    let back = paypal_shares(meta, PAYPAL_REFUND_FEES);
    if let Some(back) = back.filter(|back| back.paypal_fee.currency_code == kept.currency_code) {
        let of = |sum: &Option<PaypalSum>| sum.as_ref().and_then(|sum| sum.value.0);
        let fee = back.paypal_fee.value.0.unwrap_or(Money::ZERO);
        // A refund costs the shop what the buyer gets less what PayPal gives back. Where it costs more than that, PayPal took a fee.
        let took_more = matches!(
            (of(&back.gross_amount), of(&back.net_amount)),
            (Some(gross), Some(net)) if !fee.is_zero() && net == gross + fee
        );
        amount = if took_more {
            amount + fee
        } else {
            amount - fee
        };
    }
    let currency = Some(kept.currency_code.0.trim().to_ascii_uppercase());
    Some(GatewayFee {
        amount,
        currency: currency.filter(|code| !code.is_empty()),
    })
}

/// `None` where there are none; PHP writes an empty object as an empty list.
fn paypal_shares(meta: &[Meta<'_>], key: &str) -> Option<PaypalShares> {
    let entry = meta.iter().find(|entry| entry.key.0 == key)?;
    serde_json::from_str(entry.value?.get()).ok()
}

/// The value of the first entry of this key, where it is a text or a plain number.
fn first(meta: &[Meta<'_>], key: &str) -> Option<String> {
    let entry = meta.iter().find(|entry| entry.key.0 == key)?;
    let value: Text = serde_json::from_str(entry.value?.get()).ok()?;
    Some(value.0)
}

fn refunds_line(meta: &[Meta<'_>]) -> Option<u64> {
    first(meta, "_refunded_item_id")?.trim().parse().ok()
}

/// What a shopper chose on the line, as it is shown to people; HTML entities stay as the shop wrote them.
fn attributes(meta: &[Meta<'_>]) -> Vec<(String, String)> {
    meta.iter()
        .filter(|entry| !entry.key.0.starts_with('_'))
        .filter_map(|entry| {
            let value = entry.display_value.or(entry.value)?;
            let value: String = serde_json::from_str(value.get()).ok()?;
            let label = entry
                .display_key
                .and_then(|key| serde_json::from_str(key.get()).ok())
                .unwrap_or_else(|| entry.key.0.clone());
            Some((label, value))
        })
        .collect()
}

/// Parses, and on trouble says where it is and what is wrong there.
pub(super) fn parse<'a, T: Deserialize<'a>>(raw: &'a str) -> Result<T, (String, String)> {
    if raw.len() > ROW_MAX {
        let said = format!("is larger than {} MB", ROW_MAX / 1_000_000);
        return Err((".".to_owned(), said));
    }
    // Nearly every record is as it should be. To know at each step where one is costs more than to read again the few that are not.
    if let Ok(read) = serde_json::from_str(raw) {
        return Ok(read);
    }
    let mut json = serde_json::Deserializer::from_str(raw);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        complaint(path, &error.into_inner().to_string())
    })
}

/// Keeps of the parser's words only those that are ours: in between it quotes what it found, which may be a name.
fn complaint(path: String, words: &str) -> (String, String) {
    let words = words
        .rsplit_once(" at line ")
        .map_or(words, |(words, _)| words);
    if let Some(field) = words
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        let path = if path == "." {
            field.to_owned()
        } else {
            format!("{path}.{field}")
        };
        return (path, "is missing".to_owned());
    }
    let said = match words.rsplit_once(", expected ") {
        Some((_, expected)) => match expected {
            "u64" => "is not an id".to_owned(),
            "a boolean" => "is neither true nor false".to_owned(),
            other if other.starts_with("struct") => "is not an object".to_owned(),
            other => format!("is not {other}"),
        },
        None if words.starts_with("is ") => words.to_owned(),
        None => "could not be read".to_owned(),
    };
    (path, said)
}

/// What a record is known by. Whatever stands in its other fields is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RecordIdentity<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    number: Option<&'a RawValue>,
    #[serde(borrow)]
    date_modified_gmt: Option<&'a RawValue>,
}

/// A record that cannot be read, with as much of its identity as can.
pub(super) fn odd(raw: &str, path: String, said: String) -> Odd {
    let text = whole_letters(raw);
    let known: RecordIdentity<'_> = serde_json::from_str(&text).unwrap_or_default();
    let value = |part: Option<&RawValue>| -> Value {
        part.filter(|part| part.get().len() <= IDENTITY_MAX)
            .and_then(|part| serde_json::from_str(part.get()).ok())
            .unwrap_or_default()
    };
    Odd {
        id: match value(known.id) {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        },
        number: match value(known.number) {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        },
        changed_at: value(known.date_modified_gmt).as_str().and_then(read_time),
        path,
        said,
    }
}

/// What is longer names nothing.
const IDENTITY_MAX: usize = 1_000;

/// The record with a replacement in the place of every half of a surrogate pair: such a half is no letter, and a text that has one
/// can be neither read nor stored. PHP writes it where a plugin cut an emoji in two.
pub(super) fn whole_letters(raw: &str) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    // `\uD83D`: the value of the escape that begins here.
    let escape = |at: usize| escaped_unit(bytes, at);
    let mut mended = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        at += found;
        at += match escape(at) {
            Some(0xD800..=0xDBFF) if matches!(escape(at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(&raw[kept..at]);
                mended.push_str("\\ufffd");
                kept = at + 6;
                6
            }
            Some(_) => 6,
            // Two bytes belong together; what comes after a backslash at the end is for the parser to refuse.
            None => 2,
        };
        if at >= bytes.len() {
            break;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(raw);
    }
    mended.push_str(&raw[kept..]);
    Cow::Owned(mended)
}

/// The order and the time of a row in the shop-wide list of refunds.
pub(super) fn refund_row(raw: &str) -> (Option<u64>, Option<DateTime<Utc>>) {
    let row: WireRefundRow = serde_json::from_str(raw).unwrap_or_default();
    (row.parent_id.0, row.date_created_gmt.0)
}
