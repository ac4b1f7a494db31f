//! Tests of people: everything of one person is found and forgotten, and nobody else.

use std::sync::Arc;

use super::*;
use crate::model::plan::Action;
use crate::model::plan::RecordKey;
use crate::model::plan::Subject;
use crate::model::raw::Raw;
use crate::model::shop_change::{ShopOutcome, ShopSeen};
use crate::model::ticket::{Body, Write};
use crate::store::bodies::tests::{CANARY, fill, line, linked};
use crate::store::packed::looked_through::everything_in;
use crate::store::tests::{BOOKS, at, change, folder, found, request, run, sale, write};
use crate::store::veil::tests::Toy;
use crate::store::{AcceptedDifference, KeptProof, TicketOutcome};

const SHOP: &str = "https://shop.example.com";

fn sought() -> PersonSought {
    PersonSought {
        email: "z@canary.example".to_owned(),
        looks: "digest-of-z".to_owned(),
        guest: "g0123".to_owned(),
    }
}

/// Whoever understands no body.
pub const NOTHING: BodyDialect = BodyDialect {
    customers: |_| BTreeSet::new(),
    names: |_, _| BTreeSet::new(),
    figures: |_| String::from("{}"),
};

#[test]
fn whoever_is_forgotten_is_not_found_again() {
    for key in [None, Some(Arc::new(Toy("one")))] {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        if let Some(key) = key {
            store.use_body_key(key);
        }
        let [_, open] = fill(&store);
        let mut other = line(9);
        other.body = Some("{\"BillEmail\":\"kim@example.com\"}".to_owned());
        store
            .record_changes("run-1", std::slice::from_ref(&other))
            .expect("filed");

        let traces = store.traces(&sought(), &NOTHING).expect("found");
        assert_eq!(traces.orders, BTreeSet::from([1]));
        assert_eq!(
            (traces.links.len(), traces.changes.len(), traces.lists.len()),
            (1, 1, 1)
        );
        assert_eq!(traces.tickets.len(), 1);
        assert_eq!(traces.open_requests, 1, "it may have to be sent again");
        assert_eq!(store.forget(&sought(), &NOTHING), Ok(traces));

        let left = store.traces(&sought(), &NOTHING).expect("found");
        assert_eq!((left.texts(), left.open_requests), (0, 1));
        let tickets = store.open_tickets(BOOKS).expect("answers");
        assert_eq!(tickets, [(open, vec![0, 1])]);
        let changes = store.changes("run-1").expect("answers");
        assert_eq!(changes[0].body, None);
        assert_eq!(changes[1], other, "nobody else is forgotten");
        let link = store.link(BOOKS, &Subject::Document(sale(1)));
        let link = link.expect("answers").expect("still linked");
        let was = linked(1);
        assert_eq!(link.content, was.content, "nobody changed it by hand");
        let (posted, was) = (link.posted.expect("known"), was.posted.expect("known"));
        assert_eq!(posted.fingerprint, was.fingerprint);
        let document = posted.document.expect("its figures");
        assert_eq!(document.total, was.document.expect("known").total);
        assert_eq!((document.bill_to, document.note.as_str()), (None, ""));
    }
}

#[test]
fn what_is_sealed_is_not_searched_without_its_key() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store.use_body_key(Arc::new(Toy("one")));
    fill(&store);
    store.veil_everything().expect("noted");
    let after = Store::open(&path).expect("another process");
    let refused = after
        .traces(&sought(), &NOTHING)
        .expect_err("it could only guess");
    assert!(matches!(refused, StoreError::Shut { .. }), "{refused}");
    assert!(!refused.to_string().contains(CANARY));
}

