//! To undo: which run is meant, found before the undo records a run of its own.

use super::failure::Failure;
use super::request::{RunRequest, RunSubject};
use crate::model::code;
use crate::store::{History, Store};

/// The request with the whole id of the run that it takes back, if there is such a run and it can be. Looked for before the undo records a
/// run of its own: a beginning that two runs share is then one that two others share, and a slip of the finger leaves nothing in the
/// history.
pub(super) fn with_run_to_undo(store: &Store, request: RunRequest) -> Result<RunRequest, Failure> {
    let mut request = request;
    match &mut request.subject {
        RunSubject::Undo(undo) => undo.run = run_to_take_back(store, &undo.run)?,
        RunSubject::Plan(plan) => {
            if let Some(back) = &plan.basis.takes_back {
                run_to_take_back(store, &back.run)?;
            }
        }
        RunSubject::Records(_)
        | RunSubject::Problems(_)
        | RunSubject::Named(_)
        | RunSubject::Payouts(_) => {}
    }
    Ok(request)
}

/// The run that is meant, if it is one that can be taken back.
fn run_to_take_back(store: &Store, called: &str) -> Result<String, Failure> {
    let Some(run) = store.run(called)? else {
        return Err(
            Failure::new("run_unknown", format!("there is no run `{called}`"))
                .hint("`udsync history` lists them"),
        );
    };
    if let Some(undone) = store.takes_back(&run.id)? {
        return Err(Failure::new(
            code::UNDO_OF_UNDO,
            format!(
                "run {} has itself taken run {undone} back, and cannot be taken back",
                run.id
            ),
        )
        .hint(format!(
            "`udsync retry --run {undone}` posts those orders again"
        )));
    }
    Ok(run.id)
}
