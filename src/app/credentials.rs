//! Credentials: what the environment gives, and behind it what `connect` has stored.

use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::strongbox::Strongbox;
use crate::config::Credentials;
use crate::model::fault::{Fault, Remedy};
pub use crate::model::service::QUICKBOOKS_APP;
use crate::model::service::{Service, StoredBound, StoredSecret};

/// The names in the strongbox.
pub const WOOCOMMERCE: &str = Service::Woocommerce.as_str();
pub const QUICKBOOKS: &str = Service::Quickbooks.as_str();
pub const SUPABASE: &str = Service::Supabase.as_str();

/// What `connect quickbooks` stores besides the tokens.
#[derive(Serialize, Deserialize)]
pub struct StoredApp {
    pub client_id: String,
    pub client_secret: String,
}

/// Fills in from the strongbox what the environment leaves open for these services, and opens nothing else: what is damaged for one
/// must not keep the others from their work. What belongs together comes from one place as a whole: half a pair in the
/// environment is a mistake, not something to mix with what is stored.
pub(super) fn complete_for(
    services: &[Service],
    environment: &Credentials,
    strongbox: &Strongbox,
) -> Result<Credentials, Fault> {
    let mut given = environment.clone();
    for service in services {
        for kept in service.row().kept.iter().filter(|kept| !kept.rotates) {
            if !kept.fields.iter().any(|field| given.has(field)) {
                fill_in(&mut given, *service, kept, strongbox)?;
            }
        }
    }
    Ok(given)
}

fn fill_in(
    given: &mut Credentials,
    service: Service,
    kept: &StoredSecret,
    strongbox: &Strongbox,
) -> Result<(), Fault> {
    let Some(stored) = stored::<Map<String, Value>>(strongbox, kept.name)? else {
        return Ok(());
    };
    let text = |name: &str| stored.get(name).and_then(Value::as_str).map(str::to_owned);
    let values: Vec<String> = kept
        .fields
        .iter()
        .filter_map(|field| text(field.called[0]))
        .collect();
    // Of several ways in, another one was stored.
    if values.is_empty() {
        return Ok(());
    }
    if values.len() < kept.fields.len() {
        return Err(damaged(kept.name));
    }
    for (field, value) in kept.fields.iter().zip(values) {
        given.put(field, value);
    }
    if let Some(bound) = kept.bound {
        // Stored by an older udsync: `connect` has told the state file where it went.
        let to = text(bound.as_str()).or_else(|| match bound {
            StoredBound::Address => strongbox.address_noted(service),
            StoredBound::Authority => Some("system".to_owned()),
        });
        given.bind(kept.fields[0], to);
    }
    Ok(())
}

/// What is given for a service as it is stored: under which name, and the text. `to`: what it is bound to.
pub(super) fn to_store(
    service: Service,
    given: &Credentials,
    to: Option<String>,
) -> Option<(&'static str, SecretString)> {
    let mut ways = service.row().kept.iter().filter(|kept| !kept.rotates);
    let kept = ways.find(|kept| kept.fields.iter().all(|field| given.has(field)))?;
    let mut stored = Map::new();
    for field in kept.fields {
        let value = given.of(field)?.expose_secret().trim().to_owned();
        stored.insert(field.called[0].to_owned(), value.into());
    }
    if let (Some(bound), Some(to)) = (kept.bound, to) {
        stored.insert(bound.as_str().to_owned(), to.into());
    }
    Some((kept.name, Value::Object(stored).to_string().into()))
}

/// What is stored under a name, if anything.
pub(super) fn stored<T: DeserializeOwned>(
    strongbox: &Strongbox,
    name: &'static str,
) -> Result<Option<T>, Fault> {
    let Some(text) = strongbox.load(name)? else {
        return Ok(None);
    };
    serde_json::from_str(text.expose_secret())
        .map(Some)
        .map_err(|_| damaged(name))
}

fn damaged(name: &'static str) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "secret_damaged",
        format!("what is stored for `{name}` cannot be understood"),
    )
    .hint(format!(
        "connect it again: `udsync connect {}`",
        Service::of_stored(name).map_or(name, Service::as_str)
    ))
}
