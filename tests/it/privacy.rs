//! Privacy: no secret ever, and nobody's name or address unless somebody asked for it, in whatever a run prints or logs.
//!
//! The buyers, the keys and the tokens of this world are canaries: words that stand nowhere else. What is made for
//! machines and holds request bodies by contract (`--json` of a plan, the plan file) is not looked at here.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::order::{order, unmapped, with};
use crate::world::{BOOKS, World, company, forget_mishaps, ran, shop, until};

const KEY: &str = "ck_canarycanarycanarycanarycanarycanary00";
const SECRET: &str = "cs_canarycanarycanarycanarycanarycanary11";
const CLIENT_SECRET: &str = "canary-client-secret-22";
const REFRESH_TOKEN: &str = "RT1-canary-refresh-token-33";

const PEOPLE: [&str; 8] = [
    "Zebedee",
    "Quackenbush",
    "zebedee.q",
    "Quack & Sons",
    "555-0142",
    "Featherstone",
    "X0X 9Z9",
    "ring twice",
];

fn of_canary(mut order: Value) -> Value {
    let person = json!({
        "first_name": "Zebedee", "last_name": "Quackenbush", "company": "Quack & Sons", "address_1": "17 Featherstone Lane",
        "address_2": "", "city": "Calgary", "state": "AB", "postcode": "X0X 9Z9", "country": "CA",
        "email": "zebedee.q@canary.example", "phone": "+1 403 555-0142"
    });
    order["billing"] = person.clone();
    order["shipping"] = person;
    order["customer_note"] = json!("please ring twice");
    order
}

fn world() -> World {
    let mut shop = shop(vec![
        of_canary(order(1)),
        of_canary(unmapped(2)),
        of_canary(with(order(3), json!({ "total": "29.00" }))),
        of_canary(with(
            order(4),
            json!({ "status": "pending", "date_paid_gmt": null, "date_paid": null }),
        )),
    ]);
    shop["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
    let mut company = company();
    company["oauth"] = json!({
        "client_id": "canary-client", "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN
    });
    // The name is a vendor's already, and a customer's without the company.
    company["vendors"] = json!([{ "display_name": "Zebedee Quackenbush" }]);
    World::new(shop, company, BOOKS)
}

fn command(world: &World, line: &str) -> Command {
    let mut command = world.command(line);
    command
        .env("UDSYNC_WOOCOMMERCE_KEY", KEY)
        .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET)
        .env("UDSYNC_QUICKBOOKS_CLIENT_ID", "canary-client")
        .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET)
        .env("UDSYNC_QUICKBOOKS_REFRESH_TOKEN", REFRESH_TOKEN);
    command
}

/// What must never be seen: what was given, and what the token service has made of it.
fn secrets(world: &World) -> Vec<String> {
    let mut secrets: Vec<String> = [KEY, SECRET, CLIENT_SECRET, REFRESH_TOKEN]
        .map(String::from)
        .into();
    let grants = &world.books("snapshot")["grants"];
    for token in grants["refresh"].as_array().into_iter().flatten() {
        secrets.push(token.as_str().expect("a token").to_owned());
    }
    let access = grants["access"].as_object().expect("access tokens");
    secrets.extend(access.keys().cloned());
    secrets
}

#[track_caller]
fn is_silent(what: &str, text: &str, words: &[impl AsRef<str>]) {
    let low = text.to_lowercase();
    for word in words {
        let word = word.as_ref();
        assert!(
            !low.contains(&word.to_lowercase()),
            "{what} says `{word}`: {text}"
        );
    }
}

#[track_caller]
fn is_discreet(world: &World, what: &str, output: &Output) -> String {
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    is_silent(what, &text, &secrets(world));
    is_silent(what, &text, &PEOPLE);
    text
}

