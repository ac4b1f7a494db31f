//! Leaves: what of a run goes into its entry. Ids, figures, words of ours and digests, in the order in which they were recorded.
//!
//! A leaf says the same for good: what is dropped later of a person was never in it.

use std::borrow::Cow;
use std::fmt::Arguments;
use std::io::Write;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Row, Statement, ToSql, Transaction};

use crate::model::chain::{ChainDigest, MerkleTree};
use crate::model::fingerprint::hex;
use crate::store::error::SqlTrouble;
use crate::store::packed::whole;
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

/// Which run it took back.
const UNDOES: &str = "SELECT 'undo' AS leaf, run_id, undone FROM undos WHERE run_id = ?1";

/// Which leaves there can be of a run: what need not be asked for is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LeafKinds {
    pub changes: bool,
    pub requests: bool,
    pub found_out: bool,
    pub undoes: bool,
}

impl LeafKinds {
    pub const ALL: LeafKinds = LeafKinds {
        changes: true,
        requests: true,
        found_out: true,
        undoes: true,
    };
}

/// How the texts of a leaf are taken that may have had people in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeafTexts {
    /// What was meant is taken as it stands. It is kept without people from the start, so this is nearly always right, and where the
    /// digests agree it was.
    AsTheyStand,
    /// Without whoever is in them, as an entry has them.
    WithoutPeople,
}

/// The digest of what is kept of a run itself. `None`: there is no such run.
pub(super) fn about(
    view: &Transaction<'_>,
    run_id: &str,
) -> Result<Option<ChainDigest>, SqlTrouble> {
    let mut ask = view.prepare_cached(&format!("SELECT {ABOUT} FROM runs WHERE id = ?1"))?;
    let columns = LeafColumns::of(&ask, 0);
    let mut rows = ask.query([run_id])?;
    let row = rows.next()?;
    row.map(|row| columns.digest(row, &mut Vec::new()))
        .transpose()
}

/// Everything that a run did, and what it found out about what others did.
pub(super) fn of_run(
    view: &Transaction<'_>,
    run_id: &str,
    entry: u64,
) -> Result<MerkleTree, SqlTrouble> {
    LeafReader::new(view)?.of_run(run_id, entry, LeafKinds::ALL, LeafTexts::WithoutPeople)
}

/// Reads the leaves of many runs: the questions are prepared once.
pub(super) struct LeafReader<'a> {
    changes: LeafQuestion<'a>,
    requests: [LeafQuestion<'a>; 3],
    undoes: LeafQuestion<'a>,
    found_out: LeafQuestion<'a>,
    leaf: Vec<u8>,
}

impl<'a> LeafReader<'a> {
    pub fn new(view: &'a Transaction<'_>) -> Result<LeafReader<'a>, SqlTrouble> {
        let ask = |question| LeafQuestion::new(view, question);
        Ok(LeafReader {
            changes: ask(CHANGES)?,
            requests: [ask(REQUESTS)?, ask(WRITES)?, ask(OUTCOMES)?],
            undoes: ask(UNDOES)?,
            found_out: ask(FOUND_OUT)?,
            leaf: Vec::new(),
        })
    }

    pub fn of_run(
        &mut self,
        run_id: &str,
        entry: u64,
        kinds: LeafKinds,
        texts: LeafTexts,
    ) -> Result<MerkleTree, SqlTrouble> {
        let mut tree = MerkleTree::default();
        let leaf = &mut self.leaf;
        if kinds.changes {
            self.changes.add(&run_id, texts, leaf, &mut tree)?;
        }
        if kinds.requests {
            for question in &mut self.requests {
                question.add(&run_id, texts, leaf, &mut tree)?;
            }
        }
        if kinds.undoes {
            self.undoes.add(&run_id, texts, leaf, &mut tree)?;
        }
        if kinds.found_out {
            let entry = entry.cast_signed();
            self.found_out.add(&entry, texts, leaf, &mut tree)?;
        }
        Ok(tree)
    }
}

struct LeafQuestion<'a> {
    ask: CachedStatement<'a>,
    columns: LeafColumns,
}

