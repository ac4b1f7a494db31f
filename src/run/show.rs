//! Show: the ending of a run that ends with its plan.
//!
//! There is nothing in reach here that can write: the books are a [`LedgerReader`], the state is a [`StateReader`](crate::store::StateReader),
//! whoever looks on at the reading only compares, and nobody records.

use super::consent::shrunken;
use super::failure::Failure;
use super::legs::LegReports;
use super::reading::Reading;
use super::request::RunRequest;
use super::unknown::{self, Nor, none_known};
use crate::connector::port::LedgerReader;
use crate::engine::gather::GatherScope;
use crate::engine::run::foresee;
use crate::model::plan::Plan;

/// Reads and plans, and says what would come of it.
pub(super) async fn show<F: LedgerReader>(
    request: &RunRequest,
    scope: &GatherScope,
    reading: &Reading<'_, F>,
    reports: &mut LegReports,
) -> Result<Option<Plan>, Failure> {
    let (app, store, listener) = (reading.app, reading.store, reading.listener);
    let planned = Box::pin(reading.read(scope, None, reports)).await?;
    if let Some(planned) = &planned {
        if let Some(failure) = none_known(request, &planned.unknown, Nor::Books) {
            return Err(failure);
        }
        unknown::note(listener, &planned.unknown);
        if let Some(failure) = shrunken(planned) {
            listener.note(format!("{}; a sync stops there", failure.message));
        }
    }
    let Some(books) = &reading.legs.books else {
        if let Some(failure) = none_known(request, &reports.unknown, Nor::Copy) {
            return Err(failure);
        }
        unknown::note(listener, &reports.unknown);
        return Ok(None);
    };
    if !store.open_tickets(books.name())?.is_empty() {
        listener.note(
            "an earlier run left requests without an answer; the next sync settles them first",
        );
    }
    let known = store.problems(Some(books.name()), true)?;
    let Some(planned) = planned else {
        return Ok(None);
    };
    reports.books = Some(foresee(books.name(), &planned, &known, app.clock.now()));
    Ok(Some(planned.plan))
}
