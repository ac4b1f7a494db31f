//! Keyring: the key to what is stored, in a real Secret Service, and everything that such a service can be besides present.
//!
//! Each session is a message bus of its own with gnome-keyring on it; the home folder is that of the test's world, so that what one session
//! keeps the next one finds. Where gnome-keyring is not installed, the tests that need it say so on a line of their own; with
//! `UDSYNC_NEEDS_KEYRING` set, that is a failure.

use std::io::Write;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use udsync::store::{Secrets, Store};

use crate::order::order;
use crate::world::{Ran, World, bare_command, ran};

/// Unlocks a keyring, making it where there is none.
const UNLOCK: &str =
    "printf \"$PASSWORD\" | gnome-keyring-daemon --unlock --components=secrets > keyring.log 2>&1";

/// Absent and locked are told apart within this.
const SOON: Duration = Duration::from_secs(2);

/// Whether there is a service to test with.
fn is_here(test: &str) -> bool {
    let found = |program: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    };
    if found("gnome-keyring-daemon") && found("dbus-run-session") {
        return true;
    }
    assert!(
        std::env::var_os("UDSYNC_NEEDS_KEYRING").is_none(),
        "gnome-keyring and dbus have to be installed here"
    );
    // Past the test runner, which keeps to itself what a test prints.
    let line = format!("keyring::{test} did not run: it needs gnome-keyring and dbus\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    false
}

/// Runs a line of shell in a session of its own. `udsync` is the binary; what it prints is kept apart from what the services of the
/// session print.
fn session(world: &World, home: &Path, password: &str, line: &str) -> Ran {
    let [out, err] = ["answer", "said"].map(|name| world.home.path().join(name));
    for file in [&out, &err] {
        std::fs::write(file, "").expect("emptied");
    }
    let line = format!("udsync() {{ \"$UDSYNC\" \"$@\" >> answer 2>> said; }}; {line}");
    let bare = bare_command(home);
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c", &line])
        .current_dir(world.home.path())
        .env_clear();
    for (name, value) in bare.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("PASSWORD", password)
        .env("UDSYNC", bare.get_program());
    let session = command.output().expect("a session");
    let read = |file| std::fs::read_to_string(file).expect("printed");
    Ran {
        code: session.status.code().unwrap_or(-1),
        out: read(out),
        err: read(err),
    }
}

fn world() -> World {
    World::of_orders(vec![order(1)])
}

/// Stores the keys of the shop, with the key to them in the keyring.
fn connect(world: &World) -> String {
    use crate::world::{KEY, SECRET};
    format!(
        "UDSYNC_WOOCOMMERCE_KEY={KEY} UDSYNC_WOOCOMMERCE_SECRET={SECRET} udsync connect woocommerce --url {} --from-env --no-input",
        world.shop_url
    )
}

/// Something that needs what is stored, with how long it took in milliseconds on the last line of standard error.
fn look() -> String {
    use crate::world::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};
    format!(
        "began=$(date +%s%N); UDSYNC_QUICKBOOKS_CLIENT_ID={CLIENT_ID} UDSYNC_QUICKBOOKS_CLIENT_SECRET={CLIENT_SECRET} \
         UDSYNC_QUICKBOOKS_REFRESH_TOKEN={REFRESH_TOKEN} udsync dry-run orders --json; code=$?; \
         echo $(( ($(date +%s%N) - began) / 1000000 )) >> said; exit $code"
    )
}

#[track_caller]
fn refused(ran: Ran, code: &str) -> Value {
    let ran = ran.ends_with(4);
    let error = ran.json();
    assert_eq!(error["code"], code, "{error}");
    let took = ran.err.lines().last().unwrap_or_default();
    let took: u64 = took.trim().parse().expect("milliseconds");
    assert!(
        Duration::from_millis(took) < SOON,
        "it took {took} ms to say {code}"
    );
    error
}

#[test]
fn the_key_is_kept_across_processes_and_sessions() {
    if !is_here("the_key_is_kept_across_processes_and_sessions") {
        return;
    }
    let world = world();
    let home = world.home.path();
    let connected = session(
        &world,
        home,
        "pw",
        &format!("{UNLOCK}; {}", connect(&world)),
    );
    let connected = connected.ends_with(0);
    assert!(
        connected.err.contains("is in the keyring"),
        "{}",
        connected.err
    );
    for _ in 0..2 {
        let line = format!("{UNLOCK}; {}", look());
        let seen = session(&world, home, "pw", &line).ends_with(0);
        assert_eq!(seen.figure("created"), 1);
    }
    // Another key, and it is found again as well.
    let line = format!("{UNLOCK}; udsync connect rotate-key --quiet && {}", look());
    let rotated = session(&world, home, "pw", &line).ends_with(0);
    assert!(
        rotated
            .out
            .starts_with("1 secret is sealed with a new key, in the keyring"),
        "{}",
        rotated.out
    );
    session(&world, home, "pw", &format!("{UNLOCK}; {}", look())).ends_with(0);
}

