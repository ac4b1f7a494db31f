//! Gathering: every service is asked once, side by side, and the state file is opened to be read.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::facts::{
    BooksFacts, DatabaseFacts, DoctorFacts, Machine, ServiceLook, ShopFacts, StateFacts, StateFile,
    StoredConnection,
};
use super::looking::Looking;
use super::way_back::WayBackFacts;
use super::{Check, accounts};
use crate::app::connections::AboutQuickbooks;
use crate::app::credentials::QUICKBOOKS;
use crate::app::keys::report::KeyReport;
use crate::app::{App, COMPARED};
use crate::config::Credentials;
use crate::connector::port::{LedgerReader, Tables};
use crate::connector::quickbooks;
use crate::connector::woocommerce::WooCommerce;
use crate::engine::figures;
use crate::model::fault::{Fault, Remedy};
use crate::model::names::Names;
use crate::model::run::RunStatus;
use crate::model::service::Service;
use crate::store::{
    Attempts, Calendar, History, Lock, Memory, Notices, Problems, RunFilter, Secrets, Store,
    StoreError, connections, is_in_network_folder,
};

/// What is wanted of a look.
pub struct Options {
    /// How far back recent orders go.
    pub days: u32,
    /// No service is asked.
    pub offline: bool,
}

/// One answer may take so long: whoever asks how things are does not wait for minutes.
const PATIENCE: Duration = Duration::from_secs(8);
/// And all of a service's answers together.
const LIMIT: Duration = Duration::from_secs(20);
/// Before a question is put again.
const PAUSE: Duration = Duration::from_millis(200);
/// So many of the newest orders say enough.
const ORDERS: usize = 500;

/// Gathers what these checks look at.
pub async fn gather(mut app: App, options: &Options, checks: &[&'static Check]) -> DoctorFacts {
    hurry(&mut app);
    let app = Arc::new(app);
    // Where there is no file there is nothing in it, which an empty one says as well.
    let store = match Store::open_read_only(&app.state) {
        Ok(Some(store)) => Some(store),
        Ok(None) => Store::in_memory().ok(),
        Err(_) => None,
    };
    let wants = |groups: &[&str]| checks.iter().any(|check| groups.contains(&check.group()));
    let looks = Looks {
        app: &app,
        store: store.as_ref(),
        options,
    };
    let with_orders = wants(&["mapping", "books"]);
    let (shop, books, keys, supabase) = tokio::join!(
        looks.shop(wants(&["shop", "config"]) || with_orders, with_orders),
        looks.books(wants(&["books", "mapping"])),
        looks.keys(wants(&["keys"])),
        looks.database(wants(&[Service::Supabase.as_str()])),
    );
    DoctorFacts {
        now: app.clock.now(),
        days: options.days,
        machine: machine(&app),
        mappings: app.mapping_folder(),
        // After the services: a sign-in that was renewed meanwhile is seen as it is now.
        state: state(&app),
        keys,
        supabase,
        config: app.config.clone(),
        shop,
        books,
    }
}

fn hurry(app: &mut App) {
    app.first_pause = Some(app.first_pause.unwrap_or(PAUSE).min(PAUSE));
    if let Some(shop) = &mut app.config.woocommerce {
        shop.timeout = shop.timeout.min(PATIENCE);
    }
    if let Some(books) = &mut app.config.quickbooks {
        books.timeout = books.timeout.min(PATIENCE);
    }
}

/// Asking the services.
struct Looks<'a> {
    app: &'a Arc<App>,
    store: Option<&'a Store>,
    options: &'a Options,
}

const OFFLINE: &str = "`--offline` asks no service";
const NO_STATE: &str = "the state file cannot be read, and the credentials are in it";

