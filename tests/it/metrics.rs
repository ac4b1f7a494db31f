//! Figures: by day for a person, as tables for a spreadsheet, and in the text format of Prometheus for a collector.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use crate::order::{order, orders, unmapped};
use crate::world::World;

/// A page in the text exposition format, read as strictly as its definition says: each sample by its name and labels.
fn read_page(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n'), "the last line ends like any other");
    let mut samples = BTreeMap::new();
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let mut current = "";
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a name and help");
            assert!(!help.is_empty() && is_name(name), "{line}");
            current = name;
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a name and a type");
            assert_eq!(name, current, "help and type stand together");
            assert!(["gauge", "counter"].contains(&kind), "{line}");
            assert!(types.insert(name, kind).is_none(), "{name} comes once");
            assert_eq!(
                kind == "counter",
                name.ends_with("_total"),
                "{name} is a {kind}"
            );
        } else {
            let (sample, value) = line.rsplit_once(' ').expect("a sample and a value");
            let (name, labels) = sample.split_once('{').expect("each has the shop");
            assert_eq!(name, current, "samples follow their type");
            let labels = labels.strip_suffix('}').expect("closed");
            for label in labels.split(',') {
                let (key, word) = label.split_once('=').expect("a key and a value");
                assert!(is_name(key) && !key.contains(':'), "{line}");
                let word = word
                    .strip_prefix('"')
                    .and_then(|word| word.strip_suffix('"'));
                assert!(
                    word.is_some_and(|word| !word.contains(['"', '\\'])),
                    "{line}"
                );
            }
            let value: f64 = value.parse().expect("a number");
            let again = samples.insert(
                sample
                    .replace("shop=\"test\"", "")
                    .replace("{,", "{")
                    .replace("{}", ""),
                value,
            );
            assert!(again.is_none(), "{sample} comes once");
        }
    }
    samples
}

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == ':')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

fn page(path: &Path) -> BTreeMap<String, f64> {
    read_page(&std::fs::read_to_string(path).expect("the page"))
}

#[test]
fn each_run_leaves_a_page_for_the_collector() {
    let world = World::of_orders(vec![order(1), order(2), unmapped(3)]);
    let path = world.home.path().join("udsync.prom");
    world
        .run("sync orders --metrics-file udsync.prom")
        .ends_with(3);
    let first = page(&path);
    assert_eq!(
        first["udsync_documents_total{target=\"quickbooks\",done=\"created\"}"],
        2.0
    );
    assert_eq!(first["udsync_runs_total{status=\"partial\"}"], 1.0);
    assert_eq!(first["udsync_problems{state=\"held\"}"], 1.0);
    assert_eq!(first["udsync_records_read_total"], 3.0);
    assert_eq!(first["udsync_last_run_finished"], 1.0);
    assert!(first["udsync_reads_used_this_month"] > 0.0);
    assert_eq!(first["udsync_reads_allowed_per_month"], 500_000.0);
    assert!(first["udsync_last_sync_timestamp_seconds"] > 1_700_000_000.0);
    assert!(first["udsync_run_seconds_total"] > 0.0);

    // A run that breaks off is told too, and what came to its end before stays.
    world.tell_store("mishaps", json!({ "what": "bad_gateway", "times": null }));
    world
        .run("sync orders --metrics-file udsync.prom")
        .ends_with(5);
    let second = page(&path);
    assert_eq!(second["udsync_last_run_finished"], 0.0);
    assert_eq!(second["udsync_runs_total{status=\"failed\"}"], 1.0);
    let synced = "udsync_last_sync_timestamp_seconds";
    assert_eq!(second[synced], first[synced]);
    for (name, value) in &first {
        if name.contains("_total") {
            assert!(second[name] >= *value, "{name} only ever grows");
        }
    }
    let left: Vec<String> = std::fs::read_dir(world.home.path())
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.starts_with("udsync.prom"))
        .collect();
    assert_eq!(left, ["udsync.prom"], "nothing half written stays");

    world.clear_mishaps();
    let told = world
        .run("sync orders --metrics-file nowhere/udsync.prom")
        .ends_with(3);
    assert!(
        told.err
            .contains("note: no figures were written: could not write `nowhere/udsync.prom`"),
        "{}",
        told.err
    );
}

