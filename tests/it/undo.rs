//! A run taken back: the books are as they were before it to the cent, or nothing is written and every obstacle is told.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use udsync::model::code::UNDONE;

use crate::api_client::Api;
use crate::inprocess::{Ended, undo_and_agree};
use crate::tales::{Books, Tale, books, text, world_of};
use crate::world::{Ran, World, amount, company, shop};

/// Our active documents, each with everything that stands in it but for stamps and our own mark, by kind and number.
pub fn standing(world: &World) -> Vec<Value> {
    let mut all: Vec<Value> = world
        .documents()
        .into_iter()
        .filter(|one| one["state"] != "deleted")
        .map(|one| {
            let mut object = one["object"].clone();
            let fields = object.as_object_mut().expect("an object");
            for stamp in ["SyncToken", "MetaData"] {
                fields.remove(stamp);
            }
            // The mark counts our changes.
            let note = fields.get("PrivateNote").and_then(Value::as_str);
            let note = note.unwrap_or_default();
            let words = note.split("[udsync ").next().unwrap_or_default();
            let words = json!(words.trim_end());
            fields.insert("PrivateNote".to_owned(), words);
            for line in fields
                .get_mut("Line")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                // A line that is written anew has another id.
                line.as_object_mut().expect("a line").remove("Id");
            }
            json!({ "entity": one["entity"], "state": one["state"], "object": object })
        })
        .collect();
    all.sort_by_key(|one| format!("{} {}", one["entity"], one["object"]["Id"]));
    all
}

/// The trial balance, and what everybody owes. What comes to nothing is left out: a customer that the run made stays, and owes nothing.
pub fn figures(world: &World) -> Vec<String> {
    let mut figures: BTreeMap<String, Decimal> = BTreeMap::new();
    for entry in world.books("ledger").as_array().expect("entries") {
        for line in entry["lines"].as_array().expect("lines") {
            let account = format!("account {}", line["account"]["name"]);
            *figures.entry(account).or_default() += decimal(&line["home"]);
        }
    }
    for one in world.books("objects/Customer").as_array().expect("a list") {
        let owed = format!("owed by {}", one["object"]["DisplayName"]);
        *figures.entry(owed).or_default() += decimal(&one["object"]["Balance"]);
    }
    assert_eq!(world.books("ledger/check")["right"], json!(true));
    figures.retain(|_, figure| !figure.is_zero());
    let figures = figures.iter();
    figures
        .map(|(what, figure)| format!("{what} {}", figure.normalize()))
        .collect()
}

fn decimal(value: &Value) -> Decimal {
    value
        .to_string()
        .trim_matches('"')
        .parse()
        .unwrap_or_default()
}

/// The newest run of a command.
pub fn last_run(world: &World, command: &str) -> String {
    let ran = world.run("history --json").ends_with(0).json();
    let runs = ran["runs"].as_array().expect("a list").clone();
    let run = runs.iter().find(|run| run["command"] == command);
    run.expect("it ran")["run_id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

fn writes(world: &World) -> u64 {
    world.books("counts")["writes"].as_u64().expect("a count")
}

/// Our document of this kind and order as it stands.
fn document(world: &World, entity: &str, number: &str) -> Value {
    let found = world.documents().into_iter().find(|one| {
        let object = &one["object"];
        one["entity"] == entity
            && one["state"] == "active"
            && (object["DocNumber"] == number || object["PaymentRefNum"] == number)
    });
    found.expect("it is in the books")
}

fn edit(world: &World, entity: &str, number: &str, set: Value) {
    let id = document(world, entity, number)["id"].clone();
    world.tell_books("edit", json!({ "entity": entity, "id": id, "set": set }));
}

fn details(ran: &Ran) -> Vec<String> {
    let details = ran.json()["details"].as_array().expect("details").clone();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut told: Vec<String> = details
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                word(&one["order"]),
                word(&one["document"]),
                word(&one["code"])
            )
        })
        .collect();
    told.sort();
    told
}

