//! The health check: a healthy shop has nothing to mend; each thing that is broken is found, by its id, with what to do.

use serde_json::{Value, json};

use crate::order::{order, orders};
use crate::world::{BOOKS, Ran, World, company, ran, shop};

/// The days are written into the orders, so a look goes back as far as it can.
pub const DOCTOR: &str = "doctor --json --days 3650";

pub fn findings(ran: &Ran) -> Vec<Value> {
    ran.json()["findings"].as_array().expect("findings").clone()
}

/// What is not as it should be, as `problem books.accounts`.
pub fn troubles(ran: &Ran) -> Vec<String> {
    findings(ran)
        .iter()
        .filter(|finding| finding["level"] == "problem" || finding["level"] == "warning")
        .map(|finding| format!("{} {}", text(finding, "level"), text(finding, "id")))
        .collect()
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The usual books with items of their own, so that nothing is left to say.
pub fn books() -> String {
    BOOKS.replace(
        "[books.deposit]",
        "[books.items]\nshipping = \"Shipping\"\n[books.deposit]",
    )
}

pub fn books_company() -> Value {
    let mut company = company();
    let accounts = company["accounts"].as_array_mut().expect("accounts");
    accounts.push(json!({ "name": "Sales of Product Income", "type": "Income", "subtype": "SalesOfProductIncome" }));
    company["items"] = json!([
        { "name": "Shipping", "type": "Service", "active": true, "income_account": "Sales of Product Income" }
    ]);
    company
}

fn healthy() -> World {
    World::new(shop(orders(1..=3)), books_company(), &books())
}

#[test]
fn a_healthy_shop_has_nothing_to_mend_and_says_so_check_by_check() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    let ran = world.run(DOCTOR).ends_with(0);
    assert_eq!(ran.json()["schema"], "udsync/doctor/1");
    assert_eq!(troubles(&ran), [""; 0], "{}", ran.out);
    let told: Vec<String> = findings(&ran)
        .iter()
        .map(|finding| text(finding, "id").to_owned())
        .collect();
    for id in [
        "config.file",
        "keys.store",
        "state.file",
        "shop.connection",
        "books.connection",
        "books.tokens",
        "mapping.tax_codes",
    ] {
        assert!(told.iter().any(|known| known == id), "{id}: {told:?}");
    }
    let words = world.run("doctor --days 3650").ends_with(0);
    assert!(
        words
            .out
            .contains("  ok      books.connection: `Stand-in Books` answers"),
        "{}",
        words.out
    );
    assert!(
        words.out.trim_end().ends_with("checks in order"),
        "{}",
        words.out
    );
    assert_eq!(world.run("doctor --quiet --days 3650").ends_with(0).out, "");
}

#[test]
fn looking_changes_nothing_anywhere() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    world.forget_requests();
    let before = std::fs::read(world.state()).expect("the state");
    world.run("doctor").ends_with(0);
    assert_eq!(std::fs::read(world.state()).expect("the state"), before);
    for requests in [world.store("requests"), world.books("requests")] {
        let requests = requests.as_array().expect("requests").clone();
        assert!(!requests.is_empty());
        for request in requests {
            assert_eq!(request["method"], "GET", "{request}");
        }
    }
}

#[test]
fn a_sign_in_that_is_renewed_by_a_look_is_kept() {
    let mut company = books_company();
    company["oauth"]["refresh_policy"] = json!("at_once");
    let world = World::new(shop(orders(1..=2)), company, &books());
    world.run("doctor").ends_with(0);
    world.tell_books("expire_tokens", json!({}));
    world.run("doctor").ends_with(0);
    world.run("sync orders").ends_with(0);
}

#[test]
fn without_the_right_to_write_a_good_sign_in_is_used_and_a_due_one_is_left_alone() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    let state = world.home.path().join("elsewhere.db");
    std::fs::copy(world.state(), &state).expect("copied");
    let look = || {
        world.run(&format!(
            "{DOCTOR} --check books.connection --state elsewhere.db"
        ))
    };
    look().ends_with(0);
    std::fs::remove_file(&state).expect("there was one");
    // A folder cannot be made into a state file by anybody, not even by root.
    std::fs::create_dir(&state).expect("made");
    let ran = look();
    let found = &findings(&ran)[0];
    assert_eq!(
        text(found, "said"),
        "not looked at: `state.file` stands before it: `elsewhere.db` is no state file of udsync: it is a folder"
    );
}

