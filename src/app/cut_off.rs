//! Cut off: a run that is recorded as going on, and at which nobody is working any more.
//!
//! Its process was killed, or the disk had no room for its end. The next run closes it; until then whoever looks has to be told, because
//! what it was to do may be done by half. Nothing is written here.

use super::App;
use super::doctor::count;
use crate::engine::so_far::figures_so_far;
use crate::model::code::exit;
use crate::model::run::{Run, RunError, RunStatus};
use crate::model::service::Service;
use crate::store::{Attempts, History, Lock, RunFilter, Store, StoreError};

impl App {
    /// The run that was cut off, if there is one: as it will be closed, with what mends it.
    ///
    /// The lock is looked at before and after. A run that begins meanwhile holds it, and one that ends meanwhile is no longer recorded as
    /// going on when it is read once more.
    pub fn cut_off(&self, store: &Store) -> Result<Option<Run>, StoreError> {
        let is_free = || Lock::look(&self.state).is_none();
        if !is_free() {
            return Ok(None);
        }
        let Some(seen) = recorded_as_running(store)? else {
            return Ok(None);
        };
        if !is_free() {
            return Ok(None);
        }
        let still = recorded_as_running(store)?.filter(|run| run.id == seen.id);
        still.map(|run| closed(store, run)).transpose()
    }
}

fn recorded_as_running(store: &Store) -> Result<Option<Run>, StoreError> {
    let running = RunFilter {
        status: Some(RunStatus::Running),
        limit: Some(1),
        ..RunFilter::default()
    };
    Ok(store.runs(&running)?.into_iter().next())
}

/// The run with its figures and its end told, as far as anybody knows them.
fn closed(store: &Store, mut run: Run) -> Result<Run, StoreError> {
    figures_so_far(store, &mut run)?;
    let open = store.count_open_tickets(Service::BOOKS.as_str())?;
    run.error = Some(RunError {
        code: "interrupted".to_owned(),
        exit: exit::INTERRUPTED,
        message: match open {
            0 => "it was cut off before its end".to_owned(),
            open => format!(
                "it was cut off before its end, and nobody knows yet what came of {} to the books",
                count(open as u64, "request")
            ),
        },
        hint: Some(again(store, &run)?.map_or_else(
            || {
                "what was under way is settled by the next run; type the same command again"
                    .to_owned()
            },
            |again| format!("`udsync {again}` goes on"),
        )),
        waits: None,
    });
    run.status = RunStatus::Interrupted;
    Ok(run)
}

/// The command that goes on where a run was broken off. Every run that writes first finds out what became of the requests that are open.
/// `None`: it was about certain records, a plan or a run, and nobody knows any more which.
pub fn again(store: &Store, run: &Run) -> Result<Option<String>, StoreError> {
    if let Some(undone) = store.takes_back(&run.id)? {
        return Ok(Some(format!("undo {}", short_id(&undone))));
    }
    let is_of_all = ["incremental", "full"].contains(&run.mode.as_str());
    let is_sync = ["sync", "schedule", "sweep", "webhook"].contains(&run.command.as_str());
    let entities = run.entities.join(" ");
    Ok((is_of_all && is_sync && !entities.is_empty()).then(|| format!("sync {entities}")))
}

/// As many letters of a run's id as tell it from every other, also from those that are still to come: the first twelve are the
/// millisecond in which it began, and two runs of a shop never begin in the same one, because each holds the lock and is recorded first.
pub fn short_id(id: &str) -> String {
    id.chars().take(13).collect()
}
