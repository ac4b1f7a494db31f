//! Gather: reads the records that a run is about, once, and says how far the reading was complete.
//!
//! Nothing is decided here. What was read is sorted by id, so that the same shop gives the same plan
//! however the pages fell.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::connector::port::{Ask, Odd, Pulled, Source};
use crate::model::event::{Event, Stage};
use crate::model::fault::Fault;
use crate::model::order::Order;

/// Which records a run is about.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub reach: Reach,
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
    /// Posted before. A full reading looks for those that the shop no longer lists.
    pub posted: BTreeSet<u64>,
}

impl Scope {
    /// Whether a record counts against the limit. If what was done before counted, one limited run after the other
    /// would stop at the same place.
    fn is_news(&self, order: &Order) -> bool {
        let known = self
            .known_through
            .is_some_and(|through| order.modified_at <= through);
        !known && !self.posted.contains(&order.id)
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
    /// These orders only.
    Orders(BTreeSet<u64>),
    /// The orders with refunds made since, or with any refund.
    Refunded(Option<DateTime<Utc>>),
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    pub orders: BTreeMap<u64, Order>,
    pub odd: Vec<Odd>,
    /// Asked for by id, and the shop has them no more.
    pub gone: BTreeSet<u64>,
    /// Every change up to here is among the above; a cursor may move to it.
    pub complete_through: Option<DateTime<Utc>>,
}

impl Gathered {
    pub fn read(&self) -> u64 {
        (self.orders.len() + self.odd.len() + self.gone.len()) as u64
    }

    fn take(&mut self, pulled: Pulled) {
        match pulled {
            Pulled::Order(order) => self.take_order(*order),
            // The same odd record comes again when pages overlap.
            Pulled::Odd(odd) => {
                if odd.id.is_none() || !self.odd.iter().any(|known| known.id == odd.id) {
                    self.odd.push(odd);
                }
            }
            Pulled::Gone(id) => {
                self.gone.insert(id);
            }
        }
    }

