//! The ports: all that the engine knows of a shop, of a ledger and of a database, one file a role.
//!
//! A connector answers in the nouns of `model` and in faults with a remedy. What reads and what writes are traits of their own:
//! [`LedgerReader`] is everything that reading and planning get to see of the books, and only [`LedgerWriter`] can write, tickets and
//! nothing else; [`Tables`] and [`TableWriter`] are the same for the copy. [`ShopWriter`] is the way back to the shop, whose changes are
//! of a closed list. [`GatewayReader`] is a payment service, which has no other half. [`Statements`] is the books as an accountant closes a month with.

mod database;
mod gateway;
mod keeping;
mod ledger;
mod shop;
mod shop_writer;
mod statements;
mod takeback;

pub use crate::model::plan::References;
pub use database::{AskedRows, CellsReader, TableWriter, Tables};
pub use gateway::GatewayReader;
pub use keeping::{Life, Shelf, TokenTurn, Vault};
pub use ledger::{
    Abilities, Draft, Encoded, Label, LedgerReader, LedgerWriter, MarkedDocument, Sending, Since,
    Sought, WrittenLately,
};
pub use shop::{
    Ask, Detail, ListedRecord, Listing, Odd, Pulled, RawOrder, ScanPlace, ShopPage, ShopReader,
};
pub use shop_writer::ShopWriter;
pub use statements::{AccountBalance, Period, Statements};
pub use takeback::{SeenDocument, StatementState, StatementStates};
