//! What ends a run, or a command, early: code, exit code, words and a way out. Its form for machines is the error document.

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::app::mappings::Unready;
use crate::app::privacy;
use crate::config::Located;
use crate::engine::error::EngineError;
use crate::mapping::MappingMistake;
use crate::model::code::{self, CodeKind};
use crate::model::fault::Fault;
use crate::model::run::Waits;
use crate::store::{LockError, StoreError};

pub use crate::model::code::exit;

/// An error that ends a command. In a box: it is carried through every result, and seldom there.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Failure(Box<ErrorDocument>);

/// What is told of an error.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorDocument {
    schema: &'static str,
    pub code: String,
    pub exit: u8,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The service's own reference for its support desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_token: Option<String>,
    /// What a guard kept from being written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<Waits>,
    /// Every mistake of a configuration, with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub complaints: Vec<Located>,
    /// Each thing that stands in the way, where there may be several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<FailureDetail>,
    /// The document of the run that ended so, as far as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<RawValue>>,
    /// Already in words for people, with source excerpts; printed instead of the message.
    #[serde(skip)]
    pub rendered: Option<String>,
    /// Lines for people below the message, in place of the hint.
    #[serde(skip)]
    pub listed: String,
}

/// One of several things that stand in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailureDetail {
    /// Its number in the shop.
    pub order: Option<String>,
    /// Kind and number in the books.
    pub document: Option<String>,
    /// Its id in the books.
    pub id: Option<String>,
    pub code: String,
    pub message: String,
}

impl Deref for Failure {
    type Target = ErrorDocument;

    fn deref(&self) -> &ErrorDocument {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut ErrorDocument {
        &mut self.0
    }
}

impl Failure {
    /// How it ends the command, the catalogue says.
    pub fn new(code: &str, message: impl Into<String>) -> Failure {
        Failure(Box::new(ErrorDocument {
            schema: "udsync/error/1",
            code: code.to_owned(),
            exit: code::kind(code).map_or(exit::FAILED, CodeKind::exit),
            message: without_number(&message.into()),
            hint: None,
            reference: None,
            confirm_token: None,
            waits: None,
            complaints: Vec::new(),
            details: Vec::new(),
            run: None,
            rendered: None,
            listed: String::new(),
        }))
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// Where a word of the services stands for something that no waiting mends.
    pub fn ending(mut self, exit: u8) -> Failure {
        self.exit = exit;
        self
    }
}

/// What a system says of an error, without its number for it.
pub fn without_number(said: &str) -> String {
    let mut text = said.to_owned();
    while let Some(at) = text.find(" (os error ") {
        let Some(end) = text[at..].find(')') else {
            break;
        };
        text.replace_range(at..=at + end, "");
    }
    text
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        let mut failure = Failure::new(fault.code, fault.said);
        // A word that nobody catalogued is that of a service in trouble, and a test finds it.
        let kind = code::kind(fault.code).unwrap_or(CodeKind::Unreachable);
        failure.exit = kind.exit_after(fault.remedy);
        failure.hint = fault.hint;
        failure.reference = fault.reference;
        failure
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        let code = match &error {
            StoreError::NewerVersion { .. } => "state_newer",
            StoreError::ReadOnly { .. } | StoreError::ReadOnlyFolder { .. } => "state_read_only",
            StoreError::NotOurs { .. } => "state_foreign",
            StoreError::Ambiguous { .. } => "id_ambiguous",
            StoreError::DiskFull { .. } => "disk_full",
            StoreError::Damaged { .. } => "state_damaged",
            StoreError::OtherCompany { .. } => "other_books",
            StoreError::Busy { .. } => "state_busy",
            StoreError::Shut { .. } => "key_missing",
            StoreError::Overtaken { .. } => "run_overtaken",
            StoreError::Other { .. } => "state_failed",
        };
        Failure::new(code, error.to_string()).hint(error.hint())
    }
}

impl From<privacy::Failed> for Failure {
    fn from(failed: privacy::Failed) -> Failure {
        match failed {
            privacy::Failed::Service(fault) => fault.into(),
            privacy::Failed::State(error) => error.into(),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Failure {
        match error {
            LockError::Held(held) => Failure::new("locked", held.to_string()).hint(held.hint()),
            LockError::Store(error) => error.into(),
        }
    }
}

impl From<Unready> for Failure {
    fn from(unready: Unready) -> Failure {
        match unready {
            Unready::Mistakes(mistakes) => Failure::from_mapping(&mistakes),
            Unready::Books(fault) => fault.into(),
        }
    }
}

impl From<EngineError> for Failure {
    fn from(trouble: EngineError) -> Failure {
        match trouble {
            EngineError::Fault(fault) => fault.into(),
            EngineError::Store(error) => error.into(),
        }
    }
}

impl Failure {
    /// Every mistake of the mapping files at once, with the lines.
    pub fn from_mapping(mistakes: &[MappingMistake]) -> Failure {
        let said = match mistakes {
            [only] => format!("the mapping `{}` has a mistake", only.file),
            all => format!("the mappings have {} mistakes", all.len()),
        };
        let mut failure = Failure::new("mapping_invalid", said);
        failure.listed = mistakes
            .iter()
            .map(|mistake| format!("{mistake}\n"))
            .collect();
        failure.complaints = mistakes
            .iter()
            .map(|mistake| Located {
                file: Some(mistake.file.clone()),
                line: mistake.line,
                column: mistake.column,
                message: mistake.message.clone(),
                hint: mistake.hint.clone(),
            })
            .collect();
        failure.hint("`udsync mapping check` shows them again")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_state_file_cannot_do_has_a_code_of_its_own() {
        let path = || "aurora.db".to_owned();
        for (error, code) in [
            (StoreError::Busy { path: path() }, "state_busy"),
            (StoreError::ReadOnly { path: path() }, "state_read_only"),
            (StoreError::DiskFull { path: path() }, "disk_full"),
            (
                StoreError::ReadOnlyFolder { folder: path() },
                "state_read_only",
            ),
            (
                StoreError::NotOurs {
                    path: path(),
                    said: "it is not an SQLite file".to_owned(),
                },
                "state_foreign",
            ),
        ] {
            let failure = Failure::from(error);
            assert_eq!(failure.code, code);
            let kind = crate::model::code::kind(code).expect("a row");
            assert_eq!(failure.exit, kind.exit());
        }
    }
}
