//! The tokens: how udsync signs in, and how the sign-in stays alive.
//!
//! An access token lives for an hour. A refresh token makes new ones and is itself replaced about once a day; whoever loses the
//! replacement is locked out. So the new pair is on disk before anything is done with it, and only one task refreshes at a time.
//!
//! The first refresh token comes from the environment. What QuickBooks makes of it is kept in the vault and wins over the one it came from;
//! another token in the environment wins over both, because somebody put it there on purpose.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use crate::connector::http::{Answered, Http, Limits};
use crate::connector::port::Vault;
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};
use crate::model::fingerprint::Fingerprint;

/// The name in the vault.
const NAME: &str = "quickbooks";
/// A token with less left than this is not used for another request.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// How often the token service is asked while it is in trouble.
const ATTEMPTS: u32 = 4;

/// What is needed to sign in.
pub struct SignIn {
    pub token_url: Url,
    pub company_id: String,
    pub client_id: SecretString,
    pub client_secret: SecretString,
    pub refresh_token: Option<SecretString>,
    pub timeout: Duration,
    /// Before the second attempt; twice as long before each further one.
    pub patience: Duration,
}

/// The sign-in of one company.
pub struct Tokens {
    sign_in: SignIn,
    http: Http,
    clock: Clock,
    vault: Arc<dyn Vault>,
    held: Mutex<Option<Held>>,
}

/// A pair of tokens.
#[derive(Clone)]
struct Held {
    access: Option<Access>,
    refresh: SecretString,
    refresh_until: Option<DateTime<Utc>>,
    /// The digest of the environment's token that this descends from.
    came_from: Option<String>,
}

#[derive(Clone)]
struct Access {
    token: SecretString,
    until: DateTime<Utc>,
}

/// The pair as text in the vault.
#[derive(Serialize, Deserialize)]
struct Kept {
    company: String,
    access_token: Option<String>,
    access_until: Option<DateTime<Utc>>,
    refresh_token: String,
    refresh_until: Option<DateTime<Utc>>,
    came_from: Option<String>,
}

/// What the token service answers.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: i64,
    x_refresh_token_expires_in: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: String,
}

impl Tokens {
    pub fn new(sign_in: SignIn, clock: Clock, vault: Arc<dyn Vault>) -> Tokens {
        let limits = Limits {
            timeout: sign_in.timeout,
            body_max: 1_000_000,
        };
        Tokens {
            http: Http::new(&sign_in.token_url, limits),
            sign_in,
            clock,
            vault,
            held: Mutex::new(None),
        }
    }

    pub fn pausing(&mut self, pause: Duration) {
        self.sign_in.patience = pause;
    }

    /// An access token that is good for some minutes more.
    pub async fn access(&self) -> Result<SecretString, Fault> {
        self.token(None).await
    }

    /// Another access token, after this one was refused.
    pub async fn renewed(&self, refused: &SecretString) -> Result<SecretString, Fault> {
        self.token(Some(refused)).await
    }

    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, Fault> {
        let mut held = self.held.lock().await;
        if held.is_none() {
            *held = Some(self.first()?);
        }
        let current = held.as_mut().expect("it was just put there");
        if let Some(token) = self.usable(current, refused) {
            return Ok(token);
        }
        // Another process of the same shop may have refreshed meanwhile.
        if let Some(kept) = self
            .kept()
            .filter(|kept| kept.came_from == current.came_from)
        {
            *current = kept;
            if let Some(token) = self.usable(current, refused) {
                return Ok(token);
            }
        }
        tracing::debug!("signing in to QuickBooks anew");
        let fresh = self.refresh(current).await?;
        self.save(&fresh)?;
        let token = fresh
            .access
            .as_ref()
            .expect("a refresh grants one")
            .token
            .clone();
        *current = fresh;
        Ok(token)
    }

    fn usable(&self, held: &Held, refused: Option<&SecretString>) -> Option<SecretString> {
        let access = held.access.as_ref()?;
        let refused = refused.map(ExposeSecret::expose_secret);
        let good = access.until > self.clock.now() + MARGIN
            && refused != Some(access.token.expose_secret());
        good.then(|| access.token.clone())
    }

    /// The tokens to begin with: the vault's, unless the environment has one that they do not descend from.
    fn first(&self) -> Result<Held, Fault> {
        for (value, variable) in [
            (&self.sign_in.client_id, "UDSYNC_QUICKBOOKS_CLIENT_ID"),
            (
                &self.sign_in.client_secret,
                "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
            ),
        ] {
            if value.expose_secret().is_empty() {
                return Err(missing(variable));
            }
        }
        let kept = self.kept();
        let given = self
            .sign_in
            .refresh_token
            .as_ref()
            .filter(|token| !token.expose_secret().is_empty());
        match (given, kept) {
            (None, None) => Err(missing("UDSYNC_QUICKBOOKS_REFRESH_TOKEN")),
            (None, Some(kept)) => Ok(kept),
            (Some(given), kept) => {
                let digest = Fingerprint::of_bytes(given.expose_secret().as_bytes()).to_string();
                let descendant = kept.filter(|kept| kept.came_from.as_ref() == Some(&digest));
                Ok(descendant.unwrap_or_else(|| Held {
                    access: None,
                    refresh: given.clone(),
                    refresh_until: None,
                    came_from: Some(digest),
                }))
            }
        }
    }

    /// What the vault has for this company.
    fn kept(&self) -> Option<Held> {
        let secret = self.vault.load(NAME)?;
        let kept: Kept = serde_json::from_str(secret.expose_secret()).ok()?;
        if kept.company != self.sign_in.company_id {
            return None;
        }
        let access = kept.access_token.zip(kept.access_until);
        Some(Held {
            access: access.map(|(token, until)| Access {
                token: token.into(),
                until,
            }),
            refresh: kept.refresh_token.into(),
            refresh_until: kept.refresh_until,
            came_from: kept.came_from,
        })
    }

