//! Run: the pipeline with its endings. `sync` gathers, plans and applies; a dry run stops at the plan; a saved plan
//! starts from there; a retry is a sync of what was held. There is no second path to keep in step.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::connector::port::{Finder, Source, Target};
use crate::model::company::Names;
use crate::model::document::{DocumentKey, Role};
use crate::model::event::Event;
use crate::model::fault::{Fault, Reason};
use crate::model::plan::{Action, Entity, Plan, RecordKey, Step, Subject};
use crate::model::problem::{Problem, ProblemState};
use crate::model::rules::Rules;
use crate::model::run::{Change, Tally};
use crate::store::{Complaint, Store, StoreError};

use super::apply::{self, Applied, Hands, apply};
use super::gather::{Gathered, Reach, Scope, gather};
use super::parked::{self, NOT_REACHED};
use super::plan::{Ground, NO_ID, needs_names, plan};
use super::resume::{file_untold, resume};
use super::survey::{Trouble, survey};
use super::vanished::Vanished;

/// Plans are made again at most so often in one run, when somebody edits while we write.
const ROUNDS_MAX: usize = 3;

/// Planning's result, with what is needed to report it.
pub struct Planned {
    pub plan: Plan,
    pub read: u64,
    pub complete_through: Option<DateTime<Utc>>,
    /// Asked for by id, and neither the shop nor the books have them.
    pub unknown: Vec<u64>,
    pub vanished: Vanished,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    pub tally: Tally,
    pub changes: Vec<Change>,
    pub problems: Vec<Problem>,
    /// Why it ended early.
    pub end: Option<Fault>,
    pub interrupted: bool,
}

/// What a run plans with: nothing in here can write to a ledger.
pub struct Desk<'a, S: Source, F: Finder> {
    pub source: &'a S,
    pub finder: &'a F,
    pub store: &'a Store,
    pub rules: &'a Rules,
    pub tell: &'a dyn Fn(Event),
}

/// Gathers and plans.
pub async fn draw_up<S: Source, F: Finder>(
    desk: &Desk<'_, S, F>,
    scope: &Scope,
) -> Result<Planned, Trouble> {
    let mut gathered = gather(desk.source, scope, desk.tell).await?;
    let vanished = Vanished::of(scope, &gathered, desk.store)?;
    // Whoever names orders wants them tried again; in passing, what was refused is left alone.
    let named = matches!(scope.reach, Reach::Orders(_));
    if !named {
        parked::leave(desk.store, desk.finder.name(), scope, &mut gathered)?;
    }
    let plan = plan_of(desk, &gathered, named).await?;
    tracing::info!(
        steps = plan.steps.len(),
        writes = plan.writes(),
        holds = plan.holds.len(),
        "compared with the books"
    );
    let planned: BTreeSet<&str> = plan
        .steps
        .iter()
        .filter(|step| step.action != Action::Skip)
        .map(|step| step.source.id.as_str())
        .collect();
    let unknown = gathered.gone.iter().copied();
    Ok(Planned {
        unknown: unknown
            .filter(|id| !planned.contains(id.to_string().as_str()))
            .collect(),
        plan,
        read: gathered.read(),
        complete_through: gathered.complete_through.filter(|_| scope.moves_cursor),
        vanished,
    })
}

async fn plan_of<S: Source, F: Finder>(
    desk: &Desk<'_, S, F>,
    gathered: &Gathered,
    try_refused: bool,
) -> Result<Plan, Trouble> {
    (desk.tell)(Event::Stage {
        stage: crate::model::event::Stage::Plan,
        total: None,
    });
    let cursor = desk.store.cursor(desk.source.address(), Entity::Order)?;
    let survey = survey(
        desk.finder,
        desk.store,
        desk.rules,
        gathered,
        cursor.is_none(),
    )
    .await?;
    let names = if needs_names(&survey) {
        desk.finder.names().await?
    } else {
        Names::default()
    };
    let problems = desk.store.problems(Some(desk.finder.name()), true)?;
    let set_aside = problems
        .iter()
        .filter(|problem| problem.state == ProblemState::SetAside)
        .map(|problem| (problem.source.id.clone(), problem.subject))
        .collect();
    let refused: Vec<Problem> = problems
        .into_iter()
        .filter(|problem| problem.state != ProblemState::SetAside && !problem.retryable)
        .collect();
    let draw = |intangible: &BTreeSet<u64>| {
        let ground = Ground {
            finder: desk.finder,
            store: desk.store,
            rules: desk.rules,
            shop_address: desk.source.address(),
            intangible,
            set_aside: &set_aside,
            refused: (!try_refused).then_some(refused.as_slice()),
        };
        plan(&ground, gathered, &survey, &names)
    };
    let drawn = draw(&BTreeSet::new())?;
    if drawn.new_goods.is_empty() {
        return Ok(drawn.plan);
    }
    // Only now it is known which products the books have no item for. An order does not say what they are made of.
    let intangible = desk.source.intangible(&drawn.new_goods).await?;
    if intangible.is_empty() {
        return Ok(drawn.plan);
    }
    Ok(draw(&intangible)?.plan)
}

