//! Gather: reads the records that a run is about, once, and says how far the reading was complete.
//!
//! Nothing is decided here. What was read is sorted by id, so that the same shop gives the same plan
//! however the pages fell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::join;

use crate::connector::port::{Ask, Detail, ListedRecord, Odd, Pulled, RawOrder, ShopReader};
use crate::mapping::Set;
use crate::model::decimals::Decimals;
use crate::model::draft::Dressed;
use crate::model::event::{Event, Stage, Tell};
use crate::model::fault::{Fault, Remedy};
use crate::model::order::Order;
use crate::model::overlay::Mapped;
use crate::model::plan::Entity;
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::service::Service;
use crate::model::shopper::Shopper;
use crate::model::wish::Ware;
use crate::store::{PostedOrders, StoreError};

use super::ahead::PagesAhead;
use super::dressed::dressed;
use super::mapped::{mapped, reads_words};
use super::paid::PaidLook;
use super::wished::wished;

/// Which records a run is about.
#[derive(Clone, Debug, Default)]
pub struct GatherScope {
    /// Of the orders.
    pub reach: Reach,
    /// All accounts of the shop.
    pub shoppers: WantedRecords,
    /// Of the accounts only these are planned; all, if none are named.
    pub only_shoppers: BTreeSet<u64>,
    /// Of the accounts only these are read, by their ids; `None` reads the list.
    pub these_shoppers: Option<BTreeSet<u64>>,
    /// The same of the products.
    pub these_products: Option<BTreeSet<u64>>,
    /// Orders are read for their buyers alone: for guests, who have no account, and for the currencies in which somebody buys.
    pub buyers: bool,
    /// All products of the shop.
    pub products: WantedRecords,
    /// Nobody but the witness wants the orders.
    pub passing: bool,
    pub created_after: Option<DateTime<Utc>>,
    pub created_before: Option<DateTime<Utc>>,
    pub statuses: Vec<String>,
    /// Orders that are not in the books yet count only in these statuses; empty: in all.
    pub new_in: Vec<String>,
    /// Stop after so many records that are news.
    pub limit: Option<usize>,
    /// What changed up to here was read by an earlier run, and comes again only because readings overlap.
    pub known_through: Option<DateTime<Utc>>,
    /// Nothing of what the cursor stands for is left out, so it may move when all is settled.
    pub moves_cursor: bool,
    /// Read besides, whatever the reach: the held and the failed of earlier runs.
    pub besides: BTreeSet<u64>,
    /// With how many decimals the shop computes, by all that is known.
    pub decimals: Decimals,
    /// Posted before. A full reading looks for those that the shop no longer lists; any other one asks only about what it has read. Of
    /// records that were picked by hand nothing follows for the others, so then there are none.
    pub posted: PostedOrders,
    /// What is in the books stays our business in whichever status, and whoever picked it.
    pub in_books: PostedOrders,
    /// The shop has said in an earlier run that it has these no more. They are not asked for again; one that comes back is listed.
    pub gone: BTreeSet<u64>,
    /// The books are asked whether what was posted still stands there as it was left.
    pub verify: bool,
    /// The books are asked about the documents of these orders.
    pub compared: BTreeSet<u64>,
    /// Orders that were made before this are none of ours unless they are in the books; those that are read by id too.
    pub new_since: Option<DateTime<Utc>>,
    /// The first day of the books. What was made before it is left alone unless something of it is in the books, and it is said: somebody
    /// has named it, or it waited when that day was set.
    pub first_day: Option<DateTime<Utc>>,
    /// Documents of these orders that are missing in the books are made again.
    pub remake: BTreeSet<u64>,
    /// A person has named these: one that stands undone is posted again.
    pub asked: BTreeSet<u64>,
    /// The same of accounts and products, by kind and id.
    pub asked_in_lists: BTreeSet<(Entity, String)>,
    /// The books were asked a moment ago, and nothing in them is marked by us.
    pub unmarked: bool,
    /// What was done in the books about what these owe; `None`: the shop is told of nothing.
    pub paid: Option<PaidLook>,
    /// What may have been read of it already.
    pub ahead: Option<Arc<PagesAhead>>,
}

