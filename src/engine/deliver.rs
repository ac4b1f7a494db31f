//! Deliver: sends a ticket and finds out what became of each of its writes, as far as that can be known at once.
//!
//! An answer that does not come is never guessed. What is found in the books was done. What is not found there is not yet
//! undone: the company may still be at work on a request that we gave up, or may not have begun. It is believed to be undone
//! only when the time is over that the company gives to any request (`settle_after`, counted from the last sending), and only
//! by a look after that. Until then nothing of it goes out again, neither in another request nor as the same bytes under the
//! same key, because a company that does not heed keys would do it twice. What is open stays a question for `doubts`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::connector::port::LedgerWriter;
use crate::model::event::Event;
use crate::model::fault::{Fault, Remedy};
use crate::model::ticket::{Ticket, Write, Written};
use crate::store::StoreError;

use super::context::ApplyContext;
use super::fate::{Delivered, WriteDoubt, WriteFate, all};
use super::look::look;

/// Sends a ticket and looks once for what is unknown then. Whoever asks the run to stop does not wait out a pause after which
/// it would only be sent again.
pub async fn deliver<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    ticket: &Ticket,
    stop: &AtomicBool,
) -> Result<Delivered, StoreError> {
    if let Some(withheld) = withheld(hands, ticket) {
        return Ok(withheld);
    }
    let patience = hands.patience;
    let mut waited = Duration::ZERO;
    loop {
        if let Err(overtaken) = hands.may_send() {
            // Whoever took over asks what became of it.
            return Ok(all(ticket, || None, Some(overtaken)));
        }
        let (answers, over_at) = send(hands, ticket).await?;
        let fault = match answers {
            Ok(answers) => return Ok(answered(hands, ticket, answers, over_at, stop).await),
            Err(fault) => fault,
        };
        match fault.remedy {
            Remedy::Wait(pause) => {
                let pause = pause.min(patience.pause_max);
                waited += pause;
                if waited > patience.wait_max {
                    return Ok(all(ticket, || Some(WriteFate::NotDone), Some(fault)));
                }
                (hands.tell)(Event::Waiting {
                    target: hands.target.name().to_owned(),
                    seconds: pause.as_secs(),
                    why: fault.said.clone(),
                });
                if stopped_during(pause, stop).await {
                    return Ok(all(ticket, || Some(WriteFate::NotDone), None));
                }
            }
            Remedy::Ask => {
                stopped_during(patience.first_pause, stop).await;
                let doubt = WriteDoubt {
                    why: fault,
                    over_at,
                    answered: false,
                };
                let delivered = all(ticket, || None, None);
                return Ok(look_once(hands, ticket, delivered, doubt).await);
            }
            Remedy::Amend | Remedy::Reread => {
                return Ok(all(
                    ticket,
                    || Some(WriteFate::Refused(fault.clone())),
                    None,
                ));
            }
            Remedy::Reconnect | Remedy::Stop => {
                return Ok(all(ticket, || Some(WriteFate::NotDone), Some(fault)));
            }
        }
    }
}

type WriteAnswers = Result<Vec<Result<Written, Fault>>, Fault>;

/// Sends it once. The time is on the disk before the first byte is on its way: a run after this one counts from there too.
async fn send<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    ticket: &Ticket,
) -> Result<(WriteAnswers, Instant), StoreError> {
    let sent = Mutex::new(None);
    let unkept = Mutex::new(None);
    let sending = || {
        let noted = hands.store.note_sending(ticket, hands.clock.now());
        noted.map_err(|error| {
            let fault = Fault::new(Remedy::Stop, "state_unwritable", error.to_string());
            *locked(&unkept) = Some(error);
            fault
        })?;
        *locked(&sent) = Some(Instant::now());
        Ok(())
    };
    let answers = hands.target.write(ticket, &sending).await;
    if let Some(error) = locked(&unkept).take() {
        return Err(error);
    }
    let sent = locked(&sent).unwrap_or_else(Instant::now);
    Ok((answers, sent + hands.patience.settle_after))
}

