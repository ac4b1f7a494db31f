//! The journal of the shop: what is to be written there, put down before it is sent, and what came of it.

use chrono::{DateTime, Utc};

use crate::model::shop_change::{ShopChangeMade, ShopOutcome, ShopStep, ShopTicket};
use crate::store::{Store, StoreError};

port! {
    /// What was written to the shop so far, and what came of it.
    pub trait ShopAttempts {
        /// The changes that are still questions, oldest first.
        fn open_in_shop(&self, shop: &str) -> Result<Vec<ShopTicket>, StoreError>;

        /// When a change was sent last; `None` if it never was.
        fn sent_to_shop_at(&self, ticket: &ShopTicket) -> Result<Option<DateTime<Utc>>, StoreError>;

        /// Whether a change with this mark stands in the shop.
        fn is_done_in_shop(&self, shop: &str, mark: &str) -> Result<bool, StoreError>;

        /// How often one thing was changed, whether or not it is still kept what was changed of it.
        fn times_done_in_shop(&self, shop: &str, thing: &str) -> Result<u64, StoreError>;

        /// Every change of one thing, oldest first, as far as it is still kept.
        fn done_to_in_shop(&self, shop: &str, thing: &str) -> Result<Vec<ShopChangeMade>, StoreError>;

        /// Every change of the things of a kind, `customer` or `product`, oldest first, as far as it is still kept.
        fn done_to_kind_in_shop(&self, shop: &str, kind: &str) -> Result<Vec<ShopChangeMade>, StoreError>;

        /// The accounts and products that a run has changed, where it is not kept any more what it changed of them.
        fn forgotten_in_shop_by(&self, run_id: &str) -> Result<Vec<String>, StoreError>;

        /// The runs that ended early and have told less than they changed in the shop.
        fn untold_in_shop(&self) -> Result<Vec<String>, StoreError>;

        /// Every change that a run recorded, oldest first.
        fn done_in_shop_by(&self, run_id: &str) -> Result<Vec<ShopChangeMade>, StoreError>;
    }
}

port! {
    /// Writes down what is about to be changed in the shop, and what came of it.
    pub trait ShopJournal: ShopAttempts {
        /// Records a change. When this returns, the ticket is kept for good and the change may be sent. A mark of which a change is
        /// done or still a question is refused, and so is a run that another one has overtaken.
        fn intend_in_shop(
            &self,
            run_id: &str,
            shop: &str,
            step: ShopStep,
            now: DateTime<Utc>,
        ) -> Result<ShopTicket, StoreError>;

        /// Records that a ticket is about to be sent. Only when this returns a byte of it may leave.
        fn note_sending_to_shop(&self, ticket: &ShopTicket, now: DateTime<Utc>) -> Result<(), StoreError>;

        /// Records what came of a change. What is settled is settled for good.
        fn settle_in_shop(
            &self,
            ticket: &ShopTicket,
            outcome: &ShopOutcome,
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;
    }
}
