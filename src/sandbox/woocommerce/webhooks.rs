//! Webhooks as records: the REST resource, and what hangs on which hook.
//!
//! WooCommerce does not watch records, it listens to hooks of WordPress. A topic is a name for a few of them, and that is why the
//! wrong topic can come: trashing a product and trashing a coupon are one hook, and both topics hang on it.
//!
//! Not imitated: batches of webhooks, and the filters by which a plugin changes topics and the hash.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::answer::{SandboxShopAnswer, error};
use super::api::ShopCall;
use super::catalogue::{answer, item_links, shown};
use super::orders::ITEM_ALLOWS;
use super::shop::ShopShop;
use super::{dates, json as php};
use crate::stand::seeded::Seeded;

/// What each topic hangs on.
const TOPICS: &[(&str, &[&str])] = &[
    (
        "coupon.created",
        &[
            "woocommerce_process_shop_coupon_meta",
            "woocommerce_new_coupon",
        ],
    ),
    (
        "coupon.updated",
        &[
            "woocommerce_process_shop_coupon_meta",
            "woocommerce_update_coupon",
        ],
    ),
    ("coupon.deleted", &["wp_trash_post"]),
    ("coupon.restored", &["untrashed_post"]),
    (
        "customer.created",
        &[
            "user_register",
            "woocommerce_created_customer",
            "woocommerce_new_customer",
        ],
    ),
    (
        "customer.updated",
        &["profile_update", "woocommerce_update_customer"],
    ),
    ("customer.deleted", &["delete_user"]),
    ("order.created", &["woocommerce_new_order"]),
    (
        "order.updated",
        &["woocommerce_update_order", "woocommerce_order_refunded"],
    ),
    (
        "order.deleted",
        &["wp_trash_post", "woocommerce_trash_order"],
    ),
    (
        "order.restored",
        &["untrashed_post", "woocommerce_untrash_order"],
    ),
    (
        "product.created",
        &[
            "woocommerce_process_product_meta",
            "woocommerce_new_product",
            "woocommerce_new_product_variation",
        ],
    ),
    (
        "product.updated",
        &[
            "woocommerce_process_product_meta",
            "woocommerce_update_product",
            "woocommerce_update_product_variation",
        ],
    ),
    ("product.deleted", &["wp_trash_post"]),
    ("product.restored", &["untrashed_post"]),
];

/// The hook by which newer shops tell that a refund was deleted.
pub const REFUND_DELETED: &str = "woocommerce_delete_order_refund";

/// A failure more than this, in a row, and the webhook is disabled.
const MOST_FAILURES: u32 = 5;

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    #[serde(default)]
    pub id: u64,
    #[serde(default)]
    pub name: String,
    #[serde(default = "active")]
    pub status: String,
    /// Empty where the topic was not spelled in lower case: such a webhook hangs on nothing.
    pub topic: String,
    pub delivery_url: String,
    #[serde(default)]
    pub secret: String,
    #[serde(default)]
    pub created: i64,
    #[serde(default)]
    pub modified: Option<i64>,
    #[serde(default)]
    pub failures: u32,
    /// No ping was answered with 200 yet.
    #[serde(default)]
    pub pending_ping: bool,
    /// Whoever made it may no longer see the shop, and its payloads are built with that person's rights.
    #[serde(default)]
    pub demoted: bool,
}

fn active() -> String {
    "active".to_owned()
}

impl Webhook {
    #[cfg(test)]
    pub fn for_test(secret: &str) -> Self {
        serde_json::from_value(
            json!({"topic": "order.updated", "delivery_url": "", "secret": secret}),
        )
        .expect("a whole webhook")
    }

    pub fn resource(&self) -> &str {
        self.topic
            .split_once('.')
            .map_or("", |(resource, _)| resource)
    }

    pub fn event(&self) -> &str {
        self.topic.split_once('.').map_or("", |(_, event)| event)
    }

    pub fn hooks(&self, tells_of_deleted_refunds: bool) -> Vec<&str> {
        if self.resource() == "action" {
            return vec![self.event()];
        }
        let row = TOPICS.iter().find(|(topic, _)| *topic == self.topic);
        let mut hooks = row.map(|(_, hooks)| hooks.to_vec()).unwrap_or_default();
        if tells_of_deleted_refunds && self.topic == "order.updated" {
            hooks.push(REFUND_DELETED);
        }
        hooks
    }

