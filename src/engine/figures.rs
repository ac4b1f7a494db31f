//! Figures: whether what the shop shows is what was charged, as far as its *Number of decimals* goes, from run to run.
//!
//! The setting is looked at with every run, and what was seen is kept with the state. Which orders are believed, `books` says; here is what
//! is remembered of it: the orders that were read in vain, so that they are read again when the setting is back, and the one problem that
//! stands for all of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::error::EngineError;
use super::gather::Gathered;
use super::standing::{links, posted};
use crate::books;
use crate::connector::port::ShopReader;
use crate::model::decimals::{Coarsened, Decimals};
use crate::model::fault::Reason;
use crate::model::plan::{Entity, Hold, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::store::{
    Memory, MemoryWriter, ProblemFound, Problems, ProblemsWriter, StateReader, StateWriter,
    StoreError, keep_value, kept_value,
};

/// Under which name the state file keeps it.
const NAME: &str = "decimals";

/// How the problem is known that stands for all orders: no order has such an id.
const PROBLEM: &str = "decimals.";

/// What is remembered of the setting, without asking anybody.
pub fn known(store: &dyn StateReader) -> Result<Decimals, StoreError> {
    with_consent(store, kept(store)?)
}

/// Asks the shop what the setting is now. A shop that does not tell is believed to have left it.
pub async fn look<S: ShopReader>(
    source: &S,
    store: &dyn StateReader,
    now: DateTime<Utc>,
) -> Result<Decimals, EngineError> {
    let told = source.decimals().await?;
    let mut decimals = kept(store)?;
    if let Some(told) = told {
        decimals.seen(told, now);
    }
    Ok(with_consent(store, decimals)?)
}

fn kept(memory: &dyn Memory) -> Result<Decimals, StoreError> {
    kept_value(memory, NAME)
}

/// Somebody who set the problem aside has said that the setting is meant.
fn with_consent(problems: &dyn Problems, mut decimals: Decimals) -> Result<Decimals, StoreError> {
    decimals.accepted = match source(&decimals) {
        None => false,
        Some(source) => problems.problems(None, true)?.iter().any(|problem| {
            problem.source.id == source.id && problem.state == ProblemState::SetAside
        }),
    };
    Ok(decimals)
}

pub fn keep(
    memory: &dyn MemoryWriter,
    decimals: &Decimals,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    keep_value(memory, NAME, decimals, now)
}

/// Notes orders to be read again, and those that were.
pub fn remember(
    store: &dyn StateWriter,
    believed: &BTreeSet<u64>,
    doubted: &BTreeSet<u64>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut decimals = known(store)?;
    let before = decimals.waiting.clone();
    decimals.waiting.retain(|order| !believed.contains(order));
    decimals.waiting.extend(doubted);
    if decimals.waiting == before {
        return Ok(());
    }
    keep(store, &decimals, now)
}

/// Notes what the copy was not shown; where it is alone also what it was shown again.
pub fn withheld(
    store: &dyn StateWriter,
    gathered: &Gathered,
    is_alone: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let decimals = &gathered.decimals;
    let shown = match is_alone {
        true => decimals.ready(),
        false => BTreeSet::new(),
    };
    let unshown = match decimals.accepted {
        true => BTreeSet::new(),
        false => gathered.unshown.clone(),
    };
    remember(store, &shown, &unshown, now)
}

/// The one problem for a target, as it was filed.
pub fn filed(
    problems: &dyn Problems,
    target: &str,
    decimals: &Decimals,
) -> Result<Option<Problem>, StoreError> {
    let known = problems.problems(Some(target), false)?;
    Ok(hold(decimals).and_then(|hold| {
        known
            .into_iter()
            .find(|problem| problem.source == hold.source)
    }))
}

/// Files the one problem for a target, or settles it.
pub fn file(
    problems: &dyn ProblemsWriter,
    target: &str,
    decimals: &Decimals,
    run_id: &str,
    now: DateTime<Utc>,
) -> Result<Option<Problem>, StoreError> {
    let hold = hold(decimals);
    let known = problems.problems(Some(target), false)?;
    for problem in known.iter().filter(|problem| is_ours(problem)) {
        if hold
            .as_ref()
            .is_none_or(|hold| hold.source != problem.source)
        {
            problems.resolve(target, &problem.source, &[])?;
        }
    }
    let Some(hold) = hold else {
        return Ok(None);
    };
    let complaint = ProblemFound {
        target,
        source: &hold.source,
        subject: None,
        state: ProblemState::Held,
        reason: &hold.reason,
        retryable: false,
        tries: 0,
    };
    problems.raise(&complaint, run_id, now).map(Some)
}

/// The one problem, while there is a reason for it.
pub fn hold(decimals: &Decimals) -> Option<Hold> {
    let coarsened = decimals.coarsened().filter(|_| !decimals.accepted)?;
    Some(Hold {
        source: source(decimals)?,
        subject: None,
        reason: books::decimals_changed(&coarsened),
    })
}

/// Why it is one.
pub fn reason(coarsened: &Coarsened) -> Reason {
    books::decimals_changed(coarsened)
}

/// Whether a problem is the one that stands for all orders.
pub fn is_ours(problem: &Problem) -> bool {
    problem.source.entity == Entity::Order && problem.source.id.starts_with(PROBLEM)
}

fn source(decimals: &Decimals) -> Option<RecordKey> {
    let coarsened = decimals.coarsened()?;
    Some(RecordKey {
        entity: Entity::Order,
        id: format!("{PROBLEM}{}", coarsened.nth),
        // As the message has it.
        number: "Number of decimals".to_owned(),
    })
}

/// Lets every order be read with the decimals that it was made with.
pub(super) fn at_own_decimals(
    memory: &dyn Memory,
    target: &str,
    gathered: &mut Gathered,
) -> Result<(), StoreError> {
    if gathered.decimals.is_usual() {
        return Ok(());
    }
    for (id, order) in &mut gathered.orders {
        let posted = posted(&links(target, memory, *id)?, &BTreeMap::new());
        books::at_own_decimals(order, &posted, &gathered.decimals);
    }
    Ok(())
}

/// The orders whose figures could be believed, and those that wait.
pub(super) fn read_and_doubted(
    gathered: &Gathered,
    memory: &dyn Memory,
    target: &str,
) -> Result<(BTreeSet<u64>, BTreeSet<u64>), StoreError> {
    let (mut believed, mut doubted) = (BTreeSet::new(), gathered.unshown.clone());
    if gathered.decimals.is_usual() {
        return Ok((believed, doubted));
    }
    for (id, order) in &gathered.orders {
        let posted = posted(&links(target, memory, *id)?, &BTreeMap::new());
        let set = match books::is_doubted(order, &posted, &gathered.decimals) {
            true => &mut doubted,
            false => &mut believed,
        };
        set.insert(*id);
    }
    believed.extend(&gathered.gone);
    if gathered.decimals.accepted {
        // Rows that would lose their cents are left as they are for good.
        doubted.clear();
    }
    believed.retain(|order| !doubted.contains(order));
    Ok((believed, doubted))
}
