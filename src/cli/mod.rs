//! Words in, words out: the command line. Only this room prints.

mod access;
mod amend;
mod args;
mod ask;
mod beside;
mod child;
mod complete;
mod config;
mod conflicts;
mod connect;
mod consent;
mod dashboard;
mod days;
mod doctor;
mod env_file;
mod examples;
mod explain;
mod export;
mod file;
mod fix;
mod flags;
mod fleet;
mod hearing;
mod history;
mod init;
mod living;
mod log;
pub mod manual;
mod mapping;
mod metrics;
mod notify;
mod out;
mod paint;
mod paper;
mod password;
mod payouts;
mod payouts_file;
mod plain;
mod posted;
mod precedence;
mod privacy;
mod progress;
mod reconcile;
mod report;
mod retry;
mod rolling;
mod sandbox;
mod sandbox_folder;
mod sandbox_words;
mod saved;
mod schedule;
mod selection;
mod serve;
mod session;
mod shell;
mod shops;
mod show;
mod status;
mod story;
mod story_time;
mod story_world;
mod sync;
mod table;
mod typed;
mod undo;
mod variables;
mod verify;
mod webhooks;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Cli, Command, Global, Output};
use clap::error::{ContextKind, ContextValue};
use report::{Failure, exit};

/// Runs the program: reads the arguments, does the work, prints the answer.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let cli = match args::read(words.iter().cloned()) {
        Ok(cli) => cli,
        Err(error) => return misread(&in_one_line(of_variable(error, &words)), &words),
    };
    if let Some(file) = &cli.global.env_file {
        return match env_file::enter(file, &words) {
            Ok(code) => code,
            Err(failure) => told(&failure, &cli),
        };
    }
    show_color(&cli.global);
    if let Some(shop) = typed::called(&cli.global) {
        out::is_about(shop);
    }
    variables::warn_of_unknown();
    variables::warn_of_strange_shops(&cli.global);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            out::say(&format!("error: could not start: {error}"));
            return ExitCode::from(exit::FAILED);
        }
    };
    let done = log::start(&cli.global).and_then(|()| {
        runtime.block_on(async {
            session::outlive_a_full_disk();
            run(&cli).await
        })
    });
    // Whatever still runs in the background has nothing left to say.
    runtime.shutdown_background();
    match done {
        // Of what was found nobody has heard: to a script that is a failure.
        Ok(code) if out::is_unwritten() && code != exit::INTERRUPTED => {
            ExitCode::from(exit::FAILED)
        }
        Ok(code) => ExitCode::from(code),
        Err(failure) => told(&typed::ended(failure, &cli.global), &cli),
    }
}

fn told(failure: &Failure, cli: &Cli) -> ExitCode {
    let line_by_line = matches!(&cli.command, Command::Sync(args) if args.events);
    match session::output(&cli.global) {
        Output::Json if line_by_line => out::print_json_line(failure),
        Output::Json => out::print_json(failure),
        Output::Text | Output::Csv => eprint(failure),
    }
    ExitCode::from(failure.exit)
}

/// What is said of a command line that means nothing; `None`: it can be run, or asks for help. It runs nothing.
pub fn refusal(tree: &mut clap::Command, words: &[OsString]) -> Option<String> {
    let error = args::read_as(tree, words.iter().cloned()).err()?;
    let error = in_one_line(error);
    error
        .use_stderr()
        .then(|| plain_words(&error.render().to_string()))
}

/// Help and versions are answers; everything else that clap says is a mistake in the words.
fn misread(error: &clap::Error, words: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        out::print(&error.render().to_string());
        return ExitCode::from(match out::is_unwritten() {
            true => exit::FAILED,
            false => exit::DONE,
        });
    }
    if wants_json(words) {
        out::print_json(&Failure::from_words(error));
        return ExitCode::from(exit::USAGE);
    }
    let said = error.render();
    let bare = said.to_string();
    // Its colours are ours only where nothing else in it steers the screen.
    if console::colors_enabled_stderr() && plain::text(&bare) == bare {
        out::say_in_colours(&plain_words(&said.ansi().to_string()));
    } else {
        out::say_as_it_is(&plain_words(&bare));
    }
    ExitCode::from(exit::USAGE)
}

