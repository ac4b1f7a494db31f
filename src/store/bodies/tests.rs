//! Tests of bodies: sealed to the last byte, brought up from earlier versions, dropped when they are old, and let go with their key.

use std::path::Path;
use std::sync::Arc;

use crate::model::document::{Document, DocumentKey, Role};
use crate::model::link::Link;
use crate::model::plan::{Action, Subject};
use crate::model::run::{Change, Run, RunStatus};
use crate::model::ticket::{Request, Ticket};
use crate::store::cards;
use crate::store::open::{beside, writable};
use crate::store::packed::looked_through::everything_in;
use crate::store::packed::unpacked;
use crate::store::tests::{BOOKS, at, change, folder, found, link, request, run, sale};
use crate::store::veil::tests::Toy;
use crate::store::versions::VERSIONS;
use crate::store::{KeyPlace, Store, StoreError, TicketOutcome};

/// A word that stands in everything that is about people here, and nowhere else.
pub const CANARY: &str = "Quackenbush";

/// A document that names her wherever a document can.
pub fn document(key: DocumentKey) -> Document {
    let address = serde_json::json!({
        "line_1": CANARY, "line_2": "", "city": CANARY, "state": "AB", "postcode": "X0X", "country": "CA",
    });
    let of = |address: serde_json::Value| {
        serde_json::json!({
            "key": key, "kind": "SalesReceipt", "number": "WC-1", "date": "2026-11-20", "due": null, "currency": "CAD",
            "exchange_rate": null, "total": "21.00", "tax_total": "1.00", "tax": [], "document_tax_code": null,
            "lines": [], "account": "Stripe Clearing", "payment_method": null, "applies_to": [],
            "note": format!("{CANARY} called"), "memo": CANARY, "bill_to": address, "ship_to": null,
            "overlay": {"class": "Web", "note": CANARY},
        })
    };
    serde_json::from_value(of(address)).expect("a document")
}

/// A request that makes one document and changes another, with her in all of it.
pub fn asking(key: &str) -> Request {
    let mut request = request(key, &[1]);
    request.writes.push(change(2, Action::Update));
    for write in &mut request.writes {
        write.document = Some(document(sale(1)));
        let body = format!(
            "{{\"DocNumber\":\"{}\",\"Name\":\"{CANARY}\",\"Email\":\"z@canary.example\"}}",
            write.label
        );
        write.body =
            crate::model::ticket::Body::whole(body, Vec::new()).expect("it refers to nothing");
        if let Some(before) = &mut write.before {
            let body = format!("{{\"Id\":\"10002\",\"TotalAmt\":5,\"Name\":\"{CANARY}\"}}");
            before.body = crate::model::raw::Raw::new(&body);
        }
    }
    request.body = format!("[{}]", &*request.writes[0].body);
    request
}

pub fn linked(order: u64) -> Link {
    let mut link = link(sale(order));
    let posted = link.posted.as_mut().expect("a document");
    posted.document = Some(document(sale(order)));
    link
}

pub fn line(order: u64) -> Change {
    Change {
        target: BOOKS.to_owned(),
        action: Action::Create,
        entity: "SalesReceipt".to_owned(),
        source: crate::model::plan::RecordKey::order(order, &order.to_string()),
        label: format!("WC-{order}"),
        txn_date: None,
        currency: None,
        total: None,
        tax_total: None,
        target_id: None,
        body: Some(format!(
            "{{\"BillEmail\":\"z@canary.example\",\"Name\":\"{CANARY}\"}}"
        )),
        warnings: Vec::new(),
        reason: None,
    }
}

/// Fills a state with her, and leaves one request open and one settled.
pub fn fill(store: &Store) -> [Ticket; 2] {
    store.begin_run(&run("run-1", 0)).expect("begun");
    let [settled, open] = ["key-1", "key-2"].map(|key| {
        let ticket = store.intend("run-1", BOOKS, asking(key), at(1));
        ticket.expect("recorded")
    });
    store
        .settle(
            &settled,
            &[
                (0, TicketOutcome::Done(found(1))),
                (1, TicketOutcome::NotDone),
            ],
            &[linked(1)],
            at(2),
        )
        .expect("settled");
    store.record_changes("run-1", &[line(1)]).expect("filed");
    let names = format!("[\"{CANARY}\", \"z@canary.example\"]");
    store
        .keep("quickbooks/1/names", &names, at(1))
        .expect("kept");
    let answer = format!(
        "{{\"run_id\":\"run-1\",\"changes\":[{{\"body\":{{\"Name\":\"{CANARY}\"}},\"doc_number\":\"WC-1\"}}]}}\n"
    );
    store
        .remember_keyed_run("job-7", "digest", &answer)
        .expect("kept");
    let mut ended = run("run-1", 0);
    ended.status = crate::model::run::RunStatus::Succeeded;
    ended.finished_at = Some(at(3));
    store.finish_run(&ended).expect("ended");
    [settled, open]
}

