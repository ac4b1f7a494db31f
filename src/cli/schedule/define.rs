//! `schedule add`, `edit`, `enable`, `disable` and `remove`: what there is to work off.
//!
//! A schedule that is new, changed or enabled again looks forward only: what would have run before is nobody's debt.

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};

use super::super::args::{EntityName, Global, Output};
use super::super::report::{Failure, exit};
use super::super::selection::target;
use super::super::session::{open_shop, output};
use super::super::typed::said;
use super::super::{amend, out};
use super::show::{ScheduleRemoved, print};
use crate::config::{Config, ConfigDraft, ConfigPlace};
use crate::model::schedule::{Mode, Schedule, ScheduleConsent};
use crate::model::service::Service;
use crate::run::schedules::{check_name, timetable, unknown, zone};
use crate::store::{Calendar, CalendarWriter};

/// Offered to everybody: what changed, every hour, and all orders once a night. Shops that keep orders as posts need
/// the second, and refunds that somebody deleted leave no other trace.
const DEFAULTS: [(&str, &str, Mode); 2] = [
    ("hourly", "7 * * * *", Mode::Incremental),
    ("nightly", "20 3 * * *", Mode::Full),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeName {
    /// Every order of the shop
    Full,
    /// What changed since the last run
    Incremental,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Mode {
        match name {
            ModeName::Full => Mode::Full,
            ModeName::Incremental => Mode::Incremental,
        }
    }
}

/// Add a schedule
///
/// A cron line has five fields: minute, hour, day, month and weekday. It is read by the clock of the books' time zone
/// unless another is named. With --defaults there will be two schedules: `hourly` for what changed, and `nightly` for
/// every order, which finds what left no trace. Nobody is there to be asked: --defaults also writes a section `[unattended]` into the
/// configuration, which lets runs make up to 200 changes and holds what would be voided or deleted. Without that section a run
/// that needs consent stops with code 7 unless --yes stands here.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule add --defaults\n  udsync schedule add --name nightly --cron \"0 2 * * *\" --mode full orders --yes --max-changes 200\n  udsync schedule add --name hourly --cron \"0 * * * *\" orders"
)]
pub struct ScheduleAddArgs {
    /// What to sync
    #[arg(
        value_name = "ENTITY",
        value_enum,
        required_unless_present = "defaults"
    )]
    pub entities: Vec<EntityName>,
    /// Its name, of a-z, 0-9 and -
    #[arg(long, value_name = "NAME", required_unless_present = "defaults")]
    pub name: Option<String>,
    /// When it runs: minute, hour, day, month, weekday
    #[arg(long, value_name = "LINE", required_unless_present = "defaults")]
    pub cron: Option<String>,
    /// Whose clock it runs by, as America/Edmonton; by default the one of the books
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// How much of the shop it reads
    #[arg(long, value_enum, default_value = "incremental")]
    pub mode: ModeName,
    /// Sync to this target only
    #[arg(long, value_name = "TARGET", value_parser = target())]
    pub to: Vec<Service>,
    /// Let its runs make their changes without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Let its runs make no more than so many changes
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u32>,
    /// Add what most shops need: what changed, hourly, and every order, nightly
    #[arg(long, conflicts_with_all = ["name", "cron", "mode"])]
    pub defaults: bool,
}

/// Change a schedule
///
/// What is not named stays as it is. Times that have passed by now are not made up for.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule edit nightly --cron \"30 3 * * *\" --yes\n  udsync schedule edit nightly --max-changes 200\n  udsync schedule edit nightly --cron \"30 3 * * *\" --json"
)]
pub struct EditArgs {
    /// Which one
    #[arg(value_name = "NAME")]
    pub schedule: String,
    /// What to sync
    #[arg(value_name = "ENTITY", value_enum)]
    pub entities: Vec<EntityName>,
    /// When it runs: minute, hour, day, month, weekday
    #[arg(long, value_name = "LINE")]
    pub cron: Option<String>,
    /// Whose clock it runs by
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// How much of the shop it reads
    #[arg(long, value_enum)]
    pub mode: Option<ModeName>,
    /// Sync to this target only
    #[arg(long, value_name = "TARGET", value_parser = target())]
    pub to: Vec<Service>,
    /// Let its runs make their changes without asking
    #[arg(short, long, overrides_with = "no_yes")]
    pub yes: bool,
    /// Let its runs stop where somebody would have to be asked
    #[arg(long, overrides_with = "yes")]
    pub no_yes: bool,
    /// Let its runs make no more than so many changes; 0 takes the limit away
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u32>,
}

