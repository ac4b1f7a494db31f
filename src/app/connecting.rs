//! Connecting: tries credentials that somebody gives, seals them, tells what is known of a connection, and ends it. Without a person to
//! ask and without a screen: for whoever does it over HTTP.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;

use super::App;
use super::connections::{AboutQuickbooks, of_another};
use super::credentials::{QUICKBOOKS_APP, to_store};
use super::hosts::{QUICKBOOKS_HOSTS, origin};
use super::state_fault::unread;
use super::strongbox::{OF_ENVIRONMENT, Strongbox};
use crate::config::Credentials;
use crate::connector::quickbooks::sign_in::{AppKeys, BrowserConsent};
use crate::model::database::Database;
use crate::model::fault::Fault;
use crate::model::run::RunStatus;
use crate::model::service::{
    QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, STRIPE_KEY, SUPABASE_DATABASE_URL,
    SUPABASE_KEY, Service, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET,
};
use crate::model::shop::{RememberedShop, Shop};
use crate::store::{History, RunFilter, Secrets, SecretsWriter, Store, StoreError, connections};

/// Credentials that somebody gives.
pub enum NewConnection {
    Woocommerce {
        key: SecretString,
        secret: SecretString,
    },
    Quickbooks {
        client_id: SecretString,
        client_secret: SecretString,
        refresh_token: SecretString,
    },
    Rest {
        key: SecretString,
    },
    Postgres {
        database_url: SecretString,
    },
    Stripe {
        key: SecretString,
    },
}

/// What is known of a connection without asking the service. Nothing secret.
#[derive(Debug, Serialize)]
pub struct KnownConnection {
    name: &'static str,
    connected: bool,
    configured: bool,
    from: Option<&'static str>,
    pub(super) what: Option<String>,
    since: Option<DateTime<Utc>>,
    pub(super) state: &'static str,
    broken_since: Option<DateTime<Utc>>,
    broken_why: Option<String>,
    ends_if_idle: Option<DateTime<Utc>>,
    pub(super) ends: Option<DateTime<Utc>>,
    last_success: Option<DateTime<Utc>>,
    warning: Option<String>,
    hint: Option<String>,
}

/// What is known of this one.
pub fn known(app: &App, store: &Store, service: Service) -> Result<KnownConnection, StoreError> {
    let name = service.as_str();
    let configured = app.config.has(service);
    let from_environment = app.credentials.has(service.row().enters_with);
    let stored = connections::known::<Value>(store, name)?;
    let of_environment = connections::known::<Value>(store, &format!("{name}{OF_ENVIRONMENT}"))?;
    // What the environment gives goes before what is stored.
    let (from, about, since, broken) = match (from_environment, stored, of_environment) {
        (true, _, Some(own)) => (
            Some("environment"),
            own.about,
            Some(own.connected_at),
            own.broken,
        ),
        (true, _, None) => (Some("environment"), Value::Null, None, None),
        (false, Some(own), _) => (
            Some("stored"),
            own.about,
            Some(own.connected_at),
            own.broken,
        ),
        (false, None, _) => (None, Value::Null, None, None),
    };
    let ends = service.row().kept.iter().any(|kept| kept.rotates);
    let life: Option<AboutQuickbooks> = ends
        .then(|| serde_json::from_value(about.clone()).ok())
        .flatten();
    let state = match (from, &broken) {
        (None, _) => "missing",
        (Some(_), Some(_)) => "broken",
        (Some(_), None) => "working",
    };
    Ok(KnownConnection {
        name,
        connected: from.is_some(),
        configured,
        from,
        what: what(service, &about),
        since,
        state,
        broken_since: broken.as_ref().map(|broken| broken.at),
        broken_why: broken.map(|broken| broken.why),
        ends_if_idle: life.as_ref().and_then(|life| life.refresh_until),
        ends: life.as_ref().and_then(|life| life.hard_until),
        last_success: last_success(store, service)?,
        warning: life.and_then(|life| life.ends_soon(app.clock.now())),
        hint: (state != "working").then(|| format!("`udsync connect {name}` connects it")),
    })
}

fn what(service: Service, about: &Value) -> Option<String> {
    let mut known_by = service.row().known_by.iter();
    known_by.find_map(|key| about[*key].as_str().map(str::to_owned))
}

