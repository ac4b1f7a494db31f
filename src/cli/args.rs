//! The words of the command line. Doc comments here are the help, the manual pages and the completions.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Parser, Subcommand, ValueEnum};

use super::access::AccessCommand;
use crate::model::service::Service;

use super::complete::scripts::{CompleteLineArgs, CompletionShell};
use super::conflicts::ConflictsArgs;
use super::connect::ConnectCommand;
use super::dashboard::DashboardArgs;
use super::doctor::DoctorArgs;
use super::examples::with_examples;
use super::explain::ExplainArgs;
use super::export::BooksExportArgs;
use super::fix::FixArgs;
use super::fleet::refusals::refused;
use super::init::InitArgs;
use super::mapping::MappingCommand;
use super::notify::NotifyCommand;
use super::payouts::PayoutsCommand;
use super::payouts_file::PayoutsFileArgs;
use super::posted::ReportArgs;
use super::privacy::PrivacyCommand;
use super::reconcile::ReconcileArgs;
use super::sandbox_words::SandboxArgs;
use super::schedule::ScheduleCommand;
use super::serve::ServeArgs;
use super::shops::ShopsArgs;
use super::status::StatusArgs;
use super::verify::VerifyArgs;
use super::webhooks::WebhooksCommand;
pub use crate::app::metrics::day_after;

pub use super::flags::{Color, Global, LogFormat, Output, OutputFlag, yes_or_no};
use super::precedence::{is_without_say, with_environment};
pub use super::selection::{DirectionArgs, EntityName, FleetArgs, GuardArgs, ScopeArgs, WaitArgs};

/// Keep a WooCommerce shop, its QuickBooks Online books and a Supabase copy in step
///
/// udsync reads the shop's orders, plans the documents that the books should hold, shows the plan, and posts each document
/// exactly once and to the cent. Customers, items and the rows of a database follow the shop too. Every flag --some-flag can be given as
/// environment variable UDSYNC_SOME_FLAG; a flag goes before a variable, and an empty variable is none. Start with
/// `udsync sync orders --sandbox`, which needs no account.
///
/// Typed alone, it says how the shop stands and what to do next, and ends with 0; with --json it ends with the code that the answer names.
#[derive(Debug, Parser)]
#[command(
    name = "udsync",
    version = VERSION,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Examples:\n  udsync sync orders --sandbox\n  udsync init\n  udsync retry --list"
)]
struct TypedCli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// A command line as it was read.
#[derive(Debug)]
pub struct Cli {
    pub global: Global,
    pub command: Command,
}

/// Which build it is: version, commit with its day, and the machine that it is for.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("UDSYNC_BUILD"), ")");

#[derive(Debug, Subcommand)]
pub enum Command {
    /// `udsync` alone.
    #[command(skip)]
    Alone,
    Status(StatusArgs),
    Init(Box<InitArgs>),
    #[command(subcommand)]
    Connect(ConnectCommand),
    Sync(SyncArgs),
    DryRun(DryRunArgs),
    Apply(ApplyArgs),
    Retry(RetryArgs),
    Shops(ShopsArgs),
    Fix(FixArgs),
    Undo(UndoArgs),
    History(HistoryArgs),
    Reconcile(ReconcileArgs),
    #[command(subcommand)]
    Payouts(PayoutsCommand),
    Report(ReportArgs),
    Export(BooksExportArgs),
    Explain(ExplainArgs),
    Verify(VerifyArgs),
    Conflicts(ConflictsArgs),
    #[command(subcommand)]
    Notify(NotifyCommand),
    #[command(subcommand)]
    Privacy(PrivacyCommand),
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    #[command(subcommand)]
    Mapping(MappingCommand),
    Dashboard(DashboardArgs),
    Serve(ServeArgs),
    #[command(subcommand)]
    Webhooks(WebhooksCommand),
    #[command(subcommand)]
    Access(AccessCommand),
    Sandbox(SandboxArgs),
    #[command(subcommand)]
    Config(ConfigCommand),
    Doctor(DoctorArgs),
    Completions(CompletionsArgs),
    #[command(hide = true)]
    CompleteLine(CompleteLineArgs),
    Man(ManArgs),
}

