//! Mirror: what the books hold by now and what the runs did, told to the database after a run.
//!
//! The state file knows which links and runs changed since the database was told last, so only those are looked at, and what one
//! run did not deliver is delivered by the next. The documents in the books are there as they were posted; a link is there
//! for every customer, item and document, so that whoever analyses can join the shop with the books.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::adopt::adopt;
use super::compare::{RowToBury, RowToPut};
use super::log::SyncLog;
use super::recall::{KnownRow, Recall};
use super::send::{bury, meant, put};
use super::{CopyContext, CopySending, TARGET};
use crate::connector::port::TableWriter;
use crate::engine::error::EngineError;
use crate::engine::outcome::Report;
use crate::model::document::Role;
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::link::{Link, LinkState};
use crate::model::plan::Subject;
use crate::model::raw::Raw;
use crate::model::row::{Columns, OncePrinted, Row, RowFate, Table};
use crate::store::{Mark, StoreError, Touched};

/// So many changes are told at once.
const AT_ONCE: u32 = 200;

/// Tells the database what changed in links and runs. The figures are those of documents and links; the log is not counted.
/// Without a log, what happens meanwhile is not told later either.
pub async fn mirror<D: TableWriter>(
    sending: CopySending<'_, D>,
    with_log: bool,
) -> Result<Report, StoreError> {
    let mut mirror = Mirror {
        sending,
        report: Report::default(),
        refused: None,
    };
    match mirror.tell(with_log).await {
        Ok(()) => {}
        Err(EngineError::Fault(fault)) => mirror.report.end = Some(fault),
        Err(EngineError::Store(error)) => return Err(error),
    }
    mirror.report.tally.requests = sending.bench.database.requests();
    Ok(mirror.report)
}

/// A document of which nobody remembers what it said, because the state file was lost: what the database has of it is more.
fn is_poor(row: &Row) -> bool {
    if row.table != Table::Invoices {
        return false;
    }
    let columns = row.columns.read();
    let says_nothing = match columns.get("lines") {
        Some(Value::Array(lines)) => lines.is_empty(),
        _ => true,
    };
    says_nothing && columns.get("voided") == Some(&json!(false))
}

struct Mirror<'a, D: TableWriter> {
    sending: CopySending<'a, D>,
    report: Report,
    /// Why the database did not take a row, the first of them.
    refused: Option<Reason>,
}

/// Rows of ours that the database does not take: no record of the shop is the cause, so no record waits for it.
fn refused(reason: &Reason, rows: u64) -> Fault {
    let rows = match rows {
        1 => "a row".to_owned(),
        n => format!("{n} rows"),
    };
    Fault::new(
        Remedy::Amend,
        "row_refused",
        format!(
            "the database does not take {rows} of what the books hold and the runs did: {}",
            reason.message
        ),
    )
    .hint("look which rule or trigger of the database refuses it; every run sends it again")
}

