//! Unattended: what is left for a person of a plan that nobody watches.
//!
//! A document that is voided or deleted is seldom wanted back, and what is behind it may be a slip in the shop. Such an order waits
//! as held, all its documents together, and every other one goes on.

use std::collections::BTreeMap;

use crate::model::code::VOID_WAITS;
use crate::model::fault::Reason;
use crate::model::plan::{Hold, Plan, RecordKey};

/// Takes the orders out of the plan of which a document would be voided or deleted, and holds them.
pub fn hold_voids(plan: &mut Plan) {
    let mut waiting: BTreeMap<RecordKey, Vec<String>> = BTreeMap::new();
    for step in plan.steps.iter().filter(|step| step.action.takes_away()) {
        let documents = waiting.entry(step.source.clone()).or_default();
        documents.push(format!("{} `{}`", step.entity, step.label));
    }
    if waiting.is_empty() {
        return;
    }
    plan.leave_out(|record| waiting.contains_key(record));
    plan.holds
        .extend(waiting.into_iter().map(|(source, documents)| {
            let reason = reason(&source, &documents);
            Hold {
                source,
                subject: None,
                reason,
            }
        }));
}

fn reason(order: &RecordKey, documents: &[String]) -> Reason {
    Reason::new(
        VOID_WAITS,
        format!(
            "order {} is cancelled, deleted or changed in the shop so that {} would go out of the books, and nobody was there to agree",
            order.number,
            documents.join(" and ")
        ),
    )
    .hint(format!(
        "`udsync sync orders --id {}` shows it and asks; with `voids = true` in `[unattended]` schedules do it by themselves",
        order.id
    ))
}
