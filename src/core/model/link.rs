//! Links: "this is that", durable. A link says which thing in the books one of ours became,
//! and how it looked when we last saw it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::document::{Document, DocumentKey, DocumentKind};
use super::fingerprint::Fingerprint;
use super::money::Money;
use super::plan::{Remote, Subject};

/// A customer, an item or a document of ours, and what it is in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub subject: Subject,
    pub remote: Remote,
    /// What it looked like in the books after our last write, [`Found::trace`](super::ticket::Found::trace): a person
    /// edited it when this differs. Of a name the fingerprint of the account or product that it was last compared with; empty
    /// when it never was.
    pub content: String,
    /// How often we wrote it; part of the marker.
    pub revision: u32,
    pub state: LinkState,
    /// Only documents have one.
    pub posted: Option<Posted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    Active,
    Voided,
    /// Somebody else's: a person paid in the books what we would have entered as paid. The document is not ours, and what is
    /// remembered of it is what we would have written.
    Settled,
}

/// What the accountant must know of a document that is in the books already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub key: DocumentKey,
    pub kind: DocumentKind,
    pub number: String,
    pub date: NaiveDate,
    pub currency: String,
    pub total: Money,
    pub tax_total: Money,
    pub voided: bool,
    /// Of the document as it was posted; `None` when it was found in the books without a memory of it, and when it came
    /// out other than meant.
    pub fingerprint: Option<Fingerprint>,
    /// As it was posted, or as much as is known of it; of one that came out other than meant as it was before. `None`
    /// when it never was as meant.
    pub document: Option<Document>,
}
