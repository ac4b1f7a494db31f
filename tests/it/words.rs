//! Errors: for each kind of failure the message, the hint and the exit code, as a person and as a script meet them.
//!
//! Every failure is provoked twice through the real binary: once in words, where standard output stays empty, and once
//! with `--json`, where it holds the one document `udsync/error/1`.

use std::process::Command;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::odd;
use crate::order::{order, unmapped, with};
use crate::world::{BOOKS, KEY, REALM, Ran, SECRET, World, bare_command, company, ran, shop};

/// What a failure must say. Message and hint are given by the part that matters.
struct Says {
    exit: i32,
    code: &'static str,
    message: &'static str,
    hint: &'static str,
}

impl Says {
    #[track_caller]
    fn check(&self, mut command: impl FnMut() -> Command) -> Ran {
        let text = ran(command().output().expect("the binary runs")).ends_with(self.exit);
        assert_eq!(text.out, "", "standard output is for answers: {}", text.err);
        let line = |start: &str| -> String {
            let lines = text.err.lines().filter_map(|line| line.strip_prefix(start));
            lines.collect::<Vec<_>>().join("\n")
        };
        let said = line("error: ");
        assert!(said.contains(self.message), "{}", text.err);
        assert!(line("hint: ").contains(self.hint), "{}", text.err);
        assert!(!said.ends_with('.'), "no full stop: {said}");

        let json = ran(command().arg("--json").output().expect("the binary runs"));
        let json = json.ends_with(self.exit);
        let document = json.json();
        assert_eq!(document["schema"], "udsync/error/1");
        assert_eq!(document["code"], self.code, "{document}");
        assert_eq!(document["exit"], self.exit);
        assert!(
            document["message"]
                .as_str()
                .expect("a message")
                .contains(self.message)
        );
        assert!(
            document["hint"]
                .as_str()
                .expect("a hint")
                .contains(self.hint)
        );
        text
    }

    #[track_caller]
    fn on(&self, world: &World) -> Ran {
        let text = self.check(|| world.command("sync orders --yes"));
        assert_eq!(world.postings(), Vec::<String>::new(), "nothing was posted");
        text
    }
}

fn says(exit: i32, code: &'static str, message: &'static str, hint: &'static str) -> Says {
    Says {
        exit,
        code,
        message,
        hint,
    }
}

fn world() -> World {
    World::of_orders(vec![order(1042)])
}

/// Changes the configuration as with an editor.
fn edit(world: &World, from: &str, to: &str) {
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    assert!(text.contains(from), "there is no `{from}` to change");
    std::fs::write(&world.config, text.replace(from, to)).expect("written");
}

fn shop_is_at(world: &World, url: &str) {
    edit(world, &world.shop_url, url);
}

fn for_ever(mut rule: Value) -> Value {
    rule["times"] = Value::Null;
    rule
}

// The shop.

#[test]
fn a_shop_that_cannot_be_found_or_reached() {
    let world = world();
    // A name that is reserved for not being there.
    shop_is_at(&world, "https://shop.invalid");
    let check = "check `url` of `[woocommerce]`";
    says(5, "store_unreachable", "no host has this name", check).on(&world);

    let mut world = self::world();
    world.close_store();
    says(5, "store_unreachable", "it refused the connection", check).on(&world);
}

#[test]
fn an_address_that_is_not_the_shops() {
    let world = world();
    shop_is_at(&world, &odd::site(|_| None));
    says(
        2,
        "store_url_wrong",
        "no WordPress answers at `http://127.0.0.1:",
        "set `woocommerce.url` to the site's address",
    )
    .on(&world);

    let world = self::world();
    shop_is_at(
        &world,
        &odd::site(|path| {
            let index = r#"{"name":"A blog","namespaces":["oembed/1.0","wp/v2"]}"#;
            (path == "/wp-json/").then(|| (200, index.to_owned()))
        }),
    );
    says(
        2,
        "store_woocommerce_missing",
        "has no WooCommerce API `wc/v3`",
        "activate WooCommerce there",
    )
    .on(&world);

    let world = self::world();
    world.tell_store(
        "mishaps",
        for_ever(
            json!({ "what": "redirect", "to": "https://www.shop.example/wp-json/wc/v3/orders" }),
        ),
    );
    says(
        2,
        "store_moved",
        "the shop answers from `https://www.shop.example`",
        "url = \"https://www.shop.example\"",
    )
    .on(&world);
}

