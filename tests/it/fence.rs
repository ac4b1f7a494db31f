//! Two machines with one company: a copy of the state file, or a lock that was lost. Neither posts what the other one has
//! posted, as far as that can be known, and each is told of the other.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Child;

use serde_json::{Value, json};

use crate::tales::{Tale, books};
use crate::world::{Ran, World, company, ran, shop};

/// So many writes in a request.
const BATCH: usize = 5;

fn world_of(tales: &[Tale]) -> World {
    let mut setup = company();
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    let world = World::new(shop(Vec::new()), setup, &books());
    world.say_of_quickbooks(&format!("batch_size = {BATCH}\n"));
    for tale in tales {
        tale.tell(&world);
    }
    world
}

/// The state file as another machine has it.
fn copy_of(world: &World) -> PathBuf {
    let copy = world.home.path().join("copy.db");
    std::fs::copy(world.state(), &copy).expect("the state is copied");
    copy
}

fn on_the_copy(line: &str) -> String {
    format!("{line} --state copy.db")
}

/// How many active documents of each number there are.
fn numbers(world: &World) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    for one in world.documents() {
        let number = one["object"]["DocNumber"]
            .as_str()
            .unwrap_or("?")
            .to_owned();
        *numbers.entry(number).or_default() += usize::from(one["state"] == json!("active"));
    }
    numbers
}

fn doubles(world: &World) -> usize {
    numbers(world).values().map(|count| count - 1).sum()
}

fn end(child: Child) -> Ran {
    ran(child.wait_with_output().expect("it ends"))
}

#[test]
fn what_another_machine_posted_stops_a_run_before_its_first_create() {
    let world = world_of(&[Tale::paid(1_001, 2_000)]);
    world.run("sync orders").ends_with(0);
    copy_of(&world);
    for id in [1_002, 1_003, 1_004] {
        Tale::paid(id, 3_000).tell(&world);
    }
    world.run("sync orders --id 1002,1003").ends_with(0);
    world.forget_requests();
    // The copy knows of neither, and is about another order.
    let ran = world
        .run(&on_the_copy("sync orders --id 1004 --json"))
        .ends_with(7);
    let told = ran.json();
    assert_eq!(told["code"], json!("posted_elsewhere"), "{told}");
    let message = told["message"].as_str().expect("a message");
    assert!(
        message.contains("WC-1002") && message.contains("WC-1003"),
        "{message}"
    );
    let hint = told["hint"].as_str().expect("a hint");
    assert!(hint.contains("`udsync sync orders`"), "{hint}");
    assert_eq!(world.books("counts")["writes"], json!(0));
    // One question tells it.
    let asked = world.books("requests").to_string();
    assert_eq!(
        asked.matches("SalesReceipt,Invoice,Payment").count(),
        1,
        "{asked}"
    );
    let history = world.run(&on_the_copy("history --json")).ends_with(0);
    assert!(history.out.contains("\"refused\""), "{}", history.out);

    // The hint is followed: what was posted is taken up, the rest is posted, and nothing stops for good.
    let ran = world.run(&on_the_copy("sync orders --json")).ends_with(0);
    assert_eq!(ran.figure("created"), 1, "{}", ran.out);
    // And back on the first machine, which does not know that one.
    Tale::paid(1_005, 3_000).tell(&world);
    world.run("sync orders --id 1005").ends_with(7);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.documents().len(), 5);
    assert_eq!(doubles(&world), 0);
}

#[test]
fn numbers_of_the_companys_own_are_taken_up_from_another_machine_too() {
    let mut setup = company();
    setup["company"]["custom_txn_numbers"] = json!(false);
    let world = World::new(shop(Vec::new()), setup, &books());
    Tale::paid(1_001, 2_000).tell(&world);
    world.run("sync orders").ends_with(0);
    copy_of(&world);
    for id in [1_002, 1_003] {
        Tale::paid(id, 3_000).tell(&world);
    }
    world.run("sync orders --id 1002").ends_with(0);
    let posted = world.documents().len();
    // Somebody gives it another number, so that it is not found by the one that it would have.
    let document = world.documents().pop().expect("the last one");
    world.tell_books(
        "edit",
        json!({ "entity": "SalesReceipt", "id": document["id"], "set": { "DocNumber": "77" } }),
    );
    world.run(&on_the_copy("sync orders")).ends_with(7);
    assert_eq!(world.documents().len(), posted);
    world.run(&on_the_copy("sync orders")).ends_with(0);
    assert_eq!(world.documents().len(), posted + 1, "1003 and nothing else");
}

