//! Kinds of writes: what writes are counted by, as a number beside what was meant, which is packed.

use rusqlite::{OptionalExtension, Transaction, params};

use super::error::SqlTrouble;
use crate::model::ticket::Write;

/// The number that stands for the kind of a write.
pub(super) fn number(change: &Transaction<'_>, write: &Write) -> Result<i64, SqlTrouble> {
    let kind = params![
        write.action.as_str(),
        write.source.entity.as_str(),
        stands_for(&write.source.id),
    ];
    let mut ask = change.prepare_cached(
        "SELECT number FROM write_kinds WHERE action = ?1 AND source_entity = ?2 AND source_id = ?3",
    )?;
    if let Some(number) = ask.query_row(kind, |row| row.get(0)).optional()? {
        return Ok(number);
    }
    let mut add = change.prepare_cached(
        "INSERT INTO write_kinds (action, source_entity, source_id) VALUES (?1, ?2, ?3)",
    )?;
    add.execute(kind)?;
    Ok(change.last_insert_rowid())
}

/// Of an id it is asked whether it is the shop's own number or a key of ours, and whether that has two parts.
fn stands_for(id: &str) -> &'static str {
    if id.contains('.') {
        "x."
    } else if id.bytes().all(|letter| letter.is_ascii_digit()) {
        "1"
    } else {
        "x"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::{Action, RecordKey};
    use crate::store::tests::{store, write};

    #[test]
    fn writes_of_one_kind_have_one_number() {
        let store = store();
        let number = |write: &Write| {
            let number = store.write(|change| super::number(change, write));
            number.expect("it has a kind")
        };
        let sale = number(&write(1));
        assert_eq!(number(&write(2)), sale);
        let voided = Write {
            action: Action::Void,
            ..write(1)
        };
        assert_ne!(number(&voided), sale);
        let of_customer = |id: &str| Write {
            source: RecordKey::customer(id),
            ..write(1)
        };
        let numbers: Vec<i64> = ["7", "g12ab", "g12ab.CAD", "9", "c7.CAD"]
            .map(|id| number(&of_customer(id)))
            .into();
        assert_eq!((numbers[0], numbers[2]), (numbers[3], numbers[4]));
        let mut different = [sale, numbers[0], numbers[1], numbers[2]];
        different.sort_unstable();
        assert!(different.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
