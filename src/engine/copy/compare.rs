//! Compare: sets what the database shall hold of each record against what is known of it, and keeps what is to be done.
//!
//! This is all that a dry run and a run have in common, and it can write nothing. What is equal is counted and forgotten at once;
//! what differs waits here until whoever holds this takes it.

use std::collections::{BTreeMap, BTreeSet};

use super::filing::CopyFiling;
use super::ids::Ids;
use super::recall::{KnownRow, OwnRow, Recall, Recalled};
use super::rows::{Made, RowMaker};
use super::{CopyContext, Span};
use crate::connector::port::{ListedRecord, Odd, Pulled, Tables};
use crate::engine::error::EngineError;
use crate::engine::vanished::{are_all, are_many};
use crate::model::fault::{Fault, Remedy};
use crate::model::plan::{Entity, RecordKey};
use crate::model::product::Product;
use crate::model::row::{Row, Table};
use crate::model::run::Tally;
use crate::model::shopper::Shopper;
use crate::store::{Copied, Mark, StoreError};

/// So many records are looked up at once where nothing else sets a measure.
pub(super) const AT_ONCE: usize = 200;

/// A row that is not as it should be.
pub(super) struct RowToPut {
    pub row: Row,
    pub mark: Option<Mark>,
    pub is_new: bool,
    /// The memory has it as a row that is there and not marked as deleted.
    pub is_live: bool,
}

/// A row that the shop has no more.
pub(super) struct RowToBury {
    pub table: Table,
    pub id: String,
    pub parent: Option<u64>,
    /// As we left it for this record. `None`: nobody knows.
    pub mark: Option<Mark>,
}

/// What is to be done for one record. It goes out whole.
pub(super) struct RecordWork {
    pub source: RecordKey,
    /// Where its own row is.
    pub table: Table,
    pub puts: Vec<RowToPut>,
    pub buries: Vec<RowToBury>,
    /// It was met for the first time, so it counts.
    pub counts: bool,
    /// Of what the shop said, where that is worth remembering.
    pub heard: Option<Mark>,
}

/// One record of a page, with its rows.
struct RecordWithRows {
    source: RecordKey,
    id: u64,
    rows: Vec<Row>,
    /// It was met for the first time, so it counts.
    counts: bool,
    heard: Option<Mark>,
}

pub(super) struct Comparer<'a, D: Tables> {
    pub bench: &'a CopyContext<'a, D>,
    pub span: Span,
    maker: RowMaker<'a>,
    pub recall: Recall,
    pub filing: CopyFiling,
    pub tally: Tally,
    /// By the id, so that a record that comes twice is sent as it came last.
    pub works: BTreeMap<(Table, u64), RecordWork>,
    /// Equal rows of which the memory was not sure.
    pub learnt: Vec<(Table, Copied)>,
    /// Of what the shop said of orders whose rows are as they should be.
    pub heard: BTreeMap<u64, Mark>,
    seen: BTreeMap<Table, Ids>,
    gone: Ids,
    /// Tables whose records were all listed.
    listed: BTreeSet<Table>,
    /// Kinds with a record that said no id: nothing is missing for sure.
    nameless: BTreeSet<Table>,
    /// Kinds with a record whose rows nobody could make: what belongs to them is not known.
    unmade: BTreeSet<Table>,
    pub end: Option<Fault>,
    pub broken: Option<StoreError>,
}

