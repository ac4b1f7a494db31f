//! Changes of the shop: everything that it may ever be asked to change, what is planned of it, and the right to send it.
//!
//! A shop works an order out anew, with the tax rates of today, as soon as a change of it carries an address, a line, a shipping line, a
//! fee or a coupon, an empty one included; and a refund that is made there moves money and stock unless it is told not to. So there is
//! no place for any of these here: what is not in [`ShopChange`] cannot be sent, whoever writes the connector. Notes are the private
//! ones, because the others mail the shopper; and a status is one of the two that say that money came in, because the others give
//! stock back or cancel. A shopper's sign-in address is not among what can be changed of an account: the shop would mail the old one.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::fault::Reason;
use super::fingerprint::Fingerprint;
use super::money::Money;
use super::record::RecordKey;

/// One change of one thing in the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopChange {
    Order {
        of: OrderInShop,
        change: OrderChange,
    },
    /// An account of the shop; what is on orders is never changed by it.
    Customer { id: u64, change: ShopperChange },
    Product {
        of: ProductInShop,
        change: ProductChange,
    },
}

/// The order that is meant. A shop that was put back to a backup gives ids out again, so the digest of the key that it made for the
/// order must be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderInShop {
    pub id: u64,
    pub key: Fingerprint,
}

/// What may be done to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderChange {
    /// A note for the people of the shop. It is mailed to nobody, moves no time of change, and is made once: whoever writes looks for it
    /// first.
    PrivateNote(String),
    Status(SettledStatus),
}

/// The statuses that an order may be given: those in which it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledStatus {
    Processing,
    Completed,
}

/// Puts values into fields of an account and leaves all others.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopperChange {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub billing: AddressChange,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shipping: AddressChange,
    /// The address that bills go to, which is not the one to sign in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_email: Option<String>,
}

/// Parts of an address. A part that is not named stays as it is; an empty text clears one.
pub type AddressChange = BTreeMap<AddressPart, String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    FirstName,
    LastName,
    Company,
    Street,
    StreetBelow,
    City,
    State,
    Postcode,
    Country,
    Phone,
}

impl AddressPart {
    pub const ALL: [AddressPart; 10] = [
        AddressPart::FirstName,
        AddressPart::LastName,
        AddressPart::Company,
        AddressPart::Street,
        AddressPart::StreetBelow,
        AddressPart::City,
        AddressPart::State,
        AddressPart::Postcode,
        AddressPart::Country,
        AddressPart::Phone,
    ];
}

/// The product that is meant, or the variation of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductInShop {
    pub id: u64,
    pub variation: Option<u64>,
}

/// Puts values into fields of a product and leaves all others. What the shop derives, such as the price that holds today, is not among
/// them, and neither is its stock: that is a flow and not a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Exact, so that no text that is no number can empty the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular_price: Option<Decimal>,
}

/// A person never reaches a log by accident.
impl fmt::Debug for ShopperChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ShopperChange")
            .field("billing", &self.billing.keys())
            .field("shipping", &self.shipping.keys())
            .finish_non_exhaustive()
    }
}

impl ShopChange {
    /// What is changed, as the state names it: one thing of the shop.
    pub fn thing(&self) -> String {
        match self {
            ShopChange::Order { of, .. } => format!("order:{}", of.id),
            ShopChange::Customer { id, .. } => format!("customer:{id}"),
            ShopChange::Product { of, .. } => match of.variation {
                Some(variation) => format!("product:{}/{variation}", of.id),
                None => format!("product:{}", of.id),
            },
        }
    }

    /// Which kind of change it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            ShopChange::Order {
                change: OrderChange::PrivateNote(_),
                ..
            } => "note",
            ShopChange::Order {
                change: OrderChange::Status(_),
                ..
            } => "status",
            ShopChange::Customer { .. } => "customer",
            ShopChange::Product { .. } => "product",
        }
    }
}

impl SettledStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            SettledStatus::Processing => "processing",
            SettledStatus::Completed => "completed",
        }
    }
}

/// What the shop said when a change was planned, and must still say when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopBefore {
    /// The order's status.
    Order {
        status: String,
    },
    /// Of the same parts as the change.
    Customer(ShopperChange),
    Product(ProductChange),
}

/// One thing to do in the shop, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopStep {
    pub source: RecordKey,
    pub change: ShopChange,
    pub before: ShopBefore,
    /// What it is known by: of one mark nothing is written twice.
    pub mark: String,
    /// Why, in words for people.
    pub reason: Reason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
}

impl ShopStep {
    /// So many mails the shop sends because of it, where nothing keeps them. An order that was not owed for sure yet is new to the
    /// shop's owner too.
    pub fn mails(&self) -> u32 {
        match (self.change.kind(), &self.before) {
            ("status", ShopBefore::Order { status })
                if status == "pending" || status == "failed" =>
            {
                2
            }
            ("status", _) => 1,
            _ => 0,
        }
    }
}

/// A recorded change of the shop: the right to send it once, and the memory that it may have been sent. Made by the journal alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopTicket {
    id: i64,
    step: ShopStep,
}

impl ShopTicket {
    /// Made by the journal after the change is on disk, and by nobody else: see `store/shop_journal.rs`.
    pub fn recorded(id: i64, step: ShopStep) -> ShopTicket {
        ShopTicket { id, step }
    }

    pub fn id(&self) -> i64 {
        self.id
    }

    pub fn step(&self) -> &ShopStep {
        &self.step
    }
}

