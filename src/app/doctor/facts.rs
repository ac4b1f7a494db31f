//! Facts: what was gathered, before anybody judges it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::way_back::WayBackFacts;
use crate::app::connections::AboutQuickbooks;
use crate::app::keys::report::KeyReport;
use crate::app::mappings::Folder;
use crate::app::metered::Metered;
use crate::config::Config;
use crate::model::company::Company;
use crate::model::database::Database;
use crate::model::decimals::Decimals;
use crate::model::fault::Fault;
use crate::model::link::Link;
use crate::model::names::{ItemEntry, Names};
use crate::model::order::Order;
use crate::model::problem::Problem;
use crate::model::row::Gap;
use crate::model::run::Run;
use crate::model::schedule::{Schedule, WorkedTime};
use crate::model::shop::Shop;
use crate::store::{Broken, LockHeld, StoreError};

/// Everything that the checks look at.
pub struct DoctorFacts {
    pub now: DateTime<Utc>,
    /// How far back recent orders go.
    pub days: u32,
    pub config: Config,
    pub machine: Machine,
    /// The shop's own mapping files.
    pub mappings: Folder,
    pub state: StateFile,
    /// `None` where the state file could not be read.
    pub keys: Option<Result<KeyReport, Fault>>,
    pub shop: ServiceLook<ShopFacts>,
    pub books: ServiceLook<BooksFacts>,
    pub supabase: ServiceLook<DatabaseFacts>,
}

impl DoctorFacts {
    /// How often every order is read again.
    pub fn sweeps(&self) -> Option<Duration> {
        self.config.woocommerce.as_ref()?.full_sweep
    }
}

/// What came of asking a service.
pub enum ServiceLook<T> {
    /// The configuration does not have it, or nobody wants to know.
    NotAsked,
    /// With the reason, as words after "not looked at: ".
    Skipped(String),
    Failed(Fault),
    Done(T),
}

impl<T> ServiceLook<T> {
    pub fn done(&self) -> Option<&T> {
        match self {
            ServiceLook::Done(found) => Some(found),
            _ => None,
        }
    }
}

/// This machine, as far as it concerns the shop.
#[derive(Default)]
pub struct Machine {
    pub state: PathBuf,
    /// Files that should be their owner's alone, and who else may touch them.
    pub modes: Vec<(PathBuf, u32)>,
    /// Bytes that are left where the state file is; `None` where the system does not tell.
    pub free: Option<u64>,
    /// What a run would have to write and cannot: a folder or a file.
    pub unwritable: Option<PathBuf>,
    /// The state file is in a folder of another machine.
    pub network: bool,
    pub holder: Option<LockHeld>,
}

/// The state file.
pub enum StateFile {
    /// There is none yet.
    New,
    Unreadable(StoreError),
    Read(Box<StateFacts>),
}

impl StateFile {
    pub fn known(&self) -> Option<&StateFacts> {
        match self {
            StateFile::Read(known) => Some(known),
            _ => None,
        }
    }
}

/// What the state file knows.
pub struct StateFacts {
    /// On the disk, and what this udsync writes.
    pub versions: (u32, u32),
    /// It is another shop's or another company's.
    pub stranger: Option<StoreError>,
    pub open_requests: usize,
    pub problems: Vec<Problem>,
    /// The last run that came to its end, with or without problems.
    pub last_run: Option<Run>,
    /// It is recorded as going on, and nobody is at it.
    pub cut_off: Option<Run>,
    pub reads: Option<Metered>,
    /// The sign-in to QuickBooks.
    pub books: Option<StoredConnection>,
    /// The sign-in comes from the environment.
    pub of_environment: bool,
    /// With what came of each one's last time.
    pub schedules: Vec<(Schedule, Option<WorkedTime>)>,
    /// Notices that could not be sent.
    pub unsent: usize,
    /// The names in the books as the last run read them.
    pub names: Option<Names>,
    /// Which customer of the books each buyer is.
    pub customers: Vec<Link>,
    /// With how many decimals the shop computed, as runs saw it.
    pub decimals: Decimals,
    /// When every order was last read.
    pub swept_at: Option<DateTime<Utc>>,
    /// When the books were last asked for everything that was posted.
    pub compared_at: Option<DateTime<Utc>>,
    /// Orders with a document in the books.
    pub posted: usize,
}

/// A connection as it was stored.
pub struct StoredConnection {
    pub connected_at: DateTime<Utc>,
    pub broken: Option<Broken>,
    /// What is known of a sign-in to QuickBooks.
    pub about: Option<AboutQuickbooks>,
}

/// What the shop told.
pub struct ShopFacts {
    pub about: Shop,
    /// The newest first, without refunds.
    pub orders: Vec<Order>,
    /// How many there are in that time.
    pub total: u64,
    pub ahead: Option<TimeDelta>,
    /// `None`: nothing is to be written to it.
    pub way_back: Option<WayBackFacts>,
}

/// What the database told.
pub struct DatabaseFacts {
    pub about: Database,
    /// What a sync would miss there; a fault where that could not be asked.
    pub gaps: Result<Vec<Gap>, Fault>,
}

/// What the books told.
pub struct BooksFacts {
    pub company: Company,
    /// Those of the configuration, the inactive ones too.
    pub items: Vec<ItemEntry>,
    pub inactive_accounts: BTreeSet<String>,
    pub ahead: Option<TimeDelta>,
}

/// Facts of a shop in which nothing has happened yet, for tests.
#[cfg(test)]
pub(super) fn quiet() -> DoctorFacts {
    let text = "[shop]\nname = \"test\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n[quickbooks]\nenvironment = \"production\"\n[books]\ntimezone = \"America/Edmonton\"\n";
    DoctorFacts {
        now: "2026-11-21T12:00:00Z".parse().expect("a time"),
        days: 90,
        config: crate::config::parse(text, "udsync.toml").expect("it is right"),
        machine: Machine::default(),
        mappings: Folder::default(),
        state: StateFile::Read(Box::new(StateFacts {
            versions: (2, 2),
            stranger: None,
            open_requests: 0,
            problems: Vec::new(),
            last_run: None,
            cut_off: None,
            reads: None,
            books: None,
            of_environment: false,
            schedules: Vec::new(),
            unsent: 0,
            names: None,
            customers: Vec::new(),
            decimals: Decimals::default(),
            swept_at: None,
            compared_at: None,
            posted: 0,
        })),
        keys: None,
        shop: ServiceLook::NotAsked,
        books: ServiceLook::NotAsked,
        supabase: ServiceLook::NotAsked,
    }
}

#[cfg(test)]
impl DoctorFacts {
    pub(super) fn known_mut(&mut self) -> &mut StateFacts {
        match &mut self.state {
            StateFile::Read(known) => known,
            _ => panic!("a quiet shop has a state file"),
        }
    }
}
