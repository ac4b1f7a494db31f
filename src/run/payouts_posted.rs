//! Payouts posted: the ordinary story with another plan. What payment services paid out is read, compared with the orders that it is
//! made of, and entered in the books: one transfer a payout, with what belongs to it.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate};

use super::consent::{self, ConsentDecision};
use super::failure::Failure;
use super::interrupted::interruptible;
use super::legs::LegReports;
use super::payouts::{OpenGateway, OpenGateways, recent};
use super::payouts_file::PayoutsFile;
use super::request::{Ending, PayoutsToPost, RunSubject};
use super::saved::check_fresh;
use super::story::Story;
use crate::books::payouts::{BillMonth, is_bill, month_of_bill};
use crate::connector::port::{GatewayReader, LedgerWriter, ShopReader};
use crate::engine::payouts::{
    PayoutDays, PayoutsMeant, PayoutsPlanned, carry_out_payouts, foresee_payouts, plan_payouts,
    read_month,
};
use crate::engine::run::settle_first;
use crate::engine::undo::undone::{ask_again_for_payouts, is_undone};
use crate::model::event::{Event, Stage, Tell};
use crate::model::fault::Fault;
use crate::model::payout::{Payout, is_of_file};
use crate::model::plan::{Entity, Plan};
use crate::model::problem::Problem;
use crate::model::rules::GatewayFees;
use crate::model::run::Run;
use crate::model::service::Service;
use crate::store::{Attempts, Problems};

/// So many days around a payout others are looked at with it, which may be the ones that were entered by hand.
const DAYS_AROUND: u64 = 10;

fn payouts_among(problems: &[Problem]) -> BTreeSet<String> {
    let of_payouts = problems
        .iter()
        .filter(|one| one.source.entity == Entity::Payout);
    of_payouts.map(|one| one.source.id.clone()).collect()
}

/// The payouts of the days that are wanted. Those that are meant by their ids may have arrived before.
async fn listed(
    gateway: &OpenGateway<'_>,
    since: NaiveDate,
    wanted: &PayoutsToPost,
) -> Result<Vec<Payout>, Fault> {
    let mut payouts = gateway.payouts(since).await?;
    let Some(only) = &wanted.only else {
        payouts.retain(|payout| wanted.until.is_none_or(|until| payout.arrives <= until));
        return Ok(payouts);
    };
    for id in only.iter().filter(|id| !is_bill(id)) {
        if payouts.iter().all(|payout| payout.id != *id) {
            payouts.extend(gateway.payout(id).await?);
        }
    }
    let mut billed: BTreeSet<NaiveDate> = only.iter().filter_map(|id| month_of_bill(id)).collect();
    billed.extend(months_of(&payouts, wanted));
    // A bill is made of all payouts of its month.
    if let Some(first) = billed.first().filter(|first| **first < since) {
        for payout in gateway.payouts(*first).await? {
            if payouts.iter().all(|known| known.id != payout.id) {
                payouts.push(payout);
            }
        }
    }
    let meant: Vec<NaiveDate> = payouts
        .iter()
        .filter(|payout| only.contains(&payout.id))
        .map(|payout| payout.arrives)
        .collect();
    payouts.retain(|payout| {
        let near =
            |day: &NaiveDate| (*day - payout.arrives).num_days().unsigned_abs() <= DAYS_AROUND;
        meant.iter().any(near) || billed.contains(&BillMonth::of(payout).first)
    });
    Ok(payouts)
}

/// What came in a file is nowhere to be asked for.
fn of_file_alone() -> Failure {
    Failure::new(
        "payouts_file_wrong",
        "what is to be tried again came in a file, and is read from there",
    )
    .hint("give the file again: `udsync retry ID --file FILE`")
}

/// The months whose bills are meant with the payouts that are meant by their ids.
fn months_of<'a>(
    payouts: impl IntoIterator<Item = &'a Payout>,
    wanted: &PayoutsToPost,
) -> BTreeSet<NaiveDate> {
    let is_meant = |payout: &&Payout| {
        let mut only = wanted.only.iter().flatten();
        wanted.with_bills && only.any(|id| *id == payout.id)
    };
    let meant = payouts.into_iter().filter(is_meant);
    meant.map(|payout| BillMonth::of(payout).first).collect()
}

