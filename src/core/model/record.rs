//! Records: what of the shop can be synced, and what one of them is called.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of record that can be synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entity {
    Customer,
    Product,
    Order,
    Refund,
    /// What a payment service paid out.
    Payout,
}

impl Entity {
    pub fn as_str(self) -> &'static str {
        match self {
            Entity::Customer => "customer",
            Entity::Product => "product",
            Entity::Order => "order",
            Entity::Refund => "refund",
            Entity::Payout => "payout",
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One record of the shop. The id is the key; the number is what people call it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    pub entity: Entity,
    pub id: String,
    pub number: String,
}

impl RecordKey {
    /// A person is called by the id alone.
    pub fn customer(id: &str) -> RecordKey {
        RecordKey {
            entity: Entity::Customer,
            id: id.to_owned(),
            number: id.to_owned(),
        }
    }

    /// A product is called by its SKU, or else by its id.
    pub fn product(id: u64, called: &str) -> RecordKey {
        RecordKey {
            entity: Entity::Product,
            id: id.to_string(),
            number: called.to_owned(),
        }
    }

    /// Whether it is a record of the shop, with problems and figures of its own. A customer or an item that only a document
    /// needs is none: its key says in which currency, or by which kind of name, it was looked for.
    pub fn is_record(&self) -> bool {
        match self.entity {
            Entity::Order | Entity::Refund | Entity::Payout => true,
            Entity::Customer => !self.id.contains('.'),
            Entity::Product => self.id.bytes().all(|digit| digit.is_ascii_digit()),
        }
    }

    pub fn order(id: u64, number: &str) -> RecordKey {
        RecordKey {
            entity: Entity::Order,
            id: id.to_string(),
            number: number.to_owned(),
        }
    }
}
