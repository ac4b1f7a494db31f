//! What the books state of a period: documents with all that an accountant looks at, and the entries of accounts, whoever made them.

use std::fmt;

use chrono::NaiveDate;

use super::document::DocumentKey;
use super::money::Money;
use super::ticket::{Found, FoundState};

/// A document as it stands in the books, down to its lines.
#[derive(Clone, PartialEq, Eq)]
pub struct StatedDocument {
    pub found: Found,
    /// The account that its money reaches, or leaves; `None` where it has none, or one without a name.
    pub account: Option<String>,
    /// Of an expense: the account that its lines were booked to.
    pub expense: Option<String>,
    /// What is still owed of an invoice, or of a credit memo not yet used.
    pub open: Option<Money>,
    pub lines: Vec<StatedLine>,
    /// What somebody noted on it. It may name people.
    pub note: String,
}

/// A note never reaches a log by accident.
impl fmt::Debug for StatedDocument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("StatedDocument")
            .field("remote", &self.found.remote)
            .field("date", &self.found.date)
            .field("total", &self.found.total)
            .finish_non_exhaustive()
    }
}

impl StatedDocument {
    pub fn is_voided(&self) -> bool {
        self.found.state == FoundState::Voided
    }

    /// Which document of this shop it is by its mark.
    pub fn key_in(&self, shop: &str) -> Option<DocumentKey> {
        let marker = self.found.marker.as_ref()?;
        (marker.store == shop).then_some(marker.key)
    }
}

/// A line of it that has an amount of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatedLine {
    /// By its id in the books.
    pub item: String,
    pub amount: Money,
}

/// An entry of an account: one side of something that was booked.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountEntry {
    pub date: NaiveDate,
    /// What made it, in the ledger's words: `SalesReceipt`, `Deposit`, `JournalEntry`.
    pub kind: String,
    /// Ids repeat across kinds.
    pub id: String,
    pub number: String,
    pub account: String,
    /// A debit is positive.
    pub amount: Money,
    /// The account on the other side, where there is one.
    pub other: String,
    pub memo: String,
}

impl fmt::Debug for AccountEntry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {}/{} {} {}",
            self.date, self.kind, self.id, self.account, self.amount
        )
    }
}
