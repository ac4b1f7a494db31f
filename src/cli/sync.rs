//! `sync`, `dry-run`, `apply` and `retry`: words in, words out around a run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;

use serde::Deserialize;

use super::args::{
    ApplyArgs, DryRunArgs, EntityName, Global, GuardArgs, Output, RetryArgs, ScopeArgs, SyncArgs,
    WaitArgs,
};
use super::days::days_of_sandbox;
use super::hearing::{self, Voice};
use super::report::{Failure, exit};
use super::session::{Session, stop_on_signals};
use super::show::Mood;
use super::{fix, metrics, out, saved, shell, show};
use crate::engine::undo::undone::is_undone;
use crate::model::payout::is_of_file;
use crate::model::plan::Entity;
use crate::model::problem::Problem;
use crate::model::run::{RunStatus, Tally};
use crate::model::service::Service;
use crate::run::aim::Aim;
use crate::run::saved::check_place;
use crate::run::sheet as csv;
use crate::run::{
    Consent, Ending, Guard, PayoutsToPost, RunAnswer, RunOutcome, RunRequest, RunSubject,
};
use crate::store::Problems;

/// Runs `sync`.
pub async fn sync(global: &Global, args: &SyncArgs) -> Result<u8, Failure> {
    if args.dry_run {
        return dry_run(global, &as_dry_run(args)).await;
    }
    let mut session = Session::open(global, args.scope.sandbox).await?;
    args.scope.direction.lay_over(&mut session.app.config.both);
    if args.events && session.output != Output::Json {
        return Err(Failure::new(
            "usage",
            "`--events` prints lines of JSON, and the answer was not asked for as JSON",
        )
        .hint("add `--json`"));
    }
    let voice = if args.events {
        Voice::Events
    } else {
        Voice::Answer
    };
    let subject = subject_with_file(&session, &args.scope)?;
    let request = request(&session, "sync", subject, &args.guard);
    write(&session, request, &args.guard, &args.wait, voice).await
}

/// `sync --dry-run` in its other words.
pub fn as_dry_run(args: &SyncArgs) -> DryRunArgs {
    DryRunArgs {
        scope: args.scope.clone(),
        wait: args.wait.clone(),
        fleet: args.fleet.clone(),
        out: None,
        exit_code: args.exit_code,
    }
}

/// Runs `retry` with something to try.
pub async fn retry(
    global: &Global,
    args: &RetryArgs,
    chosen: Option<Vec<Problem>>,
) -> Result<u8, Failure> {
    let session = Session::open(global, false).await?;
    let subject = match args.payouts_file.file {
        Some(_) => RunSubject::Payouts(of_file(&session, args, chosen)?),
        None => RunSubject::Problems(chosen),
    };
    let request = request(&session, "retry", subject, &args.guard);
    write(&session, request, &args.guard, &args.wait, Voice::Answer).await
}

/// The payouts of a file that are to be tried again: those that were chosen, or all of it that are held or failed.
fn of_file(
    session: &Session,
    args: &RetryArgs,
    chosen: Option<Vec<Problem>>,
) -> Result<PayoutsToPost, Failure> {
    let all = chosen.iter().flatten();
    let is_other =
        |one: &&Problem| one.source.entity != Entity::Payout || !is_of_file(&one.source.id);
    if let Some(other) = all.clone().find(is_other) {
        return Err(Failure::new(
            "usage",
            format!(
                "a file has payouts of its payment service, and {} {} is none of them",
                other.source.entity, other.source.number
            ),
        )
        .hint("try it without the file: `udsync retry ID`, then the others: `udsync retry ID --file FILE`"));
    }
    let ids: BTreeSet<String> = all.map(|one| one.source.id.clone()).collect();
    let file = args
        .payouts_file
        .read(&session.app, args.gateway.as_deref())?;
    let (only, asked) = match (chosen, &file) {
        (None, Some(file)) => {
            let mut open = session
                .app
                .store()?
                .problems(Some(Service::BOOKS.as_str()), false)?;
            open.retain(|one| one.source.entity == Entity::Payout && !is_undone(one));
            let open = open.into_iter().map(|one| one.source.id);
            let of_file: BTreeSet<String> = open.filter(|id| file.has(id)).collect();
            (of_file, BTreeSet::new())
        }
        _ => (ids.clone(), ids),
    };
    Ok(PayoutsToPost {
        file,
        only: Some(only),
        asked,
        with_bills: true,
        ..PayoutsToPost::default()
    })
}

