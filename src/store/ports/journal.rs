//! The journal: what is asked of a service, written down before it is sent, and what came of it.
//!
//! Only [`Journal`] makes a [`Ticket`], and nothing is sent without one. Whoever plans is handed [`Attempts`]: it knows what was tried
//! and cannot ask for anything.

use chrono::{DateTime, Utc};

use crate::model::document::DocumentKey;
use crate::model::link::Link;
use crate::model::plan::Subject;
use crate::model::run::Change;
use crate::model::ticket::{Request, Ticket};
use crate::store::{
    CountedChanges, RequestMade, Store, StoreError, TicketOutcome, WriteDone, WriteTried,
};

port! {
    /// What was asked of a service so far, and what came of it: the reading half of the journal.
    pub trait Attempts {
        /// The tickets that are still questions, oldest first, each with the places of its writes that have no outcome.
        fn open_tickets(&self, target: &str) -> Result<Vec<(Ticket, Vec<usize>)>, StoreError>;

        /// How many tickets are still questions. What is sealed in them is not opened.
        fn count_open_tickets(&self, target: &str) -> Result<usize, StoreError>;

        /// When a ticket was sent last; `None` if it never was.
        fn sent_at(&self, ticket: &Ticket) -> Result<Option<DateTime<Utc>>, StoreError>;

        /// The latest writes that were to make or change this, newest first; what took it back does not count.
        fn tried(&self, target: &str, subject: &Subject) -> Result<Vec<WriteTried>, StoreError>;

        /// Every request that was to make, change or take back this, oldest first.
        fn requests_for(
            &self,
            target: &str,
            subject: &Subject,
        ) -> Result<Vec<RequestMade>, StoreError>;

        /// Every write that has changed this in the books, oldest first, each with what stood there before.
        fn done_to(&self, target: &str, subject: &Subject) -> Result<Vec<WriteDone>, StoreError>;

        /// What a run has written to, in no order.
        fn subjects_of_run(&self, target: &str, run_id: &str) -> Result<Vec<Subject>, StoreError>;

        /// How many tickets were made for exactly these writes before (see [`fingerprint_of`](crate::store::fingerprint_of)): a new attempt takes the
        /// next number and with it a new key.
        fn attempts(&self, fingerprint: &str) -> Result<u32, StoreError>;

        /// When it was first to be made, by our clock; `None` where it was found in the books.
        fn first_intended(
            &self,
            target: &str,
            key: DocumentKey,
        ) -> Result<Option<DateTime<Utc>>, StoreError>;

        /// What the requests of a run have changed, in the order in which they were sent, and how many requests it was.
        fn done_in(&self, run_id: &str) -> Result<(Vec<Change>, u64), StoreError>;

        /// The first so many of them.
        fn done_first(&self, run_id: &str, limit: u32) -> Result<Vec<Change>, StoreError>;

        /// As [`Attempts::done_in`], counted and not read.
        fn counted_in(&self, run_id: &str) -> Result<(Vec<CountedChanges>, u64), StoreError>;

        /// Whether a run that ended is one of [`Attempts::untold_runs`].
        fn is_untold(&self, run_id: &str) -> Result<bool, StoreError>;

        /// Ended runs that sent something and have filed no change there, oldest first. A database files its changes as it goes.
        fn untold_runs(&self) -> Result<Vec<String>, StoreError>;
    }
}

port! {
    /// Writes down what is about to be asked, and what came of it.
    pub trait Journal: Attempts {
        /// Records a request. When this returns, the ticket is kept for good and the request may be sent.
        ///
        /// A key that this target has seen under another ticket is refused: its service would give the old answer and
        /// do nothing. So is a run that another one has overtaken, and a change of something of which nobody knows what it was.
        fn intend(
            &self,
            run_id: &str,
            target: &str,
            request: Request,
            now: DateTime<Utc>,
        ) -> Result<Ticket, StoreError>;

        /// Records that a ticket is about to be sent, for the first time or again. Only when this returns a byte of it may leave.
        fn note_sending(&self, ticket: &Ticket, now: DateTime<Utc>) -> Result<(), StoreError>;

        /// Records what came of writes, by their place in the ticket, together with the links that follow from it, in one
        /// change. What was deleted loses its link. The ticket is closed when all of its writes have an outcome.
        ///
        /// Saying the same again changes nothing; saying something else about a settled write is refused.
        fn settle(
            &self,
            ticket: &Ticket,
            outcomes: &[(usize, TicketOutcome)],
            links: &[Link],
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Refuses a run that another one has overtaken.
        fn still_ahead(&self, run_id: &str) -> Result<(), StoreError>;
    }
}
