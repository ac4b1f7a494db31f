//! Parts: a long reading is planned and posted some orders at a time, so that neither memory nor what a broken line costs grows
//! with the shop, and the first document is in the books after seconds.
//!
//! Each part is a run of its own in the history, with its own plan, its own changes and its own step of the cursor: whatever ends the
//! command, the next one goes on behind the last part. What depends on one whole plan has one: a dry run, a saved plan, a question to a
//! person, a token, a limit of changes, and a reading of every order anew. Left are the first import and a long backlog, agreed to
//! beforehand with `--yes`.
//!
//! A state file without a cursor may be new, or lost: then the books hold what it does not know. So before the first part the books are
//! asked for every mark since the shop's first order. If they have any, everything is read and planned at once, as only that can tell
//! what is whose.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Days, Utc};
use tokio::sync::OnceCell;

use super::failure::Failure;
use super::interrupted::interruptible;
use super::legs::{LegReports, Legs};
use super::request::{Consent, RunRequest, RunSubject};
use crate::connector::port::{LedgerReader, ShopReader};
use crate::engine::fence;
use crate::engine::gather::{GatherScope, Reach};
use crate::model::both::BothWays;
use crate::model::plan::Entity;
use crate::model::problem::Problem;
use crate::model::run::{Change, Requests, Run, RunStatus};
use crate::store::{Memory, MemoryWriter, Problems, Store, StoreError, keep_value, kept_value};

/// Documents may be dated by the shop's day rather than by the day in UTC.
const DAYS_BEFORE: Days = Days::new(2);

/// Under which name the state file keeps since when a first reading is under way that is made in parts.
const UNDER_WAY: &str = "first reading in parts";

/// Since when a first reading is under way, whichever command began it. Until it is through, no sweep is due: what is still to be read
/// comes anyway.
pub(super) fn under_way(memory: &dyn Memory) -> Result<Option<DateTime<Utc>>, StoreError> {
    kept_value(memory, UNDER_WAY)
}

/// Remembers it, or that it is through.
fn keep_under_way(
    memory: &dyn MemoryWriter,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    keep_value(memory, UNDER_WAY, &since, now)
}

/// What the parts before have done, in one command.
pub(super) struct Parts {
    /// When the first one began.
    began: DateTime<Utc>,
    /// The runs so far, oldest first.
    runs: Vec<Run>,
    /// The last one came no further: what is left is read at once.
    is_stuck: bool,
    changes: Vec<Change>,
    problems: Vec<Problem>,
    /// Which way things go, asked once for all parts.
    pub directions: OnceCell<BothWays>,
}

impl Parts {
    pub fn of(first: &Run) -> Parts {
        Parts {
            began: first.started_at,
            runs: Vec::new(),
            is_stuck: false,
            changes: Vec::new(),
            problems: Vec::new(),
            directions: OnceCell::new(),
        }
    }

    /// What the services were asked by the parts before: they count from the beginning of the command.
    fn asked(&self, target: &str) -> Requests {
        let mut asked = Requests::default();
        for tally in self.runs.iter().filter_map(|run| run.tallies.get(target)) {
            asked += tally.requests;
        }
        asked
    }

    /// Takes out of a run's figures what the parts before have asked for.
    pub fn count_own(&self, run: &mut Run) {
        for (target, tally) in &mut run.tallies {
            let before = self.asked(target);
            let own = &mut tally.requests;
            own.reads = own.reads.saturating_sub(before.reads);
            own.writes = own.writes.saturating_sub(before.writes);
            own.throttled = own.throttled.saturating_sub(before.throttled);
        }
    }

