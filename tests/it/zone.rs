//! The zone of the books where the configuration names none: the shop's own, settled once; and books that were begun before keep theirs.

use serde_json::{Value, json};

use crate::order::{order, with};
use crate::world::{BOOKS, World, company, shop};

/// The usual rules without a time zone.
fn silent() -> String {
    BOOKS.replace("timezone = \"America/Edmonton\"\n", "")
}

/// An order of half past eleven in the evening in Vancouver, which is half past midnight in Edmonton.
fn late(id: u64) -> Value {
    let night = json!({
        "date_created": "2026-11-03T23:30:00", "date_created_gmt": "2026-11-04T07:30:00",
        "date_paid": "2026-11-03T23:30:00", "date_paid_gmt": "2026-11-04T07:30:00"
    });
    with(order(id), night)
}

fn world(zone: &str, orders: Vec<Value>, books: &str) -> World {
    let mut shop = shop(orders);
    shop["site"]["timezone"] = json!(zone);
    World::new(shop, company(), books)
}

fn days(world: &World) -> Vec<String> {
    let documents = world.documents();
    let day = |document: &Value| document["object"]["TxnDate"].as_str().map(str::to_owned);
    documents.iter().filter_map(day).collect()
}

#[test]
fn a_silent_configuration_takes_the_zone_of_the_shop_and_keeps_it() {
    let world = world("America/Vancouver", vec![late(1)], &silent());
    let shown = world.run("dry-run orders --json").ends_with(0);
    assert!(shown.out.contains("2026-11-03"), "{}", shown.out);
    let told = world.run("sync orders").ends_with(0);
    assert!(told.err.contains("`America/Vancouver`"), "{}", told.err);
    assert_eq!(days(&world), ["2026-11-03"]);
    // It is settled, and nothing is told twice.
    let again = world.run("sync orders --full --json").ends_with(0);
    assert_eq!(again.figure("unchanged"), 1);
    assert!(!again.err.contains("Vancouver"), "{}", again.err);
    // What the configuration says goes before it.
    world.configure(BOOKS);
    world.put_order(&late(2), &json!([]), false);
    world.run("sync orders").ends_with(0);
    assert_eq!(days(&world).last().map(String::as_str), Some("2026-11-04"));
}

#[test]
fn books_that_were_begun_before_the_shop_was_asked_keep_their_days() {
    let world = world("America/Vancouver", vec![late(1)], BOOKS);
    world.run("sync orders").ends_with(0);
    assert_eq!(days(&world), ["2026-11-04"]);
    world.configure(&silent());
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!(ran.figure("unchanged"), 1, "{}", ran.out);
    assert!(
        ran.err.contains("`America/Edmonton`, as until now"),
        "{}",
        ran.err
    );
    world.put_order(&late(2), &json!([]), false);
    world.run("sync orders").ends_with(0);
    assert_eq!(days(&world), ["2026-11-04", "2026-11-04"]);
}

#[test]
fn a_shop_with_an_offset_for_a_zone_has_the_days_of_that_offset() {
    let world = world("Etc/GMT+8", vec![late(1)], &silent());
    let told = world.run("sync orders").ends_with(0);
    assert!(told.err.contains("`Etc/GMT+8`"), "{}", told.err);
    assert_eq!(days(&world), ["2026-11-03"]);
}
