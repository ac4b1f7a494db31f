//! Robustness: what a service, a file or a neighbour on the machine can do to a run, and cannot.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::order::{order, orders, unmapped, with};
use crate::world::{BOOKS, Ran, World, company, ran, shop};

/// Longer than any of these takes, and far shorter than what is asked for.
const SOON: Duration = Duration::from_secs(60);

fn problems(world: &World) -> Vec<Value> {
    let listed = world.run("retry --list --json").json();
    listed["problems"].as_array().cloned().unwrap_or_default()
}

#[test]
fn a_pause_of_an_age_is_no_panic_and_is_not_waited_out_with_the_lock() {
    for seconds in [86_400, 1_u64 << 63, u64::MAX] {
        for rule in [
            json!({ "what": "throttle", "retry_after": seconds, "times": null }),
            json!({ "what": "throttle", "retry_after": seconds, "times": null, "operation": "create" }),
        ] {
            let world = World::of_orders(orders(1..=2));
            world.tell_books("mishaps", rule);
            let began = Instant::now();
            let refused = world.run("sync orders --json").ends_with(5);
            assert!(began.elapsed() < SOON, "{seconds}");
            assert!(refused.out.contains("throttled"), "{}", refused.out);
            world.clear_mishaps();
            world.run("sync orders").ends_with(0);
            assert_eq!(world.documents().len(), 2, "each once");
        }
        let world = World::of_orders(orders(1..=2));
        world.tell_store(
            "mishaps",
            json!({ "what": "throttle", "retry_after": seconds, "times": null }),
        );
        world.run("sync orders --json").ends_with(5);
        world.clear_mishaps();
        world.run("sync orders").ends_with(0);
    }
}

#[test]
fn a_page_of_millions_of_rows_is_no_answer_and_fills_no_memory() {
    let world = World::of_orders(orders(1..=2));
    world.tell_store(
        "mishaps",
        json!({ "what": "flood", "mb": 45, "path": "/orders", "times": null }),
    );
    let began = Instant::now();
    let line = "sync orders --json";
    let mut command = world.command("");
    // So much memory and no more: a run needs a tenth of it.
    let program = command.get_program().to_owned();
    let mut limited = std::process::Command::new("sh");
    limited
        .arg("-c")
        .arg(format!("ulimit -v 4000000; exec \"$0\" {line}"))
        .arg(program)
        .env_clear()
        .current_dir(world.home.path());
    for (name, value) in command
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .get_envs()
    {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    let refused = ran(limited.output().expect("it runs")).ends_with(5);
    assert!(
        refused.out.contains("store_answer_unreadable"),
        "{}",
        refused.out
    );
    assert!(began.elapsed() < SOON);
}

fn fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("there is mkfifo").success());
}

#[test]
fn a_pipe_or_a_giant_in_the_place_of_a_file_is_refused_at_once() {
    let world = World::of_orders(orders(1..=1));
    let home = world.home.path();
    fifo(&home.join("pipe"));
    std::fs::File::create(home.join("giant"))
        .and_then(|file| file.set_len(50_000_000_000))
        .expect("a file with a hole");
    let began = Instant::now();
    for (line, code, said) in [
        ("apply pipe", 2, "it is a pipe or a device"),
        ("apply /dev/zero", 2, "it is a pipe or a device"),
        ("apply giant", 2, "it is larger than 256 MB"),
        ("--config pipe dry-run orders", 2, "could not read `"),
        ("--config giant dry-run orders", 2, "could not read `"),
        ("mapping import pipe", 2, "not a file"),
        ("--log-file pipe dry-run orders", 2, "log file"),
    ] {
        let refused = world.run(line);
        assert_eq!(refused.code, code, "{line}: {}{}", refused.out, refused.err);
        assert!(refused.err.contains(said), "{line}: {}", refused.err);
    }
    assert!(began.elapsed() < SOON);
}

