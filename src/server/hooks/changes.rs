//! Changes in the books that no webhook told: the books are asked every hour while webhooks come, and every few minutes while they do not.
//!
//! A place in time is kept, by the ledger's own clock. It moves only over what was read: kinds of which more changed than an answer holds
//! are read whole instead, and so is everything when the place is older than the books remember. What we wrote ourselves is known by its
//! count of changes. What somebody else wrote goes into the inbox like any notice; and when nobody announced it for half an hour, the
//! webhooks are silent, which the owner is told.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::super::shops::ServedShop;
use super::super::state::ServerState;
use super::named::{is_payment, may_pay};
use super::shop::HookShop;
use super::told::{begin, end, guard};
use crate::app::webhooks::troubles;
use crate::app::{App, COMPARED};
use crate::connector::quickbooks::notices::{BookChanges, ChangedThing};
use crate::model::delivery::{DeliverySource, NamedThing};
use crate::model::plan::Entity;
use crate::model::service::Service;
use crate::run::{Ending, Failure, RunRequest, RunSubject, Selection};
use crate::store::{Memory, Store, keep_value, kept_value};

/// Under which name the state file keeps the place.
const NAME: &str = "quickbooks changes";
const BOOKS: &str = Service::Quickbooks.as_str();
/// The books remember thirty days.
const REMEMBERED: TimeDelta = TimeDelta::days(29);
/// Where nothing is known yet, it begins so long ago.
const FIRST: TimeDelta = TimeDelta::days(25);
/// A webhook is late no longer than this.
const LATE: TimeDelta = TimeDelta::minutes(30);
/// Between two clocks.
const LEEWAY: TimeDelta = TimeDelta::minutes(5);
/// So much is kept of what was seen, and of what nobody announced.
const SEEN_MAX: usize = 4_000;
const UNTOLD_MAX: usize = 50;

pub(super) struct BooksChanges {
    cdc: Duration,
    cdc_silent: Duration,
    last: Option<Instant>,
}

/// What is kept between two questions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct ChangesPlace {
    /// Everything up to here was read.
    through: Option<DateTime<Utc>>,
    /// What the last answer held: it comes again, because answers overlap.
    #[serde(default)]
    seen: Vec<String>,
    /// What somebody else changed and no webhook has told yet.
    #[serde(default)]
    untold: Vec<Untold>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Untold {
    thing: NamedThing,
    at: DateTime<Utc>,
}

impl BooksChanges {
    pub fn new(state: &ServerState) -> BooksChanges {
        BooksChanges {
            cdc: state.options.settings.cdc,
            cdc_silent: state.options.settings.cdc_silent,
            last: None,
        }
    }

    /// Asks, if it is time. Nothing of it stops the worker.
    pub async fn look(&mut self, state: &ServerState, shop: &ServedShop, hooks: &HookShop) {
        let every = match self.hears(state, hooks) {
            true => self.cdc,
            false => self.cdc_silent,
        };
        // The first look can wait too: the sweep at the start is on its way.
        let last = *self.last.get_or_insert_with(Instant::now);
        if last.elapsed() < every {
            return;
        }
        self.last = Some(Instant::now());
        if let Err(failure) = ask(state, shop, hooks).await {
            tracing::warn!(
                shop = shop.name,
                code = failure.code,
                said = failure.message,
                "the books could not be asked what changed"
            );
        }
    }

    /// Whether webhooks of the books have come lately.
    fn hears(&self, state: &ServerState, hooks: &HookShop) -> bool {
        let lately = TimeDelta::from_std(self.cdc).unwrap_or(TimeDelta::hours(1));
        let told = hooks
            .inbox
            .told_last(&hooks.name, DeliverySource::Quickbooks);
        let last = told.ok().and_then(|told| told.into_values().max());
        last.is_some_and(|at| state.clock.now() - at < lately)
    }
}

async fn ask(state: &ServerState, shop: &ServedShop, hooks: &HookShop) -> Result<(), Failure> {
    let app = shop.open()?;
    if app.config.quickbooks.is_none() {
        return Ok(());
    }
    let store = app.store()?;
    let now = state.clock.now();
    let mut place: ChangesPlace = kept_value(&store, NAME)?;
    let since = match place.through {
        Some(through) if now - through < REMEMBERED => through,
        // Nothing was asked for so long that the books have forgotten part of it.
        Some(_) => {
            let began = now;
            read_all(shop).await?;
            place = ChangesPlace {
                through: Some(began - LEEWAY),
                ..ChangesPlace::default()
            };
            return Ok(keep_value(&store, NAME, &place, now)?);
        }
        None => {
            let compared = store.kept(COMPARED)?.map(|(_, at)| at - LEEWAY);
            compared.unwrap_or(now - FIRST).max(now - FIRST)
        }
    };
    let changes = changed(&app, &store, since).await?;
    let foreign = foreign(&store, &changes, &place)?;
    let looked_at: Vec<NamedThing> = foreign.iter().map(|one| one.thing.clone()).collect();
    hooks.inbox.put(
        &hooks.name,
        DeliverySource::Quickbooks,
        &concerning_us(&app, &store, looked_at)?,
        now,
    )?;
    hooks.ripens.notify_one();
    if !changes.beyond.is_empty() {
        // More changed than an answer holds, and what it left out nobody has read.
        read_all(shop).await?;
    }
    place.untold.extend(foreign.iter().filter_map(|one| {
        Some(Untold {
            thing: one.thing.clone(),
            at: one.changed_at?,
        })
    }));
    let silent = silent_since(state, hooks, &mut place, now)?;
    place.seen = changes.things.iter().map(mark).take(SEEN_MAX).collect();
    place.through = changes.through.or(place.through);
    keep_value(&store, NAME, &place, now)?;
    // Where no token is kept, nobody expects webhooks.
    if hooks.known().secrets.books.is_empty() {
        return Ok(());
    }
    match silent {
        Some(untold) => {
            let said = format!(
                "{} {} was changed in QuickBooks on {}, and no webhook has told it",
                untold.thing.kind,
                untold.thing.id,
                untold.at.format("%Y-%m-%d at %H:%M UTC")
            );
            begin(
                state,
                shop,
                troubles::silent(DeliverySource::Quickbooks, &said),
            )
            .await
        }
        None if place.untold.is_empty() => {
            let subject = troubles::silent_subject(DeliverySource::Quickbooks);
            end(state, shop, subject).await
        }
        None => Ok(()),
    }
}

