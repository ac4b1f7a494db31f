//! Shopward: carries planned changes of the shop out, one after the other, each with its ticket.
//!
//! The shop has no key against repeats and no precondition on a write. So each thing is looked at right before it is changed; the change is
//! on the disk before a byte of it leaves; and after a lost answer the shop is asked what became of it, for as long as it may still be
//! at work. What is there already is taken as done: a note that another life of the state file wrote, a status that somebody set. What
//! somebody changed meanwhile is planned again by the next run. There is one writer, and it sends one thing at a time.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::context::{Patience, overtaken};
use super::outcome::Report;
use crate::connector::port::ShopWriter;
use crate::model::clock::Clock;
use crate::model::code;
use crate::model::document::{DocumentKey, Role};
use crate::model::event::{Event, Tell};
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::plan::{Action, Entity};
use crate::model::problem::ProblemState;
use crate::model::run::Change;
use crate::model::service::Service;
use crate::model::shop_change::{ShopLook, ShopOutcome, ShopSeen, ShopStep, ShopTicket};
use crate::store::{ProblemFound, StateWriter, StoreError};

/// What changing the shop needs besides the plan.
pub struct ShopwardContext<'a, S: ShopWriter> {
    pub shop: &'a S,
    pub store: &'a dyn StateWriter,
    pub run_id: &'a str,
    pub clock: &'a Clock,
    pub stop: &'a AtomicBool,
    pub patience: Patience,
    pub tell: Tell<'a>,
}

/// What became of a step toward the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShopStepOutcome {
    /// It stands there, as the shop said it.
    Done(ShopSeen),
    /// It was there already, and nothing was sent.
    Found(ShopSeen),
    /// Why it is not: for a person, or for the next run.
    Failed { reason: Reason, retryable: bool },
    /// The run ended before its turn.
    NotReached,
}

/// What became of all of them.
#[derive(Debug, Default)]
pub struct ShopwardOutcome {
    /// One for each step.
    pub results: Vec<ShopStepOutcome>,
    pub end: Option<Fault>,
    pub interrupted: bool,
}

/// What came of one ticket.
enum Fate {
    Settled(ShopOutcome),
    /// Nobody knows yet: the ticket stays a question.
    Open(Fault),
    /// It was not done, and the run cannot go on.
    Ended(Fault),
}

impl<S: ShopWriter> ShopwardContext<'_, S> {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Makes these changes, in their order.
pub async fn write_to_shop<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    steps: &[ShopStep],
) -> Result<ShopwardOutcome, StoreError> {
    let mut outcome = ShopwardOutcome::default();
    for step in steps {
        if hands.is_stopped() {
            outcome.interrupted = true;
            break;
        }
        match one(hands, step).await? {
            Ok(result) => outcome.results.push(result),
            Err(fault) => {
                outcome.end = Some(fault);
                break;
            }
        }
    }
    outcome
        .results
        .resize(steps.len(), ShopStepOutcome::NotReached);
    Ok(outcome)
}

