//! The journal of what is written to the shop: a change is on the disk before it is sent, and what came of it afterwards.
//!
//! It is the only place that makes a [`ShopTicket`]. A ticket without an outcome is a question that the next run asks before it does
//! anything else; a mark of which a change was done is never written again. What a change says of people is sealed.
//!
//! A question whose words were dropped, in a copy that was emptied or with a lost key, can be asked no more, and stands in nobody's way:
//! whoever writes looks at the shop first.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::columns::{json, read_json, read_time, time};
use super::error::{REPORT_IT, SqlTrouble, StoreError};
use super::veil::Veil;
use super::{Store, fence};
use crate::model::shop_change::{ShopChangeMade, ShopOutcome, ShopStep, ShopTicket};

/// What a row holds, before it is opened.
struct KeptChange {
    id: i64,
    run_id: String,
    shop: String,
    mark: String,
    step: String,
    at: String,
    came: Option<String>,
    was_sent: bool,
}

/// What was not sent was there already, and what an undo leaves is no change.
pub(super) const UNTOLD: &str =
    "SELECT id FROM runs INDEXED BY runs_ended_early WHERE status IN ('interrupted', 'failed')
       AND (SELECT count(*) FROM shop_writes
            WHERE shop_writes.run_id = runs.id AND outcome = 'done' AND sent_at IS NOT NULL)
         > (SELECT count(*) FROM changes
            WHERE changes.run_id = runs.id AND target = 'woocommerce' AND action <> 'skip')
     ORDER BY id";

const COLUMNS: &str = "id, run_id, shop, mark, step, intended_at, came, sent_at IS NOT NULL";

impl KeptChange {
    fn of(row: &Row<'_>) -> rusqlite::Result<KeptChange> {
        Ok(KeptChange {
            id: row.get(0)?,
            run_id: row.get(1)?,
            shop: row.get(2)?,
            mark: row.get(3)?,
            step: row.get(4)?,
            at: row.get(5)?,
            came: row.get(6)?,
            was_sent: row.get(7)?,
        })
    }

    fn step(&self, veil: &Veil) -> Result<ShopStep, SqlTrouble> {
        let text = veil.open(&step_place(&self.shop, &self.mark), self.step.clone());
        read_json(&text.needed()?, "shop_writes.step")
    }

    /// `None`: it was dropped, or cannot be opened.
    fn made(&self, veil: &Veil) -> Result<Option<ShopChangeMade>, SqlTrouble> {
        let Some(text) = veil
            .open(&step_place(&self.shop, &self.mark), self.step.clone())
            .text()
            .filter(|text| !text.is_empty())
        else {
            return Ok(None);
        };
        let came = self.came.clone();
        let came = came.and_then(|came| veil.open(&came_place(self.id), came).text());
        Ok(Some(ShopChangeMade {
            run_id: self.run_id.clone(),
            step: read_json(&text, "shop_writes.step")?,
            was_sent: self.was_sent,
            outcome: came
                .map(|came| read_json(&came, "shop_writes.came"))
                .transpose()?,
            at: read_time(&self.at, "shop_writes.intended_at")?,
        }))
    }
}

