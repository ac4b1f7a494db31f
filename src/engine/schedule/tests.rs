//! What the schedules promise: their times against a walk through every minute, and a year with power cuts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::work::{self, ScheduledEnding, SettledTime};
use super::*;
use crate::model::run::{Run, RunStatus};
use crate::model::schedule::{Mode, ScheduleConsent};
use crate::store::{Calendar, CalendarWriter, HistoryWriter, Store};

const ZONES: [Tz; 3] = [
    chrono_tz::America::Edmonton,
    chrono_tz::Europe::Berlin,
    chrono_tz::Australia::Lord_Howe, // its clocks change by half an hour
];

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// A cron line read the slow way: each field as the set of its values.
struct Slow {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    days: BTreeSet<u32>,
    months: BTreeSet<u32>,
    weekdays: BTreeSet<u32>,
    /// With a star in either, both must fit; else one is enough.
    both: bool,
    /// One minute and one hour: once a day, whatever the clocks do.
    fixed: bool,
}

impl Slow {
    fn read(line: &str) -> Slow {
        let fields: Vec<&str> = line.split(' ').collect();
        let set = |place: usize, from: u32, to: u32| -> BTreeSet<u32> {
            fields[place]
                .split(',')
                .flat_map(|part| {
                    let (range, step) = part.split_once('/').unwrap_or((part, "1"));
                    let (low, high) = match (range, range.split_once('-')) {
                        ("*", _) => (from, to),
                        (_, Some((low, high))) => {
                            (low.parse().expect("low"), high.parse().expect("high"))
                        }
                        (one, None) => (one.parse().expect("one"), one.parse().expect("one")),
                    };
                    (low..=high).step_by(step.parse().expect("a step"))
                })
                .collect()
        };
        let plain = |place: usize| fields[place].bytes().all(|byte| byte.is_ascii_digit());
        Slow {
            minutes: set(0, 0, 59),
            hours: set(1, 0, 23),
            days: set(2, 1, 31),
            months: set(3, 1, 12),
            weekdays: set(4, 0, 7).into_iter().map(|day| day % 7).collect(),
            both: fields[2] == "*" || fields[4] == "*",
            fixed: plain(0) && plain(1),
        }
    }

    fn fits_day(&self, local: &NaiveDateTime) -> bool {
        let day = self.days.contains(&local.day());
        let weekday = self
            .weekdays
            .contains(&local.weekday().num_days_from_sunday());
        let either = if self.both {
            day && weekday
        } else {
            day || weekday
        };
        either && self.months.contains(&local.month())
    }

    fn fits(&self, local: &NaiveDateTime) -> bool {
        self.minutes.contains(&local.minute())
            && self.hours.contains(&local.hour())
            && self.fits_day(local)
    }

    /// Every time after `from` and up to `to`, minute by minute.
    fn walk(&self, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let mut times = Vec::new();
        let mut at = from;
        let mut before = at.with_timezone(&zone).naive_local();
        while at < to {
            at += Duration::minutes(1);
            let local = at.with_timezone(&zone).naive_local();
            let jumped = local - before;
            if self.fixed {
                // The hands went over it: it happens at the first moment after.
                let skipped = jumped > Duration::minutes(1)
                    && (1..jumped.num_minutes())
                        .any(|minute| self.fits(&(before + Duration::minutes(minute))));
                let second_time = matches!(
                    zone.from_local_datetime(&local),
                    LocalResult::Ambiguous(first, _) if first.to_utc() != at
                );
                if (self.fits(&local) || (skipped && self.fits_day(&local))) && !second_time {
                    times.push(at);
                }
            } else if self.fits(&local) {
                times.push(at);
            }
            before = local;
        }
        times
    }
}

fn all(timetable: &Timetable, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    std::iter::successors(timetable.after(from), |at| timetable.after(*at))
        .take_while(|at| *at <= to)
        .collect()
}

