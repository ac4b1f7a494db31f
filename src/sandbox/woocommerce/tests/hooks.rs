//! Which hook tells of what, under which topic, and what nobody is told of.

use serde_json::{Value, json};

use super::webhooks::{all_sent, both, pull, register, topics};

#[tokio::test]
async fn a_new_order_is_told_as_created_and_as_updated() {
    let (shop, receiver) = both().await;
    for topic in ["order.created", "order.updated"] {
        register(&shop, topic, &receiver.url).await;
    }
    pull(
        &shop,
        "PUT",
        "orders/43",
        json!({"order": {"status": "processing"}}),
    )
    .await;
    all_sent(&shop).await;
    let told = receiver.deliveries();
    let topics: Vec<&str> = told.iter().map(|one| one.topic()).collect();
    assert_eq!(topics, ["order.created", "order.updated"]);
    // The body is that of the moment of sending, and so the same in both.
    assert_eq!(told[0].body, told[1].body);
}

#[tokio::test]
async fn what_is_trashed_is_told_under_the_wrong_topic_too() {
    let (shop, receiver) = both().await;
    for topic in [
        "order.deleted",
        "order.restored",
        "product.updated",
        "product.deleted",
        "product.restored",
        "coupon.deleted",
        "coupon.restored",
    ] {
        register(&shop, topic, &receiver.url).await;
    }
    let told = async |lever: &str| {
        receiver.forget();
        pull(&shop, "POST", lever, json!({})).await;
        all_sent(&shop).await;
        let told = receiver.deliveries();
        told.iter()
            .map(|one| (one.topic().to_owned(), one.json()))
            .collect::<Vec<_>>()
    };
    let both_deleted = |id: u64| {
        ["product.deleted", "coupon.deleted"]
            .map(|topic| (topic.to_owned(), json!({"id": id})))
            .to_vec()
    };
    assert_eq!(told("products/7/trash").await, both_deleted(7));
    assert_eq!(told("coupons/99/trash").await, both_deleted(99));
    let restored = told("products/7/restore").await;
    let topics: Vec<&str> = restored.iter().map(|(topic, _)| topic.as_str()).collect();
    assert_eq!(
        topics,
        ["product.updated", "product.restored", "coupon.restored"]
    );
    assert_eq!(
        restored[2].1,
        json!({"code": "woocommerce_rest_shop_coupon_invalid_id", "message": "Invalid ID.", "data": {"status": 404}})
    );
    assert_eq!(
        told("orders/41/trash").await,
        [("order.deleted".to_owned(), json!({"id": 41}))]
    );
    let restored = told("orders/41/restore").await;
    assert_eq!(
        (restored[0].0.as_str(), &restored[0].1["status"]),
        ("order.restored", &json!("processing"))
    );
}

#[tokio::test]
async fn some_things_are_told_by_no_usual_topic() {
    let (shop, receiver) = both().await;
    for topic in [
        "order.created",
        "order.updated",
        "order.deleted",
        "order.restored",
        "customer.deleted",
    ] {
        register(&shop, topic, &receiver.url).await;
    }
    pull(
        &shop,
        "POST",
        "orders/42/refunds",
        json!({"id": 50, "amount": "1.00"}),
    )
    .await;
    all_sent(&shop).await;
    assert_eq!(topics(&receiver).await, ["order.updated"]);
    pull(&shop, "POST", "orders/41/trash", json!({})).await;
    all_sent(&shop).await;
    receiver.forget();
    // A refund deleted, an order brought back by its status, an order deleted for good, an administrator gone, a draft of the back office.
    pull(&shop, "DELETE", "orders/42/refunds/50", json!({})).await;
    pull(
        &shop,
        "POST",
        "orders/41/set",
        json!({"status": "processing"}),
    )
    .await;
    pull(&shop, "POST", "orders/41/delete", json!({})).await;
    pull(&shop, "DELETE", "customers/4", json!({})).await;
    pull(
        &shop,
        "PUT",
        "orders/60",
        json!({"order": {"status": "auto-draft"}}),
    )
    .await;
    all_sent(&shop).await;
    assert_eq!(receiver.deliveries(), []);
    // A draft of the checkout and a customer gone are.
    pull(
        &shop,
        "PUT",
        "orders/61",
        json!({"order": {"status": "checkout-draft", "customer_id": 3}}),
    )
    .await;
    pull(&shop, "DELETE", "customers/3", json!({})).await;
    all_sent(&shop).await;
    // The order of a customer who is gone is a guest's, which is not told.
    assert_eq!(
        topics(&receiver).await,
        ["order.created", "order.updated", "customer.deleted"]
    );
}

