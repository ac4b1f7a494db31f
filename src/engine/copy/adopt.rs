//! Adopt: learns, page by page, what a database holds that the state file knows nothing of.
//!
//! A state file that was lost, or a database that was filled from another machine, is no reason to send everything again. What
//! the database says of each row is as good as what we would remember, but for which order a line belongs to: that is
//! learnt when the order passes by.

use std::collections::BTreeMap;

use super::CopySending;
use crate::connector::port::Tables;
use crate::engine::error::EngineError;
use crate::model::row::Table;
use crate::store::{Copied, Mark};

/// The log is only ever added to, under ids that come once: there is nothing to compare.
const ADOPTED: [Table; 7] = [
    Table::Orders,
    Table::OrderLines,
    Table::Refunds,
    Table::Customers,
    Table::Products,
    Table::Invoices,
    Table::IdMappings,
];

/// Forgets what was remembered and learns it anew. Broken off, it begins again with the next run.
pub(super) async fn adopt<D: Tables>(
    sending: CopySending<'_, D>,
    copy: i64,
) -> Result<(), EngineError> {
    let CopySending { bench, store } = sending;
    store.forget_rows(copy)?;
    let mut count = 0;
    for table in ADOPTED {
        let mut after: Option<String> = None;
        loop {
            let page = bench.database.page(table, after.as_deref()).await?;
            let Some(last) = page.last() else {
                break;
            };
            after = Some(last.id.clone());
            count += page.len();
            let rows: Vec<(Table, Copied)> = page
                .into_iter()
                .map(|stored| {
                    let row = Copied {
                        id: stored.id,
                        parent: None,
                        mark: stored.fingerprint.as_ref().and_then(Mark::of),
                        gone: stored.deleted,
                    };
                    (table, row)
                })
                .collect();
            store.note_copied(copy, &rows, &BTreeMap::new(), None)?;
        }
    }
    store.note_adopted(copy)?;
    tracing::info!(rows = count, "learnt what the database holds");
    Ok(())
}