fn locked<T>(kept: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a request back that speaks of what was never made, or that changes what nobody has seen. No such request is recorded any
/// more, but an earlier version may have left one open. What it asks for is planned anew, with a cause of its own.
fn withheld<T: LedgerWriter>(hands: &ApplyContext<'_, T>, ticket: &Ticket) -> Option<Delivered> {
    let writes = &ticket.request().writes;
    // The key to what was recorded may be lost for good, and the bytes with it: then it is planned anew, like what could not be taken
    // back.
    if ticket.request().body.is_empty() || !writes.iter().all(Write::can_be_taken_back) {
        return Some(all(ticket, || Some(WriteFate::NotDone), None));
    }
    let is_whole = |write: &Write| hands.target.references(&write.body).is_empty();
    if writes.iter().all(is_whole) {
        return None;
    }
    let fates = writes.iter().map(|write| {
        Some(if is_whole(write) {
            WriteFate::NotDone
        } else {
            WriteFate::Refused(Fault::new(
                Remedy::Amend,
                "reference_missing",
                "something it refers to was never made",
            ))
        })
    });
    Some(Delivered {
        fates: fates.collect(),
        doubt: None,
        end: None,
    })
}

/// Pauses, or says that the run is to stop.
pub(super) async fn stopped_during(pause: Duration, stop: &AtomicBool) -> bool {
    const GLANCE: Duration = Duration::from_millis(200);
    let over = Instant::now() + pause;
    loop {
        if stop.load(Ordering::Relaxed) {
            return true;
        }
        let left = over.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(left.min(GLANCE)).await;
    }
}

async fn answered<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    ticket: &Ticket,
    answers: Vec<Result<Written, Fault>>,
    over_at: Instant,
    stop: &AtomicBool,
) -> Delivered {
    let patience = hands.patience;
    let mut delivered = Delivered {
        fates: Vec::with_capacity(answers.len()),
        doubt: None,
        end: None,
    };
    let mut unsure = None;
    let mut pause = Duration::ZERO;
    for answer in answers {
        let fate = match answer {
            Ok(Written::Stands(found)) => Some(WriteFate::Stands(found)),
            Ok(Written::Deleted) => Some(WriteFate::Deleted),
            Err(fault) => match fault.remedy {
                Remedy::Ask => {
                    unsure.get_or_insert(fault);
                    pause = pause.max(patience.first_pause);
                    None
                }
                Remedy::Wait(asked) => {
                    pause = pause.max(asked);
                    Some(WriteFate::NotDone)
                }
                Remedy::Reconnect | Remedy::Stop => {
                    delivered.end = Some(fault);
                    Some(WriteFate::NotDone)
                }
                Remedy::Amend | Remedy::Reread => Some(WriteFate::Refused(fault)),
            },
        };
        delivered.fates.push(fate);
    }
    stopped_during(pause.min(patience.pause_max), stop).await;
    let Some(why) = unsure else {
        return delivered;
    };
    let doubt = WriteDoubt {
        why,
        over_at,
        answered: true,
    };
    look_once(hands, ticket, delivered, doubt).await
}

/// Fills in what stands in the books; the rest remains in doubt.
async fn look_once<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    ticket: &Ticket,
    mut delivered: Delivered,
    doubt: WriteDoubt,
) -> Delivered {
    let writes = &ticket.request().writes;
    let places: Vec<usize> = (0..writes.len())
        .filter(|place| delivered.fates[*place].is_none())
        .collect();
    let asked: Vec<Write> = places.iter().map(|place| writes[*place].clone()).collect();
    match look(hands.target, &asked).await {
        Ok(fates) => {
            for (place, fate) in places.into_iter().zip(fates) {
                if !matches!(fate, WriteFate::NotDone) {
                    delivered.fates[place] = Some(fate);
                }
            }
        }
        // Whoever could not look does not know, and so sends nothing again.
        Err(unread) => delivered.end = delivered.end.or(Some(unread)),
    }
    if delivered.fates.iter().any(Option::is_none) {
        delivered.doubt = Some(doubt);
    }
    delivered
}
