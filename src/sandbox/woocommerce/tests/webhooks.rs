//! The shop sends, and a receiver looks at every byte.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Running, http, lever, orders, shop};
use crate::stand::sending::signature;
use crate::stand::tests::receiver::Receiver;

pub const SECRET: &str = "udsync-test-secret";

/// A shop with two orders and a receiver; nothing is registered yet.
pub async fn both() -> (Running, Receiver) {
    let at = orders(&[(41, "2026-11-20T10:00:00"), (42, "2026-11-20T11:00:00")]);
    let more = json!({"orders": at, "products": [{"id": 7, "name": "Mug", "type": "simple", "status": "publish"},
        {"id": 8, "name": "Mug - Red", "type": "variation", "parent_id": 7, "status": "publish"}],
        "customers": [{"id": 3, "email": "ann@customer.test", "role": "customer"}, {"id": 4, "role": "administrator"}]});
    (shop(more).await, Receiver::new().await)
}

pub async fn ask(shop: &Running, method: &str, path: &str, body: Value) -> (u16, Value) {
    let method = method.parse().expect("a method");
    let url = format!("{}/wp-json/wc/v3/{path}", shop.url());
    let request = http()
        .request(method, url)
        .basic_auth("ck_all", Some("cs_all"));
    let answer = request.json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

pub async fn register(shop: &Running, topic: &str, url: &str) -> Value {
    let body = json!({"topic": topic, "delivery_url": url, "secret": SECRET});
    let (status, made) = ask(shop, "POST", "webhooks", body).await;
    assert_eq!(status, 201, "{made}");
    made
}

/// Waits until the queue is empty.
pub async fn all_sent(shop: &Running) {
    lever(shop, "GET", "sent/all", json!({})).await;
}

async fn status_of(shop: &Running, id: u64) -> String {
    let (_, webhook) = ask(shop, "GET", &format!("webhooks/{id}"), json!({})).await;
    webhook["status"].as_str().unwrap_or_default().to_owned()
}

/// Changes an order and waits until it was told.
pub async fn touch(shop: &Running, id: u64) {
    lever(
        shop,
        "POST",
        &format!("orders/{id}/set"),
        json!({"customer_note": "again"}),
    )
    .await;
    all_sent(shop).await;
}

/// Pulls a lever.
pub async fn pull(shop: &Running, method: &str, path: &str, body: Value) {
    lever(shop, method, path, body).await;
}

pub async fn topics(receiver: &Receiver) -> Vec<String> {
    let told = receiver.deliveries();
    told.iter().map(|one| one.topic().to_owned()).collect()
}

#[tokio::test]
async fn a_delivery_is_what_a_real_shop_sends() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    touch(&shop, 41).await;
    let [ping, told] = &receiver.received()[..] else {
        panic!("{:?}", receiver.received());
    };
    let names = |one: &crate::stand::tests::receiver::Received| -> Vec<String> {
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

/// What a real shop was asked, and what it answered.
fn recording(name: &str) -> Value {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/recorded/woocommerce"
    );
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).expect("a recording");
    serde_json::from_str(&text).expect("JSON")
}

/// Asks as a real shop was asked, and gives back status and text.
async fn ask_again(shop: &Running, recorded: &Value, path: &str) -> (u64, String) {
    let request = &recorded["request"];
    let method = request["method"].as_str().expect("a method");
    let url = format!("{}/wp-json/wc/v3/{path}", shop.url());
    let asked = http()
        .request(method.parse().expect("a method"), url)
        .basic_auth("ck_all", Some("cs_all"));
    let query: Vec<(String, String)> =
        serde_json::from_value(request["query"].clone()).expect("pairs");
    let body = request["body"].as_str().unwrap_or_default().to_owned();
    let answer = asked
        .query(&query)
        .body(body)
        .send()
        .await
        .expect("an answer");
    (
        answer.status().as_u16().into(),
        answer.text().await.expect("text"),
    )
}

