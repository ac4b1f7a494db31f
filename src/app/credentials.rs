//! Credentials: what the environment gives, and behind it what `connect` has stored.

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::strongbox::Strongbox;
use crate::config::Credentials;
use crate::model::fault::{Fault, Remedy};

/// The names in the strongbox.
pub const WOOCOMMERCE: &str = "woocommerce";
/// The client id and secret of the app; its tokens are [`QUICKBOOKS`].
pub const QUICKBOOKS_APP: &str = "quickbooks.app";
pub const QUICKBOOKS: &str = "quickbooks";
pub const SUPABASE: &str = "supabase";

/// What `connect woocommerce` stores.
#[derive(Serialize, Deserialize)]
pub struct StoredKeys {
    pub key: String,
    pub secret: String,
    /// The shop they were stored for; they are sent to no other.
    #[serde(default)]
    pub address: Option<String>,
}

/// What `connect quickbooks` stores besides the tokens.
#[derive(Serialize, Deserialize)]
pub struct StoredApp {
    pub client_id: String,
    pub client_secret: String,
}

/// What `connect supabase` stores: one of the two.
#[derive(Default, Serialize, Deserialize)]
pub struct StoredDatabase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// The project that the key was stored for; it is sent to no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The authority that the connection string was stored with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
}

/// Fills in from the strongbox what the environment leaves open for these services, and opens nothing else: what is damaged for one
/// must not keep the others from their work. A pair comes from one place as a whole: half a pair in the
/// environment is a mistake, not something to mix with what is stored.
pub(super) fn complete_for(
    services: &[&str],
    environment: &Credentials,
    strongbox: &Strongbox,
) -> Result<Credentials, Fault> {
    let mut given = environment.clone();
    if services.contains(&WOOCOMMERCE)
        && given.woocommerce_key.is_none()
        && given.woocommerce_secret.is_none()
        && let Some(stored) = stored::<StoredKeys>(strongbox, WOOCOMMERCE)?
    {
        given.woocommerce_key = Some(stored.key.into());
        given.woocommerce_secret = Some(stored.secret.into());
        given.woocommerce_address = stored.address.or_else(|| strongbox.shop_noted());
    }
    if services.contains(&QUICKBOOKS)
        && given.quickbooks_client_id.is_none()
        && given.quickbooks_client_secret.is_none()
        && let Some(stored) = stored::<StoredApp>(strongbox, QUICKBOOKS_APP)?
    {
        given.quickbooks_client_id = Some(stored.client_id.into());
        given.quickbooks_client_secret = Some(stored.client_secret.into());
    }
    // Either is a way in by itself, so each is looked for by itself.
    if services.contains(&SUPABASE)
        && (given.supabase_key.is_none() || given.supabase_database_url.is_none())
        && let Some(stored) = stored::<StoredDatabase>(strongbox, SUPABASE)?
    {
        let key = stored.key.map(SecretString::from);
        if given.supabase_key.is_none() && key.is_some() {
            given.supabase_key = key;
            // Stored by an older udsync: `connect` has told the state file where it went.
            given.supabase_address = stored.address.or_else(|| strongbox.database_noted());
        }
        let address = stored.database_url.map(SecretString::from);
        if given.supabase_database_url.is_none() && address.is_some() {
            given.supabase_database_url = address;
            given.supabase_authority = Some(stored.authority.unwrap_or("system".to_owned()));
        }
    }
    Ok(given)
}

/// What is stored under a name, if anything.
pub(super) fn stored<T: DeserializeOwned>(
    strongbox: &Strongbox,
    name: &'static str,
) -> Result<Option<T>, Fault> {
    use secrecy::ExposeSecret;
    let Some(text) = strongbox.load(name)? else {
        return Ok(None);
    };
    serde_json::from_str(text.expose_secret())
        .map(Some)
        .map_err(|_| {
            Fault::new(
                Remedy::Reconnect,
                "secret_damaged",
                format!("what is stored for `{name}` cannot be understood"),
            )
            .hint(format!(
                "connect it again: `udsync connect {}`",
                name.split('.').next().unwrap_or(name)
            ))
        })
}
