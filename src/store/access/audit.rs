//! The audit: what anybody did or was kept from doing, row by row, each chained to the one before it.
//!
//! Rows are added and never changed; the file refuses it. Whoever changes one in another way breaks the chain, and it is found where.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, ToSql, params};
use serde_json::Value;

use super::super::columns::{json, read_json, read_time, time};
use super::super::error::{SqlTrouble, StoreError};
use super::AccessFile;
use crate::model::access::AuditRow;
use crate::model::fingerprint::Fingerprint;

/// Something to be written down.
#[derive(Clone, Debug, Default)]
pub struct Deed<'a> {
    pub actor: &'a str,
    pub address: &'a str,
    pub shop: Option<&'a str>,
    pub action: &'a str,
    pub target: Option<&'a str>,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub outcome: &'a str,
    pub request_id: Option<&'a str>,
}

/// Which rows are wanted, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub since: Option<DateTime<Utc>>,
    pub actor: Option<String>,
    /// Only older rows than this one.
    pub before: Option<i64>,
    /// Only what was done in these shops.
    pub shops: Option<Vec<String>>,
    pub limit: u32,
}

impl AuditFilter {
    /// As SQL, with what stands for each `?`. Only what is asked for is in it, so that an index is found for it.
    pub(super) fn question(&self) -> (String, Vec<Box<dyn ToSql>>) {
        let (mut words, mut given): (Vec<&str>, Vec<Box<dyn ToSql>>) = (Vec::new(), Vec::new());
        if let Some(since) = self.since {
            // Rows are never taken out, and what comes later has a higher number: the first of that time tell where to begin, also where a
            // clock was put back and some of them are mixed.
            words.push("at >= ?");
            words.push(
                "id >= coalesce((SELECT min(id) FROM (SELECT id FROM audit WHERE at >= ? ORDER BY at LIMIT 1000)), 0)",
            );
            given.push(Box::new(time(since)));
            given.push(Box::new(time(since)));
        }
        if let Some(actor) = &self.actor {
            words.push("actor = ?");
            given.push(Box::new(actor.clone()));
        }
        if let Some(before) = self.before {
            words.push("id < ?");
            given.push(Box::new(before));
        }
        if let Some(shops) = &self.shops {
            words.push("EXISTS (SELECT 1 FROM json_each(?) WHERE value = shop)");
            given.push(Box::new(json(shops)));
        }
        let chosen = match words.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", words.join(" AND ")),
        };
        given.push(Box::new(self.limit));
        let question = format!("SELECT {COLUMNS} FROM audit {chosen} ORDER BY id DESC LIMIT ?");
        (question, given)
    }
}

const COLUMNS: &str =
    "id, at, actor, address, shop, action, target, before, after, outcome, request_id";

impl AccessFile {
    pub fn record(&self, deed: &Deed<'_>, now: DateTime<Utc>) -> Result<i64, StoreError> {
        self.write(|change| {
            let last: Option<(i64, String)> = change
                .query_row(
                    "SELECT id, chain FROM audit ORDER BY id DESC LIMIT 1",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let (last, chain) = last.unwrap_or_default();
            let row = AuditRow {
                id: last + 1,
                at: now,
                actor: one_line(deed.actor),
                address: one_line(deed.address),
                shop: deed.shop.map(one_line),
                action: one_line(deed.action),
                target: deed.target.map(one_line),
                before: deed.before.clone(),
                after: deed.after.clone(),
                outcome: one_line(deed.outcome),
                request_id: deed.request_id.map(one_line),
            };
            change.execute(
                "INSERT INTO audit (id, at, actor, address, shop, action, target, before, after, outcome, request_id, chain)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    row.id,
                    time(row.at),
                    row.actor,
                    row.address,
                    row.shop,
                    row.action,
                    row.target,
                    row.before.as_ref().map(json),
                    row.after.as_ref().map(json),
                    row.outcome,
                    row.request_id,
                    chained(&chain, &row),
                ],
            )?;
            Ok(row.id)
        })
    }

    pub fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>, StoreError> {
        self.read(|view| {
            let (question, given) = filter.question();
            let mut ask = view.prepare_cached(&question)?;
            let rows = ask.query_and_then(rusqlite::params_from_iter(given), read_row)?;
            rows.collect()
        })
    }

    /// The first row that is not as it was written, or that does not follow the one before it; `None` if the whole audit is in order.
    pub fn audit_breaks_at(&self) -> Result<Option<i64>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached(&format!("SELECT {COLUMNS}, chain FROM audit ORDER BY id"))?;
            let mut rows = ask.query([])?;
            let (mut last, mut chain) = (0, String::new());
            while let Some(row) = rows.next()? {
                let known: String = row.get("chain")?;
                let row = read_row(row)?;
                if row.id != last + 1 || known != chained(&chain, &row) {
                    return Ok(Some(last + 1));
                }
                (last, chain) = (row.id, known);
            }
            // The last rows leave no gap behind them, but the file remembers how many it has given out.
            let given: Option<i64> = view
                .query_row(
                    "SELECT seq FROM sqlite_sequence WHERE name = 'audit'",
                    [],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(given.filter(|given| *given > last).map(|_| last + 1))
        })
    }
}

fn chained(before: &str, row: &AuditRow) -> String {
    Fingerprint::of(&(before, row)).to_string()
}

