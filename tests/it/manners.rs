//! Manners: what is printed can be typed, what broke off is told, and nothing is claimed that was not looked at.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::order::{order, orders, unmapped};
use crate::tales::{Tale, world_of};
use crate::undo::last_run;
use crate::world::{Ran, World, company, ran, shop, until};

/// The command between backticks that begins so, without the program.
#[track_caller]
fn to_type(said: &str, beginning: &str) -> String {
    let mut parts = said.split('`');
    let found = parts.find(|part| part.starts_with(beginning));
    let found = found.unwrap_or_else(|| panic!("no `{beginning}` in: {said}"));
    found.trim_start_matches("udsync ").to_owned()
}

/// Types a line at a terminal, with what is answered.
pub fn at_terminal(world: &World, line: &str, answer: &str, pairs: &[(&str, &str)]) -> String {
    use std::io::Write;
    let pairs: String = pairs
        .iter()
        .map(|(name, value)| format!("export {name}={value}; "))
        .collect();
    let line = format!("{pairs}exec {} {line}", env!("CARGO_BIN_EXE_udsync"));
    let template = world.command("");
    let mut script = Command::new("script");
    script.args(["-qfec", &line, "/dev/null"]);
    script.env_clear().envs(
        template
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    script.env("TERM", "xterm").env("SHELL", "/bin/sh");
    script.current_dir(world.home.path());
    let mut child = script
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` is here");
    let mut typing = child.stdin.take().expect("a pipe");
    if !answer.is_empty() {
        // Whoever answers has read the question first.
        std::thread::sleep(Duration::from_secs(3));
    }
    // Who has ended before says why on the screen.
    let _ = typing.write_all(answer.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    drop(typing);
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

/// A run that is killed while the books are slow to answer.
fn killed() -> World {
    let mut setup = company();
    setup["latency_ms"] = json!(400);
    let world = World::new(shop(orders(11..=14)), setup, crate::world::BOOKS);
    let mut child = world.start("sync orders --yes");
    until("it is at work", || {
        let seen = world.run("history --json").json();
        seen["runs"][0]["status"] == "running"
    });
    let status = world.run("status --json").ends_with(0).json();
    assert_eq!(status["standing"], "working");
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    world
}

#[test]
fn the_hint_of_a_dry_run_of_an_undo_can_be_typed() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    let run = last_run(&world, "sync");
    let few = &run[..8];
    let shown = world.run(&format!("undo {few} --dry-run")).ends_with(0);
    let typed = to_type(&shown.err, "udsync undo ");
    assert_eq!(typed, format!("undo {}", &run[..13]));
    // The undo has an id that begins like that of the run; it never means itself.
    world.run(&format!("undo {few} --yes")).ends_with(0);
    assert!(
        world
            .documents()
            .iter()
            .all(|one| one["state"] == "deleted")
    );
    world.run(&format!("{typed} --yes")).ends_with(0);
    let seen = world.run("status").ends_with(3);
    let all = world.run("history").ends_with(0);
    assert!(all.out.contains(&run[..13]), "{}{}", all.out, seen.out);
}

/// What the copy took is known before the next run and after it, on every screen.
#[test]
fn the_rows_of_a_killed_run_are_counted_on_every_screen() {
    let mut setup = crate::world::company();
    setup["latency_ms"] = json!(400);
    let world = World::new(shop(orders(11..=14)), setup, crate::world::BOOKS).with_database();
    let mut child = world.start("sync orders --yes");
    until("the rows are there and the documents are not", || {
        world.books("counts")["writes"] != json!(0)
    });
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    let rows = |world: &World| {
        let all = world.run("history --json").ends_with(0).json();
        let runs = all["runs"].as_array().expect("runs").clone();
        let killed = runs.iter().find(|run| run["status"] == "interrupted");
        killed.expect("the killed one")["targets"]["supabase"]["created"].clone()
    };
    let before = rows(&world);
    assert_eq!(before, json!(4));
    let seen = world.run("status").ends_with(130);
    assert!(
        seen.out.contains("supabase: 4 rows created"),
        "{}",
        seen.out
    );
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(rows(&world), before);
    world.run("status").ends_with(0);
}

/// A clock that was wrong for an hour must not hide what comes after it.
#[test]
fn a_run_that_a_wrong_clock_dated_ahead_hides_none() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    let ahead = "2126-01-01T00:00:00.000000Z";
    let state = rusqlite::Connection::open(world.state()).expect("the state file opens");
    state
        .execute(
            "INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, finished_at, tally)
             SELECT 'f' || substr(id, 2), shop, command, entities, mode, dry_run, 'failed', ?1, ?1, tally FROM runs LIMIT 1",
            [ahead],
        )
        .expect("a run");
    drop(state);
    let status = world.run("status --json").ends_with(0).json();
    assert_eq!(status["last_run"]["status"], "succeeded", "{status}");
    let figures = world
        .run("history metrics --metrics-file -")
        .ends_with(0)
        .out;
    assert!(
        figures.contains("udsync_last_run_finished{shop=\"test\"} 1"),
        "{figures}"
    );
}

#[test]
fn a_run_that_was_killed_is_told_with_the_way_on_and_ends_there() {
    let world = killed();
    let seen = world.run("status").ends_with(130);
    assert!(
        seen.out
            .contains("the last run ended early: it was cut off before its end"),
        "{}",
        seen.out
    );
    assert!(seen.out.contains("`udsync sync orders`"), "{}", seen.out);
    assert_eq!(world.run("").ends_with(0).out, seen.out);
    let status = world.run("status --json").ends_with(130).json();
    assert_eq!(status["last_run"]["status"], "interrupted");
    let all = world.run("history --json").ends_with(0).json();
    assert_eq!(all["runs"][0]["status"], "interrupted");
    let run = all["runs"][0]["run_id"].as_str().expect("an id").to_owned();
    let one = world.run(&format!("history {run}")).ends_with(0);
    assert!(
        one.out.contains("interrupted") && one.out.contains("`udsync sync orders` goes on"),
        "{}",
        one.out
    );
    let looked = world.run("doctor --offline --check state.lock");
    assert!(
        looked.out.contains("was cut off before its end")
            && looked.out.contains("udsync sync orders"),
        "{}",
        looked.out
    );
    let next = to_type(&seen.out, "udsync sync orders");
    world.run(&format!("{next} --yes")).ends_with(0);
    world.run("status").ends_with(0);
    assert_eq!(world.postings().len(), 4, "nothing was posted twice");
    world.run("reconcile --period 2026-11").ends_with(0);
}

#[test]
fn a_slip_of_the_finger_and_a_no_leave_the_shop_in_step() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    let before = world.run("status").ends_with(0);
    let slip = world.run("undo nope --yes --json");
    assert_eq!(slip.json()["code"], "run_unknown");
    let all = world.run("history --json").ends_with(0).json();
    assert_eq!(all["runs"].as_array().map(Vec::len), Some(1), "{all}");
    assert_eq!(world.run("status").ends_with(0).out, before.out);
    let run = last_run(&world, "sync");
    let said = at_terminal(&world, &format!("undo {run}"), "n\n", &[]);
    assert!(said.contains("nothing was written"), "{said}");
    let seen = world.run("status").ends_with(0);
    assert!(seen.out.contains("in step"), "{}", seen.out);
    // What cannot be taken back is a matter of the run, and the shop is as it was.
    crate::reconcile::edit(&world, "WC-12", json!({ "TotalAmt": 22.0 }));
    let refused = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(refused.json()["code"], "undo_blocked");
    world.run("status").ends_with(0);
}

#[test]
fn a_no_says_what_the_database_had_got_by_then() {
    let world = World::of_orders(orders(11..=30)).with_database();
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let text = text.replace("confirm_over = 100000", "confirm_over = 10");
    std::fs::write(&world.config, text).expect("written again");
    let said = at_terminal(&world, "sync orders", "n\n", &[("NO_COLOR", "1")]);
    assert!(said.contains("rows are in the database already)"), "{said}");
    assert!(
        said.contains("error: nothing was written to the books; ")
            && said.contains("rows are in the database already"),
        "{said}"
    );
    assert_eq!(world.postings().len(), 0);
    assert!(!world.rows("orders").is_empty());
}

#[test]
fn a_run_that_was_not_taken_back_releases_nothing_of_another() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders --yes").ends_with(0);
    let first = last_run(&world, "sync");
    tale.net = 2_400;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let second = last_run(&world, "sync");
    assert_ne!(first, second);
    world.run(&format!("undo {second} --yes")).ends_with(0);
    let held = world.run("retry --list --json").ends_with(0);
    assert_eq!(held.codes(), ["undone"], "{}", held.out);
    let refused: Ran = world.run(&format!("retry --run {first} --yes --json"));
    assert_eq!(refused.json()["code"], "failure_unknown", "{}", refused.out);
    assert!(
        refused.out.contains("was not taken back"),
        "{}",
        refused.out
    );
    let still = world.run("retry --list --json").ends_with(0);
    assert_eq!(still.codes(), ["undone"]);
    world
        .run(&format!("retry --run {second} --yes"))
        .ends_with(0);
    assert!(
        world
            .run("retry --list --json")
            .ends_with(0)
            .codes()
            .is_empty()
    );
}

#[test]
fn a_page_of_the_manual_is_readable_at_a_terminal_and_a_page_in_a_pipe() {
    let world = World::of_orders(vec![]);
    let read = at_terminal(
        &world,
        "man owner",
        "",
        &[("PAGER", "cat"), ("MANPAGER", "cat")],
    );
    assert!(!read.contains(".SH") && !read.contains("\\fB"), "{read}");
    assert!(read.contains("udsync-owner(7)"), "{read}");
    // Without `man` too.
    let bare = at_terminal(&world, "man owner", "", &[("PATH", "/nowhere")]);
    assert!(
        bare.contains("# udsync-owner(7)") && !bare.contains(".SH"),
        "{bare}"
    );
    let piped = world.run("man owner").ends_with(0);
    assert!(piped.out.contains(".TH udsync\\-owner 7"), "{}", piped.out);
}

#[test]
fn nothing_is_called_proven_that_was_not_compared() {
    let world = World::of_orders(vec![order(11), order(12), unmapped(13)]);
    world.run("sync orders --yes").ends_with(3);
    let ids = world.run("retry --list --json").problems();
    let id = ids[0]["id"].as_str().expect("an id");
    let mut skip = world.command(&format!("retry --skip {id} --why"));
    ran(skip.arg("a gift").output().expect("it runs")).ends_with(0);
    let text = world.run("reconcile --period 2026-11").ends_with(3);
    assert!(
        text.out.starts_with(
            "proven for what was compared: the books equal the shop from 2026-11-01 to 2026-11-30; not compared: 1 set aside\n"
        ) && text.out.contains("2 equal, 0 different; 1 set aside; 0 accepted"),
        "{}",
        text.out
    );
    let run = last_run(&world, "sync");
    world.run(&format!("undo {run} --yes")).ends_with(0);
    let text = world.run("reconcile --period 2026-11").ends_with(3);
    assert!(
        text.out.starts_with("nothing was compared: no order with a document from 2026-11-01 to 2026-11-30; 2 undone, 1 set aside\n"),
        "{}",
        text.out
    );
}
