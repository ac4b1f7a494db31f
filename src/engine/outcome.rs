//! Outcome: what a step, a plan and a run came to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::fault::{Fault, Reason};
use crate::model::money::Money;
use crate::model::plan::{Action, Plan, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::{Change, Tally};
use crate::model::service::Service;

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It stands as planned, under this id of the books.
    Done { id: String, warnings: Vec<Reason> },
    /// The books refused it, or it came out wrong and was taken back.
    Failed { reason: Reason, retryable: bool },
    /// Somebody changed the thing meanwhile: the record is to be planned again.
    Outdated { cause: Reason },
    /// Something it needs was not made.
    Blocked { reason: Reason, retryable: bool },
    /// The run ended before its turn.
    NotReached,
}

/// What became of a plan.
#[derive(Debug, Default)]
pub struct PlanOutcome {
    /// One for each step.
    pub results: Vec<StepOutcome>,
    /// The places of steps that were written, came out other than meant, and stand so.
    pub stand_wrong: BTreeSet<usize>,
    /// Why the run ended early, if it did.
    pub end: Option<Fault>,
    pub interrupted: bool,
}

impl PlanOutcome {
    /// What a plan would come to: every step as it was meant.
    pub fn foreseen(plan: &Plan) -> PlanOutcome {
        let done = plan.steps.iter().map(|step| StepOutcome::Done {
            id: step
                .remote
                .as_ref()
                .map_or_else(String::new, |remote| remote.id.clone()),
            warnings: Vec::new(),
        });
        PlanOutcome {
            results: done.collect(),
            ..PlanOutcome::default()
        }
    }
}

/// What of an order stands beside its documents on somebody's screen, and in no file and no answer for machines.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderGlance {
    /// The shop's own word.
    pub status: String,
    pub buyer: String,
}

impl fmt::Debug for OrderGlance {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OrderGlance")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Changes of the books and of the shop that a report counts and does not name, because they would grow with the shop. The history has
/// them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct UnlistedChanges {
    /// All of them, also those that no table shows.
    changes: usize,
    /// Of records and not of what they need.
    pub writes: usize,
    pub skipped: usize,
    /// Those of which there is something to be known.
    pub warned: usize,
    /// How many documents of the books and what they come to, by action, kind and currency.
    pub sums: BTreeMap<(&'static str, String, String), (u64, Money)>,
}

impl UnlistedChanges {
    pub fn count(&mut self, change: &Change) {
        self.changes += 1;
        self.skipped += usize::from(change.action == Action::Skip);
        self.warned += usize::from(!change.warnings.is_empty());
        if !change.action.writes() {
            return;
        }
        self.writes += usize::from(change.source.is_record());
        // What the shop is told moves no money.
        if change.target == Service::Woocommerce.as_str() {
            return;
        }
        if let (Some(total), Some(currency)) = (change.total, &change.currency) {
            let kind = (
                change.action.as_str(),
                change.entity.clone(),
                currency.clone(),
            );
            let (count, sum) = self.sums.entry(kind).or_insert((0, Money::ZERO));
            *count += 1;
            *sum += total;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.changes == 0
    }
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    pub tally: Tally,
    pub changes: Vec<Change>,
    pub unlisted: UnlistedChanges,
    pub problems: Vec<Problem>,
    /// Of a plan: what one wants to see of its orders and refunds, by their record.
    pub glances: BTreeMap<RecordKey, OrderGlance>,
    /// Why it ended early.
    pub end: Option<Fault>,
    pub interrupted: bool,
    /// Something was read anew while it was carried out, and is written as it was then.
    pub read_again: bool,
}

impl Report {
    /// Of so many records that were read, and nothing else yet.
    pub fn of_read(read: u64) -> Report {
        Report {
            tally: Tally {
                read,
                ..Tally::default()
            },
            ..Report::default()
        }
    }

    /// Adds what came of something else in the same run.
    pub fn and(mut self, more: Report) -> Report {
        self.tally += &more.tally;
        self.changes.extend(more.changes);
        self.problems.extend(more.problems);
        self.glances.extend(more.glances);
        Report {
            end: self.end.or(more.end),
            interrupted: self.interrupted || more.interrupted,
            read_again: self.read_again || more.read_again,
            ..self
        }
    }

    /// Adds what is open to the figures.
    pub fn count_problems(&mut self) {
        for problem in &self.problems {
            match problem.state {
                ProblemState::Held => self.tally.held += 1,
                ProblemState::Failed | ProblemState::Parked => self.tally.failed += 1,
                ProblemState::Conflict => self.tally.conflicts += 1,
                ProblemState::SetAside => {}
            }
        }
    }
}
