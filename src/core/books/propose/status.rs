//! Statuses: what those mean that plugins add.

use super::names::{has, words};
use super::{Pick, Proposal, ProposalSubject};
use crate::model::rules::StatusMeaning;
use crate::model::shop::Shop;

/// WooCommerce's own, which the accountant knows.
const KNOWN: [&str; 11] = [
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
    "checkout-draft",
    "auto-draft",
    "draft",
    "trash",
];

pub fn statuses(shop: &Shop) -> Vec<Proposal> {
    shop.statuses
        .iter()
        .filter(|status| !KNOWN.contains(&status.slug.as_str()))
        .map(|status| {
            let name = if status.name.trim().is_empty() {
                status.slug.clone()
            } else {
                status.name.trim().to_owned()
            };
            let mut found = words(&status.slug);
            found.extend(words(&name));
            let on_its_way = [
                "shipped",
                "shipment",
                "shipping",
                "dispatched",
                "delivered",
                "packed",
                "packing",
                "picked",
                "pickup",
                "production",
                "fulfilled",
                "backorder",
                "backordered",
            ];
            let unsure = [
                "payment",
                "quote",
                "deposit",
                "partial",
                "partially",
                "return",
                "returned",
                "unpaid",
            ];
            let pick = if has(&found, &on_its_way) && !has(&found, &unsure) {
                Pick::likely("as_paid", "the goods are on their way")
            } else {
                Pick::doubtful("nobody has said whether that is a sale")
            };
            Proposal::new(ProposalSubject::Status(status.slug.clone()), &name, pick)
                .among(
                    StatusMeaning::WORDS
                        .iter()
                        .map(|word| (*word).to_owned())
                        .collect(),
                )
                .or_hold("status_unmapped", format!("orders that are “{name}”"))
        })
        .collect()
}