/// What is to become of what is read. What nobody but the witness wants is not kept, so that memory does not grow with the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WantedRecords {
    #[default]
    No,
    InPassing,
    Kept,
}

impl GatherScope {
    /// What the shop's list of orders is asked for.
    pub fn ask(&self, changed_after: Option<DateTime<Utc>>) -> Ask {
        Ask {
            changed_after,
            created_after: self.created_after,
            created_before: self.created_before,
            statuses: self.statuses.clone(),
        }
    }

    /// The records that count against the limit. If what was done before counted, one limited run after the other
    /// would stop at the same place.
    fn news<'a>(
        &self,
        orders: impl Iterator<Item = &'a Order>,
    ) -> Result<BTreeSet<u64>, StoreError> {
        let is_known = |order: &&Order| {
            self.known_through
                .is_some_and(|through| order.modified_at <= through)
        };
        let unknown: BTreeSet<u64> = orders
            .filter(|order| !is_known(order))
            .map(|order| order.id)
            .collect();
        let posted = self.posted.among(&unknown)?;
        Ok(&unknown - &posted)
    }
}

/// How far a reading reaches.
#[derive(Clone, Debug, Default)]
pub enum Reach {
    /// Everything the shop lists.
    #[default]
    Full,
    /// What changed since.
    Since(DateTime<Utc>),
    /// These orders only; none, if there are none.
    Orders(BTreeSet<u64>),
    /// The orders with refunds made since, or with any refund.
    Refunded(Option<DateTime<Utc>>),
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    pub orders: BTreeMap<u64, Order>,
    /// What the shop's own mapping made of them, if it has one.
    pub mapped: BTreeMap<u64, Mapped>,
    pub odd: Vec<Odd>,
    /// As the scope says.
    pub decimals: Decimals,
    /// Orders that the witness was not shown, because the shop shows their figures rounded.
    pub unshown: BTreeSet<u64>,
    /// Asked for by id, and the shop has them no more.
    pub gone: BTreeSet<u64>,
    /// As the scope says.
    pub first_day: Option<DateTime<Utc>>,
    pub shoppers: BTreeMap<u64, Shopper>,
    /// What the mapping made of them.
    pub dressed: BTreeMap<u64, Dressed>,
    /// Every account was listed, whether or not it is planned.
    pub all_shoppers: Option<BTreeSet<u64>>,
    /// Orders as far as they say who buys: the last one of everybody in each currency and state.
    pub buyers: BTreeMap<(String, String, String), Order>,
    pub odd_shoppers: Vec<Odd>,
    /// With what the shop's own mapping makes of them.
    pub products: BTreeMap<u64, Ware>,
    pub odd_products: Vec<Odd>,
    /// Every product was listed.
    pub whole_catalogue: bool,
    /// Orders that were read and not kept.
    pub passed: u64,
    /// Every change up to here is among the above; a cursor may move to it.
    pub complete_through: Option<DateTime<Utc>>,
    /// The limit was reached, and the shop lists more.
    pub has_more: bool,
}

impl Gathered {
    pub fn read(&self) -> u64 {
        let kept = self.orders.len() + self.odd.len() + self.gone.len();
        let listed = self.shoppers.len() + self.products.len();
        let odd = self.odd_shoppers.len() + self.odd_products.len();
        (kept + listed + odd) as u64 + self.passed
    }

    /// A record may come twice; the later reading is never older.
    fn take_order(&mut self, order: Order) {
        self.orders.insert(order.id, order);
    }
}

/// Sees everything on its way from the shop, page by page, before anything is decided about it. A record may come twice; the
/// later reading is never older. What goes wrong with a witness is its own matter and keeps nothing from anybody else.
pub trait Witness: Send {
    fn orders(&mut self, page: &[Pulled]) -> impl Future<Output = ()> + Send;
    fn shoppers(&mut self, page: &[ListedRecord<Shopper>]) -> impl Future<Output = ()> + Send;
    fn products(&mut self, page: &[ListedRecord<Product>]) -> impl Future<Output = ()> + Send;

    /// How much of an account or a product it wants to see.
    fn detail(&self) -> Detail {
        Detail::Whole
    }

