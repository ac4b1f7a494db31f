//! A stand-in of a Supabase project on loopback: the gateway, PostgREST, and the tables behind it, in memory.
//!
//! It was written from what a real PostgREST over a real PostgreSQL was seen to answer, and `tests/it/contract.rs` puts the same
//! questions to both. It speaks as version 14 does unless its setup says otherwise; 12 and before speak of some things
//! differently.
//!
//! It does not imitate: SQL, row-level security beyond "`anon` sees nothing", functions, views, joins and aggregates, CSV, `PUT`,
//! `OPTIONS`, read replicas, collations, connections that run out by themselves, and the time that work takes. It can be told to
//! misbehave, and to show what it was asked and what it holds, below `/_sandbox/`.
//!
//! Where the real behaviour is not known it chooses the harder one: a long address and a big body are refused early, and a key of
//! the old kind that is not signed in with as well is nobody's.

mod answer;
mod control;
mod describe;
mod fault;
mod field;
mod filter;
mod gateway;
mod json;
mod kind;
mod log;
mod mishap;
mod moment;
mod number;
mod ours;
mod prefer;
mod query;
mod read;
mod serve;
mod setup;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use gateway::Key;
use log::Log;
use mishap::Mishaps;
use setup::Setup;
use table::Table;

/// How long stopping waits for answers that are under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// A stand-in that serves until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Running {
    /// The address of the project, without a slash at its end and without `/rest/v1`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, lets answers that are under way finish for a moment, and returns when the port is free.
    pub async fn stop(mut self) {
        self.close();
        let serving = &mut self.serving;
        if tokio::time::timeout(PATIENCE, &mut *serving).await.is_err() {
            serving.abort();
        }
    }

    fn close(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone when serving has already ended, which is as good.
            let _ = stop.send(());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
        self.serving.abort();
    }
}

/// The project: what it holds, and how it is set up.
struct Project {
    tables: BTreeMap<String, Table>,
    keys: Vec<Key>,
    version: String,
    modern: bool,
    schema: String,
    schemas: Vec<String>,
    max_rows: usize,
    latency_ms: u64,
    longest_url: usize,
    largest_body: usize,
    clock_offset_seconds: i64,
}

/// Everything the handlers share.
struct World {
    project: Mutex<Project>,
    mishaps: Mutex<Mishaps>,
    log: Arc<Log>,
}

impl World {
    /// No handler panics while it holds a lock with half a change made, so a poisoned lock is as good as a sound one.
    fn project(&self) -> MutexGuard<'_, Project> {
        self.project.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mishaps(&self) -> MutexGuard<'_, Mishaps> {
        self.mishaps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a project on the given port of loopback; port 0 takes any free one.
pub async fn start(port: u16, setup: serde_json::Value) -> io::Result<Running> {
    let invalid = |why: String| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("the project's setup: {why}"),
        )
    };
    let setup: Setup = serde_json::from_value(setup).map_err(|error| invalid(error.to_string()))?;
    let project = Project {
        tables: setup.build().map_err(invalid)?,
        modern: setup.is_modern(),
        keys: setup.keys,
        version: setup.version,
        schema: setup.schema,
        schemas: setup.schemas,
        max_rows: setup.max_rows,
        latency_ms: setup.latency_ms,
        longest_url: setup.longest_url,
        largest_body: setup.largest_body,
        clock_offset_seconds: setup.clock_offset_seconds,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    // Small answers would otherwise wait for each other; a socket that refuses is merely slow.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let world = Arc::new(World {
        project: Mutex::new(project),
        mishaps: Mutex::default(),
        log: Arc::default(),
    });
    let app = control::routes()
        .fallback(serve::serve)
        .layer(DefaultBodyLimit::disable())
        .with_state(world);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let until = async {
            // Sent by `stop`, or dropped with the handle: either way it is over.
            let _ = stopped.await;
        };
        // An error here would be the listener's; there is nobody to tell and nothing to save.
        let _ = axum::serve(listener, app)
            .with_graceful_shutdown(until)
            .await;
    });
    Ok(Running {
        address,
        stop: Some(stop),
        serving,
    })
}
