//! WooCommerce as a source of orders, over its REST API `wc/v3`.
//!
//! What it changes in a shop is the list of its webhooks ([`webhook::resource`]), and what a ticket for one of a closed list of changes allows
//! (`writer`): nothing of an order's money, lines, taxes or addresses. A scan loses nothing on equal times or on edits while it goes on (`scan`); refunds
//! are read for the orders that have any, many in a request (`refunds`); an order that cannot be understood is told as such and stops nothing
//! (`read`); what goes wrong between us and the shop becomes a fault that says what to do (`trouble`).
//!
//! Deleting an order or a refund leaves no trace in any list: whoever must know asks by id, or sweeps. On shops with the
//! older order storage most edits through the API do not move an order's time of change: only a sweep finds them.

mod address;
mod client;
mod decimals;
mod describe;
mod fields;
mod keys;
mod payments;
mod probe;
mod products;
mod read;
pub mod recent;
pub mod record;
mod refunds;
mod scan;
mod shoppers;
mod sign;
#[cfg(test)]
mod tests;
mod trouble;
mod values;
pub mod webhook;
mod wire;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use secrecy::SecretString;
use url::Url;

use self::client::{Query, ShopClient};
pub use self::payments::WooPayments;
use self::probe::LocatedApi;
use self::read::ReadOrder;
#[cfg(test)]
pub(crate) use self::read::{add_refunds, read_order};
pub use self::record::RecordKind;
use self::refunds::Refunds;
use self::scan::{CHANGED, CREATED, PageSeen, ScanSpot};
use self::sign::{Hash, SigningWay};
use crate::connector::port::{
    Ask, Detail, ListedRecord, Listing, Odd, Pulled, ScanPlace, ShopPage, ShopReader,
};
use crate::model::clock::Clock;
use crate::model::fault::Fault;
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::shop_change::{ShopLook, ShopStep};
use crate::model::shopper::Shopper;

/// How to reach a shop, and how gently.
pub struct ShopConnection {
    /// The site, or any address below it.
    pub url: Url,
    pub key: SecretString,
    pub secret: SecretString,
    /// Plain HTTP to another machine.
    pub allow_http: bool,
    /// Orders in one answer, at most 100.
    pub page_size: u32,
    /// Requests at one time.
    pub concurrency: usize,
    pub timeout: Duration,
    /// Bytes of one answer.
    pub body_max: usize,
    /// Meta keys that hold what a payment gateway kept, besides those that are known.
    pub fee_meta: Vec<String>,
}

/// Who answers at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopAnswer {
    /// Where the answer came from in the end.
    pub address: String,
    /// Where it says to live, without the scheme, if it says so.
    pub home: Option<String>,
}

/// A WooCommerce shop.
pub struct WooCommerce {
    client: ShopClient,
    page_size: u32,
    concurrency: usize,
    fee_meta: Vec<String>,
    /// With how many decimals orders are asked for.
    shown: AtomicU32,
    refunds: Refunds,
}

impl WooCommerce {
    /// Opens a connection; nothing is sent yet.
    pub fn new(settings: ShopConnection, clock: Clock) -> Result<WooCommerce, Fault> {
        let sign_in = match settings.url.scheme() {
            "http" => SigningWay::OAuth(Hash::Sha256),
            _ => SigningWay::Basic,
        };
        WooCommerce::signing_in(settings, clock, sign_in)
    }

    fn signing_in(
        settings: ShopConnection,
        clock: Clock,
        sign_in: SigningWay,
    ) -> Result<WooCommerce, Fault> {
        let site = address::site(&settings.url, settings.allow_http)?;
        Ok(WooCommerce {
            client: ShopClient::new(site, &settings, clock, sign_in),
            page_size: settings.page_size.clamp(1, 100),
            concurrency: settings.concurrency.max(1),
            fee_meta: settings.fee_meta,
            shown: AtomicU32::new(decimals::LEAST),
            refunds: Refunds::default(),
        })
    }

    /// Sets the pause before a question is put a second time; it doubles from try to try.
    pub fn pausing(mut self, pause: Duration) -> WooCommerce {
        self.client.pause = pause;
        self
    }

    /// Lets orders into the log, buyers and all.
    pub fn with_bodies_in_log(mut self) -> WooCommerce {
        self.client.http.put_bodies_in_log();
        self
    }

    /// Finds the shop in what somebody typed or pasted, and asks there whether it is one. No key is sent. The answer is the address
    /// to configure.
    pub async fn locate(
        text: &str,
        allow_http: bool,
        timeout: Duration,
        clock: &Clock,
    ) -> Result<Url, Fault> {
        let mut url = address::pasted(text)?;
        for _ in 0..REDIRECTS {
            let shop = WooCommerce::keyless(&url, allow_http, timeout, clock)?;
            match shop.client.locate().await? {
                LocatedApi::Here => return Ok(shop.found()),
                LocatedApi::At(other) => url = other,
            }
        }
        Err(trouble::redirected_in_circles(&url))
    }

