//! Glances: what the shop says of orders that wait: their day, what they come to, and who bought.
//!
//! A held order is kept in no file of ours with its figures, and nobody's name is written down for a list. So the shop is asked, politely:
//! all orders of a page in one question, and what it said is remembered in memory for a while.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::refusal::PageRefusal;
use super::visit::PageVisit;
use crate::connector::port::{Pulled, ShopReader};
use crate::model::order::Order;
use crate::model::problem::Problem;
use crate::server::asking;

/// So many orders are asked for at once.
pub const AT_ONCE: usize = 100;
const KEPT_FOR: Duration = Duration::from_secs(600);
/// So many are remembered; then all are forgotten.
const KEPT_MAX: usize = 5_000;

/// By shop and order. `Null`: the shop has no such order, or says what cannot be read.
type KeptGlances = HashMap<(String, u64), (Instant, Value)>;

static KEPT: LazyLock<Mutex<KeptGlances>> = LazyLock::new(Mutex::default);

/// The order of the shop that a problem is about.
pub fn order_of(problem: &Problem) -> Option<u64> {
    use crate::model::plan::Entity;
    let subject = problem.subject.and_then(|key| key.order());
    let own = match problem.source.entity {
        Entity::Order => problem.source.id.parse().ok(),
        _ => None,
    };
    subject.or(own)
}

/// What is known of an order without asking; `None`: nothing.
pub fn known(shop: &str, order: u64) -> Option<Value> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let (at, glance) = kept.get(&(shop.to_owned(), order))?;
    (at.elapsed() < KEPT_FOR).then(|| glance.clone())
}

/// Asks the shop for those that are not known.
pub async fn look(visit: &PageVisit, orders: &[u64]) -> Result<(), PageRefusal> {
    let name = visit.shop().name.clone();
    let mut missing: Vec<u64> = orders
        .iter()
        .copied()
        .filter(|order| known(&name, *order).is_none())
        .collect();
    missing.sort_unstable();
    missing.dedup();
    missing.truncate(AT_ONCE);
    if missing.is_empty() {
        return Ok(());
    }
    let asked = missing.clone();
    let found = asking(visit.shop().clone(), move |app| async move {
        let shop = app.store_to_look_at()?;
        let zone = app.config.rules.timezone;
        let prefix = app.config.rules.number_prefix.clone();
        let pulled = shop.fetch(&asked).await?;
        Ok(pulled
            .iter()
            .map(|one| match one {
                Pulled::Order(order, _) => glance(order, zone, &prefix),
                Pulled::Odd(_) | Pulled::Gone(_) => Value::Null,
            })
            .collect::<Vec<Value>>())
    });
    let found = found.await?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() > KEPT_MAX {
        kept.clear();
    }
    for (order, glance) in missing.into_iter().zip(found) {
        kept.insert((name.clone(), order), (Instant::now(), glance));
    }
    Ok(())
}

fn glance(order: &Order, zone: chrono_tz::Tz, prefix: &str) -> Value {
    json!({
        "number": format!("{prefix}{}", order.number),
        "day": order.created_at.with_timezone(&zone).date_naive(),
        "total": order.total.to_string(),
        "currency": order.currency,
        "customer": order.buyer.name(),
    })
}
