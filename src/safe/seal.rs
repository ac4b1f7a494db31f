//! Sealing: AES-256-GCM with the name of the entry as associated data, so that no entry can be put in the place of another.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::key::SealingKey;

/// Bytes of chance that each sealing takes. Never the same ones twice.
pub const NONCE: usize = 12;

/// What was sealed is not what is there, or another key sealed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was changed, or sealed with another key")]
pub struct Damaged;

/// Seals a secret under its name.
pub fn seal(key: &SealingKey, name: &str, secret: &SecretString, nonce: [u8; NONCE]) -> Vec<u8> {
    let payload = Payload {
        msg: secret.expose_secret().as_bytes(),
        aad: name.as_bytes(),
    };
    let sealed = cipher(key)
        .encrypt(&Nonce::from(nonce), payload)
        .expect("a secret is far shorter than what the cipher takes");
    [nonce.as_slice(), &sealed].concat()
}

/// Seals a text so that the same one under the same name is sealed alike: what did not change does not look changed. Somebody who reads
/// the file learns no more by it than that.
pub fn seal_alike(key: &SealingKey, name: &str, text: &str) -> Vec<u8> {
    seal(
        key,
        name,
        &text.to_owned().into(),
        key.chance_of(name, text),
    )
}

/// Opens what was sealed under the same name.
pub fn open(key: &SealingKey, name: &str, sealed: &[u8]) -> Result<SecretString, Damaged> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(Damaged)?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Damaged)?;
    let payload = Payload {
        msg: sealed,
        aad: name.as_bytes(),
    };
    let bytes = cipher(key)
        .decrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Damaged)?;
    let bytes = Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).map_err(|_| Damaged)?;
    Ok(text.to_owned().into())
}

fn cipher(key: &SealingKey) -> Aes256Gcm {
    Aes256Gcm::new_from_slice(key.bytes()).expect("a key has the length that the cipher takes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_name_open_it() {
        let key = SealingKey::new([1; 32]);
        let sealed = seal(&key, "quickbooks", &"refresh".to_owned().into(), [9; NONCE]);
        let opened = open(&key, "quickbooks", &sealed).expect("it opens");
        assert_eq!(opened.expose_secret(), "refresh");
        assert!(open(&key, "woocommerce", &sealed).is_err());
        let alike = [("a", "x"), ("a", "x"), ("b", "x"), ("a", "y")]
            .map(|(name, text)| seal_alike(&key, name, text));
        assert_eq!(alike[0], alike[1]);
        assert!(alike[0] != alike[2] && alike[0] != alike[3]);
        let opened = open(&key, "a", &alike[0]).expect("it opens");
        assert_eq!(opened.expose_secret(), "x");
        assert!(open(&SealingKey::new([2; 32]), "quickbooks", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(open(&key, "quickbooks", &damaged).is_err(), "byte {at}");
            assert!(open(&key, "quickbooks", &sealed[..at]).is_err(), "cut {at}");
        }
    }
}
