//! The legs of a run: one reading of the shop, and behind it the books and the database, each with its own luck.
//!
//! What ends one leg does not hold the other back: it is told at the end, with the exit code that it has alone. Only what
//! concerns both, that the shop cannot be read, ends the run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::aim::Aim;
use super::failure::Failure;
use super::scope::{EarlierRuns, Unsettled};
use crate::app::App;
use crate::app::mappings::Unready;
use crate::connector::port::{LedgerReader, ShopReader, Tables};
use crate::connector::quickbooks::QuickBooks;
use crate::connector::supabase::Supabase;
use crate::connector::woocommerce::WooCommerce;
use crate::engine::copy;
use crate::engine::outcome::Report;
use crate::engine::parked::unsettled_orders;
use crate::engine::vanished::gone_before;
use crate::mapping::Set;
use crate::model::fault::{Fault, Remedy};
use crate::model::plan::{Action, Entity};
use crate::model::problem::Problem;
use crate::model::row::Gap;
use crate::model::run::{Run, Tally};
use crate::model::service::Service;
use crate::store::{Memory, MemoryWriter, PostedOrders, Store};

/// The shop, and what is behind it.
pub struct Legs<T> {
    pub source: WooCommerce,
    pub books: Option<T>,
    pub database: Option<Supabase>,
}

/// What a run came to on its legs.
#[derive(Default)]
pub struct LegReports {
    pub books: Option<Report>,
    pub copy: Option<Report>,
    /// What is to be said first, and how the command ends.
    pub failure: Option<Failure>,
    /// In a run to the database alone: what was asked for by id, and neither the shop nor the database has.
    pub unknown: Vec<u64>,
    /// The shop listed more than this part of the reading took.
    pub has_more: bool,
    /// It came no further than the part before.
    pub is_stuck: bool,
}

/// The first question to the database is asked so often before its leg is given up.
const TRIES: u32 = 5;

impl<T: LedgerReader> Legs<T> {
    /// Signs in, as far as a run needs it. A leg that cannot begin is told in `LegReports`, if the other can.
    pub fn open(
        app: &App,
        store: &Store,
        aim: Aim,
        as_target: impl FnOnce(QuickBooks) -> T,
    ) -> Result<(Legs<T>, LegReports), Failure> {
        let mut reports = LegReports::default();
        let mut opened = None;
        if !aim.books.is_empty() {
            let given = app.sign_in(store);
            let both =
                given.and_then(|given| Ok((app.source(&given)?, app.target(store, &given)?)));
            match both {
                Ok(both) => opened = Some(both),
                Err(fault) if !aim.copy.is_empty() => reports.fail(fault.into()),
                Err(fault) => return Err(fault.into()),
            }
        }
        let (source, books) = match opened {
            Some((source, books)) => (source, Some(as_target(books))),
            None => {
                let given = app.given_for(store, &[Service::Woocommerce])?;
                (app.source(&given)?, None)
            }
        };
        let mut database = None;
        if !aim.copy.is_empty() {
            let given = app.given_for(store, &[Service::Supabase]);
            match given.and_then(|given| app.database(&given)) {
                Ok(found) => database = Some(found),
                Err(fault) if books.is_some() => reports.fail(fault.into()),
                Err(fault) => return Err(fault.into()),
            }
        }
        let legs = Legs {
            source,
            books,
            database,
        };
        Ok((legs, reports))
    }

    /// The mappings to work with. Books that do not answer keep the database from nothing: they say so when their turn comes.
    pub async fn mappings(&self, app: &App) -> Result<Arc<Set>, Failure> {
        let ready = match &self.books {
            Some(books) => app.mappings_with(books).await,
            None => app.mappings(),
        };
        Ok(match ready {
            Err(Unready::Books(_)) if self.database.is_some() => app.mappings()?,
            ready => ready?,
        })
    }

    /// Remembers what the mappings said, so that an edit can be compared with it.
    pub fn remember_mappings(
        &self,
        app: &App,
        memory: &dyn MemoryWriter,
        mappings: &Set,
    ) -> Result<(), Failure> {
        let books = self.books.as_ref().map(LedgerReader::name);
        let database = self.database.as_ref().map(Tables::name);
        for target in books.into_iter().chain(database) {
            app.remember_mappings(memory, target, mappings)?;
        }
        Ok(())
    }

