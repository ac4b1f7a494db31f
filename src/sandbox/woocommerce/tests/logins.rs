//! Who gets in, and what the others are told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{http, recorded, shop};
use crate::woocommerce::auth::{Nonces, ShopAsked, Visitor, visitor};
use crate::woocommerce::query::ShopQuery;
use crate::woocommerce::setup::{Permissions, ShopKey, ShopRole};

const CANNOT_VIEW: &str = r#"{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":401}}"#;
const WRONG_SECRET: &str = r#"{"code":"woocommerce_rest_authentication_error","message":"Consumer secret is invalid.","data":{"status":401}}"#;

#[test]
fn signatures_of_a_real_shop_are_judged_as_it_did() {
    let key = ShopKey {
        key: recorded::KEY.to_owned(),
        secret: recorded::SECRET.to_owned(),
        permissions: Permissions::ReadWrite,
        role: ShopRole::ShopManager,
    };
    let mut nonces = Nonces::default();
    for signed in recorded::SIGNED {
        let asked = ShopAsked {
            method: signed.method,
            path: "/wp-json/wc/v3/orders",
            query: &ShopQuery::read(signed.query),
            authorization: signed.header,
            home: signed.home,
            tls: signed.home.starts_with("https"),
            now: signed.now,
        };
        match visitor(&asked, std::slice::from_ref(&key), &mut nonces) {
            Ok(found) => assert!(
                signed.answer.is_empty()
                    && found
                        == Visitor::Known {
                            role: ShopRole::ShopManager
                        },
                "{}",
                signed.name
            ),
            Err(answer) => assert_eq!(answer.text(), signed.answer, "{}", signed.name),
        }
    }
}

#[tokio::test]
async fn basic_and_query_keys_work_on_tls() {
    let shop = shop(json!({})).await;
    let orders = format!("{}/wp-json/wc/v3/orders", shop.url());
    let cases: [(&str, &str, u16, &str); 5] = [
        ("ck_all", "cs_all", 200, "[]"),
        ("ck_unknown", "cs_all", 401, CANNOT_VIEW),
        ("cs_all", "ck_all", 401, CANNOT_VIEW),
        ("ck_all", "cs_wrong", 401, WRONG_SECRET),
        ("ck_all", "cs_all\n", 401, WRONG_SECRET),
    ];
    for (key, secret, status, body) in cases {
        let basic = http()
            .get(&orders)
            .basic_auth(key, Some(secret))
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (
                basic.status().as_u16(),
                basic.text().await.expect("text").as_str()
            ),
            (status, body),
            "{key} {secret:?}"
        );
        let keys = [("consumer_key", key), ("consumer_secret", secret)];
        let query = http()
            .get(&orders)
            .query(&keys)
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (
                query.status().as_u16(),
                query.text().await.expect("text").as_str()
            ),
            (status, body),
            "{key} {secret:?}"
        );
    }
    let nobody = http().get(&orders).send().await.expect("an answer");
    assert_eq!(
        (
            nobody.status().as_u16(),
            nobody.text().await.expect("text").as_str()
        ),
        (401, CANNOT_VIEW)
    );
    let bearer = http()
        .get(&orders)
        .header("Authorization", "Bearer ck_all")
        .send()
        .await
        .expect("an answer");
    assert_eq!(bearer.text().await.expect("text"), CANNOT_VIEW);
}

