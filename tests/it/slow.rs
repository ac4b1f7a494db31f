//! Slow: the company is still at work when we know nothing of it any more. What it has not done yet is not taken for undone, so
//! nothing is posted twice, whether or not it remembers keys and warns of numbers that are used twice.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use udsync::store::{Attempts, Store};

use crate::inprocess::{End, Ended, How, sync, sync_at, sync_until};
use crate::tales::{Books, Tale, books};
use crate::world::{World, company, ran, shop, until};

/// Whether it forgets keys, and whether it warns of numbers that are used twice.
type Kind = (bool, bool);

const KINDS: [Kind; 4] = [(false, false), (false, true), (true, false), (true, true)];

/// The kind that lets everything happen.
const CARELESS: Kind = (true, false);

fn world_of(tales: &[Tale], (forgets_keys, warns): Kind) -> World {
    let mut setup = company();
    setup["ignore_requestid"] = json!(forgets_keys);
    setup["company"]["warn_duplicate_numbers"] = json!(warns);
    let world = World::new(shop(Vec::new()), setup, &books());
    // What is done late is found when it is done; only what is never done is waited for so long.
    world.settle_after("8s");
    for tale in tales {
        tale.tell(&world);
    }
    world
}

fn sales(count: u64) -> Vec<Tale> {
    let paid = (1..=count).map(|n| Tale::paid(1_000 + n, 1_000 + 20 * n as i64));
    paid.collect()
}

/// Every number once, and every order as it should be.
#[track_caller]
fn once(world: &World, tales: &[Tale], what: &str) {
    no_number_twice(world, what);
    let books = Books::read(world);
    let wrong: Vec<String> = tales.iter().flat_map(|tale| tale.check(&books)).collect();
    assert_eq!(wrong, [] as [String; 0], "{what}");
}

#[track_caller]
fn no_number_twice(world: &World, what: &str) {
    world.company_is_idle();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for posting in world.documents() {
        if posting["state"] != json!("deleted") {
            let object = &posting["object"];
            let number = object["DocNumber"]
                .as_str()
                .or(object["PaymentRefNum"].as_str());
            let entity = posting["entity"].as_str().expect("a kind");
            *numbers.entry(format!("{entity} {number:?}")).or_default() += 1;
        }
    }
    numbers.retain(|_, times| *times > 1);
    assert!(
        numbers.is_empty(),
        "{what}: posted more than once: {numbers:?}"
    );
}

fn open_tickets(world: &World) -> usize {
    let store = Store::open(&world.state()).expect("the state opens");
    let open = store.open_tickets("quickbooks");
    open.expect("tickets are read").len()
}

/// Bad luck with the request of the sales, on which the company works slowly.
fn slow(world: &World, mut rule: Value) {
    rule["operation"] = json!("create SalesReceipt");
    rule["item_ms"] = json!(8);
    world.tell_books("mishaps", rule);
}

#[test]
fn a_slow_batch_whose_answer_is_lost_is_posted_once() {
    let tales = sales(12);
    for kind in KINDS {
        for loss in [
            json!({ "what": "late_start" }),
            json!({ "what": "late_start", "ms": 60 }),
            json!({ "what": "late_start", "ms": 30, "status": 504 }),
            json!({ "what": "late_start", "ms": 30, "status": 401 }),
            json!({ "what": "unauthorized_after" }),
            json!({ "what": "server_error_after", "html": true }),
            json!({ "what": "item_error_late", "item": 5, "ms": 60 }),
        ] {
            let world = world_of(&tales, kind);
            slow(&world, loss.clone());
            let report = sync(&world).report();
            let what = format!("{kind:?} {loss}");
            assert!(report.end.is_none(), "{what}: {:?}", report.end);
            assert_eq!(report.problems, [], "{what}");
            once(&world, &tales, &what);
        }
    }
}

/// The connection is cut while half of the batch is done, and the company goes on.
#[test]
fn a_batch_that_is_cut_off_in_its_middle_is_posted_once() {
    let tales = sales(12);
    for kind in KINDS {
        let world = world_of(&tales, kind);
        let slow = json!({ "item_latency_ms": 8, "gives_up_after_ms": 50 });
        world.tell_books("company", slow);
        let report = sync(&world).report();
        assert!(report.end.is_none(), "{kind:?}: {:?}", report.end);
        once(&world, &tales, &format!("{kind:?}"));
    }
}