#[test]
fn crontab_gets_none_of_our_secrets() {
    let world = World::of_orders(Vec::new());
    let folder = world.home.path().join("bin");
    std::fs::create_dir(&folder).expect("a folder");
    let seen = world.home.path().join("seen");
    let script = folder.join("crontab");
    std::fs::write(
        &script,
        format!(
            "#!/bin/sh\nenv >> {}\ncat > /dev/null\nexit 0\n",
            seen.display()
        ),
    )
    .expect("written");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("runs");
    let path = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").expect("a path")
    );
    let output = world
        .command("schedule install --cron")
        .env("PATH", path)
        .env("UDSYNC_PASSPHRASE", "canary passphrase")
        .env("CREDENTIALS_DIRECTORY", "/run/credentials/canary")
        .output()
        .expect("it runs");
    let ran = ran(output);
    let seen = std::fs::read_to_string(&seen)
        .unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
    assert!(seen.contains("HOME="), "{seen}");
    for ours in ["UDSYNC_", "CREDENTIALS_DIRECTORY", "canary"] {
        assert!(!seen.contains(ours), "{ours}: {seen}");
    }
}

/// Clears the screen, sets the title, turns the direction, goes back, rings.
const HOSTILE: &str =
    "Shop\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}5m\u{202e}evil\u{2066}\rback\u{8}\u{7f}";

