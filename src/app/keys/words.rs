//! The words for a key that is not to be had: what is the matter, and what can be typed.
//!
//! Whatever is wrong with a key, what is sealed stays where it is. None of these is "not connected".

use std::io;
use std::path::Path;

use crate::model::fault::{Fault, Remedy};
use crate::safe::keyring::RingTrouble;
use crate::safe::{KeyLocation, Mistyped};

/// What is left when a key is lost for good.
pub const WAY_OUT: &str =
    "if it is lost for good, `udsync connect rotate-key --forget` begins a new one";

fn fault(code: &'static str, said: impl Into<String>) -> Fault {
    Fault::new(Remedy::Reconnect, code, said)
}

pub fn none_yet() -> Fault {
    fault("key_none", "there is no key yet: nothing has been stored")
        .hint("`udsync connect woocommerce` stores the first credentials")
}

pub fn not_given(place: &KeyLocation) -> Fault {
    let (said, hint) = match place {
        KeyLocation::SystemdCredential => (
            "what is stored is sealed with a key that systemd hands over, and it did not",
            "run it as the systemd unit with `LoadCredential=udsync-key:…`, or set `UDSYNC_KEY` to that key",
        ),
        _ => (
            "what is stored is sealed with the key in `UDSYNC_KEY`, which is not set",
            "set `UDSYNC_KEY` to the key that it was stored with",
        ),
    };
    fault("key_missing", said).hints(format!("{hint}\n{WAY_OUT}"))
}

/// The key that was found at one place is not the one which the state file remembers.
pub fn wrong_key(at: &KeyLocation, remembered: &KeyLocation) -> Fault {
    let said = format!("the key {at} does not open what is stored");
    let hint = match (at, remembered) {
        (at, remembered)
            if at.kind() == remembered.kind() && !matches!(at, KeyLocation::File { .. }) =>
        {
            "put the key there that it was stored with".to_owned()
        }
        (KeyLocation::Environment, other) => {
            format!("the right one is {other}: `unset UDSYNC_KEY`")
        }
        (KeyLocation::File { path }, KeyLocation::File { path: other }) if path == other => {
            "restore the file from a copy".to_owned()
        }
        (KeyLocation::File { .. }, other) => {
            format!("the right one is {other}: `unset UDSYNC_KEY_FILE`")
        }
        (_, other) => format!("the right one is {other}: take `udsync-key` out of the unit"),
    };
    fault("key_wrong", said).hints(format!("{hint}\n{WAY_OUT}"))
}

pub fn mistyped(at: &str, mistyped: Mistyped) -> Fault {
    fault("key_mistyped", format!("`{at}` is not a key: {mistyped}"))
        .hint("`head -c 32 /dev/urandom | base64` makes a new one")
}

pub fn credential_unreadable(name: &str, error: &io::Error) -> Fault {
    fault(
        "key_unreadable",
        format!("could not read `$CREDENTIALS_DIRECTORY/{name}`: {error}"),
    )
    .hint("only the unit that it was loaded for can read it")
}

pub fn place_unknown() -> Fault {
    fault(
        "key_place_unknown",
        "the state file names a place of the key that this udsync does not know",
    )
    .hint("it was written by a newer udsync: use that one")
}

/// Adds what is left when the thing does not come back.
pub fn with_way_out(fault: Fault) -> Fault {
    let hint = match &fault.hint {
        Some(hint) => format!("{hint}\n{WAY_OUT}"),
        None => WAY_OUT.to_owned(),
    };
    fault.hints(hint)
}

pub fn keyring(trouble: RingTrouble) -> Fault {
    const ELSEWHERE: &str = "where nobody is signed in, keep the key elsewhere: `udsync connect rotate-key --key-store file` at the desktop";
    let (code, hint) = match &trouble {
        RingTrouble::Absent(_) => ("keyring_absent", ELSEWHERE.to_owned()),
        RingTrouble::Locked | RingTrouble::Silent => (
            "keyring_locked",
            format!("unlock it at the desktop and run the command again\n{ELSEWHERE}"),
        ),
        RingTrouble::Ambiguous(_) => (
            "keyring_ambiguous",
            "remove all but one of them in the program that shows your keyring".to_owned(),
        ),
        RingTrouble::Odd(_) => ("keyring_failed", ELSEWHERE.to_owned()),
    };
    fault(code, trouble.to_string()).hints(hint)
}

pub fn keyring_empty() -> Fault {
    fault(
        "keyring_empty",
        "the keyring has no key for this state file although credentials are stored: it is another user's or a new keyring",
    )
    .hints(format!(
        "run it as the user, and on the computer, that connected; the state file alone cannot be moved\n{WAY_OUT}"
    ))
}

pub fn keyring_forgets() -> Fault {
    fault(
        "keyring_failed",
        "the keyring took the key and did not give it back",
    )
    .hint("keep the key in a file: `--key-store file`")
}

pub fn file_forgets(path: &Path) -> Fault {
    fault(
        "key_file_unwritten",
        format!(
            "the key file `{}` does not have what was just written to it",
            path.display()
        ),
    )
    .hint("name another file with `--key-file FILE`")
}

/// There is nobody to ask where a first key shall be, and the keyring is not to be had.
pub fn no_place_for_key(keyring: Fault) -> Fault {
    fault(
        "key_store_unchosen",
        format!("credentials are stored encrypted, and there is no place yet for the key to them: {}", keyring.said),
    )
    .hint("say where it shall be with `--key-store file` or `--key-store passphrase`, or set `UDSYNC_KEY`")
}

pub fn no_passphrase() -> Fault {
    fault(
        "passphrase_missing",
        "the key to what is stored is made of a passphrase, which is not given",
    )
    .hint("set `UDSYNC_PASSPHRASE`, name a command that prints it with `--password-command`, or run it at a terminal, which asks for it")
}

pub fn wrong_passphrase() -> Fault {
    fault(
        "passphrase_wrong",
        "this is not the passphrase that the credentials were stored with",
    )
    .hints(format!(
        "give the right one: `UDSYNC_PASSPHRASE`, what the command of `--password-command` prints, or what you type\n{WAY_OUT}"
    ))
}

pub fn no_new_key() -> Fault {
    fault("key_new_missing", "there is no new key to put in the place of the present one")
        .hint("set `UDSYNC_NEW_KEY` to the output of `head -c 32 /dev/urandom | base64`, or name another place with `--key-store`")
}

pub fn same_key() -> Fault {
    fault("key_new_same", "the new key is the present one")
        .hint("set `UDSYNC_NEW_KEY` to the output of `head -c 32 /dev/urandom | base64`")
}

/// Rows are sealed with a key that was there before the present one, and was not forgotten.
pub fn sealed_with_another(name: &str) -> Fault {
    fault(
        "key_wrong",
        format!("what is stored for `{name}` is sealed with another key than the rest"),
    )
    .hint(again(name))
}

pub fn damaged(name: &str) -> Fault {
    fault(
        "secret_damaged",
        format!("what is stored for `{name}` is damaged"),
    )
    .hint(again(name))
}

/// The connection that a name in the strongbox belongs to.
pub fn again(name: &str) -> String {
    let connection = name.split('.').next().unwrap_or(name);
    format!("connect it again, which replaces only that: `udsync connect {connection}`")
}
