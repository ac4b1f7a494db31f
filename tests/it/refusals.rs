//! Refusals: what cannot be done is said under a code of its own, in words, with something that can be typed where there is a way out,
//! and ends as its kind says. One row for each: what somebody typed, and what of their world leads to it.
//!
//! What is told in greater length elsewhere (`words`, `exits`, `findings`) is not repeated here.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use udsync::model::code::kind;

use crate::order::order;
use crate::world::{BOOKS, World, ran};

/// The 32 bytes of a key, in base64.
const A_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// A row: the arguments, the environment besides, and the code.
type Row<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

#[track_caller]
fn refuses(mut command: Command, code: &str) -> Value {
    let shown = format!("{code}: {command:?}");
    let ran = ran(command.arg("--json").output().expect("the binary runs"));
    let said: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|_| panic!("{shown}\n{}\n{}", ran.out, ran.err));
    assert_eq!(said["schema"], "udsync/error/1", "{shown}\n{said}");
    assert_eq!(said["code"], code, "{shown}\n{said}");
    assert_eq!(said["exit"], ran.code, "{shown}");
    let meant = kind(code).expect("a row of the catalogue").exit();
    assert_eq!(ran.code, i32::from(meant), "{shown}\n{said}");
    let message = said["message"].as_str().expect("a message");
    assert!(
        !message.is_empty() && !message.ends_with('.'),
        "{shown}: {message}"
    );
    said
}

#[track_caller]
fn all_refuse(world: &World, rows: &[Row<'_>]) {
    let refused = rows.iter().map(|(words, environment, code)| {
        let mut command = world.command("");
        command.args(*words).envs(environment.iter().copied());
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| refuses(command, code)))
    });
    // All of them are tried, so that one mistake hides no other.
    let wrong = refused.filter(Result::is_err).count();
    assert_eq!(
        wrong, 0,
        "so many are not refused as they should be: see above"
    );
}

/// A file of these bytes beside the configuration.
fn put(world: &World, name: &str, text: &str) -> String {
    let path = world.home.path().join(name);
    let folder = path.parent().expect("it has a folder");
    fs::create_dir_all(folder).expect("a folder");
    fs::write(&path, text).expect("written");
    // A key that others can read is refused for that alone.
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("for this user alone");
    path.display().to_string()
}

/// Nobody, not even the machine's owner, makes a file here.
const NOWHERE: &str = "/proc/nothing/file";