/// What a look finds of one check, in the text that people see.
fn sees(world: &World, line: &str, code: i32) -> Vec<(String, String, String)> {
    let ran = world.run(line).ends_with(code);
    findings(&ran)
        .iter()
        .map(|finding| {
            let level_and_id = format!("{} {}", text(finding, "level"), text(finding, "id"));
            (
                level_and_id,
                text(finding, "said").to_owned(),
                text(finding, "fix").to_owned(),
            )
        })
        .collect()
}

#[track_caller]
fn one(found: Vec<(String, String, String)>, id: &str, said: &str, fix: &str) {
    let fits = |(level, words, way): &(String, String, String)| {
        level == id && words.contains(said) && way.contains(fix)
    };
    assert!(
        found.iter().any(fits),
        "{id} `{said}` `{fix}` in {found:#?}"
    );
}

#[test]
fn without_credentials_it_says_which_and_ends_as_a_matter_of_credentials() {
    let world = healthy();
    let mut command = world.command("doctor --json --days 3650");
    command
        .env_remove("UDSYNC_WOOCOMMERCE_SECRET")
        .env_remove("UDSYNC_QUICKBOOKS_CLIENT_ID");
    let ran = ran(command.output().expect("it runs")).ends_with(4);
    assert_eq!(
        troubles(&ran),
        ["problem shop.connection", "problem books.connection"]
    );
    assert!(
        ran.out
            .contains("`UDSYNC_WOOCOMMERCE_SECRET` is not in the environment"),
        "{}",
        ran.out
    );
}

#[test]
fn a_connection_that_ended_is_found_with_what_makes_a_new_one() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    world.revoke();
    world.put_order(&order(4), &json!([]), false);
    world.run("sync orders").ends_with(4);
    let found = sees(&world, "doctor --json --check books", 4);
    one(
        found.clone(),
        "problem books.tokens",
        "is broken since",
        "`UDSYNC_QUICKBOOKS_REFRESH_TOKEN`",
    );
    one(
        found,
        "problem books.connection",
        "QuickBooks",
        "`UDSYNC_QUICKBOOKS_REFRESH_TOKEN`",
    );
    // Looking offline is enough to know.
    one(
        sees(&world, "doctor --json --check books.tokens --offline", 4),
        "problem books.tokens",
        "is broken since",
        "`UDSYNC_QUICKBOOKS_REFRESH_TOKEN`",
    );
}

#[test]
fn offline_asks_nobody_and_says_what_was_left_out() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    world.forget_requests();
    let found = sees(&world, "doctor --json --offline", 0);
    one(
        found.clone(),
        "note shop.connection",
        "not looked at: `--offline` asks no service",
        "",
    );
    one(
        found.clone(),
        "note books.connection",
        "not looked at: `--offline` asks no service",
        "",
    );
    one(found, "ok state.age", "last synced", "");
    assert_eq!(world.store("requests"), json!([]));
    assert_eq!(world.books("requests"), json!([]));
}

#[test]
fn only_the_checks_that_were_named_are_run() {
    let world = healthy();
    let ids = |line: &str| -> Vec<String> {
        let ran = world.run(line).ends_with(0);
        findings(&ran)
            .iter()
            .map(|finding| text(finding, "id").to_owned())
            .collect()
    };
    assert_eq!(
        ids("doctor --json --check config.versions"),
        ["config.versions"]
    );
    assert_eq!(
        ids("doctor --json --check state.lock --check shop.clock"),
        ["state.lock", "shop.clock"]
    );
    let ran = world.run("doctor --check books.acounts").ends_with(2);
    assert!(
        ran.err.contains("error: there is no check `books.acounts`"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("`books.accounts`"), "{}", ran.err);
    let ran = world.run("doctor --check moon --json").ends_with(2);
    assert_eq!(ran.json()["code"], "check_unknown");
}

#[test]
fn a_configuration_that_cannot_be_read_is_the_one_finding() {
    let world = healthy();
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    std::fs::write(&world.config, text.replace("timezone =", "timezne =")).expect("written again");
    let found = sees(&world, "doctor --json", 2);
    one(
        found,
        "problem config.file",
        "udsync.toml",
        "`udsync config check`",
    );
    std::fs::remove_file(&world.config).expect("it was there");
    let words = world.run("doctor").ends_with(2);
    assert!(words.out.contains("PROBLEM config.file"), "{}", words.out);
}

#[cfg(unix)]
#[test]
fn a_state_file_for_everybody_is_told_with_what_to_type() {
    use std::os::unix::fs::PermissionsExt;
    let world = healthy();
    world.run("sync orders").ends_with(0);
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(world.state(), open).expect("set");
    let found = sees(&world, "doctor --json --check state --offline", 0);
    one(found, "warning state.file", "(mode 644)", "chmod go= ");
}

#[test]
fn a_state_file_of_another_company_is_told() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let other = text.replace(
        "company_id = \"9341454000000001\"",
        "company_id = \"9341454000000002\"",
    );
    std::fs::write(&world.config, other).expect("written again");
    let found = sees(&world, "doctor --json --check state --offline", 2);
    one(
        found,
        "problem state.file",
        "belongs to other books",
        "a state file of its own",
    );
}