/// Runs `apply`.
pub async fn apply(global: &Global, args: &ApplyArgs) -> Result<u8, Failure> {
    let plan = saved::read(&args.file)?;
    let mut session = Session::open(global, args.sandbox).await?;
    args.direction.lay_over(&mut session.app.config.both);
    check_place(&plan, &session.app)?;
    let subject = RunSubject::Plan(Box::new(plan));
    let request = request(&session, "apply", subject, &args.guard);
    write(&session, request, &args.guard, &args.wait, Voice::Answer).await
}

/// Records of the shop, or what payment services paid out.
pub(super) fn subject(scope: &ScopeArgs) -> Result<RunSubject, Failure> {
    if !scope.entities.contains(&EntityName::Payouts) {
        return Ok(RunSubject::Records(scope.selection()));
    }
    let is_alone = scope.entities.iter().all(|one| *one == EntityName::Payouts);
    let of_orders = [
        (scope.full, "--full"),
        (scope.verify, "--verify"),
        (!scope.status.is_empty(), "--status"),
        (!scope.id.is_empty(), "--id"),
        (scope.limit.is_some(), "--limit"),
        (!scope.to.is_empty(), "--to"),
    ];
    if !is_alone {
        return Err(Failure::new(
            "usage",
            "payouts are synced by themselves: what they are made of has to be posted first",
        )
        .hint("`udsync sync orders`, then `udsync sync payouts`"));
    }
    if let Some((_, flag)) = of_orders.iter().find(|(is_given, _)| *is_given) {
        return Err(Failure::new(
            "usage",
            format!("`{flag}` picks orders, and payouts have none of it"),
        )
        .hint("`--since` and `--until` pick payouts by the day on which they arrive"));
    }
    Ok(RunSubject::Payouts(PayoutsToPost {
        since: days_of_sandbox(scope.sandbox, scope.since),
        until: scope.until,
        ..PayoutsToPost::default()
    }))
}

/// The same, with the file that the payouts are read from.
fn subject_with_file(session: &Session, scope: &ScopeArgs) -> Result<RunSubject, Failure> {
    let mut subject = subject(scope)?;
    let gateway = scope.gateway.as_deref();
    let file = &scope.payouts_file;
    file.lay_into(&mut subject, &session.app, gateway)?;
    Ok(subject)
}

pub(super) fn request(
    session: &Session,
    command: &'static str,
    subject: RunSubject,
    guard: &GuardArgs,
) -> RunRequest {
    let may_ask =
        !session.no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let mut guard = guard.guard(may_ask);
    // In the sandbox nothing asks.
    if session.sandbox.is_some() && !matches!(guard.consent, Consent::Token(_)) {
        guard.consent = Consent::Given;
    }
    RunRequest {
        command,
        subject,
        ending: Ending::Apply,
        guard,
        lists_unchanged: session.all,
    }
}

/// A run that writes, from its request to its exit code.
pub(super) async fn write(
    session: &Session,
    request: RunRequest,
    guard: &GuardArgs,
    wait: &WaitArgs,
    voice: Voice,
) -> Result<u8, Failure> {
    let done = hearing::run(session, request, wait, stop_on_signals(), voice).await;
    if let Some(path) = &guard.metrics_file {
        let kept = session.app.store().map_err(Failure::from);
        let kept = kept.and_then(|store| metrics::keep(&session.app, &store, path));
        if let Err(failure) = kept {
            out::say(&format!(
                "note: no figures were written: {}",
                failure.message
            ));
        }
    }
    finish(session, voice, done?)
}

/// Prints what came of a run, and says how it ended.
fn finish(session: &Session, voice: Voice, outcome: RunOutcome) -> Result<u8, Failure> {
    match outcome {
        RunOutcome::Before { document, .. } => Ok(print_before(session, voice, &document)),
        RunOutcome::Ran(answer) => ended(session, voice, *answer),
    }
}

