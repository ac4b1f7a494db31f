//! The secrets: sealed bytes, where the key to them is, and which services somebody connected with them.
//!
//! Nothing here can open what is sealed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::store::{
    BodyKey, Connection, HeldTurn, KeyPlace, Sealed, SecretKept, Store, StoreError,
};

port! {
    /// What is sealed, and what is known of connections.
    pub trait Secrets {
        /// How messages call the place where all this is.
        fn called(&self) -> &str;

        /// What is sealed under a name.
        fn sealed(&self, name: &str) -> Result<Option<Sealed>, StoreError>;

        /// The names of what is sealed, in their order.
        fn sealed_names(&self) -> Result<Vec<String>, StoreError>;

        /// Where the key is that all but the environment's own secrets are sealed with; `None`: nothing was sealed yet.
        fn key_place(&self) -> Result<Option<KeyPlace>, StoreError>;

        /// What the first version kept in plain text.
        fn plain_secrets(&self) -> Result<Vec<(String, SecretString)>, StoreError>;

        /// A connection, with what its connector knows about it as JSON: see
        /// [`connections::known`](crate::store::connections::known).
        fn connection(&self, name: &str) -> Result<Option<Connection<String>>, StoreError>;
    }
}

port! {
    /// Keeps what is sealed. When a call returns, it is kept for good: a rotated token whose successor is lost cannot be had again.
    pub trait SecretsWriter: Secrets {
        /// Keeps a sealed secret. `under_place`: it is sealed with the key of [`Secrets::key_place`], which must still be that one.
        fn save_sealed(
            &self,
            name: &str,
            sealed: &Sealed,
            under_place: bool,
            now: DateTime<Utc>,
        ) -> Result<SecretKept, StoreError>;

        /// Shreds a sealed secret: nothing is left of its bytes. Says whether there was one.
        fn remove_sealed(&self, name: &str) -> Result<bool, StoreError>;

        /// Remembers where the key is, unless somebody was faster: then theirs comes back.
        fn place_key(&self, place: &KeyPlace) -> Result<KeyPlace, StoreError>;

        /// Puts another key in the place of the present one: everything that was sealed with it is sealed anew, or nothing is.
        /// `again` gets a name and what was sealed, and says what to put there; if it says `None`, nothing is replaced, and so does this.
        /// `bodies` are the two keys for what is kept of people.
        fn replace_key(
            &self,
            old: &KeyPlace,
            new: &KeyPlace,
            now: DateTime<Utc>,
            bodies: (Arc<dyn BodyKey>, Arc<dyn BodyKey>),
            again: &mut dyn FnMut(&str, &Sealed) -> Option<Sealed>,
        ) -> Result<Option<SecretKept>, StoreError>;

        /// Begins another key where the present one is lost: what only that one opens is shredded.
        fn forget_key(&self, old: &KeyPlace, new: &KeyPlace) -> Result<SecretKept, StoreError>;

        /// Forgets where the key is, if nothing is sealed with it. Says whether that was so.
        fn forget_unused_key(&self) -> Result<bool, StoreError>;

        /// Puts a sealed secret in the place of one in plain text, of which nothing is left.
        fn seal_plain(
            &self,
            plain: &str,
            name: &str,
            sealed: &Sealed,
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Remembers a connection as working, as it was just made. `about` is JSON: see
        /// [`connections::keep`](crate::store::connections::keep).
        fn save_connection(
            &self,
            name: &str,
            about: &str,
            now: DateTime<Utc>,
        ) -> Result<(), StoreError>;

        /// Replaces what is known about a connection, which stays as old and as whole as it was.
        fn update_connection(&self, name: &str, about: &str) -> Result<(), StoreError>;

        /// Marks a connection as broken. The first time stays. Says whether it was whole until now.
        fn break_connection(
            &self,
            name: &str,
            why: &str,
            now: DateTime<Utc>,
        ) -> Result<bool, StoreError>;

        /// Takes the mark away: the connection has worked again.
        fn mend_connection(&self, name: &str) -> Result<(), StoreError>;

        /// Forgets a connection. Says whether there was one.
        fn remove_connection(&self, name: &str) -> Result<bool, StoreError>;

        /// Takes the turn to exchange tokens, until it is dropped; `None` while somebody else has it.
        fn turn(&self) -> Result<Option<HeldTurn>, StoreError>;
    }
}
