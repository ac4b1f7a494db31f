//! The journal: every request to the books is on the disk before it is sent, and what came of it afterwards.
//!
//! This is the only place that makes a [`Ticket`], and nothing is sent without one. A ticket whose writes do not
//! all have an outcome is a question: the next run asks it before it does anything else. The journal does not send,
//! does not find out, and never forgets an outcome that it was told.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use super::columns::{json, place, read_time, time};
use super::error::{REPORT_IT, SqlTrouble, StoreError};
use super::packed::{needed, packed, read_packed};
use super::veil::Veil;
use super::{Store, before, chain, fence, links, thin, write_kinds};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::Link;
use crate::model::plan::{Action, Subject};
use crate::model::ticket::{Found, Request, Ticket, Write};

/// So many of the last attempts are looked at.
const TRIES: usize = 8;

/// What came of one write, for good.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketOutcome {
    /// It stands in the books.
    Done(Found),
    /// It is gone from the books.
    Deleted,
    /// The books will not have it.
    Refused(Reason),
    /// It certainly did not happen, and this ticket will not be sent again.
    NotDone,
}

/// Identifies writes by what is sent of them: how [`Attempts::attempts`](super::Attempts::attempts) knows the same ones again. What a
/// request is remembered with is not in it, because the key of a request depends on its bytes alone and must never be used twice.
pub fn fingerprint_of(writes: &[Write]) -> Fingerprint {
    let sent: Vec<_> = writes
        .iter()
        .map(|write| (write.action, &write.entity, &write.body))
        .collect();
    Fingerprint::of(&sent)
}

/// What was tried with one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteTried {
    /// Without its body, and without the people in its document.
    pub write: Write,
    /// `None`: nobody knows yet.
    pub outcome: Option<TicketOutcome>,
    /// Identifies the document with everything in it.
    pub document: Option<Fingerprint>,
    /// Identifies its body; `None` of what an earlier version recorded.
    pub body: Option<Fingerprint>,
    /// The bytes of the whole request; empty where they are dropped, or cannot be opened.
    pub sent: String,
    /// When it was recorded, right before it went out.
    pub at: DateTime<Utc>,
}

