//! Outcomes: which customers and documents came of the requests for a person, as the journal knows them, whatever became of their links.

use std::collections::BTreeSet;

use rusqlite::Transaction;

use crate::model::plan::Subject;
use crate::store::error::SqlTrouble;
use crate::store::journal::TicketOutcome;
use crate::store::packed::whole;

/// The customers that were made or found for a key of ours, with their ids in the books.
pub(super) fn customers(
    view: &Transaction<'_>,
    key: &str,
) -> Result<Vec<(String, String)>, SqlTrouble> {
    // Behind the dot comes the slash, in every table of letters that we use.
    let mut ask = view.prepare_cached(
        "SELECT subject, outcome FROM ticket_writes
         WHERE subject >= '@customer:' || ?1 || '.' AND subject < '@customer:' || ?1 || '/' AND outcome IS NOT NULL",
    )?;
    let mut rows = ask.query([key])?;
    let mut made = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(TicketOutcome::Done(found)) = came(&row.get::<_, String>(1)?) {
            made.push((row.get(0)?, found.remote.id));
        }
    }
    Ok(made)
}

/// The orders whose documents name one of the customers.
pub(super) fn orders_of(
    view: &Transaction<'_>,
    customers: &BTreeSet<String>,
) -> Result<BTreeSet<u64>, SqlTrouble> {
    let mut orders = BTreeSet::new();
    if customers.is_empty() {
        return Ok(orders);
    }
    let mut ask = view.prepare_cached(
        "SELECT subject, outcome FROM ticket_writes
         WHERE subject >= '@document:' AND subject < '@document;' AND outcome IS NOT NULL",
    )?;
    let mut rows = ask.query([])?;
    while let Some(row) = rows.next()? {
        let named = match came(&row.get::<_, String>(1)?) {
            Some(TicketOutcome::Done(found)) => found.customer,
            _ => None,
        };
        if named.is_some_and(|named| customers.contains(&named))
            && let Some(Subject::Document(key)) = Subject::from_reference(&row.get::<_, String>(0)?)
        {
            orders.extend(key.order());
        }
    }
    Ok(orders)
}

/// What came of a write, as far as it can be read.
fn came(outcome: &str) -> Option<TicketOutcome> {
    serde_json::from_str(&whole(outcome)?).ok()
}
