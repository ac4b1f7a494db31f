//! The table: what a first copy, a copy of nothing new and a copy of 200 changes cost, beside loaders that do nothing else.
//!
//! ```text
//! cargo test --release --test it bench::table -- --ignored --nocapture
//! ```
//!
//! Everybody brings the same orders of five kilobytes out of the same shop into a real PostgreSQL: udsync over both of its ways, the
//! [bound](crate::bound), and, if `UDSYNC_BENCH_PYTHON` names an interpreter that has them, a tight script (`msgspec`, `psycopg`) and `dlt` with
//! one table. What counts is time on a core, of the program and of PostgreSQL, the largest memory, the requests that the shop saw, and the rows
//! there are; the clock is the machine's. All of one run stand beside each other, so what is worth comparing are its ratios.
//! `UDSYNC_BENCH_ORDERS` says how many orders, 20,000 unless it is told.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use udsync::sandbox::woocommerce;

use crate::bound;
use crate::figures::watch;
use crate::many_rows::season;
use crate::real_supabase::RealSupabase;
use crate::rows_speed::{children_cpu, servers};
use crate::world::{KEY, RUNTIME, SECRET, World, get, send};

const CHANGED: usize = 200;

/// Who brings the orders over.
#[derive(Clone, Copy, PartialEq)]
enum Loader {
    Ours(&'static str),
    Bound,
    Script(&'static str),
}

impl Loader {
    fn name(self) -> &'static str {
        match self {
            Loader::Ours("rest") => "udsync, REST",
            Loader::Ours(_) => "udsync, PostgreSQL",
            Loader::Bound => "the bound",
            Loader::Script("dlt") => "dlt, one table",
            Loader::Script(_) => "a tight script",
        }
    }
}

struct Took {
    own_ms: u64,
    postgres_ms: u64,
    peak: f64,
    own: f64,
    requests: u64,
    rows: u64,
}

/// One shop for udsync, which signs its requests, and the same once more for those who cannot.
struct Shops {
    world: World,
    plain: woocommerce::Running,
    orders: Vec<u64>,
}

impl Shops {
    fn open(count: u64) -> Shops {
        let world = season(count);
        let told = world.store("snapshot");
        let orders = told["orders"].as_array().expect("orders");
        let orders = orders
            .iter()
            .map(|order| order["id"].as_u64().expect("an id"));
        let orders = orders.collect();
        let mut setup = crate::world::shop(Vec::new());
        // As if it were behind TLS, so that keys may be sent.
        setup["https"] = json!(true);
        setup["orders"] = told["orders"].clone();
        setup["refunds"] = told["refunds"].clone();
        let plain = RUNTIME
            .block_on(woocommerce::start(0, setup))
            .expect("the shop starts");
        Shops {
            world,
            plain,
            orders,
        }
    }

    fn tell(&self, path: &str, body: Value) {
        for url in [&self.world.shop_url, &self.plain.url()] {
            let url = format!("{url}/_sandbox/{path}");
            send(reqwest::Method::POST, &url, &body);
        }
    }

    fn forget_requests(&self) {
        for url in [&self.world.shop_url, &self.plain.url()] {
            let url = format!("{url}/_sandbox/requests");
            send(reqwest::Method::DELETE, &url, &Value::Null);
        }
    }

    /// Requests since they were last forgotten, in either shop.
    fn requests(&self) -> u64 {
        let seen = |url: &str| {
            let counts = get(&format!("{url}/_sandbox/counts"));
            counts["requests"].as_u64().expect("a count")
        };
        seen(&self.world.shop_url) + seen(&self.plain.url())
    }

