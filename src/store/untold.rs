//! Untold: what runs did that ended before they could tell it. The journal knows.
//!
//! A run files its changes when it ends. One that was killed never does, but each of its requests has its outcome by the
//! time the next run has settled what was open.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::columns::read_json;
use super::error::{SqlTrouble, StoreError};
use super::journal::TicketOutcome;
use crate::model::run::Change;
use crate::model::ticket::Write;

pub(super) const UNTOLD: &str = "SELECT id FROM runs WHERE status IN ('interrupted', 'failed')
       AND EXISTS (SELECT 1 FROM tickets WHERE tickets.run_id = runs.id)
       AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.run_id = runs.id AND changes.target IN
                       (SELECT target FROM tickets WHERE tickets.run_id = runs.id))
     ORDER BY id";
pub(super) const SENT_IN: &str = "SELECT count(*) FROM tickets WHERE run_id = ?1";
pub(super) const DONE_IN: &str =
    "SELECT target, intent, outcome FROM tickets JOIN ticket_writes ON tickets.id = ticket_id
     WHERE run_id = ?1 AND outcome IS NOT NULL ORDER BY tickets.id, position";

impl Store {
    pub(super) fn untold_runs(&self) -> Result<Vec<String>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(UNTOLD)?;
            let ids = ask.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    pub(super) fn done_in(&self, run_id: &str) -> Result<(Vec<Change>, u64), StoreError> {
        self.read(|view| {
            let sent: Option<i64> = view
                .query_row(SENT_IN, [run_id], |row| row.get(0))
                .optional()?;
            let mut ask = view.prepare_cached(DONE_IN)?;
            let changes: Result<Vec<Option<Change>>, SqlTrouble> = ask
                .query_and_then(params![run_id], |row| {
                    let write: Write =
                        read_json(&row.get::<_, String>("intent")?, "ticket_writes.intent")?;
                    let outcome: TicketOutcome =
                        read_json(&row.get::<_, String>("outcome")?, "ticket_writes.outcome")?;
                    Ok(change(row.get("target")?, write, outcome))
                })?
                .collect();
            let sent = sent.and_then(|count| count.try_into().ok());
            Ok((changes?.into_iter().flatten().collect(), sent.unwrap_or(0)))
        })
    }
}

fn change(target: String, write: Write, outcome: TicketOutcome) -> Option<Change> {
    let target_id = match outcome {
        TicketOutcome::Done(found) => Some(found.remote.id),
        TicketOutcome::Deleted => None,
        TicketOutcome::Refused(_) | TicketOutcome::NotDone => return None,
    };
    let document = write.document.as_ref();
    Some(Change {
        target,
        action: write.action,
        txn_date: document.map(|document| document.date),
        currency: document.map(|document| document.currency.clone()),
        total: document.map(|document| document.total),
        tax_total: document.map(|document| document.tax_total),
        entity: write.entity.to_string(),
        source: write.source,
        label: write.label,
        target_id,
        body: Some(write.body.to_string()).filter(|body| !body.is_empty()),
        warnings: Vec::new(),
        reason: None,
    })
}
