//! Home: where the shop says to live, and whether what is read is the shop or a copy of it.

use chrono::{DateTime, Utc};

use super::failure::Failure;
use super::moved::HOME;
use super::request::Guard;
use crate::connector::woocommerce::WooCommerce;
use crate::model::plan::Plan;
use crate::store::MemoryWriter;

/// Refuses to write from a copy of the shop. Such a copy has the same orders and goes on by itself: what is bought there
/// to try something out is no sale. Asked only where something would be written.
pub async fn check(
    source: &WooCommerce,
    memory: &dyn MemoryWriter,
    guard: &Guard,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if plan.writes() == 0 {
        return Ok(());
    }
    let Some(home) = source.home().await else {
        return Ok(());
    };
    let known = memory.kept(HOME)?.map(|(known, _)| known);
    if known.as_ref() == Some(&home) {
        return Ok(());
    }
    if let Some(known) = known
        && !guard.allow_moved
    {
        return Err(Failure::new(
            "store_clone",
            format!("the shop says to live at `{home}`, and in the last run it was `{known}`: it may be a copy"),
        )
        .hint(
            "see that `url` of `[woocommerce]` leads to the shop and not to a copy of it; if the shop has really moved, run \
             the command again with `--allow-moved`",
        ));
    }
    Ok(memory.keep(HOME, &home, now)?)
}
