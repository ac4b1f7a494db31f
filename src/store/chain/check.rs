//! The check of the chain: every entry is worked out anew from what the history says now.

use std::collections::HashSet;

use rusqlite::{Transaction, params};
use serde::Serialize;

use super::{ChainHead, digest, leaves, natural};
use crate::model::chain::{ChainBreak, ChainDigest, ChainEntry, MerkleTree};
use crate::store::Store;
use crate::store::error::{SqlTrouble, StoreError};
use crate::store::veil::{OpenedText, Veil, is_sealed};

/// So many breaks are told one by one; of more there is only the number.
const TOLD: usize = 100;

/// A head that was given to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// `notice`, `database`, `given`.
    #[serde(rename = "where")]
    pub place: String,
    /// Which of them.
    pub said: String,
    pub head: String,
    /// Up to which entry it binds. `None`: it is in no entry.
    pub covers: Option<u64>,
}

/// What came of checking all entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainCheck {
    pub entries: u64,
    pub head: Option<ChainDigest>,
    /// The first of them, by entry.
    pub broken: Vec<ChainBreak>,
    /// All of them.
    pub breaks: u64,
    pub anchors: Vec<Anchor>,
    /// Bodies that were compared with their digests.
    pub bodies: u64,
    /// Bodies that are sealed with a key that is not here.
    pub shut: u64,
    /// Runs that ended and wait for the next one to give them their entry.
    pub waiting: u64,
}

impl ChainCheck {
    fn broke(&mut self, entry: Option<u64>, what: String) {
        self.breaks += 1;
        if self.broken.len() < TOLD {
            self.broken.push(ChainBreak { entry, what });
        }
    }
}

impl Store {
    /// Checks the chain, and a head that somebody kept elsewhere: at least eight of its letters.
    pub(in crate::store) fn checked_chain(
        &self,
        given: Option<&str>,
    ) -> Result<ChainCheck, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut check = ChainCheck::default();
            entries(view, &mut check)?;
            strays(view, &mut check)?;
            bodies(view, &veil, &mut check)?;
            anchors(view, given, &mut check)?;
            Ok(check)
        })
    }
}

fn entries(view: &Transaction<'_>, check: &mut ChainCheck) -> Result<(), SqlTrouble> {
    let busy = busy_runs(view)?;
    let mut ask = view.prepare(&format!(
        "SELECT chain.number, previous, chain.run_id, about, root, leaves, digest,
                chain.number = (SELECT max(number) FROM chain AS later WHERE later.run_id = chain.run_id), {}
         FROM chain LEFT JOIN runs ON runs.id = chain.run_id ORDER BY chain.number",
        leaves::ABOUT
    ))?;
    let mut rows = ask.query([])?;
    let mut before = ChainHead {
        number: 0,
        digest: ChainDigest::default(),
    };
    while let Some(row) = rows.next()? {
        let entry = ChainEntry {
            number: natural(row, 0)?,
            previous: digest(row, 1)?,
            run: row.get(2)?,
            about: digest(row, 3)?,
            root: digest(row, 4)?,
            leaves: natural(row, 5)?,
        };
        let written = digest(row, 6)?;
        let (number, run) = (entry.number, &entry.run);
        check.entries += 1;
        if number != before.number + 1 {
            let missing = before.number + 1;
            check.broke(Some(missing), format!("entry {missing} is missing"));
        } else if entry.previous != before.digest {
            check.broke(
                Some(number),
                format!("entry {number} does not follow the one before it"),
            );
        }
        if entry.digest() != written {
            check.broke(Some(number), format!("entry {number} was changed"));
        }
        before = ChainHead {
            number,
            digest: written,
        };
        let is_last_of_run: bool = row.get(7)?;
        if !is_last_of_run {
            continue;
        }
        if row.get_ref(8)? == rusqlite::types::ValueRef::Null {
            check.broke(
                Some(number),
                format!("run `{run}` is gone from the history"),
            );
        } else if leaves::about_from(row, 8)? != entry.about {
            check.broke(
                Some(number),
                format!("what is kept of run `{run}` was changed"),
            );
        }
        let now = match entry.leaves == 0 && !busy.contains(run) {
            true => MerkleTree::default(),
            false => leaves::of_run(view, run, number)?,
        };
        if now.root() != entry.root {
            check.broke(
                Some(number),
                format!(
                    "what run `{run}` did was changed: {} {} {} written down, and there {} {} now",
                    entry.leaves,
                    match entry.leaves {
                        1 => "thing",
                        _ => "things",
                    },
                    match entry.leaves {
                        1 => "was",
                        _ => "were",
                    },
                    match now.leaves() {
                        1 => "is",
                        _ => "are",
                    },
                    now.leaves(),
                ),
            );
        }
    }
    check.head = (before.number > 0).then_some(before.digest);
    Ok(())
}

/// Runs that did something; of all others only the absence has to be seen.
fn busy_runs(view: &Transaction<'_>) -> Result<HashSet<String>, SqlTrouble> {
    let mut ask = view.prepare(
        "SELECT run_id FROM changes UNION SELECT run_id FROM tickets
         UNION SELECT chain.run_id FROM tickets JOIN chain ON chain.number = settled_entry",
    )?;
    let runs = ask.query_map([], |row| row.get(0))?;
    Ok(runs.collect::<Result<_, _>>()?)
}

