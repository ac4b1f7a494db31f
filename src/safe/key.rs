//! The key: 32 bytes, their text, and the short name by which a sealed secret says which key it wants.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::seal::NONCE;
use crate::model::fingerprint::hex;

/// 32 bytes that seal everything else. They leave memory with their owner.
#[derive(Clone)]
pub struct SealingKey(Zeroizing<[u8; 32]>);

/// Which key: a digest that gives nothing of it away, `5be1c2a09d3f7e64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyId(pub String);

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 32 bytes in base64, which is 44 characters")]
pub struct Mistyped;

impl SealingKey {
    pub fn new(bytes: [u8; 32]) -> SealingKey {
        SealingKey(Zeroizing::new(bytes))
    }

    /// Reads a key as it is written into a file, a variable or a keyring.
    pub fn from_text(text: &SecretString) -> Result<SealingKey, Mistyped> {
        let bytes = Zeroizing::new(
            STANDARD
                .decode(text.expose_secret().trim())
                .map_err(|_| Mistyped)?,
        );
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| Mistyped)?;
        Ok(SealingKey::new(bytes))
    }

    pub fn to_text(&self) -> SecretString {
        STANDARD.encode(self.bytes()).into()
    }

    /// The key that a secret of the environment makes: whoever has the one has the other.
    pub fn derived(from: &SecretString) -> SealingKey {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"udsync: what descends from the environment")
            .expect("HMAC takes a key of any length");
        mac.update(from.expose_secret().as_bytes());
        SealingKey::new(mac.finalize().into_bytes().into())
    }

    pub fn id(&self) -> KeyId {
        let mut digest = Sha256::new();
        digest.update(b"udsync: which key");
        digest.update(self.bytes());
        KeyId(hex(&digest.finalize()[..8]))
    }

    /// The bytes of chance for a text under a name, which nobody can tell without the key. Two texts share them as seldom as two dice
    /// of 96 bits fall alike.
    pub(super) fn chance_of(&self, name: &str, text: &str) -> [u8; NONCE] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.bytes()).expect("HMAC takes a key of any length");
        mac.update(b"udsync: chance of a text\0");
        mac.update(name.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut chance = [0; NONCE];
        chance.copy_from_slice(&digest[..NONCE]);
        chance
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Key({})", self.id().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_and_is_not_shown() {
        let key = SealingKey::new([7; 32]);
        let text = key.to_text();
        let again =
            SealingKey::from_text(&format!("{}\n", text.expose_secret()).into()).expect("a key");
        assert_eq!(again.id(), key.id());
        assert!(!format!("{key:?}").contains(text.expose_secret()));
        assert_ne!(key.id(), SealingKey::new([8; 32]).id());
    }

    #[test]
    fn what_is_not_32_bytes_is_no_key() {
        for text in ["", "AAAA", "not base64 at all!", &"A".repeat(64)] {
            assert!(
                SealingKey::from_text(&text.to_owned().into()).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_same_secret_makes_the_same_key() {
        let [one, same, other] =
            ["a", "a", "b"].map(|text| SealingKey::derived(&text.to_owned().into()));
        assert_eq!(one.id(), same.id());
        assert_ne!(one.id(), other.id());
    }
}
