//! Look: asks the books what became of writes, and judges whether what stands there is their work.
//!
//! That something is there proves that it was done. That it is not there proves nothing by itself: see `deliver`.

use crate::connector::port::LedgerWriter;
use crate::model::fault::Fault;
use crate::model::plan::{Action, Subject};
use crate::model::ticket::{Found, FoundState, Write};

use super::fate::WriteFate;

/// What the books hold of each of these writes; [`WriteFate::NotDone`] where they do not hold it now.
pub(super) async fn look<T: LedgerWriter>(
    target: &T,
    writes: &[Write],
) -> Result<Vec<WriteFate>, Fault> {
    let found = target.look(writes).await?;
    Ok(writes
        .iter()
        .zip(found)
        .map(|(write, found)| fate(target, write, found))
        .collect())
}

/// Whether what stands in the books is the work of this write.
fn fate<T: LedgerWriter>(target: &T, write: &Write, found: Option<Found>) -> WriteFate {
    match (write.action, found) {
        (Action::Delete, None) => WriteFate::Deleted,
        (Action::Create, Some(found)) => WriteFate::Stands(as_written(target, write, found)),
        (Action::Update, Some(found)) if is_written(target, write, &found) => {
            WriteFate::Stands(as_written(target, write, found))
        }
        (Action::Void, Some(found)) if found.state == FoundState::Voided => {
            WriteFate::Stands(found)
        }
        _ => WriteFate::NotDone,
    }
}

/// A later revision of ours came after it, so it was done too. A name carries no marker: it was done if all of it is there.
fn is_written<T: LedgerWriter>(target: &T, write: &Write, found: &Found) -> bool {
    if !matches!(write.subject, Subject::Document(_)) {
        return !found.content.is_empty()
            && found.content == target.content(write.entity, &write.body);
    }
    match (&write.marker, &found.marker) {
        (Some(meant), Some(stands)) => {
            meant.store == stands.store
                && meant.key == stands.key
                && meant.revision <= stands.revision
        }
        (meant, stands) => meant == stands,
    }
}

/// What was found long after the write may have been changed by a person since. Then our own work is remembered rather
/// than theirs: the difference shows as soon as we want to write there again, and nobody is overwritten.
fn as_written<T: LedgerWriter>(target: &T, write: &Write, mut found: Found) -> Found {
    if is_next_revision(write, &found) {
        return found;
    }
    // How it looked when we had written it, nobody can say any more.
    found.trace = String::new();
    let ours = target.content(write.entity, &write.body);
    if found.content == ours {
        return found;
    }
    found.content = ours;
    if let Some(expected) = &write.expected {
        found.total = expected.total;
        found.tax_total = expected.tax_total;
        found.tax = expected.tax.clone();
        found.date = Some(expected.date);
    }
    found
}

/// A ledger counts the changes of a document from zero: if this is the very next one, nobody was there but us.
fn is_next_revision(write: &Write, found: &Found) -> bool {
    let before = write
        .remote
        .as_ref()
        .map(|remote| remote.revision.parse::<u32>());
    match (before, found.remote.revision.parse::<u32>()) {
        (None, Ok(now)) => now == 0,
        (Some(Ok(before)), Ok(now)) => before + 1 == now,
        _ => false,
    }
}
