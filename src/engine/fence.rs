//! Fence: whether somebody else posts for this shop, with another state file or from another machine.
//!
//! The lock and the numbers of runs keep apart what works with one state file. Two files know nothing of each other: a copy of
//! the folder, a second machine. But each document carries our mark, and the books say what was written lately. So before a run
//! creates anything the books are asked once what carries our mark that this state file has no link and no ticket for; whatever
//! is found there stops the run, and the next one takes it up. Where the company takes two documents of one number, the question
//! is put once more when the first request was answered: of two runs at one time at least one then sees the other.
//!
//! Times are the company's own. What this cannot tell: which of two runs is the right one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::connector::port::{LedgerReader, LedgerWriter, MarkedDocument, Since, WrittenLately};
use crate::model::code;
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::link::Link;
use crate::model::plan::{Action, Plan, Remote, RemoteKind, Subject};
use crate::model::problem::Problem;
use crate::model::ticket::Found;
use crate::store::{
    Memory, MemoryWriter, StoreError, TicketOutcome, WriteTried, keep_value, kept_value,
};

use super::context::ApplyContext;
use super::error::EngineError;
use super::renamed;
use super::standing::{OrderStanding, Survey};

/// The code of a run that stopped because somebody else posts.
const CODE: &str = code::POSTED_ELSEWHERE;

/// The code of a document that is in the books twice.
const DOUBLED: &str = code::DUPLICATE_FOUND;

/// What the survey has seen in the books: how often each document there says to have been written.
pub(super) type BooksAsSeen = BTreeMap<(RemoteKind, String), u32>;

/// What is remembered of the books from one look to the next.
#[derive(Debug, Default, Serialize, Deserialize)]
struct RememberedBooks {
    /// By the company's clock; everything of ours up to then was looked at.
    through: Option<DateTime<Utc>>,
    /// What stopped a run already and is in no link: it stops no other one.
    told: BTreeSet<String>,
    /// The next run asks for every mark, to take up what somebody else has posted.
    ask_for_marks: bool,
}

impl RememberedBooks {
    fn read(memory: &dyn Memory, target: &str) -> Result<RememberedBooks, StoreError> {
        kept_value(memory, &place(target))
    }

    fn keep(
        &self,
        memory: &dyn MemoryWriter,
        target: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        keep_value(memory, &place(target), self, now)
    }
}

fn place(target: &str) -> String {
    format!("fence/{target}")
}

pub(super) fn seen(survey: &Survey<'_>) -> BooksAsSeen {
    let all = survey.accounts.values().flat_map(|standing| {
        let current = standing.current.values().flatten();
        standing.adopted.values().chain(current)
    });
    seen_among(all)
}

/// The same of what was read by day, for what is no order.
pub(super) fn seen_among<'a>(found: impl Iterator<Item = &'a Found>) -> BooksAsSeen {
    found
        .map(|found| {
            let marker = found.marker.as_ref();
            (
                name(&found.remote),
                marker.map_or(0, |marker| marker.revision),
            )
        })
        .collect()
}

/// The look for what is no order: what orders are still to take up stays to be taken up.
pub(super) async fn look_beside_orders<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    seen: &BooksAsSeen,
) -> Result<(), EngineError> {
    let target = hands.target.name();
    let waits = RememberedBooks::read(hands.store, target)?.ask_for_marks;
    let looked = look(hands, seen).await;
    if waits {
        let mut known = RememberedBooks::read(hands.store, target)?;
        known.ask_for_marks = true;
        known.keep(hands.store, target, hands.clock.now())?;
    }
    looked
}

/// Whether all marks are to be asked for, because the state file may not know everything that is ours.
pub fn asks_for_marks(
    memory: &dyn Memory,
    target: &str,
    problems: &[Problem],
) -> Result<bool, StoreError> {
    let is_open = problems
        .iter()
        .any(|problem| problem.reason.code == DOUBLED);
    Ok(is_open
        || renamed::is_waiting(problems)
        || RememberedBooks::read(memory, target)?.ask_for_marks)
}

/// Whether the plan makes documents.
pub(super) fn creates(plan: &Plan) -> bool {
    plan.steps
        .iter()
        .any(|step| step.action == Action::Create && matches!(step.subject, Subject::Document(_)))
}

/// Nothing is about to be created, so nothing has to be asked: what was to be taken up is taken up.
pub(super) fn note_quiet<T: LedgerWriter>(hands: &ApplyContext<'_, T>) -> Result<(), StoreError> {
    let target = hands.target.name();
    let mut known = RememberedBooks::read(hands.store, target)?;
    if !known.ask_for_marks {
        return Ok(());
    }
    known.ask_for_marks = false;
    known.keep(hands.store, target, hands.clock.now())
}

