//! Where a key is looked for, what is said when it is not there, and that a rotation can be broken off anywhere.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Utc;
use secrecy::ExposeSecret;

use super::report::PlaceState;
use super::rotation::OldKey;
use super::*;
use crate::app::state_key::StateKey;
use crate::app::strongbox::Strongbox;
use crate::model::clock::Clock;
use crate::safe::PlaceKind;
use crate::store::{Memory, MemoryWriter, PeopleKept, PeopleWriter, Secrets, Store, connections};

/// A keyring in memory, in the state that a test wants.
#[derive(Default)]
struct Drawer {
    held: Mutex<BTreeMap<String, SecretString>>,
    trouble: Mutex<Option<RingTrouble>>,
}

impl Drawer {
    fn is(&self, trouble: Option<RingTrouble>) {
        *self.trouble.lock().expect("ours") = trouble;
    }

    fn accounts(&self) -> Vec<String> {
        self.held.lock().expect("ours").keys().cloned().collect()
    }

    fn answer<T>(
        &self,
        work: impl FnOnce(&mut BTreeMap<String, SecretString>) -> T,
    ) -> Result<T, RingTrouble> {
        match self.trouble.lock().expect("ours").clone() {
            Some(trouble) => Err(trouble),
            None => Ok(work(&mut self.held.lock().expect("ours"))),
        }
    }
}

impl Ring for Drawer {
    fn get(&self, account: &str) -> Result<Option<SecretString>, RingTrouble> {
        self.answer(|held| held.get(account).cloned())
    }

    fn set(&self, account: &str, secret: &SecretString) -> Result<(), RingTrouble> {
        self.answer(|held| {
            held.insert(account.to_owned(), secret.clone());
        })
    }

    fn remove(&self, account: &str) -> Result<(), RingTrouble> {
        self.answer(|held| {
            held.remove(account);
        })
    }
}

/// A state file, a keyring and a folder; processes come and go.
struct Desk {
    store: Store,
    ring: Arc<Drawer>,
    folder: tempfile::TempDir,
}

/// One process: what its environment gives.
struct Process<'a> {
    desk: &'a Desk,
    keys: Arc<Keys>,
    strongbox: Strongbox,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            store: Store::in_memory().expect("a state"),
            ring: Arc::new(Drawer::default()),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("shop.key")
    }

    fn process(&self, given: &[(&str, &str)]) -> Process<'_> {
        self.process_of(given, None)
    }

    fn process_of(&self, given: &[(&str, &str)], person: Option<Arc<dyn Person>>) -> Process<'_> {
        let value = |name: &str| {
            let found = given.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let credentials = Credentials::from_env(&value);
        let keys = Keys::with_ring("shop", &credentials, person, self.ring.clone());
        Process {
            desk: self,
            strongbox: Strongbox::new(
                Arc::new(self.store.clone()),
                clock(),
                keys.clone(),
                &credentials,
            ),
            keys,
        }
    }

    /// The codes of what a process is told that wants the stored secret.
    #[track_caller]
    fn told(&self, given: &[(&str, &str)]) -> (&'static str, String) {
        let fault = self.process(given).strongbox.load("woocommerce");
        let fault = fault.expect_err("it does not open");
        assert_eq!(fault.remedy, Remedy::Reconnect, "exit code 4");
        let rows = self.store.sealed("woocommerce").expect("readable");
        assert!(rows.is_some(), "the row stays");
        (
            fault.code,
            format!("{}\n{}", fault.said, fault.hint.unwrap_or_default()),
        )
    }
}

impl Process<'_> {
    fn begins(&self, choice: Choice) -> &Self {
        self.keys.begin(&self.desk.store, &choice).expect("begun");
        self.saves("woocommerce", "canary")
    }

    fn saves(&self, name: &str, secret: &str) -> &Self {
        let secret = secret.to_owned().into();
        self.strongbox.save(name, &secret).expect("kept");
        self
    }

    #[track_caller]
    fn opens(&self) {
        let secret = self.strongbox.load("woocommerce").expect("it opens");
        assert_eq!(secret.expect("there").expose_secret(), "canary");
    }
}

fn clock() -> Clock {
    Clock::new(Utc::now)
}

fn text(byte: u8) -> String {
    SealingKey::new([byte; 32])
        .to_text()
        .expose_secret()
        .to_owned()
}

#[test]
fn the_keyring_keeps_the_key_where_nothing_else_is_said() {
    let desk = Desk::new();
    desk.process(&[]).saves("woocommerce", "canary");
    desk.process(&[]).opens();
    let accounts = desk.ring.accounts();
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    assert!(accounts[0].starts_with("shop "), "{accounts:?}");
    let text = desk.ring.get(&accounts[0]).expect("answers").expect("held");
    assert_eq!(text.expose_secret().len(), 44, "32 bytes as base64");
}

