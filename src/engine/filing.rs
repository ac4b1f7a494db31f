//! Filing: what came of each step, as figures, as changes for the history, and as problems that wait for a person or for another try.
//!
//! Several rounds of a run go through one filing: the last word on a record counts. Nothing is decided here about what is planned next.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::context::ApplyContext;
use super::figures;
use super::gather::Gathered;
use super::outcome::{PlanOutcome, Report, StepOutcome};
use super::parked::{self, ByRecord};
use super::planner::NO_ID;
use crate::connector::port::LedgerWriter;
use crate::model::code::{self, CodeKind, NOT_REACHED};
use crate::model::document::{DocumentKey, Role};
use crate::model::event::Event;
use crate::model::fault::Reason;
use crate::model::plan::{Action, Entity, Plan, RecordKey, Step, Subject};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::{Change, Tally};
use crate::store::{ProblemFound, StoreError};

/// One thing that is held or failed, before it has an id.
struct Filed {
    reason: Reason,
    retryable: bool,
    state: ProblemState,
}

impl Filed {
    /// It was really tried, it failed, and another try might help.
    fn may_be_parked(&self) -> bool {
        self.retryable && self.state == ProblemState::Failed && self.reason.code != NOT_REACHED
    }
}

/// Collects what is held or failed over the rounds of a run. A later round has the last word on an order.
#[derive(Default)]
pub(super) struct Filing {
    open: BTreeMap<(RecordKey, Option<DocumentKey>), Filed>,
    seen: BTreeSet<RecordKey>,
    /// The run ended before all of it was done.
    unreached: BTreeSet<RecordKey>,
}

impl Filing {
    pub(super) fn file(
        &mut self,
        target: &str,
        plan: &Plan,
        applied: &PlanOutcome,
        report: &mut Report,
    ) {
        let steps = plan.steps.iter().map(|step| &step.source);
        let holds = plan.holds.iter().map(|hold| &hold.source);
        self.forget(&steps.chain(holds).collect());
        let without_sale: BTreeSet<&RecordKey> = plan
            .steps
            .iter()
            .zip(&applied.results)
            .filter(|(step, result)| is_sale(step) && !matches!(result, StepOutcome::Done { .. }))
            .map(|(step, _)| &step.source)
            .collect();
        for (step, result) in plan.steps.iter().zip(&applied.results) {
            self.step(step, result, without_sale.contains(&step.source));
            count(step, result, &mut report.tally);
            if let Some(change) = change(target, step, result) {
                report.changes.push(change);
            }
        }
        for hold in &plan.holds {
            self.seen.insert(hold.source.clone());
            // Whatever keeps a record from being sent at all holds it.
            let state = match code::kind(&hold.reason.code) {
                Some(CodeKind::Conflict) => ProblemState::Conflict,
                _ => ProblemState::Held,
            };
            self.failed(
                hold.source.clone(),
                hold.subject,
                hold.reason.clone(),
                false,
                state,
            );
        }
    }

    /// A later round has the last word.
    fn forget(&mut self, sources: &BTreeSet<&RecordKey>) {
        self.open.retain(|(known, _), _| !sources.contains(known));
        self.unreached.retain(|known| !sources.contains(known));
    }

    fn step(&mut self, step: &Step, result: &StepOutcome, sale_is_missing: bool) {
        if !step.source.is_record() {
            return;
        }
        let subject = match &step.subject {
            Subject::Document(key) => (key.role != Role::Sale).then_some(*key),
            // An account or a product is one thing in the books for each currency or kind, and one record.
            Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => None,
        };
        let (reason, retryable, state) = match result {
            StepOutcome::Done { .. } => {
                self.seen.insert(step.source.clone());
                return;
            }
            StepOutcome::Outdated { .. } => return,
            StepOutcome::NotReached => {
                self.unreached.insert(step.source.clone());
                return;
            }
            // The sale's own problem says it already.
            StepOutcome::Blocked { .. } if subject.is_some() && sale_is_missing => {
                self.seen.insert(step.source.clone());
                return;
            }
            // So does that of the payment which had to make room for it.
            StepOutcome::Blocked { reason, .. }
                if subject.is_none() && self.says(&step.source, reason) =>
            {
                self.seen.insert(step.source.clone());
                return;
            }
            StepOutcome::Blocked { reason, retryable } => {
                (reason, *retryable, ProblemState::Failed)
            }
            StepOutcome::Failed { reason, retryable } => {
                let state = if *retryable {
                    ProblemState::Failed
                } else {
                    state_of(reason)
                };
                (reason, *retryable, state)
            }
        };
        self.seen.insert(step.source.clone());
        self.failed(
            step.source.clone(),
            subject,
            reason.clone(),
            retryable,
            state,
        );
    }

