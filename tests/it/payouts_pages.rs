//! The pages of payouts: what the command line says of them, in the same words, for whoever may look.

use serde_json::json;

use crate::access::{Browser, invited};
use crate::api_client::{Api, Reply};
use crate::order::{order, with};
use crate::payouts::{DAY, THIRD, only_asked, plain, row, through_the_shop};
use crate::schedule::long_ago;
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
pub fn one_off_and_one_well() -> World {
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
    world
}

#[test]
fn payouts_are_listed_shown_and_proven_and_what_holds_one_stands_there_with_its_way_out() {
    let world = one_off_and_one_well();
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
            "The accounts between shop and bank",
            "WooPayments Clearing",
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

fn post(browser: &Browser<'_>, page: &str, form: &[(&str, &str)]) -> Reply {
    let token = browser.form();
    let mut all = vec![("form", token.as_str())];
    all.extend_from_slice(form);
    browser.send("POST", &format!("/shop/test/{page}"), &all)
}

/// Waits until the run that a form began is over, and answers with its page.
fn end_of(api: &Api, browser: &Browser<'_>, begun: &Reply) -> (String, String) {
    let place = begun.header("location").to_owned();
    let id = place.rsplit('/').next().expect("an id").to_owned();
    api.ended(&format!("/api/sync/status/{id}"));
    (id, browser.send("GET", &place, &[]).is(200).text)
}

#[test]
fn payouts_are_entered_by_the_form_once_their_plan_was_looked_at() {
    let world = through_the_shop(plain());
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "omar", "operator");
    says(
        &page(&browser, "payouts?period=2026-11"),
        &["Enter them in the books", "/sync?entity=payouts"],
    );
    let form = page(&browser, "sync?entity=payouts");
    says(&form, &["<option value=\"payouts\" selected>"]);
    // What the form asks of orders is sent along, and means nothing here.
    let asked = [
        ("entity", "payouts"),
        ("mode", "incremental"),
        ("since", "2026-11-01"),
        ("to", "quickbooks"),
        ("key", "p1"),
    ];
    let (foreseen, plan) = end_of(&api, &browser, &post(&browser, "sync", &asked).is(303));
    says(
        &plan,
        &[
            "2 documents to create",
            "Expense",
            "Transfer",
            "po_1",
            "19.18",
        ],
    );
    assert!(!plan.contains(">Net<"), "nothing was sold: {plan}");
    let transfers = || {
        let kinds = world.documents().into_iter();
        kinds.filter(|one| one["entity"] == "Transfer").count()
    };
    assert_eq!(transfers(), 0, "a dry run writes nothing");
    let (_, token) = plan.split_once("name=\"token\" value=\"").expect("a token");
    let token = token.split('"').next().expect("its end");
    let written = [("token", token), ("key", "p2")];
    let begun = post(&browser, &format!("sync/{foreseen}/write"), &written).is(303);
    let (id, done) = end_of(&api, &browser, &begun);
    says(&done, &["2 created"]);
    says(
        &page(&browser, &format!("history/{id}")),
        &["Transfer", "payouts"],
    );
    says(&page(&browser, "history?entity=payouts"), &[&id]);
    let again = api.runs(
        "/api/sync/payouts",
        &json!({ "filters": { "since": "2026-11-01" } }),
    );
    assert_eq!(again["targets"]["quickbooks"]["created"], 0, "{again}");
    let odd = json!({ "entity": "payouts", "mode": "full", "ids": ["1"], "to": ["quickbooks"] });
    let refused = api.post("/api/sync/dry-run").json(&odd).send().is(422);
    let errors = refused.body["errors"].as_array().expect("errors");
    let places: Vec<&str> = errors
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    assert_eq!(places, ["/mode", "/ids", "/to"]);
}

#[test]
fn payouts_have_a_schedule_of_their_own() {
    let world = through_the_shop(plain());
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "omar", "operator");
    let asked = [
        ("name", "paid-out"),
        ("cron", "0 7 * * *"),
        ("entities", "orders"),
        ("entities", "payouts"),
    ];
    let refused = post(&browser, "schedules", &asked).is(422).text;
    says(&refused, &["ayouts are synced by themselves"]);
    let alone = [asked[0], asked[1], asked[3]];
    post(&browser, "schedules", &alone).is(303);
    says(
        &page(&browser, "schedules/paid-out"),
        &["name=\"entities\" value=\"payouts\" checked"],
    );
    let made = api.get("/api/sync/schedules/paid-out").send().is(200).body;
    assert_eq!(made["entities"], json!(["payouts"]));
    drop(browser);
    api.ask_to_end();
    api.ended_with();
    long_ago(&world);
    let ran = world.run("schedule run --once --json").ends_with(0).json();
    assert_eq!(ran["worked"][0]["schedule"], "paid-out");
    let runs = world.run("history --json").ends_with(0).json();
    assert_eq!(
        (&runs["runs"][0]["entities"], &runs["runs"][0]["command"]),
        (&json!(["payouts"]), &json!("schedule"))
    );
}

#[test]
fn the_bills_of_fees_stand_below_the_payouts_with_what_they_are_for() {
    let account = crate::bills::october(&[
        (
            "po_1",
            0,
            vec![crate::bills::charge(1, 91), crate::bills::given_back(31)],
        ),
        ("po_2", 0, vec![crate::bills::charge(2, 91)]),
    ]);
    let world = crate::bills::through_the_shop(&account);
    world
        .run("sync payouts --since 2026-10-01 --json")
        .ends_with(0);
    let api = Api::serve(&world);
    let (viewer, _) = invited(&world, &api, "mira", "viewer");
    let listed = page(&viewer, "payouts?period=2026-10");
    let all = [
        "Bills of fees",
        "WC-FEES-2610W",
        "2026-10-31",
        "1.82",
        "0.31",
        "1.51",
        "po_1, po_2",
        "explain?what=fees-woopayments-2026-10-CAD",
        "udsync report clearing --period 2026-10",
    ];
    says(main_of(&listed), &all);
    let other = page(&viewer, "payouts?period=2026-08");
    assert!(!main_of(&other).contains("Bills of fees"), "{other}");
    only_asked(&world);
}
