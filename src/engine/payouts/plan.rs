//! Planning: what the books shall hold of payouts, less what they hold already, as steps of an ordinary plan.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};

use crate::books::payouts::{
    PayoutEntry, PayoutPlan, account_payout, clearing_account, payout_key,
};
use crate::connector::port::{Draft, Encoded, LedgerReader, LedgerWriter, Sought};
use crate::model::document::{Document, DocumentKey, DocumentKind, Line, LineKind, Marker, Role};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::LinkState;
use crate::model::payout::Payout;
use crate::model::plan::{
    Action, Basis, Entity, Hold, PLAN_SCHEMA, Plan, RecordKey, References, Step, Subject,
};
use crate::model::problem::{Problem, ProblemState};
use crate::model::rules::Rules;
use crate::model::run::Tally;
use crate::model::ticket::{Found, FoundState};
use crate::store::StateReader;

use super::super::apply::apply;
use super::super::context::ApplyContext;
use super::super::error::EngineError;
use super::super::filing::Filing;
use super::super::outcome::{PlanOutcome, Report, StepOutcome};
use super::super::undo::undone::is_undone;
use super::read::PayoutMonth;

/// The bank shows a payout so many days later at most, and somebody may have entered it by then.
const DAYS_APART: u64 = 5;

/// A plan of payouts, with how many were looked at.
#[derive(Debug)]
pub struct PayoutsPlanned {
    pub plan: Plan,
    pub read: u64,
}

struct PayoutPlanner<'a, F> {
    finder: &'a F,
    memory: &'a dyn StateReader,
    rules: &'a Rules,
    set_aside: BTreeSet<String>,
    /// Taken back, and not asked for again.
    undone: BTreeMap<String, Reason>,
    /// Transfers and deposits of the days around, whoever made them.
    around: Vec<Found>,
    found: BTreeMap<DocumentKey, Vec<Found>>,
    steps: Vec<Step>,
    holds: Vec<Hold>,
}

/// Plans what is to be entered of these months.
pub async fn plan_payouts<F: LedgerReader>(
    finder: &F,
    memory: &dyn StateReader,
    rules: &Rules,
    shop_address: &str,
    months: &[PayoutMonth],
    asked: &BTreeSet<String>,
) -> Result<PayoutsPlanned, EngineError> {
    let company = finder.company_today().await?;
    let problems = memory.problems(Some(finder.name()), true)?;
    let mut planner = PayoutPlanner {
        finder,
        memory,
        rules,
        set_aside: problems
            .iter()
            .filter(|one| one.state == ProblemState::SetAside)
            .filter(|one| one.source.entity == Entity::Payout)
            .map(|one| one.source.id.clone())
            .collect(),
        undone: problems
            .iter()
            .filter(|one| is_undone(one) && one.source.entity == Entity::Payout)
            .filter(|one| !asked.contains(&one.source.id))
            .map(|one| (one.source.id.clone(), one.reason.clone()))
            .collect(),
        around: Vec::new(),
        found: BTreeMap::new(),
        steps: Vec::new(),
        holds: Vec::new(),
    };
    let mut wanted = Vec::new();
    let mut payouts = BTreeMap::new();
    for month in months {
        for read in &month.payouts {
            let planned = account_payout(&month.sides(read), rules, &company);
            wanted.push((&read.payout, planned));
        }
    }
    planner.look_for(&wanted).await?;
    let read = wanted.len() as u64;
    for (payout, planned) in wanted {
        let before = planner.steps.len();
        planner.payout(payout, planned)?;
        let writes = planner.steps[before..]
            .iter()
            .any(|step| step.action.writes());
        if writes {
            payouts.insert(payout.id.clone(), Fingerprint::of(payout));
        }
    }
    let PayoutPlanner { steps, holds, .. } = planner;
    Ok(PayoutsPlanned {
        plan: Plan {
            schema: PLAN_SCHEMA.to_owned(),
            basis: Basis {
                shop: rules.store.clone(),
                store: shop_address.to_owned(),
                company: company.id.clone(),
                rules: Fingerprint::of(rules),
                orders: BTreeMap::new(),
                shoppers: BTreeMap::new(),
                products: BTreeMap::new(),
                payouts,
                takes_back: None,
            },
            steps,
            to_shop: Vec::new(),
            holds,
        },
        read,
    })
}

fn source_of(payout: &Payout) -> RecordKey {
    RecordKey {
        entity: Entity::Payout,
        id: payout.id.clone(),
        number: payout.id.clone(),
    }
}

