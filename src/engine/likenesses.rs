//! Likenesses: whether an account or a product is still the one that is linked to a customer or an item of the books.
//!
//! An order says of its buyer and its lines no more than ids. Where the id goes with another e-mail address or another SKU than before,
//! the shop is asked when it was made: whoever only changed the address is still the same, and somebody else is matched anew by the
//! one rule, as if the id had never been seen. No customer and no item is renamed for it.

use std::collections::{BTreeMap, BTreeSet};

use super::context::PlanningContext;
use super::error::EngineError;
use super::gather::Gathered;
use crate::books::names;
use crate::connector::port::{Detail, LedgerReader, ShopReader};
use crate::model::likeness::{Likened, Likeness};
use crate::model::shopper::Shopper;

/// What was found out about who is behind the ids.
#[derive(Debug, Default)]
pub struct Likenesses {
    /// The id was given out a second time.
    pub(super) strangers: BTreeSet<Likened>,
    /// To be remembered where there is a link.
    pub(super) learned: Vec<(Likened, Likeness)>,
}

impl Likenesses {
    /// Whether the links under this key of ours are of somebody else.
    pub(super) fn are_others(&self, key: &str) -> bool {
        self.strangers.iter().any(|named| {
            let rest = key.strip_prefix(&named.to_string());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

pub(super) async fn look<S: ShopReader, F: LedgerReader>(
    desk: &PlanningContext<'_, S, F>,
    gathered: &Gathered,
) -> Result<Likenesses, EngineError> {
    let mut met = Met::default();
    met.lists(gathered);
    met.orders(gathered);
    let target = desk.finder.name();
    let mut known = BTreeMap::new();
    for named in met.all() {
        if let Some(likeness) = desk.store.likeness(target, named)? {
            known.insert(named, likeness);
        }
    }
    let (accounts, products) = met.to_ask(&known);
    if !accounts.is_empty() {
        for listed in desk.source.accounts(&accounts).await? {
            if let Ok(shopper) = listed.record {
                met.read(Likened::Account(shopper.id), account(&shopper));
            }
        }
    }
    if !products.is_empty() {
        for listed in desk.source.goods(Detail::Needed, &products).await? {
            if let Ok(product) = listed.record {
                // Its SKU may be that of its parent; what the order says of it stands.
                met.made(Likened::Product(product.id), product.created_at);
            }
        }
    }
    let mut likenesses = Likenesses::default();
    for (named, now) in met.now {
        match known.get(&named) {
            Some(before) if before.is_other(&now) => {
                tracing::warn!(id = %named, "the shop has given the id out a second time");
                likenesses.strangers.insert(named);
                likenesses.learned.push((named, now));
            }
            Some(before) => {
                let is_news = before.looks != now.looks && now.made_at.is_some()
                    || before.made_at.is_none() && now.made_at.is_some();
                if is_news {
                    likenesses.learned.push((named, now));
                }
            }
            None => likenesses.learned.push((named, now)),
        }
    }
    Ok(likenesses)
}

/// Who was met in this reading, as in the last order.
#[derive(Default)]
struct Met {
    now: BTreeMap<Likened, Likeness>,
}

impl Met {
    fn lists(&mut self, gathered: &Gathered) {
        for shopper in gathered.shoppers.values() {
            self.now
                .insert(Likened::Account(shopper.id), account(shopper));
        }
        for ware in gathered.products.values() {
            let product = &ware.product;
            let parent = product.parent.and_then(|id| gathered.products.get(&id));
            let key = names::key_of(product, parent.map(|ware| &ware.product));
            self.now.insert(
                Likened::Product(product.id),
                Likeness::of_product(&key.0, product.created_at),
            );
        }
    }

    /// What a list has said of them is more than an order says.
    fn orders(&mut self, gathered: &Gathered) {
        for order in gathered.orders.values().chain(gathered.buyers.values()) {
            if let Some(id) = order.buyer.account {
                self.meets(
                    Likened::Account(id),
                    Likeness::of_account(&order.buyer.email, None),
                );
            }
            for item in &order.items {
                if let Some((id, key)) = names::sold_as(item) {
                    self.meets(Likened::Product(id), Likeness::of_product(&key.0, None));
                }
            }
        }
    }

    fn meets(&mut self, named: Likened, likeness: Likeness) {
        self.now
            .entry(named)
            .and_modify(|known| {
                if known.made_at.is_none() {
                    *known = likeness.clone();
                }
            })
            .or_insert(likeness);
    }

    fn all(&self) -> Vec<Likened> {
        self.now.keys().copied().collect()
    }

    /// Those who look otherwise than they did, and of whom nobody has said when they were made.
    fn to_ask(&self, known: &BTreeMap<Likened, Likeness>) -> (BTreeSet<u64>, BTreeSet<u64>) {
        let (mut accounts, mut products) = (BTreeSet::new(), BTreeSet::new());
        for (named, now) in &self.now {
            let Some(before) = known.get(named).filter(|_| now.made_at.is_none()) else {
                continue;
            };
            if now.looks != before.looks {
                match named {
                    Likened::Account(id) => accounts.insert(*id),
                    Likened::Product(id) => products.insert(*id),
                };
            }
        }
        (accounts, products)
    }

    fn read(&mut self, named: Likened, likeness: Likeness) {
        self.now.insert(named, likeness);
    }

    fn made(&mut self, named: Likened, made_at: Option<chrono::DateTime<chrono::Utc>>) {
        if let Some(known) = self.now.get_mut(&named) {
            known.made_at = made_at;
        }
    }
}

/// An account goes by the address that its orders would name.
fn account(shopper: &Shopper) -> Likeness {
    let bills = shopper.billing_name.email.trim();
    let email = if bills.is_empty() {
        &shopper.email
    } else {
        bills
    };
    Likeness::of_account(email, shopper.created_at)
}