#[test]
fn keys_that_are_wrong_or_may_not_read() {
    let with_env = |world: &World, name: &str, value: &str| {
        let mut command = world.command("sync orders");
        command.env(name, value);
        command
    };
    let world = world();
    let new_key = "WooCommerce > Settings > Advanced > REST API";
    let wrong_key = "ck_9999999999999999999999999999999999999999";
    says(
        4,
        "store_credentials_refused",
        "does not know these keys",
        new_key,
    )
    .check(|| with_env(&world, "UDSYNC_WOOCOMMERCE_KEY", wrong_key));
    let wrong_secret = "cs_9999999999999999999999999999999999999999";
    says(
        4,
        "store_secret_refused",
        "but not with this secret",
        new_key,
    )
    .check(|| with_env(&world, "UDSYNC_WOOCOMMERCE_SECRET", wrong_secret));

    for (rights, message) in [
        (json!({ "permissions": "write" }), "the key may not read"),
        (
            json!({ "permissions": "read", "role": "customer" }),
            "may not see the orders",
        ),
    ] {
        let mut shop = shop(vec![order(1042)]);
        shop["keys"][0] = with(json!({ "key": KEY, "secret": SECRET }), rights);
        let world = World::new(shop, company(), BOOKS);
        says(4, "store_rights_missing", message, new_key).on(&world);
    }
}

#[test]
fn a_proxy_before_the_shop_that_hides_tls_or_drops_the_keys() {
    let over_tls = |world: &World, line: &str| {
        let mut command = world.command(line);
        command.env("SSL_CERT_FILE", odd::authority());
        command
    };
    let behind = |https: bool, drops: bool| {
        let mut shop = shop(vec![order(1042)]);
        shop["https"] = json!(https);
        shop["drop_authorization"] = json!(drops);
        let world = World::new(shop, company(), BOOKS);
        shop_is_at(&world, &odd::tls_before(&world.shop_url));
        world
    };
    let hidden = behind(false, false);
    says(
        2,
        "store_tls_hidden",
        "believes that they came over plain HTTP",
        "let the web server set `HTTPS=on`",
    )
    .check(|| over_tls(&hidden, "sync orders"));

    // A header that is dropped costs nothing but the wrong answer to a wrong key.
    let dropped = behind(true, true);
    says(
        4,
        "store_credentials_refused",
        "does not know these keys",
        "REST API",
    )
    .check(|| {
        let mut command = over_tls(&dropped, "sync orders");
        command.env(
            "UDSYNC_WOOCOMMERCE_KEY",
            "ck_9999999999999999999999999999999999999999",
        );
        command
    });
    ran(over_tls(&dropped, "sync orders").output().expect("it runs")).ends_with(0);
    assert_eq!(dropped.postings(), ["SalesReceipt WC-1042 21.00 active"]);

    // Without the authority the certificate is nobody's.
    says(
        5,
        "store_tls",
        "could not trust the shop",
        "its certificate must be valid",
    )
    .check(|| hidden.command("sync orders"));
}

