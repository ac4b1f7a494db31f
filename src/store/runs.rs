//! Runs and their changes: the history.
//!
//! A run is recorded when it begins, so that one that died is seen as such.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, Row, ToSql, Transaction, params};

use super::columns::{json, read_json, read_time, read_word, time};
use super::error::{REPORT_IT, SqlTrouble, StoreError};
use super::packed::packed;
use super::veil::Veil;
use super::{Store, chain, fence};
use crate::model::money::Money;
use crate::model::plan::{Action, Entity, RecordKey};
use crate::model::run::{Change, Run, RunStatus};

/// Which runs to show. Newest first; nothing set means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// One of the run's own words, `orders`.
    pub entity: Option<String>,
    pub status: Option<RunStatus>,
    /// Started then or later.
    pub since: Option<DateTime<Utc>>,
    /// Started before then.
    pub until: Option<DateTime<Utc>>,
    pub limit: Option<u32>,
    /// Of `limit` runs each; zero and one are both the first.
    pub page: u32,
    /// Only what comes after this run in the list: when it started, and its id.
    pub after: Option<(DateTime<Utc>, String)>,
}

impl RunFilter {
    /// The newest runs. What a wrong clock has dated ahead is not among them: it would hide all that come after it until its time has come.
    /// A clock may differ by as much as a run bears of the shop's.
    pub fn newest(now: DateTime<Utc>, limit: u32) -> RunFilter {
        RunFilter {
            until: Some(now + TimeDelta::minutes(15)),
            limit: Some(limit),
            ..RunFilter::default()
        }
    }

    /// As SQL, with what stands for each `?`. Only what is asked for is in it: SQLite finds no way along an index for what might be asked.
    pub(super) fn question(&self) -> (String, Vec<Box<dyn ToSql>>) {
        let (mut words, mut given): (Vec<String>, Vec<Box<dyn ToSql>>) = (Vec::new(), Vec::new());
        // Runs about a kind of records are looked up where these stand, in the same order.
        let (from, of) = match self.entity {
            Some(_) => (
                "run_entities CROSS JOIN runs ON runs.id = run_entities.id",
                "run_entities",
            ),
            None => ("runs", "runs"),
        };
        if let Some(entity) = &self.entity {
            words.push("entity = ?".to_owned());
            given.push(Box::new(entity.clone()));
        }
        if let Some(status) = self.status {
            words.push(format!("{of}.status = ?"));
            given.push(Box::new(status.as_str()));
        }
        if let Some(since) = self.since {
            words.push(format!("{of}.started_at >= ?"));
            given.push(Box::new(time(since)));
        }
        if let Some(until) = self.until {
            words.push(format!("{of}.started_at < ?"));
            given.push(Box::new(time(until)));
        }
        if let Some((at, id)) = &self.after {
            words.push(format!("({of}.started_at, {of}.id) < (?, ?)"));
            given.push(Box::new(time(*at)));
            given.push(Box::new(id.clone()));
        }
        let chosen = match words.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", words.join(" AND ")),
        };
        let limit = self.limit.map_or(-1, i64::from); // without end
        given.push(Box::new(limit));
        given.push(Box::new(
            limit.max(0) * i64::from(self.page.saturating_sub(1)),
        ));
        let question = format!(
            "SELECT runs.* FROM {from} {chosen} ORDER BY {of}.started_at DESC, {of}.id DESC LIMIT ? OFFSET ?"
        );
        (question, given)
    }
}

