//! Runs: what was asked, when, and what came of it.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A finished or running pass of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub id: String,
    pub shop: String,
    pub command: String,
    pub entities: Vec<String>,
    /// `incremental`, `full`, `selected`.
    pub mode: String,
    pub dry_run: bool,
    pub status: RunStatus,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// By target, as `quickbooks`; one for each that the run was about.
    pub tallies: BTreeMap<String, Tally>,
    /// Why it ended before its work was done.
    pub error: Option<RunError>,
}

/// Why a run failed, was refused or was broken off, as it was told then. It is read later: nothing in here is good for minutes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    pub code: String,
    /// The exit code that the command ended with.
    pub exit: u8,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// What a guard kept from being written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waits: Option<Waits>,
}

/// What a plan would have done, had somebody agreed. Names that are made along the way are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    pub create: u64,
    pub update: u64,
    pub void: u64,
    pub delete: u64,
}

impl Run {
    /// The figures of one target, to be added to.
    pub fn tally(&mut self, target: &str) -> &mut Tally {
        self.tallies.entry(target.to_owned()).or_default()
    }

    /// What was read from the shop; one reading serves every target.
    pub fn read(&self) -> u64 {
        self.tallies
            .values()
            .map(|tally| tally.read)
            .max()
            .unwrap_or(0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    Running,
    Succeeded,
    Partial,
    Failed,
    Interrupted,
    Refused,
}

impl RunStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            RunStatus::Running => "running",
            RunStatus::Succeeded => "succeeded",
            RunStatus::Partial => "partial",
            RunStatus::Failed => "failed",
            RunStatus::Interrupted => "interrupted",
            RunStatus::Refused => "refused",
        }
    }

    pub fn from_word(word: &str) -> Option<RunStatus> {
        [
            RunStatus::Running,
            RunStatus::Succeeded,
            RunStatus::Partial,
            RunStatus::Failed,
            RunStatus::Interrupted,
            RunStatus::Refused,
        ]
        .into_iter()
        .find(|status| status.as_str() == word)
    }
}

/// The figures of a run for one target. Documents are counted, names are counted apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Records read from the shop.
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    pub voided: u64,
    pub deleted: u64,
    pub unchanged: u64,
    pub skipped: u64,
    pub held: u64,
    pub failed: u64,
    pub conflicts: u64,
    /// Customers and items made along the way.
    pub names: u64,
    pub requests: Requests,
}

/// What a run asked of the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Reads, as the service meters them.
    pub reads: u64,
    /// Requests that write; a batch is one.
    pub writes: u64,
    /// Answers that said "too many".
    pub throttled: u64,
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, more: &Tally) {
        self.read += more.read;
        self.created += more.created;
        self.updated += more.updated;
        self.voided += more.voided;
        self.deleted += more.deleted;
        self.unchanged += more.unchanged;
        self.skipped += more.skipped;
        self.held += more.held;
        self.failed += more.failed;
        self.conflicts += more.conflicts;
        self.names += more.names;
        self.requests += more.requests;
    }
}

impl AddAssign for Requests {
    fn add_assign(&mut self, more: Requests) {
        self.reads += more.reads;
        self.writes += more.writes;
        self.throttled += more.throttled;
    }
}

/// A change that a run made or would make: what a plan's step came to, kept for the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub target: String,
    pub action: super::plan::Action,
    pub entity: String,
    pub source: super::plan::RecordKey,
    pub label: String,
    pub txn_date: Option<chrono::NaiveDate>,
    pub currency: Option<String>,
    pub total: Option<super::money::Money>,
    pub tax_total: Option<super::money::Money>,
    pub target_id: Option<String>,
    pub body: Option<String>,
    pub warnings: Vec<super::fault::Reason>,
    pub reason: Option<super::fault::Reason>,
}

impl Change {
    /// The number under which the books have the document or would have it; names and what is left out have none.
    pub fn doc_number(&self) -> Option<&str> {
        use super::plan::{Action, Entity};
        let of_document = matches!(self.source.entity, Entity::Order | Entity::Refund);
        Some(self.label.as_str()).filter(|_| of_document && self.action != Action::Skip)
    }
}