fn has_canary(path: &Path) -> bool {
    let bytes = std::fs::read(path).unwrap_or_default();
    everything_in(&bytes)
        .windows(CANARY.len())
        .any(|part| part == CANARY.as_bytes())
}

/// The file, and what SQLite keeps beside it.
fn anywhere(path: &Path) -> bool {
    has_canary(path) || has_canary(&beside(path, "-wal"))
}

fn figures(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    serde_json::json!({ "TotalAmt": value["TotalAmt"] }).to_string()
}

fn toy() -> Arc<Toy> {
    Arc::new(Toy("one"))
}

#[test]
fn with_a_key_nobody_is_in_the_file_and_everything_comes_back() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store.use_body_key(toy());
    store.veil_everything().expect("nothing to do yet");
    let [_, open] = fill(&store);
    assert!(!anywhere(&path), "not even in the log");

    let after = Store::open(&path).expect("another process");
    assert_eq!(
        after.open_tickets(BOOKS),
        Err(StoreError::Shut {
            path: path.display().to_string()
        }),
        "without the key it is not guessed"
    );
    assert_eq!(after.kept("quickbooks/1/names"), Ok(None));
    assert_eq!(after.shut_changes("run-1"), Ok(1));
    let bare = after
        .link(BOOKS, &Subject::Document(sale(1)))
        .expect("answers")
        .and_then(|link| link.posted?.document)
        .expect("figures stay");
    assert_eq!((bare.bill_to, bare.number.as_str()), (None, "WC-1"));

    after.use_body_key(toy());
    let tickets = after.open_tickets(BOOKS).expect("answers");
    assert_eq!(tickets, [(open, vec![0, 1])], "byte for byte");
    assert_eq!(
        after.link(BOOKS, &Subject::Document(sale(1))),
        Ok(Some(linked(1)))
    );
    assert_eq!(after.changes("run-1"), Ok(vec![line(1)]));
    let tried = after
        .tried(BOOKS, &Subject::Document(sale(1)))
        .expect("answers");
    assert_eq!(tried.len(), 2);
    for tried in &tried {
        let whole = crate::model::fingerprint::Fingerprint::of(&document(sale(1)));
        assert_eq!(tried.document, Some(whole), "known again without her");
        assert!(tried.sent.contains(CANARY));
        let bare = tried.write.document.as_ref().expect("its figures");
        assert_eq!((&bare.bill_to, bare.note.as_str()), (&None, ""));
    }
}

#[test]
fn without_a_key_the_file_is_as_it_was() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    let [_, open] = fill(&store);
    assert_eq!(store.veil_everything(), Ok(0));
    assert!(anywhere(&path), "the search can find something");
    let after = Store::open(&path).expect("another process");
    let tickets = after.open_tickets(BOOKS).expect("answers");
    assert_eq!(tickets, [(open, vec![0, 1])]);
}

/// As the versions before kept everything: nothing was packed.
fn unpack_all(earlier: &rusqlite::Connection) {
    for (table, column) in [
        ("tickets", "body"),
        ("ticket_writes", "intent"),
        ("ticket_writes", "outcome"),
        ("before_images", "body"),
        ("links", "posted"),
        ("change_rows", "body"),
    ] {
        let question =
            format!("SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE '%packed:2:%'");
        let mut ask = earlier.prepare(&question).expect("a question");
        let kept = ask.query_map([], |row| row.get(0)).expect("answers");
        for kept in kept.collect::<Result<Vec<String>, _>>().expect("texts") {
            let text = match cards::has_card(&kept) {
                true => cards::document(&kept).map(std::borrow::Cow::into_owned),
                false => unpacked(kept.clone()),
            };
            let put = format!("UPDATE {table} SET {column} = ?2 WHERE {column} = ?1");
            let put = earlier.execute(&put, [&kept, &text.expect("it is whole")]);
            assert!(put.expect("put") > 0);
        }
    }
}

