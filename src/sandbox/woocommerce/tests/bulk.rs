//! Orders in bulk: they add up, they are as many and as mixed as asked for, and fast.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{ask, ids, read, shop};
use crate::woocommerce::generate::{ShopMade, make};
use crate::woocommerce::money::cents;
use crate::woocommerce::setup::{Generate, ShopSite};

fn made(seed: u64) -> ShopMade {
    let wanted = Generate {
        orders: 2_000,
        customers: 1_000,
        refund_share: 0.05,
        same_second: 242,
        ..Generate::default()
    };
    make(seed, &wanted, &ShopSite::default()).expect("the default start is a date")
}

fn sum(object: &Value, list: &str, fields: &[&str]) -> i64 {
    let lines = object[list].as_array().into_iter().flatten();
    lines
        .flat_map(|line| {
            fields
                .iter()
                .map(|field| line[*field].as_str().and_then(cents).expect("an amount"))
        })
        .sum()
}

#[test]
fn every_order_and_refund_adds_up() {
    let made = made(1);
    for order in &made.orders {
        let amount = |name: &str| order[name].as_str().and_then(cents).expect("an amount");
        let parts = sum(order, "line_items", &["total"])
            + sum(order, "shipping_lines", &["total"])
            + amount("total_tax");
        assert_eq!(parts, amount("total"));
        assert_eq!(
            sum(order, "tax_lines", &["tax_total", "shipping_tax_total"]),
            amount("total_tax")
        );
        assert!(amount("total") > 0 && order["date_paid_gmt"].is_string());
        assert!(order.to_string().len() < 6_000);
    }
    let bytes: usize = made
        .orders
        .iter()
        .map(|order| order.to_string().len())
        .sum();
    assert!(bytes / made.orders.len() < 4_500);
    let by_id: BTreeMap<String, &Value> = made
        .orders
        .iter()
        .map(|order| (order["id"].to_string(), order))
        .collect();
    for (order, refunds) in &made.refunds {
        let amount = refunds[0]["amount"]
            .as_str()
            .and_then(cents)
            .expect("an amount");
        assert_eq!(
            -sum(&refunds[0], "line_items", &["total", "total_tax"]),
            amount
        );
        assert_eq!(
            sum(&refunds[0], "tax_lines", &["tax_total"]),
            sum(&refunds[0], "line_items", &["total_tax"])
        );
        assert!(
            amount > 0
                && by_id[order]["total"]
                    .as_str()
                    .and_then(cents)
                    .expect("an amount")
                    >= amount
        );
        assert!(
            by_id[order]["date_modified_gmt"].as_str() >= refunds[0]["date_created_gmt"].as_str()
        );
    }
}

#[test]
fn the_crowd_is_as_asked_for() {
    let made = made(1);
    let texts = |of: &dyn Fn(&Value) -> Value| -> BTreeSet<String> {
        made.orders
            .iter()
            .map(|order| of(order).to_string())
            .collect()
    };
    assert_eq!(texts(&|order| order["id"].clone()).len(), 2_000);
    assert_eq!(
        texts(&|order| order["billing"]["email"].clone()).len(),
        1_000
    );
    let name = |order: &Value| {
        json!([
            order["billing"]["first_name"],
            order["billing"]["last_name"]
        ])
    };
    assert_eq!(texts(&name).len(), 1_000);
    assert_eq!(
        (
            made.customers.len(),
            made.products.len(),
            made.refunds.len()
        ),
        (500, 40, 100)
    );
    let guests = made
        .orders
        .iter()
        .filter(|order| order["customer_id"] == 0)
        .count();
    assert!((800..1_200).contains(&guests), "{guests}");
    let mut seconds: BTreeMap<&str, usize> = BTreeMap::new();
    for order in &made.orders {
        *seconds
            .entry(order["date_modified_gmt"].as_str().expect("a date"))
            .or_default() += 1;
    }
    assert_eq!(seconds.values().max(), Some(&242));
    assert_eq!(texts(&|order| order["shipping"]["state"].clone()).len(), 4);
}

#[test]
fn one_seed_makes_one_shop() {
    let few = |seed: u64| {
        let wanted = Generate {
            orders: 50,
            ..Generate::default()
        };
        let made = make(seed, &wanted, &ShopSite::default());
        made.expect("the default start is a date").orders
    };
    assert_eq!(few(3), few(3));
    assert_ne!(few(3), few(4));
}

#[tokio::test]
async fn pages_lose_orders_and_the_careful_way_does_not() {
    let generate = json!({"orders": 600, "customers": 100, "same_second": 242});
    let shop = shop(json!({"seed": 5, "generate": generate})).await;
    let mut seen = BTreeSet::new();
    for page in 1..=6 {
        seen.extend(
            ids(
                &shop,
                &format!("orders?orderby=modified&order=asc&per_page=100&page={page}&_fields=id"),
            )
            .await,
        );
    }
    assert!(seen.len() < 600, "a real shop would have lost some");

    // Always page 1 from the last second seen; a second that fills a page is walked by id.
    let mut seen = BTreeSet::new();
    let mut after = "2000-01-01T00:00:00".to_owned();
    loop {
        let path = format!(
            "orders?modified_after={after}&dates_are_gmt=true&orderby=modified&order=asc&per_page=100&_fields=id,date_modified_gmt"
        );
        let page = read(&shop, &path).await;
        let page = page.as_array().expect("a list");
        seen.extend(page.iter().filter_map(|order| order["id"].as_u64()));
        let last = page
            .last()
            .and_then(|order| order["date_modified_gmt"].as_str())
            .unwrap_or("")
            .to_owned();
        if page.len() < 100 {
            break;
        }
        let before = neighbour(&last, -1);
        if page[0]["date_modified_gmt"] == last.as_str() || before == after {
            let until = neighbour(&last, 1);
            for number in 1.. {
                let path = format!(
                    "orders?modified_after={before}&modified_before={until}&dates_are_gmt=true&orderby=id&per_page=100&page={number}&_fields=id"
                );
                let some = ids(&shop, &path).await;
                seen.extend(&some);
                if some.len() < 100 {
                    break;
                }
            }
            after = last;
        } else {
            after = before;
        }
    }
    assert_eq!(seen.len(), 600);
}

fn neighbour(second: &str, by: i64) -> String {
    use crate::woocommerce::dates::{from_gmt, gmt_text};
    gmt_text(from_gmt(second).expect("a date") + by)
}

#[tokio::test]
async fn generated_records_are_served_like_any_others() {
    let generate =
        json!({"orders": 20, "customers": 10, "refund_share": 0.5, "registered_share": 1.0});
    let shop = shop(json!({"generate": generate})).await;
    let answer = ask(&shop, "refunds?per_page=5")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.headers()["x-wp-total"], "10");
    assert_eq!(ids(&shop, "customers?per_page=100").await.len(), 10);
    assert_eq!(ids(&shop, "products?per_page=100").await.len(), 40);
    let refund = answer.json::<Value>().await.expect("JSON")[0].clone();
    let order = read(&shop, &format!("orders/{}", refund["parent_id"])).await;
    assert_eq!(order["refunds"][0]["id"], refund["id"]);
}
