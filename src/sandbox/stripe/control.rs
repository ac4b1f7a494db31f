//! The levers under `/_sandbox/`: what happens to the account meanwhile.
//!
//! They need no key, are not in the request log, and no mishap strikes them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;

use super::StripeWorld;
use crate::settlement::SettledAccount;
use crate::stand::control::{self, done, taken};

pub fn routes() -> axum::Router<Arc<StripeWorld>> {
    control::routes()
        .route("/_sandbox/account", get(account).put(put_account))
        .route("/_sandbox/latency", post(latency))
}

type StripeShared = State<Arc<StripeWorld>>;

async fn account(State(world): StripeShared) -> Response {
    Json(&world.books().account).into_response()
}

/// Another account in the place of this one: rows come, payouts are finished, a payout fails after all.
async fn put_account(State(world): StripeShared, Json(given): Json<Value>) -> Response {
    let account = serde_json::from_value::<SettledAccount>(given);
    taken(account.map(|account| world.books().account = account))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StripeLatency {
    ms: u64,
}

async fn latency(State(world): StripeShared, Json(given): Json<StripeLatency>) -> Response {
    world.books().latency_ms = given.ms;
    done()
}
