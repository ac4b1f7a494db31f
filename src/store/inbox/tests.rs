//! The inbox: what is handed out, when, and that nothing is lost whatever happens in whatever order.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::model::delivery::{
    DeliveredEvent, Delivery, DeliverySource, DeliveryVerdict, EventSays, LookAt, NamedThing,
};
use crate::store::tests::{at, folder};

const SHOP: &str = "aurora";

fn inbox() -> (tempfile::TempDir, Inbox) {
    let (folder, path) = folder();
    let inbox = Inbox::open(&path).expect("it is made");
    (folder, inbox)
}

fn look(kind: &str, id: &str, told_as: &str) -> DeliveredEvent {
    DeliveredEvent {
        company: None,
        says: EventSays::Look(LookAt {
            thing: NamedThing::new(kind, id),
            merged: None,
            changed_at: None,
            told_as: told_as.to_owned(),
        }),
    }
}

fn of_shop(id: &str, told_as: &str) -> Delivery {
    Delivery {
        source: DeliverySource::Woocommerce,
        topic: "order.updated".to_owned(),
        is_listened_to: true,
        events: vec![look("order", id, told_as)],
    }
}

fn of_books(events: Vec<DeliveredEvent>) -> Delivery {
    Delivery {
        source: DeliverySource::Quickbooks,
        topic: "qbo.invoice.updated.v1".to_owned(),
        is_listened_to: true,
        events,
    }
}

fn receive(inbox: &Inbox, delivery: &Delivery, second: i64) -> DeliveryVerdict {
    let received = inbox.receive(SHOP, Some("1"), delivery, at(second));
    received.expect("kept").verdict
}

fn take(inbox: &Inbox, second: i64) -> Vec<TakenThing> {
    inbox.take(SHOP, 100, at(second)).expect("answers")
}

fn names(taken: &[TakenThing]) -> Vec<String> {
    let names = taken.iter();
    names
        .map(|one| format!("{} {}", one.thing.kind, one.thing.id))
        .collect()
}

#[test]
fn many_words_of_one_order_are_one_look() {
    let (_folder, inbox) = inbox();
    for nth in 0..1_000 {
        let delivery = of_shop("7", &format!("t{nth}"));
        assert_eq!(receive(&inbox, &delivery, 1), DeliveryVerdict::Queued);
    }
    assert_eq!(inbox.depth(SHOP).expect("answers").waiting, 1);
    let taken = take(&inbox, 4);
    assert_eq!(names(&taken), ["order 7"]);
    inbox.done(SHOP, &taken, Some("r1")).expect("kept");
    assert_eq!(take(&inbox, 100), vec![]);
    let rows = inbox
        .deliveries(SHOP, &DeliveryFilter::default(), 2_000)
        .expect("answers");
    assert_eq!(rows.len(), 1_000);
    assert!(rows.iter().all(|row| row.run_id.as_deref() == Some("r1")));
}

#[test]
fn a_name_is_handed_out_when_it_is_quiet_or_has_waited_long_enough() {
    let (_folder, inbox) = inbox();
    receive(&inbox, &of_shop("7", "a"), 10);
    assert_eq!(take(&inbox, 11), vec![]);
    receive(&inbox, &of_shop("7", "b"), 12);
    assert_eq!(take(&inbox, 13), vec![], "not quiet yet");
    assert_eq!(inbox.ripe_at(SHOP), Ok(Some(at(14))));
    assert_eq!(names(&take(&inbox, 14)), ["order 7"]);
    for second in 15..=25 {
        receive(&inbox, &of_shop("7", &format!("c{second}")), second);
    }
    assert_eq!(
        names(&take(&inbox, 25)),
        ["order 7"],
        "never quiet, and old enough"
    );
    assert_eq!(inbox.ripe_at("another"), Ok(None));
}