impl Store {
    pub(super) fn begin_run(&self, run: &Run) -> Result<(), StoreError> {
        if !run.dry_run {
            self.work_off_backlog()?;
        }
        self.write(|change| {
            // From here on no other run may record a request.
            let number = match run.dry_run {
                true => None,
                false => Some(fence::next_number(change)?),
            };
            change.execute(
                "INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, finished_at, tally, number,
                                   process)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    run.id,
                    run.shop,
                    run.command,
                    json(&run.entities),
                    run.mode,
                    run.dry_run,
                    run.status.as_str(),
                    time(run.started_at),
                    run.finished_at.map(time),
                    json(&run.tallies),
                    number,
                    fence::this_process(),
                ],
            )?;
            Ok(())
        })
    }

    pub(super) fn finish_run(&self, run: &Run) -> Result<(), StoreError> {
        self.work_off_backlog()?;
        self.write(|change| end(change, run))
    }

    pub(super) fn file_run(
        &self,
        by: &str,
        run: &Run,
        changes: &[Change],
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        self.work_off_backlog()?;
        self.write(|change| {
            fence::check(change, by)?;
            put_changes(change, &veil, &run.id, changes)?;
            end(change, run)
        })
    }

    pub(super) fn close_abandoned_runs(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let is_there = "SELECT EXISTS (SELECT 1 FROM runs WHERE status = 'running')";
        if !self.read(|view| Ok(view.query_row(is_there, [], |row| row.get::<_, bool>(0))?))? {
            return Ok(0);
        }
        self.work_off_backlog()?;
        self.write(|change| {
            let mut close = change.prepare_cached(
                "UPDATE runs SET status = 'interrupted', finished_at = ?1 WHERE status = 'running' RETURNING id",
            )?;
            let closed = close.query_map([time(now)], |row| row.get(0))?;
            let mut closed: Vec<String> = closed.collect::<Result<_, _>>()?;
            closed.sort();
            for run in &closed {
                chain::append(change, run)?;
            }
            Ok(closed.len())
        })
    }

    pub(super) fn runs(&self, filter: &RunFilter) -> Result<Vec<Run>, StoreError> {
        self.read(|view| {
            let (question, given) = filter.question();
            let mut ask = view.prepare_cached(&question)?;
            let runs = ask.query_and_then(rusqlite::params_from_iter(given), read_run)?;
            runs.collect()
        })
    }

    pub(super) fn run(&self, id_or_prefix: &str) -> Result<Option<Run>, StoreError> {
        self.read(|view| {
            let mut exact = view.prepare_cached("SELECT * FROM runs WHERE id = ?1")?;
            if let Some(run) = exact.query_and_then([id_or_prefix], read_run)?.next() {
                return run.map(Some);
            }
            let mut like = view.prepare_cached(
                "SELECT * FROM runs WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2",
            )?;
            let mut runs = like.query_and_then([id_or_prefix], read_run)?;
            match (runs.next().transpose()?, runs.next().is_some()) {
                (_, true) => Err(SqlTrouble::Ambiguous {
                    what: "run",
                    typed: id_or_prefix.to_owned(),
                    hint: "give more of the id: `udsync history` shows it",
                }),
                (run, false) => Ok(run),
            }
        })
    }

    pub(super) fn reads_since(&self, since: DateTime<Utc>) -> Result<u64, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT coalesce(sum(tally ->> '$.quickbooks.requests.reads'), 0) FROM runs WHERE started_at >= ?1",
            )?;
            let reads: i64 = ask.query_row([time(since)], |row| row.get(0))?;
            Ok(u64::try_from(reads).unwrap_or_default())
        })
    }

    pub(super) fn record_changes(
        &self,
        run_id: &str,
        changes: &[Change],
    ) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let veil = self.veil();
        self.write(|file| {
            fence::check(file, run_id)?;
            put_changes(file, &veil, run_id, changes)?;
            // Of a run that has its entry already this is news.
            let mut ask =
                file.prepare_cached("SELECT status <> 'running' FROM runs WHERE id = ?1")?;
            let has_ended: Option<bool> = ask.query_row([run_id], |row| row.get(0)).optional()?;
            match has_ended {
                Some(true) => chain::append(file, run_id),
                _ => Ok(()),
            }
        })
    }

    pub(super) fn changes(&self, run_id: &str) -> Result<Vec<Change>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT * FROM changes WHERE run_id = ?1 ORDER BY id")?;
            let changes = ask.query_and_then([run_id], |row| read_change(&veil, row))?;
            changes.collect()
        })
    }
}

/// Says how a run ended, and gives it its entry.
fn end(change: &Transaction<'_>, run: &Run) -> Result<(), SqlTrouble> {
    let changed = change.execute(
        "UPDATE runs SET status = ?2, finished_at = ?3, tally = ?4, error = ?5 WHERE id = ?1",
        params![
            run.id,
            run.status.as_str(),
            run.finished_at.map(time),
            json(&run.tallies),
            run.error.as_ref().map(json),
        ],
    )?;
    match changed {
        1 => chain::append(change, &run.id),
        _ => Err(SqlTrouble::refused(
            format!("could not finish run `{}`: it never began", run.id),
            REPORT_IT,
        )),
    }
}

