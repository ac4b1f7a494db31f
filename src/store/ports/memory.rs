//! The memory: which thing in the books is which of ours, who is behind our ids, and how far the shop was read.
//!
//! A link is "this is that". A link that cannot be read is a failure and never "there is none", or something would be made twice.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, RangeInclusive};

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::document::DocumentKey;
use crate::model::identity::Identity;
use crate::model::likeness::{Likened, Likeness};
use crate::model::link::Link;
use crate::model::money::Money;
use crate::model::plan::{Entity, Subject};
use crate::store::{Store, StoreError};

port! {
    /// What is known of the books and of the shop beyond what they say themselves.
    pub trait Memory {
        /// Refuses another shop or company than the one that the links to this target belong to. A target that was never bound fits
        /// anything.
        fn belongs(&self, target: &str, identity: &str) -> Result<(), StoreError>;

        /// What this is in the books; `None`: nothing is known of it.
        fn link(&self, target: &str, subject: &Subject) -> Result<Option<Link>, StoreError>;

        /// Every document of an order, in the order in which they were first linked.
        fn links_of_order(&self, target: &str, order: u64) -> Result<Vec<Link>, StoreError>;

        /// The invoices of orders for which no payment is known, ours or somebody else's.
        fn open_invoices(&self, target: &str) -> Result<Vec<Link>, StoreError>;

        /// What of ours a thing in the books is. A name may be several of ours, a document is one.
        fn links_of_remote(
            &self,
            target: &str,
            entity: &str,
            id: &str,
        ) -> Result<Vec<Link>, StoreError>;

        /// The orders whose refund this is, by the shop's id of it.
        fn orders_of_refund(&self, target: &str, refund: u64) -> Result<Vec<u64>, StoreError>;

        /// The documents that have this number in the books, or had it when they were written.
        fn links_numbered(&self, target: &str, number: &str) -> Result<Vec<Link>, StoreError>;

        /// The documents of a day that are worth exactly so much.
        fn links_worth(
            &self,
            target: &str,
            amount: Money,
            day: NaiveDate,
        ) -> Result<Vec<Link>, StoreError>;

        /// The documents of a day in which so much stands somewhere, a hundred of them at most.
        fn links_naming(
            &self,
            target: &str,
            amount: Money,
            day: NaiveDate,
        ) -> Result<Vec<Link>, StoreError>;

        /// Every customer that a buyer became, in each currency.
        fn customer_links(&self, target: &str) -> Result<Vec<Link>, StoreError>;

        /// Every document of a payout.
        fn payout_links(&self, target: &str) -> Result<Vec<Link>, StoreError>;

        /// Whether any order has a document in the books.
        fn has_posted(&self, target: &str) -> Result<bool, StoreError>;

        /// How many orders have a document in the books, voided ones too.
        fn posted_count(&self, target: &str) -> Result<usize, StoreError>;

        /// Which of these orders have a document in the books, voided ones too.
        fn posted_among(
            &self,
            target: &str,
            orders: &BTreeSet<u64>,
        ) -> Result<BTreeSet<u64>, StoreError>;

        /// The orders that have a document in the books, voided ones too, by id.
        fn posted_orders(&self, target: &str) -> Result<Vec<u64>, StoreError>;

        /// The latest day up to this one on which a document is in the books.
        fn last_posted(
            &self,
            target: &str,
            until: NaiveDate,
        ) -> Result<Option<NaiveDate>, StoreError>;

        /// Every document with a day among these, voided ones too, by day and then by key: one at a time, all of them as they were at
        /// one moment, until it is told to break off. Whoever is handed one must not ask the state for anything else meanwhile.
        fn each_posted(
            &self,
            target: &str,
            days: &RangeInclusive<NaiveDate>,
            each: &mut dyn FnMut(Link) -> ControlFlow<()>,
        ) -> Result<(), StoreError>;

        /// What is known of the order, by its sale, and of its refunds.
        fn identities(
            &self,
            target: &str,
            order: u64,
        ) -> Result<BTreeMap<DocumentKey, Identity>, StoreError>;

        /// Who is behind the id of an account or a product, as far as that is known.
        fn likeness(&self, target: &str, named: Likened) -> Result<Option<Likeness>, StoreError>;

        /// Up to which change everything of a source has been settled or held; `None`: never read to the end, so begin at the beginning.
        fn cursor(
            &self,
            source: &str,
            entity: Entity,
        ) -> Result<Option<DateTime<Utc>>, StoreError>;

        /// When every order of a source was last read to the end, whatever its time of change.
        fn swept_at(&self, source: &str) -> Result<Option<DateTime<Utc>>, StoreError>;

        /// What was kept under a name, and when.
        fn kept(&self, name: &str) -> Result<Option<(String, DateTime<Utc>)>, StoreError>;
    }
}

port! {
    /// Remembers, and forgets.
    pub trait MemoryWriter: Memory {
        /// Remembers at first use which shop and company the links to this target belong to, and refuses any other
        /// afterwards: the ids of one company mean nothing in another.
        fn bind(&self, target: &str, identity: &str) -> Result<(), StoreError>;

        /// Carries everything that is known of a source over to its new address. Links are known by the ids of records, which stay.
        fn move_source(&self, target: &str, from: &str, to: &str) -> Result<(), StoreError>;

        /// Makes or replaces links without a ticket: for what was found in the books and taken as ours.
        fn put_links(&self, target: &str, links: &[Link]) -> Result<(), StoreError>;

        /// What was linked to one name is linked to another, which has taken it in. It is compared anew when it is met next.
        fn repoint_links(
            &self,
            target: &str,
            entity: &str,
            from: &str,
            to: &str,
        ) -> Result<usize, StoreError>;

        /// Remembers of what something was made, as far as there is something: the sale of an order, and each refund.
        fn learn_identities(
            &self,
            target: &str,
            learned: &[(DocumentKey, Identity)],
        ) -> Result<(), StoreError>;

        /// Remembers who is linked, as far as somebody is.
        fn learn_likenesses(
            &self,
            target: &str,
            learned: &[(Likened, Likeness)],
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Forgets what in the books it was: the id is somebody else's by now.
        fn forget_likenesses(&self, target: &str, strangers: &[Likened]) -> Result<(), StoreError>;

        /// Moves a cursor forward. It never goes back: what an earlier run has settled stays settled, and a scan that
        /// starts further back does not need the cursor for it.
        fn move_cursor(
            &self,
            source: &str,
            entity: Entity,
            to: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Remembers that everything that a source held at this time has been read.
        fn note_sweep(&self, source: &str, at: DateTime<Utc>) -> Result<(), StoreError>;

        /// Keeps a text under a name, in the place of an earlier one.
        fn keep(&self, name: &str, text: &str, now: DateTime<Utc>) -> Result<(), StoreError>;
    }
}
