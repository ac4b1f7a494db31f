//! The ports: all that the engine knows of a shop and of a ledger.
//!
//! A connector answers in the nouns of `model` and in faults with a remedy. [`Finder`] is everything that
//! reading and planning get to see; only [`Target`] can write, and it writes tickets, nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::model::company::{Company, ItemEntry, Names};
use crate::model::document::{Document, DocumentKey, DocumentKind, Marker};
use crate::model::draft::{CustomerChange, CustomerDraft, CustomerInBooks, ItemDraft};
use crate::model::fault::{Fault, Reason};
use crate::model::order::Order;
use crate::model::overlay::Overlay;
pub use crate::model::plan::References;
use crate::model::plan::{Expectation, Remote, RemoteKind, Subject};
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::row::{Gap, Handed, Row, Stored, Table};
use crate::model::run::Requests;
use crate::model::shopper::Shopper;
use crate::model::ticket::{Answer, BeforeImage, Body, Found, Request, Ticket, Write};

/// What to read from a shop.
#[derive(Clone, Debug, Default)]
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
pub struct Place(pub(super) String);

/// One page of a scan. Records may repeat, within and over pages; a later one is never older.
#[derive(Clone, Debug)]
pub struct Page {
    pub records: Vec<Pulled>,
    /// Everything that changed up to and including this instant has been delivered.
    pub complete_through: Option<DateTime<Utc>>,
    /// `None`: that was the last one.
    pub next: Option<Place>,
}

/// One record as read.
#[derive(Clone, Debug)]
pub enum Pulled {
    /// With the refunds made on it, and what the shop said of both.
    Order(Box<Order>, Told),
    /// The shop's answer for this one could not be understood; the others are not affected.
    Odd(Odd),
    /// The shop has no such order (any more). Only an answer to a question by id.
    Gone(u64),
}

/// What the shop said of an order and of its refunds, the refunds in the order of those of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub order: Raw,
    pub refunds: Vec<Raw>,
}

/// One page of accounts or of products. The shop lists them whole; what did not change is told by its content.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    pub records: Vec<Listed<T>>,
    /// `None`: that was the last one.
    pub next: Option<Place>,
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
pub struct Listed<T> {
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
pub trait Source: Sync {
    /// The shop's address, as it identifies the shop.
    fn address(&self) -> &str;

    /// With how many decimals the shop computes now, which decides how it shows every order. Comes before anything else is read: orders
    /// are asked for with as many as they need. `None`: it does not say.
    fn decimals(&self) -> impl Future<Output = Result<Option<u32>, Fault>> + Send;

    /// Reads one page. Begin with no place; go on with the page's own. An edit during the scan may repeat
    /// a record but never loses one.
    fn pull(
        &self,
        ask: &Ask,
        place: Option<&Place>,
    ) -> impl Future<Output = Result<Page, Fault>> + Send;

    /// Reads these orders, the trashed ones too. One answer for each id, in the order of the ids.
    fn fetch(&self, ids: &[u64]) -> impl Future<Output = Result<Vec<Pulled>, Fault>> + Send;

    /// Reads these products and variations. What the shop does not know or does not let us read is not among the answers.
    fn goods(
        &self,
        detail: Detail,
        products: &BTreeSet<u64>,
    ) -> impl Future<Output = Result<Vec<Listed<Product>>, Fault>> + Send;

    /// Reads these accounts. What the shop does not know or does not let us read is not among the answers.
    fn accounts(
        &self,
        ids: &BTreeSet<u64>,
    ) -> impl Future<Output = Result<Vec<Listed<Shopper>>, Fault>> + Send;

    /// Reads one page of all accounts.
    fn shoppers(
        &self,
        detail: Detail,
        place: Option<&Place>,
    ) -> impl Future<Output = Result<Listing<Shopper>, Fault>> + Send;

    /// Reads one page of all products that are not in the trash; variations follow the product they belong to. What the shop
    /// said of a variation is completed with the name and the categories that its product gives it.
    fn products(
        &self,
        detail: Detail,
        place: Option<&Place>,
    ) -> impl Future<Output = Result<Listing<Product>, Fault>> + Send;

    /// Names the orders that have refunds made after the instant; all that have any, without one.
    fn refunded(
        &self,
        after: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<Vec<u64>, Fault>> + Send;
}

/// A document that may or may not be in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    pub key: DocumentKey,
    /// The number it would have; of a payment its reference.
    pub number: String,
}

/// A moment, and whose clock it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The ledger's own.
    Theirs(DateTime<Utc>),
    /// This machine's.
    Ours(DateTime<Utc>),
}

/// What was written lately. All times are the ledger's own.
#[derive(Clone, Debug)]
pub struct WrittenLately {
    /// With the moment in which each was made, where the ledger says so.
    pub documents: Vec<(Found, Option<DateTime<Utc>>)>,
    /// Everything since then is among them.
    pub since: DateTime<Utc>,
    /// And everything up to then.
    pub through: DateTime<Utc>,
}

