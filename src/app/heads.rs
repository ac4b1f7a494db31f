//! Heads: the heads of the history that lie in the database, in the rows of the runs. Whoever has the state file cannot write those anew.

use super::App;
use crate::connector::port::{AskedRows, CellsReader};
use crate::model::fault::Fault;
use crate::model::row::Table;
use crate::model::service::Service;
use crate::store::{HeadElsewhere, Store};

impl App {
    /// Reads the heads that the database has. Rows of runs that were told before they carried one say nothing.
    pub async fn heads_in_database(&self, store: &Store) -> Result<Vec<HeadElsewhere>, Fault> {
        let given = self.given_for(store, &[Service::Supabase])?;
        let database = self.database(&given)?;
        let columns = ["run_id", "history_entries", "history_head"];
        let runs = ["run".to_owned()];
        let rows = database.cells(Table::SyncLogs, "kind", AskedRows::Among(&runs), &columns);
        let heads = rows.await?.into_iter().filter_map(|row| {
            let mut cells = row.into_iter().skip(1);
            let mut next = || cells.next().flatten();
            let (said, number, head) = (next()?, next()?, next()?);
            Some(HeadElsewhere {
                place: "database",
                said,
                number: number.parse().ok()?,
                head,
            })
        });
        Ok(heads.collect())
    }
}