#[test]
fn a_keyring_that_is_absent_locked_empty_or_odd_has_words_of_its_own() {
    let desk = Desk::new();
    desk.process(&[]).saves("woocommerce", "canary");
    let troubles = [
        (
            RingTrouble::Absent("no bus".to_owned()),
            "keyring_absent",
            "no keyring answers here",
        ),
        (RingTrouble::Locked, "keyring_locked", "locked"),
        (RingTrouble::Silent, "keyring_locked", "probably locked"),
        (
            RingTrouble::Ambiguous("shop 1".to_owned()),
            "keyring_ambiguous",
            "several",
        ),
        (
            RingTrouble::Odd("no".to_owned()),
            "keyring_failed",
            "refused",
        ),
    ];
    for (trouble, code, words) in troubles {
        desk.ring.is(Some(trouble));
        let (said_code, said) = desk.told(&[]);
        assert_eq!(said_code, code);
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("not connected"), "{said}");
    }
    desk.ring.is(None);
    desk.process(&[]).opens();
    // As after the state file was carried to another computer.
    desk.ring.held.lock().expect("ours").clear();
    let (code, said) = desk.told(&[]);
    assert_eq!(code, "keyring_empty");
    assert!(said.contains("although credentials are stored"), "{said}");
    assert!(
        said.contains("udsync connect rotate-key --forget"),
        "{said}"
    );
}

#[test]
fn with_no_keyring_and_nobody_to_ask_the_flag_is_named() {
    let desk = Desk::new();
    desk.ring.is(Some(RingTrouble::Absent("no bus".to_owned())));
    let saved = desk
        .process(&[])
        .strongbox
        .save("woocommerce", &"x".to_owned().into());
    let fault = saved.expect_err("nowhere to put the key");
    assert_eq!(
        (fault.code, fault.remedy),
        ("key_store_unchosen", Remedy::Reconnect)
    );
    assert!(fault.hint.expect("a hint").contains("--key-store file"));
    assert_eq!(desk.store.key_place(), Ok(None), "nothing is begun");
    assert_eq!(desk.store.sealed_names(), Ok(vec![]), "and nothing stored");
}

#[test]
fn what_was_set_explicitly_wins_and_a_wrong_one_is_said() {
    let desk = Desk::new();
    let right = text(1);
    desk.process(&[("UDSYNC_KEY", &right)])
        .saves("woocommerce", "canary");
    desk.process(&[("UDSYNC_KEY", &right)]).opens();
    assert_eq!(desk.told(&[]).0, "key_missing");
    let (code, said) = desk.told(&[("UDSYNC_KEY", &text(2))]);
    assert_eq!(code, "key_wrong");
    assert!(said.contains("`UDSYNC_KEY`"), "{said}");
    assert!(!said.contains(&text(2)), "a key is never shown");
    assert_eq!(desk.told(&[("UDSYNC_KEY", "not a key")]).0, "key_mistyped");

    // The same key, by the other ways.
    let folder = desk.folder.path().join("handed-over");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("udsync-key"), format!("{right}\n")).expect("written");
    let folder = folder.to_str().expect("a path");
    desk.process(&[("CREDENTIALS_DIRECTORY", folder)]).opens();
    file::make(&desk.file(), "shop", &SealingKey::new([1; 32])).expect("made");
    let path = desk.file();
    let path = path.to_str().expect("a path");
    desk.process(&[("UDSYNC_KEY_FILE", path)]).opens();
    // In their order: the first one counts, right or wrong.
    let wrong = text(2);
    let all = [
        ("UDSYNC_KEY", wrong.as_str()),
        ("CREDENTIALS_DIRECTORY", folder),
        ("UDSYNC_KEY_FILE", path),
    ];
    assert_eq!(desk.told(&all).0, "key_wrong");
    desk.process(&[
        ("CREDENTIALS_DIRECTORY", folder),
        ("UDSYNC_KEY_FILE", "/nowhere"),
    ])
    .opens();
    assert_eq!(
        desk.told(&[("UDSYNC_KEY_FILE", "/nowhere")]).0,
        "key_file_missing"
    );
}

#[test]
fn a_key_in_the_environment_that_is_not_the_keyrings_is_not_passed_over() {
    let desk = Desk::new();
    desk.process(&[]).saves("woocommerce", "canary");
    let (code, said) = desk.told(&[("UDSYNC_KEY", &text(2))]);
    assert_eq!(code, "key_wrong");
    assert!(
        said.contains("the right one is in the keyring: `unset UDSYNC_KEY`"),
        "{said}"
    );
}

