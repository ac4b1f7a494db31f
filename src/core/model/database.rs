//! The database beside the books: what it says about itself.

use serde::{Deserialize, Serialize};

/// Facts about a database of a Supabase project, or of any PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// As it identifies the database: `https://abc.supabase.co`, or `db.abc.supabase.co:5432/postgres`. Never a name or a password.
    pub address: String,
    pub way: DatabaseWay,
    /// `PostgREST 14.5`, `PostgreSQL 15.18`.
    pub version: String,
    /// As whom we are there, `service_role`.
    pub role: String,
    pub schema: String,
    /// The tables that a sync fills, and whether they are there and can be seen.
    pub tables: Vec<TableName>,
}

/// How the database is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseWay {
    /// Over HTTP, with a secret key.
    Rest,
    /// The database itself.
    Direct,
    /// A pooler that keeps a connection for each client.
    SessionPooler,
    /// A pooler that gives out a connection for each transaction.
    TransactionPooler,
    /// The paid pooler of one project, for each transaction too.
    DedicatedPooler,
    /// A PostgreSQL elsewhere.
    Server,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableName {
    pub name: String,
    pub present: bool,
}
