//! Problems: records that are held or failed, kept until they are settled or a person sets them aside.
//!
//! A problem belongs to one record, or to one document of it, at one target. While it lasts it keeps its id, and the
//! same record gets the same id again where that is free: people write ids down.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Store;
use super::columns::{json, read_json, read_time, read_word, time};
use super::error::{SqlTrouble, StoreError};
use crate::model::code::{self, CodeKind, UNDONE};
use crate::model::document::DocumentKey;
use crate::model::fault::Reason;
use crate::model::plan::RecordKey;
use crate::model::problem::{Problem, ProblemState};

/// What a run has to say against a record.
#[derive(Clone, Copy, Debug)]
pub struct ProblemFound<'a> {
    pub target: &'a str,
    pub source: &'a RecordKey,
    /// The document concerned, where it is not the whole record.
    pub subject: Option<DocumentKey>,
    pub state: ProblemState,
    pub reason: &'a Reason,
    pub retryable: bool,
    /// As in [`Problem::tries`], this time included.
    pub tries: u32,
}

impl Store {
    pub(super) fn problems(
        &self,
        target: Option<&str>,
        include_set_aside: bool,
    ) -> Result<Vec<Problem>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM problems
                 WHERE (?1 IS NULL OR target = ?1) AND (?2 OR state <> 'set_aside')
                 ORDER BY first_seen, target, source_entity, source_id, subject",
            )?;
            ask.query_and_then(params![target, include_set_aside], read_problem)?
                .collect()
        })
    }

    pub(super) fn count_problems(&self, state: Option<ProblemState>) -> Result<u64, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FROM problems WHERE state <> 'set_aside' AND (?1 IS NULL OR state = ?1)",
            )?;
            let count: i64 = ask.query_row([state.map(ProblemState::as_str)], |row| row.get(0))?;
            Ok(count.cast_unsigned())
        })
    }

    pub(super) fn problems_of_run(&self, run_id: &str) -> Result<Vec<Problem>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM problems WHERE run_id = ?1 AND state <> 'set_aside'
                 ORDER BY first_seen, target, source_entity, source_id, subject",
            )?;
            ask.query_and_then([run_id], read_problem)?.collect()
        })
    }

    pub(super) fn raise(
        &self,
        complaint: &ProblemFound<'_>,
        run_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Problem, StoreError> {
        self.write(|change| {
            let id = match known(change, complaint)? {
                Some(id) => id,
                None => free_id(change, complaint)?,
            };
            let mut raise = change.prepare_cached(
                "INSERT INTO problems (id, target, source_entity, source_id, source_number, subject, state, reason,
                                       retryable, attempts, first_seen, last_seen, run_id, tries)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?10, ?11, ?12)
                 ON CONFLICT (id) DO UPDATE SET
                     source_number = excluded.source_number, state = excluded.state, reason = excluded.reason,
                     retryable = excluded.retryable, attempts = attempts + 1, last_seen = excluded.last_seen,
                     run_id = excluded.run_id, tries = excluded.tries
                 WHERE state <> 'set_aside'",
            )?;
            raise.execute(params![
                id,
                complaint.target,
                complaint.source.entity.as_str(),
                complaint.source.id,
                complaint.source.number,
                place_of(complaint),
                complaint.state.as_str(),
                json(complaint.reason),
                complaint.retryable,
                time(now),
                run_id,
                complaint.tries,
            ])?;
            by_id(change, &id)?.ok_or(SqlTrouble::Odd("problems.id"))
        })
    }

    pub(super) fn resolve(
        &self,
        target: &str,
        source: &RecordKey,
        keep: &[Option<DocumentKey>],
    ) -> Result<(), StoreError> {
        let keep: Vec<String> = keep.iter().copied().map(subject_text).collect();
        self.write(|change| {
            let mut resolve = change.prepare_cached(
                "DELETE FROM problems
                 WHERE target = ?1 AND source_entity = ?2 AND source_id = ?3 AND state <> 'set_aside'
                   AND subject <> 'undone' AND subject NOT IN (SELECT value FROM json_each(?4))",
            )?;
            resolve.execute(params![target, source.entity.as_str(), source.id, json(&keep)])?;
            Ok(())
        })
    }

    pub(super) fn lift_undone(&self, target: &str, source: &RecordKey) -> Result<(), StoreError> {
        self.write(|change| {
            let mut lift = change.prepare_cached(
                "DELETE FROM problems
                 WHERE target = ?1 AND source_entity = ?2 AND source_id = ?3 AND state <> 'set_aside'
                   AND subject = 'undone'",
            )?;
            lift.execute(params![target, source.entity.as_str(), source.id])?;
            Ok(())
        })
    }

    pub(super) fn set_aside(
        &self,
        id: &str,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Problem>, StoreError> {
        self.write(|change| {
            let id = as_written(id);
            change.execute(
                "UPDATE problems SET state = ?2, why = ?3, last_seen = ?4 WHERE id = ?1",
                params![id, ProblemState::SetAside.as_str(), why, time(now)],
            )?;
            by_id(change, &id)
        })
    }

    pub(super) fn restore(
        &self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Problem>, StoreError> {
        self.write(|change| {
            let id = as_written(id);
            let was = by_id(change, &id)?
                .map_or(ProblemState::Held, |problem| of_code(&problem.reason.code));
            let restored = change.execute(
                "UPDATE problems SET state = ?2, why = NULL, tries = 0, last_seen = ?3
                 WHERE id = ?1 AND state = 'set_aside'",
                params![id, was.as_str(), time(now)],
            )?;
            match restored {
                0 => Ok(None),
                _ => by_id(change, &id),
            }
        })
    }

    pub(super) fn parked(&self, target: &str) -> Result<Vec<(Problem, DateTime<Utc>)>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT problems.*, runs.started_at AS met_at FROM problems JOIN runs ON runs.id = run_id
                 WHERE problems.target = ?1 AND state = 'parked'
                 ORDER BY first_seen, source_entity, source_id, subject",
            )?;
            ask.query_and_then([target], |row| {
                let met_at = read_time(&row.get::<_, String>("met_at")?, "runs.started_at")?;
                Ok((read_problem(row)?, met_at))
            })?
            .collect()
        })
    }

    /// A person's words for setting a problem aside.
    #[cfg(test)]
    pub fn why_set_aside(&self, id: &str) -> Result<Option<String>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT why FROM problems WHERE id = ?1")?;
            let why = ask
                .query_row([as_written(id)], |row| row.get(0))
                .optional()?;
            Ok(why.flatten())
        })
    }

    /// One problem, by its id as a person types it.
    #[cfg(test)]
    pub fn problem(&self, id: &str) -> Result<Option<Problem>, StoreError> {
        self.read(|view| by_id(view, &as_written(id)))
    }
}

