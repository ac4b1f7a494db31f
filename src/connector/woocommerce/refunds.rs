//! Refunds of the orders that were read, in as few requests as it takes.
//!
//! An order names its refunds by their ids and says no more of them. There are three ways to read them, and all of them give the same rows:
//!
//! ```text
//!   the list of the whole shop, 100 a request     for a long reading: what it may need is read ahead, once
//!   that list, narrowed to the ids wanted         where a page of orders has refunds and nothing was read ahead
//!   orders/{id}/refunds, a request for each       for a single order, and wherever the list did not have all that was wanted
//! ```
//!
//! Refunds come and go while the list is read, and its pages shift. That costs a request and loses nothing: an order gets exactly the
//! refunds that it names, and where one of them is missing it is asked itself. A shop that is older than the list is asked order by order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::{List, Query};
use super::fields::WireFields;
use super::read::{ReadOrder, add_refunds};
use super::values::WireId;
use super::{PAGE_MAX, WooCommerce};
use crate::connector::port::{Odd, Pulled, RawOrder};
use crate::model::fault::Fault;
use crate::model::raw::Raw;

/// More than these are not read ahead: what is at hand must not grow with the shop.
const AHEAD_MAX: u64 = 5_000;

/// A reading goes on in parts, each with a question of its own, and the list serves all of them: nobody can change a refund in the shop.
const AHEAD_AGE: Duration = Duration::from_mins(30);

/// What is known of the shop's list of refunds.
#[derive(Default)]
pub(super) struct Refunds(Mutex<KnownRefunds>);

#[derive(Default)]
struct KnownRefunds {
    /// The shop has no such list, or does not let us see it.
    no_list: bool,
    /// It does not narrow the list to the ids that were asked for.
    no_choice: bool,
    /// Pages of orders that are still to come; nobody knows before the first of them.
    pages_left: u64,
    /// It was decided whether to read ahead in this reading.
    decided: bool,
    /// Read ahead, by their ids.
    at_hand: BTreeMap<u64, RefundRow>,
    /// With how many decimals the shop computed then.
    decimals: Option<u32>,
    /// When that was read to its end.
    whole_since: Option<Instant>,
}

/// A row of the list.
#[derive(Clone)]
struct RefundRow {
    order: u64,
    raw: Raw,
}

/// The refunds of one order, in the order in which they were made.
type OrderRefunds = Vec<Raw>;

impl Refunds {
    fn known(&self) -> MutexGuard<'_, KnownRefunds> {
        self.0.lock().expect("nobody panics while looking")
    }

    /// A reading of so many pages of orders begins.
    pub fn begin(&self, pages: u64) {
        let mut known = self.known();
        known.pages_left = pages;
        let age = known.whole_since.map(|since| since.elapsed());
        if age.is_none_or(|age| age > AHEAD_AGE) {
            known.at_hand.clear();
            known.whole_since = None;
            known.decided = false;
        }
    }

    /// The shop computes with so many decimals. What was read while it did otherwise is rounded otherwise.
    pub fn computed_with(&self, decimals: Option<u32>) {
        let mut known = self.known();
        if known.decimals != decimals {
            known.whole_since = None;
            known.decimals = decimals;
        }
    }

    /// A page of orders was read.
    pub fn turn(&self) {
        let mut known = self.known();
        known.pages_left = known.pages_left.saturating_sub(1);
    }

    /// The refunds that an order names, if all of them are at hand.
    fn of(&self, order: u64, named: &BTreeSet<u64>) -> Option<OrderRefunds> {
        let known = self.known();
        let rows = named.iter().map(|id| {
            let row = known.at_hand.get(id).filter(|row| row.order == order)?;
            Some(row.raw.clone())
        });
        rows.collect()
    }
}

impl WooCommerce {
    /// Adds the refunds to the orders that have some.
    pub(super) async fn with_refunds(
        &self,
        readings: Vec<(Result<ReadOrder, Odd>, Raw)>,
    ) -> Result<Vec<Pulled>, Fault> {
        let refunded = readings.iter().filter_map(|(reading, _)| {
            let read = reading.as_ref().ok()?;
            read.refunded.then_some((read.order.id, &read.refunds))
        });
        let refunded: BTreeMap<u64, &BTreeSet<u64>> = refunded.collect();
        let own = self.own_refunds(&refunded).await?;
        let pulled = readings
            .into_iter()
            .map(|(reading, raw)| pulled(reading, raw, &own));
        Ok(pulled.collect())
    }

