//! The values that a shop has: runs, problems, schedules, and what the program knows by name. From this machine alone, and quickly.

use chrono_tz::TZ_VARIANTS;
use clap::Arg;

use super::super::args::Global;
use super::super::manual::page_names;
use super::super::session::open_shop;
use super::line::Candidate;
use crate::app::App;
use crate::app::doctor::CHECKS;
use crate::config::{self, process_env};
use crate::mapping::shipped::SHIPPED;
use crate::model::clock::local;
use crate::model::code;
use crate::store::{Calendar, History, Problems, RunFilter, Store};

/// So many runs are offered, the newest ones.
const RUNS: u32 = 50;

fn candidate(word: impl Into<String>, help: impl Into<String>) -> Candidate {
    Candidate {
        word: word.into(),
        help: help.into(),
    }
}

/// Knows the values of the shop that the line names.
pub fn known(global: &Global, words: &[String]) -> impl Fn(&str, &Arg) -> Vec<Candidate> {
    let mut global = global.clone();
    let named = |flag: &str| {
        let at = words.iter().position(|word| word == flag)?;
        words.get(at + 1).cloned()
    };
    if let Some(shop) = named("--shop") {
        global.shop = Some(shop);
        global.config = None;
    } else if let Some(path) = named("--config") {
        global.config = Some(path.into());
        global.shop = None;
    }
    // A press of a key asks nobody for a passphrase.
    global.no_input = true;
    global.password_command = None;
    move |spoken: &str, arg: &Arg| {
        let name = arg.get_value_names().and_then(|names| names.first());
        let name = name.map_or("", |name| name.as_str());
        match (spoken, arg.get_id().as_str(), name) {
            (_, "shop", _) => shops(),
            (_, _, "RUN") => of_state(&global, runs),
            ("retry" | "fix", _, "FAILURE" | "ID") => of_state(&global, problems),
            ("explain", "what", _) => {
                let mut found = of_state(&global, problems);
                found.extend(codes());
                found
            }
            (spoken, "schedule", _) if spoken.starts_with("schedule") => {
                of_state(&global, schedules)
            }
            (_, "timezone", _) => TZ_VARIANTS
                .iter()
                .map(|zone| candidate(zone.name(), ""))
                .collect(),
            ("doctor", "check", _) => CHECKS.iter().map(|check| candidate(check.id, "")).collect(),
            (_, _, "MAPPING") => SHIPPED
                .iter()
                .map(|mapping| candidate(mapping.name(), ""))
                .collect(),
            ("man", "page", _) => page_names()
                .iter()
                .map(|name| candidate(name.strip_prefix("udsync-").unwrap_or(name), ""))
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn of_state(global: &Global, read: fn(&App, &Store) -> Option<Vec<Candidate>>) -> Vec<Candidate> {
    let found = || {
        let app = open_shop(global).ok()?;
        read(&app, &Store::open_read_only(&app.state).ok()??)
    };
    found().unwrap_or_default()
}

fn runs(app: &App, store: &Store) -> Option<Vec<Candidate>> {
    let newest = RunFilter {
        limit: Some(RUNS),
        ..RunFilter::default()
    };
    let runs = store.runs(&newest).ok()?;
    let told = runs.iter().map(|run| {
        let at = local(run.started_at, app.config.rules.timezone);
        candidate(
            run.id.as_str(),
            format!("{at} {} {}", run.command, run.status.as_str()),
        )
    });
    Some(told.collect())
}

fn problems(_: &App, store: &Store) -> Option<Vec<Candidate>> {
    let problems = store.problems(None, false).ok()?;
    let told = problems.iter().map(|problem| {
        let source = &problem.source;
        candidate(
            problem.id.as_str(),
            format!(
                "{} {}: {}",
                source.entity, source.number, problem.reason.code
            ),
        )
    });
    Some(told.collect())
}

fn schedules(_: &App, store: &Store) -> Option<Vec<Candidate>> {
    let schedules = store.schedules().ok()?;
    let told = schedules
        .iter()
        .map(|schedule| candidate(schedule.name.as_str(), schedule.cron.as_str()));
    Some(told.collect())
}

fn shops() -> Vec<Candidate> {
    let folder = config::config_folder(&process_env).ok();
    let shops = folder.and_then(|folder| config::shops_in(&folder).ok());
    let names = shops.unwrap_or_default().into_iter();
    names.map(|name| candidate(name, "")).collect()
}

fn codes() -> Vec<Candidate> {
    let rows = code::sections().iter().flat_map(|section| &section.rows);
    rows.map(|row| candidate(row.code, row.meaning)).collect()
}
