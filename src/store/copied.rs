//! Copied: what a database was given of each row, in as little room as tells whether it changed.
//!
//! A shop has many more rows than problems, so a row is a few bytes here: its id, its order, and the beginning of the
//! fingerprint of what was sent. What is remembered belongs to one database; another one begins with nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Row, Transaction, params};
use serde_json::Value as Json;

use super::Store;
use super::columns::{read_time, time};
use super::error::{SqlTrouble, StoreError};
use crate::model::fingerprint::Fingerprint;
use crate::model::row::Table;

/// The beginning of a fingerprint: enough to tell a change, and half as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark([u8; 16]);

impl Mark {
    /// `None`: the text is no fingerprint of a content, as that of a buried row.
    pub fn of(fingerprint: &Fingerprint) -> Option<Mark> {
        let text = fingerprint.as_str().as_bytes();
        let mut mark = [0; 16];
        for (byte, pair) in mark.iter_mut().zip(text.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        (text.len() == 64).then_some(Mark(mark))
    }
}

// Without the name of the index SQLite takes the primary key, and with it reads every row of the table for each page of orders. A page
// that begins behind a row says so in its own question: of `?3 IS NULL OR id > ?3` SQLite makes no place to begin at.
pub(super) const OF_IDS: &str = "SELECT id, parent, mark, gone FROM copied
     WHERE copy = ?1 AND kind = ?2 AND id IN (SELECT value FROM json_each(?3))";
pub(super) const OF_PARENTS: &str =
    "SELECT id, parent, mark, gone FROM copied INDEXED BY copied_of_parent
     WHERE copy = ?1 AND kind = ?2 AND parent IN (SELECT value FROM json_each(?3))";
pub(super) const FIRST_ROWS: &str = "SELECT id, parent, mark, gone FROM copied
     WHERE copy = ?1 AND kind = ?2 AND NOT gone ORDER BY id LIMIT ?3";
pub(super) const ROWS_AFTER: &str = "SELECT id, parent, mark, gone FROM copied
     WHERE copy = ?1 AND kind = ?2 AND id > ?4 AND NOT gone ORDER BY id LIMIT ?3";
pub(super) const FIRST_PARENTS: &str =
    "SELECT DISTINCT parent FROM copied INDEXED BY copied_of_parent
     WHERE copy = ?1 AND kind = ?2 AND parent IS NOT NULL AND NOT gone ORDER BY parent LIMIT ?3";
pub(super) const PARENTS_AFTER: &str =
    "SELECT DISTINCT parent FROM copied INDEXED BY copied_of_parent
     WHERE copy = ?1 AND kind = ?2 AND parent > ?4 AND NOT gone ORDER BY parent LIMIT ?3";

/// What is remembered of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub id: String,
    /// The order of a line or of a refund; `None` also where it is not known yet.
    pub parent: Option<u64>,
    pub mark: Option<Mark>,
    /// It is marked as deleted there.
    pub gone: bool,
}

/// What is remembered of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    pub id: i64,
    /// What it held before us is known.
    pub adopted: bool,
    /// Every change of an order up to here was sent, or is a problem.
    pub read_through: Option<DateTime<Utc>>,
    /// The row that was sent last, with the time of change that it said.
    pub last: Option<(Table, String, DateTime<Utc>)>,
    /// As far as it was told of links and runs.
    pub told: i64,
}

impl Store {
    pub(super) fn copy(&self, target: &str, place: &str) -> Result<Option<Copy>, StoreError> {
        self.read(|view| find(view, target, place))
    }

