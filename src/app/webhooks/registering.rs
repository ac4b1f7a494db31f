//! Registering: the shop has every webhook that is listened to, once, with our secret and switched on.
//!
//! Ours is what is delivered to our address. Whatever else the shop has belongs to others and is not touched. It can be done again at any
//! time: what is there and works stays as it is.

use std::collections::BTreeMap;

use serde::Serialize;

use super::secrets::new_secret;
use super::{OURS, OurWebhook, TOPICS};
use crate::app::App;
use crate::connector::woocommerce::WooCommerce;
use crate::connector::woocommerce::webhook::resource::ShopWebhook;
use crate::model::fault::Fault;
use crate::store::{Store, StoreError, keep_value, kept_value};

/// What became of one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Registered {
    pub topic: String,
    pub id: u64,
    pub done: RegistrationDone,
}

/// What was done about a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationDone {
    Made,
    /// It was switched off.
    TakenUp,
    /// It was there, and gets the secret that is kept here.
    SecretRenewed,
    /// A second one for the same topic, which would send everything twice.
    Removed,
}

/// What a registration came to.
#[derive(Clone, Debug, Serialize)]
pub struct Registration {
    pub webhooks: Vec<Registered>,
    /// Whose they are, of the others that the shop has.
    pub others: usize,
}

impl App {
    /// The webhooks of the shop that were made for us, as far as is remembered.
    pub fn our_webhooks(&self, store: &Store) -> Result<Vec<OurWebhook>, StoreError> {
        kept_value(store, OURS)
    }

    /// Makes what is missing, takes up what is switched off, and gives all of them the secret that is kept here.
    pub async fn register_webhooks(
        &self,
        store: &Store,
        shop: &WooCommerce,
        address: &str,
    ) -> Result<Registration, Fault> {
        let all = shop.webhooks().await?;
        // Sealed before the shop knows it: a secret that only the shop has signs what nobody can check.
        let secret = match self.shop_hook_secret(store)? {
            Some(secret) => secret,
            None => {
                let secret = new_secret()?;
                self.keep_shop_hook_secret(store, &secret)?;
                secret
            }
        };
        let (ours, others): (Vec<ShopWebhook>, Vec<ShopWebhook>) = all
            .into_iter()
            .partition(|one| is_same_address(&one.delivery_url, address));
        let mut by_topic: BTreeMap<&str, Vec<&ShopWebhook>> = BTreeMap::new();
        for one in &ours {
            by_topic.entry(&one.topic).or_default().push(one);
        }
        let mut done = Vec::new();
        let mut kept = Vec::new();
        for topic in TOPICS {
            let there = by_topic.get(topic).map_or(&[][..], Vec::as_slice);
            // Of several the one that works stays.
            let chosen = there.iter().find(|one| one.is_active()).or(there.first());
            let (webhook, what) = match chosen {
                None => {
                    let name = format!("udsync {} {topic}", self.config.shop.name);
                    let made = shop.make_webhook(&name, topic, address, &secret).await?;
                    (made, RegistrationDone::Made)
                }
                Some(one) => {
                    let what = match one.is_active() {
                        true => RegistrationDone::SecretRenewed,
                        false => RegistrationDone::TakenUp,
                    };
                    (shop.take_up_webhook(one.id, &secret).await?, what)
                }
            };
            for second in there.iter().filter(|one| one.id != webhook.id) {
                shop.remove_webhook(second.id).await?;
                done.push(Registered {
                    topic: topic.to_owned(),
                    id: second.id,
                    done: RegistrationDone::Removed,
                });
            }
            done.push(Registered {
                topic: topic.to_owned(),
                id: webhook.id,
                done: what,
            });
            kept.push(OurWebhook {
                id: webhook.id,
                topic: topic.to_owned(),
                delivery_url: address.to_owned(),
            });
            // After each: what was made is ours, however the rest goes.
            keep_value(store, OURS, &kept, self.clock.now())
                .map_err(crate::app::state_fault::unread)?;
        }
        Ok(Registration {
            webhooks: done,
            others: others.len(),
        })
    }

    /// Takes away what was made for us, and what is delivered to our address besides.
    pub async fn remove_webhooks(
        &self,
        store: &Store,
        shop: &WooCommerce,
        address: Option<&str>,
    ) -> Result<Vec<Registered>, Fault> {
        let known = self
            .our_webhooks(store)
            .map_err(crate::app::state_fault::unread)?;
        let mut removed = Vec::new();
        for one in shop.webhooks().await? {
            let remembered = known.iter().any(|ours| {
                ours.id == one.id && is_same_address(&ours.delivery_url, &one.delivery_url)
            });
            let is_ours = remembered
                || address.is_some_and(|address| is_same_address(&one.delivery_url, address));
            if !is_ours {
                continue;
            }
            shop.remove_webhook(one.id).await?;
            removed.push(Registered {
                topic: one.topic,
                id: one.id,
                done: RegistrationDone::Removed,
            });
        }
        keep_value(store, OURS, &Vec::<OurWebhook>::new(), self.clock.now())
            .map_err(crate::app::state_fault::unread)?;
        Ok(removed)
    }
}

/// Whether two addresses are one: host, port and path, whatever the case of the host.
pub(super) fn is_same_address(one: &str, other: &str) -> bool {
    let place = |text: &str| {
        let url = url::Url::parse(text).ok()?;
        let path = url.path().trim_end_matches('/').to_owned();
        Some((
            url.host_str()?.to_lowercase(),
            url.port_or_known_default(),
            path,
        ))
    };
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_by_host_port_and_path() {
        let ours = "https://hooks.example.com/api/webhooks/woocommerce";
        assert!(is_same_address(ours, ours));
        assert!(is_same_address(
            ours,
            "https://HOOKS.example.com:443/api/webhooks/woocommerce/"
        ));
        for other in [
            "https://hooks.example.com/api/webhooks/woocommerce/other",
            "https://hooks.example.com:8443/api/webhooks/woocommerce",
            "https://erp.example.com/api/webhooks/woocommerce",
            "nonsense",
        ] {
            assert!(!is_same_address(ours, other), "{other}");
        }
    }
}
