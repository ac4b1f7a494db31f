//! Agreements in the state file: the pairs of values on which both sides agreed, and the fields on which they do not.
//!
//! What people are called and where they live is among the values, so that a row is sealed whole where there is a key. A row that
//! cannot be opened any more because its key was lost says nothing: both sides meet anew.

use chrono::{DateTime, Utc};
use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::Store;
use super::columns::{json, read_json, read_time, read_word, time, word};
use super::error::{SqlTrouble, StoreError};
use super::problems::{as_written, short_id};
use super::veil::Veil;
use crate::model::agreed::{AgreedField, AgreedRecord, ConflictSides, ConflictTake, FieldConflict};
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Entity, RecordKey};

/// What of a conflict is about people.
#[derive(Serialize, Deserialize)]
struct SaidInConflict {
    sides: ConflictSides,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    take: Option<ConflictTake>,
}

const CONFLICTS: &str = "SELECT * FROM field_conflicts";

impl Store {
    pub(super) fn agreed(
        &self,
        target: &str,
        entity: Entity,
    ) -> Result<Vec<AgreedRecord>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM agreed WHERE target = ?1 AND entity = ?2 AND said <> '' ORDER BY record_id",
            )?;
            ask.query_and_then([target, entity.as_str()], |row| read_agreed(&veil, row))?
                .collect()
        })
    }

    pub(super) fn agree(&self, target: &str, records: &[AgreedRecord]) -> Result<(), StoreError> {
        let veil = self.veil();
        self.write(|change| {
            let mut put = change.prepare_cached(
                "INSERT INTO agreed (target, entity, record_id, number, remote_id, revision, shop, made_by, standing, said)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (target, entity, record_id) DO UPDATE SET
                     number = excluded.number, remote_id = excluded.remote_id, revision = excluded.revision,
                     shop = excluded.shop, made_by = excluded.made_by, standing = excluded.standing, said = excluded.said",
            )?;
            for record in records {
                let source = &record.source;
                let said = veil.shut(&agreed_place(target, source), &json(&record.fields));
                put.execute(params![
                    target,
                    source.entity.as_str(),
                    source.id,
                    source.number,
                    record.remote,
                    record.revision,
                    record.shop.as_str(),
                    record.made_by.as_str(),
                    word(record.standing),
                    said,
                ])?;
            }
            Ok(())
        })
    }

    pub(super) fn open_conflicts(&self, target: &str) -> Result<Vec<FieldConflict>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let ask = format!(
                "{CONFLICTS} WHERE target = ?1 AND settled_at IS NULL AND said <> '' ORDER BY since, entity, record_id, field"
            );
            let mut ask = view.prepare_cached(&ask)?;
            ask.query_and_then([target], |row| read_conflict(&veil, row))?
                .collect()
        })
    }

    pub(super) fn count_open_conflicts(&self, target: &str) -> Result<u64, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FROM field_conflicts WHERE target = ?1 AND settled_at IS NULL AND said <> ''",
            )?;
            let count: i64 = ask.query_row([target], |row| row.get(0))?;
            Ok(count.cast_unsigned())
        })
    }

    pub(super) fn conflict_called(&self, id: &str) -> Result<Option<FieldConflict>, StoreError> {
        let veil = self.veil();
        self.read(|view| called(view, &veil, &as_written(id)))
    }

    pub(super) fn settled_conflicts(
        &self,
        target: &str,
        limit: u32,
    ) -> Result<Vec<FieldConflict>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let ask = format!(
                "{CONFLICTS} WHERE target = ?1 AND settled_at IS NOT NULL AND said <> '' ORDER BY settled_at DESC, seq DESC LIMIT ?2"
            );
            let mut ask = view.prepare_cached(&ask)?;
            ask.query_and_then(params![target, limit], |row| read_conflict(&veil, row))?
                .collect()
        })
    }

    pub(super) fn open_conflict(
        &self,
        target: &str,
        conflict: &FieldConflict,
    ) -> Result<FieldConflict, StoreError> {
        let veil = self.veil();
        self.write(|change| {
            let open = open_of(change, &veil, target, conflict)?;
            let kept = match open {
                Some((seq, open)) => {
                    // A decision holds as long as both sides say what they said then.
                    let holds = open.sides.shop == conflict.sides.shop
                        && open.sides.books == conflict.sides.books;
                    let kept = FieldConflict {
                        id: open.id,
                        since: open.since,
                        take: open.take.filter(|_| holds),
                        ..conflict.clone()
                    };
                    let said = shut(&veil, target, &kept);
                    let mut put = change.prepare_cached(
                        "UPDATE field_conflicts SET number = ?2, cause = ?3, said = ?4, run_id = ?5 WHERE seq = ?1",
                    )?;
                    put.execute(params![seq, kept.source.number, word(kept.cause), said, kept.run])?;
                    kept
                }
                None => insert(change, &veil, target, conflict)?,
            };
            Ok(kept)
        })
    }

    pub(super) fn settle_conflict(
        &self,
        target: &str,
        conflict: &FieldConflict,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        self.write(|change| {
            let kept = match open_of(change, &veil, target, conflict)? {
                Some((_, open)) => FieldConflict {
                    id: open.id,
                    since: open.since,
                    take: open.take,
                    ..conflict.clone()
                },
                None => insert(change, &veil, target, conflict)?,
            };
            let mut settle = change.prepare_cached(
                "UPDATE field_conflicts SET said = ?5, settled_at = ?6, settled_by = ?7
                 WHERE target = ?1 AND entity = ?2 AND record_id = ?3 AND field = ?4 AND settled_at IS NULL",
            )?;
            let source = &kept.source;
            settle.execute(params![
                target,
                source.entity.as_str(),
                source.id,
                kept.field.as_str(),
                shut(&veil, target, &kept),
                time(now),
                by,
            ])?;
            Ok(())
        })
    }

    pub(super) fn decide_conflict(
        &self,
        id: &str,
        take: &ConflictTake,
    ) -> Result<Option<FieldConflict>, StoreError> {
        let veil = self.veil();
        self.write(|change| {
            let id = as_written(id);
            let mut ask = change.prepare_cached(
                "SELECT * FROM field_conflicts WHERE id = ?1 AND settled_at IS NULL AND said <> ''",
            )?;
            let open = ask
                .query_and_then([&id], |row| {
                    Ok::<_, SqlTrouble>((
                        row.get::<_, String>("target")?,
                        read_conflict(&veil, row)?,
                    ))
                })?
                .next()
                .transpose()?;
            let Some((target, open)) = open else {
                return Ok(None);
            };
            let decided = FieldConflict {
                take: Some(take.clone()),
                ..open
            };
            let mut put = change.prepare_cached(
                "UPDATE field_conflicts SET said = ?2 WHERE id = ?1 AND settled_at IS NULL",
            )?;
            put.execute([&id, &shut(&veil, &target, &decided)])?;
            Ok(Some(decided))
        })
    }
}

