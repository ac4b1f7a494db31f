//! The golden cases: a configuration, a shop's order, and the documents that must come of it.
//!
//! Everything that a case expects is compared, but for what only a ledger knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::ledger::{Booked, Ledger, company};
use super::shop::{self, money};
use crate::books::OrderAccount;
use crate::model::company::TaxModel;
use crate::model::document::{Document, DocumentKind, Line, LineKind};
use crate::model::names::{NameKind, NameParts};
use crate::model::rules::*;

#[test]
fn the_golden_cases_come_out_to_the_cent() {
    let cases = cases();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let name = case["name"].as_str().expect("a name");
            check(case).err().map(|why| format!("{name}: {why}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_case_fails_when_any_of_its_figures_is_off_by_a_cent() {
    let mut changed = 0;
    for case in cases() {
        for place in figures(&case["expect"], String::new()) {
            let mut wrong = case.clone();
            let figure = wrong["expect"].pointer_mut(&place).expect("a figure");
            let cent: Decimal = "0.01".parse().expect("a cent");
            let value: Decimal = figure
                .as_str()
                .and_then(|text| text.parse().ok())
                .expect("a figure");
            *figure = json!((value + cent).to_string());
            assert!(check(&wrong).is_err(), "{} {place}", case["name"]);
            changed += 1;
        }
    }
    assert!(changed > 200, "only {changed} figures");
}

/// The places of all figures in what a case expects.
fn figures(value: &Value, place: String) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| figures(value, format!("{place}/{key}")))
            .collect(),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .flat_map(|(at, value)| figures(value, format!("{place}/{at}")))
            .collect(),
        Value::String(text) if text.parse::<Decimal>().is_ok() => vec![place],
        _ => Vec::new(),
    }
}

fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("a readable case");
            serde_json::from_str(&text).expect("a case in JSON")
        })
        .collect()
}

fn check(case: &Value) -> Result<(), String> {
    let mut ledger = ledger(&case["config"]);
    let shop = &case["woocommerce"];
    for earlier in shop["earlier"].as_array().into_iter().flatten() {
        ledger.post(&shop::order(&earlier["order"], &earlier["refunds"]));
    }
    let account = ledger.post(&shop::order(&shop["order"], &shop["refunds"]));
    super::explained::adds_up(&ledger.posted(), &ledger.rules)?;
    let expect = &case["expect"];
    if let Some(error) = expect.get("error") {
        return check_error(error, &account, &ledger);
    }
    if let Some(skipped) = expect.get("skipped") {
        let skip = account.skip.map(|reason| reason.code);
        return same("skipped", skipped, &json!(skip));
    }
    if let Some(held) = account.holds.first() {
        return Err(format!("held: {:?}", held.reason));
    }
    let warnings: BTreeSet<&str> = account
        .warnings
        .iter()
        .chain(account.entries.iter().flat_map(|entry| &entry.warnings))
        .map(|reason| reason.code.as_str())
        .collect();
    let expected: BTreeSet<&str> = expect["warnings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if warnings != expected {
        return Err(format!("warnings {warnings:?}, expected {expected:?}"));
    }
    let postings: Vec<Value> = ledger.booked.iter().map(posting).collect();
    same("postings", &expect["postings"], &json!(postings))
}

fn check_error(error: &Value, account: &OrderAccount, ledger: &Ledger) -> Result<(), String> {
    let held = account.holds.first().ok_or("nothing is held")?;
    same("error.code", &error["code"], &json!(held.reason.code))?;
    let contains = error["contains"].as_str().unwrap_or_default();
    if !held.reason.message.contains(contains) {
        return Err(format!("`{}` lacks `{contains}`", held.reason.message));
    }
    if held.reason.hint.is_none() {
        return Err("the hold has no hint".into());
    }
    if ledger.booked.is_empty() {
        Ok(())
    } else {
        Err("something was posted".into())
    }
}

