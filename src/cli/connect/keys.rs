//! Keys: where the key to the stored credentials is kept, asked or answered by flags, and `connect rotate-key`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::super::args::{Global, Output};
use super::super::ask::{Asker, Prompt};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output};
use crate::app::App;
use crate::app::keys::Choice;
use crate::app::keys::rotation::{OldKey, lost_with};
use crate::app::strongbox::Strongbox;
use crate::config::{config_folder, process_env};
use crate::model::code;
use crate::safe::{KeyLocation, PlaceKind, passphrase};
use crate::store::{PeopleKept, Secrets, SecretsWriter, Store};

/// Where the key goes, for commands that store credentials.
#[derive(Clone, Debug, Default, Args)]
pub struct KeyArgs {
    /// Keep the key to the stored credentials here [default: the keyring, where there is one]
    #[arg(long, value_name = "PLACE", value_enum)]
    pub key_store: Option<KeyStore>,
    /// Keep the key in this file [default: SHOP.key in the configuration folder]
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// A place that can be chosen for the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyStore {
    /// The keyring of the system
    Keyring,
    /// A file that only you can read
    File,
    /// A passphrase that is asked for, or given in UDSYNC_PASSPHRASE
    Passphrase,
}

impl KeyStore {
    fn kind(self) -> PlaceKind {
        match self {
            KeyStore::Keyring => PlaceKind::Keyring,
            KeyStore::File => PlaceKind::File,
            KeyStore::Passphrase => PlaceKind::Passphrase,
        }
    }
}

impl KeyArgs {
    /// The place that was chosen; naming a file chooses it.
    fn chosen(&self) -> Option<KeyStore> {
        self.key_store
            .or(self.key_file.as_ref().map(|_| KeyStore::File))
    }
}

/// Opens the strongbox for storing: finds the key, or makes one at the place that the flags or a person choose.
///
/// Called before anybody signs in anywhere: that there is no place for the key should be known first.
pub fn open_strongbox(
    app: &App,
    store: &Store,
    args: &KeyArgs,
    asker: &Asker,
) -> Result<Strongbox, Failure> {
    if !has_key(app, store, args)? {
        begin(app, store, args, asker)?;
    }
    let found = app.keys.find(store)?;
    tracing::info!(place = %found.at, "the key is here");
    app.unveil_to_look(store)?;
    let strongbox = app.strongbox(store);
    for (name, fault) in strongbox.damaged()? {
        out::say(&format!("note: {}; the others are untouched", fault.said));
        let connection = name.split('.').next().unwrap_or(&name);
        out::say(&format!(
            "note: connecting `{connection}` again replaces only that"
        ));
    }
    Ok(strongbox)
}

/// Whether there is a key already, at a place that fits the flags. A place where nothing was stored yet is given up.
fn has_key(app: &App, store: &Store, args: &KeyArgs) -> Result<bool, Failure> {
    let Some(of) = store.key_place()? else {
        return Ok(false);
    };
    let found = app.keys.find(store);
    let place = crate::app::keys::place_of(&of)?;
    let fits = args.key_store.is_none_or(|wanted| {
        let at = found.as_ref().map_or(&place, |found| &found.at);
        wanted.kind() == at.kind() || wanted.kind() == place.kind()
    });
    if fits && found.is_ok() {
        return Ok(true);
    }
    if store.forget_unused_key()? {
        app.keys.forget();
        return Ok(false);
    }
    found?;
    Err(Failure::new(
        "key_elsewhere",
        format!("the key to what is stored already is {place}, and there is one key for all"),
    )
    .hint(
        "leave out `--key-store`, or move the key, as with `udsync connect rotate-key --key-store file`",
    ))
}

/// Puts a first key at its place, and says where.
fn begin(app: &App, store: &Store, args: &KeyArgs, asker: &Asker) -> Result<(), Failure> {
    let begun = match first_choice(app, args, asker)? {
        Some(choice) => app.keys.begin(store, &choice),
        None => app.keys.begin_unasked(store),
    };
    match begun {
        // Without a keyring, whoever has named a program that says the passphrase has said where the key is to come from.
        Err(fault) if fault.code == code::KEY_STORE_UNCHOSEN => {
            match (app.keys.said_passphrase(), asker.may_ask()) {
                (Some(said), _) => {
                    let choice = Choice::Passphrase(long_enough(said)?);
                    app.keys.begin(store, &choice)?;
                }
                (None, true) => {
                    out::say(&format!("{}.", fault.said));
                    let choice = ask_place(app, asker)?;
                    app.keys.begin(store, &choice)?;
                }
                (None, false) => return Err(fault.into()),
            }
        }
        begun => begun?,
    }
    let found = app.keys.find(store)?;
    out::say(&format!("the key to what is stored is {}", found.at));
    Ok(())
}