#[test]
fn a_state_file_that_is_none_is_told_and_the_other_checks_go_on() {
    let world = healthy();
    std::fs::write(
        world.state(),
        "never a database, whatever is written here ".repeat(200),
    )
    .expect("written");
    let found = sees(&world, "doctor --json", 1);
    one(
        found.clone(),
        "problem state.file",
        "is no state file of udsync",
        "--state FILE",
    );
    one(found.clone(), "note shop.connection", "not looked at", "");
    one(found, "ok config.file", "is in order", "");
}

#[test]
fn a_run_that_is_going_on_is_a_note_with_how_far_it_is() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    world.tell_store(
        "mishaps",
        json!({ "what": "delay", "ms": 3000, "times": 1, "path": "orders" }),
    );
    let mut run = world.start("sync orders --full");
    let lock = world.home.path().join("test.db.lock");
    crate::world::until("the run has the lock", || {
        std::fs::read_to_string(&lock).is_ok_and(|text| text.contains("sync orders"))
    });
    let found = sees(&world, "doctor --json --check state.lock --offline", 0);
    one(
        found,
        "note state.lock",
        "another run holds the lock: `sync orders` since",
        "",
    );
    assert!(
        run.wait().expect("it ends").success(),
        "the look did not disturb it"
    );
}

#[test]
fn a_sign_in_that_is_due_and_could_not_be_kept_is_not_renewed() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    world.tell_books("expire_tokens", json!({}));
    world.forget_requests();
    // Nobody, not even root, can write a state file through a folder in place of its turn.
    let turn = world.home.path().join("test.db.turn");
    let _ = std::fs::remove_file(&turn);
    std::fs::create_dir(&turn).expect("made");
    let ran = world.run("doctor --json --check books.connection");
    assert_ne!(ran.code, 0, "{}", ran.out);
    let asked = world.books("requests").to_string();
    assert!(!asked.contains("tokens/bearer"), "{asked}");
    std::fs::remove_dir(&turn).expect("there");
    world.run("doctor --check books.connection").ends_with(0);
}

#[test]
fn runs_warn_of_a_spent_budget_of_reads_and_leave_out_what_they_can() {
    let world = healthy();
    world.run("sync orders").ends_with(0);
    let reads = |world: &World| -> Vec<String> {
        let all = world.books("requests");
        let all = all.as_array().expect("requests").clone();
        all.iter()
            // Whether somebody else posts is asked whatever it costs.
            .filter(|request| !request.to_string().contains("SalesReceipt,Invoice"))
            .map(|request| text(request, "path").to_owned())
            .filter(|path| path.contains("cdc") || path.contains("companyinfo"))
            .collect()
    };
    world.put_order(&order(4), &json!([]), false);
    world.forget_requests();
    let ran = world.run("sync orders").ends_with(0);
    assert!(!ran.err.contains("metered"), "{}", ran.err);
    assert_ne!(
        reads(&world),
        [""; 0],
        "as usual: what changed is asked for"
    );
    world.say_of_quickbooks("reads_per_month = 1");
    world.put_order(&order(5), &json!([]), false);
    world.forget_requests();
    let ran = world.run("sync orders").ends_with(0);
    assert!(
        ran.err
            .contains("of 1 reads that Intuit counts are used this month"),
        "{}",
        ran.err
    );
    assert_eq!(reads(&world), [""; 0]);
    assert_eq!(world.documents().len(), 5);
}
