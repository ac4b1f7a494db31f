//! Rows: what the database shall hold of a record, of a document in the books, or of a run.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fault::{Fault, Reason};
use super::fingerprint::Fingerprint;
use super::raw::Raw;

/// A table that a sync fills. Its key is the shop and the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    Orders,
    OrderLines,
    Refunds,
    Customers,
    Products,
    /// The documents in the books, as they were posted.
    Invoices,
    /// Which record of the shop is which thing in the books.
    IdMappings,
    SyncLogs,
}

impl Table {
    pub const ALL: [Table; 8] = [
        Table::Orders,
        Table::OrderLines,
        Table::Refunds,
        Table::Customers,
        Table::Products,
        Table::Invoices,
        Table::IdMappings,
        Table::SyncLogs,
    ];

    /// The name of the table in the database, and of its mapping file.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Orders => "orders",
            Table::OrderLines => "order_lines",
            Table::Refunds => "refunds",
            Table::Customers => "customers",
            Table::Products => "products",
            Table::Invoices => "invoices",
            Table::IdMappings => "id_mappings",
            Table::SyncLogs => "sync_logs",
        }
    }

    /// What belongs to an order and goes with it.
    pub fn is_of_order(self) -> bool {
        matches!(self, Table::OrderLines | Table::Refunds)
    }

    /// Ids are whole numbers in the tables of the shop's records and text in ours.
    pub fn has_number_ids(self) -> bool {
        !matches!(self, Table::Invoices | Table::IdMappings | Table::SyncLogs)
    }
}

/// The typed columns of a row as a JSON object: every one of its table, `null` where nothing is to be said; `shop` and `id` are among
/// them. Money and other exact numbers are text.
#[derive(Clone, PartialEq, Eq)]
pub struct Columns(String);

impl Columns {
    pub fn of(columns: &Map<String, Value>) -> Columns {
        Columns(serde_json::to_string(columns).expect("a value always has a JSON form"))
    }

    /// Of text that is such an object, and the same text for the same columns.
    pub fn written(text: String) -> Columns {
        Columns(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes them apart again. Most rows go out without anybody looking at them.
    pub fn read(&self) -> Map<String, Value> {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

/// One row as it shall be.
#[derive(Clone, PartialEq)]
pub struct Row {
    pub table: Table,
    /// With the shop it is the primary key. A number as text, where the table has numbers.
    pub id: String,
    /// Of lines and refunds: the id of their order.
    pub parent: Option<String>,
    /// When the shop, or the run, last changed it: the database keeps what is newer. `None`: nobody says.
    pub source_at: Option<DateTime<Utc>>,
    pub columns: Columns,
    pub raw: Option<Raw>,
    /// The shop has it no more, or in its trash.
    pub deleted_at: Option<DateTime<Utc>>,
    pub printed: OncePrinted,
}

impl Row {
    /// Identifies everything that is sent, but for what the shop says otherwise each time: one fingerprint, one content. Worked out
    /// when it is first asked for, so a row that is asked must not be changed any more.
    pub fn fingerprint(&self) -> &Fingerprint {
        self.printed.0.get_or_init(|| {
            let at = self.source_at.map_or(i64::MIN, |at| at.timestamp_micros());
            let raw = self.raw.as_ref().map(|raw| raw.compared().as_bytes());
            Fingerprint::of_parts([
                at.to_le_bytes().as_slice(),
                self.columns.as_str().as_bytes(),
                &[u8::from(raw.is_some()), u8::from(self.deleted_at.is_some())],
                raw.unwrap_or_default(),
            ])
        })
    }
}

/// The fingerprint of a row, once it was asked for. It says nothing that the row does not, so all are alike, and a copy of a row, which may
/// be about to be changed, begins without.
#[derive(Default)]
pub struct OncePrinted(OnceLock<Fingerprint>);

impl Clone for OncePrinted {
    fn clone(&self) -> OncePrinted {
        OncePrinted::default()
    }
}

impl PartialEq for OncePrinted {
    fn eq(&self, _: &OncePrinted) -> bool {
        true
    }
}

/// Rows hold what customers wrote.
impl std::fmt::Debug for Row {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Row")
            .field("table", &self.table)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What the database says it holds of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: String,
    pub fingerprint: Option<Fingerprint>,
    pub source_at: Option<DateTime<Utc>>,
    pub deleted: bool,
}

/// What became of one row of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFate {
    /// It is there as sent. `replaced` names columns in which characters that the database does not take were replaced.
    Written { replaced: Vec<String> },
    /// The very same was there already.
    Same,
    /// The database holds a newer one and kept it.
    NewerThere,
    /// The database refuses this row, whatever is beside it.
    Refused(Reason),
    /// The request ended before its turn, or nobody knows: it is sent again with the next run.
    NotReached,
}

/// What came of handing over rows.
#[derive(Debug, Default)]
pub struct Handed {
    /// One for each row, in their order.
    pub fates: Vec<RowFate>,
    /// Why it ended early, if it did.
    pub end: Option<Fault>,
}

/// Something that a sync needs of the database and does not find, with the SQL that mends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// `table_missing`, `column_missing`, `key_missing`, `right_missing`, `schema_old`, `schema_new`, `guard_missing`.
    pub code: String,
    pub said: String,
    pub sql: String,
}