/// The place that was chosen by a flag or by what the environment gives; `None` where nothing says.
fn first_choice(app: &App, args: &KeyArgs, asker: &Asker) -> Result<Option<Choice>, Failure> {
    if let Some((at, _)) = app.keys.given()? {
        if args.key_store.is_some() {
            return Err(Failure::new(
                "key_given_twice",
                format!("the key is given {at}, and `--key-store` names another place"),
            )
            .hint("`unset UDSYNC_KEY`, or leave out `--key-store`"));
        }
        return Ok(Some(Choice::Given));
    }
    Ok(match args.chosen() {
        Some(KeyStore::Keyring) => Some(Choice::Keyring),
        Some(KeyStore::File) => Some(Choice::File(key_file(app, args)?)),
        Some(KeyStore::Passphrase) => {
            let given = app.keys.given_passphrase()?;
            let given = given.or_else(|| app.keys.said_passphrase());
            Some(Choice::Passphrase(new_passphrase(given, FIRST, asker)?))
        }
        None => match app.keys.given_passphrase()? {
            Some(given) => Some(Choice::Passphrase(long_enough(given)?)),
            None => None,
        },
    })
}

fn ask_place(app: &App, asker: &Asker) -> Result<Choice, Failure> {
    let file = key_file(app, &KeyArgs::default())?;
    out::say(&format!("a file for it would be `{}`", file.display()));
    let question = Prompt {
        prompt: "Where should this key be kept",
        flag: "`--key-store`",
    };
    let among = [
        "in that file, which only you can read".to_owned(),
        "nowhere: made of a passphrase, which every run asks for".to_owned(),
    ];
    Ok(match asker.choose(&question, &among, 0)? {
        0 => Choice::File(file),
        _ => Choice::Passphrase(new_passphrase(None, FIRST, asker)?),
    })
}

/// The file that was named, else the shop's own.
fn key_file(app: &App, args: &KeyArgs) -> Result<PathBuf, Failure> {
    match &args.key_file {
        Some(named) => Ok(named.clone()),
        None => own_file(app).ok_or_else(|| {
            Failure::new(
                "no_home",
                "could not tell the home folder: `HOME` is not set",
            )
            .hint("name a file with `--key-file FILE`")
        }),
    }
}

/// The key file that belongs to this shop alone.
fn own_file(app: &App) -> Option<PathBuf> {
    let folder = config_folder(&process_env).ok()?;
    Some(folder.join(format!("{}.key", app.config.shop.name)))
}

/// What gives a first passphrase where nobody can be asked.
const FIRST: &str =
    "`UDSYNC_PASSPHRASE`, or name a program that prints it with `--password-command`";
/// And what gives the one that takes its place; a program that was named goes on saying the old one until then.
const NEXT: &str = "`UDSYNC_NEW_PASSPHRASE`; what `--password-command` names says the old one";

/// A passphrase that was given, else one that is typed twice.
fn new_passphrase(
    given: Option<SecretString>,
    flag: &str,
    asker: &Asker,
) -> Result<SecretString, Failure> {
    if let Some(given) = given {
        return long_enough(given);
    }
    if !asker.may_ask() {
        return Err(
            Failure::new("passphrase_missing", "nobody can be asked for a passphrase")
                .hint(format!("set {flag}")),
        );
    }
    let ask = |prompt| asker.secret(&Prompt { prompt, flag });
    let first = long_enough(ask("A passphrase, of ten characters or more")?)?;
    same_twice(first, &ask("Once more")?)
}

fn same_twice(first: SecretString, second: &SecretString) -> Result<SecretString, Failure> {
    if first.expose_secret() != second.expose_secret() {
        return Err(
            Failure::new("passphrase_differs", "the two passphrases are not the same")
                .hint("run the command again"),
        );
    }
    Ok(first)
}

fn long_enough(given: SecretString) -> Result<SecretString, Failure> {
    if given.expose_secret().chars().count() >= passphrase::SHORTEST {
        return Ok(given);
    }
    Err(Failure::new(
        "passphrase_short",
        format!(
            "the passphrase has fewer than {} characters",
            passphrase::SHORTEST
        ),
    )
    .hint("take four or five words that do not belong together"))
}

