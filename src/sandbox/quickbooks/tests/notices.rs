//! The company tells what happened, and a receiver looks at every byte.

use super::{Books, JANE, canada, invoice, link, payment, receipt};
use crate::stand::sending::signature;
use crate::stand::tests::receiver::Receiver;
use serde_json::{Value, json};
use std::time::Duration;

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
    while receiver.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
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

#[tokio::test]
async fn each_operation_is_told_as_the_service_spells_it() {
    let (books, receiver) = both(json!({})).await;
    let told = async |method: &str, path: &str, body: Value| {
        all_sent(&books).await;
        receiver.forget();
        let answer = lever(&books, method, path, body).await;
        all_sent(&books).await;
        (types(&receiver), answer)
    };
    let sale = books.made("SalesReceipt", receipt("A")).await;
    let bill = books.made("Invoice", invoice("10.00")).await;
    let of = |entity: &str, made: &Value| json!({"entity": entity, "id": made["Id"]});
    assert_eq!(
        told("POST", "void", of("SalesReceipt", &sale)).await.0,
        ["qbo.salesreceipt.void.v1"]
    );
    assert_eq!(
        told("POST", "email", of("Invoice", &bill)).await.0,
        ["qbo.invoice.emailed.v1"]
    );
    let mut edit = of("Customer", &json!({"Id": JANE}));
    edit["set"] = json!({"Notes": "x"});
    assert_eq!(
        told("POST", "edit", edit).await.0,
        ["qbo.customer.updated.v1"]
    );
    let (types, _) = told("POST", "delete", of("Invoice", &bill)).await;
    assert!(
        types.contains(&"qbo.invoice.deleted.v1".to_owned()),
        "{types:?}"
    );
    assert_eq!(
        told("POST", "company", json!({"allow_shipping": true}))
            .await
            .0,
        ["qbo.preferences.updated.v1"]
    );
}

#[tokio::test]
async fn a_payment_is_told_with_what_it_does_to_the_invoice() {
    let (books, receiver) = both(json!({"aggregate_ms": 200})).await;
    let bill = books.made("Invoice", invoice("10.00")).await;
    all_sent(&books).await;
    receiver.forget();
    books
        .made(
            "Payment",
            payment(10, vec![link("Invoice", &bill["Id"], 10)]),
        )
        .await;
    all_sent(&books).await;
    let mut types = types(&receiver);
    types.sort_unstable();
    assert_eq!(
        types,
        [
            "qbo.customer.updated.v1",
            "qbo.invoice.updated.v1",
            "qbo.payment.created.v1"
        ]
    );
}

#[tokio::test]
async fn a_merge_names_its_victim_and_what_was_the_victims_is_the_survivors() {
    for (format, victim_at) in [
        ("cloud_events", "/0/data/deletedId"),
        (
            "legacy",
            "/eventNotifications/0/dataChangeEvent/entities/0/deletedId",
        ),
    ] {
        let (books, receiver) = both(json!({"format": format})).await;
        let twin = books
            .made("Customer", json!({"DisplayName": "Jane Doe II"}))
            .await;
        let mut body = invoice("10.00");
        body["CustomerRef"] = json!({"value": twin["Id"]});
        let bill = books.made("Invoice", body).await;
        all_sent(&books).await;
        receiver.forget();
        lever(
            &books,
            "POST",
            "merge",
            json!({"entity": "Customer", "id": JANE, "victim": twin["Id"]}),
        )
        .await;
        all_sent(&books).await;
        let [told] = &receiver.received()[..] else {
            panic!("{:?}", receiver.received());
        };
        assert_eq!(
            told.json().pointer(victim_at),
            Some(&twin["Id"]),
            "{}",
            told.body
        );
        let of = |id: &Value| id.as_str().unwrap_or_default().to_owned();
        let read = books
            .get(&format!("invoice/{}", of(&bill["Id"])))
            .await
            .json();
        assert_eq!(read["Invoice"]["CustomerRef"]["value"], JANE);
        assert_eq!(
            books
                .get(&format!("customer/{}", of(&twin["Id"])))
                .await
                .code(),
            "610"
        );
        // The name is free again.
        books
            .made("Customer", json!({"DisplayName": "Jane Doe II"}))
            .await;
    }
}

#[tokio::test]
async fn the_victim_of_a_merge_may_stay_as_an_inactive_name() {
    let (books, receiver) = both(json!({})).await;
    let twin = books
        .made("Customer", json!({"DisplayName": "Jane Doe II"}))
        .await;
    let merge = json!({"entity": "Customer", "id": JANE, "victim": twin["Id"], "left": "inactive"});
    all_sent(&books).await;
    receiver.forget();
    lever(&books, "POST", "merge", merge).await;
    all_sent(&books).await;
    assert_eq!(types(&receiver), ["qbo.customer.merged.v1"]);
    let path = format!("customer/{}", twin["Id"].as_str().unwrap_or_default());
    let read = books.get(&path).await.json()["Customer"].clone();
    assert_eq!(
        (&read["Active"], &read["DisplayName"]),
        (&json!(false), &json!("Jane Doe II (deleted)"))
    );
}

