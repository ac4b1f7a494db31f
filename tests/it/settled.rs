//! Money that people entered in the books by hand: invoices settled in whole or in part, payments in a deposit. Nobody pays twice by
//! us, nobody's money is moved, and what needs a person says so in the right words.

use serde_json::{Value, json};
use udsync::model::link::LinkState;
use udsync::model::plan::Subject;
use udsync::store::{Memory, Store};

use crate::tales::{Books, Tale, books};
use crate::world::{Ran, World, company, shop};

/// The shop's order 1001 over 31.50, owed, and its invoice in the books.
fn invoiced() -> (World, Tale) {
    let world = World::new(shop(Vec::new()), company(), &books());
    let tale = Tale::owed(1_001, 3_000);
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["Invoice WC-1001 31.50 active"]);
    (world, tale)
}

fn of_kind(world: &World, entity: &str) -> Vec<Value> {
    let documents = world.documents();
    let of_kind = documents.into_iter().filter(|one| one["entity"] == entity);
    of_kind.filter(|one| one["state"] == "active").collect()
}

/// A person enters a payment for the invoice in QuickBooks, and answers with its id.
fn paid_by_hand(world: &World, total: &str, applied: &str) -> String {
    let invoice = &of_kind(world, "Invoice")[0]["object"];
    let number = |text: &str| -> Value { serde_json::from_str(text).expect("a number") };
    let line = json!({ "Amount": number(applied), "LinkedTxn": [{ "TxnId": invoice["Id"], "TxnType": "Invoice" }] });
    let lines = if applied == "0" { vec![] } else { vec![line] };
    let made = world.tell_books(
        "create",
        json!({ "entity": "Payment", "body": {
            "CustomerRef": { "value": invoice["CustomerRef"]["value"] }, "TotalAmt": number(total),
            "PaymentRefNum": "WC-1001", "Line": lines
        } }),
    );
    made["Id"].as_str().expect("an id").to_owned()
}

/// The shop says that the money came.
fn pay(world: &World, tale: &mut Tale) {
    tale.paid = true;
    tale.tell(world);
}

fn brought_to_the_bank(world: &World, entity: &str) {
    let id = of_kind(world, entity)[0]["id"].clone();
    world.tell_books(
        "deposit",
        json!({ "documents": [{ "entity": entity, "id": id }] }),
    );
}

/// `held partly_settled`, each problem.
fn problems(ran: &Ran) -> Vec<String> {
    let problems = ran.problems();
    let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    problems
        .iter()
        .map(|problem| format!("{} {}", word(&problem["state"]), word(&problem["code"])))
        .collect()
}

fn warnings(ran: &Ran) -> Vec<String> {
    let changes = ran.json()["changes"].as_array().expect("a list").clone();
    let all = changes
        .iter()
        .flat_map(|change| change["warnings"].as_array());
    all.flatten()
        .map(|code| code.as_str().expect("a code").to_owned())
        .collect()
}

fn link_of_payment(world: &World) -> Option<(LinkState, String)> {
    let store = Store::open(&world.state()).expect("the state opens");
    let key = "1001/payment".parse().expect("a key");
    let link = store
        .link("quickbooks", &Subject::Document(key))
        .expect("it is read");
    link.map(|link| (link.state, link.remote.id))
}

#[track_caller]
fn all_well(world: &World, tale: &Tale) {
    assert_eq!(tale.check(&Books::read(world)), [] as [String; 0]);
}

fn balance(world: &World) -> String {
    crate::world::amount(&of_kind(world, "Invoice")[0]["object"]["Balance"])
}

#[test]
fn an_invoice_that_somebody_settled_in_the_books_is_settled_and_nothing_is_held() {
    let (world, mut tale) = invoiced();
    let theirs = paid_by_hand(&world, "31.50", "31.50");
    pay(&world, &mut tale);
    for _ in 0..2 {
        let ran = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!(problems(&ran), [] as [String; 0]);
        assert_eq!(of_kind(&world, "Payment").len(), 1, "only theirs");
        assert_eq!(
            link_of_payment(&world),
            Some((LinkState::Settled, theirs.clone()))
        );
    }
    let told = world.run("sync orders --full --yes --json -v").ends_with(0);
    assert!(told.out.contains("settled_by_books"), "{}", told.out);
    // What comes afterwards is posted as ever.
    tale.refunds.push((9_001, 1_000));
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(
        of_kind(&world, "CreditMemo").len() + of_kind(&world, "RefundReceipt").len(),
        1
    );
    assert_eq!(of_kind(&world, "Payment").len(), 1);
}

