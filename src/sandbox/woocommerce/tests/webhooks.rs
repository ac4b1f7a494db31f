//! The shop sends, and a receiver looks at every byte.

use serde_json::{Value, json};

use super::{Running, http, lever, orders, shop};
use crate::stand::receiver::Receiver;
use crate::stand::sending::signature;

const SECRET: &str = "udsync-test-secret";

/// A shop with two orders and a receiver; nothing is registered yet.
async fn both() -> (Running, Receiver) {
    let at = orders(&[(41, "2026-11-20T10:00:00"), (42, "2026-11-20T11:00:00")]);
    let more = json!({"orders": at, "products": [{"id": 7, "name": "Mug", "type": "simple", "status": "publish"},
        {"id": 8, "name": "Mug - Red", "type": "variation", "parent_id": 7, "status": "publish"}],
        "customers": [{"id": 3, "email": "ann@customer.test", "role": "customer"}, {"id": 4, "role": "administrator"}]});
    (shop(more).await, Receiver::new().await)
}

async fn ask(shop: &Running, method: &str, path: &str, body: Value) -> (u16, Value) {
    let method = method.parse().expect("a method");
    let url = format!("{}/wp-json/wc/v3/{path}", shop.url());
    let request = http()
        .request(method, url)
        .basic_auth("ck_all", Some("cs_all"));
    let answer = request.json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn register(shop: &Running, topic: &str, url: &str) -> Value {
    let body = json!({"topic": topic, "delivery_url": url, "secret": SECRET});
    let (status, made) = ask(shop, "POST", "webhooks", body).await;
    assert_eq!(status, 201, "{made}");
    made
}

/// Waits until the queue is empty.
async fn all_sent(shop: &Running) {
    lever(shop, "GET", "sent/all", json!({})).await;
}

async fn status_of(shop: &Running, id: u64) -> String {
    let (_, webhook) = ask(shop, "GET", &format!("webhooks/{id}"), json!({})).await;
    webhook["status"].as_str().unwrap_or_default().to_owned()
}

/// Changes an order and waits until it was told.
async fn touch(shop: &Running, id: u64) {
    lever(
        shop,
        "POST",
        &format!("orders/{id}/set"),
        json!({"customer_note": "again"}),
    )
    .await;
    all_sent(shop).await;
}

#[tokio::test]
async fn a_delivery_is_what_a_real_shop_sends() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    touch(&shop, 41).await;
    let [ping, told] = &receiver.received()[..] else {
        panic!("{:?}", receiver.received());
    };
    let names = |one: &crate::stand::receiver::Received| -> Vec<String> {
        one.headers.iter().map(|(name, _)| name.clone()).collect()
    };
    // As recorded from a real shop, header for header.
    for (recorded, ours) in [
        (
            include_str!("../../../../tests/recorded/woocommerce/webhooks/001-ping-ping.json"),
            ping,
        ),
        (
            include_str!(
                "../../../../tests/recorded/woocommerce/webhooks/019-order-pay-order_updated.json"
            ),
            told,
        ),
    ] {
        let recorded: Value = serde_json::from_str(recorded).expect("JSON");
        let headers = recorded["request"]["headers"].as_array().expect("headers");
        let theirs: Vec<&str> = headers.iter().filter_map(|one| one[0].as_str()).collect();
        assert_eq!(names(ours), theirs);
    }
    assert_eq!(ping.body, "webhook_id=1");
    assert!(told.is_signed_with(SECRET));
    assert_eq!(
        told.header("X-WC-Webhook-Source"),
        format!("{}/", shop.url().replace("http", "https"))
    );
    let shown = super::read(&shop, "orders/41").await;
    assert_eq!(told.json()["id"], 41);
    assert_eq!(told.json()["customer_note"], shown["customer_note"]);
    assert!(
        told.body
            .contains(r#""_links":{"self":[{"href":"https:\/\/"#),
        "{}",
        told.body
    );
}

#[tokio::test]
async fn a_new_order_is_told_as_created_and_as_updated() {
    let (shop, receiver) = both().await;
    for topic in ["order.created", "order.updated"] {
        register(&shop, topic, &receiver.url).await;
    }
    lever(
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

#[test]
fn the_vectors_are_signed_as_expected() {
    let entity = super::super::webhooks::Webhook::for_test("a&amp;b");
    for (secret, body, expected) in [
        (
            "woolab-webhook-secret-1",
            r#"{"id":2549}"#,
            "LrY+jjK/WyVpzcoxTxm8zSNqMm7qIuwVth0G7l4gXpw=",
        ),
        (
            SECRET,
            r#"{"id":1}"#,
            "D0cV2o6qy8mGO/pSYi2mvJEFEwMc8oqlgIoF3Jf2FCs=",
        ),
        (
            SECRET,
            "{\"id\":1}\n",
            "mTg5nWoA0CbzbInsPDanwVrOuS1ZYUYgqs6LGJwS8ZQ=",
        ),
        (
            &entity.signing_secret(),
            r#"{"id":1}"#,
            "DZZ3mhyNjKxgGYJPujiR4ZGjbQJd9qbIQuhcMQ11PTE=",
        ),
        (SECRET, "", "T7WKzcIzcMxwo59a9A0lEGKVBqpfq//WdRacJz6lpAg="),
        (
            SECRET,
            r#"{"code":"woocommerce_rest_shop_coupon_invalid_id","message":"Invalid ID.","data":{"status":404}}"#,
            "lZUUZpFo+T+Lplbf9bV4/Uf9XGe+h2cxfOcuOTIZnWM=",
        ),
        (
            "sécrèt",
            r#"{"id":7,"name":"Caf\u00e9 \/ 1"}"#,
            "REcLwtj6js/NCL4Ysm2rCy2KcXKAhwc/sD4+flCPL4s=",
        ),
    ] {
        assert_eq!(
            signature(secret.as_bytes(), body.as_bytes()),
            expected,
            "{body}"
        );
    }
}

#[test]
fn every_recorded_delivery_is_signed_as_we_sign() {
    let mut checked = 0;
    for folder in ["webhooks", "webhooks10"] {
        let folder = format!(
            "{}/../../tests/recorded/woocommerce/{folder}",
            env!("CARGO_MANIFEST_DIR")
        );
        for file in std::fs::read_dir(folder).expect("the recordings") {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            let recorded: Value = serde_json::from_str(&text).expect("JSON");
            let headers = recorded["request"]["headers"].as_array();
            let signed = headers
                .into_iter()
                .flatten()
                .find(|one| one[0] == "X-WC-Webhook-Signature");
            let Some(signed) = signed else {
                continue;
            };
            let webhook = super::super::webhooks::Webhook::for_test(
                recorded["secret"].as_str().expect("a secret"),
            );
            let body = recorded["request"]["body"].as_str().expect("a body");
            assert_eq!(
                signature(webhook.signing_secret().as_bytes(), body.as_bytes()),
                signed[1]
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 73);
}

#[tokio::test]
async fn the_resource_answers_as_a_real_shop_does() {
    let (shop, receiver) = both().await;
    let refused = [
        (
            json!({"topic": "order.created"}),
            400,
            "rest_missing_callback_param",
        ),
        (
            json!({"topic": "order.bogus", "delivery_url": receiver.url}),
            400,
            "woocommerce_rest_shop_webhook_invalid_topic",
        ),
        (
            json!({"topic": "order.created", "delivery_url": "ftp://x"}),
            400,
            "woocommerce_rest_shop_webhook_invalid_delivery_url",
        ),
    ];
    for (body, status, code) in refused {
        let (said, answer) = ask(&shop, "POST", "webhooks", body).await;
        assert_eq!((said, answer["code"].as_str()), (status, Some(code)));
    }
    let made = register(&shop, "order.updated", &receiver.url).await;
    assert_eq!(
        made["hooks"],
        json!(["woocommerce_update_order", "woocommerce_order_refunded"])
    );
    assert_eq!(
        (&made["id"], &made["status"], &made["date_modified_gmt"]),
        (&json!(1), &json!("active"), &Value::Null)
    );
    assert!(
        made["name"]
            .as_str()
            .is_some_and(|name| name.starts_with("Webhook created on "))
    );
    assert!(made.get("secret").is_none());
    let (_, list) = ask(&shop, "GET", "webhooks", json!({})).await;
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let (status, answer) = ask(&shop, "DELETE", "webhooks/1", json!({})).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (501, Some("woocommerce_rest_trash_not_supported"))
    );
    assert_eq!(
        ask(&shop, "DELETE", "webhooks/1?force=true", json!({}))
            .await
            .0,
        200
    );
    let (status, answer) = ask(&shop, "GET", "webhooks/1", json!({})).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (404, Some("woocommerce_rest_shop_webhook_invalid_id"))
    );
    // An id is not given out twice.
    assert_eq!(
        register(&shop, "order.updated", &receiver.url).await["id"],
        2
    );
    let read_only = http()
        .post(format!("{}/wp-json/wc/v3/webhooks", shop.url()))
        .basic_auth("ck_read", Some("cs_read"));
    assert_eq!(read_only.send().await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn a_topic_in_capitals_is_taken_and_never_heard_of_again() {
    let (shop, receiver) = both().await;
    let made = register(&shop, "Order.Updated", &receiver.url).await;
    assert_eq!((&made["topic"], &made["hooks"]), (&json!(""), &json!([])));
    touch(&shop, 41).await;
    assert_eq!(receiver.deliveries(), []);
}

#[tokio::test]
async fn the_seventh_failure_in_a_row_disables() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    receiver.usually(500);
    for _ in 0..6 {
        touch(&shop, 41).await;
    }
    assert_eq!(status_of(&shop, 1).await, "active");
    touch(&shop, 41).await;
    assert_eq!(status_of(&shop, 1).await, "disabled");
    touch(&shop, 41).await;
    assert_eq!(receiver.deliveries().len(), 7);
    // Once more active, one more failure is enough.
    assert_eq!(
        ask(&shop, "PUT", "webhooks/1", json!({"status": "active"}))
            .await
            .1["status"],
        "active"
    );
    touch(&shop, 41).await;
    assert_eq!(status_of(&shop, 1).await, "disabled");
    // A success lets the count begin anew; a redirect is one, and nobody follows it.
    ask(&shop, "PUT", "webhooks/1", json!({"status": "active"})).await;
    receiver.answers(&[302]);
    touch(&shop, 41).await;
    for _ in 0..6 {
        touch(&shop, 41).await;
    }
    assert_eq!(status_of(&shop, 1).await, "active");
}
