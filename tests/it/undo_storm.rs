//! An undo in a storm: answers are lost, services break and throttle, the run is killed, and somebody syncs in between. After one calm
//! undo the books are as they were before the run, and after one calm retry everything stands there once.
//!
//! A seed that fails is printed; `UDSYNC_UNDO_SEED` runs that one alone, `UDSYNC_UNDO_SEEDS` so many.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use udsync::engine::undo::undone::is_undone;
use udsync::model::problem::Problem;
use udsync::store::{Attempts, Problems, Store};

use crate::inprocess::{End, Ended, How, redo_until, sync, sync_until, undo_until};
use crate::storm::{of_books, sail, seeds};
use crate::tales::{Dice, Tales, books};
use crate::undo::{figures, last_run, standing};
use crate::world::{World, company, shop};

/// A few of them each time; many more are run by hand before a release.
const SEEDS: u64 = 24;

#[test]
fn an_undo_in_a_storm() {
    let seeds = seeds("UDSYNC_UNDO_SEED", "UDSYNC_UNDO_SEEDS", SEEDS);
    let killed = AtomicU64::new(0);
    let failed = sail(&seeds, 4, |seed| weather(seed, &killed));
    let fine = seeds.len() - failed.len();
    println!(
        "undo storm: {fine} of {} seeds, {} runs killed",
        seeds.len(),
        killed.load(Ordering::Relaxed)
    );
    assert!(
        failed.is_empty(),
        "{} seeds failed, the first: {}",
        failed.len(),
        failed[0]
    );
}

fn undone(world: &World) -> Vec<Problem> {
    let store = Store::open(&world.state()).expect("the state opens");
    let mut problems = store.problems(None, false).expect("problems are read");
    problems.retain(is_undone);
    problems
}

/// Whether the last run of this world voided something, which nobody takes back.
fn was_final(world: &World) -> bool {
    world.documents().iter().any(|one| one["state"] == "voided")
}

fn weather(seed: u64, killed: &AtomicU64) -> Vec<String> {
    let mut dice = Dice(seed.wrapping_mul(0x0da1_ba0b));
    let mut setup = company();
    setup["ignore_requestid"] = json!(seed.is_multiple_of(2));
    setup["company"]["warn_duplicate_numbers"] = json!(dice.one_in(3));
    // What a storm has only touched would be voided otherwise, and nobody posts that again.
    let books = format!("{}undo = \"delete\"\n", books());
    let world = World::new(shop(Vec::new()), setup, &books);
    world.say_of_quickbooks(&format!("batch_size = {}", dice.pick(&[1, 2, 3, 30])));
    world.settle_after("2ms");
    let orders = 4 + dice.below(6);
    let mut tales = Tales::begin(seed, &world, orders);
    sync(&world).report();
    let (before, owed) = (standing(&world), figures(&world));
    let happenings = 1 + dice.below(6);
    tales.go_on(&world, happenings);
    tales.another(&world);
    sync(&world).report();
    if was_final(&world) {
        return Vec::new();
    }
    let run = last_run(&world, "sync");
    for _ in 0..1 + dice.below(3) {
        let (end, luck) = bad_luck(&mut dice);
        world.tell_books("mishaps", luck);
        if matches!(undo_until(&world, &end, &run), Ended::Killed) {
            killed.fetch_add(1, Ordering::Relaxed);
        }
        world.clear_mishaps();
        world.company_is_idle();
        if dice.one_in(2) {
            sync(&world);
        }
    }
    let mut wrong = Vec::new();
    match undo_until(&world, &End::never(), &run) {
        Ended::Done(report) => {
            wrong.extend(
                report
                    .end
                    .map(|fault| format!("the calm undo ended: {fault}")),
            );
            let problems = report.problems.iter();
            wrong.extend(problems.map(|problem| format!("problem: {:?}", problem.reason)));
        }
        Ended::Stopped(failure) => {
            wrong.push(format!(
                "the calm undo stopped: {} {}",
                failure.message, failure.listed
            ));
        }
        Ended::Killed => wrong.push("the calm undo was killed".to_owned()),
    }
    world.company_is_idle();
    let (now, now_owed) = (standing(&world), figures(&world));
    if now != before {
        wrong.push(format!("not as before: {}", differences(&before, &now)));
    }
    if now_owed != owed {
        wrong.push(format!("figures {now_owed:?}, before {owed:?}"));
    }
    world.forget_requests();
    sync(&world);
    if world.books("counts")["writes"] != json!(0) {
        wrong.push(format!(
            "a sync posted what stands undone: {}",
            world.books("requests")
        ));
    }
    for _ in 0..dice.below(2) {
        let (end, luck) = bad_luck(&mut dice);
        world.tell_books("mishaps", luck);
        redo_until(&world, &end, undone(&world));
        world.clear_mishaps();
        world.company_is_idle();
        sync_until(&world, &End::never());
    }
    let left = undone(&world);
    if !left.is_empty() {
        redo_until(&world, &End::never(), left);
    }
    sync(&world);
    world.company_is_idle();
    wrong.extend(tales.check(&world));
    let store = Store::open(&world.state()).expect("the state opens");
    let open = store.open_tickets("quickbooks").expect("tickets are read");
    if !open.is_empty() {
        wrong.push(format!("{} tickets without an outcome", open.len()));
    }
    world.forget_requests();
    sync(&world);
    if world.books("counts")["writes"] != json!(0) {
        wrong.push("a calm run after all wrote".to_owned());
    }
    wrong
}

fn bad_luck(dice: &mut Dice) -> (End, Value) {
    let end = match dice.below(4) {
        0 => End::at(1 + dice.below(30), How::Killed),
        1 => End::at(1 + dice.below(30), How::Unreachable),
        2 => End::after(Duration::from_millis(1 + dice.below(60))),
        _ => End::never(),
    };
    (end, Value::Array(of_books(dice, false)))
}

fn differences(before: &[Value], now: &[Value]) -> String {
    let lacks = before.iter().filter(|one| !now.contains(one));
    let has = now.iter().filter(|one| !before.contains(one));
    let lacks: Vec<String> = lacks.map(ToString::to_string).collect();
    let has: Vec<String> = has.map(ToString::to_string).collect();
    format!("lacks {}\n    has {}", lacks.join("\n"), has.join("\n"))
}
