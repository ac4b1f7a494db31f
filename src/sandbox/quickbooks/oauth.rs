//! The token endpoint, the revocation endpoint and the check of access tokens.
//!
//! Each exchange hands out a new pair. What becomes of the refresh token before is a matter of policy: it stays good as
//! with the real service, it dies as soon as anything of a newer pair is used, or it dies with the answer. Lifetimes of
//! refresh tokens are stated in answers but not enforced.

use super::consent::CompanyCode;
use super::reply::Reply;
use crate::stand::seeded::Seeded;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// What becomes of older refresh tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyPolicy {
    /// They stay good, as they do for a day with the real service.
    Day,
    /// They die as soon as anything of a newer pair is used.
    UntilUsed,
    /// They die with the answer that brings a newer one.
    AtOnce,
}

/// How the endpoints behave; can be changed while the stand-in runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manners {
    pub refresh_policy: CompanyPolicy,
    pub access_token_seconds: i64,
    pub refresh_token_seconds: i64,
    /// Told only to those who ask with the header.
    pub hard_expires_in: i64,
    /// The person at the browser says no.
    pub deny: bool,
    /// The only addresses to which a browser is sent back; any that the rules allow, without it.
    pub redirect_urls: Option<Vec<String>>,
    /// Keys for real companies: a browser is never sent to `localhost`.
    pub production_keys: bool,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            refresh_policy: CompanyPolicy::Day,
            access_token_seconds: 3600,
            refresh_token_seconds: 8_726_400,
            hard_expires_in: 157_680_000,
            deny: false,
            redirect_urls: None,
            production_keys: false,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grants {
    pub client_id: String,
    pub client_secret: String,
    pub manners: Manners,
    /// Codes that were handed out, with what they are good for.
    pub codes: BTreeMap<String, CompanyCode>,
    /// The good refresh tokens, each with the number of its pair.
    pub refresh: HashMap<String, u64>,
    /// When each access token ends, and the number of its pair.
    pub access: HashMap<String, (DateTime<Utc>, u64)>,
    /// The number of the newest pair.
    pub pairs: u64,
    /// State of the generator that tokens come from.
    pub seed: u64,
}

pub enum CompanyAccess {
    Good,
    Missing,
    Expired,
    Unknown,
}

impl Grants {
    pub fn check(&mut self, authorization: Option<&str>) -> CompanyAccess {
        let Some(token) = authorization.and_then(bearer) else {
            return CompanyAccess::Missing;
        };
        match self.access.get(token).copied() {
            None => CompanyAccess::Unknown,
            Some((end, _)) if end <= Utc::now() => CompanyAccess::Expired,
            Some((_, pair)) => {
                self.used(pair);
                CompanyAccess::Good
            }
        }
    }

    /// Something of this pair was used, so whoever has it has all of it.
    fn used(&mut self, pair: u64) {
        if self.manners.refresh_policy == CompanyPolicy::UntilUsed {
            self.refresh.retain(|_, of| *of >= pair);
        }
    }

    /// Ends one access token, as if its hour were over.
    pub fn expire(&mut self, authorization: Option<&str>) {
        if let Some((end, _)) = authorization
            .and_then(bearer)
            .and_then(|t| self.access.get_mut(t))
        {
            *end = Utc::now() - Duration::seconds(1);
        }
    }

    pub fn expire_all(&mut self) {
        let past = Utc::now() - Duration::seconds(1);
        self.access.values_mut().for_each(|(end, _)| *end = past);
    }

    /// The newest refresh token is dead, whatever was promised; the ones before are as good as they were.
    pub fn kill_newest(&mut self) {
        let newest = self.refresh.values().max().copied();
        self.refresh.retain(|_, pair| Some(*pair) != newest);
    }

    fn is_client(&self, authorization: Option<&str>) -> bool {
        let expected = STANDARD.encode(format!("{}:{}", self.client_id, self.client_secret));
        let given = authorization.and_then(|a| {
            a.strip_prefix("Basic ")
                .or_else(|| a.strip_prefix("basic "))
        });
        given.is_some_and(|g| g.trim() == expected)
    }

    fn issue(&mut self, hard: bool) -> Reply {
        let mut chance = Seeded::new(self.seed);
        // Real access tokens are long; short ones would hide buffers and
        // columns that are too small.
        let access = format!("eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0..{}", chance.hex(900));
        let refresh = format!("AB11{}", chance.hex(46));
        self.seed = chance.0;
        self.pairs += 1;
        let seconds = self.manners.access_token_seconds;
        let end = Utc::now() + Duration::seconds(seconds);
        self.access.insert(access.clone(), (end, self.pairs));
        self.refresh.insert(refresh.clone(), self.pairs);
        let mut body = json!({
            "token_type": "bearer",
            "expires_in": seconds,
            "refresh_token": refresh,
            "x_refresh_token_expires_in": self.manners.refresh_token_seconds,
            "access_token": access,
        });
        if hard {
            body["x_refresh_token_hard_expires_in"] = json!(self.manners.hard_expires_in);
        }
        Reply::json(200, &body)
    }

    /// Answers `POST /oauth2/v1/tokens/bearer`.
    pub fn exchange(&mut self, authorization: Option<&str>, hard: bool, form: &[u8]) -> Reply {
        if !self.is_client(authorization) {
            return refuse(401, "invalid_client", None);
        }
        let form: HashMap<String, String> =
            url::form_urlencoded::parse(form).into_owned().collect();
        match form.get("grant_type").map(String::as_str) {
            Some("refresh_token") => self.renew(&form, hard),
            Some("authorization_code") => {
                let (Some(code), Some(redirect)) = (form.get("code"), form.get("redirect_uri"))
                else {
                    return refuse(400, "invalid_request", None);
                };
                // A code is good for one try.
                let known = self.codes.remove(code);
                if !known.is_some_and(|known| known.is_good_for(redirect)) {
                    return refuse(400, "invalid_grant", None);
                }
                self.issue(hard)
            }
            Some(_) => refuse(400, "unsupported_grant_type", None),
            None => refuse(400, "invalid_request", None),
        }
    }

    fn renew(&mut self, form: &HashMap<String, String>, hard: bool) -> Reply {
        let Some(token) = form.get("refresh_token") else {
            return refuse(400, "invalid_request", None);
        };
        let said = if self.access.contains_key(token) {
            "Incorrect Token type or clientID"
        } else {
            "Incorrect or invalid refresh token"
        };
        let Some(pair) = self.refresh.get(token).copied() else {
            return refuse(400, "invalid_grant", Some(said));
        };
        self.used(pair);
        if self.manners.refresh_policy == CompanyPolicy::AtOnce {
            self.refresh.clear();
        }
        self.issue(hard)
    }

    /// Answers `POST /v2/oauth2/tokens/revoke`: either token ends the whole grant.
    pub fn revoke(&mut self, authorization: Option<&str>, body: &[u8]) -> Reply {
        if !self.is_client(authorization) {
            return refuse(401, "invalid_client", None);
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some(token) = body.get("token").and_then(Value::as_str) else {
            return refuse(400, "invalid_request", None);
        };
        if !self.refresh.contains_key(token) && !self.access.contains_key(token) {
            return refuse(400, "invalid_request", None);
        }
        self.refresh.clear();
        self.access.clear();
        Reply::empty(200)
    }
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refuse(status: u16, error: &str, description: Option<&str>) -> Reply {
    let body = match description {
        Some(text) => json!({ "error": error, "error_description": text }),
        None => json!({ "error": error }),
    };
    Reply::json(status, &body)
}
