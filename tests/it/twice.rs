//! Twice: what is in the books already is not written again, and looking costs next to nothing.

use chrono::TimeDelta;
use serde_json::json;
use udsync::sandbox::demo;

use crate::inprocess::sync_at;
use crate::tales::{Tales, books};
use crate::world::{BOOKS, KEY, SECRET, World, company, oauth, shop};

/// Nothing written and at most three metered reads, in a run that changed nothing.
#[track_caller]
fn quiet(world: &World, line: &str, code: i32) {
    world.forget_requests();
    let ran = world.run(line).ends_with(code);
    let counts = world.books("counts");
    assert_eq!(
        counts["writes"],
        json!(0),
        "`{line}` wrote: {}",
        world.books("requests")
    );
    let reads = counts["metered_reads"].as_u64().expect("a figure");
    assert!(
        reads <= 3,
        "`{line}` took {reads} metered reads: {}",
        world.books("requests")
    );
    let requests = &ran.json()["targets"]["quickbooks"]["requests"];
    assert_eq!(
        (requests["writes"].as_u64(), requests["reads"].as_u64()),
        (Some(0), counts["reads"].as_u64()),
        "what is told of it is true"
    );
}

#[test]
fn the_demonstration_is_posted_once() {
    let mut setup = demo::company();
    setup["oauth"] = oauth();
    let mut store = demo::shop();
    store["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
    let world = World::new(store, setup, BOOKS);
    let text = demo::config(&world.shop_url, &world.company_url);
    let (_, books) = text
        .split_once("[books]")
        .expect("the demonstration has books");
    world.configure(&format!("[books]{books}"));
    let first = world.run("sync orders --yes --json");
    let posted = world.postings();
    assert!(posted.len() > 10, "{posted:?}");
    for line in [
        "sync orders --yes --json",
        "sync orders --yes --json",
        "sync orders --yes --full --json",
        "sync refunds --yes --json",
    ] {
        quiet(&world, line, first.code);
    }
    assert_eq!(world.postings(), posted);
}

#[test]
fn two_hundred_orders_are_posted_once() {
    let generate =
        json!({ "orders": 200, "customers": 90, "refund_share": 0.1, "same_second": 30 });
    let world = World::of_generated(generate, json!({}), "");
    world.run("sync orders --yes").ends_with(0);
    let posted = world.postings();
    assert!(posted.len() > 210, "{}", posted.len());
    for line in [
        "sync orders --yes --json",
        "sync orders --yes --json",
        "sync orders --yes --full --json",
        "sync refunds --yes --full --json",
    ] {
        quiet(&world, line, 0);
    }
    assert_eq!(world.postings(), posted);
}

#[test]
fn a_shop_in_the_middle_of_its_days_is_posted_once() {
    for seed in 1..=4 {
        let world = World::new(shop(Vec::new()), company(), &books());
        let mut tales = Tales::begin(seed, &world, 12);
        for _ in 0..3 {
            world.run("sync orders --yes").ends_with(0);
            assert_eq!(tales.check(&world), [] as [String; 0], "seed {seed}");
            for line in [
                "sync orders --yes --json",
                "sync orders --yes --full --json",
            ] {
                quiet(&world, line, 0);
            }
            tales.go_on(&world, 6);
        }
    }
}

#[test]
fn the_day_of_the_run_makes_no_difference() {
    let world = World::new(shop(Vec::new()), company(), &books());
    let mut tales = Tales::begin(7, &world, 10);
    // A day, and years later. The lists of the company are read again, and that is all.
    for hours in [0, 26, 24 * 800] {
        world.tell_store("clock", json!({ "offset_seconds": hours * 3_600 }));
        sync_at(&world, TimeDelta::hours(hours)).report();
        assert_eq!(tales.check(&world), [] as [String; 0], "{hours} hours off");
        for again in [hours, hours + 25] {
            world.tell_store("clock", json!({ "offset_seconds": again * 3_600 }));
            world.forget_requests();
            sync_at(&world, TimeDelta::hours(again)).report();
            assert_eq!(
                world.books("counts")["writes"],
                json!(0),
                "{again} hours off"
            );
        }
        tales.go_on(&world, 5);
    }
}
