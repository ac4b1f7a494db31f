//! App: joins configuration, state and connections into something ready to run. Decides nothing about records.

pub mod access;
pub mod conflicts;
pub mod connecting;
pub mod connections;
pub mod credentials;
pub mod cut_off;
pub mod days;
pub mod doctor;
pub mod double_entry;
pub mod explain;
mod heads;
pub mod hosts;
mod keeping;
pub mod keys;
mod losers;
pub mod mappings;
pub mod metered;
pub mod metrics;
pub mod notify;
pub mod overview;
pub mod papers;
pub mod privacy;
mod probe;
pub mod proven;
pub mod reports;
mod state_fault;
mod state_key;
pub mod strongbox;
pub mod typed;
pub mod ways_out;
pub mod webhooks;
mod why;
mod zone;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::config::{Config, Credentials, Transport};
use crate::connector::port::{Shelf, ShopReader, Vault};
use crate::connector::quickbooks::{self, QuickBooks};
use crate::connector::stripe::{Stripe, StripeConnection};
use crate::connector::supabase::{self, Supabase};
use crate::connector::woocommerce::{self, WooCommerce};
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};
use crate::model::fingerprint::Fingerprint;
use crate::model::service::{
    CredentialField, QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, QUICKBOOKS_REFRESH_TOKEN,
    STRIPE_KEY, SUPABASE_DATABASE_URL, SUPABASE_KEY, Service, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET,
};
use crate::store::{Lock, LockError, Memory, MemoryWriter, Secrets, Store, StoreError};

use keys::Keys;
use keys::report::KeyReport;
use state_fault::unread;
use strongbox::Strongbox;

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
    /// What is typed behind `--shop` to mean it, where there are several.
    pub called: Option<String>,
}

impl App {
    /// Opens the state file for writing.
    pub fn store(&self) -> Result<Store, StoreError> {
        Store::open(&self.state)
    }

    /// The state file to look at; an empty state where there is no file yet.
    pub fn state_to_read(&self) -> Result<Store, StoreError> {
        match Store::open_read_only(&self.state)? {
            Some(store) => Ok(store),
            None => Store::in_memory(),
        }
    }

    /// Takes the lock for a run, or says who has it and since when.
    pub fn lock(&self, command: &str) -> Result<Lock, LockError> {
        // Nothing is made beside the file of another program.
        Store::check_is_ours(&self.state)?;
        // The lock lies beside the state file, which the first run has yet to make. That there is no such folder
        // is said by the lock itself.
        if let Some(folder) = self.state.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        Lock::take(&self.state, command, self.clock.now())
    }

    /// Refuses a state file that belongs to another shop or to another company.
    pub fn check_owner(&self, memory: &dyn Memory, source: &WooCommerce) -> Result<(), StoreError> {
        self.owners(source)
            .iter()
            .try_for_each(|(target, identity)| memory.belongs(target, identity))
    }

    /// Binds the state file to the shop and the company. Only once both have answered: a mistyped company id must not
    /// become the owner of a new file.
    pub fn bind(&self, memory: &dyn MemoryWriter, source: &WooCommerce) -> Result<(), StoreError> {
        self.owners(source)
            .iter()
            .try_for_each(|(target, identity)| memory.bind(target, identity))
    }

    fn owners(&self, source: &WooCommerce) -> Vec<(&'static str, String)> {
        let mut owners = vec![(Service::Woocommerce.as_str(), source.address().to_owned())];
        if let Ok((company, _)) = self.company() {
            let identity = format!("{} {company}", self.environment());
            owners.push((Service::Quickbooks.as_str(), identity));
        }
        owners
    }

    /// The secrets of the state file.
    pub fn strongbox(&self, store: &Store) -> Strongbox {
        Strongbox::new(
            Arc::new(store.clone()),
            self.clock.clone(),
            self.keys.clone(),
            &self.credentials,
        )
    }

    /// Where the key to them is, and why it is nowhere else.
    pub fn key_report(&self, secrets: &dyn Secrets) -> Result<KeyReport, Fault> {
        self.keys.report(secrets)
    }

    /// What is needed to sign in to these services, as far as it is given: each says for itself what it misses. The addresses
    /// come first: where something may not go, it is not even opened.
    pub fn given_for(&self, store: &Store, services: &[Service]) -> Result<Credentials, Fault> {
        if services.contains(&Service::Quickbooks) {
            self.check_hosts(store)?;
        }
        credentials::complete_for(services, &self.credentials, &self.strongbox(store))
    }

    /// Everything that is needed to sign in to the shop and to the books, or all that is missing, at once.
    pub fn sign_in(&self, store: &Store) -> Result<Credentials, Fault> {
        let strongbox = self.strongbox(store);
        let given = self.given_for(store, &[Service::Woocommerce, Service::Quickbooks])?;
        let tokens = self.tokens_name(store, &strongbox)?;
        let signed_in_before = strongbox.has(&tokens)?;
        let needed = [
            &WOOCOMMERCE_KEY,
            &WOOCOMMERCE_SECRET,
            &QUICKBOOKS_CLIENT_ID,
            &QUICKBOOKS_CLIENT_SECRET,
        ];
        let token = (!signed_in_before).then_some(&QUICKBOOKS_REFRESH_TOKEN);
        let missing: Vec<&CredentialField> = needed
            .into_iter()
            .chain(token)
            .filter(|field| !given.has(field))
            .collect();
        if missing.is_empty() {
            Ok(given)
        } else {
            Err(credentials_missing(&missing))
        }
    }

