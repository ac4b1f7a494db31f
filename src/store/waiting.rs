//! What waits, as people look at it: a page at a time, and by its causes. SQLite cuts and counts, however much waits.

use chrono::{DateTime, Utc};
use rusqlite::ToSql;

use super::Store;
use super::columns::{read_time, read_word, time};
use super::error::StoreError;
use super::problems::read_problem;
use crate::model::problem::{Problem, ProblemState};

pub(super) const CAUSES: &str =
    "SELECT state, cause_code, cause_hint, count(*) AS records, min(first_seen) AS since FROM problems
     WHERE state IN ('held', 'failed', 'parked', 'conflict')
     GROUP BY state, cause_code, cause_hint";

/// Which problems, the oldest first. What is set aside is meant only where it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemFilter {
    pub state: Option<ProblemState>,
    pub code: Option<String>,
    /// `Some(None)`: those whose reason has no hint.
    pub hint: Option<Option<String>>,
    /// Only those that this run was the last to meet.
    pub run: Option<String>,
    /// Behind this one, by when it was first seen and by its id.
    pub after: Option<(DateTime<Utc>, String)>,
}

/// Records that wait for the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemCause {
    pub state: ProblemState,
    pub code: String,
    pub hint: Option<String>,
    pub count: u64,
    /// When the first of them was first seen.
    pub since: DateTime<Utc>,
}

impl ProblemCause {
    /// All of its records.
    pub fn filter(&self) -> ProblemFilter {
        ProblemFilter {
            state: Some(self.state),
            code: Some(self.code.clone()),
            hint: Some(self.hint.clone()),
            ..ProblemFilter::default()
        }
    }
}

impl ProblemFilter {
    /// As SQL, with what stands for each `?` of it.
    fn conditions(&self) -> (String, Vec<Box<dyn ToSql>>) {
        let (mut words, mut given): (Vec<String>, Vec<Box<dyn ToSql>>) = (Vec::new(), Vec::new());
        match self.state {
            Some(state) => {
                words.push("state = ?".to_owned());
                given.push(Box::new(state.as_str()));
            }
            None => words.push("state <> 'set_aside'".to_owned()),
        }
        if let Some(code) = &self.code {
            words.push("cause_code = ?".to_owned());
            given.push(Box::new(code.clone()));
        }
        if let Some(hint) = &self.hint {
            words.push("cause_hint IS ?".to_owned());
            given.push(Box::new(hint.clone()));
        }
        if let Some(run) = &self.run {
            words.push("run_id = ?".to_owned());
            given.push(Box::new(run.clone()));
        }
        if let Some((at, id)) = &self.after {
            words.push("(first_seen, id) > (?, ?)".to_owned());
            given.push(Box::new(time(*at)));
            given.push(Box::new(id.clone()));
        }
        (words.join(" AND "), given)
    }

    pub(super) fn page_question(&self) -> String {
        let (words, _) = self.conditions();
        format!("SELECT * FROM problems WHERE {words} ORDER BY first_seen, id LIMIT ?")
    }
}

impl Store {
    pub(super) fn problems_page(
        &self,
        filter: &ProblemFilter,
        limit: u32,
    ) -> Result<Vec<Problem>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(&filter.page_question())?;
            let (_, mut given) = filter.conditions();
            given.push(Box::new(limit));
            let rows = ask.query_and_then(rusqlite::params_from_iter(given), read_problem)?;
            rows.collect()
        })
    }

    pub(super) fn count_problems_like(&self, filter: &ProblemFilter) -> Result<u64, StoreError> {
        self.read(|view| {
            let (words, given) = filter.conditions();
            let question = format!("SELECT count(*) FROM problems WHERE {words}");
            let mut ask = view.prepare_cached(&question)?;
            let count: i64 = ask.query_row(rusqlite::params_from_iter(given), |row| row.get(0))?;
            Ok(count.cast_unsigned())
        })
    }

    pub(super) fn problem_causes(&self) -> Result<Vec<ProblemCause>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(CAUSES)?;
            let rows = ask.query_and_then([], |row| {
                Ok(ProblemCause {
                    state: read_word(row.get("state")?, "problems.state")?,
                    code: row
                        .get::<_, Option<String>>("cause_code")?
                        .unwrap_or_default(),
                    hint: row.get("cause_hint")?,
                    count: row.get::<_, i64>("records")?.cast_unsigned(),
                    since: read_time(&row.get::<_, String>("since")?, "problems.first_seen")?,
                })
            })?;
            let mut causes = rows.collect::<Result<Vec<_>, super::error::SqlTrouble>>()?;
            // In the order of the first of each, as `retry --list` has them.
            causes.sort_by(|one, other| (one.since, &one.code).cmp(&(other.since, &other.code)));
            Ok(causes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::Reason;
    use crate::model::plan::RecordKey;
    use crate::store::ProblemFound;
    use crate::store::tests::{BOOKS, at, store};

    fn raise(store: &Store, order: u64, code: &str, hint: Option<&str>, second: i64) -> String {
        let mut reason = Reason::new(code, "look at it");
        reason.hint = hint.map(str::to_owned);
        let found = ProblemFound {
            target: BOOKS,
            source: &RecordKey::order(order, &order.to_string()),
            subject: None,
            state: ProblemState::Held,
            reason: &reason,
            retryable: false,
            tries: 0,
        };
        store.raise(&found, "run-1", at(second)).expect("kept").id
    }

    #[test]
    fn what_waits_is_counted_by_cause_and_read_page_by_page() {
        let store = store();
        let first = raise(&store, 1, "status_unmapped", Some("x"), 1);
        let other = raise(&store, 2, "period_closed", None, 2);
        let third = raise(&store, 3, "status_unmapped", Some("x"), 3);
        let last = raise(&store, 4, "status_unmapped", Some("y"), 4);
        let causes = store.problem_causes().expect("answers");
        let told: Vec<(&str, Option<&str>, u64)> = causes
            .iter()
            .map(|cause| (cause.code.as_str(), cause.hint.as_deref(), cause.count))
            .collect();
        assert_eq!(
            told,
            [
                ("status_unmapped", Some("x"), 2),
                ("period_closed", None, 1),
                ("status_unmapped", Some("y"), 1)
            ]
        );
        let ids = |filter: &ProblemFilter, limit| -> Vec<String> {
            let page = store.problems_page(filter, limit).expect("answers");
            page.into_iter().map(|problem| problem.id).collect()
        };
        assert_eq!(ids(&causes[0].filter(), 9), [first.clone(), third.clone()]);
        assert_eq!(ids(&causes[1].filter(), 9), std::slice::from_ref(&other));
        let all = ProblemFilter::default();
        assert_eq!(ids(&all, 2), [first.clone(), other.clone()]);
        let rest = ProblemFilter {
            after: Some((at(2), other.clone())),
            ..ProblemFilter::default()
        };
        assert_eq!(ids(&rest, 9), [third, last.clone()]);
        store.set_aside(&last, "by hand", at(9)).expect("answers");
        assert_eq!(store.count_problems_like(&all), Ok(3));
        let aside = ProblemFilter {
            state: Some(ProblemState::SetAside),
            ..ProblemFilter::default()
        };
        assert_eq!(ids(&aside, 9), [last]);
        let of_run = ProblemFilter {
            run: Some("run-1".into()),
            code: Some("period_closed".into()),
            ..ProblemFilter::default()
        };
        assert_eq!(store.count_problems_like(&of_run), Ok(1));
    }
}
