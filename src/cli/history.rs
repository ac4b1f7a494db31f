//! `history`: past runs, or one with its changes; on the screen, or as a table for a spreadsheet.

use chrono::NaiveTime;
use chrono_tz::Tz;

use crate::app::App;
use crate::engine::outcome::Report;
use crate::engine::so_far::so_far;
use crate::model::fault::Fault;
use crate::model::problem::Problem;
use crate::model::run::{Change, Run, RunStatus};
use crate::store::{History, Notices, PeopleKept, Problems, RunFilter, Store};

use super::args::{ExportForm, Global, HistoryArgs, HistoryCommand, Output, day_after};
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::{file, metrics, out, show};
use crate::run::document::{history_document, run_document};
use crate::run::sheet as csv;

/// So many runs on a page.
const PAGE: u32 = 20;

/// Runs `history`.
pub fn history(global: &Global, args: &HistoryArgs) -> Result<u8, Failure> {
    if let Some(HistoryCommand::Metrics(args)) = &args.what {
        return metrics::metrics(global, args);
    }
    let app = open_shop(global)?;
    // Where nothing ran yet there is no file, and an empty history.
    let store = app.state_to_read()?;
    let output = output(global);
    note_unsent(global, &store)?;
    if let Some(id) = &args.run {
        let mut run = store.run(id)?.ok_or_else(|| {
            Failure::new("run_unknown", format!("there is no run `{id}`"))
                .hint("`udsync history` lists them")
        })?;
        let unveiled = match output {
            // Nobody is asked for a passphrase for what is not shown.
            Output::Json => app.unveil_to_look(&store),
            Output::Text | Output::Csv => Ok(()),
        };
        if let Err(fault) = unveiled {
            note_shut(&store, &run.id, &fault)?;
        }
        let changes = so_far(&store, &mut run)?;
        close_if_cut_off(app.cut_off(&store)?, std::slice::from_mut(&mut run));
        let problems = store.problems_of_run(&run.id)?;
        match args.export {
            Some(form) => {
                let tables = [
                    ("changes", csv::changes(&changes, true)),
                    ("problems", csv::problems(&problems)),
                ];
                export(args, form, &tables)?;
            }
            None => {
                let zone = app.config.rules.timezone;
                one((&run, zone), changes, problems, output, global.verbose > 0);
            }
        }
        return Ok(exit::DONE);
    }
    let runs = shown(&app, &store, &filter(args))?;
    if let Some(form) = args.export {
        export(args, form, &[("runs", csv::runs(&runs))])?;
        return Ok(exit::DONE);
    }
    match output {
        Output::Text if runs.is_empty() && !store.runs(&RunFilter::default())?.is_empty() => {
            out::answer("no run fits\n")
        }
        Output::Text => out::answer(&show::history(&runs, app.config.rules.timezone)),
        Output::Json => out::print_json(&history_document(&runs)),
        Output::Csv => out::print(&csv::runs(&runs)),
    }
    Ok(exit::DONE)
}

/// Which runs are wanted.
pub fn filter(args: &HistoryArgs) -> RunFilter {
    RunFilter {
        entity: args.entity.map(|entity| entity.as_str().to_owned()),
        status: args.status.as_deref().and_then(RunStatus::from_word),
        since: args.since.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        until: args
            .until
            .and_then(day_after)
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        limit: match args.export {
            Some(_) => args.limit,
            None => Some(args.limit.unwrap_or(PAGE)),
        },
        page: args.page,
        after: None,
    }
}

/// The runs, one that is going on with what it has done so far, and one that was cut off as what it is.
pub fn shown(app: &App, store: &Store, filter: &RunFilter) -> Result<Vec<Run>, Failure> {
    let mut runs = store.runs(filter)?;
    for run in &mut runs {
        so_far(store, run)?;
    }
    close_if_cut_off(app.cut_off(store)?, &mut runs);
    Ok(runs)
}

/// The figures stay those that were counted; how it ended is told.
fn close_if_cut_off(cut_off: Option<Run>, runs: &mut [Run]) {
    let Some(cut_off) = cut_off else {
        return;
    };
    for run in runs.iter_mut().filter(|run| run.id == cut_off.id) {
        run.status = cut_off.status;
        run.error.clone_from(&cut_off.error);
    }
}

/// Tables by their names into a file; of csv the first one, and without a file to the screen.
fn export(args: &HistoryArgs, form: ExportForm, tables: &[(&str, String)]) -> Result<(), Failure> {
    match (form, &args.out) {
        (ExportForm::Csv, Some(path)) => file::write(path, tables[0].1.as_bytes()),
        (ExportForm::Csv, None) => {
            out::print(&tables[0].1);
            Ok(())
        }
        #[cfg(feature = "xlsx")]
        (ExportForm::Xlsx, Some(path)) => file::write(path, &csv::spreadsheet(tables)?),
        #[cfg(feature = "xlsx")]
        (ExportForm::Xlsx, None) => Err(Failure::new(
            "usage",
            "a spreadsheet does not go to a screen",
        )
        .hint("name a file with `--out FILE`")),
    }
}

/// What is sealed stays shut without its key; everything else of the run is shown.
fn note_shut(store: &Store, run_id: &str, fault: &Fault) -> Result<(), Failure> {
    let bodies = match store.shut_changes(run_id)? {
        0 => return Ok(()),
        1 => "1 body is".to_owned(),
        n => format!("{n} bodies are"),
    };
    out::say(&format!("note: {bodies} left out: {}", fault.said));
    if let Some(hint) = &fault.hint {
        out::say(&format!("hint: {hint}"));
    }
    Ok(())
}

/// The owner who should have been told looks here.
fn note_unsent(global: &Global, store: &Store) -> Result<(), Failure> {
    let unsent = store.unsent_notices()?.len();
    if unsent > 0 && !global.quiet {
        let notices = match unsent {
            1 => "1 notice".to_owned(),
            n => format!("{n} notices"),
        };
        out::say(&format!(
            "note: {notices} could not be sent yet; `udsync notify list` says why"
        ));
    }
    Ok(())
}

fn one(
    (run, zone): (&Run, Tz),
    changes: Vec<Change>,
    problems: Vec<Problem>,
    output: Output,
    all: bool,
) {
    match output {
        Output::Text => out::answer(&show::run((run, zone), &changes, &problems, all)),
        Output::Csv => out::print(&csv::changes(&changes, true)),
        Output::Json => {
            let report = Report {
                changes,
                problems,
                ..Report::default()
            };
            out::print_json(&run_document(run, &report, true));
        }
    }
}
