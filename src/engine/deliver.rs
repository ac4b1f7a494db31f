//! Deliver: stays with one ticket until it is known what became of each of its writes.
//!
//! An answer that does not come is never guessed. The books are asked whether the work was done; only when nothing of
//! the ticket is there the very same bytes go out again under the same key, which is safe whether or not the service
//! remembers keys.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::connector::port::Target;
use crate::model::event::{Event, Tell};
use crate::model::fault::{Fault, Remedy};
use crate::model::plan::{Action, Subject};
use crate::model::ticket::{Found, FoundState, Ticket, Write, Written};

/// How patient a run is. Tests are in more of a hurry.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Before the books are asked what became of a lost answer; doubles with each try.
    pub first_pause: Duration,
    /// How often a lost answer is asked for before the run gives up.
    pub asks_max: u32,
    /// How long a service may make us wait for one request, all told.
    pub wait_max: Duration,
    /// No single pause is longer, whatever the service asks for.
    pub pause_max: Duration,
    /// A record that fails so often in a row is parked.
    pub tries_max: u32,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            first_pause: Duration::from_secs(1),
            asks_max: 5,
            wait_max: Duration::from_secs(600),
            pause_max: Duration::from_secs(600),
            tries_max: 8,
        }
    }
}

/// What became of one write.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
#[derive(Debug)]
pub enum Fate {
    Stands(Found),
    Deleted,
    Refused(Fault),
    /// It certainly was not done and may be tried again.
    NotDone,
}

/// What became of a ticket.
#[derive(Debug)]
pub struct Delivered {
    /// One for each write; `None`: still unknown, the ticket stays open for the next run.
    pub fates: Vec<Option<Fate>>,
    /// Why the run cannot go on.
    pub end: Option<Fault>,
}

/// Sends a ticket, for the first time or again, and finds out what became of it. Whoever asks the run to stop does not wait out a
/// pause after which it would only be sent again.
pub async fn deliver<T: Target>(
    target: &T,
    ticket: &Ticket,
    patience: Patience,
    stop: &AtomicBool,
    tell: Tell<'_>,
) -> Delivered {
    let mut asks = 0;
    let mut waited = Duration::ZERO;
    loop {
        match target.write(ticket).await {
            Ok(answers) => return answered(target, ticket, answers, patience).await,
            Err(fault) => match fault.remedy {
                Remedy::Wait(pause) => {
                    let pause = pause.min(patience.pause_max);
                    waited += pause;
                    if waited > patience.wait_max {
                        return all(ticket, || Some(Fate::NotDone), Some(fault));
                    }
                    tell(Event::Waiting {
                        target: target.name().to_owned(),
                        seconds: pause.as_secs(),
                        why: fault.said.clone(),
                    });
                    if stopped_during(pause, stop).await {
                        return all(ticket, || Some(Fate::NotDone), None);
                    }
                }
                Remedy::Ask => {
                    asks += 1;
                    tokio::time::sleep(patience.first_pause * 2_u32.pow(asks - 1)).await;
                    match settle_by_looking(target, ticket, patience).await {
                        Ok(Some(delivered)) => return delivered,
                        Ok(None) if asks < patience.asks_max => {}
                        Ok(None) => return all(ticket, || None, Some(fault)),
                        // Whoever could not look does not know, and so sends nothing again.
                        Err(unread) => return all(ticket, || None, Some(unread)),
                    }
                }
                Remedy::Amend | Remedy::Reread => {
                    return all(ticket, || Some(Fate::Refused(fault.clone())), None);
                }
                Remedy::Reconnect | Remedy::Stop => {
                    return all(ticket, || Some(Fate::NotDone), Some(fault));
                }
            },
        }
    }
}

/// Settles a ticket that an earlier run left open at these places: looks first, because its answer may be long lost.
pub async fn redeliver<T: Target>(
    target: &T,
    ticket: &Ticket,
    open: &[usize],
    patience: Patience,
    stop: &AtomicBool,
    tell: Tell<'_>,
) -> Delivered {
    if open.len() < ticket.request().writes.len() {
        // Some of it was answered. The bytes hold all of it, so they must not go out again.
        return rest(target, ticket, open).await;
    }
    match settle_by_looking(target, ticket, patience).await {
        Ok(Some(delivered)) => delivered,
        Ok(None) => deliver(target, ticket, patience, stop, tell).await,
        Err(fault) => all(ticket, || None, Some(fault)),
    }
}

/// Pauses, or says that the run is to stop.
async fn stopped_during(pause: Duration, stop: &AtomicBool) -> bool {
    const GLANCE: Duration = Duration::from_millis(200);
    let over = tokio::time::Instant::now() + pause;
    loop {
        if stop.load(Ordering::Relaxed) {
            return true;
        }
        let left = over.saturating_duration_since(tokio::time::Instant::now());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(left.min(GLANCE)).await;
    }
}

/// Finds out about the writes that an answer left open. What is not there was not done: the service answered, so it is
/// no longer at work.
async fn rest<T: Target>(target: &T, ticket: &Ticket, open: &[usize]) -> Delivered {
    let writes = &ticket.request().writes;
    let asked: Vec<Write> = open.iter().map(|place| writes[*place].clone()).collect();
    let mut delivered = all(ticket, || None, None);
    match look(target, &asked).await {
        Ok(fates) => {
            for (place, fate) in open.iter().zip(fates) {
                delivered.fates[*place] = Some(fate);
            }
        }
        Err(unread) => delivered.end = Some(unread),
    }
    delivered
}

