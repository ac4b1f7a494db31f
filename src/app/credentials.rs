//! Credentials: what the environment gives, and behind it what `connect` has stored.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::strongbox::Strongbox;
use crate::config::Credentials;
use crate::model::fault::{Fault, Remedy};
pub use crate::model::service::QUICKBOOKS_APP;
use crate::model::service::{
    QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, SUPABASE_DATABASE_URL, SUPABASE_KEY, Service,
    WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET,
};

/// The names in the strongbox.
pub const WOOCOMMERCE: &str = Service::Woocommerce.as_str();
pub const QUICKBOOKS: &str = Service::Quickbooks.as_str();
pub const SUPABASE: &str = Service::Supabase.as_str();

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
    services: &[Service],
    environment: &Credentials,
    strongbox: &Strongbox,
) -> Result<Credentials, Fault> {
    let mut given = environment.clone();
    if services.contains(&Service::Woocommerce)
        && !given.has(&WOOCOMMERCE_KEY)
        && !given.has(&WOOCOMMERCE_SECRET)
        && let Some(stored) = stored::<StoredKeys>(strongbox, WOOCOMMERCE)?
    {
        given.put(&WOOCOMMERCE_KEY, stored.key);
        given.put(&WOOCOMMERCE_SECRET, stored.secret);
        let address = stored.address.or_else(|| strongbox.shop_noted());
        given.bind(&WOOCOMMERCE_KEY, address);
    }
    if services.contains(&Service::Quickbooks)
        && !given.has(&QUICKBOOKS_CLIENT_ID)
        && !given.has(&QUICKBOOKS_CLIENT_SECRET)
        && let Some(stored) = stored::<StoredApp>(strongbox, QUICKBOOKS_APP)?
    {
        given.put(&QUICKBOOKS_CLIENT_ID, stored.client_id);
        given.put(&QUICKBOOKS_CLIENT_SECRET, stored.client_secret);
    }
    // Either is a way in by itself, so each is looked for by itself.
    if services.contains(&Service::Supabase)
        && !(given.has(&SUPABASE_KEY) && given.has(&SUPABASE_DATABASE_URL))
        && let Some(stored) = stored::<StoredDatabase>(strongbox, SUPABASE)?
    {
        if let Some(key) = stored.key
            && !given.has(&SUPABASE_KEY)
        {
            given.put(&SUPABASE_KEY, key);
            // Stored by an older udsync: `connect` has told the state file where it went.
            let address = stored.address.or_else(|| strongbox.database_noted());
            given.bind(&SUPABASE_KEY, address);
        }
        if let Some(address) = stored.database_url
            && !given.has(&SUPABASE_DATABASE_URL)
        {
            given.put(&SUPABASE_DATABASE_URL, address);
            let authority = stored.authority.unwrap_or("system".to_owned());
            given.bind(&SUPABASE_DATABASE_URL, Some(authority));
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
                Service::of_stored(name).map_or(name, Service::as_str)
            ))
        })
}
