//! The secrets that deliveries are signed with. Those of the environment and those that are stored are both good, and so is, for a day, the
//! one that was there before: what the shop has signed already arrives late.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::credentials::stored;
use crate::app::state_fault::unread;
use crate::connector::woocommerce::webhook::WebhookSecret;
use crate::model::fault::{Fault, Remedy};
use crate::model::service::{QUICKBOOKS_WEBHOOK_TOKEN, WOOCOMMERCE_WEBHOOK_SECRET};
use crate::store::{Secrets, Store};

/// The names in the strongbox.
pub const OF_SHOP: &str = "woocommerce.webhook";
pub const OF_BOOKS: &str = "quickbooks.webhook";

/// How long the secret before is good.
const ROTATION: TimeDelta = TimeDelta::hours(24);
/// Letters and digits: WordPress decodes what looks like HTML in a secret before it signs with it.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH: usize = 43;

/// What is sealed.
#[derive(Clone, Serialize, Deserialize)]
struct StoredHookSecret {
    secret: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// Until when the one before is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
}

/// All that a delivery may be signed with.
#[derive(Clone, Debug, Default)]
pub struct HookSecrets {
    pub shop: Vec<WebhookSecret>,
    pub books: Vec<SecretString>,
    /// The company whose events are ours.
    pub company: Option<String>,
}

impl App {
    /// What deliveries may be signed with now.
    pub fn hook_secrets(&self, store: &Store) -> Result<HookSecrets, Fault> {
        let of_shop = self.hook_secret(
            store,
            OF_SHOP,
            self.credentials.of(&WOOCOMMERCE_WEBHOOK_SECRET),
        )?;
        Ok(HookSecrets {
            shop: of_shop.iter().map(WebhookSecret::new).collect(),
            books: self.hook_secret(
                store,
                OF_BOOKS,
                self.credentials.of(&QUICKBOOKS_WEBHOOK_TOKEN),
            )?,
            company: self.config.company_id(&self.credentials).map(str::to_owned),
        })
    }

    /// By which it is told whether stored secrets are still the ones that were read. Opens nothing.
    pub fn hook_secrets_mark(&self, store: &Store) -> Result<String, Fault> {
        let mut mark = String::new();
        for name in [OF_SHOP, OF_BOOKS] {
            let sealed = store.sealed(name).map_err(unread)?;
            let bytes = sealed.map(|sealed| sealed.bytes).unwrap_or_default();
            mark.push_str(crate::model::fingerprint::Fingerprint::of_bytes(&bytes).as_str());
        }
        Ok(mark)
    }

    fn hook_secret(
        &self,
        store: &Store,
        name: &'static str,
        of_environment: Option<&SecretString>,
    ) -> Result<Vec<SecretString>, Fault> {
        let mut good: Vec<SecretString> = of_environment.into_iter().cloned().collect();
        if let Some(kept) = stored::<StoredHookSecret>(&self.strongbox(store), name)? {
            good.push(kept.secret.into());
            let is_good = kept.until.is_some_and(|until| until > self.clock.now());
            good.extend(kept.before.filter(|_| is_good).map(SecretString::from));
        }
        Ok(good)
    }

    /// The secret that the shop's webhooks are to have, if there is one.
    pub fn shop_hook_secret(&self, store: &Store) -> Result<Option<SecretString>, Fault> {
        let good = self.hook_secret(
            store,
            OF_SHOP,
            self.credentials.of(&WOOCOMMERCE_WEBHOOK_SECRET),
        )?;
        Ok(good.into_iter().next())
    }

    /// Seals the secret of the shop's webhooks. The one before stays good for a day.
    pub fn keep_shop_hook_secret(&self, store: &Store, secret: &SecretString) -> Result<(), Fault> {
        self.keep_hook_secret(store, OF_SHOP, secret)
    }

    /// Seals the verifier token of the books. The one before stays good for a day.
    pub fn keep_books_hook_token(&self, store: &Store, token: &SecretString) -> Result<(), Fault> {
        self.keep_hook_secret(store, OF_BOOKS, token)
    }

    fn keep_hook_secret(
        &self,
        store: &Store,
        name: &'static str,
        secret: &SecretString,
    ) -> Result<(), Fault> {
        let strongbox = self.strongbox(store);
        let before = stored::<StoredHookSecret>(&strongbox, name)?;
        let secret = secret.expose_secret().to_owned();
        let before = before
            .map(|before| before.secret)
            .filter(|before| *before != secret);
        let kept = StoredHookSecret {
            until: before.as_ref().map(|_| self.clock.now() + ROTATION),
            before,
            secret,
        };
        let text = serde_json::to_string(&kept).expect("texts have a JSON form");
        strongbox.save(name, &text.into())
    }
}

/// A new secret, drawn by lot.
pub fn new_secret() -> Result<SecretString, Fault> {
    let mut secret = String::with_capacity(LENGTH);
    let mut bytes = [0_u8; 64];
    while secret.len() < LENGTH {
        getrandom::fill(&mut bytes).map_err(|error| {
            Fault::new(
                Remedy::Stop,
                "internal_fault",
                format!("this machine gives no random numbers: {error}"),
            )
        })?;
        // What lies beyond the last whole round would make some letters likelier than others.
        let fair = bytes
            .iter()
            .filter(|byte| usize::from(**byte) < 4 * LETTERS.len());
        let letters = fair.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
        secret.extend(letters.take(LENGTH - secret.len()));
    }
    Ok(secret.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_43_letters_and_digits_and_is_another_each_time() {
        let (one, other) = (new_secret().expect("drawn"), new_secret().expect("drawn"));
        for secret in [&one, &other] {
            let text = secret.expose_secret();
            assert_eq!(text.len(), 43);
            assert!(
                text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
                "{text}"
            );
        }
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}
