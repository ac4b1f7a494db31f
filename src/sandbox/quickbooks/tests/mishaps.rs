//! Mishaps: answers that get lost, servers that break, people who edit meanwhile.

use serde_json::json;

use super::{Books, batch, canada, create, receipt};

#[tokio::test]
async fn a_repeated_requestid_gets_the_same_bytes_and_does_nothing() {
    let books = Books::canada().await;
    let first = books.post("salesreceipt?requestid=r-1", receipt("A")).await;
    let again = books.post("salesreceipt?requestid=r-1", receipt("A")).await;
    assert_eq!((first.status, first.text), (200, again.text));
    assert_eq!(books.made_documents().await, 1);
    assert_eq!(books.control("counts").await["replays"], 1);
    assert_eq!(books.control("requests").await[1]["replayed"], true);
    // A refusal is not remembered.
    assert_eq!(
        books
            .refused("salesreceipt?requestid=r-2", receipt("A"))
            .await,
        "6140"
    );
    assert_eq!(
        books
            .post("salesreceipt?requestid=r-2", receipt("B"))
            .await
            .status,
        200
    );
    let long = format!("salesreceipt?requestid={}", "x".repeat(51));
    assert_eq!(books.refused(&long, receipt("C")).await, "2130");
    books
        .tell(
            "company",
            json!({ "ignore_requestid": true, "warn_duplicate_numbers": false }),
        )
        .await;
    books.post("salesreceipt?requestid=r-1", receipt("A")).await;
    assert_eq!(books.made_documents().await, 3);
}

#[tokio::test]
async fn a_lost_answer_was_work_done_and_a_reset_was_not() {
    let books = Books::canada().await;
    books
        .tell(
            "mishaps",
            json!([{ "what": "lose_answer", "method": "POST" }]),
        )
        .await;
    assert!(
        books
            .try_post("salesreceipt?requestid=r-1", receipt("A"))
            .await
            .is_err()
    );
    assert_eq!(books.made_documents().await, 1);
    assert_eq!(
        books
            .post("salesreceipt?requestid=r-1", receipt("A"))
            .await
            .status,
        200
    );
    assert_eq!(books.made_documents().await, 1);
    books
        .tell(
            "mishaps",
            json!({ "what": "reset", "path": "salesreceipt", "skip": 1 }),
        )
        .await;
    assert_eq!(books.post("salesreceipt", receipt("B")).await.status, 200);
    assert!(
        books
            .try_post("salesreceipt?requestid=r-2", receipt("C"))
            .await
            .is_err()
    );
    assert_eq!(books.made_documents().await, 2);
    let log = books.control("requests").await;
    assert_eq!(
        (&log[0]["mishap"], &log[0]["status"]),
        (&json!("lose_answer"), &json!(200))
    );
    assert_eq!(
        (&log[3]["mishap"], &log[3]["status"]),
        (&json!("reset"), &json!(null))
    );
    assert_eq!(books.control("mishaps").await[0]["fired"], 1);
}

#[tokio::test]
async fn broken_servers_answer_before_or_after_the_work() {
    let books = Books::canada().await;
    let cases = [
        (
            json!({ "what": "server_error_before" }),
            500,
            "application/json",
            0,
        ),
        (
            json!({ "what": "server_error_after" }),
            500,
            "application/json",
            1,
        ),
        (
            json!({ "what": "server_error_before", "html": true }),
            503,
            "text/html",
            1,
        ),
        (json!({ "what": "bad_gateway_before" }), 502, "text/html", 1),
        (
            json!({ "what": "bad_gateway_after", "status": 504 }),
            504,
            "text/html",
            2,
        ),
        (json!({ "what": "throttle" }), 429, "application/xml", 2),
    ];
    for (place, (rule, status, kind, documents)) in cases.into_iter().enumerate() {
        books.tell("mishaps", rule).await;
        let answer = books
            .post(
                &format!("salesreceipt?requestid=r-{place}"),
                receipt(&place.to_string()),
            )
            .await;
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (status, kind),
            "{}",
            answer.text
        );
        assert_eq!(books.made_documents().await, documents);
    }
    // What was done before the answer broke is there to be had.
    assert_eq!(
        books
            .post("salesreceipt?requestid=r-1", receipt("1"))
            .await
            .status,
        200
    );
    assert_eq!(books.made_documents().await, 2);
    assert_eq!(
        books.tell("mishaps", json!({ "what": "nonsense" })).await,
        400
    );
    assert_eq!(
        books
            .tell("mishaps", json!({ "what": "reset", "tims": 1 }))
            .await,
        400
    );
}

#[tokio::test]
async fn a_chance_is_the_same_each_time() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let books = Books::canada().await;
        books
            .tell(
                "mishaps",
                json!({ "what": "server_error_before", "chance": 0.5, "times": null, "seed": 7 }),
            )
            .await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(books.get("preferences").await.status);
        }
        assert!(statuses.contains(&200) && statuses.contains(&500));
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn tokens_end_tax_drifts_and_people_edit() {
    let books = Books::canada().await;
    let made = books.made("SalesReceipt", receipt("A")).await;
    let note = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true, "PrivateNote": "n" });
    books.tell("mishaps", json!({ "what": "stale" })).await;
    assert_eq!(books.refused("salesreceipt", note.clone()).await, "5010");
    books
        .tell("mishaps", json!({ "what": "tax_off", "by": "0.02" }))
        .await;
    let off = books.made("SalesReceipt", receipt("B")).await;
    assert_eq!(
        (
            off["TotalAmt"].to_string(),
            off["TxnTaxDetail"]["TotalTax"].to_string()
        ),
        ("21.01".into(), "1.02".into())
    );
    books
        .tell("mishaps", json!({ "what": "delay", "ms": 30 }))
        .await;
    let start = std::time::Instant::now();
    books.get("preferences").await;
    assert!(start.elapsed().as_millis() >= 30);
    books
        .tell("mishaps", json!({ "what": "expire_token" }))
        .await;
    let answer = books.get("preferences").await;
    assert_eq!(
        (answer.status, &answer.json()["fault"]["error"][0]["code"]),
        (401, &json!("3200"))
    );
    assert_eq!(books.get("preferences").await.status, 401);
}

#[tokio::test]
async fn too_many_requests_are_turned_away_undone() {
    let mut setup = canada();
    setup["limits"] =
        json!({ "per_minute": 5, "per_second": 5, "batches_per_minute": 1, "minute_ms": 60_000 });
    let books = Books::new(setup).await;
    assert_eq!(
        books.post("batch", batch(&[create("a", "A")])).await.status,
        200
    );
    assert_eq!(
        books.post("batch", batch(&[create("a", "B")])).await.status,
        429
    );
    for n in 0..4 {
        assert_eq!(
            books
                .post("salesreceipt", receipt(&n.to_string()))
                .await
                .status,
            200
        );
    }
    let over = books.post("salesreceipt?requestid=r", receipt("Z")).await;
    assert_eq!((over.status, over.kind.as_str()), (429, "application/xml"));
    assert!(over.text.contains("errorCode=003001"));
    assert_eq!(books.made_documents().await, 5);
    assert_eq!(books.control("counts").await["throttled"], 2);
    books.tell("company", json!({ "limits": null })).await;
    assert_eq!(
        books
            .post("salesreceipt?requestid=r", receipt("Z"))
            .await
            .status,
        200
    );
}