fn known(
    view: &Transaction<'_>,
    complaint: &ProblemFound<'_>,
) -> Result<Option<String>, SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT id FROM problems WHERE target = ?1 AND source_entity = ?2 AND source_id = ?3 AND subject = ?4",
    )?;
    let key = params![
        complaint.target,
        complaint.source.entity.as_str(),
        complaint.source.id,
        place_of(complaint),
    ];
    Ok(ask.query_row(key, |row| row.get(0)).optional()?)
}

/// What a problem with this code is before anybody has set it aside. What was parked had failed, and is tried again.
fn of_code(code: &str) -> ProblemState {
    match code::kind(code) {
        Some(CodeKind::Conflict) => ProblemState::Conflict,
        Some(CodeKind::Held) | None => ProblemState::Held,
        Some(_) => ProblemState::Failed,
    }
}

fn by_id(view: &Transaction<'_>, id: &str) -> Result<Option<Problem>, SqlTrouble> {
    let mut ask = view.prepare_cached("SELECT * FROM problems WHERE id = ?1")?;
    ask.query_and_then([id], read_problem)?.next().transpose()
}

/// The first free one of the ids that follow from what is complained about.
fn free_id(view: &Transaction<'_>, complaint: &ProblemFound<'_>) -> Result<String, SqlTrouble> {
    let mut taken = view.prepare_cached("SELECT 1 FROM problems WHERE id = ?1")?;
    let mut attempt = 0;
    loop {
        let id = spell(complaint, attempt);
        if !taken.exists([&id])? {
            return Ok(id);
        }
        attempt += 1;
    }
}

/// Crockford's digits and letters: no I, L, O or U that could be taken for something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn spell(complaint: &ProblemFound<'_>, attempt: usize) -> String {
    let source = complaint.source;
    short_id(
        &(
            complaint.target,
            source.entity,
            &source.id,
            place_of(complaint),
        ),
        attempt,
    )
}

/// `F7K2`. The first is always a letter, so that no id looks like the number of an order.
pub(super) fn short_id<T: Serialize>(of: &T, attempt: usize) -> String {
    /// When so many ids of four are taken in a row, the file is full of them: go on with five.
    const ATTEMPTS_OF_ONE_LENGTH: usize = 64;
    let mut seed = json(of);
    seed.truncate(seed.len() - 1);
    let hash = Sha256::digest(format!("{seed},{attempt}]").as_bytes());
    let letters = &ALPHABET[10..];
    let first = letters[usize::from(hash[0]) % letters.len()];
    let others = hash[1..]
        .iter()
        .take(3 + attempt / ATTEMPTS_OF_ONE_LENGTH)
        .map(|byte| ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    std::iter::once(first)
        .chain(others)
        .map(char::from)
        .collect()
}

/// An id as we wrote it, out of what a person may have read in it.
pub(super) fn as_written(id: &str) -> String {
    id.trim()
        .chars()
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        })
        .collect()
}