/// Written alike in the questions of `bodies`.
fn agreed_place(target: &str, source: &RecordKey) -> String {
    format!("agreed/{target}/{}/{}", source.entity, source.id)
}

fn conflict_place(target: &str, source: &RecordKey, field: AgreedField) -> String {
    format!("conflict/{target}/{}/{}/{field}", source.entity, source.id)
}

fn shut(veil: &Veil, target: &str, conflict: &FieldConflict) -> String {
    let said = SaidInConflict {
        sides: conflict.sides.clone(),
        take: conflict.take.clone(),
    };
    let place = conflict_place(target, &conflict.source, conflict.field);
    veil.shut(&place, &json(&said))
}

fn insert(
    change: &Transaction<'_>,
    veil: &Veil,
    target: &str,
    conflict: &FieldConflict,
) -> Result<FieldConflict, SqlTrouble> {
    let mut kept = conflict.clone();
    kept.id = free_id(change, target, conflict)?;
    let source = &kept.source;
    let mut put = change.prepare_cached(
        "INSERT INTO field_conflicts (id, target, entity, record_id, number, field, cause, said, since, run_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    put.execute(params![
        kept.id,
        target,
        source.entity.as_str(),
        source.id,
        source.number,
        kept.field.as_str(),
        word(kept.cause),
        shut(veil, target, &kept),
        time(kept.since),
        kept.run,
    ])?;
    Ok(kept)
}