pub(super) fn ended(session: &Session, voice: Voice, mut answer: RunAnswer) -> Result<u8, Failure> {
    let exit = answer.exit();
    let wants_all = session.all || session.output != Output::Text;
    if wants_all && let Err(failure) = answer.list_all() {
        out::say(&format!(
            "note: only the first changes are listed: {}",
            failure.message
        ));
    }
    let Some(mut failure) = answer.failure.take() else {
        print(session, voice, &answer);
        return Ok(exit);
    };
    let has_figures = !answer.counted.is_empty();
    match session.output {
        // One document, and it is the one that says what is wrong.
        Output::Json if has_figures => {
            failure.run = serde_json::value::to_raw_value(&answer.document()).ok();
        }
        Output::Text | Output::Csv if has_figures => {
            // A leg that was stopped before it began has nothing to count.
            let counted = &answer.counted;
            let tallies = &mut answer.run.tallies;
            tallies.retain(|target, _| counted.contains(&target.as_str()));
            print(session, voice, &answer);
        }
        _ => {}
    }
    Err(failure)
}

/// What is needed of an earlier run's document.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Before {
    run_id: String,
    status: String,
    targets: BTreeMap<String, Tally>,
}

/// Prints what an earlier run under the same key did, and says how it ended.
fn print_before(session: &Session, voice: Voice, document: &str) -> u8 {
    let before: Before = serde_json::from_str(document).unwrap_or_default();
    match session.output {
        Output::Json if voice == Voice::Events => out::print_json_line(
            &serde_json::value::RawValue::from_string(document.replace('\n', ""))
                .unwrap_or_default(),
        ),
        Output::Json => out::print(document),
        Output::Text | Output::Csv => {
            let whole = ["succeeded", "partial"].contains(&before.status.as_str());
            let mood = if whole { Mood::Did } else { Mood::DidSoFar };
            let figures = show::summary_of(&before.targets, mood);
            out::answer(&format!("{figures}\n"));
            out::say(&format!(
                "note: run {} had this key; nothing was done again",
                before.run_id
            ));
        }
    }
    if before.status == RunStatus::Succeeded.as_str() {
        exit::DONE
    } else {
        exit::PROBLEMS
    }
}

/// Runs `dry-run`.
pub async fn dry_run(global: &Global, args: &DryRunArgs) -> Result<u8, Failure> {
    let mut session = Session::open(global, args.scope.sandbox).await?;
    args.scope.direction.lay_over(&mut session.app.config.both);
    let to_stream = saved::is_the_answer(args.out.as_deref(), session.output)?;
    let file = args.scope.payouts_file.file.as_deref();
    if args.out.is_some() && file.is_some_and(super::file::is_stream) {
        return Err(Failure::new(
            "usage",
            "a plan is compared with its payouts before it is sent, and standard input cannot be read again",
        )
        .hint("save what comes in to a file, and name that: `--file FILE`"));
    }
    if args.out.is_some() {
        let aim = Aim::of(&subject(&args.scope)?, &session.app.config, &[]);
        if aim.books.is_empty() {
            return Err(Failure::new(
                "usage",
                "a saved plan is one for the books, and this run is about the database alone",
            )
            .hint("leave out `--out`: a sync of rows can be run at any time"));
        }
    }
    let answer = foreseen(&session, &args.scope, &args.wait).await?;
    if let (Some(file), Some(plan)) = (&args.out, &answer.plan) {
        saved::save(file, plan)?;
    }
    let has_changes = answer.has_changes;
    if to_stream && answer.failure.is_none() {
        say_beside(&answer);
        return Ok(match args.exit_code && has_changes {
            true => exit::CHANGES,
            false => answer.exit(),
        });
    }
    let code = ended(&session, Voice::Answer, answer)?;
    if session.output == Output::Text && !session.quiet && has_changes {
        out::say(&how_to_go_on(&session, args));
    }
    Ok(if args.exit_code && has_changes {
        exit::CHANGES
    } else {
        code
    })
}

/// Plans and writes nothing.
pub async fn foreseen(
    session: &Session,
    scope: &ScopeArgs,
    wait: &WaitArgs,
) -> Result<RunAnswer, Failure> {
    let request = RunRequest {
        command: "dry-run",
        subject: subject_with_file(session, scope)?,
        ending: Ending::Show,
        guard: Guard::default(),
        lists_unchanged: session.all,
    };
    foresee(session, request, wait).await
}

