//! The history: which runs there were, what they were asked and allowed to do, and what they did.

use chrono::{DateTime, Utc};

use crate::model::fingerprint::Fingerprint;
use crate::model::run::{Change, Run};
use crate::store::{
    ChainCheck, ChainHead, ConfirmationUse, CountedChanges, HeadElsewhere, LeftOut, RunFilter,
    Store, StoreError,
};

port! {
    /// What runs did.
    pub trait History {
        /// The runs that the filter lets through, the newest first.
        fn runs(&self, filter: &RunFilter) -> Result<Vec<Run>, StoreError>;

        /// One run by its id, or by as much of its beginning as no other run shares.
        fn run(&self, id_or_prefix: &str) -> Result<Option<Run>, StoreError>;

        /// What a run changed, in the order in which it did.
        fn changes(&self, run_id: &str) -> Result<Vec<Change>, StoreError>;

        /// The changes that a run has filed, counted.
        fn counted_changes(&self, run_id: &str) -> Result<Vec<CountedChanges>, StoreError>;

        /// What was sent last of a customer or an item, by our key for it, as long as its body is kept.
        fn name_sent(&self, source_id: &str) -> Result<Option<Change>, StoreError>;

        /// The next so many changes that a run made, behind the one with this number.
        fn changes_after(
            &self,
            run_id: &str,
            after: i64,
            limit: u32,
        ) -> Result<Vec<(i64, Change)>, StoreError>;

        /// The run that this one took back; `None`: it took none back.
        fn takes_back(&self, run_id: &str) -> Result<Option<String>, StoreError>;

        /// Whether some run has taken this one back.
        fn was_taken_back(&self, run_id: &str) -> Result<bool, StoreError>;

        /// When runs left the records with this id out, oldest first.
        fn left_out(&self, source_id: &str) -> Result<Vec<LeftOut>, StoreError>;

        /// When runs left the records with this number out, oldest first.
        fn left_out_numbered(&self, number: &str) -> Result<Vec<LeftOut>, StoreError>;

        /// How many reads the runs that began then or later have asked for, as they are metered.
        fn reads_since(&self, since: DateTime<Utc>) -> Result<u64, StoreError>;

        /// When a sync last came to its end; without one, when the first run began. `None`: nothing ever ran.
        fn synced_last(&self) -> Result<Option<(DateTime<Utc>, bool)>, StoreError>;

        /// The newest entry of the chain over the history: what stands for all of it. `None`: no run has ended yet.
        fn chain_head(&self) -> Result<Option<ChainHead>, StoreError>;

        /// Works out every entry anew from what the history says now, and looks for a head that somebody kept elsewhere, and for heads that
        /// were fetched from where they lie.
        fn checked_chain(
            &self,
            given: Option<&str>,
            elsewhere: &[HeadElsewhere],
        ) -> Result<ChainCheck, StoreError>;

        /// Until when an offered token is good, and whether it was used; `None` if no run offered it.
        fn confirmation(
            &self,
            token_hash: &str,
        ) -> Result<Option<(DateTime<Utc>, bool)>, StoreError>;

        /// The document of the run that a caller asked for under this key, and a digest of what was asked. Earlier
        /// versions did not keep what was asked.
        fn keyed_run(&self, key: &str) -> Result<Option<(String, Option<String>)>, StoreError>;
    }
}

port! {
    /// Writes down that a run began, what it did and how it ended, and what was agreed to beforehand.
    pub trait HistoryWriter: History {
        /// Records that a run begins. From then on no other run that writes may record a request.
        fn begin_run(&self, run: &Run) -> Result<(), StoreError>;

        /// Remembers that a run takes another one back, before it writes anything.
        fn note_undo(&self, run_id: &str, undone: &str) -> Result<(), StoreError>;

        /// Keeps how a run ended. What it was asked to do stays as it was at the beginning.
        fn finish_run(&self, run: &Run) -> Result<(), StoreError>;

        /// Files in one change what a run did that ended before it could say so, and how it stands by that. `by` is the run that found
        /// out: if another one has taken over from it, nothing is filed.
        fn file_run(&self, by: &str, run: &Run, changes: &[Change]) -> Result<(), StoreError>;

        /// Marks runs that no process finished any more as interrupted, and says how many there were. Only whoever
        /// holds the lock may ask: without it, a running one is not a dead one.
        fn close_abandoned_runs(&self, now: DateTime<Utc>) -> Result<usize, StoreError>;

        /// Remembers that the head of the chain was given to somebody else, and to whom.
        fn note_anchor(
            &self,
            place: &str,
            said: &str,
            head: ChainHead,
            at: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Adds to what a run changed, in this order. Refused to a run that another one has taken over from.
        fn record_changes(&self, run_id: &str, changes: &[Change]) -> Result<(), StoreError>;

        /// Remembers the answer to a caller's key. The first one stays: the same key has the same answer for good.
        fn remember_keyed_run(
            &self,
            key: &str,
            arguments: &str,
            text: &str,
        ) -> Result<(), StoreError>;

        /// Keeps the hash of a token that says yes to one plan until then. Nobody can confirm anything with what is kept.
        fn offer_confirmation(
            &self,
            token_hash: &str,
            plan: &Fingerprint,
            expires: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Uses a token up if it is good for this plan now. Of two that come at once, one is told that it is used.
        fn use_confirmation(
            &self,
            token_hash: &str,
            plan: &Fingerprint,
            now: DateTime<Utc>,
        ) -> Result<ConfirmationUse, StoreError>;
    }
}
