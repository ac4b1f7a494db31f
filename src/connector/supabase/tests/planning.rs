//! The planner, against a database that is a few lines of this file.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;

use crate::connector::supabase::batch::{
    Pace, RequestPiece, RowBatch, RowPatience, WaitingItem, pause,
};
use crate::connector::supabase::setback::RowsSetback;
use crate::connector::supabase::trouble;
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::row::RowFate;

/// A row of so many bytes.
#[derive(Clone)]
struct Row {
    id: usize,
    bytes: usize,
}

impl WaitingItem for Row {
    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// What the database of a test does to a request.
#[derive(Clone, Debug, Default)]
struct Rules {
    poisoned: BTreeSet<usize>,
    bytes_max: Option<usize>,
    /// Each row takes so long, and more than eight seconds are too many.
    row_takes: Duration,
    /// Every request with this number, and the next ones, is not answered.
    deaf: Vec<usize>,
    dead_from: Option<usize>,
}

struct Outcome {
    fates: Vec<RowFate>,
    end: Option<Fault>,
    requests: usize,
    /// How often each row was let in.
    let_in: Vec<usize>,
    largest: usize,
    waited: Duration,
}

fn run(rows: &[Row], rules: &Rules) -> Outcome {
    let mut batch = RowBatch::new(rows.iter().cloned(), rows.len());
    let (mut pace, patience) = (Pace::default(), RowPatience::default());
    let mut let_in = vec![0; rows.len()];
    let (mut requests, mut largest, mut waited) = (0, 0, Duration::ZERO);
    while let Some(piece) = batch.next(&pace) {
        requests += 1;
        let bytes: usize = piece.items.iter().map(WaitingItem::bytes).sum();
        assert!(piece.items.len() <= 500, "{} rows", piece.items.len());
        assert!(
            bytes <= 2_000_000 || piece.items.len() == 1,
            "{bytes} bytes"
        );
        largest = largest.max(piece.items.len());
        let took = rules.row_takes * u32::try_from(piece.items.len()).expect("few");
        let outcome = answer(&piece, rules, requests, took);
        if outcome.is_ok() {
            for row in &piece.items {
                let_in[row.id] += 1;
            }
        }
        let pause = batch.settle(piece, outcome, took, &mut pace, &patience, 0);
        waited += pause.unwrap_or_default();
    }
    let (fates, end) = batch.close();
    Outcome {
        fates,
        end,
        requests,
        let_in,
        largest,
        waited,
    }
}

fn answer(
    piece: &RequestPiece<Row>,
    rules: &Rules,
    number: usize,
    took: Duration,
) -> Result<Vec<RowFate>, RowsSetback> {
    let silent = || trouble::unreachable("db", "it answered 502");
    if rules.deaf.contains(&number) || rules.dead_from.is_some_and(|from| number >= from) {
        return Err(RowsSetback::Again {
            fault: silent(),
            after: None,
        });
    }
    let bytes: usize = piece.items.iter().map(WaitingItem::bytes).sum();
    if rules.bytes_max.is_some_and(|most| bytes > most) {
        return Err(RowsSetback::TooLarge(trouble::too_large("db")));
    }
    if took > Duration::from_secs(8) {
        return Err(RowsSetback::TooSlow(silent()));
    }
    if piece
        .items
        .iter()
        .any(|row| rules.poisoned.contains(&row.id))
    {
        return Err(RowsSetback::Refused(Reason::new("row_refused", "no")));
    }
    Ok(vec![
        RowFate::Written {
            replaced: Vec::new()
        };
        piece.items.len()
    ])
}

fn rows(count: usize, bytes: usize) -> Vec<Row> {
    (0..count).map(|id| Row { id, bytes }).collect()
}

fn is_written(fate: &RowFate) -> bool {
    matches!(fate, RowFate::Written { .. })
}

proptest! {
    /// Whichever rows are poisoned and however the database limits requests: those are refused, all others are in, each once.
    #[test]
    fn every_row_has_its_fate_and_only_poison_is_refused(
        sizes in prop::collection::vec(100usize..30_000, 1..1_500),
        poison in prop::collection::btree_set(0usize..1_500, 0..12),
        limit in prop::option::of(40_000usize..3_000_000),
        row_takes in 0u64..30,
        deaf in prop::collection::vec(1usize..40, 0..6),
    ) {
        let rows: Vec<Row> = sizes.into_iter().enumerate().map(|(id, bytes)| Row { id, bytes }).collect();
        let poisoned: BTreeSet<usize> = poison.into_iter().filter(|id| *id < rows.len()).collect();
        let rules = Rules { poisoned, bytes_max: limit, row_takes: Duration::from_millis(row_takes), deaf, dead_from: None };
        let outcome = run(&rows, &rules);
        prop_assert!(outcome.end.is_none(), "{:?}", outcome.end);
        for (id, fate) in outcome.fates.iter().enumerate() {
            let poisoned = rules.poisoned.contains(&id);
            prop_assert_eq!(matches!(fate, RowFate::Refused(_)), poisoned);
            prop_assert_eq!(is_written(fate), !poisoned);
            prop_assert_eq!(outcome.let_in[id], usize::from(!poisoned));
        }
        // Each poisoned row costs at most two requests for each halving, and everything else about what the limits ask for.
        let bytes: usize = rows.iter().map(|row| row.bytes).sum();
        let by_bytes = 4 * bytes / limit.unwrap_or(2_000_000).min(2_000_000) + 30;
        let by_time = 8 * rows.len() * usize::try_from(row_takes).expect("few") / 1_000;
        let most = rows.len() / 100 + by_bytes + by_time + 20 * rules.poisoned.len() + rules.deaf.len();
        prop_assert!(outcome.requests <= most, "{} requests, at most {most}", outcome.requests);
    }

    /// A database that goes away in the middle: what is in is known to be in, and the rest is for the next run.
    #[test]
    fn a_database_that_goes_away_leaves_no_row_in_doubt(count in 1usize..2_000, dead_from in 1usize..8) {
        let rules = Rules { dead_from: Some(dead_from), ..Rules::default() };
        let outcome = run(&rows(count, 3_000), &rules);
        for (fate, let_in) in outcome.fates.iter().zip(&outcome.let_in) {
            prop_assert_eq!(is_written(fate), *let_in == 1);
            prop_assert!(is_written(fate) || *fate == RowFate::NotReached);
        }
        let all = outcome.fates.iter().all(is_written);
        prop_assert_eq!(outcome.end.is_none(), all);
        prop_assert!(outcome.waited < Duration::from_secs(60));
    }
}

#[test]
fn one_poisoned_row_among_five_hundred_is_found_within_twenty_requests() {
    let rules = Rules {
        poisoned: [317].into(),
        ..Rules::default()
    };
    let outcome = run(&rows(500, 3_000), &rules);
    assert!(matches!(outcome.fates[317], RowFate::Refused(_)));
    assert!(outcome.requests <= 20, "{} requests", outcome.requests);
}

#[test]
fn requests_grow_and_shrink_to_a_second_or_two() {
    // Fifty rows a second: two hundred would take four seconds.
    let slow = Rules {
        row_takes: Duration::from_millis(20),
        ..Rules::default()
    };
    let mut batch = RowBatch::new(rows(2_000, 1_000).into_iter(), 2_000);
    let mut pace = Pace::default();
    let mut sizes = Vec::new();
    while let Some(piece) = batch.next(&pace) {
        let count = piece.items.len();
        let took = slow.row_takes * u32::try_from(count).expect("few");
        let outcome = answer(&piece, &slow, 0, took);
        if outcome.is_ok() {
            sizes.push(count);
        }
        batch.settle(piece, outcome, took, &mut pace, &RowPatience::default(), 0);
    }
    let settled = &sizes[4..sizes.len() - 1];
    assert!(
        settled.iter().all(|size| (50..=100).contains(size)),
        "{sizes:?}"
    );

    // And a quick one gets the largest at once.
    let quick = run(&rows(2_000, 1_000), &Rules::default());
    assert_eq!((quick.requests, quick.largest), (4, 500));
}

#[test]
fn what_was_too_large_once_is_not_tried_again() {
    let rules = Rules {
        bytes_max: Some(1_000_000),
        ..Rules::default()
    };
    // Two of the largest are refused: the second was not cut yet when the first was.
    let outcome = run(&rows(4_000, 4_000), &rules);
    assert!(outcome.fates.iter().all(is_written));
    assert!(outcome.requests <= 18, "{} requests", outcome.requests);
}

#[test]
fn a_row_that_is_too_large_alone_is_refused() {
    let rules = Rules {
        bytes_max: Some(100_000),
        ..Rules::default()
    };
    let mut all = rows(10, 1_000);
    all[4].bytes = 3_000_000;
    let outcome = run(&all, &rules);
    let RowFate::Refused(reason) = &outcome.fates[4] else {
        panic!("{:?}", outcome.fates[4]);
    };
    assert_eq!(reason.code, "row_too_large");
    assert!(reason.hint.is_some());
    assert_eq!(
        outcome.fates.iter().filter(|fate| is_written(fate)).count(),
        9
    );
}

#[test]
fn a_database_that_is_too_slow_for_any_request_ends_the_errand() {
    let rules = Rules {
        row_takes: Duration::from_secs(9),
        ..Rules::default()
    };
    let outcome = run(&rows(3_000, 1_000), &rules);
    assert!(
        outcome
            .fates
            .iter()
            .all(|fate| *fate == RowFate::NotReached)
    );
    assert_eq!(outcome.end.expect("an end").code, "database_unreachable");
    assert!(outcome.requests <= 10, "{} requests", outcome.requests);
}

#[test]
fn pauses_double_and_end() {
    let patience = RowPatience::default();
    let again = |after| RowsSetback::Again {
        fault: trouble::busy("db", "it asks for fewer requests"),
        after,
    };
    let waits: Vec<u64> = (1..6)
        .map(|tries| {
            pause(again(None), tries, &patience, 0)
                .expect("a pause")
                .as_secs()
        })
        .collect();
    assert_eq!(waits, [1, 2, 4, 8, 16]);
    assert!(pause(again(None), 6, &patience, 0).is_err());
    let asked = Duration::from_secs(7);
    assert_eq!(
        pause(again(Some(asked)), 1, &patience, 0).expect("as asked"),
        asked
    );
    // What the other side asks for is told, if it is too long to wait here.
    let hour = Duration::from_secs(3_600);
    let fault = pause(again(Some(hour)), 1, &patience, 0).expect_err("too long");
    assert_eq!(fault.remedy, Remedy::Wait(hour));

    let stale = || {
        RowsSetback::Stale(trouble::table_missing(
            "public",
            crate::model::row::Table::Orders,
        ))
    };
    let waits: Vec<Duration> = (1..4)
        .map(|tries| pause(stale(), tries, &patience, 0).expect("a pause"))
        .collect();
    let all: Duration = waits.iter().sum();
    assert!((4..=6).contains(&all.as_secs()), "{waits:?}");
    assert_eq!(
        pause(stale(), 4, &patience, 0).expect_err("over").code,
        "database_table_missing"
    );
}
