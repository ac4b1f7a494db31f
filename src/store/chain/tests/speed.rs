//! The benchmark: a history of 1,000,000 entries is checked in under ten seconds.
//!
//! `cargo test --release store::chain::tests::speed -- --ignored --nocapture`; `UDSYNC_ENTRIES` says how many entries, for a build without
//! optimisation.

use std::time::{Duration, Instant};

use rusqlite::params;

use super::super::*;
use crate::store::TicketOutcome;
use crate::store::columns::json;
use crate::store::tests::{BOOKS, at, folder, found, write};
use crate::store::thin;

/// Of ten runs one finds something to do: a request with two documents, and a line of the history for each.
const BUSY: u64 = 10;

#[test]
#[ignore = "a benchmark: run it with --release"]
fn a_million_entries_take_less_than_ten_seconds() {
    let entries: u64 = std::env::var("UDSYNC_ENTRIES")
        .map_or(1_000_000, |entries| entries.parse().expect("a number"));
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    let begun = Instant::now();
    fill(&store, entries);
    println!("{entries} runs made in {:.1?}", begun.elapsed());
    let begun = Instant::now();
    store.work_off_backlog().expect("worked off");
    println!("their entries made in {:.1?}", begun.elapsed());
    let begun = Instant::now();
    let check = store.checked_chain(None, &[]).expect("it can be looked at");
    let took = begun.elapsed();
    assert_eq!((check.entries, check.breaks), (entries, 0));
    let of_a_million = took * 1_000_000 / u32::try_from(entries).expect("so many and no more");
    println!("checked in {took:.2?}: {of_a_million:.2?} for a million");
    if !cfg!(debug_assertions) {
        assert!(of_a_million < Duration::from_secs(10));
    }
}

/// Runs of a version without a chain.
fn fill(store: &Store, entries: u64) {
    let tally = json(&crate::store::tests::run("run", 0).tallies);
    let fill = |change: &Transaction<'_>| -> Result<(), SqlTrouble> {
        let mut run = change.prepare(
            "INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, number, process)
             VALUES (?1, 'aurora', 'sync', '[\"orders\"]', 'incremental', 0, 'succeeded', ?2, ?2, ?3, ?4, 'process 1')",
        )?;
        let mut wait = change.prepare("INSERT INTO unchained (run_id) VALUES (?1)")?;
        let mut ticket = change.prepare(
            "INSERT INTO tickets (run_id, target, idempotency_key, path, body, fingerprint, intended_at, closed_at, body_digest)
             VALUES (?1, ?2, ?3, 'batch', '', 'print', ?4, ?4, ?5)",
        )?;
        let mut written = change.prepare(
            "INSERT INTO ticket_writes (ticket_id, position, subject, intent, outcome, settled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut number = change.prepare("INSERT INTO run_numbers (run_id) VALUES (?1)")?;
        let mut line = change.prepare(
            "INSERT INTO change_rows (run, kind, is_skip, source_id, label, currency, total, target_id, body_digest)
             VALUES (?1, 1, 0, ?2, ?3, 'CAD', '159.76', ?2, ?4)",
        )?;
        change.execute(
            "INSERT INTO change_kinds (number, target, action, entity, source_entity)
             VALUES (1, 'quickbooks', 'create', 'SalesReceipt', 'order')",
            [],
        )?;
        for entry in 0..entries {
            // As their ids are made: in the order of time.
            let id = format!("{entry:012x}-7000-8000-000000000000");
            let moment = time(at(entry.cast_signed()));
            run.execute(params![id, moment, tally, entry.cast_signed()])?;
            wait.execute([&id])?;
            if entry % BUSY > 0 {
                continue;
            }
            let key = format!("key-{entry}");
            let digest = body_digest(&key);
            ticket.execute(params![id, BOOKS, key, moment, digest])?;
            let ticket = change.last_insert_rowid();
            number.execute([&id])?;
            let run = change.last_insert_rowid();
            for position in 0..2 {
                let order = entry + position;
                let intent = thin::without_people(&thin::with_digests(&json(&write(order))));
                let outcome = json(&TicketOutcome::Done(found(order)));
                let position = position.cast_signed();
                let subject = format!("@document:{order}/sale");
                written.execute(params![ticket, position, subject, intent, outcome, moment])?;
                line.execute(params![
                    run,
                    order.to_string(),
                    format!("WC-{order}"),
                    digest
                ])?;
            }
        }
        Ok(())
    };
    store.write(fill).expect("filled");
}
