//! The fence: of all runs on one state file only the one that began last may record a request or send one.
//!
//! The lock keeps runs apart. But a lock can be lost, on a folder of another machine or because somebody deletes its file, and
//! then two runs would each believe that they are alone. Each run takes the next number when it begins, and one whose number is
//! no longer the newest is told who took over.

use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::error::{SqlTrouble, StoreError};

impl Store {
    pub(super) fn still_ahead(&self, run_id: &str) -> Result<(), StoreError> {
        self.read(|view| check(view, run_id))
    }
}

/// The number for a run that begins.
pub(super) fn next_number(change: &Transaction<'_>) -> Result<i64, SqlTrouble> {
    Ok(
        change.query_row("SELECT coalesce(max(number), 0) + 1 FROM runs", [], |row| {
            row.get(0)
        })?,
    )
}

/// Who this is, for people on another machine.
pub(super) fn this_process() -> String {
    let process = std::process::id();
    match super::lock::host() {
        host if host.is_empty() => format!("process {process}"),
        host => format!("process {process} on `{host}`"),
    }
}

pub(super) fn check(view: &Transaction<'_>, run_id: &str) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT newer.id, newer.command, newer.process, newer.started_at FROM runs AS newer
         WHERE newer.number > (SELECT coalesce(number, 0) FROM runs WHERE id = ?1)
         ORDER BY newer.number DESC LIMIT 1",
    )?;
    let newer: Option<(String, String, Option<String>, String)> = ask
        .query_row(params![run_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    match newer {
        None => Ok(()),
        Some((id, command, process, at)) => Err(SqlTrouble::Overtaken(format!(
            "`udsync {command}` took over at {at}: run {id}, {}",
            process.as_deref().unwrap_or("an unknown process")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use crate::store::tests::{BOOKS, at, folder, request, run};
    use crate::store::{Store, StoreError};

    #[test]
    fn a_run_that_was_overtaken_records_nothing_more() {
        let (_folder, path) = folder();
        let one = Store::open(&path).expect("made");
        let other = Store::open(&path).expect("another machine");
        one.begin_run(&run("run-1", 0)).expect("begun");
        one.intend("run-1", BOOKS, request("key-1", &[1]), at(1))
            .expect("alone");
        other.begin_run(&run("run-2", 2)).expect("the lock is lost");
        let refused = one
            .intend("run-1", BOOKS, request("key-2", &[2]), at(3))
            .expect_err("overtaken");
        assert!(matches!(refused, StoreError::Overtaken { .. }), "{refused}");
        let said = refused.to_string();
        assert!(
            said.contains("run-2") && said.contains("process "),
            "{said}"
        );
        assert_eq!(one.open_tickets(BOOKS).expect("answers").len(), 1);
        assert!(one.still_ahead("run-1").is_err());
        other.still_ahead("run-2").expect("the newest");
        other
            .intend("run-2", BOOKS, request("key-2", &[2]), at(4))
            .expect("the newest");
    }
}
