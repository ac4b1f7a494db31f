//! `retry`: shows what is held or failed, tries it again, sets it aside, or takes that back.

use std::collections::BTreeSet;

use crate::app::App;
use crate::engine::undo::undone::is_undone;
use crate::model::both::{BothWays, SyncDirection};
use crate::model::plan::{Entity, RecordKey, Subject};
use crate::model::problem::{Problem, ProblemState};
use crate::model::service::Service;
use crate::model::shop_change::ShopChangeMade;
use crate::store::{Attempts, History, Problems, ProblemsWriter, ShopAttempts, Store};

use super::args::{Global, Output, RetryArgs};
use super::report::{Failure, exit};
use super::session::shop_flags;
use super::session::{open_shop, output};
use super::{fix, out, show};
use crate::run::document::problems_document;
use crate::run::sheet as csv;

/// Runs `retry`.
pub async fn retry(global: &Global, args: &RetryArgs) -> Result<u8, Failure> {
    if let Some(id) = &args.skip {
        return set_aside(global, id, args.why.as_deref().unwrap_or_default());
    }
    if let Some(id) = &args.restore {
        return restore(global, id);
    }
    if let Some(run) = &args.run {
        let chosen = undone(global, run)?;
        return super::sync::retry(global, args, Some(chosen)).await;
    }
    if args.list || args.set_aside || (args.failures.is_empty() && !args.all) {
        return list(global, args.set_aside);
    }
    let chosen = if args.all {
        None
    } else {
        Some(chosen(global, &args.failures)?)
    };
    super::sync::retry(global, args, chosen).await
}

fn list(global: &Global, only_set_aside: bool) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let mut problems = known_problems(&app, only_set_aside)?;
    if only_set_aside {
        problems.retain(|problem| problem.state == ProblemState::SetAside);
    }
    match output(global) {
        Output::Json => out::print_json(&problems_document(&problems)),
        Output::Csv => out::print(&csv::problems(&problems)),
        Output::Text if problems.is_empty() && only_set_aside => {
            out::answer("nothing is set aside\n")
        }
        Output::Text if problems.is_empty() => out::answer("nothing is held or failed\n"),
        Output::Text => {
            let flags = shop_flags(global);
            let shown = fix::with_ways(&app, &problems, &flags);
            out::answer(&show::problems(&shown));
            if let Some(line) = fix::offer(&app, &problems, &flags)
                && !global.quiet
            {
                out::say(&line);
            }
        }
    }
    Ok(exit::DONE)
}

fn set_aside(global: &Global, id: &str, why: &str) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let id = &app.waits_as(&store, id)?;
    let Some(problem) = store.set_aside(id, why, app.clock.now())? else {
        return Err(unknown(id));
    };
    let problems = std::slice::from_ref(&problem);
    match output(global) {
        Output::Json => out::print_json(&problems_document(problems)),
        Output::Csv => out::print(&csv::problems(problems)),
        Output::Text => out::answer(&format!("{} is set aside\n", problem.id)),
    }
    Ok(exit::DONE)
}

fn restore(global: &Global, id: &str) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let Some(problem) = store.restore(id, app.clock.now())? else {
        return Err(Failure::new(
            "failure_unknown",
            format!("nothing is set aside under `{id}`"),
        )
        .hint("`udsync retry --set-aside` shows what is"));
    };
    match output(global) {
        Output::Json => out::print_json(&problems_document(std::slice::from_ref(&problem))),
        Output::Csv => out::print(&csv::problems(std::slice::from_ref(&problem))),
        Output::Text => out::answer(&format!(
            "{} is no longer set aside; the next sync looks at it again\n",
            problem.id
        )),
    }
    Ok(exit::DONE)
}

fn known_problems(app: &App, set_aside_too: bool) -> Result<Vec<Problem>, Failure> {
    match Store::open_read_only(&app.state)? {
        Some(store) => Ok(store.problems(None, set_aside_too)?),
        None => Ok(Vec::new()),
    }
}

