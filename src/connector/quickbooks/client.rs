//! The line to the company: signed in, within the budget, counted.
//!
//! Reading is repeated when something goes wrong on the way, because it changes nothing. Writing is sent once, whatever the
//! answer: even that the access token is not good can come after the work was done. Whoever asked for it decides the rest.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use secrecy::ExposeSecret;
use tokio::time::Instant;
use url::Url;

use crate::connector::http::{Answered, Http, HttpTrouble, Limits, PATIENCE_MAX, Unanswered};
use crate::connector::port::{Sending, Vault};
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};
use crate::model::run::Requests;

use super::BooksConnection;
use super::budget::{Allowance, Budget, Pass, Toll};
use super::faults;
use super::service::AppKeys;
use super::tokens::{SignedIn, Tokens};
use super::wire::AnswerEnvelope;

/// The version of the fields that we know.
pub const MINOR_VERSION: &str = "minorversion=75";

/// A page of a thousand customers is a megabyte or two; a thousand long documents are far from this.
const BODY_MAX: usize = 64_000_000;
/// How often a read is tried.
const ATTEMPTS: u32 = 4;
/// A longer question goes by POST, before anything on the way finds the address too long.
const ADDRESS_MAX: usize = 1_800;

/// What need not be escaped in a parameter.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The line to one company.
pub struct BooksClient {
    http: Http,
    /// `https://…/v3/company/9130`
    base: String,
    company_id: String,
    tokens: Tokens,
    budget: Budget,
    patience: Duration,
    /// No pause after too many requests is longer.
    pause_max: Duration,
    clock: Clock,
    /// Since when it has been too many requests without an answer in between.
    throttled_since: Mutex<Option<Instant>>,
    reads: AtomicU64,
    writes: AtomicU64,
    throttled: AtomicU64,
}

/// One request, before it is signed in.
struct BooksRequest<'a> {
    method: Method,
    /// Below the company, with parameters.
    path: &'a str,
    body: Option<(&'static str, &'a str)>,
    toll: Toll,
}

/// Why there is no answer.
pub enum Miss {
    /// Nothing was sent, or it was refused unread.
    Before(Fault),
    /// It was sent, perhaps.
    Sent(Unanswered),
    /// It was sent, and refused for a reason that says nothing of what became of it.
    Refused(Fault),
}

impl BooksClient {
    /// `patience` is the time before a read is tried again; twice as long before each further try.
    pub fn new(
        settings: BooksConnection,
        clock: Clock,
        vault: Arc<dyn Vault>,
        patience: Duration,
    ) -> BooksClient {
        let limits = Limits {
            timeout: settings.timeout,
            body_max: BODY_MAX,
        };
        let allowance = Allowance {
            per_minute: settings.requests_per_minute as usize,
            per_second: settings.requests_per_second as usize,
            batches_per_minute: settings.batches_per_minute as usize,
            in_flight: settings.concurrency,
        };
        BooksClient {
            http: Http::new(&settings.api_url, limits),
            base: format!(
                "{}/v3/company/{}",
                settings.api_url.as_str().trim_end_matches('/'),
                escaped(&settings.company_id)
            ),
            budget: Budget::new(allowance),
            patience,
            pause_max: PATIENCE_MAX,
            clock: clock.clone(),
            throttled_since: Mutex::default(),
            reads: AtomicU64::new(0),
            writes: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
            company_id: settings.company_id.clone(),
            tokens: Tokens::new(
                SignedIn {
                    keys: AppKeys {
                        token_url: settings.token_url,
                        revoke_url: settings.revoke_url,
                        client_id: settings.client_id,
                        client_secret: settings.client_secret,
                        timeout: settings.timeout,
                    },
                    company_id: settings.company_id,
                    refresh_token: settings.refresh_token,
                    name: settings.tokens,
                    mend: settings.mend,
                    patience,
                },
                clock,
                vault,
            ),
        }
    }

    pub fn pausing(&mut self, pause: Duration) {
        self.patience = pause;
        self.pause_max = pause;
        self.tokens.pausing(pause);
    }

