//! Send: rows go to the database, and what it has taken is remembered.
//!
//! What a row says is remembered only after the database has answered for it, so a run that is killed at any moment sends it
//! again, which is the same row once more. That there may be a row at all is remembered before it is sent: if its record is
//! deleted meanwhile, somebody must know of a row to mark. Both are said once for all that goes out together: whoever sends begins with
//! [`meant`] and ends with what is to be [noted](SentRows::noted).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::CopySending;
use super::compare::{RowToBury, RowToPut};
use crate::connector::port::{TableWriter, Tables};
use crate::model::fault::Fault;
use crate::model::row::{Row, RowFate, Table};
use crate::store::{Copied, Mark};

/// What became of each row, in their order, and why it ended early, if it did.
pub(super) struct SentRows {
    pub fates: Vec<RowFate>,
    /// What is to be remembered of them.
    pub noted: Vec<(Table, Copied)>,
    /// The row that was written last, with its time of change.
    pub last: Option<(Table, String, DateTime<Utc>)>,
    pub end: Option<Fault>,
}

/// By the id, numbers by their size.
pub(super) fn in_order(id: &str) -> (usize, &str) {
    (id.len(), id)
}

/// What is to be remembered of a row once it is there.
struct Trace {
    known: Copied,
    is_live: bool,
    source_at: Option<DateTime<Utc>>,
}

/// What the database was not known to have, and may have as soon as this is sent.
pub(super) fn meant<'p>(puts: impl Iterator<Item = &'p RowToPut>) -> Vec<(Table, Copied)> {
    let meant = puts.filter(|put| !put.is_live);
    meant
        .map(|put| {
            let row = Copied {
                id: put.row.id.clone(),
                parent: parent(&put.row),
                mark: None,
                gone: false,
            };
            (put.row.table, row)
        })
        .collect()
}

/// Makes rows of one table so. No id twice.
pub(super) async fn put<D: TableWriter>(
    sending: CopySending<'_, D>,
    table: Table,
    puts: Vec<RowToPut>,
) -> SentRows {
    let mut traces = Vec::with_capacity(puts.len());
    let mut rows: Vec<Row> = Vec::with_capacity(puts.len());
    for put in puts {
        traces.push(Trace {
            known: Copied {
                id: put.row.id.clone(),
                parent: parent(&put.row),
                mark: put.mark,
                gone: put.row.deleted_at.is_some(),
            },
            is_live: put.is_live,
            source_at: put.row.source_at,
        });
        rows.push(put.row);
    }
    let handed = sending.bench.database.put(table, &rows).await;
    drop(rows);
    let fates = in_full(handed.fates, traces.len());
    let mut last = None;
    let mut noted = Vec::with_capacity(traces.len());
    for (trace, fate) in traces.into_iter().zip(&fates) {
        let is_taken = match fate {
            // A newer one there answers for this one too: it is asked again when ours is the newer one.
            RowFate::Written { .. } | RowFate::Same | RowFate::NewerThere => true,
            RowFate::Refused(_) | RowFate::NotReached => false,
        };
        if let (RowFate::Written { .. }, Some(at)) = (fate, trace.source_at) {
            last = Some((table, trace.known.id.clone(), at));
        }
        if is_taken {
            noted.push((table, trace.known));
        } else if !trace.is_live {
            // Nobody knows whether it is there.
            let known = Copied {
                mark: None,
                gone: false,
                ..trace.known
            };
            noted.push((table, known));
        }
    }
    SentRows {
        fates,
        noted,
        last,
        end: handed.end,
    }
}

fn parent(row: &Row) -> Option<u64> {
    row.parent.as_ref().and_then(|id| id.parse().ok())
}

/// Marks rows of one table as deleted. No id twice.
pub(super) async fn bury<D: TableWriter>(
    sending: CopySending<'_, D>,
    table: Table,
    buries: Vec<RowToBury>,
) -> SentRows {
    let bench = sending.bench;
    let ids: Vec<String> = buries.iter().map(|bury| bury.id.clone()).collect();
    let handed = bench.database.bury(table, &ids, bench.clock.now()).await;
    let fates = in_full(handed.fates, ids.len());
    let buried = buries.into_iter().zip(&fates);
    let buried =
        buried.filter(|(_, fate)| !matches!(fate, RowFate::Refused(_) | RowFate::NotReached));
    SentRows {
        noted: buried.map(|(bury, _)| (table, buried_now(bury))).collect(),
        last: None,
        end: handed.end,
        fates,
    }
}

/// Which of these rows are no more as we left them for their record: another record has them by now, or nobody. They are not ours to
/// mark. A line can go over to another order, and only that one says so.
pub(super) async fn strangers<D: Tables>(
    database: &D,
    table: Table,
    buries: &[RowToBury],
) -> Result<Vec<bool>, Fault> {
    let left = buries.iter().filter(|bury| bury.mark.is_some());
    let ids: Vec<String> = left.map(|bury| bury.id.clone()).collect();
    if !table.is_of_order() || ids.is_empty() {
        return Ok(vec![false; buries.len()]);
    }
    let mut there: BTreeMap<String, Option<Mark>> = BTreeMap::new();
    for ids in ids.chunks(ASKED_AT_ONCE) {
        for stored in database.stored(table, ids).await? {
            let mark = stored.fingerprint.as_ref().and_then(Mark::of);
            there.insert(stored.id, mark);
        }
    }
    let is_other = |bury: &RowToBury| {
        let now = there.get(&bury.id).copied().flatten();
        bury.mark.is_some() && now != bury.mark
    };
    Ok(buries.iter().map(is_other).collect())
}

/// A question to the database asks for so many rows.
const ASKED_AT_ONCE: usize = 500;

/// What is remembered of a row that is marked as deleted, or is another record's.
pub(super) fn buried_now(bury: RowToBury) -> Copied {
    Copied {
        id: bury.id,
        parent: bury.parent,
        mark: None,
        gone: true,
    }
}

/// What was not answered for was not reached.
fn in_full(mut fates: Vec<RowFate>, count: usize) -> Vec<RowFate> {
    fates.resize(count, RowFate::NotReached);
    fates
}
