//! A ledger: what the books are asked for, and the one way to write to them.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::statements::Period;
use super::takeback::{SeenDocument, StatementStates};
use crate::model::company::Company;
use crate::model::document::{Document, DocumentKey, DocumentKind, Marker};
use crate::model::draft::{CustomerChange, CustomerDraft, CustomerInBooks, ItemChange, ItemDraft};
use crate::model::fault::{Fault, Reason};
use crate::model::names::{ItemEntry, Names};
use crate::model::overlay::Overlay;
use crate::model::plan::{Expectation, References, Remote, RemoteKind, Subject};
use crate::model::run::Requests;
use crate::model::statement::StatedDocument;
use crate::model::ticket::{Answer, BeforeImage, Body, Found, Request, Ticket, Write};

/// A document that may or may not be in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    pub key: DocumentKey,
    /// The number it would have; of a payment its reference, and of what has no number its day.
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

/// A document with our mark, and no more of it than says whose it is: there may be thousands.
#[derive(Clone, Debug)]
pub struct MarkedDocument {
    pub remote: Remote,
    pub label: String,
    pub marker: Marker,
    /// When it was made, where the ledger says so.
    pub made_at: Option<DateTime<Utc>>,
}

/// What was written lately. All times are the ledger's own.
#[derive(Clone, Debug)]
pub struct WrittenLately {
    pub documents: Vec<MarkedDocument>,
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
    /// Puts something into the fields of an item as it stands, and leaves all others.
    ItemChange {
        item: &'a ItemEntry,
        change: &'a ItemChange,
    },
    /// A vendor that does not exist yet, by its name.
    Vendor(&'a str),
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
    /// Gives a document its former words and figures back; what else a person put on it stays.
    Restore {
        kind: DocumentKind,
        former: &'a BeforeImage,
        /// As it stands now.
        now: &'a BeforeImage,
        marker: &'a Marker,
    },
}

/// A draft as the ledger wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub entity: RemoteKind,
    /// With references to what does not exist yet; see [`LedgerReader::resolve`].
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
pub trait LedgerReader: Sync {
    /// `quickbooks`
    fn name(&self) -> &'static str;

    /// The facts that decide what can be posted. Kept for a day, so it usually costs nothing.
    fn company(&self) -> impl Future<Output = Result<Company, Fault>> + Send;

    /// The same, with the closing date as it is at this time: it decides what is held, and is moved for the sake of what is held.
    fn company_today(&self) -> impl Future<Output = Result<Company, Fault>> + Send;

    /// A customer, or an item, as it stood when it was about to be changed. `None`: what was kept of it says something else.
    fn customer_of(&self, image: &BeforeImage) -> Option<CustomerInBooks>;
    fn item_of(&self, image: &BeforeImage) -> Option<ItemEntry>;

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

    /// All documents of these kinds dated on that day or later, whoever made them.
    fn dated(
        &self,
        kinds: &[DocumentKind],
        since: NaiveDate,
    ) -> impl Future<Output = Result<Vec<Found>, Fault>> + Send;

    /// All credit memos and refund receipts dated on that day or later that carry no marker of udsync, with what is noted on them. One
    /// that cannot be understood is not among them.
    fn credits_by_hand(
        &self,
        since: NaiveDate,
    ) -> impl Future<Output = Result<Vec<StatedDocument>, Fault>> + Send;

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

    /// Reads documents by id as they stand now, with all that must be known before they are taken back. Whatever was seen before is
    /// asked for again. `None`: deleted.
    fn seen_now(
        &self,
        remotes: &[Remote],
    ) -> impl Future<Output = Result<Vec<Option<SeenDocument>>, Fault>> + Send;

    /// The documents of a period that stand on a statement of a bank. Two questions for each half year.
    fn settled_by_bank(
        &self,
        period: Period,
    ) -> impl Future<Output = Result<StatementStates, Fault>> + Send;

    /// Reads customers by id, as they stand now. One answer for each; `None` where there is none.
    fn customers(
        &self,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Option<CustomerInBooks>>, Fault>> + Send;

    /// Reads items by id, as they stand now. One answer for each; `None` where there is none.
    fn items(
        &self,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Option<ItemEntry>>, Fault>> + Send;

    /// How far its clock was ahead of ours at its last answer; `None`: it has not said.
    fn clock_offset(&self) -> Option<TimeDelta>;

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

    /// Has the names for a label at hand, which [`LedgerReader::encode`] needs for documents that carry one, and nothing else does.
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
pub trait LedgerWriter: LedgerReader {
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
