//! Copied: what a database was given of each row, in as little room as tells whether it changed.
//!
//! A shop has many more rows than problems, so a row is a few bytes here: its id and the beginning of the fingerprint of what was sent.
//! Those of an order stand together in one row of `orders_copied`; here are all others, and lines and refunds of which nobody knows the
//! order yet. What is remembered belongs to one database; another one begins with nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Row, Transaction, params};
use serde_json::Value as Json;

use super::Store;
use super::columns::{read_time, time};
use super::error::{SqlTrouble, StoreError};
use super::orders_copied::{
    self, CopiedOrder, live_after, order_of, read_under_way, written_under_way,
};
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

    /// Of a content that is compared with nothing but itself.
    pub fn of_parts<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> Mark {
        let mut mark = [0; 16];
        mark.copy_from_slice(&Fingerprint::digest(parts)[..16]);
        Mark(mark)
    }

    pub(super) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Mark> {
        bytes.try_into().ok().map(Mark)
    }
}

// A page that begins behind a row says so in its own question: of `?3 IS NULL OR id > ?3` SQLite makes no place to begin at.
pub(super) const OF_IDS: &str = "SELECT id, parent, mark, gone FROM copied
     WHERE copy = ?1 AND kind = ?2 AND id IN (SELECT value FROM json_each(?3))";
pub(super) const FIRST_ROWS: &str = "SELECT id, parent, mark, gone FROM copied
     WHERE copy = ?1 AND kind = ?2 AND NOT gone ORDER BY id LIMIT ?3";
pub(super) const ROWS_AFTER: &str = "SELECT id, parent, mark, gone FROM copied
     WHERE copy = ?1 AND kind = ?2 AND id > ?4 AND NOT gone ORDER BY id LIMIT ?3";
pub(super) const HAS_STRAYS: &str =
    "SELECT EXISTS (SELECT 1 FROM copied WHERE copy = ?1 AND kind = ?2)";

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
            let copy = find(change, target, place)?.ok_or(SqlTrouble::Odd("copies.place"))?;
            own_up(change, copy.id)?;
            Ok(copy)
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
        if table == Table::Orders {
            let ids: Vec<u64> = ids.iter().filter_map(|id| id.parse().ok()).collect();
            let found = self.orders_copied(copy, &ids)?;
            return Ok(found.into_iter().filter_map(own_row).collect());
        }
        let ids: Vec<Json> = ids.iter().map(|id| listed(table, id)).collect();
        self.read(|view| {
            let may_be_there = !table.is_of_order()
                || view
                    .prepare_cached(HAS_STRAYS)?
                    .query_row([copy, kind(table)], |row| row.get(0))?;
            if !may_be_there {
                return Ok(Vec::new());
            }
            let mut ask = view.prepare_cached(OF_IDS)?;
            let found = ask.query_and_then(
                params![copy, kind(table), Json::Array(ids).to_string()],
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
        if table == Table::Orders {
            let after = after.and_then(|id| number(table, id));
            let found = self.read(|view| live_after(view, copy, table, after, limit))?;
            return Ok(found.into_iter().filter_map(own_row).collect());
        }
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
        let after = after.map(u64::cast_signed);
        let found = self.read(|view| live_after(view, copy, table, after, limit))?;
        Ok(found.into_iter().map(|order| order.id).collect())
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
                "SELECT orders_copied.id FROM orders_copied JOIN copies ON copies.id = orders_copied.copy
                 WHERE copies.target = ?1 AND live & 1",
            )?;
            let ids = ask.query_map([target], |row| row.get::<_, i64>(0))?;
            let ids: BTreeSet<u64> = ids
                .map(|id| id.map(i64::cast_unsigned))
                .collect::<Result<_, _>>()?;
            Ok(ids.into_iter().collect())
        })
    }

    pub(super) fn copied_count(&self, copy: i64, table: Table) -> Result<u64, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FROM copied WHERE copy = ?1 AND kind = ?2 AND NOT gone",
            )?;
            let mut count: i64 = ask.query_row([copy, kind(table)], |row| row.get(0))?;
            if table == Table::Orders {
                let mut ask = view.prepare_cached(
                    "SELECT count(*) FROM orders_copied WHERE copy = ?1 AND live & 1",
                )?;
                count += ask.query_row([copy], |row| row.get::<_, i64>(0))?;
            }
            Ok(u64::try_from(count).unwrap_or_default())
        })
    }

    pub(super) fn begin_sending(
        &self,
        copy: i64,
        rows: &[(Table, Copied)],
    ) -> Result<(), StoreError> {
        self.write(|change| {
            let mut note =
                change.prepare_cached("UPDATE copies SET under_way = ?2 WHERE id = ?1")?;
            note.execute(params![copy, written_under_way(rows)])?;
            Ok(())
        })
    }

    pub(super) fn note_copied(
        &self,
        copy: i64,
        rows: &[(Table, Copied)],
        heard: &BTreeMap<u64, Mark>,
        last: Option<(Table, &str, DateTime<Utc>)>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            note(change, copy, rows, heard)?;
            if let Some((table, id, at)) = last {
                let mut keep = change.prepare_cached(
                    "UPDATE copies SET last_kind = ?2, last_id = ?3, last_at = ?4 WHERE id = ?1",
                )?;
                keep.execute(params![copy, kind(table), id, time(at)])?;
            }
            let mut done = change.prepare_cached(
                "UPDATE copies SET under_way = NULL WHERE id = ?1 AND under_way IS NOT NULL",
            )?;
            done.execute([copy])?;
            Ok(())
        })
    }
}

