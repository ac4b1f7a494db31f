//! Books in which somebody worked by hand: what was deleted, voided, dated otherwise or given another total is seen when the books are
//! asked, stays a problem until a person has decided, and is never put back in silence.

use serde_json::{Value, json};

use crate::order::orders;
use crate::world::{Ran, World};

const ASK: &str = "sync orders --full --verify --yes --json";

/// Code, state and number of each problem.
fn problems(ran: &Ran) -> Vec<String> {
    let mut told = ran.held();
    told.sort();
    told
}

/// What stands in the books, the deleted left out.
fn standing(world: &World) -> Vec<String> {
    let mut standing = world.postings();
    standing.retain(|line| !line.ends_with("deleted"));
    standing
}

/// The receipt of an order in the books.
fn receipt(world: &World, number: &str) -> Value {
    let documents = world.documents();
    let found = documents
        .iter()
        .find(|document| document["object"]["DocNumber"] == number);
    found.expect("it is there").clone()
}

fn by_hand(world: &World, what: &str, number: &str) {
    let id = receipt(world, number)["id"].clone();
    world.tell_books(what, json!({ "entity": "SalesReceipt", "id": id }));
}

fn edit(world: &World, number: &str, set: Value) {
    let id = receipt(world, number)["id"].clone();
    world.tell_books(
        "edit",
        json!({ "entity": "SalesReceipt", "id": id, "set": set }),
    );
}

#[test]
fn books_that_somebody_emptied_are_not_unchanged_when_they_are_asked() {
    let world = World::of_orders(orders(11..=16));
    world.run("sync orders --yes").ends_with(0);
    by_hand(&world, "delete", "WC-11");
    by_hand(&world, "void", "WC-12");
    edit(&world, "WC-13", json!({ "TxnDate": "2026-08-01" }));
    let mut line = receipt(&world, "WC-14")["object"]["Line"].clone();
    line[0]["Amount"] = json!(5.0);
    line[0]["SalesItemLineDetail"]["UnitPrice"] = json!(5.0);
    edit(&world, "WC-14", json!({ "Line": line, "TotalAmt": 6.0 }));
    // What a bookkeeper notes down is no difference.
    edit(
        &world,
        "WC-15",
        json!({ "CustomerMemo": { "value": "thank you" } }),
    );

    // Without asking it is unchanged in the shop, and the run says so.
    let unasked = world.run("sync orders --full --yes").ends_with(0);
    assert!(unasked.out.contains("6 unchanged"), "{}", unasked.out);
    assert!(
        unasked.err.contains("`unchanged` means unchanged in the shop since it was posted; the books were never asked"),
        "{}",
        unasked.err
    );

    let before = world.books("counts")["writes"].clone();
    world.forget_requests();
    let asked = world.run(ASK).ends_with(3);
    let expected = [
        "11 conflict missing_document",
        "12 conflict voided_document",
        "13 conflict redated_document",
        "14 conflict amount_changed",
    ];
    assert_eq!(problems(&asked), expected, "{}", asked.out);
    assert_eq!(asked.figure("unchanged"), 2);
    assert_eq!(asked.figure("conflicts"), 4);
    assert_eq!(world.books("counts")["writes"], json!(0), "after {before}");
    // One question for six receipts.
    assert!(world.books("counts")["metered_reads"].as_u64() <= Some(2));

    // They stay until somebody decides, and nothing is put back.
    let later = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(problems(&later), expected);
    world.run("retry --all --yes --json").ends_with(3);
    assert_eq!(standing(&world).len(), 5);

    // Undone in the books, it is over with the next run.
    edit(&world, "WC-13", json!({ "TxnDate": "2026-11-02" }));
    let mended = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(problems(&mended).len(), 3, "{}", mended.out);
}

#[test]
fn a_document_that_was_deleted_by_mistake_is_made_again_when_its_order_is_named() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    by_hand(&world, "delete", "WC-12");
    let asked = world.run(ASK).ends_with(3);
    let hint = asked.json()["problems"][0]["hint"]
        .as_str()
        .expect("a hint")
        .to_owned();
    let id = asked.json()["problems"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let typed = format!("`udsync retry {id}` posts it anew");
    assert!(hint.contains(&typed), "{hint}");
    let listed = world.run("retry --list").ends_with(0);
    assert!(
        listed.out.contains(&format!("`udsync retry {id}`")),
        "{}",
        listed.out
    );
    let made = world.run("retry 12 --yes --json").ends_with(0);
    assert_eq!(made.figure("created"), 1);
    assert_eq!(
        standing(&world),
        [
            "SalesReceipt WC-11 21.00 active",
            "SalesReceipt WC-13 21.00 active",
            "SalesReceipt WC-12 21.00 active"
        ]
    );
    // Once more is not twice, and the books agree.
    world.run("retry 12 --yes");
    world.run(ASK).ends_with(0);
    assert_eq!(standing(&world).len(), 3);
}

#[test]
fn a_document_that_is_to_stay_out_of_the_books_is_set_aside() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    by_hand(&world, "delete", "WC-12");
    let asked = world.run(ASK).ends_with(3);
    let id = asked.json()["problems"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let mut skip = world.command(&format!("retry --skip {id} --why hand"));
    assert!(skip.output().expect("it runs").status.success());
    world.run(ASK).ends_with(0);
    assert_eq!(standing(&world).len(), 2);
}

#[test]
fn what_somebody_entered_under_the_number_meanwhile_is_not_doubled() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    let mut copy = receipt(&world, "WC-12")["object"].clone();
    by_hand(&world, "delete", "WC-12");
    world.run(ASK).ends_with(3);
    for field in ["Id", "SyncToken", "MetaData", "PrivateNote"] {
        copy.as_object_mut().expect("fields").remove(field);
    }
    world.tell_books("create", json!({ "entity": "SalesReceipt", "body": copy }));
    let held = world.run("retry 12 --yes --json").ends_with(3);
    assert_eq!(problems(&held), ["12 held doc_number_conflict"]);
    assert_eq!(standing(&world).len(), 2);
}

#[test]
fn a_dry_run_and_a_single_order_are_compared_too_and_doctor_says_when_all_were() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    let never = world.run("doctor --check books.compared").ends_with(0);
    assert!(
        never.out.contains("the books were never asked"),
        "{}",
        never.out
    );
    by_hand(&world, "delete", "WC-12");
    let foreseen = world
        .run("dry-run orders --full --verify --json")
        .ends_with(3);
    assert_eq!(problems(&foreseen), ["12 conflict missing_document"]);
    let one = world
        .run("sync orders --id 12 --verify --yes --json")
        .ends_with(3);
    assert_eq!(problems(&one), ["12 conflict missing_document"]);
    let never = world.run("doctor --check books.compared").ends_with(0);
    assert!(
        never.out.contains("the books were never asked"),
        "{}",
        never.out
    );
    world.run(ASK).ends_with(3);
    let asked = world.run("doctor --check books.compared").ends_with(0);
    assert!(
        asked
            .out
            .contains("the books were last asked for everything"),
        "{}",
        asked.out
    );
}

#[test]
fn an_order_that_the_shop_deleted_is_compared_too() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    world.tell_store("orders/12/delete", json!({}));
    by_hand(&world, "delete", "WC-12");
    let asked = world.run(ASK).ends_with(3);
    assert_eq!(problems(&asked), ["12 conflict missing_document"]);
}