/// Everything of an order that names her and not her address.
fn posted_and_taken_back(store: &Store) {
    let intend = |key: &str, write: Write| {
        let mut request = request(key, &[7]);
        request.body = format!("[{}]", &*write.body);
        request.writes = vec![write];
        store
            .intend("run-1", BOOKS, request, at(1))
            .expect("recorded")
    };
    let body = format!("{{\"DocNumber\":\"WC-7\",\"BillAddr\":{{\"Line1\":\"{CANARY}\"}}}}");
    let body = Body::whole(body, Vec::new()).expect("it refers to nothing");
    let mut customer = write(7);
    customer.subject = Subject::Customer("g0123.CAD".to_owned());
    let mut known = found(58);
    known.remote.id = "58".to_owned();
    let made = intend("key-1", customer);
    let done = [(0, TicketOutcome::Done(known))];
    store.settle(&made, &done, &[], at(2)).expect("settled");
    let mut sale_made = found(7);
    sale_made.customer = Some("58".to_owned());
    let made = intend("key-2", Write { body, ..write(7) });
    let done = [(0, TicketOutcome::Done(sale_made))];
    store
        .settle(&made, &done, &[linked(7)], at(2))
        .expect("settled");
    let mut back = change(7, Action::Delete);
    if let Some(before) = &mut back.before {
        before.body = Raw::new(&format!(
            "{{\"Id\":\"10007\",\"BillAddr\":{{\"Line1\":\"{CANARY}\"}}}}"
        ));
    }
    let back = intend("key-3", back);
    store
        .settle(&back, &[(0, TicketOutcome::Deleted)], &[], at(4))
        .expect("taken back");
}

fn has(path: &std::path::Path, word: &str) -> bool {
    let bytes = std::fs::read(path).expect("a file");
    everything_in(&bytes)
        .windows(word.len())
        .any(|part| part == word.as_bytes())
}

#[test]
fn what_was_taken_out_of_the_books_is_forgotten_too() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store.begin_run(&run("run-1", 0)).expect("begun");
    posted_and_taken_back(&store);
    assert_eq!(
        store.links_of_order(BOOKS, 7),
        Ok(vec![]),
        "no link is left"
    );
    let traces = store.forget(&sought(), &NOTHING).expect("forgotten");
    assert_eq!(traces.orders, BTreeSet::from([7]));
    assert_eq!(traces.customers, BTreeSet::from(["58".to_owned()]));
    drop(store);
    assert!(!has(&path, CANARY), "to the last byte");
}

fn accepted(why: &str) -> AcceptedDifference {
    AcceptedDifference {
        id: "D12345".to_owned(),
        covers: "CAD 1.00 | 2.00".to_owned(),
        who: "command line".to_owned(),
        why: why.to_owned(),
        at: at(1),
    }
}

#[test]
fn the_words_of_whoever_accepted_a_difference_are_sealed_and_lose_a_name() {
    let named = BodyDialect {
        names: |text, email| match text.contains(email) {
            true => [CANARY, "Zed"].map(String::from).into(),
            false => BTreeSet::new(),
        },
        ..NOTHING
    };
    for key in [None, Some(Arc::new(Toy("one")))] {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        let is_sealed = key.is_some();
        if let Some(key) = key {
            store.use_body_key(key);
        }
        fill(&store);
        let why = "zed QUACKENBUSH (Z@canary.example) paid Zedekiah's bill in cash";
        store.accept_difference(&accepted(why)).expect("kept");
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day");
        let proof = |why: &str| KeptProof {
            id: "proof-1".to_owned(),
            target: BOOKS.to_owned(),
            first: day,
            last: day,
            made_at: at(2),
            document: serde_json::json!({
                "differences": [{ "accepted": { "why": why }, "id": "D12345" }], "shop": "Zed"
            })
            .to_string(),
        };
        store.keep_proof(&proof(why)).expect("kept");
        assert_eq!(
            has(&path.with_extension("db-wal"), "in cash"),
            !is_sealed,
            "sealed where there is a key"
        );
        assert_eq!(store.accepted_differences(), Ok(vec![accepted(why)]));
        let id = "\"id\":\"D12345\"";
        assert_eq!(store.newest_proof_with(id), Ok(Some(proof(why))));

        let traces = store.forget(&sought(), &named).expect("forgotten");
        assert_eq!((traces.accepted.len(), traces.proofs.len()), (1, 1));
        let without = "[forgotten] [forgotten] ([forgotten]) paid Zedekiah's bill in cash";
        assert_eq!(store.accepted_differences(), Ok(vec![accepted(without)]));
        assert_eq!(store.proof("proof-1"), Ok(Some(proof(without))));
        assert_eq!(store.newest_proof_with(id), Ok(Some(proof(without))));
    }
}

