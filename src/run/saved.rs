//! Saved plans: whether what one was made from is still so.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::Failure;
use crate::app::App;
use crate::model::plan::{Entity, Plan, Step, Subject};

/// Every order that a plan speaks of: planning them again must give the same plan.
pub fn orders_of(plan: &Plan) -> BTreeSet<u64> {
    let steps = plan.steps.iter().map(|step| &step.source);
    let holds = plan.holds.iter().map(|hold| &hold.source);
    let to_shop = plan.to_shop.iter().map(|step| &step.source);
    steps
        .chain(holds)
        .chain(to_shop)
        .filter(|source| source.entity == Entity::Order)
        .filter_map(|source| source.id.parse().ok())
        .chain(plan.basis.orders.keys().copied())
        .collect()
}

/// The accounts and products that a plan writes to: one that stands undone was asked for when the plan was made.
pub fn listed_in(plan: &Plan) -> BTreeSet<(Entity, String)> {
    let steps = plan.steps.iter().filter(|step| step.action.writes());
    let in_shop = plan.to_shop.iter().map(|step| &step.source);
    let all = steps.map(|step| &step.source).chain(in_shop);
    all.map(|source| (source.entity, source.id.clone()))
        .collect()
}

/// A plan for other books is refused before anything of these is touched.
pub fn check_place(saved: &Plan, app: &App) -> Result<(), Failure> {
    if saved.basis.shop != app.config.shop.name {
        return Err(stale(saved, "it was made for another shop".to_owned()));
    }
    match app.config.company_id(&app.credentials) {
        Some(company) if company != saved.basis.company => {
            Err(stale(saved, "it was made for another company".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Of what a plan is, and where it was read, as both are typed.
fn typed(plan: &Plan) -> String {
    let quoted = |path: &str| format!("'{}'", path.replace('\'', r"'\''"));
    match &plan.basis.payouts_file {
        Some(file) => format!(
            "payouts --file {} --gateway {}",
            quoted(&file.path),
            file.gateway
        ),
        None if !plan.basis.payouts.is_empty() => "payouts".to_owned(),
        None => "orders".to_owned(),
    }
}

fn stale(saved: &Plan, what: String) -> Failure {
    Failure::new(
        "plan_stale",
        format!("the saved plan is out of date: {what}"),
    )
    .hint(match &saved.basis.takes_back {
        Some(back) => format!(
            "make a new one with `udsync undo {} --out plan.json`",
            back.run
        ),
        None => format!(
            "make a new one with `udsync dry-run {} --out plan.json`",
            typed(saved)
        ),
    })
}

/// A saved plan is good only as long as planning again gives the very same.
pub fn check_fresh(saved: &Plan, now: &Plan) -> Result<(), Failure> {
    let what = if saved.basis.shop != now.basis.shop || saved.basis.store != now.basis.store {
        "it was made for another shop".to_owned()
    } else if saved.basis.company != now.basis.company {
        "it was made for another company".to_owned()
    } else if saved.basis.rules != now.basis.rules {
        "the configuration has changed since".to_owned()
    } else if let Some(order) = changed_order(saved, now) {
        format!("order id {order} has changed in the shop since")
    } else if let Some(hold) = now.holds.iter().find(|hold| !saved.holds.contains(hold)) {
        format!("by now {}", hold.reason.message)
    } else if saved.writes() > 0 && now.writes() == 0 {
        "everything in it is in the books by now".to_owned()
    } else if let Some(number) = changed_to_shop(saved, now) {
        format!("what the shop is told of `{number}` would be something else now")
    } else if let Some(label) = changed_step(saved, now) {
        format!("`{label}` would be written differently now, because the books have changed since")
    } else {
        return Ok(());
    };
    Err(stale(saved, what))
}

fn changed_order(saved: &Plan, now: &Plan) -> Option<u64> {
    saved
        .basis
        .orders
        .iter()
        .find(|(id, fingerprint)| {
            now.basis
                .orders
                .get(id)
                .is_some_and(|now| now != *fingerprint)
        })
        .map(|(id, _)| *id)
}

fn changed_to_shop<'a>(saved: &'a Plan, now: &'a Plan) -> Option<&'a str> {
    let differs = |one: &'a Plan, other: &Plan| {
        let mut steps = one.to_shop.iter();
        steps.find(|step| !other.to_shop.contains(step))
    };
    let step = differs(saved, now).or_else(|| differs(now, saved))?;
    Some(&step.source.number)
}

fn changed_step(saved: &Plan, now: &Plan) -> Option<String> {
    // Whole steps, not bodies alone: somebody may have put another verb or another document around the same body.
    let writes = |plan: &Plan| -> BTreeMap<String, Step> {
        plan.steps
            .iter()
            .filter(|step| step.action.writes())
            .map(|step| {
                let bare = Step {
                    warnings: Vec::new(),
                    reason: None,
                    ..step.clone()
                };
                (step.subject.to_string(), bare)
            })
            .collect()
    };
    let (saved_writes, now_writes) = (writes(saved), writes(now));
    let differs = |one: &BTreeMap<String, Step>, other: &BTreeMap<String, Step>| {
        // A document says more to a reader than the customer or the item that goes with it.
        one.iter()
            .filter(|(subject, step)| other.get(*subject) != Some(step))
            .map(|(_, step)| step)
            .max_by_key(|step| matches!(step.subject, Subject::Document(_)))
            .map(|step| step.label.clone())
    };
    differs(&saved_writes, &now_writes)
        .or_else(|| differs(&now_writes, &saved_writes))
        // The same thing twice is one subject but two steps.
        .or_else(|| {
            (saved.writes() != now.writes()).then(|| "a step that is there twice".to_owned())
        })
}
