//! Tokens: 32 bytes of chance that let somebody in. Shown once; what is kept is their SHA-256, which is enough because nobody can
//! guess 256 bits.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// How a token for the API begins, so that it is found where it should not be.
pub const BEGINS: &str = "uds_";

/// Letters and digits behind it.
pub const LENGTH: usize = 43;

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random bytes: {0}")]
pub struct NoChance(getrandom::Error);

/// A new token for the API.
pub fn token() -> Result<SecretString, NoChance> {
    Ok(format!("{BEGINS}{}", URL_SAFE_NO_PAD.encode(chance::<32>()?)).into())
}

/// A new secret of a session or an invitation, which can stand in an address and in a cookie.
pub fn secret() -> Result<SecretString, NoChance> {
    Ok(URL_SAFE_NO_PAD.encode(chance::<32>()?).into())
}

/// Something that is different each time.
pub fn chance<const N: usize>() -> Result<[u8; N], NoChance> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(NoChance)?;
    Ok(bytes)
}

/// What is kept of a token, a session or an invitation.
pub fn digest(secret: &SecretString) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest(secret.expose_secret().as_bytes()))
}

/// What only somebody who has the secret can say of these words.
pub fn proof(secret: &SecretString, words: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("a key may have any length");
    mac.update(words.as_bytes());
    crate::model::fingerprint::hex(&mac.finalize().into_bytes())
}

/// What a form of this session carries, so that no other site can make one. Nobody finds the session by it.
pub fn form_token(session: &SecretString) -> String {
    let whole = format!("a form of {}", session.expose_secret());
    URL_SAFE_NO_PAD.encode(Sha256::digest(whole.as_bytes()))
}

/// Whether this could be a token at all.
pub fn is_token(text: &str) -> bool {
    text.strip_prefix(BEGINS).is_some_and(|rest| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        rest.len() == LENGTH && rest.bytes().all(is_plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_shape_and_is_another_each_time() {
        let one = token().expect("there is chance here");
        let text = one.expose_secret();
        assert!(is_token(text), "{text}");
        assert_eq!(text.len(), 4 + 43);
        assert_ne!(text, token().expect("there is chance here").expose_secret());
        for other in [
            "",
            "uds_",
            "uds_x",
            &text[..46],
            &format!("{text}a"),
            &text.replace("uds_", "ghp_"),
        ] {
            assert!(!is_token(other), "{other}");
        }
    }

    #[test]
    fn what_is_kept_or_shown_does_not_lead_back() {
        let session: SecretString = "a session".to_owned().into();
        let (kept, form) = (digest(&session), form_token(&session));
        assert_ne!(kept, form);
        assert_eq!(form, form_token(&session));
        assert!(!kept.contains("session") && !form.contains("session"));
    }
}
