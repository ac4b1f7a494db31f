//! Connections: what may be known of them without a key, and the sign-in to QuickBooks from the first consent to the last word.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::credentials::{self, QUICKBOOKS, QUICKBOOKS_APP, StoredApp};
use super::keeping::Keeping;
use super::state_fault::unread;
use super::strongbox::Strongbox;
use super::{App, credential};
use crate::config::Credentials;
use crate::connector::quickbooks::QuickBooks;
use crate::connector::quickbooks::sign_in::{self, AppKeys, BrowserConsent, FreshTokens};
use crate::model::company::Company;
use crate::model::fault::{Fault, Remedy};
use crate::model::service::{
    QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, QUICKBOOKS_REFRESH_TOKEN,
};
use crate::store::{Memory, SecretsWriter, Store, StoreError, connections};

/// The end of a connection is told so long before.
const TOLD_BEFORE: TimeDelta = TimeDelta::days(30);
/// A refresh token that is used lives on; one that nobody uses is told of later.
const IDLE_TOLD_BEFORE: TimeDelta = TimeDelta::days(7);

/// A state file that belongs to another shop or to other books, told to whoever connects.
pub(super) fn of_another(error: StoreError) -> Fault {
    match &error {
        StoreError::OtherCompany { .. } => {
            Fault::new(Remedy::Stop, "other_books", error.to_string()).hint(error.hint())
        }
        _ => unread(error),
    }
}

/// What is known of the connection to QuickBooks. Nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutQuickbooks {
    pub company_id: String,
    /// The company's name, once it was read.
    #[serde(default)]
    pub company: Option<String>,
    /// `sandbox` or `production`.
    #[serde(default)]
    pub environment: String,
    #[serde(default)]
    pub refreshed_at: Option<DateTime<Utc>>,
    /// The connection ends then unless it is used before.
    #[serde(default)]
    pub refresh_until: Option<DateTime<Utc>>,
    /// The connection ends then, used or not.
    #[serde(default)]
    pub hard_until: Option<DateTime<Utc>>,
    /// The digest of the token of the environment that it descends from.
    #[serde(default)]
    pub came_from: Option<String>,
}

impl AboutQuickbooks {
    /// The day on which somebody must have connected again, if that is soon; and why.
    pub fn ends_soon(&self, now: DateTime<Utc>) -> Option<String> {
        let soon = |until: Option<DateTime<Utc>>, before: TimeDelta| {
            until.filter(|until| *until - now < before)
        };
        if let Some(until) = soon(self.hard_until, TOLD_BEFORE) {
            return Some(format!(
                "the connection to QuickBooks ends on {} whatever is done with it, because Intuit lets none last longer",
                until.date_naive()
            ));
        }
        let until = soon(self.refresh_until, IDLE_TOLD_BEFORE)?;
        Some(format!(
            "the connection to QuickBooks ends on {} unless it is used before",
            until.date_naive()
        ))
    }
}

impl App {
    /// The name under which the tokens of this run are kept: those that descend from the environment are kept apart from those
    /// of a stored connection, so that neither can take the place of the other.
    pub fn tokens_name(&self, store: &Store, strongbox: &Strongbox) -> Result<String, Fault> {
        let of_environment = format!("{QUICKBOOKS}{}", super::strongbox::OF_ENVIRONMENT);
        if !strongbox.has(QUICKBOOKS)? {
            return Ok(of_environment);
        }
        let stored = match self.credentials.of(&QUICKBOOKS_REFRESH_TOKEN) {
            None => true,
            // `connect quickbooks --from-env` stored what came of this very token.
            Some(given) => {
                let known = connections::known::<AboutQuickbooks>(store, QUICKBOOKS)
                    .ok()
                    .flatten();
                known.is_some_and(|known| {
                    known.about.came_from.as_deref() == Some(&sign_in::digest(given))
                })
            }
        };
        Ok(if stored {
            QUICKBOOKS.to_owned()
        } else {
            of_environment
        })
    }

    /// What a person must do once the tokens of this name are taken no longer.
    pub(super) fn mend(tokens: &str) -> String {
        if tokens == QUICKBOOKS {
            "connect it again: `udsync connect quickbooks`".to_owned()
        } else {
            "put a new refresh token for this company in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN`"
                .to_owned()
        }
    }

    /// A warning about the connection of this run, if it is about to end.
    pub fn connection_warning(&self, store: &Store) -> Option<String> {
        let strongbox = self.strongbox(store);
        let name = self.tokens_name(store, &strongbox).ok()?;
        let known = connections::known::<AboutQuickbooks>(store, &name).ok()??;
        let said = known.about.ends_soon(self.clock.now())?;
        let how = if name == QUICKBOOKS {
            "`udsync connect quickbooks` begins a new one"
        } else {
            "a new token in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN` begins a new one"
        };
        Some(format!("{said}; {how}"))
    }

    /// The tokens' way into the state file.
    pub(super) fn keeping(&self, store: &Store, strongbox: Arc<Strongbox>) -> Arc<Keeping> {
        Arc::new(Keeping::new(
            Arc::new(store.clone()),
            Arc::new(store.clone()),
            strongbox,
            self.clock.clone(),
            self.environment(),
        ))
    }

    /// `sandbox` or `production`.
    pub fn environment(&self) -> String {
        let quickbooks = self.config.quickbooks.as_ref();
        quickbooks.map_or_else(String::new, |quickbooks| {
            format!("{:?}", quickbooks.environment).to_lowercase()
        })
    }

