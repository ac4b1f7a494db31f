//! `history`: past runs, or one with its changes.

use chrono::NaiveTime;

use crate::engine::run::Report;
use crate::model::problem::Problem;
use crate::model::run::{Change, Run, RunStatus};
use crate::store::{RunFilter, Store};

use super::args::{Global, HistoryArgs, Output, day_after};
use super::document::{history_document, run_document};
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::{csv, out, show};

/// Runs `history`.
pub fn history(global: &Global, args: &HistoryArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    // Where nothing ran yet there is no file, and an empty history.
    let store = match Store::open_read_only(&app.state)? {
        Some(store) => store,
        None => Store::in_memory()?,
    };
    let output = output(global);
    if let Some(id) = &args.run {
        let run = store.run(id)?.ok_or_else(|| {
            Failure::new(
                exit::FAILED,
                "run_unknown",
                format!("there is no run `{id}`"),
            )
            .hint("`udsync history` lists them")
        })?;
        let changes = store.changes(&run.id)?;
        let problems = store.problems_of_run(&run.id)?;
        one(&run, changes, problems, output, global.verbose > 0);
        return Ok(exit::DONE);
    }
    let filter = RunFilter {
        entity: args.entity.clone(),
        status: args.status.as_deref().and_then(RunStatus::from_word),
        since: args.since.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        until: args
            .until
            .and_then(day_after)
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        limit: Some(args.limit),
        page: args.page,
    };
    let runs = store.runs(&filter)?;
    match output {
        Output::Text if runs.is_empty() && !store.runs(&RunFilter::default())?.is_empty() => {
            out::print("no run fits\n")
        }
        Output::Text => out::print(&show::history(&runs)),
        Output::Json => out::print_json(&history_document(&runs, "quickbooks")),
        Output::Csv => out::print(&csv::runs(&runs)),
    }
    Ok(exit::DONE)
}

fn one(run: &Run, changes: Vec<Change>, problems: Vec<Problem>, output: Output, all: bool) {
    match output {
        Output::Text => out::print(&show::run(run, &changes, &problems, all)),
        Output::Csv => out::print(&csv::changes(&changes, true)),
        Output::Json => {
            let report = Report {
                tally: run.tally.clone(),
                changes,
                problems,
                ..Report::default()
            };
            out::print_json(&run_document(run, "quickbooks", &report, true));
        }
    }
}
