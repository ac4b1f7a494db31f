//! WooPayments: deposits and their rows through the shop, in odd units, and servers behind it that fail alone.

use serde_json::{Value, json};

use super::{ask, lever, read, shop};
use crate::stand::tests::client::http;

fn account() -> Value {
    json!({"payments": {"account": {
        "rows": [
            {"id": "txn_1", "type": "charge", "amount": 1_000, "fee": 20, "created": 60, "payout": "po_1", "order": 1042, "source": "pi_1"},
            {"id": "txn_2", "type": "adjustment", "category": "dispute", "amount": -300, "fee": 1_500, "created": 120, "payout": "po_1", "order": 1042},
            {"id": "txn_3", "type": "charge", "amount": 500, "fee": 10, "created": 180, "payout": "po_2", "order": 1043},
            {"id": "txn_po_1", "type": "payout", "amount": 820, "created": 200, "source": "po_1"},
        ],
        "payouts": [
            {"id": "po_1", "amount": -820, "arrival": 86_400, "created": 200},
            {"id": "po_2", "amount": 490, "arrival": 172_800, "created": 300, "status": "in_transit"},
        ],
    }}})
}

#[tokio::test]
async fn deposits_are_in_minor_units_and_their_days_in_milliseconds() {
    let shop = shop(account()).await;
    let refused = ask(&shop, "payments/deposits")
        .send()
        .await
        .expect("an answer");
    assert_eq!(refused.status(), 400, "the order of rows has to be named");
    let list = read(&shop, "payments/deposits?sort=date").await;
    assert_eq!(list["total_count"], 2);
    assert_eq!(list["data"][0]["id"], "po_2", "the newest first");
    assert_eq!(list["data"][1]["date"], 86_400_000);
    assert_eq!(list["data"][1]["created"], 200);
    assert_eq!(list["data"][1]["type"], "withdrawal");
    let paid = read(&shop, "payments/deposits?sort=date&status_is=paid").await;
    assert_eq!(paid["data"].as_array().map(Vec::len), Some(1));
    let second = read(&shop, "payments/deposits?sort=date&pagesize=1&page=2").await;
    assert_eq!(second["data"][0]["id"], "po_1");
    let rows = read(
        &shop,
        "payments/reports/transactions?deposit_id=po_1&per_page=100",
    )
    .await;
    let rows = rows.as_array().expect("rows");
    let kinds: Vec<&str> = rows.iter().filter_map(|row| row["type"].as_str()).collect();
    assert_eq!(kinds, ["dispute", "charge"]);
    let net: i64 = rows
        .iter()
        .filter_map(|row| row["net_amount"].as_i64())
        .sum();
    assert_eq!(net, -820);
    let overview = read(&shop, "payments/deposits/overview-all").await;
    assert_eq!(overview["balance"]["available"][0]["amount"], 490);
}

#[tokio::test]
async fn the_servers_behind_the_shop_fail_alone_and_filters_get_lost() {
    let shop = shop(account()).await;
    let mut payments = lever(&shop, "GET", "payments", Value::Null)
        .await
        .json::<Value>()
        .await
        .expect("JSON");
    payments["fails"] = json!(1);
    payments["forgets_filter"] = json!(true);
    lever(&shop, "PUT", "payments", payments).await;
    let failed = ask(&shop, "payments/deposits/po_1")
        .send()
        .await
        .expect("an answer");
    assert_eq!(failed.status(), 500);
    assert!(
        failed
            .text()
            .await
            .expect("words")
            .contains("wcpay_http_request_failed")
    );
    read(&shop, "orders").await;
    let rows = read(&shop, "payments/reports/transactions?deposit_id=po_1").await;
    assert_eq!(
        rows.as_array().map(Vec::len),
        Some(3),
        "rows of other deposits too"
    );
}

#[tokio::test]
async fn without_the_plugin_there_is_no_route_and_with_it_a_post_pays_out() {
    let without = shop(json!({})).await;
    let answer = ask(&without, "payments/deposits?sort=date")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 404);
    let shop = shop(account()).await;
    let pay = |key: &'static str| {
        let url = format!("{}/wp-json/wc/v3/payments/deposits", shop.url());
        http()
            .post(url)
            .basic_auth(key, Some(key.replace("ck", "cs")))
            .json(&json!({"type": "instant", "currency": "cad"}))
    };
    assert_eq!(
        pay("ck_read").send().await.expect("an answer").status(),
        401
    );
    assert_eq!(pay("ck_all").send().await.expect("an answer").status(), 200);
    let after = lever(&shop, "GET", "payments", Value::Null)
        .await
        .json::<Value>()
        .await
        .expect("JSON");
    assert_eq!(after["paid_out"], 1);
}