#[tokio::test]
async fn the_resource_answers_word_for_word_as_it_was_recorded() {
    let (shop, receiver) = both().await;
    let topics = [
        "order.created",
        "order.updated",
        "order.deleted",
        "order.restored",
        "product.created",
        "product.updated",
        "product.deleted",
        "product.restored",
        "customer.created",
        "customer.updated",
        "customer.deleted",
        "coupon.created",
        "coupon.updated",
        "coupon.deleted",
        "coupon.restored",
    ];
    for topic in topics {
        let body = json!({"topic": topic, "delivery_url": receiver.url, "status": "paused"});
        ask(&shop, "POST", "webhooks", body).await;
    }
    for (name, path) in [
        ("webhooks10/list", "webhooks"),
        ("webhooks-api/create-bad-topic", "webhooks"),
        ("webhooks-api/create-bad-url", "webhooks"),
        ("webhooks-api/create-no-url", "webhooks"),
        ("webhooks-api/delete-without-force", "webhooks/12"),
    ] {
        let recorded = recording(name);
        let said = ask_again(&shop, &recorded, path).await;
        let response = &recorded["response"];
        let expected = (
            response["status"].as_u64().expect("a status"),
            response["body"].as_str().expect("a body").to_owned(),
        );
        assert_eq!(said, expected, "{name}");
    }
    // Of one that is made, only where and when are another shop's.
    let recorded = recording("webhooks10/action-topic");
    let (status, said) = ask_again(&shop, &recorded, "webhooks").await;
    let keys = |text: &str| {
        let map: serde_json::Map<String, Value> = serde_json::from_str(text).expect("an object");
        map.into_iter()
            .filter(|(name, _)| {
                !name.starts_with("date_created") && name != "_links" && name != "id"
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (status, keys(&said)),
        (
            201,
            keys(recorded["response"]["body"].as_str().expect("a body"))
        )
    );
}

#[tokio::test]
async fn a_secret_is_decoded_once_before_it_signs() {
    for (stored, used) in [
        ("a&amp;b", "a&b"),
        ("a&amp;lt;b", "a&lt;b"),
        ("&quot;&#039;&lt;&gt;", "\"'<>"),
        (
            "sécrèt-ключ-🔑 with \"quotes\" & <b>",
            "sécrèt-ключ-🔑 with \"quotes\" & <b>",
        ),
    ] {
        let (shop, receiver) = both().await;
        let body =
            json!({"topic": "order.updated", "delivery_url": receiver.url, "secret": stored});
        ask(&shop, "POST", "webhooks", body).await;
        touch(&shop, 41).await;
        assert!(receiver.deliveries()[0].is_signed_with(used), "{stored}");
    }
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

#[tokio::test]
async fn changes_that_wait_are_one_delivery_of_the_last_state() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    pull(&shop, "POST", "sending", json!({"paused": true})).await;
    for note in ["first", "second", "third"] {
        pull(
            &shop,
            "POST",
            "orders/41/set",
            json!({"customer_note": note}),
        )
        .await;
    }
    pull(&shop, "POST", "sending", json!({"paused": false})).await;
    all_sent(&shop).await;
    let [told] = &receiver.deliveries()[..] else {
        panic!("{:?}", receiver.deliveries());
    };
    assert_eq!(told.json()["customer_note"], "third");
}

#[tokio::test]
async fn a_change_during_a_delivery_is_told_by_another_one_unless_the_shop_loses_it() {
    for (loses, deliveries) in [(false, 2), (true, 1)] {
        let (shop, receiver) = both().await;
        register(&shop, "order.updated", &receiver.url).await;
        pull(&shop, "POST", "sending", json!({"loses_meanwhile": loses})).await;
        receiver.takes(Duration::from_millis(300));
        pull(
            &shop,
            "POST",
            "orders/41/set",
            json!({"customer_note": "one"}),
        )
        .await;
        while receiver.deliveries().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        pull(
            &shop,
            "POST",
            "orders/41/set",
            json!({"customer_note": "two"}),
        )
        .await;
        all_sent(&shop).await;
        assert_eq!(receiver.deliveries().len(), deliveries);
    }
}

#[tokio::test]
async fn a_ping_that_gets_no_plain_200_comes_again_after_each_delivery() {
    let (shop, receiver) = both().await;
    receiver.answers(&[204]);
    register(&shop, "order.updated", &receiver.url).await;
    receiver.answers(&[200, 204]);
    touch(&shop, 41).await;
    touch(&shop, 41).await;
    touch(&shop, 41).await;
    let bodies: Vec<bool> = receiver
        .received()
        .iter()
        .map(|one| one.body == "webhook_id=1")
        .collect();
    assert_eq!(bodies, [true, false, true, false, true, false]);
    // A new address and an awakening are pinged too; another name is not.
    receiver.forget();
    let other = Receiver::new().await;
    ask(&shop, "PUT", "webhooks/1", json!({"name": "another"})).await;
    ask(
        &shop,
        "PUT",
        "webhooks/1",
        json!({"delivery_url": other.url}),
    )
    .await;
    ask(&shop, "PUT", "webhooks/1", json!({"status": "paused"})).await;
    ask(&shop, "PUT", "webhooks/1", json!({"status": "active"})).await;
    let pings: Vec<String> = other.received().into_iter().map(|one| one.body).collect();
    assert_eq!(
        (pings, receiver.received()),
        (vec!["webhook_id=1".to_owned(); 2], vec![])
    );
}

#[tokio::test]
async fn a_webhook_is_made_even_if_its_ping_is_eaten() {
    let (shop, receiver) = both().await;
    pull(&shop, "POST", "sending", json!({"loses_pings": true})).await;
    assert_eq!(
        register(&shop, "order.updated", &receiver.url).await["status"],
        "active"
    );
    assert_eq!(receiver.received(), []);
    touch(&shop, 41).await;
    assert_eq!(topics(&receiver).await, ["order.updated"]);
}

#[tokio::test]
async fn one_webhook_gives_two_deliveries_of_one_second_the_same_id() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    pull(&shop, "POST", "sending", json!({"paused": true})).await;
    for id in 100..110 {
        pull(
            &shop,
            "PUT",
            &format!("orders/{id}"),
            json!({"order": {"status": "processing"}}),
        )
        .await;
    }
    pull(&shop, "POST", "sending", json!({"paused": false})).await;
    all_sent(&shop).await;
    let told = receiver.deliveries();
    let ids: BTreeSet<&str> = told
        .iter()
        .map(|one| one.header("X-WC-Webhook-Delivery-ID"))
        .collect();
    // Ten orders, and they took a few seconds at most.
    assert_eq!(told.len(), 10);
    assert!(ids.len() < 5, "{ids:?}");
}

#[tokio::test]
async fn a_delivery_is_tried_once_and_its_time_is_kept() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    receiver.answers(&[500]);
    touch(&shop, 41).await;
    assert_eq!(receiver.deliveries().len(), 1);
    let (_, webhook) = ask(&shop, "GET", "webhooks/1", json!({})).await;
    let sent: Value = lever(&shop, "GET", "sent", json!({}))
        .await
        .json()
        .await
        .expect("JSON");
    let at = |value: &Value, zone: &str| {
        let text = format!("{}{zone}", value.as_str().unwrap_or_default());
        chrono::DateTime::parse_from_rfc3339(&text).expect("a time")
    };
    let apart = at(&webhook["date_modified_gmt"], "Z") - at(&sent[1]["at"], "");
    assert!(apart.num_seconds().abs() <= 1, "{apart}");
    assert!(webhook.get("failure_count").is_none());
}

