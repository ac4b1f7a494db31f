//! What a connector keeps between runs, and where: lists on a shelf, tokens in a vault.

use chrono::{DateTime, Utc};

use crate::model::fault::Fault;

/// A place where a connector keeps lists between runs.
pub trait Shelf: Send + Sync {
    /// The text kept under the name, and when it was put there.
    fn get(&self, name: &str) -> Option<(String, DateTime<Utc>)>;
    fn put(&self, name: &str, text: &str) -> Result<(), Fault>;
}

/// Where tokens are kept. Saving returns only when the tokens are on disk.
pub trait Vault: Send + Sync {
    fn load(&self, name: &str) -> Result<Option<secrecy::SecretString>, Fault>;
    fn save(&self, name: &str, secret: &secrecy::SecretString) -> Result<(), Fault>;

    /// The turn to exchange what is kept under the name: one has it at a time, among all processes. `None`: somebody else has it
    /// now, so ask again soon. Whoever dies with it gives it back.
    fn turn(&self, name: &str) -> Result<Option<TokenTurn>, Fault>;

    /// Remembers how a sign-in stands, for those who may look but not open anything.
    fn note(&self, name: &str, life: &Life) -> Result<(), Fault>;
}

/// A turn, until it is dropped.
pub struct TokenTurn(#[expect(dead_code, reason = "it is held, and that is all")] Box<dyn Send>);

impl TokenTurn {
    pub fn new(held: impl Send + 'static) -> TokenTurn {
        TokenTurn(Box::new(held))
    }
}

/// How the sign-in of a company stands. Nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub company_id: String,
    pub refreshed_at: Option<DateTime<Utc>>,
    /// It ends then unless it is renewed before.
    pub refresh_until: Option<DateTime<Utc>>,
    /// It ends then, renewed or not.
    pub hard_until: Option<DateTime<Utc>>,
    /// The digest of the token of the environment that it descends from.
    pub came_from: Option<String>,
    /// It ended then: the other side takes it no longer.
    pub refused_at: Option<DateTime<Utc>>,
}
