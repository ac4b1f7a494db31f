//! The stand-in, driven over HTTP and held against what a real shop said.

mod astray;
mod bulk;
mod changes;
mod hooks;
mod lists;
mod logins;
mod mishaps;
mod payments;
mod recorded;
mod webhooks;
mod writes;

use serde_json::{Value, json};

use super::{Running, start};
use crate::stand::tests::client::http;

/// The keys that the tests' shops know, of each kind.
fn keys() -> Value {
    json!([
        {"key": "ck_all", "secret": "cs_all", "permissions": "read_write"},
        {"key": "ck_read", "secret": "cs_read", "permissions": "read"},
        {"key": "ck_write", "secret": "cs_write", "permissions": "write"},
        {"key": "ck_buyer", "secret": "cs_buyer", "permissions": "read_write", "role": "customer"}
    ])
}

/// A shop on what PHP takes for TLS, with the keys above and whatever else is given.
async fn shop(more: Value) -> Running {
    let mut setup =
        json!({"https": true, "keys": keys(), "site": {"timezone": "America/Vancouver"}});
    for (name, value) in more.as_object().expect("a setup is an object") {
        setup[name] = value.clone();
    }
    start(0, setup).await.expect("the shop opens")
}

/// Orders that differ in id and in their second of modification only.
fn orders(modified: &[(u64, &str)]) -> Value {
    modified.iter().map(|(id, at)| json!({"id": id, "status": "processing", "date_created_gmt": at, "date_modified_gmt": at})).collect()
}

/// A request with the read key.
fn ask(shop: &Running, path: &str) -> reqwest::RequestBuilder {
    http()
        .get(format!("{}/wp-json/wc/v3/{path}", shop.url()))
        .basic_auth("ck_read", Some("cs_read"))
}

async fn read(shop: &Running, path: &str) -> Value {
    let answer = ask(shop, path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("JSON")
}

async fn ids(shop: &Running, path: &str) -> Vec<u64> {
    let list = read(shop, path).await;
    list.as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["id"].as_u64())
        .collect()
}

/// Pulls a lever of the sandbox.
async fn lever(shop: &Running, method: &str, path: &str, body: Value) -> reqwest::Response {
    let method = method.parse().expect("a method");
    let url = format!("{}/_sandbox/{path}", shop.url());
    let answer = http()
        .request(method, url)
        .json(&body)
        .send()
        .await
        .expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer
}

#[tokio::test]
async fn a_typing_mistake_in_the_setup_is_an_error() {
    for wrong in [
        json!({"key": []}),
        json!({"site": {"zone": "UTC"}}),
        json!({"orders": [{"status": "pending"}]}),
        json!({"refunds": {"9": []}}),
    ] {
        assert!(start(0, wrong.clone()).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_stopped_shop_gives_its_port_back() {
    let first = shop(json!({})).await;
    let port = first
        .url()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    // A connection kept alive by the client must not hold the port.
    read(&first, "orders").await;
    first.stop().await;
    let second = start(port, json!({}))
        .await
        .expect("the port is free again");
    assert!(second.url().ends_with(&format!(":{port}")));
}

#[tokio::test]
async fn an_order_is_shown_byte_for_byte_as_the_real_shop_did() {
    let order: Value = serde_json::from_str(recorded::ORDER).expect("JSON");
    let refunds: Value = serde_json::from_str(recorded::REFUNDS).expect("JSON");
    let id = order["id"].as_u64().expect("an id");
    let shop = shop(json!({"orders": [order], "refunds": {id.to_string(): refunds}})).await;
    let body = async |path: &str| {
        let answer = ask(&shop, path)
            .header("Host", "shop.example.test")
            .send()
            .await
            .expect("an answer");
        answer.text().await.expect("text")
    };
    assert_eq!(body(&format!("orders/{id}")).await, recorded::ORDER);
    assert_eq!(
        body(&format!("orders/{id}/refunds")).await,
        recorded::REFUNDS
    );
    assert_eq!(
        body(&format!("orders?include={id}")).await,
        format!("[{}]", recorded::ORDER)
    );
}

#[tokio::test]
async fn what_a_real_shop_refuses_is_refused_in_its_words() {
    let shop = shop(json!({"orders": orders(&[(73, "2026-11-02T10:00:00")])})).await;
    for (method, address, status, body) in recorded::REFUSED {
        let method = method.parse().expect("a method");
        let request = http()
            .request(method, format!("{}{address}", shop.url()))
            .basic_auth("ck_all", Some("cs_all"));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), *status, "{address}");
        assert_eq!(answer.text().await.expect("text"), *body, "{address}");
    }
}

#[tokio::test]
async fn the_index_needs_no_key() {
    let shop = shop(json!({"site": {"name": "Maple & Pine", "timezone": "Asia/Kolkata"}})).await;
    let index: Value = http()
        .get(format!("{}/wp-json/", shop.url()))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(index["name"], "Maple &amp; Pine");
    assert_eq!(index["timezone_string"], "Asia/Kolkata");
    assert_eq!(index["gmt_offset"], 5.5);
    assert!(
        index["namespaces"]
            .as_array()
            .expect("a list")
            .contains(&json!("wc/v3"))
    );
}

#[tokio::test]
async fn the_shop_tells_its_rates_its_rounding_and_its_gateways() {
    let shop = shop(json!({"site": {"tax_round_at_subtotal": true}})).await;
    let qst = read(&shop, "taxes?per_page=100").await;
    let qst = qst
        .as_array()
        .expect("a list")
        .iter()
        .find(|rate| rate["name"] == "QST")
        .expect("a rate");
    assert_eq!(
        (&qst["rate"], &qst["state"]),
        (&json!("9.9750"), &json!("QC"))
    );
    for (group, count) in [("general", 8), ("tax", 5), ("email", 0)] {
        let group = read(&shop, &format!("settings/{group}")).await;
        assert_eq!(group.as_array().map(Vec::len), Some(count), "{group}");
    }
    let decimals = read(&shop, "settings/general/woocommerce_price_num_decimals").await;
    assert_eq!(
        (
            &decimals["type"],
            &decimals["default"],
            &decimals["value"],
            &decimals["label"]
        ),
        (
            &json!("number"),
            &json!("2"),
            &json!("2"),
            &json!("Number of decimals")
        )
    );
    assert_eq!(
        read(&shop, "settings/tax/woocommerce_tax_round_at_subtotal").await["value"],
        "yes"
    );
    assert_eq!(
        read(&shop, "settings/general/woocommerce_currency").await["value"],
        "CAD"
    );
    assert!(
        read(&shop, "payment_gateways")
            .await
            .as_array()
            .is_some_and(|list| list.iter().any(|one| one["id"] == "bacs"))
    );
}