impl Store {
    pub(super) fn intend(
        &self,
        run_id: &str,
        target: &str,
        request: Request,
        now: DateTime<Utc>,
    ) -> Result<Ticket, StoreError> {
        let veil = self.veil();
        let id = self.write(|change| {
            fence::check(change, run_id)?;
            if !request.writes.iter().all(Write::can_be_taken_back) {
                let said = "a request was to change something in the books that was not read before";
                return Err(SqlTrouble::refused(said, REPORT_IT));
            }
            change.execute(
                "INSERT INTO tickets (run_id, target, idempotency_key, path, body, fingerprint, intended_at, body_digest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    run_id,
                    target,
                    request.key,
                    request.path,
                    veil.shut(&ticket_place(target, &request.key), &packed(&request.body)),
                    fingerprint_of(&request.writes).as_str(),
                    time(now),
                    chain::body_digest(&request.body),
                ],
            )?;
            let id = change.last_insert_rowid();
            let mut add = change.prepare_cached(
                "INSERT INTO ticket_writes (ticket_id, position, subject, intent, kind) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let mut whole = change.prepare_cached(
                "INSERT INTO open_intents (ticket_id, position, intent) VALUES (?1, ?2, ?3)",
            )?;
            for (position, write) in request.writes.iter().enumerate() {
                let intent = thin::with_digests(&json(write));
                // The ticket keeps the bytes that it sends; a second copy of each body would double the file. What is needed later of
                // what was meant needs nobody in it.
                let kept = thin::without_people(&intent);
                add.execute(params![
                    id,
                    place(position),
                    write.subject.to_string(),
                    packed(&kept),
                    write_kinds::number(change, write)?,
                ])?;
                let intent = veil.shut_people(&write_place(id, position), intent);
                whole.execute(params![id, place(position), intent])?;
                if let Some(before) = &write.before {
                    before::keep(change, &veil, id, position, before)?;
                }
            }
            Ok(id)
        })?;
        Ok(Ticket::recorded(id, request))
    }

    pub(super) fn note_sending(
        &self,
        ticket: &Ticket,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change
                .prepare_cached("UPDATE tickets SET sent_at = ?2 WHERE id = ?1")?
                .execute(params![ticket.id(), time(now)])?;
            Ok(())
        })
    }

    pub(super) fn sent_at(&self, ticket: &Ticket) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT sent_at FROM tickets WHERE id = ?1")?;
            let sent: Option<String> = ask
                .query_row([ticket.id()], |row| row.get(0))
                .optional()?
                .flatten();
            sent.map(|sent| read_time(&sent, "tickets.sent_at"))
                .transpose()
        })
    }

    pub(super) fn settle(
        &self,
        ticket: &Ticket,
        outcomes: &[(usize, TicketOutcome)],
        links: &[Link],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        self.write(|change| {
            let mut ask = change.prepare_cached("SELECT target FROM tickets WHERE id = ?1")?;
            let target: String = ask
                .query_row([ticket.id()], |row| row.get(0))
                .optional()?
                .ok_or_else(|| {
                    let said = format!("ticket {} is not in this state file", ticket.id());
                    SqlTrouble::refused(said, REPORT_IT)
                })?;
            for (position, outcome) in outcomes {
                let subject = settle_one(change, ticket, *position, outcome, now)?;
                if *outcome == TicketOutcome::Deleted {
                    links::remove(change, &target, &subject)?;
                }
            }
            for link in links {
                links::put(change, &veil, &target, link)?;
            }
            close_if_answered(change, ticket, now)
        })
    }

    pub(super) fn count_open_tickets(&self, target: &str) -> Result<usize, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FROM tickets WHERE target = ?1 AND closed_at IS NULL",
            )?;
            let count: i64 = ask.query_row([target], |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or_default())
        })
    }

    pub(super) fn open_tickets(
        &self,
        target: &str,
    ) -> Result<Vec<(Ticket, Vec<usize>)>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT id, idempotency_key, path, body FROM tickets
                 WHERE target = ?1 AND closed_at IS NULL ORDER BY id",
            )?;
            let requests = ask.query_map([target], |row| {
                let request = Request {
                    key: row.get(1)?,
                    path: row.get(2)?,
                    body: row.get(3)?,
                    writes: Vec::new(),
                };
                Ok((row.get(0)?, request))
            })?;
            requests
                .map(|row| {
                    let (id, mut request): (i64, Request) = row?;
                    let place = ticket_place(target, &request.key);
                    request.body = veil.open(&place, request.body).needed()?;
                    let (writes, open) = writes_of(view, &veil, id)?;
                    request.writes = writes;
                    Ok((Ticket::recorded(id, request), open))
                })
                .collect()
        })
    }

    pub(super) fn tried(
        &self,
        target: &str,
        subject: &Subject,
    ) -> Result<Vec<WriteTried>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT intent, outcome, body, intended_at, idempotency_key FROM ticket_writes JOIN tickets ON tickets.id = ticket_id
                 WHERE subject = ?2 AND target = ?1 ORDER BY ticket_id DESC",
            )?;
            let mut rows = ask.query([target, &subject.to_string()])?;
            let mut tried = Vec::new();
            while tried.len() < TRIES
                && let Some(row) = rows.next()?
            {
                let (write, digests) = thin::meant(&row.get::<_, String>(0)?)?;
                if write.action == Action::Delete {
                    continue;
                }
                let outcome: Option<String> = row.get(1)?;
                let place = ticket_place(target, &row.get::<_, String>(4)?);
                tried.push(WriteTried {
                    write,
                    document: digests.whole,
                    body: digests.sent,
                    outcome: outcome
                        .map(|outcome| read_packed(&outcome, "ticket_writes.outcome"))
                        .transpose()?,
                    sent: veil.open(&place, row.get(2)?).text().unwrap_or_default(),
                    at: read_time(&row.get::<_, String>(3)?, "tickets.intended_at")?,
                });
            }
            Ok(tried)
        })
    }

    pub(super) fn attempts(&self, fingerprint: &str) -> Result<u32, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT count(*) FROM tickets WHERE fingerprint = ?1")?;
            Ok(ask.query_row([fingerprint], |row| row.get(0))?)
        })
    }
}

/// Under which names what is sealed is sealed. Written alike in the questions of `bodies`.
fn ticket_place(target: &str, key: &str) -> String {
    format!("ticket/{target}/{key}")
}

fn write_place(ticket: i64, position: usize) -> String {
    format!("write/{ticket}/{position}")
}

