//! Identity: by what an order or a refund is told from another one that has the same id.
//!
//! A shop that was put back to a backup, or a copy of it, gives its ids out a second time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;

/// What stays the same of an order or a refund as long as it lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The digest of the key that the shop gave it. The key itself opens the order's page to anybody, so it is kept nowhere.
    pub key: Option<Fingerprint>,
    pub created_at: DateTime<Utc>,
}

impl Identity {
    /// Whether both are of one order. A person may correct the day of an order in the shop, its key nobody changes: where both
    /// have one, it decides.
    pub fn is_same(&self, other: &Identity) -> bool {
        match (&self.key, &other.key) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => self.created_at == other.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_decides_and_the_day_where_there_is_none() {
        let one = |key: Option<&str>, at: i64| Identity {
            key: key.map(|key| Fingerprint::of_bytes(key.as_bytes())),
            created_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(at),
        };
        assert!(one(Some("a"), 1).is_same(&one(Some("a"), 2)));
        assert!(!one(Some("a"), 1).is_same(&one(Some("b"), 1)));
        assert!(one(None, 1).is_same(&one(Some("b"), 1)));
        assert!(!one(None, 1).is_same(&one(None, 2)));
    }
}
