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
    let mut known = hands.store.problems(Some(target), false)?;
    known.retain(undone::is_undone);
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
    // What is in the way of other orders was told before and is none of the state's problems: those stay as they are.
    let touched = touched(hands, plan, &applied)?;
    let kept = filing.keep(hands, &touched)?;
    let now = hands.clock.now();
    report.problems = filing.foresee(target, &kept, now);
    stand_as_before(hands, plan, &orders, &applied, &touched, &known)?;
    report.count_problems();
    report.tally.requests = hands.target.requests();
    report.end = applied.end;
    report.interrupted = applied.interrupted;
    Ok(report)
}

/// What an inverse plan would come to. Nothing is filed.
pub fn foresee_undo(target: &str, planned: &UndoPlanned, now: DateTime<Utc>) -> Report {
    let mut report = Report::default();
    let mut filing = Filing::default();
    let foreseen = PlanOutcome::foreseen(&planned.plan);
    filing.file(target, &planned.plan, &foreseen, &mut report);
    report.problems = filing.foresee(target, &[], now);
    report.count_problems();
    report
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
        raise(hands, order, &reason)?;
    }
    Ok(())
}

fn raise<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    order: &RecordKey,
    reason: &Reason,
) -> Result<(), StoreError> {
    let complaint = ProblemFound {
        target: hands.target.name(),
        source: order,
        subject: None,
        state: ProblemState::Held,
        reason,
        retryable: false,
        tries: 0,
    };
    hands
        .store
        .raise(&complaint, hands.run_id, hands.clock.now())?;
    Ok(())
}

/// The orders of which something was written, or may have been.
fn touched<'p, T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    plan: &'p Plan,
    applied: &PlanOutcome,
) -> Result<BTreeSet<&'p RecordKey>, StoreError> {
    let open = hands.store.open_tickets(hands.target.name())?;
    let in_doubt: BTreeSet<Subject> = open
        .into_iter()
        .flat_map(|(ticket, _)| ticket.request().writes.clone())
        .map(|write| write.subject)
        .collect();
    let steps = plan.steps.iter().zip(&applied.results).enumerate();
    let touched = steps.filter(|(place, (step, result))| {
        is_done(result) || applied.stand_wrong.contains(place) || in_doubt.contains(&step.subject)
    });
    Ok(touched.map(|(_, (step, _))| &step.source).collect())
}

fn is_done(result: &StepOutcome) -> bool {
    matches!(result, StepOutcome::Done { .. })
}

/// An order of which nothing was done stands as it stood; of one that was taken back, what else was wrong with it is over. One that is
/// taken back in part stands undone, whatever went wrong with the rest of it.
fn stand_as_before<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    plan: &Plan,
    orders: &BTreeSet<&RecordKey>,
    applied: &PlanOutcome,
    touched: &BTreeSet<&RecordKey>,
    undone_before: &[Problem],
) -> Result<(), StoreError> {
    let target = hands.target.name();
    for order in orders {
        let steps = plan.steps.iter().zip(&applied.results);
        let mut of_order = steps.filter(|(step, _)| step.source == **order);
        if of_order.all(|(_, result)| is_done(result)) {
            hands.store.resolve(target, order, &[])?;
        } else if !touched.contains(order) {
            let before = undone_before
                .iter()
                .find(|problem| problem.source == **order);
            match before {
                Some(before) => raise(hands, order, &before.reason)?,
                None => hands.store.lift_undone(target, order)?,
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
