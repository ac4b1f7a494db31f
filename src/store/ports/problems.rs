//! The problems: records that are held or failed, until they are settled or a person sets them aside.

use chrono::{DateTime, Utc};

use crate::model::document::DocumentKey;
use crate::model::plan::RecordKey;
use crate::model::problem::{Problem, ProblemState};
use crate::store::{FiledProblem, ProblemCause, ProblemFilter, ProblemFound, Store, StoreError};

port! {
    /// What needs a person or another try.
    pub trait Problems {
        /// What needs a person or another try, oldest first.
        fn problems(
            &self,
            target: Option<&str>,
            include_set_aside: bool,
        ) -> Result<Vec<Problem>, StoreError>;

        /// How many need a person or another try, or how many of them are in this state.
        fn count_problems(&self, state: Option<ProblemState>) -> Result<u64, StoreError>;

        /// The first so many of those that a filter lets through, by when they were first seen and by their id.
        fn problems_page(
            &self,
            filter: &ProblemFilter,
            limit: u32,
        ) -> Result<Vec<Problem>, StoreError>;

        /// How many a filter lets through.
        fn count_problems_like(&self, filter: &ProblemFilter) -> Result<u64, StoreError>;

        /// What needs a person or another try, by its cause, in the order of the first of each.
        fn problem_causes(&self) -> Result<Vec<ProblemCause>, StoreError>;

        /// The problems that this run was the last to meet, as far as they are not settled since.
        fn problems_of_run(&self, run_id: &str) -> Result<Vec<Problem>, StoreError>;

        /// One problem, by its id as a person types it; `None`: nothing is kept under it.
        fn problem_called(&self, id: &str) -> Result<Option<FiledProblem>, StoreError>;

        /// What is kept of the records with this id, set aside or not, at all targets.
        fn problems_about(&self, source_id: &str) -> Result<Vec<FiledProblem>, StoreError>;

        /// What is kept of the records with this number.
        fn problems_numbered(&self, number: &str) -> Result<Vec<FiledProblem>, StoreError>;

        /// When the run began that was the last to meet each parked record of a target.
        fn parked(&self, target: &str) -> Result<Vec<(Problem, DateTime<Utc>)>, StoreError>;
    }
}

port! {
    /// Files problems, and settles them.
    pub trait ProblemsWriter: Problems {
        /// Keeps a complaint. One that is known already counts another attempt; one that a person set aside stays
        /// exactly as it is. That an order stands undone is kept beside whatever else is wrong with it.
        fn raise(
            &self,
            complaint: &ProblemFound<'_>,
            run_id: &str,
            now: DateTime<Utc>,
        ) -> Result<Problem, StoreError>;

        /// Removes the problems of a record but for those about these subjects; `None` stands for the whole record. What a
        /// person set aside stays, and an order that stands undone stands so.
        fn resolve(
            &self,
            target: &str,
            source: &RecordKey,
            keep: &[Option<DocumentKey>],
        ) -> Result<(), StoreError>;

        /// An order stands undone no longer. Nothing else settles that it does; what a person set aside stays.
        fn lift_undone(&self, target: &str, source: &RecordKey) -> Result<(), StoreError>;

        /// Leaves a record out for good, with a person's reason. `None`: there is no such problem.
        fn set_aside(
            &self,
            id: &str,
            why: &str,
            now: DateTime<Utc>,
        ) -> Result<Option<Problem>, StoreError>;

        /// Takes back that a problem was set aside: the next run looks at it again. `None`: no such problem is set aside.
        fn restore(&self, id: &str, now: DateTime<Utc>) -> Result<Option<Problem>, StoreError>;
    }
}