impl Store {
    pub(super) fn intend_in_shop(
        &self,
        run_id: &str,
        shop: &str,
        step: ShopStep,
        now: DateTime<Utc>,
    ) -> Result<ShopTicket, StoreError> {
        let veil = self.veil();
        let id = self.write(|change| {
            fence::check(change, run_id)?;
            let known: Option<String> = change
                .prepare_cached(
                    "SELECT coalesce(outcome, 'open') FROM shop_writes
                     WHERE shop = ?1 AND mark = ?2 AND (outcome = 'done' OR outcome IS NULL AND step <> '')",
                )?
                .query_row([shop, &step.mark], |row| row.get(0))
                .optional()?;
            if let Some(known) = known {
                let said = format!("a change of the shop that is {known} was to be made once more");
                return Err(SqlTrouble::refused(said, REPORT_IT));
            }
            change
                .prepare_cached(
                    "INSERT INTO shop_writes (run_id, shop, thing, mark, kind, step, intended_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    run_id,
                    shop,
                    step.change.thing(),
                    step.mark,
                    step.change.kind(),
                    veil.shut(&step_place(shop, &step.mark), &json(&step)),
                    time(now),
                ])?;
            Ok(change.last_insert_rowid())
        })?;
        Ok(ShopTicket::recorded(id, step))
    }

    pub(super) fn note_sending_to_shop(
        &self,
        ticket: &ShopTicket,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change
                .prepare_cached("UPDATE shop_writes SET sent_at = ?2 WHERE id = ?1")?
                .execute(params![ticket.id(), time(now)])?;
            Ok(())
        })
    }

    pub(super) fn sent_to_shop_at(
        &self,
        ticket: &ShopTicket,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT sent_at FROM shop_writes WHERE id = ?1")?;
            let sent: Option<String> = ask
                .query_row([ticket.id()], |row| row.get(0))
                .optional()?
                .flatten();
            sent.map(|sent| read_time(&sent, "shop_writes.sent_at"))
                .transpose()
        })
    }

    pub(super) fn settle_in_shop(
        &self,
        ticket: &ShopTicket,
        outcome: &ShopOutcome,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        let came = veil.shut(&came_place(ticket.id()), &json(outcome));
        let word = match outcome {
            ShopOutcome::Done(_) => "done",
            ShopOutcome::Refused(_) => "refused",
            ShopOutcome::NotDone => "not_done",
        };
        self.write(|change| {
            let settled = change
                .prepare_cached(
                    "UPDATE shop_writes SET outcome = ?2, came = ?3, settled_at = ?4 WHERE id = ?1 AND outcome IS NULL",
                )?
                .execute(params![ticket.id(), word, came, time(now)])?;
            if settled == 1 {
                return Ok(());
            }
            let said = format!("change {} of the shop is settled already", ticket.id());
            Err(SqlTrouble::refused(said, REPORT_IT))
        })
    }

    pub(super) fn open_in_shop(&self, shop: &str) -> Result<Vec<ShopTicket>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let asked = format!(
                "SELECT {COLUMNS} FROM shop_writes WHERE shop = ?1 AND outcome IS NULL AND step <> '' ORDER BY id"
            );
            let kept = all(view, &asked, &[shop])?;
            kept.iter()
                .map(|kept| Ok(ShopTicket::recorded(kept.id, kept.step(&veil)?)))
                .collect()
        })
    }

    pub(super) fn is_done_in_shop(&self, shop: &str, mark: &str) -> Result<bool, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT 1 FROM shop_writes WHERE shop = ?1 AND mark = ?2 AND outcome = 'done'",
            )?;
            Ok(ask.exists([shop, mark])?)
        })
    }

    pub(super) fn times_done_in_shop(&self, shop: &str, thing: &str) -> Result<u64, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FROM shop_writes WHERE shop = ?1 AND thing = ?2 AND outcome = 'done'",
            )?;
            let times: i64 = ask.query_row([shop, thing], |row| row.get(0))?;
            Ok(times.cast_unsigned())
        })
    }

    pub(super) fn done_to_in_shop(
        &self,
        shop: &str,
        thing: &str,
    ) -> Result<Vec<ShopChangeMade>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let asked = format!(
                "SELECT {COLUMNS} FROM shop_writes WHERE shop = ?1 AND thing = ?2 ORDER BY id"
            );
            made(&all(view, &asked, &[shop, thing])?, &veil)
        })
    }

    pub(super) fn done_to_kind_in_shop(
        &self,
        shop: &str,
        kind: &str,
    ) -> Result<Vec<ShopChangeMade>, StoreError> {
        let veil = self.veil();
        // A range of texts, which the index knows: `;` is the letter behind `:`.
        let (first, end) = (format!("{kind}:"), format!("{kind};"));
        self.read(|view| {
            let asked = format!(
                "SELECT {COLUMNS} FROM shop_writes WHERE shop = ?1 AND thing >= ?2 AND thing < ?3 ORDER BY id"
            );
            made(&all(view, &asked, &[shop, &first, &end])?, &veil)
        })
    }

    pub(super) fn forgotten_in_shop_by(&self, run_id: &str) -> Result<Vec<String>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let asked = format!(
                "SELECT {COLUMNS} FROM shop_writes WHERE run_id = ?1 AND outcome = 'done' AND kind IN ('customer', 'product') ORDER BY id"
            );
            let mut forgotten = Vec::new();
            for kept in all(view, &asked, &[run_id])? {
                if kept.was_sent && kept.made(&veil)?.is_none() {
                    let mut thing = view.prepare_cached("SELECT thing FROM shop_writes WHERE id = ?1")?;
                    forgotten.push(thing.query_row([kept.id], |row| row.get(0))?);
                }
            }
            Ok(forgotten)
        })
    }

    pub(super) fn untold_in_shop(&self) -> Result<Vec<String>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(UNTOLD)?;
            let ids = ask.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    pub(super) fn done_in_shop_by(&self, run_id: &str) -> Result<Vec<ShopChangeMade>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let asked = format!("SELECT {COLUMNS} FROM shop_writes WHERE run_id = ?1 ORDER BY id");
            made(&all(view, &asked, &[run_id])?, &veil)
        })
    }
}

