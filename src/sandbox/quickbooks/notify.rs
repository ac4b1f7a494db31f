//! Notifications: what happened to the company's objects, told to one address, in both formats.
//!
//! Whatever happens is collected for a while, put together, signed and posted. Only a 200 in time acknowledges it. Until then it
//! is posted again, the same bytes with the same ids, after ever longer pauses, and what happened later waits behind it.
//!
//! Where the real behaviour is not known it chooses the harder one: what a payment does to an invoice and to its customer is told
//! too, the number of an attempt is new each time, and an emailed document moves its SyncToken.
//!
//! Not imitated: which operations of which entity are chosen in the portal beyond `only`, and the letters to the developer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::America::Los_Angeles;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::entity::CompanyEntity;
use super::gate::CompanyShared;
use super::world::CompanyWorld;
use crate::stand::post::StandDelivery;
use crate::stand::seeded::{Seeded, scatter};
use crate::stand::sending::{Outgoing, Sends, StandHold, signature};

/// The pauses before each further attempt, in seconds; the last one for ever.
const PAUSES: [u64; 8] = [10, 20, 30, 300, 1_200, 7_200, 14_400, 21_600];
/// No notification is larger.
const MOST_BYTES: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum CompanyOperation {
    Create,
    Update,
    Delete,
    Merge,
    Void,
    Emailed,
}

impl CompanyOperation {
    /// As the newer format spells it: `void` is the odd one out.
    fn in_type(self) -> &'static str {
        match self {
            CompanyOperation::Create => "created",
            CompanyOperation::Update => "updated",
            CompanyOperation::Delete => "deleted",
            CompanyOperation::Merge => "merged",
            CompanyOperation::Void => "void",
            CompanyOperation::Emailed => "emailed",
        }
    }

    /// Whether the service tells of it for such an object.
    fn is_told_of(self, entity: CompanyEntity) -> bool {
        use CompanyOperation::*;
        match entity {
            CompanyEntity::Account
            | CompanyEntity::Class
            | CompanyEntity::Customer
            | CompanyEntity::Employee
            | CompanyEntity::Item
            | CompanyEntity::Vendor => matches!(self, Create | Update | Delete | Merge),
            CompanyEntity::Department | CompanyEntity::PaymentMethod => {
                matches!(self, Create | Update | Merge)
            }
            CompanyEntity::Purchase | CompanyEntity::Transfer | CompanyEntity::BillPayment => {
                matches!(self, Create | Update | Delete | Void)
            }
            CompanyEntity::Bill
            | CompanyEntity::Deposit
            | CompanyEntity::JournalEntry
            | CompanyEntity::VendorCredit => matches!(self, Create | Update | Delete),
            CompanyEntity::TaxAgency => matches!(self, Create | Update),
            CompanyEntity::Preferences => self == Update,
            CompanyEntity::TaxCode | CompanyEntity::TaxRate | CompanyEntity::CompanyInfo => false,
            _ => self != Merge,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Legacy,
    CloudEvents,
}

/// How the older format writes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// `2026-03-02T17:15:07.000Z`
    Utc,
    /// `2026-03-02T09:15:07-0800`, without a colon.
    Offset,
    /// Milliseconds since 1970, as a number.
    Epoch,
}

/// How the company tells; a lever lays over it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manner {
    /// Where to; null is nowhere, and then nothing is collected.
    pub url: Option<String>,
    pub verifier: String,
    pub format: Format,
    pub content_type: String,
    pub times: Times,
    /// What is told of, such as `Invoice` or `Customer.Merge`; empty is everything.
    pub only: Vec<String>,
    /// How long events are collected before they are put together.
    pub aggregate_ms: u64,
    /// The most events of one notification.
    pub batch: usize,
    pub patience_ms: u64,
    /// By how much the pauses between attempts are shorter than in earnest.
    pub speed: f64,
    /// What happened later waits until what went before is acknowledged.
    pub holds: bool,
    /// After so many attempts in vain the address is given up, and nothing more is told.
    pub gives_up_after: Option<usize>,
    pub paused: bool,
    /// Elements that no reader expects stand among the others.
    pub odd: bool,
    /// The whole object goes with what was created or updated.
    pub full_data: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            url: None,
            verifier: "3c1f7c1e-0000-4000-8000-5f2a9d1b7e11".to_owned(),
            format: Format::CloudEvents,
            content_type: "application/json".to_owned(),
            times: Times::Utc,
            only: Vec::new(),
            aggregate_ms: 0,
            batch: 100,
            patience_ms: 3_000,
            speed: 1.0,
            holds: true,
            gives_up_after: None,
            paused: false,
            odd: false,
            full_data: false,
        }
    }
}

