//! The copier: compares while records pass by, and writes what differs in chunks.
//!
//! A chunk holds whole records, so that what became of a record is known when its chunk is through, and memory is bounded by the
//! chunk, however many orders there are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::adopt::adopt;
use super::compare::{Comparer, RecordWork, RowToBury, RowToPut};
use super::recall::Recall;
use super::send::{SentRows, buried_now, bury, in_order, meant, put, strangers};
use super::{CopySending, LISTED_MAX, Span, TARGET};
use crate::connector::port::{ListedRecord, Pulled, TableWriter};
use crate::engine::error::EngineError;
use crate::engine::gather::Witness;
use crate::engine::outcome::Report;
use crate::model::fault::Reason;
use crate::model::plan::{Action, Entity};
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::row::{RowFate, Table};
use crate::model::run::Change;
use crate::model::shopper::Shopper;
use crate::store::{Copied, Mark, StoreError};

/// A chunk is sent when it has so many records, rows, or bytes of what the shop said. Its rows are held a few times over while they go
/// out, so this is most of the memory that a copy takes; a chunk still fills a request of the database's.
const RECORDS: usize = 250;
const ROWS: usize = 1_000;
const BYTES: usize = 2_000_000;

/// Compares, and writes what differs.
pub struct Copier<'a, D: TableWriter> {
    sending: CopySending<'a, D>,
    comparer: Comparer<'a, D>,
    run_id: String,
    /// The first of the changes, to be shown. All of them are in the history.
    changes: Vec<Change>,
    is_open: bool,
    /// Something is under way; still so at the end, it was broken off.
    is_busy: bool,
    /// Not everything that was met could be sent.
    has_unreached: bool,
}

/// What became of a record.
#[derive(Default)]
struct PassedPage {
    /// Rows that nobody has answered for.
    left: usize,
    own_row_is_new: bool,
    written: u64,
    buried: u64,
    refused: Option<Reason>,
    /// Columns in which characters were replaced.
    replaced: BTreeSet<String>,
}

