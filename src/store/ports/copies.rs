//! The copies: what each database was given of the shop's rows, and how far it was told of links and runs.
//!
//! A role of its own beside the memory: the books never ask what a database has, and a shop has many more rows than links.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::row::Table;
use crate::store::{Copied, CopiedOrder, Copy, Mark, Store, StoreError, Touched};

port! {
    /// What databases were given. What is remembered of one goes by the number that [`Copies::copy`] gives it.
    pub trait Copies {
        /// What is remembered of a database; `None`: it is new to us.
        fn copy(&self, target: &str, place: &str) -> Result<Option<Copy>, StoreError>;

        /// What is remembered under these ids.
        fn copied(&self, copy: i64, table: Table, ids: &[&str]) -> Result<Vec<Copied>, StoreError>;

        /// What is remembered of these orders, each with its lines and its refunds. Lines and refunds that were never seen to belong to an
        /// order are asked for by their ids.
        fn orders_copied(&self, copy: i64, orders: &[u64]) -> Result<Vec<CopiedOrder>, StoreError>;

        /// The next so many rows of a table behind the given one that are not marked as deleted.
        fn copied_after(
            &self,
            copy: i64,
            table: Table,
            after: Option<&str>,
            limit: u32,
        ) -> Result<Vec<Copied>, StoreError>;

        /// The next so many orders behind the given one that have lines or refunds which are not marked as deleted.
        fn copied_parents_after(
            &self,
            copy: i64,
            table: Table,
            after: Option<u64>,
            limit: u32,
        ) -> Result<Vec<u64>, StoreError>;

        /// The first thousands of a table's rows that were never seen to belong to an order, and are not marked as deleted.
        fn copied_strays(&self, copy: i64, table: Table) -> Result<Vec<Copied>, StoreError>;

        /// The orders that any database of this target was given and that are not marked as deleted there, by id.
        fn copied_orders(&self, target: &str) -> Result<Vec<u64>, StoreError>;

        /// How many rows a table has that are not marked as deleted.
        fn copied_count(&self, copy: i64, table: Table) -> Result<u64, StoreError>;

        /// The next so many changes behind a number, each with its own.
        fn touched_after(&self, seq: i64, limit: u32) -> Result<Vec<(i64, Touched)>, StoreError>;
    }
}

port! {
    /// Remembers what a database was given.
    pub trait CopiesWriter: Copies {
        /// As [`Copies::copy`], and remembers it from now on.
        fn begin_copy(&self, target: &str, place: &str) -> Result<Copy, StoreError>;

        /// Remembers that all which the database held is known.
        fn note_adopted(&self, copy: i64) -> Result<(), StoreError>;

        /// Remembers that these rows are about to be sent, none of which the database was known to have. Should nobody come to say what
        /// became of them, the next one who begins with this database finds them as rows that may be there.
        fn begin_sending(&self, copy: i64, rows: &[(Table, Copied)]) -> Result<(), StoreError>;

        /// Remembers rows, all or none, and that nothing is under way any more. `heard`: what the shop said of orders whose rows are now
        /// exactly what that came to. `last`: the row that was sent last, with its time of change.
        fn note_copied(
            &self,
            copy: i64,
            rows: &[(Table, Copied)],
            heard: &BTreeMap<u64, Mark>,
            last: Option<(Table, &str, DateTime<Utc>)>,
        ) -> Result<(), StoreError>;

        /// Remembers how far the database was told of links and runs.
        fn note_told(&self, copy: i64, seq: i64) -> Result<(), StoreError>;

        /// Moves the copy's cursor, forward only.
        fn move_copy_cursor(&self, copy: i64, to: DateTime<Utc>) -> Result<(), StoreError>;

        /// Forgets every row, and that they were known. The cursor stays, and so does what was told.
        fn forget_rows(&self, copy: i64) -> Result<(), StoreError>;

        /// Forgets everything: the database is not the one it was.
        fn forget_copy(&self, copy: i64) -> Result<(), StoreError>;
    }
}
