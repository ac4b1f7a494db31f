//! The one place where an error becomes words: kind, message, hint, exit code.

use std::ops::{Deref, DerefMut};

use console::style;
use miette::{GraphicalReportHandler, GraphicalTheme};
use serde::Serialize;
use serde_json::value::RawValue;

use super::out::without_number;
use crate::app::mappings::Unready;
use crate::config::{Complaints, EditError, LoadError, Located};
use crate::engine::survey::Trouble;
use crate::mapping::Complaint;
use crate::model::fault::{Fault, Remedy};
use crate::model::run::Waits;
use crate::store::{LockError, StoreError};

/// Exit codes, as people script against them.
pub mod exit {
    pub const DONE: u8 = 0;
    pub const FAILED: u8 = 1;
    pub const USAGE: u8 = 2;
    pub const PROBLEMS: u8 = 3;
    pub const CREDENTIALS: u8 = 4;
    pub const UNREACHABLE: u8 = 5;
    pub const STALE_PLAN: u8 = 6;
    pub const GUARD: u8 = 7;
    pub const CASES: u8 = 9;
    pub const CHANGES: u8 = 10;
    pub const LOCKED: u8 = 11;
    pub const INTERRUPTED: u8 = 130;
}

/// An error that ends a command. In a box: it is carried through every result, and seldom there.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Failure(Box<Told>);

/// What is told of an error.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
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
    /// The document of the run that ended so, as far as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<RawValue>>,
    /// Already in words for people, with source excerpts; printed instead of the message.
    #[serde(skip)]
    pub rendered: Option<String>,
}

impl Deref for Failure {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Told {
        &mut self.0
    }
}

impl Failure {
    pub fn new(exit: u8, code: impl Into<String>, message: impl Into<String>) -> Failure {
        Failure(Box::new(Told {
            schema: "udsync/error/1",
            code: code.into(),
            exit,
            message: without_number(&message.into()),
            hint: None,
            reference: None,
            confirm_token: None,
            waits: None,
            complaints: Vec::new(),
            run: None,
            rendered: None,
        }))
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// A command line that could not be read, as clap says it.
    pub fn from_words(error: &clap::Error) -> Failure {
        let words = super::plain_words(&error.render().to_string());
        let mut lines = words.lines();
        let message = lines.next().unwrap_or_default();
        let message = message.strip_prefix("error: ").unwrap_or(message);
        let failure = Failure::new(exit::USAGE, "usage", message);
        let tip = lines.find_map(|line| line.trim().strip_prefix("tip: "));
        failure.hint(tip.unwrap_or("`udsync help` shows the commands and their flags"))
    }

    /// For people, on standard error.
    pub fn words(&self) -> String {
        let mut words = match &self.rendered {
            Some(rendered) => rendered.clone(),
            None => format!("{} {}\n", warn("error:"), self.message),
        };
        if let Some(hint) = self.hint.as_ref().filter(|_| self.rendered.is_none()) {
            for line in hint.lines() {
                words.push_str(&format!("{} {line}\n", advise("hint:")));
            }
        }
        if let Some(reference) = &self.reference {
            words.push_str(&format!("reference: {reference}\n"));
        }
        words
    }
}

fn warn(word: &str) -> String {
    style(word).for_stderr().red().bold().to_string()
}

fn advise(word: &str) -> String {
    style(word).for_stderr().cyan().to_string()
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        let exit = match fault.remedy {
            Remedy::Reconnect => exit::CREDENTIALS,
            Remedy::Wait(_) | Remedy::Ask => exit::UNREACHABLE,
            Remedy::Stop => exit_of_stop(fault.code),
            // The rest is done.
            _ if fault.code == "row_refused" => exit::PROBLEMS,
            Remedy::Amend | Remedy::Reread => exit::FAILED,
        };
        let mut failure = Failure::new(exit, fault.code, fault.said);
        failure.hint = fault.hint;
        failure.reference = fault.reference;
        failure
    }
}

