//! What fails again and again is parked; what was set aside can be taken back; a key stands for one run only.

use serde_json::{Value, json};

use crate::order::{order, orders, unmapped, with};
use crate::world::{BOOKS, World, ran};

/// A changed order, and books where somebody is always faster than its update.
fn troubled(max_attempts: u32) -> World {
    let world = World::of_orders(vec![order(1)]);
    world.configure(&format!("max_attempts = {max_attempts}\n{BOOKS}"));
    world.run("sync orders").ends_with(0);
    world.put_order(&priced("40.00", "2.00", "42.00"), &json!([]), true);
    world.tell_books(
        "mishaps",
        json!({ "what": "stale", "operation": "update SalesReceipt", "times": null }),
    );
    world
}

/// The order with another price and its GST.
fn priced(net: &str, tax: &str, total: &str) -> Value {
    let mut order = with(
        order(1),
        json!({ "total": total, "total_tax": tax, "cart_tax": tax }),
    );
    let line = &mut order["line_items"][0];
    for (key, value) in [
        ("subtotal", net),
        ("total", net),
        ("subtotal_tax", tax),
        ("total_tax", tax),
    ] {
        line[key] = json!(value);
    }
    line["taxes"][0]["total"] = json!(tax);
    line["taxes"][0]["subtotal"] = json!(tax);
    order["tax_lines"][0]["tax_total"] = json!(tax);
    order
}

fn problem(world: &World) -> Value {
    let list = world.run("retry --list --json").ends_with(0).json();
    list["problems"][0].clone()
}

fn tried(world: &World) -> usize {
    let requests = world.books("requests");
    let requests = requests.as_array().expect("requests").iter();
    let paths = requests.filter(|request| {
        request["method"] == "POST" && request["path"].to_string().contains("salesreceipt")
    });
    paths.count()
}

#[test]
fn what_fails_again_and_again_is_parked_and_waits_for_a_person_or_a_change() {
    let world = troubled(3);
    for _ in 0..2 {
        world.run("sync orders --full").ends_with(3);
        assert_eq!(problem(&world)["state"], "failed");
        assert_eq!(problem(&world)["retryable"], true);
    }
    world.run("sync orders").ends_with(3);
    assert_eq!(problem(&world)["state"], "parked");

    // A sync tries it no more, whether it looks at what changed or at everything; it still says so.
    for line in ["sync orders", "sync orders --full", "dry-run orders --full"] {
        world.forget_requests();
        let ran = world.run(&format!("{line} --json")).ends_with(3);
        assert_eq!(tried(&world), 0, "{line}");
        assert_eq!(ran.json()["problems"][0]["state"], "parked", "{line}");
        assert_eq!(ran.figure("failed"), 1, "{line}");
    }
    let text = world.run("retry --list").ends_with(0).out;
    assert!(text.starts_with("parked  "), "{text}");

    // A person may have it tried.
    world.forget_requests();
    world.run("retry --all").ends_with(3);
    assert!(tried(&world) > 0);
    assert_eq!(problem(&world)["state"], "parked", "in vain");

    // So may a change of the order, and then it is over.
    world.clear_mishaps();
    world.run("sync orders").ends_with(3);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
    world.put_order(&priced("60.00", "3.00", "63.00"), &json!([]), false);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 63.00 active"]);
    assert_eq!(world.run("retry --list").out, "nothing is held or failed\n");
}

#[test]
fn a_run_that_ends_before_its_turn_is_no_attempt() {
    let world = World::of_orders(orders(1..=2));
    world.configure(&format!("max_attempts = 1\n{BOOKS}"));
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "code": "6190", "operation": "create SalesReceipt", "times": null }),
    );
    for _ in 0..3 {
        world.run("sync orders --since 2026-01-01").ends_with(5);
    }
    let list = world.run("retry --list --json").ends_with(0).json();
    for problem in list["problems"].as_array().expect("problems") {
        assert_eq!(
            (&problem["code"], &problem["state"]),
            (&json!("not_reached"), &json!("failed"))
        );
    }
    world.clear_mishaps();
    world.run("sync orders").ends_with(0);
    assert_eq!(world.postings().len(), 2);
}

