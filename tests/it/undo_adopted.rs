//! What a run wrote before it died, and the next run found: it is the dead run's all the same. Whoever takes that run back gets back what
//! was there before it, on either side and to the word, and what was agreed before it is agreed again; or hears why something stays.

use std::process::Stdio;

use serde_json::{Value, json};
use udsync::engine::undo::undone::is_undone;
use udsync::model::problem::Problem;
use udsync::store::{Problems, Store};

use crate::both_ways::{
    self, Beginning, account, call_in_books, call_in_shop, edit, in_shop, item, nothing_more,
    phone_in_books, phone_in_shop, product, sync, with, writes_to_shop,
};
use crate::inprocess::{
    End, Ended, How, redo_until, sync_customers, sync_customers_until, undo_until,
};
use crate::paid::{invoiced, paid_by_hand, shop_stands, told};
use crate::undo::last_run;
use crate::world::{BOOKS, World, company, shop, until};

/// A change of the shop after which a run dies.
struct Stroke {
    command: &'static str,
    method: &'static str,
    /// What is written to.
    path: &'static str,
    /// By what the question is known whether it was done, which comes once before and once after.
    looked_at: &'static str,
}

/// The shop does what it is asked for and the answer is lost; while the run still asks what became of it, the process is killed. Answers
/// with the run.
fn dies_after(world: &World, stroke: &Stroke) -> String {
    let written = |world: &World| world.store("writes").as_array().map_or(0, Vec::len);
    let before = written(world);
    let rules = [
        json!({ "what": "lose_answer", "method": stroke.method, "path": stroke.path, "times": 1 }),
        json!({ "what": "delay", "ms": 60_000, "method": "GET", "path": stroke.looked_at, "skip": 1, "times": 1 }),
    ];
    for rule in rules {
        world.tell_store("mishaps", rule);
    }
    let mut child = world
        .command(stroke.command)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    until("it asks what became of it", || {
        let requests = world.store("requests");
        let mut all = requests.as_array().expect("a list").iter();
        all.any(|request| request["mishap"] == "delay")
    });
    child.kill().expect("killed");
    child.wait().expect("gone");
    world.clear_mishaps();
    assert_eq!(written(world), before + 1, "it was done");
    let state = rusqlite::Connection::open(world.state()).expect("the state");
    let open = "SELECT run_id FROM shop_writes WHERE outcome IS NULL";
    state
        .query_row(open, [], |row| row.get(0))
        .expect("one question is open")
}

/// Kim has another telephone in the shop than in the books, and both have agreed to leave that so; the mug costs the same in both.
fn agreed() -> World {
    let mut store = shop(Vec::new());
    store["keys"][0]["permissions"] = json!("read_write");
    store["customers"] = json!([account(7, "Kim", "1"), account(8, "Ann", "2")]);
    store["products"] = json!([product(10, "Mug", "MUG", "12.50")]);
    let world = World::new(
        store,
        company(),
        &format!("{BOOKS}{}{}", both_ways::BOTH, both_ways::PRICE),
    );
    for (name, phone) in [("Kim", "9"), ("Ann", "8")] {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({ "DisplayName": format!("{name} Reed"), "GivenName": name, "FamilyName": "Reed",
            "PrimaryEmailAddr": { "Address": email }, "PrimaryPhone": { "FreeFormNumber": phone } });
        world.tell_books("create", json!({ "entity": "Customer", "body": body }));
    }
    world
}

/// The telephones of both in the shop and in the books.
fn phones(world: &World) -> [Value; 4] {
    [
        phone_in_shop(world, 7),
        phone_in_books(world, "Kim Reed"),
        phone_in_shop(world, 8),
        phone_in_books(world, "Ann Reed"),
    ]
}

/// What the history has of a run's work in the shop.
fn history(world: &World, run: &str) -> Vec<String> {
    let told = world.run(&format!("history {run} --json")).ends_with(0);
    let changes = told.json()["changes"].as_array().expect("a list").clone();
    let in_shop = changes
        .iter()
        .filter(|change| change["target"] == "woocommerce");
    in_shop
        .map(|change| {
            let word = |name: &str| change[name].as_str().unwrap_or("?").to_owned();
            let of = change["source"]["number"].as_str().unwrap_or("?");
            format!("{} {} {of}", word("action"), word("entity"))
        })
        .collect()
}

/// Nothing was sent to either side since the requests were forgotten.
#[track_caller]
fn nothing_was_written(world: &World, when: &str) {
    assert_eq!(writes_to_shop(world), json!([]), "{when}");
    assert_eq!(world.books("counts")["writes"], json!(0), "{when}");
}