#[test]
fn a_copy_of_an_earlier_version_is_emptied_of_what_was_open_too() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    fill(&store);
    store
        .accept_difference(&accepted("Quackenbush paid in cash"))
        .expect("kept");
    store
        .file()
        .pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))
        .expect("into one file");
    let copy = path.with_extension("db.v20.bak");
    let half = path.with_extension("db.bak-4711");
    for other in [&copy, &half] {
        std::fs::copy(&path, other).expect("copied");
    }
    assert_eq!(store.copies_with_people(), Ok(2));
    store.forget(&sought(), &NOTHING).expect("forgotten");
    assert!(!has(&copy, CANARY), "what was open when it was made too");
    assert!(!half.exists(), "nobody goes back to a half");
    assert_eq!(store.copies_with_people(), Ok(0));
    let back = Store::open(&copy).expect("good for going back");
    let open = back.open_tickets(BOOKS).expect("answers");
    assert_eq!(open[0].0.request().body, "", "so it is never sent");
    assert_eq!(open[0].0.request().writes[0].label, "WC-1");
}

/// A change of an account need not say the address, and is found by whose account it is.
#[test]
fn what_was_written_to_the_shop_is_forgotten_once_it_has_an_outcome() {
    let (_folder, path) = folder();
    let store = Store::open(&path).expect("made");
    store.begin_run(&run("run-1", 0)).expect("begun");
    let looks = |account: u64, looks: &str| {
        let put = "INSERT INTO likenesses (target, subject, looks, seen_at) VALUES ('quickbooks', 'c' || ?1, ?2, '')";
        store.write(|change| Ok(change.execute(put, params![account.to_string(), looks])?))
    };
    looks(7, "digest-of-z").expect("known");
    looks(8, "digest-of-kim").expect("known");
    let [settled, open, other] = [(7, "one"), (7, "two"), (8, "three")].map(|(account, mark)| {
        let step = crate::store::shop_journal::tests::of_account(account, mark, CANARY);
        let ticket = store.intend_in_shop("run-1", SHOP, step, at(1));
        ticket.expect("recorded")
    });
    for ticket in [&settled, &other] {
        let done = ShopOutcome::Done(ShopSeen::default());
        store.settle_in_shop(ticket, &done, at(2)).expect("settled");
    }
    let mut line = line(1);
    line.source = RecordKey::customer("7");
    line.body = Some(format!("{{\"Name\":\"{CANARY}\"}}"));
    store
        .record_changes("run-1", std::slice::from_ref(&line))
        .expect("filed");

    let traces = store.traces(&sought(), &NOTHING).expect("found");
    assert_eq!(
        (
            traces.shop_writes.len(),
            traces.changes.len(),
            traces.open_requests
        ),
        (1, 1, 1)
    );
    store.forget(&sought(), &NOTHING).expect("forgotten");
    assert_eq!(store.changes("run-1").expect("answers")[0].body, None);
    assert_eq!(store.open_in_shop(SHOP), Ok(vec![open.clone()]));
    let kept = store.done_in_shop_by("run-1").expect("answers");
    let kept: Vec<&str> = kept.iter().map(|one| one.step.mark.as_str()).collect();
    assert_eq!(kept, ["two", "three"], "nobody else is forgotten");

    // They are still found, and nothing is left when it is known what became of it.
    store
        .settle_in_shop(&open, &ShopOutcome::NotDone, at(3))
        .expect("settled");
    store.forget(&sought(), &NOTHING).expect("forgotten");
    let left = store.traces(&sought(), &NOTHING).expect("found");
    assert!(left.is_empty());
    let kept = store.done_in_shop_by("run-1").expect("answers");
    assert_eq!(kept.len(), 1);
}
