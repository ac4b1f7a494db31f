//! Decimals: whether the shop still shows its orders as they were charged.

use super::facts::DoctorFacts;
use super::finding::Finding;
use crate::engine::figures;

pub fn decimals(facts: &DoctorFacts) -> Vec<Finding> {
    let (Some(shop), Some(known)) = (facts.shop.done(), facts.state.known()) else {
        return Vec::new();
    };
    // Nobody can say that it was changed who has not seen it before.
    let mut decimals = known.decimals.clone();
    let now = shop.about.decimals;
    let is_seen = !shop
        .about
        .unseen
        .iter()
        .any(|part| part == "settings/general");
    if is_seen {
        decimals.seen(now, facts.now);
    }
    let Some(changed) = decimals.coarsened() else {
        return vec![Finding::ok(match decimals.now() {
            Some(now) => format!("prices have {now} decimals, and no order was charged with more"),
            None => "no run has seen yet with how many decimals the shop computes".to_owned(),
        })];
    };
    let is_same_change = decimals.now() == known.decimals.now();
    if is_same_change && decimals.accepted {
        return vec![
            Finding::note(format!(
                "*Number of decimals* of the shop went from {} to {} for good",
                changed.before, changed.now
            ))
            .cause("what was posted before is left as it was posted"),
        ];
    }
    let reason = figures::reason(&changed);
    let finding = Finding::problem(format!(
        "*Number of decimals* of the shop is {}, and it was {} when orders were posted",
        changed.now, changed.before
    ))
    .cause("WooCommerce rounds totals and taxes of every order that it shows to this number, so nothing older is changed until it is back");
    vec![match reason.hint {
        Some(hint) => finding.fix(hint),
        None => finding,
    }]
}
