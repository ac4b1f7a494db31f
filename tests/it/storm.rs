//! Storm: hundreds of small shops, each with its own bad luck. Answers are lost, connections cut, services throttle, break and
//! forget, people edit meanwhile, the run is killed. After one calm run the books must be right, and stay as they are.
//!
//! A seed that fails is printed; `UDSYNC_STORM_SEED` runs that one alone, `UDSYNC_STORM_SEEDS` so many.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use udsync::store::{Attempts, Problems, Store};

use crate::inprocess::{End, Ended, How, sync, sync_until};
use crate::tales::{Dice, Tales, books};
use crate::world::{World, company, shop};

const SEEDS: u64 = 500;

#[test]
fn storm() {
    let seeds = seeds("UDSYNC_STORM_SEED", "UDSYNC_STORM_SEEDS", SEEDS);
    let figures = Figures::default();
    // More than there are cores: a storm over a slow company waits most of its time.
    let failed = sail(&seeds, 4, |seed| weather(seed, &figures));
    println!(
        "storm: {} of {} seeds, {figures}",
        seeds.len() - failed.len(),
        seeds.len()
    );
    assert!(
        failed.is_empty(),
        "storm: {} seeds failed, the first: {}",
        failed.len(),
        failed[0]
    );
}

/// What the storms were made of, so that nobody takes fair weather for seaworthiness.
#[derive(Default)]
struct Figures {
    orders: AtomicU64,
    killed: AtomicU64,
    stopped: AtomicU64,
    mishaps: AtomicU64,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        write!(
            out,
            "{} orders, {} mishaps, {} runs killed, {} stopped",
            of(&self.orders),
            of(&self.mishaps),
            of(&self.killed),
            of(&self.stopped)
        )
    }
}

fn weather(seed: u64, figures: &Figures) -> Vec<String> {
    let mut dice = Dice(seed.wrapping_mul(0x0da1_ba0b));
    let mut setup = company();
    setup["ignore_requestid"] = json!(seed.is_multiple_of(2));
    // A second document of the same number is the shame of it, not an error that hides it.
    setup["company"]["warn_duplicate_numbers"] = json!(dice.one_in(3));
    setup["one_name_at_a_time"] = json!(dice.one_in(3));
    let world = World::new(shop(Vec::new()), setup, &books());
    world.say_of_quickbooks(&format!("batch_size = {}", dice.pick(&[1, 2, 3, 30])));
    // In some the company goes on with what it was given up on. There nothing is left undone, so that nobody waits for long.
    let is_late = seed.is_multiple_of(5);
    world.settle_after(if is_late { "10s" } else { "2ms" });
    // In some the orders go in parts of a few.
    if seed.is_multiple_of(3) {
        world.say_of_sync(&format!("orders_at_once = {}", 1 + seed % 4));
    }
    let orders = 5 + dice.below(8);
    let mut tales = Tales::begin(seed, &world, orders);
    figures.orders.fetch_add(orders, Ordering::Relaxed);
    for _ in 0..2 + dice.below(2) {
        world.tell_books("mishaps", Value::Array(of_books(&mut dice, is_late)));
        world.tell_store("mishaps", Value::Array(of_store(&mut dice)));
        let end = match dice.below(4) {
            0 => End::at(1 + dice.below(40), How::Killed),
            1 => End::at(1 + dice.below(40), How::Unreachable),
            2 => End::after(Duration::from_millis(1 + dice.below(60))),
            _ => End::never(),
        };
        match sync_until(&world, &end) {
            Ended::Done(_) => {}
            Ended::Killed => drop(figures.killed.fetch_add(1, Ordering::Relaxed)),
            Ended::Stopped(_) => drop(figures.stopped.fetch_add(1, Ordering::Relaxed)),
        }
        for place in [world.books("mishaps"), world.store("mishaps")] {
            let fired: u64 = place
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|rule| rule["fired"].as_u64())
                .sum();
            figures.mishaps.fetch_add(fired, Ordering::Relaxed);
        }
        world.clear_mishaps();
        if !is_late {
            world.company_is_idle();
        }
        let happenings = dice.below(5);
        tales.go_on(&world, happenings);
    }
    let mut wrong = Vec::new();
    match sync(&world) {
        Ended::Done(report) => {
            wrong.extend(
                report
                    .end
                    .map(|fault| format!("the calm run ended: {fault}")),
            );
            wrong.extend(
                report
                    .problems
                    .iter()
                    .map(|problem| format!("problem: {:?}", problem.reason)),
            );
        }
        Ended::Stopped(failure) => wrong.push(format!("the calm run stopped: {}", failure.message)),
        Ended::Killed => wrong.push("the calm run was killed".to_owned()),
    }
    world.company_is_idle();
    wrong.extend(tales.check(&world));
    wrong.extend(left_open(&world));
    world.forget_requests();
    sync(&world).report();
    if world.books("counts")["writes"] != json!(0) {
        wrong.push(format!(
            "a second calm run wrote: {}",
            world.books("requests")
        ));
    }
    wrong
}

