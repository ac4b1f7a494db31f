//! Health: whether the process works, whether it can do its work, and figures about it.
//!
//! `/healthz` is for whoever starts the process anew when it hangs, `/readyz` for whoever sends requests to it, and `/metrics` for a
//! collector. The first says nothing about the shops; the second says why, in our own words, which name no person and no secret.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::figures::FiguresPage;
use super::problem::HttpProblem;
use super::shops::ServedShop;
use super::state::ServerState;
use super::{Peer, api, blocking, hooks};
use crate::app::access::proof_of;
use crate::app::metrics::merged;
use crate::run::Failure;

/// Looking costs a write to each state file, and anybody may ask.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// For a listener that may be exposed: whether the process works, and nothing else.
pub fn alive() -> Router {
    Router::new().route(
        "/healthz",
        get(|| async { Json(json!({ "schema": "udsync/health/1", "status": "ok" })) }),
    )
}

/// For the listener of API and dashboard.
pub fn routes(state: Arc<ServerState>) -> Router {
    Router::new()
        .route("/healthz", get(alive_and_ours))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(state)
}

/// A word that somebody who wants a proof has chosen is so long.
const NONCE_LETTERS: std::ops::RangeInclusive<usize> = 16..=64;

/// The same, and for whoever sends a `nonce` the proof that this process has the access file that they can read: a browser must not be
/// led with a secret to somebody else who listens here.
async fn alive_and_ours(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let mut document = json!({ "schema": "udsync/health/1", "status": "ok" });
    let query = request.uri().query().unwrap_or_default();
    let nonce = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "nonce");
    if let Some((_, nonce)) = nonce
        && NONCE_LETTERS.contains(&nonce.len())
        && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        let (file, address) = (state.access.file.clone(), state.main.address.to_string());
        let nonce = nonce.into_owned();
        if let Ok(Ok(proof)) = blocking(move || proof_of(&file, &address, &nonce)).await {
            document["proof"] = json!(proof);
        }
    }
    Json(document).into_response()
}

async fn ready(State(state): State<Arc<ServerState>>) -> Response {
    let reasons = {
        let mut last = state.readiness.0.lock().await;
        match &*last {
            Some((at, reasons)) if at.elapsed() < LOOK_AGAIN => reasons.clone(),
            _ => {
                let found = not_ready(&state).await;
                *last = Some((Instant::now(), found.clone()));
                found
            }
        }
    };
    if reasons.is_empty() {
        return Json(json!({ "schema": "udsync/ready/1", "status": "ready" })).into_response();
    }
    HttpProblem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        reasons.join("; "),
    )
    .with("reasons", reasons)
    .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
    .into_response()
}

/// Why it cannot do its work.
async fn not_ready(state: &Arc<ServerState>) -> Vec<String> {
    let mut reasons = Vec::new();
    if state.stop.is_asked() {
        reasons.push("the server is stopping".to_owned());
    }
    for (name, listener) in [("main", &state.main), ("webhook", &state.hooks)] {
        if let Some(trouble) = listener.trouble() {
            reasons.push(format!(
                "the {name} listener accepts no connections: {trouble}"
            ));
        }
    }
    for shop in state.shops.iter() {
        let (all, its) = (state.clone(), shop.clone());
        let looked = blocking(move || {
            let of_state = state_of(&its).err().map(|failure| in_a_line(&failure));
            [of_state, hooks::not_ready(&all, &its)]
        });
        let unknown = || [Some("the state could not be looked at".to_owned()), None];
        let [of_state, of_hooks] = looked.await.unwrap_or_else(|_| unknown());
        let found = [
            of_state,
            shop.scheduler.trouble(),
            shop.inbox.trouble(),
            of_hooks,
        ];
        let mut found: Vec<String> = found.into_iter().flatten().collect();
        // A mistake in the configuration keeps everything from working, and is one mistake.
        found.dedup();
        reasons.extend(found.into_iter().map(|why| format!("{}: {why}", shop.name)));
    }
    reasons
}

