//! Fate: what became of a write that was sent, as far as it is known.

use tokio::time::Instant;

use crate::model::fault::{Fault, Reason};
use crate::model::ticket::{Found, Ticket};
use crate::store::TicketOutcome;

/// What became of one write.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
#[derive(Debug)]
pub enum WriteFate {
    Stands(Found),
    Deleted,
    Refused(Fault),
    /// It certainly was not done and may be tried again.
    NotDone,
}

impl WriteFate {
    /// As the journal keeps it.
    pub(super) fn outcome(&self) -> TicketOutcome {
        match self {
            WriteFate::Stands(found) => TicketOutcome::Done(found.clone()),
            WriteFate::Deleted => TicketOutcome::Deleted,
            WriteFate::Refused(fault) => TicketOutcome::Refused(Reason {
                code: fault.code.to_owned(),
                message: fault.said.clone(),
                hint: fault.hint.clone(),
            }),
            WriteFate::NotDone => TicketOutcome::NotDone,
        }
    }
}

/// What became of a ticket.
#[derive(Debug)]
pub struct Delivered {
    /// One for each write; `None`: still unknown, the ticket stays open.
    pub fates: Vec<Option<WriteFate>>,
    /// Set where something is unknown and may be found out later.
    pub doubt: Option<WriteDoubt>,
    /// Why the run cannot go on.
    pub end: Option<Fault>,
}

/// Why it is not known what became of writes, and until when that may change by itself.
#[derive(Clone, Debug)]
pub struct WriteDoubt {
    pub why: Fault,
    /// Nothing of the last sending is done after this.
    pub over_at: Instant,
    /// The company spoke about each of the writes, so it has had the request.
    pub answered: bool,
}

pub(super) fn all(
    ticket: &Ticket,
    fate: impl Fn() -> Option<WriteFate>,
    end: Option<Fault>,
) -> Delivered {
    Delivered {
        fates: ticket.request().writes.iter().map(|_| fate()).collect(),
        doubt: None,
        end,
    }
}