    pub(super) fn begin_copy(&self, target: &str, place: &str) -> Result<Copy, StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO copies (target, place) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [target, place],
            )?;
            find(change, target, place)?.ok_or(SqlTrouble::Odd("copies.place"))
        })
    }

    pub(super) fn forget_rows(&self, copy: i64) -> Result<(), StoreError> {
        self.write(|change| forget_rows(change, copy))
    }

    pub(super) fn forget_copy(&self, copy: i64) -> Result<(), StoreError> {
        self.write(|change| {
            forget_rows(change, copy)?;
            change.execute(
                "UPDATE copies SET read_through = NULL, told = 0, last_kind = NULL, last_id = NULL, last_at = NULL WHERE id = ?1",
                [copy],
            )?;
            Ok(())
        })
    }

    pub(super) fn note_adopted(&self, copy: i64) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute("UPDATE copies SET adopted = 1 WHERE id = ?1", [copy])?;
            Ok(())
        })
    }

    pub(super) fn move_copy_cursor(&self, copy: i64, to: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE copies SET read_through = max(coalesce(read_through, ''), ?2) WHERE id = ?1",
                params![copy, time(to)],
            )?;
            Ok(())
        })
    }

    pub(super) fn note_told(&self, copy: i64, seq: i64) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE copies SET told = max(told, ?2) WHERE id = ?1",
                [copy, seq],
            )?;
            Ok(())
        })
    }

    pub(super) fn copied(
        &self,
        copy: i64,
        table: Table,
        ids: &[&str],
    ) -> Result<Vec<Copied>, StoreError> {
        let ids: Vec<Json> = ids.iter().map(|id| listed(table, id)).collect();
        self.read(|view| {
            let mut ask = view.prepare_cached(OF_IDS)?;
            let found = ask.query_and_then(
                params![copy, kind(table), Json::Array(ids).to_string()],
                read_copied,
            )?;
            found.collect()
        })
    }

    pub(super) fn copied_of(
        &self,
        copy: i64,
        table: Table,
        parents: &[u64],
    ) -> Result<Vec<Copied>, StoreError> {
        let parents: Vec<Json> = parents.iter().map(|id| id.cast_signed().into()).collect();
        self.read(|view| {
            let mut ask = view.prepare_cached(OF_PARENTS)?;
            let found = ask.query_and_then(
                params![copy, kind(table), Json::Array(parents).to_string()],
                read_copied,
            )?;
            found.collect()
        })
    }

    pub(super) fn copied_after(
        &self,
        copy: i64,
        table: Table,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Copied>, StoreError> {
        self.read(|view| match after.map(|id| key(table, id)) {
            None => {
                let mut ask = view.prepare_cached(FIRST_ROWS)?;
                ask.query_and_then(params![copy, kind(table), limit], read_copied)?
                    .collect()
            }
            Some(after) => {
                let mut ask = view.prepare_cached(ROWS_AFTER)?;
                ask.query_and_then(params![copy, kind(table), limit, after], read_copied)?
                    .collect()
            }
        })
    }

    pub(super) fn copied_parents_after(
        &self,
        copy: i64,
        table: Table,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<u64>, StoreError> {
        self.read(|view| {
            let id = |row: &Row<'_>| row.get::<_, i64>(0).map(i64::cast_unsigned);
            Ok(match after.map(u64::cast_signed) {
                None => {
                    let mut ask = view.prepare_cached(FIRST_PARENTS)?;
                    let found = ask.query_map(params![copy, kind(table), limit], id)?;
                    found.collect::<Result<_, _>>()?
                }
                Some(after) => {
                    let mut ask = view.prepare_cached(PARENTS_AFTER)?;
                    let found = ask.query_map(params![copy, kind(table), limit, after], id)?;
                    found.collect::<Result<_, _>>()?
                }
            })
        })
    }

    pub(super) fn copied_strays(&self, copy: i64, table: Table) -> Result<Vec<Copied>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT id, parent, mark, gone FROM copied
                 WHERE copy = ?1 AND kind = ?2 AND parent IS NULL AND NOT gone ORDER BY id LIMIT 5000",
            )?;
            ask.query_and_then([copy, kind(table)], read_copied)?
                .collect()
        })
    }

    pub(super) fn copied_orders(&self, target: &str) -> Result<Vec<u64>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT copied.* FROM copied JOIN copies ON copies.id = copied.copy
                 WHERE copies.target = ?1 AND copied.kind = ?2 AND NOT copied.gone",
            )?;
            let rows = ask.query_and_then(params![target, kind(Table::Orders)], read_copied)?;
            let ids = rows.map(|row| Ok(row?.id.parse().ok()));
            let ids: BTreeSet<u64> = ids
                .filter_map(|id: Result<_, SqlTrouble>| id.transpose())
                .collect::<Result<_, _>>()?;
            Ok(ids.into_iter().collect())
        })
    }

    pub(super) fn copied_count(&self, copy: i64, table: Table) -> Result<u64, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FROM copied WHERE copy = ?1 AND kind = ?2 AND NOT gone",
            )?;
            let count: i64 = ask.query_row([copy, kind(table)], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
    }

    pub(super) fn note_copied(
        &self,
        copy: i64,
        table: Table,
        rows: &[Copied],
        last: Option<(&str, DateTime<Utc>)>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            let mut put = change.prepare_cached(
                "INSERT INTO copied (copy, kind, id, parent, mark, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET
                     parent = coalesce(excluded.parent, parent), mark = excluded.mark, gone = excluded.gone",
            )?;
            for row in rows {
                put.execute(params![
                    copy,
                    kind(table),
                    key(table, &row.id),
                    row.parent.map(u64::cast_signed),
                    row.mark.as_ref().map(|mark| mark.0.as_slice()),
                    row.gone,
                ])?;
            }
            if let Some((id, at)) = last {
                change.execute(
                    "UPDATE copies SET last_kind = ?2, last_id = ?3, last_at = ?4 WHERE id = ?1",
                    params![copy, kind(table), id, time(at)],
                )?;
            }
            Ok(())
        })
    }
}

