//! Deliveries go astray as a test orders them to.

use serde_json::{Value, json};

use super::{Running, lever, shop};
use crate::stand::tests::receiver::{Received, Receiver};

const SECRET: &str = "udsync-test-secret";

/// A shop with thirty orders that tells of changes, and goes astray by a rule.
async fn astray(rule: Value) -> (Running, Receiver) {
    let receiver = Receiver::new().await;
    let orders: Vec<Value> = (1..=30)
        .map(|id| json!({"id": id, "status": "processing"}))
        .collect();
    let webhooks =
        json!([{"topic": "order.updated", "delivery_url": receiver.url, "secret": SECRET}]);
    let shop = shop(json!({"orders": orders, "webhooks": webhooks})).await;
    lever(&shop, "POST", "sending/mishaps", rule).await;
    (shop, receiver)
}

async fn change(shop: &Running, id: u64) {
    let path = format!("orders/{id}/set");
    lever(shop, "POST", &path, json!({"customer_note": "x"})).await;
}

async fn all_sent(shop: &Running) {
    lever(shop, "GET", "sent/all?within_ms=20000", json!({})).await;
}

async fn touch(shop: &Running, ids: std::ops::RangeInclusive<u64>) {
    for id in ids {
        change(shop, id).await;
    }
    all_sent(shop).await;
}

fn ids(received: &[Received]) -> Vec<u64> {
    received
        .iter()
        .filter_map(|one| one.json()["id"].as_u64())
        .collect()
}

async fn sent(shop: &Running) -> Vec<Value> {
    let sent: Value = lever(shop, "GET", "sent", json!({}))
        .await
        .json()
        .await
        .expect("JSON");
    sent.as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_lost_one_is_answered_for_and_never_comes() {
    let (shop, receiver) = astray(json!({"what": "lost", "skip": 1})).await;
    touch(&shop, 1..=3).await;
    assert_eq!(ids(&receiver.received()), [1, 3]);
    let sent = sent(&shop).await;
    assert_eq!(
        (&sent[1]["status"], &sent[1]["mishap"]),
        (&json!(200), &json!("lost"))
    );
}

#[tokio::test]
async fn a_share_is_dropped_and_always_the_same_share() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (shop, receiver) =
            astray(json!({"what": "lost", "chance": 0.2, "times": null, "seed": 7})).await;
        touch(&shop, 1..=30).await;
        runs.push(ids(&receiver.received()));
    }
    assert_eq!(runs[0], runs[1]);
    assert!((20..29).contains(&runs[0].len()), "{:?}", runs[0]);
}

#[tokio::test]
async fn a_late_one_comes_after_others_and_with_the_state_of_then() {
    let (shop, receiver) = astray(json!({"what": "late", "ms": 3_000})).await;
    lever(
        &shop,
        "POST",
        "orders/1/set",
        json!({"customer_note": "early"}),
    )
    .await;
    lever(&shop, "POST", "orders/2/set", json!({"customer_note": "x"})).await;
    lever(
        &shop,
        "POST",
        "orders/1/set",
        json!({"customer_note": "late"}),
    )
    .await;
    lever(&shop, "GET", "sent/all", json!({})).await;
    let received = receiver.received();
    assert_eq!(ids(&received), [2, 1]);
    assert_eq!(received[1].json()["customer_note"], "late");
}

#[tokio::test]
async fn one_can_be_overtaken_by_a_number_of_others() {
    let (shop, receiver) = astray(json!({"what": "out_of_order", "after": 2, "ms": 20_000})).await;
    touch(&shop, 1..=4).await;
    assert_eq!(ids(&receiver.received()), [2, 3, 1, 4]);
}

#[tokio::test]
async fn all_can_be_shuffled_and_none_is_missing() {
    let (shop, receiver) = astray(json!({"what": "shuffled", "times": null, "ms": 3_000})).await;
    // Paused meanwhile, so that the order is the one that was drawn, however slow this machine is.
    lever(&shop, "POST", "sending", json!({"paused": true})).await;
    for id in 1..=30 {
        change(&shop, id).await;
    }
    lever(&shop, "POST", "sending", json!({"paused": false})).await;
    all_sent(&shop).await;
    let mut came = ids(&receiver.received());
    let in_order: Vec<u64> = (1..=30).collect();
    assert_ne!(came, in_order);
    came.sort_unstable();
    assert_eq!(came, in_order);
}

#[tokio::test]
async fn the_same_bytes_can_come_twice_and_old_ones_again() {
    let (shop, receiver) = astray(json!({"what": "twice"})).await;
    touch(&shop, 1..=1).await;
    let received = receiver.received();
    assert_eq!((received.len(), &received[0]), (2, &received[1]));
    receiver.forget();
    lever(
        &shop,
        "POST",
        "sending/mishaps",
        json!({"what": "replayed"}),
    )
    .await;
    touch(&shop, 2..=2).await;
    assert_eq!(ids(&receiver.received()), [1, 2]);
    assert_eq!(receiver.received()[0], received[0]);
}

#[tokio::test]
async fn a_stranger_cannot_sign_and_the_true_one_follows() {
    for how in ["secret", "body", "unsigned"] {
        let (shop, receiver) = astray(json!({"what": "forged", "how": how})).await;
        touch(&shop, 1..=1).await;
        let signed: Vec<bool> = receiver
            .received()
            .iter()
            .map(|one| one.is_signed_with(SECRET))
            .collect();
        assert_eq!(signed, [false, true], "{how}");
    }
    // The topic is covered by no signature.
    let (shop, receiver) = astray(json!({"what": "forged", "how": "topic"})).await;
    touch(&shop, 1..=1).await;
    let received = receiver.received();
    assert_eq!(
        (received[0].topic(), received[1].topic()),
        ("order.deleted", "order.updated")
    );
    assert!(received[0].is_signed_with(SECRET));
    // What a stranger hears does not count for the shop.
    assert_eq!(sent(&shop).await.len(), 1);
}

#[tokio::test]
async fn half_of_one_arrives_whole_or_not_at_all() {
    let (shop, receiver) = astray(json!([{"what": "truncated"}, {"what": "broken_off"}])).await;
    touch(&shop, 1..=1).await;
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert!(!received[0].is_signed_with(SECRET));
    assert_eq!(
        received[0].header("Content-Length"),
        received[0].body.len().to_string()
    );
    receiver.forget();
    touch(&shop, 2..=2).await;
    assert_eq!(receiver.received(), []);
    assert_eq!(sent(&shop).await[1]["status"], Value::Null);
}

#[tokio::test]
async fn a_rule_that_nobody_knows_is_refused() {
    let (shop, _) = astray(json!([])).await;
    let url = format!("{}/_sandbox/sending/mishaps", shop.url());
    let wrong = super::http()
        .post(url)
        .json(&json!({"what": "eaten"}))
        .send();
    assert_eq!(wrong.await.expect("an answer").status(), 400);
    // And who waits for what does not come is told.
    lever(&shop, "POST", "sending", json!({"paused": true})).await;
    lever(&shop, "POST", "orders/1/set", json!({"customer_note": "x"})).await;
    let url = format!("{}/_sandbox/sent/all?within_ms=50", shop.url());
    let answer = super::http().get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 408);
    assert_eq!(answer.json::<Value>().await.expect("JSON")["unsent"], 1);
}
