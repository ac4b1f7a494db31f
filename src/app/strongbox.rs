//! The strongbox: secrets in the state file, sealed, and the key to them.
//!
//! What somebody stored with `connect` is sealed with the key of the state file, which [`Keys`] finds. What descends from credentials of
//! the environment needs no such key: it is sealed with one made of the client secret that the environment has, so that cron lines and
//! CI jobs need no set-up.

use std::sync::Arc;

use secrecy::SecretString;

use super::keys::{self, Keys, words};
use super::state_fault::{unread, unwritten};
use crate::config::Credentials;
use crate::model::clock::Clock;
use crate::model::fault::Fault;
use crate::model::service::QUICKBOOKS_CLIENT_SECRET;
use crate::model::service::{Service, ServiceRole};
use crate::safe::{self, SealingKey};
use crate::store::{Sealed, SecretKept, SecretsWriter, StoreError, connections};

/// The end of the name of what descends from the environment.
pub const OF_ENVIRONMENT: &str = ".environment";

/// A key that is replaced more often than this while one thing is done is somebody's mistake, not a race.
const ATTEMPTS: u32 = 3;

/// Why a secret does not open.
enum Unopened {
    /// Its row alone: another key sealed it, or it is damaged. The others are as they were.
    This(Fault),
    /// The key or the state file, so that nothing opens.
    Any(Fault),
}

impl Unopened {
    fn into_fault(self) -> Fault {
        match self {
            Unopened::This(fault) | Unopened::Any(fault) => fault,
        }
    }
}

impl From<Fault> for Unopened {
    fn from(fault: Fault) -> Unopened {
        Unopened::Any(fault)
    }
}

/// Sealed secrets and their key.
pub struct Strongbox {
    secrets: Arc<dyn SecretsWriter>,
    clock: Clock,
    keys: Arc<Keys>,
    /// The client secret, where the environment has it.
    client_secret: Option<SecretString>,
}

impl Strongbox {
    pub fn new(
        secrets: Arc<dyn SecretsWriter>,
        clock: Clock,
        keys: Arc<Keys>,
        environment: &Credentials,
    ) -> Strongbox {
        Strongbox {
            secrets,
            clock,
            keys,
            client_secret: environment.of(&QUICKBOOKS_CLIENT_SECRET).cloned(),
        }
    }

    /// The secret of this name; `None` where there is none.
    pub fn load(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        self.open(name).map_err(Unopened::into_fault)
    }

    fn open(&self, name: &str) -> Result<Option<SecretString>, Unopened> {
        self.seal_plain()?;
        let mut wrong = None;
        for _ in 0..ATTEMPTS {
            let Some(row) = self.secrets.sealed(name).map_err(unread)? else {
                return Ok(self.still_plain(name)?);
            };
            if let Some(derived) = self.derived(name) {
                if row.key_id == derived.id().0 {
                    // Another client secret in the environment: what descends from the old one is nobody's any more.
                    return Ok(safe::open(&derived, name, &row.bytes).ok());
                }
                let of = self.secrets.key_place().map_err(unread)?;
                if of.is_none_or(|of| of.key_id != row.key_id) {
                    return Ok(None);
                }
            }
            let key = self.keys.key(&*self.secrets)?;
            if key.id().0 == row.key_id {
                return safe::open(&key, name, &row.bytes)
                    .map(Some)
                    .map_err(|_| Unopened::This(words::damaged(name)));
            }
            // The key may have been replaced between the two looks.
            wrong = Some(Unopened::This(words::sealed_with_another(name)));
        }
        wrong.map_or(Ok(None), Err)
    }

    /// The address of what was connected, as it was noted beside its keys. Of a database its host: a path in it is only a way to ask.
    pub(super) fn address_noted(&self, service: Service) -> Option<String> {
        let known =
            connections::known::<serde_json::Value>(&*self.secrets, service.as_str()).ok()??;
        let address = known.about["address"].as_str()?;
        match service.role() {
            ServiceRole::Copy => {
                let url = url::Url::parse(address).ok()?;
                Some(url.origin().ascii_serialization())
            }
            ServiceRole::Shop | ServiceRole::Books | ServiceRole::Gateway => {
                Some(address.to_owned())
            }
        }
    }