/// Plan, then post what is missing
///
/// Reads what changed in the shop since the last run, plans the documents the books should hold, asks if there is much to
/// write, and posts each document once. Records that cannot be posted are held with a reason and come again by themselves when the
/// order or the configuration changes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync sync orders\n  udsync sync orders --since 2026-01-01 --yes\n  udsync sync all --all-shops --yes"
)]
pub struct SyncArgs {
    #[command(flatten)]
    pub scope: ScopeArgs,
    #[command(flatten)]
    pub guard: GuardArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
    /// Show the plan and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// With --dry-run: end with code 10 if there is anything to write
    #[arg(long)]
    pub exit_code: bool,
    /// With --json: print an event a line while the run goes on, and the answer on the last line
    #[arg(long)]
    pub events: bool,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// Show what a sync would write, and write nothing
///
/// The plan is made by the very code that syncs, from the same reading of the shop and the books. Save it with --out and send
/// exactly that with `udsync apply`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync dry-run orders\n  udsync dry-run orders --since 2026-01-01 --exit-code\n  udsync dry-run orders --out plan.json && udsync apply plan.json"
)]
pub struct DryRunArgs {
    #[command(flatten)]
    pub scope: ScopeArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
    #[command(flatten)]
    pub fleet: FleetArgs,
    /// Save the plan to this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// End with code 10 if there is anything to write
    #[arg(long)]
    pub exit_code: bool,
}

/// Send exactly a saved plan
///
/// Refuses with code 6 if an order, a document in the books or the configuration changed since the plan was saved.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync apply plan.json\n  udsync apply plan.json --yes --json\n  udsync dry-run orders --out plan.json && udsync apply plan.json --yes"
)]
pub struct ApplyArgs {
    /// The plan, as saved by `udsync dry-run --out`
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub guard: GuardArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
    /// Use the built-in sandbox
    #[arg(long)]
    pub sandbox: bool,
    #[command(flatten)]
    pub direction: DirectionArgs,
}

/// Try held and failed records again
///
/// Without an id and without --all it lists them. What is temporary is tried again by every sync, until it has failed
/// `max_attempts` times in a row: then it is parked, and waits for this command or for its order to change.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync retry --list\n  udsync retry F7K2\n  udsync retry --run 0192f3c4-a1b2\n  udsync retry --skip F7K2 --why \"test order\"\n  udsync retry --restore F7K2\n  udsync retry --list --all-shops"
)]
pub struct RetryArgs {
    /// Ids as `udsync retry --list` shows them, or order ids of the shop
    #[arg(value_name = "FAILURE")]
    pub failures: Vec<String>,
    /// Try everything that is held or failed, but for what stands undone
    #[arg(long, conflicts_with_all = ["failures", "list", "skip", "restore"])]
    pub all: bool,
    /// Post the orders again that were taken back with this run
    #[arg(long, value_name = "RUN", conflicts_with_all = ["failures", "all", "list", "set_aside", "skip", "restore"])]
    pub run: Option<String>,
    /// List what is held, failed or parked, those with the same cause together
    #[arg(long, conflicts_with = "failures")]
    pub list: bool,
    /// List what is set aside instead
    #[arg(long, conflicts_with_all = ["failures", "all", "skip", "restore"])]
    pub set_aside: bool,
    /// Set this one aside for good
    #[arg(long, value_name = "ID", requires = "why", conflicts_with_all = ["failures", "list"])]
    pub skip: Option<String>,
    /// Why it is set aside; kept with it
    #[arg(long, value_name = "TEXT", requires = "skip")]
    pub why: Option<String>,
    /// Take back that this one was set aside: it is held, failed or in conflict again, as its code says, and the next sync looks at it
    #[arg(long, value_name = "ID", conflicts_with_all = ["failures", "list", "skip"])]
    pub restore: Option<String>,
    #[command(flatten)]
    pub payouts_file: PayoutsFileArgs,
    /// With --file: the payment service whose mapping the file is read with; without it, the one that fits
    #[arg(long, value_name = "NAME", requires = "file")]
    pub gateway: Option<String>,
    #[command(flatten)]
    pub guard: GuardArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// Take a run back
///
/// Documents that the run made go out of the books, in the reverse order; those that it changed get their former words and figures
/// back, and so do the fields of accounts and products that it wrote, in the books and in the shop. Before anything is written,
/// everything is looked at: what somebody has edited, settled, deposited or found on a bank statement since, and what is closed, is in
/// the way and listed with code 7. What was taken back stands undone, and no sync writes it again until `udsync retry --run RUN` or
/// `udsync sync orders --id` asks for it. Customers and items that the run made stay, and so do notes and statuses in the shop.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync undo 0192f3c4-a1b2 --dry-run\n  udsync undo 0192f3c4-a1b2 --why \"wrong tax code\"\n  udsync undo 0192f3c4-a1b2 --partial --yes\n  udsync undo 0192f3c4-a1b2 --out undo.json && udsync apply undo.json"
)]
pub struct UndoArgs {
    /// The run's id as `udsync history` shows it, or the beginning of it
    #[arg(value_name = "RUN")]
    pub run: String,
    /// Show what would be done, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Save the plan to this file for `udsync apply`, and write nothing else
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Leave out the orders that cannot be taken back, and go on with the others
    #[arg(long)]
    pub partial: bool,
    /// Why it is taken back; kept with each order
    #[arg(long, value_name = "TEXT")]
    pub why: Option<String>,
    #[command(flatten)]
    pub guard: GuardArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
}

