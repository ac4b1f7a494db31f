//! Open: what of a row the books do not hold yet, which the clearing account lacks or has too much until they do.
//!
//! Sales and refunds are posted with their orders. What the service kept of a charge is in the order's own fee document or in that of
//! a payout, and all else comes with the payout that takes the row to the bank.

use super::PostedPayout;
use super::shares::{ShareKind, parts};
use crate::model::money::Money;
use crate::model::payout::{PayoutRow, PayoutRowKind};

/// What is still to be posted of a row, in its own sense: negative where it takes away.
pub fn unbooked(
    row: &PayoutRow,
    has_own_fee: bool,
    posted: Option<&PostedPayout>,
    shares_account: bool,
) -> Money {
    let is_booked = |kind: ShareKind| match kind {
        ShareKind::Charges | ShareKind::Refunds | ShareKind::Returned => true,
        ShareKind::ProcessingFees if row.kind == PayoutRowKind::Charge => {
            let is_covered = |posted: &PostedPayout| {
                row.order()
                    .is_some_and(|order| posted.covers.contains(&order))
            };
            has_own_fee || posted.is_some_and(is_covered)
        }
        ShareKind::ProcessingFees | ShareKind::DisputeFees | ShareKind::OtherFees => {
            posted.is_some_and(|posted| posted.has_fees)
        }
        ShareKind::OtherSites => shares_account || posted.is_some(),
        ShareKind::Disputes | ShareKind::Reserves | ShareKind::Adjustments | ShareKind::Unknown => {
            posted.is_some()
        }
    };
    parts(row)
        .into_iter()
        .filter(|(kind, _)| !is_booked(*kind))
        .map(|(_, amount)| amount)
        .sum()
}
