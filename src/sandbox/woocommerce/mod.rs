//! A stand-in of a WooCommerce shop on loopback: strict, stateful, seeded.
//!
//! It answers the reading half of the REST API as a real shop was seen to, with its
//! errors, its odd corners and its bad days, so that a client can be tried without a
//! shop. What it holds comes from a setup or is generated from a seed.
//!
//! It also sends: webhooks are made through the API as in a real shop, or by a lever, and
//! deliveries are signed, merged, tried once and given up as there; see `sending`.
//!
//! It can be written to as a real one, with all that a write sets off: see `writing`. What a
//! lever under `/_sandbox/` changes sets nothing off but webhooks.
//!
//! It does not imitate: coupons as records, reports beyond the counts by status, the unrounded
//! amounts behind `dp`.

mod answer;
mod api;
mod auth;
pub(super) mod basket;
mod catalogue;
mod control;
pub(super) mod dates;
mod fields;
mod filters;
pub(super) mod generate;
pub(super) mod giveback;
mod json;
mod mishap;
pub(super) mod money;
mod orders;
mod params;
mod payments;
mod query;
mod refunds;
mod removal;
mod rounding;
mod selling;
mod sending;
mod settings;
mod setup;
mod shapes;
mod shop;
mod snapshot;
#[cfg(test)]
mod tests;
mod webhooks;
mod whole;
mod writing;

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

use crate::stand::control::Watched;
use crate::stand::log::{Flight, StandLog};
use crate::stand::mishap::{StandRules, word};
use crate::stand::sending::{Outgoing, Sends};
use crate::stand::{self, locked};
use answer::{SandboxShopAnswer, nginx};
use mishap::{ShopRule, ShopWhat};
use query::ShopQuery;
use shop::ShopShop;

pub use crate::stand::Running;

/// What web servers allow for the first line of a request.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// What a web server's default buffer leaves for a Link header.
const LONGEST_LINK: usize = 3_500;
/// Everything the handlers share.
struct ShopWorld {
    shop: Mutex<ShopShop>,
    mishaps: Mutex<StandRules<ShopRule>>,
    log: Arc<StandLog>,
    outgoing: Arc<Outgoing>,
}

impl ShopWorld {
    fn shop(&self) -> MutexGuard<'_, ShopShop> {
        locked(&self.shop)
    }
}

impl Watched for ShopWorld {
    type Rule = ShopRule;

    fn mishaps(&self) -> MutexGuard<'_, StandRules<ShopRule>> {
        locked(&self.mishaps)
    }

    fn requests(&self) -> Value {
        Value::Array(self.log.requests())
    }

    fn forget_requests(&self) {
        self.log.clear();
    }

    fn counts(&self) -> Value {
        self.log.counts()
    }
}

impl Sends for ShopWorld {
    fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    fn unsent(&self) -> usize {
        self.shop().queue.len()
    }
}

/// Opens a shop on the given port of loopback; port 0 takes any free one.
pub async fn start(port: u16, setup: Value) -> io::Result<Running> {
    let setup = serde_json::from_value(setup)
        .map_err(|error| shop::invalid(format!("the shop's setup: {error}")))?;
    let mut shop = ShopShop::open(setup)?;
    let listener = stand::listen(port).await?;
    let scheme = if shop.https { "https" } else { "http" };
    shop.home = format!("{scheme}://{}", listener.local_addr()?);
    let world = Arc::new(ShopWorld {
        outgoing: shop.outgoing.clone(),
        shop: Mutex::new(shop),
        mishaps: Mutex::default(),
        log: Arc::default(),
    });
    let beside = vec![
        tokio::spawn(sending::work_off(world.clone())),
        tokio::spawn(selling::sell(world.clone())),
    ];
    let routes = control::routes().fallback(serve).with_state(world);
    stand::serve(listener, routes, beside)
}