#[tokio::test]
async fn a_webhook_of_somebody_who_may_no_longer_see_sends_a_signed_error() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    pull(&shop, "POST", "webhooks/1", json!({"demoted": true})).await;
    touch(&shop, 41).await;
    let told = &receiver.deliveries()[0];
    assert!(told.is_signed_with(SECRET));
    assert_eq!(told.json()["data"], json!({"status": 403}));
}

#[tokio::test]
async fn nothing_is_sent_beyond_loopback() {
    let (shop, _) = both().await;
    for url in [
        "http://203.0.113.9/hook",
        "https://127.0.0.1:1/hook",
        "http://shop.example.test/hook",
    ] {
        register(&shop, "order.updated", url).await;
    }
    touch(&shop, 41).await;
    let sent = lever(&shop, "GET", "sent", json!({}))
        .await
        .json::<Value>()
        .await
        .expect("JSON");
    let sent = sent.as_array().expect("a list");
    assert!(sent.iter().all(|one| one["status"].is_null()), "{sent:?}");
}

#[tokio::test]
async fn a_snapshot_keeps_the_webhooks_and_tells_nobody() {
    let (shop, receiver) = both().await;
    register(&shop, "order.updated", &receiver.url).await;
    receiver.forget();
    let kept = lever(&shop, "GET", "snapshot", json!({}))
        .await
        .json::<Value>()
        .await
        .expect("JSON");
    pull(&shop, "PUT", "snapshot", kept).await;
    all_sent(&shop).await;
    assert_eq!(receiver.received(), []);
    touch(&shop, 41).await;
    assert!(receiver.deliveries()[0].is_signed_with(SECRET));
}

#[tokio::test]
async fn a_shop_in_motion_sells_sends_and_gives_back_and_tells() {
    let receiver = Receiver::new().await;
    let mut setup = crate::demo::shop();
    setup["sending"] = json!({"sells_every_ms": 20});
    let webhook =
        |topic: &str| json!({"topic": topic, "delivery_url": receiver.url, "secret": SECRET});
    setup["webhooks"] = json!([webhook("order.created"), webhook("order.updated")]);
    let shop = super::start(0, setup).await.expect("the shop opens");
    let told =
        |is_told: fn(&Value) -> bool| receiver.deliveries().iter().any(|one| is_told(&one.json()));
    let given_back: fn(&Value) -> bool = |order| order["refunds"][0]["total"] == "-5.00";
    let whole = async {
        while !told(given_back) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), whole)
        .await
        .expect("something is given back");
    assert!(told(
        |order| order["status"] == "completed" && order["date_completed"].is_string()
    ));
    let told = receiver.deliveries();
    let created: Vec<Value> = told
        .iter()
        .filter(|one| one.topic() == "order.created")
        .map(|one| one.json())
        .collect();
    let numbers: BTreeSet<&str> = created
        .iter()
        .filter_map(|order| order["number"].as_str())
        .collect();
    assert_eq!(numbers.len(), created.len(), "sold twice");
    for order in &created {
        assert!(order["date_paid_gmt"].is_string());
        assert!(
            order["line_items"]
                .as_array()
                .is_some_and(|lines| !lines.is_empty())
        );
        assert_eq!(order["number"], order["id"].to_string());
    }
    drop(shop);
}