/// A value that was not typed but stands in a variable is told as that.
fn of_variable(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    if error.kind() == clap::error::ErrorKind::InvalidUtf8
        && words.iter().all(|word| word.to_str().is_some())
        && let Some(name) = variables::no_text()
    {
        let said = format!("`{name}` is no text: it has bytes that are no UTF-8\n");
        return clap::Error::raw(error.kind(), said);
    }
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let name = flag.split([' ', '=']).next().unwrap_or_default();
    let Some(long) = name
        .strip_prefix("--")
        .filter(|long| !precedence::is_typed(words, long))
    else {
        return error;
    };
    let variable = format!("UDSYNC_{}", long.replace('-', "_").to_uppercase());
    if std::env::var_os(&variable).is_some_and(|value| !value.is_empty()) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(variable));
    }
    error
}

/// What was typed stands in one line of what is said of it: it neither begins another nor steers the screen.
fn in_one_line(mut error: clap::Error) -> clap::Error {
    let typed: Vec<(ContextKind, String)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(word) if kind != ContextKind::Usage => Some((kind, word.clone())),
            _ => None,
        })
        .collect();
    for (kind, word) in typed {
        error.insert(kind, ContextValue::String(plain::line(&word).into_owned()));
    }
    error
}

/// What a parser says to a programmer, in words for everybody else.
fn plain_words(said: &str) -> String {
    const WORDS: [(&str, &str); 20] = [
        ("invalid digit found in string", "write a whole number"),
        (
            "cannot parse integer from empty string",
            "write a whole number",
        ),
        (
            "number too large to fit in target type",
            "that is too large a number",
        ),
        (
            "number too small to fit in target type",
            "that is too small a number",
        ),
        ("premature end of input", A_DAY),
        ("input contains invalid characters", A_DAY),
        ("input is out of range", A_DAY),
        ("trailing input", A_DAY),
        ("input is not enough for unique date and time", A_DAY),
        ("relative URL without a base", AN_ADDRESS),
        ("relative URL with a cannot-be-a-base base", AN_ADDRESS),
        ("empty host", AN_ADDRESS),
        ("invalid international domain name", AN_ADDRESS),
        ("invalid port number", AN_ADDRESS),
        ("invalid IPv4 address", AN_ADDRESS),
        ("invalid IPv6 address", AN_ADDRESS),
        ("invalid domain character", AN_ADDRESS),
        (
            "the following required arguments were not provided:",
            "something is missing:",
        ),
        (
            "invalid UTF-8 was detected in one or more arguments",
            "a word of it is no text: it has bytes that are no UTF-8",
        ),
        ("unrecognized subcommand", "there is no command"),
    ];
    const AN_ADDRESS: &str = "write a whole address, as https://shop.example.com";
    const A_DAY: &str = "write a day as 2026-01-31";
    let mut text = said.to_owned();
    for (raw, plain) in WORDS {
        text = text.replace(raw, plain);
    }
    // What was typed stands between, with its colour.
    if let Some((head, rest)) = text.split_once("unexpected argument ")
        && let Some((typed, tail)) = rest.split_once(" found")
    {
        text = format!("{head}this command has no use for {typed}{tail}");
    }
    if let Some((head, rest)) = text.split_once("to pass ")
        && let Some((typed, tail)) = rest.split_once(" as a value, use ")
    {
        text = format!("{head}if {typed} is a value, write {tail}");
    }
    text
}

/// Whether a command line that could not be read asks for JSON all the same.
fn wants_json(words: &[OsString]) -> bool {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|given| given == word);
    let typed = (1..words.len()).any(|at| {
        is(at, "--json") || is(at, "--output=json") || (is(at, "--output") && is(at + 1, "json"))
    });
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    typed
        || variable("UDSYNC_OUTPUT") == "json"
        || args::yes_or_no(&variable("UDSYNC_JSON")) == Some(true)
}

