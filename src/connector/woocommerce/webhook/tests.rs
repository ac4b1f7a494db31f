//! Webhooks of a shop: vectors, every recorded delivery, and what is believed of a body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;

fn secret(text: &str) -> WebhookSecret {
    WebhookSecret::new(&SecretString::from(text))
}

fn signed(signature: &str, body: &[u8], secrets: &[WebhookSecret]) -> bool {
    let given = GivenSignature::read([signature.as_bytes()]);
    given.is_some_and(|given| is_signed(given, body, secrets))
}

/// What a body names under a topic: `order 7`, `nothing`, `odd`.
fn named(topic: &str, body: &[u8]) -> String {
    let delivery = read(topic, body);
    let [event] = delivery.events.as_slice() else {
        panic!("a shop says one thing at a time");
    };
    match &event.says {
        EventSays::Look(look) => format!("{} {}", look.thing.kind, look.thing.id),
        EventSays::Nothing => "nothing".to_owned(),
        EventSays::Odd => "odd".to_owned(),
    }
}

fn of(topic: &str, body: &Value) -> String {
    named(topic, body.to_string().as_bytes())
}

const W6: &[u8] = br#"{"code":"woocommerce_rest_shop_coupon_invalid_id","message":"Invalid ID.","data":{"status":404}}"#;

#[test]
fn the_vectors_of_the_shop_verify_and_no_other_secret_makes_them() {
    let test = "udsync-test-secret";
    for (name, words, body, signature) in [
        (
            "W1",
            "woolab-webhook-secret-1",
            &b"{\"id\":2549}"[..],
            "LrY+jjK/WyVpzcoxTxm8zSNqMm7qIuwVth0G7l4gXpw=",
        ),
        (
            "W2",
            test,
            b"{\"id\":1}",
            "D0cV2o6qy8mGO/pSYi2mvJEFEwMc8oqlgIoF3Jf2FCs=",
        ),
        (
            "W3",
            test,
            b"{\"id\":1}\n",
            "mTg5nWoA0CbzbInsPDanwVrOuS1ZYUYgqs6LGJwS8ZQ=",
        ),
        (
            "W4",
            "a&amp;b",
            b"{\"id\":1}",
            "DZZ3mhyNjKxgGYJPujiR4ZGjbQJd9qbIQuhcMQ11PTE=",
        ),
        (
            "W4 as it is used",
            "a&b",
            b"{\"id\":1}",
            "DZZ3mhyNjKxgGYJPujiR4ZGjbQJd9qbIQuhcMQ11PTE=",
        ),
        (
            "W5",
            test,
            b"",
            "T7WKzcIzcMxwo59a9A0lEGKVBqpfq//WdRacJz6lpAg=",
        ),
        (
            "W6",
            test,
            W6,
            "lZUUZpFo+T+Lplbf9bV4/Uf9XGe+h2cxfOcuOTIZnWM=",
        ),
        (
            "W7",
            "sécrèt",
            br#"{"id":7,"name":"Caf\u00e9 \/ 1"}"#,
            "REcLwtj6js/NCL4Ysm2rCy2KcXKAhwc/sD4+flCPL4s=",
        ),
    ] {
        assert!(signed(signature, body, &[secret(words)]), "{name}");
        // While a secret is being replaced, either is good.
        assert!(
            signed(signature, body, &[secret("new"), secret(words)]),
            "{name}"
        );
        assert!(
            !signed(signature, body, &[secret("new"), secret("other")]),
            "{name}"
        );
        assert!(
            !signed(signature, &[body, b" "].concat(), &[secret(words)]),
            "{name}"
        );
    }
    assert_eq!(named("order.updated", b""), "odd", "W5");
    assert_eq!(named("coupon.restored", W6), "odd", "W6");
    assert_eq!(
        named("order.updated", br#"{"id":7,"name":"Caf\u00e9 \/ 1"}"#),
        "order 7",
        "W7"
    );
}

/// What a real shop has sent to us, with the name of the file.
fn recordings() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for folder in ["webhooks", "webhooks10"] {
        let path = format!(
            "{}/tests/recorded/woocommerce/{folder}",
            env!("CARGO_MANIFEST_DIR")
        );
        let mut files: Vec<_> = std::fs::read_dir(path)
            .expect("the recordings")
            .flatten()
            .collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        for file in files {
            let text = std::fs::read_to_string(file.path()).expect("a recording");
            let recorded: Value = serde_json::from_str(&text).expect("JSON");
            // The others are answers of the shop.
            if recorded["request"]["body_base64"].is_string() && recorded["secret"].is_string() {
                all.push((
                    format!("{folder}/{}", file.file_name().to_string_lossy()),
                    recorded,
                ));
            }
        }
    }
    all
}

