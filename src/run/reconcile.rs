//! Reconcile: reads both sides of a period afresh, compares them, and keeps what came of it. Nothing is written to any service.
//!
//! It takes the lock like a run: whatever another run is posting right now would look like a difference.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;

use super::aim::{Aim, Share};
use super::failure::{Failure, exit};
use super::interrupted::interruptible;
use super::legs::Legs;
use super::listener::Listener;
use super::lock;
use super::scope;
use crate::app::App;
use crate::books::reconciled::{Proof, reconcile as compare, reconcile_copy};
use crate::connector::port::{LedgerReader, Period, Tables};
use crate::connector::quickbooks::QuickBooks;
use crate::engine::both_sides::both_sides;
use crate::engine::context::PlanningContext;
use crate::engine::copy_sides::{CopyProving, copy_sides};
use crate::model::clock::day;
use crate::model::event::Event;
use crate::model::service::Service;
use crate::store::{AcceptedDifference, Attempts, KeptProof, Proofs, ProofsWriter, Store};

/// What is to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconcileRequest {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// With what the shop is compared.
    pub to: Service,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct ReconcileAnswer {
    /// Under which it is kept.
    pub id: String,
    pub proof: Proof,
}

impl ReconcileAnswer {
    /// How a command ends with it.
    pub fn exit(&self) -> u8 {
        match (self.proof.proven, self.proof.is_clean()) {
            (true, true) => exit::DONE,
            (true, false) => exit::PROBLEMS,
            (false, _) => exit::DIFFERENCE,
        }
    }
}

/// Reads, compares, keeps.
pub async fn reconcile(
    app: &App,
    request: ReconcileRequest,
    wait: Duration,
    stop: &AtomicBool,
    listener: &Listener,
) -> Result<ReconcileAnswer, Failure> {
    let Some(period) = Period::new(request.first, request.last) else {
        return Err(Failure::new("usage", "the period ends before it begins")
            .hint("`udsync reconcile --period 2026-10`"));
    };
    let today = day(app.clock.now(), app.config.rules.timezone);
    // Where the shop stands the day may have begun already.
    if request.first > today + chrono::Days::new(1) {
        return Err(Failure::new(
            "usage",
            format!(
                "there is nothing to prove yet: the period begins on {}, and today is {today}",
                request.first
            ),
        )
        .hint(format!(
            "`udsync reconcile --period {}`",
            today.format("%Y-%m")
        )));
    }
    let locked = lock::take(app, "reconcile", wait, stop, listener).await?;
    let locked = Mutex::new(locked);
    let tell = |event: Event| {
        let mut lock = locked.lock().unwrap_or_else(PoisonError::into_inner);
        lock.tell(&event);
        listener.tell(event);
    };
    let store = app.store()?;
    app.unveil_to_look(&store)?;
    let share = Share {
        orders: true,
        ..Share::default()
    };
    let aim = match request.to {
        Service::Supabase => Aim {
            books: Share::default(),
            copy: share,
        },
        _ => Aim::books(share),
    };
    let (legs, reports) = Legs::<QuickBooks>::open(app, &store, aim, |books| books)?;
    if let Some(failure) = reports.failure {
        return Err(failure);
    }
    app.check_owner(&store, &legs.source)?;
    let scope_of = |known| scope::of_period(period, &app.config, &known);
    let now = app.clock.now();
    if let Some(database) = &legs.database {
        let mappings = legs.mappings(app).await?;
        let desk = CopyProving {
            source: &legs.source,
            database,
            store: &store,
            proofs: &store,
            rules: &app.config.rules,
            mappings: &mappings,
            tell: &tell,
        };
        let scope = scope_of(legs.known(app, &store, aim)?);
        let reading = copy_sides(&desk, scope, period, now);
        let sides = interruptible(stop, Box::pin(reading)).await?;
        let mut proof = reconcile_copy(&sides);
        proof.reads = database.requests().reads;
        return keep(app, &store, proof);
    }
    let Some(books) = &legs.books else {
        unreachable!("an aim at the books opens the books");
    };
    if !store.open_tickets(books.name())?.is_empty() {
        listener.note(
            "an earlier run left requests without an answer; `udsync sync orders` settles them",
        );
    }
    let mappings = legs.mappings(app).await?;
    let known = legs.known(app, &store, aim)?;
    let desk = PlanningContext {
        source: &legs.source,
        finder: books,
        store: &store,
        rules: &app.config.rules,
        both: &app.config.both,
        mappings: &mappings,
        clock: &app.clock,
        tell: &tell,
    };
    let scope = scope_of(known);
    let reading = both_sides(&desk, &store, scope, period, now);
    let sides = interruptible(stop, Box::pin(reading)).await?;
    let mut proof = compare(&sides);
    proof.reads = books.requests().reads;
    keep(app, &store, proof)
}

fn keep(app: &App, store: &Store, proof: Proof) -> Result<ReconcileAnswer, Failure> {
    let id = uuid::Uuid::now_v7().to_string();
    let mut kept = serde_json::to_value(&proof).expect("our own values always have a JSON form");
    // What an acceptance would hold for, which the answer does not show.
    if let Some(differences) = kept["differences"].as_array_mut() {
        for (shown, difference) in differences.iter_mut().zip(&proof.differences) {
            shown["covers"] = difference.covers().into();
        }
    }
    let document = kept.to_string();
    store.keep_proof(&KeptProof {
        id: id.clone(),
        target: proof.to.to_owned(),
        first: proof.period.from,
        last: proof.period.until,
        made_at: app.clock.now(),
        document,
    })?;
    Ok(ReconcileAnswer { id, proof })
}

/// Leaves a difference as it is, for as long as its figures stay what they are.
pub fn accept(
    app: &App,
    store: &Store,
    id: &str,
    who: &str,
    why: &str,
) -> Result<AcceptedDifference, Failure> {
    let id = id.trim().to_uppercase();
    let unknown = || {
        Failure::new(
            "difference_unknown",
            format!("no difference `{id}` was found lately"),
        )
        .hint("`udsync reconcile --period 2026-10` lists them with their ids")
    };
    if why.trim().is_empty() {
        return Err(Failure::new("usage", "an acceptance needs a reason")
            .hint(format!("`udsync reconcile accept {id} --why TEXT`")));
    }
    let is_one = id.len() > 3 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let words = format!("\"id\":\"{id}\"");
    let kept = match is_one {
        true => store.newest_proof_with(&words)?,
        false => None,
    };
    let kept = kept.ok_or_else(unknown)?;
    let document: serde_json::Value =
        serde_json::from_str(&kept.document).map_err(|_| unknown())?;
    let differences = document["differences"].as_array().into_iter().flatten();
    let difference = differences
        .into_iter()
        .find(|one| one["id"] == id.as_str())
        .ok_or_else(unknown)?;
    let word = |name: &str| difference[name].as_str().unwrap_or_default();
    let accepted = AcceptedDifference {
        id: id.clone(),
        // One that an earlier version kept covers its figures alone.
        covers: match word("covers") {
            "" => format!("{} {} | {}", word("currency"), word("shop"), word("books")),
            covers => covers.to_owned(),
        },
        who: who.to_owned(),
        why: why.trim().to_owned(),
        at: app.clock.now(),
    };
    store.accept_difference(&accepted)?;
    Ok(accepted)
}