/// Two runs: the first posts a sale, an owed invoice and one that is owed in part; the second changes one, pays one, gives money back
/// and posts more.
fn two_days() -> (World, Vec<Tale>) {
    let mut tales = vec![
        Tale::paid(1_001, 2_000),
        Tale::owed(1_002, 3_000),
        Tale::owed(1_003, 4_000),
    ];
    let world = world_of(&tales);
    world.run("sync orders --yes").ends_with(0);
    (world, {
        tales[0].net = 2_400;
        tales[1].paid = true;
        tales[1].fee = Some(93);
        tales[2].refunds.push((9_003, 1_000));
        tales[2].paid = true;
        tales.push(Tale {
            fee: Some(59),
            refunds: vec![(9_004, 600)],
            ..Tale::paid(1_004, 6_000)
        });
        tales.push(Tale::owed(1_005, 7_000));
        tales
    })
}

#[test]
fn a_run_taken_back_leaves_the_books_as_they_were_to_the_cent() {
    let (world, tales) = two_days();
    let (before, owed) = (standing(&world), figures(&world));
    tales.iter().for_each(|tale| tale.tell(&world));
    world.run("sync orders --yes").ends_with(0);
    assert_ne!(figures(&world), owed);
    let run = last_run(&world, "sync");

    world.forget_requests();
    let foreseen = world
        .run(&format!("undo {run} --dry-run --json"))
        .ends_with(0);
    assert_eq!(writes(&world), 0, "a dry run writes nothing");
    let undone = world
        .run(&format!("undo {run} --yes --why rates --json"))
        .ends_with(0);
    for figure in ["deleted", "updated", "voided", "created"] {
        assert_eq!(foreseen.figure(figure), undone.figure(figure), "{figure}");
    }
    assert_eq!(undone.figure("created"), 0);
    assert_eq!(standing(&world), before);
    assert_eq!(figures(&world), owed);

    // Nothing is posted by itself, and everything once when it is asked for.
    world.forget_requests();
    let waits = world.run("sync orders --full --yes --json").ends_with(3);
    assert!(
        waits.codes().iter().all(|code| code == UNDONE),
        "{:?}",
        waits.codes()
    );
    let why = waits.problems()[0]["message"].clone();
    let why = why.as_str().expect("words");
    assert!(
        why.contains(&run) && why.contains("rates") && !why.contains("UTC"),
        "{why}"
    );
    world.run("retry --all --yes").ends_with(3);
    assert_eq!(writes(&world), 0);
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    let now = Books::read(&world);
    for tale in &tales {
        assert_eq!(tale.check(&now), [] as [String; 0]);
    }
    world.forget_requests();
    world.run("sync orders --full --yes").ends_with(0);
    assert_eq!(writes(&world), 0, "posted again exactly once");
}

