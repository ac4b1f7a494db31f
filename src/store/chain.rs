//! The chain: an entry for each run that ended, written in the very transaction that ends it, and the check of all of them.
//!
//! A run gets another entry when more becomes known of it; its last one counts. What came of a request that outlived its run is in
//! the entry of the run that found out. Runs from before there was a chain get theirs in `backlog`. Nothing here repairs anything: a
//! broken chain is evidence.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::Store;
use super::columns::time;
use super::error::{SqlTrouble, StoreError};
use crate::model::chain::{ChainDigest, ChainEntry};

mod backlog;
mod check;
mod leaves;

pub use check::{Anchor, ChainCheck, HeadElsewhere};

/// A head, and which entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    pub number: u64,
    pub digest: ChainDigest,
}

impl Store {
    pub(super) fn chain_head(&self) -> Result<Option<ChainHead>, StoreError> {
        self.read(head)
    }

    pub(super) fn note_anchor(
        &self,
        place: &str,
        said: &str,
        head: ChainHead,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO anchors (place, said, number, digest, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (place, said) DO UPDATE SET number = ?3, digest = ?4, at = ?5",
                params![
                    place,
                    said,
                    head.number.cast_signed(),
                    head.digest.as_bytes(),
                    time(at)
                ],
            )?;
            Ok(())
        })
    }
}

/// Gives a run that ended its entry.
pub(super) fn append(change: &Transaction<'_>, run_id: &str) -> Result<(), SqlTrouble> {
    let last = head(change)?;
    let number = last.map_or(1, |head| head.number + 1);
    // What came of it so far moves with the run to its newest entry.
    change
        .prepare_cached(
            "UPDATE tickets SET settled_entry = ?1 WHERE settled_entry IN (SELECT number FROM chain WHERE run_id = ?2)",
        )?
        .execute(params![number.cast_signed(), run_id])?;
    settle_open(change, number)?;
    let entry = entry_behind(change, last, run_id)?;
    change
        .prepare_cached(
            "INSERT INTO chain (number, previous, run_id, about, root, leaves, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            number.cast_signed(),
            entry.previous.as_bytes(),
            entry.run,
            entry.about.as_bytes(),
            entry.root.as_bytes(),
            entry.leaves.cast_signed(),
            entry.digest().as_bytes(),
        ])?;
    change
        .prepare_cached(
            "INSERT OR IGNORE INTO chained_open (ticket_id) SELECT id FROM tickets WHERE run_id = ?1 AND closed_at IS NULL",
        )?
        .execute([run_id])?;
    Ok(())
}

/// The entry of a run as it stands, behind the last one.
fn entry_behind(
    view: &Transaction<'_>,
    last: Option<ChainHead>,
    run_id: &str,
) -> Result<ChainEntry, SqlTrouble> {
    let number = last.map_or(1, |head| head.number + 1);
    let tree = leaves::of_run(view, run_id, number)?;
    Ok(ChainEntry {
        number,
        previous: last.map_or(ChainDigest::default(), |head| head.digest),
        run: run_id.to_owned(),
        about: leaves::about(view, run_id)?.unwrap_or_default(),
        root: tree.root(),
        leaves: tree.leaves(),
    })
}

/// Requests of earlier runs that have their outcome by now.
fn settle_open(change: &Transaction<'_>, number: u64) -> Result<(), SqlTrouble> {
    let settled = change
        .prepare_cached(
            "UPDATE tickets SET settled_entry = ?1
             WHERE closed_at IS NOT NULL AND id IN (SELECT ticket_id FROM chained_open)",
        )?
        .execute([number.cast_signed()])?;
    if settled > 0 {
        change.execute(
            "DELETE FROM chained_open WHERE ticket_id IN (SELECT id FROM tickets WHERE settled_entry = ?1)",
            [number.cast_signed()],
        )?;
    }
    Ok(())
}

fn head(view: &Transaction<'_>) -> Result<Option<ChainHead>, SqlTrouble> {
    let mut ask =
        view.prepare_cached("SELECT number, digest FROM chain ORDER BY number DESC LIMIT 1")?;
    Ok(ask.query_row([], read_head).optional()?)
}

fn read_head(row: &Row<'_>) -> rusqlite::Result<ChainHead> {
    Ok(ChainHead {
        number: natural(row, 0)?,
        digest: digest(row, 1)?,
    })
}

fn natural(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<ChainDigest> {
    let bytes: Vec<u8> = row.get(column)?;
    // Of another length it is none of ours, and equals nothing.
    Ok(ChainDigest::from_bytes(&bytes).unwrap_or_else(|| ChainDigest::of(&bytes)))
}

/// Digest of a body, for the column beside it.
pub(super) fn body_digest(body: &str) -> Vec<u8> {
    ChainDigest::of(body.as_bytes()).as_bytes().to_vec()
}

#[cfg(test)]
mod tests;