#[tokio::test]
async fn many_events_go_a_hundred_at_a_time_and_the_same_one_once() {
    let (books, receiver) = both(json!({"paused": true})).await;
    let many: Vec<Value> = (0..250)
        .map(|at| json!({"name": "Invoice", "id": at.to_string()}))
        .collect();
    for _ in 0..2 {
        lever(&books, "POST", "notify", json!(many)).await;
    }
    lever(&books, "POST", "sending", json!({"paused": false})).await;
    all_sent(&books).await;
    let sizes: Vec<usize> = receiver
        .received()
        .iter()
        .filter_map(|one| Some(one.json().as_array()?.len()))
        .collect();
    assert_eq!(sizes, [100, 100, 50]);
    let all: std::collections::BTreeSet<String> = receiver
        .received()
        .iter()
        .flat_map(|one| one.json().as_array().cloned().unwrap_or_default())
        .filter_map(|event| event["id"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(all.len(), 250);
}

#[tokio::test]
async fn no_notification_is_larger_than_a_megabyte() {
    let (books, receiver) = both(json!({"paused": true})).await;
    let large: Vec<Value> = (0..4)
        .map(|at| json!({"raw": {"at": at, "text": "x".repeat(400_000)}}))
        .collect();
    lever(&books, "POST", "notify", json!(large)).await;
    lever(&books, "POST", "sending", json!({"paused": false})).await;
    all_sent(&books).await;
    let sizes: Vec<usize> = receiver
        .received()
        .iter()
        .map(|one| one.body.len())
        .collect();
    assert_eq!(sizes.len(), 2);
    assert!(sizes.iter().all(|size| *size < 1 << 20), "{sizes:?}");
}

#[tokio::test]
async fn several_companies_share_one_notification() {
    for format in ["cloud_events", "legacy"] {
        let (books, receiver) = both(json!({"format": format, "paused": true})).await;
        let told = json!([{"name": "Invoice", "id": "1", "operation": "Create"},
            {"realm": "2222222222", "name": "Payment", "id": "269", "operation": "Delete"}, {"name": "Item", "id": "2"}]);
        lever(&books, "POST", "notify", told).await;
        lever(&books, "POST", "sending", json!({"paused": false})).await;
        all_sent(&books).await;
        let [told] = &receiver.received()[..] else {
            panic!("{:?}", receiver.received());
        };
        let told = told.json();
        let companies: Vec<&Value> = match told.as_array() {
            Some(events) => events
                .iter()
                .map(|event| &event["intuitaccountid"])
                .collect(),
            None => told["eventNotifications"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| &one["realmId"])
                .collect(),
        };
        let ours = json!("9341454000000001");
        let theirs = json!("2222222222");
        match format {
            "legacy" => assert_eq!(companies, [&ours, &theirs]),
            _ => assert_eq!(companies, [&ours, &theirs, &ours]),
        }
    }
}

#[tokio::test]
async fn odd_elements_stand_among_the_others_and_the_whole_is_signed() {
    for format in ["cloud_events", "legacy"] {
        let (books, receiver) = both(json!({"format": format, "odd": true})).await;
        let made = books
            .made("Customer", json!({"DisplayName": "Ada Byron"}))
            .await;
        all_sent(&books).await;
        let told = &receiver.received()[0];
        assert!(told.is_signed_with(VERIFIER));
        assert!(
            told.body.to_lowercase().contains("frobnicator"),
            "{}",
            told.body
        );
        assert!(
            told.body
                .contains(&format!("\"{}\"", made["Id"].as_str().unwrap_or_default()))
        );
        assert!(told.body.contains("null"));
    }
}

#[tokio::test]
async fn times_of_the_older_format_come_in_three_forms() {
    for (times, is_right) in [
        (
            "utc",
            (|at: &Value| {
                at.as_str()
                    .is_some_and(|at| at.len() == 24 && at.ends_with('Z'))
            }) as fn(&Value) -> bool,
        ),
        ("offset", |at| {
            at.as_str()
                .is_some_and(|at| at.len() == 24 && at[19..20] == *"-")
        }),
        ("epoch", |at| {
            at.as_u64().is_some_and(|at| at > 1_700_000_000_000)
        }),
    ] {
        let (books, receiver) = both(json!({"format": "legacy", "times": times})).await;
        books
            .made("Customer", json!({"DisplayName": "Ada Byron"}))
            .await;
        all_sent(&books).await;
        let told = receiver.received()[0].json();
        let at = &told["eventNotifications"][0]["dataChangeEvent"]["entities"][0]["lastUpdated"];
        assert!(is_right(at), "{times}: {at}");
    }
}

#[tokio::test]
async fn the_pauses_grow_as_the_service_says() {
    let (books, receiver) = both(json!({"speed": 50.0})).await;
    receiver.answers(&[500, 500, 500]);
    books.made("Customer", json!({"DisplayName": "One"})).await;
    all_sent(&books).await;
    let sent = lever(&books, "GET", "sent", json!({})).await;
    let at = |one: &Value| chrono::DateTime::parse_from_rfc3339(one["at"].as_str()?).ok();
    let times: Vec<_> = sent
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(at)
        .collect();
    let pauses: Vec<i64> = times
        .windows(2)
        .map(|two| (two[1] - two[0]).num_milliseconds())
        .collect();
    // 10, 20 and 30 s, fifty times as fast; a machine that is busy takes longer, and none takes less.
    assert_eq!(pauses.len(), 3);
    assert!(
        pauses[0] >= 199 && pauses[1] >= 399 && pauses[2] >= 599,
        "{pauses:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_late_is_none() {
    let (books, receiver) = both(json!({"speed": 1_000.0, "patience_ms": 100})).await;
    receiver.takes(Duration::from_millis(300));
    books.made("Customer", json!({"DisplayName": "One"})).await;
    while receiver.received().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    receiver.takes(Duration::ZERO);
    all_sent(&books).await;
    let told = receiver.received();
    assert!(told.iter().all(|one| one.body == told[0].body));
    let attempts: std::collections::BTreeSet<&str> =
        told.iter().map(|one| one.header("intuit-t-id")).collect();
    assert_eq!(attempts.len(), told.len());
}

#[tokio::test]
async fn later_events_overtake_where_nothing_is_held() {
    let (books, receiver) = both(json!({"speed": 20.0, "holds": false})).await;
    receiver.answers(&[500]);
    books.made("Customer", json!({"DisplayName": "One"})).await;
    while receiver.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    books.made("Customer", json!({"DisplayName": "Two"})).await;
    all_sent(&books).await;
    let told = receiver.received();
    assert_eq!(told.len(), 3);
    assert_eq!(told[0].body, told[2].body);
    assert_ne!(told[0].body, told[1].body);
}

#[tokio::test]
async fn an_address_that_never_answers_is_given_up() {
    let (books, receiver) = both(json!({"speed": 10_000.0, "gives_up_after": 4})).await;
    receiver.usually(500);
    books.made("Customer", json!({"DisplayName": "One"})).await;
    all_sent(&books).await;
    books.made("Customer", json!({"DisplayName": "Two"})).await;
    all_sent(&books).await;
    assert_eq!(receiver.received().len(), 4);
    assert_eq!(
        lever(&books, "GET", "sending", json!({})).await["url"],
        Value::Null
    );
}

#[tokio::test]
async fn only_what_was_chosen_is_told_and_the_whole_object_if_wanted() {
    let manner = json!({"only": ["Invoice", "SalesReceipt.Void"], "full_data": true, "content_type": "application/cloudevents+json"});
    let (books, receiver) = both(manner).await;
    let sale = books.made("SalesReceipt", receipt("A")).await;
    lever(
        &books,
        "POST",
        "void",
        json!({"entity": "SalesReceipt", "id": sale["Id"]}),
    )
    .await;
    let bill = books.made("Invoice", invoice("10.00")).await;
    all_sent(&books).await;
    assert_eq!(
        types(&receiver),
        ["qbo.salesreceipt.void.v1", "qbo.invoice.created.v1"]
    );
    let last = receiver.received().last().cloned().expect("one");
    assert_eq!(last.json()[0]["data"]["DocNumber"], bill["DocNumber"]);
    assert_eq!(last.header("Content-Type"), "application/cloudevents+json");
}

#[tokio::test]
async fn notifications_go_astray_as_ordered() {
    let (books, receiver) = both(json!({"batch": 1})).await;
    let rules = json!([{"what": "lost", "path": "Item"}, {"what": "twice", "path": "Payment"}, {"what": "late", "ms": 300, "path": "Account"},
        {"what": "forged", "path": "Vendor"}, {"what": "replayed", "path": "Class"}]);
    lever(&books, "POST", "sending/mishaps", rules).await;
    for name in ["Account", "Item", "Payment", "Vendor", "Class", "Item"] {
        lever(&books, "POST", "notify", json!({"name": name, "id": "1"})).await;
    }
    all_sent(&books).await;
    let mut told = types(&receiver);
    // Account came last; the first item never; what a stranger sent of Class is any of those before.
    assert_eq!(told.pop().as_deref(), Some("qbo.account.updated.v1"));
    let count = |name: &str| told.iter().filter(|one| one.contains(name)).count();
    assert_eq!(
        count("item") + count("payment") + count("vendor") + count("class"),
        told.len()
    );
    assert!(
        count("item") >= 1 && count("payment") >= 2 && count("vendor") >= 2 && count("class") >= 1,
        "{told:?}"
    );
    let wrong: Vec<_> = receiver
        .received()
        .into_iter()
        .filter(|one| !one.is_signed_with(VERIFIER))
        .collect();
    assert_eq!(wrong.len(), 1);
    // The same notification twice has the same ids.
    let payments: Vec<Value> = receiver
        .received()
        .iter()
        .map(|one| one.json()[0].clone())
        .filter(|one| one["type"] == "qbo.payment.updated.v1")
        .collect();
    assert!(payments.iter().all(|one| one["id"] == payments[0]["id"]));
}

#[tokio::test]
async fn events_are_overtaken_and_shuffled_and_half_a_notification_is_told_again_whole() {
    let (books, receiver) = both(json!({"batch": 1, "speed": 1_000.0})).await;
    let notify = async |ids: std::ops::RangeInclusive<u64>| {
        receiver.forget();
        lever(&books, "POST", "sending", json!({"paused": true})).await;
        for id in ids {
            lever(
                &books,
                "POST",
                "notify",
                json!({"name": "Invoice", "id": id.to_string()}),
            )
            .await;
        }
        lever(&books, "POST", "sending", json!({"paused": false})).await;
        all_sent(&books).await;
        let id = |one: &Value| one["intuitentityid"].as_str()?.parse::<u64>().ok();
        receiver
            .received()
            .iter()
            .filter_map(|one| id(&one.json()[0]))
            .collect::<Vec<_>>()
    };
    let astray = async |rule: Value| lever(&books, "POST", "sending/mishaps", rule).await;
    astray(json!({"what": "out_of_order", "after": 2, "ms": 60_000})).await;
    assert_eq!(notify(1..=4).await, [2, 3, 1, 4]);
    astray(json!({"what": "shuffled", "times": 8, "ms": 2_000})).await;
    let mut shuffled = notify(11..=18).await;
    assert_ne!(shuffled, (11..=18).collect::<Vec<_>>());
    shuffled.sort_unstable();
    assert_eq!(shuffled, (11..=18).collect::<Vec<_>>());
    astray(json!([{"what": "truncated"}, {"what": "broken_off"}])).await;
    receiver.answers(&[401]);
    assert_eq!(notify(21..=21).await, [21]);
    let told = receiver.received();
    let signed: Vec<bool> = told
        .iter()
        .map(|one| one.is_signed_with(VERIFIER))
        .collect();
    assert_eq!(signed, [false, true]);
    assert!(told[1].body.starts_with(&told[0].body));
}

#[tokio::test]
async fn what_happens_within_a_moment_is_one_notification() {
    let (books, receiver) = both(json!({"aggregate_ms": 3_000})).await;
    for name in ["One", "Two", "Three"] {
        books.made("Customer", json!({"DisplayName": name})).await;
    }
    all_sent(&books).await;
    let [told] = &receiver.received()[..] else {
        panic!("{:?}", receiver.received());
    };
    assert_eq!(told.json().as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_share_of_the_events_is_dropped_and_always_the_same_share() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (books, receiver) = both(json!({"paused": true})).await;
        lever(
            &books,
            "POST",
            "sending/mishaps",
            json!({"what": "lost", "chance": 0.2, "times": null, "seed": 11}),
        )
        .await;
        let many: Vec<Value> = (0..100)
            .map(|at| json!({"name": "Invoice", "id": at.to_string()}))
            .collect();
        lever(&books, "POST", "notify", json!(many)).await;
        lever(&books, "POST", "sending", json!({"paused": false})).await;
        all_sent(&books).await;
        let told = receiver.received()[0].json();
        runs.push(
            told.as_array()
                .into_iter()
                .flatten()
                .map(|one| one["intuitentityid"].clone())
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(runs[0], runs[1]);
    assert!((65..95).contains(&runs[0].len()), "{}", runs[0].len());
}

#[tokio::test]
async fn nobody_is_told_of_what_was_there_or_was_put_back() {
    let (books, receiver) = both(json!({})).await;
    let kept = lever(&books, "GET", "snapshot", json!({})).await;
    lever(&books, "PUT", "snapshot", kept).await;
    all_sent(&books).await;
    assert_eq!(receiver.received(), []);
    books.made("Customer", json!({"DisplayName": "One"})).await;
    all_sent(&books).await;
    assert_eq!(receiver.received().len(), 1);
}
