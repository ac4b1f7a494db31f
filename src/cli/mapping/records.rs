//! Records of the shop, as a mapping sees them.

use std::path::Path;

use serde_json::Value as Json;

use crate::app::mappings::read_within;
pub use crate::app::mappings::records::{json, kind_of, noun, of_order, title};
use crate::connector::woocommerce::WooCommerce;
use crate::mapping::shipped::Shipped;

use super::super::report::Failure;

/// A record is no larger than an answer of a store that this program takes in.
const LARGEST: usize = 64_000_000;

/// So many orders are looked at for one with a refund.
const NEWEST: usize = 100;

/// The records of this id, or the newest: one, or the refunds of an order.
pub async fn fetched(
    store: &WooCommerce,
    of: &Shipped,
    id: Option<u64>,
) -> Result<Vec<Json>, Failure> {
    let kind = kind_of(of);
    let is_refund = of.entity == "refunds";
    let record = match id {
        Some(id) => store.record(kind, id).await?.as_ref().map(json),
        // Most orders have no refund: the newest that has one is among the newest.
        None if is_refund => {
            let newest = store.newest(kind, NEWEST).await?;
            let has_refunds = |order: &Json| {
                order["refunds"]
                    .as_array()
                    .is_some_and(|list| !list.is_empty())
            };
            newest.iter().map(json).find(has_refunds)
        }
        None => store.newest(kind, 1).await?.first().map(json),
    };
    let noun = noun(of);
    let Some(record) = record else {
        let said = match id {
            Some(id) => format!("the shop has no {noun} with id {id}"),
            None if is_refund => format!("none of the newest {NEWEST} orders has a refund"),
            None => format!("the shop has no {noun}"),
        };
        return Err(Failure::new("record_missing", said)
            .hint("name another one with `--id ID`, or a file that holds one with `--file FILE`"));
    };
    if !is_refund {
        return Ok(vec![record]);
    }
    let order = record["id"].as_u64().or(id).unwrap_or_default();
    let refunds = store.refunds_on(order).await?;
    if refunds.is_empty() {
        let said = format!("the order with id {order} has no refunds");
        return Err(
            Failure::new("record_missing", said).hint("name an order that has some with `--id ID`")
        );
    }
    Ok(refunds
        .iter()
        .map(|refund| of_order(json(refund), order))
        .collect())
}

/// The records of a file: one, or a list of them.
pub fn from_file(path: &Path) -> Result<Vec<Json>, Failure> {
    let name = path.display();
    let unreadable = |said: String| {
        Failure::new("record_unreadable", said)
            .hint("name a file with one record, or a list of them, as the shop's API gives it")
    };
    let bytes = read_within(path, LARGEST).map_err(|complaint| {
        unreadable(format!(
            "could not read `{}`: {}",
            complaint.file, complaint.message
        ))
    })?;
    if bytes.len() > LARGEST {
        let most = LARGEST / 1_000_000;
        return Err(unreadable(format!("`{name}` is larger than {most} MB")));
    }
    // In words of our own: the parser's may quote what stands there.
    let record: Json = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        unreadable(format!(
            "`{name}` is not JSON: it cannot be read at line {line}, column {column}"
        ))
    })?;
    match record {
        Json::Array(records) if records.is_empty() => {
            Err(unreadable(format!("there is no record in `{name}`")))
        }
        Json::Array(records) => Ok(records),
        record => Ok(vec![record]),
    }
}