#[test]
fn answers_of_the_shop_that_are_not_what_was_asked_for() {
    let later = "try again";
    for (rule, says) in [
        (
            json!({ "what": "html" }),
            says(
                5,
                "store_answer_unreadable",
                "with a page instead of data",
                "let `/wp-json/wc/v3/` pass",
            ),
        ),
        (
            json!({ "what": "php_warning" }),
            says(
                5,
                "store_answer_unreadable",
                "beginning `<br /> <b>Warning</b>",
                "set `WP_DEBUG_DISPLAY` to false",
            ),
        ),
        (
            json!({ "what": "truncated" }),
            says(5, "store_unreachable", "was cut off", later),
        ),
        (
            json!({ "what": "throttle" }),
            says(
                5,
                "store_busy",
                "asks for fewer requests",
                "set `concurrency = 1`",
            ),
        ),
        (
            json!({ "what": "bad_gateway" }),
            says(5, "store_unreachable", "answered 502", later),
        ),
        (
            json!({ "what": "server_error" }),
            says(
                5,
                "store_unreachable",
                "stopped with an error of its own",
                "fatal-errors",
            ),
        ),
        (
            json!({ "what": "maintenance", "retry_after": 600 }),
            says(5, "store_busy", "is in maintenance", "nothing is lost"),
        ),
        (
            json!({ "what": "rest_disabled" }),
            says(
                2,
                "store_api_blocked",
                "has its API closed (`rest_disabled`)",
                "let `/wp-json/wc/v3/` pass",
            ),
        ),
        (
            json!({ "what": "huge", "mb": 65 }),
            says(
                2,
                "store_too_large",
                "the answer is larger than 64 MB",
                "set a smaller `page_size`",
            ),
        ),
    ] {
        let world = world();
        println!("{rule}");
        world.tell_store("mishaps", for_ever(rule));
        says.on(&world);
    }
}

#[test]
fn a_clock_that_is_off() {
    let world = world();
    world.tell_store("clock", json!({ "offset_seconds": 3600 }));
    says(
        2,
        "store_clock_off",
        "differ by more than 15 minutes",
        "`timedatectl set-ntp true`",
    )
    .on(&world);
}

#[test]
fn a_status_that_the_shop_does_not_have() {
    let world = world();
    says(
        2,
        "store_status_unknown",
        "does not know one of the order statuses",
        "`--status processing,completed`",
    )
    .check(|| world.command("sync orders --status wc-shiped"));
}

// The books.

#[test]
fn a_company_that_cannot_be_reached() {
    let mut world = world();
    world.close_books();
    says(
        5,
        "unreachable",
        "could not be reached",
        "later, nothing is lost",
    )
    .on_closed(&world);
}

impl Says {
    /// The books cannot be asked what they hold.
    #[track_caller]
    fn on_closed(&self, world: &World) {
        self.check(|| world.command("sync orders --yes"));
    }
}

#[test]
fn credentials_of_the_company_that_are_refused() {
    let world = world();
    for (name, message, code, hint) in [
        (
            "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
            "does not take the client id and secret",
            "client_refused",
            "compare `UDSYNC_QUICKBOOKS_CLIENT_ID`",
        ),
        (
            "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
            "no longer takes the refresh token",
            "credentials_refused",
            "`UDSYNC_QUICKBOOKS_REFRESH_TOKEN`",
        ),
    ] {
        says(4, code, message, hint).check(|| {
            let mut command = world.command("sync orders");
            command.env(name, "wrong");
            command
        });
    }
    // One that was good and was taken back.
    world.run("sync orders --yes").ends_with(0);
    world.revoke();
    world.put_order(&order(1043), &json!([]), false);
    says(
        4,
        "credentials_refused",
        "no longer takes the refresh token",
        "a new refresh token",
    )
    .check(|| world.command("sync orders --full"));
}

#[test]
fn another_company_and_companies_with_troubles_of_their_own() {
    let other = world();
    edit(&other, REALM, "9341454000009999");
    says(
        4,
        "access_refused",
        "does not let these keys into this company",
        "check `company_id`",
    )
    .on(&other);
    // A mistyped company has not become the owner of the state file.
    edit(&other, "9341454000009999", REALM);
    other.run("sync orders --yes").ends_with(0);

    let later = "later, nothing is lost";
    for (rule, says) in [
        (
            json!({ "what": "throttle", "retry_after": 1 }),
            says(5, "throttled", "too many requests", later),
        ),
        (
            json!({ "what": "bad_gateway_before" }),
            says(5, "service_trouble", "answered with status 502", later),
        ),
        (
            json!({ "what": "server_error_before", "html": true }),
            says(5, "service_trouble", "answered with status 503", later),
        ),
        (
            json!({ "what": "refuse", "code": "150", "status": 403 }),
            says(5, "company_busy", "is maintaining this company", later),
        ),
        (
            json!({ "what": "refuse", "code": "6190" }),
            says(
                5,
                "company_unavailable",
                "the QuickBooks subscription",
                "sign in to QuickBooks",
            ),
        ),
        (
            json!({ "what": "refuse", "code": "120", "status": 401 }),
            says(
                4,
                "access_lost",
                "no longer has access",
                "a new refresh token",
            ),
        ),
    ] {
        let world = world();
        println!("{rule}");
        world.tell_books("mishaps", for_ever(rule));
        says.on(&world);
    }
}

