//! Recent orders: a look at what was sold of late, for advice rather than for posting.
//!
//! It begins with the newest and stops where it is told to, so it is quick in any shop. It reads no refunds, and leaves out what cannot
//! be understood: a sync finds that and says so.

use chrono::{DateTime, NaiveDateTime, Utc};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::Deserialize;

use super::client::{List, Query};
use super::{PAGE_MAX, WooCommerce, read, scan};
use crate::model::fault::Fault;
use crate::model::order::Order;

/// What was sold of late.
pub struct Recent {
    /// The newest first.
    pub orders: Vec<Order>,
    /// How many there are in that time, looked at or not.
    pub total: u64,
}

/// Where the shop's orders begin.
pub struct OldestOrder {
    /// When it was made; `None` where the shop has none, or does not say.
    pub made_at: Option<DateTime<Utc>>,
    /// How many orders there are.
    pub total: u64,
}

/// As much of an order as is needed here.
#[derive(Deserialize)]
struct Made {
    date_created_gmt: Option<NaiveDateTime>,
}

impl WooCommerce {
    /// Asks for the order that was made first, and for how many there are.
    pub async fn oldest(&self) -> Result<OldestOrder, Fault> {
        let query: Query = vec![
            ("orderby", "date".to_owned()),
            ("order", "asc".to_owned()),
            ("per_page", "1".to_owned()),
            ("_fields", "date_created_gmt".to_owned()),
        ];
        let first = self.client.list("orders", &query).await?;
        let made = first
            .rows
            .first()
            .and_then(|row| serde_json::from_str::<Made>(row.get()).ok());
        Ok(OldestOrder {
            made_at: made
                .and_then(|made| made.date_created_gmt)
                .map(|at| at.and_utc()),
            total: first.total.unwrap_or(first.rows.len() as u64),
        })
    }

    /// Reads the newest orders that were made after an instant, up to about so many.
    pub async fn recent(&self, after: DateTime<Utc>, most: usize) -> Result<Recent, Fault> {
        let first = self.recent_page(after, 1).await?;
        let total = first.total.unwrap_or(first.rows.len() as u64);
        let wanted = usize::try_from(total).unwrap_or(most).min(most);
        let pages = wanted.div_ceil(PAGE_MAX);
        let rest: Vec<List> = stream::iter(2..=pages)
            .map(|page| self.recent_page(after, page))
            .buffered(self.concurrency)
            .try_collect()
            .await?;
        let rows = first
            .rows
            .iter()
            .chain(rest.iter().flat_map(|list| &list.rows));
        let orders = rows.filter_map(|row| read::read(row.get(), &self.fee_meta).ok());
        Ok(Recent {
            orders: orders.map(|read| read.order).collect(),
            total,
        })
    }

    async fn recent_page(&self, after: DateTime<Utc>, page: usize) -> Result<List, Fault> {
        let query: Query = vec![
            ("after", scan::written(scan::second_before(after))),
            ("dates_are_gmt", "true".to_owned()),
            ("orderby", "date".to_owned()),
            ("order", "desc".to_owned()),
            ("page", page.to_string()),
            ("per_page", PAGE_MAX.to_string()),
            self.dp(),
        ];
        self.client.list("orders", &query).await
    }

    /// How far the shop's clock is ahead of ours, as of its last answer.
    pub fn clock_ahead(&self, now: DateTime<Utc>) -> Option<chrono::TimeDelta> {
        self.client.http.ahead(now)
    }
}