/// Put another key in the place of the one that seals the stored credentials
///
/// The new key goes to its place first, then everything is sealed anew in one step, then the old key is removed: whatever interrupts it,
/// what is stored can be opened. A key in UDSYNC_KEY, or one that systemd hands over, is replaced by the one in UDSYNC_NEW_KEY.
/// With --key-store the key moves to another place.
///
/// With --forget it begins a new key although the old one is lost: what only that one opens is forgotten, and has to be connected again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect rotate-key\n  udsync connect rotate-key --key-store file\n  udsync connect rotate-key --json"
)]
pub struct RotateKeyArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// Begin a new key where the old one is lost, and forget what only that one opens
    #[arg(long)]
    forget: bool,
    /// Forget without asking
    #[arg(short, long)]
    yes: bool,
}

/// What `connect rotate-key` answers.
#[derive(Serialize)]
struct KeyRotatedDocument {
    schema: &'static str,
    shop: String,
    place: PlaceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<PathBuf>,
    /// So many secrets are sealed with the new key.
    sealed: usize,
    /// `removed`, `given`, `stays`, `stuck` or `lost`.
    old_key: &'static str,
    forgotten: Vec<String>,
}

/// Runs it.
pub fn rotate_key(global: &Global, args: &RotateKeyArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let asker = Asker::new(global);
    let _lock = app.lock("connect rotate-key")?;
    let store = app.store()?;
    let document = if args.forget {
        forget(&app, &store, args, &asker)?
    } else {
        rotate(&app, &store, args, &asker)?
    };
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Text | Output::Csv => out::answer(&told(&document)),
    }
    Ok(exit::DONE)
}

fn rotate(
    app: &App,
    store: &Store,
    args: &RotateKeyArgs,
    asker: &Asker,
) -> Result<KeyRotatedDocument, Failure> {
    app.strongbox(store).seal_plain()?;
    app.unveil(store)?;
    let old = app.keys.find(store)?;
    let is_given = matches!(
        old.at,
        KeyLocation::Environment | KeyLocation::SystemdCredential
    );
    let choice = match (args.key.key_store, &old.at) {
        // A key that only this one command knows would be lost with it.
        (None, _) if app.keys.has_new_key()? && !is_given => {
            return Err(Failure::new(
                "new_key_unasked",
                format!(
                    "`UDSYNC_NEW_KEY` takes the place of a key in `UDSYNC_KEY`, and the key is {}",
                    old.at
                ),
            )
            .hint("`unset UDSYNC_NEW_KEY` and run it again: a new key is made there"));
        }
        (None, _) if app.keys.has_new_key()? => Choice::Given,
        (None, KeyLocation::Environment | KeyLocation::SystemdCredential) => Choice::Given,
        (Some(KeyStore::Keyring), _) | (None, KeyLocation::Keyring { .. }) => Choice::Keyring,
        (None, KeyLocation::File { path }) => {
            Choice::File(args.key.key_file.clone().unwrap_or_else(|| path.clone()))
        }
        (Some(KeyStore::File), _) => Choice::File(key_file(app, &args.key)?),
        (Some(KeyStore::Passphrase), KeyLocation::Passphrase { .. })
        | (None, KeyLocation::Passphrase { .. }) => {
            let given = app.keys.new_passphrase();
            Choice::Passphrase(new_passphrase(given, NEXT, asker)?)
        }
        // The key moves from another place, so that what a program says can be the first passphrase.
        (Some(KeyStore::Passphrase), _) => {
            let given = app.keys.new_passphrase();
            let given = given.or_else(|| app.keys.said_passphrase());
            Choice::Passphrase(new_passphrase(given, "`UDSYNC_NEW_PASSPHRASE`", asker)?)
        }
    };
    let rotation = app.keys.prepare(store, &choice)?;
    app.keys.reseal(store, &app.clock, &rotation)?;
    let own_file = own_file(app);
    let old_key = app.keys.retire(&rotation, own_file.as_deref());
    note(&old_key, &rotation.place);
    document(app, store, rotation.place, word(&old_key), Vec::new())
}

fn word(old_key: &OldKey) -> &'static str {
    match old_key {
        OldKey::Removed => "removed",
        OldKey::Given(_) => "given",
        OldKey::StaysIn(_) => "stays",
        OldKey::Stuck(_) => "stuck",
    }
}