impl<'a, D: Tables> Comparer<'a, D> {
    pub fn new(bench: &'a CopyContext<'a, D>, span: Span) -> Comparer<'a, D> {
        let maker = RowMaker::new(bench.mappings, bench.shop, bench.keep_raw);
        let mut comparer = Comparer {
            bench,
            span,
            maker,
            recall: Recall {
                copy: None,
                asks_database: true,
            },
            filing: CopyFiling::default(),
            tally: Tally::default(),
            works: BTreeMap::new(),
            learnt: Vec::new(),
            heard: BTreeMap::new(),
            seen: BTreeMap::new(),
            gone: Ids::default(),
            listed: BTreeSet::new(),
            nameless: BTreeSet::new(),
            unmade: BTreeSet::new(),
            end: None,
            broken: None,
        };
        match CopyFiling::open(bench.store) {
            Ok(filing) => comparer.filing = filing,
            Err(error) => comparer.broken = Some(error),
        }
        comparer
    }

    /// Nothing more can be done.
    pub fn is_over(&self) -> bool {
        self.end.is_some() || self.broken.is_some()
    }

    pub fn stop(&mut self, trouble: EngineError) {
        match trouble {
            EngineError::Fault(fault) => {
                self.end.get_or_insert(fault);
            }
            EngineError::Store(error) => {
                self.broken.get_or_insert(error);
            }
        }
    }

    pub async fn orders(&mut self, page: &[Pulled]) {
        if !self.span.orders || self.is_over() {
            return;
        }
        let ids: Vec<u64> = page.iter().filter_map(order_in).collect();
        let memory = match self.recall.of_orders(self.bench, &ids) {
            Ok(memory) => memory,
            Err(trouble) => return self.stop(trouble),
        };
        let mut cases = Vec::new();
        for pulled in page {
            match pulled {
                Pulled::Order(order, told) => {
                    let source = RecordKey::order(order.id, &order.number);
                    self.gone.remove(order.id);
                    let heard = self.maker.heard(told);
                    if self.is_as_heard(order.id, &source, heard, &memory) {
                        continue;
                    }
                    self.take(Table::Orders, source, order.id, &mut cases, |maker| {
                        (maker.order(order, told), Some(heard))
                    });
                }
                Pulled::Odd(odd) => self.odd(Table::Orders, Entity::Order, odd),
                Pulled::Gone(id) => {
                    self.gone.insert(*id);
                }
            }
        }
        self.compare_orders(memory, cases).await;
    }

    /// Whether the shop says of an order what it said when its rows were made: then they are what they were, and nothing of it has to be
    /// read. Counted as if it had been.
    fn is_as_heard(&mut self, id: u64, source: &RecordKey, heard: Mark, memory: &Recalled) -> bool {
        let is_known = memory.heard.get(&id) == Some(&heard) && !self.recall.asks_database;
        if !is_known || self.filing.is_set_aside(source) {
            return false;
        }
        if self.count(Table::Orders, id) {
            let rows = memory.own(id).iter();
            self.tally.unchanged += rows.filter(|own| own.known.mark.is_some()).count() as u64;
        }
        self.works.remove(&(Table::Orders, id));
        self.filing.settle(source);
        true
    }

    pub async fn shoppers(&mut self, page: &[ListedRecord<Shopper>]) {
        if !self.span.customers || self.is_over() {
            return;
        }
        let mut cases = Vec::new();
        for listed in page {
            match &listed.record {
                Ok(shopper) => {
                    let source = RecordKey::customer(&shopper.id.to_string());
                    self.take(Table::Customers, source, shopper.id, &mut cases, |maker| {
                        (maker.shopper(shopper, &listed.raw), None)
                    });
                }
                Err(odd) => self.odd(Table::Customers, Entity::Customer, odd),
            }
        }
        self.compare(Table::Customers, cases).await;
    }

    pub async fn products(&mut self, page: &[ListedRecord<Product>]) {
        if !self.span.products || self.is_over() {
            return;
        }
        let mut cases = Vec::new();
        for listed in page {
            match &listed.record {
                Ok(product) => {
                    let called = product
                        .sku
                        .clone()
                        .unwrap_or_else(|| product.id.to_string());
                    let source = RecordKey::product(product.id, &called);
                    self.take(Table::Products, source, product.id, &mut cases, |maker| {
                        (maker.product(product, &listed.raw), None)
                    });
                }
                Err(odd) => self.odd(Table::Products, Entity::Product, odd),
            }
        }
        self.compare(Table::Products, cases).await;
    }

    pub fn end_of_list(&mut self, of: Entity) {
        match of {
            Entity::Customer => self.listed.insert(Table::Customers),
            Entity::Product => self.listed.insert(Table::Products),
            Entity::Order | Entity::Refund | Entity::Payout => false,
        };
    }

    /// The orders that the database has and a reading of everything has not met.
    pub fn missing_orders(&mut self) -> BTreeSet<u64> {
        if !self.span.orders || !self.span.every_order || self.is_over() {
            return BTreeSet::new();
        }
        self.listed.insert(Table::Orders);
        match self.unseen(Table::Orders) {
            Ok(missing) => missing.iter().collect(),
            Err(error) => {
                self.broken = Some(error);
                BTreeSet::new()
            }
        }
    }

    /// What the database has of records that are no more in the shop.
    pub fn farewells(&mut self) -> Farewells {
        if self.is_over() {
            return Farewells::default();
        }
        let vanished = self.vanished();
        let ids = vanished.unwrap_or_else(|error| {
            self.broken = Some(error);
            BTreeMap::new()
        });
        Farewells { ids }
    }

    /// The next few of them become work; `false`: there are no more.
    pub async fn farewell(&mut self, left: &mut Farewells) -> bool {
        let Some((table, ids)) = left.next() else {
            return false;
        };
        let cases = ids
            .into_iter()
            .map(|id| RecordWithRows {
                source: source_of(table, id),
                id,
                rows: Vec::new(),
                counts: true,
                heard: None,
            })
            .collect();
        match table {
            Table::Orders => self.farewell_orders(cases).await,
            _ => self.compare(table, cases).await,
        }
        !self.is_over()
    }

    /// By table what is missing, unless it is so much that somebody should look first.
    fn vanished(&mut self) -> Result<BTreeMap<Table, Ids>, StoreError> {
        let mut vanished = BTreeMap::new();
        if self.span.orders {
            vanished.insert(Table::Orders, std::mem::take(&mut self.gone));
        }
        for table in [Table::Customers, Table::Products] {
            if self.listed.contains(&table) && !self.nameless.contains(&table) {
                vanished.insert(table, self.unseen(table)?);
            }
        }
        for (table, ids) in &vanished {
            let (gone, of) = self.count_gone(*table, ids)?;
            if !self.bench.allow_shrunken && (are_many(gone, of) || are_all(gone, of)) {
                self.end = Some(shrunken(*table, gone, of));
                return Ok(BTreeMap::new());
            }
        }
        Ok(vanished)
    }

    /// How many of them the database has, and of how many.
    fn count_gone(&self, table: Table, ids: &Ids) -> Result<(usize, usize), StoreError> {
        let Some(copy) = self.recall.copy else {
            return Ok((0, 0));
        };
        let store = self.bench.store;
        let mut gone = 0;
        let ids: Vec<String> = ids.iter().map(|id| id.to_string()).collect();
        for ids in ids.chunks(AT_ONCE) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let known = store.copied(copy, table, &ids)?;
            gone += known.iter().filter(|row| !row.gone).count();
        }
        let of = usize::try_from(store.copied_count(copy, table)?).unwrap_or(usize::MAX);
        Ok((gone, of))
    }

    /// What the memory has of a table and this reading has not met.
    fn unseen(&self, table: Table) -> Result<Ids, StoreError> {
        let mut unseen = Ids::default();
        let Some(copy) = self.recall.copy else {
            return Ok(unseen);
        };
        let seen = self.seen.get(&table);
        if table == Table::Orders {
            // A run may have come to an end between an order and its lines.
            for of_orders in [Table::OrderLines, Table::Refunds] {
                let mut after = None;
                loop {
                    let store = self.bench.store;
                    let page = store.copied_parents_after(copy, of_orders, after, 1_000)?;
                    let Some(last) = page.last() else {
                        break;
                    };
                    after = Some(*last);
                    for id in page {
                        if !seen.is_some_and(|seen| seen.contains(id)) {
                            unseen.insert(id);
                        }
                    }
                }
            }
        }
        let mut after: Option<String> = None;
        loop {
            let page = self
                .bench
                .store
                .copied_after(copy, table, after.as_deref(), 1_000)?;
            let Some(last) = page.last() else {
                return Ok(unseen);
            };
            after = Some(last.id.clone());
            for id in page.iter().filter_map(|row| row.id.parse().ok()) {
                if !seen.is_some_and(|seen| seen.contains(id)) {
                    unseen.insert(id);
                }
            }
        }
    }

    /// Settles the problems of records without an id, where everything was read and all had one.
    pub fn settle_nameless(&mut self) {
        for (table, entity) in [
            (Table::Orders, Entity::Order),
            (Table::Customers, Entity::Customer),
            (Table::Products, Entity::Product),
        ] {
            if self.listed.contains(&table) && !self.nameless.contains(&table) {
                self.filing.settle_nameless(entity);
            }
        }
    }

    /// Every order was read: lines and refunds that none of them has claimed belong to nobody. The first thousands of them.
    pub fn orphans(&self) -> Result<Vec<RowToBury>, StoreError> {
        let mut orphans = Vec::new();
        let is_whole =
            self.listed.contains(&Table::Orders) && !self.unmade.contains(&Table::Orders);
        let (Some(copy), true) = (self.recall.copy, is_whole) else {
            return Ok(orphans);
        };
        for table in [Table::OrderLines, Table::Refunds] {
            orphans.extend(
                self.bench
                    .store
                    .copied_strays(copy, table)?
                    .into_iter()
                    .map(|row| RowToBury {
                        table,
                        id: row.id,
                        parent: None,
                        mark: None,
                    }),
            );
        }
        Ok(orphans)
    }

    fn count(&mut self, table: Table, id: u64) -> bool {
        let is_first = self.seen.entry(table).or_default().insert(id);
        self.tally.read += u64::from(is_first);
        is_first
    }

    fn odd(&mut self, table: Table, entity: Entity, odd: &Odd) {
        match odd.id {
            Some(id) => self.count(table, id),
            None => self.nameless.insert(table),
        };
        self.unmade.insert(table);
        self.filing.odd(entity, odd);
    }

    fn take(
        &mut self,
        table: Table,
        source: RecordKey,
        id: u64,
        cases: &mut Vec<RecordWithRows>,
        make: impl FnOnce(&RowMaker<'a>) -> (Made, Option<Mark>),
    ) {
        let counts = self.count(table, id);
        if self.filing.is_set_aside(&source) {
            self.unmade.insert(table);
            self.tally.skipped += u64::from(counts);
            return;
        }
        let (made, mut heard) = make(&self.maker);
        let rows = match made {
            Made::Rows(rows) => rows,
            Made::Skipped => {
                self.tally.skipped += u64::from(counts);
                heard = None;
                Vec::new()
            }
            Made::Refused(reason) => {
                self.works.remove(&(table, id));
                self.unmade.insert(table);
                self.filing.held(source, reason);
                return;
            }
        };
        cases.push(RecordWithRows {
            source,
            id,
            rows,
            counts,
            heard,
        });
    }

    /// Records that are one row each.
    async fn compare(&mut self, table: Table, cases: Vec<RecordWithRows>) {
        if cases.is_empty() {
            return;
        }
        let records: Vec<u64> = cases.iter().map(|case| case.id).collect();
        match self.recall.of_records(self.bench, table, &records).await {
            Ok(memory) => self.cases(table, cases, &memory),
            Err(trouble) => self.stop(trouble),
        }
    }

    /// Orders with their lines and refunds, of which is at hand what is remembered.
    async fn compare_orders(&mut self, mut memory: Recalled, cases: Vec<RecordWithRows>) {
        if cases.is_empty() {
            return;
        }
        let mut made: BTreeMap<Table, BTreeSet<String>> = BTreeMap::new();
        for case in &cases {
            let unknown = case.rows.iter().filter(|row| {
                self.recall.asks_database || memory.of(case.id, row.table, &row.id).is_none()
            });
            for row in unknown {
                made.entry(row.table).or_default().insert(row.id.clone());
            }
            if self.recall.asks_database {
                let own = made.entry(Table::Orders).or_default();
                own.insert(case.id.to_string());
            }
        }
        let completed = self.recall.complete(self.bench, &mut memory, made).await;
        match completed {
            Ok(()) => self.cases(Table::Orders, cases, &memory),
            Err(trouble) => self.stop(trouble),
        }
    }

    async fn farewell_orders(&mut self, cases: Vec<RecordWithRows>) {
        let ids: Vec<u64> = cases.iter().map(|case| case.id).collect();
        match self.recall.of_orders(self.bench, &ids) {
            Ok(memory) => self.compare_orders(memory, cases).await,
            Err(trouble) => self.stop(trouble),
        }
    }

    fn cases(&mut self, table: Table, cases: Vec<RecordWithRows>, memory: &Recalled) {
        for case in cases {
            self.case(table, case, memory);
        }
    }

    fn case(&mut self, table: Table, case: RecordWithRows, memory: &Recalled) {
        let mut work = RecordWork {
            source: case.source,
            table,
            puts: Vec::new(),
            buries: Vec::new(),
            counts: case.counts,
            heard: case.heard,
        };
        let own = memory.own(case.id);
        let is_made = |own: &OwnRow| {
            let mut rows = case.rows.iter();
            rows.any(|row| row.table == own.table && row.id == own.id)
        };
        let gone = own.iter().filter(|own| !own.known.gone && !is_made(own));
        work.buries = gone
            .map(|own| RowToBury {
                table: own.table,
                id: own.id.clone(),
                parent: own.known.parent,
                mark: own.known.mark,
            })
            .collect();
        for row in case.rows {
            let known = memory.of(case.id, row.table, &row.id);
            let mark = Mark::of(row.fingerprint());
            match known {
                Some(known) if known.mark == mark => {
                    self.tally.unchanged += u64::from(case.counts);
                    self.learn(&row, known, case.id);
                }
                _ => work.puts.push(RowToPut {
                    is_new: known.is_none_or(KnownRow::is_only_meant),
                    is_live: !self.recall.asks_database && known.is_some_and(|known| !known.gone),
                    row,
                    mark,
                }),
            }
        }
        if work.puts.is_empty() && work.buries.is_empty() {
            self.works.remove(&(table, case.id));
            self.filing.settle(&work.source);
            let heard = work
                .heard
                .filter(|heard| memory.heard.get(&case.id) != Some(heard));
            self.heard.extend(heard.map(|heard| (case.id, heard)));
        } else {
            self.heard.remove(&case.id);
            self.works.insert((table, case.id), work);
        }
    }

    /// Keeps what the memory was not sure of: which order a line belongs to, or that the database really holds it.
    fn learn(&mut self, row: &Row, known: KnownRow, order: u64) {
        let parent = row.parent.is_some().then_some(order);
        if known.parent == parent && !self.recall.asks_database {
            return;
        }
        let row_known = Copied {
            id: row.id.clone(),
            parent,
            mark: known.mark,
            gone: known.gone,
        };
        self.learnt.push((row.table, row_known));
    }
}