#[test]
fn too_many_requests_for_too_long_while_writing() {
    let world = world();
    world.tell_books(
        "mishaps",
        for_ever(
            json!({ "what": "throttle", "retry_after": 1, "operation": "create SalesReceipt" }),
        ),
    );
    let ran = world.run("sync orders --yes --json").ends_with(5);
    let document = ran.json();
    assert_eq!(document["code"], "throttled");
    // What was done so far is told with it, in the one document.
    assert_eq!(document["run"]["schema"], "udsync/run/1");
    assert_eq!(document["run"]["status"], "failed");
    assert_eq!(document["run"]["targets"]["quickbooks"]["names"], 2);
    assert!(
        ran.err.contains("waiting 1 s for QuickBooks"),
        "{}",
        ran.err
    );

    crate::world::forget_mishaps(&world);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1042 21.00 active"]);
}

/// Records that QuickBooks refuses are not the end of the run: they are listed, with a reason each.
#[test]
fn records_that_the_company_refuses_are_listed_and_end_with_three() {
    let world = World::of_orders(vec![order(1042), order(1043)]);
    world.tell_books(
        "mishaps",
        for_ever(json!({ "what": "refuse", "code": "5020", "detail": "Permission Denied Error", "operation": "create" })),
    );
    problem(
        &world,
        "not_permitted",
        "the connected user may not do this",
        "let an administrator",
    );

    let mut closed = company();
    closed["company"]["books_closed_through"] = json!("2026-11-30");
    let world = World::new(shop(vec![order(1042)]), closed, BOOKS);
    problem(
        &world,
        "period_closed",
        "the books are closed through 2026-11-30",
        "move the closing date",
    );

    let world = World::of_orders(vec![unmapped(1042)]);
    problem(
        &world,
        "tax_code_unmapped",
        "order `1042`",
        "add `[[books.tax.codes]]`",
    );
}

#[track_caller]
fn problem(world: &World, code: &str, message: &str, hint: &str) {
    let text = world.run("sync orders --yes").ends_with(3);
    assert!(
        text.out.contains(code) && text.out.contains("hint: "),
        "{}",
        text.out
    );
    let document = world.run("sync orders --yes --json").ends_with(3).json();
    assert_eq!(document["status"], "partial");
    let problem = &document["problems"][0];
    assert_eq!(problem["code"], code);
    assert!(
        problem["message"]
            .as_str()
            .expect("a message")
            .contains(message),
        "{problem}"
    );
    assert!(
        problem["hint"].as_str().expect("a hint").contains(hint),
        "{problem}"
    );
    assert_eq!(problem["id"].as_str().expect("an id").len(), 4);
    assert_eq!(world.postings(), Vec::<String>::new());
}

// The state file.

#[test]
fn a_state_file_that_cannot_be_used() {
    let world = world();
    let at = |path: &str| {
        let mut command = world.command("sync orders --yes");
        command.args(["--state", path]);
        command
    };
    if cfg!(target_os = "linux") {
        says(
            1,
            "state_read_only",
            "the folder `/sys/kernel`",
            "--state FILE",
        )
        .check(|| at("/sys/kernel/udsync.db"));
    }

    let state = world.state();
    std::fs::write(
        &state,
        "this is no database at all, but a text\n".repeat(40),
    )
    .expect("written");
    let foreign = says(
        2,
        "state_foreign",
        "is no state file of udsync: it is not an SQLite file",
        "name another file with `--state FILE`",
    );
    foreign.check(|| world.command("sync orders --yes"));
    foreign.check(|| world.command("history"));
    // It begins as every file of SQLite does, and goes on as none.
    let torn = format!("SQLite format 3\0{}", "torn ".repeat(400));
    std::fs::write(&state, torn).expect("written");
    let damaged = says(
        1,
        "state_damaged",
        "is damaged",
        "test.db.damaged`) and run the command again",
    );
    damaged.check(|| world.command("sync orders --yes"));
    damaged.check(|| world.command("history"));
    std::fs::remove_file(&state).expect("removed");

    world.run("sync orders --yes").ends_with(0);
    edit(&world, REALM, "9341454000009999");
    says(
        2,
        "other_books",
        "belongs to other books",
        "a state file of its own",
    )
    .check(|| world.command("sync orders --yes"));
    edit(&world, "9341454000009999", REALM);

    Connection::open(&state)
        .and_then(|connection| connection.pragma_update(None, "user_version", 99))
        .expect("as if a later udsync had been here");
    says(
        2,
        "state_newer",
        "was written by a newer udsync: it has version 99",
        "update udsync",
    )
    .check(|| world.command("sync orders --yes"));
}

