//! App: joins configuration, state and connections into something ready to run. Decides nothing about records.

pub mod connections;
pub mod credentials;
pub mod doctor;
pub mod hosts;
mod keeping;
pub mod keys;
pub mod mappings;
pub mod metered;
pub mod metrics;
pub mod notify;
pub mod privacy;
mod state_key;
pub mod strongbox;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::config::{Config, Credentials, Transport};
use crate::connector::port::{Shelf, Source, Vault};
use crate::connector::quickbooks::{self, QuickBooks};
use crate::connector::supabase::{self, Supabase};
use crate::connector::woocommerce::{self, WooCommerce};
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};
use crate::model::fingerprint::Fingerprint;
use crate::store::{Lock, LockError, Store, StoreError};

use keys::Keys;
use keys::report::KeyReport;
use strongbox::{Strongbox, unread};

/// Under which name the state file keeps when the books were last asked for everything that was posted.
pub const COMPARED: &str = "books compared";

/// One shop with its books, configured and not yet connected.
#[derive(Clone)]
pub struct App {
    pub config: Config,
    /// What the environment gives.
    pub credentials: Credentials,
    pub state: PathBuf,
    pub clock: Clock,
    /// Finds the key to what is stored.
    pub keys: Arc<Keys>,
    /// Customers' data may be logged.
    pub log_pii: bool,
    /// Before anything is tried a second time; `None` leaves it to the connectors.
    pub first_pause: Option<Duration>,
}

impl App {
    /// Opens the state file for writing.
    pub fn store(&self) -> Result<Store, StoreError> {
        Store::open(&self.state)
    }

    /// Takes the lock for a run, or says who has it and since when.
    pub fn lock(&self, command: &str) -> Result<Lock, LockError> {
        // The lock lies beside the state file, which the first run has yet to make. That there is no such folder
        // is said by the lock itself.
        if let Some(folder) = self.state.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        Lock::take(&self.state, command, self.clock.now())
    }

    /// Refuses a state file that belongs to another shop or to another company.
    pub fn check_owner(&self, store: &Store, source: &WooCommerce) -> Result<(), StoreError> {
        self.owners(source)
            .iter()
            .try_for_each(|(target, identity)| store.belongs(target, identity))
    }

    /// Binds the state file to the shop and the company. Only once both have answered: a mistyped company id must not
    /// become the owner of a new file.
    pub fn bind(&self, store: &Store, source: &WooCommerce) -> Result<(), StoreError> {
        self.owners(source)
            .iter()
            .try_for_each(|(target, identity)| store.bind(target, identity))
    }

    fn owners(&self, source: &WooCommerce) -> Vec<(&'static str, String)> {
        let mut owners = vec![("woocommerce", source.address().to_owned())];
        if let Ok((company, _)) = self.company() {
            owners.push(("quickbooks", format!("{} {company}", self.environment())));
        }
        owners
    }

    /// The secrets of the state file.
    pub fn strongbox(&self, store: &Store) -> Strongbox {
        Strongbox::new(
            store.clone(),
            self.clock.clone(),
            self.keys.clone(),
            &self.credentials,
        )
    }

    /// Where the key to them is, and why it is nowhere else.
    pub fn key_report(&self, store: &Store) -> Result<KeyReport, Fault> {
        self.keys.report(store)
    }

    /// What is needed to sign in to these services, as far as it is given: each says for itself what it misses. The addresses
    /// come first: where something may not go, it is not even opened.
    pub fn given_for(&self, store: &Store, services: &[&str]) -> Result<Credentials, Fault> {
        if services.contains(&credentials::QUICKBOOKS) {
            self.check_hosts(store)?;
        }
        credentials::complete_for(services, &self.credentials, &self.strongbox(store))
    }

    /// Everything that is needed to sign in to the store and to the books, or all that is missing, at once.
    pub fn sign_in(&self, store: &Store) -> Result<Credentials, Fault> {
        let strongbox = self.strongbox(store);
        let given = self.given_for(store, &[credentials::WOOCOMMERCE, credentials::QUICKBOOKS])?;
        let tokens = self.tokens_name(store, &strongbox)?;
        let signed_in_before = strongbox.has(&tokens)?;
        let missing: Vec<&str> = [
            (&given.woocommerce_key, "UDSYNC_WOOCOMMERCE_KEY"),
            (&given.woocommerce_secret, "UDSYNC_WOOCOMMERCE_SECRET"),
            (&given.quickbooks_client_id, "UDSYNC_QUICKBOOKS_CLIENT_ID"),
            (
                &given.quickbooks_client_secret,
                "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
            ),
        ]
        .into_iter()
        .chain((!signed_in_before).then_some((
            &given.quickbooks_refresh_token,
            "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
        )))
        .filter(|(value, _)| value.is_none())
        .map(|(_, variable)| variable)
        .collect();
        if missing.is_empty() {
            Ok(given)
        } else {
            Err(credentials_missing(&missing))
        }
    }

