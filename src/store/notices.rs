//! Incidents, and the notices about them that are still to be sent.
//!
//! An incident is opened once and gets one notice for each channel. When it is over, whoever was told of it is told that
//! too; what nobody was told of yet is simply dropped. A notice that cannot be sent stays here, with the reason.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::Store;
use super::columns::{json, read_json, read_time, read_word, time, word};
use super::error::{SqlTrouble, StoreError};
use crate::model::incident::{Concern, Incident, IncidentKind, Notice, Tells};

/// To whom something is told, and when.
#[derive(Clone, Debug)]
pub struct Telling<'a> {
    pub channels: &'a [&'static str],
    pub now: DateTime<Utc>,
    /// Not before then.
    pub due: DateTime<Utc>,
}

impl Store {
    pub(super) fn meet_incident(
        &self,
        concern: &Concern,
        telling: &Telling<'_>,
    ) -> Result<Incident, StoreError> {
        self.write(|change| {
            let (kind, now) = (concern.kind.as_str(), time(telling.now));
            let met = change.execute(
                "UPDATE incidents SET concern = ?3, last_seen = ?4, seen = seen + 1
                 WHERE kind = ?1 AND subject = ?2 AND closed_at IS NULL",
                params![kind, concern.subject, json(concern), now],
            )?;
            if met == 0 {
                change.execute(
                    "INSERT INTO incidents (kind, subject, concern, opened_at, last_seen, seen)
                     VALUES (?1, ?2, ?3, ?4, ?4, 1)",
                    params![kind, concern.subject, json(concern), now],
                )?;
                let id = change.last_insert_rowid();
                for channel in telling.channels {
                    add(change, id, Tells::Trouble, channel, telling)?;
                }
            }
            let mut ask = change.prepare_cached(
                "SELECT * FROM incidents WHERE kind = ?1 AND subject = ?2 AND closed_at IS NULL",
            )?;
            ask.query_row([kind, &concern.subject], |row| Ok(read_incident(row)))?
        })
    }

    pub(super) fn close_incident(&self, id: i64, telling: &Telling<'_>) -> Result<(), StoreError> {
        self.write(|change| {
            let closed = change.execute(
                "UPDATE incidents SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL",
                params![id, time(telling.now)],
            )?;
            if closed == 0 {
                return Ok(());
            }
            change.execute(
                "DELETE FROM notices WHERE incident = ?1 AND sent_at IS NULL",
                [id],
            )?;
            let told: Vec<String> = {
                let mut ask = change.prepare_cached(
                    "SELECT channel FROM notices WHERE incident = ?1 ORDER BY id",
                )?;
                ask.query_map([id], |row| row.get(0))?
                    .collect::<Result<_, _>>()?
            };
            for channel in told {
                add(change, id, Tells::Recovery, &channel, telling)?;
            }
            Ok(())
        })
    }

    pub(super) fn open_incidents(&self) -> Result<Vec<Incident>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT * FROM incidents WHERE closed_at IS NULL ORDER BY id")?;
            let incidents = ask.query_map([], |row| Ok(read_incident(row)))?;
            incidents.map(|incident| incident?).collect()
        })
    }

    pub(super) fn due_notices(
        &self,
        channel: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Notice>, StoreError> {
        self.notices("channel = ?1 AND due_at <= ?2", params![channel, time(now)])
    }

    pub(super) fn unsent_notices(&self) -> Result<Vec<Notice>, StoreError> {
        self.notices("attempts > 0", [])
    }

    pub(super) fn waiting_notices(&self) -> Result<Vec<Notice>, StoreError> {
        self.notices("TRUE", [])
    }

    fn notices(&self, which: &str, with: impl rusqlite::Params) -> Result<Vec<Notice>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(&format!(
                "SELECT incidents.*, notices.id AS notice, tells, channel, due_at, attempts, error
                 FROM notices JOIN incidents ON incidents.id = incident
                 WHERE sent_at IS NULL AND given_up_at IS NULL AND {which} ORDER BY notices.id"
            ))?;
            let notices = ask.query_map(with, |row| Ok(read_notice(row)))?;
            notices.map(|notice| notice?).collect()
        })
    }

    pub(super) fn settle_notices(
        &self,
        ids: &[i64],
        error: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            for id in ids {
                change.execute(
                    "UPDATE notices SET attempts = attempts + 1, error = ?2,
                            sent_at = CASE WHEN ?2 IS NULL THEN ?3 END WHERE id = ?1",
                    params![id, error, time(now)],
                )?;
            }
            Ok(())
        })
    }

    pub(super) fn give_up_notices(
        &self,
        older_than: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE notices SET given_up_at = ?2
                 WHERE sent_at IS NULL AND given_up_at IS NULL AND attempts > 0 AND due_at < ?1",
                [time(older_than), time(now)],
            )?;
            Ok(())
        })
    }

    pub(super) fn synced_last(&self) -> Result<Option<(DateTime<Utc>, bool)>, StoreError> {
        self.read(|view| {
            let one = |sql: &str| -> Result<Option<String>, SqlTrouble> {
                let mut ask = view.prepare_cached(sql)?;
                Ok(ask
                    .query_row([], |row| row.get::<_, Option<String>>(0))
                    .optional()?
                    .flatten())
            };
            let ended = one("SELECT max(finished_at) FROM runs
                             WHERE command = 'sync' AND status IN ('succeeded', 'partial')")?;
            if let Some(ended) = ended {
                return Ok(Some((read_time(&ended, "runs.finished_at")?, true)));
            }
            let began = one("SELECT min(started_at) FROM runs")?;
            began
                .map(|began| Ok((read_time(&began, "runs.started_at")?, false)))
                .transpose()
        })
    }
}

