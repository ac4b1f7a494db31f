//! Canaries: a word for every secret that stands nowhere else, looked for wherever a run leaves something.
//!
//! In the state file with its write-ahead log and its copies, in locks, logs at `-vv`, saved plans, the configuration, standard output and
//! error, the arguments of the process and of its children, and in the message of a panic. Neither in clear nor as base64, hexadecimal
//! or percent-encoded. What `/proc` shows of the environment is only what the process was given, and to its owner alone.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::json;
use udsync::app::keys::{Choice, Keys};
use udsync::app::strongbox::Strongbox;
use udsync::config::Credentials;
use udsync::model::clock::Clock;
use udsync::store::Store;

use crate::order::{order, unmapped};
use crate::packed::everything_in;
use crate::world::{BOOKS, World, company, ran, shop, until};

/// What the environment gives, canaries all.
const GIVEN: [(&str, &str); 9] = [
    (
        "UDSYNC_WOOCOMMERCE_KEY",
        "ck_canary0woo0key0canary0woo0key0canary0",
    ),
    (
        "UDSYNC_WOOCOMMERCE_SECRET",
        "cs_canary1woo1secret1canary1woo1secret1x",
    ),
    (
        "UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET",
        "canary2woo2webhook2secret",
    ),
    ("UDSYNC_QUICKBOOKS_CLIENT_ID", "canary3client3id3of3the3app"),
    (
        "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
        "canary4client4secret4of4the4app",
    ),
    (
        "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
        "RT1-canary5refresh5token5canary",
    ),
    (
        "UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN",
        "canary6intuit6webhook6verifier",
    ),
    ("UDSYNC_SUPABASE_KEY", "sb_secret_canary7supabase7key7"),
    (
        "UDSYNC_SUPABASE_DATABASE_URL",
        "postgresql://postgres:canary8password8of8the8database@db.example:5432/postgres",
    ),
];
const PASSPHRASE: &str = "canary9 passphrase9 of9 four9 words9";
/// 32 bytes, so that the bytes themselves are a canary as well.
const KEY_BYTES: &[u8; 32] = b"canaryA-the-master-key-canaryA!!";
const NEW_KEY_BYTES: &[u8; 32] = b"canaryB-another-new-key-canaryB!";

fn given(name: &str) -> &'static str {
    let found = GIVEN.iter().find(|(known, _)| *known == name);
    found.expect("a canary").1
}

fn world() -> World {
    let mut shop = shop(vec![order(1), unmapped(2)]);
    shop["keys"] = json!([{
        "key": given("UDSYNC_WOOCOMMERCE_KEY"), "secret": given("UDSYNC_WOOCOMMERCE_SECRET"), "permissions": "read"
    }]);
    let mut company = company();
    company["oauth"] = json!({
        "client_id": given("UDSYNC_QUICKBOOKS_CLIENT_ID"),
        "client_secret": given("UDSYNC_QUICKBOOKS_CLIENT_SECRET"),
        "refresh_token": given("UDSYNC_QUICKBOOKS_REFRESH_TOKEN"),
    });
    World::new(shop, company, BOOKS)
}

/// Every secret of this world, with the tokens that the books have handed out.
fn secrets(world: &World) -> Vec<Vec<u8>> {
    let mut secrets: Vec<Vec<u8>> = GIVEN
        .iter()
        .map(|(_, value)| value.as_bytes().to_vec())
        .collect();
    // The address of a database holds its password, which is the part that matters.
    secrets.push(b"canary8password8of8the8database".to_vec());
    secrets.push(PASSPHRASE.as_bytes().to_vec());
    for key in [KEY_BYTES, NEW_KEY_BYTES] {
        secrets.push(key.to_vec());
        secrets.push(STANDARD.encode(key).into_bytes());
    }
    let grants = &world.books("snapshot")["grants"];
    for token in grants["refresh"].as_array().into_iter().flatten() {
        secrets.push(token.as_str().expect("a token").as_bytes().to_vec());
    }
    for token in grants["access"].as_object().expect("access tokens").keys() {
        secrets.push(token.clone().into_bytes());
    }
    secrets
}