/// Everything that a terminal would take for an order, besides the colours that we have.
fn orders_to_a_terminal(shown: &str) -> Vec<String> {
    let mut plain = shown.to_owned();
    for code in ["0", "1", "2", "31", "32", "33", "35", "36"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    let bad = |letter: &char| {
        letter.is_control() && !"\n\t".contains(*letter)
            || ('\u{202a}'..='\u{202e}').contains(letter)
            || ('\u{2066}'..='\u{2069}').contains(letter)
    };
    plain
        .chars()
        .filter(bad)
        .map(|letter| format!("{letter:?}"))
        .collect()
}

#[test]
fn what_a_shop_and_a_company_say_cannot_steer_the_terminal() {
    let mut hostile_order = with(
        order(3),
        json!({ "payment_method_title": HOSTILE, "number": format!("3{HOSTILE}") }),
    );
    hostile_order["line_items"][0]["name"] = json!(HOSTILE);
    hostile_order["billing"]["company"] = json!(HOSTILE);
    let mut bad_tax = unmapped(2);
    bad_tax["tax_lines"][0]["label"] = json!(HOSTILE);
    bad_tax["tax_lines"][0]["rate_code"] = json!(HOSTILE);
    bad_tax["number"] = json!(format!("2{HOSTILE}"));
    let mut shop = shop(vec![order(1), bad_tax, hostile_order]);
    shop["site"]["name"] = json!(HOSTILE);
    let mut company = company();
    company["company"]["name"] = json!(format!("Company {HOSTILE}"));
    let accounts = company["accounts"].as_array_mut().expect("a list");
    accounts.push(json!({ "name": format!("Account {HOSTILE}"), "type": "Bank" }));
    let world = World::new(shop, company, BOOKS);
    let key = [("UDSYNC_KEY", crate::tokens::KEY)];
    let mut told = Vec::new();
    for line in [
        "connect woocommerce --from-env",
        "connect quickbooks --from-env",
        "connect list",
        "connect test",
        "doctor",
        "doctor -vv",
        "dry-run orders",
        "dry-run orders --all -vv",
        "dry-run orders --out plan.json",
        "sync orders --yes -vv",
        "sync orders --full --yes",
        "retry --list",
        "retry --all --yes",
        "history",
        "history --problems",
        "mapping check",
        "mapping preview orders 3",
        "config show",
        "sync orders --yes -vv --log-pii --log-file run.log",
    ] {
        for form in ["--color always", "--json"] {
            let line = format!("{line} {form}");
            let output = world
                .command(&line)
                .envs(key)
                .env("UDSYNC_QUICKBOOKS_COMPANY_ID", crate::world::REALM)
                .output()
                .expect("it runs");
            let ran: Ran = ran(output);
            if ran.out.contains("evil") || ran.err.contains("evil") {
                told.push(line.clone());
            }
            for shown in [&ran.out, &ran.err] {
                let bad = orders_to_a_terminal(shown);
                assert!(bad.is_empty(), "{line}: {bad:?}\n{shown}");
            }
            if form == "--json" && !ran.out.trim().is_empty() {
                serde_json::from_str::<Value>(&ran.out)
                    .unwrap_or_else(|error| panic!("{line}: {error}: {}", ran.out));
            }
        }
    }
    assert!(told.len() > 20, "it is told of in few places: {told:?}");
    let log = std::fs::read_to_string(world.home.path().join("run.log")).expect("a log");
    assert_eq!(orders_to_a_terminal(&log), Vec::<String>::new());
    // JSON means every letter that was there.
    let listed = world.run("doctor --json");
    assert!(!listed.out.is_empty());
}

#[test]
fn a_link_in_the_place_of_the_lock_leads_nowhere() {
    let world = World::of_orders(orders(1..=1));
    let precious = world.home.path().join("precious");
    for name in ["test.db.lock", "test.db.turn"] {
        std::fs::write(&precious, "precious").expect("written");
        let link = world.home.path().join(name);
        symlink(&precious, &link).expect("laid");
        let refused = world.run("sync orders");
        assert_ne!(refused.code, 0, "{name}: {}", refused.out);
        let left = std::fs::read_to_string(&precious).expect("read");
        assert_eq!(left, "precious", "{name}");
        std::fs::remove_file(&link).expect("removed");
    }
    let plan = world.home.path().join("plan.json");
    symlink(&precious, &plan).expect("laid");
    world.run("dry-run orders --out plan.json").ends_with(0);
    assert_eq!(
        std::fs::read_to_string(&precious).expect("read"),
        "precious"
    );
    let log = world.home.path().join("run.log");
    symlink(&precious, &log).expect("laid");
    world.run("dry-run orders --log-file run.log").ends_with(2);
    assert_eq!(
        std::fs::read_to_string(&precious).expect("read"),
        "precious"
    );
    world.run("sync orders").ends_with(0);
}

#[test]
fn a_state_file_that_others_can_read_is_closed() {
    let world = World::of_orders(orders(1..=1));
    world.run("sync orders").ends_with(0);
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(world.state(), mode(0o664)).expect("opened");
    world.run("sync orders").ends_with(0);
    let now = std::fs::metadata(world.state())
        .expect("there")
        .permissions();
    assert_eq!(now.mode() & 0o777, 0o600);
}

#[test]
fn a_fresh_token_that_is_refused_is_trouble_that_passes() {
    let world = World::of_orders(orders(1..=2));
    world.run("connect test quickbooks").ends_with(0);
    world.tell_books("mishaps", json!({ "what": "expire_token", "times": null }));
    let refused = world.run("sync orders --json").ends_with(5);
    assert!(refused.out.contains("sign_in_trouble"), "{}", refused.out);
    world.clear_mishaps();
    world.run("sync orders").ends_with(0);
    assert_eq!(world.documents().len(), 2);
}

#[test]
fn half_a_letter_costs_one_order_and_it_is_named() {
    for field in ["first_name", "payment_method_title", "name", "label"] {
        let world = World::of_orders(orders(1..=3));
        world.tell_store(
            "mishaps",
            json!({ "what": "half_letter", "field": field, "path": "/orders", "times": null }),
        );
        world.run("sync orders --json").ends_with(3);
        let found = problems(&world);
        assert_eq!(found.len(), 1, "{field}: {found:?}");
        let told = found[0].to_string();
        assert!(
            told.contains("\"1\"") || told.contains("`1`"),
            "{field}: {told}"
        );
        assert_eq!(
            world.documents().len(),
            2,
            "{field}: the others were posted"
        );
        world.clear_mishaps();
        world.run("sync orders --full --yes");
        world.run("retry --all --yes");
        assert_eq!(world.documents().len(), 3, "{field}");
    }
}

#[test]
fn a_page_of_a_firewall_is_no_verdict_of_the_shops() {
    let world = World::of_orders(orders(1..=2));
    world.tell_store(
        "mishaps",
        json!({ "what": "page", "status": 400, "times": null }),
    );
    for line in [
        "sync orders --json",
        "sync orders --id 1 --json",
        "connect test woocommerce --json",
    ] {
        let refused = world.run(line);
        assert_eq!(refused.code, 5, "{line}: {}{}", refused.out, refused.err);
        assert!(
            refused.out.contains("something before the shop"),
            "{line}: {}",
            refused.out
        );
    }
    world.clear_mishaps();
    assert_eq!(problems(&world), Vec::<Value>::new());
    world.run("sync orders").ends_with(0);
    assert_eq!(world.documents().len(), 2);
}
