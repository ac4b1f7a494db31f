//! The section `[books]`: the accountant's rules as the shop sets them.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use super::hide::quoted;
use super::products::read_products;
use super::reader::{Reader, Section};
use super::shop::status_slug;
use super::values::{
    Read, amount, currency, exchange_rate, flag, name_or_id, seen, text, timezone, word, wrong,
};
use crate::model::money::Money;
use crate::model::near::nearest;
use crate::model::rules::{
    AmountOnlyRefund, CancelledInvoice, ClosedPeriod, CustomersUpdate, Discounts, EditAfterPosting,
    FullRefundWithoutLines, GatewayFees, Guest, Policy, Rules, SalesDate, StatusMeaning,
    TaxCodeRule, TaxRules, ZeroTotal,
};

/// Longer ones leave too little of the 21 characters that a document number can have.
const PREFIX_MAX: usize = 8;

/// The items that every shop needs, and what they are called if the shop does not say.
const ITEMS: [(&str, &str); 6] = [
    ("shipping", "Shipping"),
    ("fee", "Fee"),
    ("discount", "Discount"),
    ("rounding", "Rounding differences"),
    ("refund_adjustment", "Refund adjustment"),
    ("deleted_product", "Deleted product"),
];

/// The keys of these items.
pub const ITEM_KEYS: [&str; 6] = [
    ITEMS[0].0, ITEMS[1].0, ITEMS[2].0, ITEMS[3].0, ITEMS[4].0, ITEMS[5].0,
];

pub(super) fn read_rules<'t>(
    reader: &mut Reader<'t>,
    root: &Section<'t>,
    shop_name: &str,
) -> Rules {
    let keys = [
        "timezone",
        "number_prefix",
        "income_account",
        "gateway_fees",
        "items",
        "deposit",
        "payment_methods",
        "tax",
        "products",
        "policy",
    ];
    let section = reader.section(root, "books", &keys);
    let timezone = reader.or(&section, "timezone", "\"America/Edmonton\"", timezone);
    let number_prefix = reader.or(&section, "number_prefix", "\"WC-\"", prefix);
    let income = "\"Sales of Product Income\"";
    let income_account = reader.or(&section, "income_account", income, text);
    let gateway_fees = reader.get(&section, "gateway_fees", text);
    let items = read_items(reader, &section);
    let deposit = reader.free_section(&section, "deposit");
    let deposit = reader.entries(&deposit, deposit_key, text);
    let payment_methods = reader.free_section(&section, "payment_methods");
    let payment_methods = reader.entries(&payment_methods, name_key, text);
    let tax = read_tax(reader, &section);
    let products = read_products(reader, &section);
    let policy = read_policy(reader, &section, &items);
    Rules {
        store: shop_name.to_owned(),
        timezone,
        number_prefix,
        income_account,
        gateway_fees,
        items,
        deposit,
        payment_methods,
        tax,
        products,
        policy,
    }
}

fn prefix(value: &DeValue) -> Read<String> {
    let Some(prefix) = value.as_str() else {
        return text(value);
    };
    if prefix.chars().count() > PREFIX_MAX || prefix.contains(char::is_control) {
        return wrong(
            format!(
                "must have at most {PREFIX_MAX} characters, not {}",
                seen(value)
            ),
            Some("a document number has room for 21, and the order's number follows".to_owned()),
        );
    }
    Ok(prefix.to_owned())
}

/// A key of the shop's own choice.
fn name_key(key: &str) -> Read<String> {
    text(&DeValue::String(key.into()))
}

fn read_items<'t>(reader: &mut Reader<'t>, books: &Section<'t>) -> BTreeMap<String, String> {
    let section = reader.free_section(books, "items");
    let mut items = reader.entries(&section, name_key, text);
    for (key, name) in ITEMS {
        if section.value(key).is_none() {
            reader.note_default(&section, key, name);
        }
        items
            .entry(key.to_owned())
            .or_insert_with(|| name.to_owned());
    }
    items
}

