//! `sync`, `dry-run` and `retry` over every shop.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::super::args::{DryRunArgs, Global, GuardArgs, RetryArgs, ScopeArgs, SyncArgs, WaitArgs};
use super::super::hearing::{self, Voice};
use super::super::report::{Failure, exit};
use super::super::session::Session;
use super::super::show::{Mood, summary_in_line};
use super::super::sync::{as_dry_run, request, subject};
use super::super::{out, show};
use super::all::{ShopAnswer, keep_metrics, over_all, raw};
use super::looks::retry_list;
use crate::run::{Ending, Guard, RunOutcome, RunRequest, RunSubject};

/// `sync --all-shops`.
pub async fn sync(global: &Global, args: &SyncArgs) -> Result<u8, Failure> {
    if args.dry_run {
        return dry_run(global, &as_dry_run(args)).await;
    }
    let spoken = format!("sync {}", records(&args.scope));
    args.scope.payouts_file.not_for_all()?;
    let subject = subject(&args.scope)?;
    let done = over_all(global, &args.fleet, &spoken, async |global, stop| {
        let mut session = Session::open(&global, false).await?;
        args.scope.direction.lay_over(&mut session.app.config.both);
        let request = request(&session, "sync", subject.clone(), &args.guard);
        answer(&session, request, &args.wait, stop).await
    })
    .await;
    metrics(global, &args.guard);
    done
}

/// `dry-run --all-shops`. Whether anything is to be written is told where somebody asked for it.
pub async fn dry_run(global: &Global, args: &DryRunArgs) -> Result<u8, Failure> {
    let spoken = format!("dry-run {}", records(&args.scope));
    args.scope.payouts_file.not_for_all()?;
    let subject = subject(&args.scope)?;
    over_all(global, &args.fleet, &spoken, async |global, stop| {
        let mut session = Session::open(&global, false).await?;
        args.scope.direction.lay_over(&mut session.app.config.both);
        let request = RunRequest {
            command: "dry-run",
            subject: subject.clone(),
            ending: Ending::Show,
            guard: Guard::default(),
            lists_unchanged: session.all,
        };
        let mut done = answer(&session, request, &args.wait, stop).await?;
        let writes = done
            .tallies
            .values()
            .any(|tally| tally.created + tally.updated + tally.voided + tally.deleted > 0);
        if args.exit_code && writes {
            done.exit = exit::CHANGES;
        }
        Ok(done)
    })
    .await
}

/// `retry --all-shops`: with `--all` it tries everything, else it lists.
pub async fn retry(global: &Global, args: &RetryArgs) -> Result<u8, Failure> {
    args.payouts_file.not_for_all()?;
    if !args.all {
        return retry_list(global, args).await;
    }
    let done = over_all(global, &args.fleet, "retry --all", async |global, stop| {
        let session = Session::open(&global, false).await?;
        let request = request(&session, "retry", RunSubject::Problems(None), &args.guard);
        answer(&session, request, &args.wait, stop).await
    })
    .await;
    metrics(global, &args.guard);
    done
}

async fn answer(
    session: &Session,
    request: RunRequest,
    wait: &WaitArgs,
    stop: Arc<AtomicBool>,
) -> Result<ShopAnswer, Failure> {
    let outcome = hearing::run(session, request, wait, stop, Voice::Silent).await?;
    let mut done = match outcome {
        RunOutcome::Ran(done) => *done,
        RunOutcome::Before { .. } => unreachable!("a run over all shops has no key"),
    };
    let exit = done.exit();
    if let Some(mut failure) = done.failure.take() {
        if !done.counted.is_empty() {
            failure.run = Some(raw(&done.document()));
        }
        return Err(failure);
    }
    let figures = summary_in_line(&done.run.tallies, Mood::of(&done.run));
    let said = match done.report.problems.is_empty() {
        true => figures,
        false => format!("{figures} ({})", show::codes(&done.report.problems)),
    };
    Ok(ShopAnswer::new(exit, &said, &done.document())?.counting(&done.run.tallies))
}

/// The records as they are typed.
fn records(scope: &ScopeArgs) -> String {
    let words: Vec<&str> = scope.entities.iter().map(|name| name.as_str()).collect();
    words.join(" ")
}

fn metrics(global: &Global, guard: &GuardArgs) {
    let keep = |path: &Path| keep_metrics(global, path);
    if let Some(Err(failure)) = guard.metrics_file.as_deref().map(keep) {
        out::say(&format!(
            "note: no figures were written: {}",
            failure.message
        ));
    }
}
