//! What is packed in a state file: read by tests that look into it, and beside what the version before kept as it was.

use rusqlite::Connection;
use serde_json::Value;

use crate::order::{order, with};
use crate::world::World;

#[path = "../../src/store/packed/looked_through.rs"]
mod looked_through;

pub use looked_through::everything_in;

/// A text of the state file as it was before it was packed.
pub fn unpacked(text: &str) -> String {
    if !text.starts_with("packed:") {
        return text.to_owned();
    }
    let all = everything_in(text.as_bytes());
    String::from_utf8(all[text.len() + 1..].to_vec()).expect("it is text")
}

/// Where the state keeps what is long.
const LONG: [(&str, &str); 6] = [
    ("tickets", "body"),
    ("ticket_writes", "intent"),
    ("ticket_writes", "outcome"),
    ("before_images", "body"),
    ("links", "posted"),
    ("change_rows", "body"),
];

/// How many texts of each place are packed, and how many are not.
fn counted(world: &World) -> Vec<(u64, u64)> {
    let file = Connection::open(world.state()).expect("the state file");
    LONG.iter()
        .map(|(table, column)| {
            let ask = format!(
                "SELECT count(*) FILTER (WHERE {column} LIKE '%packed:2:%'), count(*) FILTER (WHERE {column} NOT LIKE '%packed:2:%')
                 FROM {table} WHERE length({column}) > 400 OR {column} LIKE '%packed:2:%'"
            );
            let counts = file.query_row(&ask, [], |row| Ok((row.get(0)?, row.get(1)?)));
            let (packed, plain): (i64, i64) = counts.expect("counts");
            (packed.unsigned_abs(), plain.unsigned_abs())
        })
        .collect()
}

/// Makes of the file what the version before would have written.
fn as_the_version_before(world: &World) {
    let file = Connection::open(world.state()).expect("the state file");
    for (table, column) in LONG {
        let ask =
            format!("SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE '%packed:2:%'");
        let mut ask = file.prepare(&ask).expect("a question");
        let kept = ask.query_map([], |row| row.get(0)).expect("an answer");
        for kept in kept.collect::<Result<Vec<String>, _>>().expect("texts") {
            let card: Option<Value> = serde_json::from_str(&kept).ok();
            let text = match &card {
                Some(card) => unpacked(card["packed"].as_str().expect("behind a card")),
                None => unpacked(&kept),
            };
            file.execute(
                &format!("UPDATE {table} SET {column} = ?2 WHERE {column} = ?1"),
                [&kept, &text],
            )
            .expect("put back");
        }
    }
    let version: i64 = file
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .expect("a version");
    assert_eq!(version, 28, "a later version is to be undone here too");
    file.execute_batch(
        "ALTER TABLE ticket_writes DROP COLUMN kind; DROP TABLE write_kinds; PRAGMA user_version = 27;",
    )
    .expect("as it was");
}

#[test]
fn a_file_of_the_version_before_is_read_written_on_and_taken_back() {
    let world = World::of_orders(vec![order(1042), order(1043)]);
    world.run("sync orders --yes").ends_with(0);
    // So that something that stood there is kept.
    let dearer = |total: &str| {
        let mut dearer = order(1042);
        dearer["line_items"][0]["total"] = total.into();
        dearer["line_items"][0]["subtotal"] = total.into();
        let sum = total.parse::<f64>().expect("an amount") + 1.0;
        with(dearer, serde_json::json!({ "total": format!("{sum:.2}") }))
    };
    world.put_order(&dearer("21.00"), &serde_json::json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    let runs = |world: &World| -> Vec<String> {
        let history = world.run("history --json").ends_with(0).json();
        let runs = history["runs"].as_array().expect("runs").clone();
        let id = |run: &Value| run["run_id"].as_str().expect("an id").to_owned();
        runs.iter().map(id).collect()
    };
    let says = |world: &World| {
        let mut lines: Vec<String> = runs(world)
            .iter()
            .map(|run| format!("history {run} --json"))
            .collect();
        lines
            .extend(["explain 1042 --json", "explain WC-1043", "verify --json"].map(str::to_owned));
        lines
            .iter()
            .map(|line| world.run(line).ends_with(0).out)
            .collect::<Vec<_>>()
    };
    let before = says(&world);
    let packed = counted(&world);
    assert!(
        packed
            .iter()
            .all(|(packed, plain)| *packed > 0 && *plain == 0),
        "{packed:?}"
    );

    as_the_version_before(&world);
    let plain = counted(&world);
    assert!(
        plain
            .iter()
            .all(|(packed, plain)| *packed == 0 && *plain > 0),
        "{plain:?}"
    );
    assert_eq!(says(&world), before, "both are read alike");

    // Written on: what stood there stays as it was, and what comes is packed.
    world.put_order(&dearer("22.00"), &serde_json::json!([]), false);
    world.put_order(&order(1044), &serde_json::json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    let both = counted(&world);
    assert!(both.iter().all(|(packed, _)| *packed > 0), "{both:?}");
    assert!(
        both[1].1 == plain[1].1 && both[3].1 == plain[3].1,
        "{both:?}"
    );
    let again = world.run("sync orders --full --yes --json").ends_with(0);
    assert_eq!(
        (again.figure("unchanged"), again.figure("conflicts")),
        (3, 0)
    );

    // And taken back, to where nothing was.
    let postings = world.postings();
    assert_eq!(postings.len(), 3, "{postings:?}");
    for run in runs(&world) {
        if world.run(&format!("history {run} --json")).json()["changes"]
            .as_array()
            .is_some_and(|changes| changes.iter().any(|change| change["action"] != "none"))
        {
            world.run(&format!("undo {run} --yes")).ends_with(0);
        }
    }
    let left = world.postings();
    assert!(
        left.iter().all(|line| !line.ends_with(" active")),
        "{left:?}"
    );
    world.run("verify").ends_with(0);
}