#[test]
fn a_key_file_that_is_gone_open_or_another_one_says_so() {
    let desk = Desk::new();
    desk.process(&[]).begins(Choice::File(desk.file()));
    desk.process(&[]).opens();
    let kept = std::fs::read(desk.file()).expect("read");
    std::fs::remove_file(desk.file()).expect("gone");
    let (code, said) = desk.told(&[]);
    assert_eq!(code, "key_file_missing");
    assert!(said.contains("--forget"), "{said}");
    std::fs::write(desk.file(), &kept).expect("back");
    #[cfg(unix)]
    {
        assert_eq!(desk.told(&[]).0, "key_file_open", "copied back carelessly");
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(desk.file(), mode).expect("set");
    }
    desk.process(&[]).opens();
    std::fs::write(desk.file(), text(9)).expect("another key");
    let (code, said) = desk.told(&[]);
    assert_eq!(code, "key_wrong");
    assert!(said.contains("restore the file from a copy"), "{said}");
}

/// Types these, one after the other.
struct Typist(Mutex<Vec<&'static str>>, AtomicU32);

impl Person for Typist {
    fn passphrase(&self, again: bool) -> Option<SecretString> {
        let asked = self.1.fetch_add(1, Ordering::SeqCst);
        assert_eq!(again, asked > 0, "told when it was wrong");
        let mut words = self.0.lock().expect("ours");
        (!words.is_empty()).then(|| words.remove(0).to_owned().into())
    }

    fn keyring_waits(&self) {}
}

#[test]
fn a_passphrase_is_given_or_asked_for_once() {
    let desk = Desk::new();
    let right = "four words of mine";
    desk.process(&[])
        .begins(Choice::Passphrase(right.to_owned().into()));
    desk.process(&[("UDSYNC_PASSPHRASE", right)]).opens();
    assert_eq!(desk.told(&[]).0, "passphrase_missing");
    assert_eq!(
        desk.told(&[("UDSYNC_PASSPHRASE", "other words")]).0,
        "passphrase_wrong"
    );
    let typist = Arc::new(Typist(
        Mutex::new(vec!["mistyped it", right]),
        AtomicU32::new(0),
    ));
    let process = desk.process_of(&[], Some(typist.clone()));
    process.opens();
    process.opens();
    assert_eq!(typist.1.load(Ordering::SeqCst), 2, "not asked again");
    let typist = Arc::new(Typist(
        Mutex::new(vec!["a", "b", "c", right]),
        AtomicU32::new(0),
    ));
    let fault = desk
        .process_of(&[], Some(typist))
        .strongbox
        .load("woocommerce");
    assert_eq!(fault.expect_err("three times").code, "passphrase_wrong");
}

#[test]
fn one_damaged_row_loses_no_other() {
    let desk = Desk::new();
    let process = desk.process(&[]);
    process.begins(Choice::Keyring).saves("supabase", "other");
    let mut row = desk.store.sealed("supabase").expect("read").expect("there");
    row.bytes[20] ^= 1;
    desk.store
        .save_sealed("supabase", &row, true, Utc::now())
        .expect("damaged");
    process.opens();
    let fault = process.strongbox.load("supabase").expect_err("damaged");
    assert_eq!(
        (fault.code, fault.remedy),
        ("secret_damaged", Remedy::Reconnect)
    );
    assert!(
        fault
            .hint
            .expect("a hint")
            .contains("`udsync connect supabase`")
    );
    let damaged = process.strongbox.damaged().expect("looked");
    let names: Vec<&str> = damaged.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["supabase"]);
    // Nothing is sealed anew over it, and nothing else is lost.
    let refused = process.keys.prepare(&desk.store, &Choice::Keyring);
    assert_eq!(refused.err().expect("refused").code, "secret_damaged");
    process.opens();
    process.saves("supabase", "again");
    assert_eq!(process.strongbox.damaged().expect("looked").len(), 0);
    assert_eq!(
        process.keys.report(&desk.store).expect("a report").sealed,
        2
    );
}

