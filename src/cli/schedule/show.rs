//! `schedule list` and `schedule next`: what runs when, and what came of it.

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::super::args::{FleetArgs, Global, Output};
use super::super::fleet::all::{ShopAnswer, over_all};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output};
use super::super::table::{TextTable, width_of_answer};
use crate::engine::schedule::Timetable;
pub use crate::model::clock::local;
use crate::model::schedule::Schedule;
use crate::run::schedules::{ScheduleView, unknown};
pub use crate::run::schedules::{result, rfc};
use crate::store::{Calendar, Store};

/// List the schedules with their next and last runs
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule list --json\n  udsync schedule list --all-shops\n  udsync schedule list --output csv"
)]
pub struct ScheduleListArgs {
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// Show the next times of the schedules
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync schedule next nightly --count 10\n  udsync schedule next nightly\n  udsync schedule next nightly --json"
)]
pub struct NextArgs {
    /// Of this schedule only
    #[arg(value_name = "NAME")]
    pub schedule: Option<String>,
    /// So many times
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub count: u32,
}

/// Runs `schedule list`.
pub async fn list(global: &Global, args: &ScheduleListArgs) -> Result<u8, Failure> {
    if args.fleet.all_shops {
        return list_all(global, &args.fleet).await;
    }
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    print(global, &store, &store.schedules()?, app.clock.now())?;
    Ok(exit::DONE)
}

/// `schedule list --all-shops`: of each shop what runs next.
async fn list_all(global: &Global, fleet: &FleetArgs) -> Result<u8, Failure> {
    over_all(global, fleet, "schedule list", async |global, _| {
        let app = open_shop(&global)?;
        let store = app.state_to_read()?;
        let now = app.clock.now();
        let schedules = store.schedules()?;
        let document = document(&store, &schedules, now)?;
        let next = schedules.iter().zip(&document.schedules);
        let next = next.filter(|(schedule, _)| schedule.enabled);
        let next = next.filter_map(|(schedule, view)| Some((view.next_at?, schedule)));
        let count = match document.schedules.len() {
            0 => "no schedule".to_owned(),
            1 => "1 schedule".to_owned(),
            n => format!("{n} schedules"),
        };
        let said = match next.min_by_key(|(at, _)| *at) {
            Some((at, one)) => {
                format!(
                    "{count}; next `{}` at {}",
                    one.name,
                    local(at, one.timezone)
                )
            }
            None => count,
        };
        ShopAnswer::new(exit::DONE, &said, &document)
    })
    .await
}

fn document(
    store: &Store,
    schedules: &[Schedule],
    now: DateTime<Utc>,
) -> Result<SchedulesDocument, Failure> {
    let views = schedules.iter();
    Ok(SchedulesDocument {
        schema: "udsync/schedule/1",
        schedules: views
            .map(|schedule| ScheduleView::new(schedule, store, now))
            .collect::<Result<Vec<_>, Failure>>()?,
    })
}

/// Runs `schedule next`.
pub fn next(global: &Global, args: &NextArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let schedules = match &args.schedule {
        Some(name) => vec![store.schedule(name)?.ok_or_else(|| unknown(&store, name))?],
        None => store.schedules()?,
    };
    let now = app.clock.now();
    let count = usize::try_from(args.count).unwrap_or(usize::MAX);
    let mut times: Vec<Next> = schedules
        .iter()
        .filter(|schedule| schedule.enabled)
        .filter_map(|schedule| Some((schedule, Timetable::of(schedule)?)))
        .flat_map(|(schedule, timetable)| {
            let times = timetable.next(now, count).into_iter();
            times.map(|at| Next::new(schedule, at)).collect::<Vec<_>>()
        })
        .collect();
    times.sort_by(|one, other| (one.when, &one.schedule).cmp(&(other.when, &other.schedule)));
    times.truncate(count);
    match output(global) {
        Output::Json => out::print_json(&NextDocument {
            schema: "udsync/schedule-next/1",
            times,
        }),
        Output::Csv => {
            let rows = times.iter().map(|next| {
                vec![
                    next.schedule.clone(),
                    next.at.clone(),
                    next.local.clone(),
                    next.timezone.clone(),
                ]
            });
            csv(&["schedule", "at", "local", "timezone"], rows);
        }
        Output::Text if times.is_empty() => out::answer("nothing will run by itself\n"),
        Output::Text => {
            let mut table = TextTable::new(&["SCHEDULE", "AT", "ZONE"], &[]);
            for next in times {
                table.row(
                    vec![next.schedule, next.local, next.timezone],
                    String::new(),
                );
            }
            out::answer(&table.render(width_of_answer()));
        }
    }
    Ok(exit::DONE)
}

