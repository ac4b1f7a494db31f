//! Parts: a long reading is planned and posted some orders at a time, so that neither memory nor what a broken line costs grows
//! with the shop, and the first document is in the books after seconds.
//!
//! Each part is a run of its own in the history, with its own plan, its own changes and its own step of the cursor: whatever ends the
//! command, the next one goes on behind the last part. What depends on one whole plan has one: a dry run, a saved plan, a question to a
//! person, a token, a limit of changes, and a reading of every order anew. Left are the first import and a long backlog, agreed to
//! beforehand with `--yes`.
//!
//! While one part is being posted the pages of the next one are read, and nothing else: its plan is made when this one is in the books, from
//! the names and links that there are then, so it is the same plan whether its pages were read early or late. An order that changes
//! meanwhile changes its place in the list too, and comes again with a later part. Whoever kills the command loses pages, and nothing
//! that was written down. Who else posts is asked before each part that makes documents: another machine may begin at any hour.
//!
//! A state file without a cursor may be new, or lost: then the books hold what it does not know. So before the first part the books are
//! asked for every mark since the shop's first order. If they have any, everything is read and planned at once, as only that can tell
//! what is whose.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Days, Utc};
use tokio::sync::OnceCell;

use super::failure::Failure;
use super::interrupted::interruptible;
use super::legs::{LegReports, Legs};
use super::request::{Consent, RunRequest, RunSubject};
use crate::connector::port::{LedgerReader, ShopReader};
use crate::engine::ahead::PagesAhead;
use crate::engine::copy::LISTED_MAX;
use crate::engine::fence;
use crate::engine::gather::{GatherScope, Reach};
use crate::engine::outcome::{Report, UnlistedChanges};
use crate::model::both::BothWays;
use crate::model::plan::Entity;
use crate::model::problem::Problem;
use crate::model::run::{Change, Requests, Run, RunStatus};
use crate::model::service::Service;
use crate::store::{Memory, MemoryWriter, Problems, Store, StoreError, keep_value, kept_value};

/// A shop gives no more orders than that on a page.
const PAGE_MAX: usize = 100;

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
    /// The first of the changes, as many as a report names.
    changes: Vec<Change>,
    named: NamedChanges,
    /// The others of the books and of the shop. Of rows the first are named, as always, and the figures count them all.
    unlisted: UnlistedChanges,
    problems: Vec<Problem>,
    /// Which way things go, asked once for all parts.
    pub directions: OnceCell<BothWays>,
    /// What is read of the next part while this one is being posted.
    ahead: Arc<PagesAhead>,
    /// Somebody has looked who else posts.
    pub looked: Arc<AtomicBool>,
}

/// How many changes are named.
#[derive(Default)]
struct NamedChanges {
    /// Of the books and of the shop.
    first: usize,
    /// Behind these, because there is something to be known of them.
    warned: usize,
    /// Rows of the copy: they take no document's place.
    rows: usize,
}

impl NamedChanges {
    /// Among which a change is counted.
    fn among(&mut self, change: &Change) -> &mut usize {
        if change.target == Service::COPY.as_str() {
            &mut self.rows
        } else if self.first == LISTED_MAX && !change.warnings.is_empty() {
            &mut self.warned
        } else {
            &mut self.first
        }
    }
}

