//! What could not be made: an item without an account, a price that the books cannot hold. Whoever needs it is told the cause of it,
//! the others go on, and no request ever speaks of what is not there.

use serde_json::{Value, json};
use udsync::model::ticket::{Request, Write};
use udsync::store::{HistoryWriter, Journal, Store};

use crate::inprocess::sync;
use crate::order::{order, refund, with};
use crate::tales::{Tale, books};
use crate::world::{BOOKS, Ran, World, company, shop};

/// Problems as `1042 held account_missing`.
fn problems(ran: &Ran) -> Vec<String> {
    let problems = ran.problems();
    let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let said = |problem: &Value| {
        let number = word(&problem["source"]["number"]);
        format!("{number} {}", word(&problem["code"]))
    };
    let mut said: Vec<String> = problems.iter().map(said).collect();
    said.sort();
    said
}

/// Nothing that was sent to the books so far speaks of what was still to be made.
#[track_caller]
fn nothing_unmade_was_sent(world: &World) {
    let requests = world.books("requests");
    let requests = requests.as_array().expect("a list");
    let bodies: Vec<&str> = requests
        .iter()
        .filter_map(|one| one["body"].as_str())
        .collect();
    for body in &bodies {
        for word in ["@item:", "@customer:", "@document:"] {
            assert!(!body.contains(word), "{body}");
        }
    }
}

/// An order that sells what the books have already.
fn of_a_lamp(id: u64) -> Value {
    let mut order = order(id);
    order["line_items"][0]["name"] = json!("Lamp");
    order["line_items"][0]["sku"] = json!("LAMP");
    order["line_items"][0]["product_id"] = json!(501);
    order
}

fn company_with_a_lamp() -> Value {
    let mut company = company();
    company["items"] = json!([{ "name": "Lamp", "sku": "LAMP" }]);
    company
}

#[test]
fn every_order_that_needs_an_item_without_an_account_is_held_with_that_cause() {
    let orders = vec![order(1), of_a_lamp(2), order(3), order(4)];
    let books = BOOKS.replace("[books]\n", "[books]\nincome_account = \"Nowhere\"\n");
    let world = World::new(shop(orders), company_with_a_lamp(), &books);
    let ran = world.run("sync orders --json").ends_with(3);
    let wanted = [
        "1 account_missing",
        "3 account_missing",
        "4 account_missing",
    ];
    assert_eq!(problems(&ran), wanted, "{}", ran.out);
    for problem in ran.json()["problems"].as_array().expect("a list") {
        let said = problem["message"].as_str().expect("words");
        assert!(said.contains("`Nowhere`"), "{said}");
        let hint = problem["hint"].as_str().expect("a hint");
        assert!(hint.contains("`[books]`"), "{hint}");
    }
    assert_eq!(world.postings(), ["SalesReceipt WC-2 21.00 active"]);
    nothing_unmade_was_sent(&world);
    // It is no better in the next run, and nothing is sent for it.
    world.forget_requests();
    let again = world.run("sync orders --json").ends_with(3);
    assert_eq!(problems(&again), wanted);
    assert_eq!(world.books("counts")["writes"], json!(0));
    // The hint is followed.
    world.configure(BOOKS);
    world.run("retry --all").ends_with(0);
    assert_eq!(world.documents().len(), 4);
    nothing_unmade_was_sent(&world);
}

#[test]
fn what_a_product_could_not_become_is_said_of_it_and_of_the_orders_that_sell_it() {
    let mut shop = shop(vec![order(1), order(2)]);
    shop["products"] = json!([{
        "id": 500, "name": "Mug", "type": "simple", "status": "publish", "sku": "MUG", "price": "20.00",
        "virtual": false, "downloadable": false
    }]);
    let books = BOOKS.replace("[books]\n", "[books]\nincome_account = \"Nowhere\"\n");
    let world = World::new(shop, company(), &books);
    let ran = world.run("sync products orders --json").ends_with(3);
    let wanted = [
        "1 account_missing",
        "2 account_missing",
        "MUG account_missing",
    ];
    assert_eq!(problems(&ran), wanted, "{}", ran.out);
    nothing_unmade_was_sent(&world);
}

