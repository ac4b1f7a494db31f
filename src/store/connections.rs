//! Connections: which services somebody connected, when, and whether one of them broke. Nothing secret.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::columns::{json, read_json, read_time, time};
use super::error::{SqlTrouble, StoreError};
use super::{Secrets, SecretsWriter, Store};

/// A connection, with what its connector knows about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection<T> {
    pub about: T,
    pub connected_at: DateTime<Utc>,
    pub broken: Option<Broken>,
}

/// A connection that a person must make anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub at: DateTime<Utc>,
    /// A word for machines, `credentials_refused`.
    pub why: String,
}

/// What is known of a connection, as the value that its connector keeps of it.
pub fn known<T: DeserializeOwned>(
    secrets: &dyn Secrets,
    name: &str,
) -> Result<Option<Connection<T>>, StoreError> {
    let Some(found) = secrets.connection(name)? else {
        return Ok(None);
    };
    let about = read_json(&found.about, "connections.about");
    Ok(Some(Connection {
        about: about.map_err(|trouble| trouble.at(secrets.called()))?,
        connected_at: found.connected_at,
        broken: found.broken,
    }))
}

/// Remembers a connection as working, as it was just made.
pub fn keep<T: Serialize>(
    secrets: &dyn SecretsWriter,
    name: &str,
    about: &T,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    secrets.save_connection(name, &json(about), now)
}

/// Replaces what is known about a connection, which stays as old and as whole as it was.
pub fn update<T: Serialize>(
    secrets: &dyn SecretsWriter,
    name: &str,
    about: &T,
) -> Result<(), StoreError> {
    secrets.update_connection(name, &json(about))
}

impl Store {
    pub(super) fn connection(&self, name: &str) -> Result<Option<Connection<String>>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT about, connected_at, broken_at, broken_why FROM connections WHERE name = ?1",
            )?;
            let found = ask.query_row([name], columns).optional()?;
            found.map(read).transpose()
        })
    }

    pub(super) fn save_connection(
        &self,
        name: &str,
        about: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO connections (name, about, connected_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET about = excluded.about, connected_at = excluded.connected_at,
                 broken_at = NULL, broken_why = NULL",
                [name, about, &time(now)],
            )?;
            Ok(())
        })
    }

    pub(super) fn update_connection(&self, name: &str, about: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE connections SET about = ?2 WHERE name = ?1",
                [name, about],
            )?;
            Ok(())
        })
    }

    pub(super) fn break_connection(
        &self,
        name: &str,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.write(|change| {
            let changed = change.execute(
                "UPDATE connections SET broken_at = ?2, broken_why = ?3 WHERE name = ?1 AND broken_at IS NULL",
                [name, &time(now), why],
            )?;
            Ok(changed > 0)
        })
    }

    pub(super) fn mend_connection(&self, name: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE connections SET broken_at = NULL, broken_why = NULL WHERE name = ?1",
                [name],
            )?;
            Ok(())
        })
    }

    pub(super) fn remove_connection(&self, name: &str) -> Result<bool, StoreError> {
        self.write(|change| {
            Ok(change.execute("DELETE FROM connections WHERE name = ?1", [name])? > 0)
        })
    }
}

type Columns = (String, String, Option<String>, Option<String>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn read((about, connected_at, broken_at, why): Columns) -> Result<Connection<String>, SqlTrouble> {
    let broken_at = broken_at
        .map(|at| read_time(&at, "connections.broken_at"))
        .transpose()?;
    Ok(Connection {
        about,
        connected_at: read_time(&connected_at, "connections.connected_at")?,
        broken: broken_at.map(|at| Broken {
            at,
            why: why.unwrap_or_default(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, store};

    #[test]
    fn a_connection_breaks_once_and_is_whole_when_made_anew() {
        let store = store();
        assert_eq!(known::<u32>(&store, "quickbooks"), Ok(None));
        keep(&store, "quickbooks", &7, at(1)).expect("kept");
        assert_eq!(
            store.break_connection("quickbooks", "refused", at(2)),
            Ok(true)
        );
        assert_eq!(
            store.break_connection("quickbooks", "again", at(3)),
            Ok(false)
        );
        update(&store, "quickbooks", &8).expect("kept");
        let found = known::<u32>(&store, "quickbooks")
            .expect("answers")
            .expect("there");
        let why = "refused".to_owned();
        assert_eq!((found.about, found.connected_at), (8, at(1)));
        assert_eq!(found.broken, Some(Broken { at: at(2), why }));
        store.mend_connection("quickbooks").expect("mended");
        let found = known::<u32>(&store, "quickbooks")
            .expect("answers")
            .expect("there");
        assert_eq!(found.broken, None);
        keep(&store, "quickbooks", &9, at(4)).expect("kept");
        assert_eq!(store.remove_connection("quickbooks"), Ok(true));
        assert_eq!(store.remove_connection("quickbooks"), Ok(false));
    }
}