/// Carries out a request that shows and writes nothing.
pub async fn foresee(
    session: &Session,
    request: RunRequest,
    wait: &WaitArgs,
) -> Result<RunAnswer, Failure> {
    match hearing::run(session, request, wait, stop_on_signals(), Voice::Answer).await? {
        RunOutcome::Ran(answer) => Ok(*answer),
        RunOutcome::Before { .. } => unreachable!("a run without a key has none before it"),
    }
}

/// Where the plan is the answer, what it comes to is said beside it.
pub fn say_beside(answer: &RunAnswer) {
    let ending = show::ending(&answer.report, &answer.run.tallies, Mood::of(&answer.run));
    out::say(ending.trim_end());
}

fn how_to_go_on(session: &Session, args: &DryRunArgs) -> String {
    let sandbox = if session.sandbox.is_some() {
        " --sandbox"
    } else {
        ""
    };
    let to = flags(&args.scope);
    let entities: Vec<String> = args
        .scope
        .selection()
        .entities
        .iter()
        .map(|entity| format!("{entity}s"))
        .collect();
    let entities = match args.scope.entities.contains(&EntityName::Payouts) {
        true => vec!["payouts".to_owned()],
        false => entities,
    };
    match &args.out {
        Some(file) => format!(
            "nothing was written; `udsync apply {}` sends exactly this",
            shell::word(&file.display().to_string())
        ),
        None => format!(
            "nothing was written; `udsync sync {}{to}{sandbox}` does this",
            entities.join(" ")
        ),
    }
}

/// What was said of the scope, as it was typed.
fn flags(args: &ScopeArgs) -> String {
    let mut flags: Vec<String> = Vec::new();
    for target in &args.to {
        flags.push(format!("--to {}", target.as_str()));
    }
    for (is_set, flag) in [(args.full, "--full"), (args.verify, "--verify")] {
        flags.extend(is_set.then(|| flag.to_owned()));
    }
    for (flag, day) in [("--since", args.since), ("--until", args.until)] {
        flags.extend(day.map(|day| format!("{flag} {day}")));
    }
    if !args.status.is_empty() {
        flags.push(format!("--status {}", args.status.join(",")));
    }
    if !args.id.is_empty() {
        let ids: Vec<String> = args.id.iter().map(u64::to_string).collect();
        flags.push(format!("--id {}", ids.join(",")));
    }
    flags.extend(args.limit.map(|limit| format!("--limit {limit}")));
    if let Some(file) = &args.payouts_file.file {
        flags.push(format!(
            "--file {}",
            shell::word(&file.display().to_string())
        ));
    }
    flags.extend(args.gateway.iter().map(|name| format!("--gateway {name}")));
    let ways = args.direction.direction.iter();
    flags.extend(ways.map(|way| format!("--direction {way}")));
    flags.iter().map(|flag| format!(" {flag}")).collect()
}

fn print(session: &Session, voice: Voice, answer: &RunAnswer) {
    let (run, report) = (&answer.run, &answer.report);
    match session.output {
        Output::Text => {
            // What the sandbox of this command holds is gone with it.
            let problems = match session.sandbox {
                Some(_) => report.problems.clone(),
                None => fix::with_ways(&session.app, &report.problems, &session.shop_flags),
            };
            out::answer(&show::report_with(
                report,
                &problems,
                &run.tallies,
                Mood::of(run),
                session.all,
            ));
            if session.sandbox.is_some() && !session.quiet && !run.dry_run {
                out::say(
                    "this was the sandbox: a shop and a company on this machine, gone by now\n\
                     `udsync sandbox` keeps them running: a second sync then posts nothing twice",
                );
            }
        }
        Output::Json if voice == Voice::Events => out::print_json_line(&answer.document()),
        Output::Json => out::print_json(&answer.document()),
        Output::Csv => {
            out::print(&csv::changes(&report.changes, session.all));
            if !session.quiet {
                out::say(show::ending(report, &run.tallies, Mood::of(run)).trim_end());
            }
        }
    }
}
