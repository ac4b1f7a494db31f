//! Checking: whether what the shop has sent has come. The shop notes with each webhook when it last tried; what we never received since
//! then was lost on the way, whatever the shop thinks of it: to WooCommerce a redirect to a page for signing in is a success.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::TOPICS;
use super::registering::is_same_address;
use crate::app::App;
use crate::app::state_fault::unread;
use crate::connector::woocommerce::WooCommerce;
use crate::model::delivery::DeliverySource;
use crate::model::fault::Fault;
use crate::store::{Inbox, Memory, Store};

/// The clocks of two machines, and the time that a delivery takes.
const LEEWAY: TimeDelta = TimeDelta::seconds(90);

/// How it stands with one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedWebhook {
    pub topic: String,
    /// `None`: the shop has none.
    pub id: Option<u64>,
    pub status: Option<String>,
    /// When the shop last tried to deliver, or the webhook was changed.
    pub tried_at: Option<DateTime<Utc>>,
    /// When something of this topic came last.
    pub received_at: Option<DateTime<Utc>>,
    pub verdict: HookHealth,
}

/// What is the matter with a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookHealth {
    Good,
    /// The shop has no such webhook.
    Missing,
    /// The shop has switched it off, or somebody has.
    Disabled,
    /// Somebody has given it another address.
    Changed,
    /// The shop has sent something that did not come.
    Lost,
}

/// How it stands with all of them.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookCheck {
    pub webhooks: Vec<CheckedWebhook>,
    /// Deletions of refunds are told.
    pub tells_deleted_refunds: bool,
}

impl WebhookCheck {
    pub fn is_good(&self) -> bool {
        self.bad().next().is_none()
    }

    pub fn bad(&self) -> impl Iterator<Item = &CheckedWebhook> {
        self.webhooks
            .iter()
            .filter(|one| one.verdict != HookHealth::Good)
    }
}

impl App {
    /// Asks the shop once for all of its webhooks, and compares them with what came.
    pub async fn check_webhooks(
        &self,
        store: &Store,
        inbox: Option<&Inbox>,
        shop: &WooCommerce,
        address: Option<&str>,
    ) -> Result<WebhookCheck, Fault> {
        let ours = self.our_webhooks(store).map_err(unread)?;
        let all = shop.webhooks().await?;
        let told = match inbox {
            Some(inbox) => inbox
                .told_last(&self.config.shop.name, DeliverySource::Woocommerce)
                .map_err(unread)?,
            None => Default::default(),
        };
        // What the shop did while it was being registered was a change of ours and no delivery.
        let registered_at = store.kept(super::OURS).map_err(unread)?.map(|(_, at)| at);
        let mut webhooks = Vec::new();
        let mut tells_deleted_refunds = false;
        for topic in TOPICS {
            let remembered = ours.iter().find(|one| one.topic == topic);
            let here = |url: &str| {
                let address = address.or(remembered.map(|one| one.delivery_url.as_str()));
                address.is_some_and(|address| is_same_address(url, address))
            };
            let mut at_ours = all
                .iter()
                .filter(|one| one.topic == topic && here(&one.delivery_url));
            let by_id = all
                .iter()
                .find(|one| remembered.is_some_and(|ours| ours.id == one.id));
            let found = at_ours
                .clone()
                .find(|one| one.is_active())
                .or(at_ours.next())
                .or(by_id);
            let received_at = told.get(topic).copied();
            let verdict = match found {
                None => HookHealth::Missing,
                Some(one) if one.topic != topic || !here(&one.delivery_url) => HookHealth::Changed,
                Some(one) if !one.is_active() => HookHealth::Disabled,
                Some(one) if is_lost(one.tried_at, received_at, registered_at) => HookHealth::Lost,
                Some(_) => HookHealth::Good,
            };
            if let Some(one) = found
                && topic == "order.updated"
            {
                tells_deleted_refunds = one
                    .hooks
                    .iter()
                    .any(|hook| hook.contains("delete_order_refund"));
            }
            webhooks.push(CheckedWebhook {
                topic: topic.to_owned(),
                id: found.map(|one| one.id),
                status: found.map(|one| one.status.clone()),
                tried_at: found.and_then(|one| one.tried_at),
                received_at,
                verdict,
            });
        }
        Ok(WebhookCheck {
            webhooks,
            tells_deleted_refunds,
        })
    }
}

/// Whether the shop tried after we last heard of it, and after the webhook was made or changed by us.
fn is_lost(
    tried_at: Option<DateTime<Utc>>,
    received_at: Option<DateTime<Utc>>,
    registered_at: Option<DateTime<Utc>>,
) -> bool {
    let Some(tried) = tried_at else {
        return false;
    };
    let known = received_at.max(registered_at);
    known.is_some_and(|known| tried > known + LEEWAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tried_after_it_was_last_received_is_lost() {
        let at = |second: i64| DateTime::from_timestamp(1_000_000 + second, 0);
        assert!(!is_lost(None, at(0), at(0)));
        assert!(!is_lost(at(10), at(5), at(0)), "on its way");
        assert!(is_lost(at(200), at(5), at(0)));
        assert!(is_lost(at(200), None, at(0)), "nothing ever came");
        assert!(!is_lost(at(200), None, at(190)), "our own change of it");
        assert!(!is_lost(at(200), at(300), at(0)));
        assert!(!is_lost(at(200), None, None), "nothing is known");
    }
}