/// A secret as it could stand somewhere: as it is, in hexadecimal, percent-encoded, or somewhere inside of base64.
fn disguises(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let encoded = percent_encoding::percent_encode(secret, percent_encoding::NON_ALPHANUMERIC);
    let mut all = vec![
        secret.to_vec(),
        hex.clone().into_bytes(),
        hex.to_uppercase().into_bytes(),
        encoded.to_string().into_bytes(),
    ];
    // In base64 it looks different by what stands before it; the letters at its ends depend on its neighbours.
    for before in 0..3 {
        let mut padded = vec![0; before];
        padded.extend_from_slice(secret);
        padded.truncate(padded.len() - padded.len() % 3);
        let skip = if before == 0 { 0 } else { 4 };
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            all.push(engine.encode(&padded).into_bytes()[skip..].to_vec());
        }
    }
    all
}

/// How many bytes are compared before a disguise is looked at whole.
const HEAD: usize = 8;

/// The first of these secrets that is somewhere in there, as it stands there.
fn spotted(secrets: &[Vec<u8>], bytes: &[u8]) -> Option<String> {
    let mut by_head: HashMap<[u8; HEAD], Vec<Vec<u8>>> = HashMap::new();
    for disguise in secrets.iter().flat_map(|secret| disguises(secret)) {
        let head = disguise.first_chunk().expect("too short to look for");
        by_head.entry(*head).or_default().push(disguise);
    }
    let known = (0..bytes.len()).find_map(|at| {
        let rest = &bytes[at..];
        let candidates = by_head.get(rest.first_chunk::<HEAD>()?)?;
        candidates
            .iter()
            .find(|disguise| rest.starts_with(disguise))
    });
    known.map(|disguise| String::from_utf8_lossy(disguise).into_owned())
}