fn undone(world: &World) -> Vec<Problem> {
    let store = Store::open(&world.state()).expect("the state opens");
    let mut problems = store.problems(None, false).expect("problems are read");
    problems.retain(is_undone);
    problems
}

const PHONE: Stroke = Stroke {
    command: "sync customers products --yes",
    method: "PUT",
    path: "customers/7",
    looked_at: "customers/7",
};

#[test]
fn a_telephone_that_a_killed_run_wrote_goes_back_to_what_was_agreed_before_that_run() {
    let world = agreed();
    sync(&world).ends_with(0);
    nothing_more(&world);
    assert_eq!(phones(&world), ["1", "9", "2", "8"]);
    call_in_books(&world, "Kim Reed", "604");
    let killed = dies_after(&world, &PHONE);
    nothing_more(&world);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));

    // It is told whose it is, and the run that found it has nothing of it.
    let told = world.run("explain customer/7").ends_with(0).out;
    assert!(told.contains(&killed), "{told}");
    assert_eq!(history(&world, &killed), ["update customer 7"]);
    let found_it = last_run(&world, "sync");
    let nothing = world
        .run(&format!("undo {found_it} --yes --json"))
        .ends_with(0);
    assert_eq!(nothing.json()["changes"], json!([]));
    assert_eq!(phone_in_shop(&world, 7), json!("604"));

    let foreseen = world
        .run(&format!("undo {killed} --dry-run --json"))
        .ends_with(0);
    assert_eq!(foreseen.json()["changes"].as_array().map(Vec::len), Some(1));
    world.run(&format!("undo {killed} --yes")).ends_with(0);
    assert_eq!(phones(&world), ["1", "604", "2", "8"]);
    world.forget_requests();
    assert_eq!(sync(&world).ends_with(3).codes(), ["undone"]);
    nothing_was_written(&world, "it stands undone");

    // Somebody takes the word back: all is as it was agreed, and there is nothing to write. Made of one side alone, what was agreed would
    // say that the books have changed, and the shop would lose its own telephone.
    call_in_books(&world, "Kim Reed", "9");
    world.forget_requests();
    world
        .run(&format!("retry --run {killed} --yes"))
        .ends_with(0);
    nothing_was_written(&world, "both say what was agreed");
    assert_eq!(phones(&world), ["1", "9", "2", "8"]);
    nothing_more(&world);
}

#[test]
fn a_price_that_a_killed_run_wrote_goes_back_and_comes_again_when_it_is_asked_for() {
    let world = agreed();
    sync(&world).ends_with(0);
    nothing_more(&world);
    let mug = item(&world, "MUG")["Id"].clone();
    edit(&world, "Item", &mug, json!({ "UnitPrice": 13.25 }));
    let killed = dies_after(
        &world,
        &Stroke {
            path: "products/10",
            looked_at: "products/10",
            ..PHONE
        },
    );
    nothing_more(&world);
    let price = |world: &World| in_shop(world, "products/10")["regular_price"].clone();
    assert_eq!(price(&world), json!("13.25"));
    world.run(&format!("undo {killed} --yes")).ends_with(0);
    assert_eq!(price(&world), json!("12.50"));
    sync(&world).ends_with(3);
    assert_eq!(price(&world), json!("12.50"));
    world
        .run(&format!("retry --run {killed} --yes"))
        .ends_with(0);
    assert_eq!(price(&world), json!("13.25"));
    nothing_more(&world);
}

/// Nobody has read back what it wrote: the undo itself finds it.
#[test]
fn what_a_killed_run_filled_in_is_emptied_by_the_undo_that_finds_it() {
    let world = both_ways::world(&[account(7, "Kim", "1")], &[], "");
    // They meet anew: the field is empty in the shop, and was never agreed on.
    let other = with(account(9, "Lea", ""), "/billing/company", "Lea Ltd");
    world.put_store("customers/9", &other);
    let body = json!({ "DisplayName": "Lea Reed", "GivenName": "Lea", "FamilyName": "Reed", "CompanyName": "Lea Ltd",
        "PrimaryEmailAddr": { "Address": "lea@example.com" }, "PrimaryPhone": { "FreeFormNumber": "604" } });
    world.tell_books("create", json!({ "entity": "Customer", "body": body }));
    let killed = dies_after(
        &world,
        &Stroke {
            path: "customers/9",
            looked_at: "customers/9",
            ..PHONE
        },
    );
    assert_eq!(phone_in_shop(&world, 9), json!("604"));
    world.run(&format!("undo {killed} --yes")).ends_with(0);
    let both = |world: &World| (phone_in_shop(world, 9), phone_in_books(world, "Lea Reed"));
    assert_eq!(both(&world), (json!(""), json!("604")));
    for _ in 0..2 {
        world.forget_requests();
        sync(&world).ends_with(3);
        assert_eq!(writes_to_shop(&world), json!([]), "it is not filled again");
    }
    world
        .run(&format!("retry --run {killed} --yes"))
        .ends_with(0);
    assert_eq!(both(&world), (json!("604"), json!("604")));
    nothing_more(&world);
}

