//! Ours: whether a document that is to be changed is still as we left it. Nobody's work is overwritten.
//!
//! The state file may be new or old, so what stands in the books has the last word: its looks, its marker, and how often it
//! was changed since it was made.

use crate::books::HeldDocument;
use crate::connector::port::LedgerReader;
use crate::model::code;
use crate::model::document::{Document, DocumentKey};
use crate::model::fault::Reason;
use crate::model::link::Posted;
use crate::model::overlay::Overlay;
use crate::model::ticket::Found;

use super::standing::OrderStanding;

/// The document as the survey found it, if it did.
pub(super) fn known<'a>(standing: &'a OrderStanding<'_>, key: DocumentKey) -> Option<&'a Found> {
    standing
        .adopted
        .get(&key)
        .or_else(|| standing.current.get(&key)?.as_ref())
}

/// The document as it stands now.
pub(super) fn there<'a>(
    standing: &'a OrderStanding<'_>,
    key: DocumentKey,
    known: Option<&'a Found>,
) -> Result<&'a Found, Reason> {
    known.ok_or_else(|| {
        let number = standing
            .links
            .get(&key)
            .and_then(|link| link.posted.as_ref())
            .map(|posted| posted.number.clone());
        let number = number.unwrap_or_else(|| key.to_string());
        Reason::new(
            code::EDITED_IN_QUICKBOOKS,
            format!(
                "order {} changed, but `{number}` was deleted in QuickBooks",
                standing.number
            ),
        )
        .hint("decide which is right; `udsync retry --skip ID --why TEXT` sets the order aside")
    })
}

/// Whether nobody but us has touched the document since we wrote it.
///
/// It is so if it looks as we remember it. It is also so if the state file is lost or an older copy of it was put back,
/// and every change of the document since its creation was one of ours.
pub(super) fn ours_alone(
    standing: &OrderStanding<'_>,
    key: DocumentKey,
    document: &Document,
    found: &Found,
) -> Result<(), Reason> {
    let link = standing.links.get(&key);
    let as_remembered = link.is_some_and(|link| link.content == found.trace);
    let written_since = match (link, &found.marker) {
        (Some(link), Some(marker)) => marker.revision > link.revision,
        (None, _) => true,
        (Some(_), None) => false,
    };
    if as_remembered || (written_since && only_ours(found)) {
        return Ok(());
    }
    let posted = link.and_then(|link| link.posted.as_ref());
    Err(edited(document, posted, found))
}

/// All that a person decides by: what was posted, what stands there now, and what the shop says.
fn edited(document: &Document, posted: Option<&Posted>, found: &Found) -> Reason {
    let was = posted.map_or_else(String::new, |posted| {
        format!(
            ": posted were {} with {} tax",
            posted.total, posted.tax_total
        )
    });
    Reason::new(
        code::EDITED_IN_QUICKBOOKS,
        format!(
            "{} `{}` (id {}) was edited in QuickBooks, and the order changed in the shop too{was}; in QuickBooks it is {} with {} tax now, and in the shop {} with {} tax",
            document.kind, document.number, found.remote.id, found.total, found.tax_total, document.total, document.tax_total
        ),
    )
    .hint("make both agree by hand, or set the order aside with `udsync retry --skip ID --why TEXT`")
}

/// Why a change waits for an open period, with what a person did to the document meanwhile: opening the period alone would not let it
/// go on.
pub(super) fn with_edit(standing: &OrderStanding<'_>, held: &HeldDocument) -> Reason {
    let mut reason = held.reason.clone();
    if reason.code != code::PERIOD_CLOSED {
        return reason;
    }
    let known = held.subject.and_then(|key| {
        let link = standing.links.get(&key)?;
        let found = standing.current.get(&key)?.as_ref()?;
        Some((link, found))
    });
    if let Some((link, found)) = known
        && !link.content.is_empty()
        && link.content != found.trace
    {
        let was = link.posted.as_ref().map_or_else(String::new, |posted| {
            format!(" instead of the {} that were posted", posted.total)
        });
        reason.message = format!(
            "{}; and it was edited in QuickBooks, where it is {}{was}",
            reason.message, found.total
        );
        reason.hint = Some(
            "make both agree by hand, or set the order aside with `udsync retry --skip ID --why TEXT`; if the shop is right, move the closing date in QuickBooks, undo the edit there and run `udsync retry --all`".to_owned(),
        );
    }
    reason
}

/// Whether an invoice that is to be voided is unpaid in the books too: money that somebody received for it is not brushed aside.
pub(super) fn not_paid_by_others(
    standing: &OrderStanding<'_>,
    document: &Document,
    found: &Found,
) -> Result<(), Reason> {
    let Some(balance) = found.balance.filter(|balance| *balance != found.total) else {
        return Ok(());
    };
    Err(Reason::new(
        "paid_but_cancelled",
        format!(
            "invoice `{}` (id {}) has been paid in QuickBooks though order {} is cancelled: of {} only {balance} is still owed there",
            document.number, found.remote.id, standing.number, found.total
        ),
    )
    .hint("unlink or delete the payment in QuickBooks and run `udsync retry --all`, or set the order aside with `udsync retry --skip ID --why TEXT`"))
}

/// Whether the words of the shop's own mapping are on the document already. Without any, words are not worth a write.
pub(super) fn same_words<F: LedgerReader>(
    finder: &F,
    standing: &OrderStanding<'_>,
    document: &Document,
    body: &str,
    current: &Found,
) -> bool {
    let before = words_before(standing, document.key);
    if document.overlay.is_empty() && before.is_none_or(Overlay::is_empty) {
        return true;
    }
    let said = finder.words(body);
    said.iter()
        .all(|(field, words)| current.words.get(field).map_or("", String::as_str) == words.as_str())
}

/// The mapping's words on a document as we last wrote it.
pub(super) fn words_before<'a>(
    standing: &'a OrderStanding<'_>,
    key: DocumentKey,
) -> Option<&'a Overlay> {
    let posted = standing.links.get(&key)?.posted.as_ref()?;
    Some(&posted.document.as_ref()?.overlay)
}

/// How often we wrote a document so far.
pub(super) fn revision_of(standing: &OrderStanding<'_>, key: DocumentKey, found: &Found) -> u32 {
    let linked = standing.links.get(&key).map_or(0, |link| link.revision);
    let marked = found.marker.as_ref().map_or(0, |marker| marker.revision);
    linked.max(marked)
}

/// A ledger counts the changes of a document from zero, we count ours from one: as long as the two agree nobody else was there.
fn only_ours(found: &Found) -> bool {
    let changes = found.remote.revision.parse::<u32>();
    let ours = found.marker.as_ref().map(|marker| marker.revision);
    matches!((changes, ours), (Ok(changes), Some(ours)) if changes + 1 == ours)
}
