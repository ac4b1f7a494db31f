//! The two sides: what the shop says that the books should hold, and what stands there. Both were read just now; what is remembered says
//! only why they differ.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::model::document::{Document, DocumentKey, ItemKey};
use crate::model::money::Money;
use crate::model::statement::{AccountEntry, StatedDocument};

use super::difference::Acceptance;

/// Everything that a proof is made of.
#[derive(Clone, Debug)]
pub struct BothSides {
    /// The name in our marks.
    pub shop: String,
    /// Whose side the other one is, `quickbooks`.
    pub to: &'static str,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// By id. Every order with something in the period is among them.
    pub orders: BTreeMap<u64, OrderSide>,
    /// All documents dated in the period, whoever made them.
    pub stated: Vec<StatedDocument>,
    /// Those of the days right before and after it: a copy may lie on the other side of the edge. None of them is in a sum.
    pub beyond: Vec<StatedDocument>,
    /// Orders that cannot be read, down to their ids.
    pub unread: Vec<HeldRecord>,
    /// Documents of ours with another day, looked for because the period lacks them.
    pub elsewhere: Vec<StatedDocument>,
    /// What was entered in the accounts that we post to, in the period and in the days around it; `None` where nobody asked.
    pub entries: Option<Vec<AccountEntry>>,
    /// Of the accounts that take the money of gateways: what stands there now. The entries reach from before the period up to now.
    pub balances: BTreeMap<String, Money>,
    /// The items of the books behind our keys, as far as they are known.
    pub items: BTreeMap<ItemKey, String>,
    /// Of our documents of payouts: what they took from the account of the gateway that is no fee.
    pub no_fees: BTreeMap<DocumentKey, Money>,
    /// The books keep their own split of the tax, so that only its sum is ours.
    pub splits_tax_itself: bool,
    pub home_currency: String,
    /// Of accounts with another currency than the home currency.
    pub foreign_accounts: BTreeSet<String>,
    /// The accounts whose every entry should be ours.
    pub clearing_accounts: BTreeSet<String>,
    pub income_accounts: BTreeSet<String>,
    pub accepted: BTreeMap<String, Acceptance>,
}

/// One order.
#[derive(Clone, Debug, Default)]
pub struct OrderSide {
    pub number: String,
    /// The shop has it no more.
    pub is_gone: bool,
    /// The days on which something happened to it: made, paid, given back.
    pub days: BTreeSet<NaiveDate>,
    /// It cannot be read, so those may not be all of its days.
    pub is_unclear: bool,
    pub expected: Vec<ExpectedDocument>,
    pub held: Vec<HeldRecord>,
    /// Nothing is to be posted, for this reason.
    pub skipped: Option<String>,
    pub remembered: BTreeMap<DocumentKey, RememberedDocument>,
}

#[derive(Clone, Debug)]
pub struct ExpectedDocument {
    pub document: Document,
    /// The order was taken back, so nothing of it should be left.
    pub is_void: bool,
}

/// What waits for a person, or was left out by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// `None`: the whole order.
    pub subject: Option<DocumentKey>,
    /// `held`, `failed`, `parked`, `conflict`, `set_aside`.
    pub state: &'static str,
    pub problem: Option<String>,
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

/// How we left a document, for the cause alone.
#[derive(Clone, Debug)]
pub struct RememberedDocument {
    pub id: String,
    pub date: NaiveDate,
    pub total: Money,
    pub tax_total: Money,
    /// How often we wrote it, as its mark says.
    pub revision: u32,
    /// What it looked like after our last write.
    pub trace: String,
    /// Somebody else paid in the books what we would have entered as paid.
    pub is_settled: bool,
    /// It was dated into the first open period on purpose.
    pub was_moved: bool,
    /// The customers of the books that it may be with, by their ids, where somebody has touched it since.
    pub customers: BTreeSet<String>,
    /// The rate that it was posted at, where somebody has touched it since.
    pub exchange_rate: Option<Decimal>,
}

impl BothSides {
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether a document of an order waits, so that it was not compared.
    pub(super) fn is_held(&self, key: &DocumentKey) -> bool {
        let order = key.order().and_then(|id| self.orders.get(&id));
        order.is_some_and(|order| order.is_held(key))
    }

    pub(super) fn is_in_period(&self, stated: &StatedDocument) -> bool {
        stated.found.date.is_none_or(|day| self.covers(day))
    }
}

impl OrderSide {
    /// Whether a document of it waits, so that nothing can be said of it.
    pub fn is_held(&self, key: &DocumentKey) -> bool {
        self.held
            .iter()
            .any(|held| held.subject.is_none_or(|subject| subject == *key))
    }
}
