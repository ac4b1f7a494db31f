//! The state: one SQLite file that remembers what was asked, what was sent, what stands in the books, and what needs
//! a person.
//!
//! It exists so that a run can stop at any instruction and the next one knows exactly where it stood. Every change is
//! one transaction that is on the disk before the call returns: a call that fails has recorded nothing. This is the
//! only room with SQL of our own, and it decides nothing: what a record means is the engine's business.
//!
//! What may be asked of it and told to it stands in `ports`, by role: the rooms above name those, and [`Store`] only where a state is
//! opened. Each call of a port goes to the method of `Store` that has the same name.
//!
//! Where things are:
//! `open` makes the file and `versions` brings it up to date · `journal` records requests before they are sent and what came of
//! them, `before` what stood there · `shop_journal` does the same for what is written to the shop · `links` says which thing in the books is which of ours, `posted` which orders are in them, and the documents by day,
//! `identities` of which order, `likenesses` of whom, `agreed` on what both sides agree · `fence` lets only the newest run record · `runs` `problems` `cursors`
//! `confirmations` `kept` `schedules` `proofs` hold the rest · `chain` makes a later change of the history visible · `copied` and `orders_copied` are what a database was given, `touched` what it is to be told · `sealed`
//! keeps what is secret, `connections` what is known of it · `notices` what is told of incidents · `inbox` is a file of its own for what webhooks name · `untold` makes up for runs that
//! died · `access` is the file beside it, of people and tokens · `veil` seals what is kept of people, `bodies` drops what of it is old, `thin` is what is left, `packed` keeps what is long in little room and `cards` what is asked of it beside it, `people` forgets a person · `lock` lets one run at a time work with it, `turn` one process exchange its tokens · `error` says what can go wrong.

pub mod access;
mod agreed;
mod chain;
mod confirmations;
pub mod connections;
mod copied;
mod cursors;
mod error;
mod fence;
mod identities;
mod inbox;
mod journal;
mod kept;
mod likenesses;
mod links;
mod lock;
mod notices;
mod orders_copied;
pub mod people;
pub mod ports;
mod posted;
mod problems;
mod proofs;
mod runs;
mod schedules;
mod sealed;
mod shop_journal;
mod touched;
mod traced;
mod turn;
mod undone;
mod untold;
mod waiting;
mod write_kinds;

mod before;
mod bodies;
mod cards;
mod columns;
mod open;
mod packed;
#[cfg(test)]
mod tests;
mod thin;
mod veil;
mod versions;
#[cfg(test)]
mod ways;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};

pub use chain::{Anchor, ChainCheck, ChainHead, HeadElsewhere};
pub use confirmations::ConfirmationUse;
pub use connections::{Broken, Connection};
pub use copied::{Copied, Copy, Mark};
pub use error::StoreError;
pub use identities::of_order;
pub use inbox::{DeliveryFilter, Depth, Inbox, Received, TakenThing, Tries};
pub use journal::{TicketOutcome, WriteTried, fingerprint_of};
pub use kept::{keep_value, kept_value};
pub use lock::{Holder, Lock, LockError, LockHeld, is_in_network_folder};
pub use notices::Telling;
pub use orders_copied::CopiedOrder;
pub use people::{BodyDialect, PersonSought, Traces};
pub use ports::{
    Agreements, AgreementsWriter, Attempts, Calendar, CalendarWriter, Copies, CopiesWriter,
    History, HistoryWriter, Journal, Memory, MemoryWriter, Notices, NoticesWriter, PeopleKept,
    PeopleWriter, Problems, ProblemsWriter, Proofs, ProofsWriter, Secrets, SecretsWriter,
    ShopAttempts, ShopJournal, StateReader, StateWriter,
};
pub use posted::PostedOrders;
pub use problems::ProblemFound;
pub use proofs::{AcceptedDifference, KeptProof, ProofMade};
pub use runs::RunFilter;
pub use sealed::{KeyPlace, Sealed, SecretKept};
pub use touched::Touched;
pub use traced::{FiledProblem, LeftOut, RequestMade};
pub use turn::HeldTurn;
pub use undone::WriteDone;
pub use untold::CountedChanges;
pub use veil::BodyKey;
pub use waiting::{ProblemCause, ProblemFilter};

use error::SqlTrouble;

/// The state of one shop and its books. Cheap to clone; all clones are one connection.
#[derive(Clone)]
pub struct Store(Arc<StoreInner>);

const IN_MEMORY: &str = "in memory";

