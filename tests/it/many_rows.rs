//! Many rows: what the database holds of a whole shop, judged by what the shop says of itself; that nothing goes twice, and nothing is
//! missed; and what it takes.
//!
//! A few hundred orders are in the suite. Twenty thousand of 5 KB are a benchmark, to be repeated by hand:
//!
//! ```text
//! UDSYNC_POSTGREST=/path/to/postgrest cargo test --release --test it many_rows -- --ignored --nocapture
//! ```
//!
//! Both ways into a real PostgreSQL are tried, and the stand-in takes their place where the machine has none. Which rows were written
//! is what the database says of their versions, not what the run says it did.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::copy::{Held, ORDER_FIGURES, TABLES, figures};
use crate::figures::{Watched, watch};
use crate::real_supabase::RealSupabase;
use crate::world::{BOOKS, World, company, shop};

const CHANGED: usize = 200;

/// A shop, and a database behind one of the ways into it.
struct Copied {
    world: World,
    real: Option<RealSupabase>,
    way: &'static str,
}

/// The rows of one table by id, and a version of each.
type Versions = BTreeMap<String, String>;

/// What a run came to, and took.
struct Took {
    /// Created, updated, deleted and unchanged.
    figures: [u64; 4],
    watched: Watched,
    requests: Value,
}

/// Orders of five kilobytes and their refunds, in a shop of which no two orders are alike.
pub fn season(count: u64) -> World {
    let generate = json!({ "orders": count, "customers": count / 2, "refund_share": 0.05, "start": "2025-09-01T14:00:00" });
    let mut made = World::of_generated(generate, json!({}), "").store("snapshot");
    let Value::Array(mut orders) = made["orders"].take() else {
        panic!("a list of orders")
    };
    orders.iter_mut().for_each(fill_up);
    let bytes: usize = orders.iter().map(|order| order.to_string().len()).sum();
    let each = bytes / orders.len();
    assert!((4_900..6_000).contains(&each), "{each} bytes an order");
    let mut setup = shop(orders);
    setup["refunds"] = made["refunds"].take();
    World::new(setup, company(), BOOKS)
}

/// Plugins leave things on an order.
fn fill_up(order: &mut Value) {
    let id = order["id"].as_u64().expect("an id");
    let mut length = order.to_string().len();
    for at in 0.. {
        if length >= 5_000 {
            return;
        }
        let word = (id * 31 + at).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let meta = json!({ "id": id * 100 + at, "key": format!("_wc_order_attribution_{at}"), "value": format!("{word:x} é \"{at}\"") });
        length += meta.to_string().len() + 1;
        order["meta_data"]
            .as_array_mut()
            .expect("a list")
            .push(meta);
    }
}

impl Copied {
    fn stand_in(count: u64) -> Copied {
        Copied {
            world: season(count).with_database(),
            real: None,
            way: "stand-in",
        }
    }

    /// `None` where the machine cannot have it.
    fn real(way: &'static str, count: u64) -> Option<Copied> {
        let project = RealSupabase::with_tables()?;
        let world = season(count);
        let place = match way {
            "rest" => format!("url = \"{}\"", project.rest_url),
            _ => format!("ca_file = \"{}\"", project.ca),
        };
        let text = std::fs::read_to_string(&world.config).expect("it was written");
        let text = format!("{text}\n[supabase]\ntransport = \"{way}\"\n{place}\n");
        std::fs::write(&world.config, text).expect("written again");
        Some(Copied {
            world,
            real: Some(project),
            way,
        })
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.world.command(line);
        match &self.real {
            None => {}
            Some(project) if self.way == "rest" => {
                command.env("UDSYNC_SUPABASE_KEY", project.key());
            }
            Some(project) => {
                command.env("UDSYNC_SUPABASE_DATABASE_URL", &project.database_url);
            }
        }
        command
    }

    #[track_caller]
    fn sync(&self, more: &str) -> Took {
        let told = self.world.home.path().join("told.json");
        // A pipe that nobody empties would fill up.
        let file = File::create(&told).expect("a file");
        let started = self
            .command(&format!("sync orders --to supabase --json {more}"))
            .stdout(file)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut watched = watch(started);
        watched.ran.out = std::fs::read_to_string(told).expect("it was told");
        assert_eq!(watched.ran.code, 0, "{}", watched.ran.err);
        Took {
            figures: figures(&watched.ran),
            requests: watched.ran.json()["targets"]["supabase"]["requests"].clone(),
            watched,
        }
    }