    /// Where the shop that answers at this address says to live; nothing, where none answers. No key is sent.
    pub async fn answers_at(address: &str, timeout: Duration, clock: &Clock) -> Option<ShopAnswer> {
        let url = WooCommerce::locate(address, true, timeout, clock).await;
        let shop = WooCommerce::keyless(&url.ok()?, true, timeout, clock).ok()?;
        let home = shop.home().await;
        Some(ShopAnswer {
            address: shop.client.shop.0.clone(),
            home,
        })
    }

    fn keyless(
        url: &Url,
        allow_http: bool,
        timeout: Duration,
        clock: &Clock,
    ) -> Result<WooCommerce, Fault> {
        let settings = ShopConnection {
            url: url.clone(),
            key: SecretString::default(),
            secret: SecretString::default(),
            allow_http,
            page_size: 1,
            concurrency: 1,
            timeout,
            body_max: 4_000_000,
            fee_meta: Vec::new(),
        };
        WooCommerce::new(settings, clock.clone())
    }

    /// How a shop that is configured so identifies itself.
    pub fn address_of(url: &Url) -> Option<String> {
        address::site(url, true).ok().map(|site| site.address)
    }

    /// The address that people know of the place where the API was found.
    fn found(&self) -> Url {
        let address = address::address_of(&self.client.url(""));
        Url::parse(&address).expect("a part of an address that was read")
    }

    /// Whether the key may write, where that can be told. Nothing is written to find out.
    pub async fn may_write(&self) -> Option<bool> {
        self.client.may_write().await
    }

    /// What has been asked of the shop so far.
    pub fn requests(&self) -> u64 {
        self.client.requests()
    }

    /// Those of these orders that a list shows.
    async fn listed(
        &self,
        ids: &BTreeSet<u64>,
        status: Option<&str>,
    ) -> Result<BTreeMap<u64, Pulled>, Fault> {
        let mut found = BTreeMap::new();
        let ids: Vec<u64> = ids.iter().copied().collect();
        // Longer lists of ids overflow the headers that common web servers allow.
        for chunk in ids.chunks(self.page_size as usize) {
            let list: Vec<String> = chunk.iter().map(u64::to_string).collect();
            let mut query = vec![
                ("include", list.join(",")),
                ("per_page", chunk.len().to_string()),
                ("orderby", "include".to_owned()),
                self.dp(),
            ];
            query.extend(status.map(|status| ("status", status.to_owned())));
            let rows = self.client.list("orders", &query).await?.rows;
            let readings = rows
                .iter()
                .map(|row| (read::read(row.get(), &self.fee_meta), as_told(row.get())))
                .collect();
            for pulled in self.with_refunds(readings).await? {
                if let Some(id) = id_of(&pulled).filter(|id| chunk.contains(id)) {
                    found.insert(id, pulled);
                }
            }
        }
        Ok(found)
    }

    async fn fetch_one(&self, id: u64) -> Result<Pulled, Fault> {
        let query = vec![self.dp()];
        match self.client.part(&format!("orders/{id}"), &query).await? {
            None => Ok(Pulled::Gone(id)),
            Some(row) => {
                let reading = read::read(row.get(), &self.fee_meta).map_err(|odd| Odd {
                    id: Some(id),
                    ..odd
                });
                let mut pulled = self
                    .with_refunds(vec![(reading, as_told(row.get()))])
                    .await?;
                Ok(pulled.pop().expect("one order gives one answer"))
            }
        }
    }
}

/// From one name of a shop to another.
const REDIRECTS: usize = 4;

/// The shop gives no more at once, whatever is asked.
const PAGE_MAX: usize = 100;

impl ShopReader for WooCommerce {
    fn address(&self) -> &str {
        &self.client.shop.0
    }

    fn clock_offset(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.clock_ahead(now)
    }

    async fn look(&self, step: &ShopStep) -> Result<ShopLook, Fault> {
        self.looked_at(step).await
    }

    async fn prices_include_tax(&self) -> Result<Option<bool>, Fault> {
        self.says_prices_include_tax().await
    }

    async fn decimals(&self) -> Result<Option<u32>, Fault> {
        self.number_of_decimals().await
    }

    async fn pull(&self, ask: &Ask, place: Option<&ScanPlace>) -> Result<ShopPage, Fault> {
        let spot = match place {
            None => ScanSpot::after(ask.changed_after),
            Some(ScanPlace(text)) => {
                serde_json::from_str(text).expect("a place comes from the page before, unchanged")
            }
        };
        let mut query = spot.query(&CHANGED, self.page_size);
        query.extend(filters(ask));
        query.push(self.dp());
        let list = self.client.list("orders", &query).await?;
        if place.is_none() {
            let pages = list.total.unwrap_or(0).div_ceil(u64::from(self.page_size));
            self.refunds.begin(pages);
        }

        let readings: Vec<(Result<ReadOrder, Odd>, Raw)> = list
            .rows
            .iter()
            .map(|row| (read::read(row.get(), &self.fee_meta), as_told(row.get())))
            .collect();
        let times = readings.iter().map(|(reading, _)| match reading {
            Ok(read) => Some(read.order.modified_at),
            Err(odd) => odd.changed_at,
        });
        let onward = spot
            .onward(PageSeen::of(times, list.total), self.page_size)
            .map_err(|stuck| self.client.shop.stuck(stuck))?;
        let records = self.with_refunds(readings).await?;
        self.refunds.turn();
        tokio::time::sleep(scan::patience(onward.next.as_ref(), list.now)).await;
        Ok(ShopPage {
            records,
            // A time in the shop's future must not become a cursor: whatever changes until then would be missed.
            complete_through: onward
                .complete_through
                .map(|time| time.min(list.now - chrono::Duration::seconds(1)))
                .max(ask.changed_after),
            next: onward.next.map(|spot| {
                ScanPlace(
                    serde_json::to_string(&spot).expect("times and numbers can always be written"),
                )
            }),
        })
    }

