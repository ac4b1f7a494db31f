//! Connections: which services somebody connected, when, and whether one of them broke. Nothing secret.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;
use super::columns::{json, read_json, read_time, time};
use super::error::{StoreError, Trouble};

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

impl Store {
    pub fn connected<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<Connection<T>>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT about, connected_at, broken_at, broken_why FROM connections WHERE name = ?1",
            )?;
            let found = ask.query_row([name], columns).optional()?;
            found.map(read).transpose()
        })
    }

    /// Remembers a connection as whole, as it was just made.
    pub fn save_connection<T: Serialize>(
        &self,
        name: &str,
        about: &T,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO connections (name, about, connected_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET about = excluded.about, connected_at = excluded.connected_at,
                 broken_at = NULL, broken_why = NULL",
                [name, &json(about), &time(now)],
            )?;
            Ok(())
        })
    }

    /// Replaces what is known about a connection, which stays as old and as whole as it was.
    pub fn update_connection<T: Serialize>(&self, name: &str, about: &T) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE connections SET about = ?2 WHERE name = ?1",
                [name, &json(about)],
            )?;
            Ok(())
        })
    }

    /// Marks a connection as broken. The first time stays. Says whether it was whole until now.
    pub fn break_connection(
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

    /// Takes the mark away: the connection has worked again.
    pub fn mend_connection(&self, name: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE connections SET broken_at = NULL, broken_why = NULL WHERE name = ?1",
                [name],
            )?;
            Ok(())
        })
    }

    /// Forgets a connection. Says whether there was one.
    pub fn remove_connection(&self, name: &str) -> Result<bool, StoreError> {
        self.write(|change| {
            Ok(change.execute("DELETE FROM connections WHERE name = ?1", [name])? > 0)
        })
    }
}

type Columns = (String, String, Option<String>, Option<String>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn read<T: DeserializeOwned>(
    (about, connected_at, broken_at, why): Columns,
) -> Result<Connection<T>, Trouble> {
    let broken_at = broken_at
        .map(|at| read_time(&at, "connections.broken_at"))
        .transpose()?;
    Ok(Connection {
        about: read_json(&about, "connections.about")?,
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
        assert_eq!(store.connected::<u32>("quickbooks"), Ok(None));
        store
            .save_connection("quickbooks", &7, at(1))
            .expect("kept");
        assert_eq!(
            store.break_connection("quickbooks", "refused", at(2)),
            Ok(true)
        );
        assert_eq!(
            store.break_connection("quickbooks", "again", at(3)),
            Ok(false)
        );
        store.update_connection("quickbooks", &8).expect("kept");
        let found = store
            .connected::<u32>("quickbooks")
            .expect("answers")
            .expect("there");
        let why = "refused".to_owned();
        assert_eq!((found.about, found.connected_at), (8, at(1)));
        assert_eq!(found.broken, Some(Broken { at: at(2), why }));
        store.mend_connection("quickbooks").expect("mended");
        let found = store
            .connected::<u32>("quickbooks")
            .expect("answers")
            .expect("there");
        assert_eq!(found.broken, None);
        store
            .save_connection("quickbooks", &9, at(4))
            .expect("kept");
        assert_eq!(store.remove_connection("quickbooks"), Ok(true));
        assert_eq!(store.remove_connection("quickbooks"), Ok(false));
    }
}