    /// What the database holds and nobody has marked as deleted.
    fn held(&self) -> Held {
        let [orders, lines, refunds] = TABLES.map(|table| {
            let rows = match &self.real {
                None => self.world.rows(table),
                Some(project) => pages(project, table),
            };
            let live = rows.into_iter().filter(|row| row["deleted_at"].is_null());
            live.map(|row| (row["id"].to_string(), row)).collect()
        });
        Held {
            orders,
            lines,
            refunds,
        }
    }

    /// A version of each row, which is another one whenever the row is written.
    fn versions(&self) -> [Versions; 3] {
        TABLES.map(|table| match &self.real {
            None => {
                let rows = self.world.rows(table).into_iter();
                let of = |row: Value| (row["id"].to_string(), row["updated_at"].to_string());
                rows.map(of).collect()
            }
            Some(project) => {
                let query = format!(
                    "select id, xmin::text || ' ' || ctid::text as version from public.{table}"
                );
                let rows = project.rows(&query).into_iter();
                let of = |row: Value| (row["id"].to_string(), row["version"].to_string());
                rows.map(of).collect()
            }
        })
    }

    /// How many rows were sent to the tables of orders, as the stand-in saw it.
    fn sent(&self) -> Option<u64> {
        self.real.is_none().then(|| {
            let requests = self.world.database("requests");
            let all = requests.as_array().expect("a list").iter();
            let writes = all.filter(|request| request["method"] != "GET");
            let ours = writes.filter(|request| {
                let path = request["path"].as_str().expect("a path");
                TABLES.iter().any(|table| path.ends_with(table))
            });
            ours.map(|request| request["rows"].as_u64().expect("a number"))
                .sum()
        })
    }

    /// The ids of the orders by the time of their last change, the latest last, and their lines.
    fn orders(&self) -> Vec<(String, u64, BTreeSet<String>)> {
        let shop = self.world.store("snapshot");
        let of = |order: &Value| {
            let changed = order["date_modified_gmt"].as_str().expect("a time");
            let id = order["id"].as_u64().expect("an id");
            let lists = ["line_items", "shipping_lines", "fee_lines"].into_iter();
            let lines = lists.flat_map(|list| order[list].as_array().into_iter().flatten());
            let lines = lines.map(|line| line["id"].to_string()).collect();
            (changed.to_owned(), id, lines)
        };
        let mut orders: Vec<_> = shop["orders"]
            .as_array()
            .expect("orders")
            .iter()
            .map(of)
            .collect();
        orders.sort();
        orders
    }

    /// The whole story; answers with what the first run took.
    fn tell(&self, count: u64) -> Took {
        let first = self.sync("");
        show("the first run", &first);
        let held = self.held();
        let rows = held.orders.len() + held.lines.len() + held.refunds.len();
        assert_eq!(held.orders.len() as u64, count);
        assert_eq!(first.figures, [rows as u64, 0, 0, 0]);
        held.equals(&self.world.store("snapshot"));

        let before = self.versions();
        for more in ["", "--full"] {
            self.world.forget_requests();
            let again = self.sync(more);
            assert_eq!(again.figures[..3], [0, 0, 0], "sync {more}");
            assert!(again.figures[3] == rows as u64 || more.is_empty());
            assert_eq!(self.sent().unwrap_or(0), 0, "sync {more}");
            if more == "--full" {
                show("all of it again", &again);
            }
        }
        assert!(before == self.versions(), "something was written again");

        // All over the shop, oldest and newest.
        let orders = self.orders();
        let step = orders.len() / CHANGED;
        let some: Vec<_> = orders.iter().step_by(step).take(CHANGED).collect();
        for (_, id, _) in &some {
            let note = json!({ "customer_note": format!("Ring twice at {id}") });
            self.world.tell_store(&format!("orders/{id}/set"), note);
        }
        let took = self.only_these_are_written(&some.iter().map(|one| one.1).collect());
        show("200 changed orders", &took);

        // The cursor stands in the second of the last change, or just before it. Then something is said to have happened in that
        // very second: to an order that was read in it, and to one that was not.
        let orders = self.orders();
        let (second, last, _) = orders.last().expect("orders");
        let other = orders[0].1;
        for id in [*last, other] {
            let note =
                json!({ "customer_note": "At the same moment", "date_modified_gmt": second });
            self.world.tell_store(&format!("orders/{id}/set"), note);
        }
        self.only_these_are_written(&[*last, other].into());
        first
    }

