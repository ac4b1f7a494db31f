//! What rows cost: ours over both ways, against a bare COPY into a temporary table with a merge of it, of the same rows into the same
//! table of the same server.
//!
//! ```text
//! UDSYNC_POSTGREST=/path/to/postgrest cargo test --release --test it rows_speed::what_rows_cost -- --ignored --nocapture
//! ```
//!
//! Each writer is a process of its own, so that what it uses can be told from the test's gateway. Measured is CPU, which a busy
//! machine hardly changes: of the writer while it hands rows over, of PostgreSQL, and over REST of PostgREST. Rows are made in
//! chunks of 500, which is not measured.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use chrono::Utc;
use futures_util::SinkExt;
use serde_json::{Map, Value, json};
use udsync::connector::port::TableWriter;
use udsync::connector::supabase::DatabaseConnection;
use udsync::connector::supabase::schema::columns::sent;
use udsync::model::raw::Raw;
use udsync::model::row::{Row, RowFate, Table};

use crate::real_supabase::RealSupabase;
use crate::rows::{Rewritten as _, moment, opened, order};
use crate::world::RUNTIME;

const CHUNK: u64 = 500;

/// 20,000, or as many as `UDSYNC_BENCH_ROWS` says, in whole chunks.
fn count() -> u64 {
    let told = std::env::var("UDSYNC_BENCH_ROWS").ok();
    let told = told.map_or(20_000, |told| told.parse().expect("a number of rows"));
    told / CHUNK * CHUNK
}

/// An order of 5 KB, of which no two are alike.
fn heavy(id: u64) -> Row {
    let mut row = order(id);
    let word = |at: u64| {
        let mixed = (id * 31 + at).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 17;
        format!("{mixed:x}")
    };
    for (at, name) in [
        "billing_first_name",
        "billing_last_name",
        "billing_company",
        "billing_address_1",
        "billing_city",
        "email",
    ]
    .into_iter()
    .enumerate()
    {
        row.columns.insert(name.to_owned(), json!(word(at as u64)));
    }
    let lines: Vec<Value> = (0..12)
        .map(|at| {
            json!({"id": id * 100 + at, "name": format!("Thing {} in {}", word(at), word(at + 50)), "product_id": 1_000 + at,
                   "quantity": 1, "subtotal": "12.50", "total": "12.50", "total_tax": "1.25", "sku": word(at + 100),
                   "taxes": [{"id": 1, "total": "1.25", "subtotal": "1.25"}],
                   "meta_data": [{"id": at, "key": "_reduced_stock", "value": "1"}, {"id": at, "key": word(at + 7), "value": word(at + 9)}]})
        })
        .collect();
    let mut raw = Map::new();
    raw.insert("id".to_owned(), json!(id));
    raw.insert("currency".to_owned(), json!("CAD"));
    raw.insert("line_items".to_owned(), json!(lines));
    let note: String = (0..40).map(|at| word(at + 500) + " ").collect();
    raw.insert("customer_note".to_owned(), json!(note));
    row.raw = Some(Raw::new(&Value::Object(raw).to_string()));
    row
}

fn chunks() -> impl Iterator<Item = Vec<Row>> {
    (0..count() / CHUNK).map(|chunk| {
        (chunk * CHUNK..(chunk + 1) * CHUNK)
            .map(|at| heavy(at + 1))
            .collect()
    })
}

/// Time on a core of all threads of this process, in milliseconds.
fn own_cpu() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    let on_core = tasks.flatten().map(|task| {
        let told = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        told.split(' ')
            .next()
            .and_then(|first| first.parse().ok())
            .unwrap_or(0_u64)
    });
    on_core.sum::<u64>() / 1_000_000
}

/// Of a process and of those that it has had, in milliseconds.
pub fn cpu_of(pid: u32) -> u64 {
    let told = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let (_, rest) = told.rsplit_once(')').unwrap_or_default();
    let fields: Vec<u64> = rest
        .split_whitespace()
        .map(|word| word.parse().unwrap_or(0))
        .collect();
    // utime, stime, cutime, cstime, in hundredths.
    fields
        .get(11..15)
        .map_or(0, |ticks| ticks.iter().sum::<u64>() * 10)
}

/// Of the processes that this one has begun and waited for, in milliseconds.
pub fn children_cpu() -> u64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let (_, rest) = told.rsplit_once(')').unwrap_or_default();
    let ticks = rest.split_whitespace().skip(13).take(2);
    ticks
        .map(|word| word.parse::<u64>().unwrap_or(0) * 10)
        .sum()
}