/// Compares what is expected with what is there: figures as decimals, and only the keys that are expected.
fn same(place: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(_)) => expected
            .iter()
            .try_for_each(|(key, value)| same(&format!("{place}.{key}"), value, &actual[key])),
        (Value::Array(expected), Value::Array(actual)) => {
            if expected.len() != actual.len() {
                return Err(format!(
                    "{place}: {} expected, {} there",
                    expected.len(),
                    actual.len()
                ));
            }
            expected
                .iter()
                .zip(actual)
                .enumerate()
                .try_for_each(|(at, (expected, actual))| {
                    same(&format!("{place}[{at}]"), expected, actual)
                })
        }
        (Value::String(expected), Value::String(actual)) if is_same(expected, actual) => Ok(()),
        _ if expected == actual => Ok(()),
        _ => Err(format!("{place}: {expected} expected, {actual} there")),
    }
}

fn is_same(expected: &str, actual: &str) -> bool {
    match (expected.parse::<Decimal>(), actual.parse::<Decimal>()) {
        (Ok(expected), Ok(actual)) => expected == actual,
        _ => expected == actual,
    }
}

fn posting(booked: &Booked) -> Value {
    let document = &booked.document;
    let is_payment = document.kind == DocumentKind::Payment;
    let mut posting = json!({
        "entity": document.kind.as_str(),
        "state": if booked.voided { "voided" } else { "active" },
        "txn_date": document.date.to_string(),
        "currency": document.currency,
        "exchange_rate": document.exchange_rate.map(|rate| rate.to_string()),
        "customer": {"display_name": booked.customer, "action": booked.action},
        "total": document.total.to_string(),
        "tax_total": document.tax_total.to_string(),
        "tax_lines": document.tax.iter()
            .map(|tax| json!({"tax_rate": tax.rate, "amount": tax.amount.to_string()}))
            .collect::<Vec<_>>(),
        "txn_tax_code": document.document_tax_code,
        "lines": document.lines.iter().map(line).collect::<Vec<_>>(),
        "deposit_to": document.account,
        "pay_from": document.account,
        "payment_method": document.payment_method,
        "applies_to": applies_to(document),
    });
    let number = if is_payment {
        "payment_ref"
    } else {
        "doc_number"
    };
    posting[number] = json!(document.number);
    posting
}

fn applies_to(document: &Document) -> Vec<Value> {
    document
        .applies_to
        .iter()
        .map(|applied| {
            json!({
                "entity": applied.kind.as_str(),
                // A payment carries the number of the invoice that it settles.
                "doc_number": (applied.kind == DocumentKind::Invoice).then_some(&document.number),
                "amount": applied.amount.to_string(),
            })
        })
        .collect()
}

fn line(line: &Line) -> Value {
    let kind = match line.kind {
        LineKind::Item => "item",
        LineKind::Discount => "discount",
        LineKind::Shipping => "shipping",
        LineKind::Fee => "fee",
        LineKind::Rounding => "rounding",
        LineKind::GatewayFee => "gateway_fee",
        LineKind::Transfer | LineKind::PayoutShare => unreachable!("no order has such a line"),
    };
    json!({
        "kind": kind,
        "item_key": line.item.0,
        "amount": line.amount.to_string(),
        "tax_code": line.tax_code,
        "qty": line.quantity.map(|quantity| quantity.to_string()),
        "unit_price": line.unit_price.map(|price| price.to_string()),
    })
}