impl<'a, D: TableWriter> Copier<'a, D> {
    pub fn new(sending: CopySending<'a, D>, span: Span, run_id: &str) -> Copier<'a, D> {
        Copier {
            sending,
            comparer: Comparer::new(sending.bench, span),
            run_id: run_id.to_owned(),
            changes: Vec::new(),
            is_open: false,
            is_busy: false,
            has_unreached: false,
        }
    }

    /// Sends what is left, buries what is gone, files what was held, and moves the copy's own cursor to `through` if everything
    /// was reached. The changes are in the history already; the report names the first of them.
    pub async fn close(mut self, through: Option<DateTime<Utc>>) -> Result<Report, StoreError> {
        self.has_unreached |= self.is_busy;
        self.open().await;
        let mut farewells = self.comparer.farewells();
        while self.comparer.farewell(&mut farewells).await {
            self.send_if_full().await;
        }
        self.send().await;
        self.bury_orphans().await;
        self.comparer.settle_nameless();
        let has_end = self.comparer.is_over();
        if let Some(error) = self.comparer.broken {
            return Err(error);
        }
        let reached = !has_end && !self.has_unreached;
        if reached
            && self.comparer.span.orders
            && let (Some(through), Some(copy)) = (through, self.comparer.recall.copy)
        {
            self.sending.store.move_copy_cursor(copy, through)?;
        }
        let mut report = Report {
            tally: self.comparer.tally,
            changes: self.changes,
            problems: self.comparer.filing.close(self.sending, &self.run_id)?,
            end: self.comparer.end,
            ..Report::default()
        };
        report.count_problems();
        report.tally.requests = self.sending.bench.database.requests();
        Ok(report)
    }

    /// Finds out what is known of this database, and learns it where nothing is.
    async fn open(&mut self) {
        if self.is_open || self.comparer.is_over() {
            return;
        }
        self.is_open = true;
        if let Err(trouble) = self.try_open().await {
            self.comparer.stop(trouble);
        }
    }

    async fn try_open(&mut self) -> Result<(), EngineError> {
        let CopySending { bench, store } = self.sending;
        let copy = store.begin_copy(TARGET, &bench.home())?;
        // Whoever wants to be sure of everything has everything told anew; of a part only that part is asked for.
        let anew = bench.verify && self.comparer.span.every_order;
        self.comparer.recall = Recall {
            copy: Some(copy.id),
            asks_database: bench.verify && !anew,
        };
        if anew || !copy.adopted {
            adopt(self.sending, copy.id).await?;
        }
        Ok(())
    }

    async fn send_if_full(&mut self) {
        let works = &self.comparer.works;
        let rows = works
            .values()
            .map(|work| work.puts.len() + work.buries.len());
        let raws = works.values().flat_map(|work| &work.puts);
        let raws = raws.filter_map(|put| put.row.raw.as_ref());
        let bytes: usize = raws.map(|raw: &Raw| raw.text().len()).sum();
        let learnt = self.comparer.learnt.len() + self.comparer.heard.len();
        let rows = rows.sum::<usize>() + learnt;
        if works.len() >= RECORDS || rows >= ROWS || bytes >= BYTES {
            self.send().await;
        }
    }

    /// Sends the chunk.
    async fn send(&mut self) {
        let works: Vec<RecordWork> = std::mem::take(&mut self.comparer.works)
            .into_values()
            .collect();
        let learnt = std::mem::take(&mut self.comparer.learnt);
        let heard = std::mem::take(&mut self.comparer.heard);
        if self.comparer.is_over() {
            self.has_unreached |= !works.is_empty();
            return;
        }
        if let Err(error) = self.try_send(works, learnt, heard).await {
            self.comparer.broken = Some(error);
        }
    }

    async fn try_send(
        &mut self,
        mut works: Vec<RecordWork>,
        learnt: Vec<(Table, Copied)>,
        mut heard: BTreeMap<u64, Mark>,
    ) -> Result<(), StoreError> {
        let Some(copy) = self.comparer.recall.copy else {
            return Ok(());
        };
        let mut noted = learnt;
        if works.is_empty() && noted.is_empty() && heard.is_empty() {
            return Ok(());
        }
        let mut came: Vec<PassedPage> = works.iter().map(|_| PassedPage::default()).collect();
        let made: Vec<usize> = works.iter().map(|work| work.puts.len()).collect();
        let (puts, buries) = by_table(&mut works);
        let owners = puts.values().flatten().map(|(at, _)| *at);
        for at in owners.chain(buries.values().flatten().map(|(at, _)| *at)) {
            came[at].left += 1;
        }
        let all = puts.values().flatten().map(|(at, _)| *at);
        let mut sent_of = vec![0; works.len()];
        all.for_each(|at| sent_of[at] += 1);
        let meant = meant(puts.values().flatten().map(|(_, put)| put));
        if !meant.is_empty() {
            self.sending.store.begin_sending(copy, &meant)?;
        }
        let mut last = None;
        for (table, puts) in puts {
            if self.comparer.end.is_some() {
                // Nothing of it has left, so nothing of it is there.
                break;
            }
            let (owners, puts): (Vec<usize>, Vec<RowToPut>) = puts.into_iter().unzip();
            let rows: Vec<(String, bool)> = puts
                .iter()
                .map(|put| (put.row.id.clone(), put.is_new))
                .collect();
            let sent = put(self.sending, table, puts).await;
            self.comparer.end = sent.end;
            noted.extend(sent.noted);
            last = sent.last.or(last);
            for ((at, (id, is_new)), fate) in owners.into_iter().zip(rows).zip(sent.fates) {
                let came = &mut came[at];
                came.left -= usize::from(fate != RowFate::NotReached);
                match fate {
                    RowFate::Written { replaced } => {
                        let tally = &mut self.comparer.tally;
                        tally.created += u64::from(is_new);
                        tally.updated += u64::from(!is_new);
                        came.written += 1;
                        came.own_row_is_new |= is_new && table == works[at].table;
                        came.replaced.extend(replaced);
                    }
                    RowFate::Same | RowFate::NewerThere => self.comparer.tally.unchanged += 1,
                    RowFate::Refused(reason) => {
                        came.refused
                            .get_or_insert_with(|| of_row(table, &id, reason));
                    }
                    RowFate::NotReached => {}
                }
            }
        }
        for (table, buries) in buries {
            if self.comparer.end.is_some() {
                break;
            }
            let (owners, buries): (Vec<usize>, Vec<RowToBury>) = buries.into_iter().unzip();
            let strangers = match strangers(self.sending.bench.database, table, &buries).await {
                Ok(strangers) => strangers,
                Err(fault) => {
                    self.comparer.end = Some(fault);
                    break;
                }
            };
            let mut ours = Vec::new();
            for ((at, bury), is_stranger) in owners.into_iter().zip(buries).zip(strangers) {
                if is_stranger {
                    came[at].left -= 1;
                    noted.push((table, buried_now(bury)));
                } else {
                    ours.push((at, bury));
                }
            }
            let (owners, buries): (Vec<usize>, Vec<RowToBury>) = ours.into_iter().unzip();
            let sent: SentRows = bury(self.sending, table, buries).await;
            self.comparer.end = sent.end;
            noted.extend(sent.noted);
            for (at, fate) in owners.into_iter().zip(sent.fates) {
                let came = &mut came[at];
                came.left -= usize::from(fate != RowFate::NotReached);
                match fate {
                    RowFate::Written { .. } | RowFate::Same | RowFate::NewerThere => {
                        self.comparer.tally.deleted += 1;
                        came.buried += 1;
                    }
                    RowFate::Refused(reason) => {
                        came.refused.get_or_insert(reason);
                    }
                    RowFate::NotReached => {}
                }
            }
        }
        for (at, (work, came)) in works.iter().zip(&came).enumerate() {
            let is_whole = came.left == 0 && came.refused.is_none() && sent_of[at] == made[at];
            if let (Some(mark), Ok(id), true) = (work.heard, work.source.id.parse(), is_whole) {
                heard.insert(id, mark);
            }
        }
        let last = last
            .as_ref()
            .map(|(table, id, at)| (*table, id.as_str(), *at));
        self.sending.store.note_copied(copy, &noted, &heard, last)?;
        self.file(works, came)
    }

    /// What became of each record goes into the history and to the problems.
    fn file(&mut self, works: Vec<RecordWork>, came: Vec<PassedPage>) -> Result<(), StoreError> {
        let mut changes = Vec::new();
        for (work, came) in works.into_iter().zip(came) {
            self.has_unreached |= came.left > 0;
            changes.extend(change(&work, &came));
            match came.refused {
                Some(reason) => self.comparer.filing.failed(work.source, reason),
                None if came.left == 0 => self.comparer.filing.settle(&work.source),
                None => {}
            }
        }
        self.sending.store.record_changes(&self.run_id, &changes)?;
        let room = LISTED_MAX - self.changes.len().min(LISTED_MAX);
        self.changes.extend(changes.into_iter().take(room));
        Ok(())
    }

    async fn bury_orphans(&mut self) {
        while !self.comparer.is_over() && !self.has_unreached {
            match self.try_bury_orphans().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => self.comparer.broken = Some(error),
            }
        }
    }