/// What is wrong, with the first mistake of a configuration that has some.
pub fn in_a_line(failure: &Failure) -> String {
    match failure.complaints.first() {
        Some(first) => format!(
            "{}: line {}: {}",
            failure.message, first.line, first.message
        ),
        None => failure.message.clone(),
    }
}

/// Whether the state file of a shop can be read and written.
fn state_of(shop: &ServedShop) -> Result<(), Failure> {
    let _ = shop.open()?.store()?;
    Ok(())
}

async fn metrics(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if !is_asked_from_here(&parts) && !api::is_viewer(&state, &parts).await {
        return HttpProblem::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "figures are for this machine, and for whoever has a token",
        )
        .hint("send `Authorization: Bearer TOKEN`, with the token of anybody who may see all shops")
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
        .into_response();
    }
    let looked = state.clone();
    let of_shops = blocking(move || {
        let each = looked.shops.iter().map(|shop| figures_of(shop));
        let each = each.chain([Ok(hooks::figures(&looked))]);
        each.collect::<Result<Vec<String>, Failure>>()
    });
    let mut pages = match of_shops.await {
        Ok(Ok(pages)) => pages,
        Ok(Err(failure)) => return HttpProblem::from(failure).into_response(),
        Err(problem) => return problem.into_response(),
    };
    pages.push(of_the_process(&state));
    pages.push(api::figures(&state));
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], merged(&pages)).into_response()
}

/// Whether a request comes from this machine. One that a proxy handed on comes from wherever the proxy was asked from.
fn is_asked_from_here(request: &axum::http::request::Parts) -> bool {
    let is_here = request
        .extensions
        .get::<Peer>()
        .is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    let handed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    let host = request.headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    is_here
        && super::hosts::is_loopback(host)
        && !handed_on
            .iter()
            .any(|name| request.headers.contains_key(*name))
}

fn figures_of(shop: &ServedShop) -> Result<String, Failure> {
    let app = shop.open()?;
    let store = app.store()?;
    Ok(app.prometheus(&store)?)
}

fn of_the_process(state: &ServerState) -> String {
    let mut page = FiguresPage::default();
    page.head(
        "serve_start_timestamp_seconds",
        "gauge",
        "When the process began to serve.",
    );
    page.line(
        "serve_start_timestamp_seconds",
        &[],
        state.started_at.timestamp(),
    );
    page.listeners(&[
        ("main", &state.main.figures),
        ("hooks", &state.hooks.figures),
    ]);
    page.head(
        "serve_event_listeners",
        "gauge",
        "Who follows the events of a shop.",
    );
    for shop in state.shops.iter() {
        page.line(
            "serve_event_listeners",
            &[("shop", &shop.name)],
            shop.events.listeners(),
        );
    }
    page.head(
        "serve_runs",
        "gauge",
        "Runs of this process that are going on.",
    );
    for shop in state.shops.iter() {
        let count = u8::from(shop.runs.current().is_some());
        page.line("serve_runs", &[("shop", &shop.name)], count);
    }
    page.head(
        "sweeps_total",
        "counter",
        "Sweeps since the start, by how they ended.",
    );
    for shop in state.shops.iter() {
        let figures = shop.sweeps.figures();
        for (ended, count) in [("done", figures.done), ("failed", figures.failed)] {
            let labels = [("shop", shop.name.as_str()), ("ended", ended)];
            page.line("sweeps_total", &labels, count);
        }
    }
    page.head(
        "last_sweep_timestamp_seconds",
        "gauge",
        "When a sweep last did its work, since the start.",
    );
    for shop in state.shops.iter() {
        if let Some(at) = shop.sweeps.figures().last_at {
            page.line(
                "last_sweep_timestamp_seconds",
                &[("shop", &shop.name)],
                at.timestamp(),
            );
        }
    }
    page.0
}
