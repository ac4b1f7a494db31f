//! Lists: filters, pages, ties, dates and what is shown.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ask, ids, orders, read, shop};

/// Twelve orders of one second, as on the day of an import.
fn tied() -> Value {
    let all: Vec<(u64, &str)> = (101..=112).map(|id| (id, "2026-11-10T12:00:00")).collect();
    orders(&all)
}

#[tokio::test]
async fn pages_by_number_lose_orders_of_one_second() {
    let shop = shop(json!({"orders": tied()})).await;
    for by in ["modified", "date"] {
        let mut seen = BTreeSet::new();
        for page in 1..=4 {
            let up = ids(
                &shop,
                &format!("orders?orderby={by}&order=asc&per_page=3&page={page}"),
            )
            .await;
            let down = ids(
                &shop,
                &format!("orders?orderby={by}&order=desc&per_page=3&page={page}"),
            )
            .await;
            assert_eq!(up, down, "ties do not know a direction");
            seen.extend(up);
        }
        assert!(seen.len() < 12, "{by}: {seen:?}");
    }
    let mut seen = Vec::new();
    for page in 1..=4 {
        seen.extend(
            ids(
                &shop,
                &format!("orders?orderby=id&order=asc&per_page=3&page={page}"),
            )
            .await,
        );
    }
    assert_eq!(seen, (101..=112).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_page_past_the_end_forgets_the_totals_only_with_order_tables() {
    for (storage, total, previous) in [("hpos", "0", "page=0"), ("posts", "12", "page=3")] {
        let shop = shop(json!({"orders": tied(), "storage": storage})).await;
        let answer = ask(&shop, "orders?page=9&per_page=5&_fields=id")
            .send()
            .await
            .expect("an answer");
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("x-wp-total"), total);
        assert!(header("link").contains(previous), "{}", header("link"));
        assert!(header("link").ends_with("rel=\"prev\""));
        assert_eq!(answer.text().await.expect("text"), "[]");
    }
}

#[tokio::test]
async fn links_repeat_the_query_with_what_was_added_to_it() {
    let shop = shop(json!({"orders": tied()})).await;
    let cases = [
        (
            "per_page=1&_fields=id",
            "?per_page=1&_fields=id&status%5B0%5D=any&dp=2&context=view&page=2>; rel=\"next\"",
        ),
        (
            "status=processing,completed&_fields=id",
            "?_fields=id&status%5B0%5D=processing&status%5B1%5D=completed&dp=2&context=view&page=2>; rel=\"next\"",
        ),
        (
            "exclude=75&_fields=id",
            "?exclude%5B0%5D=75&_fields=id&status%5B0%5D=any&dp=2&context=view&page=2>; rel=\"next\"",
        ),
        (
            "dp=-1&_fields=id",
            "?dp=1&_fields=id&status%5B0%5D=any&context=view&page=2>; rel=\"next\"",
        ),
        (
            "modified_after=2026-11-01%2010:00:00&dates_are_gmt=true",
            "?modified_after=2026-11-01+10%3A00%3A00&dates_are_gmt=1&status%5B0%5D=any&dp=2&context=view&page=2>; rel=\"next\"",
        ),
    ];
    for (query, expected) in cases {
        let answer = ask(&shop, &format!("orders?{query}"))
            .send()
            .await
            .expect("an answer");
        let link = answer.headers()["link"].to_str().expect("text");
        assert_eq!(link.split_once("/orders").expect("an address").1, expected);
    }
    let answer = ask(&shop, "orders?per_page=5&page=2")
        .send()
        .await
        .expect("an answer");
    let link = answer.headers()["link"].to_str().expect("text");
    assert!(
        link.contains("?per_page=5&page=1&status%5B0%5D=any&dp=2&context=view>; rel=\"prev\", <"),
        "{link}"
    );
    assert!(
        link.contains("?per_page=5&page=3&status%5B0%5D=any&dp=2&context=view>; rel=\"next\""),
        "{link}"
    );
}

#[tokio::test]
async fn bounds_are_exclusive_and_read_in_the_shops_time() {
    // Vancouver is eight hours behind Greenwich then.
    let shop = shop(json!({"orders": orders(&[
        (1, "2026-11-20T03:59:59"), (2, "2026-11-20T04:00:00"), (3, "2026-11-20T12:00:00"), (4, "2026-11-20T12:00:01"),
    ])}))
    .await;
    let after = async |date: &str| {
        ids(
            &shop,
            &format!("orders?orderby=id&order=asc&modified_after={date}"),
        )
        .await
    };
    assert_eq!(after("2026-11-20T12:00:00&dates_are_gmt=true").await, [4]);
    assert_eq!(after("2026-11-20T04:00:00").await, [4]);
    assert_eq!(after("2026-11-20T12:00:00Z").await, [4]);
    assert_eq!(after("2026-11-20T04:00:00-08:00").await, [4]);
    assert_eq!(after("2026-11-20T12:00:00%2B00:00").await, [4]);
    // Both a zone and the flag: eight hours too much come back.
    assert_eq!(
        after("2026-11-20T12:00:00Z&dates_are_gmt=true").await,
        [3, 4]
    );
    let between = "orders?orderby=id&order=asc&after=2026-11-20T03:59:59&before=2026-11-20T12:00:01&dates_are_gmt=true";
    assert_eq!(ids(&shop, between).await, [2, 3]);
    let bare_plus = ask(&shop, "orders?modified_after=2026-11-20T12:00:00+00:00")
        .send()
        .await
        .expect("an answer");
    assert_eq!(bare_plus.status(), 400);
}

#[tokio::test]
async fn orders_are_found_by_what_they_hold() {
    let shop = shop(json!({"statuses": ["awaiting-pickup"], "orders": [
        {"id": 1, "status": "processing", "customer_id": 7, "created_via": "admin", "line_items": [{"product_id": 11}]},
        {"id": 2, "status": "trash", "billing": {"first_name": "Linh", "last_name": "Nguyen"}},
        {"id": 3, "status": "awaiting-pickup", "number": "MPO-3", "billing": {"first_name": "Alice", "last_name": "Nguyen"}},
        {"id": 4, "status": "checkout-draft"}
    ]}))
    .await;
    let cases: [(&str, &[u64]); 14] = [
        ("", &[1, 3, 4]),
        ("status=any,trash", &[1, 3, 4]),
        ("status=trash", &[2]),
        ("status=awaiting-pickup,processing", &[1, 3]),
        ("status[]=checkout-draft", &[4]),
        ("customer=0", &[3, 4]),
        ("customer=7", &[1]),
        ("product=11", &[1]),
        ("created_via=admin", &[1]),
        ("search=nguyen", &[3]),
        ("search=MPO-3", &[]),
        ("include=4,1,99", &[1, 4]),
        ("exclude=1&foo=bar", &[3, 4]),
        ("offset=1&per_page=1", &[3]),
    ];
    for (query, expected) in cases {
        assert_eq!(
            ids(&shop, &format!("orders?orderby=id&order=asc&{query}")).await,
            expected,
            "{query}"
        );
    }
    assert_eq!(
        ids(&shop, "orders?orderby=include&include=4,1").await,
        [4, 1]
    );
    let unknown: Value = ask(&shop, "orders?status=wc-processing")
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let expected = "status[0] is not one of any, trash, auto-draft, pending, processing, on-hold, completed, cancelled, refunded, \
                    failed, awaiting-pickup, and checkout-draft.";
    assert_eq!(unknown["data"]["params"]["status"], expected);
    assert_eq!(read(&shop, "orders/2").await["status"], "trash");
    let totals = read(&shop, "reports/orders/totals").await;
    let pickup = totals
        .as_array()
        .expect("a list")
        .iter()
        .find(|row| row["slug"] == "awaiting-pickup");
    assert_eq!(
        pickup,
        Some(&json!({"slug": "awaiting-pickup", "name": "Awaiting pickup", "total": 1}))
    );
}

#[tokio::test]
async fn fields_are_chosen_and_decimals_shown() {
    let shop = shop(json!({"orders": [{"id": 1, "total": "12.50", "billing": {"email": "a@example.com"}, "line_items": [{"total": "10.00"}]}]})).await;
    let chosen = read(&shop, "orders?_fields=id,billing.email,line_items.total").await;
    assert_eq!(
        chosen,
        json!([{"id": 1, "billing": {"email": "a@example.com"}}])
    );
    let one = read(&shop, "orders/1?_fields=id").await;
    assert!(one["_links"].is_object() && one.as_object().is_some_and(|one| one.len() == 2));
    let fine = read(&shop, "orders/1?dp=4").await;
    assert_eq!(
        (&fine["total"], &fine["line_items"][0]["total"]),
        (&json!("12.5000"), &json!("10.0000"))
    );
}

#[tokio::test]
async fn addresses_that_are_too_long_break_the_web_server() {
    let shop = shop(json!({"orders": tied()})).await;
    let numbers = |count: u64| {
        (1000..1000 + count)
            .map(|id| id.to_string())
            .collect::<Vec<_>>()
            .join(",")
    };
    let asked = async |query: &str| {
        ask(&shop, &format!("orders?{query}"))
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(
        asked(&format!("per_page=100&include={}", numbers(100))).await,
        200
    );
    assert_eq!(
        asked(&format!("per_page=1&exclude={}", numbers(600))).await,
        502
    );
    assert_eq!(asked(&format!("include={}", numbers(4000))).await, 414);
}

#[tokio::test]
async fn products_and_customers_are_looked_up() {
    let shop = shop(json!({
        "products": [
            {"id": 11, "type": "variable", "status": "publish", "name": "Shirt", "sku": "SHIRT", "date_modified_gmt": "2026-11-01T00:00:00"},
            {"id": 12, "type": "variation", "status": "publish", "parent_id": 11, "sku": "SHIRT-S", "name": "Shirt - S"},
            {"id": 13, "type": "simple", "status": "trash", "name": "Tent", "sku": "TENT"}
        ],
        "customers": [
            {"id": 3, "email": "alice@example.com", "role": "customer", "first_name": "Alice"},
            {"id": 1, "email": "admin@example.com", "role": "administrator", "first_name": "Root"}
        ]
    }))
    .await;
    let cases: [(&str, &[u64]); 10] = [
        ("products", &[11]),
        ("products?sku=shirt-s,SHIRT&orderby=id&order=asc", &[11, 12]),
        ("products?status=trash", &[13]),
        ("products?modified_after=2026-10-31T00:00:00", &[11]),
        ("products/11/variations", &[12]),
        ("products/99/variations", &[]),
        ("customers", &[3]),
        ("customers?role=all&orderby=id", &[1, 3]),
        ("customers?email=ALICE@example.com", &[3]),
        ("customers?modified_after=2030-01-01T00:00:00", &[3]),
    ];
    for (path, expected) in cases {
        assert_eq!(ids(&shop, path).await, expected, "{path}");
    }
    assert_eq!(read(&shop, "products/12").await["sku"], "SHIRT-S");
    assert_eq!(read(&shop, "products/13").await["status"], "trash");
}
