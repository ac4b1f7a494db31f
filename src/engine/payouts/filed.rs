//! Filed: what is special about payouts that came in a file. A file may begin and end anywhere, so that nothing is said of what it does
//! not hold: what stands in the books is believed, and a month is billed of a file that has all of its payouts.

use std::collections::BTreeSet;

use crate::books::payouts::{BillMonth, PayoutSides, is_to_be_billed};
use crate::connector::port::LedgerReader;
use crate::model::document::{DocumentKey, Role};
use crate::model::fault::Reason;
use crate::model::link::LinkState;
use crate::model::money::Money;
use crate::model::payout::{PayoutRow, RowsKnown, is_of_file};
use crate::model::plan::{RecordKey, Subject};

use super::super::error::EngineError;
use super::plan::PayoutPlanner;
use super::read::Billed;

/// Whether a payout that stands in the books fails to add up only because this file has some of its rows.
pub(super) fn is_part_of_posted(sides: &PayoutSides<'_>) -> bool {
    let stands = |posted: &crate::books::payouts::PostedPayout| {
        posted.has_transfer && posted.amount == sides.payout.amount
    };
    sides.payout.gateway.is_filed() && sides.posted.is_some_and(stands)
}

/// Whether a file has all the rows of a payout.
pub(super) fn is_whole(sides: &PayoutSides<'_>) -> bool {
    let sum: Money = sides.rows.iter().map(PayoutRow::net).sum();
    sides.payout.rows_known == RowsKnown::Whole && sum == sides.payout.amount
}

/// What to do about a payout that came in a file is done with the file.
pub(super) fn with_file(source: &RecordKey, reason: Reason) -> Reason {
    let Some(hint) = reason.hint.as_ref().filter(|_| is_of_file(&source.id)) else {
        return reason;
    };
    let hint = hint.replace("`udsync sync payouts`", "`udsync sync payouts --file FILE`");
    reason.hint(hint)
}

impl<F: LedgerReader> PayoutPlanner<'_, F> {
    /// Why a month cannot be billed of this file: payouts of it stand in the books, wait for the bill and are not in the file.
    pub(super) fn lacks_payouts(
        &self,
        month: &BillMonth,
        in_file: &BTreeSet<DocumentKey>,
        on_bill: Option<&BTreeSet<DocumentKey>>,
    ) -> Result<Option<Reason>, EngineError> {
        let target = self.finder.name();
        let of_month = month.key(1, Role::Bill);
        let billed = Billed::read(self.memory, target)?;
        let begun = on_bill.into_iter().flatten();
        let mut missing: Vec<String> = begun
            .filter(|fees| !in_file.contains(fees))
            .map(|fees| fees.origin.id())
            .collect();
        for link in self.memory.payout_links(target)? {
            let Subject::Document(key) = &link.subject else {
                continue;
            };
            let document = link.posted.as_ref().and_then(|one| one.document.as_ref());
            let waits = link.state == LinkState::Active
                && key.role == Role::Transfer
                && document.is_some_and(|document| {
                    is_to_be_billed(document)
                        && document.applies_to.iter().any(|one| one.to == of_month)
                });
            let fees = DocumentKey {
                origin: key.origin,
                role: Role::Fee,
            };
            if waits && !in_file.contains(&fees) && !billed.has(&fees) {
                missing.push(key.origin.id());
            }
        }
        Ok((!missing.is_empty()).then(|| {
            Reason::new(
                "payout_file_part",
                format!(
                    "the fees of {month} are to be one bill, and the file does not have payout {}",
                    missing.join(", ")
                ),
            )
            .hint("get a file of the whole month, then `udsync sync payouts --file FILE`")
        }))
    }
}
