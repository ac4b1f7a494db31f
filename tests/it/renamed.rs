//! The shop gets another name in the configuration, and its state file is new. What it posted under the old name is its own all
//! the same: nothing is posted a second time, whatever hint is followed.

use serde_json::{Value, json};

use crate::tales::{Tale, books, world_of};
use crate::world::{Ran, World};

/// Another name, and with it another state file.
fn name(world: &World, name: &str, prefix: &str) {
    world.configure(&books().replace("\"WC-\"", &format!("\"{prefix}\"")));
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let text = text
        .replace("name = \"test\"", &format!("name = \"{name}\""))
        .replace("test.db", &format!("{name}.db"));
    std::fs::write(&world.config, text).expect("written again");
}

/// Every order is held, and each hint says which name to put back.
#[track_caller]
fn all_held(ran: Ran, orders: usize) {
    let found = ran.ends_with(3).problems();
    assert_eq!(found.len(), orders, "{found:?}");
    for problem in found {
        assert_eq!(problem["code"], json!("shop_renamed"), "{problem}");
        let hint = problem["hint"].as_str().expect("a hint");
        assert!(hint.contains("`name = \"test\"` in `[shop]`"), "{hint}");
        assert!(!hint.contains("prefix"), "{hint}");
    }
}

#[test]
fn a_shop_with_another_name_and_a_new_state_does_not_post_everything_again() {
    let mut returned = Tale::paid(1_003, 6_000);
    returned.refunds.push((9_003, 600));
    returned.fee = Some(41);
    let tales = [Tale::paid(1_001, 2_000), Tale::owed(1_002, 3_000), returned];
    // With the number that it has, and with another one: the old hint was to choose another prefix.
    for prefix in ["WC-", "SHOP-"] {
        let world = world_of(&tales);
        world.run("sync orders").ends_with(0);
        let before = world.documents();
        name(&world, "other", prefix);
        all_held(world.run("sync orders --yes --json"), 3);
        all_held(world.run("sync orders --yes --json"), 3);
        all_held(world.run("retry --all --yes --json"), 3);
        assert_eq!(world.documents(), before);

        // The hint is followed, with the state file that the other name began.
        name(&world, "test", prefix);
        let text = std::fs::read_to_string(&world.config).expect("the configuration");
        let text = text.replace("test.db", "other.db");
        std::fs::write(&world.config, text).expect("written");
        let ran = world.run("retry --all --yes --json").ends_with(0);
        assert_eq!(ran.problems(), [] as [Value; 0]);
        assert_eq!(world.documents(), before, "{prefix}");
        // And with the one that the old name has had all along.
        name(&world, "test", prefix);
        world.run("sync orders --full --yes").ends_with(0);
        assert_eq!(world.documents(), before, "{prefix}");
    }
}

#[test]
fn an_order_edited_since_is_known_under_another_name_too() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let before = world.documents();
    tale.net = 2_400;
    tale.tell(&world);
    name(&world, "other", "WC-");
    all_held(world.run("sync orders --yes --json"), 1);
    assert_eq!(world.documents(), before);
}

/// Two shops of one company may give out the same ids.
#[test]
fn the_same_id_of_another_shop_is_no_old_name() {
    let tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    // The other shop's order was of another day and another worth.
    let posted = world.documents()[0].clone();
    let note = posted["object"]["PrivateNote"].as_str().expect("a note");
    let mut lines = posted["object"]["Line"].clone();
    lines[0]["Amount"] = json!(70.0);
    world.tell_books(
        "edit",
        json!({ "entity": "SalesReceipt", "id": posted["id"], "set": {
            "PrivateNote": note.replace("store=test", "store=elsewhere"), "TxnDate": "2026-10-01", "Line": lines, "TotalAmt": 71.0
        } }),
    );
    name(&world, "other", "WC-");
    let ran = world.run("sync orders --yes --json").ends_with(3);
    let found = ran.problems();
    assert_eq!(found[0]["code"], json!("doc_number_conflict"), "{found:?}");
    let hint = found[0]["hint"].as_str().expect("a hint");
    assert!(hint.contains("number_prefix"), "{hint}");
    name(&world, "other", "O-");
    world.run("retry --all --yes").ends_with(0);
    assert_eq!(world.documents().len(), 2);
}

#[test]
fn a_number_of_another_order_of_ours_offers_no_prefix() {
    let first = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&first));
    world.run("sync orders").ends_with(0);
    let second = Tale {
        number: "1001".to_owned(),
        ..Tale::paid(1_002, 3_000)
    };
    second.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    let found = ran.problems();
    assert_eq!(found[0]["code"], json!("doc_number_conflict"), "{found:?}");
    let hint = found[0]["hint"].as_str().expect("a hint");
    assert!(
        hint.contains("give one of the two orders another number") && !hint.contains("prefix"),
        "{hint}"
    );
}
