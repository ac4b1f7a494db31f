//! Resume: settles every ticket that an earlier run left without an outcome, before anything is planned anew.
//!
//! A plan made while a question is open could answer it a second time.

use std::collections::BTreeSet;

use crate::connector::port::Target;
use crate::model::event::{Event, Stage};
use crate::model::fault::Fault;
use crate::model::plan::Subject;
use crate::store::{Outcome, Store, StoreError};

use super::apply::{Hands, outcome};
use super::deliver::{Fate, redeliver};
use super::{readback, so_far};

/// What settling came to.
#[derive(Debug, Default)]
pub struct Resumed {
    /// How many writes were settled.
    pub settled: u64,
    /// Orders to look at again, whether or not they changed.
    pub orders: BTreeSet<u64>,
    /// Why not everything could be settled.
    pub end: Option<Fault>,
}

/// Settles what is open. An interrupted `resume` is simply resumed.
pub async fn resume<T: Target>(hands: &Hands<'_, T>) -> Result<Resumed, StoreError> {
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
    for (done, (ticket, places)) in open.into_iter().enumerate() {
        let delivered = redeliver(
            hands.target,
            &ticket,
            &places,
            hands.patience,
            hands.stop,
            hands.tell,
        )
        .await;
        let writes = &ticket.request().writes;
        let mut outcomes: Vec<(usize, Outcome)> = Vec::with_capacity(writes.len());
        let mut links = Vec::new();
        for (index, (write, fate)) in writes.iter().zip(delivered.fates).enumerate() {
            if let Subject::Document(key) = &write.subject {
                resumed.orders.insert(key.order);
            }
            if let Some(fate) = &fate {
                outcomes.push((index, outcome(fate)));
            }
            match fate {
                Some(Fate::Stands(found)) => {
                    let before = hands.store.link(target, &write.subject)?;
                    links.push(readback::link(write, &found, before.as_ref()));
                    resumed.settled += 1;
                }
                Some(_) => resumed.settled += 1,
                None => {}
            }
        }
        hands
            .store
            .settle(&ticket, &outcomes, &links, hands.clock.now())?;
        (hands.tell)(Event::Progress {
            stage: Stage::Resume,
            done: done as u64 + 1,
        });
        if delivered.end.is_some() {
            resumed.end = delivered.end;
            return Ok(resumed);
        }
    }
    tracing::info!(
        settled = resumed.settled,
        "settled what an earlier run left open"
    );
    Ok(resumed)
}

/// Files what runs did that died before they could say so. Only once everything of theirs is settled.
pub fn file_untold(store: &Store) -> Result<(), StoreError> {
    for id in store.untold_runs()? {
        let Some(mut run) = store.run(&id)? else {
            continue;
        };
        let (changes, requests) = store.done_in(&id)?;
        if changes.is_empty() {
            continue;
        }
        so_far::count(&mut run, &changes, requests);
        store.record_changes(&id, &changes)?;
        store.finish_run(&run)?;
    }
    Ok(())
}
