//! What ends a run, or a command, early: code, exit code, words and a way out. Its form for machines is the error document.

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::app::mappings::Unready;
use crate::config::Located;
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
    pub fn new(exit: u8, code: impl Into<String>, message: impl Into<String>) -> Failure {
        Failure(Box::new(ErrorDocument {
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
            listed: String::new(),
        }))
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
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
    if matches!(code, "store_shrunken" | "posted_elsewhere") {
        exit::GUARD
    } else if code == "run_overtaken" {
        exit::LOCKED
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
            StoreError::Overtaken { .. } => (exit::LOCKED, "run_overtaken"),
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
    /// Every mistake of the mapping files at once, with the lines.
    pub fn from_mapping(mistakes: &[Complaint]) -> Failure {
        let said = match mistakes {
            [only] => format!("the mapping `{}` has a mistake", only.file),
            all => format!("the mappings have {} mistakes", all.len()),
        };
        let mut failure = Failure::new(exit::USAGE, "mapping_invalid", said);
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