#[test]
fn every_recorded_delivery_is_the_shops_own_and_names_its_record() {
    let (mut pings, mut deliveries) = (0, Vec::new());
    for (name, recorded) in recordings() {
        let name = name.as_str();
        let request = &recorded["request"];
        let header = |wanted: &str| {
            let headers = request["headers"].as_array().expect("headers");
            let mut headers = headers.iter().filter_map(|header| header.as_array());
            let found = headers.find(|header| {
                header[0]
                    .as_str()
                    .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
            });
            found
                .and_then(|header| header[1].as_str())
                .map(str::to_owned)
        };
        let body = request["body_base64"].as_str().expect("a body");
        let body = STANDARD.decode(body).expect("base64");
        let Some(signature) = header(SIGNATURE) else {
            assert!(pinged(&body).is_some(), "{name}");
            pings += 1;
            continue;
        };
        let signature = signature.as_str();
        assert_eq!(pinged(&body), None, "{name}");
        let words = recorded["secret"].as_str().expect("a secret");
        assert!(signed(signature, &body, &[secret(words)]), "{name}");
        assert!(!signed(signature, &body, &[secret("another")]), "{name}");
        let topic = header(TOPIC).expect("a topic");
        let topic = topic.as_str();
        let expected = match serde_json::from_slice::<Value>(&body).expect("JSON") {
            body if topic.starts_with("action.") => match &body["arg"] {
                Value::Number(id) if topic.contains("refund") => format!("refund {id}"),
                Value::Number(id) => format!("order {id}"),
                _ => "odd".to_owned(),
            },
            body if body["id"].is_null() => "odd".to_owned(),
            _ if topic.starts_with("coupon") => "nothing".to_owned(),
            body => format!(
                "{} {}",
                topic.split('.').next().expect("a kind"),
                body["id"]
            ),
        };
        assert_eq!(named(topic, &body), expected, "{name}");
        let delivery = header("x-wc-webhook-delivery-id").expect("an id");
        deliveries.push((name.to_owned(), delivery, named(topic, &body)));
    }
    assert!(
        pings >= 16 && deliveries.len() >= 60,
        "{pings} {}",
        deliveries.len()
    );
    // Two orders under one delivery id: whoever believes it loses one.
    let of = |end: &str| {
        let mut all = deliveries.iter().filter(|(name, ..)| name.contains(end));
        all.next().expect("it was recorded").clone()
    };
    let (first, second) = (of("webhooks/201-batch"), of("webhooks/202-batch"));
    assert_eq!(first.1, second.1);
    assert_ne!(first.2, second.2);
}

#[test]
fn a_body_says_what_it_is_and_the_topic_is_a_hint() {
    let order = json!({ "id": 7, "order_key": "wc_order_x", "line_items": [], "parent_id": 0 });
    for topic in [
        "order.updated",
        "order.deleted",
        "product.updated",
        "coupon.created",
        "nonsense",
        "",
    ] {
        assert_eq!(of(topic, &order), "order 7", "{topic}");
    }
    let product =
        json!({ "id": 9, "sku": "", "permalink": "", "type": "variation", "parent_id": 8 });
    assert_eq!(of("order.updated", &product), "product 9");
    let customer = json!({ "id": 5, "email": "", "is_paying_customer": true });
    assert_eq!(of("order.updated", &customer), "customer 5");
    let coupon = json!({ "id": 5, "code": "x", "discount_type": "percent" });
    assert_eq!(of("order.updated", &coupon), "nothing");
    let refund = json!({ "id": 12, "amount": "1.00", "refunded_by": 1, "refunded_payment": true, "line_items": [] });
    assert_eq!(of("order.updated", &refund), "refund 12");
    let mut of_order = refund;
    of_order["parent_id"] = json!(7);
    assert_eq!(of("refund.created", &of_order), "order 7");
    // Nothing but an id: only the topic is there.
    let bare = json!({ "id": 7 });
    for (topic, expected) in [
        ("order.deleted", "order 7"),
        ("Order.Deleted", "order 7"),
        ("customer.deleted", "customer 7"),
        ("product.restored", "product 7"),
        ("coupon.deleted", "nothing"),
        ("subscription.deleted", "nothing"),
    ] {
        assert_eq!(of(topic, &bare), expected, "{topic}");
    }
}

