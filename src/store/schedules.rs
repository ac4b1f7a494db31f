//! Schedules: what runs by itself, which of its times is open, and what came of each.
//!
//! When a time is due is not decided here: see `engine::schedule`.

use chrono::{DateTime, Duration, Utc};
use rusqlite::{Row, params};

use super::Store;
use super::columns::{json, read_json, read_time, time};
use super::error::{SqlTrouble, StoreError};
use crate::model::schedule::{Mode, Open, Schedule, ScheduleConsent, WorkedTime};

/// What came of a time is remembered so long.
const REMEMBERED: Duration = Duration::days(400);

const COLUMNS: &str = "name, cron, timezone, mode, entities, targets, yes, max_changes, enabled, through, \
                       slot, run_id, begun_at, attempts, again_at";

impl Store {
    pub(super) fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached(&format!("SELECT {COLUMNS} FROM schedules ORDER BY name"))?;
            ask.query_and_then([], read_schedule)?.collect()
        })
    }

    pub(super) fn schedule(&self, name: &str) -> Result<Option<Schedule>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached(&format!("SELECT {COLUMNS} FROM schedules WHERE name = ?1"))?;
            let found = ask.query_and_then([name], read_schedule)?.next();
            found.transpose()
        })
    }

    pub(super) fn add_schedule(&self, schedule: &Schedule) -> Result<bool, StoreError> {
        self.write(|change| {
            let added = change.execute(
                "INSERT INTO schedules (name, cron, timezone, mode, entities, targets, yes, max_changes, enabled, through)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
                params![
                    schedule.name,
                    schedule.cron,
                    schedule.timezone.name(),
                    schedule.mode.as_str(),
                    json(&schedule.entities),
                    json(&schedule.to),
                    schedule.consent.yes,
                    schedule.consent.max_changes,
                    schedule.enabled,
                    time(schedule.through),
                ],
            )?;
            Ok(added > 0)
        })
    }

    pub(super) fn change_schedule(&self, schedule: &Schedule) -> Result<bool, StoreError> {
        self.write(|change| {
            let changed = change.execute(
                "UPDATE schedules SET cron = ?2, timezone = ?3, mode = ?4, entities = ?5, targets = ?6, yes = ?7,
                 max_changes = ?8, enabled = ?9, through = ?10,
                 slot = NULL, run_id = NULL, begun_at = NULL, attempts = 0, again_at = NULL WHERE name = ?1",
                params![
                    schedule.name,
                    schedule.cron,
                    schedule.timezone.name(),
                    schedule.mode.as_str(),
                    json(&schedule.entities),
                    json(&schedule.to),
                    schedule.consent.yes,
                    schedule.consent.max_changes,
                    schedule.enabled,
                    time(schedule.through),
                ],
            )?;
            Ok(changed > 0)
        })
    }

    pub(super) fn remove_schedule(&self, name: &str) -> Result<bool, StoreError> {
        self.write(|change| {
            Ok(change.execute("DELETE FROM schedules WHERE name = ?1", [name])? > 0)
        })
    }

    pub(super) fn open_slot(&self, name: &str, open: &Open) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE schedules SET slot = ?2, run_id = ?3, begun_at = ?4, attempts = ?5, again_at = ?6
                 WHERE name = ?1",
                params![
                    name,
                    time(open.slot),
                    open.run_id,
                    time(open.begun_at),
                    open.attempts,
                    open.again_at.map(time),
                ],
            )?;
            Ok(())
        })
    }

    pub(super) fn end_slot(&self, name: &str, worked: &WorkedTime) -> Result<(), StoreError> {
        self.write(|change| {
            let slot = time(worked.slot);
            let known = change.execute(
                "UPDATE schedules SET
                   through = CASE WHEN through > ?2 AND slot IS NULL THEN through ELSE ?2 END,
                   slot = NULL, run_id = NULL, begun_at = NULL, attempts = 0, again_at = NULL
                 WHERE name = ?1",
                [name, &slot],
            )?;
            if known == 0 {
                return Ok(());
            }
            change.execute(
                "INSERT INTO slots (schedule, slot, missed, run_id, ended_at, exit, code)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET missed = excluded.missed, run_id = excluded.run_id,
                   ended_at = excluded.ended_at, exit = excluded.exit, code = excluded.code",
                params![
                    name,
                    slot,
                    worked.missed,
                    worked.run_id,
                    time(worked.ended_at),
                    worked.exit,
                    worked.code,
                ],
            )?;
            change.execute(
                "DELETE FROM slots WHERE schedule = ?1 AND slot < ?2",
                [name, &time(worked.slot - REMEMBERED)],
            )?;
            Ok(())
        })
    }

    pub(super) fn worked(&self, name: &str, limit: u32) -> Result<Vec<WorkedTime>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT slot, missed, run_id, ended_at, exit, code FROM slots WHERE schedule = ?1
                 ORDER BY slot DESC LIMIT ?2",
            )?;
            ask.query_and_then(params![name, limit], read_worked)?
                .collect()
        })
    }
}

