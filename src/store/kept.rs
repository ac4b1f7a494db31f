//! What is kept by name: the connectors' lists and tokens, and the answers to callers' own idempotency keys.

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;
use secrecy::{ExposeSecret, SecretString};

use super::Store;
use super::columns::{read_time, time};
use super::error::StoreError;

impl Store {
    /// A list that a connector kept, and when.
    pub fn kept(&self, name: &str) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT text, at FROM kept WHERE name = ?1")?;
            let kept: Option<(String, String)> = ask
                .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            kept.map(|(text, at)| Ok((text, read_time(&at, "kept.at")?)))
                .transpose()
        })
    }

    pub fn keep(&self, name: &str, text: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO kept (name, text, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET text = excluded.text, at = excluded.at",
                [name, text, &time(now)],
            )?;
            Ok(())
        })
    }

    pub fn secret(&self, name: &str) -> Result<Option<SecretString>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT secret FROM secrets WHERE name = ?1")?;
            let secret: Option<String> = ask.query_row([name], |row| row.get(0)).optional()?;
            Ok(secret.map(SecretString::from))
        })
    }

    /// Keeps a secret. When this returns it is on the disk: a rotated token whose successor is lost cannot be had again.
    pub fn save_secret(&self, name: &str, secret: &SecretString) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO secrets (name, secret) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET secret = excluded.secret",
                [name, secret.expose_secret()],
            )?;
            Ok(())
        })
    }

    /// The document of the run that a caller asked for under this key.
    pub fn keyed_run(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT document FROM keyed_runs WHERE caller_key = ?1")?;
            Ok(ask.query_row([key], |row| row.get(0)).optional()?)
        })
    }

    /// Remembers the answer to a caller's key. The first one stays: the same key has the same answer for good.
    pub fn remember_keyed_run(&self, key: &str, text: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO keyed_runs (caller_key, document) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [key, text],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, folder, store};

    #[test]
    fn a_list_is_kept_with_its_time_and_replaced() {
        let store = store();
        assert_eq!(store.kept("accounts"), Ok(None));
        store.keep("accounts", "[1]", at(1)).expect("kept");
        store.keep("accounts", "[2]", at(2)).expect("kept");
        assert_eq!(store.kept("accounts"), Ok(Some(("[2]".into(), at(2)))));
    }

    #[test]
    fn a_secret_survives_and_is_not_shown() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        assert!(store.secret("refresh").expect("answers").is_none());
        for token in ["first", "rotated"] {
            store
                .save_secret("refresh", &SecretString::from(token))
                .expect("kept");
        }
        let again = Store::open(&path).expect("another process, the first not closed");
        let secret = again.secret("refresh").expect("answers").expect("is there");
        assert_eq!(secret.expose_secret(), "rotated");
        assert!(!format!("{again:?} {secret:?}").contains("rotated"));
    }

    #[test]
    fn the_same_key_has_the_same_answer_for_good() {
        let store = store();
        assert_eq!(store.keyed_run("job-7"), Ok(None));
        store
            .remember_keyed_run("job-7", "{\"run_id\":1}")
            .expect("kept");
        store
            .remember_keyed_run("job-7", "{\"run_id\":2}")
            .expect("no mistake");
        assert_eq!(store.keyed_run("job-7"), Ok(Some("{\"run_id\":1}".into())));
    }
}
