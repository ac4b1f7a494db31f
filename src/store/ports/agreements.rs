//! The agreements: what the shop and the books agreed on field by field, and where they do not agree.

use chrono::{DateTime, Utc};

use crate::model::agreed::{AgreedRecord, ConflictTake, FieldConflict};
use crate::model::plan::Entity;
use crate::store::{Store, StoreError};

port! {
    /// What both sides agreed on.
    pub trait Agreements {
        /// Every record of a kind that both sides share, by id.
        fn agreed(&self, target: &str, entity: Entity) -> Result<Vec<AgreedRecord>, StoreError>;

        /// The fields on which they do not agree, oldest first.
        fn open_conflicts(&self, target: &str) -> Result<Vec<FieldConflict>, StoreError>;

        /// How many fields these are.
        fn count_open_conflicts(&self, target: &str) -> Result<u64, StoreError>;

        /// One conflict, by its id as a person types it: the open one, or else the last that was settled. `None`: there never was any.
        fn conflict_called(&self, id: &str) -> Result<Option<FieldConflict>, StoreError>;

        /// What was in conflict and is settled, newest first, at most so many.
        fn settled_conflicts(
            &self,
            target: &str,
            limit: u32,
        ) -> Result<Vec<FieldConflict>, StoreError>;
    }
}

port! {
    /// Remembers what both sides agreed on, and settles what they did not.
    pub trait AgreementsWriter: Agreements {
        /// Remembers records, each in the place of what was known of it.
        fn agree(&self, target: &str, records: &[AgreedRecord]) -> Result<(), StoreError>;

        /// Opens a conflict, or puts what both sides say now into the one that is open. Answers with how it is kept: a decision about
        /// other values than these is forgotten.
        fn open_conflict(
            &self,
            target: &str,
            conflict: &FieldConflict,
        ) -> Result<FieldConflict, StoreError>;

        /// Keeps for good that a field was in conflict and whose word ended it. Without an open one it is written down as it is: a
        /// rule decided before anybody was asked.
        fn settle_conflict(
            &self,
            target: &str,
            conflict: &FieldConflict,
            by: &str,
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Keeps a person's decision with the open conflict. `None`: it is not open.
        fn decide_conflict(
            &self,
            id: &str,
            take: &ConflictTake,
        ) -> Result<Option<FieldConflict>, StoreError>;
    }
}