/// What is left to be done by hand.
fn note(old_key: &OldKey, new: &KeyLocation) {
    let given_again = matches!(
        new,
        KeyLocation::Environment | KeyLocation::SystemdCredential
    );
    match old_key {
        OldKey::Removed => {}
        OldKey::Given(at) if given_again => out::say(&format!(
            "note: the key that is given {at} is the old one: put the new one there now, and until then give it beside it"
        )),
        OldKey::Given(at) => out::say(&format!(
            "note: the old key is still given {at}: take it away now, or it wins over the one {new}"
        )),
        OldKey::StaysIn(at) if at == new => out::say(&format!(
            "note: the old key stays {at} as well, in case another shop uses that file"
        )),
        OldKey::StaysIn(at) => out::say(&format!(
            "note: the old key stays {at}, in case another shop uses that file; `UDSYNC_KEY_FILE` must not name it any more"
        )),
        OldKey::Stuck(why) => out::say(&format!(
            "note: the old key could not be removed, and opens nothing any more: {why}"
        )),
    }
}

fn forget(
    app: &App,
    store: &Store,
    args: &RotateKeyArgs,
    asker: &Asker,
) -> Result<KeyRotatedDocument, Failure> {
    let Some(of) = store.key_place()? else {
        return Err(app.keys.find(store).err().map_or_else(
            || Failure::new("key_none", "there is no key yet"),
            Failure::from,
        ));
    };
    let Err(lost) = app.keys.find(store) else {
        return Err(Failure::new(
            "key_not_lost",
            "the key is here, and nothing need be forgotten",
        )
        .hint("`udsync connect rotate-key` replaces it and keeps everything"));
    };
    // What is only locked, or hidden by another key that is given, is not lost: the words say what to do.
    if lost.code == code::KEYRING_LOCKED || app.keys.is_where_remembered(store) {
        return Err(lost.into());
    }
    let names = lost_with(store, &of)?;
    let mut what = if names.is_empty() {
        "nothing".to_owned()
    } else {
        format!("`{}`", names.join("`, `"))
    };
    if store.is_veiled()? {
        what.push_str(", and the bodies of what was sent to the books");
    }
    if !args.yes {
        let said = format!("{}; a new key forgets what is stored: {what}", lost.said);
        if !asker.may_ask() {
            return Err(Failure::new("confirmation_needed", said).hint(
                "`udsync connect rotate-key --forget --yes` does it; what is in QuickBooks and in the shop stays",
            ));
        }
        out::say(&format!("{said}."));
        let question = Prompt {
            prompt: "Forget them and begin a new key",
            flag: "`--yes`",
        };
        if !asker.yes(&question, false)? {
            return Err(Failure::new("not_confirmed", "nothing was forgotten"));
        }
    }
    let choice = match first_choice(app, &args.key, asker)? {
        Some(choice) => choice,
        None if asker.may_ask() => ask_place(app, asker)?,
        None => Choice::Keyring,
    };
    let forgotten =
        app.keys
            .begin_anew(store, &app.clock, &choice)
            .map_err(|fault| match choice {
                Choice::Keyring => crate::app::keys::no_place_for_key(fault),
                _ => fault,
            })?;
    let place = app.keys.find(store)?.at;
    document(app, store, place, "lost", forgotten)
}

fn document(
    app: &App,
    store: &Store,
    place: KeyLocation,
    old_key: &'static str,
    forgotten: Vec<String>,
) -> Result<KeyRotatedDocument, Failure> {
    let of = app.keys.find(store)?.of;
    Ok(KeyRotatedDocument {
        schema: "udsync/rotate-key/1",
        shop: app.config.shop.name.clone(),
        sealed: lost_with(store, &of)?.len(),
        place: place.kind(),
        path: match place {
            KeyLocation::File { path } => Some(path),
            _ => None,
        },
        old_key,
        forgotten,
    })
}

fn told(document: &KeyRotatedDocument) -> String {
    let place = match &document.path {
        Some(path) => format!("in the file `{}`", path.display()),
        None => document.place.to_string(),
    };
    let mut text = match document.sealed {
        0 => format!("there is a new key, {place}; nothing is sealed with it yet\n"),
        1 => format!("1 secret is sealed with a new key, {place}\n"),
        n => format!("{n} secrets are sealed with a new key, {place}\n"),
    };
    let mut connections: Vec<&str> = document
        .forgotten
        .iter()
        .filter_map(|name| name.split('.').next())
        .collect();
    connections.dedup();
    for connection in connections {
        text.push_str(&format!(
            "forgotten: `{connection}`; `udsync connect {connection}` connects it again\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_typed_the_same_twice() {
        let typed = |text: &str| SecretString::from(text.to_owned());
        assert!(same_twice(typed("four good words"), &typed("four good words")).is_ok());
        let differs = same_twice(typed("four good words"), &typed("four bad words"));
        let failure = differs.expect_err("they are not the same");
        assert_eq!(failure.code, "passphrase_differs");
        assert!(!failure.words().contains("good"), "{}", failure.words());
    }
}
