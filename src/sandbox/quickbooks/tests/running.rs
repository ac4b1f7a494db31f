//! Running: bookkeepers who meddle, snapshots, stopping, and size.

use serde_json::{Value, json};

use super::{Books, batch, create, http, invoice, link, payment, start};

#[tokio::test]
async fn a_bookkeeper_can_meddle() {
    let books = Books::canada().await;
    let made = books.made("Invoice", invoice("10")).await;
    let edit = json!({ "entity": "Invoice", "id": made["Id"], "set": { "PrivateNote": "mine", "TotalAmt": 12 } });
    assert_eq!(books.tell("edit", edit).await, 200);
    let read = books
        .get(&format!(
            "invoice/{}",
            made["Id"].as_str().unwrap_or_default()
        ))
        .await
        .json()["Invoice"]
        .clone();
    assert_eq!(
        (
            &read["SyncToken"],
            &read["PrivateNote"],
            read["Balance"].to_string()
        ),
        (&json!("1"), &json!("mine"), "12".into())
    );
    let memo = books.made("CreditMemo", invoice("10")).await;
    assert_eq!(
        books
            .tell("void", json!({ "entity": "CreditMemo", "id": memo["Id"] }))
            .await,
        200
    );
    assert_eq!(
        books
            .tell("delete", json!({ "entity": "CreditMemo", "id": "999" }))
            .await,
        404
    );
    assert_eq!(books.tell("company", json!({ "nonsense": 1 })).await, 400);
    let accounts = books.control("objects/Account").await;
    assert_eq!(
        (&accounts[0]["object"]["Name"], &accounts[0]["seeded"]),
        (&json!("Undeposited Funds"), &json!(true))
    );
}

#[tokio::test]
async fn a_snapshot_brings_everything_back() {
    let books = Books::canada().await;
    let bill = books.made("Invoice", invoice("100")).await;
    let paid = books
        .post(
            "payment?requestid=p",
            payment(60, vec![link("Invoice", &bill["Id"], 60)]),
        )
        .await
        .text;
    let saved = books.control("snapshot").await;
    let copy = Books::new(json!({})).await;
    let request = copy
        .http
        .put(format!("{}/_sandbox/snapshot", copy.running.url()))
        .json(&saved);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    assert_eq!(
        copy.control("documents").await,
        books.control("documents").await
    );
    assert_eq!(
        copy.post("payment?requestid=p", payment(60, vec![]))
            .await
            .text,
        paid
    );
    assert_eq!(
        copy.refused(
            "payment",
            payment(60, vec![link("Invoice", &bill["Id"], 60)])
        )
        .await,
        "620"
    );
    assert_eq!(
        copy.refused("customer", json!({ "DisplayName": "Jane Doe" }))
            .await,
        "6240"
    );
    assert_eq!(copy.control("snapshot").await["rows"], saved["rows"]);
}

#[tokio::test]
async fn stopping_frees_the_port() {
    let books = Books::canada().await;
    books.get("preferences").await;
    let url = books.running.url();
    let port: u16 = url
        .rsplit(':')
        .next()
        .and_then(|p| p.parse().ok())
        .unwrap_or_default();
    books.running.stop().await;
    assert!(http().get(&url).send().await.is_err());
    let again = start(port, Value::Null).await.expect("the port is free");
    drop(again);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(http().get(&url).send().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_documents_are_no_burden() {
    let books = Books::canada().await;
    let start = std::time::Instant::now();
    for round in 0..80 {
        let items: Vec<Value> = (0..25)
            .map(|n| create(&n.to_string(), &format!("S{round}-{n}")))
            .collect();
        let answer = books
            .post(&format!("batch?requestid=s-{round}"), batch(&items))
            .await;
        assert!(!answer.text.contains("Fault"));
        books
            .ask(&format!(
                "select * from SalesReceipt where DocNumber = 'S{round}-7'"
            ))
            .await;
    }
    assert_eq!(books.made_documents().await, 2000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
