//! Refunded by hand: the bookkeeper enters a credit memo or a refund receipt, and the shop makes its refund later. Nothing is given back
//! twice, nothing is guessed, and whoever knows says which it is.

use serde_json::{Value, json};

use crate::tales::{Tale, books};
use crate::world::{World, company, shop};

/// Order 1001 over 31.50, paid by card, in the books as a receipt; and what else stands there.
fn sold() -> (World, Tale) {
    let world = World::new(shop(Vec::new()), company(), &books());
    let tale = Tale::paid(1_001, 3_000);
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1001 31.50 active"]);
    (world, tale)
}

fn of_kind(world: &World, entity: &str) -> Vec<Value> {
    let documents = world.documents();
    let of_kind = documents.into_iter().filter(|one| one["entity"] == entity);
    of_kind.filter(|one| one["state"] == "active").collect()
}

/// Somebody gives back `amount`, without tax, to the customer of the sale.
fn by_hand(world: &World, entity: &str, amount: &str, more: Value) -> Value {
    let mut sale = of_kind(world, "SalesReceipt");
    sale.extend(of_kind(world, "Invoice"));
    let sale = &sale[0]["object"];
    let amount: Value = serde_json::from_str(amount).expect("a number");
    let mut line = sale["Line"][0].clone();
    line["Amount"] = amount.clone();
    line["SalesItemLineDetail"]["UnitPrice"] = amount;
    line["SalesItemLineDetail"]["Qty"] = json!(1);
    let mut body = json!({
        "CustomerRef": { "value": sale["CustomerRef"]["value"] }, "Line": [line], "TxnDate": "2026-11-04",
        "GlobalTaxCalculation": "NotApplicable",
    });
    if entity == "RefundReceipt" {
        body["DepositToAccountRef"] = sale["DepositToAccountRef"].clone();
    }
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    world.tell_books("create", json!({ "entity": entity, "body": body }))
}

/// The shop refunds 10.50 of it, 0.50 of that tax.
fn refunds(world: &World, tale: &mut Tale, id: u64) {
    tale.refunds.push((id, 1_000));
    tale.tell(world);
}

/// What of ours gives something back.
fn given(world: &World) -> Vec<String> {
    let all = world.postings();
    let of_ours = |one: &String| one.starts_with("RefundReceipt") || one.starts_with("CreditMemo");
    all.into_iter().filter(of_ours).collect()
}

#[track_caller]
fn waits(world: &World, id: u64, said: &str) -> String {
    let ran = world.run("sync orders --yes --json").ends_with(3);
    let held = ran.problems();
    assert_eq!(ran.codes(), ["given_back_by_hand"], "{}", ran.out);
    let message = held[0]["message"].as_str().expect("words");
    for part in [&format!("refund {id} over 10.50 of order 1001"), said] {
        assert!(message.contains(part), "{message}");
    }
    held[0]["id"].as_str().expect("an id").to_owned()
}

#[track_caller]
fn quiet(world: &World) {
    let before = world.postings();
    for line in ["sync orders --yes", "sync orders --full --yes"] {
        world.forget_requests();
        world.run(line).ends_with(0);
        assert_eq!(world.books("counts")["writes"], json!(0));
    }
    assert_eq!(world.postings(), before);
}

#[test]
fn a_refund_whose_money_may_be_in_the_books_by_hand_waits_until_somebody_says_that_it_is() {
    for (entity, more) in [
        (
            "CreditMemo",
            json!({ "PrivateNote": "given back, WC-1001", "DocNumber": "CM-7" }),
        ),
        ("CreditMemo", json!({ "DocNumber": "wc-1001-CR" })),
        (
            "RefundReceipt",
            json!({ "CustomerMemo": { "value": "money back, order #1001" } }),
        ),
        (
            "RefundReceipt",
            json!({ "PrivateNote": "Kim, 1001, by bank" }),
        ),
    ] {
        let (world, mut tale) = sold();
        // Another amount too: part of it may be tax, or a fee that the shop keeps.
        let made = by_hand(&world, entity, "9.99", more.clone());
        let by_hand = given(&world);
        refunds(&world, &mut tale, 77);
        let dry = world.run("dry-run orders --json").ends_with(3);
        assert!(dry.out.contains("given_back_by_hand"), "{}", dry.out);
        let named = format!(
            "(id {}) over 9.99 of 2026-11-04",
            made["Id"].as_str().expect("an id")
        );
        let problem = waits(&world, 77, &named);
        assert_eq!(waits(&world, 77, "for this order"), problem, "{more}");
        assert_eq!(given(&world), by_hand, "nothing was given back twice");
        world
            .run(&format!("retry --skip {problem} --why the-same-money"))
            .ends_with(0);
        quiet(&world);
        assert_eq!(given(&world), by_hand);
        // That document has said what it was for: the next refund is other money.
        refunds(&world, &mut tale, 78);
        world.run("sync orders --yes").ends_with(0);
        let all = given(&world);
        assert_eq!(all.len(), by_hand.len() + 1, "{all:?}");
        quiet(&world);
    }
}

