//! What has to be known of a document before it is taken out of the books again, and how far the bank has come.
//!
//! Whoever takes something back must see what a person, or the bank, has made of it since. None of this is looked at when something is
//! posted.

use std::collections::BTreeMap;

use crate::model::plan::RemoteKind;
use crate::model::ticket::{BeforeImage, Found};

/// A document as it stands now, read afresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenDocument {
    pub found: Found,
    /// The same, whole and in the ledger's own words.
    pub whole: BeforeImage,
    /// It was sent to somebody by e-mail.
    pub mailed: bool,
    /// What others have linked to it, by kind in the ledger's own words and id: payments, credits, a deposit.
    pub linked: Vec<(String, String)>,
}

/// How far somebody has come with comparing a document with the statement of a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementState {
    /// Found on a statement.
    Cleared,
    /// On a statement that was reconciled to its end.
    Reconciled,
}

/// Documents that stand on a statement of a bank, by kind and id. Ids of different kinds may be equal.
pub type StatementStates = BTreeMap<(RemoteKind, String), StatementState>;
