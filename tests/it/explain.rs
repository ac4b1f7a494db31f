//! `explain` from outside: where each cent comes from, or why it is not there, with every service switched off.

use std::time::Instant;

use serde_json::{Value, json};
use udsync::books::explained::{ExplainedAmount, SourceKind, explained};
use udsync::model::link::Link;
use udsync::model::money::Money;
use udsync::model::plan::Subject;
use udsync::store::{Memory, MemoryWriter, Store};

use crate::order::{order, refund, unmapped, with};
use crate::world::{BOOKS, Ran, World, company, ran, shop};

const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// A sale with its refund and the gateway's fee, one that is held, one that is not paid yet, one that was set aside, and one whose
/// number is the id of another.
fn world() -> World {
    let fee = json!({ "id": 9, "key": "_stripe_fee", "value": "0.91" });
    let sold = with(
        order(1042),
        json!({ "meta_data": [fee], "refunds": [{ "id": 1050, "reason": "", "total": "-21.00" }] }),
    );
    let pending = json!({ "status": "pending", "date_paid_gmt": null, "date_paid": null });
    let mut setup = shop(vec![
        sold,
        unmapped(1043),
        with(order(1044), pending),
        unmapped(1045),
        order(1046),
        with(order(1047), json!({ "number": "1046" })),
    ]);
    setup["refunds"] = json!({ "1042": [refund(1050, 1042)] });
    let books = format!("{BOOKS}[books.policy]\ngateway_fees = \"expense\"\n");
    World::new(setup, company(), &books)
}

/// The same after a sync, with nobody left to ask.
fn alone() -> World {
    let mut world = world();
    world.run("sync orders --yes").ends_with(3);
    world.close_store();
    world.close_books();
    world
}

fn answers(ran: &Ran) -> Vec<Value> {
    let document = ran.json();
    assert_eq!(document["schema"], "udsync/explain/1");
    document["answers"].as_array().expect("a list").clone()
}

fn cents(value: &Value) -> Money {
    value.as_str().expect("an amount").parse().expect("money")
}

/// Each node is what its children come to. Gives the leaves.
#[track_caller]
fn leaves(node: &Value) -> Vec<Value> {
    let children = node["children"].as_array().expect("children");
    if children.is_empty() {
        return vec![node.clone()];
    }
    let sum: Money = children.iter().map(|child| cents(&child["amount"])).sum();
    assert_eq!(sum, cents(&node["amount"]), "{node:#}");
    children.iter().flat_map(leaves).collect()
}

fn refs(node: &Value) -> Vec<String> {
    let mut all = vec![node["from"]["ref"].as_str().expect("a ref").to_owned()];
    for child in node["children"].as_array().expect("children") {
        all.extend(refs(child));
    }
    all
}

#[test]
fn each_cent_of_a_sale_its_refund_and_its_fee_has_a_parent_and_no_service_is_asked() {
    let world = alone();
    let ran = world.run("explain 1042 --json").ends_with(0);
    let answers = answers(&ran);
    let whats: Vec<&Value> = answers.iter().map(|answer| &answer["what"]).collect();
    assert_eq!(whats, ["1042/sale", "1042/refund/1050", "1042/fee"]);
    for answer in &answers {
        let leaves = leaves(&answer["tree"]);
        let sum: Money = leaves.iter().map(|leaf| cents(&leaf["amount"])).sum();
        assert_eq!(sum, cents(&answer["total"]));
        assert!(
            leaves.iter().all(|leaf| leaf["from"]["kind"] == "shop"),
            "{answer:#}"
        );
        assert_eq!(answer["tree"]["from"]["kind"], "books");
        assert_eq!(answer["tree"]["children"][0]["from"]["kind"], "request");
    }
    let sale = refs(&answers[0]["tree"]);
    let has = |refs: &[String], words: &str| refs.iter().any(|known| known.contains(words));
    assert!(has(&sale, "line_items[id=10421].total"), "{sale:?}");
    assert!(has(&sale, "books.tax.rates"), "{sale:?}");
    let refunded = refs(&answers[1]["tree"]);
    assert!(
        has(&refunded, "refunds[id=1050].line_items[of=10421].total"),
        "{refunded:?}"
    );
    let fee = refs(&answers[2]["tree"]);
    assert!(
        has(&fee, "books.gateway_fees (udsync.toml line "),
        "{fee:?}"
    );
    // The line of the setting is the one in the file.
    let account = answers[0]["decided_by"].as_array().expect("a list").iter();
    let account = account
        .clone()
        .find(|one| one["what"] == "account")
        .expect("named");
    assert_eq!(account["setting"], "books.deposit.stripe");
    let text = std::fs::read_to_string(&world.config).expect("the file");
    let line = text
        .lines()
        .position(|line| line.starts_with("stripe = \"Stripe Clearing\""));
    let place = format!("udsync.toml line {}", line.expect("it is there") + 1);
    assert_eq!(account["place"], json!(place));
}