    /// Keeps what a part came to, and says with which run the next one goes on.
    pub fn next(&mut self, done: Run, reports: LegReports, now: DateTime<Utc>) -> Run {
        let whole = reports.whole();
        self.is_stuck = reports.is_stuck;
        // The history has what was sent, and nobody has to hold all of it at once.
        let named = whole.changes.into_iter();
        self.changes.extend(named.map(|change| Change {
            body: None,
            ..change
        }));
        self.problems.extend(whole.problems);
        let next = Run {
            id: uuid::Uuid::now_v7().to_string(),
            status: RunStatus::Running,
            started_at: now,
            finished_at: None,
            tallies: BTreeMap::new(),
            error: None,
            ..done.clone()
        };
        self.runs.push(done);
        next
    }

    /// One answer for all parts: under the id of the first, with the figures of all.
    pub fn join(self, last: &mut Run, changes: &mut Vec<Change>, problems: &mut Vec<Problem>) {
        let Some(first) = self.runs.first() else {
            return;
        };
        last.id.clone_from(&first.id);
        last.started_at = first.started_at;
        let is_partial = |run: &Run| run.status == RunStatus::Partial;
        if last.status == RunStatus::Succeeded && self.runs.iter().any(is_partial) {
            last.status = RunStatus::Partial;
        }
        for run in &self.runs {
            for (target, tally) in &run.tallies {
                *last.tally(target) += tally;
            }
        }
        changes.splice(0..0, self.changes);
        problems.splice(0..0, self.problems);
    }
}

/// Whether nothing in the request hangs on one plan for all of it.
fn may_be_in_parts(request: &RunRequest) -> bool {
    let RunSubject::Records(selection) = &request.subject else {
        return false;
    };
    let guard = &request.guard;
    matches!(guard.consent, Consent::Given)
        && guard.max_changes.is_none()
        && selection.limit.is_none()
        && !selection.full
        && !selection.verify
        && !selection.is_by_hand()
}

/// What a part is made with.
pub(super) struct PartContext<'a, T> {
    pub request: &'a RunRequest,
    pub legs: &'a Legs<T>,
    pub store: &'a Store,
    pub stop: &'a AtomicBool,
    pub orders_at_once: usize,
    /// It is about all orders, and not only about who buys.
    pub reads_orders: bool,
    pub now: DateTime<Utc>,
}

impl Parts {
    /// The scope of the part that comes next, where the reading can be done in parts; as it is, where it cannot.
    pub async fn scope<T: LedgerReader>(
        &self,
        with: &PartContext<'_, T>,
        scope: GatherScope,
    ) -> Result<GatherScope, Failure> {
        let is_first = self.runs.is_empty();
        let scope = match is_first {
            true => scope,
            false => self.going_on(scope),
        };
        let Some(books) = &with.legs.books else {
            return Ok(scope);
        };
        let posts_orders = scope.moves_cursor && !scope.buyers && !scope.passing;
        if self.is_stuck || !posts_orders || !may_be_in_parts(with.request) {
            return Ok(scope);
        }
        let store = with.store;
        let problems = store.problems(Some(books.name()), true)?;
        if fence::asks_for_marks(store, books.name(), &problems)? {
            return Ok(scope);
        }
        let limit = with.orders_at_once;
        match &scope.reach {
            Reach::Since(_) => Ok(GatherScope {
                limit: Some(limit),
                ..scope
            }),
            Reach::Full if is_first => {
                let oldest = with.legs.source.oldest();
                let oldest = interruptible(with.stop, oldest).await?;
                if oldest.total <= limit as u64 {
                    return Ok(scope);
                }
                let begins = oldest.made_at.max(scope.created_after);
                let day = begins.and_then(|at| at.date_naive().checked_sub_days(DAYS_BEFORE));
                let marked = books.marked(day.unwrap_or_default());
                let marked = interruptible(with.stop, marked).await?;
                if !marked.is_empty() {
                    return Ok(scope);
                }
                keep_under_way(store, Some(with.now), with.now)?;
                Ok(GatherScope {
                    limit: Some(limit),
                    unmarked: true,
                    ..scope
                })
            }
            Reach::Full | Reach::Orders(_) | Reach::Refunded(_) => Ok(scope),
        }
    }

