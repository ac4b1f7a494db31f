//! The way of one request: from arrival over the checks to its answer.
//!
//! The order is that of the service: a mishap on the way in, the token, the
//! company, the limits, the requestid, and only then the work itself. The work does
//! not belong to the connection: it goes on when the client is gone or was sent away.
//! Each item of a batch is done by itself, so others see half of a slow batch.

use super::batch;
use super::call::{self, CompanyCall, CompanyRaw, CompanyWhat};

use super::changes;
use super::fault::{self, CompanyDone, CompanyFault};
use super::figures::stamp_ms;
use super::journal::{CompanyOutcome, Journal};
use super::mishap::{self, CompanyRule, Mishap};
use super::oauth::CompanyAccess;
use super::perform::{read_one, write_one};
use super::reply::Reply;
use super::reports;
use super::search;
use super::throttle::{ThrottleKind, Windows};
use super::world::CompanyWorld;
use super::xml;
use crate::stand::control::Watched;
use crate::stand::locked;
use crate::stand::mishap::StandRules;
use crate::stand::seeded::Seeded;
use crate::stand::sending::Outgoing;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

pub struct CompanyShared {
    world: Mutex<CompanyWorld>,
    desk: Mutex<CompanyStandIn>,
    rules: Mutex<StandRules<CompanyRule>>,
    /// Counts how often another world was put in the place of this one. What was under way in the old one ends there.
    age: AtomicU64,
    /// How many seconds the clock of its server is before ours. What it keeps has the times of ours.
    pub clock_offset: AtomicI64,
    outgoing: Arc<Outgoing>,
}

/// What belongs to the stand-in rather than to the company it pretends.
#[derive(Default)]
pub struct CompanyStandIn {
    pub journal: Journal,
    windows: Windows,
    in_flight: usize,
    names_in_flight: usize,
    replies: u64,
}

impl CompanyShared {
    pub fn new(world: CompanyWorld) -> Arc<CompanyShared> {
        Arc::new(CompanyShared {
            outgoing: world.news.outgoing.clone(),
            world: Mutex::new(world),
            desk: Mutex::default(),
            rules: Mutex::default(),
            age: AtomicU64::new(0),
            clock_offset: AtomicI64::new(0),
        })
    }

    pub fn age(&self) -> u64 {
        self.age.load(Ordering::SeqCst)
    }

    /// Puts the time of its server on an answer.
    pub fn dated(&self, mut response: Response) -> Response {
        let offset = self.clock_offset.load(Ordering::Relaxed);
        let now = Utc::now() + TimeDelta::seconds(offset);
        let now = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(now) = HeaderValue::from_str(&now) {
            response.headers_mut().insert(header::DATE, now);
        }
        response
    }

    /// The world, if it is still the one of that age.
    pub fn world_of(&self, age: u64) -> Option<MutexGuard<'_, CompanyWorld>> {
        let world = self.world();
        (self.age() == age).then_some(world)
    }

    /// Puts another world in the place of this one. What this one had to tell is told nobody.
    pub fn replace(&self, mut other: CompanyWorld) {
        let mut world = self.world();
        self.age.fetch_add(1, Ordering::SeqCst);
        other.news = std::mem::take(&mut world.news);
        other.news.forget();
        *world = other;
    }

    pub fn outgoing_news(&self) -> &Outgoing {
        &self.outgoing
    }

    /// How many requests are being worked on, whether or not somebody still waits for the answer.
    pub fn at_work(&self) -> usize {
        self.desk().in_flight
    }

    pub fn world(&self) -> MutexGuard<'_, CompanyWorld> {
        locked(&self.world)
    }

    pub fn desk(&self) -> MutexGuard<'_, CompanyStandIn> {
        locked(&self.desk)
    }
}

impl Watched for CompanyShared {
    type Rule = CompanyRule;

    fn mishaps(&self) -> MutexGuard<'_, StandRules<CompanyRule>> {
        locked(&self.rules)
    }

    fn requests(&self) -> Value {
        json!(self.desk().journal.entries)
    }

    fn forget_requests(&self) {
        self.desk().journal = Journal::default();
    }

    fn counts(&self) -> Value {
        json!(self.desk().journal.counts)
    }
}

/// A request that is being answered; it counts until this is dropped.
struct Presence {
    shared: Arc<CompanyShared>,
    names: bool,
    /// Another write of names was under way when this one arrived.
    crowded: bool,
}

