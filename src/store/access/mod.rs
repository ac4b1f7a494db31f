//! The access file: users with their tokens, passwords and sessions, what they did, and what they were answered.
//!
//! It lies beside the state files and is not one: people are of several shops, a state is of one. Whoever reads it cannot come in by
//! what it holds. It decides nothing: whether a role is enough is the server's business.

mod answers;
mod audit;
mod sessions;
mod users;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use rusqlite_migration::M;

use super::error::{SqlTrouble, StoreError};
use super::open;

pub use answers::KeptAnswer;
pub use audit::{AuditFilter, Deed};
pub use sessions::{InvitationUse, InvitedUser, SESSION_DAYS_MAX, SESSION_IDLE_HOURS};
pub use users::NewUser;

/// Every version of the file, oldest first; one that shipped never changes.
const VERSIONS: &[M<'static>] = &[
    M::up(include_str!("../access.sql")),
    M::up(include_str!("../access_own.sql")),
    M::up(include_str!("../access_audit.sql")),
];

/// "udsa", as `access.sql` writes it.
const OURS: i64 = 1_969_517_409;

/// Everybody who is asked who they are waits here, so nobody waits for longer than this for somebody else who writes.
const PATIENCE: Duration = Duration::from_secs(2);

/// The file of people and tokens. Cheap to clone; all clones share two connections: whoever only reads never waits for a writer.
#[derive(Clone)]
pub struct AccessFile(Arc<AccessInner>);

struct AccessInner {
    path: String,
    reader: Mutex<Connection>,
    writer: Mutex<Connection>,
}

impl AccessFile {
    /// Where it lies: in the folder of the state file. No shop has an underscore in its name, so no state file of theirs is in its way.
    pub fn path_beside(state: &Path) -> PathBuf {
        state.with_file_name("udsync_access.db")
    }

    /// Opens the file, or makes it and its folder.
    pub fn open(path: &Path) -> Result<AccessFile, StoreError> {
        let writer = open::writable_of(path, VERSIONS, OURS)?;
        let reader = open::beside_a_writer(path)?;
        let shown = path.display().to_string();
        for connection in [&reader, &writer] {
            let set = connection.busy_timeout(PATIENCE);
            set.map_err(|error| SqlTrouble::from(error).at(&shown))?;
        }
        Ok(AccessFile(Arc::new(AccessInner {
            path: shown,
            reader: Mutex::new(reader),
            writer: Mutex::new(writer),
        })))
    }

    /// The secret of this file, by which whoever has opened it proves so. `fresh` becomes it where there is none yet.
    pub fn own_secret(&self, fresh: &str) -> Result<String, StoreError> {
        let known = self.read(|view| {
            let mut ask = view.prepare_cached("SELECT secret FROM own")?;
            let known: Option<String> = ask.query_row([], |row| row.get(0)).optional()?;
            Ok(known)
        })?;
        if let Some(known) = known {
            return Ok(known);
        }
        self.write(|change| {
            change.execute(
                "INSERT INTO own (secret) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM own)",
                [fresh],
            )?;
            Ok(change.query_row("SELECT secret FROM own", [], |row| row.get(0))?)
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        Path::new(&self.0.path)
    }

    fn read<T>(
        &self,
        ask: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        let reader = self.0.reader.lock();
        let mut reader = reader.unwrap_or_else(PoisonError::into_inner);
        open::in_transaction(
            &mut reader,
            &self.0.path,
            TransactionBehavior::Deferred,
            ask,
        )
    }

    fn write<T>(
        &self,
        make: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        // A panic in the middle of a change has rolled it back.
        let writer = self.0.writer.lock();
        let mut writer = writer.unwrap_or_else(PoisonError::into_inner);
        open::in_transaction(
            &mut writer,
            &self.0.path,
            TransactionBehavior::Immediate,
            make,
        )
    }

    /// Makes a change that can as well be made the next time. While somebody else writes, nobody waits for it.
    fn write_if_free(
        &self,
        make: impl FnOnce(&Transaction<'_>) -> Result<(), SqlTrouble>,
    ) -> Result<(), StoreError> {
        let mut writer = match self.0.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let path = &self.0.path;
        let patience = |writer: &Connection, patience| {
            let set = writer.busy_timeout(patience);
            set.map_err(|error| SqlTrouble::from(error).at(path))
        };
        patience(&writer, Duration::ZERO)?;
        let made = open::in_transaction(&mut writer, path, TransactionBehavior::Immediate, make);
        patience(&writer, PATIENCE)?;
        match made {
            Err(StoreError::Busy { .. }) => Ok(()),
            made => made,
        }
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
    fn whoever_is_asked_who_they_are_does_not_wait_for_somebody_who_writes() {
        let (folder, file) = file();
        let user = NewUser {
            token_hash: Some("hash".into()),
            ..anna()
        };
        file.add_user(&user, at(0)).expect("added");
        file.begin_session("session", "anna", at(0)).expect("begun");
        let path = folder.path().join("udsync_access.db");
        let other = Connection::open(&path).expect("opens");
        other
            .execute_batch("BEGIN EXCLUSIVE")
            .expect("nobody else may write now");
        let began = std::time::Instant::now();
        // Both want to note that somebody was here.
        for nth in 0..20 {
            let by_token = file
                .user_of_token("hash", at(1_000 + nth))
                .expect("answers");
            let by_session = file.session("session", at(1_000 + nth)).expect("answers");
            assert!(by_token.is_some() && by_session.is_some());
        }
        assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
        assert!(
            matches!(file.end_session("session"), Err(StoreError::Busy { .. })),
            "what must be written is not said to be"
        );
        assert!(began.elapsed() < 10 * PATIENCE, "{:?}", began.elapsed());
        other.execute_batch("ROLLBACK").expect("free again");
        file.user_of_token("hash", at(2_000)).expect("answers");
        let known = file.user("anna").expect("answers").expect("is there");
        assert_eq!(known.last_used_at, Some(at(2_000)));
    }

    #[test]
    fn the_secret_of_a_file_is_made_once() {
        let (folder, file) = file();
        assert_eq!(file.own_secret("one"), Ok("one".to_owned()));
        assert_eq!(file.own_secret("two"), Ok("one".to_owned()));
        let again = AccessFile::open(&folder.path().join("udsync_access.db")).expect("opens");
        assert_eq!(again.own_secret("three"), Ok("one".to_owned()));
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