/// The problems that the given ids speak of: their own ids, or those of orders.
fn chosen(global: &Global, given: &[String]) -> Result<Vec<Problem>, Failure> {
    let app = open_shop(global)?;
    let problems = known_problems(&app, true)?;
    let store = app.state_to_read()?;
    let mut chosen = Vec::new();
    for text in given {
        let text = &app.waits_as(&store, text)?;
        let before = chosen.len();
        let by_id = |problem: &&Problem| problem.id.eq_ignore_ascii_case(text);
        let by_order = |problem: &&Problem| {
            matches!(problem.source.entity, Entity::Order | Entity::Payout)
                && problem.source.id == *text
        };
        chosen.extend(problems.iter().find(by_id).cloned());
        if chosen.len() == before {
            chosen.extend(problems.iter().filter(by_order).cloned());
        }
        if chosen.len() == before {
            return Err(unknown(text));
        }
    }
    Ok(chosen)
}

/// The records of a run that stand undone.
fn undone(global: &Global, called: &str) -> Result<Vec<Problem>, Failure> {
    let app = open_shop(global)?;
    let none = || {
        Failure::new(
            "failure_unknown",
            format!("nothing of run `{called}` stands undone"),
        )
        .hint("`udsync retry --list` shows what does")
    };
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Err(none());
    };
    let run = store.run(called)?.ok_or_else(|| {
        Failure::new("run_unknown", format!("there is no run `{called}`"))
            .hint("`udsync history` lists them")
    })?;
    // Whoever names the run that took it back means the same.
    let run = store.takes_back(&run.id)?.unwrap_or(run.id);
    // What another run has taken back is released by that run's name alone.
    if !store.was_taken_back(&run)? {
        return Err(Failure::new(
            "failure_unknown",
            format!("run `{called}` was not taken back"),
        )
        .hint("`udsync retry --list` shows what stands undone, and the run of each"));
    }
    let target = Service::BOOKS.as_str();
    let (mut orders, mut payouts) = (BTreeSet::new(), BTreeSet::new());
    // Accounts and products, by kind and id.
    let mut listed: BTreeSet<(Entity, String)> = BTreeSet::new();
    for subject in store.subjects_of_run(target, &run)? {
        if let Subject::Document(key) = subject {
            orders.extend(key.order());
            payouts.extend(key.order().is_none().then(|| key.origin.id()));
        } else {
            let written = store.done_to(target, &subject)?.into_iter();
            let of_run = written.filter(|done| done.run_id == run);
            listed.extend(of_run.map(|done| (done.write.source.entity, done.write.source.id)));
        }
    }
    let in_shop = store.done_in_shop_by(&run)?.into_iter();
    let in_shop: BTreeSet<(Entity, String)> = in_shop
        .filter(ShopChangeMade::stands)
        .map(|made| (made.step.source.entity, made.step.source.id))
        .collect();
    listed.extend(in_shop.iter().cloned());
    let mut problems = store.problems(Some(target), false)?;
    problems.retain(|problem| {
        let id = &problem.source.id;
        let is_of_run = match problem.source.entity {
            Entity::Payout => payouts.contains(id),
            entity @ (Entity::Customer | Entity::Product) => listed.contains(&(entity, id.clone())),
            Entity::Order | Entity::Refund => {
                id.parse().is_ok_and(|order: u64| orders.contains(&order))
            }
        };
        is_undone(problem) && is_of_run
    });
    let of_shop = problems.iter().map(|problem| &problem.source);
    let of_shop = of_shop.filter(|one| in_shop.contains(&(one.entity, one.id.clone())));
    for record in of_shop {
        if !goes_to_shop(&app.config.both, record.entity) {
            return Err(one_way(record));
        }
    }
    match problems.is_empty() {
        true => Err(none()),
        false => Ok(problems),
    }
}

/// Whether a run may write such a record to the shop. Notes and statuses of orders stay when a run is taken back.
fn goes_to_shop(both: &BothWays, entity: Entity) -> bool {
    match entity {
        Entity::Customer => both.customers == SyncDirection::Both,
        Entity::Product => both.products == SyncDirection::Both,
        Entity::Order | Entity::Refund | Entity::Payout => true,
    }
}

/// The hold would go and nothing would be written: the two sides would differ, and nobody would be told.
fn one_way(record: &RecordKey) -> Failure {
    let RecordKey { entity, number, .. } = record;
    Failure::new(
        "usage",
        format!("{entity} {number} was taken back in the shop, and nothing goes there now; it still stands undone"),
    )
    .hint(format!(
        "write `{entity}s = \"both\"` in `[sync.direction]`, then run the command again"
    ))
}

fn unknown(id: &str) -> Failure {
    Failure::new(
        "failure_unknown",
        format!("nothing is held or failed under `{id}`"),
    )
    .hint("`udsync retry --list` shows what is")
}
