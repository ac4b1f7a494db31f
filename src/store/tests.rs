//! What the tests of this room share, and the tests of what no single file of it owns: crashes, full disks, two at a time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use tempfile::TempDir;

use super::*;
use crate::model::document::{DocumentKey, DocumentKind, Marker, Role};
use crate::model::link::{Link, LinkState, Posted};
use crate::model::money::Money;
use crate::model::plan::{Action, Entity, Remote, Subject};
use crate::model::raw::Raw;
use crate::model::run::{Requests, Run, RunStatus, Tally};
use crate::model::ticket::{BeforeImage, Body, Found, FoundState, Request, Write};

pub(super) const BOOKS: &str = "quickbooks";

/// A folder that goes with the test, and the path of a state file in it that is not there yet.
pub(super) fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder for the test");
    let path = folder.path().join("aurora.db");
    (folder, path)
}

pub(super) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_640_000 + second, 123_456_789).expect("a real time")
}

pub(super) fn run(id: &str, started: i64) -> Run {
    let tally = Tally {
        created: 9,
        requests: Requests {
            reads: 3,
            ..Requests::default()
        },
        ..Tally::default()
    };
    Run {
        id: id.to_owned(),
        shop: "aurora".to_owned(),
        command: "sync".to_owned(),
        entities: vec!["orders".to_owned()],
        mode: "incremental".to_owned(),
        dry_run: false,
        status: RunStatus::Running,
        started_at: at(started),
        finished_at: None,
        tallies: [(BOOKS.to_owned(), tally)].into(),
        error: None,
    }
}

/// A state in memory in which the run `run-1` has begun.
pub(super) fn store() -> Store {
    let store = Store::in_memory().expect("memory");
    store.begin_run(&run("run-1", 0)).expect("begun");
    store
}

pub(super) fn sale(order: u64) -> DocumentKey {
    DocumentKey::of_order(order, Role::Sale)
}

pub(super) fn write(order: u64) -> Write {
    Write {
        action: Action::Create,
        subject: Subject::Document(sale(order)),
        entity: DocumentKind::SalesReceipt.into(),
        remote: None,
        body: Body::whole(format!("{{\"DocNumber\":\"WC-{order}\"}}"), Vec::new())
            .expect("it refers to nothing"),
        marker: Some(Marker {
            store: "aurora".to_owned(),
            key: sale(order),
            revision: 1,
        }),
        label: format!("WC-{order}"),
        expected: None,
        source: crate::model::plan::RecordKey::order(1, "1"),
        document: None,
        before: None,
    }
}