    /// Whether another document of the record waits for this very reason.
    fn says(&self, source: &RecordKey, reason: &Reason) -> bool {
        let mut open = self.open.range((source.clone(), None)..);
        open.by_ref()
            .take_while(|((known, _), _)| known == source)
            .any(|(_, filed)| filed.reason == *reason)
    }

    /// What the shop has no more needs nobody: its problems are over.
    pub(super) fn gone(&mut self, listed: &Gathered, known: &[Problem]) {
        let Some(all) = &listed.all_shoppers else {
            return;
        };
        let odd: BTreeSet<Option<u64>> = listed.odd_shoppers.iter().map(|odd| odd.id).collect();
        let nameless_is_back = odd.contains(&None);
        for problem in known {
            let source = &problem.source;
            let is_gone = match source.id.parse::<u64>() {
                Ok(id) => !all.contains(&id) && !odd.contains(&Some(id)),
                Err(_) => source.id == NO_ID && !nameless_is_back,
            };
            if source.entity == Entity::Customer && is_gone {
                self.seen.insert(source.clone());
            }
        }
    }

    pub(super) fn not_reached(&mut self) {
        for source in std::mem::take(&mut self.unreached) {
            let reason = Reason::new(
                NOT_REACHED,
                format!(
                    "the run ended before {} {} was done",
                    source.entity, source.number
                ),
            )
            .hint(format!("run `udsync sync {}s` again", source.entity));
            self.failed(source, None, reason, true, ProblemState::Failed);
        }
    }

    /// Nothing more becomes of the record in this run.
    pub(super) fn waits(&mut self, record: RecordKey, reason: Reason) {
        self.forget(&BTreeSet::from([&record]));
        self.failed(record, None, reason, true, ProblemState::Failed);
    }

    pub(super) fn failed(
        &mut self,
        source: RecordKey,
        subject: Option<DocumentKey>,
        reason: Reason,
        retryable: bool,
        state: ProblemState,
    ) {
        self.open.insert(
            (source, subject),
            Filed {
                reason,
                retryable,
                state,
            },
        );
    }

    /// Writes the problems into the state file and takes those out that are settled.
    ///
    /// A record without a readable id is known by nothing else; that it was not met in a reading of everything means that
    /// it is mended.
    pub(super) fn close<T: LedgerWriter>(
        self,
        hands: &ApplyContext<'_, T>,
        read_everything: bool,
    ) -> Result<Vec<Problem>, StoreError> {
        let target = hands.target.name();
        // Where something is still to be done, earlier problems are not over.
        let mut still_open: BTreeMap<&RecordKey, Vec<Option<DocumentKey>>> = self
            .seen
            .difference(&self.unreached)
            .map(|record| (record, Vec::new()))
            .collect();
        for (source, subject) in self.open.keys() {
            if !self.unreached.contains(source) {
                still_open.entry(source).or_default().push(*subject);
            }
        }
        let known = hands.store.problems(Some(target), false)?;
        for (source, keep) in still_open {
            hands.store.resolve(target, source, &keep)?;
        }
        let nameless = known
            .iter()
            .map(|problem| &problem.source)
            .filter(|source| {
                let is_nameless = source.entity == Entity::Order && source.id == NO_ID;
                is_nameless && !self.open.contains_key(&((*source).clone(), None))
            });
        if read_everything {
            for source in nameless {
                hands.store.resolve(target, source, &[])?;
            }
        }
        // The shop shows figures as it did before, or in yet another way.
        let over = known.iter().filter(|problem| {
            let source = &problem.source;
            figures::is_ours(problem) && !self.open.contains_key(&(source.clone(), None))
        });
        for problem in over {
            hands.store.resolve(target, &problem.source, &[])?;
        }
        let by_record = ByRecord::of(&known);
        let mut problems = Vec::new();
        for ((source, subject), filed) in &self.open {
            let before = by_record.before(source, *subject);
            let tries = parked::tries(before, filed.may_be_parked(), &filed.reason);
            let state = if filed.may_be_parked() && tries >= hands.patience.tries_max {
                ProblemState::Parked
            } else {
                same_problem(&by_record, source, *subject, filed)
                    .map_or(filed.state, |before| before.state)
            };
            let complaint = ProblemFound {
                target,
                source,
                subject: *subject,
                state,
                reason: &filed.reason,
                retryable: filed.retryable,
                tries,
            };
            let problem = hands
                .store
                .raise(&complaint, hands.run_id, hands.clock.now())?;
            (hands.tell)(Event::Problem {
                source: source.clone(),
                code: filed.reason.code.clone(),
                message: filed.reason.message.clone(),
            });
            problems.push(problem);
        }
        Ok(problems)
    }