#[test]
fn what_is_told_while_somebody_looks_stays_for_another_look() {
    let (_folder, inbox) = inbox();
    receive(&inbox, &of_shop("7", "a"), 1);
    let taken = take(&inbox, 10);
    receive(&inbox, &of_shop("7", "b"), 11);
    inbox.done(SHOP, &taken, Some("r1")).expect("kept");
    assert_eq!(names(&take(&inbox, 20)), ["order 7"]);
    // Taken out by an older number, it stays too: somebody may have been slow.
    inbox.done(SHOP, &taken, Some("r1")).expect("kept");
    let taken = take(&inbox, 20);
    assert_eq!(names(&taken), ["order 7"]);
    inbox.done(SHOP, &taken, Some("r2")).expect("kept");
    assert_eq!(take(&inbox, 40), vec![]);
    // A name that comes back never has a number that somebody may still hold.
    receive(&inbox, &of_shop("7", "c"), 50);
    inbox.done(SHOP, &taken, None).expect("kept");
    assert_eq!(names(&take(&inbox, 60)), ["order 7"]);
}

#[test]
fn the_same_words_of_the_shop_are_left_to_the_next_sweep_and_not_lost() {
    let (_folder, inbox) = inbox();
    assert_eq!(
        receive(&inbox, &of_shop("7", "a"), 1),
        DeliveryVerdict::Queued
    );
    let taken = take(&inbox, 10);
    inbox.done(SHOP, &taken, None).expect("kept");
    for second in 11..20 {
        assert_eq!(
            receive(&inbox, &of_shop("7", "a"), second),
            DeliveryVerdict::Duplicate
        );
    }
    assert_eq!(take(&inbox, 100), vec![], "not at once");
    assert_eq!(inbox.depth(SHOP).expect("answers").for_sweep, 1);
    assert_eq!(inbox.release_left(SHOP, at(100)), Ok(1));
    let taken = take(&inbox, 100);
    assert_eq!(names(&taken), ["order 7"], "once with the sweep");
    // Told once more while somebody looks: with the sweep after that.
    receive(&inbox, &of_shop("7", "a"), 101);
    inbox.done(SHOP, &taken, None).expect("kept");
    assert_eq!(take(&inbox, 200), vec![]);
    assert_eq!(inbox.release_left(SHOP, at(200)), Ok(1));
    let taken = take(&inbox, 200);
    inbox.done(SHOP, &taken, None).expect("kept");
    assert_eq!(inbox.depth(SHOP), Ok(Depth::default()));
    // A word that is new is looked at at once, and takes along what was left.
    receive(&inbox, &of_shop("7", "a"), 300);
    assert_eq!(
        receive(&inbox, &of_shop("7", "b"), 301),
        DeliveryVerdict::Queued
    );
    assert_eq!(names(&take(&inbox, 304)), ["order 7"]);
}

#[test]
fn an_event_of_the_books_is_dropped_when_it_comes_again_within_sixty_days() {
    let (_folder, inbox) = inbox();
    let day = 86_400;
    let event = of_books(vec![look("Invoice", "266", "e-1")]);
    assert_eq!(receive(&inbox, &event, 0), DeliveryVerdict::Queued);
    inbox.done(SHOP, &take(&inbox, 10), None).expect("kept");
    assert_eq!(
        receive(&inbox, &event, 59 * day),
        DeliveryVerdict::Duplicate
    );
    assert_eq!(
        inbox.depth(SHOP),
        Ok(Depth::default()),
        "not even for a sweep"
    );
    assert_eq!(receive(&inbox, &event, 61 * day), DeliveryVerdict::Queued);
    // Another shop has not heard it.
    let other = inbox
        .receive("borealis", Some("1"), &event, at(0))
        .expect("kept");
    assert_eq!(other.verdict, DeliveryVerdict::Queued);
}

#[test]
fn one_event_of_a_batch_is_judged_by_itself() {
    let (_folder, inbox) = inbox();
    let says = |company: Option<&str>, says: EventSays| DeliveredEvent {
        company: company.map(str::to_owned),
        says,
    };
    let foreign = DeliveredEvent {
        company: Some("2".into()),
        ..look("Invoice", "5", "e-2")
    };
    let ours = DeliveredEvent {
        company: Some("1".into()),
        ..look("Invoice", "9", "e-9")
    };
    let batch = of_books(vec![
        says(None, EventSays::Odd),
        foreign,
        says(Some("1"), EventSays::Nothing),
        ours.clone(),
        ours,
    ]);
    let received = inbox.receive(SHOP, Some("1"), &batch, at(1)).expect("kept");
    assert_eq!(received.verdict, DeliveryVerdict::Queued);
    let events = received.events;
    assert_eq!(
        (events.queued, events.duplicate, events.ignored, events.odd),
        (1, 1, 2, 1)
    );
    let row = inbox
        .delivery(SHOP, &received.id.to_string())
        .expect("answers")
        .expect("it was kept");
    assert_eq!(row.keys, [NamedThing::new("Invoice", "9")]);
    assert_eq!(inbox.delivery("another", &row.id), Ok(None));
    assert_eq!(names(&take(&inbox, 10)), ["Invoice 9"]);
}