#[test]
fn problems_are_listed_by_cause_with_one_hint_each() {
    let world = World::of_orders(vec![
        unmapped(1),
        unmapped(2),
        with(order(3), json!({ "total": "29.00" })),
    ]);
    world.run("sync orders").ends_with(3);
    let list = world.run("retry --list --json").ends_with(0).json();
    let causes = list["causes"].as_array().expect("causes");
    let counts: Vec<(&str, u64)> = causes
        .iter()
        .map(|cause| {
            (
                cause["code"].as_str().expect("a code"),
                cause["count"].as_u64().expect("a count"),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [("tax_code_unmapped", 2), ("order_totals_mismatch", 1)]
    );
    let ids = causes
        .iter()
        .flat_map(|cause| cause["ids"].as_array().expect("ids"));
    let known = list["problems"].as_array().expect("problems").iter();
    let known: Vec<&Value> = known.map(|problem| &problem["id"]).collect();
    assert_eq!(ids.collect::<Vec<_>>(), known);
    let text = world.run("retry --list").ends_with(0).out;
    assert_eq!(
        text.matches("hint: by hand: add `[[books.tax.codes]]`")
            .count(),
        1,
        "{text}"
    );
}

#[test]
fn what_was_set_aside_can_be_taken_back() {
    let world = World::of_orders(vec![unmapped(1)]);
    world.run("sync orders").ends_with(3);
    let id = problem(&world)["id"].as_str().expect("an id").to_owned();
    let mut skip = world.command(&format!("retry --skip {id}"));
    ran(skip
        .args(["--why", "a test order"])
        .output()
        .expect("it runs"))
    .ends_with(0);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.run("retry --list").out, "nothing is held or failed\n");
    assert!(
        world
            .run("retry --set-aside")
            .ends_with(0)
            .out
            .contains(&id)
    );

    let back = world
        .run(&format!("retry --restore {}", id.to_lowercase()))
        .ends_with(0);
    assert_eq!(
        back.out,
        format!("{id} is no longer set aside; the next sync looks at it again\n")
    );
    assert_eq!(world.run("retry --set-aside").out, "nothing is set aside\n");
    world.run("sync orders").ends_with(3);
    assert_eq!(problem(&world)["id"], id.as_str());
    let twice = world.run(&format!("retry --restore {id}")).ends_with(1);
    assert!(
        twice.err.contains("nothing is set aside under"),
        "{}",
        twice.err
    );
    assert!(
        twice.err.contains("`udsync retry --set-aside`"),
        "{}",
        twice.err
    );
}

#[test]
fn a_key_answers_for_its_own_run_and_for_no_other() {
    let world = World::of_orders(orders(1..=2));
    world
        .run("sync orders --idempotency-key a --since 2026-01-01 --status processing,completed")
        .ends_with(0);
    // The same in other words.
    world
        .run("sync orders --status completed,processing --idempotency-key a --since 2026-01-01 -v")
        .ends_with(0);
    for line in [
        "sync orders",
        "sync orders --since 2026-01-02",
        "sync refunds",
        "retry --all",
    ] {
        let refused = world
            .run(&format!("{line} --idempotency-key a --json"))
            .ends_with(2)
            .json();
        assert_eq!(refused["code"], "key_of_another_run", "{line}");
        assert!(
            refused["hint"]
                .as_str()
                .is_some_and(|hint| hint.contains("--idempotency-key"))
        );
    }
    // A file of an earlier version does not know what was asked, and answers as it always did.
    let state = rusqlite::Connection::open(world.state()).expect("the state file");
    state
        .execute("UPDATE keyed_runs SET arguments = NULL", [])
        .expect("forgotten");
    drop(state);
    world.run("sync orders --idempotency-key a").ends_with(0);
}
