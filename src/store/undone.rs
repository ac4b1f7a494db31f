//! Undone: what a run has written, with what stood there before, and which run took which one back.
//!
//! Nothing is judged here: what is left of a document after several runs, `engine::undo` works out.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::Store;
use super::error::{SqlTrouble, StoreError};
use super::journal::TicketOutcome;
use super::packed::read_packed;
use super::{before, thin};
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::Subject;
use crate::model::ticket::{BeforeImage, Write};

/// A write that has changed the books, as far as it is needed to take it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteDone {
    pub run_id: String,
    /// Without its body, and without the people in its document.
    pub write: Write,
    pub outcome: TicketOutcome,
    /// Identifies the document with everything in it.
    pub document: Option<Fingerprint>,
    /// What it changed; `None` of what it made, and where that is not kept any more.
    pub before: Option<BeforeImage>,
    pub at: DateTime<Utc>,
}

pub(super) const DONE_TO: &str = "SELECT ticket_id, position, run_id, intent, outcome, intended_at
     FROM ticket_writes JOIN tickets ON tickets.id = ticket_id
     WHERE subject = ?2 AND target = ?1 AND outcome IS NOT NULL ORDER BY ticket_id, position";
pub(super) const SUBJECTS: &str =
    "SELECT DISTINCT subject FROM tickets JOIN ticket_writes ON tickets.id = ticket_id
     WHERE run_id = ?2 AND target = ?1 AND outcome IS NOT NULL";

impl Store {
    pub(super) fn done_to(
        &self,
        target: &str,
        subject: &Subject,
    ) -> Result<Vec<WriteDone>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(DONE_TO)?;
            let rows = ask.query_map(params![target, subject.to_string()], |row| {
                let texts: [String; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
                Ok((row.get(0)?, row.get(1)?, texts))
            })?;
            let mut done = Vec::new();
            for row in rows {
                let (ticket, position, [run_id, intent, outcome, at]): (i64, i64, [String; 4]) =
                    row?;
                let outcome: TicketOutcome = read_packed(&outcome, "ticket_writes.outcome")?;
                if !matches!(outcome, TicketOutcome::Done(_) | TicketOutcome::Deleted) {
                    continue;
                }
                let (write, digests) = thin::meant(&intent)?;
                done.push(WriteDone {
                    run_id,
                    write,
                    outcome,
                    document: digests.whole,
                    before: before::of_write(view, &veil, ticket, position)?,
                    at: super::columns::read_time(&at, "tickets.intended_at")?,
                });
            }
            Ok(done)
        })
    }

    pub(super) fn subjects_of_run(
        &self,
        target: &str,
        run_id: &str,
    ) -> Result<Vec<Subject>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(SUBJECTS)?;
            let subjects = ask.query_map(params![target, run_id], |row| row.get(0))?;
            subjects
                .map(|subject| {
                    let subject: String = subject?;
                    Subject::from_reference(&subject)
                        .ok_or(SqlTrouble::Odd("ticket_writes.subject"))
                })
                .collect()
        })
    }

    pub(super) fn takes_back(&self, run_id: &str) -> Result<Option<String>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT undone FROM undos WHERE run_id = ?1")?;
            Ok(ask.query_row([run_id], |row| row.get(0)).optional()?)
        })
    }

    pub(super) fn was_taken_back(&self, run_id: &str) -> Result<bool, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT EXISTS (SELECT 1 FROM undos WHERE undone = ?1)")?;
            Ok(ask.query_row([run_id], |row| row.get(0))?)
        })
    }

    pub(super) fn note_undo(&self, run_id: &str, undone: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO undos (run_id, undone) VALUES (?1, ?2)",
                [run_id, undone],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::Action;
    use crate::store::tests::{BOOKS, at, change, found, link, request, run, sale, store, write};

    #[test]
    fn what_was_done_to_a_document_comes_back_in_its_order_with_what_stood_there() {
        let store = store();
        store.begin_run(&run("run-2", 5)).expect("begun");
        let settle = |run_id: &str, key: &str, writes: Vec<Write>| {
            let request = crate::model::ticket::Request {
                writes,
                ..request(key, &[1])
            };
            let ticket = store
                .intend(run_id, BOOKS, request, at(6))
                .expect("recorded");
            store
                .settle(
                    &ticket,
                    &[(0, TicketOutcome::Done(found(1)))],
                    &[link(sale(1))],
                    at(7),
                )
                .expect("settled");
        };
        settle("run-2", "key-1", vec![write(1)]);
        settle("run-2", "key-2", vec![change(1, Action::Update)]);
        let subject = Subject::Document(sale(1));
        let done = store.done_to(BOOKS, &subject).expect("answers");
        let told: Vec<_> = done
            .iter()
            .map(|one| (one.write.action, one.before.is_some()))
            .collect();
        assert_eq!(told, [(Action::Create, false), (Action::Update, true)]);
        assert_eq!(store.subjects_of_run(BOOKS, "run-2"), Ok(vec![subject]));
        assert_eq!(store.subjects_of_run(BOOKS, "run-1"), Ok(vec![]));

        assert_eq!(store.takes_back("run-2"), Ok(None));
        store.note_undo("run-2", "run-1").expect("noted");
        assert_eq!(store.takes_back("run-2"), Ok(Some("run-1".to_owned())));
        assert_eq!(store.was_taken_back("run-1"), Ok(true));
        assert_eq!(store.was_taken_back("run-2"), Ok(false));
    }
}
