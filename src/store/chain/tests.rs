//! Whatever is changed in the history is found, and what may be dropped of it breaks nothing.

mod speed;

use std::fs;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::{Value as SqlValue, ValueRef};

use super::*;
use crate::model::plan::{Action, RecordKey};
use crate::model::run::{Change, RunStatus};
use crate::store::tests::{BOOKS, at, folder, found, request, run};
use crate::store::veil::tests::Toy;
use crate::store::{PersonSought, StoreError, TicketOutcome};

fn line(order: u64) -> Change {
    Change {
        target: BOOKS.to_owned(),
        action: Action::Create,
        entity: "SalesReceipt".to_owned(),
        source: RecordKey::order(order, &order.to_string()),
        label: format!("WC-{order}"),
        txn_date: None,
        currency: Some("CAD".to_owned()),
        total: None,
        tax_total: None,
        target_id: Some("145".to_owned()),
        body: Some(format!("{{\"BillEmail\":\"ann{order}@example.com\"}}")),
        warnings: Vec::new(),
        reason: None,
    }
}

fn end(store: &Store, id: &str, second: i64) {
    let mut ended = run(id, second);
    ended.status = RunStatus::Succeeded;
    ended.finished_at = Some(at(second));
    store.finish_run(&ended).expect("ended");
}

/// A run that posts two orders and leaves a third open, one that finds out about it, and one that does nothing.
fn history(store: &Store) {
    store.begin_run(&run("run-1", 0)).expect("begun");
    let ticket = store.intend("run-1", BOOKS, request("key-1", &[1, 2]), at(1));
    let outcomes = [
        (0, TicketOutcome::Done(found(1))),
        (1, TicketOutcome::NotDone),
    ];
    store
        .settle(&ticket.expect("recorded"), &outcomes, &[], at(2))
        .expect("settled");
    let open = store
        .intend("run-1", BOOKS, request("key-2", &[3]), at(3))
        .expect("recorded");
    store
        .record_changes("run-1", &[line(1), line(2)])
        .expect("filed");
    end(store, "run-1", 4);
    store.begin_run(&run("run-2", 5)).expect("begun");
    store
        .settle(&open, &[(0, TicketOutcome::Done(found(3)))], &[], at(6))
        .expect("settled");
    store.record_changes("run-2", &[line(3)]).expect("filed");
    end(store, "run-2", 7);
    store.begin_run(&run("run-3", 8)).expect("begun");
    end(store, "run-3", 9);
}

fn made() -> Store {
    let store = Store::in_memory().expect("memory");
    history(&store);
    store
}

fn check(store: &Store) -> ChainCheck {
    store.checked_chain(None, &[]).expect("it can be looked at")
}

#[track_caller]
fn holds(store: &Store) -> ChainCheck {
    let check = check(store);
    assert_eq!(check.broken, []);
    check
}

