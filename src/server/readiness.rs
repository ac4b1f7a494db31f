//! Readiness: what was found when it was last looked whether the process can do its work.

use std::time::Instant;

use tokio::sync::Mutex;

/// What was found last, and when.
#[derive(Debug, Default)]
pub struct Readiness(pub(super) Mutex<Option<(Instant, Vec<String>)>>);
