//! Orders copied: what a database was given of an order, of its lines and of its refunds, in one row.
//!
//! An order goes out whole and is looked up whole, so one row is a third of the room and of the work that a row for each line would be.
//! In the row stand ids and marks, packed:
//!
//! ```text
//!   1                                    how it is packed
//!   kind | 4 has a mark | 8 is gone      a byte for each row, kinds in their order
//!   id                                   not of the order's own; less the id before it, in sevens of bits
//!   mark                                 16 bytes, if it has one
//! ```
//!
//! A file of an earlier version was packed by SQLite, which begins with 0 and gives each row 25 bytes.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde_json::Value as Json;

use super::Store;
use super::copied::{Copied, Mark, kind};
use super::error::{SqlTrouble, StoreError};
use crate::model::row::Table;

/// What is remembered of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopiedOrder {
    pub id: u64,
    /// Of what the shop said of it, if its rows are exactly what that came to.
    pub heard: Option<Mark>,
    /// Its own row, its lines and its refunds.
    pub rows: Vec<(Table, Copied)>,
}

/// The tables whose rows are kept with their order, by the number that they have in the file.
const KINDS: [Table; 3] = [Table::Orders, Table::OrderLines, Table::Refunds];

/// How rows are packed: by SQLite, when an older file was brought up to date, and by us.
const BY_SQLITE: u8 = 0;
const BY_US: u8 = 1;

const HAS_MARK: u8 = 4;
const IS_GONE: u8 = 8;

pub(super) const OF_ORDERS: &str = "SELECT id, heard, rows FROM orders_copied
     WHERE copy = ?1 AND id IN (SELECT value FROM json_each(?2))";
pub(super) const LIVE_ORDERS_AFTER: &str = "SELECT id, heard, rows FROM orders_copied
     WHERE copy = ?1 AND id > ?2 AND live & ?3 ORDER BY id LIMIT ?4";

/// The order that a row is kept with; `None`: it is kept by itself.
pub(super) fn order_of(table: Table, row: &Copied) -> Option<u64> {
    match table {
        Table::Orders => row.id.parse().ok(),
        Table::OrderLines | Table::Refunds => row.parent,
        _ => None,
    }
}

/// Which bit says that an order has live rows in a table.
pub(super) fn live_bit(table: Table) -> i64 {
    1 << (kind(table) - 1)
}

impl Store {
    pub(super) fn orders_copied(
        &self,
        copy: i64,
        orders: &[u64],
    ) -> Result<Vec<CopiedOrder>, StoreError> {
        let orders: Vec<Json> = orders.iter().map(|id| id.cast_signed().into()).collect();
        self.read(|view| {
            let mut ask = view.prepare_cached(OF_ORDERS)?;
            let found =
                ask.query_and_then(params![copy, Json::Array(orders).to_string()], read_order)?;
            found.collect()
        })
    }
}

