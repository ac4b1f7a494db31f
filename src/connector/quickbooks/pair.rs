//! The pair of tokens: an access token for an hour, and a refresh token that makes the next pair.
//!
//! A pair remembers the refresh token it came from for as long as QuickBooks still takes it, because that is the way back
//! where the newer one turns out to be useless. It is text in the vault, and nothing else ever sees that text.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::connector::port::Life;
use crate::model::fingerprint::Fingerprint;

/// So long after a refresh token was replaced QuickBooks still takes it.
const PREVIOUS_AGE: TimeDelta = TimeDelta::hours(24);

/// A pair of tokens.
#[derive(Clone)]
pub struct TokenPair {
    pub access: Option<AccessToken>,
    pub refresh: SecretString,
    pub refresh_until: Option<DateTime<Utc>>,
    /// Whatever is renewed until then, a person must connect again after it.
    pub hard_until: Option<DateTime<Utc>>,
    /// The refresh token before this one, and when it was replaced.
    pub previous: Option<(SecretString, DateTime<Utc>)>,
    /// The digest of the environment's token that this descends from.
    pub came_from: Option<String>,
    pub refreshed_at: Option<DateTime<Utc>>,
    /// QuickBooks takes it no longer, so nobody asks with it again.
    pub refused_at: Option<DateTime<Utc>>,
}

#[derive(Clone)]
pub struct AccessToken {
    pub token: SecretString,
    pub until: DateTime<Utc>,
}

/// What the token service answers.
#[derive(Deserialize)]
pub struct Granted {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: i64,
    x_refresh_token_expires_in: Option<i64>,
    x_refresh_token_hard_expires_in: Option<i64>,
}

/// The pair as text in the vault.
#[derive(Serialize, Deserialize)]
struct KeptPair {
    company: String,
    access_token: Option<String>,
    access_until: Option<DateTime<Utc>>,
    refresh_token: String,
    refresh_until: Option<DateTime<Utc>>,
    #[serde(default)]
    hard_until: Option<DateTime<Utc>>,
    #[serde(default)]
    previous_token: Option<String>,
    #[serde(default)]
    replaced_at: Option<DateTime<Utc>>,
    came_from: Option<String>,
    #[serde(default)]
    refreshed_at: Option<DateTime<Utc>>,
    #[serde(default)]
    refused_at: Option<DateTime<Utc>>,
}

/// By which a token of the environment is known again.
pub fn digest(token: &SecretString) -> String {
    Fingerprint::of_bytes(token.expose_secret().as_bytes()).to_string()
}

impl TokenPair {
    /// What somebody put into the environment: good for one thing only, to be renewed.
    pub fn given(token: &SecretString) -> TokenPair {
        TokenPair {
            access: None,
            refresh: token.clone(),
            refresh_until: None,
            hard_until: None,
            previous: None,
            came_from: Some(digest(token)),
            refreshed_at: None,
            refused_at: None,
        }
    }

    /// The first pair of a connection.
    pub fn first(granted: Granted, now: DateTime<Utc>) -> Option<TokenPair> {
        let refresh = SecretString::from(granted.refresh_token.clone()?);
        let begun = TokenPair {
            came_from: None,
            ..TokenPair::given(&refresh)
        };
        Some(begun.after(&refresh, granted, now))
    }

    /// The pair that this one was exchanged for, by means of this refresh token: its own, or the one before.
    pub fn after(&self, by: &SecretString, granted: Granted, now: DateTime<Utc>) -> TokenPair {
        let later = |seconds: i64| now + TimeDelta::seconds(seconds.clamp(0, 1_000_000_000));
        let fresh = granted.refresh_token.map(SecretString::from);
        let same =
            |one: &SecretString, other: &SecretString| one.expose_secret() == other.expose_secret();
        let previous = match (&fresh, &self.previous) {
            // QuickBooks gives the same one for about a day.
            (Some(fresh), previous) if same(fresh, by) => previous.clone(),
            (None, previous) => previous.clone(),
            (Some(_), Some((token, at))) if same(token, by) => Some((token.clone(), *at)),
            _ => Some((by.clone(), now)),
        };
        TokenPair {
            access: Some(AccessToken {
                token: granted.access_token.into(),
                until: later(granted.expires_in),
            }),
            refresh: fresh.unwrap_or_else(|| by.clone()),
            refresh_until: granted.x_refresh_token_expires_in.map(later),
            // An answer without it does not take it back.
            hard_until: granted
                .x_refresh_token_hard_expires_in
                .map(later)
                .or(self.hard_until),
            previous,
            came_from: self.came_from.clone(),
            refreshed_at: Some(now),
            refused_at: None,
        }
    }

    /// The refresh token before, while it may still be taken.
    pub fn way_back(&self, now: DateTime<Utc>) -> Option<&SecretString> {
        let (token, at) = self.previous.as_ref()?;
        (now - *at < PREVIOUS_AGE).then_some(token)
    }

    /// What may be known of it without opening anything.
    pub fn life(&self, company_id: &str) -> Life {
        Life {
            company_id: company_id.to_owned(),
            refreshed_at: self.refreshed_at,
            refresh_until: self.refresh_until,
            hard_until: self.hard_until,
            came_from: self.came_from.clone(),
            refused_at: self.refused_at,
        }
    }

    /// Reads what the vault has; `None` where it is of another company.
    pub fn read(text: &SecretString, company_id: &str) -> Option<TokenPair> {
        let kept: KeptPair = serde_json::from_str(text.expose_secret()).ok()?;
        if kept.company != company_id {
            return None;
        }
        let access = kept.access_token.zip(kept.access_until);
        Some(TokenPair {
            access: access.map(|(token, until)| AccessToken {
                token: token.into(),
                until,
            }),
            refresh: kept.refresh_token.into(),
            refresh_until: kept.refresh_until,
            hard_until: kept.hard_until,
            previous: kept
                .previous_token
                .map(SecretString::from)
                .zip(kept.replaced_at),
            came_from: kept.came_from,
            refreshed_at: kept.refreshed_at,
            refused_at: kept.refused_at,
        })
    }

    pub fn text(&self, company_id: &str) -> SecretString {
        let access = self.access.as_ref();
        let open = |token: &SecretString| token.expose_secret().to_owned();
        let kept = KeptPair {
            company: company_id.to_owned(),
            access_token: access.map(|access| open(&access.token)),
            access_until: access.map(|access| access.until),
            refresh_token: open(&self.refresh),
            refresh_until: self.refresh_until,
            hard_until: self.hard_until,
            previous_token: self.previous.as_ref().map(|(token, _)| open(token)),
            replaced_at: self.previous.as_ref().map(|(_, at)| *at),
            came_from: self.came_from.clone(),
            refreshed_at: self.refreshed_at,
            refused_at: self.refused_at,
        };
        serde_json::to_string(&kept)
            .expect("texts and times have a JSON form")
            .into()
    }
}
