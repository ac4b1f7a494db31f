//! A payment service, read only: what it paid out, of which rows, and what it still owes. There is no other half: nothing that udsync
//! holds can ask such a service for anything but an answer.

use chrono::NaiveDate;

use crate::model::fault::Fault;
use crate::model::payout::{GatewayBalance, PaymentService, Payout, PayoutRow};

pub trait GatewayReader: Sync {
    fn gateway(&self) -> PaymentService;

    /// The payouts that reach the bank from a day on, whatever became of them, the newest first.
    fn payouts(&self, since: NaiveDate) -> impl Future<Output = Result<Vec<Payout>, Fault>> + Send;

    /// One payout; `None` where the service has none of that id.
    fn payout(&self, id: &str) -> impl Future<Output = Result<Option<Payout>, Fault>> + Send;

    /// The rows of a payout, without the payout itself. None where the service does not say of which rows it is made.
    fn rows(&self, payout: &Payout) -> impl Future<Output = Result<Vec<PayoutRow>, Fault>> + Send;

    /// Every row that the account got from a day on, whether it was paid out or not, without payouts.
    fn recent_rows(
        &self,
        since: NaiveDate,
    ) -> impl Future<Output = Result<Vec<PayoutRow>, Fault>> + Send;

    /// What is owed now, by currency.
    fn balance(&self) -> impl Future<Output = Result<Vec<GatewayBalance>, Fault>> + Send;
}
