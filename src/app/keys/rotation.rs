//! Rotation: another key takes the place of the present one, in three steps that can each be the last.
//!
//! ```text
//!   prepare   the new key is at its place, beside the old one      the old one opens everything
//!   reseal    one transaction seals everything with the new one    the new one opens everything
//!   retire    the old key is taken away                            the new one opens everything
//! ```
//!
//! Between them both keys are where they can be found, and the state file says which one counts.

use std::path::Path;

use super::{Choice, FoundKey, Keys, key_place, new_key, place_of, words};
use crate::model::clock::Clock;
use crate::model::fault::Fault;
use crate::safe::{self, KeyLocation, SealingKey, file};
use crate::store::{KeyPlace, Sealed, SecretKept, Secrets, SecretsWriter};

use super::super::state_fault::{unread, unwritten};
use super::super::state_key::StateKey;
use super::super::strongbox::sealed;

/// A new key that is at its place and seals nothing yet.
pub struct Rotation {
    old: FoundKey,
    new: KeyPlace,
    pub place: KeyLocation,
    key: SealingKey,
}

/// What became of the old key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldKey {
    Removed,
    /// It was never ours to remove: somebody gives it, and should give the new one now.
    Given(KeyLocation),
    /// Other shops may use that file, so it stays there.
    StaysIn(KeyLocation),
    /// It could not be removed; it opens nothing any more.
    Stuck(String),
}

impl Keys {
    /// Puts a new key at its place.
    pub fn prepare(&self, secrets: &dyn Secrets, choice: &Choice) -> Result<Rotation, Fault> {
        let old = self.find(secrets)?;
        // A key that cannot open a row would lose it: what is damaged is named before anything is done.
        for name in secrets.sealed_names().map_err(unread)? {
            if let Some(row) = secrets.sealed(&name).map_err(unread)?
                && row.key_id == old.of.key_id
            {
                safe::open(&old.key, &name, &row.bytes).map_err(|_| words::damaged(&name))?;
            }
        }
        let (place, key) = self.put(choice, new_key()?)?;
        if key.id() == old.key.id() {
            return Err(words::same_key());
        }
        Ok(Rotation {
            old,
            new: key_place(&place, &key),
            place,
            key,
        })
    }

    /// Seals everything with the new key, or nothing.
    pub fn reseal(
        &self,
        secrets: &dyn SecretsWriter,
        clock: &Clock,
        rotation: &Rotation,
    ) -> Result<(), Fault> {
        let again = |name: &str, row: &Sealed| {
            let secret = safe::open(&rotation.old.key, name, &row.bytes)
                .map_err(|_| words::damaged(name))?;
            sealed(&rotation.key, name, &secret)
        };
        let mut failed = None;
        let mut again = |name: &str, row: &Sealed| {
            let sealed = again(name, row);
            sealed.map_err(|fault| failed = Some(fault)).ok()
        };
        let replaced = secrets
            .replace_key(
                &rotation.old.of,
                &rotation.new,
                clock.now(),
                (
                    StateKey::new(rotation.old.key.clone()),
                    StateKey::new(rotation.key.clone()),
                ),
                &mut again,
            )
            .map_err(unwritten)?;
        let Some(replaced) = replaced else {
            let name = &rotation.old.of.key_id;
            return Err(failed.unwrap_or_else(|| words::damaged(name)));
        };
        self.forget();
        match replaced {
            SecretKept::Yes => {
                let key = rotation.key.clone();
                self.remember(rotation.new.clone(), key, rotation.place.clone());
                Ok(())
            }
            SecretKept::KeyReplaced => Err(words::wrong_key(
                &rotation.old.at,
                &place_of(&rotation.old.of)?,
            )),
        }
    }

    /// Takes the old key away. `own_file` is the key file that belongs to this shop alone.
    pub fn retire(&self, rotation: &Rotation, own_file: Option<&Path>) -> OldKey {
        let taken = match &rotation.old.at {
            KeyLocation::Passphrase { .. } => Ok(()),
            given @ (KeyLocation::Environment | KeyLocation::SystemdCredential) => {
                return OldKey::Given(given.clone());
            }
            KeyLocation::Keyring { account } => self
                .ring_remove(account)
                .map_err(|trouble| trouble.to_string()),
            KeyLocation::File { path } if own_file != Some(path) => {
                return OldKey::StaysIn(rotation.old.at.clone());
            }
            KeyLocation::File { path } => match &rotation.place {
                KeyLocation::File { path: new } if new == path => {
                    file::keep_only(path, &self.shop, &rotation.key.id())
                }
                _ => file::remove(path),
            }
            .map_err(|fault| fault.said),
        };
        match taken {
            Ok(()) => OldKey::Removed,
            Err(why) => OldKey::Stuck(why),
        }
    }

    /// Begins a new key although the old one is not to be had, and forgets what only that one opens. Answers with the names.
    pub fn begin_anew(
        &self,
        secrets: &dyn SecretsWriter,
        clock: &Clock,
        choice: &Choice,
    ) -> Result<Vec<String>, Fault> {
        let Some(old) = secrets.key_place().map_err(unread)? else {
            return Err(words::none_yet());
        };
        let (place, key) = self.first(choice)?;
        let forgotten = lost_with(secrets, &old)?;
        let new = key_place(&place, &key);
        let begun = secrets.forget_key(&old, &new).map_err(unwritten)?;
        self.forget();
        if begun == SecretKept::KeyReplaced {
            return Err(words::wrong_key(&place, &place_of(&old)?));
        }
        self.remember(new, key, place);
        for name in forgotten.iter().filter(|name| !name.contains('.')) {
            secrets
                .break_connection(name, "key_lost", clock.now())
                .map_err(unwritten)?;
        }
        Ok(forgotten)
    }
}

/// What nothing opens without this key.
pub fn lost_with(secrets: &dyn Secrets, of: &KeyPlace) -> Result<Vec<String>, Fault> {
    let names = secrets.sealed_names().map_err(unread)?;
    let mut lost = Vec::new();
    for name in names {
        let row = secrets.sealed(&name).map_err(unread)?;
        if row.is_some_and(|row| row.key_id == of.key_id) {
            lost.push(name);
        }
    }
    Ok(lost)
}
