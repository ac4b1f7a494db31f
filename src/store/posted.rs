//! Posted: which orders are in the books, asked for when somebody wants to know. A shop has many more of them than a run looks at, so
//! only who reads the whole shop has all of them told.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use chrono::NaiveDate;

use rusqlite::{OptionalExtension, params};
use serde_json::Value as Json;

use super::error::{SqlTrouble, StoreError};
use super::links::read_link;
use super::{Memory, Store};
use crate::model::link::Link;

/// The orders that are in the books.
#[derive(Clone, Default)]
pub struct PostedOrders(PostedRow);

#[derive(Clone)]
enum PostedRow {
    These(BTreeSet<u64>),
    ByState(Arc<dyn Memory>, &'static str),
}

impl Default for PostedRow {
    fn default() -> PostedRow {
        PostedRow::These(BTreeSet::new())
    }
}

impl PostedOrders {
    /// What the state file says when it is asked.
    pub fn of(memory: Arc<dyn Memory>, target: &'static str) -> PostedOrders {
        PostedOrders(PostedRow::ByState(memory, target))
    }

    pub fn is_empty(&self) -> Result<bool, StoreError> {
        match &self.0 {
            PostedRow::These(these) => Ok(these.is_empty()),
            PostedRow::ByState(store, target) => Ok(!store.has_posted(target)?),
        }
    }

    pub fn count(&self) -> Result<usize, StoreError> {
        match &self.0 {
            PostedRow::These(these) => Ok(these.len()),
            PostedRow::ByState(store, target) => store.posted_count(target),
        }
    }

    /// Which of these orders are in the books.
    pub fn among(&self, orders: &BTreeSet<u64>) -> Result<BTreeSet<u64>, StoreError> {
        match &self.0 {
            PostedRow::These(these) => Ok(these & orders),
            PostedRow::ByState(store, target) => store.posted_among(target, orders),
        }
    }

    pub fn all(&self) -> Result<BTreeSet<u64>, StoreError> {
        match &self.0 {
            PostedRow::These(these) => Ok(these.clone()),
            PostedRow::ByState(store, target) => {
                Ok(store.posted_orders(target)?.into_iter().collect())
            }
        }
    }
}

impl FromIterator<u64> for PostedOrders {
    fn from_iter<I: IntoIterator<Item = u64>>(orders: I) -> PostedOrders {
        PostedOrders(PostedRow::These(orders.into_iter().collect()))
    }
}

impl std::fmt::Debug for PostedOrders {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            PostedRow::These(these) => formatter.debug_tuple("Posted").field(these).finish(),
            PostedRow::ByState(_, target) => formatter.debug_tuple("Posted").field(target).finish(),
        }
    }
}

/// So many orders are asked about in one question.
const AT_ONCE: usize = 1_000;

pub(super) const HAS_ANY: &str =
    "SELECT EXISTS (SELECT 1 FROM links WHERE target = ?1 AND order_id IS NOT NULL)";
pub(super) const AMONG: &str = "SELECT DISTINCT order_id FROM links
     WHERE target = ?1 AND order_id IN (SELECT value FROM json_each(?2))";

pub(super) const WITHOUT_DAY: &str =
    "SELECT EXISTS (SELECT 1 FROM links WHERE target = ?1 AND posted IS NOT NULL
     AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END IS NULL)";
pub(super) const BY_DAY: &str = "SELECT * FROM links WHERE target = ?1 AND posted IS NOT NULL
     AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END BETWEEN ?2 AND ?3
     ORDER BY CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END, subject";

pub(super) const LAST_DAY: &str =
    "SELECT CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END FROM links
     WHERE target = ?1 AND posted IS NOT NULL
     AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END <= ?2
     ORDER BY CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END DESC LIMIT 1";

