//! Parts: a first import that was agreed to beforehand is made some orders at a time. It comes to the same books as one plan for all of
//! it, wherever it is broken off and whatever the state file has lost.

use serde_json::{Value, json};

use crate::inprocess::{End, Ended, How, sync_until};
use crate::order::{order, with};
use crate::tales::{Dice, books};
use crate::world::{World, company, shop};

const ORDERS: u64 = 40;

fn season(orders: u64) -> World {
    let generate = json!({ "orders": orders, "customers": orders / 2, "refund_share": 0.1 });
    World::of_generated(generate, json!({}), "")
}

/// Orders that changed one after the other, a minute apart and long ago.
fn queue(count: u64) -> World {
    let orders = (1..=count).map(|nth| {
        let at = format!("2026-09-{:02}T10:{:02}:00", 1 + nth / 30, nth % 60);
        with(
            order(nth),
            json!({ "date_modified": at.clone(), "date_modified_gmt": at }),
        )
    });
    let mut setup = company();
    // A second document of a number must be our own doing to be seen.
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    World::new(shop(orders.collect()), setup, &books())
}

/// What the books hold, whatever the order in which it was made.
fn held(world: &World) -> Vec<String> {
    let mut postings = world.postings();
    postings.sort();
    postings
}

fn runs(world: &World) -> Vec<Value> {
    let runs = world.run("history --json --limit 200").json()["runs"].take();
    let Value::Array(mut runs) = runs else {
        panic!("a list of runs")
    };
    runs.reverse();
    runs
}

#[track_caller]
fn writes_nothing(world: &World) {
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn a_first_import_in_parts_comes_to_the_same_books() {
    let whole = season(ORDERS);
    let at_once = whole.run("sync orders --yes --json").ends_with(0).json();
    let parted = season(ORDERS);
    parted.say_of_sync("orders_at_once = 7");
    let in_parts = parted.run("sync orders --yes --json").ends_with(0).json();
    assert_eq!(held(&parted), held(&whole));
    let figure = |answer: &Value, name: &str| answer["targets"]["quickbooks"][name].clone();
    for name in ["created", "held", "failed"] {
        assert_eq!(figure(&in_parts, name), figure(&at_once, name), "{name}");
    }
    // One answer tells of all parts, and the history has each as a run of its own.
    let runs = runs(&parted);
    assert!(runs.len() >= 5, "{} runs", runs.len());
    assert_eq!(in_parts["run_id"], runs[0]["run_id"]);
    let created: u64 = runs
        .iter()
        .filter_map(|run| run["targets"]["quickbooks"]["created"].as_u64())
        .sum();
    assert_eq!(json!(created), figure(&in_parts, "created"));
    let requests: u64 = runs
        .iter()
        .filter_map(|run| run["targets"]["quickbooks"]["requests"]["writes"].as_u64())
        .sum();
    assert_eq!(json!(requests), figure(&in_parts, "requests")["writes"]);
    let named = in_parts["changes"].as_array().expect("a list").len();
    assert_eq!(named, at_once["changes"].as_array().expect("a list").len());
    writes_nothing(&parted);
    parted.run("verify").ends_with(0);
}

#[test]
fn what_hangs_on_one_plan_has_one() {
    let world = queue(12);
    world.say_of_sync("orders_at_once = 5");
    let plan = world.run("sync orders --dry-run --json").json();
    let steps = plan["changes"].as_array().expect("a list").len();
    assert!(steps >= 12, "{steps}");
    world.run("sync orders --yes --max-changes 6").ends_with(7);
    assert!(
        held(&world).is_empty(),
        "nothing before all of it was counted"
    );
    world.run("sync orders").ends_with(0);
    assert_eq!(runs(&world).len(), 2, "the refused one and the whole one");
}

#[test]
fn a_limit_by_hand_is_the_end_of_the_run() {
    let world = queue(12);
    world.say_of_sync("orders_at_once = 5");
    let answer = world.run("sync orders --yes --limit 4 --json").ends_with(0);
    assert_eq!(answer.json()["targets"]["quickbooks"]["read"], json!(4));
    assert_eq!(runs(&world).len(), 1);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(sales(&world), 12);
}

#[test]
fn more_orders_of_one_second_than_a_part_takes_are_all_posted_once() {
    let orders = (1..=11).map(order).collect();
    let mut setup = company();
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    let world = World::new(shop(orders), setup, &books());
    world.say_of_sync("orders_at_once = 3");
    let answer = world.run("sync orders --yes --json").ends_with(0).json();
    assert_eq!(
        answer["targets"]["quickbooks"]["created"],
        json!(held(&world).len())
    );
    assert_eq!(sales(&world), 11);
    writes_nothing(&world);
}

/// How many orders have a sale in the books; a panic where one has two.
fn sales(world: &World) -> usize {
    let mut numbers: Vec<String> = world
        .documents()
        .iter()
        .filter(|document| {
            ["SalesReceipt", "Invoice"].contains(&document["entity"].as_str().unwrap_or_default())
        })
        .map(|document| document["object"]["DocNumber"].to_string())
        .collect();
    let all = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "an order is in the books twice");
    all
}

#[test]
fn what_is_held_is_told_once_and_keeps_no_part_from_its_end() {
    let world = queue(12);
    for nth in [2, 6, 10] {
        world.put_order(
            &with(order(nth), json!({ "total": "1.00" })),
            &json!([]),
            true,
        );
    }
    world.say_of_sync("orders_at_once = 4");
    let answer = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(answer.problems().len(), 3, "{:?}", answer.codes());
    assert_eq!(answer.json()["status"], json!("partial"));
    assert_eq!(answer.json()["targets"]["quickbooks"]["held"], json!(3));
    assert_eq!(sales(&world), 9);
}

