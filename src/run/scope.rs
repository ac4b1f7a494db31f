//! The scope of a run: which records it reads, and how far back. Pure: what is known of earlier runs comes in as a value.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::aim::{Aim, Share};
use super::failure::Failure;
use super::request::{NamedRecords, RunSubject, Selection, ids_among};
use super::saved;
use crate::app::metrics::{day_after, start_of};
use crate::config::Config;
use crate::connector::port::Period;
use crate::engine::compared::is_missing;
use crate::engine::gather::{GatherScope, Reach, WantedRecords};
use crate::model::plan::Entity;
use crate::model::problem::Problem;
use crate::store::PostedOrders;

/// What earlier runs left, as far as a scope depends on it.
#[derive(Clone, Debug, Default)]
pub struct EarlierRuns {
    pub unsettled: Unsettled,
    /// Up to where the books have every change of an order.
    pub posted_through: Option<DateTime<Utc>>,
    /// Up to where everybody who bought was looked at.
    pub buyers_through: Option<DateTime<Utc>>,
    /// Up to where the database has every change of an order.
    pub copied_through: Option<DateTime<Utc>>,
    /// Orders that are in the books; none where the books want no orders.
    pub posted: PostedOrders,
    /// Orders of which the shop has said that it has them no more.
    pub gone: BTreeSet<u64>,
    /// Orders with a problem, of whichever leg.
    pub troubled: BTreeSet<u64>,
}

/// Orders that are held, failed or left open, by leg.
#[derive(Clone, Debug, Default)]
pub struct Unsettled {
    pub books: BTreeSet<u64>,
    pub copy: BTreeSet<u64>,
}

/// Which records a run reads.
pub fn scope(
    subject: &RunSubject,
    aim: Aim,
    config: &Config,
    known: &EarlierRuns,
) -> Result<GatherScope, Failure> {
    match subject {
        RunSubject::Records(selection) => of_records(selection, aim, config, known),
        RunSubject::Plan(plan) => Ok(GatherScope {
            shoppers: wanted(aim.books.customers, false),
            products: wanted(aim.books.products, false),
            asked: saved::orders_of(plan),
            first_day: first_day(config),
            asked_in_lists: saved::listed_in(plan),
            ..only(saved::orders_of(plan))
        }),
        RunSubject::Problems(chosen) => {
            let Some(chosen) = chosen else {
                let unsettled = &known.unsettled.books | &known.unsettled.copy;
                let scope = GatherScope {
                    first_day: first_day(config),
                    ..only(&unsettled | &known.troubled)
                };
                return Ok(listing(aim, scope));
            };
            // Whoever asks for one by name after it was told that it is missing has decided; asking for all of them decides nothing.
            let missing: Vec<Problem> = chosen
                .iter()
                .filter(|one| is_missing(one))
                .cloned()
                .collect();
            let scope = GatherScope {
                remake: ids_among(&missing, Entity::Order),
                only_shoppers: ids_among(chosen, Entity::Customer),
                asked_in_lists: chosen
                    .iter()
                    .map(|one| (one.source.entity, one.source.id.clone()))
                    .collect(),
                asked: ids_among(chosen, Entity::Order),
                first_day: first_day(config),
                ..only(ids_among(chosen, Entity::Order))
            };
            Ok(listing(aim, scope))
        }
        RunSubject::Named(named) => Ok(exactly(named, aim, config, known)),
        // What is to be taken back is known from the journal.
        RunSubject::Undo(_) | RunSubject::Payouts(_) => Ok(only(BTreeSet::new())),
    }
}

/// When the first day begins on which orders are ours.
fn first_day(config: &Config) -> Option<DateTime<Utc>> {
    let orders = config.sync.entities.get("orders")?;
    Some(start_of(config.rules.timezone, orders.start_date?))
}

