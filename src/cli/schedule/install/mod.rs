//! `schedule install` and `uninstall`: what starts `udsync schedule run` with the system. A unit for systemd, a block of the
//! crontab, or a job for launchd.
//!
//! A file that is there already and is not ours is never touched: ours begin with a line that says so. Starting and
//! stopping is left to whoever sits there; the commands for it are shown.

mod cron;
mod launchd;
mod reach;
mod systemd;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{config_path, open_shop, output};
use super::super::typed::said;
use crate::app::App;
use crate::files;

/// The words by which we know our own.
const MARK: &str = "Written by udsync, and removed by udsync schedule uninstall";

fn mark(flags: &str) -> String {
    format!("{MARK} {flags}")
}

/// Let the system work the schedules off
///
/// Writes one unit for systemd, one block into your crontab, or one job for launchd, which starts `udsync schedule run`. It
/// shows what it wrote and the commands that start it, and touches nothing that it has not written. Credentials that are
/// not stored with `udsync connect` stand in a file beside the configuration that ends with .env, one NAME=value a line.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule install --systemd --user\n  udsync schedule install --cron --print\n  udsync schedule install --systemd --print"
)]
pub struct InstallArgs {
    #[command(flatten)]
    pub kind: UnitKind,
    /// Only print what would be written
    #[arg(long)]
    pub print: bool,
}

/// Take back what `schedule install` wrote
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule uninstall --systemd --user\n  udsync schedule uninstall --cron\n  udsync schedule uninstall --systemd"
)]
pub struct UninstallArgs {
    #[command(flatten)]
    pub kind: UnitKind,
}

#[derive(Clone, Copy, Debug, Args)]
#[group(id = "kind", required = true, multiple = true)]
pub struct UnitKind {
    /// A unit for systemd
    #[arg(long, conflicts_with_all = ["cron", "launchd"])]
    pub systemd: bool,
    /// With --systemd: for this user's own manager instead of the whole system's
    #[arg(long, requires = "systemd")]
    pub user: bool,
    /// A block in this user's crontab
    #[arg(long, conflicts_with = "launchd")]
    pub cron: bool,
    /// A job for launchd of macOS
    #[arg(long)]
    pub launchd: bool,
}

/// What is to be started, and where it lives.
struct Job {
    shop: String,
    program: PathBuf,
    config: PathBuf,
    /// Named in every command: what starts it has another environment, and perhaps another home.
    state: PathBuf,
    environment: PathBuf,
    /// What says the passphrase, where that was named: it is no secret, and the unit names it too.
    password_command: Option<String>,
}

impl Job {
    fn of(global: &Global, app: &App) -> Result<Job, Failure> {
        let config = absolute(&config_path(global)?)?;
        let program = program()?;
        let job = Job {
            shop: app.config.shop.name.clone(),
            program,
            environment: config.with_extension("env"),
            state: absolute(&app.state)?,
            config,
            password_command: global.password_command.clone(),
        };
        if job
            .password_command
            .as_ref()
            .is_some_and(|text| text.contains(['\n', '\r']))
        {
            return Err(unusable(
                "the password command cannot stand in a file of the system".to_owned(),
            ));
        }
        for path in [&job.program, &job.config, &job.state] {
            let plain = path
                .to_str()
                .is_some_and(|text| !text.contains(['\n', '\r']));
            if !plain {
                return Err(unusable(format!(
                    "`{}` cannot stand in a file of the system",
                    path.display()
                )));
            }
        }
        Ok(job)
    }

    fn folder(&self) -> &Path {
        self.config.parent().unwrap_or(Path::new("/"))
    }

    fn state_folder(&self) -> &Path {
        self.state.parent().unwrap_or(Path::new("/"))
    }

    /// The program and its arguments, word by word.
    fn words(&self, end: &[&str]) -> Vec<String> {
        let text = |path: &Path| path.display().to_string();
        let mut words = vec![
            text(&self.program),
            "--config".to_owned(),
            text(&self.config),
        ];
        words.extend(["--state".to_owned(), text(&self.state)]);
        if let Some(command) = &self.password_command {
            words.extend(["--password-command".to_owned(), command.clone()]);
        }
        words.push("--no-input".to_owned());
        words.extend(end.iter().map(|word| (*word).to_owned()));
        words
    }
}

/// Something to be written, and what is done with it afterwards.
struct InstalledFile {
    kind: &'static str,
    /// A file, or the name of what it is put into.
    place: String,
    text: String,
    /// To start it, and to stop it.
    start: Vec<String>,
    stop: Vec<String>,
}

/// Runs `schedule install`.
pub fn install(global: &Global, args: &InstallArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let job = Job::of(global, &app)?;
    let piece = piece(&job, args.kind)?;
    let missing = reach::missing(&app, &job, args.kind)?;
    if !args.print {
        if args.kind.cron {
            cron::put(&job, Some(&piece.text))?;
        } else if args.kind.launchd && !cfg!(target_os = "macos") {
            return Err(Failure::new(
                "not_macos",
                "launchd is the manager of macOS, and this is another system",
            )
            .hint("`--print` shows the job; here it is `--systemd` or `--cron`"));
        } else {
            write(Path::new(&piece.place), &piece.text)?;
        }
    }
    answer(
        global,
        &piece,
        if args.print { Did::Printed } else { Did::Wrote },
        &missing,
    );
    Ok(exit::DONE)
}

