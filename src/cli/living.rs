//! `serve --sandbox`: the demonstration lives. The stand-in shop sells something every few seconds and tells us of it by a signed
//! webhook, and so does the company of what changes in the books.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::report::Failure;
use super::session::SessionSandbox;
use crate::app::App;
use crate::model::fingerprint::hex;
use crate::model::service::Service;
use crate::sandbox::demo;
use crate::store::{Inbox, StoreError};

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

/// A sandbox that is served has a new shop and new books each time, which nothing in a state file of before is true of. That file is
/// moved aside, and people and tokens, which lie in another one, stay. A state of anybody's own shop is left alone: its runs say so.
pub(super) fn set_ended_sandbox_aside(app: &App, shop: &str) -> Result<Option<PathBuf>, Failure> {
    if !app.state.exists() {
        return Ok(None);
    }
    let store = app.store()?;
    app.belongs_to(&store, demo::QUICKBOOKS_COMPANY_ID)?;
    let Err(StoreError::OtherCompany { bound, .. }) = store.belongs(Service::SHOP.as_str(), shop)
    else {
        return Ok(None);
    };
    let Some(address) = bound.strip_prefix("http://127.0.0.1:") else {
        return Ok(None);
    };
    let port = address.trim_end_matches('/').parse();
    if port.is_ok_and(|port: u16| TcpStream::connect(("127.0.0.1", port)).is_ok()) {
        return Err(Failure::new(
            "locked",
            format!(
                "another sandbox works with the state file `{}`",
                app.state.display()
            ),
        )
        .hint("end it first, or name another file with `--state FILE`"));
    }
    drop(store);
    let mut aside = None;
    for file in [app.state.clone(), Inbox::path_of(&app.state)] {
        for end in ["", "-wal", "-shm"] {
            let with = |more: &str| {
                let mut name = file.clone().into_os_string();
                name.push(more);
                PathBuf::from(name)
            };
            let (from, to) = (with(end), with(&format!(".ended{end}")));
            match std::fs::rename(&from, &to) {
                Ok(()) => aside = aside.or(Some(to)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let said = format!("could not move `{}` aside: {error}", from.display());
                    return Err(Failure::new("not_written", said)
                        .hint("name another file with `--state FILE`"));
                }
            }
        }
    }
    Ok(aside)
}
