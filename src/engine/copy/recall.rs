//! Recall: what is known of rows that the database may hold, out of the state file's memory or from the database itself.
//!
//! The memory costs nothing and is right as long as nobody else writes. The database is asked where there is no memory, and
//! where somebody wants to be sure.

use std::collections::{BTreeMap, BTreeSet};

use super::{CopyContext, TARGET};
use crate::connector::port::Tables;
use crate::engine::error::EngineError;
use crate::model::row::Table;
use crate::store::{Copied, Mark};

/// A question to the database asks for so many rows.
const ASKED_AT_ONCE: usize = 500;

/// What is known of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownRow {
    pub mark: Option<Mark>,
    pub parent: Option<u64>,
    /// It is marked as deleted.
    pub gone: bool,
}

impl KnownRow {
    fn of(row: &Copied) -> KnownRow {
        KnownRow {
            mark: row.mark,
            parent: row.parent,
            gone: row.gone,
        }
    }

    /// It was about to be sent when a run ended, and nobody knows whether it was.
    pub fn is_only_meant(self) -> bool {
        self.mark.is_none() && !self.gone
    }
}

/// What is known of the rows of some records.
#[derive(Debug, Default)]
pub(super) struct Recalled {
    /// The rows of each record that are known to be its own.
    own: BTreeMap<u64, Vec<OwnRow>>,
    /// Rows of which it is not known whose they are, and rows that the database was asked for.
    loose: BTreeMap<(Table, String), KnownRow>,
    /// What the shop said of an order, if its rows are exactly what that came to.
    pub heard: BTreeMap<u64, Mark>,
}

/// A row of a record.
#[derive(Clone, Debug)]
pub(super) struct OwnRow {
    pub table: Table,
    pub id: String,
    pub known: KnownRow,
}

impl Recalled {
    /// What is known of a row that a record was made to have.
    pub fn of(&self, record: u64, table: Table, id: &str) -> Option<KnownRow> {
        let own = self.own(record);
        let own = own.iter().find(|own| own.table == table && own.id == id);
        match own {
            Some(own) => Some(own.known),
            None if self.loose.is_empty() => None,
            None => self.loose.get(&(table, id.to_owned())).copied(),
        }
    }

    pub fn own(&self, record: u64) -> &[OwnRow] {
        self.own.get(&record).map_or(&[], Vec::as_slice)
    }

    fn keep(&mut self, record: u64, table: Table, id: String, known: KnownRow) {
        let own = self.own.entry(record).or_default();
        own.push(OwnRow { table, id, known });
    }
}

/// Where to ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recall {
    /// `None`: the state file knows nothing of this database.
    pub copy: Option<i64>,
    pub asks_database: bool,
}

impl Recall {
    /// What is remembered of these orders, before their rows are made.
    pub fn of_orders<D: Tables>(
        self,
        bench: &CopyContext<'_, D>,
        orders: &[u64],
    ) -> Result<Recalled, EngineError> {
        let mut memory = Recalled::default();
        let Some(copy) = self.copy else {
            return Ok(memory);
        };
        for order in bench.store.orders_copied(copy, orders)? {
            memory
                .heard
                .extend(order.heard.map(|heard| (order.id, heard)));
            for (table, row) in order.rows {
                let known = KnownRow::of(&row);
                memory.keep(order.id, table, row.id, known);
            }
        }
        Ok(memory)
    }