#[test]
fn what_cannot_be_done_rests_longer_each_time_and_comes_with_the_sweeps_in_the_end() {
    let (_folder, inbox) = inbox();
    receive(&inbox, &of_shop("7", "a"), 0);
    let mut now = 10;
    for minutes in [1, 5, 20, 60] {
        let taken = take(&inbox, now);
        assert_eq!(names(&taken), ["order 7"], "{minutes}");
        let tries = inbox.put_off(SHOP, &taken, at(now)).expect("kept");
        assert_eq!(tries, [Tries::Again(at(now) + TimeDelta::minutes(minutes))]);
        assert_eq!(take(&inbox, now + minutes * 60 - 1), vec![], "{minutes}");
        now += minutes * 60;
    }
    let taken = take(&inbox, now);
    let tries = inbox.put_off(SHOP, &taken, at(now)).expect("kept");
    assert_eq!(tries, [Tries::WithSweeps]);
    assert_eq!(take(&inbox, now + 1_000_000), vec![]);
    inbox.release_left(SHOP, at(now)).expect("kept");
    let taken = take(&inbox, now);
    assert_eq!(names(&taken), ["order 7"], "never lost");
    inbox.done(SHOP, &taken, None).expect("kept");
    assert_eq!(inbox.depth(SHOP), Ok(Depth::default()));
}

#[test]
fn a_merge_is_handed_out_with_the_name_until_it_was_looked_at() {
    let (_folder, inbox) = inbox();
    let mut event = look("Customer", "71", "e-1");
    let EventSays::Look(look) = &mut event.says else {
        panic!("it looks");
    };
    look.merged = Some("88".into());
    receive(&inbox, &of_books(vec![event]), 1);
    let taken = take(&inbox, 10);
    assert_eq!(taken[0].merged, ["88"]);
    inbox.put_off(SHOP, &taken, at(10)).expect("kept");
    let taken = take(&inbox, 100);
    assert_eq!(taken[0].merged, ["88"]);
    inbox.done(SHOP, &taken, None).expect("kept");
    inbox
        .put(
            SHOP,
            DeliverySource::Quickbooks,
            &[NamedThing::new("Customer", "71")],
            at(200),
        )
        .expect("kept");
    assert_eq!(take(&inbox, 300)[0].merged, Vec::<String>::new());
}