#[test]
fn an_old_file_is_sealed_with_its_copies_at_the_first_opening_with_a_key() {
    let (_folder, path) = folder();
    // As the version before left it: in plain text, and with a copy of its own.
    let plain = Store::open(&path).expect("made");
    let [_, open] = fill(&plain);
    drop(plain);
    let known = VERSIONS.len() - 1;
    let old = beside(&path, ".older");
    let earlier = writable(&old, &VERSIONS[..known]).expect("as it was");
    let state = rusqlite::Connection::open(&path).expect("ours");
    for table in [
        "runs",
        "tickets",
        "before_images",
        "links",
        "run_numbers",
        "change_kinds",
        "change_rows",
        "kept",
    ] {
        state
            .execute("ATTACH DATABASE ?1 AS old", [old.display().to_string()])
            .expect("attached");
        state
            .execute_batch(&format!(
                "DELETE FROM old.{table}; INSERT INTO old.{table} SELECT * FROM main.{table}; DETACH DATABASE old"
            ))
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    state
        .execute("ATTACH DATABASE ?1 AS old", [old.display().to_string()])
        .expect("attached");
    state
        .execute_batch(
            "INSERT INTO old.ticket_writes SELECT ticket_id, position, subject, intent, outcome, settled_at FROM main.ticket_writes;
             DETACH DATABASE old",
        )
        .expect("nothing was counted by kinds");
    unpack_all(&earlier);
    // An earlier version kept what an open request meant with the write itself.
    state
        .execute("ATTACH DATABASE ?1 AS old", [old.display().to_string()])
        .expect("attached");
    state
        .execute_batch(
            "UPDATE old.ticket_writes AS kept SET intent = open.intent FROM main.open_intents AS open
             WHERE open.ticket_id = kept.ticket_id AND open.position = kept.position;
             DETACH DATABASE old",
        )
        .expect("as it was kept");
    drop((state, earlier));
    for file in [path.clone(), beside(&path, "-wal"), beside(&path, "-shm")] {
        let _ = std::fs::remove_file(file);
    }
    std::fs::rename(&old, &path).expect("the old one takes its place");
    for end in ["-wal", "-shm"] {
        let _ = std::fs::rename(beside(&old, end), beside(&path, end));
    }

    let store = Store::open(&path).expect("brought up to date");
    let copy = beside(&path, &format!(".v{known}.bak"));
    assert!(has_canary(&copy) && anywhere(&path), "nobody has a key yet");
    store.use_body_key(toy());
    assert!(store.veil_everything().expect("sealed") > 5);
    assert!(!anywhere(&path), "the file and its log");
    assert!(!has_canary(&copy), "the copy");
    assert_eq!(store.veil_everything(), Ok(0), "once");
    let tickets = store.open_tickets(BOOKS).expect("answers");
    assert_eq!(
        tickets,
        [(open.clone(), vec![0, 1])],
        "with everything in it"
    );
    assert_eq!(
        store.link(BOOKS, &Subject::Document(sale(1))),
        Ok(Some(linked(1)))
    );
    // The copy is good for going back.
    let back = beside(&path, ".back");
    std::fs::copy(&copy, &back).expect("copied");
    let back = Store::open(&back).expect("a whole file");
    back.use_body_key(toy());
    assert_eq!(
        back.open_tickets(BOOKS).expect("answers"),
        [(open, vec![0, 1])]
    );
}

#[test]
fn what_is_old_is_dropped_and_its_figures_stay() {
    for key in [None, Some(toy())] {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        if let Some(key) = key {
            store.use_body_key(key);
        }
        let [_, open] = fill(&store);
        assert_eq!(store.drop_bodies(at(2), &figures), Ok(0), "not yet");
        assert_eq!(store.drop_bodies(at(4), &figures), Ok(1));
        assert_eq!(store.drop_bodies(at(4), &figures), Ok(0), "once");

        let kept: Vec<(String, String)> = store
            .file()
            .prepare(
                "SELECT tickets.body, before_images.body FROM tickets JOIN before_images ON ticket_id = id
                 WHERE closed_at IS NOT NULL",
            )
            .and_then(|mut ask| ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .expect("answers");
        assert_eq!(kept, [(String::new(), "{\"TotalAmt\":5}".to_owned())]);
        let changes = store.changes("run-1").expect("answers");
        assert_eq!(
            (changes[0].body.as_ref(), changes[0].label.as_str()),
            (None, "WC-1")
        );
        let (answer, _) = store.keyed_run("job-7").expect("answers").expect("kept");
        assert!(
            answer.contains("WC-1") && !answer.contains(CANARY),
            "{answer}"
        );
        let tried = store
            .tried(BOOKS, &Subject::Document(sale(1)))
            .expect("answers");
        let document = tried[1].write.document.as_ref().expect("its figures");
        assert_eq!(document.number, "WC-1");
        assert!(tried[1].document.is_some(), "and it is known again");
        // What may have to be sent again is not old, however long ago it was.
        let tickets = store.open_tickets(BOOKS).expect("answers");
        assert_eq!(tickets, [(open, vec![0, 1])]);
    }
}

#[test]
fn a_key_that_is_lost_takes_bodies_with_it_and_nothing_else() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    let place = |key: &str| KeyPlace {
        key_id: key.to_owned(),
        place: "{}".to_owned(),
    };
    store.place_key(&place("one")).expect("noted");
    store.use_body_key(toy());
    fill(&store);
    store.veil_everything().expect("noted");
    assert_eq!(store.forget_unused_key(), Ok(false), "it is in use");
    let after = Store::open(&path).expect("another process");
    after
        .forget_key(&place("one"), &place("two"))
        .expect("begun anew");
    after.use_body_key(Arc::new(Toy("two")));
    after.veil_everything().expect("sealed anew");
    let tickets = after.open_tickets(BOOKS).expect("it can be read");
    let request = tickets[0].0.request();
    assert_eq!(request.body, "", "so it is never sent");
    assert_eq!(&*request.writes[0].body, "");
    assert_eq!(request.writes[0].label, "WC-1", "and it can be looked for");
    assert_eq!(after.changes("run-1").expect("answers")[0].body, None);
    assert!(
        after
            .link(BOOKS, &Subject::Document(sale(1)))
            .expect("answers")
            .is_some()
    );
}

#[test]
fn the_name_that_came_back_of_a_customer_is_not_kept() {
    let store = crate::store::tests::store();
    let mut request = request("key-1", &[1]);
    request.writes[0].subject = Subject::Customer("g0123.CAD".to_owned());
    let ticket = store
        .intend("run-1", BOOKS, request, at(1))
        .expect("recorded");
    let mut named = found(1);
    named.label = CANARY.to_owned();
    for _ in 0..2 {
        store
            .settle(
                &ticket,
                &[(0, TicketOutcome::Done(named.clone()))],
                &[],
                at(2),
            )
            .expect("said twice");
    }
    let outcome: String = store
        .file()
        .query_row("SELECT outcome FROM ticket_writes", [], |row| row.get(0))
        .expect("answers");
    let outcome = crate::store::packed::unpacked(outcome).expect("whole");
    assert!(
        outcome.contains("10001") && !outcome.contains(CANARY),
        "{outcome}"
    );
}

/// As an earlier version kept it: its request is long closed, and its bytes are dropped.
#[test]
fn the_name_that_an_earlier_version_kept_goes_with_what_is_old() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store.begin_run(&run("run-1", 0)).expect("begun");
    let mut request = request("key-1", &[1]);
    request.writes[0].subject = Subject::Customer("g0123.CAD".to_owned());
    let ticket = store
        .intend("run-1", BOOKS, request, at(1))
        .expect("recorded");
    let done = [(0, TicketOutcome::Done(found(1)))];
    store.settle(&ticket, &done, &[], at(2)).expect("settled");
    let ended = Run {
        status: RunStatus::Succeeded,
        finished_at: Some(at(3)),
        ..run("run-1", 0)
    };
    store.finish_run(&ended).expect("ended");
    store
        .file()
        .execute_batch(&format!(
            "UPDATE tickets SET body = '';
             UPDATE ticket_writes SET outcome = json_set('{}', '$.done.label', '{CANARY}')",
            serde_json::to_string(&done[0].1).expect("as it was written")
        ))
        .expect("as it was kept");
    assert!(anywhere(&path));
    store.drop_bodies(at(4), &figures).expect("dropped");
    assert!(!anywhere(&path), "to the last byte");
    let ask = |question: &str| -> String {
        let file = store.file();
        let answer = file.query_row(question, [], |row| {
            row.get("detail").or_else(|_| row.get(0))
        });
        answer.expect("answers")
    };
    let outcome = ask("SELECT outcome FROM ticket_writes");
    let plan = ask(&format!(
        "EXPLAIN QUERY PLAN {}",
        super::NAMED.replace("?1", "1")
    ));
    assert!(outcome.contains("10001"), "its id stays: {outcome}");
    assert!(plan.contains("outcomes_with_names"), "{plan}");
    assert_eq!(store.checked_chain(None, &[]).expect("answers").broken, []);
}

#[test]
fn no_order_has_two_places() {
    // The names under which texts are sealed are written in two ways, here in SQL and there in Rust.
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    fill(&store);
    let key = toy();
    store.use_body_key(key.clone());
    store.veil_everything().expect("sealed by the questions");
    assert_eq!(
        store
            .open_tickets(BOOKS)
            .expect("opened by the journal")
            .len(),
        1
    );
    assert_eq!(store.changes("run-1"), Ok(vec![line(1)]));
    assert!(store.kept("quickbooks/1/names").expect("answers").is_some());
    assert!(store.keyed_run("job-7").expect("answers").is_some());
    let of = DocumentKey::of_order(1, Role::Sale);
    assert_eq!(
        store.link(BOOKS, &Subject::Document(of)),
        Ok(Some(linked(1)))
    );
}