#[test]
fn whatever_is_printed_and_logged_names_nobody() {
    let world = world();
    let mut seen = String::new();
    let mut look = |line: &str| {
        let output = command(&world, line).output().expect("it runs");
        seen.push_str(&is_discreet(&world, line, &output));
        output
    };
    look("dry-run orders -vv");
    look("dry-run orders -vv --log-format json");
    look("dry-run orders --output csv");
    look("sync orders -vv --max-changes 0");
    look("sync orders -vv --yes");
    look("sync orders -vv --full --log-format json --yes");
    look("retry --list -vv");
    look("retry --list --json");
    look("retry --list --output csv");
    look("retry --all -vv --yes");
    look("history -vv");
    look("history --json");
    look("history --output csv");
    look("config show -vv");
    look("config show --json");
    let id = world.run("history --json").json()["runs"][1]["run_id"].clone();
    let id = id.as_str().expect("a run").to_owned();
    look(&format!("history {id} -v"));
    look(&format!("history {id} --output csv"));
    assert!(seen.contains("WC-1"), "it does speak of the orders: {seen}");
    assert!(
        seen.contains("/wp-json/wc/v3/orders") && seen.contains("/salesreceipt"),
        "and of requests: {seen}"
    );
    assert!(
        !seen.contains("consumer_key") && !seen.contains("query="),
        "not with their queries"
    );
}

#[test]
fn troubles_of_every_kind_name_nobody() {
    let words = r#"Zebedee Quackenbush"#;
    let detail =
        format!("Something is wrong with \"{words}\" <zebedee.q@canary.example>, +1 403 555-0142");
    for (service, rule) in [
        (
            "books",
            json!({ "what": "refuse", "code": "6240", "detail": detail, "operation": "create Customer" }),
        ),
        (
            "books",
            json!({ "what": "refuse", "code": "5010", "detail": format!("You and {words} were working on this"), "operation": "create SalesReceipt" }),
        ),
        (
            "books",
            json!({ "what": "refuse", "code": "120", "status": 401, "detail": detail }),
        ),
        ("books", json!({ "what": "throttle", "retry_after": 1 })),
        (
            "books",
            json!({ "what": "lose_answer", "operation": "create" }),
        ),
        ("books", json!({ "what": "expire_token" })),
        ("books", json!({ "what": "bad_gateway_after" })),
        ("books", json!({ "what": "tax_off" })),
        ("store", json!({ "what": "truncated", "times": 9 })),
        ("store", json!({ "what": "php_warning", "times": 9 })),
        (
            "store",
            json!({ "what": "bad_record", "index": 0, "field": "total", "value": "Zebedee" }),
        ),
        (
            "store",
            json!({ "what": "bad_record", "index": 0, "field": "billing", "value": "Quackenbush" }),
        ),
        (
            "store",
            json!({ "what": "redirect", "to": "https://shop.example/?email=zebedee.q@canary.example", "times": 9 }),
        ),
    ] {
        let world = world();
        match service {
            "books" => world.tell_books("mishaps", rule.clone()),
            _ => world.tell_store("mishaps", rule.clone()),
        };
        for line in [
            "sync orders -vv --yes",
            "sync orders -vv --yes --log-format json",
            "retry --list",
        ] {
            let output = command(&world, line).output().expect("it runs");
            is_discreet(&world, &format!("{line} after {rule}"), &output);
        }
    }
    // Keys that are refused are not repeated.
    for variable in [
        "UDSYNC_WOOCOMMERCE_SECRET",
        "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
        "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
    ] {
        let world = world();
        let mut command = command(&world, "sync orders -vv --json");
        let output = command
            .env(variable, "wrong-canary-44")
            .output()
            .expect("it runs");
        let text = is_discreet(&world, variable, &output);
        is_silent(variable, &text, &["wrong-canary-44"]);
    }
}

