//! Supabase: a project's database, over its REST API or straight into PostgreSQL.
//!
//! For now it signs in, tries and describes; nothing is written yet. What goes wrong becomes a fault that says whose turn it is
//! ([`trouble`]). TLS is spoken always, and certificates are always verified, whatever an address says.

mod key;
mod place;
mod postgres;
mod rest;
mod trouble;

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::model::clock::Clock;
use crate::model::database::{Database, Table};
use crate::model::fault::Fault;

pub use place::project;

/// How to reach a project.
pub enum Settings {
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
}

enum Leg {
    Rest(rest::Rest),
    Postgres(postgres::Postgres),
}

/// What a sync fills.
const TABLES: [&str; 4] = ["woo_orders", "woo_refunds", "woo_customers", "woo_products"];

impl Supabase {
    /// Looks at what is given, and refuses what cannot work before anything is sent.
    pub fn new(
        settings: Settings,
        schema: String,
        timeout: Duration,
        clock: &Clock,
    ) -> Result<Supabase, Fault> {
        let leg = match settings {
            Settings::Rest { url, key } => {
                Leg::Rest(rest::Rest::new(&url, key, timeout, clock.now())?)
            }
            Settings::Postgres {
                database_url,
                ca_file,
            } => Leg::Postgres(postgres::Postgres::new(&database_url, ca_file, timeout)?),
        };
        Ok(Supabase { leg, schema })
    }

    /// Signs in and reads what the database says about itself. Nothing is changed there.
    pub async fn describe(&self) -> Result<Database, Fault> {
        match &self.leg {
            Leg::Rest(rest) => rest.describe(&self.schema).await,
            Leg::Postgres(postgres) => postgres.describe(&self.schema).await,
        }
    }
}

fn tables(present: impl Fn(&str) -> bool) -> Vec<Table> {
    let table = |name: &str| Table {
        name: name.to_owned(),
        present: present(name),
    };
    TABLES.into_iter().map(table).collect()
}
