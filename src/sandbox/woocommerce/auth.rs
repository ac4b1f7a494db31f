//! Who is asking: Basic, keys in the query, and OAuth 1.0a with one leg.
//!
//! What WooCommerce says about a wrong key is as thin here as there: an unknown key
//! is simply nobody, and the route then answers that nobody may look. PLAINTEXT and
//! bodies sent as forms are not signed over.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::answer::{SandboxShopAnswer, error};
use super::query::{Param, ShopQuery};
use super::setup::{Permissions, ShopKey, ShopRole};

/// What RFC 3986 leaves alone.
const RFC3986: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const WINDOW_SECONDS: i64 = 15 * 60;

/// Who was found behind a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visitor {
    Nobody,
    Known { role: ShopRole },
}

impl Visitor {
    pub fn may_see_the_shop(self) -> bool {
        self == Self::Known {
            role: ShopRole::ShopManager,
        }
    }

    /// 401 for nobody, 403 for somebody without the right.
    pub fn refusal_status(self) -> u16 {
        if self == Self::Nobody { 401 } else { 403 }
    }
}

/// The parts of a request that authentication looks at.
pub struct ShopAsked<'a> {
    pub method: &'a str,
    /// Path as it was sent, still encoded.
    pub path: &'a str,
    pub query: &'a ShopQuery,
    pub authorization: Option<&'a str>,
    /// Scheme, host and port of the site.
    pub home: &'a str,
    pub tls: bool,
    pub now: i64,
}

/// How a request tried to log in, for the request log.
pub fn manner(query: &ShopQuery, authorization: Option<&str>) -> &'static str {
    match authorization {
        _ if query.get("oauth_consumer_key").is_some() => "oauth_query",
        _ if query.get("consumer_key").is_some() => "query",
        Some(header) if header.starts_with("OAuth ") => "oauth_header",
        Some(header) if header.starts_with("Basic ") => "basic",
        Some(_) => "other",
        None => "none",
    }
}

/// The nonces seen of late, by key.
#[derive(Debug, Default)]
pub struct Nonces(HashMap<(String, String), i64>);

/// Finds out who asks; the error is an answer to send at once.
pub fn visitor(
    asked: &ShopAsked<'_>,
    keys: &[ShopKey],
    nonces: &mut Nonces,
) -> Result<Visitor, SandboxShopAnswer> {
    let mut failure = None;
    if asked.tls {
        match by_secret(asked, keys) {
            Ok(Some(key)) => return permitted(key, asked.method),
            Ok(None) => {}
            Err(answer) => failure = Some(answer),
        }
    }
    match by_signature(asked, keys, nonces)? {
        Some(key) => permitted(key, asked.method),
        None => failure.map_or(Ok(Visitor::Nobody), Err),
    }
}

fn refused(message: &str) -> SandboxShopAnswer {
    error(401, "woocommerce_rest_authentication_error", message).with("vary", "Origin")
}

/// The user is known by now, so this one is not to be cached.
fn not_permitted(what: &str) -> SandboxShopAnswer {
    let message = format!("The API key provided does not have {what} permissions.");
    error(401, "woocommerce_rest_authentication_error", &message).uncached()
}

/// What the key may do is asked before the route is even looked for.
fn permitted(key: &ShopKey, method: &str) -> Result<Visitor, SandboxShopAnswer> {
    let reads = matches!(method, "GET" | "HEAD");
    let enough = match key.permissions {
        _ if method == "OPTIONS" => true,
        Permissions::ReadWrite => true,
        Permissions::Read => reads,
        Permissions::Write => !reads,
    };
    match (enough, reads) {
        (true, _) => Ok(Visitor::Known { role: key.role }),
        (false, true) => Err(not_permitted("read")),
        (false, false) => Err(not_permitted("write")),
    }
}

fn by_secret<'a>(
    asked: &ShopAsked<'_>,
    keys: &'a [ShopKey],
) -> Result<Option<&'a ShopKey>, SandboxShopAnswer> {
    let from_query = match (
        asked.query.one("consumer_key"),
        asked.query.one("consumer_secret"),
    ) {
        (Some(key), Some(secret)) if !key.is_empty() && !secret.is_empty() => {
            Some((key.to_owned(), secret.to_owned()))
        }
        _ => None,
    };
    let Some((name, secret)) = from_query.or_else(|| asked.authorization.and_then(basic)) else {
        return Ok(None);
    };
    match keys.iter().find(|key| key.key == name) {
        None => Ok(None),
        Some(key) if key.secret == secret => Ok(Some(key)),
        Some(_) => Err(refused("Consumer secret is invalid.")),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let decoded = STANDARD
        .decode(header.strip_prefix("Basic ")?.trim())
        .ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some((name.to_owned(), secret.to_owned()))
}

const NEEDED: [&str; 5] = [
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
];

