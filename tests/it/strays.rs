//! Strays: what somebody typed who did not know how it is meant, and what must not come of it.

use std::process::{Command, Stdio};

use crate::order::order;
use crate::supabase::run;
use crate::tokens;
use crate::world::{
    BOOKS, CLIENT_ID, CLIENT_SECRET, KEY, REALM, REFRESH_TOKEN, Ran, SECRET, World, company, shop,
};

const OTHER: &str = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";

fn world() -> World {
    World::of_orders(vec![order(1)])
}

/// The binary with the key to what is stored, and with nobody to ask.
fn stored(world: &World, line: &str) -> Command {
    let mut command = tokens::stored(world, line);
    command.stdin(Stdio::null());
    command
}

fn connect_shop(world: &World, url: &str) -> Ran {
    let line = format!("connect woocommerce --from-env --url {url}");
    let mut command = stored(world, &line);
    command
        .env("UDSYNC_WOOCOMMERCE_KEY", KEY)
        .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET);
    run(&mut command)
}

fn connect_books(world: &World) -> Ran {
    let mut command = stored(world, "connect quickbooks --from-env");
    command
        .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
        .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET)
        .env("UDSYNC_QUICKBOOKS_REFRESH_TOKEN", REFRESH_TOKEN)
        .env("UDSYNC_QUICKBOOKS_COMPANY_ID", REALM);
    run(&mut command)
}

#[test]
fn stored_keys_go_to_no_other_shop_than_the_one_they_are_for() {
    let world = world();
    let other = World::new(shop(Vec::new()), company(), BOOKS);
    connect_shop(&world, &world.shop_url).ends_with(0);
    connect_books(&world).ends_with(0);
    let text = std::fs::read_to_string(&world.config).expect("a configuration");
    let changed = text.replace(&world.shop_url, &other.shop_url);
    std::fs::write(&world.config, changed).expect("written");
    other.forget_requests();
    for line in [
        "sync orders --yes",
        "dry-run orders",
        "connect test woocommerce",
    ] {
        let told = run(&mut stored(&world, line)).ends_with(4);
        let said = format!("{}{}", told.out, told.err);
        assert!(
            said.contains("the stored key is for the shop"),
            "{line}: {said}"
        );
    }
    let asked = other.store("requests").to_string();
    assert!(!asked.contains("wc/v3"), "{asked}");

    // Nor does the other shop take the place of the one that is connected.
    let told = connect_shop(&world, &other.shop_url).ends_with(2);
    assert!(
        told.err.contains("is connected to the shop"),
        "{}",
        told.err
    );
    std::fs::write(&world.config, text).expect("written");
    run(&mut stored(&world, "sync orders --yes")).ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn a_key_that_only_one_command_knows_takes_no_key_s_place() {
    let world = world();
    let mut command = stored(
        &world,
        &format!(
            "connect woocommerce --from-env --key-store file --url {}",
            world.shop_url
        ),
    );
    command
        .env_remove("UDSYNC_KEY")
        .env("UDSYNC_WOOCOMMERCE_KEY", KEY)
        .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET);
    run(&mut command).ends_with(0);
    let mut rotate = stored(&world, "connect rotate-key");
    rotate.env_remove("UDSYNC_KEY").env("UDSYNC_NEW_KEY", OTHER);
    let told = run(&mut rotate).ends_with(2);
    assert!(
        told.err
            .contains("takes the place of a key in `UDSYNC_KEY`"),
        "{}",
        told.err
    );
    let mut test = stored(&world, "connect test woocommerce");
    run(test.env_remove("UDSYNC_KEY")).ends_with(0);
}

#[test]
fn a_connection_is_not_taken_from_under_a_run() {
    let world = world();
    connect_shop(&world, &world.shop_url).ends_with(0);
    connect_books(&world).ends_with(0);
    let delay =
        serde_json::json!({ "what": "delay", "ms": 3_000, "operation": "create SalesReceipt" });
    world.tell_books("mishaps", delay);
    let mut sync = stored(&world, "sync orders --yes");
    let child = sync.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("it starts");
    crate::world::until("the receipt is under way", || {
        world.books("mishaps")[0]["fired"] == 1
    });
    run(&mut stored(&world, "connect remove quickbooks --yes")).ends_with(11);
    assert!(child.wait().expect("it ends").success());
    run(&mut stored(&world, "connect remove quickbooks --yes")).ends_with(0);
    let list = run(&mut stored(&world, "connect list --json"))
        .ends_with(0)
        .out;
    assert!(!list.contains(REALM), "{list}");
}

