//! The token service: where codes and refresh tokens become pairs of tokens, and where a connection is ended.
//!
//! It knows what the service's words mean and what may be asked twice. It keeps nothing.

use std::time::Duration;

use base64::Engine;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::connector::http::{Answered, Http, Limits};
use crate::model::fault::{Fault, Remedy};

use super::pair::Granted;

/// How often the token service is asked while it is in trouble.
const ATTEMPTS: u32 = 4;
/// Asks how long a connection can last at all. Without it the answer does not say.
const TELL_HARD_LIMIT: &str = "x-include-refresh-token-hard-expires-in";
const LATER: &str = "run the same command again later, nothing is lost";

/// The app by which udsync is known to Intuit, and where its questions go.
#[derive(Clone, Debug)]
pub struct AppKeys {
    pub token_url: Url,
    pub revoke_url: Url,
    pub client_id: SecretString,
    pub client_secret: SecretString,
    pub timeout: Duration,
}

/// The token service, as seen by one app.
pub struct TokenService {
    keys: AppKeys,
    http: Http,
    /// Before the second attempt; twice as long before each further one.
    pub patience: Duration,
}

/// Why there is no pair.
pub enum Denied {
    /// The code or the refresh token is not taken, and never will be again. `after_loss`: an answer to the same question was
    /// lost just before.
    Grant { fault: Fault, after_loss: bool },
    /// Anything else. Trouble that passes is [`Remedy::Stop`] by now.
    Other(Fault),
}

#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: String,
}

impl Refused {
    /// The service's own refusal; `None` where somebody else speaks, as a proxy does with a page.
    fn of(answered: &Answered) -> Option<Refused> {
        serde_json::from_slice(&answered.body).ok()
    }
}

impl TokenService {
    pub fn new(keys: AppKeys, patience: Duration) -> TokenService {
        let limits = Limits {
            timeout: keys.timeout,
            body_max: 1_000_000,
        };
        TokenService {
            http: Http::new(&keys.token_url, limits),
            keys,
            patience,
        }
    }

    /// Exchanges a refresh token for a new pair. It stays good for a day, so asking again after trouble is safe.
    pub async fn renew(&self, refresh: &SecretString) -> Result<Granted, Denied> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
        ];
        let mut pause = self.patience;
        let mut attempt = 1;
        loop {
            let trouble = match self.ask(&form).await {
                Err(Denied::Other(fault)) if fault.remedy == Remedy::Ask => fault,
                Err(Denied::Grant { fault, .. }) => {
                    let after_loss = attempt > 1;
                    return Err(Denied::Grant { fault, after_loss });
                }
                settled => return settled,
            };
            if attempt == ATTEMPTS {
                return Err(Denied::Other(Fault {
                    remedy: Remedy::Stop,
                    ..trouble
                }));
            }
            attempt += 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// Exchanges a code for the first pair. A code is good for one try, so nothing is repeated.
    pub async fn exchange(&self, code: &SecretString, redirect: &str) -> Result<Granted, Fault> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect),
        ];
        match self.ask(&form).await {
            Ok(granted) => Ok(granted),
            Err(Denied::Grant { fault, .. }) => Err(Fault::new(
                Remedy::Reconnect,
                "code_refused",
                "QuickBooks does not take the code: it is good for a few minutes and for one try",
            )
            .hint("start again: `udsync connect quickbooks`")
            .reference(fault.reference)),
            Err(Denied::Other(fault)) if fault.remedy == Remedy::Ask => Err(Fault {
                remedy: Remedy::Stop,
                hint: Some("start again later: `udsync connect quickbooks`".to_owned()),
                ..fault
            }),
            Err(Denied::Other(fault)) => Err(fault),
        }
    }

    /// Ends the connection that a token belongs to. One that has ended already is no fault.
    pub async fn revoke(&self, token: &SecretString) -> Result<(), Fault> {
        let body = serde_json::json!({ "token": token.expose_secret() });
        let request = self
            .http
            .request(Method::POST, self.keys.revoke_url.clone())
            .header(AUTHORIZATION, self.basic())
            .header(ACCEPT, "application/json")
            .json(&body);
        let answered = self.http.send(request).await.map_err(|unanswered| {
            Fault::new(
                Remedy::Stop,
                "unreachable",
                format!(
                    "the sign-in service of QuickBooks could not be reached: {}",
                    unanswered.words()
                ),
            )
            .hint(LATER)
        })?;
        let reference = answered.header("intuit_tid").map(str::to_owned);
        match answered.status {
            // With 400 it says that there is no such token, which is what was wanted. A page says nothing of tokens.
            200..=299 => Ok(()),
            400 if !is_page(&answered) => Ok(()),
            401 | 403 if !is_page(&answered) => Err(refusal("invalid_client").reference(reference)),
            status => Err(Fault::new(
                Remedy::Stop,
                "unreachable",
                format!("the sign-in service of QuickBooks answered with status {status}"),
            )
            .hint("check `revoke_url` in `[quickbooks]`, and try again later")
            .reference(reference)),
        }
    }

    fn basic(&self) -> HeaderValue {
        let pair = format!(
            "{}:{}",
            self.keys.client_id.expose_secret(),
            self.keys.client_secret.expose_secret()
        );
        let text = base64::engine::general_purpose::STANDARD.encode(pair);
        let mut basic =
            HeaderValue::from_str(&format!("Basic {text}")).expect("base64 is plain text");
        basic.set_sensitive(true);
        basic
    }

    /// One question. [`Remedy::Ask`] stands for trouble that may pass.
    async fn ask(&self, form: &[(&str, &str)]) -> Result<Granted, Denied> {
        let request = self
            .http
            .request(Method::POST, self.keys.token_url.clone())
            .header(AUTHORIZATION, self.basic())
            .header(ACCEPT, "application/json")
            .header(TELL_HARD_LIMIT, "true")
            .form(form);
        let answered = self.http.send(request).await.map_err(|unanswered| {
            let said = format!(
                "the sign-in service of QuickBooks could not be reached: {}",
                unanswered.words()
            );
            Denied::Other(Fault::new(Remedy::Ask, "unreachable", said).hint(LATER))
        })?;
        granted(&answered)
    }
}

