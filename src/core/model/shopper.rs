//! Shoppers: the people who have an account in the shop. Guests are known by their orders alone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::order::{Address, Buyer};

/// An account of the shop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shopper {
    pub id: u64,
    /// The account's own; the one for billing may be another.
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    /// Has ever paid for an order.
    pub paying: bool,
    /// As in the last bill: name, company, e-mail and telephone.
    pub billing_name: Buyer,
    pub billing: Address,
    pub shipping: Address,
    pub created_at: Option<DateTime<Utc>>,
    pub modified_at: Option<DateTime<Utc>>,
}

impl Shopper {
    /// Identifies the content, whatever the time of change says.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut content = self.clone();
        content.modified_at = None;
        Fingerprint::of(&content)
    }
}

/// A person never reaches a log by accident.
impl std::fmt::Debug for Shopper {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shopper")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
