//! A clean month: shop and books agree to the cent, by the ledger of the company and not by what we believe of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use udsync_sandbox::demo::CleanMonth;

use crate::world::World;

fn decimal(value: &Value) -> Decimal {
    let text = value.as_str().map_or(value.to_string(), str::to_owned);
    text.parse().expect("an amount")
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Every order of the shop as it stands, with its refunds.
fn sold(world: &World) -> Vec<(Value, Vec<Value>)> {
    let whole = world.store("snapshot");
    let refunds = &whole["refunds"];
    list(&whole["orders"])
        .into_iter()
        .map(|order| {
            let given_back = list(&refunds[order["id"].to_string()]);
            (order, given_back)
        })
        .collect()
}

/// What gateways kept, as they wrote it into an order.
fn fee(order: &Value) -> Decimal {
    const NAMES: [&str; 3] = [
        "_stripe_fee",
        "PayPal Transaction Fee",
        "_wcpay_transaction_fee",
    ];
    let entries = list(&order["meta_data"]);
    let fees = entries
        .iter()
        .filter(|entry| NAMES.iter().any(|name| entry["key"] == *name));
    fees.map(|entry| decimal(&entry["value"])).sum()
}

#[test]
fn a_clean_month_comes_out_to_the_cent_in_the_companys_own_ledger() {
    let month = CleanMonth::of(7, 120);
    let world = World::of_month(&month);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert!(ran.problems().is_empty(), "{:?}", ran.problems());
    let found = world.books("ledger/check");
    assert_eq!(found["right"], true, "{found}");

    // What the shop says went through each account, in its currency: sales less what was given back and what was kept.
    let orders = sold(&world);
    assert_eq!(orders.len(), 120);
    let mut expected: BTreeMap<String, Decimal> = BTreeMap::new();
    let (mut given_back, mut currencies, mut tax) = (0, BTreeMap::new(), Decimal::ZERO);
    for (order, refunds) in &orders {
        let (method, currency) = (
            order["payment_method"].as_str().expect("a gateway"),
            order["currency"].as_str().expect("a currency"),
        );
        let account = month.clearing(method, currency);
        let mut through = decimal(&order["total"]) - fee(order);
        tax += decimal(&order["total_tax"]);
        for refund in refunds {
            through -= decimal(&refund["amount"]);
            given_back += 1;
            let lines = list(&refund["tax_lines"]);
            for line in &lines {
                tax += decimal(&line["tax_total"]) + decimal(&line["shipping_tax_total"]);
            }
        }
        *expected.entry(account).or_default() += through;
        *currencies.entry(currency.to_owned()).or_insert(0) += 1;
    }
    assert_eq!(given_back, month.refunds);
    // Four accounts in the shop's currency, and four more for money from abroad.
    assert_eq!((currencies.len(), expected.len()), (3, 8), "{expected:?}");

    // What the books say, entry by entry.
    let (mut moved, mut owed) = (BTreeMap::new(), Decimal::ZERO);
    let (first, last) = (month.first.to_string(), month.last().to_string());
    for entry in list(&world.books("ledger")) {
        let day = entry["day"].as_str().expect("a day");
        assert!((&*first..=&*last).contains(&day), "{entry}");
        for line in list(&entry["lines"]) {
            let name = line["account"]["name"].as_str().expect("an account");
            if expected.contains_key(name) {
                *moved.entry(name.to_owned()).or_insert(Decimal::ZERO) += decimal(&line["amount"]);
            }
            if name == "GST/HST Payable" {
                owed -= decimal(&line["home"]);
            }
        }
    }
    assert_eq!(moved, expected);
    assert_eq!(owed, tax);

    // And once more: nothing is left to do.
    let again = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(again.figure("created"), 0);
}