    /// Writes what was filed of these records into the state file, and settles nothing.
    pub(super) fn keep<T: LedgerWriter>(
        &self,
        hands: &ApplyContext<'_, T>,
        records: &BTreeSet<&RecordKey>,
    ) -> Result<Vec<Problem>, StoreError> {
        let meant = self.open.iter();
        let meant = meant.filter(|((source, _), _)| records.contains(source));
        meant
            .map(|((source, subject), filed)| {
                let complaint = ProblemFound {
                    target: hands.target.name(),
                    source,
                    subject: *subject,
                    state: filed.state,
                    reason: &filed.reason,
                    retryable: filed.retryable,
                    tries: 0,
                };
                hands
                    .store
                    .raise(&complaint, hands.run_id, hands.clock.now())
            })
            .collect()
    }

    /// The same, without writing anything: known problems keep their ids, new ones have none yet.
    pub(super) fn foresee(
        self,
        target: &str,
        known: &[Problem],
        now: DateTime<Utc>,
    ) -> Vec<Problem> {
        let by_record = ByRecord::of(known);
        self.open
            .into_iter()
            .map(|((source, subject), filed)| {
                let before = by_record.all(&source).iter().find(|problem| {
                    problem.target == target
                        && problem.source == source
                        && problem.subject == subject
                });
                let state = same_problem(&by_record, &source, subject, &filed)
                    .map_or(filed.state, |before| before.state);
                Problem {
                    id: before.map_or_else(String::new, |problem| problem.id.clone()),
                    target: target.to_owned(),
                    state,
                    reason: filed.reason,
                    retryable: filed.retryable,
                    attempts: before.map_or(0, |problem| problem.attempts),
                    tries: before.map_or(0, |problem| problem.tries),
                    first_seen: before.map_or(now, |problem| problem.first_seen),
                    last_seen: now,
                    source,
                    subject,
                }
            })
            .collect()
    }
}

/// The very same was said before. What the books refused is only held when it is not tried again, but it was refused.
fn same_problem<'a>(
    known: &ByRecord<'a>,
    source: &RecordKey,
    subject: Option<DocumentKey>,
    filed: &Filed,
) -> Option<&'a Problem> {
    let mut all = known.all(source).iter().copied();
    all.find(|problem| problem.subject == subject && problem.reason == filed.reason)
}

fn is_sale(step: &Step) -> bool {
    matches!(step.subject, Subject::Document(key) if key.role == Role::Sale)
}

pub(super) fn state_of(reason: &Reason) -> ProblemState {
    match code::kind(&reason.code) {
        Some(CodeKind::Conflict) => ProblemState::Conflict,
        Some(CodeKind::Held) => ProblemState::Held,
        _ => ProblemState::Failed,
    }
}

fn count(step: &Step, result: &StepOutcome, tally: &mut Tally) {
    if !matches!(result, StepOutcome::Done { .. }) {
        return;
    }
    let is_name = !step.source.is_record();
    match step.action {
        Action::Create if is_name => tally.names += 1,
        _ if is_name => {}
        Action::Create => tally.created += 1,
        Action::Update => tally.updated += 1,
        Action::Void => tally.voided += 1,
        Action::Delete => tally.deleted += 1,
        Action::Skip => tally.skipped += 1,
        Action::None => tally.unchanged += 1,
    }
}

/// What the history keeps of a step. Matched names are no change.
fn change(target: &str, step: &Step, result: &StepOutcome) -> Option<Change> {
    let StepOutcome::Done { id, warnings } = result else {
        return None;
    };
    // Lists are read whole every time: what stays as it is would bury what does not.
    let is_name = !matches!(step.subject, Subject::Document(_));
    let is_told = step.action.writes()
        || step.action == Action::Skip && step.source.is_record()
        // A remark on what was compared just now; what was compared before was remarked on then.
        || step.made_from.is_some() && !step.warnings.is_empty()
        // And one on a name that an order met for the first time.
        || !step.source.is_record() && step.remote.is_some() && !step.warnings.is_empty();
    if is_name && !is_told {
        return None;
    }
    let document = step.document.as_ref();
    Some(Change {
        target: target.to_owned(),
        action: step.action,
        entity: step.entity.to_string(),
        source: step.source.clone(),
        label: step.label.clone(),
        txn_date: document.map(|document| document.date),
        currency: document.map(|document| document.currency.clone()),
        total: document.map(|document| document.total),
        tax_total: document.map(|document| document.tax_total),
        target_id: Some(id.clone()).filter(|id| !id.is_empty()),
        body: step.body.clone(),
        warnings: step.warnings.iter().chain(warnings).cloned().collect(),
        reason: step.reason.clone(),
    })
}