/// Every step of a rotation from each place to each, broken off after each step.
#[test]
fn a_rotation_that_is_broken_off_anywhere_leaves_everything_openable() {
    let froms = [Choice::Keyring, Choice::File("shop.key".into())];
    let tos = [
        Choice::Keyring,
        Choice::File("shop.key".into()),
        Choice::File("other.key".into()),
    ];
    let here = |desk: &Desk, choice: &Choice| match choice {
        Choice::File(name) => Choice::File(desk.folder.path().join(name)),
        other => other.clone(),
    };
    for from in &froms {
        for to in &tos {
            for steps in 0..=3 {
                let desk = Desk::new();
                let own = desk.file();
                desk.process(&[]).begins(here(&desk, from));
                // What is kept of people goes the same way.
                let people = || {
                    let key = desk.process(&[]).keys.key(&desk.store).expect("found");
                    desk.store.use_body_key(StateKey::new(key));
                    desk.store.veil_everything().expect("sealed");
                    let kept = desk.store.kept("quickbooks/1/names").expect("answers");
                    kept.map(|(text, _)| text)
                };
                people();
                desk.store
                    .keep("quickbooks/1/names", "[\"Ann\"]", Utc::now())
                    .expect("kept");
                // Running all the while.
                let witness = desk.process(&[]);
                witness.opens();
                let process = desk.process(&[]);
                let before = process.keys.find(&desk.store).expect("found").key.id();
                if steps > 0 {
                    let rotation = process.keys.prepare(&desk.store, &here(&desk, to));
                    let rotation = rotation.expect("prepared");
                    if steps > 1 {
                        process
                            .keys
                            .reseal(&desk.store, &clock(), &rotation)
                            .expect("resealed");
                    }
                    if steps > 2 {
                        let old = process.keys.retire(&rotation, Some(&own));
                        assert_eq!(old, OldKey::Removed, "{from:?} {to:?}");
                    }
                }
                drop(process);
                witness.opens();
                witness.saves("supabase", "kept meanwhile");
                desk.process(&[]).opens();
                assert_eq!(
                    people().as_deref(),
                    Some("[\"Ann\"]"),
                    "{from:?} {to:?} {steps}"
                );
                let whole = desk.process(&[]);
                let after = whole.keys.find(&desk.store).expect("found").key.id();
                assert_eq!(before == after, steps < 2, "{from:?} {to:?} {steps}");
                // And the next one goes through to its end.
                let rotation = whole.keys.prepare(&desk.store, &here(&desk, to));
                let rotation = rotation.expect("prepared");
                whole
                    .keys
                    .reseal(&desk.store, &clock(), &rotation)
                    .expect("resealed");
                whole.keys.retire(&rotation, Some(&own));
                desk.process(&[]).opens();
                assert_eq!(people().as_deref(), Some("[\"Ann\"]"));
                let left = desk
                    .process(&[])
                    .keys
                    .report(&desk.store)
                    .expect("a report");
                assert_eq!((left.sealed, left.damaged.len()), (2, 0));
            }
        }
    }
}

#[test]
fn after_a_rotation_the_old_key_is_gone_and_opens_nothing() {
    let desk = Desk::new();
    desk.process(&[]).begins(Choice::Keyring);
    let process = desk.process(&[]);
    let rotation = process
        .keys
        .prepare(&desk.store, &Choice::File(desk.file()));
    let rotation = rotation.expect("prepared");
    process
        .keys
        .reseal(&desk.store, &clock(), &rotation)
        .expect("resealed");
    assert_eq!(
        process.keys.retire(&rotation, Some(&desk.file())),
        OldKey::Removed
    );
    assert_eq!(desk.ring.accounts(), Vec::<String>::new());
    desk.ring.is(Some(RingTrouble::Absent("no bus".to_owned())));
    desk.process(&[]).opens();
}

#[test]
fn a_given_key_is_replaced_by_the_one_given_beside_it() {
    let desk = Desk::new();
    let [one, two] = [text(1), text(2)];
    desk.process(&[("UDSYNC_KEY", &one)]).begins(Choice::Given);
    let alone = desk.process(&[("UDSYNC_KEY", &one)]);
    let refused = alone.keys.prepare(&desk.store, &Choice::Given);
    assert_eq!(refused.err().expect("refused").code, "key_new_missing");
    let same = desk.process(&[("UDSYNC_KEY", &one), ("UDSYNC_NEW_KEY", &one)]);
    let refused = same.keys.prepare(&desk.store, &Choice::Given);
    assert_eq!(refused.err().expect("refused").code, "key_new_same");
    let both = desk.process(&[("UDSYNC_KEY", &one), ("UDSYNC_NEW_KEY", &two)]);
    let rotation = both
        .keys
        .prepare(&desk.store, &Choice::Given)
        .expect("prepared");
    both.keys
        .reseal(&desk.store, &clock(), &rotation)
        .expect("resealed");
    assert_eq!(
        both.keys.retire(&rotation, None),
        OldKey::Given(KeyLocation::Environment)
    );
    // Between the rotation and the change of the cron line.
    desk.process(&[("UDSYNC_KEY", &one), ("UDSYNC_NEW_KEY", &two)])
        .opens();
    desk.process(&[("UDSYNC_KEY", &two)]).opens();
    assert_eq!(desk.told(&[("UDSYNC_KEY", &one)]).0, "key_wrong");
}

