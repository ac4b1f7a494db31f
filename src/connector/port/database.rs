//! A database that holds the copy: read only, and to write rows to.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::statements::Period;
use crate::model::fault::Fault;
use crate::model::row::{Gap, Handed, Row, Stored, Table};
use crate::model::run::Requests;

/// A database, read only: all that a dry run ever sees of it.
pub trait Tables: Sync {
    /// `supabase`
    fn name(&self) -> &'static str;

    /// What is missing there, in the order in which it is to be mended. Empty: rows can be written.
    fn gaps(&self) -> impl Future<Output = Result<Vec<Gap>, Fault>> + Send;

    /// What the database holds under these ids, of this shop.
    fn stored(
        &self,
        table: Table,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Stored>, Fault>> + Send;

    /// One page of everything that the table holds of this shop, by id, behind the given one. Empty: that was all.
    fn page(
        &self,
        table: Table,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Vec<Stored>, Fault>> + Send;

    /// What this run has asked so far.
    fn requests(&self) -> Requests;

    /// How long the next request still waits. `None` when nothing waits.
    fn waiting(&self) -> Option<Duration>;
}

/// A database whose figures can be read, and not only which row is which.
pub trait CellsReader: Tables {
    /// These columns of the rows of this shop whose column `by` is as asked for: the id first, then the columns, each as text, in whatever
    /// order the rows come.
    fn cells(
        &self,
        table: Table,
        by: &str,
        asked: AskedRows<'_>,
        columns: &[&str],
    ) -> impl Future<Output = Result<Vec<Vec<Option<String>>>, Fault>> + Send;
}

/// Which rows are asked for, by what stands in one of their columns.
#[derive(Clone, Copy, Debug)]
pub enum AskedRows<'a> {
    /// One of these values.
    Among(&'a [String]),
    /// A day of the period; one question, however long it is.
    Within(Period),
}

/// A database that can be written to. Rows may be sent again at any time: the same row twice is one row, and an older one
/// never replaces a newer one.
pub trait TableWriter: Tables {
    /// Makes the rows so. All are of one table, no id twice. The connector cuts them into requests, waits and tries again where that
    /// helps, and finds out which single row the database refuses.
    fn put(&self, table: Table, rows: &[Row]) -> impl Future<Output = Handed> + Send;

    /// Marks rows as deleted that the shop has no more; what they held stays. One that is not there is no mistake.
    fn bury(
        &self,
        table: Table,
        ids: &[String],
        at: DateTime<Utc>,
    ) -> impl Future<Output = Handed> + Send;
}
