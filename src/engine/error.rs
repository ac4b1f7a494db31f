//! What ends the work of the engine: a service, or the state.

use crate::model::fault::Fault;
use crate::store::StoreError;

/// What stopped an engine's work: the other side, or our own state file.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Store(#[from] StoreError),
}
