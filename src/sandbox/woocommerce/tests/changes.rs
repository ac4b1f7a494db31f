//! Changes through the levers: which dates they move, and what they leave behind.

use serde_json::{Value, json};

use super::{ask, ids, lever, orders, read, shop};

const LONG_AGO: &str = "2026-01-02T03:04:05";

#[tokio::test]
async fn the_older_storage_hides_most_changes() {
    for (storage, moves) in [("hpos", true), ("posts", false)] {
        let shop =
            shop(json!({"orders": orders(&[(1, LONG_AGO), (2, LONG_AGO)]), "storage": storage}))
                .await;
        lever(
            &shop,
            "POST",
            "orders/1/set",
            json!({"total": "9.99", "billing": {"city": "Banff"}}),
        )
        .await;
        let order = read(&shop, "orders/1").await;
        assert_eq!(
            (&order["total"], &order["billing"]["city"]),
            (&json!("9.99"), &json!("Banff"))
        );
        assert_eq!(order["date_modified_gmt"] != LONG_AGO, moves, "{storage}");
        // A status shows in either.
        lever(
            &shop,
            "POST",
            "orders/2/set",
            json!({"status": "completed"}),
        )
        .await;
        assert_ne!(read(&shop, "orders/2").await["date_modified_gmt"], LONG_AGO);
    }
}

