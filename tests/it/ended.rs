//! Runs that did not come to their end: the history keeps why, and shows it, in words and for machines.

use serde_json::{Value, json};

use crate::order::{order, orders};
use crate::world::{Ran, World, until};

/// More than this asks first.
fn careful(world: &World, confirm_over: u32) {
    let text = std::fs::read_to_string(&world.config).expect("written");
    let text = text.replace(
        "confirm_over = 100000",
        &format!("confirm_over = {confirm_over}"),
    );
    std::fs::write(&world.config, text).expect("written again");
}

fn newest(world: &World) -> Value {
    world.run("history --json").ends_with(0).json()["runs"][0].clone()
}

fn one(world: &World, run: &Value) -> Ran {
    let id = run["run_id"].as_str().expect("an id");
    world.run(&format!("history {id}")).ends_with(0)
}

#[test]
fn a_refused_run_keeps_why_and_what_waits_and_no_token() {
    let world = World::of_orders(orders(1..=3));
    careful(&world, 2);
    let refused = world.run("sync orders --json").ends_with(7).json();
    let token = refused["confirm_token"].as_str().expect("a token");
    assert_eq!(refused["waits"]["create"], 3);
    let run = newest(&world);
    assert_eq!(run["status"], "refused");
    assert_eq!(run["error"]["code"], "confirmation_needed");
    assert_eq!(run["error"]["exit"], 7);
    assert_eq!(
        run["error"]["message"],
        "the plan would write 3 documents, which needs a confirmation"
    );
    assert_eq!(
        run["error"]["waits"],
        json!({ "create": 3, "update": 0, "void": 0, "delete": 0 })
    );
    assert!(!run.to_string().contains(token), "{run}");
    let shown = one(&world, &run).out;
    for words in [
        "error     confirmation_needed: the plan would write 3 documents",
        "exit      7",
        "waiting   3 to create",
        "hint      `udsync sync orders` shows the plan and asks; with `--yes` it asks nothing",
        "nothing written",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let list = world.run("history").ends_with(0).out;
    assert!(
        list.contains("the plan would write 3 documents") && !list.contains("nothing to do"),
        "{list}"
    );
    let csv = world.run("history --export csv").ends_with(0).out;
    assert!(
        csv.contains(",confirmation_needed,\"the plan would"),
        "{csv}"
    );
    // What was allowed later has no error of its own.
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(newest(&world)["error"], Value::Null);
}

#[test]
fn a_run_that_was_refused_for_the_books_never_says_that_there_was_nothing_to_do() {
    let world = World::of_orders(orders(1..=3)).with_database();
    careful(&world, 2);
    let refused = world.run("sync orders").ends_with(7);
    let list = world.run("history").ends_with(0).out;
    let shown = one(&world, &newest(&world)).out;
    for text in [&refused.out, &list, &shown] {
        assert!(!text.contains("nothing to do"), "{text}");
    }
    assert!(shown.contains("quickbooks: nothing written"), "{shown}");
}

#[test]
fn a_run_that_could_not_begin_is_in_the_history_with_its_reason() {
    let world = World::of_orders(vec![order(1)]);
    let mut command = world.command("sync orders");
    command.env_remove("UDSYNC_WOOCOMMERCE_KEY");
    let failed = crate::world::ran(command.output().expect("it runs")).ends_with(4);
    let run = newest(&world);
    assert_eq!(run["status"], "failed", "{}", failed.err);
    assert_eq!(run["error"]["exit"], 4);
    let message = run["error"]["message"].as_str().expect("words");
    assert!(failed.err.contains(message), "{}", failed.err);
    assert!(run["error"]["hint"].is_string());
    assert!(one(&world, &run).out.contains("exit      4"));
}

#[test]
fn a_failed_dry_run_does_not_say_that_there_is_nothing_to_do() {
    let mut world = World::of_orders(vec![order(1)]).with_database();
    world.close_books();
    let failed = world.run("dry-run orders").ends_with(5);
    assert!(!failed.out.contains("nothing to do"), "{}", failed.out);
}

#[test]
fn the_history_of_a_running_run_counts() {
    let world = World::of_orders(orders(1..=4));
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 1");
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 60_000, "operation": "create SalesReceipt", "skip": 2 }),
    );
    let mut child = world.start("sync orders --yes");
    until("the third receipt is under way", || {
        world.books("mishaps")[0]["fired"] == 1
    });
    let run = newest(&world);
    let (list, shown) = (world.run("history").out, one(&world, &run).out);
    child.kill().expect("killed");
    child.wait().expect("gone");
    assert_eq!(run["status"], "running");
    assert_eq!(run["targets"]["quickbooks"]["created"], 2);
    for text in [&list, &shown] {
        assert!(
            text.contains("2 created") && text.contains("so far"),
            "{text}"
        );
    }
    assert!(
        shown.contains("WC-2 ") && !shown.contains("WC-3 "),
        "{shown}"
    );
    // It is dead now, and nobody has told its figures yet.
    let dead = one(&world, &run).out;
    assert!(dead.contains("2 created"), "{dead}");
}