/// Gives one write its outcome and answers with its subject.
fn settle_one(
    change: &Transaction<'_>,
    ticket: &Ticket,
    position: usize,
    outcome: &TicketOutcome,
    now: DateTime<Utc>,
) -> Result<String, SqlTrouble> {
    let mut ask = change.prepare_cached(
        "SELECT subject, outcome FROM ticket_writes WHERE ticket_id = ?1 AND position = ?2",
    )?;
    let known = ask
        .query_row(params![ticket.id(), place(position)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((subject, earlier)): Option<(String, Option<String>)> = known else {
        let said = format!("ticket {} has no write {position}", ticket.id());
        return Err(SqlTrouble::refused(said, REPORT_IT));
    };
    let mut outcome = json(outcome);
    if subject.starts_with("@customer:")
        && let Some(nameless) = thin::without_name(&outcome)
    {
        outcome = nameless;
    }
    match earlier {
        Some(earlier) if needed(&earlier, "ticket_writes.outcome")? != outcome => {
            let said = format!(
                "write {position} of ticket {} is settled already",
                ticket.id()
            );
            return Err(SqlTrouble::refused(said, REPORT_IT));
        }
        Some(_) => {}
        None => {
            // Of the other ones there are few, they are short, and questions of SQL look for them.
            let kept = match outcome.starts_with("{\"done\":") {
                true => packed(&outcome),
                false => outcome.into(),
            };
            let mut settle = change.prepare_cached(
                "UPDATE ticket_writes SET outcome = ?3, settled_at = ?4 WHERE ticket_id = ?1 AND position = ?2",
            )?;
            settle.execute(params![ticket.id(), place(position), kept, time(now)])?;
        }
    }
    Ok(subject)
}

fn close_if_answered(
    change: &Transaction<'_>,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<(), SqlTrouble> {
    let mut close = change.prepare_cached(
        "UPDATE tickets SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL AND NOT EXISTS
             (SELECT 1 FROM ticket_writes WHERE ticket_id = ?1 AND outcome IS NULL)",
    )?;
    if close.execute(params![ticket.id(), time(now)])? == 1 {
        let mut forget = change.prepare_cached("DELETE FROM open_intents WHERE ticket_id = ?1")?;
        if forget.execute([ticket.id()])? > 0 {
            return Ok(());
        }
        // An earlier version kept it whole with the write.
        let mut ask = change
            .prepare_cached("SELECT rowid, intent FROM ticket_writes WHERE ticket_id = ?1")?;
        let writes = ask.query_map([ticket.id()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let writes: Vec<(i64, String)> = writes.collect::<Result<_, _>>()?;
        for (number, intent) in writes {
            let thin = thin::without_people(&thin::with_digests(&intent));
            change
                .prepare_cached("UPDATE ticket_writes SET intent = ?2 WHERE rowid = ?1")?
                .execute(params![number, thin])?;
        }
    }
    Ok(())
}

/// The writes of a ticket, and the places of those without an outcome.
pub(super) fn writes_of(
    view: &Transaction<'_>,
    veil: &Veil,
    ticket: i64,
) -> Result<(Vec<Write>, Vec<usize>), SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT coalesce(open_intents.intent, ticket_writes.intent), outcome IS NULL
         FROM ticket_writes LEFT JOIN open_intents USING (ticket_id, position) WHERE ticket_id = ?1 ORDER BY position",
    )?;
    let mut before = before::of_ticket(view, veil, ticket)?;
    let rows = ask.query_map([ticket], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut writes = Vec::new();
    let mut open = Vec::new();
    for row in rows {
        let (intent, is_open): (String, bool) = row?;
        if is_open {
            open.push(writes.len());
        }
        let place = write_place(ticket, writes.len());
        let intent = needed(&intent, "ticket_writes.intent")?;
        let (mut write, is_whole): (Write, bool) =
            veil.open_people(&place, &intent, "ticket_writes.intent")?;
        if !is_whole {
            return Err(SqlTrouble::Shut);
        }
        write.before = before.remove(&writes.len());
        writes.push(write);
    }
    Ok((writes, open))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{DocumentKey, Role};
    use crate::model::link::LinkState;
    use crate::model::plan::Action;
    use crate::model::ticket::Body;
    use crate::store::tests::{
        BOOKS, at, change, folder, found, link, remote, request, run, sale, store,
    };

    #[test]
    fn a_ticket_is_on_the_disk_before_it_exists() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("run-1", 0)).expect("begun");
        let ticket = store
            .intend("run-1", BOOKS, request("key-1", &[1, 2]), at(1))
            .expect("recorded");
        assert_eq!(ticket.request(), &request("key-1", &[1, 2]));

        // Nobody closes anything: this is what a process finds that starts after a kill.
        let after = Store::open(&path).expect("another process");
        assert_eq!(after.open_tickets(BOOKS), Ok(vec![(ticket, vec![0, 1])]));
        assert_eq!(after.open_tickets("supabase"), Ok(vec![]));
    }

    #[test]
    fn the_last_sending_is_known_to_the_next_process() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("run-1", 0)).expect("begun");
        let ticket = store
            .intend("run-1", BOOKS, request("key-1", &[1]), at(1))
            .expect("recorded");
        assert_eq!(store.sent_at(&ticket), Ok(None));
        for time in [at(2), at(7)] {
            store.note_sending(&ticket, time).expect("noted");
        }
        let after = Store::open(&path).expect("another process");
        assert_eq!(after.sent_at(&ticket), Ok(Some(at(7))));
    }

    #[test]
    fn a_ticket_stays_a_question_until_every_write_is_answered() {
        let store = store();
        let intend = |key: &str, orders: &[u64]| {
            let ticket = store.intend("run-1", BOOKS, request(key, orders), at(1));
            ticket.expect("recorded")
        };
        let first = intend("key-1", &[1, 2, 3]);
        let second = intend("key-2", &[4]);
        store
            .settle(
                &first,
                &[
                    (0, TicketOutcome::Done(found(1))),
                    (
                        2,
                        TicketOutcome::Refused(Reason::new("duplicate", "there is one")),
                    ),
                ],
                &[link(sale(1))],
                at(2),
            )
            .expect("settled");
        let open = store.open_tickets(BOOKS).expect("answers");
        assert_eq!(
            open,
            [(first.clone(), vec![1]), (second.clone(), vec![0])],
            "oldest first"
        );
        assert_eq!(
            store.link(BOOKS, &Subject::Document(sale(1))),
            Ok(Some(link(sale(1))))
        );

        store
            .settle(&first, &[(1, TicketOutcome::NotDone)], &[], at(3))
            .expect("settled");
        assert_eq!(store.open_tickets(BOOKS), Ok(vec![(second, vec![0])]));
    }

    #[test]
    fn a_settlement_is_whole_or_not_at_all() {
        let store = store();
        let ticket = store
            .intend("run-1", BOOKS, request("key-1", &[1, 2]), at(1))
            .expect("recorded");
        let error = store
            .settle(
                &ticket,
                &[
                    (0, TicketOutcome::Done(found(1))),
                    (7, TicketOutcome::NotDone),
                ],
                &[link(sale(1))],
                at(2),
            )
            .expect_err("there is no eighth write");
        assert_eq!(
            error.to_string(),
            format!("ticket {} has no write 7", ticket.id())
        );
        assert_eq!(store.open_tickets(BOOKS), Ok(vec![(ticket, vec![0, 1])]));
        assert_eq!(store.links_of_order(BOOKS, 1), Ok(vec![]));

        let stranger = Ticket::recorded(99, request("key-9", &[9]));
        store
            .settle(&stranger, &[], &[], at(3))
            .expect_err("not of this file");
    }

    #[test]
    fn an_outcome_is_for_good() {
        let store = store();
        let ticket = store
            .intend("run-1", BOOKS, request("key-1", &[1, 2]), at(1))
            .expect("recorded");
        let done = [(0, TicketOutcome::Done(found(1)))];
        store.settle(&ticket, &done, &[], at(2)).expect("settled");
        store
            .settle(&ticket, &done, &[], at(3))
            .expect("said twice");
        store
            .settle(&ticket, &[(0, TicketOutcome::NotDone)], &[], at(4))
            .expect_err("it was done");
    }

    #[test]
    fn what_was_deleted_loses_its_link_and_what_was_voided_keeps_it() {
        let store = store();
        let payment = DocumentKey::of_order(1, Role::Payment);
        store
            .put_links(BOOKS, &[link(sale(1)), link(payment)])
            .expect("kept");
        let mut request = request("key-1", &[1, 1]);
        request.writes = [Action::Void, Action::Delete]
            .map(|action| change(1, action))
            .to_vec();
        request.writes[1].subject = Subject::Document(payment);
        let ticket = store
            .intend("run-1", BOOKS, request, at(1))
            .expect("recorded");
        let mut voided = link(sale(1));
        voided.state = LinkState::Voided;
        voided.remote = remote(10_001, "1");
        store
            .settle(
                &ticket,
                &[
                    (0, TicketOutcome::Done(found(1))),
                    (1, TicketOutcome::Deleted),
                ],
                std::slice::from_ref(&voided),
                at(2),
            )
            .expect("settled");
        assert_eq!(store.links_of_order(BOOKS, 1), Ok(vec![voided]));
    }

    #[test]
    fn the_same_writes_are_known_again_and_need_a_key_of_their_own() {
        let store = store();
        let writes = fingerprint_of(&request("any", &[1]).writes);
        assert_eq!(store.attempts(writes.as_str()), Ok(0));
        let first = store
            .intend("run-1", BOOKS, request("key-1", &[1]), at(1))
            .expect("recorded");
        store
            .settle(&first, &[(0, TicketOutcome::NotDone)], &[], at(2))
            .expect("settled");
        store
            .intend("run-1", BOOKS, request("key-1", &[1]), at(3))
            .expect_err("the service would give the old answer");
        assert_eq!(
            store.attempts(writes.as_str()),
            Ok(1),
            "the refused one does not count"
        );
        store
            .intend("run-1", BOOKS, request("key-2", &[1]), at(3))
            .expect("recorded");
        store
            .intend("run-1", "supabase", request("key-1", &[2]), at(3))
            .expect("another target knows nothing of it");
        assert_eq!(store.attempts(writes.as_str()), Ok(2));
    }

    #[test]
    fn writes_that_are_remembered_differently_and_sent_alike_are_the_same() {
        let one = request("any", &[1]).writes;
        let mut other = one.clone();
        other[0].label = "another label".to_owned();
        other[0].expected = None;
        assert_eq!(fingerprint_of(&one), fingerprint_of(&other));
        other[0].body =
            Body::whole(format!("{} ", &*other[0].body), Vec::new()).expect("it refers to nothing");
        assert_ne!(fingerprint_of(&one), fingerprint_of(&other));
    }

    #[test]
    fn what_was_tried_is_known_though_it_was_taken_back() {
        let store = store();
        let subject = Subject::Document(sale(1));
        assert_eq!(store.tried(BOOKS, &subject), Ok(vec![]));
        let made = store
            .intend("run-1", BOOKS, request("key-1", &[1]), at(1))
            .expect("recorded");
        let done = [(0, TicketOutcome::Done(found(1)))];
        store.settle(&made, &done, &[], at(2)).expect("settled");
        let mut back = request("key-2", &[1]);
        back.writes[0] = change(1, Action::Delete);
        let back = store.intend("run-1", BOOKS, back, at(3)).expect("recorded");
        store
            .settle(&back, &[(0, TicketOutcome::Deleted)], &[], at(4))
            .expect("settled");
        let tried = store.tried(BOOKS, &subject).expect("answers");
        let [tried] = tried.as_slice() else {
            panic!("one of them made it: {tried:?}");
        };
        assert_eq!(tried.write.action, Action::Create);
        assert_eq!(tried.outcome, Some(TicketOutcome::Done(found(1))));
        assert_eq!(tried.sent, made.request().body);
        assert_eq!(store.tried("supabase", &subject), Ok(vec![]));
    }

    #[test]
    fn a_closed_ticket_keeps_the_bytes_that_were_sent_once() {
        let store = store();
        let ticket = store
            .intend("run-1", BOOKS, request("key-1", &[1]), at(1))
            .expect("recorded");
        store
            .settle(&ticket, &[(0, TicketOutcome::Done(found(1)))], &[], at(2))
            .expect("settled");
        let (body, intent, outcome): (String, String, String) = store
            .file()
            .query_row(
                "SELECT body, intent, outcome FROM tickets JOIN ticket_writes ON ticket_id = id",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .expect("answers");
        assert_eq!(body, ticket.request().body);
        let mut thin = ticket.request().writes[0].clone();
        thin.body = Body::default();
        assert_eq!(read_packed::<Write>(&intent, "x").expect("a write"), thin);
        let outcome: TicketOutcome = read_packed(&outcome, "x").expect("an outcome");
        assert_eq!(outcome, TicketOutcome::Done(found(1)));
    }

    #[test]
    fn a_ticket_needs_a_run_that_began() {
        let error = store()
            .intend("run-9", BOOKS, request("key-1", &[1]), at(1))
            .expect_err("no such run");
        assert!(
            error.to_string().ends_with("FOREIGN KEY constraint failed"),
            "{error}"
        );
    }
}