#[track_caller]
fn agrees(line: &str, zone: Tz, from: DateTime<Utc>, days: i64) -> usize {
    let to = from + Duration::days(days);
    let timetable = Timetable::read(line, zone).expect("a good line");
    let walked = Slow::read(line).walk(zone, from, to);
    assert_eq!(
        all(&timetable, from, to),
        walked,
        "`{line}` in {zone} from {from}, forwards"
    );
    // Backwards, from every hour: what was last.
    let mut at = from + Duration::hours(1);
    while at <= to {
        if let Some(last) = walked.iter().rev().find(|time| **time <= at) {
            assert_eq!(
                timetable.latest(at),
                Some(*last),
                "`{line}` in {zone}, back from {at}"
            );
        }
        at += Duration::minutes(47);
    }
    walked.len()
}

const LINES: [&str; 12] = [
    "7 * * * *",
    "*/15 * * * *",
    "0 2 * * *",
    "30 2 * * *",
    "15 2 * * *",
    "45 1 * * *",
    "30 1 * * *",
    "0 3 * * *",
    "0,30 1-3 * * *",
    "59 23 * * 0",
    "0 0 1 * *",
    "20 3 * * 1-5",
];

#[test]
fn times_across_every_change_of_the_clocks_in_three_zones_are_those_of_a_minute_walk() {
    let mut changes = 0;
    for zone in ZONES {
        // 2026 minute by minute to find the changes, then four days about each.
        let mut at = utc("2026-01-01T00:00:00Z");
        let offset = |at: DateTime<Utc>| {
            use chrono::Offset;
            at.with_timezone(&zone).offset().fix()
        };
        while at < utc("2027-01-01T00:00:00Z") {
            if offset(at) != offset(at + Duration::hours(1)) {
                changes += 1;
                for line in LINES {
                    agrees(line, zone, at - Duration::days(2), 4);
                }
            }
            at += Duration::hours(1);
        }
    }
    assert_eq!(changes, 6, "two in each zone");
}

#[test]
fn leap_days_and_the_ends_of_months_are_those_of_a_minute_walk() {
    for zone in ZONES {
        let february = utc("2028-02-27T00:00:00Z");
        assert_eq!(agrees("0 2 29 2 *", zone, february, 5), 1, "a leap day");
        assert_eq!(
            agrees("0 2 29 2 *", zone, utc("2027-02-20T00:00:00Z"), 30),
            0
        );
        assert_eq!(
            agrees("30 4 31 * *", zone, utc("2027-03-20T00:00:00Z"), 75),
            2
        );
        agrees("0 0 28-31 * 5", zone, february, 40);
    }
    // A hundred years that are no leap years by four.
    let zone = chrono_tz::UTC;
    let leap = Timetable::read("0 2 29 2 *", zone).expect("a good line");
    assert_eq!(
        leap.next(utc("2096-03-01T00:00:00Z"), 1),
        [utc("2104-02-29T02:00:00Z")]
    );
    // croner's own word for the last day of a month.
    let last = Timetable::read("0 2 L * *", zone).expect("a good line");
    assert_eq!(
        last.next(utc("2028-01-31T12:00:00Z"), 3),
        [
            utc("2028-02-29T02:00:00Z"),
            utc("2028-03-31T02:00:00Z"),
            utc("2028-04-30T02:00:00Z")
        ]
    );
}

