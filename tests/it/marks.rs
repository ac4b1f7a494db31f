//! What bookkeepers do to our documents: texts they change, payments they enter, numbers they give. Nothing of it is
//! overwritten, voided, or posted a second time.

use serde_json::{Value, json};

use crate::tales::{Books, Tale, books, world_of};
use crate::world::{Ran, World};

/// The one document of a kind.
fn only(world: &World, entity: &str) -> Value {
    let mut documents = world.documents();
    documents.retain(|one| one["entity"] == json!(entity));
    assert_eq!(documents.len(), 1, "one {entity}");
    documents.remove(0)
}

fn edit(world: &World, document: &Value, set: &Value) {
    world.tell_books(
        "edit",
        json!({ "entity": document["entity"], "id": document["id"], "set": set }),
    );
}

/// A payment that a bookkeeper enters for an invoice.
fn pay_by_hand(world: &World, invoice: &Value, amount: f64) -> Value {
    let object = &invoice["object"];
    world.tell_books(
        "create",
        json!({ "entity": "Payment", "body": {
            "CustomerRef": object["CustomerRef"], "TxnDate": "2026-11-08", "TotalAmt": amount,
            "Line": [{ "Amount": amount, "LinkedTxn": [{ "TxnId": invoice["id"], "TxnType": "Invoice" }] }]
        } }),
    )
}

fn problems(ran: &Ran) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let problems = ran.json()["problems"].as_array().expect("a list").clone();
    problems
        .iter()
        .map(|one| {
            (
                text(&one["state"]),
                text(&one["code"]),
                text(&one["message"]),
            )
        })
        .collect()
}

