//! Errands: handing over rows and asking for them, with the waiting and the second tries that it takes.
//!
//! What to send and what to make of a setback is decided by [`batch`](super::batch); here it is done. A request that was answered is
//! believed only as far as it goes: where the database wrote fewer rows than it was sent, it is asked what it holds.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep};

use super::batch::{Pace, RowBatch, RowPatience, WaitingItem, pause};
use super::carrier::{Carrier, Receipt, RowCells, RowOwner, RowSeen};
use super::parcel::Parcel;
use super::setback::RowsSetback;
use super::trouble;
use crate::connector::port::AskedRows;
use crate::model::fault::{Fault, Reason};
use crate::model::row::{Handed, Row, RowFate, Stored, Table};
use crate::model::run::Requests;

/// Ids in one question. Over REST they stand in the address, which is cut off at some kilobytes.
const ADDRESS_MAX: usize = 6_000;

/// Rows in one page, as many as Supabase gives at most.
const PAGE: usize = 1_000;

/// What all errands of a run share.
#[derive(Default)]
pub struct RowsContext {
    reads: AtomicU64,
    writes: AtomicU64,
    throttled: AtomicU64,
    waiting_until: Mutex<Option<Instant>>,
    pace: Mutex<Pace>,
    pub patience: RowPatience,
}

impl RowsContext {
    pub fn requests(&self) -> Requests {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Requests {
            reads: count(&self.reads),
            writes: count(&self.writes),
            throttled: count(&self.throttled),
        }
    }

    pub fn waiting(&self) -> Option<Duration> {
        let until = (*held(&self.waiting_until))?;
        until.checked_duration_since(Instant::now())
    }

    async fn rest(&self, pause: Duration) {
        *held(&self.waiting_until) = Some(Instant::now() + pause);
        sleep(pause).await;
        *held(&self.waiting_until) = None;
    }

    fn note(&self, setback: &RowsSetback) {
        if let RowsSetback::Again { fault, .. } = setback
            && fault.code == "database_busy"
        {
            self.throttled.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Asks until there is an answer or patience is over. A question that is too large is given back at once.
    pub(super) async fn ask<T, F: Future<Output = Result<T, RowsSetback>>>(
        &self,
        mut question: impl FnMut() -> F,
    ) -> Result<T, RowsSetback> {
        let mut tries = 0;
        loop {
            self.reads.fetch_add(1, Ordering::Relaxed);
            let setback = match question().await {
                Ok(answer) => return Ok(answer),
                Err(RowsSetback::TooLarge(fault)) => return Err(RowsSetback::TooLarge(fault)),
                Err(setback) => setback,
            };
            self.note(&setback);
            tries += 1;
            let pause =
                pause(setback, tries, &self.patience, chance()).map_err(RowsSetback::Stop)?;
            self.rest(pause).await;
        }
    }

    /// Sends items until each has its fate, or the errand ends early. Those are in the order of the items.
    async fn send<T: WaitingItem>(
        &self,
        mut batch: RowBatch<impl Iterator<Item = T>>,
        pace: &Mutex<Pace>,
        in_flight: usize,
        request: &impl RowsRequest<T>,
    ) -> (Vec<RowFate>, Option<Fault>) {
        let mut under_way = FuturesUnordered::new();
        let mut resting = None;
        loop {
            while resting.is_none() && under_way.len() < in_flight {
                let Some(piece) = batch.next(&held(pace)) else {
                    break;
                };
                self.writes.fetch_add(1, Ordering::Relaxed);
                under_way.push(async {
                    let begun = Instant::now();
                    let outcome = request.send(&piece.items).await;
                    (piece, outcome, begun.elapsed())
                });
            }
            if let Some((piece, outcome, took)) = under_way.next().await {
                if let Err(setback) = &outcome {
                    self.note(setback);
                }
                let pause = batch.settle(
                    piece,
                    outcome,
                    took,
                    &mut held(pace),
                    &self.patience,
                    chance(),
                );
                resting = resting.max(pause);
            } else if let Some(pause) = resting.take() {
                self.rest(pause).await;
            } else {
                return batch.close();
            }
        }
    }
}

/// One request with some of the items. A trait and not a closure, so that the compiler sees that its future moves between threads.
trait RowsRequest<T>: Sync {
    fn send(&self, items: &[T]) -> impl Future<Output = Result<Vec<RowFate>, RowsSetback>> + Send;
}

/// Writes rows, and finds out which of them are there.
struct PutRows<'a, C>(&'a RowsTask<'a, C>);

impl<C: Carrier> RowsRequest<Parcel> for PutRows<'_, C> {
    async fn send(&self, parcels: &[Parcel]) -> Result<Vec<RowFate>, RowsSetback> {
        let receipt = self.0.carrier.put(self.0.ground, parcels).await?;
        self.0.kept(parcels, receipt).await
    }
}

/// Marks rows as deleted.
struct BuryRows<'a, C> {
    errand: &'a RowsTask<'a, C>,
    at: DateTime<Utc>,
}

