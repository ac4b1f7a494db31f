//! A key made out of a passphrase: Argon2id, with a salt that is kept beside what is sealed.
//!
//! The figures are those that OWASP names first for Argon2id: 19 MiB, two passes, one lane. They are part of the format: other ones make
//! another key.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::key::SealingKey;

/// Bytes of chance in a salt.
pub const SALT: usize = 16;

/// Shorter ones are guessed in an afternoon, whatever the salt.
pub const SHORTEST: usize = 10;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A salt as it is kept.
pub fn salt_text(bytes: [u8; SALT]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

/// The key of a passphrase and a salt. The same letters make the same key, however a keyboard composes them.
pub fn derive(passphrase: &SecretString, salt: &str) -> SealingKey {
    let composed: Zeroizing<String> = Zeroizing::new(passphrase.expose_secret().nfc().collect());
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).expect("these are in range");
    let mut bytes = Zeroizing::new([0_u8; 32]);
    // A salt that somebody cut short in the state file makes another key, which opens nothing.
    let salt = if salt.len() < argon2::MIN_SALT_LEN {
        "no salt at all"
    } else {
        salt
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(composed.as_bytes(), salt.as_bytes(), bytes.as_mut())
        .expect("a passphrase of any length, and a salt that is long enough");
    SealingKey::new(*bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(passphrase: &str, salt: &str) -> String {
        derive(&passphrase.to_owned().into(), salt).id().0
    }

    #[test]
    fn a_passphrase_and_its_salt_make_one_key_on_every_machine() {
        let salt = salt_text([7; SALT]);
        assert_eq!(salt, "BwcHBwcHBwcHBwcHBwcHBw");
        let key = id("correct horse battery", &salt);
        assert_eq!(key, id("correct horse battery", &salt));
        assert_ne!(key, id("correct horse batterz", &salt));
        assert_ne!(key, id("correct horse battery", &salt_text([8; SALT])));
        // Composed and decomposed.
        assert_eq!(
            id("caf\u{e9} au lait", &salt),
            id("cafe\u{301} au lait", &salt)
        );
        assert_eq!(id("x", ""), id("x", "cut"), "a damaged salt is no panic");
    }
}