#[test]
fn figures_by_day_as_text_json_csv_and_for_the_collector() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    assert_eq!(
        world.run("history metrics").ends_with(0).out,
        "no runs in these days\n"
    );
    for _ in 0..2 {
        world.run("sync orders").ends_with(3);
    }
    let document = world.run("history metrics --json").ends_with(0).json();
    assert_eq!(document["schema"], "udsync/metrics/1");
    let day = &document["days"][0];
    assert_eq!((&day["runs"], &day["errors"]), (&json!(2), &json!(0)));
    let tally = &day["targets"]["quickbooks"];
    assert_eq!(tally["created"], 1);
    assert_eq!(tally["held"], 1, "the same one, twice");
    let reads = tally["requests"]["reads"].as_u64().expect("a figure");
    assert!(reads > 0);
    assert_eq!(document["reads_used_this_month"], reads);

    let text = world.run("history metrics").ends_with(0).out;
    assert!(
        text.lines()
            .next()
            .is_some_and(|head| head.starts_with("day ")),
        "{text}"
    );
    assert!(
        text.contains("of 500000 reads that Intuit counts are used this month"),
        "{text}"
    );
    let csv = world.run("history metrics --output csv").ends_with(0).out;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let head: Vec<String> = rows
        .headers()
        .expect("a head")
        .iter()
        .map(String::from)
        .collect();
    let row = rows.records().next().expect("a day").expect("a row");
    assert_eq!(head.len(), row.len());
    assert_eq!(
        &row[head.iter().position(|name| name == "created").expect("it")],
        "1"
    );

    assert_eq!(
        world
            .run("history metrics --until 2020-01-01")
            .ends_with(0)
            .out,
        "no runs in these days\n"
    );
    world
        .run("history metrics --metrics-file now.prom")
        .ends_with(0);
    assert_eq!(
        page(&world.home.path().join("now.prom"))["udsync_runs_total{status=\"partial\"}"],
        2.0
    );
}

#[test]
fn the_history_goes_into_a_file_as_a_table() {
    let world = World::of_orders(orders(1..=2));
    for _ in 0..25 {
        world.run("sync orders").ends_with(0);
    }
    let csv = world.run("history --export csv").ends_with(0).out;
    assert_eq!(csv.lines().count(), 26, "all of them, not a page");
    world
        .run("history --export csv --limit 3 --out runs.csv")
        .ends_with(0);
    let text = std::fs::read_to_string(world.home.path().join("runs.csv")).expect("the file");
    assert_eq!(text.lines().count(), 4);
    assert!(text.starts_with("run_id,command,"), "{text}");

    let runs = world.run("history --json --page 2").ends_with(0).json();
    let first = runs["runs"]
        .as_array()
        .expect("runs")
        .last()
        .expect("the first")["run_id"]
        .clone();
    let first = first.as_str().expect("an id");
    let changes = world
        .run(&format!("history {first} --export csv"))
        .ends_with(0)
        .out;
    assert!(
        changes.contains(",WC-1,") && changes.contains(",WC-2,"),
        "{changes}"
    );

    world.run("history --export pdf").ends_with(2);
    world.run("history --out runs.csv").ends_with(2);
    let unwritten = world
        .run("history --export csv --out nowhere/runs.csv")
        .ends_with(1);
    assert!(
        unwritten.err.contains("could not write `nowhere/runs.csv`"),
        "{}",
        unwritten.err
    );
}

#[cfg(feature = "xlsx")]
#[test]
fn the_history_is_a_spreadsheet_with_numbers_in_it() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    world.run("sync orders").ends_with(3);
    let id = world.run("history --json").json()["runs"][0]["run_id"].clone();
    let id = id.as_str().expect("an id");
    let line = format!("history {id} --export xlsx");
    let refused = world.run(&line).ends_with(2);
    assert!(refused.err.contains("`--out FILE`"), "{}", refused.err);
    world.run(&format!("{line} --out run.xlsx")).ends_with(0);
    let bytes = std::fs::read(world.home.path().join("run.xlsx")).expect("the file");
    assert_eq!(&bytes[..4], b"PK\x03\x04", "it is a ZIP archive");
    // The names of what is in it stand uncompressed.
    let names = String::from_utf8_lossy(&bytes);
    for name in [
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/sharedStrings.xml",
    ] {
        assert!(names.contains(name), "{name}");
    }
    world
        .run("history --export xlsx --out runs.xlsx")
        .ends_with(0);
}
