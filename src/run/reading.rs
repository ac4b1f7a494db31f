//! One reading of the shop for both legs: the database gets its rows while the records pass by, the books get a plan.

use std::sync::atomic::AtomicBool;

use super::aim::Aim;
use super::failure::{Failure, exit};
use super::interrupted::interruptible;
use super::legs::{LegReports, Legs};
use super::listener::Listener;
use crate::app::App;
use crate::connector::port::{LedgerReader, ShopReader, Tables};
use crate::connector::supabase::Supabase;
use crate::connector::woocommerce::WooCommerce;
use crate::engine::context::PlanningContext;
use crate::engine::copy::{self, Copier, CopyContext, CopySending, Looker, Onlooker, Span};
use crate::engine::error::EngineError;
use crate::engine::figures;
use crate::engine::gather::{GatherScope, Gathered, Reach, WantedRecords, gather};
use crate::engine::outcome::Report;
use crate::engine::run::{Planned, plan_up};
use crate::mapping::Set;
use crate::model::both::BothWays;
use crate::model::event::Tell;
use crate::store::{StateReader, StateWriter};

/// By whom what is read may be written down, and for which run. Who only shows has none.
#[derive(Clone, Copy)]
pub struct Recording<'a> {
    pub store: &'a dyn StateWriter,
    pub run_id: &'a str,
}

/// What reading and planning needs, whoever asks for it.
pub struct Reading<'a, F> {
    pub app: &'a App,
    /// What is remembered. Who may write it down is said where something is written.
    pub store: &'a dyn StateReader,
    pub legs: &'a Legs<F>,
    /// The database, if it is ready.
    pub database: Option<&'a Supabase>,
    pub mappings: &'a Set,
    pub stop: &'a AtomicBool,
    pub tell: Tell<'a>,
    pub listener: &'a Listener,
    pub aim: Aim,
    /// What may go back to the shop.
    pub both: BothWays,
    /// Compares with the database itself.
    pub verify: bool,
    /// That many records are gone was looked at.
    pub allow_shrunken: bool,
}

