//! Drafts: customers and items that a plan is about to make in the books.

use serde::{Deserialize, Serialize};

use super::order::Address;

/// A customer to be made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDraft {
    pub display_name: String,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
    /// Set where it is not the home currency.
    pub currency: Option<String>,
    pub billing: Address,
    pub shipping: Address,
}

/// An item to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    pub name: String,
    pub sku: Option<String>,
    /// Cannot be touched or shipped: fees, shipping itself, virtual goods.
    pub service: bool,
    pub income_account: String,
}

impl std::fmt::Debug for CustomerDraft {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("CustomerDraft")
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}
