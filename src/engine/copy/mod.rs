//! Copy: keeps the database's rows as the shop and the books have them.
//!
//! A copy needs no tickets. The same row sent twice is one row, and an older one never replaces a newer one, so a lost answer
//! is answered by sending again. What was sent is remembered by its fingerprint, and what did not change is not sent.
//!
//! Rows are made while records pass by ([`Witness`](super::gather::Witness)), so that one reading of the shop serves the books
//! and the database, and nothing is kept of a record once its rows are under way. A [`Looker`] compares and cannot write; a
//! [`Copier`] writes. What goes wrong with the database ends the copy and nothing else: its own cursor stays, and the next run
//! reads again from there.
//!
//! Where things are: `rows` says what a record comes to · `compare` sets it against what is known of the database, by `recall` ·
//! `send` writes · `filing` keeps what was held · `adopt` learns what a database holds that is new to us · `mirror` and `log` tell
//! it of links and runs.

mod adopt;
mod compare;
mod copier;
mod filing;
mod ids;
mod log;
mod looker;
mod mirror;
mod onlooker;
mod recall;
mod rows;
mod send;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use super::error::EngineError;
use crate::connector::port::Tables;
use crate::mapping::Set;
use crate::model::clock::Clock;
use crate::model::event::Tell;
use crate::model::service::Service;
use crate::store::{Copies, StateReader, StateWriter, StoreError};

pub use copier::Copier;
pub use looker::Looker;
pub use mirror::mirror;
pub use onlooker::Onlooker;

/// The target's name, in problems, in the history and among the mappings.
const TARGET: &str = Service::COPY.as_str();

/// A report names so many changes at most; its figures count them all. More would grow with the shop.
pub const LISTED_MAX: usize = 1_000;

/// What a copy is made with.
pub struct CopyContext<'a, D: Tables> {
    pub database: &'a D,
    /// Which database it is: its address, and the schema in it.
    pub place: String,
    pub store: &'a dyn StateReader,
    pub mappings: &'a Set,
    /// The shop's name, the first half of every key.
    pub shop: &'a str,
    pub clock: &'a Clock,
    /// What the shop said is kept beside what was made of it.
    pub keep_raw: bool,
    /// Compares with what the database holds and not with what the state file remembers.
    pub verify: bool,
    /// That many records are missing in the shop all of a sudden was looked at.
    pub allow_shrunken: bool,
    pub tell: Tell<'a>,
}

impl<D: Tables> CopyContext<'_, D> {
    fn home(&self) -> String {
        home(self.shop, &self.place)
    }
}

/// What a copy is sent with: what it is made with, and where it is written down.
pub struct CopySending<'a, D: Tables> {
    pub bench: &'a CopyContext<'a, D>,
    pub store: &'a dyn StateWriter,
}

impl<D: Tables> Clone for CopySending<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Tables> Copy for CopySending<'_, D> {}

/// Which tables are to be filled from the shop, and how far the reading goes.
#[derive(Clone, Debug, Default)]
pub struct Span {
    pub orders: bool,
    pub customers: bool,
    pub products: bool,
    /// Every order was asked for, without a filter: what is missing is gone.
    pub every_order: bool,
}

/// Under what the state file remembers a database. Rows are keyed by the shop's name, so a shop with another name begins anew.
fn home(shop: &str, place: &str) -> String {
    format!("{shop} in {place}")
}

/// Up to which change of the shop the database has everything; `None`: nothing is known, so begin at the beginning.
pub fn cursor(
    copies: &dyn Copies,
    shop: &str,
    place: &str,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let copy = copies.copy(TARGET, &home(shop, place))?;
    Ok(copy.and_then(|copy| copy.read_through))
}

/// Looks whether the database still holds the row that was sent last. If it does not, it was emptied, or put back to an
/// earlier day: then nothing that is remembered of it can be believed, all of it is forgotten, and the next reading begins at
/// the beginning. Says so with `true`.
pub async fn heed_loss<D: Tables>(sending: CopySending<'_, D>) -> Result<bool, EngineError> {
    let lost = recall::has_lost(sending.bench).await?;
    if let Some(copy) = lost {
        tracing::warn!("the database has lost rows; everything is compared anew");
        sending.store.forget_copy(copy)?;
    }
    Ok(lost.is_some())
}
