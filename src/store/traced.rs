//! Tracing: from a number that a person has in hand to what is remembered of it.
//!
//! Each question begins at an index, so that it is answered at once in a shop of any size. Nothing is judged here, and nothing of a
//! service is asked.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Row, params};

use super::Store;
use super::cards::document;
use super::columns::read_time;
use super::error::{SqlTrouble, StoreError};
use super::journal::TicketOutcome;
use super::links::read_link;
use super::packed::read_packed;
use super::problems::{as_written, read_problem};
use super::runs::read_change;
use super::thin;
use crate::model::link::Link;
use crate::model::money::Money;
use crate::model::plan::{Action, RecordKey, Subject};
use crate::model::problem::Problem;
use crate::model::run::Change;

/// A request that was to make or change something, without what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMade {
    pub ticket: i64,
    pub run_id: String,
    /// The idempotency key.
    pub key: String,
    pub action: Action,
    /// The record of the shop that asked for it.
    pub source: RecordKey,
    pub intended_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// `None`: nobody knows yet.
    pub outcome: Option<TicketOutcome>,
}

/// A problem as it is kept, with a person's words for leaving its record out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledProblem {
    pub problem: Problem,
    pub why: Option<String>,
}

/// That a run left something out though nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub run_id: String,
    pub change: Change,
}

pub(super) const BY_NUMBER: &str = "SELECT * FROM links
     WHERE posted IS NOT NULL AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.number') END = ?2 AND target = ?1";
pub(super) const BY_WORTH: &str = "SELECT * FROM links
     WHERE posted IS NOT NULL AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END = ?2 AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.total') END = ?3 AND target = ?1";
pub(super) const OF_DAY: &str = "SELECT * FROM links
     WHERE posted IS NOT NULL AND CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END = ?2 AND target = ?1";
pub(super) const REQUESTS: &str =
    "SELECT ticket_id, run_id, idempotency_key, intent, outcome, intended_at, sent_at
     FROM ticket_writes JOIN tickets ON tickets.id = ticket_id
     WHERE subject = ?2 AND target = ?1 ORDER BY ticket_id";
pub(super) const PROBLEM: &str = "SELECT * FROM problems WHERE id = ?1";
pub(super) const PROBLEMS_OF: &str = "SELECT * FROM problems WHERE source_id = ?1";
pub(super) const PROBLEMS_NUMBERED: &str = "SELECT * FROM problems WHERE source_number = ?1";
pub(super) const LEFT_OUT: &str = "SELECT * FROM changes
     WHERE id IN (SELECT id FROM change_rows WHERE is_skip AND source_id = ?1)";
pub(super) const LEFT_OUT_NUMBERED: &str =
    "SELECT * FROM changes
     WHERE id IN (SELECT id FROM change_rows WHERE is_skip AND coalesce(source_number, source_id) = ?1)";

/// So many documents of a day are told that name an amount.
const MOST_OF_A_DAY: usize = 100;

impl Store {
    pub(super) fn links_numbered(
        &self,
        target: &str,
        number: &str,
    ) -> Result<Vec<Link>, StoreError> {
        self.links_by(BY_NUMBER, &[&target, &number])
    }

    pub(super) fn links_worth(
        &self,
        target: &str,
        amount: Money,
        day: NaiveDate,
    ) -> Result<Vec<Link>, StoreError> {
        self.links_by(BY_WORTH, &[&target, &day.to_string(), &amount.to_string()])
    }