fn is_page(answered: &Answered) -> bool {
    answered.text().trim_start().starts_with('<')
}

fn granted(answered: &Answered) -> Result<Granted, Denied> {
    let reference = answered.header("intuit_tid").map(str::to_owned);
    let fault = match answered.status {
        200..=299 => match serde_json::from_slice::<Granted>(&answered.body) {
            Ok(granted) => return Ok(granted),
            Err(_) => Fault::new(
                Remedy::Ask,
                "sign_in_trouble",
                "the answer of QuickBooks' sign-in service could not be understood",
            )
            .hint("check `token_url` in `[quickbooks]`"),
        },
        400 | 401 | 403 if Refused::of(answered).is_none() => Fault::new(
            Remedy::Ask,
            "sign_in_trouble",
            format!(
                "something before the sign-in service of QuickBooks answered with status {}, and without a word of its own",
                answered.status
            ),
        )
        .hint("run the same command again later, nothing is lost; if it stays so, see to any proxy in between"),
        400 | 401 | 403 => {
            let refused = Refused::of(answered).unwrap_or_default();
            let fault = refusal(&refused.error).reference(reference);
            return Err(match refused.error.as_str() {
                "invalid_grant" => Denied::Grant {
                    fault,
                    after_loss: false,
                },
                _ => Denied::Other(fault),
            });
        }
        429 | 500.. => Fault::new(
            Remedy::Ask,
            "unreachable",
            format!(
                "the sign-in service of QuickBooks answered with status {}",
                answered.status
            ),
        )
        .hint(LATER),
        status => Fault::new(
            Remedy::Stop,
            "not_quickbooks",
            format!(
                "the answer with status {status} does not look like QuickBooks' sign-in service"
            ),
        )
        .hint("check `token_url` in `[quickbooks]`"),
    };
    Err(Denied::Other(fault.reference(reference)))
}

/// What the token service's words mean.
fn refusal(word: &str) -> Fault {
    match word {
        "invalid_grant" => Fault::new(
            Remedy::Reconnect,
            "credentials_refused",
            "QuickBooks no longer takes the refresh token: it ran out, was replaced, or the connection was removed",
        ),
        "invalid_client" | "unauthorized_client" => Fault::new(
            Remedy::Reconnect,
            "client_refused",
            "QuickBooks does not take the client id and secret of the app",
        )
        .hint(
            "compare `UDSYNC_QUICKBOOKS_CLIENT_ID` and `UDSYNC_QUICKBOOKS_CLIENT_SECRET` with the app's keys, \
             or connect with other keys: `udsync connect quickbooks`",
        ),
        _ => Fault::new(
            Remedy::Reconnect,
            "credentials_refused",
            "the sign-in service of QuickBooks refused the request",
        )
        .hint("check `token_url` in `[quickbooks]`, then run `udsync connect quickbooks`"),
    }
}
