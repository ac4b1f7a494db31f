//! Carried out: an inverse plan becomes requests, and what came of it is written down.
//!
//! Every order of the plan stands undone before the first of its documents is touched. Wherever the run ends after that, no sync posts
//! it again in between, and the same command goes on.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::connector::port::{LedgerWriter, ShopWriter};
use crate::model::clock::local;
use crate::model::fault::Reason;
use crate::model::plan::{Action, Hold, Plan, RecordKey, Subject};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::Change;
use crate::model::service::Service;
use crate::model::shop_change::ShopStep;
use crate::store::{ProblemFound, StoreError};

use super::super::apply::apply;
use super::super::both_ways::{self, settle_taken_back};
use super::super::context::ApplyContext;
use super::super::error::EngineError;
use super::super::filing::Filing;
use super::super::outcome::{PlanOutcome, Report, StepOutcome};
use super::super::shopward::{
    ShopStepOutcome, ShopwardContext, ShopwardOutcome, file_shopward, shop_change, write_to_shop,
};
use super::guards::UndoObstacle;
use super::inverse::UndoPlanned;
use super::undone;

/// On whose word a run is taken back, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoWords {
    pub by: String,
    pub why: Option<String>,
}

/// Carries an inverse plan out, first in the books and then in the shop.
pub async fn take_back<T: LedgerWriter, S: ShopWriter>(
    hands: &ApplyContext<'_, T>,
    at_shop: &ShopwardContext<'_, S>,
    planned: &UndoPlanned,
    words: &UndoWords,
) -> Result<Report, EngineError> {
    let plan = &planned.plan;
    let target = hands.target.name();
    let orders = planned.records();
    let mut known = hands.store.problems(Some(target), false)?;
    known.retain(undone::is_undone);
    stand_undone(hands, plan, &orders, words)?;
    let undone = plan.basis.takes_back.as_ref().map(|back| &back.run);
    if let Some(run) = undone {
        let began = hands.store.run(run)?.map(|run| run.started_at);
        let began = began.unwrap_or_else(|| hands.clock.now());
        both_ways::mark(hands.store, target, &planned.written, run, began)?;
    }
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
    report.end.clone_from(&applied.end);
    report.interrupted = applied.interrupted;
    let told = tell_shop(at_shop, plan, &applied).await?;
    // What is in the way of other orders was told before and is none of the state's problems: those stay as they are.
    let mut touched = touched(hands, plan, &applied)?;
    touched.extend(touched_in_shop(at_shop, plan, &told)?);
    let kept = filing.keep(hands, &touched)?;
    let now = hands.clock.now();
    report.problems = filing.foresee(target, &kept, now);
    report.count_problems();
    file_shopward(at_shop, target, &plan.to_shop, &told, &mut report)?;
    report.changes.extend(plan.stays.iter().map(stays));
    let done = DoneBack {
        applied: &applied,
        told: &told,
        touched: &touched,
    };
    stand_as_before(hands, plan, &orders, &done, &known)?;
    if let Some(run) = undone
        && report.end.is_none()
        && !report.interrupted
    {
        let settling = settle_taken_back(
            at_shop.shop,
            hands.target,
            hands.store,
            run,
            hands.run_id,
            now,
        );
        // All is written by now, and has to be told. A repeated undo settles what is still open.
        match settling.await {
            Ok(()) => {}
            Err(EngineError::Fault(fault)) => report.end = Some(fault),
            Err(error) => return Err(error),
        }
    }
    report.tally.requests = hands.target.requests();
    Ok(report)
}

/// The steps toward the shop, but for those of records of which something stayed undone in the books: none of those is taken back by half.
async fn tell_shop<S: ShopWriter>(
    at_shop: &ShopwardContext<'_, S>,
    plan: &Plan,
    applied: &PlanOutcome,
) -> Result<ShopwardOutcome, StoreError> {
    let steps = plan.steps.iter().zip(&applied.results);
    let failed: BTreeSet<&RecordKey> = steps
        .filter(|(_, result)| !is_done(result))
        .map(|(step, _)| &step.source)
        .collect();
    let is_over = applied.end.is_some() || applied.interrupted;
    let may_go = |step: &ShopStep| !is_over && !failed.contains(&step.source);
    let wanted: Vec<ShopStep> = plan
        .to_shop
        .iter()
        .filter(|step| may_go(step))
        .cloned()
        .collect();
    let told = write_to_shop(at_shop, &wanted).await?;
    let mut results = told.results.into_iter();
    let mut whole = ShopwardOutcome {
        results: Vec::with_capacity(plan.to_shop.len()),
        ..told
    };
    for step in &plan.to_shop {
        let result = match may_go(step) {
            true => results.next(),
            false => None,
        };
        whole
            .results
            .push(result.unwrap_or(ShopStepOutcome::NotReached));
    }
    Ok(whole)
}

