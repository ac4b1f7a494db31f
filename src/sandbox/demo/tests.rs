//! The demo adds up, and its pieces fit each other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::orders::A_CENT_OFF;
use super::{company, config, shop};
use crate::woocommerce::money::cents;

fn amount(value: &Value) -> i64 {
    value
        .as_str()
        .and_then(cents)
        .unwrap_or_else(|| panic!("not an amount: {value}"))
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

fn sum(object: &Value, list_name: &str, field: &str) -> i64 {
    list(object, list_name)
        .iter()
        .map(|line| amount(&line[field]))
        .sum()
}

#[test]
fn every_order_adds_up_but_the_one_that_shall_not() {
    let shop = shop();
    assert!(list(&shop, "orders").len() >= 28);
    for order in list(&shop, "orders") {
        let id = order["id"].as_u64().expect("an id");
        let parts = sum(order, "line_items", "total")
            + sum(order, "shipping_lines", "total")
            + sum(order, "fee_lines", "total")
            + amount(&order["total_tax"]);
        let off = amount(&order["total"]) - parts;
        assert_eq!(off, if id == A_CENT_OFF { -1 } else { 0 }, "order {id}");

        let by_rate =
            sum(order, "tax_lines", "tax_total") + sum(order, "tax_lines", "shipping_tax_total");
        assert_eq!(by_rate, amount(&order["total_tax"]), "order {id}");
        assert_eq!(
            amount(&order["cart_tax"]) + amount(&order["shipping_tax"]),
            amount(&order["total_tax"]),
            "order {id}"
        );
        let on_lines = sum(order, "line_items", "total_tax") + sum(order, "fee_lines", "total_tax");
        assert_eq!(on_lines, amount(&order["cart_tax"]), "order {id}");
        let discount = sum(order, "line_items", "subtotal") - sum(order, "line_items", "total");
        assert_eq!(discount, amount(&order["discount_total"]), "order {id}");
        for line in list(order, "line_items") {
            let taxes: i64 = list(line, "taxes")
                .iter()
                .map(|row| amount(&row["total"]))
                .sum();
            assert_eq!(taxes, amount(&line["total_tax"]), "order {id}");
        }
    }
}

#[test]
fn refunds_are_worth_what_they_say() {
    let shop = shop();
    let refunds = shop["refunds"].as_object().expect("refunds by order");
    assert_eq!(refunds.len(), 3);
    for (order, refunds) in refunds {
        for refund in refunds
            .as_array()
            .into_iter()
            .flatten()
            .filter(|refund| !list(refund, "line_items").is_empty())
        {
            let rows = sum(refund, "line_items", "total") + sum(refund, "line_items", "total_tax");
            assert_eq!(-rows, amount(&refund["amount"]), "order {order}");
            let tax = sum(refund, "tax_lines", "tax_total")
                + sum(refund, "tax_lines", "shipping_tax_total");
            assert_eq!(tax, sum(refund, "line_items", "total_tax"), "order {order}");
        }
    }
    let all = list(&shop, "orders").iter();
    let full = all
        .filter(|order| order["status"] == "refunded")
        .map(|order| &order["total"])
        .next()
        .expect("a refunded order");
    assert_eq!(*full, refunds["4835"][0]["amount"]);
}

#[test]
fn the_month_has_one_of_each() {
    let shop = shop();
    let orders = list(&shop, "orders");
    let count =
        |wanted: &dyn Fn(&Value) -> bool| orders.iter().filter(|order| wanted(order)).count();
    for status in ["cancelled", "failed", "pending", "refunded", "on-hold"] {
        assert_eq!(count(&|order| order["status"] == status), 1, "{status}");
    }
    assert_eq!(count(&|order| order["currency"] == "USD"), 1);
    assert_eq!(
        count(&|order| order["payment_method"] == "bacs" && order["date_paid_gmt"].is_string()),
        1
    );
    assert_eq!(
        count(&|order| order["payment_method"] == "cod" && order["date_paid_gmt"].is_null()),
        1
    );
    assert!(count(&|order| order["customer_id"] == 0) >= 10);
    for province in ["AB", "BC", "ON", "QC"] {
        assert!(
            count(&|order| order["shipping"]["state"] == province) >= 3,
            "{province}"
        );
    }
    let deleted = |order: &Value| {
        list(order, "line_items")
            .iter()
            .any(|line| line["sku"].is_null())
    };
    assert_eq!(count(&deleted), 1);
    for order in orders {
        let created = order["date_created_gmt"].as_str().expect("a date");
        assert!(created.starts_with("2026-11-"), "{created}");
        assert!(
            order["date_modified_gmt"]
                .as_str()
                .is_some_and(|modified| modified >= created),
            "{}",
            order["id"]
        );
        assert!(
            order["date_modified_gmt"]
                .as_str()
                .is_some_and(|modified| modified < "2026-11-21"),
            "{}",
            order["id"]
        );
    }
}

#[test]
fn the_configuration_names_only_what_the_books_have() {
    let (company, config) = (
        company(),
        config("http://127.0.0.1:1", "http://127.0.0.1:2"),
    );
    let names = |kind: &str| -> BTreeSet<String> {
        list(&company, kind)
            .iter()
            .filter_map(|one| one["name"].as_str().or(one.as_str()))
            .map(str::to_owned)
            .collect()
    };
    let known: BTreeSet<String> = [
        "accounts",
        "items",
        "tax_codes",
        "tax_rates",
        "payment_methods",
    ]
    .iter()
    .flat_map(|kind| names(kind))
    .collect();
    let books = config
        .split("[books.items]")
        .nth(1)
        .expect("a section of items");
    let books = books
        .split("[books.policy]")
        .next()
        .expect("a part before the policy");
    for line in books
        .lines()
        .filter(|line| !line.starts_with("woo =") && !line.starts_with("rates ="))
    {
        if let Some((_, value)) = line.split_once(" = ") {
            assert!(known.contains(value.trim_matches('"')), "{line}");
        }
    }
    let rates = config
        .lines()
        .find(|line| line.starts_with("rates ="))
        .expect("the rates");
    for rate in names("tax_rates") {
        assert!(rates.contains(&format!("\"{rate}\"")), "{rate}");
    }
    for account in list(&company, "items")
        .iter()
        .map(|item| &item["income_account"])
    {
        assert!(
            names("accounts").contains(account.as_str().expect("an account")),
            "{account}"
        );
    }
}

#[test]
fn the_demo_is_the_same_every_time() {
    assert_eq!(shop(), shop());
}