/// One that changes what stands there, as it was read.
pub(super) fn change(order: u64, action: Action) -> Write {
    let remote = remote(order + 10_000, "3");
    Write {
        action,
        remote: Some(remote.clone()),
        before: Some(BeforeImage {
            remote,
            body: Raw::new(r#"{"Id":"10001","PrivateNote":"her own words"}"#),
        }),
        ..write(order)
    }
}

pub(super) fn request(key: &str, orders: &[u64]) -> Request {
    let writes: Vec<Write> = orders.iter().copied().map(write).collect();
    let bodies: Vec<&str> = writes.iter().map(|write| &*write.body).collect();
    Request {
        key: key.to_owned(),
        path: "batch?minorversion=75".to_owned(),
        body: format!("[{}]", bodies.join(",")),
        writes,
    }
}

pub(super) fn remote(id: u64, revision: &str) -> Remote {
    Remote {
        entity: DocumentKind::SalesReceipt.into(),
        id: id.to_string(),
        revision: revision.to_owned(),
    }
}

pub(super) fn found(order: u64) -> Found {
    Found {
        remote: remote(order + 10_000, "0"),
        label: format!("WC-{order}"),
        marker: write(order).marker,
        customer: None,
        state: FoundState::Active,
        date: NaiveDate::from_ymd_opt(2026, 11, 20),
        currency: Some("CAD".to_owned()),
        total: Money::cents(15_976),
        tax_total: Money::cents(1_428),
        tax: BTreeMap::from([("GST 5%".to_owned(), Money::cents(714))]),
        exchange_rate: None,
        balance: None,
        unapplied: None,
        payments: Vec::new(),
        is_deposited: false,
        content: "abc".to_owned(),
        trace: "abc".to_owned(),
        words: BTreeMap::new(),
    }
}

pub(super) fn link(key: DocumentKey) -> Link {
    Link {
        subject: Subject::Document(key),
        remote: remote(key.order().expect("an order's") + 10_000, "0"),
        content: "abc".to_owned(),
        revision: 1,
        state: LinkState::Active,
        posted: Some(Posted {
            key,
            kind: DocumentKind::SalesReceipt,
            number: format!("WC-{}", key.origin.id()),
            date: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
            currency: "CAD".to_owned(),
            total: "159.7600".parse().expect("money"),
            tax_total: Money::cents(1_428),
            voided: false,
            fingerprint: None,
            document: None,
        }),
    }
}

/// Leaves the disk of a store no room but for so many pages.
fn fill_disk(store: &Store, room: i64) {
    let connection = store.file();
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .expect("a number");
    connection
        .pragma_update_and_check(None, "max_page_count", pages + room, |_| Ok(()))
        .expect("set");
}

#[test]
fn a_state_file_belongs_to_one_company_for_each_target() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store
        .belongs(BOOKS, "shop|1|sandbox")
        .expect("nothing is bound yet");
    store
        .bind(BOOKS, "shop|1|sandbox")
        .expect("the first use binds");
    store.bind(BOOKS, "shop|1|sandbox").expect("the same again");
    store.bind("supabase", "shop|abc").expect("another target");
    let other = StoreError::OtherCompany {
        path: path.display().to_string(),
        target: BOOKS.to_owned(),
        bound: "shop|1|sandbox".to_owned(),
        asked: "shop|1|production".to_owned(),
    };
    assert_eq!(store.bind(BOOKS, "shop|1|production"), Err(other.clone()));
    assert_eq!(store.belongs(BOOKS, "shop|1|production"), Err(other));
    store
        .bind(BOOKS, "shop|1|sandbox")
        .expect("the refusal changed nothing");
}

#[test]
fn a_full_disk_is_an_error_and_nothing_is_half_recorded() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store.begin_run(&run("run-1", 0)).expect("begun");
    let first = store
        .intend("run-1", BOOKS, request("first", &[1]), at(1))
        .expect("there is room");
    fill_disk(&store, 2);
    let full = StoreError::DiskFull {
        path: path.display().to_string(),
    };
    // The ticket's row would fit, its writes do not: no ticket.
    let many: Vec<u64> = (1..400).collect();
    let refused = store.intend("run-1", BOOKS, request("many", &many), at(2));
    assert_eq!(refused.expect_err("no room"), full);
    let links: Vec<Link> = (1..400).map(|order| link(sale(order))).collect();
    assert_eq!(store.put_links(BOOKS, &links), Err(full.clone()));
    let outcome = [(0, TicketOutcome::Done(found(1)))];
    assert_eq!(store.settle(&first, &outcome, &links, at(3)), Err(full));

    let again = Store::open(&path).expect("another process looks");
    let open = again.open_tickets(BOOKS).expect("answers");
    assert_eq!(open, [(first.clone(), vec![0])], "still a question");
    assert_eq!(
        again.posted_orders(BOOKS).expect("answers"),
        Vec::<u64>::new()
    );

    fill_disk(&store, 10_000);
    store
        .settle(&first, &outcome, &links, at(4))
        .expect("space was made: it goes on");
    assert_eq!(store.open_tickets(BOOKS).expect("answers"), []);
    assert_eq!(store.posted_orders(BOOKS).expect("answers").len(), 399);
}

