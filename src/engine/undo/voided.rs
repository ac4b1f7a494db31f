//! Voided by an undo: what may be posted again once somebody asks for it, as a new document.
//!
//! QuickBooks gives nothing back to a document that was voided, and its number stays in the sequence. So what is posted in its place is
//! another document, with a number of its own: `WC-1042-U` after `WC-1042` was voided, and `WC-1042-U2` after that one was too. What a
//! person voided, or the accountant's rules did, is never made again.

use std::collections::BTreeMap;

use crate::model::document::DocumentKey;
use crate::model::link::{Link, LinkState};
use crate::model::plan::{Action, Subject};
use crate::store::{StateReader, StoreError};

/// QuickBooks cuts document numbers after this many characters.
const LONGEST: usize = 21;

/// A document that an undo has voided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoidedByUndo {
    /// So many of it were voided by undoing.
    times: u32,
    /// How often we wrote it.
    pub revision: u32,
}

/// Which of these documents an undo has voided, and nobody has written to since.
pub fn voided_by_undo(
    store: &dyn StateReader,
    target: &str,
    links: &BTreeMap<DocumentKey, Link>,
) -> Result<BTreeMap<DocumentKey, VoidedByUndo>, StoreError> {
    let mut voided = BTreeMap::new();
    let candidates = links.iter();
    for (key, link) in candidates.filter(|(_, link)| link.state == LinkState::Voided) {
        let (mut times, mut revision, mut is_last) = (0, link.revision, false);
        for done in store.done_to(target, &Subject::Document(*key))? {
            is_last =
                done.write.action == Action::Void && store.takes_back(&done.run_id)?.is_some();
            times += u32::from(is_last);
            let marked = done.write.marker.map_or(0, |marker| marker.revision);
            revision = revision.max(marked);
        }
        if is_last {
            voided.insert(*key, VoidedByUndo { times, revision });
        }
    }
    Ok(voided)
}

impl VoidedByUndo {
    /// The number of what is posted in its place.
    pub fn number(&self, wanted: &str, prefix: &str, order: u64) -> String {
        let ending = match self.times {
            0 | 1 => "-U".to_owned(),
            times => format!("-U{times}"),
        };
        let whole = format!("{wanted}{ending}");
        match whole.chars().count() <= LONGEST {
            true => whole,
            false => format!("{prefix}id{order}{ending}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_posted_in_its_place_has_a_number_of_its_own() {
        let voided = |times| VoidedByUndo { times, revision: 1 };
        assert_eq!(voided(1).number("WC-1042", "WC-", 7), "WC-1042-U");
        assert_eq!(voided(2).number("WC-1042", "WC-", 7), "WC-1042-U2");
        let long = "WC-2026-000000001042";
        assert_eq!(voided(1).number(long, "WC-", 7), "WC-id7-U");
    }
}