/// A note and a status are not taken back, whoever found them: it is said, with the way by hand.
#[test]
fn what_a_killed_run_told_an_order_stays_and_the_undo_says_why() {
    const PAID: &str = "[sync.direction]\npayments = \"both\"\n";
    let strokes = [
        (
            PAID.to_owned(),
            Stroke {
                command: "sync orders --yes",
                method: "POST",
                path: "orders/1001/notes",
                looked_at: "orders/1001/notes",
            },
            "the private note stays",
            "create note 1001",
        ),
        (
            format!("{PAID}[both]\npaid = \"status\"\n"),
            Stroke {
                command: "sync orders --yes",
                method: "PUT",
                path: "orders/1001",
                looked_at: "fields=id%2Cstatus%2Corder_key%2Cdate_modified_gmt",
            },
            "the status stays",
            "update status 1001",
        ),
    ];
    for (settings, stroke, wanted, wanted_change) in strokes {
        let (world, _) = invoiced(&settings);
        paid_by_hand(&world, "31.50", "31.50");
        let killed = dies_after(&world, &stroke);
        let stands = (told(&world), shop_stands(&world));
        let sent = world.store("writes");
        for _ in 0..2 {
            world.run("sync orders --yes").ends_with(0);
        }
        assert_eq!((told(&world), shop_stands(&world)), stands, "{wanted}");
        let explained = world.run("explain 1001").ends_with(0).out;
        let ran = world.run(&format!("undo {killed} --yes")).ends_with(0);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains(wanted), "{said}");
        assert_eq!((told(&world), shop_stands(&world)), stands, "{wanted}");
        assert_eq!(world.store("writes"), sent, "{wanted}: nothing was sent");
        assert!(explained.contains("the shop was told on"), "{explained}");
        let listed = history(&world, &killed);
        assert!(listed.iter().any(|one| one == wanted_change), "{listed:?}");
        assert_eq!(listed.len(), 1, "{listed:?}");
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.store("writes"), sent, "{wanted}: nor afterwards");
    }
}

/// Killed at each of its effects in the books, which are before and after each request to them and each entry into the journal. What the
/// first run wrote and what the second one wrote are taken back one after the other, and then nothing is left of either.
#[test]
fn a_run_that_is_ended_anywhere_is_taken_back_with_what_the_next_one_found_of_it() {
    let world = agreed();
    sync_customers(&world).report();
    sync_customers(&world).report();
    let before = phones(&world);
    assert_eq!(before, ["1", "9", "2", "8"]);
    call_in_books(&world, "Kim Reed", "604");
    call_in_shop(&world, 8, "778");
    let beginning = Beginning::of(&world);
    let whole = End::never();
    sync_customers_until(&world, &whole).report();
    assert_eq!(phones(&world), ["604", "604", "778", "778"]);
    let mut found = 0;
    for at in 1..=whole.seen() {
        beginning.again(&world);
        let cut = sync_customers_until(&world, &End::at(at, How::Killed));
        assert!(matches!(cut, Ended::Killed), "effect {at} was not reached");
        world.company_is_idle();
        let first = last_run(&world, "sync");
        found += usize::from(phones(&world) != ["1", "604", "778", "8"]);
        sync_customers(&world).report();
        let second = last_run(&world, "sync");
        assert_eq!(
            phones(&world),
            ["604", "604", "778", "778"],
            "cut at effect {at}"
        );
        for run in [&second, &first] {
            let report = undo_until(&world, &End::never(), run).report();
            assert!(report.end.is_none(), "cut at effect {at}");
        }
        assert_eq!(
            phones(&world),
            ["1", "604", "778", "8"],
            "cut at effect {at}"
        );
        // Both people take their word back, and both records are asked for again: as it was, and nothing to write.
        call_in_books(&world, "Kim Reed", "9");
        call_in_shop(&world, 8, "2");
        world.forget_requests();
        redo_until(&world, &End::never(), undone(&world)).report();
        nothing_was_written(&world, &format!("cut at effect {at}"));
        assert_eq!(phones(&world), before, "cut at effect {at}");
        sync_customers(&world).report();
        nothing_was_written(&world, &format!("cut at effect {at}"));
    }
    assert!(found > 2, "only {found} times something was left to find");
}
