//! Noticed: what somebody changed in the books, as the books tell it, and which records of the shop that concerns.
//!
//! A notice names a thing and nothing else. Most of what it names was written by ourselves a moment ago: what stands there as we left it
//! is no news, and costs one question for many. For the rest the orders are named whose documents are to be compared, and the accounts
//! and products behind a name, so that the one pipeline looks at them: a changed amount becomes a conflict now, and not when the order
//! happens to change.

use std::collections::{BTreeMap, BTreeSet};

use crate::connector::port::LedgerReader;
use crate::model::delivery::NamedThing;
use crate::model::document::DocumentKind;
use crate::model::link::{Link, LinkState};
use crate::model::names::{NameKind, Names, person_key};
use crate::model::plan::{Remote, RemoteKind, Subject};
use crate::model::ticket::{Found, FoundState};
use crate::store::{Memory, MemoryWriter, StoreError};

use super::error::EngineError;

/// The ledger's words for names.
const CUSTOMER: &str = RemoteKind::Customer.as_str();
const ITEM: &str = RemoteKind::Item.as_str();

/// The records of the shop that a change in the books concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    /// Their documents are to be compared with what stands there now.
    pub orders: BTreeSet<u64>,
    pub customers: BTreeSet<u64>,
    pub products: BTreeSet<u64>,
}

/// A name that has taken in another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MergedName {
    /// `Customer`, `Item`.
    pub entity: String,
    pub survivor: String,
    pub victim: String,
}

/// A name whose links were put onto another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repointed {
    pub merged: MergedName,
    pub links: usize,
}

/// Asks the books about these things, and says which records they concern. What is none of ours, and what stands there as we left it,
/// concerns none.
pub async fn concerned<F: LedgerReader>(
    finder: &F,
    store: &dyn Memory,
    things: &[NamedThing],
) -> Result<Concerned, EngineError> {
    let target = finder.name();
    let mut documents: Vec<(Link, u64)> = Vec::new();
    let mut names: BTreeMap<&str, Vec<Link>> = BTreeMap::new();
    for thing in things {
        for link in store.links_of_remote(target, &thing.kind, &thing.id)? {
            match &link.subject {
                Subject::Document(key) => {
                    if let Some(order) = key.order() {
                        documents.push((link, order));
                    }
                }
                Subject::Customer(_) => names.entry(CUSTOMER).or_default().push(link),
                Subject::Item(_) => names.entry(ITEM).or_default().push(link),
                // Whoever renames a vendor has renamed it.
                Subject::Vendor(_) => {}
            }
        }
    }
    let mut concerned = Concerned::default();
    concerned
        .orders
        .extend(of_documents(finder, store, documents).await?);
    if let Some(links) = names.get(CUSTOMER) {
        of_customers(finder, links, &mut concerned).await?;
    }
    if let Some(links) = names.get(ITEM) {
        of_items(&finder.names().await?, links, &mut concerned);
    }
    Ok(concerned)
}

async fn of_documents<F: LedgerReader>(
    finder: &F,
    store: &dyn Memory,
    mut documents: Vec<(Link, u64)>,
) -> Result<BTreeSet<u64>, EngineError> {
    if documents.is_empty() {
        return Ok(BTreeSet::new());
    }
    // One question is about one kind.
    documents.sort_by(|(one, _), (other, _)| {
        let key = |link: &Link| (link.remote.entity, link.remote.id.clone());
        key(one).cmp(&key(other))
    });
    let remotes: Vec<Remote> = documents
        .iter()
        .map(|(link, _)| link.remote.clone())
        .collect();
    let found = finder.read(&remotes).await?;
    let mut orders = BTreeSet::new();
    for ((link, order), found) in documents.iter().zip(found) {
        if !stands_as_left(store, finder.name(), link, found.as_ref())? {
            orders.insert(*order);
        }
    }
    Ok(orders)
}

