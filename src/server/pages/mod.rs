//! The dashboard: what the API knows and does, as pages for people. It decides nothing.
//!
//! A page asks the API for documents, as whoever looks at it, and puts them into a template; a form becomes the request that a program
//! would send, and goes through the same dispatch: rights, refusals, keys and the audit are one thing. Every page works without script.
//! With script, parts of a page ask for themselves anew when the stream of events says that something changed.
//!
//! Each page of a shop lies below `/shop/NAME`, also where there is one shop only, so that an address stays good when a second comes.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `visit` | a request of somebody who is signed in, and the answers to it |
//! | `ask` | the API, asked from inside |
//! | `refusal` | why a page is not shown or a form not done |
//! | `form` | what a form brings, and its mistakes at their fields |
//! | `render` | the templates, and how they write money, times and counts |
//! | `frame` | what stands around every page: world, menu, who is signed in |
//! | `figures` | the sums of a month, and their drawing |
//! | `plan`, `progress` | a run's document as rows and sums, and how far a run is |
//! | `glances` | what the shop says of orders that wait |
//! | `draft`, `source` | a mapping in the form of its editor, and what the shop says |
//! | `assets` | styles and script, in the binary |
//! | `sign_in`, `back` | the way in and out, and the way back from Intuit |
//! | the rest | a page each |

mod ask;
mod assets;
mod back;
mod conflicts;
mod deliveries;
mod draft;
mod explain;
mod figures;
mod first_start;
mod form;
mod frame;
mod glances;
mod history;
mod integrations;
mod mapping;
mod one_run;
mod payouts;
mod people;
mod places;
mod plan;
mod progress;
mod reconcile;
mod refusal;
mod render;
mod schedules;
mod settings;
mod shops;
mod sign_in;
mod source;
mod sync_now;
#[cfg(test)]
mod tests;
mod today;
mod undo;
mod visit;
mod waiting;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::state::ServerState;
pub use back::from_intuit;
pub use visit::nothing_here;
use visit::{shows, takes};

/// Every page. What a file adds is its lines here.
pub fn routes(state: Arc<ServerState>) -> Router {
    Router::new()
        .route("/", get(places::front))
        .route("/assets/{hash}/{name}", get(assets::asset))
        .route("/shop/{shop}", get(places::shop_front))
        .route("/shop/{shop}/today", shows(today::page))
        .route("/shop/{shop}/start", shows(first_start::page))
        .route("/shop/{shop}/history", shows(history::page))
        .route("/shop/{shop}/newer-runs", shows(history::newer))
        .route("/shop/{shop}/export/{kind}", shows(history::export))
        .route("/shop/{shop}/history/{id}", shows(one_run::page))
        .route("/shop/{shop}/deliveries", shows(deliveries::page))
        .route(
            "/shop/{shop}/deliveries/{id}/replay",
            takes(deliveries::replay),
        )
        .route("/shop/{shop}/audit", shows(deliveries::audit))
        .route("/shop/{shop}/integrations", shows(integrations::page))
        .route(
            "/shop/{shop}/integrations/{service}/connect",
            takes(integrations::connect),
        )
        .route(
            "/shop/{shop}/integrations/{service}/disconnect",
            takes(integrations::disconnect),
        )
        .route(
            "/shop/{shop}/integrations/{service}/test",
            takes(integrations::test),
        )
        .route(
            "/shop/{shop}/quickbooks/authorize",
            takes(integrations::authorize),
        )
        .route("/shop/{shop}/flow", takes(integrations::flow))
        .route(
            "/shop/{shop}/schedules",
            shows(schedules::page).merge(takes(schedules::add)),
        )
        .route(
            "/shop/{shop}/schedules/{name}",
            shows(schedules::edit).merge(takes(schedules::change)),
        )
        .route("/shop/{shop}/settings", shows(settings::page))
        .route(
            "/shop/{shop}/people",
            shows(people::page).merge(takes(people::let_in)),
        )
        .route("/shop/{shop}/people/out", takes(people::let_out))
        .route("/shops", shows(shops::page))
        .route("/shop/{shop}/conflicts", shows(conflicts::page))
        .route(
            "/shop/{shop}/conflicts/{id}/resolve",
            takes(conflicts::resolve),
        )
        .route(
            "/shop/{shop}/reconcile",
            shows(reconcile::choose).merge(takes(reconcile::prove)),
        )
        .route("/shop/{shop}/reconcile/{id}", shows(reconcile::proof))
        .route(
            "/shop/{shop}/reconcile/{id}/accept",
            takes(reconcile::accept),
        )
        .route(
            "/shop/{shop}/reconcile/{id}/save/{kind}",
            shows(reconcile::saved),
        )
        .route("/shop/{shop}/explain", shows(explain::page))
        .route("/shop/{shop}/payouts", shows(payouts::list))
        .route("/shop/{shop}/payouts/{id}", shows(payouts::one))
        .route(
            "/shop/{shop}/history/{id}/undo",
            shows(undo::ask).merge(takes(undo::foresee)),
        )
        .route(
            "/shop/{shop}/sync",
            shows(sync_now::choose).merge(takes(sync_now::foresee)),
        )
        .route("/shop/{shop}/sync/{run}", shows(sync_now::run))
        .route(
            "/shop/{shop}/sync/{run}/again",
            takes(sync_now::foresee_again),
        )
        .route("/shop/{shop}/sync/{run}/write", takes(sync_now::write))
        .route(
            "/shop/{shop}/sync/{run}/save/{kind}",
            shows(sync_now::saved),
        )
        .route("/shop/{shop}/waiting", shows(waiting::page))
        .route("/shop/{shop}/waiting/orders", shows(waiting::orders))
        .route("/shop/{shop}/waiting/retry", takes(waiting::retry))
        .route("/shop/{shop}/waiting/answer", takes(waiting::answer))
        .route("/shop/{shop}/waiting/skip", takes(waiting::set_aside))
        .route("/shop/{shop}/waiting/restore", takes(waiting::restore))
        .route("/shop/{shop}/mappings", shows(mapping::list))
        .route(
            "/shop/{shop}/mappings/{id}",
            shows(mapping::page).merge(takes(mapping::edit)),
        )
        .route("/account", shows(sign_in::account))
        .route("/password", takes(sign_in::password))
        .route("/sign-out", takes(sign_in::sign_out))
        .route(
            "/sign-in",
            get(sign_in::sign_in_page).post(sign_in::sign_in),
        )
        .route(
            "/invite/{token}",
            get(sign_in::invitation_page).post(sign_in::use_invitation),
        )
        .with_state(state)
}
