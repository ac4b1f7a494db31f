//! Keeping: the state file as the place where connectors keep lists and tokens.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::connector::port::{Shelf, Vault};
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};
use crate::store::{Store, StoreError};

/// Lists and tokens in the state file.
pub struct Keeping {
    store: Store,
    clock: Clock,
}

impl Keeping {
    pub fn new(store: Store, clock: Clock) -> Keeping {
        Keeping { store, clock }
    }
}

impl Shelf for Keeping {
    fn get(&self, name: &str) -> Option<(String, DateTime<Utc>)> {
        self.store.kept(name).ok().flatten()
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Fault> {
        self.store
            .keep(name, text, self.clock.now())
            .map_err(not_kept)
    }
}

impl Vault for Keeping {
    fn load(&self, name: &str) -> Option<SecretString> {
        self.store.secret(name).ok().flatten()
    }

    fn save(&self, name: &str, secret: &SecretString) -> Result<(), Fault> {
        self.store.save_secret(name, secret).map_err(not_kept)
    }
}

fn not_kept(error: StoreError) -> Fault {
    Fault::new(Remedy::Stop, "state_unwritable", error.to_string()).hint(error.hint())
}
