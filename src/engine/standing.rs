//! Standing: one order, what the accountant wants for it, and what stands in the books of it.

use std::collections::BTreeMap;

use crate::books::{self, Decision, Entry, OrderAccount};
use crate::model::code;
use crate::model::company::Company;
use crate::model::decimals::Decimals;
use crate::model::document::{DocumentKey, Role};
use crate::model::fault::Reason;
use crate::model::identity::Identity;
use crate::model::link::{Link, LinkState, Posted};
use crate::model::order::Order;
use crate::model::overlay::Mapped;
use crate::model::plan::Subject;
use crate::model::rules::Rules;
use crate::model::ticket::{Found, FoundState};
use crate::store::{Memory, StateReader, StoreError};

use super::compared::Differences;
use super::error::EngineError;
use super::grounds::Grounds;
use super::identity::{self, Judged};
use super::undo::voided::{VoidedByUndo, voided_by_undo};

/// What is known of the books around the gathered orders.
pub struct Survey<'a> {
    pub company: Company,
    pub accounts: BTreeMap<u64, OrderStanding<'a>>,
    /// What stands in the books other than it was left.
    pub differences: Differences,
}

/// One order, what the accountant wants for it, and what stands in the books.
pub struct OrderStanding<'a> {
    /// `None`: the shop has deleted it.
    pub order: Option<&'a Order>,
    /// What the shop's own mapping made of it.
    pub mapped: Option<&'a Mapped>,
    pub number: String,
    pub account: OrderAccount,
    /// With how many decimals the shop computes.
    decimals: &'a Decimals,
    /// From the state file.
    pub links: BTreeMap<DocumentKey, Link>,
    /// Ours by their marker, though the state file did not know.
    pub adopted: BTreeMap<DocumentKey, Found>,
    /// Payments of others with the reference that ours would have.
    pub namesakes: BTreeMap<DocumentKey, Vec<Found>>,
    /// Why a document cannot be made: its number is taken, or it is there twice.
    pub taken: BTreeMap<DocumentKey, Reason>,
    /// Documents of ours of which the books hold a second one.
    pub doubled: BTreeMap<DocumentKey, Reason>,
    /// Whether it is the order that was posted.
    pub(super) judged: Judged,
    /// Of those to be changed: as they stand now; `None` where they are gone.
    pub current: BTreeMap<DocumentKey, Option<Found>>,
    /// Deleted in the books, or voided by an undo, and to be made again, with how often they were written before.
    pub remade: BTreeMap<DocumentKey, u32>,
    /// Of those: the number of what was voided stays taken, and so they get another one.
    voided: BTreeMap<DocumentKey, VoidedByUndo>,
    /// The number that a document had before it was deleted in the books.
    former_numbers: BTreeMap<DocumentKey, String>,
}

/// A deleted order has no figures to be believed.
static NOBODY_LOOKED: Decimals = Decimals::NONE;

impl Survey<'_> {
    /// What is to be remembered of the orders, so that another one with the same id is not taken for one of them.
    pub(super) fn identities(&self) -> Vec<(DocumentKey, Identity)> {
        let all = self.accounts.values();
        all.flat_map(|standing| standing.judged.learned.iter().cloned())
            .collect()
    }
}

impl<'a> OrderStanding<'a> {
    /// Whether something is to be written, or waits for the books to be open.
    pub(super) fn hangs_on_the_closing_date(&self) -> bool {
        let mut entries = self.account.entries.iter();
        let mut holds = self.account.holds.iter();
        entries.any(|entry| entry.decision != Decision::Keep)
            || holds.any(|held| held.reason.code == code::PERIOD_CLOSED)
    }