/// Asks the books before the first create, and says who else posts.
pub(super) async fn look<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    seen: &BooksAsSeen,
) -> Result<(), EngineError> {
    let target = hands.target.name();
    let mut known = RememberedBooks::read(hands.store, target)?;
    let since = match known.through {
        Some(through) => Since::Theirs(through),
        // Nothing is known of before; the survey of this run looked for what it is about.
        None => Since::Ours(
            hands
                .store
                .run(hands.run_id)?
                .map_or_else(|| hands.clock.now(), |run| run.started_at),
        ),
    };
    let lately = hands.target.written_lately(since).await?;
    let strangers = strangers(hands, &known, seen, &lately)?;
    known.through = Some(lately.through);
    known.ask_for_marks = !strangers.is_empty();
    known
        .told
        .extend(strangers.iter().map(|found| told_as(found)));
    known.keep(hands.store, target, hands.clock.now())?;
    if strangers.is_empty() {
        return Ok(());
    }
    Err(EngineError::Fault(stopped(hands, &strangers)?))
}

fn strangers<'a, T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    known: &RememberedBooks,
    seen: &BooksAsSeen,
    lately: &'a WrittenLately,
) -> Result<Vec<&'a MarkedDocument>, StoreError> {
    let target = hands.target.name();
    let mut strangers = Vec::new();
    for found in &lately.documents {
        let marker = &found.marker;
        if marker.store != hands.rules.store {
            continue;
        }
        let is_seen = seen
            .get(&name(&found.remote))
            .is_some_and(|seen| *seen >= marker.revision);
        if is_seen || known.told.contains(&told_as(found)) {
            continue;
        }
        let subject = Subject::Document(marker.key);
        let link = hands.store.link(target, &subject)?;
        let linked = link.filter(|link| is_same(link, found));
        if linked
            .as_ref()
            .is_some_and(|link| link.revision >= marker.revision)
        {
            continue;
        }
        // Of old, and only touched since: a person edits what was never ours to know.
        if linked.is_none() && found.made_at.is_some_and(|at| at < lately.since) {
            continue;
        }
        let tried = hands.store.tried(target, &subject)?;
        if !tried.iter().any(|tried| is_our_own(tried, found)) {
            strangers.push(found);
        }
    }
    Ok(strangers)
}

/// Whether one of our own tickets wrote it so.
fn is_our_own(tried: &WriteTried, found: &MarkedDocument) -> bool {
    let meant = tried.write.marker.as_ref().map(|marker| marker.revision);
    if meant.is_none_or(|meant| meant < found.marker.revision) {
        return false;
    }
    match &tried.outcome {
        None => true,
        Some(TicketOutcome::Done(done)) => done.remote.id == found.remote.id,
        Some(_) => tried
            .write
            .remote
            .as_ref()
            .is_some_and(|remote| remote.id == found.remote.id),
    }
}

fn is_same(link: &Link, found: &MarkedDocument) -> bool {
    link.remote.entity == found.remote.entity && link.remote.id == found.remote.id
}

fn name(remote: &Remote) -> (RemoteKind, String) {
    (remote.entity, remote.id.clone())
}

fn told_as(found: &MarkedDocument) -> String {
    let remote = &found.remote;
    format!("{} {} {}", remote.entity, remote.id, found.marker.revision)
}

/// What is told of them; more than a few are counted.
fn stopped<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    strangers: &[&MarkedDocument],
) -> Result<Fault, StoreError> {
    const FEW: usize = 5;
    let mut named = Vec::new();
    for found in strangers.iter().take(FEW) {
        let remote = &found.remote;
        let mut words = format!("{} {} (`{}`)", remote.entity, remote.id, found.label);
        let subject = Subject::Document(found.marker.key);
        let ours = hands.store.link(hands.target.name(), &subject)?;
        if let Some(ours) = ours.filter(|ours| !is_same(ours, found)) {
            words.push_str(&format!(
                ", of which this state file has made a second one, id {}",
                ours.remote.id
            ));
        }
        named.push(words);
    }
    if strangers.len() > FEW {
        named.push(format!("and {} more", strangers.len() - FEW));
    }
    Ok(Fault::new(
        Remedy::Stop,
        CODE,
        format!(
            "somebody else posts for the shop `{}`: QuickBooks holds documents with its mark that were written lately and that this state file does not know: {}",
            hands.rules.store,
            named.join("; ")
        ),
    )
    .hint(
        "let one udsync alone keep these books, from one machine and with one state file (look at `udsync schedule list` and at \
         copies of this folder); then run `udsync sync orders`: it takes up what was posted, and posts nothing of it twice",
    ))
}

/// The hold of a document that the books have twice.
pub(super) fn doubled(standing: &OrderStanding<'_>, link: &Link, second: &Found) -> Reason {
    Reason::new(
        DOUBLED,
        format!(
            "order {} is in the books twice: as {} {}, which this state file knows, and as {} {} (`{}`)",
            standing.number,
            link.remote.entity,
            link.remote.id,
            second.remote.entity,
            second.remote.id,
            second.label
        ),
    )
    .hint(format!(
        "delete or void {} {} in QuickBooks, then run `udsync retry --all`",
        second.remote.entity, second.remote.id
    ))
}

/// Whether the company lets a second document of a number in, so that two runs at one time are not stopped by it.
pub(super) async fn takes_doubles<F: LedgerReader>(finder: &F) -> Result<bool, Fault> {
    Ok(finder.company().await?.refuses_duplicates != Some(true))
}