/// Rows of orders with their orders, and all others by themselves.
fn note(
    change: &Transaction<'_>,
    copy: i64,
    rows: &[(Table, Copied)],
    heard: &BTreeMap<u64, Mark>,
) -> Result<(), SqlTrouble> {
    let mut put = change.prepare_cached(
        "INSERT INTO copied (copy, kind, id, parent, mark, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET
             parent = coalesce(excluded.parent, parent), mark = excluded.mark, gone = excluded.gone",
    )?;
    let mut of_orders: BTreeMap<u64, Vec<(Table, &Copied)>> = BTreeMap::new();
    for (table, row) in rows {
        if let Some(order) = order_of(*table, row) {
            of_orders.entry(order).or_default().push((*table, row));
            continue;
        }
        put.execute(params![
            copy,
            kind(*table),
            key(*table, &row.id),
            row.parent.map(u64::cast_signed),
            row.mark.as_ref().map(|mark| mark.0.as_slice()),
            row.gone,
        ])?;
    }
    if of_orders.is_empty() && heard.is_empty() {
        return Ok(());
    }
    orders_copied::note(change, copy, of_orders, heard)
}

/// What a run was sending when it died may be there: as long as nobody knows, it is remembered as that.
fn own_up(change: &Transaction<'_>, copy: i64) -> Result<(), SqlTrouble> {
    let mut ask = change.prepare_cached("SELECT under_way FROM copies WHERE id = ?1")?;
    let Some(bytes): Option<Vec<u8>> = ask.query_row([copy], |row| row.get(0))? else {
        return Ok(());
    };
    note(change, copy, &read_under_way(&bytes)?, &BTreeMap::new())?;
    change.execute("UPDATE copies SET under_way = NULL WHERE id = ?1", [copy])?;
    Ok(())
}

fn own_row(order: CopiedOrder) -> Option<Copied> {
    let mut rows = order.rows.into_iter();
    let own = rows.find(|(table, _)| *table == Table::Orders)?;
    Some(own.1)
}

fn find(view: &Transaction<'_>, target: &str, place: &str) -> Result<Option<Copy>, SqlTrouble> {
    let mut ask = view.prepare_cached("SELECT * FROM copies WHERE target = ?1 AND place = ?2")?;
    ask.query_and_then([target, place], read_copy)?
        .next()
        .transpose()
}

fn forget_rows(change: &Transaction<'_>, copy: i64) -> Result<(), SqlTrouble> {
    change.execute("DELETE FROM copied WHERE copy = ?1", [copy])?;
    change.execute("DELETE FROM orders_copied WHERE copy = ?1", [copy])?;
    change.execute(
        "UPDATE copies SET adopted = 0, under_way = NULL WHERE id = ?1",
        [copy],
    )?;
    Ok(())
}