    /// Whether there may be more.
    async fn try_bury_orphans(&mut self) -> Result<bool, StoreError> {
        let Some(copy) = self.comparer.recall.copy else {
            return Ok(false);
        };
        let mut by_table: BTreeMap<Table, Vec<RowToBury>> = BTreeMap::new();
        for orphan in self.comparer.orphans()? {
            by_table.entry(orphan.table).or_default().push(orphan);
        }
        let mut went = false;
        for (table, orphans) in by_table {
            let sent = bury(self.sending, table, orphans).await;
            self.sending
                .store
                .note_copied(copy, &sent.noted, &BTreeMap::new(), None)?;
            let reached = sent
                .fates
                .iter()
                .filter(|fate| **fate != RowFate::NotReached);
            let buried = reached.filter(|fate| !matches!(fate, RowFate::Refused(_)));
            let buried = buried.count() as u64;
            self.comparer.tally.deleted += buried;
            went |= buried > 0;
            self.comparer.end = sent.end;
            if self.comparer.end.is_some() {
                return Ok(false);
            }
        }
        Ok(went)
    }
}

type Owned<T> = BTreeMap<Table, Vec<(usize, T)>>;

/// The rows of a chunk by table and in order of their ids, each with the place of its record. A line that moved from one order to
/// another within the chunk is put, and not buried.
fn by_table(works: &mut [RecordWork]) -> (Owned<RowToPut>, Owned<RowToBury>) {
    let mut puts: Owned<RowToPut> = BTreeMap::new();
    let mut buries: Owned<RowToBury> = BTreeMap::new();
    for (at, work) in works.iter_mut().enumerate() {
        for put in work.puts.drain(..) {
            puts.entry(put.row.table).or_default().push((at, put));
        }
    }
    for rows in puts.values_mut() {
        let key = |put: &RowToPut| (put.row.id.len(), put.row.id.clone(), put.row.source_at);
        // The newest first, because the first of a kind stays.
        rows.sort_by(|(_, one), (_, other)| {
            in_order(&one.row.id)
                .cmp(&in_order(&other.row.id))
                .then_with(|| key(other).cmp(&key(one)))
        });
        rows.dedup_by(|(_, later), (_, first)| later.row.id == first.row.id);
    }
    for (at, work) in works.iter_mut().enumerate() {
        for bury in work.buries.drain(..) {
            let is_put = puts.get(&bury.table).is_some_and(|rows| {
                let found = rows
                    .binary_search_by(|(_, put)| in_order(&put.row.id).cmp(&in_order(&bury.id)));
                found.is_ok()
            });
            if !is_put {
                buries.entry(bury.table).or_default().push((at, bury));
            }
        }
    }
    for rows in buries.values_mut() {
        rows.sort_by(|(_, one), (_, other)| in_order(&one.id).cmp(&in_order(&other.id)));
        rows.dedup_by(|(_, later), (_, first)| later.id == first.id);
    }
    (puts, buries)
}

