//! A run taken back: the ordinary story with another plan. What the run has written stands in the journals; both sides are asked whether
//! they still say so.

use std::collections::BTreeSet;

use super::back;
use super::consent::{self, ConsentDecision};
use super::failure::{Failure, FailureDetail};
use super::legs::LegReports;
use super::request::{Ending, RunSubject, RunToUndo};
use super::saved::check_fresh;
use super::story::Story;
use crate::connector::port::{LedgerReader, LedgerWriter, ShopReader};
use crate::engine::run::settle_first;
use crate::engine::undo::{UndoPlanned, UndoWords, foresee_undo, plan_undo, take_back};
use crate::model::code;
use crate::model::event::{Event, Stage, Tell};
use crate::model::plan::{Entity, Plan, RecordKey, Subject, TakenBack};
use crate::model::run::Run;
use crate::store::{Attempts, History, HistoryWriter, ShopAttempts, Store, StoreError};

use super::interrupted::interruptible;

impl<T: LedgerWriter> Story<'_, T> {
    /// Which run is to be taken back, if one is: named by whoever asks, or by a saved plan.
    pub(super) fn undo_words(&self) -> Option<RunToUndo> {
        match &self.request.subject {
            RunSubject::Undo(undo) => Some((**undo).clone()),
            RunSubject::Plan(plan) => plan.basis.takes_back.as_ref().map(|back| RunToUndo {
                run: back.run.clone(),
                partial: back.partial,
                words: UndoWords {
                    by: "whoever applied its saved plan".to_owned(),
                    why: None,
                },
            }),
            RunSubject::Records(_)
            | RunSubject::Problems(_)
            | RunSubject::Named(_)
            | RunSubject::Payouts(_) => None,
        }
    }

    /// Takes it back, or shows how it would be.
    pub(super) async fn undo(
        &self,
        undo: &RunToUndo,
        run: &mut Run,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<Option<Plan>, Failure> {
        let Some(books) = &self.legs.books else {
            return Ok(None);
        };
        let store = &self.runner.store;
        let what = TakenBack {
            run: undo.run.clone(),
            partial: undo.partial,
        };
        let now = self.runner.app.clock.now();
        match self.request.ending {
            Ending::Show => {
                let shop = self.legs.source.address();
                if store.count_open_tickets(books.name())? > 0
                    || !store.open_in_shop(shop)?.is_empty()
                {
                    self.runner.listener.note(
                        "an earlier run left requests without an answer; the undo settles them first",
                    );
                }
                let planned = self.undo_plan(books, &what, tell).await?;
                self.say_what_stays(&planned);
                reports.books = Some(foresee_undo(books.name(), &planned, now));
                self.legs.count(run, reports);
                Ok(Some(planned.plan))
            }
            Ending::Apply => {
                let done = self.undo_done(books, &what, undo, run, reports, tell).await;
                if let Err(failure) = done {
                    reports.fail(failure);
                }
                self.keep(run, reports)?;
                Ok(None)
            }
        }
    }

    async fn undo_done(
        &self,
        books: &T,
        what: &TakenBack,
        undo: &RunToUndo,
        run: &Run,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<(), Failure> {
        let runner = self.runner;
        let (app, store) = (&runner.app, &runner.store);
        let hands = self.hands(books, &run.id, tell);
        settle_first(&hands).await?;
        let at_shop = self.shop_hands(&run.id, tell);
        back::settle_at_shop(&at_shop).await?;
        let planned = self.undo_plan(books, what, tell).await?;
        if let RunSubject::Plan(saved) = &self.request.subject {
            check_fresh(saved, &planned.plan).map_err(|failure| {
                failure.hint(format!(
                    "make a new one with `udsync undo {} --out undo.json`",
                    what.run
                ))
            })?;
        }
        self.say_what_stays(&planned);
        let guard = &self.request.guard;
        let now = app.clock.now();
        let decided = consent::decide_plan(guard, &app.config, store, &planned.plan, now);
        if let ConsentDecision::Ask(words) = decided? {
            let foreseen = foresee_undo(books.name(), &planned, now);
            if !runner.listener.ask(words, foreseen).await {
                let failure = consent::with_waits(consent::not_confirmed(0), &planned.plan);
                return Err(failure.hint(format!(
                    "look at the plan with `udsync undo {} --dry-run`",
                    undo.run
                )));
            }
            // A person takes their time, and so does everybody else meanwhile: all guards are read once more before the first write.
            let again = self.undo_plan(books, what, tell).await?;
            if again.plan.fingerprint() != planned.plan.fingerprint() {
                let failure = consent::plan_changed();
                return Err(consent::with_waits(failure, &again.plan).hint(format!(
                    "look at the plan as it is now with `udsync undo {} --dry-run`",
                    undo.run
                )));
            }
        }
        store.note_undo(&run.id, &what.run)?;
        let taking = take_back(&hands, &at_shop, &planned, &undo.words);
        let mut report = Box::pin(taking).await?;
        report.tally.requests = books.requests();
        let records = planned.records();
        if report.end.is_none() && !report.interrupted && !records.is_empty() {
            let (stand, them) = match records.len() {
                1 => ("stands", "it"),
                _ => ("stand", "them"),
            };
            runner.listener.remark(format!(
                "{} {stand} undone; `udsync retry --run {}` posts {them} again",
                counted(&records),
                what.run
            ));
        }
        reports.books = Some(report);
        Ok(())
    }

    /// The plan, unless something stands in its way.
    async fn undo_plan<F: LedgerReader>(
        &self,
        books: &F,
        what: &TakenBack,
        tell: Tell<'_>,
    ) -> Result<UndoPlanned, Failure> {
        tell(Event::Stage {
            stage: Stage::Plan,
            total: None,
        });
        let runner = self.runner;
        let rules = &runner.app.config.rules;
        let shop = &self.legs.source;
        let plan = Box::pin(plan_undo(shop, books, &runner.store, rules, what));
        let planned = interruptible(&runner.stop, plan).await?;
        if !planned.obstacles.is_empty() && !what.partial {
            let first = later_runs(&runner.store, books.name(), &what.run)?;
            return Err(blocked(&planned, &what.run, &first));
        }
        Ok(planned)
    }

    fn say_what_stays(&self, planned: &UndoPlanned) {
        if planned.names > 0 {
            self.runner.listener.remark(format!(
                "customers and items that the run made stay in QuickBooks: {}",
                planned.names
            ));
        }
    }
}

/// `2 orders and 1 customer`.
fn counted(records: &BTreeSet<&RecordKey>) -> String {
    let kinds = [
        Entity::Order,
        Entity::Refund,
        Entity::Payout,
        Entity::Customer,
        Entity::Product,
    ];
    let of_kind = |kind: Entity| {
        let count = records.iter().filter(|one| one.entity == kind).count();
        match count {
            0 => None,
            1 => Some(format!("1 {kind}")),
            many => Some(format!("{many} {kind}s")),
        }
    };
    let counts: Vec<String> = kinds.into_iter().filter_map(of_kind).collect();
    match counts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => "nothing".to_owned(),
    }
}

