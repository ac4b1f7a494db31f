//! A database in memory that keeps the newer row, can refuse one, can go down, and can be pulled from under a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::connector::port::{TableWriter, Tables};
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::fingerprint::Fingerprint;
use crate::model::row::{Gap, Handed, Row, RowFate, Stored, Table};
use crate::model::run::Requests;

/// Rows in one request.
const IN_REQUEST: usize = 3;

#[derive(Clone)]
pub struct Held {
    pub row: Row,
    pub fingerprint: Fingerprint,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a test changes while the double is in use.
#[derive(Default)]
pub struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    pub fn borrow(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn borrow_mut(&self) -> MutexGuard<'_, T> {
        self.borrow()
    }

    pub fn set(&self, value: T) {
        *self.borrow() = value;
    }
}

impl<T: Copy> Shared<T> {
    pub fn get(&self) -> T {
        *self.borrow()
    }
}

#[derive(Default)]
pub struct Double {
    pub rows: Shared<BTreeMap<(Table, String), Held>>,
    /// Rows that were written, request by request.
    pub written: Shared<Vec<(Table, String)>>,
    pub refused: Shared<BTreeSet<(Table, String)>>,
    /// What is left to be done before it ends, and how it ends.
    pub budget: Shared<Option<usize>>,
    pub dies: Shared<bool>,
    pub asked: Shared<u64>,
}

impl Double {
    /// So many requests are done, and then nothing answers any more: as if the process were killed.
    pub fn dying_after(self, requests: usize) -> Double {
        self.budget.set(Some(requests));
        self.dies.set(true);
        self
    }

    /// So many requests are done, and then it is down.
    pub fn down_after(&self, requests: usize) {
        self.budget.set(Some(requests));
        self.dies.set(false);
    }

    pub fn up(&self) {
        self.budget.set(None);
        self.dies.set(false);
    }

    pub fn take_written(&self) -> Vec<(Table, String)> {
        std::mem::take(&mut *self.written.borrow_mut())
    }

    /// The live rows of a table by id.
    pub fn live(&self, table: Table) -> BTreeMap<String, Row> {
        let rows = self.rows.borrow();
        let rows = rows
            .iter()
            .filter(|((of, _), held)| *of == table && held.deleted_at.is_none());
        rows.map(|((_, id), held)| (id.clone(), held.row.clone()))
            .collect()
    }

    pub fn buried(&self, table: Table) -> Vec<String> {
        let rows = self.rows.borrow();
        let rows = rows
            .iter()
            .filter(|((of, _), held)| *of == table && held.deleted_at.is_some());
        rows.map(|((_, id), _)| id.clone()).collect()
    }

    /// Whether one more request may be done.
    async fn may(&self) -> bool {
        match self.budget.get() {
            None => true,
            Some(0) if self.dies.get() => std::future::pending().await,
            Some(0) => false,
            Some(left) => {
                self.budget.set(Some(left - 1));
                true
            }
        }
    }

    /// The work was done, and the answer may never come.
    async fn answered(&self) {
        if self.budget.get() == Some(0) && self.dies.get() {
            std::future::pending::<()>().await;
        }
    }

    fn one(&self, row: &Row) -> RowFate {
        let key = (row.table, row.id.clone());
        if self.refused.borrow().contains(&key) {
            return RowFate::Refused(Reason::new("row_refused", "a value does not fit"));
        }
        let fingerprint = row.fingerprint().clone();
        let mut rows = self.rows.borrow_mut();
        if let Some(held) = rows.get(&key) {
            if held.row.source_at > row.source_at {
                return RowFate::NewerThere;
            }
            if held.row.source_at == row.source_at && held.fingerprint == fingerprint {
                return RowFate::Same;
            }
        }
        self.written.borrow_mut().push(key.clone());
        let deleted_at = row.deleted_at;
        let row = row.clone();
        rows.insert(
            key,
            Held {
                row,
                fingerprint,
                deleted_at,
            },
        );
        RowFate::Written { replaced: vec![] }
    }
}

fn down() -> Fault {
    Fault::new(
        Remedy::Stop,
        "database_unreachable",
        "could not reach the database",
    )
}

impl Tables for Double {
    fn name(&self) -> &'static str {
        "supabase"
    }

    async fn gaps(&self) -> Result<Vec<Gap>, Fault> {
        Ok(Vec::new())
    }

    async fn stored(&self, table: Table, ids: &[String]) -> Result<Vec<Stored>, Fault> {
        self.asked.set(self.asked.get() + 1);
        self.answered().await;
        if self.budget.get() == Some(0) {
            return Err(down());
        }
        let rows = self.rows.borrow();
        let found = ids.iter().filter_map(|id| {
            let held = rows.get(&(table, id.clone()))?;
            Some(stored(id, held))
        });
        Ok(found.collect())
    }

    async fn page(&self, table: Table, after: Option<&str>) -> Result<Vec<Stored>, Fault> {
        self.asked.set(self.asked.get() + 1);
        self.answered().await;
        if self.budget.get() == Some(0) {
            return Err(down());
        }
        let rows = self.rows.borrow();
        let mut of_table: Vec<(&String, &Held)> = rows
            .iter()
            .filter(|((of, _), _)| *of == table)
            .map(|((_, id), held)| (id, held))
            .collect();
        let key = |id: &str| match table.has_number_ids() {
            true => (id.len(), id.to_owned()),
            false => (0, id.to_owned()),
        };
        of_table.sort_by_key(|(id, _)| key(id));
        let behind = of_table
            .into_iter()
            .filter(|(id, _)| after.is_none_or(|after| key(id) > key(after)));
        Ok(behind.take(4).map(|(id, held)| stored(id, held)).collect())
    }

    fn requests(&self) -> Requests {
        Requests::default()
    }

    fn waiting(&self) -> Option<Duration> {
        None
    }
}

fn stored(id: &str, held: &Held) -> Stored {
    Stored {
        id: id.to_owned(),
        fingerprint: Some(held.fingerprint.clone()),
        source_at: held.row.source_at,
        deleted: held.deleted_at.is_some(),
    }
}

impl TableWriter for Double {
    async fn put(&self, table: Table, rows: &[Row]) -> Handed {
        let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), rows.len(), "an id twice in {}", table.as_str());
        assert!(rows.iter().all(|row| row.table == table));
        let mut handed = Handed::default();
        for request in rows.chunks(IN_REQUEST) {
            if handed.end.is_some() || !self.may().await {
                handed.end = Some(down());
                handed
                    .fates
                    .extend(request.iter().map(|_| RowFate::NotReached));
                continue;
            }
            handed.fates.extend(request.iter().map(|row| self.one(row)));
            self.answered().await;
        }
        handed
    }

    async fn bury(&self, table: Table, ids: &[String], at: DateTime<Utc>) -> Handed {
        let mut handed = Handed::default();
        for request in ids.chunks(IN_REQUEST) {
            if handed.end.is_some() || !self.may().await {
                handed.end = Some(down());
                handed
                    .fates
                    .extend(request.iter().map(|_| RowFate::NotReached));
                continue;
            }
            for id in request {
                let mut rows = self.rows.borrow_mut();
                if let Some(held) = rows.get_mut(&(table, id.clone())) {
                    held.deleted_at = Some(at);
                    held.fingerprint = Fingerprint::from("buried".to_owned());
                    self.written.borrow_mut().push((table, id.clone()));
                }
                handed.fates.push(RowFate::Written { replaced: vec![] });
            }
            self.answered().await;
        }
        handed
    }
}