#[test]
fn refusals_of_what_was_typed() {
    let world = World::of_orders(Vec::new());
    let words = put(&world, "words.txt", "no key at all\n");
    put(&world, "credentials/udsync-key/inside", "a folder");
    let folder = world.home.path().display().to_string();
    let credentials = format!("{folder}/credentials");
    let in_a_file = format!("{words}/state.db");
    let schedule = |name, cron, zone| {
        vec![
            "schedule",
            "add",
            "orders",
            "--name",
            name,
            "--cron",
            cron,
            "--timezone",
            zone,
        ]
    };
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("bound").port().to_string();
    let connect = ["connect", "woocommerce", "--from-env"];
    let with = |more: &[&'static str]| [&connect[..], more].concat();
    let rows: &[Row<'_>] = &[
        (&["man", "nothing-such"], &[], "command_unknown"),
        (
            &["mapping", "show", "--functions", "nothing_such"],
            &[],
            "function_unknown",
        ),
        (&schedule("n", "61 * * * *", "UTC"), &[], "cron_wrong"),
        (
            &schedule("A name", "1 * * * *", "UTC"),
            &[],
            "schedule_name",
        ),
        (
            &schedule("n", "1 * * * *", "Mars/Olympus"),
            &[],
            "timezone_unknown",
        ),
        (&["connect", "rotate-key"], &[], "key_none"),
        (
            &["sync", "orders"],
            &[("UDSYNC_KEY_FILE", &folder)],
            "key_file_unreadable",
        ),
        (
            &["sync", "orders"],
            &[("UDSYNC_KEY_FILE", &words)],
            "key_file_without_key",
        ),
        (
            &["sync", "orders"],
            &[("CREDENTIALS_DIRECTORY", &credentials)],
            "key_unreadable",
        ),
        (
            &with(&["--key-store", "file"]),
            &[("UDSYNC_KEY", A_KEY)],
            "key_given_twice",
        ),
        (&with(&["--key-file", NOWHERE]), &[], "key_file_unwritten"),
        (
            &with(&["--key-store", "passphrase"]),
            &[("UDSYNC_PASSPHRASE", "short")],
            "passphrase_short",
        ),
        (&["sync", "orders", "--log-file", NOWHERE], &[], "log_file"),
        (
            &["dry-run", "orders", "--out", NOWHERE],
            &[],
            "plan_not_saved",
        ),
        (
            &["report", "sales", "--out", NOWHERE],
            &[],
            "file_unwritten",
        ),
        (
            &["connect", "remove", "supabase", "--yes"],
            &[],
            "not_connected",
        ),
        (&["notify", "test"], &[], "notify_not_configured"),
        (&["sandbox", "--into", &folder], &[], "folder_taken"),
        (
            &["sandbox", "--into", "elsewhere", "--port", &taken],
            &[],
            "sandbox_not_started",
        ),
        (
            &["init", "--name", "Two Words", "--config", "new.toml"],
            &[],
            "name_wrong",
        ),
        (&["history", "--state", &in_a_file], &[], "state_failed"),
        (
            &["mapping", "preview", "orders", "--file", &words],
            &[],
            "record_unreadable",
        ),
        (&["sandbox", "--into", "/proc/nothing"], &[], "not_written"),
        (
            &[
                "connect",
                "quickbooks",
                "--port",
                &taken,
                "--allow-host",
                &world.company_url,
                "--key-store",
                "file",
                "--no-browser",
            ],
            &[],
            "port_taken",
        ),
    ];
    all_refuse(&world, rows);
}

#[test]
fn refusals_of_what_comes_on_standard_input() {
    let world = World::of_orders(Vec::new());
    put(&world, "lines.env", "a secret and no name\n");
    let lines = fs::File::open(world.home.path().join("lines.env")).expect("written");
    let mut command = world.command("connect woocommerce --from-stdin");
    command.stdin(Stdio::from(lines));
    let said = refuses(command, "stdin_unreadable");
    assert!(!said.to_string().contains("a secret"), "{said}");
}

#[test]
fn refusals_of_a_configuration_that_does_not_say_enough() {
    let world = World::of_orders(vec![order(1)]);
    let text = fs::read_to_string(&world.config).expect("written");
    let without = |line: &str| {
        let kept = text.lines().filter(|own| !own.starts_with(line));
        fs::write(&world.config, kept.collect::<Vec<_>>().join("\n")).expect("written again");
    };
    without("company_id");
    refuses(world.command("sync orders"), "company_missing");
}

#[test]
fn refusals_of_a_database_that_takes_no_sql() {
    let world = World::of_orders(Vec::new()).with_database();
    let line = "connect supabase --apply-schema --yes";
    refuses(world.command(line), "schema_needs_postgres");
}

#[test]
fn refusals_of_a_database_without_its_tables() {
    let world = World::of_orders(vec![order(1)]).with_database_of(json!({ "tables": {} }));
    refuses(world.command("sync orders --to supabase"), "schema_gap");
}

#[test]
fn refusals_of_a_key_that_was_stored_for_another_shop() {
    let world = World::of_orders(vec![order(1)]);
    let key_file = world.home.path().join("test.key").display().to_string();
    let mut connect = world.command("connect woocommerce --from-env --key-file");
    connect.arg(&key_file);
    ran(connect.output().expect("it runs")).ends_with(0);
    let mut rotate = world.command("connect rotate-key");
    rotate.env("UDSYNC_NEW_KEY", A_KEY);
    refuses(rotate, "new_key_unasked");

    let text = fs::read_to_string(&world.config).expect("written");
    let moved = text.replace(&world.shop_url, "https://other.example");
    fs::write(&world.config, moved).expect("written again");
    let mut sync = world.command("sync orders");
    sync.env_remove("UDSYNC_WOOCOMMERCE_KEY")
        .env_remove("UDSYNC_WOOCOMMERCE_SECRET");
    refuses(sync, "key_of_another_shop");

    // A newer udsync may know more places for the key than this one.
    rusqlite::Connection::open(world.state())
        .and_then(|state| state.execute("UPDATE key_place SET place = 'moon'", []))
        .expect("written");
    refuses(world.command("connect rotate-key"), "key_place_unknown");
    rusqlite::Connection::open(world.state())
        .and_then(|state| state.execute("DROP TABLE key_place", []))
        .expect("spoilt");
    refuses(world.command("sync orders"), "state_unreadable");
}

#[test]
fn refusals_of_another_company_than_the_one_that_is_named() {
    let world = World::of_orders(Vec::new());
    put(
        &world,
        "books.env",
        "UDSYNC_QUICKBOOKS_CLIENT_ID=client-33333333\nUDSYNC_QUICKBOOKS_CLIENT_SECRET=secret-44444444\nUDSYNC_QUICKBOOKS_REFRESH_TOKEN=RT1-55555555\nUDSYNC_QUICKBOOKS_COMPANY_ID=77\n",
    );
    let connect = || {
        let lines = fs::File::open(world.home.path().join("books.env")).expect("written");
        let mut command =
            world.command("connect quickbooks --from-stdin --key-store file --allow-host");
        command.arg(&world.company_url).stdin(Stdio::from(lines));
        command
    };
    // The configuration names one, and standard input another.
    refuses(connect(), "other_books");
    let mut named = connect();
    named.env("UDSYNC_QUICKBOOKS_COMPANY_ID", "78");
    refuses(named, "other_company");
}

#[test]
fn refusals_of_a_plan_that_was_edited_by_hand() {
    let world = World::of_orders(vec![order(1)]);
    world.run("dry-run orders --out plan.json").ends_with(0);
    let path = world.home.path().join("plan.json");
    let plan = fs::read_to_string(&path).expect("saved");
    assert!(plan.contains("21.00"), "{plan}");
    fs::write(&path, plan.replace("21.00", "12.00")).expect("edited");
    refuses(world.command("apply plan.json"), "plan_edited");
    assert_eq!(world.postings(), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn refusals_of_what_this_machine_has_no_place_for() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::of_orders(Vec::new());
    let unit = ".config/systemd/user";
    let install = ["schedule", "install", "--systemd", "--user"];
    let mut homeless = world.command("");
    homeless.args(install).env_remove("HOME");
    refuses(homeless, "no_home");
    put(&world, ".config", "in the place of the folder");
    all_refuse(
        &world,
        &[
            (&["schedule", "install", "--launchd"], &[], "not_macos"),
            (&install, &[], "not_ours"),
            (
                &["schedule", "install", "--cron"],
                &[("PATH", "/nowhere")],
                "crontab_missing",
            ),
        ],
    );
    fs::remove_file(world.home.path().join(".config")).expect("removed");
    // A folder in which nobody can make one: the kernel's own.
    let config = world.home.path().join(".config");
    std::os::unix::fs::symlink("/proc/self/task", &config).expect("a link");
    let mut unwritable = world.command("");
    unwritable.args(install);
    refuses(unwritable, "unit_unwritten");
    fs::remove_file(&config).expect("removed");
    assert!(!world.home.path().join(unit).exists());

    let script = put(
        &world,
        "bin/crontab",
        "#!/bin/sh\necho you may not >&2\nexit 1\n",
    );
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it runs");
    let path = format!("{}:/usr/bin:/bin", world.home.path().join("bin").display());
    let line: &[&str] = &["schedule", "install", "--cron"];
    all_refuse(&world, &[(line, &[("PATH", &path)], "crontab_refused")]);

    let odd = put(
        &world,
        "two\nlines/udsync.toml",
        &fs::read_to_string(&world.config).expect("written"),
    );
    let mut broken = world.command("schedule install --cron --config");
    broken.arg(odd);
    refuses(broken, "path_unusable");
}

#[test]
fn refusals_of_flags_of_init_are_told_at_once() {
    let world = World::of_orders(Vec::new());
    let init = |more: &[&str]| {
        let mut command = world.command("init --no-input --yes");
        command.args(more);
        command
    };
    refuses(init(&["--deposit", "stripe"]), "flags_unclear");
    refuses(
        init(&["--deposit", "stripe=No Such Account"]),
        "answers_unknown",
    );
}

/// The reasons for which things were left out or remarked on, by the number of the record.
fn reasons(world: &World, line: &str) -> Vec<String> {
    let document = world.run(&format!("{line} --json")).json();
    let changes = document["changes"].as_array().expect("changes");
    let mut said: Vec<String> = changes
        .iter()
        .flat_map(|change| {
            let reason = change["reason"]["code"].as_str().into_iter();
            let warnings = change["warnings"].as_array().into_iter().flatten();
            let warnings = warnings.filter_map(|warning| warning["code"].as_str());
            reason
                .chain(warnings)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    said.sort();
    said
}

#[test]
fn products_that_become_no_items_say_why() {
    let product = |id: u64, fields: Value| {
        let mut product = json!({
            "id": id, "name": format!("Thing {id}"), "sku": format!("T-{id}"), "type": "simple", "status": "publish",
            "parent_id": 0, "price": "12.50", "regular_price": "12.50", "virtual": false, "downloadable": false,
            "purchasable": true, "description": "", "short_description": "", "manage_stock": false,
            "stock_quantity": null, "tax_status": "taxable", "categories": [], "attributes": [], "variations": [],
            "meta_data": [], "date_created_gmt": "2026-11-01T10:00:00", "date_modified_gmt": "2026-11-01T10:00:00"
        });
        for (field, value) in fields.as_object().expect("fields by name") {
            product[field] = value.clone();
        }
        product
    };
    let mut shop = crate::world::shop(Vec::new());
    shop["products"] = json!([
        product(1, json!({ "status": "draft" })),
        product(2, json!({ "type": "grouped" })),
        product(3, json!({ "type": "external" })),
        product(4, json!({ "type": "variable" })),
        product(5, json!({})),
    ]);
    let world = World::new(
        shop,
        crate::world::company(),
        &format!("{BOOKS}\n[books.products]\ncreate = false\n"),
    );
    assert_eq!(
        reasons(&world, "sync products"),
        [
            "items_not_made",
            "not_published",
            "sold_by_parts",
            "sold_by_variation",
            "sold_elsewhere"
        ]
    );
}

#[test]
fn what_was_posted_before_is_adopted_and_says_so() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders --yes").ends_with(0);
    fs::remove_file(world.state()).expect("the state is lost");
    let ran = world.run("sync orders --yes --json").ends_with(0).json();
    let line = format!("history {} --json", ran["run_id"].as_str().expect("a run"));
    let kept = world.run(&line).ends_with(0).json();
    assert_eq!(kept["changes"][0]["reason"]["code"], "adopted", "{kept}");
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}
