//! Control: what the server remembers of who may come in, and of those who failed to.

use std::path::Path;
use std::sync::Arc;

use super::throttle::Throttle;
use crate::model::clock::Clock;
use crate::run::Failure;
use crate::store::access::AccessFile;

/// So many passwords are looked at at once: each costs 19 MiB and a good part of a second of one core.
const HASHES_AT_ONCE: usize = 2;

/// The file of people and tokens, and what is remembered of those who failed.
pub struct AccessControl {
    pub file: AccessFile,
    pub(super) clock: Clock,
    pub(super) throttle: Throttle,
    pub(super) hashing: Arc<tokio::sync::Semaphore>,
}

impl AccessControl {
    pub fn open(path: &Path, clock: Clock) -> Result<AccessControl, Failure> {
        Ok(AccessControl {
            file: AccessFile::open(path)?,
            clock,
            throttle: Throttle::default(),
            hashing: Arc::new(tokio::sync::Semaphore::new(HASHES_AT_ONCE)),
        })
    }
}
