//! The access file: users with their tokens, passwords and sessions, what they did, and what they were answered.
//!
//! It lies beside the state files and is not one: people are of several shops, a state is of one. Whoever reads it cannot come in by
//! what it holds. It decides nothing: whether a role is enough is the server's business.

mod answers;
mod audit;
mod sessions;
mod users;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::M;

use super::error::{SqlTrouble, StoreError};
use super::open;

pub use answers::KeptAnswer;
pub use audit::{AuditFilter, Deed};
pub use sessions::{InvitationUse, SESSION_DAYS_MAX, SESSION_IDLE_HOURS};
pub use users::NewUser;

/// Every version of the file, oldest first; one that shipped never changes.
const VERSIONS: &[M<'static>] = &[M::up(include_str!("../access.sql"))];

/// "udsa", as `access.sql` writes it.
const OURS: i64 = 1_969_517_409;

/// The file of people and tokens. Cheap to clone; all clones are one connection.
#[derive(Clone)]
pub struct AccessFile(Arc<AccessInner>);

struct AccessInner {
    path: String,
    connection: Mutex<Connection>,
}

impl AccessFile {
    /// Where it lies: in the folder of the state file. No shop has an underscore in its name, so no state file of theirs is in its way.
    pub fn path_beside(state: &Path) -> PathBuf {
        state.with_file_name("udsync_access.db")
    }

    /// Opens the file, or makes it and its folder.
    pub fn open(path: &Path) -> Result<AccessFile, StoreError> {
        let connection = open::writable_of(path, VERSIONS, OURS)?;
        Ok(AccessFile(Arc::new(AccessInner {
            path: path.display().to_string(),
            connection: Mutex::new(connection),
        })))
    }

    fn read<T>(
        &self,
        ask: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        self.in_transaction(TransactionBehavior::Deferred, ask)
    }

    fn write<T>(
        &self,
        make: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        self.in_transaction(TransactionBehavior::Immediate, make)
    }

    fn in_transaction<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        // A panic in the middle of a change has rolled it back.
        let connection = &self.0.connection;
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        open::in_transaction(&mut connection, &self.0.path, behavior, work)
    }
}

impl std::fmt::Debug for AccessFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AccessFile")
            .field("path", &self.0.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::model::access::{AccessRole, AllowedShops};

    pub fn file() -> (tempfile::TempDir, AccessFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = AccessFile::path_beside(&folder.path().join("aurora.db"));
        let file = AccessFile::open(&path).expect("made");
        (folder, file)
    }

    pub fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + second, 0).expect("a real time")
    }

    pub fn anna() -> NewUser {
        NewUser {
            name: "anna".into(),
            role: AccessRole::Operator,
            shops: AllowedShops::one("aurora"),
            ends_at: None,
            token_hash: None,
        }
    }

    #[test]
    fn neither_file_is_taken_for_the_other() {
        let (folder, _file) = file();
        let access = folder.path().join("udsync_access.db");
        let refused = super::super::Store::open(&access).expect_err("it is no state");
        assert!(refused.to_string().contains("another program"), "{refused}");
        let state = folder.path().join("state.db");
        super::super::Store::open(&state).expect("made");
        assert!(AccessFile::open(&state).is_err());
        assert!(AccessFile::open(&access).is_ok(), "it is opened again");
    }
}