/// Something that happened, as a notification names it.
#[derive(Debug, Clone)]
pub struct CompanyEvent {
    pub realm: String,
    pub name: String,
    pub id: String,
    pub operation: CompanyOperation,
    pub at: DateTime<Utc>,
    /// The one that a merge did away with.
    pub victim: Option<String>,
    /// Written into the notification as it is, whatever it is.
    pub raw: Option<Value>,
    pub data: Option<Value>,
}

/// What is to be told, and how.
#[derive(Debug, Default)]
pub struct News {
    pub manner: Manner,
    waiting: Vec<(CompanyEvent, StandHold)>,
    /// How many events are in notifications that are not acknowledged.
    on_the_way: usize,
    gone: u64,
    /// When what is collected now goes out.
    window: Option<Instant>,
    /// Nothing is noted while somebody works at many objects for one purpose.
    pub quiet: bool,
    pub outgoing: Arc<Outgoing>,
    /// Of the ids that events get; another one with each start, for nobody remembers them across two.
    ids: u64,
}

impl News {
    /// News that nobody was told yet, in the manner given.
    pub fn new(manner: Manner) -> Self {
        let started = Utc::now().timestamp_nanos_opt().unwrap_or_default();
        News {
            manner,
            outgoing: Arc::new(Outgoing::of_events()),
            ids: scatter(started.unsigned_abs()),
            ..News::default()
        }
    }

    pub fn len(&self) -> usize {
        self.waiting.len() + self.on_the_way
    }

    /// Forgets what waits; what is on its way goes on.
    pub fn forget(&mut self) {
        self.waiting.clear();
    }

    /// Puts an event in the queue. The same once more before it is told is one.
    pub fn note(&mut self, event: CompanyEvent) {
        let topic = format!("{}.{:?}", event.name, event.operation);
        let is_chosen = |only: &String| *only == topic || *only == event.name;
        let Some(url) = &self.manner.url else {
            return;
        };
        let wanted = self.manner.only.is_empty() || self.manner.only.iter().any(is_chosen);
        let address = format!("{topic} {url}");
        if self.quiet || !wanted || self.outgoing.loses(&address) {
            return;
        }
        let same = |(known, _): &&mut (CompanyEvent, StandHold)| {
            known.raw.is_none() && event.raw.is_none() && (&known.id, &known.name, &known.realm) == (&event.id, &event.name, &event.realm)
                // A document that is voided is changed on the way, and only the voiding is told.
                && (known.operation == event.operation
                    || (known.operation, event.operation) == (CompanyOperation::Update, CompanyOperation::Void))
        };
        match self.waiting.iter_mut().find(same) {
            Some((known, _)) => *known = event,
            None => {
                // What happens first opens a window, and whatever happens within it goes along.
                let now = Instant::now();
                let opens = now + Duration::from_millis(self.manner.aggregate_ms);
                let from = self.window.filter(|end| *end > now).unwrap_or(opens);
                self.window = Some(from);
                let hold = self.outgoing.hold(&address, from, self.gone);
                self.waiting.push((event, hold));
            }
        }
        self.outgoing.bell.notify_waiters();
    }