impl Looks<'_> {
    /// Why a service is not asked; `None` where it is.
    fn skipped<T>(&self, wanted: bool, configured: bool) -> Option<ServiceLook<T>> {
        if !wanted || !configured {
            Some(ServiceLook::NotAsked)
        } else if self.options.offline {
            Some(ServiceLook::Skipped(OFFLINE.to_owned()))
        } else if self.store.is_none() {
            Some(ServiceLook::Skipped(NO_STATE.to_owned()))
        } else {
            None
        }
    }

    /// What is needed to ask this service.
    fn given(&self, service: Service) -> Result<Credentials, Fault> {
        let store = self.store.expect("nothing is asked without one");
        self.app.given_for(store, &[service])
    }

    /// A keyring may take its time to say that it is locked.
    async fn keys(&self, wanted: bool) -> Option<Result<KeyReport, Fault>> {
        let store = self.store.filter(|_| wanted)?.clone();
        let app = self.app.clone();
        let report = tokio::task::spawn_blocking(move || app.key_report(&store));
        report.await.ok()
    }

    async fn database(&self, wanted: bool) -> ServiceLook<DatabaseFacts> {
        let configured = self.app.config.supabase.is_some();
        if let Some(skipped) = self.skipped(wanted, configured) {
            return skipped;
        }
        within(Service::Supabase.title(), async {
            let database = self.app.database(&self.given(Service::Supabase)?)?;
            Ok(DatabaseFacts {
                about: database.describe().await?,
                gaps: database.gaps().await,
            })
        })
        .await
    }

    async fn shop(&self, wanted: bool, with_orders: bool) -> ServiceLook<ShopFacts> {
        let configured = self.app.config.woocommerce.is_some();
        if let Some(skipped) = self.skipped(wanted, configured) {
            return skipped;
        }
        within("the shop", self.ask_shop(with_orders)).await
    }

    async fn ask_shop(&self, with_orders: bool) -> Result<ShopFacts, Fault> {
        let source = self.app.source(&self.given(Service::Woocommerce)?)?;
        // Before anything else: it finds the API and the way to sign in.
        let about = source.describe().await?;
        let since = self.app.clock.now() - TimeDelta::days(i64::from(self.options.days));
        let most = if with_orders { ORDERS } else { 0 };
        let recent = source.recent(since, most).await?;
        Ok(ShopFacts {
            about,
            orders: recent.orders,
            total: recent.total,
            ahead: source.clock_ahead(self.app.clock.now()),
            way_back: match self.app.config.both.writes_to_shop() {
                true => Some(WayBackFacts {
                    may_write: source.may_write().await,
                    is_quiet: source.keeps_mails_quiet().await,
                    sends_mail: source.sends_mail("customer_processing_order").await,
                }),
                false => None,
            },
        })
    }

    async fn books(&self, wanted: bool) -> ServiceLook<BooksFacts> {
        let configured = self.app.config.quickbooks.is_some();
        if let Some(skipped) = self.skipped(wanted, configured) {
            return skipped;
        }
        let store = self.store.expect("nothing is asked without one");
        if store.plain_secrets().is_ok_and(|plain| !plain.is_empty()) {
            return ServiceLook::Skipped(
                "the sign-in is kept the way an older udsync did; the next run brings it up to date".to_owned(),
            );
        }
        let looking = Arc::new(Looking::new(self.app.clone(), store.clone()));
        let target = self.given(Service::Quickbooks).and_then(|given| {
            self.app
                .target_keeping(store, &given, looking.clone(), looking)
        });
        let target = match target {
            Ok(target) => target,
            Err(fault) => return ServiceLook::Failed(fault),
        };
        // A renewal is not broken off half way: its answer may be the only one.
        if let Err(fault) = target.sign_in().await {
            return ServiceLook::Failed(fault);
        }
        within(Service::Quickbooks.title(), async {
            let company = target.company().await?;
            let rules = &self.app.config.rules;
            let named = accounts::account_names(rules);
            let all_there = named.iter().all(|name| company.accounts.contains_key(name));
            let inactive_accounts = if all_there {
                BTreeSet::new()
            } else {
                target.inactive_accounts().await?
            };
            let items: BTreeSet<String> = rules.items.values().cloned().collect();
            Ok(BooksFacts {
                items: target.items_named(&items).await?,
                inactive_accounts,
                ahead: target.clock_ahead(self.app.clock.now()),
                company,
            })
        })
        .await
    }
}

/// A service that takes too long for a look is as good as not there.
async fn within<T>(whose: &str, work: impl Future<Output = Result<T, Fault>>) -> ServiceLook<T> {
    match tokio::time::timeout(LIMIT, work).await {
        Ok(Ok(found)) => ServiceLook::Done(found),
        Ok(Err(fault)) => ServiceLook::Failed(fault),
        Err(_) => ServiceLook::Failed(
            Fault::new(
                Remedy::Stop,
                "unreachable",
                format!(
                    "{whose} did not answer everything within {} seconds",
                    LIMIT.as_secs()
                ),
            )
            .hint("run `udsync doctor` again later"),
        ),
    }
}

fn machine(app: &App) -> Machine {
    let state = &app.state;
    let folder = state
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let beside = |suffix: &str| {
        let mut name = state.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let private = [state.clone(), beside("-wal")];
    Machine {
        state: state.clone(),
        modes: private.into_iter().filter_map(open_to_others).collect(),
        free: free(folder),
        unwritable: unwritable(folder, &[state.clone(), beside("-wal"), beside(".lock")]),
        network: is_in_network_folder(folder),
        holder: Lock::look(state),
    }
}

/// The mode of a file that others may read or write.
#[cfg(unix)]
fn open_to_others(path: PathBuf) -> Option<(PathBuf, u32)> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some((path, mode))
}

#[cfg(not(unix))]
fn open_to_others(_path: PathBuf) -> Option<(PathBuf, u32)> {
    None
}