/// Does something to the file behind the back of the program.
fn behind(store: &Store, sql: &str) {
    store
        .write(|change| Ok(change.execute_batch(sql)?))
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

#[test]
fn each_run_that_ends_is_an_entry_and_the_head_stands_for_all() {
    let store = Store::in_memory().expect("memory");
    assert_eq!(store.chain_head(), Ok(None));
    assert_eq!(holds(&store).entries, 0);
    history(&store);
    let check = holds(&store);
    assert_eq!((check.entries, check.bodies, check.waiting), (3, 5, 0));
    let head = store.chain_head().expect("answers").expect("an entry");
    assert_eq!(check.head, Some(head.digest));
    assert_eq!(head.number, 3);
}

#[test]
fn more_that_becomes_known_of_a_run_is_another_entry() {
    let store = made();
    // A kill may come behind each of these.
    store.record_changes("run-3", &[line(4)]).expect("filed");
    assert_eq!(holds(&store).entries, 4, "at once");
    end(&store, "run-1", 20);
    assert_eq!(holds(&store).entries, 5);
    end(&store, "run-2", 21);
    assert_eq!(holds(&store).entries, 6, "what it found out goes with it");
}

/// Cut in the middle, a run that died is still untold, and its entry still says what stands there.
#[test]
fn what_a_dead_run_did_is_filed_whole_or_not_at_all() {
    let store = made();
    store.begin_run(&run("run-4", 30)).expect("begun");
    let ticket = store
        .intend("run-4", BOOKS, request("key-9", &[9]), at(31))
        .expect("recorded");
    store
        .settle(&ticket, &[(0, TicketOutcome::Done(found(9)))], &[], at(32))
        .expect("settled");
    store.close_abandoned_runs(at(40)).expect("closed");
    store.begin_run(&run("run-5", 41)).expect("begun");
    let mut dead = store.run("run-4").expect("answers").expect("there");
    dead.tally(BOOKS).created = 77;
    behind(
        &store,
        "CREATE TRIGGER cut BEFORE UPDATE OF tally ON runs BEGIN SELECT RAISE(ABORT, 'cut'); END",
    );
    store
        .file_run("run-5", &dead, &[line(9)])
        .expect_err("cut off");
    holds(&store);
    assert_eq!(store.changes("run-4"), Ok(vec![]));
    assert_eq!(store.untold_runs(), Ok(vec!["run-4".to_owned()]));
    behind(&store, "DROP TRIGGER cut");
    let late = store
        .file_run("run-3", &dead, &[line(9)])
        .expect_err("another one has taken over");
    assert!(matches!(late, StoreError::Overtaken { .. }), "{late}");
    store.file_run("run-5", &dead, &[line(9)]).expect("filed");
    holds(&store);
    assert_eq!(store.untold_runs(), Ok(vec![]));
    assert_eq!(store.run("run-4"), Ok(Some(dead)));
}

#[test]
fn a_run_that_was_overtaken_files_nothing_behind_its_entry() {
    let store = made();
    store.begin_run(&run("run-4", 30)).expect("begun");
    store
        .close_abandoned_runs(at(31))
        .expect("the lock is lost");
    store.begin_run(&run("run-5", 32)).expect("begun");
    let late = store
        .record_changes("run-4", &[line(9)])
        .expect_err("overtaken");
    assert!(matches!(late, StoreError::Overtaken { .. }), "{late}");
    holds(&store);
    store.record_changes("run-5", &[line(9)]).expect("alone");
}

#[test]
fn an_undo_cannot_be_taken_out_or_made_up() {
    let undone = || {
        let store = made();
        store.begin_run(&run("run-4", 30)).expect("begun");
        store.note_undo("run-4", "run-1").expect("noted");
        end(&store, "run-4", 31);
        holds(&store);
        store
    };
    for (sql, entry) in [
        ("DELETE FROM undos", Some(4)),
        ("UPDATE undos SET undone = 'run-2'", Some(4)),
        ("INSERT INTO undos VALUES ('run-3', 'run-1')", Some(3)),
    ] {
        let store = undone();
        behind(&store, sql);
        let check = check(&store);
        assert_eq!(check.broken[0].entry, entry, "{sql}: {:?}", check.broken);
    }
}

#[test]
fn a_run_that_died_has_its_entry_once_somebody_says_so() {
    let store = made();
    store.begin_run(&run("run-4", 30)).expect("begun");
    let open = store
        .intend("run-4", BOOKS, request("key-9", &[9]), at(31))
        .expect("recorded");
    assert_eq!(holds(&store).entries, 3);
    assert_eq!(store.close_abandoned_runs(at(40)), Ok(1));
    assert_eq!(holds(&store).entries, 4);
    store.begin_run(&run("run-5", 41)).expect("begun");
    store
        .settle(&open, &[(0, TicketOutcome::NotDone)], &[], at(42))
        .expect("settled");
    holds(&store);
    end(&store, "run-5", 43);
    holds(&store);
    behind(
        &store,
        "UPDATE ticket_writes SET outcome = '\"deleted\"' WHERE settled_at LIKE '2025%' AND outcome = '\"not_done\"' AND ticket_id = 3",
    );
    let found = check(&store);
    assert_eq!(found.broken.len(), 1);
    assert_eq!(found.broken[0].entry, Some(5), "{:?}", found.broken);
}

/// Where the history stands.
const HISTORY: [&str; 7] = [
    "runs",
    "change_rows",
    "run_numbers",
    "change_kinds",
    "tickets",
    "ticket_writes",
    "chain",
];

/// Every value of every row of the history, each changed by itself.
#[test]
fn no_value_of_the_history_can_be_changed() {
    let store = made();
    let may_change = [
        ("tickets", "sent_at"), // when it was sent last: the journal's own, moves with each try
        ("change_rows", "is_skip"), // what the kind says, once more, for an index
        ("ticket_writes", "kind"), // what the intent says, once more, to be counted by
        ("runs", "process"),    // which program recorded it, to find one that died
    ];
    let mut tried = 0;
    for table in HISTORY {
        let (columns, rows) = whole(&store, table);
        for (number, row) in rows {
            for (column, old) in columns.iter().zip(&row) {
                if may_change.contains(&(table, column)) {
                    continue;
                }
                let new = other_than(old);
                let put = |value: &SqlValue| {
                    let sql = format!("UPDATE {table} SET \"{column}\" = ?1 WHERE rowid = ?2");
                    store.write(|change| {
                        // Even what refers to nothing can be written by somebody else's program.
                        change.execute_batch("PRAGMA defer_foreign_keys = ON")?;
                        Ok(change.execute(&sql, params![value, number])?)
                    })
                };
                // The file itself refuses some: a key that is taken, a type that is none.
                if put(&new).is_err() {
                    continue;
                }
                tried += 1;
                let seen = match store.checked_chain(None, &[]) {
                    Ok(check) => check.breaks > 0,
                    Err(_) => true,
                };
                assert!(seen, "{table}.{column} of row {number}: {old:?} -> {new:?}");
                // A row may have moved with its number.
                let back = format!("UPDATE {table} SET \"{column}\" = ?1 WHERE rowid = ?2");
                let place = match (table, column.as_str(), &new) {
                    ("change_rows" | "tickets", "id", SqlValue::Integer(moved))
                    | (
                        "chain" | "run_numbers" | "change_kinds",
                        "number",
                        SqlValue::Integer(moved),
                    ) => *moved,
                    _ => number,
                };
                store
                    .write(|change| {
                        change.execute_batch("PRAGMA defer_foreign_keys = ON")?;
                        Ok(change.execute(&back, params![old, place])?)
                    })
                    .expect("put back");
                holds(&store);
            }
        }
    }
    assert!(tried > 120, "only {tried} could be changed");
}

type WholeTable = (Vec<String>, Vec<(i64, Vec<SqlValue>)>);

fn whole(store: &Store, table: &str) -> WholeTable {
    store
        .read(|view| {
            let mut ask = view.prepare(&format!("SELECT rowid AS its_number, * FROM {table}"))?;
            let columns: Vec<String> = ask.column_names()[1..]
                .iter()
                .map(|name| (*name).to_owned())
                .collect();
            let rows = ask.query_map([], |row| {
                let values = (0..columns.len())
                    .map(|place| row.get(place + 1))
                    .collect::<Result<Vec<SqlValue>, _>>()?;
                Ok((row.get(0)?, values))
            })?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            Ok((columns, rows))
        })
        .expect("it can be read")
}

/// As near to it as a value can be: one bit, one letter, or something where nothing was.
fn other_than(value: &SqlValue) -> SqlValue {
    match value {
        SqlValue::Null => SqlValue::Text("x".to_owned()),
        SqlValue::Integer(number) => SqlValue::Integer(number ^ 1 << 20),
        SqlValue::Real(number) => SqlValue::Real(-number),
        SqlValue::Text(text) => match text.strip_suffix(|_: char| true) {
            Some(shorter) if text.len() > 1 => SqlValue::Text(format!("{shorter}~")),
            _ => SqlValue::Text(format!("{text}~")),
        },
        SqlValue::Blob(bytes) => {
            let mut bytes = bytes.clone();
            bytes[0] ^= 1;
            SqlValue::Blob(bytes)
        }
    }
}

#[test]
fn nothing_can_be_taken_out_put_in_or_exchanged() {
    let cases = [
        ("DELETE FROM chain WHERE number = 1", Some(1)),
        ("DELETE FROM chain WHERE number = 2", Some(2)),
        ("DELETE FROM chain WHERE number = 3", None),
        (
            "UPDATE chain SET number = number + 10 WHERE number = 2; UPDATE chain SET number = 2 WHERE number = 3; UPDATE chain SET number = 3 WHERE number = 12",
            Some(2),
        ),
        (
            "INSERT INTO chain SELECT 4, digest, 'run-1', about, root, leaves, digest FROM chain WHERE number = 3",
            Some(4),
        ),
        ("DELETE FROM change_rows WHERE id = 2", Some(1)),
        (
            "INSERT INTO change_rows SELECT 9, run, kind, is_skip, source_id, source_number, label, txn_date, currency, total, tax_total, target_id, body, warnings, reason, body_digest FROM change_rows WHERE id = 1",
            Some(1),
        ),
        ("UPDATE change_rows SET run = 1 WHERE id = 3", Some(1)),
        (
            "UPDATE change_rows SET id = 10 WHERE id = 1; UPDATE change_rows SET id = 1 WHERE id = 2; UPDATE change_rows SET id = 2 WHERE id = 10",
            Some(1),
        ),
        (
            "DELETE FROM ticket_writes WHERE ticket_id = 1 AND position = 1",
            Some(1),
        ),
        ("DELETE FROM ticket_writes WHERE ticket_id = 2", Some(1)),
        (
            "UPDATE tickets SET settled_entry = NULL WHERE id = 2",
            Some(1),
        ),
        ("UPDATE tickets SET settled_entry = 7 WHERE id = 2", Some(2)),
        ("INSERT INTO chained_open VALUES (1)", Some(1)),
        (
            "INSERT INTO runs SELECT 'run-0', shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, 77, process, error FROM runs WHERE id = 'run-3'",
            None,
        ),
        ("DELETE FROM runs WHERE id = 'run-3'", Some(3)),
        (
            "UPDATE runs SET status = 'running' WHERE id = 'run-3'",
            Some(3),
        ),
    ];
    for (sql, entry) in cases {
        let store = made();
        let sql = sql.replace(
            "INSERT INTO runs SELECT 'run-0', shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, 77, process, error FROM runs",
            "INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, number)
             SELECT 'run-0', shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, 77 FROM runs",
        );
        behind(&store, &format!("PRAGMA defer_foreign_keys = ON; {sql}"));
        let check = check(&store);
        let first = check.broken.first().unwrap_or_else(|| panic!("{sql}"));
        assert_eq!(first.entry, entry, "{sql}: {:?}", check.broken);
    }
}

/// What somebody flips in the file itself is either no longer readable, or found, or not of the history.
#[test]
fn no_bit_of_the_file_can_be_flipped() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    history(&store);
    drop(store);
    // Everything into the one file.
    let connection = Connection::open(&path).expect("opens");
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("written");
    let before = dump(&connection).expect("readable");
    drop(connection);
    let bytes = fs::read(&path).expect("read");
    let other = path.with_extension("flipped");
    let (mut seen, mut unreadable, mut elsewhere) = (0, 0, 0);
    // Each byte in turn would take long: a stride that meets every page at every offset sooner or later.
    for place in (0..bytes.len()).step_by(211) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(&other, &flipped).expect("written");
        let checked = Store::open_read_only(&other).map(|store| {
            let store = store.expect("a file");
            store.checked_chain(None, &[])
        });
        match checked {
            Ok(Ok(check)) if check.breaks > 0 => seen += 1,
            Ok(Ok(_)) => {
                let after = Connection::open(&other).and_then(|file| dump(&file));
                assert_eq!(after.as_ref(), Ok(&before), "byte {place} was not seen");
                elsewhere += 1;
            }
            _ => unreadable += 1,
        }
    }
    println!("{seen} seen, {unreadable} unreadable, {elsewhere} not of the history");
    assert!(seen > 5 && elsewhere > 0);
}

