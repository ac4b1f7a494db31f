//! What the state file keeps of people: sealed in its bytes where there is a key, dropped when it is old, and forgotten when somebody
//! asks for it.
//!
//! The person of these worlds is a canary: words that stand nowhere else, and so nowhere in a file either.

use std::path::PathBuf;
use std::process::Command;

use chrono::Utc;
use serde_json::{Value, json};
use udsync::connector::port::TableWriter;
use udsync::model::row::{Row, Table};
use udsync::store::{Attempts, Memory, Store};

use crate::order::{order, with};
use crate::packed::everything_in;
use crate::real_supabase::RealSupabase;
use crate::reconcile::{document, edit};
use crate::rows::Rewritten as _;
use crate::world::{RUNTIME, Ran, World, forget_mishaps, ran, until};

const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const OTHER: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";
const EMAIL: &str = "zebedee.q@canary.example";
const PEOPLE: [&str; 4] = ["Quackenbush", "zebedee.q", "Featherstone", "X0X 9Z9"];

fn of_canary(order: Value) -> Value {
    let person = json!({
        "first_name": "Zebedee", "last_name": "Quackenbush", "company": "", "address_1": "17 Featherstone Lane",
        "address_2": "", "city": "Calgary", "state": "AB", "postcode": "X0X 9Z9", "country": "CA",
        "email": "Zebedee.Q@canary.example", "phone": ""
    });
    with(order, json!({ "billing": person, "shipping": person }))
}

fn dearer(order: Value, total: &str) -> Value {
    let mut order = with(
        order,
        json!({ "total": total, "date_modified_gmt": "2026-11-03T17:01:00" }),
    );
    let net: f64 = total.parse::<f64>().expect("an amount") - 1.0;
    order["line_items"][0]["total"] = json!(format!("{net:.2}"));
    order["line_items"][0]["subtotal"] = json!(format!("{net:.2}"));
    order
}

fn keyed(world: &World, key: &str, line: &str) -> Command {
    let mut command = world.command(line);
    command.env("UDSYNC_KEY", key);
    command
}

fn run(world: &World, line: &str) -> Ran {
    ran(keyed(world, KEY, line).output().expect("it runs"))
}

/// Everything that belongs to the state: the file, its log and its copies.
fn files(world: &World) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(world.home.path()).expect("the folder");
    let mut files: Vec<PathBuf> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.display().to_string().contains("test.db"))
        .collect();
    files.sort();
    files
}

/// In which of the files the person can be read.
fn read_in(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(world) {
        let bytes = std::fs::read(&file).expect("it can be read");
        let text = String::from_utf8_lossy(&everything_in(&bytes)).to_lowercase();
        if PEOPLE
            .iter()
            .any(|word| text.contains(&word.to_lowercase()))
        {
            found.push(file.file_name().expect("a name").display().to_string());
        }
    }
    found
}

fn last_run(world: &World) -> String {
    let history = world.run("history --json").ends_with(0).json();
    let id = history["runs"][0]["run_id"].as_str();
    id.expect("a run").to_owned()
}

fn bodies(ran: &Ran) -> usize {
    let document = ran.json();
    let changes = document["changes"].as_array().expect("changes");
    changes
        .iter()
        .filter(|change| !change["body"].is_null())
        .count()
}

fn set(world: &World, section: &str) {
    let text = std::fs::read_to_string(&world.config).expect("written");
    std::fs::write(&world.config, text + section).expect("written again");
}

#[test]
fn kept_of_people_is_sealed_to_the_last_byte_where_there_is_a_key() {
    let plain = World::of_orders(vec![of_canary(order(1))]);
    plain.run("sync orders --yes").ends_with(0);
    assert_eq!(read_in(&plain), ["test.db"], "without a key it can be read");

    let world = World::of_orders(vec![of_canary(order(1))]);
    run(&world, "sync orders --yes").ends_with(0);
    assert_eq!(read_in(&world), [""; 0]);
    world.put_order(&of_canary(dearer(order(1), "22.00")), &json!([]), false);
    run(&world, "sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 22.00 active"]);
    assert_eq!(read_in(&world), [""; 0], "nor what stood there before");
    let again = run(&world, "sync orders --full --json").ends_with(0);
    assert_eq!(
        (again.figure("unchanged"), again.figure("conflicts")),
        (1, 0)
    );

    // With the key the history has the bodies; without it everything but the bodies, and says so.
    let runs = world.run("history --json").json();
    let id = runs["runs"][1]["run_id"].as_str().expect("a run");
    let line = format!("history {id} --json");
    assert_eq!(bodies(&run(&world, &line).ends_with(0)), 1);
    let shut = world.run(&line).ends_with(0);
    assert_eq!(bodies(&shut), 0);
    assert!(
        shut.err.contains("1 body is left out") && shut.err.contains("UDSYNC_KEY"),
        "{}",
        shut.err
    );
    world.run(&format!("history {id}")).ends_with(0);
    world.run("retry --list").ends_with(0);
    world.run("doctor --offline");
}