    /// As if it had been too many requests for so long already.
    #[cfg(test)]
    pub fn throttled_for(&self, long: Duration) {
        let mut since = self
            .throttled_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *since = since.and_then(|since| since.checked_sub(long));
    }

    pub async fn keep_fresh(&self) -> Result<(), Fault> {
        self.tokens.keep_fresh().await
    }

    pub async fn revoke(&self) -> Result<(), Fault> {
        self.tokens.revoke().await
    }

    pub fn put_bodies_in_log(&mut self) {
        self.http.put_bodies_in_log();
    }

    pub fn company_id(&self) -> &str {
        &self.company_id
    }

    pub async fn sign_in(&self) -> Result<(), Fault> {
        self.tokens.access().await.map(|_| ())
    }

    pub fn clock_ahead(&self, now: chrono::DateTime<chrono::Utc>) -> Option<chrono::TimeDelta> {
        self.http.ahead(now)
    }

    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// How long the next request still has to wait for the budget.
    pub fn waiting(&self) -> Option<Duration> {
        self.budget.waiting()
    }

    /// What was asked so far.
    pub fn requests(&self) -> Requests {
        Requests {
            reads: self.reads.load(Ordering::Relaxed),
            writes: self.writes.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
        }
    }

    /// Reads what stands at a path, parameters included, and hands back the text of the answer.
    pub async fn get(&self, path: &str) -> Result<String, Fault> {
        let join = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{join}{MINOR_VERSION}");
        self.read(&BooksRequest {
            method: Method::GET,
            path: &path,
            body: None,
            toll: Toll::Single,
        })
        .await
    }

    /// Asks a question in the query language.
    pub async fn query(&self, question: &str) -> Result<String, Fault> {
        let asked = escaped(question);
        if asked.len() <= ADDRESS_MAX {
            return self.get(&format!("query?query={asked}")).await;
        }
        self.read(&BooksRequest {
            method: Method::POST,
            path: &format!("query?{MINOR_VERSION}"),
            body: Some(("application/text", question)),
            toll: Toll::Single,
        })
        .await
    }

