//! What of a command line means nothing for every shop at once.

use super::super::args::{Command, FleetArgs};

/// What is about one shop, in words; `None`: nothing is.
pub fn refused(command: &Command) -> Option<String> {
    let (fleet, flags): (&FleetArgs, Vec<(bool, &str)>) = match command {
        Command::Sync(args) => (
            &args.fleet,
            vec![
                (args.scope.sandbox, "sandbox"),
                (args.events, "events"),
                (!args.scope.id.is_empty(), "id"),
                (args.guard.confirm.is_some(), "confirm"),
                (args.guard.idempotency_key.is_some(), "idempotency-key"),
            ],
        ),
        Command::DryRun(args) => (
            &args.fleet,
            vec![
                (args.scope.sandbox, "sandbox"),
                (!args.scope.id.is_empty(), "id"),
                (args.out.is_some(), "out"),
            ],
        ),
        Command::Retry(args) => (
            &args.fleet,
            vec![
                (args.run.is_some(), "run"),
                (args.set_aside, "set-aside"),
                (args.skip.is_some(), "skip"),
                (args.restore.is_some(), "restore"),
                (args.guard.confirm.is_some(), "confirm"),
                (args.guard.idempotency_key.is_some(), "idempotency-key"),
            ],
        ),
        Command::History(args) => (&args.fleet, vec![(args.export.is_some(), "export")]),
        Command::Doctor(args) => (&args.fleet, vec![(args.sandbox, "sandbox")]),
        Command::Reconcile(args) => (
            &args.fleet,
            vec![(args.sandbox, "sandbox"), (args.out.is_some(), "out")],
        ),
        Command::Verify(args) => (&args.fleet, vec![(args.head.is_some(), "head")]),
        Command::Payouts(command) => command.over_shops()?,
        _ => return None,
    };
    if !fleet.all_shops {
        return None;
    }
    let named = match command {
        Command::Retry(args) => args.failures.first(),
        Command::History(args) => args.run.as_ref(),
        _ => None,
    };
    if let Some(id) = named {
        return Some(format!(
            "`{id}` is of one shop; name it with --shop instead of --all-shops"
        ));
    }
    let flag = flags.iter().find(|(given, _)| *given)?.1;
    Some(format!(
        "--{flag} is about one shop; name it with --shop instead of --all-shops"
    ))
}
