//! Signals and crowds: runs that are asked to stop at moments that nobody chose, and many runs at once.

use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use crate::order::orders;
use crate::tales::Dice;
use crate::world::{World, company, ran, shop, until};

fn seed() -> u64 {
    let seed = std::env::var("UDSYNC_SIGNAL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("signals: seed {seed}, to be given in UDSYNC_SIGNAL_SEED");
    seed
}

fn send(signal: &str, pid: u32) {
    // One that has just ended cannot be told, which is a moment like any other.
    let _ = Command::new("kill")
        .args([signal, &pid.to_string()])
        .stderr(std::process::Stdio::null())
        .status();
}

/// Every order once, nothing open, and a file that SQLite finds sound.
fn is_whole(world: &World, count: usize) {
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.json()["status"], "succeeded");
    let mut postings = world.postings();
    assert_eq!(postings.len(), count);
    postings.sort();
    postings.dedup();
    assert_eq!(postings.len(), count, "none twice");
    let state = Connection::open(world.state()).expect("the state");
    let sound: String = state
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("answers");
    assert_eq!(sound, "ok");
    let open: i64 = state
        .query_row(
            "SELECT count(*) FROM tickets WHERE closed_at IS NULL",
            [],
            |row| row.get(0),
        )
        .expect("answers");
    assert_eq!(open, 0);
}

#[test]
fn a_signal_at_any_moment_leaves_a_whole_state_and_the_right_code() {
    let mut dice = Dice(seed());
    let mut setup = company();
    setup["latency_ms"] = json!(8);
    let world = World::new(shop(Vec::new()), setup, crate::world::BOOKS);
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 2");
    let (mut stopped, mut done, mut at_once) = (0, 0, 0);
    let mut count = 0;
    for round in 0..24 {
        for order in orders(count + 1..=count + 4) {
            world.put_order(&order, &json!([]), false);
        }
        count += 4;
        let signal = ["-TERM", "-INT"][round % 2];
        let twice = round % 3 == 2;
        let child = world.start("sync orders --yes");
        std::thread::sleep(Duration::from_millis(5 + dice.below(260)));
        send(signal, child.id());
        if twice {
            std::thread::sleep(Duration::from_millis(dice.below(15)));
            send("-INT", child.id());
        }
        let output = child.wait_with_output().expect("it ends");
        match output.status.code() {
            Some(130) if twice => at_once += 1,
            Some(130) => stopped += 1,
            Some(0) => done += 1,
            // Before it listens, a signal ends a process as it ends any other.
            None => {}
            code => panic!("{code:?}: {}", ran(output).err),
        }
    }
    println!(
        "signals: {stopped} stopped, {at_once} stopped at once or on the way, {done} were done before"
    );
    assert!(stopped > 3 && at_once > 1, "too few signals hit a run");
    is_whole(&world, usize::try_from(count).expect("small"));
}

#[test]
fn of_eight_runs_one_works_and_seven_are_told_by_whom_and_how_far() {
    let mut setup = company();
    setup["latency_ms"] = json!(40);
    let world = World::new(shop(orders(1..=20)), setup, crate::world::BOOKS);
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 1");
    let runs: Vec<_> = (0..8).map(|_| world.start("sync orders --yes")).collect();
    let ended: Vec<_> = runs
        .into_iter()
        .map(|run| ran(run.wait_with_output().expect("it ends")))
        .collect();
    let mut codes: Vec<i32> = ended.iter().map(|run| run.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 11, 11, 11, 11, 11, 11, 11]);
    for run in ended.iter().filter(|run| run.code == 11) {
        assert!(
            run.err.contains("another run holds the lock"),
            "{}",
            run.err
        );
    }
    is_whole(&world, 20);
}

#[test]
fn eight_runs_that_wait_all_end_well_and_nothing_is_doubled() {
    let world = World::of_orders(orders(1..=12));
    let runs: Vec<_> = (0..8)
        .map(|_| world.start("sync orders --yes --wait 2m"))
        .collect();
    let mut told = 0;
    for run in runs {
        let run = ran(run.wait_with_output().expect("it ends")).ends_with(0);
        told += usize::from(
            run.err
                .contains("waiting for the lock: another run holds the lock"),
        );
        assert!(
            run.err.matches("waiting for the lock").count() < 2,
            "once: {}",
            run.err
        );
    }
    assert!(told > 0, "nobody waited");
    is_whole(&world, 12);
}

#[test]
fn whoever_meets_the_lock_is_told_how_far_the_run_is_and_may_stop_waiting() {
    let world = World::of_orders(orders(1..=30));
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 1");
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 150, "operation": "create", "times": null }),
    );
    let first = world.start("sync orders --yes");
    until("something is written", || world.documents().len() > 2);
    let mut second = String::new();
    until("the lock tells a count", || {
        second = world.run("dry-run orders").ends_with(11).err;
        second.contains(" of 30")
    });
    assert!(second.contains("writing documents: "), "{second}");
    assert!(second.contains("`sync orders` since 20"), "{second}");
    let brief = world.run("sync orders --yes --wait 1s").ends_with(11);
    assert!(brief.err.contains("waiting for the lock"), "{}", brief.err);
    let wrong = world.run("sync orders --wait soon").ends_with(2);
    assert!(wrong.err.contains("30s or 5m"), "{}", wrong.err);
    // A signal ends the wait.
    let waiting = world.start("sync orders --yes --wait 5m");
    std::thread::sleep(Duration::from_millis(300));
    send("-INT", waiting.id());
    assert_eq!(ran(waiting.wait_with_output().expect("it ends")).code, 130);
    send("-TERM", first.id());
    assert_eq!(ran(first.wait_with_output().expect("it ends")).code, 130);
    crate::world::forget_mishaps(&world);
    is_whole(&world, 30);
}