/// Prints schedules as they stand.
pub fn print(
    global: &Global,
    store: &Store,
    schedules: &[Schedule],
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let document = document(store, schedules, now)?;
    let shown = &document.schedules;
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Csv => {
            let rows = shown.iter().map(|shown| {
                let last = shown.last.as_ref();
                vec![
                    shown.name.clone(),
                    shown.cron.clone(),
                    shown.timezone.clone(),
                    shown.mode.to_owned(),
                    shown.entities.join(" "),
                    shown.enabled.to_string(),
                    shown.next.clone().unwrap_or_default(),
                    last.map(|last| last.at.clone()).unwrap_or_default(),
                    last.map(|last| last.exit.to_string()).unwrap_or_default(),
                    shown.missed.to_string(),
                ]
            });
            let header = [
                "name",
                "cron",
                "timezone",
                "mode",
                "entities",
                "enabled",
                "next",
                "last",
                "last_exit",
                "missed",
            ];
            csv(&header, rows);
        }
        Output::Text if shown.is_empty() => {
            out::answer(
                "there is no schedule; `udsync schedule add --defaults` adds the usual two\n",
            );
        }
        Output::Text => {
            let mut table = TextTable::new(&["NAME", "CRON", "NEXT", "LAST", "RESULT"], &[]);
            for (schedule, shown) in schedules.iter().zip(shown) {
                let (cells, remark) = row(schedule, shown);
                table.row(cells, remark);
            }
            out::answer(&table.render(width_of_answer()));
        }
    }
    Ok(())
}

fn row(schedule: &Schedule, shown: &ScheduleView) -> (Vec<String>, String) {
    let zone = schedule.timezone;
    let time = |at: Option<DateTime<Utc>>| at.map_or_else(|| "-".to_owned(), |at| local(at, zone));
    let mut remark = vec![match schedule.mode.as_str() {
        "full" => format!("all {}", shown.entities.join(", ")),
        _ => format!("changed {}", shown.entities.join(", ")),
    }];
    remark.push(zone.name().to_owned());
    if schedule.consent.yes {
        remark.push("without asking".to_owned());
    }
    if let Some(max) = schedule.consent.max_changes {
        remark.push(format!("{max} changes at most"));
    }
    if shown.missed > 0 {
        remark.push(format!("{} missed", shown.missed));
    }
    let next = if schedule.enabled {
        time(shown.next_at)
    } else {
        "disabled".to_owned()
    };
    let result = match (&schedule.open, &shown.last) {
        (Some(open), _) if open.again_at.is_some() => "tries again".to_owned(),
        (Some(_), _) => "begun".to_owned(),
        (None, Some(last)) => last.result.clone(),
        (None, None) => "-".to_owned(),
    };
    let cells = vec![
        shown.name.clone(),
        shown.cron.clone(),
        next,
        time(shown.last.as_ref().map(|last| last.slot)),
        result,
    ];
    (cells, remark.join("; "))
}

fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let in_memory = "writing into memory does not fail";
    writer.write_record(header).expect(in_memory);
    for row in rows {
        writer.write_record(row).expect(in_memory);
    }
    let bytes = writer.into_inner().expect(in_memory);
    out::print(&String::from_utf8_lossy(&bytes));
}

#[derive(Serialize)]
struct SchedulesDocument {
    schema: &'static str,
    schedules: Vec<ScheduleView>,
}

#[derive(Serialize)]
struct NextDocument {
    schema: &'static str,
    times: Vec<Next>,
}

#[derive(Serialize)]
struct Next {
    schedule: String,
    at: String,
    local: String,
    timezone: String,
    #[serde(skip)]
    when: DateTime<Utc>,
}

impl Next {
    fn new(schedule: &Schedule, at: DateTime<Utc>) -> Next {
        Next {
            schedule: schedule.name.clone(),
            at: rfc(at),
            local: local(at, schedule.timezone),
            timezone: schedule.timezone.name().to_owned(),
            when: at,
        }
    }
}

#[derive(Serialize)]
pub struct ScheduleRemoved<'a> {
    schema: &'static str,
    removed: &'a str,
}

impl<'a> ScheduleRemoved<'a> {
    pub fn new(name: &'a str) -> ScheduleRemoved<'a> {
        ScheduleRemoved {
            schema: "udsync/schedule/1",
            removed: name,
        }
    }
}
