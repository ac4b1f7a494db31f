//! `status`, and `udsync` alone: how things stand and what to do next, in five lines.

use chrono_tz::Tz;
use clap::Args;

use crate::app::App;
use crate::app::overview::{NextStep, ShopOverview, ShopStanding};
use crate::config::{self, LocateError, process_env};
use crate::model::clock::local;
use crate::model::service::Service;

use super::args::{FleetArgs, Global, Output};
use super::fleet::all::{ShopAnswer, over_all};
use super::paint::style;
use super::report::{Failure, exit};
use super::sandbox_folder::WORLD;
use super::session::{config_path, open_shop, output, shop_flags};
use super::show::{Mood, summary_in_line};
use super::table::{paragraph, width_of_answer};
use super::{out, story_world};

/// Show how things stand, and what to do next
///
/// Five lines from what lies on this machine: the last run, the books, what waits for a person, what runs by itself, and the command to
/// type next. No service is asked and nothing is written, so it answers at once, also while a run is at work. `udsync` alone shows the
/// same and ends with 0.
///
/// Exit code: 0 when nothing needs a person, 3 when records are held or failed, 4 when something is not connected, 2 when nothing is
/// set up yet, and the code of the last run where that broke off.
#[derive(Debug, Default, Args)]
#[command(
    after_help = "Examples:\n  udsync status\n  udsync status --json\n  udsync status --all-shops"
)]
pub struct StatusArgs {
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// Runs `status`.
pub async fn status(global: &Global, args: &StatusArgs) -> Result<u8, Failure> {
    if args.fleet.all_shops {
        return of_all(global, &args.fleet).await;
    }
    match located(global)? {
        Located::None => {
            let seen = ShopOverview::of_nothing();
            print(global, &seen, None);
            Ok(seen.exit)
        }
        Located::Several => of_all(global, &FleetArgs::all()).await,
        Located::One => {
            let app = open_shop(global)?;
            let mut seen = seen(global, &app)?;
            if seen.standing == ShopStanding::InStep && is_in_a_story(global) {
                let next_day = NextStep {
                    command: "udsync sandbox next".to_owned(),
                    why: "lets the next day of the story come".to_owned(),
                };
                seen.next.insert(0, next_day);
            }
            print(global, &seen, Some(app.config.rules.timezone));
            Ok(seen.exit)
        }
    }
}

/// Runs `udsync` alone: whoever types it wants to read, and no script looks at how it ends. A script that asks for JSON is told in it how
/// the command ends, and that is how it ends.
pub async fn alone(global: &Global) -> Result<u8, Failure> {
    let code = status(global, &StatusArgs::default()).await?;
    Ok(match output(global) {
        Output::Json => code,
        Output::Text | Output::Csv => exit::DONE,
    })
}

enum Located {
    None,
    One,
    Several,
}

fn located(global: &Global) -> Result<Located, Failure> {
    let folder = std::env::current_dir().unwrap_or_default();
    let found = config::locate(
        global.config.as_deref(),
        global.shop.as_deref(),
        &folder,
        &process_env,
    );
    match found {
        Ok(_) => Ok(Located::One),
        // Without a home there is no shop either, and the sandbox needs none.
        Err(LocateError::None { .. } | LocateError::NoHome(_)) => Ok(Located::None),
        Err(LocateError::Several { .. }) => Ok(Located::Several),
        Err(error) => Err(Failure::new("config_not_found", error.to_string()).hint(error.hint())),
    }
}

/// Whether it is typed in the folder of a story that has another day.
fn is_in_a_story(global: &Global) -> bool {
    let found = config_path(global).ok();
    let world = found.and_then(|config| Some(config.parent()?.join(WORLD)));
    world.is_some_and(|world| story_world::has_another_day(&world))
}

fn seen(global: &Global, app: &App) -> Result<ShopOverview, Failure> {
    let store = app.state_to_read()?;
    Ok(app.overview(&store, &shop_flags(global))?)
}

async fn of_all(global: &Global, fleet: &FleetArgs) -> Result<u8, Failure> {
    over_all(global, fleet, "status", async |global: Global, _| {
        let app = open_shop(&global)?;
        let seen = seen(&global, &app)?;
        let line = headline(&seen);
        ShopAnswer::new(seen.exit, &line, &seen)
    })
    .await
}

fn print(global: &Global, seen: &ShopOverview, zone: Option<Tz>) {
    match output(global) {
        Output::Json => out::print_json(seen),
        Output::Text | Output::Csv => {
            out::answer(&words(seen, zone.unwrap_or(Tz::UTC), width_of_answer()));
        }
    }
}

/// How it stands, in a few words.
pub fn headline(seen: &ShopOverview) -> String {
    let waiting = &seen.waiting;
    match seen.standing {
        ShopStanding::NotSetUp => "nothing is set up yet".to_owned(),
        ShopStanding::Working => match &seen.working {
            Some(work) => {
                let command = work.command.as_deref().unwrap_or("a run");
                let progress = work.progress.as_deref().map(|done| format!(" ({done})"));
                format!("`{command}` is at work{}", progress.unwrap_or_default())
            }
            None => "a run is at work".to_owned(),
        },
        ShopStanding::NotConnected => {
            let service = seen.unconnected().map_or("no service", |one| one.service);
            match seen.connections.is_empty() {
                true => "no service is configured".to_owned(),
                false => format!("{service} is not connected"),
            }
        }
        ShopStanding::ConnectionBroken => {
            let service = seen.unconnected().map_or("a service", |one| one.service);
            format!("the connection to {service} is broken")
        }
        ShopStanding::RunFailed => match seen.failure() {
            Some(error) => format!("the last run ended early: {}", error.message),
            None => "the last run ended early".to_owned(),
        },
        ShopStanding::Waiting => {
            let states = [
                (waiting.held, "held"),
                (waiting.failed, "failed"),
                (waiting.parked, "parked"),
                (waiting.conflicts, "in conflict"),
            ];
            let states: Vec<String> = states
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| format!("{count} {word}"))
                .collect();
            format!("{}: {}", states.join(", "), causes(seen))
        }
        ShopStanding::NeverRun => "set up, and nothing was posted yet".to_owned(),
        ShopStanding::InStep => "in step".to_owned(),
    }
}