#[test]
fn a_run_that_is_killed_leaves_nothing_readable_about_anybody() {
    let world = world();
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 60_000, "operation": "create SalesReceipt" }),
    );
    let mut child = command(&world, "sync orders -vv --yes --log-file run.log")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let log = world.home.path().join("run.log");
    until("the receipt is on its way", || {
        std::fs::read_to_string(&log)
            .is_ok_and(|text| text.matches("recorded a request").count() > 1)
    });
    child.kill().expect("killed");
    let output = child.wait_with_output().expect("gone");
    is_discreet(&world, "the killed run", &output);
    let text = std::fs::read_to_string(&log).expect("the log");
    is_silent("the log", &text, &PEOPLE);
    is_silent("the log", &text, &secrets(&world));
    let lock = std::fs::read_to_string(world.home.path().join("test.db.lock")).expect("the lock");
    is_silent("the lock", &lock, &PEOPLE);

    // What has to know is for its owner alone.
    for name in [
        "test.db",
        "test.db-wal",
        "test.db-shm",
        "test.db.lock",
        "run.log",
    ] {
        let path = world.home.path().join(name);
        let mode = std::fs::metadata(&path).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    forget_mishaps(&world);
    ran(command(&world, "sync orders --yes")
        .output()
        .expect("it runs"))
    .ends_with(3);
}

#[test]
fn with_log_pii_the_bodies_are_there_and_still_no_secret() {
    let world = world();
    let run = |line: &str| {
        let output = command(&world, line).output().expect("it runs");
        ran(output)
    };
    let text = run("sync orders --yes -vv --log-pii").err;
    assert!(
        text.contains("Quackenbush") && text.contains("zebedee.q@canary.example"),
        "{text}"
    );
    is_silent("the log", &text, &secrets(&world));
    // Only the bodies were asked for, and only at -vv.
    world.put_order(&of_canary(order(5)), &json!([]), false);
    let text = run("sync orders --yes -v --log-pii").err;
    is_silent("-v", &text, &PEOPLE);
}

#[test]
fn log_lines_tell_the_run_the_stages_and_the_requests() {
    let world = World::of_orders(vec![order(1), order(2)]);
    let stages = world.run("sync orders --yes -v").ends_with(0).err;
    for words in [
        "read the shop",
        "compared with the books",
        "wrote to the books",
    ] {
        assert_eq!(stages.matches(words).count(), 1, "{words}: {stages}");
    }
    assert!(
        !stages.contains("answered"),
        "requests come with -vv: {stages}"
    );
    assert!(stages.contains(" INFO run{id="), "{stages}");

    world.put_order(&order(3), &json!([]), false);
    let ran = world
        .run("sync orders --yes -vv --log-format json --log-file run.log --json")
        .ends_with(0);
    let run_id = ran.json()["run_id"].clone();
    let log = std::fs::read_to_string(world.home.path().join("run.log")).expect("the log");
    assert!(!ran.err.contains("answered"), "the lines are in the file");
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert!(
        lines.iter().all(|line| line["span"]["id"] == run_id),
        "{log}"
    );
    let requests: Vec<&Value> = lines
        .iter()
        .map(|line| &line["fields"])
        .filter(|fields| fields["message"] == "answered")
        .collect();
    let written = requests
        .iter()
        .find(|fields| {
            fields["path"]
                .as_str()
                .is_some_and(|path| path.ends_with("/salesreceipt"))
        })
        .expect("the receipt's request");
    assert_eq!(
        (&written["method"], &written["status"]),
        (&json!("POST"), &json!(200))
    );
    assert!(
        written["ms"].is_u64() || written["ms"].is_string(),
        "{written}"
    );
    assert!(
        written["reference"]
            .as_str()
            .is_some_and(|tid| tid.starts_with("1-")),
        "{written}"
    );

    // Without -v a log file has the stages; standard error has none.
    world.put_order(&order(4), &json!([]), false);
    let quiet = world
        .run("sync orders --yes --log-file other.log")
        .ends_with(0);
    assert_eq!(quiet.err, "");
    let log = std::fs::read_to_string(world.home.path().join("other.log")).expect("the log");
    assert!(
        log.contains("wrote to the books") && !log.contains("answered"),
        "{log}"
    );
}