#[tokio::test]
async fn keys_are_not_looked_at_on_plain_http_nor_by_rest_route() {
    let plain = shop(json!({"https": false})).await;
    let orders = format!("{}/wp-json/wc/v3/orders", plain.url());
    let answer = http()
        .get(&orders)
        .basic_auth("ck_all", Some("cs_all"))
        .header("X-Forwarded-Proto", "https")
        .send()
        .await;
    assert_eq!(
        answer.expect("an answer").text().await.expect("text"),
        CANNOT_VIEW
    );
    let keys = [("consumer_key", "ck_all"), ("consumer_secret", "cs_all")];
    assert_eq!(
        http()
            .get(&orders)
            .query(&keys)
            .send()
            .await
            .expect("an answer")
            .status(),
        401
    );

    let tls = shop(json!({})).await;
    let answer = http()
        .get(format!("{}/?rest_route=/wc/v3/orders", tls.url()))
        .basic_auth("ck_all", Some("cs_all"))
        .send()
        .await;
    assert_eq!(answer.expect("an answer").status(), 401);
    let answer = http()
        .get(format!("{}/index.php/wp-json/wc/v3/orders/", tls.url()))
        .basic_auth("ck_all", Some("cs_all"))
        .send()
        .await;
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_server_that_drops_the_header_still_takes_keys_in_the_query() {
    let shop = shop(json!({"drop_authorization": true})).await;
    let orders = format!("{}/wp-json/wc/v3/orders", shop.url());
    assert_eq!(
        http()
            .get(&orders)
            .basic_auth("ck_all", Some("cs_all"))
            .send()
            .await
            .expect("an answer")
            .status(),
        401
    );
    let keys = [("consumer_key", "ck_all"), ("consumer_secret", "cs_all")];
    assert_eq!(
        http()
            .get(&orders)
            .query(&keys)
            .send()
            .await
            .expect("an answer")
            .status(),
        200
    );
}

#[tokio::test]
async fn a_key_does_what_it_may_and_no_more() {
    let shop = shop(json!({})).await;
    let ask = async |method: &str, key: &str, secret: &str| {
        let method = method.parse().expect("a method");
        let request = http()
            .request(method, format!("{}/wp-json/wc/v3/orders", shop.url()))
            .basic_auth(key, Some(secret));
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("JSON");
        (
            status,
            body["code"].as_str().unwrap_or("").to_owned(),
            body["message"].as_str().unwrap_or("").to_owned(),
        )
    };
    let error = |status: u16, code: &str, message: &str| {
        (
            status,
            format!("woocommerce_rest_{code}"),
            message.to_owned(),
        )
    };
    let authentication = |what: &str| {
        error(
            401,
            "authentication_error",
            &format!("The API key provided does not have {what} permissions."),
        )
    };
    assert_eq!(
        ask("POST", "ck_read", "cs_read").await,
        authentication("write")
    );
    assert_eq!(
        ask("GET", "ck_write", "cs_write").await,
        authentication("read")
    );
    assert_eq!(
        ask("GET", "ck_buyer", "cs_buyer").await,
        error(403, "cannot_view", "Sorry, you cannot list resources.")
    );
    assert_eq!(
        ask("POST", "ck_buyer", "cs_buyer").await,
        error(
            403,
            "cannot_create",
            "Sorry, you are not allowed to create resources."
        )
    );
    assert_eq!(ask("POST", "ck_all", "cs_all").await.0, 501);
}

#[tokio::test]
async fn a_signature_works_once_on_plain_http() {
    let shop = shop(json!({"https": false})).await;
    let address = format!("{}/wp-json/wc/v3/orders", shop.url());
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock")
        .as_secs() as i64;
    let mut params = vec![
        ("search".to_owned(), "O'Brien & Söhne +1".to_owned()),
        ("per_page".to_owned(), "5".to_owned()),
    ];
    for (name, value) in [
        ("consumer_key", "ck_all"),
        ("nonce", "n1"),
        ("signature_method", "HMAC-SHA256"),
    ] {
        params.push((format!("oauth_{name}"), value.to_owned()));
    }
    params.push(("oauth_timestamp".to_owned(), now.to_string()));
    params.push(("oauth_signature".to_owned(), sign(&address, &params)));
    let first = http()
        .get(&address)
        .query(&params)
        .send()
        .await
        .expect("an answer");
    assert_eq!(first.status(), 200);
    let again: Value = http()
        .get(&address)
        .query(&params)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        again["message"],
        "Invalid nonce - nonce has already been used."
    );

    let log: Value = super::lever(&shop, "GET", "requests", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        (&log[0]["auth"], &log[0]["query"]["oauth_signature"]),
        (&json!("oauth_query"), &json!("…"))
    );
}

/// Signs as a client would, written apart from the code under test.
fn sign(address: &str, params: &[(String, String)]) -> String {
    const SAFE: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    let encode = |text: &str| utf8_percent_encode(text, SAFE).to_string();
    let mut pairs: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.sort();
    let base = format!("GET&{}&{}", encode(address), encode(&pairs.join("&")));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"cs_all&").expect("any key");
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
