//! The levers that every stand-in has under `/_sandbox/`: mishaps, what was asked, and how it adds up.
//!
//! They need no key, are not in the request log, and no mishap strikes them.

use std::sync::{Arc, MutexGuard};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::mishap::StandRules;

/// What the levers need of a stand-in.
pub trait Watched: Send + Sync + 'static {
    type Rule: Clone + Serialize + DeserializeOwned + Send;

    fn mishaps(&self) -> MutexGuard<'_, StandRules<Self::Rule>>;
    /// Everything that was asked, oldest first.
    fn requests(&self) -> Value;
    fn forget_requests(&self);
    fn counts(&self) -> Value;
}

pub fn routes<W: Watched>() -> Router<Arc<W>> {
    Router::new()
        .route(
            "/_sandbox/mishaps",
            get(mishaps::<W>).post(plan::<W>).delete(forget::<W>),
        )
        .route("/_sandbox/requests", get(requests::<W>).delete(clear::<W>))
        .route("/_sandbox/counts", get(counts::<W>))
}

async fn mishaps<W: Watched>(State(world): State<Arc<W>>) -> Json<Value> {
    Json(world.mishaps().list())
}

async fn plan<W: Watched>(State(world): State<Arc<W>>, Json(given): Json<Value>) -> Response {
    taken(world.mishaps().plan(given))
}

async fn forget<W: Watched>(State(world): State<Arc<W>>) -> Response {
    world.mishaps().clear();
    done()
}

async fn requests<W: Watched>(State(world): State<Arc<W>>) -> Json<Value> {
    Json(world.requests())
}

async fn clear<W: Watched>(State(world): State<Arc<W>>) -> Response {
    world.forget_requests();
    done()
}

async fn counts<W: Watched>(State(world): State<Arc<W>>) -> Json<Value> {
    Json(world.counts())
}

pub fn done() -> Response {
    Json(json!({"ok": true})).into_response()
}

/// Done, or a request that was no good.
pub fn taken(result: Result<(), impl std::fmt::Display>) -> Response {
    match result {
        Ok(()) => done(),
        Err(why) => wrong(StatusCode::BAD_REQUEST, why),
    }
}

pub fn wrong(status: StatusCode, why: impl std::fmt::Display) -> Response {
    (status, Json(json!({"error": why.to_string()}))).into_response()
}

pub fn found(found: bool, what: &str) -> Response {
    if found {
        done()
    } else {
        wrong(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }
}

/// Lays fields over those of a value that stands, all or none.
pub fn lay_over<T: Serialize + DeserializeOwned>(
    standing: &mut T,
    over: Map<String, Value>,
) -> serde_json::Result<()> {
    let mut value = json!(standing);
    for (name, field) in over {
        value[name] = field;
    }
    *standing = serde_json::from_value(value)?;
    Ok(())
}
