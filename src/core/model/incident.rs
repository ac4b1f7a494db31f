//! Incidents: what goes wrong and stays wrong until somebody mends it, told once however many runs meet it.
//!
//! A problem belongs to a record. An incident is about the whole: the connection is broken, runs fail, records wait for the
//! same reason. It opens when a run first meets it and closes when a run no longer does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What an incident is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IncidentKind {
    /// Credentials are missing, refused or expired.
    Connection,
    /// A run ended before its work was done.
    Failure,
    /// No run has come to its end for too long.
    Silence,
    /// Records wait for a person.
    Held,
    /// A sign-in will end on its own.
    Expiry,
}

impl IncidentKind {
    pub const ALL: [IncidentKind; 5] = [
        IncidentKind::Connection,
        IncidentKind::Failure,
        IncidentKind::Silence,
        IncidentKind::Held,
        IncidentKind::Expiry,
    ];
    pub const WORDS: &'static [&'static str] =
        &["connection", "failure", "silence", "held", "expiry"];

    pub fn as_str(self) -> &'static str {
        match self {
            IncidentKind::Connection => "connection",
            IncidentKind::Failure => "failure",
            IncidentKind::Silence => "silence",
            IncidentKind::Held => "held",
            IncidentKind::Expiry => "expiry",
        }
    }

    pub fn from_word(word: &str) -> Option<IncidentKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What is wrong right now, as a run sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    pub kind: IncidentKind,
    /// What it is about within its kind, as a word for machines: `store_unreachable`. Two concerns with the same kind and
    /// subject are the same incident.
    pub subject: String,
    /// A few words for a subject line.
    pub title: String,
    /// What happened, what it means, and what to type. Never a secret and never a person.
    pub happened: String,
    pub means: String,
    pub remedy: String,
}

/// A concern with its times, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: i64,
    pub concern: Concern,
    pub opened_at: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    /// How many runs have met it.
    pub seen: u32,
    pub closed_at: Option<DateTime<Utc>>,
}

/// Which end of an incident a notice tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tells {
    Trouble,
    Recovery,
}

/// One incident on its way to one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: i64,
    pub incident: Incident,
    pub tells: Tells,
    /// `email`, `slack`, `webhook`.
    pub channel: String,
    /// Not before then.
    pub due_at: DateTime<Utc>,
    pub attempts: u32,
    /// Why the last attempt did not succeed.
    pub error: Option<String>,
}
