//! Context: what the stages of a run are handed, and for how long they are patient.
//!
//! There is not one for all of them, because each may do another thing, and the type is what forbids the rest. Who gathers and plans
//! names no ledger that takes requests and no journal; what a plan is drawn from (`PlanContext`) reaches no shop either, so that it is
//! pure; who applies reaches no shop and no mapping; and the copy (`CopyContext`) reaches a database and no books. A context with all
//! of it would hold what a dry run must not have. What they share is borrowed, and is a line each.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::connector::port::{LedgerReader, LedgerWriter, ShopReader};
use crate::mapping::Set;
use crate::model::both::BothWays;
use crate::model::clock::Clock;
use crate::model::event::Tell;
use crate::model::fault::{Fault, Remedy};
use crate::model::rules::Rules;
use crate::store::{StateReader, StateWriter, StoreError};

/// What a run plans with: nothing in here can write to a ledger.
pub struct PlanningContext<'a, S: ShopReader, F: LedgerReader> {
    pub source: &'a S,
    pub finder: &'a F,
    pub store: &'a dyn StateReader,
    pub rules: &'a Rules,
    /// Which fields may go back to the shop.
    pub both: &'a BothWays,
    pub mappings: &'a Set,
    pub clock: &'a Clock,
    pub tell: Tell<'a>,
}

/// What applying needs besides the plan.
pub struct ApplyContext<'a, T: LedgerWriter> {
    pub target: &'a T,
    pub store: &'a dyn StateWriter,
    pub rules: &'a Rules,
    pub run_id: &'a str,
    pub clock: &'a Clock,
    /// Set when somebody wants the run to end: what is under way is finished and recorded.
    pub stop: &'a AtomicBool,
    pub patience: Patience,
    pub tell: Tell<'a>,
}

impl<T: LedgerWriter> ApplyContext<'_, T> {
    /// Whether no other run has taken over.
    pub fn may_send(&self) -> Result<(), Fault> {
        match self.store.still_ahead(self.run_id) {
            Ok(()) => Ok(()),
            Err(error) => Err(overtaken(&error)),
        }
    }
}

/// As a reason to end a run: what is under way is still recorded.
pub(super) fn overtaken(error: &StoreError) -> Fault {
    let code = match error {
        StoreError::Overtaken { .. } => "run_overtaken",
        _ => "state_unreadable",
    };
    Fault::new(Remedy::Stop, code, error.to_string()).hint(error.hint())
}

/// How patient a run is. Tests are in more of a hurry.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Before the books are asked what became of a lost answer; doubles with each further look.
    pub first_pause: Duration,
    /// For so long the company may be at work on a request, whoever still waits for it.
    pub settle_after: Duration,
    /// How often a run sends a request of which nothing came to stand in the books.
    pub sendings_max: u32,
    /// How often the books may answer that they did not do something before a run gives it up.
    pub asks_max: u32,
    /// How long a service may make us wait for one request, all told.
    pub wait_max: Duration,
    /// No single pause is longer, whatever the service asks for.
    pub pause_max: Duration,
    /// A record that fails so often in a row is parked.
    pub tries_max: u32,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            first_pause: Duration::from_secs(1),
            settle_after: Duration::from_secs(120),
            sendings_max: 3,
            asks_max: 5,
            wait_max: Duration::from_secs(600),
            pause_max: Duration::from_secs(600),
            tries_max: 8,
        }
    }
}
