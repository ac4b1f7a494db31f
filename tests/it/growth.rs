//! Growth: what a run costs as the shop grows, on both legs, with the power by which it grows. Nothing may grow faster than the shop.
//!
//! ```text
//! cargo test --test it growth:: -- --ignored --nocapture --test-threads 1
//! UDSYNC_BENCH_ORDERS=1000,10000,100000 cargo test --release --test it growth:: -- --ignored --nocapture --test-threads 1
//! ```
//!
//! Measured are the CPU and the largest size of the program's own process, which a busy machine hardly changes, the requests that the
//! stand-ins have seen, and what the state file has grown to. Times by the clock are not measured: they are the machine's. The power is fitted over all sizes: 1 is a cost that
//! doubles with the shop. Small shops are dominated by what every run costs, so their power is below 1.

use serde_json::{Value, json};

use crate::figures::{Watched, watch};
use crate::world::World;

/// What one run took.
struct Took {
    cpu_ms: u64,
    peak: f64,
    to_shop: u64,
    to_target: u64,
    /// Of the state file, what is needed of it.
    kept: u64,
}

/// The runs that are measured, one after the other on the same shop.
const RUNS: [(&str, &str); 3] = [
    ("first run", ""),
    ("nothing changed", ""),
    ("all of it again", "--full"),
];

fn sizes() -> Vec<u64> {
    let told = std::env::var("UDSYNC_BENCH_ORDERS").unwrap_or_else(|_| "1000,2000,4000".to_owned());
    told.split(',')
        .map(|size| size.trim().parse().expect("numbers of orders"))
        .collect()
}

fn season(orders: u64) -> World {
    let generate = json!({ "orders": orders, "customers": orders / 2, "refund_share": 0.05 });
    World::of_generated(generate, json!({}), "")
}

/// How many requests a stand-in has seen since it was told to forget them.
fn seen(counts: &Value) -> u64 {
    counts["requests"].as_u64().expect("a count")
}

/// What the state file holds, without the room that it has free.
fn kept(world: &World) -> u64 {
    let state = rusqlite::Connection::open(world.state()).expect("the state file opens");
    let pragma = |name: &str| -> u64 {
        let asked = state.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        asked.expect("a number").unsigned_abs()
    };
    (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
}

fn run(world: &World, line: &str, requests_to_target: impl Fn(&World) -> u64) -> Took {
    world.forget_requests();
    let Watched {
        peak, cpu_ms, ran, ..
    } = watch(world.start(line));
    ran.ends_with(0);
    Took {
        cpu_ms,
        peak,
        to_shop: seen(&world.store("counts")),
        to_target: requests_to_target(world),
        kept: kept(world),
    }
}

/// The power by which something grows: the slope of the straight line through the logarithms, by least squares.
fn power(points: &[(u64, u64)]) -> f64 {
    let points: Vec<(f64, f64)> = points
        .iter()
        .map(|(size, cost)| ((*size as f64).ln(), (*cost.max(&1) as f64).ln()))
        .collect();
    let count = points.len() as f64;
    let mean_of = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (size, cost) = (mean_of(|point| point.0), mean_of(|point| point.1));
    let both: f64 = points.iter().map(|(x, y)| (x - size) * (y - cost)).sum();
    let own: f64 = points.iter().map(|(x, _)| (x - size).powi(2)).sum();
    both / own
}

fn measure(leg: &str, world: impl Fn(u64) -> World, line: &str, to_target: fn(&World) -> u64) {
    let mut costs: [Vec<(u64, Took)>; RUNS.len()] = Default::default();
    for size in sizes() {
        let world = world(size);
        for ((_, more), costs) in RUNS.iter().zip(&mut costs) {
            costs.push((size, run(&world, &format!("{line} {more}"), to_target)));
        }
    }
    for ((name, _), costs) in RUNS.iter().zip(&costs) {
        println!("{leg}, {name}:");
        for (size, took) in costs {
            println!(
                "  {size:>7} orders  {:>7.2} s of CPU  {:>6.0} µs an order  peak {:>6.1} MB  {:>6} requests to the shop, {:>6} to the target  {:>6.1} MB of state",
                took.cpu_ms as f64 / 1_000.0,
                (took.cpu_ms * 1_000) as f64 / *size as f64,
                took.peak,
                took.to_shop,
                took.to_target,
                took.kept as f64 / 1e6
            );
        }
        let points: Vec<(u64, u64)> = costs
            .iter()
            .map(|(size, took)| (*size, took.cpu_ms))
            .collect();
        println!("  grows with the power of {:.2}", power(&points));
        let ends = (&costs[0], &costs[costs.len() - 1]);
        if ends.1.0 > ends.0.0 {
            // What every file has, however small the shop, is not counted.
            let grown = ends.1.1.kept.saturating_sub(ends.0.1.kept) as f64;
            println!(
                "  keeps {:.0} bytes an order",
                grown / (ends.1.0 - ends.0.0) as f64
            );
        }
    }
}

#[test]
#[ignore = "a benchmark: prints its figures"]
fn of_the_books() {
    measure("books", season, "sync orders --yes -q", |world| {
        let counts = world.books("counts");
        let count = |name: &str| counts[name].as_u64().expect("a count");
        count("reads") + count("writes")
    });
}

#[test]
#[ignore = "a benchmark: prints its figures"]
fn of_the_copy() {
    let world = |orders| season(orders).with_database();
    measure(
        "copy",
        world,
        "sync orders --to supabase --yes -q",
        |world| seen(&world.database("counts")),
    );
}

#[test]
fn the_power_of_a_growth_is_told() {
    let of = |cost: fn(u64) -> u64| power(&[1_000, 2_000, 4_000].map(|size| (size, cost(size))));
    assert!((of(|size| size) - 1.0).abs() < 1e-9);
    assert!((of(|size| size * size) - 2.0).abs() < 1e-9);
    assert!(of(|_| 7).abs() < 1e-9);
}