    /// Counts how a delivery was answered. Whatever is not 200 to 302 is a failure, and the seventh in a row disables.
    pub fn count(&mut self, status: Option<u16>, now: i64) {
        self.modified = Some(now);
        if status.is_some_and(|status| (200..=302).contains(&status)) {
            self.failures = 0;
        } else if self.failures > MOST_FAILURES {
            self.status = "disabled".to_owned();
        } else {
            self.failures += 1;
        }
    }

    /// The secret as it signs: WordPress decodes a few entities first, once and not twice.
    pub fn signing_secret(&self) -> String {
        const ENTITIES: [(&str, char); 6] = [
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&quot;", '"'),
            ("&#039;", '\''),
            ("&#39;", '\''),
        ];
        let (mut plain, mut rest) = (String::new(), self.secret.as_str());
        while let Some(letter) = rest.chars().next() {
            let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
            let (length, letter) = entity
                .map_or((letter.len_utf8(), letter), |(entity, letter)| {
                    (entity.len(), *letter)
                });
            plain.push(letter);
            rest = &rest[length..];
        }
        plain
    }

    fn shown(&self, shop: &ShopShop) -> Value {
        let zone = shop.site.timezone;
        json!({"id": self.id, "name": self.name, "status": self.status, "topic": self.topic, "resource": self.resource(),
            "event": self.event(), "hooks": self.hooks(shop.sending.tells_of_deleted_refunds), "delivery_url": self.delivery_url,
            "date_created": dates::local_text(self.created, zone), "date_created_gmt": dates::gmt_text(self.created),
            "date_modified": self.modified.map(|at| dates::local_text(at, zone)),
            "date_modified_gmt": self.modified.map(dates::gmt_text)})
    }
}

pub fn list(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let status = call.query.one("status").unwrap_or("all");
    let mut rows: Vec<Value> = shop
        .webhooks
        .values()
        .filter(|webhook| status == "all" || webhook.status == status)
        .map(|webhook| webhook.shown(shop))
        .collect();
    if call.query.one("order") != Some("asc") {
        rows.reverse();
    }
    let rows: Vec<&Value> = rows.iter().collect();
    answer(call, &rows, "webhook", "webhooks", |webhook| {
        shown(call, webhook, item_links(call, "webhooks", webhook), false)
    })
}

pub fn one(shop: &ShopShop, call: &ShopCall<'_>, id: u64) -> SandboxShopAnswer {
    match shop.webhooks.get(&id) {
        None => missing(404),
        Some(webhook) => data(shop, call, webhook),
    }
}

fn missing(status: u16) -> SandboxShopAnswer {
    error(
        status,
        "woocommerce_rest_shop_webhook_invalid_id",
        "Invalid ID.",
    )
    .with("allow", ITEM_ALLOWS)
}

fn data(shop: &ShopShop, call: &ShopCall<'_>, webhook: &Webhook) -> SandboxShopAnswer {
    let value = webhook.shown(shop);
    let links = item_links(call, "webhooks", &value);
    SandboxShopAnswer::data(shown(call, &value, links, true), "webhook", ITEM_ALLOWS)
}

/// What a request says of a webhook, looked over.
fn read(body: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(body).unwrap_or_default()
}

fn text<'a>(given: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    given.get(name).and_then(Value::as_str)
}

fn is_topic(topic: &str) -> bool {
    let action = topic.strip_prefix("action.");
    let ours = |action: &str| action.starts_with("woocommerce_") || action.starts_with("wc_");
    action.is_some_and(ours) || TOPICS.iter().any(|(known, _)| *known == topic)
}

