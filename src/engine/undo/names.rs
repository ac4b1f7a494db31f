//! Names: customers and items of the books that a run changed get their former words back.
//!
//! What a run made stays: documents name it, and the next order would make it again. What it changed is made what it was, in the fields
//! that differ and in no other one. Nobody else may have touched it since: the ledger's own count of its changes says whether somebody
//! has.

use std::collections::BTreeMap;

use crate::connector::port::{Draft, LedgerReader};
use crate::engine::both_ways::{WrittenFields, add_written, customer_as_before, item_as_before};
use crate::engine::error::EngineError;
use crate::model::code;
use crate::model::draft::CustomerInBooks;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::names::ItemEntry;
use crate::model::plan::{Action, RecordKey, Remote, RemoteKind, Step, Subject};
use crate::model::ticket::BeforeImage;
use crate::store::{StateReader, StoreError, TicketOutcome, WriteDone};

use super::effects::{RunEffect, effect};
use super::guards::UndoObstacle;
use super::later::{later_run, takes_back};

/// What becomes of the names that a run wrote.
#[derive(Default)]
pub(super) struct NamesBack {
    pub steps: Vec<Step>,
    pub obstacles: Vec<UndoObstacle>,
    pub written: WrittenFields,
    /// So many were made, and stay.
    pub made: usize,
}

/// A name that the run changed.
struct ChangedName {
    subject: Subject,
    source: RecordKey,
    label: String,
    what: RunEffect,
    /// As whoever wrote last of us has left it.
    left: Remote,
    /// Somebody else changed it between two of our writes: to make it what it was before the first would undo that too.
    edited_between: bool,
}

impl ChangedName {
    fn called(&self) -> String {
        match self.left.entity {
            RemoteKind::Item => format!("item `{}`", self.label),
            _ => format!("customer {} (id {})", self.source.number, self.left.id),
        }
    }
}