/// A run that must come to one conflict and write nothing.
#[track_caller]
fn conflict(world: &World, line: &str, words: &str) {
    world.forget_requests();
    let ran = world.run(line).ends_with(3);
    let problems = problems(&ran);
    let [(state, code, message)] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert_eq!(
        (state.as_str(), code.as_str()),
        ("conflict", "edited_in_quickbooks")
    );
    assert!(message.contains(words), "{message}");
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn texts_and_choices_of_a_bookkeeper_are_not_overwritten() {
    let mut seen = 0;
    for entity in ["SalesReceipt", "Invoice"] {
        let sale = if entity == "Invoice" {
            Tale::owed
        } else {
            Tale::paid
        };
        let first = sale(1_001, 2_000);
        let world = world_of(std::slice::from_ref(&first));
        world.run("sync orders").ends_with(0);
        let posted = only(&world, entity);
        let mut described = posted["object"]["Line"].clone();
        described[0]["Description"] = json!("as agreed on the phone");
        let mut counted = posted["object"]["Line"].clone();
        counted[0]["SalesItemLineDetail"]["Qty"] = json!(2);
        counted[0]["SalesItemLineDetail"]["UnitPrice"] = json!(10);
        let note = posted["object"]["PrivateNote"].as_str().expect("a note");
        let mut address = posted["object"]["ShipAddr"].clone();
        address["Line1"] = json!("7 Other St");
        let mut edits = vec![
            json!({ "PrivateNote": format!("spoke to them\n{note}") }),
            json!({ "Line": described }),
            json!({ "Line": counted }),
            json!({ "CustomerMemo": { "value": "thank you" } }),
            json!({ "ShipAddr": address }),
            json!({ "DocNumber": "A-77" }),
            json!({ "TxnDate": "2026-11-11" }),
        ];
        if entity == "Invoice" {
            edits.push(json!({ "DueDate": "2027-01-31" }));
        } else {
            let method = &posted["object"]["PaymentMethodRef"]["value"];
            let other = if *method == json!("1") { "2" } else { "1" };
            edits.push(json!({ "PaymentMethodRef": { "value": other } }));
        }
        for set in edits {
            let mut tale = first.clone();
            let world = world_of(std::slice::from_ref(&tale));
            world.run("sync orders").ends_with(0);
            edit(&world, &only(&world, entity), &set);
            let by_hand = only(&world, entity);
            // Nothing is amiss as long as the shop is content with it.
            world.run("sync orders --yes").ends_with(0);
            tale.net = 2_400;
            tale.tell(&world);
            println!("{entity}: {set}");
            conflict(
                &world,
                "sync orders --yes --json",
                "was edited in QuickBooks",
            );
            conflict(
                &world,
                "retry --all --yes --json",
                "was edited in QuickBooks",
            );
            assert_eq!(only(&world, entity), by_hand);
            seen += 1;
        }
    }
    assert_eq!(seen, 16);
}

/// The answer to a write and a later reading give the same trace: else every second change would be a conflict.
#[test]
fn our_own_writes_are_nobody_elses() {
    for one_by_one in [false, true] {
        let mut tales: Vec<Tale> = (1_001..1_005)
            .map(|id| Tale::paid(id, 2_000))
            .chain((1_005..1_009).map(|id| Tale::owed(id, 3_000)))
            .collect();
        let world = world_of(&tales);
        if one_by_one {
            world.say_of_quickbooks("batch_size = 1\n");
        }
        world.run("sync orders").ends_with(0);
        for net in [2_400, 2_600] {
            for tale in &mut tales {
                tale.net = net;
                tale.tell(&world);
            }
            let ran = world.run("sync orders --yes --json").ends_with(0);
            assert_eq!(ran.figure("updated"), 8, "{}", ran.out);
        }
        // Paid by us, so that something is linked to it, and cancelled.
        tales[4].paid = true;
        tales[5].cancelled = true;
        for tale in &tales[4..6] {
            tale.tell(&world);
        }
        let ran = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!(problems(&ran), []);
        let books = Books::read(&world);
        let wrong: Vec<String> = tales.iter().flat_map(|tale| tale.check(&books)).collect();
        assert_eq!(wrong, [] as [String; 0]);
    }
}

#[test]
fn an_invoice_that_was_paid_by_hand_is_not_voided() {
    for amount in [21.0, 5.0] {
        let mut tale = Tale::owed(1_001, 2_000);
        let world = world_of(std::slice::from_ref(&tale));
        world.run("sync orders").ends_with(0);
        let payment = pay_by_hand(&world, &only(&world, "Invoice"), amount);
        tale.cancelled = true;
        tale.tell(&world);
        for line in ["sync orders --yes --json", "retry --all --yes --json"] {
            let ran = world.run(line).ends_with(3).json();
            let problem = &ran["problems"][0];
            assert_eq!(problem["state"], "held");
            assert_eq!(problem["code"], "paid_but_cancelled");
            let said = problem["message"].as_str().expect("words");
            let wanted = "has been paid in QuickBooks though order 1001 is cancelled";
            assert!(said.contains(wanted), "{said}");
        }
        // Once the payment is gone there is nothing in the way.
        let id = payment["Id"].clone();
        world.tell_books("delete", json!({ "entity": "Payment", "id": id }));
        world.run("retry --all --yes").ends_with(0);
        assert_eq!(Books::read(&world).0[0].state, "voided");
    }
}

#[test]
fn an_invoice_that_was_paid_by_hand_is_not_paid_again() {
    for lost in [false, true] {
        let mut tale = Tale::owed(1_001, 2_000);
        let world = world_of(std::slice::from_ref(&tale));
        world.run("sync orders").ends_with(0);
        pay_by_hand(&world, &only(&world, "Invoice"), 21.0);
        if lost {
            world.lose_state();
        }
        tale.paid = true;
        tale.tell(&world);
        for line in [
            "sync orders --yes --json",
            "sync orders --full --yes --json",
        ] {
            world.forget_requests();
            let ran = world.run(line).ends_with(0);
            assert_eq!(ran.json()["problems"], json!([]));
            assert_eq!(world.books("counts")["writes"], json!(0));
        }
    }
}

#[test]
fn a_lost_state_finds_what_was_renumbered() {
    for by_hand in [false, true] {
        let mut owed = Tale::owed(1_002, 3_000);
        owed.paid = true;
        let mut returned = Tale::paid(1_003, 6_000);
        returned.refunds.push((9_003, 600));
        returned.fee = Some(41);
        let tales = [Tale::paid(1_001, 2_000), owed, returned];
        let world = world_of(&tales);
        world.run("sync orders").ends_with(0);
        if by_hand {
            for (at, document) in world.documents().iter().enumerate() {
                let field = if document["entity"] == json!("Payment") {
                    "PaymentRefNum"
                } else {
                    "DocNumber"
                };
                edit(&world, document, &json!({ field: format!("B-{at}") }));
            }
        } else {
            world.configure(&books().replace("\"WC-\"", "\"SHOP-\""));
        }
        let before = world.documents();
        world.lose_state();
        for turn in ["first", "second"] {
            world.forget_requests();
            let ran = world.run("sync orders --yes --json");
            assert_eq!(
                world.books("counts")["writes"],
                json!(0),
                "{turn}: {}",
                ran.out
            );
            assert_eq!(problems(&ran.ends_with(0)), []);
        }
        assert_eq!(world.documents(), before);
    }
}

#[test]
fn two_documents_of_one_mark_wait_for_a_person() {
    let tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let mut copy = only(&world, "SalesReceipt")["object"].clone();
    for field in [
        "Id",
        "SyncToken",
        "MetaData",
        "domain",
        "sparse",
        "TotalAmt",
        "Balance",
        "HomeBalance",
    ] {
        copy.as_object_mut().expect("an object").remove(field);
    }
    copy["DocNumber"] = json!("COPY-1");
    let copy = world.tell_books("create", json!({ "entity": "SalesReceipt", "body": copy }));
    world.lose_state();
    world.forget_requests();
    let ran = world.run("sync orders --yes --json").ends_with(3);
    let found = problems(&ran);
    assert_eq!(found[0].1, "duplicate_found", "{}", ran.out);
    assert!(found[0].2.contains("COPY-1"), "{}", found[0].2);
    assert_eq!(world.books("counts")["writes"], json!(0));
    world.tell_books(
        "void",
        json!({ "entity": "SalesReceipt", "id": copy["Id"] }),
    );
    world.run("retry --all --yes").ends_with(0);
    assert_eq!(world.documents().len(), 2);
}

#[test]
fn only_a_new_state_asks_for_every_mark() {
    let asked = |world: &World| {
        let requests = world.books("requests").to_string();
        requests.matches("TxnDate >=").count() + requests.matches("TxnDate+%3E%3D").count()
    };
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.forget_requests();
    world.run("sync orders").ends_with(0);
    assert_eq!(asked(&world), 6, "{}", world.books("requests"));
    tale.net = 2_400;
    tale.tell(&world);
    for line in ["sync orders --yes", "sync orders --yes --full"] {
        world.forget_requests();
        world.run(line).ends_with(0);
        assert_eq!(asked(&world), 0, "{line}");
    }
}
