//! How fast deliveries are accepted, by the clock. Benchmarks: `cargo test --release --test it -- --ignored --nocapture hooks_speed`.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::hooks::{FROM_SHOP, HookServer, SECRET, send, sign};
use crate::order::orders;
use crate::world::World;

/// Posts so many deliveries by so many hands, each every so often, and says how long each answer took, in microseconds, sorted.
fn deliver(server: &HookServer, hands: u64, each: u64, every: Duration) -> Vec<u128> {
    let mut took: Vec<u128> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..hands)
            .map(|hand| {
                let hooks = server.hooks;
                scope.spawn(move || {
                    let mut took = Vec::new();
                    let began = Instant::now();
                    for nth in 0..each {
                        // By the clock: a slow answer does not make the next one later.
                        let due = every * u32::try_from(nth).expect("few");
                        std::thread::sleep(due.saturating_sub(began.elapsed()));
                        let body =
                            json!({ "id": 1 + nth % 5, "nth": nth, "hand": hand }).to_string();
                        let signature = sign(SECRET, body.as_bytes());
                        let headers = [
                            ("X-WC-Webhook-Topic", "order.updated"),
                            ("X-WC-Webhook-Signature", signature.as_str()),
                        ];
                        let asked = Instant::now();
                        let answer = send(hooks, FROM_SHOP, &headers, body.as_bytes());
                        assert_eq!(answer.status, 200, "{answer:?}");
                        took.push(asked.elapsed().as_micros());
                    }
                    took
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("it ends"))
            .collect()
    });
    took.sort_unstable();
    took
}

fn at(sorted: &[u128], percent: usize) -> u128 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

fn kept(world: &World) -> i64 {
    let inbox =
        rusqlite::Connection::open(world.home.path().join("test.db.inbox")).expect("it is there");
    let count = inbox.query_row("SELECT count(*) FROM deliveries", [], |row| row.get(0));
    count.expect("answers")
}

#[test]
#[ignore = "a benchmark by the clock"]
fn answers_come_within_a_tenth_of_a_second_at_a_hundred_a_second() {
    let world = World::of_orders(orders(1..=5));
    world.run("sync orders --yes").ends_with(0);
    let server = HookServer::start(&world);
    let took = deliver(&server, 10, 200, Duration::from_millis(100));
    println!(
        "hooks: {} answers at 100 a second: median {} us, p99 {} us, longest {} us",
        took.len(),
        at(&took, 50),
        at(&took, 99),
        at(&took, 100)
    );
    assert!(at(&took, 99) < 100_000);
    assert_eq!(kept(&world), 2_000);
}

#[test]
#[ignore = "a benchmark by the clock"]
fn nothing_is_lost_at_full_speed() {
    let world = World::of_orders(orders(1..=5));
    world.run("sync orders --yes").ends_with(0);
    let server = HookServer::start(&world);
    let began = Instant::now();
    let took = deliver(&server, 8, 12_500, Duration::ZERO);
    println!(
        "hooks: {} deliveries in {} ms, p99 {} us",
        took.len(),
        began.elapsed().as_millis(),
        at(&took, 99)
    );
    assert_eq!(kept(&world), 100_000);
}