#[test]
fn a_lost_key_is_given_up_only_by_name() {
    let desk = Desk::new();
    desk.process(&[]).begins(Choice::Keyring);
    connections::keep(&desk.store, "woocommerce", &1, Utc::now()).expect("kept");
    desk.ring.held.lock().expect("ours").clear();
    let process = desk.process(&[]);
    let forgotten = process
        .keys
        .begin_anew(&desk.store, &clock(), &Choice::File(desk.file()));
    assert_eq!(forgotten.expect("begun"), ["woocommerce"]);
    assert_eq!(desk.store.sealed_names(), Ok(vec![]));
    let connection = desk.store.connection("woocommerce").expect("read");
    let broken = connection.expect("still listed").broken.expect("broken");
    assert_eq!(broken.why, "key_lost");
    process.saves("woocommerce", "canary");
    desk.process(&[]).opens();
}

#[test]
fn of_two_first_keys_one_counts() {
    let desk = Desk::new();
    let process = desk.process(&[]);
    process.begins(Choice::Keyring);
    desk.process(&[])
        .keys
        .begin(&desk.store, &Choice::Keyring)
        .expect("late");
    assert_eq!(desk.ring.accounts().len(), 1, "the late one is taken back");
    process.opens();
}

#[test]
fn the_report_says_why_the_others_are_not_in_use() {
    let desk = Desk::new();
    let before = desk
        .process(&[])
        .keys
        .report(&desk.store)
        .expect("a report");
    assert_eq!((before.in_use, before.sealed), (None, 0));
    desk.process(&[]).begins(Choice::File(desk.file()));
    let report = desk
        .process(&[])
        .keys
        .report(&desk.store)
        .expect("a report");
    assert!(report.trouble.is_none());
    let states: Vec<(PlaceKind, PlaceState)> = report
        .places
        .iter()
        .map(|place| (place.place, place.state))
        .collect();
    assert_eq!(
        states,
        [
            (PlaceKind::Environment, PlaceState::Absent),
            (PlaceKind::SystemdCredential, PlaceState::Absent),
            (PlaceKind::File, PlaceState::InUse),
            (PlaceKind::Keyring, PlaceState::Usable),
            (PlaceKind::Passphrase, PlaceState::Absent),
        ]
    );
    assert!(report.places.iter().all(|place| !place.why.is_empty()));
    let wrong = desk
        .process(&[("UDSYNC_KEY", &text(7))])
        .keys
        .report(&desk.store)
        .expect("a report");
    assert_eq!(wrong.trouble.expect("told").code, "key_wrong");
    assert_eq!(wrong.places[0].state, PlaceState::Unusable);
    assert_eq!(wrong.places[2].state, PlaceState::Usable);
    desk.ring.is(Some(RingTrouble::Locked));
    let locked = desk
        .process(&[])
        .keys
        .report(&desk.store)
        .expect("a report");
    assert_eq!(locked.places[3].state, PlaceState::Unusable);
    assert!(locked.places[3].why.contains("locked"));
}

#[test]
fn what_the_first_version_kept_in_plain_text_is_sealed_with_the_first_key() {
    let desk = Desk::new();
    desk.store
        .keep_plain_for_tests("quickbooks", "canary-token");
    let name = "quickbooks.environment";
    let loaded = |given: &[(&str, &str)]| {
        let loaded = desk.process(given).strongbox.load(name).expect("readable");
        loaded.map(|secret| secret.expose_secret().to_owned())
    };
    assert_eq!(
        loaded(&[]).as_deref(),
        Some("canary-token"),
        "there is no key yet"
    );
    assert_eq!(desk.store.plain_secrets().expect("read").len(), 1);
    desk.process(&[]).begins(Choice::Keyring);
    assert_eq!(loaded(&[]).as_deref(), Some("canary-token"));
    assert_eq!(
        desk.store.plain_secrets().expect("read").len(),
        0,
        "sealed now"
    );
    // And whoever sets the client secret again has it still.
    let given = [("UDSYNC_QUICKBOOKS_CLIENT_SECRET", "secret")];
    assert_eq!(loaded(&given).as_deref(), Some("canary-token"));
}
