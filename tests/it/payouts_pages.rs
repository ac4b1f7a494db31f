//! The pages of payouts: what the command line says of them, in the same words, for whoever may look.

use serde_json::json;

use crate::access::{Browser, invited};
use crate::api_client::Api;
use crate::order::{order, with};
use crate::payouts::{DAY, THIRD, only_asked, plain, row, through_the_shop};
use crate::world::World;

fn page(browser: &Browser<'_>, page: &str) -> String {
    let page = format!("/shop/test/{page}");
    browser.send("GET", &page, &[]).is(200).text
}

/// What is on the page itself, without the menu around it.
fn main_of(page: &str) -> &str {
    page.split_once("<main").expect("a page").1
}

#[track_caller]
fn says(page: &str, all: &[&str]) {
    for words in all {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// One payout that is a cent off, and one that is as it should be.
#[test]
fn payouts_are_listed_shown_and_proven_and_what_holds_one_stands_there_with_its_way_out() {
    let mut account = plain();
    let rows = account["rows"].as_array_mut().expect("rows");
    rows.push(with(
        row("txn_6", "charge", 2_100, 91, Some(1003)),
        json!({ "payout": "po_2" }),
    ));
    account["payouts"][0]["amount"] = json!(1_919);
    let payouts = account["payouts"].as_array_mut().expect("payouts");
    payouts.push(
        json!({ "id": "po_2", "amount": 2_009, "created": THIRD, "arrival": THIRD + 2 * DAY }),
    );
    let world = through_the_shop(account);
    world
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(3);
    let api = Api::serve(&world);
    let waits = api.get("/api/sync/failures?limit=5").send().is(200).body;
    let item = &waits["items"][0];
    let (id, code) = (&item["id"], &item["code"]);
    let (viewer, _) = invited(&world, &api, "mira", "viewer");
    let listed = page(&viewer, "payouts?period=2026-11");
    says(
        &listed,
        &[
            "po_1",
            "po_2",
            "WooPayments",
            "19.19",
            "posted",
            "Waits",
            "Prove them",
        ],
    );
    let shown = page(&viewer, "payouts/po_1?from=2026-11-01");
    says(
        &shown,
        &[
            "do not add up",
            "P1: rows add up to the payout",
            "Does not hold",
            "0.01",
            "What to do",
            "order 1002",
            id.as_str().expect("an id"),
            code.as_str().expect("a code"),
        ],
    );
    let good = page(&viewer, "payouts/po_2?from=2026-11-01");
    says(&good, &["add up", "Holds", "P4 is about the whole account"]);
    assert!(!good.contains("What to do"), "{good}");
    let proven = page(&viewer, "payouts?period=2026-11&prove=yes");
    says(&proven, &["1 of 2 payouts do not add up", "Adds up", "P4"]);
    for seen in [&listed, &shown, &good, &proven] {
        assert!(!main_of(seen).contains("<button"), "a viewer only looks");
        assert!(!main_of(seen).contains("<form"), "a viewer only looks");
    }
    only_asked(&world);
}

#[test]
fn payouts_that_nobody_can_read_are_told_in_words() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    says(
        &page(&browser, "payouts"),
        &["No payment service is connected", "udsync connect stripe"],
    );
    let odd = browser.send("GET", "/shop/test/payouts?period=lately", &[]);
    says(&odd.is(422).text, &["2026-10"]);
    let world = through_the_shop(plain());
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let unknown = browser.send("GET", "/shop/test/payouts/po_9?from=2026-11-01", &[]);
    says(&unknown.is(404).text, &["payout_unknown"]);
    let mut payments = world.store("payments");
    payments["fails"] = json!(1_000);
    world.put_store("payments", &payments);
    says(
        &page(&browser, "payouts?period=2026-11"),
        &["store_unreachable", "Nothing is known of its payouts now"],
    );
}
