//! Compared: what a run over everything says of the books, which it has asked or has not.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::failure::Failure;
use super::legs::LegReports;
use super::listener::Listener;
use crate::app::COMPARED;
use crate::model::clock::local;
use crate::store::MemoryWriter;

/// Remembers that the books were asked for everything that was posted. Where they were not, `unchanged` is no word about them: a shop in
/// which nothing changed says nothing about books in which somebody did.
pub fn note(
    memory: &dyn MemoryWriter,
    listener: &Listener,
    (now, zone): (DateTime<Utc>, Tz),
    asked: bool,
    reports: &LegReports,
) -> Result<(), Failure> {
    let Some(books) = &reports.books else {
        return Ok(());
    };
    if asked {
        let whole = reports.failure.is_none() && !reports.is_interrupted() && books.end.is_none();
        if whole {
            memory.keep(COMPARED, "", now)?;
        }
    } else if books.tally.unchanged > 0 {
        let last = match memory.kept(COMPARED)? {
            Some((_, at)) => format!("were last asked on {}", local(at, zone)),
            None => "were never asked".to_owned(),
        };
        listener.remark(format!(
            "note: `unchanged` means unchanged in the shop since it was posted; the books {last}: `udsync sync orders --full --verify` \
             asks whether everything still stands there"
        ));
    }
    Ok(())
}
