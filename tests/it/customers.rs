//! Customers as records of their own: accounts and guests in the books, once each, with nobody's work written over.

use std::path::Path;

use serde_json::{Value, json};
use udsync::connector::port::{Detail, ShopReader};
use udsync::engine::outcome::Report;
use udsync::model::plan::{Action, Entity};
use udsync::store::{Problems, Store};

use crate::inprocess::{self, End, Ended, How, sync, sync_customers, sync_customers_until};
use crate::names::order;
use crate::world::{BOOKS, RUNTIME, World, company, shop};

fn account(id: u64, first_name: &str, email: &str) -> Value {
    json!({
        "id": id, "email": email, "first_name": first_name, "last_name": "Reed", "role": "customer",
        "username": format!("u{id}"), "is_paying_customer": true, "meta_data": [], "avatar_url": "",
        "date_created": "2026-01-02T03:04:05", "date_created_gmt": "2026-01-02T10:04:05",
        "date_modified": "2026-01-02T03:04:05", "date_modified_gmt": "2026-01-02T10:04:05",
        "billing": { "first_name": first_name, "last_name": "Reed", "company": "", "address_1": "1 Main St", "address_2": "",
            "city": "Calgary", "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": email, "phone": "" },
        "shipping": { "first_name": "", "last_name": "", "company": "", "address_1": "", "address_2": "", "city": "",
            "state": "", "postcode": "", "country": "", "phone": "" }
    })
}

fn changed(mut record: Value, at: &str, value: Value) -> Value {
    *record.pointer_mut(at).expect("a field") = value;
    record
}

fn world(accounts: &[Value], orders: Vec<Value>, books: Value) -> World {
    let mut shop = shop(orders);
    shop["customers"] = json!(accounts);
    let mut company = company();
    company["company"]["multicurrency"] = json!(true);
    for (key, value) in books.as_object().expect("changes by key") {
        company[key] = value.clone();
    }
    World::new(shop, company, BOOKS)
}

/// `Kim Reed <kim@example.com> CAD 604`, in the order in which they were made; the inactive ones too.
fn customers(world: &World) -> Vec<String> {
    cards(world)
        .iter()
        .map(|card| {
            let text = |at: &str| {
                card.pointer(at)
                    .and_then(Value::as_str)
                    .unwrap_or("-")
                    .to_owned()
            };
            format!(
                "{} <{}> {} {}",
                text("/DisplayName"),
                text("/PrimaryEmailAddr/Address"),
                text("/CurrencyRef/value"),
                text("/PrimaryPhone/FreeFormNumber")
            )
        })
        .collect()
}

fn cards(world: &World) -> Vec<Value> {
    let list = world.books("objects/Customer");
    let list = list.as_array().expect("a list");
    list.iter().map(|entry| entry["object"].clone()).collect()
}