impl Presence {
    fn enter(shared: &Arc<CompanyShared>, call: &CompanyCall) -> Presence {
        let names = call.writes().iter().any(|w| w.entity.is_name());
        let mut desk = shared.desk();
        let crowded = names && desk.names_in_flight > 0;
        desk.in_flight += 1;
        desk.names_in_flight += usize::from(names);
        let (all, some) = (desk.in_flight, desk.names_in_flight);
        let counts = &mut desk.journal.counts;
        counts.largest_in_flight = counts.largest_in_flight.max(all);
        counts.largest_names_in_flight = counts.largest_names_in_flight.max(some);
        drop(desk);
        Presence {
            shared: shared.clone(),
            names,
            crowded,
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut desk = self.shared.desk();
        desk.in_flight -= 1;
        desk.names_in_flight -= usize::from(self.names);
    }
}

/// A request, read whole.
struct Arrived {
    raw: CompanyRaw,
    call: CompanyCall,
    authorization: Option<String>,
    hard: bool,
    wants_json: bool,
}

pub async fn handle(State(shared): State<Arc<CompanyShared>>, request: Request) -> Reply {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 8 << 20).await else {
        return Reply::html(413);
    };
    let header = |name: header::HeaderName| text(&parts.headers, name);
    let raw = CompanyRaw {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        content_type: header(header::CONTENT_TYPE).unwrap_or_default(),
        body,
    };
    let arrived = Arrived {
        call: call::read(&raw),
        authorization: header(header::AUTHORIZATION),
        hard: parts
            .headers
            .get("x-include-refresh-token-hard-expires-in")
            .is_some_and(|v| v == "true"),
        wants_json: header(header::ACCEPT).is_some_and(|a| a.contains("application/json")),
        raw,
    };
    let switches = shared.world().switches;
    let gives_up = arrived.call.class() == "write" && switches.gives_up_after_ms > 0;
    let (answer, answered) = oneshot::channel();
    tokio::spawn(attend(shared, arrived, answer));
    let answered = async { answered.await.unwrap_or_else(|_| Reply::cut()) };
    if !gives_up {
        return answered.await;
    }
    let patience = Duration::from_millis(switches.gives_up_after_ms);
    tokio::time::timeout(patience, answered)
        .await
        .unwrap_or_else(|_| Reply::cut())
}

/// Does what a request asks for. Nobody may be there any more to take the answer.
async fn attend(shared: Arc<CompanyShared>, arrived: Arrived, answer: oneshot::Sender<Reply>) {
    let Arrived { raw, call, .. } = &arrived;
    let age = shared.age();
    let presence = Presence::enter(&shared, call);
    let rule = mishap::choose(&mut shared.mishaps(), raw, call);
    let late = rule.as_ref().filter(|rule| rule.what == Mishap::LateStart);
    let mut answer = Some(answer);
    if let Some(rule) = late
        && let Some(answer) = answer.take()
    {
        // Whoever asked is gone already, which is no mistake.
        let _ = answer.send(dressed(&shared, &arrived, turned_away(rule)));
    }
    let switches = shared.world().switches;
    sleep(switches.latency_ms).await;
    if let Some(rule) = &rule
        && matches!(rule.what, Mishap::Delay | Mishap::LateStart)
    {
        sleep(rule.ms).await;
    }
    let item_ms = rule.as_ref().and_then(|rule| rule.item_ms);
    let visit = Visit {
        shared: &shared,
        raw,
        call,
        rule: rule.as_ref(),
        authorization: arrived.authorization.as_deref(),
        hard: arrived.hard,
        crowded: presence.crowded,
        age,
        item_ms: item_ms.unwrap_or(switches.item_latency_ms),
    };
    let (reply, mut outcome) = visit.decide().await;
    outcome.mishap = rule.as_ref().map(|r| r.what);
    shared.desk().journal.note(raw, call, outcome);
    if let Some(answer) = answer {
        let _ = answer.send(dressed(&shared, &arrived, reply));
    }
    if let Some(rule) = rule.filter(|rule| rule.what == Mishap::ItemErrorLate)
        && let CompanyWhat::Batch(items) = &call.what
    {
        sleep(rule.ms).await;
        if let Some(mut world) = shared.world_of(age) {
            batch::late(&mut world, items, rule.item);
        }
    }
    drop(presence);
}