#[test]
fn a_file_that_somebody_else_is_writing_is_busy() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store
        .file()
        .busy_timeout(Duration::from_millis(50))
        .expect("less patience than usual");
    let other = rusqlite::Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("writing");
    let busy = StoreError::Busy {
        path: path.display().to_string(),
    };
    assert_eq!(store.keep("a", "b", at(1)), Err(busy));
    assert_eq!(store.kept("a").expect("reading goes on"), None);
    other.execute_batch("ROLLBACK").expect("done");
    store.keep("a", "b", at(1)).expect("free again");
}

#[test]
fn many_threads_and_handles_write_at_once_and_nothing_is_lost() {
    let (_folder, path) = folder();
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let path = &path;
            scope.spawn(move || {
                let store = Store::open(path).expect("one of them makes it, the others wait");
                for order in 0..20 {
                    let link = link(sale(thread * 100 + order));
                    store.put_links(BOOKS, &[link]).expect("recorded");
                }
            });
        }
    });
    let store = Store::open(&path).expect("opens");
    assert_eq!(store.posted_orders(BOOKS).expect("answers").len(), 160);
}

#[test]
fn ten_thousand_links_are_kept_and_found_in_a_moment() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    let links: Vec<Link> = (1..=10_000).map(|order| link(sale(order))).collect();
    let start = Instant::now();
    store.put_links(BOOKS, &links).expect("recorded");
    for order in (1..=10_000).step_by(10) {
        assert_eq!(
            store.links_of_order(BOOKS, order).expect("answers").len(),
            1
        );
    }
    // Without an index a thousand questions would take minutes; a slow machine takes a second or two.
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
    let connection = store.file();
    for (question, index) in [
        (
            "SELECT * FROM links WHERE target = 'a' AND order_id = 1",
            "links_of_order",
        ),
        (
            "SELECT * FROM links WHERE target = 'a' AND subject = 'b'",
            "sqlite_autoindex_links",
        ),
        (
            "SELECT * FROM changes WHERE run_id = 'a' ORDER BY id",
            "run_numbers",
        ),
        (
            "SELECT * FROM tickets WHERE target = 'a' AND closed_at IS NULL ORDER BY id",
            "tickets_open",
        ),
        (
            "SELECT count(*) FROM tickets WHERE fingerprint = 'a'",
            "tickets_by_writes",
        ),
        (
            "SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT 1",
            "runs_by_start",
        ),
        (
            "SELECT * FROM problems WHERE run_id = 'a'",
            "problems_of_run",
        ),
    ] {
        let way: String = connection
            .query_row(&format!("EXPLAIN QUERY PLAN {question}"), [], |row| {
                row.get(3)
            })
            .expect("a way");
        assert!(way.contains(index), "{question}: {way}");
    }
}

#[test]
fn a_panic_in_the_middle_of_a_change_undoes_it_and_spoils_nothing() {
    let store = store();
    let clone = store.clone();
    let panicked = std::thread::spawn(move || {
        let _ = clone.write(|change| -> Result<(), SqlTrouble> {
            change.execute("INSERT INTO kept VALUES ('a', 'b', 'c')", [])?;
            panic!("in the middle");
        });
    });
    panicked.join().expect_err("it panicked");
    assert_eq!(store.kept("a").expect("still answers"), None);
}

/// The environment variable that makes a test the other process of itself.
pub(super) const OTHER_PROCESS: &str = "UDSYNC_TEST_OTHER_PROCESS";

/// Starts this very test again as another process, which finds the path in [`OTHER_PROCESS`].
pub(super) fn other_process(test: &str, path: &Path) -> Child {
    Command::new(std::env::current_exe().expect("the test itself"))
        .args([test, "--exact", "--nocapture"])
        .env(OTHER_PROCESS, path)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts again")
}