async fn one<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    step: &ShopStep,
) -> Result<Result<ShopStepOutcome, Fault>, StoreError> {
    let shop = hands.shop.address();
    if hands.store.is_done_in_shop(shop, &step.mark)? {
        return Ok(Ok(ShopStepOutcome::Found(ShopSeen::default())));
    }
    for _ in 0..hands.patience.sendings_max {
        let look = match patiently(hands, step).await {
            Ok(look) => look,
            Err(fault) => return Ok(Err(fault)),
        };
        match look {
            ShopLook::Made(seen) => {
                let ticket = intend(hands, step)?;
                settle(hands, &ticket, &ShopOutcome::Done(seen.clone()))?;
                return Ok(Ok(ShopStepOutcome::Found(seen)));
            }
            ShopLook::AsPlanned(_) => {}
            other => return Ok(Ok(kept_from(step, &other))),
        }
        let ticket = intend(hands, step)?;
        match send(hands, &ticket).await? {
            Fate::Settled(outcome) => {
                settle(hands, &ticket, &outcome)?;
                match outcome {
                    ShopOutcome::Done(seen) => {
                        told(hands, step);
                        return Ok(Ok(ShopStepOutcome::Done(seen)));
                    }
                    ShopOutcome::Refused(reason) => {
                        let retryable = false;
                        return Ok(Ok(ShopStepOutcome::Failed { reason, retryable }));
                    }
                    // Looked at anew, and sent once more.
                    ShopOutcome::NotDone => {}
                }
            }
            Fate::Open(fault) => return Ok(Err(fault)),
            Fate::Ended(fault) => {
                settle(hands, &ticket, &ShopOutcome::NotDone)?;
                return Ok(Err(fault));
            }
        }
    }
    let reason = Reason::new(
        "no_answer",
        format!(
            "the shop did not do what it was asked for, {} times",
            hands.patience.sendings_max
        ),
    )
    .hint("run the same command again later, nothing is lost");
    let retryable = true;
    Ok(Ok(ShopStepOutcome::Failed { reason, retryable }))
}

fn intend<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    step: &ShopStep,
) -> Result<ShopTicket, StoreError> {
    let shop = hands.shop.address();
    hands
        .store
        .intend_in_shop(hands.run_id, shop, step.clone(), hands.now())
}

fn settle<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    ticket: &ShopTicket,
    outcome: &ShopOutcome,
) -> Result<(), StoreError> {
    hands.store.settle_in_shop(ticket, outcome, hands.now())
}

fn told<S: ShopWriter>(hands: &ShopwardContext<'_, S>, step: &ShopStep) {
    (hands.tell)(Event::Written {
        action: action_of(step),
        entity: step.change.kind().to_owned(),
        label: step.source.number.clone(),
        target_id: step.source.id.clone(),
    });
}

/// A note is made; everything else is a change of what is there.
pub fn action_of(step: &ShopStep) -> Action {
    match step.change.kind() {
        "note" => Action::Create,
        _ => Action::Update,
    }
}

/// Asks how a thing stands; where the shop is busy, again after the time that it names.
async fn patiently<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    step: &ShopStep,
) -> Result<ShopLook, Fault> {
    let mut waited = Duration::ZERO;
    loop {
        match hands.shop.look(step).await {
            Err(fault) => match fault.remedy {
                Remedy::Wait(pause) if waited + pause <= hands.patience.wait_max => {
                    waited += pause;
                    wait(hands, pause, &fault).await;
                }
                _ => return Err(fault),
            },
            look => return look,
        }
    }
}

async fn wait<S: ShopWriter>(hands: &ShopwardContext<'_, S>, pause: Duration, why: &Fault) {
    (hands.tell)(Event::Waiting {
        target: Service::Woocommerce.as_str().to_owned(),
        seconds: pause.as_secs(),
        why: why.said.clone(),
    });
    tokio::time::sleep(pause.min(hands.patience.pause_max)).await;
}

/// Sends a ticket, and finds out what became of it where the answer does not say.
async fn send<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    ticket: &ShopTicket,
) -> Result<Fate, StoreError> {
    let mut waited = Duration::ZERO;
    loop {
        let trouble = Mutex::new(None);
        let sending = || {
            let noted = hands
                .store
                .still_ahead(hands.run_id)
                .and_then(|()| hands.store.note_sending_to_shop(ticket, hands.now()));
            noted.map_err(|error| {
                let fault = overtaken(&error);
                *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                fault
            })
        };
        let answer = hands.shop.change(ticket, &sending).await;
        if let Some(error) = trouble.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        let fault = match answer {
            Ok(seen) => return Ok(Fate::Settled(ShopOutcome::Done(seen))),
            Err(fault) => fault,
        };
        match fault.remedy {
            Remedy::Wait(pause) if waited + pause <= hands.patience.wait_max => {
                waited += pause;
                wait(hands, pause, &fault).await;
            }
            Remedy::Wait(_) | Remedy::Reconnect | Remedy::Stop => return Ok(Fate::Ended(fault)),
            Remedy::Amend | Remedy::Reread => {
                let mut reason = Reason::new(fault.code, fault.said.clone());
                reason.hint = fault.hint;
                return Ok(Fate::Settled(ShopOutcome::Refused(reason)));
            }
            Remedy::Ask => {
                return Ok(find_out(hands, ticket, hands.patience.settle_after, fault).await);
            }
        }
    }
}