#[tokio::test]
async fn both_halves_of_a_date_follow_each_other() {
    let shop = shop(json!({"orders": orders(&[(1, LONG_AGO)])})).await;
    lever(
        &shop,
        "POST",
        "orders/1/set",
        json!({"date_paid_gmt": "2026-11-20T02:00:00", "date_modified_gmt": "2026-11-20T02:00:01"}),
    )
    .await;
    let order = read(&shop, "orders/1").await;
    assert_eq!(
        (&order["date_paid"], &order["date_modified"]),
        (&json!("2026-11-19T18:00:00"), &json!("2026-11-19T18:00:01"))
    );
    lever(
        &shop,
        "POST",
        "orders/1/set",
        json!({"date_paid_gmt": null}),
    )
    .await;
    let order = read(&shop, "orders/1").await;
    assert_eq!(
        (&order["date_paid"], &order["date_paid_gmt"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn an_upsert_is_a_change_unless_it_keeps_the_date() {
    let shop = shop(json!({"orders": orders(&[(1, LONG_AGO)])})).await;
    lever(
        &shop,
        "PUT",
        "orders/1",
        json!({"order": {"total": "5.00"}, "keep_modified": true}),
    )
    .await;
    let order = read(&shop, "orders/1").await;
    assert_eq!(
        (&order["total"], &order["date_modified_gmt"]),
        (&json!("5.00"), &json!(LONG_AGO))
    );
    lever(
        &shop,
        "PUT",
        "orders/1",
        json!({"order": {"total": "6.00", "date_modified_gmt": LONG_AGO}}),
    )
    .await;
    assert_ne!(read(&shop, "orders/1").await["date_modified_gmt"], LONG_AGO);
    lever(
        &shop,
        "PUT",
        "orders/77",
        json!({"order": {"total": "7.00"}, "refunds": [{"id": 78, "amount": "1.00"}]}),
    )
    .await;
    assert_eq!(
        read(&shop, "orders/77").await["refunds"],
        json!([{"id": 78, "reason": "", "total": "-1.00"}])
    );
    assert_eq!(ids(&shop, "orders/77/refunds").await, [78]);
}

#[tokio::test]
async fn a_deleted_refund_leaves_no_trace() {
    let shop = shop(json!({"orders": orders(&[(1, LONG_AGO), (9, LONG_AGO)])})).await;
    let made: Value = lever(
        &shop,
        "POST",
        "orders/1/refunds",
        json!({"amount": "5.00", "reason": "late"}),
    )
    .await
    .json()
    .await
    .expect("JSON");
    let second = json!({"id": 50, "amount": "2.00", "date_created_gmt": "2035-01-01T00:00:00"});
    lever(&shop, "POST", "orders/1/refunds", second).await;
    let id = made["id"].as_u64().expect("an id");
    assert_eq!(ids(&shop, "orders/1/refunds").await, [50, id]);
    let order = read(&shop, "orders/1").await;
    assert_eq!(
        order["refunds"],
        json!([{"id": 50, "reason": "", "total": "-2.00"}, {"id": id, "reason": "late", "total": "-5.00"}])
    );
    let moved = order["date_modified_gmt"].clone();
    assert_ne!(moved, LONG_AGO);
    assert_eq!(
        read(
            &shop,
            "refunds?modified_after=2034-01-01T00:00:00&_fields=id,parent_id"
        )
        .await,
        json!([{"id": 50, "parent_id": 1}])
    );

    let elsewhere = ask(&shop, &format!("orders/9/refunds/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(elsewhere.status(), 500);
    let expected = r#"{"code":"woocommerce_rest_invalid_order_refund_id","message":"Invalid order refund ID.","data":404}"#;
    assert_eq!(elsewhere.text().await.expect("text"), expected);

    lever(
        &shop,
        "DELETE",
        &format!("orders/1/refunds/{id}"),
        json!(null),
    )
    .await;
    assert_eq!(ids(&shop, "orders/1/refunds").await, [50]);
    let order = read(&shop, "orders/1").await;
    assert_eq!(
        (
            order["refunds"].as_array().map(Vec::len),
            &order["date_modified_gmt"]
        ),
        (Some(1), &moved)
    );
}

#[tokio::test]
async fn trash_hides_deletion_removes() {
    let shop = shop(json!({"orders": orders(&[(1, LONG_AGO)])})).await;
    lever(&shop, "POST", "orders/1/trash", json!(null)).await;
    assert_eq!(ids(&shop, "orders").await, [] as [u64; 0]);
    assert_eq!(ids(&shop, "orders?status=trash").await, [1]);
    let trashed = read(&shop, "orders/1").await;
    assert_eq!(
        (&trashed["status"], &trashed["meta_data"][0]["value"]),
        (&json!("trash"), &json!("wc-processing"))
    );
    assert_ne!(trashed["date_modified_gmt"], LONG_AGO);
    lever(&shop, "POST", "orders/1/restore", json!(null)).await;
    let back = read(&shop, "orders/1").await;
    assert_eq!(
        (&back["status"], &back["meta_data"]),
        (&json!("processing"), &json!([]))
    );
    lever(&shop, "POST", "orders/1/delete", json!(null)).await;
    assert_eq!(
        ask(&shop, "orders/1")
            .send()
            .await
            .expect("an answer")
            .status(),
        404
    );
}

#[tokio::test]
async fn somebody_edits_while_we_read() {
    let shop =
        shop(json!({"orders": orders(&[(1, LONG_AGO), (2, LONG_AGO), (3, LONG_AGO)])})).await;
    lever(&shop, "POST", "writer", json!({"every_requests": 2})).await;
    let changed = "orders?modified_after=2026-01-03T00:00:00";
    assert_eq!(ids(&shop, changed).await.len(), 0);
    assert_eq!(ids(&shop, changed).await.len(), 1);
    lever(&shop, "DELETE", "writer", json!(null)).await;
    for _ in 0..6 {
        assert_eq!(ids(&shop, changed).await.len(), 1);
    }
}

#[tokio::test]
async fn the_clock_can_be_put_wrong() {
    let shop = shop(json!({"orders": orders(&[(1, LONG_AGO)])})).await;
    lever(
        &shop,
        "POST",
        "clock",
        json!({"offset_seconds": -40 * 365 * 86_400}),
    )
    .await;
    lever(&shop, "POST", "orders/1/set", json!({"customer_note": "x"})).await;
    assert!(
        read(&shop, "orders/1").await["date_modified_gmt"]
            .as_str()
            .is_some_and(|at| at < "2020")
    );
}

#[tokio::test]
async fn a_snapshot_brings_the_shop_back() {
    let shop = shop(json!({"orders": orders(&[(1, LONG_AGO)])})).await;
    lever(
        &shop,
        "POST",
        "orders/1/refunds",
        json!({"id": 5, "amount": "1.00"}),
    )
    .await;
    let before = read(&shop, "orders/1").await;
    let snapshot: Value = lever(&shop, "GET", "snapshot", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    lever(&shop, "POST", "orders/1/delete", json!(null)).await;
    lever(&shop, "PUT", "orders/8", json!({"order": {}})).await;
    lever(&shop, "PUT", "snapshot", snapshot.clone()).await;
    assert_eq!(ids(&shop, "orders").await, [1]);
    assert_eq!(read(&shop, "orders/1").await, before);
    assert_eq!(ids(&shop, "orders/1/refunds").await, [5]);
    let again: Value = lever(&shop, "GET", "snapshot", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        (&again["orders"], &again["refunds"], &again["keys"]),
        (&snapshot["orders"], &snapshot["refunds"], &snapshot["keys"])
    );
}
