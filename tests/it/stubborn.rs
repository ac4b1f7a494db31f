//! Books that will not: an item that is never taken, a document that is refused. The run goes on with the others,
//! says what is left, and does not try the hopeless again and again.

use serde_json::json;
use udsync::store::{Attempts, Problems, Store};

use crate::inprocess::{End, Ended, How, sync, sync_until};
use crate::tales::{Books, Tale, books};
use crate::world::{World, company, shop};

fn world_of(tales: &[Tale]) -> World {
    let world = World::new(shop(Vec::new()), company(), &books());
    for tale in tales {
        tale.tell(&world);
    }
    world
}

#[track_caller]
fn all_well(world: &World, tales: &[Tale]) {
    let books = Books::read(world);
    let wrong: Vec<String> = tales.iter().flat_map(|tale| tale.check(&books)).collect();
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn an_item_that_fails_in_every_batch_is_taken_alone() {
    let tales: Vec<Tale> = (1..=5)
        .map(|n| Tale::paid(1_000 + n, 1_000 * n as i64))
        .collect();
    let world = world_of(&tales);
    world.tell_books(
        "mishaps",
        json!({ "what": "item_error_before", "item": 0, "times": null, "operation": "create SalesReceipt" }),
    );
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &tales);
}

#[test]
fn what_is_never_taken_is_given_up_for_this_run() {
    let tales = [
        Tale::paid(1_001, 2_000),
        Tale::owed(1_002, 3_000),
        Tale::paid(1_003, 4_000),
    ];
    let world = world_of(&tales);
    let end = End::at(0, How::Troubled);
    let report = sync_until(&world, &end).report();
    let left: Vec<(&str, &str)> = report
        .problems
        .iter()
        .map(|problem| (problem.source.number.as_str(), problem.reason.code.as_str()))
        .collect();
    // The invoice was in the same request.
    let wanted = ["1001", "1002", "1003"].map(|number| (number, "service_trouble"));
    assert_eq!(left, wanted);
    sync(&world).report();
    all_well(&world, &tales);
}

#[test]
fn what_was_refused_is_not_sent_on_every_run() {
    let tales = [Tale::paid(1_001, 2_000), Tale::owed(1_002, 3_000)];
    let world = world_of(&[]);
    world.run("sync orders --yes").ends_with(0);
    // The bookkeeper closes the clearing account, and the kept list does not know it yet.
    let accounts = world.books("objects/Account");
    let clearing = accounts
        .as_array()
        .expect("a list")
        .iter()
        .find(|account| account["object"]["Name"] == json!("Stripe Clearing"))
        .expect("the account");
    let set = |active: bool| {
        world.tell_books(
            "edit",
            json!({ "entity": "Account", "id": clearing["id"], "set": { "Active": active } }),
        );
    };
    set(false);
    for tale in &tales {
        tale.tell(&world);
    }
    let first = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(first.held().len(), 1, "{}", first.out);
    assert!(first.held()[0].starts_with("1001 "), "{:?}", first.held());
    for _ in 0..3 {
        world.forget_requests();
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(ran.held().len(), 1, "{}", ran.out);
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "{}",
            world.books("requests")
        );
    }
    set(true);
    let _ = world.run("retry --all --yes");
    world.run("retry --all --yes").ends_with(0);
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &tales);
}

#[test]
fn a_problem_is_not_over_while_half_of_its_order_is_to_be_done() {
    let mut tale = Tale::owed(1_001, 2_000);
    tale.fee = Some(50);
    tale.paid = true;
    tale.on_account = false;
    tale.refunds.push((9_001, 400));
    let mut stopped = 0;
    for at in 1.. {
        let world = world_of(&[]);
        let mut bad = tale.order();
        bad["total"] = json!("99.00");
        world.put_order(&bad, &tale.refund_objects(), false);
        assert_eq!(sync(&world).report().problems.len(), 1);
        // Mended so that no time tells of it: only the problem leads back to the order.
        tale.tell(&world);
        let end = End::at(at, How::Unreachable);
        let ended = sync_until(&world, &end);
        if let Ended::Done(report) = &ended
            && report.end.is_none()
        {
            break;
        }
        stopped += 1;
        sync(&world).report();
        all_well(&world, std::slice::from_ref(&tale));
        let store = Store::open(&world.state()).expect("the state opens");
        assert_eq!(store.problems(None, true), Ok(vec![]));
    }
    assert!(stopped > 5, "only {stopped} stops");
}

#[test]
fn a_name_whose_answer_was_lost_is_found_by_its_name() {
    for entity in ["Customer", "Item"] {
        let tale = Tale::paid(1_001, 2_000);
        let world = world_of(std::slice::from_ref(&tale));
        world.tell_books("company", json!({ "ignore_requestid": true }));
        world.tell_books(
            "mishaps",
            json!({ "what": "lose_answer", "operation": format!("create {entity}") }),
        );
        world.run("sync orders --yes").ends_with(0);
        all_well(&world, std::slice::from_ref(&tale));
        let made = world.books(&format!("objects/{entity}"));
        let made = made.as_array().expect("a list");
        let ours = made.iter().filter(|one| one["seeded"] != json!(true));
        assert_eq!(ours.count(), 1, "{entity}");
    }
}

/// One sale of a request is answered, the other one is an open question; before it is settled somebody saves the first.
#[test]
fn a_request_that_is_settled_in_part_is_settled_in_the_rest() {
    let tales = [
        Tale::paid(1_001, 2_000),
        Tale::paid(1_002, 3_000),
        Tale::paid(1_003, 4_000),
    ];
    let mut in_part = 0;
    for at in 1.. {
        let world = world_of(&tales);
        world.tell_books("company", json!({ "ignore_requestid": true }));
        let after =
            json!({ "what": "item_error_after", "item": 1, "operation": "create SalesReceipt" });
        world.tell_books("mishaps", after);
        let end = End::at(at, How::Unreachable);
        let report = sync_until(&world, &end);
        world.clear_mishaps();
        if matches!(&report, Ended::Done(report) if report.end.is_none()) {
            break;
        }
        let open = Store::open(&world.state())
            .expect("the state opens")
            .open_tickets("quickbooks")
            .expect("tickets are read");
        in_part += open
            .iter()
            .filter(|(ticket, open)| open.len() < ticket.request().writes.len())
            .count();
        for document in world.documents() {
            let memo = json!({ "CustomerMemo": { "value": "thank you" } });
            let edit = json!({ "entity": "SalesReceipt", "id": document["id"], "set": memo });
            world.tell_books("edit", edit);
        }
        let report = sync(&world).report();
        assert_eq!(report.problems, [], "stopped at {at}");
        all_well(&world, &tales);
        assert_eq!(world.documents().len(), 3, "stopped at {at}");
    }
    assert!(in_part > 0, "no request was settled in part");
}