impl<F: LedgerReader> Reading<'_, F> {
    /// Reads the shop once for both legs. The database gets its rows on the way, where it is written down; the books get a
    /// plan.
    pub async fn read(
        &self,
        scope: &GatherScope,
        recording: Option<Recording<'_>>,
        reports: &mut LegReports,
    ) -> Result<Option<Planned>, Failure> {
        let scope = &self.with_decimals(scope, recording).await?;
        let bench = self.database.map(|database| self.bench(database));
        let read_only = self.app.config.supabase.as_ref();
        let read_only = read_only.is_some_and(|supabase| supabase.read_only);
        let mut onlooker = match (&bench, recording) {
            (None, _) => Onlooker::Nobody,
            (Some(bench), Some(Recording { store, run_id })) if !read_only => {
                let sending = CopySending { bench, store };
                Onlooker::Copies(Copier::new(sending, self.span(scope), run_id))
            }
            (Some(bench), _) => Onlooker::Looks(Looker::new(bench, self.span(scope))),
        };
        // Known from before, because what goes with this run was there. Only ids that were asked for can be nobody's, and to ask for all
        // that was ever copied would make each run pay for the whole shop.
        let there = match (&self.legs.books, &self.legs.database, &scope.reach) {
            (None, Some(database), Reach::Orders(_)) => {
                Some(self.store.copied_orders(database.name())?)
            }
            _ => None,
        };
        let reading = gather(
            &self.legs.source,
            scope,
            self.mappings,
            self.tell,
            &mut onlooker,
        );
        let gathered = interruptible(self.stop, Box::pin(reading)).await;
        let through = gathered
            .as_ref()
            .ok()
            .and_then(|gathered| gathered.complete_through);
        // What was withheld is read again some day, so it is known before the copy's cursor moves behind it.
        if let Ok(gathered) = &gathered
            && let Some(recording) = recording
        {
            let is_alone = self.legs.books.is_none();
            figures::withheld(recording.store, gathered, is_alone, self.app.clock.now())?;
        }
        // What went out is remembered, however the reading ended.
        let copied = onlooker
            .close(through.filter(|_| scope.moves_cursor))
            .await?;
        if let Some(mut copied) = copied {
            if read_only && recording.is_some() {
                only_looked(&mut copied, self.listener);
            }
            reports.copy = Some(copied);
        }
        let gathered = gathered.map_err(|mut failure| {
            if failure.exit == exit::INTERRUPTED && reports.copy.is_some() && recording.is_some() {
                failure.message =
                    "interrupted; what was sent is recorded, and the next run goes on".to_owned();
            }
            failure
        })?;
        let Some(books) = &self.legs.books else {
            if let Some(copied) = &mut reports.copy {
                self.tell_of_decimals(&gathered, recording, copied)?;
                if let Some(there) = there {
                    let unknown = gathered.gone.iter().copied();
                    reports.unknown = unknown.filter(|id| !there.contains(id)).collect();
                }
            }
            return Ok(None);
        };
        if reports.books.is_some() || self.aim.books.is_empty() {
            return Ok(None);
        }
        let desk = self.desk(books);
        let plan = Box::pin(plan_up(&desk, scope, gathered));
        let planned = interruptible(self.stop, plan).await;
        match planned {
            Ok(planned) => Ok(Some(planned)),
            Err(failure) => {
                reports.fail(failure);
                Ok(None)
            }
        }
    }

    /// The scope with what is known of the shop's decimals, asked just now; where they are as they should be, what waited for that
    /// is read besides.
    async fn with_decimals(
        &self,
        scope: &GatherScope,
        recording: Option<Recording<'_>>,
    ) -> Result<GatherScope, Failure> {
        let mut scope = scope.clone();
        if !self.aim.books.orders && !self.aim.copy.reads_orders() {
            return Ok(scope);
        }
        let now = self.app.clock.now();
        let looking = figures::look(&self.legs.source, self.store, now);
        scope.decimals = interruptible(self.stop, looking).await?;
        if let Some(recording) = recording {
            figures::keep(recording.store, &scope.decimals, now)?;
        }
        scope.besides.extend(scope.decimals.ready());
        Ok(scope)
    }

    /// Without books, the problem is one of the copy: rows wait.
    fn tell_of_decimals(
        &self,
        gathered: &Gathered,
        recording: Option<Recording<'_>>,
        copied: &mut Report,
    ) -> Result<(), Failure> {
        let Some(database) = &self.legs.database else {
            return Ok(());
        };
        let (target, decimals) = (database.name(), &gathered.decimals);
        let told = match recording {
            None => figures::filed(self.store, target, decimals),
            Some(Recording { store, run_id }) => {
                figures::file(store, target, decimals, run_id, self.app.clock.now())
            }
        }?;
        copied.tally.held += u64::from(told.is_some());
        copied.problems.extend(told);
        Ok(())
    }

    pub fn bench<'b>(&'b self, database: &'b Supabase) -> CopyContext<'b, Supabase> {
        let config = &self.app.config;
        CopyContext {
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

    pub fn desk<'b>(&'b self, books: &'b F) -> PlanningContext<'b, WooCommerce, F> {
        PlanningContext {
            source: &self.legs.source,
            finder: books,
            store: self.store,
            rules: &self.app.config.rules,
            both: &self.both,
            mappings: self.mappings,
            clock: &self.app.clock,
            tell: self.tell,
        }
    }

    fn span(&self, scope: &GatherScope) -> Span {
        let filtered = scope.created_after.is_some()
            || scope.created_before.is_some()
            || !scope.statuses.is_empty()
            || scope.limit.is_some();
        Span {
            orders: self.aim.copy.reads_orders(),
            customers: self.aim.copy.customers && scope.shoppers != WantedRecords::No,
            products: self.aim.copy.products && scope.products != WantedRecords::No,
            every_order: matches!(scope.reach, Reach::Full) && !filtered,
        }
    }
}

/// Before a run that writes: whether what is remembered of the database can be believed.
pub async fn heed_loss<F: LedgerReader>(
    reading: &mut Reading<'_, F>,
    store: &dyn StateWriter,
    reports: &mut LegReports,
) -> Result<(), Failure> {
    let Some(database) = reading.database else {
        return Ok(());
    };
    let bench = &reading.bench(database);
    let lost = copy::heed_loss(CopySending { bench, store }).await;
    match lost {
        Ok(false) => {}
        Ok(true) => reading
            .listener
            .note("the database has lost rows that it had: everything is read and compared anew"),
        Err(EngineError::Fault(fault)) => {
            reading.database = None;
            reports.copy = Some(Report {
                end: Some(fault),
                ..Report::default()
            });
        }
        Err(trouble) => return Err(trouble.into()),
    }
    Ok(())
}

/// After a run that wrote: what the books hold by now, and the log. Whether there was a database to tell.
pub async fn mirror<F: LedgerReader>(
    reading: &Reading<'_, F>,
    store: &dyn StateWriter,
    reports: &mut LegReports,
) -> Result<bool, Failure> {
    let Some(supabase) = &reading.app.config.supabase else {
        return Ok(false);
    };
    let Some(database) = reading.database else {
        return Ok(false);
    };
    let broke = reports.copy.as_ref().is_some_and(|copy| copy.end.is_some());
    if broke || supabase.read_only {
        return Ok(false);
    }
    let bench = &reading.bench(database);
    let mirrored = copy::mirror(CopySending { bench, store }, supabase.sync_logs).await?;
    let copy = reports.copy.get_or_insert_default();
    copy.tally.created += mirrored.tally.created;
    copy.tally.updated += mirrored.tally.updated;
    copy.tally.deleted += mirrored.tally.deleted;
    copy.tally.held += mirrored.tally.held;
    copy.tally.failed += mirrored.tally.failed;
    copy.problems.extend(mirrored.problems);
    copy.end = mirrored.end;
    Ok(true)
}

/// A sync that may not write to the database has compared, and says so: what differs is left as it is.
fn only_looked(report: &mut Report, listener: &Listener) {
    let tally = &mut report.tally;
    let differ = tally.created + tally.updated + tally.deleted;
    (tally.created, tally.updated, tally.deleted) = (0, 0, 0);
    report.changes.retain(|change| !change.action.writes());
    listener.note(format!(
        "{differ} rows of the database differ; `read_only = true` in `[supabase]`, so none was written"
    ));
}

/// Refuses to write what was read while somebody changed how the shop shows its orders. Asked only where something would be written.
pub async fn check_decimals(planned: &Planned, source: &WooCommerce) -> Result<(), Failure> {
    let Some(read_with) = planned.decimals() else {
        return Ok(());
    };
    if planned.plan.writes() == 0 {
        return Ok(());
    }
    same_decimals(read_with, source.decimals().await?)
}

/// A shop that does not tell is believed to have left it.
fn same_decimals(read_with: u32, now: Option<u32>) -> Result<(), Failure> {
    if now.is_none_or(|now| now == read_with) {
        return Ok(());
    }
    Err(Failure::new(
        "store_settings_changed",
        "*Number of decimals* of the shop was changed while its orders were being read, so nothing was written to the books",
    )
    .hint("run the command again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_that_were_read_under_another_setting_are_not_written() {
        assert!(same_decimals(2, Some(2)).is_ok() && same_decimals(2, None).is_ok());
        let failure = same_decimals(2, Some(0)).expect_err("it was changed");
        assert_eq!(failure.code, "store_settings_changed");
    }
}