/// What an inverse plan would come to. Nothing is filed.
pub fn foresee_undo(target: &str, planned: &UndoPlanned, now: DateTime<Utc>) -> Report {
    let mut report = Report::default();
    let mut filing = Filing::default();
    let foreseen = PlanOutcome::foreseen(&planned.plan);
    filing.file(target, &planned.plan, &foreseen, &mut report);
    report
        .changes
        .extend(planned.plan.to_shop.iter().map(shop_change));
    report.changes.extend(planned.plan.stays.iter().map(stays));
    report.problems = filing.foresee(target, &[], now);
    report.count_problems();
    report
}

/// What stays in the shop, as the history tells it.
fn stays(hold: &Hold) -> Change {
    Change {
        target: Service::Woocommerce.as_str().to_owned(),
        action: Action::Skip,
        entity: hold.source.entity.to_string(),
        source: hold.source.clone(),
        label: hold.source.number.clone(),
        txn_date: None,
        currency: None,
        total: None,
        tax_total: None,
        target_id: None,
        body: None,
        warnings: Vec::new(),
        reason: Some(hold.reason.clone()),
    }
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
    let at = local(hands.clock.now(), hands.rules.timezone);
    for order in orders {
        let why = words.why.as_deref();
        let reason = undone::reason(order, &taken.run, &words.by, &at, why);
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

/// The records of which something was written to the shop, or may have been.
fn touched_in_shop<'p, S: ShopWriter>(
    at_shop: &ShopwardContext<'_, S>,
    plan: &'p Plan,
    told: &ShopwardOutcome,
) -> Result<Vec<&'p RecordKey>, StoreError> {
    let open = at_shop.store.open_in_shop(at_shop.shop.address())?;
    let in_doubt: BTreeSet<&str> = open
        .iter()
        .map(|ticket| ticket.step().mark.as_str())
        .collect();
    let steps = plan.to_shop.iter().zip(&told.results);
    let touched = steps
        .filter(|(step, result)| is_told(result) || in_doubt.contains(step.mark.as_str()))
        .map(|(step, _)| &step.source);
    Ok(touched.collect())
}

fn is_told(result: &ShopStepOutcome) -> bool {
    matches!(result, ShopStepOutcome::Done(_) | ShopStepOutcome::Found(_))
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

/// What came of a plan that takes a run back.
struct DoneBack<'a> {
    applied: &'a PlanOutcome,
    told: &'a ShopwardOutcome,
    touched: &'a BTreeSet<&'a RecordKey>,
}

/// An order of which nothing was done stands as it stood; of one that was taken back, what else was wrong with it is over. One that is
/// taken back in part stands undone, whatever went wrong with the rest of it.
fn stand_as_before<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    plan: &Plan,
    orders: &BTreeSet<&RecordKey>,
    done: &DoneBack<'_>,
    undone_before: &[Problem],
) -> Result<(), StoreError> {
    let target = hands.target.name();
    for order in orders {
        let steps = plan.steps.iter().zip(&done.applied.results);
        let mut of_order = steps.filter(|(step, _)| step.source == **order);
        let told = plan.to_shop.iter().zip(&done.told.results);
        let mut told = told.filter(|(step, _)| step.source == **order);
        if of_order.all(|(_, result)| is_done(result)) && told.all(|(_, told)| is_told(told)) {
            hands.store.resolve(target, order, &[])?;
        } else if !done.touched.contains(order) {
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
    /// The records that the plan takes back.
    pub fn records(&self) -> BTreeSet<&RecordKey> {
        let steps = self.plan.steps.iter().map(|step| &step.source);
        let in_shop = self.plan.to_shop.iter().map(|step| &step.source);
        steps.chain(in_shop).collect()
    }

    /// The records that cannot be taken back.
    pub fn blocked(&self) -> BTreeSet<&RecordKey> {
        let obstacles = self.obstacles.iter();
        obstacles.map(|one: &UndoObstacle| &one.order).collect()
    }
}
