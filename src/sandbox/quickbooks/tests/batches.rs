//! Batches: many things in one request, each on its own.

use serde_json::{Value, json};

use super::{Books, batch, create};

#[tokio::test]
async fn a_batch_is_many_things_on_their_own() {
    let books = Books::canada().await;
    let items = [
        create("1", "A"),
        json!({ "bId": "2", "operation": "delete", "Invoice": { "Id": "129", "SyncToken": "0" } }),
        json!({ "bId": "3", "Query": "select * from SalesReceipt where DocNumber = 'A'" }),
        json!({ "bId": "4", "operation": "update", "SalesReceipt": { "Id": "102", "SyncToken": "7", "sparse": true } }),
        json!({ "bId": "5", "operation": "update", "optionsData": "void", "SalesReceipt": { "Id": "102", "SyncToken": "0", "sparse": true } }),
    ];
    let answer = books.post("batch", batch(&items)).await.json();
    let items = &answer["BatchItemResponse"];
    assert_eq!(items[0]["SalesReceipt"]["DocNumber"], "A");
    assert_eq!(items[1]["Fault"]["Error"][0]["code"], "610");
    assert_eq!(items[2]["QueryResponse"]["SalesReceipt"][0]["Id"], "102");
    assert_eq!(items[3]["Fault"]["Error"][0]["code"], "5010");
    assert_eq!(
        (&items[4]["SalesReceipt"]["TotalAmt"], &items[4]["bId"]),
        (&json!(0), &json!("5"))
    );
    let log = books.control("requests").await;
    assert_eq!(
        (&log[0]["metered"], &log[0]["operations"][4]),
        (&json!(1), &json!("void SalesReceipt"))
    );
    let many: Vec<Value> = (0..31)
        .map(|n| create(&n.to_string(), &n.to_string()))
        .collect();
    assert_eq!(books.refused("batch", batch(&many)).await, "1040");
    assert_eq!(
        books
            .refused("batch", batch(&[create("elevenchars", "B")]))
            .await,
        "2050"
    );
    assert_eq!(
        books
            .refused("batch", batch(&[create("a", "B"), create("a", "C")]))
            .await,
        "2600"
    );
    assert_eq!(books.refused("batch", json!({ "Items": [] })).await, "2010");
    let long = format!("batch?requestid={}", "x".repeat(37));
    assert_eq!(
        books.refused(&long, batch(&[create("a", "B")])).await,
        "2130"
    );
}

#[tokio::test]
async fn a_batch_sent_again_does_only_what_is_left() {
    let books = Books::canada().await;
    let items = [create("a", "A"), create("b", "B"), create("c", "C")];
    books
        .tell("mishaps", json!({ "what": "partial_batch", "items": 2 }))
        .await;
    assert!(
        books
            .try_post("batch?requestid=b-1", batch(&items))
            .await
            .is_err()
    );
    assert_eq!(books.made_documents().await, 2);
    let whole = books.post("batch?requestid=b-1", batch(&items)).await;
    assert!(!whole.text.contains("Fault"), "{}", whole.text);
    assert_eq!(books.made_documents().await, 3);
    assert_eq!(
        books.post("batch?requestid=b-1", batch(&items)).await.text,
        whole.text
    );
    assert_eq!(books.made_documents().await, 3);
    let items = [create("a", "D"), create("b", "E")];
    books
        .tell("company", json!({ "warn_duplicate_numbers": false }))
        .await;
    for (what, broken, whole) in [("item_error_before", 4, 5), ("item_error_after", 7, 7)] {
        books
            .tell("mishaps", json!({ "what": what, "item": 1 }))
            .await;
        let path = format!("batch?requestid={what}");
        let answer = books.post(&path, batch(&items)).await.json();
        assert_eq!(
            answer["BatchItemResponse"][1]["Fault"]["Error"][0]["code"],
            "10000"
        );
        assert_eq!(books.made_documents().await, broken);
        assert!(
            !books
                .post(&path, batch(&items))
                .await
                .text
                .contains("Fault")
        );
        assert_eq!(books.made_documents().await, whole);
    }
    books
        .tell(
            "mishaps",
            json!({ "what": "lose_answer", "path": "/batch" }),
        )
        .await;
    let items = [
        create("x", "X"),
        json!({ "bId": "q", "Query": "select count(*) from SalesReceipt" }),
    ];
    assert!(
        books
            .try_post("batch?requestid=b-4", batch(&items))
            .await
            .is_err()
    );
    let before = books.made_documents().await;
    assert_eq!(
        books
            .post("batch?requestid=b-4", batch(&items))
            .await
            .status,
        200
    );
    assert_eq!(books.made_documents().await, before);
}