/// The next so many orders that have live rows in a table.
pub(super) fn live_after(
    view: &Transaction<'_>,
    copy: i64,
    table: Table,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<CopiedOrder>, SqlTrouble> {
    let mut ask = view.prepare_cached(LIVE_ORDERS_AFTER)?;
    let after = after.unwrap_or(i64::MIN);
    let found = ask.query_and_then(params![copy, after, live_bit(table), limit], read_order)?;
    found.collect()
}

/// Remembers rows with their orders. What is given last of a row counts. What was heard of an order is forgotten when one of its rows is
/// noted, unless it is said anew.
pub(super) fn note(
    change: &Transaction<'_>,
    copy: i64,
    rows: BTreeMap<u64, Vec<(Table, &Copied)>>,
    heard: &BTreeMap<u64, Mark>,
) -> Result<(), SqlTrouble> {
    let mut ask = change
        .prepare_cached("SELECT id, heard, rows FROM orders_copied WHERE copy = ?1 AND id = ?2")?;
    let mut put = change.prepare_cached(
        "INSERT INTO orders_copied (copy, id, heard, rows, live) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET heard = excluded.heard, rows = excluded.rows, live = excluded.live",
    )?;
    let strays = Strays::of(change, copy)?;
    for (id, noted) in rows {
        let mut known: BTreeMap<(i64, u64), (Option<Mark>, bool)> = BTreeMap::new();
        let before = ask
            .query_row(params![copy, id.cast_signed()], |row| Ok(read_order(row)))
            .optional()?
            .transpose()?;
        let earlier = before.iter().flat_map(|order| &order.rows);
        let earlier = earlier.map(|(table, row)| (*table, row));
        let noted = noted.into_iter();
        for (table, row) in earlier.chain(noted.inspect(|(table, row)| strays.claim(*table, row))) {
            let own: u64 = row
                .id
                .parse()
                .map_err(|_| SqlTrouble::Odd("orders_copied.id"))?;
            known.insert((kind(table), own), (row.mark, row.gone));
        }
        let live = known
            .iter()
            .filter(|(_, (_, gone))| !gone)
            .fold(0_i64, |live, ((kind, _), _)| live | 1 << (kind - 1));
        let heard = heard.get(&id).map(|mark| mark.bytes().as_slice());
        put.execute(params![copy, id.cast_signed(), heard, packed(&known), live])?;
    }
    strays.forget_claimed(change, copy)?;
    for (id, heard) in heard {
        let mut only = change.prepare_cached(
            "UPDATE orders_copied SET heard = ?3 WHERE copy = ?1 AND id = ?2 AND heard IS NOT ?3",
        )?;
        only.execute(params![copy, id.cast_signed(), heard.bytes().as_slice()])?;
    }
    Ok(())
}

/// Lines and refunds that were known without their order, and are found to belong to one.
struct Strays {
    are_there: bool,
    claimed: std::cell::RefCell<Vec<(i64, i64)>>,
}

impl Strays {
    fn of(view: &Transaction<'_>, copy: i64) -> Result<Strays, SqlTrouble> {
        let mut ask = view.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM copied WHERE copy = ?1 AND kind IN (2, 3))",
        )?;
        Ok(Strays {
            are_there: ask.query_row([copy], |row| row.get(0))?,
            claimed: std::cell::RefCell::default(),
        })
    }

    fn claim(&self, table: Table, row: &Copied) {
        if self.are_there && table != Table::Orders {
            let id = row.id.parse::<u64>().map(u64::cast_signed);
            self.claimed
                .borrow_mut()
                .extend(id.map(|id| (kind(table), id)));
        }
    }

    fn forget_claimed(self, change: &Transaction<'_>, copy: i64) -> Result<(), SqlTrouble> {
        let mut forget = change
            .prepare_cached("DELETE FROM copied WHERE copy = ?1 AND kind = ?2 AND id = ?3")?;
        for (kind, id) in self.claimed.into_inner() {
            forget.execute(params![copy, kind, id])?;
        }
        Ok(())
    }
}

pub(super) fn read_order(row: &Row<'_>) -> Result<CopiedOrder, SqlTrouble> {
    let id: i64 = row.get("id")?;
    let heard: Option<Vec<u8>> = row.get("heard")?;
    let heard =
        heard.map(|heard| Mark::from_bytes(&heard).ok_or(SqlTrouble::Odd("orders_copied.heard")));
    let rows = row.get_ref("rows")?.as_blob().ok();
    let rows = rows.and_then(|rows| unpacked(rows, id.cast_unsigned()));
    Ok(CopiedOrder {
        id: id.cast_unsigned(),
        heard: heard.transpose()?,
        rows: rows.ok_or(SqlTrouble::Odd("orders_copied.rows"))?,
    })
}

fn packed(rows: &BTreeMap<(i64, u64), (Option<Mark>, bool)>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + rows.len() * 20);
    bytes.push(BY_US);
    let mut before = (0, 0);
    for ((kind, id), (mark, gone)) in rows {
        let mut head = u8::try_from(*kind).expect("kinds are few");
        head |= if mark.is_some() { HAS_MARK } else { 0 };
        head |= if *gone { IS_GONE } else { 0 };
        bytes.push(head);
        if *kind != before.0 {
            before = (*kind, 0);
        }
        if *kind != self::kind(Table::Orders) {
            let mut left = id - before.1;
            while left >= 0x80 {
                bytes.push(u8::try_from(left & 0x7F).expect("seven bits") | 0x80);
                left >>= 7;
            }
            bytes.push(u8::try_from(left).expect("seven bits"));
            before.1 = *id;
        }
        bytes.extend(mark.iter().flat_map(|mark| mark.bytes()));
    }
    bytes
}