fn find(view: &Transaction<'_>, target: &str, place: &str) -> Result<Option<Copy>, SqlTrouble> {
    let mut ask = view.prepare_cached("SELECT * FROM copies WHERE target = ?1 AND place = ?2")?;
    ask.query_and_then([target, place], read_copy)?
        .next()
        .transpose()
}

fn forget_rows(change: &Transaction<'_>, copy: i64) -> Result<(), SqlTrouble> {
    change.execute("DELETE FROM copied WHERE copy = ?1", [copy])?;
    change.execute("UPDATE copies SET adopted = 0 WHERE id = ?1", [copy])?;
    Ok(())
}

/// These numbers are in files: they never change.
fn kind(table: Table) -> i64 {
    match table {
        Table::Orders => 1,
        Table::OrderLines => 2,
        Table::Refunds => 3,
        Table::Customers => 4,
        Table::Products => 5,
        Table::Invoices => 6,
        Table::IdMappings => 7,
        Table::SyncLogs => 8,
    }
}

fn number(table: Table, id: &str) -> Option<i64> {
    let number: u64 = id.parse().ok().filter(|_| table.has_number_ids())?;
    Some(number.cast_signed())
}

fn key(table: Table, id: &str) -> Value {
    number(table, id).map_or_else(|| Value::Text(id.to_owned()), Value::Integer)
}

fn listed(table: Table, id: &str) -> Json {
    number(table, id).map_or_else(|| Json::from(id), Json::from)
}

fn read_copied(row: &Row<'_>) -> Result<Copied, SqlTrouble> {
    let id = match row.get_ref("id")? {
        ValueRef::Integer(number) => number.cast_unsigned().to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        _ => return Err(SqlTrouble::Odd("copied.id")),
    };
    let parent: Option<i64> = row.get("parent")?;
    let mark: Option<Vec<u8>> = row.get("mark")?;
    let mark = mark.map(|mark| mark.try_into().map_err(|_| SqlTrouble::Odd("copied.mark")));
    Ok(Copied {
        id,
        parent: parent.map(i64::cast_unsigned),
        mark: mark.transpose()?.map(Mark),
        gone: row.get("gone")?,
    })
}