pub(super) fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let start = Instant::now();
    while !there() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "waited in vain for {what}"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_process_killed_while_it_writes_leaves_a_whole_state() {
    const TEST: &str = "store::tests::a_process_killed_while_it_writes_leaves_a_whole_state";
    if let Some(path) = std::env::var_os(OTHER_PROCESS) {
        // The other process: intends and settles until it is killed.
        let store = Store::open(Path::new(&path)).expect("opens");
        let run_id = format!("run-{}", std::process::id());
        store.begin_run(&run(&run_id, 0)).expect("begun");
        let first = store.posted_orders(BOOKS).expect("answers").len() as u64 * 10;
        for order in first.. {
            let key = format!("{run_id}-{order}");
            let ticket = store
                .intend(&run_id, BOOKS, request(&key, &[order]), at(1))
                .expect("recorded");
            store
                .settle(
                    &ticket,
                    &[(0, TicketOutcome::Done(found(order)))],
                    &[link(sale(order))],
                    at(2),
                )
                .expect("settled");
        }
    }
    let (_folder, path) = folder();
    drop(Store::open(&path).expect("made"));
    for round in 0..5 {
        let mut other = other_process(TEST, &path);
        let store = Store::open_read_only(&path)
            .expect("opens")
            .expect("is there");
        let before = store.posted_orders(BOOKS).expect("answers").len();
        wait_for("the first orders", || {
            store.posted_orders(BOOKS).expect("answers").len() > before + 3 + round
        });
        other.kill().expect("killed");
        other.wait().expect("gone");

        let store = Store::open(&path).expect("the next process opens it");
        let open = store.open_tickets(BOOKS).expect("answers");
        assert!(open.len() <= 1, "one ticket can be a question");
        // Outcome and link came together or not at all.
        let (closed, settled, linked): (i64, i64, i64) = store
            .file()
            .query_row(
                "SELECT (SELECT count(*) FROM tickets WHERE closed_at IS NOT NULL),
                        (SELECT count(*) FROM ticket_writes WHERE outcome IS NOT NULL),
                        (SELECT count(*) FROM links)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .expect("answers");
        assert_eq!((closed, settled), (linked, linked));
        for (ticket, places) in open {
            let outcomes: Vec<_> = places
                .iter()
                .map(|place| (*place, TicketOutcome::NotDone))
                .collect();
            store
                .settle(&ticket, &outcomes, &[], at(3))
                .expect("answered");
            store
                .write(|change| {
                    Ok(change.execute(
                        "DELETE FROM ticket_writes WHERE ticket_id = ?1",
                        [ticket.id()],
                    )?)
                })
                .and_then(|_| {
                    store.write(|change| {
                        Ok(change.execute("DELETE FROM tickets WHERE id = ?1", [ticket.id()])?)
                    })
                })
                .expect("out of the count");
        }
        assert_eq!(store.close_abandoned_runs(at(4)).expect("closed"), 1);
        let check: String = store
            .file()
            .pragma_query_value(None, "integrity_check", |row| row.get(0))
            .expect("answers");
        assert_eq!(check, "ok");
    }
}

#[test]
fn two_processes_make_the_same_file_at_once() {
    const TEST: &str = "store::tests::two_processes_make_the_same_file_at_once";
    if let Some(path) = std::env::var_os(OTHER_PROCESS) {
        let store = Store::open(Path::new(&path)).expect("made by one, waited for by the others");
        store
            .begin_run(&run(&std::process::id().to_string(), 0))
            .expect("begun");
        return;
    }
    let (_folder, path) = folder();
    let others: Vec<Child> = (0..6).map(|_| other_process(TEST, &path)).collect();
    for mut other in others {
        assert!(other.wait().expect("ended").success());
    }
    let store = Store::open(&path).expect("opens");
    assert_eq!(store.runs(&RunFilter::default()).expect("answers").len(), 6);
    store
        .move_cursor("shop", Entity::Order, at(1))
        .expect("and it works");
}
