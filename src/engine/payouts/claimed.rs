//! Claimed: what is said of a payout that another shop has posted.

use crate::model::fault::Reason;
use crate::model::payout::Payout;
use crate::model::ticket::Found;

pub(super) fn of_another_shop(payout: &Payout, found: &Found) -> Reason {
    let shop = found.marker.as_ref().map_or("", |marker| &marker.store);
    Reason::new(
        "payout_of_another_shop",
        format!(
            "payout {} is posted by the shop `{shop}`, which has the same account at {}: {} {}",
            payout.id,
            payout.gateway.title(),
            found.remote.entity,
            found.remote.id
        ),
    )
}

pub(super) fn twice(payout: &Payout, found: &Found) -> Reason {
    let shop = found.marker.as_ref().map_or("", |marker| &marker.store);
    Reason::new(
        crate::model::code::DUPLICATE_FOUND,
        format!(
            "payout {} is in the books twice: posted by this shop, and by the shop `{shop}` as {} {}",
            payout.id, found.remote.entity, found.remote.id
        ),
    )
    .hint("take one of them back: `udsync undo RUN` in the shop that shall not post payouts")
}