/// Carries out a plan, plans again what somebody changed meanwhile, and files what was held or failed.
pub async fn carry_out<S: Source, T: Target>(
    desk: &Desk<'_, S, T>,
    hands: &Hands<'_, T>,
    planned: &Planned,
    may_replan: bool,
) -> Result<Report, Trouble> {
    let mut report = Report {
        tally: Tally {
            read: planned.read,
            ..Tally::default()
        },
        ..Report::default()
    };
    let mut ledger = Filing::default();
    let mut applied = apply(hands, &planned.plan).await?;
    ledger.file(desk.finder.name(), &planned.plan, &applied, &mut report);
    let mut outdated = outdated(&planned.plan, &applied);
    for _ in 1..ROUNDS_MAX {
        if outdated.is_empty() || !may_replan || applied.end.is_some() || applied.interrupted {
            break;
        }
        let scope = Scope {
            reach: Reach::Orders(std::mem::take(&mut outdated)),
            ..Scope::default()
        };
        let again = match plan_again(desk, &scope).await {
            Ok(again) => again,
            // What was done so far is filed all the same.
            Err(Trouble::Fault(fault)) => {
                applied.end = Some(fault);
                outdated = orders_of(&scope);
                break;
            }
            Err(trouble) => return Err(trouble),
        };
        applied = apply(hands, &again).await?;
        ledger.file(desk.finder.name(), &again, &applied, &mut report);
        outdated = self::outdated(&again, &applied);
    }
    for order in outdated {
        ledger.failed(
            RecordKey::order(order, &order.to_string()),
            None,
            Reason::new(
                "edited_in_quickbooks",
                format!("the books of order id {order} were changed while it was being written"),
            )
            .hint("run `udsync sync orders` again"),
            true,
            ProblemState::Failed,
        );
    }
    report.end = applied.end;
    report.interrupted = applied.interrupted;
    if planned.complete_through.is_none() {
        // No cursor brings these back, so a problem must.
        ledger.not_reached();
    }
    report.problems = ledger.close(hands, planned.complete_through.is_some())?;
    parked::add(
        &mut report.problems,
        desk.store.problems(Some(desk.finder.name()), false)?,
    );
    count_problems(&mut report);
    report.tally.requests = desk.finder.requests();
    let reached_everything = report.end.is_none() && !report.interrupted;
    if reached_everything && may_replan {
        planned.vanished.accept(desk.store, hands.clock.now())?;
    }
    if reached_everything && let Some(through) = planned.complete_through {
        desk.store
            .move_cursor(desk.source.address(), Entity::Order, through)?;
    }
    Ok(report)
}

async fn plan_again<S: Source, F: Finder>(
    desk: &Desk<'_, S, F>,
    scope: &Scope,
) -> Result<Plan, Trouble> {
    let gathered = gather(desk.source, scope, desk.tell).await?;
    plan_of(desk, &gathered, false).await
}

fn orders_of(scope: &Scope) -> BTreeSet<u64> {
    match &scope.reach {
        Reach::Orders(orders) => orders.clone(),
        _ => BTreeSet::new(),
    }
}

/// What a plan would come to, for a dry run. Nothing is filed.
pub fn foresee(target: &str, planned: &Planned, known: &[Problem], now: DateTime<Utc>) -> Report {
    let mut report = Report {
        tally: Tally {
            read: planned.read,
            ..Tally::default()
        },
        ..Report::default()
    };
    let applied = Applied {
        results: planned
            .plan
            .steps
            .iter()
            .map(|step| apply::Result::Done {
                id: step
                    .remote
                    .as_ref()
                    .map_or_else(String::new, |remote| remote.id.clone()),
                warnings: Vec::new(),
            })
            .collect(),
        ..Applied::default()
    };
    let mut filing = Filing::default();
    filing.file(target, &planned.plan, &applied, &mut report);
    report.problems = filing.foresee(target, known, now);
    parked::add(&mut report.problems, known.to_vec());
    count_problems(&mut report);
    report
}

/// Settles what an earlier run left open; the orders concerned belong to the next plan.
pub async fn settle_first<T: Target>(hands: &Hands<'_, T>) -> Result<BTreeSet<u64>, Trouble> {
    let resumed = resume(hands).await?;
    match resumed.end {
        Some(fault) => Err(Trouble::Fault(fault)),
        None => {
            file_untold(hands.store)?;
            Ok(resumed.orders)
        }
    }
}

fn outdated(plan: &Plan, applied: &Applied) -> BTreeSet<u64> {
    plan.steps
        .iter()
        .zip(&applied.results)
        .filter(|(_, result)| **result == apply::Result::Outdated)
        .filter_map(|(step, _)| match &step.subject {
            Subject::Document(key) => Some(key.order),
            Subject::Customer(_) | Subject::Item(_) => None,
        })
        .collect()
}

