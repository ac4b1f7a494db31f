//! The story of one run: settles what is open, reads, plans, has somebody asked, and then shows the plan or carries it out.
//!
//! What shows it is handed what can only read: see `show`.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use chrono::{DateTime, Utc};

use super::aim::Aim;
use super::back;
use super::compared;
use super::consent::{self, ConsentDecision};
use super::failure::Failure;
use super::home;
use super::later;
use super::legs::{LegReports, Legs, first_pause};
use super::parts::{PartContext, Parts};
use super::reading::{Reading, Recording, check_decimals, heed_loss, mirror};
use super::request::{Consent, Ending, RunRequest, RunSubject};
use super::runner::Runner;
use super::saved::check_fresh;
use super::scope::{EarlierRuns, scope};
use super::show::show;
use super::unknown::{self, Nor, none_known};
use crate::connector::port::{LedgerWriter, ShopReader};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::agreed::AgreedLimits;
use crate::engine::both_ways;
use crate::engine::context::ApplyContext;
use crate::engine::error::EngineError;
use crate::engine::gather::{GatherScope, Reach};
use crate::engine::mapped::reads_words;
use crate::engine::noticed::{MergedName, repoint};
use crate::engine::outcome::Report;
use crate::engine::run::{Planned, carry_out, foresee, settle_first};
use crate::engine::shopward::ShopwardContext;
use crate::engine::undo::undone;
use crate::mapping::Set;
use crate::model::both::BothWays;
use crate::model::event::{Event, Tell};
use crate::model::plan::Plan;
use crate::model::run::Run;
use crate::model::service::Service;
use crate::store::{HistoryWriter, MemoryWriter};

/// One run on its way: what it is about, and what it works with.
pub(super) struct Story<'a, T> {
    pub runner: &'a Runner,
    pub request: &'a RunRequest,
    pub aim: Aim,
    pub legs: &'a Legs<T>,
    /// Orders with a problem.
    pub troubled: BTreeSet<u64>,
    /// What the same command has done before.
    pub parts: &'a Parts,
}