struct StoreInner {
    /// For messages.
    path: String,
    /// `None` in memory.
    file: Option<PathBuf>,
    connection: Mutex<rusqlite::Connection>,
    /// Over what is kept of people.
    veil: RwLock<veil::Veil>,
}

impl Store {
    /// Opens the file, or makes it and its folder. Brings an older version up to date after copying it to
    /// `<file>.v<version>.bak`; refuses a newer one. Says at once when the file cannot be written.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let connection = open::writable(path, versions::VERSIONS)?;
        Ok(Store::over(connection, Some(path)))
    }

    /// Refuses a file that is there and is none of ours. Changes nothing, and makes nothing beside it.
    pub fn check_is_ours(path: &Path) -> Result<(), StoreError> {
        open::check_is_ours(path)
    }

    /// Opens the file to look at it; `None` where there is none yet. Whatever would change it answers
    /// [`StoreError::ReadOnly`].
    pub fn open_read_only(path: &Path) -> Result<Option<Store>, StoreError> {
        let connection = open::read_only(path, versions::VERSIONS)?;
        Ok(connection.map(|connection| Store::over(connection, Some(path))))
    }

    /// The version of the file as it lies on the disk, and the one that this udsync writes; `None` where there is no file yet.
    pub fn versions_of(path: &Path) -> Result<Option<(u32, u32)>, StoreError> {
        open::versions_of(path)
    }

    pub(super) fn called(&self) -> &str {
        &self.0.path
    }

    /// A state that is forgotten with its last handle.
    pub fn in_memory() -> Result<Store, StoreError> {
        let connection = open::in_memory().map_err(|trouble| trouble.at(IN_MEMORY))?;
        Ok(Store::over(connection, None))
    }

    pub(super) fn bind(&self, target: &str, identity: &str) -> Result<(), StoreError> {
        let bound: String = self.write(|change| {
            change.execute(
                "INSERT INTO owners (target, identity) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [target, identity],
            )?;
            Ok(change.query_row(
                "SELECT identity FROM owners WHERE target = ?1",
                [target],
                |row| row.get(0),
            )?)
        })?;
        self.same(target, identity, Some(bound))
    }

    pub(super) fn belongs(&self, target: &str, identity: &str) -> Result<(), StoreError> {
        let bound: Option<String> = self.read(|view| {
            let mut ask = view.prepare_cached("SELECT identity FROM owners WHERE target = ?1")?;
            Ok(ask.query_row([target], |row| row.get(0)).optional()?)
        })?;
        self.same(target, identity, bound)
    }

    pub(super) fn move_source(&self, target: &str, from: &str, to: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "UPDATE owners SET identity = ?3 WHERE target = ?1 AND identity = ?2",
                [target, from, to],
            )?;
            change.execute(
                "UPDATE OR REPLACE cursors SET source = ?2 WHERE source = ?1",
                [from, to],
            )?;
            change.execute(
                "UPDATE OR REPLACE kept SET name = ?2 WHERE name = ?1",
                [cursors::sweep_of(from), cursors::sweep_of(to)],
            )?;
            Ok(())
        })
    }

    fn same(&self, target: &str, asked: &str, bound: Option<String>) -> Result<(), StoreError> {
        match bound {
            Some(bound) if bound != asked => Err(StoreError::OtherCompany {
                path: self.0.path.clone(),
                target: target.to_owned(),
                bound,
                asked: asked.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    fn over(connection: rusqlite::Connection, file: Option<&Path>) -> Store {
        let shown = file.map(|file| file.display().to_string());
        Store(Arc::new(StoreInner {
            path: shown.unwrap_or_else(|| IN_MEMORY.to_owned()),
            file: file.map(Path::to_owned),
            connection: Mutex::new(connection),
            veil: RwLock::default(),
        }))
    }

    /// A panic in the middle of a change has rolled it back, so the connection is as good as before.
    fn file(&self) -> MutexGuard<'_, rusqlite::Connection> {
        self.0
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers from one consistent view of the file.
    fn read<T>(
        &self,
        ask: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
    ) -> Result<T, StoreError> {
        self.in_transaction(TransactionBehavior::Deferred, ask)
    }

    /// Makes one change, whole or not at all. The lock for writing is taken at the start: a view that turns into a
    /// change later would be refused as soon as anybody else has written.
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
        let mut connection = self.file();
        open::in_transaction(&mut connection, &self.0.path, behavior, work)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Store")
            .field("path", &self.0.path)
            .finish_non_exhaustive()
    }
}
