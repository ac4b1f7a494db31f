//! `verify` from outside: what runs wrote down holds through syncs, kills and a person who is forgotten, and whatever was changed behind
//! the program's back ends with 8.

use rusqlite::Connection;

use crate::order::{order, unmapped};
use crate::world::World;

fn changed(world: &World, sql: &str) {
    let file = Connection::open(world.state()).expect("opens");
    // Somebody else's program minds no reference.
    file.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}"))
        .expect("changed");
}

#[test]
fn what_runs_wrote_down_holds_and_a_change_is_named() {
    let world = World::of_orders(vec![order(1042), unmapped(1043)]);
    let none = world.run("verify --json").ends_with(0).json();
    assert_eq!(none["schema"], "udsync/verify/1");
    assert_eq!((&none["entries"], &none["head"]), (&0.into(), &().into()));
    world.run("sync orders --yes").ends_with(3);
    world.run("sync orders --yes").ends_with(3);
    let held = world.run("verify --json").ends_with(0).json();
    assert_eq!(
        (&held["ok"], &held["broken"]),
        (&true.into(), &Vec::<u8>::new().into())
    );
    assert_eq!(held["entries"], 2, "each run ended once: {held}");
    assert!(held["bodies"]["compared"].as_u64() > Some(0), "{held}");
    let head = held["head"].as_str().expect("a head").to_owned();
    let said = world
        .run(&format!("verify --head {}", &head[..16]))
        .ends_with(0);
    assert!(said.out.contains("nothing was changed"), "{}", said.out);
    let last = format!("binds everything up to entry {}", held["entries"]);
    assert!(said.out.contains(&last), "{}", said.out);
    world.run("verify --head nothing").ends_with(2);

    changed(
        &world,
        "UPDATE change_rows SET total = '1.00' WHERE total IS NOT NULL AND id = (SELECT min(id) FROM change_rows WHERE total IS NOT NULL)",
    );
    let broken = world.run("verify --json").ends_with(8).json();
    assert_eq!(broken["ok"], false);
    assert!(broken["broken"][0]["entry"].as_u64() > Some(0), "{broken}");
    let said = world.run("verify").ends_with(8).out;
    assert!(said.contains(": what run"), "{said}");
}

#[test]
fn an_end_that_was_taken_off_is_seen_by_whoever_kept_the_head() {
    let world = World::of_orders(vec![order(1042)]);
    world.run("sync orders --yes").ends_with(0);
    world.run("sync orders --yes").ends_with(0);
    let head = world.run("verify --json").json()["head"]
        .as_str()
        .expect("a head")
        .to_owned();
    changed(
        &world,
        "DELETE FROM change_rows WHERE run IN
             (SELECT number FROM run_numbers WHERE run_id = (SELECT id FROM runs ORDER BY rowid DESC LIMIT 1));
         DELETE FROM chain WHERE run_id = (SELECT id FROM runs ORDER BY rowid DESC LIMIT 1);
         DELETE FROM runs WHERE rowid = (SELECT max(rowid) FROM runs)",
    );
    world.run("verify").ends_with(0);
    let said = world.run(&format!("verify --head {head}")).ends_with(8).out;
    assert!(said.contains("is in no entry"), "{said}");
}

#[test]
fn a_run_that_was_killed_and_a_person_who_is_forgotten_break_nothing() {
    let world = World::of_orders(vec![order(1), order(2), order(3)]);
    world.tell_books(
        "mishaps",
        serde_json::json!({ "what": "lose_answer", "operation": "create" }),
    );
    let _ = world.run("sync orders --yes");
    world.clear_mishaps();
    world.company_is_idle();
    world.run("sync orders --yes");
    let held = world.run("verify --json").ends_with(0).json();
    assert!(held["entries"].as_u64() >= Some(2), "{held}");
    world.run("privacy forget ann1@example.com --yes");
    world.run("verify").ends_with(0);
}

#[test]
fn the_runs_in_the_database_carry_heads_that_the_state_cannot_take_back() {
    let world = World::of_orders(vec![order(1042)]).with_database();
    let none = world.run("verify --database --json").ends_with(0).json();
    assert_eq!(none["compared"]["database"], 0, "{none}");
    for _ in 0..2 {
        world.run("sync orders --yes").ends_with(0);
    }
    let rows = world.rows("sync_logs");
    let runs = rows.iter().filter(|row| row["kind"] == "run");
    for run in runs {
        assert!(run["history_entries"].as_u64() > Some(0), "{run}");
        assert_eq!(
            run["history_head"].as_str().map(str::len),
            Some(64),
            "{run}"
        );
    }
    let said = world.run("verify").ends_with(0).out;
    assert!(said.contains("no service was asked"), "{said}");
    assert!(
        said.contains("that the last run in the database carried"),
        "{said}"
    );
    let held = world.run("verify --database --json").ends_with(0).json();
    assert!(held["compared"]["database"].as_u64() >= Some(2), "{held}");
    let offline = world.run("verify --json").ends_with(0).json();
    assert!(offline["compared"]["database"].is_null(), "{offline}");

    // Somebody takes the last run off, and what the file remembers of having given its head away.
    changed(
        &world,
        "DELETE FROM change_rows WHERE run IN
             (SELECT number FROM run_numbers WHERE run_id = (SELECT id FROM runs ORDER BY rowid DESC LIMIT 1));
         DELETE FROM chain WHERE run_id = (SELECT id FROM runs ORDER BY rowid DESC LIMIT 1);
         DELETE FROM runs WHERE rowid = (SELECT max(rowid) FROM runs);
         DELETE FROM anchors",
    );
    world.run("verify").ends_with(0);
    let broken = world.run("verify --database --json").ends_with(8).json();
    let what = broken["broken"][0]["what"].as_str().expect("words");
    assert!(what.contains("the database has with run"), "{broken}");
    let alone = World::of_orders(vec![order(1)]);
    alone.run("sync orders --yes").ends_with(0);
    alone.run("verify --database").ends_with(2);
}
