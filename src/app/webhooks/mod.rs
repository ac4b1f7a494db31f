//! Webhooks as far as a server and a command both need them: the secrets that deliveries are signed with, the webhooks that the shop
//! keeps for us, and what is the matter with them.
//!
//! `secrets` finds and keeps the secrets, `registering` makes what is missing in the shop, `checking` compares what the shop has tried
//! with what came, `troubles` remembers what the owner is told.

pub mod checking;
pub mod registering;
pub mod secrets;
pub mod troubles;

pub use checking::{CheckedWebhook, WebhookCheck};
pub use registering::{Registered, Registration};
pub use secrets::HookSecrets;

pub use crate::connector::woocommerce::webhook::TOPICS;

use serde::{Deserialize, Serialize};
use url::Url;

/// Under which name the state file keeps the webhooks that were made for us.
const OURS: &str = "webhooks";

/// A webhook of the shop that was made for us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OurWebhook {
    pub id: u64,
    pub topic: String,
    pub delivery_url: String,
}

/// Where the shop's deliveries are to be sent.
pub fn shop_address(public_url: &Url, shop: &str, many_shops: bool) -> String {
    let root = public_url.as_str().trim_end_matches('/');
    match many_shops {
        true => format!("{root}/api/webhooks/woocommerce/{shop}"),
        false => format!("{root}/api/webhooks/woocommerce"),
    }
}

/// Where the deliveries of the books are to be sent.
pub fn books_address(public_url: &Url) -> String {
    let root = public_url.as_str().trim_end_matches('/');
    format!("{root}/api/webhooks/quickbooks")
}
