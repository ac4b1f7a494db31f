//! Untold: what runs did that ended before they could tell it. The journal knows.
//!
//! A run files its changes when it ends. One that was killed never does, but each of its requests has its outcome by the
//! time the next run has settled what was open.

use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::columns::read_word;
use super::error::{SqlTrouble, StoreError};
use super::journal::TicketOutcome;
use super::packed::read_packed;
use crate::model::plan::{Action, Entity, RecordKey};
use crate::model::run::Change;
use crate::model::ticket::Write;

pub(super) const UNTOLD: &str =
    "SELECT id FROM runs INDEXED BY runs_ended_early WHERE status IN ('interrupted', 'failed')
       AND EXISTS (SELECT 1 FROM tickets WHERE tickets.run_id = runs.id)
       AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.run_id = runs.id AND changes.target IN
                       (SELECT target FROM tickets WHERE tickets.run_id = runs.id))
     ORDER BY id";
pub(super) const SENT_IN: &str = "SELECT count(*) FROM tickets WHERE run_id = ?1";
pub(super) const DONE_IN: &str =
    "SELECT target, intent, outcome FROM tickets JOIN ticket_writes ON tickets.id = ticket_id
     WHERE run_id = ?1 AND outcome IS NOT NULL ORDER BY tickets.id, position";
pub(super) const DONE_FIRST: &str =
    "SELECT target, intent, outcome FROM tickets JOIN ticket_writes ON tickets.id = ticket_id
     WHERE run_id = ?1 AND outcome IS NOT NULL ORDER BY tickets.id, position LIMIT ?2";
/// An id stands for whether it is the shop's own number or a key of ours, which is all that is asked of it.
pub(super) const COUNTED_IN: &str = "SELECT target, coalesce(write_kinds.action, json_extract(intent, '$.action')) AS action,
            coalesce(write_kinds.source_entity, json_extract(intent, '$.source.entity')) AS source_entity,
            CASE WHEN kind IS NOT NULL THEN write_kinds.source_id
                 WHEN instr(json_extract(intent, '$.source.id'), '.') THEN 'x.'
                 WHEN json_extract(intent, '$.source.id') GLOB '*[^0-9]*' THEN 'x' ELSE '1' END AS source_id, count(*) AS number
     FROM tickets JOIN ticket_writes ON tickets.id = ticket_id LEFT JOIN write_kinds ON write_kinds.number = kind
     WHERE run_id = ?1 AND outcome IS NOT NULL AND (kind IS NOT NULL OR json_valid(intent))
       AND (outcome LIKE '{\"done\":%' OR outcome LIKE 'packed:%' OR outcome = '\"deleted\"')
     GROUP BY 1, 2, 3, 4";
pub(super) const COUNTED_CHANGES: &str = "SELECT target, action, source_entity,
            CASE WHEN instr(source_id, '.') THEN 'x.' WHEN source_id GLOB '*[^0-9]*' THEN 'x' ELSE '1' END AS source_id, count(*) AS number
     FROM change_rows JOIN change_kinds ON change_kinds.number = kind
     WHERE run = (SELECT number FROM run_numbers WHERE run_id = ?1)
     GROUP BY 1, 2, 3, 4";

/// Changes of one kind, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedChanges {
    pub target: String,
    pub action: Action,
    /// A customer or an item that only a document needs.
    pub is_name: bool,
    pub count: u64,
}

fn counted(row: &Row<'_>) -> Result<CountedChanges, SqlTrouble> {
    let source = RecordKey {
        entity: read_word::<Entity>(row.get("source_entity")?, "source.entity")?,
        id: row.get("source_id")?,
        number: String::new(),
    };
    Ok(CountedChanges {
        target: row.get("target")?,
        action: read_word(row.get("action")?, "changes.action")?,
        is_name: !source.is_record(),
        count: row.get::<_, i64>("number")?.cast_unsigned(),
    })
}

impl Store {
    pub(super) fn is_untold(&self, run_id: &str) -> Result<bool, StoreError> {
        self.read(|view| {
            let question = format!("SELECT 1 FROM ({UNTOLD}) WHERE id = ?1");
            Ok(view.prepare_cached(&question)?.exists([run_id])?)
        })
    }

    pub(super) fn counted_in(
        &self,
        run_id: &str,
    ) -> Result<(Vec<CountedChanges>, u64), StoreError> {
        self.read(|view| {
            let sent: i64 = view.query_row(SENT_IN, [run_id], |row| row.get(0))?;
            let mut ask = view.prepare_cached(COUNTED_IN)?;
            let counts = ask.query_and_then([run_id], counted)?;
            Ok((
                counts.collect::<Result<_, SqlTrouble>>()?,
                sent.cast_unsigned(),
            ))
        })
    }

    pub(super) fn counted_changes(&self, run_id: &str) -> Result<Vec<CountedChanges>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(COUNTED_CHANGES)?;
            let counts = ask.query_and_then([run_id], counted)?;
            counts.collect()
        })
    }

    pub(super) fn done_first(&self, run_id: &str, limit: u32) -> Result<Vec<Change>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(DONE_FIRST)?;
            let rows = ask.query_and_then(params![run_id, limit], read_done)?;
            let changes: Result<Vec<Option<Change>>, SqlTrouble> = rows.collect();
            Ok(changes?.into_iter().flatten().collect())
        })
    }

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
            let changes: Result<Vec<Option<Change>>, SqlTrouble> =
                ask.query_and_then(params![run_id], read_done)?.collect();
            let sent = sent.and_then(|count| count.try_into().ok());
            Ok((changes?.into_iter().flatten().collect(), sent.unwrap_or(0)))
        })
    }
}

fn read_done(row: &Row<'_>) -> Result<Option<Change>, SqlTrouble> {
    let write: Write = read_packed(&row.get::<_, String>("intent")?, "ticket_writes.intent")?;
    let outcome: TicketOutcome =
        read_packed(&row.get::<_, String>("outcome")?, "ticket_writes.outcome")?;
    Ok(change(row.get("target")?, write, outcome))
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
