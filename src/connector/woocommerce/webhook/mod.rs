//! Webhooks of a shop: whether a delivery is the shop's own, and which record it names.
//!
//! A delivery is believed for one thing only: that somebody should look at a record. Its signature covers the body and nothing
//! else, so the topic in the header is a hint: a body that says what it is is believed before it. The delivery id is the hash of a webhook
//! and a second, not of a delivery, and is not read at all.
//!
//! `secret` knows how WordPress reads a secret, `resource` the list of webhooks that the shop keeps.

pub mod resource;
mod secret;

use serde_json::{Map, Value};

use crate::connector::signature::GivenSignature;
use crate::model::delivery::{
    DeliveredEvent, Delivery, DeliverySource, EventSays, LookAt, NamedThing,
};
use crate::model::fingerprint::Fingerprint;

pub use self::secret::WebhookSecret;

/// The header that a delivery is signed in.
pub const SIGNATURE: &str = "x-wc-webhook-signature";
pub const TOPIC: &str = "x-wc-webhook-topic";
pub const WEBHOOK_ID: &str = "x-wc-webhook-id";

/// The topics that are listened to.
pub const TOPICS: [&str; 11] = [
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
    "customer.created",
    "customer.updated",
    "customer.deleted",
];

/// A longer ping is none.
const PING_MAX: usize = 64;

/// The webhook that the shop tries out, if this is such an attempt: it is not signed and says nothing else.
pub fn pinged(body: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(body.get(..body.len().min(PING_MAX + 1))?).ok()?;
    let id = text.strip_prefix("webhook_id=")?;
    let is_ping =
        body.len() <= PING_MAX && !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    is_ping.then(|| id.parse().unwrap_or(u64::MAX))
}

/// Whether the shop signed these bytes with one of the secrets.
pub fn is_signed(given: GivenSignature, body: &[u8], secrets: &[WebhookSecret]) -> bool {
    given.is_of(body, secrets.iter().flat_map(WebhookSecret::spellings))
}

/// Reads a delivery whose signature was found to be good.
pub fn read(topic: &str, body: &[u8]) -> Delivery {
    let says = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(fields)) => said(topic, &fields),
        _ => EventSays::Odd,
    };
    let says = match says {
        EventSays::Look(look) => EventSays::Look(LookAt {
            told_as: told_as(&look.thing, body),
            ..look
        }),
        other => other,
    };
    let is_listened_to = match &says {
        EventSays::Look(look) => TOPICS.contains(&topic) && is_of(topic, &look.thing.kind),
        EventSays::Nothing | EventSays::Odd => false,
    };
    Delivery {
        source: DeliverySource::Woocommerce,
        topic: short(topic),
        is_listened_to,
        events: vec![DeliveredEvent {
            company: None,
            says,
        }],
    }
}

fn said(topic: &str, fields: &Map<String, Value>) -> EventSays {
    let topic = topic.trim().to_ascii_lowercase();
    if let Some(arg) = fields.get("arg").filter(|_| fields.contains_key("action")) {
        let action = fields["action"].as_str().unwrap_or_default();
        return acted(action, arg);
    }
    let Some(id) = id_in(fields, "id") else {
        return EventSays::Odd;
    };
    match shape(fields) {
        Some(BodyShape::Order) => look("order", id),
        Some(BodyShape::Product) => look("product", id),
        Some(BodyShape::Customer) => look("customer", id),
        Some(BodyShape::Coupon) => EventSays::Nothing,
        // Where it belongs to is the order.
        Some(BodyShape::Refund) => match id_in(fields, "parent_id") {
            Some(order) => look("order", order),
            None => look("refund", id),
        },
        None => match topic.split('.').next() {
            Some("order") => look("order", id),
            Some("product") => look("product", id),
            Some("customer") => look("customer", id),
            Some("refund") => look("refund", id),
            _ => EventSays::Nothing,
        },
    }
}

/// A hook of WordPress itself: its name, and the first of what it was called with.
fn acted(action: &str, arg: &Value) -> EventSays {
    let action = action.to_ascii_lowercase();
    // Its first argument is the order.
    let of_order = action.contains("order_refunded") || action.contains("order_fully_refunded");
    let kind = if action.contains("refund") && !of_order {
        "refund"
    } else if action.contains("order") {
        "order"
    } else if action.contains("product") || action.contains("variation") {
        "product"
    } else if action.contains("customer") {
        "customer"
    } else {
        return EventSays::Nothing;
    };
    match arg {
        Value::Object(fields) => said(&format!("{kind}."), fields),
        arg => number(arg).map_or(EventSays::Odd, |id| look(kind, id)),
    }
}

/// What a body shows itself to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyShape {
    Order,
    Refund,
    Product,
    Customer,
    Coupon,
}

fn shape(fields: &Map<String, Value>) -> Option<BodyShape> {
    let has = |name: &str| fields.contains_key(name);
    if has("refunded_by") || (has("refunded_payment") && has("amount")) {
        Some(BodyShape::Refund)
    } else if has("line_items") && has("order_key") {
        Some(BodyShape::Order)
    } else if has("discount_type") && has("code") {
        Some(BodyShape::Coupon)
    } else if has("sku") && has("permalink") {
        Some(BodyShape::Product)
    } else if has("is_paying_customer") && has("email") {
        Some(BodyShape::Customer)
    } else {
        None
    }
}

fn look(kind: &str, id: u64) -> EventSays {
    EventSays::Look(LookAt {
        thing: NamedThing::new(kind, id.to_string()),
        merged: None,
        changed_at: None,
        told_as: String::new(),
    })
}

fn id_in(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    number(fields.get(name)?)
}

/// An id: a number above nothing, or one written as text.
fn number(value: &Value) -> Option<u64> {
    let id = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    id.filter(|id| *id > 0)
}

/// Whether a topic speaks of this kind. What a body shows itself to be is believed before its topic.
fn is_of(topic: &str, kind: &str) -> bool {
    topic.split('.').next() == Some(kind)
}

/// By what the same words are known again: the bytes that are signed, and what they are about. The headers are signed by nobody: whoever
/// sends a captured delivery on under another topic or another webhook tells nothing new by that.
fn told_as(thing: &NamedThing, body: &[u8]) -> String {
    let said = Fingerprint::of_bytes(body);
    Fingerprint::of(&(DeliverySource::Woocommerce, thing, said)).to_string()
}

/// A header is anybody's words until it is looked at.
fn short(topic: &str) -> String {
    let shown = topic.trim().chars().filter(|letter| !letter.is_control());
    shown.take(100).collect()
}

#[cfg(test)]
mod tests;