    /// The database, if rows can be written to it. What is missing there is a failure of this leg.
    pub async fn ready_database(
        &self,
        pause: Duration,
        reports: &mut LegReports,
    ) -> Option<&Supabase> {
        let database = self.database.as_ref()?;
        let mut pause = pause;
        let mut gaps = database.gaps().await;
        for _ in 1..TRIES {
            if !matches!(&gaps, Err(fault) if matches!(fault.remedy, Remedy::Wait(_) | Remedy::Ask))
            {
                break;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            gaps = database.gaps().await;
        }
        let fault = match gaps {
            Ok(gaps) if gaps.is_empty() => return Some(database),
            Ok(gaps) => schema_gap(&gaps),
            Err(fault) => fault,
        };
        reports.copy = Some(Report {
            end: Some(fault),
            ..Report::default()
        });
        None
    }

    /// What earlier runs left, of each leg.
    pub fn known(&self, app: &App, store: &Store, aim: Aim) -> Result<EarlierRuns, Failure> {
        let of = |target: Option<&'static str>| match target {
            Some(target) => unsettled_orders(store, target),
            None => Ok(BTreeSet::new()),
        };
        let shop = self.source.address();
        Ok(EarlierRuns {
            gone: gone_before(store)?,
            unsettled: Unsettled {
                books: of(self.books.as_ref().map(LedgerReader::name))?,
                copy: of(self.database.as_ref().map(Tables::name))?,
            },
            posted_through: store.cursor(shop, Entity::Order)?,
            buyers_through: store.cursor(shop, Entity::Customer)?,
            copied_through: match &self.database {
                Some(database) => copy::cursor(store, &app.config.shop.name, &database.place())?,
                None => None,
            },
            posted: match aim.books.reads_orders() {
                true => PostedOrders::of(Arc::new(store.clone()), Service::BOOKS.as_str()),
                false => PostedOrders::default(),
            },
            troubled: BTreeSet::new(),
        })
    }

    /// The figures of a run that is over.
    pub fn count(&self, run: &mut Run, reports: &LegReports) {
        if let Some(books) = &self.books {
            let tally = run.tally(books.name());
            if let Some(report) = &reports.books {
                *tally = report.tally.clone();
            }
            tally.requests = books.requests();
        }
        if let Some(database) = &self.database {
            let tally = run.tally(database.name());
            if let Some(report) = &reports.copy {
                *tally = report.tally.clone();
            }
            tally.requests = database.requests();
        }
        let of_books = reports.books.iter().flat_map(|report| &report.changes);
        let told = of_books.filter(|change| change.target == SHOP && change.action.writes());
        let mut of_shop = Tally::default();
        for change in told {
            match change.action {
                Action::Create => of_shop.created += 1,
                Action::Void => of_shop.voided += 1,
                Action::Delete => of_shop.deleted += 1,
                Action::Update | Action::Skip | Action::None => of_shop.updated += 1,
            }
        }
        if of_shop != Tally::default() {
            *run.tally(SHOP) = of_shop;
        }
    }
}

impl LegReports {
    /// The first failure is the one that is told; it is not made worse by what follows from it.
    pub fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.books.iter().chain(&self.copy)
    }

    pub fn is_interrupted(&self) -> bool {
        self.reports().any(|report| report.interrupted)
    }

    /// Whether nothing has ended it early.
    pub fn is_whole(&self) -> bool {
        let has_ended = self.reports().any(|report| report.end.is_some());
        self.failure.is_none() && !has_ended && !self.is_interrupted()
    }

    /// Whether the next part comes after this one.
    pub fn goes_on(&self) -> bool {
        self.has_more && self.is_whole()
    }

    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.reports().flat_map(|report| &report.problems)
    }

    /// Both legs as one, for whoever shows or keeps them.
    pub fn whole(&self) -> Report {
        let mut whole = Report {
            interrupted: self.is_interrupted(),
            ..Report::default()
        };
        for report in self.reports() {
            whole.changes.extend(report.changes.iter().cloned());
            whole.problems.extend(report.problems.iter().cloned());
            let glances = report.glances.iter();
            whole
                .glances
                .extend(glances.map(|(record, glance)| (record.clone(), glance.clone())));
            whole.end = whole.end.or_else(|| report.end.clone());
        }
        whole
    }
}

/// What is written to the shop is told by the leg of the books, and counted by itself.
const SHOP: &str = Service::Woocommerce.as_str();

/// Before a service is asked a second time.
pub fn first_pause(app: &App) -> Duration {
    app.first_pause.unwrap_or(Duration::from_secs(1))
}

/// More of it than this is read in a file, not in an error.
const SQL_LINES: usize = 40;

/// What the database lacks, with what mends it.
fn schema_gap(gaps: &[Gap]) -> Fault {
    let said: Vec<&str> = gaps.iter().map(|gap| gap.said.as_str()).collect();
    let mends: Vec<&str> = gaps.iter().map(|gap| gap.sql.trim()).collect();
    let sql = mends.join("\n");
    let hint = if sql.lines().count() <= SQL_LINES {
        format!("run this in the SQL editor of the project:\n{sql}")
    } else {
        "`udsync connect supabase --print-schema` prints the SQL that mends this, for the SQL editor of the project; with \
         `transport = \"postgres\"`, `udsync connect supabase --apply-schema` runs it"
            .to_owned()
    };
    Fault::new(
        Remedy::Stop,
        "schema_gap",
        format!("the database is not ready: {}", said.join("; ")),
    )
    .hint(hint)
}
