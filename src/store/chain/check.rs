//! The check of the chain: every entry is worked out anew from what the history says now.

use std::collections::{HashMap, HashSet};

use rusqlite::types::ValueRef;
use rusqlite::{Transaction, params};
use serde::Serialize;

use super::leaves::{self, LeafColumns, LeafKinds, LeafReader, LeafTexts};
use super::{ChainHead, digest, natural};
use crate::model::chain::{ChainBreak, ChainDigest, ChainEntry};
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

/// A head that lies elsewhere, as whoever keeps it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadElsewhere {
    /// `database`.
    pub place: &'static str,
    /// Which of them: a run.
    pub said: String,
    pub number: u64,
    pub head: String,
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
    /// Bodies of earlier versions, which are in no entry: whether they were changed cannot be known.
    pub unbound: u64,
    /// Heads that lie elsewhere and were compared.
    pub elsewhere: u64,
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
    /// Checks the chain, a head that somebody kept elsewhere, at least eight of its letters, and heads that were fetched.
    pub(in crate::store) fn checked_chain(
        &self,
        given: Option<&str>,
        elsewhere: &[HeadElsewhere],
    ) -> Result<ChainCheck, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut check = ChainCheck::default();
            entries(view, &mut check)?;
            strays(view, &mut check)?;
            bodies(view, &veil, &mut check)?;
            anchors(view, given, &mut check)?;
            fetched(view, elsewhere, &mut check)?;
            Ok(check)
        })
    }
}