/// These records and no others, by the rules that hold for all: what lies before the first day, or in a status that does not count,
/// stays out of the books whoever names it.
fn exactly(named: &NamedRecords, aim: Aim, config: &Config, known: &EarlierRuns) -> GatherScope {
    let configured = config.sync.entities.get("orders");
    let start_date = configured.and_then(|orders| orders.start_date);
    let reads_orders = aim.both().reads_orders();
    let scope = GatherScope {
        reach: Reach::Orders(match reads_orders {
            true => named.orders.clone(),
            false => BTreeSet::new(),
        }),
        passing: !aim.books.reads_orders(),
        these_shoppers: Some(named.customers.clone()),
        these_products: Some(named.products.clone()),
        compared: named.compared.clone(),
        new_in: configured.map_or_else(Vec::new, |orders| orders.statuses.clone()),
        new_since: start_date.map(|day| start_of(config.rules.timezone, day)),
        posted: known.posted.clone(),
        in_books: known.posted.clone(),
        ..GatherScope::default()
    };
    listing(aim, scope)
}

/// Every order to which something happened since the period began. What is in the books, whoever made it, is asked for besides.
pub fn of_period(period: Period, config: &Config, known: &EarlierRuns) -> GatherScope {
    let configured = config.sync.entities.get("orders");
    let start_date = configured.and_then(|orders| orders.start_date);
    let zone = config.rules.timezone;
    // A change is noted with the second in which it was made, and the bound is exclusive.
    let begins = start_of(zone, period.first()) - chrono::Duration::seconds(1);
    GatherScope {
        reach: Reach::Since(begins),
        new_in: configured.map_or_else(Vec::new, |orders| orders.statuses.clone()),
        new_since: start_date.map(|day| start_of(zone, day)),
        posted: known.posted.clone(),
        in_books: known.posted.clone(),
        gone: known.gone.clone(),
        ..GatherScope::default()
    }
}

/// These orders and no others.
fn only(orders: BTreeSet<u64>) -> GatherScope {
    GatherScope {
        reach: Reach::Orders(orders),
        ..GatherScope::default()
    }
}

/// With the lists that the legs want.
fn listing(aim: Aim, scope: GatherScope) -> GatherScope {
    GatherScope {
        shoppers: wanted(aim.books.customers, aim.copy.customers),
        products: wanted(aim.books.products, aim.copy.products),
        ..scope
    }
}

/// What the books want is kept, what only the copy wants passes by.
fn wanted(by_books: bool, by_copy: bool) -> WantedRecords {
    match (by_books, by_copy) {
        (true, _) => WantedRecords::Kept,
        (false, true) => WantedRecords::InPassing,
        (false, false) => WantedRecords::No,
    }
}

/// Records other than orders, by their ids.
fn named(selection: &Selection, both: Share, scope: GatherScope) -> Result<GatherScope, Failure> {
    if both.products || !both.customers {
        return Err(Failure::new(
            "usage",
            "`--id` names orders or accounts, and products are asked for",
        )
        .hint("leave out `--id`: products are always compared whole"));
    }
    Ok(GatherScope {
        reach: Reach::Orders(BTreeSet::new()),
        only_shoppers: selection.ids.clone(),
        asked_in_lists: selection
            .ids
            .iter()
            .map(|id| (Entity::Customer, id.to_string()))
            .collect(),
        ..scope
    })
}