/// Processes by what they were begun by or with.
fn processes(fits: impl Fn(u32, &Path) -> bool) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").expect("Linux").flatten();
    all.filter_map(|entry| {
        entry
            .file_name()
            .to_str()?
            .parse()
            .ok()
            .map(|pid| (pid, entry.path()))
    })
    .filter(|(pid, path)| fits(*pid, path))
    .map(|(pid, _)| pid)
    .collect()
}

/// What the servers of a project have used by now: PostgreSQL, and PostgREST.
pub fn servers(project: &RealSupabase) -> (u64, u64) {
    let folder = Path::new(&project.ca).parent().expect("a folder");
    let file = std::fs::read_to_string(folder.join("data/postmaster.pid")).expect("a server");
    let master: u32 = file
        .lines()
        .next()
        .expect("a line")
        .parse()
        .expect("a number");
    let parent = format!("PPid:\t{master}\n");
    let children = processes(|_, path| {
        std::fs::read_to_string(path.join("status")).is_ok_and(|told| told.contains(&parent))
    });
    let postgres = cpu_of(master) + children.into_iter().map(cpu_of).sum::<u64>();
    let (_, port) = project.postgrest.rsplit_once(':').expect("a port");
    let mark = format!("PGRST_SERVER_PORT={port}");
    let api = processes(|_, path| {
        let is_it =
            std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe.ends_with("postgrest"));
        let with = std::fs::read(path.join("environ")).unwrap_or_default();
        is_it && String::from_utf8_lossy(&with).contains(&mark)
    });
    (postgres, api.into_iter().map(cpu_of).sum())
}

struct Cost {
    own: u64,
    postgres: u64,
    api: u64,
    peak_kb: u64,
    ms: u64,
}

fn measure(project: &RealSupabase, way: &str) -> Cost {
    let before = servers(project);
    let done = Command::new(std::env::current_exe().expect("ourselves"))
        .args(["rows_speed::writer", "--exact", "--ignored", "--nocapture"])
        .env("UDSYNC_BENCH_WAY", way)
        .env("UDSYNC_BENCH_REST", &project.rest_url)
        .env("UDSYNC_BENCH_DATABASE", &project.database_url)
        .env("UDSYNC_BENCH_CA", &project.ca)
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let after = servers(project);
    let figure = |name: &str| -> u64 {
        let (_, rest) = told.split_once(&format!("{name}=")).expect("a figure");
        rest.split_whitespace()
            .next()
            .expect("a figure")
            .parse()
            .expect("a number")
    };
    Cost {
        own: figure("cpu"),
        postgres: after.0 - before.0,
        api: after.1 - before.1,
        peak_kb: figure("peak_kb"),
        ms: figure("ms"),
    }
}

#[test]
#[ignore = "a benchmark: see the head of this file"]
fn what_rows_cost() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    let mut best: Vec<(&str, u64)> = Vec::new();
    for round in 1..=3 {
        for way in ["copy", "postgres", "rest"] {
            project.apply("truncate public.orders");
            let cost = measure(&project, way);
            assert_eq!(project.count("public.orders"), count());
            let all = cost.own + cost.postgres + cost.api;
            println!(
                "round {round}, {way:8}: {} rows in {:5} ms; CPU of the writer {:5} ms, of PostgreSQL {:5} ms, of PostgREST {:5} ms, \
                 all {all:5} ms; peak {:3} MB",
                count(),
                cost.ms,
                cost.own,
                cost.postgres,
                cost.api,
                cost.peak_kb / 1_000
            );
            match best.iter_mut().find(|(name, _)| *name == way) {
                Some((_, least)) => *least = all.min(*least),
                None => best.push((way, all)),
            }
            if way != "copy" {
                assert!(cost.peak_kb < 80_000, "{way}: {} KB", cost.peak_kb);
            }
        }
    }
    let least = |way: &str| {
        best.iter()
            .find(|(name, _)| *name == way)
            .expect("measured")
            .1
    };
    let hundredths = |way: &str| least(way) * 100 / least("copy");
    println!(
        "against COPY and merge, in hundredths: postgres {}, rest {}",
        hundredths("postgres"),
        hundredths("rest")
    );
    assert!(hundredths("postgres") <= 150);
    assert!(hundredths("rest") <= 200);
}