/// A refusal says which row it is about, if that is not the record's own.
fn of_row(table: Table, id: &str, reason: Reason) -> Reason {
    match table {
        Table::OrderLines | Table::Refunds => Reason {
            message: format!("row `{id}` of `{}`: {}", table.as_str(), reason.message),
            ..reason
        },
        _ => reason,
    }
}

/// What the history keeps of a record. Nothing of a person: a record is called by its id.
fn change(work: &RecordWork, came: &PassedPage) -> Option<Change> {
    let action = match (came.written, came.buried) {
        (0, 0) => return None,
        (0, _) => Action::Delete,
        _ if came.own_row_is_new => Action::Create,
        _ => Action::Update,
    };
    let mut warnings = Vec::new();
    if !came.replaced.is_empty() {
        let columns: Vec<&str> = came.replaced.iter().map(String::as_str).collect();
        warnings.push(Reason::new(
            "characters_replaced",
            format!(
                "characters that the database does not take were replaced in `{}`",
                columns.join("`, `")
            ),
        ));
    }
    Some(Change {
        target: TARGET.to_owned(),
        action,
        entity: work.table.as_str().to_owned(),
        source: work.source.clone(),
        label: work.source.id.clone(),
        txn_date: None,
        currency: None,
        total: None,
        tax_total: None,
        target_id: Some(work.source.id.clone()),
        body: None,
        warnings,
        reason: None,
    })
}

impl<D: TableWriter> Witness for Copier<'_, D> {
    async fn orders(&mut self, page: &[Pulled]) {
        self.is_busy = true;
        self.open().await;
        self.comparer.orders(page).await;
        self.send_if_full().await;
        self.is_busy = false;
    }

    async fn shoppers(&mut self, page: &[ListedRecord<Shopper>]) {
        self.is_busy = true;
        self.open().await;
        self.comparer.shoppers(page).await;
        self.send_if_full().await;
        self.is_busy = false;
    }

    async fn products(&mut self, page: &[ListedRecord<Product>]) {
        self.is_busy = true;
        self.open().await;
        self.comparer.products(page).await;
        self.send_if_full().await;
        self.is_busy = false;
    }

    fn missing_orders(&mut self) -> BTreeSet<u64> {
        self.comparer.missing_orders()
    }

    fn end_of_list(&mut self, of: Entity) {
        self.comparer.end_of_list(of);
    }
}
