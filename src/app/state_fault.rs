//! What a state file that cannot be read or written means for whoever needed a secret of it.

use crate::model::fault::{Fault, Remedy};
use crate::store::StoreError;

/// It could not be read.
pub fn unread(error: StoreError) -> Fault {
    Fault::new(Remedy::Stop, "state_unreadable", error.to_string()).hint(error.hint())
}

/// It could not be written.
pub fn unwritten(error: StoreError) -> Fault {
    Fault::new(Remedy::Stop, "state_unwritable", error.to_string()).hint(error.hint())
}
