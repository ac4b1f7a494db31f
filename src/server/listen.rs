//! Connections: an accept loop of our own, because the usual one has no clock and so no limit on a client that sends its headers a
//! byte a minute.
//!
//! A connection is *slow* while its request is still coming, and *works* from when all of it is here until the answer is gone. Only so
//! many are open at once. Whoever comes when all places are taken gets the place of the slowest that is still sending: two hundred
//! clients that hold their connections open keep no webhook out. Where every place works, the newcomer is told to come back.
//!
//! At the end nobody is accepted any more, idle connections close, and requests under way are answered.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use http_body_util::BodyExt;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::Peer;
use super::options::ServeOptions;
use super::patience::PatientStream;
use super::state::ListenerState;
use super::stop::Stop;
use crate::run::Failure;
use crate::run::failure::without_number;

/// A client that has not sent its headers by then sends none. An idle connection ends then too.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Of the headers of a request, all told, and their number.
const HEADER_BYTES: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;
/// A request that is still coming when the process ends has so long to come.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// What is being worked for then has so long to be answered.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// Whoever takes nothing of an answer for so long is not there.
const READ_TIME: Duration = Duration::from_secs(30);
/// Connections that the kernel holds ready.
const BACKLOG: u32 = 1024;

/// What a listener accepts.
#[derive(Clone, Copy, Debug)]
pub struct ListenerLimits {
    /// Connections at once.
    pub connections: usize,
    /// Of a body.
    pub body_max: usize,
    pub body_time: Duration,
}

impl ListenerLimits {
    pub const MAIN: ListenerLimits = ListenerLimits {
        connections: 192,
        body_max: 1 << 20,
        body_time: Duration::from_secs(15),
    };
    pub const HOOKS: ListenerLimits = ListenerLimits {
        connections: 64,
        body_max: 4 << 20,
        body_time: Duration::from_secs(15),
    };
}

/// A port that is open, and not served yet.
pub struct Entrance {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    pub state: Arc<ListenerState>,
    pub limits: ListenerLimits,
}

impl Entrance {
    /// Opens a port. Outside of this machine it is reached only over TLS, here or in front.
    pub async fn open(
        address: SocketAddr,
        options: &ServeOptions,
        limits: ListenerLimits,
    ) -> Result<Entrance, Failure> {
        let is_here = address.ip().is_loopback();
        if !is_here && !options.behind_proxy && options.tls.is_none() {
            return Err(Failure::new(
                "listener_open",
                format!("`{address}` can be reached from other machines, and what goes there could be read on the way"),
            )
            .hint(
                "let a proxy end TLS and say `--behind-proxy`, or set `tls_cert` and `tls_key` in `[serve]`, or listen on 127.0.0.1",
            ));
        }
        let tls = match &options.tls {
            Some(files) if !is_here => Some(super::tls::acceptor(files)?),
            _ => None,
        };
        let listener = listen(address).map_err(|error| {
            Failure::new("port_in_use", format!("could not listen on `{address}`: {error}")).hint(
                "another program listens there, perhaps another `udsync serve`; or name another port with `--listen` or `--hooks-listen`",
            )
        })?;
        let address = listener.local_addr().unwrap_or(address);
        let url = url_of(address, tls.is_some());
        Ok(Entrance {
            listener,
            tls,
            state: Arc::new(ListenerState::new(address, url)),
            limits,
        })
    }