/// `None`: it is damaged.
fn unpacked(bytes: &[u8], order: u64) -> Option<Vec<(Table, Copied)>> {
    let (how, mut left) = bytes.split_first()?;
    let mut rows = Vec::new();
    let mut before = (0, 0_u64);
    while let Some((head, rest)) = left.split_first() {
        left = rest;
        let table = KINDS
            .into_iter()
            .find(|table| kind(*table) == i64::from(head & 3))?;
        let id = match *how {
            BY_SQLITE => {
                let (id, rest) = left.split_first_chunk::<8>()?;
                left = rest;
                u64::from_be_bytes(*id)
            }
            BY_US if table == Table::Orders => order,
            BY_US => {
                if before.0 != head & 3 {
                    before = (head & 3, 0);
                }
                let mut more = 0_u64;
                let mut at = 0;
                loop {
                    let (byte, rest) = left.split_first()?;
                    left = rest;
                    more |= u64::from(byte & 0x7F).checked_shl(at)?;
                    at += 7;
                    if byte & 0x80 == 0 {
                        break;
                    }
                }
                before.1 = before.1.checked_add(more)?;
                before.1
            }
            _ => return None,
        };
        let has_mark = head & HAS_MARK != 0;
        let mut mark = None;
        if has_mark || *how == BY_SQLITE {
            let (found, rest) = left.split_at_checked(16)?;
            left = rest;
            mark = Mark::from_bytes(found).filter(|_| has_mark);
        }
        rows.push((
            table,
            Copied {
                id: id.to_string(),
                parent: (table != Table::Orders).then_some(order),
                mark,
                gone: head & IS_GONE != 0,
            },
        ));
    }
    Some(rows)
}

/// Rows that a database is about to be given, as text: if their run dies, whoever comes next reads them.
pub(super) fn written_under_way(rows: &[(Table, Copied)]) -> Vec<u8> {
    let rows: Vec<(i64, &str, Option<u64>)> = rows
        .iter()
        .map(|(table, row)| (kind(*table), row.id.as_str(), row.parent))
        .collect();
    serde_json::to_vec(&rows).expect("numbers and texts always have a JSON form")
}

pub(super) fn read_under_way(bytes: &[u8]) -> Result<Vec<(Table, Copied)>, SqlTrouble> {
    let odd = SqlTrouble::Odd("copies.under_way");
    let Ok(rows) = serde_json::from_slice::<Vec<(i64, String, Option<u64>)>>(bytes) else {
        return Err(odd);
    };
    rows.into_iter()
        .map(|(number, id, parent)| {
            let table = Table::ALL.into_iter().find(|table| kind(*table) == number);
            let row = Copied {
                id,
                parent,
                mark: None,
                gone: false,
            };
            table
                .map(|table| (table, row))
                .ok_or(SqlTrouble::Odd("copies.under_way"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fingerprint::Fingerprint;

    fn mark(content: &str) -> Option<Mark> {
        Mark::of(&Fingerprint::of_bytes(content.as_bytes()))
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let rows = BTreeMap::from([
            ((1, 7), (mark("own"), false)),
            ((2, 5), (mark("a"), true)),
            ((2, 6), (None, false)),
            ((2, u64::MAX), (mark("b"), false)),
            ((3, 300), (mark("c"), false)),
        ]);
        let found = unpacked(&packed(&rows), 7).expect("it is whole");
        let found: BTreeMap<(i64, u64), (Option<Mark>, bool)> = found
            .into_iter()
            .map(|(table, row)| {
                let parent = (table != Table::Orders).then_some(7);
                assert_eq!(row.parent, parent);
                (
                    (kind(table), row.id.parse().expect("a number")),
                    (row.mark, row.gone),
                )
            })
            .collect();
        assert_eq!(found, rows);
    }

    #[test]
    fn what_is_cut_short_is_odd() {
        let rows = BTreeMap::from([
            ((1, 7), (mark("own"), false)),
            ((2, 900), (mark("a"), false)),
        ]);
        let whole = packed(&rows);
        for end in 0..whole.len() {
            let is_between_rows = end == 1 || end == 18;
            assert_eq!(
                unpacked(&whole[..end], 7).is_some(),
                is_between_rows,
                "{end}"
            );
        }
        assert_eq!(unpacked(&[9], 7), Some(vec![]));
        assert_eq!(unpacked(&[9, 2, 1], 7), None);
    }

    #[test]
    fn a_usual_order_takes_little_room() {
        let mut rows = BTreeMap::from([((1, 123_456), (mark("own"), false))]);
        for id in 400_000..400_003 {
            rows.insert((2, id), (mark(&id.to_string()), false));
        }
        assert!(packed(&rows).len() <= 75, "{}", packed(&rows).len());
    }
}