/// Show past runs, or one run with its changes
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Examples:\n  udsync history --since 2026-11-01 --status partial\n  udsync history 0192f3c4-a1b2\n  udsync history --since 2026-11-01 --export csv --out november.csv\n  udsync history metrics"
)]
pub struct HistoryArgs {
    #[command(subcommand)]
    pub what: Option<HistoryCommand>,
    /// A run's id, or the beginning of it
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Only runs over this kind of record
    #[arg(long, value_name = "ENTITY", value_enum)]
    pub entity: Option<EntityName>,
    /// Only runs that ended like this
    #[arg(long, value_parser = ["running", "succeeded", "partial", "failed", "interrupted", "refused"])]
    pub status: Option<String>,
    /// Only runs begun on or after this day
    #[arg(long, value_name = "DATE")]
    pub since: Option<NaiveDate>,
    /// Only runs begun on or before this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
    /// So many runs on a page: 20, or all of them with --export
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    /// This page, the newest runs being on the first
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub page: u32,
    /// Write the runs, or one run with its changes, as a table for a spreadsheet
    #[arg(long, value_name = "FORM", value_enum)]
    pub export: Option<ExportForm>,
    /// Into this file; without it, csv goes to standard output
    #[arg(long, value_name = "FILE", requires = "export")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    Csv,
    #[cfg(feature = "xlsx")]
    Xlsx,
}

#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    Metrics(MetricsArgs),
}

/// Show runs, records, errors, durations and requests by day
///
/// Days are those of the books' time zone. What waits for a person is counted as the most that waited at once.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync history metrics --since 2026-11-01\n  udsync history metrics --metrics-file /var/lib/node_exporter/udsync.prom\n  udsync history metrics"
)]
pub struct MetricsArgs {
    /// From this day on; the last thirty days if not given
    #[arg(long, value_name = "DATE")]
    pub since: Option<NaiveDate>,
    /// Up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
    /// Write figures for the Prometheus node exporter to this file too
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
}

/// Look at the configuration
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every effective value and where it comes from; secrets are never shown
    #[command(
        after_help = "Examples:\n  udsync config show\n  udsync config show --shop aurora --json\n  udsync config show --json"
    )]
    Show,
    /// Report every mistake in the configuration file
    #[command(
        after_help = "Examples:\n  udsync config check --config udsync.toml\n  udsync config check\n  udsync config check --all-shops --json"
    )]
    Check(FleetArgs),
    /// Print the path of the configuration file
    #[command(
        after_help = "Examples:\n  udsync config path --shop aurora\n  udsync config path\n  udsync config path --json"
    )]
    Path,
}

/// Print a shell's completion script
///
/// With --dynamic the script asks udsync what can stand at the cursor, so that ids and names of the shop are offered too. Nushell has
/// this kind alone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync completions bash > ~/.local/share/bash-completion/completions/udsync\n  udsync completions bash --dynamic > ~/.local/share/bash-completion/completions/udsync\n  udsync completions nushell > ~/.config/nushell/autoload/udsync.nu"
)]
pub struct CompletionsArgs {
    #[arg(value_enum)]
    pub shell: CompletionShell,
    /// Print a small script that asks udsync at each press of the key: it offers runs, problems, schedules and shops by name
    #[arg(long)]
    pub dynamic: bool,
}

/// Print a page of the manual
///
/// Each command has a page, and so has each matter: `udsync man --list` names them. At a terminal it is shown to be read; into a pipe or a
/// file goes the page itself, for `man -l -`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync man sync\n  udsync man mapping check\n  udsync man accounting | man -l -\n  udsync man --list\n  udsync man --into ~/.local/share/man"
)]
pub struct ManArgs {
    /// A command or a matter; without it, udsync itself
    #[arg(value_name = "PAGE")]
    pub page: Vec<String>,
    /// List the pages
    #[arg(long, conflicts_with = "page")]
    pub list: bool,
    /// Write all pages into this folder, where `man` finds them
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["page", "list"])]
    pub into: Option<PathBuf>,
}