#[test]
#[ignore = "what the benchmark runs beside itself"]
fn writer() {
    let Ok(way) = std::env::var("UDSYNC_BENCH_WAY") else {
        return;
    };
    let told = |name: &str| std::env::var(name).expect("the benchmark says it");
    let begun = std::time::Instant::now();
    let cpu = RUNTIME.block_on(async {
        let database_url = told("UDSYNC_BENCH_DATABASE");
        let ca = told("UDSYNC_BENCH_CA");
        let settings = match way.as_str() {
            "copy" => return copied(&database_url, &ca).await,
            "rest" => DatabaseConnection::Rest {
                url: told("UDSYNC_BENCH_REST").parse().expect("an address"),
                key: crate::real_supabase::SECRET_KEY.to_owned().into(),
            },
            _ => DatabaseConnection::Postgres {
                database_url: database_url.into(),
                ca_file: Some(ca.into()),
            },
        };
        let database = opened(settings, 30);
        let mut cpu = 0;
        for rows in chunks() {
            let before = own_cpu();
            let handed = database.put(Table::Orders, &rows).await;
            cpu += own_cpu() - before;
            assert!(handed.end.is_none(), "{:?}", handed.end);
            assert!(
                handed
                    .fates
                    .iter()
                    .all(|fate| matches!(fate, RowFate::Written { .. }))
            );
        }
        cpu
    });
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let peak = peak.trim().trim_end_matches(" kB");
    println!(
        "cpu={cpu} peak_kb={peak} ms={}",
        begun.elapsed().as_millis()
    );
}

/// What a programmer would write who wants these rows in this table and nothing else: COPY of 10,000 rows into a temporary table, and
/// a merge of that. Over TLS like ours.
async fn copied(database_url: &str, ca: &str) -> u64 {
    let mut client = sealed(database_url, ca).await;
    let names: Vec<&str> = sent(Table::Orders).map(|column| column.name).collect();
    let names = names.join(", ");
    let sets: Vec<String> = sent(Table::Orders)
        .map(|column| format!("{0} = excluded.{0}", column.name))
        .collect();
    let mut cpu = 0;
    let mut waiting = chunks().peekable();
    while waiting.peek().is_some() {
        let transaction = client.transaction().await.expect("begun");
        transaction
            .batch_execute("create temp table staging (like public.orders) on commit drop; alter table staging alter fingerprint drop not null, alter updated_at drop not null")
            .await
            .expect("made");
        let sink = transaction
            .copy_in(&format!("copy staging ({names}) from stdin"))
            .await
            .expect("begun");
        let mut sink = Box::pin(sink);
        for rows in waiting.by_ref().take(20) {
            let before = own_cpu();
            let text = lines(&rows);
            sink.send(bytes::Bytes::from(text)).await.expect("sent");
            cpu += own_cpu() - before;
        }
        let before = own_cpu();
        sink.close().await.expect("copied");
        let merge = format!(
            "insert into public.orders ({names}) select {names} from staging order by shop, id
             on conflict (shop, id) do update set {} where excluded.source_at > orders.source_at",
            sets.join(", ")
        );
        transaction.batch_execute(&merge).await.expect("merged");
        transaction.commit().await.expect("kept");
        cpu += own_cpu() - before;
    }
    cpu
}

/// Rows as COPY takes them.
fn lines(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let columns = row.columns.read();
        for (at, column) in sent(row.table).enumerate() {
            if at > 0 {
                text.push('\t');
            }
            let value = match column.name {
                "raw" => row.raw.as_ref().map(|raw| raw.text().to_owned()),
                "fingerprint" => Some(row.fingerprint().to_string()),
                "source_at" => row.source_at.map(|at| at.to_rfc3339()),
                "deleted_at" => None,
                name => match columns.get(name) {
                    None | Some(Value::Null) => None,
                    Some(Value::String(text)) => Some(text.clone()),
                    Some(other) => Some(other.to_string()),
                },
            };
            match value {
                None => text.push_str("\\N"),
                Some(value) => {
                    for letter in value.chars() {
                        match letter {
                            '\\' => text.push_str("\\\\"),
                            '\t' => text.push_str("\\t"),
                            '\n' => text.push_str("\\n"),
                            '\r' => text.push_str("\\r"),
                            other => text.push(other),
                        }
                    }
                }
            }
        }
        text.write_char('\n').expect("a string takes everything");
    }
    text
}

async fn sealed(database_url: &str, ca: &str) -> tokio_postgres::Client {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    let bytes = std::fs::read(ca).expect("an authority");
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok));
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the usual versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls);
    let (client, connection) = tokio_postgres::connect(database_url, tls)
        .await
        .expect("it answers");
    tokio::spawn(connection);
    client
}

/// So that the figures are of orders as shops have them.
#[test]
fn the_orders_of_the_benchmark_are_of_five_kilobytes() {
    let row = heavy(1);
    let length = row.raw.expect("told").text().len();
    assert!((4_000..6_500).contains(&length), "{length} bytes");
    assert_eq!(row.source_at, Some(moment("2026-11-20T10:00:00.123456Z")));
    assert!(Utc::now() > row.source_at.expect("a time"));
}
