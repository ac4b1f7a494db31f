//! The plan: what a run would write, as a value that can be shown, saved and compared.
//!
//! The same orders, books and configuration give the same plan, byte for byte: no time of day, no run id
//! and no random number is in it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::document::{Document, DocumentKey, DocumentKind, ItemKey, Marker, Role};
use super::fault::Reason;
use super::fingerprint::Fingerprint;
use super::money::Money;
pub use super::record::{Entity, RecordKey};
use super::shop_change::ShopStep;
use super::ticket::Found;

/// What a step makes or changes in the books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// By our own key for a buyer in a currency, which says nothing about the person.
    Customer(String),
    Item(String),
    /// By our own key for a payment service.
    Vendor(String),
    Document(DocumentKey),
}

/// How a body refers to something that does not exist yet: `@customer:7.CAD`, `@item:sku:MUG`, `@document:1042/sale`.
impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Customer(key) => write!(out, "@customer:{key}"),
            Subject::Item(key) => write!(out, "@item:{key}"),
            Subject::Vendor(key) => write!(out, "@vendor:{key}"),
            Subject::Document(key) => write!(out, "@document:{key}"),
        }
    }
}

impl Subject {
    /// Reads a reference back; `None` where the text is an ordinary id.
    pub fn from_reference(text: &str) -> Option<Subject> {
        if let Some(key) = text.strip_prefix("@customer:") {
            Some(Subject::Customer(key.to_owned()))
        } else if let Some(key) = text.strip_prefix("@item:") {
            Some(Subject::Item(key.to_owned()))
        } else if let Some(key) = text.strip_prefix("@vendor:") {
            Some(Subject::Vendor(key.to_owned()))
        } else {
            text.strip_prefix("@document:")?
                .parse()
                .ok()
                .map(Subject::Document)
        }
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Update,
    Void,
    Delete,
    /// Nothing is wrong and nothing is to be posted.
    Skip,
    /// Nothing changes: already as it should be, or found in the books and taken as ours.
    None,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Void => "void",
            Action::Delete => "delete",
            Action::Skip => "skip",
            Action::None => "none",
        }
    }

    pub fn writes(self) -> bool {
        matches!(
            self,
            Action::Create | Action::Update | Action::Void | Action::Delete
        )
    }

    /// Something that stands in the books would stand there no more.
    pub fn takes_away(self) -> bool {
        matches!(self, Action::Void | Action::Delete)
    }
}

/// What something in the books is: a name, or a document. Its word is the one that plans, histories and state files have had for it
/// since the beginning, and a ledger that calls things otherwise translates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemoteKind {
    Customer,
    Item,
    Vendor,
    Document(DocumentKind),
}

impl RemoteKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            RemoteKind::Customer => "Customer",
            RemoteKind::Item => "Item",
            RemoteKind::Vendor => "Vendor",
            RemoteKind::Document(kind) => kind.as_str(),
        }
    }

    pub fn from_word(word: &str) -> Option<RemoteKind> {
        let documents = DocumentKind::ALL.map(RemoteKind::Document);
        [RemoteKind::Customer, RemoteKind::Item, RemoteKind::Vendor]
            .into_iter()
            .chain(documents)
            .find(|kind| kind.as_str() == word)
    }

    /// Which document it is; `None` where it is a name.
    pub const fn document(self) -> Option<DocumentKind> {
        match self {
            RemoteKind::Document(kind) => Some(kind),
            RemoteKind::Customer | RemoteKind::Item | RemoteKind::Vendor => None,
        }
    }
}

impl RemoteKind {
    /// Which document it is, where it is one that can have this role.
    pub fn of_role(self, role: Role) -> Option<DocumentKind> {
        self.document().filter(|kind| role.kinds().contains(kind))
    }
}

impl From<DocumentKind> for RemoteKind {
    fn from(kind: DocumentKind) -> RemoteKind {
        RemoteKind::Document(kind)
    }
}

impl fmt::Display for RemoteKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for RemoteKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RemoteKind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<RemoteKind, D::Error> {
        let word = String::deserialize(from)?;
        RemoteKind::from_word(&word)
            .ok_or_else(|| serde::de::Error::custom("nothing in the books is of that kind"))
    }
}

/// Something in the books as it stood when it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    pub entity: RemoteKind,
    pub id: String,
    /// Changes with each change that anybody makes.
    pub revision: String,
}

/// What a document refers to: ids of the ledger, or references to what the same plan makes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Whose document it is: the customer, and of a bill the vendor.
    pub customer: String,
    pub items: BTreeMap<ItemKey, String>,
    /// By the shop's line, where lines of one key are different things in the books.
    pub lines: BTreeMap<u64, String>,
    pub documents: BTreeMap<DocumentKey, String>,
}

