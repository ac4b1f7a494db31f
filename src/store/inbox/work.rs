//! Handing names out to whoever looks at them, and taking them back.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, Transaction, params};

use super::Inbox;
use crate::model::delivery::{DeliverySource, NamedThing};
use crate::store::columns::{read_time, time};
use crate::store::error::{SqlTrouble, StoreError};

/// Nobody has told anything of it for so long: the shop is done with it.
const QUIET: TimeDelta = TimeDelta::seconds(2);
/// Nothing waits longer than this for quiet.
const PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How long it rests after each attempt in vain.
const RESTS: [TimeDelta; 4] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(20),
    TimeDelta::minutes(60),
];

/// A name that somebody looks at now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenThing {
    pub source: DeliverySource,
    pub thing: NamedThing,
    /// What it has taken in, by id.
    pub merged: Vec<String>,
    pub first_seen: DateTime<Utc>,
    pub attempts: u32,
    /// Only this word of it is taken out.
    seq: i64,
}

/// Whether a name is tried again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// At this time.
    Again(DateTime<Utc>),
    /// With each sweep.
    WithSweeps,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// To be looked at as soon as it is quiet.
    pub waiting: u64,
    /// After an attempt in vain.
    pub resting: u64,
    /// Told before in the same words.
    pub for_sweep: u64,
    pub oldest: Option<DateTime<Utc>>,
}

impl Inbox {
    /// Hands out what is ripe, oldest first. It stays in the inbox until [`Inbox::done`].
    pub fn take(
        &self,
        shop: &str,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<TakenThing>, StoreError> {
        self.write(|change| {
            let mut taken = {
                let mut ask = change.prepare_cached(
                    "SELECT source, kind, id, seq, first_seen, attempts FROM pending
                     WHERE shop = ?1 AND NOT waits_for_sweep AND (not_before IS NULL OR not_before <= ?2)
                       AND (last_seen <= ?3 OR first_seen <= ?4)
                     ORDER BY first_seen, kind, id LIMIT ?5",
                )?;
                let rows = ask.query_and_then(
                    params![
                        shop,
                        time(now),
                        time(now - QUIET),
                        time(now - PATIENCE),
                        i64::try_from(most).unwrap_or(i64::MAX)
                    ],
                    |row| -> Result<TakenThing, SqlTrouble> {
                        let source: String = row.get("source")?;
                        let first_seen: String = row.get("first_seen")?;
                        Ok(TakenThing {
                            source: DeliverySource::from_word(&source)
                                .ok_or(SqlTrouble::Odd("pending.source"))?,
                            thing: NamedThing::new(
                                row.get::<_, String>("kind")?,
                                row.get::<_, String>("id")?,
                            ),
                            merged: Vec::new(),
                            first_seen: read_time(&first_seen, "pending.first_seen")?,
                            attempts: row.get("attempts")?,
                            seq: row.get("seq")?,
                        })
                    },
                )?;
                rows.collect::<Result<Vec<_>, _>>()?
            };
            for one in &mut taken {
                change
                    .prepare_cached(
                        "UPDATE pending SET again = 0 WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4 AND again",
                    )?
                    .execute(params![shop, one.source.as_str(), one.thing.kind, one.thing.id])?;
                let mut ask = change.prepare_cached(
                    "SELECT other FROM merges WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4 ORDER BY other",
                )?;
                let others = ask.query_map(
                    params![shop, one.source.as_str(), one.thing.kind, one.thing.id],
                    |row| row.get(0),
                )?;
                one.merged = others.collect::<Result<_, _>>()?;
            }
            Ok(taken)
        })
    }

    /// When the next name will be ripe, if any waits. Sweeps are another matter.
    pub fn ripe_at(&self, shop: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT first_seen, last_seen, not_before FROM pending WHERE shop = ?1 AND NOT waits_for_sweep",
            )?;
            let rows = ask.query_and_then([shop], |row| -> Result<DateTime<Utc>, SqlTrouble> {
                let at = |text: &str| read_time(text, "pending");
                let first = at(&row.get::<_, String>(0)?)? + PATIENCE;
                let last = at(&row.get::<_, String>(1)?)? + QUIET;
                let rest = row.get::<_, Option<String>>(2)?;
                let rest = rest.map(|rest| at(&rest)).transpose()?;
                Ok(first.min(last).max(rest.unwrap_or_default()))
            })?;
            let mut next: Option<DateTime<Utc>> = None;
            for at in rows {
                let at = at?;
                next = Some(next.map_or(at, |next| next.min(at)));
            }
            Ok(next)
        })
    }

    /// These were looked at. What was told of them meanwhile stays.
    pub fn done(
        &self,
        shop: &str,
        taken: &[TakenThing],
        run_id: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            taken
                .iter()
                .try_for_each(|one| take_out(change, shop, one, run_id))
        })
    }

    /// Looking at these was in vain: they rest, longer from time to time, and then come with the sweeps.
    pub fn put_off(
        &self,
        shop: &str,
        taken: &[TakenThing],
        now: DateTime<Utc>,
    ) -> Result<Vec<Tries>, StoreError> {
        self.write(|change| {
            let mut tries = Vec::new();
            for one in taken {
                let rest = usize::try_from(one.attempts)
                    .ok()
                    .and_then(|nth| RESTS.get(nth));
                let (again_at, waits) = (rest.map(|rest| now + *rest), rest.is_none());
                change
                    .prepare_cached(
                        "UPDATE pending SET attempts = ?5, not_before = ?6, waits_for_sweep = ?7
                         WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4",
                    )?
                    .execute(params![
                        shop,
                        one.source.as_str(),
                        one.thing.kind,
                        one.thing.id,
                        if waits {
                            one.attempts
                        } else {
                            one.attempts + 1
                        },
                        again_at.map(time),
                        waits
                    ])?;
                tries.push(again_at.map_or(Tries::WithSweeps, Tries::Again));
            }
            Ok(tries)
        })
    }

    /// A sweep goes on: what was left to it is looked at.
    pub fn release_left(&self, shop: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(|change| {
            let released = change.execute(
                "UPDATE pending SET waits_for_sweep = 0, first_seen = ?2, last_seen = ?2, not_before = NULL
                 WHERE shop = ?1 AND waits_for_sweep",
                params![shop, time(now - QUIET)],
            )?;
            Ok(released as u64)
        })
    }

    /// How much waits.
    pub fn depth(&self, shop: &str) -> Result<Depth, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT count(*) FILTER (WHERE NOT waits_for_sweep AND not_before IS NULL),
                        count(*) FILTER (WHERE NOT waits_for_sweep AND not_before IS NOT NULL),
                        count(*) FILTER (WHERE waits_for_sweep),
                        min(first_seen) FILTER (WHERE NOT waits_for_sweep)
                 FROM pending WHERE shop = ?1",
            )?;
            let row = ask
                .query_row([shop], |row| {
                    let count = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
                    let oldest: Option<String> = row.get(3)?;
                    Ok((count(0)?, count(1)?, count(2)?, oldest))
                })
                .optional()?;
            let Some((waiting, resting, for_sweep, oldest)) = row else {
                return Ok(Depth::default());
            };
            Ok(Depth {
                waiting,
                resting,
                for_sweep,
                oldest: oldest
                    .map(|at| read_time(&at, "pending.first_seen"))
                    .transpose()?,
            })
        })
    }
}

