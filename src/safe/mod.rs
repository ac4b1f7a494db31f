//! Safe: how a secret lies on the disk, and where the key to it comes from.
//!
//! Everything secret in the state file is sealed under one key of 32 bytes. A stolen file, a backup or a disk that was thrown away
//! gives nothing away. Passwords and tokens of people who come in (`password`, `token`) are kept so that nobody can come in by what is
//! kept. This room seals and opens, and knows the places where a key can be: `file`, `keyring`, `passphrase`. It knows no
//! state file and no service, asks nobody, and takes what the environment says as an argument.

pub mod file;
mod key;
pub mod keyring;
pub mod passphrase;
pub mod password;
mod place;
mod seal;
pub mod token;

pub use key::{KeyId, Mistyped, SealingKey};
pub use place::{KeyLocation, PlaceKind};
pub use seal::{Damaged, NONCE, open, seal, seal_alike};