#[test]
fn a_payment_that_its_person_takes_back_leaves_the_place_to_ours() {
    let (world, mut tale) = invoiced();
    let theirs = paid_by_hand(&world, "31.50", "31.50");
    pay(&world, &mut tale);
    world.run("sync orders --yes").ends_with(0);
    world.tell_books("delete", json!({ "entity": "Payment", "id": theirs }));
    world.run("sync orders --full --yes").ends_with(0);
    all_well(&world, &tale);
    let (state, id) = link_of_payment(&world).expect("a link");
    assert_eq!(state, LinkState::Active);
    assert_ne!(id, theirs);
}

#[test]
fn an_invoice_paid_in_part_by_hand_is_held_and_never_overpaid() {
    for leave_unapplied in [false, true] {
        let (world, mut tale) = invoiced();
        world.tell_books("company", json!({ "leave_unapplied": leave_unapplied }));
        paid_by_hand(&world, "20.00", "20.00");
        pay(&world, &mut tale);
        for _ in 0..2 {
            let ran = world.run("sync orders --yes --json").ends_with(3);
            assert_eq!(problems(&ran), ["held partly_settled"], "{}", ran.out);
            let said = ran.json()["problems"][0]["message"]
                .as_str()
                .expect("words")
                .to_owned();
            assert!(said.contains("of 31.50 only 11.50 is still owed"), "{said}");
            assert_eq!(of_kind(&world, "Payment").len(), 1);
        }
        // As the hint says: the person enters the rest.
        paid_by_hand(&world, "11.50", "11.50");
        world.run("retry --all --yes").ends_with(0);
        assert_eq!(of_kind(&world, "Payment").len(), 2);
        assert_eq!(balance(&world), "0.00");
        world.run("sync orders --yes").ends_with(0);
    }
}

#[test]
fn a_payment_that_names_the_invoice_and_settles_nothing_is_looked_at_first() {
    let (world, mut tale) = invoiced();
    let theirs = paid_by_hand(&world, "31.50", "0");
    pay(&world, &mut tale);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(problems(&ran), ["held partly_settled"], "{}", ran.out);
    assert_eq!(of_kind(&world, "Payment").len(), 1);
    // It was for something else.
    let other =
        json!({ "entity": "Payment", "id": theirs, "set": { "PaymentRefNum": "deposit 7" } });
    world.tell_books("edit", other);
    world.run("retry --all --yes").ends_with(0);
    all_well(&world, &tale);
}

/// The person is a moment faster than our payment, which was planned on an invoice that was open.
#[test]
fn a_payment_by_hand_between_our_look_and_our_payment_pays_nothing_twice() {
    for leave_unapplied in [false, true] {
        for (by, state) in [("31.50", "settled"), ("20.00", "part")] {
            let (world, mut tale) = invoiced();
            world.tell_books("company", json!({ "leave_unapplied": leave_unapplied }));
            world.tell_books("mishaps", json!({ "what": "paid_by_hand", "by": by }));
            pay(&world, &mut tale);
            let ran = world.run("sync orders --yes --json");
            let said = format!("{leave_unapplied} {state}: {} {}", ran.out, ran.err);
            // Whoever refuses says it at once; whoever takes it has it taken back.
            let code = if state == "settled" && !leave_unapplied {
                0
            } else {
                3
            };
            assert_eq!(ran.code, code, "{said}");
            if code == 3 {
                assert_eq!(problems(&ran), ["held partly_settled"], "{said}");
            }
            assert_eq!(of_kind(&world, "Payment").len(), 1, "{said}");
            let again = world.run("sync orders --yes --json");
            let code = if state == "settled" { 0 } else { 3 };
            assert_eq!(again.code, code, "{}", again.out);
            assert_eq!(of_kind(&world, "Payment").len(), 1, "{said}");
        }
    }
}

/// Ours is to be taken back, and the books will not have it: then nobody is told that it was.
#[test]
fn a_payment_that_cannot_be_taken_back_is_not_said_to_be() {
    let (world, mut tale) = invoiced();
    world.tell_books("company", json!({ "leave_unapplied": true }));
    world.tell_books("mishaps", json!({ "what": "paid_by_hand", "by": "31.50" }));
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "operation": "delete Payment", "code": "6000", "detail": "not now" }),
    );
    pay(&world, &mut tale);
    let ran = world.run("sync orders --yes --json");
    assert_ne!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert_eq!(of_kind(&world, "Payment").len(), 2, "{}", ran.out);
    assert!(!ran.out.contains("was taken back"), "{}", ran.out);
    assert!(ran.out.contains("could not be taken back"), "{}", ran.out);
    // As the hint says.
    world.run("retry --all --yes");
    assert_eq!(of_kind(&world, "Payment").len(), 1);
    assert_eq!(balance(&world), "0.00");
    world.run("sync orders --yes").ends_with(0);
}

