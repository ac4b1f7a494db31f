//! Likenesses in the state file: which account and which product a customer and an item are linked to, beyond its id.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::Store;
use super::columns::{read_time, time};
use super::error::StoreError;
use crate::model::fingerprint::Fingerprint;
use crate::model::likeness::{Likened, Likeness};

impl Store {
    pub(super) fn likeness(
        &self,
        target: &str,
        named: Likened,
    ) -> Result<Option<Likeness>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT looks, made_at, seen_at FROM likenesses WHERE target = ?1 AND subject = ?2",
            )?;
            let row: Option<(String, Option<String>, String)> = ask
                .query_row(params![target, named.to_string()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let Some((looks, made_at, seen_at)) = row else {
                return Ok(None);
            };
            Ok(Some(Likeness {
                looks: Fingerprint::from(looks),
                made_at: made_at
                    .map(|at| read_time(&at, "likenesses.made_at"))
                    .transpose()?,
                seen_at: Some(read_time(&seen_at, "likenesses.seen_at")?),
            }))
        })
    }

    pub(super) fn forget_likenesses(
        &self,
        target: &str,
        strangers: &[Likened],
    ) -> Result<(), StoreError> {
        if strangers.is_empty() {
            return Ok(());
        }
        self.write(|change| {
            for named in strangers {
                let (from, to) = links_of(*named);
                change.execute(
                    "DELETE FROM links WHERE target = ?1 AND subject >= ?2 AND subject < ?3",
                    params![target, from, to],
                )?;
                change.execute(
                    "DELETE FROM likenesses WHERE target = ?1 AND subject = ?2",
                    params![target, named.to_string()],
                )?;
            }
            Ok(())
        })
    }

    pub(super) fn learn_likenesses(
        &self,
        target: &str,
        learned: &[(Likened, Likeness)],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if learned.is_empty() {
            return Ok(());
        }
        self.write(|change| {
            let mut put = change.prepare_cached(
                "INSERT INTO likenesses (target, subject, looks, made_at, seen_at)
                 SELECT ?1, ?2, ?3, ?4, ?5
                 WHERE EXISTS (SELECT 1 FROM links WHERE target = ?1 AND subject >= ?6 AND subject < ?7)
                 ON CONFLICT (target, subject) DO UPDATE SET
                     looks = excluded.looks, made_at = coalesce(excluded.made_at, made_at)",
            )?;
            for (named, likeness) in learned {
                let (from, to) = links_of(*named);
                put.execute(params![
                    target,
                    named.to_string(),
                    likeness.looks.as_str(),
                    likeness.made_at.map(time),
                    time(now),
                    from,
                    to,
                ])?;
            }
            Ok(())
        })
    }
}

/// Between which subjects its links are: an account has one for each currency.
fn links_of(named: Likened) -> (String, String) {
    match named {
        // Behind the dot comes the slash, in every table of letters that we use.
        Likened::Account(_) => (format!("@customer:{named}."), format!("@customer:{named}/")),
        Likened::Product(_) => (format!("@item:{named}"), format!("@item:{named}\u{1}")),
    }
}
