//! Passwords of people: what is kept of one is Argon2id with a salt of its own, and whoever reads it cannot sign in with it.
//!
//! Which passwords are too weak is said here too. How often somebody may try is the server's business.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Letters that a password must have.
pub const LETTERS_MIN: usize = 12;
/// Letters that it may have. More are as good as a way to keep this machine busy.
pub const LETTERS_MAX: usize = 128;

/// OWASP's first figures for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const BEGINS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// What everybody tries first. Shorter ones are refused for their length.
const COMMON: [&str; 24] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123123123123",
    "111111111111",
    "000000000000",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghijkl",
    "abcdefghijklm",
    "administrator",
    "changemechangeme",
    "iloveyouiloveyou",
    "letmeinletmein",
    "mynameisadmin",
    "passwordpassword",
    "password1234",
    "password12345",
    "password123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdfghjkl",
    "qwertyqwerty",
    "welcome12345",
];

/// Why a password is not taken, in a few words; `None` if it is.
pub fn weakness(password: &SecretString, name: &str) -> Option<String> {
    let text = password.expose_secret();
    let letters = text.chars().count();
    if letters < LETTERS_MIN {
        return Some(format!("it must have {LETTERS_MIN} letters or more"));
    }
    if letters > LETTERS_MAX {
        return Some(format!("it can have {LETTERS_MAX} letters at most"));
    }
    let lower = text.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    let is_name = !name.is_empty() && lower.replace(&name.to_lowercase(), "").chars().count() < 6;
    let is_common = COMMON.contains(&lower.as_str()) || different.len() < 4 || is_name;
    is_common.then(|| "it is one of those that are tried first".to_owned())
}

/// What is kept of a password.
pub fn hash(password: &SecretString, salt: [u8; 16]) -> String {
    let salt = STANDARD_NO_PAD.encode(salt);
    let derived = STANDARD_NO_PAD.encode(derive(password, &salt));
    format!("{BEGINS}{salt}${derived}")
}

/// Whether this is the password of which that was kept. Without anything kept it takes as long, and is not.
pub fn is_right(password: &SecretString, kept: Option<&str>) -> bool {
    let parts = kept
        .and_then(|kept| kept.strip_prefix(BEGINS))
        .and_then(|rest| rest.split_once('$'));
    let (salt, known) = parts.unwrap_or(("AAAAAAAAAAAAAAAAAAAAAA", ""));
    let derived = STANDARD_NO_PAD.encode(derive(password, salt));
    bool::from(derived.as_bytes().ct_eq(known.as_bytes()))
}

fn derive(password: &SecretString, salt: &str) -> [u8; 32] {
    // The same letters are the same password, however a keyboard composes them.
    let composed: Zeroizing<String> = Zeroizing::new(password.expose_secret().nfc().collect());
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).expect("these are in range");
    let salt = if salt.len() < argon2::MIN_SALT_LEN {
        "no salt at all"
    } else {
        salt
    };
    let mut bytes = [0_u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(composed.as_bytes(), salt.as_bytes(), &mut bytes)
        .expect("a password of any length, and a salt that is long enough");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let kept = hash(&secret("correct horse battery"), [7; 16]);
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert!(!kept.contains("horse"));
        assert!(is_right(&secret("correct horse battery"), Some(&kept)));
        assert!(!is_right(&secret("correct horse batterz"), Some(&kept)));
        assert_ne!(kept, hash(&secret("correct horse battery"), [8; 16]));
        for damaged in [
            None,
            Some(""),
            Some(BEGINS),
            Some("$argon2id$v=19$m=19456,t=2,p=1$x$"),
        ] {
            assert!(!is_right(&secret(""), damaged), "{damaged:?}");
        }
    }

    #[test]
    fn weak_ones_are_refused() {
        let said = |text: &str| weakness(&secret(text), "anna");
        assert!(said("elevenchars").is_some_and(|said| said.contains("12")));
        assert!(said(&"long enough ".repeat(11)).is_some_and(|said| said.contains("128")));
        for common in [
            "Password1234",
            "aaaaaaaaaaaab",
            "annaannaanna",
            "anna-anna-123",
        ] {
            assert!(said(common).is_some(), "{common}");
        }
        assert_eq!(said("häuser am fluss"), None);
        assert_eq!(said("correct horse battery"), None);
    }
}
