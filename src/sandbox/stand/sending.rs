//! Sending: what was sent, what is still to be sent, and how it goes astray on request.
//!
//! Each stand-in has its own queue and its own way to sign; here is what both have in common. Levers under `/_sandbox/`:
//!
//! * `sent`: everything that was sent, oldest first; `DELETE` forgets it.
//! * `sent/all?within_ms=5000`: answers when nothing is left to send, or with 408 when the time is up.
//! * `sending/mishaps`: rules of mishap as for answers, asked of every delivery. `path` is part of `TOPIC URL`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{SecondsFormat, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::control::{done, taken};
use super::locked;
use super::mishap::{StandRules, word};
use super::post::{self, StandDelivery};
use super::seeded::Seeded;

/// How many deliveries are kept whole, for those who send one again.
const KEPT: usize = 200;

/// What happens to something while it still waits to be sent.
const WAITS: [Astray; 3] = [Astray::Late, Astray::OutOfOrder, Astray::Shuffled];

/// What becomes of a delivery on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Astray {
    /// Something between the two takes it and says that all is well. With `chance`, a share is dropped.
    Lost,
    /// It waits for `ms`, and others go before it.
    Late,
    /// It waits until `after` others have gone, at most for `ms`.
    OutOfOrder,
    /// It waits for a time that is drawn, at most `ms`.
    Shuffled,
    /// The same bytes come twice.
    Twice,
    /// A stranger sends what looks like it, as `how` says, and then it comes.
    Forged,
    /// Half of it arrives, with the signature of the whole and an honest length.
    Truncated,
    /// The connection breaks in the middle of the body.
    BrokenOff,
    /// A stranger sends an old one again, and then it comes.
    Replayed,
}

/// What a stranger can do without the secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgery {
    /// Signed with another secret.
    #[default]
    Secret,
    /// One byte of the body is another.
    Body,
    /// Without a signature.
    Unsigned,
    /// Signed well, with another topic: no signature covers it.
    Topic,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AstrayRule {
    pub what: Astray,
    #[serde(default = "two_seconds")]
    ms: u64,
    #[serde(default = "one")]
    after: u64,
    #[serde(default)]
    how: Forgery,
}

fn two_seconds() -> u64 {
    2_000
}

fn one() -> u64 {
    1
}

/// Until when something waits in a queue.
#[derive(Debug, Clone, Copy)]
pub struct StandHold {
    until: Instant,
    /// How many must have gone out of the queue by then, if it waits for others.
    behind: Option<u64>,
}

impl StandHold {
    /// Whether the time has come, or enough others have gone.
    pub fn is_over(&self, now: Instant, gone: u64) -> bool {
        self.until <= now || self.behind.is_some_and(|behind| behind <= gone)
    }

    /// Whether it waits for others rather than for a time.
    pub fn is_behind(&self) -> bool {
        self.behind.is_some()
    }

    /// By which those that are due go one after the other: who was overtaken goes first, and then by time.
    pub fn turn(&self, gone: u64) -> (bool, Instant) {
        let is_overtaken = self.behind.is_some_and(|behind| behind <= gone);
        (!is_overtaken, self.until)
    }

    pub fn ends(&self) -> Instant {
        self.until
    }
}

/// What a stand-in sent, and the rules by which it goes astray.
#[derive(Debug, Default)]
pub struct Outgoing {
    rules: Mutex<StandRules<AstrayRule>>,
    sent: Mutex<StandSent>,
    /// Rung whenever something was sent, or came to be sent.
    pub bell: Notify,
    /// Many events go in one delivery, and each is lost by itself.
    loses_events: bool,
}

#[derive(Debug, Default)]
struct StandSent {
    list: Vec<Value>,
    kept: VecDeque<StandDelivery>,
    draws: u64,
}

impl Outgoing {
    /// Of a sender that puts many events into one delivery.
    pub fn of_events() -> Self {
        Outgoing {
            loses_events: true,
            ..Outgoing::default()
        }
    }

    /// Whether an event gets lost before it is put together with others.
    pub fn loses(&self, address: &str) -> bool {
        let lost = |rule: &AstrayRule| rule.what == Astray::Lost;
        let rule = locked(&self.rules).strike("POST", address, |rule, _| lost(rule));
        rule.is_some()
    }

    /// How long something waits that is to be sent from a moment on, in a queue out of which so many have `gone`.
    pub fn hold(&self, address: &str, from: Instant, gone: u64) -> StandHold {
        let rule =
            locked(&self.rules).strike("POST", address, |rule, _| WAITS.contains(&rule.what));
        let Some(rule) = rule else {
            return StandHold {
                until: from,
                behind: None,
            };
        };
        let ms = match rule.what {
            Astray::Shuffled => self.draw().below(rule.ms + 1),
            _ => rule.ms,
        };
        StandHold {
            until: from + Duration::from_millis(ms),
            behind: (rule.what == Astray::OutOfOrder).then_some(gone + rule.after),
        }
    }

