//! The key of the state file as the file itself uses it: over what is kept of people.

use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::safe::{self, SealingKey};
use crate::store::BodyKey;

/// The key of the state file, for what is kept of people.
pub struct StateKey {
    id: String,
    key: SealingKey,
}

impl StateKey {
    pub fn new(key: SealingKey) -> Arc<StateKey> {
        Arc::new(StateKey {
            id: key.id().0,
            key,
        })
    }
}

impl BodyKey for StateKey {
    fn id(&self) -> &str {
        &self.id
    }

    fn seal(&self, place: &str, text: &str) -> Vec<u8> {
        safe::seal_alike(&self.key, place, text)
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Option<String> {
        let text = safe::open(&self.key, place, sealed).ok()?;
        Some(text.expose_secret().to_owned())
    }
}
