//! A shop is put back to a backup, or `url` leads to a copy of it: ids that were given out before come again, for other orders.
//! What was posted of the first ones stays as it is.

use serde_json::{Value, json};

use crate::tales::{Tale, books};
use crate::world::{Ran, World, company, shop};

fn world_of(tales: &[Tale]) -> World {
    let world = World::new(shop(Vec::new()), company(), &books());
    for tale in tales {
        tale.tell(&world);
    }
    world
}

/// The order with the id of another one, made so long from now.
fn again(world: &World, tale: &Tale, in_hours: i64) {
    world.tell_store(&format!("orders/{}/delete", tale.id), json!({}));
    let at = chrono::Utc::now() + chrono::TimeDelta::hours(in_hours);
    let mut order = tale.order();
    order["date_created_gmt"] = json!(at.format("%Y-%m-%dT%H:%M:%S").to_string());
    if tale.paid {
        order["date_paid_gmt"] = order["date_created_gmt"].clone();
    }
    world.put_order(&order, &tale.refund_objects(), false);
}

fn problems(ran: &Ran) -> Vec<Value> {
    ran.json()["problems"].as_array().expect("a list").clone()
}

/// One hold, and nothing written.
#[track_caller]
fn held(world: &World, line: &str) -> String {
    world.forget_requests();
    let ran = world.run(line).ends_with(3);
    let found = problems(&ran);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], json!("order_id_reused"), "{found:?}");
    assert_eq!(found[0]["state"], json!("held"));
    assert_eq!(world.books("counts")["writes"], json!(0), "{line}");
    assert!(
        !ran.out.contains("wc_order"),
        "the key opens the order's page: {}",
        ran.out
    );
    found[0]["message"].as_str().expect("words").to_owned()
}

#[test]
fn a_new_order_with_an_old_id_does_not_take_over_the_old_document() {
    for fate in ["paid", "owed", "cancelled"] {
        let first = if fate == "paid" {
            Tale::paid(1_001, 2_000)
        } else {
            Tale::owed(1_001, 2_000)
        };
        let world = world_of(std::slice::from_ref(&first));
        world.run("sync orders").ends_with(0);
        let before = world.documents();
        let mut second = first.clone();
        second.net = 7_000;
        second.buyer = 4;
        // Even one that is withdrawn: the old invoice is not voided for it.
        second.cancelled = fate == "cancelled";
        again(&world, &second, 0);
        for line in [
            "sync orders --yes --json",
            "sync orders --yes --full --json",
            "retry --all --yes --json",
        ] {
            let message = held(&world, line);
            assert!(message.contains("`WC-1001`"), "{message}");
            assert_eq!(world.documents(), before, "{fate}");
        }
        // The hint is followed.
        let list = world.run("retry --list --json").ends_with(0);
        let id = list.json()["problems"][0]["id"].as_str().map(str::to_owned);
        let id = id.unwrap_or_else(|| panic!("{}", list.out));
        world
            .run(&format!("retry --skip {id} --why by-hand"))
            .ends_with(0);
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.documents(), before);
    }
}

#[test]
fn the_day_of_an_order_may_be_corrected() {
    let tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let mut order = Tale::paid(1_001, 2_400).order();
    order["date_created_gmt"] = json!("2026-11-20T09:00:00");
    world.put_order(&order, &json!([]), false);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 1, "{}", ran.out);
}

/// As a state file is that was written before identities were kept.
fn forget_identities(world: &World) {
    let state = rusqlite::Connection::open(world.state()).expect("the state");
    let gone = state
        .execute("DELETE FROM identities", [])
        .expect("forgotten");
    assert!(gone > 0, "nothing was kept");
}

#[test]
fn orders_of_before_the_upgrade_are_learned_where_their_time_and_number_agree() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    forget_identities(&world);
    tale.net = 2_400;
    tale.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 1, "{}", ran.out);
    // Learned, so that the key alone decides now.
    again(&world, &tale, 0);
    held(&world, "sync orders --yes --json");
    // Not learned before the id came again: it was made after the old one was posted.
    forget_identities(&world);
    again(&world, &tale, 2);
    held(&world, "sync orders --yes --json");
}

#[test]
fn a_refund_with_an_old_id_does_not_take_over_the_old_refund() {
    let mut tale = Tale::paid(1_001, 6_000);
    tale.refunds.push((9_001, 600));
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let before = world.documents();
    tale.refunds[0].1 = 1_200;
    let mut refunds = tale.refund_objects();
    refunds[0]["date_created_gmt"] = json!("2026-11-21T17:00:00");
    world.put_order(&tale.order(), &refunds, false);
    let message = held(&world, "sync orders --yes --json");
    assert!(message.contains("refund 9001"), "{message}");
    assert_eq!(world.documents(), before);
}

#[test]
fn a_lost_state_does_not_take_up_what_is_older_than_the_order() {
    let tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let before = world.documents();
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", world.state().display()));
    }
    // Posted under the ninth, and the shop was put back since.
    again(&world, &tale, 0);
    held(&world, "sync orders --yes --json");
    assert_eq!(world.documents(), before);
}
