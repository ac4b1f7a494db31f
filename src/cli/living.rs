//! `serve --sandbox`: the demonstration lives. The stand-in shop sells something every few seconds and tells us of it by a signed
//! webhook, and so does the company of what changes in the books.

use std::time::Duration;

use serde_json::json;

use super::report::Failure;
use super::session::SessionSandbox;
use crate::model::fingerprint::hex;

/// Fast enough to watch, slow enough to follow.
const SELLS_EVERY: Duration = Duration::from_secs(4);

/// What the shop tells of.
const TOPICS: [&str; 11] = [
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

/// By what deliveries of the stand-ins are known to be theirs. Made anew for each demonstration.
pub struct LivingSecrets {
    shop: String,
    company: String,
}

impl LivingSecrets {
    pub fn new() -> Result<LivingSecrets, Failure> {
        let secret = || {
            let mut bytes = [0_u8; 24];
            getrandom::fill(&mut bytes)
                .map(|()| hex(&bytes))
                .map_err(|error| not_in_motion(&error.to_string()))
        };
        Ok(LivingSecrets {
            shop: secret()?,
            company: secret()?,
        })
    }

    /// As the environment of a shop has them.
    pub fn environment(&self, name: &str) -> Option<String> {
        match name {
            "UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET" => Some(self.shop.clone()),
            "UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN" => Some(self.company.clone()),
            _ => None,
        }
    }
}

/// Lets shop and company tell of changes there, and the shop sell.
pub async fn set_in_motion(
    sandbox: &SessionSandbox,
    secrets: &LivingSecrets,
    hooks_url: &str,
) -> Result<(), Failure> {
    let webhooks: Vec<_> = TOPICS
        .iter()
        .map(|topic| {
            json!({ "topic": topic, "secret": secrets.shop,
                    "delivery_url": format!("{hooks_url}/api/webhooks/woocommerce") })
        })
        .collect();
    let told = json!({ "url": format!("{hooks_url}/api/webhooks/quickbooks"), "verifier": secrets.company,
                       "format": "cloud_events" });
    let sells =
        json!({ "sells_every_ms": u64::try_from(SELLS_EVERY.as_millis()).unwrap_or(u64::MAX) });
    let broken = |error: std::io::Error| not_in_motion(&error.to_string());
    sandbox
        .shop
        .lever("POST", "webhooks", &json!(webhooks))
        .await
        .map_err(broken)?;
    sandbox
        .company
        .lever("POST", "sending", &told)
        .await
        .map_err(broken)?;
    sandbox
        .shop
        .lever("POST", "sending", &sells)
        .await
        .map_err(broken)?;
    Ok(())
}

fn not_in_motion(why: &str) -> Failure {
    Failure::new(
        "sandbox_not_started",
        format!("could not start the sandbox: {why}"),
    )
}