fn read_copy(row: &Row<'_>) -> Result<Copy, SqlTrouble> {
    let through: Option<String> = row.get("read_through")?;
    let last_kind: Option<i64> = row.get("last_kind")?;
    let last_table =
        last_kind.and_then(|number| Table::ALL.into_iter().find(|t| kind(*t) == number));
    let last_id: Option<String> = row.get("last_id")?;
    let last_at: Option<String> = row.get("last_at")?;
    let last = match (last_table, last_id, last_at) {
        (Some(table), Some(id), Some(at)) => Some((table, id, read_time(&at, "copies.last_at")?)),
        _ => None,
    };
    Ok(Copy {
        id: row.get("id")?,
        adopted: row.get("adopted")?,
        read_through: through
            .map(|at| read_time(&at, "copies.read_through"))
            .transpose()?,
        last,
        told: row.get("told")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, store};

    fn mark(content: &str) -> Mark {
        Mark::of(&Fingerprint::of_bytes(content.as_bytes())).expect("a fingerprint")
    }

    fn line(id: u64, order: Option<u64>, content: &str) -> Copied {
        Copied {
            id: id.to_string(),
            parent: order,
            mark: Some(mark(content)),
            gone: false,
        }
    }

    #[test]
    fn rows_come_back_by_id_and_by_their_order() {
        let store = store();
        let copy = store
            .begin_copy("supabase", "aurora in here")
            .expect("begun")
            .id;
        let rows = [
            line(u64::MAX, Some(7), "a"),
            line(2, Some(7), "b"),
            line(10, None, "c"),
        ];
        store
            .note_copied(copy, Table::OrderLines, &rows, None)
            .expect("kept");
        let ids = |found: Result<Vec<Copied>, StoreError>| {
            let mut ids: Vec<String> = found
                .expect("answers")
                .into_iter()
                .map(|row| row.id)
                .collect();
            ids.sort();
            ids
        };
        let large = u64::MAX.to_string();
        let found = store.copied(copy, Table::OrderLines, &[&large, "3"]);
        assert_eq!(found, Ok(vec![rows[0].clone()]));
        assert_eq!(
            ids(store.copied_of(copy, Table::OrderLines, &[7, 8])),
            [large.as_str(), "2"]
        );
        assert_eq!(ids(store.copied(copy, Table::Refunds, &["2"])), [""; 0]);
        // The order becomes known, and stays known.
        let claimed = [line(10, Some(9), "c")];
        store
            .note_copied(copy, Table::OrderLines, &claimed, None)
            .expect("kept");
        let buried = Copied {
            parent: None,
            mark: None,
            gone: true,
            ..claimed[0].clone()
        };
        store
            .note_copied(copy, Table::OrderLines, &[buried], None)
            .expect("kept");
        let found = store
            .copied_of(copy, Table::OrderLines, &[9])
            .expect("answers");
        assert_eq!(
            (found[0].id.as_str(), found[0].mark, found[0].gone),
            ("10", None, true)
        );
        assert_eq!(store.copied_count(copy, Table::OrderLines), Ok(2));
    }

    #[test]
    fn the_orders_of_a_target_are_those_of_all_its_databases() {
        let store = store();
        for (place, ids) in [("one", [9, 100]), ("other", [100, 2])] {
            let copy = store.begin_copy("supabase", place).expect("begun").id;
            let rows = ids.map(|id| line(id, None, "x"));
            store
                .note_copied(copy, Table::Orders, &rows, None)
                .expect("kept");
        }
        assert_eq!(store.copied_orders("supabase"), Ok(vec![2, 9, 100]));
        assert_eq!(store.copied_orders("other"), Ok(vec![]));
    }

    #[test]
    fn a_table_is_walked_through_page_by_page() {
        let store = store();
        let copy = store.begin_copy("supabase", "p").expect("begun").id;
        for table in [Table::Orders, Table::IdMappings] {
            let rows: Vec<Copied> = [9, 100, 11, 2].map(|id| line(id, None, "x")).to_vec();
            store.note_copied(copy, table, &rows, None).expect("kept");
            let mut seen = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let page = store
                    .copied_after(copy, table, after.as_deref(), 3)
                    .expect("answers");
                let Some(last) = page.last() else { break };
                after = Some(last.id.clone());
                seen.extend(page.into_iter().map(|row| row.id));
            }
            let by_text = table == Table::IdMappings;
            let expected = if by_text {
                ["100", "11", "2", "9"]
            } else {
                ["2", "9", "11", "100"]
            };
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn each_database_has_a_memory_of_its_own() {
        let store = store();
        assert_eq!(store.copy("supabase", "one"), Ok(None));
        let one = store.begin_copy("supabase", "one").expect("begun");
        let two = store.begin_copy("supabase", "two").expect("begun");
        assert_eq!(
            store.begin_copy("supabase", "one").expect("again").id,
            one.id
        );
        let rows = [line(1, None, "x")];
        store
            .note_copied(one.id, Table::Orders, &rows, Some(("1", at(1))))
            .expect("kept");
        store.note_adopted(one.id).expect("noted");
        store.move_copy_cursor(one.id, at(9)).expect("moved");
        store.move_copy_cursor(one.id, at(5)).expect("no mistake");
        store.note_told(one.id, 4).expect("noted");
        let known = store
            .copy("supabase", "one")
            .expect("answers")
            .expect("known");
        let expected = Copy {
            id: one.id,
            adopted: true,
            read_through: Some(at(9)),
            last: Some((Table::Orders, "1".into(), at(1))),
            told: 4,
        };
        assert_eq!(known, expected);
        assert_eq!(store.copied(two.id, Table::Orders, &["1"]), Ok(vec![]));

        store.forget_rows(one.id).expect("forgotten");
        let known = store
            .copy("supabase", "one")
            .expect("answers")
            .expect("known");
        assert_eq!(
            (known.adopted, known.last.is_some(), known.told),
            (false, true, 4)
        );
        assert_eq!(known.read_through, Some(at(9)));
        store.forget_copy(one.id).expect("forgotten");
        let known = store
            .copy("supabase", "one")
            .expect("answers")
            .expect("known");
        assert_eq!((known.read_through, known.told), (None, 0));
    }

    #[test]
    fn only_the_fingerprint_of_a_content_has_a_mark() {
        assert_eq!(Mark::of(&Fingerprint::from("buried".to_owned())), None);
        assert_eq!(Mark::of(&Fingerprint::from("0".repeat(63))), None);
        assert_eq!(Mark::of(&Fingerprint::from("g".repeat(64))), None);
        assert_ne!(mark("a"), mark("b"));
    }
}
