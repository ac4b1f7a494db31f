//! Carried out: an inverse plan becomes requests, and what came of it is written down.
//!
//! Every order of the plan stands undone before the first of its documents is touched. Wherever the run ends after that, no sync posts
//! it again in between, and the same command goes on.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::connector::port::LedgerWriter;
use crate::model::fault::Reason;
use crate::model::plan::{Plan, RecordKey, Subject};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::Tally;
use crate::store::{ProblemFound, StoreError};

use super::super::apply::apply;
use super::super::context::ApplyContext;
use super::super::filing::Filing;
use super::super::outcome::{PlanOutcome, Report, StepOutcome};
use super::guards::UndoObstacle;
use super::inverse::UndoPlanned;
use super::undone;

/// On whose word a run is taken back, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoWords {
    pub by: String,
    pub why: Option<String>,
}

/// Carries an inverse plan out.
pub async fn take_back<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    planned: &UndoPlanned,
    words: &UndoWords,
) -> Result<Report, StoreError> {
    let plan = &planned.plan;
    let target = hands.target.name();
    let orders: BTreeSet<&RecordKey> = plan.steps.iter().map(|step| &step.source).collect();
    let known = hands.store.problems(Some(target), true)?;
    stand_undone(hands, plan, &orders, words)?;
    let applied = apply(hands, plan, None).await?;
    let mut report = Report::default();
    let mut filing = Filing::default();
    filing.file(target, plan, &applied, &mut report);
    for (step, result) in plan.steps.iter().zip(&applied.results) {
        if let StepOutcome::Outdated { cause } = result {
            filing.failed(
                step.source.clone(),
                None,
                cause.clone(),
                true,
                ProblemState::Failed,
            );
        }
    }
    // What is in the way was told before and is none of the state's problems: those orders stay as they are.
    let now = hands.clock.now();
    report.problems = filing.foresee(target, &[], now);
    stand_as_before(hands, plan, &orders, &applied, &known)?;
    count(&mut report);
    report.tally.requests = hands.target.requests();
    report.end = applied.end;
    report.interrupted = applied.interrupted;
    Ok(report)
}

/// What an inverse plan would come to. Nothing is filed.
pub fn foresee_undo(target: &str, planned: &UndoPlanned, now: DateTime<Utc>) -> Report {
    let done = planned.plan.steps.iter().map(|step| StepOutcome::Done {
        id: step
            .remote
            .as_ref()
            .map_or_else(String::new, |remote| remote.id.clone()),
        warnings: Vec::new(),
    });
    let applied = PlanOutcome {
        results: done.collect(),
        ..PlanOutcome::default()
    };
    let mut report = Report::default();
    let mut filing = Filing::default();
    filing.file(target, &planned.plan, &applied, &mut report);
    report.problems = filing.foresee(target, &[], now);
    count(&mut report);
    report
}

fn count(report: &mut Report) {
    let mut tally = std::mem::take(&mut report.tally);
    tally = Tally {
        held: 0,
        failed: 0,
        conflicts: 0,
        ..tally
    };
    for problem in &report.problems {
        match problem.state {
            ProblemState::Held => tally.held += 1,
            ProblemState::Failed | ProblemState::Parked => tally.failed += 1,
            ProblemState::Conflict => tally.conflicts += 1,
            ProblemState::SetAside => {}
        }
    }
    report.tally = tally;
}

fn stand_undone<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    plan: &Plan,
    orders: &BTreeSet<&RecordKey>,
    words: &UndoWords,
) -> Result<(), StoreError> {
    let Some(taken) = &plan.basis.takes_back else {
        return Ok(());
    };
    let now = hands.clock.now();
    for order in orders {
        let why = words.why.as_deref();
        let reason = undone::reason(order, &taken.run, &words.by, now, why);
        raise(hands, order, ProblemState::Held, &reason, false, 0)?;
    }
    Ok(())
}

fn raise<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    order: &RecordKey,
    state: ProblemState,
    reason: &Reason,
    retryable: bool,
    tries: u32,
) -> Result<(), StoreError> {
    let complaint = ProblemFound {
        target: hands.target.name(),
        source: order,
        subject: None,
        state,
        reason,
        retryable,
        tries,
    };
    hands
        .store
        .raise(&complaint, hands.run_id, hands.clock.now())?;
    Ok(())
}

/// An order of which nothing was done stands as it stood; of one that was taken back, what else was wrong with it is over.
fn stand_as_before<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    plan: &Plan,
    orders: &BTreeSet<&RecordKey>,
    applied: &PlanOutcome,
    known: &[Problem],
) -> Result<(), StoreError> {
    let target = hands.target.name();
    let in_doubt: BTreeSet<Subject> = hands
        .store
        .open_tickets(target)?
        .into_iter()
        .flat_map(|(ticket, _)| ticket.request().writes.clone())
        .map(|write| write.subject)
        .collect();
    for order in orders {
        let of_order = || {
            let steps = plan.steps.iter().zip(&applied.results);
            steps.filter(|(step, _)| step.source == **order)
        };
        let is_done = |result: &StepOutcome| matches!(result, StepOutcome::Done { .. });
        let touched =
            of_order().any(|(step, result)| is_done(result) || in_doubt.contains(&step.subject));
        if of_order().all(|(_, result)| is_done(result)) {
            hands.store.resolve(target, order, &[None])?;
        } else if !touched {
            let before = known
                .iter()
                .find(|problem| problem.source == **order && problem.subject.is_none());
            match before {
                Some(before) => raise(
                    hands,
                    order,
                    before.state,
                    &before.reason,
                    before.retryable,
                    before.tries,
                )?,
                None => {
                    let others: Vec<_> = known
                        .iter()
                        .filter(|problem| problem.source == **order && problem.subject.is_some())
                        .map(|problem| problem.subject)
                        .collect();
                    hands.store.resolve(target, order, &others)?;
                }
            }
        }
    }
    Ok(())
}

impl UndoPlanned {
    /// How many orders the plan takes back.
    pub fn orders(&self) -> usize {
        let orders: BTreeSet<&RecordKey> =
            self.plan.steps.iter().map(|step| &step.source).collect();
        orders.len()
    }

    /// How many orders cannot be taken back.
    pub fn blocked(&self) -> usize {
        let orders: BTreeSet<&RecordKey> = self
            .obstacles
            .iter()
            .map(|one: &UndoObstacle| &one.order)
            .collect();
        orders.len()
    }
}