fn of_records(
    selection: &Selection,
    aim: Aim,
    config: &Config,
    known: &EarlierRuns,
) -> Result<GatherScope, Failure> {
    let zone = config.rules.timezone;
    let start_of = |day| start_of(zone, day);
    let both = aim.both();
    let scope = listing(
        aim,
        GatherScope {
            passing: !aim.books.reads_orders(),
            ..GatherScope::default()
        },
    );
    if !selection.ids.is_empty() && !both.reads_orders() {
        return named(selection, both, scope);
    }
    // Guests have no account, and nobody's account says in which currencies they buy: their orders do.
    let buyers = aim.books.customers && !aim.books.reads_orders();
    if !both.reads_orders() && !buyers {
        return Ok(GatherScope {
            reach: Reach::Orders(BTreeSet::new()),
            ..scope
        });
    }
    let scope = GatherScope {
        buyers,
        passing: scope.passing && !buyers,
        ..scope
    };
    let configured = config.sync.entities.get("orders");
    let start_date = configured.and_then(|orders| orders.start_date);
    let since = selection.since.max(start_date);
    // By hand one looks at these statuses only. The configuration says which new orders count; what is in the books
    // is looked at in any.
    let statuses = selection.statuses.clone();
    let new_in = match configured {
        Some(orders) if statuses.is_empty() => orders.statuses.clone(),
        _ => Vec::new(),
    };
    let known_through = known_through(aim, buyers, known);
    let cursor = known_through.map(|through| through - overlap(config));
    let only_refunds = both.refunds && !both.orders && !buyers;
    let (by_hand, filtered) = (selection.is_by_hand(), selection.is_filtered());
    let reach = if !selection.ids.is_empty() {
        Reach::Orders(selection.ids.clone())
    } else if only_refunds {
        Reach::Refunded(cursor.filter(|_| !selection.full && !filtered))
    } else {
        match cursor {
            Some(cursor) if !selection.full && !filtered => Reach::Since(cursor),
            _ => Reach::Full,
        }
    };
    Ok(GatherScope {
        reach,
        asked: selection.ids.clone(),
        // Lists are asked from that day on; what is named by its id, or waits, is read whatever its day is.
        first_day: first_day(config),
        created_after: since.map(|day| start_of(day) - chrono::Duration::seconds(1)),
        created_before: selection.until.and_then(day_after).map(start_of),
        statuses,
        new_in,
        limit: selection.limit,
        known_through: known_through.filter(|_| !by_hand && !selection.full),
        // A cursor moves only over what was read without a filter by hand.
        moves_cursor: !by_hand && !only_refunds,
        besides: if by_hand {
            BTreeSet::new()
        } else {
            &known.unsettled.books | &known.unsettled.copy
        },
        posted: if by_hand {
            PostedOrders::default()
        } else {
            known.posted.clone()
        },
        in_books: known.posted.clone(),
        gone: if by_hand {
            BTreeSet::new()
        } else {
            known.gone.clone()
        },
        verify: selection.verify && aim.books.reads_orders(),
        ..scope
    })
}

/// The leg that is further behind says from where to read; what the other one knows already costs it nothing.
fn known_through(aim: Aim, buyers: bool, known: &EarlierRuns) -> Option<DateTime<Utc>> {
    let legs = [
        (aim.books.reads_orders(), known.posted_through),
        (buyers, known.buyers_through),
        (aim.copy.reads_orders(), known.copied_through),
    ];
    let reading = legs.into_iter().filter(|(reads, _)| *reads);
    reading.map(|(_, through)| through).min().flatten()
}

/// How far readings overlap.
fn overlap(config: &Config) -> chrono::Duration {
    let overlap = config
        .woocommerce
        .as_ref()
        .map_or(Duration::from_secs(600), |shop| shop.overlap);
    chrono::Duration::from_std(overlap).unwrap_or_else(|_| chrono::Duration::minutes(10))
}

/// Whether every order is to be read again because the configuration wants it from time to time. A first reading of a shop is whole
/// anyway.
pub fn is_sweep_due(
    selection: &Selection,
    config: &Config,
    was_read: bool,
    last_sweep: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    let every = config.woocommerce.as_ref().and_then(|shop| shop.full_sweep);
    let all_orders = selection.entities.contains(&Entity::Order) && selection.limit.is_none();
    let Some(every) = every.filter(|_| was_read && all_orders) else {
        return false;
    };
    let age = last_sweep.map(|at| now - at);
    selection.mode() == "incremental"
        && age.is_none_or(|age| age.to_std().is_ok_and(|age| age >= every))
}
