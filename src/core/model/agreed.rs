//! What both sides agreed on: of a record that the shop and the books share, field by field, the pair of values that was seen last when
//! nothing was to be done any more.
//!
//! It is a pair and not one value, because each side spells in its own way: the shop's `Shirt: blue` is `Shirt blue` in the books, and
//! both are as they should be. Whether a side changed is asked of its own half alone.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::both::{BothWays, CustomerField, FieldRule, ProductField};
use super::fingerprint::Fingerprint;
use super::plan::{Entity, RecordKey};

/// A field that both sides can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AgreedField {
    Customer(CustomerField),
    Product(ProductField),
}

impl AgreedField {
    /// What the shop has set for it.
    pub fn rule(self, both: &BothWays) -> FieldRule {
        match self {
            AgreedField::Customer(field) => both.customer(field),
            AgreedField::Product(field) => both.product(field),
        }
    }

    pub fn entity(self) -> Entity {
        match self {
            AgreedField::Customer(_) => Entity::Customer,
            AgreedField::Product(_) => Entity::Product,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            AgreedField::Customer(field) => field.as_str(),
            AgreedField::Product(field) => field.as_str(),
        }
    }

    /// `None`: records of that kind share no such field.
    pub fn of(entity: Entity, word: &str) -> Option<AgreedField> {
        match entity {
            Entity::Customer => CustomerField::from_word(word).map(AgreedField::Customer),
            Entity::Product => ProductField::from_word(word).map(AgreedField::Product),
            Entity::Order | Entity::Refund | Entity::Payout => None,
        }
    }

    /// The fields of a kind of record, in the order in which they are shown.
    pub fn all(entity: Entity) -> Vec<AgreedField> {
        match entity {
            Entity::Customer => CustomerField::ALL
                .iter()
                .copied()
                .map(AgreedField::Customer)
                .collect(),
            Entity::Product => ProductField::ALL
                .iter()
                .copied()
                .map(AgreedField::Product)
                .collect(),
            Entity::Order | Entity::Refund | Entity::Payout => Vec::new(),
        }
    }

    /// Text, of which the newest may win, and of which the owner is believed when two meet for the first time. Money is none, and
    /// neither is what goods are found by.
    pub fn is_text(self) -> bool {
        match self {
            AgreedField::Customer(_) => true,
            AgreedField::Product(field) => field.is_text(),
        }
    }

    /// Where it says nothing, nobody knows it: a product without a price is not free, and one without a name has one.
    pub fn is_never_empty(self) -> bool {
        matches!(
            self,
            AgreedField::Product(ProductField::Price | ProductField::Name | ProductField::Sku)
        )
    }

    /// Whether what was filled may be emptied on the other side too. Nobody loses a name or moves out by leaving a field empty.
    pub fn may_be_emptied(self) -> bool {
        matches!(
            self,
            AgreedField::Customer(CustomerField::Phone | CustomerField::Company)
        )
    }

    pub fn is_address(self) -> bool {
        matches!(
            self,
            AgreedField::Customer(CustomerField::BillingAddress | CustomerField::ShippingAddress)
        )
    }
}

impl fmt::Display for AgreedField {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl From<AgreedField> for String {
    fn from(field: AgreedField) -> String {
        format!("{}/{}", field.entity(), field.as_str())
    }
}

impl TryFrom<String> for AgreedField {
    type Error = &'static str;

    fn try_from(text: String) -> Result<AgreedField, &'static str> {
        let (entity, word) = text.split_once('/').unwrap_or_default();
        let entity = match entity {
            "customer" => Entity::Customer,
            "product" => Entity::Product,
            _ => return Err("no records of that kind share fields"),
        };
        AgreedField::of(entity, word).ok_or("no such field is shared")
    }
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AgreedSide {
    Shop,
    Books,
}

impl AgreedSide {
    pub fn as_str(self) -> &'static str {
        match self {
            AgreedSide::Shop => "shop",
            AgreedSide::Books => "books",
        }
    }
}

/// What each side says of a field, in its own spelling. An empty text says that there is nothing.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AgreedPair {
    pub shop: String,
    pub books: String,
}