/// Runs `schedule uninstall`.
pub fn uninstall(global: &Global, args: &UninstallArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let job = Job::of(global, &app)?;
    let mut piece = piece(&job, args.kind)?;
    let removed = if args.kind.cron {
        cron::put(&job, None)?
    } else {
        let path = Path::new(&piece.place);
        let removed = remove(path)?;
        if removed && args.kind.systemd {
            systemd::forget_start(path);
        }
        removed
    };
    piece.text.clear();
    answer(
        global,
        &piece,
        if removed { Did::Removed } else { Did::Nothing },
        &[],
    );
    Ok(exit::DONE)
}

fn piece(job: &Job, kind: UnitKind) -> Result<InstalledFile, Failure> {
    if kind.systemd {
        systemd::piece(job, kind.user)
    } else if kind.cron {
        Ok(cron::piece(job))
    } else {
        launchd::piece(job)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Did {
    Printed,
    Wrote,
    Removed,
    Nothing,
}

#[derive(Serialize)]
struct InstallDocument<'a> {
    schema: &'static str,
    kind: &'a str,
    place: &'a str,
    /// `printed`, `written`, `removed`, `nothing`.
    done: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    commands: &'a [String],
    /// What a run that the system starts would not have.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    missing: &'a [String],
}

fn answer(global: &Global, piece: &InstalledFile, did: Did, missing: &[String]) {
    let commands = match did {
        Did::Printed | Did::Wrote => &piece.start,
        Did::Removed | Did::Nothing => &piece.stop,
    };
    let (done, words) = match did {
        Did::Printed => ("printed", String::new()),
        Did::Wrote => ("written", format!("written into {}", piece.place)),
        Did::Removed => ("removed", format!("removed from {}", piece.place)),
        Did::Nothing => (
            "nothing",
            format!("there is nothing of ours in {}", piece.place),
        ),
    };
    if output(global) == Output::Json {
        out::print_json(&InstallDocument {
            schema: "udsync/schedule-install/1",
            kind: piece.kind,
            place: &piece.place,
            done,
            text: &piece.text,
            commands,
            missing,
        });
        return;
    }
    out::print(&piece.text);
    // It will not work like this, so not even `--quiet` keeps it back.
    for words in missing {
        out::say(&said(&format!("warning: {words}"), global));
    }
    if global.quiet || did == Did::Printed {
        return;
    }
    out::say(&words);
    let verb = if did == Did::Wrote { "start" } else { "stop" };
    if did != Did::Nothing && !commands.is_empty() {
        out::say(&format!("to {verb} it:"));
        for command in commands {
            out::say(&format!("  {command}"));
        }
    }
}

/// Writes a file that is not there or is ours.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    ours(path)?;
    let unwritten = |error: std::io::Error| {
        Failure::new(
            "unit_unwritten",
            format!("could not write `{}`: {error}", path.display()),
        )
        .hint("see that this user may write there; `--print` shows what it would be")
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unwritten)?;
    }
    // Whole or not at all: a manager may be reading.
    files::replace_open(path, "udsync-new", text.as_bytes()).map_err(unwritten)
}

/// Removes a file of ours. Says whether there was one.
fn remove(path: &Path) -> Result<bool, Failure> {
    if !ours(path)? {
        return Ok(false);
    }
    fs::remove_file(path).map_err(|error| {
        Failure::new(
            "unit_unwritten",
            format!("could not remove `{}`: {error}", path.display()),
        )
        .hint("see that this user may write there")
    })?;
    Ok(true)
}

/// Whether there is a file of ours; an error if there is one of somebody else's.
fn ours(path: &Path) -> Result<bool, Failure> {
    match files::read_text(path, 1_000_000) {
        Ok(text) if text.contains(MARK) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Ok(_) | Err(_) => Err(Failure::new(
            "not_ours",
            format!(
                "`{}` is there, and udsync has not written it",
                path.display()
            ),
        )
        .hint("it stays as it is: move it away, then run the command again")),
    }
}

/// The program as it was called. A link to it stays a link: what a package manager puts behind it changes with each version.
fn program() -> Result<PathBuf, Failure> {
    let itself = std::env::current_exe()
        .map_err(|error| unusable(format!("could not tell where udsync itself is: {error}")))?;
    let Some(called) = std::env::args_os().next().map(PathBuf::from) else {
        return Ok(itself);
    };
    let candidates = if called.components().count() > 1 {
        vec![absolute(&called)?]
    } else {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&folders)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(&called))
            .collect()
    };
    // Whoever started us may call us anything; only what leads here is believed.
    let real = fs::canonicalize(&itself).ok();
    let leads_here = |path: &PathBuf| real.is_some() && fs::canonicalize(path).ok() == real;
    Ok(candidates.into_iter().find(leads_here).unwrap_or(itself))
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| {
        unusable(format!(
            "could not tell where `{}` is: {error}",
            path.display()
        ))
    })
}

fn unusable(said: String) -> Failure {
    Failure::new("path_unusable", said)
        .hint("move it to a plain path, and name it with `--config FILE` or `--state FILE`")
}

/// The home folder of whoever this is for.
fn home() -> Result<PathBuf, Failure> {
    std::env::var_os("HOME")
        .filter(|home| !home.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::new("no_home", "the environment does not say where your home is")
                .hint("set `HOME`, or use `--print`")
        })
}