    pub fn has_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Serves until the server ends, and then until what is under way is answered.
    pub async fn serve(self, routes: Router, stop: Stop) {
        let places = Arc::new(Places::new(self.limits.connections, self.state.clone()));
        let mut open: JoinSet<()> = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = stop.asked() => break,
                accepted = self.listener.accept() => accepted,
                Some(_) = open.join_next() => continue,
            };
            match accepted {
                Ok((stream, peer)) => {
                    self.state.is_troubled_by(None);
                    let connection = OpenConnection {
                        peer,
                        tls: self.tls.clone(),
                        places: places.clone(),
                        routes: routes.clone(),
                        stop: stop.clone(),
                    };
                    open.spawn(connection.serve(stream));
                }
                // Out of file handles, or the client was gone already: neither gets better by asking again at once.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    self.state
                        .is_troubled_by(Some(without_number(&error.to_string())));
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        // The port is free for whoever starts next, while the last answers go out.
        drop(self.listener);
        let rest = async { while open.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_ANSWERS, rest).await.is_err() {
            tracing::warn!("connections that did not end in time were cut off");
            open.shutdown().await;
        }
    }
}

/// Where it is reached, on this machine if possible.
fn url_of(mut address: SocketAddr, has_tls: bool) -> String {
    let scheme = if has_tls { "https" } else { "http" };
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("{scheme}://{address}")
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Connections of the process before this one may linger for a minute. On Windows the option would mean something else.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

struct OpenConnection {
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    places: Arc<Places>,
    routes: Router,
    stop: Stop,
}

impl OpenConnection {
    async fn serve(self, mut stream: TcpStream) {
        // Answers are small; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let Some(place) = self.places.take() else {
            // Best effort: whoever does not read it finds the connection closed.
            let _ = stream.write_all(FULL).await;
            return;
        };
        let phase = place.phase.clone();
        let work = async {
            match self.tls.clone() {
                None => self.speak(stream, &phase).await,
                Some(tls) => {
                    let greeted = tokio::time::timeout(HEADER_TIME, tls.accept(stream)).await;
                    if let Ok(Ok(stream)) = greeted {
                        self.speak(stream, &phase).await;
                    }
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = place.phase.0.evicted.notified() => {}
        }
    }

    async fn speak(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        phase: &ConnectionPhase,
    ) {
        let (routes, peer) = (self.routes.clone(), Peer(self.peer));
        let of_request = phase.clone();
        let service =
            hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let (routes, phase) = (routes.clone(), of_request.clone());
                async move {
                    let mut request = request.map(axum::body::Body::new);
                    request.extensions_mut().insert(peer);
                    request.extensions_mut().insert(phase.clone());
                    let answer = routes.oneshot(request).await;
                    // Dropped with the body, when the last of it has been sent.
                    let answered = ResponseLeft(phase);
                    answer.map(|answer| {
                        answer.map(|body| {
                            axum::body::Body::new(body.map_frame(move |frame| {
                                let _ = &answered;
                                frame
                            }))
                        })
                    })
                }
            });
        let mut connection = std::pin::pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIME)
                .max_headers(HEADERS_MAX)
                .max_buf_size(HEADER_BYTES)
                .serve_connection(TokioIo::new(PatientStream::new(stream, READ_TIME)), service)
        );
        tokio::select! {
            // How a connection of somebody else ended is nothing that we could mend.
            _ = connection.as_mut() => return,
            () = self.stop.asked() => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            _ = connection => {}
            () = phase.stays_slow() => {}
        }
    }
}