    /// The store as a source.
    pub fn source(&self, given: &Credentials) -> Result<WooCommerce, Fault> {
        let Some(settings) = &self.config.woocommerce else {
            return Err(missing_section(
                "woocommerce",
                "url = \"https://shop.example.com\"",
            ));
        };
        let key = credential(&given.woocommerce_key, "UDSYNC_WOOCOMMERCE_KEY")?;
        let secret = credential(&given.woocommerce_secret, "UDSYNC_WOOCOMMERCE_SECRET")?;
        let mut source = WooCommerce::new(
            woocommerce::Settings {
                url: settings.url.clone(),
                key,
                secret,
                allow_http: settings.allow_http,
                page_size: settings.page_size,
                concurrency: settings.concurrency,
                timeout: settings.timeout,
                body_max: 64_000_000,
                fee_meta: self.config.rules.policy.fee_meta.clone(),
            },
            self.clock.clone(),
        )?;
        // Whoever changes the address in the file must not get the keys by it.
        if let Some(stored_for) = &given.woocommerce_address
            && stored_for != source.address()
        {
            return Err(Fault::new(
                Remedy::Reconnect,
                "key_of_another_shop",
                format!(
                    "the stored key is for the shop `{stored_for}`, and the configuration names `{}`",
                    source.address()
                ),
            )
            .hint("`udsync connect woocommerce` stores the key of this one; or put the other address back"));
        }
        if let Some(pause) = self.first_pause {
            source = source.pausing(pause);
        }
        Ok(if self.log_pii {
            source.with_bodies_in_log()
        } else {
            source
        })
    }

    /// The books as a target; a dry run sees only the finder in it.
    pub fn target(&self, store: &Store, given: &Credentials) -> Result<QuickBooks, Fault> {
        let keeping = self.keeping(store, Arc::new(self.strongbox(store)));
        let target = self.target_keeping(store, given, keeping.clone(), keeping)?;
        let spent = self.metered(store).map_err(unread)?;
        Ok(match spent {
            Some(metered) if metered.is_spent() => target.sparing(),
            _ => target,
        })
    }

    /// The books, with lists and tokens kept in these places.
    fn target_keeping(
        &self,
        store: &Store,
        given: &Credentials,
        shelf: Arc<dyn Shelf>,
        vault: Arc<dyn Vault>,
    ) -> Result<QuickBooks, Fault> {
        let (company_id, settings) = self.company()?;
        self.check_hosts(store)?;
        let strongbox = self.strongbox(store);
        let tokens = self.tokens_name(store, &strongbox)?;
        let mut keys = self.app_keys(given)?;
        // Tokens are good for the app that got them and for no other.
        if tokens == credentials::QUICKBOOKS
            && let Some(stored) = self.stored_app(&strongbox)?
        {
            keys.client_id = stored.client_id.into();
            keys.client_secret = stored.client_secret.into();
        }
        let mut target = QuickBooks::new(
            quickbooks::Settings {
                company_id,
                api_url: settings.api_url.clone(),
                token_url: keys.token_url,
                revoke_url: keys.revoke_url,
                client_id: keys.client_id,
                client_secret: keys.client_secret,
                refresh_token: given.quickbooks_refresh_token.clone(),
                mend: App::mend(&tokens),
                tokens,
                store: self.config.shop.name.clone(),
                requests_per_minute: settings.requests_per_minute,
                requests_per_second: settings.requests_per_second,
                batches_per_minute: settings.batches_per_minute,
                batch_size: settings.batch_size,
                concurrency: settings.concurrency,
                timeout: settings.timeout,
            },
            self.clock.clone(),
            shelf,
            vault,
        );
        if let Some(pause) = self.first_pause {
            target = target.pausing(pause);
        }
        Ok(if self.log_pii {
            target.with_bodies_in_log()
        } else {
            target
        })
    }