/// Whether a document is as we left it, and the money on it is ours.
fn stands_as_left(
    store: &dyn Memory,
    target: &str,
    link: &Link,
    found: Option<&Found>,
) -> Result<bool, StoreError> {
    let Some(found) = found else {
        return Ok(false);
    };
    let state = match link.state {
        LinkState::Voided => FoundState::Voided,
        // Somebody else's: whether it still settles the invoice is for the order to see.
        LinkState::Settled => return Ok(false),
        LinkState::Active => FoundState::Active,
    };
    if found.state != state || found.remote.revision != link.remote.revision {
        return Ok(false);
    }
    // A payment that somebody put on an invoice need not count as a change of the invoice.
    let payment = DocumentKind::Payment.as_str();
    for id in &found.payments {
        if store.links_of_remote(target, payment, id)?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn of_customers<F: LedgerReader>(
    finder: &F,
    links: &[Link],
    concerned: &mut Concerned,
) -> Result<(), EngineError> {
    let ids: BTreeSet<String> = links.iter().map(|link| link.remote.id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let stands: BTreeMap<&String, String> = ids
        .iter()
        .zip(finder.customers(&ids).await?)
        .filter_map(|(id, stands)| Some((id, stands?.remote.revision)))
        .collect();
    for link in links {
        let is_as_left = stands
            .get(&link.remote.id)
            .is_some_and(|revision| *revision == link.remote.revision);
        if !is_as_left
            && let Subject::Customer(key) = &link.subject
            && let Some(account) = account_of(key)
        {
            concerned.customers.insert(account);
        }
    }
    Ok(())
}

fn of_items(names: &Names, links: &[Link], concerned: &mut Concerned) {
    for link in links {
        let item = names.items.with_key(&link.remote.id);
        let is_as_left =
            item.is_some_and(|item| item.active && item.revision == link.remote.revision);
        if !is_as_left
            && let Subject::Item(key) = &link.subject
            && let Some(product) = product_of(key)
        {
            concerned.products.insert(product);
        }
    }
}

/// `c7.CAD` is account 7; a guest has none.
fn account_of(key: &str) -> Option<u64> {
    key.strip_prefix('c')?.split('.').next()?.parse().ok()
}

/// `product:12`; what only an order line named says nothing of a product.
fn product_of(key: &str) -> Option<u64> {
    key.strip_prefix("product:")?.parse().ok()
}

/// Puts what was linked to a name onto the one that has taken it in. The books are asked first: one that is still in use was not taken
/// in, whatever a notice says.
pub async fn repoint<F: LedgerReader>(
    finder: &F,
    store: &dyn MemoryWriter,
    merged: &BTreeSet<MergedName>,
) -> Result<Vec<Repointed>, EngineError> {
    let mut repointed = Vec::new();
    if merged.is_empty() {
        return Ok(repointed);
    }
    let target = finder.name();
    let mut ours = Vec::new();
    for one in merged {
        if !store
            .links_of_remote(target, &one.entity, &one.victim)?
            .is_empty()
        {
            ours.push(one);
        }
    }
    if ours.is_empty() {
        return Ok(repointed);
    }
    let names = finder.names().await?;
    for one in ours {
        if !is_in_use(&names, &one.entity, &one.survivor)
            || is_in_use(&names, &one.entity, &one.victim)
        {
            tracing::warn!(
                entity = one.entity,
                survivor = one.survivor,
                victim = one.victim,
                "the books do not bear out that one has taken in the other; nothing is changed"
            );
            continue;
        }
        let links = store.repoint_links(target, &one.entity, &one.victim, &one.survivor)?;
        repointed.push(Repointed {
            merged: one.clone(),
            links,
        });
    }
    Ok(repointed)
}

fn is_in_use(names: &Names, entity: &str, id: &str) -> bool {
    match entity {
        CUSTOMER => names
            .people
            .with_key(&person_key(NameKind::Customer, id))
            .is_some_and(|person| person.active),
        ITEM => names.items.with_key(id).is_some_and(|item| item.active),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whose_it_is() {
        assert_eq!(account_of("c7.CAD"), Some(7));
        assert_eq!(account_of("g1f2.CAD"), None);
        assert_eq!(account_of("7.CAD"), None);
        assert_eq!(product_of("product:12"), Some(12));
        assert_eq!(product_of("sku:MUG"), None);
    }
}
