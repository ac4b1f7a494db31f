//! The legs of a run: one reading of the shop, and behind it the books and the database, each with its own luck.
//!
//! What ends one leg does not hold the other back: it is told at the end, with the exit code that it has alone. Only what
//! concerns both, that the shop cannot be read, ends the run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::app::mappings::Unready;
use crate::app::{App, credentials};
use crate::connector::port::{Finder, Tables};
use crate::connector::quickbooks::QuickBooks;
use crate::connector::supabase::Supabase;
use crate::connector::woocommerce::WooCommerce;
use crate::engine::copy::{self, Bench, Copier, Looker, Onlooker, Span};
use crate::engine::gather::{Reach, Scope, Wanted, gather};
use crate::engine::parked::unsettled_orders;
use crate::engine::run::{Desk, Planned, Report, plan_up};
use crate::engine::survey::Trouble;
use crate::mapping::Set;
use crate::model::event::Event;
use crate::model::fault::{Fault, Remedy};
use crate::model::problem::Problem;
use crate::model::row::Gap;
use crate::model::run::Run;
use crate::store::Store;

use super::aim::Aim;
use super::door::interruptible;
use super::out;
use super::report::{Failure, exit};

/// The shop, and what is behind it.
pub struct Legs {
    pub source: WooCommerce,
    pub books: Option<QuickBooks>,
    pub database: Option<Supabase>,
}

/// What a run came to on its legs.
#[derive(Default)]
pub struct Came {
    pub books: Option<Report>,
    pub copy: Option<Report>,
    /// What is to be said first, and how the command ends.
    pub failure: Option<Failure>,
}

/// What is open from earlier runs, by leg.
pub struct Besides {
    pub books: BTreeSet<u64>,
    pub copy: BTreeSet<u64>,
    /// Up to where the database has every change of an order.
    pub copied_through: Option<DateTime<Utc>>,
}

/// The first question to the database is asked so often before its leg is given up.
const TRIES: u32 = 5;

impl Legs {
    /// Signs in, as far as a run needs it. A leg that cannot begin is told in `Came`, if the other can.
    pub fn open(app: &App, store: &Store, aim: Aim) -> Result<(Legs, Came), Failure> {
        let mut came = Came::default();
        let mut opened = None;
        if !aim.books.is_empty() {
            let given = app.sign_in(store);
            let both =
                given.and_then(|given| Ok((app.source(&given)?, app.target(store, &given)?)));
            match both {
                Ok(both) => opened = Some(both),
                Err(fault) if !aim.copy.is_empty() => came.fail(fault.into()),
                Err(fault) => return Err(fault.into()),
            }
        }
        let (source, books) = match opened {
            Some((source, books)) => (source, Some(books)),
            None => {
                let given = app.given_for(store, &[credentials::WOOCOMMERCE])?;
                (app.source(&given)?, None)
            }
        };
        let mut database = None;
        if !aim.copy.is_empty() {
            let given = app.given_for(store, &[credentials::SUPABASE]);
            match given.and_then(|given| app.database(&given)) {
                Ok(found) => database = Some(found),
                Err(fault) if books.is_some() => came.fail(fault.into()),
                Err(fault) => return Err(fault.into()),
            }
        }
        let legs = Legs {
            source,
            books,
            database,
        };
        Ok((legs, came))
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
        store: &Store,
        mappings: &Set,
    ) -> Result<(), Failure> {
        let books = self.books.as_ref().map(Finder::name);
        let database = self.database.as_ref().map(Tables::name);
        for target in books.into_iter().chain(database) {
            app.remember_mappings(store, target, mappings)?;
        }
        Ok(())
    }

    /// The database, if rows can be written to it. What is missing there is a failure of this leg.
    pub async fn ready_database(&self, pause: Duration, came: &mut Came) -> Option<&Supabase> {
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
        came.copy = Some(Report {
            end: Some(fault),
            ..Report::default()
        });
        None
    }

