//! The stand-in alone, over HTTP: keys and their rights, cursors, what cannot be asked for, and money that moves.

use serde_json::{Value, json};

use super::{Running, start};
use crate::stand::tests::client::http;

const DAY: i64 = 86_400;

async fn opened(keys: Value) -> Running {
    let rows: Vec<Value> = (0..25)
        .map(|n| json!({"id": format!("txn_{n:02}"), "type": "charge", "amount": 1_000, "fee": 59, "created": n * 60,
                        "payout": "po_1", "source": format!("ch_{n:02}"), "order": 1_000 + n, "site": "https://shop.example.com"}))
        .chain([
            json!({"id": "txn_po_1", "type": "payout", "amount": -23_525, "created": 25 * 60, "source": "po_1"}),
            json!({"id": "txn_late", "type": "charge", "amount": 5_000, "fee": 175, "created": 3_000, "available_on": i64::MAX}),
        ])
        .collect();
    let account = json!({"rows": rows, "payouts": [
        {"id": "po_1", "amount": 23_525, "created": 1_500, "arrival": DAY},
        {"id": "po_2", "amount": 100, "created": 2_500, "arrival": 2 * DAY, "automatic": false},
    ]});
    start(0, json!({"keys": keys, "account": account}))
        .await
        .expect("the account opens")
}

fn reader() -> Value {
    json!([{"key": "rk_test_reader", "permissions": {"balance": "read", "payout": "read", "charge": "read"}},
           {"key": "rk_test_narrow", "permissions": {"payout": "read"}},
           {"key": "sk_test_whole"}])
}

async fn ask(account: &Running, key: &str, path: &str) -> (u16, Value) {
    let answer = http()
        .get(format!("{}/v1/{path}", account.url()))
        .bearer_auth(key)
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_key_sees_what_its_permissions_say_and_no_key_sees_nothing() {
    let account = opened(reader()).await;
    for (key, path, status) in [
        ("rk_test_reader", "payouts", 200),
        ("rk_test_reader", "balance", 200),
        ("rk_test_reader", "customers", 403),
        ("rk_test_narrow", "balance", 403),
        ("sk_test_whole", "customers", 200),
        ("rk_test_other", "payouts", 401),
        ("", "payouts", 401),
    ] {
        assert_eq!(ask(&account, key, path).await.0, status, "{key} {path}");
    }
    let (_, refused) = ask(&account, "rk_test_narrow", "balance").await;
    let said = refused["error"]["message"].as_str().expect("words");
    assert!(
        said.contains("'rak_balance_read'") && !said.contains("rk_test_narrow"),
        "{said}"
    );
}

#[tokio::test]
async fn rows_come_by_pages_and_only_automatic_payouts_know_theirs() {
    let account = opened(reader()).await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("balance_transactions?payout=po_1&limit=10{after}");
        let (status, page) = ask(&account, "rk_test_reader", &path).await;
        assert_eq!(status, 200);
        let rows = page["data"].as_array().expect("rows").clone();
        seen.extend(
            rows.iter()
                .map(|row| (row["type"].clone(), row["net"].as_i64().expect("a net"))),
        );
        if page["has_more"] == false {
            break;
        }
        after = format!("&starting_after={}", rows[9]["id"].as_str().expect("an id"));
    }
    assert_eq!(seen.len(), 26, "25 charges and the payout itself");
    assert_eq!(seen.iter().map(|(_, net)| net).sum::<i64>(), 0);
    let (status, refused) = ask(
        &account,
        "rk_test_reader",
        "balance_transactions?payout=po_2",
    )
    .await;
    assert_eq!(status, 400);
    assert!(
        refused["error"]["message"]
            .as_str()
            .is_some_and(|said| said.contains("not manual"))
    );
    for wrong in ["payouts?limit=101", "payouts?colour=red", "payouts?limit=x"] {
        assert_eq!(
            ask(&account, "rk_test_reader", wrong).await.0,
            400,
            "{wrong}"
        );
    }
    let (_, balance) = ask(&account, "rk_test_reader", "balance").await;
    assert_eq!(balance["pending"][0]["amount"], 4_825);
    assert_eq!(balance["available"][0]["amount"], 0);
}

#[tokio::test]
async fn a_source_says_its_order_and_its_site_when_it_is_asked_for() {
    let account = opened(reader()).await;
    let path = "balance_transactions?limit=1&expand[]=data.source&type=charge&payout=po_1";
    let (_, page) = ask(&account, "rk_test_reader", path).await;
    let source = &page["data"][0]["source"];
    assert_eq!(source["object"], "charge");
    assert_eq!(
        source["metadata"],
        json!({"order_id": "1024", "site_url": "https://shop.example.com"})
    );
    let narrow =
        json!([{"key": "rk_test_reader", "permissions": {"balance": "read", "payout": "read"}}]);
    let account = opened(narrow).await;
    assert_eq!(ask(&account, "rk_test_reader", path).await.0, 403);
}

#[tokio::test]
async fn whoever_may_write_has_money_paid_out_and_it_is_counted() {
    let account = opened(reader()).await;
    for (key, status) in [("rk_test_reader", 403), ("sk_test_whole", 200)] {
        let answer = http()
            .post(format!("{}/v1/payouts", account.url()))
            .bearer_auth(key)
            .body("amount=100&currency=cad")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), status);
    }
    let counts = account
        .lever("GET", "counts", &Value::Null)
        .await
        .expect("counts");
    assert_eq!(
        (&counts["writes"], &counts["paid_out"]),
        (&json!(2), &json!(1))
    );
}