fn put_changes(
    file: &Transaction<'_>,
    veil: &Veil,
    run_id: &str,
    changes: &[Change],
) -> Result<(), SqlTrouble> {
    let place = change_place(run_id);
    let run = run_number(file, run_id)?;
    let mut kinds = ChangeKinds::default();
    let mut add = file.prepare_cached(
        "INSERT INTO change_rows (run, kind, is_skip, source_id, source_number, label, txn_date, currency, total, tax_total,
                                  target_id, body, warnings, reason, body_digest)
         VALUES (?1, ?2, ?3, ?4, nullif(?5, ?4), nullif(?6, ?4), ?7, ?8, ?9, ?10, iif(?11 = ?4, '=', ?11), ?12, ?13, ?14, ?15)",
    )?;
    for change in changes {
        add.execute(params![
            run,
            kinds.number(file, change)?,
            change.action == Action::Skip,
            change.source.id,
            change.source.number,
            change.label,
            change.txn_date.map(|date| date.to_string()),
            change.currency,
            change.total.map(|total| total.to_string()),
            change.tax_total.map(|total| total.to_string()),
            change.target_id,
            change
                .body
                .as_ref()
                .map(|body| veil.shut(&place, &packed(body))),
            (!change.warnings.is_empty()).then(|| json(&change.warnings)),
            change.reason.as_ref().map(json),
            change.body.as_deref().map(chain::body_digest),
        ])?;
    }
    Ok(())
}

/// The number that stands for a run in its changes.
fn run_number(change: &Transaction<'_>, run_id: &str) -> Result<i64, SqlTrouble> {
    let mut put = change
        .prepare_cached("INSERT INTO run_numbers (run_id) VALUES (?1) ON CONFLICT DO NOTHING")?;
    put.execute([run_id])?;
    let mut ask = change.prepare_cached("SELECT number FROM run_numbers WHERE run_id = ?1")?;
    Ok(ask.query_row([run_id], |row| row.get(0))?)
}

/// The numbers that stand for what many changes have in common, as far as they were asked for.
#[derive(Default)]
struct ChangeKinds(Vec<((String, Action, String, Entity), i64)>);

