//! Orders for tests: from a shop's JSON, or built by hand.
//!
//! This reads only what the accountant looks at; the real connector is stricter.

use chrono::{DateTime, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::model::money::Money;
use crate::model::order::*;

pub fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// Reads an order and its refunds as the shop's REST API gives them.
pub fn order(json: &Value, refunds: &Value) -> Order {
    let billing = &json["billing"];
    Order {
        id: number(json, "id"),
        key: None,
        number: text(json, "number"),
        status: text(json, "status"),
        currency: text(json, "currency"),
        created_at: time(json, "date_created_gmt").expect("a creation date"),
        modified_at: time(json, "date_modified_gmt").expect("a modification date"),
        paid_at: time(json, "date_paid_gmt"),
        completed_at: time(json, "date_completed_gmt"),
        total: amount(json, "total"),
        total_tax: amount(json, "total_tax"),
        buyer: Buyer {
            account: id(json, "customer_id"),
            first_name: text(billing, "first_name"),
            last_name: text(billing, "last_name"),
            company: text(billing, "company"),
            email: text(billing, "email"),
            phone: text(billing, "phone"),
        },
        billing: address(billing),
        shipping: address(&json["shipping"]),
        payment_method: text(json, "payment_method"),
        payment_title: text(json, "payment_method_title"),
        transaction: text(json, "transaction_id"),
        customer_note: text(json, "customer_note"),
        vat_exempt: meta(json, "is_vat_exempt").as_deref() == Some("yes"),
        gateway_fee: gateway_fee(json),
        items: list(json, "line_items").map(item).collect(),
        shipping_lines: list(json, "shipping_lines").map(shipping).collect(),
        fees: list(json, "fee_lines").map(fee).collect(),
        tax_lines: list(json, "tax_lines").map(tax_line).collect(),
        coupons: list(json, "coupon_lines")
            .map(|coupon| text(coupon, "code"))
            .collect(),
        refunds: refunds
            .as_array()
            .into_iter()
            .flatten()
            .map(refund)
            .collect(),
    }
}

fn refund(json: &Value) -> Refund {
    Refund {
        id: number(json, "id"),
        created_at: time(json, "date_created_gmt").expect("a refund's date"),
        amount: amount(json, "amount"),
        reason: text(json, "reason"),
        through_gateway: json["refunded_payment"].as_bool().unwrap_or(false),
        items: list(json, "line_items").map(item).collect(),
        shipping_lines: list(json, "shipping_lines").map(shipping).collect(),
        fees: list(json, "fee_lines").map(fee).collect(),
        tax_lines: list(json, "tax_lines").map(tax_line).collect(),
    }
}

fn item(json: &Value) -> ItemLine {
    ItemLine {
        id: number(json, "id"),
        name: text(json, "name"),
        product_id: id(json, "product_id"),
        variation_id: id(json, "variation_id"),
        quantity: decimal(&json["quantity"]),
        subtotal: amount(json, "subtotal"),
        total: amount(json, "total"),
        total_tax: amount(json, "total_tax"),
        taxes: taxes(json),
        sku: json["sku"].as_str().map(str::to_owned),
        attributes: list(json, "meta_data")
            .filter(|meta| !text(meta, "key").starts_with('_'))
            .map(|meta| (text(meta, "display_key"), text(meta, "display_value")))
            .collect(),
        refunds_line: refunds_line(json),
    }
}

fn shipping(json: &Value) -> ShippingLine {
    ShippingLine {
        id: number(json, "id"),
        title: text(json, "method_title"),
        total: amount(json, "total"),
        total_tax: amount(json, "total_tax"),
        taxes: taxes(json),
        refunds_line: refunds_line(json),
    }
}

fn fee(json: &Value) -> FeeLine {
    FeeLine {
        id: number(json, "id"),
        name: text(json, "name"),
        total: amount(json, "total"),
        total_tax: amount(json, "total_tax"),
        taxes: taxes(json),
        refunds_line: refunds_line(json),
    }
}

fn tax_line(json: &Value) -> TaxLine {
    TaxLine {
        rate_id: number(json, "rate_id"),
        rate_code: text(json, "rate_code"),
        label: text(json, "label"),
        compound: json["compound"].as_bool().unwrap_or(false),
        percent: Some(decimal(&json["rate_percent"])),
        tax_total: amount(json, "tax_total"),
        shipping_tax_total: amount(json, "shipping_tax_total"),
    }
}

fn taxes(json: &Value) -> Vec<TaxShare> {
    list(json, "taxes")
        .map(|row| TaxShare {
            rate_id: number(row, "id"),
            total: Some(text(row, "total"))
                .filter(|total| !total.is_empty())
                .map(|total| money(&total)),
        })
        .collect()
}

fn gateway_fee(json: &Value) -> Option<GatewayFee> {
    const KEYS: [&str; 4] = [
        "_stripe_fee",
        "_wcpay_transaction_fee",
        "_paypal_transaction_fee",
        "PayPal Transaction Fee",
    ];
    let (key, amount) = KEYS.iter().find_map(|key| Some((*key, meta(json, key)?)))?;
    Some(GatewayFee {
        amount: amount.parse().ok()?,
        currency: (key == "_stripe_fee")
            .then(|| meta(json, "_stripe_currency"))
            .flatten(),
    })
}

fn refunds_line(json: &Value) -> Option<u64> {
    meta(json, "_refunded_item_id")?.parse().ok()
}

fn meta(json: &Value, key: &str) -> Option<String> {
    list(json, "meta_data")
        .find(|meta| meta["key"] == key)
        .and_then(|meta| meta["value"].as_str())
        .map(str::to_owned)
}

fn address(json: &Value) -> Address {
    Address {
        line_1: text(json, "address_1"),
        line_2: text(json, "address_2"),
        city: text(json, "city"),
        state: text(json, "state"),
        postcode: text(json, "postcode"),
        country: text(json, "country"),
    }
}

fn list<'a>(json: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    json[key].as_array().into_iter().flatten()
}