    /// After every order that the shop lists was read: which ones it knows besides, and would like to be asked for by id.
    fn missing_orders(&mut self) -> BTreeSet<u64>;

    /// The shop's list of accounts, or of products, was read to its end.
    fn end_of_list(&mut self, _of: Entity) {}
}

/// Nobody looks on.
pub struct Nobody;

impl Witness for Nobody {
    async fn orders(&mut self, _: &[Pulled]) {}
    async fn shoppers(&mut self, _: &[ListedRecord<Shopper>]) {}
    async fn products(&mut self, _: &[ListedRecord<Product>]) {}
    fn detail(&self) -> Detail {
        Detail::Needed
    }
    fn missing_orders(&mut self) -> BTreeSet<u64> {
        BTreeSet::new()
    }
}

/// Reads the scope.
pub async fn gather<S: ShopReader, W: Witness>(
    source: &S,
    scope: &GatherScope,
    mappings: &Set,
    tell: Tell<'_>,
    witness: &mut W,
) -> Result<Gathered, Fault> {
    tell(Event::Stage {
        stage: Stage::Gather,
        total: None,
    });
    let mut gathered = Gathered {
        decimals: scope.decimals.clone(),
        first_day: scope.first_day,
        ..Gathered::default()
    };
    let mut reading = GatherContext {
        source,
        scope,
        mappings,
        tell,
        witness,
        gathered: &mut gathered,
        odd: BTreeSet::new(),
    };
    if scope.products != WantedRecords::No {
        reading.products().await?;
    }
    if scope.shoppers != WantedRecords::No {
        reading.shoppers().await?;
    }
    reading.orders().await?;
    tracing::info!(
        orders = gathered.orders.len(),
        passed = gathered.passed,
        odd = gathered.odd.len(),
        gone = gathered.gone.len(),
        shoppers = gathered.shoppers.len(),
        products = gathered.products.len(),
        "read the shop"
    );
    gathered
        .odd
        .sort_by(|one, other| (one.id, &one.path).cmp(&(other.id, &other.path)));
    Ok(gathered)
}

struct GatherContext<'a, S: ShopReader, W: Witness> {
    source: &'a S,
    scope: &'a GatherScope,
    mappings: &'a Set,
    tell: Tell<'a>,
    witness: &'a mut W,
    gathered: &'a mut Gathered,
    /// The odd orders that were met, as far as they have an id.
    odd: BTreeSet<u64>,
}