fn left_open(world: &World) -> Vec<String> {
    let store = Store::open(&world.state()).expect("the state opens");
    let mut wrong = Vec::new();
    let open = store.open_tickets("quickbooks").expect("tickets are read");
    if !open.is_empty() {
        wrong.push(format!("{} tickets without an outcome", open.len()));
    }
    let problems = store.problems(None, true).expect("problems are read");
    wrong.extend(
        problems
            .iter()
            .map(|problem| format!("left over: {:?}", problem.reason)),
    );
    wrong
}

/// Bad luck with the books: a few rules, each for some of the requests.
pub fn of_books(dice: &mut Dice, is_late: bool) -> Vec<Value> {
    let late = [
        "late_start",
        "late_start",
        "item_error_late",
        "lose_answer",
        "unauthorized_after",
        "server_error_after",
        "throttle",
        "stale",
        "slow",
    ];
    let calm = [
        "lose_answer",
        "lose_answer",
        "reset",
        "throttle",
        "server_error_before",
        "server_error_after",
        "bad_gateway_before",
        "bad_gateway_after",
        "stale",
        "expire_token",
        "item_error_before",
        "item_error_after",
        "partial_batch",
        "delay",
        "unauthorized_after",
    ];
    let words: &[&str] = if is_late { &late } else { &calm };
    let rule = |dice: &mut Dice| {
        let mut rule = json!({
            "what": dice.pick(words), "times": 1 + dice.below(3), "skip": dice.below(6), "seed": dice.next() % 1_000_000
        });
        if dice.one_in(2) {
            rule["method"] = json!("POST");
        }
        if dice.one_in(3) {
            rule["chance"] = json!(0.3);
            rule["times"] = json!(4);
        }
        rule["html"] = json!(dice.one_in(2));
        rule["item"] = json!(dice.below(3));
        rule["items"] = json!(dice.below(4));
        rule["ms"] = json!(dice.below(10));
        if is_late {
            rule["ms"] = json!(dice.below(40));
            rule["item_ms"] = json!(dice.below(6));
        }
        rule
    };
    (0..1 + dice.below(4)).map(|_| rule(dice)).collect()
}

fn of_store(dice: &mut Dice) -> Vec<Value> {
    if dice.one_in(2) {
        return Vec::new();
    }
    let words = [
        "html",
        "truncated",
        "bad_gateway",
        "maintenance",
        "throttle",
        "reset",
        "server_error",
    ];
    let mut rule =
        json!({ "what": dice.pick(&words), "times": 1 + dice.below(2), "skip": dice.below(3) });
    if dice.one_in(2) {
        rule["retry_after"] = json!(0);
    }
    vec![rule]
}

/// Which storms there are: the one that is named, or as many as are said.
pub fn seeds(one: &str, many: &str, unless_said: u64) -> Vec<u64> {
    let given = |name: &str| -> Option<u64> { std::env::var(name).ok()?.parse().ok() };
    match given(one) {
        Some(seed) => vec![seed],
        None => (1..=given(many).unwrap_or(unless_said)).collect(),
    }
}

/// Sails through all of them, so many at one time, and answers with what went wrong in which.
pub fn sail(
    seeds: &[u64],
    at_once: usize,
    weather: impl Fn(u64) -> Vec<String> + Sync,
) -> Vec<String> {
    let next = AtomicU64::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed) as usize;
                    let Some(seed) = seeds.get(turn) else { break };
                    let sailed =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| weather(*seed)));
                    let wrong = sailed.unwrap_or_else(|panic| vec![said(&*panic)]);
                    if !wrong.is_empty() {
                        let wrong = format!("seed {seed}:\n  {}", wrong.join("\n  "));
                        println!("{wrong}");
                        failed.lock().expect("nobody panics with it").push(wrong);
                    }
                }
            });
        }
    });
    failed.into_inner().expect("nobody panics with it")
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it panicked".to_owned())
}
