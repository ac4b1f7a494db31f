//! Changes: updates, voids, deletes, and the days that are closed to them.

use serde_json::{Value, json};

use super::{Books, JANE, invoice, line, receipt, with};

#[tokio::test]
async fn updates_are_sparse_or_full_and_need_the_token() {
    let books = Books::canada().await;
    let made = books
        .made(
            "SalesReceipt",
            with(receipt("A"), "PrivateNote", json!("mine")),
        )
        .await;
    let base = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true });
    let same = books
        .made(
            "SalesReceipt",
            with(base.clone(), "PrivateNote", json!("mine")),
        )
        .await;
    assert_eq!(same, made);
    let noted = books
        .made(
            "SalesReceipt",
            with(base.clone(), "CustomerMemo", json!({ "value": "hi" })),
        )
        .await;
    assert_eq!(
        (&noted["SyncToken"], &noted["PrivateNote"], &noted["Line"]),
        (&json!("1"), &json!("mine"), &made["Line"])
    );
    assert_eq!(
        books
            .refused(
                "salesreceipt",
                with(base.clone(), "PrivateNote", json!("x"))
            )
            .await,
        "5010"
    );
    assert_eq!(
        books
            .refused(
                "salesreceipt",
                json!({ "Id": made["Id"], "PrivateNote": "x" })
            )
            .await,
        "2020"
    );
    assert_eq!(
        books
            .refused(
                "salesreceipt?operation=update",
                json!({ "PrivateNote": "x" })
            )
            .await,
        "2020"
    );
    assert_eq!(
        books
            .refused("salesreceipt", json!({ "Id": "1.5", "SyncToken": "0" }))
            .await,
        "2030"
    );
    assert_eq!(
        books
            .refused("salesreceipt", json!({ "Id": "999", "SyncToken": "0" }))
            .await,
        "610"
    );
    let cleared = json!({ "Id": made["Id"], "SyncToken": "1", "sparse": true, "PrivateNote": "" });
    assert!(
        books
            .made("SalesReceipt", cleared)
            .await
            .get("PrivateNote")
            .is_none()
    );
    // A line without its id is a new line, and the old one is gone.
    let lines = json!({ "Id": made["Id"], "SyncToken": "2", "sparse": true, "Line": [line("5")] });
    let lines = books.made("SalesReceipt", lines).await;
    assert_eq!(
        (&lines["Line"][0]["Id"], lines["TotalAmt"].to_string()),
        (&json!("2"), "5.25".into())
    );
    let mut kept = line("6");
    kept["Id"] = json!("2");
    let kept =
        json!({ "Id": made["Id"], "SyncToken": "3", "sparse": true, "Line": [kept, line("1")] });
    let kept = books.made("SalesReceipt", kept).await;
    assert_eq!(
        (&kept["Line"][0]["Id"], &kept["Line"][1]["Id"]),
        (&json!("2"), &json!("3"))
    );
    // A full update clears what it leaves out, but keeps number, date and lines.
    let full = books
        .made(
            "SalesReceipt",
            json!({ "Id": made["Id"], "SyncToken": "4" }),
        )
        .await;
    assert!(full.get("CustomerMemo").is_none());
    assert_eq!(
        (&full["DocNumber"], &full["Line"]),
        (&json!("A"), &kept["Line"])
    );
    // What was read can be sent back as it is.
    assert_eq!(books.made("SalesReceipt", full.clone()).await, full);
    let history = books.control("documents").await;
    assert_eq!(history[1]["history"].as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn closed_books_stay_closed() {
    let books = Books::canada().await;
    let made = books
        .made(
            "Invoice",
            with(invoice("5"), "TxnDate", json!("2026-01-10")),
        )
        .await;
    books
        .tell("company", json!({ "books_closed_through": "2026-01-31" }))
        .await;
    let id = &made["Id"];
    assert_eq!(
        books
            .refused(
                "invoice",
                with(invoice("5"), "TxnDate", json!("2026-01-31"))
            )
            .await,
        "6210"
    );
    let moved = json!({ "Id": id, "SyncToken": "0", "sparse": true, "TxnDate": "2026-02-01" });
    assert_eq!(books.refused("invoice", moved).await, "6210");
    let gone = json!({ "Id": id, "SyncToken": "0" });
    assert_eq!(
        books
            .refused("invoice?operation=delete", gone.clone())
            .await,
        "6210"
    );
    assert_eq!(books.refused("invoice?operation=void", gone).await, "6210");
    books
        .made(
            "Invoice",
            with(invoice("5"), "TxnDate", json!("2026-02-01")),
        )
        .await;
    let shown = books.get("preferences").await.json();
    assert_eq!(
        shown["Preferences"]["AccountingInfoPrefs"]["BookCloseDate"],
        "2026-01-31"
    );
    assert_eq!(
        books
            .tell("void", json!({ "entity": "Invoice", "id": id }))
            .await,
        200
    );
}

#[tokio::test]
async fn voids_and_deletes_go_where_they_may() {
    let books = Books::canada().await;
    let sale = books
        .made(
            "SalesReceipt",
            with(receipt("A"), "PrivateNote", json!("order 1")),
        )
        .await;
    let key = |object: &Value| json!({ "Id": object["Id"], "SyncToken": object["SyncToken"], "sparse": true });
    assert_eq!(
        books
            .refused("salesreceipt?operation=void", key(&sale))
            .await,
        "500"
    );
    let void = books
        .post("salesreceipt?operation=update&include=void", key(&sale))
        .await
        .json()["SalesReceipt"]
        .clone();
    assert_eq!(
        (
            &void["TotalAmt"],
            &void["SyncToken"],
            &void["Line"][0]["Amount"]
        ),
        (&json!(0), &json!("1"), &json!(0))
    );
    assert_eq!(void["PrivateNote"], "Voided - order 1");
    let noted = with(key(&void), "PrivateNote", json!("seen"));
    let noted = books.made("SalesReceipt", noted).await;
    assert_eq!(
        (&noted["TotalAmt"], &noted["SyncToken"]),
        (&json!(0), &json!("2"))
    );
    assert_eq!(
        books
            .refused(
                "salesreceipt",
                with(key(&noted), "Line", json!([line("5")]))
            )
            .await,
        "6000"
    );
    let broken = books
        .http
        .post(books.api("invoice"))
        .header("content-type", "application/json")
        .body("{");
    assert_eq!(books.send(broken).await.expect("an answer").code(), "2010");
    let refund = with(
        receipt("R"),
        "DepositToAccountRef",
        json!({ "value": "39" }),
    );
    let refund = books.made("RefundReceipt", refund).await;
    assert_eq!(refund["PaymentRefNum"], "To Print");
    assert_eq!(
        books
            .refused("refundreceipt?operation=void", key(&refund))
            .await,
        "500"
    );
    let gone = books
        .post("refundreceipt?operation=delete", key(&refund))
        .await
        .json();
    assert_eq!(
        gone["RefundReceipt"],
        json!({ "domain": "QBO", "status": "Deleted", "Id": refund["Id"] })
    );
    let path = format!(
        "refundreceipt/{}",
        refund["Id"].as_str().unwrap_or_default()
    );
    assert_eq!(books.get(&path).await.code(), "610");
    assert_eq!(
        books
            .refused("refundreceipt?operation=delete", key(&refund))
            .await,
        "610"
    );
    assert!(books.ids("select * from RefundReceipt").await.is_empty());
    assert_eq!(
        books
            .refused(
                "customer?operation=delete",
                json!({ "Id": JANE, "SyncToken": "0" })
            )
            .await,
        "500"
    );
    // The number of a deleted document is free, that of a voided one is not.
    let again = with(
        receipt("R"),
        "DepositToAccountRef",
        json!({ "value": "39" }),
    );
    books.made("RefundReceipt", again).await;
    assert_eq!(books.refused("salesreceipt", receipt("A")).await, "6140");
    assert_eq!(
        books
            .post("salesreceipt?include=allowduplicatedocnum", receipt("A"))
            .await
            .status,
        200
    );
    let states = books.control("documents").await;
    let states: Vec<&str> = states
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|d| d["state"].as_str())
        .collect();
    assert_eq!(states, ["active", "voided", "deleted", "active", "active"]);
}