    fn quickbooks_section(&self) -> Result<&crate::config::QuickBooks, Fault> {
        let settings = self.config.quickbooks.as_ref();
        settings.ok_or_else(|| missing_section("quickbooks", "environment = \"production\""))
    }

    /// The database, for looking at it.
    pub fn database(&self, given: &Credentials) -> Result<Supabase, Fault> {
        let Some(settings) = &self.config.supabase else {
            return Err(missing_section("supabase", "transport = \"rest\""));
        };
        let timeout = Duration::from_secs(30);
        self.check_database(settings, given)?;
        let way = match settings.transport {
            Transport::Rest => supabase::Settings::Rest {
                url: settings.url.clone().ok_or_else(|| {
                    missing_section("supabase", "url = \"https://abc.supabase.co\"")
                })?,
                key: credential(&given.supabase_key, "UDSYNC_SUPABASE_KEY")?,
            },
            Transport::Postgres => supabase::Settings::Postgres {
                database_url: credential(
                    &given.supabase_database_url,
                    "UDSYNC_SUPABASE_DATABASE_URL",
                )?,
                ca_file: settings
                    .ca_file
                    .as_ref()
                    .map(|file| self.config.beside(file)),
            },
        };
        let database = Supabase::new(way, settings.schema.clone(), timeout, &self.clock)?;
        Ok(database.of_shop(&self.config.shop.name))
    }

    /// What is stored goes to the project that it was stored for, past the authority that it was stored with.
    fn check_database(
        &self,
        settings: &crate::config::Supabase,
        given: &Credentials,
    ) -> Result<(), Fault> {
        match settings.transport {
            Transport::Rest => {
                let named = settings.url.as_ref().map(hosts::origin);
                match (&given.supabase_address, named) {
                    (Some(stored_for), Some(named)) if *stored_for != named => {
                        Err(hosts::database_elsewhere(stored_for, &named))
                    }
                    _ => Ok(()),
                }
            }
            Transport::Postgres => match &given.supabase_authority {
                Some(stored) if *stored != self.database_authority()? => {
                    Err(hosts::authority_changed())
                }
                _ => Ok(()),
            },
        }
    }

    /// By which the authority of the database is known again; `system` where none is configured.
    pub fn database_authority(&self) -> Result<String, Fault> {
        let settings = self.config.supabase.as_ref();
        let Some(file) = settings.and_then(|settings| settings.ca_file.as_ref()) else {
            return Ok("system".to_owned());
        };
        let bytes = supabase::authority(&self.config.beside(file))?;
        Ok(Fingerprint::of_bytes(&bytes).to_string())
    }

    fn company(&self) -> Result<(String, &crate::config::QuickBooks), Fault> {
        let settings = self.quickbooks_section()?;
        let company = self.config.company_id(&self.credentials).map(str::to_owned).ok_or_else(|| {
            Fault::new(
                Remedy::Reconnect,
                "company_missing",
                "it is not said which QuickBooks company the books are in",
            )
            .hint("run `udsync connect quickbooks`, or set `company_id` in `[quickbooks]` or `UDSYNC_QUICKBOOKS_COMPANY_ID` in the environment")
        })?;
        Ok((company, settings))
    }
}

fn credential(given: &Option<SecretString>, variable: &str) -> Result<SecretString, Fault> {
    given
        .clone()
        .ok_or_else(|| credentials_missing(&[variable]))
}

fn credentials_missing(variables: &[&str]) -> Fault {
    let names = variables.join("`, `");
    let of_shop = |name: &&str| name.starts_with("UDSYNC_WOOCOMMERCE");
    let service = if variables.iter().any(of_shop) {
        "woocommerce"
    } else if variables[0].starts_with("UDSYNC_SUPABASE") {
        "supabase"
    } else {
        "quickbooks"
    };
    let verb = if variables.len() == 1 {
        "is not"
    } else {
        "are not"
    };
    Fault::new(
        Remedy::Reconnect,
        "credentials_missing",
        format!("`{names}` {verb} in the environment"),
    )
    .hint(format!(
        "`udsync connect {}` asks for what is needed; or `export {}=…`, or try `--sandbox`, which needs no account",
        service,
        variables.join("=… ")
    ))
}

fn missing_section(name: &str, line: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "config_incomplete",
        format!("the configuration has no `[{name}]` section"),
    )
    .hint(format!("add `[{name}]` with `{line}` to udsync.toml"))
}