impl<T: LedgerWriter> Story<'_, T> {
    /// Does it, and keeps what came of it, whatever that is. What was planned comes back where it ends with the plan.
    pub async fn tell_it(&self, run: &mut Run, reports: &mut LegReports) -> Option<Plan> {
        let runner = self.runner;
        let tell = |event: Event| {
            let mut lock = runner.lock.lock().unwrap_or_else(PoisonError::into_inner);
            lock.tell(&event);
            runner.listener.tell(event);
        };
        let done = self.both_legs(run, reports, &tell).await;
        done.unwrap_or_else(|failure| {
            reports.fail(failure);
            // What it was about to keep may be the very thing that failed; then the next run closes this one.
            if self.request.ending == Ending::Apply && run.finished_at.is_none() {
                let _ = self.keep(run, reports);
            }
            None
        })
    }

    async fn both_legs(
        &self,
        run: &mut Run,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<Option<Plan>, Failure> {
        let app = &self.runner.app;
        if let Some(words) = self.undo_words() {
            return Box::pin(self.undo(&words, run, reports, tell)).await;
        }
        let payouts = self.payouts_wanted()?;
        let mut payouts = match payouts {
            Some(wanted) if self.wants_payouts_alone() => {
                return Box::pin(self.payouts(wanted, run, reports, tell)).await;
            }
            payouts => payouts,
        };
        let mappings = match self.legs.mappings(app).await {
            Ok(mappings) => mappings,
            Err(failure) => {
                reports.fail(failure);
                self.keep(run, reports)?;
                return Ok(None);
            }
        };
        let mut reading = self.reading(&mappings, tell);
        reading.database = self.legs.ready_database(first_pause(app), reports).await;
        reading.both = self.directions().await;
        match self.request.ending {
            Ending::Show => {
                let mut scope = self.scope(&self.known()?)?;
                self.look_back(&mut scope, &reading.both).await?;
                let plan = show(self.request, &scope, &reading, reports).await;
                if let (Some(wanted), true) = (payouts.take(), reports.failure.is_none()) {
                    Box::pin(self.payouts_besides(wanted, run, reports, tell)).await?;
                }
                self.legs.count(run, reports);
                if let Ok(Some(plan)) = &plan {
                    back::foretell_mails(plan, &self.legs.source, &self.runner.listener).await;
                }
                plan
            }
            Ending::Apply => {
                heed_loss(&mut reading, &self.runner.store, reports).await?;
                let mut done = Box::pin(self.apply(run, &reading, reports)).await;
                let is_done = done.is_ok()
                    && !reports.has_more
                    && reports.failure.is_none()
                    && !reports.is_interrupted();
                if is_done && let Some(wanted) = payouts.take() {
                    done = Box::pin(self.payouts_besides(wanted, run, reports, tell)).await;
                }
                if let Err(failure) = done {
                    reports.fail(failure);
                }
                self.keep(run, reports)?;
                // Only now the log of this run is whole; what it comes to in the database belongs to the run.
                if !reports.is_interrupted()
                    && Box::pin(mirror(&reading, &self.runner.store, reports)).await?
                {
                    self.keep(run, reports)?;
                }
                Ok(None)
            }
        }
    }

    fn reading<'b>(&'b self, mappings: &'b Set, tell: Tell<'b>) -> Reading<'b, T> {
        Reading {
            app: &self.runner.app,
            store: &self.runner.store,
            legs: self.legs,
            database: None,
            mappings,
            stop: &self.runner.stop,
            tell,
            listener: &self.runner.listener,
            aim: self.aim,
            both: BothWays::default(),
            verify: self.request.verifies(),
            allow_shrunken: self.request.guard.allow_shrunken,
        }
    }

    /// Writes down how the run stands.
    pub(super) fn keep(&self, run: &mut Run, reports: &LegReports) -> Result<(), Failure> {
        self.legs.count(run, reports);
        if self.request.ending == Ending::Show {
            return Ok(());
        }
        self.parts.count_own(run);
        let (app, store) = (&self.runner.app, &self.runner.store);
        run.status = later::status(reports);
        let end = reports.reports().find_map(|report| report.end.clone());
        let failure = reports.failure.clone().or(end.map(Failure::from));
        run.error = failure.map(|failure| later::kept(&failure, run));
        if run.finished_at.is_none() {
            // A copy has filed its own on its way.
            if let Some(books) = &reports.books {
                store.record_changes(&run.id, &books.changes)?;
            }
        }
        run.finished_at = Some(app.clock.now());
        Ok(store.finish_run(run)?)
    }

    fn scope(&self, known: &EarlierRuns) -> Result<GatherScope, Failure> {
        let config = &self.runner.app.config;
        scope(&self.request.subject, self.aim, config, known)
    }

    /// What the books are written with.
    pub(super) fn hands<'b>(
        &'b self,
        target: &'b T,
        run_id: &'b str,
        tell: Tell<'b>,
    ) -> ApplyContext<'b, T> {
        let runner = self.runner;
        ApplyContext {
            target,
            store: &runner.store,
            rules: &runner.app.config.rules,
            run_id,
            clock: &runner.app.clock,
            stop: &runner.stop,
            patience: runner.patience,
            tell,
        }
    }

    pub(super) fn shop_hands<'b>(
        &'b self,
        run_id: &'b str,
        tell: Tell<'b>,
    ) -> ShopwardContext<'b, WooCommerce> {
        let runner = self.runner;
        ShopwardContext {
            shop: &self.legs.source,
            store: &runner.store,
            run_id,
            clock: &runner.app.clock,
            stop: &runner.stop,
            patience: runner.patience,
            tell,
        }
    }

    /// Which way things go in this run. Without books nothing goes anywhere.
    async fn directions(&self) -> BothWays {
        let (app, listener) = (&self.runner.app, &self.runner.listener);
        let asking = async || match &self.legs.books {
            Some(_) => back::directions(app, &self.legs.source, listener).await,
            None => BothWays::default(),
        };
        self.parts.directions.get_or_init(asking).await.clone()
    }

    /// Looks for what is to go back to the shop.
    async fn look_back(&self, scope: &mut GatherScope, both: &BothWays) -> Result<(), Failure> {
        let runner = self.runner;
        if let Some(books) = self
            .legs
            .books
            .as_ref()
            .filter(|_| self.aim.books.reads_orders())
        {
            let (store, shop) = (&runner.store, &self.legs.source);
            let rules = &runner.app.config.rules;
            let now = runner.app.clock.now().with_timezone(&rules.timezone);
            let when = back::LookedFor {
                today: now.date_naive(),
                prefix: &rules.number_prefix,
            };
            back::look_at_books(scope, both, &when, books, store, shop).await?;
        }
        Ok(())
    }

    fn known(&self) -> Result<EarlierRuns, Failure> {
        let runner = self.runner;
        let known = self.legs.known(&runner.app, &runner.store, self.aim)?;
        Ok(EarlierRuns {
            troubled: self.troubled.clone(),
            ..known
        })
    }

    /// Settles what is open, reads, plans, has somebody asked, and writes.
    async fn apply(
        &self,
        run: &Run,
        reading: &Reading<'_, T>,
        reports: &mut LegReports,
    ) -> Result<(), Failure> {
        let (runner, legs) = (self.runner, self.legs);
        let app = &runner.app;
        let books = legs.books.as_ref();
        let hands = books.map(|books| self.hands(books, &run.id, reading.tell));
        let mut resumed = BTreeSet::new();
        if let Some(hands) = &hands {
            match settle_first(hands).await {
                Ok(orders) => resumed = orders,
                Err(EngineError::Fault(fault)) if reading.database.is_some() => {
                    reports.books = Some(Report {
                        end: Some(fault),
                        ..Report::default()
                    });
                }
                Err(trouble) => return Err(trouble.into()),
            }
        }
        if reading.database.is_none() && (hands.is_none() || reports.books.is_some()) {
            return Ok(());
        }
        if let (RunSubject::Named(named), Some(hands)) = (&self.request.subject, &hands) {
            for one in repoint(hands.target, hands.store, &named.merged).await? {
                let MergedName {
                    entity,
                    survivor,
                    victim,
                } = &one.merged;
                let kind = entity.to_lowercase();
                runner.listener.remark(format!(
                    "{kind} {victim} was merged into {kind} {survivor} in QuickBooks: what is posted from now on goes to {survivor}"
                ));
            }
        }
        if hands.is_some() && reports.books.is_none() {
            let at_shop = self.shop_hands(&run.id, reading.tell);
            resumed.extend(back::settle_at_shop(&at_shop).await?);
        }
        let mut known = self.known()?;
        known.unsettled.books.extend(&resumed);
        let saved = match &self.request.subject {
            RunSubject::Plan(saved) => Some(saved),
            _ => None,
        };
        let mut scope = self.scope(&known)?;
        if saved.is_none() {
            // What was found out just now may be half of an order: the other half belongs to this run, whatever it is
            // about.
            scope.besides.extend(resumed);
        }
        if reports.books.is_none() {
            self.look_back(&mut scope, &reading.both).await?;
        }
        let with = PartContext {
            request: self.request,
            legs,
            store: &runner.store,
            stop: &runner.stop,
            orders_at_once: app.config.sync.orders_at_once,
            keeps_words: reading.database.is_some() || reads_words(reading.mappings),
            reads_orders: self.aim.books.orders,
            now: app.clock.now(),
        };
        let scope = self.parts.scope(&with, scope).await?;
        let recording = Recording {
            store: &runner.store,
            run_id: &run.id,
        };
        let planned = Box::pin(reading.read(&scope, Some(recording), reports)).await?;
        // Both sides have answered, so this is the right pair.
        if reports.failure.is_none() {
            app.bind(&runner.store, &legs.source)?;
            legs.remember_mappings(app, &runner.store, reading.mappings)?;
        }
        let swept = matches!(scope.reach, Reach::Full)
            && scope.limit.is_none()
            && scope.moves_cursor
            && self.aim.both().orders;
        let Some(mut planned) = planned else {
            if let Some(failure) = none_known(self.request, &reports.unknown, Nor::Copy) {
                return Err(failure);
            }
            unknown::note(&runner.listener, &reports.unknown);
            return self.note_sweep(swept && hands.is_none(), run.started_at, reports);
        };
        let (Some(books), Some(hands)) = (&legs.books, &hands) else {
            return Ok(());
        };
        if let Some(saved) = saved {
            // What is carried out is the plan as it was made just now. It is the saved one to the byte in all that is
            // written; a file can be edited.
            check_fresh(saved, &planned.plan)?;
            planned.complete_through = None;
        }
        if let Some(failure) = none_known(self.request, &planned.unknown, Nor::Books) {
            return Err(failure);
        }
        unknown::note(&runner.listener, &planned.unknown);
        if let Some(remark) = &planned.both_ways_remark {
            runner.listener.remark(format!("note: {remark}"));
        }
        let (guard, now) = (&self.request.guard, app.clock.now());
        let checked = home::check(&legs.source, &runner.store, guard, &planned.plan, now).await;
        checked.map_err(|failure| consent::with_waits(failure, &planned.plan))?;
        check_decimals(&planned, &self.legs.source).await?;
        consent::leave_voids(guard, &app.config, &mut planned.plan);
        back::mind_mails(guard, &reading.both, &legs.source, &planned.plan).await?;
        let was_asked = self.consent(&planned, reports).await?;
        let swept = swept && planned.complete_through.is_some();
        let again = match (saved, &guard.consent) {
            (Some(_), _) => AgreedLimits::Never,
            (None, Consent::Token(_)) => AgreedLimits::Same,
            (None, _) if was_asked => AgreedLimits::Same,
            (None, _) => AgreedLimits::AsMany,
        };
        let desk = reading.desk(books);
        let now = app.clock.now();
        // In this order: who is cut short between the two still stands undone, and is decided from the same as now.
        both_ways::remember_plan(&runner.store, books.name(), &run.id, &planned.agreed, now)?;
        undone::ask_again(&runner.store, books.name(), &scope, &run.id, now)?;
        planned.looked = self.parts.looked.clone();
        let behind = self.behind(&scope, &planned)?;
        let posting = Box::pin(carry_out(&desk, hands, &planned, again));
        let read_with = planned.decimals();
        let ahead = self.parts.reading_ahead(&with, behind, read_with, posting);
        let mut carried = Box::pin(ahead).await?;
        if carried.read_again {
            self.parts.forget_ahead();
        }
        let at_shop = self.shop_hands(&run.id, reading.tell);
        let telling = back::tell_shop(&at_shop, books.name(), &planned.plan, &mut carried);
        let told = Box::pin(telling).await;
        let is_whole = told.is_ok() && carried.end.is_none() && !carried.interrupted;
        reports.books = Some(carried);
        told?;
        if is_whole {
            let (agreed, now) = (&planned.agreed, app.clock.now());
            let settling =
                both_ways::settle(&legs.source, books, &runner.store, &run.id, agreed, now);
            Box::pin(settling).await?;
        }
        let before = known.posted_through;
        Parts::note(&with, &scope, planned.has_more(), before, reports)?;
        if matches!(scope.reach, Reach::Full) && self.request.mode() == "full" {
            let now = app.clock.now();
            let when = (now, runner.app.config.rules.timezone);
            compared::note(&runner.store, &runner.listener, when, scope.verify, reports)?;
        }
        self.note_sweep(swept, run.started_at, reports)
    }

    /// The scope of the part behind this one, if there is one: as it will be when this one is in the books.
    fn behind(
        &self,
        scope: &GatherScope,
        planned: &Planned,
    ) -> Result<Option<GatherScope>, Failure> {
        if !planned.has_more() || scope.ahead.is_none() {
            return Ok(None);
        }
        let known = EarlierRuns {
            posted_through: planned.complete_through,
            ..self.known()?
        };
        self.scope(&known).map(Some)
    }

    /// Answers with whether a person was asked, and said yes.
    async fn consent(&self, planned: &Planned, reports: &LegReports) -> Result<bool, Failure> {
        let (runner, guard) = (self.runner, &self.request.guard);
        let now = runner.app.clock.now();
        match consent::decide(guard, &runner.app.config, &runner.store, planned, now)? {
            ConsentDecision::Go => Ok(false),
            ConsentDecision::Ask(what) => {
                let foreseen = foresee(Service::BOOKS.as_str(), planned, &[], now);
                let copied = reports.copy.as_ref().map(|copy| &copy.tally);
                let copied = copied.map_or(0, |rows| rows.created + rows.updated + rows.deleted);
                let what = consent::question(what, copied);
                match runner.listener.ask(what, foreseen).await {
                    true => Ok(true),
                    false => Err(consent::with_waits(
                        consent::not_confirmed(copied),
                        &planned.plan,
                    )),
                }
            }
        }
    }

    /// Remembers that every order was read and has reached everything it was to reach.
    fn note_sweep(
        &self,
        swept: bool,
        began: DateTime<Utc>,
        reports: &LegReports,
    ) -> Result<(), Failure> {
        if swept && reports.is_whole() {
            let shop = self.legs.source.address();
            self.runner.store.note_sweep(shop, began)?;
        }
        Ok(())
    }
}