    /// The refunds of each of these orders, which are given with the refunds that they name.
    async fn own_refunds(
        &self,
        refunded: &BTreeMap<u64, &BTreeSet<u64>>,
    ) -> Result<BTreeMap<u64, OrderRefunds>, Fault> {
        let mut own = BTreeMap::new();
        if refunded.is_empty() {
            return Ok(own);
        }
        self.read_ahead().await?;
        // An order that names none of them in a way that can be read is asked itself.
        let mut left: Vec<u64> = refunded.keys().copied().collect();
        let known = |left: &mut Vec<u64>, own: &mut BTreeMap<u64, OrderRefunds>, rows: &Refunds| {
            left.retain(|order| {
                let named = refunded[order];
                let found = rows.of(*order, named).filter(|_| !named.is_empty());
                let is_missing = found.is_none();
                own.extend(found.map(|found| (*order, found)));
                is_missing
            });
        };
        known(&mut left, &mut own, &self.refunds);
        let ids: Vec<u64> = left
            .iter()
            .flat_map(|order| refunded[order].iter().copied())
            .collect();
        if ids.len().div_ceil(PAGE_MAX) < left.len()
            && let Some(chosen) = self.chosen(&ids).await?
        {
            known(&mut left, &mut own, &chosen);
        }
        let single: Vec<(u64, OrderRefunds)> = stream::iter(left)
            .map(|order| async move { Ok::<_, Fault>((order, self.of_order(order).await?)) })
            .buffered(self.concurrency)
            .try_collect()
            .await?;
        own.extend(single);
        Ok(own)
    }

    /// Reads the list of the whole shop, if that is less than to ask for the refunds of each page that is still to come.
    async fn read_ahead(&self) -> Result<(), Fault> {
        let pages = {
            let mut known = self.refunds.known();
            let decided = std::mem::replace(&mut known.decided, true);
            if decided || known.no_list || known.pages_left < 2 {
                return Ok(());
            }
            known.pages_left
        };
        for page in 1_u64.. {
            let query = vec![
                // The newest first: if it comes to one page, those are the ones that are wanted most.
                ("orderby", "id".to_owned()),
                ("order", "desc".to_owned()),
                ("page", page.to_string()),
                ("per_page", PAGE_MAX.to_string()),
                self.dp(),
            ];
            let Some(List { rows, total, .. }) = self.refund_list(&query).await? else {
                return Ok(());
            };
            let full = rows.len() >= PAGE_MAX;
            let mut known = self.refunds.known();
            known
                .at_hand
                .extend(rows.iter().filter_map(|row| read(row)));
            let total = total.unwrap_or(0);
            if !full || page * PAGE_MAX as u64 >= total {
                known.whole_since = Some(Instant::now());
                return Ok(());
            }
            if total > AHEAD_MAX || total.div_ceil(PAGE_MAX as u64) > pages {
                return Ok(());
            }
        }
        Ok(())
    }

    /// These refunds, as far as the list has them. `None`: it cannot be asked so.
    async fn chosen(&self, ids: &[u64]) -> Result<Option<Refunds>, Fault> {
        if self.refunds.known().no_choice {
            return Ok(None);
        }
        let mut chosen = KnownRefunds::default();
        for ids in ids.chunks(PAGE_MAX) {
            let list: Vec<String> = ids.iter().map(u64::to_string).collect();
            let query = vec![
                ("include", list.join(",")),
                ("per_page", ids.len().to_string()),
                ("orderby", "id".to_owned()),
                ("order", "asc".to_owned()),
                self.dp(),
            ];
            let Some(List { rows, .. }) = self.refund_list(&query).await? else {
                return Ok(None);
            };
            let rows: Vec<(u64, RefundRow)> = rows.iter().filter_map(|row| read(row)).collect();
            // One that shows others, or none of these, does not do what was asked.
            if rows.is_empty() || rows.iter().any(|(id, _)| !ids.contains(id)) {
                self.refunds.known().no_choice = true;
            }
            chosen.at_hand.extend(rows);
        }
        Ok(Some(Refunds(Mutex::new(chosen))))
    }

