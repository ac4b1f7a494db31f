//! The webhooks that a shop keeps: listed, made, taken up again, taken away.
//!
//! What is here decides nothing: which of them are ours is for whoever asks. A change is sent once, since a webhook that was made twice
//! sends everything twice; after a silence the list says what became of it.

use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::trouble::ShopError;
use super::super::{PAGE_MAX, WooCommerce};
use crate::connector::http::Answered;
use crate::model::fault::{Fault, Remedy};

/// A webhook as the shop keeps it. Its secret is never told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopWebhook {
    pub id: u64,
    pub name: String,
    /// `active`, `paused`, `disabled`.
    pub status: String,
    pub topic: String,
    pub delivery_url: String,
    /// What of WordPress it listens to.
    pub hooks: Vec<String>,
    /// When the shop last tried to deliver by it, or somebody changed it.
    pub tried_at: Option<DateTime<Utc>>,
}

impl ShopWebhook {
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }
}

#[derive(Deserialize)]
struct WireWebhook {
    id: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    delivery_url: String,
    #[serde(default)]
    hooks: Vec<String>,
    #[serde(default)]
    date_modified_gmt: Option<String>,
}

impl From<WireWebhook> for ShopWebhook {
    fn from(wire: WireWebhook) -> ShopWebhook {
        let tried_at = wire.date_modified_gmt.as_deref().and_then(|text| {
            let at = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S");
            at.ok().map(|at| at.and_utc())
        });
        ShopWebhook {
            id: wire.id,
            name: wire.name,
            status: wire.status,
            topic: wire.topic,
            delivery_url: wire.delivery_url,
            hooks: wire.hooks,
            tried_at,
        }
    }
}

impl WooCommerce {
    /// Every webhook of the shop, others' too.
    pub async fn webhooks(&self) -> Result<Vec<ShopWebhook>, Fault> {
        let mut all: Vec<ShopWebhook> = Vec::new();
        for page in 1..=100 {
            let query = vec![
                ("per_page", PAGE_MAX.to_string()),
                ("page", page.to_string()),
                ("orderby", "id".to_owned()),
                ("order", "asc".to_owned()),
            ];
            let list = self.client.list("webhooks", &query).await?;
            let rows = list.rows.len();
            for row in list.rows {
                let wire: WireWebhook = serde_json::from_str(row.get())
                    .map_err(|_| self.client.shop.unreadable(row.get()))?;
                all.push(wire.into());
            }
            if rows < PAGE_MAX {
                break;
            }
        }
        // A list that moves while it is read shows some twice.
        all.sort_by_key(|webhook| webhook.id);
        all.dedup_by_key(|webhook| webhook.id);
        Ok(all)
    }

    /// Makes one. The shop tries the address before it answers, and says nothing of how that went.
    pub async fn make_webhook(
        &self,
        name: &str,
        topic: &str,
        delivery_url: &str,
        secret: &SecretString,
    ) -> Result<ShopWebhook, Fault> {
        let body = json!({
            "name": name,
            "topic": topic,
            "delivery_url": delivery_url,
            "secret": secret.expose_secret(),
            "status": "active",
        });
        self.changed(Method::POST, "webhooks", Some(&body)).await
    }

    /// Switches one on, with this secret.
    pub async fn take_up_webhook(
        &self,
        id: u64,
        secret: &SecretString,
    ) -> Result<ShopWebhook, Fault> {
        let body = json!({ "status": "active", "secret": secret.expose_secret() });
        self.changed(Method::PUT, &format!("webhooks/{id}"), Some(&body))
            .await
    }

    /// Switches one on as it is.
    pub async fn reactivate_webhook(&self, id: u64) -> Result<ShopWebhook, Fault> {
        let body = json!({ "status": "active" });
        self.changed(Method::PUT, &format!("webhooks/{id}"), Some(&body))
            .await
    }

    /// Takes one away for good. One that is not there is none.
    pub async fn remove_webhook(&self, id: u64) -> Result<(), Fault> {
        let path = format!("webhooks/{id}");
        let query = vec![("force", "true".to_owned())];
        let answer = self
            .client
            .change(Method::DELETE, &path, &query, None)
            .await?;
        match answer.status {
            200 | 404 | 410 => Ok(()),
            _ => Err(self.refused(&answer)),
        }
    }

    async fn changed(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<ShopWebhook, Fault> {
        let answer = self.client.change(method, path, &Vec::new(), body).await?;
        if !matches!(answer.status, 200 | 201) {
            return Err(self.refused(&answer));
        }
        let text = answer.text();
        let text = text.trim_start_matches('\u{feff}').trim();
        let wire: WireWebhook =
            serde_json::from_str(text).map_err(|_| self.client.shop.unreadable(text))?;
        Ok(wire.into())
    }

    fn refused(&self, answer: &Answered) -> Fault {
        let complaint = ShopError::of(answer);
        match answer.status {
            401 | 403 => Fault::new(
                Remedy::Reconnect,
                "store_rights_missing",
                format!("the key of the shop `{}` may not change its webhooks", self.client.shop.0),
            )
            .hint("give the key *Read/Write* under WooCommerce > Settings > Advanced > REST API; or enter the webhooks there by hand, as `udsync webhooks register --print` shows them"),
            429 | 503 => Fault::new(
                Remedy::Wait(std::time::Duration::from_secs(60)),
                "store_busy",
                format!("the shop `{}` is busy", self.client.shop.0),
            )
            .hint("try again in a minute"),
            status => self.client.shop.unexpected(status, &complaint),
        }
    }
}