/// The history as text.
fn dump(file: &Connection) -> rusqlite::Result<String> {
    let mut text = String::new();
    for table in HISTORY {
        let leave_out = |name: &str| matches!(name, "sent_at" | "process" | "body" | "is_skip");
        let mut ask = file.prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))?;
        let names: Vec<String> = ask.column_names().iter().map(ToString::to_string).collect();
        let mut rows = ask.query([])?;
        while let Some(row) = rows.next()? {
            for (place, name) in names.iter().enumerate() {
                if leave_out(name) {
                    continue;
                }
                match row.get_ref(place)? {
                    ValueRef::Text(said) => text.push_str(&String::from_utf8_lossy(said)),
                    other => text.push_str(&format!("{other:?}")),
                }
                text.push('|');
            }
        }
    }
    Ok(text)
}

#[test]
fn what_is_sealed_dropped_and_forgotten_breaks_nothing() {
    let store = made();
    assert_eq!(holds(&store).bodies, 5);
    store.use_body_key(Arc::new(Toy("one")));
    store.veil_everything().expect("sealed");
    assert_eq!(holds(&store).bodies, 5, "opened with the key");
    let sought = PersonSought {
        email: "ann1@example.com".to_owned(),
        looks: "none".to_owned(),
        guest: "none".to_owned(),
    };
    store
        .forget(&sought, &crate::store::people::tests::NOTHING)
        .expect("forgotten");
    assert!(holds(&store).bodies < 5);
    store
        .drop_bodies(at(1_000_000), &|_| "{}".to_owned())
        .expect("dropped");
    assert_eq!(holds(&store).bodies, 0);
}

