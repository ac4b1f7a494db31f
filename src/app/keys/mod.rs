//! Keys: finds the key to what is sealed in the state file, and puts a first one at its place.
//!
//! What was set explicitly wins: `UDSYNC_KEY`, then systemd's credential, then the file that `UDSYNC_KEY_FILE` names. If that is not the
//! key which sealed the rows, that is said; nothing else is tried behind somebody's back. Without any of these the place counts that the
//! state file remembers. Nobody is asked from here: who sits at the terminal is a [`Person`] that the command line brings.

pub mod report;
pub mod rotation;
#[cfg(test)]
mod tests;
pub(super) mod words;

pub use words::no_place_for_key;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;

use crate::config::Credentials;
use crate::model::fault::{Fault, Remedy};
use crate::safe::keyring::{KeyringPatience, Ring, RingTrouble, SystemRing, ask};
use crate::safe::{KeyLocation, SealingKey, file, passphrase};
use crate::store::{KeyPlace, Secrets, SecretsWriter};

use super::state_fault::{unread, unwritten};

/// Whoever sits at the terminal.
pub trait Person: Send + Sync {
    /// Asks for the passphrase, `again` where the last one was wrong; `None` where none is given.
    fn passphrase(&self, again: bool) -> Option<SecretString>;
    /// Whether this is a program that knows the passphrase, and not somebody who would have to think of one.
    fn is_program(&self) -> bool {
        false
    }
    /// Says that the keyring takes long, most likely because it wants to be unlocked.
    fn keyring_waits(&self);
}

/// How long the keyring may take where nobody can unlock it. With what else a command does it stays under two seconds.
const UNATTENDED: Duration = Duration::from_millis(1_500);
/// And where somebody can.
const ATTENDED: Duration = Duration::from_secs(60);

/// So often a passphrase may be mistyped.
const ATTEMPTS: u32 = 3;

/// Where a first or another key shall be.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Where it was given: `UDSYNC_KEY`, or a credential of systemd.
    Given,
    Keyring,
    File(PathBuf),
    Passphrase(SecretString),
}

/// Finds keys. One for a process: what was found once is not asked for again.
pub struct Keys {
    shop: String,
    given: Credentials,
    person: Option<Arc<dyn Person>>,
    ring: Arc<dyn Ring>,
    found: Mutex<Option<FoundKey>>,
}

/// The key of a state file, and where it really was.
#[derive(Clone, Debug)]
pub struct FoundKey {
    /// What the state file says of it.
    pub of: KeyPlace,
    pub key: SealingKey,
    pub at: KeyLocation,
}

impl Keys {
    pub fn new(shop: &str, given: &Credentials, person: Option<Arc<dyn Person>>) -> Arc<Keys> {
        Keys::with_ring(shop, given, person, Arc::new(SystemRing))
    }

    /// With another keyring than the system's.
    pub fn with_ring(
        shop: &str,
        given: &Credentials,
        person: Option<Arc<dyn Person>>,
        ring: Arc<dyn Ring>,
    ) -> Arc<Keys> {
        Arc::new(Keys {
            shop: shop.to_owned(),
            given: given.clone(),
            person,
            ring,
            found: Mutex::new(None),
        })
    }

    /// The key of this state file.
    pub fn key(&self, secrets: &dyn Secrets) -> Result<SealingKey, Fault> {
        Ok(self.find(secrets)?.key)
    }

