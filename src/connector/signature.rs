//! Signatures of what is sent to us: HMAC-SHA256 over the bytes as they came.
//!
//! Both services sign their deliveries so, with another header and another kind of secret. Nothing is trimmed, decoded or parsed
//! before: a proxy that writes the same JSON otherwise has changed it. A signature is 44 letters of base64 and stands there once. What
//! is compared is its 32 bytes, in a time that does not depend on where they differ.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Letters of a signature.
const LENGTH: usize = 44;

/// A signature that somebody put on a delivery.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct GivenSignature([u8; 32]);

impl GivenSignature {
    /// Reads the values of the header. `None`: it is not there, there twice, or no signature by its form.
    pub fn read<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Option<GivenSignature> {
        let mut values = values.into_iter();
        let (Some(text), None) = (values.next(), values.next()) else {
            return None;
        };
        if text.len() != LENGTH {
            return None;
        }
        // Refuses what stands for the same bytes in another spelling too.
        let bytes = STANDARD.decode(text).ok()?;
        bytes.try_into().ok().map(GivenSignature)
    }

    /// Whether one of these secrets makes it out of these very bytes. Every secret is tried, so that the time does not say which one
    /// fits.
    pub fn is_of<'s>(
        &self,
        body: &[u8],
        secrets: impl IntoIterator<Item = &'s SecretString>,
    ) -> bool {
        let mut fits = subtle::Choice::from(0);
        for secret in secrets {
            let secret = secret.expose_secret().as_bytes();
            // Anybody can sign with nothing.
            if secret.is_empty() {
                continue;
            }
            fits |= signed(secret, body).as_slice().ct_eq(&self.0);
        }
        fits.into()
    }
}

/// The signature of these bytes, as it stands in a header.
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    STANDARD.encode(signed(secret.expose_secret().as_bytes(), body))
}

fn signed(secret: &[u8], body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length will do");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    fn read(text: &str) -> Option<GivenSignature> {
        GivenSignature::read([text.as_bytes()])
    }

    #[test]
    fn a_signature_in_letters_of_another_case_is_another_one() {
        let secrets = [secret("udsync-test-secret")];
        let body = b"{\"id\":1}";
        let right = sign(&secrets[0], body);
        let letters = right.char_indices();
        for (at, letter) in letters.filter(|(_, letter)| letter.is_ascii_alphabetic()) {
            let flipped = match letter.is_ascii_lowercase() {
                true => letter.to_ascii_uppercase(),
                false => letter.to_ascii_lowercase(),
            };
            let mut other = right.clone();
            other.replace_range(at..=at, &flipped.to_string());
            let is_taken = read(&other).is_some_and(|given| given.is_of(body, &secrets));
            assert!(!is_taken, "{other}");
        }
    }

    #[test]
    fn the_bytes_are_signed_as_they_came() {
        let (with, without) = (
            "mTg5nWoA0CbzbInsPDanwVrOuS1ZYUYgqs6LGJwS8ZQ=",
            "D0cV2o6qy8mGO/pSYi2mvJEFEwMc8oqlgIoF3Jf2FCs=",
        );
        let secrets = [secret("udsync-test-secret")];
        for (signature, body, expected) in [
            (without, &b"{\"id\":1}"[..], true),
            (with, b"{\"id\":1}\n", true),
            (with, b"{\"id\":1}", false),
            (without, b"{\"id\":1}\n", false),
            (without, b" {\"id\":1}", false),
            (without, b"{\"id\": 1}", false),
        ] {
            let given = read(signature).expect("a signature by its form");
            assert_eq!(given.is_of(body, &secrets), expected, "{body:?}");
        }
    }

    #[test]
    fn a_signature_has_one_form_and_stands_there_once() {
        let good = "D0cV2o6qy8mGO/pSYi2mvJEFEwMc8oqlgIoF3Jf2FCs=";
        assert!(read(good).is_some());
        let hex = "0f4715da8eaacbc9863bfa52622da6bc910513031cf28aa5808a05dc97f6142b";
        for bad in [
            "",
            hex,
            &good[..43],
            &format!("{good} "),
            &format!(" {}", &good[..43]),
            &format!("{good}{good}"),
            // The same bytes, with other bits behind them.
            "D0cV2o6qy8mGO/pSYi2mvJEFEwMc8oqlgIoF3Jf2FCt=",
            // For addresses.
            "D0cV2o6qy8mGO_pSYi2mvJEFEwMc8oqlgIoF3Jf2FCs=",
            "============================================",
        ] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
        let twice = [good.as_bytes(), good.as_bytes()];
        assert!(GivenSignature::read(twice).is_none());
        assert!(GivenSignature::read([]).is_none());
    }

    #[test]
    fn nothing_is_no_secret() {
        let body = b"{\"id\":1}";
        let signed_with_nothing = sign(&secret(""), body);
        let given = read(&signed_with_nothing).expect("a signature by its form");
        assert!(!given.is_of(body, &[secret("")]));
        assert!(!given.is_of(body, &[]));
    }

    proptest! {
        /// Whatever comes and whatever the secret is: it is taken only with the signature of these very bytes.
        #[test]
        fn only_the_signature_of_these_bytes_is_taken(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            other in proptest::collection::vec(any::<u8>(), 0..200),
            words in "\\PC{1,60}",
            foreign in "\\PC{0,60}",
            text in proptest::collection::vec(any::<u8>(), 0..60),
            bend in any::<u8>(),
            at in any::<proptest::sample::Index>(),
        ) {
            let ours = secret(&words);
            let good = sign(&ours, &body);
            let given = read(&good).expect("what we sign has the form");
            prop_assert!(given.is_of(&body, [&ours]));
            prop_assert!(given.is_of(&body, [&secret(&foreign), &ours]));
            prop_assert_eq!(given.is_of(&other, [&ours]), body == other);
            prop_assert_eq!(given.is_of(&body, [&secret(&foreign)]), words == foreign);
            // Bent anywhere, body or signature.
            if bend != 0 && !body.is_empty() {
                let mut bent = body.clone();
                bent[at.index(body.len())] ^= bend;
                prop_assert!(!given.is_of(&bent, [&ours]));
            }
            let mut letters = good.clone().into_bytes();
            let place = at.index(letters.len());
            letters[place] ^= bend;
            let is_same = letters == good.as_bytes();
            let taken = GivenSignature::read([letters.as_slice()]).is_some_and(|given| given.is_of(&body, [&ours]));
            prop_assert_eq!(taken, is_same);
            let taken = GivenSignature::read([text.as_slice()]).is_some_and(|given| given.is_of(&body, [&ours]));
            prop_assert_eq!(taken, text == good.as_bytes());
        }
    }
}