/// What somebody typed stands in one line of the audit and begins no other.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

fn read_row(row: &Row<'_>) -> Result<AuditRow, SqlTrouble> {
    let value = |column: &'static str| -> Result<Option<Value>, SqlTrouble> {
        let text: Option<String> = row.get(column)?;
        text.map(|text| read_json(&text, column)).transpose()
    };
    Ok(AuditRow {
        id: row.get("id")?,
        at: read_time(&row.get::<_, String>("at")?, "audit.at")?,
        actor: row.get("actor")?,
        address: row.get("address")?,
        shop: row.get("shop")?,
        action: row.get("action")?,
        target: row.get("target")?,
        before: value("before")?,
        after: value("after")?,
        outcome: row.get("outcome")?,
        request_id: row.get("request_id")?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, file};
    use super::*;

    fn deed<'a>(actor: &'a str, action: &'a str) -> Deed<'a> {
        Deed {
            actor,
            address: "local",
            action,
            outcome: "done",
            ..Deed::default()
        }
    }

    #[test]
    fn rows_come_back_newest_first_and_on_one_line() {
        let (_folder, file) = file();
        let added = Deed {
            before: Some(serde_json::json!({ "cron": "0 2 * * *" })),
            target: Some("nightly\r\n2026-01-01 owner everything"),
            ..deed("anna", "schedule.change")
        };
        file.record(&added, at(1)).expect("kept");
        file.record(&deed("bert", "run.start"), at(2))
            .expect("kept");
        let rows = |filter: AuditFilter| {
            file.audit(&AuditFilter {
                limit: 10,
                ..filter
            })
            .expect("answers")
        };
        let all = rows(AuditFilter::default());
        let actors: Vec<&str> = all.iter().map(|row| row.actor.as_str()).collect();
        assert_eq!(actors, ["bert", "anna"]);
        assert_eq!(
            all[1].target.as_deref(),
            Some("nightly  2026-01-01 owner everything")
        );
        assert_eq!(all[1].before, added.before);
        let of = |filter| rows(filter).iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(
            of(AuditFilter {
                actor: Some("anna".into()),
                ..AuditFilter::default()
            }),
            [1]
        );
        assert_eq!(
            of(AuditFilter {
                since: Some(at(2)),
                ..AuditFilter::default()
            }),
            [2]
        );
        assert_eq!(
            of(AuditFilter {
                before: Some(2),
                ..AuditFilter::default()
            }),
            [1]
        );
        assert_eq!(file.audit_breaks_at(), Ok(None));
    }

    /// A page of the audit reads no more than it shows, however many years there are.
    #[test]
    fn each_filter_of_the_audit_has_its_way() {
        let (_folder, file) = file();
        let all = AuditFilter {
            limit: 51,
            ..AuditFilter::default()
        };
        let by_actor = AuditFilter {
            actor: Some("anna".into()),
            ..all.clone()
        };
        let since = AuditFilter {
            since: Some(at(1)),
            ..all.clone()
        };
        for (filter, way) in [
            (all, "SCAN audit"),
            (
                by_actor,
                "SEARCH audit USING INDEX audit_by_actor (actor=?)",
            ),
            (since, "SEARCH audit USING INTEGER PRIMARY KEY (rowid>?)"),
        ] {
            let steps: Vec<String> = file
                .read(|view| {
                    let question = format!("EXPLAIN QUERY PLAN {}", filter.question().0);
                    let mut ask = view.prepare(&question)?;
                    let nothing = vec![rusqlite::types::Null; ask.parameter_count()];
                    let given = rusqlite::params_from_iter(nothing);
                    let steps = ask.query_map(given, |row| row.get(3))?;
                    Ok(steps.collect::<Result<_, _>>()?)
                })
                .expect("SQLite tells its way");
            assert_eq!(steps[0], way, "{steps:#?}");
            let sorted = |step: &&String| step.contains("B-TREE");
            assert_eq!(steps.iter().find(sorted), None, "{steps:#?}");
        }
    }

    #[test]
    fn a_row_that_somebody_changed_or_took_out_is_found() {
        let (_folder, file) = file();
        for second in 0..4 {
            file.record(&deed("anna", "run.start"), at(second))
                .expect("kept");
        }
        let by_hand = |sql: &str| {
            let connection = file.0.writer.lock().expect("free");
            connection.execute(sql, [])
        };
        assert!(by_hand("UPDATE audit SET actor = 'bert' WHERE id = 2").is_err());
        assert!(by_hand("DELETE FROM audit WHERE id = 2").is_err());
        assert_eq!(file.audit_breaks_at(), Ok(None));
        by_hand("DROP TRIGGER audit_is_not_changed").expect("whoever has the file can");
        by_hand("UPDATE audit SET actor = 'bert' WHERE id = 2").expect("changed");
        assert_eq!(file.audit_breaks_at(), Ok(Some(2)));
        by_hand("UPDATE audit SET actor = 'anna' WHERE id = 2").expect("changed back");
        by_hand("DROP TRIGGER audit_is_not_removed").expect("whoever has the file can");
        by_hand("DELETE FROM audit WHERE id = 4").expect("removed");
        assert_eq!(file.audit_breaks_at(), Ok(Some(4)));
        by_hand("DELETE FROM audit WHERE id = 2").expect("removed");
        assert_eq!(file.audit_breaks_at(), Ok(Some(2)));
    }
}