/// The run dies with the batch under way, an order is edited meanwhile, and the next run begins at once.
#[test]
fn a_run_after_a_killed_one_lets_the_company_finish() {
    let mut kills = 0;
    for kind in [CARELESS, (false, false)] {
        for at in 1.. {
            let mut tales = sales(8);
            let world = world_of(&tales, kind);
            slow(&world, json!({ "what": "late_start", "ms": 40 }));
            let Ended::Killed = sync_until(&world, &End::at(at, How::Killed)) else {
                break;
            };
            kills += 1;
            tales[2].net += 400;
            tales[2].tell(&world);
            let what = format!("{kind:?}, killed at {at}");
            let report = sync(&world).report();
            assert!(report.end.is_none(), "{what}: {:?}", report.end);
            once(&world, &tales, &what);
        }
    }
    assert!(kills > 20, "only {kills} kills");
}

#[test]
fn a_clock_that_was_set_back_is_no_reason_to_send_again() {
    let tales = sales(6);
    let world = world_of(&tales, CARELESS);
    slow(&world, json!({ "what": "late_start", "ms": 150 }));
    // The answer of the sales is lost, and then nobody can look.
    let lost = (1..)
        .find(|at| {
            let end = End::at(*at, How::Unreachable);
            sync_until(&world, &end);
            open_tickets(&world) > 0
        })
        .expect("some effect leaves a ticket open");
    assert!(lost > 1);
    for minutes in [-10, -5] {
        let back = sync_at(&world, TimeDelta::minutes(minutes)).report();
        assert!(back.end.is_none(), "{:?}", back.end);
    }
    once(&world, &tales, "clock set back");
}

/// What is in the books needs no waiting, and what is in doubt holds up nothing but itself.
#[test]
fn a_lost_answer_holds_up_nothing_else() {
    let tales = sales(6);
    let world = world_of(&tales, CARELESS);
    world.settle_after("60s");
    world.tell_books(
        "mishaps",
        json!({ "what": "lose_answer", "method": "POST", "times": 3 }),
    );
    let began = Instant::now();
    world.run("sync orders --yes").ends_with(0);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    once(&world, &tales, "done");

    let world = world_of(&tales, CARELESS);
    world.settle_after("2s");
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 1");
    world.tell_books(
        "mishaps",
        json!({ "what": "reset", "operation": "create SalesReceipt" }),
    );
    let ran = world.run("sync orders --yes").ends_with(0);
    once(&world, &tales, "not done");
    let told: Vec<&str> = ran
        .err
        .lines()
        .filter(|line| line.contains("waiting"))
        .collect();
    let [told] = told.as_slice() else {
        panic!("told once: {}", ran.err);
    };
    let why = " s for QuickBooks: it may still be at work on a request that it did not answer, and nothing is to be posted twice";
    assert!(
        told.starts_with("waiting ") && told.ends_with(why),
        "{told}"
    );
    let sent: Vec<Value> = world
        .books("requests")
        .as_array()
        .expect("a list")
        .iter()
        .filter(|request| request["operations"][0] == json!("create SalesReceipt"))
        .map(|request| request["requestid"].clone())
        .collect();
    assert_eq!(sent.len(), 7);
    assert_eq!(sent[0], sent[6], "the others first, then the same again");
}

#[test]
fn a_document_waits_for_the_customer_in_doubt_and_others_do_not() {
    let tales = sales(4);
    let world = world_of(&tales, CARELESS);
    world.say_of_quickbooks("batch_size = 1");
    world.tell_books("company", json!({ "one_name_at_a_time": true }));
    world.tell_books(
        "mishaps",
        json!({ "what": "late_start", "ms": 100, "operation": "create Customer" }),
    );
    world.run("sync orders --yes").ends_with(0);
    once(&world, &tales, "customer in doubt");
    let made = world.books("objects/Customer");
    let ours = made.as_array().expect("a list").iter();
    assert_eq!(
        ours.filter(|one| one["seeded"] != json!(true)).count(),
        4,
        "every customer once"
    );
}

