//! The end of a month: it is proven once it is over, and the owner is told what came of it.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::failure::Failure;
use super::listener::Listener;
use super::reconcile::{ReconcileRequest, reconcile};
use crate::app::App;
use crate::model::service::Service;

/// Proves the month that is over, if the owner wants to hear of it and has not yet, and sends what is due. To be called again and again,
/// with a pause between: what could not be done is done the next time.
pub async fn tell_of_month(mut app: App, stop: &AtomicBool) -> Result<(), Failure> {
    if !app.config.notify.month_end {
        return Ok(());
    }
    let store = app.store()?;
    app.settle_zone(&store, false).await?;
    if let Some(month) = app.month_to_prove(&store)? {
        let request = ReconcileRequest {
            first: month.first,
            last: month.last,
            to: Service::BOOKS,
        };
        let listener = Listener::nobody();
        let proving = reconcile(&app, request, Duration::ZERO, stop, &listener);
        let answer = Box::pin(proving).await?;
        app.keep_month(&store, month, &answer.proof)?;
    }
    Ok(app.send_month(&store).await?)
}
