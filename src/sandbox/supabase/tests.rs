//! The stand-in alone, over HTTP: mishaps and levers, which no real service can be asked for. What it has in common with the
//! real one is in `tests/it/contract.rs`.

use std::time::{Duration, Instant};

use crate::stand::tests::client::http;
use serde_json::{Value, json};

use super::{Running, start};

const KEY: &str = "sb_secret_of_the_tests";

struct Project {
    running: Running,
    http: reqwest::Client,
}

/// Status, code and text; `None` where the connection was cut.
type Told = Option<(u16, String, String)>;

impl Project {
    async fn open(setup: Value) -> Project {
        let mut setup = setup;
        setup["keys"] = json!([{"key": KEY}]);
        Project {
            running: start(0, setup).await.expect("the project opens"),
            http: http(),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Told {
        let answer = request.header("apikey", KEY).send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        let code = serde_json::from_str::<Value>(&text)
            .ok()
            .and_then(|told| told["code"].as_str().map(str::to_owned))
            .unwrap_or_default();
        Some((status, code, text))
    }

    async fn get(&self, path: &str) -> Told {
        let url = format!("{}/rest/v1/{path}", self.running.url());
        self.send(self.http.get(url)).await
    }

    /// Writes these refunds as udsync does.
    async fn write(&self, ids: &[u64]) -> Told {
        let rows: Vec<Value> = ids
            .iter()
            .map(|id| json!({"shop": "s", "id": id, "order_id": 1, "amount": "1.50", "created_at": "2026-03-08T07:30:00Z", "fingerprint": "f"}))
            .collect();
        let columns = "shop,id,order_id,amount,created_at,fingerprint";
        let url = format!(
            "{}/rest/v1/refunds?on_conflict=shop,id&columns={columns}",
            self.running.url()
        );
        let request = self
            .http
            .post(url)
            .header("prefer", "resolution=merge-duplicates,count=exact")
            .json(&rows);
        self.send(request).await
    }

    async fn lever(&self, method: &str, path: &str, value: Value) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}/_sandbox/{path}", self.running.url());
        let mut request = self.http.request(method, url);
        if !value.is_null() {
            request = request.json(&value);
        }
        let answer = request.send().await.expect("the lever answers");
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.expect("JSON")
    }

    async fn mishap(&self, rule: Value) {
        self.lever("DELETE", "mishaps", Value::Null).await;
        self.lever("POST", "mishaps", rule).await;
    }

    async fn ids(&self) -> Vec<u64> {
        let rows = self.lever("GET", "rows", Value::Null).await;
        let rows = rows["refunds"].as_array().expect("a table").clone();
        rows.iter()
            .map(|row| row["id"].as_u64().expect("an id"))
            .collect()
    }
}

#[tokio::test]
async fn every_mishap_has_its_answer_and_does_nothing() {
    let project = Project::open(json!({})).await;
    for (what, status, code) in [
        ("throttle", 429, ""),
        ("database_down", 503, "PGRST001"),
        ("cache_not_built", 503, "PGRST002"),
        ("too_many_connections", 503, "53300"),
        ("pool_timeout", 504, "PGRST003"),
        ("statement_timeout", 500, "57014"),
        ("serialization", 500, "40001"),
        ("deadlock", 500, "40P01"),
        ("too_large", 413, ""),
        ("long_url", 414, ""),
        ("key_refused", 401, ""),
        ("key_expired", 401, "PGRST303"),
        ("no_grant", 403, "42501"),
        ("restricted", 402, ""),
        ("paused", 540, ""),
        ("read_only", 405, "25006"),
        ("bad_gateway", 502, ""),
        ("gateway_timeout", 544, ""),
        ("stale_table", 404, "PGRST205"),
        ("stale_column", 400, "PGRST204"),
        ("not_exposed", 406, "PGRST106"),
    ] {
        project.mishap(json!({"what": what})).await;
        let (told_status, told_code, _) = project.write(&[1]).await.expect("an answer");
        assert_eq!((told_status, told_code.as_str()), (status, code), "{what}");
        assert!(project.ids().await.is_empty(), "{what}");
    }
    let rule = json!({"what": "refuse", "status": 400, "code": "P0001", "message": "no", "retry_after": 3});
    project.mishap(rule).await;
    let (status, code, text) = project.write(&[1]).await.expect("an answer");
    assert_eq!((status, code.as_str()), (400, "P0001"));
    assert!(text.contains("\"message\":\"no\""), "{text}");
    // Once each, and then it is over.
    let (status, ..) = project.write(&[1]).await.expect("an answer");
    assert_eq!(status, 201);
}