    /// Whether there is a secret of this name, opened or not.
    pub fn has(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.secrets.sealed(name).map_err(unread)?.is_some())
    }

    /// Keeps a secret. When this returns it is sealed and on the disk.
    pub fn save(&self, name: &str, secret: &SecretString) -> Result<(), Fault> {
        for _ in 0..ATTEMPTS {
            let derived = self.derived(name);
            let under_place = derived.is_none();
            let key = match derived {
                Some(key) => key,
                None => self.key_to_seal()?,
            };
            let sealed = sealed(&key, name, secret)?;
            let kept = self
                .secrets
                .save_sealed(name, &sealed, under_place, self.clock.now());
            match kept.map_err(unwritten)? {
                SecretKept::Yes => return Ok(()),
                SecretKept::KeyReplaced => self.keys.forget(),
            }
        }
        Err(words::sealed_with_another(name))
    }

    /// Shreds a secret. Says whether there was one.
    pub fn remove(&self, name: &str) -> Result<bool, Fault> {
        self.secrets.remove_sealed(name).map_err(unwritten)
    }

    /// What is stored and does not open although its key is here, with what is the matter. One such row touches no other.
    pub fn damaged(&self) -> Result<Vec<(String, Fault)>, Fault> {
        let mut damaged = Vec::new();
        for name in self.secrets.sealed_names().map_err(unread)? {
            match self.open(&name) {
                Ok(_) => {}
                Err(Unopened::This(fault)) => damaged.push((name, fault)),
                Err(Unopened::Any(fault)) => return Err(fault),
            }
        }
        Ok(damaged)
    }

    /// What an older udsync kept in plain text is sealed as soon as there is a key for it: the one that the environment makes, else
    /// the state file's own.
    pub fn seal_plain(&self) -> Result<(), Fault> {
        for (plain, secret) in self.secrets.plain_secrets().map_err(unread)? {
            let name = format!("{plain}{OF_ENVIRONMENT}");
            let key = match self.derived(&name) {
                Some(key) => key,
                None => match self.keys.key(&*self.secrets) {
                    Ok(key) => key,
                    // It waits: there is no key yet, or it is not to be had today. Whoever needs the key is told why.
                    Err(_) => return Ok(()),
                },
            };
            let sealed = sealed(&key, &name, &secret)?;
            let put = self
                .secrets
                .seal_plain(&plain, &name, &sealed, self.clock.now());
            match put {
                // A state that is only looked at stays as it is.
                Err(StoreError::ReadOnly { .. }) => return Ok(()),
                put => put.map_err(unwritten)?,
            }
        }
        Ok(())
    }

    /// What could not be sealed yet is as good as it was.
    fn still_plain(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        let Some(plain) = name.strip_suffix(OF_ENVIRONMENT) else {
            return Ok(None);
        };
        let rows = self.secrets.plain_secrets().map_err(unread)?;
        let row = rows.into_iter().find(|(name, _)| name == plain);
        Ok(row.map(|(_, secret)| secret))
    }

    fn derived(&self, name: &str) -> Option<SealingKey> {
        let of_environment = name.ends_with(OF_ENVIRONMENT);
        let secret = self.client_secret.as_ref().filter(|_| of_environment)?;
        Some(SealingKey::derived(secret))
    }

    /// The key that seals: the state file's own, or one that is made now.
    fn key_to_seal(&self) -> Result<SealingKey, Fault> {
        if self.secrets.key_place().map_err(unread)?.is_none() {
            self.keys.begin_unasked(&*self.secrets)?;
        }
        self.keys.key(&*self.secrets)
    }
}

pub(super) fn sealed(key: &SealingKey, name: &str, secret: &SecretString) -> Result<Sealed, Fault> {
    Ok(Sealed {
        key_id: key.id().0,
        bytes: safe::seal(key, name, secret, keys::random()?),
    })
}