/// The books that a case describes.
fn ledger(config: &Value) -> Ledger {
    let mut ledger = Ledger::canadian();
    let word = |json: &Value| json.as_str().map(str::to_owned);
    let words = |json: &Value| -> Vec<String> {
        json.as_array()
            .into_iter()
            .flatten()
            .filter_map(word)
            .collect()
    };
    let pairs = |json: &Value| {
        json.as_object()
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), word(value)?)))
            .collect()
    };

    let rules = &mut ledger.rules;
    rules.number_prefix = word(&config["prefix"]).expect("a prefix");
    rules.timezone = word(&config["books_timezone"])
        .and_then(|zone| zone.parse().ok())
        .expect("a time zone");
    rules.gateway_fees = word(&config["accounts"]["gateway_fees"]);
    rules.deposit = pairs(&config["accounts"]["deposit"]);
    rules.payment_methods = pairs(&config["accounts"]["payment_method"]);
    let tax = &config["tax"];
    rules.tax = TaxRules {
        codes: tax["codes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|code| TaxCodeRule {
                woo: words(&code["woo_rates"]),
                code: word(&code["tax_code"]).expect("a tax code"),
            })
            .collect(),
        rates: pairs(&tax["rates"]),
        no_tax_code: word(&tax["no_tax_code"]),
        export_code: word(&tax["export_code"]),
        vat_exempt_code: word(&tax["vat_exempt_code"]),
        us_txn_tax_code: word(&tax["us_txn_tax_code"]),
    };
    for (key, value) in config["policy"].as_object().into_iter().flatten() {
        set_policy(&mut rules.policy, key, value);
    }

    let facts = &config["company"];
    ledger.company = crate::model::company::Company {
        country: word(&facts["country"]).expect("a country"),
        home_currency: word(&facts["home_currency"]).expect("a currency"),
        multicurrency: facts["multicurrency"].as_bool().expect("yes or no"),
        tax_model: match facts["tax_model"].as_str() {
            Some("global") => TaxModel::Global,
            Some("us_ast") => TaxModel::UsAst,
            Some("us_manual") => TaxModel::UsManual,
            other => panic!("no tax model {other:?}"),
        },
        closed_through: word(&facts["books_closed_through"])
            .map(|day| day.parse().expect("a closing date")),
        ..company()
    };
    for entry in facts["names_in_use"].as_array().into_iter().flatten() {
        let id = (ledger.names.people.len() + 1).to_string();
        let parts = NameParts {
            id: id.into(),
            kind: match entry["type"].as_str() {
                Some("Vendor") => NameKind::Vendor,
                Some("Employee") => NameKind::Employee,
                _ => NameKind::Customer,
            },
            display_name: word(&entry["display_name"]).expect("a name").into(),
            email: word(&entry["email"]).map(Into::into),
            currency: word(&entry["currency"])
                .unwrap_or_else(|| ledger.company.home_currency.clone())
                .into(),
            active: true,
            revision: "".into(),
        };
        ledger.names.add_person(parts.into());
    }
    ledger
}

fn set_policy(policy: &mut Policy, key: &str, value: &Value) {
    let word = value.as_str().unwrap_or_default();
    let entries = || {
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().expect("a word").to_owned()))
    };
    match key {
        "discounts" => policy.discounts = Discounts::from_word(word).expect(word),
        "invoice_gateways" => {
            policy.invoice_gateways = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|word| word.as_str().map(str::to_owned))
                .collect();
        }
        "status_map" => {
            policy.status_map = entries()
                .map(|(key, word)| (key, StatusMeaning::from_word(&word).expect("a meaning")))
                .collect();
        }
        "zero_total" => policy.zero_total = ZeroTotal::from_word(word).expect(word),
        "amount_only_refund" => {
            policy.amount_only_refund = AmountOnlyRefund::from_word(word).expect(word);
        }
        "full_refund_without_lines" => {
            policy.full_refund_without_lines = FullRefundWithoutLines::from_word(word).expect(word);
        }
        "cancelled_invoice" => {
            policy.cancelled_invoice = CancelledInvoice::from_word(word).expect(word);
        }
        "cancelled_sales_receipt" => assert_eq!(word, "flag"),
        "closed_period" => policy.closed_period = ClosedPeriod::from_word(word).expect(word),
        "rounding_max" => policy.rounding_max = money(word),
        "guest" => policy.guest = Guest::from_word(word).expect(word),
        "gateway_fees" => policy.gateway_fees = GatewayFees::from_word(word).expect(word),
        "sales_date" => policy.sales_date = SalesDate::from_word(word).expect(word),
        "edit_after_posting" => {
            policy.edit_after_posting = EditAfterPosting::from_word(word).expect(word);
        }
        "fee_items" => {
            policy.fee_items = entries()
                .map(|(name, item)| (name.to_lowercase(), item))
                .collect();
        }
        "negative_fee_item" => policy.negative_fee_item = word.to_owned(),
        "exchange_rates" => {
            policy.exchange_rates = entries()
                .map(|(currency, rate)| (currency, rate.parse().expect("a rate")))
                .collect();
        }
        other => panic!("no policy `{other}`"),
    }
}