impl<S: ShopReader, W: Witness> GatherContext<'_, S, W> {
    /// Whoever keeps the records whole, or a mapping that may name anything in them, needs all that the shop says.
    fn detail(&self, entity: &str) -> Detail {
        if self.mappings.has_own(Service::BOOKS.as_str(), entity) {
            Detail::Whole
        } else {
            self.witness.detail()
        }
    }

    async fn shoppers(&mut self) -> Result<(), Fault> {
        let detail = self.detail("customers");
        if let Some(these) = &self.scope.these_shoppers {
            let listed = self.source.shoppers_named(detail, these).await?;
            self.take_shoppers(listed).await;
            return Ok(());
        }
        let mut place = None;
        loop {
            let page = self.source.shoppers(detail, place.as_ref()).await?;
            self.take_shoppers(page.records).await;
            place = page.next;
            if place.is_none() {
                self.witness.end_of_list(Entity::Customer);
                return Ok(());
            }
        }
    }

    async fn take_shoppers(&mut self, records: Vec<ListedRecord<Shopper>>) {
        self.witness.shoppers(&records).await;
        for listed in records {
            match listed.record {
                Ok(_) if self.scope.shoppers == WantedRecords::InPassing => {
                    self.gathered.passed += 1;
                }
                Ok(shopper) => self.take_shopper(shopper, &listed.raw),
                Err(odd) => self.gathered.odd_shoppers.push(odd),
            }
        }
        self.progress();
    }

    fn take_shopper(&mut self, shopper: Shopper, raw: &Raw) {
        let gathered = &mut *self.gathered;
        if self.scope.these_shoppers.is_none() {
            let all = gathered.all_shoppers.get_or_insert_default();
            all.insert(shopper.id);
        }
        let only = &self.scope.only_shoppers;
        if !only.is_empty() && !only.contains(&shopper.id) {
            gathered.passed += 1;
            return;
        }
        gathered
            .dressed
            .insert(shopper.id, dressed(shopper.id, raw, self.mappings));
        gathered.shoppers.insert(shopper.id, shopper);
    }

    async fn products(&mut self) -> Result<(), Fault> {
        let detail = self.detail("products");
        if let Some(these) = &self.scope.these_products {
            let listed = self.source.products_named(detail, these).await?;
            self.take_products(listed).await;
            return Ok(());
        }
        let mut place = None;
        loop {
            let page = self.source.products(detail, place.as_ref()).await?;
            self.take_products(page.records).await;
            place = page.next;
            if place.is_none() {
                self.witness.end_of_list(Entity::Product);
                self.gathered.whole_catalogue = self.scope.products == WantedRecords::Kept;
                return Ok(());
            }
        }
    }

    async fn take_products(&mut self, records: Vec<ListedRecord<Product>>) {
        self.witness.products(&records).await;
        for listed in records {
            match listed.record {
                Ok(_) if self.scope.products == WantedRecords::InPassing => {
                    self.gathered.passed += 1;
                }
                Ok(product) => {
                    let wished = wished(&product, &listed.raw, self.mappings);
                    let ware = Ware { product, wished };
                    self.gathered.products.insert(ware.product.id, ware);
                }
                Err(odd) => self.gathered.odd_products.push(odd),
            }
        }
        self.progress();
    }

    async fn orders(&mut self) -> Result<(), Fault> {
        match &self.scope.reach {
            Reach::Orders(ids) => self.fetch(ids).await?,
            Reach::Refunded(after) => {
                let ids = self.source.refunded(*after).await?.into_iter().collect();
                self.fetch(&ids).await?;
            }
            Reach::Since(after) => {
                self.scan(Some(*after)).await?;
                self.trashed(Some(*after)).await?;
            }
            Reach::Full => {
                self.scan(None).await?;
                self.trashed(None).await?;
                // Only a reading of everything can tell that something is missing.
                let scope = self.scope;
                let filtered = scope.created_after.is_some()
                    || scope.created_before.is_some()
                    || !scope.statuses.is_empty()
                    || scope.limit.is_some();
                if !filtered {
                    let mut missing = match scope.buyers {
                        // Of orders that are gone nobody has to know who bought.
                        true => BTreeSet::new(),
                        false => missing(scope, self.gathered).map_err(untold)?,
                    };
                    missing.extend(self.witness.missing_orders());
                    self.ask(&missing).await?;
                }
            }
        }
        let scope = self.scope;
        if !scope.new_in.is_empty() || scope.new_since.is_some() {
            let orders = &mut self.gathered.orders;
            let is_other = |order: &&Order| {
                let status = !scope.new_in.is_empty() && !scope.new_in.contains(&order.status);
                status
                    || scope
                        .new_since
                        .is_some_and(|since| order.created_at < since)
            };
            let others = orders.values().filter(is_other);
            let others: BTreeSet<u64> = others.map(|order| order.id).collect();
            for id in &others - &scope.in_books.among(&others).map_err(untold)? {
                orders.remove(&id);
            }
        }
        if self.gathered.odd.iter().any(|odd| odd.id.is_none()) {
            // It cannot be asked for again by its id, so it must come again with the list.
            self.gathered.complete_through = None;
        }
        let besides: BTreeSet<u64> = scope
            .besides
            .iter()
            .copied()
            .filter(|id| !self.gathered.orders.contains_key(id))
            .collect();
        self.ask(&besides).await
    }

    /// Asks for these orders, but not for those of which the shop has said already that it has them no more.
    async fn ask(&mut self, ids: &BTreeSet<u64>) -> Result<(), Fault> {
        let gone = ids & &self.scope.gone;
        self.take(gone.into_iter().map(Pulled::Gone).collect())
            .await;
        self.fetch(&(ids - &self.scope.gone)).await
    }

    async fn scan(&mut self, changed_after: Option<DateTime<Utc>>) -> Result<(), Fault> {
        let scope = self.scope;
        let ask = scope.ask(changed_after);
        let source = self.source;
        let mut news = BTreeSet::new();
        let before = scope.ahead.as_ref();
        let needs_words = reads_words(self.mappings);
        let before = before.map(|before| before.take(&ask, scope.decimals.now(), needs_words));
        let mut read_before = before.unwrap_or_default().into_iter();
        let mut page = match read_before.next() {
            Some(page) => page,
            None => source.pull(&ask, None).await?,
        };
        loop {
            let listed: Vec<u64> = match scope.limit {
                None => Vec::new(),
                Some(_) => page.records.iter().filter_map(id_of).collect(),
            };
            let complete_through = page.complete_through;
            // The shop looks for the next page while this one is worked on: still one question at a time. Whoever may stop after this
            // page asks for no other before.
            let ahead = match (&page.next, scope.limit) {
                (Some(place), None) if read_before.len() == 0 => {
                    let pull = source.pull(&ask, Some(place));
                    let (ahead, ()) = join(pull, self.take(page.records)).await;
                    Some(ahead)
                }
                _ => {
                    self.take(page.records).await;
                    None
                }
            };
            self.progress();
            let gathered = &mut *self.gathered;
            gathered.complete_through = complete_through.or(gathered.complete_through);
            if let Some(limit) = scope.limit {
                let read = listed.iter().filter_map(|id| gathered.orders.get(id));
                news.extend(scope.news(read).map_err(untold)?);
                if news.len() >= limit {
                    let left_some_out = cut(gathered, &news, limit);
                    gathered.has_more = left_some_out || page.next.is_some();
                    return Ok(());
                }
            }
            page = match (ahead, page.next) {
                (Some(ahead), _) => ahead?,
                (None, Some(place)) => match read_before.next() {
                    Some(page) => page,
                    None => source.pull(&ask, Some(&place)).await?,
                },
                (None, None) => return Ok(()),
            };
        }
    }

    /// The shop does not list its trash unless asked for it. All of it is read, whatever the state file knows of: an older
    /// copy that was put back does not know everything that was posted.
    async fn trashed(&mut self, changed_after: Option<DateTime<Utc>>) -> Result<(), Fault> {
        let scope = self.scope;
        if !scope.statuses.is_empty() {
            return Ok(());
        }
        let ask = Ask {
            statuses: vec!["trash".to_owned()],
            ..scope.ask(changed_after)
        };
        let mut place = None;
        loop {
            let page = self.source.pull(&ask, place.as_ref()).await?;
            let orders = page.records.into_iter();
            let orders = orders.filter(|pulled| matches!(pulled, Pulled::Order(..)));
            self.take(orders.collect()).await;
            place = page.next;
            if place.is_none() {
                return Ok(());
            }
        }
    }

    async fn fetch(&mut self, ids: &BTreeSet<u64>) -> Result<(), Fault> {
        let ids: Vec<u64> = ids.iter().copied().collect();
        for chunk in ids.chunks(100) {
            let pulled = self.source.fetch(chunk).await?;
            self.take(pulled).await;
            self.progress();
        }
        Ok(())
    }

    async fn take(&mut self, records: Vec<Pulled>) {
        self.show(&records).await;
        for pulled in records {
            match pulled {
                Pulled::Order(..) if self.scope.passing => self.gathered.passed += 1,
                Pulled::Order(order, _) if self.scope.buyers => self.take_buyer(*order),
                // What is wrong with an order is said when orders are synced.
                _ if self.scope.buyers => self.gathered.passed += 1,
                Pulled::Order(order, told) => {
                    dress(self.gathered, &order, &told, self.mappings);
                    self.gathered.take_order(*order);
                }
                // The same odd record comes again when pages overlap.
                Pulled::Odd(odd) => {
                    if odd.id.is_none_or(|id| self.odd.insert(id)) {
                        self.gathered.odd.push(odd);
                    }
                }
                Pulled::Gone(id) => {
                    self.gathered.gone.insert(id);
                }
            }
        }
    }

    /// Shows a page to the witness, without the orders that read rounded now: rows that have their cents keep them.
    async fn show(&mut self, records: &[Pulled]) {
        let decimals = &self.scope.decimals;
        let is_whole = |pulled: &&Pulled| match pulled {
            Pulled::Order(order, _) => !decimals.may_be_rounded(order.created_at, &order.currency),
            Pulled::Odd(_) | Pulled::Gone(_) => true,
        };
        if records.iter().all(|pulled| is_whole(&pulled)) {
            return self.witness.orders(records).await;
        }
        let (shown, unshown): (Vec<&Pulled>, Vec<&Pulled>) = records.iter().partition(is_whole);
        let unshown = unshown.into_iter().filter_map(|pulled| match pulled {
            Pulled::Order(order, _) => Some(order.id),
            Pulled::Odd(_) | Pulled::Gone(_) => None,
        });
        self.gathered.unshown.extend(unshown);
        let shown: Vec<Pulled> = shown.into_iter().cloned().collect();
        self.witness.orders(&shown).await;
    }

    /// Keeps as much of an order as says who buys. The last one has the last word.
    fn take_buyer(&mut self, mut order: Order) {
        self.gathered.passed += 1;
        let scope = self.scope;
        if !scope.new_in.is_empty() && !scope.new_in.contains(&order.status) {
            return;
        }
        order.items.clear();
        order.shipping_lines.clear();
        order.fees.clear();
        order.refunds.clear();
        let who = match order.buyer.account {
            Some(account) => account.to_string(),
            None => order.buyer.email.trim().to_lowercase(),
        };
        let key = (who, order.currency.clone(), order.status.clone());
        let buyers = &mut self.gathered.buyers;
        let is_later =
            |known: &Order| (known.modified_at, known.id) <= (order.modified_at, order.id);
        if buyers.get(&key).is_none_or(is_later) {
            buyers.insert(key, order);
        }
    }

    fn progress(&self) {
        (self.tell)(Event::Progress {
            stage: Stage::Gather,
            done: self.gathered.read(),
        });
    }
}

