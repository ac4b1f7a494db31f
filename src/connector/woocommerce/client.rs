//! The client: one question to the shop at a time, asked politely until it is answered or clear that it will not be.
//!
//! A question changes nothing in the shop, so one that was lost can be put again. It waits its turn (`concurrency`), signs in, tries up
//! to four times, and turns every other outcome into a fault. What changes something there, [`ShopClient::change`], is sent once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use url::Url;

use super::ShopConnection;
use super::address::{Site, below};
use super::keys::KNOWN;
use super::sign::{Hash, Once, ShopKeys, SigningWay, query_text};
use super::trouble::{self, CallsFor, RetryAdvice, ShopAddress, ShopError, ShopSetback};
use crate::connector::http::{Answered, Http, Limits, Unanswered};
use crate::connector::port::Sending;
use crate::connector::rows::raw_at_most;
use crate::model::clock::Clock;
use crate::model::fault::Fault;

pub(super) type Query = Vec<(&'static str, String)>;

pub(super) struct ShopClient {
    pub(super) http: Http,
    pub(super) shop: ShopAddress,
    /// Where the API begins. It moves when [`super::probe`] finds it elsewhere.
    pub(super) root: Mutex<Url>,
    keys: ShopKeys,
    /// What worked last, for the rest of this life.
    sign_in: Mutex<SigningWay>,
    clock: Clock,
    turns: Semaphore,
    timeout: Duration,
    pub(super) pause: Duration,
    requests: AtomicU64,
    answered: AtomicBool,
}

/// A list, page or not: its rows as they were sent.
pub(super) struct List {
    pub rows: Vec<Box<RawValue>>,
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// The shop's clock, as its server tells it.
    pub now: DateTime<Utc>,
}

/// Settings, ways to pay and the like come all at once.
const UNPAGED_MAX: usize = 10_000;

/// Asks the shop to send no mails because of a request, and comes back from a shop that heeds it.
pub(super) const QUIET: &str = "x-udsync-quiet";

/// How often a question is put before its silence is believed.
const TRIES: u32 = 4;

impl ShopClient {
    pub fn new(
        site: Site,
        settings: &ShopConnection,
        clock: Clock,
        sign_in: SigningWay,
    ) -> ShopClient {
        let limits = Limits {
            timeout: settings.timeout,
            body_max: settings.body_max,
        };
        ShopClient {
            http: Http::new(&site.root, limits),
            shop: ShopAddress(site.address),
            root: Mutex::new(site.root),
            keys: ShopKeys::new(&settings.key, &settings.secret),
            sign_in: Mutex::new(sign_in),
            clock,
            turns: Semaphore::new(settings.concurrency.max(1)),
            timeout: settings.timeout,
            pause: Duration::from_secs(1),
            requests: AtomicU64::new(0),
            answered: AtomicBool::new(false),
        }
    }

    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Reads a list below `wc/v3`.
    pub async fn list(&self, path: &str, query: &Query) -> Result<List, Fault> {
        let list = self.list_of(path, query, Route::Sure).await?;
        // Lists of what does not exist are empty; a list that itself does not exist is news.
        list.ok_or_else(|| self.shop.unexpected(404, &ShopError::default()))
    }

    /// Reads a list that older shops do not have; `None` there. Only for a shop that has answered before: one that is not there has
    /// no list either.
    pub async fn list_if_any(&self, path: &str, query: &Query) -> Result<Option<List>, Fault> {
        self.list_of(path, query, Route::Perhaps).await
    }

    async fn list_of(
        &self,
        path: &str,
        query: &Query,
        route: Route,
    ) -> Result<Option<List>, Fault> {
        let rows = |text: &str| raw_at_most(text, asked_for(query));
        let asked = self.ask(path, query, route, rows).await?;
        Ok(asked.map(|(rows, answer)| List {
            rows,
            total: answer
                .header("x-wp-total")
                .and_then(|total| total.trim().parse().ok()),
            now: self.shop_time(&answer),
        }))
    }

    /// Reads one thing below `wc/v3`; `None` if there is none of this id.
    pub async fn one(&self, path: &str) -> Result<Option<Box<RawValue>>, Fault> {
        self.part(path, &Query::new()).await
    }

    /// Reads some fields of one thing.
    pub async fn part(&self, path: &str, query: &Query) -> Result<Option<Box<RawValue>>, Fault> {
        let row = |text: &str| serde_json::from_str(text);
        let asked = self.ask(path, query, Route::Sure, row).await?;
        Ok(asked.map(|(row, _)| row))
    }

    /// Reads one thing that many shops do not have, because a plugin brings it; `None` there too.
    pub async fn part_if_any(
        &self,
        path: &str,
        query: &Query,
    ) -> Result<Option<Box<RawValue>>, Fault> {
        let row = |text: &str| serde_json::from_str(text);
        let asked = self.ask(path, query, Route::Perhaps, row).await?;
        Ok(asked.map(|(row, _)| row))
    }

    async fn ask<T>(
        &self,
        path: &str,
        query: &Query,
        route: Route,
        read: impl Fn(&str) -> serde_json::Result<T>,
    ) -> Result<Option<(T, Answered)>, Fault> {
        let path = format!("wp-json/wc/v3/{path}");
        let mut tried = 0;
        loop {
            tried += 1;
            let setback = match self.try_once(&path, query).await? {
                Ok(answer) if answer.status == 200 => match read_json(&answer, &read) {
                    Ok(value) => return Ok(Some((value, answer))),
                    Err(Unreadable::Cut) => ShopSetback {
                        fault: self.shop.cut(),
                        again: RetryAdvice::Soon,
                    },
                    Err(Unreadable::Other) => return Err(self.shop.unreadable(&answer.text())),
                },
                Ok(answer) if says_gone(&answer) => return Ok(None),
                Ok(answer) if route == Route::Perhaps && has_no_route(&answer) => return Ok(None),
                Ok(answer) => match self.judge(&answer, &self.url(&path)) {
                    CallsFor::Report(setback) => setback,
                    CallsFor::Keys => return Err(self.keys_refused(&answer, &path, query).await),
                    // Found elsewhere: the same question goes there.
                    CallsFor::LookAround => {
                        self.look_around(&answer).await?;
                        if tried < TRIES {
                            continue;
                        }
                        return Err(self.shop.nothing_there());
                    }
                },
                Err(silence) => self.setback_of(&silence),
            };
            let pause = self.pause * 2_u32.pow(tried - 1);
            let pause = match setback.again {
                RetryAdvice::No => return Err(setback.fault),
                _ if tried == TRIES => return Err(setback.fault),
                RetryAdvice::Soon => pause,
                // A short wait is ours, a long one is for whoever plans the run.
                RetryAdvice::After(named) if named <= self.pause * 4 => named.max(pause),
                RetryAdvice::After(_) => return Err(setback.fault),
            };
            tracing::debug!(code = setback.fault.code, tried, "asking the shop again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Asks in the way that worked last, and in another one where the refusal may be about the way.
    async fn try_once(
        &self,
        path: &str,
        query: &Query,
    ) -> Result<Result<Answered, Unanswered>, Fault> {
        let sign_in = self.sign_in();
        let first = match self.send(sign_in, path, query).await? {
            Ok(answer) => answer,
            silence => return Ok(silence),
        };
        let Some(other) = another_way(sign_in, &first) else {
            return Ok(Ok(first));
        };
        let second = match self.send(other, path, query).await? {
            Ok(answer) => answer,
            silence => return Ok(silence),
        };
        Ok(Ok(match second.status {
            401 if ShopError::of(&second).code == KNOWN => second,
            401 => first,
            500.. => second,
            _ => {
                tracing::debug!("the shop takes the keys another way");
                *self.sign_in.lock().expect("nobody panics while setting it") = other;
                second
            }
        }))
    }

    async fn send(
        &self,
        sign_in: SigningWay,
        path: &str,
        query: &Query,
    ) -> Result<Result<Answered, Unanswered>, Fault> {
        self.send_by(Method::GET, sign_in, path, query).await
    }

    /// The query with what signs it in, where that goes with the address.
    fn signed(
        &self,
        sign_in: SigningWay,
        method: &Method,
        url: &Url,
        query: &Query,
    ) -> Result<Query, Fault> {
        let more = match sign_in {
            SigningWay::Basic => Vec::new(),
            SigningWay::Query => self.keys.in_query().to_vec(),
            SigningWay::OAuth(hash) => {
                let once = self.once()?;
                self.keys.signature(method.as_str(), url, query, hash, once)
            }
        };
        Ok([query.as_slice(), &more].concat())
    }

    async fn send_by(
        &self,
        method: Method,
        sign_in: SigningWay,
        path: &str,
        query: &Query,
    ) -> Result<Result<Answered, Unanswered>, Fault> {
        let url = self.url(path);
        let query = self.signed(sign_in, &method, &url, query)?;
        let basic = sign_in == SigningWay::Basic;
        Ok(self.exchange_by(method, url, &query, basic, None).await)
    }

    /// Sends a change once, in the way that worked last. It is never sent again by itself: whoever changes something looks first at
    /// what is there, and looks again after a silence.
    pub async fn change(
        &self,
        method: Method,
        path: &str,
        query: &Query,
        body: Option<&serde_json::Value>,
    ) -> Result<Answered, Fault> {
        let sign_in = self.sign_in();
        let url = self.url(&format!("wp-json/wc/v3/{path}"));
        let query = self.signed(sign_in, &method, &url, query)?;
        let basic = sign_in == SigningWay::Basic;
        let body = body.map(serde_json::Value::to_string);
        let answer = self.exchange_by(method, url, &query, basic, body).await;
        answer.map_err(|why| self.silent(&why))
    }

    /// As [`ShopClient::change`], with the silence as it was: whether something may have been done depends on it. `sending` is called
    /// right before the first byte leaves.
    pub async fn change_told(
        &self,
        method: Method,
        path: &str,
        query: &Query,
        body: &serde_json::Value,
        sending: Sending<'_>,
    ) -> Result<Result<Answered, Unanswered>, Fault> {
        let sign_in = self.sign_in();
        let url = self.url(&format!("wp-json/wc/v3/{path}"));
        let query = self.signed(sign_in, &method, &url, query)?;
        let basic = sign_in == SigningWay::Basic;
        sending()?;
        let body = Some(body.to_string());
        Ok(self.exchange_by(method, url, &query, basic, body).await)
    }

    /// Whether the key may write, where that can be told. WordPress has nothing that takes this method at this address, so there
    /// is nothing that it could change; but WooCommerce looks at the key before WordPress looks for what to do.
    pub async fn may_write(&self) -> Option<bool> {
        let path = "wp-json/wc/v3/orders";
        let answer = self
            .send_by(Method::PATCH, self.sign_in(), path, &Query::new())
            .await;
        let answer = answer.ok()?.ok()?;
        match (answer.status, ShopError::of(&answer).code.as_str()) {
            (404, "rest_no_route") => Some(true),
            (401, KNOWN) => Some(false),
            _ => None,
        }
    }

    /// Whether the shop says that it keeps its mails quiet when a request asks for that. A question, and nothing is changed by it.
    pub async fn says_quiet(&self) -> bool {
        let url = self.url("wp-json/wc/v3/data/currencies/current");
        let sign_in = self.sign_in();
        let Ok(query) = self.signed(sign_in, &Method::GET, &url, &Query::new()) else {
            return false;
        };
        let basic = sign_in == SigningWay::Basic;
        let asked = self.exchange_asking(Method::GET, url, &query, basic, None, true);
        asked
            .await
            .is_ok_and(|answer| answer.header(QUIET) == Some("1"))
    }

    pub(super) async fn exchange(
        &self,
        url: Url,
        query: &Query,
        basic: bool,
    ) -> Result<Answered, Unanswered> {
        self.exchange_by(Method::GET, url, query, basic, None).await
    }

    async fn exchange_by(
        &self,
        method: Method,
        url: Url,
        query: &Query,
        basic: bool,
        body: Option<String>,
    ) -> Result<Answered, Unanswered> {
        let quietly = body.is_some();
        self.exchange_asking(method, url, query, basic, body, quietly)
            .await
    }

    /// The one place where a request leaves. Quietly: a plugin of the shop may keep its mails for it; a shop without does not know
    /// the word.
    async fn exchange_asking(
        &self,
        method: Method,
        mut url: Url,
        query: &Query,
        basic: bool,
        body: Option<String>,
        quietly: bool,
    ) -> Result<Answered, Unanswered> {
        let query = query_text(query);
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        let mut request = self
            .http
            .request(method, url)
            // Without it WordPress reports its errors as pages.
            .header("accept", "application/json");
        if quietly {
            request = request.header(QUIET, "1");
        }
        if basic {
            request = request.basic_auth(
                self.keys.key.expose_secret(),
                Some(self.keys.secret.expose_secret()),
            );
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body);
        }
        let _turn = self
            .turns
            .acquire()
            .await
            .expect("the turns are never closed");
        self.requests.fetch_add(1, Ordering::Relaxed);
        let answer = self.http.send(request).await;
        if answer.is_ok() {
            self.answered.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Tells apart what WooCommerce puts into the same words. The question: does the shop take a signature for plain
    /// HTTP? It does so only if PHP does not know of the TLS; the secret is not sent.
    async fn keys_refused(&self, answer: &Answered, path: &str, query: &Query) -> Fault {
        let sign_in = self.sign_in();
        let complaint = ShopError::of(answer);
        let open = answer.status == 401
            && complaint.code.starts_with("woocommerce_")
            && complaint.code != KNOWN;
        if open && matches!(sign_in, SigningWay::Basic | SigningWay::Query) {
            let mut signed = self.url(path);
            // Cannot fail between these two schemes; where it did, the signature would only be refused.
            let _ = signed.set_scheme("http");
            let Ok(once) = self.once() else {
                return trouble::no_random();
            };
            let more = self
                .keys
                .signature("GET", &signed, query, Hash::Sha256, once);
            let probe = self
                .exchange(self.url(path), &[query.as_slice(), &more].concat(), false)
                .await;
            if probe.is_ok_and(|probe| probe.status == 200) {
                return self.shop.tls_hidden();
            }
        }
        self.shop.keys_refused(answer, sign_in)
    }

    pub(super) fn judge(&self, answer: &Answered, asked: &Url) -> CallsFor {
        self.shop.judge(answer, asked, self.clock.now())
    }

    pub(super) fn silent(&self, why: &Unanswered) -> Fault {
        self.setback_of(why).fault
    }

    fn setback_of(&self, why: &Unanswered) -> ShopSetback {
        let before = self.answered.load(Ordering::Relaxed);
        self.shop.silence(why, self.timeout, before)
    }

    pub(super) fn url(&self, path: &str) -> Url {
        below(
            &self.root.lock().expect("nobody panics while setting it"),
            path,
        )
    }

    fn sign_in(&self) -> SigningWay {
        *self.sign_in.lock().expect("nobody panics while setting it")
    }

    fn once(&self) -> Result<Once, Fault> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| trouble::no_random())?;
        Ok(Once {
            nonce: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            timestamp: self.clock.now().timestamp(),
        })
    }

    /// What time it is at the shop, whose clock sets all of its times.
    fn shop_time(&self, answer: &Answered) -> DateTime<Utc> {
        answer
            .header("date")
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
            .map_or_else(|| self.clock.now(), |date| date.to_utc())
    }
}

/// The way to try next, where the refusal may come from a header that never arrived or a method that is too new.
fn another_way(sign_in: SigningWay, answer: &Answered) -> Option<SigningWay> {
    if answer.status != 401 {
        return None;
    }
    let complaint = ShopError::of(answer);
    match sign_in {
        SigningWay::Basic if complaint.code != KNOWN => Some(SigningWay::Query),
        SigningWay::OAuth(Hash::Sha256) if complaint.message.contains("signature method") => {
            Some(SigningWay::OAuth(Hash::Sha1))
        }
        _ => None,
    }
}

fn says_gone(answer: &Answered) -> bool {
    // The second one is a payment service's word, which the shop passes on.
    let is_gone = |code: &str| code.ends_with("_invalid_id") || code == "resource_missing";
    answer.status == 404 && is_gone(&ShopError::of(answer).code)
}

/// Whether every shop has what is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    Sure,
    Perhaps,
}

fn has_no_route(answer: &Answered) -> bool {
    answer.status == 404 && ShopError::of(answer).code == "rest_no_route"
}

enum Unreadable {
    Cut,
    Other,
}

/// How many rows a question asks for. Some lists have no pages; these are short.
fn asked_for(query: &Query) -> usize {
    let size = query.iter().find(|(name, _)| *name == "per_page");
    size.and_then(|(_, size)| size.parse().ok())
        .unwrap_or(UNPAGED_MAX)
}

fn read_json<T>(
    answer: &Answered,
    read: impl Fn(&str) -> serde_json::Result<T>,
) -> Result<T, Unreadable> {
    let text = answer.text();
    // Some PHP file that was saved with a byte order mark prints it before everything else.
    let text = text.trim_start_matches('\u{feff}').trim();
    read(text).map_err(|error| {
        let began = text.is_empty() || text.starts_with(['[', '{']);
        if began && error.is_eof() {
            Unreadable::Cut
        } else {
            Unreadable::Other
        }
    })
}
