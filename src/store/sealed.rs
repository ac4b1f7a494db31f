//! What is sealed: bytes under a name, the name of the key that opens them, and where that key is.
//!
//! This room cannot open anything. It sees to it that what was sealed is on the disk before the call returns, and that nothing
//! is sealed with a key that has been replaced meanwhile.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use secrecy::SecretString;

use super::Store;
use super::bodies;
use super::columns::time;
use super::error::{SqlTrouble, StoreError};
use super::veil::{BodyKey, Veil};

/// A sealed secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub key_id: String,
    pub bytes: Vec<u8>,
}

/// Whether a secret was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKept {
    Yes,
    /// The key was replaced since it was read: read it again and seal anew.
    KeyReplaced,
}

/// The key that all but the environment's own secrets are sealed with, and where it is, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    pub key_id: String,
    pub place: String,
}

impl Store {
    pub(super) fn sealed(&self, name: &str) -> Result<Option<Sealed>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT key_id, bytes FROM sealed WHERE name = ?1")?;
            Ok(ask
                .query_row([name], |row| {
                    Ok(Sealed {
                        key_id: row.get(0)?,
                        bytes: row.get(1)?,
                    })
                })
                .optional()?)
        })
    }

    pub(super) fn sealed_names(&self) -> Result<Vec<String>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT name FROM sealed ORDER BY name")?;
            let names = ask.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    pub(super) fn save_sealed(
        &self,
        name: &str,
        sealed: &Sealed,
        under_place: bool,
        now: DateTime<Utc>,
    ) -> Result<SecretKept, StoreError> {
        self.write(|change| {
            if under_place {
                let current: Option<String> = change
                    .query_row("SELECT key_id FROM key_place", [], |row| row.get(0))
                    .optional()?;
                if current.as_ref() != Some(&sealed.key_id) {
                    return Ok(SecretKept::KeyReplaced);
                }
            }
            put(change, name, sealed, now)?;
            Ok(SecretKept::Yes)
        })
    }

    pub(super) fn remove_sealed(&self, name: &str) -> Result<bool, StoreError> {
        let removed =
            self.write(|change| Ok(change.execute("DELETE FROM sealed WHERE name = ?1", [name])?))?;
        self.forget_the_log()?;
        Ok(removed > 0)
    }

    pub(super) fn key_place(&self) -> Result<Option<KeyPlace>, StoreError> {
        self.read(|view| {
            Ok(view
                .query_row("SELECT key_id, place FROM key_place", [], |row| {
                    Ok(KeyPlace {
                        key_id: row.get(0)?,
                        place: row.get(1)?,
                    })
                })
                .optional()?)
        })
    }

    pub(super) fn place_key(&self, place: &KeyPlace) -> Result<KeyPlace, StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO key_place (one, key_id, place) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING",
                [&place.key_id, &place.place],
            )?;
            Ok(
                change.query_row("SELECT key_id, place FROM key_place", [], |row| {
                    Ok(KeyPlace {
                        key_id: row.get(0)?,
                        place: row.get(1)?,
                    })
                })?,
            )
        })
    }

    pub(super) fn replace_key(
        &self,
        old: &KeyPlace,
        new: &KeyPlace,
        now: DateTime<Utc>,
        bodies: (Arc<dyn BodyKey>, Arc<dyn BodyKey>),
        again: &mut dyn FnMut(&str, &Sealed) -> Option<Sealed>,
    ) -> Result<Option<SecretKept>, StoreError> {
        let (from, to) = (Veil::of(bodies.0), Veil::of(bodies.1.clone()));
        let outcome = self.write(|change| {
            let current: Option<String> = change
                .query_row("SELECT key_id FROM key_place", [], |row| row.get(0))
                .optional()?;
            if current.as_ref() != Some(&old.key_id) {
                return Ok(Some(SecretKept::KeyReplaced));
            }
            let mut ask = change.prepare("SELECT name, bytes FROM sealed WHERE key_id = ?1")?;
            let rows: Vec<(String, Vec<u8>)> = ask
                .query_map([&old.key_id], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut fresh = Vec::new();
            for (name, bytes) in rows {
                let sealed = Sealed {
                    key_id: old.key_id.clone(),
                    bytes,
                };
                let Some(sealed) = again(&name, &sealed) else {
                    return Ok(None);
                };
                fresh.push((name, sealed));
            }
            for (name, sealed) in &fresh {
                put(change, name, sealed, now)?;
            }
            change.execute(
                "UPDATE key_place SET key_id = ?1, place = ?2",
                [&new.key_id, &new.place],
            )?;
            bodies::reseal(change, &from, &to)?;
            Ok(Some(SecretKept::Yes))
        })?;
        if outcome == Some(SecretKept::Yes) {
            self.use_body_key(bodies.1);
        }
        self.forget_the_log()?;
        Ok(outcome)
    }

    pub(super) fn forget_key(
        &self,
        old: &KeyPlace,
        new: &KeyPlace,
    ) -> Result<SecretKept, StoreError> {
        let outcome = self.write(|change| {
            let replaced = change.execute(
                "UPDATE key_place SET key_id = ?1, place = ?2 WHERE key_id = ?3",
                [&new.key_id, &new.place, &old.key_id],
            )?;
            if replaced == 0 {
                return Ok(SecretKept::KeyReplaced);
            }
            change.execute("DELETE FROM sealed WHERE key_id = ?1", [&old.key_id])?;
            bodies::lose(change, &old.key_id)?;
            Ok(SecretKept::Yes)
        })?;
        self.forget_the_log()?;
        Ok(outcome)
    }

    pub(super) fn forget_unused_key(&self) -> Result<bool, StoreError> {
        self.write(|change| {
            let forgotten = change.execute(
                "DELETE FROM key_place WHERE NOT EXISTS (SELECT 1 FROM sealed WHERE sealed.key_id = key_place.key_id)
                     AND NOT EXISTS (SELECT 1 FROM veil WHERE veil.key_id = key_place.key_id)",
                [],
            )?;
            Ok(forgotten > 0)
        })
    }

    pub(super) fn plain_secrets(&self) -> Result<Vec<(String, SecretString)>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT name, secret FROM secrets ORDER BY name")?;
            let rows = ask.query_map([], |row| {
                let secret: String = row.get(1)?;
                Ok((row.get(0)?, secret.into()))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// As version 1 of the file had it.
    #[cfg(test)]
    pub fn keep_plain_for_tests(&self, name: &str, secret: &str) {
        self.file()
            .execute(
                "INSERT INTO secrets (name, secret) VALUES (?1, ?2)",
                [name, secret],
            )
            .expect("kept");
    }

    pub(super) fn seal_plain(
        &self,
        plain: &str,
        name: &str,
        sealed: &Sealed,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            put(change, name, sealed, now)?;
            change.execute("DELETE FROM secrets WHERE name = ?1", [plain])?;
            Ok(())
        })?;
        self.forget_the_log()
    }

    /// Empties the write-ahead log, which still has the bytes that were just overwritten in the file. Where somebody else is
    /// reading, it stays until the last one closes the file.
    pub(super) fn forget_the_log(&self) -> Result<(), StoreError> {
        let emptied = bodies::empty_log(&self.file());
        emptied.map_err(|trouble| trouble.at(&self.0.path))
    }
}