fn entries(view: &Transaction<'_>, check: &mut ChainCheck) -> Result<(), SqlTrouble> {
    let busy = BusyRuns::of(view)?;
    let mut reader = LeafReader::new(view)?;
    let repeated = repeated_runs(view)?;
    let mut ask = view.prepare(&format!(
        "SELECT chain.number, previous, chain.run_id, about, root, leaves, digest, {}
         FROM chain LEFT JOIN runs ON runs.id = chain.run_id ORDER BY chain.number",
        leaves::ABOUT
    ))?;
    let about = LeafColumns::of(&ask, 7);
    let mut text = Vec::new();
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
        if repeated.get(run).is_some_and(|last| *last != number) {
            continue;
        }
        if row.get_ref(7)? == ValueRef::Null {
            check.broke(
                Some(number),
                format!("run `{run}` is gone from the history"),
            );
        } else if about.digest(row, &mut text)? != entry.about {
            check.broke(
                Some(number),
                format!("what is kept of run `{run}` was changed"),
            );
        }
        let kinds = busy.kinds(run, number);
        let mut now = reader.of_run(run, number, kinds, LeafTexts::AsTheyStand)?;
        if now.root() != entry.root {
            now = reader.of_run(run, number, kinds, LeafTexts::WithoutPeople)?;
        }
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

/// What there is of each run; of nearly all of them nothing, and so nothing has to be asked.
struct BusyRuns {
    runs: HashMap<String, LeafKinds>,
    /// Entries whose runs found out about requests of others.
    found_out: HashSet<u64>,
}

impl BusyRuns {
    fn of(view: &Transaction<'_>) -> Result<BusyRuns, SqlTrouble> {
        let mut runs: HashMap<String, LeafKinds> = HashMap::new();
        type Noting = fn(&mut LeafKinds);
        let kinds: [(&str, Noting); 3] = [
            (
                "SELECT run_id FROM run_numbers WHERE EXISTS (SELECT 1 FROM change_rows WHERE run = number)",
                |kinds| kinds.changes = true,
            ),
            ("SELECT DISTINCT run_id FROM tickets", |kinds| {
                kinds.requests = true;
            }),
            ("SELECT run_id FROM undos", |kinds| kinds.undoes = true),
        ];
        for (question, note) in kinds {
            let mut ask = view.prepare(question)?;
            let mut rows = ask.query([])?;
            while let Some(row) = rows.next()? {
                note(runs.entry(row.get(0)?).or_default());
            }
        }
        let mut ask = view.prepare(
            "SELECT DISTINCT settled_entry FROM tickets WHERE settled_entry IS NOT NULL",
        )?;
        let entries = ask.query_map([], |row| natural(row, 0))?;
        Ok(BusyRuns {
            runs,
            found_out: entries.collect::<Result<_, _>>()?,
        })
    }

    fn kinds(&self, run: &str, entry: u64) -> LeafKinds {
        LeafKinds {
            found_out: self.found_out.contains(&entry),
            ..self.runs.get(run).copied().unwrap_or_default()
        }
    }
}

/// Runs of which more became known, with their last entries.
fn repeated_runs(view: &Transaction<'_>) -> Result<HashMap<String, u64>, SqlTrouble> {
    let mut ask =
        view.prepare("SELECT run_id, max(number) FROM chain GROUP BY run_id HAVING count(*) > 1")?;
    let runs = ask.query_map([], |row| Ok((row.get(0)?, natural(row, 1)?)))?;
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
    waiting(view, check)?;
    let mut ask =
        view.prepare("SELECT run_id FROM undos WHERE run_id NOT IN (SELECT id FROM runs)")?;
    let mut rows = ask.query([])?;
    while let Some(row) = rows.next()? {
        let run: String = row.get(0)?;
        check.broke(None, format!("the undo by run `{run}` is in no entry"));
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
    Ok(())
}

/// Runs from before there was a chain wait for their entries as long as there is none. Beside a chain nothing waits.
fn waiting(view: &Transaction<'_>, check: &mut ChainCheck) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare("SELECT run_id FROM unchained ORDER BY number")?;
    let mut rows = ask.query([])?;
    while let Some(row) = rows.next()? {
        if check.entries == 0 {
            check.waiting += 1;
            continue;
        }
        let run: String = row.get(0)?;
        check.broke(
            None,
            format!("run `{run}` is said to be older than the chain, and is in no entry"),
        );
    }
    Ok(())
}

/// The bytes that were sent and written down, as far as they are still kept and can be opened.
fn bodies(view: &Transaction<'_>, veil: &Veil, check: &mut ChainCheck) -> Result<(), SqlTrouble> {
    let sites = [
        (
            "change",
            "SELECT change_rows.id, 'change/' || run_id, body, body_digest FROM change_rows JOIN run_numbers ON number = run
             WHERE body IS NOT NULL ORDER BY change_rows.id",
        ),
        (
            "request",
            "SELECT id, 'ticket/' || target || '/' || idempotency_key, body, body_digest FROM tickets
             WHERE body <> '' ORDER BY id",
        ),
    ];
    for (what, question) in sites {
        let mut ask = view.prepare(question)?;
        let mut rows = ask.query([])?;
        while let Some(row) = rows.next()? {
            if row.get_ref(3)? == ValueRef::Null {
                check.unbound += 1;
                continue;
            }
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
        let mut at =
            view.prepare_cached("SELECT number FROM chain WHERE number = ?1 AND digest = ?2")?;
        let covers: Option<u64> = rusqlite::OptionalExtension::optional(
            at.query_row(params![number.cast_signed(), head.as_bytes()], |row| {
                natural(row, 0)
            }),
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

/// Heads that were fetched from where they lie. Of those that hold the newest is listed: it binds most.
fn fetched(
    view: &Transaction<'_>,
    elsewhere: &[HeadElsewhere],
    check: &mut ChainCheck,
) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare(
        "SELECT EXISTS (SELECT 1 FROM chain WHERE number = ?1 AND lower(hex(digest)) = ?2)",
    )?;
    let mut newest: Option<&HeadElsewhere> = None;
    for one in elsewhere {
        check.elsewhere += 1;
        let number = one.number.cast_signed();
        let head = one.head.to_lowercase();
        if ask.query_row(params![number, head], |row| row.get(0))? {
            if newest.is_none_or(|newest| newest.number < one.number) {
                newest = Some(one);
            }
            continue;
        }
        check.broke(
            Some(one.number),
            format!(
                "the head that the {} has with run `{}` is in no entry: entries were taken off or written anew",
                one.place, one.said
            ),
        );
        check.anchors.push(one.anchor(None));
    }
    let newest = newest.map(|newest| newest.anchor(Some(newest.number)));
    check.anchors.extend(newest);
    Ok(())
}

impl HeadElsewhere {
    fn anchor(&self, covers: Option<u64>) -> Anchor {
        Anchor {
            place: self.place.to_owned(),
            said: self.said.clone(),
            head: self.head.clone(),
            covers,
        }
    }
}
