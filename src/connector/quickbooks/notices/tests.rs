//! Notices of QuickBooks: vectors, recorded deliveries, and every way in which an element can be odd.

use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;

const TOKEN: &str = "3c1f7c1e-0000-4000-8000-5f2a9d1b7e11";
const Q1: &[u8] = br#"{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[{"name":"Invoice","id":"266","operation":"Void","lastUpdated":"2026-03-02T17:15:07.000Z"}]}}]}"#;
const Q2: &[u8] = br#"[{"specversion":"1.0","id":"e-1","source":"intuit.x=","type":"qbo.invoice.void.v1","datacontenttype":"application/json","time":"2026-03-02T17:15:07.179851517Z","intuitentityid":"266","intuitaccountid":"1","data":{}}]"#;

fn signed(signature: &str, body: &[u8], token: &str) -> bool {
    let given = GivenSignature::read([signature.as_bytes()]).expect("a signature by its form");
    is_signed(
        given,
        body,
        &[SecretString::from("other"), SecretString::from(token)],
    )
}

/// Each event: `1: Invoice 266`, `1: nothing`, `-: odd`.
fn said(body: &[u8]) -> Vec<String> {
    let events = read(body).events;
    let said = |event: DeliveredEvent| {
        let company = event.company.unwrap_or_else(|| "-".to_owned());
        let words = match event.says {
            EventSays::Look(look) => {
                let merged = look.merged.map(|other| format!(" took in {other}"));
                format!(
                    "{} {}{}",
                    look.thing.kind,
                    look.thing.id,
                    merged.unwrap_or_default()
                )
            }
            EventSays::Nothing => "nothing".to_owned(),
            EventSays::Odd => "odd".to_owned(),
        };
        format!("{company}: {words}")
    };
    events.into_iter().map(said).collect()
}

fn event(id: &str, kind: &str, entity: &str) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "intuit.x=", "type": kind, "datacontenttype": "application/json",
        "time": "2026-03-02T17:15:07.179851517Z", "intuitentityid": entity, "intuitaccountid": "1", "data": {}
    })
}

#[test]
fn the_vectors_of_the_books_verify_and_are_read() {
    for (name, body, signature) in [
        ("Q1", Q1, "ekMY4rya/lX26QVpMDCyw/wuewnxIerLk9Fpg2Yej3U="),
        ("Q2", Q2, "YJDkbUwq5Dt8WYVSNE7DJY839g6qE8KQRNPvB7ZRAVk="),
        ("Q3", b"[]", "C4pTkyROgT6FCpWcSxLPMyFxZmHj1lYum8XkBDINSsw="),
    ] {
        assert!(signed(signature, body, TOKEN), "{name}");
        assert!(!signed(signature, body, "another token"), "{name}");
        assert!(!signed(signature, &[body, b"\n"].concat(), TOKEN), "{name}");
    }
    assert_eq!(said(Q1), ["1: Invoice 266"]);
    assert_eq!(said(Q2), ["1: Invoice 266"]);
    assert_eq!(said(b"[]"), Vec::<String>::new());
}

#[test]
fn the_recorded_deliveries_of_the_books_are_read_with_both_companies() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/recorded/webhooks/quickbooks.json"
    );
    let text = std::fs::read_to_string(path).expect("the recorded deliveries");
    let recorded: Value = serde_json::from_str(&text).expect("JSON");
    let token = recorded["verifierToken"].as_str().expect("a token");
    let of = |list: &str, at: usize| {
        let one = &recorded[list][at];
        let signature = one["headers"]["intuit-signature"].as_str().expect("signed");
        let body = one["rawBody"].as_str().expect("a body").as_bytes();
        (signed(signature, body, token), said(body))
    };
    let (is_good, events) = of("vectors", 0);
    assert!(is_good);
    let expected = [
        "1234567890: Customer 71",
        "1234567890: Invoice 266",
        "1234567890: Customer 71 took in 88",
        "2222222222: Payment 269",
    ];
    assert_eq!(events, expected);
    let (is_good, events) = of("vectors", 1);
    assert!(is_good);
    let expected = [
        "1234567890: Customer 71",
        "2222222222: Invoice 266",
        "1234567890: Customer 71 took in 88",
    ];
    assert_eq!(events, expected);
    assert!(!of("bad", 0).0);
}