impl<'a> LeafQuestion<'a> {
    fn new(view: &'a Transaction<'_>, question: &str) -> Result<LeafQuestion<'a>, SqlTrouble> {
        let ask = view.prepare_cached(question)?;
        let columns = LeafColumns::of(&ask, 0);
        Ok(LeafQuestion { ask, columns })
    }

    fn add(
        &mut self,
        of: &dyn ToSql,
        texts: LeafTexts,
        leaf: &mut Vec<u8>,
        tree: &mut MerkleTree,
    ) -> Result<(), SqlTrouble> {
        let mut rows = self.ask.query([of])?;
        while let Some(row) = rows.next()? {
            self.columns.write(row, texts, leaf)?;
            tree.add_bytes(leaf);
        }
        Ok(())
    }
}

/// The columns of a question, which make an object by their names: in the order of the alphabet, as canonical JSON has them.
pub(super) struct LeafColumns(Vec<(usize, String)>);

impl LeafColumns {
    /// Those from there on to the end.
    pub fn of(ask: &Statement<'_>, first: usize) -> LeafColumns {
        let names = ask.column_names().into_iter().enumerate().skip(first);
        let mut columns: Vec<(usize, String)> = names
            .map(|(place, name)| (place, name.to_owned()))
            .collect();
        columns.sort_by(|(_, one), (_, other)| one.cmp(other));
        LeafColumns(columns)
    }

    pub fn digest(&self, row: &Row<'_>, text: &mut Vec<u8>) -> Result<ChainDigest, SqlTrouble> {
        self.write(row, LeafTexts::WithoutPeople, text)?;
        Ok(ChainDigest::of(text))
    }

    /// The row as JSON, in place of what was there.
    fn write(&self, row: &Row<'_>, texts: LeafTexts, into: &mut Vec<u8>) -> Result<(), SqlTrouble> {
        into.clear();
        let mut before = b'{';
        for (place, name) in &self.0 {
            into.push(before);
            before = b',';
            put_text(into, name);
            into.push(b':');
            match row.get_ref(*place)? {
                ValueRef::Null => into.extend_from_slice(b"null"),
                ValueRef::Integer(number) => put(into, format_args!("{number}")),
                // No column of the history is a fraction; one that became one was changed.
                ValueRef::Real(number) => {
                    put(into, format_args!("{{\"real\":{}}}", number.to_bits()));
                }
                ValueRef::Blob(bytes) => {
                    put(into, format_args!("{{\"bytes\":\"{}\"}}", hex(bytes)));
                }
                ValueRef::Text(text) => {
                    let text = String::from_utf8_lossy(text);
                    // The digest is of the text itself, packed or not. One that is damaged has none, and so another one.
                    let text = match name.as_str() {
                        "intent" | "outcome" => match whole(&text) {
                            Some(Cow::Owned(whole)) => Cow::Owned(whole),
                            _ => text,
                        },
                        _ => text,
                    };
                    let said = match (name.as_str(), texts) {
                        ("intent", LeafTexts::AsTheyStand) => text,
                        ("intent", LeafTexts::WithoutPeople) => nobody_meant(&text).into(),
                        ("outcome", _) => nobody_found(&text).into(),
                        _ => {
                            put_text(into, &text);
                            continue;
                        }
                    };
                    let digest = ChainDigest::of(said.as_bytes());
                    put(into, format_args!("\"{digest}\""));
                }
            }
        }
        into.push(b'}');
        Ok(())
    }
}

fn put_text(into: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(into, text).expect("a text always has a JSON form");
}

fn put(into: &mut Vec<u8>, words: Arguments<'_>) {
    into.write_fmt(words).expect("memory takes everything");
}

/// What was meant, without the people in it: what is left when they are forgotten.
fn nobody_meant(intent: &str) -> String {
    thin::without_people(&thin::with_digests(intent))
}

/// What came of it, without the name that the books gave back.
fn nobody_found(outcome: &str) -> String {
    thin::without_name(outcome).unwrap_or_else(|| outcome.to_owned())
}
