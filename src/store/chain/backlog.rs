//! The backlog: runs that ended before there was a chain get their entries, in pieces, before the next run that writes begins.
//!
//! The pieces are drafts, and become the chain at once when all of them are there: whoever looks meanwhile, or after a kill, sees runs that
//! wait and no chain. So a run that waits beside a chain was put there by somebody else, and is left for `verify` to name.

use rusqlite::{OptionalExtension, Transaction, params};

use super::{ChainHead, body_digest, entry_behind, read_head};
use crate::store::Store;
use crate::store::error::{SqlTrouble, StoreError};
use crate::store::veil::Veil;

/// So many runs get their draft in one go, so that nobody else waits long for the file.
const PIECE: u32 = 500;

impl Store {
    /// Gives the runs that wait their entries. Interrupted, it goes on where it was.
    pub(in crate::store) fn work_off_backlog(&self) -> Result<(), StoreError> {
        if !self.read(is_waiting)? {
            return Ok(());
        }
        let veil = self.veil();
        while self.write(|change| piece(change, &veil))? {}
        Ok(())
    }

    /// As far as a kill would leave it.
    #[cfg(test)]
    pub(in crate::store) fn work_off_a_piece_for_tests(&self) -> bool {
        let veil = self.veil();
        self.write(|change| piece(change, &veil))
            .expect("a piece of it")
    }
}

fn is_waiting(view: &Transaction<'_>) -> Result<bool, SqlTrouble> {
    let ask = "SELECT EXISTS (SELECT 1 FROM unchained) AND NOT EXISTS (SELECT 1 FROM chain)";
    Ok(view.query_row(ask, [], |row| row.get(0))?)
}

/// Whether there is more to do.
fn piece(change: &Transaction<'_>, veil: &Veil) -> Result<bool, SqlTrouble> {
    if !is_waiting(change)? {
        return Ok(false);
    }
    let mut last = last_draft(change)?;
    let mut ask = change.prepare_cached(
        "SELECT number, run_id FROM unchained
         WHERE number > coalesce((SELECT waited FROM chain_drafts ORDER BY chain_drafts.number DESC LIMIT 1), -1)
         ORDER BY number LIMIT ?1",
    )?;
    let waiting = ask.query_map([PIECE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let waiting: Vec<(i64, String)> = waiting.collect::<Result<_, _>>()?;
    if waiting.is_empty() {
        become_the_chain(change)?;
        return Ok(false);
    }
    for (waited, run) in &waiting {
        bind_bodies(change, veil, run)?;
        last = Some(draft(change, last, *waited, run)?);
    }
    Ok(true)
}

fn last_draft(view: &Transaction<'_>) -> Result<Option<ChainHead>, SqlTrouble> {
    let mut ask = view
        .prepare_cached("SELECT number, digest FROM chain_drafts ORDER BY number DESC LIMIT 1")?;
    Ok(ask.query_row([], read_head).optional()?)
}

fn draft(
    change: &Transaction<'_>,
    last: Option<ChainHead>,
    waited: i64,
    run: &str,
) -> Result<ChainHead, SqlTrouble> {
    let entry = entry_behind(change, last, run)?;
    let head = ChainHead {
        number: entry.number,
        digest: entry.digest(),
    };
    change
        .prepare_cached(
            "INSERT INTO chain_drafts (number, previous, run_id, about, root, leaves, digest, waited)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            entry.number.cast_signed(),
            entry.previous.as_bytes(),
            entry.run,
            entry.about.as_bytes(),
            entry.root.as_bytes(),
            entry.leaves.cast_signed(),
            head.digest.as_bytes(),
            waited,
        ])?;
    Ok(head)
}

/// What these runs left open has its outcome in the entry of whoever finds out.
fn become_the_chain(change: &Transaction<'_>) -> Result<(), SqlTrouble> {
    change.execute_batch(
        "INSERT INTO chain (number, previous, run_id, about, root, leaves, digest)
             SELECT number, previous, run_id, about, root, leaves, digest FROM chain_drafts ORDER BY number;
         INSERT OR IGNORE INTO chained_open (ticket_id)
             SELECT id FROM tickets WHERE closed_at IS NULL AND run_id IN (SELECT run_id FROM chain_drafts);
         DELETE FROM unchained;
         DELETE FROM chain_drafts;",
    )?;
    Ok(())
}

/// Bodies that an earlier version kept have no digest yet. One that does not open stays without.
fn bind_bodies(change: &Transaction<'_>, veil: &Veil, run: &str) -> Result<(), SqlTrouble> {
    let sites = [
        (
            "SELECT change_rows.id, 'change/' || run_id, body FROM run_numbers JOIN change_rows ON run = number
             WHERE run_id = ?1 AND body IS NOT NULL AND body_digest IS NULL",
            "UPDATE change_rows SET body_digest = ?2 WHERE id = ?1",
        ),
        (
            "SELECT id, 'ticket/' || target || '/' || idempotency_key, body FROM tickets
             WHERE run_id = ?1 AND body <> '' AND body_digest IS NULL",
            "UPDATE tickets SET body_digest = ?2 WHERE id = ?1",
        ),
    ];
    for (question, update) in sites {
        let mut ask = change.prepare_cached(question)?;
        let rows = ask.query_map([run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let rows: Vec<(i64, String, String)> = rows.collect::<Result<_, _>>()?;
        for (id, place, text) in rows {
            if let Some(text) = veil.open(&place, text).text() {
                let mut bind = change.prepare_cached(update)?;
                bind.execute(params![id, body_digest(&text)])?;
            }
        }
    }
    Ok(())
}
