//! Goods: the items for everything on an order that is no product.

use super::names::{has, names_of, ranked, same, tie, words};
use super::{Pick, Proposal, ProposalFacts, ProposalSubject};

/// The keys, what they are called where nothing is named so, and words that mean the same.
const ITEMS: [(&str, &str, &[&str]); 6] = [
    (
        "shipping",
        "Shipping",
        &["shipping", "delivery", "freight", "postage"],
    ),
    ("fee", "Fee", &["fee", "fees", "surcharge"]),
    ("discount", "Discount", &["discount", "discounts"]),
    ("rounding", "Rounding differences", &["rounding"]),
    (
        "refund_adjustment",
        "Refund adjustment",
        &["adjustment", "adjustments"],
    ),
    ("deleted_product", "Deleted product", &["deleted"]),
];

pub fn items(facts: ProposalFacts<'_>) -> Vec<Proposal> {
    ITEMS
        .iter()
        .map(|(key, usual, alike)| item(facts, key, usual, alike))
        .collect()
}

fn item(facts: ProposalFacts<'_>, key: &str, usual: &str, alike: &[&str]) -> Proposal {
    let sold = || {
        facts
            .items
            .iter()
            .filter(|item| matches!(item.kind.as_str(), "Service" | "NonInventory"))
    };
    let subject = ProposalSubject::Item(key.to_owned());
    let about = key.replace('_', " ");
    let named = sold().find(|item| item.active && same(&item.name, usual));
    if let Some(item) = named {
        let pick = Pick::certain(&item.name, "by its name");
        return Proposal::new(subject, about, pick);
    }
    let scored = sold()
        .filter(|item| item.active && item.kind == "Service" && has(&words(&item.name), alike))
        // A name with fewer other words is closer: `Delivery` before `Delivery of firewood`.
        .map(|item| (-(words(&item.name).len() as i64), item.name.clone()))
        .collect();
    let ranked = ranked(scored);
    let choices = names_of(&ranked);
    let pick = match (ranked.first(), tie(&ranked)) {
        (Some((_, best)), None) => Pick::likely(best, "named like it"),
        (Some(_), Some(doubt)) => Pick {
            // It can always be made, so there is something to propose.
            value: Some(usual.to_owned()),
            certainty: super::Certainty::Likely,
            ..doubt
        },
        (None, _)
            if facts
                .items
                .iter()
                .any(|item| !item.active && item.name == usual) =>
        {
            Pick::doubtful(format!("`{usual}` is inactive in QuickBooks"))
        }
        (None, _) => Pick::certain(usual, "will be made when it is needed"),
    };
    Proposal::new(subject, about, pick).among(choices).or_hold(
        "item_inactive",
        format!("orders that need the item `{usual}`"),
    )
}