    /// The app by which udsync is known to Intuit, as somebody gave it.
    pub fn app_keys(&self, given: &Credentials) -> Result<AppKeys, Fault> {
        let settings = self.quickbooks_section()?;
        Ok(AppKeys {
            token_url: settings.token_url.clone(),
            revoke_url: settings.revoke_url.clone(),
            client_id: credential(given, &QUICKBOOKS_CLIENT_ID)?,
            client_secret: credential(given, &QUICKBOOKS_CLIENT_SECRET)?,
            timeout: settings.timeout,
        })
    }

    /// Whether the books of a company are those of the state file.
    pub fn belongs_to(&self, memory: &dyn Memory, company_id: &str) -> Result<(), StoreError> {
        memory.belongs(QUICKBOOKS, &format!("{} {company_id}", self.environment()))
    }

    /// Refuses a company whose books are not those of the state file, or that is not the one which the configuration names.
    pub fn check_books(&self, memory: &dyn Memory, company_id: &str) -> Result<(), Fault> {
        self.belongs_to(memory, company_id).map_err(of_another)?;
        match self.config.company_id(&self.credentials) {
            Some(named) if named != company_id => Err(Fault::new(
                Remedy::Stop,
                "other_books",
                format!(
                    "the configuration names the company `{named}`, and somebody signed in to `{company_id}`"
                ),
            )
            .hint("sign in again and choose that company, or name the other one as `company_id` in `[quickbooks]`")),
            _ => Ok(()),
        }
    }

    /// Makes a consent the connection of this shop.
    pub async fn connect_quickbooks(
        &self,
        store: &Store,
        strongbox: Strongbox,
        keys: AppKeys,
        consent: &BrowserConsent,
    ) -> Result<(), Fault> {
        let fresh = sign_in::exchange(keys.clone(), consent, &self.clock).await?;
        self.keep_quickbooks(store, strongbox, &keys, &fresh).await
    }

    /// Makes a refresh token that somebody brought along the connection of this shop.
    pub async fn adopt_quickbooks(
        &self,
        store: &Store,
        strongbox: Strongbox,
        keys: AppKeys,
        company_id: &str,
        refresh: &secrecy::SecretString,
    ) -> Result<(), Fault> {
        let fresh = sign_in::adopt(keys.clone(), company_id, refresh, &self.clock).await?;
        self.keep_quickbooks(store, strongbox, &keys, &fresh).await
    }

    /// From here on the old connection is gone: everything that could be refused has been asked.
    async fn keep_quickbooks(
        &self,
        store: &Store,
        strongbox: Strongbox,
        keys: &AppKeys,
        fresh: &FreshTokens,
    ) -> Result<(), Fault> {
        use secrecy::ExposeSecret;
        let strongbox = Arc::new(strongbox);
        let app = StoredApp {
            client_id: keys.client_id.expose_secret().to_owned(),
            client_secret: keys.client_secret.expose_secret().to_owned(),
        };
        let text = serde_json::to_string(&app).expect("texts have a JSON form");
        let besides = || {
            self.keep_hosts(&strongbox)?;
            strongbox.save(QUICKBOOKS_APP, &text.into())
        };
        let keeping = self.keeping(store, strongbox.clone());
        fresh.keep(&*keeping, QUICKBOOKS, besides).await
    }

    /// Reads the company for the first time and writes down who was connected.
    pub async fn greet(
        &self,
        secrets: &dyn SecretsWriter,
        books: &QuickBooks,
    ) -> Result<Company, Fault> {
        let company = books.look_anew().await?;
        let known = connections::known::<AboutQuickbooks>(secrets, QUICKBOOKS).map_err(unread)?;
        if let Some(known) = known {
            let about = AboutQuickbooks {
                company: Some(company.name.clone()),
                ..known.about
            };
            let kept = connections::keep(secrets, QUICKBOOKS, &about, self.clock.now());
            kept.map_err(unread)?;
        }
        Ok(company)
    }

    /// What is stored of the app; the tokens of a stored connection are of no use to any other.
    pub(super) fn stored_app(&self, strongbox: &Strongbox) -> Result<Option<StoredApp>, Fault> {
        credentials::stored(strongbox, QUICKBOOKS_APP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(refresh: i64, hard: i64, now: DateTime<Utc>) -> AboutQuickbooks {
        AboutQuickbooks {
            company_id: "9130".into(),
            company: None,
            environment: "sandbox".into(),
            refreshed_at: Some(now),
            refresh_until: Some(now + TimeDelta::days(refresh)),
            hard_until: Some(now + TimeDelta::days(hard)),
            came_from: None,
        }
    }

    #[test]
    fn an_end_is_told_a_month_before_and_an_idle_one_a_week_before() {
        let now = "2028-09-20T12:00:00Z".parse().expect("an instant");
        assert_eq!(about(101, 31, now).ends_soon(now), None);
        let hard = about(29, 29, now).ends_soon(now).expect("told");
        assert!(hard.contains("ends on 2028-10-19 whatever"), "{hard}");
        assert_eq!(about(8, 900, now).ends_soon(now), None);
        let idle = about(6, 900, now).ends_soon(now).expect("told");
        assert!(idle.contains("ends on 2028-09-26 unless"), "{idle}");
    }
}