#[test]
fn locked_absent_and_empty_are_told_apart_at_once() {
    if !is_here("locked_absent_and_empty_are_told_apart_at_once") {
        return;
    }
    let world = world();
    let home = world.home.path();
    session(
        &world,
        home,
        "pw",
        &format!("{UNLOCK}; {}", connect(&world)),
    )
    .ends_with(0);
    let kept = || {
        let store = Store::open_read_only(&world.state()).expect("readable");
        let store = store.expect("there");
        (store.sealed("woocommerce"), store.key_place())
    };
    let before = kept();

    // Never unlocked: the service starts by itself and finds nobody who could type.
    let locked = refused(session(&world, home, "", &look()), "keyring_locked");
    assert!(
        locked["hint"]
            .as_str()
            .expect("a hint")
            .contains("unlock it")
    );
    let line = format!("{UNLOCK}; {}", look());
    refused(session(&world, home, "wrong", &line), "keyring_locked");

    // No bus at the address, and no address.
    for address in ["unix:path=/nowhere", ""] {
        let line = format!(
            "export DBUS_SESSION_BUS_ADDRESS={address} XDG_RUNTIME_DIR=/nowhere; {}",
            look()
        );
        let absent = refused(session(&world, home, "", &line), "keyring_absent");
        let hint = absent["hint"].as_str().expect("a hint");
        assert!(hint.contains("--key-store file"), "{hint}");
    }

    // Another user's, or a new one.
    let other = tempfile::tempdir().expect("a folder");
    let line = format!("{UNLOCK}; {}", look());
    let empty = refused(session(&world, other.path(), "pw", &line), "keyring_empty");
    let said = empty["message"].as_str().expect("words");
    assert!(said.contains("although credentials are stored"), "{said}");

    assert_eq!(kept(), before, "what is stored stays as it was");
    session(&world, home, "pw", &format!("{UNLOCK}; {}", look())).ends_with(0);
}

#[test]
fn a_service_that_was_never_set_up_takes_no_key() {
    if !is_here("a_service_that_was_never_set_up_takes_no_key") {
        return;
    }
    let world = world();
    let line = format!("{} --json", connect(&world));
    let refused = session(&world, world.home.path(), "", &line).ends_with(4);
    let error = refused.json();
    assert_eq!(error["code"], "key_store_unchosen");
    let hint = error["hint"].as_str().expect("a hint");
    assert!(hint.contains("--key-store file"), "{hint}");
}

/// Needs no service: this one takes every question and answers none, as one does that waits for its dialog.
#[test]
fn a_keyring_that_does_not_answer_does_not_hang() {
    let world = world();
    let socket = world.home.path().join("bus");
    let listener = UnixListener::bind(&socket).expect("a socket");
    std::thread::spawn(move || {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept() {
            held.push(stream);
        }
    });
    let began = Instant::now();
    let line = format!(
        "connect woocommerce --url {} --from-env --no-input --json",
        world.shop_url
    );
    let mut command = world.command(&line);
    command.env(
        "DBUS_SESSION_BUS_ADDRESS",
        format!("unix:path={}", socket.display()),
    );
    let refused = ran(command.output().expect("it runs")).ends_with(4);
    // Starting, asking the shop and giving up.
    assert!(began.elapsed() < SOON + SOON, "{:?}", began.elapsed());
    let error = refused.json();
    assert_eq!(error["code"], "key_store_unchosen");
    let said = error["message"].as_str().expect("words");
    assert!(said.contains("did not answer in time"), "{said}");
}

#[test]
fn without_a_keyring_the_key_goes_where_the_flag_says() {
    let world = world();
    let connect = |flags: &str| {
        let line = format!(
            "connect woocommerce --url {} --from-env --no-input {flags}",
            world.shop_url
        );
        world.run(&line)
    };
    let refused = connect("--json").ends_with(4).json();
    assert_eq!(refused["code"], "key_store_unchosen");
    let said = refused["message"].as_str().expect("words");
    assert!(said.contains("no keyring answers here"), "{said}");
    let refused = connect("--json --key-store keyring").ends_with(4).json();
    assert_eq!(refused["code"], "keyring_absent");
    let refused = connect("--json --key-store passphrase").ends_with(4).json();
    assert_eq!(refused["code"], "passphrase_missing");
    let told = connect("--key-store file").ends_with(0);
    assert!(told.err.contains(".config/udsync/test.key"), "{}", told.err);
    connect("").ends_with(0);
    let refused = connect("--json --key-store passphrase").ends_with(2).json();
    assert_eq!(refused["code"], "key_elsewhere");
    assert!(
        refused["hint"]
            .as_str()
            .expect("a hint")
            .contains("rotate-key")
    );
}

