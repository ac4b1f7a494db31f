//! Signing in: how a request shows that it may read the shop.
//!
//! WooCommerce takes the keys as Basic credentials or in the query, but only when PHP itself sees TLS. Over plain
//! HTTP, and only then, it wants one-legged OAuth 1.0a (RFC 5849), which never sends the secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// One of the ways to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SigningWay {
    Basic,
    /// For servers that drop the `Authorization` header before PHP sees it.
    Query,
    OAuth(Hash),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    /// Only for shops that say that they know no better one.
    Sha1,
}

/// The keys of a connection.
pub(super) struct ShopKeys {
    pub key: SecretString,
    pub secret: SecretString,
}

impl ShopKeys {
    /// Keys are pasted, and a line's end comes along; WooCommerce would take it for a part of the secret.
    pub fn new(key: &SecretString, secret: &SecretString) -> ShopKeys {
        let trimmed =
            |text: &SecretString| SecretString::from(text.expose_secret().trim().to_owned());
        ShopKeys {
            key: trimmed(key),
            secret: trimmed(secret),
        }
    }

    /// The query parameters that carry the keys themselves. Never to be printed.
    pub fn in_query(&self) -> [(&'static str, String); 2] {
        [
            ("consumer_key", self.key.expose_secret().to_owned()),
            ("consumer_secret", self.secret.expose_secret().to_owned()),
        ]
    }

    /// The query parameters that sign a request. `signed` is the address as PHP believes it to be.
    pub fn signature(
        &self,
        method: &str,
        signed: &Url,
        query: &[(&str, String)],
        hash: Hash,
        once: Once,
    ) -> Vec<(&'static str, String)> {
        let mut oauth = vec![
            ("oauth_consumer_key", self.key.expose_secret().to_owned()),
            ("oauth_nonce", once.nonce),
            ("oauth_signature_method", hash.name().to_owned()),
            ("oauth_timestamp", once.timestamp.to_string()),
        ];
        let all = query
            .iter()
            .chain(&oauth)
            .map(|(name, value)| (*name, value.as_str()));
        let text = base_string(method, signed, all);
        let secret = format!("{}&", encode(self.secret.expose_secret()));
        oauth.push((
            "oauth_signature",
            hash.sign(secret.as_bytes(), text.as_bytes()),
        ));
        oauth
    }
}

/// What makes a signature good for one request only.
pub(super) struct Once {
    pub nonce: String,
    /// Seconds since 1970; the shop refuses what is a quarter of an hour off.
    pub timestamp: i64,
}

impl Hash {
    fn name(self) -> &'static str {
        match self {
            Hash::Sha256 => "HMAC-SHA256",
            Hash::Sha1 => "HMAC-SHA1",
        }
    }

    fn sign(self, key: &[u8], text: &[u8]) -> String {
        const ANY_LENGTH: &str = "a key of any length will do";
        match self {
            Hash::Sha256 => BASE64.encode(
                Hmac::<sha2::Sha256>::new_from_slice(key)
                    .expect(ANY_LENGTH)
                    .chain_update(text)
                    .finalize()
                    .into_bytes(),
            ),
            Hash::Sha1 => BASE64.encode(
                Hmac::<sha1::Sha1>::new_from_slice(key)
                    .expect(ANY_LENGTH)
                    .chain_update(text)
                    .finalize()
                    .into_bytes(),
            ),
        }
    }
}

/// What is signed: method, address and all parameters, in RFC 5849's one spelling (section 3.4.1).
fn base_string<'a>(
    method: &str,
    url: &Url,
    query: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    // Sorted by name, then by value, both as encoded.
    let mut sorted: Vec<(String, String)> = query
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    sorted.sort();
    let parameters: Vec<String> = sorted
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut address = url.clone();
    address.set_query(None);
    address.set_fragment(None);
    // `Url` has already lowered the host and left out the scheme's own port, as the RFC asks.
    [method, address.as_str(), &parameters.join("&")]
        .map(encode)
        .join("&")
}

/// Writes a query in the same strict spelling that is signed.
pub(super) fn query_text(query: &[(&str, String)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn encode(text: impl AsRef<str>) -> String {
    const STRICT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text.as_ref(), STRICT).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The example of RFC 5849, section 3.4.1.1.
    #[test]
    fn spells_what_is_signed_as_the_standard_does() {
        let url = Url::parse("http://EXAMPLE.COM:80/request").expect("an address");
        let query = [
            ("b5", "=%3D"),
            ("a3", "a"),
            ("c@", ""),
            ("a2", "r b"),
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
            ("c2", ""),
            ("a3", "2 q"),
        ];
        assert_eq!(
            base_string("POST", &url, query.into_iter()),
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D\
             %26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a\
             %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
        );
    }

    /// The photo printer of RFC 5849, section 1.2.
    #[test]
    fn signs_as_the_standard_does() {
        let url = Url::parse("http://photos.example.net/photos").expect("an address");
        let query = [
            ("file", "vacation.jpg"),
            ("size", "original"),
            ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            ("oauth_token", "nnch734d00sl2jdk"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131202"),
            ("oauth_nonce", "chapoH"),
        ];
        let text = base_string("GET", &url, query.into_iter());
        assert_eq!(
            Hash::Sha1.sign(b"kd94hf93k423kf44&pfkkdhi9sl3r4s00", text.as_bytes()),
            "MdpQcU8iPSUjWoN/UDMsK2sui9I="
        );
    }

    /// Requests that a real shop accepted.
    #[test]
    fn signs_as_a_shop_accepts_it() {
        for (name, scheme) in [
            ("http-oauth-sha256-ok", "http"),
            ("http-oauth-sha1-ok", "http"),
            ("http-oauth-special-chars", "http"),
            ("http-oauth-array-param", "http"),
            ("http-oauth-port-in-host", "http"),
            ("https-oauth", "https"),
        ] {
            let exchange = crate::connector::woocommerce::tests::recorded(&format!("auth/{name}"));
            let request = &exchange["request"];
            let pairs: Vec<(String, String)> =
                serde_json::from_value(request["query"].clone()).expect("pairs");
            let given = |wanted: &str| {
                pairs
                    .iter()
                    .find(|(name, _)| name == wanted)
                    .map(|(_, value)| value.clone())
            };
            let host = header(request, "Host");
            let path = request["path"].as_str().expect("a path");
            let url = Url::parse(&format!("{scheme}://{host}{path}")).expect("an address");
            let query: Vec<(&str, String)> = pairs
                .iter()
                .filter(|(name, _)| !name.starts_with("oauth_"))
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            let hash = match given("oauth_signature_method").as_deref() {
                Some("HMAC-SHA1") => Hash::Sha1,
                _ => Hash::Sha256,
            };
            let keys = ShopKeys::new(
                &given("oauth_consumer_key").expect("a key").into(),
                &"cs_5f6a7b8c9d5f6a7b8c9d5f6a7b8c9d5f6a7b8c9d".into(),
            );
            let once = Once {
                nonce: given("oauth_nonce").expect("a nonce"),
                timestamp: given("oauth_timestamp")
                    .expect("a time")
                    .parse()
                    .expect("seconds"),
            };
            let signed = keys.signature("GET", &url, &query, hash, once);
            assert_eq!(
                signed.last().map(|(_, signature)| signature.clone()),
                given("oauth_signature"),
                "{name}"
            );
        }
    }

    fn header(request: &Value, wanted: &str) -> String {
        let headers: Vec<(String, String)> =
            serde_json::from_value(request["headers"].clone()).expect("headers");
        headers
            .into_iter()
            .find(|(name, _)| name == wanted)
            .expect("the header")
            .1
    }
}
