//! Keeping a delivery: one transaction, and it is on the disk.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use rusqlite::{Transaction, params};

use super::Inbox;
use crate::model::delivery::{
    Delivery, DeliverySource, DeliveryVerdict, EventCounts, EventSays, LookAt, NamedThing,
};
use crate::store::columns::time;
use crate::store::error::{SqlTrouble, StoreError};

/// A ledger repeats an event every few hours until it is taken; a shop says the same again for as long as it likes.
const REMEMBERED_DROPPED: TimeDelta = TimeDelta::days(60);
const REMEMBERED_LEFT: TimeDelta = TimeDelta::days(30);

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    pub id: i64,
    pub verdict: DeliveryVerdict,
    pub events: EventCounts,
}

impl Inbox {
    /// Keeps a delivery of a shop. Events of a company that is not `company` are nothing to it.
    pub fn receive(
        &self,
        shop: &str,
        company: Option<&str>,
        delivery: &Delivery,
        now: DateTime<Utc>,
    ) -> Result<Received, StoreError> {
        self.write(|change| {
            let id = begin(change, shop, delivery, now)?;
            let mut events = EventCounts::default();
            for event in &delivery.events {
                let is_ours = event.company.is_none() || event.company.as_deref() == company;
                let verdict = match &event.says {
                    _ if !is_ours => DeliveryVerdict::Ignored,
                    EventSays::Nothing => DeliveryVerdict::Ignored,
                    EventSays::Odd => DeliveryVerdict::Odd,
                    EventSays::Look(look) => note(change, shop, delivery, look, id, now)?,
                };
                events.add(verdict);
            }
            let verdict = events.verdict();
            change
                .prepare_cached(
                    "UPDATE deliveries SET verdict = ?2, queued = ?3, duplicate = ?4, ignored = ?5, odd = ?6
                     WHERE id = ?1",
                )?
                .execute(params![
                    id,
                    verdict.as_str(),
                    events.queued,
                    events.duplicate,
                    events.ignored,
                    events.odd
                ])?;
            if let Some(topic) = heard_as(delivery) {
                change
                    .prepare_cached(
                        "INSERT INTO last_told (shop, source, topic, at) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT DO UPDATE SET at = excluded.at",
                    )?
                    .execute(params![shop, delivery.source.as_str(), topic, time(now)])?;
            }
            Ok(Received {
                id,
                verdict,
                events,
            })
        })
    }

    /// Counts what is not kept.
    pub fn count(
        &self,
        shop: &str,
        source: DeliverySource,
        verdict: DeliveryVerdict,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            let hour = now.with_minute(0).and_then(|at| at.with_second(0)?.with_nanosecond(0));
            change
                .prepare_cached(
                    "INSERT INTO counted (shop, source, verdict, hour, count, last_at) VALUES (?1, ?2, ?3, ?4, 1, ?5)
                     ON CONFLICT DO UPDATE SET count = count + 1, last_at = excluded.last_at",
                )?
                .execute(params![
                    shop,
                    source.as_str(),
                    verdict.as_str(),
                    time(hour.unwrap_or(now)),
                    time(now)
                ])?;
            Ok(())
        })
    }

    /// Puts names in that nobody sent: a delivery that is looked at again, or what was found out another way.
    pub fn put(
        &self,
        shop: &str,
        source: DeliverySource,
        things: &[NamedThing],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if things.is_empty() {
            return Ok(());
        }
        self.write(|change| {
            let seq = next_number(change)?;
            things
                .iter()
                .try_for_each(|thing| queue(change, shop, source, thing, seq, now))
        })
    }
}

/// Under which name it is remembered that something came: there is a fixed number of them, whatever anybody sends. Of a shop each topic
/// is asked for by itself; of a ledger it is only asked whether it says anything.
fn heard_as(delivery: &Delivery) -> Option<&str> {
    match delivery.source {
        DeliverySource::Woocommerce => {
            Some(delivery.topic.as_str()).filter(|_| delivery.is_listened_to)
        }
        DeliverySource::Quickbooks => Some("notices"),
    }
}

