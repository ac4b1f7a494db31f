//! Hostile files: however large, deep or endless, a clear error in under a second and little memory.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{Effort, settings};
use crate::mapping::{MappingOutcome, cases, check, exchange, text};

const HEAD: &str = "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n";

/// A file that feeds one field, by a key of a rule.
fn fed(key: &str, value: &str) -> String {
    format!(
        "{HEAD}[fields]\nmemo = {{ {key} = {} }}\n",
        Json::from(value)
    )
}

fn files() -> Vec<(&'static str, String)> {
    let mut circle = String::from(HEAD);
    for number in 0..90 {
        circle.push_str(&format!(
            "[lookup.t{number}]\nthen = \"t{}\"\n",
            (number + 1) % 90
        ));
    }
    let mut tables = String::from(HEAD);
    for number in 0..5_000 {
        tables.push_str(&format!("[lookup.t{number}]\nthen = \"t{}\"\n", number + 1));
    }
    let mut rules = format!("{HEAD}[fields]\n");
    for number in 0..9_000 {
        rules.push_str(&format!("f{number} = \"nubmer\"\n"));
    }
    vec![
        ("10 MB of letters", "x".repeat(10 * 1024 * 1024)),
        (
            "10 MB of rules",
            format!("{HEAD}{}", "a = \"b\"\n".repeat(1_300_000)),
        ),
        ("nested lists", format!("{HEAD}a = {}", "[".repeat(100_000))),
        (
            "nested tables",
            format!("{HEAD}a = {}", "{a=".repeat(60_000)),
        ),
        (
            "nested headers",
            format!("{HEAD}[{}a]\n", "a.".repeat(60_000)),
        ),
        (
            "nested keys",
            format!("{HEAD}[fields]\n{}a = 1\n", "a.".repeat(60_000)),
        ),
        ("a nested flow", fed("from", &"upper(".repeat(20_000))),
        ("a nested formula", fed("compute", &"(".repeat(100_000))),
        ("a formula at its limit", fed("compute", &"(".repeat(999))),
        ("a formula of signs", fed("compute", &"-".repeat(999))),
        (
            "a formula of loops",
            fed("compute", &"line_items.map(x, ".repeat(50)),
        ),
        (
            "an endless template",
            fed("text", &"{% for a in line_items %}".repeat(150)),
        ),
        ("an unclosed template", fed("text", &"{{".repeat(1_900))),
        (
            "a long template",
            fed("text", &"{{ number }}".repeat(20_000)),
        ),
        (
            "a regex bomb",
            fed(
                "from",
                "number | regex_extract(\"((a{0,999}){0,999}){0,999}\")",
            ),
        ),
        (
            "a nested regex",
            fed(
                "from",
                &format!("number | regex_extract(\"{}\")", "(".repeat(290)),
            ),
        ),
        (
            "a long regex",
            fed(
                "from",
                &format!("number | regex_extract(\"{}\")", "a?".repeat(800)),
            ),
        ),
        ("many unknown fields", rules),
        ("tables in a circle", circle),
        ("too many tables", tables),
        (
            "a table that asks itself",
            format!(
                "{HEAD}[lookup.a]\nthen = \"a\"\n[fields]\nmemo = \"number | lookup(\\\"a\\\")\"\n"
            ),
        ),
    ]
}

#[test]
fn a_hostile_file_gives_a_clear_error_in_under_a_second() {
    for (what, file) in files() {
        let started = Effort::begin();
        let said = match text("orders.toml", file.as_bytes()) {
            Ok(text) => check("orders.toml", text, &BTreeMap::new()).expect_err(what),
            Err(complaints) => complaints,
        };
        assert!(
            started.so_far() < Duration::from_secs(1),
            "{what}: {:?}",
            started.so_far()
        );
        assert!(
            !said.is_empty() && said.len() <= 200,
            "{what}: {}",
            said.len()
        );
        for complaint in said {
            assert!(
                complaint.message.chars().count() < 3_000,
                "{what}: {complaint}"
            );
        }
    }
}