impl<F: LedgerReader> PayoutPlanner<'_, F> {
    /// Looks in the books for what the state file does not know of, whoever made it.
    async fn look_for(&mut self, wanted: &[(&Payout, PayoutPlan)]) -> Result<(), EngineError> {
        let mut sought = Vec::new();
        let mut days = BTreeSet::new();
        for (_, planned) in wanted {
            for entry in &planned.entries {
                let document = &entry.document;
                let known = self
                    .memory
                    .link(self.finder.name(), &Subject::Document(document.key))?;
                if known.is_some_and(|link| link.state == LinkState::Active) {
                    continue;
                }
                let number = match document.kind.is_numberless() {
                    true => document.date.to_string(),
                    false => document.number.clone(),
                };
                sought.push(Sought {
                    key: document.key,
                    number,
                });
                if document.kind == DocumentKind::Transfer {
                    let first = document.date - Days::new(DAYS_APART);
                    days.extend(first.iter_days().take(2 * DAYS_APART as usize + 1));
                }
            }
        }
        if sought.is_empty() {
            return Ok(());
        }
        let ours = sought.len();
        let key = sought[0].key;
        for role in [Role::Transfer, Role::Credit] {
            sought.extend(days.iter().map(|day| Sought {
                key: key.beside(role),
                number: day.to_string(),
            }));
        }
        let mut found = self.finder.find(&sought).await?;
        self.around = found.split_off(ours).into_iter().flatten().collect();
        for (asked, found) in sought.into_iter().zip(found) {
            self.found.insert(asked.key, found);
        }
        Ok(())
    }

    fn payout(&mut self, payout: &Payout, planned: PayoutPlan) -> Result<(), EngineError> {
        let source = source_of(payout);
        if self.set_aside.contains(&payout.id) {
            let said = format!("payout {} was set aside for good", payout.id);
            self.skip(payout, Reason::new("set_aside", said));
            return Ok(());
        }
        if let Some(reason) = self.undone.get(&payout.id) {
            // It keeps its problem, and its place on the list.
            self.hold(&source, reason.clone());
            return Ok(());
        }
        if let Some(reason) = planned.skip {
            self.skip(payout, reason);
        }
        if let Some(reason) = planned.hold {
            self.hold(&source, reason);
        }
        let mut steps = Vec::new();
        for entry in &planned.entries {
            match self.step(payout, &source, entry)? {
                Ok(step) => steps.push(step),
                // Neither half of a payout stands alone.
                Err(reason) => {
                    self.hold(&source, reason);
                    return Ok(());
                }
            }
        }
        self.steps.extend(steps);
        Ok(())
    }

    fn hold(&mut self, source: &RecordKey, reason: Reason) {
        self.holds.push(Hold {
            source: source.clone(),
            subject: None,
            reason,
        });
    }

    fn skip(&mut self, payout: &Payout, reason: Reason) {
        let key = payout_key(payout, Role::Transfer);
        let (subject, kind) = (Subject::Document(key), DocumentKind::Transfer.into());
        self.steps.push(Step {
            reason: Some(reason),
            ..Step::bare(Action::Skip, source_of(payout), subject, kind)
        });
    }

    /// What is to be done about one document; the inner error is why it waits.
    fn step(
        &self,
        payout: &Payout,
        source: &RecordKey,
        entry: &PayoutEntry,
    ) -> Result<Result<Step, Reason>, EngineError> {
        let document = &entry.document;
        let key = document.key;
        let (subject, kind) = (Subject::Document(key), document.kind.into());
        let mut step = Step {
            warnings: entry.warnings.clone(),
            label: document.number.clone(),
            ..Step::bare(Action::None, source.clone(), subject, kind)
        };
        let link = self
            .memory
            .link(self.finder.name(), &Subject::Document(key))?;
        let mut revision = 1;
        if let Some(link) = link {
            if link.state == LinkState::Active {
                // What stands, stands: rules that were changed since are for what comes.
                step.remote = Some(link.remote);
                return Ok(Ok(step));
            }
            revision = link.revision + 1;
        }
        let found = self.found.get(&key).map(Vec::as_slice).unwrap_or_default();
        let is_ours = |found: &&Found| {
            found.state == FoundState::Active
                && found
                    .marker
                    .as_ref()
                    .is_some_and(|marker| marker.store == self.rules.store && marker.key == key)
        };
        let mut ours = found.iter().filter(is_ours);
        if let Some(first) = ours.next() {
            if let Some(second) = ours.next() {
                return Ok(Err(Reason::new(
                    crate::model::code::DUPLICATE_FOUND,
                    format!(
                        "payout {} is in the books more than once: {} {} and {} {}",
                        payout.id,
                        first.remote.entity,
                        first.remote.id,
                        second.remote.entity,
                        second.remote.id
                    ),
                )
                .hint(
                    "delete the wrong one in QuickBooks, then `udsync sync payouts`",
                )));
            }
            step.remote = Some(first.remote.clone());
            step.document = Some(document.clone());
            step.marker = first.marker.clone();
            step.adopted = Some(first.clone());
            return Ok(Ok(step));
        }
        if document.kind == DocumentKind::Transfer
            && let Some(by_hand) = self.entered_by_hand(payout, document)
        {
            return Ok(Err(by_hand));
        }
        let (encoded, marker) = match self.encoded(document, revision) {
            Ok(encoded) => encoded,
            Err(reason) => return Ok(Err(reason)),
        };
        step.action = Action::Create;
        step.body = Some(encoded.body);
        step.expected = encoded.expected;
        step.warnings.extend(encoded.warnings);
        step.marker = Some(marker);
        step.document = Some(document.clone());
        Ok(Ok(step))
    }

    /// Somebody, or the bank feed, has entered the very same already: a transfer, or a deposit out of the clearing account.
    fn entered_by_hand(&self, payout: &Payout, document: &Document) -> Option<Reason> {
        let clearing = clearing_account(self.rules, payout)?;
        let found = self.around.iter().find(|found| {
            found.marker.is_none()
                && found.state == FoundState::Active
                && found.total == document.total
                && self.is_same(found, document, clearing)
        })?;
        let day = found
            .date
            .map_or_else(String::new, |day| format!(" of {day}"));
        Some(
            Reason::new(
                "payout_by_hand",
                format!(
                    "payout {} over {} is entered already: {} {}{day} from `{clearing}`",
                    payout.id, payout.amount, found.remote.entity, found.remote.id
                ),
            )
            .hint("set it aside with `udsync retry --skip ID --why TEXT`, or delete that one in QuickBooks and run `udsync sync payouts`"),
        )
    }

    /// Whether it is what we would have written on its day.
    fn is_same(&self, found: &Found, document: &Document, clearing: &str) -> bool {
        let (Some(date), Some(kind)) = (found.date, found.remote.entity.document()) else {
            return false;
        };
        let apart = (date - document.date).num_days().unsigned_abs();
        let ours = match kind {
            DocumentKind::Transfer => Document {
                date,
                ..document.clone()
            },
            DocumentKind::Deposit => Document {
                kind,
                date,
                account: document.lines.first().map(|line| line.item.0.clone()),
                lines: document
                    .lines
                    .iter()
                    .map(|line| Line {
                        kind: LineKind::PayoutShare,
                        item: crate::model::document::ItemKey(clearing.to_owned()),
                        ..line.clone()
                    })
                    .collect(),
                ..document.clone()
            },
            _ => return false,
        };
        apart <= DAYS_APART
            && self.encoded(&ours, 1).is_ok_and(|(encoded, _)| {
                self.finder.content(encoded.entity, &encoded.body) == found.content
            })
    }

    /// A document as it would be sent, with its mark.
    fn encoded(&self, document: &Document, revision: u32) -> Result<(Encoded, Marker), Reason> {
        let marker = Marker {
            store: self.rules.store.clone(),
            key: document.key,
            revision,
        };
        let encoded = self.finder.encode(Draft::Document {
            document,
            references: &References::default(),
            marker: &marker,
            replaces: None,
            was: None,
        })?;
        Ok((encoded, marker))
    }
}

/// Carries the plan out, and files what is held or failed.
pub async fn carry_out_payouts<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    planned: &PayoutsPlanned,
) -> Result<Report, EngineError> {
    let target = hands.target.name();
    let applied = apply(hands, &planned.plan, None).await?;
    let mut report = Report {
        tally: Tally {
            read: planned.read,
            ..Tally::default()
        },
        ..Report::default()
    };
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
    let mut report = Report {
        tally: Tally {
            read: planned.read,
            ..Tally::default()
        },
        ..Report::default()
    };
    let mut filing = Filing::default();
    let foreseen = PlanOutcome::foreseen(&planned.plan);
    filing.file(target, &planned.plan, &foreseen, &mut report);
    report.problems = filing.foresee(target, known, now);
    report.count_problems();
    report
}
