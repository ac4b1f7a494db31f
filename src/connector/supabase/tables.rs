//! The database as the engine sees it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::carrier::RowOwner;
use super::errand::RowsTask;
use super::{Leg, Supabase};
use crate::connector::port::{AskedRows, CellsReader, TableWriter, Tables};
use crate::model::fault::Fault;
use crate::model::row::{Gap, Handed, Row, Stored, Table};
use crate::model::run::Requests;
use crate::model::service::Service;

/// The same errand, whichever way it takes.
macro_rules! errand {
    ($database:expr, $table:expr, $errand:ident => $run:expr) => {{
        let database: &Supabase = $database;
        let desk = &database.desk;
        let ground = RowOwner {
            schema: &database.schema,
            shop: &database.shop,
            table: $table,
        };
        match &database.leg {
            Leg::Rest(carrier) => {
                let $errand = RowsTask {
                    carrier,
                    desk,
                    ground,
                };
                $run.await
            }
            Leg::Postgres(carrier) => {
                let $errand = RowsTask {
                    carrier,
                    desk,
                    ground,
                };
                $run.await
            }
        }
    }};
}

impl Tables for Supabase {
    fn name(&self) -> &'static str {
        Service::Supabase.as_str()
    }

    async fn gaps(&self) -> Result<Vec<Gap>, Fault> {
        let found = self.look().await?;
        Ok(super::schema::gaps::gaps(&self.schema, &found))
    }

    async fn stored(&self, table: Table, ids: &[String]) -> Result<Vec<Stored>, Fault> {
        errand!(self, table, errand => errand.stored(ids))
    }

    async fn page(&self, table: Table, after: Option<&str>) -> Result<Vec<Stored>, Fault> {
        errand!(self, table, errand => errand.page(after))
    }

    fn requests(&self) -> Requests {
        self.desk.requests()
    }

    fn waiting(&self) -> Option<Duration> {
        self.desk.waiting()
    }
}

impl CellsReader for Supabase {
    async fn cells(
        &self,
        table: Table,
        by: &str,
        asked: AskedRows<'_>,
        columns: &[&str],
    ) -> Result<Vec<Vec<Option<String>>>, Fault> {
        errand!(self, table, errand => errand.cells(by, asked, columns))
    }
}

impl TableWriter for Supabase {
    async fn put(&self, table: Table, rows: &[Row]) -> Handed {
        errand!(self, table, errand => errand.put(rows))
    }

    async fn bury(&self, table: Table, ids: &[String], at: DateTime<Utc>) -> Handed {
        errand!(self, table, errand => errand.bury(ids, at))
    }
}
