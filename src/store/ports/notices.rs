//! The notices: what is wrong until somebody mends it, and the word of it to the owner.
//!
//! A role of its own beside the problems: a run files problems, and whoever tells the owner of them does not.

use chrono::{DateTime, Utc};

use crate::model::incident::{Concern, Incident, Notice};
use crate::store::{Store, StoreError, Telling};

port! {
    /// Which incidents are open, and who is still to be told.
    pub trait Notices {
        /// What is wrong and not over, oldest first.
        fn open_incidents(&self) -> Result<Vec<Incident>, StoreError>;

        /// The notices that a channel is to be sent now, oldest first.
        fn due_notices(
            &self,
            channel: &str,
            now: DateTime<Utc>,
        ) -> Result<Vec<Notice>, StoreError>;

        /// The notices that were to be sent and could not be.
        fn unsent_notices(&self) -> Result<Vec<Notice>, StoreError>;

        /// Every notice that waits, for its time or for another attempt.
        fn waiting_notices(&self) -> Result<Vec<Notice>, StoreError>;
    }
}

port! {
    /// Opens and closes incidents, and remembers who was told.
    pub trait NoticesWriter: Notices {
        /// Opens an incident, or counts that it was met again. Its words are those of the last time.
        fn meet_incident(
            &self,
            concern: &Concern,
            telling: &Telling<'_>,
        ) -> Result<Incident, StoreError>;

        /// Ends an incident. The channels that were told of it are told that it is over.
        fn close_incident(&self, id: i64, telling: &Telling<'_>) -> Result<(), StoreError>;

        /// Remembers what became of an attempt to send these together.
        fn settle_notices(
            &self,
            ids: &[i64],
            error: Option<&str>,
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Stops trying to send what is older than this. Nobody is helped by last month's news.
        fn give_up_notices(
            &self,
            older_than: DateTime<Utc>,
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;
    }
}