#[test]
fn one_odd_element_spoils_nothing() {
    let batch = json!([
        event("e-1", "qbo.invoice.updated.v1", "1"),
        7,
        null,
        { "type": "qbo.invoice.updated.v1" },
        event("e-2", "qbo.payment.deleted.v1", ""),
        { "specversion": "1.0", "id": "e-3", "type": "qbo.invoice.updated.v1", "intuitentityid": "9" },
        { "id": "e-4", "type": 7, "intuitentityid": "9", "intuitaccountid": "1" },
        event("", "qbo.invoice.updated.v1", "9"),
        event("e-5", "qbo.budget.updated.v1", "9"),
        event("e-6", "qbo.invoice.updated.v2", "9"),
        event("e-7", "qbo.invoice.painted.v1", "9"),
        event("e-8", "nonsense", "9"),
        event("e-9", "qbo.salesreceipt.updated.v1", "2")
    ]);
    let expected = [
        "1: Invoice 1",
        "-: odd",
        "-: odd",
        "-: odd",
        "1: odd",
        "-: odd",
        "1: odd",
        "1: odd",
        "1: nothing",
        "1: nothing",
        "1: nothing",
        "1: nothing",
        "1: SalesReceipt 2",
    ];
    assert_eq!(said(batch.to_string().as_bytes()), expected);

    let entities =
        |entities: Value| json!({ "realmId": "1", "dataChangeEvent": { "entities": entities } });
    let batch = json!({ "eventNotifications": [
        7,
        { "realmId": "1" },
        { "dataChangeEvent": { "entities": [] } },
        entities(json!([
            { "name": "Invoice", "id": "1", "operation": "Update", "lastUpdated": "2015-10-05T14:42:19-0700" },
            { "name": "Invoice", "operation": "Update" },
            [],
            { "name": "Budget", "id": "1", "operation": "Update" },
            { "name": "CreditMemo", "id": 3, "operation": "Emailed", "lastUpdated": 1_444_081_339_000_u64 }
        ]))
    ] });
    let expected = [
        "-: odd",
        "1: odd",
        "-: odd",
        "1: Invoice 1",
        "1: odd",
        "1: odd",
        "1: nothing",
        "1: CreditMemo 3",
    ];
    assert_eq!(said(batch.to_string().as_bytes()), expected);
}

#[test]
fn what_is_neither_format_is_odd_as_a_whole() {
    for body in [
        "",
        "{}",
        "7",
        "null",
        "nonsense",
        "{\"eventNotifications\":7}",
        "[",
        "\u{feff}[]",
    ] {
        assert_eq!(said(body.as_bytes()), ["-: odd"], "{body}");
    }
    assert_eq!(said("[".repeat(100_000).as_bytes()), ["-: odd"]);
}

#[test]
fn every_operation_is_taken_in_every_spelling() {
    for operation in [
        "created", "updated", "deleted", "merged", "void", "voided", "emailed",
    ] {
        let body = json!([event("e", &format!("qbo.customer.{operation}.v1"), "7")]);
        assert_eq!(
            said(body.to_string().as_bytes()),
            ["1: Customer 7"],
            "{operation}"
        );
    }
    for operation in ["Create", "Update", "Delete", "Merge", "Void", "Emailed"] {
        let body = json!({ "eventNotifications": [{ "realmId": 1, "dataChangeEvent": { "entities": [
            { "name": "Customer", "id": "7", "operation": operation, "deletedId": "7" }
        ] } }] });
        // A merge into itself, as some fixtures have it, is none.
        assert_eq!(
            said(body.to_string().as_bytes()),
            ["1: Customer 7"],
            "{operation}"
        );
    }
}

#[test]
fn an_event_is_known_again_by_its_name_or_else_by_all_that_it_says() {
    let told_as = |body: Value| match read(body.to_string().as_bytes()).events.remove(0).says {
        EventSays::Look(look) => look.told_as,
        other => panic!("{other:?}"),
    };
    let cloud = |id: &str| told_as(json!([event(id, "qbo.invoice.updated.v1", "9")]));
    assert_eq!(cloud("e-1"), cloud("e-1"));
    assert_ne!(cloud("e-1"), cloud("e-2"));
    let legacy = |at: &str, operation: &str| {
        told_as(
            json!({ "eventNotifications": [{ "realmId": "1", "dataChangeEvent": { "entities": [
            { "name": "Invoice", "id": "9", "operation": operation, "lastUpdated": at }
        ] } }] }),
        )
    };
    let first = legacy("2015-10-05T14:42:19-0700", "Update");
    assert_eq!(first, legacy("2015-10-05T21:42:19Z", "Update"));
    assert_ne!(first, legacy("2015-10-05T21:42:20Z", "Update"));
    assert_ne!(first, legacy("2015-10-05T21:42:19Z", "Delete"));
}

#[test]
fn what_a_delivery_is_about_is_told_in_few_words() {
    let types = ["invoice", "payment", "customer", "item", "purchase"];
    let events = types.map(|kind| event(kind, &format!("qbo.{kind}.updated.v1"), "1"));
    let topic = read(json!(events).to_string().as_bytes()).topic;
    let expected =
        "qbo.invoice.updated.v1, qbo.payment.updated.v1, qbo.customer.updated.v1 and 2 more";
    assert_eq!(topic, expected);
}