/// What the shop says of the fields that a change is about.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopSeen {
    /// When it was changed last, by the shop's clock; a note moves no time.
    pub modified_at: Option<DateTime<Utc>>,
    /// By their names in the shop, as it said them.
    pub said: BTreeMap<String, String>,
}

/// A person never reaches a log by accident.
impl fmt::Debug for ShopSeen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ShopSeen")
            .field("modified_at", &self.modified_at)
            .field("said", &self.said.keys())
            .finish()
    }
}

/// How a thing stands in the shop beside a change that is planned of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShopLook {
    /// All that was to be changed is so already.
    Made(ShopSeen),
    /// It says what it said when the change was planned.
    AsPlanned(ShopSeen),
    /// Somebody changed it meanwhile.
    Other(ShopSeen),
    /// Somebody is at work on it at this moment: two at one time have the shop do everything twice.
    Busy,
    /// It is not there, is in the trash, or is another one under the same id.
    Gone,
}

/// What came of a change, for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopOutcome {
    /// It stands in the shop, as this says.
    Done(ShopSeen),
    /// The shop will not have it.
    Refused(Reason),
    /// It certainly did not happen, and this ticket is not sent again.
    NotDone,
}

/// A change that was recorded, as the history has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopChangeMade {
    pub run_id: String,
    pub step: ShopStep,
    /// A byte of it may have left. What was not sent was there already.
    pub was_sent: bool,
    pub outcome: Option<ShopOutcome>,
    pub at: DateTime<Utc>,
}

impl ShopChangeMade {
    /// Whether it was made by the run. What the shop had already is nobody's doing of ours.
    pub fn stands(&self) -> bool {
        self.was_sent && matches!(self.outcome, Some(ShopOutcome::Done(_)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn address() -> AddressChange {
        AddressPart::ALL.map(|part| (part, "x".to_owned())).into()
    }

    /// Every change there is, with everything in it. A variant that is added has no place to hide: the match does not compile without
    /// it.
    fn every_change() -> Vec<ShopChange> {
        let order = |change| ShopChange::Order {
            of: OrderInShop {
                id: 7,
                key: Fingerprint::of_bytes(b"wc_order_abc"),
            },
            change,
        };
        let all = vec![
            order(OrderChange::PrivateNote("paid".to_owned())),
            order(OrderChange::Status(SettledStatus::Processing)),
            order(OrderChange::Status(SettledStatus::Completed)),
            ShopChange::Customer {
                id: 7,
                change: ShopperChange {
                    billing: address(),
                    shipping: address(),
                    billing_email: Some("ann@example.com".to_owned()),
                },
            },
            ShopChange::Product {
                of: ProductInShop {
                    id: 7,
                    variation: Some(8),
                },
                change: ProductChange {
                    name: Some("Mug".to_owned()),
                    short_description: Some("Blue".to_owned()),
                    sku: Some("MUG".to_owned()),
                    regular_price: Some(Decimal::new(1250, 2)),
                },
            },
        ];
        for change in &all {
            match change {
                ShopChange::Order { change, .. } => match change {
                    OrderChange::PrivateNote(_)
                    | OrderChange::Status(SettledStatus::Processing | SettledStatus::Completed) => {
                    }
                },
                ShopChange::Customer { .. } | ShopChange::Product { .. } => {}
            }
        }
        all
    }

    fn keys(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| keys(one, found)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    found.insert(name.clone());
                    keys(value, found);
                }
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    fn keys_of(change: &ShopChange) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let value = serde_json::to_value(change).expect("a change has a JSON form");
        keys(&value, &mut found);
        found
    }

    #[test]
    fn no_change_of_an_order_can_touch_what_was_charged() {
        let mut seen = BTreeSet::new();
        for change in every_change() {
            if matches!(change, ShopChange::Order { .. }) {
                seen.extend(keys_of(&change));
            }
        }
        let known = [
            "order",
            "of",
            "id",
            "key",
            "change",
            "private_note",
            "status",
        ];
        assert_eq!(seen, known.map(str::to_owned).into());
    }

    #[test]
    fn nothing_that_can_be_changed_moves_money_or_stock_or_mails_a_shopper() {
        const NEVER: [&str; 30] = [
            "line_items",
            "shipping_lines",
            "fee_lines",
            "coupon_lines",
            "tax_lines",
            "refund",
            "refunds",
            "api_refund",
            "api_restock",
            "amount",
            "set_paid",
            "date_paid",
            "transaction_id",
            "customer_note",
            "total",
            "total_tax",
            "currency",
            "meta_data",
            "email",
            "password",
            "username",
            "role",
            "stock",
            "stock_quantity",
            "stock_status",
            "manage_stock",
            "inventory_delta",
            "price",
            "sale_price",
            "description",
        ];
        for change in every_change() {
            for key in keys_of(&change) {
                assert!(!NEVER.contains(&key.as_str()), "`{key}` in {change:?}");
            }
        }
    }

    #[test]
    fn what_is_left_alone_is_not_said() {
        let change = ShopChange::Customer {
            id: 7,
            change: ShopperChange {
                billing: [(AddressPart::City, "Oslo".to_owned())].into(),
                ..ShopperChange::default()
            },
        };
        assert_eq!(
            serde_json::to_string(&change).expect("a change has a JSON form"),
            r#"{"customer":{"id":7,"change":{"billing":{"city":"Oslo"}}}}"#
        );
    }
}
