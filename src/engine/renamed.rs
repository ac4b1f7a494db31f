//! Renamed: documents that udsync made of these very orders under another name of the shop.
//!
//! A marker says which shop it is of by the name in the configuration. Whoever changes that name and begins with a new state file
//! meets his own documents as those of a stranger, and another number would only post everything a second time. So what is
//! recognised waits until the name is put back. Two shops of one company may have the same ids: only a document of the same
//! day or worth is taken for the same sale.

use std::collections::BTreeSet;

use crate::books::Entry;
use crate::connector::port::Sought;
use crate::model::code;
use crate::model::document::DocumentKey;
use crate::model::fault::Reason;
use crate::model::problem::Problem;
use crate::model::ticket::Found;

use super::standing::OrderStanding;

/// The code of what waits for the name to be put back.
pub(super) const CODE: &str = code::SHOP_RENAMED;

/// The names under which this shop was known before, as far as its documents tell.
#[derive(Debug, Default)]
pub(super) struct FormerNames(BTreeSet<String>);

impl FormerNames {
    /// Learns a name from a document that is what we would post, to the cent and the day.
    pub(super) fn learn(&mut self, entry: Option<&Entry>, found: &Found, shop: &str) {
        if let Some((name, true)) = other_name(found, shop)
            .zip(entry)
            .map(|(name, entry)| (name, is_same_sale(entry, found)))
        {
            self.0.insert(name.to_owned());
        }
    }

    /// The name under which the document was made, where it is one of the same order of this shop.
    pub(super) fn of<'a>(
        &self,
        entry: Option<&Entry>,
        found: &'a Found,
        shop: &str,
    ) -> Option<&'a str> {
        let name = other_name(found, shop)?;
        let key = found.marker.as_ref()?.key;
        let entry = entry.filter(|entry| entry.document.key == key)?;
        let document = &entry.document;
        let resembles = found.date == Some(document.date) || found.total == document.total;
        (self.0.contains(name) || resembles).then_some(name)
    }

    /// Whether the document is one of this shop, under whichever name.
    pub(super) fn is_ours(&self, found: &Found, shop: &str) -> bool {
        let marker = found.marker.as_ref();
        marker.is_some_and(|marker| marker.store == shop || self.0.contains(&marker.store))
    }
}

/// Whether a document is what we would post, to the cent and the day.
pub(super) fn is_same_sale(entry: &Entry, found: &Found) -> bool {
    let document = &entry.document;
    found
        .marker
        .as_ref()
        .is_some_and(|marker| marker.key == document.key)
        && found.date == Some(document.date)
        && found.total == document.total
        && found.tax_total == document.tax_total
}

fn other_name<'a>(found: &'a Found, shop: &str) -> Option<&'a str> {
    let name = found.marker.as_ref()?.store.as_str();
    (name != shop).then_some(name)
}

/// Whether an earlier run met documents of another name, so that all marks are to be asked for again: the name may be back.
pub(super) fn is_waiting(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.reason.code == CODE)
}

pub(super) fn reason(
    standing: &OrderStanding<'_>,
    key: DocumentKey,
    found: &Found,
    name: &str,
    shop: &str,
) -> Reason {
    Reason::new(
        CODE,
        format!(
            "order {} (id {}) is in QuickBooks already as {} {} (`{}`): udsync posted it there when the shop was named `{name}`, and now it is named `{shop}`",
            standing.number, key.origin.id(), found.remote.entity, found.remote.id, found.label
        ),
    )
    .hint(format!(
        "put the name back, `name = \"{name}\"` in `[shop]`, then run `udsync retry --all`; under another name it would be posted a second time"
    ))
}

/// A number that another document has which is nobody's of this order.
pub(super) fn number_taken(
    standing: &OrderStanding<'_>,
    asked: &Sought,
    stranger: &Found,
    is_ours: bool,
) -> Reason {
    let whose = match &stranger.marker {
        Some(marker) => format!(
            "made by udsync for {} of `{}`",
            match marker.key.order() {
                Some(id) => format!("order id {id}"),
                None => marker.key.origin.to_string(),
            },
            marker.store
        ),
        None => "not made by udsync".to_owned(),
    };
    let reason = Reason::new(
        "doc_number_conflict",
        format!(
            "order {} (id {}) cannot be posted as `{}`: QuickBooks has {} {} with that number, {whose}",
            standing.number,
            asked.key.origin.id(),
            asked.number,
            stranger.remote.entity,
            stranger.remote.id
        ),
    );
    if is_ours {
        return reason.hint(
            "give one of the two orders another number in the shop, then run `udsync retry --all`",
        );
    }
    if stranger.marker.is_none() {
        return reason.hint(
            "if it is this very sale, entered by hand or by another program, set the order aside with \
             `udsync retry --skip ID --why TEXT`; else renumber that document in QuickBooks, or choose another `number_prefix` in \
             `[books]`, then run `udsync retry --all`",
        );
    }
    reason.hint(
        "renumber that document in QuickBooks, or choose another `number_prefix` in `[books]` for one of the two shops, then run \
         `udsync retry --all`",
    )
}
