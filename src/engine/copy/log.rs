//! Log: each run, each of its changes and each of its problems as rows, for whoever wants to chart or to check them.
//!
//! A log is read by many. So it says what was done to which record, and what came of it, in ids, words of ours and figures:
//! no name, no address, no message, nothing that a person wrote.
//!
//! What was told of a run is remembered, so that a run of which more becomes known is not told all over again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::{CopySending, TARGET};
use crate::connector::port::TableWriter;
use crate::engine::error::EngineError;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::problem::Problem;
use crate::model::row::{Columns, OncePrinted, Row, RowFate, Table};
use crate::model::run::{Change, Run, Tally};
use crate::store::{ChainHead, Copied, Mark};

/// So many changes are told at once.
const AT_ONCE: u32 = 500;

/// Every column but the key, so that each row has them all.
const COLUMNS: [&str; 41] = [
    "kind",
    "run_id",
    "target",
    "command",
    "entities",
    "mode",
    "status",
    "started_at",
    "finished_at",
    "action",
    "source_entity",
    "source_id",
    "source_number",
    "entity",
    "doc_number",
    "txn_date",
    "currency",
    "total",
    "tax_total",
    "target_id",
    "code",
    "warnings",
    "problem_id",
    "retryable",
    "attempts",
    "records_read",
    "created",
    "updated",
    "voided",
    "deleted",
    "unchanged",
    "skipped",
    "held",
    "failed",
    "conflicts",
    "names",
    "requests_read",
    "requests_write",
    "throttled",
    "history_entries",
    "history_head",
];

pub(super) struct SyncLog<'a, D: TableWriter> {
    pub sending: CopySending<'a, D>,
    pub copy: i64,
}