impl Store {
    pub(super) fn last_posted(
        &self,
        target: &str,
        until: NaiveDate,
    ) -> Result<Option<NaiveDate>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(LAST_DAY)?;
            let day: Option<String> = ask
                .query_row(params![target, until.to_string()], |row| row.get(0))
                .optional()?;
            Ok(day.and_then(|day| day.parse().ok()))
        })
    }

    pub(super) fn each_posted(
        &self,
        target: &str,
        days: &RangeInclusive<NaiveDate>,
        each: &mut dyn FnMut(Link) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(WITHOUT_DAY)?;
            if ask.query_row([target], |row| row.get(0))? {
                return Err(SqlTrouble::Odd("links.posted"));
            }
            let mut ask = view.prepare_cached(BY_DAY)?;
            let (from, until) = (days.start().to_string(), days.end().to_string());
            let mut rows = ask.query(params![target, from, until])?;
            while let Some(row) = rows.next()? {
                if each(read_link(&veil, row)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    pub(super) fn has_posted(&self, target: &str) -> Result<bool, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(HAS_ANY)?;
            Ok(ask.query_row([target], |row| row.get(0))?)
        })
    }

    pub(super) fn posted_count(&self, target: &str) -> Result<usize, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(DISTINCT order_id) FROM links WHERE target = ?1 AND order_id IS NOT NULL",
            )?;
            let count: i64 = ask.query_row([target], |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or_default())
        })
    }

    pub(super) fn posted_among(
        &self,
        target: &str,
        orders: &BTreeSet<u64>,
    ) -> Result<BTreeSet<u64>, StoreError> {
        let orders: Vec<u64> = orders.iter().copied().collect();
        let mut posted = BTreeSet::new();
        for some in orders.chunks(AT_ONCE) {
            let some: Vec<Json> = some.iter().map(|id| id.cast_signed().into()).collect();
            let found: Vec<i64> = self.read(|view| {
                let mut ask = view.prepare_cached(AMONG)?;
                let found = ask
                    .query_map(params![target, Json::Array(some).to_string()], |row| {
                        row.get(0)
                    })?;
                Ok(found.collect::<Result<_, _>>()?)
            })?;
            posted.extend(found.into_iter().map(i64::cast_unsigned));
        }
        Ok(posted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{BOOKS, link, sale, store};

    #[test]
    fn documents_come_by_day_within_both_ends_and_names_are_none() {
        use crate::model::plan::Subject;
        let store = store();
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).expect("a day");
        let dated = |order, on| {
            let mut link = link(sale(order));
            link.posted.as_mut().expect("a document").date = day(on);
            link
        };
        let name = Link {
            subject: Subject::Customer("7.CAD".into()),
            posted: None,
            ..link(sale(9))
        };
        let kept = [dated(5, 3), dated(30, 1), dated(4, 1), dated(6, 4), name];
        store.put_links(BOOKS, &kept).expect("kept");
        let orders = |from, until| {
            let mut found = Vec::new();
            store
                .each_posted(BOOKS, &(day(from)..=day(until)), &mut |link| {
                    found.push(link.posted.expect("a document").key.order());
                    ControlFlow::Continue(())
                })
                .expect("answers");
            found
        };
        assert_eq!(orders(1, 3), [Some(30), Some(4), Some(5)]);
        assert_eq!(orders(3, 4), [Some(5), Some(6)]);
        assert!(orders(5, 6).is_empty());

        // What has no day is told, and never left out.
        store
            .file()
            .execute("UPDATE links SET posted = 'x' WHERE order_id = 6", [])
            .expect("damaged");
        let refused = store
            .each_posted(BOOKS, &(day(1)..=day(2)), &mut |_| ControlFlow::Break(()))
            .expect_err("it makes no sense");
        assert!(refused.to_string().contains("`links.posted`"), "{refused}");
    }

    #[test]
    fn the_state_file_says_of_each_order_what_it_says_of_all() {
        let store = store();
        let posted = PostedOrders::of(Arc::new(store.clone()), BOOKS);
        assert_eq!(posted.is_empty(), Ok(true));
        // Also ids beyond what SQLite can count to, and more than go into one question.
        let large = u64::MAX - 10_000;
        let ids: BTreeSet<u64> = (1..=2_500).step_by(2).chain([large]).collect();
        let links: Vec<_> = ids.iter().map(|id| link(sale(*id))).collect();
        store.put_links(BOOKS, &links).expect("kept");
        assert_eq!(posted.is_empty(), Ok(false));
        assert_eq!(posted.count(), Ok(ids.len()));
        assert_eq!(posted.all(), Ok(ids.clone()));
        let asked: BTreeSet<u64> = (0..=3_000).chain([large, large + 1]).collect();
        assert_eq!(posted.among(&asked), Ok(ids.clone()));
        assert_eq!(posted.among(&[2, 4].into()), Ok(BTreeSet::new()));
        let of_others = PostedOrders::of(Arc::new(store.clone()), "supabase");
        assert_eq!(of_others.is_empty(), Ok(true));
        assert_eq!(of_others.count(), Ok(0));
        assert_eq!(of_others.among(&asked), Ok(BTreeSet::new()));
        let told: PostedOrders = ids.iter().copied().collect();
        assert_eq!((told.count(), told.among(&asked)), (Ok(ids.len()), Ok(ids)));
    }
}