#[test]
fn a_catalogue_price_that_the_books_cannot_hold_is_left_out_and_the_sale_posted() {
    let mug = |price: &str| {
        json!({
            "id": 500, "name": "Mug", "type": "simple", "status": "publish", "sku": "MUG", "price": price,
            "regular_price": price, "virtual": false, "downloadable": false, "parent_id": 0, "variations": [],
            "categories": [], "attributes": [], "meta_data": []
        })
    };
    let told_of_price = |ran: &Ran| -> usize {
        let changes = ran.json()["changes"].as_array().expect("a list").clone();
        let warnings = changes
            .iter()
            .flat_map(|change| change["warnings"].as_array());
        warnings
            .flatten()
            .filter(|code| **code == "price_refused")
            .count()
    };
    for price in ["19.12345678", "-3.00", "10000000000.00"] {
        let mut shop = shop(vec![order(1), order(2)]);
        shop["products"] = json!([mug(price)]);
        let world = World::new(
            shop,
            company(),
            &format!("{BOOKS}[books.products]\nupdate_price = true\n"),
        );
        let ran = world.run("sync orders --json").ends_with(0);
        assert_eq!(told_of_price(&ran), 1, "{}", ran.out);
        assert_eq!(world.documents().len(), 2, "{price}");
        let items = world.books("objects/Item");
        let items = items.as_array().expect("a list");
        let made = items.iter().find(|item| item["object"]["Sku"] == "MUG");
        let made = made.expect("it was made");
        assert_eq!(made["object"]["UnitPrice"], json!(0), "{price}");
        // The catalogue comes to the same item. A new price that is none is said once.
        let told = || {
            let told = world.run("sync products").ends_with(0).out;
            told.matches("price refused: ").count()
        };
        assert_eq!((told(), told()), (0, 0), "{price}");
        world.put_store("products/500", &mug("0.00000001"));
        assert_eq!((told(), told()), (1, 0), "{price}");
        nothing_unmade_was_sent(&world);
    }
}

/// One of everything that can go out: a receipt, an invoice with its payment, a credit memo, a refund, a fee.
fn everything() -> Vec<Tale> {
    let mut receipt = Tale::paid(1_001, 2_000);
    receipt.fee = Some(50);
    receipt.refunds.push((9_001, 400));
    let mut invoice = Tale::owed(1_002, 3_000);
    invoice.refunds.push((9_002, 1_000));
    vec![receipt, invoice, Tale::paid(1_003, 4_000)]
}

#[test]
fn no_request_speaks_of_what_is_not_there_whoever_sends_it() {
    for refused in [
        "create Item",
        "create Customer",
        "create SalesReceipt",
        "create Invoice",
    ] {
        let world = World::new(shop(Vec::new()), company(), &books());
        let mut tales = everything();
        for tale in &tales {
            tale.tell(&world);
        }
        world.tell_books(
            "mishaps",
            json!({ "what": "refuse", "operation": refused, "times": null, "code": "6000", "detail": "Business Validation Error: no" }),
        );
        let file = world.home.path().join("plan.json");
        world
            .run(&format!("dry-run orders --out {}", file.display()))
            .ends_with(0);
        world
            .run(&format!("apply {} --yes", file.display()))
            .ends_with(3);
        world.run("sync orders --yes").ends_with(3);
        world.run("retry --all --yes").ends_with(3);
        tales[1].paid = true;
        tales[1].tell(&world);
        world.run("sync orders --yes").ends_with(3);
        nothing_unmade_was_sent(&world);
        world.clear_mishaps();
        world.run("retry --all --yes").ends_with(0);
        nothing_unmade_was_sent(&world);
        let in_books = crate::tales::Books::read(&world);
        let wrong: Vec<String> = tales
            .iter()
            .flat_map(|tale| tale.check(&in_books))
            .collect();
        assert_eq!(wrong, [] as [String; 0], "{refused}");
    }
}