async fn changed(app: &App, store: &Store, since: DateTime<Utc>) -> Result<BookChanges, Failure> {
    let given = app.sign_in(store)?;
    let books = app.target(store, &given)?;
    Ok(books.changed_since(since).await?)
}

/// What somebody else changed, and was not seen before.
fn foreign<'c>(
    store: &Store,
    changes: &'c BookChanges,
    place: &ChangesPlace,
) -> Result<Vec<&'c ChangedThing>, Failure> {
    let mut foreign = Vec::new();
    for one in &changes.things {
        if place.seen.contains(&mark(one)) {
            continue;
        }
        let links = store.links_of_remote(BOOKS, &one.thing.kind, &one.thing.id)?;
        let is_ours = links
            .iter()
            .any(|link| !one.is_deleted && link.remote.revision == one.revision);
        if !is_ours {
            foreign.push(one);
        }
    }
    Ok(foreign)
}

/// Of these, what is linked to something of the shop, and payments, which may settle an invoice that is. Nothing else is looked at.
fn concerning_us(
    app: &App,
    store: &Store,
    things: Vec<NamedThing>,
) -> Result<Vec<NamedThing>, Failure> {
    let may_pay = may_pay(app, store)?;
    let mut ours = Vec::new();
    for thing in things {
        let links = store.links_of_remote(BOOKS, &thing.kind, &thing.id)?;
        if !links.is_empty() || may_pay && is_payment(&thing.kind) {
            ours.push(thing);
        }
    }
    Ok(ours)
}

/// By what a state of a thing is known again.
fn mark(one: &ChangedThing) -> String {
    format!("{} {} {}", one.thing.kind, one.thing.id, one.revision)
}

/// The first change that a webhook should have told by now. What was told meanwhile is forgotten.
fn silent_since(
    state: &ServerState,
    hooks: &HookShop,
    place: &mut ChangesPlace,
    now: DateTime<Utc>,
) -> Result<Option<Untold>, Failure> {
    if !state.options.settings.webhooks.quickbooks {
        place.untold.clear();
        return Ok(None);
    }
    let mut told = Vec::new();
    for one in &place.untold {
        told.push(hooks.inbox.was_told(
            &hooks.name,
            DeliverySource::Quickbooks,
            &one.thing,
            one.at - LEEWAY,
        )?);
    }
    let mut told = told.into_iter();
    place.untold.retain(|_| !told.next().unwrap_or(false));
    Ok(overdue(&mut place.untold, now))
}

/// The first of these that a webhook should have told by now. It is said once: what changes later is another matter.
fn overdue(untold: &mut Vec<Untold>, now: DateTime<Utc>) -> Option<Untold> {
    untold.sort_by_key(|one| one.at);
    untold.dedup();
    untold.truncate(UNTOLD_MAX);
    let silent = untold.iter().find(|one| now - one.at >= LATE).cloned();
    untold.retain(|one| now - one.at < LATE);
    silent
}

/// Everything of the shop and all that was ever posted.
async fn read_all(shop: &ServedShop) -> Result<(), Failure> {
    let request = RunRequest {
        command: "sweep",
        subject: RunSubject::Records(Selection {
            entities: vec![Entity::Order],
            full: true,
            verify: true,
            ..Selection::default()
        }),
        ending: Ending::Apply,
        guard: guard(shop),
        lists_unchanged: false,
    };
    let end = shop.runs.wait_and_run(request).await?;
    end.outcome().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untold(id: &str, minute: i64) -> Untold {
        Untold {
            thing: NamedThing::new("Invoice", id),
            at: DateTime::from_timestamp(minute * 60, 0).expect("a moment"),
        }
    }

    #[test]
    fn webhooks_are_silent_when_nobody_told_a_change_for_half_an_hour() {
        let at = |minute: i64| DateTime::from_timestamp(minute * 60, 0).expect("a moment");
        let mut waits = vec![untold("9", 20), untold("7", 10), untold("7", 10)];
        assert_eq!(overdue(&mut waits, at(39)), None, "on its way");
        assert_eq!(waits.len(), 2, "each once");
        assert_eq!(overdue(&mut waits, at(40)), Some(untold("7", 10)));
        assert_eq!(overdue(&mut waits, at(41)), None, "said once");
        assert_eq!(overdue(&mut waits, at(50)), Some(untold("9", 20)));
        assert!(waits.is_empty());
    }
}