fn take_out(
    change: &Transaction<'_>,
    shop: &str,
    one: &TakenThing,
    run_id: Option<&str>,
) -> Result<(), SqlTrouble> {
    let (source, kind, id) = (one.source.as_str(), &one.thing.kind, &one.thing.id);
    change
        .prepare_cached(
            "UPDATE pending SET waits_for_sweep = 1, again = 0, attempts = 0, not_before = NULL
             WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4 AND seq = ?5 AND again",
        )?
        .execute(params![shop, source, kind, id, one.seq])?;
    change
        .prepare_cached(
            "DELETE FROM pending
             WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4 AND seq = ?5 AND NOT waits_for_sweep",
        )?
        .execute(params![shop, source, kind, id, one.seq])?;
    // What came meanwhile is a word of its own, with a time of its own.
    change
        .prepare_cached(
            "UPDATE pending SET first_seen = last_seen, attempts = 0, not_before = NULL
             WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4 AND seq <> ?5",
        )?
        .execute(params![shop, source, kind, id, one.seq])?;
    change
        .prepare_cached(
            "DELETE FROM merges WHERE shop = ?1 AND source = ?2 AND kind = ?3 AND id = ?4 AND seq <= ?5",
        )?
        .execute(params![shop, source, kind, id, one.seq])?;
    if let Some(run_id) = run_id {
        change
            .prepare_cached(
                "UPDATE deliveries SET run_id = ?5 WHERE run_id IS NULL AND shop = ?1 AND source = ?2 AND verdict = 'queued'
                   AND id IN (SELECT delivery FROM delivery_keys WHERE kind = ?3 AND id = ?4 AND delivery <= ?6)",
            )?
            .execute(params![shop, source, kind, id, run_id, one.seq])?;
    }
    Ok(())
}
