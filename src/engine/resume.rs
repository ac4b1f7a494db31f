//! Resume: settles every ticket that an earlier run left without an outcome, before anything is planned anew.
//!
//! A plan made while a question is open could answer it a second time. So a run waits here for as long as the company may
//! still be at work on what was sent before, counted from the time that the journal holds.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::connector::port::LedgerWriter;
use crate::model::event::{Event, Stage};
use crate::model::fault::{Fault, Remedy};
use crate::model::plan::Subject;
use crate::model::ticket::Ticket;
use crate::store::{StateWriter, StoreError, TicketOutcome};

use super::context::ApplyContext;
use super::doubts::{Doubts, SentTicket};
use super::fate::WriteFate;
use super::{readback, so_far};

/// What settling came to.
#[derive(Debug, Default)]
pub struct Resumed {
    /// How many writes were settled.
    pub settled: u64,
    /// Orders to look at again, whether or not they changed.
    pub orders: BTreeSet<u64>,
    /// Somebody wanted the run to end before everything was settled.
    pub interrupted: bool,
    /// Why not everything could be settled.
    pub end: Option<Fault>,
}

/// Settles what is open. An interrupted `resume` is simply resumed.
pub async fn resume<T: LedgerWriter>(hands: &ApplyContext<'_, T>) -> Result<Resumed, StoreError> {
    let mut resumed = Resumed::default();
    let target = hands.target.name();
    let open = hands.store.open_tickets(target)?;
    if open.is_empty() {
        return Ok(resumed);
    }
    (hands.tell)(Event::Stage {
        stage: Stage::Resume,
        total: Some(open.len() as u64),
    });
    let tickets = open.len();
    let mut doubts = Doubts::default();
    for (ticket, places) in open {
        let writes = &ticket.request().writes;
        resumed
            .orders
            .extend(writes.iter().filter_map(|write| match &write.subject {
                Subject::Document(key) => key.order(),
                Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => None,
            }));
        let over_at = Instant::now() + left_of(hands, &ticket)?;
        doubts.inherit(ticket, places, over_at, left_open());
    }
    while let Some(sent) = doubts.next(hands, hands.stop).await? {
        resumed.settled += settle(hands, &sent)?;
        resumed.end = sent.delivered.end.clone();
        doubts.keep(sent, hands.patience.first_pause);
        (hands.tell)(Event::Progress {
            stage: Stage::Resume,
            done: (tickets - doubts.len()) as u64,
        });
        if resumed.end.is_some() {
            return Ok(resumed);
        }
    }
    resumed.interrupted = !doubts.is_empty();
    tracing::info!(
        settled = resumed.settled,
        "settled what an earlier run left open"
    );
    Ok(resumed)
}

/// How long the company may still be at work on a ticket of an earlier run.
///
/// A clock that was set back since then says nothing: the whole time begins anew, and from a time that the next run can count
/// from.
fn left_of<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    ticket: &Ticket,
) -> Result<Duration, StoreError> {
    let whole = hands.patience.settle_after;
    let Some(sent_at) = hands.store.sent_at(ticket)? else {
        return Ok(Duration::ZERO);
    };
    let now = hands.clock.now();
    match (now - sent_at).to_std() {
        Ok(since) => Ok(whole.saturating_sub(since)),
        Err(_) => {
            hands.store.note_sending(ticket, now)?;
            Ok(whole)
        }
    }
}

fn left_open() -> Fault {
    Fault::new(
        Remedy::Ask,
        "no_answer",
        "an earlier run had no answer to a request, and it is not known what became of it",
    )
    .hint("run the same command again later, nothing is lost")
}

/// Writes down what became of a ticket, and says of how many writes.
fn settle<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    sent: &SentTicket,
) -> Result<u64, StoreError> {
    let target = hands.target.name();
    let writes = &sent.ticket.request().writes;
    let mut outcomes: Vec<(usize, TicketOutcome)> = Vec::with_capacity(writes.len());
    let mut links = Vec::new();
    for (index, (write, fate)) in writes.iter().zip(&sent.delivered.fates).enumerate() {
        let Some(fate) = fate else { continue };
        outcomes.push((index, fate.outcome()));
        if let WriteFate::Stands(found) = fate {
            let before = hands.store.link(target, &write.subject)?;
            links.push(readback::link(write, found, before.as_ref()));
        }
    }
    let store = hands.store;
    store.settle(&sent.ticket, &outcomes, &links, hands.clock.now())?;
    Ok(outcomes.len() as u64)
}

/// Files what runs did that died before they could say so. Only once everything of theirs is settled.
pub fn file_untold(store: &dyn StateWriter, by: &str) -> Result<(), StoreError> {
    for id in store.untold_runs()? {
        let Some(mut run) = store.run(&id)? else {
            continue;
        };
        let (changes, requests) = store.done_in(&id)?;
        if changes.is_empty() {
            continue;
        }
        so_far::count_filed(store, &mut run)?;
        so_far::count(&mut run, &changes, requests);
        store.file_run(by, &run, &changes)?;
    }
    Ok(())
}