    /// Completes what is remembered of orders, now that their rows are made: with what is known without its order, or with what the
    /// database says, where that is to be asked.
    pub async fn complete<D: Tables>(
        self,
        bench: &CopyContext<'_, D>,
        memory: &mut Recalled,
        mut made: BTreeMap<Table, BTreeSet<String>>,
    ) -> Result<(), EngineError> {
        for (table, ids) in &made {
            if let (Some(copy), true) = (self.copy, table.is_of_order()) {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                for row in bench.store.copied(copy, *table, &ids)? {
                    let known = KnownRow::of(&row);
                    memory.loose.insert((*table, row.id), known);
                }
            }
        }
        if !self.asks_database {
            return Ok(());
        }
        for own in memory.own.values().flatten() {
            made.entry(own.table).or_default().insert(own.id.clone());
        }
        let mut there: BTreeMap<(Table, String), KnownRow> = BTreeMap::new();
        for (table, ids) in made {
            there.extend(
                self.stored(bench, table, ids, |id| {
                    let loose = memory.loose.get(&(table, id.to_owned()))?;
                    loose.parent
                })
                .await?
                .into_iter()
                .map(|(id, known)| ((table, id), known)),
            );
        }
        memory.heard.clear();
        memory.loose.clear();
        for own in std::mem::take(&mut memory.own) {
            for OwnRow { table, id, known } in own.1 {
                if let Some(there) = there.remove(&(table, id.clone())) {
                    let parent = known.parent;
                    memory.keep(own.0, table, id, KnownRow { parent, ..there });
                }
            }
        }
        // An order's own row needs nobody to say whose it is.
        for ((table, id), known) in there {
            match id.parse() {
                Ok(order) if table == Table::Orders => memory.keep(order, table, id, known),
                _ => {
                    memory.loose.insert((table, id), known);
                }
            }
        }
        Ok(())
    }

    /// What is known of rows that are records of their own.
    pub async fn of<D: Tables>(
        self,
        bench: &CopyContext<'_, D>,
        table: Table,
        ids: BTreeSet<String>,
    ) -> Result<BTreeMap<String, KnownRow>, EngineError> {
        let mut known = BTreeMap::new();
        if let Some(copy) = self.copy {
            let asked: Vec<&str> = ids.iter().map(String::as_str).collect();
            for row in bench.store.copied(copy, table, &asked)? {
                let its = KnownRow::of(&row);
                known.insert(row.id, its);
            }
        }
        if !self.asks_database {
            return Ok(known);
        }
        self.stored(bench, table, ids, |id| known.get(id)?.parent)
            .await
    }

    /// The same by record.
    pub async fn of_records<D: Tables>(
        self,
        bench: &CopyContext<'_, D>,
        table: Table,
        records: &[u64],
    ) -> Result<Recalled, EngineError> {
        let ids = records.iter().map(u64::to_string).collect();
        let mut memory = Recalled::default();
        for (id, known) in self.of(bench, table, ids).await? {
            if let Ok(record) = id.parse() {
                memory.keep(record, table, id, known);
            }
        }
        Ok(memory)
    }

    async fn stored<D: Tables>(
        self,
        bench: &CopyContext<'_, D>,
        table: Table,
        ids: BTreeSet<String>,
        parent: impl Fn(&str) -> Option<u64>,
    ) -> Result<BTreeMap<String, KnownRow>, EngineError> {
        let ids: Vec<String> = ids.into_iter().collect();
        let mut there = BTreeMap::new();
        for ids in ids.chunks(ASKED_AT_ONCE) {
            for stored in bench.database.stored(table, ids).await? {
                let known = KnownRow {
                    mark: stored.fingerprint.as_ref().and_then(Mark::of),
                    parent: parent(&stored.id),
                    gone: stored.deleted,
                };
                there.insert(stored.id, known);
            }
        }
        Ok(there)
    }
}

/// The copy that cannot be believed any more, because the row that was sent last is not there, or is an older one.
pub(super) async fn has_lost<D: Tables>(
    bench: &CopyContext<'_, D>,
) -> Result<Option<i64>, EngineError> {
    let Some(copy) = bench.store.copy(TARGET, &bench.home())? else {
        return Ok(None);
    };
    let Some((table, id, at)) = copy.last else {
        return Ok(None);
    };
    let stored = bench
        .database
        .stored(table, std::slice::from_ref(&id))
        .await?;
    let is_there = stored
        .iter()
        .any(|stored| stored.id == id && stored.source_at.is_none_or(|there| there >= at));
    Ok((!is_there).then_some(copy.id))
}