/// Written by hand: there is no place in which anything could be computed for it.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 1\r\n\
Connection: close\r\nContent-Length: 155\r\n\r\n{\"type\":\"urn:udsync:problem:connections_full\",\"title\":\"all connections are in use\",\"status\":503,\"detail\":\"try again in a moment\",\"code\":\"connections_full\"}";

/// How far a connection is: sending, or being worked for.
#[derive(Clone, Debug)]
pub struct ConnectionPhase(Arc<PhaseOf>);

#[derive(Debug)]
struct PhaseOf {
    number: u64,
    works: AtomicBool,
    evicted: Notify,
    since: Mutex<Instant>,
}

impl ConnectionPhase {
    /// All of the request is here.
    pub fn works(&self) {
        self.0.works.store(true, Ordering::Relaxed);
    }

    /// The answer is made; the next request may take its time.
    fn waits(&self) {
        *self.0.since.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.works.store(false, Ordering::Relaxed);
    }

    /// Ends when a request has not come whole although everybody was asked to end.
    async fn stays_slow(&self) {
        tokio::time::sleep(LAST_WORDS).await;
        while self.is_slow_since().is_none() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn is_slow_since(&self) -> Option<Instant> {
        if self.0.works.load(Ordering::Relaxed) {
            return None;
        }
        Some(*self.0.since.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The answer has left, or nobody is there to take it.
struct ResponseLeft(ConnectionPhase);

impl Drop for ResponseLeft {
    fn drop(&mut self) {
        self.0.waits();
    }
}

/// The places of a listener.
struct Places {
    max: usize,
    listener: Arc<ListenerState>,
    taken: Mutex<(u64, Vec<ConnectionPhase>)>,
}

struct PlaceTaken {
    phase: ConnectionPhase,
    places: Arc<Places>,
}

impl Places {
    fn new(max: usize, listener: Arc<ListenerState>) -> Places {
        Places {
            max,
            listener,
            taken: Mutex::new((0, Vec::new())),
        }
    }

    /// A place: a free one, or that of whoever has been sending for longest. None where all of them work.
    fn take(self: &Arc<Places>) -> Option<PlaceTaken> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, open) = &mut *taken;
        if open.len() >= self.max {
            let slow = open
                .iter()
                .enumerate()
                .filter_map(|(at, phase)| Some((phase.is_slow_since()?, at)));
            let figures = &self.listener.figures;
            let Some((_, at)) = slow.min() else {
                figures.turned_away.fetch_add(1, Ordering::Relaxed);
                return None;
            };
            figures.evicted.fetch_add(1, Ordering::Relaxed);
            open.swap_remove(at).0.evicted.notify_one();
        }
        *number += 1;
        let phase = ConnectionPhase(Arc::new(PhaseOf {
            number: *number,
            works: AtomicBool::new(false),
            evicted: Notify::new(),
            since: Mutex::new(Instant::now()),
        }));
        open.push(phase.clone());
        self.listener
            .figures
            .open
            .store(open.len() as u64, Ordering::Relaxed);
        Some(PlaceTaken {
            phase,
            places: self.clone(),
        })
    }
}

impl Drop for PlaceTaken {
    fn drop(&mut self) {
        let mut taken = self
            .places
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let number = self.phase.0.number;
        taken.1.retain(|phase| phase.0.number != number);
        let open = taken.1.len() as u64;
        self.places
            .listener
            .figures
            .open
            .store(open, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_sends_slowest_makes_room_and_whoever_works_keeps_the_place() {
        let address = "127.0.0.1:0".parse().expect("an address");
        let listener = Arc::new(ListenerState::new(address, String::new()));
        let places = Arc::new(Places::new(2, listener.clone()));
        let first = places.take().expect("there is room");
        first.phase.works();
        let second = places.take().expect("there is room");
        let third = places.take().expect("the second is slow");
        third.phase.works();
        assert!(places.take().is_none(), "both of those left are working");
        drop(second);
        assert!(
            places.take().is_none(),
            "an evicted connection gave its place up before"
        );
        drop(first);
        assert!(places.take().is_some());
        let read = |figure: &std::sync::atomic::AtomicU64| figure.load(Ordering::Relaxed);
        let figures = &listener.figures;
        assert_eq!((read(&figures.evicted), read(&figures.turned_away)), (1, 2));
    }

    #[test]
    fn the_answer_when_all_is_taken_says_how_long_it_is() {
        let text = std::str::from_utf8(FULL).expect("it is text");
        let (head, body) = text.split_once("\r\n\r\n").expect("there is a body");
        assert!(
            head.contains(&format!("Content-Length: {}", body.len())),
            "{}",
            body.len()
        );
        serde_json::from_str::<serde_json::Value>(body).expect("it is JSON");
    }
}
