//! What the API keeps in memory.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::sign_ins::SignIns;
use super::streams::OpenStreams;
use super::under_way::KeysUnderWay;

/// What the API keeps in memory.
#[derive(Default)]
pub struct ApiState {
    pub(super) under_way: KeysUnderWay,
    pub(super) sign_ins: SignIns,
    pub(super) streams: Arc<OpenStreams>,
    /// How many answers ended well, were refusals, were faults.
    pub(super) answered: [AtomicU64; 3],
}
