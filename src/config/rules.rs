//! The section `[books]`: the accountant's rules as the shop sets them.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use super::hide::quoted;
use super::products::read_products;
use super::reader::{ConfigReader, ConfigSection};
use super::shop::status_slug;
use super::table::{SettingSection, setting_section};
use super::values::{
    ReadValue, amount, currency, day, exchange_rate, flag, name_or_id, seen, text, timezone, word,
    wrong,
};
use crate::model::money::Money;
use crate::model::near::nearest;
use crate::model::rules::{
    AmountOnlyRefund, CancelledInvoice, ClosedPeriod, CustomersUpdate, Discounts, EditAfterPosting,
    FullRefundWithoutLines, GatewayFees, Guest, PayoutRules, Policy, Rules, SalesDate,
    StatusMeaning, TaxCodeRule, TaxRules, UndoPolicy, ZeroTotal,
};

/// Longer ones leave too little of the 21 characters that a document number can have.
const PREFIX_MAX: usize = 8;

/// The keys of the items that every shop needs.
pub fn item_keys() -> Vec<&'static str> {
    let items = setting_section("books.items");
    let rows = items.into_iter().flat_map(SettingSection::rows);
    rows.map(|row| row.key).collect()
}

pub(super) fn read_rules<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
    shop_name: &str,
) -> Rules {
    let section = reader.section(root, "books");
    // Until the shop is asked, and for good in books that were begun before it was.
    let timezone = reader.or_else(&section, "timezone", "\"America/Edmonton\"", timezone);
    let number_prefix = reader.or(&section, "number_prefix", prefix);
    let income_account = reader.or(&section, "income_account", text);
    let gateway_fees = reader.get(&section, "gateway_fees", text);
    let items = read_items(reader, &section);
    let deposit = reader.section(&section, "deposit");
    let deposit = reader.entries(&deposit, deposit_key, text);
    let payment_methods = reader.section(&section, "payment_methods");
    let payment_methods = reader.entries(&payment_methods, name_key, text);
    let tax = read_tax(reader, &section);
    let products = read_products(reader, &section);
    let payouts = read_payouts(reader, &section);
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
        payouts,
        policy,
    }
}

fn prefix(value: &DeValue) -> ReadValue<String> {
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
fn name_key(key: &str) -> ReadValue<String> {
    text(&DeValue::String(key.into()))
}

fn read_items<'t>(
    reader: &mut ConfigReader<'t>,
    books: &ConfigSection<'t>,
) -> BTreeMap<String, String> {
    let section = reader.section(books, "items");
    let mut items = reader.entries(&section, name_key, text);
    for key in item_keys() {
        let name = match section.value(key) {
            None => reader.or(&section, key, text),
            // It is complained of where it could not be read; what names it is no mistake too.
            Some(_) => String::new(),
        };
        items.entry(key.to_owned()).or_insert(name);
    }
    items
}

/// `stripe`, `stripe:USD`, `*:USD` or `*`.
fn deposit_key(key: &str) -> ReadValue<String> {
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

fn read_payouts<'t>(reader: &mut ConfigReader<'t>, books: &ConfigSection<'t>) -> PayoutRules {
    let section = reader.section(books, "payouts");
    let vendors = reader.section(&section, "vendors");
    PayoutRules {
        bank: reader.get(&section, "bank", text),
        disputes: reader.get(&section, "disputes", text),
        reserves: reader.get(&section, "reserves", text),
        adjustments: reader.get(&section, "adjustments", text),
        other_sites: reader.get(&section, "other_sites", text),
        start_date: reader.get(&section, "start_date", day),
        create_vendors: reader.or(&section, "create_vendors", flag),
        vendors: reader.entries(&vendors, name_key, text),
    }
}

fn read_tax<'t>(reader: &mut ConfigReader<'t>, books: &ConfigSection<'t>) -> TaxRules {
    let section = reader.section(books, "tax");
    let rates = reader.section(&section, "rates");
    TaxRules {
        codes: read_tax_codes(reader, &section),
        rates: reader.entries(&rates, name_key, text),
        no_tax_code: reader.get(&section, "no_tax_code", text),
        export_code: reader.get(&section, "export_code", text),
        vat_exempt_code: reader.get(&section, "vat_exempt_code", text),
        us_txn_tax_code: reader.get(&section, "us_txn_tax_code", text),
    }
}

