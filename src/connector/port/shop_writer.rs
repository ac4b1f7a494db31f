//! A shop that can be written to.
//!
//! What it may be asked to change stands in [`ShopChange`](crate::model::shop_change::ShopChange), and nothing else can be sent. A change takes
//! a ticket, like a write to a ledger: it is recorded before, looked at before and after, and asked for after a lost answer.

use super::ledger::Sending;
use super::shop::ShopReader;
use crate::model::fault::Fault;
use crate::model::shop_change::{ShopSeen, ShopTicket};

/// A shop that can be written to.
pub trait ShopWriter: ShopReader {
    /// Sends a recorded change once, and answers with what the shop made of it.
    /// [`Remedy::Ask`](crate::model::fault::Remedy::Ask) where it may have been made. `sending` is called right before the first byte
    /// leaves.
    fn change(
        &self,
        ticket: &ShopTicket,
        sending: Sending<'_>,
    ) -> impl Future<Output = Result<ShopSeen, Fault>> + Send;
}