/// `stripe`, `stripe:USD`, `*:USD` or `*`.
fn deposit_key(key: &str) -> Read<String> {
    let (gateway, code) = match key.trim().split_once(':') {
        Some((gateway, code)) => (gateway.trim(), Some(code.trim())),
        None => (key.trim(), None),
    };
    if gateway.is_empty() {
        let hint = "write `stripe`, `stripe:USD`, `\"*:USD\"` or `\"*\"`".to_owned();
        return wrong("must begin with a payment method", Some(hint));
    }
    match code {
        Some(code) => Ok(format!("{}:{}", name_key(gateway)?, currency(code)?)),
        None => name_key(gateway),
    }
}

fn read_tax<'t>(reader: &mut Reader<'t>, books: &Section<'t>) -> TaxRules {
    let keys = [
        "codes",
        "rates",
        "no_tax_code",
        "export_code",
        "vat_exempt_code",
        "us_txn_tax_code",
    ];
    let section = reader.section(books, "tax", &keys);
    let rates = reader.free_section(&section, "rates");
    TaxRules {
        codes: read_tax_codes(reader, &section),
        rates: reader.entries(&rates, name_key, text),
        no_tax_code: reader.get(&section, "no_tax_code", text),
        export_code: reader.get(&section, "export_code", text),
        vat_exempt_code: reader.get(&section, "vat_exempt_code", text),
        us_txn_tax_code: reader.get(&section, "us_txn_tax_code", text),
    }
}

fn read_tax_codes<'t>(reader: &mut Reader<'t>, tax: &Section<'t>) -> Vec<TaxCodeRule> {
    let mut codes: Vec<TaxCodeRule> = Vec::new();
    for section in reader.sections(tax, "codes", &["woo", "code"]) {
        let woo = reader.list(&section, "woo", name_or_id);
        let code = reader.require(&section, "code", "\"GST\"", text);
        let Some(value) = section.value("woo") else {
            let message = format!("{} needs `woo`", section.heading());
            let hint = "write `woo = [\"GST-CA\"]`: the rates that a line carries".to_owned();
            reader.complain_of_missing(&section, message, hint);
            continue;
        };
        let set = |rule: &[String]| rule.iter().cloned().collect::<BTreeSet<String>>();
        let Some(woo) = woo else { continue };
        let names: Vec<&str> = woo.iter().map(String::as_str).collect();
        let names = names.join(" + ");
        if value
            .get_ref()
            .as_array()
            .is_some_and(|list| list.is_empty())
        {
            let message = format!("`{}` names no rate", section.full("woo"));
            let hint = "for lines without tax set `no_tax_code` in `[books.tax]`".to_owned();
            reader.complain(value.span(), message, Some(hint));
        } else if set(&woo).len() < woo.len() {
            let message = format!("`{}` names a rate twice", section.full("woo"));
            reader.complain(value.span(), message, Some("take one out".to_owned()));
        } else if let Some(first) = codes.iter().find(|rule| set(&rule.woo) == set(&woo)) {
            let message = format!(
                "`{}` repeats {}, which already has the code {}",
                section.full("woo"),
                quoted(&names),
                quoted(&first.code)
            );
            let hint = "a set of rates has one code: take one rule out".to_owned();
            reader.complain(value.span(), message, Some(hint));
        }
        codes.push(TaxCodeRule {
            woo,
            code: code.unwrap_or_default(),
        });
    }
    codes
}