/// The most frequent reasons, as many as a line takes.
fn causes(seen: &ShopOverview) -> String {
    const SHOWN: usize = 3;
    let causes = &seen.waiting.causes;
    let mut said: Vec<String> = causes
        .iter()
        .take(SHOWN)
        .map(|cause| match cause.count {
            1 => cause.code.clone(),
            count => format!("{} {count}", cause.code),
        })
        .collect();
    if causes.len() > SHOWN {
        said.push("…".to_owned());
    }
    said.join(", ")
}

/// Where the words of every line begin.
const LABEL: usize = 12;

fn words(seen: &ShopOverview, zone: Tz, width: Option<usize>) -> String {
    let mut text = String::new();
    let mut line = |label: &str, words: &str| {
        let labelled = paragraph(words, LABEL, LABEL, width);
        text.push_str(&format!("{label:LABEL$}{}", labelled.trim_start()));
    };
    if seen.standing == ShopStanding::NotSetUp {
        line(
            "udsync",
            "nothing is set up yet; three commands to begin with:",
        );
    } else {
        let shop = seen.shop.as_deref().unwrap_or_default();
        let headline = match seen.exit {
            exit::DONE => style(headline(seen)).green().to_string(),
            exit::PROBLEMS => style(headline(seen)).yellow().to_string(),
            _ => style(headline(seen)).red().to_string(),
        };
        line("shop", &format!("{shop}: {headline}"));
        line("last run", &last_run(seen, zone));
        line("books", &books(seen));
        line("by itself", &by_itself(seen, zone));
        if let Some(warning) = &seen.warning {
            line("soon", warning);
        }
    }
    let shown = match seen.standing {
        ShopStanding::NotSetUp => 3,
        _ => 2,
    };
    for (at, step) in seen.next.iter().take(shown).enumerate() {
        let label = if at == 0 { "next" } else { "" };
        line(label, &format!("`{}` {}", step.command, step.why));
    }
    text
}

fn last_run(seen: &ShopOverview, zone: Tz) -> String {
    let Some(run) = &seen.run else {
        return "none yet".to_owned();
    };
    let figures = summary_in_line(&run.tallies, Mood::of(run));
    format!(
        "{}, {}: {figures}",
        local(run.started_at, zone),
        run.command
    )
}

fn books(seen: &ShopOverview) -> String {
    let orders = match seen.posted {
        0 => "no order is posted yet".to_owned(),
        1 => "1 order is posted".to_owned(),
        n => format!("{n} orders are posted"),
    };
    let company = seen
        .connections
        .iter()
        .find(|one| one.service == Service::BOOKS.as_str());
    let company = company.and_then(|one| one.what.as_ref());
    match company {
        Some(company) => format!("{orders} in {company}"),
        None => orders,
    }
}

fn by_itself(seen: &ShopOverview, zone: Tz) -> String {
    match (&seen.schedules.next, seen.schedules.enabled) {
        (Some(next), enabled) => {
            let more = match enabled {
                0 | 1 => String::new(),
                n => format!("; {n} schedules in all"),
            };
            let name = &next.name;
            let at = local(next.when, zone);
            match (seen.schedules.late, seen.schedules.worked) {
                (true, _) => format!(
                    "`{name}` was due at {at}, and nothing has started it: `udsync schedule install --help` says how to"
                ),
                (false, false) => {
                    format!("`{name}` next at {at}{more}; nothing has run by itself so far")
                }
                (false, true) => format!("`{name}` next at {at}{more}"),
            }
        }
        (None, _) => "no schedule".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::overview::NextTime;

    #[test]
    fn a_schedule_that_nobody_works_off_is_told() {
        let mut seen = ShopOverview::of_nothing();
        let when = "2026-12-02T18:07:00Z".parse().expect("an instant");
        seen.schedules.enabled = 1;
        seen.schedules.next = Some(NextTime {
            name: "hourly".to_owned(),
            at: String::new(),
            when,
        });
        let first = by_itself(&seen, Tz::UTC);
        assert!(
            first.ends_with("nothing has run by itself so far"),
            "{first}"
        );
        seen.schedules.worked = true;
        let usual = by_itself(&seen, Tz::UTC);
        assert_eq!(usual, format!("`hourly` next at {}", local(when, Tz::UTC)));
        seen.schedules.late = true;
        let late = by_itself(&seen, Tz::UTC);
        assert!(
            late.contains("was due at") && late.contains("nothing has started it"),
            "{late}"
        );
    }

    #[test]
    fn nothing_set_up_says_which_three_commands_begin() {
        let text = words(&ShopOverview::of_nothing(), Tz::UTC, Some(79));
        assert_eq!(
            text,
            "udsync      nothing is set up yet; three commands to begin with:\n\
             next        `udsync sync orders --sandbox` tries it on a made-up shop and\n            company on this machine; no account is needed\n\
             \x20           `udsync init` sets up your own shop, one question after the other\n\
             \x20           `udsync dry-run orders` then shows what would be posted, before\n            anything is\n"
        );
    }
}
