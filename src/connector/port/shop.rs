//! A shop, read only: what it is asked for, page by page, and how it answers.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::fault::Fault;
use crate::model::order::Order;
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::shop_change::{ShopLook, ShopStep};
use crate::model::shopper::Shopper;

/// What to read from a shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Changed after this instant, exclusively; `None` reads from the beginning.
    pub changed_after: Option<DateTime<Utc>>,
    /// Created within these bounds, exclusively.
    pub created_after: Option<DateTime<Utc>>,
    pub created_before: Option<DateTime<Utc>>,
    /// Only these statuses; empty means every one the shop lists, which leaves out the trash.
    pub statuses: Vec<String>,
}

/// Where a scan stands between two pages. Only the source that made it understands it.
#[derive(Clone, Debug)]
pub struct ScanPlace(pub(in crate::connector) String);

/// One page of a scan. Records may repeat, within and over pages; a later one is never older.
#[derive(Clone, Debug)]
pub struct ShopPage {
    pub records: Vec<Pulled>,
    /// Everything that changed up to and including this instant has been delivered.
    pub complete_through: Option<DateTime<Utc>>,
    /// `None`: that was the last one.
    pub next: Option<ScanPlace>,
}

/// One record as read.
#[derive(Clone, Debug)]
pub enum Pulled {
    /// With the refunds made on it, and what the shop said of both.
    Order(Box<Order>, RawOrder),
    /// The shop's answer for this one could not be understood; the others are not affected.
    Odd(Odd),
    /// The shop has no such order (any more). Only an answer to a question by id.
    Gone(u64),
}

impl Pulled {
    /// Lets go of the shop's own words, where nobody reads more of an order than what it is.
    pub fn forget_words(&mut self) {
        if let Pulled::Order(_, told) = self {
            *told = RawOrder {
                order: Raw::new(""),
                refunds: Vec::new(),
            };
        }
    }
}

/// What the shop said of an order and of its refunds, the refunds in the order of those of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawOrder {
    pub order: Raw,
    pub refunds: Vec<Raw>,
}

/// One page of accounts or of products. The shop lists them whole; what did not change is told by its content.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    pub records: Vec<ListedRecord<T>>,
    /// `None`: that was the last one.
    pub next: Option<ScanPlace>,
}

/// How much is read of each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All that the shop says.
    Whole,
    /// What the nouns of `model` are made of and what the shipped mappings to the books name, so that a large shop has less work.
    Needed,
}

/// One of them, with what the shop said of it.
#[derive(Clone, Debug)]
pub struct ListedRecord<T> {
    pub record: Result<T, Odd>,
    pub raw: Raw,
}

/// A record that could not be understood, and where in it the trouble is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    pub id: Option<u64>,
    pub number: Option<String>,
    pub changed_at: Option<DateTime<Utc>>,
    /// `line_items[3].total`
    pub path: String,
    /// What was wrong there, without the value itself.
    pub said: String,
}

/// A shop, read only.
pub trait ShopReader: Sync {
    /// The shop's address, as it identifies the shop.
    fn address(&self) -> &str;

    /// How far its clock was ahead of ours at its last answer; `None`: it has not said.
    fn clock_offset(&self, now: DateTime<Utc>) -> Option<TimeDelta>;

    /// Whether the prices of the catalogue hold tax. `None`: it does not say, or not to this key.
    fn prices_include_tax(&self) -> impl Future<Output = Result<Option<bool>, Fault>> + Send;

    /// With how many decimals the shop computes now, which decides how it shows every order. Comes before anything else is read: orders
    /// are asked for with as many as they need. `None`: it does not say.
    fn decimals(&self) -> impl Future<Output = Result<Option<u32>, Fault>> + Send;

    /// Reads one page. Begin with no place; go on with the page's own. An edit during the scan may repeat
    /// a record but never loses one.
    fn pull(
        &self,
        ask: &Ask,
        place: Option<&ScanPlace>,
    ) -> impl Future<Output = Result<ShopPage, Fault>> + Send;

    /// Reads these orders, the trashed ones too. One answer for each id, in the order of the ids.
    fn fetch(&self, ids: &[u64]) -> impl Future<Output = Result<Vec<Pulled>, Fault>> + Send;

    /// Reads these products and variations. What the shop does not know or does not let us read is not among the answers.
    fn goods(
        &self,
        detail: Detail,
        products: &BTreeSet<u64>,
    ) -> impl Future<Output = Result<Vec<ListedRecord<Product>>, Fault>> + Send;

    /// Reads these accounts. What the shop does not know or does not let us read is not among the answers.
    fn accounts(
        &self,
        ids: &BTreeSet<u64>,
    ) -> impl Future<Output = Result<Vec<ListedRecord<Shopper>>, Fault>> + Send;

    /// Reads these accounts as the list of all shows them. What the shop does not have is not among the answers.
    fn shoppers_named(
        &self,
        detail: Detail,
        ids: &BTreeSet<u64>,
    ) -> impl Future<Output = Result<Vec<ListedRecord<Shopper>>, Fault>> + Send;

    /// Reads these products as the list of all shows them, each with all of its variations; of a variation the product that it
    /// belongs to. What the shop does not have is not among the answers.
    fn products_named(
        &self,
        detail: Detail,
        ids: &BTreeSet<u64>,
    ) -> impl Future<Output = Result<Vec<ListedRecord<Product>>, Fault>> + Send;

    /// Reads one page of all accounts.
    fn shoppers(
        &self,
        detail: Detail,
        place: Option<&ScanPlace>,
    ) -> impl Future<Output = Result<Listing<Shopper>, Fault>> + Send;

    /// Reads one page of all products that are not in the trash; variations follow the product they belong to. What the shop
    /// said of a variation is completed with the name and the categories that its product gives it.
    fn products(
        &self,
        detail: Detail,
        place: Option<&ScanPlace>,
    ) -> impl Future<Output = Result<Listing<Product>, Fault>> + Send;

    /// Names the orders that have refunds made after the instant; all that have any, without one.
    fn refunded(
        &self,
        after: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<Vec<u64>, Fault>> + Send;

    /// How a thing stands beside a change that is planned of it: asked before a run is taken back, right before anything is changed,
    /// and after an answer was lost. It changes nothing.
    fn look(&self, step: &ShopStep) -> impl Future<Output = Result<ShopLook, Fault>> + Send;
}
