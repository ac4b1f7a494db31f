//! Before: what a write is about to change is read and put beside it, so that a run can be taken back later.
//!
//! Nobody can find out afterwards what stood there. So a change of something that was not seen does not go out, and neither does one
//! of something that is not as the plan saw it.

use crate::connector::port::LedgerWriter;
use crate::model::fault::{Fault, Reason};
use crate::model::plan::{Action, Remote};
use crate::model::ticket::Write;

use crate::model::code::STALE;

/// Puts what stands in the books beside each write that is to change it. Answers with the places of the writes for which it is not as
/// they were made for.
pub(super) async fn read<T: LedgerWriter>(
    target: &T,
    writes: &mut [Write],
) -> Result<Vec<usize>, Fault> {
    let changes: Vec<(usize, Remote)> = writes
        .iter()
        .enumerate()
        .filter(|(_, write)| write.action != Action::Create)
        .filter_map(|(place, write)| Some((place, write.remote.clone()?)))
        .collect();
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let (places, remotes): (Vec<usize>, Vec<Remote>) = changes.into_iter().unzip();
    let images = target.stands(&remotes).await?;
    let mut outdated = Vec::new();
    for ((place, remote), image) in places.into_iter().zip(&remotes).zip(images) {
        match image {
            Some(image) if image.remote == *remote => writes[place].before = Some(image),
            _ => outdated.push(place),
        }
    }
    Ok(outdated)
}

/// Why such a write is not sent.
pub(super) fn cause(write: &Write) -> Reason {
    Reason::new(
        STALE,
        format!(
            "`{}` was changed in QuickBooks while this run was at work",
            write.label
        ),
    )
}