fn read_tax_codes<'t>(reader: &mut ConfigReader<'t>, tax: &ConfigSection<'t>) -> Vec<TaxCodeRule> {
    let mut codes: Vec<TaxCodeRule> = Vec::new();
    for section in reader.sections(tax, "codes") {
        let woo = reader.list(&section, "woo", name_or_id);
        let code = reader.require(&section, "code", text);
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
    reader: &mut ConfigReader<'t>,
    books: &ConfigSection<'t>,
    items: &BTreeMap<String, String>,
) -> Policy {
    let section = &reader.section(books, "policy");
    // There is one word for it: a sale that was paid is never taken back by a status.
    let flagged = word(&["flag"], |typed| (typed == "flag").then_some(()));
    reader.or(section, "cancelled_sales_receipt", flagged);
    let limits = Money::ZERO..=Money::cents(100);
    let statuses = reader.section(section, "status_map");
    let meaning = word(StatusMeaning::WORDS, StatusMeaning::from_word);
    let fees = reader.section(section, "fee_items");
    let folded = |name: &str| name_key(name).map(|name| name.to_lowercase());
    let rates = reader.section(section, "exchange_rates");

    /// A choice of words.
    macro_rules! chosen {
        ($kind:ident, $key:literal) => {
            reader.or(section, $key, word($kind::WORDS, $kind::from_word))
        };
    }
    let policy = Policy {
        discounts: chosen!(Discounts, "discounts"),
        invoice_gateways: reader
            .list_or(section, "invoice_gateways", text)
            .into_iter()
            .collect(),
        status_map: reader.entries(&statuses, status_slug, meaning),
        zero_total: chosen!(ZeroTotal, "zero_total"),
        amount_only_refund: chosen!(AmountOnlyRefund, "amount_only_refund"),
        full_refund_without_lines: chosen!(FullRefundWithoutLines, "full_refund_without_lines"),
        cancelled_invoice: chosen!(CancelledInvoice, "cancelled_invoice"),
        closed_period: chosen!(ClosedPeriod, "closed_period"),
        rounding_max: reader.or(section, "rounding_max", amount(limits)),
        guest: chosen!(Guest, "guest"),
        customers_update: chosen!(CustomersUpdate, "customers_update"),
        gateway_fees: chosen!(GatewayFees, "gateway_fees"),
        sales_date: chosen!(SalesDate, "sales_date"),
        edit_after_posting: chosen!(EditAfterPosting, "edit_after_posting"),
        undo: chosen!(UndoPolicy, "undo"),
        fee_items: reader.entries(&fees, folded, |value| item_key(value, items)),
        negative_fee_item: reader.or(section, "negative_fee_item", |value| item_key(value, items)),
        exchange_rates: reader.entries(&rates, currency, exchange_rate),
        customer_note: reader.or(section, "customer_note", flag),
        fee_meta: reader.list_or(section, "fee_meta", text),
    };
    complain_of_homeless_fees(reader, books, section, &policy);
    policy
}

/// A key of `[books.items]`.
fn item_key(value: &DeValue, items: &BTreeMap<String, String>) -> ReadValue<String> {
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
    reader: &mut ConfigReader<'t>,
    books: &ConfigSection<'t>,
    section: &ConfigSection<'t>,
    policy: &Policy,
) {
    let is_homeless =
        policy.gateway_fees != GatewayFees::Off && books.value("gateway_fees").is_none();
    if let Some(value) = section.value("gateway_fees").filter(|_| is_homeless) {
        let word = match policy.gateway_fees {
            GatewayFees::Bill | GatewayFees::Payout => policy.gateway_fees.as_str(),
            _ => "expense",
        };
        let message = format!("`books.policy.gateway_fees` is `{word}`, but no account is named");
        let hint = "write `gateway_fees = \"Merchant Fees\"` under `[books]`".to_owned();
        reader.complain(value.span(), message, Some(hint));
    }
}
