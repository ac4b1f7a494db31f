//! The books as somebody checks them at the end of a month: everything of a period, whoever entered it.

use chrono::{Days, NaiveDate};

use super::ledger::LedgerReader;
use crate::model::fault::Fault;
use crate::model::money::Money;
use crate::model::plan::Remote;
use crate::model::statement::{AccountEntry, StatedDocument};

/// Days, the first and the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    first: NaiveDate,
    last: NaiveDate,
}

impl Period {
    /// `None` where it would end before it begins.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Option<Period> {
        (first <= last).then_some(Period { first, last })
    }

    pub fn first(self) -> NaiveDate {
        self.first
    }

    pub fn last(self) -> NaiveDate {
        self.last
    }

    pub fn holds(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// With so many days more on both sides.
    pub fn widened(self, by: Days) -> Period {
        Period {
            first: self.first.checked_sub_days(by).unwrap_or(self.first),
            last: self.last.checked_add_days(by).unwrap_or(self.last),
        }
    }
}

/// What stands on an account now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBalance {
    pub id: String,
    pub name: String,
    pub currency: String,
    /// In its own currency. What is owed for a card or a loan is positive, as the books show it.
    pub balance: Money,
}

/// A ledger that can be read as a whole. Nothing of it writes.
pub trait Statements: LedgerReader {
    /// Every document of the kinds that an order can become that is dated in the period, down to its lines, in the order of
    /// those kinds and within a kind by day. Those that people entered by hand are among them and carry no marker; voided
    /// ones are among them, deleted ones are not. Read a page at a time, so it may take long.
    fn documents(
        &self,
        period: Period,
    ) -> impl Future<Output = Result<Vec<StatedDocument>, Fault>> + Send;

    /// These documents as they stand now, in no order. What was deleted is not among them.
    fn these(
        &self,
        remotes: &[Remote],
    ) -> impl Future<Output = Result<Vec<StatedDocument>, Fault>> + Send;

    /// Everything that was entered in these accounts in the period, by their ids, whoever did it and whatever made it, in the home
    /// currency. An account that is not in use has no entries.
    fn entries(
        &self,
        period: Period,
        accounts: &[String],
    ) -> impl Future<Output = Result<Vec<AccountEntry>, Fault>> + Send;

    /// What stands now on each account that is in use, with everything that was ever posted to it, dated later than today too.
    fn balances(&self) -> impl Future<Output = Result<Vec<AccountBalance>, Fault>> + Send;
}