    pub(super) fn links_naming(
        &self,
        target: &str,
        amount: Money,
        day: NaiveDate,
    ) -> Result<Vec<Link>, StoreError> {
        let amount = format!("\"{amount}\"");
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(OF_DAY)?;
            let mut rows = ask.query([target, &day.to_string()])?;
            let mut naming = Vec::new();
            while naming.len() < MOST_OF_A_DAY
                && let Some(row) = rows.next()?
            {
                let posted: String = row.get("posted")?;
                let posted = document(&posted).ok_or(SqlTrouble::Odd("links.posted"))?;
                if posted.contains(&amount) {
                    naming.push(read_link(&veil, row)?);
                }
            }
            Ok(naming)
        })
    }

    fn links_by(
        &self,
        question: &str,
        given: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(question)?;
            let links = ask.query_and_then(given, |row| read_link(&veil, row))?;
            links.collect()
        })
    }

    pub(super) fn requests_for(
        &self,
        target: &str,
        subject: &Subject,
    ) -> Result<Vec<RequestMade>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(REQUESTS)?;
            let made = ask.query_and_then(params![target, subject.to_string()], read_request)?;
            made.collect()
        })
    }

    pub(super) fn problem_called(&self, id: &str) -> Result<Option<FiledProblem>, StoreError> {
        Ok(self.filed(PROBLEM, &as_written(id))?.pop())
    }

    pub(super) fn problems_about(&self, source_id: &str) -> Result<Vec<FiledProblem>, StoreError> {
        self.filed(PROBLEMS_OF, source_id)
    }

    pub(super) fn problems_numbered(&self, number: &str) -> Result<Vec<FiledProblem>, StoreError> {
        self.filed(PROBLEMS_NUMBERED, number)
    }

    fn filed(&self, question: &str, given: &str) -> Result<Vec<FiledProblem>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(question)?;
            let filed = ask.query_and_then([given], |row| {
                Ok(FiledProblem {
                    why: row.get("why")?,
                    problem: read_problem(row)?,
                })
            })?;
            filed.collect()
        })
    }

    pub(super) fn left_out(&self, source_id: &str) -> Result<Vec<LeftOut>, StoreError> {
        self.skips(LEFT_OUT, source_id)
    }

    pub(super) fn left_out_numbered(&self, number: &str) -> Result<Vec<LeftOut>, StoreError> {
        self.skips(LEFT_OUT_NUMBERED, number)
    }

    /// Oldest first: they are found in the order in which they were recorded.
    fn skips(&self, question: &str, given: &str) -> Result<Vec<LeftOut>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(question)?;
            let skips = ask.query_and_then([given], |row| {
                Ok(LeftOut {
                    run_id: row.get("run_id")?,
                    change: read_change(&veil, row)?,
                })
            })?;
            skips.collect()
        })
    }
}

/// Nobody is in it: the body stays where it is, and the people of the document too.
fn read_request(row: &Row<'_>) -> Result<RequestMade, SqlTrouble> {
    let intent: String = row.get("intent")?;
    let (write, _) = thin::meant(&intent)?;
    let outcome: Option<String> = row.get("outcome")?;
    let sent_at: Option<String> = row.get("sent_at")?;
    Ok(RequestMade {
        ticket: row.get("ticket_id")?,
        run_id: row.get("run_id")?,
        key: row.get("idempotency_key")?,
        action: write.action,
        source: write.source,
        intended_at: read_time(&row.get::<_, String>("intended_at")?, "tickets.intended_at")?,
        sent_at: sent_at
            .map(|at| read_time(&at, "tickets.sent_at"))
            .transpose()?,
        outcome: outcome
            .map(|outcome| read_packed(&outcome, "ticket_writes.outcome"))
            .transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{BOOKS, link, sale, store};

    #[test]
    fn a_document_is_found_by_whatever_a_person_has_of_it() {
        let store = store();
        let mut sold = link(sale(7));
        let posted = sold.posted.as_mut().expect("documents have one");
        posted.number = "WC-1042".into();
        posted.total = Money::cents(8_872);
        let day = posted.date;
        store
            .put_links(BOOKS, &[sold.clone(), link(sale(8))])
            .expect("kept");
        let found = Ok(vec![sold.clone()]);
        assert_eq!(store.links_numbered(BOOKS, "WC-1042"), found);
        assert_eq!(store.links_numbered("supabase", "WC-1042"), Ok(vec![]));
        let worth = |amount, day| store.links_worth(BOOKS, amount, day);
        assert_eq!(worth(Money::cents(8_872), day), found);
        assert_eq!(worth(Money::cents(8_873), day), Ok(vec![]));
        let next = day.succ_opt().expect("a day");
        assert_eq!(worth(Money::cents(8_872), next), Ok(vec![]));
        assert_eq!(store.links_naming(BOOKS, Money::cents(8_872), day), found);
        assert_eq!(
            store.links_naming(BOOKS, Money::cents(872), day),
            Ok(vec![]),
            "part of an amount is none"
        );
    }
}