#[test]
fn a_hook_of_wordpress_names_its_record_too() {
    let action = |action: &str, arg: Value| json!({ "action": action, "arg": arg });
    for (name, arg, expected) in [
        ("woocommerce_refund_deleted", json!(1100), "refund 1100"),
        ("woocommerce_order_refunded", json!(1098), "order 1098"),
        ("woocommerce_before_delete_order", json!(1098), "order 1098"),
        ("woocommerce_payment_complete", json!(1098), "nothing"),
        ("woocommerce_update_product", json!("77"), "product 77"),
        (
            "woocommerce_save_product_variation",
            json!(78),
            "product 78",
        ),
        ("woocommerce_created_customer", json!(5), "customer 5"),
        ("wc_order_changed", json!({ "id": 4 }), "order 4"),
        ("wc_order_changed", json!({ "customer_id": null }), "odd"),
        ("wc_order_changed", json!(null), "odd"),
    ] {
        let topic = format!("action.{name}");
        assert_eq!(of(&topic, &action(name, arg)), expected, "{name}");
    }
}

#[test]
fn an_id_is_a_number_above_nothing() {
    for bad in [
        json!(0),
        json!(-1),
        json!(1.5),
        json!("1x"),
        json!(""),
        json!(null),
        json!([7]),
        json!({}),
    ] {
        assert_eq!(of("order.updated", &json!({ "id": bad })), "odd", "{bad}");
    }
    assert_eq!(of("order.updated", &json!({ "id": "12" })), "order 12");
    for bad in [
        "[{\"id\":7}]",
        "7",
        "null",
        "not JSON",
        "{\"id\":7",
        "\u{feff}{\"id\":7}",
    ] {
        assert_eq!(named("order.updated", bad.as_bytes()), "odd", "{bad}");
    }
    assert_eq!(named("order.updated", b"{\"id\":7,\"x\":\"\xff\"}"), "odd");
    let deep = "[".repeat(100_000);
    assert_eq!(named("order.updated", deep.as_bytes()), "odd");
}

#[test]
fn a_ping_is_known_by_its_form_alone() {
    assert_eq!(pinged(b"webhook_id=26"), Some(26));
    assert_eq!(
        pinged(b"webhook_id=99999999999999999999999999"),
        Some(u64::MAX)
    );
    let long = format!("webhook_id={}", "1".repeat(60));
    for bad in [
        "",
        "webhook_id=",
        "webhook_id=1\n",
        " webhook_id=1",
        "webhook_id=1&id=7",
        "webhook_id=-1",
        "webhook_id=1x",
        "{\"webhook_id\":1}",
        &long,
    ] {
        assert_eq!(pinged(bad.as_bytes()), None, "{bad:?}");
    }
}

#[test]
fn the_same_words_are_known_again_and_the_delivery_id_is_not_asked() {
    let told_as = |topic: &str, body: &[u8]| match read(topic, body).events.remove(0).says {
        EventSays::Look(look) => look.told_as,
        other => panic!("{other:?}"),
    };
    let first = told_as("order.deleted", b"{\"id\":7}");
    assert_eq!(first, told_as("order.deleted", b"{\"id\":7}"));
    assert_ne!(first, told_as("order.deleted", b"{\"id\":8}"));
    // Nobody has signed the topic: sent on under another one, the same words are a repeat. Only what it makes them be about counts.
    assert_eq!(first, told_as("order.restored", b"{\"id\":7}"));
    assert_ne!(first, told_as("product.deleted", b"{\"id\":7}"));
}

#[test]
fn only_a_topic_that_is_listened_to_and_goes_with_the_body_is_heard() {
    let order = br#"{"id":7,"order_key":"wc_order_x","line_items":[]}"#;
    let heard = |topic: &str, body: &[u8]| read(topic, body).is_listened_to;
    assert!(heard("order.updated", order));
    assert!(heard("order.deleted", b"{\"id\":7}"));
    assert!(!heard("product.updated", order), "the body is an order");
    assert!(!heard("order.made-up", order));
    assert!(!heard("coupon.updated", b"{\"id\":7}"));
    assert!(!heard("order.updated", b"[]"));
}

#[test]
fn a_topic_is_shown_without_what_could_move_a_cursor() {
    let delivery = read("order.updated\r\n\u{1b}[2J", b"{\"id\":7}");
    assert_eq!(delivery.topic, "order.updated[2J");
}
