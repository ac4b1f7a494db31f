//! Reading everything again: what no list of changes tells, how seldom the shop is asked for it, and what it costs.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::order::{order, orders, refund, with};
use crate::world::World;

/// As if the last reading of every order were a day ago.
fn a_day_passes(world: &World) {
    let state = Connection::open(world.state()).expect("the state");
    let moved = state.execute(
        "UPDATE kept SET at = '2020-01-01T00:00:00.000Z' WHERE name LIKE 'sweep of %'",
        [],
    );
    assert_eq!(moved, Ok(1), "every order was read before");
}

/// What the shop was asked below `wc/v3`.
fn asked(world: &World) -> Vec<String> {
    let requests = world.store("requests");
    let requests = requests.as_array().expect("a list");
    let path = |request: &Value| request["path"].as_str().expect("a path").to_owned();
    requests.iter().map(path).collect()
}

fn alone(asked: &[String]) -> usize {
    let is_one = |path: &&String| {
        let id = path.rsplit('/').next().unwrap_or_default();
        path.contains("/wc/v3/orders/") && id.parse::<u64>().is_ok()
    };
    asked.iter().filter(is_one).count()
}

fn refunded(id: u64) -> Value {
    let short = json!([{ "id": id + 500, "reason": "", "total": "-21.00" }]);
    with(order(id), json!({ "refunds": short }))
}

#[test]
fn a_refund_deleted_on_hpos_is_found_on_the_day_after_without_a_flag() {
    let world = World::of_orders(orders(11..=13));
    world.put_order(&refunded(12), &json!([refund(512, 12)]), false);
    world.run("sync orders --yes").ends_with(0);
    assert!(
        world
            .postings()
            .contains(&"RefundReceipt WC-12-R512 21.00 active".to_owned())
    );
    world.delete_store("orders/12/refunds/512");
    // No list of changes tells of it.
    let unseen = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(unseen.json()["mode"], "incremental");

    a_day_passes(&world);
    let seen = world.run("sync orders --yes").ends_with(0);
    assert!(
        seen.err
            .contains("every order is read again (last on 2019-12-31 17:00"),
        "{}",
        seen.err
    );
    let warned = "refund `512` of order `12` is gone from WooCommerce";
    assert!(seen.out.contains(warned), "{}", seen.out);
    // The money may have moved: what was posted stays.
    assert_eq!(world.postings().len(), 4);
}

#[test]
fn a_key_stands_for_what_was_asked_though_the_run_read_everything() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    a_day_passes(&world);
    let line = "sync orders --yes --json --idempotency-key nightly-7";
    let first = world.run(line).ends_with(0);
    assert_eq!(first.json()["mode"], json!("full"), "{}", first.out);
    let again = world.run(line).ends_with(0);
    assert_eq!(again.out, first.out, "nothing was done again");
}

#[test]
fn a_deleted_order_is_asked_for_once_and_not_with_every_reading() {
    let world = World::of_orders(orders(11..=40));
    world.run("sync orders --yes").ends_with(0);
    for id in 11..=14 {
        world.tell_store(&format!("orders/{id}/delete"), json!({}));
    }
    world.forget_requests();
    let first = world.run("sync orders --full --yes --json").ends_with(0);
    let asked_first = asked(&world);
    assert_eq!(alone(&asked_first), 4, "{asked_first:?}");
    world.forget_requests();
    let second = world.run("sync orders --full --yes --json").ends_with(0);
    let asked_again = asked(&world);
    assert_eq!(alone(&asked_again), 0, "{asked_again:?}");
    assert!(asked_again.len() < asked_first.len());
    for figure in ["read", "unchanged", "held"] {
        assert_eq!(first.figure(figure), second.figure(figure), "{figure}");
    }
    assert_eq!(world.documents().len(), 30, "nothing is taken back");

    // Brought back from a backup it is an order like any other.
    let key = json!({ "order_key": "wc_order_12" });
    world.put_order(&with(order(12), key), &json!([]), true);
    let back = world.run("sync orders --full --yes --json").ends_with(0);
    assert_eq!(back.figure("unchanged"), second.figure("unchanged"));
    world.tell_store("orders/12/delete", json!({}));
    world.forget_requests();
    world.run("sync orders --full --yes").ends_with(0);
    assert_eq!(alone(&asked(&world)), 1, "gone anew, it is asked for anew");
}

