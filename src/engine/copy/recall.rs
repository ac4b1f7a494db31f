//! Recall: what is known of rows that the database may hold, out of the state file's memory or from the database itself.
//!
//! The memory costs nothing and is right as long as nobody else writes. The database is asked where there is no memory, and
//! where somebody wants to be sure.

use std::collections::{BTreeMap, BTreeSet};

use super::{CopyContext, TARGET};
use crate::connector::port::Tables;
use crate::engine::error::EngineError;
use crate::model::row::Table;
use crate::store::Mark;

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
    /// It was about to be sent when a run ended, and nobody knows whether it was.
    pub fn is_only_meant(self) -> bool {
        self.mark.is_none() && !self.gone
    }
}

/// By table and id. What is not there is unknown.
pub(super) type Recalled = BTreeMap<Table, BTreeMap<String, KnownRow>>;

/// Where to ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recall {
    /// `None`: the state file knows nothing of this database.
    pub copy: Option<i64>,
    pub asks_database: bool,
}

impl Recall {
    /// What is known of these rows, and of all lines and refunds of these orders.
    pub async fn of<D: Tables>(
        self,
        bench: &CopyContext<'_, D>,
        table: Table,
        mut ids: BTreeSet<String>,
        parents: &[u64],
    ) -> Result<BTreeMap<String, KnownRow>, EngineError> {
        let mut known = BTreeMap::new();
        let has_parents = matches!(table, Table::OrderLines | Table::Refunds);
        if let Some(copy) = self.copy {
            let asked: Vec<&str> = ids.iter().map(String::as_str).collect();
            let mut found = bench.store.copied(copy, table, &asked)?;
            if has_parents {
                found.extend(bench.store.copied_of(copy, table, parents)?);
            }
            for row in found {
                let (mark, parent, gone) = (row.mark, row.parent, row.gone);
                known.insert(row.id, KnownRow { mark, parent, gone });
            }
        }
        if !self.asks_database {
            return Ok(known);
        }
        ids.extend(known.keys().cloned());
        let ids: Vec<String> = ids.into_iter().collect();
        let mut there = BTreeMap::new();
        for ids in ids.chunks(ASKED_AT_ONCE) {
            for stored in bench.database.stored(table, ids).await? {
                let parent = known.get(&stored.id).and_then(|known| known.parent);
                let mark = stored.fingerprint.as_ref().and_then(Mark::of);
                let gone = stored.deleted;
                there.insert(stored.id, KnownRow { mark, parent, gone });
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