    /// The next events to put together, or when there will be some.
    fn next(&mut self) -> Result<Vec<CompanyEvent>, Option<Instant>> {
        if self.manner.paused || self.manner.url.is_none() {
            return Err(None);
        }
        let now = Instant::now();
        let most = self.manner.batch.max(1);
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        self.waiting.sort_by_key(|(_, hold)| hold.turn(self.gone));
        for (event, hold) in std::mem::take(&mut self.waiting) {
            match hold.is_over(now, self.gone) && taken.len() < most {
                true => taken.push(event),
                false => left.push((event, hold)),
            }
        }
        self.gone += taken.len() as u64;
        self.waiting = left;
        if taken.is_empty() {
            return Err(self.waiting.iter().map(|(_, hold)| hold.ends()).min());
        }
        self.on_the_way += taken.len();
        Ok(taken)
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        let hex = Seeded::new(self.ids).hex(32);
        format!(
            "{}-{}-4{}-a{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }

    fn notification(&mut self, events: &[CompanyEvent]) -> Bytes {
        let mut body = match self.manner.format {
            Format::Legacy => legacy(events, self.manner.times),
            Format::CloudEvents => events
                .iter()
                .map(|one| cloud_event(one, &self.id()))
                .collect(),
        };
        if self.manner.odd {
            let id = self.id();
            put_odd_ones_in(&mut body, &id);
        }
        Bytes::from(body.to_string())
    }
}

fn legacy(events: &[CompanyEvent], times: Times) -> Value {
    let mut realms: Vec<(&str, Vec<Value>)> = Vec::new();
    for event in events {
        let at = match times {
            Times::Utc => json!(event.at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            Times::Offset => {
                let there = event.at.with_timezone(&Los_Angeles);
                json!(there.format("%Y-%m-%dT%H:%M:%S%z").to_string())
            }
            Times::Epoch => json!(event.at.timestamp_millis()),
        };
        let mut entity = json!({"name": event.name, "id": event.id, "operation": event.operation, "lastUpdated": at});
        if let Some(victim) = &event.victim {
            entity["deletedId"] = json!(victim);
        }
        let entity = event.raw.clone().unwrap_or(entity);
        match realms.iter_mut().find(|(realm, _)| *realm == event.realm) {
            Some((_, entities)) => entities.push(entity),
            None => realms.push((&event.realm, vec![entity])),
        }
    }
    let one =
        |(realm, entities)| json!({"realmId": realm, "dataChangeEvent": {"entities": entities}});
    json!({"eventNotifications": realms.into_iter().map(one).collect::<Vec<_>>()})
}

fn cloud_event(event: &CompanyEvent, id: &str) -> Value {
    if let Some(raw) = &event.raw {
        return raw.clone();
    }
    let kind = format!(
        "qbo.{}.{}.v1",
        event.name.to_lowercase(),
        event.operation.in_type()
    );
    let mut data = event.data.clone().unwrap_or_else(|| json!({}));
    if let Some(victim) = &event.victim {
        data["deletedId"] = json!(victim);
    }
    json!({"specversion": "1.0", "id": id, "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=", "type": kind,
        "datacontenttype": "application/json", "time": event.at.to_rfc3339_opts(SecondsFormat::Nanos, true),
        "intuitentityid": event.id, "intuitaccountid": event.realm, "data": data})
}

/// What no reader expects and none may stumble over: kinds, versions and companies that it does not know, and elements that are none.
fn put_odd_ones_in(body: &mut Value, id: &str) {
    if let Some(list) = body.as_array_mut() {
        let odd = |kind: &str, realm: Value, record: Value| {
            json!({"specversion": "1.0", "id": format!("{id}-{kind}"), "source": "intuit.x=", "type": kind,
                "datacontenttype": "application/json", "time": "2026-03-02T17:15:07.179851517Z", "intuitentityid": record,
                "intuitaccountid": realm, "data": {}})
        };
        list.insert(0, odd("qbo.frobnicator.created.v1", json!("1"), json!("7")));
        list.insert(1, Value::Null);
        list.push(odd("qbo.invoice.updated.v2", json!("1"), json!("8")));
        list.push(odd("qbo.invoice.shredded.v1", json!("1"), json!("8")));
        list.push(odd(
            "qbo.invoice.updated.v1",
            json!("0000000000"),
            json!("9"),
        ));
        list.push(odd("qbo.invoice.updated.v1", json!(1), json!(10)));
        list.push(json!({"specversion": "1.0"}));
        list.push(json!("not an event"));
    } else if let Some(list) = body["eventNotifications"].as_array_mut() {
        list.insert(0, json!({"realmId": "0000000000", "dataChangeEvent": {"entities": [
            {"name": "Frobnicator", "id": "7", "operation": "Create", "lastUpdated": "2026-03-02T17:15:07.000Z"}, null,
            {"name": "Invoice", "id": 8, "operation": "Shred", "lastUpdated": "yesterday"}, {"name": "Invoice"}]}}));
        list.push(Value::Null);
        list.push(json!({"realmId": "1"}));
    }
}

impl CompanyWorld {
    /// Notes that something happened to an object, for those who are told.
    pub fn happened(&mut self, entity: CompanyEntity, id: &str, operation: CompanyOperation) {
        if self.news.manner.url.is_none() || !operation.is_told_of(entity) {
            return;
        }
        let whole = matches!(
            operation,
            CompanyOperation::Create | CompanyOperation::Update
        );
        let data = (self.news.manner.full_data && whole)
            .then(|| self.row(entity, id).map(|row| row.value()))
            .flatten();
        self.news.note(CompanyEvent {
            realm: self.realm.clone(),
            name: entity.name().to_owned(),
            id: id.to_owned(),
            operation,
            at: Utc::now(),
            victim: None,
            raw: None,
            data,
        });
    }
}

impl Sends for CompanyShared {
    fn outgoing(&self) -> &Outgoing {
        self.outgoing_news()
    }

    fn unsent(&self) -> usize {
        self.world().news.len()
    }
}

/// Tells what happened for as long as the stand-in runs.
pub async fn tell(shared: Arc<CompanyShared>) {
    let mut unacknowledged = JoinSet::new();
    loop {
        let rung = shared.outgoing().bell.notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        let next = shared.world().news.next();
        match next {
            Ok(events) => {
                let body = shared.world().news.notification(&events);
                for (events, body) in in_size(&shared, events, body) {
                    if shared.world().news.manner.holds {
                        tell_of(shared.clone(), events, body).await;
                    } else {
                        unacknowledged.spawn(tell_of(shared.clone(), events, body));
                    }
                }
            }
            Err(None) => rung.await,
            Err(Some(when)) => tokio::select! {
                () = rung => {}
                () = tokio::time::sleep_until(when) => {}
            },
        }
    }
}

/// Halves what is too large until each part is in size.
fn in_size(
    shared: &CompanyShared,
    mut events: Vec<CompanyEvent>,
    body: Bytes,
) -> Vec<(Vec<CompanyEvent>, Bytes)> {
    if body.len() <= MOST_BYTES || events.len() < 2 {
        return vec![(events, body)];
    }
    let second = events.split_off(events.len() / 2);
    let mut parts = Vec::new();
    for half in [events, second] {
        let body = shared.world().news.notification(&half);
        parts.extend(in_size(shared, half, body));
    }
    parts
}

/// Posts a notification until it is acknowledged.
async fn tell_of(shared: Arc<CompanyShared>, events: Vec<CompanyEvent>, body: Bytes) {
    let topics: Vec<String> = events
        .iter()
        .map(|event| format!("{}.{:?}", event.name, event.operation))
        .collect();
    for attempt in 1_usize.. {
        let manner = shared.world().news.manner.clone();
        let Some(url) = manner.url else {
            break;
        };
        let headers = headers(&manner.verifier, &manner.content_type, &body);
        let delivery = StandDelivery {
            url,
            headers,
            body: body.clone(),
        };
        let about = json!({"topic": topics.join(" "), "events": events.len(), "attempt": attempt, "bytes": body.len()});
        let patience = Duration::from_millis(manner.patience_ms);
        let status = shared.outgoing().carry(delivery, about, patience).await;
        if status == Some(200) {
            break;
        }
        if manner.gives_up_after.is_some_and(|most| attempt >= most) {
            let mut world = shared.world();
            world.news.manner.url = None;
            world.news.waiting.clear();
            break;
        }
        let pause = PAUSES[(attempt - 1).min(PAUSES.len() - 1)] as f64 / manner.speed.max(0.001);
        tokio::time::sleep(Duration::from_secs_f64(pause)).await;
    }
    shared.world().news.on_the_way -= events.len();
    shared.outgoing().bell.notify_waiters();
}

fn headers(verifier: &str, content_type: &str, body: &Bytes) -> Vec<(&'static str, String)> {
    let now = Utc::now();
    let mut attempt = Seeded::new(now.timestamp_nanos_opt().unwrap_or_default().unsigned_abs());
    vec![
        ("User-Agent", "intuit_notification_server/1.0".to_owned()),
        ("Accept", "application/json".to_owned()),
        ("Content-Type", content_type.to_owned()),
        ("intuit-signature", signature(verifier.as_bytes(), body)),
        (
            "intuit-created-time",
            now.to_rfc3339_opts(SecondsFormat::Secs, true),
        ),
        (
            "intuit-t-id",
            format!("1-{}-{}", attempt.hex(8), attempt.hex(24)),
        ),
        ("intuit-notification-schema-version", "1.0".to_owned()),
        ("Connection", "close".to_owned()),
        ("Content-Length", body.len().to_string()),
    ]
}
