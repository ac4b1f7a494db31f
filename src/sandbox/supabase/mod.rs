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
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::stand::control::Watched;
use crate::stand::log::StandLog;
use crate::stand::mishap::StandRules;
use crate::stand::{self, locked};
use gateway::DatabaseKey;
use mishap::DatabaseRule;
use setup::DatabaseSetup;
use table::DatabaseTable;

pub use crate::stand::Running;

/// The project: what it holds, and how it is set up.
struct Project {
    tables: BTreeMap<String, DatabaseTable>,
    keys: Vec<DatabaseKey>,
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
struct DatabaseWorld {
    project: Mutex<Project>,
    mishaps: Mutex<StandRules<DatabaseRule>>,
    log: Arc<StandLog>,
}

impl DatabaseWorld {
    fn project(&self) -> MutexGuard<'_, Project> {
        locked(&self.project)
    }
}

impl Watched for DatabaseWorld {
    type Rule = DatabaseRule;

    fn mishaps(&self) -> MutexGuard<'_, StandRules<DatabaseRule>> {
        locked(&self.mishaps)
    }

    fn requests(&self) -> Value {
        Value::Array(self.log.requests())
    }

    fn forget_requests(&self) {
        self.log.clear();
    }

    fn counts(&self) -> Value {
        let requests = self.log.requests();
        let reads = |one: &&Value| one["method"] == "GET" || one["method"] == "HEAD";
        let reads = requests.iter().filter(reads).count();
        let rows = requests.iter().filter_map(|one| one["rows"].as_u64());
        let mut counts = self.log.counts();
        counts["reads"] = json!(reads);
        counts["writes"] = json!(requests.len() - reads);
        counts["rows_sent"] = json!(rows.sum::<u64>());
        counts
    }
}

/// Opens a project on the given port of loopback; port 0 takes any free one.
pub async fn start(port: u16, setup: Value) -> io::Result<Running> {
    let invalid = |why: String| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("the project's setup: {why}"),
        )
    };
    let setup: DatabaseSetup =
        serde_json::from_value(setup).map_err(|error| invalid(error.to_string()))?;
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
    let world = Arc::new(DatabaseWorld {
        project: Mutex::new(project),
        mishaps: Mutex::default(),
        log: Arc::default(),
    });
    let routes = control::routes().fallback(serve::serve).with_state(world);
    stand::serve(stand::listen(port).await?, routes, Vec::new())
}
