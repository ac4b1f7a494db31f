//! App: joins configuration, state and connections into something ready to run. Decides nothing about records.

mod keeping;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::config::{Config, Credentials};
use crate::connector::port::Source;
use crate::connector::quickbooks::{self, QuickBooks};
use crate::connector::woocommerce::{self, WooCommerce};
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};
use crate::store::{Lock, LockError, Store, StoreError};

use keeping::Keeping;

/// One shop with its books, configured and not yet connected.
pub struct App {
    pub config: Config,
    pub credentials: Credentials,
    pub state: PathBuf,
    pub clock: Clock,
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
        if let Ok((company, quickbooks)) = self.company() {
            let environment = format!("{:?}", quickbooks.environment).to_lowercase();
            owners.push(("quickbooks", format!("{environment} {company}")));
        }
        owners
    }

    /// Says everything that is missing to sign in to the store and to the books, at once.
    pub fn check_credentials(&self, store: &Store) -> Result<(), Fault> {
        let given = &self.credentials;
        let signed_in_before = matches!(store.secret("quickbooks"), Ok(Some(_)));
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
            Ok(())
        } else {
            Err(credentials_missing(&missing))
        }
    }

    /// The store as a source.
    pub fn source(&self) -> Result<WooCommerce, Fault> {
        let Some(settings) = &self.config.woocommerce else {
            return Err(missing_section(
                "woocommerce",
                "url = \"https://shop.example.com\"",
            ));
        };
        let key = credential(&self.credentials.woocommerce_key, "UDSYNC_WOOCOMMERCE_KEY")?;
        let secret = credential(
            &self.credentials.woocommerce_secret,
            "UDSYNC_WOOCOMMERCE_SECRET",
        )?;
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
    pub fn target(&self, store: &Store) -> Result<QuickBooks, Fault> {
        let (company_id, settings) = self.company()?;
        let keeping = Arc::new(Keeping::new(store.clone(), self.clock.clone()));
        let mut target = QuickBooks::new(
            quickbooks::Settings {
                company_id,
                api_url: settings.api_url.clone(),
                token_url: settings.token_url.clone(),
                client_id: credential(
                    &self.credentials.quickbooks_client_id,
                    "UDSYNC_QUICKBOOKS_CLIENT_ID",
                )?,
                client_secret: credential(
                    &self.credentials.quickbooks_client_secret,
                    "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
                )?,
                refresh_token: self.credentials.quickbooks_refresh_token.clone(),
                store: self.config.shop.name.clone(),
                requests_per_minute: settings.requests_per_minute,
                requests_per_second: settings.requests_per_second,
                batches_per_minute: settings.batches_per_minute,
                batch_size: settings.batch_size,
                concurrency: settings.concurrency,
                timeout: settings.timeout,
            },
            self.clock.clone(),
            keeping.clone(),
            keeping,
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

    fn company(&self) -> Result<(String, &crate::config::QuickBooks), Fault> {
        let Some(settings) = &self.config.quickbooks else {
            return Err(missing_section(
                "quickbooks",
                "environment = \"production\"",
            ));
        };
        let company = self.config.company_id(&self.credentials).map(str::to_owned).ok_or_else(|| {
            Fault::new(
                Remedy::Reconnect,
                "company_missing",
                "it is not said which QuickBooks company the books are in",
            )
            .hint("set `company_id` in `[quickbooks]` or `UDSYNC_QUICKBOOKS_COMPANY_ID` in the environment")
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
        "`export {}=…` and run the command again, or try `--sandbox`, which needs no account",
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