/// When a run last went well that had to do with it: every run reads the shop.
fn last_success(store: &Store, service: Service) -> Result<Option<DateTime<Utc>>, StoreError> {
    const LOOKED_AT: u32 = 50;
    let runs = store.runs(&RunFilter {
        limit: Some(LOOKED_AT),
        ..RunFilter::default()
    })?;
    let went_well = runs.into_iter().find(|run| {
        let is_whole = matches!(run.status, RunStatus::Succeeded | RunStatus::Partial);
        let has_part = !service.role().is_target() || run.tallies.contains_key(service.as_str());
        is_whole && has_part
    });
    Ok(went_well.and_then(|run| run.finished_at))
}

/// Tries new credentials, and seals them if they work. The configuration of the app is the one that goes with them.
pub async fn connect(app: &App, store: &Store, new: NewConnection) -> Result<(), Fault> {
    match new {
        NewConnection::Woocommerce { key, secret } => {
            let mut given = Credentials::default();
            given.put(&WOOCOMMERCE_KEY, key.clone());
            given.put(&WOOCOMMERCE_SECRET, secret.clone());
            let source = app.source(&given)?;
            app.check_owner(store, &source).map_err(of_another)?;
            source.probe().await?;
            let shop = source.describe().await?;
            keep_shop(app, store, &sealed_with(app, store)?, &given, &shop)
        }
        NewConnection::Quickbooks {
            client_id,
            client_secret,
            refresh_token,
        } => {
            let mut given = Credentials::default();
            given.put(&QUICKBOOKS_CLIENT_ID, client_id);
            given.put(&QUICKBOOKS_CLIENT_SECRET, client_secret);
            let company = app.config.quickbooks.as_ref();
            let company = company
                .and_then(|books| books.company_id.clone())
                .unwrap_or_default();
            app.check_books(store, &company)?;
            let strongbox = sealed_with(app, store)?;
            app.check_hosts_to_connect(&strongbox, false, &[])?;
            let keys = app.app_keys(&given)?;
            app.adopt_quickbooks(store, strongbox, keys, &company, &refresh_token)
                .await
        }
        NewConnection::Rest { key } => {
            let given = Credentials::with([(&SUPABASE_KEY, key)]);
            let database = app.database(&given)?.describe().await?;
            keep_database(app, store, &sealed_with(app, store)?, &given, &database)
        }
        NewConnection::Stripe { key } => {
            let given = Credentials::with([(&STRIPE_KEY, key)]);
            app.stripe(&given)?.check_key().await?;
            keep_stripe(app, store, &sealed_with(app, store)?, &given)
        }
        NewConnection::Postgres { database_url } => {
            let given = Credentials::with([(&SUPABASE_DATABASE_URL, database_url)]);
            let database = app.database(&given)?.describe().await?;
            keep_database(app, store, &sealed_with(app, store)?, &given, &database)
        }
    }
}

/// Seals the keys that a shop has answered to, and remembers the connection.
pub fn keep_shop(
    app: &App,
    store: &Store,
    strongbox: &Strongbox,
    given: &Credentials,
    shop: &Shop,
) -> Result<(), Fault> {
    let about = RememberedShop {
        address: shop.address.clone(),
        name: shop.name.clone(),
        storage: shop.storage,
    };
    let to = Some(shop.address.clone());
    keep(app, store, strongbox, (Service::SHOP, given, to), &about)
}

/// Seals the way into a database that has answered, and remembers the connection.
pub fn keep_database(
    app: &App,
    store: &Store,
    strongbox: &Strongbox,
    given: &Credentials,
    database: &Database,
) -> Result<(), Fault> {
    let to = match given.has(&SUPABASE_KEY) {
        true => {
            let settings = app.config.supabase.as_ref();
            settings.and_then(|own| own.url.as_ref().map(origin))
        }
        false => Some(app.database_authority()?),
    };
    keep(app, store, strongbox, (Service::COPY, given, to), database)
}

/// What is remembered of an account that let us in.
#[derive(Serialize)]
pub struct AboutStripe {
    pub address: String,
}

/// Seals the key to an account that has answered, and remembers the connection.
pub fn keep_stripe(
    app: &App,
    store: &Store,
    strongbox: &Strongbox,
    given: &Credentials,
) -> Result<(), Fault> {
    let settings = app.config.stripe.as_ref();
    let address = settings.map(|own| origin(&own.api_url)).unwrap_or_default();
    let about = AboutStripe {
        address: address.clone(),
    };
    keep(
        app,
        store,
        strongbox,
        (Service::Stripe, given, Some(address)),
        &about,
    )
}

fn keep(
    app: &App,
    store: &Store,
    strongbox: &Strongbox,
    (service, given, to): (Service, &Credentials, Option<String>),
    about: &impl Serialize,
) -> Result<(), Fault> {
    let (name, text) = to_store(service, given, to).expect("it was tried with what is given");
    strongbox.save(name, &text)?;
    connections::keep(store, service.as_str(), about, app.clock.now()).map_err(unread)
}

