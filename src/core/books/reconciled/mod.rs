//! Reconciled: whether the books equal the shop over a period, order by order and to the cent.
//!
//! Both sides come in as they were read just now, and what comes out is every difference with its two figures, sums by what they are made
//! of, and tables that anybody can add up again. Nothing is rounded away: the tolerance is 0.00 everywhere. What waits for a person is
//! left out of both sides and listed by itself, and what a person accepted stays a difference that is accepted. Pure: the same input
//! gives the same bytes.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `sides` | what goes in |
//! | `difference` | what a difference is, and its id |
//! | `orders` | order by order: each document that should be there against the one that is |
//! | `figures` | one document against the one that stands for it, each figure by itself |
//! | `open_items` | what is still owed on either side |
//! | `alike` | when two documents could be the same sale |
//! | `strangers` | what nobody expected: twice, by hand, of no order |
//! | `copied` | the same for the copy in a database |
//! | `entries` | the entries of accounts that no document of ours explains |
//! | `moved` | what was posted on a later day because its month was closed |
//! | `totals` | sums by kind, rate, day and account |
//! | `rolled` | what each account of a gateway held, got, gave and holds |
//! | `proof` | what comes out, as a document for machines |
//! | `sheets` | the same as tables |

mod alike;
mod copied;
mod difference;
mod entries;
mod figures;
mod moved;
mod open_items;
mod orders;
mod proof;
mod rolled;
mod sheets;
mod sides;
mod strangers;
mod totals;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::DocumentKey;
use crate::model::statement::StatedDocument;

pub use copied::{CopySides, OrderFigures, reconcile_copy};
pub use difference::{Acceptance, Difference, DifferenceCode};
pub use moved::MovedLine;
pub use proof::{HeldLine, OrderCounts, Proof, ProofPeriod, SeenCounts, TotalLine};
pub use rolled::RolledAccount;
pub use sheets::{CheckCell, ProofColumn, ProofColumnKind, ProofSheet};
pub use sides::{BothSides, ExpectedDocument, HeldRecord, OrderSide, RememberedDocument};

use difference::{DifferenceDraft, spell};

/// Compares the two sides.
pub fn reconcile(sides: &BothSides) -> Proof {
    let index = StatedIndex::of(sides);
    let mut compared = orders::compare(sides, &index);
    strangers::find(sides, &index, &mut compared);
    entries::find(sides, &index, &mut compared);
    let sums = totals::add_up(sides, &index, &|_| true);
    let disputed: BTreeSet<u64> = compared
        .differences
        .iter()
        .filter_map(|draft| draft.order)
        .collect();
    let rest = totals::add_up(sides, &index, &|order| !disputed.contains(&order));
    compared.rest_agrees = rest.agree();
    let differences = numbered(&sides.accepted, std::mem::take(&mut compared.differences));
    proof::proof(sides, &index, compared, differences, sums)
}

/// Documents of ours by what they are.
pub(super) struct StatedIndex<'a> {
    /// In the period, those that stand before those that were voided, then by age.
    pub by_key: BTreeMap<DocumentKey, Vec<&'a StatedDocument>>,
    /// In the period and the days around it, in the same order.
    near: BTreeMap<DocumentKey, Vec<&'a StatedDocument>>,
    pub elsewhere: BTreeMap<DocumentKey, &'a StatedDocument>,
    /// In the period or the days around it, and without a mark of anybody.
    pub unmarked: Vec<&'a StatedDocument>,
}

impl<'a> StatedIndex<'a> {
    fn of(sides: &'a BothSides) -> StatedIndex<'a> {
        let mut index = StatedIndex {
            by_key: BTreeMap::new(),
            near: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            unmarked: Vec::new(),
        };
        for stated in &sides.stated {
            if let Some(key) = stated.key_in(&sides.shop) {
                index.by_key.entry(key).or_default().push(stated);
            }
        }
        for stated in sides.stated.iter().chain(&sides.beyond) {
            if let Some(key) = stated.key_in(&sides.shop) {
                index.near.entry(key).or_default().push(stated);
            } else if stated.found.marker.is_none() {
                index.unmarked.push(stated);
            }
        }
        for same in index.by_key.values_mut().chain(index.near.values_mut()) {
            same.sort_by_key(|stated| (stated.is_voided(), age(stated)));
        }
        for stated in &sides.elsewhere {
            if let Some(key) = stated.key_in(&sides.shop) {
                index.elsewhere.entry(key).or_insert(stated);
            }
        }
        index.unmarked.sort_by_key(|stated| age(stated));
        index
    }

    /// Everything with the mark of this document, in the period and around it: what stands first, then by age.
    pub fn all_of(&self, key: &DocumentKey) -> &[&'a StatedDocument] {
        self.near.get(key).map_or(&[], Vec::as_slice)
    }

    /// What stands for a document: in the period or around it, or else elsewhere.
    pub fn standing(&self, key: &DocumentKey) -> Option<&'a StatedDocument> {
        let near = self.all_of(key).first().copied();
        let is_good = |stated: &&StatedDocument| !stated.is_voided();
        near.filter(is_good)
            .or_else(|| self.elsewhere.get(key).copied().filter(is_good))
            .or(near)
            .or_else(|| self.elsewhere.get(key).copied())
    }
}

/// Ids count up, and are numbers in the books that are known; whatever else they are has an order too.
fn age(stated: &StatedDocument) -> (u64, String) {
    let id = &stated.found.remote.id;
    (id.parse().unwrap_or(u64::MAX), id.clone())
}

/// `SalesReceipt/145`
fn reference(stated: &StatedDocument) -> String {
    format!("{}/{}", stated.found.remote.entity, stated.found.remote.id)
}

/// Gives each an id that it has the next time too, and finds what was accepted.
fn numbered(
    accepted: &BTreeMap<String, Acceptance>,
    drafts: Vec<DifferenceDraft>,
) -> Vec<Difference> {
    let mut taken = BTreeSet::new();
    let mut differences = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let seed = draft.seed();
        let id = (0..)
            .map(|attempt| spell(&seed, attempt))
            .find(|id| !taken.contains(id))
            .expect("there are more ids than differences");
        taken.insert(id.clone());
        let mut difference = Difference {
            code: draft.code,
            order: draft.order,
            number: draft.number,
            document: draft.document,
            document_number: draft.document_number,
            what: draft.what,
            currency: draft.currency,
            shop: draft.shop,
            books: draft.books,
            difference: draft.difference,
            cause: draft.cause,
            hint: draft.hint.replace("{id}", &id),
            beside: draft.beside,
            accepted: None,
            lapsed: None,
            id,
        };
        if let Some(acceptance) = accepted.get(&difference.id) {
            if acceptance.covers == difference.covers() {
                difference.accepted = Some(acceptance.clone());
            } else {
                difference.lapsed = Some(acceptance.clone());
            }
        }
        differences.push(difference);
    }
    differences
}