/// What a document may carry besides its figures, out of a list of names that the books keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    Class,
    Location,
}

/// Something to be written, before it is a body.
#[derive(Clone, Copy, Debug)]
pub enum Draft<'a> {
    Customer(&'a CustomerDraft),
    /// Puts something into the fields of a customer and leaves all others.
    CustomerChange {
        change: &'a CustomerChange,
        remote: &'a Remote,
    },
    Item(&'a ItemDraft),
    /// A new price for an item as it stands.
    ItemPrice {
        item: &'a ItemEntry,
        price: Decimal,
    },
    Document {
        document: &'a Document,
        references: &'a References,
        marker: &'a Marker,
        /// What it replaces; `None` creates.
        replaces: Option<&'a Remote>,
        /// The mapping's words on what it replaces, as far as they are remembered: what is said no more is cleared.
        was: Option<&'a Overlay>,
    },
    Void {
        kind: DocumentKind,
        remote: &'a Remote,
    },
    Delete {
        kind: DocumentKind,
        remote: &'a Remote,
    },
}

/// A draft as the ledger wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub entity: RemoteKind,
    /// With references to what does not exist yet; see [`Finder::resolve`].
    pub body: String,
    pub expected: Option<Expectation>,
    /// What of it the ledger cannot hold and does without.
    pub warnings: Vec<Reason>,
}

/// How a target likes to be written to. May change while a run goes on: ask before each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Documents in one request.
    pub batch: usize,
    /// Names in one request.
    pub names_batch: usize,
    /// Requests for documents at one time. Names always go one request at a time.
    pub in_flight: usize,
}

/// A ledger, read only: all that gathering and a dry run ever see of it.
pub trait Finder: Sync {
    /// `quickbooks`
    fn name(&self) -> &'static str;

    /// The facts that decide what can be posted. Kept for a day, so it usually costs nothing.
    fn company(&self) -> impl Future<Output = Result<Company, Fault>> + Send;

    /// The same, with the closing date as it is at this time: it decides what is held, and is moved for the sake of what is held.
    fn company_today(&self) -> impl Future<Output = Result<Company, Fault>> + Send;

    /// Every name in use, brought up to date at most once in a run.
    fn names(&self) -> impl Future<Output = Result<Names, Fault>> + Send;

    /// Looks for documents by their numbers, in every kind that their role can take. One answer for each, empty where
    /// there is none; strangers with the same number are among the answers and carry no marker of ours.
    fn find(
        &self,
        sought: &[Sought],
    ) -> impl Future<Output = Result<Vec<Vec<Found>>, Fault>> + Send;

    /// All documents dated on that day or later that carry a marker of udsync, of whichever shop and whatever their numbers are by
    /// now. Asks for every document of those days, so it is only for a state file that may not know all of ours.
    fn marked(&self, since: NaiveDate) -> impl Future<Output = Result<Vec<Found>, Fault>> + Send;

    /// All documents that were made or changed since and carry a marker of udsync, in as few questions as that takes: one, unless
    /// it was very long ago or very much.
    fn written_lately(
        &self,
        since: Since,
    ) -> impl Future<Output = Result<WrittenLately, Fault>> + Send;

    /// Reads documents by id. `None`: deleted.
    fn read(
        &self,
        remotes: &[Remote],
    ) -> impl Future<Output = Result<Vec<Option<Found>>, Fault>> + Send;