/// Looks until the change is there, or until the shop can no longer be at work on it.
async fn find_out<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    ticket: &ShopTicket,
    left: Duration,
    lost: Fault,
) -> Fate {
    let over_at = Instant::now() + left;
    let mut pause = hands.patience.first_pause;
    let mut asked = 0;
    loop {
        let is_over = Instant::now() >= over_at;
        match hands.shop.look(ticket.step()).await {
            Ok(ShopLook::Made(seen)) => return Fate::Settled(ShopOutcome::Done(seen)),
            Ok(_) if is_over => return Fate::Settled(ShopOutcome::NotDone),
            Ok(_) => {}
            Err(fault) if fault.remedy == Remedy::Reconnect => return Fate::Open(fault),
            Err(fault) => {
                asked += 1;
                if asked >= hands.patience.asks_max {
                    return Fate::Open(fault);
                }
            }
        }
        if hands.is_stopped() {
            return Fate::Open(lost);
        }
        let until_over = over_at.saturating_duration_since(Instant::now());
        let step = pause.min(until_over).max(Duration::from_millis(1));
        tokio::time::sleep(step).await;
        pause = (pause * 2).min(hands.patience.pause_max);
    }
}

/// Settles what an earlier run left open; the records concerned are to be looked at again.
pub async fn settle_shop_first<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
) -> Result<(BTreeSet<u64>, Option<Fault>), StoreError> {
    let mut orders = BTreeSet::new();
    for ticket in hands.store.open_in_shop(hands.shop.address())? {
        let source = &ticket.step().source;
        if source.entity == Entity::Order {
            orders.extend(source.id.parse::<u64>().ok());
        }
        let lost = Fault::new(
            Remedy::Ask,
            "no_answer",
            "an earlier run had no answer to a change of the shop, and it is not known what became of it",
        )
        .hint("run the same command again later, nothing is lost");
        match find_out(hands, &ticket, left_of(hands, &ticket)?, lost).await {
            Fate::Settled(outcome) => settle(hands, &ticket, &outcome)?,
            Fate::Open(fault) | Fate::Ended(fault) => return Ok((orders, Some(fault))),
        }
    }
    Ok((orders, None))
}

/// How long the shop may still be at work on a change of an earlier run. A clock that was set back since then says nothing: the whole
/// time begins anew, and from a time that the next run can count from.
fn left_of<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    ticket: &ShopTicket,
) -> Result<Duration, StoreError> {
    let whole = hands.patience.settle_after;
    let Some(sent) = hands.store.sent_to_shop_at(ticket)? else {
        return Ok(Duration::ZERO);
    };
    match (hands.now() - sent).to_std() {
        Ok(since) => Ok(whole.saturating_sub(since)),
        Err(_) => {
            hands.store.note_sending_to_shop(ticket, hands.now())?;
            Ok(whole)
        }
    }
}

/// Why a thing was left alone.
fn kept_from(step: &ShopStep, look: &ShopLook) -> ShopStepOutcome {
    let (entity, number) = (step.source.entity, &step.source.number);
    let (reason, retryable) = match look {
        ShopLook::Gone => (
            Reason::new(
                "gone_in_shop",
                format!("{entity} {number} was to be changed in the shop, and is not there any more: it was deleted or put into the trash, or its id belongs to another one by now"),
            )
            .hint("bring it back in the shop and run `udsync retry --all`, or set it aside with `udsync retry --skip ID --why TEXT`"),
            false,
        ),
        ShopLook::Busy => (
            Reason::new(
                "order_in_use",
                format!("{entity} {number} was changed in the shop less than two minutes ago, and two at work on one order have the shop do everything twice"),
            )
            .hint("run the same command again in two minutes"),
            true,
        ),
        _ => (
            Reason::new(
                code::STALE,
                format!("{entity} {number} was changed in the shop while a change of it was planned"),
            )
            .hint("run the same command again"),
            true,
        ),
    };
    ShopStepOutcome::Failed { reason, retryable }
}

