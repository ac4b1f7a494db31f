//! The cursor: nothing that happens in the shop is missed, however the pages fall and whatever the clocks say.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::inprocess::sync_at;
use crate::tales::{Books, Tale, Tales, books};
use crate::world::{World, company, shop};

fn world_of(tales: &[Tale], storage: &str) -> World {
    let mut setup = shop(Vec::new());
    setup["storage"] = json!(storage);
    let world = World::new(setup, company(), &books());
    for tale in tales {
        tale.tell(&world);
    }
    world
}

#[track_caller]
fn all_well(world: &World, tales: &[Tale]) {
    let books = Books::read(world);
    let wrong: Vec<String> = tales.iter().flat_map(|tale| tale.check(&books)).collect();
    assert_eq!(wrong, [] as [String; 0]);
    assert!(
        books
            .0
            .iter()
            .all(|one| tales.iter().any(|tale| tale.id == one.order))
    );
}

fn pages_of(world: &World, size: u32) {
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let text = text.replace("[quickbooks]", &format!("page_size = {size}\n[quickbooks]"));
    std::fs::write(&world.config, text).expect("written again");
}

/// Orders of which each adds up, changed in one second as an import leaves them.
fn of_one_second(count: u64) -> (Vec<Value>, Vec<Tale>) {
    let tales: Vec<Tale> = (0..count)
        .map(|n| Tale::paid(2_001 + n, 1_000 + 20 * n as i64))
        .collect();
    let orders = tales
        .iter()
        .map(|tale| {
            let mut order = tale.order();
            order["date_modified_gmt"] = json!("2026-11-09T17:01:00");
            order
        })
        .collect();
    (orders, tales)
}

#[test]
fn two_hundred_and_forty_two_orders_in_one_second_are_all_seen() {
    for size in [100, 10] {
        let (orders, mut tales) = of_one_second(242);
        let mut setup = shop(orders);
        setup["site"]["timezone"] = json!("America/Edmonton");
        let world = World::new(setup, company(), &books());
        pages_of(&world, size);
        // Before every third page somebody saves an order.
        world.tell_store("writer", json!({ "every_requests": 3 }));
        world.run("sync orders --yes").ends_with(0);
        all_well(&world, &tales);
        // The second day, while somebody still saves orders: a few are edited, and edited means updated.
        for tale in tales.iter_mut().step_by(40) {
            tale.net += 200;
            tale.tell(&world);
        }
        world.run("sync orders --yes").ends_with(0);
        all_well(&world, &tales);
        world.forget_requests();
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.books("counts")["writes"], json!(0));
    }
}

#[test]
fn clocks_that_disagree_miss_nothing() {
    // The shop's, ours; in seconds off the true time.
    for (theirs, ours) in [
        (60, 0),
        (-60, 0),
        (0, 60),
        (0, -60),
        (60, -60),
        (-60, 60),
        (400, -400),
    ] {
        let mut setup = shop(Vec::new());
        setup["clock_offset_seconds"] = json!(theirs);
        let world = World::new(setup, company(), &books());
        let mut tales = Tales::begin(11, &world, 6);
        for day in 0..3 {
            sync_at(&world, TimeDelta::seconds(ours)).report();
            assert_eq!(
                tales.check(&world),
                [] as [String; 0],
                "shop {theirs} s, we {ours} s, run {day}"
            );
            tales.another(&world);
            tales.go_on(&world, 4);
        }
    }
}

/// A clock that is put right must not hide what is changed until it gets there again.
#[test]
fn a_shop_whose_clock_is_set_back_misses_nothing_within_the_overlap() {
    let world = World::new(shop(Vec::new()), company(), &books());
    world.tell_store("clock", json!({ "offset_seconds": 120 }));
    let mut tales = Tales::begin(3, &world, 4);
    world.run("sync orders --yes").ends_with(0);
    world.tell_store("clock", json!({ "offset_seconds": 0 }));
    for _ in 0..2 {
        tales.another(&world);
        tales.go_on(&world, 3);
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(tales.check(&world), [] as [String; 0]);
    }
}

#[test]
fn orders_in_the_trash_out_of_it_and_gone_are_noticed() {
    for storage in ["hpos", "posts"] {
        let mut tales = vec![
            Tale::owed(1_001, 2_000),
            Tale::owed(1_002, 3_000),
            Tale::paid(1_003, 4_000),
            Tale::paid(1_004, 5_000),
            Tale::owed(1_005, 6_000),
            Tale::paid(1_006, 7_000),
        ];
        let world = world_of(&tales, storage);
        world.run("sync orders --yes").ends_with(0);
        // Two to the trash, two gone for good.
        for id in [1_001, 1_003] {
            world.tell_store(&format!("orders/{id}/trash"), json!({}));
        }
        for id in [1_002, 1_004] {
            world.tell_store(&format!("orders/{id}/delete"), json!({}));
        }
        tales[0].trashed = true;
        tales[1].trashed = true;
        // What is gone for good is missed only by a reading of everything.
        world.run("sync orders --yes --full").ends_with(0);
        all_well(&world, &tales);
        let states: Vec<(u64, String)> = Books::read(&world)
            .0
            .iter()
            .map(|one| (one.order, one.state.clone()))
            .collect();
        let wanted = [
            (1_001, "voided"),
            (1_002, "voided"),
            (1_003, "active"),
            (1_004, "active"),
            (1_005, "active"),
            (1_006, "active"),
        ];
        assert_eq!(
            states,
            wanted.map(|(order, state)| (order, state.to_owned())),
            "{storage}"
        );
        for line in ["sync orders --yes", "sync orders --yes --full"] {
            world.forget_requests();
            world.run(line).ends_with(0);
            assert_eq!(
                world.books("counts")["writes"],
                json!(0),
                "{storage} {line}"
            );
        }
        // Out of the trash again: the paid one is as it was, the voided invoice is for a person.
        for id in [1_001, 1_003] {
            world.tell_store(&format!("orders/{id}/restore"), json!({}));
        }
        world.forget_requests();
        let ran = world.run("sync orders --yes --full --json").ends_with(3);
        assert_eq!(
            ran.json()["problems"].as_array().expect("a list").len(),
            1,
            "{storage}: {}",
            ran.out
        );
        assert_eq!(ran.json()["problems"][0]["source"]["id"], json!("1001"));
        assert_eq!(world.books("counts")["writes"], json!(0), "{storage}");
    }
}

