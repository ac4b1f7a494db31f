//! Drafts: customers and items that a plan is about to make in the books, and what it changes of those that are there.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::fault::Reason;
use super::order::Address;
use super::overlay::AddressParts;
use super::plan::Remote;

/// A customer to be made.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDraft {
    pub display_name: String,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mobile: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub website: String,
    /// Set where it is not the home currency.
    pub currency: Option<String>,
    pub billing: Address,
    pub shipping: Address,
}

/// What the mapping made of an account.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dressed {
    Look(CustomerLook),
    /// The mapping leaves the account out.
    Skip(Reason),
    /// The mapping could not be applied to it.
    Refused(Reason),
}

/// The words that a mapping has for a customer. What is absent is not said.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct CustomerLook {
    pub display_name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub note: Option<String>,
    pub website: Option<String>,
    pub bill_to: AddressParts,
    pub ship_to: AddressParts,
}

/// A customer as the books show it.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerInBooks {
    pub remote: Remote,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
    pub mobile: String,
    pub note: String,
    pub website: String,
    pub billing: Address,
    pub shipping: Address,
    pub active: bool,
    /// By the ledger's clock.
    pub changed_at: Option<DateTime<Utc>>,
}

/// What is put into the fields of a customer that is there. The name that it goes by is never among them.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct CustomerChange {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub note: Option<String>,
    pub website: Option<String>,
    pub billing: Option<Address>,
    pub shipping: Option<Address>,
}

impl CustomerChange {
    pub fn is_empty(&self) -> bool {
        *self == CustomerChange::default()
    }
}

/// What is put into the fields of an item that is there. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ItemChange {
    pub name: Option<String>,
    pub sku: Option<String>,
    pub price: Option<Decimal>,
}

/// An item to be made. What is absent is left to the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    pub name: String,
    pub sku: Option<String>,
    pub kind: ItemKind,
    pub income_account: String,
    pub expense_account: Option<String>,
    pub description: Option<String>,
    pub purchase_description: Option<String>,
    pub class: Option<String>,
    pub taxable: Option<bool>,
    pub price: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemKind {
    /// Cannot be touched or shipped: fees, shipping itself, virtual goods.
    Service,
    NonInventory,
    /// Counted, from none on that day.
    Inventory {
        asset_account: String,
        start_date: NaiveDate,
    },
}

impl ItemKind {
    /// The ledger's word.
    pub fn word(&self) -> &'static str {
        match self {
            ItemKind::Service => "Service",
            ItemKind::NonInventory => "NonInventory",
            ItemKind::Inventory { .. } => "Inventory",
        }
    }
}

impl ItemDraft {
    /// An item of which no more is known.
    pub fn plain(name: String, kind: ItemKind, income_account: &str) -> ItemDraft {
        ItemDraft {
            name,
            sku: None,
            kind,
            income_account: income_account.to_owned(),
            expense_account: None,
            description: None,
            purchase_description: None,
            class: None,
            taxable: None,
            price: None,
        }
    }
}

/// None of these prints a person.
macro_rules! discreet {
    ($($name:ident),+) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}

discreet!(CustomerLook, CustomerInBooks, CustomerChange);

impl std::fmt::Debug for CustomerDraft {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("CustomerDraft")
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}
