//! The copy's sides: the orders that were made in a period, in the shop as it is now and in the database as it is now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::books::reconciled::{CopySides, HeldLine, OrderFigures};
use crate::connector::port::{AskedRows, CellsReader, Odd, Period, Pulled, ShopReader};
use crate::mapping::Set;
use crate::model::event::Tell;
use crate::model::fault::{Fault, Remedy};
use crate::model::order::Order;
use crate::model::plan::Entity;
use crate::model::row::Table;
use crate::model::rules::Rules;
use crate::store::{Proofs, StateReader};

use super::both_sides::{accepted, unreadable as unreadable_order};
use super::error::EngineError;
use super::figures;
use super::gather::{GatherScope, Nobody, gather};

/// What reading the copy's sides needs.
pub struct CopyProving<'a, S: ShopReader, D: CellsReader> {
    pub source: &'a S,
    pub database: &'a D,
    pub store: &'a dyn StateReader,
    pub proofs: &'a dyn Proofs,
    pub rules: &'a Rules,
    pub mappings: &'a Set,
    pub tell: Tell<'a>,
}

/// What is read of a row of an order; the id comes before them.
const ORDER_COLUMNS: [&str; 7] = [
    "number",
    "currency",
    "total",
    "total_tax",
    "created_at",
    "local_date",
    "deleted_at",
];
const REFUND_COLUMNS: [&str; 3] = ["order_id", "amount", "deleted_at"];

/// Reads both sides.
pub async fn copy_sides<S: ShopReader, D: CellsReader>(
    desk: &CopyProving<'_, S, D>,
    mut scope: GatherScope,
    period: Period,
    now: DateTime<Utc>,
) -> Result<CopySides, EngineError> {
    scope.decimals = figures::look(desk.source, desk.store, now).await?;
    // The copy has every order, whatever its status and its age.
    scope.new_in.clear();
    scope.new_since = None;
    let gathered = gather(desk.source, &scope, desk.mappings, desk.tell, &mut Nobody).await?;
    let is_meant = |day: NaiveDate| period.holds(day);
    let zone = desk.rules.timezone;
    let mut in_shop: BTreeMap<u64, OrderFigures> = BTreeMap::new();
    for (id, order) in &gathered.orders {
        let day = order.created_at.with_timezone(&zone).date_naive();
        if is_meant(day) {
            in_shop.insert(*id, of_shop(order, day));
        }
    }
    let ids: Vec<String> = in_shop.keys().map(u64::to_string).collect();
    let mut in_copy = BTreeMap::new();
    rows(desk, "id", AskedRows::Among(&ids), &mut in_copy).await?;
    // Rows with a day of the period, of orders that were not among those: the shop has them on another day, or no more.
    let mut of_days = BTreeMap::new();
    rows(desk, "local_date", AskedRows::Within(period), &mut of_days).await?;
    of_days.retain(|id, row| !in_shop.contains_key(id) && !row.is_deleted);
    let strays: Vec<u64> = of_days.keys().copied().collect();
    let mut gone = BTreeSet::new();
    let mut odd: Vec<Odd> = gathered.odd.clone();
    for pulled in desk.source.fetch(&strays).await? {
        match pulled {
            Pulled::Gone(id) => {
                gone.insert(id);
            }
            Pulled::Odd(stray) => odd.push(stray),
            Pulled::Order(stray, _) => {
                let day = stray.created_at.with_timezone(&zone).date_naive();
                in_shop.insert(stray.id, of_shop(&stray, day));
            }
        }
    }
    in_copy.extend(of_days);
    let copied: Vec<String> = in_copy.keys().map(u64::to_string).collect();
    let refunds = desk
        .database
        .cells(
            Table::Refunds,
            "order_id",
            AskedRows::Among(&copied),
            &REFUND_COLUMNS,
        )
        .await?;
    for refund in refunds {
        let [Some(id), Some(order), Some(amount), deleted] = &refund[..] else {
            return Err(unreadable().into());
        };
        let (id, order) = (number(id)?, number(order)?);
        if deleted.is_none()
            && let Some(row) = in_copy.get_mut(&order)
        {
            let amount = amount.parse().map_err(|_| unreadable())?;
            row.refunds.insert(id, amount);
        }
    }
    let held = held(desk, &in_shop, &odd)?;
    // Nothing can be said of what cannot be read.
    for id in odd.iter().filter_map(|odd| odd.id) {
        in_copy.remove(&id);
    }
    Ok(CopySides {
        shop: desk.rules.store.clone(),
        to: desk.database.name(),
        first: period.first(),
        last: period.last(),
        in_shop,
        in_copy,
        gone,
        held,
        accepted: accepted(desk.proofs)?,
    })
}

