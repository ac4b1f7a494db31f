//! Records for mappings: the newest of the shop or one by its id, and what a mapping makes of it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::operation::ApiCall;
use crate::app::mappings::records;
use crate::connector::woocommerce::RecordKind;
use crate::mapping::shipped::Shipped;
use crate::mapping::{Compiled, MappingOutcome};
use crate::run::Failure;
use crate::server::problem::HttpProblem;

/// What a mapping makes of a record, with every step on the way.
pub(super) fn traced(compiled: &Compiled, record: &Value, settings: &Value) -> Value {
    let (outcome, fields) = compiled.trace(record, settings);
    let mut seen =
        json!({ "id": record["id"].as_u64(), "outcome": "mapped", "fields": fields, "rows": [] });
    match outcome {
        MappingOutcome::Document(document) => seen["rows"] = json!(document.rows),
        MappingOutcome::Skip(because) => {
            seen["outcome"] = json!("skipped");
            seen["because"] = json!(because);
        }
        MappingOutcome::Refusal(refusal) => {
            seen["outcome"] = json!("refused");
            seen["refusal"] = json!(refusal);
        }
    }
    seen
}

/// A record by its id in the shop; of refunds the first of the order with this id.
pub(super) async fn record_called(
    call: &ApiCall,
    of: &'static Shipped,
    id: u64,
) -> Result<Value, HttpProblem> {
    let found = call
        .asking(move |app| async move {
            let shop = app.store_to_look_at()?;
            if of.entity == "refunds" {
                let refunds = shop.refunds_on(id).await?;
                let refund = refunds.first().map(records::json);
                return Ok(refund.map(|refund| records::of_order(refund, id)));
            }
            let record = shop.record(records::kind_of(of), id).await?;
            Ok(record.as_ref().map(records::json))
        })
        .await?;
    found.ok_or_else(|| {
        let noun = records::noun(of);
        HttpProblem::new(
            StatusCode::NOT_FOUND,
            "record_missing",
            format!("the shop has no {noun} with id {id}"),
        )
        .hint("give the id of another one")
    })
}

pub(super) async fn newest(call: &ApiCall, of: &'static Shipped) -> Result<Value, HttpProblem> {
    /// Most orders have no refund.
    const LOOKED_AT: usize = 100;
    call.asking(move |app| async move {
        let shop = app.store_to_look_at()?;
        let (kind, is_refund) = match of.entity {
            "customers" => (RecordKind::Customers, false),
            "products" => (RecordKind::Products, false),
            "refunds" => (RecordKind::Orders, true),
            _ => (RecordKind::Orders, false),
        };
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
        let found = shop
            .newest(kind, if is_refund { LOOKED_AT } else { 1 })
            .await?;
        let mut records = found.iter().map(|raw| read(raw.text()));
        let missing = || {
            Failure::new(
                "record_missing",
                "the shop has no record that could be shown",
            )
            .hint("give one as `record`")
        };
        if !is_refund {
            return records.next().ok_or_else(missing);
        }
        let has_refunds = |order: &Value| {
            order["refunds"]
                .as_array()
                .is_some_and(|list| !list.is_empty())
        };
        let order = records.find(has_refunds).ok_or_else(missing)?;
        let id = order["id"].as_u64().unwrap_or_default();
        let refunds = shop.refunds_on(id).await?;
        let mut refund = refunds
            .first()
            .map(|raw| read(raw.text()))
            .ok_or_else(missing)?;
        if let Some(fields) = refund.as_object_mut() {
            fields.entry("parent_id").or_insert(json!(id));
        }
        Ok(refund)
    })
    .await
}
