//! Tests of people: everything of one person is found and forgotten, and nobody else.

use std::sync::Arc;

use super::*;
use crate::model::plan::Subject;
use crate::store::bodies::tests::{CANARY, fill, line, linked};
use crate::store::tests::{BOOKS, folder, sale};
use crate::store::veil::tests::Toy;

fn sought() -> PersonSought {
    PersonSought {
        email: "z@canary.example".to_owned(),
        looks: "digest-of-z".to_owned(),
        guest: "g0123".to_owned(),
    }
}

fn nothing(_: &str) -> String {
    "{}".to_owned()
}

fn nobody(_: &str) -> BTreeSet<String> {
    BTreeSet::new()
}

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

        let traces = store.traces(&sought(), &nobody).expect("found");
        assert_eq!(traces.orders, BTreeSet::from([1]));
        assert_eq!(
            (traces.links.len(), traces.changes.len(), traces.lists.len()),
            (1, 1, 1)
        );
        assert_eq!(traces.tickets.len(), 1);
        assert_eq!(traces.open_requests, 1, "it may have to be sent again");
        assert_eq!(store.forget(&sought(), &nobody, &nothing), Ok(traces));

        let left = store.traces(&sought(), &nobody).expect("found");
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
        .traces(&sought(), &nobody)
        .expect_err("it could only guess");
    assert!(matches!(refused, StoreError::Shut { .. }), "{refused}");
    assert!(!refused.to_string().contains(CANARY));
}
