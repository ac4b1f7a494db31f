//! So far: the figures of a run that has not told them, because it is still at work or ended without a word.
//!
//! A run writes its figures down when it ends. Until then the journal has every request with its outcome, and the copy files its
//! changes as it goes. Nothing here is kept: whoever looks gets what is known at that moment.

use crate::model::plan::Action;
use crate::model::run::{Change, Run, RunStatus, Tally};
use crate::store::{CountedChanges, StateReader, StoreError};

/// Counts what a run has done up to now, if it has not done so itself, and answers with its changes.
pub fn so_far(store: &dyn StateReader, run: &mut Run) -> Result<Vec<Change>, StoreError> {
    let mut changes = store.changes(&run.id)?;
    if is_unfiled(run) {
        count(run, &changes, 0);
    }
    if knows_more(store, run)? {
        let (done, requests) = store.done_in(&run.id)?;
        count(run, &done, requests);
        changes.extend(done);
    }
    Ok(changes)
}

/// Whether a run has told its figures itself.
pub fn has_told(store: &dyn StateReader, run: &Run) -> Result<bool, StoreError> {
    Ok(!is_unfiled(run) && !knows_more(store, run)?)
}

/// Whether the journal has something of a run that is not filed.
fn knows_more(store: &dyn StateReader, run: &Run) -> Result<bool, StoreError> {
    Ok(match run.status {
        RunStatus::Running => true,
        RunStatus::Interrupted | RunStatus::Failed => store.is_untold(&run.id)?,
        RunStatus::Succeeded | RunStatus::Partial | RunStatus::Refused => false,
    })
}

/// The figures of [`so_far`] without its changes: they are counted where they lie, and none of them is read.
pub fn figures_so_far(store: &dyn StateReader, run: &mut Run) -> Result<(), StoreError> {
    count_filed(store, run)?;
    if knows_more(store, run)? {
        let (done, requests) = store.counted_in(&run.id)?;
        add_up(run, &done, requests);
    }
    Ok(())
}

/// Adds what a run has filed as it went, if it has told no figures at all.
pub(super) fn count_filed(store: &dyn StateReader, run: &mut Run) -> Result<(), StoreError> {
    if is_unfiled(run) {
        add_up(run, &store.counted_changes(&run.id)?, 0);
    }
    Ok(())
}

/// It is at work, or its process died before it told anything.
fn is_unfiled(run: &Run) -> bool {
    let has_figures = run.tallies.values().any(|tally| *tally != Tally::default());
    let has_died = run.status == RunStatus::Interrupted && !has_figures;
    has_died || run.status == RunStatus::Running
}

fn add_up(run: &mut Run, counts: &[CountedChanges], requests: u64) {
    for counted in counts {
        let tally = run.tally(&counted.target);
        tally.requests.writes = tally.requests.writes.max(requests);
        let figure = match counted.action {
            action if counted.is_name && action.writes() => &mut tally.names,
            _ if counted.is_name => continue,
            Action::Create => &mut tally.created,
            Action::Update => &mut tally.updated,
            Action::Void => &mut tally.voided,
            Action::Delete => &mut tally.deleted,
            Action::Skip | Action::None => continue,
        };
        *figure += counted.count;
    }
}

/// Adds these changes to the figures of a run.
pub(super) fn count(run: &mut Run, changes: &[Change], requests: u64) {
    for change in changes {
        let tally = run.tally(&change.target);
        tally.requests.writes = tally.requests.writes.max(requests);
        let is_name = !change.source.is_record();
        match change.action {
            action if is_name => tally.names += u64::from(action.writes()),
            Action::Create => tally.created += 1,
            Action::Update => tally.updated += 1,
            Action::Void => tally.voided += 1,
            Action::Delete => tally.deleted += 1,
            Action::Skip | Action::None => {}
        }
    }
}