impl<C: Carrier> RowsRequest<RowId> for BuryRows<'_, C> {
    async fn send(&self, graves: &[RowId]) -> Result<Vec<RowFate>, RowsSetback> {
        let errand = self.errand;
        let ids: Vec<String> = errand.usable(graves.iter().map(|RowId(id)| id));
        let now = errand.carrier.bury(errand.ground, &ids, self.at).await?;
        let fate = |RowId(id): &RowId| match now.contains(id) {
            true => RowFate::Written {
                replaced: Vec::new(),
            },
            false => RowFate::Same,
        };
        Ok(graves.iter().map(fate).collect())
    }
}

/// One way into the database, with what it takes to use it.
pub struct RowsTask<'a, C> {
    pub carrier: &'a C,
    pub desk: &'a RowsContext,
    pub ground: RowOwner<'a>,
}

impl<C: Carrier> RowsTask<'_, C> {
    pub async fn put(&self, rows: &[Row]) -> Handed {
        let (order, doubles) = in_order(self.ground.table, rows);
        let places = order.clone();
        let parcels = places.into_iter().map(|at: usize| Parcel::of(&rows[at]));
        let batch = RowBatch::new(parcels, order.len());
        let desk = self.desk;
        let request = &PutRows(self);
        let (found, end) = desk.send(batch, &desk.pace, C::IN_FLIGHT, request).await;
        let mut fates = vec![RowFate::NotReached; rows.len()];
        for (at, fate) in order.into_iter().zip(found) {
            fates[at] = fate;
        }
        for (double, last) in doubles {
            fates[double] = fates[last].clone();
        }
        Handed { fates, end }
    }

    pub async fn bury(&self, ids: &[String], at: DateTime<Utc>) -> Handed {
        let graves = ids.iter().cloned().map(RowId);
        let batch = RowBatch::new(graves, ids.len());
        let request = &BuryRows { errand: self, at };
        let pace = Mutex::new(Pace::of_bytes(ADDRESS_MAX));
        let (fates, end) = self.desk.send(batch, &pace, C::IN_FLIGHT, request).await;
        Handed { fates, end }
    }

    pub async fn stored(&self, ids: &[String]) -> Result<Vec<Stored>, Fault> {
        let seen = self.sees(&self.usable(ids.iter())).await;
        let seen = seen.map_err(RowsSetback::into_fault)?;
        Ok(seen.into_iter().map(|seen| seen.stored).collect())
    }

    pub async fn cells(
        &self,
        by: &str,
        asked: AskedRows<'_>,
        columns: &[&str],
    ) -> Result<Vec<RowCells>, Fault> {
        /// So many values stand in one address.
        const AT_ONCE: usize = 200;
        let questions: Vec<AskedRows<'_>> = match asked {
            AskedRows::Among(values) => values.chunks(AT_ONCE).map(AskedRows::Among).collect(),
            AskedRows::Within(_) => vec![asked],
        };
        let mut cells = Vec::new();
        for some in questions {
            let question = || self.carrier.cells(self.ground, by, some, columns);
            let read = self.desk.ask(question).await;
            cells.extend(read.map_err(RowsSetback::into_fault)?);
        }
        Ok(cells)
    }

    pub async fn page(&self, after: Option<&str>) -> Result<Vec<Stored>, Fault> {
        let question = || self.carrier.page(self.ground, after, PAGE);
        let seen = self.desk.ask(question).await;
        let seen = seen.map_err(RowsSetback::into_fault)?;
        Ok(seen.into_iter().map(|seen| seen.stored).collect())
    }

    /// Rows under these ids, in as many questions as their number asks for. The API may hold rows back without a word about them
    /// but their number; then those that are missing are asked for again.
    async fn sees(&self, ids: &[String]) -> Result<Vec<RowSeen>, RowsSetback> {
        let mut found = Vec::new();
        let mut questions: Vec<Vec<String>> = in_addresses(ids);
        questions.reverse();
        while let Some(mut ids) = questions.pop() {
            let question = || self.carrier.stored(self.ground, &ids);
            let sighted = match self.desk.ask(question).await {
                Ok(sighted) => sighted,
                Err(RowsSetback::TooLarge(_)) if ids.len() > 1 => {
                    questions.push(ids.split_off(ids.len() / 2));
                    questions.push(ids);
                    continue;
                }
                Err(setback) => return Err(setback),
            };
            let rows = sighted.rows;
            if rows.len() < sighted.total {
                let here: BTreeSet<&str> =
                    rows.iter().map(|seen| seen.stored.id.as_str()).collect();
                let asked = ids.len();
                ids.retain(|id| !here.contains(id.as_str()));
                // An answer that brings nothing new would be the same the next time.
                if ids.len() < asked {
                    questions.push(ids);
                }
            }
            found.extend(rows);
        }
        Ok(found)
    }

    /// Which of the rows that were sent are there now, as sent.
    async fn kept(
        &self,
        parcels: &[Parcel],
        receipt: Receipt,
    ) -> Result<Vec<RowFate>, RowsSetback> {
        let all = parcels.len();
        let (unsure, count): (Vec<&Parcel>, Option<usize>) = match &receipt {
            Receipt::Count(count) if *count >= all => (Vec::new(), None),
            Receipt::Count(count) => (parcels.iter().collect(), Some(*count)),
            Receipt::Silent => (parcels.iter().collect(), None),
            Receipt::Ids(ids) => {
                let unsure = parcels.iter().filter(|parcel| !ids.contains(&parcel.id));
                (unsure.collect(), Some(0))
            }
        };
        let ids = self.usable(unsure.iter().map(|parcel| &parcel.id));
        let seen = self.sees(&ids).await?;
        let seen: BTreeMap<&str, &RowSeen> = seen
            .iter()
            .map(|seen| (seen.stored.id.as_str(), seen))
            .collect();
        let as_sent = |parcel: &Parcel| {
            let seen = seen.get(parcel.id.as_str())?;
            (seen.stored.fingerprint.as_ref() == Some(&parcel.fingerprint)).then_some(*seen)
        };
        let now = written_now(unsure.iter().filter_map(|parcel| as_sent(parcel)), count);
        let unsure: BTreeSet<&str> = unsure.iter().map(|parcel| parcel.id.as_str()).collect();
        let written = |parcel: &Parcel| RowFate::Written {
            replaced: parcel.replaced.clone(),
        };
        let fates = parcels.iter().map(|parcel| {
            if !unsure.contains(parcel.id.as_str()) {
                return written(parcel);
            }
            match (as_sent(parcel), seen.get(parcel.id.as_str())) {
                (Some(seen), _) if now.has(seen) => written(parcel),
                (Some(_), _) => RowFate::Same,
                (None, Some(seen)) if is_newer(&seen.stored, parcel) => RowFate::NewerThere,
                (None, _) => RowFate::Refused(self.not_kept()),
            }
        });
        let fates: Vec<RowFate> = fates.collect();
        let none = |fate: &RowFate| matches!(fate, RowFate::Refused(_));
        if all > 1 && fates.iter().all(none) {
            let ground = self.ground;
            return Err(RowsSetback::Stop(trouble::rows_missing(
                ground.schema,
                ground.table,
            )));
        }
        Ok(fates)
    }

    fn not_kept(&self) -> Reason {
        let table = self.ground.table.as_str();
        let said = format!(
            "the database said that this row of `{table}` was written, and does not hold it as it was sent"
        );
        Reason::new("row_not_kept", said).hint(format!(
            "look which trigger or rule on `{table}` changes rows or throws them away, then run `udsync retry --all`"
        ))
    }

    /// Ids as the table can have them: what is no number is in no table of numbers.
    fn usable<'s>(&self, ids: impl Iterator<Item = &'s String>) -> Vec<String> {
        let fits = |id: &&String| !self.ground.table.has_number_ids() || id.parse::<i64>().is_ok();
        ids.filter(fits).cloned().collect()
    }
}