#[track_caller]
fn well(ended: Ended) -> Report {
    let report = ended.report();
    assert!(report.end.is_none(), "{:?}", report.end);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

/// What a run did, in figures: created, updated, unchanged, skipped, names.
fn figures(report: &Report) -> [u64; 5] {
    let tally = &report.tally;
    [
        tally.created,
        tally.updated,
        tally.unchanged,
        tally.skipped,
        tally.names,
    ]
}

/// A run that finds nothing to do asks for what changed in the lists and for nothing else.
#[track_caller]
fn nothing_more(world: &World) {
    world.forget_requests();
    let report = well(sync_customers(world));
    assert_eq!((report.tally.created, report.tally.updated), (0, 0));
    let counts = world.books("counts");
    assert_eq!(
        (&counts["writes"], &counts["metered_reads"]),
        (&json!(0), &json!(1)),
        "{counts}"
    );
}

#[test]
fn every_account_becomes_one_customer_and_the_next_run_writes_nothing() {
    let world = world(
        &[
            account(7, "Kim", "kim@example.com"),
            account(8, "Ann", "ann@example.com"),
            changed(
                account(9, "Joe", "joe@example.com"),
                "/role",
                json!("shop_manager"),
            ),
        ],
        Vec::new(),
        json!({ "customers": [{ "display_name": "Ann of old", "email": "ANN@example.com" }] }),
    );
    let report = well(sync_customers(&world));
    assert_eq!(figures(&report), [2, 1, 0, 0, 0]);
    assert_eq!(
        customers(&world),
        [
            "Ann of old <ANN@example.com> CAD -",
            "Kim Reed <kim@example.com> CAD -",
            "Joe Reed <joe@example.com> CAD -"
        ]
    );
    assert_eq!(
        cards(&world)[0]["BillAddr"]["Line1"],
        "1 Main St",
        "filled in"
    );
    let sources: Vec<(Action, &str)> = report
        .changes
        .iter()
        .map(|change| (change.action, change.source.id.as_str()))
        .collect();
    assert_eq!(
        sources,
        [
            (Action::Create, "7"),
            (Action::Update, "8"),
            (Action::Create, "9")
        ]
    );
    nothing_more(&world);
}

#[test]
fn whoever_keeps_the_shop_and_bought_nothing_is_no_customer() {
    let keeper = changed(
        account(1, "Root", "root@example.com"),
        "/role",
        json!("administrator"),
    );
    let keeper = changed(keeper, "/is_paying_customer", json!(false));
    let world = world(
        &[keeper, account(7, "Kim", "kim@example.com")],
        Vec::new(),
        json!({}),
    );
    let report = well(sync_customers(&world));
    assert_eq!(figures(&report), [1, 0, 0, 1, 0]);
    assert_eq!(customers(&world), ["Kim Reed <kim@example.com> CAD -"]);
    nothing_more(&world);
}

#[test]
fn orders_and_accounts_come_to_the_same_customer_whichever_is_first() {
    let people = [account(7, "Kim", "kim@example.com")];
    let orders = || vec![order(11, 7, "kim@example.com", "Kim", "LAMP", 501)];
    let orders_first = world(&people, orders(), json!({}));
    let report = well(sync(&orders_first));
    assert_eq!(figures(&report), [1, 0, 0, 0, 2]);
    assert_eq!(well(sync_customers(&orders_first)).tally.created, 0);
    nothing_more(&orders_first);

    let accounts_first = world(&people, orders(), json!({}));
    assert_eq!(
        figures(&well(sync_customers(&accounts_first))),
        [1, 0, 0, 0, 0]
    );
    assert_eq!(figures(&well(sync(&accounts_first))), [1, 0, 0, 0, 1]);
    assert_eq!(customers(&orders_first), customers(&accounts_first));
    nothing_more(&accounts_first);
}

#[test]
fn an_empty_field_is_filled_and_a_bookkeepers_is_left_until_the_owner_says_so() {
    let world = world(
        &[
            account(7, "Kim", "kim@example.com"),
            account(8, "Ann", "ann@example.com"),
        ],
        Vec::new(),
        json!({}),
    );
    well(sync_customers(&world));
    world.tell_books(
        "edit",
        json!({ "entity": "Customer", "id": cards(&world)[1]["Id"], "set": { "PrimaryPhone": { "FreeFormNumber": "own" } } }),
    );
    for (id, name) in [(7, "Kim"), (8, "Ann")] {
        let account = account(id, name, &format!("{}@example.com", name.to_lowercase()));
        let account = changed(account, "/billing/phone", json!("604"));
        world.put_store(&format!("customers/{id}"), &account);
    }
    assert_eq!(figures(&well(sync_customers(&world))), [0, 1, 1, 0, 0]);
    let now = [
        "Kim Reed <kim@example.com> CAD 604",
        "Ann Reed <ann@example.com> CAD own",
    ];
    assert_eq!(customers(&world), now);
    nothing_more(&world);

    world.configure(&format!(
        "{BOOKS}[books.policy]\ncustomers_update = \"on\"\n"
    ));
    let renamed = changed(
        account(8, "Anna", "ann@example.com"),
        "/billing/phone",
        json!("778"),
    );
    world.put_store("customers/8", &renamed);
    assert_eq!(figures(&well(sync_customers(&world))), [0, 1, 1, 0, 0]);
    assert_eq!(
        customers(&world)[1],
        "Ann Reed <ann@example.com> CAD 778",
        "never renamed"
    );
    assert_eq!(cards(&world)[1]["GivenName"], "Anna");
    nothing_more(&world);
}

#[test]
fn somebody_who_buys_in_two_currencies_is_two_customers() {
    let dollars = changed(
        order(12, 7, "kim@example.com", "Kim", "LAMP", 501),
        "/currency",
        json!("USD"),
    );
    let world = world(
        &[account(7, "Kim", "kim@example.com")],
        vec![order(11, 7, "kim@example.com", "Kim", "LAMP", 501), dollars],
        json!({}),
    );
    assert_eq!(figures(&well(sync_customers(&world))), [2, 0, 0, 0, 0]);
    assert_eq!(
        customers(&world),
        [
            "Kim Reed <kim@example.com> CAD -",
            "Kim Reed (USD) <kim@example.com> USD -"
        ]
    );
    nothing_more(&world);
}

#[test]
fn guests_are_customers_by_their_address_and_joined_with_the_account_that_has_it() {
    let failed = changed(
        order(14, 0, "never@example.com", "Never", "LAMP", 501),
        "/status",
        json!("failed"),
    );
    let world = world(
        &[account(7, "Kim", "kim@example.com")],
        vec![
            order(11, 0, "KIM@example.com", "Kim", "LAMP", 501),
            order(12, 0, "guest@example.com", "Gus", "LAMP", 501),
            order(13, 0, "Guest@Example.com", "Gus", "LAMP", 501),
            failed,
            order(15, 0, "", "Nobody", "LAMP", 501),
        ],
        json!({}),
    );
    let report = well(sync_customers(&world));
    assert_eq!(report.tally.created, 2);
    assert_eq!(customers(&world).len(), 2, "{:?}", customers(&world));
    assert!(
        customers(&world)[1]
            .to_lowercase()
            .starts_with("gus reed <guest@example.com>")
    );
    well(sync_customers(&world));
    nothing_more(&world);
    // The orders find them all; only the one without an address is new.
    assert_eq!(well(sync(&world)).tally.created, 4);
    assert_eq!(customers(&world).len(), 3);
}

#[test]
fn a_name_that_a_vendor_has_gets_an_ending_and_one_that_is_taken_twice_waits() {
    let world = world(
        &[
            account(7, "Kim", "kim@example.com"),
            account(8, "Ann", "ann@example.com"),
        ],
        Vec::new(),
        json!({ "vendors": [
            { "display_name": "Kim Reed" }, { "display_name": "ANN REED" }, { "display_name": "Ann Reed (ann@example.com)" }
        ] }),
    );
    let report = sync_customers(&world).report();
    assert_eq!(
        customers(&world),
        ["Kim Reed (kim@example.com) <kim@example.com> CAD -"]
    );
    let [problem] = report.problems.as_slice() else {
        panic!("{:?}", report.problems)
    };
    assert_eq!(problem.reason.code, "name_conflict");
    assert_eq!(
        (problem.source.entity.as_str(), problem.source.id.as_str()),
        ("customer", "8")
    );
    assert!(
        !problem.reason.message.contains("Ann"),
        "{}",
        problem.reason.message
    );
    let store = Store::open(&world.state()).expect("the state opens");
    let open = store.problems(Some("quickbooks"), false).expect("read");
    let accounts = open
        .iter()
        .filter(|problem| problem.source.entity == Entity::Customer);
    let ids: Vec<&str> = accounts.map(|problem| problem.source.id.as_str()).collect();
    assert_eq!(ids, ["8"]);
    drop(store);

    let vendors = world.books("objects/Vendor");
    world.tell_books(
        "edit",
        json!({ "entity": "Vendor", "id": vendors[1]["id"], "set": { "DisplayName": "Ann's shop" } }),
    );
    assert_eq!(figures(&well(sync_customers(&world))), [1, 0, 1, 0, 0]);
    nothing_more(&world);
}

#[test]
fn a_customer_at_rest_is_held_until_somebody_wakes_it() {
    let world = world(
        &[account(7, "Kim", "kim@example.com")],
        Vec::new(),
        json!({ "customers": [{ "display_name": "Kim", "email": "kim@example.com", "active": false }] }),
    );
    let report = sync_customers(&world).report();
    assert_eq!((report.tally.held, report.tally.created), (1, 0));
    world.tell_books(
        "edit",
        json!({ "entity": "Customer", "id": cards(&world)[0]["Id"], "set": { "Active": true } }),
    );
    assert_eq!(well(sync_customers(&world)).tally.created, 0);
    assert_eq!(cards(&world).len(), 1);
    nothing_more(&world);
}

#[test]
fn an_account_that_cannot_be_read_stops_nobody_else_and_is_over_when_it_is_mended_or_gone() {
    let odd = changed(
        account(7, "Kim", "kim@example.com"),
        "/first_name",
        json!({ "given": "Kim" }),
    );
    let world = world(
        &[
            odd.clone(),
            changed(odd, "/id", json!(6)),
            account(8, "Ann", "ann@example.com"),
        ],
        Vec::new(),
        json!({}),
    );
    let report = sync_customers(&world).report();
    let told: Vec<(&str, &str)> = report
        .problems
        .iter()
        .map(|problem| (problem.source.id.as_str(), problem.reason.code.as_str()))
        .collect();
    assert_eq!(
        told,
        [("6", "customer_unreadable"), ("7", "customer_unreadable")]
    );
    assert_eq!(customers(&world), ["Ann Reed <ann@example.com> CAD -"]);
    world.put_store("customers/7", &account(7, "Kim", "kim@example.com"));
    world.put_store("customers/6", &account(6, "Bob", "bob@example.com"));
    assert_eq!(figures(&well(sync_customers(&world))), [2, 0, 1, 0, 0]);
}

#[test]
fn whoever_writes_there_first_is_read_again() {
    let world = world(
        &[account(7, "Kim", "kim@example.com")],
        Vec::new(),
        json!({}),
    );
    well(sync_customers(&world));
    let account = changed(
        account(7, "Kim", "kim@example.com"),
        "/billing/phone",
        json!("604"),
    );
    world.put_store("customers/7", &account);
    world.tell_books(
        "mishaps",
        json!({ "what": "stale", "operation": "update Customer" }),
    );
    assert_eq!(well(sync_customers(&world)).tally.updated, 1);
    assert_eq!(customers(&world), ["Kim Reed <kim@example.com> CAD 604"]);
    nothing_more(&world);
}

/// Two customers to be made and two to be filled in: one of a batch, and a foreign one.
struct Scene {
    world: World,
    company: Value,
    shop: Value,
}

impl Scene {
    fn set(changes: Value) -> Scene {
        let dollars = changed(
            order(12, 9, "joe@example.com", "Joe", "LAMP", 501),
            "/currency",
            json!("USD"),
        );
        let mut books = json!({ "customers": [
            { "display_name": "Kim of old", "email": "kim@example.com" }, { "display_name": "Ann of old", "email": "ann@example.com" }
        ] });
        for (key, value) in changes.as_object().expect("changes by key") {
            books[key] = value.clone();
        }
        let world = world(
            &[
                changed(
                    account(7, "Kim", "kim@example.com"),
                    "/billing/phone",
                    json!("604"),
                ),
                account(8, "Ann", "ann@example.com"),
                account(9, "Joe", "joe@example.com"),
            ],
            vec![
                dollars,
                order(13, 0, "guest@example.com", "Gus", "LAMP", 501),
            ],
            books,
        );
        Scene {
            company: world.books("snapshot"),
            shop: world.store("snapshot"),
            world,
        }
    }

    fn reset(&self) {
        self.world.put_store("snapshot", &self.shop);
        self.world.put_books("snapshot", &self.company);
        self.world.clear_mishaps();
        self.world.lose_state();
    }
}

fn cut_everywhere(batch: usize, changes: Value) {
    let scene = Scene::set(changes);
    scene
        .world
        .say_of_quickbooks(&format!("batch_size = {batch}"));
    let whole = End::never();
    well(sync_customers_until(&scene.world, &whole));
    let wanted = customers(&scene.world);
    assert_eq!(wanted.len(), 4, "{wanted:?}");
    let mut effects = 0;
    for how in [How::Killed, How::Unreachable] {
        for at in 1..=whole.seen() {
            scene.reset();
            let cut = sync_customers_until(&scene.world, &End::at(at, how));
            assert!(
                how != How::Killed || matches!(cut, Ended::Killed),
                "effect {at} was not reached"
            );
            well(sync_customers(&scene.world));
            assert_eq!(
                customers(&scene.world),
                wanted,
                "cut at effect {at}, {how:?}"
            );
            // What was settled without its account is compared once more, and then it is known.
            well(sync_customers(&scene.world));
            nothing_more(&scene.world);
            effects += 1;
        }
    }
    println!("customers: ended at each of {effects} effects");
    assert!(effects > 10, "only {effects} effects");
}

#[test]
fn a_run_that_is_ended_anywhere_makes_and_fills_everybody_once() {
    cut_everywhere(30, json!({}));
}

#[test]
fn so_does_one_that_sends_name_by_name_to_a_company_that_forgets_keys() {
    cut_everywhere(
        1,
        json!({ "ignore_requestid": true, "one_name_at_a_time": true }),
    );
}

#[test]
fn an_answer_lost_on_the_way_back_makes_and_fills_nobody_twice() {
    for what in [
        "lose_answer",
        "server_error_after",
        "server_error_before",
        "reset",
    ] {
        for skip in 0..3 {
            let scene = Scene::set(json!({ "ignore_requestid": true }));
            scene.world.say_of_quickbooks("batch_size = 1");
            scene.world.tell_books(
                "mishaps",
                json!({ "what": what, "method": "POST", "path": "/customer", "skip": skip }),
            );
            well(sync_customers(&scene.world));
            let now = customers(&scene.world);
            assert_eq!(now.len(), 4, "{what} {skip}: {now:?}");
            assert_eq!(
                now[0], "Kim of old <kim@example.com> CAD 604",
                "{what} {skip}"
            );
            for card in &cards(&scene.world)[..2] {
                assert_eq!(card["SyncToken"], "1", "{what} {skip}: changed once");
            }
            nothing_more(&scene.world);
        }
    }
}

#[test]
fn twelve_hundred_accounts_are_read_in_pages_while_some_leave() {
    let people: Vec<Value> = (1..=1_200)
        .map(|id| account(id, "Kim", &format!("kim{id}@example.com")))
        .collect();
    let world = world(&people, Vec::new(), json!({}));
    let app = inprocess::app(&world);
    let store = app.store().expect("the state opens");
    let given = app.sign_in(&store).expect("credentials");
    let source = app.source(&given).expect("a shop");
    let mut seen = Vec::new();
    let mut place = None;
    let mut page = 0;
    loop {
        let read = RUNTIME.block_on(source.shoppers(Detail::Needed, place.as_ref()));
        let read = read.expect("a page");
        assert!(read.records.len() <= 100, "memory is bounded by a page");
        for listed in &read.records {
            assert!(
                !listed.raw.text().contains("avatar_url"),
                "only what is needed"
            );
            seen.push(listed.record.as_ref().expect("readable").id);
        }
        page += 1;
        // One of those already read leaves with every page, which moves all behind it; one comes at the end.
        if page <= 12 {
            world.delete_store(&format!("customers/{}", page * 7));
            world.put_store(
                &format!("customers/{}", 2_000 + page),
                &account(2_000 + page, "New", "new@example.com"),
            );
        }
        place = read.next;
        if place.is_none() {
            break;
        }
    }
    let old: Vec<u64> = seen.iter().copied().filter(|id| *id <= 1_200).collect();
    assert_eq!(
        old,
        (1..=1_200).collect::<Vec<u64>>(),
        "each once, in order"
    );
    let asked = world.store("counts");
    println!("customers: 1,200 accounts in {page} pages, {asked}");
}

const HEADER: &str = "What becomes of each recorded account. Written by tests/it/customers.rs when UDSYNC_REFRESH=1 is set.\n\n";

/// Accounts that a real shop has shown us: letters of every kind, names that are empty, long or taken, half addresses.
#[test]
fn recorded_accounts_come_out_as_they_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let recorded = std::fs::read_to_string(folder.join("mapping/recorded/customers.json"));
    let recorded: Vec<Value> = serde_json::from_str(&recorded.expect("recordings")).expect("JSON");
    let world = world(&recorded, Vec::new(), json!({}));
    let report = sync_customers(&world).report();
    let mut text = HEADER.to_owned();
    for account in &recorded {
        let id = account["id"].to_string();
        let change = report.changes.iter().find(|change| change.source.id == id);
        let problem = report
            .problems
            .iter()
            .find(|problem| problem.source.id == id);
        let outcome = match (change, problem) {
            (_, Some(problem)) => format!("held: {}", problem.reason.code),
            (Some(change), _) if change.action == Action::Skip => "skipped".to_owned(),
            (Some(change), _) => format!(
                "{} {}",
                change.action.as_str(),
                change.body.as_deref().unwrap_or("-")
            ),
            (None, None) => "matched".to_owned(),
        };
        text += &format!("{id}  {outcome}\n");
    }
    let path = folder.join("snapshots/recorded-customers.txt");
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::write(&path, &text).expect("the outcome is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    for (was, is) in kept.lines().zip(text.lines()) {
        assert_eq!(
            was, is,
            "if that is right, run the test with UDSYNC_REFRESH=1 and read the whole difference"
        );
    }
    assert_eq!(
        kept.lines().count(),
        text.lines().count(),
        "accounts came or went"
    );
    world.forget_requests();
    let again = sync_customers(&world).report();
    assert_eq!((again.tally.created, again.tally.updated), (0, 0));
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn as_a_user_types_it() {
    let world = world(
        &[
            account(7, "Kim", "kim@example.com"),
            account(8, "Ann", "kim@example.com"),
            account(9, "Joe", "joe@example.com"),
        ],
        vec![order(11, 0, "guest@example.com", "Gus", "LAMP", 501)],
        json!({ "customers": [
            { "display_name": "Joe of old", "email": "joe@example.com" }, { "display_name": "Joe of older", "email": "joe@example.com" }
        ] }),
    );
    let foreseen = world.run("dry-run customers --json").ends_with(0);
    assert_eq!(foreseen.figure("created"), 2, "{}", foreseen.out);
    assert_eq!(cards(&world).len(), 2, "nothing was written");
    let first = world.run("sync customers --json").ends_with(0);
    assert_eq!(
        (first.figure("created"), first.figure("updated")),
        (2, 1),
        "{}",
        first.out
    );
    assert!(
        !first.err.contains("kim@") && !first.err.contains("Kim"),
        "{}",
        first.err
    );
    let warned = first.json()["changes"].to_string();
    assert!(warned.contains("customer_ambiguous"), "{warned}");
    world.run("sync customers").ends_with(0);
    world.forget_requests();
    let again = world.run("sync customers --json").ends_with(0);
    assert_eq!(
        (again.figure("created"), again.figure("updated")),
        (0, 0),
        "{}",
        again.out
    );
    assert_eq!(world.books("counts")["writes"], json!(0));

    let looked = world
        .run("doctor --check books.duplicates --offline")
        .ends_with(0);
    for words in ["Joe of older", "one e-mail address", "`7`, `8`"] {
        let seen = looked.out.replace('\n', " ");
        assert!(seen.contains(words), "{words}: {}", looked.out);
    }
    println!("{}", looked.out);
}

#[test]
fn a_held_account_is_listed_tried_again_and_set_aside() {
    let world = world(
        &[account(8, "Ann", "ann@example.com")],
        Vec::new(),
        json!({ "vendors": [{ "display_name": "Ann Reed" }, { "display_name": "Ann Reed (ann@example.com)" }] }),
    );
    let held = world.run("sync customers --json").ends_with(3);
    let problem = held.json()["problems"][0].clone();
    assert_eq!(
        problem["source"],
        json!({ "entity": "customer", "id": "8", "number": "8" }),
        "{}",
        held.out
    );
    let listed = world.run("retry --list").ends_with(0);
    assert!(
        listed.out.contains("name_conflict") || listed.out.contains("account `8`"),
        "{}",
        listed.out
    );
    world.run("retry --all").ends_with(3);
    let id = problem["id"].as_str().expect("an id");
    let put_aside = world
        .command("")
        .args(["retry", "--skip", id, "--why", "a vendor too"])
        .output();
    assert!(put_aside.expect("the binary runs").status.success());
    let after = world.run("sync customers --json").ends_with(0);
    assert_eq!(after.figure("skipped"), 1, "{}", after.out);
    assert_eq!(cards(&world).len(), 0);
}
