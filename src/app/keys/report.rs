//! The key report: which place of the key is in use, and why each other one is not. For `doctor`.

use secrecy::SecretString;
use serde::Serialize;

use super::{Keys, place_of, words, written};
use crate::model::fault::Fault;
use crate::safe::keyring::RingTrouble;
use crate::safe::{self, KeyLocation, PlaceKind, SealingKey, file};
use crate::store::{KeyPlace, Secrets};

use super::super::state_fault::unread;

/// Where the key of a state file is and is not.
#[derive(Clone, Debug)]
pub struct KeyReport {
    /// Where the key in use is; `None` where nothing has been stored yet.
    pub in_use: Option<KeyLocation>,
    /// Why the key cannot be had; `None` where it is here, or where there is none yet.
    pub trouble: Option<Fault>,
    /// So many secrets are sealed with it.
    pub sealed: usize,
    /// The names of what is stored and does not open although the key is here.
    pub damaged: Vec<String>,
    /// Every place there is, in the order in which they are looked at.
    pub places: Vec<PlaceReport>,
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceReport {
    pub place: PlaceKind,
    pub state: PlaceState,
    /// `UDSYNC_KEY is not set`
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// The key is here.
    InUse,
    /// It could be used, and is not.
    Usable,
    /// It is not set up or not there.
    Absent,
    /// It is there and cannot be used: locked, wrong, or readable by others.
    Unusable,
}

impl Keys {
    /// Looks at every place. Changes nothing; a passphrase is asked for where somebody is there to be asked.
    pub fn report(&self, secrets: &dyn Secrets) -> Result<KeyReport, Fault> {
        let of = secrets.key_place().map_err(unread)?;
        let (in_use, found) = match &of {
            None => (None, None),
            Some(of) => (Some(place_of(of)?), Some(self.find(secrets))),
        };
        let key = found.as_ref().and_then(|found| found.as_ref().ok());
        let mut sealed = 0;
        let mut damaged = Vec::new();
        for name in secrets.sealed_names().map_err(unread)? {
            let row = secrets.sealed(&name).map_err(unread)?;
            let Some(row) = row.filter(|row| of.as_ref().is_some_and(|of| of.key_id == row.key_id))
            else {
                continue;
            };
            sealed += 1;
            if key.is_some_and(|found| safe::open(&found.key, &name, &row.bytes).is_err()) {
                damaged.push(name);
            }
        }
        let look = KeyLook {
            keys: self,
            of: of.as_ref(),
            remembered: in_use.as_ref(),
            at: key.map(|found| found.at.kind()),
        };
        Ok(KeyReport {
            trouble: found.and_then(Result::err),
            sealed,
            damaged,
            places: [
                PlaceKind::Environment,
                PlaceKind::SystemdCredential,
                PlaceKind::File,
                PlaceKind::Keyring,
                PlaceKind::Passphrase,
            ]
            .map(|place| look.at(place))
            .into(),
            in_use,
        })
    }
}

/// One look at the places, and what is known beforehand.
struct KeyLook<'a> {
    keys: &'a Keys,
    of: Option<&'a KeyPlace>,
    remembered: Option<&'a KeyLocation>,
    /// Where the key was found.
    at: Option<PlaceKind>,
}

impl KeyLook<'_> {
    fn at(&self, place: PlaceKind) -> PlaceReport {
        let (state, why) = if self.at == Some(place) {
            (PlaceState::InUse, "the key is here".to_owned())
        } else {
            match place {
                PlaceKind::Environment => self.given(
                    self.keys.given.key.as_ref(),
                    "UDSYNC_KEY",
                    "`UDSYNC_KEY` is not set",
                ),
                PlaceKind::SystemdCredential => self.credential(),
                PlaceKind::File => self.file(),
                PlaceKind::Keyring => self.keyring(),
                PlaceKind::Passphrase => self.passphrase(),
            }
        };
        PlaceReport { place, state, why }
    }

    fn credential(&self) -> (PlaceState, String) {
        if self.keys.given.credentials_folder.is_none() {
            let why = "`$CREDENTIALS_DIRECTORY` is not set: this is no unit of systemd with `LoadCredential`";
            return (PlaceState::Absent, why.to_owned());
        }
        match self.keys.credential("udsync-key") {
            Err(fault) => (PlaceState::Unusable, fault.said),
            Ok(text) => self.given(
                text.as_ref(),
                "$CREDENTIALS_DIRECTORY/udsync-key",
                "systemd hands over no `udsync-key`",
            ),
        }
    }

    /// A key that was given as a text.
    fn given(&self, text: Option<&SecretString>, at: &str, absent: &str) -> (PlaceState, String) {
        match text.map(|text| written(text, at)) {
            None => (PlaceState::Absent, absent.to_owned()),
            Some(Err(fault)) => (PlaceState::Unusable, fault.said),
            Some(Ok(key)) => self.compare(&[key]),
        }
    }

    fn file(&self) -> (PlaceState, String) {
        let remembered = match self.remembered {
            Some(KeyLocation::File { path }) => Some(path),
            _ => None,
        };
        let Some(path) = self.keys.given.key_file.as_ref().or(remembered) else {
            return (PlaceState::Absent, "no key file was chosen".to_owned());
        };
        match file::read(path) {
            Err(fault) => (PlaceState::Unusable, fault.said),
            Ok(keys) => self.compare(&keys),
        }
    }

    fn keyring(&self) -> (PlaceState, String) {
        let remembered = match self.remembered {
            Some(KeyLocation::Keyring { account }) => Some(account.as_str()),
            _ => None,
        };
        // Any question shows whether it answers.
        match self.keys.ring_get(remembered.unwrap_or("nobody")) {
            Err(trouble @ RingTrouble::Absent(_)) => (PlaceState::Absent, trouble.to_string()),
            Err(trouble) => (PlaceState::Unusable, trouble.to_string()),
            Ok(_) if remembered.is_none() => (PlaceState::Usable, self.unchosen()),
            Ok(None) => (PlaceState::Unusable, words::keyring_empty().said),
            Ok(Some(text)) => match SealingKey::from_text(&text) {
                Err(mistyped) => (PlaceState::Unusable, mistyped.to_string()),
                Ok(key) => self.compare(&[key]),
            },
        }
    }

    fn passphrase(&self) -> (PlaceState, String) {
        match (self.remembered, self.at) {
            (Some(KeyLocation::Passphrase { .. }), None) => (
                PlaceState::Unusable,
                "the passphrase is not given, or is another one".to_owned(),
            ),
            (Some(KeyLocation::Passphrase { .. }), Some(_)) => (
                PlaceState::Usable,
                "another place comes before it".to_owned(),
            ),
            _ => (PlaceState::Absent, "no passphrase was chosen".to_owned()),
        }
    }

    fn compare(&self, keys: &[SealingKey]) -> (PlaceState, String) {
        let fits = |of: &KeyPlace| keys.iter().any(|key| key.id().0 == of.key_id);
        match self.of {
            None => (PlaceState::Usable, self.unchosen()),
            Some(of) if fits(of) => (
                PlaceState::Usable,
                "another place comes before it".to_owned(),
            ),
            Some(_) => (
                PlaceState::Unusable,
                "the key there is not the one that the stored credentials are sealed with"
                    .to_owned(),
            ),
        }
    }

    /// Why something that could be used is not.
    fn unchosen(&self) -> String {
        match self.remembered {
            None => "nothing is stored yet".to_owned(),
            Some(place) => format!("the key is {place}"),
        }
    }
}
