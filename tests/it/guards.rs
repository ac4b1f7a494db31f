//! Guards: how much may be written, and on whose word.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;

use crate::inprocess::Ended;
use crate::order::{order, orders, with};
use crate::world::{BOOKS, Ran, World};

/// A shop of so many orders, whose configuration asks from one document on.
fn cautious(count: u64, confirm_over: u64) -> World {
    let world = World::of_orders(orders(1..=count));
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace(
        "confirm_over = 100000",
        &format!("confirm_over = {confirm_over}"),
    );
    std::fs::write(&world.config, text).expect("written");
    world
}

fn token(ran: &Ran) -> String {
    let document = ran.json();
    assert_eq!(document["schema"], "udsync/error/1");
    assert_eq!(document["code"], "confirmation_needed");
    document["confirm_token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

#[track_caller]
fn refused(world: &World, line: &str, code: &str) -> Ran {
    let before = world.postings();
    let ran = world.run(&format!("{line} --json")).ends_with(7);
    assert_eq!(ran.json()["code"], code);
    assert_eq!(world.postings(), before, "nothing was written");
    ran
}

#[test]
fn whoever_is_asked_and_says_no_has_nothing_written() {
    let world = cautious(2, 1);
    let Ended::Stopped(failure) = crate::inprocess::sync_and_decline(&world) else {
        panic!("it went on");
    };
    assert_eq!((failure.code.as_str(), failure.exit), ("not_confirmed", 7));
    assert_eq!(world.postings(), [""; 0]);
}

#[test]
fn as_much_as_confirm_over_is_written_without_a_question_and_more_is_not() {
    let world = cautious(2, 2);
    world.run("sync orders").ends_with(0);

    let world = cautious(3, 2);
    let text = world.run("sync orders").ends_with(7);
    assert_eq!(text.out, "");
    assert!(
        text.err.contains("error: the plan would write 3 documents"),
        "{}",
        text.err
    );
    // Both ways out are named, and the token can be typed as it stands.
    assert!(
        text.err.contains("`--confirm ") && text.err.contains("`--yes`"),
        "{}",
        text.err
    );
    let asked_nothing = world.run("sync orders --no-input").ends_with(7);
    assert!(
        asked_nothing.err.contains("`--yes`"),
        "{}",
        asked_nothing.err
    );
    assert_eq!(world.books("counts")["writes"], 0);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings().len(), 3);

    let history = world.run("history --json").json();
    let statuses: Vec<&str> = history["runs"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| run["status"].as_str().expect("a status"))
        .collect();
    assert_eq!(statuses, ["succeeded", "refused", "refused"]);
}

#[test]
fn a_token_is_good_once_and_for_its_plan_only() {
    let world = cautious(3, 2);
    let first = token(&refused(&world, "sync orders", "confirmation_needed"));
    let second = token(&refused(&world, "sync orders", "confirmation_needed"));
    assert_ne!(first, second);

    refused(
        &world,
        "sync orders --confirm made-up",
        "confirmation_refused",
    );
    // Another order: another plan.
    world.put_order(&order(4), &json!([]), false);
    let text = world
        .run(&format!("sync orders --confirm {first}"))
        .ends_with(7);
    assert!(
        text.err.contains("the plan is another one by now"),
        "{}",
        text.err
    );
    assert!(
        text.err
            .contains("hint: run the command without `--confirm`"),
        "{}",
        text.err
    );

    let third = token(&refused(&world, "sync orders", "confirmation_needed"));
    world
        .run(&format!("sync orders --confirm {third}"))
        .ends_with(0);
    assert_eq!(world.postings().len(), 4);
    let text = world
        .run(&format!("sync orders --confirm {third}"))
        .ends_with(7);
    assert!(text.err.contains("it was used before"), "{}", text.err);
    // What the state file holds of it confirms nothing.
    let kept: String = Connection::open(world.state())
        .and_then(|state| {
            state.query_row(
                "SELECT group_concat(token_hash) FROM confirmations",
                [],
                |row| row.get(0),
            )
        })
        .expect("the offers");
    assert!(!kept.contains(&third));
}

#[test]
fn a_token_is_good_for_five_minutes() {
    let world = cautious(3, 2);
    let token = token(&refused(&world, "sync orders", "confirmation_needed"));
    let state = Connection::open(world.state()).expect("the state");
    let left: f64 = state
        .query_row(
            "SELECT (julianday(expires_at) - julianday('now')) * 86400 FROM confirmations",
            [],
            |row| row.get(0),
        )
        .expect("the offer");
    assert!((280.0..=300.0).contains(&left), "{left} s");
    state
        .execute(
            "UPDATE confirmations SET expires_at = '2026-01-01T00:00:00Z'",
            [],
        )
        .expect("as if the time had passed");
    drop(state);
    let text = world
        .run(&format!("sync orders --confirm {token}"))
        .ends_with(7);
    assert!(text.err.contains("older than five minutes"), "{}", text.err);
    assert_eq!(world.postings(), Vec::<String>::new());
}

#[test]
fn max_changes_holds_whatever_else_is_allowed() {
    let world = cautious(3, 100);
    let ran = refused(
        &world,
        "sync orders --yes --max-changes 2",
        "too_many_changes",
    );
    assert!(
        ran.json()["hint"]
            .as_str()
            .expect("a hint")
            .contains("--max-changes")
    );
    world.run("sync orders --max-changes 3").ends_with(0);
    assert_eq!(world.postings().len(), 3);
    // Nothing to write is never too much.
    world.run("sync orders --max-changes 0").ends_with(0);
}

#[test]
fn taking_something_away_needs_consent_however_little_it_is() {
    let owed = with(
        order(1042),
        json!({ "status": "on-hold", "payment_method": "bacs", "date_paid": null, "date_paid_gmt": null }),
    );
    let world = World::of_orders(vec![owed.clone()]);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.postings(), ["Invoice WC-1042 21.00 active"]);
    world.put_order(
        &with(owed, json!({ "status": "cancelled" })),
        &json!([]),
        false,
    );
    let plan = world.run("dry-run orders --json").json();
    assert_eq!(plan["changes"][0]["action"], "void", "{plan}");
    let ran = refused(&world, "sync orders", "confirmation_needed");
    let message = ran.json()["message"]
        .as_str()
        .expect("a message")
        .to_owned();
    assert!(message.contains("1 void or deletion"), "{message}");
    world
        .run(&format!("sync orders --confirm {}", token(&ran)))
        .ends_with(0);
    assert_eq!(world.postings(), ["Invoice WC-1042 0.00 voided"]);
}