    /// Syncs, and sees that exactly these orders with their lines are written, and all is as in the shop.
    #[track_caller]
    fn only_these_are_written(&self, meant: &BTreeSet<u64>) -> Took {
        let before = self.versions();
        self.world.forget_requests();
        let took = self.sync("");
        let after = self.versions();
        let written = [0, 1, 2].map(|at| {
            let other = after[at]
                .iter()
                .filter(|(id, version)| before[at].get(*id) != Some(version));
            other
                .map(|(id, _)| id.clone())
                .collect::<BTreeSet<String>>()
        });
        let ids: BTreeSet<String> = meant.iter().map(u64::to_string).collect();
        let mut lines: BTreeSet<String> = BTreeSet::new();
        for (_, id, own) in self.orders() {
            if meant.contains(&id) {
                lines.extend(own);
            }
        }
        assert_eq!(written[0], ids, "orders");
        // A line says when its order was changed.
        assert!(written[1].is_subset(&lines), "lines of other orders");
        assert_eq!(written[2], BTreeSet::new(), "refunds do not change");
        let rows = (written[0].len() + written[1].len()) as u64;
        assert_eq!(took.figures[..3], [0, rows, 0]);
        assert_eq!(self.sent().unwrap_or(rows), rows);
        self.held().equals(&self.world.store("snapshot"));
        took
    }
}

/// All rows of a table, with their figures as text.
pub fn pages(project: &RealSupabase, table: &str) -> Vec<Value> {
    let figures: &[&str] = match table {
        "orders" => &ORDER_FIGURES,
        "order_lines" => &["quantity", "subtotal", "subtotal_tax", "total", "total_tax"],
        _ => &["amount"],
    };
    let figures: Vec<String> = figures
        .iter()
        .map(|name| format!("'{name}', t.{name}::text"))
        .collect();
    let figures = figures.join(", ");
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let after = rows
            .last()
            .map_or("0".to_owned(), |row| row["id"].to_string());
        let page = project.rows(&format!(
            "select to_jsonb(t) || jsonb_build_object({figures}) as row from public.{table} t where id > {after} order by id limit 2000"
        ));
        if page.is_empty() {
            return rows;
        }
        rows.extend(page.into_iter().map(|mut row| row["row"].take()));
    }
}

fn show(what: &str, took: &Took) {
    let [created, updated, deleted, unchanged] = took.figures;
    println!(
        "  {what:20} {created} created, {updated} updated, {deleted} deleted, {unchanged} unchanged; {:.1} s, {:.1} s of CPU, peak {:.1} MB, \
         requests {}",
        took.watched.elapsed.as_secs_f64(),
        took.watched.cpu_ms as f64 / 1000.0,
        took.watched.peak,
        took.requests
    );
}

#[test]
fn three_hundred_orders_are_as_in_the_shop_and_only_changes_are_sent() {
    Copied::stand_in(300).tell(300);
}

#[test]
fn and_so_they_are_in_a_real_database() {
    for way in ["rest", "postgres"] {
        if let Some(copied) = Copied::real(way, 300) {
            copied.tell(300);
        }
    }
}

#[test]
#[ignore = "a benchmark: prints its figures"]
fn twenty_thousand_orders() {
    const COUNT: u64 = 20_000;
    let mut were = false;
    for way in ["rest", "postgres", "stand-in"] {
        let copied = match way {
            "stand-in" if were => break,
            "stand-in" => Some(Copied::stand_in(COUNT)),
            _ => Copied::real(way, COUNT),
        };
        let Some(copied) = copied else {
            continue;
        };
        were = true;
        println!("{COUNT} orders of 5 KB, {way}");
        let first = copied.tell(COUNT);
        let peak = first.watched.peak;
        assert!(peak < 80.0, "{way}: {peak:.1} MB");
    }
}