    /// A record may come twice; the later reading is never older.
    fn take_order(&mut self, order: Order) {
        self.orders.insert(order.id, order);
    }
}

/// Reads the scope.
pub async fn gather<S: Source>(
    source: &S,
    scope: &Scope,
    tell: &dyn Fn(Event),
) -> Result<Gathered, Fault> {
    tell(Event::Stage {
        stage: Stage::Gather,
        total: None,
    });
    let mut gathered = Gathered::default();
    match &scope.reach {
        Reach::Orders(ids) => fetch(source, ids, &mut gathered, tell).await?,
        Reach::Refunded(after) => {
            let ids = source.refunded(*after).await?.into_iter().collect();
            fetch(source, &ids, &mut gathered, tell).await?;
        }
        Reach::Since(after) => {
            scan(source, scope, Some(*after), &mut gathered, tell).await?;
            trashed(source, scope, Some(*after), &mut gathered).await?;
        }
        Reach::Full => {
            scan(source, scope, None, &mut gathered, tell).await?;
            trashed(source, scope, None, &mut gathered).await?;
            // Only a reading of everything can tell that something is missing.
            let filtered = scope.created_after.is_some()
                || scope.created_before.is_some()
                || !scope.statuses.is_empty()
                || scope.limit.is_some();
            if !filtered {
                let missing = missing(scope, &gathered);
                fetch(source, &missing, &mut gathered, tell).await?;
            }
        }
    }
    if !scope.new_in.is_empty() {
        // What is in the books stays our business, whatever becomes of it.
        gathered
            .orders
            .retain(|id, order| scope.new_in.contains(&order.status) || scope.posted.contains(id));
    }
    if gathered.odd.iter().any(|odd| odd.id.is_none()) {
        // It cannot be asked for again by its id, so it must come again with the list.
        gathered.complete_through = None;
    }
    let besides: BTreeSet<u64> = scope
        .besides
        .iter()
        .copied()
        .filter(|id| !gathered.orders.contains_key(id))
        .collect();
    fetch(source, &besides, &mut gathered, tell).await?;
    tracing::info!(
        orders = gathered.orders.len(),
        odd = gathered.odd.len(),
        gone = gathered.gone.len(),
        "read the store"
    );
    gathered
        .odd
        .sort_by(|one, other| (one.id, &one.path).cmp(&(other.id, &other.path)));
    Ok(gathered)
}

fn missing(scope: &Scope, gathered: &Gathered) -> BTreeSet<u64> {
    let odd: BTreeSet<u64> = gathered.odd.iter().filter_map(|odd| odd.id).collect();
    scope
        .posted
        .iter()
        .copied()
        .filter(|id| !gathered.orders.contains_key(id) && !odd.contains(id))
        .collect()
}

async fn scan<S: Source>(
    source: &S,
    scope: &Scope,
    changed_after: Option<DateTime<Utc>>,
    gathered: &mut Gathered,
    tell: &dyn Fn(Event),
) -> Result<(), Fault> {
    let ask = Ask {
        changed_after,
        created_after: scope.created_after,
        created_before: scope.created_before,
        statuses: scope.statuses.clone(),
    };
    let mut place = None;
    loop {
        let page = source.pull(&ask, place.as_ref()).await?;
        for pulled in page.records {
            gathered.take(pulled);
        }
        tell(Event::Progress {
            stage: Stage::Gather,
            done: gathered.read(),
        });
        gathered.complete_through = page.complete_through.or(gathered.complete_through);
        if let Some(limit) = scope.limit
            && gathered
                .orders
                .values()
                .filter(|order| scope.is_news(order))
                .count()
                >= limit
        {
            cut(gathered, scope, limit);
            return Ok(());
        }
        place = page.next;
        if place.is_none() {
            return Ok(());
        }
    }
}

/// Keeps the first so many by time of change, and takes back the claim to be complete behind them.
fn cut(gathered: &mut Gathered, scope: &Scope, limit: usize) {
    let mut by_change: Vec<(DateTime<Utc>, u64, bool)> = gathered
        .orders
        .values()
        .map(|order| (order.modified_at, order.id, scope.is_news(order)))
        .collect();
    by_change.sort_unstable();
    let mut news = 0;
    let kept = by_change
        .iter()
        .take_while(|(_, _, is_news)| {
            news += usize::from(*is_news);
            news <= limit
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
}

/// The shop does not list its trash unless asked for it. All of it is read, whatever the state file knows of: an older
/// copy that was put back does not know everything that was posted.
async fn trashed<S: Source>(
    source: &S,
    scope: &Scope,
    changed_after: Option<DateTime<Utc>>,
    gathered: &mut Gathered,
) -> Result<(), Fault> {
    if !scope.statuses.is_empty() {
        return Ok(());
    }
    let ask = Ask {
        changed_after,
        created_after: scope.created_after,
        created_before: scope.created_before,
        statuses: vec!["trash".to_owned()],
    };
    let mut place = None;
    loop {
        let page = source.pull(&ask, place.as_ref()).await?;
        for pulled in page.records {
            if let Pulled::Order(order) = pulled {
                gathered.take_order(*order);
            }
        }
        place = page.next;
        if place.is_none() {
            return Ok(());
        }
    }
}

async fn fetch<S: Source>(
    source: &S,
    ids: &BTreeSet<u64>,
    gathered: &mut Gathered,
    tell: &dyn Fn(Event),
) -> Result<(), Fault> {
    let ids: Vec<u64> = ids.iter().copied().collect();
    for chunk in ids.chunks(100) {
        for pulled in source.fetch(chunk).await? {
            gathered.take(pulled);
        }
        tell(Event::Progress {
            stage: Stage::Gather,
            done: gathered.read(),
        });
    }
    Ok(())
}