/// Lays what was given over a webhook. The shop looks at a copy in lower case whether there is such a topic, and then keeps what
/// was sent, of which the setter makes nothing if a letter is large.
fn lay_over(webhook: &mut Webhook, given: &Map<String, Value>) -> Result<(), SandboxShopAnswer> {
    if let Some(topic) = text(given, "topic") {
        if !is_topic(&topic.to_lowercase()) {
            let message = "Webhook topic is required and must be valid.";
            return Err(error(
                400,
                "woocommerce_rest_shop_webhook_invalid_topic",
                message,
            ));
        }
        webhook.topic = Some(topic)
            .filter(|topic| is_topic(topic))
            .unwrap_or_default()
            .to_owned();
    }
    if let Some(url) = text(given, "delivery_url") {
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            let message =
                "Webhook delivery URL must be a valid URL starting with http:// or https://.";
            return Err(error(
                400,
                "woocommerce_rest_shop_webhook_invalid_delivery_url",
                message,
            ));
        }
        if webhook.delivery_url != url {
            webhook.pending_ping = true;
        }
        webhook.delivery_url = url.to_owned();
    }
    if let Some(status) = text(given, "status") {
        if !["active", "paused", "disabled"].contains(&status) {
            let message = "Webhook status must be valid.";
            return Err(error(
                400,
                "woocommerce_rest_shop_webhook_invalid_status",
                message,
            ));
        }
        if status == "active" && webhook.status != "active" {
            webhook.pending_ping = true;
        }
        webhook.status = status.to_owned();
    }
    if let Some(name) = text(given, "name") {
        webhook.name = name.to_owned();
    }
    if let Some(secret) = text(given, "secret") {
        webhook.secret = secret.to_owned();
    }
    Ok(())
}

pub fn create(shop: &mut ShopShop, call: &ShopCall<'_>, body: &[u8]) -> SandboxShopAnswer {
    let given = read(body);
    let lacking: Vec<&str> = ["topic", "delivery_url"]
        .into_iter()
        .filter(|name| text(&given, name).is_none())
        .collect();
    if !lacking.is_empty() {
        return lacks(&lacking);
    }
    let id = shop
        .webhooks
        .keys()
        .last()
        .unwrap_or(&0)
        .max(&shop.last_webhook)
        + 1;
    let now = shop.now();
    let mut webhook = Webhook {
        id,
        name: default_name(now),
        status: active(),
        topic: String::new(),
        delivery_url: String::new(),
        secret: Seeded::new(id).hex(50),
        created: now,
        modified: None,
        failures: 0,
        pending_ping: true,
        demoted: false,
    };
    if let Err(answer) = lay_over(&mut webhook, &given) {
        return answer.with("allow", "GET, POST");
    }
    shop.last_webhook = id;
    let mut answer = data(shop, call, &webhook);
    answer.status = 201;
    answer.headers = vec![
        ("allow", "GET, POST".to_owned()),
        (
            "location",
            format!("{}/wp-json/wc/v3/webhooks/{id}", call.home),
        ),
    ];
    shop.keep_webhook(webhook);
    answer
}

fn lacks(names: &[&str]) -> SandboxShopAnswer {
    let mut said = String::from("{\"code\":\"rest_missing_callback_param\",\"message\":");
    php::quote(
        &mut said,
        &format!("Missing parameter(s): {}", names.join(", ")),
    );
    said.push_str(&format!(
        ",\"data\":{{\"status\":400,\"params\":{}}}}}",
        json!(names)
    ));
    SandboxShopAnswer::json_text(400, said).with("allow", "GET, POST")
}

/// Such as `Webhook created on Nov 20, 2026 @ 11:44 PM`, in UTC.
fn default_name(now: i64) -> String {
    let now = chrono::DateTime::from_timestamp(now, 0).unwrap_or_default();
    now.format("Webhook created on %b %d, %Y @ %I:%M %p")
        .to_string()
}

pub fn change(shop: &mut ShopShop, call: &ShopCall<'_>, id: u64, body: &[u8]) -> SandboxShopAnswer {
    let Some(mut webhook) = shop.webhooks.get(&id).cloned() else {
        return missing(400);
    };
    if let Err(answer) = lay_over(&mut webhook, &read(body)) {
        return answer.with("allow", ITEM_ALLOWS);
    }
    webhook.modified = Some(shop.now());
    let answer = data(shop, call, &webhook);
    shop.keep_webhook(webhook);
    answer
}

pub fn delete(shop: &mut ShopShop, call: &ShopCall<'_>, id: u64) -> SandboxShopAnswer {
    let Some(webhook) = shop.webhooks.get(&id) else {
        return missing(404);
    };
    if !call.query.flag("force") {
        let message = "Webhooks do not support trashing.";
        return error(501, "woocommerce_rest_trash_not_supported", message)
            .with("allow", ITEM_ALLOWS);
    }
    let answer = data(shop, call, webhook);
    shop.webhooks.remove(&id);
    answer
}
