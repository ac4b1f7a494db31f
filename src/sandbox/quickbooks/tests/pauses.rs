//! A slow company: what others see of its work, and what becomes of it when nobody waits any more.

use std::time::Duration;

use serde_json::json;

use super::{Books, batch, canada, create, receipt, with};

impl Books {
    async fn idle(&self) {
        while self.control("at_work").await != json!(0) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

#[tokio::test]
async fn others_see_half_of_a_slow_batch() {
    let books = Books::new(with(canada(), "item_latency_ms", json!(40))).await;
    let items: Vec<_> = ["A", "B", "C", "D"].map(|n| create(n, n)).into();
    let (answer, seen) = tokio::join!(books.post("batch", batch(&items)), async {
        while books.made_documents().await == 0 {}
        books.made_documents().await
    });
    assert_eq!(answer.status, 200);
    assert!((1..4).contains(&seen), "{seen}");
    assert_eq!(books.made_documents().await, 4);
}

#[tokio::test]
async fn the_work_goes_on_when_the_client_is_gone() {
    let books = Books::new(with(canada(), "item_latency_ms", json!(20))).await;
    let items = [create("a", "A"), create("b", "B"), create("c", "C")];
    let hung_up = tokio::time::timeout(
        Duration::from_millis(30),
        books.try_post("batch", batch(&items)),
    );
    assert!(hung_up.await.is_err());
    books.idle().await;
    assert_eq!(books.made_documents().await, 3);

    books
        .tell("company", json!({ "gives_up_after_ms": 30 }))
        .await;
    let items = [create("a", "D"), create("b", "E"), create("c", "F")];
    let cut_off = books.try_post("batch?requestid=r-1", batch(&items)).await;
    assert!(cut_off.is_err());
    assert!(books.made_documents().await < 6, "it is still at work");
    // The same request once more meanwhile: what one of them does is known to the other.
    let again = books.try_post("batch?requestid=r-1", batch(&items)).await;
    assert!(again.is_err());
    books.idle().await;
    assert_eq!(books.made_documents().await, 6);
}

#[tokio::test]
async fn a_late_start_begins_when_the_client_was_sent_away() {
    let books = Books::canada().await;
    for (place, (status, answer)) in [(None, None), (Some(401), Some(401)), (Some(504), Some(504))]
        .into_iter()
        .enumerate()
    {
        let rule = json!({ "what": "late_start", "ms": 60, "status": status });
        books.tell("mishaps", rule).await;
        let sent = books.try_post("salesreceipt", receipt(&place.to_string()));
        assert_eq!(sent.await.ok().map(|answer| answer.status), answer);
        assert_eq!(books.made_documents().await, place);
        books.idle().await;
        assert_eq!(books.made_documents().await, place + 1);
    }
}

#[tokio::test]
async fn work_is_done_behind_a_refused_token_and_a_failed_item() {
    let books = Books::canada().await;
    books
        .tell("mishaps", json!({ "what": "unauthorized_after" }))
        .await;
    assert_eq!(books.post("salesreceipt", receipt("A")).await.status, 401);
    assert_eq!(books.made_documents().await, 1);
    let late = json!({ "what": "item_error_late", "item": 1, "ms": 40 });
    books.tell("mishaps", late).await;
    let items = [create("b", "B"), create("c", "C")];
    let answer = books.post("batch", batch(&items)).await.json();
    let second = &answer["BatchItemResponse"][1];
    assert_eq!(second["Fault"]["Error"][0]["code"], "10000");
    assert_eq!(books.made_documents().await, 2);
    books.idle().await;
    assert_eq!(books.made_documents().await, 3);
}

/// Another company in its place has nothing to do with what was under way.
#[tokio::test]
async fn what_is_under_way_ends_with_its_world() {
    let books = Books::canada().await;
    let before = books.control("snapshot").await;
    books
        .tell("mishaps", json!({ "what": "late_start", "ms": 40 }))
        .await;
    assert!(books.try_post("salesreceipt", receipt("A")).await.is_err());
    let url = format!("{}/_sandbox/snapshot", books.running.url());
    let put = books.http.put(url).json(&before).send().await;
    assert!(put.expect("an answer comes").status().is_success());
    books.idle().await;
    assert_eq!(books.made_documents().await, 0);
}