fn read_schedule(row: &Row<'_>) -> Result<Schedule, SqlTrouble> {
    let zone: String = row.get("timezone")?;
    let mode: String = row.get("mode")?;
    Ok(Schedule {
        name: row.get("name")?,
        cron: row.get("cron")?,
        timezone: zone
            .parse()
            .map_err(|_| SqlTrouble::Odd("schedules.timezone"))?,
        mode: Mode::from_word(&mode).ok_or(SqlTrouble::Odd("schedules.mode"))?,
        entities: read_json(&row.get::<_, String>("entities")?, "schedules.entities")?,
        to: read_json(&row.get::<_, String>("targets")?, "schedules.targets")?,
        consent: ScheduleConsent {
            yes: row.get("yes")?,
            max_changes: row.get("max_changes")?,
        },
        enabled: row.get("enabled")?,
        through: read_time(&row.get::<_, String>("through")?, "schedules.through")?,
        open: read_open(row)?,
    })
}

fn read_open(row: &Row<'_>) -> Result<Option<Open>, SqlTrouble> {
    let at = |column: &'static str| -> Result<Option<DateTime<Utc>>, SqlTrouble> {
        let text: Option<String> = row.get(column)?;
        text.map(|text| read_time(&text, column)).transpose()
    };
    let (Some(slot), Some(begun_at)) = (at("slot")?, at("begun_at")?) else {
        return Ok(None);
    };
    Ok(Some(Open {
        slot,
        run_id: row.get::<_, Option<String>>("run_id")?.unwrap_or_default(),
        begun_at,
        attempts: row.get("attempts")?,
        again_at: at("again_at")?,
    }))
}

fn read_worked(row: &Row<'_>) -> Result<WorkedTime, SqlTrouble> {
    Ok(WorkedTime {
        slot: read_time(&row.get::<_, String>("slot")?, "slots.slot")?,
        missed: row.get("missed")?,
        run_id: row.get("run_id")?,
        ended_at: read_time(&row.get::<_, String>("ended_at")?, "slots.ended_at")?,
        exit: row.get("exit")?,
        code: row.get("code")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, folder, store};

    fn nightly() -> Schedule {
        Schedule {
            name: "nightly".to_owned(),
            cron: "0 2 * * *".to_owned(),
            timezone: chrono_tz::America::Edmonton,
            mode: Mode::Full,
            entities: vec!["orders".to_owned()],
            to: Vec::new(),
            consent: ScheduleConsent {
                yes: true,
                max_changes: Some(200),
            },
            enabled: true,
            through: at(0),
            open: None,
        }
    }

    fn worked(slot: i64) -> WorkedTime {
        WorkedTime {
            slot: at(slot),
            missed: 2,
            run_id: "run-9".to_owned(),
            ended_at: at(slot + 5),
            exit: 7,
            code: Some("confirmation_needed".to_owned()),
        }
    }

    #[test]
    fn a_schedule_comes_back_as_it_was_kept_and_survives_a_restart() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        assert_eq!(store.add_schedule(&nightly()), Ok(true));
        assert_eq!(
            store.add_schedule(&nightly()),
            Ok(false),
            "a name is used once"
        );
        drop(store);
        let store = Store::open(&path).expect("opens");
        assert_eq!(store.schedules(), Ok(vec![nightly()]));
        let changed = Schedule {
            enabled: false,
            mode: Mode::Incremental,
            through: at(7),
            ..nightly()
        };
        assert_eq!(store.change_schedule(&changed), Ok(true));
        assert_eq!(store.schedule("nightly"), Ok(Some(changed)));
        assert_eq!(store.remove_schedule("nightly"), Ok(true));
        assert_eq!(store.remove_schedule("nightly"), Ok(false));
    }

    #[test]
    fn a_time_is_open_until_it_is_done() {
        let store = store();
        store.add_schedule(&nightly()).expect("added");
        let open = Open {
            slot: at(10),
            run_id: "run-9".to_owned(),
            begun_at: at(11),
            attempts: 1,
            again_at: Some(at(20)),
        };
        store.open_slot("nightly", &open).expect("opened");
        let kept = store.schedule("nightly").expect("answers").expect("there");
        assert_eq!((kept.open, kept.through), (Some(open), at(0)));
        store.end_slot("nightly", &worked(10)).expect("done");
        let kept = store.schedule("nightly").expect("answers").expect("there");
        assert_eq!((kept.open, kept.through), (None, at(10)));
        assert_eq!(store.worked("nightly", 5), Ok(vec![worked(10)]));
    }

    #[test]
    fn what_is_removed_or_changed_while_it_runs_stays_so() {
        let store = store();
        store.add_schedule(&nightly()).expect("added");
        let changed = Schedule {
            through: at(50),
            ..nightly()
        };
        store.change_schedule(&changed).expect("changed meanwhile");
        store.end_slot("nightly", &worked(10)).expect("done");
        let kept = store.schedule("nightly").expect("answers").expect("there");
        assert_eq!(kept.through, at(50));
        store.remove_schedule("nightly").expect("removed");
        store.end_slot("nightly", &worked(60)).expect("nobody's");
        assert_eq!(store.schedules(), Ok(Vec::new()));
        assert_eq!(store.worked("nightly", 5), Ok(Vec::new()));
    }

    #[test]
    fn what_came_of_a_time_is_forgotten_after_a_year_and_more() {
        let store = store();
        store.add_schedule(&nightly()).expect("added");
        store.end_slot("nightly", &worked(10)).expect("done");
        let day = 86_400;
        store.end_slot("nightly", &worked(399 * day)).expect("done");
        assert_eq!(store.worked("nightly", 9).expect("answers").len(), 2);
        store.end_slot("nightly", &worked(401 * day)).expect("done");
        assert_eq!(store.worked("nightly", 9).expect("answers").len(), 2);
    }
}