fn field(from: u32, to: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("*".to_owned()),
        3 => (from..=to).prop_map(|one| one.to_string()),
        1 => (2..=to.max(3)).prop_map(|step| format!("*/{step}")),
        1 => (from..=to, from..=to).prop_map(|(one, other)| {
            format!("{}-{}", one.min(other), one.max(other))
        }),
        1 => (from..=to, from..=to).prop_map(|(one, other)| format!("{one},{other}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn any_line_in_any_zone_agrees_with_a_minute_walk(
        minute in field(0, 59),
        hour in field(0, 23),
        day in field(1, 28),
        month in prop_oneof![4 => Just("*".to_owned()), 1 => field(1, 12)],
        weekday in prop_oneof![2 => Just("*".to_owned()), 1 => field(0, 6)],
        zone in 0..ZONES.len(),
        start in 0_i64..366 * 2,
    ) {
        let line = format!("{minute} {hour} {day} {month} {weekday}");
        agrees(&line, ZONES[zone], utc("2027-06-01T00:00:00Z") + Duration::days(start), 9);
    }
}

#[test]
fn a_wrong_line_is_told_with_what_is_wrong_and_what_would_be_right() {
    let told = |line: &str| {
        let wrong = Timetable::read(line, chrono_tz::UTC).expect_err("wrong");
        (wrong.said, wrong.hint)
    };
    for (line, said) in [
        (
            "0 2 * *",
            "has 4 fields, and a cron line has five: minute hour day month weekday",
        ),
        ("nightly", "has 1 field"),
        ("", "has 0 fields"),
        (
            "60 2 * * *",
            "`60` cannot be the minute of a cron line: it is 0 to 59",
        ),
        (
            "0 24 * * *",
            "`24` cannot be the hour of a cron line: it is 0 to 23",
        ),
        ("0 2 0 * *", "`0` cannot be the day"),
        ("0 2 * 13 *", "`13` cannot be the month"),
        ("0 2 * * FUNDAY", "`FUNDAY` cannot be the weekday"),
        ("0 2 30 2 *", "there is never a time like `0 2 30 2 *`"),
    ] {
        let (found, hint) = told(line);
        assert!(found.contains(said), "{line}: {found}");
        assert!(!hint.is_empty());
    }
    let (said, hint) = told("0 0 2 * * *");
    assert!(said.contains("six fields"), "{said}");
    assert_eq!(hint, "seconds are not offered: `--cron \"0 2 * * *\"`");
}

fn schedule(cron: &str, through: DateTime<Utc>) -> Schedule {
    Schedule {
        name: "hourly".to_owned(),
        cron: cron.to_owned(),
        timezone: chrono_tz::America::Edmonton,
        mode: Mode::Incremental,
        entities: vec!["orders".to_owned()],
        to: Vec::new(),
        consent: ScheduleConsent::default(),
        enabled: true,
        through,
        open: None,
    }
}

fn done() -> ScheduledEnding {
    ScheduledEnding::Done {
        exit: 0,
        code: None,
    }
}

fn run(id: &str, at: DateTime<Utc>, status: RunStatus) -> Run {
    Run {
        id: id.to_owned(),
        shop: "aurora".to_owned(),
        command: "sync".to_owned(),
        entities: vec!["orders".to_owned()],
        mode: "incremental".to_owned(),
        dry_run: false,
        status,
        started_at: at,
        finished_at: None,
        tallies: BTreeMap::new(),
        error: None,
    }
}

fn world(cron: &str, through: &str) -> Store {
    let store = Store::in_memory().expect("memory");
    store
        .add_schedule(&schedule(cron, utc(through)))
        .expect("added");
    store
}

#[test]
fn what_was_missed_while_the_machine_was_off_runs_once() {
    let store = world("0 * * * *", "2026-03-01T12:00:00Z");
    let back = utc("2026-03-04T09:30:00Z");
    let due = work::due(&store, back).expect("answers");
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].1.slot, utc("2026-03-04T09:00:00Z"));
    assert_eq!(due[0].1.missed, 68);
    let (begun, due) = work::begin(&store, &store, "hourly", "run-1", back)
        .expect("answers")
        .expect("due");
    assert_eq!(
        work::settle(&store, &begun, &due, done(), back),
        Ok(SettledTime::Done)
    );
    assert_eq!(work::due(&store, back), Ok(Vec::new()));
    assert_eq!(store.worked("hourly", 9).expect("answers")[0].missed, 68);
}

#[test]
fn a_run_that_ended_just_before_a_cut_is_not_made_again_and_one_that_was_cut_is() {
    for (status, again) in [
        (RunStatus::Succeeded, false),
        (RunStatus::Partial, false),
        (RunStatus::Refused, false),
        (RunStatus::Interrupted, true),
        (RunStatus::Running, true),
        (RunStatus::Failed, true),
    ] {
        let store = world("0 * * * *", "2026-03-01T12:00:00Z");
        let now = utc("2026-03-01T13:00:10Z");
        work::begin(&store, &store, "hourly", "run-1", now)
            .expect("answers")
            .expect("due");
        let mut ended = run("run-1", now, RunStatus::Running);
        store.begin_run(&ended).expect("begun");
        if status != RunStatus::Running {
            ended.status = status;
            ended.finished_at = Some(now);
            store.finish_run(&ended).expect("ended");
        }
        // The cut: nobody settled it.
        let later = now + Duration::minutes(3);
        assert_eq!(work::due(&store, later).expect("answers").len(), 1);
        let begun = work::begin(&store, &store, "hourly", "run-2", later).expect("answers");
        assert_eq!(begun.is_some(), again, "{status:?}");
        assert_eq!(
            work::due(&store, later).expect("answers").len(),
            usize::from(again)
        );
    }
}

