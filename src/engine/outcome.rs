//! Outcome: what a step, a plan and a run came to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::fault::{Fault, Reason};
use crate::model::plan::{Plan, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::{Change, Tally};

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

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    pub tally: Tally,
    pub changes: Vec<Change>,
    pub problems: Vec<Problem>,
    /// Of a plan: what one wants to see of its orders and refunds, by their record.
    pub glances: BTreeMap<RecordKey, OrderGlance>,
    /// Why it ended early.
    pub end: Option<Fault>,
    pub interrupted: bool,
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
