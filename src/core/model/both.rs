//! Both ways: which facts may go from the books to the shop, field by field, as a shop has set it.
//!
//! Every fact has one owner, and both ways means that the facts of each owner reach the other side. What is not here goes one way only,
//! whoever writes the rest: nothing of an order's money, lines, taxes or addresses has a field.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rules::words;

words!(
    /// Where the records of one kind go. Of payments `to_books` still recognises what is settled in the books; `both` tells the shop.
    SyncDirection { ToBooks = "to_books", Both = "both", Off = "off" }
);
words!(
    /// How the shop is told of an invoice that somebody paid in the books.
    PaidInBooks {
        /// By a private note, which mails nobody.
        Note = "note",
        /// By the status that a paid order has: the shop mails the buyer then.
        Status = "status",
        Off = "off",
    }
);
words!(
    /// Where a change of one field goes.
    FieldFlow { ToBooks = "to_books", ToShop = "to_shop", Both = "both", Off = "off" }
);
words!(
    /// Whose a field is: a change on the other side is drift and no input.
    FieldOwner { Shop = "shop", Books = "books", None = "none" }
);
words!(
    /// Who wins where both sides changed a field.
    ConflictRule {
        /// The shop.
        SourceWins = "source_wins",
        /// The books.
        TargetWins = "target_wins",
        /// Whoever changed last, where that can be told. Text only.
        NewestWins = "newest_wins",
        /// A person.
        Manual = "manual",
    }
);
words!(
    /// Who is believed where two filled values meet that never agreed before.
    FirstMeeting { Shop = "shop", Books = "books", Manual = "manual" }
);

/// Makes an enum of fields, in the order in which they are shown.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($value:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $word)] $value),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$value),+];

            pub const fn as_str(self) -> &'static str {
                match self { $($name::$value => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|field| field.as_str() == word)
            }
        }
    };
}

fields!(
    /// What of a product or a variation both sides can hold.
    ProductField { Name = "name", Sku = "sku", Price = "price" }
);
fields!(
    /// What of an account both sides can hold. An address is one value: half of one and half of another is nobody's.
    CustomerField {
        FirstName = "first_name",
        LastName = "last_name",
        Company = "company",
        Phone = "phone",
        Email = "email",
        BillingAddress = "billing_address",
        ShippingAddress = "shipping_address",
    }
);

impl ProductField {
    /// Text, of which the newest may win. Of money and of what goods are found by the newest is no reason.
    pub const fn is_text(self) -> bool {
        matches!(self, ProductField::Name)
    }

    /// What holds where the file says nothing: the shop's own, which reaches the books as ever.
    pub const fn usual(self) -> FieldRule {
        FieldRule {
            flow: FieldFlow::ToBooks,
            owner: FieldOwner::Shop,
            on_conflict: ConflictRule::Manual,
        }
    }
}

impl CustomerField {
    /// What holds where the file says nothing. Names, telephones and addresses are nobody's; the address to sign in with is the shop's.
    pub const fn usual(self) -> FieldRule {
        let (flow, owner) = match self {
            CustomerField::Email => (FieldFlow::ToBooks, FieldOwner::Shop),
            _ => (FieldFlow::Both, FieldOwner::None),
        };
        FieldRule {
            flow,
            owner,
            on_conflict: ConflictRule::Manual,
        }
    }
}

#[expect(clippy::derivable_impls, reason = "the words make the enum")]
impl Default for PaidInBooks {
    fn default() -> PaidInBooks {
        PaidInBooks::Note
    }
}

/// What holds for one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    pub flow: FieldFlow,
    pub owner: FieldOwner,
    pub on_conflict: ConflictRule,
}

impl FieldRule {
    /// The rule of a field of which somebody has said no more than where it flows. Whoever lets it flow one way has said whose it is; what
    /// flows both ways is nobody's; and of times there is nothing to compare where one side alone is heard.
    pub fn flowing(self, flow: FieldFlow) -> FieldRule {
        FieldRule {
            flow,
            owner: match flow {
                FieldFlow::ToBooks => FieldOwner::Shop,
                FieldFlow::ToShop => FieldOwner::Books,
                FieldFlow::Both => FieldOwner::None,
                FieldFlow::Off => self.owner,
            },
            on_conflict: match self.on_conflict {
                ConflictRule::NewestWins if flow != FieldFlow::Both => ConflictRule::Manual,
                rule => rule,
            },
        }
    }
}

/// The sections `[sync.direction]` and `[both]`, with defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BothWays {
    pub customers: SyncDirection,
    pub products: SyncDirection,
    pub payments: SyncDirection,
    pub paid: PaidInBooks,
    /// More mails than this that the shop would send stop a run, whoever agreed to it.
    pub max_mails: u32,
    /// More of a list that both sides share than this, in percent, does not change at once.
    pub max_share: u8,
    /// And more than this is not gone at once.
    pub max_gone: u8,
    /// Two times that differ by less do not say which is newer.
    pub skew: Duration,
    pub on_first: FirstMeeting,
    /// One for each field there is.
    pub product_fields: BTreeMap<ProductField, FieldRule>,
    pub customer_fields: BTreeMap<CustomerField, FieldRule>,
}

impl BothWays {
    /// Whether anything may be written to the shop.
    pub fn writes_to_shop(&self) -> bool {
        self.tells_payments()
            || self.customers == SyncDirection::Both
            || self.products == SyncDirection::Both
    }

    /// Whether the shop is told of what was paid in the books.
    pub fn tells_payments(&self) -> bool {
        self.payments == SyncDirection::Both && self.paid != PaidInBooks::Off
    }

    /// The same, with nothing for the shop.
    pub fn one_way(self) -> BothWays {
        let back = |way| match way {
            SyncDirection::Both => SyncDirection::ToBooks,
            way => way,
        };
        BothWays {
            customers: back(self.customers),
            products: back(self.products),
            payments: back(self.payments),
            ..self
        }
    }

    pub fn product(&self, field: ProductField) -> FieldRule {
        let known = self.product_fields.get(&field);
        known.copied().unwrap_or(field.usual())
    }

    pub fn customer(&self, field: CustomerField) -> FieldRule {
        let known = self.customer_fields.get(&field);
        known.copied().unwrap_or(field.usual())
    }
}

impl Default for BothWays {
    fn default() -> BothWays {
        let products = ProductField::ALL
            .iter()
            .map(|field| (*field, field.usual()));
        let customers = CustomerField::ALL
            .iter()
            .map(|field| (*field, field.usual()));
        BothWays {
            customers: SyncDirection::ToBooks,
            products: SyncDirection::ToBooks,
            payments: SyncDirection::ToBooks,
            paid: PaidInBooks::Note,
            max_mails: 10,
            max_share: 20,
            max_gone: 20,
            skew: Duration::from_secs(120),
            on_first: FirstMeeting::Manual,
            product_fields: products.collect(),
            customer_fields: customers.collect(),
        }
    }
}