/// These numbers are in files: they never change.
pub(super) fn kind(table: Table) -> i64 {
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

    fn note(store: &Store, copy: i64, table: Table, rows: &[Copied]) {
        let rows: Vec<(Table, Copied)> = rows.iter().map(|row| (table, row.clone())).collect();
        store
            .note_copied(copy, &rows, &BTreeMap::new(), None)
            .expect("kept");
    }

    fn lines_of(store: &Store, copy: i64, orders: &[u64]) -> Vec<Copied> {
        let found = store.orders_copied(copy, orders).expect("answers");
        let rows = found.into_iter().flat_map(|order| order.rows);
        let lines = rows.filter(|(table, _)| *table == Table::OrderLines);
        lines.map(|(_, row)| row).collect()
    }

    #[test]
    fn rows_come_back_with_their_order_and_strays_by_their_id() {
        let store = store();
        let copy = store
            .begin_copy("supabase", "aurora in here")
            .expect("begun")
            .id;
        let rows = [
            line(2, Some(7), "b"),
            line(u64::MAX, Some(7), "a"),
            line(10, None, "c"),
        ];
        note(&store, copy, Table::OrderLines, &rows);
        assert_eq!(lines_of(&store, copy, &[7, 8]), rows[..2]);
        let stray = store.copied(copy, Table::OrderLines, &["10", "2", "3"]);
        assert_eq!(stray, Ok(vec![rows[2].clone()]));
        assert_eq!(store.copied(copy, Table::Refunds, &["10"]), Ok(vec![]));
        // The order becomes known, and stays known.
        note(&store, copy, Table::OrderLines, &[line(10, Some(9), "c")]);
        assert_eq!(store.copied(copy, Table::OrderLines, &["10"]), Ok(vec![]));
        assert_eq!(store.copied_strays(copy, Table::OrderLines), Ok(vec![]));
        let buried = Copied {
            parent: Some(9),
            mark: None,
            gone: true,
            ..rows[2].clone()
        };
        let live = |after| store.copied_parents_after(copy, Table::OrderLines, after, 5);
        assert_eq!(live(None), Ok(vec![7, 9]));
        note(
            &store,
            copy,
            Table::OrderLines,
            std::slice::from_ref(&buried),
        );
        assert_eq!(lines_of(&store, copy, &[9]), [buried]);
        assert_eq!(live(None), Ok(vec![7]));
        assert_eq!(live(Some(7)), Ok(vec![]));
    }

    #[test]
    fn what_was_heard_of_an_order_is_known_until_one_of_its_rows_is_another() {
        let store = store();
        let copy = store.begin_copy("supabase", "p").expect("begun").id;
        let own = |content: &str| vec![(Table::Orders, line(7, None, content))];
        let heard = BTreeMap::from([(7, mark("said"))]);
        let known = || store.orders_copied(copy, &[7]).expect("answers")[0].heard;
        store
            .note_copied(copy, &own("a"), &heard, None)
            .expect("kept");
        assert_eq!(known(), Some(mark("said")));
        store
            .note_copied(copy, &own("b"), &BTreeMap::new(), None)
            .expect("kept");
        assert_eq!(known(), None);
        store.note_copied(copy, &[], &heard, None).expect("kept");
        assert_eq!(known(), Some(mark("said")));
    }

    #[test]
    fn what_was_on_its_way_when_a_run_died_is_known_to_the_next_one() {
        let store = store();
        let copy = store.begin_copy("supabase", "p").expect("begun").id;
        let told = [(Table::Orders, line(1, None, "x"))];
        store
            .note_copied(copy, &told, &BTreeMap::new(), None)
            .expect("kept");
        let sent = [
            (Table::Orders, line(7, None, "a")),
            (Table::OrderLines, line(70, Some(7), "b")),
            (Table::Customers, line(3, None, "c")),
        ];
        store.begin_sending(copy, &sent).expect("noted");
        assert_eq!(store.orders_copied(copy, &[7]), Ok(vec![]));
        store.begin_copy("supabase", "p").expect("the next run");
        let meant = |row: &Copied| (row.mark, row.gone);
        let order = &store.orders_copied(copy, &[7]).expect("answers")[0];
        assert_eq!(order.rows.len(), 2);
        assert!(
            order
                .rows
                .iter()
                .all(|(_, row)| meant(row) == (None, false))
        );
        let person = store
            .copied(copy, Table::Customers, &["3"])
            .expect("answers");
        assert_eq!(meant(&person[0]), (None, false));
        // Whoever comes to the end of it says so.
        store.begin_sending(copy, &sent).expect("noted");
        store
            .note_copied(copy, &sent, &BTreeMap::new(), None)
            .expect("kept");
        store.begin_copy("supabase", "p").expect("the next run");
        let person = store
            .copied(copy, Table::Customers, &["3"])
            .expect("answers");
        assert_eq!(meant(&person[0]), (Some(mark("c")), false));
    }

    #[test]
    fn the_orders_of_a_target_are_those_of_all_its_databases() {
        let store = store();
        for (place, ids) in [("one", [9, 100]), ("other", [100, 2])] {
            let copy = store.begin_copy("supabase", place).expect("begun").id;
            note(
                &store,
                copy,
                Table::Orders,
                &ids.map(|id| line(id, None, "x")),
            );
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
            note(&store, copy, table, &rows);
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
        let rows = [(Table::Orders, line(1, None, "x"))];
        let last = Some((Table::Orders, "1", at(1)));
        store
            .note_copied(one.id, &rows, &BTreeMap::new(), last)
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
