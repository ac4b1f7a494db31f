//! What can go wrong with the state file, and what to do about it.
//!
//! The rooms above see one of a few kinds, each with a hint. No text here quotes a value out of the file: the
//! file knows customers and tokens, an error must not.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

/// Why the state could not be read or kept. Nothing is half recorded when one of these comes back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the state file `{path}` was written by a newer udsync: it has version {found}, this one knows up to {ours}"
    )]
    NewerVersion { path: String, found: u32, ours: u32 },
    #[error("the state file `{path}` cannot be written")]
    ReadOnly { path: String },
    #[error("nothing can be written to the folder `{folder}`, and the state file is in it")]
    ReadOnlyFolder { folder: String },
    #[error("`{path}` is no state file of udsync: {said}")]
    NotOurs { path: String, said: String },
    #[error("more than one {what} begins with `{typed}`")]
    Ambiguous {
        what: &'static str,
        typed: String,
        hint: &'static str,
    },
    #[error("the disk that holds the state file `{path}` is full")]
    DiskFull { path: String },
    #[error("the state file `{path}` is damaged: {said}")]
    Damaged { path: String, said: String },
    #[error(
        "the state file `{path}` belongs to other books: for {target} it knows `{bound}`, not `{asked}`"
    )]
    OtherCompany {
        path: String,
        target: String,
        bound: String,
        asked: String,
    },
    #[error("the state file `{path}` is busy: another process has been writing to it for too long")]
    Busy { path: String },
    #[error("what the state file `{path}` keeps of people is sealed, and its key is not here")]
    Shut { path: String },
    #[error("this run may write no more: {by}")]
    Overtaken { by: String },
    #[error("{said}")]
    Other { said: String, hint: String },
}

impl StoreError {
    /// What to do, as something that can be typed where possible.
    pub fn hint(&self) -> String {
        match self {
            StoreError::NewerVersion { .. } => {
                "update udsync on this machine: only this file knows what was set aside and what is still open"
                    .to_owned()
            }
            StoreError::ReadOnly { .. } | StoreError::ReadOnlyFolder { .. } => "give this user the right to write to the file and to its folder; where the disk is mounted to be read only, keep the state file on another one: `--state FILE`, or `state` in `[shop]`".to_owned(),
            StoreError::NotOurs { .. } => "name another file with `--state FILE`, or with `state` in `[shop]`; where it was the state file once, something has written over it: put the newest copy of it back".to_owned(),
            StoreError::Ambiguous { hint, .. } => (*hint).to_owned(),
            StoreError::DiskFull { .. } => {
                "free some space and run the command again: it goes on where it stopped".to_owned()
            }
            StoreError::Damaged { path, .. } => format!(
                "move it away (`mv {path} {path}.damaged`) and run the command again: the next run finds what is in the books by its marker, and `udsync connect woocommerce` and `udsync connect quickbooks` connect them anew; set aside again (`udsync retry --skip ID --why TEXT`) what `udsync dry-run orders --full` would post although it was entered by hand"
            ),
            StoreError::OtherCompany { .. } => {
                "give each pair of shop and books a state file of its own: `--state FILE`, or `state` under `[shop]`"
                    .to_owned()
            }
            StoreError::Busy { .. } => {
                "wait until the other process is done, then run the command again".to_owned()
            }
            StoreError::Shut { .. } => {
                "`udsync connect list` says where the key is; if it is lost for good, `udsync connect rotate-key --forget` begins a new one"
                    .to_owned()
            }
            StoreError::Overtaken { .. } => {
                "see that one machine alone works with this state file, on a disk of its own; what this run did is recorded, and `udsync sync orders` goes on once the other one is done".to_owned()
            }
            StoreError::Other { hint, .. } => hint.clone(),
        }
    }

    /// Judges what the operating system said about the file at `path`.
    pub(super) fn from_io(error: &io::Error, path: &Path) -> StoreError {
        let path = path.display().to_string();
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                StoreError::DiskFull { path }
            }
            kind => StoreError::Other {
                said: format!("could not use `{path}`: {kind}"),
                hint: "see that the folder is there and on a local disk; a state file that is moved is named with `--state FILE`".to_owned(),
            },
        }
    }
}

/// What went wrong in a question to the file, before it is said of which file.
#[derive(Debug)]
pub(super) enum SqlTrouble {
    Sqlite(rusqlite::Error),
    /// A column holds what this program never writes there.
    Odd(&'static str),
    /// What is needed is sealed, and there is no key to it.
    Shut,
    /// Another run has begun meanwhile: which one.
    Overtaken(String),
    /// The beginning of an id, and several have it.
    Ambiguous {
        what: &'static str,
        typed: String,
        hint: &'static str,
    },
    /// The question itself makes no sense for this file.
    Refused {
        said: String,
        hint: &'static str,
    },
}

/// The hint of what can only be our own mistake.
pub(super) const REPORT_IT: &str =
    "this is a mistake in udsync: please report it; nothing was sent without a record";

impl SqlTrouble {
    pub(super) fn refused(said: impl Into<String>, hint: &'static str) -> SqlTrouble {
        SqlTrouble::Refused {
            said: said.into(),
            hint,
        }
    }