/// Let a schedule run again
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule enable nightly\n  udsync schedule enable nightly --json\n  udsync schedule enable nightly --shop aurora"
)]
pub struct EnableArgs {
    /// Which one
    #[arg(value_name = "NAME")]
    pub schedule: String,
}

/// Keep a schedule from running, and keep it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule disable nightly\n  udsync schedule disable nightly --json\n  udsync schedule disable nightly --shop aurora"
)]
pub struct DisableArgs {
    /// Which one
    #[arg(value_name = "NAME")]
    pub schedule: String,
}

/// Remove a schedule for good
///
/// The history of its runs stays.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule remove nightly\n  udsync schedule remove nightly --json\n  udsync schedule remove nightly --shop aurora"
)]
pub struct ScheduleRemoveArgs {
    /// Which one
    #[arg(value_name = "NAME")]
    pub schedule: String,
}

/// Runs `schedule add`.
pub fn add(global: &Global, args: &ScheduleAddArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let zone = match &args.timezone {
        Some(name) => zone(name)?,
        None => app.config.rules.timezone,
    };
    let now = app.clock.now();
    let kinds = entities(&args.entities)?;
    let new = |name: &str, cron: &str, mode: Mode| Schedule {
        name: name.to_owned(),
        cron: cron.to_owned(),
        timezone: zone,
        mode,
        entities: kinds.clone(),
        to: targets(&args.to),
        consent: ScheduleConsent {
            yes: args.yes,
            max_changes: args.max_changes,
        },
        enabled: true,
        through: now,
        open: None,
    };
    let wanted: Vec<Schedule> = if args.defaults {
        DEFAULTS
            .iter()
            .map(|(name, cron, mode)| new(name, cron, *mode))
            .collect()
    } else {
        let name = args.name.as_deref().unwrap_or_default();
        let cron = args.cron.as_deref().unwrap_or_default();
        check_name(name)?;
        timetable(cron, zone)?;
        vec![new(name, cron, args.mode.into())]
    };
    let store = app.store()?;
    if args.defaults {
        allow_unattended(global, &app.config)?;
    }
    let mut added = Vec::new();
    for schedule in wanted {
        if store.add_schedule(&schedule)? {
            added.push(schedule);
        } else if args.defaults {
            out::say(&format!(
                "note: there is a schedule `{}` already; it stays as it is",
                schedule.name
            ));
        } else {
            return Err(Failure::new(
                "schedule_exists",
                format!("there is a schedule `{}` already", schedule.name),
            )
            .hint(format!(
                "`udsync schedule edit {0}` changes it, `udsync schedule remove {0}` removes it",
                schedule.name
            )));
        }
    }
    if !added.is_empty() || output(global) != Output::Text {
        print(global, &store, &added, now)?;
    }
    if output(global) == Output::Text && !global.quiet && !added.is_empty() {
        if !args.defaults && !args.yes && app.config.unattended.is_none() {
            out::say(&format!(
                "note: nobody is there to ask, so a run stops that has more than {} changes or something to void; \
                 `udsync schedule edit {} --yes --max-changes 200` lets it go on, `[unattended]` in the configuration does so for all",
                app.config.sync.confirm_over, added[0].name
            ));
        }
        out::say(&said(
            "`udsync schedule run` works them off; `udsync schedule install --systemd` (or --cron, --launchd) lets the system start it",
            global,
        ));
    }
    Ok(exit::DONE)
}

