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
    own: f64,
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

/// The stand-in takes some 1,000 documents a second and QuickBooks 20. What is looked at of the last seconds is as much as it would be there
/// if the company's clock runs so much faster.
const CLOCK_SPEED: u32 = 50;

fn season(orders: u64) -> World {
    let generate = json!({ "orders": orders, "customers": orders / 2, "refund_share": 0.05 });
    World::of_generated(generate, json!({ "clock_speed": CLOCK_SPEED }), "")
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

/// What each table and index of the state file takes, by order, the largest first.
fn print_rooms(world: &World, orders: u64) {
    let state = rusqlite::Connection::open(world.state()).expect("the state file opens");
    let mut ask = state
        .prepare("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 12")
        .expect("SQLite tells of its pages");
    let rooms = ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let rooms: Vec<(String, i64)> = rooms
        .and_then(Iterator::collect)
        .expect("a size for each name");
    println!("  of the state file of {orders} orders, by order:");
    for (name, size) in rooms {
        let bytes = size as f64 / orders as f64;
        println!("  {bytes:>9.0} bytes  {name}");
    }
}

fn run(world: &World, line: &str, requests_to_target: impl Fn(&World) -> u64) -> Took {
    world.forget_requests();
    let Watched {
        peak,
        own,
        cpu_ms,
        ran,
        ..
    } = watch(world.start(line));
    ran.ends_with(0);
    Took {
        cpu_ms,
        peak,
        own,
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
        if sizes().last() == Some(&size) {
            print_rooms(&world, size);
        }
    }
    for ((name, _), costs) in RUNS.iter().zip(&costs) {
        println!("{leg}, {name}:");
        for (size, took) in costs {
            println!(
                "  {size:>7} orders  {:>7.2} s of CPU  {:>6.0} µs an order  peak {:>6.1} MB, {:>6.1} its own  {:>6} requests to the shop, {:>6} to the target  {:>6.1} MB of state",
                took.cpu_ms as f64 / 1_000.0,
                (took.cpu_ms * 1_000) as f64 / *size as f64,
                took.peak,
                took.own,
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

/// A shop that has been in step for years: a run that finds nothing new reads nothing that grows with what was posted.
#[test]
#[ignore = "a benchmark: prints its figures"]
fn of_an_idle_run_among_a_million_links() {
    const LINKS: u64 = 1_000_000;
    let world = season(20);
    world.run("sync orders --yes -q").ends_with(0);
    let before = run(&world, "sync orders --yes -q", |_| 0);
    let state = rusqlite::Connection::open(world.state()).expect("the state file opens");
    // Of documents that were posted in other years, each with a number, a day and an order of its own.
    state
        .execute_batch(&format!(
            "CREATE TEMP TABLE one AS SELECT * FROM links WHERE posted IS NOT NULL AND order_id IS NOT NULL LIMIT 1;
             WITH RECURSIVE nth (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM nth WHERE n < {LINKS})
             INSERT INTO links SELECT one.target, '@document:' || (1000000 + n) || '/sale', 1000000 + n, remote_entity, 5000000 + n,
                 remote_revision, content, revision, state,
                 json_set(posted, '$.number', 'WC-' || (1000000 + n), '$.date', date('2015-01-01', '+' || (n / 400) || ' days'))
             FROM nth, one;"
        ))
        .expect("a million links");
    drop(state);
    let mut took: Vec<Took> = (0..5)
        .map(|_| run(&world, "sync orders --yes -q", |_| 0))
        .collect();
    took.sort_by_key(|took| took.cpu_ms);
    let (fastest, middle) = (&took[0], &took[took.len() / 2]);
    println!(
        "an idle run: {} ms of CPU among {} links; {} ms among a million at best, {} in the middle, peak {:.1} MB, {:.0} MB of state",
        before.cpu_ms,
        20,
        fastest.cpu_ms,
        middle.cpu_ms,
        middle.peak,
        middle.kept as f64 / 1e6
    );
}

/// What the state file keeps of one more order, in bytes.
fn kept_of_an_order(world: impl Fn(u64) -> World, line: &str) -> u64 {
    const FEW: u64 = 200;
    const MANY: u64 = 600;
    let [few, many] = [FEW, MANY].map(|orders| run(&world(orders), line, |_| 0).kept);
    (many - few) / (MANY - FEW)
}

/// As `man/udsync-performance.7.md` says: a shop of a hundred thousand orders has a file of 400 MB at most.
#[test]
fn an_order_in_the_books_takes_four_kilobytes_of_the_state_file_at_most() {
    let bytes = kept_of_an_order(season, "sync orders --yes -q");
    assert!(bytes <= 4_096, "{bytes} bytes");
}

#[test]
fn an_order_in_the_database_takes_two_hundred_bytes_of_the_state_file_at_most() {
    let world = |orders| season(orders).with_database();
    let bytes = kept_of_an_order(world, "sync orders --to supabase --yes -q");
    assert!(bytes <= 200, "{bytes} bytes");
}

#[test]
fn the_power_of_a_growth_is_told() {
    let of = |cost: fn(u64) -> u64| power(&[1_000, 2_000, 4_000].map(|size| (size, cost(size))));
    assert!((of(|size| size) - 1.0).abs() < 1e-9);
    assert!((of(|size| size * size) - 2.0).abs() < 1e-9);
    assert!(of(|_| 7).abs() < 1e-9);
}
