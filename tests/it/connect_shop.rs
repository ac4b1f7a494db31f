//! Connecting a shop through the real binary: what is found in whatever was pasted, what is stored, and what each refusal says.
//!
//! After every refusal the folder is as empty as before: nothing is stored that has not worked.

use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::odd;
use crate::order::{order, with};
use crate::supabase::{MASTER, run};
use crate::world::{BOOKS, KEY, SECRET, World, bare_command, company, ran, shop};

/// A world whose home has no configuration yet.
fn world_of(shop: Value) -> World {
    let world = World::new(shop, company(), BOOKS);
    std::fs::remove_file(&world.config).expect("it was written");
    world
}

fn world() -> World {
    world_of(shop(vec![order(1042)]))
}

fn connect(world: &World, line: &str) -> Command {
    let mut command = bare_command(world.home.path());
    command
        .args(["connect", "woocommerce", "--from-env"])
        .args(line.split_whitespace())
        .env("UDSYNC_WOOCOMMERCE_KEY", KEY)
        .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET)
        .env("UDSYNC_KEY", MASTER)
        .env("UDSYNC_FIRST_PAUSE_MS", "5");
    command
}

fn files(world: &World) -> Vec<String> {
    let files = std::fs::read_dir(world.home.path()).expect("a folder");
    files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

/// The command is refused so, in words and as a document, and leaves nothing behind.
#[track_caller]
fn refused(
    world: &World,
    mut command: impl FnMut() -> Command,
    exit: i32,
    code: &str,
    words: &str,
) {
    let text = run(&mut command()).ends_with(exit);
    assert_eq!(text.out, "", "{}", text.err);
    assert!(text.err.contains(words), "{}", text.err);
    assert!(text.err.contains("hint: "), "{}", text.err);
    let json = run(command().arg("--json")).ends_with(exit);
    assert_eq!(json.json()["code"], code, "{}", json.out);
    assert_eq!(files(world), Vec::<String>::new(), "nothing is stored");
}

#[test]
fn a_shop_is_connected_and_then_synced_without_keys_in_the_environment() {
    let world = world();
    let pasted = format!("--url {}/product/trail-mug/?color=red", world.shop_url);
    let told = run(&mut connect(&world, &format!("{pasted} --name aurora"))).ends_with(0);
    for words in [
        "shop         Test shop",
        "currency     CAD, 2 decimals",
        "time zone    America/Edmonton",
        "prices       entered without tax",
        "CA-BC-PST-2 7 %",
        "stripe (Credit Card (Stripe))",
        "on-hold",
        "orders       in tables of their own",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    let config = std::fs::read_to_string(&world.config).expect("it was begun");
    assert!(config.contains("name = \"aurora\""), "{config}");
    let url = format!("[woocommerce]\nurl = \"{}\"\n", world.shop_url);
    assert!(config.ends_with(&url), "{config}");
    assert!(!config.contains(SECRET) && !told.out.contains(SECRET));

    // The rest of the configuration comes from elsewhere; the address and the keys are those just stored.
    world.configure(BOOKS);
    let state = world.home.path().join(".local/state/udsync/aurora.db");
    let mut sync = world.command("sync orders --yes");
    sync.env_remove("UDSYNC_WOOCOMMERCE_KEY")
        .env_remove("UDSYNC_WOOCOMMERCE_SECRET")
        .env("UDSYNC_KEY", MASTER)
        .env("UDSYNC_STATE", &state);
    run(&mut sync).ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1042 21.00 active"]);
}

#[test]
fn the_document_says_what_was_found() {
    let world = world();
    let command = &mut connect(&world, "--json");
    let document = run(command.env("UDSYNC_URL", &world.shop_url))
        .ends_with(0)
        .json();
    assert_eq!(document["schema"], "udsync/connect/1");
    assert_eq!(document["name"], "woocommerce");
    assert_eq!(document["shop"]["currency"], "CAD");
    assert_eq!(document["shop"]["storage"], "tables");
    assert_eq!(document["key_may_write"], false);
    let notes = document["notes"].as_array().expect("notes");
    assert_eq!(notes.len(), 1, "{notes:?}");
    let told = notes[0].as_str().expect("text");
    assert!(
        told.contains(
            "deleted for good, are in no list of changes; so every order is read again once a day"
        ),
        "{told}"
    );
    let storage = document["shop"]["rates"][0]["percent"].as_str().is_some();
    assert!(storage, "percentages are text");
}

#[test]
fn an_edit_that_moves_no_time_is_found_on_the_day_after_and_not_doubled() {
    // The second one is a day younger, so that the first lies far behind the cursor.
    let later = json!({ "date_modified": "2026-11-03T10:01:00", "date_modified_gmt": "2026-11-03T17:01:00" });
    let mut posts = shop(vec![order(1042), with(order(1043), later)]);
    posts["storage"] = json!("posts");
    let world = world_of(posts);
    let told = run(&mut connect(
        &world,
        &format!("--url {} --name test", world.shop_url),
    ));
    let told = told.ends_with(0);
    assert!(told.err.contains("keeps orders as posts"), "{}", told.err);
    assert!(
        told.err.contains("every order is read again once a day"),
        "{}",
        told.err
    );
    let config = std::fs::read_to_string(&world.config).expect("it was begun");
    assert!(config.contains("full_sweep = \"1d\""), "{config}");

    world.configure(BOOKS);
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("[quickbooks]", "full_sweep = \"1d\"\n[quickbooks]");
    std::fs::write(&world.config, text).expect("written");
    world.run("sync orders --yes").ends_with(0);
    let mut changed = order(1042);
    changed["total"] = json!("31.00");
    changed["line_items"][0]["total"] = json!("30.00");
    changed["line_items"][0]["subtotal"] = json!("30.00");
    world.put_order(&changed, &json!([]), true);
    let before = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(before.json()["mode"], "incremental");
    assert_eq!(before.figure("updated"), 0, "nothing tells of it");
    assert!(!before.err.contains("full_sweep"), "{}", before.err);

    let yesterday = |state: &Connection| {
        let moved = state.execute(
            "UPDATE kept SET at = '2020-01-01T00:00:00.000Z' WHERE name LIKE 'sweep of %'",
            [],
        );
        assert_eq!(moved, Ok(1), "the first read was whole");
    };
    yesterday(&Connection::open(world.state()).expect("the state"));
    let foreseen = world.run("dry-run orders --json").ends_with(0);
    assert_eq!(foreseen.json()["mode"], "full");
    let swept = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(swept.json()["mode"], "full");
    assert!(
        swept
            .err
            .contains("every order is read again (last on 2019-12-31 17:00"),
        "{}",
        swept.err
    );
    assert_eq!(swept.figure("updated"), 1, "what moved no time is found");
    // One document as before, which is as the order is now.
    let postings = [
        "SalesReceipt WC-1042 31.00 active",
        "SalesReceipt WC-1043 21.00 active",
    ];
    assert_eq!(world.postings(), postings);
    let after = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(after.json()["mode"], "incremental");
}

#[test]
fn keys_that_do_not_work_are_told_apart_and_not_stored() {
    let world = world();
    let url = format!("--url {}", world.shop_url);
    let with_env = |name: &str, value: &str| {
        let mut command = connect(&world, &url);
        command.env(name, value);
        command
    };
    let unknown = "ck_9999999999999999999999999999999999999999";
    let key = || with_env("UDSYNC_WOOCOMMERCE_KEY", unknown);
    refused(
        &world,
        key,
        4,
        "store_credentials_refused",
        "does not know these keys",
    );
    let wrong = "cs_9999999999999999999999999999999999999999";
    let secret = || with_env("UDSYNC_WOOCOMMERCE_SECRET", wrong);
    refused(
        &world,
        secret,
        4,
        "store_secret_refused",
        "but not with this secret",
    );
    let half = || with_env("UDSYNC_WOOCOMMERCE_SECRET", "");
    refused(
        &world,
        half,
        4,
        "credentials_missing",
        "`UDSYNC_WOOCOMMERCE_SECRET` is not in the environment",
    );

    // Pasted the wrong way round, they are still the right ones.
    let mut swapped = with_env("UDSYNC_WOOCOMMERCE_KEY", SECRET);
    swapped.env("UDSYNC_WOOCOMMERCE_SECRET", KEY);
    run(&mut swapped).ends_with(0);

    for (rights, words) in [
        (json!({ "permissions": "write" }), "the key may not read"),
        (json!({ "role": "customer" }), "may not see the orders"),
    ] {
        let mut shop = shop(vec![order(1042)]);
        shop["keys"][0] = with(json!({ "key": KEY, "secret": SECRET }), rights);
        let world = world_of(shop);
        let url = format!("--url {}", world.shop_url);
        refused(
            &world,
            || connect(&world, &url),
            4,
            "store_rights_missing",
            words,
        );
    }
}

#[test]
fn a_key_that_may_write_is_enough_and_too_much() {
    let mut shop = shop(vec![order(1042)]);
    shop["keys"][0]["permissions"] = json!("read_write");
    let world = world_of(shop);
    let told = run(&mut connect(&world, &format!("--url {}", world.shop_url))).ends_with(0);
    assert!(
        told.err.contains("Read permission is enough"),
        "{}",
        told.err
    );
    let writes = world.store("requests");
    assert!(
        !writes.to_string().contains("\"POST\""),
        "nothing is written to find out"
    );
}

#[test]
fn what_stands_before_the_shop_is_named() {
    let behind = |https: bool, drops: bool| {
        let mut shop = shop(vec![order(1042)]);
        shop["https"] = json!(https);
        shop["drop_authorization"] = json!(drops);
        let world = world_of(shop);
        let url = format!("--url {}", odd::tls_before(&world.shop_url));
        (world, url)
    };
    let trusting = |world: &World, url: &str| {
        let mut command = connect(world, url);
        command.env("SSL_CERT_FILE", odd::authority());
        command
    };
    let (hidden, url) = behind(false, false);
    refused(
        &hidden,
        || trusting(&hidden, &url),
        2,
        "store_tls_hidden",
        "believes that they came over plain HTTP",
    );
    refused(
        &hidden,
        || connect(&hidden, &url),
        5,
        "store_tls",
        "could not trust the shop",
    );

    // A header that is dropped on the way costs nothing: the keys go in the query, over TLS.
    let (dropped, url) = behind(true, true);
    run(&mut trusting(&dropped, &url)).ends_with(0);

    let world = world();
    refused(
        &world,
        || connect(&world, "--url http://shop.invalid"),
        2,
        "store_plain_http",
        "so nothing was sent",
    );
    refused(
        &world,
        || connect(&world, "--url shop.invalid/wp-admin/"),
        5,
        "store_unreachable",
        "no host has this name",
    );
    world.tell_store("mishaps", json!({ "what": "rest_disabled", "times": null }));
    let url = format!("--url {}", world.shop_url);
    refused(
        &world,
        || connect(&world, &url),
        2,
        "store_api_blocked",
        "has its API closed (`rest_disabled`)",
    );
}

#[test]
fn what_is_no_shop_gets_no_key() {
    let world = world();
    let is = |answer: fn(&str) -> Option<(u16, String)>| format!("--url {}", odd::site(answer));
    let nothing = is(|_| None);
    refused(
        &world,
        || connect(&world, &nothing),
        2,
        "store_url_wrong",
        "no WordPress answers at",
    );
    let blog = is(|path| {
        let index = r#"{"name":"A blog","namespaces":["oembed/1.0","wp/v2"]}"#;
        (path == "/wp-json/").then(|| (200, index.to_owned()))
    });
    refused(
        &world,
        || connect(&world, &blog),
        2,
        "store_woocommerce_missing",
        "has no WooCommerce API",
    );
    // The home page answers `/?rest_route=/`, and nothing else does.
    let plain = is(|path| {
        let index = r#"{"name":"A shop","namespaces":["wc/v3","wp/v2"]}"#;
        (path == "/").then(|| (200, index.to_owned()))
    });
    refused(
        &world,
        || connect(&world, &plain),
        2,
        "store_permalinks_plain",
        "has plain permalinks",
    );
}

#[test]
fn a_state_that_belongs_to_another_shop_is_not_given_to_this_one() {
    let world = World::of_orders(vec![order(1042)]);
    world.run("sync orders --yes").ends_with(0);
    let other = self::world();
    let before = std::fs::read_to_string(&world.config).expect("the configuration");
    let url = format!("--url {}", other.shop_url);
    let told = run(&mut connect(&world, &url)).ends_with(2);
    assert!(told.err.contains("belongs to other books"), "{}", told.err);
    assert!(told.err.contains("`--state FILE`"), "{}", told.err);
    let after = std::fs::read_to_string(&world.config).expect("the configuration");
    assert_eq!(before, after);
}

#[test]
fn lines_on_standard_input_and_comments_that_stay() {
    let world = World::of_orders(vec![order(1042)]);
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("[woocommerce]", "# ours since May\n[woocommerce]");
    std::fs::write(&world.config, &text).expect("written");
    let mut command = bare_command(world.home.path());
    command
        .args(["connect", "woocommerce", "--from-stdin"])
        .env("UDSYNC_KEY", MASTER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let lines = format!(
        "# keys\nexport UDSYNC_WOOCOMMERCE_KEY=\"{KEY}\"\nUDSYNC_WOOCOMMERCE_SECRET={SECRET}\n"
    );
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), lines.as_bytes())
        .expect("written");
    ran(child.wait_with_output().expect("it ends")).ends_with(0);
    let after = std::fs::read_to_string(&world.config).expect("the configuration");
    assert_eq!(after, text, "the address was there already");
}

#[test]
fn nobody_to_ask_is_told_with_the_flags_that_answer() {
    let world = world();
    let bare = |line: &str| {
        let mut command = bare_command(world.home.path());
        command
            .args(["connect", "woocommerce"])
            .args(line.split_whitespace());
        command
    };
    refused(
        &world,
        || bare(""),
        2,
        "answer_needed",
        "answer with `--url URL`",
    );
    let url = format!("--url {}", world.shop_url);
    refused(&world, || bare(&url), 2, "answer_needed", "`--from-env`");
    let both = run(&mut bare("--from-env --from-stdin")).ends_with(2);
    assert!(both.err.contains("--from-stdin"), "{}", both.err);
}
