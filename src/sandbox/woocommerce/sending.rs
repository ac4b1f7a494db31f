//! Sending: the queue of deliveries, and the one who works it off.
//!
//! A hook puts one job in the queue for each webhook that hangs on it and the record it is about; while such a job waits, no
//! second one is added. What is sent is built when it is sent, so changes merge and `created` may tell of a later state. It is
//! tried once. Nothing is sent to a webhook that was paused or disabled meanwhile.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::ShopWorld;
use super::api;
use super::shop::ShopShop;
use super::webhooks::Webhook;
use crate::stand::post::{self, StandDelivery};
use crate::stand::sending::{StandHold, signature};

const AGENT: &str = "WooCommerce/10.2.4 Hookshot (WordPress/6.8.8)";
/// WordPress waits so long for the answer to a ping.
const PING_PATIENCE: Duration = Duration::from_secs(5);

/// How the shop sends; a lever lays over it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShopSending {
    /// Nobody visits the shop, so its queue stands still.
    pub paused: bool,
    /// How long a job waits before it is worked off.
    pub delay_ms: u64,
    pub patience_ms: u64,
    /// How many deliveries are on their way at once.
    pub at_once: usize,
    /// A change is lost that comes while a delivery of the same record is on its way.
    pub loses_meanwhile: bool,
    /// Something between the two eats the pings.
    pub loses_pings: bool,
    /// As newer shops do: the deletion of a refund is an update of its order.
    pub tells_of_deleted_refunds: bool,
    /// Somebody buys every so often; null is never.
    pub sells_every_ms: Option<u64>,
}

impl Default for ShopSending {
    fn default() -> Self {
        Self {
            paused: false,
            delay_ms: 0,
            patience_ms: 60_000,
            at_once: 1,
            loses_meanwhile: false,
            loses_pings: false,
            tells_of_deleted_refunds: false,
            sells_every_ms: None,
        }
    }
}

#[derive(Debug)]
struct ShopJob {
    webhook: u64,
    record: u64,
    hold: StandHold,
}

/// What is to be sent, and what is on its way.
#[derive(Debug, Default)]
pub struct Queue {
    /// By the time when each is due, and then by its turn.
    waiting: BTreeMap<(Instant, u64), ShopJob>,
    /// What waits for others to go before it.
    behind: Vec<ShopJob>,
    /// The webhook and the record of everything that waits.
    named: HashSet<(u64, u64)>,
    on_the_way: Vec<(u64, u64)>,
    turns: u64,
    gone: u64,
}

impl Queue {
    /// The webhook and the record of everything that waits.
    #[cfg(test)]
    pub fn waiting_for(&self) -> Vec<(u64, u64)> {
        let mut all: Vec<(u64, u64)> = self.named.iter().copied().collect();
        all.sort_unstable();
        all
    }

    pub fn len(&self) -> usize {
        self.named.len() + self.on_the_way.len()
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
        self.behind.clear();
        self.named.clear();
    }

    fn add(&mut self, job: ShopJob) {
        self.turns += 1;
        if job.hold.is_behind() {
            self.behind.push(job);
        } else {
            self.waiting.insert((job.hold.ends(), self.turns), job);
        }
    }

    /// The next job whose time has come, or when the next one's comes.
    fn next(&mut self) -> Result<(u64, u64), Option<Instant>> {
        let now = Instant::now();
        let overtaken = |job: &ShopJob| job.hold.is_over(now, self.gone);
        let first = self.waiting.first_key_value().map(|(key, _)| *key);
        let job = match (self.behind.iter().position(overtaken), first) {
            (Some(at), _) => Some(self.behind.remove(at)),
            (None, Some(key)) if key.0 <= now => self.waiting.remove(&key),
            _ => None,
        };
        let Some(job) = job else {
            let ends = self.behind.iter().map(|job| job.hold.ends());
            return Err(ends.chain(first.map(|(until, _)| until)).min());
        };
        let key = (job.webhook, job.record);
        self.gone += 1;
        self.named.remove(&key);
        self.on_the_way.push(key);
        Ok(key)
    }
}

impl ShopShop {
    /// WordPress runs a hook for a record, and whatever hangs on it is put in the queue.
    pub fn run_hook(&mut self, hook: &str, kind: &str, record: u64) {
        let unlisted = self.sending.tells_of_deleted_refunds;
        let hears = |webhook: &&Webhook| {
            let posts = matches!(hook, "wp_trash_post" | "untrashed_post");
            webhook.status == "active"
                && webhook.hooks(unlisted).contains(&hook)
                // The one check that the shop makes here is whether an order is one.
                && (!posts || webhook.resource() != "order" || kind == "order")
        };
        let heard: Vec<(u64, String)> = self
            .webhooks
            .values()
            .filter(hears)
            .map(|webhook| {
                (
                    webhook.id,
                    format!("{} {}", webhook.topic, webhook.delivery_url),
                )
            })
            .collect();
        let from = Instant::now() + Duration::from_millis(self.sending.delay_ms);
        for (webhook, address) in heard {
            let key = (webhook, record);
            let is_lost = self.sending.loses_meanwhile && self.queue.on_the_way.contains(&key);
            if is_lost || !self.queue.named.insert(key) {
                continue;
            }
            let hold = self.outgoing.hold(&address, from, self.queue.gone);
            self.queue.add(ShopJob {
                webhook,
                record,
                hold,
            });
        }
        self.outgoing.bell.notify_waiters();
    }

