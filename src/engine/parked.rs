//! Parked: what failed again and again is left alone until a person asks for it, or its order changes.
//!
//! What is temporary gets better by itself within a run or two. What has not after so many is not temporary, and trying it
//! with every run would only fill the log. It stays in every report all the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::clock::CLOCKS_APART;
use crate::model::code::NOT_REACHED;
use crate::model::document::DocumentKey;
use crate::model::fault::Reason;
use crate::model::plan::{Entity, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::store::{Problems, StoreError};

use super::gather::{GatherScope, Gathered};
use super::undo::undone::is_undone;

/// The ids of orders to look at besides those that changed: the held and the failed, and not the parked, nor those that stand undone.
pub fn unsettled_orders(
    problems: &dyn Problems,
    target: &str,
) -> Result<BTreeSet<u64>, StoreError> {
    let problems = problems.problems(Some(target), false)?;
    let parked = orders(&problems, |problem| {
        problem.state == ProblemState::Parked || is_undone(problem)
    });
    let mut unsettled = orders(&problems, |_| true);
    unsettled.retain(|order| !parked.contains(order));
    Ok(unsettled)
}

fn orders(problems: &[Problem], which: impl Fn(&Problem) -> bool) -> BTreeSet<u64> {
    problems
        .iter()
        .filter(|problem| problem.source.entity == Entity::Order && which(problem))
        .filter_map(|problem| problem.source.id.parse().ok())
        .collect()
}

/// Takes out what is parked and has not changed since it was met last.
pub fn leave(
    problems: &dyn Problems,
    target: &str,
    scope: &GatherScope,
    gathered: &mut Gathered,
) -> Result<(), StoreError> {
    for (problem, met_at) in problems.parked(target)? {
        let Ok(id) = problem.source.id.parse::<u64>() else {
            continue;
        };
        if problem.source.entity != Entity::Order {
            continue;
        }
        let order = gathered.orders.get(&id);
        let unchanged = order.is_some_and(|order| order.modified_at + CLOCKS_APART < met_at);
        // What an earlier run left half done is finished all the same.
        if unchanged && !scope.besides.contains(&id) {
            gathered.orders.remove(&id);
        }
    }
    Ok(())
}

/// What stays parked or undone belongs to the report, although nobody has tried it.
pub fn add(problems: &mut Vec<Problem>, known: Vec<Problem>) {
    let mut told: BTreeSet<String> = problems.iter().map(|told| told.id.clone()).collect();
    for problem in known {
        let is_left = problem.state == ProblemState::Parked || is_undone(&problem);
        if is_left && told.insert(problem.id.clone()) {
            problems.push(problem);
        }
    }
}

/// Known problems, to be found by their record. Many orders may wait for one cause, and each of them asks.
pub struct ByRecord<'a>(BTreeMap<(Entity, &'a str), Vec<&'a Problem>>);

impl<'a> ByRecord<'a> {
    pub fn of(known: &'a [Problem]) -> ByRecord<'a> {
        let mut by_record: BTreeMap<_, Vec<&Problem>> = BTreeMap::new();
        // That an order stands undone is no try of it.
        for problem in known.iter().filter(|problem| !is_undone(problem)) {
            let record = (problem.source.entity, problem.source.id.as_str());
            by_record.entry(record).or_default().push(problem);
        }
        ByRecord(by_record)
    }

    /// Those of a record, in the order in which they are known.
    pub fn all<'s>(&'s self, source: &'s RecordKey) -> &'s [&'a Problem] {
        let all = self.0.get(&(source.entity, source.id.as_str()));
        all.map_or(&[], Vec::as_slice)
    }

    /// The problem as it was before this run.
    pub fn before(&self, source: &RecordKey, subject: Option<DocumentKey>) -> Option<&'a Problem> {
        let mut all = self.all(source).iter().copied();
        all.find(|problem| problem.subject == subject)
    }
}

/// How often in a row the record was tried in vain. A run that did not come to it counts neither way.
pub fn tries(before: Option<&Problem>, was_tried: bool, reason: &Reason) -> u32 {
    let before = before.map_or(0, |problem| problem.tries);
    if was_tried {
        before + 1
    } else if reason.code == NOT_REACHED {
        before
    } else {
        0
    }
}
