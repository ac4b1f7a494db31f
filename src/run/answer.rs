//! The answer: what a run came to, as a value.

use super::document::{RunDocument, run_document};
use super::failure::{Failure, exit};
use crate::engine::outcome::Report;
use crate::model::plan::Plan;
use crate::model::run::Run;

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
}

impl RunAnswer {
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
