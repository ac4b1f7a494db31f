//! Touched: which links and runs changed, in the order in which they did, for whoever keeps a copy of them.
//!
//! The file's own triggers note every change in the very transaction that makes it, so a reader that remembers how far it came
//! misses nothing, whenever it or the writer dies. A thing stands here once, at its last change.

use rusqlite::params;

use super::Store;
use super::error::{SqlTrouble, StoreError};
use super::links::read_link;
use super::runs::read_change;
use crate::model::link::Link;
use crate::model::plan::Subject;
use crate::model::run::Change;

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    Link {
        target: String,
        subject: Subject,
        /// As it is now; `None`: it was removed.
        link: Option<Box<Link>>,
    },
    /// A run has ended, or what is known of it was completed.
    Run(String),
}

pub(super) const NAME_SENT: &str = "SELECT * FROM changes WHERE id =
     (SELECT max(id) FROM change_rows WHERE source_id = ?1 AND total IS NULL AND body IS NOT NULL)";

impl Store {
    pub(super) fn touched_after(
        &self,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Touched)>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT seq, what, name, touched.target AS of_target, links.* FROM touched
                 LEFT JOIN links ON what = 'link' AND links.target = touched.target AND links.subject = touched.name
                 WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            )?;
            let found = ask.query_and_then(params![seq, limit], |row| -> Result<_, SqlTrouble> {
                let seq: i64 = row.get("seq")?;
                let what: String = row.get("what")?;
                let name: String = row.get("name")?;
                if what == "run" {
                    return Ok((seq, Touched::Run(name)));
                }
                let is_there: Option<String> = row.get("subject")?;
                let touched = Touched::Link {
                    target: row.get("of_target")?,
                    subject: Subject::from_reference(&name).ok_or(SqlTrouble::Odd("touched.name"))?,
                    link: match is_there {
                        Some(_) => Some(Box::new(read_link(&veil, row)?)),
                        None => None,
                    },
                };
                Ok((seq, touched))
            })?;
            found.collect()
        })
    }

    pub(super) fn name_sent(&self, source_id: &str) -> Result<Option<Change>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(NAME_SENT)?;
            let mut found = ask.query_and_then([source_id], |row| read_change(&veil, row))?;
            found.next().transpose()
        })
    }

    pub(super) fn changes_after(
        &self,
        run_id: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Change)>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM changes WHERE run_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            )?;
            let found = ask.query_and_then(params![run_id, after, limit], |row| {
                Ok((row.get("id")?, read_change(&veil, row)?))
            })?;
            found.collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::LinkState;
    use crate::model::run::RunStatus;
    use crate::store::tests::{BOOKS, at, link, run, sale, store};

    fn names(touched: &[(i64, Touched)]) -> Vec<String> {
        let name = |touched: &Touched| match touched {
            Touched::Link { subject, link, .. } => {
                format!("{subject} {}", link.is_some())
            }
            Touched::Run(id) => id.clone(),
        };
        touched.iter().map(|(_, touched)| name(touched)).collect()
    }

    #[test]
    fn each_change_of_a_link_comes_once_and_a_reader_goes_on_where_it_was() {
        let store = store();
        let links = [link(sale(1)), link(sale(2)), link(sale(3))];
        store.put_links(BOOKS, &links).expect("kept");
        let first = store.touched_after(0, 2).expect("answers");
        assert_eq!(
            names(&first),
            ["@document:1/sale true", "@document:2/sale true"]
        );
        let seen = first[1].0;
        // The same again is no change; a void is one; a removal is one.
        store.put_links(BOOKS, &links).expect("kept");
        let mut voided = links[0].clone();
        voided.state = LinkState::Voided;
        store.put_links(BOOKS, &[voided]).expect("kept");
        store
            .remove_link(BOOKS, &links[1].subject)
            .expect("removed");
        let rest = store.touched_after(seen, 100).expect("answers");
        assert_eq!(
            names(&rest),
            [
                "@document:3/sale true",
                "@document:1/sale true",
                "@document:2/sale false"
            ]
        );
        let last = rest[2].0;
        assert_eq!(store.touched_after(last, 100), Ok(vec![]));
    }

    #[test]
    fn a_run_comes_when_it_ends_and_its_changes_page_by_page() {
        let store = store();
        assert_eq!(store.touched_after(0, 9), Ok(vec![]), "it is still running");
        let mut ended = run("run-1", 0);
        ended.status = RunStatus::Succeeded;
        ended.finished_at = Some(at(9));
        store.finish_run(&ended).expect("finished");
        assert_eq!(
            names(&store.touched_after(0, 9).expect("answers")),
            ["run-1"]
        );
        let change = |label: &str| Change {
            target: BOOKS.into(),
            action: crate::model::plan::Action::Create,
            entity: "SalesReceipt".into(),
            source: crate::model::plan::RecordKey::order(1, "1"),
            label: label.into(),
            txn_date: None,
            currency: None,
            total: None,
            tax_total: None,
            target_id: None,
            body: None,
            warnings: vec![],
            reason: None,
        };
        store
            .record_changes("run-1", &[change("a"), change("b"), change("c")])
            .expect("kept");
        let first = store.changes_after("run-1", 0, 2).expect("answers");
        assert_eq!(first[1].1.label, "b");
        let rest = store
            .changes_after("run-1", first[1].0, 2)
            .expect("answers");
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].1.label, "c");
        assert_eq!(store.changes_after("run-2", 0, 2), Ok(vec![]));
    }
}