    fn next_job(&mut self) -> Result<(u64, u64), Option<Instant>> {
        match self.sending.paused {
            true => Err(None),
            false => self.queue.next(),
        }
    }

    fn delivery(
        &mut self,
        webhook: u64,
        record: u64,
    ) -> Option<(StandDelivery, serde_json::Value)> {
        let webhook = self.webhooks.get(&webhook)?.clone();
        if webhook.status != "active" {
            return None;
        }
        let body = api::payload(self, &webhook, record);
        let signed = signature(webhook.signing_secret().as_bytes(), body.as_bytes());
        let id = delivery_id(webhook.id, self.now());
        let about = json!({"webhook": webhook.id, "topic": webhook.topic, "record": record, "delivery_id": id,
            "signature": signed, "ping": false});
        let headers = vec![
            ("User-Agent", AGENT.to_owned()),
            ("Accept", "*/*".to_owned()),
            ("Accept-Encoding", "deflate, gzip, br, zstd".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("X-WC-Webhook-Source", format!("{}/", self.home)),
            ("X-WC-Webhook-Topic", webhook.topic.clone()),
            ("X-WC-Webhook-Resource", webhook.resource().to_owned()),
            ("X-WC-Webhook-Event", webhook.event().to_owned()),
            ("X-WC-Webhook-Signature", signed),
            ("X-WC-Webhook-ID", webhook.id.to_string()),
            ("X-WC-Webhook-Delivery-ID", id),
            ("Connection", "close".to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        let delivery = StandDelivery {
            url: webhook.delivery_url,
            headers,
            body: body.into(),
        };
        Some((delivery, about))
    }
}

/// Made of the webhook and the second, and so the same for all that one webhook sends in a second.
fn delivery_id(webhook: u64, now: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"the shop's salt").expect("any key is taken");
    mac.update(format!("{webhook}{now}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Works the queue off for as long as the stand-in runs.
pub async fn work_off(world: Arc<ShopWorld>) {
    let mut on_the_way = JoinSet::new();
    loop {
        let outgoing = world.shop().outgoing.clone();
        // Listened for before looking, so that nothing rings in between.
        let rung = outgoing.bell.notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        let most = world.shop().sending.at_once.max(1);
        if on_the_way.len() >= most {
            on_the_way.join_next().await;
            continue;
        }
        let next = world.shop().next_job();
        match next {
            Ok((webhook, record)) => {
                on_the_way.spawn(deliver(world.clone(), webhook, record));
            }
            Err(None) => tokio::select! {
                () = rung => {}
                Some(_) = on_the_way.join_next() => {}
            },
            Err(Some(when)) => tokio::select! {
                () = rung => {}
                () = tokio::time::sleep_until(when) => {}
                Some(_) = on_the_way.join_next() => {}
            },
        }
    }
}

async fn deliver(world: Arc<ShopWorld>, webhook: u64, record: u64) {
    let (built, patience, outgoing) = {
        let mut shop = world.shop();
        let patience = Duration::from_millis(shop.sending.patience_ms);
        let built = shop.delivery(webhook, record);
        (built, patience, shop.outgoing.clone())
    };
    if let Some((delivery, about)) = built {
        let status = outgoing.carry(delivery, about, patience).await;
        let is_pending = {
            let mut shop = world.shop();
            let now = shop.now();
            let found = shop.webhooks.get_mut(&webhook);
            found.is_some_and(|webhook| {
                webhook.count(status, now);
                webhook.pending_ping && webhook.status == "active"
            })
        };
        if is_pending {
            ping(&world, webhook).await;
        }
    }
    let mut shop = world.shop();
    let on_the_way = &mut shop.queue.on_the_way;
    if let Some(at) = on_the_way.iter().position(|key| *key == (webhook, record)) {
        on_the_way.swap_remove(at);
    }
    outgoing.bell.notify_waiters();
}

/// Pings a receiver: a form, unsigned. Only a plain 200 is an answer.
pub async fn ping(world: &ShopWorld, webhook: u64) {
    let Some(url) = world
        .shop()
        .webhooks
        .get(&webhook)
        .map(|one| one.delivery_url.clone())
    else {
        return;
    };
    let body = format!("webhook_id={webhook}");
    let headers = vec![
        ("User-Agent", AGENT.to_owned()),
        ("Accept", "*/*".to_owned()),
        ("Accept-Encoding", "deflate, gzip, br, zstd".to_owned()),
        ("Connection", "close".to_owned()),
        ("Content-Length", body.len().to_string()),
        (
            "Content-Type",
            "application/x-www-form-urlencoded".to_owned(),
        ),
    ];
    let delivery = StandDelivery {
        url,
        headers,
        body: body.into(),
    };
    let is_lost = world.shop().sending.loses_pings;
    let status = match is_lost {
        true => None,
        false => post::post(&delivery, PING_PATIENCE).await,
    };
    let mut shop = world.shop();
    let about = json!({"webhook": webhook, "topic": null, "ping": true});
    shop.outgoing.note(delivery, about, status);
    if let Some(webhook) = shop.webhooks.get_mut(&webhook)
        && status == Some(200)
    {
        webhook.pending_ping = false;
    }
}