fn begin(
    change: &Transaction<'_>,
    shop: &str,
    delivery: &Delivery,
    now: DateTime<Utc>,
) -> Result<i64, SqlTrouble> {
    change
        .prepare_cached(
            "INSERT INTO deliveries (shop, received_at, source, topic, verdict, queued, duplicate, ignored, odd)
             VALUES (?1, ?2, ?3, ?4, 'ignored', 0, 0, 0, 0)",
        )?
        .execute(params![shop, time(now), delivery.source.as_str(), delivery.topic])?;
    Ok(change.last_insert_rowid())
}

/// One event that names something.
fn note(
    change: &Transaction<'_>,
    shop: &str,
    delivery: &Delivery,
    look: &LookAt,
    seq: i64,
    now: DateTime<Utc>,
) -> Result<DeliveryVerdict, SqlTrouble> {
    let source = delivery.source;
    change
        .prepare_cached(
            "INSERT INTO delivery_keys (delivery, kind, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![seq, look.thing.kind, look.thing.id])?;
    let remembered = match delivery.drops_repeats() {
        true => REMEMBERED_DROPPED,
        false => REMEMBERED_LEFT,
    };
    let is_new = change
        .prepare_cached(
            "INSERT INTO told (shop, told_as, until) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET until = excluded.until WHERE until < ?4",
        )?
        .execute(params![
            shop,
            look.told_as,
            time(now + remembered),
            time(now)
        ])?
        > 0;
    if !is_new {
        if !delivery.drops_repeats() {
            leave_to_sweep(change, shop, source, &look.thing, seq, now)?;
        }
        return Ok(DeliveryVerdict::Duplicate);
    }
    queue(change, shop, source, &look.thing, seq, now)?;
    if let Some(other) = &look.merged {
        change
            .prepare_cached(
                "INSERT INTO merges (shop, source, kind, id, other, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET seq = excluded.seq",
            )?
            .execute(params![
                shop,
                source.as_str(),
                look.thing.kind,
                look.thing.id,
                other,
                seq
            ])?;
    }
    Ok(DeliveryVerdict::Queued)
}

/// A name is to be looked at soon. One that waits for its next attempt goes on waiting: whatever stood in the way stands there for
/// this word of it too.
fn queue(
    change: &Transaction<'_>,
    shop: &str,
    source: DeliverySource,
    thing: &NamedThing,
    seq: i64,
    now: DateTime<Utc>,
) -> Result<(), SqlTrouble> {
    change
        .prepare_cached(
            "INSERT INTO pending (shop, source, kind, id, seq, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT DO UPDATE SET
                 seq = excluded.seq, last_seen = excluded.last_seen,
                 first_seen = CASE WHEN waits_for_sweep THEN excluded.first_seen ELSE first_seen END,
                 waits_for_sweep = 0",
        )?
        .execute(params![shop, source.as_str(), thing.kind, thing.id, seq, time(now)])?;
    Ok(())
}

/// What was told in the very same words is looked at with the next sweep; what is to be looked at anyway is not held up by it.
fn leave_to_sweep(
    change: &Transaction<'_>,
    shop: &str,
    source: DeliverySource,
    thing: &NamedThing,
    seq: i64,
    now: DateTime<Utc>,
) -> Result<(), SqlTrouble> {
    change
        .prepare_cached(
            "INSERT INTO pending (shop, source, kind, id, seq, first_seen, last_seen, waits_for_sweep)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)
             ON CONFLICT DO UPDATE SET again = 1",
        )?
        .execute(params![shop, source.as_str(), thing.kind, thing.id, seq, time(now)])?;
    Ok(())
}

/// Above every number that a delivery has had, so that no name comes back under a number that somebody still holds.
fn next_number(change: &Transaction<'_>) -> Result<i64, SqlTrouble> {
    change.execute(
        "INSERT INTO deliveries (shop, received_at, source, topic, verdict, queued, duplicate, ignored, odd)
         VALUES ('', '', '', '', '', 0, 0, 0, 0)",
        [],
    )?;
    let number = change.last_insert_rowid();
    change.execute("DELETE FROM deliveries WHERE id = ?1", [number])?;
    Ok(number)
}
