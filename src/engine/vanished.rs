//! Vanished: orders that were posted and that the shop no longer has, all of a sudden and many at once.
//!
//! A shop that was emptied, restored from an old copy or swapped for another one looks like a shop whose owner deleted
//! hundreds of orders. Taking that for deletions would void invoices and file hundreds of problems, so a run stops before
//! it and a person says which of the two it is. Orders that were missed once and accepted are not counted again.

use std::collections::BTreeSet;

use super::gather::{GatherScope, Gathered, Reach};
use crate::store::{Memory, MemoryWriter, StoreError, keep_value, kept_value};
use chrono::{DateTime, Utc};

/// Fewer than these are a usual day.
const MANY: usize = 10;
/// So many of the posted orders, in percent, may go at once.
const PERCENT: usize = 20;
/// A shop with nothing in it at all is odd earlier.
const ALL: usize = 3;

/// Under which name the state file keeps them.
const NAME: &str = "vanished";
/// And those of them that are not in the trash either.
const GONE: &str = "gone orders";

/// What is gone, as a run sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vanished {
    /// Gone since the last run that was carried out.
    pub now: usize,
    /// Posted orders that were there until then; they are counted where some are gone.
    pub until_now: usize,
    /// The shop was read whole and has no order.
    pub is_empty: bool,
    /// All that are to be remembered; nothing, where this reading says nothing about them.
    seen: Option<ListedOrders>,
}

/// What a reading says of orders that the shop lists no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ListedOrders {
    /// Deleted, or in the trash.
    all: BTreeSet<u64>,
    /// The shop has them no more.
    gone: BTreeSet<u64>,
}

/// The orders of which the shop has said that it has them no more.
pub fn gone_before(memory: &dyn Memory) -> Result<BTreeSet<u64>, StoreError> {
    ids(memory, GONE)
}

impl Vanished {
    pub fn of(
        scope: &GatherScope,
        gathered: &Gathered,
        memory: &dyn Memory,
    ) -> Result<Vanished, StoreError> {
        // A selection by hand says nothing about the rest.
        if scope.buyers || scope.posted.is_empty()? {
            return Ok(Vanished::default());
        }
        let known = ids(memory, NAME)?;
        let is_trashed = |id: &u64| {
            gathered
                .orders
                .get(id)
                .is_some_and(|order| order.status == "trash")
        };
        let is_back = |id: &u64| gathered.orders.contains_key(id) && !is_trashed(id);
        let trashed = gathered.orders.keys().copied().filter(is_trashed);
        let lost: BTreeSet<u64> = trashed.chain(gathered.gone.iter().copied()).collect();
        let found = scope.posted.among(&lost)?;
        let before = known.iter().filter(|id| !is_back(id));
        let now = found.difference(&known).count();
        Ok(Vanished {
            now,
            until_now: match now {
                0 => 0,
                _ => scope.posted.count()? - scope.posted.among(&known)?.len(),
            },
            is_empty: matches!(scope.reach, Reach::Full)
                && gathered.odd.is_empty()
                && gathered.orders.is_empty(),
            seen: Some(ListedOrders {
                all: before.chain(&found).copied().collect(),
                gone: gone_before(memory)?
                    .into_iter()
                    .filter(|id| !gathered.orders.contains_key(id))
                    .chain(gathered.gone.iter().copied())
                    .collect(),
            }),
        })
    }

    /// Whether somebody should look before this is taken for deletions.
    pub fn is_alarming(&self) -> bool {
        are_many(self.now, self.until_now) || self.is_empty && are_all(self.now, self.until_now)
    }

    /// Remembers them as seen, so that they are no news to the next run, and nobody asks for them again.
    pub fn accept(&self, memory: &dyn MemoryWriter, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(seen) = &self.seen else {
            return Ok(());
        };
        for (name, now_known) in [(NAME, &seen.all), (GONE, &seen.gone)] {
            if *now_known != ids(memory, name)? {
                keep_value(memory, name, now_known, now)?;
            }
        }
        Ok(())
    }
}

/// More of so many than go on a usual day.
pub fn are_many(gone: usize, of: usize) -> bool {
    gone >= MANY && gone * 100 > of * PERCENT
}

/// Everything, where there was more than a little.
pub fn are_all(gone: usize, of: usize) -> bool {
    gone >= ALL && gone == of
}

fn ids(memory: &dyn Memory, name: &str) -> Result<BTreeSet<u64>, StoreError> {
    kept_value(memory, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn seen(posted: u64, gone: u64, store: &Store) -> Vanished {
        let scope = GatherScope {
            posted: (1..=posted).collect(),
            ..GatherScope::default()
        };
        let gathered = Gathered {
            gone: (1..=gone).collect(),
            ..Gathered::default()
        };
        Vanished::of(&scope, &gathered, store).expect("answers")
    }

    #[test]
    fn a_few_are_a_usual_day_and_many_at_once_are_not() {
        let store = Store::in_memory().expect("memory");
        for (posted, gone, alarming) in [
            (100, 9, false),
            (100, 20, false),
            (100, 21, true),
            (20, 9, false),
            (20, 10, true),
            (2, 2, false),
            (3, 3, true),
            (0, 0, false),
        ] {
            let mut vanished = seen(posted, gone, &store);
            vanished.is_empty = posted == gone;
            assert_eq!(vanished.is_alarming(), alarming, "{gone} of {posted}");
        }
    }

    #[test]
    fn what_was_accepted_is_no_news() {
        let store = Store::in_memory().expect("memory");
        let first = seen(40, 30, &store);
        assert!(first.is_alarming());
        first.accept(&store, DateTime::UNIX_EPOCH).expect("kept");
        let second = seen(40, 31, &store);
        assert_eq!((second.now, second.until_now), (1, 10));
        assert!(!second.is_alarming());
    }

    #[test]
    fn a_run_over_orders_named_by_hand_forgets_nothing() {
        let store = Store::in_memory().expect("memory");
        let first = seen(40, 30, &store);
        first.accept(&store, DateTime::UNIX_EPOCH).expect("kept");
        let by_hand = seen(0, 1, &store);
        by_hand.accept(&store, DateTime::UNIX_EPOCH).expect("kept");
        assert_eq!(gone_before(&store), Ok((1..=30).collect()));
        assert!(!seen(40, 30, &store).is_alarming());
    }
}
