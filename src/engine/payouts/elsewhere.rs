//! Elsewhere: what the books hold of a payout already, posted out of a file that was read under another name.

use crate::books::payouts::payout_key;
use crate::connector::port::LedgerReader;
use crate::model::document::{Document, DocumentKey, Role};
use crate::model::fault::Reason;
use crate::model::link::LinkState;
use crate::model::money::Money;
use crate::model::payout::Payout;
use crate::model::plan::Subject;

use super::super::error::EngineError;
use super::plan::PayoutPlanner;

/// A payment service's own id of a payout that came in a file: what stands behind the service's name.
fn own_id(id: &str) -> Option<&str> {
    id.split_once('-').map(|(_, own)| own)
}

impl<F: LedgerReader> PayoutPlanner<'_, F> {
    /// Why a payout out of a file is not posted: the same one stands, posted out of the same file under the name of another mapping.
    pub(super) fn under_another_name(
        &self,
        payout: &Payout,
        transfer: Option<&Document>,
    ) -> Result<Option<Reason>, EngineError> {
        let key = payout_key(payout, Role::Transfer);
        let Some(transfer) = transfer.filter(|_| payout.gateway.is_filed()) else {
            return Ok(None);
        };
        if self.standing(key)?.is_some() || self.books.ours.contains_key(&key) {
            return Ok(None);
        }
        let is_same = |other: DocumentKey, total: Money| {
            let (ours, theirs) = (key.origin.id(), other.origin.id());
            other.role == Role::Transfer
                && other.order().is_none()
                && ours != theirs
                && total == transfer.total
                && own_id(&ours).is_some_and(|own| own_id(&theirs) == Some(own))
        };
        let links = self.memory.payout_links(self.finder.name())?;
        let known = links.iter().find_map(|link| {
            let Subject::Document(other) = &link.subject else {
                return None;
            };
            let total = link.posted.as_ref()?.total;
            (link.state == LinkState::Active && is_same(*other, total))
                .then(|| (other.origin.id(), link.remote.clone()))
        });
        let found = || {
            let ours = self.books.ours.iter();
            let mut all = ours.filter_map(|(other, found)| Some((other, found.first()?)));
            let (other, found) = all.find(|(other, found)| is_same(**other, found.total))?;
            Some((other.origin.id(), found.remote.clone()))
        };
        Ok(known.or_else(found).map(|(other, remote)| {
            let name = other.split('-').next().unwrap_or_default();
            Reason::new(
                crate::model::code::DUPLICATE_FOUND,
                format!(
                    "payout {} over {} is in the books already, as {other}: {} {}; its file was read with another mapping then",
                    payout.id, payout.amount, remote.entity, remote.id
                ),
            )
            .hint(format!(
                "read the file with the mapping of then: `udsync sync payouts --file FILE --gateway {name}`"
            ))
        }))
    }
}