/// An earlier version has recorded a request that names what was never made, and was killed before it was sent.
#[test]
fn a_recorded_request_that_speaks_of_what_is_not_there_is_not_sent_but_planned_anew() {
    let world = World::of_orders(vec![order(1)]);
    sync(&World::of_orders(Vec::new())).report();
    let body = r#"{"DocNumber":"WC-1","CustomerRef":{"value":"@customer:g0.CAD"},"Line":[]}"#;
    let write: Write = serde_json::from_value(json!({
        "action": "create", "subject": { "document": { "order": 1, "role": "sale" } }, "entity": "SalesReceipt",
        "remote": null, "body": body, "marker": { "store": "test", "key": { "order": 1, "role": "sale" }, "revision": 1 },
        "label": "WC-1", "expected": null, "source": { "entity": "order", "id": "1", "number": "1" }, "document": null
    }))
    .expect("a write as it was recorded");
    {
        let store = Store::open(&world.state()).expect("the state opens");
        let run = udsync::model::run::Run {
            id: "01900000-0000-7000-8000-000000000000".to_owned(),
            shop: "test".to_owned(),
            command: "sync".to_owned(),
            entities: vec!["orders".to_owned()],
            mode: "incremental".to_owned(),
            dry_run: false,
            status: udsync::model::run::RunStatus::Running,
            started_at: chrono::Utc::now(),
            finished_at: None,
            tallies: std::collections::BTreeMap::new(),
            error: None,
        };
        store.begin_run(&run).expect("a run began");
        let request = Request {
            key: "11111111-1111-8111-8111-111111111111".to_owned(),
            path: "salesreceipt?minorversion=75".to_owned(),
            body: body.to_owned(),
            writes: vec![write],
        };
        store
            .intend(&run.id, "quickbooks", request, chrono::Utc::now())
            .expect("recorded");
    }
    world.run("sync orders").ends_with(0);
    nothing_unmade_was_sent(&world);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn a_note_that_looks_like_a_reference_is_a_note() {
    let noted = with(order(1), json!({ "customer_note": "@item:sku:MUG" }));
    let books = format!("{BOOKS}[books.policy]\ncustomer_note = true\n");
    let world = World::new(shop(vec![noted]), company(), &books);
    world.run("sync orders").ends_with(0);
    let documents = world.documents();
    assert_eq!(
        documents[0]["object"]["CustomerMemo"]["value"],
        "@item:sku:MUG"
    );
}

/// A row of the state file that cannot be read is no missing row: else its customer would be made a second time.
#[test]
fn a_link_that_cannot_be_read_is_a_failure_and_nobody_is_made_twice() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    let damage = |from: &str, to: &str| {
        let state = rusqlite::Connection::open(world.state()).expect("the state opens");
        let changed = state
            .execute(
                "UPDATE links SET state = ?2 WHERE subject LIKE '@customer:%' AND state = ?1",
                [from, to],
            )
            .expect("written");
        assert_eq!(changed, 1);
    };
    damage("active", "acti");
    let mut second = order(2);
    // By its e-mail and its name this is nobody whom the books know.
    second["billing"] = order(1)["billing"].clone();
    second["billing"]["first_name"] = json!("Annabel");
    world.put_order(&second, &json!([]), false);
    world.put_order(&order(1), &json!([refund(9, 1)]), false);
    let ran = world.run("sync orders");
    assert_ne!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert!(ran.err.contains("links.state"), "{}", ran.err);
    assert_eq!(world.documents().len(), 1);
    damage("acti", "active");
    world.run("sync orders").ends_with(0);
    let people = world.books("objects/Customer");
    let people = people.as_array().expect("a list").iter();
    assert_eq!(people.filter(|one| one["seeded"] != json!(true)).count(), 1);
}
