//! Told: what is the matter with webhooks is kept, published and told to the owner, and so is its end.

use crate::app::webhooks::troubles;
use crate::model::incident::Concern;
use crate::run::{Consent, Failure, Guard};
use crate::server::events::EventKind;
use crate::server::shops::ServedShop;
use crate::server::state::ServerState;

/// Nobody is there to ask; and in the sandbox nothing asks.
pub(super) fn guard(shop: &ServedShop) -> Guard {
    Guard {
        consent: match shop.is_sandbox {
            true => Consent::Given,
            false => Consent::Unattended,
        },
        ..Guard::default()
    }
}

/// Something is the matter: it is kept, told to whoever listens, and to the owner once.
pub(super) async fn begin(
    state: &ServerState,
    shop: &ServedShop,
    concern: Concern,
) -> Result<(), Failure> {
    let app = shop.open()?;
    let store = app.store()?;
    let told = troubles::told(&concern);
    tracing::error!(
        shop = shop.name,
        subject = concern.subject,
        happened = concern.happened,
        "webhooks"
    );
    if troubles::begin(&store, concern, state.clock.now())? {
        shop.events.publish(EventKind::Incident, told);
        notify(&app, &store, shop).await;
    }
    Ok(())
}

/// It is over.
pub(super) async fn end(
    state: &ServerState,
    shop: &ServedShop,
    subject: &str,
) -> Result<(), Failure> {
    let app = shop.open()?;
    let store = app.store()?;
    if troubles::end(&store, subject, state.clock.now())? {
        shop.events.publish(
            EventKind::Incident,
            serde_json::json!({ "subject": subject, "over": true }),
        );
        notify(&app, &store, shop).await;
    }
    Ok(())
}

/// Nothing of this can stop anything: what could not be sent is kept, and shown by `notify list`.
async fn notify(app: &crate::app::App, store: &crate::store::Store, shop: &ServedShop) {
    if shop.is_sandbox {
        return;
    }
    if let Err(error) = app.tell_of_time(store).await {
        tracing::error!(%error, "no notice could be kept");
    }
}