/// The first of the ids that follow from the field which no other field has.
fn free_id(
    view: &Transaction<'_>,
    target: &str,
    conflict: &FieldConflict,
) -> Result<String, SqlTrouble> {
    let source = &conflict.source;
    let mut taken = view.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM field_conflicts WHERE id = ?1
             AND NOT (target = ?2 AND entity = ?3 AND record_id = ?4 AND field = ?5))
             OR EXISTS (SELECT 1 FROM problems WHERE id = ?1)",
    )?;
    let mut attempt = 0;
    loop {
        let id = short_id(
            &(target, source.entity, &source.id, conflict.field.as_str()),
            attempt,
        );
        let key = params![
            id,
            target,
            source.entity.as_str(),
            source.id,
            conflict.field.as_str()
        ];
        if !taken.query_row(key, |row| row.get::<_, bool>(0))? {
            return Ok(id);
        }
        attempt += 1;
    }
}

fn open_of(
    view: &Transaction<'_>,
    veil: &Veil,
    target: &str,
    conflict: &FieldConflict,
) -> Result<Option<(i64, FieldConflict)>, SqlTrouble> {
    let source = &conflict.source;
    let mut ask = view.prepare_cached(
        "SELECT * FROM field_conflicts
         WHERE target = ?1 AND entity = ?2 AND record_id = ?3 AND field = ?4 AND settled_at IS NULL AND said <> ''",
    )?;
    let key = [
        target,
        source.entity.as_str(),
        &source.id,
        conflict.field.as_str(),
    ];
    ask.query_and_then(key, |row| Ok((row.get("seq")?, read_conflict(veil, row)?)))?
        .next()
        .transpose()
}

fn called(
    view: &Transaction<'_>,
    veil: &Veil,
    id: &str,
) -> Result<Option<FieldConflict>, SqlTrouble> {
    let ask = format!(
        "{CONFLICTS} WHERE id = ?1 AND said <> '' ORDER BY settled_at IS NULL DESC, seq DESC LIMIT 1"
    );
    let mut ask = view.prepare_cached(&ask)?;
    ask.query_and_then([id], |row| read_conflict(veil, row))?
        .next()
        .transpose()
}

fn read_source(row: &Row<'_>, column: &'static str) -> Result<RecordKey, SqlTrouble> {
    Ok(RecordKey {
        entity: read_word(row.get("entity")?, column)?,
        id: row.get("record_id")?,
        number: row.get("number")?,
    })
}

fn read_agreed(veil: &Veil, row: &Row<'_>) -> Result<AgreedRecord, SqlTrouble> {
    let source = read_source(row, "agreed.entity")?;
    let target: String = row.get("target")?;
    let said = veil
        .open(&agreed_place(&target, &source), row.get("said")?)
        .needed()?;
    let digest = |column: &str| -> Result<Fingerprint, SqlTrouble> {
        read_word(row.get(column)?, "agreed.shop")
    };
    Ok(AgreedRecord {
        remote: row.get("remote_id")?,
        revision: row.get("revision")?,
        shop: digest("shop")?,
        made_by: digest("made_by")?,
        standing: read_word(row.get("standing")?, "agreed.standing")?,
        fields: read_json(&said, "agreed.said")?,
        source,
    })
}

fn read_conflict(veil: &Veil, row: &Row<'_>) -> Result<FieldConflict, SqlTrouble> {
    let source = read_source(row, "field_conflicts.entity")?;
    let target: String = row.get("target")?;
    let field: String = row.get("field")?;
    let field =
        AgreedField::of(source.entity, &field).ok_or(SqlTrouble::Odd("field_conflicts.field"))?;
    let place = conflict_place(&target, &source, field);
    let said = veil.open(&place, row.get("said")?).needed()?;
    let said: SaidInConflict = read_json(&said, "field_conflicts.said")?;
    let settled: Option<String> = row.get("settled_at")?;
    let by: Option<String> = row.get("settled_by")?;
    Ok(FieldConflict {
        id: row.get("id")?,
        field,
        cause: read_word(row.get("cause")?, "field_conflicts.cause")?,
        sides: said.sides,
        take: said.take,
        since: read_time(&row.get::<_, String>("since")?, "field_conflicts.since")?,
        run: row.get("run_id")?,
        settled: settled
            .map(|at| read_time(&at, "field_conflicts.settled_at"))
            .transpose()?
            .map(|at| (at, by.unwrap_or_default())),
        source,
    })
}