/// The pair of a field as it was when it was last as it should be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedBase {
    #[serde(flatten)]
    pub pair: AgreedPair,
    pub agreed_at: DateTime<Utc>,
    pub run: String,
    /// Our own writes of the last day, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<OwnWrite>,
    /// Both sides never agreed on it: all that is known is that it was written and did not stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_tried: bool,
    /// Of a pair that a run of ours wrote: what was agreed before. `None`: nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<AgreedPair>,
    /// What the run wrote was taken back. Whoever asks for the record again has it decided from `before`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
    /// What a run was about to write, until it is read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<MeantWrite>,
}

/// A write that a run was about to make. A run that dies before it has read it back leaves it here, so that the next one does not take
/// what we wrote for somebody's change, when somebody changed the other side meanwhile.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantWrite {
    /// The run that was about to make it: where it stands, it is that run's, whoever finds it.
    #[serde(default)]
    pub run: String,
    pub before: AgreedPair,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_shop: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_books: Option<String>,
}

impl MeantWrite {
    /// What both agreed on by it, where it stands wherever it was to be written; `None`: it does not, or nobody knows.
    pub fn agreed(&self, shop: &str, books: &str) -> Option<AgreedPair> {
        let stands =
            |meant: &Option<String>, says: &str| meant.as_ref().is_none_or(|meant| meant == says);
        let is_there = stands(&self.to_shop, shop) && stands(&self.to_books, books);
        is_there.then(|| self.written())
    }

    /// What both would have agreed on by it.
    pub fn written(&self) -> AgreedPair {
        let half = |meant: &Option<String>, before: &String| {
            meant.clone().unwrap_or_else(|| before.clone())
        };
        AgreedPair {
            shop: half(&self.to_shop, &self.before.shop),
            books: half(&self.to_books, &self.before.books),
        }
    }
}

/// That we wrote a field, where, and what; of the value only a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWrite {
    pub at: DateTime<Utc>,
    pub to: AgreedSide,
    pub value: Fingerprint,
}

/// How a record stands that both sides share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreedStanding {
    #[default]
    There,
    /// The shop has it no more. In the books it stays.
    ShopGone,
    /// Somebody made it inactive in the books, or deleted it. In the shop it stays.
    BooksGone,
    /// Neither side has it. Kept for good: ids do not come again, names do.
    Gone,
}

/// What is remembered of a record that both sides share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedRecord {
    pub source: RecordKey,
    /// What it is in the books, and the ledger's count of its changes when it was last read.
    pub remote: String,
    pub revision: String,
    /// What the shop said of it then.
    pub shop: Fingerprint,
    /// By which mapping the two were compared. Under another one nothing was ever agreed.
    pub made_by: Fingerprint,
    pub standing: AgreedStanding,
    pub fields: BTreeMap<AgreedField, AgreedBase>,
}

/// Why two values wait for a person, or waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictCause {
    /// Both sides changed it since they last agreed.
    BothChanged,
    /// Both are filled and were never agreed on.
    FirstMeeting,
    /// The shop deleted the record, and somebody changed it in the books.
    GoneAndChanged,
}

/// What stands against what. The times are those of the whole record: neither side has one for each field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictSides {
    pub base: Option<AgreedPair>,
    pub shop: String,
    pub books: String,
    pub shop_at: Option<DateTime<Utc>>,
    pub books_at: Option<DateTime<Utc>>,
}

/// Whose value is to stand.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConflictTake {
    Shop,
    Books,
    /// What both had agreed on before.
    Base,
    /// Neither of them.
    Value(String),
}

/// One field on which the sides do not agree, or did not: whoever lost can be read here for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// Short and easily typed; the same field of the same record keeps it.
    pub id: String,
    pub source: RecordKey,
    pub field: AgreedField,
    pub cause: ConflictCause,
    pub sides: ConflictSides,
    pub since: DateTime<Utc>,
    pub run: String,
    /// A person's decision, as long as both sides say what they said then.
    pub take: Option<ConflictTake>,
    /// When it was over, and whose word it was: that of a rule, of a person, or of both sides.
    pub settled: Option<(DateTime<Utc>, String)>,
}

/// None of these prints what somebody is called or where he lives.
macro_rules! discreet {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}

discreet!(AgreedPair, AgreedBase, ConflictSides, ConflictTake);
