//! Standing undone: an order that was taken back is not posted again until somebody asks for it by name.
//!
//! Otherwise the next sync would post it all anew, and whoever takes back a run wants to look at something first. It is kept as a
//! problem, with who, when and why, because that is what it is to everybody else: it is listed, it can be set aside, and it is tried
//! again on a person's word. It is a problem beside any other of the order: nothing that goes wrong with it meanwhile takes its place.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::model::code::{NOT_REACHED, READBACK_MISMATCH, UNDONE};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::plan::{Entity, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::model::ticket::{Found, Write};
use crate::store::{ProblemFound, Problems, StateWriter, StoreError};

use super::super::gather::{GatherScope, Gathered};

/// Whether it says that an order was taken back.
pub fn is_undone(problem: &Problem) -> bool {
    problem.reason.code == UNDONE && problem.state != ProblemState::SetAside
}

/// The orders that stand undone, by id.
pub fn undone_orders(problems: &dyn Problems, target: &str) -> Result<BTreeSet<u64>, StoreError> {
    let problems = problems.problems(Some(target), false)?;
    let undone = problems.iter().filter(|problem| is_undone(problem));
    Ok(undone
        .filter(|problem| problem.source.entity == Entity::Order)
        .filter_map(|problem| problem.source.id.parse().ok())
        .collect())
}

/// The accounts and products that stand undone, by kind and id.
pub fn undone_in_lists(problems: &[Problem]) -> BTreeSet<(Entity, String)> {
    let undone = problems.iter().filter(|problem| is_undone(problem));
    undone
        .filter(|problem| is_listed(&problem.source))
        .map(|problem| (problem.source.entity, problem.source.id.clone()))
        .collect()
}

fn is_listed(source: &RecordKey) -> bool {
    matches!(source.entity, Entity::Customer | Entity::Product)
}

/// Takes out of what was read the orders that stand undone and were not asked for. One that cannot be read waits as it is.
pub fn leave(
    problems: &dyn Problems,
    target: &str,
    scope: &GatherScope,
    gathered: &mut Gathered,
) -> Result<(), StoreError> {
    let undone = undone_orders(problems, target)?;
    let waits = |order: &u64| undone.contains(order) && !scope.asked.contains(order);
    gathered.orders.retain(|order, _| !waits(order));
    gathered.gone.retain(|order| !waits(order));
    gathered
        .odd
        .retain(|odd| !odd.id.is_some_and(|order| waits(&order)));
    Ok(())
}

/// Remembers that records were asked for again, before anything of them is written: whatever becomes of this run, the next one goes on.
pub fn ask_again(
    store: &dyn StateWriter,
    target: &str,
    scope: &GatherScope,
    run_id: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let is_asked = |source: &RecordKey| match is_listed(source) {
        true => scope
            .asked_in_lists
            .contains(&(source.entity, source.id.clone())),
        false => {
            let order = source.id.parse();
            source.entity == Entity::Order
                && order.is_ok_and(|order: u64| scope.asked.contains(&order))
        }
    };
    lift(store, target, &is_asked, run_id, now)
}

/// The same of payouts and of their bills.
pub fn ask_again_for_payouts(
    store: &dyn StateWriter,
    target: &str,
    asked: &BTreeSet<String>,
    run_id: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let is_asked =
        |source: &RecordKey| source.entity == Entity::Payout && asked.contains(&source.id);
    lift(store, target, &is_asked, run_id, now)
}

fn lift(
    store: &dyn StateWriter,
    target: &str,
    is_asked: &dyn Fn(&RecordKey) -> bool,
    run_id: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for problem in store.problems(Some(target), false)? {
        if !is_asked(&problem.source) || !is_undone(&problem) {
            continue;
        }
        let entity = problem.source.entity;
        let reason = Reason::new(
            NOT_REACHED,
            format!(
                "{entity} {} was taken back and asked for again, and the run ended before it was posted",
                problem.source.number
            ),
        )
        .hint(format!("run `udsync sync {entity}s` again"));
        let complaint = ProblemFound {
            target,
            source: &problem.source,
            subject: problem.subject,
            state: ProblemState::Failed,
            reason: &reason,
            retryable: true,
            tries: 0,
        };
        // In this order: between the two it only waits for another reason more.
        store.raise(&complaint, run_id, now)?;
        store.lift_undone(target, &problem.source)?;
    }
    Ok(())
}

/// What is said of a document that was to get its former figures back and has others now.
pub(in super::super) fn came_back_wrong(write: &Write, found: &Found, run: &str) -> Reason {
    let (total, tax) = write
        .expected
        .as_ref()
        .map_or((Money::ZERO, Money::ZERO), |expected| {
            (expected.total, expected.tax_total)
        });
    Reason::new(
        READBACK_MISMATCH,
        format!(
            "{} `{}` should have come back to {total} with {tax} tax, as it was before run {run}, but QuickBooks made it {} with {} tax",
            write.entity, write.label, found.total, found.tax_total
        ),
    )
    .hint(format!(
        "`udsync undo {run}` writes it back once more; if it comes out like this again, correct it in QuickBooks by hand"
    ))
}

/// Why an order stands undone.
pub(super) fn reason(
    order: &RecordKey,
    undone: &str,
    who: &str,
    at: &str,
    why: Option<&str>,
) -> Reason {
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    Reason::new(
        UNDONE,
        format!(
            "{} {} stands undone: run {undone} was taken back on {at} by {who}{why}",
            order.entity, order.number,
        ),
    )
    .hint(format!("`udsync retry --run {undone}` posts it again"))
}
