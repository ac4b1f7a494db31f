//! What changed in the books, asked of the stand-in: an answer holds a thousand things over all kinds, and cuts the rest off without a word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use udsync::connector::quickbooks::notices::BookChanges;

use crate::inprocess::app;
use crate::world::{BOOKS, RUNTIME, World, company, shop};

/// Books in which so many customers and items were made lately.
fn world(customers: usize, items: usize) -> World {
    let mut books = company();
    let made = |count: usize, field: &str| -> Vec<Value> {
        let rows = 0..count;
        rows.map(|nth| json!({ field: format!("{field} {nth}") }))
            .collect()
    };
    books["customers"] = json!(made(customers, "display_name"));
    let mut all = books["items"].as_array().cloned().unwrap_or_default();
    all.extend(made(items, "name"));
    books["items"] = json!(all);
    World::new(shop(Vec::new()), books, BOOKS)
}

fn changed(world: &World) -> BookChanges {
    let since = chrono::Utc::now() - chrono::TimeDelta::days(20);
    RUNTIME.block_on(async {
        let app = app(world);
        let store = app.store().expect("the state opens");
        let given = app.sign_in(&store).expect("there are credentials");
        let books = app.target(&store, &given).expect("there are books");
        books.changed_since(since).await.expect("the books answer")
    })
}

fn counts(changes: &BookChanges) -> BTreeMap<String, usize> {
    let mut ids: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for one in &changes.things {
        let new = ids.entry(one.thing.kind.clone()).or_default();
        assert!(new.insert(&one.thing.id), "{:?} is told twice", one.thing);
    }
    let counts = ids.into_iter();
    counts.map(|(kind, ids)| (kind, ids.len())).collect()
}

#[test]
fn an_answer_that_is_full_is_asked_for_again_in_halves() {
    let world = world(700, 700);
    let changes = changed(&world);
    assert_eq!(changes.beyond, [] as [&str; 0]);
    assert!(changes.through.is_some());
    let counts = counts(&changes);
    assert_eq!(counts["Customer"], 700, "{counts:?}");
    assert!(counts["Item"] >= 700, "{counts:?}");
}

#[test]
fn a_kind_that_fills_an_answer_by_itself_is_told_as_too_much() {
    let world = world(1_000, 10);
    let changes = changed(&world);
    assert_eq!(changes.beyond, ["Customer"]);
    assert!(counts(&changes)["Item"] >= 10, "the others are whole");
    // One less is no full answer.
    let world = self::world(999, 0);
    assert_eq!(changed(&world).beyond, [] as [&str; 0]);
}