#[test]
fn an_undo_is_not_undone_and_a_second_one_finds_nothing() {
    let world = world_of(&[Tale::paid(1_001, 2_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.run(&format!("undo {run} --yes")).ends_with(0);
    let undo = last_run(&world, "undo");
    world.forget_requests();
    let refused = world.run(&format!("undo {undo} --yes --json")).ends_with(7);
    assert_eq!(refused.json()["code"], "undo_of_undo");
    assert!(
        refused.json()["hint"]
            .as_str()
            .expect("a hint")
            .contains("retry --run")
    );
    let again = world.run(&format!("undo {run} --yes")).ends_with(0);
    assert!(again.out.contains("nothing to do"), "{}", again.out);
    assert_eq!(writes(&world), 0);
    world.run("undo 00000000 --yes --json").ends_with(1);
    // Whoever names the undo means what it took back.
    world.run(&format!("retry --run {undo} --yes")).ends_with(0);
    assert_eq!(world.postings().len(), 2, "one deleted, one posted anew");
    let nothing = world
        .run(&format!("retry --run {run} --yes --json"))
        .ends_with(1);
    assert_eq!(nothing.json()["code"], "failure_unknown");
}

#[test]
fn without_consent_nothing_is_taken_back() {
    let world = world_of(&[Tale::paid(1_001, 2_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.forget_requests();
    let refused = world
        .run(&format!("undo {run} --json --no-input"))
        .ends_with(7);
    assert_eq!(refused.json()["code"], "confirmation_needed");
    assert_eq!(writes(&world), 0);
    let token = refused.json()["confirm_token"].clone();
    let token = token.as_str().expect("a token");
    world
        .run(&format!("undo {run} --confirm {token}"))
        .ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1001 21.00 deleted"]);
}

#[test]
fn what_people_did_since_is_in_the_way_before_the_first_write() {
    let tales = [
        Tale::paid(1_001, 2_000),
        Tale::paid(1_002, 3_000),
        Tale::owed(1_003, 4_000),
        Tale::paid(1_004, 5_000),
        Tale::paid(1_005, 6_000),
        Tale::paid(1_006, 7_000),
    ];
    let world = world_of(&tales);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    edit(
        &world,
        "SalesReceipt",
        "WC-1001",
        json!({ "CustomerMemo": { "value": "hers" } }),
    );
    let id = |entity: &str, number: &str| document(&world, entity, number)["id"].clone();
    world.tell_books(
        "deposit",
        json!({ "documents": [{ "entity": "SalesReceipt", "id": id("SalesReceipt", "WC-1002") }] }),
    );
    let invoice = document(&world, "Invoice", "WC-1003");
    world.tell_books(
        "create",
        json!({ "entity": "Payment", "body": {
            "CustomerRef": { "value": invoice["object"]["CustomerRef"]["value"] }, "TotalAmt": 10,
            "Line": [{ "Amount": 10, "LinkedTxn": [{ "TxnId": invoice["id"], "TxnType": "Invoice" }] }]
        } }),
    );
    for (what, number) in [("delete", "WC-1004"), ("void", "WC-1005")] {
        let id = id("SalesReceipt", number);
        world.tell_books(what, json!({ "entity": "SalesReceipt", "id": id }));
    }
    let before = standing(&world);
    world.forget_requests();
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(refused.json()["code"], "undo_blocked");
    let expected = [
        "1001 SalesReceipt `WC-1001` edited_in_quickbooks",
        "1002 SalesReceipt `WC-1002` deposited",
        "1003 Invoice `WC-1003` settled_since",
        "1004 SalesReceipt `WC-1004` missing_document",
        "1005 SalesReceipt `WC-1005` voided_document",
    ];
    assert_eq!(details(&refused), expected);
    assert_eq!(refused.json()["details"][1]["code"], "deposited");
    assert_eq!(
        details(
            &world
                .run(&format!("undo {run} --dry-run --json"))
                .ends_with(7)
        ),
        expected
    );
    let words = world.run(&format!("undo {run} --yes")).ends_with(7);
    for one in [
        "order 1001:",
        "order 1002:",
        "order 1003:",
        "order 1004:",
        "order 1005:",
    ] {
        assert!(words.err.contains(one), "{}", words.err);
    }
    assert_eq!(writes(&world), 0, "before the first write");
    assert_eq!(standing(&world), before);
    assert_eq!(
        world.run("sync orders --yes").code,
        0,
        "no order stands undone"
    );

    // The rest, on a person's word, and nothing of the five.
    let partial = world
        .run(&format!("undo {run} --partial --yes --json"))
        .ends_with(3);
    assert_eq!(partial.figure("deleted"), 1);
    let mut left = before;
    left.retain(|one| one["object"]["DocNumber"] != "WC-1006");
    assert_eq!(standing(&world), left);
}

#[test]
fn partly_means_whole_orders_and_never_half_of_one() {
    let sold = Tale {
        fee: Some(59),
        refunds: vec![(9_001, 600)],
        ..Tale::paid(1_001, 6_000)
    };
    let world = world_of(&[sold, Tale::paid(1_002, 3_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    // The fee alone is in the way of its order.
    edit(
        &world,
        "Purchase",
        "WC-1001-F",
        json!({ "PrivateNote": "hers" }),
    );
    let before = standing(&world);
    world
        .run(&format!("undo {run} --partial --yes"))
        .ends_with(3);
    let mut left = before;
    left.retain(|one| one["object"]["DocNumber"] != "WC-1002");
    assert_eq!(standing(&world), left);
}

#[test]
fn a_closed_period_is_in_the_way_and_nothing_overrides_it() {
    let world = world_of(&[Tale::paid(1_001, 2_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.tell_books("company", json!({ "books_closed_through": "2026-11-30" }));
    world.forget_requests();
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(
        details(&refused),
        ["1001 SalesReceipt `WC-1001` period_closed"]
    );
    world
        .run(&format!("undo {run} --yes --partial"))
        .ends_with(3);
    assert_eq!(writes(&world), 0);
}

#[test]
fn an_earlier_run_waits_for_a_later_one_that_built_on_it() {
    let (world, tales) = two_days();
    let first = last_run(&world, "sync");
    let nothing = standing(&world);
    tales[2].tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let second = last_run(&world, "sync");
    world.forget_requests();
    let refused = world
        .run(&format!("undo {first} --yes --json"))
        .ends_with(7);
    let told = details(&refused);
    assert!(
        !told.is_empty()
            && told
                .iter()
                .all(|one| one.starts_with("1003 ") && one.ends_with(" later_run")),
        "{told:?}"
    );
    assert_eq!(writes(&world), 0);
    world.run(&format!("undo {second} --yes")).ends_with(0);
    assert_eq!(standing(&world), nothing);
    world.run(&format!("undo {first} --yes")).ends_with(0);
    assert_eq!(standing(&world), [] as [Value; 0]);
    assert_eq!(figures(&world), [] as [String; 0]);
}

#[test]
fn a_changed_document_gets_its_former_words_and_figures_and_a_persons_additions_stay() {
    let mut tale = Tale::owed(1_001, 3_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders --yes").ends_with(0);
    // A cent less tax than its rate says, as the shop rounds: what stands there is what the shop charged, not what anybody works out.
    let mut rounded = tale.order();
    for field in ["total_tax", "cart_tax"] {
        rounded[field] = json!("1.49");
    }
    rounded["total"] = json!("31.49");
    rounded["line_items"][0]["total_tax"] = json!("1.49");
    rounded["line_items"][0]["subtotal_tax"] = json!("1.49");
    rounded["line_items"][0]["taxes"] = json!([{ "id": 1, "total": "1.49", "subtotal": "1.49" }]);
    rounded["tax_lines"][0]["tax_total"] = json!("1.49");
    world.put_order(&rounded, &json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    let before = document(&world, "Invoice", "WC-1001");
    assert_eq!(amount(&before["object"]["TotalAmt"]), "31.49");

    tale.net = 3_400;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    let changed = document(&world, "Invoice", "WC-1001");
    assert_eq!(amount(&changed["object"]["TotalAmt"]), text(3_570));
    // What she puts on it afterwards and udsync never looks at: it is no edit, and it stays.
    edit(
        &world,
        "Invoice",
        "WC-1001",
        json!({ "ShipDate": "2026-11-20" }),
    );
    world.run(&format!("undo {run} --yes")).ends_with(0);
    let after = document(&world, "Invoice", "WC-1001");
    assert_eq!(amount(&after["object"]["TotalAmt"]), "31.49");
    for same in ["TxnTaxDetail", "BillAddr", "CustomerRef", "DueDate"] {
        assert_eq!(after["object"][same], before["object"][same], "{same}");
    }
    let words = |document: &Value| {
        let note = document["object"]["PrivateNote"].as_str();
        let note = note.unwrap_or_default().split("[udsync ").next();
        note.unwrap_or_default().trim_end().to_owned()
    };
    assert_eq!(words(&after), words(&before));
    assert_eq!(after["object"]["ShipDate"], "2026-11-20");
}

/// What an update in the books comes to be off by a cent, this many times.
fn spoil_updates(world: &World, times: u32) {
    let rule = json!([{ "what": "tax_off", "operation": "update Invoice", "times": times }]);
    world.tell_books("mishaps", rule);
}

#[test]
fn what_came_back_with_a_wrong_figure_is_told_kept_and_written_back_once_more() {
    let mut tale = Tale::owed(1_001, 3_000);
    let world = world_of(&[tale.clone(), Tale::paid(1_002, 2_000)]);
    world.run("sync orders --yes").ends_with(0);
    let (before, owed) = (standing(&world), figures(&world));
    tale.net = 3_400;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    spoil_updates(&world, 1);
    let wrong = world.run(&format!("undo {run} --yes --json")).ends_with(3);
    assert_eq!(wrong.codes(), ["readback_mismatch"]);
    let hint = wrong.problems()[0]["hint"].clone();
    let hint = hint.as_str().expect("a hint").to_owned();
    assert!(hint.contains(&format!("`udsync undo {run}`")), "{hint}");
    // It is kept beside the word that the order stands undone, and no sync posts it meanwhile.
    let kept = world.run("retry --list --json").ends_with(0);
    let mut codes = kept.codes();
    codes.sort();
    assert_eq!(codes, ["readback_mismatch", "undone"]);
    world.forget_requests();
    world.run("sync orders --full --verify --yes").ends_with(3);
    assert_eq!(writes(&world), 0);
    assert_ne!(figures(&world), owed);
    // What the hint says puts it right, and nothing is left to say but that it stands undone.
    world.run(&format!("undo {run} --yes")).ends_with(0);
    assert_eq!(standing(&world), before);
    assert_eq!(figures(&world), owed);
    let kept = world.run("retry --list --json").ends_with(0);
    assert_eq!(kept.codes(), ["undone"]);
    let nothing = world.run(&format!("undo {run} --yes")).ends_with(0);
    assert!(nothing.out.contains("nothing to do"), "{}", nothing.out);
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    assert_eq!(tale.check(&Books::read(&world)), [] as [String; 0]);
}

#[test]
fn whatever_goes_wrong_with_it_an_order_that_stands_undone_is_not_posted() {
    let world = world_of(&[Tale::paid(1_001, 2_000), Tale::paid(1_002, 3_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.run(&format!("undo {run} --yes")).ends_with(0);
    let undone = |world: &World| {
        let kept = world.run("retry --list --json").ends_with(0);
        let undone = kept.held();
        undone.iter().filter(|one| one.ends_with(" undone")).count()
    };
    assert_eq!(undone(&world), 2);
    world.forget_requests();
    let mut odd = Tale::paid(1_001, 2_000).order();
    odd["total"] = json!("twenty");
    for word in [
        "sync orders --yes",
        "sync orders --full --yes",
        "sync orders --full --verify --yes",
        "retry --all --yes",
    ] {
        // First it cannot be read, then it is gone, and then it is there again.
        world.put_order(&odd, &json!([]), false);
        world.run(word);
        world.tell_store("orders/1001/trash", json!({}));
        world.run(word);
        Tale::paid(1_001, 2_000).tell(&world);
        world.run(word).ends_with(3);
        assert_eq!(writes(&world), 0, "{word}");
        assert_eq!(undone(&world), 2, "{word}");
    }
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    let active = world.postings();
    let active = active.iter().filter(|one| one.ends_with("active")).count();
    assert_eq!(active, 2);
}

#[test]
fn what_was_voided_is_posted_again_once_as_another_document() {
    let config = format!("{}undo = \"void\"\n", books());
    let mut setup = company();
    setup["company"]["warn_duplicate_numbers"] = json!(true);
    let world = World::new(shop(Vec::new()), setup, &config);
    let with_fee = Tale {
        fee: Some(59),
        ..Tale::paid(1_003, 4_000)
    };
    let tales = [Tale::paid(1_001, 2_000), Tale::owed(1_002, 3_000), with_fee];
    tales.iter().for_each(|tale| tale.tell(&world));
    world.run("sync orders --yes").ends_with(0);
    let mut run = last_run(&world, "sync");
    for ending in ["-U", "-U2"] {
        let undone = world.run(&format!("undo {run} --yes --json")).ends_with(0);
        assert!(undone.figure("voided") >= 2, "{}", undone.out);
        // What the word says that the order stands undone with.
        let waits = world.run("sync orders --full --yes --json").ends_with(3);
        let hint = waits.problems()[0]["hint"].clone();
        let hint = hint.as_str().expect("a hint");
        let command = hint.split('`').nth(1).expect("a command");
        let again = command.trim_start_matches("udsync ");
        assert_eq!(again, format!("retry --run {run}"));
        // An answer on the way is lost: it is still posted once.
        world.tell_books(
            "mishaps",
            json!([{ "what": "lose_answer", "operation": "create SalesReceipt" }]),
        );
        world.settle_after("1s");
        world.run(&format!("{again} --yes"));
        world.clear_mishaps();
        world.run("sync orders --yes").ends_with(0);
        let mut active: Vec<String> = world
            .postings()
            .into_iter()
            .filter(|one| one.ends_with("active") && !one.starts_with("Purchase"))
            .collect();
        active.sort();
        assert_eq!(
            active,
            [
                format!("Invoice WC-1002{ending} 31.50 active"),
                format!("SalesReceipt WC-1001{ending} 21.00 active"),
                format!("SalesReceipt WC-1003{ending} 42.00 active"),
            ]
        );
        world.forget_requests();
        world.run("sync orders --full --verify --yes").ends_with(0);
        assert_eq!(writes(&world), 0);
        world.run("reconcile --period 2026-11 --json").ends_with(0);
        run = last_run(&world, "retry");
    }
    // A payment that was voided is entered again, under the number of its sale.
    let mut paid = tales[1].clone();
    paid.paid = true;
    paid.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.run(&format!("undo {run} --yes")).ends_with(0);
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    let payments = world.postings();
    let payments: Vec<&String> = payments
        .iter()
        .filter(|one| one.starts_with("Payment"))
        .collect();
    assert_eq!(
        payments,
        [
            "Payment WC-1002-U2 0.00 voided",
            "Payment WC-1002-U2 31.50 active"
        ]
    );
    // Without the state file the documents that stand are taken up, and not those that were voided.
    std::fs::remove_file(world.state()).expect("it is there");
    world.forget_requests();
    world.run("sync orders --full --yes").ends_with(0);
    assert_eq!(writes(&world), 0);
}

#[test]
fn a_report_of_the_bank_that_says_nothing_is_not_taken_for_an_empty_one() {
    let world = world_of(&[Tale::paid(1_001, 2_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    let id = document(&world, "SalesReceipt", "WC-1001")["id"].clone();
    world.tell_books(
        "mark",
        json!({ "account": "Stripe Clearing", "state": "reconciled", "documents": [{ "entity": "SalesReceipt", "id": id }] }),
    );
    world.tell_books("reports", json!({ "blank": true }));
    world.forget_requests();
    let refused = world.run(&format!("undo {run} --yes --json"));
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert_eq!(writes(&world), 0);
    world.tell_books("reports", json!({ "blank": false }));
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(
        details(&refused),
        ["1001 SalesReceipt `WC-1001` reconciled"]
    );
}

#[test]
fn what_somebody_did_between_the_question_and_the_yes_is_seen_before_the_first_write() {
    for happens in ["edited", "deposited", "reconciled", "nothing"] {
        let world = world_of(&[Tale::paid(1_001, 2_000), Tale::paid(1_002, 3_000)]);
        world.run("sync orders --yes").ends_with(0);
        let run = last_run(&world, "sync");
        world.forget_requests();
        let receipt = document(&world, "SalesReceipt", "WC-1002")["id"].clone();
        let documents = json!([{ "entity": "SalesReceipt", "id": receipt }]);
        let ended = undo_and_agree(&world, &run, || match happens {
            "edited" => edit(
                &world,
                "SalesReceipt",
                "WC-1002",
                json!({ "CustomerMemo": { "value": "hers" } }),
            ),
            "deposited" => {
                world.tell_books("deposit", json!({ "documents": documents }));
            }
            "reconciled" => {
                let mark = json!({ "account": "Stripe Clearing", "state": "reconciled", "documents": documents });
                world.tell_books("mark", mark);
            }
            _ => {}
        });
        match (ended, happens) {
            (Ended::Done(report), "nothing") => assert_eq!(report.tally.deleted, 2),
            (Ended::Stopped(failure), _) => {
                assert_eq!(failure.code, "undo_blocked", "{happens}");
                assert_eq!(writes(&world), 0, "{happens}");
            }
            _ => panic!("{happens}: neither done nor refused"),
        }
    }
}

#[test]
fn what_was_mailed_is_voided_and_the_policy_has_the_last_word() {
    for (policy, state) in [
        ("auto", "voided"),
        ("delete", "deleted"),
        ("void", "voided"),
    ] {
        let config = format!("{}undo = \"{policy}\"\n", books());
        let world = World::new(shop(Vec::new()), company(), &config);
        Tale::owed(1_001, 2_000).tell(&world);
        world.run("sync orders --yes").ends_with(0);
        let run = last_run(&world, "sync");
        let id = document(&world, "Invoice", "WC-1001")["id"].clone();
        world.tell_books("email", json!({ "entity": "Invoice", "id": id }));
        let undone = world.run(&format!("undo {run} --yes --json")).ends_with(0);
        let warnings = &undone.json()["changes"][0]["warnings"];
        assert_eq!(*warnings, json!(["was_mailed"]));
        let left = world.postings();
        assert!(left[0].ends_with(state), "{policy}: {left:?}");
        world.forget_requests();
        world.run("sync orders --full --yes").ends_with(3);
        assert_eq!(writes(&world), 0);
    }
}

#[test]
fn a_voided_document_is_not_brought_back_and_says_so() {
    let mut tale = Tale::owed(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders --yes").ends_with(0);
    tale.cancelled = true;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.forget_requests();
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(details(&refused), ["1001 Invoice `WC-1001` void_final"]);
    assert_eq!(writes(&world), 0);
}

#[test]
fn former_content_that_is_kept_no_more_is_not_made_up() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders --yes").ends_with(0);
    tale.net = 2_400;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    let state = rusqlite::Connection::open(world.state()).expect("the state opens");
    state
        .execute("UPDATE before_images SET body = ''", [])
        .expect("dropped");
    drop(state);
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(
        details(&refused),
        ["1001 SalesReceipt `WC-1001` former_content_gone"]
    );
}

#[test]
fn a_saved_plan_takes_back_exactly_that_or_is_out_of_date() {
    let world = world_of(&[Tale::paid(1_001, 2_000), Tale::owed(1_002, 3_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.forget_requests();
    world
        .run(&format!("undo {run} --out undo.json"))
        .ends_with(0);
    let twice = world
        .run(&format!("undo {run} --out again.json"))
        .ends_with(0);
    assert!(
        twice.err.contains("udsync apply again.json"),
        "{}",
        twice.err
    );
    let read = |name: &str| std::fs::read(world.home.path().join(name)).expect("saved");
    assert_eq!(read("undo.json"), read("again.json"), "the same bytes");
    assert_eq!(writes(&world), 0);
    world.run("apply undo.json --yes").ends_with(0);
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt WC-1001 21.00 deleted",
            "Invoice WC-1002 31.50 deleted"
        ]
    );
    world.run("sync orders --full --yes").ends_with(3);
    world.run("apply undo.json --yes").ends_with(6);

    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    let again = last_run(&world, "retry");
    world
        .run(&format!("undo {again} --out undo.json"))
        .ends_with(0);
    edit(&world, "Invoice", "WC-1002", json!({ "DocNumber": "HERS" }));
    let stopped = world.run("apply undo.json --yes --json");
    assert_eq!(stopped.code, 7, "{}", stopped.err);
}

#[test]
fn one_order_is_posted_again_by_its_id_and_the_others_wait() {
    let world = world_of(&[Tale::paid(1_001, 2_000), Tale::paid(1_002, 3_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.run(&format!("undo {run} --yes")).ends_with(0);
    world.run("sync orders --id 1001 --yes").ends_with(3);
    let active: Vec<String> = world
        .postings()
        .into_iter()
        .filter(|one| one.ends_with("active"))
        .collect();
    assert_eq!(active, ["SalesReceipt WC-1001 21.00 active"]);
    let waits = world.run("sync orders --full --yes --json").ends_with(3);
    assert_eq!(waits.codes(), ["undone"]);
    assert_eq!(waits.held(), ["1002 held undone"]);
}

#[test]
fn an_owner_takes_a_run_back_over_the_api_and_hears_what_is_in_the_way() {
    let world = world_of(&[Tale::paid(1_001, 2_000), Tale::paid(1_002, 3_000)]);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    edit(
        &world,
        "SalesReceipt",
        "WC-1001",
        json!({ "CustomerMemo": { "value": "hers" } }),
    );
    let api = Api::serve(&world);
    let undo = |body: Value| {
        // What the server does by itself may be under way.
        let begun = loop {
            let begun = api.post(&format!("/api/undo/{run}")).json(&body).send();
            if begun.status != 409 {
                break begun.is(202);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        };
        api.ended(begun.header("location"))
    };
    let refused = undo(json!({}));
    assert_eq!(refused["error"]["code"], "undo_blocked", "{refused}");
    assert_eq!(
        refused["details"][0]["code"], "edited_in_quickbooks",
        "{refused}"
    );
    assert_eq!(refused["details"][0]["order"], "1001");
    let asks = undo(json!({ "partial": true, "why": "rates" }));
    assert_eq!(asks["error"]["code"], "confirmation_needed", "{asks}");
    let token = asks["confirm_token"].as_str().expect("a token");
    let begun = api
        .post(&format!("/api/sync/confirm/{token}"))
        .send()
        .is(202);
    let done = api.ended(begun.header("location"));
    assert_eq!(done["targets"]["quickbooks"]["deleted"], 1, "{done}");
    let held = api.get("/api/sync/failures").send().is(200).body;
    let said = held["items"][0]["message"].as_str().expect("words");
    assert!(said.contains("olga") && said.contains("rates"), "{said}");
}

#[test]
fn what_the_bank_has_seen_stays_whatever_is_said() {
    let tales = [
        Tale::paid(1_001, 2_000),
        Tale::paid(1_002, 3_000),
        Tale::paid(1_003, 4_000),
        Tale::paid(1_004, 5_000),
    ];
    let world = world_of(&tales);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    for (number, state) in [
        ("WC-1001", "cleared"),
        ("WC-1002", "matched"),
        ("WC-1003", "reconciled"),
    ] {
        let id = document(&world, "SalesReceipt", number)["id"].clone();
        world.tell_books(
            "mark",
            json!({ "account": "Stripe Clearing", "state": state, "documents": [{ "entity": "SalesReceipt", "id": id }] }),
        );
    }
    let before = standing(&world);
    world.forget_requests();
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(
        details(&refused),
        [
            "1001 SalesReceipt `WC-1001` cleared",
            "1002 SalesReceipt `WC-1002` cleared",
            "1003 SalesReceipt `WC-1003` reconciled",
        ]
    );
    assert_eq!(writes(&world), 0, "before the first write");
    world
        .run(&format!("undo {run} --partial --yes"))
        .ends_with(3);
    let mut left = before;
    left.retain(|one| one["object"]["DocNumber"] != "WC-1004");
    assert_eq!(standing(&world), left);
    let sums = world.books("reconciliations");
    let sums = sums.as_array().expect("a list");
    assert!(
        sums.iter().all(|one| decimal(&one["off"]).is_zero()),
        "{sums:?}"
    );
}

#[test]
fn a_report_that_is_cut_is_asked_for_in_parts() {
    let tales: Vec<Tale> = (1..=6).map(|n| Tale::paid(1_000 + n, 2_000)).collect();
    let world = world_of(&tales);
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    let id = document(&world, "SalesReceipt", "WC-1006")["id"].clone();
    world.tell_books(
        "mark",
        json!({ "account": "Stripe Clearing", "state": "reconciled", "documents": [{ "entity": "SalesReceipt", "id": id }] }),
    );
    world.tell_books("reports", json!({ "cell_limit": 1 }));
    world.forget_requests();
    // Not even a single day fits: then nobody knows, and nothing is written.
    let refused = world.run(&format!("undo {run} --yes --json"));
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert_eq!(writes(&world), 0);
    world.tell_books("reports", json!({ "cell_limit": 400_000 }));
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(
        details(&refused),
        ["1006 SalesReceipt `WC-1006` reconciled"]
    );
}

/// What was written, in its order, each kind once.
fn order_of_writes(world: &World) -> Vec<String> {
    let requests = world.books("requests");
    let operations = requests.as_array().expect("a list").iter();
    let mut order: Vec<String> = operations
        .flat_map(|one| one["operations"].as_array().cloned().unwrap_or_default())
        .filter_map(|one| one.as_str().map(str::to_owned))
        .filter(|one| {
            let writes = ["create", "update", "delete", "void"];
            writes.iter().any(|word| one.starts_with(word))
        })
        .collect();
    order.dedup();
    order
}

#[test]
fn what_was_written_last_is_taken_back_first() {
    let (world, tales) = two_days();
    tales.iter().for_each(|tale| tale.tell(&world));
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    world.forget_requests();
    world.run(&format!("undo {run} --yes")).ends_with(0);
    let order = order_of_writes(&world);
    let place = |what: &str| {
        order
            .iter()
            .position(|one| one == what)
            .unwrap_or_else(|| panic!("no {what} in {order:?}"))
    };
    let right = [
        "delete Purchase",
        "delete RefundReceipt",
        "delete Payment",
        "delete CreditMemo",
        "delete Invoice",
    ];
    let places: Vec<usize> = right.into_iter().map(place).collect();
    assert!(places.is_sorted(), "{order:?}");
}
