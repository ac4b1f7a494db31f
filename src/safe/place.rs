//! The places where a key can be, as the state file remembers them.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where the key of a state file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case")]
pub enum KeyLocation {
    /// The variable `UDSYNC_KEY`.
    Environment,
    /// A file that systemd hands over in `$CREDENTIALS_DIRECTORY`.
    SystemdCredential,
    /// A file that only its owner can read.
    File { path: PathBuf },
    /// The keyring of the system. The account is kept, so that a shop may change its name.
    Keyring { account: String },
    /// Made out of a passphrase, with this salt.
    Passphrase { salt: String },
}

/// A place without what is particular to one state file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    Environment,
    SystemdCredential,
    File,
    Keyring,
    Passphrase,
}

impl KeyLocation {
    pub fn kind(&self) -> PlaceKind {
        match self {
            KeyLocation::Environment => PlaceKind::Environment,
            KeyLocation::SystemdCredential => PlaceKind::SystemdCredential,
            KeyLocation::File { .. } => PlaceKind::File,
            KeyLocation::Keyring { .. } => PlaceKind::Keyring,
            KeyLocation::Passphrase { .. } => PlaceKind::Passphrase,
        }
    }
}

/// In words, as the end of "the key is …".
impl fmt::Display for KeyLocation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyLocation::File { path } => write!(out, "in the file `{}`", path.display()),
            other => other.kind().fmt(out),
        }
    }
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            PlaceKind::Environment => "in `UDSYNC_KEY`",
            PlaceKind::SystemdCredential => "in the credential `udsync-key` of systemd",
            PlaceKind::File => "in a key file",
            PlaceKind::Keyring => "in the keyring",
            PlaceKind::Passphrase => "made of a passphrase",
        })
    }
}
