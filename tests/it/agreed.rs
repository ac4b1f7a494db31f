//! Somebody changes an order while its documents are being written: it is planned again, and writes nothing that nobody agreed to.

use std::sync::Arc;

use serde_json::json;
use udsync::model::problem::ProblemState;
use udsync::run::{Consent, Guard};

use crate::inprocess::{Ended, sync, sync_meanwhile};
use crate::tales::{Tale, books};
use crate::world::{World, company, shop};

/// One invoice in the books whose order has changed since.
fn changed_since() -> (Arc<World>, Tale) {
    let world = World::new(shop(Vec::new()), company(), &books());
    let mut tale = Tale::owed(1_001, 2_000);
    tale.tell(&world);
    sync(&world).report();
    tale.net = 2_400;
    tale.tell(&world);
    (Arc::new(world), tale)
}

/// The books' document is touched, so that a request for it comes too late. What it says stays.
fn touch(world: &World) {
    let documents = world.documents();
    let invoice = documents
        .iter()
        .find(|document| document["entity"] == json!("Invoice"))
        .expect("an invoice");
    world.tell_books(
        "edit",
        json!({ "entity": "Invoice", "id": invoice["object"]["Id"], "set": { "PrintStatus": "NeedToPrint" } }),
    );
}

/// A run on this word, during which the order becomes another one in the shop.
fn run_while(world: &Arc<World>, guard: Guard, becomes: Option<&Tale>) -> Ended {
    let (there, becomes) = (Arc::clone(world), becomes.cloned());
    sync_meanwhile(world, guard, move || {
        touch(&there);
        if let Some(tale) = &becomes {
            tale.tell(&there);
        }
    })
}

fn on(consent: Consent) -> Guard {
    Guard {
        consent,
        ..Guard::default()
    }
}

#[track_caller]
fn waits(ended: Ended, wanted: &str) {
    let report = ended.report();
    let problems: Vec<_> = report
        .problems
        .iter()
        .map(|problem| (problem.reason.code.as_str(), problem.state))
        .collect();
    assert_eq!(problems, [("not_agreed", ProblemState::Failed)]);
    let message = &report.problems[0].reason.message;
    assert!(message.contains(wanted), "{message}");
    assert!(report.problems[0].retryable);
}

#[test]
fn an_order_that_is_cancelled_in_the_middle_of_a_run_is_not_voided_in_it() {
    for consent in [
        Consent::Offer,
        Consent::Ask,
        Consent::Unattended,
        Consent::Given,
    ] {
        let (world, mut tale) = changed_since();
        tale.cancelled = true;
        waits(
            run_while(&world, on(consent), Some(&tale)),
            "void Invoice `WC-1001`",
        );
        assert_eq!(world.postings(), ["Invoice WC-1001 21.00 active"]);
        // The next run asks, as it always does.
        match run_while(&world, on(Consent::Offer), None) {
            Ended::Stopped(failure) => assert_eq!(failure.code, "confirmation_needed"),
            _ => panic!("it was not asked"),
        }
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.postings(), ["Invoice WC-1001 0.00 voided"]);
        let list = world.run("retry --list --json").json();
        assert_eq!(list["problems"], json!([]), "{list}");
    }
}

#[test]
fn a_cap_counts_what_comes_in_the_middle_of_a_run() {
    let (world, mut tale) = changed_since();
    tale.paid = true;
    let guard = Guard {
        max_changes: Some(1),
        ..on(Consent::Given)
    };
    waits(
        run_while(&world, guard, Some(&tale)),
        "create Payment `WC-1001`",
    );
    assert_eq!(world.postings(), ["Invoice WC-1001 21.00 active"]);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings().len(), 2, "{:?}", world.postings());
}

/// The token that a run offers for what it would do.
fn token(world: &Arc<World>) -> String {
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("confirm_over = 100000", "confirm_over = 0");
    std::fs::write(&world.config, text).expect("kept");
    match run_while(world, on(Consent::Offer), None) {
        Ended::Stopped(failure) => failure.confirm_token.clone().expect("a token"),
        _ => panic!("it was not asked"),
    }
}

#[test]
fn a_token_is_good_for_the_amounts_that_it_was_given_for() {
    let (world, mut tale) = changed_since();
    let guard = on(Consent::Token(token(&world)));
    tale.net = 90_000;
    waits(
        run_while(&world, guard, Some(&tale)),
        "update Invoice `WC-1001`",
    );
    assert_eq!(world.postings(), ["Invoice WC-1001 21.00 active"]);
    // Without a token it was never said how much.
    tale.net = 2_600;
    let report = run_while(&world, on(Consent::Given), Some(&tale)).report();
    assert_eq!((report.tally.updated, report.problems.len()), (1, 0));
    assert_eq!(world.postings(), ["Invoice WC-1001 27.30 active"]);
}

#[test]
fn what_was_agreed_is_written_though_the_books_were_touched_meanwhile() {
    let (world, _) = changed_since();
    let guard = on(Consent::Token(token(&world)));
    let report = run_while(&world, guard, None).report();
    assert_eq!((report.tally.updated, report.problems.len()), (1, 0));
    assert_eq!(world.postings(), ["Invoice WC-1001 25.20 active"]);
}
