//! What becomes of the plan of payouts: carried out like any other, or only foreseen.

use chrono::{DateTime, Utc};

use crate::connector::port::LedgerWriter;
use crate::model::problem::{Problem, ProblemState};

use super::super::apply::apply;
use super::super::context::ApplyContext;
use super::super::error::EngineError;
use super::super::fence;
use super::super::filing::Filing;
use super::super::outcome::{PlanOutcome, Report, StepOutcome};
use super::plan::PayoutsPlanned;

/// Carries the plan out, and files what is held or failed.
pub async fn carry_out_payouts<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    planned: &PayoutsPlanned,
) -> Result<Report, EngineError> {
    let target = hands.target.name();
    if fence::creates(&planned.plan) {
        fence::look_beside_orders(hands, &planned.seen).await?;
    }
    let applied = apply(hands, &planned.plan, None).await?;
    let mut report = Report::of_read(planned.read);
    let mut filing = Filing::default();
    filing.file(target, &planned.plan, &applied, &mut report);
    for (step, result) in planned.plan.steps.iter().zip(&applied.results) {
        if let StepOutcome::Outdated { cause } = result {
            let source = step.source.clone();
            filing.failed(source, None, cause.clone(), true, ProblemState::Failed);
        }
    }
    filing.not_reached();
    report.problems = filing.close(hands, false)?;
    report.count_problems();
    report.tally.requests = hands.target.requests();
    report.end = applied.end;
    report.interrupted = applied.interrupted;
    Ok(report)
}

/// What the plan would come to. Nothing is filed.
pub fn foresee_payouts(
    target: &str,
    planned: &PayoutsPlanned,
    known: &[Problem],
    now: DateTime<Utc>,
) -> Report {
    let mut report = Report::of_read(planned.read);
    let mut filing = Filing::default();
    let foreseen = PlanOutcome::foreseen(&planned.plan);
    filing.file(target, &planned.plan, &foreseen, &mut report);
    report.problems = filing.foresee(target, known, now);
    report.count_problems();
    report
}
