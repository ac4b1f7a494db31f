//! Payouts posted: the ordinary story with another plan. What payment services paid out is read, compared with the orders that it is
//! made of, and entered in the books: one transfer a payout, with what belongs to it.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::consent::{self, ConsentDecision};
use super::failure::Failure;
use super::interrupted::interruptible;
use super::legs::LegReports;
use super::payouts::{OpenGateways, recent};
use super::request::{Ending, PayoutsToPost, RunSubject};
use super::saved::check_fresh;
use super::story::Story;
use crate::connector::port::{GatewayReader, LedgerWriter, ShopReader};
use crate::engine::payouts::{
    PayoutsPlanned, carry_out_payouts, foresee_payouts, plan_payouts, read_month,
};
use crate::engine::run::settle_first;
use crate::model::event::{Event, Stage, Tell};
use crate::model::plan::{Entity, Plan};
use crate::model::run::Run;
use crate::store::{Attempts, Problems};

impl<T: LedgerWriter> Story<'_, T> {
    /// Which payouts are to be posted, if any are: asked for, or by a saved plan.
    pub(super) fn payouts_wanted(&self) -> Option<PayoutsToPost> {
        match &self.request.subject {
            RunSubject::Payouts(wanted) => Some(wanted.clone()),
            RunSubject::Problems(Some(chosen)) => {
                let of_payouts = chosen
                    .iter()
                    .filter(|one| one.source.entity == Entity::Payout);
                let asked: BTreeSet<String> = of_payouts.map(|one| one.source.id.clone()).collect();
                (!asked.is_empty() && asked.len() == chosen.len()).then(|| PayoutsToPost {
                    asked,
                    ..PayoutsToPost::default()
                })
            }
            RunSubject::Plan(plan) if !plan.basis.payouts.is_empty() => {
                let documents = plan.steps.iter().filter_map(|step| step.document.as_ref());
                Some(PayoutsToPost {
                    since: documents.map(|document| document.date).min(),
                    ..PayoutsToPost::default()
                })
            }
            _ => None,
        }
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
                let failure = consent::with_waits(consent::not_confirmed(), &planned.plan);
                return Err(failure.hint("look at the plan with `udsync dry-run payouts`"));
            }
        }
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
        let open = OpenGateways::open(app, &runner.store, source, None).await?;
        let since = self.since(&wanted);
        let reading = async {
            let mut months = Vec::new();
            for gateway in &open.gateways {
                let read = async {
                    let payouts = gateway.payouts(since).await?;
                    let payouts = payouts
                        .into_iter()
                        .filter(|payout| wanted.until.is_none_or(|until| payout.arrives <= until))
                        .filter(|payout| {
                            wanted.asked.is_empty() || wanted.asked.contains(&payout.id)
                        })
                        .collect();
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
            plan_payouts(books, store, rules, shop, &months, &wanted.asked).await
        };
        let planned = interruptible(&runner.stop, Box::pin(reading)).await?;
        for trouble in open.troubles {
            reports.fail(Failure::from(trouble));
        }
        Ok(planned)
    }

    /// From which day on payouts are looked at.
    fn since(&self, wanted: &PayoutsToPost) -> NaiveDate {
        let app = &self.runner.app;
        let lately = recent(app);
        let since = wanted.since.unwrap_or(lately);
        match app.config.rules.payouts.start_date {
            // What arrived before it is told as skipped once it is asked for by name.
            Some(start) if wanted.since.is_none() => since.max(start - Days::new(1)),
            _ => since,
        }
    }
}