/// A request that never arrived is waited for, in words, and Ctrl-C ends the wait.
#[test]
fn whoever_stops_a_run_that_waits_leaves_the_question_to_the_next() {
    let tales = sales(3);
    let world = world_of(&tales, CARELESS);
    // The binary of the tests is in too much of a hurry to wait for longer.
    world.settle_after("2900ms");
    let reset = json!({ "what": "reset", "operation": "create SalesReceipt", "times": null });
    world.tell_books("mishaps", reset);
    for round in ["after its own request", "after that of an earlier run"] {
        let child = world.start("sync orders --yes --json --events");
        let began = Instant::now();
        until("a ticket is open", || {
            world.state().exists() && open_tickets(&world) == 1
        });
        std::thread::sleep(Duration::from_millis(300));
        let pid = child.id().to_string();
        let signal = std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status();
        assert!(signal.expect("a signal").success());
        let ended = ran(child.wait_with_output().expect("it ends"));
        assert_eq!(ended.code, 130, "{round}: {} {}", ended.out, ended.err);
        assert!(
            began.elapsed() < Duration::from_secs(6),
            "{round}: it waited"
        );
        assert_eq!(open_tickets(&world), 1, "{round}");
        assert!(
            ended.out.contains("may still be at work on a request"),
            "{round}: {}",
            ended.out
        );
    }
    world.clear_mishaps();
    world.settle_after("300ms");
    world.run("sync orders --yes").ends_with(0);
    once(&world, &tales, "after two stops");
}

#[test]
fn a_wait_that_is_too_long_for_anybody_ends_the_run_with_the_ticket_open() {
    let tales = sales(3);
    let world = world_of(&tales, CARELESS);
    world.settle_after("20m");
    world.tell_books(
        "mishaps",
        json!({ "what": "reset", "operation": "create SalesReceipt" }),
    );
    for _ in 0..2 {
        let ended = world.run("sync orders --yes").ends_with(5);
        assert!(ended.err.contains("again in 20 minutes"), "{}", ended.err);
        assert_eq!(open_tickets(&world), 1);
        assert_eq!(world.postings(), [] as [String; 0]);
    }
    world.settle_after("300ms");
    world.run("sync orders --yes").ends_with(0);
    once(&world, &tales, "later");
}

/// What came out wrong is put right by a request whose answer is lost as well.
#[test]
fn mending_is_not_done_twice() {
    let tales = sales(2);
    for (off, mending) in [
        ("0.01", "update SalesReceipt"),
        ("5.00", "delete SalesReceipt"),
    ] {
        let world = world_of(&tales, CARELESS);
        world.say_of_quickbooks("batch_size = 1");
        world.tell_books("mishaps", json!({ "what": "tax_off", "by": off }));
        world.tell_books(
            "mishaps",
            json!({ "what": "late_start", "ms": 60, "operation": mending }),
        );
        sync(&world).report();
        world.company_is_idle();
        world.run("retry --all --yes");
        world.run("sync orders --yes").ends_with(0);
        no_number_twice(&world, mending);
        let totals: Vec<String> = Books::read(&world)
            .0
            .into_iter()
            .map(|standing| standing.total)
            .collect();
        assert_eq!(totals, ["10.71", "10.92"], "{mending}");
    }
}

/// Changes, voids, refunds and payments, each on its own and late.
#[test]
fn a_late_change_is_waited_for() {
    for kind in [CARELESS, (false, true)] {
        let mut tales = vec![
            Tale::paid(1_001, 2_000),
            Tale::owed(1_002, 3_000),
            Tale::owed(1_003, 4_000),
        ];
        let world = world_of(&tales, kind);
        sync(&world).report();
        tales[0].net = 2_400;
        tales[0].refunds.push((9_001, 400));
        tales[1].paid = true;
        tales[2].cancelled = true;
        tales.iter().for_each(|tale| tale.tell(&world));
        world.tell_books(
            "mishaps",
            json!({ "what": "late_start", "ms": 50, "method": "POST", "times": null }),
        );
        let report = sync(&world).report();
        assert!(report.end.is_none(), "{kind:?}: {:?}", report.end);
        assert_eq!(report.problems, [], "{kind:?}");
        once(&world, &tales, &format!("{kind:?}"));
    }
}