/// What must come back from the write of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    pub total: Money,
    pub tax_total: Money,
    /// By rate; empty where the books keep their own split.
    pub tax: BTreeMap<String, Money>,
    pub date: NaiveDate,
}

/// One thing to do, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub action: Action,
    /// The record of the shop that asks for it.
    pub source: RecordKey,
    pub subject: Subject,
    /// What is written.
    pub entity: RemoteKind,
    /// What is changed, or what was found and taken as ours.
    pub remote: Option<Remote>,
    /// The request body as text, exactly as it will be sent but for references to what does not exist yet.
    pub body: Option<String>,
    pub marker: Option<Marker>,
    pub document: Option<Document>,
    pub expected: Option<Expectation>,
    /// Found in the books with our marker and to be remembered as ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<Box<Found>>,
    /// A payment that somebody else entered: it is remembered as theirs, and nothing is written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_others: bool,
    /// A payment that is to settle less than before: it goes ahead of its invoice, which cannot be made smaller than what was paid
    /// on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub makes_room: bool,
    /// The customer, by id or by reference; `None` where the document has none.
    pub customer: Option<String>,
    /// Of an account or a product: the content that is settled by this step, to be remembered with the link. `None` leaves what
    /// is remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<Fingerprint>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Reason>,
    /// Why it is skipped, or what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Names a thing for people: the document's number, the item's name. Of a customer only the key.
    pub label: String,
}

impl Step {
    /// A step of which nothing is known but what it is about; it is called as its record is numbered.
    pub fn bare(action: Action, source: RecordKey, subject: Subject, entity: RemoteKind) -> Step {
        Step {
            action,
            label: source.number.clone(),
            source,
            subject,
            entity,
            remote: None,
            body: None,
            marker: None,
            document: None,
            expected: None,
            adopted: None,
            by_others: false,
            makes_room: false,
            customer: None,
            made_from: None,
            warnings: Vec::new(),
            reason: None,
        }
    }

    /// It writes what somebody is asked about: names that are made along the way for a document are not, those that were asked for are.
    pub fn counts(&self) -> bool {
        self.action.writes() && self.source.is_record()
    }
}

/// A record, or a refund of it, that must not be posted until a person has looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub source: RecordKey,
    /// The document that is held, where it is not the whole order.
    pub subject: Option<DocumentKey>,
    pub reason: Reason,
}

/// What the plan was made from: if any of it is different now, a saved plan is stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub shop: String,
    /// The shop's address and the company's id.
    pub store: String,
    pub company: String,
    /// Of the settings that decide what is posted.
    pub rules: Fingerprint,
    /// By order id.
    pub orders: BTreeMap<u64, Fingerprint>,
    /// By the account's id, and by the product's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shoppers: BTreeMap<u64, Fingerprint>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub products: BTreeMap<u64, Fingerprint>,
    /// By the payout's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub payouts: BTreeMap<String, Fingerprint>,
    /// The file that the payouts are of, which is read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payouts_file: Option<PayoutsFileNamed>,
    /// The run that the plan takes back; `None`: it posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<TakenBack>,
}

/// Where a file of payouts is, and with which mapping it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutsFileNamed {
    pub path: String,
    pub gateway: String,
}

/// Which run a plan takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    pub run: String,
    /// Leaves orders out that cannot be taken back, and goes on with the others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

/// A whole plan for one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub schema: String,
    pub basis: Basis,
    pub steps: Vec<Step>,
    pub holds: Vec<Hold>,
    /// What the shop is told, after the books.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_shop: Vec<ShopStep>,
    /// Of a plan that takes a run back: what stays in the shop all the same, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<Hold>,
}

pub const PLAN_SCHEMA: &str = "udsync/plan/1";

impl Plan {
    /// Takes whole records out: their steps, and what is held of them. Names stay.
    pub fn leave_out(&mut self, is_left: impl Fn(&RecordKey) -> bool) {
        self.steps
            .retain(|step| !step.source.is_record() || !is_left(&step.source));
        self.holds.retain(|hold| !is_left(&hold.source));
        self.to_shop.retain(|step| !is_left(&step.source));
    }

    /// How many requests for change the plan would make, names and the shop included.
    pub fn writes(&self) -> usize {
        self.steps
            .iter()
            .filter(|step| step.action.writes())
            .count()
            + self.to_shop.len()
    }

    /// So many mails to buyers the shop would send because of it, where nothing keeps them.
    pub fn mails(&self) -> u32 {
        self.to_shop.iter().map(ShopStep::mails).sum()
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }
}