#[test]
fn whoever_allows_no_questions_is_not_kept_waiting_for_a_browser() {
    let world = world();
    let mut command = stored(&world, "connect quickbooks --no-input");
    command
        .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
        .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET);
    let told = run(&mut command).ends_with(2);
    assert!(told.err.contains("`--from-env`"), "{}", told.err);
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_could_not_be_written_is_no_success() {
    let world = world();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let mut command = stored(&world, "connect list --json");
    let ended = command
        .stdout(full.expect("it is always there"))
        .stderr(Stdio::null())
        .status();
    assert_eq!(ended.expect("it runs").code(), Some(1));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_key_file_and_its_rights_are_left_alone() {
    let world = world();
    for place in ["/dev/null", "/dev"] {
        let mut command = stored(&world, "connect woocommerce --from-env");
        command
            .args([
                "--url",
                &world.shop_url,
                "--key-store",
                "file",
                "--key-file",
                place,
            ])
            .env_remove("UDSYNC_KEY")
            .env("UDSYNC_WOOCOMMERCE_KEY", KEY)
            .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET);
        let told = run(&mut command).ends_with(4);
        assert!(
            told.err.contains("is no file that can hold a key"),
            "{}",
            told.err
        );
        assert!(!told.err.contains("chmod"), "{}", told.err);
    }
}

#[test]
fn a_set_up_in_an_empty_folder_is_a_shop_of_its_own() {
    let world = world();
    let folder = world.home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("a folder");
    let theirs = folder.join("theirs.toml");
    let text = std::fs::read_to_string(&world.config).expect("a configuration");
    std::fs::write(&theirs, &text).expect("written");
    std::fs::remove_file(&world.config).expect("removed");
    let init = |name: &str| {
        let mut command = world.command("init --no-input --yes --leave-open --environment sandbox");
        command.args([
            "--url",
            &world.shop_url,
            "--quickbooks-url",
            &world.company_url,
        ]);
        command.args(["--company-id", REALM, "--name", name]);
        run(&mut command)
    };
    // The order carries a rate that the shop no longer has, so it is held.
    init("mine").ends_with(3);
    let mine = std::fs::read_to_string(&world.config).expect("a file here");
    assert!(mine.contains("name = \"mine\""), "{mine}");
    assert_eq!(std::fs::read_to_string(&theirs).expect("read"), text);
    let told = init("other").ends_with(2);
    assert!(
        told.err.contains("is that of the shop `mine`"),
        "{}",
        told.err
    );
    assert_eq!(std::fs::read_to_string(&world.config).expect("read"), mine);
}

#[test]
fn what_is_damaged_for_one_service_keeps_no_other_from_its_work() {
    let world = world();
    connect_shop(&world, &world.shop_url).ends_with(0);
    connect_books(&world).ends_with(0);
    let damage = |name: &str| {
        let state = rusqlite::Connection::open(world.state()).expect("the state file");
        let copied = state.execute(
            "INSERT INTO sealed SELECT ?1, key_id, zeroblob(40), at FROM sealed WHERE name = 'woocommerce'
             ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            [name],
        );
        assert_eq!(copied, Ok(1));
    };
    damage("supabase");
    run(&mut stored(&world, "sync orders --yes")).ends_with(0);
    damage("woocommerce");
    run(&mut stored(&world, "connect test quickbooks")).ends_with(0);
    let told = run(&mut stored(&world, "sync orders --yes")).ends_with(4);
    assert!(
        told.err.contains("`udsync connect woocommerce`"),
        "{}",
        told.err
    );
    connect_shop(&world, &world.shop_url).ends_with(0);
    run(&mut stored(&world, "sync orders --yes")).ends_with(0);
}
