//! The company tells what happened, and a receiver looks at every byte.

use super::{Books, canada};
use crate::stand::receiver::Receiver;
use crate::stand::sending::signature;
use serde_json::{Value, json};

const VERIFIER: &str = "3c1f7c1e-0000-4000-8000-5f2a9d1b7e11";

async fn both(manner: Value) -> (Books, Receiver) {
    let receiver = Receiver::new().await;
    let mut setup = canada();
    setup["sending"] = manner;
    setup["sending"]["url"] = json!(receiver.url);
    (Books::new(setup).await, receiver)
}

async fn lever(books: &Books, method: &str, path: &str, body: Value) -> Value {
    let done = books.running.lever(method, path, &body).await;
    done.unwrap_or_else(|error| panic!("{error}"))
}

async fn all_sent(books: &Books) {
    lever(books, "GET", "sent/all", json!({})).await;
}

/// The types of all events, in the order in which they came.
fn types(receiver: &Receiver) -> Vec<String> {
    let told = receiver
        .received()
        .iter()
        .map(|one| one.json())
        .collect::<Vec<_>>();
    let events = told
        .iter()
        .flat_map(|one| one.as_array().cloned().unwrap_or_default());
    events
        .filter_map(|event| event["type"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn the_vectors_are_signed_as_expected() {
    for (body, expected) in [
        (
            r#"{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[{"name":"Invoice","id":"266","operation":"Void","lastUpdated":"2026-03-02T17:15:07.000Z"}]}}]}"#,
            "ekMY4rya/lX26QVpMDCyw/wuewnxIerLk9Fpg2Yej3U=",
        ),
        (
            r#"[{"specversion":"1.0","id":"e-1","source":"intuit.x=","type":"qbo.invoice.void.v1","datacontenttype":"application/json","time":"2026-03-02T17:15:07.179851517Z","intuitentityid":"266","intuitaccountid":"1","data":{}}]"#,
            "YJDkbUwq5Dt8WYVSNE7DJY839g6qE8KQRNPvB7ZRAVk=",
        ),
        ("[]", "C4pTkyROgT6FCpWcSxLPMyFxZmHj1lYum8XkBDINSsw="),
    ] {
        assert_eq!(signature(VERIFIER.as_bytes(), body.as_bytes()), expected);
    }
}

#[tokio::test]
async fn the_newer_format_is_a_signed_array_of_events() {
    let (books, receiver) = both(json!({})).await;
    let made = books
        .made("Customer", json!({"DisplayName": "Ada Byron"}))
        .await;
    all_sent(&books).await;
    let [told] = &receiver.received()[..] else {
        panic!("{:?}", receiver.received());
    };
    assert!(told.is_signed_with(VERIFIER));
    let event = told.json()[0].clone();
    assert_eq!(event["type"], "qbo.customer.created.v1");
    assert_eq!(event["intuitentityid"], made["Id"]);
    assert_eq!(event["intuitaccountid"], "9341454000000001");
    assert_eq!(event["data"], json!({}));
    let time = event["time"].as_str().expect("a time");
    assert_eq!(
        (time.len(), time.ends_with('Z')),
        ("2026-03-02T17:15:07.179851517Z".len(), true)
    );
}

#[tokio::test]
async fn the_older_format_is_chosen_by_a_lever() {
    let (books, receiver) = both(json!({})).await;
    lever(
        &books,
        "POST",
        "sending",
        json!({"format": "legacy", "times": "offset"}),
    )
    .await;
    let made = books
        .made("Customer", json!({"DisplayName": "Ada Byron"}))
        .await;
    all_sent(&books).await;
    let [told] = &receiver.received()[..] else {
        panic!("{:?}", receiver.received());
    };
    assert!(told.is_signed_with(VERIFIER));
    let company = &told.json()["eventNotifications"][0];
    assert_eq!(company["realmId"], "9341454000000001");
    let entity = &company["dataChangeEvent"]["entities"][0];
    assert_eq!(
        (&entity["name"], &entity["id"], &entity["operation"]),
        (&json!("Customer"), &made["Id"], &json!("Create"))
    );
    let at = entity["lastUpdated"].as_str().expect("a time");
    assert!(at.ends_with("-0800") || at.ends_with("-0700"), "{at}");
}

#[tokio::test]
async fn what_is_not_acknowledged_is_told_again_and_holds_the_rest_back() {
    let (books, receiver) = both(json!({"speed": 1_000.0})).await;
    receiver.answers(&[500, 202, 401]);
    books.made("Customer", json!({"DisplayName": "One"})).await;
    books.made("Customer", json!({"DisplayName": "Two"})).await;
    all_sent(&books).await;
    let told = receiver.received();
    // The same bytes four times, and only then the other.
    assert!(
        told[..4].iter().all(|one| one.body == told[0].body),
        "{told:?}"
    );
    assert_eq!(
        types(&receiver).last().map(String::as_str),
        Some("qbo.customer.created.v1")
    );
    assert_ne!(told[4].body, told[0].body);
    assert_eq!(told.len(), 5);
}
