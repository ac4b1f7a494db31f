//! What is said where a shop shows its orders with fewer decimals than they were charged with.

use super::{RETRY, named};
use crate::model::decimals::Coarsened;
use crate::model::fault::Reason;
use crate::model::order::Order;

/// Where the shop's owner finds the setting.
const WHERE: &str = "WooCommerce › Settings › General";

/// One problem for all the orders that are concerned.
pub(in crate::books) fn decimals_changed(coarsened: &Coarsened) -> Reason {
    let (before, now) = (decimals(coarsened.before), decimals(coarsened.now));
    Reason::new(
        "decimals_changed",
        format!(
            "*Number of decimals* of the shop went from {} to {now}, and WooCommerce now shows every older order with rounded totals and taxes; \
             nothing that was made with {before} is changed until it is back",
            coarsened.before
        ),
    )
    .hint(format!(
        "put *Number of decimals* under {WHERE} back to {}, then run `udsync sync orders`; if it is meant to stay, `udsync retry --skip ID --why TEXT` \
         leaves all that is posted as it is",
        coarsened.before
    ))
}

/// An order that was not posted yet, while the setting may be put back.
pub(in crate::books) fn figures_wait(order: &Order, before: u32, now: u32) -> Reason {
    Reason::new(
        "figures_wait",
        format!(
            "{} was made with {} and the shop shows it with {now}, so what was charged cannot be seen",
            named(order),
            decimals(before)
        ),
    )
}

/// Something new about an order whose figures the shop shows no more, and will not again.
pub(in crate::books) fn figures_lost(order: &Order, before: u32, now: u32) -> Reason {
    Reason::new(
        "figures_lost",
        format!(
            "{} was made with {} and the shop shows it with {now}, so what is new about it cannot be posted to the cent",
            named(order),
            decimals(before)
        ),
    )
    .hint(format!(
        "put *Number of decimals* under {WHERE} back to {before} for one run, {RETRY}; or enter it by hand and set the order aside with `udsync retry --skip ID --why TEXT`"
    ))
}

fn decimals(number: u32) -> String {
    match number {
        1 => "1 decimal".to_owned(),
        number => format!("{number} decimals"),
    }
}