#[tokio::test]
async fn topics_made_of_actions_and_newer_shops_tell_of_deletions() {
    let (shop, receiver) = both().await;
    for topic in [
        "action.woocommerce_refund_deleted",
        "action.woocommerce_delete_order",
    ] {
        register(&shop, topic, &receiver.url).await;
    }
    pull(
        &shop,
        "POST",
        "orders/42/refunds",
        json!({"id": 50, "amount": "1.00"}),
    )
    .await;
    pull(&shop, "DELETE", "orders/42/refunds/50", json!({})).await;
    pull(&shop, "POST", "orders/41/delete", json!({})).await;
    all_sent(&shop).await;
    let told: Vec<String> = receiver
        .deliveries()
        .into_iter()
        .map(|one| one.body)
        .collect();
    assert_eq!(
        told,
        [
            r#"{"action":"woocommerce_refund_deleted","arg":50}"#,
            r#"{"action":"woocommerce_delete_order","arg":41}"#
        ]
    );
    pull(
        &shop,
        "POST",
        "sending",
        json!({"tells_of_deleted_refunds": true}),
    )
    .await;
    let made = register(&shop, "order.updated", &receiver.url).await;
    assert_eq!(made["hooks"][2], "woocommerce_delete_order_refund");
    pull(
        &shop,
        "POST",
        "orders/42/refunds",
        json!({"id": 51, "amount": "1.00"}),
    )
    .await;
    all_sent(&shop).await;
    receiver.forget();
    pull(&shop, "DELETE", "orders/42/refunds/51", json!({})).await;
    all_sent(&shop).await;
    assert_eq!(
        topics(&receiver).await,
        ["action.woocommerce_refund_deleted", "order.updated"]
    );
}

#[tokio::test]
async fn products_and_customers_are_told_of_and_a_variation_by_itself() {
    let (shop, receiver) = both().await;
    for topic in [
        "product.created",
        "product.updated",
        "customer.created",
        "customer.updated",
    ] {
        register(&shop, topic, &receiver.url).await;
    }
    pull(
        &shop,
        "PUT",
        "products/9",
        json!({"name": "Cap", "type": "simple"}),
    )
    .await;
    pull(
        &shop,
        "PUT",
        "products/8",
        json!({"name": "Mug - Red", "type": "variation", "parent_id": 7}),
    )
    .await;
    pull(
        &shop,
        "PUT",
        "products/10",
        json!({"name": "Not yet", "type": "simple", "status": "draft"}),
    )
    .await;
    pull(
        &shop,
        "PUT",
        "customers/5",
        json!({"email": "bo@customer.test"}),
    )
    .await;
    all_sent(&shop).await;
    let told = receiver.deliveries();
    let told: Vec<(&str, Value)> = told
        .iter()
        .map(|one| (one.topic(), one.json()["id"].clone()))
        .collect();
    let expected = [
        ("product.created", 9),
        ("product.updated", 8),
        ("customer.created", 5),
        ("customer.updated", 5),
    ];
    assert_eq!(told, expected.map(|(topic, id)| (topic, json!(id))));
    assert_eq!(receiver.deliveries()[1].json()["parent_id"], 7);
}
