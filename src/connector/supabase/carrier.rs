//! Carriers: the two ways into the database, as far as rows are concerned. Each sends one request and judges its answer.
//!
//! Which rows go into a request, and what is done about a setback, is the same for both: see [`errand`](super::errand).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::parcel::Parcel;
use super::setback::RowsSetback;
use crate::connector::port::AskedRows;
use crate::model::row::{Stored, Table};

/// Whose rows, and where.
#[derive(Clone, Copy)]
pub struct RowOwner<'a> {
    pub schema: &'a str,
    pub shop: &'a str,
    pub table: Table,
}

/// What the database says it wrote.
pub enum Receipt {
    /// So many rows.
    Count(usize),
    /// These.
    Ids(BTreeSet<String>),
    /// It does not say.
    Silent,
}

/// A row that is there, and when it was last written.
#[derive(Clone, Debug)]
pub struct RowSeen {
    pub stored: Stored,
    pub updated_at: Option<DateTime<Utc>>,
}

/// What came of asking for rows.
pub struct Sighted {
    pub rows: Vec<RowSeen>,
    /// So many would be there; the API may hold some back.
    pub total: usize,
}

/// By what rows are asked for.
#[derive(Clone, Copy, Debug)]
pub enum WantedRows<'a> {
    /// The address stands in the column, in capitals or not.
    Address(&'a str, &'a str),
    /// One of these ids stands in the column.
    Among(&'a str, &'a [String]),
}

/// Some columns of a row, as text, its id first.
pub type RowCells = Vec<Option<String>>;

pub trait Carrier: Sync {
    /// Requests that write at one time.
    const IN_FLIGHT: usize;

    /// Writes these rows, all or none.
    fn put(
        &self,
        ground: RowOwner<'_>,
        parcels: &[Parcel],
    ) -> impl Future<Output = Result<Receipt, RowsSetback>> + Send;

    /// Marks those of these rows that are there as deleted, and answers with those that were not so before.
    fn bury(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
        at: DateTime<Utc>,
    ) -> impl Future<Output = Result<BTreeSet<String>, RowsSetback>> + Send;

    /// The ids of the rows that are wanted.
    fn wanted(
        &self,
        ground: RowOwner<'_>,
        wanted: WantedRows<'_>,
    ) -> impl Future<Output = Result<BTreeSet<String>, RowsSetback>> + Send;

    /// Empties these columns of these rows. Nothing else of them changes.
    fn empty(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
        columns: &[&str],
    ) -> impl Future<Output = Result<(), RowsSetback>> + Send;

    /// These columns of the rows whose column `by` is as asked for.
    fn cells(
        &self,
        ground: RowOwner<'_>,
        by: &str,
        asked: AskedRows<'_>,
        columns: &[&str],
    ) -> impl Future<Output = Result<Vec<RowCells>, RowsSetback>> + Send;

    fn stored(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
    ) -> impl Future<Output = Result<Sighted, RowsSetback>> + Send;

    /// At most `limit` rows behind this id, in the database's own order of ids.
    fn page(
        &self,
        ground: RowOwner<'_>,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<RowSeen>, RowsSetback>> + Send;
}
