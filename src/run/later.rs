//! Later: a failure as it is kept, for somebody who reads it tomorrow and not at the command.
//!
//! A token that is good for five minutes is of no use then, and a state file keeps none that could be used.

use crate::model::code;
use crate::model::run::{Run, RunError, RunStatus};

use super::failure::{Failure, exit};
use super::legs::LegReports;

/// How a run ended, by what came of its legs.
pub(super) fn status(reports: &LegReports) -> RunStatus {
    if reports.is_interrupted() {
        RunStatus::Interrupted
    } else if let Some(failure) = &reports.failure {
        status_of(failure)
    } else if reports.reports().any(|report| report.end.is_some()) {
        RunStatus::Failed
    } else if reports.problems().next().is_none() {
        RunStatus::Succeeded
    } else {
        RunStatus::Partial
    }
}

/// What a run is that ended so.
pub fn status_of(failure: &Failure) -> RunStatus {
    match failure.exit {
        exit::INTERRUPTED => RunStatus::Interrupted,
        exit::GUARD | exit::STALE_PLAN => RunStatus::Refused,
        _ => RunStatus::Failed,
    }
}

/// The failure of a run, for its history.
pub fn kept(failure: &Failure, run: &Run) -> RunError {
    RunError {
        code: failure.code.clone(),
        exit: failure.exit,
        message: failure.message.clone(),
        hint: hint(failure, by_hand(run).as_deref(), None),
        waits: failure.waits,
    }
}

/// The command that does the same run at a terminal. A saved plan has a file, and a selection has words, that only its owner knows.
fn by_hand(run: &Run) -> Option<String> {
    let entities = run.entities.join(" ");
    match (run.command.as_str(), run.mode.as_str()) {
        ("sync" | "schedule" | "sweep", "full") => Some(format!("udsync sync {entities} --full")),
        ("sync" | "schedule" | "sweep", "incremental") => Some(format!("udsync sync {entities}")),
        ("retry", _) => Some("udsync retry --all".to_owned()),
        _ => None,
    }
}

/// What to type then. `schedule` is whoever started the run.
pub fn hint(failure: &Failure, by_hand: Option<&str>, schedule: Option<&str>) -> Option<String> {
    let by_hand = by_hand.map(|command| format!("`{command}`"));
    let same = "the same command at a terminal";
    let asks = format!(
        "{} shows the plan and asks",
        by_hand.as_deref().unwrap_or(same)
    );
    let with = |flag: &str| match &by_hand {
        Some(command) => format!("{} {flag}`", command.trim_end_matches('`')),
        None => format!("the same command with `{flag}`"),
    };
    Some(match (failure.code.as_str(), schedule) {
        (code::CONFIRMATION_NEEDED | code::CONFIRMATION_REFUSED | code::NOT_CONFIRMED, None) => {
            format!("{asks}; with `--yes` it asks nothing")
        }
        (code::CONFIRMATION_NEEDED, Some(name)) => format!(
            "{asks}; `udsync schedule edit {name} --yes --max-changes 200` lets the schedule go on without asking"
        ),
        (code::TOO_MANY_CHANGES, Some(name)) if failure.message.contains("--max-changes") => {
            format!(
                "{asks}; `udsync schedule edit {name} --max-changes 500` allows the schedule more"
            )
        }
        (code::STORE_SHRUNKEN, _) => format!(
            "see that it is the right shop and that nothing is missing in it; if the orders were really deleted, run {}",
            with("--allow-shrunken")
        ),
        (code::STORE_CLONE, _) => format!(
            "see that `url` of `[woocommerce]` leads to the shop; if it has really moved, run {}",
            with("--allow-moved")
        ),
        _ => return failure.hint.clone(),
    })
}
