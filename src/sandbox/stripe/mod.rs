//! A stand-in of Stripe on loopback: what an account of a merchant took in, what was kept of it, and what was paid out.
//!
//! It answers the reading half of the balance, its transactions and payouts, with the keys and their permissions, cursors, refusals
//! and throttling of the real one. A payout by `POST` moves money here too, and is counted, so that nobody makes one unseen.
//!
//! It does not imitate: anything else of the API. Other lists that a key may or may not see are there and empty.

mod answer;
mod control;
mod mishap;
mod rows;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::settlement::SettledAccount;
use crate::stand::control::Watched;
use crate::stand::log::{Flight, StandLog};
use crate::stand::mishap::{StandRules, word};
use crate::stand::{self, locked};
use answer::StripeAnswer;
use mishap::{StripeRule, StripeWhat};

pub use crate::stand::Running;

/// The account with its keys, as a test or a demonstration asks for it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StripeSetup {
    keys: Vec<StripeKey>,
    account: SettledAccount,
    latency_ms: u64,
    clock_offset_seconds: i64,
}

/// A key. `sk_` may do everything, `rk_` what its permissions say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StripeKey {
    key: String,
    /// `payout`, `balance`, `charge`, `customer` …, each `read` or `write`.
    #[serde(default)]
    permissions: std::collections::BTreeMap<String, StripeRight>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StripeRight {
    Read,
    Write,
}

impl StripeKey {
    fn may(&self, resource: &str, right: StripeRight) -> bool {
        self.key.starts_with("sk_")
            || self
                .permissions
                .get(resource)
                .is_some_and(|has| *has >= right)
    }
}

/// What the handlers share of the account.
pub(super) struct StripeBooks {
    keys: Vec<StripeKey>,
    account: SettledAccount,
    latency_ms: u64,
    clock_offset: i64,
    /// Requests that were to change something, and payouts that were made by one.
    writes: u64,
    paid_out: u64,
    asked: u64,
}

impl StripeBooks {
    fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        since.as_secs() as i64 + self.clock_offset
    }
}

struct StripeWorld {
    books: Mutex<StripeBooks>,
    mishaps: Mutex<StandRules<StripeRule>>,
    log: Arc<StandLog>,
}

impl StripeWorld {
    fn books(&self) -> MutexGuard<'_, StripeBooks> {
        locked(&self.books)
    }
}

impl Watched for StripeWorld {
    type Rule = StripeRule;

    fn mishaps(&self) -> MutexGuard<'_, StandRules<StripeRule>> {
        locked(&self.mishaps)
    }

    fn requests(&self) -> Value {
        Value::Array(self.log.requests())
    }

    fn forget_requests(&self) {
        self.log.clear();
    }

    fn counts(&self) -> Value {
        let mut counts = self.log.counts();
        let books = self.books();
        counts["writes"] = json!(books.writes);
        counts["paid_out"] = json!(books.paid_out);
        counts
    }
}

/// Opens an account on the given port of loopback; port 0 takes any free one.
pub async fn start(port: u16, setup: Value) -> io::Result<Running> {
    let setup: StripeSetup = serde_json::from_value(setup).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("the account's setup: {error}"),
        )
    })?;
    let world = Arc::new(StripeWorld {
        books: Mutex::new(StripeBooks {
            keys: setup.keys,
            account: setup.account,
            latency_ms: setup.latency_ms,
            clock_offset: setup.clock_offset_seconds,
            writes: 0,
            paid_out: 0,
            asked: 0,
        }),
        mishaps: Mutex::default(),
        log: Arc::default(),
    });
    let routes = control::routes().fallback(serve).with_state(world);
    stand::serve(stand::listen(port).await?, routes, Vec::new())
}

async fn serve(State(world): State<Arc<StripeWorld>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let (method, path) = (
        parts.method.as_str().to_owned(),
        parts.uri.path().to_owned(),
    );
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let flight = world
        .log
        .begin(json!({"method": method, "path": path, "query": query}));
    let latency = world.books().latency_ms;
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let address = format!("{path}?{query}");
    let rule = world.mishaps().strike(&method, &address, |_, _| true);
    if let Some(rule) = &rule {
        flight.mishap(&word(rule.what));
        if rule.ms > 0 {
            tokio::time::sleep(Duration::from_millis(rule.ms)).await;
        }
        if let Some(answer) = rule.instead() {
            return send(answer, &rule.what, &flight);
        }
    }
    let key = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(key_in);
    let answer = {
        let mut books = world.books();
        books.asked += 1;
        let number = books.asked;
        rows::answer(&mut books, &method, &path, &query, &body, key.as_deref())
            .with("request-id", format!("req_{number:014}"))
    };
    let what = rule.map_or(StripeWhat::Delay, |rule| rule.what);
    send(answer, &what, &flight)
}

/// The key stands behind `Bearer`, or is the name of `Basic`.
fn key_in(header: &str) -> Option<String> {
    if let Some(key) = header.strip_prefix("Bearer ") {
        return Some(key.trim().to_owned());
    }
    let decoded = STANDARD
        .decode(header.strip_prefix("Basic ")?.trim())
        .ok()?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split(':').next()?.to_owned())
}

fn send(answer: StripeAnswer, what: &StripeWhat, flight: &Flight) -> Response<Body> {
    flight.status(answer.status);
    let text = answer.body.clone();
    match what {
        StripeWhat::Reset => stand::promising(
            answer.into_response(stand::broken_off(Bytes::new())),
            text.len() + 1,
        ),
        StripeWhat::Truncated => {
            let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
            stand::promising(answer.into_response(stand::broken_off(half)), text.len())
        }
        _ => answer.into_response(Body::from(text)),
    }
}
