//! Send: rows go to the database, and what it has taken is remembered.
//!
//! What a row says is remembered only after the database has answered for it, so a run that is killed at any moment sends it
//! again, which is the same row once more. That there may be a row at all is remembered before it is sent: if its record is
//! deleted meanwhile, somebody must know of a row to mark.

use chrono::{DateTime, Utc};

use super::CopySending;
use super::compare::{RowToBury, RowToPut};
use crate::connector::port::TableWriter;
use crate::model::fault::Fault;
use crate::model::row::{Row, RowFate, Table};
use crate::store::{Copied, Mark, StoreError};

/// What became of each row, in their order, and why it ended early, if it did.
pub(super) struct SentRows {
    pub fates: Vec<RowFate>,
    pub end: Option<Fault>,
}

/// By the id, numbers by their size.
pub(super) fn in_order(id: &str) -> (usize, &str) {
    (id.len(), id)
}

/// What is to be remembered of a row once it is there.
struct Trace {
    id: String,
    parent: Option<u64>,
    mark: Option<Mark>,
    gone: bool,
    source_at: Option<DateTime<Utc>>,
}

/// Makes rows of one table so. No id twice.
pub(super) async fn put<D: TableWriter>(
    sending: CopySending<'_, D>,
    copy: i64,
    table: Table,
    puts: Vec<RowToPut>,
) -> Result<SentRows, StoreError> {
    let CopySending { bench, store } = sending;
    let meant = puts.iter().filter(|put| !put.is_live);
    let meant: Vec<Copied> = meant
        .map(|put| Copied {
            id: put.row.id.clone(),
            parent: parent(&put.row),
            mark: None,
            gone: false,
        })
        .collect();
    store.note_copied(copy, table, &meant, None)?;
    let mut traces = Vec::with_capacity(puts.len());
    let mut rows: Vec<Row> = Vec::with_capacity(puts.len());
    for put in puts {
        traces.push(Trace {
            id: put.row.id.clone(),
            parent: parent(&put.row),
            mark: put.mark,
            gone: put.row.deleted_at.is_some(),
            source_at: put.row.source_at,
        });
        rows.push(put.row);
    }
    let handed = bench.database.put(table, &rows).await;
    drop(rows);
    let fates = in_full(handed.fates, traces.len());
    let mut last = None;
    let mut taken = Vec::new();
    for (trace, fate) in traces.into_iter().zip(&fates) {
        match fate {
            // A newer one there answers for this one too: it is asked again when ours is the newer one.
            RowFate::Written { .. } | RowFate::Same | RowFate::NewerThere => {}
            RowFate::Refused(_) | RowFate::NotReached => continue,
        }
        if let (RowFate::Written { .. }, Some(at)) = (fate, trace.source_at) {
            last = Some((trace.id.clone(), at));
        }
        taken.push(Copied {
            id: trace.id,
            parent: trace.parent,
            mark: trace.mark,
            gone: trace.gone,
        });
    }
    let last = last.as_ref().map(|(id, at)| (id.as_str(), *at));
    store.note_copied(copy, table, &taken, last)?;
    let end = handed.end;
    Ok(SentRows { fates, end })
}

fn parent(row: &Row) -> Option<u64> {
    row.parent.as_ref().and_then(|id| id.parse().ok())
}

/// Marks rows of one table as deleted. No id twice.
pub(super) async fn bury<D: TableWriter>(
    sending: CopySending<'_, D>,
    copy: i64,
    table: Table,
    buries: Vec<RowToBury>,
) -> Result<SentRows, StoreError> {
    let CopySending { bench, store } = sending;
    let ids: Vec<String> = buries.iter().map(|bury| bury.id.clone()).collect();
    let handed = bench.database.bury(table, &ids, bench.clock.now()).await;
    let fates = in_full(handed.fates, ids.len());
    let buried = buries.into_iter().zip(&fates);
    let buried =
        buried.filter(|(_, fate)| !matches!(fate, RowFate::Refused(_) | RowFate::NotReached));
    let buried: Vec<Copied> = buried
        .map(|(bury, _)| Copied {
            id: bury.id,
            parent: bury.parent,
            mark: None,
            gone: true,
        })
        .collect();
    store.note_copied(copy, table, &buried, None)?;
    let end = handed.end;
    Ok(SentRows { fates, end })
}

/// What was not answered for was not reached.
fn in_full(mut fates: Vec<RowFate>, count: usize) -> Vec<RowFate> {
    fates.resize(count, RowFate::NotReached);
    fates
}
