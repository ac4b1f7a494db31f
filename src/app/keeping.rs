//! Keeping: the state file as the place where connectors keep lists and tokens.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::connections::AboutQuickbooks;
use super::state_fault::unwritten;
use super::strongbox::Strongbox;
use crate::connector::port::{Life, Shelf, TokenTurn, Vault};
use crate::model::clock::Clock;
use crate::model::fault::Fault;
use crate::store::{MemoryWriter, SecretsWriter, StoreError, connections};

/// Lists in the state file, and tokens in its strongbox.
pub struct Keeping {
    lists: Arc<dyn MemoryWriter>,
    secrets: Arc<dyn SecretsWriter>,
    strongbox: Arc<Strongbox>,
    clock: Clock,
    /// `sandbox` or `production`, for what may be known of a connection.
    environment: String,
}

impl Keeping {
    pub fn new(
        lists: Arc<dyn MemoryWriter>,
        secrets: Arc<dyn SecretsWriter>,
        strongbox: Arc<Strongbox>,
        clock: Clock,
        environment: String,
    ) -> Keeping {
        Keeping {
            lists,
            secrets,
            strongbox,
            clock,
            environment,
        }
    }
}

impl Shelf for Keeping {
    fn get(&self, name: &str) -> Option<(String, DateTime<Utc>)> {
        self.lists.kept(name).ok().flatten()
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Fault> {
        self.lists
            .keep(name, text, self.clock.now())
            .map_err(unwritten)
    }
}

impl Vault for Keeping {
    fn load(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        self.strongbox.load(name)
    }

    fn save(&self, name: &str, secret: &SecretString) -> Result<(), Fault> {
        self.strongbox.save(name, secret)
    }

    fn turn(&self, _name: &str) -> Result<Option<TokenTurn>, Fault> {
        Ok(self.secrets.turn().map_err(unwritten)?.map(TokenTurn::new))
    }

    fn note(&self, name: &str, life: &Life) -> Result<(), Fault> {
        self.note_life(name, life).map_err(unwritten)
    }
}

impl Keeping {
    fn note_life(&self, name: &str, life: &Life) -> Result<(), StoreError> {
        let known = connections::known::<AboutQuickbooks>(&*self.secrets, name)?;
        let company = known
            .as_ref()
            .filter(|known| known.about.company_id == life.company_id)
            .and_then(|known| known.about.company.clone());
        let about = AboutQuickbooks {
            company_id: life.company_id.clone(),
            company,
            environment: self.environment.clone(),
            refreshed_at: life.refreshed_at,
            refresh_until: life.refresh_until,
            hard_until: life.hard_until,
            came_from: life.came_from.clone(),
        };
        match &known {
            None => connections::keep(&*self.secrets, name, &about, self.clock.now())?,
            Some(_) => connections::update(&*self.secrets, name, &about)?,
        }
        match (life.refused_at, known.and_then(|known| known.broken)) {
            (Some(at), _) => {
                self.secrets
                    .break_connection(name, "credentials_refused", at)?;
            }
            (None, Some(_)) => self.secrets.mend_connection(name)?,
            (None, None) => {}
        }
        Ok(())
    }
}