#[test]
fn a_lost_state_posts_nothing_twice_whether_it_is_lost_at_the_end_or_in_the_middle() {
    let world = queue(20);
    world.say_of_sync("orders_at_once = 3");
    // Broken off in the middle, several parts are in the books.
    let end = End::at(24, How::Killed);
    assert!(matches!(sync_until(&world, &end), Ended::Killed));
    let before = sales(&world);
    assert!((4..20).contains(&before), "{before} of 20");
    world.lose_state();
    // Somebody has given one another number meanwhile: only its mark tells whose it is.
    let first = &world.documents()[0];
    world.tell_books(
        "edit",
        json!({ "entity": first["entity"], "id": first["id"], "set": { "DocNumber": "X-1" } }),
    );
    world.run("sync orders --yes");
    assert_eq!(sales(&world), 20);
    world.lose_state();
    world.run("sync orders --yes");
    assert_eq!(sales(&world), 20);
}

#[test]
fn cut_off_anywhere_the_next_command_goes_on_behind_the_last_part() {
    let seed = u64::from(std::process::id());
    println!("parts: seed {seed}");
    let mut dice = Dice(seed);
    let whole = queue(12);
    whole.run("sync orders --yes").ends_with(0);
    let wanted = held(&whole);
    for how in [How::Killed, How::Unreachable] {
        let world = queue(12);
        world.say_of_sync("orders_at_once = 3");
        world.say_of_quickbooks("batch_size = 2");
        world.settle_after("2ms");
        let mut at = 0;
        for _ in 0..6 {
            at = 1 + dice.below(9);
            let _ = sync_until(&world, &End::at(at, how));
        }
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(held(&world), wanted, "seed {seed}, last cut at {at}");
        // Nothing is read anew that a part before had read.
        let again = runs(&world).iter().any(|run| run["mode"] == "full");
        assert!(!again, "seed {seed}");
        writes_nothing(&world);
        world.run("verify").ends_with(0);
    }
}

#[test]
fn the_database_gets_its_rows_by_parts_too() {
    let world = queue(20).with_database();
    world.say_of_sync("orders_at_once = 6");
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.rows("orders").len(), 20);
    assert_eq!(sales(&world), 20);
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

/// The pages of the next part are read while this one is posted, and each of them once.
#[test]
fn what_is_read_ahead_is_not_read_again() {
    // How often the shop was asked for a page of orders, and for its refunds.
    let asked = |at_once: u64| {
        let world = season(400);
        world.say_of_sync(&format!("orders_at_once = {at_once}"));
        let text = std::fs::read_to_string(&world.config).expect("it was written");
        let text = text.replace("[quickbooks]", "page_size = 10\n[quickbooks]");
        std::fs::write(&world.config, text).expect("written again");
        world.forget_requests();
        world.run("sync orders --yes -q").ends_with(0);
        let requests = world.store("requests");
        let requests = requests.as_array().expect("a list");
        let of = |list: &str| {
            let path = format!("/wp-json/wc/v3/{list}");
            let is_meant = |one: &&Value| one["path"] == path;
            requests.iter().filter(is_meant).count()
        };
        (runs(&world).len(), of("orders"), of("refunds"))
    };
    let (_, pages, lists) = asked(400);
    let (parts, parted, lists_parted) = asked(100);
    assert!(parts >= 4, "{parts} parts");
    // Each part looks into the shop's trash and meets the page again on which the one before has ended; one page may still be on its
    // way when the posting ends. A part has ten pages.
    assert!(
        parted - pages <= 4 * (parts - 1),
        "{pages} pages at once, {parted} in {parts} parts"
    );
    assert_eq!(lists, lists_parted, "the list of refunds serves all parts");
}

/// Another machine may begin while the parts go on for hours.
#[test]
fn who_else_posts_is_asked_before_each_part() {
    let world = queue(12);
    world.say_of_sync("orders_at_once = 4");
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(sales(&world), 12);
    let parts = runs(&world).len();
    assert!(parts >= 3, "{parts} parts");
    let asked = world.books("requests").to_string();
    let looks = asked.matches("SalesReceipt,Invoice,Payment").count();
    assert!(looks >= 3, "{looks} looks in {parts} parts");
}

/// More changes than a run names: its figures count them all, and whoever wants the whole list gets it.
#[test]
fn what_is_too_much_for_a_screen_is_counted_and_listed_for_whoever_asks() {
    let world = season(1_100);
    world.say_of_sync("orders_at_once = 300");
    let shown = world.run("sync orders --yes").ends_with(0).out;
    let documents = held(&world).len();
    assert!(documents >= 1_100);
    assert!(shown.contains(&format!("{documents} created")), "{shown}");
    assert!(
        shown.contains(&format!("… and {} more", documents - 60)),
        "{shown}"
    );
    world.lose_state();
    let again = season(1_100);
    again.say_of_sync("orders_at_once = 300");
    let answer = again.run("sync orders --yes --json").ends_with(0).json();
    let of_orders = |change: &&Value| change["doc_number"].is_string();
    let changes = answer["changes"].as_array().expect("a list");
    assert_eq!(changes.iter().filter(of_orders).count(), documents);
}

/// `cargo test --release --test it parts -- --ignored --nocapture`
#[test]
#[ignore = "a benchmark of a minute"]
fn memory_does_not_grow_with_the_shop() {
    let peak = |orders: u64| {
        let world = season(orders);
        let watched = crate::figures::watch(world.start("sync orders --yes"));
        watched.ran.ends_with(0);
        println!("parts: {orders} orders, peak {:.1} MB", watched.peak);
        watched.peak
    };
    let (small, large) = (peak(2_000), peak(8_000));
    assert!(large < small * 1.35, "{large} MB after {small} MB");
}