fn all(view: &Transaction<'_>, asked: &str, given: &[&str]) -> Result<Vec<KeptChange>, SqlTrouble> {
    let mut ask = view.prepare_cached(asked)?;
    let rows = ask.query_map(rusqlite::params_from_iter(given), KeptChange::of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn made(kept: &[KeptChange], veil: &Veil) -> Result<Vec<ShopChangeMade>, SqlTrouble> {
    let all = kept.iter().filter_map(|kept| kept.made(veil).transpose());
    all.collect()
}

fn step_place(shop: &str, mark: &str) -> String {
    format!("shop/{shop}/{mark}")
}

fn came_place(id: i64) -> String {
    format!("came/{id}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::fault::Reason;
    use crate::model::fingerprint::Fingerprint;
    use crate::model::plan::RecordKey;
    use crate::model::shop_change::{
        AddressPart, OrderChange, OrderInShop, ShopBefore, ShopChange, ShopSeen, ShopperChange,
    };
    use crate::store::tests::{at, folder, run};

    const SHOP: &str = "https://shop.example.com";

    fn step(order: u64, mark: &str) -> ShopStep {
        ShopStep {
            source: RecordKey::order(order, &order.to_string()),
            change: ShopChange::Order {
                of: OrderInShop {
                    id: order,
                    key: Fingerprint::of_bytes(b"wc_order"),
                },
                change: OrderChange::PrivateNote("paid".to_owned()),
            },
            before: ShopBefore::Order {
                status: "on-hold".to_owned(),
            },
            mark: mark.to_owned(),
            reason: Reason::new("settled_by_books", "paid"),
            date: None,
            currency: None,
            total: None,
        }
    }

    /// Of an account, without its address.
    pub fn of_account(id: u64, mark: &str, name: &str) -> ShopStep {
        let change = ShopperChange {
            billing: [(AddressPart::FirstName, name.to_owned())].into(),
            ..ShopperChange::default()
        };
        ShopStep {
            source: RecordKey::customer(&id.to_string()),
            change: ShopChange::Customer {
                id,
                change: change.clone(),
            },
            before: ShopBefore::Customer(change),
            ..step(1, mark)
        }
    }

    #[test]
    fn a_change_is_on_the_disk_before_its_ticket_exists_and_a_done_mark_is_not_written_twice() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("run-1", 0)).expect("begun");
        let ticket = store
            .intend_in_shop("run-1", SHOP, step(7, "paid:7"), at(1))
            .expect("recorded");
        store.note_sending_to_shop(&ticket, at(2)).expect("noted");

        // What a process finds that starts after a kill.
        let after = Store::open(&path).expect("another process");
        assert_eq!(after.open_in_shop(SHOP), Ok(vec![ticket.clone()]));
        assert_eq!(after.sent_to_shop_at(&ticket), Ok(Some(at(2))));
        assert_eq!(after.is_done_in_shop(SHOP, "paid:7"), Ok(false));
        after
            .intend_in_shop("run-1", SHOP, step(7, "paid:7"), at(3))
            .expect_err("it is still a question");

        let done = ShopOutcome::Done(ShopSeen::default());
        after
            .settle_in_shop(&ticket, &done, at(4))
            .expect("settled");
        after
            .settle_in_shop(&ticket, &ShopOutcome::NotDone, at(5))
            .expect_err("nobody says otherwise");
        assert_eq!(after.open_in_shop(SHOP), Ok(vec![]));
        assert_eq!(after.is_done_in_shop(SHOP, "paid:7"), Ok(true));
        after
            .intend_in_shop("run-1", SHOP, step(7, "paid:7"), at(6))
            .expect_err("it is done");
        let made = after.done_in_shop_by("run-1").expect("answers");
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].outcome, Some(done));
        assert_eq!(
            after.done_to_in_shop(SHOP, "order:7").expect("answers"),
            made
        );
    }

    /// As in a copy that was emptied of everybody, or where the key of a file was lost.
    #[test]
    fn a_question_of_which_nothing_is_known_any_more_stands_in_nobodys_way() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("run-1", 0)).expect("begun");
        let mark = || step(8, "paid:8");
        store
            .intend_in_shop("run-1", SHOP, mark(), at(1))
            .expect("recorded");
        let emptied = store.write(|change| {
            change.execute("UPDATE shop_writes SET step = ''", [])?;
            Ok(())
        });
        emptied.expect("emptied");
        assert_eq!(store.open_in_shop(SHOP), Ok(vec![]));
        let ticket = store
            .intend_in_shop("run-1", SHOP, mark(), at(2))
            .expect("whoever writes looks at the shop first");
        let done = ShopOutcome::Done(ShopSeen::default());
        store
            .settle_in_shop(&ticket, &done, at(3))
            .expect("settled");
        assert_eq!(store.times_done_in_shop(SHOP, "order:8"), Ok(1));
    }

    #[test]
    fn what_was_not_done_may_be_tried_again() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("run-1", 0)).expect("begun");
        for time in [1, 3] {
            let ticket = store
                .intend_in_shop("run-1", SHOP, step(8, "paid:8"), at(time))
                .expect("recorded");
            store
                .settle_in_shop(&ticket, &ShopOutcome::NotDone, at(time + 1))
                .expect("settled");
        }
        assert_eq!(store.is_done_in_shop(SHOP, "paid:8"), Ok(false));
        assert_eq!(store.times_done_in_shop(SHOP, "order:8"), Ok(0));
    }
}