#[tokio::test]
async fn an_answer_can_get_lost_before_or_after_the_work() {
    let project = Project::open(json!({})).await;
    project.mishap(json!({"what": "reset"})).await;
    assert_eq!(project.write(&[1]).await, None);
    assert!(project.ids().await.is_empty());
    project.mishap(json!({"what": "lose_answer"})).await;
    assert_eq!(project.write(&[1]).await, None);
    assert_eq!(project.ids().await, [1]);
    project
        .mishap(json!({"what": "gateway_timeout", "after": true}))
        .await;
    let (status, ..) = project.write(&[2]).await.expect("an answer");
    assert_eq!((status, project.ids().await), (544, vec![1, 2]));
    project.mishap(json!({"what": "truncated"})).await;
    assert_eq!(project.get("refunds").await, None);
    project.mishap(json!({"what": "delay", "ms": 80})).await;
    let began = Instant::now();
    project.get("refunds").await.expect("an answer");
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn big_requests_and_poisoned_rows_are_refused_as_long_as_it_lasts() {
    let project = Project::open(json!({"largest_body": 4_000})).await;
    let rule = json!({"what": "statement_timeout", "over_rows": 2, "times": null});
    project.mishap(rule).await;
    let status = async |ids: &[u64]| project.write(ids).await.expect("an answer").0;
    assert_eq!(status(&[1, 2, 3]).await, 500);
    assert_eq!(status(&[1, 2, 3]).await, 500);
    assert_eq!(status(&[1, 2]).await, 201);
    let many: Vec<u64> = (1..200).collect();
    project.lever("DELETE", "mishaps", Value::Null).await;
    assert_eq!(status(&many).await, 413);

    let rule = json!({"what": "poison", "table": "refunds", "ids": [7], "code": "23514"});
    project.mishap(rule).await;
    let (bad, code, _) = project.write(&[6, 7, 8]).await.expect("an answer");
    assert_eq!((bad, code.as_str()), (400, "23514"));
    assert_eq!(status(&[6, 8]).await, 201);
    assert_eq!(project.ids().await, [1, 2, 6, 8]);
    let long = format!("refunds?id=in.({})", "1".repeat(9_000));
    let (told, ..) = project.get(&long).await.expect("an answer");
    assert_eq!(told, 414);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_storm() {
    let mut storms = Vec::new();
    for seed in [1, 1, 2] {
        let project = Project::open(json!({})).await;
        let rule = json!({"what": "database_down", "chance": 0.5, "seed": seed, "times": null});
        project.mishap(rule).await;
        let mut storm = Vec::new();
        for _ in 0..24 {
            storm.push(project.get("refunds").await.expect("an answer").0);
        }
        assert!(storm.contains(&503) && storm.contains(&200), "{storm:?}");
        storms.push(storm);
    }
    assert_eq!(storms[0], storms[1]);
    assert_ne!(storms[0], storms[2]);
}

#[tokio::test]
async fn somebody_changes_the_tables() {
    let project = Project::open(json!({})).await;
    project.write(&[1]).await.expect("an answer");
    let (.., text) = project
        .get("udsync_state?name=eq.refunds")
        .await
        .expect("an answer");
    assert_eq!(
        text,
        r#"[{"name":"refunds","version":2,"keyed":true,"guarded":true,"writable":true,"barred":false,"sealed":true}]"#
    );
    let change = json!({"drop_columns": ["reason"], "add_columns": ["gift text"], "guarded": false, "key": false, "rights": ["select"]});
    project.lever("POST", "tables/refunds", change).await;
    let (.., text) = project
        .get("refunds?select=id,gift")
        .await
        .expect("an answer");
    assert_eq!(text, r#"[{"id":1,"gift":null}]"#);
    let (_, code, _) = project
        .get("refunds?select=reason")
        .await
        .expect("an answer");
    assert_eq!(code, "42703");
    let (_, code, _) = project.write(&[2]).await.expect("an answer");
    assert_eq!(code, "42P10");
    let (.., text) = project
        .get("udsync_state?name=eq.refunds&select=keyed,guarded,writable")
        .await
        .expect("an answer");
    assert_eq!(
        text,
        r#"[{"keyed":false,"guarded":false,"writable":false}]"#
    );
    project.lever("DELETE", "tables/refunds", Value::Null).await;
    let (status, code, _) = project.write(&[2]).await.expect("an answer");
    assert_eq!((status, code.as_str()), (404, "PGRST205"));
}

#[tokio::test]
async fn what_was_asked_and_what_is_held_can_be_looked_at() {
    let project = Project::open(json!({})).await;
    project.write(&[2, 1]).await.expect("an answer");
    project.get("refunds?limit=1").await.expect("an answer");
    let counts = project.lever("GET", "counts", Value::Null).await;
    assert_eq!(counts["writes"], 1);
    assert_eq!(
        (&counts["reads"], &counts["rows_sent"]),
        (&json!(1), &json!(2))
    );
    let asked = project.lever("GET", "requests", Value::Null).await;
    assert_eq!(asked[0]["method"], "POST");
    assert_eq!(
        (&asked[0]["status"], &asked[0]["rows"]),
        (&json!(201), &json!(2))
    );
    assert!(!asked.to_string().contains(KEY));
    let rows = project.lever("GET", "rows", Value::Null).await;
    assert_eq!(rows["refunds"][0]["amount"], "1.50");
    assert_eq!(project.ids().await, [1, 2]);
    // Out, and in again.
    let other = Project::open(json!({})).await;
    other.lever("PUT", "rows", rows.clone()).await;
    assert_eq!(other.lever("GET", "rows", Value::Null).await, rows);
    other.lever("DELETE", "rows", Value::Null).await;
    assert!(other.ids().await.is_empty());
}