/// The rows about these accounts, by number.
pub(super) fn rows_of_people(
    view: &Transaction<'_>,
    table: &str,
    accounts: &[String],
) -> Result<Vec<i64>, SqlTrouble> {
    let ask = format!(
        "SELECT rowid FROM {table} WHERE entity = 'customer' AND record_id IN (SELECT value FROM json_each(?1))"
    );
    let mut ask = view.prepare_cached(&ask)?;
    let rows = ask.query_map([json(&accounts)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use super::*;
    use crate::model::agreed::{
        AgreedBase, AgreedPair, AgreedSide, AgreedStanding, ConflictCause, OwnWrite,
    };
    use crate::model::both::{CustomerField, ProductField};
    use crate::store::PersonSought;
    use crate::store::people::BodyDialect;
    use crate::store::tests::{BOOKS, at, store};
    use crate::store::veil::tests::Toy;

    const PHONE: AgreedField = AgreedField::Customer(CustomerField::Phone);
    const NUMBER: &str = "555 0199";

    fn base(shop: &str, books: &str) -> AgreedBase {
        AgreedBase {
            pair: AgreedPair {
                shop: shop.to_owned(),
                books: books.to_owned(),
            },
            agreed_at: at(1),
            run: "run-1".to_owned(),
            writes: vec![OwnWrite {
                at: at(1),
                to: AgreedSide::Shop,
                value: Fingerprint::of(&shop),
            }],
            only_tried: false,
            before: None,
            taken_back: false,
            meant: None,
        }
    }

    fn record(source: RecordKey, field: AgreedField) -> AgreedRecord {
        AgreedRecord {
            source,
            remote: "58".to_owned(),
            revision: "3".to_owned(),
            shop: Fingerprint::of(&"shop"),
            made_by: Fingerprint::of(&"mapping"),
            standing: AgreedStanding::There,
            fields: BTreeMap::from([(field, base(NUMBER, NUMBER))]),
        }
    }

    fn conflict(account: &str, shop: &str, books: &str) -> FieldConflict {
        FieldConflict {
            id: String::new(),
            source: RecordKey::customer(account),
            field: PHONE,
            cause: ConflictCause::BothChanged,
            sides: ConflictSides {
                base: Some(base("1", "1").pair),
                shop: shop.to_owned(),
                books: books.to_owned(),
                shop_at: Some(at(2)),
                books_at: None,
            },
            since: at(5),
            run: "run-1".to_owned(),
            take: None,
            settled: None,
        }
    }

    #[test]
    fn what_was_agreed_on_comes_back_and_is_replaced_in_place() {
        let store = store();
        let ann = record(RecordKey::customer("7"), PHONE);
        let price = AgreedField::Product(ProductField::Price);
        let mug = record(RecordKey::product(3, "MUG"), price);
        store
            .agree(BOOKS, &[ann.clone(), mug.clone()])
            .expect("kept");
        assert_eq!(store.agreed(BOOKS, Entity::Customer), Ok(vec![ann.clone()]));
        assert_eq!(store.agreed(BOOKS, Entity::Product), Ok(vec![mug]));
        let gone = AgreedRecord {
            standing: AgreedStanding::ShopGone,
            revision: "4".to_owned(),
            ..ann
        };
        store
            .agree(BOOKS, std::slice::from_ref(&gone))
            .expect("kept");
        assert_eq!(store.agreed(BOOKS, Entity::Customer), Ok(vec![gone]));
        assert_eq!(store.agreed("other", Entity::Customer), Ok(vec![]));
    }

    #[test]
    fn a_conflict_keeps_its_id_and_its_beginning_until_it_is_settled_and_then_for_good() {
        let store = store();
        let first = store
            .open_conflict(BOOKS, &conflict("7", "2", "3"))
            .expect("opened");
        let other = store
            .open_conflict(BOOKS, &conflict("8", "2", "3"))
            .expect("opened");
        assert_ne!(first.id, other.id);
        let later = FieldConflict {
            since: at(50),
            ..conflict("7", "2", "3")
        };
        let again = store.open_conflict(BOOKS, &later).expect("met again");
        assert_eq!((&again.id, again.since), (&first.id, at(5)));

        let typed = first.id.to_lowercase();
        let decided = store
            .decide_conflict(&typed, &ConflictTake::Shop)
            .expect("kept");
        assert_eq!(decided.expect("it is open").take, Some(ConflictTake::Shop));
        let same = store.open_conflict(BOOKS, &later).expect("met again");
        assert_eq!(
            same.take,
            Some(ConflictTake::Shop),
            "they say what they said"
        );
        let moved = store
            .open_conflict(BOOKS, &conflict("7", "2", "9"))
            .expect("met again");
        assert_eq!(moved.take, None, "it was about other values");

        store
            .settle_conflict(BOOKS, &conflict("7", "2", "9"), "a person", at(60))
            .expect("settled");
        assert_eq!(store.open_conflicts(BOOKS), Ok(vec![other]));
        assert_eq!(store.count_open_conflicts(BOOKS), Ok(1));
        assert_eq!(store.count_open_conflicts("other"), Ok(0));
        let kept = store
            .conflict_called(&first.id)
            .expect("answers")
            .expect("for good");
        assert_eq!(kept.settled, Some((at(60), "a person".to_owned())));
        assert_eq!(
            (kept.sides.shop.as_str(), kept.sides.books.as_str()),
            ("2", "9")
        );
        assert_eq!(
            store.decide_conflict(&first.id, &ConflictTake::Base),
            Ok(None)
        );

        // A rule decides before anybody is asked; the one who lost is written down all the same.
        store
            .settle_conflict(BOOKS, &conflict("7", "4", "5"), "source_wins", at(70))
            .expect("settled");
        let all = store.settled_conflicts(BOOKS, 10).expect("answers");
        let said: Vec<&str> = all.iter().map(|one| one.sides.books.as_str()).collect();
        assert_eq!(said, ["5", "9"]);
        assert!(all.iter().all(|one| one.id == first.id));
    }

    #[test]
    fn what_is_agreed_on_about_people_is_sealed_and_forgotten() {
        let store = store();
        store.use_body_key(Arc::new(Toy("one")));
        let email = AgreedField::Customer(CustomerField::Email);
        let mut ann = record(RecordKey::customer("7"), email);
        ann.fields
            .insert(email, base("z@canary.example", "Z@canary.example"));
        let kim = record(RecordKey::customer("8"), PHONE);
        store.agree(BOOKS, &[ann, kim.clone()]).expect("kept");
        let opened = FieldConflict {
            field: email,
            ..conflict("7", "z@canary.example", "other@example.com")
        };
        store.open_conflict(BOOKS, &opened).expect("opened");
        let plain: i64 = store
            .file()
            .query_row(
                "SELECT (SELECT count(*) FROM agreed WHERE said NOT LIKE 'sealed:%')
                      + (SELECT count(*) FROM field_conflicts WHERE said NOT LIKE 'sealed:%')",
                [],
                |row| row.get(0),
            )
            .expect("answers");
        assert_eq!(plain, 0, "nobody reads it in the file");
        store.veil_everything().expect("noted");
        let sought = PersonSought {
            email: "z@canary.example".to_owned(),
            looks: "digest-of-z".to_owned(),
            guest: "g0123".to_owned(),
        };
        let dialect = BodyDialect {
            customers: |_| BTreeSet::new(),
            names: |_, _| BTreeSet::new(),
            figures: |_| "{}".to_owned(),
        };
        let traces = store.traces(&sought, &dialect).expect("found");
        assert_eq!((traces.agreed.len(), traces.conflicts.len()), (1, 1));
        store.forget(&sought, &dialect).expect("forgotten");
        assert_eq!(store.agreed(BOOKS, Entity::Customer), Ok(vec![kim]));
        assert_eq!(store.open_conflicts(BOOKS), Ok(vec![]));
        assert!(store.traces(&sought, &dialect).expect("looked").is_empty());
    }
}
