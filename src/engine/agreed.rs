//! Agreed: what a plan that is made again in the middle of a run may write.
//!
//! A run was let go on for one plan: a person saw it, a token named it, a cap counted it. What somebody changes meanwhile is planned
//! anew, and nobody is asked a second time. So a new plan writes no document that the first one did not write, and takes none away that
//! it left in place; a record of which it would waits as a whole for the next run, which asks by the same rules.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{PlanOutcome, StepOutcome};
use crate::connector::port::LedgerReader;
use crate::model::document::Document;
use crate::model::fault::Reason;
use crate::model::plan::{Action, Plan, RecordKey, Step, Subject};

pub(super) const NOT_AGREED: &str = "not_agreed";

/// How far a plan that is made again may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreedLimits {
    /// Nowhere: what was saved is carried out as it is or not at all.
    Never,
    /// The same documents: somebody agreed to this very plan.
    Same,
    /// The same writes, with what the shop says by now.
    AsMany,
}

/// What is left to be written of what was agreed.
pub(super) struct Agreed {
    writes: BTreeMap<Subject, (bool, Option<Document>)>,
    is_exact: bool,
}

impl Agreed {
    pub(super) fn of(plan: &Plan, again: AgreedLimits) -> Agreed {
        let counted = plan.steps.iter().filter(|step| step.counts());
        Agreed {
            writes: counted
                .map(|step| {
                    let agreed = (step.action.takes_away(), step.document.clone());
                    (step.subject.clone(), agreed)
                })
                .collect(),
            is_exact: again == AgreedLimits::Same,
        }
    }

    /// What is written is no more to be written.
    pub(super) fn spend(&mut self, plan: &Plan, applied: &PlanOutcome) {
        for (step, result) in plan.steps.iter().zip(&applied.results) {
            if step.action.writes() && matches!(result, StepOutcome::Done { .. }) {
                self.writes.remove(&step.subject);
            }
        }
    }

    fn covers(&self, step: &Step) -> bool {
        self.writes
            .get(&step.subject)
            .is_some_and(|(takes, document)| {
                (*takes || !step.action.takes_away())
                    && (!self.is_exact
                        || *takes == step.action.takes_away() && *document == step.document)
            })
    }

    /// Takes the records out of a new plan of which it would write more than was agreed, and says so of each.
    pub(super) fn leave_rest<F: LedgerReader>(
        &self,
        plan: &mut Plan,
        finder: &F,
    ) -> Vec<(RecordKey, Reason)> {
        let mut beyond: BTreeMap<RecordKey, Vec<String>> = BTreeMap::new();
        for step in plan.steps.iter().filter(|step| step.counts()) {
            if !self.covers(step) {
                let wanted = beyond.entry(step.source.clone()).or_default();
                let verb = step.action.as_str();
                wanted.push(format!("{verb} {} `{}`", step.entity, step.label));
            }
        }
        if beyond.is_empty() {
            return Vec::new();
        }
        plan.leave_out(|record| beyond.contains_key(record));
        without_idle_names(plan, finder);
        beyond
            .into_iter()
            .map(|(record, wanted)| {
                let reason = waits(&record, &wanted);
                (record, reason)
            })
            .collect()
    }
}

/// A name that only a record wanted which waits is not made.
fn without_idle_names<F: LedgerReader>(plan: &mut Plan, finder: &F) {
    let bodies = plan.steps.iter().filter_map(|step| step.body.as_deref());
    let used: BTreeSet<String> = bodies
        .flat_map(|body| finder.references(body))
        .map(|subject| subject.to_string())
        .collect();
    plan.steps.retain(|step| {
        step.action != Action::Create
            || step.source.is_record()
            || used.contains(&step.subject.to_string())
    });
}

fn waits(record: &RecordKey, wanted: &[String]) -> Reason {
    Reason::new(
        NOT_AGREED,
        format!(
            "{} {} was changed in the middle of the run, and would now {}, which is not in the plan that the run was let go on for; it waits for the next run",
            record.entity,
            record.number,
            wanted.join(" and ")
        ),
    )
    .hint(format!("run `udsync sync {}s` again: it plans anew, and asks where it has to", record.entity))
}