/// In the place of a subject: that an order stands undone has a row of its own, so that nothing else that goes wrong with the order can
/// take its place.
const STANDS_UNDONE: &str = "undone";

/// Under which subject a complaint is kept.
fn place_of(complaint: &ProblemFound<'_>) -> String {
    match complaint.subject {
        None if complaint.reason.code == UNDONE => STANDS_UNDONE.to_owned(),
        subject => subject_text(subject),
    }
}

fn subject_text(subject: Option<DocumentKey>) -> String {
    subject.map(|key| key.to_string()).unwrap_or_default()
}

pub(super) fn read_problem(row: &Row<'_>) -> Result<Problem, SqlTrouble> {
    let subject: String = row.get("subject")?;
    let subject = match subject.as_str() {
        "" | STANDS_UNDONE => None,
        key => Some(
            key.parse()
                .map_err(|()| SqlTrouble::Odd("problems.subject"))?,
        ),
    };
    Ok(Problem {
        id: row.get("id")?,
        target: row.get("target")?,
        source: RecordKey {
            entity: read_word(row.get("source_entity")?, "problems.source_entity")?,
            id: row.get("source_id")?,
            number: row.get("source_number")?,
        },
        subject,
        state: read_word(row.get("state")?, "problems.state")?,
        reason: read_json(&row.get::<_, String>("reason")?, "problems.reason")?,
        retryable: row.get("retryable")?,
        attempts: row.get("attempts")?,
        tries: row.get("tries")?,
        first_seen: read_time(&row.get::<_, String>("first_seen")?, "problems.first_seen")?,
        last_seen: read_time(&row.get::<_, String>("last_seen")?, "problems.last_seen")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Role;
    use crate::store::tests::{BOOKS, at, run, store};

    fn complain(
        store: &Store,
        order: u64,
        refund: Option<u64>,
        code: &str,
        second: i64,
    ) -> Problem {
        let complaint = ProblemFound {
            target: BOOKS,
            source: &RecordKey::order(order, &format!("A-{order}")),
            subject: refund.map(|id| DocumentKey::of_order(order, Role::Refund(id))),
            state: ProblemState::Held,
            reason: &Reason::new(code, "look at it").hint("map it"),
            retryable: false,
            tries: 0,
        };
        store.raise(&complaint, "run-1", at(second)).expect("kept")
    }

    #[test]
    fn what_is_no_longer_set_aside_is_what_it_was() {
        let store = store();
        for (order, code, state) in [
            (1, "missing_document", ProblemState::Conflict),
            (2, "tax_code_unmapped", ProblemState::Held),
            (3, "class_unknown", ProblemState::Failed),
        ] {
            let id = complain(&store, order, None, code, 1).id;
            store.set_aside(&id, "by hand", at(2)).expect("set aside");
            let back = store.restore(&id, at(3)).expect("asked");
            assert_eq!(back.map(|problem| problem.state), Some(state), "{code}");
        }
    }

    #[test]
    fn the_same_problem_keeps_its_id_and_counts_its_attempts() {
        let store = store();
        let first = complain(&store, 1042, None, "tax_code_unmapped", 1);
        assert_eq!(
            (first.attempts, first.first_seen, first.last_seen),
            (1, at(1), at(1))
        );
        store.begin_run(&run("run-2", 5)).expect("begun");
        let failed = ProblemFound {
            target: BOOKS,
            source: &RecordKey::order(1042, "renamed"),
            subject: None,
            state: ProblemState::Failed,
            reason: &Reason::new("throttled", "too many"),
            retryable: true,
            tries: 3,
        };
        let second = store.raise(&failed, "run-2", at(9)).expect("kept");
        let expected = Problem {
            id: first.id.clone(),
            target: BOOKS.into(),
            source: RecordKey::order(1042, "renamed"),
            subject: None,
            state: ProblemState::Failed,
            reason: Reason::new("throttled", "too many"),
            retryable: true,
            attempts: 2,
            tries: 3,
            first_seen: at(1),
            last_seen: at(9),
        };
        assert_eq!(second, expected);
        assert_eq!(store.problems(None, false), Ok(vec![expected.clone()]));
        assert_eq!(store.count_problems(None), Ok(1));
        assert_eq!(store.count_problems(Some(expected.state)), Ok(1));
        assert_eq!(store.count_problems(Some(ProblemState::Conflict)), Ok(0));
        assert_eq!(store.problems(Some("supabase"), true), Ok(vec![]));
        assert_eq!(store.problems_of_run("run-1"), Ok(vec![]));
        assert_eq!(store.problems_of_run("run-2"), Ok(vec![expected]));
    }

    #[test]
    fn an_id_is_short_reads_back_as_people_type_it_and_comes_again() {
        let store = store();
        let ids: Vec<String> = (0..2_000)
            .map(|order| complain(&store, order, None, "x", 1).id)
            .collect();
        for id in &ids {
            assert_eq!(id.len(), 4, "{id}");
            assert!(
                id.starts_with(|first: char| first.is_ascii_uppercase()),
                "{id} is no number"
            );
            assert!(!id.contains(['I', 'L', 'O', 'U']), "{id}");
        }
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());

        let typed = format!(
            " {} ",
            ids[0].to_lowercase().replace('0', "o").replace('1', "l")
        );
        let problem = store.problem(&typed).expect("answers").expect("is found");
        assert_eq!(problem.source.id, "0");
        assert_eq!(store.problem("ZZZZZ"), Ok(None));
        store
            .resolve(BOOKS, &problem.source, &[])
            .expect("resolved");
        assert_eq!(
            complain(&store, 0, None, "y", 2).id,
            ids[0],
            "the same record, the same id"
        );
    }

    #[test]
    fn an_id_that_is_taken_gives_way_to_the_next() {
        let store = store();
        let source = RecordKey::order(1, "1");
        let complaint = ProblemFound {
            target: BOOKS,
            source: &source,
            subject: None,
            state: ProblemState::Held,
            reason: &Reason::new("x", "y"),
            retryable: false,
            tries: 0,
        };
        let others = complain(&store, 2, None, "x", 1);
        store
            .file()
            .execute(
                "UPDATE problems SET id = ?1 WHERE id = ?2",
                [spell(&complaint, 0), others.id],
            )
            .expect("the place is taken");
        let problem = store.raise(&complaint, "run-1", at(2)).expect("kept");
        assert_eq!(problem.id, spell(&complaint, 1));
        assert_eq!(store.problems(None, true).expect("answers").len(), 2);
        assert_eq!(spell(&complaint, 64).len(), 5, "when four are not enough");
    }

    #[test]
    fn what_is_settled_goes_and_what_is_named_stays() {
        let store = store();
        complain(&store, 1, None, "x", 1);
        let refund = complain(&store, 1, Some(9), "x", 2);
        complain(&store, 1, Some(10), "x", 3);
        let other = complain(&store, 2, None, "x", 4);
        store
            .resolve(BOOKS, &refund.source, &[refund.subject])
            .expect("resolved");
        assert_eq!(
            store.problems(Some(BOOKS), true),
            Ok(vec![refund.clone(), other.clone()])
        );
        store
            .resolve("supabase", &refund.source, &[])
            .expect("another target");
        store
            .resolve(BOOKS, &other.source, &[None])
            .expect("the whole record is named");
        assert_eq!(
            store.problems(None, true),
            Ok(vec![refund.clone(), other.clone()])
        );
        store
            .resolve(BOOKS, &refund.source, &[None])
            .expect("resolved");
        assert_eq!(store.problems(None, true), Ok(vec![other]));
    }

    #[test]
    fn what_a_person_set_aside_stays_so_whatever_a_run_says() {
        let store = store();
        let problem = complain(&store, 1, None, "x", 1);
        let aside = store
            .set_aside(&problem.id.to_lowercase(), "posted by hand", at(2))
            .expect("answers")
            .expect("is found");
        assert_eq!(
            (aside.state, aside.last_seen),
            (ProblemState::SetAside, at(2))
        );
        assert_eq!(aside.reason, problem.reason);
        assert_eq!(
            store.why_set_aside(&aside.id),
            Ok(Some("posted by hand".into()))
        );
        assert_eq!(complain(&store, 1, None, "y", 3), aside);
        store
            .resolve(BOOKS, &aside.source, &[])
            .expect("no mistake");
        assert_eq!(store.problems(None, false), Ok(vec![]));
        assert_eq!(store.count_problems(None), Ok(0));
        assert_eq!(store.problems_of_run("run-1"), Ok(vec![]));
        assert_eq!(store.problems(None, true), Ok(vec![aside]));
        assert_eq!(store.set_aside("ZZZZZ", "why", at(4)), Ok(None));
        assert_eq!(store.why_set_aside("ZZZZZ"), Ok(None));
    }
}