#[test]
fn a_full_disk_is_told_and_nothing_goes_out_unrecorded() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: no way is known here to fill a disk");
        return;
    }
    let world = World::of_orders((1..=40).map(order).collect());
    // The state file may not grow: as on a full disk, each write is refused. First with nothing there at all.
    let limited = |blocks: u32| {
        let inner = world.command("sync orders --yes");
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("ulimit -f {blocks}; exec \"$0\" \"$@\""))
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(world.home.path())
            .env_clear();
        for (name, value) in inner.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command
    };
    let mut refused = 0;
    for blocks in [1, 100, 160, 240, 400, 600, 900] {
        world.forget_requests();
        let ran = ran(limited(blocks).output().expect("it runs"));
        if ran.code == 0 {
            break;
        }
        refused += 1;
        assert_eq!(ran.code, 1, "{blocks}: {} {}", ran.out, ran.err);
        assert!(ran.err.contains("error: the disk"), "{blocks}: {}", ran.err);
        assert!(ran.err.contains("hint: "), "{}", ran.err);
    }
    assert!(refused > 2, "only {refused} runs met a full disk");
    // With room again it goes on, and each order is there once.
    world.run("sync orders --yes").ends_with(0);
    let mut postings = world.postings();
    postings.sort();
    postings.dedup();
    assert_eq!(postings.len(), 40);
    assert_eq!(world.postings().len(), 40);
}

#[test]
fn a_second_run_is_told_who_works_and_since_when() {
    let world = world();
    world.tell_store("mishaps", json!({ "what": "delay", "ms": 60_000 }));
    let mut first = world.start("sync orders --yes");
    crate::world::until("the first run asks the shop", || {
        world
            .store("requests")
            .as_array()
            .is_some_and(|list| !list.is_empty())
    });
    let text = says(
        11,
        "locked",
        "another run holds the lock: `sync orders` since 20",
        "wait until it is done",
    )
    .check(|| world.command("dry-run orders"));
    assert!(
        text.err.contains(&format!("(process {}", first.id())),
        "{}",
        text.err
    );
    // Looking is always allowed.
    world.run("history").ends_with(0);

    first.kill().expect("killed");
    first.wait().expect("gone");
    // The dead hold nothing.
    crate::world::forget_mishaps(&world);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1042 21.00 active"]);
    let history = world.run("history --json").json();
    assert_eq!(history["runs"][1]["status"], "interrupted");
}

// The configuration.

