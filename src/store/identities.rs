//! Identities in the state file: which order and which refund a document was made of, beyond its id.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::Deserialize;

use super::Store;
use super::columns::{read_time, time};
use super::error::{SqlTrouble, StoreError};
use super::packed::read_packed;
use crate::model::document::{DocumentKey, Role};
use crate::model::fingerprint::Fingerprint;
use crate::model::identity::Identity;
use crate::model::plan::{Action, Subject};

/// Of what was meant no more than what was to be done.
#[derive(Deserialize)]
struct ActionMeant {
    action: Action,
}

impl Store {
    pub(super) fn identities(
        &self,
        target: &str,
        order: u64,
    ) -> Result<BTreeMap<DocumentKey, Identity>, StoreError> {
        self.read(|view| {
            // Behind the slash comes the zero, in every table of letters that we use.
            let mut ask = view.prepare_cached(
                "SELECT subject, key, created_at FROM identities
                 WHERE target = ?1 AND subject >= ?2 || '/' AND subject < ?2 || '0'",
            )?;
            let rows = ask.query_map(params![target, order.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            rows.map(|row| {
                let (subject, key, created_at): (String, Option<String>, String) = row?;
                let subject = subject
                    .parse()
                    .map_err(|()| SqlTrouble::Odd("identities.subject"))?;
                let identity = Identity {
                    key: key.map(Fingerprint::from),
                    created_at: read_time(&created_at, "identities.created_at")?,
                };
                Ok((subject, identity))
            })
            .collect()
        })
    }

    pub(super) fn learn_identities(
        &self,
        target: &str,
        learned: &[(DocumentKey, Identity)],
    ) -> Result<(), StoreError> {
        if learned.is_empty() {
            return Ok(());
        }
        self.write(|change| {
            let mut put = change.prepare_cached(
                "INSERT INTO identities (target, subject, key, created_at)
                 SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM links WHERE target = ?1 AND subject = ?5)
                 ON CONFLICT (target, subject) DO UPDATE SET key = excluded.key, created_at = excluded.created_at",
            )?;
            for (key, identity) in learned {
                put.execute(params![
                    target,
                    key.to_string(),
                    identity.key.as_ref().map(Fingerprint::as_str),
                    time(identity.created_at),
                    Subject::Document(*key).to_string(),
                ])?;
            }
            Ok(())
        })
    }

    pub(super) fn first_intended(
        &self,
        target: &str,
        key: DocumentKey,
    ) -> Result<Option<chrono::DateTime<chrono::Utc>>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT intended_at, intent FROM ticket_writes JOIN tickets ON tickets.id = ticket_id
                 WHERE subject = ?2 AND target = ?1 ORDER BY intended_at",
            )?;
            let subject = Subject::Document(key).to_string();
            let mut rows = ask.query(params![target, subject])?;
            while let Some(row) = rows.next()? {
                let intent: String = row.get(1)?;
                let meant: ActionMeant = read_packed(&intent, "ticket_writes.intent")?;
                if meant.action == Action::Create {
                    let at: String = row.get(0)?;
                    return Ok(Some(read_time(&at, "tickets.intended_at")?));
                }
            }
            Ok(None)
        })
    }
}

/// Under which key the identity of an order is kept.
pub fn of_order(order: u64) -> DocumentKey {
    DocumentKey::of_order(order, Role::Sale)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::store::tests::{BOOKS, link, sale, store};

    #[test]
    fn an_identity_is_kept_of_what_was_made_and_of_nothing_else() {
        let store = store();
        let identity = |text: &str| Identity {
            key: Some(Fingerprint::of_bytes(text.as_bytes())),
            created_at: DateTime::UNIX_EPOCH,
        };
        store
            .put_links(BOOKS, &[link(sale(7)), link(sale(70))])
            .expect("kept");
        let refund = DocumentKey::of_order(7, Role::Refund(9));
        store
            .learn_identities(
                BOOKS,
                &[
                    (sale(7), identity("a")),
                    (sale(70), identity("b")),
                    (refund, identity("c")),
                ],
            )
            .expect("learned");
        let known = store.identities(BOOKS, 7).expect("answers");
        assert_eq!(known, BTreeMap::from([(sale(7), identity("a"))]));
        assert_eq!(store.identities("supabase", 7), Ok(BTreeMap::new()));
    }
}