impl ChangeKinds {
    fn number(&mut self, file: &Transaction<'_>, change: &Change) -> Result<i64, SqlTrouble> {
        let is_alike = |(target, action, entity, source): &(String, Action, String, Entity)| {
            *target == change.target
                && *action == change.action
                && *entity == change.entity
                && *source == change.source.entity
        };
        if let Some((_, number)) = self.0.iter().find(|(kind, _)| is_alike(kind)) {
            return Ok(*number);
        }
        let words = [
            change.target.as_str(),
            change.action.as_str(),
            change.entity.as_str(),
            change.source.entity.as_str(),
        ];
        let mut put = file.prepare_cached(
            "INSERT INTO change_kinds (target, action, entity, source_entity) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?;
        put.execute(words)?;
        let mut ask = file.prepare_cached(
            "SELECT number FROM change_kinds WHERE target = ?1 AND action = ?2 AND entity = ?3 AND source_entity = ?4",
        )?;
        let number = ask.query_row(words, |row| row.get(0))?;
        let kind = (
            change.target.clone(),
            change.action,
            change.entity.clone(),
            change.source.entity,
        );
        self.0.push((kind, number));
        Ok(number)
    }
}

fn read_run(row: &Row<'_>) -> Result<Run, SqlTrouble> {
    let finished_at: Option<String> = row.get("finished_at")?;
    Ok(Run {
        id: row.get("id")?,
        shop: row.get("shop")?,
        command: row.get("command")?,
        entities: read_json(&row.get::<_, String>("entities")?, "runs.entities")?,
        mode: row.get("mode")?,
        dry_run: row.get("dry_run")?,
        status: read_word(row.get("status")?, "runs.status")?,
        started_at: read_time(&row.get::<_, String>("started_at")?, "runs.started_at")?,
        finished_at: finished_at
            .map(|at| read_time(&at, "runs.finished_at"))
            .transpose()?,
        tallies: read_json(&row.get::<_, String>("tally")?, "runs.tally")?,
        error: row
            .get::<_, Option<String>>("error")?
            .map(|error| read_json(&error, "runs.error"))
            .transpose()?,
    })
}

/// Under which name the bodies of a run are sealed. Written alike in the questions of `bodies`.
fn change_place(run_id: &str) -> String {
    format!("change/{run_id}")
}

pub(super) fn read_change(veil: &Veil, row: &Row<'_>) -> Result<Change, SqlTrouble> {
    let place = change_place(&row.get::<_, String>("run_id")?);
    let body: Option<String> = row.get("body")?;
    let date: Option<String> = row.get("txn_date")?;
    let reason: Option<String> = row.get("reason")?;
    let money = |column: &'static str| -> Result<Option<Money>, SqlTrouble> {
        let text: Option<String> = row.get(column)?;
        text.map(|text| text.parse().map_err(|_| SqlTrouble::Odd("changes.total")))
            .transpose()
    };
    Ok(Change {
        target: row.get("target")?,
        action: read_word(row.get("action")?, "changes.action")?,
        entity: row.get("entity")?,
        source: RecordKey {
            entity: read_word(row.get("source_entity")?, "changes.source_entity")?,
            id: row.get("source_id")?,
            number: row.get("source_number")?,
        },
        label: row.get("label")?,
        txn_date: date
            .map(|date| {
                date.parse()
                    .map_err(|_| SqlTrouble::Odd("changes.txn_date"))
            })
            .transpose()?,
        currency: row.get("currency")?,
        total: money("total")?,
        tax_total: money("tax_total")?,
        target_id: row.get("target_id")?,
        body: body.and_then(|body| veil.open(&place, body).text()),
        warnings: read_json(&row.get::<_, String>("warnings")?, "changes.warnings")?,
        reason: reason
            .map(|reason| read_json(&reason, "changes.reason"))
            .transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::Reason;
    use crate::model::plan::Action;
    use crate::model::run::{RunError, Waits};
    use crate::store::tests::{BOOKS, at, folder, run, store};

    fn ids(store: &Store, filter: &RunFilter) -> Vec<String> {
        let runs = store.runs(filter).expect("answers");
        runs.into_iter().map(|run| run.id).collect()
    }

    #[test]
    fn a_run_comes_back_as_it_was_kept() {
        let store = store();
        let mut kept = run("run-1", 0);
        assert_eq!(store.run("run-1"), Ok(Some(kept.clone())));
        kept.status = RunStatus::Partial;
        kept.finished_at = Some(at(60));
        kept.tally(BOOKS).held = 2;
        kept.error = Some(RunError {
            code: "confirmation_needed".to_owned(),
            exit: 7,
            message: "the plan would write 11 documents".to_owned(),
            hint: None,
            waits: Some(Waits {
                create: 11,
                ..Waits::default()
            }),
        });
        store.finish_run(&kept).expect("finished");
        assert_eq!(store.run("run-1"), Ok(Some(kept)));
        assert!(
            store.begin_run(&run("run-1", 9)).is_err(),
            "an id is used once"
        );
        let never = store
            .finish_run(&run("run-2", 0))
            .expect_err("it never began");
        assert_eq!(
            never.to_string(),
            "could not finish run `run-2`: it never began"
        );
    }

    #[test]
    fn a_run_is_found_by_as_much_of_its_id_as_is_its_own() {
        let store = store();
        for id in ["0193-aa", "0193-ab", "0193-a"] {
            store.begin_run(&run(id, 1)).expect("begun");
        }
        let find = |id: &str| store.run(id).map(|run| run.map(|run| run.id));
        assert_eq!(find("0193-aa"), Ok(Some("0193-aa".into())));
        assert_eq!(
            find("0193-a"),
            Ok(Some("0193-a".into())),
            "a whole id goes first"
        );
        assert_eq!(find("run"), Ok(Some("run-1".into())));
        assert_eq!(find("0194"), Ok(None));
        assert_eq!(find("%"), Ok(None));
        let error = find("0193").expect_err("three of them");
        assert_eq!(error.to_string(), "more than one run begins with `0193`");
        assert!(error.hint().contains("`udsync history`"));
    }

    #[test]
    fn the_history_is_filtered_and_paged_newest_first() {
        let store = store();
        for (id, started, status, entity) in [
            ("run-2", 10, RunStatus::Succeeded, "refunds"),
            ("run-3", 20, RunStatus::Failed, "orders"),
            ("run-4", 30, RunStatus::Succeeded, "orders"),
        ] {
            let mut run = run(id, started);
            run.status = status;
            run.entities = vec![entity.to_owned(), "customers".to_owned()];
            store.begin_run(&run).expect("begun");
        }
        let all = RunFilter::default();
        assert_eq!(ids(&store, &all), ["run-4", "run-3", "run-2", "run-1"]);
        let orders = RunFilter {
            entity: Some("orders".into()),
            ..all.clone()
        };
        assert_eq!(ids(&store, &orders), ["run-4", "run-3", "run-1"]);
        let status = RunFilter {
            status: Some(RunStatus::Succeeded),
            ..all.clone()
        };
        assert_eq!(ids(&store, &status), ["run-4", "run-2"]);
        let between = RunFilter {
            since: Some(at(10)),
            until: Some(at(30)),
            ..all.clone()
        };
        assert_eq!(ids(&store, &between), ["run-3", "run-2"]);
        let page = |page| RunFilter {
            limit: Some(3),
            page,
            ..all.clone()
        };
        assert_eq!(ids(&store, &page(0)), ids(&store, &page(1)));
        assert_eq!(ids(&store, &page(1)), ["run-4", "run-3", "run-2"]);
        assert_eq!(ids(&store, &page(2)), ["run-1"]);
        assert_eq!(ids(&store, &page(3)), [""; 0]);
        let after = RunFilter {
            after: Some((at(20), "run-3".into())),
            limit: Some(1),
            ..all.clone()
        };
        assert_eq!(ids(&store, &after), ["run-2"]);
        let of_orders = RunFilter {
            after: Some((at(30), "run-4".into())),
            ..orders.clone()
        };
        assert_eq!(ids(&store, &of_orders), ["run-3", "run-1"]);
        let failed = RunFilter {
            status: Some(RunStatus::Failed),
            since: Some(at(5)),
            until: Some(at(25)),
            ..orders.clone()
        };
        assert_eq!(ids(&store, &failed), ["run-3"]);
        // How a run stands is known of its kinds too, once it is another.
        let mut ended = run("run-3", 20);
        ended.status = RunStatus::Partial;
        store.finish_run(&ended).expect("finished");
        assert_eq!(ids(&store, &failed), [""; 0]);
    }

    #[test]
    fn the_reads_of_a_month_are_those_of_its_runs() {
        let store = store();
        for (id, started, reads) in [("run-2", 10, 7), ("run-3", 20, 5), ("run-4", 30, 1)] {
            let mut run = run(id, started);
            store.begin_run(&run).expect("begun");
            run.tally(BOOKS).requests.reads = reads;
            store.finish_run(&run).expect("finished");
        }
        assert_eq!(store.reads_since(at(20)), Ok(6));
        assert_eq!(
            store.reads_since(at(0)),
            Ok(16),
            "and the three of the first one"
        );
        assert_eq!(store.reads_since(at(99)), Ok(0));
    }

    #[test]
    fn a_run_whose_process_died_is_shown_as_interrupted() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("died", 0)).expect("begun");
        drop(store);
        let store = Store::open(&path).expect("the next process");
        assert_eq!(store.close_abandoned_runs(at(5)), Ok(1));
        assert_eq!(store.close_abandoned_runs(at(6)), Ok(0));
        let died = store.run("died").expect("answers").expect("is there");
        assert_eq!(
            (died.status, died.finished_at),
            (RunStatus::Interrupted, Some(at(5)))
        );
    }

