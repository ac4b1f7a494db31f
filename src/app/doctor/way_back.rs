//! The way back: whether the key may write what `[sync.direction]` wants written, and whether buyers are mailed because of it.

use super::facts::DoctorFacts;
use super::finding::Finding;
use crate::model::both::PaidInBooks;

/// What was asked of the shop about writing to it; nothing is written to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WayBackFacts {
    /// `None`: the shop does not say.
    pub may_write: Option<bool>,
    /// The plugin that keeps mails quiet answered.
    pub is_quiet: bool,
    /// The shop sends a mail about a paid order at all.
    pub sends_mail: Option<bool>,
}

pub fn way_back(facts: &DoctorFacts) -> Vec<Finding> {
    let both = &facts.config.both;
    let Some(shop) = facts.shop.done() else {
        return Vec::new();
    };
    let Some(known) = shop.way_back else {
        return vec![Finding::ok("nothing is written to the shop")];
    };
    match known.may_write {
        Some(false) => {
            return vec![
                Finding::problem("the key of the shop may only read, so nothing is written to it")
                    .cause("`[sync.direction]` lets facts of the books go to the shop")
                    .fix("give the key *Read/Write* under WooCommerce > Settings > Advanced > REST API, and enter it with `udsync connect woocommerce`; or set the directions to `\"to_books\"`"),
            ];
        }
        None => {
            return vec![Finding::note(
                "the shop does not say whether the key may write; the first change will show it",
            )];
        }
        Some(true) => {}
    }
    let mails = both.tells_payments() && both.paid == PaidInBooks::Status;
    vec![match (mails, known.is_quiet, known.sends_mail) {
        (false, ..) => Finding::ok("the key may write, and what is written mails nobody"),
        (true, true, _) => Finding::ok(
            "the key may write, and the plugin that keeps the shop's mails quiet has answered",
        ),
        (true, false, Some(false)) => Finding::ok(
            "the key may write, and the shop has its mail about processed orders switched off",
        ),
        (true, false, _) => Finding::note(format!(
            "the shop mails the buyer of each order that is told to be paid, {} in a run at most",
            both.max_mails
        ))
        .cause("`paid = \"status\"` in `[both]`, and no plugin that keeps mails quiet has answered")
        .fix("copy `examples/woocommerce/udsync-quiet.php` to `wp-content/mu-plugins/`, or set `paid = \"note\"`"),
    }]
}