/// What the history keeps of a step.
pub fn shop_change(step: &ShopStep) -> Change {
    let body = serde_json::to_string(&step.change).expect("our own values always have a JSON form");
    Change {
        target: Service::Woocommerce.as_str().to_owned(),
        action: action_of(step),
        entity: step.change.kind().to_owned(),
        source: step.source.clone(),
        label: step.source.number.clone(),
        txn_date: step.date,
        currency: step.currency.clone(),
        total: step.total,
        tax_total: None,
        target_id: Some(step.change.thing()),
        body: Some(body),
        warnings: Vec::new(),
        reason: Some(step.reason.clone()),
    }
}

/// Files what came of the steps beside what the books have filed: changes for the history, and what waits for a person or another try.
pub fn file_shopward<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    books: &str,
    steps: &[ShopStep],
    outcome: &ShopwardOutcome,
    report: &mut Report,
) -> Result<(), StoreError> {
    for (step, result) in steps.iter().zip(&outcome.results) {
        let (reason, retryable) = match result {
            ShopStepOutcome::Done(_) => {
                report.changes.push(shop_change(step));
                continue;
            }
            ShopStepOutcome::Found(_) | ShopStepOutcome::NotReached => continue,
            ShopStepOutcome::Failed { reason, retryable } => (reason, *retryable),
        };
        let state = match retryable {
            true => ProblemState::Failed,
            false => ProblemState::Held,
        };
        let subject = order_of(step).map(|id| DocumentKey::of_order(id, Role::Payment));
        let found = ProblemFound {
            target: books,
            source: &step.source,
            subject,
            state,
            reason,
            retryable,
            tries: u32::from(retryable),
        };
        let problem = hands.store.raise(&found, hands.run_id, hands.now())?;
        (hands.tell)(Event::Problem {
            source: step.source.clone(),
            code: reason.code.clone(),
            message: reason.message.clone(),
        });
        match state {
            ProblemState::Held => report.tally.held += 1,
            _ => report.tally.failed += 1,
        }
        report.problems.push(problem);
    }
    report.interrupted |= outcome.interrupted;
    if report.end.is_none() {
        report.end = outcome.end.clone();
    }
    Ok(())
}

/// Files what runs changed in the shop that died before they could say so. Only once everything of theirs is settled.
pub fn file_untold_in_shop(store: &dyn StateWriter, by: &str) -> Result<(), StoreError> {
    for id in store.untold_in_shop()? {
        let Some(run) = store.run(&id)? else {
            continue;
        };
        // What the run has told itself is known by its kind and its thing: words are not kept for ever.
        let mut told: Vec<(String, Option<String>)> = store
            .changes(&id)?
            .into_iter()
            .filter(|change| change.target == Service::Woocommerce.as_str())
            .map(|change| (change.entity, change.target_id))
            .collect();
        let mut untold = Vec::new();
        for one in store.done_in_shop_by(&id)? {
            if !one.stands() {
                continue;
            }
            let change = shop_change(&one.step);
            let is_it = |known: &(String, Option<String>)| {
                known.0 == change.entity && known.1 == change.target_id
            };
            match told.iter().position(is_it) {
                Some(at) => drop(told.swap_remove(at)),
                None => untold.push(change),
            }
        }
        if !untold.is_empty() {
            store.file_run(by, &run, &untold)?;
        }
    }
    Ok(())
}

fn order_of(step: &ShopStep) -> Option<u64> {
    let source = &step.source;
    let is_order = source.entity == Entity::Order;
    source.id.parse().ok().filter(|_| is_order)
}