/// Those of the rows that this very request wrote, as far as the database lets it be known.
enum Now {
    All,
    None,
    /// Everything that one request writes has one time.
    At(DateTime<Utc>),
}

impl Now {
    fn has(&self, seen: &RowSeen) -> bool {
        match self {
            Now::All => true,
            Now::None => false,
            Now::At(time) => seen.updated_at == Some(*time),
        }
    }
}

fn written_now<'s>(as_sent: impl Iterator<Item = &'s RowSeen>, count: Option<usize>) -> Now {
    let times: Vec<DateTime<Utc>> = as_sent.filter_map(|seen| seen.updated_at).collect();
    match (count, times.iter().max()) {
        (Some(0), _) => Now::None,
        (Some(count), Some(last)) if times.iter().filter(|time| *time == last).count() == count => {
            Now::At(*last)
        }
        _ => Now::All,
    }
}

/// The database keeps six digits of a second.
fn is_newer(stored: &Stored, parcel: &Parcel) -> bool {
    match (stored.source_at, parcel.source_at) {
        (Some(there), Some(sent)) => there > sent.trunc_subsecs(6),
        _ => false,
    }
}

/// Where the rows stand when they are sorted by their key, so that two writers lock them in one order; of two with one key the
/// last. Besides, the places of the others with that of the one that is sent for them.
fn in_order(table: Table, rows: &[Row]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if table.has_number_ids() {
        order
            .sort_by_cached_key(|at| (rows[*at].id.parse::<i64>().ok(), rows[*at].id.clone(), *at));
    } else {
        order.sort_by(|one, other| (&rows[*one].id, one).cmp(&(&rows[*other].id, other)));
    }
    let mut single: Vec<usize> = Vec::with_capacity(order.len());
    let mut doubles = Vec::new();
    for at in order {
        match single.last_mut() {
            Some(last) if rows[*last].id == rows[at].id => {
                doubles.push((*last, at));
                *last = at;
            }
            _ => single.push(at),
        }
    }
    // From the last one back, so that the fate of each is known when it is taken over.
    doubles.reverse();
    (single, doubles)
}

/// An id in an address, with its quotes and its comma.
fn length(id: &str) -> usize {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    id.bytes()
        .map(|byte| if plain(&byte) { 1 } else { 5 })
        .sum::<usize>()
        + 9
}

/// As many at a time as an address holds.
fn in_addresses(ids: &[String]) -> Vec<Vec<String>> {
    let mut parts = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, id) in ids.iter().enumerate() {
        if bytes + length(id) > ADDRESS_MAX && at > from {
            parts.push(ids[from..at].to_vec());
            (from, bytes) = (at, 0);
        }
        bytes += length(id);
    }
    if from < ids.len() {
        parts.push(ids[from..].to_vec());
    }
    parts
}

struct RowId(String);

impl WaitingItem for RowId {
    fn bytes(&self) -> usize {
        length(&self.0)
    }
}

impl WaitingItem for Parcel {
    fn bytes(&self) -> usize {
        self.body.len() + 1
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of a thousand.
fn chance() -> u32 {
    let mut bytes = [0; 2];
    // Without chance two writers may meet once more, and that is all.
    let _ = getrandom::fill(&mut bytes);
    u32::from(u16::from_le_bytes(bytes)) % 1_000
}