#[test]
fn a_cancelled_order_whose_invoice_was_paid_by_hand_is_said_to_be_that() {
    for amount in ["31.50", "20.00"] {
        let (world, mut tale) = invoiced();
        paid_by_hand(&world, amount, amount);
        tale.cancelled = true;
        tale.tell(&world);
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(problems(&ran), ["held paid_but_cancelled"], "{}", ran.out);
        assert_eq!(of_kind(&world, "Invoice").len(), 1);
    }
}

#[test]
fn a_payment_follows_the_edit_of_its_order_and_says_so_in_both_directions() {
    let (world, mut tale) = invoiced();
    pay(&world, &mut tale);
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &tale);
    for net in [4_000, 2_000, 1_000, 6_000] {
        tale.net = net;
        tale.tell(&world);
        let ran = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!(warnings(&ran), ["payment_follows_edit"], "{}", ran.out);
        all_well(&world, &tale);
        let quiet = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!(warnings(&quiet), [] as [String; 0]);
    }
}

#[test]
fn a_payment_in_a_deposit_is_never_moved_and_its_invoice_waits_with_it() {
    for net in [4_000, 2_000] {
        let (world, mut tale) = invoiced();
        pay(&world, &mut tale);
        world.run("sync orders --yes").ends_with(0);
        brought_to_the_bank(&world, "Payment");
        let before = world.postings();
        let was = tale.net;
        tale.net = net;
        tale.tell(&world);
        for _ in 0..2 {
            world.forget_requests();
            let ran = world.run("sync orders --yes --json").ends_with(3);
            assert_eq!(problems(&ran), ["held edited_after_posting"], "{}", ran.out);
            let said = ran.json()["problems"][0]["message"]
                .as_str()
                .expect("words")
                .to_owned();
            assert!(said.contains("part of a deposit"), "{said}");
            assert_eq!(world.books("counts")["writes"], json!(0));
            assert_eq!(world.postings(), before);
        }
        // The shop puts it back.
        tale.net = was;
        tale.tell(&world);
        world.run("sync orders --yes").ends_with(0);
        all_well(&world, &tale);
    }
}

#[test]
fn a_receipt_in_a_deposit_is_held_before_anything_is_sent() {
    let world = World::new(shop(Vec::new()), company(), &books());
    let mut tale = Tale::paid(1_001, 3_000);
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    brought_to_the_bank(&world, "SalesReceipt");
    tale.net = 2_000;
    tale.tell(&world);
    world.forget_requests();
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(problems(&ran), ["held edited_after_posting"], "{}", ran.out);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

/// Nothing that can be read tells of a match with the bank: the refusal does, before the invoice is touched where that is possible.
#[test]
fn a_payment_that_is_matched_to_the_bank_keeps_its_invoice_where_it_is() {
    let (world, mut tale) = invoiced();
    pay(&world, &mut tale);
    world.run("sync orders --yes").ends_with(0);
    let before = world.postings();
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "operation": "update Payment", "times": null, "code": "6480", "detail": "matched" }),
    );
    tale.net = 2_000;
    tale.tell(&world);
    for run in 0..3 {
        world.forget_requests();
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(problems(&ran), ["held edited_after_posting"], "{}", ran.out);
        assert_eq!(world.postings(), before);
        let tried = if run == 0 { 1 } else { 0 };
        assert_eq!(world.books("counts")["writes"], json!(tried));
    }
    world.clear_mishaps();
    world.run("retry --all --yes").ends_with(0);
    all_well(&world, &tale);
}

#[test]
fn an_edit_of_an_order_that_somebody_else_was_paid_for_moves_nobodys_money() {
    let (world, mut tale) = invoiced();
    paid_by_hand(&world, "31.50", "31.50");
    pay(&world, &mut tale);
    world.run("sync orders --yes").ends_with(0);
    tale.net = 4_000;
    tale.tell(&world);
    world.forget_requests();
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(problems(&ran), ["held edited_after_posting"], "{}", ran.out);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

/// A new state file finds the same: the person's payment names the invoice as its reference, as people do.
#[test]
fn without_its_state_a_settled_invoice_is_settled_too() {
    let (world, mut tale) = invoiced();
    paid_by_hand(&world, "31.50", "31.50");
    pay(&world, &mut tale);
    for file in ["test.db", "test.db-wal", "test.db-shm"] {
        let _ = std::fs::remove_file(world.home.path().join(file));
    }
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(problems(&ran), [] as [String; 0]);
    assert_eq!(of_kind(&world, "Payment").len(), 1);
    assert_eq!(of_kind(&world, "SalesReceipt").len(), 0);
}