fn by_signature<'a>(
    asked: &ShopAsked<'_>,
    keys: &'a [ShopKey],
    nonces: &mut Nonces,
) -> Result<Option<&'a ShopKey>, SandboxShopAnswer> {
    let mut params: Vec<(String, Param)> = asked.query.params().to_vec();
    for (name, value) in asked.authorization.map(header_params).unwrap_or_default() {
        match params.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = Param::One(value),
            None => params.push((name, Param::One(value))),
        }
    }
    let value = |name: &str| match params.iter().find(|(known, _)| known == name) {
        Some((_, Param::One(value))) if !value.is_empty() => Some(value.clone()),
        _ => None,
    };
    let missing: Vec<&str> = NEEDED
        .into_iter()
        .filter(|name| value(name).is_none())
        .collect();
    if missing.len() == NEEDED.len() {
        return Ok(None);
    }
    if !missing.is_empty() {
        let noun = if missing.len() == 1 {
            "parameter"
        } else {
            "parameters"
        };
        let message = format!("Missing OAuth {noun} {}", missing.join(", "));
        return Err(error(
            401,
            "woocommerce_rest_authentication_missing_parameter",
            &message,
        )
        .with("vary", "Origin"));
    }
    let take = |name: &str| value(name).unwrap_or_default();

    let name = take("oauth_consumer_key");
    let Some(key) = keys.iter().find(|key| key.key == name) else {
        return Err(refused("Consumer key is invalid."));
    };

    let method = take("oauth_signature_method");
    let base = base_string(asked, &params);
    let signing_key = format!("{}&", key.secret);
    let expected = match method.as_str() {
        "HMAC-SHA256" => sign::<Hmac<sha2::Sha256>>(&signing_key, &base),
        "HMAC-SHA1" => sign::<Hmac<sha1::Sha1>>(&signing_key, &base),
        _ => return Err(refused("Invalid signature - signature method is invalid.")),
    };
    let given = take("oauth_signature").replace(' ', "+");
    let given = percent_decode_str(&given).decode_utf8_lossy().into_owned();
    if given != expected {
        return Err(refused(
            "Invalid signature - provided signature does not match.",
        ));
    }

    let stamp = take("oauth_timestamp").parse::<i64>().unwrap_or(0);
    if (stamp - asked.now).abs() > WINDOW_SECONDS {
        return Err(refused("Invalid timestamp."));
    }
    if !nonces.fresh(&name, &take("oauth_nonce"), stamp, asked.now) {
        return Err(refused("Invalid nonce - nonce has already been used."));
    }
    Ok(Some(key))
}

impl Nonces {
    fn fresh(&mut self, key: &str, nonce: &str, stamp: i64, now: i64) -> bool {
        // Forgetting now and then is enough: an old nonce comes with an old timestamp.
        if self.0.len() > 10_000 {
            self.0.retain(|_, seen| *seen > now - WINDOW_SECONDS);
        }
        self.0
            .insert((key.to_owned(), nonce.to_owned()), stamp)
            .is_none()
    }
}

fn sign<M: Mac + KeyInit>(key: &str, text: &str) -> String {
    let mut mac =
        <M as KeyInit>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// METHOD & address & parameters, each part encoded, parameters sorted by name.
///
/// `status[]=a&status[]=b` has indexes by now, as in PHP, so a client that signed the
/// bare brackets does not match.
fn base_string(asked: &ShopAsked<'_>, params: &[(String, Param)]) -> String {
    let mut sorted: Vec<&(String, Param)> = params
        .iter()
        .filter(|(name, _)| name != "oauth_signature")
        .collect();
    sorted.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut pairs = Vec::new();
    for (name, value) in sorted {
        match value {
            Param::One(value) => pairs.push(format!("{}={}", rfc3986(name), rfc3986(value))),
            Param::Many(list) => {
                pairs.extend(list.iter().map(|(index, value)| {
                    format!(
                        "{}%5B{}%5D={}",
                        rfc3986(name),
                        rfc3986(index),
                        rfc3986(value)
                    )
                }));
            }
        }
    }
    let query: Vec<String> = pairs.iter().map(|pair| rfc3986(pair)).collect();
    let address = format!("{}{}", asked.home, asked.path);
    format!(
        "{}&{}&{}",
        asked.method,
        rfc3986(&address),
        query.join("%26")
    )
}

fn rfc3986(text: &str) -> String {
    utf8_percent_encode(text, RFC3986).to_string()
}

/// The `oauth_…` fields of an `Authorization: OAuth` header.
fn header_params(header: &str) -> Vec<(String, String)> {
    let Some(rest) = header.trim().strip_prefix("OAuth ") else {
        return Vec::new();
    };
    rest.split(',')
        .filter_map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            let value = value.trim_matches('"');
            name.starts_with("oauth_").then(|| {
                (
                    name.to_owned(),
                    percent_decode_str(value).decode_utf8_lossy().into_owned(),
                )
            })
        })
        .collect()
}