fn text(json: &Value, key: &str) -> String {
    json[key].as_str().unwrap_or_default().to_owned()
}

fn number(json: &Value, key: &str) -> u64 {
    json[key].as_u64().expect("a number")
}

fn id(json: &Value, key: &str) -> Option<u64> {
    json[key].as_u64().filter(|id| *id != 0)
}

fn amount(json: &Value, key: &str) -> Money {
    match &json[key] {
        Value::String(text) if !text.is_empty() => money(text),
        _ => Money::ZERO,
    }
}

fn decimal(json: &Value) -> Decimal {
    json.to_string().parse().unwrap_or_default()
}

fn time(json: &Value, key: &str) -> Option<DateTime<Utc>> {
    let text = json[key].as_str()?;
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").expect("a time");
    Some(naive.and_utc())
}

/// An order of one line: goods of 100.00 with GST, paid by card at noon of 10 April in Edmonton.
pub fn paid_order(id: u64) -> Order {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
    let mut order = Order {
        key: None,
        id,
        number: id.to_string(),
        status: "processing".into(),
        currency: "CAD".into(),
        created_at: at("2025-04-10T18:00:00Z"),
        modified_at: at("2025-04-10T18:01:00Z"),
        paid_at: Some(at("2025-04-10T18:01:00Z")),
        completed_at: None,
        total: Money::ZERO,
        total_tax: Money::ZERO,
        buyer: Buyer {
            account: Some(7),
            first_name: "Jane".into(),
            last_name: "Doe".into(),
            email: "jane.doe@example.com".into(),
            ..Buyer::default()
        },
        billing: Address {
            country: "CA".into(),
            ..Address::default()
        },
        shipping: Address::default(),
        payment_method: "stripe".into(),
        payment_title: "Card".into(),
        transaction: "ch_1".into(),
        customer_note: String::new(),
        vat_exempt: false,
        gateway_fee: None,
        items: vec![goods(11, "TOTE", "100.00", &[(1, "5.00")])],
        shipping_lines: Vec::new(),
        fees: Vec::new(),
        tax_lines: Vec::new(),
        coupons: Vec::new(),
        refunds: Vec::new(),
    };
    add_up(&mut order);
    order
}

/// The same, on account: neither paid nor sent.
pub fn owed_order(id: u64) -> Order {
    let mut order = paid_order(id);
    order.status = "on-hold".into();
    order.payment_method = "bacs".into();
    order.paid_at = None;
    order
}

pub fn pay(order: &mut Order, time: &str) {
    order.status = "processing".into();
    order.paid_at = Some(time.parse().expect("a time"));
}

