//! Leaves: what of a run goes into its entry. Ids, figures, words of ours and digests, in the order in which they were recorded.
//!
//! A leaf says the same for good: what is dropped later of a person was never in it.

use rusqlite::types::ValueRef;
use rusqlite::{Row, Transaction, params};
use serde_json::{Map, Value, json};

use crate::model::chain::{ChainDigest, MerkleTree};
use crate::model::fingerprint::hex;
use crate::store::error::SqlTrouble;
use crate::store::thin;

/// What is kept of a run itself.
pub(super) const ABOUT: &str = "runs.id, shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, error, runs.number";

const CHANGES: &str = "SELECT 'change' AS leaf, id, target, action, entity, source_entity, source_id, source_number, label, txn_date,
                              currency, total, tax_total, target_id,
                              (SELECT body_digest FROM change_rows WHERE change_rows.id = changes.id) AS body_digest, warnings, reason
                       FROM changes WHERE run_id = ?1 ORDER BY id";

/// A request, and its writes as they were meant.
const REQUESTS: &str = "SELECT 'request' AS leaf, id, target, idempotency_key, path, fingerprint, body_digest, intended_at
                        FROM tickets WHERE run_id = ?1 ORDER BY id";
const WRITES: &str = "SELECT 'write' AS leaf, ticket_id, position, subject, intent
                      FROM ticket_writes JOIN tickets ON tickets.id = ticket_id WHERE run_id = ?1 ORDER BY ticket_id, position";

/// What came of the requests of the run, unless that is in a later entry, and of those of others that this one found out about.
const OUTCOMES: &str =
    "SELECT 'outcome' AS leaf, ticket_id, position, subject, outcome, settled_at, closed_at
                        FROM ticket_writes JOIN tickets ON tickets.id = ticket_id
                        WHERE closed_at IS NOT NULL AND settled_entry IS NULL AND run_id = ?1
                              AND ticket_id NOT IN (SELECT ticket_id FROM chained_open)
                        ORDER BY ticket_id, position";
const FOUND_OUT: &str =
    "SELECT 'outcome' AS leaf, ticket_id, position, subject, outcome, settled_at, closed_at
                         FROM ticket_writes JOIN tickets ON tickets.id = ticket_id
                         WHERE settled_entry = ?1 ORDER BY ticket_id, position";

/// The digest of what is kept of a run itself. `None`: there is no such run.
pub(super) fn about(
    view: &Transaction<'_>,
    run_id: &str,
) -> Result<Option<ChainDigest>, SqlTrouble> {
    let mut ask = view.prepare_cached(&format!("SELECT {ABOUT} FROM runs WHERE id = ?1"))?;
    let mut rows = ask.query([run_id])?;
    rows.next()?.map(|row| about_from(row, 0)).transpose()
}

/// The same out of a row whose columns of it begin there and go on to its end.
pub(super) fn about_from(row: &Row<'_>, first: usize) -> Result<ChainDigest, SqlTrouble> {
    let text = of_row(row, first)?.to_string();
    Ok(ChainDigest::of(text.as_bytes()))
}

/// Everything that a run did, and what it found out about what others did.
pub(super) fn of_run(
    view: &Transaction<'_>,
    run_id: &str,
    entry: u64,
) -> Result<MerkleTree, SqlTrouble> {
    let mut tree = MerkleTree::default();
    for question in [CHANGES, REQUESTS, WRITES, OUTCOMES] {
        add(view, question, params![run_id], &mut tree)?;
    }
    add(view, FOUND_OUT, params![entry.cast_signed()], &mut tree)?;
    Ok(tree)
}

fn add(
    view: &Transaction<'_>,
    question: &str,
    of: &[&dyn rusqlite::ToSql],
    tree: &mut MerkleTree,
) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare_cached(question)?;
    let mut rows = ask.query(of)?;
    while let Some(row) = rows.next()? {
        tree.add(&of_row(row, 0)?);
    }
    Ok(())
}

/// The columns of a row from there on as an object, by their names.
fn of_row(row: &Row<'_>, first: usize) -> Result<Value, SqlTrouble> {
    let columns: &rusqlite::Statement<'_> = row.as_ref();
    let mut fields = Map::new();
    for (place, name) in columns.column_names().into_iter().enumerate().skip(first) {
        let value = match row.get_ref(place)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => json!(number),
            // No column of the history is a fraction; one that became one was changed.
            ValueRef::Real(number) => json!({ "real": number.to_bits() }),
            ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
            ValueRef::Blob(bytes) => json!({ "bytes": hex(bytes) }),
        };
        fields.insert(name.to_owned(), value);
    }
    for (name, without) in [
        ("intent", nobody_meant as fn(&str) -> String),
        ("outcome", nobody_found),
    ] {
        if let Some(Value::String(text)) = fields.get(name) {
            let said = without(text);
            let digest = ChainDigest::of(said.as_bytes());
            fields.insert(name.to_owned(), json!(digest));
        }
    }
    Ok(Value::Object(fields))
}

/// What was meant, without the people in it: what is left when they are forgotten.
fn nobody_meant(intent: &str) -> String {
    thin::without_people(&thin::with_digests(intent))
}

/// What came of it, without the name that the books gave back.
fn nobody_found(outcome: &str) -> String {
    thin::without_name(outcome).unwrap_or_else(|| outcome.to_owned())
}