#[test]
fn every_mistake_of_a_configuration_is_told_at_once_with_its_line() {
    let world = world();
    let text = "[shop]\nname = \"Aurora Outfitters\"\n[woocomerce]\nurl = \"https://shop.example.com\"\n\
                [quickbooks]\nenvironment = \"live\"\nbatch_size = 50\n";
    std::fs::write(&world.config, text).expect("written");
    for line in ["config check", "sync orders", "history"] {
        let ran = world.run(line).ends_with(2);
        assert_eq!(ran.out, "");
        for (row, what) in [
            (2, "name"),
            (3, "woocomerce"),
            (6, "environment"),
            (7, "batch_size"),
        ] {
            assert!(ran.err.contains(&format!(":{row}:")), "{row}: {}", ran.err);
            assert!(ran.err.contains(what), "{what}: {}", ran.err);
        }
        assert!(
            ran.err.contains("did you mean `[woocommerce]`?"),
            "{}",
            ran.err
        );
    }
    let document = world.run("config check --json").ends_with(2).json();
    assert_eq!(document["schema"], "udsync/error/1");
    assert_eq!(document["code"], "config_invalid");
    assert!(
        document["message"]
            .as_str()
            .expect("a message")
            .contains("has 4 mistakes")
    );
    let lines: Vec<u64> = document["complaints"]
        .as_array()
        .expect("the complaints")
        .iter()
        .map(|complaint| complaint["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(lines, [2, 3, 6, 7]);
}

#[test]
fn what_is_missing_is_named() {
    let world = world();
    let without = |names: &'static [&'static str]| {
        let world = &world;
        move || {
            let mut command = world.command("sync orders");
            for name in names {
                command.env_remove(name);
            }
            command
        }
    };
    says(
        4,
        "credentials_missing",
        "`UDSYNC_WOOCOMMERCE_SECRET` is not in the environment",
        "`export UDSYNC_WOOCOMMERCE_SECRET=…`",
    )
    .check(without(&["UDSYNC_WOOCOMMERCE_SECRET"]));
    says(
        4,
        "credentials_missing",
        "`UDSYNC_WOOCOMMERCE_KEY`, `UDSYNC_QUICKBOOKS_CLIENT_ID`, `UDSYNC_QUICKBOOKS_REFRESH_TOKEN` are not",
        "--sandbox",
    )
    .check(without(&[
        "UDSYNC_WOOCOMMERCE_KEY",
        "UDSYNC_QUICKBOOKS_CLIENT_ID",
        "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
    ]));

    // Once signed in, the state file has a newer token than the environment.
    world.run("sync orders").ends_with(0);
    let mut command = world.command("sync orders");
    command.env_remove("UDSYNC_QUICKBOOKS_REFRESH_TOKEN");
    ran(command.output().expect("it runs")).ends_with(0);

    let home = tempfile::tempdir().expect("a folder");
    let nowhere = |line: &'static [&'static str]| {
        let home = home.path().to_owned();
        move || {
            let mut command = bare_command(&home);
            command.args(line);
            command
        }
    };
    says(
        2,
        "config_not_found",
        "there is no `udsync.toml` here",
        "--config FILE",
    )
    .check(nowhere(&["sync", "orders"]));
    says(2, "config_not_found", "there is no shop `aurora`", "")
        .check(nowhere(&["history", "--shop", "aurora"]));
    says(2, "config_unreadable", "gone.toml", "").check(nowhere(&[
        "config",
        "check",
        "--config",
        "gone.toml",
    ]));
}

// The words themselves.

#[test]
fn words_that_no_command_has() {
    let home = tempfile::tempdir().expect("a folder");
    let run = |words: &[&str]| {
        let mut command = bare_command(home.path());
        ran(command.args(words).output().expect("it runs")).ends_with(2)
    };
    for words in [
        vec!["snyc", "orders"],
        vec!["sync", "ordres"],
        vec!["sync"],
        vec!["sync", "orders", "--sinse", "2026-01-01"],
        vec!["sync", "orders", "--since", "yesterday"],
        vec!["sync", "orders", "--id", "1", "--limit", "3"],
        vec!["sync", "orders", "-q", "-v"],
        vec!["sync", "orders", "--json", "--output", "csv"],
    ] {
        let text = run(&words);
        if words.contains(&"--json") {
            let document = text.json();
            let message = document["message"].as_str().expect("a message");
            assert!(message.contains("--output"), "{message}");
            continue;
        }
        assert_eq!(text.out, "", "{words:?}");
        assert!(
            text.err.contains("Usage") || text.err.contains("try '--help'"),
            "{words:?}: {}",
            text.err
        );
        let mut words = words;
        words.push("--json");
        let document = run(&words).json();
        assert_eq!(document["schema"], "udsync/error/1");
        assert_eq!(
            (&document["code"], &document["exit"]),
            (&json!("usage"), &json!(2))
        );
        assert!(!document["message"].as_str().expect("a message").is_empty());
    }
    let help = bare_command(home.path())
        .arg("--help")
        .output()
        .expect("it runs");
    assert!(ran(help).ends_with(0).out.contains("sync"));
}