fn of_shop(order: &Order, day: NaiveDate) -> OrderFigures {
    let refunds = order.refunds.iter();
    OrderFigures {
        number: order.number.clone(),
        day,
        currency: order.currency.clone(),
        total: order.total,
        tax_total: order.total_tax,
        refunds: refunds.map(|refund| (refund.id, refund.amount)).collect(),
        is_deleted: order.status == "trash",
    }
}

async fn rows<S: ShopReader, D: CellsReader>(
    desk: &CopyProving<'_, S, D>,
    by: &str,
    asked: AskedRows<'_>,
    into: &mut BTreeMap<u64, OrderFigures>,
) -> Result<(), EngineError> {
    let read = desk
        .database
        .cells(Table::Orders, by, asked, &ORDER_COLUMNS)
        .await?;
    for row in read {
        let [
            Some(id),
            Some(name),
            Some(currency),
            Some(total),
            Some(tax),
            Some(created),
            local_date,
            deleted,
        ] = &row[..]
        else {
            return Err(unreadable().into());
        };
        let created = moment(created).ok_or_else(unreadable)?;
        let day = created.with_timezone(&desk.rules.timezone).date_naive();
        // The day that reports go by is a column of its own.
        let day = match local_date {
            Some(local) => local.parse().map_err(|_| unreadable())?,
            None => day,
        };
        let figures = OrderFigures {
            number: name.clone(),
            day,
            currency: currency.clone(),
            total: total.parse().map_err(|_| unreadable())?,
            tax_total: tax.parse().map_err(|_| unreadable())?,
            refunds: BTreeMap::new(),
            is_deleted: deleted.is_some(),
        };
        into.insert(number(id)?, figures);
    }
    Ok(())
}

/// `2026-11-02T17:00:00+00:00`, or as PostgreSQL writes it, `2026-11-02 17:00:00+00`.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z"));
    read.ok().map(|at| at.with_timezone(&Utc))
}

fn number(text: &str) -> Result<u64, Fault> {
    text.parse().map_err(|_| unreadable())
}

fn unreadable() -> Fault {
    Fault::new(
        Remedy::Stop,
        "database_answer_unexpected",
        "the database says something of an order that makes no sense",
    )
}

/// What of these orders waits on its way to the database.
fn held<S: ShopReader, D: CellsReader>(
    desk: &CopyProving<'_, S, D>,
    in_shop: &BTreeMap<u64, OrderFigures>,
    odd: &[Odd],
) -> Result<Vec<HeldLine>, EngineError> {
    let problems = desk.store.problems(Some(desk.database.name()), true)?;
    let lines = problems.into_iter().filter_map(|problem| {
        let id: u64 = match problem.source.entity {
            Entity::Order => problem.source.id.parse().ok()?,
            _ => return None,
        };
        let order = in_shop.get(&id)?;
        Some(HeldLine {
            order: Some(id),
            number: order.number.clone(),
            document: None,
            state: problem.state.as_str(),
            problem: Some(problem.id),
            code: problem.reason.code,
            message: problem.reason.message,
            hint: problem.reason.hint,
        })
    });
    let unread = odd.iter().map(|odd| {
        let number = odd.number.clone().unwrap_or_default();
        HeldLine::of(odd.id, number, &unreadable_order(odd))
    });
    Ok(unread.chain(lines).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_either_way_into_the_database_writes_it() {
        let at = moment("2026-11-02T17:00:00+00:00");
        assert!(at.is_some());
        for text in ["2026-11-02 17:00:00+00", "2026-11-02 10:00:00.000000-07"] {
            assert_eq!(moment(text), at, "{text}");
        }
        assert_eq!(moment("yesterday"), None);
    }
}