fn read_policy<'t>(
    reader: &mut Reader<'t>,
    books: &Section<'t>,
    items: &BTreeMap<String, String>,
) -> Policy {
    let keys = [
        "discounts",
        "invoice_gateways",
        "status_map",
        "zero_total",
        "amount_only_refund",
        "full_refund_without_lines",
        "cancelled_invoice",
        "cancelled_sales_receipt",
        "closed_period",
        "rounding_max",
        "guest",
        "customers_update",
        "gateway_fees",
        "sales_date",
        "edit_after_posting",
        "fee_items",
        "negative_fee_item",
        "exchange_rates",
        "customer_note",
        "fee_meta",
    ];
    let section = &reader.section(books, "policy", &keys);
    // There is one word for it: a sale that was paid is never taken back by a status.
    let flagged = word(&["flag"], |typed| (typed == "flag").then_some(()));
    reader.or(section, "cancelled_sales_receipt", "\"flag\"", flagged);

    macro_rules! chosen {
        ($kind:ident, $key:literal, $default:literal) => {
            reader.or(
                section,
                $key,
                $default,
                word($kind::WORDS, $kind::from_word),
            )
        };
    }
    let policy = Policy {
        discounts: chosen!(Discounts, "discounts", "\"net\""),
        invoice_gateways: read_invoice_gateways(reader, section),
        status_map: {
            let statuses = reader.free_section(section, "status_map");
            let meaning = word(StatusMeaning::WORDS, StatusMeaning::from_word);
            reader.entries(&statuses, status_slug, meaning)
        },
        zero_total: chosen!(ZeroTotal, "zero_total", "\"post\""),
        amount_only_refund: chosen!(AmountOnlyRefund, "amount_only_refund", "\"no_tax\""),
        full_refund_without_lines: chosen!(
            FullRefundWithoutLines,
            "full_refund_without_lines",
            "\"mirror\""
        ),
        cancelled_invoice: chosen!(CancelledInvoice, "cancelled_invoice", "\"void\""),
        closed_period: chosen!(ClosedPeriod, "closed_period", "\"hold\""),
        rounding_max: {
            let limits = Money::ZERO..=Money::cents(100);
            reader.or(section, "rounding_max", "\"0.05\"", amount(limits))
        },
        guest: chosen!(Guest, "guest", "\"per_email\""),
        customers_update: chosen!(CustomersUpdate, "customers_update", "\"off\""),
        gateway_fees: chosen!(GatewayFees, "gateway_fees", "\"off\""),
        sales_date: chosen!(SalesDate, "sales_date", "\"date_paid\""),
        edit_after_posting: chosen!(EditAfterPosting, "edit_after_posting", "\"update\""),
        fee_items: {
            let fees = reader.free_section(section, "fee_items");
            let folded = |name: &str| name_key(name).map(|name| name.to_lowercase());
            reader.entries(&fees, folded, |value| item_key(value, items))
        },
        negative_fee_item: reader.or(section, "negative_fee_item", "\"discount\"", |value| {
            item_key(value, items)
        }),
        exchange_rates: {
            let rates = reader.free_section(section, "exchange_rates");
            reader.entries(&rates, currency, exchange_rate)
        },
        customer_note: reader.or(section, "customer_note", "false", flag),
        fee_meta: reader.list_or_none(section, "fee_meta", text),
    };
    complain_of_homeless_fees(reader, books, section, &policy);
    policy
}

fn read_invoice_gateways<'t>(reader: &mut Reader<'t>, section: &Section<'t>) -> BTreeSet<String> {
    match reader.list(section, "invoice_gateways", text) {
        Some(gateways) => gateways.into_iter().collect(),
        None => {
            let gateways = Policy::default().invoice_gateways;
            if section.value("invoice_gateways").is_none() {
                let names: Vec<&str> = gateways.iter().map(String::as_str).collect();
                reader.note_default(section, "invoice_gateways", names.join(", "));
            }
            gateways
        }
    }
}

/// A key of `[books.items]`.
fn item_key(value: &DeValue, items: &BTreeMap<String, String>) -> Read<String> {
    let key = text(value)?;
    if items.contains_key(&key) {
        return Ok(key);
    }
    let hint = match nearest(&key, items.keys().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add `{key} = \"…\"` to `[books.items]`, with the name of the item"),
    };
    wrong(
        format!("must be a key of `[books.items]`, not {}", seen(value)),
        Some(hint),
    )
}

/// Fees that are booked need an account, and only the shop knows which.
fn complain_of_homeless_fees<'t>(
    reader: &mut Reader<'t>,
    books: &Section<'t>,
    section: &Section<'t>,
    policy: &Policy,
) {
    let is_homeless =
        policy.gateway_fees == GatewayFees::Expense && books.value("gateway_fees").is_none();
    if let Some(value) = section.value("gateway_fees").filter(|_| is_homeless) {
        let message =
            "`books.policy.gateway_fees` is `expense`, but no account is named".to_owned();
        let hint = "write `gateway_fees = \"Merchant Fees\"` under `[books]`".to_owned();
        reader.complain(value.span(), message, Some(hint));
    }
}