/// What stands in the books of a name.
enum NameNow<'a> {
    Customer(&'a CustomerInBooks),
    Item(&'a ItemEntry),
}

pub(super) async fn plan<F: LedgerReader>(
    finder: &F,
    store: &dyn StateReader,
    run: &str,
) -> Result<NamesBack, EngineError> {
    let (names, made) = changed(store, finder.name(), run)?;
    let mut back = NamesBack {
        made,
        ..NamesBack::default()
    };
    let ids = |entity: RemoteKind| -> Vec<String> {
        let of = names.iter().filter(|name| name.left.entity == entity);
        of.map(|name| name.left.id.clone()).collect()
    };
    let (customers, items) = (ids(RemoteKind::Customer), ids(RemoteKind::Item));
    let cards: BTreeMap<String, CustomerInBooks> = match customers.is_empty() {
        true => BTreeMap::new(),
        false => {
            let read = finder.customers(&customers).await?.into_iter().flatten();
            read.map(|card| (card.remote.id.clone(), card)).collect()
        }
    };
    let items: BTreeMap<String, ItemEntry> = match items.is_empty() {
        true => BTreeMap::new(),
        false => {
            let read = finder.items(&items).await?.into_iter().flatten();
            read.map(|item| (item.id.clone(), item)).collect()
        }
    };
    for name in &names {
        let id = &name.left.id;
        let now = match name.left.entity {
            RemoteKind::Item => items.get(id).map(NameNow::Item),
            _ => cards.get(id).map(NameNow::Customer),
        };
        match step(finder, name, now, &mut back.written) {
            Ok(step) => back.steps.push(step),
            Err(reason) => back.obstacles.push(UndoObstacle {
                order: name.source.clone(),
                document: name.called(),
                id: Some(id.clone()),
                reason,
            }),
        }
    }
    Ok(back)
}

/// The names of which something of the run is left, and how many it made.
fn changed(
    store: &dyn StateReader,
    target: &str,
    run: &str,
) -> Result<(Vec<ChangedName>, usize), StoreError> {
    let (mut names, mut made) = (Vec::new(), 0);
    for subject in store.subjects_of_run(target, run)? {
        if matches!(subject, Subject::Document(_)) {
            continue;
        }
        let history = store.done_to(target, &subject)?;
        let is_made = |done: &WriteDone| done.run_id == run && done.write.action == Action::Create;
        if history.iter().any(is_made) {
            made += 1;
            continue;
        }
        let taken = takes_back(store, history.iter().map(|done| done.run_id.as_str()))?;
        let Some(effect) = effect(&history, &|run| taken.get(run).cloned(), run) else {
            continue;
        };
        let first = history.iter().position(|done| done.run_id == run);
        let edited_between = history[first.unwrap_or(0)..]
            .windows(2)
            .any(|two| left_as(&two[0]) != two[1].write.remote.as_ref().map(|it| &it.revision));
        let last = history.last();
        let Some((label, TicketOutcome::Done(found))) =
            last.map(|done| (done.write.label.clone(), &done.outcome))
        else {
            continue;
        };
        names.push(ChangedName {
            source: effect.source,
            what: effect.what,
            left: found.remote.clone(),
            edited_between,
            subject,
            label,
        });
    }
    Ok((names, made))
}

/// In which revision a write left it.
fn left_as(done: &WriteDone) -> Option<&String> {
    match &done.outcome {
        TicketOutcome::Done(found) => Some(&found.remote.revision),
        _ => None,
    }
}

fn step<F: LedgerReader>(
    finder: &F,
    name: &ChangedName,
    now: Option<NameNow<'_>>,
    written: &mut WrittenFields,
) -> Result<Step, Reason> {
    let former = match &name.what {
        RunEffect::Covered { by } => return Err(later_run(&name.called(), Some(by))),
        RunEffect::Changed { former, .. } => former.as_ref(),
        RunEffect::Made | RunEffect::Voided | RunEffect::Removed => None,
    };
    let former = former.ok_or_else(|| kept_no_more(name))?;
    let (revision, is_active) = match &now {
        Some(NameNow::Customer(card)) => (card.remote.revision.as_str(), card.active),
        Some(NameNow::Item(item)) => (item.revision.as_str(), item.active),
        None => ("", false),
    };
    if !is_active || name.edited_between || revision != name.left.revision {
        return Err(edited(name, is_active));
    }
    let (encoded, fields) = match now {
        Some(NameNow::Customer(card)) => {
            let was = finder
                .customer_of(former)
                .ok_or_else(|| kept_no_more(name))?;
            let (change, fields) = customer_as_before(&was, card);
            let draft = Draft::CustomerChange {
                change: &change,
                remote: &card.remote,
            };
            (finder.encode(draft)?, fields)
        }
        Some(NameNow::Item(item)) => {
            let was = item_of(finder, former, name)?;
            let (change, fields) = item_as_before(&was, item).ok_or_else(|| had_no_price(name))?;
            let draft = Draft::ItemChange {
                item,
                change: &change,
            };
            (finder.encode(draft)?, fields)
        }
        None => return Err(kept_no_more(name)),
    };
    add_written(written, &name.source, fields);
    let (source, subject) = (name.source.clone(), name.subject.clone());
    Ok(Step {
        remote: Some(name.left.clone()),
        body: Some(encoded.body),
        label: name.label.clone(),
        // No content of the shop is like it: whoever asks for the record again has it compared anew.
        made_from: Some(Fingerprint::of(&"taken back")),
        ..Step::bare(Action::Update, source, subject, name.left.entity)
    })
}

fn item_of<F: LedgerReader>(
    finder: &F,
    former: &BeforeImage,
    name: &ChangedName,
) -> Result<ItemEntry, Reason> {
    finder.item_of(former).ok_or_else(|| kept_no_more(name))
}

fn kept_no_more(name: &ChangedName) -> Reason {
    Reason::new(
        code::FORMER_CONTENT_GONE,
        format!(
            "{} was changed by the run, and what it was before is not kept any more",
            name.called()
        ),
    )
    .hint("write it back in QuickBooks by hand; `keep_bodies` in `[privacy]` says how long such content is kept")
}

fn had_no_price(name: &ChangedName) -> Reason {
    Reason::new(
        code::FORMER_CONTENT_GONE,
        format!(
            "{} had no price before the run, and nothing but a person takes a price off an item",
            name.called()
        ),
    )
    .hint("take the price off in QuickBooks by hand, and leave the product out with `--partial`")
}

fn edited(name: &ChangedName, is_there: bool) -> Reason {
    let what = match is_there {
        true => "was edited in QuickBooks since",
        false => "is not there any more in QuickBooks, or was made inactive",
    };
    Reason::new(
        code::EDITED_IN_QUICKBOOKS,
        format!("{} {what}", name.called()),
    )
    .hint("write back by hand what the run had changed, and leave the record out with `--partial`")
}