    /// Reads customers by id, as they stand now. One answer for each; `None` where there is none.
    fn customers(
        &self,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Option<CustomerInBooks>>, Fault>> + Send;

    /// Turns a draft into the exact body. Needs `company` to have been asked before. A refusal names what is missing
    /// in the books: an account, a tax code.
    fn encode(&self, draft: Draft<'_>) -> Result<Encoded, Reason>;

    /// Identifies the content of a body with resolved references, comparable with [`Found::content`]. Of the names only a body that
    /// changes one has a content.
    fn content(&self, entity: RemoteKind, body: &str) -> String;

    /// What a body refers to that does not exist yet, in the order of the body.
    fn references(&self, body: &str) -> Vec<Subject>;

    /// Puts the ids of what was made in the place of the references to it, and makes of the text what can be sent. Answers with what
    /// it refers to and what is not among the known.
    fn resolve(&self, body: &str, known: &BTreeMap<Subject, String>) -> Result<Body, Vec<Subject>>;

    /// Has the names for a label at hand, which [`Finder::encode`] needs for documents that carry one, and nothing else does.
    fn know(&self, label: Label) -> impl Future<Output = Result<(), Fault>> + Send;

    /// The words of a body by field, comparable with [`Found::words`]. A field that it leaves alone is not among them.
    fn words(&self, body: &str) -> BTreeMap<String, String>;

    /// What this run has asked so far.
    fn requests(&self) -> Requests;

    /// How long the next request still waits, to stay within what the service allows. `None` when nothing waits.
    fn waiting(&self) -> Option<Duration>;
}

/// Called when a request is about to leave; if it fails, nothing leaves.
pub type Sending<'a> = &'a (dyn Fn() -> Result<(), Fault> + Send + Sync);

/// A ledger that can be written to.
pub trait Target: Finder {
    fn abilities(&self) -> Abilities;

    /// Makes one request of writes, names or documents but not both, with its idempotency key. The same writes and the same
    /// `attempt` give the same bytes and the same key.
    fn request(&self, writes: Vec<Write>, attempt: u32) -> Request;

    /// Sends a recorded request once and answers for each of its writes, in their order. An error is about the request as a
    /// whole: [`Remedy::Ask`](crate::model::fault::Remedy::Ask) where it may have been done, now or later. `sending` is called
    /// after every pause, right before the first byte leaves.
    fn write(
        &self,
        ticket: &Ticket,
        sending: Sending<'_>,
    ) -> impl Future<Output = Result<Vec<Answer>, Fault>> + Send;

    /// What stands there now, whole: what a write to it would change. Whatever was seen at this very revision is not asked for again.
    /// `None`: there is nothing.
    fn stands(
        &self,
        remotes: &[Remote],
    ) -> impl Future<Output = Result<Vec<Option<BeforeImage>>, Fault>> + Send;

    /// Finds out whether a write of an unanswered ticket was done: what stands in the books for it, if anything. For an update, void or
    /// delete that was not done it answers with the thing as it stands unchanged. A name that holds all that an update was to put
    /// into it has the content of that body.
    fn look(
        &self,
        writes: &[Write],
    ) -> impl Future<Output = Result<Vec<Option<Found>>, Fault>> + Send;
}

/// A database, read only: all that a dry run ever sees of it.
pub trait Tables: Sync {
    /// `supabase`
    fn name(&self) -> &'static str;

    /// What is missing there, in the order in which it is to be mended. Empty: rows can be written.
    fn gaps(&self) -> impl Future<Output = Result<Vec<Gap>, Fault>> + Send;

    /// What the database holds under these ids, of this shop.
    fn stored(
        &self,
        table: Table,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Stored>, Fault>> + Send;

    /// One page of everything that the table holds of this shop, by id, behind the given one. Empty: that was all.
    fn page(
        &self,
        table: Table,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Vec<Stored>, Fault>> + Send;

    /// What this run has asked so far.
    fn requests(&self) -> Requests;

    /// How long the next request still waits. `None` when nothing waits.
    fn waiting(&self) -> Option<Duration>;
}

/// A database that can be written to. Rows may be sent again at any time: the same row twice is one row, and an older one
/// never replaces a newer one.
pub trait TableWriter: Tables {
    /// Makes the rows so. All are of one table, no id twice. The connector cuts them into requests, waits and tries again where that
    /// helps, and finds out which single row the database refuses.
    fn put(&self, table: Table, rows: &[Row]) -> impl Future<Output = Handed> + Send;

    /// Marks rows as deleted that the shop has no more; what they held stays. One that is not there is no mistake.
    fn bury(
        &self,
        table: Table,
        ids: &[String],
        at: DateTime<Utc>,
    ) -> impl Future<Output = Handed> + Send;
}

/// A place where a connector keeps lists between runs.
pub trait Shelf: Send + Sync {
    /// The text kept under the name, and when it was put there.
    fn get(&self, name: &str) -> Option<(String, DateTime<Utc>)>;
    fn put(&self, name: &str, text: &str) -> Result<(), Fault>;
}

/// Where tokens are kept. Saving returns only when the tokens are on disk.
pub trait Vault: Send + Sync {
    fn load(&self, name: &str) -> Result<Option<secrecy::SecretString>, Fault>;
    fn save(&self, name: &str, secret: &secrecy::SecretString) -> Result<(), Fault>;

    /// The turn to exchange what is kept under the name: one has it at a time, among all processes. `None`: somebody else has it
    /// now, so ask again soon. Whoever dies with it gives it back.
    fn turn(&self, name: &str) -> Result<Option<Turn>, Fault>;

    /// Remembers how a sign-in stands, for those who may look but not open anything.
    fn note(&self, name: &str, life: &Life) -> Result<(), Fault>;
}

/// A turn, until it is dropped.
pub struct Turn(#[expect(dead_code, reason = "it is held, and that is all")] Box<dyn Send>);

impl Turn {
    pub fn new(held: impl Send + 'static) -> Turn {
        Turn(Box::new(held))
    }
}

/// How the sign-in of a company stands. Nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub company_id: String,
    pub refreshed_at: Option<DateTime<Utc>>,
    /// It ends then unless it is renewed before.
    pub refresh_until: Option<DateTime<Utc>>,
    /// It ends then, renewed or not.
    pub hard_until: Option<DateTime<Utc>>,
    /// The digest of the token of the environment that it descends from.
    pub came_from: Option<String>,
    /// It ended then: the other side takes it no longer.
    pub refused_at: Option<DateTime<Utc>>,
}