fn add(
    change: &Transaction<'_>,
    incident: i64,
    tells: Tells,
    channel: &str,
    telling: &Telling<'_>,
) -> Result<(), SqlTrouble> {
    change.execute(
        "INSERT INTO notices (incident, tells, channel, made_at, due_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            incident,
            word(tells),
            channel,
            time(telling.now),
            time(telling.due)
        ],
    )?;
    Ok(())
}

fn read_incident(row: &Row<'_>) -> Result<Incident, SqlTrouble> {
    let concern: Concern = read_json(&row.get::<_, String>("concern")?, "incidents.concern")?;
    let kind: IncidentKind = read_word(row.get("kind")?, "incidents.kind")?;
    let at = |column: &'static str| -> Result<DateTime<Utc>, SqlTrouble> {
        read_time(&row.get::<_, String>(column)?, column)
    };
    let closed: Option<String> = row.get("closed_at")?;
    Ok(Incident {
        id: row.get("id")?,
        concern: Concern { kind, ..concern },
        opened_at: at("opened_at")?,
        last_seen: at("last_seen")?,
        seen: row.get("seen")?,
        closed_at: closed
            .map(|at| read_time(&at, "incidents.closed_at"))
            .transpose()?,
    })
}

fn read_notice(row: &Row<'_>) -> Result<Notice, SqlTrouble> {
    Ok(Notice {
        id: row.get("notice")?,
        incident: read_incident(row)?,
        tells: read_word(row.get("tells")?, "notices.tells")?,
        channel: row.get("channel")?,
        due_at: read_time(&row.get::<_, String>("due_at")?, "notices.due_at")?,
        attempts: row.get("attempts")?,
        error: row.get("error")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, store};

    fn concern(subject: &str) -> Concern {
        Concern {
            kind: IncidentKind::Failure,
            subject: subject.into(),
            title: "a run failed".into(),
            happened: "the store did not answer".into(),
            means: "orders wait".into(),
            remedy: "run `udsync doctor`".into(),
        }
    }

    fn telling<'a>(channels: &'a [&'static str], now: i64, due: i64) -> Telling<'a> {
        Telling {
            channels,
            now: at(now),
            due: at(due),
        }
    }

    fn told(notices: &[Notice]) -> Vec<(Tells, &str, u32)> {
        notices
            .iter()
            .map(|notice| (notice.tells, notice.channel.as_str(), notice.incident.seen))
            .collect()
    }

    #[test]
    fn an_incident_is_told_once_and_its_end_to_those_who_were_told() {
        let store = store();
        let both = ["email", "slack"];
        for second in 1..=20 {
            store
                .meet_incident(&concern("x"), &telling(&both, second, second))
                .expect("kept");
        }
        let waiting = store.waiting_notices().expect("answers");
        assert_eq!(
            told(&waiting),
            [(Tells::Trouble, "email", 20), (Tells::Trouble, "slack", 20)]
        );
        store
            .settle_notices(&[waiting[0].id], None, at(21))
            .expect("sent");
        store
            .settle_notices(&[waiting[1].id], Some("no answer"), at(21))
            .expect("not sent");
        let unsent = store.unsent_notices().expect("answers");
        assert_eq!(unsent[0].error.as_deref(), Some("no answer"));

        let incident = store.open_incidents().expect("answers")[0].id;
        store
            .close_incident(incident, &telling(&both, 30, 40))
            .expect("closed");
        store
            .close_incident(incident, &telling(&both, 31, 41))
            .expect("closed already");
        let waiting = store.waiting_notices().expect("answers");
        assert_eq!(told(&waiting), [(Tells::Recovery, "email", 20)]);
        assert_eq!(waiting[0].due_at, at(40));
        assert_eq!(store.open_incidents(), Ok(vec![]));

        // The next time it is another incident.
        store
            .meet_incident(&concern("x"), &telling(&both, 50, 50))
            .expect("kept");
        assert_eq!(store.waiting_notices().expect("answers").len(), 3);
    }

    #[test]
    fn a_notice_waits_for_its_time_and_is_given_up_when_it_is_old() {
        let store = store();
        store
            .meet_incident(&concern("x"), &telling(&["email"], 1, 100))
            .expect("kept");
        assert_eq!(store.due_notices("email", at(99)), Ok(vec![]));
        assert_eq!(store.due_notices("slack", at(100)), Ok(vec![]));
        let due = store.due_notices("email", at(100)).expect("answers");
        assert_eq!(due.len(), 1);
        store
            .settle_notices(&[due[0].id], Some("no answer"), at(100))
            .expect("kept");
        store.give_up_notices(at(100), at(101)).expect("none yet");
        assert_eq!(store.unsent_notices().expect("answers").len(), 1);
        store.give_up_notices(at(101), at(102)).expect("given up");
        assert_eq!(store.unsent_notices(), Ok(vec![]));
        assert_eq!(store.due_notices("email", at(200)), Ok(vec![]));
    }
}