/// Takes a request to the site from its first line to its answer.
async fn serve(State(world): State<Arc<ShopWorld>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    // Read to its end so that the connection stays usable, even where nobody looks at it.
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let header = |name: header::HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let address = parts
        .uri
        .path_and_query()
        .map_or("/", |address| address.as_str());
    let query = ShopQuery::read(parts.uri.query().unwrap_or(""));
    let authorization = header(header::AUTHORIZATION);
    let method = parts.method.as_str();
    let flight = world.log.begin(
        json!({"method": method, "path": parts.uri.path(), "query": query.shown(),
        "auth": auth::manner(&query, authorization)}),
    );

    let (latency, limit, scheme) = {
        let shop = world.shop();
        (
            shop.latency_ms,
            shop.concurrency_limit,
            if shop.https { "https" } else { "http" },
        )
    };
    let host = header(header::HOST).unwrap_or("127.0.0.1").to_owned();
    let home = format!("{scheme}://{host}");
    if address.len() > LONGEST_ADDRESS {
        return send(nginx(414, "Request-URI Too Large"), None, &home, &flight);
    }
    if limit.is_some_and(|limit| flight.in_flight > limit) {
        return send(nginx(429, "Too Many Requests"), None, &home, &flight);
    }
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }

    let rule = mishap::strike(&mut world.mishaps(), method, address);
    if let Some(rule) = &rule {
        flight.mishap(&word(rule.what));
        if rule.what == ShopWhat::Delay {
            tokio::time::sleep(Duration::from_millis(rule.ms)).await;
        }
        let wants_json =
            header(header::ACCEPT).is_some_and(|accept| accept.contains("application/json"));
        if let Some(answer) = mishap::instead(rule, wants_json) {
            return send(answer, None, &home, &flight);
        }
    }
    let answer = if rule
        .as_ref()
        .is_some_and(|rule| matches!(rule.what, ShopWhat::Reset | ShopWhat::Huge))
    {
        // Nothing is asked of the shop: the connection goes first, or the answer is made up.
        SandboxShopAnswer::json_text(200, "[]".to_owned())
    } else {
        let incoming = api::Incoming {
            method,
            path: parts.uri.path(),
            query: &query,
            authorization,
            host: &host,
            asks_for_quiet: parts.headers.contains_key("x-udsync-quiet"),
            body: &body,
        };
        let (answer, now, pings) = {
            let mut shop = world.shop();
            let is_put_back = rule
                .as_ref()
                .is_some_and(|rule| rule.what == ShopWhat::PutBack);
            let before = is_put_back.then(|| (shop.customers.clone(), shop.products.clone()));
            let answer = api::answer(&mut shop, &incoming);
            if let Some(before) = before {
                (shop.customers, shop.products) = before;
            }
            (answer, shop.now(), std::mem::take(&mut shop.pings))
        };
        // The receiver is pinged while whoever made the webhook still waits to hear its id.
        for webhook in pings {
            sending::ping(&world, webhook).await;
        }
        // The server's clock is the shop's.
        match chrono::DateTime::from_timestamp(now, 0) {
            Some(now) => answer.with("date", now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            None => answer,
        }
    };
    send(answer, rule.as_ref(), &home, &flight)
}

/// Sends an answer, spoiled if a mishap says so.
fn send(
    mut answer: SandboxShopAnswer,
    rule: Option<&ShopRule>,
    home: &str,
    flight: &Flight,
) -> Response<Body> {
    let link = answer
        .headers
        .iter()
        .filter(|(name, _)| *name == "link")
        .map(|(_, value)| value.len())
        .max();
    if link.is_some_and(|length| length > LONGEST_LINK) {
        answer = nginx(502, "Bad Gateway");
    }
    if let Some(rule) = rule {
        mishap::spoil(rule, &mut answer);
    }
    flight.status(answer.status);
    let text = answer.text();
    match rule.map(|rule| (rule.what, rule)) {
        Some((ShopWhat::Reset | ShopWhat::LoseAnswer, _)) => {
            cut(answer, home, text.len() + 1, Bytes::new())
        }
        Some((ShopWhat::Truncated, _)) => {
            let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
            cut(answer, home, text.len(), half)
        }
        Some((ShopWhat::Huge, rule)) => answer.into_response(home, huge(rule.mb.unwrap_or(64))),
        _ => answer.into_response(home, Body::from(text)),
    }
}

/// An answer that promises more than it sends before the connection breaks.
fn cut(answer: SandboxShopAnswer, home: &str, promised: usize, sent: Bytes) -> Response<Body> {
    stand::promising(
        answer.into_response(home, stand::broken_off(sent)),
        promised,
    )
}

/// A list of so many megabytes of blanks, sent piece by piece.
fn huge(megabytes: u64) -> Body {
    let blanks = Bytes::from(vec![b' '; 64 * 1024]);
    let pieces = (0..megabytes * 16).map(move |_| Ok::<_, Infallible>(blanks.clone()));
    let begin = [Ok(Bytes::from_static(b"["))];
    let end = [Ok(Bytes::from_static(b"]"))];
    Body::from_stream(stream::iter(begin.into_iter().chain(pieces).chain(end)))
}