/// Writes into the configuration what runs may do that nobody watches, if it does not say so yet, and shows it.
fn allow_unattended(global: &Global, config: &Config) -> Result<(), Failure> {
    if config.unattended.is_some() {
        return Ok(());
    }
    let mut draft =
        ConfigDraft::open(&config.source_path).map_err(|error| Failure::from_edit(&error))?;
    let place = |key: &str| ConfigPlace::Key(&["unattended"], key.to_owned());
    draft
        .put(
            &place("max_changes"),
            200,
            "a run with more stops and waits for a person",
        )
        .put(
            &place("voids"),
            false,
            "what would be voided or deleted is held; everything else goes on",
        );
    amend::save(draft.edit(), global.quiet)
}

/// Runs `schedule edit`.
pub fn edit(global: &Global, args: &EditArgs) -> Result<u8, Failure> {
    change(global, &args.schedule, |schedule, now| {
        if let Some(cron) = &args.cron {
            schedule.cron.clone_from(cron);
        }
        if let Some(name) = &args.timezone {
            schedule.timezone = zone(name)?;
        }
        timetable(&schedule.cron, schedule.timezone)?;
        if let Some(mode) = args.mode {
            schedule.mode = mode.into();
        }
        if !args.entities.is_empty() {
            schedule.entities = entities(&args.entities)?;
        }
        if !args.to.is_empty() {
            schedule.to = targets(&args.to);
        }
        if args.yes || args.no_yes {
            schedule.consent.yes = args.yes;
        }
        if let Some(max) = args.max_changes {
            schedule.consent.max_changes = Some(max).filter(|max| *max > 0);
        }
        schedule.through = now;
        Ok(())
    })
}

/// Runs `schedule enable`.
pub fn enable(global: &Global, args: &EnableArgs) -> Result<u8, Failure> {
    change(global, &args.schedule, |schedule, now| {
        if !schedule.enabled {
            schedule.through = now;
        }
        schedule.enabled = true;
        Ok(())
    })
}

/// Runs `schedule disable`.
pub fn disable(global: &Global, args: &DisableArgs) -> Result<u8, Failure> {
    change(global, &args.schedule, |schedule, _| {
        schedule.enabled = false;
        Ok(())
    })
}

/// Runs `schedule remove`.
pub fn remove(global: &Global, args: &ScheduleRemoveArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    if !store.remove_schedule(&args.schedule)? {
        return Err(unknown(&store, &args.schedule));
    }
    match output(global) {
        Output::Json => out::print_json(&ScheduleRemoved::new(&args.schedule)),
        Output::Text | Output::Csv => {
            out::answer(&format!("the schedule {} is removed\n", args.schedule));
        }
    }
    Ok(exit::DONE)
}

fn change(
    global: &Global,
    name: &str,
    make: impl FnOnce(&mut Schedule, DateTime<Utc>) -> Result<(), Failure>,
) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let now = app.clock.now();
    let Some(before) = store.schedule(name)? else {
        return Err(unknown(&store, name));
    };
    let mut schedule = before.clone();
    make(&mut schedule, now)?;
    // What is already so keeps the time that is being worked off.
    if schedule != before {
        schedule.open = None;
        store.change_schedule(&schedule)?;
    }
    print(global, &store, std::slice::from_ref(&schedule), now)?;
    Ok(exit::DONE)
}

fn entities(names: &[EntityName]) -> Result<Vec<String>, Failure> {
    if names.is_empty() {
        return Ok(vec![EntityName::Orders.as_str().to_owned()]);
    }
    let are_payouts = |name: &EntityName| *name == EntityName::Payouts;
    if names.iter().any(are_payouts) && !names.iter().all(are_payouts) {
        return Err(Failure::new("usage", "payouts are synced by themselves")
            .hint("give them a schedule of their own, after that of the orders"));
    }
    Ok(names.iter().map(|name| name.as_str().to_owned()).collect())
}

fn targets(names: &[Service]) -> Vec<String> {
    names.iter().map(Service::to_string).collect()
}