    fn change(&self) {
        let step = (self.orders.len() / CHANGED).max(1);
        for id in self.orders.iter().step_by(step).take(CHANGED) {
            self.tell(
                &format!("orders/{id}/set"),
                json!({ "customer_note": format!("Ring twice at {id}") }),
            );
        }
    }
}

fn command(loader: Loader, more: &str, shops: &Shops, project: &RealSupabase) -> Option<Command> {
    let straight = project.plain_url();
    match loader {
        Loader::Ours(way) => {
            let place = match way {
                "rest" => format!("url = \"{}\"", project.rest_url),
                _ => format!("ca_file = \"{}\"", project.ca),
            };
            let text = std::fs::read_to_string(&shops.world.config).expect("it was written");
            let text = text.split("\n[supabase]").next().expect("a text");
            let text = format!("{text}\n[supabase]\ntransport = \"{way}\"\n{place}\n");
            std::fs::write(&shops.world.config, text).expect("written again");
            let mut command = shops
                .world
                .command(&format!("sync orders --to supabase -q {more}"));
            match way {
                "rest" => command.env("UDSYNC_SUPABASE_KEY", project.key()),
                _ => command.env("UDSYNC_SUPABASE_DATABASE_URL", &project.database_url),
            };
            Some(command)
        }
        Loader::Bound => {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command.args(["bound::bound", "--exact", "--ignored"]);
            command
                .env(bound::SHOP, shops.plain.url())
                .env(bound::DATABASE, straight);
            command.env(bound::KEYS, format!("{KEY}:{SECRET}"));
            Some(command)
        }
        Loader::Script(name) => {
            let python = std::env::var("UDSYNC_BENCH_PYTHON").ok()?;
            let file = format!("{}/tests/bench/{name}.py", env!("CARGO_MANIFEST_DIR"));
            let mut command = Command::new(python);
            command
                .arg(file)
                .env("WOO_URL", shops.plain.url())
                .env("PG_URL", straight);
            command
                .env("WOO_KEY", KEY)
                .env("WOO_SECRET", SECRET)
                .env("HOME", shops.world.home.path());
            Some(command)
        }
    }
}

fn run(loader: Loader, more: &str, shops: &Shops, project: &RealSupabase) -> Option<Took> {
    let mut command = command(loader, more, shops, project)?;
    shops.forget_requests();
    let before = (children_cpu(), servers(project).0);
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let watched = watch(child);
    let own_ms = children_cpu() - before.0;
    assert_eq!(
        watched.ran.code,
        0,
        "{}: {}",
        loader.name(),
        watched.ran.err
    );
    Some(Took {
        own_ms,
        postgres_ms: servers(project).0 - before.1,
        peak: watched.peak,
        own: watched.own,
        requests: shops.requests(),
        rows: rows(loader, project),
    })
}

fn rows(loader: Loader, project: &RealSupabase) -> u64 {
    match loader {
        Loader::Script("dlt") => project.count("bench_dlt.orders"),
        Loader::Script(_) => project.count("bench_tight.orders"),
        _ => ["orders", "order_lines", "refunds"]
            .map(|table| project.count(&format!("public.{table}")))
            .iter()
            .sum(),
    }
}

#[test]
#[ignore = "a benchmark: prints its figures"]
fn table() {
    let count = std::env::var("UDSYNC_BENCH_ORDERS")
        .ok()
        .map_or(20_000, |told| told.parse().expect("a number of orders"));
    let loaders = [
        Loader::Bound,
        Loader::Ours("postgres"),
        Loader::Ours("rest"),
        Loader::Script("tight"),
        Loader::Script("dlt"),
    ];
    println!("{count} orders of five kilobytes");
    println!(
        "{:20} {:16} {:>8} {:>8} {:>10} {:>10} {:>8} {:>8} {:>9} {:>8}",
        "",
        "",
        "own s",
        "x bound",
        "postgres s",
        "x bound",
        "peak MB",
        "own MB",
        "requests",
        "rows"
    );
    let mut of_bound: Vec<Took> = Vec::new();
    for loader in loaders {
        // A shop and a database of its own for each, with nothing in it.
        let shops = Shops::open(count);
        let Some(project) = RealSupabase::with_tables() else {
            return;
        };
        let mut took = Vec::new();
        for what in [
            "the first copy",
            "nothing changed",
            "200 changed",
            "all of it again",
        ] {
            let again = what == "all of it again";
            if again && !matches!(loader, Loader::Ours(_)) {
                break;
            }
            if what == "200 changed" {
                // The others look for what is later than the last second that they know.
                std::thread::sleep(std::time::Duration::from_millis(1_100));
                shops.change();
            }
            let more = if again { "--full" } else { "" };
            let Some(it) = run(loader, more, &shops, &project) else {
                println!(
                    "{:20} is not here: UDSYNC_BENCH_PYTHON names no interpreter",
                    loader.name()
                );
                break;
            };
            let beside = of_bound.get(took.len());
            let times = |own: u64, of: fn(&Took) -> u64| {
                beside.map_or(String::new(), |beside| {
                    format!("{:.1}", own as f64 / of(beside).max(10) as f64)
                })
            };
            println!(
                "{:20} {what:16} {:>8.2} {:>8} {:>10.2} {:>10} {:>8.1} {:>8.1} {:>9} {:>8}",
                loader.name(),
                it.own_ms as f64 / 1_000.0,
                times(it.own_ms, |took| took.own_ms),
                it.postgres_ms as f64 / 1_000.0,
                times(it.postgres_ms, |took| took.postgres_ms),
                it.peak,
                it.own,
                it.requests,
                it.rows
            );
            took.push(it);
        }
        if loader == Loader::Bound {
            of_bound = took;
        }
    }
}
