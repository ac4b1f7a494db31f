//! The ports of the state: what the rooms above may ask of it and tell it, by role.
//!
//! Each role has a reading half and a writing half. Whoever plans or shows is handed reading halves only, so that it cannot record,
//! file or move anything; `tests/it/house.rs` sees to it that such a file names no writing half. Nothing in a signature is SQLite's:
//! another database that many machines share can stand behind these.
//!
//! | role | reads | writes |
//! | --- | --- | --- |
//! | journal | [`Attempts`] | [`Journal`]: the only one that makes a ticket |
//! | journal of the shop | [`ShopAttempts`] | [`ShopJournal`]: the only one that makes a ticket for the shop |
//! | agreements | [`Agreements`] | [`AgreementsWriter`] |
//! | memory | [`Memory`] | [`MemoryWriter`] |
//! | copies | [`Copies`] | [`CopiesWriter`] |
//! | history | [`History`] | [`HistoryWriter`] |
//! | problems | [`Problems`] | [`ProblemsWriter`] |
//! | notices | [`Notices`] | [`NoticesWriter`] |
//! | calendar | [`Calendar`] | [`CalendarWriter`] |
//! | proofs | [`Proofs`] | [`ProofsWriter`] |
//! | secrets | [`Secrets`] | [`SecretsWriter`] |
//! | people | [`PeopleKept`] | [`PeopleWriter`] |
//!
//! All of them are synchronous: a run has a thread of its own, and waits for the disk as it would for a service.

/// Writes a port down, and puts the state file behind it: each call goes to the method of `Store` that has the same name.
macro_rules! port {
    (
        $(#[$about:meta])*
        pub trait $port:ident $(: $reads:ident)? {
            $(
                $(#[$contract:meta])*
                fn $method:ident(&self $(, $name:ident: $given:ty)* $(,)?) -> $answer:ty;
            )+
        }
    ) => {
        $(#[$about])*
        pub trait $port: $($reads +)? Send + Sync {
            $(
                $(#[$contract])*
                fn $method(&self $(, $name: $given)*) -> $answer;
            )+
        }

        impl $port for Store {
            $(
                fn $method(&self $(, $name: $given)*) -> $answer {
                    Store::$method(self $(, $name)*)
                }
            )+
        }
    };
}

mod agreements;
mod calendar;
mod copies;
mod history;
mod journal;
mod memory;
mod notices;
mod people;
mod problems;
mod proofs;
mod secrets;
mod shop_journal;

pub use agreements::{Agreements, AgreementsWriter};
pub use calendar::{Calendar, CalendarWriter};
pub use copies::{Copies, CopiesWriter};
pub use history::{History, HistoryWriter};
pub use journal::{Attempts, Journal};
pub use memory::{Memory, MemoryWriter};
pub use notices::{Notices, NoticesWriter};
pub use people::{PeopleKept, PeopleWriter};
pub use problems::{Problems, ProblemsWriter};
pub use proofs::{Proofs, ProofsWriter};
pub use secrets::{Secrets, SecretsWriter};
pub use shop_journal::{ShopAttempts, ShopJournal};

/// All that planning may look at.
pub trait StateReader:
    Attempts + ShopAttempts + Agreements + Memory + Copies + History + Problems
{
}

impl<T: Attempts + ShopAttempts + Agreements + Memory + Copies + History + Problems> StateReader
    for T
{
}

/// All that a run writes down.
pub trait StateWriter:
    StateReader
    + Journal
    + ShopJournal
    + AgreementsWriter
    + MemoryWriter
    + CopiesWriter
    + HistoryWriter
    + ProblemsWriter
{
}

impl<T> StateWriter for T where
    T: StateReader
        + Journal
        + ShopJournal
        + AgreementsWriter
        + MemoryWriter
        + CopiesWriter
        + HistoryWriter
        + ProblemsWriter
{
}