    fn save(&self, held: &Held) -> Result<(), Fault> {
        let access = held.access.as_ref();
        let kept = Kept {
            company: self.sign_in.company_id.clone(),
            access_token: access.map(|access| access.token.expose_secret().to_owned()),
            access_until: access.map(|access| access.until),
            refresh_token: held.refresh.expose_secret().to_owned(),
            refresh_until: held.refresh_until,
            came_from: held.came_from.clone(),
        };
        let text = serde_json::to_string(&kept).expect("texts and times have a JSON form");
        self.vault.save(NAME, &text.into())
    }

    /// Asks for a new pair. The same refresh token stays good for a day, so asking again after trouble is safe.
    async fn refresh(&self, held: &Held) -> Result<Held, Fault> {
        let mut pause = self.sign_in.patience;
        let mut attempt = 1;
        loop {
            let trouble = match self.ask(held).await {
                Ok(answered) => match self.granted(held, &answered) {
                    Err(fault) if fault.remedy == Remedy::Ask => fault,
                    settled => return settled,
                },
                Err(fault) => fault,
            };
            if attempt == ATTEMPTS {
                let mut fault = trouble;
                fault.remedy = Remedy::Stop;
                return Err(fault);
            }
            attempt += 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    async fn ask(&self, held: &Held) -> Result<Answered, Fault> {
        let pair = format!(
            "{}:{}",
            self.sign_in.client_id.expose_secret(),
            self.sign_in.client_secret.expose_secret()
        );
        let mut basic = reqwest::header::HeaderValue::from_str(&format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(pair)
        ))
        .expect("base64 is plain text");
        basic.set_sensitive(true);
        let request = self
            .http
            .request(Method::POST, self.sign_in.token_url.clone())
            .header(reqwest::header::AUTHORIZATION, basic)
            .header(reqwest::header::ACCEPT, "application/json")
            .form(&[
                ("grant_type", "refresh_token"),
                ("refresh_token", held.refresh.expose_secret()),
            ]);
        self.http.send(request).await.map_err(|unanswered| {
            Fault::new(
                Remedy::Ask,
                "unreachable",
                format!(
                    "the sign-in service of QuickBooks could not be reached: {}",
                    unanswered.said
                ),
            )
            .hint("run the same command again later, nothing is lost")
        })
    }

    /// Reads the answer. [`Remedy::Ask`] stands for trouble that may pass.
    fn granted(&self, held: &Held, answered: &Answered) -> Result<Held, Fault> {
        let reference = answered.header("intuit_tid").map(str::to_owned);
        match answered.status {
            200..=299 => match serde_json::from_slice::<Granted>(&answered.body) {
                Ok(granted) => Ok(self.pair(held, granted)),
                Err(_) => Err(Fault::new(
                    Remedy::Ask,
                    "sign_in_trouble",
                    "the answer of QuickBooks' sign-in service could not be understood",
                )
                .hint("check `token_url` in `[quickbooks]`")
                .reference(reference)),
            },
            400 | 401 | 403 => {
                let refused: Refused = serde_json::from_slice(&answered.body).unwrap_or_default();
                Err(refusal(&refused.error).reference(reference))
            }
            429 | 500.. => Err(Fault::new(
                Remedy::Ask,
                "unreachable",
                format!(
                    "the sign-in service of QuickBooks answered with status {}",
                    answered.status
                ),
            )
            .hint("run the same command again later, nothing is lost")
            .reference(reference)),
            status => Err(Fault::new(
                Remedy::Stop,
                "not_quickbooks",
                format!(
                    "the answer with status {status} does not look like QuickBooks' sign-in service"
                ),
            )
            .hint("check `token_url` in `[quickbooks]`")
            .reference(reference)),
        }
    }

    fn pair(&self, old: &Held, granted: Granted) -> Held {
        let now = self.clock.now();
        let later = |seconds: i64| now + TimeDelta::seconds(seconds.clamp(0, 1_000_000_000));
        Held {
            access: Some(Access {
                token: granted.access_token.into(),
                until: later(granted.expires_in),
            }),
            refresh: granted
                .refresh_token
                .map_or_else(|| old.refresh.clone(), SecretString::from),
            refresh_until: granted.x_refresh_token_expires_in.map(later),
            came_from: old.came_from.clone(),
        }
    }
}

/// What the token service's words mean.
fn refusal(word: &str) -> Fault {
    match word {
        "invalid_grant" => Fault::new(
            Remedy::Reconnect,
            "credentials_refused",
            "QuickBooks no longer takes the refresh token: it ran out, was replaced, or the connection was removed",
        )
        .hint("put a new refresh token for this company in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN`"),
        "invalid_client" | "unauthorized_client" => Fault::new(
            Remedy::Reconnect,
            "client_refused",
            "QuickBooks does not take the client id and secret of the app",
        )
        .hint("compare `UDSYNC_QUICKBOOKS_CLIENT_ID` and `UDSYNC_QUICKBOOKS_CLIENT_SECRET` with the app's keys"),
        _ => Fault::new(
            Remedy::Reconnect,
            "credentials_refused",
            "the sign-in service of QuickBooks refused the request",
        )
        .hint("check the three `UDSYNC_QUICKBOOKS_…` credentials and `token_url` in `[quickbooks]`"),
    }
}

fn missing(variable: &str) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "credentials_missing",
        format!("QuickBooks is not connected: `{variable}` is not set"),
    )
    .hint(format!("set `{variable}`"))
}