/// What is in the history and in no entry.
fn strays(view: &Transaction<'_>, check: &mut ChainCheck) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare(
        "SELECT id FROM runs WHERE status <> 'running' AND NOT EXISTS (SELECT 1 FROM chain WHERE run_id = runs.id)
                                   AND id NOT IN (SELECT run_id FROM unchained) ORDER BY started_at, id",
    )?;
    let mut rows = ask.query([])?;
    while let Some(row) = rows.next()? {
        let run: String = row.get(0)?;
        check.broke(None, format!("run `{run}` is in no entry"));
    }
    let lone = [
        (
            "SELECT id FROM change_rows
             WHERE run NOT IN (SELECT number FROM run_numbers WHERE run_id IN (SELECT id FROM runs))
                OR kind NOT IN (SELECT number FROM change_kinds)",
            "change",
        ),
        (
            "SELECT id FROM tickets WHERE run_id NOT IN (SELECT id FROM runs)",
            "request",
        ),
        (
            "SELECT ticket_id FROM ticket_writes WHERE ticket_id NOT IN (SELECT id FROM tickets)",
            "write of request",
        ),
        (
            "SELECT id FROM tickets WHERE settled_entry IS NOT NULL AND settled_entry NOT IN (SELECT number FROM chain)",
            "the end of request",
        ),
    ];
    for (question, what) in lone {
        let mut ask = view.prepare(question)?;
        let mut rows = ask.query([])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            check.broke(None, format!("{what} {id} is in no entry"));
        }
    }
    let waiting: i64 = view.query_row("SELECT count(*) FROM unchained", [], |row| row.get(0))?;
    check.waiting = waiting.cast_unsigned();
    Ok(())
}

/// The bytes that were sent and written down, as far as they are still kept and can be opened.
fn bodies(view: &Transaction<'_>, veil: &Veil, check: &mut ChainCheck) -> Result<(), SqlTrouble> {
    let sites = [
        (
            "change",
            "SELECT change_rows.id, 'change/' || run_id, body, body_digest FROM change_rows JOIN run_numbers ON number = run
             WHERE body IS NOT NULL AND body_digest IS NOT NULL ORDER BY change_rows.id",
        ),
        (
            "request",
            "SELECT id, 'ticket/' || target || '/' || idempotency_key, body, body_digest FROM tickets
             WHERE body <> '' AND body_digest IS NOT NULL ORDER BY id",
        ),
    ];
    for (what, question) in sites {
        let mut ask = view.prepare(question)?;
        let mut rows = ask.query([])?;
        while let Some(row) = rows.next()? {
            let (id, place, text): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let is_plain = !is_sealed(&text);
            let has_key = veil
                .key_id()
                .is_some_and(|key| is_sealed(&text) && text.contains(&format!(":{key}:")));
            let is_same = match veil.open(&place, text) {
                OpenedText::Text(text) => {
                    check.bodies += 1;
                    ChainDigest::of(text.as_bytes()) == digest(row, 3)?
                }
                // It needs no key, or the key is here: so it is damaged.
                OpenedText::Shut if has_key || is_plain => false,
                OpenedText::Shut => {
                    check.shut += 1;
                    true
                }
            };
            if !is_same {
                let entry = entry_of(view, what, id)?;
                check.broke(entry, format!("the body of {what} {id} was changed"));
            }
        }
    }
    Ok(())
}

fn entry_of(view: &Transaction<'_>, what: &str, id: i64) -> Result<Option<u64>, SqlTrouble> {
    let table = match what {
        "change" => "changes",
        _ => "tickets",
    };
    Ok(view.query_row(
        &format!(
            "SELECT (SELECT max(number) FROM chain WHERE chain.run_id = {table}.run_id) FROM {table} WHERE id = ?1"
        ),
        [id],
        |row| Ok(row.get::<_, Option<i64>>(0)?.map(i64::cast_unsigned)),
    )?)
}

/// Heads that others were given: without them, whoever has the file could have written all entries anew.
fn anchors(
    view: &Transaction<'_>,
    given: Option<&str>,
    check: &mut ChainCheck,
) -> Result<(), SqlTrouble> {
    let mut ask =
        view.prepare("SELECT place, said, number, digest FROM anchors ORDER BY place, said")?;
    let mut rows = ask.query([])?;
    while let Some(row) = rows.next()? {
        let (place, said, number): (String, String, u64) =
            (row.get(0)?, row.get(1)?, natural(row, 2)?);
        let head = digest(row, 3)?;
        let mut at = view.prepare_cached("SELECT number FROM chain WHERE digest = ?1")?;
        let covers: Option<u64> = rusqlite::OptionalExtension::optional(
            at.query_row(params![head.as_bytes()], |row| natural(row, 0)),
        )?;
        if covers.is_none() {
            check.broke(
                Some(number),
                format!(
                    "the head that {place} `{said}` was given is in no entry: entries were taken off or written anew"
                ),
            );
        }
        check.anchors.push(Anchor {
            place,
            said,
            head: head.to_string(),
            covers,
        });
    }
    let Some(given) = given else {
        return Ok(());
    };
    let mut ask = view.prepare(
        "SELECT number, lower(hex(digest)) FROM chain WHERE substr(lower(hex(digest)), 1, length(?1)) = ?1 LIMIT 1",
    )?;
    let given = given.to_lowercase();
    let found: Option<(u64, String)> = rusqlite::OptionalExtension::optional(
        ask.query_row([&given], |row| Ok((natural(row, 0)?, row.get(1)?))),
    )?;
    if found.is_none() {
        check.broke(
            None,
            format!("the head `{given}` is in no entry: entries were taken off or written anew"),
        );
    }
    let (covers, head) = match found {
        Some((number, head)) => (Some(number), head),
        None => (None, given),
    };
    check.anchors.push(Anchor {
        place: "given".to_owned(),
        said: "--head".to_owned(),
        head,
        covers,
    });
    Ok(())
}