#[test]
fn kept_of_people_without_the_key_a_run_says_so_and_loses_nothing() {
    let world = World::of_orders(vec![of_canary(order(1))]);
    run(&world, "sync orders --yes").ends_with(0);
    for (key, code) in [(None, "key_missing"), (Some(OTHER), "key_wrong")] {
        for line in ["sync orders --json", "dry-run orders --json"] {
            let mut command = world.command(line);
            if let Some(key) = key {
                command.env("UDSYNC_KEY", key);
            }
            let told = ran(command.output().expect("it runs")).ends_with(4).json();
            assert_eq!(told["code"], code, "{told}");
            assert!(told["hint"].as_str().is_some_and(|hint| !hint.is_empty()));
        }
    }
    let again = run(&world, "sync orders --full --json").ends_with(0);
    assert_eq!(again.figure("unchanged"), 1);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn kept_of_people_is_dropped_when_it_is_old_and_the_history_goes_on() {
    for key in [None, Some(KEY)] {
        let world = World::of_orders(vec![of_canary(order(1))]);
        set(&world, "[privacy]\nkeep_bodies = \"1s\"\n");
        let go = |line: &str| {
            let mut command = world.command(line);
            if let Some(key) = key {
                command.env("UDSYNC_KEY", key);
            }
            ran(command.output().expect("it runs"))
        };
        go("sync orders --yes").ends_with(0);
        let id = last_run(&world);
        let line = format!("history {id} --json");
        assert!(bodies(&go(&line)) > 0, "it is young");
        std::thread::sleep(std::time::Duration::from_millis(1_200));
        world.put_order(&of_canary(dearer(order(1), "22.00")), &json!([]), false);
        go("sync orders --yes").ends_with(0);
        let old = go(&line).ends_with(0);
        assert_eq!(
            (bodies(&old), old.err.as_str()),
            (0, ""),
            "dropped, not shut"
        );
        assert!(old.out.contains("\"21.00\""), "figures stay: {}", old.out);
        go(&format!("history {id}")).ends_with(0);
        go("retry --list").ends_with(0);

        let state = rusqlite::Connection::open(world.state()).expect("the state");
        let kept: i64 = state
            .query_row("SELECT count(*) FROM tickets WHERE body <> ''", [], |row| {
                row.get(0)
            })
            .expect("a count");
        assert_eq!(kept, 1, "the young one");
        std::thread::sleep(std::time::Duration::from_millis(1_200));
        let again = go("sync orders --full --json").ends_with(0);
        assert_eq!(
            (again.figure("unchanged"), again.figure("conflicts")),
            (1, 0)
        );
        let image: String = state
            .query_row("SELECT body FROM before_images", [], |row| row.get(0))
            .expect("what stood there before");
        let image: Value = serde_json::from_str(&image).expect("JSON, of figures alone");
        assert_eq!(image["TotalAmt"], json!(21.0));
        assert!(
            image["Id"].is_string() && image["SyncToken"].is_string(),
            "{image}"
        );
        assert!(!image.to_string().contains("Quackenbush"), "{image}");
    }
}

#[test]
fn kept_of_people_in_an_old_file_and_its_copies_is_sealed_at_the_first_run_with_a_key() {
    let world = World::of_orders(vec![of_canary(order(1))]);
    world.run("sync orders --yes").ends_with(0);
    world.put_order(&of_canary(dearer(order(1), "22.00")), &json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    let copy = world.home.path().join("test.db.v11.bak");
    std::fs::copy(world.state(), &copy).expect("as an update left it");
    assert_eq!(read_in(&world), ["test.db", "test.db.v11.bak"]);

    let ran = run(&world, "sync orders --full --json").ends_with(0);
    assert_eq!((ran.figure("unchanged"), ran.figure("conflicts")), (1, 0));
    assert_eq!(read_in(&world), [""; 0]);
    // The copy is still good for going back.
    let line = format!("history --json --state {}", copy.display());
    assert_eq!(
        run(&world, &line).ends_with(0).json()["runs"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[test]
fn kept_of_people_an_open_request_is_sealed_and_goes_out_again_after_a_kill() {
    let world = World::of_orders(vec![of_canary(order(1))]);
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 60_000, "operation": "create SalesReceipt" }),
    );
    let mut child = keyed(&world, KEY, "sync orders --yes")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    until("the receipt is on its way", || {
        let Ok(state) = rusqlite::Connection::open(world.state()) else {
            return false;
        };
        let sent = "SELECT count(*) FROM tickets WHERE closed_at IS NULL AND sent_at IS NOT NULL AND path LIKE '%salesreceipt%'";
        state.query_row(sent, [], |row| row.get(0)) == Ok(1)
    });
    child.kill().expect("killed");
    child.wait().expect("gone");
    assert_eq!(read_in(&world), [""; 0], "nor in the log that it left");
    let open = Store::open_read_only(&world.state())
        .expect("opens")
        .expect("is there")
        .count_open_tickets("quickbooks");
    assert_eq!(open, Ok(1));
    forget_mishaps(&world);
    world.run("sync orders --yes").ends_with(4);
    let forget = format!("privacy forget {EMAIL} --yes --json");
    // Her customer is linked by now, and no link says yet whose receipt it is: its own words do.
    let told = run(&world, &forget).ends_with(3).json();
    assert_eq!(
        (&told["open_requests"], &told["orders"]),
        (&json!(1), &json!([1]))
    );
    run(&world, "sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
    let receipt = &world.documents()[0]["object"];
    assert!(
        receipt["BillAddr"].to_string().contains("Featherstone"),
        "{receipt}"
    );
    assert_eq!(read_in(&world), [""; 0]);
    let told = run(&world, &forget).ends_with(0).json();
    assert_eq!(
        (&told["open_requests"], &told["found"]),
        (&json!(0), &json!(true))
    );
}

#[test]
fn kept_of_people_moves_to_another_key() {
    let world = World::of_orders(vec![of_canary(order(1))]);
    run(&world, "sync orders --yes").ends_with(0);
    let mut rotate = keyed(&world, KEY, "connect rotate-key --json");
    let told = ran(rotate
        .env("UDSYNC_NEW_KEY", OTHER)
        .output()
        .expect("it runs"))
    .ends_with(0);
    assert_eq!(told.json()["old_key"], "given");
    assert_eq!(read_in(&world), [""; 0]);
    let with = |key: &str, line: &str| ran(keyed(&world, key, line).output().expect("it runs"));
    with(KEY, "sync orders").ends_with(4);
    let again = with(OTHER, "sync orders --full --json").ends_with(0);
    assert_eq!(
        (again.figure("unchanged"), again.figure("conflicts")),
        (1, 0)
    );
    let runs = world.run("history --json").json();
    let id = runs["runs"].as_array().expect("runs").last().expect("one")["run_id"].clone();
    let line = format!("history {} --json", id.as_str().expect("a run"));
    assert_eq!(bodies(&with(OTHER, &line).ends_with(0)), 3);
    assert_eq!(bodies(&with(KEY, &line).ends_with(0)), 0);
}

#[test]
fn kept_of_people_a_lost_key_costs_bodies_and_no_document() {
    let world = World::of_orders(vec![of_canary(order(1)), of_canary(order(2))]);
    run(&world, "sync orders --id 1 --yes").ends_with(0);
    let mut forget = keyed(&world, OTHER, "connect rotate-key --forget --yes --json");
    ran(forget.output().expect("it runs")).ends_with(0);
    let with = |line: &str| ran(keyed(&world, OTHER, line).output().expect("it runs"));
    let again = with("sync orders --full --json --yes").ends_with(0);
    assert_eq!((again.figure("created"), again.figure("unchanged")), (1, 1));
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt WC-1 21.00 active",
            "SalesReceipt WC-2 21.00 active"
        ]
    );
}

/// A world in which she has bought twice, and somebody else once.
fn bought() -> World {
    let orders = vec![of_canary(order(1)), order(2), of_canary(order(3))];
    let world = World::of_orders(orders).with_database();
    run(&world, "sync orders --yes").ends_with(0);
    world
}

fn row(world: &World, table: &str, id: u64) -> Value {
    let rows = world.rows(table);
    let row = rows
        .into_iter()
        .find(|row| row["id"].to_string().trim_matches('"') == id.to_string());
    row.expect("the row stays")
}

#[test]
fn kept_of_people_forgets_one_of_them_here_and_in_the_database() {
    let world = bought();
    let before = world.postings();
    let line = format!("privacy forget {EMAIL}");

    let looked = run(&world, &format!("{line} --dry-run --json"))
        .ends_with(0)
        .json();
    assert_eq!(looked["schema"], "udsync/forgotten/1");
    assert_eq!(
        (&looked["dry_run"], &looked["found"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(looked["orders"], json!([1, 3]));
    assert_eq!(looked["database"]["orders"], json!(2));
    assert!(!looked.to_string().contains("canary"), "{looked}");
    assert_eq!(row(&world, "orders", 1)["billing_last_name"], "Quackenbush");

    // Nobody is there to agree.
    let refused = run(&world, &format!("{line} --json")).ends_with(7).json();
    assert_eq!(refused["code"], "confirmation_needed");
    assert!(refused["hint"].as_str().expect("a hint").contains("--yes"));
    assert_eq!(row(&world, "orders", 1)["billing_last_name"], "Quackenbush");

    let told = run(&world, &format!("{line} --yes")).ends_with(0).out;
    for words in [
        "stays in the books",
        "stays in the shop",
        "Erase Personal Data",
        "2 rows of `orders`",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(
        !told.to_lowercase().contains("quackenbush") && !told.contains("canary"),
        "{told}"
    );
    for id in [1, 3] {
        let row = row(&world, "orders", id);
        for column in [
            "email",
            "billing_last_name",
            "billing_address_1",
            "shipping_postcode",
            "raw",
            "meta",
        ] {
            assert!(row[column].is_null(), "{column}: {row}");
        }
        assert_eq!(
            row["total"].to_string().trim_matches('"'),
            "21.00",
            "figures stay"
        );
        assert_eq!(row["status"], "processing");
    }
    assert_eq!(
        row(&world, "orders", 2)["billing_last_name"],
        "Lee 2",
        "nobody else"
    );
    assert!(!world.database("rows").to_string().contains("Quackenbush"));

    let again = run(&world, &format!("{line} --yes")).ends_with(0).out;
    assert!(
        again.starts_with("nothing is kept of this person any more\n"),
        "{again}"
    );

    // The next runs bring nobody back, post nothing and find nothing that was edited.
    for line in [
        "sync orders --yes --json",
        "sync orders --full --yes --json",
    ] {
        let ran = run(&world, line).ends_with(0);
        for figure in ["created", "updated", "conflicts", "held"] {
            assert_eq!(ran.figure(figure), 0, "{figure} of {line}: {}", ran.out);
        }
        assert!(
            !world.database("rows").to_string().contains("Quackenbush"),
            "{line}"
        );
    }
    assert_eq!(world.postings(), before);
    let links = Store::open_read_only(&world.state())
        .expect("opens")
        .expect("is there");
    assert_eq!(links.posted_orders("quickbooks"), Ok(vec![1, 2, 3]));

    // What the shop still says comes again with the next change of its record, as was said.
    world.put_order(
        &of_canary(with(order(1), json!({ "status": "completed" }))),
        &json!([]),
        false,
    );
    run(&world, "sync orders --yes").ends_with(0);
    assert_eq!(row(&world, "orders", 1)["billing_last_name"], "Quackenbush");
    assert!(row(&world, "orders", 3)["billing_last_name"].is_null());
}

#[test]
fn kept_of_people_is_forgotten_without_a_key_and_without_a_database_too() {
    let world = World::of_orders(vec![of_canary(order(1)), order(2)]);
    world.run("sync orders --yes").ends_with(0);
    let copy = world.home.path().join("test.db.v11.bak");
    std::fs::copy(world.state(), copy).expect("as an update left it");
    assert_eq!(read_in(&world), ["test.db", "test.db.v11.bak"]);
    let line = format!("privacy forget {EMAIL} --yes --json");
    let told = world.run(&line).ends_with(0).json();
    assert_eq!(
        (&told["found"], &told["database"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(read_in(&world), [""; 0], "to the last byte");
    let again = world.run(&line).ends_with(0).json();
    assert_eq!(again["found"], json!(false));
    let ran = world.run("sync orders --full --yes --json").ends_with(0);
    assert_eq!((ran.figure("unchanged"), ran.figure("conflicts")), (2, 0));
    for wrong in ["privacy forget nobody", "privacy forget"] {
        world.run(wrong).ends_with(2);
    }
    // A shop where nothing ran yet keeps nobody.
    let empty = World::of_orders(Vec::new());
    let told = empty.run(&line).ends_with(0).json();
    assert_eq!(told["found"], json!(false));
}

#[test]
fn kept_of_people_what_was_taken_back_is_forgotten_to_the_last_byte() {
    let world = World::of_orders(vec![of_canary(order(1)), order(2)]);
    world.run("sync orders --yes").ends_with(0);
    let id = last_run(&world);
    world.run(&format!("undo {id} --yes")).ends_with(0);
    assert_eq!(read_in(&world), ["test.db"]);
    let told = world
        .run(&format!("privacy forget {EMAIL} --yes --json"))
        .ends_with(0)
        .json();
    assert_eq!(told["orders"], json!([1]), "{told}");
    assert_eq!(read_in(&world), [""; 0]);
    world.run("verify").ends_with(0);
    // What is undone stays so, and the other order is untouched by it.
    let ran = world.run("sync orders --full --yes --json").ends_with(3);
    assert_eq!(ran.figure("created"), 0, "{}", ran.out);
}

/// A world whose bookkeeper gave her a dollar, and said so.
fn world_of_a_dollar(key: Option<&str>) -> World {
    let world = World::of_orders(vec![of_canary(order(1)), order(2)]);
    let go = |line: &str, more: &[&str]| {
        let mut command = world.command(line);
        command.args(more);
        if let Some(key) = key {
            command.env("UDSYNC_KEY", key);
        }
        ran(command.output().expect("it runs"))
    };
    go("sync orders --yes", &[]).ends_with(0);
    let mut line = document(&world, "WC-1")["object"]["Line"].clone();
    line[0]["Amount"] = json!(19.00);
    line[0]["SalesItemLineDetail"]["UnitPrice"] = json!(19.00);
    edit(&world, "WC-1", json!({ "Line": line, "TotalAmt": 20.00 }));
    let month = "reconcile --period 2026-11 --json";
    let found = go(month, &[]).ends_with(8).json();
    let ids = found["differences"].as_array().expect("differences");
    let why = "Mrs Quackenbush (Zebedee.Q@canary.example) had a dollar back in cash";
    for one in ids {
        let id = one["id"].as_str().expect("an id");
        go(&format!("reconcile accept {id}"), &["--why", why]).ends_with(0);
    }
    go(month, &[]).ends_with(3);
    world
}

#[test]
fn kept_of_people_the_words_of_an_acceptance_are_sealed_where_there_is_a_key() {
    let world = world_of_a_dollar(Some(KEY));
    assert_eq!(read_in(&world), [""; 0]);
    let month = "reconcile --period 2026-11 --json";
    let proof = run(&world, month).ends_with(3).json();
    let why = &proof["differences"][0]["accepted"]["why"];
    assert!(why.as_str().expect("words").contains("in cash"), "{proof}");
    // Another key takes its place, and the words move with it.
    let mut rotate = keyed(&world, KEY, "connect rotate-key --json");
    rotate.env("UDSYNC_NEW_KEY", OTHER);
    ran(rotate.output().expect("it runs")).ends_with(0);
    let again = ran(keyed(&world, OTHER, month).output().expect("it runs"));
    assert_eq!(
        &again.ends_with(3).json()["differences"],
        &proof["differences"]
    );
}

#[test]
fn kept_of_people_the_words_of_an_acceptance_lose_the_name_and_keep_the_rest() {
    let world = world_of_a_dollar(None);
    assert_eq!(read_in(&world), ["test.db"]);
    let told = world
        .run(&format!("privacy forget {EMAIL} --yes --json"))
        .ends_with(0)
        .json();
    assert!(told["state"]["words"].as_u64() >= Some(2), "{told}");
    assert_eq!(read_in(&world), [""; 0]);
    let proof = world
        .run("reconcile --period 2026-11 --json")
        .ends_with(3)
        .json();
    assert_eq!(
        proof["differences"][0]["accepted"]["why"],
        "Mrs [forgotten] ([forgotten]) had a dollar back in cash"
    );
}

#[test]
fn kept_of_people_a_copy_with_an_open_request_is_emptied_and_still_good_for_going_back() {
    let world = World::of_orders(vec![of_canary(order(1))]);
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 4_000, "operation": "create SalesReceipt" }),
    );
    let mut child = world.start("sync orders --yes");
    until("the receipt is on its way", || {
        let Ok(state) = rusqlite::Connection::open(world.state()) else {
            return false;
        };
        let sent = "SELECT count(*) FROM tickets WHERE closed_at IS NULL AND sent_at IS NOT NULL AND path LIKE '%salesreceipt%'";
        state.query_row(sent, [], |row| row.get(0)) == Ok(1)
    });
    child.kill().expect("killed");
    child.wait().expect("gone");
    forget_mishaps(&world);
    // As an update leaves it that comes right now.
    let state = rusqlite::Connection::open(world.state()).expect("the state");
    let copy = world.home.path().join("test.db.v11.bak");
    state
        .execute("VACUUM INTO ?1", [copy.display().to_string()])
        .expect("copied");
    drop(state);
    world.settle_after("1s");
    world.company_is_idle();
    world.run("sync orders --yes");
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
    let line = format!("privacy forget {EMAIL} --yes");
    let told = world.run(&line).ends_with(0).out;
    assert!(
        told.contains("forgotten: everybody, in 1 copy of"),
        "{told}"
    );
    assert_eq!(read_in(&world), [""; 0], "nor what was open in the copy");
    // Whoever goes back to it posts nothing twice.
    let copy = copy.display();
    let go = |line: &str| world.run(&format!("{line} --yes --state {copy}"));
    go("sync orders");
    let again = go("sync orders --full --json").ends_with(0);
    assert_eq!(again.figure("created"), 0, "{}", again.out);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn kept_of_people_is_emptied_over_both_ways_into_a_real_database() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    for (way, database) in crate::rows::ways(&project) {
        let said = |mut row: Row, email: &str| {
            row.columns.insert("email".to_owned(), json!(email));
            row.columns.insert("billing_email".to_owned(), json!(email));
            row.columns
                .insert("billing_last_name".to_owned(), json!("Quackenbush"));
            row.source_at = Some(Utc::now());
            row
        };
        // An underscore stands for any sign in a pattern, and must not here.
        let rows = [
            said(crate::rows::order(1), "Zebedee_Q@canary.example"),
            said(crate::rows::order(2), "zebedeexq@canary.example"),
        ];
        let handed = RUNTIME.block_on(database.put(Table::Orders, &rows));
        assert!(handed.end.is_none(), "{way}: {:?}", handed.end);
        let email = "zebedee_q@canary.example";
        let found = RUNTIME.block_on(database.rows_of(email)).expect(way);
        let ids: Vec<&str> = found[&Table::Orders].iter().map(String::as_str).collect();
        assert_eq!(ids, ["1"], "{way}");
        RUNTIME.block_on(database.empty_rows(&found)).expect(way);
        let left = RUNTIME.block_on(database.rows_of(email)).expect(way);
        assert!(left.is_empty(), "{way}: {left:?}");
        let ask = "SELECT id, billing_last_name, total::text, raw IS NULL AS is_empty FROM orders ORDER BY id";
        let kept = project.rows(ask);
        assert_eq!(
            kept[0],
            json!({ "id": 1, "billing_last_name": null, "total": "12345678901234567890.1234567890", "is_empty": true }),
            "{way}"
        );
        assert_eq!(kept[1]["billing_last_name"], "Quackenbush", "{way}");
    }
}
