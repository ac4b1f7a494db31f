//! Privacy: the key over what the state file keeps of people, how long it keeps it, and how a person is forgotten.
//!
//! Where a key is configured, bodies are sealed with it. Once they are, a run that cannot have the key does not begin: it would have to
//! write people down in plain text, and could not read what an earlier run left open. Where there is none, bodies only grow old.

use chrono::TimeDelta;

use super::App;
use super::state_fault::{unread, unwritten};
use super::state_key::StateKey;
use crate::books::names::guest_key;
use crate::connector::quickbooks::{customers_named, figures, names_of};
use crate::connector::supabase::{RowsOf, Supabase};
use crate::model::fault::Fault;
use crate::model::likeness::Likeness;
use crate::model::service::Service;
use crate::store::{
    BodyDialect, PeopleKept, PeopleWriter, PersonSought, Secrets, Store, StoreError, Traces,
};

impl App {
    /// Opens what is kept of people, and seals what comes, where a key is configured. A key that is given and that the file does not know
    /// yet becomes its own; what the file has in plain text is sealed then.
    pub fn unveil(&self, store: &Store) -> Result<(), Fault> {
        if store.key_place().map_err(unread)?.is_none() {
            // One in a keyring is only looked for where the file says so.
            if self.keys.explicit()?.is_none() && self.keys.given_passphrase()?.is_none() {
                return Ok(());
            }
            self.keys.begin_unasked(store)?;
        }
        self.unveil_to_look(store)?;
        let sealed = store.veil_everything().map_err(unwritten)?;
        if sealed > 0 {
            tracing::info!(
                texts = sealed,
                "sealed what was kept of people in plain text"
            );
        }
        Ok(())
    }

    /// As [`App::unveil`], for a state that is only looked at. A key that was never needed by a run, because the environment brings the
    /// credentials, may stay away until something is sealed with it.
    pub fn unveil_to_look(&self, store: &Store) -> Result<(), Fault> {
        if store.key_place().map_err(unread)?.is_none() {
            return Ok(());
        }
        match self.keys.key(store) {
            Ok(key) => store.use_body_key(StateKey::new(key)),
            Err(fault) if store.is_veiled().map_err(unread)? || self.keys.explicit()?.is_some() => {
                return Err(fault);
            }
            Err(fault) => {
                tracing::warn!("what is kept of people is not sealed: {}", fault.said);
            }
        }
        Ok(())
    }

    /// Drops the bodies that are kept long enough.
    pub fn drop_old_bodies(&self, store: &dyn PeopleWriter) -> Result<(), Fault> {
        let keep = TimeDelta::from_std(self.config.privacy.keep_bodies)
            .ok()
            .and_then(|keep| self.clock.now().checked_sub_signed(keep));
        let Some(before) = keep else { return Ok(()) };
        let dropped = store.drop_bodies(before, &figures).map_err(unwritten)?;
        if dropped > 0 {
            tracing::info!(requests = dropped, "dropped the bodies of settled requests");
        }
        Ok(())
    }
}

/// What reads the bodies of QuickBooks.
const DIALECT: BodyDialect = BodyDialect {
    customers: customers_named,
    names: names_of,
    figures,
};

/// By what a person is found in the state file.
pub fn sought(email: &str) -> PersonSought {
    let email = email.trim().to_lowercase();
    PersonSought {
        looks: Likeness::of_account(&email, None).looks.to_string(),
        guest: guest_key(&email),
        email,
    }
}

/// What is known of a person, here and in the database.
pub struct KnownPerson {
    pub traces: Traces,
    /// `None`: no database is configured.
    pub rows: Option<RowsOf>,
    /// Copies of earlier versions of the state file in which there is anybody: they are emptied of everybody.
    pub copies: usize,
}

impl KnownPerson {
    /// Whether anything can be forgotten.
    pub fn is_nothing(&self) -> bool {
        self.traces.is_empty()
            && self.copies == 0
            && self.rows.as_ref().is_none_or(RowsOf::is_empty)
    }
}

impl App {
    /// Looks for a person in the state file and in the database. Nothing is changed.
    pub async fn known_of(
        &self,
        store: &dyn PeopleKept,
        database: Option<&Supabase>,
        email: &str,
    ) -> Result<KnownPerson, Failed> {
        let sought = sought(email);
        let rows = match database {
            Some(database) => Some(database.rows_of(&sought.email).await?),
            None => None,
        };
        Ok(KnownPerson {
            traces: store.traces(&sought, &DIALECT)?,
            rows,
            copies: store.copies_with_people()?,
        })
    }

    /// The database, if one is configured and may be written to.
    pub fn database_of_people(&self, store: &Store) -> Result<Option<Supabase>, Fault> {
        let Some(settings) = &self.config.supabase else {
            return Ok(None);
        };
        if settings.read_only {
            return Ok(None);
        }
        let given = self.given_for(store, &[Service::Supabase])?;
        self.database(&given).map(Some)
    }

    /// Forgets a person: first in the database, then here, so that whatever is interrupted is found again.
    pub async fn forget(
        &self,
        store: &dyn PeopleWriter,
        database: Option<&Supabase>,
        email: &str,
        rows: Option<&RowsOf>,
    ) -> Result<Traces, Failed> {
        if let (Some(database), Some(rows)) = (database, rows) {
            database.empty_rows(rows).await?;
        }
        Ok(store.forget(&sought(email), &DIALECT)?)
    }
}

/// Why a person could not be looked for or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error(transparent)]
    Service(#[from] Fault),
    #[error(transparent)]
    State(#[from] StoreError),
}
