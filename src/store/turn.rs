//! The turn: one process at a time exchanges the tokens of a connection.
//!
//! Like the lock of a run, it is held by the operating system and ends with its holder. Unlike that lock it is short, nobody is
//! told who has it, and whoever wants it asks again soon.

use std::fmt;
use std::fs::{self, TryLockError};
use std::path::Path;

use super::Store;
use super::error::StoreError;
use super::open::beside;
use crate::files;

/// The turn, until it is dropped.
pub struct HeldTurn {
    /// Whatever ends the turn when it is dropped; `None`: nobody else could want it.
    _held: Option<Box<dyn Send>>,
}

impl fmt::Debug for HeldTurn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Turn")
    }
}

impl Store {
    pub(super) fn turn(&self) -> Result<Option<HeldTurn>, StoreError> {
        let Some(state) = &self.0.file else {
            // A state in memory is this process's own.
            return Ok(Some(HeldTurn { _held: None }));
        };
        // Two names of one file have one turn.
        let state = fs::canonicalize(state).unwrap_or_else(|_| state.clone());
        take(&beside(&state, ".turn"))
    }
}

fn take(path: &Path) -> Result<Option<HeldTurn>, StoreError> {
    let file = files::private()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(|error| StoreError::from_io(&error, path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(HeldTurn {
            _held: Some(Box::new(file)),
        })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(StoreError::from_io(&error, path)),
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{folder, store};

    #[test]
    fn of_two_handles_one_has_the_turn() {
        let (_folder, path) = folder();
        let one = Store::open(&path).expect("made");
        let other = Store::open(&path).expect("opened");
        let turn = one.turn().expect("asked");
        assert!(turn.is_some());
        assert!(other.turn().expect("asked").is_none());
        assert!(one.turn().expect("asked").is_none(), "not even the same");
        drop(turn);
        assert!(other.turn().expect("asked").is_some());
    }

    #[test]
    fn a_state_in_memory_needs_no_turn() {
        assert!(store().turn().expect("asked").is_some());
    }
}