    /// The key of this state file, and where it was found.
    pub fn find(&self, secrets: &dyn Secrets) -> Result<FoundKey, Fault> {
        // Held while somebody is asked, so that nobody is asked twice.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of) = secrets.key_place().map_err(unread)? else {
            return Err(words::none_yet());
        };
        if let Some(known) = found.as_ref().filter(|known| known.of == of) {
            return Ok(known.clone());
        }
        let place = place_of(&of)?;
        let (at, key) = match self.explicit()? {
            Some((at, keys)) => {
                let key = pick(keys, &of);
                let key = key.ok_or_else(|| words::wrong_key(&at, &place))?;
                (at, key)
            }
            None => (place.clone(), self.remembered(&of, &place)?),
        };
        let now = FoundKey { of, key, at };
        *found = Some(now.clone());
        Ok(now)
    }

    /// Whether the key can be had where the state file says, whatever is given in its place.
    pub fn is_where_remembered(&self, secrets: &dyn Secrets) -> bool {
        let Ok(Some(of)) = secrets.key_place() else {
            return false;
        };
        let there = place_of(&of).and_then(|place| self.remembered(&of, &place));
        there.is_ok()
    }

    /// A key that was just made need not be looked for, or asked for once more.
    fn remember(&self, of: KeyPlace, key: SealingKey, at: KeyLocation) {
        let found = FoundKey { of, key, at };
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }

    /// Forgets what was found, after the key was replaced.
    pub fn forget(&self) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What was set explicitly, and where.
    pub fn explicit(&self) -> Result<Option<(KeyLocation, Vec<SealingKey>)>, Fault> {
        if let Some(given) = self.given()? {
            return Ok(Some(given));
        }
        let Some(path) = &self.given.key_file else {
            return Ok(None);
        };
        let keys = file::read(path)?;
        let path = absolute(path);
        Ok(Some((KeyLocation::File { path }, keys)))
    }

    /// A key that stands in the environment or comes from systemd. While one takes the place of another both may be given.
    pub fn given(&self) -> Result<Option<(KeyLocation, Vec<SealingKey>)>, Fault> {
        let new = || self.new_given().map(|found| found.map(|(_, key)| key));
        if let Some(text) = &self.given.key {
            let key = written(text, "UDSYNC_KEY")?;
            let keys = std::iter::once(key).chain(new()?).collect();
            return Ok(Some((KeyLocation::Environment, keys)));
        }
        if let Some(text) = self.credential("udsync-key")? {
            let key = written(&text, "$CREDENTIALS_DIRECTORY/udsync-key")?;
            let keys = std::iter::once(key).chain(new()?).collect();
            return Ok(Some((KeyLocation::SystemdCredential, keys)));
        }
        Ok(None)
    }

    /// The key that shall take the place of one that was given.
    fn new_given(&self) -> Result<Option<(KeyLocation, SealingKey)>, Fault> {
        if let Some(text) = &self.given.new_key {
            return Ok(Some((
                KeyLocation::Environment,
                written(text, "UDSYNC_NEW_KEY")?,
            )));
        }
        let Some(text) = self.credential("udsync-new-key")? else {
            return Ok(None);
        };
        let key = written(&text, "$CREDENTIALS_DIRECTORY/udsync-new-key")?;
        Ok(Some((KeyLocation::SystemdCredential, key)))
    }

    /// A passphrase that was given, so that nobody need be asked.
    pub fn given_passphrase(&self) -> Result<Option<SecretString>, Fault> {
        match &self.given.passphrase {
            Some(given) => Ok(Some(given.clone())),
            None => self.credential("udsync-passphrase"),
        }
    }

    /// What a program says that was named to say it.
    pub fn said_passphrase(&self) -> Option<SecretString> {
        let program = self.person.as_ref().filter(|person| person.is_program())?;
        program.passphrase(false)
    }

    pub fn new_passphrase(&self) -> Option<SecretString> {
        self.given.new_passphrase.clone()
    }

    /// Whether a key was given to take the place of the present one.
    pub fn has_new_key(&self) -> Result<bool, Fault> {
        Ok(self.new_given()?.is_some())
    }

    /// A file that systemd hands over; `None` where it hands over none of this name.
    fn credential(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        let Some(folder) = &self.given.credentials_folder else {
            return Ok(None);
        };
        match crate::files::read_text(&folder.join(name), 1_000_000) {
            Ok(text) => Ok(Some(text.trim().to_owned().into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(words::credential_unreadable(name, &error)),
        }
    }

    /// The key at the place that the state file remembers.
    fn remembered(&self, of: &KeyPlace, place: &KeyLocation) -> Result<SealingKey, Fault> {
        match place {
            KeyLocation::Environment | KeyLocation::SystemdCredential => {
                Err(words::not_given(place))
            }
            KeyLocation::File { path } => {
                let keys = file::read(path).map_err(words::with_way_out)?;
                pick(keys, of).ok_or_else(|| words::wrong_key(place, place))
            }
            KeyLocation::Keyring { account } => {
                let text = self.ring_get(account).map_err(words::keyring)?;
                let text = text.ok_or_else(words::keyring_empty)?;
                let keys = SealingKey::from_text(&text).into_iter().collect();
                pick(keys, of).ok_or_else(|| words::wrong_key(place, place))
            }
            KeyLocation::Passphrase { salt } => self.made_of_passphrase(of, salt),
        }
    }

    fn made_of_passphrase(&self, of: &KeyPlace, salt: &str) -> Result<SealingKey, Fault> {
        let given = self.given_passphrase()?;
        let was_given = given.is_some();
        let fits = |passphrase: &SecretString| {
            let key = passphrase::derive(passphrase, salt);
            (key.id().0 == of.key_id).then_some(key)
        };
        let mut candidates = given.into_iter().chain(self.new_passphrase());
        if let Some(key) = candidates.find_map(|passphrase| fits(&passphrase)) {
            return Ok(key);
        }
        if was_given {
            return Err(words::wrong_passphrase());
        }
        let Some(person) = &self.person else {
            return Err(words::no_passphrase());
        };
        for attempt in 0..ATTEMPTS {
            let Some(passphrase) = person.passphrase(attempt > 0) else {
                return Err(match attempt {
                    0 => words::no_passphrase(),
                    _ => words::wrong_passphrase(),
                });
            };
            if let Some(key) = fits(&passphrase) {
                return Ok(key);
            }
        }
        Err(words::wrong_passphrase())
    }

    /// Makes a first key without asking anybody: where one was given, else in the keyring.
    pub fn begin_unasked(&self, secrets: &dyn SecretsWriter) -> Result<(), Fault> {
        if self.explicit()?.is_some() {
            return self.begin(secrets, &Choice::Given);
        }
        if let Some(passphrase) = self.given_passphrase()? {
            return self.begin(secrets, &Choice::Passphrase(passphrase));
        }
        self.begin(secrets, &Choice::Keyring)
            .map_err(words::no_place_for_key)
    }

    /// Puts a first key at this place, and lets the state file remember where. If another process was faster, its key counts.
    pub fn begin(&self, secrets: &dyn SecretsWriter, choice: &Choice) -> Result<(), Fault> {
        let (place, key) = self.first(choice)?;
        let ours = key_place(&place, &key);
        let theirs = secrets.place_key(&ours).map_err(unwritten)?;
        if theirs == ours {
            self.remember(ours, key, place);
        } else if let KeyLocation::Keyring { account } = &place
            && theirs.key_id != ours.key_id
        {
            // Nothing was sealed with it, and nothing will be.
            let _ = self.ring_remove(account);
        }
        Ok(())
    }

    /// A key to begin with at this place: the one that is there already, else a new one.
    fn first(&self, choice: &Choice) -> Result<(KeyLocation, SealingKey), Fault> {
        match choice {
            Choice::Given => {
                let (at, keys) = self.explicit()?.ok_or_else(words::none_yet)?;
                let key = keys.into_iter().next().ok_or_else(words::none_yet)?;
                Ok((at, key))
            }
            // Somebody may still need the key in it: it is used, not replaced.
            Choice::File(path) if path.exists() => {
                let key = file::read(path)?.pop().ok_or_else(words::none_yet)?;
                let path = absolute(path);
                Ok((KeyLocation::File { path }, key))
            }
            chosen => self.put(chosen, new_key()?),
        }
    }

    /// Puts a new key at a place that was chosen, and reads it back from there.
    fn put(&self, choice: &Choice, key: SealingKey) -> Result<(KeyLocation, SealingKey), Fault> {
        match choice {
            Choice::Given => {
                let given = self.new_given()?;
                given.ok_or_else(words::no_new_key)
            }
            Choice::Keyring => {
                let account = format!("{} {}", self.shop, key.id().0);
                let text = key.to_text();
                let kept = self
                    .ring(move |ring| {
                        ring.set(&account, &text)?;
                        Ok(ring.get(&account)?.map(|text| (account, text)))
                    })
                    .map_err(words::keyring)?;
                let back = kept.and_then(|(account, text)| {
                    let same = SealingKey::from_text(&text).is_ok_and(|back| back.id() == key.id());
                    same.then_some(account)
                });
                let account = back.ok_or_else(words::keyring_forgets)?;
                Ok((KeyLocation::Keyring { account }, key))
            }
            Choice::File(path) => {
                let path = absolute(path);
                if !file::make(&path, &self.shop, &key)? {
                    file::add(&path, &key)?;
                }
                let back = file::read(&path)?;
                if !back.iter().any(|back| back.id() == key.id()) {
                    return Err(words::file_forgets(&path));
                }
                Ok((KeyLocation::File { path }, key))
            }
            Choice::Passphrase(passphrase) => {
                let salt = passphrase::salt_text(random()?);
                let key = passphrase::derive(passphrase, &salt);
                Ok((KeyLocation::Passphrase { salt }, key))
            }
        }
    }

    fn ring_get(&self, account: &str) -> Result<Option<SecretString>, RingTrouble> {
        let account = account.to_owned();
        self.ring(move |ring| ring.get(&account))
    }

    fn ring_remove(&self, account: &str) -> Result<(), RingTrouble> {
        let account = account.to_owned();
        self.ring(move |ring| ring.remove(&account))
    }

    fn ring<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Ring) -> Result<T, RingTrouble> + Send + 'static,
    ) -> Result<T, RingTrouble> {
        let patience = match &self.person {
            None => KeyringPatience {
                limit: UNATTENDED,
                waiting: None,
            },
            Some(person) => {
                let person = person.clone();
                KeyringPatience {
                    limit: ATTENDED,
                    waiting: Some(Arc::new(move || person.keyring_waits())),
                }
            }
        };
        ask(&self.ring, &patience, question)
    }
}

/// Reads what a state file remembers of the place.
pub fn place_of(of: &KeyPlace) -> Result<KeyLocation, Fault> {
    serde_json::from_str(&of.place).map_err(|_| words::place_unknown())
}

fn key_place(place: &KeyLocation, key: &SealingKey) -> KeyPlace {
    KeyPlace {
        key_id: key.id().0,
        place: serde_json::to_string(place).expect("a place has a JSON form"),
    }
}

fn pick(keys: Vec<SealingKey>, of: &KeyPlace) -> Option<SealingKey> {
    keys.into_iter().find(|key| key.id().0 == of.key_id)
}

fn written(text: &SecretString, at: &str) -> Result<SealingKey, Fault> {
    SealingKey::from_text(text).map_err(|mistyped| words::mistyped(at, mistyped))
}

/// The state file remembers a path that means the same from every folder.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn new_key() -> Result<SealingKey, Fault> {
    Ok(SealingKey::new(random()?))
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Fault::new(
            Remedy::Stop,
            "state_unwritable",
            format!("the system gave no random bytes to seal a secret with: {error}"),
        )
    })?;
    Ok(bytes)
}
