//! Guards: what stands in the way of taking a document back. Pure: what is known of the document comes in as a value.
//!
//! QuickBooks itself protects what lies in a deposit and what is closed, and nothing else: a receipt that a bookkeeper has reconciled
//! can be deleted there by anybody who may write, and the next reconciliation is off by its amount. So it is looked at here, before
//! anything is written.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::connector::port::{SeenDocument, StatementState, StatementStates};
use crate::model::code;
use crate::model::fault::Reason;
use crate::model::link::Link;
use crate::model::plan::RecordKey;
use crate::model::ticket::{Found, FoundState};

/// Why a document cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoObstacle {
    pub order: RecordKey,
    /// Its number, and its kind in the books.
    pub document: String,
    /// Its id in the books, where it is known.
    pub id: Option<String>,
    pub reason: Reason,
}

/// What the guards look at beside the document.
pub(super) struct GuardContext<'a> {
    pub closed_through: Option<NaiveDate>,
    pub bank: &'a StatementStates,
    /// What of the order is ours in the books, by kind in the ledger's words and id. Whatever else hangs on a document, others put there.
    pub ours: &'a BTreeSet<(String, String)>,
}

/// Everything that stands in the way of taking this document back.
pub(super) fn in_the_way(
    context: &GuardContext<'_>,
    link: &Link,
    seen: &SeenDocument,
    called: &str,
) -> Vec<Reason> {
    let found = &seen.found;
    let mut reasons = Vec::new();
    if found.state == FoundState::Voided {
        reasons.push(
            Reason::new(
                code::VOIDED_DOCUMENT,
                format!("{called} was voided in QuickBooks since"),
            )
            .hint("leave its order out with `--partial`"),
        );
    } else if !as_we_left_it(link, found) {
        reasons.push(
            Reason::new(
                code::EDITED_IN_QUICKBOOKS,
                format!(
                    "{called} was edited in QuickBooks since, where it is {} now",
                    found.total
                ),
            )
            .hint("undo the edit there, or leave its order out with `--partial`"),
        );
    }
    if found.is_deposited {
        reasons.push(
            Reason::new("deposited", format!("{called} lies in a deposit"))
                .hint("take it out of the deposit in QuickBooks first"),
        );
    }
    let place = (found.remote.entity, found.remote.id.clone());
    match context.bank.get(&place) {
        Some(StatementState::Reconciled) => reasons.push(
            Reason::new(
                "reconciled",
                format!("{called} was reconciled with a statement of the bank"),
            )
            .hint("undo the reconciliation in QuickBooks first, if your accountant agrees"),
        ),
        Some(StatementState::Cleared) => reasons.push(
            Reason::new(
                "cleared",
                format!("{called} was found on a statement of the bank"),
            )
            .hint("undo the match in QuickBooks first"),
        ),
        None => {}
    }
    if let (Some(closed), Some(day)) = (context.closed_through, found.date)
        && day <= closed
    {
        reasons.push(closed_period(called, day, closed));
    }
    let hers = seen
        .linked
        .iter()
        .filter(|(kind, _)| kind != "Deposit")
        .find(|linked| !context.ours.contains(*linked));
    if let Some((kind, id)) = hers {
        reasons.push(
            Reason::new(
                "settled_since",
                format!("{kind} {id}, which is not of this shop, was applied to {called}"),
            )
            .hint("unlink it in QuickBooks first"),
        );
    }
    reasons
}

pub(super) fn closed_period(called: &str, day: NaiveDate, closed: NaiveDate) -> Reason {
    Reason::new(
        code::PERIOD_CLOSED,
        format!("{called} is dated {day}, and the books are closed through {closed}"),
    )
    .hint("move the closing date in QuickBooks, if your accountant agrees")
}

/// Whether nobody has touched it. How it looked after a write of which the answer was lost is not known; then the ledger's own count of
/// its changes tells.
fn as_we_left_it(link: &Link, found: &Found) -> bool {
    if !link.content.is_empty() {
        return link.content == found.trace;
    }
    link.remote.revision == found.remote.revision
}

/// Whether not even its count of changes has moved since we wrote it.
pub(super) fn is_untouched(link: &Link, found: &Found) -> bool {
    link.remote.revision == found.remote.revision
}
