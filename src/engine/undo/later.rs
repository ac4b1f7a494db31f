//! Later: runs that wrote over what another one had written, and runs that took one back.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::fault::Reason;
use crate::store::{StateReader, StoreError};

/// Which of these runs took which one back.
pub(super) fn takes_back<'a>(
    store: &dyn StateReader,
    runs: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let runs: BTreeSet<&str> = runs.collect();
    let mut taken = BTreeMap::new();
    for run in runs {
        if let Some(undone) = store.takes_back(run)? {
            taken.insert(run.to_owned(), undone);
        }
    }
    Ok(taken)
}

/// Why something of a run waits for a later one.
pub(super) fn later_run(called: &str, by: Option<&str>) -> Reason {
    match by {
        Some(by) => Reason::new(
            "later_run",
            format!("{called} was written by the later run {by}"),
        )
        .hint(format!("take that one back first: `udsync undo {by}`")),
        None => Reason::new(
            "later_run",
            format!("{called} was found in the books and belongs to what would be taken away"),
        )
        .hint("leave its order out with `--partial`"),
    }
}
