//! Tickets: the right to send one request, and the memory that it may have been sent.
//!
//! A ticket exists only after its intent is on disk; only the journal can make one. It holds the
//! exact bytes and the idempotency key, so that a lost answer is asked for again and never guessed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::document::{Document, Marker};
use super::fault::Fault;
use super::money::Money;
use super::plan::{Action, Expectation, RecordKey, Remote, RemoteKind, Subject};
use super::raw::Raw;

/// One write inside a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    pub action: Action,
    pub subject: Subject,
    pub entity: RemoteKind,
    /// What is changed; `None` for a create.
    pub remote: Option<Remote>,
    pub body: Body,
    /// What makes it recognisable in the books.
    pub marker: Option<Marker>,
    /// Names it for people; of a document it is the number under which it will be found.
    pub label: String,
    pub expected: Option<Expectation>,
    /// The record of the shop that asked for it.
    pub source: RecordKey,
    /// What it is to an accountant; remembered with the link once it stands.
    pub document: Option<Document>,
    /// What it changes, voids or deletes, as it stood right before. Kept beside the ticket and not in it.
    #[serde(skip)]
    pub before: Option<BeforeImage>,
}

impl Write {
    /// Whether what it is about to change is known, so that it can be taken back. Whatever makes something new changes nothing.
    pub fn can_be_taken_back(&self) -> bool {
        self.action == Action::Create || self.before.is_some()
    }
}

/// What stood in the books before a write, whole and in the service's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeforeImage {
    /// With the revision that it had.
    pub remote: Remote,
    pub body: Raw,
}

/// A body as it can be sent: whatever it refers to is there.
///
/// A reference to what the same plan makes first, `@item:…`, is nothing that a ledger understands, so a text that still holds
/// one is no body. Where in a text references stand is known to the ledger's connector alone, so it alone makes bodies. Only what
/// was recorded by an earlier version could hold a reference all the same; whoever delivers looks again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(String);

impl Body {
    /// Takes a text as a body, unless something that it refers to was never made. Called by the connector that has looked for that.
    pub fn whole(text: String, missing: Vec<Subject>) -> Result<Body, Vec<Subject>> {
        if missing.is_empty() {
            Ok(Body(text))
        } else {
            Err(missing)
        }
    }
}

impl std::ops::Deref for Body {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// One request, recorded. A single write is a batch of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    id: i64,
    request: Request,
}

/// A request as the target will send it: made by the target, recorded by the journal, sent unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The idempotency key.
    pub key: String,
    /// The path below the company with its parameters, without the key.
    pub path: String,
    /// The exact bytes.
    pub body: String,
    pub writes: Vec<Write>,
}

impl Ticket {
    /// Made by the journal after the request is on disk, and by nobody else: see `store/journal.rs`.
    pub fn recorded(id: i64, request: Request) -> Ticket {
        Ticket { id, request }
    }

    pub fn id(&self) -> i64 {
        self.id
    }

    pub fn request(&self) -> &Request {
        &self.request
    }
}

/// What stands in the books, as far as it matters to us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub remote: Remote,
    /// Document number, payment reference, or name.
    pub label: String,
    pub marker: Option<Marker>,
    /// Whom the document names, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    pub state: FoundState,
    pub date: Option<chrono::NaiveDate>,
    pub currency: Option<String>,
    pub total: Money,
    pub tax_total: Money,
    /// By the name of the rate.
    pub tax: BTreeMap<String, Money>,
    /// Home units for one foreign unit, where the books say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Decimal>,
    /// What is still owed, of an invoice.
    #[serde(default)]
    pub balance: Option<Money>,
    /// What settles nothing, of a payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unapplied: Option<Money>,
    /// The payments that others linked to it, by id; of an invoice those that settle it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<String>,
    /// Its money was brought to the bank: only a person can change it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deposited: bool,
    /// Identifies what an accountant would call the content: lines, tax, total, date, parties.
    pub content: String,
    /// Identifies everything that a person could have changed, notes and texts too. Empty where that is not known, and of
    /// names.
    #[serde(default)]
    pub trace: String,
    /// What a document says besides its content, each field as a digest; a field that says nothing may be missing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
}

impl Found {
    /// Something that stands there, of which nothing else is known: a name, which has no money.
    pub fn bare(remote: Remote, label: String) -> Found {
        Found {
            remote,
            label,
            marker: None,
            customer: None,
            state: FoundState::Active,
            date: None,
            currency: None,
            total: Money::ZERO,
            tax_total: Money::ZERO,
            tax: BTreeMap::new(),
            exchange_rate: None,
            balance: None,
            unapplied: None,
            payments: Vec::new(),
            is_deposited: false,
            content: String::new(),
            trace: String::new(),
            words: BTreeMap::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoundState {
    Active,
    Voided,
}

/// The answer to one write of a ticket.
pub type Answer = Result<Written, Fault>;

/// What a write left in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every answer stands: a box would cost all of them an allocation to spare the few"
)]
pub enum Written {
    Stands(Found),
    Deleted,
}