/// Reads the command line and the environment.
pub fn read(words: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Cli, clap::Error> {
    let words: Vec<std::ffi::OsString> = words.into_iter().collect();
    let mut tree = with_examples(with_environment(
        <TypedCli as clap::CommandFactory>::command(),
        &|variable| is_without_say(variable, &words),
    ));
    read_as(&mut tree, words)
}

/// The same with a tree that is there already.
pub fn read_as(
    command: &mut clap::Command,
    words: impl IntoIterator<Item = std::ffi::OsString>,
) -> Result<Cli, clap::Error> {
    let matches = command.try_get_matches_from_mut(words)?;
    let typed = <TypedCli as clap::FromArgMatches>::from_arg_matches(&matches)?;
    let cli = Cli {
        global: typed.global,
        command: typed.command.unwrap_or(Command::Alone),
    };
    let cli =
        settle(cli, &matches).map_err(|words| command.error(ErrorKind::ArgumentConflict, words))?;
    check(&cli).map_err(|words| command.error(ErrorKind::ValueValidation, words))?;
    Ok(cli)
}

/// Finds what is well written and can mean nothing.
fn check(cli: &Cli) -> Result<(), String> {
    let global = &cli.global;
    if let Some(words) = refused(&cli.command) {
        return Err(words);
    }
    for (flag, path) in [
        ("config", &global.config),
        ("state", &global.state),
        ("log-file", &global.log_file),
    ] {
        if path.as_deref().is_some_and(super::file::is_stream) {
            return Err(format!(
                "--{flag} needs a file of its own, and `-` is a stream"
            ));
        }
    }
    if global.shops.len() > 1 && !matches!(cli.command, Command::Serve(_) | Command::Access(_)) {
        return Err("--shop was given more than once, and only `serve` takes several".to_owned());
    }
    let days = match &cli.command {
        Command::Report(args) => Some(args.days),
        Command::Export(args) => Some(args.days),
        Command::Reconcile(args) => Some(args.days),
        _ => None,
    };
    if let Some(days) = days
        && let (Some(from), Some(until)) = (days.from, days.until)
        && from > until
    {
        return Err(format!("--from {from} is after --until {until}"));
    }
    let (since, until, limit) = match &cli.command {
        Command::Sync(SyncArgs { scope, .. }) | Command::DryRun(DryRunArgs { scope, .. }) => {
            (scope.since, scope.until, scope.limit)
        }
        Command::History(args) => {
            if args.run.as_deref().is_some_and(|run| run.trim().is_empty()) {
                return Err("the id of the run is empty".to_owned());
            }
            if let Some(HistoryCommand::Metrics(args)) = &args.what {
                (args.since, args.until, None)
            } else {
                let limit = args.limit.and_then(|limit| limit.try_into().ok());
                (args.since, args.until, limit)
            }
        }
        _ => return Ok(()),
    };
    if let (Some(since), Some(until)) = (since, until)
        && since > until
    {
        return Err(format!("--since {since} is after --until {until}"));
    }
    if limit == Some(0) {
        return Err("--limit 0 leaves nothing; give 1 or more".to_owned());
    }
    Ok(())
}

/// Whether the command that was typed, or one below it, can be about every shop.
fn has_all_shops(typed: &ArgMatches) -> bool {
    let below = typed.subcommand().map(|(_, inner)| inner);
    typed.try_contains_id("all_shops").is_ok() || below.is_some_and(has_all_shops)
}

/// Whether it is about the built-in sandbox.
fn in_sandbox(typed: &ArgMatches) -> bool {
    let flag = typed.try_get_one::<bool>("sandbox").ok().flatten();
    let below = typed.subcommand().map(|(_, inner)| inner);
    flag == Some(&true) || below.is_some_and(in_sandbox)
}

/// Settles what excludes each other. A flag that was typed wins over an environment variable; only two that were both
/// typed are a mistake.
fn settle(mut cli: Cli, matches: &ArgMatches) -> Result<Cli, String> {
    let typed = |matches: &ArgMatches, name: &str| {
        matches.value_source(name) == Some(ValueSource::CommandLine)
    };
    let one_of = |matches: &ArgMatches, one: &str, other: &str| match (
        typed(matches, one),
        typed(matches, other),
    ) {
        (true, true) => Err(format!(
            "the argument '--{one}' cannot be used with '--{other}'"
        )),
        (_, other) => Ok(other),
    };
    let global = &mut cli.global;
    global.shop = global.shops.first().cloned();
    // Of two variables the first named here wins.
    if global.json && global.output.is_some() {
        if one_of(matches, "json", "output")? {
            global.json = false;
        } else {
            global.output = None;
        }
    }
    if global.quiet && global.verbose > 0 {
        if one_of(matches, "quiet", "verbose")? {
            global.quiet = false;
        } else {
            global.verbose = 0;
        }
    }
    if global.config.is_some() && global.shop.is_some() {
        if one_of(matches, "config", "shop")? {
            global.config = None;
        } else {
            global.shop = None;
            global.shops.clear();
        }
    }
    let Some((_, inner)) = matches.subcommand() else {
        return Ok(cli);
    };
    cli.global.has_all_shops = has_all_shops(inner);
    cli.global.in_sandbox = in_sandbox(inner);
    nothing_ignored(&cli, matches, inner, &typed)?;
    let scope = match &mut cli.command {
        Command::Sync(args) => &mut args.scope,
        Command::DryRun(args) => &mut args.scope,
        _ => return Ok(cli),
    };
    let Some((_, matches)) = matches.subcommand() else {
        return Ok(cli);
    };
    if scope.id.is_empty() {
        return Ok(cli);
    }
    for filter in ["since", "until", "status", "limit"] {
        if one_of(matches, "id", filter)? {
            scope.id.clear();
            return Ok(cli);
        }
    }
    // The ids say it all.
    scope.since = None;
    scope.until = None;
    scope.status.clear();
    scope.limit = None;
    Ok(cli)
}

/// Refuses what was typed and would have no effect. Variables hold for every command, so of those nothing is refused.
fn nothing_ignored(
    cli: &Cli,
    matches: &ArgMatches,
    inner: &ArgMatches,
    typed: &dyn Fn(&ArgMatches, &str) -> bool,
) -> Result<(), String> {
    let (scope, to_json_only) = match &cli.command {
        Command::Sync(args) => {
            if typed(inner, "exit_code") && !args.dry_run {
                return Err("--exit-code tells what a dry run found; add --dry-run".to_owned());
            }
            (Some(&args.scope), false)
        }
        Command::DryRun(args) => (Some(&args.scope), false),
        Command::Apply(_)
        | Command::Retry(_)
        | Command::Undo(_)
        | Command::History(_)
        | Command::Doctor(_)
        | Command::Reconcile(_)
        | Command::Shops(_)
        | Command::Report(_) => (None, false),
        Command::Status(args) => (None, !args.fleet.all_shops),
        Command::Alone => (None, true),
        Command::Export(_) => {
            if let Some(flag) = ["json", "output"].iter().find(|flag| typed(matches, flag)) {
                return Err(format!(
                    "--{flag} has no effect here; --hledger or --beancount says what is written"
                ));
            }
            (None, true)
        }
        Command::Schedule(command) => (None, !command.has_csv()),
        Command::Init(args) => {
            let of_a_shop = ["url", "environment", "company_id", "quickbooks_url"];
            if args.sandbox
                && let Some(flag) = of_a_shop.iter().find(|flag| typed(inner, flag))
            {
                let flag = flag.replace('_', "-");
                return Err(format!(
                    "--{flag} names a shop of your own, and --sandbox brings one"
                ));
            }
            (None, true)
        }
        Command::Connect(_)
        | Command::Payouts(_)
        | Command::Notify(_)
        | Command::Privacy(_)
        | Command::Mapping(_)
        | Command::Dashboard(_)
        | Command::Serve(_)
        | Command::Webhooks(_)
        | Command::Access(_)
        | Command::Sandbox(_)
        | Command::Config(_)
        | Command::Completions(_)
        | Command::CompleteLine(_)
        | Command::Fix(_)
        | Command::Explain(_)
        | Command::Verify(_)
        | Command::Conflicts(_)
        | Command::Man(_) => (None, true),
    };
    if let Some(form) = cli.global.paper()
        && typed(matches, "output")
        && !matches!(cli.command, Command::Report(_) | Command::Reconcile(_))
    {
        return Err(format!(
            "only `report` and `reconcile` have --output {}",
            form.as_str()
        ));
    }
    if to_json_only && cli.global.output == Some(OutputFlag::Csv) && typed(matches, "output") {
        return Err(
            "this command has no table for --output csv; it prints text or json".to_owned(),
        );
    }
    if let Some(scope) = scope
        && typed(inner, "verify")
        && !scope.full
        && scope.to == [Service::BOOKS]
    {
        return Err(
            "--verify compares with the database, and --to quickbooks leaves it out; with --full it compares the books"
                .to_owned(),
        );
    }
    Ok(())
}

/// The command tree, each flag with its environment variable.
pub fn command() -> clap::Command {
    with_examples(with_environment(
        <TypedCli as clap::CommandFactory>::command(),
        &|_| false,
    ))
}
