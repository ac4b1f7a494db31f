//! What a stranger found when trying to break it, each kept as a test.

use serde_json::{Value, json};

use crate::names::order;
use crate::world::{BOOKS, World};

/// A plan is a file, and a file can be edited: what is sent is what planning gives, or nothing.
#[test]
fn an_edited_plan_is_refused_whatever_was_edited() {
    let edits: [(&str, Value); 5] = [
        ("action", json!("delete")),
        ("entity", json!("CreditMemo")),
        ("expected", Value::Null),
        ("document", Value::Null),
        ("customer", json!("52")),
    ];
    let world = World::of_orders(vec![order(11, 0, "kim@example.com", "Kim", "LAMP", 501)]);
    let plan = world.home.path().join("plan.json");
    world.run("dry-run orders --out plan.json").ends_with(0);
    let whole: Value =
        serde_json::from_str(&std::fs::read_to_string(&plan).expect("the plan")).expect("JSON");
    let steps = whole["steps"].as_array().expect("steps");
    let sale = steps
        .iter()
        .position(|step| step["entity"] == "SalesReceipt")
        .expect("a sale");
    for (field, value) in edits {
        let mut edited = whole.clone();
        edited["steps"][sale][field] = value;
        std::fs::write(&plan, edited.to_string()).expect("written");
        world.run("apply plan.json --yes").ends_with(6);
    }
    let mut doubled = whole.clone();
    let again = doubled["steps"][sale].clone();
    doubled["steps"].as_array_mut().expect("steps").push(again);
    std::fs::write(&plan, doubled.to_string()).expect("written");
    world.run("apply plan.json --yes").ends_with(6);
    assert!(world.documents().is_empty());
    std::fs::write(&plan, whole.to_string()).expect("written");
    world.run("apply plan.json --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-11 105.00 active"]);
}

/// Order 11, given back whole.
fn refund_whole(world: &World) {
    let mut refunded = order(11, 0, "kim@example.com", "Kim", "LAMP", 501);
    refunded["status"] = json!("refunded");
    refunded["refunds"] = json!([{ "id": 19, "reason": "", "total": "-105.00" }]);
    let refund = json!([{ "id": 19, "parent_id": 11, "date_created": "2026-11-03T10:00:00", "date_created_gmt": "2026-11-03T17:00:00",
        "amount": "105.00", "reason": "", "refunded_by": 1, "refunded_payment": true, "meta_data": [], "line_items": [],
        "shipping_lines": [], "tax_lines": [], "fee_lines": [] }]);
    world.put_order(&refunded, &refund, false);
}

/// `statuses` says which new orders count. What is in the books stays our business.
#[test]
fn a_posted_order_is_looked_at_in_any_status() {
    let world = World::of_orders(vec![order(11, 0, "kim@example.com", "Kim", "LAMP", 501)]);
    world.configure(&format!(
        "[sync.orders]\nstatuses = [\"processing\"]\n{BOOKS}"
    ));
    world.run("sync orders").ends_with(0);
    refund_whole(&world);
    let mut other = order(12, 0, "ann@example.com", "Ann", "LAMP", 501);
    other["status"] = json!("completed");
    world.put_order(&other, &json!([]), false);
    world.run("sync orders").ends_with(0);
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt WC-11 105.00 active",
            "RefundReceipt WC-11-R19 105.00 active"
        ]
    );
}

/// Whoever names an order, or a day, is not told that all is done while a posted order in another status waits for its refund.
#[test]
fn a_posted_order_that_is_picked_by_hand_is_looked_at_in_any_status() {
    for pick in ["--id 11", "--since 2026-10-01"] {
        let world = World::of_orders(vec![order(11, 0, "kim@example.com", "Kim", "LAMP", 501)]);
        world.configure(&format!(
            "[sync.orders]\nstatuses = [\"processing\"]\n{BOOKS}"
        ));
        world.run("sync orders").ends_with(0);
        refund_whole(&world);
        world.run(&format!("sync orders {pick}")).ends_with(0);
        assert_eq!(
            world.postings(),
            [
                "SalesReceipt WC-11 105.00 active",
                "RefundReceipt WC-11-R19 105.00 active"
            ],
            "{pick}"
        );
    }
}

/// A refund that was set aside is settled: it ends no run with a complaint any more.
#[test]
fn a_refund_set_aside_is_heard_of_no_more() {
    let mut sold = order(11, 0, "kim@example.com", "Kim", "LAMP", 501);
    sold["refunds"] = json!([{ "id": 19, "reason": "", "total": "-20.00" }]);
    let world = World::of_orders(vec![]);
    // It gives back less than its rows say, which nobody can post.
    let refund = json!([{ "id": 19, "parent_id": 11, "date_created": "2026-11-03T10:00:00", "date_created_gmt": "2026-11-03T17:00:00",
        "amount": "20.00", "reason": "", "refunded_by": 1, "refunded_payment": true, "meta_data": [], "shipping_lines": [], "fee_lines": [],
        "tax_lines": [], "line_items": [{ "id": 191, "name": "Thing LAMP", "product_id": 501, "variation_id": 0, "quantity": -1, "tax_class": "",
        "subtotal": "-50.00", "subtotal_tax": "0.00", "total": "-50.00", "total_tax": "0.00", "taxes": [], "sku": "LAMP", "price": 50,
        "meta_data": [{ "id": 1, "key": "_refunded_item_id", "value": "110" }] }] }]);
    world.put_order(&sold, &refund, false);
    let held = world.run("sync orders --json").ends_with(3);
    let id = held.json()["problems"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let mut skip = world.command(&format!("retry --skip {id} --why ok"));
    assert!(skip.output().expect("it runs").status.success());
    world.run("sync orders --full").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-11 105.00 active"]);
}

/// An order whose very id is garbled cannot be asked for again, so the cursor waits for it.
#[test]
fn an_order_without_a_readable_id_is_waited_for() {
    let world = World::of_orders(vec![
        order(11, 0, "kim@example.com", "Kim", "LAMP", 501),
        order(12, 0, "ann@example.com", "Ann", "LAMP", 501),
    ]);
    world.tell_store(
        "mishaps",
        json!({ "what": "bad_record", "index": 0, "field": "id", "value": "x" }),
    );
    world.run("sync orders").ends_with(3);
    assert_eq!(world.documents().len(), 1);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.documents().len(), 2);
    let left = world.run("retry --list --json").ends_with(0);
    assert_eq!(left.json()["problems"], json!([]));
}
