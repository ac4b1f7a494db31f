//! The ports: all that the engine knows of a shop and of a ledger.
//!
//! A connector answers in the nouns of `model` and in faults with a remedy. [`Finder`] is everything that
//! reading and planning get to see; only [`Target`] can write, and it writes tickets, nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::company::{Company, Names};
use crate::model::document::{Document, DocumentKey, DocumentKind, Marker};
use crate::model::draft::{CustomerDraft, ItemDraft};
use crate::model::fault::{Fault, Reason};
use crate::model::order::Order;
pub use crate::model::plan::References;
use crate::model::plan::{Expectation, Remote};
use crate::model::run::Requests;
use crate::model::ticket::{Answer, Found, Request, Ticket, Write};

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
    /// With the refunds made on it.
    Order(Box<Order>),
    /// The shop's answer for this one could not be understood; the others are not affected.
    Odd(Odd),
    /// The shop has no such order (any more). Only an answer to a question by id.
    Gone(u64),
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
#[allow(async_fn_in_trait, reason = "used within this crate, on one task")]
pub trait Source {
    /// The shop's address, as it identifies the shop.
    fn address(&self) -> &str;

    /// Reads one page. Begin with no place; go on with the page's own. An edit during the scan may repeat
    /// a record but never loses one.
    async fn pull(&self, ask: &Ask, place: Option<&Place>) -> Result<Page, Fault>;

    /// Reads these orders, the trashed ones too. One answer for each id, in the order of the ids.
    async fn fetch(&self, ids: &[u64]) -> Result<Vec<Pulled>, Fault>;

    /// Which of these products and variations are virtual or downloadable: nobody can touch them. What the shop does not know or
    /// does not let us read is not among them.
    async fn intangible(&self, products: &BTreeSet<u64>) -> Result<BTreeSet<u64>, Fault>;

    /// Names the orders that have refunds made after the instant; all that have any, without one.
    async fn refunded(&self, after: Option<DateTime<Utc>>) -> Result<Vec<u64>, Fault>;
}

/// A document that may or may not be in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    pub key: DocumentKey,
    /// The number it would have; of a payment its reference.
    pub number: String,
}

/// Something to be written, before it is a body.
#[derive(Clone, Copy, Debug)]
pub enum Draft<'a> {
    Customer(&'a CustomerDraft),
    Item(&'a ItemDraft),
    Document {
        document: &'a Document,
        references: &'a References,
        marker: &'a Marker,
        /// What it replaces; `None` creates.
        replaces: Option<&'a Remote>,
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
    /// The ledger's word, `SalesReceipt`.
    pub entity: String,
    pub body: String,
    pub expected: Option<Expectation>,
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
#[allow(async_fn_in_trait, reason = "used within this crate, on one task")]
pub trait Finder {
    /// `quickbooks`
    fn name(&self) -> &'static str;

    /// The facts that decide what can be posted. Kept for a day, so it usually costs nothing.
    async fn company(&self) -> Result<Company, Fault>;

    /// Every name in use, brought up to date at most once in a run.
    async fn names(&self) -> Result<Names, Fault>;

    /// Looks for documents by their numbers, in every kind that their role can take. One answer for each, empty where
    /// there is none; strangers with the same number are among the answers and carry no marker of ours.
    async fn find(&self, sought: &[Sought]) -> Result<Vec<Vec<Found>>, Fault>;

    /// All documents dated on that day or later that carry a marker of our store, whatever their numbers are by now. Asks for
    /// every document of those days, so it is only for a state file that knows nothing yet.
    async fn marked(&self, since: NaiveDate) -> Result<Vec<Found>, Fault>;

    /// Reads documents by id. `None`: deleted.
    async fn read(&self, remotes: &[Remote]) -> Result<Vec<Option<Found>>, Fault>;

    /// Turns a draft into the exact body. Needs `company` to have been asked before. A refusal names what is missing
    /// in the books: an account, a tax code.
    fn encode(&self, draft: Draft<'_>) -> Result<Encoded, Reason>;

    /// Identifies the content of a body with resolved references, comparable with [`Found::content`].
    fn content(&self, entity: &str, body: &str) -> String;

    /// What this run has asked so far.
    fn requests(&self) -> Requests;

    /// How long the next request still waits, to stay within what the service allows. `None` when nothing waits.
    fn waiting(&self) -> Option<Duration>;
}

/// A ledger that can be written to.
#[allow(async_fn_in_trait, reason = "used within this crate, on one task")]
pub trait Target: Finder {
    fn abilities(&self) -> Abilities;

    /// Makes one request of writes, names or documents but not both, with its idempotency key. The same writes and the same
    /// `attempt` give the same bytes and the same key.
    fn request(&self, writes: Vec<Write>, attempt: u32) -> Request;

    /// Sends a recorded request and answers for each of its writes, in their order. An error is about the request as a whole:
    /// [`Remedy::Ask`](crate::model::fault::Remedy::Ask) where it may have been done.
    async fn write(&self, ticket: &Ticket) -> Result<Vec<Answer>, Fault>;

    /// Finds out whether a write of an unanswered ticket was done: what stands in the books for it, if anything. For an update, void or
    /// delete that was not done it answers with the thing as it stands unchanged.
    async fn look(&self, writes: &[Write]) -> Result<Vec<Option<Found>>, Fault>;
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