    /// What is held, failed or left open, of each leg.
    pub fn besides(&self, app: &App, store: &Store) -> Result<Besides, Failure> {
        let of = |target: Option<&'static str>| match target {
            Some(target) => unsettled_orders(store, target),
            None => Ok(BTreeSet::new()),
        };
        Ok(Besides {
            books: of(self.books.as_ref().map(Finder::name))?,
            copy: of(self.database.as_ref().map(Tables::name))?,
            copied_through: match &self.database {
                Some(database) => copy::cursor(store, &app.config.shop.name, &database.place())?,
                None => None,
            },
        })
    }

    /// The figures of a run that is over.
    pub fn count(&self, run: &mut Run, came: &Came) {
        if let Some(books) = &self.books {
            let tally = run.tally(books.name());
            if let Some(report) = &came.books {
                *tally = report.tally.clone();
            }
            tally.requests = books.requests();
        }
        if let Some(database) = &self.database {
            let tally = run.tally(database.name());
            if let Some(report) = &came.copy {
                *tally = report.tally.clone();
            }
            tally.requests = database.requests();
        }
    }
}

impl Came {
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
            whole.end = whole.end.or_else(|| report.end.clone());
        }
        whole
    }
}

/// What reading and planning needs, whoever asks for it.
pub struct Reading<'a> {
    pub app: &'a App,
    pub store: &'a Store,
    pub legs: &'a Legs,
    /// The database, if it is ready.
    pub database: Option<&'a Supabase>,
    pub mappings: &'a Set,
    pub stop: &'a AtomicBool,
    pub tell: &'a dyn Fn(Event),
    pub aim: Aim,
    /// Compares with the database itself.
    pub verify: bool,
    /// That many records are gone was looked at.
    pub allow_shrunken: bool,
}

impl Reading<'_> {
    /// Reads the shop once for both legs. The database gets its rows on the way, where `writes_as` names a run; the books get
    /// a plan.
    pub async fn read(
        &self,
        scope: &Scope,
        writes_as: Option<&str>,
        came: &mut Came,
    ) -> Result<Option<Planned>, Failure> {
        let bench = self.database.map(|database| self.bench(database));
        let read_only = self.app.config.supabase.as_ref();
        let read_only = read_only.is_some_and(|supabase| supabase.read_only);
        let mut onlooker = match (&bench, writes_as) {
            (None, _) => Onlooker::Nobody,
            (Some(bench), Some(run_id)) if !read_only => {
                Onlooker::Copies(Copier::new(bench, self.span(scope), run_id))
            }
            (Some(bench), _) => Onlooker::Looks(Looker::new(bench, self.span(scope))),
        };
        let reading = gather(
            &self.legs.source,
            scope,
            self.mappings,
            self.tell,
            &mut onlooker,
        );
        let gathered = interruptible(self.stop, reading).await;
        let through = gathered
            .as_ref()
            .ok()
            .and_then(|gathered| gathered.complete_through);
        // What went out is remembered, however the reading ended.
        let copied = onlooker
            .close(through.filter(|_| scope.moves_cursor))
            .await?;
        if let Some(mut copied) = copied {
            if read_only && writes_as.is_some() {
                only_looked(&mut copied);
            }
            came.copy = Some(copied);
        }
        let gathered = gathered.map_err(|mut failure| {
            if failure.exit == exit::INTERRUPTED && came.copy.is_some() && writes_as.is_some() {
                failure.message =
                    "interrupted; what was sent is recorded, and the next run goes on".to_owned();
            }
            failure
        })?;
        let Some(books) = &self.legs.books else {
            return Ok(None);
        };
        if came.books.is_some() || self.aim.books.is_empty() {
            return Ok(None);
        }
        let desk = self.desk(books);
        let planned = interruptible(self.stop, plan_up(&desk, scope, gathered)).await;
        match planned {
            Ok(planned) => Ok(Some(planned)),
            Err(failure) => {
                came.fail(failure);
                Ok(None)
            }
        }
    }

    pub fn bench<'b>(&'b self, database: &'b Supabase) -> Bench<'b, Supabase> {
        let config = &self.app.config;
        Bench {
            database,
            store: self.store,
            mappings: self.mappings,
            shop: &config.shop.name,
            place: database.place(),
            clock: &self.app.clock,
            keep_raw: config
                .supabase
                .as_ref()
                .is_none_or(|supabase| supabase.keep_raw),
            verify: self.verify,
            allow_shrunken: self.allow_shrunken,
            tell: self.tell,
        }
    }

    pub fn desk<'b>(&'b self, books: &'b QuickBooks) -> Desk<'b, WooCommerce, QuickBooks> {
        Desk {
            source: &self.legs.source,
            finder: books,
            store: self.store,
            rules: &self.app.config.rules,
            mappings: self.mappings,
            tell: self.tell,
        }
    }

    fn span(&self, scope: &Scope) -> Span {
        let filtered = scope.created_after.is_some()
            || scope.created_before.is_some()
            || !scope.statuses.is_empty()
            || scope.limit.is_some();
        Span {
            orders: self.aim.copy.reads_orders(),
            customers: self.aim.copy.customers && scope.shoppers != Wanted::No,
            products: self.aim.copy.products && scope.products != Wanted::No,
            every_order: matches!(scope.reach, Reach::Full) && !filtered,
        }
    }
}