/// A service that cannot be used is badly set up, or just not there now. Only the second gets better by waiting.
fn exit_of_stop(code: &str) -> u8 {
    const SET_UP: &[&str] = &[
        "address",
        "config_incomplete",
        "database_ca_unknown",
        "database_ca_unreadable",
        "database_column_missing",
        "database_grant_missing",
        "database_ipv6_only",
        "database_key_missing",
        "database_missing",
        "database_plaintext",
        "database_schema_closed",
        "database_table_missing",
        "database_url_unusable",
        "database_url_wrong",
        "schema_gap",
        "schema_needs_postgres",
        "schema_new",
        "schema_taken",
        "schema_views_in_use",
        "not_quickbooks",
        "notice_address",
        "notice_authority",
        "port_taken",
        "redirect_url",
        "store_address_unusable",
        "store_api_blocked",
        "store_clock_off",
        "store_moved",
        "store_permalinks_plain",
        "store_plain_http",
        "store_status_unknown",
        "store_tls_hidden",
        "store_too_large",
        "store_url_wrong",
        "store_woocommerce_missing",
    ];
    const HERE: [&str; 8] = [
        "company_reset",
        "database_rows_missing",
        "notice_refused",
        "notice_unwritable",
        "state_unreadable",
        "state_unwritable",
        "store_random_missing",
        "store_request_refused",
    ];
    if code == "store_shrunken" {
        exit::GUARD
    } else if SET_UP.contains(&code) {
        exit::USAGE
    } else if HERE.contains(&code) {
        exit::FAILED
    } else {
        exit::UNREACHABLE
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        let (exit, code) = match &error {
            StoreError::NewerVersion { .. } => (exit::USAGE, "state_newer"),
            StoreError::ReadOnly { .. } => (exit::FAILED, "state_read_only"),
            StoreError::DiskFull { .. } => (exit::FAILED, "disk_full"),
            StoreError::Damaged { .. } => (exit::FAILED, "state_damaged"),
            StoreError::OtherCompany { .. } => (exit::USAGE, "other_books"),
            StoreError::Busy { .. } => (exit::LOCKED, "state_busy"),
            StoreError::Other { .. } => (exit::FAILED, "state_failed"),
        };
        Failure::new(exit, code, error.to_string()).hint(error.hint())
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Failure {
        match error {
            LockError::Held(held) => {
                Failure::new(exit::LOCKED, "locked", held.to_string()).hint(held.hint())
            }
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

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Fault(fault) => fault.into(),
            Trouble::Store(error) => error.into(),
        }
    }
}

impl Failure {
    /// A configuration that could not be found or read.
    pub fn from_load(error: &LoadError) -> Failure {
        match error {
            LoadError::Wrong(complaints) => Failure::from_complaints(complaints),
            other => {
                let failure = Failure::new(exit::USAGE, "config_unreadable", other.to_string());
                match other.hint() {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
        }
    }

    /// A configuration that could not be edited.
    pub fn from_edit(error: &EditError) -> Failure {
        match error {
            EditError::Load(error) => Failure::from_load(error),
            EditError::Wrong(complaints) => Failure::from_complaints(complaints),
            EditError::NotToml { .. } => {
                Failure::new(exit::USAGE, "config_invalid", error.to_string())
                    .hint("`udsync config check` shows where")
            }
            EditError::Changed { .. } => {
                Failure::new(exit::FAILED, "config_changed", error.to_string())
                    .hint("look at it, and run the command again")
            }
            EditError::Unwritten { .. } => {
                Failure::new(exit::FAILED, "config_unwritten", error.to_string()).hint(
                    "see that this user may write there, or name another file with `--config FILE`",
                )
            }
        }
    }

    /// Every mistake of the mapping files at once, with the lines.
    pub fn from_mapping(mistakes: &[Complaint]) -> Failure {
        let said = match mistakes {
            [only] => format!("the mapping `{}` has a mistake", only.file),
            all => format!("the mappings have {} mistakes", all.len()),
        };
        let mut failure = Failure::new(exit::USAGE, "mapping_invalid", said);
        let listed: String = mistakes
            .iter()
            .map(|mistake| format!("{mistake}\n"))
            .collect();
        failure.rendered = Some(format!("{} {}\n{listed}", warn("error:"), failure.message));
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

    /// Every mistake of a configuration that is being put together. What is not written yet has no lines to point at.
    pub fn from_draft(complaints: &Complaints, is_new: bool) -> Failure {
        let mut failure = Failure::from_complaints(complaints);
        if is_new {
            let located = std::mem::take(&mut failure.complaints);
            let said: Vec<String> = located.iter().map(|one| one.message.clone()).collect();
            failure.message = said.join("; ");
            let hints: Vec<String> = located.into_iter().filter_map(|one| one.hint).collect();
            failure.hint = Some(hints.join("\n")).filter(|hints| !hints.is_empty());
            failure.rendered = None;
        }
        failure
    }

    /// Every mistake of a configuration at once, with the lines.
    pub fn from_complaints(complaints: &Complaints) -> Failure {
        let mut failure = Failure::new(exit::USAGE, "config_invalid", complaints.to_string());
        let mut rendered = String::new();
        let handler =
            GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
        if handler.render_report(&mut rendered, complaints).is_ok() {
            failure.rendered = Some(rendered);
        }
        failure.complaints = complaints.located();
        failure
    }
}