impl Parts {
    pub fn of(first: &Run) -> Parts {
        Parts {
            began: first.started_at,
            runs: Vec::new(),
            is_stuck: false,
            changes: Vec::new(),
            named: NamedChanges::default(),
            unlisted: UnlistedChanges::default(),
            problems: Vec::new(),
            directions: OnceCell::new(),
            ahead: Arc::default(),
            looked: Arc::default(),
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
        whole
            .changes
            .into_iter()
            .for_each(|change| self.name(change));
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

    /// The history has every change with what was sent, and nobody has to hold all of it at once.
    fn name(&mut self, change: Change) {
        let named = self.named.among(&change);
        if *named == LISTED_MAX {
            if change.target != Service::COPY.as_str() {
                self.unlisted.count(&change);
            }
            return;
        }
        *named += 1;
        let body = None;
        self.changes.push(Change { body, ..change });
    }

    /// One answer for all parts: under the id of the first, with the figures of all. Says of which runs the changes are, where they are
    /// too many to be named.
    pub fn join(mut self, last: &mut Run, report: &mut Report) -> Vec<String> {
        if self.runs.is_empty() {
            return Vec::new();
        }
        let runs = self.runs.iter().map(|run| &run.id).chain([&last.id]);
        let runs = runs.cloned().collect();
        let of_last = std::mem::take(&mut report.changes);
        if self.changes.len() + of_last.len() <= LISTED_MAX {
            self.changes.extend(of_last);
        } else {
            of_last.into_iter().for_each(|change| self.name(change));
        }
        let first = &self.runs[0];
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
        report.changes = self.changes;
        report.unlisted = self.unlisted;
        report.problems.splice(0..0, self.problems);
        match report.unlisted.is_empty() {
            true => Vec::new(),
            false => runs,
        }
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
    /// Somebody looks at more of an order than what it is: the database, or a mapping of the shop's own.
    pub keeps_words: bool,
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
                ahead: Some(self.ahead.clone()),
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
                    ahead: Some(self.ahead.clone()),
                    unmarked: true,
                    ..scope
                })
            }
            Reach::Full | Reach::Orders(_) | Reach::Refunded(_) => Ok(scope),
        }
    }

    /// Posts a part, and reads what comes behind it meanwhile: what is read in time leaves no gap between two parts. Reading ends when
    /// the posting does, whatever came of it, and the next part reads the rest itself. `behind` is the scope that it will have, unless
    /// something changes until then, and `decimals` those with which this one was read.
    pub async fn reading_ahead<T: LedgerReader, D>(
        &self,
        with: &PartContext<'_, T>,
        behind: Option<GatherScope>,
        decimals: Option<u32>,
        posting: impl Future<Output = D>,
    ) -> D {
        let behind = behind.map(|scope| self.going_on(scope));
        let Some((behind, Reach::Since(after))) =
            behind.as_ref().map(|behind| (behind, &behind.reach))
        else {
            return posting.await;
        };
        let ask = behind.ask(Some(*after));
        // The page on which a part ends is read again with the next one.
        let most = with.orders_at_once + PAGE_MAX;
        let source = &with.legs.source;
        let reading = self
            .ahead
            .read(source, ask, decimals, most, with.keeps_words);
        let mut posting = std::pin::pin!(posting);
        tokio::select! {
            done = &mut posting => return done,
            () = reading => {}
        }
        posting.await
    }

    /// The next part reads everything itself.
    pub fn forget_ahead(&self) {
        self.ahead.forget();
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
    use crate::model::fault::Reason;
    use crate::model::money::Money;
    use crate::model::plan::{Action, RecordKey};
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

    fn run(id: &str) -> Run {
        Run {
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
        }
    }

    fn change(nth: usize) -> Change {
        Change {
            target: "quickbooks".to_owned(),
            action: Action::Create,
            entity: "SalesReceipt".to_owned(),
            source: RecordKey::order(nth as u64, &nth.to_string()),
            label: nth.to_string(),
            txn_date: None,
            currency: Some("CAD".to_owned()),
            total: Some(Money::cents(150)),
            tax_total: None,
            target_id: None,
            body: Some("{}".to_owned()),
            warnings: Vec::new(),
            reason: None,
        }
    }

    #[test]
    fn rows_take_no_documents_place_and_the_shop_moves_no_money() {
        let to = |target: &str, nth: usize| Change {
            target: target.to_owned(),
            ..change(nth)
        };
        let mut parts = Parts::of(&run("one"));
        for nth in 0..LISTED_MAX + 5 {
            parts.name(to("supabase", nth));
        }
        for nth in 0..LISTED_MAX {
            parts.name(change(nth));
        }
        assert_eq!(parts.changes.len(), 2 * LISTED_MAX);
        assert!(parts.unlisted.is_empty(), "rows are no documents");
        parts.name(to("woocommerce", 1));
        assert!(parts.unlisted.sums.is_empty());
        assert_eq!(parts.unlisted.writes, 1);
        // What writes nothing is in the history all the same, for whoever lists all.
        parts.unlisted = UnlistedChanges::default();
        parts.name(Change {
            action: Action::None,
            ..change(1)
        });
        assert!(!parts.unlisted.is_empty());
        assert_eq!(parts.unlisted.writes, 0);
    }

    #[test]
    fn what_has_warnings_is_named_behind_the_first_thousand_too() {
        let warned = |nth: usize| Change {
            warnings: vec![Reason::new("rounding_line", "a cent")],
            ..change(nth)
        };
        let mut parts = Parts::of(&run("one"));
        for nth in 0..=LISTED_MAX {
            parts.name(change(nth));
        }
        parts.name(warned(1));
        assert_eq!(parts.changes.len(), LISTED_MAX + 1);
        assert_eq!((parts.unlisted.writes, parts.unlisted.warned), (1, 0));
        for nth in 0..LISTED_MAX {
            parts.name(warned(nth));
        }
        assert_eq!(parts.changes.len(), 2 * LISTED_MAX);
        assert_eq!((parts.unlisted.writes, parts.unlisted.warned), (2, 1));
    }

    #[test]
    fn what_is_too_much_to_be_named_is_counted() {
        let first = run("one");
        let mut parts = Parts::of(&first);
        let part = |from: usize, count: usize| LegReports {
            books: Some(Report {
                changes: (from..from + count).map(change).collect(),
                ..Report::default()
            }),
            ..LegReports::default()
        };
        let mut last = parts.next(first, part(0, LISTED_MAX - 1), DateTime::UNIX_EPOCH);
        last.id = "two".to_owned();
        let mut report = part(LISTED_MAX, 3).whole();
        let runs = parts.join(&mut last, &mut report);
        assert_eq!(runs, ["one", "two"]);
        assert_eq!(report.changes.len(), LISTED_MAX);
        let unlisted = report.unlisted;
        assert_eq!(unlisted.writes, 2);
        let sums: Vec<_> = unlisted.sums.into_values().collect();
        assert_eq!(sums, [(2, Money::cents(300))]);
    }

    #[test]
    fn figures_add_up_and_the_answer_is_the_first_runs() {
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
        assert_eq!(parts.join(&mut second, &mut Report::default()), [""; 0]);
        let sum = &second.tallies["quickbooks"];
        assert_eq!(
            (second.id.as_str(), sum.created, sum.requests.reads),
            ("one", 5, 14)
        );
    }
}