/// Accounts and products are called by what they are, and have no order.
fn is_in_books(source: &RecordKey) -> bool {
    !matches!(source.entity, Entity::Customer | Entity::Product)
}

/// The runs that wrote over what this one wrote, and those that wrote over them, the newest first: in this order they can be taken back.
fn later_runs(store: &Store, target: &str, run: &str) -> Result<Vec<String>, StoreError> {
    let mut later: BTreeSet<String> = BTreeSet::new();
    let mut to_look_at = vec![run.to_owned()];
    while let Some(run) = to_look_at.pop() {
        for subject in store.subjects_of_run(target, &run)? {
            // Customers and items stay.
            if !matches!(subject, Subject::Document(_)) {
                continue;
            }
            // Ids of runs begin with their time.
            for done in store.done_to(target, &subject)? {
                let other = done.run_id;
                let is_later = other > run && !later.contains(&other);
                if is_later
                    && store.takes_back(&other)?.is_none()
                    && !store.was_taken_back(&other)?
                {
                    later.insert(other.clone());
                    to_look_at.push(other);
                }
            }
        }
    }
    Ok(later.into_iter().rev().collect())
}

/// Every obstacle at once, each with its document.
fn blocked(planned: &UndoPlanned, run: &str, first: &[String]) -> Failure {
    let details: Vec<FailureDetail> = planned
        .obstacles
        .iter()
        .map(|one| FailureDetail {
            order: is_in_books(&one.order).then(|| one.order.number.clone()),
            document: Some(one.document.clone()),
            id: one.id.clone(),
            code: one.reason.code.clone(),
            message: one.reason.message.clone(),
        })
        .collect();
    let mut failure = Failure::new(
        code::UNDO_BLOCKED,
        format!(
            "run {run} was not taken back, because {} cannot be; nothing was written",
            counted(&planned.blocked())
        ),
    )
    .hint(match first {
        [] | [_] => format!(
            "clear what stands in the way, or take the rest back with `udsync undo {run} --partial`"
        ),
        several => {
            let several = several.iter().map(|run| format!("`udsync undo {run}`"));
            let several: Vec<String> = several.collect();
            format!(
                "later runs go first, in this order: {}; or take the rest back with `udsync undo {run} --partial`",
                several.join(", ")
            )
        }
    });
    let mut listed = String::new();
    for one in &planned.obstacles {
        listed.push_str(&format!(
            "  {} {}: {}\n",
            one.order.entity, one.order.number, one.reason.message
        ));
        if let Some(hint) = &one.reason.hint {
            listed.push_str(&format!("    {hint}\n"));
        }
    }
    listed.push_str(&format!(
        "hint: {}\n",
        failure.hint.as_deref().unwrap_or_default()
    ));
    failure.listed = listed;
    failure.details = details;
    failure
}