    /// Sends a write: the path, the idempotency key, the exact bytes.
    pub async fn write(
        &self,
        path: &str,
        key: &str,
        body: &str,
        sending: Sending<'_>,
    ) -> Result<Answered, Miss> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        let toll = if path.starts_with("batch?") {
            Toll::Batch
        } else {
            Toll::Single
        };
        let call = BooksRequest {
            method: Method::POST,
            path: &format!("{path}&requestid={}", escaped(key)),
            body: Some(("application/json", body)),
            toll,
        };
        let token = self.tokens.access().await.map_err(Miss::Before)?;
        self.send(&call, &token, sending).await
    }

    /// Reads with patience: trouble on the way is tried again, a request too many waits for its pause.
    async fn read(&self, call: &BooksRequest<'_>) -> Result<String, Fault> {
        let mut pause = self.patience;
        let mut attempt = 1;
        loop {
            let trouble = match self.exchange(call).await {
                Err(Miss::Before(fault)) => return Err(fault),
                // Asked twice by now, with two tokens.
                Err(Miss::Refused(fault)) => return Err(given_up(fault)),
                Err(Miss::Sent(unanswered)) => {
                    let fault = faults::unreachable(&unanswered);
                    if matches!(unanswered.trouble, HttpTrouble::Tls | HttpTrouble::TooLarge) {
                        return Err(fault);
                    }
                    fault
                }
                Ok(answered) if answered.status == 200 => {
                    let reference = answered.header("intuit_tid").map(str::to_owned);
                    match String::from_utf8(answered.body) {
                        Ok(text) if is_answer(&text) => {
                            self.reads.fetch_add(1, Ordering::Relaxed);
                            return Ok(text);
                        }
                        _ => faults::not_understood(reference),
                    }
                }
                Ok(answered) => {
                    let fault = self.mended(faults::of_answer(&answered, self.clock.now()));
                    match fault.remedy {
                        Remedy::Ask | Remedy::Wait(_) => fault,
                        _ => return Err(fault),
                    }
                }
            };
            if attempt == ATTEMPTS {
                return Err(given_up(trouble));
            }
            attempt += 1;
            // The pause after too many requests is kept at the gate.
            if !matches!(trouble.remedy, Remedy::Wait(_)) {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
    }

    /// A connection is mended where it was made.
    pub fn mended(&self, mut fault: Fault) -> Fault {
        if fault.hint.as_deref() == Some(faults::CONNECT) {
            fault.hint = Some(self.tokens.mend().to_owned());
        }
        fault
    }

    /// Sends a question and hands back whatever comes, signing in anew once where the token is refused.
    async fn exchange(&self, call: &BooksRequest<'_>) -> Result<Answered, Miss> {
        let token = self.tokens.access().await.map_err(Miss::Before)?;
        let answered = self.send(call, &token, &|| Ok(())).await?;
        if !faults::token_refused(&answered) {
            return Ok(answered);
        }
        let token = self.tokens.renewed(&token).await.map_err(Miss::Before)?;
        let answered = self.send(call, &token, &|| Ok(())).await?;
        if faults::token_refused(&answered) {
            return Err(Miss::Refused(faults::fresh_token_refused(&answered)));
        }
        Ok(answered)
    }

    async fn send(
        &self,
        call: &BooksRequest<'_>,
        token: &secrecy::SecretString,
        sending: Sending<'_>,
    ) -> Result<Answered, Miss> {
        let address = format!("{}/{}", self.base, call.path);
        let url = Url::parse(&address).map_err(|_| {
            Miss::Before(
                Fault::new(
                    Remedy::Stop,
                    "address",
                    "the address of QuickBooks cannot be used",
                )
                .hint("check `api_url` in `[quickbooks]`"),
            )
        })?;
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .bearer_auth(token.expose_secret())
            .header(reqwest::header::ACCEPT, "application/json");
        if let Some((kind, body)) = call.body {
            request = request
                .header(reqwest::header::CONTENT_TYPE, kind)
                .body(body.to_owned());
        }
        let pass = self.budget.admit(call.toll).await;
        sending().map_err(Miss::Before)?;
        let answered = self.http.send(request).await;
        self.noted(pass, answered)
    }

    /// Takes note of an answer: too many requests are a pause for everybody.
    fn noted(
        &self,
        pass: Pass<'_>,
        answered: Result<Answered, Unanswered>,
    ) -> Result<Answered, Miss> {
        let answered = answered.map_err(Miss::Sent)?;
        pass.answered();
        let pause = faults::throttled(&answered, self.clock.now());
        let mut since = self
            .throttled_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(pause) = pause else {
            *since = None;
            return Ok(answered);
        };
        self.throttled.fetch_add(1, Ordering::Relaxed);
        let waited = since.get_or_insert_with(Instant::now).elapsed();
        // One pause or many in a row: whoever waits has the lock, and others want it.
        if pause > PATIENCE_MAX || waited + pause.min(self.pause_max) > PATIENCE_MAX {
            return Err(Miss::Before(faults::throttled_for_long(&answered, pause)));
        }
        tracing::info!(
            seconds = pause.as_secs(),
            "QuickBooks had too many requests; all of them wait"
        );
        self.budget.pause(pause.min(self.pause_max));
        Ok(answered)
    }
}

impl Miss {
    /// What it means for a write.
    pub fn of_write(self) -> Fault {
        match self {
            Miss::Before(fault) | Miss::Refused(fault) => fault,
            Miss::Sent(unanswered) => faults::of_silence(&unanswered),
        }
    }
}

/// Says whether a text is an answer at all: a gateway's page is not.
fn is_answer(text: &str) -> bool {
    AnswerEnvelope::open(text).is_some()
}

/// A read that did not succeed leaves nothing in doubt: nothing was done.
fn given_up(mut fault: Fault) -> Fault {
    if fault.remedy == Remedy::Ask {
        fault.remedy = Remedy::Stop;
    }
    fault
}
