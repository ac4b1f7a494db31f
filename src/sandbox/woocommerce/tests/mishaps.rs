//! Bad days, one by one, and what the log says of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{ask, http, ids, lever, orders, shop};
use crate::woocommerce::Running;

async fn struck(rule: Value) -> (Running, reqwest::Result<reqwest::Response>) {
    let shop =
        shop(json!({"orders": orders(&[(1, "2026-11-01T00:00:00"), (2, "2026-11-02T00:00:00")])}))
            .await;
    lever(&shop, "POST", "mishaps", rule).await;
    let answer = ask(&shop, "orders")
        .header("Accept", "application/json")
        .send()
        .await;
    (shop, answer)
}

async fn told(rule: Value) -> (u16, Option<String>, String) {
    let (_shop, answer) = struck(rule).await;
    let answer = answer.expect("an answer");
    let wait = answer
        .headers()
        .get("retry-after")
        .map(|value| value.to_str().expect("text").to_owned());
    (
        answer.status().as_u16(),
        wait,
        answer.text().await.expect("text"),
    )
}

#[tokio::test]
async fn each_mishap_says_what_its_cause_would() {
    let (status, _, body) = told(json!({"what": "html"})).await;
    assert_eq!((status, body.starts_with("<!DOCTYPE html>")), (200, true));
    let (status, _, body) = told(json!({"what": "php_warning"})).await;
    assert_eq!(
        (
            status,
            body.starts_with("<br />\n<b>Warning</b>:"),
            body.contains("\n[{\"id\":2,")
        ),
        (200, true, true)
    );
    let (status, _, body) = told(json!({"what": "server_error"})).await;
    assert_eq!(
        (
            status,
            body.starts_with(r#"{"code":"internal_server_error","message":"<p>There has been"#)
        ),
        (500, true)
    );
    let (status, _, body) = told(json!({"what": "bad_gateway"})).await;
    assert_eq!(
        (
            status,
            body.contains("<center><h1>502 Bad Gateway</h1></center>")
        ),
        (502, true)
    );
    let maintenance = r#"{"code":"wp_die","message":"Briefly unavailable for scheduled maintenance. Check back in a minute.","data":{"status":503},"additional_errors":[]}"#;
    assert_eq!(
        told(json!({"what": "maintenance"})).await,
        (503, Some("600".to_owned()), maintenance.to_owned())
    );
    assert_eq!(
        told(json!({"what": "maintenance", "retry_after": 1}))
            .await
            .1
            .as_deref(),
        Some("1")
    );
    let (status, wait, _) = told(json!({"what": "throttle", "retry_after": 2})).await;
    assert_eq!((status, wait.as_deref()), (429, Some("2")));
    assert_eq!(told(json!({"what": "throttle"})).await.1, None);
    let (status, _, body) = told(json!({"what": "rest_disabled"})).await;
    let disabled = r#"{"code":"rest_disabled","message":"The REST API on this site has been disabled.","data":{"status":403}}"#;
    assert_eq!((status, body.as_str()), (403, disabled));
}

#[tokio::test]
async fn a_cut_connection_never_gives_a_whole_answer() {
    for what in ["reset", "truncated"] {
        let (shop, answer) = struck(json!({"what": what})).await;
        let whole = match answer {
            Ok(answer) => answer.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole, "{what}");
        assert_eq!(ids(&shop, "orders").await, [2, 1], "one is enough");
    }
}

#[tokio::test]
async fn a_bad_record_is_bad_in_one_place() {
    let list = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    let spoiled = list(&told(json!({"what": "bad_record", "index": 1})).await.2);
    assert_eq!(
        (&spoiled[0]["total"], &spoiled[1]["total"]),
        (&json!("0.00"), &json!({"oops": 1}))
    );
    let missing = list(
        &told(json!({"what": "bad_record", "field": "billing"}))
            .await
            .2,
    );
    assert!(missing[0].get("billing").is_none() && missing[1].get("billing").is_some());
    let null = list(
        &told(json!({"what": "bad_record", "field": "currency", "value": null}))
            .await
            .2,
    );
    assert_eq!(null[0].get("currency"), Some(&Value::Null));
}

#[tokio::test]
async fn a_huge_answer_is_as_huge_as_asked_for() {
    let (_, _, body) = told(json!({"what": "huge", "mb": 2})).await;
    assert_eq!(
        (body.len(), body.trim_end_matches(']').trim_end().len()),
        (2 * 1024 * 1024 + 2, 1)
    );
}

#[tokio::test]
async fn a_redirect_goes_where_it_is_told() {
    let to = shop(json!({})).await;
    let (_shop, answer) =
        struck(json!({"what": "redirect", "to": format!("{}/wp-json/", to.url())})).await;
    assert!(
        answer
            .expect("an answer")
            .text()
            .await
            .expect("text")
            .contains("gmt_offset")
    );
}

#[tokio::test]
async fn a_delay_is_only_a_delay() {
    let began = Instant::now();
    assert_eq!(told(json!({"what": "delay", "ms": 150})).await.0, 200);
    assert!(began.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn rules_strike_when_they_shall() {
    let shop = shop(json!({"orders": orders(&[(1, "2026-11-01T00:00:00")])})).await;
    lever(
        &shop,
        "POST",
        "mishaps",
        json!([
            {"what": "bad_gateway", "path": "page=2", "method": "get", "times": null},
            {"what": "throttle", "path": "/orders", "skip": 1, "times": 2}
        ]),
    )
    .await;
    let status = async |path: &str| {
        ask(&shop, path)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(
        (status("orders?page=2").await, status("orders?page=2").await),
        (502, 502)
    );
    let four = [
        status("orders").await,
        status("orders").await,
        status("orders").await,
        status("orders").await,
    ];
    assert_eq!(four, [200, 429, 429, 200]);
    let rules: Value = lever(&shop, "GET", "mishaps", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        (&rules[0]["fired"], &rules[1]["fired"]),
        (&json!(2), &json!(2))
    );
    lever(&shop, "DELETE", "mishaps", json!(null)).await;
    assert_eq!(status("orders?page=2").await, 200);

    let log: Value = lever(&shop, "GET", "requests", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    let first = json!({"n": 1, "method": "GET", "path": "/wp-json/wc/v3/orders", "query": {"page": "2"}, "auth": "basic",
        "status": 502, "mishap": "bad_gateway"});
    assert_eq!(
        (log.as_array().map(Vec::len), &log[0], &log[2]["mishap"]),
        (Some(7), &first, &Value::Null)
    );
    let counts: Value = lever(&shop, "GET", "counts", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        counts,
        json!({"requests": 7, "largest_in_flight": 1, "by_status": {"200": 3, "429": 2, "502": 2}})
    );
    lever(&shop, "DELETE", "requests", json!(null)).await;
    let counts: Value = lever(&shop, "GET", "counts", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        counts,
        json!({"requests": 0, "largest_in_flight": 0, "by_status": {}})
    );
    let wrong = http()
        .post(format!("{}/_sandbox/mishaps", shop.url()))
        .json(&json!({"what": "hail"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn chance_is_the_same_every_time() {
    let strike = async || {
        let shop = shop(json!({})).await;
        lever(
            &shop,
            "POST",
            "mishaps",
            json!({"what": "throttle", "chance": 0.4, "seed": 7, "times": null}),
        )
        .await;
        let mut struck = Vec::new();
        for _ in 0..20 {
            struck.push(
                ask(&shop, "orders")
                    .send()
                    .await
                    .expect("an answer")
                    .status()
                    == 429,
            );
        }
        struck
    };
    let first = strike().await;
    assert_eq!(first, strike().await);
    let hits = first.iter().filter(|hit| **hit).count();
    assert!((3..15).contains(&hits), "{hits}");
}

#[tokio::test]
async fn a_host_counts_its_visitors() {
    let shop = shop(json!({"latency_ms": 100, "concurrency_limit": 2})).await;
    let asked = async || {
        ask(&shop, "orders")
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    let (a, b, c) = tokio::join!(asked(), asked(), asked());
    let mut all = [a, b, c];
    all.sort_unstable();
    assert_eq!(all, [200, 200, 429]);
    let counts: Value = lever(&shop, "GET", "counts", json!(null))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(counts["largest_in_flight"], 3);
}