#[track_caller]
fn holds_none(world: &World, what: &str, bytes: &[u8]) {
    let found = spotted(&secrets(world), bytes);
    assert_eq!(found, None, "in {what}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

/// Looks into every file that this world has made; answers with their names.
#[track_caller]
fn files_hold_none(world: &World) -> Vec<String> {
    let all = files(world.home.path());
    for path in &all {
        let bytes = everything_in(&std::fs::read(path).expect("read"));
        holds_none(world, &path.display().to_string(), &bytes);
    }
    let name = |path: &PathBuf| {
        path.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    all.iter().map(name).collect()
}

#[track_caller]
fn says_none(world: &World, line: &str, output: &Output) {
    holds_none(world, &format!("stdout of `{line}`"), &output.stdout);
    holds_none(world, &format!("stderr of `{line}`"), &output.stderr);
}

fn command(world: &World, line: &str, environment: &[(&str, &str)]) -> Command {
    let mut command = world.command(line);
    for (name, _) in GIVEN {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    command
}

const LINES: [&str; 17] = [
    "dry-run orders -vv --out plan.json",
    "dry-run orders -vv --json --log-format json",
    "sync orders -vv --yes --log-file first.log",
    "sync orders --full --yes --json --log-format json --log-file second.log -vv",
    "sync orders --full --yes -vv --log-pii --log-file third.log",
    "retry --list -vv",
    "history -vv --json",
    "config show -vv",
    "config show --json",
    "config check",
    "connect list -vv",
    "connect list --json",
    "connect test -vv",
    "connect test --json",
    "doctor -vv",
    "doctor --json",
    "connect rotate-key -vv",
];

#[test]
fn what_the_environment_gives_is_left_nowhere() {
    let world = world();
    for line in LINES {
        let output = command(&world, line, &GIVEN).output().expect("it runs");
        says_none(&world, line, &output);
    }
    let names = files_hold_none(&world);
    for name in [
        "test.db",
        "test.db.lock",
        "plan.json",
        "first.log",
        "second.log",
        "udsync.toml",
    ] {
        assert!(
            names.iter().any(|found| found == name),
            "no {name} in {names:?}"
        );
    }
    let log = std::fs::read_to_string(world.home.path().join("first.log")).expect("a log");
    assert!(
        log.contains("/wc/v3/orders") && log.contains("/salesreceipt"),
        "it tells of requests: {log}"
    );
    let posted = world.documents().len();
    assert!(posted > 0, "the runs did their work");
}

/// Stores everything that `connect` stores, under this key.
fn store_all(world: &World, environment: &[(&str, &str)], choice: &Choice) {
    let value = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let credentials = Credentials::from_env(&value);
    let keys = Keys::new("test", &credentials, None);
    let store = Store::open(&world.state()).expect("a state");
    keys.begin(&store, choice).expect("a key");
    let clock = Clock::new(chrono::Utc::now);
    let strongbox = Strongbox::new(Arc::new(store), clock, keys, &credentials);
    let own = |name: &str| given(name).to_owned();
    let rows = [
        (
            "woocommerce",
            json!({
                "key": own("UDSYNC_WOOCOMMERCE_KEY"),
                "secret": own("UDSYNC_WOOCOMMERCE_SECRET")
            }),
        ),
        (
            "quickbooks.app",
            json!({
                "client_id": own("UDSYNC_QUICKBOOKS_CLIENT_ID"),
                "client_secret": own("UDSYNC_QUICKBOOKS_CLIENT_SECRET")
            }),
        ),
        (
            "quickbooks.hosts",
            json!({ "origins": [world.company_url.clone()] }),
        ),
        (
            "supabase",
            json!({
                "key": own("UDSYNC_SUPABASE_KEY"),
                "database_url": own("UDSYNC_SUPABASE_DATABASE_URL")
            }),
        ),
    ];
    for (name, secret) in rows {
        strongbox
            .save(name, &secret.to_string().into())
            .expect("kept");
    }
}

#[test]
fn what_is_stored_is_left_nowhere_in_clear() {
    let world = world();
    let key = STANDARD.encode(KEY_BYTES);
    let new_key = STANDARD.encode(NEW_KEY_BYTES);
    let unlocking = [("UDSYNC_KEY", key.as_str())];
    store_all(&world, &unlocking, &Choice::Given);
    let connect = command(&world, "connect quickbooks --from-env -vv", &GIVEN)
        .env("UDSYNC_KEY", &key)
        .output();
    let connect = connect.expect("it runs");
    says_none(&world, "connect quickbooks", &connect);
    let connected = ran(connect).ends_with(0);
    assert!(!connected.out.is_empty() || !connected.err.is_empty());
    for line in LINES.iter().filter(|line| !line.contains("rotate-key")) {
        let output = command(&world, line, &unlocking).output().expect("it runs");
        says_none(&world, line, &output);
    }
    assert!(
        !world.documents().is_empty(),
        "the runs did their work with what is stored"
    );
    files_hold_none(&world);

    let both = [
        ("UDSYNC_KEY", key.as_str()),
        ("UDSYNC_NEW_KEY", new_key.as_str()),
    ];
    let line = "connect rotate-key -vv --json";
    let output = command(&world, line, &both).output().expect("it runs");
    says_none(&world, line, &output);
    assert_eq!(ran(output).ends_with(0).json()["old_key"], "given");
    files_hold_none(&world);

    // Killed in the middle, with its log still beside it.
    world.tell_store("mishaps", json!({ "what": "delay", "ms": 60_000 }));
    let mut child = command(
        &world,
        "sync orders --full --yes -vv --log-file killed.log",
        &[("UDSYNC_KEY", &new_key)],
    )
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .expect("it starts");
    until("the state is open", || {
        std::fs::metadata(world.home.path().join("test.db-wal")).is_ok()
    });
    let arguments =
        std::fs::read(format!("/proc/{}/cmdline", child.id())).expect("what `ps` shows");
    assert!(arguments.starts_with(b"/"), "{arguments:?}");
    holds_none(&world, "what `ps` shows", &arguments);
    let environment = std::fs::metadata(format!("/proc/{}/environ", child.id())).expect("there");
    assert_eq!(
        environment.permissions().mode() & 0o077,
        0,
        "for its owner alone"
    );
    child.kill().expect("killed");
    child.wait().expect("ended");
    let names = files_hold_none(&world);
    assert!(names.iter().any(|name| name == "test.db-wal"), "{names:?}");
}

#[test]
fn a_wrong_key_and_a_wrong_passphrase_are_not_repeated() {
    let world = world();
    let key = STANDARD.encode(KEY_BYTES);
    store_all(
        &world,
        &[],
        &Choice::Passphrase(PASSPHRASE.to_owned().into()),
    );
    let wrong = format!("{PASSPHRASE} and more");
    type Try<'a> = (&'a str, &'a [(&'a str, &'a str)], i32);
    let tries: [Try; 4] = [
        ("dry-run orders -vv", &[("UDSYNC_PASSPHRASE", &wrong)], 4),
        ("dry-run orders -vv --json", &[("UDSYNC_KEY", &key)], 4),
        (
            "connect rotate-key -vv",
            &[
                ("UDSYNC_PASSPHRASE", PASSPHRASE),
                ("UDSYNC_NEW_PASSPHRASE", &wrong),
            ],
            0,
        ),
        ("dry-run orders", &[("UDSYNC_PASSPHRASE", PASSPHRASE)], 4),
    ];
    for (line, environment, code) in tries {
        let output = command(&world, line, environment)
            .output()
            .expect("it runs");
        says_none(&world, line, &output);
        ran(output).ends_with(code);
    }
    // A key that is half of one, and one with a letter too many.
    for mistyped in [&key[..30], &format!("{key}x")] {
        let output = command(&world, "dry-run orders", &[("UDSYNC_KEY", mistyped)])
            .output()
            .expect("it runs");
        says_none(&world, "a mistyped key", &output);
        let told = ran(output).ends_with(4);
        assert!(!told.err.contains(&mistyped[..20]), "{}", told.err);
    }
    files_hold_none(&world);
}

/// A key file holds the key, in base64 and for its owner alone; it is the only file that does.
#[test]
fn the_key_is_in_its_file_and_nowhere_else() {
    let world = world();
    let path = world.home.path().join("shop.key");
    std::fs::write(&path, STANDARD.encode(KEY_BYTES)).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
    store_all(&world, &[], &Choice::File(path.clone()));
    let output = command(&world, "sync orders -vv --yes", &GIVEN[3..6])
        .output()
        .expect("it runs");
    says_none(&world, "sync", &output);
    ran(output).ends_with(3);
    let hidden = std::fs::read(&path).expect("read");
    std::fs::remove_file(&path).expect("set aside");
    files_hold_none(&world);
    assert_eq!(
        hidden,
        STANDARD.encode(KEY_BYTES).as_bytes(),
        "and it stays as it was"
    );
}

/// Whoever writes `{:?}` of something into the message of a panic gives nothing away.
#[test]
fn the_message_of_a_panic_holds_none() {
    let world = world();
    let environment: Vec<(&str, String)> = GIVEN
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .chain([
            ("UDSYNC_KEY", STANDARD.encode(KEY_BYTES)),
            ("UDSYNC_NEW_KEY", STANDARD.encode(NEW_KEY_BYTES)),
            ("UDSYNC_PASSPHRASE", PASSPHRASE.to_owned()),
        ])
        .collect();
    let value = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    };
    let credentials = Credentials::from_env(&value);
    let keys = Keys::new("test", &credentials, None);
    let store = Store::in_memory().expect("a state");
    keys.begin(&store, &Choice::Given).expect("a key");
    let found = keys.find(&store).expect("found");
    let report = keys.report(&store).expect("a report");
    let choice = Choice::Passphrase(PASSPHRASE.to_owned().into());
    let panicked = std::panic::catch_unwind(|| {
        panic!("{credentials:?} {found:?} {report:?} {choice:?}");
    });
    let message = panicked.expect_err("it panics");
    let message = message.downcast_ref::<String>().expect("words");
    assert!(message.contains("UDSYNC_WOOCOMMERCE_KEY"), "{message}");
    holds_none(&world, "a panic", message.as_bytes());
}

#[test]
fn a_canary_is_seen_in_every_disguise() {
    let world = world();
    let secret = given("UDSYNC_WOOCOMMERCE_SECRET");
    let pair = format!("{}:{secret}", given("UDSYNC_WOOCOMMERCE_KEY"));
    for text in [
        format!("x{secret}y"),
        STANDARD.encode(&pair),
        STANDARD.encode(format!("a{pair}")),
        URL_SAFE_NO_PAD.encode(format!("ab{pair}b")),
        KEY_BYTES.iter().map(|byte| format!("{byte:02x}")).collect(),
    ] {
        let seen = spotted(&secrets(&world), text.as_bytes());
        assert!(seen.is_some(), "{text} was not seen");
    }
}