/// Does it, in the world of a story where it is typed in the folder of one.
async fn run(cli: &Cli) -> Result<u8, Failure> {
    let Some(story) = story::open(&cli.global, &cli.command).await? else {
        return run_command(cli).await;
    };
    let done = match &cli.command {
        Command::Sandbox(args) => match &args.what {
            Some(what) => story.run(&cli.global, what).await,
            None => run_command(cli).await,
        },
        _ => run_command(cli).await,
    };
    let kept = story.close().await;
    done.and_then(|code| kept.map(|()| code))
}

async fn run_command(cli: &Cli) -> Result<u8, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Alone => status::alone(global).await,
        Command::Status(args) => status::status(global, args).await,
        Command::Shops(args) => shops::shops(global, args),
        Command::Init(args) => init::init(global, args).await,
        Command::Connect(command) => connect::connect(global, command).await,
        Command::Sync(args) if args.fleet.all_shops => fleet::runs::sync(global, args).await,
        Command::DryRun(args) if args.fleet.all_shops => fleet::runs::dry_run(global, args).await,
        Command::Retry(args) if args.fleet.all_shops => fleet::runs::retry(global, args).await,
        Command::Doctor(args) if args.fleet.all_shops => fleet::looks::doctor(global, args).await,
        Command::History(args) if args.fleet.all_shops => fleet::looks::history(global, args).await,
        Command::Reconcile(args) if args.fleet.all_shops => {
            fleet::looks::reconcile(global, args).await
        }
        Command::Reconcile(args) => reconcile::reconcile(global, args).await,
        Command::Payouts(command) => payouts::payouts(global, command).await,
        Command::Explain(args) => explain::explain(global, args).await,
        Command::Verify(args) => verify::verify(global, args).await,
        Command::Conflicts(args) => conflicts::conflicts(global, args),
        Command::Doctor(args) => doctor::doctor(global, args).await,
        Command::Sync(args) => sync::sync(global, args).await,
        Command::DryRun(args) => sync::dry_run(global, args).await,
        Command::Apply(args) => sync::apply(global, args).await,
        Command::Retry(args) => retry::retry(global, args).await,
        Command::Undo(args) => undo::undo(global, args).await,
        Command::History(args) => history::history(global, args),
        Command::Report(args) => posted::report(global, args),
        Command::Export(args) => export::export(global, args),
        Command::Notify(command) => notify::notify(global, command).await,
        Command::Privacy(command) => privacy::privacy(global, command).await,
        Command::Schedule(command) => schedule::schedule(global, command).await,
        Command::Mapping(command) => mapping::mapping(global, command).await,
        Command::Dashboard(args) => dashboard::dashboard(global, args).await,
        Command::Serve(args) => serve::serve(global, args).await,
        Command::Webhooks(command) => webhooks::webhooks(global, command).await,
        Command::Access(command) => access::access(global, command),
        Command::Sandbox(args) if args.what.is_some() => Err(story::missing()),
        Command::Sandbox(args) if args.story => story::begin(global, args).await,
        Command::Sandbox(args) => sandbox::sandbox(global, args).await,
        Command::Config(command) => config::config(global, command).await,
        Command::Completions(args) => manual::completions(args),
        Command::Fix(args) => fix::fix(global, args),
        Command::CompleteLine(args) => complete::complete_line(global, args),
        Command::Man(args) => manual::man(args),
    }
}

fn eprint(failure: &Failure) {
    out::say(failure.words().trim_end());
}

fn show_color(global: &Global) {
    let forced = match global.color {
        args::Color::Always => true,
        args::Color::Never => false,
        // Of a variable that is empty the library would think that it is set.
        args::Color::Auto if std::env::var_os("NO_COLOR").is_some_and(|set| set.is_empty()) => {
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            console::set_colors_enabled(console::Term::stdout().is_term() && !dumb);
            console::set_colors_enabled_stderr(console::Term::stderr().is_term() && !dumb);
            return;
        }
        args::Color::Auto => return,
    };
    console::set_colors_enabled_stderr(forced);
    console::set_colors_enabled(forced);
}