#[test]
fn a_body_is_compared_with_its_digest_where_it_can_be_opened() {
    let store = made();
    behind(
        &store,
        "UPDATE changes SET body = replace(body, 'ann1', 'eve1') WHERE id = 1",
    );
    let said = check(&store).broken;
    assert_eq!(said[0].entry, Some(1));
    assert_eq!(said[0].what, "the body of change 1 was changed");

    let store = made();
    store.use_body_key(Arc::new(Toy("one")));
    store.veil_everything().expect("sealed");
    behind(
        &store,
        "UPDATE tickets SET body = substr(body, 1, 40) || 'A' || substr(body, 42) WHERE id = 1",
    );
    assert_eq!(
        check(&store).broken[0].what,
        "the body of request 1 was changed"
    );
    store.use_body_key(Arc::new(Toy("two")));
    assert_eq!(holds(&store).shut, 5, "it cannot be known, and is said");
}

#[test]
fn a_head_that_lies_elsewhere_shows_what_was_written_anew() {
    let store = made();
    let head = store.chain_head().expect("answers").expect("an entry");
    store
        .note_anchor("notice", "email", head, at(50))
        .expect("noted");
    let short = &head.digest.to_string()[..12];
    let check = store.checked_chain(Some(short), &[]).expect("answers");
    let covers: Vec<_> = check.anchors.iter().map(|anchor| anchor.covers).collect();
    assert_eq!((check.breaks, covers), (0, vec![Some(3); 2]));
    // Somebody takes the last run off and cleans up behind it.
    behind(
        &store,
        "DELETE FROM chain WHERE number = 3; DELETE FROM runs WHERE id = 'run-3'",
    );
    let check = store.checked_chain(Some(short), &[]).expect("answers");
    assert_eq!(check.breaks, 2, "{:?}", check.broken);
    assert!(check.broken[0].what.contains("notice `email`"));
    behind(&store, "DELETE FROM anchors");
    holds(&store);
    let given = store.checked_chain(Some(short), &[]).expect("answers");
    assert_eq!(given.breaks, 1, "only whoever kept the head knows");
}

