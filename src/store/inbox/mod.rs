//! The inbox: what services have told of changes, until somebody has looked at each of the things that they named.
//!
//! It is a set of names with a number that grows, not a list of deliveries: a thousand words of one order are one look. Whoever looks
//! takes a name with its number and takes it out under that very number, so that what was told meanwhile stays. When a delivery is
//! answered with 200, what it named is on the disk.
//!
//! It lies in `<state>.inbox`, beside the state file and apart from it. The file is opened again by itself when it could not be used:
//! a disk that has room again, or a folder that may be written again, needs no restart.
//!
//! `receive` keeps a delivery, `work` hands names out and takes them back, `listing` shows what came, `tidy` forgets what is old.

mod listing;
mod receive;
#[cfg(test)]
mod tests;
mod tidy;
mod work;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::M;

use super::error::{SqlTrouble, StoreError};
use super::open::{self, beside};

pub use listing::DeliveryFilter;
pub use receive::Received;
pub use work::{Depth, TakenThing, Tries};

const VERSIONS: &[M<'static>] = &[
    M::up(include_str!("schema.sql")),
    M::up(include_str!("ways.sql")),
];

/// A sender waits for three seconds, so nobody waits here for longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was told and is not looked at yet. Cheap to clone; all clones are one connection.
#[derive(Clone)]
pub struct Inbox(Arc<InboxInner>);

struct InboxInner {
    path: PathBuf,
    connection: Mutex<Option<OpenedInbox>>,
}

struct OpenedInbox {
    connection: Connection,
    file: FileMark,
}

/// By which a file is told from another one under its name.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FileMark(Option<(u64, u64)>);

impl FileMark {
    fn of(path: &Path) -> Option<FileMark> {
        let about = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Some(FileMark(Some((about.dev(), about.ino()))))
        }
        #[cfg(not(unix))]
        {
            let _ = about;
            Some(FileMark(None))
        }
    }
}

impl Inbox {
    /// Where the inbox of a state file lies.
    pub fn path_of(state: &Path) -> PathBuf {
        beside(state, ".inbox")
    }

    /// The inbox of a state file. Nothing is opened yet.
    pub fn of(state: &Path) -> Inbox {
        Inbox(Arc::new(InboxInner {
            path: Inbox::path_of(state),
            connection: Mutex::new(None),
        }))
    }

    /// Opens it now, or says why that cannot be.
    pub fn open(state: &Path) -> Result<Inbox, StoreError> {
        let inbox = Inbox::of(state);
        inbox.write(|_| Ok(()))?;
        Ok(inbox)
    }

    /// Whether there is one.
    pub fn exists(state: &Path) -> bool {
        Inbox::path_of(state).exists()
    }

    /// Whether something can be kept there now.
    pub fn check(&self) -> Result<(), StoreError> {
        self.write(|change| {
            let version: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok(change.pragma_update(None, "user_version", version)?)
        })
    }

    /// Makes one change, whole or not at all, and on the disk when this returns.
    fn write<T>(
        &self,
        make: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        let path = &self.0.path;
        let mut slot = self
            .0
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // A file that was deleted or replaced under our hands would take everything with it, and nobody would notice.
        if let Some(opened) = slot.as_ref()
            && FileMark::of(path) != Some(opened.file)
        {
            *slot = None;
        }
        if slot.is_none() {
            let connection = open::writable(path, VERSIONS)?;
            let shown = path.display().to_string();
            connection
                .busy_timeout(PATIENCE)
                .map_err(|error| SqlTrouble::from(error).at(&shown))?;
            let file = FileMark::of(path)
                .ok_or_else(|| StoreError::from_io(&std::io::ErrorKind::NotFound.into(), path))?;
            *slot = Some(OpenedInbox { connection, file });
        }
        let opened = slot.as_mut().expect("it was opened above");
        let done = open::in_transaction(
            &mut opened.connection,
            &path.display().to_string(),
            TransactionBehavior::Immediate,
            make,
        );
        if matches!(done, Err(ref error) if !matches!(error, StoreError::Busy { .. })) {
            *slot = None;
        }
        done
    }
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Inbox")
            .field("path", &self.0.path)
            .finish_non_exhaustive()
    }
}