async fn sleep(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// What a client sees of a request on which the work begins later.
fn turned_away(rule: &CompanyRule) -> Reply {
    match rule.status {
        None => Reply::cut(),
        Some(401) => unauthorized("Token invalid: AB01xxxxxxxx"),
        Some(status) => Reply::html(status),
    }
}

/// An answer in the form in which it leaves the house.
fn dressed(shared: &CompanyShared, arrived: &Arrived, mut reply: Reply) -> Reply {
    if !arrived.wants_json
        && arrived.call.realm.is_some()
        && !reply.cut
        && reply.kind.starts_with("application/json")
    {
        reply = xml::instead_of(reply);
    }
    let mut desk = shared.desk();
    desk.replies += 1;
    let mut tid = Seeded::new(desk.replies);
    reply.tid = format!("1-{}-{}", tid.hex(8), tid.hex(24));
    reply
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

struct Visit<'a> {
    shared: &'a Arc<CompanyShared>,
    raw: &'a CompanyRaw,
    call: &'a CompanyCall,
    rule: Option<&'a CompanyRule>,
    authorization: Option<&'a str>,
    hard: bool,
    crowded: bool,
    age: u64,
    /// The pause before each piece of work.
    item_ms: u64,
}

fn outcome(status: u16) -> CompanyOutcome {
    CompanyOutcome {
        status: Some(status),
        metered: 0,
        replayed: false,
        throttled: false,
        mishap: None,
    }
}

impl Visit<'_> {
    async fn decide(&self) -> (Reply, CompanyOutcome) {
        let what = self.rule.map(|r| r.what);
        match what {
            Some(Mishap::Reset) => {
                return (
                    Reply::cut(),
                    CompanyOutcome {
                        status: None,
                        ..outcome(0)
                    },
                );
            }
            Some(Mishap::Throttle) => {
                let (mut reply, outcome) = self.throttled();
                reply.retry_after = self.rule.and_then(|rule| rule.retry_after);
                return (reply, outcome);
            }
            Some(Mishap::Refuse) => return self.refused_by_rule(),
            Some(Mishap::ServerErrorBefore | Mishap::BadGatewayBefore) => {
                return self.broken(outcome(500));
            }
            _ => {}
        }
        let (mut reply, outcome) = match self.admit() {
            Some(refused) => refused,
            None => self.work().await,
        };
        match what {
            Some(Mishap::LoseAnswer) => reply = Reply::cut(),
            Some(Mishap::UnauthorizedAfter) => {
                reply = unauthorized("Token expired: AB01xxxxxxxx");
            }
            Some(Mishap::ServerErrorAfter | Mishap::BadGatewayAfter) => {
                return self.broken(outcome);
            }
            _ => {}
        }
        (reply, outcome)
    }

    fn throttled(&self) -> (Reply, CompanyOutcome) {
        let reply = Reply::xml(429, fault::throttled(&stamp_ms(Utc::now())));
        (
            reply,
            CompanyOutcome {
                throttled: true,
                ..outcome(429)
            },
        )
    }

    /// The company has its own reasons: a plan that ended, a user without rights, maintenance.
    fn refused_by_rule(&self) -> (Reply, CompanyOutcome) {
        let said = |text: Option<&String>| text.cloned().unwrap_or_default();
        let code = said(self.rule.and_then(|rule| rule.code.as_ref()));
        let detail = said(self.rule.and_then(|rule| rule.detail.as_ref()));
        let status = self.rule.and_then(|rule| rule.status).unwrap_or(400);
        let body = json!({
            "Fault": {
                "Error": [{ "Message": "Refused", "Detail": detail, "code": code, "element": "" }],
                "type": "ValidationFault"
            },
            "time": stamp_ms(Utc::now())
        });
        (Reply::json(status, &body), outcome(status))
    }

    fn broken(&self, before: CompanyOutcome) -> (Reply, CompanyOutcome) {
        let rule = self.rule;
        let gateway = rule
            .is_some_and(|r| matches!(r.what, Mishap::BadGatewayBefore | Mishap::BadGatewayAfter));
        let reply = if gateway {
            Reply::html(rule.and_then(|r| r.status).unwrap_or(502))
        } else if rule.is_some_and(|r| r.html) {
            Reply::html(503)
        } else {
            refused(&CompanyFault::system())
        };
        let status = Some(reply.status);
        (
            reply,
            CompanyOutcome {
                status,
                metered: 0,
                ..before
            },
        )
    }

    /// Answers what is not work, or why no work is done. `None`: it may be done.
    fn admit(&self) -> Option<(Reply, CompanyOutcome)> {
        let mut world = self.shared.world();
        let authorization = self.authorization;
        let Some(realm) = &self.call.realm else {
            let world = &mut *world;
            let reply = match &self.call.what {
                CompanyWhat::Authorize => world.grants.authorize(&self.raw.query, &world.realm),
                CompanyWhat::Token => {
                    world
                        .grants
                        .exchange(authorization, self.hard, &self.raw.body)
                }
                CompanyWhat::Revoke => world.grants.revoke(authorization, &self.raw.body),
                _ => Reply::empty(404),
            };
            let status = reply.status;
            return Some((reply, outcome(status)));
        };
        if self.rule.is_some_and(|r| r.what == Mishap::ExpireToken) {
            world.grants.expire(authorization);
        }
        let detail = match world.grants.check(authorization) {
            CompanyAccess::Good => None,
            CompanyAccess::Missing => Some("Missing or malformed Authorization header"),
            CompanyAccess::Expired => Some("Token expired: AB01xxxxxxxx"),
            CompanyAccess::Unknown => Some("Token invalid: AB01xxxxxxxx"),
        };
        if let Some(detail) = detail {
            return Some((unauthorized(detail), outcome(401)));
        }
        if *realm != world.realm {
            return Some((Reply::json(403, &fault::forbidden()), outcome(403)));
        }
        if let Some(limits) = world.limits {
            let sort = match self.call.what {
                CompanyWhat::Batch(_) => ThrottleKind::Batch,
                CompanyWhat::Report(_) => ThrottleKind::Report,
                _ => ThrottleKind::Other,
            };
            if !self
                .shared
                .desk()
                .windows
                .admit(&limits, sort, Instant::now())
            {
                return Some(self.throttled());
            }
        }
        None
    }

    /// A world that was put in the place of the one in which this began is none of its business.
    fn nowhere(&self) -> (Reply, CompanyOutcome) {
        let outcome = CompanyOutcome {
            status: None,
            ..outcome(0)
        };
        (Reply::cut(), outcome)
    }

    async fn work(&self) -> (Reply, CompanyOutcome) {
        let writes = self.call.class() == "write";
        let requestid = self.call.requestid.as_deref().filter(|_| writes);
        if let CompanyWhat::Batch(items) = &self.call.what {
            if requestid.is_some_and(|r| !(1..=36).contains(&r.chars().count())) {
                return fail(&CompanyFault::bad_request_id());
            }
            let order = batch::CompanyOrder {
                items,
                requestid,
                rule: self.rule,
                crowded: self.crowded,
                pause: Duration::from_millis(self.item_ms),
            };
            let Some(ran) = batch::run(self.shared, self.age, order).await else {
                return self.nowhere();
            };
            let reply = if ran.cut {
                Reply::cut()
            } else {
                Reply::bytes(ran.bytes)
            };
            let status = (!ran.cut).then_some(200);
            return (
                reply,
                CompanyOutcome {
                    status,
                    metered: ran.metered,
                    replayed: ran.replayed,
                    ..outcome(200)
                },
            );
        }
        if requestid.is_some_and(|r| !(1..=50).contains(&r.chars().count())) {
            return fail(&CompanyFault::bad_request_id());
        }
        if writes {
            sleep(self.item_ms).await;
        }
        let Some(mut world) = self.shared.world_of(self.age) else {
            return self.nowhere();
        };
        let requestid = requestid.filter(|_| !world.switches.ignore_requestid);
        if let Some(bytes) = requestid.and_then(|r| world.answered.get(r)) {
            return (
                Reply::bytes(bytes.clone()),
                CompanyOutcome {
                    replayed: true,
                    ..outcome(200)
                },
            );
        }
        if self.crowded && world.switches.one_name_at_a_time {
            return fail(&CompanyFault::business(
                "You can only add or edit one name at a time.",
            ));
        }
        match self.single(&mut world) {
            Err(fault) => fail(&fault),
            Ok(mut body) => {
                // A report says in its header when it was made.
                if !matches!(self.call.what, CompanyWhat::Report(_)) {
                    body["time"] = stamp_ms(world.now()).into();
                }
                let reply = Reply::json(200, &body);
                if let Some(requestid) = requestid {
                    world
                        .answered
                        .insert(requestid.to_owned(), reply.body.clone());
                }
                (
                    reply,
                    CompanyOutcome {
                        metered: usize::from(!writes),
                        ..outcome(200)
                    },
                )
            }
        }
    }

    fn single(&self, world: &mut CompanyWorld) -> CompanyDone<Value> {
        match &self.call.what {
            CompanyWhat::Query(text) => {
                Ok(json!({ "QueryResponse": search::answer(world, text)? }))
            }
            CompanyWhat::Read(entity, id) => read_one(world, *entity, id),
            CompanyWhat::Changes => {
                Ok(json!({ "CDCResponse": changes::answer(world, &self.raw.query)? }))
            }
            CompanyWhat::Report(name) => reports::answer(world, name, &self.raw.query),
            CompanyWhat::Write(write) => write_one(world, write, self.rule),
            CompanyWhat::Refused(fault) => Err(fault.clone()),
            _ => Err(CompanyFault::unsupported(&self.raw.path)),
        }
    }
}

fn unauthorized(detail: &str) -> Reply {
    let body = fault::unauthorized(detail, Utc::now().timestamp_millis());
    Reply::json(401, &body)
}

fn refused(fault: &CompanyFault) -> Reply {
    Reply::json(
        fault.status,
        &json!({ "Fault": fault.inner(), "time": stamp_ms(Utc::now()) }),
    )
}

fn fail(fault: &CompanyFault) -> (Reply, CompanyOutcome) {
    (refused(fault), outcome(fault.status))
}