impl<T: LedgerWriter> Story<'_, T> {
    /// Which payouts are to be posted, if any are: asked for, held or failed, or by a saved plan.
    pub(super) fn payouts_wanted(&self) -> Result<Option<PayoutsToPost>, Failure> {
        Ok(match &self.request.subject {
            RunSubject::Payouts(wanted) => Some(wanted.clone()),
            RunSubject::Problems(Some(chosen)) => {
                let mut asked = payouts_among(chosen);
                let before = asked.len();
                asked.retain(|id| !is_of_file(id));
                if asked.is_empty()
                    && before > 0
                    && chosen.iter().all(|one| one.source.entity == Entity::Payout)
                {
                    return Err(of_file_alone());
                }
                (!asked.is_empty()).then(|| PayoutsToPost {
                    only: Some(asked.clone()),
                    asked,
                    with_bills: true,
                    ..PayoutsToPost::default()
                })
            }
            RunSubject::Problems(None) => {
                let mut problems = self
                    .runner
                    .store
                    .problems(Some(Service::BOOKS.as_str()), false)?;
                problems.retain(|one| !is_undone(one));
                let mut open = payouts_among(&problems);
                open.retain(|id| !is_of_file(id));
                (!open.is_empty()).then(|| PayoutsToPost {
                    only: Some(open),
                    with_bills: true,
                    ..PayoutsToPost::default()
                })
            }
            RunSubject::Plan(plan) if !plan.basis.payouts.is_empty() => {
                let steps = plan.steps.iter().map(|step| &step.source);
                let all = steps.chain(plan.holds.iter().map(|hold| &hold.source));
                let of_payouts = all.filter(|source| source.entity == Entity::Payout);
                let app = &self.runner.app;
                let named = plan.basis.payouts_file.as_ref();
                let file = named.map(|named| {
                    PayoutsFile::read(app, Path::new(&named.path), Some(&named.gateway))
                });
                Some(PayoutsToPost {
                    file: file.transpose()?,
                    only: Some(of_payouts.map(|source| source.id.clone()).collect()),
                    ..PayoutsToPost::default()
                })
            }
            _ => None,
        })
    }

    /// Nothing else is wanted than payouts.
    pub(super) fn wants_payouts_alone(&self) -> bool {
        match &self.request.subject {
            RunSubject::Payouts(_) => true,
            RunSubject::Plan(plan) => !plan.basis.payouts.is_empty(),
            RunSubject::Problems(Some(chosen)) => {
                chosen.iter().all(|one| one.source.entity == Entity::Payout)
            }
            _ => false,
        }
    }

    /// Posts payouts after what else was wanted: what they are made of has to be posted first.
    pub(super) async fn payouts_besides(
        &self,
        wanted: PayoutsToPost,
        run: &mut Run,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<(), Failure> {
        let Some(books) = &self.legs.books else {
            return Ok(());
        };
        let before = reports.books.take();
        let (store, now) = (&self.runner.store, self.runner.app.clock.now());
        let done = match self.request.ending {
            Ending::Show => {
                let planned = self.payouts_plan(books, wanted, reports, tell).await;
                planned.and_then(|planned| {
                    let known = store.problems(Some(books.name()), true)?;
                    reports.books = Some(foresee_payouts(books.name(), &planned, &known, now));
                    Ok(())
                })
            }
            Ending::Apply => self.payouts_done(books, wanted, run, reports, tell).await,
        };
        reports.books = match (before, reports.books.take()) {
            (Some(before), Some(more)) => Some(before.and(more)),
            (one, other) => one.or(other),
        };
        done
    }

    /// Posts them, or shows how they would be.
    pub(super) async fn payouts(
        &self,
        wanted: PayoutsToPost,
        run: &mut Run,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<Option<Plan>, Failure> {
        let Some(books) = &self.legs.books else {
            return Ok(None);
        };
        let runner = self.runner;
        let (store, now) = (&runner.store, runner.app.clock.now());
        match self.request.ending {
            Ending::Show => {
                if store.count_open_tickets(books.name())? > 0 {
                    runner.listener.note(
                        "an earlier run left requests without an answer; the next sync settles them first",
                    );
                }
                let planned = self.payouts_plan(books, wanted, reports, tell).await?;
                let known = store.problems(Some(books.name()), true)?;
                reports.books = Some(foresee_payouts(books.name(), &planned, &known, now));
                self.legs.count(run, reports);
                Ok(Some(planned.plan))
            }
            Ending::Apply => {
                let done = self.payouts_done(books, wanted, run, reports, tell).await;
                if let Err(failure) = done {
                    reports.fail(failure);
                }
                self.keep(run, reports)?;
                Ok(None)
            }
        }
    }

    async fn payouts_done(
        &self,
        books: &T,
        wanted: PayoutsToPost,
        run: &Run,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<(), Failure> {
        let runner = self.runner;
        let (app, store) = (&runner.app, &runner.store);
        let hands = self.hands(books, &run.id, tell);
        settle_first(&hands).await?;
        let asked = wanted.asked.clone();
        let planned = self.payouts_plan(books, wanted, reports, tell).await?;
        app.bind(store, &self.legs.source)?;
        if let RunSubject::Plan(saved) = &self.request.subject {
            check_fresh(saved, &planned.plan).map_err(|failure| {
                failure.hint("make a new one with `udsync dry-run payouts --out plan.json`")
            })?;
        }
        let guard = &self.request.guard;
        let now = app.clock.now();
        let decided = consent::decide_plan(guard, &app.config, store, &planned.plan, now);
        if let ConsentDecision::Ask(what) = decided? {
            let foreseen = foresee_payouts(books.name(), &planned, &[], now);
            if !runner.listener.ask(what, foreseen).await {
                let failure = consent::with_waits(consent::not_confirmed(0), &planned.plan);
                return Err(failure.hint("look at the plan with `udsync dry-run payouts`"));
            }
        }
        ask_again_for_payouts(store, books.name(), &asked, &run.id, app.clock.now())?;
        let report = Box::pin(carry_out_payouts(&hands, &planned)).await?;
        reports.books = Some(report);
        Ok(())
    }

    /// Reads every service, each with its own luck, and plans what was read.
    async fn payouts_plan(
        &self,
        books: &T,
        wanted: PayoutsToPost,
        reports: &mut LegReports,
        tell: Tell<'_>,
    ) -> Result<PayoutsPlanned, Failure> {
        let runner = self.runner;
        let app = &runner.app;
        let source = &self.legs.source;
        let file = wanted.file.as_ref();
        let open = OpenGateways::open(app, &runner.store, source, None, file).await?;
        let notes = file.map(|file| file.filed.notes.as_slice());
        for note in notes.unwrap_or_default() {
            runner.listener.note(note);
        }
        let since = self.since(&wanted);
        let reading = async {
            let mut months = Vec::new();
            for gateway in &open.gateways {
                let read = async {
                    let payouts = listed(gateway, since, &wanted).await?;
                    read_month(gateway, source, &runner.store, books.name(), payouts).await
                };
                match read.await {
                    Ok(month) => months.push(month),
                    // The others are posted all the same.
                    Err(trouble) => reports.fail(Failure::from(trouble)),
                }
            }
            tell(Event::Stage {
                stage: Stage::Plan,
                total: None,
            });
            let rules = &app.config.rules;
            let (store, shop) = (&runner.store, source.address());
            let read = months.iter().flat_map(|month| &month.payouts);
            let billed = months_of(read.map(|read| &read.payout), &wanted);
            let first = billed.first().copied();
            let meant = PayoutsMeant {
                only: wanted.only.clone(),
                asked: wanted.asked.clone(),
                billed,
                days: PayoutDays {
                    since: first.map_or(since, |first| since.min(first)),
                    until: wanted.until,
                    today: app.clock.now().with_timezone(&rules.timezone).date_naive(),
                },
            };
            plan_payouts(books, store, rules, shop, months, &meant).await
        };
        let mut planned = interruptible(&runner.stop, Box::pin(reading)).await?;
        planned.plan.basis.payouts_file = file.and_then(PayoutsFile::named);
        for trouble in open.troubles {
            reports.fail(Failure::from(trouble));
        }
        Ok(planned)
    }

    /// From which day on payouts are looked at.
    fn since(&self, wanted: &PayoutsToPost) -> NaiveDate {
        let app = &self.runner.app;
        // A bill is made of whole months, so the first of them is read from its first day on.
        let of_file = wanted.file.as_ref().and_then(PayoutsFile::since);
        let lately = match (of_file, app.config.rules.policy.gateway_fees) {
            (Some(first), _) => first,
            (None, GatewayFees::Bill) => recent(app).with_day(1).unwrap_or(recent(app)),
            (None, _) => recent(app),
        };
        let since = wanted.since.unwrap_or(lately);
        // A bill is made of all payouts of its month.
        let bills = wanted
            .only
            .iter()
            .flatten()
            .filter_map(|id| month_of_bill(id));
        let since = bills.min().map_or(since, |first| since.min(first));
        match app.config.rules.payouts.start_date {
            // What arrived before it is told as skipped once it is asked for by name.
            Some(start) if wanted.since.is_none() && wanted.only.is_none() => {
                since.max(start - Days::new(1))
            }
            _ => since,
        }
    }
}
