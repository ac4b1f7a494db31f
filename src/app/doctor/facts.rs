//! Facts: what was gathered, before anybody judges it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::connections::AboutQuickbooks;
use crate::app::keys::report::KeyReport;
use crate::app::mappings::Folder;
use crate::app::metered::Metered;
use crate::config::Config;
use crate::model::company::{Company, ItemEntry, Names};
use crate::model::database::Database;
use crate::model::decimals::Decimals;
use crate::model::fault::Fault;
use crate::model::link::Link;
use crate::model::order::Order;
use crate::model::problem::Problem;
use crate::model::row::Gap;
use crate::model::run::Run;
use crate::model::schedule::{Schedule, Worked};
use crate::model::shop::Shop;
use crate::store::{Broken, Held, StoreError};

/// Everything that the checks look at.
pub struct Facts {
    pub now: DateTime<Utc>,
    /// How far back recent orders go.
    pub days: u32,
    pub config: Config,
    pub machine: Machine,
    /// The shop's own mapping files.
    pub mappings: Folder,
    pub state: State,
    /// `None` where the state file could not be read.
    pub keys: Option<Result<KeyReport, Fault>>,
    pub shop: Look<ShopFacts>,
    pub books: Look<BooksFacts>,
    pub supabase: Look<DatabaseFacts>,
}

impl Facts {
    /// Full reads are switched on.
    pub fn sweeps(&self) -> bool {
        let shop = self.config.woocommerce.as_ref();
        shop.is_some_and(|shop| shop.full_sweep.is_some())
    }
}

/// What came of asking a service.
pub enum Look<T> {
    /// The configuration does not have it, or nobody wants to know.
    NotAsked,
    /// With the reason, as words after "not looked at: ".
    Skipped(String),
    Failed(Fault),
    Done(T),
}

impl<T> Look<T> {
    pub fn done(&self) -> Option<&T> {
        match self {
            Look::Done(found) => Some(found),
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
    /// The state file is in a folder of another machine.
    pub network: bool,
    pub holder: Option<Held>,
}

/// The state file.
pub enum State {
    /// There is none yet.
    New,
    Unreadable(StoreError),
    Read(Box<Known>),
}

impl State {
    pub fn known(&self) -> Option<&Known> {
        match self {
            State::Read(known) => Some(known),
            _ => None,
        }
    }
}

/// What the state file knows.
pub struct Known {
    /// On the disk, and what this udsync writes.
    pub versions: (u32, u32),
    /// It is another shop's or another company's.
    pub stranger: Option<StoreError>,
    pub open_requests: usize,
    pub problems: Vec<Problem>,
    /// The last run that came to its end, with or without problems.
    pub last_run: Option<Run>,
    pub reads: Option<Metered>,
    /// The sign-in to QuickBooks.
    pub books: Option<Connection>,
    /// The sign-in comes from the environment.
    pub of_environment: bool,
    /// With what came of each one's last time.
    pub schedules: Vec<(Schedule, Option<Worked>)>,
    /// Notices that could not be sent.
    pub unsent: usize,
    /// The names in the books as the last run read them.
    pub names: Option<Names>,
    /// Which customer of the books each buyer is.
    pub customers: Vec<Link>,
    /// With how many decimals the shop computed, as runs saw it.
    pub decimals: Decimals,
}

/// A connection as it was stored.
pub struct Connection {
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
pub(super) fn quiet() -> Facts {
    let text = "[shop]\nname = \"test\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n[quickbooks]\nenvironment = \"production\"\n[books]\ntimezone = \"America/Edmonton\"\n";
    Facts {
        now: "2026-11-21T12:00:00Z".parse().expect("a time"),
        days: 90,
        config: crate::config::parse(text, "udsync.toml").expect("it is right"),
        machine: Machine::default(),
        mappings: Folder::default(),
        state: State::Read(Box::new(Known {
            versions: (2, 2),
            stranger: None,
            open_requests: 0,
            problems: Vec::new(),
            last_run: None,
            reads: None,
            books: None,
            of_environment: false,
            schedules: Vec::new(),
            unsent: 0,
            names: None,
            customers: Vec::new(),
            decimals: Decimals::default(),
        })),
        keys: None,
        shop: Look::NotAsked,
        books: Look::NotAsked,
        supabase: Look::NotAsked,
    }
}

#[cfg(test)]
impl Facts {
    pub(super) fn known_mut(&mut self) -> &mut Known {
        match &mut self.state {
            State::Read(known) => known,
            _ => panic!("a quiet shop has a state file"),
        }
    }
}
