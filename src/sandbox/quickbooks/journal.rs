//! What was asked of the stand-in, for tests to look at.
//!
//! Every request that arrives is counted, whatever became of it; only those that
//! succeeded are metered.

use super::call::{CompanyCall, CompanyRaw, CompanyWhat};
use super::mishap::Mishap;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub struct CompanyEntry {
    n: usize,
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    class: &'static str,
    metered: usize,
    operations: Vec<String>,
    requestid: Option<String>,
    /// Of a write: as it came.
    body: Option<String>,
    /// What was or would have been answered; nothing when no work was begun.
    status: Option<u16>,
    mishap: Option<Mishap>,
    replayed: bool,
}

#[derive(Default, Clone, Serialize)]
pub struct CompanyCounts {
    pub reads: usize,
    pub metered_reads: usize,
    pub writes: usize,
    pub name_writes: usize,
    pub document_writes: usize,
    pub batches: usize,
    pub throttled: usize,
    pub refreshes: usize,
    pub replays: usize,
    pub largest_in_flight: usize,
    pub largest_names_in_flight: usize,
}

#[derive(Default)]
pub struct Journal {
    pub entries: Vec<CompanyEntry>,
    pub counts: CompanyCounts,
    noted: usize,
}

/// What became of a request.
pub struct CompanyOutcome {
    pub status: Option<u16>,
    pub metered: usize,
    pub replayed: bool,
    pub throttled: bool,
    pub mishap: Option<Mishap>,
}

impl Journal {
    pub fn note(&mut self, raw: &CompanyRaw, call: &CompanyCall, outcome: CompanyOutcome) {
        self.noted += 1;
        let counts = &mut self.counts;
        match call.class() {
            "read" => counts.reads += 1,
            "write" => {
                counts.writes += 1;
                let writes = call.writes();
                if !writes.is_empty() && writes.iter().all(|w| w.entity.is_name()) {
                    counts.name_writes += 1;
                } else if writes.iter().any(|w| w.entity.is_document()) {
                    counts.document_writes += 1;
                }
            }
            _ => {
                counts.refreshes += usize::from(
                    matches!(call.what, CompanyWhat::Token) && outcome.status == Some(200),
                )
            }
        }
        counts.batches += usize::from(matches!(call.what, CompanyWhat::Batch(_)));
        counts.metered_reads += outcome.metered;
        counts.throttled += usize::from(outcome.throttled);
        counts.replays += usize::from(outcome.replayed);
        self.entries.push(CompanyEntry {
            n: self.noted,
            method: raw.method.clone(),
            path: raw.path.clone(),
            query: raw.query.clone(),
            class: call.class(),
            metered: outcome.metered,
            operations: call.operations(),
            requestid: call.requestid.clone(),
            body: (call.class() == "write")
                .then(|| String::from_utf8_lossy(&raw.body).into_owned()),
            status: outcome.status,
            mishap: outcome.mishap,
            replayed: outcome.replayed,
        });
    }
}