fn put(
    change: &rusqlite::Transaction<'_>,
    name: &str,
    sealed: &Sealed,
    now: DateTime<Utc>,
) -> Result<(), SqlTrouble> {
    change.execute(
        "INSERT INTO sealed (name, key_id, bytes, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET key_id = excluded.key_id, bytes = excluded.bytes, at = excluded.at",
        params![name, sealed.key_id, sealed.bytes, time(now)],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::store::tests::{BOOKS, at, folder, store};
    use crate::store::veil::tests::Toy;

    /// The old one and the new one.
    fn keys() -> (Arc<dyn BodyKey>, Arc<dyn BodyKey>) {
        (Arc::new(Toy("old")), Arc::new(Toy("new")))
    }

    fn sealed(key: &str, bytes: &[u8]) -> Sealed {
        Sealed {
            key_id: key.to_owned(),
            bytes: bytes.to_vec(),
        }
    }

    fn place(key: &str) -> KeyPlace {
        KeyPlace {
            key_id: key.to_owned(),
            place: format!("{{\"in\":\"{key}\"}}"),
        }
    }

    #[test]
    fn what_is_sealed_is_there_for_another_process_at_once() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        assert_eq!(store.sealed("quickbooks"), Ok(None));
        for bytes in [b"first".as_slice(), b"rotated"] {
            let kept = store.save_sealed("quickbooks", &sealed("k", bytes), false, at(1));
            assert_eq!(kept, Ok(SecretKept::Yes));
        }
        let again = Store::open(&path).expect("another process, the first not closed");
        assert_eq!(
            again.sealed("quickbooks"),
            Ok(Some(sealed("k", b"rotated")))
        );
        assert_eq!(again.sealed_names(), Ok(vec!["quickbooks".to_owned()]));
        assert_eq!(again.remove_sealed("quickbooks"), Ok(true));
        assert_eq!(again.remove_sealed("quickbooks"), Ok(false));
        assert_eq!(store.sealed("quickbooks"), Ok(None));
    }

    #[test]
    fn nothing_is_sealed_with_a_key_that_was_replaced() {
        let store = Store::in_memory().expect("memory");
        let old = store.place_key(&place("old")).expect("placed");
        assert_eq!(store.place_key(&place("late")), Ok(place("old")));
        let kept = store.save_sealed("a", &sealed("old", b"1"), true, at(1));
        assert_eq!(kept, Ok(SecretKept::Yes));
        store
            .save_sealed("b", &sealed("other", b"2"), false, at(1))
            .expect("kept");
        let refused = store.replace_key(&old, &place("new"), at(2), keys(), &mut |_, _| None);
        assert_eq!(refused, Ok(None));
        assert_eq!(store.sealed("a"), Ok(Some(sealed("old", b"1"))));
        store.use_body_key(keys().0);
        let fill = crate::store::bodies::tests::fill;
        let [_, open] = fill(&store);
        store.veil_everything().expect("noted");
        let mut again = |name: &str, was: &Sealed| {
            assert_eq!((name, was), ("a", &sealed("old", b"1")));
            Some(sealed("new", b"3"))
        };
        let replaced = store.replace_key(&old, &place("new"), at(2), keys(), &mut again);
        // What is kept of people has moved with it.
        let tickets = store.open_tickets(BOOKS).expect("opened with the new key");
        assert_eq!(tickets, [(open, vec![0, 1])]);
        assert_eq!(store.veil_everything(), Ok(0), "nothing is left to do");
        store.use_body_key(keys().0);
        let refused = store
            .open_tickets(BOOKS)
            .expect_err("the old one opens nothing");
        assert!(matches!(refused, StoreError::Shut { .. }));
        assert_eq!(replaced, Ok(Some(SecretKept::Yes)));
        assert_eq!(store.sealed("a"), Ok(Some(sealed("new", b"3"))));
        assert_eq!(store.sealed("b"), Ok(Some(sealed("other", b"2"))));
        assert_eq!(store.key_place(), Ok(Some(place("new"))));
        let late = store.save_sealed("a", &sealed("old", b"4"), true, at(3));
        assert_eq!(late, Ok(SecretKept::KeyReplaced));
        let mut again = |_: &str, was: &Sealed| Some(was.clone());
        let twice = store.replace_key(&old, &place("newer"), at(3), keys(), &mut again);
        assert_eq!(twice, Ok(Some(SecretKept::KeyReplaced)));
    }

    #[test]
    fn a_lost_key_takes_only_its_own_rows_with_it() {
        let store = store();
        let old = store.place_key(&place("old")).expect("placed");
        for (name, key, bytes) in [("a", "old", b"1"), ("b", "other", b"2")] {
            store
                .save_sealed(name, &sealed(key, bytes), false, at(1))
                .expect("kept");
        }
        assert_eq!(store.forget_unused_key(), Ok(false), "it is in use");
        let late = store.forget_key(&place("older"), &place("new"));
        assert_eq!(late, Ok(SecretKept::KeyReplaced));
        assert_eq!(
            store.sealed_names(),
            Ok(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(store.forget_key(&old, &place("new")), Ok(SecretKept::Yes));
        assert_eq!(store.sealed_names(), Ok(vec!["b".to_owned()]));
        assert_eq!(store.key_place(), Ok(Some(place("new"))));
        assert_eq!(store.forget_unused_key(), Ok(true));
        assert_eq!(store.key_place(), Ok(None));
        assert_eq!(store.forget_unused_key(), Ok(false));
    }

    #[test]
    fn nothing_of_a_plain_secret_is_left_in_the_file() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.keep_plain_for_tests("quickbooks", "canary-token");
        let plain = store.plain_secrets().expect("answers");
        assert_eq!(plain.len(), 1);
        assert_eq!(plain[0].1.expose_secret(), "canary-token");
        store
            .seal_plain("quickbooks", "quickbooks", &sealed("k", b"sealed"), at(1))
            .expect("sealed");
        assert_eq!(store.plain_secrets().expect("answers").len(), 0);
        for entry in std::fs::read_dir(path.parent().expect("a folder")).expect("a folder") {
            let entry = entry.expect("an entry").path();
            let bytes = std::fs::read(&entry).expect("read");
            let found = bytes.windows(12).any(|part| part == b"canary-token");
            assert!(!found, "{}", entry.display());
        }
    }
}