#[test]
fn the_tree_is_read_on_a_screen_of_eighty_columns() {
    let world = alone();
    let ran = world.run("explain WC-1042").ends_with(0);
    assert!(
        ran.out.lines().all(|line| line.chars().count() < 80),
        "{}",
        ran.out
    );
    let mut lines = ran.out.lines();
    let first = lines.next().expect("a line");
    assert!(
        first.starts_with("SalesReceipt WC-1042 of 2026-11-02 "),
        "{first}"
    );
    assert!(first.ends_with(" 21.00 CAD"), "{first}");
    assert_eq!(first.chars().count(), 79);
    for words in [
        "shop: line_items[id=10421].total",
        "tax GST 5% on 20.00",
        "as the configuration says today",
        "account Stripe Clearing: books.deposit.stripe (udsync.toml line ",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    // Only that document is meant, and the refund has a number of its own.
    assert!(!ran.out.contains("RefundReceipt"), "{}", ran.out);
    let refunded = world.run("explain WC-1042-R1050").ends_with(0);
    assert!(
        refunded.out.starts_with("RefundReceipt WC-1042-R1050"),
        "{}",
        refunded.out
    );
    let id =
        world.run("explain WC-1042 --json").json()["answers"][0]["tree"]["from"]["ref"].clone();
    let id = id.as_str().expect("an id").to_lowercase();
    let by_id = world.run(&format!("explain {id}")).ends_with(0);
    assert_eq!(by_id.out, ran.out);
    assert_eq!(world.run("explain 1042/sale").ends_with(0).out, ran.out);
}

#[test]
fn what_is_not_there_says_why() {
    let mut world = world();
    let ran = world.run("sync orders --yes --json").ends_with(3);
    let id = |number: &str| {
        let problems = ran.problems();
        let of = problems
            .iter()
            .find(|problem| problem["source"]["number"] == number);
        of.expect("a problem")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let (held, aside) = (id("1043"), id("1045"));
    let skip = ["retry", "--skip", &aside, "--why", "a test order"];
    let mut command = world.command("");
    crate::world::ran(command.args(skip).output().expect("it runs")).ends_with(0);
    world.close_store();
    world.close_books();

    let why = |what: &str| {
        let answers = answers(&world.run(&format!("explain {what} --json")).ends_with(0));
        assert_eq!(answers.len(), 1, "{answers:?}");
        answers[0].clone()
    };
    let of_order = why("1043");
    assert_eq!(of_order["state"], "held");
    assert_eq!(of_order["why"]["code"], "tax_code_unmapped");
    assert!(of_order["why"]["hint"].is_string(), "{of_order}");
    assert_eq!(why(&held), of_order, "by the id of the problem");
    assert_eq!(why(&held.to_lowercase()), of_order);
    let skipped = why("1044");
    assert_eq!(skipped["state"], "skipped");
    assert_eq!(skipped["why"]["code"], "status_pending");
    let aside_now = why("1045");
    assert_eq!(aside_now["state"], "set_aside");
    let said = aside_now["why"]["message"].as_str().expect("words");
    assert!(said.contains("a test order"), "{said}");
    let hint = aside_now["why"]["hint"].as_str().expect("a hint");
    assert_eq!(hint, format!("`udsync retry --restore {aside}`"));
    let text = world.run("explain 1043").ends_with(0).out;
    assert!(
        text.starts_with(&format!("order 1043 is not posted: held ({held})")),
        "{text}"
    );
}

#[test]
fn a_code_says_what_the_catalogue_says() {
    let world = World::of_orders(vec![]);
    let answers = answers(&world.run("explain tax_code_unmapped --json").ends_with(0));
    let row = udsync::model::code::row("tax_code_unmapped").expect("a row");
    assert_eq!(answers[0]["why"]["message"], row.meaning);
    assert_eq!(answers[0]["why"]["hint"], row.way_out);
    let text = world.run("explain tax_code_unmapped").ends_with(0).out;
    assert!(text.contains("way out: "), "{text}");
}

#[test]
fn an_amount_is_found_by_its_day_and_near_it() {
    let world = alone();
    let whats = |line: &str| -> Vec<String> {
        let answers = answers(&world.run(&format!("explain {line} --json")).ends_with(0));
        let what = |answer: &Value| answer["what"].as_str().expect("a what").to_owned();
        answers.iter().map(what).collect()
    };
    assert_eq!(whats("0.91 --on 2026-11-02"), ["1042/fee"]);
    assert_eq!(whats("21.00 --on 2026-11-03"), ["1042/refund/1050"]);
    assert_eq!(
        whats("0.91 --on 2026-11-05"),
        ["1042/fee"],
        "three days away"
    );
    // No document is worth 1.00; on its day it is the tax of several.
    assert!(whats("1.00 --on 2026-11-02").contains(&"1042/sale".to_owned()));
    let listed = world.run("explain 21.00 --on 2026-11-02").ends_with(0).out;
    assert!(
        listed.starts_with("`21.00` can be several things:"),
        "{listed}"
    );
    assert!(listed.contains("`udsync explain 1046/sale`"), "{listed}");
    let failed = world.run("explain 21.00 --json").ends_with(2);
    assert_eq!(failed.json()["code"], "explain_day_needed");
    world.run("explain 777.77 --on 2026-11-02").ends_with(1);
}

#[test]
fn what_can_be_several_things_is_listed_and_what_is_nothing_is_refused() {
    let world = alone();
    // The number of one order is the id of another: QuickBooks holds one of them back, and both are shown.
    let listed = world.run("explain 1046").ends_with(0).out;
    assert!(
        listed.starts_with("`1046` can be several things:"),
        "{listed}"
    );
    assert!(listed.contains("`udsync explain 1046/sale`"), "{listed}");
    let failed = world.run("explain 99999 --json").ends_with(1);
    assert_eq!(failed.json()["code"], "explain_unknown");
    assert!(failed.json()["hint"].is_string());
    let new = World::of_orders(vec![]);
    new.run("explain 1").ends_with(1);
}

#[test]
fn a_shop_that_is_asked_shows_its_fields_beside() {
    let world = world();
    world.run("sync orders --yes").ends_with(3);
    let changed = with(
        order(1046),
        json!({ "total": "26.00", "date_modified_gmt": "2026-11-04T17:01:00" }),
    );
    let mut changed = changed;
    changed["line_items"][0]["total"] = json!("25.00");
    world.put_order(&changed, &json!([]), false);
    world.forget_requests();
    let fresh = world.run("explain 1046/sale --fresh --json").ends_with(0);
    let leaves = leaves(&answers(&fresh)[0]["tree"]);
    assert_eq!(
        (&leaves[0]["amount"], &leaves[0]["now"]),
        (&json!("20.00"), &json!("25.00"))
    );
    assert_eq!(
        (&leaves[1]["amount"], &leaves[1]["now"]),
        (&json!("1.00"), &json!("1.00"))
    );
    let asked = world.books("requests");
    assert!(
        asked.as_array().expect("a list").is_empty(),
        "the books are left alone: {asked}"
    );
    let text = world.run("explain 1046/sale --fresh").ends_with(0).out;
    assert!(text.contains("25.00 in the shop now"), "{text}");
    // Without being asked, the shop is not.
    world.forget_requests();
    world.run("explain 1046/sale").ends_with(0);
    let asked = world.store("requests");
    assert!(asked.as_array().expect("a list").is_empty(), "{asked}");
}

#[test]
fn sealed_people_and_dropped_bodies_keep_nothing_from_being_explained() {
    let world = world();
    let keyed = |line: &str| -> Ran {
        let mut command = world.command(line);
        ran(command.env("UDSYNC_KEY", KEY).output().expect("it runs"))
    };
    let text = std::fs::read_to_string(&world.config).expect("the file");
    std::fs::write(
        &world.config,
        format!("{text}\n[privacy]\nkeep_bodies = \"1s\"\n"),
    )
    .expect("written");
    keyed("sync orders --yes").ends_with(3);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    keyed("sync orders --yes").ends_with(3);
    // Whoever has no key sees where each cent comes from, and nobody in it.
    let shut = world.run("explain 1042 --json").ends_with(0);
    for answer in answers(&shut) {
        let sum: Money = leaves(&answer["tree"])
            .iter()
            .map(|leaf| cents(&leaf["amount"]))
            .sum();
        assert_eq!(sum, cents(&answer["total"]));
    }
    assert!(
        !shut.out.contains("ann1042@example.com") && !shut.out.contains("Lee 1042"),
        "{}",
        shut.out
    );
}

/// Every document that this world's books remember is explained to the cent. For the tests that have many orders.
#[track_caller]
pub fn every_document_adds_up(world: &World) {
    let config = udsync::config::load(&world.config).expect("a configuration");
    let store = Store::open_read_only(&world.state()).expect("opens");
    let store = store.expect("there is a state");
    let mut seen = 0;
    for order in store.posted_orders("quickbooks").expect("answers") {
        for link in store.links_of_order("quickbooks", order).expect("answers") {
            let posted = link.posted.expect("documents have one");
            let parts = explained(&posted, &config.rules, None);
            let root =
                ExplainedAmount::new(SourceKind::Books, "1", "all", posted.total).over(parts);
            assert!(root.adds_up(), "{root:#?}");
            let leaves = root.leaves();
            let sum: Money = leaves.iter().map(|leaf| leaf.amount).sum();
            assert_eq!(sum, posted.total, "{root:#?}");
            let in_shop = leaves.iter().all(|leaf| leaf.from.kind == SourceKind::Shop);
            assert!(in_shop || posted.document.is_none(), "{root:#?}");
            seen += 1;
        }
    }
    assert!(seen > 0, "there are documents");
}

/// As many documents as a large shop has in some years: prints how long an answer takes. Run it with `--ignored --nocapture`.
#[test]
#[ignore = "takes a while to make so many documents"]
fn an_answer_among_a_hundred_thousand_orders_is_there_at_once() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders --yes").ends_with(0);
    let store = Store::open(&world.state()).expect("opens");
    let one = store
        .links_of_order("quickbooks", 1)
        .expect("answers")
        .remove(0);
    let first = one.posted.as_ref().expect("a document").date;
    let ids: Vec<u64> = (2..=100_000).collect();
    for some in ids.chunks(5_000) {
        let links: Vec<Link> = some
            .iter()
            .map(|id| {
                let mut link = one.clone();
                let posted = link.posted.as_mut().expect("a document");
                posted.key = udsync::model::document::DocumentKey::of_order(*id, posted.key.role);
                posted.number = format!("WC-{id}");
                posted.date = first + chrono::Days::new(id % 365);
                link.remote.id = (10_000 + id).to_string();
                link.subject = Subject::Document(posted.key);
                link
            })
            .collect();
        store.put_links("quickbooks", &links).expect("kept");
    }
    drop(store);
    for line in [
        "explain 77777",
        "explain WC-77777",
        "explain salesreceipt/87777",
        "explain nothing-of-this",
    ] {
        let began = Instant::now();
        world.run(line);
        let took = began.elapsed();
        println!("{line}: {} ms", took.as_millis());
        assert!(took.as_secs() < 2, "{line}: {took:?}");
    }
}
