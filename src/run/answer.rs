//! The answer: what a run came to, as a value.

use super::document::{RunDocument, run_document};
use super::failure::{Failure, exit};
use crate::engine::outcome::{Report, UnlistedChanges};
use crate::model::plan::Plan;
use crate::model::run::{Change, Run};
use crate::model::service::Service;
use crate::store::{History, Store};

/// How a run ended that was allowed to begin.
#[derive(Debug)]
pub enum RunOutcome {
    Ran(Box<RunAnswer>),
    /// An earlier run had the same key: nothing was done again. Its document, as it was remembered.
    Before {
        key: String,
        document: String,
    },
}

/// What a run came to.
#[derive(Debug)]
pub struct RunAnswer {
    pub run: Run,
    /// Both legs as one.
    pub report: Report,
    /// What was planned for the books, where the run ended with the plan.
    pub plan: Option<Plan>,
    /// There is something to write, or was.
    pub has_changes: bool,
    /// The legs that came far enough to have figures.
    pub counted: Vec<&'static str>,
    /// Why it ended early, or one of its legs did.
    pub failure: Option<Failure>,
    /// Whether it lists unchanged records.
    pub(super) all: bool,
    /// The runs whose changes are too many to be named, and the history that has them.
    pub(super) listed_in: Option<(Store, Vec<String>)>,
}

impl RunAnswer {
    /// Names every change, for whoever wants the whole list: it grows with the shop. Where the history cannot be read the answer names
    /// what it named before, and stays an answer.
    pub fn list_all(&mut self) -> Result<(), Failure> {
        let Some((store, runs)) = &self.listed_in else {
            return Ok(());
        };
        // Of rows of the database the first were named, as always.
        let mut changes = Vec::new();
        for run in runs {
            let of_run = store.changes(run)?.into_iter();
            let of_run = of_run.filter(|change| change.target != Service::COPY.as_str());
            changes.extend(of_run.map(|change| Change {
                body: None,
                ..change
            }));
        }
        self.listed_in = None;
        let rows = std::mem::take(&mut self.report.changes).into_iter();
        changes.extend(rows.filter(|change| change.target == Service::COPY.as_str()));
        self.report.changes = changes;
        self.report.unlisted = UnlistedChanges::default();
        Ok(())
    }

    /// Its form for machines.
    pub fn document(&self) -> RunDocument<'_> {
        run_document(&self.run, &self.report, self.all)
    }

    /// How it ended, for whoever does not look at the figures.
    pub fn ended(self) -> Result<u8, Failure> {
        let exit = self.exit();
        self.failure.map_or(Ok(exit), Err)
    }

    /// How it is told to a shell.
    pub fn exit(&self) -> u8 {
        if let Some(failure) = &self.failure {
            failure.exit
        } else if self.report.interrupted {
            exit::INTERRUPTED
        } else if self.report.problems.is_empty() {
            exit::DONE
        } else {
            exit::PROBLEMS
        }
    }
}
