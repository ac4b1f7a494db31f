//! The way back to the shop: the closed list of changes becomes requests, and what the shop says of it becomes an answer.
//!
//! Orders go one by one, never in a batch: inside a batch WooCommerce looks at no value, and a status that it does not know gives stock
//! back. No request has a precondition there, so the thing is looked at right before: the order must have the key that it was given, a
//! status must be the one that was planned from, and nobody may have been at work on it in the last two minutes, because two writers at
//! one moment have the shop take stock twice and mail twice. A 200 proves nothing either, and so the answer is compared with what was
//! sent.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::client::Query;
use super::trouble::ShopError;
use super::{PAGE_MAX, WooCommerce};
use crate::connector::http::{Answered, HttpTrouble, Unanswered};
use crate::connector::port::{Sending, ShopReader, ShopWriter};
use crate::model::fault::{Fault, Remedy};
use crate::model::fingerprint::Fingerprint;
use crate::model::shop_change::{
    AddressPart, OrderChange, OrderInShop, ProductChange, ProductInShop, SettledStatus, ShopBefore,
    ShopChange, ShopLook, ShopSeen, ShopStep, ShopTicket, ShopperChange,
};

/// An order that was changed more recently may be in somebody's hands.
const QUIET_FOR: TimeDelta = TimeDelta::seconds(120);
/// A shop that says it is busy and names no time.
const BUSY: std::time::Duration = std::time::Duration::from_secs(60);

/// The field of an address, as the shop calls it.
const fn part(part: AddressPart) -> &'static str {
    match part {
        AddressPart::FirstName => "first_name",
        AddressPart::LastName => "last_name",
        AddressPart::Company => "company",
        AddressPart::Street => "address_1",
        AddressPart::StreetBelow => "address_2",
        AddressPart::City => "city",
        AddressPart::State => "state",
        AddressPart::Postcode => "postcode",
        AddressPart::Country => "country",
        AddressPart::Phone => "phone",
    }
}

/// One request of a change: where it goes, and what it says.
struct ChangeRequest {
    method: Method,
    path: String,
    body: Value,
    /// Of the answer no more is asked for.
    fields: &'static str,
}

fn request(change: &ShopChange) -> ChangeRequest {
    match change {
        ShopChange::Order {
            of,
            change: OrderChange::PrivateNote(text),
        } => ChangeRequest {
            method: Method::POST,
            path: format!("orders/{}/notes", of.id),
            // The other kind is a mail to the shopper; it is said although it is what holds when nothing is said.
            body: json!({"note": text, "customer_note": false}),
            fields: "id,note,customer_note",
        },
        ShopChange::Order {
            of,
            change: OrderChange::Status(status),
        } => ChangeRequest {
            method: Method::PUT,
            path: format!("orders/{}", of.id),
            body: json!({"status": status.as_str()}),
            fields: "id,status,order_key,date_modified_gmt",
        },
        ShopChange::Customer { id, change } => ChangeRequest {
            method: Method::PUT,
            path: format!("customers/{id}"),
            body: account(change),
            fields: "id,billing,shipping,date_modified_gmt",
        },
        ShopChange::Product { of, change } => ChangeRequest {
            method: Method::PUT,
            path: product_path(*of),
            body: product(change),
            fields: PRODUCT_FIELDS,
        },
    }
}

const PRODUCT_FIELDS: &str =
    "id,status,name,short_description,sku,regular_price,sale_price,date_modified_gmt";

fn product_path(of: ProductInShop) -> String {
    match of.variation {
        Some(variation) => format!("products/{}/variations/{variation}", of.id),
        None => format!("products/{}", of.id),
    }
}

/// The fields of an account that a change names, by their place in the shop.
fn account_fields(change: &ShopperChange) -> Vec<(String, String)> {
    let address = |list: &'static str, parts: &std::collections::BTreeMap<AddressPart, String>| {
        let fields = parts
            .iter()
            .map(move |(of, value)| (format!("{list}.{}", part(*of)), value.clone()));
        fields.collect::<Vec<_>>()
    };
    let mut fields = address("billing", &change.billing);
    fields.extend(address("shipping", &change.shipping));
    let email = change.billing_email.iter();
    fields.extend(email.map(|email| ("billing.email".to_owned(), email.clone())));
    fields
}

