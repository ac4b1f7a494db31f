//! The looker: compares as a copier does, and holds nothing that could write, to the database or to the state file.

use std::collections::BTreeSet;

use super::compare::{Comparer, RecordWork};
use super::recall::{Recall, has_lost};
use super::{CopyContext, LISTED_MAX, Span, TARGET};
use crate::connector::port::{ListedRecord, Pulled, Tables};
use crate::engine::error::EngineError;
use crate::engine::gather::Witness;
use crate::engine::outcome::Report;
use crate::model::plan::{Action, Entity, RecordKey};
use crate::model::product::Product;
use crate::model::row::Table;
use crate::model::run::Change;
use crate::model::shopper::Shopper;
use crate::store::StoreError;

/// Compares and counts, and can do no more.
pub struct Looker<'a, D: Tables> {
    bench: &'a CopyContext<'a, D>,
    comparer: Comparer<'a, D>,
    /// The first of what would change, row by row.
    changes: Vec<Change>,
    is_open: bool,
}

impl<'a, D: Tables> Looker<'a, D> {
    pub fn new(bench: &'a CopyContext<'a, D>, span: Span) -> Looker<'a, D> {
        Looker {
            bench,
            comparer: Comparer::new(bench, span),
            changes: Vec::new(),
            is_open: false,
        }
    }

    /// What a sync would do. The report names the first of the rows; its figures count them all.
    pub async fn close(mut self) -> Result<Report, StoreError> {
        self.open().await;
        let mut farewells = self.comparer.farewells();
        while self.comparer.farewell(&mut farewells).await {
            self.note();
        }
        self.note();
        if !self.comparer.is_over() {
            match self.comparer.orphans() {
                Ok(orphans) => self.comparer.tally.deleted += orphans.len() as u64,
                Err(error) => self.comparer.broken = Some(error),
            }
        }
        if let Some(error) = self.comparer.broken {
            return Err(error);
        }
        let mut report = Report {
            tally: self.comparer.tally,
            changes: self.changes,
            problems: self.comparer.filing.foresee(self.bench),
            end: self.comparer.end,
            ..Report::default()
        };
        report.count_problems();
        report.tally.requests = self.bench.database.requests();
        Ok(report)
    }

    /// The memory is believed as a run would believe it; where there is none, the database is asked.
    async fn open(&mut self) {
        if self.is_open || self.comparer.is_over() {
            return;
        }
        self.is_open = true;
        match self.recall().await {
            Ok(recall) => self.comparer.recall = recall,
            Err(trouble) => self.comparer.stop(trouble),
        }
    }

    async fn recall(&self) -> Result<Recall, EngineError> {
        let copy = self.bench.store.copy(TARGET, &self.bench.home())?;
        let copy = copy.filter(|copy| copy.adopted).map(|copy| copy.id);
        let lost = has_lost(self.bench).await?;
        let copy = copy.filter(|copy| lost != Some(*copy));
        Ok(Recall {
            copy,
            asks_database: self.bench.verify || copy.is_none(),
        })
    }

    /// Counts what would be done, and forgets it.
    fn note(&mut self) {
        let works = std::mem::take(&mut self.comparer.works);
        self.comparer.learnt.clear();
        self.comparer.heard.clear();
        for work in works.into_values() {
            // Nothing was written, so a record that comes twice differs twice.
            if !work.counts {
                continue;
            }
            let tally = &mut self.comparer.tally;
            tally.deleted += work.buries.len() as u64;
            for put in &work.puts {
                tally.created += u64::from(put.is_new);
                tally.updated += u64::from(!put.is_new);
            }
            self.comparer.filing.settle(&work.source);
            self.list(work);
        }
    }

    fn list(&mut self, work: RecordWork) {
        for put in work.puts {
            if self.changes.len() == LISTED_MAX {
                return;
            }
            let action = if put.is_new {
                Action::Create
            } else {
                Action::Update
            };
            let body = put.row.columns.as_str().to_owned();
            let change = change(&work.source, action, put.row.table, put.row.id, Some(body));
            self.changes.push(change);
        }
        for bury in work.buries {
            if self.changes.len() == LISTED_MAX {
                return;
            }
            let change = change(&work.source, Action::Delete, bury.table, bury.id, None);
            self.changes.push(change);
        }
    }
}

fn change(
    source: &RecordKey,
    action: Action,
    table: Table,
    id: String,
    body: Option<String>,
) -> Change {
    Change {
        target: TARGET.to_owned(),
        action,
        entity: table.as_str().to_owned(),
        source: source.clone(),
        label: id.clone(),
        txn_date: None,
        currency: None,
        total: None,
        tax_total: None,
        target_id: Some(id),
        body,
        warnings: Vec::new(),
        reason: None,
    }
}

impl<D: Tables> Witness for Looker<'_, D> {
    async fn orders(&mut self, page: &[Pulled]) {
        self.open().await;
        self.comparer.orders(page).await;
        self.note();
    }

    async fn shoppers(&mut self, page: &[ListedRecord<Shopper>]) {
        self.open().await;
        self.comparer.shoppers(page).await;
        self.note();
    }

    async fn products(&mut self, page: &[ListedRecord<Product>]) {
        self.open().await;
        self.comparer.products(page).await;
        self.note();
    }

    fn missing_orders(&mut self) -> BTreeSet<u64> {
        self.comparer.missing_orders()
    }

    fn end_of_list(&mut self, of: Entity) {
        self.comparer.end_of_list(of);
    }
}