#[test]
fn a_service_out_of_reach_is_tried_again_later_and_later_until_the_next_time_comes() {
    let store = world("0 2 * * *", "2026-03-01T12:00:00Z");
    let mut now = utc("2026-03-02T09:00:00Z");
    let out_of_reach = || ScheduledEnding::OutOfReach {
        exit: 5,
        code: Some("store_unreachable".to_owned()),
    };
    let mut pauses = Vec::new();
    let end = loop {
        let (begun, due) = work::begin(&store, &store, "hourly", "run", now)
            .expect("answers")
            .expect("due");
        match work::settle(&store, &begun, &due, out_of_reach(), now).expect("kept") {
            SettledTime::Again(at) => {
                pauses.push((at - now).num_minutes());
                assert_eq!(work::due(&store, at - Duration::seconds(1)), Ok(Vec::new()));
                now = at;
            }
            end => break end,
        }
    };
    assert_eq!((pauses, end), (vec![5, 10, 20, 40, 60], SettledTime::Done));
    assert_eq!(store.worked("hourly", 1).expect("answers")[0].exit, 5);
    // The next time does not wait for what an earlier one found.
    let store = world("0 * * * *", "2026-03-01T12:00:00Z");
    let now = utc("2026-03-01T13:58:00Z");
    let (begun, due) = work::begin(&store, &store, "hourly", "run", now)
        .expect("answers")
        .expect("due");
    work::settle(&store, &begun, &due, out_of_reach(), now).expect("kept");
    let next = utc("2026-03-01T14:00:00Z");
    assert_eq!(work::due(&store, next).expect("answers")[0].1.slot, next);
}

#[test]
fn what_is_disabled_is_never_due_and_two_workers_do_a_time_once() {
    let store = world("0 * * * *", "2026-03-01T12:00:00Z");
    let now = utc("2026-03-01T13:00:10Z");
    let (begun, due) = work::begin(&store, &store, "hourly", "run-1", now)
        .expect("answers")
        .expect("due");
    work::settle(&store, &begun, &due, done(), now).expect("kept");
    // The other one saw it as due before, and now has the lock.
    assert_eq!(
        work::begin(&store, &store, "hourly", "run-2", now),
        Ok(None)
    );
    let off = Schedule {
        enabled: false,
        ..schedule("0 * * * *", utc("2026-03-01T12:00:00Z"))
    };
    store.change_schedule(&off).expect("changed");
    assert_eq!(work::due(&store, now), Ok(Vec::new()));
}

#[test]
fn a_clock_that_was_years_ahead_does_not_stop_a_schedule_for_years() {
    let store = world("0 * * * *", "2031-03-01T12:00:00Z");
    assert_eq!(
        work::due(&store, utc("2026-03-01T12:30:00Z")),
        Ok(Vec::new())
    );
    let now = utc("2026-03-01T13:00:20Z");
    let (begun, due) = work::begin(&store, &store, "hourly", "run", now)
        .expect("answers")
        .expect("due");
    work::settle(&store, &begun, &due, done(), now).expect("kept");
    let kept = store.schedule("hourly").expect("answers").expect("there");
    assert_eq!(kept.through, utc("2026-03-01T13:00:00Z"));
}

/// A small generator, so that a year can be lived again by its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Where the power goes in the middle of a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Never,
    AfterBegin,
    InTheRun,
    AfterTheRun,
}