    /// After a part that has written all that it was to write: whether another one comes behind it, and whether a first reading is through.
    pub fn note<T: LedgerReader>(
        with: &PartContext<'_, T>,
        scope: &GatherScope,
        has_more: bool,
        before: Option<DateTime<Utc>>,
        reports: &mut LegReports,
    ) -> Result<(), Failure> {
        let store = with.store;
        let shop = with.legs.source.address();
        let asked = match &with.request.subject {
            RunSubject::Records(selection) => selection.limit,
            _ => None,
        };
        // A limit that somebody asked for is the end of the run.
        if has_more && scope.limit.is_some() && asked.is_none() {
            reports.has_more = true;
            reports.is_stuck = store.cursor(shop, Entity::Order)? == before;
        }
        let is_through = !has_more && with.reads_orders && scope.moves_cursor && reports.is_whole();
        if is_through && let Some(since) = under_way(store)? {
            store.note_sweep(shop, since)?;
            keep_under_way(store, None, with.now)?;
        }
        Ok(())
    }

    /// Behind a part of the same command nothing has to be tried again that was tried a moment ago, and nothing read again but what
    /// changed since the command began, or shortly before.
    fn going_on(&self, scope: GatherScope) -> GatherScope {
        let reach = match (&scope.reach, scope.known_through) {
            (Reach::Since(overlapping), Some(through)) => {
                let overlap = through - *overlapping;
                Reach::Since(through.min(self.began - overlap).max(*overlapping))
            }
            _ => scope.reach.clone(),
        };
        GatherScope {
            reach,
            besides: Default::default(),
            ..scope
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::request::{Ending, Guard, Selection};

    fn request(consent: Consent, selection: Selection) -> RunRequest {
        RunRequest {
            command: "sync",
            subject: RunSubject::Records(selection),
            ending: Ending::Apply,
            guard: Guard {
                consent,
                ..Guard::default()
            },
            lists_unchanged: false,
        }
    }

    #[test]
    fn whatever_hangs_on_one_plan_has_one() {
        let all = Selection::default;
        assert!(may_be_in_parts(&request(Consent::Given, all())));
        for consent in [Consent::Ask, Consent::Offer, Consent::Unattended] {
            assert!(!may_be_in_parts(&request(consent, all())));
        }
        let full = Selection {
            full: true,
            ..all()
        };
        let few = Selection {
            limit: Some(5),
            ..all()
        };
        for selection in [full, few] {
            assert!(!may_be_in_parts(&request(Consent::Given, selection)));
        }
        let mut guarded = request(Consent::Given, all());
        guarded.guard.max_changes = Some(100);
        assert!(!may_be_in_parts(&guarded));
    }

    #[test]
    fn figures_add_up_and_the_answer_is_the_first_runs() {
        let run = |id: &str| Run {
            id: id.to_owned(),
            shop: "test".to_owned(),
            command: "sync".to_owned(),
            entities: vec!["orders".to_owned()],
            mode: "incremental".to_owned(),
            dry_run: false,
            status: RunStatus::Succeeded,
            started_at: DateTime::UNIX_EPOCH,
            finished_at: None,
            tallies: BTreeMap::new(),
            error: None,
        };
        let counting = |run: &mut Run, created: u64, reads: u64| {
            let tally = run.tally("quickbooks");
            tally.created = created;
            tally.requests.reads = reads;
        };
        let mut first = run("one");
        let mut parts = Parts::of(&first);
        counting(&mut first, 3, 10);
        let mut second = parts.next(first, LegReports::default(), DateTime::UNIX_EPOCH);
        // The client counts on from the beginning of the command.
        counting(&mut second, 2, 14);
        parts.count_own(&mut second);
        assert_eq!(second.tallies["quickbooks"].requests.reads, 4);
        parts.join(&mut second, &mut Vec::new(), &mut Vec::new());
        let sum = &second.tallies["quickbooks"];
        assert_eq!(
            (second.id.as_str(), sum.created, sum.requests.reads),
            ("one", 5, 14)
        );
    }
}
