//! The stream of events: what happens in a shop, while it happens. Whoever comes back says which event was the last, and misses none
//! that is still kept.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::operation::{ApiAnswer, ApiCall, ApiOperation, unprocessable};
use super::schema::text;
use crate::server::events::{Following, ServerEvent};

const EVENT_STREAM: &str = "text/event-stream";
/// Whoever may not come in any more hears nothing after this.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// A line that says nothing, so that nobody in between takes the silence for the end.
const PING: Duration = Duration::from_secs(15);
/// Whoever does not read for so long is not listening.
const READ_TIME: Duration = Duration::from_secs(20);
/// How long a browser waits before it comes back, in thousandths of a second.
const RETRY_MS: u32 = 3000;

pub fn operations() -> Vec<ApiOperation> {
    let mut operation = ApiOperation::get(
        "/events",
        "followEvents",
        "Follow what happens: run, queue, problem, incident",
    );
    operation.answers.push(super::operation::OperationAnswer {
        status: 200,
        what: "Events, without end. `Last-Event-ID` goes on behind the one it names; whoever names none is told first which was the newest, as `now`",
        content: vec![(EVENT_STREAM, text())],
        headers: Vec::new(),
    });
    let operation = operation.refuses(429, "Too many tries to come in have failed, or too many streams are open: 16 of one name, 96 in all");
    vec![operation.by(follow)]
}

async fn follow(call: ApiCall) -> ApiAnswer {
    let last = match call.headers.get("last-event-id") {
        None => None,
        Some(given) => {
            let id = given.to_str().ok().and_then(|id| id.trim().parse().ok());
            Some(id.ok_or_else(|| {
                unprocessable("`Last-Event-ID` is none that was given out")
                    .error("header Last-Event-ID", "must be a whole number")
            })?)
        }
    };
    let place = call.state.api.streams.begin(&call.caller.name)?;
    let following = call.shop().events.follow(last);
    let is_new = last.is_none();
    let (lines, mut sent) = mpsc::channel::<Bytes>(16);
    tokio::spawn(send(call, following, is_new, lines));
    let stream = futures_util::stream::poll_fn(move |context| {
        // Given back with the body, when nobody reads it any more.
        let _ = &place;
        sent.poll_recv(context)
            .map(|piece| piece.map(Ok::<Bytes, std::convert::Infallible>))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(EVENT_STREAM)),
        // Proxies that gather an answer before they hand it on would hold events back.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    let response: Response = (headers, Body::from_stream(stream)).into_response();
    Ok(response)
}

/// Sends until the listener is gone, is too slow, may not listen any more, or the server stops.
async fn send(call: ApiCall, following: Following, is_new: bool, lines: mpsc::Sender<Bytes>) {
    let Following {
        before,
        newest,
        mut from_now,
        has_gap,
    } = following;
    let mut first = format!("retry: {RETRY_MS}\n\n");
    if is_new {
        // Whoever read a state before they listened sees whether something happened in between, and comes back to this place if the
        // connection breaks before anything happens.
        first.push_str(&format!("id: {newest}\nevent: now\ndata: {{}}\n\n"));
    }
    if has_gap {
        // Something is not kept any more: whoever shows a state reads it anew.
        first.push_str("event: gap\ndata: {}\n\n");
    }
    if lines
        .send_timeout(Bytes::from(first), READ_TIME)
        .await
        .is_err()
    {
        return;
    }
    for event in before {
        if lines.send_timeout(line(&event), READ_TIME).await.is_err() {
            return;
        }
    }
    let mut look = tokio::time::interval(LOOK_AGAIN);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    look.tick().await;
    let mut ping = tokio::time::interval(PING);
    ping.tick().await;
    loop {
        let piece = tokio::select! {
            () = call.state.stop.asked() => return,
            () = lines.closed() => return,
            event = from_now.recv() => match event {
                Ok(event) => line(&event),
                // Too slow: it comes back by itself, and is told what it missed.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return,
            },
            _ = look.tick() => match call.state.access.is_still_in(&call.caller).await {
                true => continue,
                false => return,
            },
            _ = ping.tick() => Bytes::from_static(b": still here\n\n"),
        };
        if lines.send_timeout(piece, READ_TIME).await.is_err() {
            return;
        }
    }
}

fn line(event: &ServerEvent) -> Bytes {
    let data = json!({ "at": event.at, "shop": event.shop, "data": event.data });
    // JSON of one line has no line breaks.
    Bytes::from(format!(
        "id: {}\nevent: {}\ndata: {data}\n\n",
        event.id,
        event.kind.as_str()
    ))
}