/// What the shop's own mapping says of an order, worked out while what the shop said is at hand.
fn dress(gathered: &mut Gathered, order: &Order, told: &RawOrder, mappings: &Set) {
    if let Some(mapped) = mapped(order, told, mappings) {
        gathered.mapped.insert(order.id, mapped);
    }
}

fn missing(scope: &GatherScope, gathered: &Gathered) -> Result<BTreeSet<u64>, StoreError> {
    let odd: BTreeSet<u64> = gathered.odd.iter().filter_map(|odd| odd.id).collect();
    let mut missing = scope.posted.all()?;
    missing.retain(|id| !gathered.orders.contains_key(id) && !odd.contains(id));
    Ok(missing)
}

fn id_of(pulled: &Pulled) -> Option<u64> {
    match pulled {
        Pulled::Order(order, _) => Some(order.id),
        Pulled::Odd(_) | Pulled::Gone(_) => None,
    }
}

/// The state file does not say what is in the books.
fn untold(error: StoreError) -> Fault {
    Fault::new(Remedy::Stop, "state_unreadable", error.to_string()).hint(error.hint())
}

/// Keeps the first so many by time of change, and takes back the claim to be complete behind them. Says whether any was left out.
fn cut(gathered: &mut Gathered, news: &BTreeSet<u64>, limit: usize) -> bool {
    let mut by_change: Vec<(DateTime<Utc>, u64, bool)> = gathered
        .orders
        .values()
        .map(|order| (order.modified_at, order.id, news.contains(&order.id)))
        .collect();
    by_change.sort_unstable();
    let mut counted = 0;
    let kept = by_change
        .iter()
        .take_while(|(_, _, is_news)| {
            counted += usize::from(*is_news);
            counted <= limit
        })
        .count();
    let left_out = by_change.split_off(kept);
    for (_, id, _) in &left_out {
        gathered.orders.remove(id);
    }
    if let Some((first_left_out, ..)) = left_out.first() {
        // Others of that very second may be among the kept; the second itself is not complete.
        gathered.complete_through = gathered
            .complete_through
            .map(|through| through.min(*first_left_out - chrono::Duration::seconds(1)));
    }
    !left_out.is_empty()
}