    /// The shop as a source.
    pub fn source(&self, given: &Credentials) -> Result<WooCommerce, Fault> {
        let Some(settings) = &self.config.woocommerce else {
            return Err(missing_section(Service::Woocommerce));
        };
        let key = credential(given, &WOOCOMMERCE_KEY)?;
        let secret = credential(given, &WOOCOMMERCE_SECRET)?;
        let mut source = WooCommerce::new(
            woocommerce::ShopConnection {
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
        if let Some(stored_for) = given.bound_to(&WOOCOMMERCE_KEY)
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
            quickbooks::BooksConnection {
                company_id,
                api_url: settings.api_url.clone(),
                token_url: keys.token_url,
                revoke_url: keys.revoke_url,
                client_id: keys.client_id,
                client_secret: keys.client_secret,
                refresh_token: given.of(&QUICKBOOKS_REFRESH_TOKEN).cloned(),
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

    fn quickbooks_section(&self) -> Result<&crate::config::QuickBooksSettings, Fault> {
        let settings = self.config.quickbooks.as_ref();
        settings.ok_or_else(|| missing_section(Service::Quickbooks))
    }

    /// The database, for looking at it.
    pub fn database(&self, given: &Credentials) -> Result<Supabase, Fault> {
        let Some(settings) = &self.config.supabase else {
            return Err(missing_section(Service::Supabase));
        };
        let timeout = Duration::from_secs(30);
        self.check_database(settings, given)?;
        let way = match settings.transport {
            Transport::Rest => supabase::DatabaseConnection::Rest {
                url: settings.url.clone().ok_or_else(|| {
                    section_without(Service::Supabase, "url = \"https://abc.supabase.co\"")
                })?,
                key: credential(given, &SUPABASE_KEY)?,
            },
            Transport::Postgres => supabase::DatabaseConnection::Postgres {
                database_url: credential(given, &SUPABASE_DATABASE_URL)?,
                ca_file: settings
                    .ca_file
                    .as_ref()
                    .map(|file| self.config.beside(file)),
            },
        };
        let database = Supabase::new(way, settings.schema.clone(), timeout, &self.clock)?;
        Ok(database.of_shop(&self.config.shop.name))
    }

    /// The account at Stripe, which is only ever read.
    pub fn stripe(&self, given: &Credentials) -> Result<Stripe, Fault> {
        let Some(settings) = &self.config.stripe else {
            return Err(missing_section(Service::Stripe));
        };
        let Some(shop) = &self.config.woocommerce else {
            return Err(missing_section(Service::Woocommerce));
        };
        let key = credential(given, &STRIPE_KEY)?;
        let address = hosts::origin(&settings.api_url);
        if let Some(stored_for) = given.bound_to(&STRIPE_KEY)
            && stored_for != address
        {
            return Err(Fault::new(
                Remedy::Reconnect,
                "key_of_another_gateway",
                format!(
                    "the stored key is for `{stored_for}`, and the configuration names `{address}`"
                ),
            )
            .hint(
                "`udsync connect stripe` stores the key of this one; or put the other address back",
            ));
        }
        let stripe = Stripe::new(StripeConnection {
            url: settings.api_url.clone(),
            key,
            timeout: settings.timeout,
            shop: shop.url.clone(),
        });
        Ok(match self.first_pause {
            Some(pause) => stripe.pausing(pause),
            None => stripe,
        })
    }

    /// What is stored goes to the project that it was stored for, past the authority that it was stored with.
    fn check_database(
        &self,
        settings: &crate::config::SupabaseSettings,
        given: &Credentials,
    ) -> Result<(), Fault> {
        match settings.transport {
            Transport::Rest => {
                let named = settings.url.as_ref().map(hosts::origin);
                match (given.bound_to(&SUPABASE_KEY), named) {
                    (Some(stored_for), Some(named)) if stored_for != named => {
                        Err(hosts::database_elsewhere(stored_for, &named))
                    }
                    _ => Ok(()),
                }
            }
            Transport::Postgres => match given.bound_to(&SUPABASE_DATABASE_URL) {
                Some(stored) if stored != self.database_authority()? => {
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

    fn company(&self) -> Result<(String, &crate::config::QuickBooksSettings), Fault> {
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

fn credential(given: &Credentials, field: &CredentialField) -> Result<SecretString, Fault> {
    let found = given.of(field).cloned();
    found.ok_or_else(|| credentials_missing(&[field]))
}

fn credentials_missing(fields: &[&CredentialField]) -> Fault {
    let variables: Vec<&str> = fields.iter().map(|field| field.variable).collect();
    let names = variables.join("`, `");
    // The shop comes first: without it nothing else is worth connecting.
    let services = variables.iter().copied().filter_map(Service::of_variable);
    let service = services
        .min()
        .expect("every credential is a field of a service");
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
        "`udsync connect {}` asks for what is needed; or `export {}=…`, or try `udsync sync orders --sandbox`, which needs no account",
        service,
        variables.join("=… ")
    ))
}

fn missing_section(service: Service) -> Fault {
    let fault = section_without(service, service.row().needs_line);
    match service {
        // Its section is made of nothing that only a person knows.
        Service::Stripe => {
            fault.hint("`udsync connect stripe` asks for its key, tries it and adds the section")
        }
        _ => fault,
    }
}

fn section_without(name: Service, line: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "config_incomplete",
        format!("the configuration has no `[{name}]` section"),
    )
    .hint(format!("add `[{name}]` with `{line}` to udsync.toml"))
}