/// `None`: nothing of the ticket is in the books, the whole of it can be sent again.
///
/// A service may still be at work on a batch whose answer we did not wait for. As long as it gets further from one
/// look to the next, what is not there yet is not believed to be undone.
async fn settle_by_looking<T: Target>(
    target: &T,
    ticket: &Ticket,
    patience: Patience,
) -> Result<Option<Delivered>, Fault> {
    let mut done_before = None;
    loop {
        let fates = look(target, &ticket.request().writes).await?;
        let done = fates
            .iter()
            .filter(|fate| !matches!(fate, Fate::NotDone))
            .count();
        if done == 0 {
            return Ok(None);
        }
        if done == fates.len() || done_before == Some(done) {
            return Ok(Some(Delivered {
                fates: fates.into_iter().map(Some).collect(),
                end: None,
            }));
        }
        done_before = Some(done);
        tokio::time::sleep(patience.first_pause).await;
    }
}

async fn look<T: Target>(target: &T, writes: &[Write]) -> Result<Vec<Fate>, Fault> {
    let found = target.look(writes).await?;
    Ok(writes
        .iter()
        .zip(found)
        .map(|(write, found)| fate(target, write, found))
        .collect())
}

/// Whether what stands in the books is the work of this write.
fn fate<T: Target>(target: &T, write: &Write, found: Option<Found>) -> Fate {
    match (write.action, found) {
        (Action::Delete, None) => Fate::Deleted,
        (Action::Create, Some(found)) => Fate::Stands(as_written(target, write, found)),
        (Action::Update, Some(found)) if is_written(target, write, &found) => {
            Fate::Stands(as_written(target, write, found))
        }
        (Action::Void, Some(found)) if found.state == FoundState::Voided => Fate::Stands(found),
        _ => Fate::NotDone,
    }
}

/// A later revision of ours came after it, so it was done too. A name carries no marker: it was done if all of it is there.
fn is_written<T: Target>(target: &T, write: &Write, found: &Found) -> bool {
    if !matches!(write.subject, Subject::Document(_)) {
        return !found.content.is_empty()
            && found.content == target.content(&write.entity, &write.body);
    }
    match (&write.marker, &found.marker) {
        (Some(meant), Some(stands)) => {
            meant.store == stands.store
                && meant.key == stands.key
                && meant.revision <= stands.revision
        }
        (meant, stands) => meant == stands,
    }
}

/// What was found long after the write may have been changed by a person since. Then our own work is remembered rather
/// than theirs: the difference shows as soon as we want to write there again, and nobody is overwritten.
fn as_written<T: Target>(target: &T, write: &Write, mut found: Found) -> Found {
    if is_next_revision(write, &found) {
        return found;
    }
    // How it looked when we had written it, nobody can say any more.
    found.trace = String::new();
    let ours = target.content(&write.entity, &write.body);
    if found.content == ours {
        return found;
    }
    found.content = ours;
    if let Some(expected) = &write.expected {
        found.total = expected.total;
        found.tax_total = expected.tax_total;
        found.tax = expected.tax.clone();
        found.date = Some(expected.date);
    }
    found
}

/// A ledger counts the changes of a document from zero: if this is the very next one, nobody was there but us.
fn is_next_revision(write: &Write, found: &Found) -> bool {
    let before = write
        .remote
        .as_ref()
        .map(|remote| remote.revision.parse::<u32>());
    match (before, found.remote.revision.parse::<u32>()) {
        (None, Ok(now)) => now == 0,
        (Some(Ok(before)), Ok(now)) => before + 1 == now,
        _ => false,
    }
}

async fn answered<T: Target>(
    target: &T,
    ticket: &Ticket,
    answers: Vec<Result<Written, Fault>>,
    patience: Patience,
) -> Delivered {
    let mut delivered = Delivered {
        fates: Vec::with_capacity(answers.len()),
        end: None,
    };
    let mut unsure = Vec::new();
    let mut pause = Duration::ZERO;
    for (index, answer) in answers.into_iter().enumerate() {
        let fate = match answer {
            Ok(Written::Stands(found)) => Some(Fate::Stands(found)),
            Ok(Written::Deleted) => Some(Fate::Deleted),
            Err(fault) => match fault.remedy {
                Remedy::Ask => {
                    unsure.push(index);
                    pause = pause.max(patience.first_pause);
                    None
                }
                Remedy::Wait(asked) => {
                    pause = pause.max(asked);
                    Some(Fate::NotDone)
                }
                Remedy::Reconnect | Remedy::Stop => {
                    delivered.end = Some(fault);
                    Some(Fate::NotDone)
                }
                Remedy::Amend | Remedy::Reread => Some(Fate::Refused(fault)),
            },
        };
        delivered.fates.push(fate);
    }
    tokio::time::sleep(pause.min(patience.pause_max)).await;
    if unsure.is_empty() {
        return delivered;
    }
    let looked = rest(target, ticket, &unsure).await;
    for (known, found) in delivered.fates.iter_mut().zip(looked.fates) {
        if known.is_none() {
            *known = found;
        }
    }
    delivered.end = delivered.end.or(looked.end);
    delivered
}

fn all(ticket: &Ticket, fate: impl Fn() -> Option<Fate>, end: Option<Fault>) -> Delivered {
    Delivered {
        fates: ticket.request().writes.iter().map(|_| fate()).collect(),
        end,
    }
}
