//! Exports of a long history over the API: they go out while they are made, so that a history of years takes the memory of one of weeks.
//!
//! `UDSYNC_EXPORT_RUNS=1000000 cargo test --release --test it exports -- --nocapture` measures a long one.

use std::io::{Read, Write};
use std::net::TcpStream;

use rusqlite::Connection;

use crate::api_client::Api;
use crate::order::order;
use crate::world::World;

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A history of so many runs: the one that was made, again and again.
fn repeat(world: &World, times: u64) {
    let state = Connection::open(world.state()).expect("the state file opens");
    state
        .busy_timeout(std::time::Duration::from_secs(20))
        .expect("it waits for its turn");
    let columns: Vec<String> = state
        .prepare("SELECT name FROM pragma_table_info('runs')")
        .and_then(|mut named| {
            let names = named.query_map([], |row| row.get(0))?;
            names.collect()
        })
        .expect("a table of runs");
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "id" => "printf('%s-%07d', substr(runs.id, 1, 20), n)".to_owned(),
            "number" | "seq" => "NULL".to_owned(),
            other => format!("runs.{other}"),
        })
        .collect();
    state
        .execute_batch(&format!(
            "WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < {times})
             INSERT INTO runs ({}) SELECT {} FROM (SELECT * FROM runs LIMIT 1) AS runs, count",
            columns.join(", "),
            values.join(", ")
        ))
        .expect("a long history");
}

/// Reads an export to its end, and says how many bytes and lines it had.
fn read(api: &Api, kind: &str) -> (usize, usize) {
    let address = api.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "GET /api/sync/history HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nAccept: {kind}\r\nConnection: close\r\n\r\n",
        api.owner
    );
    stream.write_all(request.as_bytes()).expect("asked");
    let (mut bytes, mut lines) = (0, 0);
    let mut piece = vec![0; 65_536];
    let mut head = Vec::new();
    loop {
        let read = stream.read(&mut piece).expect("it answers");
        if read == 0 {
            break;
        }
        if bytes == 0 {
            head.extend_from_slice(&piece[..read.min(15)]);
        }
        bytes += read;
        lines += piece[..read].iter().filter(|byte| **byte == b'\n').count();
    }
    assert!(
        head.starts_with(b"HTTP/1.1 200"),
        "{:?}",
        String::from_utf8_lossy(&head)
    );
    (bytes, lines)
}

#[test]
fn a_long_history_goes_out_in_the_memory_of_a_short_one() {
    let runs: u64 =
        std::env::var("UDSYNC_EXPORT_RUNS").map_or(60_000, |runs| runs.parse().expect("a number"));
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders --yes").ends_with(0);
    let api = Api::serve(&world);
    // What every export takes, however short the history is.
    read(&api, "text/csv");
    repeat(&world, runs);
    let before = api.peak_mb();
    let (bytes, lines) = read(&api, "text/csv");
    let after_csv = api.peak_mb();
    println!("exports: {runs} runs as CSV, {bytes} bytes: peak {before:.1} -> {after_csv:.1} MB");
    assert!(lines as u64 > runs, "{lines} lines");
    assert!(after_csv - before < 12.0, "{before} -> {after_csv} MB");
    #[cfg(feature = "xlsx")]
    {
        let (bytes, _) = read(&api, SHEET);
        let after_sheet = api.peak_mb();
        println!("exports: {runs} runs as a spreadsheet, {bytes} bytes: peak {after_sheet:.1} MB");
        assert!(after_sheet - before < 24.0, "{before} -> {after_sheet} MB");
    }
}
