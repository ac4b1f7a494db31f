//! Moved: the shop answers at another address than the state file knows. Whether it is the same shop is found out, and not guessed.
//!
//! A copy for trying things out looks like the shop to the last order, so three things must be true: the shop says to live at the new
//! address, the old address is silent or says the same, and the orders that were posted are the orders that are there. Then everything
//! that is known of the shop is carried over. No key is sent to the old address.

use std::time::Duration;

use chrono::TimeDelta;

use crate::app::App;
use crate::connector::port::{Pulled, ShopReader};
use crate::connector::woocommerce::WooCommerce;
use crate::model::document::{DocumentKey, Role};
use crate::model::link::Posted;
use crate::model::order::Order;
use crate::model::plan::Subject;
use crate::model::service::Service;
use crate::store::{Memory, MemoryWriter, StoreError};

use super::failure::Failure;

/// Under which name the state file keeps where the shop says to live.
pub const HOME: &str = "home";

/// The old address may be gone, and nobody waits long for what is not there.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many of the orders that were posted are compared, most of them the newest.
const NEWEST: usize = 40;
const OLDEST: usize = 10;
/// So many of them, in percent, must be what was posted: some are edited after that.
const SAME: usize = 80;
/// A document may be dated by the day of payment.
const NEAR: TimeDelta = TimeDelta::days(7);

/// Carries the state file over to where the shop answers now, if it is known under another address and somebody says that it moved.
/// What was done is told in words.
pub async fn carry_over(
    app: &App,
    memory: &dyn MemoryWriter,
    source: &WooCommerce,
    is_said: bool,
) -> Result<Option<String>, Failure> {
    let Err(error) = memory.belongs(Service::SHOP.as_str(), source.address()) else {
        return Ok(None);
    };
    let StoreError::OtherCompany { bound, .. } = &error else {
        return Err(error.into());
    };
    if !is_said {
        let hint = error.hint();
        return Err(Failure::from(error).hint(format!(
            "if the shop has moved, run the command again with `--allow-moved`: it is made sure that it is the same shop, and nothing is \
             posted anew; else: {hint}"
        )));
    }
    let home = lives_there(app, source, bound).await?;
    let compared = same_orders(memory, source, bound).await?;
    memory.move_source(Service::SHOP.as_str(), bound, source.address())?;
    if let Some(home) = home {
        memory.keep(HOME, &home, app.clock.now())?;
    }
    let proof = match compared {
        0 => "none of its orders was posted yet".to_owned(),
        number => format!("{number} of its orders are those that were posted"),
    };
    Ok(Some(format!(
        "the shop has moved from `{bound}` to `{}`: {proof}, and everything goes on there",
        source.address()
    )))
}

/// Where the shop says to live, unless that or the old address speaks against it.
async fn lives_there(
    app: &App,
    source: &WooCommerce,
    old: &str,
) -> Result<Option<String>, Failure> {
    let new = source.address();
    let home = source.home().await;
    if let Some(home) = &home
        && *home != bare(new)
    {
        return Err(not_moved(format!(
            "the shop at `{new}` says to live at `{home}`"
        )));
    }
    let Some(there) = WooCommerce::answers_at(old, PATIENCE, &app.clock).await else {
        return Ok(home);
    };
    let leads_here = there.address == new || there.home.as_deref() == Some(&bare(new));
    if leads_here {
        return Ok(home);
    }
    Err(not_moved(format!(
        "a shop still answers at `{old}`, and does not say that it lives at `{new}`"
    )))
}

/// How many of the orders that were posted were compared, and found.
async fn same_orders(
    memory: &dyn Memory,
    source: &WooCommerce,
    old: &str,
) -> Result<usize, Failure> {
    let posted = memory.posted_orders(Service::BOOKS.as_str())?;
    let newest = posted.iter().rev().take(NEWEST);
    let oldest = posted.iter().take(OLDEST);
    let mut ids: Vec<u64> = newest.chain(oldest).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(0);
    }
    let fetched = source.fetch(&ids).await?;
    let mut same = 0;
    for (id, pulled) in ids.iter().zip(&fetched) {
        let key = DocumentKey::of_order(*id, Role::Sale);
        let link = memory.link(Service::BOOKS.as_str(), &Subject::Document(key))?;
        let posted = link.and_then(|link| link.posted);
        if let (Pulled::Order(order, _), Some(posted)) = (pulled, posted) {
            same += usize::from(is_what_was_posted(order, &posted));
        }
    }
    if same * 100 < ids.len() * SAME {
        return Err(not_moved(format!(
            "of {} orders that were posted from `{old}` the shop at `{}` has {same}",
            ids.len(),
            source.address()
        )));
    }
    Ok(same)
}

fn is_what_was_posted(order: &Order, posted: &Posted) -> bool {
    let paid = order.paid_at.unwrap_or(order.created_at);
    let is_near =
        |time: chrono::DateTime<chrono::Utc>| (time.date_naive() - posted.date).abs() <= NEAR;
    let shows = posted.number.contains(&order.number) || is_near(order.created_at) || is_near(paid);
    // What was voided in the books has no total there any more.
    let has_total = posted.voided || posted.total == order.total;
    posted.currency == order.currency && has_total && shows
}

/// An address as a shop says it of itself.
fn bare(address: &str) -> String {
    let place = address
        .split_once("://")
        .map_or(address, |(_, place)| place);
    let place = place.strip_prefix("www.").unwrap_or(place);
    place.trim_end_matches('/').to_lowercase()
}

fn not_moved(why: String) -> Failure {
    Failure::new(
        "store_clone",
        format!("the shop may be a copy or another one: {why}; nothing was carried over"),
    )
    .hint(
        "see that `url` of `[woocommerce]` leads to the shop itself, and that the old address is switched off or leads there; then run \
         the command again. For another shop set another `name` in `[shop]`",
    )
}
