//! The token endpoint, the revocation endpoint and the check of access tokens.
//!
//! Each refresh hands out a new refresh token. The one before stays good, unless
//! the setup says that it dies at once. Lifetimes of refresh tokens are stated
//! in answers but not enforced.

use super::chance::Chance;
use super::reply::Reply;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grants {
    pub client_id: String,
    pub client_secret: String,
    pub access_seconds: i64,
    pub kill_old_refresh_tokens: bool,
    /// A code for the first exchange, good for one use.
    pub code: Option<String>,
    pub refresh: HashSet<String>,
    /// When each access token ends.
    pub access: HashMap<String, DateTime<Utc>>,
    /// State of the generator that tokens come from.
    pub seed: u64,
}

pub enum Access {
    Good,
    Missing,
    Expired,
    Unknown,
}

impl Grants {
    pub fn check(&self, authorization: Option<&str>) -> Access {
        let Some(token) = authorization.and_then(bearer) else {
            return Access::Missing;
        };
        match self.access.get(token) {
            None => Access::Unknown,
            Some(end) if *end <= Utc::now() => Access::Expired,
            Some(_) => Access::Good,
        }
    }

    /// Ends one access token, as if its hour were over.
    pub fn expire(&mut self, authorization: Option<&str>) {
        if let Some(end) = authorization
            .and_then(bearer)
            .and_then(|t| self.access.get_mut(t))
        {
            *end = Utc::now() - Duration::seconds(1);
        }
    }

    pub fn expire_all(&mut self) {
        let past = Utc::now() - Duration::seconds(1);
        self.access.values_mut().for_each(|end| *end = past);
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
        let mut chance = Chance(self.seed);
        // Real access tokens are long; short ones would hide buffers and
        // columns that are too small.
        let access = format!("eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0..{}", chance.hex(900));
        let refresh = format!("AB11{}", chance.hex(46));
        self.seed = chance.0;
        self.access.insert(
            access.clone(),
            Utc::now() + Duration::seconds(self.access_seconds),
        );
        self.refresh.insert(refresh.clone());
        let mut body = json!({
            "token_type": "bearer",
            "expires_in": self.access_seconds,
            "refresh_token": refresh,
            "x_refresh_token_expires_in": 8_726_400,
            "access_token": access,
        });
        if hard {
            body["x_refresh_token_hard_expires_in"] = json!(157_680_000);
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
            Some("refresh_token") => {
                let Some(token) = form.get("refresh_token") else {
                    return refuse(400, "invalid_request", None);
                };
                if self.access.contains_key(token) {
                    return refuse(
                        400,
                        "invalid_grant",
                        Some("Incorrect Token type or clientID"),
                    );
                }
                if !self.refresh.contains(token) {
                    return refuse(
                        400,
                        "invalid_grant",
                        Some("Incorrect or invalid refresh token"),
                    );
                }
                if self.kill_old_refresh_tokens {
                    self.refresh.clear();
                }
                self.issue(hard)
            }
            Some("authorization_code") => {
                if !form.contains_key("code") || !form.contains_key("redirect_uri") {
                    return refuse(400, "invalid_request", None);
                }
                if self.code.is_none() || form.get("code") != self.code.as_ref() {
                    return refuse(400, "invalid_grant", None);
                }
                self.code = None;
                self.issue(hard)
            }
            Some(_) => refuse(400, "unsupported_grant_type", None),
            None => refuse(400, "invalid_request", None),
        }
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
        if !self.refresh.contains(token) && !self.access.contains_key(token) {
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