#[test]
fn the_sandbox_never_asks() {
    let home = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let output = crate::world::bare_command(home.path())
        .args(["sync", "orders", "--sandbox", "--json"])
        .output();
    let ran = crate::world::ran(output.expect("it runs"));
    assert!([0, 3].contains(&ran.code), "{} {}", ran.code, ran.err);
    assert!(ran.figure("created") > 10);
    // Even this unoptimised binary is quick about it.
    assert!(began.elapsed() < Duration::from_secs(30));
    // It leaves nothing behind.
    let left: Vec<_> = std::fs::read_dir(home.path())
        .expect("the folder")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_idempotency_key_runs_once_and_answers_the_same_again() {
    let world = World::of_orders(orders(1..=2));
    let line = "sync orders --idempotency-key nightly-7 --json";
    let first = world.run(line).ends_with(0);
    world.put_order(&order(3), &json!([]), false);
    world.forget_requests();
    let second = world.run(line).ends_with(0);
    assert_eq!(
        second.json(),
        first.json(),
        "the same answer, word for word"
    );
    assert_eq!(world.store("requests"), json!([]), "and nobody was asked");
    assert_eq!(world.books("requests"), json!([]));
    let text = world
        .run("sync orders --idempotency-key nightly-7")
        .ends_with(0);
    assert!(text.out.contains("2 created"), "{}", text.out);
    assert!(text.err.contains("nothing was done again"), "{}", text.err);
    assert_eq!(world.postings().len(), 2);

    world
        .run("sync orders --idempotency-key nightly-8")
        .ends_with(0);
    assert_eq!(world.postings().len(), 3);
}

#[test]
fn a_key_remembers_how_the_run_ended_and_forgets_runs_that_broke() {
    // Held: the same code again.
    let world = World::of_orders(vec![crate::order::unmapped(1)]);
    world.run("sync orders --idempotency-key a").ends_with(3);
    world.run("sync orders --idempotency-key a").ends_with(3);

    // Broken off: the key still waits for its run.
    let world = World::new(
        crate::world::shop(vec![order(1)]),
        crate::world::company(),
        BOOKS,
    );
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "code": "6190", "operation": "create SalesReceipt" }),
    );
    world.run("sync orders --idempotency-key b").ends_with(5);
    world.run("sync orders --idempotency-key b").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}