/// The same moment, two copies, and a company that takes any number twice and remembers no key of a request. What can be posted
/// twice is one request.
#[test]
fn two_machines_at_one_moment_post_at_most_one_request_twice() {
    let mut trials = Vec::new();
    for _ in 0..3 {
        let mut setup = company();
        setup["company"]["warn_duplicate_numbers"] = json!(false);
        setup["ignore_requestid"] = json!(true);
        let world = World::new(shop(Vec::new()), setup, &books());
        world.say_of_quickbooks(&format!("batch_size = {BATCH}\n"));
        // Every buyer and every thing is known, so that names are in nobody's way.
        for id in 1_001..1_007 {
            Tale::paid(id, 2_000).tell(&world);
        }
        world.run("sync orders").ends_with(0);
        copy_of(&world);
        for id in 1_007..1_047 {
            Tale::paid(id, 3_000).tell(&world);
        }
        world.tell_books(
            "mishaps",
            json!({ "what": "delay", "ms": 60, "operation": "create", "times": null }),
        );
        let one = world.start("sync orders --json");
        let other = world.start(&on_the_copy("sync orders --json"));
        let (one, other) = (end(one), end(other));
        let codes = (one.code, other.code);
        assert!(
            [codes.0, codes.1].iter().all(|code| [0, 7].contains(code)),
            "{codes:?}\n{}{}\n{}{}",
            one.out,
            one.err,
            other.out,
            other.err
        );
        let doubled = doubles(&world);
        assert!(doubled <= BATCH, "{codes:?}: {doubled} documents twice");
        assert!(
            doubled == 0 || codes != (0, 0),
            "nobody was told of {doubled} doubles"
        );
        trials.push((codes, doubled));
        world.clear_mishaps();
        // One machine goes on alone. It posts the rest, and what is there twice is a problem until a person has looked.
        let ran = world.run("sync orders --full --json");
        assert_eq!(
            ran.code,
            if doubled > 0 && codes.0 == 7 { 3 } else { 0 },
            "{codes:?} {}",
            ran.out
        );
        assert_eq!(numbers(&world).len(), 46);
        assert_eq!(doubles(&world), doubled);
        if ran.code == 3 {
            let problems = ran.json()["problems"].as_array().expect("a list").clone();
            assert_eq!(problems.len(), doubled);
            for problem in problems {
                assert_eq!(problem["code"], json!("duplicate_found"));
                let hint = problem["hint"].as_str().expect("a hint");
                let id = hint
                    .split_whitespace()
                    .find(|word| word.chars().all(|c| c.is_ascii_digit()))
                    .expect("the id of the second one");
                world.tell_books("delete", json!({ "entity": "SalesReceipt", "id": id }));
            }
            world.run("retry --all --yes").ends_with(0);
            assert_eq!(doubles(&world), 0);
        }
    }
    println!("{trials:?}");
}

#[test]
fn a_run_whose_lock_was_lost_stops_when_another_one_begins() {
    let world = world_of(&[]);
    for id in 1_001..1_061 {
        Tale::paid(id, 3_000).tell(&world);
    }
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 200, "operation": "create", "times": null }),
    );
    let first = world.start("sync orders --json");
    while world.documents().len() < 3 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // Somebody tidies up.
    std::fs::remove_file(format!("{}.lock", world.state().display())).expect("a lock file");
    let second = world.start("sync orders --json");
    let (first, second) = (end(first), end(second));
    assert_eq!(first.code, 11, "{}{}", first.out, first.err);
    assert_eq!(first.json()["code"], json!("run_overtaken"));
    let message = first.json()["message"].as_str().expect("words").to_owned();
    assert!(
        message.contains("took over") && message.contains("process "),
        "{message}"
    );
    world.clear_mishaps();
    world.run("sync orders --yes").ends_with(0);
    println!("the second ended with {}", second.code);
    assert_eq!(numbers(&world).len(), 60);
    assert_eq!(doubles(&world), 0);
}

/// What is our own raises no alarm: an older copy put back, a new state file, documents that people edit.
#[test]
fn nothing_of_our_own_stops_a_run() {
    let world = world_of(&[Tale::paid(1_001, 2_000), Tale::paid(1_002, 2_000)]);
    world.run("sync orders").ends_with(0);
    let older = std::fs::read(world.state()).expect("read");
    let mut edited = Tale::paid(1_001, 2_400);
    edited.tell(&world);
    for id in [1_003, 1_004] {
        Tale::paid(id, 3_000).tell(&world);
    }
    world.run("sync orders --yes").ends_with(0);
    let new_order = |id: u64| {
        Tale::paid(id, 4_000).tell(&world);
    };
    // An older copy is put back, and the shop has sold something since.
    std::fs::write(world.state(), older).expect("put back");
    new_order(1_005);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("created"), 1, "{}", ran.out);
    // The state is lost altogether.
    world.lose_state();
    new_order(1_006);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("created"), 1, "{}", ran.out);
    // A bookkeeper is at work.
    for one in world.documents() {
        world.tell_books(
            "edit",
            json!({ "entity": one["entity"], "id": one["id"], "set": { "CustomerMemo": { "value": "thank you" } } }),
        );
    }
    new_order(1_007);
    edited.net = 2_400;
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("created"), 1, "{}", ran.out);
    assert_eq!((world.documents().len(), doubles(&world)), (7, 0));
}

#[test]
fn connecting_says_whether_the_company_refuses_doubles() {
    for (warns, value) in [(true, "on"), (false, "off")] {
        let mut setup = company();
        setup["company"]["warn_duplicate_numbers"] = json!(warns);
        let world = World::new(shop(Vec::new()), setup, &books());
        let mut command =
            world.command("connect quickbooks --from-env --json --no-input --key-store file");
        command.env("UDSYNC_QUICKBOOKS_COMPANY_ID", crate::world::REALM);
        let ran = ran(command.output().expect("it runs")).ends_with(0);
        let told = ran.json().to_string();
        assert!(
            told.contains(&format!("\"duplicate_warning\":{warns}")),
            "{told}"
        );
        let facts: Value = ran.json();
        let shown = facts.to_string();
        assert!(shown.contains(&format!("\"value\":\"{value}\"")), "{shown}");
    }
}