#[test]
fn hostile_neighbours_are_refused_too() {
    let bytes = [b"source = \"woo\xff\"\n".as_slice(), &[0xc3, 0x28]].concat();
    let said = text("orders.toml", &bytes).expect_err("it is not UTF-8");
    assert_eq!(
        said[0].to_string(),
        "orders.toml:1:1: the file is not text in UTF-8\n  hint: save it as UTF-8 in your editor"
    );
    let lookup = format!(
        "{HEAD}[lookup.a]\ncsv = \"a.csv\"\nkey = \"k\"\nvalue = \"v\"\n[fields]\nmemo = \"number | lookup(\\\"a\\\")\"\n"
    );
    for (csv, message) in [
        (
            "k,v\n".to_owned() + &"x".repeat(10 * 1024 * 1024),
            "is larger than 4 MB",
        ),
        (
            "k,v\n".to_owned() + &"a,b\n".repeat(60_000),
            "has more than 50000 rows",
        ),
        (
            "k,v\n".to_owned() + &"\"".repeat(100_000),
            "could not be read",
        ),
    ] {
        let started = Effort::begin();
        let files = BTreeMap::from([("a.csv".to_owned(), csv)]);
        let said = check("orders.toml", &lookup, &files).expect_err(message);
        assert!(said[0].message.contains(message), "{}", said[0]);
        assert!(started.so_far() < Duration::from_secs(1));
    }
    for json in [
        "[".repeat(100_000),
        "{\"a\":".repeat(40_000),
        "x".repeat(10_000_000),
    ] {
        assert!(exchange::import(&json).is_err());
    }
    for toml in [
        "[[case]]\n".repeat(20_000),
        "a = ".to_owned() + &"[".repeat(100_000),
    ] {
        assert!(cases::read("c", &toml).is_err());
    }
}

/// Records are as hostile as files: a list of a million lines takes no more than its share of work.
#[test]
fn a_hostile_record_is_refused_in_time() {
    let file = fed(
        "compute",
        "sum(line_items.map(a, sum(line_items.map(b, b.quantity))))",
    );
    let mapping = check("orders.toml", &file, &BTreeMap::new()).expect("it is well formed");
    let started = Effort::begin();
    let lines: Vec<Json> = (0..20_000)
        .map(|number| json!({"quantity": number}))
        .collect();
    let outcome = mapping.apply(&json!({ "line_items": lines }), &settings());
    let MappingOutcome::Refusal(refusal) = outcome else {
        panic!("this is too much work");
    };
    assert_eq!(
        refusal.to_string(),
        "`memo` could not be filled from `sum(line_items.map(a, sum(line_items.map(b, b.quantity))))`: it takes too many steps for one record"
    );
    assert!(
        started.so_far() < Duration::from_secs(5),
        "{:?}",
        started.so_far()
    );
}

/// The memory of a process that reads all of these files, one after another.
#[test]
fn hostile_files_take_less_than_100_mb() {
    let program = std::env::current_exe().expect("a test knows its program");
    let run = std::process::Command::new(program)
        .args(["--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .arg(format!(
            "{}::reads_hostile_files_alone",
            module_path!().split_once("::").map_or("", |(_, rest)| rest)
        ))
        .output()
        .expect("a test can run another");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "is run in a process of its own by the test above"]
fn reads_hostile_files_alone() {
    a_hostile_file_gives_a_clear_error_in_under_a_second();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .trim()
            .strip_suffix(" kB")?
            .parse::<u64>()
            .ok()
    });
    // Only Linux says it this way.
    if let Some(kilobytes) = peak {
        println!("peak memory: {} MB", kilobytes / 1024);
        assert!(kilobytes < 100 * 1024, "{kilobytes} kB");
    }
}
