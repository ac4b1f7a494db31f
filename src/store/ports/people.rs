//! The people: what is kept of them in whichever role, what seals it, and how it is dropped or forgotten.
//!
//! What a body says is the ledger's own dialect. Whoever asks brings what reads it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::store::{BodyDialect, BodyKey, PersonSought, Store, StoreError, Traces};

port! {
    /// What is kept of people.
    pub trait PeopleKept {
        /// Opens with this key what is sealed, and seals with it what comes. Nothing that is kept is changed.
        fn use_body_key(&self, key: Arc<dyn BodyKey>) -> ();

        /// Whether what is kept of people is sealed.
        fn is_veiled(&self) -> Result<bool, StoreError>;

        /// How many changes of a run have bodies that are sealed and do not open.
        fn shut_changes(&self, run_id: &str) -> Result<usize, StoreError>;

        /// What is kept of a person. What is sealed must open, or it is said that it does not.
        fn traces(
            &self,
            sought: &PersonSought,
            dialect: &BodyDialect,
        ) -> Result<Traces, StoreError>;

        /// How many copies of earlier versions hold people, whoever these are.
        fn copies_with_people(&self) -> Result<usize, StoreError>;
    }
}

port! {
    /// Seals, drops and forgets what is kept of people.
    pub trait PeopleWriter: PeopleKept {
        /// Seals what is still kept in plain text, the copies of earlier versions with it, and says how many texts it were.
        fn veil_everything(&self) -> Result<u64, StoreError>;

        /// Drops the bodies of what was settled before then, and says of how many requests. `figures` makes of what stood in the books
        /// before a change what is kept of it for good.
        fn drop_bodies(
            &self,
            before: DateTime<Utc>,
            figures: &dyn Fn(&str) -> String,
        ) -> Result<u64, StoreError>;

        /// Forgets a person in one change, and then everybody in the copies of earlier versions. Requests without an outcome stay as they
        /// are in the file itself.
        fn forget(
            &self,
            sought: &PersonSought,
            dialect: &BodyDialect,
        ) -> Result<Traces, StoreError>;
    }
}