    /// Says whether the file, or one that SQLite keeps beside it, could not be opened or made.
    pub(super) fn is_about_rights(&self) -> bool {
        let SqlTrouble::Sqlite(error) = self else {
            return false;
        };
        matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
        )
    }

    pub(super) fn at(self, path: &str) -> StoreError {
        let path = path.to_owned();
        let error = match self {
            SqlTrouble::Sqlite(error) => error,
            SqlTrouble::Odd(column) => {
                let said = format!("`{column}` holds something that udsync never writes there");
                return StoreError::Damaged { path, said };
            }
            SqlTrouble::Shut => return StoreError::Shut { path },
            SqlTrouble::Overtaken(by) => return StoreError::Overtaken { by },
            SqlTrouble::Ambiguous { what, typed, hint } => {
                return StoreError::Ambiguous { what, typed, hint };
            }
            SqlTrouble::Refused { said, hint } => {
                let hint = hint.to_owned();
                return StoreError::Other { said, hint };
            }
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::DiskFull { path },
            // The index of the write-ahead log could not grow: there is no other reason than space.
            Some(ErrorCode::SystemIoFailure)
                if error.sqlite_error().map(|e| e.extended_code) == Some(SQLITE_IOERR_SHMSIZE) =>
            {
                StoreError::DiskFull { path }
            }
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                StoreError::ReadOnly { path }
            }
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed,
            ) => StoreError::Busy { path },
            Some(ErrorCode::NotADatabase) => StoreError::Damaged {
                path,
                said: "it is not an SQLite file".to_owned(),
            },
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged {
                path,
                said: "SQLite cannot read its pages".to_owned(),
            },
            Some(ErrorCode::SystemIoFailure) => StoreError::Other {
                said: format!(
                    "the disk refused the state file `{path}`: {}",
                    words(&error)
                ),
                hint:
                    "check the disk, then run the command again: nothing was sent without a record"
                        .to_owned(),
            },
            _ => StoreError::Other {
                said: format!(
                    "could not record in the state file `{path}`: {}",
                    words(&error)
                ),
                hint: REPORT_IT.to_owned(),
            },
        }
    }
}

impl From<rusqlite::Error> for SqlTrouble {
    fn from(error: rusqlite::Error) -> SqlTrouble {
        // A column of the wrong type is damage, and what it holds is nobody's business.
        match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => SqlTrouble::Odd("a column"),
            error => SqlTrouble::Sqlite(error),
        }
    }
}

/// SQLite names tables and columns in its messages, never their content; anything else is only classified.
fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        _ => "the question and the file do not fit".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(extended: i32) -> SqlTrouble {
        SqlTrouble::Sqlite(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(extended),
            None,
        ))
    }

    #[test]
    fn each_trouble_has_its_kind_and_a_hint() {
        use rusqlite::ffi;
        let path = "aurora.db".to_owned();
        let full = StoreError::DiskFull { path: path.clone() };
        let busy = StoreError::Busy { path: path.clone() };
        let read_only = StoreError::ReadOnly { path };
        for (code, expected) in [
            (ffi::SQLITE_FULL, full.clone()),
            (ffi::SQLITE_IOERR_SHMSIZE, full),
            (ffi::SQLITE_BUSY, busy.clone()),
            (ffi::SQLITE_BUSY_SNAPSHOT, busy),
            (ffi::SQLITE_READONLY_DIRECTORY, read_only.clone()),
            (ffi::SQLITE_CANTOPEN, read_only),
        ] {
            assert_eq!(sqlite(code).at("aurora.db"), expected, "{code}");
        }
        let damaged = sqlite(ffi::SQLITE_CORRUPT_VTAB).at("aurora.db");
        assert!(matches!(damaged, StoreError::Damaged { .. }));
        assert!(damaged.hint().contains("`mv aurora.db aurora.db.damaged`"));
        assert!(damaged.hint().contains("by its marker"));
    }

    #[test]
    fn a_full_disk_is_told_from_a_missing_right_by_what_the_system_says() {
        let at = |kind: io::ErrorKind| StoreError::from_io(&kind.into(), Path::new("s.db"));
        let path = "s.db".to_owned();
        assert_eq!(
            at(io::ErrorKind::StorageFull),
            StoreError::DiskFull { path: path.clone() }
        );
        assert_eq!(
            at(io::ErrorKind::ReadOnlyFilesystem),
            StoreError::ReadOnly { path }
        );
        assert!(matches!(
            at(io::ErrorKind::NotADirectory),
            StoreError::Other { .. }
        ));
    }
}
