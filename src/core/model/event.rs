//! Events: what a run tells about itself while it goes on.

use serde::Serialize;

/// Where events go. Whoever tells goes on at once.
pub type Tell<'a> = &'a (dyn Fn(Event) + Send + Sync);

/// Something a person or a script may want to know before the run ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A stage begins; `total` where it is known beforehand.
    Stage { stage: Stage, total: Option<u64> },
    /// So much of the stage is done.
    Progress { stage: Stage, done: u64 },
    /// The other side asked us to wait.
    Waiting {
        target: String,
        seconds: u64,
        why: String,
    },
    /// A document or a name stands in the books.
    Written {
        action: super::plan::Action,
        entity: String,
        label: String,
        target_id: String,
    },
    /// A record is held or failed.
    Problem {
        source: super::plan::RecordKey,
        code: String,
        message: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Settling what an earlier run left open.
    Resume,
    /// Reading the shop.
    Gather,
    /// Comparing with the books.
    Plan,
    /// Writing customers and items.
    Names,
    /// Writing documents.
    Documents,
}

impl Stage {
    /// What is being done, for people.
    pub fn words(self) -> &'static str {
        match self {
            Stage::Resume => "settling what was left open",
            Stage::Gather => "reading the shop",
            Stage::Plan => "comparing with the books",
            Stage::Names => "writing customers and items",
            Stage::Documents => "writing documents",
        }
    }
}