#[test]
fn it_is_there_again_after_the_process_is_gone() {
    let (_folder, path) = folder();
    let first = Inbox::open(&path).expect("made");
    receive(&first, &of_shop("7", "a"), 1);
    let taken = take(&first, 10);
    assert_eq!(taken.len(), 1);
    drop(first);
    let second = Inbox::open(&path).expect("opened");
    assert_eq!(names(&take(&second, 10)), ["order 7"]);
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_works_again_by_itself() {
    let (_folder, path) = folder();
    let inbox = Inbox::of(&path);
    let place = Inbox::path_of(&path);
    std::fs::create_dir(&place).expect("in the way");
    let refused = inbox.receive(SHOP, None, &of_shop("7", "a"), at(1));
    assert!(refused.is_err());
    std::fs::remove_dir(&place).expect("out of the way");
    assert_eq!(
        receive(&inbox, &of_shop("7", "a"), 2),
        DeliveryVerdict::Queued
    );
    // Deleted under our hands: nothing goes into a file that nobody will find.
    for end in ["", "-wal", "-shm"] {
        let mut name = place.clone().into_os_string();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
    assert_eq!(
        receive(&inbox, &of_shop("8", "b"), 3),
        DeliveryVerdict::Queued
    );
    assert_eq!(
        names(&take(&Inbox::open(&path).expect("opened"), 10)),
        ["order 8"]
    );
}

#[test]
fn old_deliveries_are_forgotten_a_little_at_a_time_and_nothing_that_waits() {
    let (_folder, inbox) = inbox();
    for nth in 0..1_200 {
        receive(&inbox, &of_shop("7", &format!("t{nth}")), 0);
    }
    let day = 86_400;
    receive(&inbox, &of_shop("8", "later"), 29 * day);
    inbox
        .count(
            SHOP,
            DeliverySource::Woocommerce,
            DeliveryVerdict::Refused,
            at(0),
        )
        .expect("counted");
    let now = at(31 * day);
    let mut steps = 1;
    while inbox.tidy(now).expect("kept") {
        steps += 1;
    }
    assert_eq!(steps, 3);
    let rows = |inbox: &Inbox| {
        let rows = inbox.deliveries(SHOP, &DeliveryFilter::default(), 10_000);
        rows.expect("answers").len()
    };
    assert_eq!(rows(&inbox), 1);
    assert_eq!(inbox.counted(SHOP, at(0)), Ok(vec![]));
    assert_eq!(
        names(&take(&inbox, 31 * day)),
        ["order 7", "order 8"],
        "what waits is not old"
    );
    for nth in 0..40 {
        receive(&inbox, &of_shop("9", &format!("n{nth}")), 31 * day);
    }
    while inbox.tidy_to(10, now).expect("kept") {}
    assert_eq!(rows(&inbox), 10);
}

#[test]
fn what_is_refused_and_pings_are_counted_by_the_hour() {
    let (_folder, inbox) = inbox();
    let count = |verdict, second| {
        inbox
            .count(SHOP, DeliverySource::Woocommerce, verdict, at(second))
            .expect("counted");
    };
    assert_eq!(inbox.pinged_last(SHOP), Ok(None));
    for second in [1, 2, 3_700] {
        count(DeliveryVerdict::Refused, second);
    }
    count(DeliveryVerdict::Ping, 5);
    let counted = inbox.counted(SHOP, at(0)).expect("answers");
    let said: Vec<_> = counted
        .iter()
        .map(|one| (one.verdict.as_str(), one.count))
        .collect();
    assert_eq!(said.iter().map(|(_, count)| count).sum::<u64>(), 4);
    assert!(said.contains(&("refused", 2)), "{said:?}");
    assert_eq!(inbox.pinged_last(SHOP), Ok(Some(at(5))));
    assert_eq!(
        inbox.deliveries(SHOP, &DeliveryFilter::default(), 10),
        Ok(vec![])
    );
}

#[test]
fn deliveries_are_listed_by_what_is_asked() {
    let (_folder, inbox) = inbox();
    receive(&inbox, &of_shop("7", "a"), 1);
    receive(&inbox, &of_books(vec![look("Invoice", "266", "e")]), 2);
    receive(&inbox, &of_shop("7", "a"), 3);
    let list = |filter: DeliveryFilter| {
        let rows = inbox.deliveries(SHOP, &filter, 10).expect("answers");
        rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(list(DeliveryFilter::default()), ["3", "2", "1"]);
    let of = DeliveryFilter {
        source: Some(DeliverySource::Woocommerce),
        ..DeliveryFilter::default()
    };
    assert_eq!(list(of), ["3", "1"]);
    let duplicate = DeliveryFilter {
        verdict: Some(DeliveryVerdict::Duplicate),
        ..DeliveryFilter::default()
    };
    assert_eq!(list(duplicate), ["3"]);
    let since = DeliveryFilter {
        since: Some(at(2)),
        before: Some(3),
        ..DeliveryFilter::default()
    };
    assert_eq!(list(since), ["2"]);
    let told = inbox
        .told_last(SHOP, DeliverySource::Woocommerce)
        .expect("answers");
    assert_eq!(told, BTreeMap::from([("order.updated".to_owned(), at(3))]));
    let invoice = NamedThing::new("Invoice", "266");
    assert_eq!(
        inbox.was_told(SHOP, DeliverySource::Quickbooks, &invoice, at(2)),
        Ok(true)
    );
    assert_eq!(
        inbox.was_told(SHOP, DeliverySource::Quickbooks, &invoice, at(3)),
        Ok(false)
    );
}

/// What may happen to an inbox.
#[derive(Clone, Debug)]
enum Deed {
    Told { id: u8, words: u8 },
    Take,
    Done,
    PutOff,
    Sweep,
    Died,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0_u8..3, 0_u8..4).prop_map(|(id, words)| Deed::Told { id, words }),
        2 => Just(Deed::Take),
        2 => Just(Deed::Done),
        1 => Just(Deed::PutOff),
        1 => Just(Deed::Sweep),
        1 => Just(Deed::Died),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever happens in whatever order: what was told after the last look at a thing is looked at once more, at the latest with a
    /// sweep.
    #[test]
    fn nothing_that_was_told_is_lost(deeds in proptest::collection::vec(deed(), 1..40)) {
        let (_folder, path) = folder();
        let mut inbox = Inbox::open(&path).expect("made");
        let mut now = 0;
        // When each was told and looked at last. A look sees what was told before it was taken.
        let mut told: BTreeMap<String, i64> = BTreeMap::new();
        let mut looked: BTreeMap<String, i64> = BTreeMap::new();
        let mut held: Option<(i64, Vec<TakenThing>)> = None;
        for deed in deeds {
            now += 100_000;
            match deed {
                Deed::Told { id, words } => {
                    let id = id.to_string();
                    receive(&inbox, &of_shop(&id, &format!("{id} {words}")), now);
                    told.insert(id, now);
                }
                Deed::Take => held = Some((now, take(&inbox, now))),
                Deed::Done => {
                    if let Some((at, taken)) = held.take() {
                        for one in &taken {
                            looked.insert(one.thing.id.clone(), at);
                        }
                        inbox.done(SHOP, &taken, None).expect("kept");
                    }
                }
                Deed::PutOff => {
                    if let Some((_, taken)) = held.take() {
                        inbox.put_off(SHOP, &taken, at(now)).expect("kept");
                    }
                }
                Deed::Sweep => {
                    inbox.release_left(SHOP, at(now)).expect("kept");
                }
                Deed::Died => {
                    held = None;
                    inbox = Inbox::open(&path).expect("opened");
                }
            }
        }
        for _ in 0..3 {
            now += 100_000;
            inbox.release_left(SHOP, at(now)).expect("kept");
            let taken = take(&inbox, now);
            for one in &taken {
                looked.insert(one.thing.id.clone(), now);
            }
            inbox.done(SHOP, &taken, None).expect("kept");
        }
        for (id, at) in &told {
            prop_assert!(looked.get(id) > Some(at), "{id} was told at {at} and looked at {:?}", looked.get(id));
        }
        prop_assert_eq!(inbox.depth(SHOP), Ok(Depth::default()));
    }
}

/// A page of the list reads no more than it shows, however much came.
#[test]
fn each_filter_of_the_list_begins_at_an_index() {
    let (_folder, inbox) = inbox();
    let all = DeliveryFilter::default();
    let since = "SEARCH deliveries USING INDEX deliveries_of_shop (shop=? AND id>?)";
    for (filter, way) in [
        (
            all,
            "SEARCH deliveries USING INDEX deliveries_of_shop (shop=?)",
        ),
        (
            DeliveryFilter {
                before: Some(9),
                ..all
            },
            "SEARCH deliveries USING INDEX deliveries_of_shop (shop=? AND id<?)",
        ),
        (
            DeliveryFilter {
                source: Some(DeliverySource::Quickbooks),
                ..all
            },
            "SEARCH deliveries USING INDEX deliveries_by_source (shop=? AND source=?)",
        ),
        (
            DeliveryFilter {
                verdict: Some(DeliveryVerdict::Odd),
                ..all
            },
            "SEARCH deliveries USING INDEX deliveries_by_verdict (shop=? AND verdict=?)",
        ),
        (
            DeliveryFilter {
                since: Some(at(1)),
                ..all
            },
            since,
        ),
    ] {
        let steps: Vec<String> = inbox
            .write(|view| {
                let (question, _) = filter.question(SHOP, 51);
                let mut ask = view.prepare(&format!("EXPLAIN QUERY PLAN {question}"))?;
                let nothing = vec![rusqlite::types::Null; ask.parameter_count()];
                let steps = ask.query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))?;
                Ok(steps.collect::<Result<_, _>>()?)
            })
            .expect("SQLite tells its way");
        assert_eq!(steps[0], way, "{steps:#?}");
        let sorted = |step: &&String| step.contains("B-TREE");
        assert_eq!(steps.iter().find(sorted), None, "{steps:#?}");
    }
}