    /// A page of the shop's list of refunds. `None`: there is no such list for us, and nobody asks for it again.
    async fn refund_list(&self, query: &Query) -> Result<Option<List>, Fault> {
        if self.refunds.known().no_list {
            return Ok(None);
        }
        let answer = match self.client.list_if_any("refunds", query).await {
            Err(fault) if NO_LIST.contains(&fault.code) => None,
            answer => answer?,
        };
        if answer.is_none() {
            tracing::debug!(
                "the shop has no list of its refunds for us: each order is asked for its own"
            );
            self.refunds.known().no_list = true;
        }
        Ok(answer)
    }

    /// The refunds of one order, as the order itself has them.
    async fn of_order(&self, order: u64) -> Result<OrderRefunds, Fault> {
        let path = format!("orders/{order}/refunds");
        let mut own = OrderRefunds::new();
        let mut known = BTreeSet::new();
        let mut seen = 0;
        for page in 1_u32.. {
            let query = vec![
                ("orderby", "id".to_owned()),
                ("order", "asc".to_owned()),
                ("page", page.to_string()),
                ("per_page", PAGE_MAX.to_string()),
                self.dp(),
            ];
            let List { rows, total, .. } = self.client.list(&path, &query).await?;
            seen += rows.len() as u64;
            let last = rows.is_empty()
                || match total {
                    Some(total) => seen >= total,
                    None => rows.len() < PAGE_MAX,
                };
            for row in rows {
                // A page can repeat what the page before it showed. A row without an id is kept, so that somebody can say what is
                // wrong with it.
                if identity(&row).is_none_or(|(id, _)| known.insert(id)) {
                    own.push(super::as_told(row.get()));
                }
            }
            if last {
                break;
            }
        }
        Ok(own)
    }
}

/// What says that the list is not for us; the orders may be.
const NO_LIST: [&str; 3] = [
    "store_rights_missing",
    "store_api_blocked",
    "store_request_refused",
];

fn pulled(reading: Result<ReadOrder, Odd>, raw: Raw, own: &BTreeMap<u64, OrderRefunds>) -> Pulled {
    let mut order = match reading {
        Ok(read) => read.order,
        Err(odd) => return Pulled::Odd(odd),
    };
    // An order can be on a page twice.
    let refunds = own.get(&order.id).cloned().unwrap_or_default();
    let texts: Vec<&str> = refunds.iter().map(Raw::text).collect();
    match add_refunds(&mut order, &texts) {
        Ok(()) => Pulled::Order(
            Box::new(order),
            RawOrder {
                order: raw,
                refunds,
            },
        ),
        Err(odd) => Pulled::Odd(odd),
    }
}

/// A row of the list, as the order itself would show it. `None`: it does not say which refund of which order it is.
fn read(row: &RawValue) -> Option<(u64, RefundRow)> {
    let (id, parent) = identity(row)?;
    let raw = as_shown_by_its_order(row).unwrap_or_else(|| super::as_told(row.get()));
    Some((
        id,
        RefundRow {
            order: parent?,
            raw,
        },
    ))
}

fn identity(row: &RawValue) -> Option<(u64, Option<u64>)> {
    #[derive(Deserialize)]
    struct RefundIdentity {
        id: u64,
        #[serde(default)]
        parent_id: WireId,
    }
    let row: RefundIdentity = serde_json::from_str(row.get()).ok()?;
    Some((row.id, row.parent_id.0))
}

/// The row without the field that only the list of the whole shop has, everything else to the letter: what is kept of a refund must
/// not depend on how it was read.
pub(super) fn as_shown_by_its_order(row: &RawValue) -> Option<Raw> {
    let WireFields(mut fields) = serde_json::from_str(row.get()).ok()?;
    fields.retain(|(name, _)| name != "parent_id");
    Some(super::as_told(&WireFields(fields).text()))
}