fn account(change: &ShopperChange) -> Value {
    let mut body = Map::new();
    for (field, value) in account_fields(change) {
        if let Some((list, name)) = field.split_once('.') {
            let address = body.entry(list).or_insert_with(|| json!({}));
            address[name] = json!(value);
        }
    }
    Value::Object(body)
}

fn product_fields(change: &ProductChange) -> Vec<(&'static str, String)> {
    let price = change.regular_price.map(price_text);
    let fields = [
        ("name", change.name.clone()),
        ("short_description", change.short_description.clone()),
        ("sku", change.sku.clone()),
        ("regular_price", price),
    ];
    let said = fields.into_iter();
    said.filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// With a point and at least two places: a comma would make a hundred times as much of it.
fn price_text(price: Decimal) -> String {
    let mut price = price.normalize();
    if price.scale() < 2 {
        price.rescale(2);
    }
    price.to_string()
}

fn product(change: &ProductChange) -> Value {
    let fields = product_fields(change).into_iter();
    Value::Object(
        fields
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect(),
    )
}

/// A thing as the shop said it.
struct AsSaid(Value);

impl AsSaid {
    fn of(row: &RawValue) -> Option<AsSaid> {
        serde_json::from_str(row.get()).ok().map(AsSaid)
    }

    /// A field by its path; a number is as good as its text.
    fn text(&self, path: &str) -> String {
        let mut value = &self.0;
        for name in path.split('.') {
            value = &value[name];
        }
        match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    fn modified_at(&self) -> Option<DateTime<Utc>> {
        let text = self.text("date_modified_gmt");
        let at = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S");
        at.ok().map(|at| at.and_utc())
    }

    fn seen<'f>(&self, fields: impl Iterator<Item = &'f str>) -> ShopSeen {
        ShopSeen {
            modified_at: self.modified_at(),
            said: fields
                .map(|field| (field.to_owned(), self.text(field)))
                .collect(),
        }
    }

    fn says(&self, field: &str, wanted: &str) -> bool {
        let said = self.text(field);
        match field {
            "regular_price" => number(&said)
                .zip(number(wanted))
                .is_some_and(|(a, b)| a == b),
            _ => plain(&said) == plain(wanted),
        }
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.trim().parse().ok()
}

/// A text without what WordPress does to it: entities, a paragraph around it, blanks at its ends.
fn plain(text: &str) -> String {
    let bare = text.trim();
    let bare = bare.strip_prefix("<p>").unwrap_or(bare);
    let bare = bare.strip_suffix("</p>").unwrap_or(bare);
    let mut plain = bare.trim().to_owned();
    for (entity, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(entity, letter);
    }
    plain
}

impl WooCommerce {
    /// How a thing stands beside a change that is planned of it.
    pub(super) async fn looked_at(&self, step: &ShopStep) -> Result<ShopLook, Fault> {
        match (&step.change, &step.before) {
            (ShopChange::Order { of, change }, ShopBefore::Order { status }) => {
                self.look_at_order(of, change, status, &step.mark).await
            }
            (ShopChange::Customer { id, change }, ShopBefore::Customer(before)) => {
                let path = format!("customers/{id}");
                let wanted = account_fields(change);
                self.look_at(
                    &path,
                    "id,billing,shipping,date_modified_gmt",
                    &wanted,
                    &account_fields(before),
                )
                .await
            }
            (ShopChange::Product { of, change }, ShopBefore::Product(before)) => {
                let own = |change| -> Vec<(String, String)> {
                    let fields = product_fields(change).into_iter();
                    fields
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect()
                };
                self.look_at(
                    &product_path(*of),
                    PRODUCT_FIELDS,
                    &own(change),
                    &own(before),
                )
                .await
            }
            // A step says of what it was planned from what it changes.
            _ => Ok(ShopLook::Other(ShopSeen::default())),
        }
    }
}

impl ShopWriter for WooCommerce {
    async fn change(&self, ticket: &ShopTicket, sending: Sending<'_>) -> Result<ShopSeen, Fault> {
        let change = &ticket.step().change;
        let ChangeRequest {
            method,
            path,
            body,
            fields,
        } = request(change);
        let query = vec![("_fields", fields.to_owned())];
        let answer = self
            .client
            .change_told(method, &path, &query, &body, sending)
            .await?;
        let answer = answer.map_err(|why| self.unanswered(&why))?;
        if !matches!(answer.status, 200 | 201) {
            return Err(self.change_refused(&answer));
        }
        let text = answer.text();
        let said = serde_json::from_str(text.trim_start_matches('\u{feff}').trim()).map(AsSaid);
        // It may have been done: what is there will say.
        let said = said.map_err(|_| self.unheard_of())?;
        self.compared(change, &said)
    }
}

impl WooCommerce {
    async fn look_at_order(
        &self,
        of: &OrderInShop,
        change: &OrderChange,
        status: &str,
        mark: &str,
    ) -> Result<ShopLook, Fault> {
        let query = vec![
            ("include", of.id.to_string()),
            (
                "_fields",
                "id,status,order_key,date_modified_gmt".to_owned(),
            ),
        ];
        let list = self.client.list("orders", &query).await?;
        let order = list.rows.iter().filter_map(|row| AsSaid::of(row));
        let Some(order) = order
            .into_iter()
            .find(|order| order.text("id") == of.id.to_string())
        else {
            return Ok(ShopLook::Gone);
        };
        if Fingerprint::of_bytes(order.text("order_key").as_bytes()) != of.key {
            return Ok(ShopLook::Gone);
        }
        let seen = order.seen(["status"].into_iter());
        let stands = order.text("status");
        match change {
            OrderChange::PrivateNote(_) => {
                if self.has_note(of.id, mark).await? {
                    return Ok(ShopLook::Made(seen));
                }
            }
            OrderChange::Status(wanted) => {
                let is_there = stands == wanted.as_str()
                    || (*wanted == SettledStatus::Processing && stands == "completed");
                if is_there {
                    return Ok(ShopLook::Made(seen));
                }
                let is_fresh = seen.modified_at.is_some_and(|at| list.now - at < QUIET_FOR);
                if stands == status && is_fresh {
                    return Ok(ShopLook::Busy);
                }
            }
        }
        Ok(match stands == status {
            true => ShopLook::AsPlanned(seen),
            false => ShopLook::Other(seen),
        })
    }

    /// Whether a note with this mark stands at the order. There is no key that would keep the shop from taking a note twice.
    async fn has_note(&self, order: u64, mark: &str) -> Result<bool, Fault> {
        let query: Query = vec![("type", "internal".to_owned())];
        let notes = self
            .client
            .list(&format!("orders/{order}/notes"), &query)
            .await?;
        let marked = format!("[{mark}]");
        let mut notes = notes.rows.iter().filter_map(|row| AsSaid::of(row));
        Ok(notes.any(|note| note.text("note").contains(&marked)))
    }

    async fn look_at(
        &self,
        path: &str,
        fields: &str,
        wanted: &[(String, String)],
        before: &[(String, String)],
    ) -> Result<ShopLook, Fault> {
        let query = vec![("_fields", fields.to_owned())];
        let Some(row) = self.client.part(path, &query).await? else {
            return Ok(ShopLook::Gone);
        };
        let said = AsSaid::of(&row).ok_or_else(|| self.client.shop.unreadable(row.get()))?;
        if said.text("status") == "trash" {
            return Ok(ShopLook::Gone);
        }
        let seen = said.seen(wanted.iter().map(|(field, _)| field.as_str()));
        let holds = |fields: &[(String, String)]| {
            fields.iter().all(|(field, value)| said.says(field, value))
        };
        Ok(if holds(wanted) {
            ShopLook::Made(seen)
        } else if holds(before) {
            ShopLook::AsPlanned(seen)
        } else {
            ShopLook::Other(seen)
        })
    }

    /// What the answer says of what was sent. A 200 may mean that nothing was done.
    fn compared(&self, change: &ShopChange, said: &AsSaid) -> Result<ShopSeen, Fault> {
        let wanted: Vec<(String, String)> = match change {
            ShopChange::Order {
                change: OrderChange::PrivateNote(text),
                ..
            } => vec![("note".to_owned(), text.clone())],
            ShopChange::Order {
                change: OrderChange::Status(status),
                ..
            } => vec![("status".to_owned(), status.as_str().to_owned())],
            ShopChange::Customer { change, .. } => account_fields(change),
            ShopChange::Product { change, .. } => {
                let fields = product_fields(change).into_iter();
                fields
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }
        };
        let mut odd = wanted
            .iter()
            .filter(|(field, value)| !said.says(field, value));
        if let Some((field, _)) = odd.next() {
            return Err(Fault::new(
                Remedy::Amend,
                "not_kept",
                format!(
                    "the shop `{}` took a change of {} and made something else of `{field}`",
                    self.address(),
                    change.thing()
                ),
            )
            .hint("look at it in the shop: a plugin may own this field; `flow = \"off\"` for it in `[both]` leaves it alone"));
        }
        Ok(said.seen(wanted.iter().map(|(field, _)| field.as_str())))
    }

    fn unanswered(&self, why: &Unanswered) -> Fault {
        let fault = self.client.silent(why);
        let was_sent = !why.never_sent && why.trouble != HttpTrouble::Connect;
        match was_sent {
            true => self.unheard_of(),
            false => fault,
        }
    }

    /// The answer was lost, or says nothing.
    fn unheard_of(&self) -> Fault {
        Fault::new(
            Remedy::Ask,
            "no_answer",
            format!("the shop `{}` did not answer a change", self.address()),
        )
        .hint("run the same command again later, nothing is lost")
    }

    fn change_refused(&self, answer: &Answered) -> Fault {
        let complaint = ShopError::of(answer);
        let shop = self.address();
        match answer.status {
            401 | 403 if complaint.code != "woocommerce_rest_cannot_edit" => Fault::new(
                Remedy::Reconnect,
                "store_rights_missing",
                format!("the key of the shop `{shop}` may not write"),
            )
            .hint("give the key *Read/Write* under WooCommerce > Settings > Advanced > REST API; or set the directions in `[sync.direction]` to `\"to_books\"`"),
            429 => Fault::new(
                Remedy::Wait(BUSY),
                "store_busy",
                format!("the shop `{shop}` asks for fewer requests"),
            )
            .hint("try again later"),
            503 if complaint.code == "wp_die" => Fault::new(
                Remedy::Wait(BUSY),
                "store_busy",
                format!("the shop `{shop}` is in maintenance"),
            )
            .hint("try again in some minutes: nothing is lost"),
            // Before WooCommerce has seen it, or while it was at it: what is there will say.
            status if complaint.code.is_empty() || status >= 500 => self.unheard_of(),
            _ => Fault::new(
                Remedy::Amend,
                "shop_refused",
                format!("the shop `{shop}` refused a change (`{}`)", complaint.code),
            )
            .hint("look at the record in the shop, then run `udsync retry --all`"),
        }
    }

    /// Whether the shop has the plugin that keeps its mails quiet for our requests.
    pub async fn keeps_mails_quiet(&self) -> bool {
        self.client.says_quiet().await
    }

    /// Whether the shop sends this mail at all; `None` where it does not say.
    pub async fn sends_mail(&self, mail: &str) -> Option<bool> {
        let path = format!("settings/email_{mail}");
        let query: Query = vec![("per_page", PAGE_MAX.to_string())];
        let list = self.client.list_if_any(&path, &query).await.ok()??;
        let rows = list.rows.iter().filter_map(|row| AsSaid::of(row));
        let enabled = rows.into_iter().find(|row| row.text("id") == "enabled")?;
        Some(enabled.text("value") == "yes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_has_a_point_and_two_places() {
        for (price, text) in [
            ("12", "12.00"),
            ("12.5", "12.50"),
            ("12.345", "12.345"),
            ("0.10", "0.10"),
        ] {
            assert_eq!(price_text(price.parse().expect("a number")), text);
        }
    }

    #[test]
    fn what_wordpress_does_to_a_text_is_no_difference() {
        assert_eq!(plain("<p>Salt &amp; Co</p>\n"), "Salt & Co");
        assert_eq!(plain("a &lt;b&gt;"), "a <b>");
    }
}