/// The folder of the state file, or what lies there of it, where this user or this mount lets nobody write.
#[cfg(unix)]
fn unwritable(folder: &Path, files: &[PathBuf]) -> Option<PathBuf> {
    // The folder of a new shop is made by its first run.
    let folder = folder.ancestors().find(|folder| folder.exists())?;
    let there = files.iter().filter(|file| file.exists());
    let mut all = std::iter::once(folder).chain(there.map(PathBuf::as_path));
    let refuses = |path: &&Path| rustix::fs::access(*path, rustix::fs::Access::WRITE_OK).is_err();
    all.find(refuses).map(Path::to_owned)
}

#[cfg(not(unix))]
fn unwritable(_folder: &Path, _files: &[PathBuf]) -> Option<PathBuf> {
    None
}

/// The room that is left for an ordinary user.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    // The folder of a new shop is made by its first run.
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<u64> {
    None
}

fn state(app: &App) -> StateFile {
    match Store::open_read_only(&app.state) {
        Ok(None) => StateFile::New,
        Err(error) => StateFile::Unreadable(error),
        Ok(Some(store)) => match known(app, &store) {
            Ok(known) => StateFile::Read(Box::new(known)),
            Err(error) => StateFile::Unreadable(error),
        },
    }
}

fn known(app: &App, store: &Store) -> Result<StateFacts, StoreError> {
    // A key that is not to be had is a finding of its own; what is sealed is left out here.
    let _ = app.unveil_to_look(store);
    let strongbox = app.strongbox(store);
    let tokens = app
        .tokens_name(store, &strongbox)
        .unwrap_or_else(|_| QUICKBOOKS.to_owned());
    let versions = Store::versions_of(&app.state)?.unwrap_or_default();
    Ok(StateFacts {
        versions,
        stranger: stranger(app, store),
        open_requests: store.count_open_tickets(QUICKBOOKS)?,
        problems: store.problems(None, false)?,
        last_run: last_run(store)?,
        cut_off: app.cut_off(store)?,
        reads: app.metered(store)?,
        books: connections::known::<AboutQuickbooks>(store, &tokens)?.map(|row| StoredConnection {
            connected_at: row.connected_at,
            broken: row.broken,
            about: Some(row.about),
        }),
        of_environment: tokens != QUICKBOOKS,
        schedules: store
            .schedules()?
            .into_iter()
            .map(|schedule| {
                let last = store.worked(&schedule.name, 1)?.into_iter().next();
                Ok((schedule, last))
            })
            .collect::<Result<_, StoreError>>()?,
        unsent: store.unsent_notices()?.len(),
        names: names(app, store)?,
        customers: store.customer_links(QUICKBOOKS)?,
        decimals: figures::known(store)?,
        swept_at: match app.config.woocommerce.as_ref() {
            Some(shop) => {
                store.swept_at(&WooCommerce::address_of(&shop.url).unwrap_or_default())?
            }
            None => None,
        },
        compared_at: store.kept(COMPARED)?.map(|(_, at)| at),
        posted: store.posted_count(QUICKBOOKS)?,
    })
}

/// The names in the books, as far as any run has read them.
fn names(app: &App, store: &Store) -> Result<Option<Names>, StoreError> {
    let Some(company) = app.config.company_id(&app.credentials) else {
        return Ok(None);
    };
    let error = Cell::new(None);
    let kept = |name: &str| match store.kept(name) {
        Ok(kept) => kept.map(|(text, _)| text),
        Err(trouble) => {
            error.set(Some(trouble));
            None
        }
    };
    let names = quickbooks::kept_names(kept, company);
    match error.into_inner() {
        Some(trouble) => Err(trouble),
        None => Ok(names),
    }
}

/// Whose file it is, as far as that can be asked without credentials.
fn stranger(app: &App, store: &Store) -> Option<StoreError> {
    let company = app.config.company_id(&app.credentials);
    let books = company.and_then(|company| app.belongs_to(store, company).err());
    let shop = || {
        let shop = [Service::Woocommerce];
        let given = app.given_for(store, &shop).ok()?;
        app.check_owner(store, &app.source(&given).ok()?).err()
    };
    books.or_else(shop)
}

/// The last run that came to its end. Runs that only look are not kept.
fn last_run(store: &Store) -> Result<Option<crate::model::run::Run>, StoreError> {
    let newest = |status| {
        let filter = RunFilter {
            status: Some(status),
            limit: Some(1),
            ..RunFilter::default()
        };
        Ok::<_, StoreError>(store.runs(&filter)?.into_iter().next())
    };
    let ended = [newest(RunStatus::Succeeded)?, newest(RunStatus::Partial)?];
    Ok(ended.into_iter().flatten().max_by_key(|run| run.started_at))
}
