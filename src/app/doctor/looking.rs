//! Looking: the state file for somebody who only looks. Lists that a connector would keep are kept for this look alone.
//!
//! The sign-in is the exception. Where it must be renewed, whoever loses the new one is locked out: so before it is asked for,
//! the state file is opened as any run opens it, and from then on the sign-in is kept as any run keeps it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::app::App;
use crate::app::keeping::Keeping;
use crate::connector::port::{Life, Shelf, TokenTurn, Vault};
use crate::model::fault::{Fault, Remedy};
use crate::store::Store;

pub(super) struct Looking {
    app: Arc<App>,
    /// As it was opened to be read; empty where there is no file.
    store: Store,
    /// Once the sign-in must be renewed.
    keeping: Mutex<Option<Arc<Keeping>>>,
    lists: Mutex<BTreeMap<String, (String, DateTime<Utc>)>>,
}

impl Looking {
    pub fn new(app: Arc<App>, store: Store) -> Looking {
        Looking {
            app,
            store,
            keeping: Mutex::default(),
            lists: Mutex::default(),
        }
    }

    /// The state file as a run has it, made where it is missing.
    fn keeping(&self) -> Result<Arc<Keeping>, Fault> {
        let mut keeping = lock(&self.keeping);
        if let Some(keeping) = &*keeping {
            return Ok(keeping.clone());
        }
        let store = self.app.store().map_err(|error| {
            Fault::new(
                Remedy::Stop,
                "state_unwritable",
                format!("the sign-in to QuickBooks is due to be renewed, and the new one could not be kept: {error}"),
            )
            .hint(error.hint())
        })?;
        let opened = self
            .app
            .keeping(&store, Arc::new(self.app.strongbox(&store)));
        *keeping = Some(opened.clone());
        Ok(opened)
    }
}

impl Shelf for Looking {
    /// Nothing from earlier: the look is at what is so now.
    fn get(&self, name: &str) -> Option<(String, DateTime<Utc>)> {
        lock(&self.lists).get(name).cloned()
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Fault> {
        let kept = (text.to_owned(), self.app.clock.now());
        lock(&self.lists).insert(name.to_owned(), kept);
        Ok(())
    }
}

impl Vault for Looking {
    fn load(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        let keeping = lock(&self.keeping).clone();
        match keeping {
            Some(keeping) => keeping.load(name),
            None => self.app.strongbox(&self.store).load(name),
        }
    }

    fn save(&self, name: &str, secret: &SecretString) -> Result<(), Fault> {
        self.keeping()?.save(name, secret)
    }

    /// The beginning of every renewal, and the last moment to find out that the new sign-in could not be kept.
    fn turn(&self, name: &str) -> Result<Option<TokenTurn>, Fault> {
        self.keeping()?.turn(name)
    }

    fn note(&self, name: &str, life: &Life) -> Result<(), Fault> {
        self.keeping()?.note(name, life)
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