#[test]
fn a_year_of_hourly_runs_with_power_cuts_and_failures_skips_none_and_doubles_none() {
    let seed = std::env::var("UDSYNC_YEAR_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()) | 1);
    println!("year: seed {seed}, to be given in UDSYNC_YEAR_SEED");
    let mut dice = Dice(seed);
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a folder");
    let path = folder.path().join("aurora.db");
    let (from, to) = (utc("2027-01-01T00:30:00Z"), utc("2028-01-01T00:30:00Z"));
    let mut store = Store::open(&path).expect("made");
    store
        .add_schedule(&schedule("7 * * * *", from))
        .expect("added");
    let mut now = from;
    let mut runs = 0_u32;
    // The times whose run ended well, with how often.
    let mut ended: BTreeMap<DateTime<Utc>, u32> = BTreeMap::new();
    let (mut cuts, mut failures, mut adopted) = (0, 0, 0);
    while now < to {
        // A worker looks more often than this; what lies between two looks changes nothing.
        now += Duration::seconds(20 + i64::try_from(dice.below(600)).expect("small"));
        if dice.below(2_000) == 0 {
            // Off for up to three days.
            now += Duration::minutes(i64::try_from(dice.below(3 * 24 * 60)).expect("small"));
            store = Store::open(&path).expect("opens");
        }
        for (schedule, _) in work::due(&store, now).expect("answers") {
            runs += 1;
            let id = format!("run-{runs}");
            let Some((begun, due)) =
                work::begin(&store, &store, &schedule.name, &id, now).expect("answers")
            else {
                adopted += 1;
                continue;
            };
            let cut = match dice.below(60) {
                0 => Cut::AfterBegin,
                1 => Cut::InTheRun,
                2 => Cut::AfterTheRun,
                _ => Cut::Never,
            };
            if cut == Cut::AfterBegin {
                cuts += 1;
                store = Store::open(&path).expect("opens");
                continue;
            }
            store.close_abandoned_runs(now).expect("the lock is ours");
            let mut made = run(&id, now, RunStatus::Running);
            store.begin_run(&made).expect("begun");
            now += Duration::seconds(1 + i64::try_from(dice.below(90)).expect("small"));
            if cut == Cut::InTheRun {
                cuts += 1;
                store = Store::open(&path).expect("opens");
                continue;
            }
            let fails = dice.below(25) == 0;
            made.status = if fails {
                RunStatus::Failed
            } else {
                RunStatus::Succeeded
            };
            made.finished_at = Some(now);
            store.finish_run(&made).expect("ended");
            if !fails {
                *ended.entry(due.slot).or_default() += 1;
            }
            if cut == Cut::AfterTheRun {
                cuts += 1;
                store = Store::open(&path).expect("opens");
                continue;
            }
            let ending = if fails {
                failures += 1;
                ScheduledEnding::OutOfReach {
                    exit: 5,
                    code: None,
                }
            } else {
                done()
            };
            work::settle(&store, &begun, &due, ending, now).expect("kept");
        }
    }
    let through = store
        .schedule("hourly")
        .expect("answers")
        .expect("there")
        .through;
    let mut worked = store.worked("hourly", u32::MAX).expect("answers");
    worked.reverse();
    let times = Slow::read("7 * * * *").walk(chrono_tz::America::Edmonton, from, through);
    // None skipped: each time has its row, or is counted by the next row.
    let mut left = times.iter();
    for row in &worked {
        for _ in 0..row.missed {
            let passed = left.next().expect("a time");
            assert!(*passed < row.slot, "seed {seed}");
        }
        assert_eq!(left.next(), Some(&row.slot), "seed {seed}");
    }
    assert_eq!(left.next(), None, "seed {seed}");
    // None doubled: no time has two runs that ended well, and no row says so without one.
    for row in worked.iter().filter(|row| row.exit == 0) {
        assert_eq!(ended.get(&row.slot), Some(&1), "{} seed {seed}", row.slot);
    }
    assert!(ended.values().all(|count| *count == 1), "seed {seed}");
    let missed: u32 = worked.iter().map(|row| row.missed).sum();
    println!(
        "year: {} times, {} worked off, {missed} missed and made up for, {runs} runs, {cuts} power cuts, \
         {adopted} ends found after a cut, {failures} failures",
        times.len(),
        worked.len()
    );
    assert!(times.len() > 8_600 && cuts > 100 && failures > 100 && adopted > 20 && missed > 0);
}