    pub(super) fn of_order(
        order: &'a Order,
        mapped: Option<&'a Mapped>,
        target: &str,
        store: &dyn StateReader,
        grounds: &Grounds<'a, '_>,
    ) -> Result<OrderStanding<'a>, EngineError> {
        let mut links = links(target, store, order.id)?;
        let judged = identity::judge(store, target, order, mapped, &links)?;
        let voided = voided_by_undo(store, target, &links)?;
        links.retain(|key, _| !voided.contains_key(key));
        let posted = posted(&links, &BTreeMap::new());
        let account = match &judged.stranger {
            Some(reason) => books::held(reason.clone()),
            None => grounds.account(order, mapped, &posted),
        };
        let mut standing = OrderStanding {
            order: Some(order),
            mapped,
            number: order.number.clone(),
            account,
            decimals: grounds.decimals,
            links,
            adopted: BTreeMap::new(),
            namesakes: BTreeMap::new(),
            taken: judged.refunds.clone(),
            doubled: BTreeMap::new(),
            judged,
            current: BTreeMap::new(),
            remade: voided
                .iter()
                .map(|(key, voided)| (*key, voided.revision))
                .collect(),
            voided,
            former_numbers: BTreeMap::new(),
        };
        standing.number_anew(grounds.rules);
        Ok(standing)
    }

    pub(super) fn of_deleted(
        id: u64,
        target: &str,
        memory: &dyn Memory,
        rules: &Rules,
        company: &Company,
    ) -> Result<OrderStanding<'a>, EngineError> {
        let links = links(target, memory, id)?;
        let posted = posted(&links, &BTreeMap::new());
        let sale = posted.iter().find(|posted| posted.key.role == Role::Sale);
        let number = sale.map_or_else(
            || id.to_string(),
            |sale| {
                let number = sale.number.strip_prefix(&rules.number_prefix);
                number.unwrap_or(&sale.number).to_owned()
            },
        );
        Ok(OrderStanding {
            order: None,
            mapped: None,
            decimals: &NOBODY_LOOKED,
            account: books::account_deleted(id, &number, &posted, rules, company),
            number,
            links,
            adopted: BTreeMap::new(),
            namesakes: BTreeMap::new(),
            taken: BTreeMap::new(),
            doubled: BTreeMap::new(),
            judged: Judged::default(),
            current: BTreeMap::new(),
            remade: BTreeMap::new(),
            voided: BTreeMap::new(),
            former_numbers: BTreeMap::new(),
        })
    }

    /// Whether the mapping numbers the order otherwise than the accountant would.
    pub(super) fn has_composed_number(&self, rules: &Rules, company: &Company) -> bool {
        let (Some(order), Some(Mapped::Overlay(overlay))) = (self.order, self.mapped) else {
            return false;
        };
        let composed = overlay.number.as_ref();
        composed.is_some_and(|number| *number != books::sale_number(order, None, rules, company))
    }

    pub(super) fn entry(&self, key: &DocumentKey) -> Option<&Entry> {
        let mut entries = self.account.entries.iter();
        entries.find(|entry| entry.document.key == *key)
    }

    pub(super) fn creates(&self, key: &DocumentKey) -> bool {
        self.entry(key)
            .is_some_and(|entry| entry.decision == Decision::Create)
    }

    pub(super) fn number_of(&self, key: &DocumentKey) -> &str {
        self.entry(key)
            .map_or("", |entry| entry.document.number.as_str())
    }

    /// Forgets documents that are not in the books, so that the accountant asks for them as for new ones.
    pub(super) fn remake(&mut self, missing: Vec<DocumentKey>, rules: &Rules, company: &Company) {
        // Without its order nobody knows what they would be.
        if self.order.is_none() {
            return;
        }
        for key in missing {
            if let Some(link) = self.links.remove(&key) {
                self.remade.insert(key, link.revision);
                let posted = link.posted;
                self.former_numbers
                    .extend(posted.map(|posted| (key, posted.number)));
            }
        }
        self.reconsider(rules, company);
    }

    /// Gives what is made in the place of a voided document a number that is free.
    fn number_anew(&mut self, rules: &Rules) {
        let Some(order) = self.order else { return };
        let sale = DocumentKey::of_order(order.id, Role::Sale);
        let mut entries = self.account.entries.iter();
        let Some(entry) =
            entries.find(|entry| entry.document.key == sale && entry.decision == Decision::Create)
        else {
            return;
        };
        let wanted = entry.document.number.clone();
        let number = match (self.voided.get(&sale), self.former_numbers.get(&sale)) {
            (Some(voided), _) => voided.number(&wanted, &rules.number_prefix, order.id),
            // One that was made in the place of a voided one before keeps its ending.
            (None, Some(former)) if former.starts_with(&format!("{wanted}-U")) => former.clone(),
            _ => return,
        };
        let creates = self.account.entries.iter_mut();
        for entry in creates.filter(|entry| entry.decision == Decision::Create) {
            let document = &mut entry.document;
            // The reference of a payment is the number of its sale.
            if document.key == sale || document.key.role == Role::Payment {
                document.number.clone_from(&number);
            }
        }
    }

    /// Whether it is what an undo has left of a document that is made again.
    pub(super) fn is_left_of(&self, key: &DocumentKey, found: &Found) -> bool {
        let is_same = found
            .marker
            .as_ref()
            .is_some_and(|marker| marker.key == *key);
        is_same && found.state == FoundState::Voided && self.voided.contains_key(key)
    }

    pub(super) fn reconsider(&mut self, rules: &Rules, company: &Company) {
        if let Some(order) = self.order.filter(|_| self.judged.stranger.is_none()) {
            let posted = posted(&self.links, &self.adopted);
            let grounds = Grounds {
                rules,
                company,
                decimals: self.decimals,
            };
            self.account = grounds.account(order, self.mapped, &posted);
            self.number_anew(rules);
        }
    }
}

pub(super) fn links(
    target: &str,
    memory: &dyn Memory,
    order: u64,
) -> Result<BTreeMap<DocumentKey, Link>, StoreError> {
    Ok(memory
        .links_of_order(target, order)?
        .into_iter()
        .filter_map(|link| match link.subject {
            Subject::Document(key) => Some((key, link)),
            Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => None,
        })
        .collect())
}

pub(super) fn posted(
    links: &BTreeMap<DocumentKey, Link>,
    adopted: &BTreeMap<DocumentKey, Found>,
) -> Vec<Posted> {
    // What a person has settled may be unsettled again, so each run looks at it anew.
    let ours = links
        .values()
        .filter(|link| link.state != LinkState::Settled);
    let linked = ours.filter_map(|link| {
        let mut posted = link.posted.clone()?;
        posted.voided = link.state == LinkState::Voided;
        Some(posted)
    });
    let found = adopted
        .iter()
        .filter_map(|(key, found)| posted_from(*key, found));
    linked.chain(found).collect()
}

/// What a document that was found tells the accountant.
pub fn posted_from(key: DocumentKey, found: &Found) -> Option<Posted> {
    let kind = found.remote.entity.of_role(key.role)?;
    Some(Posted {
        key,
        kind,
        number: found.label.clone(),
        date: found.date?,
        currency: found.currency.clone().unwrap_or_default(),
        total: found.total,
        tax_total: found.tax_total,
        voided: found.state == FoundState::Voided,
        fingerprint: None,
        document: None,
    })
}