/// What is missing in the shop, by table, until it was dealt with.
#[derive(Default)]
pub(super) struct Farewells {
    ids: BTreeMap<Table, Ids>,
}

impl Farewells {
    fn next(&mut self) -> Option<(Table, Vec<u64>)> {
        loop {
            let mut entry = self.ids.first_entry()?;
            let table = *entry.key();
            let ids: Vec<u64> = entry.get().iter().take(AT_ONCE).collect();
            if ids.is_empty() {
                entry.remove();
                continue;
            }
            ids.iter().for_each(|id| entry.get_mut().remove(*id));
            return Some((table, ids));
        }
    }
}

fn order_in(pulled: &Pulled) -> Option<u64> {
    match pulled {
        Pulled::Order(order, _) => Some(order.id),
        Pulled::Odd(_) | Pulled::Gone(_) => None,
    }
}

fn source_of(table: Table, id: u64) -> RecordKey {
    match table {
        Table::Customers => RecordKey::customer(&id.to_string()),
        Table::Products => RecordKey::product(id, &id.to_string()),
        _ => RecordKey::order(id, &id.to_string()),
    }
}

fn shrunken(table: Table, gone: usize, of: usize) -> Fault {
    let what = table.as_str();
    Fault::new(
        Remedy::Stop,
        "store_shrunken",
        format!("{gone} of {of} {what} that the database has are missing in the shop all of a sudden; none was marked as deleted"),
    )
    .hint(format!(
        "see that `url` of `[woocommerce]` leads to the right store and that it is whole; if they were really deleted, run \
         `udsync sync {what} --full --allow-shrunken`"
    ))
}