    /// Carries a delivery to its receiver, and says how the sender believes it was answered.
    pub async fn carry(
        &self,
        delivery: StandDelivery,
        about: Value,
        patience: Duration,
    ) -> Option<u16> {
        let address = format!("{} {}", about["topic"].as_str().unwrap_or(""), delivery.url);
        let rule = locked(&self.rules).strike("POST", &address, |rule, _| {
            let is_elsewhere = self.loses_events && rule.what == Astray::Lost;
            !is_elsewhere && !WAITS.contains(&rule.what)
        });
        let status = match rule.as_ref().map(|rule| rule.what) {
            Some(Astray::Lost) => Some(200),
            Some(Astray::Twice) => {
                let status = post::post(&delivery, patience).await;
                post::post(&delivery, patience).await;
                status
            }
            Some(Astray::Forged) => {
                let how = rule.as_ref().map(|rule| rule.how).unwrap_or_default();
                post::post(&self.forged(&delivery, how), patience).await;
                post::post(&delivery, patience).await
            }
            Some(Astray::Truncated) => {
                let half = delivery.body.slice(..delivery.body.len() / 2);
                post::post(&delivery.clone().with_body(half), patience).await
            }
            Some(Astray::BrokenOff) => {
                post::break_off(&delivery).await;
                None
            }
            Some(Astray::Replayed) => {
                let old = self.old(&delivery);
                post::post(&old, patience).await;
                post::post(&delivery, patience).await
            }
            _ => post::post(&delivery, patience).await,
        };
        let mut about = about;
        about["mishap"] = json!(rule.map(|rule| word(rule.what)));
        self.note(delivery, about, status);
        status
    }

    /// Takes down what was sent, and how the sender believes it was answered.
    pub fn note(&self, delivery: StandDelivery, mut about: Value, status: Option<u16>) {
        let mut sent = locked(&self.sent);
        about["n"] = json!(sent.list.len() + 1);
        about["at"] = json!(Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true));
        about["url"] = json!(delivery.url);
        about["status"] = json!(status);
        sent.list.push(about);
        sent.kept.push_back(delivery);
        if sent.kept.len() > KEPT {
            sent.kept.pop_front();
        }
    }

    fn draw(&self) -> Seeded {
        let mut sent = locked(&self.sent);
        sent.draws += 1;
        Seeded::new(sent.draws)
    }

    /// One of those that went before, or this one itself.
    fn old(&self, delivery: &StandDelivery) -> StandDelivery {
        let mut dice = self.draw();
        let sent = locked(&self.sent);
        let at = dice.below(sent.kept.len() as u64);
        let old = usize::try_from(at).ok().and_then(|at| sent.kept.get(at));
        old.unwrap_or(delivery).clone()
    }

    fn forged(&self, delivery: &StandDelivery, how: Forgery) -> StandDelivery {
        let mut forged = delivery.clone();
        let signed = ["X-WC-Webhook-Signature", "intuit-signature"];
        match how {
            Forgery::Secret => {
                for name in signed {
                    forged.set(name, signature(b"a stranger's guess", &forged.body));
                }
            }
            Forgery::Body => {
                let mut body = forged.body.to_vec();
                let at = self.draw().below(body.len() as u64) as usize;
                if let Some(byte) = body.get_mut(at) {
                    // Digits stay digits, so that it can still be read: another id, another amount.
                    *byte ^= 1;
                }
                forged = forged.with_body(body);
            }
            Forgery::Unsigned => forged.headers.retain(|(name, _)| !signed.contains(name)),
            Forgery::Topic => {
                forged.set("X-WC-Webhook-Topic", "order.deleted".to_owned());
                forged.set("X-WC-Webhook-Event", "deleted".to_owned());
            }
        }
        forged
    }
}

/// What both services put in a header: the keyed hash of the body's bytes.
pub fn signature(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length is taken");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// What the levers need of a stand-in that sends.
pub trait Sends: Send + Sync + 'static {
    fn outgoing(&self) -> &Outgoing;
    /// How much is still to be sent, or on its way.
    fn unsent(&self) -> usize;
}

pub fn routes<S: Sends>() -> Router<Arc<S>> {
    Router::new()
        .route("/_sandbox/sent", get(sent::<S>).delete(forget::<S>))
        .route("/_sandbox/sent/all", get(all_sent::<S>))
        .route(
            "/_sandbox/sending/mishaps",
            get(mishaps::<S>).post(plan::<S>).delete(clear::<S>),
        )
}

async fn sent<S: Sends>(State(world): State<Arc<S>>) -> Json<Value> {
    Json(Value::Array(locked(&world.outgoing().sent).list.clone()))
}

async fn forget<S: Sends>(State(world): State<Arc<S>>) -> Response {
    locked(&world.outgoing().sent).list.clear();
    done()
}

#[derive(Deserialize)]
struct Within {
    #[serde(default = "five_seconds")]
    within_ms: u64,
}

fn five_seconds() -> u64 {
    5_000
}

async fn all_sent<S: Sends>(State(world): State<Arc<S>>, Query(within): Query<Within>) -> Response {
    let nothing_left = async {
        loop {
            // Listened for before looking, so that nothing rings in between.
            let rung = world.outgoing().bell.notified();
            tokio::pin!(rung);
            rung.as_mut().enable();
            if world.unsent() == 0 {
                break;
            }
            rung.await;
        }
    };
    let within = Duration::from_millis(within.within_ms);
    let status = match tokio::time::timeout(within, nothing_left).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    let sent = locked(&world.outgoing().sent).list.len();
    (
        status,
        Json(json!({"sent": sent, "unsent": world.unsent()})),
    )
        .into_response()
}

async fn mishaps<S: Sends>(State(world): State<Arc<S>>) -> Json<Value> {
    Json(locked(&world.outgoing().rules).list())
}

async fn plan<S: Sends>(State(world): State<Arc<S>>, Json(given): Json<Value>) -> Response {
    taken(locked(&world.outgoing().rules).plan(given))
}

async fn clear<S: Sends>(State(world): State<Arc<S>>) -> Response {
    locked(&world.outgoing().rules).clear();
    done()
}
