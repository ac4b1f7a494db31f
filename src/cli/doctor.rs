//! `doctor`: looks everything over and tells what needs a person.

use crate::app::doctor::{self, CHECKS, Check, Finding, Level, Matter, Options};
use clap::Args;

use crate::model::service::Service;
use crate::run::findings::{Counts, exit_code, findings_document};

use super::args::{FleetArgs, Global, Output};
use super::out;
use super::paint::{Painted, style};
use super::report::{Failure, exit};
use super::session::{Session, config_path, output};
use super::table::{paragraph, width_of_answer};
use super::typed::said;
use crate::run::sheet as csv;

/// Look everything over, and change nothing
///
/// Each check has an id, says what is so, and where something needs a person also why and what to do. The shop and QuickBooks are
/// asked once each, and nothing is written to either. Recent orders are compared with the configuration, so that a tax rate, a
/// gateway or a status that nobody mapped is found before it holds an order back.
///
/// One thing may be written: where the sign-in to QuickBooks is due to be renewed, the new one is kept in the state file.
///
/// Exit code: 0 when nothing needs a person (notes and warnings do not), 1 when something does, 2 when all of it is about the
/// configuration, 4 when all of it is about credentials, 5 when a service is not there and that is all.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync doctor
  udsync doctor --check books --check mapping.tax_codes
  udsync doctor --offline --json
  udsync doctor --all-shops")]
pub struct DoctorArgs {
    /// Run only this check, or this group of checks
    #[arg(long, value_name = "ID")]
    pub check: Vec<String>,
    /// Look at the orders of so many days
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub days: u32,
    /// Ask no service; look at this machine only
    #[arg(long)]
    pub offline: bool,
    /// Use the built-in sandbox: a shop and a company on this machine, made anew for this look
    #[arg(long)]
    pub sandbox: bool,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// The checks that were named, or all.
pub fn checks(args: &DoctorArgs) -> Result<Vec<&'static Check>, Failure> {
    doctor::named(&args.check).map_err(unknown)
}

/// Runs it.
pub async fn doctor(global: &Global, args: &DoctorArgs) -> Result<u8, Failure> {
    let checks = checks(args)?;
    let opened = Session::open(global, args.sandbox).await;
    let (shop, found) = match opened {
        Ok(session) => {
            let options = Options {
                days: args.days,
                offline: args.offline,
            };
            let Session {
                app,
                sandbox: _running,
                ..
            } = session;
            let facts = doctor::gather(app, &options, &checks).await;
            let mut found = doctor::examine(&facts, &checks);
            for finding in &mut found {
                finding.fix = finding.fix.take().map(|fix| said(&fix, global));
            }
            (Some(facts.config.shop.name), found)
        }
        // Without a configuration nothing else can be looked at, and that is what there is to say.
        Err(failure) if failure.exit == exit::USAGE => (None, vec![unread(global, &failure)]),
        Err(failure) => return Err(failure),
    };
    let code = exit_code(&found);
    match output(global) {
        Output::Json => out::print_json(&findings_document(shop, &found, code)),
        Output::Text => out::answer(&text(&found, global.quiet)),
        Output::Csv => out::print(&csv::findings(&found)),
    }
    Ok(code)
}

fn unknown(word: &String) -> Failure {
    let mut groups: Vec<&str> = CHECKS.iter().map(Check::group).collect();
    groups.dedup();
    let group = word.split('.').next().unwrap_or_default();
    let near: Vec<&str> = CHECKS
        .iter()
        .filter(|check| check.group() == group)
        .map(|check| check.id)
        .collect();
    let known = if near.is_empty() { groups } else { near };
    Failure::new("check_unknown", format!("there is no check `{word}`"))
        .hint(format!("there are `{}`", known.join("`, `")))
}

/// A configuration that cannot be read, as what the first check found.
fn unread(global: &Global, failure: &Failure) -> Finding {
    let mut finding = Finding::problem(failure.message.clone()).matter(Matter::Config);
    let path = config_path(global).ok();
    finding.cause = failure
        .complaints
        .first()
        .map(|first| format!("line {}: {}", first.line, first.message));
    finding.fix = failure.hint.clone().or_else(|| {
        let path = path.map_or_else(
            || "udsync.toml".to_owned(),
            |path| path.display().to_string(),
        );
        Some(format!(
            "`udsync config check` shows every mistake in `{path}` with its line"
        ))
    });
    finding.of(&CHECKS[0])
}

/// What stands before each finding; the word says as much as the colour.
fn sign(level: Level) -> Painted<&'static str> {
    match level {
        Level::Ok => style("ok     ").green(),
        Level::Note => style("note   ").cyan(),
        Level::Warning => style("warning").yellow(),
        Level::Problem => style("PROBLEM").red().bold(),
    }
}

/// Below a sign, its finding goes on.
const INDENT: usize = 10;
/// And below `why: ` and `fix: `, what follows.
const BELOW: usize = INDENT + 5;

fn text(found: &[Finding], quiet: bool) -> String {
    let width = width_of_answer();
    let mut text = String::new();
    let mut group = "";
    for finding in found {
        if quiet && finding.level != Level::Problem {
            continue;
        }
        if finding.group() != group {
            group = finding.group();
            text.push_str(&format!("{group}\n"));
        }
        let said = paragraph(
            &format!("{}: {}", finding.id, finding.said),
            INDENT,
            INDENT,
            width,
        );
        text.push_str(&format!("  {} {}", sign(finding.level), said.trim_start()));
        // A check that is in order has nothing to explain, except which of several ways it is in order.
        for (word, words) in [("why:", &finding.cause), ("fix:", &finding.fix)] {
            let Some(words) = words.as_ref().filter(|words| !words.is_empty()) else {
                continue;
            };
            match words.contains('\n') {
                true => text.push_str(&to_paste(finding, word, words)),
                false => {
                    text.push_str(&paragraph(&format!("{word} {words}"), INDENT, BELOW, width))
                }
            }
        }
    }
    if !quiet {
        text.push_str(&summary(&Counts::of(found)));
    }
    text
}

/// Lines that are there to be pasted keep their breaks.
fn to_paste(finding: &Finding, word: &str, words: &str) -> String {
    let what = match Service::from_word(finding.group()) {
        Some(Service::Supabase) => "run in the database (at Supabase: in the SQL editor)",
        _ => "add to the configuration",
    };
    let mut text = format!("{:INDENT$}{word} {what}\n", "");
    for line in words.lines() {
        text.push_str(&format!("{:BELOW$}{line}\n", ""));
    }
    text
}

pub fn summary(counts: &Counts) -> String {
    let say = |number: usize, one: &str, more: &str| {
        (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { more }))
    };
    let parts: Vec<String> = [
        say(counts.problem, "problem", "problems"),
        say(counts.warning, "warning", "warnings"),
        say(counts.note, "note", "notes"),
        say(counts.ok, "check in order", "checks in order"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{}\n", parts.join(", "))
}