/// The words and the exit code of a key that is not there, given wrongly, or open to others, through the binary.
#[test]
fn a_key_that_is_not_to_be_had_has_words_and_code_4() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    let world = world();
    let connect = format!("connect woocommerce --url {} --from-env", world.shop_url);
    world
        .run(&format!("{connect} --key-store file"))
        .ends_with(0);
    let key = world.home.path().join(".config/udsync/test.key");
    let stored = |given: &[(&str, &str)]| {
        let mut command = world.command("dry-run orders --json");
        command
            .env_remove("UDSYNC_WOOCOMMERCE_KEY")
            .env_remove("UDSYNC_WOOCOMMERCE_SECRET")
            .envs(given.iter().copied());
        ran(command.output().expect("it runs"))
    };
    stored(&[]).ends_with(0);
    let other = STANDARD.encode([9; 32]);
    for (given, code) in [
        (("UDSYNC_KEY", other.as_str()), "key_wrong"),
        (("UDSYNC_KEY", "mistyped"), "key_mistyped"),
        (("UDSYNC_KEY_FILE", "/nowhere/at.key"), "key_file_missing"),
    ] {
        let error = stored(&[given]).ends_with(4).json();
        assert_eq!(error["code"], code);
        assert!(!error.to_string().contains(&other), "{error}");
    }
    let chmod = |mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    chmod(0o644);
    let error = stored(&[]).ends_with(4).json();
    assert_eq!(error["code"], "key_file_open");
    let hint = error["hint"].as_str().expect("a hint");
    assert!(hint.contains("`chmod 600 "), "{hint}");
    chmod(0o600);

    // Lost: nothing is forgotten before somebody says so.
    let refused = world.run("connect rotate-key --forget --json").ends_with(2);
    assert_eq!(refused.json()["code"], "key_not_lost");
    let line = "connect rotate-key --forget --yes --json";
    let hidden = world.command(line).env("UDSYNC_KEY", &other).output();
    let hidden = ran(hidden.expect("it runs")).ends_with(4);
    assert_eq!(
        hidden.json()["code"],
        "key_wrong",
        "another key is given, and this one is not lost"
    );
    stored(&[]).ends_with(0);
    std::fs::remove_file(&key).expect("lost");
    let error = stored(&[]).ends_with(4).json();
    assert_eq!(error["code"], "key_file_missing");
    let refused = world.run("connect rotate-key --json").ends_with(4).json();
    assert_eq!(refused["code"], "key_file_missing");
    let asked = world.run("connect rotate-key --forget --json").ends_with(7);
    assert_eq!(asked.json()["code"], "confirmation_needed");
    let error = stored(&[]).ends_with(4).json();
    assert_eq!(error["code"], "key_file_missing", "nothing was forgotten");
    let begun = world.run("connect rotate-key --forget --yes --key-store file --json");
    let begun = begun.ends_with(0).json();
    assert_eq!(begun["forgotten"], serde_json::json!(["woocommerce"]));
    let error = stored(&[]).ends_with(4).json();
    assert_eq!(error["code"], "credentials_missing");
    world.run(&connect).ends_with(0);
    stored(&[]).ends_with(0);
}

/// As in a unit with `LoadCredential=udsync-key:…`, and in one with `LoadCredential=udsync-passphrase:…`.
#[test]
fn systemd_hands_the_key_over() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    for (name, secret, flags) in [
        ("udsync-key", STANDARD.encode([7; 32]), ""),
        (
            "udsync-passphrase",
            "four words of mine".to_owned(),
            "--key-store passphrase",
        ),
    ] {
        let world = world();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(name), format!("{secret}\n")).expect("written");
        let unit = |line: &str| {
            let mut command = world.command(line);
            command.env("CREDENTIALS_DIRECTORY", folder.path());
            command
        };
        let connect = format!(
            "connect woocommerce --url {} --from-env --no-input {flags}",
            world.shop_url
        );
        let connected = ran(unit(&connect).output().expect("it runs"));
        connected.ends_with(0);
        let look = |mut command: Command| {
            command
                .env_remove("UDSYNC_WOOCOMMERCE_KEY")
                .env_remove("UDSYNC_WOOCOMMERCE_SECRET");
            ran(command.output().expect("it runs"))
        };
        look(unit("dry-run orders")).ends_with(0);
        let outside = look(world.command("dry-run orders --json")).ends_with(4);
        let code = outside.json()["code"].clone();
        let expected = ["key_missing", "passphrase_missing"];
        assert!(expected.iter().any(|word| code == *word), "{code}");
    }
}