#[test]
fn a_held_order_that_was_deleted_is_not_asked_for_with_every_run() {
    let world = World::of_orders(vec![order(11), crate::order::unmapped(12)]);
    world.run("sync orders --yes").ends_with(3);
    world.tell_store("orders/12/delete", json!({}));
    world.run("sync orders --yes");
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(alone(&asked(&world)), 0);
}

#[test]
fn looking_at_one_order_by_hand_does_not_forget_what_is_gone() {
    let world = World::of_orders(orders(11..=40));
    world.run("sync orders --yes").ends_with(0);
    for id in 11..=28 {
        world.tell_store(&format!("orders/{id}/delete"), json!({}));
    }
    world.run("sync orders --full --yes").ends_with(7);
    world
        .run("sync orders --full --yes --allow-shrunken")
        .ends_with(0);
    world.run("sync orders --id 40 --yes").ends_with(0);
    // Accepted once, they are no news.
    world.run("sync orders --full --yes").ends_with(0);
}

#[test]
fn whole_readings_can_be_switched_off() {
    let world = World::of_orders(orders(11..=13));
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("[woocommerce]\n", "[woocommerce]\nfull_sweep = \"off\"\n");
    std::fs::write(&world.config, text).expect("written");
    world.run("sync orders --yes").ends_with(0);
    a_day_passes(&world);
    let later = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(later.json()["mode"], "incremental");
    let told = world.run("doctor --check shop.storage").ends_with(0);
    assert!(told.out.contains("`full_sweep` is off"), "{}", told.out);
}

#[test]
fn a_reading_of_everything_does_not_take_a_request_for_each_refund() {
    let generate = json!({ "orders": 400, "customers": 50, "refund_share": 0.2 });
    let world = World::of_generated(generate, json!({}), "");
    world.run("sync orders --yes -q");
    world.forget_requests();
    let again = world.run("sync orders --full --yes --json");
    let asked = asked(&world);
    let of_orders = asked
        .iter()
        .filter(|path| path.ends_with("/refunds") && path.contains("/orders/"));
    let lists = asked.iter().filter(|path| path.ends_with("/v3/refunds"));
    assert!(again.figure("read") >= 400);
    assert_eq!(of_orders.count(), 0, "{asked:?}");
    assert!(lists.count() <= 2, "{asked:?}");
    assert!(asked.len() <= 12, "{} requests: {asked:?}", asked.len());
}

fn product(id: u64) -> Value {
    json!({
        "id": id, "name": format!("Mug {id}"), "slug": format!("mug-{id}"), "type": "simple", "status": "publish",
        "sku": format!("MUG-{id}"), "price": "20.00", "regular_price": "20.00", "virtual": false, "downloadable": false,
        "tax_status": "taxable", "manage_stock": false, "stock_quantity": null, "categories": [], "attributes": [], "variations": [],
        "parent_id": 0, "description": "", "short_description": "", "date_created": "2026-01-02T10:00:00",
        "date_created_gmt": "2026-01-02T17:00:00", "date_modified": "2026-01-02T10:00:00", "date_modified_gmt": "2026-01-02T17:00:00"
    })
}

#[test]
fn products_are_not_written_anew_because_the_shop_draws_lots() {
    let mut shop = crate::world::shop(vec![]);
    shop["products"] = (501..=540).map(product).collect();
    let world = World::new(shop, crate::world::company(), crate::world::BOOKS).with_database();
    let figures = |line: &str| {
        let ran = world.run(line).ends_with(0);
        let copy = ran.json()["targets"]["supabase"].clone();
        ["created", "updated", "unchanged"].map(|name| copy[name].as_u64().expect("a figure"))
    };
    let sync = "sync products --to supabase --yes --json";
    assert_eq!(figures(sync), [40, 0, 0]);
    let kept = world.rows("products")[0]["raw"]["related_ids"].clone();
    assert_eq!(
        kept.as_array().map(Vec::len),
        Some(5),
        "what it said is kept"
    );
    assert_eq!(figures(sync), [0, 0, 40]);
    assert_eq!(figures("dry-run products --to supabase --json"), [0, 0, 40]);
    // Compared with the database itself it is the same.
    assert_eq!(figures(&format!("{sync} --verify")), [0, 0, 40]);
    let changed = with(product(507), json!({ "name": "Cup" }));
    world.put_store("products/507", &changed);
    assert_eq!(figures(sync), [0, 1, 39]);
}
