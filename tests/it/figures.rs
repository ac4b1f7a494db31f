//! Figures for the promises about speed, size and politeness. They take minutes and measure this machine, so they are
//! run by hand: `cargo test --release --test it figures -- --ignored --nocapture`.
//!
//! Counts are asserted, because they do not depend on the machine; times are printed.

use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::rows_speed::cpu_of;
use crate::world::{World, ran};

/// What a process took.
pub struct Watched {
    /// The largest resident size that it had, in MB. Pages of the program's own file are among it, some 40 MB, which the
    /// system takes back whenever it wants.
    pub peak: f64,
    /// The largest size that was seen of what it had made itself, in MB.
    pub own: f64,
    /// On a core, in milliseconds.
    pub cpu_ms: u64,
    pub elapsed: Duration,
    pub ran: crate::world::Ran,
}

pub fn watch(mut child: Child) -> Watched {
    let start = Instant::now();
    let path = format!("/proc/{}/status", child.id());
    let (mut peak_kb, mut own_kb, mut cpu_ms) = (0_u64, 0_u64, 0);
    loop {
        if let Ok(status) = std::fs::read_to_string(&path) {
            let of = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name))?;
                line.split_whitespace().next()?.parse().ok()
            };
            peak_kb = peak_kb.max(of("VmHWM:").unwrap_or_default());
            own_kb = own_kb.max(of("RssAnon:").unwrap_or_default());
        }
        cpu_ms = cpu_ms.max(cpu_of(child.id()));
        if child.try_wait().expect("it can be asked").is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let elapsed = start.elapsed();
    let output = child.wait_with_output().expect("it has ended");
    Watched {
        peak: peak_kb as f64 / 1000.0,
        own: own_kb as f64 / 1000.0,
        cpu_ms,
        elapsed,
        ran: ran(output),
    }
}

#[test]
#[ignore = "a benchmark: prints its figures"]
fn figures_of_two_thousand_orders_at_full_speed() {
    let generate = json!({ "orders": 2000, "customers": 1000, "refund_share": 0.05 });
    let world = World::of_generated(generate, json!({}), "");
    let start = world
        .command("sync orders --yes -q")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let Watched {
        peak, elapsed, ran, ..
    } = watch(start);
    let first = ran.ends_with(0);
    let counts = world.books("counts");
    let count = |name: &str| counts[name].as_u64().expect("a count");
    let documents = world.documents().len();
    let writes_per_order = count("document_writes") as f64 / 2000.0;
    println!(
        "2,000 orders, 1,000 customers, full speed: {}",
        first.out.trim()
    );
    println!("  documents            {documents}");
    println!(
        "  wall time            {:.1} s ({:.0} documents/s)",
        elapsed.as_secs_f64(),
        documents as f64 / elapsed.as_secs_f64()
    );
    println!("  peak memory          {peak:.1} MB");
    println!(
        "  document requests    {} ({writes_per_order:.3} an order)",
        count("document_writes")
    );
    println!("  name requests        {}", count("name_writes"));
    println!("  metered reads        {}", count("metered_reads"));
    println!(
        "  store requests       {}",
        world.store("counts")["requests"]
    );
    println!(
        "  at one time          {} requests, {} with names",
        count("largest_in_flight"),
        count("largest_names_in_flight")
    );
    assert!(documents >= 2000);
    assert!(
        writes_per_order <= 0.06,
        "{writes_per_order} document requests an order"
    );
    // Ten of them ask who else posts, before the second part.
    assert!(
        count("metered_reads") <= 50,
        "{} metered reads",
        count("metered_reads")
    );
    assert_eq!(count("largest_names_in_flight"), 1);
    assert!(peak < 100.0, "{peak} MB");
    world.forget_requests();
    let again = world.run("sync orders --yes --full --json").ends_with(0);
    let counts = world.books("counts");
    println!(
        "again, all of it: {} unchanged, {} writes, {} metered reads",
        again.figure("unchanged"),
        counts["writes"],
        counts["metered_reads"]
    );
    assert_eq!(counts["writes"], 0);
    assert!(counts["metered_reads"].as_u64() <= Some(3));
}

#[test]
#[ignore = "a benchmark: prints its figures"]
fn figures_of_the_real_throttle() {
    // Names take three batches of the first minute; with them three and six minutes are used to the last batch.
    for orders in [3510, 7110] {
        throttled(orders);
    }
}

/// So many orders in a company that takes as much as the real one does, and no more.
fn throttled(orders: usize) {
    let limits: Value = json!({ "per_minute": 500, "per_second": 10, "batches_per_minute": 40, "minute_ms": 60000 });
    let generate = json!({ "orders": orders, "customers": 30, "refund_share": 0.0 });
    let world = World::of_generated(
        generate,
        json!({ "limits": limits, "latency_ms": 300 }),
        "\n",
    );
    let Watched {
        peak, elapsed, ran, ..
    } = watch(world.start("sync orders --yes -q"));
    ran.ends_with(0);
    let counts = world.books("counts");
    let mut made: Vec<i64> = world
        .documents()
        .iter()
        .map(|document| {
            let at = document["object"]["MetaData"]["CreateTime"]
                .as_str()
                .expect("a time");
            chrono::DateTime::parse_from_rfc3339(at)
                .expect("a time")
                .timestamp()
        })
        .collect();
    made.sort_unstable();
    // A minute's allowance may go at once; what counts is how the rest keeps up. It is counted from the end of the first burst to the end
    // of the last one: the seconds that a burst takes are none in which more would have been allowed.
    let (first, last) = (made[0], made[made.len() - 1]);
    let at_once = made.iter().filter(|at| **at < first + 30).count();
    let rest = (made.len() - at_once) as f64 * 60.0;
    let from_first = rest / (last - first) as f64;
    let sustained = rest / (last - made[at_once - 1]) as f64;
    println!(
        "{} orders under 500 requests and 40 batches a minute",
        made.len()
    );
    println!("  wall time            {:.1} s", elapsed.as_secs_f64());
    println!("  peak memory          {peak:.1} MB");
    println!("  throttled answers    {}", counts["throttled"]);
    println!(
        "  sustained rate       {sustained:.0} documents a minute, {:.1} % of 1,200; counted from the first document on {from_first:.0}, {:.1} %",
        sustained / 12.0,
        from_first / 12.0
    );
    assert_eq!(made.len(), orders);
    assert_eq!(counts["throttled"], 0);
    assert!(
        sustained >= 0.97 * 1200.0,
        "{sustained:.0} documents a minute"
    );
}