#[test]
fn the_trash_is_looked_through_without_a_full_reading() {
    let mut tale = Tale::owed(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale), "hpos");
    world.run("sync orders --yes").ends_with(0);
    tale.trashed = true;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &[tale]);
}

#[test]
fn a_full_reading_finds_edits_that_leave_no_time() {
    let mut tales = vec![Tale::paid(1_001, 2_000), Tale::owed(1_002, 3_000)];
    let world = world_of(&tales, "posts");
    world.run("sync orders --yes").ends_with(0);
    // A plugin writes to the database directly.
    tales[0].net = 2_400;
    tales[0].refunds.push((9_001, 400));
    tales[1].paid = true;
    for tale in &tales {
        world.put_order(&tale.order(), &tale.refund_objects(), true);
    }
    world.run("sync orders --yes --full").ends_with(0);
    all_well(&world, &tales);
    world.forget_requests();
    world.run("sync orders --yes --full").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn one_bad_order_stops_no_other_and_is_posted_when_it_is_mended() {
    let tales: Vec<Tale> = (1..=5)
        .map(|n| Tale::paid(1_000 + n, 1_000 * n as i64))
        .collect();
    let world = world_of(&tales, "hpos");
    let mut bad = tales[2].order();
    bad["line_items"][0]["total"] = json!({ "oops": 1 });
    world.put_order(&bad, &json!([]), false);
    for line in [
        "sync orders --yes --json",
        "sync orders --yes --json",
        "sync orders --yes --full --json",
    ] {
        let ran = world.run(line).ends_with(3);
        let problems = ran.json()["problems"].as_array().expect("a list").clone();
        assert_eq!(problems.len(), 1, "{}", ran.out);
        assert_eq!(problems[0]["code"], json!("order_unreadable"));
        assert_eq!(problems[0]["source"]["id"], json!("1003"));
        let message = problems[0]["message"].as_str().expect("a sentence");
        assert!(message.contains("line_items[0].total"), "{message}");
        assert_eq!(world.documents().len(), 4);
    }
    // Mended without leaving a time, long after: it is asked for because it is held.
    world.put_order(&tales[2].order(), &json!([]), true);
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &tales);
    let ran = world.run("retry --list --json").ends_with(0);
    assert!(!ran.out.contains("order_unreadable"), "{}", ran.out);
}

#[test]
fn a_held_order_that_the_shop_deletes_is_no_problem_any_more() {
    let world = world_of(&[Tale::paid(1_001, 2_000)], "hpos");
    let mut bad = Tale::paid(1_002, 3_000).order();
    bad["total"] = json!("99.00");
    world.put_order(&bad, &json!([]), false);
    world.run("sync orders --yes").ends_with(3);
    world.tell_store("orders/1002/delete", json!({}));
    world.run("sync orders --yes").ends_with(0);
    let ran = world.run("retry --list --json").ends_with(0);
    assert!(!ran.out.contains("1002"), "{}", ran.out);
}

/// A run over a selection says nothing about the rest of the shop.
#[test]
fn a_selection_by_hand_does_not_move_the_cursor() {
    for line in [
        "sync orders --yes --status completed",
        "sync orders --yes --since 2030-01-01",
        "sync orders --yes --id 1001",
        "sync refunds --yes",
    ] {
        let tales = [Tale::paid(1_001, 2_000), Tale::owed(1_002, 3_000)];
        let world = world_of(&tales, "hpos");
        world.run(line).ends_with(0);
        world.run("sync orders --yes").ends_with(0);
        all_well(&world, &tales);
    }
}

#[test]
fn a_limit_leaves_the_rest_for_the_next_run() {
    let (mut orders, tales) = of_one_second(25);
    for (minute, order) in orders.iter_mut().enumerate() {
        order["date_modified_gmt"] = json!(format!("2026-11-09T17:{minute:02}:00"));
    }
    let world = World::new(shop(orders), company(), &books());
    pages_of(&world, 10);
    let mut runs = 0;
    while world.documents().len() < tales.len() {
        world.run("sync orders --yes --limit 7");
        runs += 1;
        assert!(runs < 20, "{} of {}", world.documents().len(), tales.len());
    }
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &tales);
}