/// Before a run that writes: whether what is remembered of the database can be believed.
pub async fn heed_loss(reading: &mut Reading<'_>, came: &mut Came) -> Result<(), Failure> {
    let Some(database) = reading.database else {
        return Ok(());
    };
    match copy::heed_loss(&reading.bench(database)).await {
        Ok(false) => {}
        Ok(true) => out::say(
            "note: the database has lost rows that it had: everything is read and compared anew",
        ),
        Err(Trouble::Fault(fault)) => {
            reading.database = None;
            came.copy = Some(Report {
                end: Some(fault),
                ..Report::default()
            });
        }
        Err(trouble) => return Err(trouble.into()),
    }
    Ok(())
}

/// A sync that may not write to the database has compared, and says so: what differs is left as it is.
fn only_looked(report: &mut Report) {
    let tally = &mut report.tally;
    let differ = tally.created + tally.updated + tally.deleted;
    (tally.created, tally.updated, tally.deleted) = (0, 0, 0);
    report.changes.retain(|change| !change.action.writes());
    out::say(&format!(
        "note: {differ} rows of the database differ; `read_only = true` in `[supabase]`, so none was written"
    ));
}

/// Before a service is asked a second time.
pub fn first_pause(app: &App) -> Duration {
    app.first_pause.unwrap_or(Duration::from_secs(1))
}

/// After a run that wrote: what the books hold by now, and the log.
pub async fn mirror(reading: &Reading<'_>, came: &mut Came) -> Result<(), Failure> {
    let Some(supabase) = &reading.app.config.supabase else {
        return Ok(());
    };
    let Some(database) = reading.database else {
        return Ok(());
    };
    let broke = came.copy.as_ref().is_some_and(|copy| copy.end.is_some());
    if broke || supabase.read_only {
        return Ok(());
    }
    let bench = reading.bench(database);
    let mirrored = copy::mirror(&bench, supabase.sync_logs).await?;
    let copy = came.copy.get_or_insert_default();
    copy.tally.created += mirrored.tally.created;
    copy.tally.updated += mirrored.tally.updated;
    copy.tally.deleted += mirrored.tally.deleted;
    copy.tally.held += mirrored.tally.held;
    copy.tally.failed += mirrored.tally.failed;
    copy.problems.extend(mirrored.problems);
    copy.end = mirrored.end;
    Ok(())
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