impl<D: TableWriter> SyncLog<'_, D> {
    /// Tells of one run what was not told yet. How many rows the database has refused.
    pub async fn tell(&self, run_id: &str) -> Result<(u64, Option<Reason>), EngineError> {
        let store = self.sending.store;
        let Some(run) = store.run(run_id)? else {
            return Ok((0, None));
        };
        let known = store.copied(self.copy, Table::SyncLogs, &[run_id])?;
        let known = known.first();
        let problems = store.problems_of_run(run_id)?;
        let mark = mark(&run, &problems);
        let mut told = known.and_then(|known| known.parent).unwrap_or(0);
        if known.is_none_or(|known| known.mark != mark) {
            let head = store.chain_head()?;
            let rows = self.of_run(&run, head).into_iter();
            let problems = problems
                .iter()
                .map(|problem| self.of_problem(&run, problem));
            let refused = self.send(rows.chain(problems).collect()).await?;
            if refused.0 > 0 {
                return Ok(refused);
            }
            self.remember(run_id, mark, told)?;
            if let Some(head) = head {
                let now = self.sending.bench.clock.now();
                store.note_anchor("database", Table::SyncLogs.as_str(), head, now)?;
            }
        }
        loop {
            let changes = store.changes_after(run_id, told.cast_signed(), AT_ONCE)?;
            let Some((last, _)) = changes.last() else {
                return Ok((0, None));
            };
            told = last.cast_unsigned();
            let rows = changes
                .iter()
                .map(|(id, change)| self.of_change(&run, *id, change));
            let refused = self.send(rows.collect()).await?;
            if refused.0 > 0 {
                return Ok(refused);
            }
            self.remember(run_id, mark, told)?;
        }
    }

    fn remember(&self, run_id: &str, mark: Option<Mark>, told: u64) -> Result<(), EngineError> {
        let row = Copied {
            id: run_id.to_owned(),
            parent: Some(told),
            mark,
            gone: false,
        };
        let store = self.sending.store;
        let rows = [(Table::SyncLogs, row)];
        Ok(store.note_copied(self.copy, &rows, &BTreeMap::new(), None)?)
    }

    /// How many rows were refused, and why the first of them.
    async fn send(&self, mut rows: Vec<Row>) -> Result<(u64, Option<Reason>), EngineError> {
        rows.sort_by(|one, other| one.id.cmp(&other.id));
        let handed = self
            .sending
            .bench
            .database
            .put(Table::SyncLogs, &rows)
            .await;
        if let Some(fault) = handed.end {
            return Err(fault.into());
        }
        let mut refused = (0, None);
        for fate in handed.fates {
            if let RowFate::Refused(reason) = fate {
                tracing::warn!(table = "sync_logs", code = reason.code, "a row was refused");
                refused = (refused.0 + 1, refused.1.or(Some(reason)));
            }
        }
        Ok(refused)
    }

    /// A row for each target, with its figures, and how far the history is by now.
    fn of_run(&self, run: &Run, head: Option<ChainHead>) -> Vec<Row> {
        let of = |id: String, target: Option<&str>, tally: &Tally| {
            let given = [
                ("kind", json!("run")),
                ("run_id", json!(run.id)),
                ("target", json!(target)),
                ("command", json!(run.command)),
                ("entities", json!(run.entities)),
                ("mode", json!(run.mode)),
                ("status", json!(run.status.as_str())),
                ("started_at", json!(run.started_at)),
                ("finished_at", json!(run.finished_at)),
                ("records_read", json!(tally.read)),
                ("created", json!(tally.created)),
                ("updated", json!(tally.updated)),
                ("voided", json!(tally.voided)),
                ("deleted", json!(tally.deleted)),
                ("unchanged", json!(tally.unchanged)),
                ("skipped", json!(tally.skipped)),
                ("held", json!(tally.held)),
                ("failed", json!(tally.failed)),
                ("conflicts", json!(tally.conflicts)),
                ("names", json!(tally.names)),
                ("requests_read", json!(tally.requests.reads)),
                ("requests_write", json!(tally.requests.writes)),
                ("throttled", json!(tally.requests.throttled)),
                ("history_entries", json!(head.map(|head| head.number))),
                (
                    "history_head",
                    json!(head.map(|head| head.digest.to_string())),
                ),
            ];
            self.row(id, run.finished_at.unwrap_or(run.started_at), given)
        };
        if run.tallies.is_empty() {
            return vec![of(run.id.clone(), None, &Tally::default())];
        }
        let rows = run.tallies.iter();
        rows.map(|(target, tally)| of(format!("{}/{target}", run.id), Some(target), tally))
            .collect()
    }

    fn of_change(&self, run: &Run, number: i64, change: &Change) -> Row {
        let warnings: Vec<&str> = change
            .warnings
            .iter()
            .map(|warning| warning.code.as_str())
            .collect();
        let given = [
            ("kind", json!("change")),
            ("run_id", json!(run.id)),
            ("target", json!(change.target)),
            ("command", json!(run.command)),
            ("started_at", json!(run.started_at)),
            ("action", json!(change.action.as_str())),
            ("source_entity", json!(change.source.entity.as_str())),
            ("source_id", json!(change.source.id)),
            ("source_number", json!(change.source.number)),
            ("entity", json!(change.entity)),
            (
                "doc_number",
                json!(change.doc_number().filter(|_| change.target != TARGET)),
            ),
            ("txn_date", json!(change.txn_date)),
            ("currency", json!(change.currency)),
            ("total", json!(change.total.map(|total| total.to_string()))),
            (
                "tax_total",
                json!(change.tax_total.map(|total| total.to_string())),
            ),
            ("target_id", json!(change.target_id)),
            (
                "code",
                json!(change.reason.as_ref().map(|reason| &reason.code)),
            ),
            ("warnings", json!(warnings)),
        ];
        self.row(format!("{}/change/{number}", run.id), run.started_at, given)
    }

    fn of_problem(&self, run: &Run, problem: &Problem) -> Row {
        let source = &problem.source;
        let given = [
            ("kind", json!("problem")),
            ("run_id", json!(run.id)),
            ("target", json!(problem.target)),
            ("command", json!(run.command)),
            ("status", json!(problem.state.as_str())),
            ("started_at", json!(run.started_at)),
            ("source_entity", json!(source.entity.as_str())),
            ("source_id", json!(source.id)),
            ("source_number", json!(source.number)),
            ("code", json!(problem.reason.code)),
            ("problem_id", json!(problem.id)),
            ("retryable", json!(problem.retryable)),
            ("attempts", json!(problem.attempts)),
        ];
        self.row(
            format!("{}/problem/{}", run.id, problem.id),
            run.started_at,
            given,
        )
    }

    fn row(
        &self,
        id: String,
        at: DateTime<Utc>,
        given: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Row {
        let mut columns: Map<String, Value> = COLUMNS
            .iter()
            .map(|name| ((*name).to_owned(), Value::Null))
            .collect();
        columns.insert("shop".to_owned(), json!(self.sending.bench.shop));
        columns.insert("id".to_owned(), json!(id));
        for (name, value) in given {
            columns.insert(name.to_owned(), value);
        }
        Row {
            table: Table::SyncLogs,
            id,
            parent: None,
            source_at: Some(at),
            columns: Columns::of(&columns),
            raw: None,
            deleted_at: None,
            printed: OncePrinted::default(),
        }
    }
}

/// Of everything that is worth telling anew. What the telling itself costs is not.
fn mark(run: &Run, problems: &[Problem]) -> Option<Mark> {
    let mut run = run.clone();
    run.finished_at = None;
    for tally in run.tallies.values_mut() {
        tally.requests = Default::default();
    }
    Mark::of(&Fingerprint::of(&(run, problems)))
}