#[test]
fn a_refund_of_other_money_is_posted_once_the_document_by_hand_names_its_order_no_more() {
    let (world, mut tale) = sold();
    let made = by_hand(
        &world,
        "CreditMemo",
        "5",
        json!({ "PrivateNote": "goodwill for WC-1001" }),
    );
    refunds(&world, &mut tale, 77);
    waits(&world, 77, "over 5.00");
    world.tell_books(
        "edit",
        json!({ "entity": "CreditMemo", "id": made["Id"], "set": { "PrivateNote": "goodwill" } }),
    );
    world.run("retry --all --yes").ends_with(0);
    assert_eq!(given(&world).len(), 2, "{:?}", given(&world));
    quiet(&world);
    assert!(tale.check(&crate::tales::Books::read(&world)).is_empty());
}

/// A document that names nothing is like a refund by customer and amount alone, to the cent.
#[test]
fn a_document_that_names_nothing_keeps_a_refund_of_its_customer_and_amount_waiting() {
    let (world, mut tale) = sold();
    let made = by_hand(&world, "CreditMemo", "10.5", json!({}));
    refunds(&world, &mut tale, 77);
    waits(&world, 77, "for the same customer");
    world.tell_books(
        "edit",
        json!({ "entity": "CreditMemo", "id": made["Id"], "set": { "PrivateNote": "#goodwill" } }),
    );
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(given(&world).len(), 2);
    quiet(&world);
}

/// One cent more, somebody else's, another order's, voided, or dated before the sale: none of these is the same money.
#[test]
fn a_document_that_cannot_be_the_same_money_keeps_nothing_waiting() {
    let (world, mut tale) = sold();
    let other = world.tell_books(
        "create",
        json!({ "entity": "Customer", "body": { "DisplayName": "Somebody Else" } }),
    );
    let other = json!({ "value": other["Id"] });
    let hand = |amount: &str, more: Value| by_hand(&world, "CreditMemo", amount, more);
    hand("10.51", json!({}));
    hand("10.5", json!({ "CustomerRef": other }));
    hand(
        "10.5",
        json!({ "CustomerRef": other, "PrivateNote": "WC-1001" }),
    );
    hand("10.5", json!({ "PrivateNote": "WC-10010" }));
    hand("10.5", json!({ "PrivateNote": "for #1002" }));
    hand(
        "10.5",
        json!({ "TxnDate": "2026-10-30", "PrivateNote": "WC-1001" }),
    );
    let voided = hand("10.5", json!({ "PrivateNote": "WC-1001" }));
    world.tell_books(
        "void",
        json!({ "entity": "CreditMemo", "id": voided["Id"] }),
    );
    let before = given(&world).len();
    refunds(&world, &mut tale, 77);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(given(&world).len(), before + 1);
    quiet(&world);
}

/// Without a state file the sale is known by its mark, and nothing is posted twice all the same.
#[test]
fn a_lost_state_file_gives_nothing_back_twice() {
    let (world, mut tale) = sold();
    by_hand(
        &world,
        "CreditMemo",
        "10.5",
        json!({ "PrivateNote": "WC-1001" }),
    );
    refunds(&world, &mut tale, 77);
    waits(&world, 77, "for this order");
    for file in ["test.db", "test.db-wal", "test.db-shm"] {
        let _ = std::fs::remove_file(world.home.path().join(file));
    }
    waits(&world, 77, "for this order");
}

/// The refund was ahead: what somebody enters by hand afterwards is theirs to answer for, and nothing of ours moves.
#[test]
fn a_document_by_hand_after_the_refund_was_posted_changes_nothing() {
    let (world, mut tale) = sold();
    refunds(&world, &mut tale, 77);
    world.run("sync orders --yes").ends_with(0);
    by_hand(
        &world,
        "CreditMemo",
        "10.5",
        json!({ "PrivateNote": "WC-1001" }),
    );
    quiet(&world);
}
