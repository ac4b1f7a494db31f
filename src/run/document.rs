//! The run document: what `sync`, `dry-run`, `apply` and `retry` print for machines.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::engine::outcome::Report;
use crate::model::fault::Reason;
use crate::model::plan::{Action, RecordKey};
use crate::model::problem::Problem;
use crate::model::run::{Change, Run, RunError, Tally};

#[derive(Serialize)]
pub struct RunDocument<'a> {
    schema: &'static str,
    run_id: &'a str,
    shop: &'a str,
    command: &'a str,
    entities: &'a [String],
    mode: &'a str,
    dry_run: bool,
    status: &'static str,
    started_at: String,
    finished_at: Option<String>,
    /// Why it ended before its work was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a RunError>,
    targets: BTreeMap<&'a str, &'a Tally>,
    changes: Vec<ChangeView<'a>>,
    problems: Vec<ProblemView<'a>>,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    target: &'a str,
    action: Action,
    entity: &'a str,
    source: &'a RecordKey,
    doc_number: Option<&'a str>,
    txn_date: Option<NaiveDate>,
    currency: Option<&'a str>,
    total: Option<String>,
    tax_total: Option<String>,
    target_id: Option<&'a str>,
    body: Option<Box<RawValue>>,
    warnings: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<&'a Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a Reason>,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    id: Option<&'a str>,
    target: &'a str,
    source: &'a RecordKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    state: &'static str,
    code: &'a str,
    message: &'a str,
    hint: Option<String>,
    retryable: bool,
}

/// Times for machines: RFC 3339 in UTC.
pub fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The document of a run. `all` lists unchanged records too.
pub fn run_document<'a>(run: &'a Run, report: &'a Report, all: bool) -> RunDocument<'a> {
    RunDocument {
        schema: "udsync/run/1",
        run_id: &run.id,
        shop: &run.shop,
        command: &run.command,
        entities: &run.entities,
        mode: &run.mode,
        dry_run: run.dry_run,
        status: run.status.as_str(),
        started_at: time(run.started_at),
        finished_at: run.finished_at.map(time),
        error: run.error.as_ref(),
        targets: tallies(run),
        changes: changes(&report.changes, all),
        problems: problems(&report.problems),
    }
}

fn tallies(run: &Run) -> BTreeMap<&str, &Tally> {
    let tallies = run.tallies.iter();
    tallies
        .map(|(target, tally)| (target.as_str(), tally))
        .collect()
}

fn changes(changes: &[Change], all: bool) -> Vec<ChangeView<'_>> {
    changes
        .iter()
        .filter(|change| all || change.action != Action::None)
        .map(|change| ChangeView {
            target: &change.target,
            action: change.action,
            entity: &change.entity,
            source: &change.source,
            doc_number: change.doc_number(),
            txn_date: change.txn_date,
            currency: change.currency.as_deref(),
            total: change.total.map(|total| total.to_string()),
            tax_total: change.tax_total.map(|tax| tax.to_string()),
            target_id: change.target_id.as_deref(),
            body: change
                .body
                .as_ref()
                .and_then(|body| RawValue::from_string(body.clone()).ok()),
            warnings: change
                .warnings
                .iter()
                .map(|warning| warning.code.as_str())
                .collect(),
            remarks: change.warnings.iter().collect(),
            reason: change.reason.as_ref(),
        })
        .collect()
}

fn problems(problems: &[Problem]) -> Vec<ProblemView<'_>> {
    problems.iter().map(problem_view).collect()
}

fn problem_view(problem: &Problem) -> ProblemView<'_> {
    ProblemView {
        id: Some(problem.id.as_str()).filter(|id| !id.is_empty()),
        target: &problem.target,
        source: &problem.source,
        document: problem.subject.map(|key| key.to_string()),
        state: problem.state.as_str(),
        code: &problem.reason.code,
        message: &problem.reason.message,
        hint: problem.hint(),
        retryable: problem.retryable,
    }
}

#[derive(Serialize)]
pub struct ProblemsDocument<'a> {
    schema: &'static str,
    causes: Vec<CauseView<'a>>,
    problems: Vec<ProblemView<'a>>,
}

/// Problems with the same way out.
#[derive(Serialize)]
struct CauseView<'a> {
    code: &'a str,
    state: &'static str,
    hint: Option<String>,
    count: usize,
    ids: Vec<&'a str>,
}

/// The document of `retry --list`.
pub fn problems_document(list: &[Problem]) -> ProblemsDocument<'_> {
    ProblemsDocument {
        schema: "udsync/problems/1",
        causes: causes(list)
            .iter()
            .map(|group| CauseView {
                code: &group[0].reason.code,
                state: group[0].state.as_str(),
                // Where it is about one record, what is to be typed names it.
                hint: match group.as_slice() {
                    [only] => only.hint(),
                    _ => group[0].reason.hint.clone(),
                },
                count: group.len(),
                ids: group.iter().map(|problem| problem.id.as_str()).collect(),
            })
            .collect(),
        problems: problems(list),
    }
}

/// Problems by their cause, in the order of the first of each.
pub fn causes(problems: &[Problem]) -> Vec<Vec<&Problem>> {
    let mut groups: Vec<Vec<&Problem>> = Vec::new();
    for problem in problems {
        let alike = |group: &&mut Vec<&Problem>| {
            let first = group[0];
            (first.state, &first.reason.code, &first.reason.hint)
                == (problem.state, &problem.reason.code, &problem.reason.hint)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(problem),
            None => groups.push(vec![problem]),
        }
    }
    groups
}

#[derive(Serialize)]
pub struct HistoryDocument<'a> {
    schema: &'static str,
    runs: Vec<RunView<'a>>,
}

#[derive(Serialize)]
struct RunView<'a> {
    run_id: &'a str,
    shop: &'a str,
    command: &'a str,
    entities: &'a [String],
    mode: &'a str,
    status: &'static str,
    started_at: String,
    finished_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a RunError>,
    targets: BTreeMap<&'a str, &'a Tally>,
}

/// The document of `history`.
pub fn history_document(runs: &[Run]) -> HistoryDocument<'_> {
    HistoryDocument {
        schema: "udsync/history/1",
        runs: runs
            .iter()
            .map(|run| RunView {
                run_id: &run.id,
                shop: &run.shop,
                command: &run.command,
                entities: &run.entities,
                mode: &run.mode,
                status: run.status.as_str(),
                started_at: time(run.started_at),
                finished_at: run.finished_at.map(time),
                error: run.error.as_ref(),
                targets: tallies(run),
            })
            .collect(),
    }
}