/// As a version without a chain left it.
fn without_a_chain() -> Store {
    let store = made();
    behind(
        &store,
        "DELETE FROM chain; UPDATE tickets SET settled_entry = NULL, body_digest = NULL; UPDATE change_rows SET body_digest = NULL;
         INSERT INTO unchained (run_id) SELECT id FROM runs ORDER BY finished_at",
    );
    store
}

#[test]
fn runs_from_before_there_was_a_chain_get_their_entries_before_the_next() {
    let store = without_a_chain();
    let before = holds(&store);
    assert_eq!((before.entries, before.waiting, before.unbound), (0, 3, 5));
    store.begin_run(&run("run-4", 60)).expect("begun");
    assert_eq!(holds(&store).entries, 3);
    end(&store, "run-4", 61);
    let after = holds(&store);
    assert_eq!((after.entries, after.waiting), (4, 0));
    assert_eq!((after.bodies, after.unbound), (5, 0), "bound from here on");
    behind(&store, "UPDATE change_rows SET label = 'WC-9' WHERE id = 1");
    assert_eq!(check(&store).broken[0].entry, Some(1));
}

#[test]
fn the_backlog_is_worked_off_in_pieces_and_goes_on_after_a_kill() {
    let store = Store::in_memory().expect("memory");
    for number in 0..1_200 {
        let id = format!("run-{number:04}");
        store.begin_run(&run(&id, number)).expect("begun");
        end(&store, &id, number);
    }
    behind(
        &store,
        "DELETE FROM chain; INSERT INTO unchained (run_id) SELECT id FROM runs ORDER BY finished_at",
    );
    let counted = |table: &str| -> i64 {
        let ask = format!("SELECT count(*) FROM {table}");
        store
            .read(|view| Ok(view.query_row(&ask, [], |row| row.get(0))?))
            .expect("a number")
    };
    for piece in 1..=2 {
        assert!(store.work_off_a_piece_for_tests());
        assert_eq!(counted("chain_drafts"), piece * 500);
        let meanwhile = holds(&store);
        assert_eq!((meanwhile.entries, meanwhile.waiting), (0, 1_200));
    }
    store.begin_run(&run("run-next", 9_000)).expect("begun");
    let after = holds(&store);
    assert_eq!((after.entries, after.waiting), (1_200, 0));
    assert_eq!((counted("chain_drafts"), counted("unchained")), (0, 0));
}

#[test]
fn a_run_that_is_said_to_be_older_than_the_chain_hides_nothing() {
    let store = made();
    behind(
        &store,
        "INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, finished_at, tally)
             SELECT 'run-0', shop, command, entities, mode, dry_run, status, started_at, finished_at, tally FROM runs WHERE id = 'run-3';
         INSERT INTO unchained (run_id) VALUES ('run-0')",
    );
    let hidden = check(&store);
    assert_eq!(hidden.breaks, 1, "{:?}", hidden.broken);
    assert!(hidden.broken[0].what.contains("`run-0`"));
    // Nor does the next run give it an entry.
    store.begin_run(&run("run-4", 60)).expect("begun");
    end(&store, "run-4", 61);
    let after = check(&store);
    assert_eq!((after.entries, after.breaks), (4, 1));
}