    async fn fetch(&self, ids: &[u64]) -> Result<Vec<Pulled>, Fault> {
        let wanted: BTreeSet<u64> = ids.iter().copied().collect();
        let mut found = self.listed(&wanted, None).await?;
        let missing = |found: &BTreeMap<u64, Pulled>| -> BTreeSet<u64> {
            let missing = wanted.iter().filter(|id| !found.contains_key(id));
            missing.copied().collect()
        };
        // Lists leave out the trash, unless they are asked for nothing else.
        let trashed = missing(&found);
        if trashed.len() > 1 {
            found.extend(self.listed(&trashed, Some("trash")).await?);
        }
        // No list shows an order whose status nobody knows any more, because its plugin is switched off. Such an order is there, and
        // taking it for deleted would void what was posted for it: only the shop's word on this very order says that it is gone.
        let single: Vec<(u64, Pulled)> = stream::iter(missing(&found))
            .map(|id| async move { Ok::<_, Fault>((id, self.fetch_one(id).await?)) })
            .buffered(self.concurrency)
            .try_collect()
            .await?;
        found.extend(single);
        Ok(ids.iter().map(|id| found[id].clone()).collect())
    }

    async fn goods(
        &self,
        detail: Detail,
        products: &BTreeSet<u64>,
    ) -> Result<Vec<ListedRecord<Product>>, Fault> {
        products::named(self, detail, products).await
    }

    async fn accounts(&self, ids: &BTreeSet<u64>) -> Result<Vec<ListedRecord<Shopper>>, Fault> {
        shoppers::named(self, ids).await
    }

    async fn shoppers_named(
        &self,
        detail: Detail,
        ids: &BTreeSet<u64>,
    ) -> Result<Vec<ListedRecord<Shopper>>, Fault> {
        shoppers::as_listed(self, detail, ids).await
    }

    async fn products_named(
        &self,
        detail: Detail,
        ids: &BTreeSet<u64>,
    ) -> Result<Vec<ListedRecord<Product>>, Fault> {
        products::as_listed(self, detail, ids).await
    }

    async fn shoppers(
        &self,
        detail: Detail,
        place: Option<&ScanPlace>,
    ) -> Result<Listing<Shopper>, Fault> {
        shoppers::list(self, detail, place).await
    }

    async fn products(
        &self,
        detail: Detail,
        place: Option<&ScanPlace>,
    ) -> Result<Listing<Product>, Fault> {
        products::list(self, detail, place).await
    }

    async fn refunded(&self, after: Option<DateTime<Utc>>) -> Result<Vec<u64>, Fault> {
        let mut orders = BTreeSet::new();
        let mut next = Some(ScanSpot::after(after));
        while let Some(spot) = next {
            let mut query = spot.query(&CREATED, PAGE_MAX as u32);
            query.push(("_fields", "id,parent_id,date_created_gmt".to_owned()));
            let list = self.client.list("refunds", &query).await?;
            let rows = list.rows.iter().map(|row| read::refund_row(row.get()));
            let rows: Vec<(Option<u64>, Option<DateTime<Utc>>)> = rows.collect();
            orders.extend(rows.iter().filter_map(|(order, _)| *order));
            let seen = PageSeen::of(rows.iter().map(|(_, time)| *time), list.total);
            next = spot
                .onward(seen, PAGE_MAX as u32)
                .map_err(|stuck| self.client.shop.stuck(stuck))?
                .next;
            tokio::time::sleep(scan::patience(next.as_ref(), list.now)).await;
        }
        Ok(orders.into_iter().collect())
    }
}

/// A record for whoever looks at it or stores it.
fn as_told(text: &str) -> Raw {
    Raw::new(&read::whole_letters(text))
}

fn id_of(pulled: &Pulled) -> Option<u64> {
    match pulled {
        Pulled::Order(order, _) => Some(order.id),
        Pulled::Odd(odd) => odd.id,
        Pulled::Gone(id) => Some(*id),
    }
}

/// What narrows a scan besides the time of change.
fn filters(ask: &Ask) -> Query {
    let mut query = Query::new();
    if let Some(time) = ask.created_after {
        query.push(("after", scan::written(scan::second_before(time))));
    }
    if let Some(time) = ask.created_before {
        query.push(("before", scan::written(scan::second_after(time))));
    }
    if !ask.statuses.is_empty() {
        query.push(("status", ask.statuses.join(",")));
    }
    query
}
