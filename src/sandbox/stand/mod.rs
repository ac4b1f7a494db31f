//! What every stand-in stands on: a server on loopback, rules of mishap, a log of what was asked, the levers under `/_sandbox/`,
//! and numbers that look random.
//!
//! Nothing here knows a service. What a mishap does to an answer, and what a lever moves, is said by each stand-in.

pub mod control;
pub mod log;
pub mod mishap;
pub mod post;
pub mod seeded;
pub mod sending;
#[cfg(test)]
pub mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Response, header};
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long stopping waits for answers that are under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// A stand-in that serves until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    /// Dropping this end tells the server to finish and close its connections.
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    /// What works beside the server, such as a sender of webhooks.
    beside: Vec<JoinHandle<()>>,
}

impl Running {
    /// The address to put before every path, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Pulls a lever: asks the stand-in something below `/_sandbox/`. What it refuses is an error in its words.
    pub async fn lever(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        post::ask(method, &format!("{}/_sandbox/{path}", self.url()), body).await
    }

    /// Stops listening, lets answers that are under way finish for a moment, and returns when the port is free.
    pub async fn stop(mut self) {
        self.stop.take();
        let serving = &mut self.serving;
        if tokio::time::timeout(PATIENCE, &mut *serving).await.is_err() {
            serving.abort();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.take();
        self.serving.abort();
        self.beside.iter().for_each(JoinHandle::abort);
    }
}

/// A port of loopback; 0 takes any free one.
pub async fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves these routes until the stand-in is stopped or dropped, and what works beside them ends with it.
pub fn serve(
    listener: TcpListener,
    routes: Router,
    beside: Vec<JoinHandle<()>>,
) -> io::Result<Running> {
    let address = listener.local_addr()?;
    // Small answers would otherwise wait for each other; a socket that refuses is merely slow.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let until = async {
            // The sender is never used, only dropped: an error is the word to stop.
            let _ = stopped.await;
        };
        // An error here would be the listener's; there is nobody to tell and nothing to save.
        let _ = axum::serve(listener, routes.layer(DefaultBodyLimit::disable()))
            .with_graceful_shutdown(until)
            .await;
    });
    Ok(Running {
        address,
        stop: Some(stop),
        serving,
        beside,
    })
}

/// Takes a lock. No handler panics while it holds one with half a change made, so a poisoned lock is as good as a sound one.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A body that breaks off after these bytes, with its connection.
pub fn broken_off(sent: Bytes) -> Body {
    let broken = io::Error::new(io::ErrorKind::ConnectionReset, "the connection is cut here");
    let pieces = if sent.is_empty() {
        vec![Err(broken)]
    } else {
        vec![Ok(sent), Err(broken)]
    };
    Body::from_stream(stream::iter(pieces))
}

/// Has an answer promise this many bytes, however many it sends.
pub fn promising(mut response: Response<Body>, bytes: usize) -> Response<Body> {
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    response
}