/// The strongbox with its key; where nothing was ever sealed, with a new one where one can be had without asking anybody.
fn sealed_with(app: &App, store: &Store) -> Result<Strongbox, Fault> {
    if store.key_place().map_err(unread)?.is_none() {
        app.keys.begin_unasked(store)?;
    }
    app.keys.find(store)?;
    Ok(app.strongbox(store))
}

/// What is stored of a service, to be put back where the rest of a change fails.
pub struct ConnectionBefore {
    service: Service,
    sealed: Vec<(&'static str, Option<SecretString>)>,
    known: Option<connections::Connection<Value>>,
}

impl ConnectionBefore {
    /// What is stored now. What cannot be opened is of no use to anybody, and counts as nothing.
    pub fn of(app: &App, store: &Store, service: Service) -> Result<ConnectionBefore, Fault> {
        let names: &[&'static str] = match service {
            Service::Quickbooks => &[service.as_str(), QUICKBOOKS_APP, QUICKBOOKS_HOSTS],
            Service::Woocommerce | Service::Supabase | Service::Stripe => &[service.as_str()],
        };
        let strongbox = app.strongbox(store);
        let sealed = names
            .iter()
            .map(|name| (*name, strongbox.load(name).ok().flatten()));
        Ok(ConnectionBefore {
            service,
            sealed: sealed.collect(),
            known: connections::known(store, service.as_str()).map_err(unread)?,
        })
    }

    /// Makes it so again.
    pub fn put_back(self, app: &App, store: &Store) -> Result<(), Fault> {
        let strongbox = app.strongbox(store);
        for (name, secret) in &self.sealed {
            match secret {
                Some(secret) => strongbox.save(name, secret)?,
                None => drop(strongbox.remove(name)?),
            }
        }
        let name = self.service.as_str();
        let Some(known) = self.known else {
            return store.remove_connection(name).map(drop).map_err(unread);
        };
        connections::keep(store, name, &known.about, known.connected_at).map_err(unread)?;
        if let Some(broken) = known.broken {
            let kept = SecretsWriter::break_connection(store, name, &broken.why, broken.at);
            kept.map_err(unread)?;
        }
        Ok(())
    }
}

/// Refuses to begin what could not be kept: there is no place for the key to what is stored.
pub fn check_key(app: &App, store: &Store) -> Result<(), Fault> {
    sealed_with(app, store).map(|_| ())
}

/// The keys by which udsync is known to Intuit, as they are given or stored.
pub fn app_keys(app: &App, store: &Store) -> Result<AppKeys, Fault> {
    let given = app.given_for(store, &[Service::Quickbooks])?;
    app.app_keys(&given)
}

/// Makes a consent the connection of this shop.
pub async fn signed_in(app: &App, store: &Store, consent: &BrowserConsent) -> Result<(), Fault> {
    // Before anything is exchanged: the tokens of another company would take the place of the right ones.
    app.check_books(store, &consent.company_id)?;
    let keys = app_keys(app, store)?;
    let strongbox = sealed_with(app, store)?;
    app.connect_quickbooks(store, strongbox, keys, consent)
        .await
}

/// Ends a connection: Intuit is told where it can be told, and what is stored is overwritten. `false` if nothing was.
pub async fn disconnect(app: &App, store: &Store, service: Service) -> Result<bool, Fault> {
    const TRIES: u32 = 600;
    let name = service.as_str();
    let strongbox = app.strongbox(store);
    let is_known = connections::known::<Value>(store, name)
        .map_err(unread)?
        .is_some();
    if !strongbox.has(name)? && !is_known {
        return Ok(false);
    }
    if service == Service::Quickbooks {
        let mut stored = app.clone();
        stored.credentials = stored.credentials.without(Service::Quickbooks);
        let given = stored.given_for(store, &[Service::Quickbooks])?;
        stored.target(store, &given)?.revoke().await?;
    }
    // Whoever is just renewing the tokens finishes first, and finds nothing afterwards.
    let mut turn = store.turn().map_err(unread)?;
    for _ in 0..TRIES {
        if turn.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        turn = store.turn().map_err(unread)?;
    }
    strongbox.remove(name)?;
    store.remove_connection(name).map_err(unread)?;
    if service == Service::Quickbooks {
        strongbox.remove(QUICKBOOKS_APP)?;
        strongbox.remove(QUICKBOOKS_HOSTS)?;
    }
    drop(turn);
    Ok(true)
}
