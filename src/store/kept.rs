//! What is kept by name: the connectors' lists, and the answers to callers' own idempotency keys.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::columns::{json, read_time, time};
use super::error::StoreError;
use super::veil::veiled_with;
use super::{Memory, MemoryWriter, Store};

/// What is kept under the name, as the value that it is. What another version kept in a way of its own is found out again.
pub fn kept_value<T: DeserializeOwned + Default>(
    memory: &dyn Memory,
    name: &str,
) -> Result<T, StoreError> {
    let kept = memory.kept(name)?;
    Ok(kept
        .and_then(|(text, _)| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Keeps a value under a name, for [`kept_value`].
pub fn keep_value(
    memory: &dyn MemoryWriter,
    name: &str,
    value: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    memory.keep(name, &json(value), now)
}

impl Store {
    pub(super) fn kept(&self, name: &str) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT text, at FROM kept WHERE name = ?1")?;
            let kept: Option<(String, String)> = ask
                .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((text, at)) = kept else {
                return Ok(None);
            };
            let text = veil.open(&kept_place(name), text).text();
            text.map(|text| Ok((text, read_time(&at, "kept.at")?)))
                .transpose()
        })
    }

    pub(super) fn keep(
        &self,
        name: &str,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        self.write(|change| {
            let mut text = text.to_owned();
            if holds_people(name) {
                if veil.key_id().is_none() && veiled_with(change)?.is_some() {
                    return Ok(());
                }
                text = veil.shut(&kept_place(name), &text);
            }
            change.execute(
                "INSERT INTO kept (name, text, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET text = excluded.text, at = excluded.at",
                [name, &text, &time(now)],
            )?;
            Ok(())
        })
    }

    pub(super) fn keyed_run(
        &self,
        key: &str,
    ) -> Result<Option<(String, Option<String>)>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT document, arguments FROM keyed_runs WHERE caller_key = ?1",
            )?;
            let known: Option<(String, Option<String>)> = ask
                .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((document, arguments)) = known else {
                return Ok(None);
            };
            let document = veil.open(&answer_place(key), document).needed()?;
            Ok(Some((document, arguments)))
        })
    }

    pub(super) fn remember_keyed_run(
        &self,
        key: &str,
        arguments: &str,
        text: &str,
    ) -> Result<(), StoreError> {
        let sealed = self.veil().shut(&answer_place(key), text);
        let answer: Value = serde_json::from_str(text).unwrap_or_default();
        self.write(|change| {
            change.execute(
                "INSERT INTO keyed_runs (caller_key, arguments, document, run_id) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
                params![key, arguments, sealed, answer["run_id"].as_str()],
            )?;
            Ok(())
        })
    }
}

/// Whether people are among what is kept under the name: the names that the books have in use.
pub(super) fn holds_people(name: &str) -> bool {
    name.contains("/names")
}

/// Under which names what is sealed is sealed. Written alike in the questions of `bodies`.
fn kept_place(name: &str) -> String {
    format!("kept/{name}")
}

fn answer_place(key: &str) -> String {
    format!("answer/{key}")
}

#[cfg(test)]
mod tests {
    use crate::store::tests::{at, store};

    #[test]
    fn a_list_is_kept_with_its_time_and_replaced() {
        let store = store();
        assert_eq!(store.kept("accounts"), Ok(None));
        store.keep("accounts", "[1]", at(1)).expect("kept");
        store.keep("accounts", "[2]", at(2)).expect("kept");
        assert_eq!(store.kept("accounts"), Ok(Some(("[2]".into(), at(2)))));
    }

    #[test]
    fn the_same_key_has_the_same_answer_for_good() {
        let store = store();
        assert_eq!(store.keyed_run("job-7"), Ok(None));
        store
            .remember_keyed_run("job-7", "digest", "{\"run_id\":1}")
            .expect("kept");
        store
            .remember_keyed_run("job-7", "digest", "{\"run_id\":2}")
            .expect("no mistake");
        let first = ("{\"run_id\":1}".to_owned(), Some("digest".to_owned()));
        assert_eq!(store.keyed_run("job-7"), Ok(Some(first)));
    }
}
