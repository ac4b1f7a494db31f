//! Fingerprints: the same content has the same one, on every machine.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The SHA-256 of a value's canonical JSON, in hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Fingerprints a value by its JSON.
    ///
    /// Our own structs serialise their fields in the order of their declaration, so the text is canonical;
    /// maps must be `BTreeMap`s.
    pub fn of<T: Serialize>(value: &T) -> Fingerprint {
        let text = serde_json::to_vec(value).expect("our own values always have a JSON form");
        Fingerprint::of_bytes(&text)
    }

    pub fn of_bytes(bytes: &[u8]) -> Fingerprint {
        Fingerprint(hex(&Sha256::digest(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough of it to tell things apart on a screen or in a key.
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl From<String> for Fingerprint {
    fn from(text: String) -> Fingerprint {
        Fingerprint(text)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes everything");
            text
        })
}
