//! Supabase: a project's database, over its REST API or straight into PostgreSQL.
//!
//! It signs in and describes, and rows are handed over by `errand`, in requests that `batch` plans and a `carrier` sends. What
//! goes wrong becomes a fault that says whose turn it is (`trouble`). TLS is spoken always, and certificates are always verified, whatever an address says.

mod batch;
mod carrier;
mod clean;
mod errand;
mod key;
mod parcel;
mod people;
mod place;
mod postgres;
mod rest;
pub mod schema;
mod setback;
mod tables;
#[cfg(test)]
mod tests;
mod trouble;

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::model::clock::Clock;
use crate::model::database::{Database, TableName};
use crate::model::fault::Fault;
use crate::model::row;

pub use people::RowsOf;
pub use place::project;
pub use postgres::authority;

/// How to reach a project.
pub enum DatabaseConnection {
    Rest {
        /// The project's address, with or without `/rest/v1`.
        url: Url,
        key: SecretString,
    },
    Postgres {
        database_url: SecretString,
        /// The authority that has signed the server's certificate; without one, those that this machine trusts.
        ca_file: Option<PathBuf>,
    },
}

/// A database that can be asked.
pub struct Supabase {
    leg: Leg,
    schema: String,
    /// Whose rows these are, the first half of every key.
    shop: String,
    desk: errand::RowsContext,
}

enum Leg {
    Rest(rest::Rest),
    Postgres(postgres::Postgres),
}

impl Supabase {
    /// Looks at what is given, and refuses what cannot work before anything is sent.
    pub fn new(
        settings: DatabaseConnection,
        schema: String,
        timeout: Duration,
        clock: &Clock,
    ) -> Result<Supabase, Fault> {
        let leg = match settings {
            DatabaseConnection::Rest { url, key } => {
                Leg::Rest(rest::Rest::new(&url, key, timeout, clock.clone())?)
            }
            DatabaseConnection::Postgres {
                database_url,
                ca_file,
            } => Leg::Postgres(postgres::Postgres::new(&database_url, ca_file, timeout)?),
        };
        Ok(Supabase {
            leg,
            schema,
            shop: String::new(),
            desk: errand::RowsContext::default(),
        })
    }

    /// For the rows of one shop. Those of others are never looked at.
    pub fn of_shop(mut self, shop: &str) -> Supabase {
        shop.clone_into(&mut self.shop);
        self
    }

    /// Waits so long before the second try, and in that measure before the others.
    pub fn pausing(mut self, first: Duration) -> Supabase {
        self.desk.patience.first = first;
        self
    }

    /// Which database this is. The same text for the same one, as far as an address can tell.
    pub fn place(&self) -> String {
        let server = match &self.leg {
            Leg::Rest(rest) => rest.place(),
            Leg::Postgres(postgres) => postgres.place(),
        };
        format!("{server} {}", self.schema)
    }

    /// Signs in, and answers with the database's address and version.
    pub async fn probe(&self) -> Result<String, Fault> {
        let database = self.describe().await?;
        Ok(format!("{} ({})", database.address, database.version))
    }

    /// Signs in and reads what the database says about itself. Nothing is changed there.
    pub async fn describe(&self) -> Result<Database, Fault> {
        match &self.leg {
            Leg::Rest(rest) => rest.describe(&self.schema).await,
            Leg::Postgres(postgres) => postgres.describe(&self.schema).await,
        }
    }

    /// The schema that the tables are in.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    async fn look(&self) -> Result<schema::gaps::DatabaseAsFound, Fault> {
        match &self.leg {
            Leg::Rest(rest) => rest.look(&self.schema).await,
            Leg::Postgres(postgres) => postgres.look(&self.schema).await,
        }
    }

    /// Makes the tables, or brings them up to date, and answers with what was missing. Only straight into PostgreSQL.
    pub async fn apply_schema(&self) -> Result<Vec<row::Gap>, Fault> {
        match &self.leg {
            Leg::Rest(_) => Err(trouble::no_sql_over_rest()),
            Leg::Postgres(postgres) => postgres.apply(&self.schema).await,
        }
    }
}

fn tables(present: impl Fn(&str) -> bool) -> Vec<TableName> {
    let table = |table: row::Table| TableName {
        name: table.as_str().to_owned(),
        present: present(table.as_str()),
    };
    row::Table::ALL.into_iter().map(table).collect()
}
