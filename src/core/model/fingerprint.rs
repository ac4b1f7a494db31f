//! Fingerprints: the same content has the same one, on every machine.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Larger texts are rare, and their room is given back.
const KEPT_MAX: usize = 100_000;

thread_local! {
    static TEXT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

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
        // Hundreds of thousands of rows have one each; they share the room that the text takes.
        let mut text = TEXT.take();
        text.clear();
        serde_json::to_writer(&mut text, value).expect("our own values always have a JSON form");
        let fingerprint = Fingerprint::of_bytes(&text);
        if text.capacity() <= KEPT_MAX {
            TEXT.set(text);
        }
        fingerprint
    }

    /// The SHA-256 of some parts, each told from the next.
    pub fn digest<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }

    /// The same of parts, as a fingerprint.
    pub fn of_parts<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> Fingerprint {
        Fingerprint(hex(&Fingerprint::digest(parts)))
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
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text
}
