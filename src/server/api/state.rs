//! What the API keeps in memory.

use std::sync::atomic::AtomicU64;

use super::sign_ins::SignIns;
use super::under_way::KeysUnderWay;

/// What the API keeps in memory.
#[derive(Default)]
pub struct ApiState {
    pub(super) under_way: KeysUnderWay,
    pub(super) sign_ins: SignIns,
    /// How many answers ended well, were refusals, were faults.
    pub(super) answered: [AtomicU64; 3],
}
