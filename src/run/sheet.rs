//! Sheets: answers for a spreadsheet, one table each, money as text with a dot, times in UTC.
//!
//! The command line and the server hand out the very same tables.

#[cfg(feature = "xlsx")]
mod xlsx;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::app::doctor::Finding;
use crate::app::metrics::{RunsSum, seconds};
use crate::app::papers::csv;
use crate::model::plan::Action;
use crate::model::problem::Problem;
use crate::model::run::{Change, Run, Tally};

use super::document::time;

#[cfg(feature = "xlsx")]
pub use xlsx::{LongSheet, spreadsheet};

/// What a spreadsheet is called where files go over the network.
pub const SPREADSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a run changed or would change; `all` lists unchanged records too.
pub fn changes(changes: &[Change], all: bool) -> String {
    let rows = changes
        .iter()
        .filter(|change| all || change.action != Action::None)
        .map(|change| {
            let warnings = change.warnings.iter().map(|warning| warning.code.as_str());
            vec![
                change.target.clone(),
                change.action.as_str().to_owned(),
                change.entity.clone(),
                change.source.entity.to_string(),
                change.source.id.clone(),
                change.source.number.clone(),
                text(change.doc_number()),
                text(change.txn_date),
                change.currency.clone().unwrap_or_default(),
                text(change.total),
                text(change.tax_total),
                change.target_id.clone().unwrap_or_default(),
                warnings.collect::<Vec<_>>().join(" "),
            ]
        });
    table(
        &[
            "target",
            "action",
            "entity",
            "source_entity",
            "source_id",
            "source_number",
            "doc_number",
            "txn_date",
            "currency",
            "total",
            "tax_total",
            "target_id",
            "warnings",
        ],
        rows,
    )
}

/// Past runs with their figures, a row for each target.
pub fn runs(runs: &[Run]) -> String {
    let nothing = Tally::default();
    let by_target = runs.iter().flat_map(|run| {
        let none = run.tallies.is_empty().then_some((String::new(), &nothing));
        let targets = run.tallies.iter();
        let targets = targets.map(|(target, tally)| (target.clone(), tally));
        targets
            .chain(none)
            .map(move |(target, tally)| (run, target, tally))
    });
    let rows = by_target.map(|(run, target, tally)| {
        let mut row = vec![
            run.id.clone(),
            run.command.clone(),
            run.entities.join(" "),
            run.mode.clone(),
            run.status.as_str().to_owned(),
            time(run.started_at),
            run.finished_at.map(time).unwrap_or_default(),
        ];
        let figures = [
            tally.read,
            tally.created,
            tally.updated,
            tally.voided,
            tally.deleted,
            tally.unchanged,
            tally.skipped,
            tally.held,
            tally.failed,
            tally.conflicts,
        ];
        row.extend(figures.map(|figure| figure.to_string()));
        row.push(took(run));
        let requests = tally.requests;
        let figures = [requests.reads, requests.writes, requests.throttled];
        row.extend(figures.map(|figure| figure.to_string()));
        row.push(target);
        let error = run.error.as_ref();
        row.push(error.map(|error| error.code.clone()).unwrap_or_default());
        row.push(error.map(|error| error.message.clone()).unwrap_or_default());
        row
    });
    table(
        &[
            "run_id",
            "command",
            "entities",
            "mode",
            "status",
            "started_at",
            "finished_at",
            "read",
            "created",
            "updated",
            "voided",
            "deleted",
            "unchanged",
            "skipped",
            "held",
            "failed",
            "conflicts",
            "seconds",
            "request_reads",
            "request_writes",
            "throttled",
            "target",
            "error",
            "message",
        ],
        rows,
    )
}

/// What the doctor found, a row for each finding.
pub fn findings(found: &[Finding]) -> String {
    let rows = found.iter().map(|finding| {
        let level = serde_json::to_value(finding.level).unwrap_or_default();
        vec![
            finding.id.to_owned(),
            level.as_str().unwrap_or_default().to_owned(),
            finding.about.to_owned(),
            finding.said.clone(),
            finding.cause.clone().unwrap_or_default(),
            finding.fix.clone().unwrap_or_default(),
        ]
    });
    table(&["id", "level", "about", "said", "why", "fix"], rows)
}

/// How many seconds a run took.
fn took(run: &Run) -> String {
    let ms = run
        .finished_at
        .map(|end| (end - run.started_at).num_milliseconds());
    ms.and_then(|ms| ms.try_into().ok())
        .map(seconds)
        .unwrap_or_default()
}

/// Figures by day, a row for each target.
pub fn metrics(days: &BTreeMap<NaiveDate, RunsSum>) -> String {
    let by_target = days.iter().flat_map(|(day, sum)| {
        let targets = sum.tallies.iter();
        targets.map(move |(target, tally)| (day, sum, target, tally))
    });
    let rows = by_target.map(|(day, sum, target, tally)| {
        let mut row = vec![day.to_string()];
        let figures = [
            sum.runs,
            sum.errors,
            tally.read,
            tally.created,
            tally.updated,
            tally.voided,
            tally.deleted,
            tally.held,
            tally.failed,
            tally.conflicts,
        ];
        row.extend(figures.map(|figure| figure.to_string()));
        row.extend([seconds(sum.ms_total), seconds(sum.ms_longest)]);
        let requests = tally.requests;
        let figures = [requests.reads, requests.writes, requests.throttled];
        row.extend(figures.map(|figure| figure.to_string()));
        row.push(target.clone());
        row
    });
    table(
        &[
            "day",
            "runs",
            "errors",
            "read",
            "created",
            "updated",
            "voided",
            "deleted",
            "held",
            "failed",
            "conflicts",
            "seconds_total",
            "seconds_longest",
            "request_reads",
            "request_writes",
            "throttled",
            "target",
        ],
        rows,
    )
}

/// What is held or failed.
pub fn problems(problems: &[Problem]) -> String {
    let rows = problems.iter().map(|problem| {
        vec![
            problem.id.clone(),
            problem.target.clone(),
            problem.state.as_str().to_owned(),
            problem.reason.code.clone(),
            problem.source.entity.to_string(),
            problem.source.id.clone(),
            problem.source.number.clone(),
            problem.reason.message.clone(),
            problem.hint().unwrap_or_default(),
            problem.retryable.to_string(),
            problem.attempts.to_string(),
            time(problem.first_seen),
            time(problem.last_seen),
        ]
    });
    table(
        &[
            "id",
            "target",
            "state",
            "code",
            "source_entity",
            "source_id",
            "source_number",
            "message",
            "hint",
            "retryable",
            "attempts",
            "first_seen",
            "last_seen",
        ],
        rows,
    )
}

/// Rows that are cells already.
pub fn rows(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    table(header, rows)
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A table with any columns.
pub fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut bytes = Vec::new();
    csv::write_rows(header, rows, &mut bytes).expect("a vector takes everything");
    String::from_utf8(bytes).expect("only text was written")
}