fn count_problems(report: &mut Report) {
    for problem in &report.problems {
        match problem.state {
            ProblemState::Held => report.tally.held += 1,
            ProblemState::Failed | ProblemState::Parked => report.tally.failed += 1,
            ProblemState::Conflict => report.tally.conflicts += 1,
            ProblemState::SetAside => {}
        }
    }
}

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
struct Filing {
    open: BTreeMap<(RecordKey, Option<DocumentKey>), Filed>,
    seen: BTreeSet<RecordKey>,
    /// The run ended before all of it was done.
    unreached: BTreeSet<RecordKey>,
}

impl Filing {
    fn file(&mut self, target: &str, plan: &Plan, applied: &Applied, report: &mut Report) {
        let steps = plan.steps.iter().map(|step| &step.source);
        for source in steps.chain(plan.holds.iter().map(|hold| &hold.source)) {
            self.forget(source);
        }
        let without_sale: BTreeSet<&RecordKey> = plan
            .steps
            .iter()
            .zip(&applied.results)
            .filter(|(step, result)| is_sale(step) && !matches!(result, apply::Result::Done { .. }))
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
            let state = if hold.reason.code == "edited_in_quickbooks" {
                ProblemState::Conflict
            } else {
                ProblemState::Held
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
    fn forget(&mut self, source: &RecordKey) {
        self.open.retain(|(known, _), _| known != source);
        self.unreached.remove(source);
    }

    fn step(&mut self, step: &Step, result: &apply::Result, sale_is_missing: bool) {
        let Subject::Document(key) = &step.subject else {
            return;
        };
        let subject = (key.role != Role::Sale).then_some(*key);
        let (reason, retryable, state) = match result {
            apply::Result::Done { .. } => {
                self.seen.insert(step.source.clone());
                return;
            }
            apply::Result::Outdated => return,
            apply::Result::NotReached => {
                self.unreached.insert(step.source.clone());
                return;
            }
            // The sale's own problem says it already.
            apply::Result::Blocked { .. } if subject.is_some() && sale_is_missing => {
                self.seen.insert(step.source.clone());
                return;
            }
            apply::Result::Blocked { reason, retryable } => {
                (reason, *retryable, ProblemState::Failed)
            }
            apply::Result::Failed { reason, retryable } => {
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

    fn not_reached(&mut self) {
        for source in std::mem::take(&mut self.unreached) {
            let reason = Reason::new(
                NOT_REACHED,
                format!("the run ended before order {} was done", source.number),
            )
            .hint("run `udsync sync orders` again");
            self.failed(source, None, reason, true, ProblemState::Failed);
        }
    }

    fn failed(
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
    fn close<T: Target>(
        self,
        hands: &Hands<'_, T>,
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
                source.id == NO_ID && !self.open.contains_key(&((*source).clone(), None))
            });
        if read_everything {
            for source in nameless {
                hands.store.resolve(target, source, &[])?;
            }
        }
        let mut problems = Vec::new();
        for ((source, subject), filed) in &self.open {
            let before = parked::before(&known, source, *subject);
            let tries = parked::tries(before, filed.may_be_parked(), &filed.reason);
            let state = if filed.may_be_parked() && tries >= hands.patience.tries_max {
                ProblemState::Parked
            } else {
                same_problem(&known, source, *subject, filed)
                    .map_or(filed.state, |before| before.state)
            };
            let complaint = Complaint {
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

    /// The same, without writing anything: known problems keep their ids, new ones have none yet.
    fn foresee(self, target: &str, known: &[Problem], now: DateTime<Utc>) -> Vec<Problem> {
        self.open
            .into_iter()
            .map(|((source, subject), filed)| {
                let before = known.iter().find(|problem| {
                    problem.target == target
                        && problem.source == source
                        && problem.subject == subject
                });
                let state = same_problem(known, &source, subject, &filed)
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
    known: &'a [Problem],
    source: &RecordKey,
    subject: Option<DocumentKey>,
    filed: &Filed,
) -> Option<&'a Problem> {
    known.iter().find(|problem| {
        problem.source.id == source.id
            && problem.source.entity == source.entity
            && problem.subject == subject
            && problem.reason == filed.reason
    })
}

fn is_sale(step: &Step) -> bool {
    matches!(step.subject, Subject::Document(key) if key.role == Role::Sale)
}

fn state_of(reason: &Reason) -> ProblemState {
    match reason.code.as_str() {
        "edited_in_quickbooks" => ProblemState::Conflict,
        "readback_mismatch" | "period_closed" | "name_conflict" | "doc_number_conflict" => {
            ProblemState::Held
        }
        _ => ProblemState::Failed,
    }
}

fn count(step: &Step, result: &apply::Result, tally: &mut Tally) {
    if !matches!(result, apply::Result::Done { .. }) {
        return;
    }
    let is_name = !matches!(step.subject, Subject::Document(_));
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
fn change(target: &str, step: &Step, result: &apply::Result) -> Option<Change> {
    let apply::Result::Done { id, warnings } = result else {
        return None;
    };
    let is_name = !matches!(step.subject, Subject::Document(_));
    if is_name && !step.action.writes() {
        return None;
    }
    let document = step.document.as_ref();
    Some(Change {
        target: target.to_owned(),
        action: step.action,
        entity: step.entity.clone(),
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