    #[test]
    fn changes_come_back_in_their_order_to_the_last_digit() {
        let store = store();
        let mut change = Change {
            target: "quickbooks".into(),
            action: Action::Create,
            entity: "SalesReceipt".into(),
            source: RecordKey::order(1042, "1042-A"),
            label: "WC-1042".into(),
            txn_date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20),
            currency: Some("CAD".into()),
            total: Some("159.76".parse().expect("money")),
            tax_total: Some("0.1000".parse().expect("money")),
            target_id: None,
            body: Some("{\"Line\":[]}".into()),
            warnings: vec![Reason::new("rounding_line", "a cent").hint("look")],
            reason: None,
        };
        let first = change.clone();
        change.action = Action::Skip;
        change.reason = Some(Reason::new("status_skipped", "drafts are not posted"));
        (
            change.txn_date,
            change.currency,
            change.total,
            change.tax_total,
            change.body,
        ) = (None, None, None, None, None);
        store
            .record_changes("run-1", &[first.clone(), change.clone()])
            .expect("kept");
        store
            .record_changes("run-1", std::slice::from_ref(&first))
            .expect("kept");
        assert_eq!(
            store.changes("run-1"),
            Ok(vec![first.clone(), change, first.clone()])
        );
        assert_eq!(store.changes("run-2"), Ok(vec![]));
        assert!(
            store.record_changes("run-2", &[first]).is_err(),
            "no such run"
        );
        let text: String = store
            .file()
            .query_row("SELECT tax_total FROM changes LIMIT 1", [], |row| {
                row.get(0)
            })
            .expect("it is text");
        assert_eq!(text.parse::<Money>(), "0.1".parse());
    }
}