pub fn goods(id: u64, sku: &str, total: &str, taxes: &[(u64, &str)]) -> ItemLine {
    ItemLine {
        id,
        name: format!("Product {sku}"),
        product_id: Some(500 + id),
        variation_id: None,
        quantity: Decimal::ONE,
        subtotal: money(total),
        total: money(total),
        total_tax: sum_of(taxes),
        taxes: shares(taxes),
        sku: Some(sku.to_owned()),
        attributes: Vec::new(),
        refunds_line: None,
    }
}

pub fn sent(id: u64, total: &str, taxes: &[(u64, &str)]) -> ShippingLine {
    ShippingLine {
        id,
        title: "Courier".into(),
        total: money(total),
        total_tax: sum_of(taxes),
        taxes: shares(taxes),
        refunds_line: None,
    }
}

pub fn extra(id: u64, name: &str, total: &str, taxes: &[(u64, &str)]) -> FeeLine {
    FeeLine {
        id,
        name: name.to_owned(),
        total: money(total),
        total_tax: sum_of(taxes),
        taxes: shares(taxes),
        refunds_line: None,
    }
}

/// A refund of an amount without rows, made on the 15th of April.
pub fn refund_of(id: u64, amount: &str) -> Refund {
    Refund {
        id,
        created_at: "2025-04-15T17:00:00Z".parse().expect("a time"),
        amount: money(amount),
        reason: String::new(),
        through_gateway: true,
        items: Vec::new(),
        shipping_lines: Vec::new(),
        fees: Vec::new(),
        tax_lines: Vec::new(),
    }
}

/// Gives a line back as far as `total` and `taxes` say, which are negative.
pub fn give_back(
    refund: &mut Refund,
    line: &ItemLine,
    quantity: i64,
    total: &str,
    taxes: &[(u64, &str)],
) {
    refund.items.push(ItemLine {
        id: refund.id * 10 + refund.items.len() as u64,
        quantity: Decimal::from(quantity),
        subtotal: money(total),
        total: money(total),
        total_tax: sum_of(taxes),
        taxes: shares(taxes),
        refunds_line: Some(line.id),
        ..line.clone()
    });
    refund.tax_lines = tax_lines(
        refund.items.iter().flat_map(|line| &line.taxes),
        refund.shipping_lines.iter().flat_map(|line| &line.taxes),
    );
}

/// Lets the tax lines and the totals follow the lines, as a shop does that rounds tax line by line.
pub fn add_up(order: &mut Order) {
    order.tax_lines = tax_lines(
        order
            .items
            .iter()
            .flat_map(|line| &line.taxes)
            .chain(order.fees.iter().flat_map(|line| &line.taxes)),
        order.shipping_lines.iter().flat_map(|line| &line.taxes),
    );
    order.total_tax = order.tax_lines.iter().map(TaxLine::total).sum();
    order.total = order.items.iter().map(|line| line.total).sum::<Money>()
        + order.shipping_lines.iter().map(|line| line.total).sum()
        + order.fees.iter().map(|line| line.total).sum()
        + order.total_tax;
}

fn tax_lines<'a>(
    on_goods: impl Iterator<Item = &'a TaxShare>,
    on_shipping: impl Iterator<Item = &'a TaxShare>,
) -> Vec<TaxLine> {
    let mut lines: Vec<TaxLine> = Vec::new();
    let both = on_goods.map(|share| (share, false));
    for (share, is_shipping) in both.chain(on_shipping.map(|share| (share, true))) {
        let Some(total) = share.total else { continue };
        let at = lines
            .iter()
            .position(|line| line.rate_id == share.rate_id)
            .unwrap_or_else(|| {
                lines.push(TaxLine {
                    rate_id: share.rate_id,
                    rate_code: format!("RATE-{}", share.rate_id),
                    label: "Tax".into(),
                    compound: false,
                    percent: None,
                    tax_total: Money::ZERO,
                    shipping_tax_total: Money::ZERO,
                });
                lines.len() - 1
            });
        if is_shipping {
            lines[at].shipping_tax_total += total.rounded();
        } else {
            lines[at].tax_total += total.rounded();
        }
    }
    lines
}

fn shares(taxes: &[(u64, &str)]) -> Vec<TaxShare> {
    taxes
        .iter()
        .map(|(rate_id, total)| TaxShare {
            rate_id: *rate_id,
            total: (!total.is_empty()).then(|| money(total)),
        })
        .collect()
}

fn sum_of(taxes: &[(u64, &str)]) -> Money {
    shares(taxes).iter().filter_map(|share| share.total).sum()
}
