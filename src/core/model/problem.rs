//! Problems: records that are held or failed, kept until they are settled.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::document::DocumentKey;
use super::fault::Reason;
use super::plan::RecordKey;

/// One record that needs a person, or another try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Short and easily typed, `F7K2`; the same problem of the same record keeps it.
    pub id: String,
    pub target: String,
    pub source: RecordKey,
    /// The document concerned, where it is not the whole record.
    pub subject: Option<DocumentKey>,
    pub state: ProblemState,
    pub reason: Reason,
    /// Another try may help although nothing changed.
    pub retryable: bool,
    pub attempts: u32,
    /// How often in a row another try did not help, although it might have.
    pub tries: u32,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemState {
    /// A rule says that a person must look.
    Held,
    /// The target refused it or could not take it.
    Failed,
    /// It failed again and again. It is not tried any more until a person asks for it, or its record changes.
    Parked,
    /// A person changed the document in the books.
    Conflict,
    /// A person decided to leave it out for good.
    SetAside,
}

impl ProblemState {
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemState::Held => "held",
            ProblemState::Failed => "failed",
            ProblemState::Parked => "parked",
            ProblemState::Conflict => "conflict",
            ProblemState::SetAside => "set_aside",
        }
    }
}

impl Problem {
    /// Its way out, with its own id where that is to be typed.
    pub fn hint(&self) -> Option<String> {
        self.reason.hint.as_deref().map(|hint| self.named_in(hint))
    }

    /// Words about a record that waits, with the id of this one in what is to be typed. What is filed nowhere yet has none.
    pub fn named_in(&self, words: &str) -> String {
        if self.id.is_empty() {
            return words.to_owned();
        }
        words
            .replace("`udsync retry ID`", &format!("`udsync retry {}`", self.id))
            .replace("--skip ID ", &format!("--skip {} ", self.id))
            .replace("--restore ID`", &format!("--restore {}`", self.id))
    }
}
