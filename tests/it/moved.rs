//! A shop that moves: the same shop is taken along with everything that was posted, and a copy of it is not.

use std::process::Command;

use serde_json::{Value, json};
use udsync::sandbox::woocommerce;

use crate::order::{order, orders, with};
use crate::world::{RUNTIME, Ran, World, ran, shop};

/// The same shop, or another one, at another address.
fn elsewhere(orders: Vec<Value>) -> woocommerce::Running {
    RUNTIME
        .block_on(woocommerce::start(0, shop(orders)))
        .expect("a shop opens")
}

/// The configuration names the other address.
fn lead_to(world: &World, url: &str) {
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    std::fs::write(&world.config, text.replace(&world.shop_url, url)).expect("written");
}

fn run(command: &mut Command) -> Ran {
    ran(command.output().expect("it runs"))
}

#[test]
fn a_shop_that_moved_keeps_its_documents_and_goes_on() {
    let mut world = World::of_orders(orders(11..=30));
    world.run("sync orders --yes").ends_with(0);
    world.close_store();
    let mut moved = orders(11..=30);
    moved.push(order(31));
    // One was edited while everything was carried around.
    moved[0] = with(
        order(11),
        json!({ "total": "31.00", "customer_note": "edited",
        "date_modified": "2026-11-04T10:00:00", "date_modified_gmt": "2026-11-04T17:00:00" }),
    );
    moved[0]["line_items"][0]["total"] = json!("30.00");
    moved[0]["line_items"][0]["subtotal"] = json!("30.00");
    let there = elsewhere(moved);
    lead_to(&world, &there.url());

    let refused = world.run("sync orders --yes --json").ends_with(2);
    assert_eq!(refused.json()["code"], "other_books");
    let hint = refused.json()["hint"].as_str().expect("a hint").to_owned();
    assert!(hint.contains("--allow-moved"), "{hint}");

    let carried = world.run("sync orders --yes --allow-moved").ends_with(0);
    assert!(
        carried.err.contains("the shop has moved from"),
        "{}",
        carried.err
    );
    // What was posted is known, what is new is posted, once; the cursor went along.
    assert!(carried.out.contains("1 created"), "{}", carried.out);
    assert_eq!(world.postings().len(), 21);
    let again = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(again.json()["mode"], "incremental");
    assert_eq!(again.figure("created"), 0);
    assert_eq!(
        world
            .run("sync orders --full --yes --json")
            .figure("created"),
        0
    );
    assert_eq!(world.postings().len(), 21);
}

#[test]
fn a_copy_beside_the_shop_is_not_where_it_moved_to() {
    let world = World::of_orders(orders(11..=30));
    world.run("sync orders --yes").ends_with(0);
    // A staging copy has the same orders and says to live where it is; the shop goes on at the old address.
    let copy = elsewhere(orders(11..=31));
    lead_to(&world, &copy.url());
    let stopped = world
        .run("sync orders --yes --allow-moved --json")
        .ends_with(7);
    assert_eq!(stopped.json()["code"], "store_clone");
    let message = stopped.json()["message"]
        .as_str()
        .expect("words")
        .to_owned();
    assert!(message.contains("still answers at"), "{message}");
    assert_eq!(world.postings().len(), 20);
    // Nothing was carried over.
    lead_back(&world, &copy.url());
    world.run("sync orders --yes").ends_with(0);
}

fn lead_back(world: &World, url: &str) {
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    std::fs::write(&world.config, text.replace(url, &world.shop_url)).expect("written");
}

#[test]
fn another_shop_in_the_place_of_a_closed_one_does_not_inherit_its_documents() {
    let mut world = World::of_orders(orders(11..=30));
    world.run("sync orders --yes").ends_with(0);
    world.close_store();
    // The ids are the same, as they are in every shop that begins.
    let strangers =
        (11..=30).map(|id| with(order(id), json!({ "total": "99.00", "currency": "CAD" })));
    let there = elsewhere(strangers.collect());
    lead_to(&world, &there.url());
    let stopped = world
        .run("sync orders --yes --allow-moved --json")
        .ends_with(7);
    assert_eq!(stopped.json()["code"], "store_clone");
    assert_eq!(world.postings().len(), 20);
}

#[test]
fn stored_keys_are_given_anew_for_the_new_address_and_the_links_stay() {
    let mut world = World::of_orders(orders(11..=14));
    let connect = |url: &str, flags: &str| {
        let mut command = world.command(&format!(
            "connect woocommerce --from-env --url {url} {flags}"
        ));
        command.env("UDSYNC_KEY", crate::supabase::MASTER);
        command
    };
    run(&mut connect(&world.shop_url, "")).ends_with(0);
    world.run("sync orders --yes").ends_with(0);
    let there = elsewhere(orders(11..=15));
    let copy = run(connect(&there.url(), "--allow-moved").arg("--json")).ends_with(7);
    assert_eq!(copy.json()["code"], "store_clone");
    let refused = run(connect(&there.url(), "").arg("--json")).ends_with(2);
    let hint = refused.json()["hint"].as_str().expect("a hint").to_owned();
    assert!(hint.contains("--allow-moved"), "{hint}");
    world.close_store();
    let url = there.url();
    let mut connect = world.command(&format!(
        "connect woocommerce --from-env --url {url} --allow-moved"
    ));
    run(connect.env("UDSYNC_KEY", crate::supabase::MASTER)).ends_with(0);
    let went_on = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(went_on.figure("created"), 1);
    assert_eq!(went_on.json()["mode"], "incremental");
    assert_eq!(world.postings().len(), 5);
}