impl<D: TableWriter> Mirror<'_, D> {
    async fn tell(&mut self, with_log: bool) -> Result<(), EngineError> {
        let CopySending { bench, store } = self.sending;
        let copy = store.begin_copy(TARGET, &bench.home())?;
        if !copy.adopted {
            adopt(self.sending, copy.id).await?;
        }
        // Whoever wants to be sure has every link compared with what the database holds; the log is told once.
        let mut told = if bench.verify { 0 } else { copy.told };
        loop {
            let touched = store.touched_after(told, AT_ONCE)?;
            let Some((last, _)) = touched.last() else {
                return match self.refused.take() {
                    Some(reason) => Err(refused(&reason, self.report.tally.failed).into()),
                    None => Ok(()),
                };
            };
            told = *last;
            let mut links = Vec::new();
            let mut runs = Vec::new();
            for (seq, touched) in touched {
                match touched {
                    Touched::Link {
                        target,
                        subject,
                        link,
                    } => links.push((target, subject, link)),
                    Touched::Run(id) if seq > copy.told => runs.push(id),
                    Touched::Run(_) => {}
                }
            }
            self.links(copy.id, links).await?;
            if with_log {
                let log = SyncLog {
                    sending: self.sending,
                    copy: copy.id,
                };
                for run in runs {
                    let (failed, reason) = log.tell(&run).await?;
                    self.report.tally.failed += failed;
                    self.refused = self.refused.take().or(reason);
                }
            }
            // Only now, when the database has taken all of it. What it refuses is told again with the next run.
            if self.refused.is_none() {
                store.note_told(copy.id, told)?;
            }
        }
    }

    async fn links(
        &mut self,
        copy: i64,
        links: Vec<(String, Subject, Option<Box<Link>>)>,
    ) -> Result<(), EngineError> {
        let mut rows: BTreeMap<Table, BTreeMap<String, Option<Row>>> = BTreeMap::new();
        for (target, subject, link) in links {
            let link = link.as_deref();
            if let Subject::Document(key) = &subject {
                let row = link.and_then(|link| self.invoice(&target, link));
                let invoices = rows.entry(Table::Invoices).or_default();
                invoices.insert(key.to_string(), row);
            }
            let id = mapping_id(&subject);
            let row = link.map(|link| self.mapping(&target, link));
            rows.entry(Table::IdMappings).or_default().insert(id, row);
        }
        for (table, rows) in rows {
            self.send(copy, table, rows).await?;
        }
        Ok(())
    }

    /// Sends what differs, and buries what is there and should not be.
    async fn send(
        &mut self,
        copy: i64,
        table: Table,
        rows: BTreeMap<String, Option<Row>>,
    ) -> Result<(), EngineError> {
        let recall = Recall {
            copy: Some(copy),
            asks_database: self.sending.bench.verify,
        };
        let ids: BTreeSet<String> = rows.keys().cloned().collect();
        let known = recall.of(self.sending.bench, table, ids).await?;
        let mut puts = Vec::new();
        let mut buries = Vec::new();
        for (id, row) in rows {
            let known: Option<&KnownRow> = known.get(&id);
            match row {
                Some(row) => {
                    let mark = Mark::of(row.fingerprint());
                    let is_there = known.is_some_and(|known| known.mark.is_some() && !known.gone);
                    if is_there && is_poor(&row) {
                        self.report.tally.unchanged += 1;
                        continue;
                    }
                    if known.is_some_and(|known| known.mark == mark) {
                        self.report.tally.unchanged += 1;
                        continue;
                    }
                    puts.push(RowToPut {
                        row,
                        mark,
                        is_new: known.is_none_or(|known| known.is_only_meant()),
                        is_live: known.is_some_and(|known| !known.gone),
                    });
                }
                None if known.is_some_and(|known| !known.gone) => buries.push(RowToBury {
                    table,
                    id,
                    parent: None,
                    mark: None,
                }),
                None => {}
            }
        }
        let are_new: Vec<bool> = puts.iter().map(|put| put.is_new).collect();
        let tally = &mut self.report.tally;
        if !puts.is_empty() {
            let store = self.sending.store;
            store.begin_sending(copy, &meant(puts.iter()))?;
            let sent = put(self.sending, table, puts).await;
            store.note_copied(copy, &sent.noted, &BTreeMap::new(), None)?;
            for (fate, is_new) in sent.fates.into_iter().zip(are_new) {
                match fate {
                    RowFate::Written { .. } if is_new => tally.created += 1,
                    RowFate::Written { .. } => tally.updated += 1,
                    RowFate::Same | RowFate::NewerThere => tally.unchanged += 1,
                    RowFate::Refused(reason) => {
                        tracing::warn!(
                            table = table.as_str(),
                            code = reason.code,
                            "a row was refused"
                        );
                        tally.failed += 1;
                        self.refused.get_or_insert(reason);
                    }
                    RowFate::NotReached => {}
                }
            }
            if let Some(fault) = sent.end {
                return Err(fault.into());
            }
        }
        if !buries.is_empty() {
            let sent = bury(self.sending, table, buries).await;
            let store = self.sending.store;
            store.note_copied(copy, &sent.noted, &BTreeMap::new(), None)?;
            let buried =
                |fate: &&RowFate| !matches!(fate, RowFate::Refused(_) | RowFate::NotReached);
            tally.deleted += sent.fates.iter().filter(buried).count() as u64;
            if let Some(fault) = sent.end {
                return Err(fault.into());
            }
        }
        Ok(())
    }

    /// A document as it was posted; `None`: the link is not one of a document.
    fn invoice(&self, target: &str, link: &Link) -> Option<Row> {
        // What somebody else entered is no document of ours.
        let posted = link
            .posted
            .as_ref()
            .filter(|_| link.state != LinkState::Settled)?;
        // The table says of which order each one is; what a payment service paid out is of many, and `id_mappings` has it.
        let order = posted.key.order()?;
        let document = posted.document.as_ref();
        let refund = match posted.key.role {
            Role::Refund(id) => Some(id),
            _ => None,
        };
        let is_voided = posted.voided || link.state == LinkState::Voided;
        let given = [
            ("target", json!(target)),
            ("entity", json!(link.remote.entity)),
            ("target_id", json!(link.remote.id)),
            ("target_revision", json!(link.remote.revision)),
            ("doc_number", json!(posted.number)),
            ("order_id", json!(order)),
            ("role", json!(posted.key.role.word())),
            ("refund_id", json!(refund)),
            ("txn_date", json!(posted.date)),
            (
                "due_date",
                json!(document.and_then(|document| document.due)),
            ),
            ("currency", json!(posted.currency)),
            ("total", json!(posted.total.to_string())),
            ("tax_total", json!(posted.tax_total.to_string())),
            (
                "exchange_rate",
                json!(
                    document
                        .and_then(|document| document.exchange_rate)
                        .map(|rate| rate.to_string())
                ),
            ),
            (
                "account",
                json!(document.and_then(|document| document.account.as_ref())),
            ),
            (
                "payment_method",
                json!(document.and_then(|document| document.payment_method.as_ref())),
            ),
            ("voided", json!(is_voided)),
            ("written", json!(link.revision)),
            ("lines", json!(document.map(|document| &document.lines))),
            ("tax", json!(document.map(|document| &document.tax))),
        ];
        let raw = document.filter(|_| self.sending.bench.keep_raw).map(raw_of);
        Some(row(
            self.sending.bench,
            Table::Invoices,
            posted.key.to_string(),
            given,
            raw,
        ))
    }

    fn mapping(&self, target: &str, link: &Link) -> Row {
        let (entity, id, key, role) = match &link.subject {
            Subject::Customer(key) => ("customer", account_of(key), key.clone(), None),
            Subject::Item(key) => ("product", None, key.clone(), None),
            Subject::Vendor(key) => ("vendor", None, key.clone(), None),
            Subject::Document(key) => {
                let (entity, id) = match key.role {
                    Role::Refund(id) => ("refund", Some(id)),
                    _ => match key.order() {
                        Some(order) => ("order", Some(order)),
                        None => ("payout", None),
                    },
                };
                (entity, id, key.to_string(), Some(key.role.word()))
            }
        };
        let state = match link.state {
            LinkState::Active => "active",
            LinkState::Voided => "voided",
            LinkState::Settled => "settled",
        };
        let given = [
            ("source_entity", json!(entity)),
            ("source_id", json!(id)),
            ("source_key", json!(key)),
            ("role", json!(role)),
            ("target", json!(target)),
            ("target_entity", json!(link.remote.entity)),
            ("target_id", json!(link.remote.id)),
            ("target_revision", json!(link.remote.revision)),
            ("state", json!(state)),
            ("written", json!(link.revision)),
        ];
        row(
            self.sending.bench,
            Table::IdMappings,
            mapping_id(&link.subject),
            given,
            None,
        )
    }
}

/// `document:1042/sale`, `customer:c7.CAD`.
fn mapping_id(subject: &Subject) -> String {
    let reference = subject.to_string();
    reference.trim_start_matches('@').to_owned()
}

/// The account that a buyer's key names: `c7.CAD`. Guests have none.
fn account_of(key: &str) -> Option<u64> {
    let (who, _) = key.split_once('.')?;
    who.strip_prefix('c')?.parse().ok()
}

fn raw_of<T: Serialize>(value: &T) -> Raw {
    let text = serde_json::to_string(value).expect("our own values always have a JSON form");
    Raw::new(&text)
}

/// A row of one of our own tables. Nobody says when its source changed: what is sent last is right.
fn row<D: TableWriter>(
    bench: &CopyContext<'_, D>,
    table: Table,
    id: String,
    given: impl IntoIterator<Item = (&'static str, Value)>,
    raw: Option<Raw>,
) -> Row {
    let key = [("shop", json!(bench.shop)), ("id", json!(id))];
    let columns: Map<String, Value> = key
        .into_iter()
        .chain(given)
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Row {
        table,
        id,
        parent: None,
        source_at: None,
        columns: Columns::of(&columns),
        raw,
        deleted_at: None,
        printed: OncePrinted::default(),
    }
}
